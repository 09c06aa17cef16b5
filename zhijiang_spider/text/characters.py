"""Characters that mean nothing, and characters that mean the same."""

import re
import unicodedata

from zhijiang_spider.vocabulary import simplified

_QUOTES = str.maketrans("“”‘’「」『』—―–－", '""\'\'""""----')


def folded(text: str) -> str:
    """Return text for comparing: width, quotes and dashes made equal, no spaces."""
    return "".join(unicodedata.normalize("NFKC", text.translate(_QUOTES)).translate(_QUOTES).split()).lower()


def squeeze(text: str) -> str:
    """Return a text in one line, without spaces at its ends."""
    return " ".join(text.split())


INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")


_FAMILIES = {
    " ": "\u3000\u00a0\t\r\u2002\u2003\u2009",
    "|": "丨｜︱│┃︳∣ǀ▏‖",
    "(": "[{<【〔〖［｛＜〈«",
    ")": "]}>】〕〗］｝＞〉»",
    ",": "、､",
    ":": "∶﹕",
    "/": "∕⁄\\＼",
}
"""Separator → the characters that are read as it."""


_PLAIN = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **simplified(),
    **{ord(char): ord(plain) for plain, family in _FAMILIES.items() for char in family},
}


def plain_copy(text: str) -> str:
    """Give the text half width, simplified, with one character for each family of separators."""
    return text.translate(_PLAIN)
