"""The walk: section page → article pages → next page.

The spider fetches and yields; it opens no database.  What is known already and what is still to be fetched
comes to it as a ``Plan`` before the crawl, and everything it meets goes out as an item:
``RawArticle``, ``Listing`` or ``FetchFailure``.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure as TwistedFailure

from archive.model.crawl import FetchFailure, Listing, MediaFile, NotModified, SectionKind
from archive.model.plan import Plan, SectionPlan, Target
from archive.times import utc_now
from zhijiang_spider.crawl.failures import reason_of
from zhijiang_spider.crawl.walk import Walk
from zhijiang_spider.derive.article import PageGone, derive_raw, goes_on
from zhijiang_spider.derive.normalise import normalise_listing
from zhijiang_spider.items import RawArticle
from zhijiang_spider.pages import LayoutChanged, extract_section_page, read_page
from zhijiang_spider.pages.article.multipage import join_parts
from zhijiang_spider.pages.checks import is_script_only
from zhijiang_spider.sites.site import Site, load_site
from zhijiang_spider.text.dates import parse_published

ARTICLE_PRIORITY = 10
"""Articles go before the next list page: what waits in memory is one page of links, not a whole section."""
MEDIA_PRIORITY = 20
"""An article's pictures go before the next article, so that a crawl cut short leaves whole articles."""

BLOCKED = frozenset((401, 403, 405, 406, 412, 418, 429, 451, 493, 521))
"""HTTP statuses with which sites and their firewalls refuse a crawler."""
BLOCKED_PAGES = 3
"""So many refusals one after the other mean the crawl, not the page."""


class SectionsSpider(Spider):
    """Walks the sections of one site and fetches the articles they list."""

    name = "zhijiang"

    def __init__(
        self,
        site: Site | str = "zhijiang",
        since: str | None = None,
        full: bool | str = False,
        sections: str = "",
        media: str = "images",
        **kwargs: Any,
    ) -> None:
        """Take the site and what the operator asked for.

        ``site``: a profile, its name or its file.  ``since``: ``2024-01-16``.  ``full``: walk to the end of
        every list and fetch every article again.  ``sections``: slugs separated by commas.  ``media``: what
        else to fetch of an article: ``images``, ``all`` (videos and attached files too) or ``none``.
        """
        super().__init__(**kwargs)
        self.site = site if isinstance(site, Site) else load_site(site)
        self.since = since
        self.full = full not in (False, "", "0", "false", "no")
        self.only = tuple(filter(None, sections.split(",")))
        self.media = media
        self.plan = Plan()
        self._walks: dict[str, Walk] = {}
        self._asked: set[str] = set()
        self._asked_media: set[str] = set()
        self._blocked = 0
        self._newest_fetched: dict[tuple[str, int], str] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the spider and let the profile set the delay and the contact."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings, site = crawler.settings, spider.site
        settings.set("DOWNLOAD_DELAY", site.delay, priority="spider")
        settings.set("AUTOTHROTTLE_START_DELAY", site.delay, priority="spider")
        settings.set("DOWNLOAD_VERIFY_CERTIFICATES", site.verify_certificates, priority="spider")
        if site.contact:
            agent = settings["USER_AGENT"]
            settings.set("USER_AGENT", f"{agent.removesuffix(')')}; {site.contact})", priority="spider")
        return spider

    async def start(self) -> Any:
        """Yield the start pages, the known sections and the articles an earlier crawl did not get."""
        known = {section.slug: section for section in self.plan.sections}
        if not set(self.only) - set(known) and self.only:
            starts: tuple[str, ...] = ()  # nothing to look for: the wanted sections are known
        else:
            starts = self.site.start_urls
        for url in starts:
            slug = self.site.section_slug(url) or url
            if slug not in self._walks:
                yield self._section_request(known.get(slug, SectionPlan(slug, url)), url)
        for section in self.plan.sections:
            if (
                section.slug not in self._walks
                and section.kind is SectionKind.SECTION
                and self.site.follows(section.url)  # the profile may skip it by now
            ):
                yield self._section_request(section, section.url)
        for target in self.plan.pending:
            if request := self._article_request(target, "", 0):
                yield request
        for target in self.plan.rechecks:
            if request := self._article_request(target, "", 0, again=True):
                yield request
        if self.media != "none":
            for url in self.plan.pending_media:
                if request := self._media_request(url):
                    yield request

    def parse_section(self, response: Response, slug: str) -> Iterator[Any]:
        """Read one list page: its entries, the sections it links to, the next page."""
        walk = self._walks[slug]
        fetched_at = _fetched_at(response)
        try:
            selector = read_page(response.body, _content_type(response))
            page = extract_section_page(selector, response.url, self.site)
        except Exception as error:
            yield from self._unreadable("section", response, response.request.url, None, error)  # type: ignore[union-attr]
            return
        listing = normalise_listing(page, self.site, slug=slug, number=walk.pages + 1, fetched_at=fetched_at)
        keys = [entry.key for entry in listing.entries]
        step = walk.step(keys, page.next_url, self._newest(listing, slug, walk.pages))
        yield replace(listing, remaining=step.remaining, stop=step.stop)
        for entry in listing.entries:
            too_old = self.since and entry.date_on and entry.date_on < self.since
            if (
                not too_old
                and self._wants(slug)
                and (request := self._article_request(Target(entry.key, entry.url), slug, walk.pages))
            ):
                yield request
        for section in page.sections:
            found = self.site.section_slug(section.url)
            if found and found not in self._walks and self._wants(found):
                if len(self._walks) >= self.site.max_sections:
                    self.crawler.stats.set_value("zhijiang/section_left_out", section.url)
                    continue
                yield self._section_request(SectionPlan(found, section.url), section.url)
        if step.follow:
            yield self._list_request(step.follow, slug, priority=-walk.pages)

    def parse_article(self, response: Response, key: str, slug: str, number: int) -> Iterator[Any]:
        """Read one article page."""
        fetched_at = _fetched_at(response)
        asked = response.request.meta.get("redirect_urls", [response.url])[0]  # type: ignore[union-attr]
        if response.status == 304:
            yield NotModified(self.site.name, key, fetched_at)
            return
        arrived = self.site.article_key(response.url)
        if arrived != key:
            where = (
                f"article {arrived}: {response.url}" if arrived else f"{response.url}, which is no article"
            )
            yield self._failure("article", asked, key, f"redirected to {where}", missing=True)
        if arrived is None:
            return
        try:
            raw = derive_raw(
                response.body,
                _content_type(response),
                response.url,
                self.site,
                key=arrived,
                fetched_at=fetched_at,
                capture=response.meta.get("capture"),
            )
        except PageGone:
            yield self._failure("article", asked, arrived, "the page says that there is none", missing=True)
            return
        except Exception as error:
            yield from self._unreadable("article", response, asked, key, error)
            return
        self._watch(blocked=False)
        yield from self._go_on((raw,), slug, number)

    def parse_part(
        self, response: Response, parts: tuple[RawArticle, ...], slug: str, number: int
    ) -> Iterator[Any]:
        """Read a further page of an article."""
        first = parts[0]
        try:
            raw = derive_raw(
                response.body,
                _content_type(response),
                response.url,
                self.site,
                key=first.key,
                fetched_at=first.fetched_at,
                capture=first.capture,
            )
        except Exception as error:
            reason = f"page {len(parts) + 1} of the article cannot be read: {error}"
            yield self._failure("article", first.url, first.key, reason)
            return
        yield from self._go_on((*parts, raw), slug, number)

    def _go_on(self, parts: tuple[RawArticle, ...], slug: str, number: int) -> Iterator[Any]:
        """Ask for an article's next page; behind the last one give the whole article and ask for its pictures."""
        first = parts[0]
        if goes_on(parts):
            yield Request(
                parts[-1].next_url,
                callback=self.parse_part,
                errback=self._errback("article", first.key),
                cb_kwargs={"parts": parts, "slug": slug, "number": number},
                meta={"kind": "part", "key": first.key},
                priority=MEDIA_PRIORITY,
                dont_filter=True,
            )
            return
        raw = join_parts(parts)
        self._remember_date(raw, slug, number)
        yield raw
        for url in self._media_of(raw):
            if request := self._media_request(url):
                yield request

    def parse_media(self, response: Response, url: str) -> Iterator[MediaFile]:
        """Take one picture or file; ``url`` is the address that the article has."""
        if (capture := response.meta.get("capture")) is not None:
            yield MediaFile(url, response.body, capture)

    def closed(self, reason: str) -> None:
        """Say which of the wanted sections were not found."""
        if not_found := [slug for slug in self.only if slug not in self._walks]:
            self.crawler.stats.set_value("zhijiang/sections_not_found", ", ".join(not_found))

    def _wants(self, slug: str) -> bool:
        return not self.only or slug in self.only

    def failed(self, failure: TwistedFailure, kind: str, key: str | None) -> Iterator[FetchFailure]:
        """Turn a request that brought no page into an item."""
        request: Request = failure.request  # type: ignore[attr-defined]
        asked = request.meta.get("redirect_urls", [request.url])[0]
        status = failure.value.response.status if isinstance(failure.value, HttpError) else None
        missing = status in (404, 410) and request.meta.get("kind") != "part"
        yield self._failure(kind, asked, key, reason_of(failure.value), missing=missing)
        self._watch(blocked=status in BLOCKED)

    def _watch(self, *, blocked: bool) -> None:
        """Stop when the site refuses page after page: going on would be rude, and bring nothing."""
        self._blocked = self._blocked + 1 if blocked else 0
        self.crawler.stats.set_value("zhijiang/refused", self._blocked)
        if self._blocked >= BLOCKED_PAGES:
            raise CloseSpider("blocked")

    # --- requests ----------------------------------------------------------------------------------

    def _section_request(self, plan: SectionPlan, url: str) -> Request:
        self._walks[plan.slug] = Walk(plan, self.site.max_pages, self.since, self.full)
        return self._list_request(url, plan.slug, priority=1)

    def _list_request(self, url: str, slug: str, priority: int) -> Request:
        return Request(
            url,
            callback=self.parse_section,
            errback=self._errback("section", None),
            cb_kwargs={"slug": slug},
            meta={"kind": "section"},
            priority=priority,
            dont_filter=True,  # the walk itself knows where it has been
        )

    def _article_request(
        self, target: Target, slug: str, number: int, *, again: bool = False
    ) -> Request | None:
        """Return the request of an article, None if it is archived or was asked for in this crawl.

        ``again``: it is archived, and due to be looked at.
        """
        if target.key in self._asked or (target.key in self.plan.archived and not again):
            return None
        self._asked.add(target.key)
        conditions = {"If-None-Match": target.etag, "If-Modified-Since": target.last_modified}
        return Request(
            target.url,
            callback=self.parse_article,
            errback=self._errback("article", target.key),
            headers={name: value for name, value in conditions.items() if value},
            cb_kwargs={"key": target.key, "slug": slug, "number": number},
            meta={"kind": "article", "handle_httpstatus_list": [304]},
            priority=ARTICLE_PRIORITY,
            dont_filter=True,
        )

    def _media_of(self, raw: RawArticle) -> list[str]:
        if self.media == "none":
            return []
        files = raw.attachments if self.media == "all" else ()
        return [image.url for image in raw.images] + [attachment.url for attachment in files]

    def _media_request(self, url: str) -> Request | None:
        """Return the request of a picture or file, None if it is archived, elsewhere or was asked for."""
        if url in self.plan.media or url in self._asked_media or not self.site.allows_media(url):
            return None
        self._asked_media.add(url)
        return Request(
            url,
            callback=self.parse_media,
            errback=self._errback("media", None),
            cb_kwargs={"url": url},
            meta={"kind": "media"},
            priority=MEDIA_PRIORITY,
            dont_filter=True,
        )

    def _errback(self, kind: str, key: str | None) -> Callable[[TwistedFailure], Iterator[FetchFailure]]:
        return lambda failure: self.failed(failure, kind, key)

    # --- dates: where a list prints none, the articles of the page before tell how old it is --------------

    def _newest(self, listing: Listing, slug: str, pages_before: int) -> str | None:
        printed = [entry.date_on for entry in listing.entries if entry.date_on]
        return max(printed) if printed else self._newest_fetched.get((slug, pages_before))

    def _remember_date(self, raw: RawArticle, slug: str, number: int) -> None:
        if self.since and slug and (read := parse_published(raw.published_raw, timezone=self.site.timezone)):
            place = slug, number
            self._newest_fetched[place] = max(self._newest_fetched.get(place, ""), read.on.isoformat())

    # --- failures ----------------------------------------------------------------------------------

    def _unreadable(
        self, kind: str, response: Response, url: str, key: str | None, error: Exception
    ) -> Iterator[FetchFailure]:
        """One page that cannot be read never stops a crawl; it is kept, counted and reported."""
        blocked = False
        if isinstance(error, LayoutChanged):
            blocked = is_script_only(read_page(response.body, _content_type(response)))
            reason = "script-only page: a browser is asked to run a script" if blocked else f"layout: {error}"
        else:
            self.logger.error("cannot read %s", url, exc_info=error)
            reason = f"error while reading: {type(error).__name__}: {error}"
        yield self._failure(kind, url, key, reason)
        self._watch(blocked=blocked)

    def _failure(
        self, kind: str, url: str, key: str | None, reason: str, *, missing: bool = False
    ) -> FetchFailure:
        line = " ".join(reason.split())
        return FetchFailure(self.site.name, url, kind, line, failed_at=utc_now(), key=key, missing=missing)


def _fetched_at(response: Response) -> str:
    return str(response.meta.get("captured_at") or utc_now())


def _content_type(response: Response) -> str:
    found = response.headers.getlist("Content-Type") or [b""]
    return found[0].decode("latin-1")
