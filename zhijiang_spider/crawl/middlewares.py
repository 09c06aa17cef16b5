"""What Scrapy must do differently."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers, Response
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.error import DNSLookupError

from archive.evidence.warc_writer import Exchange
from archive.model.crawl import CaptureType
from archive.times import utc_now
from zhijiang_spider.crawl.failures import reason_of
from zhijiang_spider.crawl.session import CrawlSession
from zhijiang_spider.crawl.spider import spider_of
from zhijiang_spider.sites.site import Site


class HostRefused(IgnoreRequest):
    """The address is not on the site's allow-list."""


class HostAllowList:
    """Let no request leave the hosts of the site profile: no link, no redirect, no robots.txt.

    Hijacked mirrors of county sites exist, and a page can redirect to an address inside the operator's
    own network.
    """

    def __init__(self, site: Site) -> None:
        self.site = site

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware for one crawl."""
        return cls(spider_of(crawler).site)

    def process_request(self, request: Request) -> None:
        """Refuse a request to a host that is not on the list.  Raises ``HostRefused``."""
        media = request.meta.get("capture_type") is CaptureType.MEDIA or _is_robots(request.url)
        if not (self.site.allows_media(request.url) if media else self.site.allows(request.url)):
            raise HostRefused(f"host is not in the profile's hosts: {request.url}")


class AddressRefused(IgnoreRequest):
    """A host name leads to an address inside the operator's own network."""


class PublicAddresses:
    """Let no host name lead into the operator's own network.

    Whoever controls a site's name can point it at 127.0.0.1, at a router, at a cloud's 169.254.169.254, and back
    again a second later.  So the name is resolved here, before the connection; Scrapy keeps the answer and connects
    to that.  An address that the profile's hosts name themselves is meant.  What goes through a proxy is resolved
    there.  Stands nearest to the network, behind the middleware that chooses the proxy.
    """

    def __init__(self, site: Site) -> None:
        self.site = site

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware for one crawl."""
        return cls(spider_of(crawler).site)

    async def process_request(self, request: Request) -> None:
        """Resolve the host before it is connected to.  Raises ``AddressRefused``."""
        from twisted.internet import reactor

        resolver: Any = reactor
        host = (
            urlsplit(request.url).netloc.rpartition("@")[2].partition(":")[0]
        )  # written as Scrapy resolves it
        if request.meta.get("proxy") or host.startswith("["):
            return
        try:
            address = await maybe_deferred_to_future(resolver.resolve(host))
        except DNSLookupError:
            return  # the download fails at it too, and says so
        self._check(request, ip_address(address))

    def process_response(self, request: Request, response: Response) -> Response:
        """Look at the address that the answer came from.  Raises ``AddressRefused``."""
        if response.ip_address is not None and not request.meta.get("proxy"):
            self._check(request, response.ip_address)
        return response

    def _check(self, request: Request, address: IPv4Address | IPv6Address) -> None:
        if is_public(address) or self.site.names_address(address):
            return
        host = urlsplit(request.url).hostname
        raise AddressRefused(
            f"{host} leads to {address}, an address inside your own network; "
            f"if that is meant, add {address} to the profile's hosts"
        )


_FAKE = ip_network("198.18.0.0/15")
"""With such addresses a proxy program on the operator's machine answers for every name."""


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether an address leads out into the internet, not to this machine or the networks around it."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    address = mapped or address
    return (address.is_global and not address.is_multicast) or address in _FAKE


class CaptureEverything:
    """Keep every answer as evidence, as it came off the wire.

    Stands nearest to the network: below decompression, redirects and retries, so that each of them is a
    capture of its own.  The capture's number and time go into ``request.meta`` for whoever reads the page.
    """

    def __init__(self, session: CrawlSession | None) -> None:
        """``session``: None where nothing is kept."""
        self.session = session

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware for one crawl."""
        return cls(spider_of(crawler).session)

    def process_request(self, request: Request) -> None:
        """Forget the capture of an earlier try."""
        request.meta.pop("capture", None)

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep an answer."""
        if self.session is not None:
            exchange = Exchange(
                url=request.url,
                captured_at=utc_now(),
                method=request.method,
                request_headers=_pairs(request.headers),
                status=response.status,
                headers=_pairs(response.headers),
                body=response.body,
                request_body=request.body,
            )
            request.meta["capture"] = self.session.capture(
                exchange, _capture_type(request), request.meta.get("key")
            )
            request.meta["captured_at"] = exchange.captured_at
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Note that no answer came."""
        if self.session is not None and not isinstance(exception, IgnoreRequest):
            self.session.capture_error(request.url, utc_now(), reason_of(exception), _capture_type(request))


def _capture_type(request: Request) -> CaptureType:
    if _is_robots(request.url):
        return CaptureType.ROBOTS
    return CaptureType(request.meta.get("capture_type", CaptureType.OTHER))


def _is_robots(url: str) -> bool:
    return urlsplit(url).path == "/robots.txt"


def _pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    """Return headers as they travel, bytes as Latin-1 characters."""
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        for value in values
    )
