"""Archived pages as they looked, out of the WARC files, at an address of their own.

What a page brought is untrusted: no script runs, no form is sent, nothing is fetched from elsewhere, and the reading
room has another origin.  ``/{14 digits}/{address}`` is the capture nearest to that time (UTC), ``/{14 digits}id_/…``
its bytes as they came.  Programs find captures by time as in RFC 7089 (Memento): ``/timegate/{address}`` and
``/timemap/{address}``.  Addresses stand percent-encoded.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from json import dumps
from mimetypes import guess_extension
from urllib.parse import quote, unquote, urljoin, urlsplit

from flask import Flask, Response, current_app, g, redirect, render_template, request
from w3lib.url import safe_url_string
from werkzeug.exceptions import BadRequest, HTTPException, NotFound
from werkzeug.wrappers import Response as AnyResponse

from archive.evidence.charset import decode_page
from archive.evidence.media import PICTURES
from archive.evidence.warc_reader import Record, WarcError
from archive.model.reasons import in_chinese
from archive.room.app import RoomSettings, guard, said_by
from archive.room.queries import Row, http_only
from archive.room.sanitize import sanitize
from archive.store.captures import read_capture
from archive.store.named_pages import NamedPages
from archive.times import local_time

_HEADERS = {
    "Content-Security-Policy": "sandbox allow-same-origin allow-downloads; default-src 'none'; img-src 'self' data:;"
    " style-src 'self' 'unsafe-inline'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "unsafe-none",  # of a page in a sandbox, browsers need not accept any other
}
"""``allow-same-origin``: without it a page would be a stranger to its own pictures; nothing in it can act."""
_PAGES = ("text/html", "application/xhtml+xml", "")
_HOPS = 10
"""Redirects that are followed inside the archive."""


def create_replay(room: RoomSettings, room_port: int) -> Flask:
    """Return the replay as a WSGI application; ``room_port`` leads back to the reading room."""
    app = Flask("archive.room", static_folder=None)
    app.url_map.merge_slashes = False
    app.extensions["pages"] = {}
    app.config |= {"ROOM": room, "ROOM_PORT": room_port}
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    guard(app, _HEADERS)
    app.register_error_handler(HTTPException, _told)
    app.add_url_rule("/", view_func=lambda: redirect(_room_url()), endpoint="home")
    app.add_url_rule("/timegate/<path:url>", view_func=_timegate, endpoint="timegate")
    app.add_url_rule("/timemap/<path:url>", view_func=_timemap, endpoint="timemap")
    app.add_url_rule("/<when>/<path:url>", view_func=_replay, endpoint="replay")
    return app


def _room_url() -> str:
    return f"{g.origin}:{current_app.config['ROOM_PORT']}/"


def _told(error: HTTPException) -> tuple[str, int]:
    heading = "请求读不懂" if error.code == 400 else "这里没有这一页"
    return _note(heading, said_by(error)), error.code or 500


def _note(heading: str, said: str = "", url: str = "") -> str:
    return render_template(
        "replay_note.html", heading=heading, said=said, url=url, link=http_only(url), room_url=_room_url()
    )


_NAMES_RESTRICTED = "这是网站的列表页，上面列有控制件；列表页除题名外可能印有提要、图片，所以整页不提供阅览。管理员可用 zhijiang serve --all 查看。"

# --- which capture -------------------------------------------------------------------------------------

_MEMENTOS = (
    "FROM capture WHERE url IN (:typed, :safe) AND method = 'GET' AND warc_id IS NOT NULL"
    " AND (status <> 304 OR revisit_of IS NOT NULL)"
)


def _replay(when: str, url: str) -> AnyResponse | str | tuple[str, int]:
    found = re.fullmatch(r"(\d{14})(id_)?", when, re.ASCII)
    if found is None:
        raise NotFound
    url = _asked(url)
    capture = _nearest(url, _moment(found[1]))
    if capture is None:
        return _unheld(url)
    if capture["redirect_to"] and 300 <= capture["status"] < 400:
        return _led_on(url, capture, found[2] or "")
    try:
        record = read_capture(g.archive, capture["capture_id"])
    except (WarcError, OSError) as error:
        current_app.logger.error("%s", error)
        return _note(
            "证据文件读不出来", "采集过这个网址，但存它的 WARC 文件缺失或损坏，请告诉管理员。", url
        ), 500
    if NamedPages(g.archive).names_restricted(capture["kind"], lambda: record):
        return _note("这一页不提供", _NAMES_RESTRICTED, url), 403
    response = _download(record) if found[2] else _shown(record, capture)
    if capture["status"] >= 400:
        response.status_code = capture["status"]
    return _dated(response, url, capture["captured_at"])


def _dated(response: AnyResponse, url: str, at: str) -> AnyResponse:
    """Mark an answer as what stood at an address at a time (RFC 7089)."""
    response.headers["Memento-Datetime"] = _http_date(at)
    response.headers["Link"] = ", ".join(_about(url))
    return response


def _asked(url: str) -> str:
    """Return the address asked for; one that was typed by hand has its query outside."""
    return f"{url}?{request.query_string.decode('ascii', 'replace')}" if request.query_string else url


def _moment(digits: str) -> datetime:
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise NotFound from error


def _nearest(url: str, moment: datetime) -> Row | None:
    """Return the capture nearest to a moment; of an answer "not modified", with the bytes it stands for."""
    rows = g.archive.rows(
        "SELECT CASE status WHEN 304 THEN revisit_of ELSE capture_id END AS capture_id, captured_at, kind, status, redirect_to"
        f" {_MEMENTOS} ORDER BY abs(julianday(captured_at) - julianday(:moment)), capture_id LIMIT 1",
        {**_spellings(url), "moment": f"{moment:%Y-%m-%dT%H:%M:%SZ}"},
    )
    return next(rows, None)


def _spellings(url: str) -> dict[str, str]:
    try:
        return {"typed": url, "safe": safe_url_string(url)}
    except ValueError:
        return {"typed": url, "safe": url}


def _led_on(asked: str, first: Row, form: str) -> AnyResponse | tuple[str, int]:
    """Follow a captured redirect to what it led to at that time, in the form asked for: "" or ``id_``."""
    url, capture = asked, first
    for _ in range(_HOPS):
        try:
            url = urljoin(url, capture["redirect_to"])
        except ValueError:
            break
        led_to = _nearest(url, datetime.fromisoformat(capture["captured_at"]))
        if led_to is None:
            return _unheld(url)
        if not (led_to["redirect_to"] and 300 <= led_to["status"] < 400):
            response = redirect(_address(led_to["captured_at"], url, form))
            return _dated(response, asked, first["captured_at"])
        capture = led_to
    return _note("转来转去，没有到头", "网站当时的回答只是转到别的网址，档案里没有它最后到了哪里。", url), 404


def _unheld(url: str) -> tuple[str, int]:
    row = g.archive.connection.execute(
        "SELECT captured_at, status, error FROM capture WHERE url IN (:typed, :safe) ORDER BY capture_id DESC LIMIT 1",
        _spellings(url),
    ).fetchone()
    if row is None:
        said = "从没有采集过。采集只保存栏目页、文章页和文章里的图片；别的页面、样式和脚本没有保存。"
    elif row[1] is None:
        said = f"{local_time(row[0])} 去取过，没有得到回答：{in_chinese(row[2])}"
    else:
        said = f"{local_time(row[0])} 采集过（HTTP {row[1]}），但当时没有留存网页原样。"
    if g.archive.withheld:
        said = "档案里没有，或者属于控制件：控制件的网页和图片不提供。"
    return _note("档案里没有这个网址", said, url), 404


# --- what is shown -------------------------------------------------------------------------------------


def _shown(record: Record, capture: Row) -> Response:
    mime = _mime(record)
    if mime in _PAGES or record.content[:200].lstrip()[:1] == b"<":
        return Response(_page(record, capture), mimetype="text/html")
    if mime == "text/css":
        return Response(decode_page(record.content, record.content_type), mimetype=mime)
    return Response(record.content, mimetype=mime) if mime in PICTURES else _download(record)


def _page(record: Record, capture: Row) -> str:
    at = capture["captured_at"]
    banner = render_template("banner.html", when=local_time(at), url=record.url, room_url=_room_url())
    text = decode_page(record.content, record.content_type)
    return sanitize(text, record.url, banner=banner, address=lambda url: _address(at, url), held=_held)


def _held(urls: Sequence[str]) -> Mapping[str, str]:
    rows = g.archive.connection.execute(
        "SELECT url, mime FROM capture WHERE url IN (SELECT value FROM json_each(?)) AND status = 200"
        " AND method = 'GET' AND warc_id IS NOT NULL",
        (dumps(urls),),
    )
    return {url: mime.lower() for url, mime in rows}


def _download(record: Record) -> Response:
    path = unquote(urlsplit(record.url).path)
    name = re.sub(r"[^\w.-]+", "_", path.rpartition("/")[2]) or "capture"
    if "." not in name:
        name += guess_extension(_mime(record)) or ""
    return Response(
        record.content,
        mimetype="application/octet-stream",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
    )


def _mime(record: Record) -> str:
    return record.content_type.partition(";")[0].strip().lower()


def _address(at: str, url: str, form: str = "") -> str:
    return f"/{re.sub('[^0-9]', '', at)}{form}/{quote(url, safe='')}"


# --- Memento -------------------------------------------------------------------------------------------


def _timegate(url: str) -> AnyResponse | tuple[str, int]:
    url = _asked(url)
    capture = _nearest(url, _wanted())
    if capture is None:
        return _unheld(url)
    response = redirect(_address(capture["captured_at"], url))
    response.headers["Vary"] = "accept-datetime"
    response.headers["Link"] = ", ".join(_about(url))
    return response


def _wanted() -> datetime:
    """Return the moment that a program asks for; as RFC 7089 has it, without one the newest.  Raises ``BadRequest``."""
    asked = request.headers.get("Accept-Datetime")
    if asked is None:
        return datetime.now(UTC)
    try:
        return parsedate_to_datetime(asked).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadRequest("Accept-Datetime 应写成 Sat, 30 Nov 2024 00:00:00 GMT") from error


def _timemap(url: str) -> Response | tuple[str, int]:
    url = _asked(url)
    rows = g.archive.connection.execute(
        f"SELECT DISTINCT captured_at {_MEMENTOS} ORDER BY 1", _spellings(url)
    )
    times = [at for (at,) in rows]
    if not times:
        return _unheld(url)
    span = f'; from="{_http_date(times[0])}"; until="{_http_date(times[-1])}"'
    links = [*_about(url, own=span), *(_memento(url, at) for at in times)]
    return Response(",\n".join(links) + "\n", mimetype="application/link-format")


def _about(url: str, own: str = "") -> Iterator[str]:
    """Yield the links of an answer about an address; ``own``: what the time map says of itself."""
    base, encoded = request.host_url, quote(url, safe="")
    if http_only(url):
        yield f'<{quote(url, safe=":/?&=%#~+,;@!$()*[]")}>; rel="original"'
    yield f'<{base}timegate/{encoded}>; rel="timegate"'
    rel = "self" if own else "timemap"
    yield f'<{base}timemap/{encoded}>; rel="{rel}"; type="application/link-format"{own}'


def _memento(url: str, at: str) -> str:
    address = request.host_url.rstrip("/") + _address(at, url)
    return f'<{address}>; rel="memento"; datetime="{_http_date(at)}"'


def _http_date(at: str) -> str:
    return format_datetime(datetime.fromisoformat(at).astimezone(UTC), usegmt=True)
