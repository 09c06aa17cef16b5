"""Bytes of a page → its text.  Chinese sites declare GB2312 over UTF-8 and UTF-8 over GBK; both must be read."""

import codecs
import re

from archive.characters import storable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET = re.compile(r"""charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]{1,40})""", re.IGNORECASE)
_HEAD = 4096
"""Bytes in which a declaration is looked for; HTML asks for 1024, real pages put scripts before it."""
_GB = re.compile(r"gb[-_]?(2312|k|18030)|x-gbk|euc-cn|cp936|ms936|zh[-_]cn", re.IGNORECASE)


def decode_page(body: bytes, content_type: str = "") -> str:
    """Return the text of a page.  Never raises; bytes that mean nothing become U+FFFD.

    A byte order mark decides.  Else the reading with the fewest U+FFFD wins, of UTF-8, the declared
    charset (HTTP header before ``<meta>``) and GB18030; the earlier one where they are equal.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return _parsable(body[len(mark) :].decode(encoding, "replace"))
    best, fewest = "", -1
    for encoding in _candidates(body, content_type):
        text = body.decode(encoding, "replace")
        broken = text.count("\ufffd")
        if fewest < 0 or broken < fewest:
            best, fewest = text, broken
        if not fewest:
            break
    return _parsable(best)


def _parsable(text: str) -> str:
    """Leave out what an HTML parser stops at or refuses; a form feed is a blank to it and stays."""
    return "\f".join(map(storable, text.split("\f")))


def _candidates(body: bytes, content_type: str) -> list[str]:
    """Return the names of the encodings to try, in order of preference."""
    head = body[:_HEAD].decode("ascii", "ignore")
    declared = [
        name
        for text in (content_type, head)
        if (found := _CHARSET.search(text)) and (name := _known(found[1]))
    ]
    return list(dict.fromkeys(["utf-8", *declared, "gb18030"]))


def _known(name: str) -> str | None:
    """Return Python's name of a declared charset; None for one that is unknown or cannot hold a page.

    One-byte charsets accept any bytes, so they would always win over a page with one broken character:
    a Chinese page that declares one is mistaken.
    """
    if _GB.fullmatch(name):
        return "gb18030"
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return found if found in _WIDE else None


_WIDE = frozenset({"utf-8", "big5", "big5hkscs", "cp950", "gb18030", "utf-16", "utf-16-le", "utf-16-be"})
