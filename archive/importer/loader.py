"""Rows into a new archive; what is wrong with one is told by its place."""

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from archive.export.tables import TABLES
from archive.store.archive import Archive
from archive.store.article_rows import index_articles, insert_article
from archive.store.errors import ArchiveError
from archive.store.schema import SCHEMA

Row = dict[str, Any]


Value = str | int | float | None


_TYPES: Mapping[str, tuple[type, ...]] = {"INTEGER": (int,), "REAL": (int, float), "TEXT": (str,)}


_INDEXED_TOGETHER = 500
"""Articles: a package is one transaction, and its texts are not to wait for the end."""
_NAMES = {"INTEGER": "no whole number", "REAL": "no number", "TEXT": "a number where a text belongs"}


class PackageError(ArchiveError):
    """What is to be imported is damaged or is no export of ours: names file, line and column."""


@dataclass(frozen=True, slots=True)
class SourceLocation:
    """Where something stands."""

    file: str
    line: int = 0
    """From 1; 0 where the path of keys tells the place."""
    inside: str = ""
    """The column, or the path of JSON keys, or ""."""

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.file, f"line {self.line}" if self.line else "", self.inside)))

    def at(self, inside: str) -> "SourceLocation":
        """Return a place on the same line."""
        return SourceLocation(self.file, self.line, inside)


def known_schema(schema: Value, file: str) -> int:
    """Return the number of the schema that a package was written under.

    Raises ``PackageError`` where this program does not know it: it is of a later one, or no number.
    """
    if not isinstance(schema, int) or not 1 <= schema <= SCHEMA:
        raise PackageError(
            f"{file}: is of an archive with schema {schema}, this program knows {SCHEMA};"
            " import it with the version that wrote it, or a later one"
        )
    return schema


class Loader:
    """Writes rows into a new archive, and tells what is wrong with one by its place."""

    def __init__(self, archive: Archive, advance: Callable[[int], None]) -> None:
        self._connection = archive.connection
        self._execute = archive.connection.execute
        self._advance = advance
        self.counts: Counter[str] = Counter()
        described = {
            table: rows
            for table in TABLES
            if (rows := self._execute(f"PRAGMA table_info({table})").fetchall())
        }
        self.columns: Mapping[str, list[str]] = {
            table: [row[1] for row in rows] for table, rows in described.items()
        }
        self._keys = {table: [row[1] for row in rows if row[5]] for table, rows in described.items()}
        self._types = {table: {row[1]: row[2] for row in rows} for table, rows in described.items()}
        self.schema = int(self._execute("PRAGMA user_version").fetchone()[0])

    def clear(self, table: str) -> None:
        """Take out what every new archive has in a table."""
        self._execute(f"DELETE FROM {table}")

    def add(self, table: str, row: Mapping[str, Value], place: SourceLocation) -> None:
        """Write a row.  Raises ``PackageError``."""
        names, places = ", ".join(row), ", ".join("?" * len(row))
        for name, value in row.items():  # SQLite would take any value for any column
            kind = self._types[table][name]
            if value is not None and not isinstance(value, _TYPES[kind]):
                raise PackageError(f"{_inside(place, name)}: {str(value)[:40]!r} is {_NAMES[kind]}")
        with located(place, lambda error: self._refused(table, row, place, error)):
            if table == "article":
                insert_article(self._connection, row)
                if self.counts[table] % _INDEXED_TOGETHER == 0:
                    index_articles(self._connection)
            else:
                self._execute(f"INSERT INTO {table} ({names}) VALUES ({places})", tuple(row.values()))
        self.counts[table] += 1
        self._advance(1)

    def add_shared(self, table: str, row: Mapping[str, Value], place: SourceLocation) -> None:
        """Write a row that may be there already; it must be the same then.  Raises ``PackageError``."""
        names, key = ", ".join(row), " AND ".join(f"{name} IS ?" for name in self._keys[table])
        with located(place):
            found = self._execute(
                f"SELECT {names} FROM {table} WHERE {key}", [row[name] for name in self._keys[table]]
            ).fetchone()
        if found is None:
            self.add(table, row, place)
            return
        for (name, value), known in zip(row.items(), found, strict=True):
            if value != known:
                raise PackageError(
                    f"{_inside(place, name)}: an earlier line has {known!r} in the same {table}"
                )

    def crawl(self, crawl: Value, site: Value, place: SourceLocation) -> None:
        """Make sure that a crawl is there, of which no more than its number is known."""
        with located(place):
            self._execute(
                "INSERT INTO crawl (crawl_id, site, started_at, outcome, reason, software)"
                " VALUES (?, ?, '1970-01-01T00:00:00Z', 'incomplete', ?, '') ON CONFLICT DO NOTHING",
                (crawl, site, "known only by what articles in JSON Lines tell of it"),
            )

    def warc_file(self, name: Value, crawl: Value, site: Value, place: SourceLocation) -> int:
        """Return the number of a WARC file, of which no more than its name is known."""
        self.crawl(crawl, site, place)
        with located(place):
            self._execute(
                "INSERT INTO warc_file (name, crawl_id) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
                (name, crawl),
            )
            return int(self._execute("SELECT warc_id FROM warc_file WHERE name = ?", (name,)).fetchone()[0])

    def date_crawls(self) -> None:
        """Give the crawls the times of their first and last captures or texts."""
        self._execute(
            """WITH seen(crawl_id, at) AS (
                 SELECT crawl_id, captured_at FROM capture UNION ALL SELECT crawl_id, seen_at FROM article_version
                 UNION ALL SELECT first_crawl, first_seen_at FROM listing
                 UNION ALL SELECT last_crawl, last_seen_at FROM listing
                 UNION ALL SELECT last_crawl, last_look_at FROM absence)
               UPDATE crawl SET (started_at, finished_at) = (
                 SELECT coalesce(min(at), started_at), max(at) FROM seen s WHERE s.crawl_id = crawl.crawl_id
                   AND at LIKE '____-__-__T__:__:__Z')"""
        )

    def _refused(self, table: str, row: Mapping[str, Value], place: SourceLocation, error: str) -> str:
        """Return what SQLite refused, and where."""
        if "FOREIGN KEY" in error:
            for _, _, other, column, target, *_ in self._execute(f"PRAGMA foreign_key_list({table})"):
                value = row[column]
                sql = f"SELECT 1 FROM {other} WHERE {target} = ?"
                if value is not None and not self._execute(sql, (value,)).fetchone():
                    return f"{_inside(place, column)}: there is no {other} {value}"
        found = re.search(rf"\b{table}\.(\w+)", error) or re.search(r"constraint failed: (\w+)", error)
        return f"{_inside(place, found[1]) if found and found[1] in row else place}: {error}"


@contextmanager
def located(place: SourceLocation, refused: Callable[[str], str] | None = None) -> Iterator[None]:
    """Turn what SQLite or Python say of a value into an error with its place."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise PackageError(refused(str(error)) if refused else f"{place}: {error}") from error
    except (UnicodeEncodeError, OverflowError, sqlite3.DataError) as error:
        raise PackageError(f"{place}: a value that cannot be stored: {error}") from error


def _inside(place: SourceLocation, column: str) -> SourceLocation:
    return place.at(f"{place.inside}.{column}" if place.inside else f"column {column}")
