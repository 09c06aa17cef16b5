"""Page templates: how real content management systems print an article or a list.

Each article template puts a ``Sample`` into a page of another kind of system; ``expected`` says what a
careful reader takes from that page, ``differences`` compares it with what a program took.
They were written without looking at the extraction code.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import chain
from typing import Any
from urllib.parse import urljoin

from archive.model.article import Article, Role
from tests.samples import Item, Picture, Sample, Video

KICKER, SUBTITLE, BREADCRUMB, TIME, SOURCE, VIDEO = (
    "kicker",
    "subtitle",
    "breadcrumb",
    "time",
    "source",
    "video",
)
CAPTION = "caption"
"""The template marks captions so that everybody sees what they are; otherwise they are plain paragraphs."""


@dataclass(frozen=True)
class Template:
    """One kind of article page."""

    name: str
    page: Callable[[Sample, str], str]
    """(sample, base_url) → the page's text."""
    shows: frozenset[str]
    """What of a sample it prints besides title, date, text, pictures and credit lines."""
    editor_label: str = ""
    """Label of the editor it prints outside the text, "" if it prints none."""
    content_type: str = "text/html; charset=utf-8"
    """The header the server sends."""
    encoding: str = "utf-8"
    """How the bytes are really encoded."""
    path: str = "/content/show?catid=101&newsid={id}"

    def render(self, sample: Sample, base_url: str) -> bytes:
        """Return the page as the server sends it."""
        return self.page(sample, base_url).encode(self.encoding, "xmlcharrefreplace")

    def url(self, base_url: str, number: int = 57) -> str:
        """Return an address as this kind of system makes them."""
        return base_url + self.path.format(id=number)

    @property
    def article_url(self) -> str:
        """Return the pattern of these addresses, for a site profile."""
        before, after = self.path.split("{id}")
        return f"{re.escape(before)}(?P<id>[0-9]+){re.escape(after)}"


def expected(sample: Sample, template: Template, base_url: str) -> dict[str, Any]:
    """Return what a careful reader takes from the page.  None: the page does not say it unambiguously."""
    shows = template.shows
    time = sample.time if TIME in shows else ""
    crumbs = sample.breadcrumb if BREADCRUMB in shows else None
    captions = [picture.caption for picture in sample.pictures if picture.caption]
    credits = set(sample.credits)
    if template.editor_label:
        credits.add((template.editor_label, sample.editor))
    return {
        "title": sample.title,
        "kicker": sample.kicker if KICKER in shows else "",
        "subtitle": sample.subtitle if SUBTITLE in shows else "",
        "breadcrumb": crumbs,
        "section": crumbs[-1] if crumbs else None,
        "published_on": sample.date,
        "published_at": f"{sample.date}T{time}:00+08:00" if time else None,
        "source": sample.source if SOURCE in shows else "",
        "body": list(sample.paragraphs),
        "body_may_hold": captions,  # a caption may stay in the text as well
        "images": [(urljoin(base_url, picture.path), picture.caption) for picture in sample.pictures],
        "captions_are_marked": CAPTION in shows,
        "videos": [urljoin(base_url, video.path) for video in sample.videos] if VIDEO in shows else None,
        "credits": credits,
    }


def differences(found: Article, want: Mapping[str, Any]) -> list[str]:
    """Tell in which fields an article differs from ``expected``, one line each."""
    lines = []
    for name in ("title", "kicker", "subtitle", "section", "published_on", "published_at", "source"):
        if name == "section" and want[name] is None:
            continue
        value = getattr(found, name)
        if (_plain(value) if value else value) != (_plain(want[name]) if want[name] else want[name]):
            lines.append(f"{name}: {value!r}, not {want[name]!r}")
    if want["breadcrumb"] is not None and tuple(found.breadcrumb) != tuple(want["breadcrumb"]):
        lines.append(f"breadcrumb: {found.breadcrumb!r}, not {want['breadcrumb']!r}")
    optional = {_plain(caption) for caption in want["body_may_hold"]}
    body = [line for line in map(_plain, found.body) if line not in optional]
    wanted = [_plain(line) for line in want["body"]]
    lines += [f"body lacks: {line!r}" for line in wanted if line not in body]
    lines += [f"body has: {line!r}" for line in body if line not in wanted]
    if not lines and body != wanted:
        lines.append("body: order or number of the paragraphs differs")
    urls = [image.url for image in found.images]
    if urls != [url for url, _ in want["images"]]:
        lines.append(f"images: {urls!r}, not {[url for url, _ in want['images']]!r}")
    else:
        for image, (_, caption) in zip(found.images, want["images"], strict=True):
            kept = not want["captions_are_marked"] and image.caption == ""
            if _plain(image.caption) != _plain(caption) and not kept:
                lines.append(f"caption: {image.caption!r}, not {caption!r}")
            if caption and not image.caption and _plain(caption) not in map(_plain, found.body):
                lines.append(f"caption lost: {caption!r}")
    if want["videos"] is not None:
        videos = [attachment.url for attachment in found.attachments if attachment.kind == "video"]
        if videos != want["videos"]:
            lines.append(f"videos: {videos!r}, not {want['videos']!r}")
    credits = {
        (credit.label, credit.name)
        for credit in found.credits
        if credit.role is not Role.SOURCE or credit.name != found.source  # the source is compared above
    }
    lines += [f"credit lacks: {pair!r}" for pair in sorted(want["credits"] - credits, key=str)]
    lines += [f"credit has: {pair!r}" for pair in sorted(credits - want["credits"], key=str)]
    return lines


def _plain(text: str) -> str:
    """Spacing, and the mark before a caption or a subtitle, are not what is compared."""
    return re.sub(r"\s+", "", text).lstrip("△▲—")


# --- what several templates need ----------------------------------------------------------------------

_HEADLINES = (
    "青石镇开展春季植树活动",
    "县第一小学举办读书节",
    "大塘村：荒塘变成垂钓园",
    "云汀县召开安全生产工作会议",
    "“最美家庭”评选结果揭晓",
    "白沙大桥桥面维修完工",
    "云台山茶叶开采，首日收鲜叶三千斤",
    "县图书馆延长周末开放时间",
    "城区新增停车位八百个",
    "冬季用火用电安全提示",
    "老兵宣讲团走进校园",
    "梅岭村：一片竹林养活一个村",
)
_NAV = (
    "首页",
    "要闻",
    "时政",
    "民生",
    "教育",
    "卫生",
    "乡镇",
    "部门",
    "文化",
    "旅游",
    "图片",
    "视频",
    "专题",
    "公告",
)


def _headlines(count: int, start: int = 0) -> list[str]:
    return [_HEADLINES[(start + number) % len(_HEADLINES)] for number in range(count)]


def _links(titles: Sequence[str], href: str, item: str = "<li>{}</li>") -> str:
    return "\n".join(
        item.format(f'<a href="{href.format(800 + number)}" target="_blank">{escape(title)}</a>')
        for number, title in enumerate(titles)
    )


def _blocks(
    sample: Sample,
    paragraph: Callable[[str], str],
    picture: Callable[[Picture], str],
    video: Callable[[Video], str],
) -> Iterator[str]:
    def block(item: Item) -> str:
        if isinstance(item, Picture):
            return picture(item)
        return video(item) if isinstance(item, Video) else paragraph(item)

    return chain(map(block, sample.items), map(paragraph, sample.credit_lines))


def _video(video: Video) -> str:
    return f'<p><video controls preload="none" src="{video.path}" width="600"></video></p>'


def _chinese_date(date: str) -> str:
    year, month, day = date.split("-")
    return f"{year}年{month}月{day}日"


# --- (a) the Yichang platform as 枝江 uses it: breadcrumb, title, a date and nothing else ----------------


def _yichang(sample: Sample, base_url: str) -> str:
    crumbs = " &gt; ".join(
        f'<a href="/content/list?catid={n}">{c}</a>' for n, c in enumerate(sample.breadcrumb)
    )
    text = "\n".join(
        _blocks(
            sample,
            lambda line: f'<p style="text-indent: 2em; text-align: justify;">{escape(line)}</p>',
            lambda p: (
                f'<p style="text-align: center;"><img src="{p.path}" title="" alt="图片"/></p><p>图片</p>'
                + (f'<p style="text-align: center;">{escape(p.caption)}</p>' if p.caption else "")
            ),
            _video,
        )
    )
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<title>{escape(sample.title)}-云汀网</title>
<script>var catid=101;</script></head>
<body>
<div class="w1000"><ul class="mainav">{_links(_NAV, "/content/list?catid={}")}</ul></div>
<div class="w1000 wz">当前位置：{crumbs}</div>
<div class="w1000 nr">
<div class="nr_bt">{escape(sample.title)}</div>
<div class="nr_sj">发布时间：{sample.date}</div>
<div class="nr_nr">{text}</div>
</div>
<div class="w1000 bot">主办：云汀县融媒体中心　技术支持：三江网络<br/>临ICP备00000057号 临公网安备00000000000057号</div>
</body></html>"""


# --- (b) the same platform as another county uses it: everything in one header row -----------------------


def _header_row(sample: Sample, base_url: str) -> str:
    crumbs = "&nbsp;>&nbsp;".join(sample.breadcrumb)
    text = "".join(
        _blocks(
            sample,
            lambda line: f"<p>　　{escape(line)}</p>\r\n",
            lambda p: f'<p align="center"><img border="0" src="{p.path}"><br>{escape(p.caption)}</p>\r\n',
            lambda v: f'<p align="center"><video src="{v.path}" poster="/images/play.png"></video></p>',
        )
    )
    return f"""<!doctype html><html><head><meta charset="utf-8"><title>{escape(sample.title)}</title></head><body>
<table width=100%><tr>{_links(_NAV, "/content/list?catid={}", "<td>{}</td>")}</tr></table>
<div id="dqwz">当前位置:{crumbs}</div>
<div id="lmmc">{sample.breadcrumb[-1]}</div>
<div id="bt">{escape(sample.title)}</div>
<div id="xx">发布日期:{sample.date}&nbsp;&nbsp;来源:{sample.source}&nbsp;&nbsp;编辑:{sample.editor}</div>
<div id="nr">{text}</div>
<div id="sxp"><p>上一篇：<a href="/content/show?catid=101&newsid=801">{_HEADLINES[1]}</a></p>
<p>下一篇：<a href="/content/show?catid=101&newsid=802">{_HEADLINES[2]}</a></p></div>
<div id="db">版权所有：云汀网　未经授权禁止转载　违法和不良信息举报电话：0000-7654321</div>
</body></html>"""


# --- (c) 长江云: boilerplate after the text, the whole article a second time for sharing --------------------


def _cjyun(hidden: bool) -> Callable[[Sample, str], str]:
    def page(sample: Sample, base_url: str) -> str:
        text = "\n".join(
            _blocks(
                sample,
                lambda line: f"<p>{escape(line)}</p>",
                lambda p: (
                    f'<p style="text-align:center"><img src="{base_url}{p.path}" /></p>'
                    + (
                        f'<p style="text-align:center"><span style="color:#888">{escape(p.caption)}</span></p>'
                        if p.caption
                        else ""
                    )
                ),
                lambda v: (
                    f'<div class="vbox"><video controls="controls"><source src="{v.path}" type="video/mp4"></video></div>'
                ),
            )
        )
        head = f"{sample.date} {sample.time}".strip()
        article = f"""<h2>{escape(sample.title)}</h2>
<div class="property">{head} &nbsp; {sample.source}</div>
<div class="article_content">{text}</div>"""
        return f"""<!DOCTYPE html>
<html><head><meta charset="UTF-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>{escape(sample.title)} - 云上云汀</title>
<meta name="keywords" content="云汀,云上云汀"><meta name="description" content="{escape(sample.title)}"></head>
<body>
<div id="head"><div id="logo"><a href="/">云上云汀</a></div><div id="menu">{_links(_NAV, "/l{}/index.html", "{}")}</div></div>
<div id="mainarticle">{article}</div>
<div class="tools"><a href="javascript:;">字号</a><a href="javascript:;">分享</a><a href="javascript:;">收藏</a></div>
<div class="about"><h3>相关阅读</h3><ul>{_links(_headlines(5, 3), "/p/{}.html")}</ul></div>
<div id="comment"><p><span>0</span> 条评论</p><p>来说两句吧。。。</p><p>最热评论</p><p>最新评论</p>
<p>已有0人参与，点击查看更多精彩评论</p><p>加载中。。。。</p><p>表情</p></div>
<div id="app-article"{' style="display: none;"' if hidden else ""}>{article}</div>
<div class="footer"><p>云上云汀 版权所有</p></div>
</body></html>"""

    return page


# --- (d) TRS WCM: editor soup, marker comments, the editor in a row outside -------------------------------


def _trs(sample: Sample, base_url: str) -> str:
    crumbs = "&nbsp;&gt;&nbsp;".join(
        f'<a href="../" title="{c}" class="CurrChnlCls">{c}</a>' for c in sample.breadcrumb
    )
    text = "\n".join(
        _blocks(
            sample,
            lambda line: (
                '<p class="MsoNormal" align="justify" style="text-indent:32pt;line-height:28pt">'
                f'<span style="font-size:16pt"><span style="font-family:仿宋"><o:p></o:p>{escape(line)}</span></span></p>'
            ),
            lambda p: (
                f'<p align="center"><img src=".{p.path}" alt="" OLDSRC="W020240116.jpg" /></p>'
                + (f'<p align="center"><strong>{escape(p.caption)}</strong></p>' if p.caption else "")
            ),
            _video,
        )
    )
    when = _chinese_date(sample.date) + sample.time
    kicker = f'<div class="xl-yt">{escape(sample.kicker)}</div>' if sample.kicker else ""
    subtitle = f'<div class="xl-ft">——{escape(sample.subtitle)}</div>' if sample.subtitle else ""
    return f"""<!DOCTYPE html><html><head><meta http-equiv="X-UA-Compatible" content="IE=edge"/><meta charset="utf-8"/>
<title>{escape(sample.title)}_{sample.breadcrumb[-1]}_{sample.breadcrumb[0]}</title>
<base href="{base_url}/">
</head><body>
<!--头部--><div class="hd">{_links(_NAV, "./lm{}/", "<span>{}</span>")}</div>
<div class="BreadcrumbNav">当前位置：{crumbs}</div>
<div class="xl">
{kicker}<div class="xl-bt">{escape(sample.title)}</div>{subtitle}
<div class="xl-xx"><span>发布时间：{when}来源：{sample.source}</span><span class="fr">【字体：<a href="#">大</a> <a href="#">中</a> <a href="#">小</a>】</span></div>
<div class="xl-zw"><!--contstart--><div class="view TRS_UEDITOR trs_paper_default"><style type="text/css">.TRS_UEDITOR P{{margin-top:0}}</style><div class="TRS_Editor"><div class="Custom_UnionStyle">{text}</div></div></div><!--contend--></div>
<div class="xl-bj">【编辑：{sample.editor}】</div>
</div>
<div class="xgxw"><h4>相关新闻</h4><script>document.write("");</script><ul>{_links(_headlines(4, 6), "./t{}.html")}</ul></div>
<script>createPageHTML(1, 0, "t2024", "html");</script>
</body></html>"""


# --- (e) 方正 e-paper: property comment, the text twice ---------------------------------------------------


def _epaper(sample: Sample, base_url: str) -> str:
    body = "".join(
        _blocks(
            sample,
            lambda line: f"<P>　　{escape(line)}</P>",
            lambda p: "",
            lambda v: "",
        )
    )
    pictures = "".join(
        f'<table border=0 width=400><tr><td><IMG src="{p.path}"></td></tr><tr><td>{escape(p.caption)}</td></tr></table>'
        for p in sample.pictures
    )
    return f"""<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8">
<title>云汀日报-{escape(sample.title)}</title></head><body>
<!--enpproperty <articleid>57</articleid><date>{sample.date} 00:00:00:0</date><author>记者</author><title>{escape(sample.title)}</title><keyword></keyword><subtitle>{escape(sample.subtitle)}</subtitle><introtitle>{escape(sample.kicker)}</introtitle><siteid>1</siteid><nodeid>3</nodeid><nodename>要闻</nodename>/enpproperty-->
<div style="display:none" id="ozoom0"><founder-content>{body}</founder-content></div>
<table class="main"><tr><td valign=top width=300>
<div class="bmdh">{_chinese_date(sample.date)} 星期二</div><div class="bm">第03版：要闻</div>
<div class="mulu"><ul>{_links(_headlines(6, 1), "content_{}.htm")}</ul></div></td>
<td valign=top>
<table><tr><td class="yinti">{escape(sample.kicker)}</td></tr><tr><td class="biaoti"><strong>{escape(sample.title)}</strong></td></tr>
<tr><td class="futi">{escape(sample.subtitle)}</td></tr></table>
<table><tr><td>{pictures}</td></tr></table>
<div id="ozoom" class="zw"><!--enpcontent--><founder-content>{body}</founder-content><!--/enpcontent--></div>
<div><a href="content_801.htm">上一篇</a> <a href="content_802.htm">下一篇</a></div></td></tr></table>
<div class="bq">版权所有 云汀日报社</div></body></html>"""


# --- (f) a text pasted from a WeChat account: sections and spans, lazy pictures, spacers ------------------


def _wechat(sample: Sample, base_url: str) -> str:
    spacer = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"

    def paragraph(line: str) -> str:
        cut = len(line) // 2  # WeChat's editor splits runs anywhere
        return (
            '<section style="margin: 0px 8px 24px;line-height: 2em;"><span style="font-size: 16px;letter-spacing: 1px;">'
            f'<span leaf="">{escape(line[:cut])}</span></span><span style="font-size: 16px;">{escape(line[cut:])}</span></section>'
            '<section style="margin: 0px 8px;"><span leaf=""><br></span></section>'
        )

    text = "".join(
        _blocks(
            sample,
            paragraph,
            lambda p: (
                f'<section style="text-align: center;"><img class="rich_pages wxw-img" data-src="{p.path}" data-ratio="0.66" '
                f'data-type="jpeg" data-w="1080" src="{spacer}" alt="图片" style="width: 677px;"></section>'
                + (
                    '<section style="text-align: center;"><span style="color: rgb(136, 136, 136);font-size: 14px;">'
                    f"△{escape(p.caption)}</span></section>"
                    if p.caption
                    else ""
                )
            ),
            lambda v: f'<section><video class="edui-upload-video" src="{v.path}"></video></section>',
        )
    )
    return f"""<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><title>{escape(sample.title)}</title>
<meta property="og:title" content="{escape(sample.title)}"><meta property="og:type" content="article"></head>
<body><div class="page"><div class="b1"><span>当前位置：</span>{"<i>/</i>".join(f'<a href="/c/{n}">{c}</a>' for n, c in enumerate(sample.breadcrumb))}</div>
<h1 class="t1">
        {escape(sample.title)}
    </h1>
<div class="m1"><em>{sample.date} {sample.time}</em><em>来源：{sample.source}</em><em>阅读：1057</em></div>
<div class="c1"><section data-tool="135编辑器"><section><img src="{spacer}"></section>{text}<section><p>&nbsp;</p></section></section></div>
<div class="s1"><p>扫一扫，在手机打开当前页</p><img src="/images/qr.png" alt="二维码"></div></div></body></html>"""


# --- (g) one DIV, lines cut by <BR><BR>, upper case, GBK called gb2312 -------------------------------------


def _one_div(sample: Sample, base_url: str) -> str:
    text = "<BR><BR>\n".join(
        _blocks(
            sample,
            lambda line: f"　　{escape(line)}",
            lambda p: (
                f'<CENTER><IMG SRC="{p.path}" BORDER=0><BR><FONT SIZE=2>{escape(p.caption)}</FONT></CENTER>'
            ),
            lambda v: f'<EMBED SRC="{v.path}" WIDTH=400 HEIGHT=300>',
        )
    )
    crumbs = "&gt;&gt;".join(f'<A HREF="/class{n}.asp">{c}</A>' for n, c in enumerate(sample.breadcrumb))
    return f"""<HTML><HEAD><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=gb2312"><TITLE>{escape(sample.title)}--云汀在线</TITLE></HEAD>
<BODY TOPMARGIN=0><CENTER><IMG SRC="/images/banner.gif" WIDTH=760></CENTER>
<FONT SIZE=2>您现在的位置：{crumbs}&gt;&gt;正文</FONT><HR>
<CENTER><FONT SIZE=5 COLOR=#003399><B>{escape(sample.title)}</B></FONT><BR><BR>
<FONT SIZE=2>{sample.date.replace("-", "/")} {sample.time}　来源：{sample.source}　点击数：1057</FONT></CENTER><HR>
<DIV STYLE="font-size:14px">{text}</DIV>
<P ALIGN=right><FONT SIZE=2>[<A HREF="javascript:window.close()">关闭窗口</A>] [<A HREF="javascript:window.print()">打印本页</A>]</FONT></P>
<HR><CENTER><FONT SIZE=2>Copyright &copy; 2003-2024 云汀在线 All Rights Reserved</FONT></CENTER></BODY></HTML>"""


# --- (h) tables in tables, GBK, declared nowhere ------------------------------------------------------------


def _tables(sample: Sample, base_url: str) -> str:
    text = "\n".join(
        _blocks(
            sample,
            lambda line: f"<p>&nbsp;&nbsp;&nbsp;&nbsp;{escape(line)}</p>",
            lambda p: (
                f'<table align=center border=0><tr><td align=center><img src="{p.path}" onload="resize(this)"></td></tr>'
                f"<tr><td align=center>{escape(p.caption)}</td></tr></table>"
            ),
            lambda v: f'<object data="{v.path}" width=400></object>',
        )
    )
    when = f"{sample.date} {sample.time}:00" if sample.time else sample.date
    return f"""<html><head><title>云汀县人民政府门户网站</title></head><body bgcolor=#ffffff>
<table width=980 align=center cellspacing=0><tr><td background="/img/top.jpg" height=120></td></tr>
<tr><td><table width=100%><tr>{_links(_NAV, "/type.php?id={}", "<td nowrap>{}</td>")}</tr></table></td></tr></table>
<table width=980 align=center><tr><td width=220 valign=top>
<table width=100% border=1><tr><td><b>最新文章</b></td></tr>{_links(_headlines(8, 2), "/view.php?id={}", "<tr><td>·{}</td></tr>")}</table></td>
<td valign=top><table width=100%><tr><td>当前位置：{" → ".join(sample.breadcrumb)} → 正文</td></tr>
<tr><td align=center height=60><strong><span style="font-size:22px">{escape(sample.title)}</span></strong></td></tr>
<tr><td align=center>发布时间：{when}　浏览次数：1057</td></tr>
<tr><td><table width=95% align=center><tr><td style="line-height:200%">{text}</td></tr></table></td></tr>
<tr><td align=right>责任编辑：{sample.editor}</td></tr>
<tr><td>·上一篇：<a href="/view.php?id=801">{_HEADLINES[4]}</a><br>·下一篇：没有了</td></tr></table></td></tr></table>
<table width=980 align=center><tr><td align=center>地址：云汀县城人民路57号　邮编：000057</td></tr></table></body></html>"""


# --- (i) 大汉: values between comments, government meta tags -------------------------------------------------


def _hanweb(sample: Sample, base_url: str) -> str:
    def value(name: str, text: str) -> str:
        return f"<!--<$[{name}]>begin-->{text}<!--<$[{name}]>end-->"

    text = "\n".join(
        _blocks(
            sample,
            lambda line: (
                f'<p style="text-indent:2em;"><span style="font-family:宋体;">{escape(line)}</span></p>'
            ),
            lambda p: (
                f'<p style="text-align:center;"><img src="{p.path}" alt="{escape(p.caption)}" title="{escape(p.caption)}"></p>'
                + (
                    f'<p style="text-align:center;"><span style="font-family:楷体;">{escape(p.caption)}</span></p>'
                    if p.caption
                    else ""
                )
            ),
            _video,
        )
    )
    crumbs = " > ".join(
        f'<a href="/col/col{n}/index.html" class="bt_link">{c}</a>' for n, c in enumerate(sample.breadcrumb)
    )
    subtitle = (
        f'<p class="con-title2">{value("副标题", escape(sample.subtitle))}</p>' if sample.subtitle else ""
    )
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>云汀县人民政府 {sample.breadcrumb[-1]} {escape(sample.title)}</title>
<meta name="SiteName" content="云汀县人民政府"><meta name="SiteDomain" content="www.yunting.invalid">
<meta name="ColumnName" content="{sample.breadcrumb[-1]}"><meta name="ColumnType" content="新闻">
<meta name="ArticleTitle" content="{escape(sample.title)}"><meta name="PubDate" content="{sample.date} {sample.time or "00:00"}">
<meta name="ContentSource" content="{sample.source}"><meta name="Author" content=""><meta name="Maketime" content="2019-03-03 10:10:10">
</head><body><div class="top_menu"><a href="#">无障碍阅读</a><a href="#">长者模式</a></div>
<div class="dqwz"><span>当前位置：</span><table><tr><td>{crumbs}</td></tr></table></div>
<div class="main_con"><p class="con-title">{value("标题", escape(sample.title))}</p>{subtitle}
<p class="explain"><span>发布日期：{value("发布时间", f"{sample.date} {sample.time}")}</span><span>信息来源：{value("信息来源", sample.source)}</span>
<span>浏览次数：<script src="/module/visitcount/articlehits.jsp?id=57"></script></span><span>字号：[ <a href="javascript:doZoom(18)">大</a> <a href="javascript:doZoom(16)">中</a> ]</span></p>
<div id="zoom">{value("信息内容", f'<!--ZJEG_RSS.content.begin--><meta name="ContentStart">{text}<meta name="ContentEnd"><!--ZJEG_RSS.content.end-->')}</div>
<p class="bottom">（责任编辑：{value("信息录入人", sample.editor)}）</p><div><a href="javascript:window.print()">打印本页</a> <a href="javascript:window.close()">关闭窗口</a></div></div>
<div class="foot">主办单位：云汀县人民政府办公室　网站标识码：0000000057</div></body></html>"""


# --- (j) HTML5 with everything a modern theme has -----------------------------------------------------------


def _modern(sample: Sample, base_url: str) -> str:
    def figure(p: Picture) -> str:
        caption = f"<figcaption>{escape(p.caption)}</figcaption>" if p.caption else ""
        return (
            f'<figure><img class="lazy" src="/static/blank.gif" data-original="{p.path}" alt="{escape(p.caption)}">'
            f'<noscript><img src="{p.path}"></noscript>{caption}</figure>'
        )

    text = "\n".join(
        _blocks(
            sample,
            lambda line: f"<p>{escape(line)}</p>",
            figure,
            lambda v: (
                f'<figure><video controls poster="/static/cover.jpg"><source src="{v.path}" type="video/mp4">您的浏览器不支持视频播放</video></figure>'
            ),
        )
    )
    printed = f"{sample.date}T{sample.time or '00:00'}:00+08:00"
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": sample.title,
        "datePublished": printed,
    }
    crumbs = "".join(f'<li><a href="/channel/{n}">{c}</a></li>' for n, c in enumerate(sample.breadcrumb))
    subtitle = f'<p class="deck">{escape(sample.subtitle)}</p>' if sample.subtitle else ""
    kicker = f'<p class="eyebrow">{escape(sample.kicker)}</p>' if sample.kicker else ""
    return f"""\ufeff<!DOCTYPE html><html lang="zh-CN"><head><meta charset="UTF-8"><title>{escape(sample.title)} | 云汀发布</title>
<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>
<link rel="prev" href="/news/801"><link rel="stylesheet" href="/static/site.css"></head><body>
<header><nav>{_links(_NAV, "/channel/{}", "{}")}</nav><form action="/search"><input placeholder="请输入关键词"><button>搜索</button></form></header>
<nav aria-label="面包屑"><ol>{crumbs}</ol></nav>
<main><article><header>{kicker}<h1>{escape(sample.title)}</h1>{subtitle}
<div><time datetime="{printed}">{sample.date} {sample.time}</time> <span>{sample.source}</span> <span>1057 阅读</span></div></header>
<div class="rich">{text}</div>
<footer><button>点赞 <b>12</b></button><button>收藏</button><button>分享至微信</button><p>本文著作权归原作者所有，未经许可不得转载。</p></footer></article>
<aside><h2>热榜</h2><ol>{_links(_headlines(10), "/news/{}")}</ol></aside></main>
<footer><p>© 2024 云汀县融媒体中心</p></footer></body></html>"""


# --- (k) the header says UTF-8, the bytes are GBK, nothing is closed -----------------------------------------


def _misdeclared(sample: Sample, base_url: str) -> str:
    text = "\n".join(
        _blocks(
            sample,
            lambda line: f"<p>{escape(line)}",
            lambda p: (
                f"<p align=center><img src={p.path}>"
                + (f"<p align=center>{escape(p.caption)}" if p.caption else "")
            ),
            lambda v: f"<p><video src={v.path}></video>",
        )
    )
    crumbs = "-&gt;".join(f"<a href=/list/{n}.html>{c}</a>" for n, c in enumerate(sample.breadcrumb))
    return f"""<html><head><meta http-equiv=content-type content="text/html; charset=gb2312"><title>{escape(sample.title)} - 云汀新闻</title>
<body><ul class=n>{_links(_NAV, "/list/{}.html", "<li>{}")}</ul>
<div class=loc>当前位置：{crumbs}</div>
<h3>{escape(sample.title)}</h3>
<h5>时间：{sample.date} {sample.time} 来源：{sample.source} 编辑：{sample.editor}</h5>
<div class=body>
{text}
</div>
<div class=more><b>相关链接</b><ul>{_links(_headlines(3, 7), "/html/{}.html", "<li>{}")}</ul></div>
<p class=copy>云汀新闻网版权所有"""


# --- (l) bare text in nested boxes between far more navigation than text --------------------------------------


def _nested(sample: Sample, base_url: str) -> str:
    text = "".join(
        _blocks(
            sample,
            lambda line: f"<div><div>{escape(line)}</div></div>\n",
            lambda p: (
                f'<div class="x4"><div><img src="{p.path}"/></div>'
                + (f'<div class="x5">{escape(p.caption)}</div>' if p.caption else "")
                + "</div>"
            ),
            lambda v: f'<div class="x4"><video src="{v.path}"></video></div>',
        )
    )
    first = f"<div><div><div><div><div><div>{text}</div></div></div></div></div></div>"
    nav = _links(
        [f"{word}{number}" for number in range(1, 6) for word in (*_NAV[1:], "更多")],
        "/lm/{}/",
        "<span>{}</span>",
    )
    related = _links(
        [f"{title}，{other}，记者现场直击" for title in _HEADLINES for other in _headlines(3, 5)],
        "/p/{}.shtml",
        "<div>{}</div>",
    )
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>云汀新闻网</title></head><body><div class="x1"><div>{nav}</div></div>
<div class="x2"><div>所在位置：{" &gt; ".join(f"<span><a href='/lm/{n}/'>{c}</a></span>" for n, c in enumerate(sample.breadcrumb))} &gt; 正文</div>
<div class="x3"><div><h1><span>{escape(sample.title)}</span></h1></div>
<div><span>{sample.date.replace("-", ".")}</span> <span>{sample.time}</span> <span>来源：<a href="http://www.yunting.invalid">{sample.source}</a></span> <span>我要评论(0)</span></div>{first}
<div>分享到：<a href="#">QQ空间</a><a href="#">新浪微博</a></div></div>
<div style="display:none" id="print"><h1>{escape(sample.title)}</h1>{text}</div>
<div class="x6"><div>热门推荐</div>{related}</div></div>
<div class="x7"><div>云汀新闻网简介 | 广告服务 | 联系我们 | 诚聘英才 | 网站地图 | 法律顾问：临澄律师事务所</div>
<div>互联网新闻信息服务许可证：00000000057　信息网络传播视听节目许可证：0000057　广播电视节目制作经营许可证：（临）字第00057号</div>
<div>凡本网注明“来源：云汀新闻网”的所有作品，均为本网合法拥有版权或有权使用的作品，未经本网授权不得转载、摘编或利用其它方式使用上述作品。已经本网授权使用作品的，应在授权范围内使用，并注明“来源：云汀新闻网”。违反上述声明者，本网将追究其相关法律责任。</div>
<div>临ICP备00000057号-1　违法和不良信息举报电话：0000-7654321　举报邮箱：jubao@yunting.invalid</div></div></body></html>"""


# --- (m) a party paper's site: staff numbers in the meta tags, the editor after the text ----------------------


def _party_paper(sample: Sample, base_url: str) -> str:
    text = "\n".join(
        _blocks(
            sample,
            lambda line: f'<p style="text-indent: 2em;">\n\t{escape(line)}</p>',
            lambda p: (
                f'<p style="text-align: center;">\n\t<img alt="{escape(p.caption)}" src="{p.path}" width="600" /></p>'
                + (
                    f'<p class="desc" style="text-align: center;">{escape(p.caption)}</p>'
                    if p.caption
                    else ""
                )
            ),
            lambda v: f'<p><video src="{v.path}" controls></video></p>',
        )
    )
    crumbs = "&gt;&gt;".join(
        f'<a href="/GB/{n}/index.html" class="clink">{c}</a>' for n, c in enumerate(sample.breadcrumb)
    )
    return f"""<!DOCTYPE html><html><head><meta http-equiv="content-type" content="text/html;charset=UTF-8"/>
<title>{escape(sample.title)}--{sample.breadcrumb[-1]}--云汀日报网</title><meta name="author" content="104357"><meta name="editor" content="1057">
<meta name="publishdate" content="{sample.date}"><meta name="source" content="来源：{sample.source}"><meta name="contentid" content="57"></head><body>
<div class="path w1000">{crumbs}</div>
<div class="text_title"><h3 class="pre">{escape(sample.kicker)}</h3><h1>{escape(sample.title)}</h1><h4 class="sub">{escape(sample.subtitle)}</h4>
<div class="box01"><div class="fl">{_chinese_date(sample.date)}{sample.time}&nbsp;&nbsp;来源：<a href="http://paper.yunting.invalid/" target="_blank">{sample.source}</a></div><div class="fr">分享到：</div></div></div>
<div class="clearfix"><div class="box_con">{text}
<div class="zdfy clearfix"></div><center><table border="0" align="center" width="40%"><tr></tr></table></center></div>
<div class="edit clearfix">(责编：{sample.editor})</div><p>分享让更多人看到</p></div>
<div class="tjyd"><h2>推荐阅读</h2><ul>{_links(_headlines(4, 2), "/n1/2024/c{}.html")}</ul></div></body></html>"""


# --- (n) a news agency's site: the date in pieces ---------------------------------------------------------------


def _agency(sample: Sample, base_url: str) -> str:
    year, month, day = sample.date.split("-")
    text = "\n".join(
        _blocks(
            sample,
            lambda line: f"<p>　　{escape(line)}</p>",
            lambda p: (
                f'<p style="text-align:center"><img align="center" id="57" src="{p.path}"></p>'
                + (
                    f'<p style="text-align:center"><font color="navy">{escape(p.caption)}</font></p>'
                    if p.caption
                    else ""
                )
            ),
            lambda v: f'<div class="pageVideo"><video src="{v.path}"></video></div>',
        )
    )
    time = f"{sample.time}:00" if sample.time else ""
    return f"""<!DOCTYPE HTML><html><head><meta charset="utf-8"/><title>{escape(sample.title)}-云汀通讯网</title></head><body>
<div class="fix-ewm domPC"><img src="/ewm.png"><div class="fxd"><span>手机查看</span></div></div>
<div class="header domPC"><div class="header-top clearfix"><div class="header-time left"><span class="year"><em> {year}</em></span><span class="day"><em>{month}</em>/<em> {day}</em></span><span class="time"> {time}</span></div>
<div class="source">来源：{sample.source}</div></div><div class="header-cont"><div class="head-line clearfix"><h1><span class="title">{escape(sample.title)}</span><span class="btn-audio"></span></h1></div></div></div>
<div class="main"><div class="main-left"><div id="detail"><span id="detailContent">{text}</span>
<div id="articleEdit"><span class="tiyi1">【纠错】</span><span class="editor"> 【责任编辑:{sample.editor}】 </span></div></div></div>
<div class="main-right"><div class="columBox"><div class="col-tit">阅读下一篇</div><div class="tit">{_HEADLINES[5]}</div></div></div></div></body></html>"""


# --- (o) 博达: counters by script, attachments, next and previous --------------------------------------------------


def _boda(sample: Sample, base_url: str) -> str:
    text = "\n".join(
        _blocks(
            sample,
            lambda line: f'<p class="vsbcontent_start">{escape(line)}</p>',
            lambda p: (
                f'<p class="vsbcontent_img"><img width="500" src="{p.path}" vsbhref="vurl" vurl="{p.path}" orisrc="{p.path}"></p>'
                + (f'<p class="vsbcontent_img">{escape(p.caption)}</p>' if p.caption else "")
            ),
            lambda v: (
                f'<p><script name="_videourl" vurl="{v.path}"></script><video src="{v.path}"></video></p>'
            ),
        )
    )
    crumbs = ">>".join(f'<a href="../lm{n}.htm">{c}</a>' for n, c in enumerate(sample.breadcrumb))
    return f"""<!DOCTYPE html><HTML><HEAD><TITLE>{escape(sample.title)}-云汀职业学校</TITLE><META content="text/html; charset=UTF-8" http-equiv="Content-Type"></HEAD><BODY>
<UL class="menu">{_links(_NAV, "../lm{}.htm")}</UL><DIV class="dq">当前位置: {crumbs}&gt;&gt;正文</DIV>
<form name="_newscontent_fromname"><div class="article"><h1 align="center">{escape(sample.title)}</h1>
<p align="center">发布时间：{_chinese_date(sample.date)} {sample.time}　作者：　来源：{sample.source}　浏览：[<script>_showDynClicks("wbnews", 57, 801)</script>]</p>
<div id="vsb_content"><div class="v_news_content">{text}</div></div>
<p align="right">【<a href="javascript:window.opener=null;window.close();">关闭</a>】</p>
<p>上一条：<a href="800.htm">{_HEADLINES[8]}</a></p><p>下一条：<a href="801.htm">{_HEADLINES[9]}</a></p></div></form></BODY></HTML>"""


# --- (p) a county media centre's newer platform: credits in one paragraph, readers' comments under it ------------


def _convergence(sample: Sample, base_url: str) -> str:
    blocks = _blocks(
        replace(sample, credit_lines=()),
        lambda line: f'<p style="line-height:1.8">{escape(line)}</p>',
        lambda p: (
            f'<div><img src="{base_url}{p.path}"></div>'
            + (
                f'<div style="font-size:13px;color:#999;text-align:center">{escape(p.caption)}</div>'
                if p.caption
                else ""
            )
        ),
        lambda v: f'<div><video src="{v.path}" x5-playsinline></video></div>',
    )
    text = "".join(blocks)
    if sample.credit_lines:
        text += f'<p style="line-height:1.8">{"<br/>".join(map(escape, sample.credit_lines))}</p>'
    comments = "".join(
        f'<div class="cm-i"><b>云汀网友{number}</b><p>{words}</p><span>{number}小时前</span><a>回复</a><a>赞 {number}</a></div>'
        for number, words in enumerate(
            (
                "家乡的变化真大，去年回去的时候路还没有修好，今年已经可以开车到家门口了，为家乡点赞，也希望以后多报道这样的好消息！",
                "写得真好，支持！",
                "请问这个政策我们村能不能享受？打电话问了两次都说要等通知，希望有关部门能给一个明确的答复，谢谢记者同志。",
            ),
            2,
        )
    )
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(sample.title)}</title>
<meta property="og:title" content="{escape(sample.title)}"><meta property="og:site_name" content="爱云汀"></head><body>
<div class="dl">打开“爱云汀”客户端，阅读体验更佳 <a href="/download">立即打开</a></div>
<div class="wrap"><div class="tt">{escape(sample.title)}</div>
<div class="au"><img src="/avatar.png"><span>{sample.source}</span><span>{sample.date} {sample.time}</span></div><div class="audio">听新闻 00:00/03:21</div>
<div class="ct">{text}</div>
<div class="op">展开全文</div><div class="ap">鼓励作者写出更好的创作</div>
<div class="cm"><h4>全部评论（3）</h4>{comments}<p>没有更多了</p></div></div></body></html>"""


# --- (q) DedeCMS: labels in tags of their own, a summary box before the text ---------------------------------------


def _dede(sample: Sample, base_url: str) -> str:
    text = "\r\n".join(
        _blocks(
            sample,
            lambda line: f"<div>\r\n\t&nbsp; &nbsp; {escape(line)}</div>",
            lambda p: (
                f'<div style="text-align: center;">\r\n\t<img alt="" src="{p.path}" style="width: 500px;" /></div>'
                + (f'<div style="text-align: center;">\r\n\t{escape(p.caption)}</div>' if p.caption else "")
            ),
            lambda v: f'<div><video src="{v.path}"></video></div>',
        )
    )
    crumbs = " > ".join(f"<a href='/plus/list.php?tid={n}'>{c}</a>" for n, c in enumerate(sample.breadcrumb))
    summary = f'<div class="intro">{escape(sample.paragraphs[0][:24])}...</div>' if sample.paragraphs else ""
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><meta http-equiv="Content-Type" content="text/html; charset=gbk" />
<title>{escape(sample.title)}_云汀信息港</title><meta name="description" content="{escape("".join(sample.paragraphs)[:40])}" /></head>
<body class="articleview"><div class="w960">{_links(_NAV, "/plus/list.php?tid={}", "<li>{}</li>")}</div>
<div class="w960"><div class="place"><strong>当前位置:</strong> {crumbs} > </div>
<div class="viewbox"><div class="title"><h2>{escape(sample.title)}</h2></div>
<div class="info"><small>时间:</small>{sample.date} {sample.time}<small>来源:</small>{sample.source or "未知"}<small>作者:</small><small>点击:</small><script src="/plus/count.php?view=yes&aid=57"></script>次</div>
{summary}<div class="content"><table width="100%"><tr><td>{text}</td></tr></table>(责任编辑：{sample.editor})</div>
<div class="handle"><ul><li>上一篇：<a href='/a/801.html'>{_HEADLINES[3]}</a> </li><li>下一篇：没有了 </li></ul>
<a href="#">顶一下</a><p>(0) 0%</p><a href="#">踩一下</a><p>(0) 0%</p></div></div>
<div class="pright"><dl><dt><strong>热点内容</strong></dt><dd><ul>{_links(_headlines(9), "/a/{}.html")}</ul></dd></dl></div></div>
<div class="footer"><p>Powered by <a href="http://www.dedecms.invalid">DedeCMS</a> 临ICP备00000057号</p></div></body></html>"""


# --- list pages -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """One line of a list page."""

    url: str
    title: str
    date: str


@dataclass(frozen=True)
class ListTemplate:
    """One kind of list page: how entries look, how it leads to its next page."""

    name: str
    entries: Callable[[Sequence[Entry]], str]
    pager: Callable[[int, int, Callable[[int], str]], str]
    """(number, count, number → address) → markup, for the foot of the page."""
    first: str
    """Path of the first page; ``{slug}`` stands for the section."""
    further: str
    """Path of the others, with ``{page}``."""
    section_url: str
    """Pattern of these paths, for a site profile."""
    number_in_path: Callable[[int, int], int] = lambda number, count: number
    """(number, count) → what stands for ``{page}``."""

    def path(self, slug: str, number: int, count: int) -> str:
        """Return the path of the page with this number, counted from 1."""
        if number == 1:
            return self.first.format(slug=slug)
        return self.further.format(slug=slug, page=self.number_in_path(number, count))

    def render(self, name: str, slug: str, entries: Sequence[Entry], number: int, count: int) -> bytes:
        """Return the page as the server sends it (UTF-8)."""
        pager = self.pager(number, count, lambda wanted: self.path(slug, wanted, count))
        hot = "".join(
            f'<p><a href="{escape(entry.url)}">{escape(entry.title)}</a></p>' for entry in entries[:2]
        )
        return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{name}-云汀网</title></head><body>
<div><a href="/">首页</a> <a href="{self.first.format(slug=slug)}">{name}</a> <a href="/about.html">关于我们</a></div>
<div>当前位置：<a href="/">云汀网</a> &gt; <a href="{self.first.format(slug=slug)}">{name}</a></div>
<div>{self.entries(entries)}</div>
<div>{pager}</div>
<div><b>本栏热门</b>{hot}</div><div>版权所有 <a href="http://beian.invalid/">临ICP备00000057号</a></div></body></html>""".encode()


def _lines(entries: Sequence[Entry]) -> str:
    items = "".join(
        f'<li><a href="{escape(e.url)}" target="_blank">{escape(e.title)}</a><span>{e.date}</span></li>'
        for e in entries
    )
    return f"<ul>{items}</ul>"


def _cut_lines(entries: Sequence[Entry]) -> str:
    return "".join(
        f'<dl><dt>[{e.date[5:]}]</dt><dd><a href="{escape(e.url)}" title="{escape(e.title)}">{escape(e.title[:8])}…</a></dd></dl>'
        for e in entries
    )


def _cards(entries: Sequence[Entry]) -> str:
    return "".join(
        f'<div class="card"><a href="{escape(e.url)}"><img src="/upload/thumb.jpg" alt=""></a><h3><a href="{escape(e.url)}">{escape(e.title)}</a></h3>'
        f'<p>记者从有关部门获悉，相关工作正在推进……<a href="{escape(e.url)}">[详细]</a></p><time>{e.date} 10:57</time></div>'
        for e in entries
    )


def _rows(entries: Sequence[Entry]) -> str:
    rows = "".join(
        f'<tr><td width=20>·</td><td><a href="{escape(e.url)}"><font color="#333">{escape(e.title)}</font></a></td><td>{_chinese_date(e.date)}</td></tr>'
        for e in entries
    )
    return f"<table>{rows}</table>"


def _pager_next(number: int, count: int, path: Callable[[int], str]) -> str:
    if number < count:
        return f'<a>首页</a><a href="{escape(path(number + 1))}">下一页</a><a href="{escape(path(count))}">尾页</a>'
    return f'<a href="{escape(path(1))}">首页</a><a href="{escape(path(max(1, number - 1)))}">上一页</a><a>下一页</a><a>尾页</a>'


def _pager_rel(number: int, count: int, path: Callable[[int], str]) -> str:
    before = f'<a rel="prev" href="{escape(path(number - 1))}">‹</a>' if number > 1 else ""
    after = f'<a rel="next" href="{escape(path(number + 1))}">›</a>' if number < count else ""
    return before + after


def _pager_numbers(number: int, count: int, path: Callable[[int], str]) -> str:
    return " ".join(
        f"<span>{page}</span>" if page == number else f'<a href="{escape(path(page))}">{page}</a>'
        for page in range(1, count + 1)
    )


def _pager_dead_last(number: int, count: int, path: Callable[[int], str]) -> str:
    after = escape(path(number + 1)) if number < count else "javascript:;"
    return f'<em>{number}/{count}</em> <a href="{escape(path(1))}">&lt;&lt;</a> <a href="{after}" class="n">下一页&gt;</a>'


def _pager_short(number: int, count: int, path: Callable[[int], str]) -> str:
    if number == count:
        return f"共{count}页 <span>下页</span>"
    return (
        f'共{count}页 <a href="{escape(path(number + 1))}">下页</a> <a href="{escape(path(count))}">尾页</a>'
    )


def _pager_script(number: int, count: int, path: Callable[[int], str]) -> str:
    return f'<script>createPageHTML({count}, {number - 1}, "index", "html");</script>'


def _pager_script_total(number: int, count: int, path: Callable[[int], str]) -> str:
    return f"<div id='page_div'></div><script>createPageHTML('page_div',{count}, {number},'list_zw','shtml',{count * 10});</script>"


LIST_TEMPLATES = (
    ListTemplate(
        "next_link",
        _lines,
        _pager_next,
        "/content/list?catid={slug}",
        "/content/list?catid={slug}&page={page}",
        r"/content/list\?(?:.*&)?catid=(?P<id>\d+)",
    ),
    ListTemplate(
        "rel_next",
        _cards,
        _pager_rel,
        "/channel/{slug}",
        "/channel/{slug}?page={page}",
        r"^/channel/(?P<id>\d+)",
    ),
    ListTemplate(
        "numbers",
        _cut_lines,
        _pager_numbers,
        "/list?id={slug}",
        "/list?id={slug}&p={page}",
        r"^/list\?id=(?P<id>\d+)",
    ),
    ListTemplate(
        "index_2",
        _lines,
        _pager_numbers,
        "/col{slug}/index.html",
        "/col{slug}/index_{page}.html",
        r"^/col(?P<id>\d+)/",
    ),
    ListTemplate(
        "list_3_2",
        _rows,
        _pager_dead_last,
        "/list-{slug}-1.html",
        "/list-{slug}-{page}.html",
        r"^/list-(?P<id>\d+)-",
    ),
    ListTemplate(
        "script_index",
        _lines,
        _pager_script,
        "/lm{slug}/index.html",
        "/lm{slug}/index_{page}.html",
        r"^/lm(?P<id>\d+)/",
        lambda number, count: number - 1,  # plain TRS calls its second page index_1
    ),
    ListTemplate(
        "script_list",
        _rows,
        _pager_script_total,
        "/zw{slug}/list_zw.shtml",
        "/zw{slug}/list_zw_{page}.shtml",
        r"^/zw(?P<id>\d+)/",
    ),
    ListTemplate(
        "counts_down",
        _lines,
        _pager_short,
        "/lm{slug}.htm",
        "/lm{slug}/{page}.htm",
        r"^/lm(?P<id>\d+)[./]",
        lambda number, count: count - number + 1,  # so that an old page keeps its address for ever
    ),
)

_ALL = frozenset({KICKER, SUBTITLE, BREADCRUMB, TIME, SOURCE, VIDEO, CAPTION})

TEMPLATES = (
    Template("yichang", _yichang, frozenset({BREADCRUMB, VIDEO})),
    Template("header_row", _header_row, frozenset({BREADCRUMB, SOURCE, VIDEO, CAPTION}), "编辑"),
    Template("cjyun_hidden_copy", _cjyun(True), frozenset({TIME, SOURCE, VIDEO}), path="/p/{id}.html"),
    Template("cjyun_second_copy", _cjyun(False), frozenset({TIME, SOURCE, VIDEO}), path="/p/{id}.html"),
    Template("trs", _trs, _ALL - {CAPTION}, "编辑", path="/202401/t20240116_{id}.html"),
    Template(
        "epaper", _epaper, frozenset({KICKER, SUBTITLE, CAPTION}), path="/html/2024-01/16/content_{id}.htm"
    ),
    Template(
        "wechat", _wechat, frozenset({BREADCRUMB, TIME, SOURCE, VIDEO, CAPTION}), path="/show/{id}.html"
    ),
    Template(
        "one_div",
        _one_div,
        frozenset({BREADCRUMB, TIME, SOURCE, CAPTION}),
        "",
        "text/html",
        "gbk",
        "/ReadNews.asp?NewsID={id}",
    ),
    Template(
        "tables",
        _tables,
        frozenset({BREADCRUMB, TIME, CAPTION}),
        "责任编辑",
        "text/html",
        "gbk",
        "/view.php?id={id}",
    ),
    Template("hanweb", _hanweb, _ALL - {KICKER, CAPTION}, "责任编辑", path="/art/2024/1/16/art_1_{id}.html"),
    Template("modern", _modern, _ALL, path="/news/{id}"),
    Template(
        "misdeclared",
        _misdeclared,
        frozenset({BREADCRUMB, TIME, SOURCE, VIDEO}),
        "编辑",
        encoding="gbk",
        path="/html/{id}.html",
    ),
    Template("nested", _nested, frozenset({BREADCRUMB, TIME, SOURCE, VIDEO, CAPTION}), path="/p/{id}.shtml"),
    Template("party_paper", _party_paper, _ALL, "责编", path="/n1/2024/0116/c10-{id}.html"),
    Template("agency", _agency, frozenset({TIME, SOURCE, VIDEO}), "责任编辑", path="/2024-01/16/c_{id}.htm"),
    Template(
        "convergence", _convergence, frozenset({TIME, SOURCE, VIDEO, CAPTION}), path="/contents/73/{id}.html"
    ),
    Template(
        "dede",
        _dede,
        frozenset({BREADCRUMB, TIME, SOURCE, VIDEO}),
        "责任编辑",
        "text/html",
        "gbk",
        "/a/{id}.html",
    ),
    Template("boda", _boda, frozenset({BREADCRUMB, TIME, SOURCE, VIDEO}), path="/info/1041/{id}.htm"),
)
