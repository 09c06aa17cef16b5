"""One crawl from start to exit status: lock, process, verdict.

Also ``fetch``, which asks for a single page with the same manners.
"""

from __future__ import annotations

import logging
import signal
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import scrapy.core.downloader.handlers.http11  # noqa: F401  # early: it reads the source of every frame above it
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import Settings

from archive.store.archive import Archive, refuse_none
from archive.store.evidence_folder import is_unbegun
from archive.store.lock import is_locked
from archive.store.sections import wanted_sections
from zhijiang_spider.crawl.counts import CrawlCounts, CrawlFindings
from zhijiang_spider.crawl.ends import ASKED_TO_STOP, STOPPED_AT_ONCE
from zhijiang_spider.crawl.failures import reason_of
from zhijiang_spider.crawl.host_lock import crawl_locks, host_locks
from zhijiang_spider.crawl.options import CrawlOptions
from zhijiang_spider.crawl.redirects import follow_jump
from zhijiang_spider.crawl.session import CrawlSession
from zhijiang_spider.crawl.spider import SiteSpider, ask, ask_list, page_of
from zhijiang_spider.crawl.stopping import StoppableProcess
from zhijiang_spider.crawl.verdict import Verdict, judge
from zhijiang_spider.derive.article import Refused, SentOn, refuse_jump
from zhijiang_spider.derive.garbage import seldom_collected
from zhijiang_spider.pages.checks import says_gone
from zhijiang_spider.pages.page import Page
from zhijiang_spider.sites.site import Site

if TYPE_CHECKING:
    from zhijiang_spider.probe.diagnosis import Diagnosis

OnCount = Callable[[Verdict], None]
QUIET = "WARNING"
"""The log level at which nothing is printed: cron mails whatever is, and what is wrong is told once, by us.  A log
file has it all the same."""


def crawl(
    site: Site,
    archive: Path,
    options: CrawlOptions | None = None,
    *,
    settings: Mapping[str, Any] | None = None,
    log_level: str = QUIET,
    on_count: OnCount | None = None,
    on_new: Callable[[], None] = lambda: None,
) -> Verdict:
    """Run one crawl of a site into an archive file; return how it went.

    ``settings``: Scrapy's and ours, for this crawl.  ``on_count`` is called after every item with the counts so
    far, ``on_new`` at the start where the archive file was not there yet.  Runs Scrapy in this process, which works
    once a process.  Raises ``ArchiveBusy`` when another crawl is at work on the file and ``HostBusy`` when one is on
    a host, ``ArchiveError`` when the file cannot be used, ``UnknownSection``, ``NoHostLock``.
    """
    if not is_unbegun(archive) and not is_locked(archive):  # one that is made just now is empty, too
        refuse_none(archive)
    with crawl_locks(archive, site.hosts):
        is_new = is_unbegun(archive)
        options = options or CrawlOptions()
        with Archive.open(archive) as opened:  # a file that cannot be used is said before the first request
            wanted = wanted_sections(opened, site.name, options.sections, site.skips)
            options = replace(options, sections=wanted)
        if is_new:
            on_new()
        ours = {"ZHIJIANG_ARCHIVE": str(archive), "ZHIJIANG_LOCKED": True}
        process = _process(log_level, {**ours, **(settings or {})})
        crawler = process.create_crawler("zhijiang")
        if on_count:
            report = _reporter(crawler, on_count)
            crawler.signals.connect(report, signals.item_scraped, weak=False)
        process.crawl(crawler, site=site, options=options)
        with _Errors(crawler) as errors, seldom_collected():
            process.start()
        if isinstance(crawler.spider, SiteSpider):
            crawler.spider.workers.kill()  # of a crawl that was told twice to stop
        session = _session(crawler)
        if session is None:
            return judge(CrawlCounts(), CrawlFindings(), f"it did not start: {errors.first}")
        reason = _signals()
        if not session.is_closed:
            session.close(reason)
        return session.verdict or judge(session.counts, session.findings, reason)


def _signals() -> str:
    """Return the reason of a crawl that did not come to its own end: one signal, or two.

    Scrapy ignores further ones after the second, and so tells them apart.
    """
    return STOPPED_AT_ONCE if signal.getsignal(signal.SIGTERM) is signal.SIG_IGN else ASKED_TO_STOP


class FetchError(Exception):
    """The page could not be fetched: names the address and the reason."""


def fetch(
    url: str,
    site: Site,
    following: Callable[[Page], str] = lambda page: "",
    *,
    form: str = "",
    log_level: str = QUIET,
) -> Page:
    """Fetch a page of a site politely: robots.txt, User-Agent and host allow-list as in a crawl; return it.

    ``following``: told each page, the first one first; returns the address of the next one to fetch, or "".
    ``form``: what is sent with POST for the first page, "" = GET.  Raises ``FetchError``, ``HostBusy``, ``NoHostLock``, and what ``following`` raises.
    """
    ours = {"ITEM_PIPELINES": {}, "DOWNLOAD_VERIFY_CERTIFICATES": site.verify_certificates}
    process = _process(log_level, ours)
    crawler = process.create_crawler(_FetchSpider)
    process.crawl(crawler, site=site, url=url, following=following, form=form)
    with host_locks(site.hosts, f"parse of {url}"), _Errors(crawler) as errors:
        process.start()
    spider = crawler.spider
    if not isinstance(spider, _FetchSpider):
        raise FetchError(f"{url}: could not be fetched: {errors.first}")
    if spider.error is not None:
        raise spider.error
    if spider.page is None:
        raise FetchError(f"{url}: could not be fetched: {errors.first}")
    return spider.page


class _FetchSpider(SiteSpider):
    name = "zhijiang-fetch"

    def __init__(
        self, site: Site, url: str, following: Callable[[Page], str], form: str, **kwargs: Any
    ) -> None:
        super().__init__(site, **kwargs)
        self.url = url
        self.form = form
        self.following = following
        self.page: Page | None = None
        self.error: Exception | None = None

    async def start(self) -> Any:
        yield ask_list(self.url, self.form, callback=self.keep, errback=self.fail)

    def keep(self, response: Response) -> Iterator[Request]:
        page = page_of(response)
        try:
            url = self.following(page)
        except SentOn as sent:
            yield from self.go_on(response, sent)
            return
        except Exception as error:  # raised again by fetch
            self.error = error
            return
        self.page = self.page or page
        if url:
            yield ask(url, callback=self.keep, errback=self.fail)

    def go_on(self, response: Response, sent: SentOn) -> Iterator[Request]:
        if not self.site.allows(sent.target):
            self.error = sent
            return
        try:
            yield follow_jump(response, sent.target, self.settings.getint("REDIRECT_MAX_TIMES"))
        except IgnoreRequest as error:
            self.error = FetchError(f"{self.url}: {error}")

    def fail(self, failure: Any) -> None:
        self.error = FetchError(f"{failure.request.url}: {reason_of(failure.value)}")


def probe(url: str, *, delay: float, requests: int) -> Diagnosis:
    """Look at a site that has no profile yet; see ``zhijiang_spider.probe``.

    ``delay``: seconds between requests.  ``requests``: pages fetched at the most.
    Raises ``HostBusy``, ``NoHostLock``.
    """
    from zhijiang_spider.probe.diagnosis import Diagnosis, any_site
    from zhijiang_spider.probe.diagnosis import probe as look_at

    settings = {
        "ITEM_PIPELINES": {},
        "DOWNLOAD_VERIFY_CERTIFICATES": False,
        "DOWNLOAD_DELAY": delay,
        "AUTOTHROTTLE_START_DELAY": delay,
    }
    process = _process("CRITICAL", settings)
    crawler = process.create_crawler(_ProbeSpider)
    site, found = any_site(url), Diagnosis()

    async def look(fetch: Callable[[str, str], Awaitable[Page | str]]) -> None:
        await look_at(url, fetch, found, requests=requests)

    process.crawl(crawler, site=site, look=look)
    with host_locks(site.hosts, f"probe of {url}"):
        process.start()
    spider = crawler.spider
    assert isinstance(spider, _ProbeSpider)
    if spider.error is not None:
        raise spider.error
    if spider.stopped:
        found.profile, found.usable, found.interrupted = {}, False, True
        found.next_step = "It was interrupted before a draft could be proven; run it again."
    return found


_Look: TypeAlias = Callable[[Callable[[str, str], Awaitable[Page | str]]], Awaitable[None]]
"""Looks at a site by what fetches a page of it."""


class _Stopped(Exception):
    """The program is told to stop."""


class _ProbeSpider(SiteSpider):
    name = "zhijiang-probe"

    def __init__(self, site: Site, look: _Look, **kwargs: Any) -> None:
        super().__init__(site, **kwargs)
        self.look = look
        self.stopped = True
        """Before it was done."""
        self.error: Exception | None = None

    async def start(self) -> Any:
        try:
            await self.look(self._fetch)
            self.stopped = False
        except _Stopped:
            return
        except Exception as error:
            self.error = error
        return
        yield

    async def _fetch(self, url: str, form: str) -> Page | str:
        request = ask_list(url, form)
        while True:
            if not self.crawler.crawling:
                raise _Stopped
            try:
                response: Response = await self.crawler.engine.download_async(request)
            except Exception as error:
                if not self.crawler.crawling:
                    raise _Stopped from error
                return reason_of(error)
            if response.status != 200:
                return f"HTTP {response.status}"
            page = page_of(response)
            try:
                if not says_gone(page):
                    refuse_jump(page)
                return page
            except SentOn as sent:
                target = sent.target
            except Refused as refused:
                return str(refused)
            try:
                request = follow_jump(response, target, self.settings.getint("REDIRECT_MAX_TIMES"))
            except IgnoreRequest as error:
                return str(error)


def _process(log_level: str, ours: dict[str, Any]) -> StoppableProcess:
    settings = Settings()
    settings.setmodule("zhijiang_spider.settings", priority="project")
    said = {"LOG_LEVEL": log_level, "LOG_ENABLED": log_level != QUIET}
    settings.setdict({**said, **ours}, priority="cmdline")
    process = StoppableProcess(settings)
    root = logging.getLogger()  # which Scrapy sets to take everything: two messages a page that nobody reads
    root.setLevel(min(handler.level for handler in root.handlers))
    return process


class _Errors(logging.Handler):
    """Notes what the program and its libraries log as an error: it is a trouble, whoever reads the log."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(logging.ERROR)
        self.crawler = crawler
        self.first = "no reason is known"
        self.ours = logging.StreamHandler()
        """Prints our own warnings, such as of a plug-in that fails: a line each."""
        self.ours.setLevel(logging.WARNING)

    def __enter__(self) -> Self:
        logging.getLogger().addHandler(self)
        if not self.crawler.settings.getbool("LOG_ENABLED"):
            for name in _PACKAGES:
                logging.getLogger(name).addHandler(self.ours)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self)
        for name in _PACKAGES:
            logging.getLogger(name).removeHandler(self.ours)

    def emit(self, record: logging.LogRecord) -> None:
        if record.name in _TOLD:
            return
        error = record.exc_info[1] if record.exc_info else None
        what = f": {type(error).__name__}: {error}" if error else ""
        said = " ".join(f"{record.getMessage()}{what}".split())[:300]
        session = _session(self.crawler)
        if session is None:
            self.first = said
        else:
            session.findings.first_error = session.findings.first_error or said
            session.counts.errors += record.name not in _COUNTED


_PACKAGES = ("archive", "zhijiang_spider")
_TOLD = frozenset(("zhijiang", "scrapy.downloadermiddlewares.robotstxt"))
"""Loggers of errors that are failures of one page, and told as such."""
_COUNTED = frozenset(("scrapy.core.scraper",))
"""Loggers of errors that a signal counts too."""


def _session(crawler: Crawler) -> CrawlSession | None:
    spider = crawler.spider  # None: the crawl ended before it began
    return spider.session if isinstance(spider, SiteSpider) else None


def _reporter(crawler: Crawler, on_count: OnCount) -> Callable[[], None]:
    def report() -> None:
        if session := _session(crawler):
            stats = crawler.stats  # of Scrapy's scheduler
            waiting = stats.get_value("scheduler/enqueued", 0) - stats.get_value("scheduler/dequeued", 0)
            on_count(judge(session.counts, session.findings, "finished", waiting=max(0, waiting)))

    return report
