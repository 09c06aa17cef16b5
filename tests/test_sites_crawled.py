"""Every site of a file is looked at, and a clock that was wrong silences nothing."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from archive import Archive, Article
from archive.care.check import Scope, check
from archive.care.health import judge_crawl
from archive.care.sites import site_troubles
from archive.care.status import read_status
from archive.evidence.warc_writer import Exchange
from archive.model.crawl import CaptureType, FailureType, FetchFailure, Listing, NotModified
from archive.model.plan import HealthPolicy, RecheckPolicy
from archive.model.trouble import TroubleKind
from archive.room import RoomSettings, create_app
from archive.store.articles import save_article, save_missing, save_not_modified
from archive.store.captures import save_capture
from archive.store.crawls import CrawlResult, begin_crawl, close_killed_crawls, finish_crawl, save_listing
from archive.store.plan import make_plan
from archive.times import beijing_minute
from tests.room import client_of

NOW = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
AHEAD = "2099-01-01T00:00:00Z"
MakeArticle = Callable[..., Article]
MakeListing = Callable[..., Listing]


def crawl(archive: Archive, at: str, *, site: str = "yunting", reason: str = "") -> int:
    """Write a crawl that ran a minute at this time; return its number."""
    number = begin_crawl(archive, site, software="test", options={})
    finish_crawl(archive, number, CrawlResult(complete=not reason, reason=reason))
    archive.connection.execute(
        "UPDATE crawl SET started_at = ?, finished_at = ? WHERE crawl_id = ?", (at, at, number)
    )
    archive.connection.commit()
    return number


def troubles(archive: Archive, max_age: timedelta | None = None, now: datetime = NOW) -> list[str]:
    return read_status(archive, now=now, max_age=max_age).troubles


def check_lines(archive: Archive, max_age: timedelta | None = None) -> list[str]:
    found = check(archive.path, Scope(NOW, max_age=max_age))
    return [f"{one.level} {one.what}" for one in found if one.check == "last crawl"]


def emptied(archive: Archive) -> Archive:
    archive.connection.execute("DELETE FROM crawl")
    archive.connection.commit()
    return archive


def test_each_site_of_a_file_is_looked_at_and_named(archive: Archive) -> None:
    emptied(archive)
    crawl(archive, "2026-03-01T01:00:00Z", site="qingping", reason="No list page could be read: timeout.")
    crawl(archive, "2026-02-01T01:00:00Z", site="songling")
    crawl(archive, "2026-03-04T00:30:00Z", site="yunting")
    assert troubles(archive) == ["qingping: Last crawl: No list page could be read: timeout."]
    said = troubles(archive, timedelta(hours=26))
    assert [line.partition(":")[0] for line in said] == ["qingping", "qingping", "songling"]
    assert (
        said[2]
        == "songling: No complete crawl in the last 26 hours: the last one ended 2026-02-01 09:00 Beijing time."
    )
    assert check_lines(archive, max_age=timedelta(hours=26)) == [
        "fault qingping: crawl 1 was incomplete: No list page could be read: timeout.",
        "fault qingping: no complete crawl in the last 26 hours: none yet",
        "fault songling: no complete crawl in the last 26 hours: the last ended 2026-02-01 09:00 Beijing time",
    ]
    assert {row["site"] for row in read_status(archive, now=NOW, last=1).crawls} == {
        "qingping",
        "songling",
        "yunting",
    }


def test_a_site_that_is_crawled_no_more_is_quiet_after_the_days_of_its_profile(
    archive: Archive, article: MakeArticle
) -> None:
    emptied(archive)
    number = crawl(archive, "2026-02-01T01:00:00Z")
    save_article(archive, article(fetched_at="2026-02-01T01:00:00Z"), number)
    assert troubles(archive, now=datetime(2026, 2, 10, tzinfo=UTC)) == []
    assert troubles(archive) == [
        "Nothing new for 14 days: the last new article was found 2026-02-01 09:00 Beijing time."
    ]
    archive.connection.execute('UPDATE crawl SET options = \'{"site": {"health": {"quiet_days": 60}}}\'')
    assert troubles(archive) == []


def test_a_crawl_that_is_still_to_come_is_a_trouble_and_not_fresh(archive: Archive) -> None:
    emptied(archive)
    crawl(archive, AHEAD)
    (clock,) = site_troubles(archive, NOW, None)
    assert (clock.kind, beijing_minute(AHEAD) in clock) == (TroubleKind.CLOCK, True)
    assert len(troubles(archive, timedelta(hours=26))) == 2
    assert [line.partition(" ")[0] for line in check_lines(archive)] == ["fault"]
    crawl(archive, "2026-03-04T00:30:00Z")  # the clock is right again
    assert troubles(archive, timedelta(hours=26)) == []
    assert check_lines(archive) == ["note 1 earlier crawl, such as crawl 1, ran under a clock that was ahead"]
    later = NOW + timedelta(days=3)
    assert (
        "the last one ended 2026-03-04 08:30 Beijing time" in troubles(archive, timedelta(hours=26), later)[0]
    )


def test_what_was_found_under_a_clock_that_was_ahead_does_not_silence_the_quiet_days(
    archive: Archive, article: MakeArticle
) -> None:
    emptied(archive)
    number = crawl(archive, AHEAD)
    save_article(archive, article(fetched_at=AHEAD), number)
    last = crawl(archive, "2026-02-01T01:00:00Z")
    assert "Nothing new for 14 days" in troubles(archive)[0]
    assert "Nothing new for 14 days" in str(judge_crawl(archive, last, HealthPolicy(), now=NOW)[0])


def test_an_absence_that_began_under_a_clock_that_was_ahead_ends_when_the_article_is_seen(
    archive: Archive, article: MakeArticle
) -> None:
    def missing(at: str) -> FetchFailure:
        return FetchFailure("yunting", article().url, FailureType.ARTICLE, "HTTP 404", at, "77", missing=True)

    emptied(archive)
    first = crawl(archive, "2026-02-01T01:00:00Z")
    save_article(archive, article(fetched_at="2026-02-01T01:00:00Z"), first)
    save_missing(archive, [missing(AHEAD)], crawl(archive, AHEAD), RecheckPolicy())
    again = make_plan(archive, "yunting", now=NOW + timedelta(days=1)).rechecks
    assert again == ()  # nobody has looked since, as far as is known, but for the crawl that begins now
    crawl(archive, "2026-03-04T00:30:00Z")
    again = make_plan(archive, "yunting", now=NOW + timedelta(days=1)).rechecks
    assert [target.key for target in again] == ["77"]
    number = crawl(archive, "2026-03-05T00:30:00Z")
    save_not_modified(archive, NotModified("yunting", "77", "2026-03-05T00:30:00Z"), number)
    assert list(archive.rows("SELECT since, returned_at FROM absence")) == [
        {"since": "2026-03-05T00:30:00Z", "returned_at": "2026-03-05T00:30:00Z"}
    ]
    assert list(archive.rows("SELECT status FROM article")) == [{"status": "在线"}]


def test_a_crawl_under_a_clock_that_was_ahead_leaves_the_lists_of_readers_in_order(
    archive: Archive, article: MakeArticle, listing: MakeListing
) -> None:
    emptied(archive)
    times = ("2026-01-01T00:00:00Z", AHEAD, "2026-01-03T00:00:00Z", "2026-01-04T00:00:00Z")
    keys = ("71", "72", "73", "74")
    first = crawl(archive, "2025-12-31T00:00:00Z")
    for key in keys:
        at = "2025-12-31T00:00:00Z"
        save_article(archive, article(key=key, url=f"{article().url}{key}", fetched_at=at), first)
    for number, (key, at) in enumerate(zip(keys, times, strict=True)):
        made = article(key=key, url=f"{article().url}{key}", body=(f"{key}改过。",), fetched_at=at)
        run = crawl(archive, at)
        save_article(archive, made, run)
        save_listing(archive, replace(listing(f"8{number}"), fetched_at=at), run)
        lost = FetchFailure("yunting", made.url, FailureType.ARTICLE, "HTTP 404", at, key, missing=True)
        save_missing(archive, [lost], run, RecheckPolicy())
    archive.connection.commit()
    client = client_of(create_app(RoomSettings(archive.path)))

    def shown(address: str, column: str) -> list[str]:
        return [row[column][-2:] for row in client.get(address).get_json()["rows"]]

    def titled(address: str) -> list[str]:
        return [str(row["编号"]) for row in client.get(address).get_json()["rows"]]

    latest = ["4", "3", "2", "1"]
    assert titled("/changes.json") == latest
    assert titled("/changes.json?only=real") == latest
    assert re.findall(r'href="[^"]*/a/(\d+)/diff/1..2"', client.get("/changes.atom").text) == latest
    assert titled("/gone.json") == latest
    assert shown("/missing.json", "网址") == ["83", "82", "81", "80"]
    for key, at in (("74", "2026-01-05T00:00:00Z"), ("71", AHEAD), ("72", "2026-01-07T00:00:00Z")):
        save_not_modified(archive, NotModified("yunting", key, at), run := crawl(archive, at))
        exchange = Exchange(f"{article().url}{key}", at, "GET", (), 304, (), b"")
        save_capture(archive, exchange, run, capture_type=CaptureType.ARTICLE, site="yunting", key=key)
    archive.connection.commit()
    page = client.get("/gone").text
    assert re.findall(r'href="/a/(\d+)"', page[page.index("恢复") :]) == ["2", "1", "4"]


def test_an_article_without_a_date_that_was_found_under_a_clock_that_was_ahead_is_looked_at_again(
    archive: Archive, article: MakeArticle
) -> None:
    emptied(archive)
    number = crawl(archive, AHEAD)
    save_article(archive, article(fetched_at=AHEAD, published_on=None, published_raw=""), number)
    crawl(archive, "2026-03-01T00:30:00Z")
    assert [target.key for target in make_plan(archive, "yunting", now=NOW).rechecks] == ["77"]


def test_a_killed_crawl_is_closed_with_what_it_had_stored_and_without_an_end(
    archive: Archive, article: MakeArticle
) -> None:
    save_article(archive, article(), 1)
    assert close_killed_crawls(archive) == [1]
    assert close_killed_crawls(archive) == []
    (row,) = archive.rows("SELECT outcome, finished_at, new, reason FROM crawl")
    assert (row["outcome"], row["finished_at"], row["new"]) == ("incomplete", None, 1)
    assert row["reason"].startswith("The crawl was stopped before its end (killed:")
    assert troubles(archive, now=datetime.now(UTC)) == [f"Last crawl: {row['reason']}"]
