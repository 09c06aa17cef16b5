"""Where an answer sends the crawl on: redirects of HTTP as browsers follow them, and jumps of pages like them."""

import re
from typing import Any

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from zhijiang_spider.crawl.spider import ask
from zhijiang_spider.pages.links import resolve

_CONDITIONS = ("If-None-Match", "If-Modified-Since")


class Redirects(RedirectMiddleware):
    """Follow a redirect to where a browser goes, and say in words why one is not followed any more."""

    def _build_redirect_request(
        self, source_request: Request, response: Response, *, url: str, **kwargs: Any
    ) -> Request:
        target = _location(source_request, response) or url
        return super()._build_redirect_request(source_request, response, url=target, **kwargs)

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Follow a redirect.  Raises ``IgnoreRequest`` where it leads to no address."""
        try:
            return super().process_response(request, response)
        except ValueError as error:
            where = (response.headers.get("Location") or b"").decode("utf-8", "replace")
            raise IgnoreRequest(f"the site redirects to what is no address: {where}") from error

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        try:
            return super()._redirect(redirected, request, reason)
        except IgnoreRequest as error:
            raise IgnoreRequest(_without_end(request.url, redirected.url)) from error


def follow_jump(response: Response, target: str, most: int) -> Request:
    """Return the request of the page that a page sends its reader on to; it goes on as a redirect does.

    ``most``: redirects and jumps that one page may take.  Raises ``IgnoreRequest`` behind the last.
    """
    request = response.request
    assert request is not None
    times = request.meta.get("redirect_times", 0) + 1
    if times > most:
        raise IgnoreRequest(_without_end(request.url, target))
    sent_on = ask(target)
    jump = request.replace(
        url=sent_on.url,
        meta={
            **{name: value for name, value in request.meta.items() if name != "download_latency"},
            **sent_on.meta,
            "redirect_times": times,
            "redirect_ttl": most - times,
            "redirect_urls": [*request.meta.get("redirect_urls", ()), request.url],
        },
    )
    for name in _CONDITIONS:  # they were made for the other page
        jump.headers.pop(name, None)
    return jump


def _location(request: Request, response: Response) -> str | None:
    """Return where the header ``Location`` leads; its bytes are sent back as they came, whatever their encoding."""
    header = response.headers.get("Location") or b""
    return resolve(request.url, re.sub(rb"[\x80-\xff]", lambda byte: b"%%%02X" % byte[0][0], header).decode())


def _without_end(url: str, target: str) -> str:
    if url == target:
        return f"the site redirects to the same address for ever: {url}"
    return f"the site redirects again and again: {url} → {target}"
