"""The walk: section page → article pages → next page.

The spider fetches and yields; it opens no database.  What is known already and what is still to be fetched
is the plan of its session, and everything it meets goes out as an item: ``ArticleParts``, ``Listing``,
``NotModified``, ``MediaFile``, ``LinkElsewhere`` or ``FetchFailure``.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from string import printable
from typing import Any, Self
from urllib.parse import quote

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure as TwistedFailure

from archive.model.crawl import (
    NOT_UNDERSTOOD,
    CaptureType,
    FailureType,
    FetchFailure,
    LinkElsewhere,
    ListFacts,
    Listing,
    MediaFile,
    NotModified,
    SectionKind,
)
from archive.model.plan import SectionPlan, Target
from archive.times import utc_now
from zhijiang_spider.crawl.failures import reason_of
from zhijiang_spider.crawl.middlewares import HostRefused
from zhijiang_spider.crawl.options import CrawlOptions
from zhijiang_spider.crawl.redirects import follow_jump
from zhijiang_spider.crawl.session import CrawlSession
from zhijiang_spider.crawl.spider import SiteSpider, ask, ask_list, asked_of, page_of
from zhijiang_spider.crawl.walk import ListPageSigns, Step, Walk
from zhijiang_spider.derive.article import (
    ArticlePart,
    ArticleParts,
    NotUnderstood,
    PageGone,
    Refused,
    ScriptOnly,
    SentOn,
    next_address,
    read_further,
    read_list,
    read_part,
)
from zhijiang_spider.derive.normalise import normalise_listing
from zhijiang_spider.items import ListAddress, ListEnd, NextPage, PagerUnread
from zhijiang_spider.pages.lists.behind_end import is_behind_the_end, title_without_numbers
from zhijiang_spider.sites.site import Site, load_site
from zhijiang_spider.text.dates import parse_published

ARTICLE_PRIORITY = 10
"""Articles go before the next list page: what waits in memory is one page of links, not a whole section."""
MEDIA_PRIORITY = 20
"""An article's pictures go before the next article, so that a crawl cut short leaves whole articles."""


_PASSING = frozenset((502, 503, 504))
"""HTTP statuses of a server that is not there for the moment."""
BLOCKED = frozenset((401, 403, 405, 406, 412, 418, 429, 451, 493, 521))
"""HTTP statuses with which sites and their firewalls refuse a crawler."""
BLOCKED_PAGES = 3
"""So many refusals one after the other mean the crawl, not the page."""


class SectionsSpider(SiteSpider):
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
        super().__init__(site if isinstance(site, Site) else load_site(site), **kwargs)
        whole = full not in (False, "", "0", "false", "no")
        only = tuple(filter(None, sections.split(",")))
        self.options = options or CrawlOptions(only, since, whole, media)
        self._walks: dict[str, Walk] = {}
        self._asked: set[str] = set()
        self._asked_media: set[str] = set()
        self._titles: dict[str, str] = {}
        """Slug → what its list pages are called, where a page behind the last one is told by it."""
        self._newest_fetched: dict[tuple[str, int], str] = {}
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
        return spider

    @property
    def crawl_session(self) -> CrawlSession:
        """The session, which this spider always has."""
        assert self.session is not None
        return self.session

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
        try:
            listed = read_list(page, self.site)
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
            asked = ListAddress(page.asked, page.form)
            yield from self._unreadable(FailureType.SECTION, str(asked), None, error, page.capture)
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
        since = self.options.since
        for entry in listing.entries:
            target = Target(entry.key, entry.url, listed=entry.title)
            too_old = since and entry.date_on and entry.date_on < since
            if (
                not too_old
                and self._wants(slug)
                and (request := self._article_request(target, slug, walk.pages))
            ):
                yield request
        for section in listed.sections:
            found = self._slug_of(section.url)
            if found and found not in self._walks and self._wants(found):
                if len(self._walks) >= self.site.max_sections:
                    self.crawl_session.findings.section_left_out = section.url
                    continue
                yield self._section_request(SectionPlan(found, section.url), section.url)
        if step.follow:
            yield self._list_request(step.follow, slug, priority=-walk.pages)

    def list_failed(self, failure: TwistedFailure, slug: str) -> Iterator[Any]:
        """Turn a list request that brought no page into an item: a failure, or the end of a list counted too far."""
        walk = self._walks[slug]
        status = failure.value.response.status if isinstance(failure.value, HttpError) else None
        request: Request = failure.request  # type: ignore[attr-defined]
        if walk.resumes_sweep and request.method == "POST" and status not in (None, *BLOCKED, *_PASSING):
            yield from self._form_refused(slug, request, f"HTTP {status}")
            return
        if status in (404, 410) and (walk.may_be_behind_the_end or walk.resumes_sweep):
            yield self._end_before(slug, _address_of(request))
            self._watch(blocked=False)
            return
        yield from self.failed(failure, FailureType.SECTION, None, known=self._is_missed(walk))

    def _form_refused(
        self, slug: str, request: Request, reason: str, capture: int | None = None
    ) -> Iterator[Any]:
        """Tell once that the server did not take a form of an earlier crawl, and leave no such page to the next."""
        self._watch(blocked=False)
        url = _address_of(request)
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

    def parse_article(
        self, response: Response, key: str, slug: str, number: int, listed: str
    ) -> Iterator[Any]:
        """Read one article page.  ``listed``: what the list called it, "" where that is not known."""
        page = page_of(response)
        if response.status == 304:
            yield NotModified(self.site.name, key, page.fetched_at)
            return
        arrived = self.site.article_key(page.url)
        if arrived and arrived != key and key not in self.crawl_session.plan.archived:
            yield LinkElsewhere(
                self.site.name, FailureType.ARTICLE, page.asked, page.url, utc_now(), key, arrived
            )
        elif arrived != key:
            where = f"article {arrived}: {page.url}" if arrived else f"{page.url}, which is no article"
            yield self._failure(FailureType.ARTICLE, page.asked, key, f"redirected to {where}", missing=True)
        if arrived is None:
            return
        try:
            part = read_part(page, self.site, listed)
        except PageGone as gone:  # only then does the page say so; all else is not understood
            yield self._failure(FailureType.ARTICLE, page.asked, arrived, str(gone), missing=True)
            return
        except SentOn as sent:
            yield from self._sent_on(response, sent, FailureType.ARTICLE, arrived)
            return
        except Exception as error:
            yield from self._unreadable(FailureType.ARTICLE, page.asked, key, error, page.capture)
            return
        yield from self._go_on(ArticleParts(arrived, (part,)), slug, number)

    def parse_part(self, response: Response, read: ArticleParts, slug: str, number: int) -> Iterator[Any]:
        """Read a further page of an article."""
        try:
            part = read_further(read.parts, page_of(response), self.site)
        except Exception as error:
            first = read.parts[0].page
            yield from self._unreadable(FailureType.ARTICLE, first.url, read.key, error, first.capture)
            return
        yield from self._go_on(replace(read, parts=(*read.parts, part)), slug, number)

    def _go_on(self, read: ArticleParts, slug: str, number: int) -> Iterator[Any]:
        """Ask for an article's next page; behind the last one give the whole article and ask for its pictures."""
        try:
            url = next_address(read.parts)
        except Refused as error:
            first = read.parts[0].page
            yield from self._unreadable(FailureType.ARTICLE, first.url, read.key, error, first.capture)
            return
        if url:
            yield ask(
                url,
                callback=self.parse_part,
                errback=self._errback(FailureType.ARTICLE, read.key),
                cb_kwargs={"read": read, "slug": slug, "number": number},
                meta={"capture_type": CaptureType.PART, "key": read.key},
                priority=MEDIA_PRIORITY,
                dont_filter=True,
            )
            return
        self._watch(blocked=False)  # only a whole article shows that the site still answers
        self._remember_date(read.parts[0], slug, number)
        yield read
        for url in self._media_of(read):
            if request := self._media_request(url):
                yield request

    def parse_media(self, response: Response, url: str) -> Iterator[MediaFile]:
        """Take one picture or file; ``url`` is the address that the article has."""
        if (capture := response.meta.get("capture")) is not None:
            yield MediaFile(url, response.body, capture)

    def _sent_on(
        self,
        response: Response,
        sent: SentOn,
        failure_type: FailureType,
        key: str | None,
        *,
        known: bool = False,
    ) -> Iterator[Any]:
        """Follow a page's jump as a redirect; note one to another site, which is no refusal.

        ``known``: it was another page before, or the crawl begins there, so that it is missed.
        """
        self._watch(blocked=False)
        url = asked_of(response.request)  # type: ignore[arg-type]
        if self.site.allows(sent.target):
            try:
                yield follow_jump(response, sent.target, self.settings.getint("REDIRECT_MAX_TIMES"))
            except IgnoreRequest as error:
                yield self._failure(failure_type, url, key, str(error))
        elif known:
            reason = f"{sent}: host is not in the profile's hosts"
            yield self._failure(failure_type, url, key, reason)
        else:
            yield self._link_elsewhere(failure_type, url, sent.target, key)

    def _link_elsewhere(
        self, failure_type: FailureType, url: str, target: str, key: str | None
    ) -> LinkElsewhere:
        return LinkElsewhere(self.site.name, failure_type, url, target, utc_now(), key)

    def _is_missed(self, walk: Walk) -> bool:
        """Tell whether a list page that leads to another host is a failure: a crawl begins there, or goes on there.

        A section whose first page does is told once, and remembered.
        """
        return bool(walk.pages) or walk.plan.url in self.site.start_urls

    def closed(self, reason: str) -> None:
        """Say which of the wanted sections were not found."""
        self.crawl_session.findings.sections_not_found = tuple(
            slug for slug in self.options.sections if slug not in self._walks
        )

    def _slug_of(self, url: str) -> str | None:
        slug = self.site.section_slug(url)
        return self._in_letters.get(slug, slug) if slug else None

    def _wants(self, slug: str) -> bool:
        return not self.options.sections or slug in self.options.sections

    def failed(
        self, failure: TwistedFailure, failure_type: FailureType, key: str | None, *, known: bool = False
    ) -> Iterator[FetchFailure | LinkElsewhere]:
        """Turn a request that brought no page into an item.

        A redirect to another site is what a page's jump there is: no failure, unless it is ``known``, see
        ``_sent_on``.
        """
        request: Request = failure.request  # type: ignore[attr-defined]
        kind = request.meta.get("capture_type")
        redirected = isinstance(failure.value, HostRefused) and request.meta.get("redirect_urls")
        if redirected and not known and kind in (CaptureType.ARTICLE, CaptureType.SECTION):
            self._watch(blocked=False)
            yield self._link_elsewhere(failure_type, _address_of(request), request.url, key)
            return
        status = failure.value.response.status if isinstance(failure.value, HttpError) else None
        missing = status in (404, 410) and kind is not CaptureType.PART
        yield self._failure(
            failure_type, _address_of(request), key, reason_of(failure.value), missing=missing
        )
        self._watch(blocked=status in BLOCKED)

    def _watch(self, *, blocked: bool) -> None:
        """Stop when the site refuses page after page: going on would be rude, and bring nothing."""
        findings = self.crawl_session.findings
        findings.refused = findings.refused + 1 if blocked else 0
        if findings.refused >= BLOCKED_PAGES:
            raise CloseSpider("blocked")

    # --- requests ----------------------------------------------------------------------------------

    def _section_request(self, plan: SectionPlan, url: str) -> Request:
        self._walks[plan.slug] = Walk(plan, self.site.max_pages, self.options.since, self.options.full)
        return self._list_request(url, plan.slug, priority=1)

    def _list_request(self, address: str, slug: str, priority: int) -> Request:
        asked = ListAddress.parse(address)
        return ask_list(
            asked.url,
            asked.form,
            callback=self.parse_section,
            errback=lambda failure: self.list_failed(failure, slug),
            cb_kwargs={"slug": slug},
            meta={"capture_type": CaptureType.SECTION},
            priority=priority,
            dont_filter=True,  # the walk itself knows where it has been
        )

    def _article_request(
        self, target: Target, slug: str, number: int, *, again: bool = False
    ) -> Request | None:
        """Return the request of an article, None if it is archived or was asked for in this crawl.

        ``again``: it is archived, and due to be looked at.
        """
        if target.key in self._asked or (target.key in self.crawl_session.plan.archived and not again):
            return None
        self._asked.add(target.key)
        conditions = {"If-None-Match": target.etag, "If-Modified-Since": target.last_modified}
        return ask(
            target.url,
            callback=self.parse_article,
            errback=self._errback(FailureType.ARTICLE, target.key),
            headers={name: value for name, value in conditions.items() if value},
            cb_kwargs={"key": target.key, "slug": slug, "number": number, "listed": target.listed},
            meta={"capture_type": CaptureType.ARTICLE, "handle_httpstatus_list": [304]},
            priority=ARTICLE_PRIORITY,
            dont_filter=True,
        )

    def _media_of(self, read: ArticleParts) -> list[str]:
        if self.options.media == "none":
            return []
        raws = [part.raw for part in read.parts]
        files = [file.url for raw in raws for file in raw.attachments] if self.options.media == "all" else []
        return [image.url for raw in raws for image in raw.images] + files

    def _media_request(self, url: str) -> Request | None:
        """Return the request of a picture or file, None if it is archived, elsewhere or was asked for."""
        if (
            url in self.crawl_session.plan.media
            or url in self._asked_media
            or not self.site.allows_media(url)
        ):
            return None
        self._asked_media.add(url)
        return ask(
            url,
            callback=self.parse_media,
            errback=self._errback(FailureType.MEDIA, None),
            cb_kwargs={"url": url},
            meta={"capture_type": CaptureType.MEDIA},
            priority=MEDIA_PRIORITY,
            dont_filter=True,
        )

    def _errback(
        self, failure_type: FailureType, key: str | None
    ) -> Callable[[TwistedFailure], Iterator[FetchFailure | LinkElsewhere]]:
        return lambda failure: self.failed(failure, failure_type, key)

    # --- dates: where a list prints none, the articles of the page before tell how old it is --------------

    def _newest(self, listing: Listing, slug: str, pages_before: int) -> str | None:
        printed = [entry.date_on for entry in listing.entries if entry.date_on]
        return max(printed) if printed else self._newest_fetched.get((slug, pages_before))

    def _remember_date(self, part: ArticlePart, slug: str, number: int) -> None:
        printed = part.raw.published_raw
        if self.options.since and slug and (read := parse_published(printed, timezone=self.site.timezone)):
            place = slug, number
            self._newest_fetched[place] = max(self._newest_fetched.get(place, ""), read.on.isoformat())

    # --- failures ----------------------------------------------------------------------------------

    def _unreadable(
        self,
        failure_type: FailureType,
        url: str,
        key: str | None,
        error: Exception,
        capture: int | None = None,
    ) -> Iterator[FetchFailure]:
        """One page that cannot be read never stops a crawl; it is kept, counted and reported."""
        if isinstance(error, Refused):
            reason = str(error)
        else:
            self.logger.error("cannot read %s", url, exc_info=error)
            reason = f"error while reading: {type(error).__name__}: {error}"
        yield replace(self._failure(failure_type, url, key, reason), capture=capture)
        self._watch(blocked=isinstance(error, ScriptOnly) or isinstance(error.__cause__, ScriptOnly))

    def _failure(
        self, failure_type: FailureType, url: str, key: str | None, reason: str, *, missing: bool = False
    ) -> FetchFailure:
        line = " ".join(reason.split())
        return FetchFailure(
            self.site.name, url, failure_type, line, failed_at=utc_now(), key=key, missing=missing
        )


def _escaped(text: str) -> str:
    """Return a text with the letters beyond ASCII as an address has them."""
    return quote(text, safe=printable)


def _address_of(request: Request) -> str:
    """Return where was asked first, with what was sent, as the archive keeps it."""
    form = request.body.decode("latin-1") if request.method == "POST" else ""
    return str(ListAddress(asked_of(request), form))
