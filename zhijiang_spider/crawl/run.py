"""One crawl from start to exit status: lock, process, verdict.

Also ``fetch``, which asks for a single page with the same manners.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response
from scrapy.settings import Settings

from archive.store.archive import Archive
from archive.store.lock import writer_lock
from zhijiang_spider.crawl.failures import reason_of
from zhijiang_spider.crawl.verdict import Verdict, judge
from zhijiang_spider.probe.diagnosis import Diagnosis, Page
from zhijiang_spider.probe.diagnosis import probe as look_at
from zhijiang_spider.sites.site import Site, parse_site

OnCount = Callable[[Verdict], None]


def crawl(
    site: Site,
    archive: Path,
    *,
    sections: Sequence[str] = (),
    since: str | None = None,
    full: bool = False,
    media: str = "images",
    settings: Mapping[str, Any] | None = None,
    log_level: str = "WARNING",
    on_count: OnCount | None = None,
) -> Verdict:
    """Run one crawl of a site into an archive file; return how it went.

    ``sections``: only these slugs.  ``since``: ``2024-01-16``.  ``settings``: Scrapy's and ours, for this
    crawl.  ``on_count`` is called after every item with the counts so far.  Runs Scrapy in this process, which
    works once a process.  Raises ``ArchiveBusy`` when another crawl is at work, ``ArchiveError`` when the file
    cannot be used.
    """
    with writer_lock(archive):
        Archive.open(archive).close()  # a file that cannot be used is said before the first request
        process = _process(log_level, {"ZHIJIANG_ARCHIVE": str(archive), **(settings or {})})
        crawler = process.create_crawler("zhijiang")
        reasons: list[str] = []
        crawler.signals.connect(lambda reason: reasons.append(reason), signals.spider_closed, weak=False)
        if on_count:
            report = _reporter(crawler, on_count)
            crawler.signals.connect(report, signals.item_scraped, weak=False)
        process.crawl(crawler, site=site, since=since, full=full, sections=",".join(sections), media=media)
        process.start()
        stats = _stats(crawler)
        ended = "interrupted twice, stopped immediately" if stats else "it did not start, see the log"
        return judge(stats, reasons[0] if reasons else ended)


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """One page as it came."""

    url: str
    """Where it came from in the end, after redirects."""
    body: bytes
    content_type: str


class FetchError(Exception):
    """The page could not be fetched: names the address and the reason."""


def fetch(url: str, site: Site, *, log_level: str = "WARNING") -> FetchedPage:
    """Fetch one page of a site politely: robots.txt, User-Agent and host allow-list as in a crawl.

    Raises ``FetchError``.
    """
    ours = {"ITEM_PIPELINES": {}, "DOWNLOAD_VERIFY_CERTIFICATES": site.verify_certificates}
    process = _process(log_level, ours)
    crawler = process.create_crawler(_FetchSpider)
    process.crawl(crawler, site=site, url=url)
    process.start()
    spider = crawler.spider
    if isinstance(spider, _FetchSpider) and spider.page is not None:
        return spider.page
    raise FetchError(f"{url}: {getattr(spider, 'problem', '') or 'could not be fetched'}")


class _FetchSpider(Spider):
    name = "zhijiang-fetch"

    def __init__(self, site: Site, url: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.site = site
        self.url = url
        self.page: FetchedPage | None = None
        self.problem = ""

    async def start(self) -> Any:
        yield Request(self.url, callback=self.keep, errback=self.fail)

    def keep(self, response: Response) -> None:
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        self.page = FetchedPage(response.url, response.body, content_type)

    def fail(self, failure: Any) -> None:
        self.problem = reason_of(failure.value)


def probe(url: str, *, delay: float = 1.0) -> Diagnosis:
    """Look at a site that has no profile yet; see ``zhijiang_spider.probe``.  ``delay``: seconds between requests."""
    host = urlsplit(url).netloc.rpartition("@")[2].lower()
    data = {"name": "probe", "hosts": [host], "start_urls": [url], "article_url": "(?P<id>x)"}
    settings = {
        "ITEM_PIPELINES": {},
        "DOWNLOAD_VERIFY_CERTIFICATES": False,
        "DOWNLOAD_DELAY": delay,
        "AUTOTHROTTLE_START_DELAY": delay,
    }
    process = _process("CRITICAL", settings)
    crawler = process.create_crawler(_ProbeSpider)
    process.crawl(crawler, site=parse_site(data, "the address"), url=url)
    process.start()
    spider = crawler.spider
    assert isinstance(spider, _ProbeSpider)
    if spider.error is not None:
        raise spider.error
    return spider.diagnosis


class _ProbeSpider(Spider):
    name = "zhijiang-probe"

    def __init__(self, site: Site, url: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.site = site
        self.url = url
        self.diagnosis = Diagnosis()
        self.error: Exception | None = None

    async def start(self) -> Any:
        try:
            self.diagnosis = await look_at(self.url, self._fetch)
        except Exception as error:
            self.error = error
        return
        yield

    async def _fetch(self, url: str) -> Page | str:
        try:
            response: Response = await self.crawler.engine.download_async(Request(url))
        except Exception as error:
            return reason_of(error)
        if response.status != 200:
            return f"HTTP {response.status}"
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        return Page(response.url, response.body, content_type)


def _process(log_level: str, ours: dict[str, Any]) -> AsyncCrawlerProcess:
    settings = Settings()
    settings.setmodule("zhijiang_spider.settings", priority="project")
    settings.setdict({"LOG_LEVEL": log_level, **ours}, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    if log_level == "WARNING":  # a failure is reported once, by us, and not as a traceback
        logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel(logging.CRITICAL)
    return process


def _stats(crawler: Crawler) -> dict[str, Any]:
    try:
        return crawler.stats.get_stats()
    except RuntimeError:  # the crawl ended before it began
        return {}


def _reporter(crawler: Crawler, on_count: OnCount) -> Callable[[], None]:
    def report() -> None:
        on_count(judge(_stats(crawler), "finished"))

    return report
