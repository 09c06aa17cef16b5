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
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.client import responses as reasons
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

MAX_BYTES = 1_000_000_000
"""A file that has grown over this is closed and the next one begun."""
MAX_CONTENT = 32 * 1024 * 1024
"""Bytes that a body may have, as it travels and unpacked.  What unpacks to more is a bomb: it is kept as it came,
and never unpacked."""
OPEN = ".open"
"""Ending of a file that is being written, or was when the program died."""

_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

Headers = tuple[tuple[str, str], ...]


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

    def header(self, name: str) -> str:
        """Return the first value of a response header, "" if there is none."""
        return next((value for known, value in self.headers if known.lower() == name.lower()), "")


@dataclass(frozen=True, slots=True)
class Earlier:
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


@dataclass(frozen=True, slots=True)
class Record:
    """A response record, read back."""

    url: str
    captured_at: str
    status: int
    headers: Headers
    """Of the response; bytes read as UTF-8 where they are, else as Latin-1."""
    payload: bytes
    """The body as it travelled."""
    payload_headers: Headers
    """Of the response that brought the body: they say how it is packed."""

    def with_body_of(self, other: "Record") -> "Record":
        """Return this record with the body that it shares with another."""
        return replace(self, payload=other.payload, payload_headers=other.payload_headers)

    @property
    def content(self) -> bytes:
        """The body unpacked.  Raises ``WarcError`` when that is more than ``MAX_CONTENT``."""
        try:
            return _unpacked(self.payload, self.payload_headers)
        except _TooLarge:
            raise WarcError(f"{self.url}: unpacks to more than {MAX_CONTENT} bytes") from None

    @property
    def content_type(self) -> str:
        """Return the Content-Type header, "" if there is none."""
        return next((value for name, value in self.headers if name.lower() == "content-type"), "")


class WarcError(Exception):
    """A record cannot be read: names the file, the offset and the reason."""


class WarcWriter:
    """Writes the captures of one crawl.  Nothing is promised before ``sync`` returns."""

    def __init__(
        self, folder: Path, site: str, info: Mapping[str, str], *, max_bytes: int = MAX_BYTES
    ) -> None:
        """``info``: what each file's ``warcinfo`` record says."""
        self.folder = folder
        self.site = site
        self.info = info
        self.max_bytes = max_bytes
        self.closed: list[ClosedFile] = []
        """Files completed since this list was last emptied."""
        self._out: _Counted | None = None
        self._name = ""
        self._number = 0
        self._synced = 0

    def write(self, exchange: Exchange, same_as: Earlier | None = None) -> Location:
        """Append an exchange.  ``same_as``: store its headers only, and refer to the body stored then.

        Raises ``OSError``.
        """
        if self._out is not None and self._out.position >= self.max_bytes:
            self._close_file()
        if self._out is None:
            self._open_file()
        assert self._out is not None
        writer = _writer(self._out)
        response = _response_record(writer, exchange, same_as)
        offset = self._out.position
        writer.write_record(response)
        length = self._out.position - offset
        record_id = response.rec_headers.get_header("WARC-Record-ID")
        writer.write_record(_request_record(writer, exchange, record_id))
        return Location(self._name, offset, length, record_id)

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
            if not any((self.folder / f"{self._name}{ending}").exists() for ending in ("", OPEN)):
                break
        self._out = _Counted((self.folder / f"{self._name}{OPEN}").open("xb"))
        self._synced = 0
        writer = _writer(self._out)
        writer.write_record(writer.create_warcinfo_record(self._name, self.info))

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

    def flush(self) -> None:
        """Do nothing: ``WarcWriter.sync`` decides when."""


def _writer(out: "_Counted") -> WARCWriter:
    return WARCWriter(out, gzip=True, warc_version="1.1")


class _AsSent(StatusAndHeaders):  # type: ignore[misc]
    """Headers written with the bytes they had; warcio would escape what is not ASCII."""

    def to_ascii_bytes(self, filter_func: Any = None) -> bytes:
        return bytes(self.to_str(filter_func).encode("latin-1")) + b"\r\n"


def _response_record(writer: WARCWriter, exchange: Exchange, same_as: Earlier | None) -> ArcWarcRecord:
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
    return writer.create_warc_record(
        exchange.url,
        "request",
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


# --- reading back --------------------------------------------------------------------------------------


def find_file(folder: Path, name: str) -> Path:
    """Return where a file lies: under its final name, or still open.  Raises ``WarcError``."""
    for path in (folder / name, folder / f"{name}{OPEN}"):
        if path.is_file():
            return path
    raise WarcError(f"{folder / name}: the file is missing")


def read_record(folder: Path, name: str, offset: int) -> Record:
    """Read the response record at an offset.  Raises ``WarcError``."""
    path = find_file(folder, name)
    try:
        with path.open("rb") as file:
            file.seek(offset)
            record = next(iter(ArchiveIterator(file)), None)
            if record is None or record.rec_type not in ("response", "revisit"):
                raise WarcError(f"{path}: no response record begins at byte {offset}")
            payload = record.raw_stream.read() if record.rec_type == "response" else b""
    except WarcError:
        raise
    except Exception as error:  # warcio raises whatever it stumbles over
        raise WarcError(f"{path}: the record at byte {offset} cannot be read: {_words(error)}") from error
    http = record.http_headers
    headers = tuple(http.headers) if http else ()
    return Record(
        url=record.rec_headers.get_header("WARC-Target-URI"),
        captured_at=record.rec_headers.get_header("WARC-Date"),
        status=int(http.get_statuscode()) if http and http.get_statuscode().isdigit() else 0,
        headers=headers,
        payload=payload,
        payload_headers=headers,
    )


class _TooLarge(Exception):
    """A body unpacks to more than ``MAX_CONTENT``."""


def _unpacked(payload: bytes, headers: Headers) -> bytes:
    """Undo what Content-Encoding says; of a broken body as much as can be had, as the crawl reads it."""
    encodings = [v for name, value in headers if name.lower() == "content-encoding" for v in value.split(",")]
    for encoding in reversed([encoding.strip().lower() for encoding in encodings]):
        for window in {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}.get(encoding, ()):
            if found := _inflated(payload, window):
                payload = found
                break
    return payload


def _inflated(data: bytes, window: int) -> bytes:
    parts, room = [], MAX_CONTENT
    while data:
        member = zlib.decompressobj(window)
        try:
            parts.append(member.decompress(data, room + 1))
        except zlib.error:
            break
        room -= len(parts[-1])
        if room < 0:
            raise _TooLarge
        data = member.unused_data
    return b"".join(parts)


def _words(error: Exception) -> str:
    """Return what the library says, without the bytes that it quotes: they may be a whole page."""
    return "there is no WARC record" if "Unknown archive format" in str(error) else f"{error}"[:200]


def read_targets(path: Path) -> Iterator[tuple[int, str, str]]:
    """Yield (offset, record type, address) of every record of a file.  Raises ``WarcError``."""
    try:
        with path.open("rb") as file:
            records = ArchiveIterator(file)
            for record in records:
                yield (
                    records.get_record_offset(),
                    record.rec_type,
                    record.rec_headers.get_header("WARC-Target-URI") or "",
                )
    except Exception as error:
        raise WarcError(f"{path}: cannot be read: {_words(error)}") from error


def file_sha256(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal.  Raises ``OSError``."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def close_leftovers(folder: Path) -> list[ClosedFile]:
    """Complete the files that a killed crawl left open; what it had not finished writing is cut off.

    No row of the archive refers to what is cut: rows are written after their bytes are on disk.
    """
    closed = []
    for path in sorted(folder.glob(f"*{OPEN}")):
        with path.open("r+b") as file:
            end = _end_of_complete_members(file)
            file.truncate(end)
            file.flush()
            os.fsync(file.fileno())
        if end == 0:
            path.unlink()
            continue
        final = path.with_name(path.name.removesuffix(OPEN))
        path.rename(final)
        closed.append(ClosedFile(final.name, end, file_sha256(final)))
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
