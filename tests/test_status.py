"""Is the archive being kept?"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from archive import Archive, Article
from archive.care.status import read_status
from archive.cli.output import console
from archive.cli.status import print_status
from archive.model.crawl import UNFINISHED, FailureType, FetchFailure, Listing
from archive.model.plan import RecheckPolicy
from archive.model.wording import hours
from archive.store.articles import Saved, save_article, save_missing
from archive.store.crawls import CrawlResult, begin_crawl, finish_crawl, save_failure, save_listing
from archive.store.held import end_hold, save_or_hold
from archive.store.lock import writer_lock
from archive.times import beijing_minute
from tests.crawled import Crawled, samples
from tests.newssite import Section

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


def test_what_was_read_and_held_back_is_not_called_unfetched(
    archive: Archive, article: Callable[..., Article], listing: MakeListing
) -> None:
    save_listing(archive, listing("77", "78", "79"), 1)
    lying = article(key="78", url="http://www.yunting.example/sent/on", is_untitled=True)
    assert save_or_hold(archive, lying, 1) is Saved.HELD
    rows = {row["题名"]: row["原因"] for row in status(archive).missing}
    assert rows == {"题77": None, "题78": "held back (view 暂缓)", "题79": None}
    text = printed(archive, console())
    assert "78  held back (view 暂缓)" in text
    end_hold(archive, "yunting", "78")
    assert "held back" not in printed(archive, console())


def test_a_killed_an_incomplete_and_an_old_crawl_are_trouble(archive: Archive) -> None:
    with writer_lock(archive.path):
        assert status(archive).troubles == []
    (began,) = archive.connection.execute("SELECT started_at FROM crawl").fetchone()
    (killed,) = status(archive).troubles
    assert killed.startswith(f"The last crawl was killed: it began {beijing_minute(began)} and wrote no end,")
    finish_crawl(archive, 1, CrawlResult(complete=False, reason="2 articles failed"))
    assert status(archive).troubles == ["Last crawl: 2 articles failed"]
    finish_crawl(archive, 1, CrawlResult(complete=True))
    assert status(archive, max_age=timedelta(hours=1)).troubles == []
    later = datetime.now(UTC) + timedelta(hours=2)
    assert (
        "No complete crawl in the last 1 hour"
        in read_status(archive, now=later, max_age=timedelta(hours=1)).troubles[0]
    )


def test_of_two_sites_only_the_newest_crawl_is_at_work(archive: Archive) -> None:
    begin_crawl(archive, "qiaohe", software="", options={})
    with writer_lock(archive.path):
        (killed,) = status(archive).troubles
    assert killed.startswith("yunting: The last crawl was killed: it began ")


def test_a_page_at_which_crawls_ended_is_asked_for_again_and_said_so(archive: Archive) -> None:
    address = "http://www.yunting.example/content/show?newsid=9"
    failure = FetchFailure("yunting", address, FailureType.ARTICLE, UNFINISHED, "2024-01-01T00:00:00Z", "9")
    save_failure(archive, failure, 1)
    save_failure(archive, failure, begin_crawl(archive, "yunting", software="", options={}))
    finish_crawl(archive, 2, CrawlResult(complete=True))
    begin_crawl(archive, "yunting", software="", options={})
    finish_crawl(archive, 3, CrawlResult(complete=True))
    assert status(archive).troubles == [
        f"2 crawls ended while they read or stored {address}; zhijiang crawl asks again, and after 5 it is given up."
    ]


def test_no_crawl_at_all_is_trouble(archive: Archive) -> None:
    archive.connection.execute("DELETE FROM crawl")
    assert status(archive).troubles == ["No crawl has run on this archive."]


# --- on paper and on a terminal -------------------------------------------------------------------------


def printed(archive: Archive, out: Console) -> str:
    """Return what ``status`` prints there."""
    with out.capture() as got:
        print_status(out, status(archive), Path("zhijiang.db"))
    return got.get()


def put_long_section(archive: Archive, article: Callable[..., Article], listing: MakeListing) -> None:
    save_listing(archive, listing("77", name="深入学习贯彻党的二十届三中全会精神专题报道"), 1)
    save_article(archive, article(), 1)
    archive.connection.execute(
        "UPDATE section SET reader = 'anchors', pager = 'a pager with a name that is rather long', said_pages = 45, said_entries = 1234"
    )


def test_a_pipe_has_no_width(archive: Archive, article: Callable[..., Article], listing: MakeListing) -> None:
    put_long_section(archive, article, listing)
    text = printed(archive, console())
    for value in (
        "深入学习贯彻党的二十届三中全会精神专题报道",
        "a pager with a name that is rather long",
        "1234",
        *archive.connection.execute("SELECT min(published_on) FROM article").fetchone(),
    ):
        assert value in text
    assert "…" not in text
    assert sum("anchors" in line and "1234" in line for line in text.splitlines()) == 1


@pytest.mark.parametrize("width", [30, 60, 80, 120])
def test_a_narrow_terminal_leaves_columns_out_and_names_them(
    archive: Archive, article: Callable[..., Article], listing: MakeListing, width: int
) -> None:
    put_long_section(archive, article, listing)
    text = printed(archive, Console(width=width, highlight=False, markup=False, force_terminal=False))
    assert "…" not in text
    table = text.partition("Sections")[2].partition("No room here for ")
    assert max(map(cell_len, table[0].splitlines())) <= width
    assert "said entries" in table[2]
    assert "slug" in table[0]
    assert width < 60 or " missing " in table[0].splitlines()[2]
    crawls = text.partition("Sections")[0]
    assert width < 60 or {"outcome", "failed"} <= {*crawls.splitlines()[3].split()}
    assert not re.search(r"No room here for[^:]*\b(?:failed|missing|outcome)\b", text)
    assert "专题报道" in "".join(
        re.findall("[\u3400-\u9fff]+", table[0])
    )  # the name, in several lines or one


def test_it_says_what_site_it_is_of_and_that_no_section_is_known(archive: Archive) -> None:
    finish_crawl(archive, 1, CrawlResult(complete=False, reason="No list page could be read"))
    text = printed(archive, console())
    assert text.startswith("zhijiang.db: 0 articles of yunting\n")
    assert "Sections: none is known yet, for no list page of one was read." in text
    assert "slug" not in text


def test_vanished_articles_are_counted_and_the_way_to_them_named(
    archive: Archive, article: Callable[..., Article]
) -> None:
    assert "No more on the site" not in printed(archive, console())
    for key in ("77", "78"):
        save_article(archive, article(key=key), 1)
    missing = [
        FetchFailure("yunting", "http://x", FailureType.ARTICLE, "HTTP 404", "2026-01-01T00:00:00Z", key)
        for key in ("77", "78")
    ]
    save_missing(archive, missing, 1, RecheckPolicy())
    archive.connection.execute("UPDATE article SET status = '已消失' WHERE key = '78'")
    text = printed(archive, console())
    assert (
        "No more on the site: 1 已消失, 1 失联; view 已消失, or zhijiang search 状态:已消失 --archive "
        in text
    )
    assert "zhijiang search 状态:失联 --archive" in text


def test_what_earlier_crawls_left_stands_before_what_the_last_one_said(archive: Archive) -> None:
    failure = FetchFailure(
        "yunting", "http://x", FailureType.ARTICLE, "HTTP 500", "2024-01-01T00:00:00Z", "9"
    )
    save_failure(archive, failure, 1)
    archive.connection.execute("UPDATE failure SET attempts = 5")
    finish_crawl(archive, 1, CrawlResult(complete=False, reason="3 articles failed"))
    first, second = status(archive).troubles
    assert first.startswith("1 article failed in 5 crawls and is no longer asked for (view 未存), such as")
    assert second == "Last crawl: 3 articles failed"


def test_an_age_is_told_in_words_that_are_read_at_once() -> None:
    assert hours(timedelta(minutes=1)) == "1 minutes"
    assert hours(timedelta(minutes=90)) == "90 minutes"
    assert hours(timedelta(days=1, hours=2)) == "26 hours"


def test_a_crawl_of_one_section_says_nothing_of_another(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(2)), Section("102", "基层瞭望", samples(2, start=50)))
    lists = dict(yunting.site.pages)
    for path in ("/content/list?catid=101", "/content/list?catid=102"):
        yunting.site.put(path, "坏", status=500)
        yunting.crawl(status=1)
        yunting.crawl("--section", "102" if "101" in path else "101")
        for command in ("status", "check"):
            told = yunting.run(command, "--archive", yunting.archive)
            assert told.returncode == 1
            assert f"{path}: HTTP 500" in told.stdout + told.stderr
        yunting.site.pages[path] = lists[path]
    yunting.crawl("--section", "102")  # that failed
    told = yunting.run("status", "--archive", yunting.archive)
    assert "HTTP 500" not in told.stdout
    assert told.returncode == 0
    assert yunting.run("check", "--archive", yunting.archive).returncode == 0


def test_a_crawl_of_one_section_is_not_the_complete_crawl_of_max_age(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(2)))
    yunting.crawl("--section", "101")
    for command in ("status", "check"):
        told = yunting.run(command, "--archive", yunting.archive, "--max-age", "26h")
        assert told.returncode == 1
        assert "o complete crawl in the last 26 hours" in told.stdout + told.stderr
    yunting.crawl()
    for command in ("status", "check"):
        assert yunting.run(command, "--archive", yunting.archive, "--max-age", "26h").returncode == 0
