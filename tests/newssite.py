"""A real news site on the loopback address, for tests: what it answers is data, what it was asked is kept."""

import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from tests.patience import PATIENCE
from tests.samples import Sample
from tests.templates import Entry, ListTemplate, Template
from zhijiang_spider.demo.pictures import picture

ROBOTS = b"User-agent: *\nDisallow:\n"


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it."""

    path: str
    """With its query."""
    headers: Mapping[str, str]
    """Names in lower case."""
    at: float
    """Monotonic seconds."""
    body: bytes = b""
    secure: bool = False
    """By https."""


@dataclass(frozen=True)
class Reply:
    """What the server answers."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})
    delay: float = 0.0
    """Seconds before the answer."""


Answer = Reply | Callable[[Asked], Reply]


class NewsSite:
    """The server.  ``pages`` may be changed while it runs: that is how a site publishes, edits and removes.

    Use it as a context manager.  A path that is not in ``pages`` is answered with ``otherwise``, 404.
    """

    def __init__(self) -> None:
        self.pages: dict[str, Answer] = {"/robots.txt": Reply(ROBOTS, headers={"Content-Type": "text/plain"})}
        self.otherwise: Answer = Reply(b"<title>404</title>", 404)
        self.asked: list[Asked] = []
        self._lock = Lock()
        self._most: int | None = None
        self._resumed = Event()
        self._server = _Server(self)

    @property
    def host(self) -> str:
        """Return ``127.0.0.1:54321``."""
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def base_url(self) -> str:
        """Return ``http://127.0.0.1:54321``."""
        return f"http://{self.host}"

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _start(self) -> None:
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def _stop(self) -> None:
        self._server.shutdown()
        self._thread.join(PATIENCE)
        self._server.server_close()

    def wrap(self, context: ssl.SSLContext) -> None:
        """Speak https from now on."""
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def move_to_https(self, context: ssl.SSLContext) -> None:
        """Speak https at the same port from now on, and send on to it who asks by http."""
        self._server.context = context

    def refuse(self) -> None:
        """Refuse connections until ``accept()``: nobody listens, and nobody else gets the port."""
        self._stop()
        self._server.socket = _bound(self._server.server_port)

    def accept(self) -> None:
        """Listen again."""
        self._server.socket.listen()
        self._start()

    def put(
        self, path: str, body: bytes | str, *, status: int = 200, delay: float = 0.0, **headers: str
    ) -> None:
        """Set what a path answers.  Header names are written with underscores: ``Content_Type=…``."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        kind = {"Content-Type": "text/html; charset=utf-8"}
        data = body.encode() if isinstance(body, str) else body
        self.pages[path] = Reply(data, status, kind | named, delay)

    def mean_gap(self) -> float:
        """Seconds between two requests, on the average.

        Of one gap alone nothing can be said: a busy machine notes one request late and the next one in time.
        """
        times = [asked.at for asked in self.asked]
        return (times[-1] - times[0]) / (len(times) - 1)

    def paths(self) -> list[str]:
        """Return the paths asked for so far, in order."""
        with self._lock:
            return [asked.path for asked in self.asked]

    def forget(self) -> None:
        """Forget what was asked so far."""
        with self._lock:
            self.asked.clear()

    def hold(self, count: int) -> None:
        """Answer so many requests and let the next ones wait until ``resume()``: a crawl gets just so far."""
        self._most = count
        self._resumed.clear()

    def resume(self) -> None:
        """Answer what waits, and all that comes."""
        self._most = None
        self._resumed.set()

    def answer(self, asked: Asked) -> Reply:
        """Note a request and return what to answer."""
        with self._lock:
            self.asked.append(asked)
            waits = self._most is not None and len(self.asked) > self._most
        if waits:
            self._resumed.wait(PATIENCE)
        if self._server.context and not asked.secure:
            return Reply(status=301, headers={"Location": f"https://{self.host}{asked.path}"})
        answer = self.pages.get(asked.path, self.otherwise)
        return answer(asked) if callable(answer) else answer


@dataclass(frozen=True)
class Section:
    """A section of a little site and the articles it lists: (number, sample), newest first."""

    slug: str
    name: str
    articles: Sequence[tuple[int, Sample]]


def build_site(
    server: NewsSite,
    sections: Sequence[Section],
    template: Template,
    listing: ListTemplate,
    *,
    per_page: int = 3,
) -> dict[str, Any]:
    """Put a whole site on the server: home page → sections → articles.  Returns data for ``parse_site``.

    Building again over a running site publishes, edits or reorders; ``server.pages.pop`` removes.
    """
    for section in sections:
        _put_section(server, section, template, listing, per_page)
        for number, sample in section.articles:
            server.put(
                template.path.format(id=number),
                template.render(sample, server.base_url),
                Content_Type=template.content_type,
            )
            for printed in sample.pictures:
                address = urlsplit(urljoin(server.base_url, printed.path))
                if address.netloc == server.host:
                    server.put(address.path, picture(address.path), Content_Type="image/png")
    links = "".join(
        f'<li><a href="{listing.path(section.slug, 1, 1)}">{section.name}</a></li>' for section in sections
    )
    server.put("/", f'<!DOCTYPE html><meta charset="utf-8"><title>云汀网</title><ul>{links}</ul>')
    return {
        "name": "yunting",
        "title": "云汀网",
        "hosts": [server.host],
        "start_urls": [f"{server.base_url}/"],
        "article_url": template.article_url,
        "section_url": listing.section_url,
        "politeness": {"delay": 0},
    }


def _put_section(
    server: NewsSite, section: Section, template: Template, listing: ListTemplate, per_page: int
) -> None:
    entries = [
        Entry(template.path.format(id=number), sample.title, sample.date)
        for number, sample in section.articles
    ]
    parts = [entries[start : start + per_page] for start in range(0, len(entries), per_page)] or [[]]
    for number, part in enumerate(parts, 1):
        page = listing.render(section.name, section.slug, part, number, len(parts))
        server.put(listing.path(section.slug, number, len(parts)), page)


def _bound(port: int) -> socket.socket:
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", port))
    return held


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    context: ssl.SSLContext | None = None
    """How https is spoken; None: it is not."""

    def __init__(self, site: NewsSite) -> None:
        self.site = site
        super().__init__(("127.0.0.1", 0), _Handler)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Answer one request, by https where it begins as that does."""
        if self.context and request.recv(1, socket.MSG_PEEK) == b"\x16":
            with self.context.wrap_socket(request, server_side=True) as secured:
                super().finish_request(secured, client_address)
        else:
            super().finish_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing about a client that went away."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = PATIENCE

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        secure = isinstance(self.connection, ssl.SSLSocket)
        reply = self.server.site.answer(Asked(self.path, headers, time.monotonic(), body, secure))
        if reply.delay:
            time.sleep(reply.delay)
        self.send_response(reply.status)
        for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    do_HEAD = do_POST = do_GET  # noqa: N815

    def log_message(self, *_args: Any) -> None:
        """Print nothing."""
