"""The articles of a crawl: their pages, and the pictures and files in them."""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain
from typing import Any

from scrapy import Request
from scrapy.http import Response

from archive.model.crawl import CaptureType, FailureType, LinkElsewhere, MediaFile, NotModified
from archive.model.plan import Target
from archive.times import utc_now
from zhijiang_spider.crawl.options import CrawlOptions
from zhijiang_spider.crawl.spider import ask, page_of
from zhijiang_spider.derive.article import (
    ArticlePart,
    ArticleParts,
    ArticleRead,
    PageGone,
    PartMissing,
    SentOn,
    read_on,
)
from zhijiang_spider.pages.page import Page
from zhijiang_spider.sites.site import Site
from zhijiang_spider.spiders.reporting import ReportingSpider
from zhijiang_spider.text.dates import parse_published

ARTICLE_PRIORITY = 10
"""Articles go before the next list page: what waits in memory is one page of links, not a whole section."""
MEDIA_PRIORITY = 20
"""An article's pictures go before the next article, so that a crawl cut short leaves whole articles."""


class ArticlesSpider(ReportingSpider):
    """A spider that fetches articles, each once a crawl."""

    def __init__(self, site: Site, options: CrawlOptions, **kwargs: Any) -> None:
        """Take the site and what the operator asked for."""
        super().__init__(site, **kwargs)
        self.options = options
        self._asked: set[str] = set()
        self._asked_media: set[str] = set()
        self._newest_fetched: dict[tuple[str, int], str] = {}
        """(section, list page) → the latest date of its articles, where the list prints none."""

    async def parse_article(
        self, response: Response, key: str, slug: str, number: int, listed: str
    ) -> Iterable[Any]:
        """Read one article page.  ``listed``: what the list called it, "" where that is not known."""
        page = page_of(response)
        if response.status == 304:
            return [NotModified(self.site.name, key, page.fetched_at)]
        told: list[Any] = []
        arrived = self.site.article_key(page.url)
        if arrived and arrived != key and key not in self.crawl_session.plan.archived:
            told.append(
                LinkElsewhere(
                    self.site.name, FailureType.ARTICLE, page.asked, page.url, utc_now(), key, arrived
                )
            )
        elif arrived != key:
            where = f"article {arrived}: {page.url}" if arrived else f"{page.url}, which is no article"
            told.append(
                self._failure(FailureType.ARTICLE, page.asked, key, f"redirected to {where}", missing=True)
            )
        if arrived is None or arrived in self.crawl_session.plan.given_up:
            return told
        try:
            read = await self._read(page.asked, key, ArticleParts(arrived, ()), page, listed)
        except PageGone as gone:  # only then does the page say so; all else is not understood
            told.append(self._failure(FailureType.ARTICLE, page.asked, arrived, str(gone), missing=True))
            return told
        except SentOn as sent:
            return chain(told, self._sent_on(response, sent, FailureType.ARTICLE, arrived))
        except Exception as error:
            url = page.url if isinstance(error, PartMissing) else page.asked
            return chain(told, self._unreadable(FailureType.ARTICLE, url, key, error, page.capture))
        return chain(told, self._go_on(read, slug, number))

    async def parse_part(
        self, response: Response, read: ArticleParts, slug: str, number: int
    ) -> Iterable[Any]:
        """Read a further page of an article."""
        first = read.parts[0].page
        try:
            further = await self._read(first.asked, read.key, read, page_of(response))
        except Exception as error:
            return self._unreadable(FailureType.ARTICLE, first.url, read.key, error, first.capture)
        return self._go_on(further, slug, number)

    async def _read(
        self, url: str, key: str, read: ArticleParts, page: Page, listed: str = ""
    ) -> ArticleRead:
        """Have a page of an article read, noted while it is; ``url`` is where its first page was asked for."""
        session = self.crawl_session
        return await self.workers.read(
            read_on,
            read,
            page,
            self.site,
            listed,
            at_work=partial(session.attempt, FailureType.ARTICLE, url, key, beside=True),
            alone=session.is_suspect(url),
        )

    def _go_on(self, read: ArticleRead, slug: str, number: int) -> Iterator[Any]:
        """Ask for an article's next page; behind the last one give the whole article and ask for its pictures."""
        parts = read.read
        if read.article is None:
            yield ask(
                read.next_url,
                callback=self.turns.of(self.parse_part),
                errback=self._errback(FailureType.ARTICLE, parts.key),
                cb_kwargs={"read": parts, "slug": slug, "number": number},
                meta={"capture_type": CaptureType.PART, "key": parts.key},
                priority=MEDIA_PRIORITY,
                dont_filter=True,
            )
            return
        self._watch(blocked=False)  # only a whole article shows that the site still answers
        self._remember_date(parts.parts[0], slug, number)
        yield read.article
        for url in self._media_of(parts):
            if request := self._media_request(url):
                yield request

    def parse_media(self, response: Response, url: str) -> Iterator[MediaFile]:
        """Take one picture or file; ``url`` is the address that the article has."""
        if (capture := response.meta.get("capture")) is not None:
            yield MediaFile(url, response.body, capture)

    def _article_request(
        self, target: Target, slug: str, number: int, *, again: bool = False
    ) -> Request | None:
        """Return the request of an article, None if it is archived or was asked for in this crawl.

        ``again``: it is archived, and due to be looked at.
        """
        plan = self.crawl_session.plan
        if (
            target.key in self._asked
            or target.key in plan.given_up
            or (target.key in plan.archived and not again)
        ):
            return None
        self._asked.add(target.key)
        conditions = {"If-None-Match": target.etag, "If-Modified-Since": target.last_modified}
        return ask(
            target.url,
            callback=self.turns.of(self.parse_article),
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
            callback=self.turns.of(self.parse_media),
            errback=self._errback(FailureType.MEDIA, None),
            cb_kwargs={"url": url},
            meta={"capture_type": CaptureType.MEDIA},
            priority=MEDIA_PRIORITY,
            dont_filter=True,
        )

    def _remember_date(self, part: ArticlePart, slug: str, number: int) -> None:
        printed = part.raw.published_raw
        if self.options.since and slug and (read := parse_published(printed, timezone=self.site.timezone)):
            place = slug, number
            self._newest_fetched[place] = max(self._newest_fetched.get(place, ""), read.on.isoformat())
