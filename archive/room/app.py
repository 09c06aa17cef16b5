"""The application: what every page needs, and nothing of any one page."""

import sqlite3
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, jsonify, render_template, request
from markupsafe import Markup
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    NotFound,
    ServiceUnavailable,
)
from werkzeug.routing import IntegerConverter, Map

from archive.model.reasons import pieces
from archive.room.copying import COPY_SCRIPT, POLICY
from archive.room.days import in_words, weekday
from archive.room.facet_index import ArchiveState, FacetIndexKeeper
from archive.room.list_view import TIMES, heading
from archive.room.lost import ways_on
from archive.room.offered import add_pages, failed_pages
from archive.room.queries import http_only
from archive.room.ways import Step, section_search, trail_to
from archive.room.words import WORDS, words_in
from archive.search.errors import QueryError, SlowQueryError
from archive.store.access import withhold_restricted
from archive.store.archive import Archive
from archive.store.errors import ArchiveBusy, ArchiveError
from archive.store.read import archive_title
from archive.times import local_time, readers_today

SECURITY: dict[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Headers of every answer: no script (but see ``copying``), nothing from elsewhere, no frame around it."""
LOCAL = ("localhost", "127.0.0.1", "::1")
_TIMEOUT = 2.0
"""Seconds a reader waits for an archive that another program has locked."""


class _Number(IntegerConverter):
    """A number in an address; what SQLite cannot hold is no number of anything."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=2**63 - 1)


@dataclass(frozen=True, slots=True)
class RoomSettings:
    """What the reading room is told when it is opened."""

    archive: Path
    replay_port: int = 0
    """Where archived pages are shown as they looked; 0 for nowhere."""
    hosts: tuple[str, ...] = ()
    """Host names it answers to, besides those of this machine."""
    max_staleness: float = 0.0
    """Seconds that a list may lag behind a change of the archive, and its facets six times that."""
    show_restricted: bool = False
    """Whether restricted articles are shown whole; else title and date are all that any page finds in ``g.archive``."""
    search_seconds: float = 5.0
    """How long the searches of one page may take, all together."""


def create_app(room: RoomSettings) -> Flask:
    """Return the reading room as a WSGI application.  It opens the archive for each request, read-only."""
    app = Flask("archive.room", static_folder="static", static_url_path="/static")
    app.config["ROOM"] = room
    app.extensions |= {"pages": {}, "facets": FacetIndexKeeper(room.max_staleness * 6)}
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.converters["int"] = _Number
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= {
        "when": _when,
        "local": local_time,
        "day": _day,
        "http": http_only,
        "reason": _reason,
        "heading": heading,
        "in_words": in_words,
        "weekday": weekday,
    }
    app.jinja_env.globals |= {"trail_to": trail_to, "section_search": section_search}
    app.jinja_env.globals |= {"words": WORDS, "words_in": words_in}
    app.jinja_env.globals["times"] = TIMES
    app.jinja_env.globals["copy_script"] = COPY_SCRIPT
    app.jinja_env.globals["software"] = f"zhijiang {version('zhijiang')}"
    app.jinja_env.globals["menu"] = add_pages(app)
    guard(app, SECURITY)
    return app


def _when(utc: str | None) -> Markup:
    """Return a moment for readers, marked as a time: no line breaks in it."""
    if not utc:
        return Markup("—")
    return Markup('<time datetime="{}">{}</time>').format(utc, local_time(utc))


def _reason(stored: str) -> Markup:
    """Return a reason in Chinese, what is an original in English marked as such."""
    return Markup().join(
        Markup('<span lang="en">{}</span>').format(text) if original else text
        for text, original in pieces(stored)
    )


def _day(day: str) -> Markup:
    """Return a day, ``2024-01-16``, or a month, marked as a time."""
    return Markup("<time>{}</time>").format(day)


def guard(app: Flask, headers: Mapping[str, str]) -> None:
    """Give an application what every one of ours has: host check, the archive, headers, errors in plain words."""
    headers = {**SECURITY, **headers}
    app.before_request(_refuse_strangers)
    app.before_request(_remembered)
    app.before_request(_open_archive)
    app.teardown_request(_close_archive)
    app.after_request(_answer_only_news)  # the last of them: Flask begins with what came last
    app.after_request(_remember)
    app.after_request(lambda response: _finish(response, headers))
    app.register_error_handler(HTTPException, _error)
    app.register_error_handler(QueryError, lambda error: _error(BadRequest(f"检索式读不懂：{error}")))
    app.register_error_handler(SlowQueryError, lambda error: _error(ServiceUnavailable(str(error))))
    app.register_error_handler(Exception, _broken)


def answers_to(host: str, names: Sequence[str]) -> bool:
    """Tell whether a request for this host is meant for us: a page elsewhere may point its own name at us.

    No name is behind an address typed as such, so no page elsewhere is either.
    """
    if host in (*LOCAL, *names):
        return True
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _refuse_strangers() -> None:
    g.begun = time.perf_counter()
    room: RoomSettings = current_app.config["ROOM"]
    g.room = room
    host = urlsplit(f"//{request.host}").hostname or ""
    named = f"[{host}]" if ":" in host else host
    g.origin = f"{request.scheme}://{named}"  # of both our ports
    g.local = host in LOCAL
    if not answers_to(host, room.hosts):
        raise BadRequest(f"阅览室不回答以“{host[:60]}”为名的请求；需要时用 --allow-host 加上")


@dataclass(frozen=True, slots=True)
class _Page:
    """A page that was made, for whoever asks for it next."""

    state: ArchiveState
    """Of the archive when it was made."""
    made: float
    body: bytes
    withheld: frozenset[int]
    """Articles of which it shows title and date only."""


_KEPT = 256
"""Pages that are remembered."""
_LARGEST = 200_000
"""Bytes of a page that is remembered."""


def _remembered() -> Response | None:
    if request.endpoint == "static":
        return None
    g.state = ArchiveState.of(g.room.archive)
    # the first page tells what earlier years had on this day
    g.asked = str(readers_today()), request.full_path
    if request.method != "GET":
        return None
    page: _Page | None = current_app.extensions["pages"].get(g.asked)
    now = time.monotonic()
    if page and (
        page.state == g.state
        or (
            page.state.file == g.state.file
            and now - page.made < g.room.max_staleness
            and _withholds_the_same(page)
        )
    ):
        g.from_memory = True
        return Response(page.body, mimetype="text/html")
    return None


def _withholds_the_same(page: _Page) -> bool:
    """Tell whether no article was restricted since a page was made: that is no change to be late with."""
    _open_archive()
    same: bool = g.archive.withheld == page.withheld
    return same


def _remember(response: Response) -> Response:
    """Keep a page that took time to make; articles are made fast."""
    if (
        response.status_code == 200
        and request.method == "GET"
        and response.mimetype == "text/html"
        and "state" in g
        and "from_memory" not in g
        and request.blueprint in ("search", "days", "names", "lists")
        and len(body := response.get_data()) <= _LARGEST
    ):
        pages = current_app.extensions["pages"]
        pages[g.asked] = _Page(g.state, time.monotonic(), body, g.archive.withheld)
        while len(pages) > _KEPT:
            pages.pop(next(iter(pages)), None)
    return response


def _open_archive() -> None:
    if request.endpoint == "static" or "archive" in g:
        g.setdefault("brand", "新闻档案")
        return
    g.brand = "新闻档案"
    try:
        g.archive = Archive.read(g.room.archive, timeout=_TIMEOUT)
        if not g.room.show_restricted:
            withhold_restricted(g.archive)
        g.brand = archive_title(g.archive)
    except ArchiveBusy as error:
        raise ServiceUnavailable("档案正在写入，请过一会儿再看。") from error
    except ArchiveError as error:
        current_app.logger.error("%s", error)  # names the file, which is not the reader's business
        raise ServiceUnavailable("档案打不开，请告诉管理员；原因在阅览室的运行记录里。") from error


def _close_archive(_error: BaseException | None) -> None:
    if archive := g.pop("archive", None):
        archive.close()


def _finish(response: Response, headers: Mapping[str, str]) -> Response:
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-cache"
    if begun := g.get("begun"):
        response.headers["Server-Timing"] = f"app;dur={(time.perf_counter() - begun) * 1000:.1f}"
    return response


def _answer_only_news(response: Response) -> Response:
    """Tell who has a page already that it is as it was (RFC 9110, ``If-None-Match``): by its text, not by a time."""
    if response.status_code == 200 and not response.is_streamed and response.mimetype in _TAGGED:
        response.add_etag()
        response.make_conditional(request)
    return response


_TAGGED = ("text/html", "application/json")

_REASONS: Mapping[int, str] = {
    400: "请求读不懂",
    404: "没有这一页",
    405: "阅览室只读",
    500: "出错了",
    503: "暂时不能阅览",
}


def said_by(error: HTTPException) -> str:
    """Return what a reader is told of an error besides its kind: our own words, not the library's English ones."""
    ours = error.code in (400, 503) and error.description != type(error).description
    return (error.description or "") if ours else ""


def _error(error: HTTPException) -> Response:
    code = error.code or 500
    heading = _REASONS.get(code, "不能显示")
    said = said_by(error)
    ways: Sequence[Step] = ()
    if code == NotFound.code and "archive" in g:
        with suppress(sqlite3.OperationalError):  # locked meanwhile
            ways = ways_on(g.archive, request.path)
    # what a program asks for as JSON is refused as JSON
    response = (
        jsonify({"error": "：".join(filter(None, (heading, said)))})
        if request.path.endswith(".json") or request.path == "/health"
        else Response(
            render_template("error.html", code=code, heading=heading, said=said, ways=ways),
            mimetype="text/html",
        )
    )
    response.status_code = code
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(error.valid_methods or ())
    if code == ServiceUnavailable.code:
        response.headers["Retry-After"] = "10"
    return response


def _broken(error: Exception) -> Any:
    if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
        return _error(ServiceUnavailable("档案正在写入，请过一会儿再看。"))
    if problem := failed_pages(current_app, request.blueprint, error):
        current_app.logger.error("%s: %s", request.path, problem)
    else:
        current_app.logger.exception("%s", request.path)
    return _error(InternalServerError())
