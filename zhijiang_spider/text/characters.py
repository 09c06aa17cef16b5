"""Characters that mean nothing, and characters that mean the same."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from archive import characters
from zhijiang_spider.vocabulary import simplified

INVISIBLE = re.compile(f"[{characters.INVISIBLE}]")
"""What names and dates are read without."""
_QUOTES = str.maketrans("“”‘’「」『』—―–", '""\'\'""""---')


def folded(text: str) -> str:
    """Return text for comparing: width, quotes and dashes made equal, no spaces."""
    return _folded_line(text) if len(text) <= _LINE else _folded(text)


def _folded(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    return "".join(text.split()).lower()


_folded_line = lru_cache(maxsize=2048)(_folded)
_LINE = 200
"""Characters up to which a line's folded text is kept: each line of a page is compared many times."""


class OneWidth(dict[int, int]):
    """Character → the one it is a wide, narrow or compatible form of, for ``str.translate``; see ``one_width``."""

    def __init__(self, known: Mapping[int, int] = {}, *, then: Mapping[int, int] = {}) -> None:
        """``known``: what single characters are instead; ``then``: what is made of characters in half width."""
        super().__init__(known)
        self._then = then

    def __missing__(self, code: int) -> int:
        kind, _, same = unicodedata.decomposition(chr(code)).partition(" ")
        plain = int(same, 16) if kind in _SAME_WIDTH and " " not in same else code
        plain = _SPACE if INVISIBLE.match(chr(code)) else plain
        self[code] = self._then.get(plain, plain)
        return self[code]


_SAME_WIDTH = ("<wide>", "<narrow>", "<compat>", "<noBreak>")
_SPACE = ord(" ")
_ONE_WIDTH = OneWidth()


def one_width(text: str) -> str:
    """Return text in half width, one character for one, so that places in it stay the same.

    Every kind of space and what has no width is a space; radicals (⽉) are the letters they look like.
    """
    return text.translate(_ONE_WIDTH)


def squeeze(text: str) -> str:
    """Return a text in one line, without spaces at its ends."""
    return " ".join(text.split())


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
_PLAIN = OneWidth(
    {**simplified(), **{ord(char): ord(plain) for plain, family in _FAMILIES.items() for char in family}}
)


def plain_copy(text: str) -> str:
    """Give the text half width, simplified, with one character for each family of separators."""
    return text.translate(_PLAIN)
