"""One list, three forms: a page to read, JSON for programs, CSV for a spreadsheet."""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, g, redirect, render_template, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as WerkzeugResponse

from archive.characters import BYTE_ORDER_MARK
from archive.model.reasons import in_chinese
from archive.rendering.cells import guarded
from archive.room.queries import Table
from archive.times import BEIJING, local_time

PAGE = 50
"""Rows on a page to read."""
TIMES = frozenset(
    ("开始", "结束", "首见", "发现时间", "首次未见", "消失时间", "恢复时间", "末次见到", "末次时间")
)
"""Columns of the lists that hold UTC times, which readers see by their own clock, under a heading that says so."""
_AT_ONCE = 200
"""Rows that are sent together, of a list as JSON or CSV."""


@dataclass(frozen=True, slots=True)
class ListView:
    """What a list shows."""

    title: str
    table: Table
    template: str = "list.html"
    context: dict[str, Any] = field(default_factory=dict)
    """What else the template needs."""
    at_once: int = PAGE
    """Rows on a page to read."""
    whole: Table | None = None
    """What JSON and CSV give where that is more than the list."""
    status: int = 200
    """Of the page: 400 where something in its address could not be used and is told on it."""


def listed(pages: Blueprint, rule: str) -> Callable[[Callable[..., ListView]], Callable[..., ListView]]:
    """Serve a list at ``rule``, and all its rows at ``rule.json`` and ``rule.csv``."""

    def register(view: Callable[..., ListView]) -> Callable[..., ListView]:
        name = view.__name__
        pages.add_url_rule(rule, name, lambda **values: _page(view(**values)))
        pages.add_url_rule(f"{rule}.json", f"{name}_json", lambda **values: _json(view(**values)))
        pages.add_url_rule(f"{rule}.csv", f"{name}_csv", lambda **values: _csv(view(**values)))
        return view

    return register


def page_number() -> int:
    """Return the page asked for, from 1.  Raises ``BadRequest``."""
    text = request.args.get("page") or "1"  # OpenSearch leaves out what a program does not know
    if not re.fullmatch("[1-9][0-9]{0,5}", text):
        raise BadRequest("page 应是从 1 开始的页码")
    return int(text)


def last_page(pages: int) -> WerkzeugResponse:
    """Lead somebody who asked for a page behind the last one to that."""
    return redirect(with_args(page=pages if pages > 1 else None))


def with_args(**changes: Any) -> str:
    """Return this page's address with other parameters; None takes one away."""
    values = request.args.to_dict() | changes
    query = "&".join(f"{quote(k)}={quote(str(v))}" for k, v in values.items() if v not in (None, ""))
    return f"{quote(request.path)}{'?' if query else ''}{query}"


def _page(listing: ListView) -> tuple[str, int] | WerkzeugResponse:
    number = page_number()
    total = listing.table.count(g.archive.connection)
    at_once = listing.at_once
    pages = max(1, -(-total // at_once))
    if number > pages:
        return last_page(pages)
    rows = listing.table.rows(g.archive, limit=at_once, offset=(number - 1) * at_once)
    shown = render_template(
        listing.template,
        title=listing.title,
        rows=rows,
        total=total,
        number=number,
        first=(number - 1) * at_once + 1,
        pages=pages,
        with_args=with_args,
        data_query=request.query_string.decode("ascii", "ignore"),
        **listing.context,
    )
    return shown, listing.status


def _json(listing: ListView) -> Response:
    cursor = (listing.whole or listing.table).cursor(g.archive.connection)
    names = [column[0] for column in cursor.description]
    title = json.dumps(listing.title, ensure_ascii=False)
    number = names.index("编号") if "编号" in names else None
    withheld = g.archive.withheld

    def lines() -> Iterator[str]:
        restricted = 0
        yield f'{{"title": {title}, "rows": ['
        comma = "\n"
        for some in iter(lambda: cursor.fetchmany(_AT_ONCE), []):
            rows = (json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) for row in some)
            yield comma + ",\n".join(rows)
            comma = ",\n"
            restricted += sum(row[number] in withheld for row in some) if number is not None else 0
        yield f'\n], "restricted": {restricted}}}\n' if withheld and number is not None else "\n]}\n"

    return streamed(lines(), "application/json")


def _csv(listing: ListView) -> Response:
    cursor = (listing.whole or listing.table).cursor(g.archive.connection)
    headings = [column[0] for column in cursor.description]
    rows = ([as_shown(name, value) for name, value in zip(headings, row, strict=True)] for row in cursor)
    return csv_response([heading(name) for name in headings], rows, request.path.rsplit("/", 1)[-1])


def heading(name: str) -> str:
    """Return the heading of a column of a list: one of times says whose clock it is."""
    return f"{name}{BEIJING}" if name in TIMES else name


def as_shown(name: str, value: Any) -> Any:
    """Return a value of a list as its page shows it: times by the reader's clock, reasons in Chinese."""
    if not isinstance(value, str) or not value:
        return value
    if name in TIMES:
        return local_time(value)
    return in_chinese(value) if name == "原因" else value


def csv_response(headings: Sequence[str], rows: Iterable[Sequence[Any]], name: str) -> Response:
    """Return rows as a CSV file for a spreadsheet: UTF-8 with BOM, no cell a formula."""
    return streamed(_csv_lines(headings, rows), "text/csv", name)


def streamed(lines: Iterator[str], mimetype: str, name: str = "") -> Response:
    """Return an answer whose rows are read while they are sent: the archive stays open until the last one.

    ``name``: of the file it is kept as, "" where it is shown.
    """
    archive = g.pop("archive")
    response = Response(lines, mimetype=mimetype)
    if name:
        response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.call_on_close(archive.close)  # also where nothing was sent, as to HEAD
    return response


def _csv_lines(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    buffer = StringIO()
    writer = csv.writer(buffer)
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow(headings)
    for number, row in enumerate(rows):
        writer.writerow([guarded(value) for value in row])
        if number % _AT_ONCE == _AT_ONCE - 1:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()
