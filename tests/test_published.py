"""When an article was published: what is printed, what is declared, and which of them counts."""

import pytest

from archive import Article
from tests.test_pages_article import SITE, TEXT, URL
from zhijiang_spider.derive.article import ArticleParts, derive_article, read_part
from zhijiang_spider.pages import Page, explain_article, extract_article
from zhijiang_spider.pages.article.choice import Choice

READ_AT = "2024-03-10T04:00:00Z"


def page_of(row: str, head: str = "", read_at: str = READ_AT) -> Page:
    html = (
        f"{head}<title>澄河修桥_云汀网</title><h1>澄河修桥</h1><p>{row} 来源：云汀融媒</p><div>{TEXT}</div>"
    )
    return Page(URL, html.encode(), fetched_at=read_at)


def derived(page: Page) -> Article:
    return derive_article(ArticleParts("57", (read_part(page, SITE),)), SITE)


def published(page: Page) -> str:
    article = derived(page)
    return (article.published_at or article.published_on or "").removesuffix(":00+08:00").replace("T", " ")


def choice_of(page: Page) -> Choice:
    return next(choice for choice in explain_article(page, SITE)[1] if choice.field == "published")


@pytest.mark.parametrize(
    ("head", "row", "value"),
    [
        # a moment with its zone that is declared of the printed day tells the minute
        ("<meta property='article:published_time' content='2024-03-04T23:30:00Z'>", "2024年3月5日", "2024-03-05 07:30"),
        ('<script type="application/ld+json">{"datePublished": "2024-03-05T10:23:00+08:00"}</script>', "2024-03-05", "2024-03-05 10:23"),
        ("", '<time datetime="2024-03-05T10:23:00+08:00">2024年3月5日</time>', "2024-03-05 10:23"),
        ("", '<span data-time="1709605380">2024-03-05</span>', "2024-03-05 10:23"),
        ("", '<span data-timestamp="1709605380000">2024-03-05</span>', "2024-03-05 10:23"),
        # the names of China's government sites mean local time
        ("<meta name=PubDate content='2024-03-05 10:23'>", "2024-03-05", "2024-03-05 10:23"),
        ("<meta property='og:time' content='2024-03-05 10:23'>", "2024-03-05", "2024-03-05"),
        # no other day, no midnight, no printed time is overruled
        ("<meta name=pubdate content='2024-03-06T10:23:00+08:00'>", "2024-03-05", "2024-03-05"),
        ("<meta name=pubdate content='2024-03-04T16:00:00Z'>", "2024-03-05", "2024-03-05"),
        ("<meta name=pubdate content='2024-03-05T10:23:00+08:00'>", "2024-03-05 09:00", "2024-03-05 09:00"),
        ("", '<time datetime="2024-03-05T10:23:00+08:00">3月6日</time> 2024-03-05', "2024-03-05"),
        # nothing is printed
        ("<meta property='article:published_time' content='2024-03-04T23:30:00Z'>", "", "2024-03-05 07:30"),
        ("", '<span data-time="1709605380000"></span>', "2024-03-05 10:23"),
        ('<script>var page = {"publishTime": 1709605380000, "id": 57}</script>', "", "2024-03-05 10:23"),
        ('<script>var page = {pubDate: "2024-03-05 10:23:00"}</script>', "", "2024-03-05 10:23"),
        # several articles' times are nobody's
        ('<script>[{"publishTime": 1709605380}, {"publishTime": 1709600000}]</script>', "", ""),
        ('<script>var expire = "2031-01-31", build = "2023-01-31";</script>', "", ""),
    ],
)  # fmt: skip
def test_what_is_declared_beside_what_is_printed(head: str, row: str, value: str) -> None:
    assert published(page_of(row, head)) == value


@pytest.mark.parametrize(
    "head",
    [
        "<meta name=pubdate content='2031-01-31'>",
        '<script>var page = {publishTime: "2031-01-31 08:00:00"}</script>',
        '<script type="application/ld+json">{"datePublished": "2031-01-31T08:00:00+08:00"}</script>',
    ],
)
def test_a_declared_day_that_has_not_come_is_none_and_says_so(head: str) -> None:
    page = page_of("", head)
    assert published(page) == ""
    choice = choice_of(page)
    assert choice.value == ""
    assert [rule for rule, _ in choice.refused] == ["declared, but later than the page was read"]
    assert published(page_of("2024-03-05", head)) == "2024-03-05"
    assert published(page_of("", head, read_at="2031-02-01T00:00:00Z")).startswith("2031-01-31")


def test_explain_tells_the_declared_day_that_was_overruled() -> None:
    choice = choice_of(page_of("2024-03-05", "<meta name=pubdate content='2024-03-06 10:23'>"))
    assert (choice.value, choice.rule) == ("2024-03-05", "row by the title")
    assert [text for _, text in choice.refused] == ["2024-03-06 10:23"]


def test_hours_ago_are_counted_from_when_the_page_was_read() -> None:
    assert published(page_of("9小时前")) == "2024-03-10"
    assert published(page_of("13小时前")) == "2024-03-09"


def test_the_row_of_another_day_is_no_day_of_publication() -> None:
    assert published(page_of("活动时间：2024-03-09 09:00")) == ""
    assert published(page_of("活动时间：2024-03-09 09:00　发布时间：2024-03-05 10:23")) == "2024-03-05 10:23"
    assert published(page_of("公示时间：2024年3月5日至3月9日")) == ""


def test_a_later_day_behind_the_first_and_the_days_of_comments_are_none() -> None:
    row = "<a href=/1><time>2024年1月16日</time><time>2024年2月2日</time></a> <span>分类：</span><a href=/c>文化</a>"
    comments = (
        "<h2>加入对话</h2><p>2条评论</p><footer><b>江边人</b><time>2024年1月17日 上午8:10</time></footer>"
    )
    page = f"<title>澄河修桥</title><h1>澄河修桥</h1><div>{row}</div><div>{TEXT}</div>{comments}"
    assert extract_article(Page(URL, page.encode()), SITE).published_raw == "2024年1月16日"


def test_a_sentence_with_a_day_that_opens_a_list_is_no_row() -> None:
    first = "云汀县气象台2024年1月16日14时30分发布大风黄色预警信号："
    page = f"<title>发布预警</title><h1>发布预警</h1><p>2024-01-16 15:00</p><div><p>{first}</p>{TEXT}</div>"
    assert extract_article(Page(URL, page.encode()), SITE).paragraphs[0] == first
