"""Whole bodies, unpacked as Content-Encoding says, for the crawl and for whoever reads a WARC file back: one way for both.

A stream that ends before its end is read as far as it goes, and said to be cut: browsers show half a page and say
nothing, but an archive that does has lost the review line at its foot.
"""

import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from archive.evidence.media import sniff

MAX_CONTENT = 32 * 1024 * 1024
"""Bytes that a body may have, as it travels and unpacked.  What unpacks to more is a bomb: it is kept as it came,
and never unpacked."""

_CUT = "ends before its end"
_WINDOWS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
"""Content-Encoding → how zlib calls it; others, such as ``utf-8`` or ``none``, pack nothing."""
_CHUNKS = re.compile(rb"[0-9a-fA-F]{1,8}\r\n")
_BINARY = bytes({*range(32)} - {9, 10, 12, 13, 27})
"""Bytes that no text has (the WHATWG's "binary data byte")."""
_BEGINNING = 1445
"""Bytes by which the WHATWG judges what a body is."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What a body holds."""

    content: bytes
    """As much as can be had."""
    fault: str = ""
    """Why that is not the whole body, in a few words; "" where it is."""


class Bomb(Exception):
    """A body unpacks to more than ``MAX_CONTENT``."""


def encodings_of(values: Iterable[str]) -> tuple[str, ...]:
    """Return the encodings that Content-Encoding headers name, in lower case, the first one that was applied first."""
    return tuple(filter(None, (name.strip().lower() for value in values for name in value.split(","))))


def why_not_whole(body: bytes, encodings: tuple[str, ...], content_range: str) -> str:
    """Return why an answer with status 200 is not a whole page as it travelled, "" where nothing tells so.

    ``content_range``: the header, "" = none.
    """
    if content_range:
        return f"the server sent a part of the page only: Content-Range {content_range}"
    if not encodings and _CHUNKS.match(body) and body.endswith(b"\r\n0\r\n\r\n"):
        return "the page came in chunks, and the server did not say so"
    return ""


def share_of_binary(body: bytes) -> float:
    """Return which share of a body's beginning are bytes that no text has."""
    beginning = body[:_BEGINNING]
    return (len(beginning) - len(beginning.translate(None, _BINARY))) / max(len(beginning), 1)


def unpack(body: bytes, encodings: tuple[str, ...]) -> Unpacked:
    """Undo the encodings, the last one first, up to one that packs nothing.  Raises ``Bomb``.

    A body that is plainly not packed is taken as it is: servers pack by a header and by hand, and forget one.
    """
    fault = ""
    for encoding in reversed(encodings):
        window = _WINDOWS.get(encoding)
        if window is None:
            break
        found = _inflated(body, window)
        if found.fault not in ("", _CUT) and not found.content and _is_plain(body):
            break
        body, fault = (
            found.content,
            fault or (found.fault and f"the page is cut or damaged: the {encoding} stream {found.fault}"),
        )
    return Unpacked(body, fault)


def _is_plain(body: bytes) -> bool:
    """Tell whether bytes are text, or a picture or file of a known kind."""
    return share_of_binary(body) == 0 or sniff(body) is not None


def _inflated(data: bytes, window: int) -> Unpacked:
    """Unpack one stream after the other, as gzip allows; bytes behind the last one that begin none are padding."""
    parts: list[bytes] = []
    room, fault = MAX_CONTENT, ""
    while data:
        stream = zlib.decompressobj(window)
        try:
            parts.append(stream.decompress(data, room + 1))
        except zlib.error as error:
            if window == 15 and not parts:  # old servers of Microsoft leave the frame out
                return _inflated(data, -15)
            if not parts or data.startswith(b"\x1f\x8b"):
                fault = f"is damaged: {error}"
            break
        room -= len(parts[-1])
        if room < 0:
            raise Bomb
        if not stream.eof:
            fault = _CUT
            break
        data = stream.unused_data if window == 31 else b""
    return Unpacked(b"".join(parts), fault)
