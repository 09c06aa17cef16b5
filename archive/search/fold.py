"""One form for the index and for what is asked; the texts themselves stay as they were printed.

Alike count, by Unicode's data:

- capital and small letters, where Unicode has one letter for one (``ß`` and ``ss`` are different);
- what is printed wide, narrow, small or upright (``<wide>``, ``<narrow>``, ``<small>``, ``<vertical>``: ５ ￥ ｱ ﹐ ︵)
  and the sign itself;
- Kangxi's and other radicals, compatibility ideographs, and the ideographs that they stand for;
- and as nothing count white space, control and format characters, and every Default_Ignorable_Code_Point: marks of
  direction, joiners, fillers, variation selectors.

Each character has its form by itself.  A letter and its accent stay two characters, a letter with an accent one (no NFC);
circled and joined characters (① ㎡ ﬁ) stay what they are; traditional and simplified are different characters.

This is the one place of the forms.  The file's table ``article_fts_form`` has them for whoever writes with plain SQL: a
step of the schema fills it from ``index_forms`` and reads texts again whose form changed, so a change here is a new step.
"""

from collections.abc import Iterator
from itertools import chain

IGNORABLE = (
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
"""First and last of each run of Default_Ignorable_Code_Point: nobody sees or types them.  Unicode 14.0.0, which Python
has no table of; ``python -m tests.unicode_tables`` prints it from Perl's."""

_TOKENIZERS_NOTHING = (
    (0x00, 0x20), (0x7F, 0xA0), (0xAD, 0xAD), (0x600, 0x604), (0x6DD, 0x6DD), (0x70F, 0x70F), (0x1680, 0x1680),
    (0x180E, 0x180E), (0x2000, 0x200F), (0x2028, 0x202F), (0x205F, 0x2064), (0x206A, 0x206F), (0x3000, 0x3000),
    (0xD800, 0xDFFF), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB), (0x110BD, 0x110BD), (0x1D173, 0x1D17A),
    (0xE0001, 0xE0001), (0xE0020, 0xE007F),
)  # fmt: skip
"""Blanks, control and format characters: what the index's tokenizer reads as no character."""

NOTHING = (*_TOKENIZERS_NOTHING, *IGNORABLE)
"""First and last of each run of characters that count as nothing; the runs overlap."""

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
_PRINTED = ((0xFE10, 0xFE19), (0xFE30, 0xFE48), (0xFE50, 0xFE6B), (0xFF5F, 0xFFEE))
"""Where else signs stand that are others, printed wide, narrow, small or upright."""
_MANNERS = ("<wide>", "<narrow>", "<small>", "<vertical>")


_CASED = (
    (0x41, 0x376), (0x386, 0x526), (0x531, 0x10CD), (0x1E00, 0x2C2E), (0x2C60, 0xA696), (0xA722, 0xA792),
    (0xA7A0, 0xA7AA), (0x10400, 0x10427),
)  # fmt: skip
"""Where the tokenizer knows capital letters; Unicode has grown since its tables were made."""
_CASED_SINCE = (
    (0x37F, 0x37F), (0x528, 0x52E), (0x13F8, 0x13FD), (0x1C80, 0x1C88), (0x1C90, 0x1CBA), (0x1CBD, 0x1CBF),
    (0x2C2F, 0x2C2F), (0xA698, 0xA69A), (0xA796, 0xA79E), (0xA7AB, 0xA7C9), (0xA7D0, 0xA7D0), (0xA7D6, 0xA7D8),
    (0xA7F5, 0xA7F5), (0xAB70, 0xABBF), (0x104B0, 0x104D3), (0x10570, 0x10595), (0x10C80, 0x10CB2),
    (0x118A0, 0x118BF), (0x16E40, 0x16E5F), (0x1E900, 0x1E921),
)  # fmt: skip
"""Where Unicode 14.0.0 has letters that the tokenizer does not know to be alike."""


class _Folding(dict[int, int | str | None]):
    """Character → its folded form, for ``str.translate``; works out each character once."""

    def __missing__(self, code: int) -> int | str | None:
        self[code] = folded = _fold_character(code)
        return folded


def _fold_character(code: int) -> int | str | None:
    code = _indexed(code)
    if _within(NOTHING, code):
        return None
    if code in (0xFFFE, 0xFFFF):  # SQLite reads them so
        return 0xFFFD
    return _small(code) if _within(_CASED, code) else code


def _within(runs: tuple[tuple[int, int], ...], code: int) -> bool:
    return any(first <= code <= last for first, last in runs)


def _small(code: int) -> int:
    """Return the one letter that a letter is compared as; itself where that would be two."""
    letter = chr(code)
    return next((ord(folded) for folded in (letter.casefold(), letter.lower()) if len(folded) == 1), code)


def _indexed(code: int) -> int:
    """Return the character that the index has for a printed one."""
    if _WIDE[0] <= code <= _WIDE[1]:
        return code - _WIDER
    if 0 <= code - _RADICALS < len(_RADICALS_AS):
        form = _RADICALS_AS[code - _RADICALS]
        return code if form == "\u3000" else ord(form)
    if _within(_CASED_SINCE, code):
        return _small(code)
    # unicodedata is loaded here: most texts hold none of these, and no command needs it to start
    if _within(_IDEOGRAPHS, code):
        from unicodedata import normalize

        return ord(normalize("NFKC", chr(code)))
    if _within(_PRINTED, code):
        from unicodedata import decomposition

        manner, *signs = decomposition(chr(code)).split() or ("",)
        if manner in _MANNERS and len(signs) == 1:
            return int(signs[0], 16)
    return code


def index_forms() -> dict[str, str]:
    """Return printed character → the one that the index has for it, " " for nothing; the rest stays as it is."""
    radicals = (_RADICALS, _RADICALS + len(_RADICALS_AS) - 1)
    printed = _codes(_WIDE, radicals, *_IDEOGRAPHS, *_CASED_SINCE, *_PRINTED)
    forms = {chr(code): chr(_indexed(code)) for code in printed}
    nothing = (code for code in _codes(*IGNORABLE) if not _within(_TOKENIZERS_NOTHING, code))
    return {a: b for a, b in forms.items() if a != b} | {chr(code): " " for code in nothing}


def folded_forms() -> dict[str, str]:
    """Return character → its folded form, "" for nothing, of every character that ``fold`` changes."""
    radicals = (_RADICALS, _RADICALS + len(_RADICALS_AS) - 1)
    runs = (*NOTHING, *_CASED, *_CASED_SINCE, _WIDE, radicals, *_IDEOGRAPHS, *_PRINTED, (0xFFFE, 0xFFFF))
    characters = map(chr, sorted(set(_codes(*runs))))
    return {char: form for char in characters if (form := fold(char)) != char}


def _codes(*runs: tuple[int, int]) -> Iterator[int]:
    return chain.from_iterable(range(first, last + 1) for first, last in runs)


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Return the form in which texts are compared: half width, small letters, ideographs for radicals, no blanks."""
    return text.translate(_FOLDING)
