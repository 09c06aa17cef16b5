"""What the style sheets inside a page say of its elements: only that which changes what is a line, or a caption.

Sheets in files of their own are not fetched.  Of a rule, the order counts and the selector's weight does not; what
holds for some screens only (``@media``) is passed over.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from lxml.etree import XPath, _Element
from parsel.csstranslator import HTMLTranslator

from zhijiang_spider.pages.elements import centres, keeps_lines

_SELECTOR = re.compile(r"[\w.# >-]{1,80}")
"""A selector of elements, classes and ids; what is chosen by its state (``:hover``) is no page's text."""
_MOST_SELECTORS, _MOST_PARTS = 12, 3
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_LONGEST = 100_000
"""Characters of one sheet that are looked at."""


@dataclass(slots=True)
class Styled:
    """Elements of which a sheet says something, and what."""

    keeps_lines: dict[_Element, bool] = field(default_factory=dict)
    """Whether line breaks of the source are seen."""
    centres: dict[_Element, bool] = field(default_factory=dict)
    """Whether its text is centred."""


_ASKED: Sequence[tuple[str, Callable[[str], bool | None]]] = (
    ("white-space", keeps_lines),
    ("text-align", centres),
)


_SAYS = re.compile("|".join(name for name, _ in _ASKED))


def read_sheets(root: _Element) -> Styled:
    """Return what the page's own sheets say of the elements under ``root``."""
    styled = Styled()
    found = (styled.keeps_lines, styled.centres)
    left = _MOST_SELECTORS
    names: set[str] | None = None
    for sheet in root.getroottree().iter("style"):
        text = (sheet.text or "")[:_LONGEST]
        if not any(name in text for name, _ in _ASKED):
            continue
        for selector, said in _asked_of(text):
            if not left:
                break
            left -= 1
            names = _names(root) if names is None else names
            nodes = _select(root, selector) if names.issuperset(_NAME.findall(selector)) else []
            for value, values in zip(said, found, strict=True):
                if value is not None:
                    values.update(dict.fromkeys(nodes, value))
    return styled


@lru_cache(maxsize=16)
def _asked_of(text: str) -> list[tuple[str, list[bool | None]]]:
    """Return the selectors of a sheet that say what is asked, and what they say; a site's pages share their sheets."""
    asked: list[tuple[str, list[bool | None]]] = []
    for selectors, declared in _rules(_COMMENT.sub("", text)):
        said = [read(declared) for _, read in _ASKED]
        if said == [None] * len(_ASKED):
            continue
        parts = map(str.strip, selectors.split(","))
        asked += [
            (selector, said)
            for selector in parts
            if _SELECTOR.fullmatch(selector) and len(re.split("[ >]+", selector)) <= _MOST_PARTS
        ]
    return asked[:_MOST_SELECTORS]


def _rules(text: str) -> Iterator[tuple[str, str]]:
    """Yield the (selectors, declarations) of a sheet that hold always and say something of what is asked."""
    depth = at = 0
    for found in _SAYS.finditer(text):
        opened = text.rfind("{", at, found.start())
        if opened < 0 or text.find("}", opened, found.start()) >= 0:
            continue  # in the rule before, or in a selector: .text-align-center
        depth += text.count("{", at, opened) - text.count("}", at, opened)
        closed = text.find("}", found.end())
        if closed < 0:
            return
        begin = max(at, *(text.rfind(mark, at, opened) + 1 for mark in "{};"))
        selectors = text[begin:opened]
        if not depth and "@" not in selectors:
            yield selectors, text[opened + 1 : closed]
        at = closed + 1


def _names(root: _Element) -> set[str]:
    """Return the classes and ids that a page's elements have: most selectors of its sheets mean none of them."""
    return {name for path in _CALLED for value in set(path(root)) for name in value.split()}


_CALLED = tuple(XPath(f"//@{name}", smart_strings=False) for name in ("class", "id"))
_NAME = re.compile(r"(?<=[.#])[\w-]+")


def _select(root: _Element, selector: str) -> list[_Element]:
    path = _path(selector)
    return path(root) if path else []


@lru_cache(maxsize=256)
def _path(selector: str) -> XPath | None:
    """Return what finds the elements that a selector means, None where it is no selector."""
    try:
        return XPath(HTMLTranslator().css_to_xpath(selector))
    except SyntaxError:
        return None
