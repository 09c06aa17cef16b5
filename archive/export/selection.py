"""Which articles an export holds, and the one stream of rows that every format writes from."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from archive.search import Condition, Dates, Filter, Query, fold, matching, parse_query
from archive.store import Archive

_STEP = 1_000
"""Rows between two reports of progress."""


@dataclass(frozen=True, slots=True)
class Selection:
    """A choice of articles, by the same conditions as a search; the empty one chooses all."""

    since: str | None = None
    """Published on this day or later, ``2024-01-16``; articles without a date are left out then."""
    until: str | None = None
    query: str = ""
    """A search query."""
    section: str = ""
    """栏目, the name in full."""
    name: str = ""
    """A credited name, in full, whatever its role."""
    status: str = ""
    """``在线``, ``失联`` or ``已消失``."""

    def as_query(self) -> Query:
        """Return the choice as a search query, one without clauses for all articles.  Raises ``QueryError``."""
        clauses: list[tuple[Condition, ...]] = []
        if self.query.strip():
            clauses += parse_query(self.query).clauses
        if self.since or self.until:
            clauses.append((Dates(self.since or "", self.until or ""),))
        for field, value in (("栏目", self.section), ("姓名", self.name), ("状态", self.status)):
            if value:
                clauses.append((Filter(field, fold(value)),))
        return Query(tuple(clauses))


@dataclass(frozen=True, slots=True)
class ArticleStream:
    """The chosen articles of an archive, in the order of their numbers, without holding them in memory."""

    archive: Archive
    selection: Selection = Selection()
    advance: Callable[[int], None] = lambda _rows: None
    """Told how many more rows of the stream were used: for a progress bar."""

    def count(self) -> int:
        """Return how many articles are chosen."""
        condition, parameters = self.condition("article_id")
        sql = f"SELECT count(*) FROM article WHERE {condition}"
        return int(self.archive.connection.execute(sql, parameters).fetchone()[0])

    def condition(self, key: str) -> tuple[str, tuple[str | int, ...]]:
        """Return an SQL condition that holds where column ``key`` is the number of a chosen article."""
        query = self.selection.as_query()
        if not query.clauses:
            return "1", ()
        sql, parameters = matching(self.archive.connection, query)
        return f"{key} IN ({sql})", parameters

    def rows(
        self, table: str, key: str = "article_id", *, columns: Sequence[str] = (), order: str = ""
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a table or view that belong to the chosen articles.

        ``key``: the column with the article's number.  ``columns``: all where none are named.  ``order``:
        columns to sort by, ``key`` where none are named.
        """
        names = ", ".join(f'"{name}"' for name in columns) or "*"
        condition, parameters = self.condition(key)
        rows = self.archive.connection.execute(
            f'SELECT {names} FROM "{table}" WHERE {condition} ORDER BY {order or key}', parameters
        )
        while batch := rows.fetchmany(_STEP):
            yield from batch
            self.advance(len(batch))
