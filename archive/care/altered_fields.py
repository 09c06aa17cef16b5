"""Names of the fields of a row that were altered, and of the rows within it: ``credit 4 name (三审 林知微; it was “乔安”)``."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from archive.care.findings import short
from archive.seal.inner import Altered, Edit, altered, with_former
from archive.seal.leaves import Sums
from archive.store.archive import Archive
from archive.store.sealed_rows import Kind, Within
from archive.store.seals import Leaf

_KNOWN = 20_000
"""Values of a column that are tried for one that was there before."""


def altered_field(archive: Archive, kind: Kind, leaf: Leaf, sums: Sums, number: int) -> str:
    """Name a field (from 0) of a row, or the row within it that was altered and its columns."""
    name = kind.fields[number]
    held = kind.within.get(name)
    if held is None or leaf.row is None:
        return name
    shape = kind.shape
    inner = next(inner for inner in shape.inner if inner.field == number)
    both = sums.of(shape, inner)
    cell = leaf.row.cells[2 + number - shape.plain]
    found = None if both is None else altered(*both, cell, inner, _known_keys(archive, held))
    if both is None or found is None:
        return _rows(archive, kind, held, leaf.id, cell)
    if found.edit is Edit.CHANGED and len(found.columns) == 1:
        found = with_former(found, *both, inner, _known(archive, held, held.columns[found.columns[0]]))
    return _inner(held, found)


def _known_keys(archive: Archive, held: Within) -> list[tuple[bytes, ...]]:
    return [tuple(map(_json, row)) for row in archive.connection.execute(held.known)]


def _known(archive: Archive, held: Within, column: str) -> Iterator[bytes]:
    rows = archive.connection.execute(f"SELECT DISTINCT {column} FROM {held.table} LIMIT {_KNOWN}")
    yield from (_json(value) for (value,) in rows)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode(errors="surrogatepass")


def _inner(held: Within, found: Altered) -> str:
    """Name a row within a row: ``credit 4 name (三审 林知微; it was “乔安”)``."""
    name = _name(held, found.key)
    shown = " ".join(_text(found.row[held.columns.index(column)]) for column in held.shown if found.row)
    notes = [shown] if shown else []
    if found.edit is Edit.REMOVED:
        notes.append("not there any more")
    elif found.edit is Edit.ADDED:
        notes.append("slipped in")
    if found.was is not None:
        notes.append(f"it was {_old(held, found)}")
    columns = ", ".join(f"{name} {held.columns[column]}" for column in found.columns) or name
    return f"{columns} ({'; '.join(notes)})" if notes else columns


def _name(held: Within, key: Iterable[bytes]) -> str:
    values = [json.loads(value) for value in key]
    if held.keys == 1:
        return f"{held.table} {values[0]}"
    return f"{held.table} {' '.join('all' if value is None else str(value) for value in values)}"


def _text(value: bytes) -> str:
    return str(json.loads(value.decode(errors="replace")) or "")


def _old(held: Within, found: Altered) -> str:
    assert found.was is not None
    if found.columns[-1] < held.keys:
        return _name(held, _values(found.was)).partition(" ")[2]
    return short(json.loads(found.was.decode(errors="replace")))


def _values(text: bytes) -> list[bytes]:
    return [_json(value) for value in json.loads(b"[" + text + b"]")]


def _rows(archive: Archive, kind: Kind, held: Within, number: int, cell: bytes) -> str:
    """Name rows of which more than one was altered, as far as the article's version tells them."""
    if held.told is None:
        return f"{held.table} (rows)"
    found = archive.connection.execute(
        f"SELECT v.{held.told} FROM article a JOIN article_version v ON v.article_id = a.article_id"
        " AND v.number = a.version WHERE a.article_id = ?",
        (number,),
    ).fetchone()
    try:
        said: list[Any] = json.loads(found[0])
        rows = json.loads(cell)
        names = [
            f"{held.table} {number} {held.columns[place]} ({short(values[place])}, by its version {short(value)})"
            for (number, *_), values, told in zip(rows, rows, said, strict=False)
            for place, value in enumerate(told, 1)
            if values[place] != value
        ]
        if len(rows) != len(said):
            there = {row[0] for row in rows}
            gone = [n for n in range(1, len(said) + 1) if n not in there]
            names = [f"{held.table} {n} (not there any more)" for n in gone]
            names += [f"{held.table} {n} (slipped in)" for n in sorted(there) if n > len(said)]
    except (TypeError, ValueError, IndexError):
        names = []
    return ", ".join(names) or f"{held.table} (rows)"
