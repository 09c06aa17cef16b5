"""Reading WARC files back: a record by its file and offset, with its body unpacked."""

from dataclasses import dataclass, replace
from pathlib import Path

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
    from warcio.archiveiterator import ArchiveIterator

    path = find_file(folder, name)
    try:
        with path.open("rb") as file:
            file.seek(offset)
            record = next(iter(ArchiveIterator(file)), None)
            if record is None or record.rec_type not in ("response", "revisit"):
                raise WarcError(f"{path}: no response record begins at byte {offset}")
            url = record.rec_headers.get_header("WARC-Target-URI")
            if not url:  # warcio takes compressed bytes with a line end in them for a record of ARC
                raise WarcError(f"{path}: the record at byte {offset} cannot be read: {_NO_RECORD}")
            payload = record.raw_stream.read() if record.rec_type == "response" else b""
    except WarcError:
        raise
    except Exception as error:  # warcio raises whatever it stumbles over
        raise WarcError(
            f"{path}: the record at byte {offset} cannot be read: {_what_it_says(error)}"
        ) from error
    http = record.http_headers
    headers = tuple(http.headers) if http else ()
    return Record(
        url=url,
        captured_at=record.rec_headers.get_header("WARC-Date"),
        status=int(http.get_statuscode()) if http and http.get_statuscode().isdigit() else 0,
        headers=headers,
        payload=payload,
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
