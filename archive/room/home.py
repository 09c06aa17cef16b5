"""The first page without a question: what the archive holds, and the ways into it."""

from typing import Any

from flask import g, render_template

from archive.model.article import RoleGroup
from archive.room import days, queries
from archive.room.facet_index import MAKERS
from archive.room.queries import Row
from archive.times import readers_today

_NEWEST = 8
"""Articles that were published last."""
_FEW = 5
"""Of what changed, what vanished and what was published on this day."""
_MOST = 10
"""Sections and names."""


def home_page(**context: Any) -> str:
    """Show what the archive holds.  ``context``: what the search form needs, and ``held``."""
    archive, connection = g.archive, g.archive.connection
    changes = queries.changes(archive.connection, real_only=False, withheld=bool(archive.withheld))
    sections = queries.sections_between("", "")
    return render_template(
        "home.html",
        years=years_with_gaps(),
        undated=days.undated(connection),
        newest=queries.NEWEST.rows(archive, limit=_NEWEST),
        on_this_day=_on_this_day(),
        changes=changes.rows(archive, limit=_FEW),
        changed=changes.count(connection),
        gone=queries.GONE.rows(archive, limit=_FEW),
        vanished=queries.GONE.count(connection),
        missing=queries.MISSING.count(connection),
        sections=sections.rows(archive, limit=_MOST),
        section_count=sections.count(connection),
        names=queries.latest_names(MAKERS).rows(archive, limit=_MOST),
        groups=list(RoleGroup),
        last_crawl=queries.last_finished(archive),
        **context,
    )


def years_with_gaps() -> list[days.YearRow]:
    """Return the years of the archive, the newest first, with what lies between them."""
    rows = days.YEARS.rows(g.archive)
    return days.by_year([(row["年"], row["篇数"]) for row in rows])


def _on_this_day() -> Row:
    """Return what was published on the day of the reader's calendar in earlier years, or where the nearest such days are."""
    connection, today = g.archive.connection, str(readers_today())
    month_day = today[5:]
    earlier = days.days_of_every_year(connection, month_day, before=today)
    total = queries.articles_on(earlier).count(connection)
    return {
        "day": month_day,
        "total": total,
        "rows": queries.some_of_each_day(g.archive, earlier, _FEW),
        "near": () if total else days.neighbours_on(connection, month_day, before=today[:4]),
    }
