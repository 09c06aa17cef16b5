"""How a crawl ends: by a signal, by two, by a kill; and one crawl a host, whatever archive it goes into."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archive.times import beijing_minute
from tests.command_line import Forked
from tests.crawled import Crawled, samples
from tests.newssite import Section
from tests.patience import wait_until
from zhijiang_spider.crawl.counts import CrawlCounts, CrawlFindings
from zhijiang_spider.crawl.host_lock import VARIABLE, HostBusy, NoHostLock, host_locks, lock_folder
from zhijiang_spider.crawl.verdict import judge

ENDS = "SELECT outcome, finished_at IS NULL, reason FROM crawl ORDER BY crawl_id"


@contextmanager
def held_crawl(yunting: Crawled, requests: int, *more: str) -> Iterator[Forked]:
    """Run a crawl that waits for an answer after so many requests; kill it if it is still there."""
    yunting.site.forget()
    yunting.site.hold(requests)
    with Forked(*yunting.arguments(*more)) as crawl:
        try:
            wait_until(lambda: len(yunting.site.asked) > requests, "the crawl did not get that far")
            yield crawl
        finally:
            crawl.kill()
            yunting.site.resume()


@pytest.fixture
def site(yunting: Crawled) -> Crawled:
    yunting.build(Section("101", "县域要闻", samples(5)))
    yunting.save_profile()
    return yunting


def test_a_killed_crawl_is_closed_by_the_next(site: Crawled) -> None:
    with held_crawl(site, 5) as crawl:
        crawl.kill()
    said = site.run("status", "--archive", site.archive).stdout
    (began,) = site.rows("SELECT started_at FROM crawl")[0]
    assert f"! The last crawl was killed: it began {beijing_minute(began)} and wrote no end" in said
    site.crawl()
    killed, whole = site.rows(ENDS)
    assert killed[:2] == ("incomplete", 1)
    assert "killed: it wrote no end" in killed[2]
    assert whole == ("complete", 0, "")
    assert site.run("status", "--archive", site.archive).returncode == 0


def test_two_signals_before_the_first_page_say_nothing_of_the_site_and_leave_a_record(site: Crawled) -> None:
    with held_crawl(site, 0, "--verbose") as crawl:
        os.kill(crawl.pid, signal.SIGINT)
        wait_until(
            lambda: crawl.complains("Send again to force"), "it did not hear"
        )  # two at once would be one
        os.kill(crawl.pid, signal.SIGINT)
        ended = crawl.finish()
    assert ended.returncode == 1
    assert "interrupted twice, stopped immediately" in ended.stderr
    assert "No list page could be read" not in ended.stderr
    (row,) = site.rows(ENDS)
    assert row[:2] == ("incomplete", 0)
    site.crawl()


@pytest.mark.parametrize(
    ("reason", "pages", "words"),
    [
        ("shutdown", 0, "a signal told it to stop before the first page"),
        ("shutdown", 3, "a signal told it to stop, and it ended in order"),
        ("interrupted twice, stopped immediately", 3, "what it was just reading is not stored"),
    ],
)
def test_the_words_say_what_happened(reason: str, pages: int, words: str) -> None:
    (trouble,) = judge(CrawlCounts(list_pages=pages), CrawlFindings(), reason).troubles
    assert words in str(trouble)


def test_what_the_site_answered_is_told_though_a_signal_came() -> None:
    troubles = judge(CrawlCounts(), CrawlFindings(last_failure="http://x: timeout"), "shutdown").troubles
    assert any("No list page could be read: http://x: timeout" in str(trouble) for trouble in troubles)


def test_a_crawl_at_work_is_no_trouble_and_keeps_others_off_its_host(site: Crawled, tmp_path: Path) -> None:
    site.crawl()
    with held_crawl(site, 1) as crawl:
        status = site.run("status", "--archive", site.archive)
        assert status.returncode == 0, status.stdout
        assert "crawl 2 is at work" in status.stdout
        other = tmp_path / "other.db"
        commands: list[list[str | Path]] = [
            ["crawl", "--site", site.profile_file, "--archive", other],
            ["parse", f"{site.site.base_url}/", "--site", site.profile_file],
            ["probe", f"{site.site.base_url}/"],
        ]
        for command in commands:
            done = site.run(*command)
            assert done.returncode == 75, done.stderr
            assert f"pid {crawl.pid} since 20" in done.stderr
            assert f"crawl into {site.archive}" in done.stderr
        assert not other.exists()
        assert len(site.site.asked) == 2


def test_a_folder_of_locks_that_cannot_be_made_is_named(
    site: Crawled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(VARIABLE, str(tmp_path / "file"))
    done = site.crawl(status=1)
    assert f"set {VARIABLE} to a folder that you can write" in done.stderr
    assert site.site.asked == []
    with pytest.raises(NoHostLock), host_locks(["www.yunting.example"], "test"):
        pass


def test_hosts_are_locked_all_or_none_and_under_names_that_are_safe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    odd = ["../../etc", "[::1]:8080", "con", "云汀.example", f"{'a' * 60}.{'云' * 60}.example"]
    with host_locks([*odd, "b.example"], "one"):
        with (
            pytest.raises(HostBusy, match=r"^b\.example"),
            host_locks(["z.example", "B.example:80", "a.example"], "x"),
        ):
            pass
        with host_locks(
            ["a.example", "z.example", "b.example:8080"], "two"
        ):  # the first attempt held none of them
            pass
    names = os.listdir(lock_folder())
    assert max(len(name.encode()) for name in names) < 143
    assert all(name.startswith("host-") and "/" not in name for name in names)
    assert {path.name for path in tmp_path.iterdir()} == {"zhijiang"}


def test_the_first_crawl_into_an_archive_says_that_it_is_new(site: Crawled) -> None:
    site.empty = None
    assert site.crawl().stderr == f"yunting → {site.archive}: a new archive\n"
    assert site.crawl().stderr == ""
