"""One form for the index and for what is asked: width, case, blanks and invisible characters."""

NOTHING = (
    (0x00, 0x20), (0x7F, 0xA0), (0xAD, 0xAD), (0x600, 0x604), (0x6DD, 0x6DD), (0x70F, 0x70F), (0x1680, 0x1680),
    (0x180E, 0x180E), (0x2000, 0x200F), (0x2028, 0x202F), (0x205F, 0x2064), (0x206A, 0x206F), (0x3000, 0x3000),
    (0xD800, 0xDFFF), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB), (0x110BD, 0x110BD), (0x1D173, 0x1D17A),
    (0xE0001, 0xE0001), (0xE0020, 0xE007F),
)  # fmt: skip
"""Blanks, control and format characters: what the index's tokenizer reads as no character."""


_CASED = (
    (0x41, 0x376), (0x386, 0x526), (0x531, 0x10CD), (0x1E00, 0x2C2E), (0x2C60, 0xA696), (0xA722, 0xA792),
    (0xA7A0, 0xA7AA), (0x10400, 0x10427),
)  # fmt: skip
"""Where the tokenizer knows capital letters; Unicode has grown since its tables were made."""


class _Folding(dict[int, int | str | None]):
    """Character → its folded form, for ``str.translate``; works out each character once."""

    def __missing__(self, code: int) -> int | str | None:
        self[code] = folded = _fold_character(code)
        return folded


def _fold_character(code: int) -> int | str | None:
    if 0xFF01 <= code <= 0xFF5E:
        code -= 0xFEE0
    if any(first <= code <= last for first, last in NOTHING):
        return None
    if code in (0xFFFE, 0xFFFF):  # SQLite reads them so
        return 0xFFFD
    if any(first <= code <= last for first, last in _CASED):
        for folded in (chr(code).casefold(), chr(code).lower()):
            if len(folded) == 1:
                return folded
    return code


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Return the form in which texts are compared: half width, small letters, no blanks."""
    return text.translate(_FOLDING)
