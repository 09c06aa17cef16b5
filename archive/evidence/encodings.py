"""Encodings of the web: their labels, and bytes → text as browsers read them (WHATWG Encoding Standard).

Python's codecs do the work.  Where they read something otherwise, or not at all, ``encodings.toml`` says what the
standard reads: clean text takes one more pass at most, and only what Python cannot read takes a step of Python code.
"""

import codecs
import re
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

UTF_8, UTF_16_LE, UTF_16_BE = "utf-8", "utf-16le", "utf-16be"
GB18030, BIG5, WINDOWS_1252 = "gb18030", "big5", "windows-1252"
UNREADABLE = "\ufffd"
"""Stands where bytes mean nothing."""

_CODECS = {
    GB18030: "gb18030",
    BIG5: "cp950",  # of Python's three the one that reads no two pairs alike which the standard tells apart
    "euc-jp": "euc_jp",
    "euc-kr": "cp949",
    "iso-2022-jp": "iso2022_jp",
    "shift_jis": "cp932",
    "ibm866": "cp866",
    "iso-8859-8-i": "iso8859_8",
    "macintosh": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    UTF_16_LE: "utf-16-le",
    UTF_16_BE: "utf-16-be",
}
"""The standard's names whose codec has another name in Python; ``windows-…`` are ``cp…`` there."""
SEVERAL_BYTES = frozenset(
    (UTF_8, UTF_16_LE, UTF_16_BE, GB18030, BIG5, "euc-jp", "euc-kr", "iso-2022-jp", "shift_jis")
)
"""Encodings whose characters are several bytes.  The others read any bytes: that they can proves nothing."""
_BLANK_OF_LABELS = "\t\n\f\r "


def encoding_of(label: str) -> str | None:
    """Return the standard's name of the encoding that a label means; None for one that is no encoding of the web.

    ``gbk`` is read as GB18030, as the standard asks.
    """
    return _labels().get(label.strip(_BLANK_OF_LABELS).lower())


def decode(body: bytes, encoding: str) -> str:
    """Return what bytes say in an encoding, one of the names that ``encoding_of`` returns.

    Never raises; what means nothing becomes U+FFFD, as the standard's decoders say: one for a broken pair, and its
    second byte is read again where it is ASCII.
    """
    codec, errors = _codec(encoding)
    text = body.decode(codec, errors)
    table = _read_otherwise(encoding)
    found = "".join(filter(text.__contains__, table))
    return re.sub(f"[{found}]", lambda char: table[char[0]], text) if found else text


def encode_letter(letter: str, encoding: str) -> bytes | None:
    """Return the bytes of a character beyond ASCII as a browser sends it from a page in an encoding.

    None where the encoding lacks it.
    """
    codec = _SENT_IN.get(encoding) or codec_of(encoding)
    try:
        return letter.encode(codec)
    except UnicodeEncodeError:
        return None


_SENT_IN = {UTF_16_LE: UTF_8, UTF_16_BE: UTF_8, GB18030: "gbk"}
"""What is read as GB18030 calls itself GBK or GB2312 nearly always, and is sent so."""


def codec_of(encoding: str) -> str:
    """Return the codec of Python that reads an encoding, all but for its rarest characters."""
    return _codec(encoding)[0]


# --- what the standard says ----------------------------------------------------------------------------


@cache
def _standard() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("encodings.toml").read_text(encoding="utf-8"))


@cache
def _labels() -> dict[str, str]:
    labels = _standard()["labels"]
    return {label: encoding for encoding, text in labels.items() for label in text.split()}


@cache
def _read_otherwise(encoding: str) -> dict[str, str]:
    """Return the characters that Python reads otherwise than the standard: what Python reads → what the standard does."""
    table = {ours: theirs for ours, theirs in _differences(encoding).values() if ours}
    return table | {aside: char for char, aside in _aside().items()} if encoding == BIG5 else table


@cache
def _aside() -> dict[str, str]:
    """Return what stands, until all is read, for a character that the handler of Big5 read rightly and that the table
    would take for one read otherwise: private use, which Big5 has none of."""
    read = [ours for ours, _ in _differences(BIG5).values() if ours]
    return {char: chr(0xE000 + number) for number, char in enumerate(read)}


@cache
def _differences(encoding: str) -> dict[bytes, tuple[str, str]]:
    """Return each sequence of bytes in question: (what Python's codec reads, "" if nothing; what the standard does)."""
    found = {}
    for first, chars in _standard().get("differences", {}).get(encoding, {}).items():
        sequence = bytes.fromhex(first)
        for char in chars:
            try:
                ours = sequence.decode(_codec(encoding)[0])
            except UnicodeDecodeError:
                ours = ""
            found[sequence] = ours, char
            sequence = _next(sequence)
    return found


def _next(sequence: bytes) -> bytes:
    """Return the pair behind a pair, in the order of Big5 (second bytes 40–7E and A1–FE)."""
    lead, trail = sequence[-2:] if len(sequence) > 1 else (0, sequence[0])
    if trail == 0xFE:
        return bytes((lead + 1, 0x40))
    return sequence[:-1] + bytes((0xA1 if trail == 0x7E else trail + 1,))


# --- what Python's codecs cannot read ------------------------------------------------------------------

_Step = Callable[[bytes, int], tuple[str, int]]
"""One step of the standard's decoder: bytes, the place where Python's codec stopped → text, the place to go on."""


@cache
def _codec(encoding: str) -> tuple[str, str]:
    """Return Python's names of the codec and of the way it treats what it cannot read."""
    codec = _CODECS.get(encoding) or encoding.replace("windows-", "cp")
    step = _STEPS.get(encoding) if encoding in SEVERAL_BYTES else _single_byte(encoding)
    if step is None:
        return codec, "replace"

    def read_on(error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeDecodeError)
        return step(error.object, error.start)

    codecs.register_error(name := f"archive.{encoding}", read_on)
    return codec, name


def _gb18030(data: bytes, at: int) -> tuple[str, int]:
    first, *rest = data[at : at + 4]
    if known := _differences(GB18030).get(bytes((first,))):
        return known[1], at + 1
    if first == 0xFF or not rest:
        return UNREADABLE, at + 1
    if not 0x30 <= rest[0] <= 0x39:
        return UNREADABLE, at + (1 if rest[0] < 0x80 else 2)
    if (len(rest) > 1 and not 0x81 <= rest[1] <= 0xFE) or (len(rest) > 2 and not 0x30 <= rest[2] <= 0x39):
        return UNREADABLE, at + 1
    return UNREADABLE, at + 1 + len(rest)


def _big5(data: bytes, at: int) -> tuple[str, int]:
    pair = data[at : at + 2]
    if not 0x81 <= pair[0] <= 0xFE:
        return UNREADABLE, at + 1
    if known := _differences(BIG5).get(pair):
        return _aside().get(known[1], known[1]), at + 2
    try:
        text = pair.decode("big5hkscs")
    except UnicodeDecodeError:
        return UNREADABLE, at + (len(pair) if pair[-1] >= 0x80 else 1)
    return _aside().get(text, text), at + 2


def _single_byte(encoding: str) -> _Step:
    def step(data: bytes, at: int) -> tuple[str, int]:
        known = _differences(encoding).get(data[at : at + 1])
        return known[1] if known else chr(data[at]) if data[at] < 0xA0 else UNREADABLE, at + 1

    return step


_STEPS: dict[str, _Step] = {GB18030: _gb18030, BIG5: _big5}
