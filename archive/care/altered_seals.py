"""Which fields of ``seal`` and ``seal_part`` are no longer what was written.

Each field has a witness, and a digest proves it: where another value makes a head or a root right again, that value
stood there before.
"""

from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, combinations
from typing import Any

from archive.care.findings import differs
from archive.seal.heads import NONE_BEFORE, Seal, seal_leaf
from archive.seal.leaves import BLOCK, Sums, block_sums
from archive.seal.tree import Peaks, leaf_hash, root
from archive.store.archive import Archive
from archive.store.sealed_rows import KINDS, Kind
from archive.store.seals import WRITERS, Part, blocks_of, made_part, newest_row, read_parts
from archive.times import beijing_minute

_SECONDS = 100_000
"""Moments of sealing that are tried at most: a day and some hours."""
_MINUTE = timedelta(minutes=1)


# --- what lies under a seal ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Laid:
    """What lies under a seal now."""

    parts: Mapping[str, tuple[Part, list[bytes]]]
    """Table → what the seal says of it, and its leaves where the seal fails."""
    root: str
    """Of all leaves; "" where ``seal_part`` cannot be read."""
    leaves: int
    versions: int
    odd: Sequence[tuple[str, int]] = ()
    """Table and block (from 0) whose sums are not those that were sealed, though its leaves may be."""


def lay(archive: Archive, number: int, sealed: str) -> Laid:
    """Make the leaves under a seal again.  ``sealed``: the root that it has."""
    parts: dict[str, tuple[Part, list[bytes]]] = {}
    odd: list[tuple[str, int]] = []
    try:
        for part in read_parts(archive, number):
            found: list[bytes] = []
            for block, (hashes, rows) in enumerate(blocks_of(archive, part, number)):
                found += hashes
                if any(isinstance(row, str) for row in rows) and not _sums_hold(sums_of(part, block, rows)):
                    odd.append((part.kind.table, block))
            parts[part.kind.table] = part, found
        under = _under(number, parts.values())
    except (TypeError, ValueError):  # a text where a number belongs
        return Laid({}, "", 0, 0)
    versions = len(parts["article_version"][1]) if "article_version" in parts else 0
    found_root = root(under).hex()
    if found_root == sealed:  # so that no more leaves than those of one seal are held
        parts = {table: (part, []) for table, (part, _) in parts.items()}
    return Laid(parts, found_root, len(under), versions, odd)


def _under(number: int, parts: Iterable[tuple[Part, list[bytes]]]) -> list[bytes]:
    return [*chain.from_iterable((*found, leaf_hash(part.data(number))) for part, found in parts)]


def sums_of(part: Part, block: int, rows: Sequence[Any]) -> Sums | None:
    """Return the sums over a block of a part; None where what was kept cannot be sums."""
    try:
        return block_sums(part.fields, block, -(-part.count // BLOCK), rows, part.kind.shape)
    except (TypeError, ValueError, ZeroDivisionError):
        return None


def _sums_hold(sums: Sums | None) -> bool:
    return sums is not None and sums.now[: len(sums.before)] == sums.before


# --- seal ------------------------------------------------------------------------------------------------


class Chain:
    """The seals one after the other: what of each was altered, and what it was."""

    def __init__(self, archive: Archive, seals: Sequence[Seal]) -> None:
        self._archive = archive
        self._left = {seal.number: seal for seal in seals}
        self._peaks = Peaks()
        self.seals: dict[int, Seal] = {}
        """Number → the seal as it was, as far as that can be told."""
        self.laid: dict[int, Laid] = {}
        """Number → what lies under it."""

    def faults(self) -> Iterator[str]:
        """Yield what of the seals is not what was written."""
        before: Seal | None = None
        whole = True
        for number in range(1, len(self._left) + 1):
            seal = self._left.pop(number, None)
            if seal is None and whole:
                seal = self._renumbered(number)
                if seal is not None:
                    yield _differs(seal, "number", seal.number, number)
                    seal = replace(seal, number=number)
            if seal is None:
                if any(left > number for left in self._left):
                    yield f"seal: seal {number} is missing"
                    whole = False
                continue
            self.laid[number] = lay(self._archive, number, seal.root)
            if whole:
                was = yield from self._altered(seal, before)
                whole = was is not None
                seal = was or seal
                self._peaks.add(seal_leaf(seal))
            self.seals[number] = before = seal
        for seal in self._left.values():
            yield f"seal: {named(seal)} is none of those that follow each other: it was slipped in"

    def _renumbered(self, number: int) -> Seal | None:
        for seal in self._left.values():
            if self._head(replace(seal, number=number)) == seal.head:
                return self._left.pop(seal.number)
        return None

    def _head(self, seal: Seal) -> str:
        return self._peaks.root_with(seal_leaf(seal)).hex()

    def _altered(self, seal: Seal, before: Seal | None) -> Generator[str, None, Seal | None]:
        """Yield what of a seal was altered; return it as it was, None where that cannot be told."""
        known = self._witnessed(seal, before)
        if self._head(seal) == seal.head:
            yield from (
                _differs(seal, name, getattr(seal, name), known[name]) for name in known if name == "before"
            )
            return seal
        after = self._left.get(seal.number + 1)
        if after is not None and after.before == self._head(seal):
            yield _differs(seal, "head", seal.head, after.before, "the seal behind it")
            return replace(seal, head=after.before)
        heads = {seal.head, after.before} if after is not None else {seal.head}
        tried = chain(
            ({name: known[name] for name in names} for n in range(1, 5) for names in combinations(known, n)),
            ({"what": what} for what in self._writers()),
            ({"sealed_at": moment} for moment in self._moments(before, after)),
        )
        for change in tried:
            was = replace(seal, **change)
            if (head := self._head(was)) in heads:
                yield from (
                    _differs(seal, name, getattr(seal, name), value) for name, value in change.items()
                )
                if head != seal.head:
                    yield _differs(seal, "head", seal.head, head, "the seal behind it")
                return replace(was, head=head)
        yield f"seal: {named(seal)}: {self._suspects(seal, after, known)} was changed: its head is not what the seals up to it make"
        return None

    def _witnessed(self, seal: Seal, before: Seal | None) -> dict[str, Any]:
        """Return field → what it must be, where it is something else and a witness tells it."""
        laid = self.laid[seal.number]
        versions = before.versions if before else 0
        must: dict[str, Any] = {
            "before": before.head if before else NONE_BEFORE,
            "root": laid.root,
            "leaves": laid.leaves,
            "versions": versions + laid.versions,
        }
        return {name: value for name, value in must.items() if value != getattr(seal, name)}

    def _writers(self) -> Iterator[str]:
        execute = self._archive.connection.execute
        for (crawl,) in execute("SELECT crawl_id FROM crawl"):
            yield from (f"crawl {crawl}", f"crawl {crawl} (killed)")
        for event, kind in execute("SELECT event_id, type FROM event"):
            yield f"event {event}: {kind}"
        yield from WRITERS

    def _moments(self, before: Seal | None, after: Seal | None) -> Iterator[str]:
        """Yield moments at which a seal may have been made: when a crawl ended, and between the seals beside it."""
        ends = self._archive.connection.execute(_ENDS).fetchall()
        for (end,) in ends:
            yield from _seconds(end, 5)
        if before is not None:
            for moment in _seconds(before.sealed_at, _SECONDS):
                if after is not None and moment > after.sealed_at:
                    return
                yield moment

    def _suspects(self, seal: Seal, after: Seal | None, known: Mapping[str, Any]) -> str:
        """Name the fields one of which was altered at least."""
        if known:
            return ", ".join(known)
        if after is not None and after.before == seal.head:
            return "what or sealed_at"
        ended = self._archive.connection.execute(_ENDED, {"what": seal.what, "at": seal.sealed_at}).fetchone()
        return "head" if ended else "head, what or sealed_at"


_ENDS = "SELECT finished_at FROM crawl WHERE finished_at IS NOT NULL UNION SELECT at FROM event"
_ENDED = """
SELECT 1 FROM (SELECT 'crawl ' || crawl_id AS what, finished_at AS at FROM crawl
  UNION ALL SELECT 'event ' || event_id || ': ' || type, at FROM event) w
WHERE w.what = :what AND abs(julianday(w.at) - julianday(:at)) < 1.0 / 1440
"""
"""A row says that this writer ended at that time."""


def _seconds(start: str, count: int) -> Iterator[str]:
    try:
        first = datetime.fromisoformat(start)
    except ValueError:
        return
    yield from (f"{first + timedelta(seconds=n):%Y-%m-%dT%H:%M:%SZ}" for n in range(count))


def _differs(seal: Seal, field: str, value: Any, was: Any, witness: str = "its head") -> str:
    return f"seal: {differs(named(seal), field, value, was, witness)}"


def named(seal: Seal) -> str:
    """Name a seal for people."""
    return f"seal {seal.number} ({seal.what}, {beijing_minute(seal.sealed_at)})"


# --- seal_part -------------------------------------------------------------------------------------------


def altered_parts(archive: Archive, seal: Seal, laid: Laid, whole: Collection[int]) -> dict[str, str]:
    """Return table → what of a seal's row of ``seal_part`` for it is not what was written; nothing where that is not all.

    ``whole``: the numbers of the seals whose rows are what was sealed.
    """
    number, here = seal.number, f"of what lies under {named(seal)}"
    stored = {table: part for table, (part, _) in laid.parts.items()}
    for table in stored:
        rest = [laid.parts[other] for other in stored if other != table]
        if root(_under(number, rest)).hex() == seal.root:
            return {table: f"seal_part: the row for {table} {here} was slipped in"}
    tried: list[dict[str, tuple[int, int]]] = []
    for trusted in (None, whole):
        ranges = {name: _range(archive, kind, number, trusted) for name, kind in KINDS.items()}
        tried += [ranges, {name: ranges[name] for name in stored}]
    tried.append({name: (part.first, part.last) for name, part in stored.items()})
    made: dict[tuple[str, tuple[int, int]], tuple[Part, list[bytes]]] = {}
    for ranges in [one for n, one in enumerate(tried) if one not in tried[:n]]:
        for name, span in ranges.items():
            if (name, span) not in made and all(isinstance(end, int) for end in span):
                made[name, span] = made_part(archive, KINDS[name], number, *span)
        parts = {
            name: made[name, ranges[name]]
            for name in KINDS
            if name in ranges and (name, ranges[name]) in made and made[name, ranges[name]][1]
        }
        if root(_under(number, parts.values())).hex() == seal.root:
            return _parts_differ(stored, {name: part for name, (part, _) in parts.items()}, here)
    return {}


def stray_parts(archive: Archive, newest: int) -> Iterator[str]:
    """Name rows of ``seal_part`` of no seal, or of no table that is sealed.  ``newest``: the number of the newest seal."""
    for seal, table in archive.connection.execute("SELECT seal, kind FROM seal_part ORDER BY seal, kind"):
        if not isinstance(seal, int) or not 1 <= seal <= newest:
            yield f"seal_part: the row for {table} of seal {seal} was slipped in: there is no seal {seal}"
        elif table not in KINDS:
            yield f"seal_part: the row for {table} of seal {seal} was slipped in: no rows of {table} are sealed"


def _parts_differ(stored: Mapping[str, Part], made: Mapping[str, Part], here: str) -> dict[str, str]:
    said = {
        name: f"seal_part: the row for {name} {here} was slipped in" for name in stored if name not in made
    }
    for name, part in made.items():
        if name not in stored:
            said[name] = f"seal_part: the row for {name} {here} is not there any more"
            continue
        columns = (
            ("first", "first"),
            ("last", "last"),
            ("leaves", "count"),
            ("locators", "locators"),
            ("fields", "fields"),
        )
        faults = [
            differs(column, column, getattr(stored[name], field), getattr(part, field), "its root").partition(
                ": "
            )[2]
            for column, field in columns
            if getattr(stored[name], field) != getattr(part, field)
        ]
        if faults:
            said[name] = f"seal_part: the row for {name} {here}: {'; '.join(faults)}"
    return said


def _range(archive: Archive, kind: Kind, number: int, trusted: Collection[int] | None) -> tuple[int, int]:
    """Return first and last of the new rows that a seal has by the seals beside it."""
    if not kind.counted:
        return 1, 0
    rows = archive.connection.execute(
        "SELECT seal, first, last FROM seal_part WHERE kind = ? AND seal <> ? AND typeof(first) = 'integer'"
        " AND typeof(last) = 'integer'",
        (kind.table, number),
    ).fetchall()
    rows = [row for row in rows if trusted is None or row[0] in trusted]
    first = 1 + max((last for seal, _, last in rows if seal < number), default=0)
    behind = min((first for seal, first, _ in rows if seal > number), default=None)
    return first, behind - 1 if behind is not None else max(newest_row(archive, kind), first - 1)
