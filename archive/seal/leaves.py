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

from archive.seal.inner import PRIME, Inner, column_sum, inner_sums

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


class Shape(NamedTuple):
    """What the rows of a table are made of."""

    plain: int
    """How many fields are plain."""
    fields: int
    """How many fields there are."""
    inner: tuple[Inner, ...] = ()
    """Those fields that hold rows of other tables."""

    @property
    def sums(self) -> int:
        """Return how many sums are kept of a block."""
        return self.fields + sum(inner.sums for inner in self.inner)


def located(stored: str) -> list[bytes]:
    """Return what ``locators`` made."""
    raw = b64decode(stored)
    return [raw[at : at + 2] for at in range(0, len(raw), 2)]


def field_sums(rows: Sequence[Cells | str], shape: Shape) -> bytes:
    """Return a sum of two bytes over each field of at most ``BLOCK`` rows, then those of the rows within them.

    A text stands for a row that has changed: its own sums, as Base64.
    """
    there = [row for row in rows if row.__class__ is tuple and len(row) > 1]
    columns = _columns(there, shape.plain)
    sums = [column_sum(column) for column in columns] or [0] * shape.fields
    for inner in shape.inner:
        sums += inner_sums(columns[inner.field] if columns else (), inner)
    if len(there) < len(rows):
        for row in rows:
            if isinstance(row, str):
                raw = b64decode(row)  # sealed by an earlier version: without the rows within
                sums = [total + int.from_bytes(raw[2 * n : 2 * n + 2]) for n, total in enumerate(sums)]
    whole = [total & 0xFFFF for total in sums[: shape.fields]] + [
        total % PRIME for total in sums[shape.fields :]
    ]
    return b"".join([total.to_bytes(2) for total in whole])


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
    sealed = located(stored)
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


class Sums(NamedTuple):
    """The sums over a block as they were sealed, and as they are."""

    before: list[int]
    now: list[int]

    def of(self, shape: Shape, inner: Inner) -> tuple[list[int], list[int]] | None:
        """Return both over the rows within a field; None where they were not kept."""
        if len(self.before) < len(self.now):
            return None
        at = shape.fields
        for one in shape.inner[: shape.inner.index(inner)]:
            at += one.sums
        return self.before[at : at + inner.sums], self.now[at : at + inner.sums]

    def altered(self, shape: Shape) -> list[int]:
        """Return the fields (from 0) whose sums are not those that were sealed."""
        return [n for n in range(shape.fields) if self.before[n] != self.now[n]]


def block_sums(
    stored: str, block: int, blocks: int, rows: Sequence[Cells | str], shape: Shape
) -> Sums | None:
    """Return the sums over a block (from 0) of some; None where what is stored cannot be sums."""
    raw = b64decode(stored)
    size = len(raw) // blocks
    if size not in (2 * shape.fields, 2 * shape.sums):
        return None
    known = min([size, *(len(b64decode(row)) for row in rows if isinstance(row, str) and row)])
    before = raw[block * size : block * size + min(size, known)]
    return Sums(_numbers(before), _numbers(field_sums(rows, shape)))


def _numbers(raw: bytes) -> list[int]:
    return [int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), 2)]
