"""Is this archive all right?  Each check looks at one thing and names what is wrong, where, and what to do.

Nothing is written.  A damaged file gives findings, not errors.
"""

import hashlib
import random
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlite_utils import Database

from archive.digests import file_sha256
from archive.evidence.warc_reader import OPEN, WarcError
from archive.search.index import index_ok
from archive.store.archive import Archive
from archive.store.lock import is_locked
from archive.store.migrations import APPLICATION_ID, migrations
from archive.store.plan import MAX_ATTEMPTS
from archive.store.versions import VERSION_COLUMNS, VERSION_FIELDS, fields_sha256

SHOWN = 5
"""Findings of one kind that are named one by one."""


class Level(StrEnum):
    """How grave a finding is."""

    FAULT = "fault"
    """Something is wrong: exit status 1."""
    NOTE = "note"
    """Worth knowing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found."""

    level: Level
    check: str
    """Name of the check."""
    what: str
    """What is wrong, and where."""
    advice: str
    """What to do about it."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked of the checks."""

    now: datetime
    """Aware."""
    sample: int | None = None
    """Read back only so many captures, chosen at random; None: all, and the digests of whole WARC files."""
    max_age: timedelta | None = None
    """How old the last complete crawl may be; None: any age."""


_Found = Iterator[tuple[Level, str, str]]
"""(level, what, advice)."""


def check(path: Path, scope: Scope) -> list[Finding]:
    """Run every check on an archive.  Raises ``ArchiveError`` where there is none to check."""
    findings: list[Finding] = []
    with Archive.read(path) as archive:
        for name, run in CHECKS.items():
            try:
                findings += [
                    Finding(level, name, what, advice) for level, what, advice in run(archive, scope)
                ]
            except sqlite3.DatabaseError as error:
                findings.append(Finding(Level.FAULT, name, f"cannot be checked: {error}", _RESTORE))
            if name == "file" and findings:
                break  # of a damaged file nothing else can be believed
    return findings


# --- the checks -----------------------------------------------------------------------------------------

_RESTORE = "restore the file from a copy"
_REPARSE = "zhijiang reparse --apply derives it again from the WARC files"


def _file(archive: Archive, _scope: Scope) -> _Found:
    for (line,) in archive.connection.execute(f"PRAGMA integrity_check({SHOWN})"):
        if line != "ok":
            yield Level.FAULT, f"the database is damaged: {line}", _RESTORE


def _schema(archive: Archive, _scope: Scope) -> _Found:
    execute = archive.connection.execute
    if execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        yield (
            Level.FAULT,
            "the application id is not that of an archive",
            "somebody changed the file; look what else",
        )
    fresh = Database(memory=True)
    migrations.apply(fresh)
    sql = "SELECT name, type, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_%' ESCAPE '\\'"
    found = {name: (kind, text) for name, kind, text in execute(sql)}
    for name, kind, text in fresh.execute(sql).fetchall():
        if name not in found:
            yield Level.FAULT, f"the {kind} {name} is missing", _MISSING_OBJECT
        elif found[name] != (kind, text):
            yield Level.FAULT, f"the {kind} {name} was changed", _MISSING_OBJECT
    fresh.close()


_MISSING_OBJECT = "restore the file from a copy, or create it as archive/sql/ does; then zhijiang reindex"


def _references(archive: Archive, _scope: Scope) -> _Found:
    rows = archive.connection.execute("PRAGMA foreign_key_check").fetchall()
    for table, rowid, target, _ in rows[:SHOWN]:
        yield Level.FAULT, f"row {rowid} of {table} refers to a row of {target} that is not there", _RESTORE
    if len(rows) > SHOWN:
        yield Level.FAULT, f"{len(rows) - SHOWN} more rows refer to nothing", _RESTORE


def _search_index(archive: Archive, _scope: Scope) -> _Found:
    """FTS5 compares index and texts in a write transaction: it is rolled back, or made on a copy."""
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


def _versions(archive: Archive, _scope: Scope) -> _Found:
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
                yield Level.FAULT, what, _REPARSE
    if faults > SHOWN:
        yield Level.FAULT, f"{faults - SHOWN} more versions are not what their digests say", _REPARSE
    yield from _listed(
        archive,
        "SELECT a.article_id FROM article a LEFT JOIN article_version v ON v.article_id = a.article_id"
        " GROUP BY a.article_id HAVING count(v.number) <> a.version OR max(v.number) IS NOT a.version",
        "article {}: its versions are not numbered 1 to the current one",
        _REPARSE,
    )
    same = " AND ".join(f"v.{name} IS a.{name}" for name in (*VERSION_COLUMNS, "content_sha256"))
    yield from _listed(
        archive,
        "SELECT a.article_id FROM article a JOIN article_version v"
        f" ON v.article_id = a.article_id AND v.number = a.version WHERE NOT ({same})",
        "article {}: its text is not that of its current version",
        _REPARSE,
    )
    yield from _listed(
        archive,
        "SELECT a.article_id FROM article a JOIN article_version v"
        " ON v.article_id = a.article_id AND v.number = a.version WHERE json_array_length(v.images) <>"
        " (SELECT count(*) FROM image i WHERE i.article_id = a.article_id)",
        "article {}: its pictures are not those of its current version",
        _REPARSE,
    )
    yield from _listed(
        archive,
        "SELECT a.article_id FROM article a JOIN article_version v"
        " ON v.article_id = a.article_id AND v.number = a.version WHERE json_array_length(v.credits) <>"
        " (SELECT count(*) FROM credit c WHERE c.article_id = a.article_id)",
        "article {}: its credits are not those of its current version",
        _REPARSE,
    )


def _absences(archive: Archive, _scope: Scope) -> _Found:
    yield from _listed(
        archive,
        "SELECT a.article_id FROM article a LEFT JOIN absence b ON b.article_id = a.article_id"
        " AND b.returned_at IS NULL WHERE a.status <> CASE WHEN b.absence_id IS NULL THEN '在线'"
        " WHEN b.gone_at IS NULL THEN '失联' ELSE '已消失' END",
        "article {}: its 状态 is not what the view 消失记录 tells",
        "zhijiang crawl --full looks at it again",
    )


def _captures(archive: Archive, scope: Scope) -> _Found:
    rows = archive.connection.execute(
        "SELECT c.capture_id, c.url, c.payload_sha256, c.status, c.revisit_of, w.name FROM capture c"
        " JOIN warc_file w ON w.warc_id = c.warc_id ORDER BY c.warc_id, c.warc_offset"
    ).fetchall()
    if scope.sample is not None and scope.sample < len(rows):
        rows = random.sample(rows, scope.sample)
    faults = 0
    for capture, url, digest, status, revisit_of, name in rows:
        problem = _capture_problem(archive, capture, None if status == 304 else digest, url)
        if problem:
            faults += 1
            if faults <= SHOWN:
                where = f"capture {capture} ({url}) in {name}"
                if revisit_of:
                    where += f", whose bytes are those of capture {revisit_of}"
                yield Level.FAULT, f"{where}: {problem}", "restore the WARC file from a copy"
    if faults > SHOWN:
        yield (
            Level.FAULT,
            f"{faults - SHOWN} more captures cannot be read back",
            "restore the WARC files from a copy",
        )
    yield from _listed(
        archive,
        "SELECT v.article_id FROM article_version v LEFT JOIN capture c ON c.capture_id = v.capture_id"
        " WHERE c.warc_id IS NULL",
        "article {}: no page was kept of one of its versions",
        "nothing can be done; it was captured without WARC files",
        level=Level.NOTE,
    )


def _capture_problem(archive: Archive, capture: int, digest: str | None, url: str) -> str:
    try:
        record = archive.read_capture(capture)
    except WarcError as error:
        return str(error)
    if record.url != url:
        return f"the record there is of {record.url}"
    if digest is not None and hashlib.sha256(record.payload).hexdigest() != digest:
        return "the bytes are not those that were captured"
    return ""


def _warc_files(archive: Archive, scope: Scope) -> _Found:
    known = archive.connection.execute(
        "SELECT name, bytes, sha256 FROM warc_file ORDER BY warc_id"
    ).fetchall()
    folder = archive.warc_folder
    for name, size, digest in known:
        path = folder / name
        if not path.is_file():
            if (folder / f"{name}{OPEN}").is_file():
                yield (
                    Level.NOTE,
                    f"{name}{OPEN} was left open by a killed crawl",
                    "the next crawl completes it",
                )
            else:
                yield Level.FAULT, f"{path} is missing", _COPY
        elif size is not None and path.stat().st_size != size:
            yield Level.FAULT, f"{path} has {path.stat().st_size} bytes, not {size}", _COPY
        elif digest and scope.sample is None and file_sha256(path) != digest:
            yield Level.FAULT, f"{path} is not the file that was written: another SHA-256", _COPY
    names = {name for name, _, _ in known}
    for path in sorted(folder.glob("*.warc.gz*")):
        if path.name.removesuffix(OPEN) not in names:
            what = f"{path} belongs to no crawl of this archive"
            yield Level.NOTE, what, "nothing refers to it; keep it, or put it where it belongs"


_COPY = "restore it from a copy: it is the evidence"


def _media(archive: Archive, scope: Scope) -> _Found:
    rows = archive.connection.execute("SELECT media_id, sha256, capture_id FROM media").fetchall()
    if scope.sample is not None and scope.sample < len(rows):
        rows = random.sample(rows, scope.sample)
    for media_id, digest, capture in rows:
        try:
            content = archive.read_capture(capture).content
        except WarcError:
            continue  # told by the check of captures
        if hashlib.sha256(content).hexdigest() != digest:
            yield Level.FAULT, f"media {media_id} is not what capture {capture} holds", _RESTORE
    dead = archive.connection.execute("SELECT count(*) FROM failure WHERE kind = 'media'").fetchone()[0]
    if dead:
        yield (
            Level.NOTE,
            f"{dead} pictures or files could not be fetched",
            "table failure, kind 'media', tells why",
        )


def _last_crawl(archive: Archive, scope: Scope) -> _Found:
    row = archive.connection.execute(
        "SELECT crawl_id, outcome, reason FROM crawl ORDER BY crawl_id DESC LIMIT 1"
    ).fetchone()
    if row is None:
        yield Level.NOTE, "no crawl has run on this archive", "zhijiang crawl"
        return
    crawl, outcome, reason = row
    if outcome == "incomplete":
        yield (
            Level.FAULT,
            f"crawl {crawl} was incomplete: {reason.splitlines()[0]}",
            "zhijiang status tells more",
        )
    elif outcome == "running" and not is_locked(archive.path):
        yield Level.FAULT, f"crawl {crawl} was killed", "the next crawl goes on from there"
    last = archive.connection.execute(
        "SELECT max(finished_at) FROM crawl WHERE outcome = 'complete'"
    ).fetchone()[0]
    if scope.max_age is not None and (
        last is None or scope.now - datetime.fromisoformat(last) > scope.max_age
    ):
        hours = scope.max_age / timedelta(hours=1)
        what = f"no complete crawl in the last {hours:g} hours: " + (
            f"the last ended {last}" if last else "none yet"
        )
        yield Level.FAULT, what, "look at cron, and at zhijiang status"


def _gaps(archive: Archive, _scope: Scope) -> _Found:
    execute = archive.connection.execute
    given_up = execute(
        "SELECT count(*) FROM failure WHERE kind = 'article' AND attempts >= ?", (MAX_ATTEMPTS,)
    ).fetchone()[0]
    if given_up:
        yield (
            Level.NOTE,
            f"{given_up} listed articles failed again and again",
            "view 未存 names them; zhijiang crawl --full asks again",
        )
    empty = [
        name
        for (name,) in execute(
            "SELECT coalesce(nullif(栏目, ''), 代码) FROM 栏目 WHERE 列出 > 0 AND 已存 = 0"
        )
    ]
    if empty:
        yield (
            Level.FAULT,
            f"sections with entries and not one article: {'、'.join(empty)}",
            "zhijiang parse one of their articles",
        )
    labels = execute("SELECT 标签, 次数 FROM 未识别署名 ORDER BY 次数 DESC LIMIT 20").fetchall()
    if labels:
        words = "、".join(f"{label} ({number})" for label, number in labels)
        yield (
            Level.NOTE,
            f"credit labels the role table does not know: {words}",
            "docs/extending.md tells how to add one",
        )


def _listed(
    archive: Archive, sql: str, what: str, advice: str, *, level: Level = Level.FAULT
) -> Iterator[tuple[Level, str, str]]:
    """Yield a finding for each of the first numbers that a query gives, and one for all others."""
    numbers = [row[0] for row in archive.connection.execute(sql)]
    for number in numbers[:SHOWN]:
        yield level, what.format(number), advice
    if len(numbers) > SHOWN:
        yield level, f"the same of {len(numbers) - SHOWN} more articles", advice


CHECKS: dict[str, Callable[[Archive, Scope], _Found]] = {
    "file": _file,
    "schema": _schema,
    "references": _references,
    "search index": _search_index,
    "versions": _versions,
    "absences": _absences,
    "WARC files": _warc_files,
    "captures": _captures,
    "media": _media,
    "last crawl": _last_crawl,
    "gaps": _gaps,
}
"""In the order in which they run."""
