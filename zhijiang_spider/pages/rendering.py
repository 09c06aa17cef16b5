"""The walk that turns a page's tree into the row of pieces that its reader meets.

The tree is walked once, without recursion.  Each element's place is kept as a span of the row of pieces,
so that any question about an element (how much text, how many links) is a difference of two sums.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from lxml import etree
from lxml.etree import _Element

from zhijiang_spider.pages.elements import (
    ASIDES,
    BOLD,
    BREAKING,
    CELLS,
    HEADINGS,
    LOOKS,
    MEDIA,
    PICTURES,
    UNSEEN,
    breaks_line,
    holds_background,
    is_hidden,
    keeps_lines,
    sets_centre,
)
from zhijiang_spider.pages.seen import GAP, Kind, RenderedPage, TextBlock, tidy
from zhijiang_spider.pages.sheets import Styled, read_sheets
from zhijiang_spider.pages.tables import DEEP, Cell, Table, is_data

_COLUMNS = re.compile("\xa0[\xa0 ]{1,99}")
"""Set what stands in one line apart, as an inline element does."""
_LEFT_OUT = UNSEEN | MEDIA - {"source", "embed"}
_SHOWING = BOLD | PICTURES | {"a", "embed", "source"}
"""Inline elements that are more than their text."""
_OF_TABLES = CELLS | {"table", "tr"}
_SPECIAL = HEADINGS | ASIDES | _OF_TABLES
"""Elements around lines that say more of them than where they begin and end."""
_PLAIN: Mapping[object, bool] = {
    **dict.fromkeys(BREAKING - _LEFT_OUT - _SPECIAL - {"br", "center", "pre"}, True),
    **dict.fromkeys(("a", "span", "font", "em", "i", "u", "label", "small", "o:p"), False),
}
"""Elements that begin and end a line (True), or stand in one, and are no more than that where no attribute says so; a
link leads on."""
_TEXT = Kind.TEXT


def render_text(root: _Element, *, show: frozenset[_Element] = frozenset()) -> RenderedPage:
    """Return what a reader sees of the page.

    ``show``: elements that count as seen although the page hides them (a script will show them).
    """
    return _Walk(show).read(root)


class _Look(NamedTuple):
    """What holds for all that stands in the element that is open, and seldom changes."""

    centred: bool = False
    heading: str = ""
    aside: bool = False
    bold: bool = False
    keeps: bool = False
    """Whether line breaks of the source are seen here: ``<pre>``, ``white-space: pre-line``."""


_Opened: TypeAlias = tuple[int, bool, _Element, str | None, _Look]
"""Of an open element: its first piece, whether it sets its text apart; the block, the link and the look around it."""


class _Walk:
    """The state of one walk over a tree; it lives inside ``render_text`` only."""

    def __init__(self, show: frozenset[_Element]) -> None:
        self.show = show
        self.reading = RenderedPage()
        self.pieces = self.reading.pieces
        self.styled = Styled()
        self.opened: list[_Opened] = []
        self.tables: list[Table] = []
        self.rows = 0
        self.cells = 0
        self.block: _Element
        self.link: str | None = None
        self.look = _Look()
        self._begin_line()

    def _begin_line(self) -> None:
        self.parts: list[str] = []
        self.hrefs: list[str] = []
        """Of each part: the address of the link around it, or ""."""
        self.length = 0
        self.linked = 0
        self.bolds = 0
        """Characters that are set in bold."""
        self.first_link = ""
        self.after_inline = False
        self.pictures: list[TextBlock] = []
        """Met after its first word: they follow the line, which stays whole."""

    def read(self, root: _Element) -> RenderedPage:
        self.block = root
        if root.getparent() is None:
            self.styled = read_sheets(root)
            # comments in front of <html>; an element's own siblings are none of it
            for node in root.itersiblings(etree.Comment, preceding=True):
                self.reading.marks.append((0, node.text or ""))
        styled = bool(self.styled.centres or self.styled.keeps_lines)
        pieces = self.pieces
        walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        skipped: _Element | None = None
        for event, node in walk:
            if event == "start":
                breaks = _PLAIN.get(node.tag)
                if breaks is not None and not styled and LOOKS.isdisjoint(node.keys()):
                    self._open_plain(node, breaks)
                elif not self._open(node):
                    walk.skip_subtree()
                    skipped = node
                    continue
                if (text := node.text) and (self.parts or not text.isspace()):
                    self._add(text)
                continue
            if event == "end":
                if node is skipped:
                    skipped = None
                else:
                    self._close(node)
            elif event == "comment" and node.text:
                self.reading.marks.append((len(pieces) + bool(self.parts), node.text))
            if (text := node.tail) and (self.parts or not text.isspace()) and node is not root:
                self._add(text)
        self._flush()
        return self.reading

    def _part(self) -> None:
        """Mark where one inline element ends and the next begins."""
        self.parts.append(GAP)
        self.hrefs.append("")

    def _open_plain(self, node: _Element, breaks: bool) -> None:
        """Begin an element as ``_open`` does, where its name says all of it: most are such."""
        if breaks:
            if self.parts:
                self._flush()
            self.opened.append((len(self.pieces), True, self.block, self.link, self.look))
            self.block = node
        else:
            is_link = node.tag == "a"
            if self.parts and (self.after_inline or is_link):
                self._part()
            self.opened.append((len(self.pieces), False, self.block, self.link, self.look))
            if is_link:
                self.link = (node.get("href") or "").strip()
        self.after_inline = False

    def _open(self, node: _Element) -> bool:
        """Begin an element; False where nothing in it is seen."""
        tag = str(node.tag)
        has_look = not LOOKS.isdisjoint(node.keys())
        if tag in _LEFT_OUT or (has_look and is_hidden(node) and node not in self.show):
            self._leave_out(node)
            return False
        block, link, look = self.block, self.link, self.look
        style = node.get("style") if has_look else None
        if breaks := breaks_line(tag, style):
            if self.parts:
                self._flush()
            if tag != "br":
                self.block = node
                if has_look or tag == "center" or self.styled.centres:
                    centred = sets_centre(node, look.centred, self.styled.centres.get(node))
                    if centred != look.centred:
                        self.look = self.look._replace(centred=centred)
            if tag in _SPECIAL:
                self._open_special(tag)
            if has_look and not len(node) and holds_background(node):
                self._picture(node)
        elif self.parts and (self.after_inline or tag == "a"):
            self._part()
        self.after_inline = False
        if tag in _SHOWING:
            self._show(node)
        self.opened.append((len(self.pieces), breaks, block, link, look))
        keeps = keeps_lines(style) if style else None
        if keeps is None and self.styled.keeps_lines:
            keeps = self.styled.keeps_lines.get(node)
        if keeps is None:
            keeps = look.keeps or tag == "pre"
        if keeps != look.keeps:
            self.look = self.look._replace(keeps=keeps)
        return True

    def _leave_out(self, node: _Element) -> None:
        if node.tag in _LEFT_OUT:
            if node.tag in MEDIA:
                self._media(node)
            elif node.tag == "noscript":
                self._spare_picture(node)
        else:
            self.reading.hidden.append(node)

    def _show(self, node: _Element) -> None:
        if node.tag == "a":
            self.link = (node.get("href") or "").strip()
        elif node.tag in BOLD:
            self.look = self.look._replace(bold=True)
        elif node.tag in PICTURES:
            self._picture(node)
        elif node.tag == "embed" or node.get("src"):
            self._media(node)  # a void element: what the parser puts inside it stands behind it

    def _open_special(self, tag: str) -> None:
        if tag in HEADINGS:
            self.look = self.look._replace(heading=tag)
        elif tag in ASIDES:
            self.look = self.look._replace(aside=True)
        elif tag == "table":
            self.tables.append(Table(len(self.pieces)))
        elif self.tables and tag == "tr":
            self.rows += 1
            self.tables[-1].row = self.rows
        elif self.tables:
            self.cells += 1
            self.tables[-1].cell = self.cells

    def _close(self, node: _Element) -> None:
        start, breaks, block, link, look = self.opened.pop()
        if not breaks:
            self.after_inline = True
        elif self.parts:
            self._flush()
        self.block, self.link, self.look = block, link, look
        end = len(self.pieces)
        if self.tables and node.tag in _OF_TABLES:
            table = self.tables[-1]
            if node.tag == "table":
                self._close_table()
            elif node.tag != "tr" and table.row and start < end:
                table.cells.append(Cell(table.row, start, end))
        self.reading.spans[node] = (start, end + bool(self.parts))

    def _close_table(self) -> None:
        """Number the rows of a table of data, whatever its cells hold."""
        table = self.tables.pop()
        pieces = self.reading.pieces
        if self.tables:
            self.tables[-1].depth = max(self.tables[-1].depth, table.depth + 1)
        if table.depth < DEEP and is_data(pieces, table):
            for cell in table.cells:
                for piece in pieces[cell.first : cell.end]:
                    piece.row = cell.row

    def _add(self, text: str) -> None:
        if self.look.keeps and ("\n" in text or "\r" in text):
            first, *others = text.splitlines()
            self._add(first)
            for other in others:
                self._flush()
                self._add(other)
            return
        link = self.link
        if not text or text.isspace():
            if self.parts:
                self.parts.append(text)
                self.hrefs.append(link or "")
            return
        self.parts.append(text)
        self.hrefs.append(link or "")
        self.after_inline = False
        self.length += len(text)
        if link is not None:
            self.linked += len(text.strip())
            self.first_link = self.first_link or link
        if self.look.bold:
            self.bolds += len(text)

    def _flush(self) -> None:
        parts = self.parts
        if not parts:
            return
        printed = parts[0] if len(parts) == 1 else "".join(parts)
        marked = tidy(_COLUMNS.sub(f" {GAP}", printed) if "\xa0" in printed else printed)
        if marked:
            look, linked = self.look, self.linked
            self.pieces.append(
                TextBlock(
                    _TEXT,
                    self.block,
                    marked,
                    min(linked, len(marked)) if linked else 0,
                    look.heading,
                    look.centred,
                    self.bolds >= self.length,
                    0,
                    look.aside,
                    self.tables[-1].cell if self.tables else 0,
                    self.first_link,
                    tuple(zip(parts, self.hrefs, strict=True)) if linked else (),
                )
            )
        self.pieces += self.pictures
        self._begin_line()

    def _picture(self, node: _Element) -> None:
        picture = TextBlock(
            Kind.PICTURE,
            node,
            centred=self.look.centred,
            aside=self.look.aside,
            link=self.link or "",
            cell=self.tables[-1].cell if self.tables else 0,
        )
        (self.pictures if self.length else self.pieces).append(picture)

    def _spare_picture(self, node: _Element) -> None:
        """Read the picture of a ``<noscript>`` where no other stands for it: a script makes that one."""
        beside = (node.getprevious(), node.getnext())
        if not any(element is not None and element.tag in PICTURES for element in beside):
            for picture in node.iter("img"):
                self._picture(picture)

    def _media(self, node: _Element) -> None:
        self.pieces.append(TextBlock(Kind.MEDIA, node, aside=self.look.aside))
