"""The walk that turns a page's tree into the row of pieces that its reader meets.

The tree is walked once, without recursion.  Each element's place is kept as a span of the row of pieces,
so that any question about an element (how much text, how many links) is a difference of two sums.
"""

import re
from dataclasses import dataclass, field

from lxml import etree
from lxml.etree import _Element

from zhijiang_spider.pages.elements import (
    ASIDES,
    BOLD,
    CELLS,
    HEADINGS,
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


@dataclass(slots=True)
class _Line:
    """The line that is being read."""

    parts: list[str] = field(default_factory=list)
    hrefs: list[str] = field(default_factory=list)
    """Of each part: the address of the link around it, or ""."""
    length: int = 0
    linked: int = 0
    bold: int = 0
    link: str = ""
    after_inline: bool = False
    pictures: list[TextBlock] = field(default_factory=list)
    """Met after its first word: they follow the line, which stays whole."""


def render_text(root: _Element, *, show: frozenset[_Element] = frozenset()) -> RenderedPage:
    """Return what a reader sees of the page.

    ``show``: elements that count as seen although the page hides them (a script will show them).
    """
    return _Walk(show).read(root)


class _Walk:
    """The state of one walk over a tree; it lives inside ``render_text`` only."""

    def __init__(self, show: frozenset[_Element]) -> None:
        self.show = show
        self.reading = RenderedPage()
        self.line = _Line()
        self.blocks: list[_Element] = []
        self.links: list[str] = []
        self.headings: list[str] = []
        self.centred: list[bool] = [False]
        self.bolds = 0
        self.styled = Styled()
        self.keeps = False
        """Whether line breaks of the source are seen here: ``<pre>``, ``white-space: pre-line``."""
        self.tables: list[Table] = []
        self.starts: list[tuple[int, bool, bool]] = []
        """Of each open element: its first piece, whether it sets its text apart, and whether line breaks are seen around it."""
        self.asides = 0
        self.rows = 0
        self.cells = 0

    def read(self, root: _Element) -> RenderedPage:
        self.blocks.append(root)
        if root.getparent() is None:
            self.styled = read_sheets(root)
            # comments in front of <html>; an element's own siblings are none of it
            for node in root.itersiblings(etree.Comment, preceding=True):
                self.reading.marks.append((0, node.text or ""))
        walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        skipped: _Element | None = None
        for event, node in walk:
            if event == "start":
                if self._unseen(node):
                    walk.skip_subtree()
                    skipped = node
                else:
                    self._open(node)
                    if node.text:
                        self._add(node.text)
            elif event == "end":
                if node is skipped:
                    skipped = None
                else:
                    self._close(node)
                if node.tail and node is not root:
                    self._add(node.tail)
            else:
                if event == "comment" and node.text:
                    self.reading.marks.append((self._here() + bool(self.line.parts), node.text))
                if node.tail:
                    self._add(node.tail)
        self._flush()
        return self.reading

    def _here(self) -> int:
        return len(self.reading.pieces)

    def _unseen(self, node: _Element) -> bool:
        tag = node.tag
        if tag in MEDIA and tag not in ("source", "embed"):
            self._media(node)
            return True
        if tag in UNSEEN:
            if tag == "noscript":
                self._spare_picture(node)
            return True
        if node.attrib and is_hidden(node) and node not in self.show:
            self.reading.hidden.append(node)
            return True
        return False

    def _open(self, node: _Element) -> None:
        tag = node.tag
        style = node.get("style")
        breaks = breaks_line(node)
        if breaks:
            self._flush()
            if tag != "br":
                self.blocks.append(node)
                styled = self.styled.centres.get(node) if self.styled.centres else None
                self.centred.append(sets_centre(node, self.centred[-1], styled))
            if tag in HEADINGS:
                self.headings.append(tag)
            elif tag in ASIDES:
                self.asides += 1
            elif tag == "table":
                self.tables.append(Table(self._here()))
            elif tag == "tr" and self.tables:
                self.rows += 1
                self.tables[-1].row = self.rows
            elif tag in CELLS and self.tables:
                self.cells += 1
                self.tables[-1].cell = self.cells
            if not len(node) and node.attrib and holds_background(node):
                self._picture(node)
        elif self.line.parts and (self.line.after_inline or tag == "a"):
            self.line.parts.append(GAP)
            self.line.hrefs.append("")
        self.line.after_inline = False
        if tag == "a":
            self.links.append((node.get("href") or "").strip())
        elif tag in BOLD:
            self.bolds += 1
        elif tag in PICTURES:
            self._picture(node)
        elif tag == "embed" or (tag == "source" and node.get("src")):
            self._media(node)  # a void element: what the parser puts inside it stands behind it
        self.starts.append((self._here(), breaks, self.keeps))
        own = keeps_lines(style) if style else None
        if own is None and self.styled.keeps_lines:
            own = self.styled.keeps_lines.get(node)
        self.keeps = (self.keeps or tag == "pre") if own is None else own

    def _close(self, node: _Element) -> None:
        tag = node.tag
        start, breaks, self.keeps = self.starts.pop()
        if tag == "a":
            self.links.pop()
        elif tag in BOLD:
            self.bolds -= 1
        if breaks:
            self._flush()
            if tag != "br":
                self.blocks.pop()
                self.centred.pop()
            if tag in HEADINGS:
                self.headings.pop()
            elif tag in ASIDES:
                self.asides -= 1
            elif tag == "table":
                self._close_table()
            elif tag in CELLS and self.tables and self.tables[-1].row and start < self._here():
                self.tables[-1].cells.append(Cell(self.tables[-1].row, start, self._here()))
        else:
            self.line.after_inline = True
        self.reading.spans[node] = (start, self._here() + bool(self.line.parts))

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
        if self.keeps and ("\n" in text or "\r" in text):
            first, *others = text.splitlines()
            self._add_inline(first)
            for other in others:
                self._flush()
                self._add_inline(other)
        else:
            self._add_inline(text)

    def _add_inline(self, text: str) -> None:
        line = self.line
        seen = len(text) if not text.isspace() else 0
        if not seen and not line.parts:
            return
        line.parts.append(text)
        line.hrefs.append(self.links[-1] if self.links else "")
        line.after_inline = line.after_inline and not seen
        line.length += seen
        if seen:
            if self.links:
                line.linked += len(text.strip())
                line.link = line.link or self.links[-1]
            if self.bolds:
                line.bold += seen

    def _flush(self) -> None:
        line = self.line
        if not line.parts:
            line.after_inline = False
            return
        self.line = _Line()
        printed = "".join(line.parts)
        marked = tidy(_COLUMNS.sub(f" {GAP}", printed) if "\xa0" in printed else printed)
        if marked.replace(GAP, ""):
            self.reading.pieces.append(
                TextBlock(
                    Kind.TEXT,
                    self.blocks[-1],
                    marked,
                    linked=min(line.linked, len(marked)),
                    heading=self.headings[-1] if self.headings else "",
                    centred=self.centred[-1],
                    bold=line.bold >= line.length,
                    aside=self.asides > 0,
                    cell=self.tables[-1].cell if self.tables else 0,
                    link=line.link,
                    parts=tuple(zip(line.parts, line.hrefs, strict=True)) if line.linked else (),
                )
            )
        self.reading.pieces += line.pictures

    def _picture(self, node: _Element) -> None:
        picture = TextBlock(
            Kind.PICTURE,
            node,
            centred=self.centred[-1],
            aside=self.asides > 0,
            link=self.links[-1] if self.links else "",
            cell=self.tables[-1].cell if self.tables else 0,
        )
        (self.line.pictures if self.line.length else self.reading.pieces).append(picture)

    def _spare_picture(self, node: _Element) -> None:
        """Read the picture of a ``<noscript>`` where no other stands for it: a script makes that one."""
        beside = (node.getprevious(), node.getnext())
        if not any(element is not None and element.tag in PICTURES for element in beside):
            for picture in node.iter("img"):
                self._picture(picture)

    def _media(self, node: _Element) -> None:
        self.reading.pieces.append(TextBlock(Kind.MEDIA, node, aside=self.asides > 0))
