"""By date: years, months as calendars, days, and one day of all years."""

import re
from calendar import monthrange
from pathlib import PurePosixPath

from flask import Blueprint, g, redirect, request
from werkzeug.exceptions import NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as WerkzeugResponse

from archive.room import days, queries
from archive.room.list_view import ListView, listed
from archive.room.search_form import form_of
from archive.times import readers_today

pages = Blueprint("days", __name__)

_DATE = re.compile(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?", re.ASCII)
_MONTH_DAY = re.compile(r"(\d\d?)-(\d\d?)", re.ASCII)
_KINDS = ("year", "month", "day")
_SECTIONS = 12
"""Sections of a year that are shown."""
_ALL_TITLES = 100
"""Articles of a month whose titles are all shown; of more, the first few of each day."""
_TITLES = 3


@listed(pages, "/year")
def years() -> ListView:
    """List the years."""
    return ListView(
        "年份",
        days.YEARS,
        "years.html",
        {
            "calendar": days.by_year(days.months(g.archive.connection)),
            "undated": days.undated(g.archive.connection),
        },
    )


@listed(pages, "/year/<year>")
def year(year: str) -> ListView:
    """List the months of a year."""
    _led_to("year", year)
    first, last = f"{year}-01-01", f"{year}-12-31"
    before, after = days.neighbours(g.archive.connection, first, last)
    sections = queries.sections_between(first, last)
    table = days.months_of_year(year)
    counts = {row["月份"]: row["篇数"] for row in table.rows(g.archive)}
    return ListView(
        f"{year} 发布",
        table,
        "year.html",
        {
            "year": year,
            "months": [(month, counts.get(month, 0)) for month in days.months_in(year)],
            "around": ("year", before and before[:4], after and after[:4]),
            "sections": sections.rows(g.archive, limit=_SECTIONS),
            **form_of(f"日期:{year}"),
        },
    )


@listed(pages, "/month/<month>")
def month(month: str) -> ListView:
    """List the days of a month."""
    _led_to("month", month)
    last = monthrange(int(month[:4]), int(month[5:]))[1]
    before, after = days.neighbours(g.archive.connection, f"{month}-01", f"{month}-{last}")
    table = days.days_of_month(month)
    counts = {row["日期"]: row["篇数"] for row in table.rows(g.archive)}
    number = sum(counts.values())
    return ListView(
        f"{month} 发布",
        table,
        "month.html",
        {
            "month": month,
            "articles": number,
            "weeks": days.weeks(month, counts),
            "titles": days.titles_of_month(g.archive, month, number if number <= _ALL_TITLES else _TITLES),
            "around": ("month", before and before[:7], after and after[:7]),
        },
    )


@listed(pages, "/day/<day>")
def day(day: str) -> ListView:
    """List the articles of a day."""
    _led_to("day", day)
    before, after = days.neighbours(g.archive.connection, day, day)
    return ListView(
        f"{day} 发布",
        queries.articles_of_day(day),
        "day.html",
        {"day": day, "around": ("day", before, after)},
    )


@listed(pages, "/on/<month_day>")
def on_day(month_day: str) -> ListView:
    """List the articles of one day of all years."""
    found = _MONTH_DAY.fullmatch(month_day)
    whole = f"{int(found[1]):02}-{int(found[2]):02}" if found else ""
    if not days.is_day(f"2024-{whole}"):  # a leap year
        raise NotFound
    if whole != month_day:
        raise RequestRedirect(_address("on", whole))
    connection = g.archive.connection
    return ListView(
        f"历年 {whole} 发布",
        queries.articles_on(days.days_of_every_year(connection, whole)),
        "on_day.html",
        {"day": whole, "around": ("on", *days.neighbours_on(connection, whole))},
    )


@pages.get("/on")
def on_this_day() -> WerkzeugResponse:
    """Lead to the day of today's date."""
    return redirect(f"/on/{readers_today():%m-%d}")


@pages.get("/month", endpoint="all_months")
@pages.get("/day", endpoint="all_days")
def all_years() -> WerkzeugResponse:
    """Lead to the years whoever shortened an address."""
    return redirect("/year")


def _led_to(kind: str, date: str) -> None:
    """Let a date pass that belongs at this address; lead one of another length, or written shorter, to its own page.

    Raises ``NotFound`` for what is no date, ``RequestRedirect``.
    """
    found = _DATE.fullmatch(date)
    parts = [part.zfill(2) for part in found.groups() if part] if found else []
    whole = "-".join(parts)
    if not parts or not days.is_day(f"{whole}{'-01' * (3 - len(parts))}"):
        raise NotFound
    right = _KINDS[len(parts) - 1]
    if (right, whole) != (kind, date):
        raise RequestRedirect(_address(right, whole))


def _address(kind: str, date: str) -> str:
    """Return the address of a date in the form that was asked for: to read, JSON or CSV."""
    form = PurePosixPath(request.path).suffix
    return f"/{kind}/{date}{form if form in ('.json', '.csv') else ''}"
