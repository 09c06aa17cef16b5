"""Checks of the seals: every sealed row is what it was, no row was taken out or slipped in, no seal is forged."""

from collections.abc import Collection, Sequence
from itertools import chain, islice
from pathlib import Path

from archive.care.altered_rows import (
    altered_rows,
    compared,
    lost_formers,
    odd_formers,
    row_name,
    stray_formers,
)
from archive.care.altered_seals import Chain, altered_parts, lay, named, stray_parts
from archive.care.findings import RESTORE, SHOWN, Found, Level, Scope, first
from archive.model.wording import plural
from archive.seal.heads import Seal
from archive.store.archive import Archive
from archive.store.errors import ArchiveError
from archive.store.sealed_rows import KINDS
from archive.store.seals import NO_WRITER, Part, read_seals, unsealed
from archive.times import beijing_minute

NOT_SEALED = (
    "last_seen_at, last_look_at and status of article; date_raw, page, position, last_crawl and last_seen_at of listing;"
    " reason, looks and last_look_at of absence; all of section but its address; failure, held, same_text, trouble,"
    " media_address, role, data_dictionary"
)
"""What no seal covers: crawls write it again and again, or other rows tell it."""


def sealed_since(path: Path) -> str:
    """Return when the first seal was made, which says nothing of what was before: UTC; "" where none can be read."""
    try:
        with Archive.read(path) as archive:
            found = archive.connection.execute("SELECT min(sealed_at) FROM seal").fetchone()
            return str(found[0] or "")
    except ArchiveError:
        return ""


def check_seals(archive: Archive, scope: Scope) -> Found:
    """What lies under every seal is what was sealed, and the heads that were kept outside are among them."""
    seals = read_seals(archive)
    altered = 0
    try:
        chained = Chain(archive, seals)
        for what in chained.faults():
            altered = altered or 1
            yield Level.FAULT, what, RESTORE
        altered = altered or next(
            (number for number, seal in chained.seals.items() if chained.laid[number].root != seal.root), 0
        )
        told: set[tuple[str, int | None]] = set()
        yield from _under(archive, chained, told)
        yield from _unsealed(archive, bool(seals), told)
    except (TypeError, ValueError) as error:  # a number where a digest belongs, half a digest
        altered = 1
        yield Level.FAULT, f"seal, seal_part or seal_former holds what no writer wrote: {error}", RESTORE
    yield from _against(seals, scope.against, altered)


def sealed_otherwise(archive: Archive) -> frozenset[tuple[str, int]]:
    """Return (table, number) of the rows that are not what was sealed: what a reparse puts right again."""
    return frozenset(
        (part.kind.table, place.found.id)
        for seal in read_seals(archive)
        if (laid := lay(archive, seal.number, seal.root)).root != seal.root
        for part, _ in laid.parts.values()
        for place in compared(archive, part, seal).places
        if place.found is not None
    )


def _under(archive: Archive, chained: Chain, told: set[tuple[str, int | None]]) -> Found:
    """What lies under each seal is what was sealed.

    ``told``: takes the rows (table, number; None for all of them) that are under no seal only because a row of
    ``seal_part`` or ``seal_former`` was altered.
    """
    whole = {number for number, seal in chained.seals.items() if chained.laid[number].root == seal.root}
    failing: list[tuple[Seal, list[Part]]] = []
    parts_told: set[tuple[str, int]] = set()
    for number, seal in chained.seals.items():
        laid = chained.laid[number]
        if number in whole:
            if seal.what == NO_WRITER:
                yield from _no_writer([part for part, _ in laid.parts.values()], seal)
            for table, block in laid.odd:
                yield Level.FAULT, odd_formers(archive, laid.parts[table][0], seal, block), _CHANGED
        elif said := altered_parts(archive, seal, laid, whole):
            parts_told.update((table, number) for table in said)
            yield from ((Level.FAULT, what, _CHANGED) for what in said.values())
        else:
            failing.append((seal, [part for part, _ in laid.parts.values()]))
    told |= {(table, None) for table, _ in parts_told}
    strays = chain(stray_parts(archive, max(chained.seals, default=0)), stray_formers(archive, parts_told))
    yield from first(((Level.FAULT, what, _CHANGED) for what in strays), "rows of seal_part and seal_former")
    changing = ((part, seal) for seal, parts in failing for part in parts if part.kind.changes)
    lost = lost_formers(archive, (compared(archive, *one) for one in changing))
    told |= {(table, state.id) for (table, _), states in lost.items() for state in states}
    for seal, parts in failing:
        right = True
        for part in parts:
            one = compared(archive, part, seal)
            faults = [*islice(altered_rows(archive, one, lost), SHOWN + 1)]
            right = right and not (faults or one.places)
            for what in faults[:SHOWN]:
                yield Level.FAULT, what, _CHANGED
            if len(faults) > SHOWN:
                what = f"more rows of {part.kind.table} under {named(seal)} are not what was sealed"
                yield Level.FAULT, what, _CHANGED
        if right:
            what = f"what lies under {named(seal)} is not what was sealed: a row of seal_part or seal_former was changed"
            yield Level.FAULT, what, _CHANGED


_CHANGED = f"it was changed by hand; {RESTORE}"


def _no_writer(parts: Sequence[Part], seal: Seal) -> Found:
    for part in parts:
        numbers = f"{part.first} to {part.last}" if part.last > part.first else f"{part.last}"
        rows = f"rows {numbers}" if part.last >= part.first else "rows"
        what = f"{part.kind.table}: {rows} came in by hand, or from another program, before {beijing_minute(seal.sealed_at)}; seal {seal.number} took them"
        yield Level.NOTE, what, "look who wrote them"


def _unsealed(archive: Archive, sealed: bool, told: Collection[tuple[str, int | None]]) -> Found:
    """No row is under no seal, but of a crawl that runs or was killed, and those of which was told why."""
    execute = archive.connection.execute
    running = execute("SELECT max(crawl_id) FROM crawl WHERE outcome = 'running'").fetchone()[0]
    if not sealed:
        if running is None and any(execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone() for name in KINDS):
            what = "nothing is sealed yet: the archive is older than seals, or all seals were taken out"
            advice = "the next crawl seals it; zhijiang check --against HEAD tells a seal that was taken out"
            yield Level.NOTE, what, advice
        return
    pending = archive.connection.execute("SELECT kind, id FROM seal_former WHERE seal = 0").fetchall()
    if running is not None:
        rows = sum(1 for kind in KINDS.values() for _ in unsealed(archive, kind)) + len(pending)
        if rows:
            what = f"{rows} {plural(rows, 'rows are', 'row is')} under no seal yet: crawl {running} runs, or was killed"
            yield Level.NOTE, what, "nothing; its end seals them, or the next crawl"
        return
    for kind, number in pending[:SHOWN]:
        what = f"{kind} {number} was changed, and no writer of zhijiang has sealed that"
        yield Level.FAULT, what, _CHANGED
    for name, kind in KINDS.items():
        if (name, None) in told:
            continue
        for place, number in enumerate(n for n in unsealed(archive, kind) if (name, n) not in told):
            if place >= SHOWN:
                yield Level.FAULT, f"more rows of {kind.table} are under no seal", _SLIPPED_IN
                break
            yield Level.FAULT, f"{row_name(archive, kind, number)} is under no seal", _SLIPPED_IN


_SLIPPED_IN = "no writer of zhijiang wrote it; take it out, or look who wrote it"


def _against(seals: Sequence[Seal], kept: Sequence[str], altered: int) -> Found:
    """Every head that was kept outside is one of the archive's.

    ``altered``: the first seal under which something is not what was sealed, 0 = none.
    """
    known = {seal.head: seal.number for seal in seals}
    for head in kept:
        if head not in known:
            what = (
                f"no seal of this archive has the head {head}: seals were cut off or made anew, rows with them,"
                " or the head is of another archive"
            )
            yield Level.FAULT, what, "compare with a copy that was made when the head was kept"
        elif altered and altered <= known[head]:
            what = f"the archive has the seal with the head {head}, but not all that was sealed until then is as it was"
            yield Level.FAULT, what, "what is not stands above"
