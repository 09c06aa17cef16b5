"""Characters that no text may hold, that nobody sees, and that mean the same: defined once."""

import ast
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import characters
from archive.characters import INVISIBLE, storable
from tests.test_imports import ROOT, modules
from zhijiang_spider.pages.seen import tidy
from zhijiang_spider.text.characters import folded, one_width, plain_copy

BLANKS = "\t\n\v\f\r"
EXCEPTIONS = {
    "archive/characters.py": "the definitions",
}


def every_character() -> Iterator[str]:
    return map(chr, range(sys.maxunicode + 1))


def is_hidden(char: str) -> bool:
    """Tell whether no reader sees a character, by Unicode's own tables."""
    return char not in "\t\n\r\f" and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def literals(path: Path) -> list[str]:
    """Return a module's string constants, with what their escapes mean in a regular expression; no docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said
    ]
    escape = re.compile(r"\\x([0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})")
    return [escape.sub(lambda found: chr(int(found[1] or found[2], 16)), text) for text in texts]


def test_no_other_module_lists_characters_that_nobody_sees() -> None:
    found = {}
    for path in modules():
        hidden = [{f"U+{ord(char):04X}" for char in text if is_hidden(char)} for text in literals(path)]
        several = [
            sorted(chars) for chars in hidden if len(chars) > 1
        ]  # one alone is a mark, or is asked for
        if several:
            found[path.relative_to(ROOT).as_posix()] = several
    others = {path: chars for path, chars in found.items() if path not in EXCEPTIONS}
    assert others == {}, "take them from archive/characters.py"
    assert set(found) == set(EXCEPTIONS)


def test_what_xml_forbids_is_forbidden() -> None:
    for char in every_character():
        if char in "\t\n\r" or "\x20" <= char < "\x7f":
            assert storable(char)
        elif char < "\x20" or char in "\ufffe\uffff" or "\ud800" <= char <= "\udfff":
            with pytest.raises((ElementTree.ParseError, UnicodeEncodeError)):
                ElementTree.fromstring(f"<a>{char}</a>".encode())
            assert not storable(char), hex(ord(char))


def test_noncharacters_are_forbidden() -> None:
    found = [char for char in every_character() if not storable(char) and unicodedata.category(char) == "Cn"]
    assert len(found) == 66
    assert {ord(char) & 0xFFFF for char in found} == {*range(0xFDD0, 0xFDF0), 0xFFFE, 0xFFFF}


@given(st.text(st.characters(exclude_categories=())))
def test_storable_text_is_text(text: str) -> None:
    kept = storable(text)
    assert storable(kept) == kept
    assert ElementTree.fromstring(f"<a>{kept}</a>" if not set(kept) & set("<>&") else "<a/>") is not None
    kept.encode("utf-8")


def test_what_is_invisible_is_so_to_unicode() -> None:
    invisible = re.compile(f"[{INVISIBLE}]")
    for char in every_character():
        if invisible.match(char):
            assert unicodedata.category(char) in ("Cf", "Cn")  # Cn: U+2065, kept for one
            assert storable(char)
    for kind in (characters.BREAKS, characters.JOINERS):
        assert all(invisible.match(char) for char in kind)


def test_a_page_loses_only_marks_that_shape_nothing() -> None:
    assert tidy("澄\u200b河\ufeff大\xad桥\u2028") == "澄河大桥"
    assert tidy("👨\u200d👩\u200d👧 \u202bئۇيغۇر\u202c") == "👨\u200d👩\u200d👧 \u202bئۇيغۇر\u202c"


@given(st.text())
def test_folding_keeps_places(text: str) -> None:
    assert len(one_width(text)) == len(plain_copy(text)) == len(text)
    assert one_width(one_width(text)) == one_width(text)


def test_what_means_the_same_is_the_same() -> None:
    assert one_width("２０２４年１⽉\u00a0０5\u3000（二）\u200b") == "2024年1月 05 (二) "
    assert plain_copy("責編｜［孫明］") == "责编|(孙明)"
    assert folded("“柑橘” 开园——ＡＢＣ") == folded("「柑橘」开园--abc")
