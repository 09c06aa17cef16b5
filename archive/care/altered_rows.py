"""Which rows under a seal that fails are no longer what was sealed: table, key and field, and what stood there before."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import NamedTuple

from archive.care.altered_fields import altered_field
from archive.care.altered_seals import named, sums_of
from archive.care.findings import SHOWN
from archive.seal.heads import Seal
from archive.seal.leaves import BLOCK, aligned, leaf, located
from archive.store.archive import Archive
from archive.store.sealed_rows import KINDS, Kind
from archive.store.seals import Leaf, Part, leaves_of, unsealed

_FLAGGED = 200
"""Rows of a table that are tried for one that ``seal_former`` has lost."""


class Place(NamedTuple):
    """A leaf that is not the one that was sealed in its place."""

    sealed: int | None
    """Its place among the sealed; None: nothing was sealed here."""
    found: Leaf | None
    is_former: bool
    """Behind the new rows: a state to which a row of an older seal came."""
    locator: bytes
    """Of the leaf that was sealed."""


@dataclass(frozen=True, slots=True)
class Compared:
    """The leaves of one table under a seal beside those that were sealed."""

    seal: Seal
    part: Part
    places: list[Place]
    """Those that are not what was sealed."""
    found: list[Leaf]
    beside: Mapping[int, int | None]
    """Place among the sealed → place among those found."""


def compared(archive: Archive, part: Part, seal: Seal) -> Compared:
    """Lay the rows of a table beside what a seal says."""
    kind = part.kind
    found = [*leaves_of(archive, part, seal.number)]
    formers = 0
    if kind.changes:
        sql = "SELECT count(*) FROM seal_former WHERE seal = ? AND kind = ?"
        formers = archive.connection.execute(sql, (seal.number, kind.table)).fetchone()[0]
    new = len(found) - formers  # that are there now
    is_whole = part.last < part.first or new == part.last - part.first + 1
    sealed_new = new if is_whole and kind.changes else part.count - formers
    sealed = located(part.locators)
    places = []
    beside: dict[int, int | None] = {}
    for at, there, same in aligned(part.locators, [one.hash for one in found]):
        if at is not None:
            beside[at] = there
        if not same:
            is_former = there >= new if at is None and there is not None else (at or 0) >= sealed_new
            one = None if there is None else found[there]
            places.append(Place(at, one, is_former, b"" if at is None else sealed[at]))
    return Compared(seal, part, [*_apart(places)], found, beside)


def _apart(places: Sequence[Place]) -> Iterator[Place]:
    """Take apart what stands in one place by chance, behind the new rows: one row more or less shifts the others."""
    found = Counter(place.found.hash[:2] for place in places if place.is_former and place.found is not None)
    sealed = Counter(place.locator for place in places if place.is_former and place.sealed is not None)
    both = found & sealed
    left, right = both.copy(), both.copy()
    for place in places:
        if not place.is_former:
            yield place
            continue
        if place.sealed is not None:
            if left[place.locator]:
                left[place.locator] -= 1
            else:
                yield place._replace(found=None)
        if place.found is not None:
            if right[place.found.hash[:2]]:
                right[place.found.hash[:2]] -= 1
            else:
                yield place._replace(sealed=None, locator=b"")


# --- rows of seal_former -----------------------------------------------------------------------------------


class Lost(NamedTuple):
    """A row of ``seal_former`` that is not there any more."""

    id: int
    locator: bytes
    """Of the leaf that it made: of the state to which the row came."""


LostRows = Mapping[tuple[str, int], Sequence[Lost]]
"""Table and number of the seal → what ``seal_former`` has lost there."""


def lost_formers(archive: Archive, failing: Iterable[Compared]) -> LostRows:
    """Find rows that ``seal_former`` has lost: a sealed state is missing, and some row that fails elsewhere is in it."""
    flagged: dict[str, set[int]] = defaultdict(set)
    missing: list[tuple[str, int, bytes]] = []
    for one in failing:
        table = one.part.kind.table
        for place in one.places:
            if place.found is not None and len(flagged[table]) < _FLAGGED:
                flagged[table].add(place.found.id)
            if place.is_former and place.sealed is not None:
                missing.append((table, one.seal.number, place.locator))
    if not missing:
        return {}
    for table, number in archive.connection.execute(_STRAY, {"most": _FLAGGED}):
        flagged[table].add(number)
    for table in {table for table, *_ in missing if not KINDS[table].counted}:
        flagged[table].update(islice(unsealed(archive, KINDS[table]), _FLAGGED))
    lost: dict[tuple[str, int], list[Lost]] = defaultdict(list)
    states = {
        table: {n: _states(archive, KINDS[table], n) for n in ids}
        for table, ids in flagged.items()
        if table in KINDS
    }
    for table, seal, locator in missing:
        for number, hashes in states[table].items() if table in states else ():
            if locator in hashes and not _has_former(archive, table, number, seal):
                lost[table, seal].append(Lost(number, locator))
                break
    return lost


_STRAY = """
SELECT kind, id FROM seal_former f WHERE NOT EXISTS (SELECT 1 FROM seal_part p WHERE p.seal = f.seal AND p.kind = f.kind)
LIMIT :most
"""
"""Rows whose seal says nothing of their table."""


_NOT_THERE = """
SELECT id, seal, leaf FROM seal_former f WHERE kind = ? AND seal <> 0 AND (leaf IS NOT NULL OR fields <> '')
  AND NOT EXISTS (SELECT 1 FROM seal_former b WHERE b.kind = f.kind AND b.id = f.id AND b.seal <> 0 AND b.seal < f.seal)
"""
"""First changes of rows that say what was there before, where rows are not counted."""


def _states(archive: Archive, kind: Kind, number: int) -> set[bytes]:
    kept = archive.connection.execute(
        "SELECT leaf FROM seal_former WHERE kind = ? AND id = ? AND leaf IS NOT NULL", (kind.table, number)
    )
    hashes = {str(text)[:4] for (text,) in kept} | {leaf(kind.row(archive.connection, number)).hex()[:4]}
    return {
        bytes.fromhex(text)
        for text in hashes
        if len(text) == 4 and all(c in "0123456789abcdef" for c in text)
    }


def _has_former(archive: Archive, table: str, number: int, seal: int) -> bool:
    sql = "SELECT 1 FROM seal_former WHERE kind = ? AND id = ? AND seal = ?"
    return archive.connection.execute(sql, (table, number, seal)).fetchone() is not None


def stray_formers(archive: Archive, parts_told: Collection[tuple[str, int]]) -> Iterator[str]:
    """Name rows of ``seal_former`` that no writer wrote so, whatever the leaves say.

    ``parts_told``: table and number of the seals of which was told that ``seal_part`` is wrong.
    """
    sql = (
        "SELECT kind, id, seal, EXISTS (SELECT 1 FROM seal_part p WHERE p.seal = f.seal AND p.kind = f.kind)"
        " FROM seal_former f WHERE seal <> 0 ORDER BY kind, id"
    )
    for table, number, seal, has_part in archive.connection.execute(sql):
        if table not in KINDS or not KINDS[table].changes:
            yield f"{_former(table, number, seal)} was slipped in: no writer changes a row of {table}"
        elif not has_part and (table, seal) not in parts_told:
            yield f"{_former(table, number, seal)} was slipped in: seal {seal} says nothing of {table}"
    for kind in (kind for kind in KINDS.values() if not kind.counted):
        for number, seal, kept in archive.connection.execute(_NOT_THERE, (kind.table,)):
            field = "fields" if kept is None else "leaf"
            yield f"{_former(kind.table, number, seal)}: {field} is not empty: the row was not there before"


def odd_formers(archive: Archive, part: Part, seal: Seal, block: int) -> str:
    """Name the rows of ``seal_former`` one of whose sums are not those that were sealed, while their leaves are."""
    found = [*leaves_of(archive, part, seal.number)][block * BLOCK : (block + 1) * BLOCK]
    rows = [_former(part.kind.table, one.id, one.former) for one in found if one.row is None]
    which = "" if len(rows) == 1 else "one of "
    return f"{which}{', '.join(rows[:SHOWN])}: fields is not what {named(seal)} says"


def _former(table: str, number: int, seal: int) -> str:
    return f"seal_former: the row of {table} {number} for seal {seal}"


# --- rows --------------------------------------------------------------------------------------------------


def altered_rows(archive: Archive, one: Compared, lost: LostRows) -> Iterator[str]:
    """Name what of the rows of one table is not what a seal says."""
    kind, seal = one.part.kind, one.seal
    table = kind.table
    gone = [*lost.get((table, seal.number), ())]
    explained = {
        (state.id, state.locator) for (name, _), states in lost.items() if name == table for state in states
    }
    for state in gone:
        yield f"{_former(table, state.id, seal.number)} is not there any more"
    for place in one.places:
        found = place.found
        if place.is_former:
            continue
        if found is None:
            yield _missing(one, place)
        elif (found.id, found.hash[:2]) in explained:
            continue  # the row is right, and the leaf that it had is lost
        elif place.sealed is None:
            yield f"{row_name(archive, kind, found.id)} was slipped in under {named(seal)}"
        else:
            yield _differs(archive, one, place.sealed, found)
    here = {state.locator for state in gone}
    formers = [place for place in one.places if place.is_former]
    left = [place.sealed for place in formers if place.sealed is not None and place.locator not in here]
    for sealed, found in zip_longest(left, (place.found for place in formers if place.found is not None)):
        if found is None:
            yield f"seal_former: a row of {table} for seal {seal.number} is not there any more"
        elif sealed is None:
            yield f"{_former(table, found.id, seal.number)} was slipped in"
        else:
            yield _differs(archive, one, sealed, found)


def _differs(archive: Archive, one: Compared, sealed: int, found: Leaf) -> str:
    kind, seal = one.part.kind, one.seal
    if found.row is None:
        return f"{_former(kind.table, found.id, found.former)}: leaf is not what {named(seal)} says"
    if not found.row.is_there:
        return f"{kind.table}: row {found.id} under {named(seal)} is not there any more"
    return _altered(archive, one, sealed, found)


def _missing(one: Compared, place: Place) -> str:
    table, seal = one.part.kind.table, one.seal
    assert place.sealed is not None
    left = right = place.sealed
    while one.beside.get(left - 1, -1) is None:
        left -= 1
    while one.beside.get(right + 1, -1) is None:
        right += 1
    low, high = one.part.first - 1, one.part.last + 1
    if (before := one.beside.get(left - 1)) is not None:
        low = one.found[before].id
    if (behind := one.beside.get(right + 1)) is not None and one.found[behind].id > low:
        high = one.found[behind].id
    is_known = high - low - 1 == right - left + 1
    name = f"row {low + 1 + place.sealed - left}" if is_known else f"one of the rows {low + 1} to {high - 1}"
    return f"{table}: {name} under {named(seal)} is not there any more"


def _altered(archive: Archive, one: Compared, sealed: int, found: Leaf) -> str:
    """Name a row that is there and not what was sealed, and its fields."""
    kind = one.part.kind
    block = sealed // BLOCK
    rows = [
        one.found[at].row or one.found[at].sums
        for place in range(block * BLOCK, (block + 1) * BLOCK)
        if (at := one.beside.get(place)) is not None
    ]
    sums = None
    if None not in [one.beside.get(place, -1) for place in range(block * BLOCK, (block + 1) * BLOCK)]:
        cells = [row if isinstance(row, str) else row.cells for row in rows]
        sums = sums_of(one.part, block, cells)
    names = (
        []
        if sums is None
        else [altered_field(archive, kind, found, sums, n) for n in sums.altered(kind.shape)]
    )
    said = f": {', '.join(names)}" if names else ""
    return f"{row_name(archive, kind, found.id)}{said} is not what {named(one.seal)} says"


def row_name(archive: Archive, kind: Kind, number: int) -> str:
    """Name a row for people: its table and number, and the article that it belongs to."""
    name = f"{kind.table} {number}"
    if kind.table == "article_version":
        found = archive.connection.execute(
            "SELECT article_id, number FROM article_version WHERE version_id = ?", (number,)
        ).fetchone()
        return f"{name} (article {found[0]}, version {found[1]})" if found else name
    return name
