"""Ways to narrow a query down: days, and what its hits are made of, each a condition that a click adds or takes off."""

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive.model.article import Role
from archive.room.facet_index import MAKERS, REVIEWERS
from archive.search.errors import QueryError
from archive.search.fold import fold
from archive.search.language import ASK_FORMER, Condition, Dates, Filter, parse_query, quoted, split_query
from archive.search.query import Facets

_CHOICES = 12
"""Values that are shown of a property."""
_OR = ("OR", "ＯＲ")
_DAYS = re.compile(r"日期:(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a property."""

    text: str
    number: int
    """Hits that have it."""
    query: str | None
    """The query with it, or without it where it is chosen; None where no query can ask for it."""
    chosen: bool


def choices(text: str, found: Facets) -> list[tuple[str, list[Choice]]]:
    """Return the properties of the hits of a query: (name, values, the chosen ones first).

    ``found``: with all their values.
    """
    without_it = _by_condition(text)

    def choice(field: str, value: str, number: int, shown: str = "") -> Choice:
        chosen = without_it.get(Filter(field, fold(value)))
        more = None if '"' in value else f"{text} {quoted(field, value)}"
        return Choice(shown or value, number, more if chosen is None else chosen, chosen is not None)

    def of_role(role: Role) -> list[Choice]:
        return [choice(role, name, n) for other, name, n in found.credits if other == role]

    made = [choice(role, name, n, f"{name}（{role}）") for role, name, n in found.credits if role in MAKERS]
    values = [
        ("栏目", [choice("栏目", value, n) for value, n in found.sections]),
        ("来源", [choice("来源", value, n) for value, n in found.sources]),
        ("采写", made),
        *((role, of_role(role)) for role in REVIEWERS),
        ("状态", [choice("状态", value, n) for value, n in found.states]),
        ("图片", [choice("图片", value, n) for value, n in found.pictures]),
    ]
    return [(name, sorted(some, key=lambda one: not one.chosen)[:_CHOICES]) for name, some in values if some]


def years(text: str, found: Facets) -> list[Choice]:
    """Return the years of the hits of a query."""
    without_it = _by_condition(text)
    every = []
    for year, number in found.years:
        chosen = without_it.get(Dates(f"{year}-01-01", f"{year}-12-31"))
        query = f"{text} 日期:{year}" if chosen is None else chosen
        every.append(Choice(year, number, query, chosen is not None))
    return every


def without(text: str) -> list[tuple[str, str]]:
    """Return (condition, the query without it) for every condition of a query of several.  Raises ``QueryError``."""
    shorter = _each_without(split_query(text))
    return [(token, rest) for token, rest in shorter if rest] if len(shorter) > 1 else []


def _each_without(tokens: Sequence[str]) -> list[tuple[str, str]]:
    joins = {number for number, token in enumerate(tokens) if token in _OR}
    shorter = []
    for number, token in enumerate(tokens):
        if number not in joins:
            gone = {
                number,
                *([number + 1] if number + 1 in joins else [number - 1] if number - 1 in joins else []),
            }
            rest = [other for place, other in enumerate(tokens) if place not in gone]
            asks = any(fold(other) != ASK_FORMER for other in rest)  # which asks nothing by itself
            shorter.append((token, " ".join(rest) if asks else ""))
    return shorter


def _by_condition(text: str) -> Mapping[Condition, str]:
    """Return each condition of a query with the query without it, however it was written."""
    shorter = _each_without(split_query(text))
    return {condition: rest for token, rest in shorter if (condition := _condition(token))}


def _condition(token: str) -> Condition | None:
    """Return what a condition as typed means; None for OR, and for what means nothing by itself."""
    try:
        return None if token in _OR else parse_query(token).clauses[0][0]
    except QueryError:
        return None


@dataclass(frozen=True, slots=True)
class DateFields:
    """A query as the form shows it."""

    box: str
    """The query, less the days that stand in the fields."""
    first: str = ""
    last: str = ""
    """First and last day, ``2024-01-16``; "" for an open end, or where the box says it all."""


def date_fields(text: str) -> DateFields:
    """Take the days out of a query that says them once and for all of it; of any other the box says all."""
    try:
        tokens = split_query(text)
    except QueryError:
        return DateFields(text)
    parsed = [_condition(token) or _days_as_typed(token) for token in tokens]
    dated = [number for number, condition in enumerate(parsed) if isinstance(condition, Dates)]
    if len(dated) != 1 or any(token in _OR for token in tokens[max(0, dated[0] - 1) : dated[0] + 2]):
        return DateFields(text)
    days = parsed[dated[0]]
    if not isinstance(days, Dates) or days.negated:
        return DateFields(text)
    return DateFields(" ".join(tokens[: dated[0]] + tokens[dated[0] + 1 :]), days.first, days.last)


def _days_as_typed(token: str) -> Dates | None:
    """Return days as ``with_dates`` writes them: also those of which the first comes after the last, to be mended."""
    found = _DAYS.fullmatch(token)
    return Dates(found[1], found[2]) if found else None


def with_dates(text: str, first: str, last: str) -> str:
    """Return a query with what stands in the two fields as a condition, a whole year or month by its name."""
    if not first and not last:
        return text
    days = f"{first}..{last}"
    for length, whole in ((4, f"{first[:4]}-01-01..{first[:4]}-12-31"), (7, _month(first[:7]))):
        if days == whole:
            days = first[:length]
    if first == last:
        days = first
    return f"{text} 日期:{days}".strip()


def _month(month: str) -> str:
    """Return the days of a month, ``2024-01``; "" where it is none."""
    try:
        return f"{month}-01..{month}-{monthrange(int(month[:4]), int(month[5:]))[1]}"
    except ValueError:
        return ""
