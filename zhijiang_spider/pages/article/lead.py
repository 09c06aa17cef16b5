"""Where the body begins: titles and rows of the head in its own box, and the pictures and players around them.

A row or title is passed over; a picture of the article never is.
"""

from collections.abc import Callable, Iterator, Sequence

from zhijiang_spider.pages.article.media import embedded, is_among_signs, is_picture_link
from zhijiang_spider.pages.article.runs import FAR, fits, is_row
from zhijiang_spider.pages.article.weights import breaks, is_content
from zhijiang_spider.pages.boilerplate import is_boilerplate, is_count, is_credit, is_player, is_slide_arrow
from zhijiang_spider.pages.header import is_date, is_header_row
from zhijiang_spider.pages.pager_line import is_pager_line
from zhijiang_spider.pages.seen import Kind, RenderedPage, TextBlock

_LONGEST_SUBTITLE = 60
"""Characters."""
_CAPTION_LINES = 4
"""Lines between a picture and the text."""
_ABOVE = 8
"""Pieces above the title among which its player stands."""


def skip_head(
    pieces: Sequence[TextBlock],
    first: int,
    last: int,
    head: Sequence[TextBlock],
    is_title: Callable[[str], bool],
) -> int:
    """Return the first piece behind a title and rows of date and source that stand in the body itself."""
    begin = first
    for number in range(first, min(last, first + 6)):
        piece = pieces[number]
        if piece.kind is not Kind.TEXT:
            continue
        row = is_header_row(piece.text) and not is_credit(piece.text) and fits(piece, head)
        subtitle = number == first and bool(head) and pieces[number - 1] is head[-1] and _is_subtitle(piece)
        if subtitle or is_title(piece.text) or (row and not is_below_a_picture(pieces, number, first, head)):
            begin = number + 1
        elif not is_boilerplate(piece.text):
            break
    return begin if begin < last else first


def _is_subtitle(piece: TextBlock) -> bool:
    """Tell whether the line right behind the head goes on with it: ``——记云汀县某某``."""
    return (
        piece.text.startswith(("——", "--"))
        and len(piece.text) <= _LONGEST_SUBTITLE
        and "。" not in piece.text
    )


def is_below_a_picture(
    pieces: Sequence[TextBlock], number: int, first: int, head: Sequence[TextBlock]
) -> bool:
    """Tell whether a line is a date right below a picture, though the head has one: it is the article's own words."""
    return (
        number > first
        and is_shown(pieces[number - 1])
        and is_date(pieces[number].text)
        and any(piece.kind is Kind.TEXT and is_row(piece) for piece in head)
    )


def is_shown(piece: TextBlock) -> bool:
    """Tell whether a piece is a picture or player of the article, as far as can be told without its place."""
    return (
        piece.kind is not Kind.TEXT
        and (not piece.link or is_picture_link(piece.link))
        and not piece.aside
        and is_content(piece)
    )


def players_above(reading: RenderedPage, title: int) -> Iterator[int]:
    """Yield the numbers of the players right above the title: what they play is what the article is about."""
    for number in range(max(title - _ABOVE, 0), title):
        piece = reading.pieces[number]
        if piece.kind is Kind.MEDIA and not piece.aside and embedded(piece.node, ""):
            header = next(piece.node.iterancestors("header"), None)
            if header is None or title < reading.spans[header][1]:  # not the site's own
                yield number


def with_lead_pictures(pieces: Sequence[TextBlock], weights: Sequence[float], head: int, first: int) -> int:
    """Return the first picture or player between head and text, which some systems put in a box of its own."""
    if head < 0:
        return first
    begin = number = first
    lines = 0
    while number > head + 1 and first - number < FAR:
        piece = pieces[number - 1]
        if breaks(piece, weights[number - 1]) or (piece.kind is Kind.TEXT and is_row(piece)):
            break
        if is_shown(piece):
            begin, lines = number - 1, 0
        elif piece.kind is Kind.TEXT and (
            is_player(piece.text)
            or is_count(piece.text)
            or is_slide_arrow(piece.text)
            or is_pager_line(piece.text)
        ):
            pass
        elif piece.kind is Kind.TEXT:
            lines += 1
            if is_boilerplate(piece.text) or lines > _CAPTION_LINES:
                break
        number -= 1
    return begin


def pictures_amid_head(
    pieces: Sequence[TextBlock], head: int, first: int, is_title: Callable[[str], bool]
) -> list[int]:
    """Return the pictures and players before a title or row that stand in the body, or right behind the title."""
    found: list[int] = []
    for number in range(first - 1, max(head, first - FAR, -1), -1):
        piece = pieces[number]
        if is_shown(piece) and not is_among_signs(piece.node):
            found.insert(0, number)
        elif piece.kind is Kind.TEXT and not (
            is_title(piece.text) or is_row(piece) or is_boilerplate(piece.text)
        ):
            break
    return found if head >= 0 else []
