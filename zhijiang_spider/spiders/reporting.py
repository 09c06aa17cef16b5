"""What a request that brought nothing, and a page from which nothing is taken, come to: items of a crawl."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from scrapy import Request
from scrapy.exceptions import CloseSpider, DownloadFailedError, IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure as TwistedFailure

from archive.model.crawl import CaptureType, FailureType, FetchFailure, LinkElsewhere
from archive.times import utc_now
from zhijiang_spider.crawl.failures import reason_of
from zhijiang_spider.crawl.middlewares import HostRefused
from zhijiang_spider.crawl.redirects import follow_jump
from zhijiang_spider.crawl.session import CrawlSession
from zhijiang_spider.crawl.spider import SiteSpider, asked_of
from zhijiang_spider.crawl.stopping import Unsent, send_nothing_more
from zhijiang_spider.derive.article import Refused, ScriptOnly, SentOn
from zhijiang_spider.items import ListAddress
from zhijiang_spider.sites.site import Site
from zhijiang_spider.spiders.turns import Turns

BLOCKED = frozenset((202, 401, 403, 405, 406, 412, 418, 429, 451, 493, 521))
"""HTTP statuses with which sites and their firewalls refuse a crawler."""
BLOCKED_PAGES = 3
"""So many refusals one after the other mean the crawl, not the page."""


class ReportingSpider(SiteSpider):
    """A spider that tells what it could not fetch or read, and stops where the site refuses it."""

    def __init__(self, site: Site, **kwargs: Any) -> None:
        super().__init__(site, **kwargs)
        self.turns = Turns()
        """What all answers say goes out in the order in which they came."""

    @property
    def crawl_session(self) -> CrawlSession:
        """The session, which this spider always has."""
        assert self.session is not None
        return self.session

    def failed(
        self, failure: TwistedFailure, failure_type: FailureType, key: str | None, *, known: bool = False
    ) -> Iterator[FetchFailure | LinkElsewhere]:
        """Turn a request that brought no page into an item, one that was not sent into none.

        A redirect to another site is what a page's jump there is: no failure, unless it is ``known``, see
        ``_sent_on``.
        """
        if isinstance(failure.value, Unsent):
            return
        request: Request = failure.request  # type: ignore[attr-defined]
        kind = request.meta.get("capture_type")
        redirected = isinstance(failure.value, HostRefused) and request.meta.get("redirect_urls")
        if redirected and not known and kind in (CaptureType.ARTICLE, CaptureType.SECTION):
            self._watch(blocked=False)
            yield self._link_elsewhere(failure_type, address_of(request), request.url, key)
            return
        status = failure.value.response.status if isinstance(failure.value, HttpError) else None
        missing = status in (404, 410) and kind is not CaptureType.PART
        reason = reason_of(failure.value)
        if isinstance(failure.value, DownloadFailedError) and "redirect_urls" in request.meta:
            reason += f" (the site sends this address on to {request.url})"  # such as http to https
        failed = self._failure(failure_type, address_of(request), key, reason, missing=missing)
        yield replace(failed, capture=request.meta.get("capture"))
        self._watch(blocked=status in BLOCKED)

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

    def _watch(self, *, blocked: bool) -> None:
        """Stop when the site refuses page after page: going on would be rude, and bring nothing."""
        findings = self.crawl_session.findings
        findings.refused = findings.refused + 1 if blocked else 0
        if findings.refused >= BLOCKED_PAGES:
            send_nothing_more(self.crawler)
            raise CloseSpider("blocked")

    def _errback(
        self, failure_type: FailureType, key: str | None
    ) -> Callable[[TwistedFailure], AsyncIterator[Any]]:
        return self.turns.of(partial(self.failed, failure_type=failure_type, key=key))


def address_of(request: Request) -> str:
    """Return where was asked first, with what was sent, as the archive keeps it."""
    form = request.body.decode("latin-1") if request.method == "POST" else ""
    return str(ListAddress(asked_of(request), form))
