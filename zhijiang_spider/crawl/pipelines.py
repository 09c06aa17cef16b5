"""The way of an item: normalise it, then store it."""

import asyncio
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider

from archive.store.errors import ArchiveError
from zhijiang_spider.crawl.counts import CrawlCounts
from zhijiang_spider.crawl.session import CrawlSession
from zhijiang_spider.crawl.spider import spider_of
from zhijiang_spider.derive.article import ArticleParts, derive_article
from zhijiang_spider.sites.site import Site


class NormalisePipeline:
    """ArticleParts → Article."""

    def __init__(self, site: Site) -> None:
        self.site = site

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the pipeline for one crawl."""
        return cls(spider_of(crawler).site)

    def process_item(self, item: object) -> object:
        """Normalise an article; let everything else pass."""
        return derive_article(item, self.site) if isinstance(item, ArticleParts) else item


class StorePipeline:
    """Article, Listing, FetchFailure → the session, from its opening to its end."""

    def __init__(self, crawler: Crawler, session: CrawlSession) -> None:
        self.crawler = crawler
        self.session = session

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
        """Begin the crawl.  Raises ``CloseSpider``."""
        try:
            self.session.open(self._warc_info())
        except ArchiveError as error:
            raise CloseSpider("archive_error") from error

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

    def mirror(self, counts: CrawlCounts) -> None:
        """Show the counts among Scrapy's statistics."""
        for name, number in counts.numbers().items():
            self.crawler.stats.set_value(f"zhijiang/{name}", number)

    def stop(self) -> None:
        """End the crawl because nothing can be stored."""
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
