"""Checks of the evidence: WARC files, and that every capture and picture can be read back from them."""

import hashlib
import random

from archive.care.findings import RESTORE, SHOWN, Found, Level, Scope, listed
from archive.digests import file_sha256
from archive.evidence.warc_reader import OPEN, WarcError
from archive.store.archive import Archive
from archive.store.captures import read_capture


def check_warc_files(archive: Archive, scope: Scope) -> Found:
    """Every WARC file is there, as long as it was and with the digest it had."""
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


def check_captures(archive: Archive, scope: Scope) -> Found:
    """Every capture can be read back, and its bytes are those that were captured."""
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
