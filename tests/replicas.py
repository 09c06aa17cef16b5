"""Invented county sites of many systems, for a first meeting: addresses, home pages, lists and pagers of each kind.

A replica is data; ``put`` publishes it on a server and returns what a reader finds there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from urllib.parse import quote

from tests.newssite import NewsSite

_PLACES = (
    "青石镇",
    "白沙镇",
    "梅岭乡",
    "大塘村",
    "柳溪村",
    "云台山",
    "澄河街道",
    "县第一小学",
    "县图书馆",
    "县人民医院",
)
_EVENTS = (
    "开展春季植树活动",
    "柑橘迎来丰收季",
    "举办读书节启动仪式",
    "完成渠道清淤工程",
    "新增停车位八百个",
    "召开安全生产工作会议",
    "老旧小区改造完工",
    "义诊服务进村入户",
    "评选最美家庭",
    "茶叶开采首日收鲜叶三千斤",
    "组织冬季用电安全检查",
)


@dataclass(frozen=True)
class Piece:
    """One article."""

    number: int
    section: str
    """What the section is called."""
    title: str
    date: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """One section: its name, its word and its number in addresses."""

    name: str
    word: str
    number: int
    count: int = 8
    """Articles."""


COLUMNS = (
    Column("县域要闻", "xwzx/bdxw", 42),
    Column("基层瞭望", "xwzx/jclw", 43),
    Column("文旅天地", "wlzx/wltd", 57),
)
FLAT = (Column("本地新闻", "bdxw", 42), Column("通知公告", "tzgg", 43), Column("文化旅游", "whly", 57))
LONG = (
    Column("我为群众办实事实践活动", "wqzbss", 42),
    Column("深入学习贯彻党的会议精神", "xxgc", 43),
    Column("2024年全县两会专题报道", "lh2024", 57),
    Column("创建全国文明城市", "cwm", 61, count=1),
)
ENGLISH = (
    Column("County News", "county", 42),
    Column("Life", "life", 43),
    Column("Tourism & Culture", "tour", 57),
)

Article = Callable[[Column, Piece], str]
"""→ path of an article."""
Listing = Callable[[Column, int, int], str]
"""(section, page, of how many) → path of a list page."""
Pager = Callable[[int, int, Callable[[int], str]], str]


def pager_words(page: int, count: int, path: Callable[[int], str]) -> str:
    """首页 上一页 下一页 尾页, dead where they lead nowhere."""
    back = f'<a href="{escape(path(page - 1))}">上一页</a>' if page > 1 else "<span>上一页</span>"
    on = f'<a href="{escape(path(page + 1))}">下一页</a>' if page < count else "<span>下一页</span>"
    return f'共{count}页 <a href="{escape(path(1))}">首页</a> {back} {on} <a href="{escape(path(count))}">尾页</a>'


def pager_numbers(page: int, count: int, path: Callable[[int], str]) -> str:
    """1 2 3."""
    links = (
        f'<b class="cur">{n}</b>' if n == page else f'<a href="{escape(path(n))}">{n}</a>'
        for n in range(1, count + 1)
    )
    return f'<div class="pages">{" ".join(links)}</div>'


def pager_script(page: int, count: int, path: Callable[[int], str]) -> str:
    """TRS: the count and the page in a script."""
    return f'<script>createPageHTML({count}, {page - 1}, "index", "shtml");</script>'


@dataclass(frozen=True)
class Replica:
    """One site."""

    name: str
    article: Article
    listing: Listing
    columns: Sequence[Column] = COLUMNS
    pager: Pager = pager_words
    home: str = "links"
    """``links``: section links only; ``headlines``: the newest articles too; ``menus``: sections in nested menus;
    ``pictures``: the section links are pictures."""
    encoding: str = "utf-8"
    row: str = "发布时间：{date} 来源：云汀县融媒体中心"
    crumbs: bool = True
    summaries: bool = False
    """The lists print the beginning of each text."""
    sidebar: bool = False
    """Articles and lists show the newest articles of the site beside."""
    dated: bool = True
    """The lists print dates."""
    cards: bool = False
    """The lists link each article three times: picture, title, [详细]."""
    brief: bool = False
    """The articles have one short sentence."""
    hub: bool = False
    """The home page leads only to a page that leads to the sections."""
    clutter: bool = False
    """Tags below the articles, a calendar beside the lists, copies for telephones."""
    traps: Sequence[tuple[str, str]] = field(
        default=(
            ("/about.html", "关于我们"),
            ("/law/", "法律声明"),
            ("http://www.yunting.invalid/", "云汀县人民政府"),
            ("http://www.yunting.invalid/2024/0115/77.html", "云汀县人民政府关于公布行政审批事项的通知"),
            ("/search.do?q=", "检索"),
        )
    )
    """(address, name) of links that lead to no articles."""


def pieces(replica: Replica) -> dict[Column, list[Piece]]:
    """Return the articles of a site, each section's newest first."""
    found: dict[Column, list[Piece]] = {}
    number = 0
    for column in replica.columns:
        found[column] = []
        for _ in range(column.count):
            number += 1
            place, event = _PLACES[number % len(_PLACES)], _EVENTS[number % len(_EVENTS)]
            text: tuple[str, ...] = (
                f"1月{number % 28 + 1}日，{place}{event}，共有{number + 30}名干部群众参加，现场秩序井然。",
                f"据了解，这是今年以来{place}组织的第{number}次同类活动，累计受益群众{number * 17 + 200}人次。",
                "下一步，当地将继续完善长效机制，把好事办好、实事办实，不断提升群众的获得感和幸福感。",
            )
            text = text[:1] if replica.brief else text
            date = f"2024-{1 + number // 28:02}-{number % 28 + 1:02}"
            found[column].insert(0, Piece(number, column.name, f"{place}{event}", date, text))
    return found


def put(site: NewsSite, replica: Replica, *, per_page: int = 4) -> dict[str, Piece]:
    """Publish a site; return path → article."""
    content = pieces(replica)
    expected: dict[str, Piece] = {}
    newest = [(column, found[0]) for column, found in content.items()] * 3
    for column, found in content.items():
        parts = [found[start : start + per_page] for start in range(0, len(found), per_page)]
        for number, part in enumerate(parts, 1):
            path = replica.listing(column, number, len(parts))
            _put(site, replica, path, _list_page(replica, column, part, number, len(parts), newest))
        for piece in found:
            path = replica.article(column, piece)
            expected[path] = piece
            _put(site, replica, path, _article_page(replica, column, piece, newest))
    home = _home_page(replica, content)
    if replica.hub:
        _put(site, replica, "/xwzx/", home)
        home = '<title>云汀网</title><a href="/xwzx/"><img src="/enter.png"></a><a href="/about.html">关于我们</a>'
    _put(site, replica, "/", home)
    _put(site, replica, "/index.html", home)
    if replica.clutter:
        _put_clutter(site, replica, [*expected.items()])
    _put(
        site,
        replica,
        "/about.html",
        _page(replica, "关于我们", "<p>云汀网由云汀县融媒体中心主办，欢迎来信来电。</p>"),
    )
    _put(site, replica, "/law/", _page(replica, "法律声明", "<p>本网站的内容，未经书面授权不得转载。</p>"))
    return expected


def _put_clutter(site: NewsSite, replica: Replica, articles: Sequence[tuple[str, Piece]]) -> None:
    for tag in ("/tag/spring/", "/tag/river/"):
        links = "".join(
            f'<li><a href="{escape(path)}">{piece.title}</a></li>' for path, piece in articles[::5]
        )
        _put(site, replica, tag, _page(replica, "标签", f"<ul>{links}</ul>"))
    for day in range(1, 32):
        links = "".join(f'<a href="/rili/?d=2024-01-{other:02}">{other}</a> ' for other in range(1, 32))
        _put(site, replica, f"/rili/?d=2024-01-{day:02}", _page(replica, "日历", links))
    for path, piece in articles:
        _put(site, replica, f"/m{path}", _article_page(replica, replica.columns[0], piece, []))


def _put(site: NewsSite, replica: Replica, path: str, text: str) -> None:
    site.put(path, text.encode(replica.encoding), Content_Type=f"text/html; charset={replica.encoding}")


def _first(replica: Replica, column: Column) -> str:
    return replica.listing(column, 1, max(1, -(-column.count // 4)))


def _menu(replica: Replica) -> str:
    items = [
        f'<li><a href="{escape(_first(replica, column))}">'
        + (
            f'<img src="/img/{column.number}.png" alt="{column.name}">'
            if replica.home == "pictures"
            else escape(column.name)
        )
        + "</a></li>"
        for column in replica.columns
    ]
    if replica.home == "menus":
        items = [f"<li>新闻中心<ul>{''.join(items)}</ul></li>"]
    return f'<ul class="nav"><li><a href="/">首页</a></li>{"".join(items)}</ul>'


def _page(replica: Replica, title: str, main: str, beside: str = "") -> str:
    foot = " | ".join(f'<a href="{escape(url)}">{escape(name)}</a>' for url, name in replica.traps)
    return (
        f'<!DOCTYPE html><html><head><meta charset="{replica.encoding}"><title>{escape(title)}</title></head><body>'
        f'<div class="head">{_menu(replica)}</div><div class="main">{main}</div>{beside}'
        f'<div class="foot">{foot}<p>版权所有：云汀县融媒体中心，地址：云汀县人民路12号</p></div></body></html>'
    )


def _home_page(replica: Replica, content: dict[Column, list[Piece]]) -> str:
    blocks = ""
    if replica.home == "headlines":
        for column, found in content.items():
            items = "".join(
                f'<li><a href="{escape(replica.article(column, piece))}">{piece.title}</a></li>'
                for piece in found[:4]
            )
            more = f'<a href="{escape(_first(replica, column))}">更多&gt;&gt;</a>'
            blocks += f"<div class='box'><h3>{escape(column.name)}{more}</h3><ul>{items}</ul></div>"
    return _page(replica, "云汀网-云汀县融媒体中心主办", blocks)


def _list_page(
    replica: Replica,
    column: Column,
    part: Sequence[Piece],
    number: int,
    count: int,
    newest: Sequence[tuple[Column, Piece]],
) -> str:
    items = "".join(f"<li>{_entry(replica, replica.article(column, piece), piece)}</li>" for piece in part)
    if replica.clutter:
        items += "".join(
            f'<li class="day"><a href="/rili/?d=2024-01-{day:02}">{day}</a></li>' for day in range(1, 32)
        )
    pager = replica.pager(number, count, lambda page: replica.listing(column, page, count))
    crumbs = f'<div>当前位置：<a href="/">首页</a> &gt; {escape(column.name)}</div>' if replica.crumbs else ""
    main = f"{crumbs}<h2>{escape(column.name)}</h2><ul class='list'>{items}</ul>{pager}"
    return _page(replica, f"{column.name}-云汀网", main, _beside(replica, newest))


def _entry(replica: Replica, path: str, piece: Piece) -> str:
    link = f'<a href="{escape(path)}"'
    title = f'{link} target="_blank">{piece.title}</a>'
    if replica.cards:
        title = f'{link}><img src="/thumb.jpg"></a><h3>{title}</h3>'
    date = f"<span>{piece.date}</span>" if replica.dated else ""
    summary = f"<p>{piece.paragraphs[0]}</p>" if replica.summaries else ""
    return title + date + summary + (f"{link}>[详细]</a>" if replica.cards else "")


def _beside(replica: Replica, newest: Sequence[tuple[Column, Piece]]) -> str:
    if not replica.sidebar:
        return ""
    links = "".join(
        f'<p><a href="{escape(replica.article(column, piece))}">{piece.title}</a></p>'
        for column, piece in newest
    )
    return f"<div class='hot'><b>热门</b>{links}</div>"


def _article_page(
    replica: Replica, column: Column, piece: Piece, newest: Sequence[tuple[Column, Piece]]
) -> str:
    crumbs = (
        f'<div>当前位置：<a href="/">首页</a> &gt; <a href="{escape(_first(replica, column))}">{escape(column.name)}</a>'
        " &gt; 正文</div>"
        if replica.crumbs
        else ""
    )
    text = "".join(f"<p>{line}</p>" for line in piece.paragraphs)
    tools = f'<a href="/print.do?id={piece.number}">打印</a> <a href="/share?u={piece.number}">分享</a>'
    if replica.clutter:
        tools += '<a href="/tag/spring/">春天</a> <a href="/tag/river/">澄河</a>'
        tools += f' <a href="/m{escape(replica.article(column, piece))}">手机版</a>'
    main = (
        f"{crumbs}<h1>{piece.title}</h1><div class='row'>{replica.row.format(date=piece.date)}</div>"
        f"<div class='text'>{text}</div><div>{tools}</div>"
    )
    return _page(replica, f"{piece.title}-{column.name}-云汀网", main, _beside(replica, newest))


# --- the sites ------------------------------------------------------------------------------------------


def _day(piece: Piece) -> tuple[str, str, str]:
    return piece.date[:4], piece.date[5:7], piece.date[8:]


def _compact(piece: Piece) -> str:
    return piece.date.replace("-", "")


def _folder(column: Column, page: int, count: int, first: str = "", further: str = "index_{}.shtml") -> str:
    return f"/{column.word}/{first if page == 1 else further.format(page - 1)}"


def _hex(piece: Piece) -> str:
    return f"{0x61CC1631878EAD5813000029 + piece.number * 0x10003:024x}"


def _gbk(column: Column, page: int, count: int) -> str:
    return f"/list.asp?class={quote(column.name.encode('gbk'))}" + (f"&page={page}" if page > 1 else "")


def _counting_down(column: Column, page: int, count: int) -> str:
    return f"/{column.word}.htm" if page == 1 else f"/{column.word}/{count - page + 1}.htm"


_WORDS = ("spring", "tea", "opens", "river", "bridge", "road", "school", "market", "harvest", "festival")


def _slug(piece: Piece) -> str:
    first, second = _WORDS[piece.number % 10], _WORDS[piece.number // 10 % 10 - 3]
    return f"{first}-{second}-{_WORDS[(piece.number * 7) % 10]}-{('no' * (piece.number // 7 + 1))}"


def _pages(column: Column, page: int, form: str) -> str:
    return form.format(n=column.number, w=column.word, page=page)


REPLICAS = (
    Replica(
        "yichang",
        lambda c, p: f"/content/show?catid={c.number}&newsid={1000 + p.number}",
        lambda c, page, count: f"/content/list?catid={c.number}" + (f"&page={page}" if page > 1 else ""),
    ),
    Replica(
        "cjyun",
        lambda c, p: f"/p/{5000 + p.number}.html",
        lambda c, page, count: f"/{c.word}/index{f'_{page}' if page > 1 else ''}.html",
        pager=pager_numbers,
    ),
    Replica(
        "hanweb",
        lambda c, p: "/art/{}/{}/{}/art_{}_{}.html".format(
            *(int(part) for part in _day(p)), c.number, 58000 + p.number
        ),
        lambda c, page, count: f"/col/col{c.number}/index.html" + (f"?pageNum={page}" if page > 1 else ""),
        columns=LONG,
    ),
    Replica(
        "boda",
        lambda c, p: f"/info/{1000 + c.number}/{29000 + p.number}.htm",
        _counting_down,
        columns=FLAT,
    ),
    Replica(
        "trs",
        lambda c, p: f"/{c.word}/{_compact(p)[:6]}/t{_compact(p)}_{700 + p.number}.html",
        _folder,
        pager=pager_script,
        crumbs=False,
    ),
    Replica(
        "by_day",
        lambda c, p: f"/{_day(p)[0]}/{_compact(p)[4:]}/{p.number}.shtml",
        lambda c, page, count: _pages(c, page, "/list-{n}-{page}.html"),
        summaries=True,
        sidebar=True,
    ),
    Replica(
        "founder",
        lambda c, p: f"/{c.word}/{_day(p)[0]}-{_day(p)[1]}/{_day(p)[2]}/content_{90 + p.number}.htm",
        lambda c, page, count: f"/{c.word}/node_{c.number}{f'_{page}' if page > 1 else ''}.htm",
        pager=pager_numbers,
    ),
    Replica(
        "phpcms",
        lambda c, p: f"/index.php?m=content&c=index&a=show&catid={c.number}&id={p.number}",
        lambda c, page, count: (
            f"/index.php?m=content&c=index&a=lists&catid={c.number}" + (f"&page={page}" if page > 1 else "")
        ),
        home="menus",
    ),
    Replica(
        "hexadecimal",
        lambda c, p: f"/news/detail/{_hex(p)}.html",
        lambda c, page, count: f"/news/list/{c.number}" + (f"?page={page}" if page > 1 else ""),
        columns=ENGLISH,
    ),
    Replica(
        "prefixed",
        lambda c, p: f"/html/{_day(p)[0]}/{c.word[:2]}_{_compact(p)[4:]}/{p.number}.html",
        lambda c, page, count: f"/{c.word}/" + (f"list_{page}.html" if page > 1 else ""),
        columns=FLAT,
        pager=pager_numbers,
    ),
    Replica(
        "slugs",
        lambda c, p: f"/{c.word}/{_slug(p)}/",
        lambda c, page, count: f"/{c.word}/" + (f"?page={page}" if page > 1 else ""),
        columns=ENGLISH,
        sidebar=True,
    ),
    Replica(
        "noise",
        lambda c, p: f"/show.aspx?from=list&sid=a{p.number % 7}c&classid={c.number}&id={p.number}",
        lambda c, page, count: f"/class.aspx?classid={c.number}" + (f"&p={page}" if page > 1 else ""),
        home="pictures",
    ),
    Replica(
        "asp",
        lambda c, p: f"/show.asp?id={400 + p.number}",
        _gbk,
        encoding="gbk",
        columns=FLAT,
    ),
    Replica(
        "front",
        lambda c, p: f"/{c.word}/{p.number}.html",
        lambda c, page, count: f"/{c.word}/" + (f"index_{page}.html" if page > 1 else ""),
        home="headlines",
        columns=LONG,
    ),
    Replica(
        "one_folder",
        lambda c, p: f"/show-{c.number}-{p.number}-1.html",
        lambda c, page, count: _pages(c, page, "/list-{n}-{page}.html"),
        home="headlines",
        sidebar=True,
        summaries=True,
    ),
    Replica(
        "alike",
        lambda c, p: f"/news/{800 + p.number}",
        lambda c, page, count: f"/channel/{c.number}" + (f"?page={page}" if page > 1 else ""),
        columns=LONG,
        crumbs=False,
    ),
    Replica(
        "undated",
        lambda c, p: f"/{c.word}/{_compact(p)}/{p.number}.html",
        lambda c, page, count: (
            _pages(c, page, "/{w}/list_{page}.html") if page > 1 else f"/{c.word}/index.html"
        ),
        dated=False,
        brief=True,
        clutter=True,
    ),
    Replica(
        "hub",
        lambda c, p: f"/a/{_compact(p)[:6]}/{p.number}.html",
        lambda c, page, count: f"/xwzx/{c.word}/" + (f"{page}.html" if page > 1 else ""),
        columns=FLAT,
        hub=True,
        cards=True,
        summaries=True,
    ),
    Replica(
        "cluttered",
        lambda c, p: f"/content/{c.number}/{p.number}.html",
        lambda c, page, count: _pages(c, page, "/lists/{n}/{page}.html"),
        columns=LONG,
        home="headlines",
        clutter=True,
        cards=True,
        sidebar=True,
        pager=pager_numbers,
    ),
    Replica(
        "plain_folders",
        lambda c, p: f"/{c.word}/{p.number}/",
        lambda c, page, count: f"/{c.word}/" + (f"page/{page}/" if page > 1 else ""),
        columns=ENGLISH,
        home="headlines",
        summaries=True,
        clutter=True,
    ),
    Replica(
        "no_ending",
        lambda c, p: f"/detail?id={_hex(p)}",
        lambda c, page, count: f"/{c.word}" + (f"?page={page}" if page > 1 else ""),
        columns=FLAT,
        dated=False,
        cards=True,
    ),
)
