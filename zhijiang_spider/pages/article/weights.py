"""What each piece of a page speaks for or against its being in a body.

Sentences weigh what they are long, links weigh against, short lines weigh little; a line that opens other
articles is a barrier.
"""

import re
from collections.abc import Sequence
from itertools import islice

from lxml.etree import _Element

from zhijiang_spider.pages.article.media import is_decoration, is_media_link, picture_url
from zhijiang_spider.pages.boilerplate import (
    is_advert_label,
    is_boilerplate,
    is_comment_stop,
    is_credit,
    is_notice,
    is_stop,
    names_advert,
)
from zhijiang_spider.pages.header import is_header_row
from zhijiang_spider.pages.seen import Kind, RenderedPage, TextBlock, ancestors

_SENTENCE = re.compile(r"[。！？；…]|[!?;](?:\s|$)|(?<!\.)\.(?:\s|$)")
_COMMA = re.compile("[，、,]")
_WORD = re.compile(r"[^\W\d_]")
_LONG_CELL = 80
"""Characters: a longer cell holds sentences."""
_BARRIER = 400.0
"""Weight of a line that opens a list of other articles: prose behind it must be longer to count."""
INSET = -0.5
"""Weight of what a box between paragraphs holds; nothing else weighs so."""
_MOST_INSETS, _LONGEST_INSET = 20, 40
"""How many such boxes are looked for, and pieces of one."""
_SENTENCE_WEIGHT = 20
"""Weight of a sentence: least of the text before such a box; behind it an article goes on, not a note."""
_INSET_LEVELS = 4
"""Levels above its heading on which such a box is looked for."""
_LARGEST_ADVERT, _ADVERT_LEVELS = 8, 4
"""Pieces of an advertisement between paragraphs, and levels above its label on which its box is looked for."""
_LONGEST_LABEL = 12
"""Characters of a line that only says that it is one."""
SHORT_ARTICLE = 60
"""Weight of two sentences: less, without a picture, is a line that stands before the text."""
PICTURE_MASS = 30
"""A picture or player counts as much as a line of so many characters."""


def weigh(pieces: Sequence[TextBlock]) -> list[float]:
    """Return for each piece how much it speaks for a body (below zero: against)."""
    weights = [_weight(piece) for piece in pieces]
    for number, piece in enumerate(pieces):
        if piece.kind is Kind.TEXT and _opens_other(pieces, number, weights):
            weights[number] = -_BARRIER
    return weights


def pass_over_insets(reading: RenderedPage, weights: list[float]) -> None:
    """Mark boxes of links that stand between paragraphs of one text: it goes on behind them.

    The box holds its heading and links but no sentence, and text in paragraphs stands before and behind it in
    the same element.
    """
    headings = [number for number, weight in enumerate(weights) if is_barrier(weight)]
    for number in headings[:_MOST_INSETS]:
        inset = _inset_around(reading, weights, number) or _inset_behind(reading, weights, number)
        if inset:
            start, end = inset
            weights[start:end] = [INSET] * (end - start)


def pass_over_adverts(reading: RenderedPage, weights: list[float]) -> None:
    """Mark advertisements, which say so: the text goes on behind them."""
    for number, piece in enumerate(reading.pieces):
        if (piece.linked or len(piece.marked) <= _LONGEST_LABEL) and names_advert(piece.marked):
            start, end = _advert_around(reading, number)
            weights[start:end] = [INSET] * (end - start)


def _advert_around(reading: RenderedPage, number: int) -> tuple[int, int]:
    """Return the span of the largest box around a label in which everything leads to one place elsewhere."""
    found = (number, number)
    if _leads_elsewhere(reading.pieces[number]):
        found = (number, number + 1)
    for box in islice(ancestors(reading.pieces[number].node), _ADVERT_LEVELS):
        start, end = reading.spans.get(box, (number, number + 1))
        inside = reading.pieces[start:end] if end - start <= _LARGEST_ADVERT else []
        links = {piece.link for piece in inside if piece.link}
        if len(links) > 1 or not all(
            _leads_elsewhere(piece) or is_advert_label(piece.marked) for piece in inside
        ):
            break
        if links:
            found = (start, end)
    return found


def _leads_elsewhere(piece: TextBlock) -> bool:
    if piece.kind is not Kind.TEXT:
        return bool(piece.link)
    return piece.linked * 2 > len(piece.text) and not is_media_link(piece.link)


def _inset_around(reading: RenderedPage, weights: Sequence[float], number: int) -> tuple[int, int] | None:
    """Return the span of the box that a heading opens between paragraphs, None where it opens none."""
    for box in islice(ancestors(reading.pieces[number].node), _INSET_LEVELS):
        around = box.getparent()
        if around is None or around not in reading.spans:
            return None
        start, end = reading.spans[box]
        if end - start > _LONGEST_INSET:
            return None
        pieces, inside = reading.pieces[start:end], weights[start:end]
        if end - start < 2 or max(inside) > 0 or not any(piece.linked for piece in pieces):
            continue
        if _is_amid_paragraphs(reading, weights, around, start, end):
            return start, end
    return None


def _inset_behind(reading: RenderedPage, weights: Sequence[float], number: int) -> tuple[int, int] | None:
    """Return the span of a heading and its links, set as paragraphs between those of the text, None for others."""
    pieces = reading.pieces
    end = number + 1
    while end < len(pieces) and end - number < _LONGEST_INSET and _leads_elsewhere(pieces[end]):
        end += 1
    around = pieces[number].node.getparent()
    if end - number < 2 or around not in reading.spans or is_comment_stop(pieces[number].text):
        return None
    return (number, end) if _is_amid_paragraphs(reading, weights, around, number, end) else None


def _is_amid_paragraphs(
    reading: RenderedPage, weights: Sequence[float], around: _Element, start: int, end: int
) -> bool:
    """Tell whether an element holds an article's weight of paragraphs before and behind a span."""
    low, high = reading.spans[around]
    nodes = {n: reading.pieces[n].node for n in range(low, high) if weights[n] > 0}
    paragraphs = [n for n, node in nodes.items() if node.tag == "p" and node.getparent() is around]
    before = sum(weights[n] for n in paragraphs if n < start)
    behind = sum(weights[n] for n in paragraphs if n >= end)
    return before >= _SENTENCE_WEIGHT and behind >= SHORT_ARTICLE


def _weight(piece: TextBlock) -> float:
    if piece.kind is not Kind.TEXT:
        return -3.0 if piece.link or piece.aside else 0.0
    if piece.aside:
        return -20.0
    text = piece.marked
    if piece.row and len(text) <= _LONG_CELL and piece.linked * 2 <= len(text):
        return 0.0  # figures stand between sentences
    if is_boilerplate(text):
        return -20.0 if is_notice(text) else -6.0
    if is_media_link(piece.link):
        return 0.0
    plain = len(text) - piece.linked
    if plain < piece.linked:
        return -8.0 - piece.linked
    if _SENTENCE.search(text) or len(_COMMA.findall(text)) > 1:
        return float(plain)
    return 0.0 if piece.node.tag == "p" else -5.0  # keywords without a stop may run for pages


def _opens_other(pieces: Sequence[TextBlock], number: int, weights: Sequence[float]) -> bool:
    """Tell whether a line opens other articles or comments.  A heading of the text's own has text behind it."""
    text = pieces[number].text
    if not is_stop(text):
        return False
    behind = number + 1
    return is_comment_stop(text) or behind >= len(pieces) or weights[behind] <= 0


def is_barrier(weight: float) -> bool:
    """Tell whether a weight is that of a line that opens other articles or comments."""
    return weight <= -_BARRIER


def breaks(piece: TextBlock, weight: float) -> bool:
    """Tell whether a piece cannot be inside a body: links to elsewhere, headings of other matter, notices."""
    if weight == INSET:
        return False
    if piece.aside and not is_credit(piece.text):
        return True
    if piece.kind is not Kind.TEXT:
        return False
    if is_barrier(weight) or is_notice(piece.text):
        return True
    return (
        piece.linked * 2 > len(piece.marked)
        and len(piece.marked) > 4
        and not is_boilerplate(piece.text)
        and not is_credit(piece.text)
        and not is_media_link(piece.link)
    )


def mass_of(piece: TextBlock) -> int:
    """Return how much of a page a piece takes, in characters; links take nothing."""
    if piece.kind is not Kind.TEXT:
        return 0 if piece.link else PICTURE_MASS
    return len(piece.marked) - piece.linked


def is_content(piece: TextBlock) -> bool:
    """Tell whether a piece may begin an article's text."""
    if piece.aside:
        return False
    if piece.kind is Kind.PICTURE:
        address = picture_url(piece.node, "")
        return bool(address) and not is_decoration(piece.node, address)
    if piece.kind is Kind.MEDIA:
        return True
    text = piece.text
    if is_media_link(piece.link):
        return True
    return (
        piece.linked * 2 <= len(text)
        and _WORD.search(text) is not None
        and not is_boilerplate(text)
        and not is_header_row(text)
    )
