"""How a row becomes a leaf, and how a row that is no longer what was sealed is found and its field named.

A leaf's data is one line of JSON: table, number, an array of its plain fields, then each field that may be long.
The root over the leaves proves.  What is kept beside it, two bytes a leaf and two bytes a field of every ``BLOCK``
leaves, only tells which row and field to name.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple
from zlib import crc32

BLOCK = 64
"""Leaves whose fields are digested together."""
_AHEAD = 12
"""Rows that are passed over at most where two lists of leaves part and go on alike."""


Cells = tuple[bytes, ...]
"""JSON of a row: its number, an array of its plain fields, then each of its other fields; only the number where the row
is not there any more."""


class Row(NamedTuple):
    """A row as it is sealed."""

    kind: str
    """Its table."""
    cells: Cells

    @property
    def id(self) -> int:
        """Its number."""
        return int(self.cells[0])

    @property
    def is_there(self) -> bool:
        """Tell whether the table still has it."""
        return len(self.cells) > 1

    def data(self) -> bytes:
        """Return what its leaf is made of: one line of JSON in UTF-8."""
        cells = self.cells if self.is_there else (*self.cells, b"null")
        return b'["%b",%b]' % (self.kind.encode(), b",".join(cells))


def leaf(row: Row) -> bytes:
    """Return the leaf of a row: 32 bytes."""
    return sha256(b"\0" + row.data()).digest()


def leaves(kind: str, rows: Iterable[Cells]) -> list[bytes]:
    """Return the leaves of rows of a table that are there, several times faster than one by one."""
    head = b'\0["%b",' % kind.encode()
    return [sha256(head + b",".join(cells) + b"]").digest() for cells in rows]


def locators(leaves: Iterable[bytes]) -> str:
    """Return the first two bytes of each leaf, as Base64."""
    return b64encode(b"".join([leaf[:2] for leaf in leaves])).decode()


def field_sums(rows: Sequence[Cells | str], plain: int, fields: int) -> bytes:
    """Return a sum of two bytes over each field of at most ``BLOCK`` rows.

    ``plain``: how many fields are plain; ``fields``: how many there are.  A text stands for a row that has changed: its
    own sums, as Base64.
    """
    there = [row for row in rows if row.__class__ is tuple and len(row) > 1]
    sums = [_sum(column) for column in _columns(there, plain)] or [0] * fields
    if len(there) < len(rows):
        for row in rows:
            if isinstance(row, str):
                raw = b64decode(row)
                sums = [total + int.from_bytes(raw[2 * n : 2 * n + 2]) for n, total in enumerate(sums)]
    return b"".join([(total & 0xFFFF).to_bytes(2) for total in sums])


def _sum(column: Sequence[bytes]) -> int:
    first = column[0]
    if first == column[-1] and column.count(first) == len(
        column
    ):  # half of all columns: a site, a crawl, a type
        return crc32(first) * len(column)
    return sum(map(crc32, column))


def _columns(rows: Sequence[Cells], plain: int) -> list[Sequence[bytes]]:
    """Return the JSON of each field, of all rows together; nothing of no rows."""
    if not rows:
        return []
    _, plains, *long = zip(*rows, strict=True)
    flat = b",".join(plains).split(b",")  # the brackets stay at the first field and at the last
    if len(flat) == plain * len(rows):
        return [*(flat[field::plain] for field in range(plain)), *long]
    values = zip(*(json.loads(text.decode(errors="replace")) for text in plains), strict=True)
    columns = [[json.dumps(value, ensure_ascii=False).encode() for value in column] for column in values]
    columns[0] = [b"[" + text for text in columns[0]]  # a comma in a text
    columns[-1] = [text + b"]" for text in columns[-1]]
    return [*columns, *long]


def aligned(stored: str, leaves: Sequence[bytes]) -> Iterator[tuple[int | None, int | None, bool]]:
    """Lay leaves beside those whose ``locators`` were stored.

    Yields (place among the stored, place among the leaves, whether both are the same); a place is None where one of
    both has nothing there.
    """
    raw = b64decode(stored)
    sealed = [raw[at : at + 2] for at in range(0, len(raw), 2)]
    found = [leaf[:2] for leaf in leaves]
    s = f = 0
    while s < len(sealed) or f < len(found):
        if s < len(sealed) and f < len(found) and sealed[s] == found[f]:
            yield s, f, True
            s, f = s + 1, f + 1
            continue
        removed, added = _apart(sealed, s, found, f)
        pairs = min(removed, added)
        yield from ((s + n, f + n, False) for n in range(pairs))
        yield from ((s + n, None, False) for n in range(pairs, removed))
        yield from ((None, f + n, False) for n in range(pairs, added))
        s, f = s + removed, f + added


def _apart(sealed: Sequence[bytes], s: int, found: Sequence[bytes], f: int) -> tuple[int, int]:
    """Return how many of each are to be passed over until both go on alike."""
    left, right = len(sealed) - s, len(found) - f
    if left == right:
        return 1, 1
    for skipped in range(1, 2 * _AHEAD):
        for removed in range(skipped + 1):
            added = skipped - removed
            if removed > left or added > right:
                continue
            if sealed[s + removed : s + removed + 2] == found[f + added : f + added + 2]:
                return removed, added
    return left, right


def altered_fields(
    stored: str, block: int, rows: Sequence[Cells | str], plain: int, fields: int
) -> list[int]:
    """Return the fields (from 0) of a block's rows whose sums are not those that were stored.

    ``block``: its number, from 0.
    """
    size = 2 * fields
    before = b64decode(stored)[block * size : (block + 1) * size]
    now = field_sums(rows, plain, fields)
    if len(before) != len(now):
        return []
    return [n for n in range(fields) if before[2 * n : 2 * n + 2] != now[2 * n : 2 * n + 2]]
