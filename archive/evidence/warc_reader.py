"""Reading WARC files back: a record by its file and offset, with its body unpacked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from archive.evidence.packed import MAX_CONTENT, Bomb, Unpacked, encodings_of, unpack, why_not_whole

OPEN = ".open"
"""Ending of a file that is being written, or was when the program died."""


Headers = tuple[tuple[str, str], ...]


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
        """The body unpacked, of a broken one as much as can be had.  Raises ``TooLarge``."""
        return self._unpacked().content

    @property
    def whole_content(self) -> bytes:
        """The body of a whole answer, unpacked.  Raises ``TooLarge``, ``NotWhole``."""
        told = why_not_whole(self.payload, self._encodings(), self.header("content-range"))
        unpacked = self._unpacked()
        if fault := told or unpacked.fault:
            raise NotWhole(f"{self.url}: {fault}")
        return unpacked.content

    def _encodings(self) -> tuple[str, ...]:
        return encodings_of(
            value for name, value in self.payload_headers if name.lower() == "content-encoding"
        )

    def _unpacked(self) -> Unpacked:
        try:
            return unpack(self.payload, self._encodings())
        except Bomb:
            raise TooLarge(f"{self.url}: unpacks to more than {MAX_CONTENT} bytes") from None

    @property
    def content_type(self) -> str:
        """Return the Content-Type header, "" if there is none."""
        return self.header("content-type")

    def header(self, wanted: str) -> str:
        """Return a header of the response, the first of its name (lower case), "" if there is none."""
        return next((value for name, value in self.headers if name.lower() == wanted), "")


@dataclass(frozen=True, slots=True)
class Stored:
    """A response record, read back with all that its file says of it."""

    record: Record
    record_id: str
    length: int
    """Bytes of the record in the file, compressed."""
    end: int
    """The byte behind it and its request."""
    revisits: tuple[str, str] | None
    """Address and time of the capture that holds its body; None: it holds it itself."""
    method: str
    """Of the request, which is the record behind it; "" where it is lost."""


class WarcError(Exception):
    """A record cannot be read: names the file, the offset and the reason."""


class TooLarge(WarcError):
    """A body unpacks to more than ``MAX_CONTENT``: names its address."""


class NotWhole(WarcError):
    """An answer is not the whole page: names its address and what is missing."""


def find_file(folder: Path, name: str) -> Path:
    """Return where a file lies: under its final name, or still open.  Raises ``WarcError``."""
    for path in (folder / name, folder / f"{name}{OPEN}"):
        if path.is_file():
            return path
    raise WarcError(f"{folder / name}: the file is missing")


def read_record(folder: Path, name: str, offset: int) -> Record:
    """Read the response record at an offset.  Raises ``WarcError``."""
    with _records(folder, name, offset) as (path, records):
        return _record(_response(path, offset, records))


def read_stored(folder: Path, name: str, offset: int) -> Stored:
    """Read the response record at an offset and what its file says of it.  Raises ``WarcError``."""
    with _records(folder, name, offset) as (path, records):
        response = _response(path, offset, records)
        record, said = _record(response), response.rec_headers.get_header
        records.read_to_end(response)
        length = records.get_record_length()
        record_id = said("WARC-Record-ID") or ""
        revisits = None
        if response.rec_type == "revisit":
            revisits = (said("WARC-Refers-To-Target-URI") or "", said("WARC-Refers-To-Date") or "")
        request = next(records, None)
        if request is None or request.rec_headers.get_header("WARC-Concurrent-To") != record_id:
            return Stored(record, record_id, length, offset + length, revisits, "")
        records.read_to_end(request)
        end = offset + length + records.get_record_length()
        return Stored(record, record_id, length, end, revisits, request.http_headers.protocol)


def read_info(folder: Path, name: str) -> tuple[dict[str, str], int]:
    """Return what the ``warcinfo`` record says that begins a file, ``WARC-Filename`` too, and the byte behind it.

    Raises ``WarcError``.
    """
    with _records(folder, name, 0) as (path, records):
        record = next(records, None)
        if record is None or record.rec_type != "warcinfo":
            raise WarcError(f"{path}: no warcinfo record begins the file")
        pairs = (line.partition(": ") for line in record.raw_stream.read().decode().splitlines())
        named = record.rec_headers.get_header("WARC-Filename") or ""
        info = {key: value for key, _, value in pairs} | {"WARC-Filename": named}
        records.read_to_end(record)
        return info, records.get_record_length()


@contextmanager
def _records(folder: Path, name: str, offset: int) -> Iterator[tuple[Path, Any]]:
    """Give a file and its records from an offset on."""
    from warcio.archiveiterator import ArchiveIterator

    path = find_file(folder, name)
    try:
        with path.open("rb") as file:
            file.seek(offset)
            yield path, ArchiveIterator(file)
    except WarcError:
        raise
    except Exception as error:  # warcio raises whatever it stumbles over
        raise WarcError(
            f"{path}: the record at byte {offset} cannot be read: {_what_it_says(error)}"
        ) from error


def _response(path: Path, offset: int, records: Any) -> Any:
    """Return the next record, which is to be a response."""
    record = next(records, None)
    if record is None or record.rec_type not in ("response", "revisit"):
        raise WarcError(f"{path}: no response record begins at byte {offset}")
    if not record.rec_headers.get_header("WARC-Target-URI"):
        # warcio takes compressed bytes with a line end in them for a record of ARC
        raise WarcError(f"{path}: the record at byte {offset} cannot be read: {_NO_RECORD}")
    return record


def _record(response: Any) -> Record:
    http = response.http_headers
    headers = tuple(http.headers) if http else ()
    return Record(
        url=response.rec_headers.get_header("WARC-Target-URI"),
        captured_at=response.rec_headers.get_header("WARC-Date"),
        status=int(http.get_statuscode()) if http and http.get_statuscode().isdigit() else 0,
        headers=headers,
        payload=response.raw_stream.read() if response.rec_type == "response" else b"",
        payload_headers=headers,
    )


def holds_answer(path: Path) -> bool:
    """Tell whether a WARC file holds one whole answer of a server; what is cut before that, or no WARC, does not."""
    from warcio.archiveiterator import ArchiveIterator

    try:
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                if record.rec_type in ("response", "revisit"):
                    record.raw_stream.read()
                    return True
    except Exception:  # warcio raises whatever it stumbles over
        return False
    return False


_NO_RECORD = "there is no WARC record"


def _what_it_says(error: Exception) -> str:
    """Return what the library says, without the bytes that it quotes: they may be a whole page."""
    return _NO_RECORD if "Unknown archive format" in str(error) else f"{error}"[:200]
