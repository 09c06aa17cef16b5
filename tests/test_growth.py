"""What a night with nothing new and its commands cost does not grow with the archive: counted in steps of SQLite."""

import asyncio
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, Article
from archive.care.check import Level, Scope, check
from archive.care.status import read_status
from archive.evidence.warc_writer import Exchange
from archive.model.crawl import (
    CaptureType,
    FailureType,
    FetchFailure,
    Listing,
    ListingEntry,
    NotModified,
    SectionKind,
)
from archive.model.plan import RecheckPolicy
from archive.search.former import search_former
from archive.search.language import parse_query
from archive.search.query import search
from archive.store.articles import Saved, save_article
from archive.store.counts import miscounted
from archive.store.crawls import begin_crawl, save_listing
from archive.store.plan import make_plan
from archive.store.read import find_article
from archive.times import utc_now
from tests.command_line import fork_zhijiang
from tests.crawled import Crawled, samples
from tests.grown import FIRST_KEY, grow
from tests.newssite import NewsSite, Section
from zhijiang_spider.crawl.options import CrawlOptions
from zhijiang_spider.crawl.session import CrawlSession
from zhijiang_spider.sites.site import load_site

SMALL, LARGE = 200, 2000
MOST = 1.2
"""Times the steps on an archive ten times as large: what is looked up in an index takes a few more."""
_EVERY = 10
"""Steps after which SQLite tells of itself."""


@pytest.fixture(scope="module")
def sizes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Crawled]]:
    """The same site, crawled once, and two archives of it."""
    with NewsSite() as site:
        made = Crawled(site, tmp_path_factory.mktemp("growth"), fork_zhijiang)
        made.build(Section("101", "县域要闻", samples(9)), per_page=5)
        made.crawl()
        found = []
        for more in (SMALL, LARGE):
            folder = tmp_path_factory.mktemp(f"{more}")
            one = Crawled(site, folder, fork_zhijiang)
            shutil.copy(made.archive, one.archive)
            shutil.copy(made.profile_file, one.profile_file)
            shutil.copytree(made.archive.with_suffix(".warc"), one.archive.with_suffix(".warc"))
            grow(one.archive, more)
            found.append(one)
        yield found


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], int]]:
    """Count the steps that SQLite takes on every connection that is opened meanwhile."""
    steps = 0
    connect = sqlite3.connect

    def tick() -> int:
        nonlocal steps
        steps += _EVERY
        return 0

    def counting(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **options)
        connection.set_progress_handler(tick, _EVERY)
        return connection

    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", counting)
        yield lambda: steps


async def night(one: Crawled) -> None:
    """Run what a crawl does with its archive when the lists show nothing new."""
    site = load_site(str(one.profile_file))
    session = CrawlSession(site, CrawlOptions(), one.archive)
    session.open({})
    plan = session.plan
    url = plan.sections[-1].url
    exchange = Exchange(url, utc_now(), "GET", (), 200, (), b"a list")
    assert session.capture(exchange, CaptureType.SECTION, None)
    keys = [str(number) for number in range(1, 10)]
    entries = tuple(
        ListingEntry(key, f"{url}&newsid={key}", f"云汀县第{key}号新闻", "", "2024-02-01") for key in keys
    )
    assert all(key in plan.archived and key in plan.sections[-1].listed for key in keys)
    assert "none" not in plan.archived
    assert not plan.rechecks
    assert not plan.pending
    session.save(
        Listing(site.name, "101", SectionKind.SECTION, url, "县域要闻", 1, entries, None, "known", utc_now())
    )
    session.close("finished")
    assert session.verdict is not None
    assert session.verdict.complete, session.verdict.told


def test_a_night_with_nothing_new_takes_the_same_steps(
    sizes: list[Crawled], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = []
    for one in sizes:
        asyncio.run(night(one))  # the first one keeps the dates at which articles are due
        with counted(monkeypatch) as steps:
            asyncio.run(night(one))
            taken.append(steps())
    assert taken[0] > 1000
    assert taken[1] <= MOST * taken[0], taken


READING: dict[str, Callable[[Archive], object]] = {
    "status": lambda archive: read_status(archive, now=datetime.now(UTC)),
    "show by number": lambda archive: find_article(archive, "100"),
    "show by address": lambda archive: find_article(
        archive, archive.connection.execute("SELECT url FROM article WHERE article_id = 100").fetchone()[0]
    ),
    "show what is not there": lambda archive: find_article(archive, "http://www.yunting.example/none"),
    "search": lambda archive: search(archive.connection, f"第{FIRST_KEY + 100}号"),
}


@pytest.mark.parametrize("what", READING)
def test_a_command_takes_the_same_steps(
    what: str, sizes: list[Crawled], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = []
    for one in sizes:
        with counted(monkeypatch) as steps, Archive.read(one.archive) as archive:
            assert READING[what](archive) is not None or "not there" in what
            taken.append(steps())
    assert taken[1] <= MOST * taken[0], taken


def test_former_texts_take_the_same_steps(
    sizes: list[Crawled], article: Callable[..., Article], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What is asked of former versions grows with what was changed, not with the archive."""
    key = str(FIRST_KEY + 50)
    query = parse_query(f"编号{key}的果园 -脱销")
    taken = []
    for one in sizes:
        path = shutil.copy(one.archive, tmp_path)
        with Archive.open(path, create=False) as archive:
            (site,) = archive.connection.execute("SELECT site FROM article WHERE key = ?", (key,)).fetchone()
            body = ("云汀县的果园今天脱销。",)
            revised = article(site=site, key=key, body=body, fetched_at=utc_now())
            assert save_article(archive, revised, 1) is Saved.REVISED
        with counted(monkeypatch) as steps, Archive.read(path) as archive:
            opened = steps()
            assert len(search_former(archive.connection, query).articles) == 1
            taken.append(steps() - opened)
    assert taken[1] <= MOST * taken[0], taken


def test_a_grown_archive_is_one(sizes: list[Crawled]) -> None:
    found = check(sizes[0].archive, Scope(datetime.now(UTC)))
    assert [str(finding) for finding in found if finding.level is Level.FAULT] == []


def test_status_tells_what_the_views_count(sizes: list[Crawled]) -> None:
    with Archive.read(sizes[0].archive) as archive:
        status = read_status(archive, now=datetime.now(UTC))
        shown = list(archive.rows("SELECT * FROM 栏目"))
        counted = [name for name in shown[0] if name in status.sections[0] and name != "停止原因"]
        assert len(counted) == len(shown[0]) - 2  # the view tells why in Chinese, and when by another clock
        assert [[row[name] for name in counted] for row in status.sections] == [
            [*map(row.get, counted)] for row in shown
        ]
        assert status.articles == archive.connection.execute("SELECT count(*) FROM article").fetchone()[0]


def test_what_is_due_is_what_all_articles_say(archive: Archive, article: Callable[..., Article]) -> None:
    """A crawl under a clock that went ahead makes the next one look into every article: no other one is found."""
    chance = random.Random(16)
    start = datetime(2024, 6, 1, tzinfo=UTC)

    def moment(days: float) -> str:
        return f"{start + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"

    for key in range(120):
        seen = chance.uniform(-200, 0)
        on = chance.choice(
            (None, seen - chance.uniform(0, 300), seen, seen + 1, seen + chance.uniform(0, 400))
        )
        published = None if on is None else moment(on)[:10]
        save_article(archive, article(key=str(key), published_on=published, fetched_at=moment(seen)), 1)
        if chance.random() < 0.2:
            gone = chance.choice((None, moment(seen)))
            archive.connection.execute(
                "INSERT INTO absence (article_id, since, reason, last_look_at, last_crawl, gone_at, returned_at)"
                " SELECT article_id, last_look_at, 'HTTP 404', last_look_at, 1, ?, ? FROM article WHERE key = ?",
                (gone, chance.choice((None, None, moment(seen))), str(key)),
            )
        if chance.random() < 0.5:
            look = moment(chance.uniform(seen, 1))
            archive.connection.execute("UPDATE article SET last_look_at = ? WHERE key = ?", (look, str(key)))
        archive.commit()
    number = 0
    for policy in (
        RecheckPolicy(budget=1000),
        RecheckPolicy((2, 60), budget=1000),
        RecheckPolicy((), budget=1000),
    ):
        for days in (1.5, 2, 5, 20, 100, 500):
            now = start + timedelta(days=days)
            found = make_plan(archive, "yunting", policy=policy, now=now).rechecks
            assert miscounted(archive.connection) == []
            ahead = begin_crawl(archive, "yunting", software="test", options={})
            archive.connection.execute(
                "UPDATE crawl SET started_at = '2999-01-01T00:00:00Z' WHERE crawl_id = ?", (ahead,)
            )
            assert make_plan(archive, "yunting", policy=policy, now=now).rechecks == found
            archive.connection.execute("DELETE FROM crawl WHERE crawl_id = ?", (ahead,))
            archive.commit()
            number += len(found)
    assert number > 100


def test_what_is_due_comes_with_the_title_that_its_own_list_has(
    archive: Archive, article: Callable[..., Article], listing: Callable[..., Listing]
) -> None:
    longer = ListingEntry(
        "78", "http://www.yunting.example/content/show?newsid=78", "云汀县脐橙开园，果农请客"
    )
    page = listing("77")
    save_listing(archive, listing(entries=(*page.entries, longer)), 1)
    save_article(archive, article(), 1)
    (target,) = make_plan(archive, "yunting", now=datetime(2024, 11, 5, tzinfo=UTC)).rechecks
    assert (target.key, target.listed) == ("77", "题77")


def test_counts_follow_whoever_writes(
    archive: Archive, article: Callable[..., Article], listing: Callable[..., Listing]
) -> None:
    execute = archive.connection.execute
    save_listing(archive, listing("1", "2", "77"), 1)
    save_article(archive, article(), 1)
    save_article(archive, article(key="3"), 1)
    for change in (
        "UPDATE article SET published_on = '2023-01-01' WHERE key = '77'",
        "UPDATE article SET key = '2' WHERE key = '3'",
        "UPDATE listing SET date_on = '2022-02-02' WHERE key = '1'",
        "UPDATE listing SET key = '4' WHERE key = '2'",
        "DELETE FROM listing WHERE key = '1'",
        "INSERT INTO media (sha256, mime, bytes, capture_id) VALUES (hex(zeroblob(32)), 'image/png', 1, 1)",
        "INSERT INTO media_address SELECT url, 1, 1 FROM image LIMIT 1",
        "DELETE FROM media_address",
        "UPDATE image SET url = 'http://www.yunting.example/b.png'",
        "DELETE FROM credit WHERE article_id = 2",
        "DELETE FROM image WHERE article_id = 2",
        "DELETE FROM article_version WHERE article_id = 2",
        "DELETE FROM article WHERE article_id = 2",
    ):
        execute("PRAGMA foreign_keys = OFF")
        execute(change)
        archive.commit()
        assert miscounted(archive.connection) == [], change
    execute("DELETE FROM _listed")
    execute("UPDATE _archive_size SET articles = 7")
    archive.commit()
    assert miscounted(archive.connection) == ["_listed", "_section_size", "_archive_size"]
    path: Path = archive.path
    assert fork_zhijiang("reindex", "--archive", path).returncode == 0
    assert miscounted(archive.connection) == []


async def busy_night(one: Crawled, article: Callable[..., Article]) -> None:
    """Run what a crawl does where articles are new, listed anew, changed, seen, gone and failing."""
    site = load_site(str(one.profile_file))
    session = CrawlSession(site, CrawlOptions(), one.archive)
    session.open({})
    url = "http://www.yunting.example/content/show?catid=101&newsid={}"
    fresh = utc_now().replace(":", "").replace("-", "")
    known = [str(FIRST_KEY + number) for number in (10, 20, 30)]
    entries = tuple(ListingEntry(key, url.format(key), article().title) for key in (fresh, *known))
    for slug, name in (
        ("101", "县域要闻"),
        (fresh, "专题"),
    ):  # a list that is new, another that has a new entry
        address = f"http://www.yunting.example/content/list?catid={slug}"
        session.save(
            Listing(site.name, slug, SectionKind.SECTION, address, name, 1, entries, None, "known", utc_now())
        )
    for key in (fresh, known[0]):
        at = url.format(key)
        exchange = Exchange(at, utc_now(), "GET", (), 200, (), f"page {fresh} {key}".encode())
        capture = session.capture(exchange, CaptureType.ARTICLE, key)
        body = (f"闻小满在{fresh}发回消息，云汀县的果园今天开园，游人不少。",)
        session.save(
            article(site=site.name, key=key, url=at, fetched_at=utc_now(), body=body, capture=capture)
        )
    session.save(NotModified(site.name, known[1], utc_now()))
    failure = FetchFailure(
        site.name, url.format(known[2]), FailureType.ARTICLE, "HTTP 404", utc_now(), known[2]
    )
    session.save(replace(failure, missing=True))
    session.save(replace(failure, key="none", url=url.format("none"), reason="HTTP 500"))
    session.close("finished")
    assert session.verdict is not None
    counted = session.verdict
    assert (counted.new, counted.revised, counted.failed, counted.missing) == (1, 1, 1, 1)


def test_so_do_articles_that_come_and_go(
    sizes: list[Crawled], article: Callable[..., Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = []
    for one in sizes:
        with counted(monkeypatch) as steps:
            asyncio.run(busy_night(one, article))
            taken.append(steps())
    assert taken[1] <= MOST * taken[0], taken
