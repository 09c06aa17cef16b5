"""A list that is sent on to the home page or to another section is not that section; other redirects are none."""

import pytest

from tests.crawled import Crawled, samples
from tests.newssite import Section

LIST = "/content/list?catid={}"


@pytest.fixture
def two(yunting: Crawled) -> Crawled:
    yunting.build(Section("101", "县域要闻", samples(2)), Section("102", "基层瞭望", samples(2, start=50)))
    return yunting


def sections_of_articles(crawled: Crawled) -> list[tuple[str, ...]]:
    return crawled.rows(
        "SELECT s.slug, l.key FROM listing l JOIN section s USING (section_id) WHERE s.kind = 'section'"
        " AND s.slug = '102' ORDER BY l.key"
    )


@pytest.mark.parametrize("target", ["/", LIST.format(101)])
@pytest.mark.parametrize("known", [True, False], ids=["known", "new"])
def test_a_list_that_arrives_at_another_list_is_a_failure(two: Crawled, target: str, known: bool) -> None:
    if known:
        two.crawl()
    before = sections_of_articles(two) if known else []
    two.site.put(LIST.format(102), "", status=302, Location=target)
    for options in ([], ["--section", "102"]) if known else ([],):
        told = two.crawl(*options, status=1).stderr
        assert f"redirected to {two.site.base_url}{target}, which is another list" in told
        assert (sections_of_articles(two) if known else []) == before
    assert two.rows("SELECT url FROM failure WHERE kind = 'section'") == [
        (two.site.base_url + LIST.format(102),)
    ]


@pytest.mark.parametrize(
    "target", [LIST.format(102) + "&from=menu", "/content/list/102.html", LIST.format(102) + "&PHPSESSID=a1"]
)
def test_a_list_at_a_new_address_of_its_own_is_read(two: Crawled, target: str) -> None:
    two.site.pages[target] = two.site.pages[LIST.format(102)]
    two.site.put(LIST.format(102), "", status=302, Location=target)
    two.crawl()
    assert sections_of_articles(two) == [("102", "50"), ("102", "51")]


@pytest.mark.parametrize("target", ["/index.html", "/home/", LIST.format(101)])
def test_the_home_page_may_be_anywhere(two: Crawled, target: str) -> None:
    two.site.pages.setdefault(target, two.site.pages["/"])
    two.site.put("/", "", status=302, Location=target)
    two.crawl()
    assert {"1", "2"} <= two.articles()


def test_a_page_behind_the_last_one_may_lead_home(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(2)))
    yunting.save_profile(pagination={"page_url": "/content/list?catid={id}&page={page}"})
    behind = LIST.format(101) + "&page=2"
    yunting.site.put(behind, "", status=302, Location="/")
    yunting.crawl()
    assert behind in yunting.site.paths()
    assert yunting.articles() == {"1", "2"}
