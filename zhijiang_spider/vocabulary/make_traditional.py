"""Writes ``traditional.txt``, the traditional forms of simplified characters, out of OpenCC's tables.

    python -m zhijiang_spider.vocabulary.make_traditional

Run by hand when OpenCC has a new release; it needs the extra ``variants``.
"""

from pathlib import Path

_STANDARDS = ("t2s", "hk2s")
"""OpenCC's, and Hong Kong's forms beside it.  Taiwan's adds only characters that are simplified ones too (著)."""
_HEAD = (
    "# A simplified character and its traditional forms a line.  From OpenCC's tables (Apache-2.0), by\n"
    "# zhijiang_spider/vocabulary/make_traditional.py: do not edit.\n"
)


def table() -> str:
    """Return the file's text: every character of the CJK blocks that becomes another one when simplified."""
    from opencc import OpenCC

    converters = [OpenCC(standard) for standard in _STANDARDS]
    forms: dict[str, str] = {}
    for char in map(chr, (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))):
        found = {converter.convert(char) for converter in converters} - {char}
        for simplified in sorted(found):
            if len(simplified) == 1:
                forms[simplified] = forms.get(simplified, "") + char
    return _HEAD + "".join(f"{char}{forms[char]}\n" for char in sorted(forms))


if __name__ == "__main__":
    (Path(__file__).parent / "traditional.txt").write_text(table(), encoding="utf-8")
