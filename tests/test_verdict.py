"""Whether a crawl was complete, judged from what it counted and noticed."""

from collections import Counter
from dataclasses import replace

import pytest

from archive.model.crawl import FailureType
from zhijiang_spider.crawl.counts import CrawlCounts, CrawlFindings
from zhijiang_spider.crawl.verdict import judge

GOOD = CrawlCounts(list_pages=3, listed=40, new=40, pages=44)
NOTHING = CrawlFindings()


def test_a_crawl_that_got_everything_is_complete() -> None:
    verdict = judge(GOOD, NOTHING, "finished")
    assert verdict.complete
    assert verdict.summary == (
        "complete: 3 list pages, 40 entries; articles: 40 new, 0 revised, 0 unchanged; 0 failed; 0 pictures and files"
    )


def test_a_crawl_with_nothing_new_is_complete_too() -> None:
    assert judge(CrawlCounts(list_pages=3), NOTHING, "finished").complete


def failed(failed: FailureType, times: int) -> CrawlCounts:
    return replace(GOOD, failures=Counter({(failed, "timeout"): times}))


@pytest.mark.parametrize(
    ("counts", "findings", "reason", "words"),
    [
        (CrawlCounts(), NOTHING, "finished", "No list page could be read"),
        (CrawlCounts(), CrawlFindings(last_failure="http://x: timeout"), "finished", "http://x: timeout"),
        (failed(FailureType.SECTION, 1), NOTHING, "finished", "1 list pages could not be fetched"),
        (failed(FailureType.ARTICLE, 2), NOTHING, "finished", "2 articles could not be fetched"),
        (GOOD, CrawlFindings(sections_not_found=("9",)), "finished", "No page links to these sections: 9"),
        (replace(GOOD, errors=1), NOTHING, "finished", "1 errors inside the program"),
        (GOOD, NOTHING, "shutdown", "stopped before its end (shutdown)"),
        (GOOD, NOTHING, "start_error", "stopped before its end (start_error)"),
        (
            GOOD,
            CrawlFindings(archive_error="disk full"),
            "archive_error",
            "because of the archive: disk full",
        ),
    ],
)
def test_every_trouble_is_named(
    counts: CrawlCounts, findings: CrawlFindings, reason: str, words: str
) -> None:
    verdict = judge(counts, findings, reason)
    assert not verdict.complete
    assert any(words in trouble for trouble in verdict.troubles)
    assert verdict.result({}).reason == "\n".join(verdict.troubles)
