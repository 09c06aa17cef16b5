"""Is the archive being kept?"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from archive import Archive, Article
from archive.care.status import read_status
from archive.model.crawl import FailureType, FetchFailure, Listing
from archive.store.articles import save_article
from archive.store.crawls import CrawlResult, finish_crawl, save_failure, save_listing

MakeListing = Callable[..., Listing]


def status(archive: Archive, **options: Any) -> Any:
    return read_status(archive, now=datetime.now(UTC), **options)


def test_an_archive_whose_last_crawl_was_complete_has_no_trouble(
    archive: Archive, article: Callable[..., Article], listing: MakeListing
) -> None:
    save_listing(archive, listing("77"), 1)
    save_article(archive, article(), 1)
    finish_crawl(archive, 1, CrawlResult(complete=True, new=1))
    found = status(archive, max_age=timedelta(hours=26))
    assert found.troubles == []
    assert (found.articles, found.missing_count) == (1, 0)
    assert found.sections[0]["已存"] == 1


def test_what_is_listed_and_not_held_is_named(archive: Archive, listing: MakeListing) -> None:
    save_listing(archive, listing("77", "78"), 1)
    save_failure(
        archive,
        FetchFailure("yunting", "http://x", FailureType.ARTICLE, "HTTP 404", "2024-01-01T00:00:00Z", "78"),
        1,
    )
    found = status(archive)
    assert found.missing_count == 2
    assert {row["题名"]: row["原因"] for row in found.missing} == {"题77": None, "题78": "HTTP 404"}


def test_a_killed_an_incomplete_and_an_old_crawl_are_trouble(archive: Archive) -> None:
    assert "still running, or was killed" in status(archive).troubles[0]
    finish_crawl(archive, 1, CrawlResult(complete=False, reason="2 articles failed"))
    assert status(archive).troubles == ["Last crawl: 2 articles failed"]
    finish_crawl(archive, 1, CrawlResult(complete=True))
    assert status(archive, max_age=timedelta(hours=1)).troubles == []
    later = datetime.now(UTC) + timedelta(hours=2)
    assert (
        "No complete crawl in the last 1 hours"
        in read_status(archive, now=later, max_age=timedelta(hours=1)).troubles[0]
    )


def test_no_crawl_at_all_is_trouble(archive: Archive) -> None:
    archive.connection.execute("DELETE FROM crawl")
    assert status(archive).troubles == ["No crawl has run on this archive."]
