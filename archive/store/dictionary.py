"""The data dictionary: what every table, view and column of an archive means, in Chinese.

It is kept in ``archive/store/dictionary.csv`` and written into each archive, so that the file explains itself.
"""

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple


class Entry(NamedTuple):
    """What a column, or a table as a whole, means."""

    table: str
    """The table or view."""
    column: str
    """"" for the table itself."""
    name: str
    """The Chinese name."""
    note: str
    """What it holds, its unit, when it is empty."""
    dat18: str
    """The item of DA/T 18-2022 that it answers to, or ""."""
    dc: str
    """The Dublin Core element, or ""."""
    schema_org: str
    """The schema.org type or property, or ""."""

    @property
    def json(self) -> str:
        """What a column holds as JSON text, told by its note: ``array``, ``object``, or "" for no JSON."""
        return "array" if "JSON 数组" in self.note else "object" if "JSON" in self.note else ""


@cache
def entries() -> Sequence[Entry]:
    """Return the whole dictionary, table by table: the table itself, then its columns in their order."""
    text = Path(__file__).with_name("dictionary.csv").read_text(encoding="utf-8")
    _headings, *rows = csv.reader(text.splitlines())
    return tuple(Entry(*row) for row in rows)


def describe(table: str, column: str = "") -> Entry | None:
    """Return what a column, or a table as a whole, means; None if the dictionary does not know it."""
    return _by_place().get((table, column))


@cache
def columns(table: str, *without: str) -> tuple[str, ...]:
    """Return the columns of a table or view in their order."""
    return tuple(
        entry.column for entry in entries() if entry.table == table and entry.column not in ("", *without)
    )


@cache
def _by_place() -> dict[tuple[str, str], Entry]:
    return {(entry.table, entry.column): entry for entry in entries()}
