"""What Scrapy must do differently."""

from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers, Response

from archive.store import utc_now
from archive.warc import Exchange
from zhijiang_spider.failures import reason_of
from zhijiang_spider.pipelines import StorePipeline
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
        media = request.meta.get("kind") == "media" or _is_robots(request.url)
        if not (site.allows_media(request.url) if media else site.allows(request.url)):
            self.crawler.stats.inc_value("zhijiang/host_refused")
            raise HostRefused(f"host is not in the profile's hosts: {request.url}")


class CaptureEverything:
    """Keep every answer as evidence, as it came off the wire.

    Stands nearest to the network: below decompression, redirects and retries, so that each of them is a
    capture of its own.  The capture's number and time go into ``request.meta`` for whoever reads the page.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware for one crawl."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep an answer."""
        if store := self.crawler.get_item_pipeline(StorePipeline):
            exchange = Exchange(
                url=request.url,
                captured_at=utc_now(),
                method=request.method,
                request_headers=_pairs(request.headers),
                status=response.status,
                headers=_pairs(response.headers),
                body=response.body,
            )
            request.meta["capture"] = store.capture(exchange, _kind(request), request.meta.get("key"))
            request.meta["captured_at"] = exchange.captured_at
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Note that no answer came."""
        store = self.crawler.get_item_pipeline(StorePipeline)
        if store and not isinstance(exception, IgnoreRequest):
            store.capture_error(request.url, utc_now(), reason_of(exception), _kind(request))


def _kind(request: Request) -> str:
    return "robots" if _is_robots(request.url) else str(request.meta.get("kind", "other"))


def _is_robots(url: str) -> bool:
    return urlsplit(url).path == "/robots.txt"


def _pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    """Return headers as they travel, bytes as Latin-1 characters."""
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        for value in values
    )
