"""The next page of a list, in every way that pages offer one.  All pages and addresses are invented."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.linear import MOST_GROWTH, growth
from zhijiang_spider.items import Following, ListAddress, ListEnd, NextPage, PagerUnread
from zhijiang_spider.pages.links import absolute
from zhijiang_spider.pages.lists.next_page import find_next, read_pager
from zhijiang_spider.pages.lists.section import extract_section_page
from zhijiang_spider.pages.page import Page
from zhijiang_spider.sites.site import Site, parse_site

HOME = "http://news.example.cn/"
LIST = HOME + "bdyw/"
UTF_8 = "text/html; charset=utf-8"


def site(**more: object) -> Site:
    data: dict[str, object] = {
        "name": "example",
        "title": "某县新闻网",
        "hosts": ["news.example.cn"],
        "start_urls": [HOME],
        "article_url": r"/p/(?P<id>\d+)\.html",
    }
    return parse_site(data | more, "example.toml")


def next_of(html: str, url: str = LIST, profile: Site | None = None) -> str | None:
    page = Page(url, f"<html><body>{html}</body></html>".encode(), UTF_8)
    return address_of(find_next(page, profile or site()))


def following_of(html: str, url: str = LIST) -> Following:
    return find_next(Page(url, f"<html><body>{html}</body></html>".encode(), UTF_8), site())


def address_of(following: Following) -> str | None:
    return following.address.url if isinstance(following, NextPage) else None


PAGERS = [
    # id, address of the page, its pager, the next page relative to the address (None: the last page)
    ("rel-link-element", LIST, '<link rel="next" href="index_2.html">', "index_2.html"),
    ("rel-link-in-list-of-words", LIST, '<a rel="nofollow NEXT" href="?page=2">更早</a>', "?page=2"),
    ("word", LIST, '<a href="index_2.html">下一页</a>', "index_2.html"),
    ("word-short", LIST, '<a href="index_2.html">下页</a>', "index_2.html"),
    ("word-traditional", LIST, '<a href="index_2.html">下一頁</a>', "index_2.html"),
    ("word-other", LIST, '<a href="index_2.html">[后一页]</a>', "index_2.html"),
    ("word-with-arrow", LIST, '<a href="index_2.html">下一页 &gt;&gt;</a>', "index_2.html"),
    ("word-spaced", LIST, '<a href="index_2.html">\n 下 一 页&nbsp;»</a>', "index_2.html"),
    ("word-english", LIST, '<a href="index_2.html">Next ›</a>', "index_2.html"),
    ("word-in-title", LIST, '<a href="index_2.html" title="下一页"><i class="icon"></i></a>', "index_2.html"),
    ("word-in-picture", LIST, '<a href="index_2.html"><img src="n.gif" alt="下一页"></a>', "index_2.html"),
    ("word-uppercase-tags", LIST, "<P><A HREF='list.asp?page=2'>下一页</A></P>", "list.asp?page=2"),
    (
        "word-query",
        HOME + "list?catid=7&page=4",
        '<a href="?catid=7&amp;page=5">下一页</a>',
        "?catid=7&page=5",
    ),
    ("word-path", HOME + "list-3-1.html", '<a href="/list-3-2.html">下一页</a>', "/list-3-2.html"),
    ("word-node", HOME + "node_55.htm", '<a href="node_55_2.htm">下一页</a>', "node_55_2.htm"),
    ("word-counting-down", HOME + "bdyw.htm", '<a href="bdyw/12.htm">下页</a>', "bdyw/12.htm"),
    ("word-counting-down-on", HOME + "bdyw/12.htm", '<a href="11.htm">下页</a>', "11.htm"),
    (
        "word-not-next-article",
        LIST,
        '<a href="/p/9.html">下一篇</a><a href="index_2.html">下一页</a>',
        "index_2.html",
    ),
    ("word-to-an-article", LIST, '<a href="/p/9.html">next</a>', None),
    ("word-to-itself", HOME + "index_5.html", '<a href="index_5.html">下一页</a>', None),
    ("word-to-itself-by-fragment", HOME + "index_5.html", '<a href="#">下一页</a>', None),
    ("word-to-itself-other-order", HOME + "l?a=1&page=5", '<a href="l?page=5&amp;a=1#top">下一页</a>', None),
    (
        "word-off",
        HOME + "index_5.html",
        '<a href="index_4.html">上一页</a> <a class="disabled">下一页</a>',
        None,
    ),
    (
        "word-off-script",
        HOME + "index_5.html",
        '<a href="index_4.html">上一页</a> <a href="javascript:void(0)">下一页</a>',
        None,
    ),
    (
        "word-onclick-address",
        LIST,
        '<a href="javascript:;" onclick="window.location.href=\'index_2.html\'">下一页</a>',
        "index_2.html",
    ),
    (
        "word-button",
        LIST,
        '<input type="button" value="下一页" onclick="location=\'index_2.html\'">',
        "index_2.html",
    ),
    (
        "word-call-with-numbered-link",
        LIST,
        '<b>1</b> <a href="javascript:goPage(2)">2</a> <a href="list_3.html">3</a>'
        ' <a href="javascript:void(0)" onclick="goPage(2)">下一页</a>',
        "list_2.html",
    ),
    (
        "word-call-with-page-function",
        LIST,
        "<script>function goPage(n){ location.href = 'list_' + n + '.shtml'; }</script>"
        '<a href="javascript:goPage(2)">下一页</a>',
        "list_2.shtml",
    ),
    ("word-call-alone", LIST, '<a href="javascript:void(0)" onclick="goPage(2)">下一页</a>', None),
    (
        "numbers-span",
        LIST,
        '<span>1</span> <a href="index_2.html">2</a> <a href="index_3.html">3</a>',
        "index_2.html",
    ),
    (
        "numbers-bold-middle",
        HOME + "index_2.html",
        '<a href="./">1</a><b>2</b><a href="index_3.html">3</a>…<a href="index_9.html">尾页</a>',
        "index_3.html",
    ),
    (
        "numbers-plain-text",
        LIST,
        '<p>[1] <a href="l_2.html">[2]</a> <a href="l_3.html">[3]</a></p>',
        "l_2.html",
    ),
    (
        "numbers-class",
        LIST,
        '<ul><li class="active"><a href="?page=1">1</a></li><li><a href="?page=2">2</a></li></ul>',
        "?page=2",
    ),
    (
        "numbers-class-on-link",
        HOME + "info_2.html",
        '<a href="info.html">1</a><a href="javascript:void(0)" class="num on">2</a><a href="info_3.html">3</a>',
        "info_3.html",
    ),
    ("numbers-no-href", LIST, '<a>1</a><a href="l2.html">2</a><a href="l3.html">3</a>', "l2.html"),
    (
        "numbers-own-address",
        HOME + "l_2.html",
        '<a href="l_1.html">1</a><a href="l_2.html">2</a><a href="l_3.html">3</a>',
        "l_3.html",
    ),
    (
        "numbers-all-linked-first-page",
        LIST,
        '<a href="l_1.html">1</a><a href="l_2.html">2</a><a href="l_3.html">3</a>',
        "l_2.html",
    ),
    ("numbers-list-items", LIST, '<li>1</li><li><a href="l_2.html">2</a></li>', "l_2.html"),
    (
        "numbers-table",
        LIST,
        '<table><tr><td><font color="red">1</font></td><td><a href="l_2.html">2</a></td></tr></table>',
        "l_2.html",
    ),
    (
        "numbers-with-totals",
        LIST,
        '<div>共<b>278</b>条 <b>10</b>页 <b>1</b> <a href="l_2.html">2</a> <a href="l_3.html">3</a></div>',
        "l_2.html",
    ),
    (
        "numbers-counting-down",
        HOME + "bdyw.htm",
        '<span class="p_no_d">1</span><span class="p_no"><a href="bdyw/2.htm">2</a></span>'
        '<span class="p_no"><a href="bdyw/1.htm">3</a></span>',
        "bdyw/2.htm",
    ),
    ("numbers-last", HOME + "l_3.html", '<a href="l.html">1</a><a href="l_2.html">2</a><b>3</b>', None),
    (
        "numbers-select",
        LIST,
        '<select onchange="location=this.value"><option value="l_1.html" selected>1</option>'
        '<option value="l_2.html">2</option></select>',
        "l_2.html",
    ),
    (
        "numbers-are-a-ranking",
        LIST,
        '<em>1</em><a href="/p/1.html">甲</a><em>2</em><a href="/p/2.html">2</a>',
        None,
    ),
    (
        "numbers-are-a-calendar",
        LIST,
        "<table><tr>"
        + "".join(f'<td><a href="d{n}.html">{n}</a></td>' for n in range(2, 31))
        + "</tr></table>",
        None,
    ),
    ("arrow", LIST, '<a href="index_2.html">&gt;</a>', "index_2.html"),
    ("arrow-before-double", LIST, '<a href="l_9.html">»</a><a href="l_2.html">›</a>', "l_2.html"),
    ("arrow-double", HOME + "l_1.html", '<a href="l_2.html">&raquo;</a>', "l_2.html"),
    ("arrow-of-a-banner", LIST, '<a href="/ad/17.html">&gt;</a>', None),
    ("load-more", LIST, '<a href="?page=2">加载更多</a>', "?page=2"),
    ("trs-first", LIST, '<script>createPageHTML(10, 0, "index", "html");</script>', "index_1.html"),
    (
        "trs-third",
        LIST + "index_2.html",
        "<script>createPageHTML(10, 2, 'index', 'html')</script>",
        "index_3.html",
    ),
    ("trs-last", LIST + "index_9.html", "<script>createPageHTML(10, 9, 'index', 'html')</script>", None),
    ("trs-single", LIST, "<script>createPageHTML(1, 0, 'index', 'html')</script>", None),
    (
        "trs-from-one",
        HOME + "list.shtml",
        "<script>createPageHTML('page_div',10, 1,'list','shtml',278);</script>",
        "list_2.shtml",
    ),
    (
        "trs-from-one-last",
        HOME + "list_10.shtml",
        "<script>createPageHTML('page_div',10, 10,'list','shtml',278);</script>",
        None,
    ),
    (
        "trs-links-win",
        LIST,
        "<script>createPageHTML(10, 0, 'index', 'html')</script><a href='index_2.html'>下一页</a>",
        "index_2.html",
    ),
    (
        "script-variables",
        LIST,
        "<script>var countPage = 10; var currentPage = 0; var nextPage = currentPage + 1;\n"
        'document.write("<a href=\\"index" + "_" + nextPage + "." + "html\\">下一页</a>");</script>',
        "index_1.html",
    ),
    (
        "script-variables-last",
        LIST + "index_9.html",
        "<script>var countPage = 10; var currentPage = 9;\n"
        'document.write("<a href=\\"index_" + (currentPage+1) + ".html\\">下一页</a>");</script>',
        None,
    ),
    (
        "script-plugin",
        LIST,
        "<script>$('.pager').pagination({ totalPage: 54, callBack: function (i) {\n"
        " if (i == 1) location.href='index.html'; else location.href='index_'+i+'.html'; } });</script>",
        "index_2.html",
    ),
    (
        "script-own-address",
        LIST + "?page=3",
        "<script>var totalPage = 8; var currPage = 3;</script>",
        "?page=4",
    ),
    ("script-own-address-last", LIST + "?page=8", "<script>totalPage = 8, currPage = 8</script>", None),
    ("script-count-alone", LIST, "<script>var totalPage = 8;</script>", None),
    (
        "script-other-addresses",
        LIST,
        "<script>var pagecount = 8; s += '<a href=\"'+nav.rule+'_'+nav.id+'.html\">'</script>",
        None,
    ),
    (
        "script-laypage",
        LIST,
        "<script>laypage({pages: 18, curr: 1, jump: function (e) { location.href='?page='+e.curr; }})</script>",
        "?page=2",
    ),
    (
        "shape-total-before",
        LIST,
        '<a title="总数"><b>98</b></a> <b>1</b> <a href="i_2.html">2</a> <a href="i_5.html">尾页</a>',
        "i_2.html",
    ),
    (
        "shape-list-items",
        LIST,
        '<ul><li>首页</li><li class="thisclass">1</li><li><a href="l_7_2.html">2</a></li></ul>',
        "l_7_2.html",
    ),
    (
        "shape-counting-down-last",
        HOME + "bdyw/1.htm",
        '<span><a href="2.htm">上页</a></span><span><a href="../bdyw.htm">1</a></span>'
        "<span><a href='2.htm'>2</a></span><span>3</span><span>下页</span>",
        None,
    ),
    (
        "shape-bootstrap",
        LIST + "?page=2",
        '<li><a href="?page=1">«</a></li><li><a href="?page=1">1</a></li>'
        '<li class="active"><span>2 <i>(current)</i></span></li><li><a href="?page=3">3</a></li>',
        "?page=3",
    ),
    (
        "shape-calendar-beside",
        LIST,
        '<table><tr><td><a href="d/15.html">15</a></td><td><a href="d/16.html">16</a></td>'
        '<td class="cur">17</td></tr></table><b>1</b> <a href="l_2.html">2</a>',
        "l_2.html",
    ),
    ("class-next-of-a-banner", LIST, '<a class="next" href="/about/"></a>', None),
    ("class-next", LIST, '<a class="next" href="?page=2"><i></i></a>', "?page=2"),
    ("form-post", LIST, "<b>1</b><a href=\"javascript:__doPostBack('pager','2')\">2</a>", None),
    ("nothing", LIST, "<p>正文</p>", None),
    ("off-host", LIST, '<a href="http://mirror.example.net/bdyw/index_2.html">下一页</a>', None),
    (
        "off-host-rel",
        LIST,
        '<link rel=next href="//mirror.example.net/2.html"><a href="2.html">下一页</a>',
        None,
    ),
    ("base", LIST, '<base href="/x/"><a href="index_2.html">下一页</a>', "/x/index_2.html"),
    (
        "broken-href",
        LIST,
        '<a href="http://[bad/2">下一页</a><a href=" index_\n2.html ">下一页</a>',
        "index_2.html",
    ),
]


@pytest.mark.parametrize(
    ("url", "html", "expected"), [row[1:] for row in PAGERS], ids=[row[0] for row in PAGERS]
)
def test_next_page(url: str, html: str, expected: str | None) -> None:
    """Each way of paging leads to the next page, and nowhere on the last one."""
    found = next_of(html, url)

    assert found == (absolute(url, expected) if expected else None)


TEMPLATES = [
    ("path", "/list-{id}-{page}.html", HOME + "list-3.html", "/list-3-2.html"),
    ("path-on", "/list-{id}-{page}.html", HOME + "list-3-4.html", "/list-3-5.html"),
    ("query", "?catid={id}&page={page}", HOME + "list?catid=3", "?catid=3&page=2"),
    ("query-on-any-order", "?catid={id}&page={page}", HOME + "list?page=9&catid=3", "?catid=3&page=10"),
    ("relative", "index_{page}.html", LIST + "list-3/", "index_2.html"),
    ("relative-on", "index_{page}.html", LIST + "list-3/index_2.html", "index_3.html"),
    ("folder", "list-{id}/{page}.htm", HOME + "list-3.htm", "/list-3/2.htm"),
    ("folder-on", "list-{id}/{page}.htm", HOME + "list-3/2.htm", "/list-3/3.htm"),
]


@pytest.mark.parametrize(
    ("template", "url", "expected"), [row[1:] for row in TEMPLATES], ids=[row[0] for row in TEMPLATES]
)
def test_profile_template(template: str, url: str, expected: str) -> None:
    """The profile's pattern is used where the page offers nothing; the number is read from the address."""
    profile = site(pagination={"page_url": template}, section_url=r"(?:list-|catid=)(\d+)")

    assert next_of("<p>无</p>", url, profile) == absolute(url, expected)


def test_template_gives_way_to_links_and_stops_at_the_printed_count() -> None:
    profile = site(pagination={"page_url": "?page={page}"})

    assert next_of('<a href="index_2.html">下一页</a>', LIST, profile) == LIST + "index_2.html"
    assert next_of("<div>第 8/8 页 <a>上一页</a> <a>下一页</a></div>", LIST + "?page=8", profile) is None
    assert next_of("<script>var pageCount = 8;</script>", LIST + "?page=8", profile) is None


def test_template_needs_the_slug_it_names() -> None:
    profile = site(pagination={"page_url": "/list-{id}-{page}.html"}, section_url=r"/list-(\d+)")

    assert next_of("", LIST, profile) is None


def test_profile_selector_wins() -> None:
    profile = site(selectors={"next": ["a.older", "//a[@id='older']/@href"]})

    assert (
        next_of('<a href="a.html">下一页</a><a class=older href="b.html">往期</a>', LIST, profile)
        == LIST + "b.html"
    )
    assert (
        next_of('<a href="a.html">下一页</a><a id=older href="c.html">往期</a>', LIST, profile)
        == LIST + "c.html"
    )
    assert next_of('<a href="a.html">下一页</a>', LIST, profile) == LIST + "a.html"


def test_numbers_of_another_section_are_no_pages_of_this_one() -> None:
    profile = site(section_url=r"/list-(\d+)")
    html = '<b>1</b><a href="/list-9-2.html">2</a>'

    assert next_of(html, HOME + "list-3.html", profile) is None
    assert next_of(html, HOME + "list-9.html", profile) == HOME + "list-9-2.html"


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("a.html#top", "http://news.example.cn/bdyw/a.html"),
        ("\r\n ../a b.html\t", "http://news.example.cn/a%20b.html"),
        ("..\\p\\1.html?u=a\\b", "http://news.example.cn/p/1.html?u=a\\b"),
        ("//news.example.cn/1", "http://news.example.cn/1"),
        ("javascript:void(0)", None),
        ("mailto:a@example.cn", None),
        ("http://[bad", None),
        ("#top", None),
        ("", None),
    ],
)
def test_absolute_reads_links_as_browsers_do(href: str, expected: str | None) -> None:
    assert absolute(LIST, href) == expected


def test_page_base_ignores_a_broken_base() -> None:
    assert Page(LIST, (b'<base href="http://[bad"><p>')).base == LIST
    assert Page(LIST, (b'<base target="_blank"><p>')).base == LIST


COUNTED = "<script>laypage.render({elem:'p',count:1234,limit:20,curr:1,jump:function(o){%s}})</script>"
FORM = (
    '<form name=f method=%s action="list.do"><input type=hidden name=lm value=7>'
    "<input type=hidden name=pageNo value=1></form><script>function goPage(n){document.f.pageNo.value=n;"
    'document.f.submit();}</script><a href="javascript:goPage(2)">下一页</a>'
)
ASKED = "<script>var n=1;function more(){n++;$.%s('/api/more',{page:n,lm:7},function(d){$('ul').append(d)})}</script>"
VIEW = (
    '<form method=post action="l.aspx?id=7"><input type=hidden name=__VIEWSTATE value="ab+/"><span>%d</span>'
    "<a href=\"javascript:__doPostBack('pager','%d')\">%d</a>%s</form>"
)
CODED = '<div id=pg>%s</div><script>document.getElementById("pg").innerHTML=atob(document.getElementById("pg").innerText)</script>'

GOES_ON = [
    # id, pager, the next page relative to the address, what is sent with POST
    ("form-post", FORM % "post", "list.do", "lm=7&pageNo=2"),
    ("form-get", FORM % "get", "list.do?lm=7&pageNo=2", ""),
    ("form-one-more", (FORM % "post").replace("goPage(2)", "onward()"), "list.do", "lm=7&pageNo=2"),
    (
        "post-back",
        VIEW % (1, 2, 2, ""),
        "l.aspx?id=7",
        "__VIEWSTATE=ab%2B%2F&__EVENTTARGET=pager&__EVENTARGUMENT=2",
    ),
    (
        "post-back-button",
        '<form method=post><input type=hidden name=__VIEWSTATE value=a><input type=submit name=on value="下页"></form>',
        "",
        "__VIEWSTATE=a&on=%E4%B8%8B%E9%A1%B5",
    ),
    ("laypage-count", COUNTED % "location.href='?page='+o.curr", "?page=2", ""),
    ("more-attribute", '<a href="javascript:;" data-url="l.do?page=2">加载更多</a>', "l.do?page=2", ""),
    ("more-get", '<button onclick="more()">加载更多</button>' + ASKED % "get", "/api/more?page=2&lm=7", ""),
    ("more-post", '<div onclick="more()">点击加载更多…</div>' + ASKED % "post", "/api/more", "page=2&lm=7"),
    (
        "number-attribute",
        "<a class=on data-page=1>1</a><a data-page=2>2</a><script>function f(n){location='l_'+n+'.html'}</script>",
        "l_2.html",
        "",
    ),
    ("coded", CODED % "PGEgaHJlZj0ibF8yLmh0bWwiPuS4i+S4gOmhtTwvYT4=", "l_2.html", ""),
]


@pytest.mark.parametrize(
    ("html", "url", "form"), [row[1:] for row in GOES_ON], ids=[row[0] for row in GOES_ON]
)
def test_what_a_script_or_form_would_ask_for_is_asked(html: str, url: str, form: str) -> None:
    following = following_of(html)

    assert isinstance(following, NextPage)
    assert following.address == ListAddress(absolute(LIST, url) or LIST, form)
    assert following.pager


UNREAD = [
    # id, pager, what is said
    ("printed-count", "<div>共<b>45</b>页</div>", "says 45 pages"),
    ("printed-place", "<div>上一页 1/45 下一页</div>", "says 45 pages"),
    ("printed-entries", "<div>共 1,234 条 每页20条 第1页</div>", "says 62 pages"),
    ("variable", "<script>var totalPage = 8;</script>", "says 8 pages"),
    ("field", "<input type=hidden id=pageCount value=8>", "says 8 pages"),
    ("laypage", COUNTED % "ask(o.curr)", "says 62 pages"),
    (
        "named-elsewhere",
        "<script>var all=90;$('.M-box').pagination({totalData:all,showData:10})</script>",
        "9 pages",
    ),
    ("jquery", "<script>$('#pg').pagination(90,{items_per_page:10})</script>", "says 9 pages"),
    ("kkpager", "<script>kkpager.generPageHtml({pno:1,total:45,totalRecords:890})</script>", "says 45 pages"),
    (
        "bootstrap",
        "<script>$('#p').bootstrapPaginator({currentPage:1,totalPages:7})</script>",
        "says 7 pages",
    ),
    ("component", '<el-pagination :total="90" :page-size="10"></el-pagination>', "says 9 pages"),
    (
        "drawn",
        "<div id=pages></div><script>$('#pages').pagination({totalData:d.n})</script>",
        "draws the pager",
    ),
    ("switched-off", '<span>1/9页</span> <a href="#">下一页</a>', "says 9 pages"),
    ("more", '<button onclick="loadMore()">加载更多</button>', "加载更多"),
    (
        "more-unclear",
        "<button onclick=more()>加载更多</button><script>$.get(api,{page:n})</script>",
        "加载更多",
    ),
    ("next", '<a href="javascript:;" onclick="np()">下一页</a>', "下一页"),
    ("numbers", '<b>1</b><a href="javascript:toPage(2)">2</a>', "2"),
    (
        "scroll",
        "<script>$(window).scroll(function(){if(top+h>=$(document).height()){loadData()}})</script>",
        "scrolled",
    ),
    ("off-host", '<a href="http://mirror.example.net/2.html">下一页</a>', "mirror.example.net"),
    ("coded", CODED % "6aG1", "decodes"),
]


@pytest.mark.parametrize(("html", "said"), [row[1:] for row in UNREAD], ids=[row[0] for row in UNREAD])
def test_a_pager_that_cannot_be_read_is_no_end(html: str, said: str) -> None:
    following = following_of(html)

    assert isinstance(following, PagerUnread)
    assert said in following.reason


ENDS = [
    ("one-page", "<div>共1页</div>", LIST),
    ("last-page", "<div>第45页/共45页</div>", HOME + "l_45.html"),
    ("one-of-one", '<div><a href="javascript:;" onclick="np()">下一页</a> 1/1页</div>', LIST),
    ("off", '<a href="l_44.html">上一页</a><a class=disabled>下一页</a><i>共45页</i>', HOME + "l_45.html"),
    ("counted-from-0", "<script>var countPage=10,currentPage=9;</script><a href=index_8.html>上一页</a><a>下一页</a>", HOME + "index_9.html"),
    ("post-back", VIEW % (2, 1, 1, "<a disabled=disabled>下一页</a>"), HOME + "l.aspx?id=7"),
    ("no-more", "<p>没有更多了</p>", LIST),
    ("more-off", "<button disabled>加载更多</button>", LIST),
    ("more-of-another", '<a href="/xw/">查看更多</a>', LIST),
    ("top", "<script>$(window).scroll(function(){if(t>9){$('#top').show()}})</script>", LIST),
    ("slides", "<li onclick='slide(1)'>1</li><li onclick='slide(2)'>2</li>", LIST),
    ("titles", "<ul><li><a href='/p/1.html'>公示（共12条）</a></li></ul><a href='/'>首页</a>", LIST),
    ("day", "<div>2024/11/5 首页 第1页</div>", LIST),
]  # fmt: skip


@pytest.mark.parametrize(("html", "url"), [row[1:] for row in ENDS], ids=[row[0] for row in ENDS])
def test_an_end_is_said_with_its_evidence(html: str, url: str) -> None:
    following = following_of(html, url)

    assert isinstance(following, ListEnd)
    assert following.evidence


@pytest.mark.parametrize(("url", "form"), [(HOME + "more?lm=7&page=2", ""), (HOME + "more", "page=2&lm=7")])
def test_a_piece_of_a_list_is_followed_by_the_next_piece(url: str, form: str) -> None:
    """A script puts such pieces into its page until nothing comes; they have no pager."""
    page = Page(url, b'<li><a href="/p/1.html">x</a></li>', UTF_8, form=form)
    following = find_next(page, site())

    assert isinstance(following, NextPage)
    assert following.address == ListAddress(url.replace("page=2", "page=3"), form.replace("page=2", "page=3"))
    assert following.counted


@pytest.mark.parametrize("said", ["第3页 / 共3页", "3/3页", "当前第 3 页 共 3 页"])
def test_a_link_onwards_from_the_page_that_says_it_is_the_last_may_lead_nowhere(said: str) -> None:
    """A template prints it on every page: it is asked for, and that there is no such page is no failure."""
    onwards = "<a href='l_4.html'>下一页</a>"
    last = find_next(Page(HOME + "l_3.html", f"<p>{said} {onwards}</p>".encode(), UTF_8), site())
    assert isinstance(last, NextPage)
    assert last.counted

    before = f"<p>{said.replace('3', '2', 1)} <a href='l_3.html'>下一页</a></p>"
    going = find_next(Page(HOME + "l_2.html", before.encode(), UTF_8), site())
    assert isinstance(going, NextPage)
    assert not going.counted


WORDS = ["下一页", "上一页", "1", "2", "3", "<a href='l_2.html'>", "<a href=l_3.html>", "</a>", "<b>", "</b>", "<li>",
         "<script>var totalPage=3;", "createPageHTML(3,0,'index','html')", "</script>", "»", "<a onclick='go2(2)'>",
         "<select><option value='a.html'>", "共9页", "<base href='//x'>", "<!--", "-->"]  # fmt: skip


def test_comments_between_the_words_of_a_pager_hide_no_count() -> None:
    html = "<p>共<!-- -->3<!-- -->页</p>"  # as React writes it
    found = read_pager(Page(LIST, f"<html><body>{html}</body></html>".encode(), UTF_8), site())
    assert found.said_pages == 3
    assert isinstance(found.following, PagerUnread)


@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS)).map("".join)))
def test_any_markup_gives_an_allowed_other_page_or_none(html: str) -> None:
    """Whatever a page holds, the answer is a page of the site that is not the page itself, or None."""
    profile = site()
    found = address_of(find_next(Page(LIST, (html or " ").encode(), UTF_8), profile))

    assert found is None or (profile.allows(found) and found != LIST)


# id: (a page of so many pieces, the smaller of the two sizes that are compared)
HOSTILE: dict[str, tuple[Callable[[int], str], int]] = {
    "numbers": (lambda n: "<b>1</b>" + "".join(f"<a href='l_{k}.html'>{k}</a> " for k in range(2, n)), 1_000),
    "numbers-by-script": (lambda n: "".join(f"<span onclick='f({k})'>{k}</span> " for k in range(n)), 1_500),
    "nested": (lambda n: "<div><a href='javascript:f(2)'>" * n, 2_500),
    "nested-without-text": (lambda n: "<span>" * n, 400),
    "pieces": (lambda n: "<script>" + "'a_'+" * n + "</script>", 25_000),
    "calls": (lambda n: "<script>" + "createPageHTML( " * n + "</script>", 12_500),
    "variables": (lambda n: "<script>" + "countPage = " * n + "</script>", 12_500),
    "counts": (lambda n: "<p>共9页" * n, 2_500),
    "settings": (lambda n: "<script>" + "$.pagination({totalData:a," * n + "</script>", 2_500),
    "growing": (lambda n: "<button>加载更多</button>" * n, 2_500),
    "scrolling": (lambda n: "<script>" + "$(window).scroll(" * n + "</script>", 5_000),
    "asking": (lambda n: "<script>" + "$.get('/a',{page:n,a:b})" * n + "</script>", 1_500),
    "places": (lambda n: "<p id=page></p>" + "<script>" + "$('#page').x();" * n + "</script>", 2_500),
    "forms": (lambda n: "<form><input name=page value=1>" + "<input name=a value=b>" * n + "</form>", 2_500),
    "deep": (lambda n: "<li>1<ul>" * n, 2_500),
    "functions": (
        lambda n: (
            TURN
            + "<script>"
            + "function goPage(n){goPage(n);goPage(n);a.location='/b/'+n};" * n
            + "</script>"
        ),
        1_000,
    ),
    "callbacks": (
        lambda n: (
            "<script>"
            + "t({count:9,limit:2,curr:1,jump:function(o){location='/a/'+o.curr}});" * n
            + "</script>"
        ),
        500,
    ),
    "callbacks-in-callbacks": (
        lambda n: "<script>" + "t({count:9,limit:2,jump:function(o){location='/a/'+" * n + "</script>",
        1_000,
    ),
}


@pytest.mark.parametrize(("page", "size"), HOSTILE.values(), ids=HOSTILE)
def test_the_work_on_hostile_pages_grows_as_they_do(page: Callable[[int], str], size: int) -> None:
    profile = site()

    def parsed(pieces: int) -> Page:
        made = Page(LIST, f"<html><body>{page(pieces)}</body></html>".encode(), UTF_8)
        assert made.selector is not None  # parsed here: the parser's time is not ours
        return made

    assert growth(parsed, lambda listed: find_next(listed, profile), size) <= MOST_GROWTH


# --- the whole list on one page --------------------------------------------------------------------------

ROWS = "".join(f'<li><a href="/p/{n}.html">云汀县第{n}号新闻见报了</a></li>' for n in range(1, 8))
TURN = '<a href="javascript:goPage(2)">下一页</a>'
SHOWS = "<script>var rows=document.getElementById('l').children,n=Math.ceil(rows.length/3);function goPage(p){rows[0].style.display='none'}</script>"
REST = '"hotComments":{"total":120,"pageCount":12,"items":[]}'
STATE = '"list":{"pageCount":%d,"items":[{"title":"云汀县第1号新闻见报了"}]}'
HIDDEN = '<div class="load" style="display:none">点击加载更多</div>'


@pytest.mark.parametrize(
    ("below", "ends"),
    [
        (f"<div>共<b>7</b>条 共<b>3</b>页 {TURN}</div>", True),
        (f"<div>共<b>21</b>条 共<b>3</b>页 {TURN}</div>", False),
        (f"<div>本页共<b>7</b>条 共<b>3</b>页 {TURN}</div>", False),
        (TURN + SHOWS, True),
        (TURN + SHOWS.replace("goPage(p){", "goPage(p){$.get('/more',{});"), False),
        (TURN, False),
        (f"<script>window.S={{{STATE % 1},{REST}}}</script>", True),
        (f"<script>window.S={{{STATE % 3},{REST}}}</script>", False),
        (f"<script>window.S={{{REST}}}</script>{HIDDEN}", True),
        (HIDDEN.replace("none", "block"), False),
        (f"{HIDDEN}<script>$('.load').show()</script>", False),
    ],
)
def test_a_list_that_stands_whole_in_its_page_has_no_next_one(below: str, ends: bool) -> None:
    page = Page(LIST, f"<html><body><ul id=l>{ROWS}</ul>{below}</body></html>".encode(), UTF_8)
    assert isinstance(extract_section_page(page, site()).following, ListEnd if ends else PagerUnread)


FUNCTIONS = [
    # id, a function of the page, how the pager's links call it for a page ({n}), the second page
    ("assigned", "function gotoPage(n){ window.location.href='/bdyw/p'+n+'.shtml'; }", "gotoPage({n})", "p2.shtml"),
    ("template", "const gotoPage = (n) => { location.href = `p${n}.shtml` }", "gotoPage('{n}')", "p2.shtml"),
    ("replaced", "function go(n){ location.replace('/bdyw/' + n + '/') }", "go({n})", "2/"),
    ("window", "function go(n){ window.open('p/'+n, '_self') }", "go({n})", "p/2"),
    ("self", "var go = function(n){ self.location = 'p'+n+'.html' }", "return go({n})", "p2.html"),
    ("document", "function go(n){ document.location.assign('p'+n+'.html') }", "go({n});return false;", "p2.html"),
    ("variable", "function goPage(p){ if(p<1) return; var url='l'+p+'.html'; location.href=url; }", "goPage({n})", "l2.html"),
    ("from-0", "function goPage(p){ var u='x'; if(p>1) u+='.'+(p-1); location.href=u+'.html' }", "goPage({n})", "x.1.html"),
    ("either", "function go(p){ location.href = p==1 ? 'x.html' : 'x'+p+'.html' }", "go({n})", "x2.html"),
    ("column", "function go(c,p){ location.href='/bdyw/'+c+'/'+p }", "go(31,{n})", "31/2"),
    ("column-known", "var cid=31; function go(p){ location.href='/bdyw/'+cid+'/'+p }", "go({n})", "31/2"),
    ("own-path", "function go(p){ location.href = location.pathname+'?'+'pg='+p }", "go({n})", "?pg=2"),
    ("by-another-file", "var P={go:function(n){ location=this.at(n) }, at:function(n){ return 'p'+n+'.html' }}", "P.go({n})", "p2.html"),
    ("two-ways", "function go(n){ if(m) location.href='/bdyw/m'+n+'.html'; else location.href='p'+n+'.html' }", "go({n})", ""),
    ("unknown", "function go(n){ location.href='/bdyw/'+kind+'/'+n }", "go({n})", ""),
    ("asks", "function goPage(n){ $('#list').load('/l?'+n) }", "goPage({n})", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("function", "call", "second"), [row[1:] for row in FUNCTIONS], ids=[row[0] for row in FUNCTIONS]
)
@pytest.mark.parametrize("attribute", ["href='javascript:%s'", 'href="#" onclick="%s"'])
def test_a_pager_goes_where_the_page_s_function_goes(
    function: str, call: str, second: str, attribute: str
) -> None:
    script = f"<script>{function}</script>"
    if "'" in call and "'" in attribute:
        attribute = attribute.replace("'", '"')

    def link(number: int, label: str) -> str:
        return f"<a {attribute % call.replace('{n}', str(number))}>{label}</a>"

    for pager in (
        f"<b>1</b> {link(2, '2')} {link(3, '3')}",
        f"{link(2, '下一页')} {link(3, '尾页')}",
    ):
        following = following_of(f"{script}{pager}")
        if second:
            assert address_of(following) == absolute(LIST, second)
        else:
            assert isinstance(following, PagerUnread)


def test_the_last_page_is_told_by_a_call_too() -> None:
    script = "<script>function gotoPage(n){ location.href='/bdyw/p'+n+'.shtml' }</script>"
    pager = '<a href="javascript:gotoPage(2)">下一页</a><a href="javascript:gotoPage(45)">尾页</a>'

    found = read_pager(Page(LIST, f"{script}{pager}".encode(), UTF_8), site())

    assert found.said_pages == 45


PLUGINS = [
    # id, script of page 1, of page 3 the numbers that differ; address of a page ({n}); pages
    (
        "layui",
        "laypage.render({elem:'p',count:13,limit:5,curr:%d,jump:function(obj,first){if(!first){location.href='/bdyw/6/'+obj.curr;}}})",
        "6/{n}",
    ),
    (
        "layui-limit",
        "laypage.render({elem:'p',count:13,limit:5,curr:%d,jump:(obj, first)=>{if(first)return;location.href=`/bdyw/${obj.limit}/${obj.curr}`}})",
        "5/{n}",
    ),
    ("laypage", "laypage({cont:'p',pages:3,curr:%d,jump:function(e,first){if(!first) turn(e.curr)}});function turn(n){location='/bdyw/l'+n+'.html'}", "l{n}.html"),
    ("layui-alias", "laypage.render({count:13,limit:5,curr:%d,jump(o){var p=o.curr;window.location.href='/bdyw/'+p+'/'}})", "{n}/"),
    ("jquery", "$('#x').pagination({pageCount:3,current:%d,callback:function(api){location.href='?'+'pg='+api.getCurrent()}})", "?pg={n}"),
    ("jquery-behind", "$('#x').pagination({totalData:13,showData:5,current:%d},function(api){location.href='/bdyw/p'+api.getCurrent()})", "p{n}"),
    ("paginator", "$.jqPaginator('#x',{totalPages:3,currentPage:%d,onPageChange:function(num,type){if(type=='change') location.href='/bdyw/p/'+num}})", "p/{n}"),
    ("event-first", "$('#x').twbsPagination({totalPages:3,startPage:1,currentPage:%d,onPageClick:function(event,page){location.href='/bdyw/p/'+page}})", "p/{n}"),
    ("link", "kkpager.generPageHtml({pno:%d,total:3,totalRecords:13,getLink:function(n){return '/bdyw/k'+n+'.html'}})", "k{n}.html"),
    ("link-former", "kkpager.generPageHtml({pno:%d,total:3,hrefFormer:'/bdyw/k',hrefLatter:'.html',getLink:function(n){return this.hrefFormer+n+this.hrefLatter}})", "k{n}.html"),
    ("other", "new Tuner({box:'p',pageCount:3,current:%d,backFn:function(p){location.href='/bdyw/t/'+p}})", "t/{n}"),
    ("other-named", "function back(p){location.href='/bdyw/t/'+p}; tuner.init({count:13,limit:5,curr:%d,to:back})", "t/{n}"),
]  # fmt: skip


@pytest.mark.parametrize(("script", "address"), [row[1:] for row in PLUGINS], ids=[row[0] for row in PLUGINS])
def test_a_plugin_turns_to_what_its_function_makes_of_the_number(script: str, address: str) -> None:
    def page(number: int) -> Page:
        url = absolute(LIST, address.replace("{n}", str(number))) if number > 1 else LIST
        return Page(url or "", f"<div id=p></div><script>{script % number}</script>".encode(), UTF_8)

    assert address_of(find_next(page(1), site())) == absolute(LIST, address.replace("{n}", "2"))
    assert address_of(find_next(page(2), site())) == absolute(LIST, address.replace("{n}", "3"))
    assert isinstance(find_next(page(3), site()), ListEnd)
    assert read_pager(page(1), site()).said_pages == 3


def test_a_plugin_that_counts_from_0_ends_before_its_count() -> None:
    script = "$('#x').pagination(13,{items_per_page:5,current_page:%d,callback:function(i,box){location.href='/bdyw/z'+(i+1)+'/'}})"

    def following(number: int) -> Following:
        url = f"{LIST}z{number}/" if number > 1 else LIST
        return find_next(Page(url, f"<script>{script % (number - 1)}</script>".encode(), UTF_8), site())

    assert address_of(following(1)) == LIST + "z2/"
    assert address_of(following(2)) == LIST + "z3/"
    assert isinstance(following(3), ListEnd)


@pytest.mark.parametrize(
    "script",
    [
        "laypage.render({elem:'p',count:13,limit:5,curr:1,jump:function(obj){ask(obj.curr)}})",
        "laypage.render({elem:'p',count:13,limit:5,curr:1,jump:function(obj){location.href=base()+obj.curr}})",
        "tuner({pageCount:3,jump:function(n){location.href='/a/'+n}});tuner({pageCount:3,jump:function(n){location.href='/b/'+n}})",
    ],
    ids=["asks", "unknown", "two"],
)
def test_a_plugin_whose_address_is_not_certain_is_not_followed(script: str) -> None:
    assert isinstance(following_of(f"<div id=p></div><script>{script}</script>"), PagerUnread)


def test_a_function_among_settings_of_something_else_turns_no_page() -> None:
    script = "$('#t').bootstrapTable({pageSize:10,columns:[{field:'id',formatter:function(v){return '/q/'+v+'.html'}}]})"

    assert isinstance(following_of(f"<script>{script}</script>"), ListEnd)
