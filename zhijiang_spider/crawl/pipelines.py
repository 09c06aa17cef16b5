"""The way of an item: it is stored."""

import asyncio
import logging
from contextlib import ExitStack
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider

from archive.store.errors import ArchiveBusy, ArchiveError
from zhijiang_spider.crawl.counts import CrawlCounts
from zhijiang_spider.crawl.host_lock import HostBusy, NoHostLock, crawl_locks
from zhijiang_spider.crawl.session import CrawlSession
from zhijiang_spider.crawl.spider import spider_of
from zhijiang_spider.crawl.stopping import send_nothing_more

_log = logging.getLogger(__name__)
_LATER = 75
"""Exit status, as the command line has it."""


class StorePipeline:
    """Article, Listing, FetchFailure → the session, from its opening to its end."""

    def __init__(self, crawler: Crawler, session: CrawlSession) -> None:
        self.crawler = crawler
        self.session = session
        self._locks = ExitStack()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the pipeline for one crawl."""
        session = spider_of(crawler).session
        assert session is not None
        pipeline = cls(crawler, session)
        session.on_commit, session.on_broken = pipeline.mirror, pipeline.stop
        for signal in (signals.item_error, signals.spider_error):
            crawler.signals.connect(pipeline.error, signal=signal)
        crawler.signals.connect(pipeline.response_received, signal=signals.response_received)
        crawler.signals.connect(pipeline.spider_closed, signal=signals.spider_closed)
        return pipeline

    def open_spider(self) -> None:
        """Begin the crawl.  Raises ``CloseSpider``; ends the program where another one is at work."""
        try:
            if not self.crawler.settings.getbool("ZHIJIANG_LOCKED"):
                self._lock()
            self.session.open(self._warc_info())
        except ArchiveError as error:
            raise CloseSpider("archive_error") from error

    def _lock(self) -> None:
        """Take the locks of a crawl that Scrapy's own command started.  Raises ``SystemExit``: Scrapy's status would be 0."""
        session = self.session
        try:
            self._locks.enter_context(crawl_locks(session.archive_path, session.site.hosts))
        except (ArchiveError, HostBusy, NoHostLock) as error:
            _log.error("%s", error)
            later = isinstance(error, (ArchiveBusy, HostBusy))
            raise SystemExit(_LATER if later else 1) from error

    def process_item(self, item: object) -> object:
        """Store one item in the open batch."""
        self.session.save(item)
        return item

    def error(self) -> None:
        """Count an item or a page at which the program failed, so that the crawl is not called complete."""
        self.session.counts.errors += 1

    def response_received(self) -> None:
        """Count an answer."""
        self.session.counts.pages += 1

    def spider_closed(self, reason: str) -> None:
        """End the crawl."""
        self.session.close(reason)
        self.mirror(self.session.counts)
        self._locks.close()

    def mirror(self, counts: CrawlCounts) -> None:
        """Show the counts among Scrapy's statistics."""
        for name, number in counts.numbers().items():
            self.crawler.stats.set_value(f"zhijiang/{name}", number)

    def stop(self) -> None:
        """End the crawl because nothing can be stored."""
        send_nothing_more(self.crawler)
        engine = self.crawler.engine
        self._closing = asyncio.ensure_future(engine.close_spider_async(reason="archive_error"))

    def _warc_info(self) -> dict[str, str] | None:
        """Return what the ``warcinfo`` record of each file says (ISO 28500, and the profile of the site)."""
        settings, site = self.crawler.settings, self.session.site
        if not settings.getbool("ZHIJIANG_WARC"):
            return None
        return {
            "format": "WARC File Format 1.1",
            "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "isPartOf": site.name,
            "description": f"{site.title}: list pages, articles and their pictures, fetched one at a time",
            "operator": site.contact,
            "http-header-user-agent": settings["USER_AGENT"],
            "robots": "obey" if settings.getbool("ROBOTSTXT_OBEY") else "ignore",
            "site-profile": site.declared,
        }
