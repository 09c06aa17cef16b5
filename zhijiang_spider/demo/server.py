"""Serve the sample site on the loopback address, and give the profile to crawl it with."""

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from zhijiang_spider.demo.site import Page, render_site
from zhijiang_spider.sites.site import Site, parse_site

STOP_SECONDS = 5.0
"""How long stopping may wait for the server's thread."""


@contextmanager
def serve() -> Iterator[str]:
    """Serve the sample site while the block runs; yields its address, ``http://127.0.0.1:54321``."""
    server = _Server(render_site())
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(STOP_SECONDS)
        server.server_close()


def demo_site(base_url: str) -> Site:
    """Return the profile of the sample site served at this address."""
    text = (resources.files("zhijiang_spider.demo") / "site.toml").read_text(encoding="utf-8")
    place = {"hosts": [urlsplit(base_url).netloc], "start_urls": [f"{base_url}/"]}
    return parse_site(tomllib.loads(text) | place, "demo/site.toml")


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, pages: Mapping[str, Page]) -> None:
        self.pages = pages
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 10.0

    def do_GET(self) -> None:
        page = self.server.pages.get(self.path, _NOT_FOUND)
        self.send_response(page.status)
        self.send_header("Content-Type", page.content_type)
        self.send_header("Content-Length", str(len(page.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page.body)

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *_args: Any) -> None:
        """Print nothing: the terminal belongs to the crawl."""


_NOT_FOUND = Page(404, "text/html; charset=utf-8", "<!doctype html><title>404</title>没有这个网页".encode())
