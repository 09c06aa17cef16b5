"""Evidence: what servers sent, byte for byte, in WARC 1.1 files (ISO 28500) beside the archive.

Every exchange becomes a response record and a request record, each a gzip member of its own, so that any
record can be read by its offset alone.  The body is kept as it travelled, before any decompression.  Two
things are not kept, because the HTTP client takes them off the wire: chunked framing, and how the server
wrote the capital letters of header names.

A file that is being written ends in ``.open``; it gets its final name when it is closed.
"""

import hashlib
import os
import zlib
from base64 import b32encode
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import responses as reasons
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.digests import file_sha256
from archive.evidence.warc_reader import OPEN, Headers

MAX_BYTES = 1_000_000_000
"""A file that has grown over this is closed and the next one begun."""

LEVEL = 5
"""Of zlib.  Beside 9, which libraries take: 0.57 of the processor time, 1.2 % more bytes of pages."""

_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, as they travelled."""

    url: str
    captured_at: str
    """UTC, ``2024-01-16T02:03:04Z``."""
    method: str
    request_headers: Headers
    status: int
    headers: Headers
    """Of the response; bytes as Latin-1 characters."""
    body: bytes
    """Of the response, before any decompression."""
    request_body: bytes = b""
    """What was sent with POST."""

    def header(self, name: str) -> str:
        """Return the first value of a response header, "" if there is none."""
        return next((value for known, value in self.headers if known.lower() == name.lower()), "")


@dataclass(frozen=True, slots=True)
class RevisitTarget:
    """An earlier capture that the server's answer repeats."""

    url: str
    captured_at: str


@dataclass(frozen=True, slots=True)
class Location:
    """Where a record lies."""

    file: str
    """The file's final name."""
    offset: int
    """Bytes."""
    length: int
    """Bytes, compressed."""
    record_id: str


@dataclass(frozen=True, slots=True)
class ClosedFile:
    """A file that is complete."""

    name: str
    bytes: int
    sha256: str


class WarcWriter:
    """Writes the captures of one crawl.  Nothing is promised before ``sync`` returns."""

    def __init__(
        self,
        folder: Path,
        site: str,
        info: Mapping[str, str],
        *,
        max_bytes: int = MAX_BYTES,
        taken: Collection[str] = (),
    ) -> None:
        """``info``: what each file's ``warcinfo`` record says.  ``taken``: names no file may have, besides those there.

        A file that is lost keeps its name: captures refer to it.
        """
        self.folder = folder
        self.taken = taken
        self.site = site
        self.info = info
        self.max_bytes = max_bytes
        self.closed: list[ClosedFile] = []
        """Files completed since this list was last emptied."""
        self._out: _Counted | None = None
        self._name = ""
        self._number = 0
        self._synced = 0
        self._plain = BytesIO()
        self._records = WARCWriter(self._plain, gzip=False, warc_version="1.1")

    def write(self, exchange: Exchange, same_as: RevisitTarget | None = None) -> Location:
        """Append an exchange.  ``same_as``: store its headers only, and refer to the body stored then.

        Raises ``OSError``.
        """
        if self._out is not None and self._out.position >= self.max_bytes:
            self._close_file()
        if self._out is None:
            self._open_file()
        assert self._out is not None
        response = _response_record(self._records, exchange, same_as)
        offset = self._out.position
        self._append(response)
        length = self._out.position - offset
        record_id = response.rec_headers.get_header("WARC-Record-ID")
        self._append(_request_record(self._records, exchange, record_id))
        return Location(self._name, offset, length, record_id)

    def _append(self, record: ArcWarcRecord) -> None:
        """Write a record as a gzip member of its own."""
        assert self._out is not None
        self._plain.seek(0)
        self._plain.truncate()
        self._records.write_record(record)
        member = zlib.compressobj(LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
        self._out.write(member.compress(self._plain.getbuffer()) + member.flush())

    def sync(self) -> None:
        """Make everything written so far durable.  Raises ``OSError``."""
        if self._out is not None and self._out.position != self._synced:
            self._out.file.flush()
            os.fsync(self._out.file.fileno())
            self._synced = self._out.position

    def close(self) -> None:
        """Complete the last file.  Raises ``OSError``."""
        if self._out is not None:
            self._close_file()

    def abandon(self) -> None:
        """Let go of the last file as a killed crawl does; ``close_leftovers`` completes it."""
        if self._out is not None:
            with suppress(OSError):  # a full disk, which was told when the bytes were to be synced
                self._out.file.close()
            self._out = None

    def _open_file(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        now = datetime.now(UTC)
        while True:
            self._number += 1
            self._name = f"{self.site}-{now:%Y%m%d%H%M%S}-{self._number:05d}.warc.gz"
            there = any((self.folder / f"{self._name}{ending}").exists() for ending in ("", OPEN))
            if not there and self._name not in self.taken:
                break
        file = (self.folder / f"{self._name}{OPEN}").open("xb")
        _hold(file)
        self._out = _Counted(file)
        self._synced = 0
        self._append(self._records.create_warcinfo_record(self._name, self.info))

    def _close_file(self) -> None:
        assert self._out is not None
        self.sync()
        self._out.file.close()
        (self.folder / f"{self._name}{OPEN}").rename(self.folder / self._name)
        _sync_folder(self.folder)
        self.closed.append(ClosedFile(self._name, self._out.position, self._out.sha256.hexdigest()))
        self._out = None


class _Counted:
    """A file that knows its length and digest while it is written."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.position = 0
        self.sha256 = hashlib.sha256()

    def write(self, data: bytes) -> None:
        self.file.write(data)
        self.sha256.update(data)
        self.position += len(data)


class _AsSent(StatusAndHeaders):  # type: ignore[misc]
    """Headers written with the bytes they had; warcio would escape what is not ASCII."""

    def to_ascii_bytes(self, filter_func: Any = None) -> bytes:
        return bytes(self.to_str(filter_func).encode("latin-1")) + b"\r\n"


def _response_record(writer: WARCWriter, exchange: Exchange, same_as: RevisitTarget | None) -> ArcWarcRecord:
    status = f"{exchange.status} {reasons.get(exchange.status, '')}".strip()
    headers = _AsSent(status, list(exchange.headers), protocol="HTTP/1.1")
    date = {"WARC-Date": exchange.captured_at}
    if same_as is None:
        return writer.create_warc_record(
            exchange.url,
            "response",
            payload=BytesIO(exchange.body),
            length=len(exchange.body),
            warc_headers_dict=date,
            http_headers=headers,
        )
    sha1 = hashlib.sha1(exchange.body, usedforsecurity=False).digest()  # as warcio names payloads
    record = writer.create_revisit_record(
        exchange.url,
        f"sha1:{b32encode(sha1).decode()}",
        same_as.url,
        same_as.captured_at,
        http_headers=headers,
        warc_headers_dict=date,
    )
    if exchange.status == 304:
        record.rec_headers.replace_header("WARC-Profile", _NOT_MODIFIED)
        record.rec_headers.remove_header("WARC-Payload-Digest")
    return record


def _request_record(writer: WARCWriter, exchange: Exchange, response_id: str) -> ArcWarcRecord:
    parts = urlsplit(exchange.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = [("Host", parts.netloc.rpartition("@")[2]), *exchange.request_headers]
    sent = exchange.request_body
    if sent and not any(name.lower() == "content-length" for name, _ in headers):
        headers.append(("Content-Length", str(len(sent))))
    return writer.create_warc_record(
        exchange.url,
        "request",
        payload=BytesIO(sent),
        length=len(sent),
        warc_headers_dict={"WARC-Date": exchange.captured_at, "WARC-Concurrent-To": response_id},
        http_headers=StatusAndHeaders(f"{exchange.method} {target} HTTP/1.1", headers, is_http_request=True),
    )


def _sync_folder(folder: Path) -> None:
    """Make a renaming durable, where the system lets folders be opened."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _hold(file: BinaryIO) -> bool:
    """Keep a file that is written to ourselves until it is closed; tell whether that was possible.

    Where the system knows no such locks (Windows keeps an open file from being renamed), it always is.
    """
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a drive that knows none
        return True
    return True


def close_leftovers(folder: Path, names: Iterable[str]) -> list[ClosedFile]:
    """Complete the files that a killed crawl left open; what it had not finished writing is cut off.

    ``names``: the files of this archive that it does not know as complete; what else lies there is not touched, it
    may be what another archive is writing.  No row of the archive refers to what is cut: rows are written after
    their bytes are on disk.
    """
    closed = []
    for name in names:
        final, path = folder / name, folder / f"{name}{OPEN}"
        if not path.is_file():
            if final.is_file():  # killed after the file was closed and before a row said so
                closed.append(ClosedFile(name, final.stat().st_size, file_sha256(final)))
            continue
        with path.open("r+b") as file:
            if not _hold(file):  # a copy of the archive is being crawled elsewhere, with this folder
                continue
            end = _end_of_complete_members(file)
            file.truncate(end)
            file.flush()
            os.fsync(file.fileno())
        if end == 0:
            path.unlink()
            continue
        path.rename(final)
        closed.append(ClosedFile(name, end, file_sha256(final)))
    return closed


def _end_of_complete_members(file: BinaryIO) -> int:
    """Return where the last gzip member that is whole ends."""
    end = position = 0
    member = zlib.decompressobj(31)
    while data := file.read(1 << 20):
        position += len(data)
        while data:
            try:
                member.decompress(data)
            except zlib.error:
                return end
            if not member.eof:
                break
            data = member.unused_data
            end = position - len(data)
            member = zlib.decompressobj(31)
    return end
