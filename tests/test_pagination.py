"""The next page of a list, in every way that pages offer one.  All pages and addresses are invented."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.linear import MOST_GROWTH, growth
from zhijiang_spider.items import Following, NextPage
from zhijiang_spider.pages.links import absolute
from zhijiang_spider.pages.lists.next_page import find_next
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


WORDS = ["下一页", "上一页", "1", "2", "3", "<a href='l_2.html'>", "<a href=l_3.html>", "</a>", "<b>", "</b>", "<li>",
         "<script>var totalPage=3;", "createPageHTML(3,0,'index','html')", "</script>", "»", "<a onclick='go2(2)'>",
         "<select><option value='a.html'>", "共9页", "<base href='//x'>", "<!--", "-->"]  # fmt: skip


@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS)).map("".join)))
def test_any_markup_gives_an_allowed_other_page_or_none(html: str) -> None:
    """Whatever a page holds, the answer is a page of the site that is not the page itself, or None."""
    profile = site()
    found = address_of(find_next(Page(LIST, (html or " ").encode(), UTF_8), profile))

    assert found is None or (profile.allows(found) and found != LIST)


# id: (a page of so many pieces, the smaller of the two sizes that are compared)
HOSTILE: dict[str, tuple[Callable[[int], str], int]] = {
    "numbers": (lambda n: "<b>1</b>" + "".join(f"<a href='l_{k}.html'>{k}</a> " for k in range(2, n)), 2_500),
    "numbers-by-script": (lambda n: "".join(f"<span onclick='f({k})'>{k}</span> " for k in range(n)), 1_500),
    "nested": (lambda n: "<div><a href='javascript:f(2)'>" * n, 2_500),
    "nested-without-text": (lambda n: "<span>" * n, 400),
    "pieces": (lambda n: "<script>" + "'a_'+" * n + "</script>", 25_000),
    "calls": (lambda n: "<script>" + "createPageHTML( " * n + "</script>", 12_500),
    "variables": (lambda n: "<script>" + "countPage = " * n + "</script>", 12_500),
    "deep": (lambda n: "<li>1<ul>" * n, 2_500),
}


@pytest.mark.parametrize(("page", "size"), HOSTILE.values(), ids=HOSTILE)
def test_the_work_on_hostile_pages_grows_as_they_do(page: Callable[[int], str], size: int) -> None:
    profile = site()

    def parsed(pieces: int) -> Page:
        made = Page(LIST, f"<html><body>{page(pieces)}</body></html>".encode(), UTF_8)
        assert made.selector is not None  # parsed here: the parser's time is not ours
        return made

    assert growth(parsed, lambda listed: find_next(listed, profile), size) <= MOST_GROWTH
