"""A page as its reader meets it: lines of text, pictures and media in reading order.

The tree is walked once, without recursion.  Each element's place is kept as a span of the row of pieces,
so that any question about an element (how much text, how many links) is a difference of two sums.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from lxml import etree
from lxml.etree import _Element

from archive.characters import BREAKS, LINE_SEPARATORS

GAP = "\x1f"
"""Stands in a line's ``marked`` text where one inline element ends and the next begins, with or without
a space between: ``<span>2024-01-16</span><span>来源：…</span>``.  Style sheets set such parts apart."""

_BREAKING = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
"""Elements that begin and end a line.  Elements that a site names itself (``<x-article>``) do too."""
_UNSEEN = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "title",
        "meta",
        "link",
        "input",
        "textarea",
        "select",
        "button",
        "option",
        "datalist",
        "svg",
        "math",
        "object",
        "applet",
        "canvas",
        "map",
    ]
)
"""Elements whose text no reader of the article sees."""
_MEDIA = frozenset(["video", "audio", "source", "iframe", "embed", "object"])
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_ASIDE = frozenset(("nav", "aside", "footer"))
_BOLD = frozenset(("b", "strong"))
CELLS = frozenset(("td", "th"))
PICTURES = frozenset(("img", "image", "amp-img", "mip-img"))
"""Elements that are pictures; others may hold one as their background."""
_STYLED = frozenset(["span", "a", "em", "strong", "b", "i", "font", "u", "label"])
"""Inline elements that a style can set apart."""
_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden", re.IGNORECASE)
_BLOCK_STYLE = re.compile(r"display\s{0,3}:\s{0,3}(?:block|flex|table|grid|list-item)", re.IGNORECASE)
_BACKGROUND = re.compile(r"background(?:-image)?\s{0,3}:[^;]{0,40}url\(", re.IGNORECASE)
_CENTRED = re.compile(r"text-align\s{0,3}:\s{0,3}center", re.IGNORECASE)

_SPACE = re.compile("[ \t\r\n\f\v\xa0\u2002\u2003\u2009\u202f]+")
_COLUMNS = re.compile("\xa0[\xa0 ]{1,99}")
"""Set what stands in one line apart, as an inline element does."""
_NO_WIDTH = re.compile(f"[{BREAKS}{LINE_SEPARATORS}]")
"""Browsers show none of these; what shapes its neighbours stays (``archive.characters``)."""
_EDGE = " \u3000" + GAP


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
    """The line's text with ``GAP`` marks."""
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

    @property
    def text(self) -> str:
        """The line as a reader sees it."""
        return self.marked.replace(GAP, "")

    @property
    def spaced(self) -> str:
        """The line with a space where inline elements meet: how a styled row of date and source looks."""
        return _SPACE.sub(" ", self.marked.replace(GAP, " ")).strip(_EDGE)


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


@dataclass(slots=True)
class _Table:
    start: int
    row: int = 0
    cell: int = 0
    depth: int = 0
    """How many tables stand in each other inside it."""
    cells: list["_Cell"] = field(default_factory=list)


@dataclass(slots=True)
class _Cell:
    row: int
    first: int
    end: int
    """One past its last piece."""


def render_text(root: _Element, *, show: frozenset[_Element] = frozenset()) -> RenderedPage:
    """Return what a reader sees of the page.

    ``show``: elements that count as seen although the page hides them (a script will show them).
    """
    return _Walk(show).read(root)


def tidy(text: str) -> str:
    """Return text as a browser shows it: white space collapsed, marks without width gone, edges stripped."""
    return _SPACE.sub(" ", _NO_WIDTH.sub("", text)).strip(_EDGE)


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
        self.pres = 0
        self.tables: list[_Table] = []
        self.starts: list[tuple[int, bool]] = []
        """Of each open element: its first piece, and whether it sets its text apart."""
        self.asides = 0
        self.rows = 0
        self.cells = 0

    def read(self, root: _Element) -> RenderedPage:
        self.blocks.append(root)
        if root.getparent() is None:  # comments in front of <html>; an element's own siblings are none of it
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
        if tag in _MEDIA and tag not in ("source", "embed"):
            self._media(node)
            return True
        if tag in _UNSEEN:
            return True
        if node.attrib and _is_hidden(node) and node not in self.show:
            self.reading.hidden.append(node)
            return True
        return False

    def _open(self, node: _Element) -> None:
        tag = node.tag
        style = node.get("style")
        breaks = (
            tag in _BREAKING
            or ("-" in str(tag) and tag not in PICTURES)
            or (style and tag in _STYLED and _BLOCK_STYLE.search(style) is not None)
        )
        if breaks:
            self._flush()
            if tag != "br":
                self.blocks.append(node)
                self.centred.append(_sets_centre(node, self.centred[-1]))
            if tag in _HEADINGS:
                self.headings.append(tag)
            elif tag in _ASIDE:
                self.asides += 1
            elif tag == "pre":
                self.pres += 1
            elif tag == "table":
                self.tables.append(_Table(self._here()))
            elif tag == "tr" and self.tables:
                self.rows += 1
                self.tables[-1].row = self.rows
            elif tag in CELLS and self.tables:
                self.cells += 1
                self.tables[-1].cell = self.cells
            if style and _BACKGROUND.search(style) and _is_empty(node):
                self._picture(node)
        elif self.line.parts and (self.line.after_inline or tag == "a"):
            self.line.parts.append(GAP)
            self.line.hrefs.append("")
        self.line.after_inline = False
        if tag == "a":
            self.links.append((node.get("href") or "").strip())
        elif tag in _BOLD:
            self.bolds += 1
        elif tag in PICTURES:
            self._picture(node)
        elif tag == "embed" or (tag == "source" and node.get("src")):
            self._media(node)  # a void element: what the parser puts inside it stands behind it
        self.starts.append((self._here(), bool(breaks)))

    def _close(self, node: _Element) -> None:
        tag = node.tag
        start, breaks = self.starts.pop()
        if tag == "a":
            self.links.pop()
        elif tag in _BOLD:
            self.bolds -= 1
        if breaks:
            self._flush()
            if tag != "br":
                self.blocks.pop()
                self.centred.pop()
            if tag in _HEADINGS:
                self.headings.pop()
            elif tag in _ASIDE:
                self.asides -= 1
            elif tag == "pre":
                self.pres -= 1
            elif tag == "table":
                self._close_table()
            elif tag in CELLS and self.tables and self.tables[-1].row and start < self._here():
                self.tables[-1].cells.append(_Cell(self.tables[-1].row, start, self._here()))
        else:
            self.line.after_inline = True
        self.reading.spans[node] = (start, self._here() + bool(self.line.parts))

    def _close_table(self) -> None:
        """Number the rows of a table of data, whatever its cells hold."""
        table = self.tables.pop()
        pieces = self.reading.pieces
        if self.tables:
            self.tables[-1].depth = max(self.tables[-1].depth, table.depth + 1)
        if table.depth < _DEEP and _is_data(pieces, table):
            for cell in table.cells:
                for piece in pieces[cell.first : cell.end]:
                    piece.row = cell.row

    def _add(self, text: str) -> None:
        if self.pres and ("\n" in text or "\r" in text):
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

    def _media(self, node: _Element) -> None:
        self.reading.pieces.append(TextBlock(Kind.MEDIA, node, aside=self.asides > 0))


_DEEP = 2
"""Tables around tables that only arrange a page, however they look."""
_LONG_CELL = 80
"""Characters: a longer cell holds a paragraph."""
_MOST_LINES, _MOST_SHARE = 3, 0.6
"""Lines of a cell, and its share of the table's text: with more of both it is the page's text."""
_A_LINE = Counter({Kind.TEXT: 1})
_PAGE_TITLES = frozenset(("h1", "h2"))


def _is_data(pieces: Sequence[TextBlock], table: _Table) -> bool:
    """Tell a table of data, which is read row by row, from one that arranges a page or its pictures.

    Data have two rows of several cells that say something, or one row of short cells.
    """
    kinds = [Counter(piece.kind for piece in pieces[cell.first : cell.end]) for cell in table.cells]
    said = Counter(cell.row for cell, kind in zip(table.cells, kinds, strict=True) if kind[Kind.TEXT])
    full_rows = sum(count > 1 for count in Counter(cell.row for cell in table.cells).values())
    lines = [
        piece for cell in table.cells for piece in pieces[cell.first : cell.end] if piece.kind is Kind.TEXT
    ]
    if max(said.values(), default=0) < 2 or any(line.heading in _PAGE_TITLES for line in lines):
        return False
    if all(kind == _A_LINE for kind in kinds) and all(len(line.marked) <= _LONG_CELL for line in lines):
        return full_rows > 1 or (len(said) == 1 and not any(line.linked for line in lines))
    if full_rows == 1 or _shows_pictures(table, kinds):
        return False
    amount = sum(len(line.marked) for line in lines)
    if sum(line.linked for line in lines) * 2 > amount:
        return False
    for cell, kind in zip(table.cells, kinds, strict=True):
        inside = pieces[cell.first : cell.end]
        if len({piece.row for piece in inside} - {0}) > 1:
            return False  # data in a cell
        if (
            kind[Kind.TEXT] > _MOST_LINES
            and sum(len(piece.marked) for piece in inside) > amount * _MOST_SHARE
        ):
            return False
    return True


def _shows_pictures(table: _Table, kinds: Sequence[Counter[Kind]]) -> bool:
    """Tell whether a table sets pictures beside their captions: a picture of data has two cells of text by it.

    Below a row of several words, the columns' names, one is enough.
    """
    rows: dict[int, list[int]] = {}
    for cell, kind in zip(table.cells, kinds, strict=True):
        row = rows.setdefault(cell.row, [0, 0])
        seen = kind[Kind.PICTURE] + kind[Kind.MEDIA]
        row[0] += seen
        row[1] += not seen
    named = next(iter(rows.values()), [1, 0])
    least = 1 if not named[0] and named[1] > 1 else 2
    return any(seen and words < least for seen, words in rows.values())


def _is_hidden(node: _Element) -> bool:
    style = node.get("style")
    return (
        (style is not None and _HIDDEN.search(style) is not None)
        or node.get("hidden") is not None
        or (node.get("aria-hidden") or "").lower() == "true"
    )


def _is_empty(node: _Element) -> bool:
    """Tell whether an element holds neither text nor elements."""
    return next(node.iterchildren(), None) is None and not (node.text or "").strip()


def _sets_centre(node: _Element, outer: bool) -> bool:
    align = (node.get("align") or "").lower()
    style = node.get("style") or ""
    if node.tag == "center" or align in ("center", "middle") or _CENTRED.search(style):
        return True
    return outer and not align and "text-align" not in style


def ancestors(node: _Element) -> Iterator[_Element]:
    """Yield the element itself and those around it, innermost first."""
    here: _Element | None = node
    while here is not None:
        yield here
        here = here.getparent()
