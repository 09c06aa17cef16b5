"""Whether a crawl was complete, judged from its counters."""

import pytest

from zhijiang_spider.crawl.verdict import judge

GOOD = {"zhijiang/list_pages": 3, "zhijiang/listed": 40, "zhijiang/new": 40, "response_received_count": 44}


def test_a_crawl_that_got_everything_is_complete() -> None:
    verdict = judge(GOOD, "finished")
    assert verdict.complete
    assert verdict.summary == (
        "complete: 3 list pages, 40 entries; articles: 40 new, 0 revised, 0 unchanged; 0 failed; 0 pictures and files"
    )


def test_a_crawl_with_nothing_new_is_complete_too() -> None:
    assert judge({"zhijiang/list_pages": 3}, "finished").complete


@pytest.mark.parametrize(
    ("stats", "reason", "words"),
    [
        ({}, "finished", "No list page could be read"),
        ({"zhijiang/last_failure": "http://x: timeout"}, "finished", "http://x: timeout"),
        (GOOD | {"zhijiang/failed_sections": 1}, "finished", "1 list pages could not be fetched"),
        (GOOD | {"zhijiang/failed_articles": 2}, "finished", "2 articles could not be fetched"),
        (GOOD | {"zhijiang/sections_not_found": "9"}, "finished", "No page links to these sections: 9"),
        (GOOD | {"spider_exceptions/count": 1}, "finished", "1 errors inside the program"),
        (GOOD | {"zhijiang/item_errors": 1}, "finished", "1 errors inside the program"),
        (GOOD, "shutdown", "stopped before its end (shutdown)"),
        (GOOD, "start_error", "stopped before its end (start_error)"),
        (
            GOOD | {"zhijiang/archive_error": "disk full"},
            "archive_error",
            "because of the archive: disk full",
        ),
    ],
)
def test_every_trouble_is_named(stats: dict[str, object], reason: str, words: str) -> None:
    verdict = judge(stats, reason)
    assert not verdict.complete
    assert any(words in trouble for trouble in verdict.troubles)
    assert verdict.result({}).reason == "\n".join(verdict.troubles)
