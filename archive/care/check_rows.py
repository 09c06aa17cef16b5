"""Checks of the database: the file itself, its schema, and rows that must agree with each other."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

from sqlite_utils import Database

from archive.care.agreement import REPARSE
from archive.care.findings import RESTORE, SHOWN, Found, Level, Scope, differs, first, listed
from archive.search.fold import index_forms
from archive.search.index import index_ok
from archive.store.archive import Archive
from archive.store.migrations import migrations
from archive.store.schema import APPLICATION_ID
from archive.store.versions import VERSION_COLUMNS, VERSION_FIELDS, fields_sha256


def check_file(archive: Archive, _scope: Scope) -> Found:
    """SQLite itself finds its file whole, and the fields of its header are those that the program writes."""
    yield from _header_problems(archive)
    for (line,) in archive.connection.execute(f"PRAGMA integrity_check({SHOWN})"):
        if line != "ok":
            yield Level.FAULT, f"the database is damaged: {line}", RESTORE


def _header_problems(archive: Archive) -> Found:
    """Yield what is odd in the first 100 bytes (sqlite.org/fileformat2.html), which SQLite reads in part only."""
    with archive.path.open("rb") as file:
        header = file.read(100)
    if header[18:20] == b"\x02\x02":  # a writer is at work: what counts stands in the log beside the file
        return
    size, pages = int.from_bytes(header[16:18], "big"), int.from_bytes(header[28:32], "big")
    length = archive.path.stat().st_size
    if pages * (65_536 if size == 1 else size) != length:
        yield (
            Level.FAULT,
            f"the file has {length} bytes, its header says {pages} pages of {size} bytes",
            RESTORE,
        )
    fields = {name: header[begin:end] for name, begin, end, _ in _HEADER}
    if fields["version-valid-for number"] != header[24:28]:
        yield Level.FAULT, "the header's change counter is not its version-valid-for number", RESTORE
    for name, _, _, wanted in _HEADER:
        if wanted is not None and fields[name] != wanted:
            yield Level.FAULT, f"the header's {name} is {fields[name].hex()}, and not {wanted.hex()}", RESTORE


_HEADER: tuple[tuple[str, int, int, bytes | None], ...] = (
    ("format", 18, 24, bytes((1, 1, 0, 64, 32, 32))),
    ("schema format number", 44, 48, bytes((0, 0, 0, 4))),
    ("default cache size", 48, 52, bytes(4)),
    ("largest root page", 52, 56, bytes(4)),
    ("text encoding", 56, 60, bytes((0, 0, 0, 1))),
    ("vacuum mode", 64, 68, bytes(4)),
    ("reserved space", 72, 92, bytes(20)),
    ("version-valid-for number", 92, 96, None),
)
"""Fields of the header: name, first byte, byte behind it, the one value that they have in an archive."""


def check_schema(archive: Archive, _scope: Scope) -> Found:
    """Tables, views, indexes and triggers are those that the steps of the schema make."""
    execute = archive.connection.execute
    if execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        yield (
            Level.FAULT,
            "the application id is not that of an archive",
            "somebody changed the file; look what else",
        )
    found = {name: (kind, *more) for name, kind, *more in execute(_OBJECTS)}
    wanted = _wanted_objects()
    for name, (kind, *_) in wanted.items():
        if name not in found:
            yield Level.FAULT, f"the {kind} {name} is missing", _MISSING_OBJECT
        elif found[name] != wanted[name]:
            yield Level.FAULT, f"the {kind} {name} was changed", _MISSING_OBJECT
    for name, (kind, *_) in found.items():
        if name not in wanted:
            level = Level.FAULT if kind == "trigger" else Level.NOTE  # which changes what others write
            yield level, f"the {kind} {name} is none of this schema's", "drop it, unless you made it yourself"


_OBJECTS = (
    "SELECT name, type, tbl_name, sql FROM sqlite_master"
    " WHERE name NOT LIKE 'sqlite_%' AND name <> '_sqlite_migrations'"  # the latter is sqlite-utils' own
)


@cache
def _wanted_objects() -> dict[str, tuple[str, ...]]:
    with closing(sqlite3.connect(":memory:")) as fresh:
        migrations.apply(Database(fresh))
        return {name: (kind, *more) for name, kind, *more in fresh.execute(_OBJECTS)}


_MISSING_OBJECT = (
    "restore the file from a copy, or create it as archive/store/sql/ does; then zhijiang reindex"
)


def check_references(archive: Archive, _scope: Scope) -> Found:
    """No row refers to one that is not there."""
    rows = archive.connection.execute("PRAGMA foreign_key_check").fetchall()
    for table, rowid, target, _ in rows[:SHOWN]:
        yield Level.FAULT, f"row {rowid} of {table} refers to a row of {target} that is not there", RESTORE
    if len(rows) > SHOWN:
        yield Level.FAULT, f"more rows that refer to nothing: {len(rows) - SHOWN}", RESTORE


def check_search_index(archive: Archive, _scope: Scope) -> Found:
    """The index holds what the articles do.

    FTS5 compares index and texts in a write transaction: it is rolled back, or made on a copy.
    """
    if dict(archive.connection.execute("SELECT printed, indexed FROM article_fts_form")) != index_forms():
        yield Level.FAULT, "the table article_fts_form is not what the schema makes", RESTORE
    try:
        with closing(sqlite3.connect(f"{archive.path.absolute().as_uri()}?mode=rw", uri=True)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            problem = index_ok(writer)
            writer.rollback()
    except sqlite3.OperationalError:
        with (
            tempfile.TemporaryDirectory() as folder,
            closing(sqlite3.connect(Path(folder) / "copy.db")) as copy,
        ):
            archive.connection.backup(copy)
            problem = index_ok(copy)
    if problem:
        yield Level.FAULT, problem, "zhijiang reindex builds the index again"


def check_versions(archive: Archive, _scope: Scope) -> Found:
    """Every version is what its digest says, and the article is what its current version says."""
    columns = ", ".join(f"v.{name}" for name in VERSION_FIELDS)
    rows = archive.connection.execute(
        f"SELECT v.article_id, v.number, v.content_sha256, {columns} FROM article_version v ORDER BY 1, 2"
    )
    faults = 0
    for article_id, number, digest, *fields in rows:
        if fields_sha256(dict(zip(VERSION_FIELDS, fields, strict=True))) != digest:
            faults += 1
            if faults <= SHOWN:
                what = (
                    f"article {article_id}: version {number} is not what its digest says: somebody changed it"
                )
                yield Level.FAULT, what, REPARSE
    if faults > SHOWN:
        yield Level.FAULT, f"more versions that are not what their digests say: {faults - SHOWN}", REPARSE
    yield from listed(
        archive,
        "SELECT a.article_id FROM article a LEFT JOIN article_version v ON v.article_id = a.article_id"
        " GROUP BY a.article_id HAVING count(v.number) <> a.version OR max(v.number) IS NOT a.version",
        "article {}: its versions are not numbered 1 to the current one",
        REPARSE,
    )
    yield from first(
        ((Level.FAULT, what, REPARSE) for what in _other_than_current(archive)),
        "columns of articles that are not those of their current versions",
    )
    yield from listed(
        archive,
        "SELECT a.article_id FROM article a JOIN article_version v"
        " ON v.article_id = a.article_id AND v.number = a.version WHERE json_array_length(v.images) <>"
        " (SELECT count(*) FROM image i WHERE i.article_id = a.article_id)",
        "article {}: its pictures are not those of its current version",
        REPARSE,
    )
    yield from listed(
        archive,
        "SELECT a.article_id FROM article a JOIN article_version v"
        " ON v.article_id = a.article_id AND v.number = a.version WHERE json_array_length(v.credits) <>"
        " (SELECT count(*) FROM credit c WHERE c.article_id = a.article_id)",
        "article {}: its credits are not those of its current version",
        REPARSE,
    )


def _other_than_current(archive: Archive) -> Iterator[str]:
    """Yield for each column of an article that is not what its current version has: which, and both values."""
    names = (*VERSION_COLUMNS, "content_sha256")
    columns = ", ".join(f"a.{name}, v.{name}" for name in names)
    differ = " OR ".join(f"v.{name} IS NOT a.{name}" for name in names)
    for article_id, *values in archive.connection.execute(
        f"SELECT a.article_id, {columns} FROM article a JOIN article_version v"
        f" ON v.article_id = a.article_id AND v.number = a.version WHERE {differ} ORDER BY 1"
    ):
        for name, now, was in zip(names, values[::2], values[1::2], strict=True):
            if now != was:
                yield differs(f"article {article_id}", name, now, was, "its current version")


def check_absences(archive: Archive, _scope: Scope) -> Found:
    """The 状态 of an article is what its absences tell."""
    yield from listed(
        archive,
        "SELECT a.article_id FROM article a LEFT JOIN absence b ON b.article_id = a.article_id"
        " AND b.returned_at IS NULL WHERE a.status <> CASE WHEN b.absence_id IS NULL THEN '在线'"
        " WHEN b.gone_at IS NULL THEN '失联' ELSE '已消失' END",
        "article {}: its 状态 is not what the view 消失记录 tells",
        "zhijiang crawl --full looks at it again",
    )
