"""What a crawl watches while it runs."""

from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.extensions.throttle import AutoThrottle

MOST = 120.0
"""Seconds: a robots.txt that asks for more would stop a crawl without saying so."""


class CrawlDelay:
    """Keep the distance that robots.txt asks for (``Crawl-delay``) where it is longer than the profile's."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.robots_parsed, signal=signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the extension for one crawl."""
        return cls(crawler)

    def spider_opened(self) -> None:
        """Note the delay that the profile sets."""
        self.crawler.stats.set_value("zhijiang/delay", self.crawler.settings.getfloat("DOWNLOAD_DELAY"))

    def robots_parsed(self, robotparser: Any) -> None:
        """Lengthen the delay to what robots.txt asks for."""
        asked = robotparser.crawl_delay(self.crawler.settings["USER_AGENT"])
        known = self.crawler.stats.get_value("zhijiang/delay")
        if not asked or asked <= known:
            return
        delay = min(float(asked), MOST)
        self.crawler.stats.set_value("zhijiang/delay", delay)
        if throttle := self.crawler.get_extension(AutoThrottle):
            throttle.mindelay = delay
        downloader: Any = self.crawler.engine.downloader
        downloader._delay = delay  # as AutoThrottle sets it
        for slot in downloader.slots.values():
            slot.delay = max(slot.delay, delay)
