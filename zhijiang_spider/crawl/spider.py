"""What every spider of ours has: the site it asks, the session that keeps what comes, and pages."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response

from archive.times import utc_now
from zhijiang_spider.crawl.session import CrawlSession
from zhijiang_spider.derive.workers import Workers
from zhijiang_spider.pages.links import resolve, without_session
from zhijiang_spider.pages.page import Page
from zhijiang_spider.sites.site import Site

_FORM = "application/x-www-form-urlencoded"


class SiteSpider(Spider):
    """A spider that asks one site."""

    def __init__(self, site: Site, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.site = site
        self.session: CrawlSession | None = None
        """None where nothing is kept."""
        self.workers = Workers(0)
        """What reads the pages of articles."""
        self.is_ending = False
        """No request is sent any more; see ``zhijiang_spider.crawl.stopping``."""


def ask(url: str, meta: Mapping[str, Any] | None = None, **kwargs: Any) -> Request:
    """Return the request of an address, which goes out as a browser sends it; Scrapy escapes more.

    The host stays as it is written: browsers read 127.1 as an address, and the allow-list knows the name.
    """
    address = resolve("", url)
    if address is None or urlsplit(address).hostname != urlsplit(url).hostname:
        return Request(url, meta=dict(meta or {}), **kwargs)
    return Request(address, meta={**(meta or {}), "verbatim_url": True}, **kwargs)


def ask_list(url: str, form: str, meta: Mapping[str, Any] | None = None, **kwargs: Any) -> Request:
    """Return the request of a list page; ``form``: what is sent with POST, "" = GET."""
    if form:
        kwargs |= {"method": "POST", "body": form, "headers": {"Content-Type": _FORM}}
    return ask(url, meta, **kwargs)


def page_of(response: Response) -> Page:
    """Return an answer of the site as a page, with the capture that was made of it."""
    meta = response.request.meta if response.request else {}
    fetched_at = str(meta.get("captured_at") or utc_now())
    posted = response.request is not None and response.request.method == "POST"
    return Page(
        without_session(response.url),
        response.body,
        content_type_of(response),
        fetched_at,
        meta.get("capture"),
        form=response.request.body.decode("latin-1") if posted and response.request else "",
        asked=asked_of(response.request) if response.request else "",
        refresh=(response.headers.get("Refresh") or b"").decode("latin-1"),
    )


def asked_of(request: Request) -> str:
    """Return the address that was asked for first, before redirects."""
    first: str = request.meta.get("redirect_urls", [request.url])[0]
    return first


def content_type_of(response: Response) -> str:
    """Return the header ``Content-Type``, "" where there is none."""
    return (response.headers.getlist("Content-Type") or [b""])[0].decode("latin-1")


def spider_of(crawler: Crawler) -> SiteSpider:
    """Return the spider that a component is made for: it is there before every component."""
    spider = crawler.spider
    assert isinstance(spider, SiteSpider)
    return spider
