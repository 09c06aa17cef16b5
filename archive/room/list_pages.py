"""The lists: sections, changes, what is gone, pictures, coverage, crawls; and what this is."""

from datetime import UTC, datetime
from functools import partial

from flask import Blueprint, Response, g, render_template, request
from werkzeug.exceptions import NotFound

from archive.care.status import read_status
from archive.evidence.media import PICTURES
from archive.room import days, queries
from archive.room.article_pages import replay_address
from archive.room.feed import urn, xml_response
from archive.room.list_view import ListView, listed
from archive.room.samples import samples
from archive.room.verdict import trouble_in_chinese

pages = Blueprint("lists", __name__)


@listed(pages, "/section")
def sections() -> ListView:
    """List the sections."""
    return ListView("栏目", queries.SECTIONS, "sections.html")


@listed(pages, "/section/<path:section>")
def section(section: str) -> ListView:
    """List the articles of a section."""
    if not queries.has_section(g.archive.connection, section):
        raise NotFound
    return ListView(
        f"栏目 · {section}",
        queries.articles_of_section(section),
        "section.html",
        {
            "section": section,
            "lists": queries.lists_of_section(section).rows(g.archive),
            "years": queries.years_of_section(section).rows(g.archive),
        },
    )


@listed(pages, "/changes")
def changes() -> ListView:
    """List what was changed after publication."""
    real_only = request.args.get("only") == "real"
    return ListView(
        "变更",
        queries.changes(g.archive.connection, real_only=real_only, withheld=bool(g.archive.withheld)),
        "changes.html",
        {"real_only": real_only},
    )


@pages.get("/changes.atom")
def changes_atom() -> Response:
    """Return the latest changes as an Atom feed."""
    # text that another program wrote as no UTF-8 costs its letters, not the feed
    g.archive.connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    real_only = request.args.get("only") == "real"
    changed = queries.changes(g.archive.connection, real_only=real_only, withheld=bool(g.archive.withheld))
    rows = changed.rows(g.archive, limit=50)
    return xml_response(
        "changes.atom",
        "application/atom+xml",
        id=urn(f"changes:{'real:' if real_only else ''}{','.join(queries.sites(g.archive))}"),
        real_only=real_only,
        entries=[(row, _id_of_change(row)) for row in rows],
        held=queries.held(g.archive),
    )


def _id_of_change(row: queries.Row) -> str:
    """Return the id of an entry: of what was changed, wherever the room is opened."""
    site, key = queries.identity(g.archive.connection, row["编号"])
    return urn(f"change:{site}:{key}:{row['新版本']}")


@listed(pages, "/gone")
def gone() -> ListView:
    """List what the site no longer shows."""
    returned = queries.RETURNED.rows(g.archive, limit=_RETURNED)
    more = len(returned) == _RETURNED
    return ListView("已消失", queries.GONE, "gone.html", {"returned": returned, "more": more})


_RETURNED = 30
"""Articles that came back, on the page of those that did not."""


@listed(pages, "/photos")
def photos() -> ListView:
    """List pictures that stand in several articles."""
    return ListView("图片复用", queries.reused(g.archive.connection), "photos.html")


@listed(pages, "/photos/all")
def all_photos() -> ListView:
    """List all pictures with their use."""
    return ListView("全部图片", queries.PICTURES, "all_photos.html", {"shown": PICTURES})


@listed(pages, "/photos/<sha256>")
def photo(sha256: str) -> ListView:
    """List where one picture is used."""
    found = queries.picture(g.archive, sha256)
    if found is None:
        raise NotFound
    return ListView(
        "一张图片的用处",
        queries.uses_of_picture(sha256),
        "photo.html",
        {"sha256": sha256, "mime": found[0], "shown": PICTURES},
    )


@listed(pages, "/coverage")
def coverage() -> ListView:
    """List how many articles each month and section has, and what is missing."""
    return ListView(
        "覆盖",
        queries.coverage(withheld=bool(g.archive.withheld)),
        "coverage.html",
        {
            "calendar": days.by_year(days.months(g.archive.connection)),
            "undated": days.undated(g.archive.connection),
            "missing": queries.MISSING.count(g.archive.connection),
        },
    )


@listed(pages, "/missing")
def missing() -> ListView:
    """List what the site's lists show and the archive does not hold."""
    return ListView("未存", queries.MISSING, "missing.html")


@listed(pages, "/crawls")
def crawls() -> ListView:
    """List the crawls, for the operator."""
    g.pop(
        "state"
    )  # the verdict hangs on the clock and on files beside the archive too: this page is not remembered
    found = read_status(g.archive, now=datetime.now(UTC))
    unread = queries.UNREAD_PAGES.rows(g.archive, limit=_LISTED)
    for row in unread:
        held = row.pop("采集网址")
        row["采集"] = replay_address(row.pop("采集时间"), held) if held else ""
    return ListView(
        "采集记录",
        queries.CRAWLS,
        "crawls.html",
        {
            "troubles": [
                (trouble_in_chinese(said, found.sites), found.since.get(said)) for said in found.troubles
            ],
            "last": queries.last_crawl(g.archive),
            "shown": _SHOWN,
            "labels": queries.LABELS.rows(g.archive, limit=_LISTED),
            "unread": unread,
            "all_unread": queries.UNREAD_PAGES.count(g.archive.connection),
        },
    )


_LISTED = 50
"""Pages that could not be read, and labels that are not known, that the page of the crawls lists."""
_SHOWN = 2
"""Reasons of a crawl that are shown at once."""


@pages.get("/about")
def about() -> str:
    """Say what this is, what it holds, and how to search and cite it."""
    held = queries.held(g.archive)
    return render_template(
        "about.html", held=held, counts=queries.counts(g.archive), samples=samples(g.archive, held)
    )


@pages.get("/robots.txt")
def robots() -> Response:
    """Keep search engines out: this is a reading room."""
    return Response(
        f"User-agent: *\nDisallow: /\nSitemap: {request.root_url}sitemap.xml\n", mimetype="text/plain"
    )
