"""A page as its reader meets it: lines of text, pictures and media in reading order.

``rendering`` makes it of a tree.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from lxml.etree import _Element

from archive.characters import BREAKS, LINE_SEPARATORS

GAP = "\x1f"
"""Stands in a line's ``marked`` text where one inline element ends and the next begins, with or without
a space between: ``<span>2024-01-16</span><span>来源：…</span>``.  Style sheets set such parts apart."""

_SPACE = re.compile("[ \t\r\n\f\v\xa0\u2002\u2003\u2009\u202f]+")
_NO_WIDTH = re.compile(f"[{BREAKS}{LINE_SEPARATORS}]")
"""Browsers show none of these; what shapes its neighbours stays (``archive.characters``)."""
_EDGE = " \u3000" + GAP
_ROOM = " \t\r\n\f\v\xa0\u2002\u2003\u2009\u202f" + _EDGE


class Kind(Enum):
    """What a piece is."""

    TEXT = "text"
    PICTURE = "picture"
    MEDIA = "media"


@dataclass(slots=True, eq=False)
class TextBlock:
    """One thing a reader meets: a line of text, a picture, or an embedded player."""

    kind: Kind
    node: _Element
    """The innermost element that sets the line apart from others; of a picture, its own element."""
    marked: str = ""
    """The line's text, tidy, with ``GAP`` marks."""
    linked: int = 0
    """Characters of it inside links."""
    heading: str = ""
    """``h1`` … ``h6`` where it stands in one, else ""."""
    centred: bool = False
    bold: bool = False
    """Whether all of it is set in bold."""
    row: int = 0
    """The row of a table of data that it is in, numbered over the page; 0 elsewhere."""
    aside: bool = False
    """Whether it stands in a ``<nav>``, ``<aside>`` or ``<footer>``."""
    cell: int = 0
    """The innermost table cell it is in, numbered over the page; 0 outside tables."""
    link: str = ""
    """Where the first link in it leads, or ""."""
    parts: tuple[tuple[str, str], ...] = ()
    """Of a line with links: its texts in order, each with the address of the link around it or ""."""

    text: str = field(init=False)
    """The line as a reader sees it."""

    spaced: str = field(init=False)
    """The line with a space where inline elements meet: how a styled row of date and source looks."""

    def __post_init__(self) -> None:
        marked = self.text = self.spaced = self.marked
        if GAP in marked:
            self.text = marked.replace(GAP, "")
            self.spaced = _SPACE.sub(" ", marked.replace(GAP, " ")).strip(_EDGE)


@dataclass(slots=True)
class RenderedPage:
    """A page as pieces, and where its elements lie among them."""

    pieces: list[TextBlock] = field(default_factory=list)
    spans: dict[_Element, tuple[int, int]] = field(default_factory=dict)
    """Element → (first, one past the last) of its pieces."""
    marks: list[tuple[int, str]] = field(default_factory=list)
    """Comments: (number of pieces before it, its text)."""
    hidden: list[_Element] = field(default_factory=list)
    """Outermost elements that were left out because the page hides them."""


def tidy(text: str) -> str:
    """Return text as a browser shows it: white space collapsed, marks without width gone, edges stripped."""
    text = text.strip(_ROOM)
    if text.isprintable() and "  " not in text:
        return text  # as most are; all that is left out or collapsed is not printable
    return _SPACE.sub(" ", _NO_WIDTH.sub("", text)).strip(_EDGE)


def ancestors(node: _Element) -> Iterator[_Element]:
    """Yield the element itself and those around it, innermost first."""
    here: _Element | None = node
    while here is not None:
        yield here
        here = here.getparent()
