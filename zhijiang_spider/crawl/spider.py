"""What every spider of ours has: the site it asks, the session that keeps what comes, and pages."""

from typing import Any

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.http import Response

from archive.times import utc_now
from zhijiang_spider.crawl.session import CrawlSession
from zhijiang_spider.pages.page import Page
from zhijiang_spider.sites.site import Site


class SiteSpider(Spider):
    """A spider that asks one site."""

    def __init__(self, site: Site, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.site = site
        self.session: CrawlSession | None = None
        """None where nothing is kept."""


def page_of(response: Response) -> Page:
    """Return an answer of the site as a page, with the capture that was made of it."""
    meta = response.request.meta if response.request else {}
    fetched_at = str(meta.get("captured_at") or utc_now())
    posted = response.request is not None and response.request.method == "POST"
    form = response.request.body.decode("latin-1") if posted and response.request else ""
    content_type = content_type_of(response)
    return Page(response.url, response.body, content_type, fetched_at, meta.get("capture"), form)


def content_type_of(response: Response) -> str:
    """Return the header ``Content-Type``, "" where there is none."""
    return (response.headers.getlist("Content-Type") or [b""])[0].decode("latin-1")


def spider_of(crawler: Crawler) -> SiteSpider:
    """Return the spider that a component is made for: it is there before every component."""
    spider = crawler.spider
    assert isinstance(spider, SiteSpider)
    return spider
