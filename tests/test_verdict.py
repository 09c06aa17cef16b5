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


def test_a_section_that_is_not_there_is_the_operators_mistake() -> None:
    verdict = judge(GOOD, CrawlFindings(sections_not_found=("9",), sections_there="1 (要闻)"), "finished")
    assert verdict.complete
    assert verdict.sections_not_found == "No page links to these sections: 9; there are: 1 (要闻)"
    down = judge(CrawlCounts(), CrawlFindings(sections_not_found=("9",)), "finished")
    assert (down.complete, down.sections_not_found) == (False, "")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("HTTP 404 (capture 3)", "skip_url"),
        ("HTTP 502 (capture 3)", "the next crawl asks again"),
        ("connection refused", "this machine's network"),
        ("timeout", "this machine's network"),
        ("the certificate does not hold (expired, or of an unknown issuer)", "tell the site's operator"),
        ("Forbidden by robots.txt", "do not work around it"),
        ("layout: the page has no article link", "correct the profile"),
    ],
)
def test_what_to_do_depends_on_why_a_list_page_failed(reason: str, words: str) -> None:
    failure = f"http://www.yunting.example/list?id=1: {reason}"
    (trouble,) = judge(CrawlCounts(), CrawlFindings(last_failure=failure), "finished").troubles
    assert f"{failure}.  " in trouble
    assert words in trouble


def test_one_failure_is_named_and_several_are_counted() -> None:
    one, many = failed(FailureType.SECTION, 1), failed(FailureType.SECTION, 2)
    named = CrawlFindings(last_failure="http://x: timeout")
    assert "or read: http://x: timeout." in judge(one, named, "finished").troubles[0]
    assert "or read (2 timeout), such as http://x: timeout." in judge(many, named, "finished").troubles[0]


def test_where_no_list_could_be_read_its_articles_failed_with_the_site() -> None:
    down = replace(failed(FailureType.ARTICLE, 9), list_pages=0)
    verdict = judge(down, CrawlFindings(last_failure="http://x: timeout"), "finished")
    assert [trouble.kind for trouble in verdict.troubles] == ["site"]
    assert not verdict.saw_all


def test_list_pages_and_articles_that_failed_are_counted_apart() -> None:
    both = failed(FailureType.SECTION, 2)
    both.add(failed(FailureType.ARTICLE, 3))
    verdict = judge(both, NOTHING, "finished")
    assert verdict.failed == 5
    assert "; 2 list pages and 3 articles failed; " in verdict.summary
    assert "; 3 articles failed; " in judge(failed(FailureType.ARTICLE, 3), NOTHING, "finished").summary
    assert "; 0 failed; " in judge(GOOD, NOTHING, "finished").summary
