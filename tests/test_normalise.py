"""RawArticle → Article, SectionPage → Listing."""

from dataclasses import replace
from typing import Any

import pytest

from archive import Article, Attachment, Image, Kind
from archive.model.article import MediaType
from archive.model.crawl import SectionKind
from zhijiang_spider.derive.normalise import normalise_article, normalise_listing
from zhijiang_spider.items import ListEntry, RawArticle, SectionPage
from zhijiang_spider.sites.site import parse_site

SITE = parse_site(
    {
        "name": "yunting",
        "hosts": ["www.yunting.example"],
        "start_urls": ["http://www.yunting.example/"],
        "article_url": r"newsid=(\d+)",
        "section_url": r"catid=(\d+)$",
        "sections": {"9": "专题"},
    },
    "yunting.toml",
)
RAW = RawArticle(
    url="http://www.yunting.example/show?newsid=5",
    title=" 桥头镇新修水渠通水 ",
    breadcrumb=("云汀网", "要闻"),
    section="要闻",
    header="发布时间：2024-01-16 来源：云汀融媒",
    published_raw="2024-01-16",
    source_raw="云汀融媒",
    paragraphs=(
        "1月15日，桥头镇新修水渠通水。",
        "村民都来看水。",
        "记者丨闻小满 苏木",
        "一审丨乔安 二审丨纪朗",
        "三审丨卫青禾",
    ),
    images=(
        Image("http://www.yunting.example/1.jpg", "水渠", 1),
        Image("http://www.yunting.example/2.jpg", "", 5),
    ),
)


def normalised(raw: RawArticle) -> Article:
    return normalise_article(raw, SITE, key="5", fetched_at="2024-01-17T00:30:00Z")


def test_credit_lines_leave_the_body_and_stay_verbatim() -> None:
    article = normalised(RAW)
    assert article.body == ("1月15日，桥头镇新修水渠通水。", "村民都来看水。")
    assert article.credit_line.endswith("记者丨闻小满 苏木\n一审丨乔安 二审丨纪朗\n三审丨卫青禾")
    read = [(c.role.value, c.name) for c in article.credits if c.role.value != "来源"]
    assert read == [
        ("记者", "闻小满"),
        ("记者", "苏木"),
        ("一审", "乔安"),
        ("二审", "纪朗"),
        ("三审", "卫青禾"),
    ]


def test_pictures_keep_their_place_among_the_paragraphs_that_are_left() -> None:
    assert [image.paragraph for image in normalised(RAW).images] == [1, 2]


def test_a_date_without_a_time_gives_a_day_and_no_moment() -> None:
    article = normalised(RAW)
    assert (article.published_on, article.published_at) == ("2024-01-16", None)


def test_a_date_with_a_time_is_local() -> None:
    article = normalised(_with(published_raw="2024-05-01 07:30"))
    assert article.published_on == "2024-05-01"
    assert article.published_at == "2024-05-01T07:30:00+08:00"


def test_a_day_without_a_year_is_read_from_the_day_of_the_fetch() -> None:
    assert normalised(_with(published_raw="12-31 08:00")).published_on == "2023-12-31"


def test_a_date_that_cannot_be_read_keeps_its_print() -> None:
    article = normalised(_with(published_raw="2024-13-45"))
    assert (article.published_raw, article.published_on) == ("2024-13-45", None)


def test_characters_no_file_can_hold_are_dropped() -> None:
    article = normalised(_with(title="水\x00渠\ud800通水", paragraphs=("正\x0b文。",)))
    assert (article.title, article.body) == ("水渠通水", ("正文。",))


def test_a_list_page_keeps_the_print_and_reads_the_dates() -> None:
    page = SectionPage(
        url="http://www.yunting.example/list?catid=9",
        name="别名",
        entries=(ListEntry("http://www.yunting.example/show?newsid=5", " 水渠\n通水 ", "[01-16]"),),
    )
    listing = normalise_listing(page, SITE, slug="9", number=2, fetched_at="2024-01-17T00:30:00Z")
    assert (listing.name, listing.kind, listing.number) == ("专题", SectionKind.SECTION, 2)
    (entry,) = listing.entries
    assert (entry.key, entry.title, entry.date_raw, entry.date_on) == (
        "5",
        "水渠 通水",
        "[01-16]",
        "2024-01-16",
    )


@pytest.mark.parametrize(
    ("url", "kind"),
    [("http://www.yunting.example/", "start"), ("http://www.yunting.example/?catid=1", "section")],
)
def test_a_home_page_is_no_section(url: str, kind: str) -> None:
    listing = normalise_listing(
        SectionPage(url=url), SITE, slug="x", number=1, fetched_at="2024-01-17T00:30:00Z"
    )
    assert listing.kind == kind


def _with(**changes: object) -> RawArticle:
    return replace(RAW, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, Kind.TEXT),
        ({"is_newspaper": True, "attachments": (Attachment("http://x/1.mp4", MediaType.VIDEO),)}, Kind.NEWSPAPER),
        ({"attachments": (Attachment("http://x/1.mp4", MediaType.VIDEO),)}, Kind.VIDEO),
        ({"attachments": (Attachment("http://x/1.mp3", MediaType.AUDIO),)}, Kind.AUDIO),
        ({"attachments": (Attachment("http://x/1.pdf", MediaType.FILE),)}, Kind.FILE),
        ({"attachments": (Attachment("http://x/1.mp4", MediaType.VIDEO),), "paragraphs": ("水渠通水。" * 60,)}, Kind.TEXT),
        ({"images": (Image("http://x/1.jpg"),) * 3}, Kind.GALLERY),
        ({"images": (Image("http://x/1.jpg"),) * 3, "paragraphs": ("水渠通水。" * 60,)}, Kind.TEXT),
    ],
)  # fmt: skip
def test_what_an_article_mainly_is(changes: dict[str, Any], kind: Kind) -> None:
    assert normalised(replace(RAW, **changes)).kind is kind


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("讣　告", "讣告"),
        ("公 告", "公告"),
        ("通\u3000\u3000知", "通知"),
        ("简 讯 两 则", "简讯两则"),
        ("桥 梁通车", "桥 梁通车"),
        ("水渠 通水", "水渠 通水"),
        ("公 告 A", "公 告 A"),
        ("雪", "雪"),
    ],
)
def test_a_title_of_single_characters_set_apart_is_one_word(printed: str, title: str) -> None:
    assert normalised(replace(RAW, title=printed)).title == title
    page = SectionPage(
        url="http://www.yunting.example/list?catid=9",
        name="专题",
        entries=(ListEntry("http://www.yunting.example/show?newsid=5", printed, ""),),
    )
    listing = normalise_listing(page, SITE, slug="9", number=1, fetched_at="2024-01-17T00:30:00Z")
    assert listing.entries[0].title == title
