"""What a crawl could not read the next ones ask for again, until it is read or given up; each of the two is said."""

import pytest

from archive.store.plan import MAX_ATTEMPTS
from tests.crawled import Crawled
from tests.newssite import Reply
from tests.test_against_itself import MAINTENANCE, SHOW, news, publish, show_instead, titles

NOTICE = "<title>系统维护中</title><h1>系统维护中</h1><p>系统维护中，请稍后再访问。</p>"
BROKEN = {
    "an error": Reply(b"", 500),
    "a notice": Reply(NOTICE.encode(), 200, {"Content-Type": "text/html; charset=utf-8"}),
    "no such page": Reply(b"", 404),
}


def status(yunting: Crawled) -> str:
    return yunting.run("status", "--archive", yunting.archive).stdout


def shown(yunting: Crawled, number: int) -> Reply:
    reply = yunting.site.pages[SHOW.format(number)]
    assert isinstance(reply, Reply)
    return reply


def keys(yunting: Crawled) -> set[str]:
    """Return the numbers of the articles that the last crawl asked for."""
    return {path.rpartition("=")[2] for path in yunting.asked_articles()}


@pytest.mark.parametrize("reply", BROKEN.values(), ids=BROKEN)
def test_archived_articles_that_could_not_be_read_are_asked_for_by_the_next_crawl(
    yunting: Crawled, reply: Reply
) -> None:
    yunting.profile["recheck"] = {"budget": 1}
    publish(yunting, news(5))
    yunting.crawl()
    yunting.crawl()
    assert keys(yunting) == set()  # they are old: no recheck is due
    for number in range(1, 6):
        yunting.site.pages[SHOW.format(number)] = reply
    yunting.crawl("--full", status=1)
    yunting.crawl(status=1)
    assert keys(yunting) == {"1", "2", "3", "4", "5"}
    assert "Last crawl: 5 " in status(yunting)
    publish(yunting, news(5))
    yunting.crawl()
    assert keys(yunting) == {"1", "2", "3", "4", "5"}
    assert "All is well." in status(yunting)
    yunting.crawl()
    assert keys(yunting) == set()


def test_a_crawl_of_another_section_does_not_make_them_well(yunting: Crawled) -> None:
    publish(yunting, news(2))
    yunting.crawl()
    yunting.site.put(SHOW.format(1), "坏", status=500)
    yunting.crawl("--full", status=1)
    yunting.crawl("--section", "101", "--since", "2030-01-01")
    assert "! 1 article that earlier crawls could not read was not asked for by the last one" in status(
        yunting
    )
    assert "All is well." not in status(yunting)


def test_an_archived_article_is_given_up_and_has_its_times_again(yunting: Crawled) -> None:
    publish(yunting, news(2))
    yunting.crawl()
    yunting.site.put(SHOW.format(1), "坏", status=500)
    yunting.crawl("--full", status=1)
    for _ in range(MAX_ATTEMPTS - 2):
        assert yunting.crawl(status=1).stderr == ""
        assert keys(yunting) == {"1"}
    told = yunting.crawl(status=1).stderr
    assert f"1 article failed in {MAX_ATTEMPTS} crawls and is given up, such as http://" in told
    assert "The next crawls ask again" not in told
    assert yunting.crawl().stderr == ""
    assert keys(yunting) == set()
    said = status(yunting)
    assert f"\n1 archived article could not be read again in {MAX_ATTEMPTS} crawls, such as http://" in said
    assert "All is well." in said
    assert "no longer asked for" not in said
    publish(yunting, news(2))
    yunting.crawl("--full")
    assert "All is well." in status(yunting)


def test_a_deleted_article_that_the_home_page_links_is_given_up(yunting: Crawled) -> None:
    publish(yunting, news(2))
    home = shown_home(yunting)
    yunting.site.put("/", f'{home}<a href="{SHOW.format(77)}">云汀县已经撤下的一篇</a>')
    for night in range(MAX_ATTEMPTS):
        said = yunting.crawl(status=1).stderr
        assert ("newsid=77: HTTP 404" in said) is (night in (0, MAX_ATTEMPTS - 1))
        assert ("is given up" in said) is (night == MAX_ATTEMPTS - 1)
    assert "is given up" in status(yunting)
    assert "said once" not in status(yunting)
    for _ in range(2):
        assert yunting.crawl().stderr == ""
        assert keys(yunting) == set()
    told = yunting.run("status", "--archive", yunting.archive)
    assert told.returncode == 0
    assert f"\n1 article failed in {MAX_ATTEMPTS} crawls and is no longer asked for" in told.stdout
    assert "newsid=77: HTTP 404; zhijiang crawl --full --site" in told.stdout


def shown_home(yunting: Crawled) -> str:
    home = yunting.site.pages["/"]
    assert isinstance(home, Reply)
    return home.body.decode()


def test_what_is_held_back_is_looked_at_by_the_next_crawl(yunting: Crawled) -> None:
    publish(yunting, news(5))
    yunting.crawl()
    before = titles(yunting)
    show_instead(yunting, MAINTENANCE, 1, 2, 3, 4, 5)
    told = yunting.crawl("--full", status=1).stderr
    assert "the next crawls ask again, and end this when the site shows something else" in told
    yunting.crawl(status=1)
    assert keys(yunting) == {"1", "2", "3", "4", "5"}
    publish(yunting, news(5))
    yunting.crawl()
    assert titles(yunting) == before
    assert "All is well." in status(yunting)
    yunting.crawl()
    assert keys(yunting) == set()
