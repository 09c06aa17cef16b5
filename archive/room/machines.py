"""What other programs ask a reading room: is it well, which articles are there, which have vanished."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from flask import Blueprint, Response, g, jsonify, request
from markupsafe import escape
from werkzeug.exceptions import BadRequest, NotFound

from archive.care.sites import CrawlRecord, SiteCrawls, read_sites
from archive.room import queries
from archive.room.feed import urn, xml_response
from archive.store.access import restricted_ids

pages = Blueprint("machines", __name__)

ADDRESSES = 50_000
"""Addresses of one sitemap at most, by its standard (sitemaps.org)."""
_FEED = 50
"""Entries of a feed."""


@pages.get("/health")
def health() -> Response:
    """Tell whether the archive can be read, and how old its last crawl is: status 200, else 503.

    ``max_age=26`` (hours): 503 also where a site (``late``) had no complete crawl within that time, as ``status`` reckons:
    of all its sections, and not still to come by the clock.  What cannot be read never comes here: the room answers
    503 itself.  Raises ``BadRequest``.
    """
    limit = _hours(request.args.get("max_age", ""))
    now = datetime.now(UTC)
    sites = read_sites(g.archive, now)
    complete = [(site.site, site.complete) for site in sites if site.complete]
    newest = max(complete, key=lambda one: one[1].number, default=None)
    age = newest[1].age(now) if newest else None
    late = [] if limit is None else [site.site for site in sites if not _is_within(limit, site, now)]
    is_late = bool(late) or (limit is not None and not sites)
    response = jsonify(
        {
            "status": "late" if is_late else "ok",
            "late": late,
            "archive": g.brand,
            "articles": queries.count_articles(g.archive.connection),
            "last_crawl": queries.last_ended(g.archive),
            "last_complete_crawl": newest and _crawl(*newest),
            "age_seconds": None if age is None else round(age.total_seconds()),
        }
    )
    response.status_code = 503 if is_late else 200
    response.headers["Cache-Control"] = "no-store"
    return response


def _is_within(limit: timedelta, site: SiteCrawls, now: datetime) -> bool:
    age = site.complete.age(now) if site.complete else None
    return age is not None and age <= limit


def _crawl(site: str, crawl: CrawlRecord) -> dict[str, Any]:
    return {"crawl_id": crawl.number, "site": site, "finished_at": crawl.at, "outcome": crawl.outcome}


def _hours(text: str) -> timedelta | None:
    if not text:
        return None
    number = text.removesuffix("h")
    if not number.isdecimal() or len(number) > 6:
        raise BadRequest("max_age 是小时数，例如 26")
    return timedelta(hours=int(number))


@pages.get("/sitemap.xml")
def sitemap() -> Response:
    """Return the addresses of the open articles; of more than ``ADDRESSES`` an index of lists."""
    connection = g.archive.connection
    if queries.count_articles(connection) <= ADDRESSES:
        return _listed(0, queries.last_number(connection))
    base = escape(request.root_url)
    parts = range(1, -(-queries.last_number(connection) // ADDRESSES) + 1)
    lines = (f"<sitemap><loc>{base}sitemap-{part}.xml</loc></sitemap>" for part in parts)
    return _sitemap("sitemapindex", lines)


@pages.get("/sitemap-<int:part>.xml")
def sitemap_part(part: int) -> Response:
    """Return one list of an index: what has the numbers up to ``part`` times ``ADDRESSES``, and is in none before."""
    if not 1 <= part <= -(-queries.last_number(g.archive.connection) // ADDRESSES):
        raise NotFound
    return _listed((part - 1) * ADDRESSES, part * ADDRESSES)


def _listed(behind: int, last: int) -> Response:
    restricted, base = restricted_ids(g.archive), escape(request.root_url)
    changed = queries.changed_on(g.archive.connection, behind, last)
    lines = (
        f"<url><loc>{base}a/{number}</loc>{_changed(changed.get(number))}</url>"
        for number in queries.numbers(g.archive.connection, behind, last)
        if number not in restricted
    )
    return _sitemap("urlset", lines)


def _changed(day: str | None) -> str:
    return f"<lastmod>{day}</lastmod>" if day else ""


def _sitemap(element: str, lines: Iterator[str]) -> Response:
    head = f'<?xml version="1.0" encoding="utf-8"?>\n<{element} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    response = Response("\n".join((head, *lines, f"</{element}>\n")), mimetype="application/xml")
    response.add_etag()
    response.make_conditional(request)
    return response


@pages.get("/gone.atom")
def gone_atom() -> Response:
    """Return as an Atom feed what the site shows no more: an entry each time that an article was not found."""
    # text that another program wrote as no UTF-8 costs its letters, not the feed
    g.archive.connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    rows = queries.GONE.rows(g.archive, limit=_FEED)
    entries = [(row, _told(row, queries.identity(g.archive.connection, row["编号"]))) for row in rows]
    return xml_response(
        "gone.atom",
        "application/atom+xml",
        id=urn(f"gone:{','.join(queries.sites(g.archive))}"),
        entries=entries,
        updated=max((told["updated"] for _, told in entries), default=queries.last_crawl(g.archive)),
    )


def _told(row: queries.Row, identity: tuple[str, str]) -> dict[str, Any]:
    """Return id and time of an entry: judged 已消失 later on, it is the same entry with news."""
    site, key = identity
    return {
        "id": urn(f"gone:{site}:{key}:{row['首次未见']}"),
        "updated": row["消失时间"] or row["首次未见"],
    }
