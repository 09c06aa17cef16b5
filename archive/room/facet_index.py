"""Counting what thousands of hits are made of, fast enough for a page: each value is a set of bits in memory.

``archive.search.facets`` gives the same numbers out of the file: faster for a few hits, far slower on broad queries.
"""

import json
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

from archive.model.article import Role, RoleGroup
from archive.search.query import Facets
from archive.store.archive import Archive

MAKERS = tuple(role for role in Role if role.group is RoleGroup.CREATE)
"""Who reported, wrote or took pictures."""
REVIEWERS = (
    *(Role.FIRST_REVIEW, Role.SECOND_REVIEW, Role.THIRD_REVIEW, Role.FINAL_REVIEW),
    *(Role.RESPONSIBLE_EDITOR, Role.EDITOR),
)
"""Who let it pass, a property each."""
COUNTED = (*MAKERS, *REVIEWERS)
"""Roles whose credits are counted."""

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
    credits: Mapping[tuple[str, str], Bits]
    """(role, name) of some roles."""
    roles: tuple[Role, ...]
    """Those roles."""

    @classmethod
    def read(cls, connection: sqlite3.Connection, roles: tuple[Role, ...] = COUNTED) -> "FacetIndex":
        """Read it out of an archive.  ``roles``: those whose credits are counted."""
        size = _size(connection)
        sets = partial(_sets, connection)
        return cls(
            size,
            sets("SELECT name, group_concat(article_id) FROM _in_section GROUP BY name"),
            sets("SELECT source, group_concat(article_id) FROM article GROUP BY source"),
            # by day: that is how the index has them
            sets(
                "SELECT substr(published_on, 1, 4), group_concat(article_id) FROM article GROUP BY published_on"
            ),
            sets("SELECT status, group_concat(article_id) FROM article GROUP BY status"),
            sets(
                "SELECT 1, group_concat(article_id) FROM (SELECT DISTINCT article_id FROM image) HAVING count(*)"
            ).get(1, 0),
            _credit_sets(connection, roles),
            roles,
        )

    def with_roles(self, connection: sqlite3.Connection, roles: tuple[Role, ...]) -> "FacetIndex":
        """Return the index with the credits of these roles too, those that it lacks as they are now."""
        missing = tuple(role for role in roles if role not in self.roles)
        if not missing:
            return self
        more = _credit_sets(connection, missing)
        return replace(self, credits={**self.credits, **more}, roles=(*self.roles, *missing))

    def count(self, ids: Iterable[int], *, limit: int) -> Facets:
        """Return what these articles are made of: of each property its ``limit`` most frequent values.

        Articles that came after the index was read are left out.
        """
        hits = _bits([article_id for article_id in ids if article_id < self.size], self.size)
        pictured = (hits & self.pictured).bit_count()
        states = _most(self.states, hits)
        bare = (
            sum(n for _, n in states) - pictured
        )  # of a restricted article neither state nor pictures are told
        credits = [
            (role, name, number)
            for (role, name), bits in self.credits.items()
            if (number := (hits & bits).bit_count())
        ]
        return Facets(
            sections=_most(self.sections, hits)[:limit],
            sources=_most(self.sources, hits)[:limit],
            years=tuple(sorted(_most(self.years, hits))),
            states=states,
            pictures=tuple((value, n) for value, n in (("有", pictured), ("无", bare)) if n),
            credits=tuple(sorted(credits, key=lambda row: (-row[2], row[1], row[0]))[:limit]),
        )


def _size(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(article_id), 0) FROM article").fetchone()[0]) + 1


def _sets(connection: sqlite3.Connection, sql: str, values: Sequence[str] = ()) -> dict[Any, Bits]:
    """Return value → articles of rows (value …, numbers by the thousand): a row for each costs several times that."""
    found: dict[Any, list[str]] = defaultdict(list)
    for *value, ids in connection.execute(sql, values):
        if value[-1]:
            found[value[0] if len(value) == 1 else tuple(value)].append(ids)
    size = _size(connection)  # as it is now: a crawl may have added to what was read a moment ago
    # a third of the time that split() and int() take
    return {value: _bits(json.loads(f"[{','.join(ids)}]"), size) for value, ids in found.items()}


def _credit_sets(connection: sqlite3.Connection, roles: Sequence[Role]) -> dict[tuple[str, str], Bits]:
    in_roles = f"role IN ({', '.join('?' for _ in roles)})"
    sql = f"SELECT role, name, group_concat(article_id) FROM credit WHERE {in_roles} GROUP BY role, name"
    return _sets(connection, sql, roles)


def _most(values: Mapping[str, Bits], hits: Bits) -> tuple[tuple[str, int], ...]:
    found = [(value, number) for value, bits in values.items() if (number := (hits & bits).bit_count())]
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))


def _bits(numbers: Sequence[int], size: int) -> Bits:
    """Return a set of numbers below ``size``; many are set as digits, which takes a third of the time."""
    if len(numbers) * _SPARSE < size:
        found = bytearray(size // 8 + 1)
        for number in numbers:
            found[number >> 3] |= 1 << (number & 7)
        return int.from_bytes(found, "little")
    digits = bytearray(b"0") * size
    for number in numbers:
        digits[number] = _ONE
    digits.reverse()
    return int(digits, 2)


_ONE = ord("1")
_SPARSE = 40
"""Of so many articles one has the value: then the digits cost more than they save."""


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

    def of(
        self, archive: Archive, state: ArchiveState, roles: tuple[Role, ...] = ()
    ) -> tuple[FacetIndex, ArchiveState]:
        """Return the index and the state of the archive it was read from, which may lag behind ``state``.

        It never lags behind what is withheld from readers.  ``roles``: what it has to count beside ``MAKERS``.
        """
        with self._lock:
            if (
                self._index is None
                or self._state is None
                or self._withheld != archive.withheld
                or self._is_stale(self._state, state)
            ):
                self._index = FacetIndex.read(archive.connection, MAKERS)
                self._withheld = archive.withheld
                self._state, self._read = state, time.monotonic()
            self._index = self._index.with_roles(archive.connection, roles)
            return self._index, self._state

    def _is_stale(self, known: ArchiveState, state: ArchiveState) -> bool:
        if known.file != state.file:
            return True
        return known != state and time.monotonic() - self._read >= self._max_staleness
