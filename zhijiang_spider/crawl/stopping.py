"""How a crawl that ends before its end does so at once: what waits for its turn is not sent any more.

Scrapy waits at its stop for every request that it has taken up, and one that only waits for its turn is such a one:
three turns of a host whose robots.txt asks for two minutes between requests are six.
"""

from typing import Self

from scrapy import Request
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.exceptions import IgnoreRequest

from zhijiang_spider.crawl.spider import spider_of


class Unsent(IgnoreRequest):
    """The crawl was to end before the request's turn came: nothing is known of the page, nothing failed."""


class StoppableProcess(AsyncCrawlerProcess):
    """Scrapy's process, which waits at its stop for answers, but not for turns."""

    async def stop(self) -> None:
        """Stop every crawl of the process; return when they have ended."""
        for crawler in self.crawlers:
            send_nothing_more(crawler)
        await super().stop()


class NothingAfterStop:
    """Let no request out once the crawl is to end: some are still asked for their host's robots.txt then.

    Stands nearest to the network.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware for one crawl."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Refuse a request that comes too late.  Raises ``Unsent``."""
        if not self.crawler.crawling or spider_of(self.crawler).is_ending:
            raise Unsent(_ENDS)


_ENDS = "the crawl is to end"


def send_nothing_more(crawler: Crawler) -> None:
    """Drop what waits for its turn, and let nothing else out; the crawl itself is ended by who calls this."""
    if crawler.engine is None or crawler.spider is None:
        return
    spider_of(crawler).is_ending = True
    for slot in crawler.engine.downloader.slots.values():
        while slot.queue:
            _, waiting = slot.queue.popleft()
            waiting.errback(Unsent(_ENDS))
