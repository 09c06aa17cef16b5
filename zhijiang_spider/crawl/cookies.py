"""Cookies of the crawl's own hosts, for one crawl."""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.cookies import CookieJar
from scrapy.utils.httpobj import urlparse_cached

from zhijiang_spider.crawl.spider import spider_of
from zhijiang_spider.sites.site import Site

MOST = 180
"""Cookies that are kept at once, as in browsers: a site that sets new ones for ever begins again."""


class SiteCookies:
    """Send a cookie back to the host that set it, in this crawl only.

    Sites set one and redirect to the same address until it comes back; others keep the place in a list by it.  No
    other host gets it, whatever ``Domain`` it names, so no list of public suffixes is needed (Scrapy's own middleware
    would fetch one); hosts from which only pictures are fetched get none and set none.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self._jar = CookieJar()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware for one crawl."""
        return cls(spider_of(crawler).site)

    def process_request(self, request: Request) -> None:
        """Add the host's cookies."""
        request.headers.pop("Cookie", None)
        if self.site.allows(request.url):
            self._jar.add_cookie_header(request)

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep what the host sets."""
        if "Set-Cookie" not in response.headers or not self.site.allows(request.url):
            return response
        if len(self._jar) > MOST:
            self._jar.clear()
        host = (urlparse_cached(request).hostname or "").lower()
        for cookie in self._jar.make_cookies(response, request):
            if cookie.domain_specified:
                if not f".{host}".endswith("." + cookie.domain.lstrip(".").lower()):
                    continue
                cookie.domain = host if "." in host else f"{host}.local"  # as http.cookiejar calls it
                cookie.domain_specified = cookie.domain_initial_dot = False
            self._jar.set_cookie_if_ok(cookie, request)
        return response
