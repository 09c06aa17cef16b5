"""Lists in every form that sites give them: read, followed, or refused aloud.  All pages and names are invented."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.linear import MOST_GROWTH, growth
from zhijiang_spider.items import Following, ListAddress, ListEnd, NextPage, PagerUnread, SectionPage
from zhijiang_spider.pages.errors import LayoutChanged
from zhijiang_spider.pages.lists.expressions import Script
from zhijiang_spider.pages.lists.script_request import find_requests, read_script
from zhijiang_spider.pages.lists.section import extract_section_page
from zhijiang_spider.pages.page import Page
from zhijiang_spider.sites.errors import SiteError
from zhijiang_spider.sites.site import Site, parse_site

HOME = "http://news.yunting.example/"
LIST = HOME + "list?catid=12"
API = HOME + "api/list?catid=12&page=1"
A, B, C = "柑橘园里开起现场会", "老街修缮一新", "水厂扩建完工"
TWO = [(A, "2024-03-02"), (B, "2024-03-05")]
SIDE = f'<div class="side"><h3>热门推荐</h3><ul><li><a href="/p/9.html">{C}</a></li></ul></div>'
UNNAMED = f'<div class="r3"><h3>热门排行</h3><ul><li><a href="/p/9.html">{C}</a></li></ul></div>'
PLAIN = (
    f'<ul><li><a href="/p/1.html">{A}</a> 2024-03-02</li><li><a href="/p/2.html">{B}</a> 2024-03-05</li></ul>'
)


def site(**more: object) -> Site:
    data: dict[str, object] = {
        "name": "yunting",
        "title": "云汀新闻网",
        "hosts": ["news.yunting.example"],
        "start_urls": [HOME],
        "article_url": r"(?:/show\?(?:\w+=\w+&)*id=|/p/)(?P<id>\d+)",
        "section_url": r"/list\?.*\bcatid=(\d+)",
    }
    return parse_site(data | more, "yunting.toml")


def read(
    text: str, url: str = LIST, *, form: str = "", profile: Site | None = None, kind: str = "text/html"
) -> SectionPage:
    page = Page(url, text.encode(), f"{kind}; charset=utf-8", form=form)
    return extract_section_page(page, profile or site())


def listed(page: SectionPage) -> list[tuple[str, str]]:
    return [(entry.title, entry.date_raw) for entry in page.entries]


def leads_to(following: Following) -> str:
    assert isinstance(following, NextPage), following
    return str(following.address).removeprefix(HOME)


# --- addresses in attributes and handlers ---------------------------------------------------------------

HANDLERS = [
    ("li", "<li onclick=\"location.href='/p/{n}.html'\"><b>{t}</b><i>{d}</i></li>"),
    (
        "window-open",
        '<li><a href="javascript:void(0)" onclick="window.open(\'/p/{n}.html\')">{t}</a> {d}</li>',
    ),
    ("joined", "<li onclick=\"window.location = '/p/' + '{n}' + '.html'\"><b>{t}</b><i>{d}</i></li>"),
    ("javascript", "<li><a href=\"javascript:window.open('/p/{n}.html')\">{t}</a><i>{d}</i></li>"),
    ("a-data-href", '<li><a href="#" data-href="/p/{n}.html">{t}</a><i>{d}</i></li>'),
    ("div-data-url", '<div data-url="/p/{n}.html"><h3>{t}</h3><p>一句话。</p><span>{d}</span></div>'),
    ("data-link", '<dl data-link="/p/{n}.html"><dt>{t}</dt><dd>{d}</dd></dl>'),
    ("row", '<table><tr data-href="/p/{n}.html"><td>{t}</td><td>{d}</td></tr></table>'),
    ("call", "<li><a href=\"javascript:open_it('{n}')\">{t}</a> {d}</li>"),
    ("call-two", '<li onclick="show_it(12, {n})"><b>{t}</b><i>{d}</i></li>'),
    ("data-id", '<li class="row" data-id="{n}"><b>{t}</b><i>{d}</i></li>'),
]
OPENS = """<script>
function open_it(id) { if (id) { location.href = "/p/" + id + ".html"; } }
var show_it = function (cat, id) { window.open("/show?catid=" + cat + "&id=" + id); };
$(".row").on("click", function () { location.href = "/p/" + $(this).data("id") + ".html"; });
</script>"""


@pytest.mark.parametrize("line", [line for _, line in HANDLERS], ids=[name for name, _ in HANDLERS])
def test_lines_that_a_script_opens(line: str) -> None:
    lines = [line.format(n=number, t=title, d=date) for number, (title, date) in enumerate(TWO, 1)]

    page = read(f"<html><body>{''.join(lines)}{OPENS}</body></html>")

    assert (page.reader, listed(page), page.unread) == ("attributes", TWO, "")


def test_lines_and_links_are_one_list_in_the_order_of_the_page() -> None:
    page = read(f"<ul><li><a href='/p/1.html'>{A}</a></li><li data-href='/p/2.html'><b>{B}</b></li></ul>")
    assert [title for title, _ in listed(page)] == [A, B]


def test_a_handler_beside_a_link_says_nothing_new() -> None:
    page = read(f"<ul><li><a href='/p/1.html'>{A}</a><i onclick=\"share('/p/1.html')\">分享</i></li></ul>")
    assert (page.reader, len(page.entries)) == ("anchors", 1)


def test_a_function_that_the_page_does_not_show_opens_nothing() -> None:
    with pytest.raises(LayoutChanged):
        read(f"<ul><li onclick='openNews(1)'>{A}</li></ul>")


# --- rows in scripts ------------------------------------------------------------------------------------

ROWS = [
    {"title": title, "url": f"/p/{number}.html", "pubDate": date}
    for number, (title, date) in enumerate(TWO, 1)
]
NUMBERED = [{"docId": number, "title": title, "pubDate": date} for number, (title, date) in enumerate(TWO, 1)]
ARRAYS = [[f"/p/{number}.html", title, date] for number, (title, date) in enumerate(TWO, 1)]
WRITTEN = "".join(
    f"document.write('<li><a href=\"/p/{number}.html\">{title}<\\/a> {date}<\\/li>');"
    for number, (title, date) in enumerate(TWO, 1)
)
J: Callable[[Any], str] = lambda value: json.dumps(value, ensure_ascii=False)  # noqa: E731
DATA = [
    ("next", f'<div id="__next"></div><script id="__NEXT_DATA__" type="application/json">{J({"props": {"rows": ROWS}})}</script>'),
    ("state", f'<div id="app"></div><script>window.__INITIAL_STATE__={J({"list": ROWS})};</script>'),
    ("escaped", f'<script>var d = JSON.parse({J(J(ROWS).replace("/", chr(92) + "u002F"))});</script>'),
    ("nuxt", f'<script>window.__NUXT__=(function(a){{return {{data:[{{list:{J(ROWS)}}}]}}}}(null));</script>'),
    ("variable", f'<ul id="l"></ul><script>var list={J(ROWS)};$("#l").html(draw(list))</script>'),
    ("arrays", f"<script>var rows={J(ARRAYS)};</script>"),
    ("written", f"<ul><script>{WRITTEN}</script></ul>"),
    ("numbers", f"<script>var l={J(NUMBERED)};for(i in l)s+='<a href=\"/p/'+l[i].docId+'.html\">'+l[i].title</script>"),
    ("template", f'<ul><li v-for="x in l"><a :href="\'/p/\'+x.docId+\'.html\'">{{{{x.title}}}}</a></li></ul><script>var l={J(NUMBERED)}</script>'),
]  # fmt: skip


@pytest.mark.parametrize("body", [body for _, body in DATA], ids=[name for name, _ in DATA])
@pytest.mark.parametrize("beside", ["", SIDE], ids=["alone", "beside-links"])
def test_rows_in_scripts(body: str, beside: str) -> None:
    page = read(f"<html><body>{beside}{body}</body></html>")
    assert (page.reader, listed(page)[:2], page.unread) == ("script", TWO, "")


def test_rows_that_are_linked_too_are_those_of_the_page() -> None:
    page = read(f"<body>{PLAIN}<script>var data={J(ROWS)}</script>")
    assert (page.reader, listed(page)) == ("anchors", TWO)


def test_data_of_a_box_beside_the_list_is_no_list() -> None:
    page = read(f'<body>{PLAIN}<script>var hotList=[{{title:"{C}",url:"/p/9.html"}}]</script>')
    assert (page.reader, listed(page)) == ("anchors", TWO)


def test_numbers_alone_make_no_address() -> None:
    with pytest.raises(LayoutChanged):
        read(f"<body><script>var list={J(NUMBERED)}</script>")


def test_data_that_says_more_than_it_holds_is_not_the_end() -> None:
    page = read(f'<body><div id="app"></div><script>var state={J({"rows": ROWS, "total": 45})}</script>')
    assert page.following == PagerUnread("the page's data says 45 entries and holds 2")
    assert page.said_entries == 45


# --- JPAGE ----------------------------------------------------------------------------------------------


def records(*numbers: int) -> str:
    return "".join(
        f"<record><![CDATA[<li><a href='/p/{n}.html' title='{A}{n}'>{A}{n}</a><span>2024-03-{n:02}</span></li>]]></record>"
        for n in numbers
    )


def store(inside: str, *numbers: int) -> str:
    return f"<datastore>{inside}<recordset>{records(*numbers)}</recordset></datastore>"


def test_jpage_groups_to_the_last() -> None:
    """The page holds the first group; the others are asked for with its form, until the total is reached."""
    script = """$("#88").jpage({ totalRecord : 8, perPage : 1, groupSize : 3, proxyUrl : '/module/web/jpage/dataproxy.jsp',
        ajaxParam : { col : '1', webid : 2, path : '/', columnid : '77', unitid : '88' } });"""
    first = f'<html><body><div id="88"><script type="text/xml">{store("", 1, 2, 3)}</script></div><script>{script}</script>'

    page = read(first)
    assert (page.reader, page.said_entries) == ("jpage", 8)
    assert listed(page)[0] == (f"{A}1", "2024-03-01")
    seen = [entry.url for entry in page.entries]
    asked = []
    while isinstance(page.following, NextPage):
        address = page.following.address
        asked.append(str(address).removeprefix(HOME))
        start = 3 * len(asked) + 1
        group = store("<totalrecord>8</totalrecord>", *range(start, min(start + 3, 9)))
        page = read(group, address.url, form=address.form, kind="text/xml")
        assert page.reader == "jpage"
        seen += [entry.url for entry in page.entries]

    form = " POST col=1&webid=2&path=%2F&columnid=77&unitid=88"
    assert asked == [
        f"module/web/jpage/dataproxy.jsp?startrecord=4&endrecord=6&perpage=1{form}",
        f"module/web/jpage/dataproxy.jsp?startrecord=7&endrecord=8&perpage=1{form}",
    ]
    assert seen == [f"{HOME}p/{number}.html" for number in range(1, 9)]
    assert page.following == ListEnd("the list says 8 entries, this group ends at 8")


def test_jpage_that_names_its_next_group() -> None:
    group = '<nextgroup><![CDATA[<a href="/module/jpage/dataproxy.jsp?page=2&amp;webid=2"></a>]]></nextgroup>'
    page = read(f'<body><script type="text/xml">{store(group, 1, 2)}</script>')
    assert leads_to(page.following) == "module/jpage/dataproxy.jsp?page=2&webid=2"


def test_jpage_ends_and_jpage_not_understood() -> None:
    assert read(f"<body>{store('<nextgroup></nextgroup>', 1)}").following == ListEnd(
        "the record store names no next group"
    )
    following = read(f"<body>{store('<totalrecord>60</totalrecord>', 1)}").following
    assert following == PagerUnread("the list says 60 entries, and nothing says where those behind 1 are")


def test_records_without_an_article_are_not_read_in_silence() -> None:
    foreign = "<datastore><recordset><record><![CDATA[<a href='/topic/5'>专题</a>]]></record></recordset></datastore>"
    assert read(f"<body>{foreign}{SIDE}").unread == "none of its 1 records links an article"


# --- answers of servers ---------------------------------------------------------------------------------

LINES = "".join(
    f"<li><a href='/p/{n}.html'>{title}</a><i>{date}</i></li>" for n, (title, date) in enumerate(TWO, 1)
)
ANSWERS: list[tuple[str, Any, str, Following]] = [
    ("total-reached", {"code": 200, "data": {"list": ROWS, "total": 2}}, API, ListEnd("the answer says 2 entries, and this page ends with number 2")),
    ("total-more", {"data": {"list": ROWS, "total": 45}}, API, NextPage(ListAddress(API[:-1] + "2"), "api")),
    ("pages-more", {"rows": ROWS, "totalPage": "3"}, API, NextPage(ListAddress(API[:-1] + "2"), "api")),
    ("pages-end", {"rows": ROWS, "totalPage": 1}, API, ListEnd("page 1 of 1, as the answer says")),
    ("from-zero", {"content": ROWS, "totalPages": 2}, HOME + "api?page=0", NextPage(ListAddress(HOME + "api?page=1"), "api")),
    ("flag-end", {"rows": ROWS, "hasMore": False}, API, ListEnd("the answer says that this is its last page")),
    ("last-end", {"content": ROWS, "last": True}, API, ListEnd("the answer says that this is its last page")),
    ("no-total", ROWS, API, NextPage(ListAddress(API[:-1] + "2"), "api")),
    ("offset", {"rows": ROWS}, HOME + "api?offset=20&limit=2", NextPage(ListAddress(HOME + "api?offset=22&limit=2"), "api")),
    ("one-file", ROWS, HOME + "data/12.json", ListEnd("the answer is asked for without a page number, and speaks of no other page")),
    ("no-number", {"rows": ROWS, "count": 45}, HOME + "api?c=12", PagerUnread("the answer says 45 entries, it holds 2, and its address has no page number")),
    ("markup", {"code": 1, "html": f"<ul>{LINES}</ul>", "hasNext": True}, API, NextPage(ListAddress(API[:-1] + "2"), "api")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "url", "following"), [row[1:] for row in ANSWERS], ids=[row[0] for row in ANSWERS]
)
@pytest.mark.parametrize("wrap", ["{}", "jQuery110({});", "/**/ cb_1({})"], ids=["json", "jsonp", "comment"])
def test_an_answer_and_what_follows_it(answer: Any, url: str, following: Following, wrap: str) -> None:
    text = wrap.replace("{}", J(answer).replace("/", "\\/"))
    page = read(text, url, kind="application/json")
    assert (page.reader, listed(page), page.following) == ("api", TWO, following)


def test_the_page_number_of_an_answer_may_stand_in_its_form() -> None:
    page = read(J({"rows": ROWS, "total": 9}), HOME + "api", form="c=12&pageNo=3&pageSize=2")
    assert leads_to(page.following) == "api POST c=12&pageNo=4&pageSize=2"


def test_behind_the_last_page_and_in_an_empty_section_an_answer_is_an_end() -> None:
    assert read('{"rows":[],"total":45}', API[:-1] + "9").following == ListEnd(
        "the answer to page 9 holds no entry"
    )
    assert read('{"code":0,"data":{"list":[],"total":0}}', API).following == ListEnd(
        "the answer to page 1 holds no entry"
    )


ROW = "<li><a href=/p/{}.html>古桥修缮一新</a> 2024-03-02</li>"
LINES = "".join(map(ROW.format, range(1, 7)))
MENU = '<div class="menu"><a href="/list?catid=3">民生</a> <a href="/list?catid=4">文化</a></div>'
MORE = "<button onclick=more()>加载更多</button>"


@pytest.mark.parametrize(
    ("body", "is_read"),
    [
        (f"<ul>{LINES}</ul>{MORE}", False),
        (f"<ul>{LINES}</ul><div class=hotnews><ul>{LINES}</ul></div>{MORE}", False),
        (f"<ul>{ROW.format(1)}</ul><ul>{ROW.format(2)}</ul><div>共 45 页 第 1 页</div>", False),
        (f"<ul>{LINES}</ul>", True),
        (
            "".join(
                f"<div><h3>栏</h3><ul>{ROW.format(n)}{ROW.format(n + 1)}</ul></div>" for n in range(1, 9, 2)
            )
            + MORE,
            True,
        ),
    ],
)
def test_a_start_page_that_is_one_list_is_read_to_its_end_or_not_understood(body: str, is_read: bool) -> None:
    page = read(f"<html><body>{MENU}{body}</body></html>", HOME)
    assert len(page.sections) == 2
    assert isinstance(page.following, ListEnd if is_read else PagerUnread)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ('{"code":500,"msg":"error","data":[]}', "refusal"),
        ('{"success":false,"rows":[]}', "refusal"),
        ('{"msg":"ok"}', "no list"),
        ('{"rows":[{"id":1,"title":"题目"}]}', "none of the 1 rows"),
    ],
)
def test_an_answer_that_says_nothing_of_a_list_is_not_understood(answer: str, says: str) -> None:
    with pytest.raises(LayoutChanged, match=says):
        read(answer, API)


def test_an_empty_first_page_of_a_list_that_says_it_has_entries_is_not_an_end() -> None:
    assert isinstance(read('{"rows":[],"total":45}', API).following, PagerUnread)


PROFILE = {
    "address": "/api/news?cat={id}&p={page}",
    "form": "size=2",
    "items": "d.l",
    "article": "/p/{nid}.html",
    "title": "a.t",
    "date": "w",
    "total": "d.n",
}


def test_a_profile_names_the_server_of_its_lists() -> None:
    described = site(list_api=PROFILE)

    page = read(
        "<html><body><div id='app'></div><script src='/app.js'></script></body></html>", profile=described
    )
    assert (page.reader, leads_to(page.following)) == ("profile", "api/news?cat=12&p=1 POST size=2")

    assert isinstance(page.following, NextPage)
    rows = [{"nid": n, "a": {"t": title}, "w": date} for n, (title, date) in enumerate(TWO, 1)]
    address = page.following.address
    answer = read(J({"d": {"n": 3, "l": rows}}), address.url, form=address.form, profile=described)
    assert (listed(answer), answer.said_entries) == (TWO, 3)
    assert leads_to(answer.following) == "api/news?cat=12&p=2 POST size=2"
    assert answer.entries[0].url == HOME + "p/1.html"


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"address": "api"}, "list_api.address: 'api' must begin with /"),
        ({"address": "/api?p={seite}"}, "list_api.address: {seite} is not known"),
        ({"form": "a=1"}, "list_api.address: is missing"),
        ({"address": "/api", "items": "a["}, "list_api.items: 'a\\[' is no valid JMESPath"),
        (
            {"address": "/api", "link": "u", "article": "/p/{id}"},
            "list_api.article: is of no use beside link",
        ),
        ({"address": "/api", "article": "/p/1"}, "list_api.article: needs the name of a row's member"),
        ({"address": "http://elsewhere.example/a"}, "list_api.address: the host of .* is not in hosts"),
        ({"address": "/api", "first": 7}, "list_api.first: must be 0 or 1"),
        ({"adress": "/api"}, "list_api.adress: is no key .*did you mean address"),
    ],
)
def test_a_profile_that_names_it_wrongly(table: dict[str, Any], says: str) -> None:
    with pytest.raises(SiteError, match=says):
        site(list_api=table)


# --- drawn by a script, shown by a frame ------------------------------------------------------------------

FOLLOWED = [
    ("get", '<ul id="l"></ul>{s}<script>$.get("/api/list?catid=12",function(d){{$("#l").html(d)}})</script>', "api/list?catid=12"),
    ("page", '<ul id="l"></ul>{s}<script>var page=1;function more(){{$.getJSON("/api/list?c=12&page="+page,function(d){{$("#l").append(d)}})}}</script>', "api/list?c=12&page=1"),
    ("ajax-post", '<div id="list"></div>{s}<script>var n=1;$.ajax({{url:"/api/list",type:"post",data:{{pageNo:n,catid:12,size:20}},success:function(d){{$("#list").html(d)}}}})</script>', "api/list POST pageNo=1&catid=12&size=20"),
    ("fetch", '<ul class="news-list"></ul>{s}<script>fetch(`/api/list?cat=12&p=${{p}}`).then(r=>r.json()).then(d=>{{document.querySelector(".news-list").innerHTML=d.html}})</script>', "api/list?cat=12&p=1"),
    ("axios", '<div id="app"><ul><li v-for="x in rows">{{{{x.title}}}}</li></ul></div>{s}<script>new Vue({{data:{{page:1}},created(){{axios.get("/api/list",{{params:{{page:this.page,size:10}}}})}}}})</script>', "api/list?page=1&size=10"),
    ("query", '<ul id="l">加载中…</ul>{s}<script>$.get("/api/list?c="+getParam("catid"),function(d){{$("#l").html(d)}})</script>', "api/list?c=12"),
    ("field", '<input id="cid" value="12"><ul id="l"></ul>{s}<script>$.get("/api/list",{{c:$("#cid").val(),page:1}},function(d){{$("#l").html(d)}})</script>', "api/list?c=12&page=1"),
    ("load", '<div id="list"></div>{s}<script>$("#list").load("/inc/list_12.html")</script>', "inc/list_12.html"),
    ("script-src", '<div id="con">正在加载，请稍候</div>{s}<script>function show(d){{document.getElementById("con").innerHTML=d.html}}</script><script src="/data/lm_12.js?callback=show"></script>', "data/lm_12.js?callback=show"),
    ("script-src-paged", '<div class="k2">数据加载中…</div>{s}<script>window.fill = function (d) {{ $(".k2").append(d.data) }};</script><script src="/data.ashx?cb=fill&page=1"></script>', "data.ashx?cb=fill&page=1"),
    ("iframe", '<div><iframe src="/inc/list12.html" width="700" height="600"></iframe></div>{s}', "inc/list12.html"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "address"), [row[1:] for row in FOLLOWED], ids=[row[0] for row in FOLLOWED])
@pytest.mark.parametrize("beside", ["", SIDE, UNNAMED], ids=["alone", "named-beside", "headed-beside"])
def test_a_list_elsewhere_is_followed(body: str, address: str, beside: str) -> None:
    page = read(f"<html><body><div>当前位置：首页 &gt; 要闻</div>{body.format(s=beside)}</body></html>")
    assert (page.reader, leads_to(page.following), page.unread) == ("drawn", address, "")
    assert listed(page) == ([(C, "")] if beside else [])


CALLED = '<script>function show(d){$("#con").html(d.html)}</script><script src="/data/lm_12.js?callback=show"></script>'


def test_undated_links_beside_a_place_that_waits_are_not_its_list() -> None:
    """Where dated links stand in the page, they are the list, whatever else is still loading."""
    waits = '<div id="con">正在加载，请稍候</div>'
    box = f'<div class="k7"><div class="t7">大家在看</div><a href="/p/8.html">{B}</a><a href="/p/9.html">{C}</a></div>'
    page = read(f"<body>{waits}{box}{CALLED}")
    assert (page.reader, leads_to(page.following)) == ("drawn", "data/lm_12.js?callback=show")
    page = read(f"<body>{waits}{PLAIN}{CALLED}")
    assert (page.reader, listed(page)) == ("anchors", TWO)


def test_a_loaded_script_without_a_function_of_the_page_is_no_request() -> None:
    script = '<script src="/stat.js?callback=count"></script><script>var show = 1;</script><script src="/a.js?v=show"></script>'
    page = Page(LIST, f"<body>{script}".encode())
    assert find_requests(page, read_script(page)) == ()


UNREAD = [
    ("external", '<ul id="newsList"></ul><script src="/js/list.js"></script>'),
    ("app", '<div id="app"></div><script src="/js/app.2f1c.js"></script>'),
    ("vue", '<ul><li v-for="x in rows"><a :href="x.url">{{x.title}}</a></li></ul><script src="/js/app.js"></script>'),
    ("art-template", '<ul id="list">{{each list as x}}<li>{{x.title}}</li>{{/each}}</ul><script src="/js/t.js"></script>'),
    ("loading", '<ul id="list"><li>数据加载中…</li></ul><script src="/js/a.js"></script>'),
    ("function", '<ul id="l"></ul><script>loadList(12, function (d) { $("#l").html(d) })</script>'),
    ("json-body", '<ul id="l"></ul><script>axios.post("/api/list",{page:1}).then(d=>{$("#l").html(d)})</script>'),
    ("unknown-variable", '<ul id="l"></ul><script>$.get(API+x.y+"/list",function(d){$("#l").html(d)})</script>'),
    ("template-script", '<ul class="list" id="box"></ul><script type="text/html" id="t"><li>{{title}}</li></script><script>box.innerHTML = template("t", data); document.getElementById("box")</script>'),
    ("empty-note", '<ul id="list"><li>暂无数据</li></ul><script>getList(12,function(d){$("#list").html(d)})</script>'),
]  # fmt: skip


@pytest.mark.parametrize("body", [body for _, body in UNREAD], ids=[name for name, _ in UNREAD])
@pytest.mark.parametrize("beside", ["", SIDE, UNNAMED], ids=["alone", "named-beside", "headed-beside"])
@pytest.mark.parametrize("beside_first", [False, True], ids=["list-first", "beside-first"])
def test_a_list_that_a_script_draws_is_never_silent(body: str, beside: str, beside_first: bool) -> None:
    parts = [beside, body] if beside_first else [body, beside]
    text = f"<html><body><div>当前位置：首页 &gt; 要闻</div>{''.join(parts)}<p>云汀县融媒体中心主办</p></body></html>"
    if not beside:
        with pytest.raises(LayoutChanged, match="a script draws the list"):
            read(text)
        return
    page = read(text)
    assert "a script draws the list" in page.unread
    assert listed(page) == [(C, "")]


BESIDE = [
    ("hot", '<div class="side"><h3>热门排行</h3><ul id="hot"></ul></div><script>$.get("/api/hot",function(d){$("#hot").html(d)})</script>'),
    ("headed", '<div><h3>点击排行</h3><ul id="x1"></ul></div><script>$.get("/api/x1",function(d){$("#x1").html(d)})</script>'),
    ("weather", '<div id="weather"></div><script src="/js/weather.js"></script>'),
    ("comments", '<div id="comments">加载中…</div><script>$("#comments").load("/inc/comments.html")</script>'),
    ("counter", '<span id="hits"></span><script>$.get("/api/hits?id=12",function(d){$("#hits").html(d)})</script>'),
    ("login", '<div id="loginInfo"></div><script>$.get("/member/info",function(d){$("#loginInfo").html(d)})</script>'),
    ("clear", '<div class="clear"></div><script src="/js/a.js"></script>'),
    ("banner", '<div class="swiper-wrapper" id="banner"></div><script>new Swiper("#banner")</script>'),
    ("weather-frame", '<iframe src="/inc/weather.html" width="300" height="60"></iframe>'),
    ("tiny-frame", '<iframe src="/inc/list.html" width="0" height="0"></iframe>'),
    ("menu", '<ul class="nav" id="nav"></ul><script>$("#nav").html(menu())</script>'),
    ("noscript", "<noscript>请启用JavaScript</noscript><script>var a=1</script>"),
]  # fmt: skip


@pytest.mark.parametrize("box", [box for _, box in BESIDE], ids=[name for name, _ in BESIDE])
@pytest.mark.parametrize("first", [False, True], ids=["behind", "before"])
def test_a_box_that_a_script_draws_beside_the_list_is_no_alarm(box: str, first: bool) -> None:
    page = read(f"<html><body>{box if first else ''}{PLAIN}{'' if first else box}</body></html>")
    assert (page.reader, listed(page), page.unread) == ("anchors", TWO, "")
    assert isinstance(page.following, ListEnd)


def test_a_home_page_may_draw_its_boxes() -> None:
    body = f'<ul id="list"></ul><script src="/a.js"></script><a href="/list?catid=12">要闻</a>{PLAIN}'
    assert read(f"<body>{body}", HOME).unread == ""


def test_a_request_elsewhere_or_for_something_else_is_not_followed() -> None:
    script = '<script>$.get("http://elsewhere.example/api/list?p=1",function(d){$("#l").html(d)})</script>'
    page = read(f'<body><ul id="l"></ul>{SIDE}{script}')
    assert 'a script draws the list into <ul id="l">' in page.unread
    assert isinstance(page.following, ListEnd)


def test_the_requests_of_a_script() -> None:
    """Address, first page and form as they stand there; what only a run would tell is no request."""
    script = """var page = 2, base = "/api"; $.get(base + "/list?c=12&page=" + page, draw);
    $.post("/m", {p: p, size: 20}, draw); xhr.open("GET", "/x?pageNo=" + (n + 1) + "&t=" + new Date().getTime());
    $.getJSON("/j?callback=?", {page: 1, start: (page - 1) * 10}); axios.post("/n", {page: 1}); $.get(url); $.get("/y?u=" + user);"""
    page = Page(LIST, b"<html></html>")

    found = [
        (str(one.page(one.first)), one.first, one.address, one.form)
        for one in find_requests(page, Script(script))
    ]

    assert [(address.removeprefix(HOME), first) for address, first, _, _ in found] == [
        ("api/list?c=12&page=2", 2),
        ("m POST p=1&size=20", 1),
        ("x?pageNo=1&t=1", 1),
        ("j?callback=callback&page=1&start=0", 1),
    ]
    assert found[0][2] == HOME + "api/list?c=12&page={page}"
    assert found[1][3] == "p={page}&size=20"


# --- feeds, sitemaps ------------------------------------------------------------------------------------

RSS = f"""<?xml version="1.0" encoding="gb2312"?><rss version="2.0"><channel><title>要闻</title>
<item><title><![CDATA[{A}]]></title><link>{HOME}p/1.html</link><pubDate>Sat, 02 Mar 2024 08:00:00 +0800</pubDate></item>
<item><title>{B}</title><guid>{HOME}p/2.html</guid></item><item><title>外站</title><link>http://elsewhere.example/p/3.html</link></item>
</channel></rss>"""
RDF = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><item><title>{A}</title><link>/p/1.html</link><dc:date>2024-03-02</dc:date></item></rdf:RDF>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="/list.atom?p=2"/><entry><title>{A}</title>
<link rel="edit" href="/e/7"/><link href="/p/1.html"/><updated>2024-03-02T08:00:00+08:00</updated></entry></feed>"""
MAP = f"<urlset><url><loc>{HOME}p/1.html</loc><lastmod>2024-03-02</lastmod></url><url><loc>{HOME}</loc></url></urlset>"
INDEX = "<sitemapindex>{}</sitemapindex>"
FEEDS = [
    ("rss", RSS, [(A, "Sat, 02 Mar 2024 08:00:00 +0800"), (B, "")]),
    ("rss1", RDF, [(A, "2024-03-02")]),
    ("atom", ATOM, [(A, "2024-03-02T08:00:00+08:00")]),
    ("sitemap", MAP, [("", "2024-03-02")]),
    ("broken", RSS.replace("外站", "a & b"), [(A, "Sat, 02 Mar 2024 08:00:00 +0800"), (B, "")]),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in FEEDS], ids=[row[0] for row in FEEDS])
def test_feeds(text: str, expected: list[tuple[str, str]]) -> None:
    page = read(text, HOME + "feed.xml", kind="application/xml")
    assert (page.reader, listed(page)) == ("feed", expected)
    assert isinstance(page.following, NextPage if 'rel="next"' in text else ListEnd)


def test_an_index_of_sitemaps_leads_to_them_or_says_that_it_cannot() -> None:
    two = INDEX.format("".join(f"<sitemap><loc>{HOME}map-{n}.xml</loc></sitemap>" for n in (1, 2)))
    one = INDEX.format(f"<sitemap><loc>{HOME}map-1.xml</loc></sitemap>")
    assert leads_to(read(one, HOME + "sitemap.xml").following) == "map-1.xml"
    with pytest.raises(
        LayoutChanged, match=r"section_url matches 2 of its sitemaps not, such as .*map-1\.xml"
    ):
        read(two, HOME + "sitemap.xml")
    walked = read(two, HOME + "sitemap.xml", profile=site(section_url=r"/map-(\d+)\.xml"))
    assert ([section.url for section in walked.sections], walked.unread) == (
        [HOME + "map-1.xml", HOME + "map-2.xml"],
        "",
    )


# --- empty sections -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "note",
    [
        "暂无内容",
        "暂无数据！",
        "该栏目暂无内容。",
        "没有相关信息",
        "共 0 条",
        "對不起，暫無內容",
        "抱歉，该栏目下没有文章！",
        "共0条记录 第1/0页",
        "栏目正在建设中，敬请期待……",
        "本频道尚未发布任何信息",
        "总记录数：0 首页 上一页 下一页 尾页",
        "No records found",
    ],
)
def test_an_empty_section_is_an_end(note: str) -> None:
    page = read(f"<body><div>当前位置：首页 &gt; 网上展厅</div><p>{note}</p></body>")
    assert (page.reader, page.entries, page.following) == ("empty", (), ListEnd(f"the page says: {note}"))


EMPTY = "<p>暂无相关信息</p>"


@pytest.mark.parametrize(
    "more", ["", "<script>pager({count:0,limit:5,curr:1,jump:function(o){location='/l/'+o.curr}})</script>"]
)
def test_an_empty_section_is_an_end_where_the_profile_counts_pages_too(more: str) -> None:
    counted = site(pagination={"page_url": "list?catid={id}&page={page}"})
    page = read(f"<body>{EMPTY}{more}</body>", profile=counted)
    assert (page.reader, page.entries) == ("empty", ())
    assert page.following == ListEnd("the page says: 暂无相关信息")
    with pytest.raises(LayoutChanged):
        read(f"<body>{EMPTY}<script>var totalPages = 3;</script></body>", profile=counted)


@pytest.mark.parametrize(
    "body",
    [
        "<p>暂无内容</p><p>共 45 条</p>",
        "<p>暂无内容</p><a href='/list?catid=12&amp;page=2'>下一页</a>",
        "<p style='display:none'>暂无内容</p>",
        "<p>有关方面暂无数据，请耐心等待通知</p>",
        "<script>var s='暂无内容'</script>",
    ],
)
def test_a_page_that_says_more_or_shows_no_such_note_is_not_empty(body: str) -> None:
    with pytest.raises(LayoutChanged):
        read(f"<body>{body}</body>")


# --- whatever comes -------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    ["<ul id=l>", "</ul>", "<li onclick=\"location.href='", "/p/1.html", "http://elsewhere.example/p/2.html", "'\">", "<script>",
     "</script>", '{"url":"', '","title":"题"}', "[", "]", "{", "}", "<record><![CDATA[", "]]></record>", "<datastore>", "<rss><item><link>",
     "</link></item>", "$.get('/api/list?page='+page,function(d){$('#l').html(d)})", "data-href=", "<iframe src='/list?catid=3'>", "暂无内容",
     "var a=", "(", ")", "`${x}`", "//", "'", '"', "+", "javascript:go('1')", "function go(i){location.href='/p/'+i}", "<a href='/p/7.html'>甲</a>"]
)  # fmt: skip


@given(
    st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=40),
    st.sampled_from([LIST, API, HOME + "x.xml"]),
)
def test_whatever_a_page_holds_only_articles_of_the_site_are_listed(pieces: list[str], url: str) -> None:
    with suppress(LayoutChanged):
        page = read("".join(pieces), url)
        keys = [site().article_key(entry.url) for entry in page.entries]
        assert None not in keys
        assert len(set(keys)) == len(keys)
        if isinstance(page.following, NextPage):
            assert site().follows(page.following.address.url)


JSONS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=12)
    | st.sampled_from(["/p/1.html", "http://elsewhere.example/p/1.html"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["url", "title", "list", "total", "page", "hasNext", "date", "x"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)


@given(JSONS)
def test_whatever_a_server_answers_only_articles_of_the_site_are_listed(answer: Any) -> None:
    with suppress(LayoutChanged):
        page = read(J(answer), API)
        assert all(site().article_key(entry.url) for entry in page.entries)


LARGE: list[tuple[str, Callable[[int], str], str]] = [
    ("handlers", lambda n: "".join(f"<li onclick=\"go('{i}')\">甲{i}</li>" for i in range(n)) + OPENS, LIST),
    ("calls", lambda n: "<script>" + "$.get(" * n + "</script><ul id=l></ul>", LIST),
    ("plus", lambda n: "<ul id=l></ul><script>$.get('/list'" + "+'a'+b" * n + ")</script>", LIST),
    ("nested", lambda n: "<script>var rows=" + "[{\"url\":\"/p/1.html\",\"a\":" * n + "</script>", LIST),
    ("rows", lambda n: "<script>var rows=" + J([{"url": f"/p/{i}.html", "title": "甲"} for i in range(n)]) + "</script>", LIST),
    ("records", lambda n: store("", *range(1, n)), LIST),
    ("open-records", lambda n: "<datastore>" + "<record><![CDATA[" * n, LIST),
    ("json", lambda n: J({"rows": [{"url": f"/p/{i}.html", "title": "甲"} for i in range(n)]}), API),
    ("feed", lambda n: "<rss>" + "<item><link>/p/1.html</link></item>" * n, HOME + "f.xml"),
    ("places", lambda n: "<div class='list'><ul id='l'>" * n + "<script>$('#l').html()</script>", LIST),
    ("frames", lambda n: "<iframe src='/list?catid=4'></iframe>" * n, LIST),
    ("notes", lambda n: "<p>暂无内容</p>" * n, LIST),
]  # fmt: skip


@pytest.mark.parametrize(("make", "url"), [row[1:] for row in LARGE], ids=[row[0] for row in LARGE])
def test_the_work_grows_as_the_page_does(make: Callable[[int], str], url: str) -> None:
    def work(text: str) -> None:
        with suppress(LayoutChanged):
            read(text, url)

    assert growth(make, work, 400) <= MOST_GROWTH


def test_a_section_with_a_pager_of_its_own_does_not_ask_the_profile_s_server() -> None:
    site = parse_site(
        {
            "name": "yunting",
            "hosts": ["www.yunting.example"],
            "start_urls": ["http://www.yunting.example/"],
            "article_url": r"/p/(?P<id>\d+)\.html",
            "section_url": r"/list/(?P<id>\w+)",
            "list_api": {"address": "/api/list?cat={id}&page={page}"},
        },
        "test",
    )
    links = "<a href=/p/1.html>古桥修缮一新</a><a href=/list/news?page=2>下一页</a>"
    page = Page("http://www.yunting.example/list/news", f"<html><body>{links}</body></html>".encode())
    read = extract_section_page(page, site)
    assert (read.reader, read.next_url) == ("anchors", "http://www.yunting.example/list/news?page=2")


def test_a_text_behind_a_sum_is_reached() -> None:
    """Joined names end before it: the text itself is read next, and the reading goes on."""
    script = Script("d.style.fontSize = Math.min(a, b) / 7.5 + 'px'; go('/a/' + n + '.html');")
    assert [len(pieces.parts) for _, pieces in script.texts] == [3]
