"""Only whole answers are read: status 200, the whole page, unpacked to its end.

What is less is kept as evidence and is a failure, never a version of an article: the end that is missing may be the
line that says who reviewed it.
"""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.responsetypes import responsetypes
from scrapy.spidermiddlewares.httperror import HttpError

from archive.evidence.packed import MAX_CONTENT, Bomb, encodings_of, unpack, why_not_whole
from zhijiang_spider.crawl.spider import spider_of

_CONDITIONS = ("If-None-Match", "If-Modified-Since")
_UNKNOWN_PACKING = frozenset(("br", "zstd", "compress", "x-compress", "dcb", "dcz"))
"""Registered encodings that are not asked for: many readers of WARC files cannot undo them."""


class NotWhole(IgnoreRequest):
    """An answer is not the whole page."""


class WholeAnswers:
    """Refuse an answer that is not whole, and unpack one that is.

    Stands above the capture, so that what is refused is kept, and below retries and redirects.  Takes the place of
    Scrapy's own unpacking, which passes a stream that was cut for a whole one.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware for one crawl."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Look at status, Content-Range and Content-Encoding; ask again for what was cut.

        Raises ``HttpError`` for a status that brings no page, ``NotWhole`` for a part of one.
        """
        status = response.status
        if status == 304 and not any(name in request.headers for name in _CONDITIONS):
            raise HttpError(
                response, "the server says that nothing changed, and was not asked whether it did"
            )
        if status < 200 or (200 < status < 300):
            raise HttpError(response, _NO_PAGE.get(status, "that is no whole page"))
        named = encodings_of(
            value.decode("latin-1") for value in response.headers.getlist("Content-Encoding")
        )
        content_range = (response.headers.get("Content-Range") or b"").decode("latin-1")
        if status == 200 and (fault := why_not_whole(response.body, named, content_range)):
            raise NotWhole(fault)
        if not named:
            return response
        for name in named:
            if name in _UNKNOWN_PACKING:
                raise NotWhole(f"the server sent it packed as {name}, asked for were gzip and deflate")
        try:
            unpacked = unpack(response.body, named)
        except Bomb:
            raise NotWhole(f"larger than the download limit when unpacked: {MAX_CONTENT} bytes") from None
        if unpacked.fault and status == 200:
            again = get_retry_request(request, spider=spider_of(self.crawler), reason=unpacked.fault)
            if again is not None:
                return again
            raise NotWhole(unpacked.fault)
        headers = response.headers.copy()
        del headers["Content-Encoding"]
        kind = responsetypes.from_args(headers=headers, url=response.url, body=unpacked.content)
        return response.replace(cls=kind, headers=headers, body=unpacked.content)


_NO_PAGE = {
    202: "the page is not ready, or a firewall asks for a browser first",
    204: "there is no page in the answer",
    205: "there is no page in the answer",
    206: "the server sent a part of the page only",
}
"""Status → what it means."""
