"""Names in credits: who they are, what each did and when, who stands beside it.  A name is a string, not a person."""

from collections.abc import Sequence
from functools import partial

from flask import Blueprint, g, request
from werkzeug.exceptions import NotFound

from archive.model.article import RoleGroup
from archive.room import queries
from archive.room.list_view import ListView, listed
from archive.search.fold import fold
from archive.search.language import parse_query, quoted

pages = Blueprint("names", __name__)


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
    connection = g.archive.connection
    work = queries.work_of(name).rows(g.archive)
    former = queries.formerly(name, role)
    formerly = former.count(connection)
    if not work and not formerly:
        raise NotFound
    asked = f'"{name}"' if _can_be_asked(name) else ""
    months = queries.months_of_name(name, role).rows(g.archive)
    return ListView(
        name,
        queries.articles_of_name(name, role),
        "name.html",
        {
            "name": name,
            "role": role,
            "work": work,
            "roles": list(dict.fromkeys(row["职责"] for row in work)),
            "years": sorted({row["年"] for row in work}),
            "months": _by_year(months),
            "beside": queries.beside(name, role).rows(g.archive, limit=_BESIDE),
            "looked_at": queries.BESIDE,
            "most_beside": _BESIDE,
            "ask": partial(_asked, name) if asked else None,
            "mention": asked,
            "formerly": formerly,
            "former": former.rows(g.archive, limit=_FORMER),
            "all_former": f"曾{role or '署名'}:{asked}" if asked and formerly > _FORMER else "",
        },
        whole=queries.all_of_name(name, role),
    )


def _asked(name: str, role: str = "", day: str = "", beside: str = "") -> str:
    """Return the query for the articles of a name: in a role, of a year or month, beside another name; "" for none."""
    if '"' in beside or role in _NO_FIELDS or (day and not day[:4].isdecimal()):
        return ""
    both = f" {quoted('姓名', beside)}" if beside else ""
    return f"{quoted(role or '姓名', name)}{both}{f' 日期:{day}' if day else ''}"


_NO_FIELDS = ("署名", "来源")
"""Roles whose names mean something else before a colon in a query."""
_BESIDE = 30
"""Names that are shown beside a name."""
_FORMER = 50
"""Articles that had a name once, on the page of the name."""


def _can_be_asked(name: str) -> bool:
    return '"' not in name and bool(fold(name)) and bool(parse_query(f'"{name}"').clauses)


def _by_year(months: Sequence[queries.Row]) -> list[tuple[str, list[tuple[str, int]]]]:
    """Return (year, twelve months with their counts), the newest year first."""
    counts = {row["月份"]: row["篇数"] for row in months}
    return [
        (year, [(month, counts.get(month, 0)) for month in (f"{year}-{n:02}" for n in range(1, 13))])
        for year in sorted({month[:4] for month in counts}, reverse=True)
    ]
