"""Captures: every request with its answer, the bytes in WARC files and what is asked of them in rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.evidence.charset import header_label
from archive.evidence.media import sniff
from archive.evidence.warc_reader import Record, WarcError, read_record
from archive.model.crawl import CaptureType, FailureType, MediaFile
from archive.store.archive import Archive
from archive.store.evidence_files import lost_files
from archive.store.evidence_folder import claim_folder
from archive.store.read import NOT_HELD
from archive.store.seals import EVIDENCE, seal

if TYPE_CHECKING:  # who keeps no bytes needs no WARC library
    from archive.evidence.warc_writer import Exchange


def begin_warc(archive: Archive, site: str, info: Mapping[str, str]) -> None:
    """Keep the bytes of what is captured from now on, as WARC files.

    ``info``: what their ``warcinfo`` records say.  Completes the files of a crawl that was killed.  Bytes that lie in files that are lost are
    kept again when they come again.  Raises ``ArchiveError`` for a copy that reads the evidence of its original.
    """
    from archive.evidence.warc_writer import WarcWriter, close_leftovers

    claim_folder(archive)
    with archive.transaction() as execute:
        not_closed = execute("SELECT name FROM warc_file WHERE sha256 IS NULL ORDER BY warc_id").fetchall()
        archive.record_closed(close_leftovers(archive.warc_folder, (name for (name,) in not_closed)))
        seal(archive, EVIDENCE, ("warc_file",))
        archive.lost_files = frozenset(file.warc_id for file in lost_files(archive))
    taken = frozenset(name for (name,) in archive.connection.execute("SELECT name FROM warc_file"))
    archive.warc = WarcWriter(archive.warc_folder, site, info, taken=taken)


def end_warc(archive: Archive) -> None:
    """Complete the last WARC file; of what is captured from now on no bytes are kept."""
    if archive.warc is not None:
        archive.warc.close()
        archive.record_closed(archive.warc.closed)
        archive.warc = None


def save_capture(
    archive: Archive,
    exchange: Exchange,
    crawl: int,
    *,
    capture_type: CaptureType,
    site: str,
    key: str | None = None,
) -> int:
    """Store one request and its answer; return the capture's number.

    ``key``: the identity of the article that the address has.  The bytes go into a WARC file if one was begun;
    a body that is known already is not stored again.
    """
    digest = hashlib.sha256(exchange.body).hexdigest()
    with archive.transaction():
        earlier = _capture_with_same_body(archive, exchange, digest)
        row: dict[str, Any] = {
            "crawl_id": crawl,
            "kind": capture_type,
            "site": site,
            "key": key,
            "url": exchange.url,
            "method": exchange.method,
            "captured_at": exchange.captured_at,
            "status": exchange.status,
            **_content_type(exchange.header("content-type")),
            "redirect_to": exchange.header("location"),
            "etag": exchange.header("etag"),
            "last_modified": exchange.header("last-modified"),
            "payload_bytes": len(exchange.body),
            "payload_sha256": digest,
        }
        if archive.warc is not None:
            from archive.evidence.warc_writer import RevisitTarget

            same_as = earlier and RevisitTarget(earlier[1], earlier[2])
            location = archive.warc.write(exchange, same_as)
            row |= {
                "revisit_of": earlier and earlier[0],
                "warc_id": _warc_id(archive, location.file, crawl),
                "warc_offset": location.offset,
                "warc_length": location.length,
                "record_id": location.record_id,
            }
        return archive.insert("capture", row)


def save_capture_error(
    archive: Archive,
    url: str,
    captured_at: str,
    error: str,
    crawl: int,
    *,
    capture_type: CaptureType,
    site: str,
    key: str | None = None,
) -> int:
    """Store a request that brought no answer; return the capture's number."""
    row = {
        "crawl_id": crawl,
        "kind": capture_type,
        "site": site,
        "key": key,
        "url": url,
        "captured_at": captured_at,
        "error": error,
    }
    with archive.transaction():
        return archive.insert("capture", row)


def save_media(archive: Archive, media: MediaFile, site: str) -> bool:
    """Store what an address held, once however many addresses hold it.

    Returns False, and stores nothing, when the bytes are neither a picture nor a file that articles offer.
    """
    found = sniff(media.body)
    if found is None:
        return False
    digest = hashlib.sha256(media.body).hexdigest()
    with archive.transaction() as execute:
        row = {
            "sha256": digest,
            "mime": found.mime,
            "bytes": len(media.body),
            "width": found.width,
            "height": found.height,
            "capture_id": media.capture,
        }
        known = execute("SELECT media_id FROM media WHERE sha256 = ?", (digest,)).fetchone()
        media_id = known[0] if known else archive.insert("media", row)
        execute(
            """INSERT INTO media_address (url, media_id, capture_id) VALUES (?, ?, ?)
               ON CONFLICT (url) DO UPDATE SET media_id = excluded.media_id, capture_id = excluded.capture_id""",
            (media.url, media_id, media.capture),
        )
        execute(
            "DELETE FROM failure WHERE site = ? AND kind = ? AND url = ?",
            (site, FailureType.MEDIA, media.url),
        )
    return True


def read_capture(archive: Archive, capture: int) -> Record:
    """Read a capture's bytes back.  Raises ``WarcError`` where there are none."""
    return kept_bytes(archive, capture).read()


@dataclass(frozen=True, slots=True)
class KeptBytes:
    """Where a capture's bytes lie: they can be read by another process, which has no archive."""

    folder: Path
    places: tuple[tuple[str, int], ...]
    """File and offset of its record, then of the one whose body it repeats."""

    def read(self) -> Record:
        """Read them back.  Raises ``WarcError``."""
        record, *bodies = (read_record(self.folder, name, offset) for name, offset in self.places)
        for body in bodies:
            record = record.with_body_of(body)
        return record


def kept_bytes(archive: Archive, capture: int) -> KeptBytes:
    """Return where a capture's bytes lie.  Raises ``WarcError`` where none were kept."""
    places: list[tuple[str, int]] = []
    wanted: int | None = capture
    while wanted is not None:
        row = archive.connection.execute(
            "SELECT w.name, c.warc_offset, c.revisit_of FROM capture c"
            " LEFT JOIN warc_file w ON w.warc_id = c.warc_id WHERE c.capture_id = ?",
            (wanted,),
        ).fetchone()
        if row is None or row[0] is None:
            raise WarcError(f"{archive.path}: of capture {wanted} no bytes were kept")
        name, offset, wanted = row
        if (name, offset) in places:
            raise WarcError(
                f"{archive.path}: capture {capture} repeats the bytes of one that repeats its own"
            )
        places.append((name, offset))
    return KeptBytes(archive.warc_folder, tuple(places))


def capture_of_part(archive: Archive, first: int, url: str) -> int | None:
    """Return the capture of a further page of an article, behind that of its first page; None if there is none."""
    row = archive.connection.execute(
        "SELECT p.capture_id FROM capture p JOIN capture c ON c.capture_id = ? AND p.crawl_id = c.crawl_id"
        " AND p.site = c.site AND p.key = c.key AND p.capture_id > c.capture_id"
        " WHERE p.kind = ? AND p.status = 200 AND p.url = ? ORDER BY p.capture_id LIMIT 1",
        (first, CaptureType.PART, url),
    ).fetchone()
    return int(row[0]) if row else None


def capture_of_text(archive: Archive, article_id: int) -> dict[str, Any] | None:
    """Return the capture that an article's current text was read from, None where no bytes of it were kept.

    Its number, address, time, status, type, charset and digest, and where it lies: ``file``, offset, length (bytes).
    """
    sql = (
        "SELECT c.capture_id, c.url, c.captured_at, c.status, c.mime, c.charset, c.payload_sha256,"
        " w.name AS file, c.warc_offset, c.warc_length FROM article a"
        " JOIN article_version v ON v.article_id = a.article_id AND v.number = a.version"
        " JOIN capture c ON c.capture_id = v.capture_id JOIN warc_file w ON w.warc_id = c.warc_id"
        " WHERE a.article_id = ?"
    )
    return next(iter(archive.rows(sql, [article_id])), None)


def _capture_with_same_body(archive: Archive, exchange: Exchange, digest: str) -> tuple[int, str, str] | None:
    """Return (number, address, time) of an earlier capture that holds the body of this answer."""
    execute = archive.connection.execute
    if exchange.status == 304:
        found = execute(
            "SELECT o.capture_id, o.url, o.captured_at FROM capture c"
            " JOIN capture o ON o.capture_id = coalesce(c.revisit_of, c.capture_id) WHERE c.url = ? AND c.method = 'GET' AND c.status = 200 AND c.warc_id IS NOT NULL"
            f" AND {NOT_HELD.format('c')} ORDER BY c.capture_id DESC LIMIT 1",
            (exchange.url,),
        ).fetchone()
    elif exchange.body:
        found = execute(
            "SELECT capture_id, url, captured_at FROM capture"
            " WHERE payload_sha256 = ? AND revisit_of IS NULL AND warc_id IS NOT NULL AND status = ?"
            " AND warc_id NOT IN (SELECT value FROM json_each(?)) LIMIT 1",
            (digest, exchange.status, json.dumps(sorted(archive.lost_files))),
        ).fetchone()
    else:
        found = None
    return found and (found[0], found[1], found[2])


def _warc_id(archive: Archive, name: str, crawl: int) -> int:
    found = archive.connection.execute("SELECT warc_id FROM warc_file WHERE name = ?", (name,)).fetchone()
    return int(found[0]) if found else archive.insert("warc_file", {"name": name, "crawl_id": crawl})


def _content_type(header: str) -> dict[str, str]:
    mime, _, rest = header.partition(";")
    return {"mime": mime.strip().lower(), "charset": header_label(rest).lower()}
