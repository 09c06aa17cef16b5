"""Seals: made by every writer in its transaction, and read again as the leaves that lie under them.

A new row is under the next seal by its number.  A writer that changes a row which is sealed says so (``changing``):
the leaf that the row had is kept, so that older seals hold for ever, and its new state is a leaf under the next seal.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from heapq import merge
from itertools import chain, islice
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from archive.seal.heads import NONE_BEFORE, Seal, head_of
from archive.seal.leaves import BLOCK, Cells, Row, field_sums, leaf, leaves, locators
from archive.seal.tree import leaf_hash, root
from archive.store.errors import ArchiveError
from archive.store.sealed_rows import KINDS, Kind
from archive.times import utc_now

if TYPE_CHECKING:
    from archive.store.archive import Archive

REPARSE = "reparse"
HELD = "texts that were held back"
EVIDENCE = "evidence of a killed crawl"
APPRAISED, NUMBERED = "appraise import", "appraise number"
NO_WRITER = "rows of no writer"
"""What a seal says that was made because rows were found that no writer had sealed."""
EARLIER = "earlier rows"
"""What the first seal of an archive says that is older than seals."""


WRITERS = (REPARSE, HELD, EVIDENCE, NO_WRITER, EARLIER, APPRAISED, NUMBERED)
"""What seals say that were not made by a crawl or for an event."""


class Leaf(NamedTuple):
    """One leaf under a seal."""

    hash: bytes
    id: int
    """The row's number in its table."""
    row: Row | None
    """What it is made of; None where the row has changed since, and only the leaf was kept."""
    sums: str = ""
    """Of a row that has changed since: what ``field_sums`` takes for it."""
    former: int = 0
    """Of a row that has changed since: the seal of the row of ``seal_former`` that keeps its leaf."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one seal says of one table."""

    kind: Kind
    first: int
    last: int
    count: int
    locators: str
    fields: str

    def data(self, seal: int) -> bytes:
        """Return what the leaf behind those of its rows is made of."""
        import json

        said = (
            "seal_part",
            seal,
            self.kind.table,
            self.first,
            self.last,
            self.count,
            self.locators,
            self.fields,
        )
        return json.dumps(said, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class Sealed:
    """A version, and the seal that it is under."""

    seal: Seal
    index: int
    """The place of its leaf under the seal, from 0."""
    leaves: list[bytes]
    """All leaves under the seal."""
    data: bytes
    """What its leaf is made of: one line of JSON in UTF-8."""


def read_seals(archive: Archive) -> list[Seal]:
    """Return all seals of an archive in their order."""
    return [Seal(*row) for row in archive.connection.execute("SELECT * FROM seal ORDER BY number")]


def newest_seal(archive: Archive) -> Seal:
    """Return the newest seal.  Raises ``ArchiveError`` where there is none yet."""
    found = archive.connection.execute("SELECT * FROM seal ORDER BY number DESC LIMIT 1").fetchone()
    if found is None:
        raise ArchiveError(
            f"{archive.path}: nothing is sealed yet; the next zhijiang crawl (or reparse --apply) seals all of it"
        )
    return Seal(*found)


def read_parts(archive: Archive, seal: int) -> list[Part]:
    """Return what a seal says of each table, in the order of its leaves."""
    rows = archive.connection.execute(
        "SELECT kind, first, last, leaves, locators, fields FROM seal_part WHERE seal = ?", (seal,)
    )
    parts = {row[0]: Part(KINDS[row[0]], *row[1:]) for row in rows if row[0] in KINDS}
    return [parts[name] for name in KINDS if name in parts]


def leaves_of(archive: Archive, part: Part, seal: int) -> Iterator[Leaf]:
    """Yield the leaves that the rows of one table have under a seal, made of the rows as they are now."""
    formers = _formers(archive, part)
    changed = {one.id for one in formers}
    rows = part.kind.rows(archive.connection, part.first, part.last)
    still = (Leaf(leaf(row), row.id, row) for row in rows if row.id not in changed)
    yield from merge(formers, still, key=attrgetter("id"))
    yield from _changed_rows(archive, part.kind, seal)


def blocks_of(archive: Archive, part: Part, seal: int) -> Iterator[tuple[list[bytes], Sequence[Cells | str]]]:
    """Yield the digests of ``leaves_of``, ``BLOCK`` at a time, and what ``field_sums`` takes for their rows.

    Several times faster than ``leaves_of`` where no row has changed since.
    """
    kind = part.kind
    if _formers(archive, part):
        yield from _by_block(leaves_of(archive, part, seal))
        return
    rest: list[Cells] = []
    if part.first <= part.last:
        for block in kind.blocks(archive.connection, part.first, part.last):
            if len(block) == BLOCK:
                yield leaves(kind.table, block), block
            else:
                rest = block
    last = (Leaf(leaf(row), row.id, row) for row in (Row(kind.table, cells) for cells in rest))
    yield from _by_block(chain(last, _changed_rows(archive, kind, seal)))


def made_part(archive: Archive, kind: Kind, seal: int, first: int, last: int) -> tuple[Part, list[bytes]]:
    """Return what a seal says of a table whose new rows have these numbers, and the leaves of its rows there."""
    part = Part(kind, first, last, 0, "", "")
    found: list[bytes] = []
    sums = bytearray()
    for hashes, rows in blocks_of(archive, part, seal):  # so that no more rows than these are held
        found += hashes
        sums += field_sums(rows, kind.shape)
    return replace(part, count=len(found), locators=locators(found), fields=b64encode(sums).decode()), found


def sealed_version(archive: Archive, article_id: int, number: int) -> Sealed | None:
    """Return the seal that a version of an article is under, with the leaves there; None where it is under none."""
    execute = archive.connection.execute
    found = execute(
        "SELECT version_id FROM article_version WHERE article_id = ? AND number = ?", (article_id, number)
    ).fetchone()
    if found is None:
        return None
    kind, version = KINDS["article_version"], found[0]
    changed = execute(
        "SELECT seal FROM seal_former WHERE kind = ? AND id = ? ORDER BY seal = 0 DESC, seal DESC LIMIT 1",
        (kind.table, version),
    ).fetchone()
    under = (
        changed
        or execute(
            "SELECT seal FROM seal_part WHERE kind = ? AND ? BETWEEN first AND last", (kind.table, version)
        ).fetchone()
    )
    if under is None or under[0] == 0:
        return None
    data = kind.row(archive.connection, version).data()
    hashes: list[bytes] = []
    index = -1
    for part in read_parts(archive, under[0]):
        if part.kind is kind:
            for one in leaves_of(archive, part, under[0]):
                if one.id == version and one.row is not None:
                    index = len(hashes)
                hashes.append(one.hash)
        else:
            hashes += (one for block, _ in blocks_of(archive, part, under[0]) for one in block)
        hashes.append(leaf_hash(part.data(under[0])))
    seal = Seal(*execute("SELECT * FROM seal WHERE number = ?", under).fetchone())
    return Sealed(seal, index, hashes, data)


# --- by writers ------------------------------------------------------------------------------------------


def seal(archive: Archive, what: str, kinds: Collection[str] = tuple(KINDS)) -> Seal | None:
    """Put every row of some tables that is under no seal yet under a new one; None where there is none.

    ``what``: the writer.  The first seal of an archive takes all tables.  Belongs into the writer's own transaction.
    """
    execute = archive.connection.execute
    seals = read_seals(archive)
    number, versions, before = (
        (seals[-1].number + 1, seals[-1].versions, seals[-1].head) if seals else (1, 0, NONE_BEFORE)
    )
    under: list[bytes] = []
    parts: list[Part] = []
    for name, kind in KINDS.items():
        if seals and name not in kinds:
            continue
        if not seals and not kind.counted:
            _note_all(archive, kind)
        execute("UPDATE seal_former SET seal = ? WHERE kind = ? AND seal = 0", (number, name))
        first = last_sealed(archive, kind) + 1
        last = max(newest_row(archive, kind), first - 1) if kind.counted else first - 1
        part, found = made_part(archive, kind, number, first, last)
        if not found:
            continue
        parts.append(part)
        under += [*found, leaf_hash(part.data(number))]
        if name == "article_version":
            versions += len(found)
    if not parts:
        return None
    made = Seal(number, utc_now(), what, len(under), versions, root(under).hex(), before, "")
    made = replace(made, head=head_of([*seals, made]))
    execute("INSERT INTO seal VALUES (?, ?, ?, ?, ?, ?, ?, ?)", astuple(made))
    archive.connection.executemany(
        "INSERT INTO seal_part VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(number, p.kind.table, p.first, p.last, p.count, p.locators, p.fields) for p in parts],
    )
    return made


def seal_found(archive: Archive, killed: Sequence[int]) -> None:
    """Seal what is under no seal when a writer begins, before it writes anything: nothing of it is the writer's own.

    ``killed``: the crawls that were killed, whose rows these are.
    """
    if killed:
        seal(archive, f"crawl {', '.join(map(str, killed))} (killed)")
    elif not archive.connection.execute("SELECT 1 FROM seal").fetchone():
        seal(archive, EARLIER)
    else:
        for kind in KINDS.values():
            if not kind.counted:
                _note_all(archive, kind)
        seal(archive, NO_WRITER)


def seal_strangers(archive: Archive, table: str) -> None:
    """Seal what is under no seal before a writer of one table writes there: nothing of it is the writer's own.

    Rows of other tables may be a crawl's that is at work.
    """
    if not archive.connection.execute("SELECT 1 FROM seal").fetchone():
        seal(archive, EARLIER)
    elif KINDS[table].counted:
        seal(archive, NO_WRITER, (table,))


@contextmanager
def changing(archive: Archive, table: str, numbers: Sequence[int]) -> Iterator[None]:
    """Keep the leaves of rows that are changed or removed meanwhile, where they are sealed.

    Belongs into the writer's own transaction.  In a table whose rows are not counted also for rows that are made.
    """
    kind = KINDS[table]
    sealed: dict[int, Row] = {}
    if numbers:
        last = last_sealed(archive, kind) if kind.counted else max(numbers)
        sealed = {
            number: kind.row(archive.connection, number)
            for number in numbers
            if number <= last and (table, number) not in archive.altered
        }
    yield
    for number, before in sealed.items():
        if kind.row(archive.connection, number) != before:
            _note(archive, kind, before)


def next_number(archive: Archive, table: str) -> int:
    """Return the number for a new row of a table from which rows are removed: none that a sealed row ever had."""
    kind = KINDS[table]
    return 1 + max(newest_row(archive, kind), last_sealed(archive, kind))


def newest_row(archive: Archive, kind: Kind) -> int:
    """Return the highest number of a table's rows, 0 where it has none."""
    return int(archive.connection.execute(f"SELECT max({kind.key}) FROM {kind.table}").fetchone()[0] or 0)


def unsealed(archive: Archive, kind: Kind) -> Iterator[int]:
    """Yield the numbers of the rows of a table that are under no seal and noted by no writer."""
    execute = archive.connection.execute
    if kind.counted:
        rows = execute(
            f"SELECT {kind.key} FROM {kind.table} WHERE {kind.key} > ? ORDER BY 1",
            (last_sealed(archive, kind),),
        )
    else:
        rows = execute(
            f"SELECT {kind.key} FROM {kind.table} WHERE {kind.key} NOT IN"
            " (SELECT id FROM seal_former WHERE kind = ?) ORDER BY 1",
            (kind.table,),
        )
    yield from (number for (number,) in rows)


def last_sealed(archive: Archive, kind: Kind) -> int:
    """Return the highest number of a table's rows that is under a seal, 0 where none is."""
    found = archive.connection.execute("SELECT max(last) FROM seal_part WHERE kind = ?", (kind.table,))
    return int(found.fetchone()[0] or 0)


# --- leaves ----------------------------------------------------------------------------------------------


def _by_block(leaves: Iterator[Leaf]) -> Iterator[tuple[list[bytes], Sequence[Cells | str]]]:
    while block := [*islice(leaves, BLOCK)]:
        yield [one.hash for one in block], [one.row.cells if one.row else one.sums for one in block]


def _formers(archive: Archive, part: Part) -> list[Leaf]:
    """Return the first leaves of the new rows of a part that have changed since."""
    kind = part.kind
    if not kind.changes or part.last < part.first:
        return []
    return [
        Leaf(_kept(kept), number, None, fields, seal)
        for number, kept, fields, seal in archive.connection.execute(
            _FIRST, (kind.table, part.first, part.last)
        )
    ]


_FIRST = """
SELECT id, leaf, fields, seal FROM seal_former f WHERE kind = ? AND id BETWEEN ? AND ? AND NOT EXISTS (
  SELECT 1 FROM seal_former b WHERE b.kind = f.kind AND b.id = f.id AND b.seal <> f.seal
    AND (f.seal = 0 OR b.seal <> 0 AND b.seal < f.seal))
ORDER BY id
"""


def _changed_rows(archive: Archive, kind: Kind, seal: int) -> Iterator[Leaf]:
    """Yield the leaves of the states that rows of older seals came to under a seal."""
    rows = archive.connection.execute(_CHANGED, (kind.table, seal)).fetchall() if kind.changes else []
    for number, later, kept, fields in rows:
        if later is not None and (kind.counted or kept is not None):
            yield Leaf(_kept(kept), number, None, fields, later)
        elif later is not None:  # it was taken out, and has come again since
            row = Row(kind.table, (b"%d" % number,))
            yield Leaf(leaf(row), number, row)
        else:
            row = kind.row(archive.connection, number)
            yield Leaf(leaf(row), number, row)


_CHANGED = """
SELECT f.id, n.seal, n.leaf, n.fields FROM seal_former f LEFT JOIN seal_former n ON n.kind = f.kind AND n.id = f.id
  AND n.seal = coalesce((SELECT min(l.seal) FROM seal_former l WHERE l.kind = f.kind AND l.id = f.id AND l.seal > f.seal), 0)
WHERE f.seal = ?2 AND f.kind = ?1 ORDER BY f.id
"""


def _kept(leaf: str | None) -> bytes:
    """Return a leaf that was kept; nothing where no writer can have kept it so."""
    try:
        return bytes.fromhex(leaf or "")
    except (TypeError, ValueError):
        return b""


def _note(archive: Archive, kind: Kind, before: Row) -> None:
    """Keep the leaf that a row had; a change before the next seal has kept it already."""
    there = before.is_there or kind.counted
    sums = field_sums([before.cells], kind.shape)
    values = (leaf(before).hex(), b64encode(sums).decode()) if there else (None, "")
    archive.connection.execute(
        "INSERT INTO seal_former (kind, id, seal, leaf, fields) VALUES (?, ?, 0, ?, ?) ON CONFLICT DO NOTHING",
        (kind.table, before.id, *values),
    )


def _note_all(archive: Archive, kind: Kind) -> None:
    """Take all rows of a table whose rows are not counted and that is under no seal yet."""
    for number in [*unsealed(archive, kind)]:
        _note(archive, kind, Row(kind.table, (b"%d" % number,)))
