"""robots.txt as RFC 9309 reads it: where it is not there it forbids nothing, where it cannot be had it forbids all."""

from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.httpobj import urlparse_cached

from archive.evidence.charset import page_encoding, text_in
from zhijiang_spider.crawl.failures import reason_of
from zhijiang_spider.crawl.spider import content_type_of
from zhijiang_spider.crawl.stopping import Unsent
from zhijiang_spider.crawl.whole import NotWhole

MOST = 512 * 1024
"""Bytes of it that are read; RFC 9309 wants 500 KiB at the least."""
_NO_RULES = frozenset((204, 205, *range(300, 500))) - {429}
"""HTTP statuses that say there is no robots.txt.  One that asks too often is told nothing of the rules."""


class RobotsUnknown(IgnoreRequest):
    """Whether the page may be asked for is not known."""


class Robots(RobotsTxtMiddleware):
    """Scrapy's, which takes a robots.txt that cannot be had for one that allows all, and reads rules in error pages."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unknown: dict[str, str] = {}
        """Host → why its rules are not known."""

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Refuse what the rules forbid, and everything where they are not known.  Raises ``IgnoreRequest``."""
        host = urlparse_cached(request).netloc
        if reason := self._unknown.get(host):
            raise RobotsUnknown(
                f"robots.txt of {host} could not be had, so nothing there may be asked for: {reason}"
            )
        super().process_request_2(rp, request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 300:
            raise HttpError(response, "it cannot be had")
        text = text_in(page_encoding(response.body, content_type_of(response)), response.body[:MOST])
        await super()._parse_robots(response.replace(body=text.encode()), netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if not _is_absent(exc):
            self._unknown[netloc] = reason_of(exc)
        super()._robots_error(exc, netloc)


def _is_absent(error: Any) -> bool:
    """Tell whether there is no robots.txt, so that all is allowed; a redirect that is not followed leads to none."""
    if isinstance(error, HttpError):
        return error.response.status in _NO_RULES
    return isinstance(error, IgnoreRequest) and not isinstance(error, (NotWhole, Unsent))
