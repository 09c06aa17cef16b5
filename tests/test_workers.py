"""Pages are read beside the crawl: whatever a page does to who reads it, it costs that page and no other."""

import asyncio
import logging
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request

from archive import Archive
from archive.model.crawl import UNFINISHED, FailureType
from archive.model.reasons import in_chinese
from archive.store.attempts import AttemptNote, count_unfinished, note_path
from archive.store.plan import MAX_ATTEMPTS
from tests import worker_jobs
from tests.command_line import Forked, run_zhijiang
from tests.crawled import Crawled, samples
from tests.newssite import Reply, Section
from tests.patience import PATIENCE, wait_until
from zhijiang_spider.derive.article import PartMissing, ScriptOnly, SentOn
from zhijiang_spider.derive.workers import ReadingEnded, Workers, workers_for
from zhijiang_spider.spiders.turns import Turns

POISON = "/content/show?catid=101&newsid=2"
HANGS = "//body[count(//i[count(//i[count(//i) > 0]) > 0]) < 0]"
"""What a page with 4,000 ``<i>`` hangs in for half an hour: in C, where no Python gets a word in."""


@pytest.mark.parametrize(("cores", "workers"), [(1, 0), (2, 2), (3, 2), (4, 3), (8, 7)])
def test_as_many_workers_as_cores_but_one_and_two_on_two_cores(cores: int, workers: int) -> None:
    assert workers_for(cores) == workers


@pytest.fixture
def poisoned(yunting: Crawled) -> Crawled:
    """A site of four articles, the second of which hangs who reads it."""
    yunting.build(Section("101", "县域要闻", samples(4)))
    yunting.save_profile(selectors={"title": [HANGS]})
    page = yunting.site.pages[POISON]
    assert isinstance(page, Reply)
    yunting.site.put(POISON, page.body.replace(b"<p>", b"<p>" + b"<i>.</i>" * 4_000, 1))
    return yunting


@contextmanager
def started(yunting: Crawled, *more: str) -> Iterator[Forked]:
    """Start a crawl that has a worker."""
    yunting.site.forget()
    with Forked(*yunting.arguments("--workers", "1", *more)) as crawl:
        yield crawl


def workers_of(parent: int) -> list[int]:
    """Return the worker processes of a process."""
    listed = subprocess.run(
        ["ps", "-ww", "-A", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = (line.split(None, 2) for line in listed.splitlines())
    return [
        int(row[0]) for row in rows if int(row[1]) == parent and "zhijiang_spider.derive.worker" in row[2]
    ]


def is_gone(process: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True).stdout
    return not state.strip() or state.strip().startswith("Z")


def reading(yunting: Crawled, crawl: Forked) -> int:
    """Wait until a worker reads the poison; return the worker."""
    note = Path(f"{yunting.archive}.attempt")

    def is_read() -> bool:
        with suppress(OSError):
            return "newsid=2" in note.read_text("utf-8").partition("\n\n")[0]
        return False

    wait_until(is_read, "the page was never read")
    (worker,) = workers_of(crawl.pid)
    return worker


# --- the same archive ----------------------------------------------------------------------------------

TABLES = [
    "crawl",
    "section",
    "crawl_section",
    "crawl_field",
    "listing",
    "capture",
    "failure",
    "article",
    "article_version",
    "credit",
    "image",
    "media",
    "media_address",
    "trouble",
]
OF_ITS_TIME = frozenset(("options", "warc_offset", "warc_length", "record_id", "capture_id", "media_id"))
"""Columns that tell when, or where in a file, and so differ between two crawls.

A picture is asked for when its article was read, so it may come before or behind the article after that one.
"""


def same(yunting: Crawled, table: str) -> list[tuple[Any, ...]]:
    """Return the rows of a table in their order, what was fetched in any, without what tells the time."""
    columns = [name for _, name, *_ in yunting.rows(f"PRAGMA table_info({table})")]
    kept = [name for name in columns if name not in OF_ITS_TIME and not name.endswith("_at")]
    rows = yunting.rows(f"SELECT {', '.join(kept)} FROM {table} ORDER BY rowid")
    return sorted(rows, key=repr) if table in ("capture", "media", "media_address") else rows


def test_an_archive_is_the_same_however_many_processes_read(yunting: Crawled) -> None:
    yunting.build(
        Section("101", "县域要闻", samples(12)), Section("102", "乡镇动态", samples(5, 50)), per_page=5
    )
    lost, script = (f"/content/show?catid=101&newsid={number}" for number in (7, 8))
    yunting.site.put(lost, "<title>云汀网</title><p>此文章不存在</p>")
    yunting.site.put(script, "<title>云汀网</title><script>check()</script><p>请稍候</p>")
    found = []
    for workers in ("0", "1", "2"):
        yunting.archive = yunting.archive.with_name(f"{workers}.db")
        told = yunting.crawl("--workers", workers, "--json", status=1).stdout
        found.append([same(yunting, table) for table in TABLES])
        assert len(yunting.articles()) == 15, told
    for table, *rows in zip(TABLES, *found, strict=True):
        assert rows[0] != []
        assert rows[0] == rows[1] == rows[2], table
    before = yunting.rows("SELECT * FROM article_version")
    done = yunting.run("reparse", "--apply", "--archive", yunting.archive)
    assert "17 articles read again" in done.stdout
    assert "0 changed, 0 are new" in done.stdout
    assert yunting.rows("SELECT * FROM article_version") == before
    yunting.save_profile(selectors={"title": ["//title"]})
    said = [
        yunting.run("reparse", "--workers", workers, "--archive", yunting.archive).stdout
        for workers in ("0", "2")
    ]
    assert "15 would change" in said[0]
    assert said[0] == said[1]


# --- pages that are too much ---------------------------------------------------------------------------


def test_a_page_that_kills_its_worker_is_one_failure(poisoned: Crawled) -> None:
    with started(poisoned) as crawl:
        os.kill(reading(poisoned, crawl), signal.SIGKILL)
        ended = crawl.finish()
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert poisoned.articles() == {"1", "3", "4"}
    ((reason, attempts, url),) = poisoned.rows(
        "SELECT f.reason, f.attempts, c.url FROM failure f JOIN capture c USING (capture_id)"
    )
    assert (reason, attempts) == (
        "it ended the process that read it: SIGKILL, perhaps for want of memory",
        1,
    )
    assert url.endswith(POISON)
    assert in_chinese(reason) == "读取这一页的进程中断（SIGKILL，也许内存用尽）"
    assert not note_of(poisoned).exists()


def test_a_page_that_hangs_is_one_failure_a_crawl_and_given_up_in_the_end(poisoned: Crawled) -> None:
    limit = ("--workers", "1", "-s", "ZHIJIANG_PAGE_SECONDS=3")
    for number in (1, MAX_ATTEMPTS):
        with closing(sqlite3.connect(poisoned.archive)) as connection, suppress(sqlite3.OperationalError):
            connection.execute(
                "UPDATE failure SET attempts = ?", (number - 1,)
            )  # the nights between are alike
            connection.commit()
        poisoned.crawl(*limit, status=1)
        assert POISON in poisoned.site.paths()
        assert poisoned.articles() == {"1", "3", "4"}
        assert poisoned.rows("SELECT key, attempts, reason FROM failure") == [
            ("2", number, "reading it takes too long: more than 3 seconds")
        ]
    poisoned.crawl(*limit)
    assert POISON not in poisoned.site.paths()


def test_a_worker_that_is_stopped_is_ended(poisoned: Crawled) -> None:
    """It hears no alarm of its own."""
    with started(poisoned, "-s", "ZHIJIANG_PAGE_SECONDS=3") as crawl:
        os.kill(reading(poisoned, crawl), signal.SIGSTOP)
        crawl.finish()
    assert poisoned.articles() == {"1", "3", "4"}
    assert poisoned.rows("SELECT key, reason FROM failure") == [
        ("2", "reading it takes too long: more than 3 seconds")
    ]


def test_a_crawl_killed_while_a_worker_reads_leaves_no_worker_and_counts_the_page(poisoned: Crawled) -> None:
    with started(poisoned) as crawl:
        worker = reading(poisoned, crawl)
        crawl.kill()
        wait_until(lambda: is_gone(worker), "the worker went on")
    poisoned.crawl("--workers", "1", "-s", "ZHIJIANG_PAGE_SECONDS=3", status=1)
    assert poisoned.rows("SELECT key, attempts FROM failure") == [("2", 2)]
    assert poisoned.articles() == {"1", "3", "4"}


def test_a_polite_stop_waits_for_the_page_and_leaves_no_worker(poisoned: Crawled) -> None:
    with started(poisoned, "-s", "ZHIJIANG_PAGE_SECONDS=3") as crawl:
        worker = reading(poisoned, crawl)
        for process in (worker, crawl.pid):  # as a service manager stops all processes of a service
            os.kill(process, signal.SIGTERM)
        ended = crawl.finish()
    assert ended.returncode == 1
    assert "stopped before its end (shutdown)" in ended.stderr
    assert is_gone(worker)
    assert [key for (key,) in poisoned.rows("SELECT key FROM failure")] == ["2"]


def test_a_crawl_told_twice_leaves_no_worker(poisoned: Crawled) -> None:
    with started(poisoned, "--verbose") as crawl:
        worker = reading(poisoned, crawl)
        os.kill(crawl.pid, signal.SIGTERM)
        wait_until(lambda: crawl.complains("Send again to force"), "it did not hear")
        os.kill(crawl.pid, signal.SIGTERM)
        ended = crawl.finish()
    assert ended.returncode == 1
    assert "interrupted twice, stopped immediately" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert is_gone(worker)


def test_reparse_keeps_an_article_whose_page_hangs(poisoned: Crawled) -> None:
    selectors = poisoned.profile.pop("selectors")
    poisoned.save_profile()
    poisoned.crawl("--workers", "0")
    poisoned.save_profile(selectors=selectors)
    with Forked("reparse", "--apply", "--workers", "1", "--archive", poisoned.archive) as reparse:
        wait_until(lambda: workers_of(reparse.pid), "no worker was started")
        (worker,) = workers_of(reparse.pid)

        def is_busy() -> bool:  # to start and to read the first page takes less
            seconds = subprocess.run(["ps", "-o", "cputimes=", "-p", str(worker)], capture_output=True)
            return int(seconds.stdout or 0) >= 4

        wait_until(is_busy, "the page was never read")
        os.kill(worker, signal.SIGKILL)
        ended = reparse.finish()
    assert ended.returncode == 1
    assert "article 2: it ended the process that read it: SIGKILL" in ended.stdout + ended.stderr
    assert poisoned.articles() == {"1", "2", "3", "4"}
    assert poisoned.rows("SELECT count(*) FROM article_version") == [(4,)]


def test_a_crawl_with_nothing_new_starts_no_worker(
    yunting: Crawled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    yunting.build(Section("101", "县域要闻", samples(3)))
    yunting.crawl()
    assert "no worker process can be started" not in yunting.crawl("--workers", "2").stderr
    told = tmp_path / "told"
    wrapper = tmp_path / "sitecustomize.py"  # what every new interpreter runs first
    wrapper.write_text(f"import sys\nopen({str(told)!r}, 'a').write(f'{{sys.orig_argv}}\\n')\n", "utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(tmp_path), *filter(None, sys.path))))
    one = ("--workers", "1")
    assert run_zhijiang(*yunting.arguments(*one)).returncode == 0
    assert "derive.worker" not in told.read_text("utf-8")
    assert run_zhijiang(*yunting.arguments("--full", *one)).returncode == 0
    assert told.read_text("utf-8").count("derive.worker") == 1


def note_of(yunting: Crawled) -> Path:
    return Path(f"{yunting.archive}.attempt")


def test_a_note_blames_the_page_at_work_here_before_those_beside_it(archive: Archive) -> None:
    note = AttemptNote(archive, "yunting", 1)
    with note.at(FailureType.ARTICLE, "http://y/1", "1", beside=True):
        with note.at(FailureType.ARTICLE, "http://y/22", "2", beside=True):
            beside = note_path(archive).read_bytes()
        with note.at(FailureType.ARTICLE, "http://y/3", "3"):
            own = note_path(archive).read_bytes()
    note.close()
    for left, keys in ((own, ["3"]), (beside, ["1", "2", "3"])):
        note_path(archive).write_bytes(left)
        found = count_unfinished(archive)
        assert found is not None
        assert found.failure.reason == UNFINISHED
        rows = archive.connection.execute("SELECT key FROM failure ORDER BY key").fetchall()
        assert [key for (key,) in rows] == keys


# --- the workers themselves ----------------------------------------------------------------------------


def by_workers(most: int, *functions: tuple[Any, ...], seconds: float = PATIENCE) -> list[Any]:
    """Return what calls of functions come to, one after the other: what they return, or raise."""

    async def read() -> list[Any]:
        async with Workers(most, seconds) as workers:
            found: list[Any] = []
            for function, *arguments in functions:
                try:
                    found.append(await workers.read(function, *arguments))
                except Exception as error:
                    found.append(error)
            return found

    return asyncio.run(read())


def test_one_worker_serves_who_comes_one_after_the_other() -> None:
    first, second = by_workers(3, (worker_jobs.process,), (worker_jobs.process,))
    assert first == second != os.getpid()
    assert by_workers(0, (worker_jobs.process,)) == [os.getpid()]
    assert is_gone(first)


def test_a_worker_knows_how_to_read_and_nothing_else() -> None:
    (known,) = by_workers(1, (worker_jobs.modules,))
    assert "zhijiang_spider.derive.article" in known
    assert {name for name in known if name.startswith("archive.store")} == set()
    assert not known & {"scrapy", "twisted", "sqlite3", "click", "flask", "warcio", "asyncio"}


@pytest.mark.parametrize(
    ("job", "reason"),
    [
        ((worker_jobs.die, signal.SIGSEGV), "it ended the process that read it: SIGSEGV"),
        ((worker_jobs.leave, 3), "it ended the process that read it: exit status 3"),
        ((worker_jobs.sleep, 60.0), "reading it takes too long: more than 2 seconds"),
    ],
)
def test_a_worker_that_is_lost_is_told_and_replaced(job: tuple[Any, ...], reason: str) -> None:
    before, lost, after = by_workers(1, (worker_jobs.process,), job, (worker_jobs.process,), seconds=2)
    assert isinstance(lost, ReadingEnded)
    assert str(lost) == reason
    assert isinstance(after, int)
    assert after != before


def test_what_a_worker_raises_is_raised_here() -> None:
    sent, missing, failed, oddly, printed, lost = by_workers(
        1,
        (worker_jobs.send_on,),
        (worker_jobs.miss_a_part,),
        (worker_jobs.fail,),
        (worker_jobs.fail_oddly,),
        (worker_jobs.say,),
        (worker_jobs.no_answer,),
    )
    assert isinstance(sent, SentOn)
    assert sent.target == "http://www.yunting.example/1"
    assert isinstance(missing, PartMissing)
    assert isinstance(missing.__cause__, ScriptOnly)
    assert (type(failed), str(failed)) == (ZeroDivisionError, "nought")
    assert "in fail" in "".join(failed.__notes__)
    assert (type(oddly), str(oddly)) == (RuntimeError, "Odd: oddly")
    assert printed == "answered"
    assert type(lost) is RuntimeError


def test_a_page_that_is_read_alone_waits_for_the_others_and_they_for_it() -> None:
    at_work: set[str] = set()
    seen: dict[str, set[str]] = {}

    @contextmanager
    def noted(name: str) -> Iterator[None]:
        at_work.add(name)
        yield
        seen[name] = set(at_work)
        at_work.remove(name)

    async def read() -> None:
        async with Workers(2) as workers:
            await asyncio.gather(
                *(
                    workers.read(worker_jobs.sleep, 0.2, at_work=partial(noted, name), alone=name == "c")
                    for name in "abcde"
                )
            )

    asyncio.run(read())
    assert seen["c"] == {"c"}
    assert len(seen) == 5


def test_what_an_answer_asks_for_may_go_out_before_its_turn() -> None:
    article, following = Request("http://y/1"), Request("http://y/2")

    def listed() -> Iterator[Any]:
        yield "list"
        yield article
        yield following
        raise ZeroDivisionError

    async def tell() -> list[Any]:
        turns, is_read = Turns(), asyncio.Event()

        async def read() -> list[Any]:
            await is_read.wait()
            return ["article"]

        said: list[Any] = []

        async def hear(told: AsyncIterator[Any]) -> None:
            with suppress(ZeroDivisionError):
                async for item in told:
                    said.append(item)
                    if item is following:
                        is_read.set()

        await asyncio.gather(hear(turns.of(read)()), hear(turns.of(listed, asks_at_once=True)()))
        return said

    assert asyncio.run(asyncio.wait_for(tell(), PATIENCE)) == [article, following, "article", "list"]


def test_where_no_worker_can_be_started_pages_are_read_here(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    with caplog.at_level(logging.WARNING):
        assert by_workers(2, (worker_jobs.process,), (worker_jobs.process,)) == [os.getpid()] * 2
    assert caplog.text.count("no worker process can be started") == 1
