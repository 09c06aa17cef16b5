"""How fast a crawl asks."""

from contextlib import suppress
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.extensions.throttle import AutoThrottle

from zhijiang_spider.crawl.spider import spider_of

MOST = 120.0
"""Seconds: a robots.txt that asks for more would stop a crawl without saying so."""


class PoliteThrottle(AutoThrottle):
    """AutoThrottle that keeps the distance robots.txt asks for (``Crawl-delay``) where it is the longer one."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        with suppress(NotConfigured):  # switched off: what robots.txt asks for counts all the same
            super().__init__(crawler)
        self.session = spider_of(crawler).session
        crawler.signals.connect(self.note_delay, signal=signals.spider_opened)
        crawler.signals.connect(self.robots_parsed, signal=signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the extension for one crawl."""
        return cls(crawler)

    def note_delay(self) -> None:
        """Note the delay that the profile sets."""
        self._set(self.crawler.settings.getfloat("DOWNLOAD_DELAY"))

    def robots_parsed(self, robotparser: Any) -> None:
        """Lengthen the delay to what robots.txt asks for."""
        asked = robotparser.crawl_delay(self.crawler.settings["USER_AGENT"])
        if not asked or asked <= self.delay:
            return
        self._set(min(float(asked), MOST))
        self.mindelay = self.delay
        downloader: Any = self.crawler.engine.downloader
        downloader._delay = self.delay  # as AutoThrottle sets it
        for slot in downloader.slots.values():
            slot.delay = max(slot.delay, self.delay)

    def _set(self, delay: float) -> None:
        self.delay = delay
        if self.session is not None:
            self.session.findings.delay = delay
