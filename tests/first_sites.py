"""Invented county sites whose lists do not stand in their pages, whose addresses are mixed, or that hide their sections.

Each function publishes a site and returns what a reader finds there: path → article.
"""

import json
from collections.abc import Callable, Sequence
from urllib.parse import parse_qs

from tests.newssite import Asked, NewsSite, Reply
from tests.replicas import COLUMNS, ENGLISH, FLAT, Column, Piece, Replica, pieces

Rows = Sequence[Piece]
_PER_PAGE = 4
_FOOT = "<div class='foot'><a href='/about.html'>关于我们</a>{}<p>版权所有：云汀县融媒体中心</p></div>"


def _page(title: str, main: str, foot: str = "") -> str:
    head = f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{title}</title></head><body>"
    return f"{head}<div><a href='/'>首页</a></div>{main}{_FOOT.format(foot)}</body></html>"


def _article(site: NewsSite, path: str, piece: Piece, at: str, extra: str = "") -> None:
    text = "".join(f"<p>{line}</p>" for line in piece.paragraphs)
    row = f"<div>发布时间：{piece.date} 来源：云汀县融媒体中心</div>"
    crumbs = f"<div>当前位置：<a href='/'>首页</a> &gt; <a href='{at}'>{piece.section}</a> &gt; 正文</div>"
    main = f"{crumbs}<h1>{piece.title}</h1>{row}<div class=text>{text}</div>{extra}"
    site.put(path, _page(f"{piece.title}-{piece.section}-云汀网", main))


def _content(columns: Sequence[Column]) -> dict[Column, list[Piece]]:
    return pieces(Replica("", lambda c, p: "", lambda c, page, count: "", columns=columns))


def _list(column: Column, main: str) -> str:
    crumbs = f"<div>当前位置：<a href='/'>首页</a> &gt; {column.name}</div><h2>{column.name}</h2>"
    return _page(f"{column.name}-云汀网", crumbs + main)


def _items(rows: Rows, path: Callable[[Piece], str]) -> str:
    lines = (f"<li><a href='{path(one)}'>{one.title}</a><span>{one.date}</span></li>" for one in rows)
    return f"<ul class=list>{''.join(lines)}</ul>"


def _home(site: NewsSite, links: str, foot: str = "", path: str = "/") -> None:
    site.put(path, _page("云汀网-云汀县融媒体中心主办", f"<div class=nav>{links}</div>", foot))
    site.put("/about.html", _page("关于我们", "<p>云汀网由云汀县融媒体中心主办，欢迎来信来电。</p>"))


def _menu(columns: Sequence[Column], path: Callable[[Column], str]) -> str:
    return "".join(f"<li><a href='{path(one)}'>{one.name}</a></li>" for one in columns)


def _part(rows: Rows, number: int) -> Rows:
    return rows[(number - 1) * _PER_PAGE : number * _PER_PAGE]


def _put_pages(
    site: NewsSite, column: Column, rows: Rows, listing: Callable[[int], str], article: Callable[[Piece], str]
) -> None:
    for number in (1, 2):
        on = f"<a href='{listing(2)}'>下一页</a>" if number == 1 else f"<a href='{listing(1)}'>上一页</a>"
        site.put(listing(number), _list(column, _items(_part(rows, number), article) + on))


def numbers_by_script(site: NewsSite) -> dict[str, Piece]:
    """The lists come as JSON that holds the numbers of articles only."""
    found: dict[str, Piece] = {}
    for column, rows in _content(COLUMNS).items():
        at = f"/channel/{column.number}.html"
        script = (
            "<ul id=news></ul><script>function load(page) {"
            f"$.getJSON('/api/news?channel={column.number}&page=' + page + '&size=4', function (data) {{"
            "data.rows.forEach(function (item) { $('#news').append("
            "'<li><a href=\"/show/' + item.newsId + '.html\">' + item.title + '</a></li>'); }); }); } load(1);</script>"
        )
        site.put(at, _list(column, script))
        for page in (1, 2, 3):
            some = [
                {"newsId": 8000 + one.number, "title": one.title, "createTime": one.date, "hits": 7}
                for one in _part(rows, page)
            ]
            answer = json.dumps({"code": 0, "total": len(rows), "rows": some})
            path = f"/api/news?channel={column.number}&page={page}&size=4"
            site.put(path, answer, Content_Type="application/json")
        for one in rows:
            found[path := f"/show/{8000 + one.number}.html"] = one
            _article(site, path, one, at)
    _home(site, _menu(COLUMNS, lambda column: f"/channel/{column.number}.html"))
    return found


def addresses_by_post(site: NewsSite) -> dict[str, Piece]:
    """The lists are asked for with POST."""
    content = _content(FLAT)
    found: dict[str, Piece] = {}

    def answer(asked: Asked) -> Reply:
        form = parse_qs(asked.body.decode())
        rows = next(rows for column, rows in content.items() if f"{column.number}" in form["channel"])
        some = [
            {"url": f"/p/{5000 + one.number}.html", "title": one.title, "publishDate": one.date}
            for one in _part(rows, int(form["pageNo"][0]))
        ]
        data = json.dumps({"totalCount": len(rows), "list": some}).encode()
        return Reply(data, headers={"Content-Type": "application/json"})

    site.pages["/api/list"] = answer
    for column, rows in content.items():
        script = (
            f"<ul id=list></ul><script>var page = 1; $.post('/api/list', {{channel: {column.number}, pageNo: page}},"
            "function (data) { $('#list').html(render(data.list)); });</script>"
        )
        site.put(f"/{column.word}/", _list(column, script))
        for one in rows:
            found[path := f"/p/{5000 + one.number}.html"] = one
            _article(site, path, one, f"/{column.word}/")
    _home(site, _menu(FLAT, lambda column: f"/{column.word}/"))
    return found


def _info(one: Piece) -> str:
    return f"/info.do?id={900 + one.number}"


def posted_pager(site: NewsSite) -> dict[str, Piece]:
    """The second page of each list is asked for with a form."""
    found: dict[str, Piece] = {}
    for column, rows in _content(COLUMNS).items():
        at = f"/list.do?lm={column.number}"

        def page(number: int, column: Column = column, rows: Rows = rows) -> str:
            turn = f"<a href='javascript:goPage({number + 1})'>下一页</a>" if number == 1 else ""
            form = (
                f"<form name=f method=post action=/list.do><input type=hidden name=lm value={column.number}>"
                f"<input type=hidden name=pageNo value={number}></form>共2页 第{number}页 {turn}"
                "<script>function goPage(n) { document.f.pageNo.value = n; document.f.submit(); }</script>"
            )
            return _list(column, _items(_part(rows, number), _info) + form)

        site.put(at, page(1))
        for one in rows:
            found[path := _info(one)] = one
            _article(site, path, one, at)
        site.pages.setdefault("/list.do", _Posted())
        posted = site.pages["/list.do"]
        assert isinstance(posted, _Posted)
        posted.pages[f"{column.number}"] = page
    _home(site, _menu(COLUMNS, lambda column: f"/list.do?lm={column.number}"))
    return found


class _Posted:
    def __init__(self) -> None:
        self.pages: dict[str, Callable[[int], str]] = {}

    def __call__(self, asked: Asked) -> Reply:
        form = parse_qs(asked.body.decode())
        text = self.pages[form["lm"][0]](int(form["pageNo"][0]))
        return Reply(text.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def handlers_behind_a_jump(site: NewsSite) -> dict[str, Piece]:
    """The home page jumps; rows are no links but have an address to go to."""
    found: dict[str, Piece] = {}
    for column, rows in _content(FLAT).items():
        at = f"/portal/{column.word}/index.html"
        lines = "".join(
            f"<li onclick=\"location.href='/portal/{column.word}/{one.number}.shtml'\"><b>{one.title}</b>"
            f"<i>{one.date}</i></li>"
            for one in rows
        )
        site.put(at, _list(column, f"<ul class=rows>{lines}</ul>"))
        for one in rows:
            found[path := f"/portal/{column.word}/{one.number}.shtml"] = one
            _article(site, path, one, at)
    _home(site, _menu(FLAT, lambda column: f"/portal/{column.word}/index.html"), path="/portal/index.html")
    site.put("/", "<html><script>window.location.href='/portal/index.html';</script></html>")
    return found


def stores(site: NewsSite) -> dict[str, Piece]:
    """The rows stand in a JPAGE store; the menu is pictures without a text."""
    found: dict[str, Piece] = {}
    for column, rows in _content(COLUMNS).items():
        at, article = f"/col/col{column.number}/index.html", f"/art/2024/art_{column.number}_{{}}.html"
        lines = "".join(
            f"<record><![CDATA[<li><a href='{article.format(one.number)}' title='{one.title}'>{one.title}</a>"
            f"<span>{one.date}</span></li>]]></record>"
            for one in rows
        )
        store = f"<datastore><totalrecord>{len(rows)}</totalrecord><recordset>{lines}</recordset></datastore>"
        site.put(at, _list(column, f"<div id=277><script type='text/xml'>{store}</script></div>"))
        for one in rows:
            found[path := article.format(one.number)] = one
            _article(site, path, one, at)
    pictures = (
        f"<a href='/col/col{one.number}/index.html'><img src=/i/{one.number}.png></a>" for one in COLUMNS
    )
    _home(site, "".join(pictures))
    return found


_WORDS = ("aZ3kQ9xB", "7fKpL2mQ", "Qw8ErT5y", "b4NmX1zs", "K9jHg6Fd", "p0OiU7yt", "3eRfV8bg", "Tg5bNh2m")


def mixed_identities(site: NewsSite) -> dict[str, Piece]:
    """Sections are named by UUIDs, articles by words of base 62, hexadecimal numbers and UUIDs."""
    found: dict[str, Piece] = {}
    for number, (column, rows) in enumerate(_content(ENGLISH).items()):
        uuid = f"3f2504e0-4f89-41d3-9a0c-0305e82c3{column.number:03}"
        names = (
            [f"{word[:-1]}{number}" for word in _WORDS],
            [f"{0x61CC1631878EAD58 + one.number * 0x10003:016x}" for one in rows],
            [f"7c9e6679-7425-40de-944b-e07fc1f9{one.number:04}" for one in rows],
        )[number]
        paths = {one.number: f"/article/{name}" for one, name in zip(rows, names, strict=True)}
        at = f"/c/{uuid}"

        def listing(page: int, at: str = at) -> str:
            return at + (f"?page={page}" if page > 1 else "")

        def article(one: Piece, paths: dict[int, str] = paths) -> str:
            return paths[one.number]

        _put_pages(site, column, rows, listing, article)
        for one in rows:
            found[article(one)] = one
            _article(site, article(one), one, at)
    _home(site, _menu(ENGLISH, lambda column: f"/c/3f2504e0-4f89-41d3-9a0c-0305e82c3{column.number:03}"))
    return found


def two_families(site: NewsSite) -> dict[str, Piece]:
    """Sections two levels deep; older articles have addresses of another kind."""
    found: dict[str, Piece] = {}
    for column, rows in _content(COLUMNS).items():
        at = f"/{column.word}/"

        def article(one: Piece, at: str = at, rows: Rows = rows) -> str:
            old = f"/html/2014/{one.date[5:7]}{one.date[8:]}/{one.number}.html"
            return old if rows.index(one) > 3 else f"/content/{one.date[:4]}/{20_240_000 + one.number}.html"

        def listing(page: int, at: str = at) -> str:
            return at + (f"list_{page}.html" if page > 1 else "")

        _put_pages(site, column, rows, listing, article)
        for one in rows:
            found[article(one)] = one
            _article(site, article(one), one, at)
    for folder in ("xwzx", "wlzx"):
        below = [column for column in COLUMNS if column.word.startswith(folder)]
        site.put(f"/{folder}/", _page("频道-云汀网", _menu(below, lambda column: f"/{column.word}/")))
    _home(site, "<a href='/xwzx/'>新闻中心</a><a href='/wlzx/'>文旅中心</a>")
    return found


def _story(one: Piece) -> str:
    return f"/story/{one.date[:4]}/{700 + one.number}"


def behind_a_map(site: NewsSite) -> dict[str, Piece]:
    """Sections are linked from a map of the site only; articles lead to pages of tags and authors."""
    found: dict[str, Piece] = {}
    content = _content(FLAT)
    for column, rows in content.items():
        at = f"/node/{column.number}"

        def listing(page: int, at: str = at) -> str:
            return at + (f"?p={page}" if page > 1 else "")

        _put_pages(site, column, rows, listing, _story)
        for one in rows:
            found[_story(one)] = one
            beside = "<a href='/tag/3'>澄河</a> <a href='/author/9'>闻小满</a>"
            _article(site, _story(one), one, at, beside)
    some = [one for rows in content.values() for one in rows[:3]]
    for path, name in (("/tag/3", "澄河"), ("/author/9", "闻小满")):
        main = f"<h2>{name}</h2>" + _items(some, _story)
        site.put(path, _page(f"{name}-云汀网", main))
    site.put("/map.html", _page("网站地图-云汀网", _menu(FLAT, lambda column: f"/node/{column.number}")))
    _home(site, "<img src=/banner.png>", "<a href='/map.html'>网站地图</a>")
    return found


def behind_more(site: NewsSite) -> dict[str, Piece]:
    """The home page leads to channels that show two articles, and behind 更多 to the whole list; all articles in one folder."""
    found: dict[str, Piece] = {}

    def article(one: Piece) -> str:
        return f"/content/c{one.date.replace('-', '')}_{9000 + one.number}.html"

    for column, rows in _content(FLAT).items():
        at = f"/{column.word}.yunting/"

        def listing(page: int, at: str = at) -> str:
            return at + ("list.html" if page == 1 else f"list_{page}.html")

        _put_pages(site, column, rows, listing, article)
        more = f"<h3>{column.name}<a href='{listing(1)}'>更多&gt;&gt;</a></h3>"
        site.put(at, _page(f"{column.name}频道-云汀网", more + _items(rows[:2], article)))
        for one in rows:
            found[article(one)] = one
            _article(site, article(one), one, listing(1))
    _home(site, _menu(FLAT, lambda column: f"/{column.word}.yunting/"))
    return found


def weblog(site: NewsSite) -> dict[str, Piece]:
    """A weblog: categories, months and tags list the same articles; 较旧文章 turns the page; slugs below days."""
    found: dict[str, Piece] = {}
    words = ("spring", "tea", "river", "road", "school", "market", "night", "sport")

    def article(one: Piece) -> str:
        slug = f"{words[one.number % 8]}-{words[one.number // 8]}-{words[one.number * 3 % 8]}"
        return f"/{one.date.replace('-', '/')}/{slug}/"

    content = _content(FLAT)
    everything = [one for rows in content.values() for one in rows]
    beside = "<aside><h3>归档</h3><a href='/2024/01/'>2024年1月</a> <h3>标签</h3><a href='/tag/river/'>河流</a></aside>"
    for column, rows in content.items():
        at = f"/category/{column.word}/"
        for number, turn in ((1, f"<a href='{at}page/2/'>较旧文章</a>"), (2, f"<a href='{at}'>较新文章</a>")):
            path = at if number == 1 else f"{at}page/2/"
            site.put(path, _list(column, _items(_part(rows, number), article) + turn + beside))
        for one in rows:
            found[article(one)] = one
            text = "".join(f"<p>{line}</p>" for line in one.paragraphs)
            row = f"<time datetime='{one.date}T10:00:00+08:00'>{one.date}</time> <a href='{at}' rel='category tag'>{one.section}</a>"
            site.put(
                article(one),
                _page(f"{one.title} – 云汀网", f"<h1>{one.title}</h1><p>{row}</p>{text}{beside}"),
            )
    for path, some in (("/2024/01/", everything[::2]), ("/tag/river/", everything[1::7])):
        site.put(path, _page("归档 – 云汀网", _items(some, article) + beside))
    _home(site, _menu(FLAT, lambda column: f"/category/{column.word}/"))
    return found


SITES: tuple[Callable[[NewsSite], dict[str, Piece]], ...] = (
    numbers_by_script,
    addresses_by_post,
    posted_pager,
    handlers_behind_a_jump,
    stores,
    mixed_identities,
    two_families,
    behind_a_map,
    behind_more,
    weblog,
)
