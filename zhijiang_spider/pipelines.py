"""The way of an item: normalise it, then store it."""

import asyncio
import platform
from collections import Counter
from importlib.metadata import version
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler

from archive.article import Article
from archive.frontier import Failure, Listing
from archive.store import Archive, ArchiveError
from zhijiang_spider.items import RawArticle
from zhijiang_spider.normalise import normalise_article
from zhijiang_spider.verdict import judge

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
    """Article, Listing, Failure → rows.

    Several pages share one transaction: a commit per page is what makes hand-made archives slow.
    A batch is committed a second after its first page at the latest.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.archive: Archive | None = None
        self._commit_later: asyncio.TimerHandle | None = None
        self._closed = False
        self._fields: Counter[str] = Counter()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the pipeline for one crawl."""
        pipeline = cls(crawler)
        crawler.signals.connect(pipeline.item_error, signal=signals.item_error)
        crawler.signals.connect(pipeline.spider_closed, signal=signals.spider_closed)
        return pipeline

    def open_spider(self) -> None:
        """Open the archive, start the record of this crawl, and give the spider its plan."""
        spider: Any = self.crawler.spider  # the spider is found by its name, nothing imports it
        self.archive = archive = Archive.open(self.crawler.settings["ZHIJIANG_ARCHIVE"])
        options = {
            "since": spider.since,
            "full": spider.full,
            "sections": spider.only,
            "profile": spider.site.path,
        }
        spider.plan = archive.plan(
            spider.site.name, sections=spider.only, since=spider.since, full=spider.full
        )
        self.crawl = archive.begin_crawl(spider.site.name, software=_software(), options=options)
        self.crawler.stats.set_value("zhijiang/crawl", self.crawl)

    def process_item(self, item: object) -> object:
        """Store one item in the open batch."""
        assert self.archive is not None
        try:
            self.archive.begin()
            self._save(item, self.archive)
        except ArchiveError as error:
            self._give_up(error)
        if self._commit_later is None:
            seconds = self.crawler.settings.getfloat("ZHIJIANG_BATCH_SECONDS")
            self._commit_later = asyncio.get_running_loop().call_later(seconds, self._commit)
        return item

    def _save(self, item: object, archive: Archive) -> None:
        count = self.crawler.stats.inc_value
        if isinstance(item, Article):
            saved = archive.save(item, self.crawl)
            count(f"zhijiang/{saved}")
            self._fields.update(name for name in FIELDS if getattr(item, name))
        elif isinstance(item, Listing):
            archive.save_listing(item, self.crawl)
            count("zhijiang/list_pages")
            count("zhijiang/listed", len(item.entries))
        elif isinstance(item, Failure):
            archive.save_failure(item, self.crawl)
            count(f"zhijiang/failed_{item.kind}s")
            self.crawler.stats.set_value("zhijiang/last_failure", f"{item.url}: {item.reason}")

    def _commit(self) -> None:
        if self._commit_later:
            self._commit_later.cancel()
            self._commit_later = None
        assert self.archive is not None
        try:
            self.archive.commit()
        except ArchiveError as error:
            self._give_up(error)

    def _give_up(self, error: ArchiveError) -> None:
        """Stop the crawl: what cannot be stored should not be asked for."""
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
        if self.archive is None:  # it could not be opened, and Scrapy says so
            return
        self._commit()
        try:
            verdict = judge(self.crawler.stats.get_stats(), reason)
            self.archive.finish_crawl(self.crawl, verdict.result(dict(self._fields)))
        except ArchiveError as error:
            self._give_up(error)
        finally:
            self.archive.close()


def _software() -> str:
    return f"zhijiang {version('zhijiang')}, Scrapy {version('scrapy')}, Python {platform.python_version()}"
