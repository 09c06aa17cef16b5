"""Articles on several pages: which link is the next page of this very article."""

import pytest

from archive.model.article import Image
from zhijiang_spider.derive.article import PartMissing, next_address, read_part
from zhijiang_spider.items import ListAddress, ListEnd, NextPage, PagerUnread, RawArticle
from zhijiang_spider.pages.article.extract import extract_article
from zhijiang_spider.pages.article.multipage import join_parts
from zhijiang_spider.pages.article.next_part import WHOLE, next_part
from zhijiang_spider.pages.page import Page
from zhijiang_spider.sites.site import parse_site

SITE = parse_site(
    {
        "name": "yunting",
        "hosts": ["www.yunting.example"],
        "start_urls": ["http://www.yunting.example/"],
        "article_url": r"/a/(?P<id>\d+)(?:_\d+)?\.html",
    },
    "x.toml",
)
BASE = "http://www.yunting.example"


@pytest.mark.parametrize(
    ("url", "href", "label", "leads"),
    [
        ("/a/12.html", "12_2.html", "下一页", True),
        ("/a/12.html", "12_1.html", "下一页 >", True),
        ("/a/12_2.html", "12_3.html", "[下一页]", True),
        ("/a/12_2.html", "12_2.html", "下一页", False),
        ("/a/12_2.html", "12.html", "下一页", False),
        ("/a/12_2.html", "12_9.html", "下一页", False),
        ("/a/12.html", "13.html", "下一页", False),
        ("/a/12.html", "13.html", "下一篇", False),
        ("/a/12.html", "/list/2.html", "下一页", False),
        ("/a/12.html", "http://other.example/a/12_2.html", "下一页", False),
        ("/a/12.html", "javascript:void(0)", "下一页", False),
        ("/a/12.html", "/a/12.html?page=2", "下一页", True),
        ("/a/12.html?page=2", "/a/12.html?page=3", "Next", True),
        ("/a/12.html?page=2", "/a/12.html?page=2", "下一页", False),
        ("/a/12.html", "12_2.html", "2", False),
    ],
)
def test_only_the_next_page_of_this_article_counts(url: str, href: str, label: str, leads: bool) -> None:
    page = Page(BASE + url, f'<p>text</p><div><a href="{href}">{label}</a></div>'.encode())
    assert isinstance(next_part(page, SITE), NextPage) is leads


def test_pages_are_joined_in_order_and_lines_on_every_page_are_kept_once() -> None:
    one = RawArticle(url="1", title="题", paragraphs=("甲", "乙", "责编：苏木"), images=(Image("a", "", 1),))
    two = RawArticle(url="2", title="题", paragraphs=("丙", "责编：苏木"), images=(Image("b", "", 1),))
    whole = join_parts([one, two])
    assert whole.paragraphs == ("甲", "乙", "丙", "责编：苏木")
    assert [(image.url, image.paragraph) for image in whole.images] == [("a", 1), ("b", 3)]
    assert (whole.url, whole.parts) == ("1", 2)
    assert join_parts([one]).paragraphs == one.paragraphs


TRS = '<script>createPageHTML(3, {}, "t20240115_77", "shtml");</script>'


@pytest.mark.parametrize(
    ("url", "pager", "leads_to"),
    [
        # numbers alone: the page that is shown is no link, or links to other pages of this article stand beside
        ("/a/12.html", '<b>1</b> <a href="12_2.html">2</a> <a href="12_3.html">3</a>', "/a/12_2.html"),
        ("/a/12.html", '[1] <a href="12_1.html">[2]</a>', "/a/12_1.html"),
        ("/a/12_2.html", '<a href="12.html">1</a> 2 <a href="12_3.html">3</a>', "/a/12_3.html"),
        ("/a/12.html", '<ul><li class="on">1</li><li><a href="12_2.html">2</a></li></ul>', "/a/12_2.html"),
        ("/a/12_3.html", '<a href="12.html">1</a> <a href="12_2.html">2</a> <b>3</b>', ""),
        ("/show/1-12-1.html", '<a href="1-12-1.html">1</a> <a href="1-12-2.html">2</a>', "/show/1-12-2.html"),
        ("/a/12.html", '第<a href="/list/2.html">2</a> <a href="/list/3.html">3</a>页', ""),
        ("/a/12.html", '<a href="/a/2.html">2</a> <a href="/a/3.html">3</a>', ""),
        # the address stands in a script
        ("/a/12.html", """<a href="javascript:go('12_2.html')">下一页</a>""", "/a/12_2.html"),
        ("/a/12.html", """<a href="#" onclick="location.href='12_2.html'">下一页</a>""", "/a/12_2.html"),
        # a list to choose from
        (
            "/a/12.html",
            '<select><option value="12.html">1<option value="12_2.html">2</select>',
            "/a/12_2.html",
        ),
        # the rest, or all of it
        ("/a/12.html", '<a href="12_2.html">余下全文</a>', "/a/12_2.html"),
        ("/a/12.html", '<a href="12_all.html">阅读全文 &gt;&gt;</a>', "/a/12_all.html"),
        ("/a/12.html", '<a href="?all=1">在本页阅读全文</a>', "/a/12.html?all=1"),
        ("/a/12.html", '<a href="13_all.html">阅读全文</a>', ""),
        ("/a/12.html", '<a href="13.html">阅读全文</a>', ""),
        ("/a/12_all.html", '<a href="12_2.html">2</a> <a href="12_3.html">3</a>', ""),
        ("/a/12.html?all=1", '1 <a href="12.html?page=2">2</a>', ""),
        # TRS
        ("/a/t20240115_77.shtml", TRS.format(0), "/a/t20240115_77_1.shtml"),
        ("/a/t20240115_77_1.shtml", TRS.format(1), "/a/t20240115_77_2.shtml"),
        ("/a/t20240115_77_2.shtml", TRS.format(2), ""),
        ("/a/t20240115_78.shtml", TRS.format(0), ""),
        ("/a/t20240115_77.shtml", f"<script>// {TRS.format(0)[8:]}", ""),
    ],
)
def test_the_next_page_of_an_article_is_found_in_pagers_of_many_kinds(
    url: str, pager: str, leads_to: str
) -> None:
    following = next_part(Page(BASE + url, f"<p>text</p><div>{pager}</div>".encode()), SITE)
    assert (following.address.url if isinstance(following, NextPage) else "") == (
        leads_to and BASE + leads_to
    )


LINES = "".join(f"<p>云汀县第{number}座石桥修好了，村民们从桥上走过去看灯。</p>" for number in "一二三四五")


def article(pager: str, url: str = "/a/12.html") -> RawArticle:
    text = f"<h1>云汀县修好五座石桥</h1><p>2024-01-16 10:20 来源：云汀日报</p><div>{LINES}</div>{pager}"
    return extract_article(Page(BASE + url, f"<title>石桥</title><body>{text}".encode()), SITE)


@pytest.mark.parametrize(
    ("url", "pager"),
    [
        ("/a/12.html", "<div>共3页 上一页 1 2 3 下一页</div>"),
        ("/a/12.html", "<div>第1页/共3页 <a href='javascript:turn(2)'>下一页</a></div>"),
        ("/a/12.html", "<div>1/3页</div>"),
        ("/a/12.html", "<div>Page 1 of 3</div>"),
        (
            "/a/12.html",
            "<div><a href='javascript:turn(1)'>上一页</a> <a href='javascript:turn(2)'>下一页</a></div>",
        ),
        ("/a/12.html", "<ul><li>上一页<li><a href='#'>1</a><li><a href='#'>2</a><li>下一页</ul>"),
        ("/a/12_2.html", "<div>第2页 共3页 下一页</div>"),
    ],
)
def test_a_page_that_says_it_goes_on_in_no_way_that_is_known_is_not_understood(url: str, pager: str) -> None:
    read = article(pager, url)
    assert isinstance(read.following, PagerUnread)
    assert len(read.paragraphs) == 5


@pytest.mark.parametrize(
    ("url", "pager"),
    [
        ("/a/12.html", ""),
        ("/a/12.html", "<p>1/4</p>"),
        ("/a/12.html", "<div>上一页 1/8 下一页</div>"),
        ("/a/12.html", "<div>上一篇：<a href='11.html'>石桥</a> 下一篇：<a href='13.html'>水渠</a></div>"),
        ("/a/12.html", "<div><a href='11.html'>上一页</a> <a href='13.html'>下一页</a></div>"),
        ("/a/12.html", "<div>共1页 上一页 1 下一页</div>"),
        ("/a/12_3.html", "<div>第3页/共3页 <a href='12_2.html'>上一页</a> 下一页</div>"),
        ("/a/12.html", "<h3>网友评论</h3><div>共3页 上一页 1 2 3 下一页</div>"),
        ("/a/12.html", "<h3>相关新闻</h3><p>1/3页</p>"),
        ("/a/12.html", "<div>共9页 <a href='/list/2.html'>2</a> <a href='/list/3.html'>3</a> 下一页</div>"),
        ("/a/12.html", "<p>附件：云汀县石桥名录（共3页）</p>"),
    ],
)
def test_what_is_no_pager_of_the_article_does_not_make_it_go_on(url: str, pager: str) -> None:
    assert isinstance(article(pager, url).following, ListEnd)


def test_an_article_that_goes_on_unread_is_refused_and_never_a_part_of_itself() -> None:
    part = read_part(
        Page(
            f"{BASE}/a/12.html",
            f"<title>石桥</title><h1>云汀县修好五座石桥</h1><p>2024-01-16</p>{LINES}<p>1/3页</p>".encode(),
        ),
        SITE,
    )
    with pytest.raises(PartMissing, match="page 2 of the article: the page says that it is page 1 of 3"):
        next_address([part])


def test_the_whole_on_one_page_takes_the_place_of_its_teaser() -> None:
    whole = NextPage(ListAddress("2"), WHOLE)
    one = RawArticle(
        url="1", title="题", paragraphs=("甲", "乙……"), images=(Image("a", "", 1),), following=whole
    )
    two = RawArticle(url="2", title="题", paragraphs=("甲", "乙丙", "丁"), images=(Image("a", "", 1),))
    read = join_parts([one, two])
    assert (read.url, read.paragraphs, read.images) == ("1", two.paragraphs, two.images)
