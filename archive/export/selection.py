"""Which articles an export holds, and the one stream of rows that every format writes from."""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from archive.model.access import restricted_sql
from archive.rendering.remarks import Remark
from archive.search.deadline import time_limit
from archive.search.fold import fold
from archive.search.language import Condition, Dates, Filter, Query, parse_query
from archive.search.query import matching
from archive.store.access import restricted_ids, withhold_restricted
from archive.store.archive import Archive
from archive.store.errors import ArchiveError

_STEP = 1_000
"""Rows between two reports of progress."""

_CHINESE = {
    "since": "发布日期不早于",
    "until": "发布日期不晚于",
    "query": "检索",
    "section": "栏目",
    "name": "署名",
    "status": "状态",
}


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
        for what, value in (("栏目", self.section), ("姓名", self.name), ("状态", self.status)):
            if value:
                clauses.append((Filter(what, fold(value)),))
        return Query(tuple(clauses))

    def as_dict(self) -> Mapping[str, str]:
        """Return the conditions that were given, by name."""
        given = {
            "since": self.since,
            "until": self.until,
            "query": self.query,
            "section": self.section,
            "name": self.name,
            "status": self.status,
        }
        return {name: value for name, value in given.items() if value}

    def in_chinese(self) -> str:
        """Return the conditions that were given, for readers; "" for all articles."""
        return "；".join(f"{_CHINESE[name]} {value}" for name, value in self.as_dict().items())


@dataclass(frozen=True)
class ArticleStream:
    """The chosen articles of an archive, in the order of their numbers, without holding them in memory."""

    archive: Archive
    selection: Selection = Selection()
    advance: Callable[[int], None] = lambda _rows: None
    """Told how many more rows of the stream were used: for a progress bar."""
    seconds: float = 30.0
    """How long the search for the chosen articles may take."""
    remarks: Counter[Remark] = field(default_factory=Counter)
    """What the reader of the export should know, and how often: writers count here what they had to alter."""

    @property
    def is_whole(self) -> bool:
        """Tell whether every article of the archive is chosen."""
        return not self.selection.as_query().clauses

    def count(self) -> int:
        """Return how many articles are chosen."""
        condition, parameters = self.condition("article_id")
        sql = f"SELECT count(*) FROM article WHERE {condition}"
        return int(self.archive.connection.execute(sql, parameters).fetchone()[0])

    def count_restricted(self) -> int:
        """Return how many of the chosen articles are restricted."""
        condition, parameters = self.condition("p.article_id")
        sql = f"SELECT count(*) FROM main.appraisal p WHERE {restricted_sql('p.article_id')} AND {condition}"
        return int(self.archive.connection.execute(sql, parameters).fetchone()[0])

    def columns(self, table: str) -> list[str]:
        """Return the columns of a table or view."""
        rows = self.archive.connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
        return [row[0] for row in rows]

    def condition(self, key: str) -> tuple[str, tuple[str | int, ...]]:
        """Return an SQL condition that holds where column ``key`` is the number of a chosen article."""
        return ("1", ()) if self.is_whole else (f"{key} IN (SELECT value FROM json_each(?))", (self._chosen,))

    @cached_property
    def _chosen(self) -> str:
        """The numbers of the chosen articles, as a JSON array: a search is asked once for all tables."""
        query, connection = self.selection.as_query(), self.archive.connection
        with time_limit(connection, query, self.seconds):
            return json.dumps([number for (number,) in connection.execute(*matching(connection, query))])

    def rows(
        self, table: str, key: str = "article_id", *, columns: Sequence[str] = (), order: str = ""
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a table or view that belong to the chosen articles.

        ``key``: the column with the article's number.  ``columns``: all where none are named.  ``order``:
        columns to sort by, ``key`` where none are named.
        """
        for batch in self._batches(table, key, columns, order):
            yield from batch
            self.advance(len(batch))

    def _batches(
        self, table: str, key: str, columns: Sequence[str], order: str
    ) -> Iterator[list[tuple[Any, ...]]]:
        names = ", ".join(f'"{name}"' for name in columns) or "*"
        condition, parameters = self.condition(key)
        rows = self.archive.connection.execute(
            f'SELECT {names} FROM "{table}" WHERE {condition} ORDER BY {order or key}', parameters
        )
        while batch := rows.fetchmany(_STEP):
            yield batch

    def parts(self, table: str, columns: Sequence[str], *, key: str = "article_id", order: str) -> "Parts":
        """Return the rows of a table that belong to the chosen articles, to be taken article by article.

        ``order``: columns that sort the rows of one article.  They are no progress of their own.
        """
        batches = self._batches(table, key, [key, *columns], f"{key}, {order}")
        return Parts(row for batch in batches for row in batch)


class Parts:
    """Rows that belong to articles, taken in the order of the articles' numbers, one article in memory."""

    def __init__(self, rows: Iterator[tuple[Any, ...]]) -> None:
        self._groups = groupby(rows, itemgetter(0))
        self._next = next(self._groups, None)

    def of(self, article_id: int) -> list[tuple[Any, ...]]:
        """Return the rows of an article, their first column its number; call it with rising numbers."""
        while self._next is not None and self._next[0] < article_id:
            self._next = next(self._groups, None)
        if self._next is None or self._next[0] != article_id:
            return []
        found = list(self._next[1])
        self._next = next(self._groups, None)
        return found


@contextmanager
def read_articles(
    path: Path,
    selection: Selection,
    advance: Callable[[int], None] = lambda _rows: None,
    *,
    show_restricted: bool = False,
    seconds: float = ArticleStream.seconds,
) -> Iterator[ArticleStream]:
    """Open an archive for one export: all that is read is of one moment, whatever is written meanwhile.

    Of restricted articles there is title and date only, unless ``show_restricted``; they are counted either way.
    Text that another program wrote wrongly (bytes that are no UTF-8) is mended and counted, so that one bad
    cell stops no export.  Raises ``ArchiveError``, ``QueryError``, and ``SlowQueryError`` after so many seconds.
    """
    with Archive.read(path) as archive:
        stream = ArticleStream(archive, selection, advance, seconds)

        def decode(text: bytes) -> str:
            try:
                return text.decode()
            except UnicodeDecodeError:
                stream.remarks[Remark.BROKEN] += 1
                return text.decode(errors="replace")

        archive.connection.text_factory = decode
        try:
            archive.connection.execute("BEGIN")
            if (restricted_ids if show_restricted else withhold_restricted)(archive):
                remark = Remark.CONTROLLED_WHOLE if show_restricted else Remark.CONTROLLED
                if chosen := stream.count_restricted():
                    stream.remarks[remark] = chosen
            yield stream
        except sqlite3.DatabaseError as error:
            raise ArchiveError(
                f"{path}: cannot be read to its end: {error}; zhijiang check tells more"
            ) from error
