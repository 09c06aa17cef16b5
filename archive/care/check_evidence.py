"""Checks of the evidence: WARC files, and that every capture and picture can be read back from them."""

import hashlib
import os
import random
import re
import sqlite3
from contextlib import closing, suppress

from archive.care.findings import RESTORE, SHOWN, Found, Level, Scope, listed
from archive.digests import file_sha256
from archive.evidence.warc_reader import OPEN, WarcError, holds_answer
from archive.store.archive import Archive
from archive.store.captures import read_capture
from archive.store.evidence_folder import original, said_folder, same_file, uses_folder
from archive.store.own_files import is_archive


def check_warc_files(archive: Archive, scope: Scope) -> Found:
    """Every WARC file is there, as long as it was and with the digest it had."""
    known = archive.connection.execute(
        "SELECT name, bytes, sha256 FROM warc_file ORDER BY warc_id"
    ).fetchall()
    folder = archive.warc_folder
    names = {name for name, _, _ in known}
    yield from _strangers(archive, names, scope)
    if _is_away(archive):
        yield (
            Level.FAULT,
            f"none of its {len(known)} WARC files is in {_looked_in(archive)}",
            f"move their folder to {archive.path.with_suffix('.warc')}, or put a link to it there;"
            " zhijiang check --evidence FOLDER looks in another one",
        )
        return
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


_COPY = "restore it from a copy: it is the evidence"


def _is_away(archive: Archive) -> bool:
    """Tell whether there are WARC files, and not one of them is where the archive has them."""
    names = archive.connection.execute("SELECT name FROM warc_file").fetchall()
    there = set(os.listdir(archive.warc_folder)) if archive.warc_folder.is_dir() else set()
    return bool(names) and not any({name, f"{name}{OPEN}"} & there for (name,) in names)


def _looked_in(archive: Archive) -> str:
    said = said_folder(archive)
    return f"{archive.warc_folder}" + (
        f" or {said.folder}" if said and said.folder != archive.warc_folder else ""
    )


def _strangers(archive: Archive, names: set[str], scope: Scope) -> Found:
    """WARC files of which no row tells: those of this archive's crawls are a fault, others worth knowing."""
    folder = archive.warc_folder
    strangers = [p for p in sorted(folder.glob("*.warc.gz*")) if p.name.removesuffix(OPEN) not in names]
    if not strangers:
        return
    if scope.evidence is not None or original(archive):
        what = f"{len(strangers)} files in {folder} are of no crawl that this copy knows, the first is {strangers[0].name}"
        yield Level.NOTE, what, "they are another archive's, or came after the copy was made"
        return
    others = _names_of_others(archive)
    lost = 0
    for path in strangers:
        name = path.name.removesuffix(OPEN)
        if name in others:
            continue
        if _is_lost(archive, name) and holds_answer(path):
            lost += 1
            if lost <= SHOWN:
                yield Level.FAULT, f"{path} is of a crawl of which this archive knows nothing", _NEWER
        else:
            what = f"{path} belongs to no crawl of this archive"
            yield Level.NOTE, what, "nothing refers to it; keep it, or put it where it belongs"
    if lost > SHOWN:
        yield Level.FAULT, f"{lost - SHOWN} more files in {folder} are of such crawls", _NEWER


_NEWER = (
    "the archive was copied without its write-ahead log (….db-wal) or is older than its evidence: restore the newer"
    " file, or where there is none move these files to another folder"
)
_NAME = re.compile(r"(?P<site>.+)-(?P<time>\d{14})-\d{5,}\.warc\.gz")
"""As ``WarcWriter`` names its files."""


def _is_lost(archive: Archive, name: str) -> bool:
    """Tell by a WARC file's name whether it was written for a site of this archive while none of its crawls ran.

    What was begun during one is the file of a crawl that was killed before it noted anything.  When a killed crawl
    ended nobody knows: it counts as at work for twelve hours more, less than until the next night's.
    """
    found = _NAME.fullmatch(name)
    crawls = archive.connection.execute(
        "SELECT site, started_at, coalesce(finished_at, strftime('%Y-%m-%dT%H:%M:%SZ', coalesce((SELECT max(captured_at)"
        " FROM capture c WHERE c.crawl_id = crawl.crawl_id), started_at), '+12 hours')) FROM crawl"
    ).fetchall()
    if found is None or (crawls and found["site"] not in {site for site, _, _ in crawls}):
        return False
    digits = found["time"]
    at = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}T{digits[8:10]}:{digits[10:12]}:{digits[12:]}Z"
    return not any(site == found["site"] and start <= at <= end for site, start, end in crawls)


def _names_of_others(archive: Archive) -> set[str]:
    """Return the WARC files of other archives that share the folder, as archives of one stem did before schema 14."""
    names: set[str] = set()
    for path in archive.path.parent.iterdir():
        if is_archive(path) and not same_file(path, archive.path) and uses_folder(path, archive.warc_folder):
            with (
                suppress(sqlite3.DatabaseError),
                closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as other,
            ):
                names.update(name for (name,) in other.execute("SELECT name FROM warc_file"))
    return names


def check_captures(archive: Archive, scope: Scope) -> Found:
    """Every capture can be read back, and its bytes are those that were captured."""
    rows = archive.connection.execute(
        "SELECT c.capture_id, c.url, c.payload_sha256, c.status, c.revisit_of, w.name FROM capture c"
        " JOIN warc_file w ON w.warc_id = c.warc_id ORDER BY c.warc_id, c.warc_offset"
    ).fetchall()
    if scope.sample is not None and scope.sample < len(rows):
        rows = random.sample(rows, scope.sample)
    if _is_away(archive):
        what = f"{len(rows)} captures cannot be read back without the WARC files"
        yield Level.FAULT, what, "the check of WARC files says where they were looked for"
        rows = []
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
    yield from listed(
        archive,
        "SELECT v.article_id FROM article_version v LEFT JOIN capture c ON c.capture_id = v.capture_id"
        " WHERE c.warc_id IS NULL",
        "article {}: no page was kept of one of its versions",
        "nothing can be done; it was captured without WARC files",
        level=Level.NOTE,
    )


def _capture_problem(archive: Archive, capture: int, digest: str | None, url: str) -> str:
    try:
        record = read_capture(archive, capture)
    except WarcError as error:
        return str(error)
    if record.url != url:
        return f"the record there is of {record.url}"
    if digest is not None and hashlib.sha256(record.payload).hexdigest() != digest:
        return "the bytes are not those that were captured"
    return ""


def check_media(archive: Archive, scope: Scope) -> Found:
    """Every picture and file is what its capture holds."""
    rows = archive.connection.execute("SELECT media_id, sha256, capture_id FROM media").fetchall()
    if scope.sample is not None and scope.sample < len(rows):
        rows = random.sample(rows, scope.sample)
    for media_id, digest, capture in rows:
        try:
            content = read_capture(archive, capture).content
        except WarcError:
            continue  # told by the check of captures
        if hashlib.sha256(content).hexdigest() != digest:
            yield Level.FAULT, f"media {media_id} is not what capture {capture} holds", RESTORE
    dead = archive.connection.execute("SELECT count(*) FROM failure WHERE kind = 'media'").fetchone()[0]
    if dead:
        yield (
            Level.NOTE,
            f"{dead} pictures or files could not be fetched",
            "table failure, kind 'media', tells why",
        )
