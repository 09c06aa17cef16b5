"""Counting what thousands of hits are made of, fast enough for a page: each value is a set of bits in memory.

``archive.search.facets`` gives the same numbers out of the file, a few times slower on broad queries.
"""

import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from archive.model.article import Role, RoleGroup
from archive.search.query import Facets
from archive.store.archive import Archive

_MAKERS = tuple(role for role in Role if role.group is RoleGroup.CREATE)

Value = TypeVar("Value")
Bits = int
"""A set of article numbers: bit n stands for article n."""


@dataclass(frozen=True, slots=True)
class FacetIndex:
    """Which articles have which value."""

    size: int
    """One more than the highest article number."""
    sections: Mapping[str, Bits]
    sources: Mapping[str, Bits]
    years: Mapping[str, Bits]
    states: Mapping[str, Bits]
    pictured: Bits
    makers: Mapping[tuple[str, str], Bits]
    """(role, name) of who reported, wrote or took pictures."""

    @classmethod
    def read(cls, connection: sqlite3.Connection) -> "FacetIndex":
        """Read it out of an archive."""
        execute = connection.execute
        size = (execute("SELECT max(article_id) FROM article").fetchone()[0] or 0) + 1
        sets: list[_Sets[str]] = [_Sets(size) for _ in range(4)]
        rows = execute(
            "SELECT article_id, section, source, substr(published_on, 1, 4), status"
            " FROM article"  # along ix_article_facet, which holds all of these
        )
        for article_id, *values in rows:
            for found, value in zip(sets, values, strict=True):
                if value:
                    found.add(value, article_id)
        sections, sources, years, states = sets
        for article_id, name in execute(
            "SELECT t.article_id, s.name FROM article_section t JOIN section s ON s.section_id = t.section_id"
            " WHERE s.name <> ''"
        ):
            sections.add(name, article_id)
        pictured: _Sets[str] = _Sets(size)
        for (article_id,) in execute("SELECT DISTINCT article_id FROM image"):
            pictured.add("", article_id)
        makers: _Sets[tuple[str, str]] = _Sets(size)
        places = ", ".join("?" for _ in _MAKERS)
        for role, name, article_id in execute(
            f"SELECT role, name, article_id FROM credit WHERE role IN ({places})",
            _MAKERS,
        ):
            makers.add((role, name), article_id)
        return cls(
            size,
            sections.bits(),
            sources.bits(),
            years.bits(),
            states.bits(),
            pictured.bits().get("", 0),
            makers.bits(),
        )

    def count(self, ids: Iterable[int], *, limit: int) -> Facets:
        """Return what these articles are made of: of each property its ``limit`` most frequent values.

        Articles that came after the index was read are left out.
        """
        one: _Sets[str] = _Sets(self.size)
        for article_id in ids:
            if article_id < self.size:
                one.add("", article_id)
        hits = one.bits().get("", 0)
        pictured = (hits & self.pictured).bit_count()
        bare = hits.bit_count() - pictured
        makers = [
            (role, name, number)
            for (role, name), bits in self.makers.items()
            if (number := (hits & bits).bit_count())
        ]
        return Facets(
            sections=_most(self.sections, hits)[:limit],
            sources=_most(self.sources, hits)[:limit],
            years=tuple(sorted(_most(self.years, hits))),
            states=_most(self.states, hits),
            pictures=tuple((value, n) for value, n in (("有", pictured), ("无", bare)) if n),
            credits=tuple(sorted(makers, key=lambda row: (-row[2], row[1], row[0]))[:limit]),
        )


def _most(values: Mapping[str, Bits], hits: Bits) -> tuple[tuple[str, int], ...]:
    found = [(value, number) for value, bits in values.items() if (number := (hits & bits).bit_count())]
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))


class _Sets(Generic[Value]):
    """Sets of numbers while they grow."""

    def __init__(self, size: int) -> None:
        self._length = size // 8 + 1
        self._bytes: dict[Value, bytearray] = defaultdict(lambda: bytearray(self._length))

    def add(self, value: Value, number: int) -> None:
        self._bytes[value][number >> 3] |= 1 << (number & 7)

    def bits(self) -> dict[Value, Bits]:
        return {value: int.from_bytes(found, "little") for value, found in self._bytes.items()}


@dataclass(frozen=True, slots=True)
class ArchiveState:
    """Changes whenever the archive's file or its write-ahead log does."""

    file: int
    """Which file it is; another one was put in its place when this changes."""
    changed: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, path: Path) -> "ArchiveState":
        """Look at the files."""
        file, changed = 0, []
        for suffix in ("", "-wal"):
            try:
                status = Path(f"{path}{suffix}").stat()
            except OSError:
                continue
            changed.append((status.st_mtime_ns, status.st_size))
            if not suffix:
                file = status.st_ino
        return cls(file, tuple(changed))


class FacetIndexKeeper:
    """Holds the index of an archive, and reads it again when the archive has changed."""

    def __init__(self, max_staleness: float) -> None:
        self._max_staleness = max_staleness
        self._lock = Lock()
        self._read = 0.0
        self._state: ArchiveState | None = None
        self._index: FacetIndex | None = None
        self._withheld: frozenset[int] = frozenset()

    def of(self, archive: Archive, state: ArchiveState) -> tuple[FacetIndex, ArchiveState]:
        """Return the index and the state of the archive it was read from, which may lag behind ``state``.

        It never lags behind what is withheld from readers.
        """
        with self._lock:
            if (
                self._index is None
                or self._state is None
                or self._withheld != archive.withheld
                or self._is_stale(self._state, state)
            ):
                self._index = FacetIndex.read(archive.connection)
                self._withheld = archive.withheld
                self._state, self._read = state, time.monotonic()
            return self._index, self._state

    def _is_stale(self, known: ArchiveState, state: ArchiveState) -> bool:
        if known.file != state.file:
            return True
        return known != state and time.monotonic() - self._read >= self._max_staleness
