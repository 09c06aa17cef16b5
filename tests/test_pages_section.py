"""What is read from a list page.  All pages, names and texts are invented."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.linear import MOST_GROWTH, growth
from zhijiang_spider.items import ListAddress, ListEntry, NextPage, SectionLink, SectionPage
from zhijiang_spider.pages.errors import LayoutChanged
from zhijiang_spider.pages.lists.section import extract_section_page
from zhijiang_spider.pages.page import Page
from zhijiang_spider.sites.site import Site, parse_site

HOME = "http://news.example.cn/"
LIST = HOME + "list?catid=12"


def site(**more: object) -> Site:
    data: dict[str, object] = {
        "name": "example",
        "title": "江口新闻网",
        "hosts": ["news.example.cn"],
        "start_urls": [HOME],
        "article_url": r"(?:/show\?(?:\w+=\w+&)*id=|/p/)(?P<id>\d+)",
        "section_url": r"/list\?.*\bcatid=(\d+)",
    }
    return parse_site(data | more, "example.toml")


def page_of(body: str, url: str = LIST, profile: Site | None = None, head: str = "") -> SectionPage:
    html = f"<html><head>{head}</head><body>{body}</body></html>"
    return extract_section_page(Page(url, html.encode(), "text/html; charset=utf-8"), profile or site())


def entries_of(body: str, profile: Site | None = None) -> list[tuple[str, str]]:
    return [(entry.title, entry.date_raw) for entry in page_of(body, profile=profile).entries]


def test_a_plain_list() -> None:
    body = """
    <div>当前位置：<a href="/">江口新闻网</a> &gt; <a href="/list?catid=12">乡镇动态</a></div>
    <ul>
      <li><a href="/show?catid=12&amp;id=301">柑橘园里开起现场会</a><span>2024-03-02</span></li>
      <li><a href="/show?catid=12&amp;id=300">老街修缮一新</a><span>2024-03-01</span></li>
    </ul>
    <a href="/list?catid=12&amp;page=2">下一页</a> <a href="/list?catid=15">视频</a>"""

    assert page_of(body) == SectionPage(
        url=LIST,
        name="乡镇动态",
        entries=(
            ListEntry(HOME + "show?catid=12&id=301", "柑橘园里开起现场会", "2024-03-02"),
            ListEntry(HOME + "show?catid=12&id=300", "老街修缮一新", "2024-03-01"),
        ),
        sections=(SectionLink(HOME + "list?catid=15", "视频"),),
        following=NextPage(ListAddress(HOME + "list?catid=12&page=2")),
    )


A, B = "春茶开采", "水厂扩建"
DATES = [
    # id, two articles as a list prints them, their dates
    ("after", '<li><a href="/p/1.html">{A}</a> 2024-03-02</li>', "2024-03-02"),
    ("before", '<li><i>2024-03-02</i><a href="/p/1.html">{A}</a></li>', "2024-03-02"),
    ("in-brackets", '<li><a href="/p/1.html">{A}</a>[2024-03-02]</li>', "2024-03-02"),
    ("in-full-width-brackets", '<li>【2024/03/02】<a href="/p/1.html">{A}</a></li>', "2024/03/02"),
    ("without-year", '<li><span>03-02</span><a href="/p/1.html">{A}</a></li>', "03-02"),
    ("without-year-in-brackets", '<li><a href="/p/1.html">{A}</a> (03/02)</li>', "03/02"),
    ("without-year-chinese", '<li><a href="/p/1.html">{A}</a> <em>3月2日</em></li>', "3月2日"),
    ("chinese", '<li><a href="/p/1.html">{A}</a><span>2024年3月2日</span></li>', "2024年3月2日"),
    (
        "with-time",
        '<li><a href="/p/1.html">{A}</a><span>2024-03-02 08:15:09</span></li>',
        "2024-03-02 08:15:09",
    ),
    ("short-with-time", '<li><a href="/p/1.html">{A}</a><span>03-02 08:15</span></li>', "03-02 08:15"),
    ("relative", '<li><a href="/p/1.html">{A}</a><span>3小时前</span></li>', "3小时前"),
    ("yesterday", '<li><a href="/p/1.html">{A}</a><span>昨天 08:15</span></li>', "昨天 08:15"),
    (
        "labelled",
        '<li><a href="/p/1.html">{A}</a><p>来源：本站 发布时间：2024-03-02 点击：9</p></li>',
        "2024-03-02",
    ),
    ("in-a-row", '<li><a href="/p/1.html">{A}</a><p>江口融媒 | 2024-03-02 | 阅读 31</p></li>', "2024-03-02"),
    ("in-link-own-span", '<li><a href="/p/1.html">{A}<span>2024-03-02</span></a></li>', "2024-03-02"),
    ("in-link-first", '<li><a href="/p/1.html"><em>03-02</em>{A}</a></li>', "03-02"),
    ("in-link-text", '<li><a href="/p/1.html">{A} [2024-03-02]</a></li>', "2024-03-02"),
    ("in-link-text-first", '<li><a href="/p/1.html">2024-03-02 {A}</a></li>', "2024-03-02"),
    ("in-link-card", '<a href="/p/1.html"><h3>{A}</h3><p>简介一段</p><p>2024-03-02</p></a>', "2024-03-02"),
    ("own-link", '<li><a href="/p/1.html">{A}</a> <a href="/p/1.html">2024-03-02</a></li>', "2024-03-02"),
    ("next-cell", '<tr><td>·</td><td><a href="/p/1.html">{A}</a></td><td>2024-03-02</td></tr>', "2024-03-02"),
    (
        "summary-between",
        '<li><h4><a href="/p/1.html">{A}</a></h4><p>3月1日，工人进场。</p><i>03-02</i></li>',
        "03-02",
    ),
    ("boxes", '<li><div><b>02</b><i>2024-03</i></div><a href="/p/1.html">{A}</a></li>', "2024-03-02"),
    (
        "boxes-month-first",
        '<li><b>03-02</b><i>2024</i><div><a href="/p/1.html">{A}</a></div></li>',
        "2024-03-02",
    ),
    ("split", '<li><a href="/p/1.html">{A}</a><p><b>2024</b>-<b>03-02</b></p></li>', "2024 - 03-02"),
    ("definition-list", '<dt><a href="/p/1.html">{A}</a></dt><dd>2024-03-02</dd>', "2024-03-02"),
    ("definition-list-before", '<dt>2024-03-02</dt><dd><a href="/p/1.html">{A}</a></dd>', "2024-03-02"),
    ("lines", '· <a href="/p/1.html">{A}</a> 2024-03-02<br>', "2024-03-02"),
    ("lines-before", '2024-03-02 <a href="/p/1.html">{A}</a><br>', "2024-03-02"),
    (
        "in-a-deep-card",
        '<div><div><p><a href="/p/1.html">{A}</a></p></div><div><i>03-02</i></div></div>',
        "03-02",
    ),
    ("none", '<li><a href="/p/1.html">{A}</a><p>去年今日</p></li>', ""),
    ("not-of-a-summary", '<li><a href="/p/1.html">{A}</a><p>自2024年3月1日起，新规施行。</p></li>', ""),
    ("not-a-score", '<li><a href="/p/1.html">{A}</a> 主队3比2胜</li>', ""),
    ("not-impossible", '<li><a href="/p/1.html">{A}</a> <span>13-45</span></li>', ""),
]


@pytest.mark.parametrize(("row", "expected"), [row[1:] for row in DATES], ids=[row[0] for row in DATES])
def test_the_date_beside_a_link(row: str, expected: str) -> None:
    """A date is read wherever a list prints it, belongs to its own article, and is no part of the title."""
    first = row.replace("{A}", A)
    second = (
        row.replace("{A}", B)
        .replace("/p/1.", "/p/2.")
        .replace("-02", "-05")
        .replace("<b>02", "<b>05")
        .replace("/02", "/05")
        .replace("3月2日", "3月5日")
    )
    wrap = {"<tr": "table", "<dt": "dl", "<li": "ul"}.get(row[:3], "div")

    found = entries_of(f"<{wrap}>{first}{second}</{wrap}>")

    if expected.startswith(("昨天", "3小时")):
        assert found == [(A, expected), (B, expected)]
    else:
        second_date = expected.replace("-02", "-05").replace("/02", "/05").replace("3月2日", "3月5日")
        assert found == [(A, expected), (B, second_date)]


def test_the_only_article_of_a_page_has_its_own_date() -> None:
    body = """<div>今天是2024年3月9日 星期六</div><div class="box"><ul>
    <li><a href="/p/1.html">春茶开采</a><span>2024-03-02</span></li></ul></div><div>版权 2024-01-01</div>"""

    assert entries_of(body) == [("春茶开采", "2024-03-02")]


TITLES = [
    ("whitespace", '<a href="/p/1.html">\n 春茶\u3000开采&nbsp; </a>', "春茶 开采"),
    ("bullet", '<a href="/p/1.html">· 春茶开采</a>', "春茶开采"),
    ("inline-markup", '<a href="/p/1.html">春茶<font color="red">开采</font></a>', "春茶开采"),
    ("line-break", '<a href="/p/1.html">春茶<br>开采</a>', "春茶 开采"),
    ("comment", '<a href="/p/1.html"><!-- a -->春茶<!-- b -->开采</a>', "春茶开采"),
    ("cut", '<a href="/p/1.html" title="春茶开采正当时">春茶开采…</a>', "春茶开采正当时"),
    ("cut-by-dots", '<a href="/p/1.html" title="春茶开采正当时">春茶开采...</a>', "春茶开采正当时"),
    ("cut-silently", '<a href="/p/1.html" title="春茶开采正当时">春茶开采</a>', "春茶开采正当时"),
    ("cut-for-good", '<a href="/p/1.html">春茶开采...</a>', "春茶开采..."),
    ("not-cut", '<a href="/p/1.html" title="点击查看">春茶开采</a>', "春茶开采"),
    ("not-longer", '<a href="/p/1.html" title="春茶开采 - 江口新闻网">春茶开采</a>', "春茶开采"),
    (
        "labelled-attribute",
        '<a href="/p/1.html" title="作者：admin&#10;文章标题：春茶开采正当时&#10;更新：2024-3-2">春茶开采…</a>',
        "春茶开采正当时",
    ),
    (
        "picture-first",
        '<a href="/p/1.html"><img src="a.jpg" alt="图"></a><a href="/p/1.html">春茶开采</a>',
        "春茶开采",
    ),
    ("picture-title", '<a href="/p/1.html" title="春茶开采"><img src="a.jpg"></a>', "春茶开采"),
    ("picture-alt", '<a href="/p/1.html"><img src="a.jpg" alt="春茶开采"></a>', "春茶开采"),
    ("picture-alone", '<a href="/p/1.html"><img src="a.jpg" alt="图片"></a>', ""),
    ("more-first", '<a href="/p/1.html">[详细]</a><a href="/p/1.html">春茶开采</a>', "春茶开采"),
    (
        "more-last",
        '<a href="/p/1.html">春茶开采</a>一段简介<a href="/p/1.html">查看全文 &gt;&gt;</a>',
        "春茶开采",
    ),
    ("comments", '<a href="/p/1.html">12评论</a><a href="/p/1.html">春茶开采</a>', "春茶开采"),
    (
        "cut-then-full",
        '<a href="/p/1.html">春茶开…</a><a href="/p/1.html">春茶开采正当时</a>',
        "春茶开采正当时",
    ),
    (
        "summary-link",
        '<a href="/p/1.html">春茶开采</a><a href="/p/1.html">春茶开采的季节，茶农忙碌。</a>',
        "春茶开采",
    ),
    (
        "card",
        '<a href="/p/1.html"><div><img alt="x"></div><h3>春茶开采</h3><p>茶农忙碌。</p></a>',
        "春茶开采",
    ),
    ("card-without-heading", '<a href="/p/1.html"><div>春茶开采</div><div>茶农忙碌。</div></a>', "春茶开采"),
    ("date-in-title", '<a href="/p/1.html">3月2日春茶开采</a><i>2024-03-02</i>', "3月2日春茶开采"),
    ("styled-date-in-title", '<a href="/p/1.html"><b>3月2日</b>春茶开采</a>', "3月2日春茶开采"),
    (
        "date-ends-title",
        '<a href="/p/1.html">春茶公告（2024年3月2日）</a><i>03-05</i>',
        "春茶公告（2024年3月2日）",
    ),
    ("uppercase", '<A HREF="/p/1.html" TITLE="春茶开采正当时">春茶开采…</A>', "春茶开采正当时"),
    ("script-in-link", '<a href="/p/1.html"><script>x()</script>春茶开采</a>', "春茶开采"),
]


@pytest.mark.parametrize(("body", "expected"), [row[1:] for row in TITLES], ids=[row[0] for row in TITLES])
def test_the_title_of_a_link(body: str, expected: str) -> None:
    assert [title for title, _ in entries_of(f"<div>{body}</div>")] == [expected]


def test_each_article_is_one_entry_at_its_first_place() -> None:
    body = """<a href="/show?catid=9&amp;id=7"><img src="x.jpg"></a>
    <ul><li><a href="/p/8.html">水厂扩建</a> 2024-03-05</li>
    <li><a href="/show?catid=12&amp;id=7#top">春茶开采</a> 2024-03-02</li></ul>"""

    assert page_of(body).entries == (
        ListEntry(HOME + "show?catid=9&id=7", "春茶开采", "2024-03-02"),
        ListEntry(HOME + "p/8.html", "水厂扩建", "2024-03-05"),
    )


def test_links_are_read_as_browsers_read_them() -> None:
    body = """<a href=" p/1.html
    ">甲乙</a><a href="p\\2.html#c">丙丁</a><a href="javascript:open('/p/3.html')">戊</a>
    <a href="mailto:p/4.html@example.cn">己</a><a name="p/5.html">庚</a><a href="http://[x/p/6.html">辛</a>"""

    found = page_of(body, head='<base href="/old/">').entries

    assert [entry.url for entry in found] == [HOME + "old/p/1.html", HOME + "old/p/2.html", HOME + "p/3.html"]


def test_links_to_other_hosts_are_no_articles() -> None:
    """A hijacked mirror serves the same addresses under another name."""
    body = """<a href="http://mirror.example.net/show?catid=12&amp;id=1">春茶开采</a>
    <a href="http://mirror.example.net/list?catid=3">乡镇</a>"""

    with pytest.raises(LayoutChanged):
        page_of(body)


def test_skipped_addresses_are_no_articles() -> None:
    profile = site(skip_url=["[?&]print=1"])
    body = '<a href="/p/1.html?print=1">打印</a><a href="/p/2.html">水厂扩建</a>'

    assert [title for title, _ in entries_of(body, profile)] == ["水厂扩建"]


def test_the_profile_can_say_where_the_entries_are() -> None:
    profile = site(selectors={"entries": "ul.main li"})
    body = """<div><a href="/p/9.html">热点</a></div>
    <ul class="main"><li><a href="/p/1.html">春茶开采</a></li><li><a href="/p/2.html">水厂扩建</a></li></ul>"""

    assert [title for title, _ in entries_of(body, profile)] == ["春茶开采", "水厂扩建"]
    with pytest.raises(LayoutChanged, match=r"entries"):
        page_of('<a href="/p/9.html">热点</a>', profile=profile)


def test_sections_are_those_of_other_slugs_each_once() -> None:
    body = """<a href="/p/1.html">春茶开采</a>
    <a href="/list?catid=12&amp;page=2">2</a> <a href="/list?catid=3"><img src="x.png" alt="图"></a>
    <a href="/list?catid=3">乡镇</a> <a href="/list?catid=4">更多&gt;&gt;</a> <a href="/list?catid=5">MORE +</a>
    <a href="/list?catid=3">更多</a> <a href="/list?catid=6"> · 视频 </a>"""

    assert page_of(body).sections == (
        SectionLink(HOME + "list?catid=3", "乡镇"),
        SectionLink(HOME + "list?catid=4", ""),
        SectionLink(HOME + "list?catid=5", ""),
        SectionLink(HOME + "list?catid=6", "视频"),
    )


NAMES = [
    ("breadcrumb", "<p>当前位置：<a>首页</a>&gt;<a>乡镇动态</a></p>", "", "乡镇动态"),
    ("breadcrumb-your", "<p>您的位置: 首页 » 新闻 » 乡镇动态</p>", "", "乡镇动态"),
    ("breadcrumb-now", "<p>您现在的位置：<a>首页</a>-&gt;<b>乡镇动态</b></p>", "", "乡镇动态"),
    ("breadcrumb-list", "<p>所在位置：<a>首页</a> / <a>乡镇动态</a> / 列表</p>", "", "乡镇动态"),
    ("breadcrumb-body", "<p><b>当前位置</b>：<a>首页</a> &gt; <a>乡镇动态</a> &gt; 正文</p>", "", "乡镇动态"),
    (
        "breadcrumb-own-box",
        "<div><div>当前位置：</div><div><a>首页</a><a>乡镇动态</a></div></div>",
        "",
        "乡镇动态",
    ),
    ("breadcrumb-over-title", "<p>当前位置：首页 &gt; 乡镇动态</p>", "<title>列表_江口</title>", "乡镇动态"),
    ("heading", "<h1>江口新闻网</h1><h2>乡镇动态</h2>", "<title>乡镇动态 - 江口新闻网</title>", "乡镇动态"),
    ("heading-not-in-title", "<h2>热门</h2>", "<title>乡镇动态_江口新闻网</title>", "乡镇动态"),
    ("title", "", "<title>乡镇动态-江口新闻网</title>", "乡镇动态"),
    ("title-second-page", "", "<title>第2页_乡镇动态_江口新闻网</title>", "乡镇动态"),
    ("title-alone", "", "<title>乡镇动态</title>", "乡镇动态"),
    ("title-of-the-site", "", "<title>江口新闻网</title>", ""),
    ("title-too-long", "", f"<title>{'长' * 60}</title>", ""),
    ("nothing", "", "", ""),
]


@pytest.mark.parametrize(
    ("body", "head", "expected"), [row[1:] for row in NAMES], ids=[row[0] for row in NAMES]
)
def test_the_name_of_a_page(body: str, head: str, expected: str) -> None:
    assert page_of(body + '<a href="/p/1.html">春茶开采</a>', head=head).name == expected


def test_the_profile_names_sections() -> None:
    profile = site(sections={"12": "镇村"})

    assert page_of('<p>当前位置：首页 > 乡镇</p><a href="/p/1.html">甲</a>', profile=profile).name == "镇村"


def test_a_page_without_articles_is_a_changed_layout() -> None:
    with pytest.raises(LayoutChanged, match=r"article_url") as raised:
        page_of("<h1>维护中</h1>")

    assert LIST in str(raised.value)


def test_a_home_page_may_only_lead_to_sections() -> None:
    body = '<a href="/list?catid=3">乡镇</a>'

    assert page_of(body, HOME).sections == (SectionLink(HOME + "list?catid=3", "乡镇"),)
    with pytest.raises(LayoutChanged):
        page_of(body, HOME + "about")
    with pytest.raises(LayoutChanged):
        page_of("<p>维护中</p>", HOME)


def test_a_start_page_that_is_a_section_needs_articles() -> None:
    with pytest.raises(LayoutChanged):
        page_of('<a href="/list?catid=3">乡镇</a>', LIST, site(start_urls=[LIST]))


def test_a_page_in_gbk_with_uppercase_tags_and_tables() -> None:
    html = """<HTML><HEAD><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=gb2312">
    <TITLE>乡镇动态</TITLE></HEAD><BODY><TABLE><TR><TD><FONT>·</FONT></TD>
    <TD><A HREF="/p/1.html">春茶开采</A></TD><TD>[03-02]</TD></TR>
    <TR><TD><A HREF="/p/2.html">水厂扩建</A></TD><TD>[03-01]</TD></TR></TABLE>
    <A HREF="/list?catid=12&page=2">下一页</A></BODY></HTML>"""
    page = extract_section_page(Page(LIST, html.encode("gbk"), "text/html"), site())

    assert [(entry.title, entry.date_raw) for entry in page.entries] == [
        ("春茶开采", "03-02"),
        ("水厂扩建", "03-01"),
    ]
    assert (page.name, page.next_url) == ("乡镇动态", LIST + "&page=2")


PIECES = ["<a href='/p/1.html'>", "<a href='/p/2.html' title='甲…'>", "<a href='/list?catid=3'>", "</a>", "<li>", "<td>",
          "甲乙…", "2024-03-02", "03-02", "<br>", "<dl><dt>", "<dd>", "当前位置：", "下一页", "<b>1</b>", "<!--", "-->",
          "<script>", "</script>", "<base href='http://[x'>", "<title>甲_乙</title>", "&nbsp;", "\u3000"]  # fmt: skip


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_any_page_is_read_or_refused(html: str) -> None:
    """Whatever a page holds, it gives entries of this site, each once, or LayoutChanged."""
    profile = site()
    try:
        page = extract_section_page(Page(LIST, html.encode("utf-8", "replace")), profile)
    except LayoutChanged:
        return
    keys = [profile.article_key(entry.url) for entry in page.entries]
    assert keys
    assert None not in keys
    assert len(keys) == len(set(keys))
    assert all(entry.title == " ".join(entry.title.split()) for entry in page.entries)


LINK = '<a href="/p/1.html">'
# id: (a page of so many pieces, the smaller of the two sizes that are compared)
HOSTILE: dict[str, tuple[Callable[[int], str], int]] = {
    "items": (
        lambda n: "".join(f'<li><a href="/p/{k}.html">标题{k}</a> <i>2024-03-02</i></li>' for k in range(n)),
        500,
    ),
    "lines": (
        lambda n: "".join(f'<a href="/p/{k}.html">标题{k}</a> 2024-03-02<br>' for k in range(n)),
        500,
    ),
    "nested": (lambda n: f"<div>{LINK}春茶</a>" * n, 250),
    "one-article": (lambda n: f"<li>{LINK}春茶</a>" * n, 250),
    "deep-link": (lambda n: LINK + "<b>2024" * n, 5_000),
    "links-in-links": (lambda n: f"<div>{LINK}" * n, 300),  # a link is read no further than 400 elements
    "almost-dates": (lambda n: f"{LINK}春</a>" + "<i>2024-03-0</i> " * n, 5_000),
    "long-text": (lambda n: f"{LINK}春</a><p>" + "2024 - " * n, 20_000),
    "breadcrumbs": (lambda n: "<p>当前位置</p>" * n + f"{LINK}春</a>", 4_000),
}


@pytest.mark.parametrize(("body", "size"), HOSTILE.values(), ids=HOSTILE)
def test_the_work_on_large_and_hostile_pages_grows_as_they_do(body: Callable[[int], str], size: int) -> None:
    profile = site()

    def parsed(pieces: int) -> Page:
        page = Page(LIST, f"<html><head></head><body>{body(pieces)}</body></html>".encode())
        assert page.selector is not None  # parsed here: the parser's time is not ours
        return page

    assert growth(parsed, lambda page: extract_section_page(page, profile), size) <= MOST_GROWTH
