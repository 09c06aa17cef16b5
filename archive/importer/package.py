"""An archive made again from its own export: the tables of ``csv --raw``, or JSON Lines.

All or nothing: the new archive gets its name when everything is in it and every reference holds.
"""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, BinaryIO

from archive.evidence.warc_writer import file_sha256
from archive.export.jsonl import AGENTS, FACE, MEDIA_TYPES, RECORDS, SAME, TYPE
from archive.export.tables import MANIFEST, TABLES
from archive.store.archive import Archive, ArchiveError
from archive.store.events import save_event
from archive.store.lock import writer_lock
from archive.store.versions import VERSION_FIELDS, fields_sha256

_OURS = ("role", "data_dictionary")
"""Tables that every archive has filled from the start."""
_Row = dict[str, Any]
_Value = str | int | float | None
_TYPES: Mapping[str, tuple[type, ...]] = {"INTEGER": (int,), "REAL": (int, float), "TEXT": (str,)}
_NAMES = {"INTEGER": "no whole number", "REAL": "no number", "TEXT": "a number where a text belongs"}


class PackageError(ArchiveError):
    """What is to be imported is damaged or is no export of ours: names file, line and column."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands."""

    file: str
    line: int = 0
    """From 1; 0 where the path of keys tells the place."""
    inside: str = ""
    """The column, or the path of JSON keys, or ""."""

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.file, f"line {self.line}" if self.line else "", self.inside)))

    def at(self, inside: str) -> "Place":
        """Return a place on the same line."""
        return Place(self.file, self.line, inside)


def rebuild(package: Path, path: Path, advance: Callable[[int], None] = lambda _rows: None) -> dict[str, int]:
    """Make an archive from a folder that ``csv --raw`` wrote, or from a JSON Lines file.

    ``path``: a file that is not there yet, or an archive that holds nothing.  ``advance``: told how many more
    rows were read.  Returns the number of rows by table.  Raises ``PackageError``, ``ArchiveError`` and
    ``ArchiveBusy``; then nothing is left behind.
    """
    if not package.exists():
        raise PackageError(f"{package}: no such file or folder")
    with writer_lock(path):
        _refuse_full(path)
        part = path.with_name(f"{path.name}.part")
        try:
            part.unlink(missing_ok=True)
            with Archive.open(part) as archive:
                archive.begin()
                load = _Loader(archive, advance)
                if package.is_dir():
                    _load_tables(load, package)
                else:
                    _load_lines(load, package)
                detail = {"from": package.name, "rows": load.counts}
                save_event(archive, "ingestion", detail)
                archive.commit()
            part.replace(path)
        except (OSError, sqlite3.OperationalError) as error:
            raise ArchiveError(f"{package}: cannot be imported into {path}: {error}") from error
        finally:
            for left in (part, Path(f"{part}-wal"), Path(f"{part}-shm"), Path(f"{part}-journal")):
                left.unlink(missing_ok=True)
    return dict(load.counts)


def _refuse_full(path: Path) -> None:
    if not path.exists():
        return
    with Archive.read(path) as archive:
        for table in TABLES:
            if table not in _OURS and archive.connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():
                raise ArchiveError(f"{path}: holds something already (table {table}); choose a new file name")


# --- rows into tables ------------------------------------------------------------------------------------


class _Loader:
    """Writes rows into a new archive, and tells what is wrong with one by its place."""

    def __init__(self, archive: Archive, advance: Callable[[int], None]) -> None:
        self._execute = archive.connection.execute
        self._advance = advance
        self.counts: Counter[str] = Counter()
        described = {table: self._execute(f"PRAGMA table_info({table})").fetchall() for table in TABLES}
        self.columns = {table: [row[1] for row in rows] for table, rows in described.items()}
        self._keys = {table: [row[1] for row in rows if row[5]] for table, rows in described.items()}
        self._types = {table: {row[1]: row[2] for row in rows} for table, rows in described.items()}
        self.schema = int(self._execute("PRAGMA user_version").fetchone()[0])

    def clear(self, table: str) -> None:
        """Take out what every new archive has in a table."""
        self._execute(f"DELETE FROM {table}")

    def add(self, table: str, row: Mapping[str, _Value], place: Place) -> None:
        """Write a row.  Raises ``PackageError``."""
        names, places = ", ".join(row), ", ".join("?" * len(row))
        for name, value in row.items():  # SQLite would take any value for any column
            kind = self._types[table][name]
            if value is not None and not isinstance(value, _TYPES[kind]):
                raise PackageError(f"{_inside(place, name)}: {str(value)[:40]!r} is {_NAMES[kind]}")
        with _clear(place, lambda error: self._refused(table, row, place, error)):
            self._execute(f"INSERT INTO {table} ({names}) VALUES ({places})", tuple(row.values()))
        self.counts[table] += 1
        self._advance(1)

    def add_shared(self, table: str, row: Mapping[str, _Value], place: Place) -> None:
        """Write a row that may be there already; it must be the same then.  Raises ``PackageError``."""
        names, key = ", ".join(row), " AND ".join(f"{name} IS ?" for name in self._keys[table])
        with _clear(place):
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

    def crawl(self, crawl: _Value, site: _Value, place: Place) -> None:
        """Make sure that a crawl is there, of which no more than its number is known."""
        with _clear(place):
            self._execute(
                "INSERT INTO crawl (crawl_id, site, started_at, outcome, reason, software)"
                " VALUES (?, ?, '1970-01-01T00:00:00Z', 'incomplete', ?, '') ON CONFLICT DO NOTHING",
                (crawl, site, "known only by what articles in JSON Lines tell of it"),
            )

    def warc_file(self, name: _Value, crawl: _Value, site: _Value, place: Place) -> int:
        """Return the number of a WARC file, of which no more than its name is known."""
        self.crawl(crawl, site, place)
        with _clear(place):
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

    def _refused(self, table: str, row: Mapping[str, _Value], place: Place, error: str) -> str:
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
def _clear(place: Place, refused: Callable[[str], str] | None = None) -> Iterator[None]:
    """Turn what SQLite or Python say of a value into an error with its place."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise PackageError(refused(str(error)) if refused else f"{place}: {error}") from error
    except (UnicodeEncodeError, OverflowError, sqlite3.DataError) as error:
        raise PackageError(f"{place}: a value that cannot be stored: {error}") from error


def _inside(place: Place, column: str) -> Place:
    return place.at(f"{place.inside}.{column}" if place.inside else f"column {column}")


# --- the tables of csv --raw -----------------------------------------------------------------------------


def _load_tables(load: _Loader, folder: Path) -> None:
    for table, file in _described_files(load, folder).items():
        if table in _OURS:
            load.clear(table)
        with file.open("rb") as lines:
            rows = read_faithful(lines, file.name)
            place, header = next(rows, (Place(file.name, 1), []))
            for name, expected in zip_longest(header, load.columns[table]):
                if name != expected:
                    raise PackageError(f"{place}: has the column {name!r} where {expected!r} belongs")
            for place, values in rows:
                if len(values) != len(header):
                    raise PackageError(f"{place}: has {len(values)} values for {len(header)} columns")
                load.add(table, dict(zip(load.columns[table], values, strict=True)), place)


def _described_files(load: _Loader, folder: Path) -> dict[str, Path]:
    """Return the file of each table, in an order in which they can be loaded; their digests are right."""
    if not (folder / MANIFEST).is_file():
        raise PackageError(
            f"{folder}: has no {MANIFEST}; give a folder that zhijiang export csv --raw wrote (of a bag: data/tables)"
        )
    text = (folder / MANIFEST).read_bytes()
    package = _Node(_parsed(text, Place(MANIFEST, 1)), Place(MANIFEST))
    schema = package.node("zhijiang").scalar("schema")
    if (
        not isinstance(schema, int) or schema > load.schema
    ):  # an older one does, as long as its columns are ours
        raise PackageError(
            f"{MANIFEST}: is of an archive with schema {schema}, this program knows {load.schema};"
            " import it with the version that wrote it, or a later one"
        )
    files: dict[str, Path] = {}
    for resource in package.nodes("resources"):
        table, path = str(resource.scalar("name")), str(resource.scalar("path"))
        if table not in TABLES or table in files:
            raise resource.fault("name", f"{table!r} is no table of an archive, or is there twice")
        if path != f"{table}.csv":
            raise resource.fault("path", f"{path!r} is not {table}.csv")
        file = files[table] = folder / path
        if not file.is_file():
            raise PackageError(f"{path}: is missing")
        if file.stat().st_size != resource.scalar("bytes"):
            raise PackageError(
                f"{path}: has {file.stat().st_size} bytes, not {resource.scalar('bytes')}: it was changed or cut"
            )
        if f"sha256:{file_sha256(file)}" != resource.scalar("hash"):
            raise PackageError(f"{path}: is not the file that was written: another SHA-256")
    missing = [table for table in TABLES if table not in files]
    if missing:
        raise PackageError(f"{MANIFEST}: does not tell of {', '.join(missing)}")
    return {table: files[table] for table in TABLES}


_FIELD = re.compile(r'"([^"]*(?:""[^"]*)*)"|([^",\r\n]*)')


def read_faithful(lines: BinaryIO, name: str) -> Iterator[tuple[Place, list[_Value]]]:
    """Yield the rows of a CSV file in which text is quoted, numbers are bare and NULL is nothing at all.

    The first row, of names, may be bare.  Raises ``PackageError``.
    """
    number = 0
    while record := lines.readline():
        place = Place(name, number + 1)
        number += 1
        quotes = record.count(b'"')
        while quotes % 2:  # the line ends inside a text
            more = lines.readline()
            if not more:
                raise PackageError(f"{place}: a quoted text begins and never ends")
            record, quotes, number = record + more, quotes + more.count(b'"'), number + 1
        yield place, _fields(_decoded(record, place), place)


def _decoded(data: bytes, place: Place) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = place.line + before.count(b"\n"), error.start - (before.rfind(b"\n") + 1) + 1
        raise PackageError(f"{Place(place.file, line)}, byte {column}: is no UTF-8") from error


def _fields(record: str, place: Place) -> list[_Value]:
    fields: list[_Value] = []
    position = 0
    while True:
        found = _FIELD.match(record, position)
        assert found is not None  # it matches nothing, too
        where = place.at(f"column {len(fields) + 1}")
        fields.append(found[1].replace('""', '"') if found[1] is not None else _bare(found[2], where))
        position = found.end()
        if record.startswith(",", position):
            position += 1
        elif record[position:] in ("\r\n", "\n", ""):
            return fields
        else:
            raise PackageError(f"{where}: something stands behind the end of the value")


def _bare(text: str, place: Place) -> _Value:
    if text == "":
        return None
    if place.line == 1:
        return text
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    raise PackageError(f"{place}: {text[:40]!r} is no number, and a text would be quoted")


# --- JSON Lines ------------------------------------------------------------------------------------------


class _Node:
    """A JSON object, and where it stands."""

    def __init__(self, value: Any, place: Place, inside: str = "") -> None:
        self.place = place.at(inside)
        self._value = value
        if not isinstance(value, dict):
            raise PackageError(f"{self.place}: is no JSON object")

    def _path(self, name: str) -> str:
        return f"{self.place.inside}.{name}" if self.place.inside else name

    def fault(self, name: str, reason: str) -> PackageError:
        """Return an error about one of its values."""
        return PackageError(f"{self.place.at(self._path(name))}: {reason}")

    def has(self, name: str) -> bool:
        """Tell whether it has such a value."""
        return name in self._value

    def scalar(self, name: str, *default: _Value) -> _Value:
        """Return a text, a number or None."""
        if name not in self._value and not default:
            raise self.fault(name, "is missing")
        value: _Value = self._value.get(name, *default)
        if isinstance(value, bool) or not isinstance(value, str | int | float | None):
            raise self.fault(name, "is neither a text nor a number")
        return value

    def node(self, name: str) -> "_Node":
        """Return an object in it."""
        if name not in self._value:
            raise self.fault(name, "is missing")
        return _Node(self._value[name], self.place, self._path(name))

    def nodes(self, name: str) -> "list[_Node]":
        """Return a list of objects in it; an empty one where there is none."""
        values = self._value.get(name, [])
        if not isinstance(values, list):
            raise self.fault(name, "is no list")
        return [_Node(value, self.place, f"{self._path(name)}[{n}]") for n, value in enumerate(values)]

    def row(self, columns: Sequence[str], given: Mapping[str, _Value]) -> _Row:
        """Return a row of a table; ``given``: values of columns that it may leave out."""
        for name in self._value:
            if name not in columns:
                raise self.fault(name, "is no column of that table")
        return {name: self.scalar(name, *([given[name]] if name in given else [])) for name in columns}


def _parsed(data: bytes, place: Place) -> Any:
    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no JSON")

    try:
        return json.loads(_decoded(data, place), parse_constant=refuse)
    except json.JSONDecodeError as error:
        line = place.line + error.lineno - 1
        raise PackageError(f"{Place(place.file, line)}, character {error.colno}: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise PackageError(f"{place}: cannot be read: {error}") from error


_CRAWLS = ("crawl_id", "first_crawl", "last_crawl", "backlog_crawl")
_KINDS = {name: kind for kind, name in MEDIA_TYPES.items()}
_OPTIONAL = ("subtitle", "body", "credit_line", "source")
"""Columns of an article whose properties are left out where they are empty."""


def _load_lines(load: _Loader, file: Path) -> None:
    with file.open("rb") as lines:
        if lines.peek(1)[:1] not in (b"{", b"[", b"\n", b"\r", b" ", b""):
            raise PackageError(
                f"{file.name}: is no JSON Lines file; give what zhijiang export jsonl wrote, or the folder of"
                " zhijiang export csv --raw (of a bag: data/tables)"
            )
        for number, line in enumerate(lines, 1):
            if line.strip():
                place = Place(file.name, number)
                _load_article(load, _Node(_parsed(line, place), place))
    if not load.counts["article"]:
        raise PackageError(f"{file.name}: holds no article")
    load.date_crawls()


def _load_article(load: _Loader, line: _Node) -> None:
    """Write what a line tells of an article."""
    if line.scalar("@type", None) != TYPE:
        raise line.fault("@type", f"is not {TYPE}: no export of zhijiang")
    face = {
        column: line.scalar(name, *([""] if column in _OPTIONAL else [])) for column, name in FACE.items()
    }
    face["source"] = line.node("sourceOrganization").scalar("name") if line.has("sourceOrganization") else ""
    ours = line.node("zhijiang")
    article = ours.node("article").row(_without(load.columns["article"], *face), {}) | face
    number, site = article["article_id"], article["site"]
    for table in RECORDS:
        if table == "article_version":
            load.add("article", article, line.place)
        for node in ours.nodes(table):
            columns = load.columns[table]
            if table == "capture":
                row = node.row([*_without(columns, "warc_id"), "warc"], {})
                name = row.pop("warc")
                row["warc_id"] = (
                    None if name is None else load.warc_file(name, row["crawl_id"], site, node.place)
                )
            elif table in ("article_version", "absence", "appraisal"):
                same = {name: article[name] for name in SAME} if table == "article_version" else {}
                row = {"article_id": number, **node.row(_without(columns, "article_id"), same)}
                if table == "article_version":
                    _check_text(row, node)
            else:
                row = node.row(columns, {})
            for column in _CRAWLS:
                if row.get(column) is not None:
                    load.crawl(row[column], site, node.place)
            load.add_shared(table, row, node.place)
    _load_parts(load, line, number)


def _check_text(version: _Row, node: _Node) -> None:
    """Refuse a text that is not the one its digest was made of: JSON Lines have no other guard."""
    texts = {name: version[name] for name in VERSION_FIELDS}
    for name, value in texts.items():
        if not isinstance(value, str):
            raise node.fault(name, f"{value!r} is no text")
    if fields_sha256(texts) != version["content_sha256"]:
        raise node.fault(
            "content_sha256", "this version of the text has another SHA-256: one of both was changed"
        )


def _load_parts(load: _Loader, line: _Node, number: _Value) -> None:
    """Write an article's credits, pictures and attachments."""
    credits = [(node, agent) for agent in AGENTS for node in line.nodes(agent)]
    for node, agent in sorted(credits, key=lambda credit: str(credit[0].scalar("position")).zfill(9)):
        name, ours = node.node(agent), node.node("zhijiang")
        row = {
            "seq": node.scalar("position"),
            "label": ours.scalar("label"),
            "role": node.scalar("roleName"),
            "name": name.scalar("name"),
            "org": name.scalar("affiliation", None),
            "position": ours.scalar("position"),
            "rule": ours.scalar("rule"),
        }
        load.add("credit", {"article_id": number, **row}, node.place)
    for node in line.nodes("image"):
        row = {
            "seq": node.scalar("position"),
            "url": node.scalar("contentUrl"),
            "caption": node.scalar("caption"),
        }
        paragraph = node.node("zhijiang").scalar("paragraph")
        load.add("image", {"article_id": number, **row, "paragraph": paragraph}, node.place)
    for node in line.nodes("associatedMedia"):
        kind = _KINDS.get(str(node.scalar("@type")))
        if kind is None:
            raise node.fault("@type", f"is none of {', '.join(_KINDS)}")
        row = {"seq": node.scalar("position"), "url": node.scalar("contentUrl"), "text": node.scalar("name")}
        load.add("attachment", {"article_id": number, "kind": kind, **row}, node.place)


def _without(columns: Sequence[str], *left_out: str) -> list[str]:
    return [name for name in columns if name not in left_out]
