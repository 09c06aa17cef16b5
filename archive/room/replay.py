"""Archived pages as they looked, out of the WARC files, at an address of their own.

What a page brought is untrusted: no script runs, no form is sent, nothing is fetched from elsewhere, and the reading
room has another origin.  ``/{14 digits}/{address}`` is the capture nearest to that time (UTC); ``/{14 digits}id_/…``
its bytes as they came.  Addresses stand percent-encoded.
"""

import re
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote, urljoin

import lxml.html
from flask import Flask, Response, current_app, g, redirect, render_template, request
from lxml.etree import ParserError
from w3lib.encoding import html_to_unicode
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from archive.room.app import Room, guard
from archive.room.read import Row, http_only, local_time
from archive.warc import Record, WarcError

_CSP = (
    "sandbox; default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; font-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(id_)?")
_AS_IT_IS = frozenset(
    ("image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/avif", "text/css")
)
"""Types that are shown; anything else is offered as a download."""
_DROPPED = (
    "script",
    "base",
    "iframe",
    "frame",
    "frameset",
    "object",
    "embed",
    "applet",
    "template",
    "portal",
)
_LAZY = ("data-src", "data-original", "data-lazy-src", "data-url", "original", "_src")


def create_replay(room: Room, room_url: str) -> Flask:
    """Return the replay as a WSGI application; ``room_url`` leads back to the reading room."""
    app = Flask("archive.room", static_folder="static", static_url_path="/static")
    app.url_map.merge_slashes = False
    app.extensions["pages"] = {}
    app.config |= {"ROOM": room, "ROOM_URL": room_url}
    guard(app, {"Content-Security-Policy": _CSP})
    app.add_url_rule("/", view_func=lambda: redirect(room_url), endpoint="home")
    app.add_url_rule("/<when>/<path:url>", view_func=_replay, endpoint="replay")
    return app


def _replay(when: str, url: str) -> AnyResponse | str:
    found = _TIME.fullmatch(when)
    if found is None:
        raise NotFound
    if request.query_string:  # typed by hand, not encoded
        url += f"?{request.query_string.decode('ascii', 'replace')}"
    asked = "{}-{}-{}T{}:{}:{}Z".format(*found.groups()[:6])
    capture = _nearest(url, asked)
    if capture is None:
        return Response(
            render_template("unheld.html", url=url, link=http_only(url), room_url=_room_url()), 404
        )
    if capture["redirect_to"] and 300 <= capture["status"] < 400:
        return redirect(_address(capture["captured_at"], urljoin(url, capture["redirect_to"])))
    try:
        record = g.archive.read_capture(capture["capture_id"])
    except (WarcError, OSError):
        return Response(
            render_template("unheld.html", url=url, link=http_only(url), room_url=_room_url()), 404
        )
    response = _bytes(record) if found[7] else _shown(record, capture)
    moment = datetime.fromisoformat(capture["captured_at"]).astimezone(UTC)
    response.headers["Memento-Datetime"] = format_datetime(moment, usegmt=True)
    if link := http_only(url):
        response.headers["Link"] = f'<{quote(link, safe=":/?&=%#~+,;@!$()*[]")}>; rel="original"'
    return response


def _room_url() -> str:
    return str(current_app.config["ROOM_URL"])


def _nearest(url: str, asked: str) -> Row | None:
    rows = g.archive.db.query(
        "SELECT capture_id, captured_at, status, redirect_to FROM capture"
        " WHERE url = ? AND status IS NOT NULL AND warc_id IS NOT NULL"
        " ORDER BY abs(julianday(captured_at) - julianday(?)), capture_id LIMIT 1",
        (url, asked),
    )
    return next(rows, None)


def _address(at: str, url: str, *, fragment: str = "") -> str:
    return f"/{re.sub('[^0-9]', '', at)}/{quote(url, safe='')}{fragment}"


def _bytes(record: Record) -> Response:
    return Response(
        record.content,
        mimetype="application/octet-stream",
        headers={"Content-Disposition": "attachment; filename=capture.bin"},
    )


def _shown(record: Record, capture: Row) -> Response:
    mime = record.content_type.partition(";")[0].strip().lower()
    if mime in ("text/html", "application/xhtml+xml", "") or record.content[:200].lstrip()[:1] == b"<":
        return Response(_page(record, capture), capture["status"], mimetype="text/html")
    if mime in _AS_IT_IS:
        return Response(record.content, mimetype=mime)
    return _bytes(record)


def _page(record: Record, capture: Row) -> str:
    """Return a page without anything that acts, its links and pictures leading into the archive, marked as archived."""
    _, text = html_to_unicode(record.content_type, record.content)
    try:
        root = lxml.html.document_fromstring(text.replace("\0", "") or " ", ensure_head_body=True)
    except (ParserError, ValueError):
        root = lxml.html.document_fromstring("<p>", ensure_head_body=True)
    base = urljoin(record.url, next(iter(root.xpath("//base/@href")), ""))
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            if element.getparent() is not None:
                element.drop_tree()
        elif (
            element.tag in _DROPPED
            or element.tag == "meta"
            or (element.tag == "link" and not _is_style(element))
        ):
            element.drop_tree()
        else:
            _tame(element, base, capture["captured_at"])
    body = lxml.html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>")
    banner = render_template(
        "banner.html",
        when=local_time(capture["captured_at"]),
        url=record.url,
        link=http_only(record.url),
        room_url=_room_url(),
    )
    head, found, rest = body.partition("<body")
    opening, closed, content = rest.partition(">")
    return (
        f"{head.replace('<head>', '<head><meta charset=utf-8>', 1)}{found}{opening}{closed}{banner}{content}"
    )


def _is_style(element: Any) -> bool:
    return "stylesheet" in (element.get("rel") or "").lower()


def _tame(element: Any, base: str, at: str) -> None:
    if element.tag == "img":
        lazy = next((element.get(name) for name in _LAZY if element.get(name)), None)
        if lazy:
            element.set("src", lazy)
    for name in list(element.attrib):
        value = element.get(name)
        if name.lower().startswith("on") or name.lower() in (
            "srcset",
            "ping",
            "target",
            "action",
            "formaction",
            "background",
        ):
            del element.attrib[name]
        elif name.lower() in ("href", "src", "poster", "xlink:href", "data", "cite", "longdesc"):
            if value.strip().startswith("#") or value.lower().startswith("data:image/"):
                continue
            try:
                target, _, fragment = urljoin(base, value.strip()).partition("#")
            except ValueError:
                target = fragment = ""
            if http_only(target):
                element.set(name, _address(at, target, fragment=f"#{quote(fragment)}" if fragment else ""))
            else:
                del element.attrib[name]
