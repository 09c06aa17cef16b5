"""What Scrapy must do differently."""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from zhijiang_spider.site import Site


class HostRefused(IgnoreRequest):
    """The address is not on the site's allow-list."""


class HostAllowList:
    """Let no request leave the hosts of the site profile: no link, no redirect, no robots.txt.

    Hijacked mirrors of county sites exist, and a page can redirect to an address inside the operator's
    own network.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware for one crawl."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Refuse a request to a host that is not on the list.  Raises ``HostRefused``."""
        site: Site = self.crawler.spider.site  # type: ignore[union-attr]
        if not site.allows(request.url):
            self.crawler.stats.inc_value("zhijiang/host_refused")
            raise HostRefused(f"host is not in the profile's hosts: {request.url}")
