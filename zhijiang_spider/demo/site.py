"""The sample site as data: address → page.

Pages are built the way the real platform's are: several addresses for one article, a row of boilerplate
round the text, old pages in another layout and encoding, a link to a foreign copy of the site.
"""

import tomllib
from collections.abc import Iterator, Sequence
from html import escape
from importlib import resources
from typing import NamedTuple

from zhijiang_spider.demo.pictures import attachment, picture

PAGE_SIZE = 4
"""Articles on one list page."""
TITLE_WIDTH = 20
"""Longer titles are cut in lists and stand in full in the link's ``title``."""
NAME = "云汀网"
FOREIGN_COPY = "http://www.yunting-copy.invalid"
"""A host that cannot exist: a link there must not be followed."""


class Page(NamedTuple):
    """What the server answers."""

    status: int
    content_type: str
    body: bytes


class Section(NamedTuple):
    """A 栏目."""

    catid: str
    name: str


class Story(NamedTuple):
    """An article of ``articles.toml``."""

    newsid: int
    catids: list[str]
    published: str
    title: str
    text: str
    kicker: str = ""
    subtitle: str = ""
    source: str = ""
    old: bool = False
    file: str = ""


class Figure(NamedTuple):
    """A picture in a text."""

    path: str
    caption: str


def render_site() -> dict[str, Page]:
    """Return every page and file of the site by its path and query."""
    sections, stories = load_content()
    pages = {
        "/": _html(_home(sections, stories)),
        "/robots.txt": Page(200, "text/plain; charset=utf-8", b"User-agent: *\nDisallow: /admin/\n"),
    }
    for section in sections:
        listed = [story for story in stories if section.catid in story.catids]
        parts = [listed[start : start + PAGE_SIZE] for start in range(0, len(listed), PAGE_SIZE)]
        for number, part in enumerate(parts, 1):
            pages[list_path(section, number)] = _html(_list(section, part, number, len(parts), sections))
        pages[list_path(section, 1) + "&page=1"] = pages[list_path(section, 1)]
        for story in listed:
            pages[article_path(story, section.catid)] = _article(story, section, sections, listed)
    for story in stories:
        for block in _blocks(story):
            if isinstance(block, Figure):
                pages[block.path] = Page(200, "image/png", picture(block.path))
        if story.file:
            pages[_file_path(story)] = Page(200, "application/pdf", attachment(f"Yunting {story.newsid}"))
    return pages


def load_content() -> tuple[list[Section], list[Story]]:
    """Return the sections in their order and the articles, newest first."""
    data = tomllib.loads(
        (resources.files("zhijiang_spider.demo") / "articles.toml").read_text(encoding="utf-8")
    )
    sections = [Section(**section) for section in data["section"]]
    stories = [Story(**story) for story in data["article"]]
    return sections, sorted(stories, key=lambda story: -story.newsid)


def article_path(story: Story, catid: str) -> str:
    """Return the address of an article in one of its sections."""
    return f"/content/show?catid={catid}&newsid={story.newsid}"


def list_path(section: Section, number: int) -> str:
    """Return the address of a list page; the first one has no number."""
    return f"/content/list?catid={section.catid}" + (f"&page={number}" if number > 1 else "")


# --- the text of an article ---------------------------------------------------------------------------


def _blocks(story: Story) -> Iterator[str | Figure]:
    """Yield paragraphs and pictures in reading order."""
    number = 0
    for line in story.text.strip().splitlines():
        mark, _, caption = line.partition("：")
        if mark == "图":
            number += 1
            yield Figure(
                f"/upload/{story.published[:7].replace('-', '')}/{story.newsid}-{number}.png", caption
            )
        else:
            yield line


def _file_path(story: Story) -> str:
    return f"/upload/files/{story.newsid}.pdf"


# --- pages: plain templates -----------------------------------------------------------------------------

_STYLE = """
body{margin:0;background:#f4f2ee;color:#222;font:16px/1.8 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
a{color:#1c4e80;text-decoration:none}a:hover{text-decoration:underline}
.top{background:#b3541e;color:#fff}.top a{color:#fff;margin-right:1.5em}.top b{font-size:22px;margin-right:2em}
.wide{max-width:1000px;margin:0 auto;padding:.6em 1em}.cols{display:flex;gap:2em;align-items:flex-start}
.main{flex:1;background:#fff;padding:1em 2em;min-width:0}.side{width:240px;font-size:14px}
h1{font-size:26px;line-height:1.4;text-align:center;margin:.4em 0}.over,.under{text-align:center;margin:.3em 0;color:#555}
.info{text-align:center;color:#888;font-size:14px;border-bottom:1px solid #ddd;padding-bottom:.6em}
.text p{text-indent:2em}.text p.pic{text-indent:0;text-align:center}.text img{max-width:100%}
.note{color:#666;font-size:14px}.lines{list-style:none;padding:0}.lines li{border-bottom:1px dotted #ccc}
.lines span{float:right;color:#888;font-size:14px}.pages{text-align:center}.pages *{margin:0 .4em}
.foot{color:#777;font-size:13px;text-align:center}
"""

_FRAME = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<div class="top"><div class="wide"><b>{name}</b><a href="/">首页</a>{nav}</div></div>
<div class="wide">{crumb}</div>
<div class="wide cols">
<div class="main">{main}</div>
<div class="side">{side}</div>
</div>
<div class="foot"><p>{name}（样本网站，内容全部虚构）　主办：云汀县融媒体中心　投稿邮箱：news@yunting.invalid</p>
<p>友情链接：<a href="{foreign}/content/list?catid=100101">云汀网（镜像）</a></p></div>
<div style="display:none"><p>本页由内容管理系统生成，打印请使用打印版。</p></div>
</body>
</html>
"""

_ARTICLE = """
{kicker}
<h1>{title}</h1>
{subtitle}
<div class="info">发布时间：{published}{source}　<a href="javascript:window.print()">打印</a></div>
<div class="text">
{text}
{file}
</div>
<div class="note">分享到：<a href="javascript:share('weixin')">微信</a> <a href="javascript:share('weibo')">微博</a></div>
<h3>相关阅读</h3>
<ul>{related}</ul>
"""

_OLD = """<HTML>
<HEAD>
<META http-equiv="Content-Type" content="text/html; charset=gb2312">
<TITLE>{title}-{name}</TITLE>
</HEAD>
<BODY BGCOLOR="#F4F2EE">
<TABLE WIDTH="800" ALIGN="center" BGCOLOR="#FFFFFF" CELLPADDING="8">
<TR><TD><FONT COLOR="#B3541E"><B>{name}</B></FONT> <A HREF="/">首页</A> {nav}</TD></TR>
<TR><TD>{crumb}</TD></TR>
<TR><TD ALIGN="center"><H1>{title}</H1></TD></TR>
<TR><TD ALIGN="center"><FONT COLOR="#888888">发布时间：{published}{source}</FONT></TD></TR>
<TR><TD>{text}</TD></TR>
<TR><TD ALIGN="center"><FONT SIZE="2">{name}　云汀县融媒体中心</FONT></TD></TR>
</TABLE>
</BODY>
</HTML>
"""


def _home(sections: Sequence[Section], stories: Sequence[Story]) -> str:
    parts = []
    for section in sections:
        newest = [story for story in stories if section.catid in story.catids][:PAGE_SIZE]
        more = f'<a href="{escape(list_path(section, 1))}">更多&gt;&gt;</a>'
        parts.append(f"<h2>{section.name} {more}</h2>{_lines(newest, section.catid)}")
    foreign = f"{FOREIGN_COPY}/content/show?catid=100101&newsid=999999"
    side = f'<p>热线：0000-1234567</p><p><a href="{escape(foreign)}">云汀要闻（转载）</a></p>'
    return _frame(NAME, sections, "", "".join(parts), side)


def _list(
    section: Section, stories: Sequence[Story], number: int, count: int, sections: Sequence[Section]
) -> str:
    links = []
    if number > 1:
        links.append(_link(list_path(section, number - 1), "上一页"))
    links += [
        f"<b>{page}</b>" if page == number else _link(list_path(section, page), str(page))
        for page in range(1, count + 1)
    ]
    if number < count:
        links += [_link(list_path(section, number + 1), "下一页"), _link(list_path(section, count), "尾页")]
    pager = f'<div class="pages">{" ".join(links)}</div>'
    return _frame(
        f"{section.name}-{NAME}",
        sections,
        _crumb(section),
        f"<h2>{section.name}</h2>{_lines(stories, section.catid)}{pager}",
        "",
    )


def _article(story: Story, section: Section, sections: Sequence[Section], listed: Sequence[Story]) -> Page:
    source = f"　来源：{escape(story.source)}" if story.source else ""
    values = {
        "title": escape(story.title),
        "published": story.published,
        "source": source,
        "text": (_old_text if story.old else _text)(story),
    }
    if story.old:
        page = _OLD.format(name=NAME, nav=_nav(sections), crumb=_crumb(section), **values)
        return Page(200, "text/html", page.encode("gbk"))
    related = "".join(
        f"<li>{_link(article_path(other, section.catid), other.title)}</li>"
        for other in listed
        if other is not story
    )
    main = _ARTICLE.format(
        kicker=f'<p class="over">{escape(story.kicker)}</p>' if story.kicker else "",
        subtitle=f'<p class="under">{escape(story.subtitle)}</p>' if story.subtitle else "",
        file=f"<p>附件：{_link(_file_path(story), story.file + '.pdf')}</p>" if story.file else "",
        related=related,
        **values,
    )
    side = "<h3>热点排行</h3>" + _lines(sorted(listed, key=lambda other: other.title)[:5], section.catid)
    return _html(_frame(f"{story.title}-{NAME}", sections, _crumb(section), main, side))


def _text(story: Story) -> str:
    lines = []
    for block in _blocks(story):
        if isinstance(block, Figure):
            lines.append(f'<p class="pic"><img src="{block.path}" alt="图片" width="480" height="320"></p>')
            if block.caption:
                lines.append(f'<p class="pic note">{escape(block.caption)}</p>')
        else:
            lines.append(f"<p>{escape(block)}</p>")
    return "\n".join(lines)


def _old_text(story: Story) -> str:
    return "<BR><BR>\n".join(
        f'<IMG SRC="{block.path}" ALT="{escape(block.caption)}">'
        if isinstance(block, Figure)
        else f"　　{escape(block)}"
        for block in _blocks(story)
    )


def _frame(title: str, sections: Sequence[Section], crumb: str, main: str, side: str) -> str:
    return _FRAME.format(
        title=escape(title),
        style=_STYLE,
        name=NAME,
        nav=_nav(sections),
        crumb=crumb,
        main=main,
        side=side,
        foreign=FOREIGN_COPY,
    )


def _nav(sections: Sequence[Section]) -> str:
    return "".join(_link(list_path(section, 1), section.name) for section in sections)


def _crumb(section: Section) -> str:
    return f"当前位置：{_link('/', NAME)} &gt; {_link(list_path(section, 1), section.name)}"


def _lines(stories: Sequence[Story], catid: str) -> str:
    return '<ul class="lines">' + "".join(_line(story, catid) for story in stories) + "</ul>"


def _line(story: Story, catid: str) -> str:
    full = story.title
    shown = full if len(full) <= TITLE_WIDTH else f"{full[:TITLE_WIDTH]}…"
    link = f'<a href="{escape(article_path(story, catid))}" title="{escape(full)}">{escape(shown)}</a>'
    return f"<li><span>{story.published[:10]}</span>{link}</li>"


def _link(path: str, text: str) -> str:
    return f'<a href="{escape(path)}">{escape(text)}</a>'


def _html(text: str) -> Page:
    return Page(200, "text/html; charset=utf-8", text.encode("utf-8"))
