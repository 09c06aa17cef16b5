"""The walk: section page → article pages → next page.

The spider fetches and yields; it opens no database.  What is known already and what is still to be fetched
is the plan of its session, and everything it meets goes out as an item: ``Article``, ``Listing``,
``NotModified``, ``MediaFile``, ``LinkElsewhere`` or ``FetchFailure``.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from string import printable
from typing import Any, Self
from urllib.parse import quote

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure as TwistedFailure

from archive.model.crawl import (
    NOT_UNDERSTOOD,
    UNFINISHED,
    CaptureType,
    FailureType,
    ListFacts,
    Listing,
    SectionKind,
)
from archive.model.plan import SectionPlan, Target
from archive.model.section import is_section
from archive.times import utc_now
from zhijiang_spider.crawl.options import CrawlOptions
from zhijiang_spider.crawl.session import CrawlSession
from zhijiang_spider.crawl.spider import ask_list, page_of
from zhijiang_spider.crawl.walk import ListPageSigns, Step, Walk
from zhijiang_spider.derive.article import NotUnderstood, Refused, SentOn, read_list
from zhijiang_spider.derive.normalise import normalise_listing
from zhijiang_spider.derive.workers import PAGE_SECONDS, Workers, default_workers
from zhijiang_spider.items import ListAddress, ListEnd, NextPage, PagerUnread, SectionLink, SectionPage
from zhijiang_spider.pages.links import without_session
from zhijiang_spider.pages.lists.behind_end import is_behind_the_end, title_without_numbers
from zhijiang_spider.pages.page import Page
from zhijiang_spider.sites.site import Site, load_site
from zhijiang_spider.spiders.arrivals import arrives_at_another_list
from zhijiang_spider.spiders.articles import ArticlesSpider
from zhijiang_spider.spiders.reporting import BLOCKED, address_of

_PASSING = frozenset((502, 503, 504))
"""HTTP statuses of a server that is not there for the moment."""


class SectionsSpider(ArticlesSpider):
    """Walks the sections of one site and fetches the articles they list."""

    name = "zhijiang"

    def __init__(
        self,
        site: Site | str = "zhijiang",
        since: str | None = None,
        full: bool | str = False,
        sections: str = "",
        media: str = "images",
        options: CrawlOptions | None = None,
        **kwargs: Any,
    ) -> None:
        """Take the site and what the operator asked for.

        ``site``: a profile, its name or its file.  ``options``, or as Scrapy's ``-a NAME=VALUE`` gives them
        ``since``, ``full``, ``sections`` (slugs separated by commas) and ``media``; see ``CrawlOptions``.
        """
        whole = full not in (False, "", "0", "false", "no")
        only = tuple(filter(None, sections.split(",")))
        options = options or CrawlOptions(only, since, whole, media)
        super().__init__(site if isinstance(site, Site) else load_site(site), options, **kwargs)
        self._walks: dict[str, Walk] = {}
        self._titles: dict[str, str] = {}
        """Slug → what its list pages are called, where a page behind the last one is told by it."""
        self._chosen = set(options.sections)
        """Slugs of the sections that are wanted, where not all are."""
        self._in_letters: dict[str, str] = {}
        """Slug as addresses have it → as the archive or the operator writes it: 要闻."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the spider and its session; let the profile set the delay and the contact."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings, site = crawler.settings, spider.site
        settings.set("DOWNLOAD_DELAY", site.delay, priority="spider")
        settings.set("AUTOTHROTTLE_START_DELAY", site.delay, priority="spider")
        settings.set("DOWNLOAD_VERIFY_CERTIFICATES", site.verify_certificates, priority="spider")
        if site.contact:
            agent = settings["USER_AGENT"]
            settings.set("USER_AGENT", f"{agent.removesuffix(')')}; {site.contact})", priority="spider")
        spider.session = CrawlSession(
            site,
            spider.options,
            Path(settings["ZHIJIANG_ARCHIVE"]),
            batch_seconds=settings.getfloat("ZHIJIANG_BATCH_SECONDS"),
        )
        workers, seconds = settings["ZHIJIANG_WORKERS"], settings["ZHIJIANG_PAGE_SECONDS"]
        spider.workers = Workers(
            default_workers() if workers is None else int(workers),
            PAGE_SECONDS if seconds is None else float(seconds),
        )
        crawler.signals.connect(spider.workers.close, signal=signals.spider_closed)
        return spider

    async def start(self) -> Any:
        """Yield the start pages, the known sections and the articles an earlier crawl did not get."""
        plan, only = self.crawl_session.plan, self.options.sections
        known = {section.slug: section for section in plan.sections}
        self._in_letters = {_escaped(slug): slug for slug in (*known, *only) if not slug.isascii()}
        if not set(only) - set(known) and only:
            starts: tuple[str, ...] = ()  # nothing to look for: the wanted sections are known
        else:
            starts = self.site.start_urls
        for url in starts:
            slug = self._slug_of(url) or url
            if slug not in self._walks:
                yield self._section_request(known.get(slug, SectionPlan(slug, url)), url)
        for section in plan.sections:
            if (
                section.slug not in self._walks
                and section.kind is SectionKind.SECTION
                and self.site.follows(section.url)  # the profile may skip it by now
            ):
                yield self._section_request(section, section.url)
        for target in plan.pending:
            if request := self._article_request(target, "", 0):
                yield request
        for target in plan.rechecks:
            if request := self._article_request(target, "", 0, again=True):
                yield request
        if self.options.media != "none":
            for url in plan.pending_media:
                if request := self._media_request(url):
                    yield request

    def parse_section(self, response: Response, slug: str) -> Iterator[Any]:
        """Read one list page: its entries, the sections it links to, the next page."""
        walk = self._walks[slug]
        page = page_of(response)
        address = ListAddress(page.url, page.form)
        asked = str(ListAddress(page.asked, page.form))
        if self._is_another_list(response, slug):
            yield from self._sent_to_another_list(page, slug)
            return
        try:
            listed = self._read_list(page, asked)
        except SentOn as sent:
            yield from self._sent_on(response, sent, FailureType.SECTION, None, known=self._is_missed(walk))
            return
        except Exception as error:
            refused = isinstance(error, NotUnderstood)
            if refused and walk.may_be_behind_the_end and is_behind_the_end(page, self._titles.get(slug, "")):
                yield self._end_before(slug, str(address))
                return
            if refused and walk.resumes_sweep and page.form:
                yield from self._form_refused(slug, response.request, str(error), page.capture)  # type: ignore[arg-type]
                return
            yield from self._unreadable(FailureType.SECTION, asked, None, error, page.capture)
            return
        if page.form and walk.resumes_sweep and listed.number == 1 < walk.place + 1:
            yield from self._form_refused(slug, response.request, "it answers with page 1", page.capture)  # type: ignore[arg-type]
            return
        self._titles.setdefault(slug, title_without_numbers(page))
        listing = normalise_listing(
            listed,
            self.site,
            slug=slug,
            number=walk.place + 1,
            fetched_at=page.fetched_at,
            asked=page.asked,
        )
        keys = [entry.key for entry in listing.entries]
        following = listed.following
        if isinstance(following, PagerUnread) and not listed.number and walk.arrives_at(listed.said_pages):
            following = ListEnd(f"the page says {listed.said_pages} pages, and so many were read")
        if isinstance(following, ListEnd) and not keys and not walk.may_be_empty:
            following = PagerUnread(
                "the section's page lists articles itself, and what list_api of the profile names holds none of this"
                f" section: {following.evidence}"
            )
        goes_on = following if isinstance(following, NextPage) else None
        facts = ListFacts(listed.reader, goes_on.pager if goes_on else "", listed.said_entries)
        step = walk.step(
            keys,
            str(goes_on.address) if goes_on else None,
            self._newest(listing, slug, walk.pages),
            ListPageSigns(
                url=str(address),
                counted=goes_on is not None and goes_on.counted,
                leads=goes_on is not None and goes_on.leads,
                is_filled=goes_on is not None and goes_on.is_filled,
                unread=bool(listed.unread),
                stuck=isinstance(following, PagerUnread),
                number=listed.number,
                said_pages=listed.said_pages,
                said_entries=listed.said_entries,
                elsewhere=listed.elsewhere,
            ),
        )
        unread = replace(listed, following=following).not_understood
        yield replace(
            listing,
            url=str(address),
            remaining=step.remaining,
            stop=step.stop,
            is_read=not unread,
            reading=facts if walk.pages == 1 else None,
            state=step.state,
            reached=step.reached,
        )
        if unread:
            failure = self._failure(FailureType.SECTION, str(address), None, f"{NOT_UNDERSTOOD}: {unread}")
            yield replace(failure, capture=page.capture, unread=True)
        yield from self._requests_of(listing, listed, slug)
        if step.follow:
            yield self._list_request(step.follow, slug, priority=-walk.pages)

    def _requests_of(self, listing: Listing, listed: SectionPage, slug: str) -> Iterator[Request]:
        """Yield the requests of the articles and the new sections that a list page leads to."""
        since = self.options.since
        for entry in listing.entries:
            target = Target(entry.key, entry.url, listed=entry.title)
            too_old = since and entry.date_on and entry.date_on < since
            if (
                not too_old
                and self._wants(slug)
                and (request := self._article_request(target, slug, self._walks[slug].pages))
            ):
                yield request
        for section in listed.sections:
            found = self._wanted_slug(section)
            if found and found not in self._walks:
                if len(self._walks) >= self.site.max_sections:
                    self.crawl_session.findings.section_left_out = section.url
                    continue
                yield self._section_request(SectionPlan(found, section.url), section.url)

    def _is_another_list(self, response: Response, slug: str) -> bool:
        request = response.request
        before = request.meta.get("redirect_urls", ()) if request else ()
        if not before:
            return False
        known = self.crawl_session.plan.known_sections | self._walks.keys()
        url = without_session(response.url)
        return arrives_at_another_list((*before, url), slug, self._slug_of(url), known, self.site)

    def _sent_to_another_list(self, page: Page, slug: str) -> Iterator[Any]:
        """Read nothing of it as this section; a page behind the last one is often sent on to the first or the home page."""
        walk = self._walks[slug]
        asked = str(ListAddress(page.asked, page.form))
        self._watch(blocked=False)
        if walk.may_be_behind_the_end or walk.resumes_sweep:
            yield self._end_before(slug, asked)
            return
        reason = f"redirected to {page.url}, which is another list"
        yield replace(self._failure(FailureType.SECTION, asked, None, reason), capture=page.capture)

    def _read_list(self, page: Page, asked: str) -> SectionPage:
        """Read a list page, but none at which crawl after crawl ended.  Raises as ``read_list`` does, and ``Refused``."""
        if asked in self.crawl_session.plan.poison_lists:
            raise Refused(UNFINISHED)
        with self.crawl_session.attempt(FailureType.SECTION, asked):
            return read_list(page, self.site)

    def list_failed(self, failure: TwistedFailure, slug: str) -> Iterator[Any]:
        """Turn a list request that brought no page into an item: a failure, or the end of a list counted too far."""
        walk = self._walks[slug]
        status = failure.value.response.status if isinstance(failure.value, HttpError) else None
        request: Request = failure.request  # type: ignore[attr-defined]
        if walk.resumes_sweep and request.method == "POST" and status not in (None, *BLOCKED, *_PASSING):
            yield from self._form_refused(slug, request, f"HTTP {status}")
            return
        if status in (404, 410) and (walk.may_be_behind_the_end or walk.resumes_sweep):
            yield self._end_before(slug, address_of(request))
            self._watch(blocked=False)
            return
        yield from self.failed(failure, FailureType.SECTION, None, known=self._is_missed(walk))

    def _form_refused(
        self, slug: str, request: Request, reason: str, capture: int | None = None
    ) -> Iterator[Any]:
        """Tell once that the server did not take a form of an earlier crawl, and leave no such page to the next."""
        self._watch(blocked=False)
        url = address_of(request)
        yield self._no_page(slug, url, self._walks[slug].refused())
        told = f"the server takes no form of an earlier crawl ({reason}): sweeps begin at the first page from now on"
        yield replace(self._failure(FailureType.SECTION, url, None, told), capture=capture)

    def _end_before(self, slug: str, url: str) -> Listing:
        """Return the record that a list has no such page, and ended with the one before."""
        return self._no_page(slug, url, self._walks[slug].end_before())

    def _no_page(self, slug: str, url: str, step: Step) -> Listing:
        walk = self._walks[slug]
        return Listing(
            site=self.site.name,
            slug=slug,
            kind=walk.plan.kind,
            url=url,
            name="",
            number=walk.place,
            entries=(),
            remaining=step.remaining,
            stop=step.stop,
            fetched_at=utc_now(),
            state=step.state,
            reached=step.reached,
        )

    def _is_missed(self, walk: Walk) -> bool:
        """Tell whether a list page that leads to another host is a failure: a crawl begins there, or goes on there.

        A section whose first page does is told once, and remembered.
        """
        return bool(walk.pages) or walk.plan.url in self.site.start_urls

    def closed(self, reason: str) -> None:
        """Say which of the wanted sections were not found."""
        linked = self.crawl_session.findings.sections_linked
        self.crawl_session.findings.sections_not_found = tuple(
            wanted
            for wanted in self.options.sections
            if not any(is_section(wanted, slug, linked.get(slug, "")) for slug in (*self._walks, *linked))
        )

    def _slug_of(self, url: str) -> str | None:
        slug = self.site.section_slug(url)
        return self._in_letters.get(slug, slug) if slug else None

    def _wants(self, slug: str) -> bool:
        return not self.options.sections or slug in self._chosen

    def _wanted_slug(self, link: SectionLink) -> str | None:
        """Return the slug of a section that a page links to, None where it is none or not wanted; note it and its name."""
        slug = self._slug_of(link.url)
        if not slug:
            return None
        linked = self.crawl_session.findings.sections_linked
        linked[slug] = linked.get(slug) or link.name
        if any(is_section(wanted, slug, link.name) for wanted in self.options.sections):
            self._chosen.add(slug)
        return slug if self._wants(slug) else None

    def _section_request(self, plan: SectionPlan, url: str) -> Request:
        self._walks[plan.slug] = Walk(plan, self.site.max_pages, self.options.since, self.options.full)
        return self._list_request(url, plan.slug, priority=1)

    def _list_request(self, address: str, slug: str, priority: int) -> Request:
        asked = ListAddress.parse(address)
        return ask_list(
            asked.url,
            asked.form,
            # the dates of articles that are still being read may say that no page before ``since`` is wanted
            callback=self.turns.of(self.parse_section, asks_at_once=not self.options.since),
            errback=self.turns.of(partial(self.list_failed, slug=slug)),
            cb_kwargs={"slug": slug},
            meta={"capture_type": CaptureType.SECTION},
            priority=priority,
            dont_filter=True,  # the walk itself knows where it has been
        )

    def _newest(self, listing: Listing, slug: str, pages_before: int) -> str | None:
        printed = [entry.date_on for entry in listing.entries if entry.date_on]
        return max(printed) if printed else self._newest_fetched.get((slug, pages_before))


def _escaped(text: str) -> str:
    """Return a text with the letters beyond ASCII as an address has them."""
    return quote(text, safe=printable)
