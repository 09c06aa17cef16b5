"""One form for the index and for what is asked: width, case, blanks, invisible characters, radicals.

``sql/0012_index.sql`` has the same forms in its table ``article_fts_form``, for whoever writes.
"""

from itertools import chain

_IGNORABLE = (
    (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180D), (0x180F, 0x180F),
    (0x2065, 0x2069), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8),
    (0x1BCA0, 0x1BCA3), (0xE0100, 0xE01EF),
)  # fmt: skip
"""What Unicode calls default-ignorable and the tokenizer takes for characters: its tables are older, or have it among
letters and marks.  Directions, joiners, fillers, variation selectors: nobody sees or types them."""

_TOKENIZERS_NOTHING = (
    (0x00, 0x20), (0x7F, 0xA0), (0xAD, 0xAD), (0x600, 0x604), (0x6DD, 0x6DD), (0x70F, 0x70F), (0x1680, 0x1680),
    (0x180E, 0x180E), (0x2000, 0x200F), (0x2028, 0x202F), (0x205F, 0x2064), (0x206A, 0x206F), (0x3000, 0x3000),
    (0xD800, 0xDFFF), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB), (0x110BD, 0x110BD), (0x1D173, 0x1D17A),
    (0xE0001, 0xE0001), (0xE0020, 0xE007F),
)  # fmt: skip
"""Blanks, control and format characters: what the index's tokenizer reads as no character."""

NOTHING = (*_TOKENIZERS_NOTHING, *_IGNORABLE)
"""First and last of each run of characters that count as nothing."""

_IDEOGRAPHS = ((0x2F00, 0x2FD5), (0xF900, 0xFAD9), (0x2F800, 0x2FA1D))
"""Kangxi radicals and compatibility ideographs, as far as Unicode had them when the index's table was made."""
_RADICALS = 0x2E80
_RADICALS_AS = (
    "　厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵　旡日月歺母民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂"
    "肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"
)
"""What the radicals from U+2E80 on stand for (Unicode's EquivalentUnifiedIdeograph); U+3000: nothing but itself."""
_WIDE = (0xFF01, 0xFF5E)
_WIDER = 0xFEE0
"""How far full width stands from half width."""


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
    code = _indexed(code)
    if any(first <= code <= last for first, last in NOTHING):
        return None
    if code in (0xFFFE, 0xFFFF):  # SQLite reads them so
        return 0xFFFD
    if any(first <= code <= last for first, last in _CASED):
        for folded in (chr(code).casefold(), chr(code).lower()):
            if len(folded) == 1:
                return folded
    return code


def _indexed(code: int) -> int:
    """Return the character that the index has for a printed one."""
    if _WIDE[0] <= code <= _WIDE[1]:
        return code - _WIDER
    if 0 <= code - _RADICALS < len(_RADICALS_AS):
        form = _RADICALS_AS[code - _RADICALS]
        return code if form == "\u3000" else ord(form)
    if any(first <= code <= last for first, last in _IDEOGRAPHS):
        from unicodedata import normalize  # here: most texts hold none, and no command needs it to start

        return ord(normalize("NFKC", chr(code)))
    return code


def index_forms() -> dict[str, str]:
    """Return printed character → the one that the index has for it, " " for nothing; the rest stays as it is."""
    radicals = (_RADICALS, _RADICALS + len(_RADICALS_AS) - 1)
    printed = chain.from_iterable(range(first, last + 1) for first, last in (_WIDE, radicals, *_IDEOGRAPHS))
    forms = {chr(code): chr(_indexed(code)) for code in printed}
    nothing = chain.from_iterable(range(first, last + 1) for first, last in _IGNORABLE)
    return {a: b for a, b in forms.items() if a != b} | {chr(code): " " for code in nothing}


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Return the form in which texts are compared: half width, small letters, ideographs for radicals, no blanks."""
    return text.translate(_FOLDING)
