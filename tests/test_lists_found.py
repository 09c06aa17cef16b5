"""Lists in the less usual forms of each kind, and what stands beside a list and is none.  All is invented."""

import pytest

from tests.test_list_readers import API, HOME, LIST, PLAIN, TWO, A, B, leads_to, listed, read, site
from zhijiang_spider.items import ListEnd, NextPage, PagerUnread
from zhijiang_spider.pages.errors import LayoutChanged
from zhijiang_spider.pages.lists.empty import says_empty
from zhijiang_spider.pages.lists.next_page import read_pager
from zhijiang_spider.pages.page import Page

# --- rows in scripts ------------------------------------------------------------------------------------

_ROWS = f"{{t:'{A}',u:'/p/1.html',d:'2024-03-02'}}", f"{{t:'{B}',u:'/p/2.html',d:'2024-03-05'}}"
_CALLS = f"'{A}','/p/1.html','2024-03-02'", f"'{B}','/p/2.html','2024-03-05'"
SCRIPTS = {
    "push": "var a=new Array();a.push({0});a.push({1});",
    "unshift": "var a=[];a.unshift({0});a.unshift({1});",
    "place": "var a=[];a[0]={0};a[1]={1};",
    "push-many": "var a=[];a.push({0},{1})",
}
CALLED = {
    "constructed": "var a=new Array(new Item({0}),new Item({1}));",
    "added": "list.add({0});list.add({1});",
    "placed": "a[0]=new Array({0});a[1]=new Array({1});",
    "placed-items": "a[0]=new Item({0});a[1]=new Item({1});",
    "function": "addNews({0});addNews({1});",
}
APART = {
    "parallel": f"var titles=['{A}','{B}'],urls=['/p/1.html','/p/2.html'],days=['2024-03-02','2024-03-05'];",
    "parallel-new": f"var t=new Array('{A}','{B}');var u=new Array('/p/1.html','/p/2.html');"
    "var d=new Array('2024-03-02','2024-03-05');",
    "parallel-places": f"t[0]='{A}';u[0]='/p/1.html';d[0]='2024-03-02';t[1]='{B}';u[1]='/p/2.html';d[1]='2024-03-05';",
    "members": f"a[0].title='{A}';a[0].url='/p/1.html';a[0].date='2024-03-02';"
    f"a[1].title='{B}';a[1].url='/p/2.html';a[1].date='2024-03-05';",
    "variables": f"var s0={{}},s1={{}};s0.title='{A}';s0.url='/p/1.html';s0.date='2024-03-02';"
    f"s1.title='{B}';s1.url='/p/2.html';s1.date='2024-03-05';",
}
ALL = {
    **{name: text.replace("{0}", _ROWS[0]).replace("{1}", _ROWS[1]) for name, text in SCRIPTS.items()},
    **{name: text.replace("{0}", _CALLS[0]).replace("{1}", _CALLS[1]) for name, text in CALLED.items()},
    **APART,
}


@pytest.mark.parametrize("script", ALL.values(), ids=ALL)
def test_rows_that_a_script_puts_together(script: str) -> None:
    page = read(f'<ul id="box"></ul><script>{script}</script><script src="/js/show.js"></script>')
    assert sorted(listed(page)) == sorted(TWO)
    assert not page.unread


# --- answers of servers ---------------------------------------------------------------------------------

_ITEMS = (
    f'{{"ret":0,"body":{{"pageInfo":{{"pageCount":2}},"items":['
    f'{{"info":{{"caption":"{A}","linkurl":"\\/p\\/1.html"}},"showtime":"2024-03-02"}},'
    f'{{"info":{{"caption":"{B}","linkurl":"\\/p\\/2.html"}},"showtime":"2024-03-05"}}]}}}}'
)


@pytest.mark.parametrize(
    "wrap",
    [
        "try{show(%s);}catch(e){}",
        "try { show(%s) } catch (e) { console.log(e) }",
        "/**/ typeof show === 'function' && show(%s);",
        "if(window.show){window.show(%s);}",
        'window["show"](%s)',
        'parent.news.show(%s, "ok");',
        "while(1);%s",
        "show && show(%s) // list",
    ],
)
def test_an_answer_in_whatever_calls_it(wrap: str) -> None:
    page = read(wrap.replace("%s", _ITEMS), API, kind="text/javascript")
    assert listed(page) == TWO
    assert leads_to(page.following) == "api/list?catid=12&page=2"


@pytest.mark.parametrize(
    "row",
    [
        '{"n":"%s","a":"/p/%d.html"}',
        '{"lm":"县域要闻动态","x1":"%s","x2":"/p/%d.html","zy":"这里是摘要，比题名长一些"}',
        '{"source":"云汀县融媒体中心","c_bt":"%s","c_dz":"/p/%d.html"}',
    ],
)
def test_a_title_is_known_by_its_looks_where_its_name_says_nothing(row: str) -> None:
    answer = f"[{row % (A, 1)},{row % (B, 2)}]"
    assert [title for title, _ in listed(read(answer, API, kind="application/json"))] == [A, B]


# --- feeds ----------------------------------------------------------------------------------------------

_ATOM = (
    '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"{base}><title>要闻</title>'
    f'<link rel="self" href="{HOME}feed.xml"/><entry{{inner}}>{{links}}<title type="html">{A}</title>'
    "<id>urn:1</id><published>2024-03-02</published></entry></feed>"
)
LINKS = {
    "base": (f' xml:base="{HOME}p/"', "", '<link rel="enclosure" href="/x.jpg"/><link href="1.html"/>'),
    "base-of-path": (' xml:base="/p/"', "", '<link rel="alternate" href="1.html"/>'),
    "base-of-entry": (f' xml:base="{HOME}"', ' xml:base="p/"', '<link href="1.html"/>'),
    "two-alternates": ("", "", '<link href="http://m.example/1"/><link href="/p/1.html"/>'),
    "self-first": ("", "", f'<link rel="self" href="{HOME}feed/1"/><link rel="alternate" href="/p/1.html"/>'),
}


@pytest.mark.parametrize(("base", "inner", "links"), LINKS.values(), ids=LINKS)
def test_the_links_of_an_atom_entry(base: str, inner: str, links: str) -> None:
    text = _ATOM.replace("{base}", base).replace("{inner}", inner).replace("{links}", links)
    page = read(text, HOME + "list?catid=12&feed=1", kind="application/atom+xml")
    assert [(entry.url, entry.title) for entry in page.entries] == [(HOME + "p/1.html", A)]


@pytest.mark.parametrize(
    "item",
    [
        f"<link>/p/1.html</link><title>{A}</title>",
        f"<media:title>图</media:title><title>{A}</title><link>http://proxy.example/1</link><guid>{HOME}p/1.html</guid>",
        f"<title>{A}</title><link>http://proxy.example/1</link><f:origLink>/p/1.html</f:origLink>",
    ],
)
def test_the_address_of_an_item_of_rss(item: str) -> None:
    text = f'<rss version="2.0" xmlns:media="m" xmlns:f="f"><channel><item>{item}</item></channel></rss>'
    page = read(text, HOME + "list?catid=12&feed=1", kind="text/xml")
    assert [(entry.url, entry.title) for entry in page.entries] == [(HOME + "p/1.html", A)]


# --- templates ------------------------------------------------------------------------------------------

TEMPLATES = (
    '<template id="row"><li><a href="/p/0.html">标题</a></li></template>',
    '<script type="text/html" id="t">{{each l as v}}<li><a href="/p/{{v.id}}.html">{{v.t}}</a></li>{{/each}}</script>',
    '<div style="display:none" id="t"><ul><li v-for="v in l"><a :href="v.url">{{v.title}}</a></li></ul></div>',
    '<div id="t" hidden><a href="/p/{{v.id}}.html?x=/p/9">{{v.title}}</a></div>',
    '<ul style="display:none"><li><a href="/p/7${v.id}.html">${v.title}</a></li></ul>',
    '<template><a href="/list?catid=12&amp;page=2">下一页</a><a href="/list?catid=99">县域</a></template>',
    '<ul hidden><li data-href="/p/8{id}.html">{title}</li></ul>',
)


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("first", [False, True], ids=["behind", "before"])
@pytest.mark.parametrize(
    "script", ["", "<script src='/js/t.js'></script>", "<script>$.post('/s',f)</script>"]
)
def test_a_template_beside_a_list_is_no_part_of_it(template: str, first: bool, script: str) -> None:
    page = read((template + PLAIN if first else PLAIN + template) + script)
    assert listed(page) == TWO
    assert page.sections == ()
    assert not page.unread
    assert isinstance(page.following, ListEnd)


# --- empty sections -------------------------------------------------------------------------------------

EMPTY = (
    "该栏目内容正在更新中，敬请期待！",
    "没有查询到相关记录！",
    "共有 0 条记录　共 0 页",
    "对不起，该栏目下暂时没有任何信息！",
    "抱歉，没有找到您要的内容",
    "栏目建设中...",
    "还没有发布任何文章哦",
    "没有符合条件的信息",
    "数据为空",
    "敬请期待",
    "空空如也",
    "首页 上一页 下一页 尾页 共 0 条 0/0页",
    "此栏目暂无文章，请浏览其他栏目",
    "該欄目暫無內容",
    "總記錄數：0",
    "No records found.",
)
NOT_EMPTY = (
    "更新",
    "编辑",
    "附件：无",
    "共 20 条记录 1/2 页",
    "系统维护中",
    "县里没有新闻的日子",
    "1/10 页",
    "110 条",
    "上海路更新改造项目进入收尾",
)


@pytest.mark.parametrize("line", EMPTY)
def test_all_the_ways_to_say_that_a_section_is_empty(line: str) -> None:
    for body in (
        f'<ul class="newslist"></ul><p>{line}</p><script src="/js/jquery.js"></script>',
        f"<table><tr><th>标题</th><th>日期</th></tr><tr><td colspan=2>{line}</td></tr></table>",
    ):
        page = read(body)
        assert page.entries == ()
        assert isinstance(page.following, ListEnd)
        assert not page.unread


def test_a_number_set_apart_and_a_picture_say_it_too() -> None:
    for body in ("<div>共<b>0</b>条信息</div>", '<div><img src="/e.png" alt="暂无内容"></div>'):
        assert isinstance(read(body).following, ListEnd)


@pytest.mark.parametrize("line", NOT_EMPTY)
def test_lines_that_do_not_say_that_a_list_is_empty(line: str) -> None:
    assert not says_empty(line)


# --- pagers ---------------------------------------------------------------------------------------------


def test_the_pager_of_a_page_is_read_once_for_a_site_and_anew_for_another() -> None:
    text = f'{PLAIN}<a href="/list?catid=12&amp;page=2">下一页</a>'
    page, own = Page(LIST, text.encode(), "text/html"), site()
    first = read_pager(page, own)
    assert isinstance(first.following, NextPage)
    assert read_pager(page, own) is first
    assert isinstance(read_pager(page, site(skip_url=["page="])).following, PagerUnread | ListEnd)


@pytest.mark.parametrize(
    "said",
    ["0/0", "<p>评论：0</p>", "<p>暂无评论</p>", "<p>图片 0/0</p>"],
    ids=["0/0", "comments", "none", "counter"],
)
def test_what_is_none_beside_a_list_does_not_empty_the_list(said: str) -> None:
    with pytest.raises(LayoutChanged):
        read(said)


def test_a_page_of_headlines_that_the_profile_does_not_know_is_not_empty() -> None:
    heads = "".join(f"<li><a href=/xinwen/{n}.html>云汀县第{n}批春茶开采上市</a></li>" for n in range(4))
    with pytest.raises(LayoutChanged):
        read(f"<ul>{heads}</ul><div>暂无数据</div>")
