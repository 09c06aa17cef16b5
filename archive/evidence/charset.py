"""Bytes of a page → its text, the one way for every reader.

Chinese sites declare GB2312 over UTF-8 and UTF-8 over GBK, and their pages include pieces in another encoding.  So a
declaration is a witness, and the text that a reader reads is the judge: not scripts, comments and attributes.
"""

import codecs
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache

from archive.characters import storable
from archive.evidence.encodings import (
    BIG5,
    GB18030,
    SEVERAL_BYTES,
    UTF_8,
    UTF_16_BE,
    UTF_16_LE,
    WINDOWS_1252,
    decode,
    encoding_of,
)

_MARK = re.compile(rb"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)")
_UTF_16 = {codecs.BOM_UTF16_LE: UTF_16_LE, codecs.BOM_UTF16_BE: UTF_16_BE}
_SURE = 0.9
"""Share of common characters from which on no other reading is tried.  Right readings have more but for short texts."""
_LIKELY = 0.7
"""Share from which on a reading is believed against a declaration; wrong ones have .5, longer ones never .7."""
_DOUBTFUL = 0.4
"""Share below which a reading makes no sense."""
_SAMPLE = 20_000
"""Bytes, about, taken from all over a page, by which a reading is judged."""


def decode_page(body: bytes, content_type: str = "") -> str:
    """Return the text of a page, or of another text that a server sent with this ``Content-Type``.

    Never raises; bytes that mean nothing become U+FFFD.  The page is read in the encoding of most of its text, and a
    stray run of another one stays a stray run.
    """
    return text_in(page_encoding(body, content_type), body)


def text_in(encoding: str, body: bytes) -> str:
    """Return the text of a page in the encoding that ``page_encoding`` told of it."""
    return _parsable(decode(_MARK.sub(b"", body, 1), encoding))


def page_encoding(body: bytes, content_type: str = "") -> str:
    """Return the encoding that a page is read in: the Encoding Standard's name."""
    if marked := _UTF_16.get(body[:2]):
        return marked
    marked_utf_8 = body.startswith(codecs.BOM_UTF8)
    with suppress(UnicodeDecodeError):
        text = body.decode()
        if (
            marked_utf_8
            or _UNMISTAKABLE.search(text)
            or (text.isascii() and not any(shift in text for shift in _SHIFTS))
        ):
            return UTF_8
    return _judged(body, [UTF_8] if marked_utf_8 else _declared(body, content_type))


def header_label(content_type: str) -> str:
    """Return what an HTTP header calls the encoding, as printed; "" where it says none."""
    found = _CHARSET.search(content_type)
    return found[1] if found else ""


def page_labels(body: bytes) -> Iterator[str]:
    """Yield what a page calls its own encoding, in lower case: in ``<meta>``, an XML declaration or ``@charset``."""
    head, at = body[:_HEAD].lower(), 0
    while found := _HEAD_PART.search(head, at):
        at = found.end()
        if end := _ENDS.get(found[0]):
            at = head.find(end, at)
            if at < 0:
                break
        elif label := _CHARSET.search(found[0].decode("latin-1")):
            yield label[1]
    if first := _FIRST_LINE.match(head):
        yield (first[1] or first[2]).decode("latin-1")


_CHARSET = re.compile(r"""charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:()-]{1,40})""", re.IGNORECASE | re.ASCII)
_HEAD = 65536
"""Bytes in which a declaration is looked for; HTML asks for 1024, real pages put scripts and styles before it."""
_HEAD_PART = re.compile(rb"<(?:!--|script\b|style\b|meta\b[^<>]*)")
_ENDS = {b"<!--": b"-->", b"<script": b"</script", b"<style": b"</style"}
_FIRST_LINE = re.compile(
    rb"""<\?xml\b[^>]{0,99}?\bencoding\s{0,9}=\s{0,9}["']([\w.:-]{1,40})|@charset "([\w.:-]{1,40})";"""
)


# --- which encoding ------------------------------------------------------------------------------------


_UNMISTAKABLE = re.compile("[\u0800-\U0010ffff]")
"""Three bytes and more of UTF-8: no other encoding's text holds nothing else by chance."""
_SHIFTS = ("\0", "\x1b")
"""In what looks like ASCII: perhaps it is UTF-16 or ISO-2022-JP."""


def _declared(body: bytes, content_type: str) -> list[str]:
    """Return the encodings that the header and the page name, the header's first, each once."""
    header = encoding_of(header_label(content_type))
    pages = map(encoding_of, page_labels(body))
    # a page whose declaration can be read as ASCII is not in UTF-16
    names = [header, *(UTF_8 if name in _UTF_16.values() else name for name in pages)]
    return list(dict.fromkeys(name for name in names if name))


def _judged(body: bytes, declared: Sequence[str]) -> str:
    if found := _utf_16(body, declared):
        return found
    declared = [name for name in declared if name not in _UTF_16.values()]
    if body.isascii():
        return declared[0] if declared else UTF_8
    shown = _shown(body)
    if shown.isascii():
        shown = body
    certain, possible, other = _as_utf_8(shown)
    trust = 0.5 if UTF_8 not in declared and declared else 2 if declared == [UTF_8] else 1
    if (certain + possible / 4) * trust < other:
        return _legacy(shown, declared)
    if not certain and trust < 1 and _sense(shown, declared[0]) >= _SURE:
        return declared[0]
    return UTF_8


def _utf_16(body: bytes, declared: Sequence[str]) -> str:
    """Return which UTF-16 a page is in that has no mark, "" if none: the bytes of its markup are every other one."""
    for name, bracket, first in ((UTF_16_LE, b"<\0", 1), (UTF_16_BE, b"\0<", 0)):
        zeros = body[first:1024:2].count(0)
        if (
            bracket in body[:1024]
            and 4 * zeros > len(body[:1024:2])
            and 9 * body[1 - first : 1024 : 2].count(0) < zeros
        ):
            return name
    if declared and declared[0] in _UTF_16.values() and not _MARKUP.search(body):
        return declared[0]
    return ""


_MARKUP = re.compile(rb"<[a-zA-Z!?/]")


def _as_utf_8(shown: bytes) -> tuple[int, int, float]:
    """Return how many characters are UTF-8 for certain, and perhaps; and about how many there are of another encoding.

    A pair of another encoding's bytes looks like one of UTF-8 now and then, three bytes hardly ever.
    """
    plain = len(shown.decode("ascii", "ignore"))
    text = shown.decode("utf-8", "ignore")
    several = len(text) - plain
    their_bytes = len(text.encode()) - plain
    certain = their_bytes - 2 * several
    return certain, several - certain, (len(shown) - plain - their_bytes) / 2


def _legacy(shown: bytes, declared: Sequence[str]) -> str:
    """Return the encoding of text that is not in UTF-8."""
    senses = {}
    for name in dict.fromkeys([*declared, GB18030, BIG5]):
        if name in (GB18030, BIG5):
            senses[name] = _sense(shown, name)
            if name in declared and senses[name] >= _SURE:
                return name
        elif name in SEVERAL_BYTES and name != UTF_8 and "\ufffd" not in decode(shown, name):
            return name  # Japanese or Korean
    best = max(senses, key=lambda name: senses[name])
    if senses[best] >= (_DOUBTFUL if SEVERAL_BYTES.issuperset(declared) else _LIKELY):
        return best
    if declared:
        return declared[0]
    return (
        WINDOWS_1252
        if len(_ALONE.findall(shown)) * 2 > len(shown) - len(shown.decode("ascii", "ignore"))
        else GB18030
    )


_ALONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")


def _sense(shown: bytes, encoding: str) -> float:
    """Return the share of common ones among the characters beyond ASCII, if the bytes are read in this encoding."""
    pieces = shown.split(b"<")
    text = decode(b"<".join(pieces[:: len(shown) // _SAMPLE + 1]), encoding)
    beyond = text.encode(errors="surrogatepass").translate(None, _ASCII).decode(errors="surrogatepass")
    return sum(map(_common().__contains__, beyond)) / max(1, len(beyond))


_ASCII = bytes(range(0x80))


@cache
def _common() -> frozenset[str]:
    """Return the characters that GB 2312 and Big5 themselves call common, and the punctuation of Chinese."""
    simplified = [
        bytes((lead, trail)).decode("gb2312", "ignore")
        for lead in range(0xB0, 0xD8)
        for trail in range(0xA1, 0xFF)
    ]
    traditional = [
        bytes((lead, trail)).decode("big5", "ignore")
        for lead in range(0xA4, 0xC7)
        for trail in (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    ]
    marks = map(chr, (*range(0x3000, 0x3012), *range(0xFF01, 0xFF5F)))
    return frozenset("".join((*simplified, *traditional, *marks, "·—‘’“”…•")))


def _shown(body: bytes) -> bytes:
    """Return a page without scripts, styles, comments, and the tags whose attributes hold more than ASCII."""
    parts, at, lower = [], 0, body.lower()
    for found in _HIDDEN.finditer(lower):
        if found.start() >= at:
            parts.append(body[at : found.start()])
            at = lower.find(_ENDS[found[0]], found.end())
            if at < 0:
                break
    else:
        parts.append(body[at:])
    return _TAG.sub(b" ", b" ".join(parts))


_HIDDEN = re.compile(rb"<(?:!--|script\b|style\b)")
_TAG = re.compile(rb"<[a-zA-Z/!?][^<>\x80-\xff]*+[\x80-\xff][^<>]*>")


# --- what a parser can read ----------------------------------------------------------------------------


def _parsable(text: str) -> str:
    """Leave out what an HTML parser stops at or refuses; a form feed is a blank to it and stays.

    References to control characters mean what these bytes are in Windows (``&#133;`` is …): browsers read them so.
    """
    text = "\f".join(map(storable, text.split("\f")))
    return _REFERENCE.sub(_referred, text) if "&#" in text else text


_REFERENCE = re.compile("&#(?:0{0,9}(1[2-5][0-9])|[xX]0{0,9}([89][0-9a-fA-F]))(?![0-9a-fA-F]);?", re.ASCII)


def _referred(found: re.Match[str]) -> str:
    code = int(found[1]) if found[1] else int(found[2], 16)
    return decode(bytes((code,)), WINDOWS_1252) if 0x80 <= code <= 0x9F else found[0]
