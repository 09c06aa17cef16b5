"""Which tables hold data, to be read row by row, and which only arrange a page."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from zhijiang_spider.pages.seen import Kind, TextBlock
from zhijiang_spider.text.characters import folded
from zhijiang_spider.vocabulary import spellings

DEEP = 2
"""Tables around tables that only arrange a page, however they look."""
_LONG_CELL = 80
"""Characters: a longer cell holds a paragraph."""
_MOST_LINES, _MOST_SHARE = 3, 0.6
"""Lines of a cell, and its share of the table's text: with more of both it is the page's text."""
_A_LINE = Counter({Kind.TEXT: 1})
_TITLES, _TEXTS = spellings("titles.labels"), spellings("titles.labels_of_text")
_FIRST_CELLS, _LONGEST_LABEL = 40, 12
"""Cells of a form among which its labels are looked for, and characters of one."""
_PAGE_TITLES = frozenset(("h1", "h2"))


@dataclass(slots=True)
class Table:
    """A table that is being read."""

    start: int
    row: int = 0
    cell: int = 0
    depth: int = 0
    """How many tables stand in each other inside it."""
    cells: list["Cell"] = field(default_factory=list)


@dataclass(slots=True)
class Cell:
    """A cell that holds something: the row it is in, and the span of its pieces."""

    row: int
    first: int
    end: int
    """One past its last piece."""


def is_data(pieces: Sequence[TextBlock], table: Table) -> bool:
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
    if _is_form(pieces, table):
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


def _is_form(pieces: Sequence[TextBlock], table: Table) -> bool:
    """Tell whether a table is a whole article as a form: cells say 标题 and 内容, and the cells behind hold them."""
    labels = (pieces[cell.first].marked for cell in table.cells[:_FIRST_CELLS])
    named = {folded(label).rstrip(":") for label in labels if len(label) <= _LONGEST_LABEL}
    return not named.isdisjoint(_TITLES) and not named.isdisjoint(_TEXTS)


def _shows_pictures(table: Table, kinds: Sequence[Counter[Kind]]) -> bool:
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
