"""Whether a crawl was complete, judged from what it counted and noticed."""

from collections import Counter
from dataclasses import replace

import pytest

from archive.model.crawl import NOT_UNDERSTOOD, FailureType
from archive.model.reasons import in_chinese
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
        (failed(FailureType.SECTION, 1), NOTHING, "finished", "1 list page could not be fetched"),
        (failed(FailureType.ARTICLE, 2), NOTHING, "finished", "2 articles could not be fetched"),
        (replace(GOOD, errors=1), NOTHING, "finished", "1 error inside the program"),
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


def test_where_no_list_was_read_a_list_is_named_and_no_article() -> None:
    failures = {FailureType.SECTION: "http://x/list: timeout", FailureType.ARTICLE: "http://x/1: HTTP 500"}
    findings = CrawlFindings(last_failure=failures[FailureType.ARTICLE], last_failures=failures)
    (trouble,) = judge(CrawlCounts(), findings, "finished").troubles
    assert trouble.startswith("No list page could be read: http://x/list: timeout.  If a browser")


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


def told(failure_type: FailureType, failure: str, times: int = 1) -> str:
    """Return what is said where pages failed, the last one so."""
    findings = CrawlFindings(last_failures={failure_type: failure})
    findings.failed[failure_type].extend(f"http://x/{number}" for number in range(times))
    (trouble,) = judge(failed(failure_type, times), findings, "finished").troubles
    return str(trouble)


def test_the_address_that_was_named_is_the_one_to_paste() -> None:
    said = told(
        FailureType.ARTICLE, "http://x/show?a=1&b=2: layout: no title (capture 7), listed as “云汀”", 2
    )
    assert said.endswith(
        "The next crawls ask again; zhijiang parse 'http://x/show?a=1&b=2' tells what is read of a page."
    )


@pytest.mark.parametrize("status", [403, 412, 521])
def test_where_the_site_refuses_nobody_is_told_to_ask_once_more(status: int) -> None:
    said = told(FailureType.ARTICLE, f"http://x/1: HTTP {status}")
    assert (
        said
        == f"1 article could not be fetched or read: http://x/1: HTTP {status}.  The next crawls ask again."
    )
    assert "ask its operator" in told(FailureType.SECTION, f"http://x/list: HTTP {status}")


@pytest.mark.parametrize(
    "reason",
    [
        "HTTP 304: the server says that nothing changed, and was not asked whether it did",
        "HTTP 206: the server sent a part of the page only",
        "the server sent a part of the page only: Content-Range bytes 0-9/90",
        "the page is cut or damaged: the gzip stream has no end",
        "the page is cut: it ends within a tag",
        "connection broken before the end of the page",
    ],
)
def test_an_answer_that_broke_is_no_fault_of_the_profile(reason: str) -> None:
    said = told(FailureType.SECTION, f"http://x/list: {reason}")
    assert "the next crawl asks again; if it lasts, tell the site's operator" in said
    assert "profile" not in said


def test_a_list_of_which_nothing_was_read_was_not_read_in_part() -> None:
    drawn = 'http://x/list: not understood: a script draws the list into <ul id="l">'
    paged = "http://x/list: not understood: a pager without addresses"
    for number, unread, read in (
        (1, drawn, "1 list page could not be read, what"),
        (2, drawn, "2 list pages could not be read or were read in part, what"),
        (1, paged, "1 list page was read in part, what"),
    ):
        counts = replace(GOOD, failures=Counter({(FailureType.SECTION, NOT_UNDERSTOOD): number}))
        (said,) = judge(counts, CrawlFindings(unread=unread), "finished").troubles
        assert said.startswith(
            f"{read} is behind {'it' if number == 1 else 'them'} is not archived, such as {unread}; the profile can say"
        )
        assert ("pagination" in said) is (unread == paged)
        assert "例如 http://x/list" in in_chinese(said)
