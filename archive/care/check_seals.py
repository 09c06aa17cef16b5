"""Checks of the seals: every sealed row is what it was, no row was taken out or slipped in, no seal is forged."""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from archive.care.findings import RESTORE, SHOWN, Found, Level, Scope
from archive.seal.heads import NONE_BEFORE, Seal, heads
from archive.seal.leaves import BLOCK, aligned, altered_fields
from archive.seal.tree import leaf_hash, root
from archive.store.archive import Archive
from archive.store.errors import ArchiveError
from archive.store.sealed_rows import CREDIT, KINDS, Kind
from archive.store.seals import NO_WRITER, Leaf, Part, hashes_of, leaves_of, read_parts, read_seals, unsealed

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
    try:
        yield from _chain(seals)
        for seal in seals:
            yield from _under(archive, seal)
        yield from _unsealed(archive, bool(seals))
    except (TypeError, ValueError) as error:  # a number where a digest belongs, half a digest
        yield Level.FAULT, f"seal, seal_part or seal_former holds what no writer wrote: {error}", RESTORE
    yield from _against(seals, scope.against)


def _chain(seals: Sequence[Seal]) -> Found:
    """Seals follow each other, and each head is over those before it."""
    before = NONE_BEFORE
    for number, (seal, head) in enumerate(zip(seals, heads(seals), strict=True), 1):
        if seal.number != number:
            yield Level.FAULT, f"seal: seal {number} is missing", RESTORE
            return
        if seal.before != before:
            yield Level.FAULT, f"seal: {_named(seal)}: before is not the head of the seal before it", RESTORE
            return
        if seal.head != head:
            what = f"seal: {_named(seal)}: head is not what the seals up to it make; one of them was changed"
            yield Level.FAULT, what, RESTORE
            return
        before = seal.head


def altered_rows(archive: Archive) -> frozenset[tuple[str, int]]:
    """Return (table, number) of the rows that are not what was sealed: what a reparse puts right again."""
    return frozenset(
        (part.kind.table, found[there].id)
        for seal in read_seals(archive)
        if not _holds(archive, seal, parts := read_parts(archive, seal.number))
        for part in parts
        for found in [[*leaves_of(archive, part, seal.number)]]
        for _, there, same in aligned(part.locators, [leaf.hash for leaf in found])
        if there is not None and not same
    )


def _holds(archive: Archive, seal: Seal, parts: Sequence[Part]) -> bool:
    leaves: list[bytes] = []
    for part in parts:
        leaves += hashes_of(archive, part, seal.number)
        leaves.append(leaf_hash(part.data(seal.number)))
    return root(leaves).hex() == seal.root and len(leaves) == seal.leaves


def _under(archive: Archive, seal: Seal) -> Found:
    parts = read_parts(archive, seal.number)
    if _holds(archive, seal, parts):
        if seal.what == NO_WRITER:
            yield from _no_writer(parts, seal)
        return
    right = True
    for part in parts:
        faults = [*islice(_altered(archive, part, seal), SHOWN + 1)]
        right = right and not faults
        for what in faults[:SHOWN]:
            yield Level.FAULT, what, _CHANGED
        if len(faults) > SHOWN:
            what = f"more rows of {part.kind.table} under {_named(seal)} are not what was sealed"
            yield Level.FAULT, what, _CHANGED
    if right:
        what = f"what lies under {_named(seal)} is not what was sealed: a row of seal_part or seal_former was changed"
        yield Level.FAULT, what, _CHANGED


_CHANGED = f"it was changed by hand; {RESTORE}"


def _no_writer(parts: Sequence[Part], seal: Seal) -> Found:
    for part in parts:
        numbers = f"{part.first} to {part.last}" if part.last > part.first else f"{part.last}"
        rows = f"rows {numbers}" if part.last >= part.first else "rows"
        what = f"{part.kind.table}: {rows} came in by hand, or from another program, before {seal.sealed_at}; seal {seal.number} took them"
        yield Level.NOTE, what, "look who wrote them"


def _altered(archive: Archive, part: Part, seal: Seal) -> Iterator[str]:
    """Yield what of the rows of one table is not what a seal says."""
    kind = part.kind
    found = list(leaves_of(archive, part, seal.number))
    places = list(aligned(part.locators, [leaf.hash for leaf in found]))
    beside = {sealed: leaf for sealed, leaf, _ in places if sealed is not None}
    changed = archive.connection.execute(
        "SELECT count(*) FROM seal_former WHERE seal = ? AND kind = ?", (seal.number, kind.table)
    ).fetchone()[0]
    new = part.count - changed
    dense = part.last - part.first + 1 == new
    for sealed, there, same in places:
        if same:
            continue
        if there is None:
            assert sealed is not None
            name = f"row {part.first + sealed}" if dense and sealed < new else "a row"
            yield f"{kind.table}: {name} under {_named(seal)} is not there any more"
        elif sealed is None:
            yield f"{_row(archive, kind, found[there].id)} was slipped in under {_named(seal)}"
        else:
            block = sealed // BLOCK
            rows = [
                found[at] if at is not None else None
                for place in range(block * BLOCK, (block + 1) * BLOCK)
                if (at := beside.get(place, -1)) != -1
            ]
            yield _altered_row(archive, part, block, rows, found[there], seal)


def _altered_row(
    archive: Archive, part: Part, block: int, rows: Sequence[Leaf | None], leaf: Leaf, seal: Seal
) -> str:
    kind = part.kind
    names: list[str] = []
    if leaf.row is not None and not leaf.row.is_there:
        return f"{kind.table}: row {leaf.id} under {_named(seal)} is not there any more"
    if None not in rows:
        known = [row.row.cells if row.row else row.sums for row in rows if row is not None]
        fields = altered_fields(part.fields, block, known, len(kind.plain), len(kind.fields))
        names = [kind.fields[field] for field in fields]
    if kind.table == "article" and "credits" in names:
        names[names.index("credits")] = _credits(archive, leaf.id)
    said = f": {', '.join(names)}" if names else ""
    return f"{_row(archive, kind, leaf.id)}{said} is not what {_named(seal)} says"


def _credits(archive: Archive, article: int) -> str:
    """Name the rows of ``credit`` that are not what the article's version says."""
    rows = archive.connection.execute(
        f"SELECT {', '.join(CREDIT)} FROM credit WHERE article_id = ? ORDER BY seq", (article,)
    ).fetchall()
    version = archive.connection.execute(
        "SELECT v.credits FROM article a JOIN article_version v ON v.article_id = a.article_id AND v.number = a.version"
        " WHERE a.article_id = ?",
        (article,),
    ).fetchone()
    try:
        said: list[Any] = json.loads(version[0])
    except (TypeError, ValueError):
        said = []
    if len(said) != len(rows):
        return "credit (rows)"
    names = [
        f"credit {row[0]} {CREDIT[place]}"
        for row, credit in zip(rows, said, strict=True)
        for place, value in enumerate(credit, 1)
        if row[place] != value
    ]
    return ", ".join(names) or "credit"


def _row(archive: Archive, kind: Kind, number: int) -> str:
    """Name a row for people: its table and number, and the article that it belongs to."""
    name = f"{kind.table} {number}"
    if kind.table == "article_version":
        found = archive.connection.execute(
            "SELECT article_id, number FROM article_version WHERE version_id = ?", (number,)
        ).fetchone()
        return f"{name} (article {found[0]}, version {found[1]})" if found else name
    return name


def _unsealed(archive: Archive, sealed: bool) -> Found:
    """No row is under no seal, but of a crawl that runs or was killed."""
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
            what = f"{rows} rows are under no seal yet: crawl {running} runs, or was killed"
            yield Level.NOTE, what, "nothing; its end seals them, or the next crawl"
        return
    for kind, number in pending[:SHOWN]:
        what = f"{kind} {number} was changed, and no writer of zhijiang has sealed that"
        yield Level.FAULT, what, _CHANGED
    for kind in KINDS.values():
        for place, number in enumerate(unsealed(archive, kind)):
            if place >= SHOWN:
                yield Level.FAULT, f"more rows of {kind.table} are under no seal", _SLIPPED_IN
                break
            yield Level.FAULT, f"{_row(archive, kind, number)} is under no seal", _SLIPPED_IN


_SLIPPED_IN = "no writer of zhijiang wrote it; take it out, or look who wrote it"


def _against(seals: Sequence[Seal], kept: Sequence[str]) -> Found:
    """Every head that was kept outside is one of the archive's."""
    known = {seal.head for seal in seals}
    for head in kept:
        if head not in known:
            what = (
                f"no seal of this archive has the head {head}: seals were cut off or made anew, rows with them,"
                " or the head is of another archive"
            )
            yield Level.FAULT, what, "compare with a copy that was made when the head was kept"


def _named(seal: Seal) -> str:
    return f"seal {seal.number} ({seal.what}, {seal.sealed_at})"
