"""Articles on several pages: which link is the next page of this very article."""

import pytest

from archive.model.article import Image
from zhijiang_spider.items import RawArticle
from zhijiang_spider.pages.article.multipage import join_parts, next_part
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
    assert bool(next_part(page, SITE)) is leads


def test_pages_are_joined_in_order_and_lines_on_every_page_are_kept_once() -> None:
    one = RawArticle(url="1", title="题", paragraphs=("甲", "乙", "责编：苏木"), images=(Image("a", "", 1),))
    two = RawArticle(url="2", title="题", paragraphs=("丙", "责编：苏木"), images=(Image("b", "", 1),))
    whole = join_parts([one, two])
    assert whole.paragraphs == ("甲", "乙", "丙", "责编：苏木")
    assert [(image.url, image.paragraph) for image in whole.images] == [("a", 1), ("b", 3)]
    assert (whole.url, whole.parts) == ("1", 2)
    assert join_parts([one]).paragraphs == one.paragraphs
