"""What an archive knows, as a set of keys that is asked and not read: an archive may hold millions."""

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any

from archive.store.archive import Archive
from archive.store.errors import clear_errors


class Known(Set[str]):
    """The keys that a query finds, as long as the archive is open.

    To ask for one takes a look into an index; to count or list them reads them all.  Raises ``ArchiveError``.
    """

    def __init__(self, archive: Archive, sql: str, values: Mapping[str, Any]) -> None:
        """Take a SELECT of one column, ``key``, and its named values."""
        self._archive = archive
        self._sql = sql
        self._values = values

    def __contains__(self, key: object) -> bool:
        sql = f"SELECT 1 FROM ({self._sql}) WHERE key = :the_key LIMIT 1"
        return bool(self._rows(sql, {**self._values, "the_key": key}))

    def __iter__(self) -> Iterator[str]:
        return iter([key for (key,) in self._rows(f"SELECT DISTINCT key FROM ({self._sql})", self._values)])

    def __len__(self) -> int:
        return int(self._rows(f"SELECT count(DISTINCT key) FROM ({self._sql})", self._values)[0][0])

    @classmethod
    def _from_iterable(cls, keys: Iterable[Any]) -> frozenset[Any]:  # what | and & give
        return frozenset(keys)

    def _rows(self, sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        with clear_errors(self._archive.path):
            return self._archive.connection.execute(sql, values).fetchall()
