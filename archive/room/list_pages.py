"""The lists: names, sections, days, changes, what is gone, pictures, coverage, crawls; and what this is."""

import re
from calendar import monthrange
from datetime import date
from functools import partial

from flask import Blueprint, Response, g, render_template, request
from werkzeug.exceptions import NotFound

from archive.evidence.media import PICTURES
from archive.model.article import RoleGroup
from archive.room import queries
from archive.room.article_pages import replay_address
from archive.room.feed import xml_response
from archive.room.list_view import ListView, listed
from archive.search.fold import fold
from archive.search.language import parse_query

pages = Blueprint("lists", __name__)

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MONTH = re.compile(r"\d{4}-\d\d", re.ASCII)


@listed(pages, "/n")
def names() -> ListView:
    """List the names of one kind of work."""
    asked = request.args.get("group", RoleGroup.CREATE)
    if asked not in list(RoleGroup):
        raise NotFound
    group, part = RoleGroup(asked), request.args.get("find", "").strip()
    return ListView(
        f"人名 · {group}",
        queries.names(group, part),
        "names.html",
        {"group": group, "groups": list(RoleGroup), "part": part},
    )


@listed(pages, "/n/<path:name>")
def name(name: str) -> ListView:
    """List the articles in whose credits a name stands."""
    role = request.args.get("role", "")
    work = queries.work_of(name).rows(g.archive)
    former = queries.formerly(name, role)
    formerly = former.count(g.archive.connection)
    if not work and not formerly:
        raise NotFound
    asked = f'"{name}"' if _can_be_asked(name) else ""
    return ListView(
        name,
        queries.articles_of_name(name, role),
        "name.html",
        {
            "name": name,
            "role": role,
            "work": work,
            "mention": asked,
            "formerly": formerly,
            "former": former.rows(g.archive, limit=_FORMER),
            "all_former": f"曾{role or '署名'}:{asked}" if asked and formerly > _FORMER else "",
        },
        queries.all_of_name(name, role),
    )


_FORMER = 50
"""Articles that had a name once, on the page of the name."""


def _can_be_asked(name: str) -> bool:
    return '"' not in name and bool(fold(name)) and bool(parse_query(f'"{name}"').clauses)


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
        "articles.html",
        {"lists": queries.lists_of_section(section).rows(g.archive)},
    )


@listed(pages, "/day/<day>")
def day(day: str) -> ListView:
    """List the articles of a day."""
    if not _DAY.fullmatch(day) or not _is_day(day):
        raise NotFound
    before, after = queries.neighbours(g.archive.connection, day, day)
    return ListView(
        f"{day} 发布",
        queries.articles_of_day(day),
        "articles.html",
        {"around": ("day", before, after), "up": ("month", day[:7])},
    )


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


@listed(pages, "/month/<month>")
def month(month: str) -> ListView:
    """List the days of a month."""
    if not _MONTH.fullmatch(month) or not _is_day(f"{month}-01"):
        raise NotFound
    last = monthrange(int(month[:4]), int(month[5:]))[1]
    before, after = queries.neighbours(g.archive.connection, f"{month}-01", f"{month}-{last}")
    return ListView(
        f"{month} 发布",
        queries.days_of_month(month),
        "month.html",
        {"around": ("month", before and before[:7], after and after[:7])},
    )


@listed(pages, "/changes")
def changes() -> ListView:
    """List what was changed after publication."""
    real_only = request.args.get("only") == "real"
    return ListView(
        "变更",
        queries.changes(real_only=real_only, withheld=bool(g.archive.withheld)),
        "changes.html",
        {"real_only": real_only},
    )


@pages.get("/changes.atom")
def changes_atom() -> Response:
    """Return the latest changes as an Atom feed."""
    # text that another program wrote as no UTF-8 costs its letters, not the feed
    g.archive.connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    real_only = request.args.get("only") == "real"
    changed = queries.changes(real_only=real_only, withheld=bool(g.archive.withheld))
    rows = changed.rows(g.archive, limit=50)
    held = queries.held(g.archive)
    return xml_response("changes.atom", "application/atom+xml", rows=rows, held=held)


@listed(pages, "/gone")
def gone() -> ListView:
    """List what the site no longer shows."""
    return ListView(
        "已消失", queries.GONE, "gone.html", {"returned": queries.RETURNED.rows(g.archive, limit=100)}
    )


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
            "months": _by_year(queries.months(g.archive.connection)),
            "missing": queries.MISSING.count(g.archive.connection),
        },
    )


def _by_year(months: list[tuple[str, int]]) -> list[tuple[str, list[tuple[str, int | None]]]]:
    """Return (year, twelve months with their counts); None before the first and after the last month."""
    counts = dict(months)
    return [
        (year, [(f"{year}-{month:02}", counts.get(f"{year}-{month:02}")) for month in range(1, 13)])
        for year in sorted({month[:4] for month in counts}, reverse=True)
    ]


@listed(pages, "/missing")
def missing() -> ListView:
    """List what the site's lists show and the archive does not hold."""
    return ListView("未存", queries.MISSING, "missing.html")


@listed(pages, "/crawls")
def crawls() -> ListView:
    """List the crawls, for the operator."""
    labels = queries.LABELS.rows(g.archive)
    unread = queries.UNREAD_PAGES.rows(g.archive)
    for row in unread:
        held = row.pop("采集网址")
        row["采集"] = replay_address(row.pop("采集时间"), held) if held else ""
    return ListView("采集记录", queries.CRAWLS, "crawls.html", {"labels": labels, "unread": unread})


@pages.get("/about")
def about() -> str:
    """Say what this is, what it holds, and how to search and cite it."""
    return render_template("about.html", held=queries.held(g.archive))


@pages.get("/robots.txt")
def robots() -> Response:
    """Keep search engines out: this is a reading room."""
    return Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")
