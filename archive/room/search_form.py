"""What the search form sends, and what it shows again: words, days from and to, scope, order."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from flask import g, request
from werkzeug.exceptions import BadRequest

from archive.room.narrowing import DateFields, date_fields, with_dates
from archive.search.deadline import time_limit
from archive.search.fold import fold
from archive.search.language import TEXT_FIELDS, Query, parse_query, within
from archive.search.query import Order
from archive.search.sections import refuse_unknown_sections

ORDERS = {"相关": Order.RELEVANCE, "新→旧": Order.NEWEST, "旧→新": Order.OLDEST}
_FIRST_ORDER = next(iter(ORDERS))
_DAY = re.compile(r"\d{4}(-\d{1,2}(-\d{1,2})?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class SearchForm:
    """What the form sent."""

    text: str
    """The whole query, the days as a condition in it."""
    scope: str
    order: str

    def query(self) -> Query:
        """Return the query.  Raises ``QueryError``, also for a section that the archive does not have."""
        query = parse_query(self.text)
        refuse_unknown_sections(g.archive.connection, self.text, query)
        return within(query, self.scope) if self.scope else query

    def address(self, door: str = "/", **more: object) -> str:
        """Return where this search is answered, its order aside.  ``door``: a path; ``more``: further parameters."""
        given = {"q": self.text, "scope": self.scope, **more}
        return f"{door}?{urlencode({name: value for name, value in given.items() if value}, quote_via=quote)}"

    @property
    def sort(self) -> str:
        """The order, where it is not the one that needs no saying; else ""."""
        return "" if self.order == _FIRST_ORDER else self.order

    @property
    def fields(self) -> DateFields:
        """What stands in the box and in the two fields beside it."""
        return date_fields(self.text)


def read_form() -> SearchForm:
    """Read the form.  Raises ``BadRequest``."""
    scope, order = request.args.get("scope", ""), request.args.get("sort", _FIRST_ORDER)
    if scope and scope not in TEXT_FIELDS:
        raise BadRequest(f"scope 可以是 {'、'.join(TEXT_FIELDS)}")
    if order not in ORDERS:
        raise BadRequest(f"sort 可以是 {'、'.join(ORDERS)}")
    text = with_dates(request.args.get("q", "").strip(), _day("from", "起始"), _day("to", "截止"))
    return SearchForm(text, scope, order)


def form_of(text: str) -> dict[str, Any]:
    """Return what ``_form.html`` needs to ask for more beside ``text``, a query."""
    return {"asked": SearchForm(text, "", "相关"), "orders": ORDERS, "scopes": TEXT_FIELDS}


@contextmanager
def in_time(query: Query) -> Iterator[None]:
    """Ask the archive as long as this page may.  Raises ``SlowQueryError``."""
    if "search_until" not in g:
        g.search_until = time.monotonic() + g.room.search_seconds
    with time_limit(g.archive.connection, query, g.room.search_seconds, until=g.search_until):
        yield


def _day(name: str, called: str) -> str:
    """Return a day of the form, or a month or year where a browser without date fields let one be typed; "" for none."""
    day = fold(request.args.get(name, "")).replace("/", "-")
    if day and not _DAY.fullmatch(day):
        raise BadRequest(f"{called}日期写成 2024-01-16")
    return day
