"""Characters that no text may hold, and characters that nobody sees: one definition of each.

``storable`` is for what is stored and written out.  ``INVISIBLE`` is for what is compared or guarded; in a
stored text such characters stay, for emoji, Uyghur and Arabic are wrong without some of them.
The search index has a table of its own, ``search.fold.NOTHING``: what its tokenizer skips.
"""

import re

CONTROLS = "\x00-\x1f\x7f"
"""Control characters of ASCII, as a range inside a character class: tab and line breaks are among them."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""What no text may hold: what XML 1.0 forbids (control characters but tab and line breaks, half surrogate
pairs, U+FFFE and U+FFFF), DEL, and the other code points that Unicode keeps from ever being characters.
SQLite, XML, Excel or HTML parsers refuse them or stop at them."""
_BEYOND = re.compile("[\U00010000-\U0010ffff]")
_FORBIDDEN_BEYOND = re.compile(
    f"[{''.join(chr(plane + last) for plane in range(0x10000, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))}]"
)
"""Those behind U+FFFF are looked for apart: few texts reach so far, and one class for all is ten times slower."""

JOINERS = "\u180e\u200d"
"""Tie or part their neighbours' shapes: without them an emoji falls apart."""
DIRECTIONS = "\u061c\u202a-\u202e\u2061-\u206f"
"""Say how the text around them runs or is worked out; a range inside a character class."""
BREAKS = "\xad\u200b\u200c\u200e\u200f\u2060\ufeff"
"""Say where a line may break, and marks that only touch the next letter: editors leave them in pasted text."""
INVISIBLE = f"{BREAKS}{JOINERS}{DIRECTIONS}"
"""What has no width, as a range inside a character class."""
LINE_SEPARATORS = "\u2028\u2029"
"""Unicode's own line breaks: they come with pasted text, browsers show nothing, and scripts stop at them."""
BYTE_ORDER_MARK = "\ufeff"
"""At the start of a file it tells spreadsheets that the file is UTF-8."""


_LONG = 1_000
"""Characters from which on looking at the bytes is faster than at each character."""
_DOUBTFUL = bytes({*range(0x20), 0x7F, 0xED, *range(0xF0, 0xF5)} - {*b"\t\n\r"})
"""Bytes in UTF-8 of what may be left out: control characters, and the first ones of what stands from U+D000 to U+DFFF
and behind U+FFFF."""


_DOUBTFUL_PAIR = re.compile(b"\xef[\xb7\xbf]")
"""How what stands from U+FDC0 to U+FDFF and behind U+FFC0 begins: full-width marks begin with the first byte too."""


def _is_clean(encoded: bytes) -> bool:
    """Tell, fast, that a text in UTF-8 holds nothing to be left out; False where it must be looked at."""
    return _DOUBTFUL_PAIR.search(encoded) is None and len(encoded.translate(None, _DOUBTFUL)) == len(encoded)


def storable(text: str) -> str:
    """Return a text without what no text may hold."""
    if text.isprintable() or (len(text) > _LONG and _is_clean(text.encode(errors="surrogatepass"))):
        return text  # nothing that is left out is printable
    text = _FORBIDDEN.sub("", text)
    return _FORBIDDEN_BEYOND.sub("", text) if _BEYOND.search(text) else text
