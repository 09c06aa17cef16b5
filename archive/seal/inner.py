"""Rows of other tables that are sealed within a row, such as the credits of an article: which of them was altered, and how.

A field that holds them is a JSON array of rows.  Beside the sum of the field two bytes are kept of every ``BLOCK``
leaves for all rows in it, for the rows weighted by their keys, and for each of their columns.  Sums are taken modulo a
prime: where one row was altered, the quotient of the first two is the key of the row, even of one that is gone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from operator import mul
from typing import NamedTuple
from zlib import crc32

PRIME = 65521
"""Modulus of the sums."""
_TRIED = 5000
"""Whole numbers up to this are tried for one that was there before."""

Values = tuple[bytes, ...]
"""JSON of each column of a row."""


class Inner(NamedTuple):
    """What a field holds."""

    field: int
    """Its place among the fields of the outer row, from 0."""
    keys: int
    """The first columns, which name a row."""
    columns: int

    @property
    def sums(self) -> int:
        """Return how many sums are kept of it."""
        return 2 + self.columns


class Edit(Enum):
    """What was done to a row."""

    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"


class Altered(NamedTuple):
    """A row within a row that is no longer what was sealed."""

    edit: Edit
    key: Values
    """Of the row as it is, or as it was where it is not there any more."""
    columns: Sequence[int] = ()
    """Columns that were changed, from 0."""
    row: Values = ()
    """The row as it is."""
    was: bytes | None = None
    """JSON of the former value, where one column was changed and it was found."""


def inner_rows(cells: Iterable[bytes], inner: Inner) -> list[Values]:
    """Return all rows that the field holds in some outer rows, each once."""
    return [*zip(*_columns(cells, inner)[1], strict=True)]


def inner_sums(cells: Iterable[bytes], inner: Inner) -> list[int]:
    """Return the sums over a field of some outer rows, two bytes each."""
    rows, columns = _columns(cells, inner)
    if not rows:
        return [0] * inner.sums
    times: Sequence[int] = () if len(rows) == sum(rows.values()) else [*rows.values()]
    hashes = [*map(mul, map(crc32, rows), times)] if times else [*map(crc32, rows)]
    keys = (
        columns[0]
        if inner.keys == 1
        else [b",".join(key) for key in zip(*columns[: inner.keys], strict=True)]
    )
    weights = {key: crc32(key) % PRIME for key in set(keys)}
    weighted = sum(map(mul, hashes, map(weights.__getitem__, keys)))
    return [total % PRIME for total in (sum(hashes), weighted, *(column_sum(one, times) for one in columns))]


def column_sum(column: Sequence[bytes], times: Sequence[int] = ()) -> int:
    """Return the sum of the CRC-32s of some values, each as often as ``times`` says, or once."""
    first = column[0]
    if first == column[-1] and column.count(first) == len(
        column
    ):  # half of all columns: a site, a crawl, a type
        return crc32(first) * (sum(times) or len(column))
    hashes = map(crc32, column)
    return sum(map(mul, hashes, times) if times else hashes)


def _columns(cells: Iterable[bytes], inner: Inner) -> tuple[dict[bytes, int], list[Sequence[bytes]]]:
    """Return the rows that differ, each a line of values and how often it stands there, and the columns of them.

    The same people review day after day, so most credits are among those of 64 articles more than once.
    """
    held = [cell for cell in cells if len(cell) > 2]
    if not held:
        return {}, []
    rows = Counter(b",".join([cell[1:-1] for cell in held])[1:-1].split(b"],["))
    flat = b",".join(rows).split(b",")
    if len(flat) == inner.columns * len(rows):
        return rows, [flat[column :: inner.columns] for column in range(inner.columns)]
    values = Counter(  # a comma in a text
        tuple(json.dumps(value, ensure_ascii=False).encode(errors="surrogatepass") for value in row)
        for cell in held
        for row in json.loads(cell.decode(errors="replace"))
    )
    return {b",".join(row): times for row, times in values.items()}, [*zip(*values, strict=True)]


def altered(
    before: Sequence[int], now: Sequence[int], cell: bytes, inner: Inner, known: Iterable[Values]
) -> Altered | None:
    """Return the one row of a field that was altered; None where it was more than one.

    ``before``, ``now``: the sums as they were sealed and as they are.  ``cell``: the field of the outer row that was
    altered.  ``known``: keys that a row may have had.
    """
    rows = inner_rows([cell], inner)
    there = {row[: inner.keys]: row for row in rows}
    for key, row in there.items():
        if _plus(now, row, inner, -1) == [*before]:
            return Altered(Edit.ADDED, key, row=row)
    apart, weighted = ((was - is_) % PRIME for was, is_ in zip(before[:2], now[:2], strict=True))
    columns = [n for n in range(inner.columns) if before[2 + n] != now[2 + n]]
    for key, row in there.items():
        if apart and (apart * _weight(key) - weighted) % PRIME == 0 and columns and columns[0] >= inner.keys:
            return Altered(Edit.CHANGED, key, columns, row)
    absent = [key for key in known if key not in there]
    if columns and columns[-1] < inner.keys:
        for row, key in ((row, key) for row in rows for key in absent):
            if _plus(_plus(now, row, inner, -1), (*key, *row[inner.keys :]), inner, 1) == [*before]:
                return Altered(Edit.CHANGED, row[: inner.keys], columns, row, b",".join(key))
    elif apart:
        for key in absent:
            if (apart * _weight(key) - weighted) % PRIME == 0:
                return Altered(Edit.REMOVED, key)
    return None


def with_former(
    found: Altered, before: Sequence[int], now: Sequence[int], inner: Inner, known: Iterable[bytes]
) -> Altered:
    """Return what was altered with the value that was there before, if it is one of those ``known`` or a small number."""
    if found.edit is not Edit.CHANGED or found.was is not None or len(found.columns) != 1:
        return found
    (column,) = found.columns
    rest = _plus(now, found.row, inner, -1)
    for value in _tried(known, found.row[column]):
        row = (*found.row[:column], value, *found.row[column + 1 :])
        if (rest[2 + column] + crc32(value)) % PRIME == before[2 + column] and _plus(rest, row, inner, 1) == [
            *before
        ]:
            return found._replace(was=value)
    return found


def _tried(known: Iterable[bytes], now: bytes) -> Iterator[bytes]:
    yield from known
    if now.isdigit():
        yield from (b"%d" % number for number in range(_TRIED))


def _plus(sums: Sequence[int], row: Values, inner: Inner, times: int) -> list[int]:
    """Return sums with a row more, or less."""
    line = crc32(b",".join(row))
    more = (line, line * _weight(row[: inner.keys]), *map(crc32, row))
    return [(total + times * value) % PRIME for total, value in zip(sums, more, strict=True)]


def _weight(key: Values) -> int:
    return crc32(b",".join(key)) % PRIME
