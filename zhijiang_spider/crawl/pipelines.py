"""The way of an item: normalise it, then store it."""

import asyncio
import json
import platform
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from typing import Any, Self, TypeVar

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider

from archive.care.health import judge_crawl, reconcile
from archive.evidence.warc_writer import Exchange
from archive.model.article import Article, Role
from archive.model.crawl import CaptureType, FailureType, FetchFailure, Listing, MediaFile, NotModified
from archive.store.archive import Archive
from archive.store.articles import Saved, article_status, save_article, save_missing, save_not_modified
from archive.store.captures import begin_warc, save_capture, save_capture_error, save_media
from archive.store.crawls import begin_crawl, finish_crawl, save_failure, save_listing
from archive.store.errors import ArchiveError
from archive.store.plan import make_plan
from archive.times import utc_now
from zhijiang_spider.crawl.verdict import is_alarm, judge
from zhijiang_spider.derive.normalise import normalise_article
from zhijiang_spider.items import RawArticle
from zhijiang_spider.sites.site import Site

_Result = TypeVar("_Result")

FIELDS = ("title", "published_on", "section", "source", "body", "credits", "images")
"""What the crawl record counts: how many articles had it."""


class NormalisePipeline:
    """RawArticle → Article."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the pipeline for one crawl."""
        return cls(crawler)

    def process_item(self, item: object) -> object:
        """Normalise an article; let everything else pass."""
        if isinstance(item, RawArticle):
            spider: Any = self.crawler.spider
            return normalise_article(item, spider.site)
        return item


class StorePipeline:
    """Article, Listing, FetchFailure → rows.

    Several pages share one transaction: a commit per page is what makes hand-made archives slow.
    A batch is committed a second after its first page at the latest.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.archive: Archive | None = None
        self._commit_later: asyncio.TimerHandle | None = None
        self._closed = False
        self._fields: Counter[str] = Counter()
        self._labels: Counter[str] = Counter()
        self._missing: list[FetchFailure] = []
        self._uncommitted: Counter[str] = Counter()
        """Statistics of the open batch: nothing is counted that is not on disk."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the pipeline for one crawl."""
        pipeline = cls(crawler)
        crawler.signals.connect(pipeline.item_error, signal=signals.item_error)
        crawler.signals.connect(pipeline.spider_closed, signal=signals.spider_closed)
        return pipeline

    def open_spider(self) -> None:
        """Open the archive, start the record of this crawl, and give the spider its plan."""
        try:
            self._open()
        except ArchiveError as error:
            if self.archive is not None:
                self.archive.close()
                self.archive = None
            self.crawler.stats.set_value("zhijiang/archive_error", str(error))
            raise CloseSpider("archive_error") from error

    def _open(self) -> None:
        spider: Any = self.crawler.spider  # the spider is found by its name, nothing imports it
        self.archive = archive = Archive.open(self.crawler.settings["ZHIJIANG_ARCHIVE"])
        options = {
            "since": spider.since,
            "full": spider.full,
            "sections": spider.only,
            "media": spider.media,
            "profile": spider.site.path,
            "site": json.loads(spider.site.declared),
        }
        spider.plan = make_plan(
            archive,
            spider.site.name,
            sections=spider.only,
            since=spider.since,
            full=spider.full,
            policy=spider.site.recheck,
        )
        self.crawl = begin_crawl(archive, spider.site.name, software=_software(), options=options)
        self.crawler.stats.set_value("zhijiang/crawl", self.crawl)
        if self.crawler.settings.getbool("ZHIJIANG_WARC"):
            begin_warc(archive, spider.site.name, _warc_info(spider.site, self.crawler))

    def process_item(self, item: object) -> object:
        """Store one item in the open batch."""
        self._write(lambda archive: self._save(item, archive))
        return item

    def capture(self, exchange: Exchange, kind: str, key: str | None) -> int | None:
        """Keep one answer in the open batch; return the capture's number."""
        site: Site = self.crawler.spider.site  # type: ignore[union-attr]
        key = key or site.article_key(exchange.url)
        return self._write(
            lambda archive: save_capture(
                archive, exchange, self.crawl, capture_type=CaptureType(kind), site=site.name, key=key
            )
        )

    def capture_error(self, url: str, at: str, error: str, kind: str) -> None:
        """Note in the open batch that a request brought no answer."""
        site: Site = self.crawler.spider.site  # type: ignore[union-attr]
        key = site.article_key(url)
        self._write(
            lambda archive: save_capture_error(
                archive, url, at, error, self.crawl, capture_type=CaptureType(kind), site=site.name, key=key
            )
        )

    def _write(self, save: Callable[[Archive], _Result]) -> _Result | None:
        """Write into the open batch; None when the archive cannot be written."""
        if self.archive is None:  # it could not be opened, and that was said
            return None
        if self.crawler.stats.get_value("zhijiang/archive_error"):
            return None  # a batch was lost: what comes now may refer to what was in it
        result = None
        try:
            self.archive.begin()
            result = save(self.archive)
        except ArchiveError as error:
            self._give_up(error)
        if self._commit_later is None and not self._closed:
            seconds = self.crawler.settings.getfloat("ZHIJIANG_BATCH_SECONDS")
            self._commit_later = asyncio.get_running_loop().call_later(seconds, self._commit)
        return result

    def _save(self, item: object, archive: Archive) -> None:
        if isinstance(item, Article):
            saved = save_article(archive, item, self.crawl)
            self._count(f"zhijiang/{saved}")
            if saved is not Saved.NEW:
                self._count("zhijiang/looks")
            self._fields.update(name for name in FIELDS if getattr(item, name))
            self._labels.update(c.label or "" for c in item.credits if c.role is Role.OTHER)
        elif isinstance(item, NotModified):
            save_not_modified(archive, item)
            self._count(f"zhijiang/{Saved.UNCHANGED}")
            self._count("zhijiang/looks")
        elif isinstance(item, Listing):
            save_listing(archive, item, self.crawl)
            self._count("zhijiang/list_pages")
            self._count("zhijiang/listed", len(item.entries))
        elif isinstance(item, MediaFile):
            site: Site = self.crawler.spider.site  # type: ignore[union-attr]
            if save_media(archive, item, site.name):
                self._count("zhijiang/media")
            else:
                self._save_failure(archive, _no_media(item, site))
        elif isinstance(item, FetchFailure):
            status = article_status(archive, item.site, item.key) if item.missing and item.key else None
            if status is None:
                self._save_failure(archive, item)
                return
            self._missing.append(item)  # judged when all looks are in
            self._count("zhijiang/missing")
            if status == "在线":
                self._count("zhijiang/looks")
                self._count("zhijiang/newly_missing")

    def _save_failure(self, archive: Archive, failure: FetchFailure) -> None:
        save_failure(archive, failure, self.crawl)
        self._count(f"zhijiang/failed_{failure.failure_type}s")
        self._count(f"zhijiang/reasons/{failure.failure_type}/{failure.reason.partition(':')[0]}")
        if failure.failure_type is not FailureType.MEDIA:
            self.crawler.stats.set_value("zhijiang/last_failure", f"{failure.url}: {failure.reason}")

    def _count(self, name: str, number: int = 1) -> None:
        self._uncommitted[name] += number

    def _commit(self) -> None:
        if self._commit_later:
            self._commit_later.cancel()
            self._commit_later = None
        assert self.archive is not None
        try:
            self.archive.commit()
        except ArchiveError as error:
            self._give_up(error)
            return
        for name, number in self._uncommitted.items():
            self.crawler.stats.inc_value(name, number)
        self._uncommitted.clear()

    def _give_up(self, error: ArchiveError) -> None:
        """Stop the crawl: what cannot be stored should not be asked for."""
        if self.archive is not None and not self.archive.connection.in_transaction:
            self._uncommitted.clear()  # SQLite undid the batch
        stats, engine = self.crawler.stats, self.crawler.engine
        if stats.get_value("zhijiang/archive_error") is None:
            stats.set_value("zhijiang/archive_error", str(error))
            if not self._closed:
                self._closing = asyncio.ensure_future(engine.close_spider_async(reason="archive_error"))

    def item_error(self) -> None:
        """Count an item that no pipeline could take, so that the crawl is not called complete."""
        self.crawler.stats.inc_value("zhijiang/item_errors")

    def spider_closed(self, reason: str) -> None:
        """Commit what is left, complete the crawl's record and close the file."""
        self._closed = True
        if self.archive is None:  # it could not be opened, and that was said
            return
        self._commit()
        site: Site = self.crawler.spider.site  # type: ignore[union-attr]
        stats = self.crawler.stats
        try:
            stats.set_value("zhijiang/alarm_share", site.recheck.alarm_share)
            if not is_alarm(stats.get_stats()):
                stats.set_value(
                    "zhijiang/gone", save_missing(self.archive, self._missing, self.crawl, site.recheck)
                )
            health = judge_crawl(self.archive, self.crawl, site.health)
            if stats.get_value("zhijiang/failed_articles"):
                health += reconcile(self.archive, site.name)
            stats.set_value("zhijiang/health", health)
            verdict = judge(stats.get_stats(), reason)
            result = verdict.result(dict(self._fields))
            delay = stats.get_value("zhijiang/delay")
            finish_crawl(
                self.archive, self.crawl, replace(result, delay=delay, unknown_labels=dict(self._labels))
            )
        except ArchiveError as error:
            self._give_up(error)
        finally:
            self.archive.close()


def _software() -> str:
    return f"zhijiang {version('zhijiang')}, Scrapy {version('scrapy')}, Python {platform.python_version()}"


def _warc_info(site: Site, crawler: Crawler) -> dict[str, str]:
    """Return what the ``warcinfo`` record of each file says (ISO 28500, and the profile of the site)."""
    return {
        "software": _software(),
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "isPartOf": site.name,
        "description": f"{site.title}: list pages, articles and their pictures, fetched one at a time",
        "operator": site.contact,
        "http-header-user-agent": crawler.settings["USER_AGENT"],
        "robots": "obey" if crawler.settings.getbool("ROBOTSTXT_OBEY") else "ignore",
        "site-profile": site.declared,
    }


def _no_media(media: MediaFile, site: Site) -> FetchFailure:
    reason = "is no picture or file of a known kind" if media.body else "is empty"
    return FetchFailure(
        site=site.name, url=media.url, failure_type=FailureType.MEDIA, reason=reason, failed_at=utc_now()
    )
