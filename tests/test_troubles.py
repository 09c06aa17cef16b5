"""What is wrong, since when, and what is told of it on which night."""

import copy
import json
from datetime import UTC, datetime, timedelta

from archive import Archive
from archive.model.trouble import Trouble, TroubleKind
from archive.store.crawls import begin_crawl
from archive.store.troubles import record_troubles, since_when
from archive.times import beijing_minute
from tests.crawled import Crawled, samples
from tests.newssite import Section

FIRST = datetime(2024, 3, 1, 18, tzinfo=UTC)
LIST = Trouble(TroubleKind.LIST, "1 list page failed, http://a", ("http://a",))


class Nights:
    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def __call__(self, night: float, *troubles: Trouble, whole: bool = True) -> list[tuple[str, bool]]:
        """Return of each trouble whether it is new, and whether it is due."""
        crawl = begin_crawl(self.archive, "yunting", software="test", options={})
        now = FIRST + timedelta(days=night)
        found = record_troubles(self.archive, "yunting", crawl, troubles, now=now, whole=whole)
        return [("new" if not standing.since else "old", standing.due) for standing in found]

    def standing(self) -> list[tuple[str, str]]:
        rows = self.archive.connection.execute("SELECT kind, about FROM trouble ORDER BY 1, 2")
        return [tuple(row) for row in rows]


def test_what_lasts_is_told_once_a_week(archive: Archive) -> None:
    nights = Nights(archive)
    due = [nights(night, LIST)[0][1] for night in range(16)]
    assert [night for night, told in enumerate(due) if told] == [0, 7, 14]


def test_since_when_it_lasts_is_known_of_each_site(archive: Archive) -> None:
    nights = Nights(archive)
    nights(1, LIST)
    nights(2, LIST)
    archive.connection.execute("UPDATE crawl SET started_at = '2024-03-0' || crawl_id || 'T18:00:00Z'")
    ((first, second),) = archive.connection.execute("SELECT first_crawl, last_crawl FROM trouble")
    assert since_when(archive) == {("yunting", str(LIST)): f"2024-03-0{first}T18:00:00Z"}
    both = Trouble(LIST.kind, "2 list pages failed", (*LIST.about, "http://b"))
    nights(3, both)
    ((began,),) = archive.connection.execute("SELECT started_at FROM crawl WHERE crawl_id = ?", (second + 1,))
    assert since_when(archive) == {("yunting", str(both)): began}
    begin_crawl(archive, "yunting", software="test", options={})
    assert since_when(archive) == {}  # a crawl that has said nothing yet


def test_the_same_sentence_about_something_else_is_news(archive: Archive) -> None:
    nights = Nights(archive)
    other = Trouble(TroubleKind.LIST, str(LIST), ("http://b",))
    both = Trouble(TroubleKind.LIST, "2 list pages failed", ("http://a", "http://b", "http://c"))
    assert nights(0, LIST) == [("new", True)]
    assert nights(1, LIST, other) == [("old", False), ("new", True)]
    assert nights(2, both) == [("new", True)]
    assert nights(3, both) == [("old", False)]


def test_what_is_over_is_news_when_it_comes_again(archive: Archive) -> None:
    nights = Nights(archive)
    assert nights(0, LIST) == [("new", True)]
    assert nights(1) == []
    assert nights.standing() == []
    assert nights(2, LIST) == [("new", True)]


def test_a_crawl_that_saw_little_ends_only_what_it_disproves(archive: Archive) -> None:
    nights = Nights(archive)
    down = Trouble(TroubleKind.SITE, "No list page could be read: timeout")
    nights(0, LIST, down)
    nights(1, whole=False)
    assert nights.standing() == [("list", "http://a")]
    assert nights(2, LIST) == [("old", False)]


def test_a_clock_that_went_back_silences_nothing(archive: Archive) -> None:
    nights = Nights(archive)
    nights(900, LIST)
    assert nights(1, LIST) == [("old", True)]


def test_a_thousand_failures_are_one_trouble(archive: Archive) -> None:
    nights = Nights(archive)

    def many(count: int) -> Trouble:
        return Trouble(TroubleKind.ARTICLE, f"{count} articles", tuple(map(str, range(count))))

    nights(0, many(1000))
    assert nights.standing() == [("article", "")]
    assert nights(1, many(1001)) == [("old", False)]


def test_a_trouble_is_a_sentence_for_whoever_reads_sentences() -> None:
    again = copy.deepcopy(LIST)
    assert (again, again.kind, again.about) == (LIST, LIST.kind, LIST.about)
    assert json.dumps([LIST]) == f'["{LIST}"]'


def test_the_second_bad_night_is_silent_and_still_fails(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(2)))
    yunting.site.put("/content/show?catid=101&newsid=1", "坏", status=500)
    first = yunting.crawl(status=1)
    assert "newsid=1: HTTP 500 (capture" in first.stderr
    second = yunting.crawl(status=1)
    assert second.stderr == second.stdout == ""
    began = yunting.rows("SELECT started_at FROM crawl")[0][0]
    looked = yunting.run("status", "--json", "--archive", yunting.archive)
    found = json.loads(looked.stdout)
    (told,) = [said for said in found["troubles"] if "newsid=1: HTTP 500" in said and "article could" in said]
    assert found["since"][told] == began
    status = yunting.run("status", "--archive", yunting.archive).stdout
    command = f"zhijiang parse '{yunting.site.base_url}/content/show?catid=101&newsid=1'"
    assert command in told
    assert (
        f"{told.replace(command, f'{command} --site {yunting.profile_file}')}  (since {beijing_minute(began)})"
        in status
    )
    yunting.site.put("/content/show?catid=101&newsid=2", "坏", status=404)
    yunting.build(Section("101", "县域要闻", samples(3)))
    yunting.site.put("/content/show?catid=101&newsid=1", "坏", status=500)
    yunting.site.put("/content/show?catid=101&newsid=3", "坏", status=500)
    third = yunting.crawl(status=1)
    assert "2 articles could not be fetched" in third.stderr


def test_a_night_on_which_the_site_was_down_is_no_attempt_at_an_article(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(2)))
    yunting.site.put("/content/show?catid=101&newsid=1", "坏", status=500)
    yunting.crawl(status=1)
    for path in set(yunting.site.pages) - {"/robots.txt"}:
        yunting.site.put(path, "坏", status=500)
    for _ in range(2):
        assert " could not be fetched" not in yunting.crawl(status=1).stderr
    assert yunting.rows("SELECT key, attempts FROM failure WHERE kind = 'article'") == [("1", 1)]
