"""Which lines are captions because of where galleries set them: in columns, in lists, in turn with pictures."""

from collections.abc import Sequence
from itertools import groupby, islice, pairwise

from lxml.etree import _Element

from zhijiang_spider.pages.boilerplate import is_credit
from zhijiang_spider.pages.elements import CELLS
from zhijiang_spider.pages.seen import Kind, RenderedPage, TextBlock, ancestors

LONGEST_COLUMN = 80
"""Characters of a line that is a caption because of its place."""
_LEAST_FIGURES = 4
"""Pieces of two pictures and the line of each."""
TEXT_TAGS = frozenset(("p", "section", *CELLS))
"""Elements that articles are set in: in several alike a line below a picture may be text."""


def captions_of_galleries(reading: RenderedPage, pieces: Sequence[TextBlock]) -> dict[TextBlock, TextBlock]:
    """Return line → picture for the lines of a body that are captions by their place among its pictures."""
    return _captions_in_columns(pieces) | _captions_in_a_list(pieces) | _captions_in_turn(reading, pieces)


def _captions_in_columns(pieces: Sequence[TextBlock]) -> dict[TextBlock, TextBlock]:
    """Return line → picture where a table sets pictures in a row and a line below each in the next row.

    One picture and one line are a row each only where the table goes on so.
    """
    found: dict[TextBlock, TextBlock] = {}
    first, single = 0, False
    while first < len(pieces):
        end = first + 1
        if pieces[first].kind is Kind.PICTURE and pieces[first].cell:
            while end < len(pieces) and _is_next_cell(pieces[end - 1], pieces[end], Kind.PICTURE):
                end += 1
            count = end - first
            lines = pieces[end : end + count]
            if (
                count == len(lines)
                and _is_next_cell(pieces[end - 1], lines[0], Kind.TEXT)
                and all(_is_next_cell(line, after, Kind.TEXT) for line, after in pairwise(lines))
            ):
                after = pieces[end + 1 : end + 2]
                goes_on = bool(after) and _is_next_cell(lines[0], after[0], Kind.PICTURE)
                if count > 1 or ((single or goes_on) and not lines[0].row and not is_credit(lines[0].text)):
                    found.update(zip(lines, pieces[first:end], strict=True))
                single = count == 1 and goes_on
            else:
                single = False
        first = end
    return found


def _captions_in_a_list(pieces: Sequence[TextBlock]) -> dict[TextBlock, TextBlock]:
    """Return line → picture where a list of as many lines follows a list of pictures: a gallery's captions apart."""
    found: dict[TextBlock, TextBlock] = {}
    first = 0
    for is_picture, run in groupby(pieces, key=lambda piece: piece.kind is Kind.PICTURE):
        count = len(list(run))
        lines = pieces[first + count : first + 2 * count]
        if (
            is_picture
            and count == len(lines) > 1
            and _is_one_list(pieces[first : first + count])
            and all(line.kind is Kind.TEXT and len(line.text) <= LONGEST_COLUMN for line in lines)
            and _is_one_list(lines)
        ):
            found.update(zip(lines, pieces[first : first + count], strict=True))
        first += count
    return found


def _captions_in_turn(reading: RenderedPage, pieces: Sequence[TextBlock]) -> dict[TextBlock, TextBlock]:
    """Return line → picture where an element holds pictures and lines in turn and nothing else: ``<dt>``, ``<dd>``."""
    found: dict[TextBlock, TextBlock] = {}
    boxes: dict[_Element | None, bool] = {}
    for picture, line in pairwise(pieces):
        if picture.kind is not Kind.PICTURE or line.kind is not Kind.TEXT:
            continue
        in_cell = line.node.tag in CELLS  # the lines of a cell that breaks part
        if line.node.tag in TEXT_TAGS and not in_cell:
            continue
        box = line.node if in_cell else line.node.getparent()
        if box not in boxes:
            boxes[box] = box is not None and holds_figures(reading, box)
        if boxes[box] and not is_credit(line.text):
            found[line] = picture
    return found


def holds_figures(reading: RenderedPage, box: _Element) -> bool:
    """Tell whether an element holds pictures and short lines in turn and nothing else, two of each at least."""
    start, end = reading.spans.get(box, (0, 0))
    inside = reading.pieces[start:end]
    return (
        len(inside) >= _LEAST_FIGURES
        and len(inside) % 2 == 0
        and all(piece.kind is Kind.PICTURE for piece in inside[::2])
        and all(
            piece.kind is Kind.TEXT and len(piece.text) <= LONGEST_COLUMN and not piece.row
            for piece in inside[1::2]
        )
    )


def _is_one_list(pieces: Sequence[TextBlock]) -> bool:
    """Tell whether pieces are all that the items of one list hold."""
    items = [
        next((node for node in islice(ancestors(piece.node), 4) if node.tag == "li"), None)
        for piece in pieces
    ]
    around = items[0].getparent() if items[0] is not None else None
    return around is not None and [*around.iterchildren("li")] == items


def _is_next_cell(piece: TextBlock, after: TextBlock, kind: Kind) -> bool:
    return after.kind is kind and after.cell == piece.cell + 1 and len(after.text) <= LONGEST_COLUMN
