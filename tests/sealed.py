"""Nights of a crawler without a site, and an archive in which something of everything is sealed."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive import Archive, Article
from archive.care.check import Scope
from archive.care.check_seals import check_seals
from archive.care.health import judge_crawl
from archive.evidence.warc_writer import Exchange
from archive.model.article import Attachment, Image, MediaType
from archive.model.crawl import CaptureType, FailureType, FetchFailure, Listing, ListingEntry
from archive.model.event import EventType
from archive.model.plan import HealthPolicy, RecheckPolicy
from archive.store.articles import save_article, save_missing
from archive.store.captures import save_capture
from archive.store.crawls import CrawlResult, begin_crawl, finish_crawl, save_listing
from archive.store.events import save_event
from archive.store.seals import changing, seal

MakeListing = Callable[..., Listing]
TRIGGERS = (
    "event_no_update",
    "event_no_delete",
    "seal_no_update",
    "seal_no_delete",
    "seal_part_no_delete",
    "seal_former_no_delete",
)


class Nights:
    """An archive, and crawls of it one after the other, without a site."""

    def __init__(self, archive: Archive, article: Article, listing: MakeListing) -> None:
        self.archive = archive
        self.article = article
        self.listing = listing
        self.night = 1

    def at(self) -> str:
        return f"2026-01-{self.night:02}T01:00:00Z"

    def look(self, *keys: str, **changes: object) -> None:
        """Read the pages of some articles."""
        for key in keys:
            url = f"http://www.yunting.example/content/show?newsid={key}"
            exchange = Exchange(url, self.at(), "GET", (), 200, (), repr((key, changes)).encode())
            number = save_capture(
                self.archive, exchange, self.night, capture_type=CaptureType.ARTICLE, site="yunting", key=key
            )
            page = replace(self.article, key=key, url=url, fetched_at=self.at(), capture=number, **changes)  # type: ignore[arg-type]
            save_article(self.archive, page, self.night)

    def lists(self, *keys: str, title: str = "题", **changes: Any) -> None:
        """Read a list page."""
        entries = tuple(
            ListingEntry(key, f"http://www.yunting.example/{key}", f"{title}{key}") for key in keys
        )
        page = replace(self.listing(), entries=entries, fetched_at=self.at(), **changes)
        save_listing(self.archive, page, self.night)

    def misses(self, *keys: str) -> None:
        """Find that articles are gone."""
        failures = [
            FetchFailure(
                "yunting",
                f"http://www.yunting.example/{key}",
                FailureType.ARTICLE,
                "HTTP 404",
                self.at(),
                key,
            )
            for key in keys
        ]
        save_missing(self.archive, failures, self.night, RecheckPolicy(gone_days=1, gone_looks=2))

    def ends(self) -> None:
        """End the crawl, and begin the next."""
        finish_crawl(self.archive, self.night, CrawlResult(complete=True))
        begins = begin_crawl(self.archive, "yunting", software="test", options={})
        self.night = begins

    def found(self, *against: str) -> list[str]:
        return faults(self.archive, *against)


def faults(archive: Archive, *against: str) -> list[str]:
    return [
        what
        for level, what, _ in check_seals(archive, Scope(datetime.now(UTC), against=against))
        if level == "fault"
    ]


def make_sealed(path: Path, article: Article, listing: MakeListing) -> Path:
    """Make an archive that holds something of everything that is sealed, its last crawl ended."""
    with Archive.open(path) as archive:
        begin_crawl(archive, "yunting", software="test", options={})
        nights = Nights(archive, article, listing)
        keys = [str(n) for n in range(1, 10)]
        nights.lists(*keys)
        nights.lists(*keys[:4], slug="2", url="http://www.yunting.example/content/list?catid=2", name="通知")
        nights.look(*keys[:6])
        pictures = tuple(Image(f"http://www.yunting.example/{n}.jpg", f"图{n}", n) for n in range(3))
        files = tuple(
            Attachment(f"http://www.yunting.example/{n}.pdf", MediaType.FILE, f"附件{n}") for n in range(3)
        )
        nights.look("7", images=pictures, attachments=files)
        nights.look(*keys[7:])
        judge_crawl(archive, 1, HealthPolicy())
        nights.ends()
        nights.look("3", title="云汀县改了题名")
        nights.misses("5", "6")
        for n in range(1, 4):
            name = f"yunting-{n}.warc.gz"
            archive.insert("warc_file", {"name": name, "crawl_id": 2, "bytes": 9, "sha256": f"{n}" * 64})
            picture = {"sha256": f"{n}" * 64, "mime": "image/png", "bytes": 7, "width": 1, "height": 1}
            archive.insert("media", {**picture, "capture_id": 1})
        nights.ends()
        nights.misses("5")
        nights.look("6")
        with archive.transaction() as execute, changing(archive, "appraisal", [4, 7, 8]):
            for number in (4, 7, 8):
                execute(
                    "INSERT INTO appraisal (article_id, retention, note) VALUES (?, 'Y', '样本')", (number,)
                )
        seal(archive, "appraise import", ("appraisal",))
        save_event(archive, EventType.EXPORT, {"file": "out.csv"})
        finish_crawl(archive, nights.night, CrawlResult(complete=True))
        archive.commit()
        assert faults(archive) == []
    return path


def edited(path: Path, folder: Path, *statements: str) -> Path:
    copy = Path(shutil.copy(path, folder / "copy.db"))
    with closing(sqlite3.connect(copy)) as connection:
        for trigger in TRIGGERS:
            connection.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            assert connection.execute(statement).rowcount > 0, statement
        connection.commit()
    return copy
