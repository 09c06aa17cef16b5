"""Checks of the evidence: WARC files, and that every capture and picture can be read back from them."""

import hashlib
import json
import os
import random
from collections.abc import Collection, Iterator
from typing import Any

from archive.care.findings import RESTORE, Found, Level, Scope, differs, first, listed, short
from archive.care.strangers import strangers
from archive.digests import file_sha256
from archive.evidence.media import sniff
from archive.evidence.warc_reader import OPEN, Stored, WarcError, read_info, read_stored
from archive.model.wording import plural
from archive.store.archive import Archive
from archive.store.captures import read_capture
from archive.store.evidence_folder import said_folder


def check_warc_files(archive: Archive, scope: Scope) -> Found:
    """Every WARC file is there, as long as it was and with the digest it had."""
    known = archive.connection.execute(
        "SELECT name, bytes, sha256 FROM warc_file ORDER BY warc_id"
    ).fetchall()
    folder = archive.warc_folder
    names = {name for name, _, _ in known}
    yield from strangers(archive, names, scope)
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
        else:
            yield from _info_problems(archive, name)


def _info_problems(archive: Archive, name: str) -> Found:
    """What the first record of a WARC file says of itself and its crawl."""
    software, options = archive.connection.execute(
        "SELECT k.software, k.options FROM warc_file w JOIN crawl k ON k.crawl_id = w.crawl_id WHERE w.name = ?",
        (name,),
    ).fetchone()
    try:
        info, _ = read_info(archive.warc_folder, name)
    except WarcError as error:
        yield Level.FAULT, str(error), _COPY
        return
    if info["WARC-Filename"] != name:
        yield Level.FAULT, differs(name, "name", name, info["WARC-Filename"], "its first record"), _COPY
    if software and info.get("software", "") != software:  # "": of the crawl no more than its number is known
        what = differs(f"crawl of {name}", "software", software, info.get("software"), "the file")
        yield Level.FAULT, what, RESTORE
    used = json.loads(options)
    said = {"site": json.loads(info.get("site-profile", "null")), "reading": info.get("reading")}
    for key, wanted in said.items():
        if wanted and used.get(key) not in (None, wanted):
            what = differs(f"crawl of {name}", f"options, {key},", used[key], wanted, "the file")
            yield Level.FAULT, what, RESTORE


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


def check_captures(archive: Archive, scope: Scope) -> Found:
    """Every capture can be read back, its bytes are those that were captured, and its row is what its record says."""
    rows = archive.connection.execute(
        f"SELECT {', '.join(f'c.{name}' for name in _CAPTURE)}, w.name FROM capture c"
        " JOIN warc_file w ON w.warc_id = c.warc_id"
        " ORDER BY c.warc_id, c.warc_offset"
    ).fetchall()
    if scope.sample is not None and scope.sample < len(rows):
        rows = random.sample(rows, scope.sample)
    if _is_away(archive):
        what = f"{len(rows)} capture{plural(len(rows))} cannot be read back without the WARC files"
        yield Level.FAULT, what, "the check of WARC files says where they were looked for"
    else:
        ends = _Ends(archive) if scope.sample is None else None
        yield from first(_captured(archive, rows, ends), "captures")
        if ends is not None:
            yield from first(ends.problems(), "places")
    yield from listed(
        archive,
        "SELECT v.article_id FROM article_version v LEFT JOIN capture c ON c.capture_id = v.capture_id"
        " WHERE c.warc_id IS NULL",
        "article {}: no page was kept of one of its versions",
        "nothing can be done; it was captured without WARC files",
        level=Level.NOTE,
    )


_CAPTURE = (
    *("capture_id", "url", "captured_at", "method", "status", "mime", "charset", "redirect_to", "etag"),
    *(
        "last_modified",
        "payload_bytes",
        "payload_sha256",
        "revisit_of",
        "warc_offset",
        "warc_length",
        "record_id",
    ),
)
_HEADERS = {"redirect_to": "location", "etag": "etag", "last_modified": "last-modified"}
"""Column of ``capture`` → the response header that it holds."""


def _captured(archive: Archive, rows: list[tuple[Any, ...]], ends: "_Ends | None") -> Found:
    for *values, name in rows:
        row = dict(zip(_CAPTURE, values, strict=True))
        try:
            stored = read_stored(archive.warc_folder, name, row["warc_offset"])
            if ends is not None:
                ends.add(name, row["warc_offset"], stored.end)
            payload = (
                read_capture(archive, row["capture_id"]).payload
                if row["revisit_of"]
                else stored.record.payload
            )
        except WarcError as error:
            yield Level.FAULT, f"{_named(row, name)}: {error}", _FILE
            continue
        for problem in _capture_problems(row, stored, payload, _holders(archive, stored.revisits)):
            yield Level.FAULT, f"{_named(row, name)}: {problem}", _FILE


def _holders(archive: Archive, named: tuple[str, str] | None) -> frozenset[int]:
    """Return the captures that hold the bytes of the one that a record names by address and time.

    A record may name one that holds none itself.  None found: the row of that one was changed, and its own record
    says so.
    """
    sql = "SELECT coalesce(revisit_of, capture_id) FROM capture WHERE url = ? AND captured_at = ?"
    return frozenset(number for (number,) in archive.connection.execute(sql, named or ("", "")))


_FILE = "restore from a copy what was changed: the WARC file, or where its SHA-256 is right the archive file"


class _Ends:
    """Where the records of files end one by one: between two of them lies none of which no row tells.

    Only of complete crawls: one that was killed leaves records whose rows were never written.
    """

    def __init__(self, archive: Archive) -> None:
        self._folder = archive.warc_folder
        self._lengths: dict[str, int] = dict(
            archive.connection.execute(
                "SELECT w.name, w.bytes FROM warc_file w JOIN crawl k ON k.crawl_id = w.crawl_id"
                " WHERE k.outcome = 'complete' AND k.software <> '' AND w.bytes IS NOT NULL"
            ).fetchall()
        )
        self._places: dict[str, list[tuple[int, int]]] = {}

    def add(self, name: str, begin: int, end: int) -> None:
        """Note where a record and its request lie."""
        self._places.setdefault(name, []).append((begin, end))

    def problems(self) -> Found:
        """Yield what lies between, in files all of whose records were read."""
        for name, length in self._lengths.items():
            try:
                reached = read_info(self._folder, name)[1]
            except WarcError:
                continue  # told by the check of WARC files
            for begin, end in [*sorted(self._places.get(name, ())), (length, length)]:
                if begin != reached:
                    what = f"{name}: bytes {reached} to {begin} are of no capture: a row was removed, or its place changed"
                    yield Level.FAULT, what, RESTORE
                reached = end


def _named(row: dict[str, Any], file: str) -> str:
    where = f"capture {row['capture_id']} ({row['url']}) in {file}"
    return where + (f", whose bytes are those of capture {row['revisit_of']}" if row["revisit_of"] else "")


def _capture_problems(
    row: dict[str, Any], stored: Stored, payload: bytes, holders: Collection[int]
) -> Iterator[str]:
    """Yield what is wrong with a capture.  ``holders``: see ``_holders``."""
    record = stored.record
    if record.url != row["url"]:
        yield f"the record there is of {record.url}"
        return
    if row["status"] != 304:  # which has no body of its own
        if hashlib.sha256(payload).hexdigest() != row["payload_sha256"]:
            yield "the bytes are not those that were captured"
        elif len(payload) != row["payload_bytes"]:
            yield f"payload_bytes is {row['payload_bytes']}, and by its record {len(payload)}"
    told = {
        "captured_at": record.captured_at,
        "method": stored.method
        or row["method"],  # a power cut may have taken the request behind the last answer
        "status": record.status,
        "mime": record.content_type.partition(";")[0].strip().lower(),
        "warc_length": stored.length,
        "record_id": stored.record_id,
        **{column: record.header(header) for column, header in _HEADERS.items()},
    }
    for column, wanted in told.items():
        if not _is_as_sent(row[column], wanted):
            yield f"{column} is {short(row[column])}, and by its record {short(wanted)}"
    if row["charset"] not in record.content_type.lower():
        yield f"charset is {short(row['charset'])}, and by its record {short(record.content_type)}"
    if (stored.revisits is not None) != (row["revisit_of"] is not None):
        yield f"revisit_of is {short(row['revisit_of'])}, and its record says otherwise"
    elif stored.revisits is not None and holders and row["revisit_of"] not in holders:
        yield f"revisit_of is capture {row['revisit_of']}, and its record names {' of '.join(stored.revisits)}"


def _is_as_sent(value: Any, wanted: Any) -> bool:
    """Tell whether a column holds what a record says; a header's bytes were read as Latin-1 when they came."""
    if value == wanted or not isinstance(value, str) or not isinstance(wanted, str):
        return bool(value == wanted)
    return value.strip() in (wanted.strip(), wanted.strip().encode().decode("latin-1"))


def check_media(archive: Archive, scope: Scope) -> Found:
    """Every picture and file is what its capture holds."""
    execute = archive.connection.execute
    rows = execute(
        "SELECT media_id, capture_id, sha256, bytes, mime, width, height FROM media UNION ALL"  # and where others hold it
        " SELECT m.media_id, m.capture_id, x.sha256, x.bytes, x.mime, x.width, x.height FROM media_address m"
        " JOIN media x ON x.media_id = m.media_id JOIN capture c ON c.capture_id = m.capture_id"
        " JOIN capture o ON o.capture_id = x.capture_id WHERE c.payload_sha256 <> o.payload_sha256"
    ).fetchall()
    if scope.sample is not None and scope.sample < len(rows):
        rows = random.sample(rows, scope.sample)
    yield from first(_media_problems(archive, rows), "pictures and files")
    dead = execute(
        "SELECT url, reason, attempts FROM failure WHERE kind = 'media' ORDER BY failure_id"
    ).fetchall()
    yield from first(map(_unfetched, dead), "pictures or files")


def _unfetched(row: tuple[str, str, int]) -> tuple[Level, str, str]:
    """Tell of a picture or file that no crawl could fetch."""
    url, reason, attempts = row
    return (
        Level.NOTE,
        f"picture or file {url} could not be fetched: {reason} (crawls that tried: {attempts})",
        "table failure, kind 'media', names all",
    )


def _media_problems(archive: Archive, rows: list[tuple[Any, ...]]) -> Found:
    for media_id, capture, digest, size, *kind in rows:
        try:
            content = read_capture(archive, capture).content
        except WarcError:
            continue  # told by the check of captures
        if hashlib.sha256(content).hexdigest() != digest:
            yield Level.FAULT, f"media {media_id} is not what capture {capture} holds", RESTORE
            continue
        row = f"media {media_id}"
        if size != len(content):
            yield Level.FAULT, differs(row, "bytes", size, len(content), "its capture"), RESTORE
        if (found := sniff(content)) is None:
            continue
        read = (found.mime, found.width, found.height)
        for column, value, wanted in zip(("mime", "width", "height"), kind, read, strict=True):
            if value != wanted:
                what = differs(row, column, value, wanted, "its bytes")
                yield Level.OPEN, f"{what}: changed by hand, or read by another Pillow", RESTORE
