"""Tables on their way through spreadsheet programs: a workbook to fill in, and what was saved, as rows of text."""

import csv
import warnings
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from archive.characters import BYTE_ORDER_MARK
from archive.evidence.encodings import GB18030, decode
from archive.rendering.cells import readable
from archive.rendering.remarks import Remark

_ROWS = 1_048_576
"""What a sheet holds, its heading included."""
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_DELIMITERS = ",;\t"
_DAMAGED = (csv.Error, BadZipFile, zlib.error, EOFError, KeyError, IndexError, ValueError, TypeError,
            AttributeError, SyntaxError, NotImplementedError)  # fmt: skip
"""What the library raises of a file that is no workbook, or a broken one."""


class NotASpreadsheet(ValueError):
    """A file that cannot be read as a table: says why and what to do."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Cells that are shown as one; rows and columns from 1."""

    row: int
    column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as it was saved."""

    name: str
    """"" of a CSV file."""
    rows: Iterator[tuple[int, list[str]]]
    """(row number as the program shows it, texts of its cells); a cell of a merge down has the text of its first."""
    merged: Sequence[Merge] = ()
    unworked: Sequence[str] = ()
    """Cells, such as ``B4``, with a formula that no program has worked out; their texts are empty."""


def read_sheets(path: Path) -> Iterator[Sheet]:
    """Yield the sheets of a workbook (``.xlsx``), or the one that a CSV file is; read each before the next.

    CSV as programs save it: UTF-8, UTF-16 or GB18030; comma, semicolon or tab.  Numbers come without ``.0``, days as
    ``2024-01-16``, formulas as what was last worked out.  Raises ``OSError`` and ``NotASpreadsheet``.
    """
    data = path.read_bytes()
    if data.startswith(_OLE):
        raise NotASpreadsheet(f"{path}: is an old workbook, or has a password; save it as .xlsx without one")
    sheets = _workbook(data) if data.startswith(_ZIP) else iter([_comma_separated(data)])
    with _said_of(path):
        for sheet in sheets:
            yield replace(sheet, rows=_rows(path, sheet.rows))


def _rows(path: Path, rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    with _said_of(path):
        yield from rows


@contextmanager
def _said_of(path: Path) -> Iterator[None]:
    try:
        yield
    except _DAMAGED as error:
        raise NotASpreadsheet(
            f"{path}: cannot be read ({error}); open it and save it as .xlsx or CSV"
        ) from error


def _comma_separated(data: bytes) -> Sheet:
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        text = decode(data, GB18030)
    first = next((line for line in text.split("\n", 20)[:20] if "编号" in line), "")
    reader = csv.reader(StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=first.count))
    return Sheet("", ((number, [_bare(cell) for cell in row]) for number, row in enumerate(reader, 1)))


def _workbook(data: bytes) -> Iterator[Sheet]:
    from openpyxl import load_workbook  # takes a while to load, and few commands need it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it leaves out what we do not ask for
        book = load_workbook(BytesIO(data), read_only=True, data_only=True)
        try:
            sheet: Any
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # which some programs write wrongly
                with sheet._get_source() as source:  # what it does not read itself in this mode
                    merged, unworked = _shape(source)
                rows = enumerate(sheet.iter_rows(values_only=True), 1)
                texts = ((number, [_text(value) for value in row]) for number, row in rows)
                yield Sheet(sheet.title, _filled(texts, merged), merged, unworked)
        finally:
            book.close()


def _shape(source: Any) -> tuple[list[Merge], list[str]]:
    """Read which cells of a sheet are merged and which were never worked out, in memory of one row."""
    from lxml import etree
    from openpyxl.utils import range_boundaries

    merged, unworked = [], []
    for _, element in etree.iterparse(source, tag=("{*}row", "{*}mergeCell"), resolve_entities=False):
        if reference := element.get("ref"):
            edges: Any = range_boundaries(reference)
            left, top, right, bottom = edges
            merged.append(Merge(top, left, bottom, right))
        for formula in element.iter("{*}f"):
            cell: Any = formula.getparent()
            if (
                not cell.findtext("{*}v") and cell.get("t") != "str"
            ):  # of which an empty text may be the value
                unworked.append(cell.get("r", "?"))
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]
    return merged, unworked


def _filled(
    rows: Iterable[tuple[int, list[str]]], merged: Iterable[Merge]
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with the text of a merge in all its rows; programs store it in the first alone."""
    begin: defaultdict[int, list[Merge]] = defaultdict(list)
    for merge in merged:
        if merge.last_row > merge.row:
            begin[merge.row].append(merge)
    running: dict[int, tuple[int, str]] = {}
    for number, cells in rows:
        running = {place: (last, text) for place, (last, text) in running.items() if number <= last}
        if running:
            cells += [""] * (max(running) + 1 - len(cells))
        for place, (_, text) in running.items():
            cells[place] = text
        for merge in begin.get(number, ()):
            place = merge.column - 1
            running[place] = (merge.last_row, cells[place] if place < len(cells) else "")
        yield number, cells


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case float():
            return f"{value:.15g}"
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return str(value)
    return _bare(str(value))


def _bare(text: str) -> str:
    return text.strip().lstrip(BYTE_ORDER_MARK).strip()


def write_workbook(
    path: Path,
    name: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    choices: Mapping[str, Sequence[str]],
    days: Sequence[str],
    shown: Sequence[str],
) -> None:
    """Write a workbook of one sheet to be filled in; the first column holds numbers.

    ``choices``: heading → what may be chosen there; ``days``: headings of days; ``shown``: headings whose texts may
    be cut.  Raises ``OSError``, and ``NotASpreadsheet`` for what a sheet cannot hold.
    """
    from xlsxwriter import Workbook

    path.touch(exist_ok=False)
    with Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent)}) as book:
        book.set_properties({"title": name, "created": datetime(1980, 1, 1)})  # not the time, as in exports
        bold = book.add_format({"bold": True, "bg_color": "#DDE6EE"})
        text = book.add_format({"num_format": "@"})
        day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        for place, heading in enumerate(headings):
            sheet.set_column(place, place, 14, day if heading in days else text if place else None)
            sheet.write_string(0, place, heading, bold)
            if heading in choices:
                allowed = {"validate": "list", "source": list(choices[heading])}
                sheet.data_validation(1, place, _ROWS - 1, place, allowed)
        last = 0
        for last, row in enumerate(rows, 1):
            if last == _ROWS:
                raise NotASpreadsheet(f"a sheet holds {_ROWS - 1:,} articles; write a CSV file instead")
            for place, (heading, value) in enumerate(zip(headings, row, strict=True)):
                if value is None:
                    continue
                cut: Counter[Remark] = Counter()
                cell = readable(value, row[0], cut)
                if cut[Remark.CUT] and heading not in shown:
                    raise NotASpreadsheet(
                        f"编号 {row[0]}, {heading}: is longer than a cell holds; write a CSV file instead"
                    )
                if place == 0:
                    sheet.write_number(last, place, cell)
                elif heading in days and (found := _day(cell)):
                    sheet.write_datetime(last, place, found, day)
                else:
                    sheet.write_string(last, place, cell, text)
        sheet.autofilter(0, 0, last, len(headings) - 1)


def _day(text: str) -> date | None:
    """Return a day as a cell holds it: what Excel counts as everybody does."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found >= date(1900, 3, 1) else None
