"""Where the article's own box begins and ends: the largest element around its text that does not hold the head too.

Nothing depends on the names that a site gives its elements.  ``CONTAINERS`` and the comments that content
systems put around the text only help to draw the box tighter.
"""

import re
from collections.abc import Callable, Sequence
from itertools import accumulate

from lxml.etree import _Element

from zhijiang_spider.pages.article.lead import (
    is_below_a_picture,
    is_shown,
)
from zhijiang_spider.pages.article.media import is_among_signs
from zhijiang_spider.pages.article.runs import Run, fits, is_row, shared_box
from zhijiang_spider.pages.article.weights import (
    PICTURE_MASS,
    breaks,
    mass_of,
)
from zhijiang_spider.pages.boilerplate import (
    is_boilerplate,
    is_credit,
    is_player,
)
from zhijiang_spider.pages.header import date_of, is_date, is_header_row
from zhijiang_spider.pages.seen import Kind, RenderedPage, TextBlock, ancestors
from zhijiang_spider.vocabulary import any_of

CONTAINERS = re.compile(
    r"(?:^|\s)(?:TRS_Editor|TRS_UEDITOR|trs_editor_view|trs_web|v_news_content|vsb_content\w{0,12}|zoom|ivs_content|UCAP-CONTENT"
    r"|js_content|rwb_zw|p-detail|artibody|articleText|ContentBody|ozoom|detailContent|rich_media_content)(?=\s|$)",
    re.IGNORECASE,
)
"""Classes and ids that known content systems give the body: TRS, 博达, 大汉, gov.cn, 方正, WeChat."""
_MARK_BEGIN = re.compile(
    rf"\s{{0,9}}(?:enpcontent|ZJEG_RSS\.content\.begin|contstart|content\s?begin|{any_of('boilerplate.content_starts')})\s{{0,9}}",
    re.I,
)
_MARK_END = re.compile(
    rf"\s{{0,9}}(?:/enpcontent|ZJEG_RSS\.content\.end|contend|content\s?end|{any_of('boilerplate.content_ends')})\s{{0,9}}",
    re.I,
)
"""Comments around the body in 方正, 大汉 and others."""

_SHARE = 0.6
"""Share of the run's weight that the article's box must hold."""
_SIGNATURE, _LONGEST_SIGNATURE = 4, 40
"""Lines of a signature, and characters of each."""
_LONGEST_CAPTION = 80
"""Characters of a line below a picture that stands outside the text's own element."""
_HOLD = 0.8
"""Share of the run that a narrower box must hold."""


def is_veiled_body(node: _Element) -> bool:
    """Tell whether a hidden element is a known system's body that its script shows when it has loaded."""
    return (
        _is_known(node)
        and re.search(r"visibility\s{0,3}:", node.get("style") or "", re.IGNORECASE) is not None
    )


def _is_known(node: _Element) -> bool:
    return CONTAINERS.search(f"{node.get('class') or ''} {node.get('id') or ''}") is not None


def _outermost(reading: RenderedPage, head: int, number: int) -> tuple[int, int]:
    """Return the span of the largest element around a piece that does not hold the head."""
    low, high = number, number + 1
    piece = reading.pieces[number]
    levels = 0 if piece.kind is Kind.TEXT else -1
    for node in ancestors(piece.node):
        wide = reading.spans.get(node, (low, high))
        if wide[0] <= head:
            # A line of the element that holds the head: the text goes on in this element behind the head.
            return (low, high) if high - low > 1 or levels > 1 else (head + 1, wide[1])
        low, high = min(low, wide[0]), max(high, wide[1])
        levels += 1
    return low, high


def article_box(reading: RenderedPage, head: int, run: Run, weights: Sequence[float]) -> tuple[int, int]:
    """Return the span of the article's box: the largest element around the text with the head left outside.

    Where the text is spread over several elements beside the head, it is the element around all of them.
    """
    if head < 0:
        return 0, len(reading.pieces)
    heaviest = max(range(run.start, run.end), key=lambda number: weights[number])
    sums = _amounts(reading.pieces, weights, run.start, run.end)
    total = sums[run.end] - sums[run.start]
    for number in (run.start, heaviest):
        for low, high in (_outermost(reading, head, number), shared_box(reading, head, number)):
            low = max(low, head + 1)
            if sums[min(high, run.end)] - sums[max(low, run.start)] >= total * _SHARE:
                return low, high
    return head + 1, len(reading.pieces)


def _amounts(pieces: Sequence[TextBlock], weights: Sequence[float], first: int, last: int) -> list[float]:
    """Return sums of what the pieces hold of the text: sentences, or all where there is hardly a sentence.

    ``sums[b] - sums[a]`` is what pieces a to b - 1 hold.
    """
    amounts = [max(weight, 0.0) for weight in weights]
    if sum(amounts[first:last]) < PICTURE_MASS:
        amounts = [float(mass_of(piece)) for piece in pieces]
    return [0.0, *accumulate(amounts)]


def marked_box(reading: RenderedPage, head: int, run: Run) -> tuple[int, int] | None:
    """Return the span between a system's comments around the body, if the run begins in it."""
    begin = -1
    for number, text in reading.marks:
        if number > head and _MARK_BEGIN.fullmatch(text):
            begin = number
        elif begin >= 0 and _MARK_END.fullmatch(text):
            if begin <= run.start < number:
                return begin, number
            begin = -1
    return None


def narrowed(reading: RenderedPage, first: int, last: int, weights: Sequence[float]) -> tuple[int, int]:
    """Return the span of a smaller element if nearly all of the text is in it and strange lines are not."""
    pieces = reading.pieces
    sums = _amounts(pieces, weights, first, last)
    total = sums[last] - sums[first]
    if last - first < 2 or not total:
        return first, last
    heaviest = max(range(first, last), key=lambda number: sums[number + 1] - sums[number])
    for node in ancestors(pieces[heaviest].node):
        low, high = reading.spans.get(node, (first, last))
        low, high = max(low, first), min(high, last)
        if high - low < 2 or sums[high] - sums[low] < total * (0.5 if _is_known(node) else _HOLD):
            continue
        outside = [*range(first, low), *range(high, last)]
        strange = [number for number in outside if not _is_calm(pieces[number], weights[number])]
        return (low, _behind_figures(pieces, high, last)) if strange else (first, last)
    return first, last


def _behind_figures(pieces: Sequence[TextBlock], first: int, last: int) -> int:
    """Return one past the pictures that follow a text in a box of their own, each with a short line below it."""
    end = first
    for number in range(first, last):
        piece = pieces[number]
        if is_shown(piece) and not is_among_signs(piece.node):
            end = number + 1
        elif piece.kind is not Kind.TEXT or end != number or end == first or not _may_be_a_caption(piece):
            break
        else:
            end = number + 1 if pieces[number - 1].kind is not Kind.TEXT else end
    return end


def _may_be_a_caption(piece: TextBlock) -> bool:
    text = piece.text
    return len(text) <= _LONGEST_CAPTION and not piece.linked and not piece.aside and not is_boilerplate(text)


def _is_calm(piece: TextBlock, weight: float) -> bool:
    """Tell whether a piece outside the text's own element is still likely the article's."""
    if piece.kind is not Kind.TEXT:
        return True
    return weight >= 0 or bool(piece.heading) or is_credit(piece.text)


def grow_back(
    pieces: Sequence[TextBlock],
    first: int,
    start: int,
    weights: Sequence[float],
    head: Sequence[TextBlock],
    is_title: Callable[[str], bool],
) -> int:
    """Return where the body begins: back from the run to the head's rows, to links or to a player's controls."""
    number = start
    tag = pieces[start].node.tag
    strange = 0
    while number > first:
        piece = pieces[number - 1]
        if piece.kind is Kind.TEXT:
            if (
                breaks(piece, weights[number - 1])
                or is_title(piece.text)
                or (
                    is_header_row(piece.text)
                    and fits(piece, head)
                    and not is_below_a_picture(pieces, number - 1, first, head)
                )
                or piece.heading == "h1"
            ):
                break
            calm = piece.node.tag == tag or _is_calm(piece, weights[number - 1]) or is_player(piece.text)
            strange = 0 if calm else strange + 1
            if strange > 2:
                return number - 1 + strange
        else:
            strange = 0
        number -= 1
    return number


def grow_on(pieces: Sequence[TextBlock], end: int, last: int, weights: Sequence[float]) -> int:
    """Return where the body ends: on from the run to what opens other matter, or to links."""
    number = end
    while number < last and not breaks(pieces[number], weights[number]):
        number += 1
    return number


def behind_signature(
    reading: RenderedPage, last: int, weights: Sequence[float], title: int, head: int
) -> int:
    """Return one past the signature right behind the text: who issued a notice, and the day below.

    It often stands in an element of its own, and short notices are of little weight beside it.  Where the head
    prints no day, the day below is the article's, not a line of it.
    """
    pieces = reading.pieces
    rows = pieces[max(title, 0) : head + 1]
    if last > head + 1 and any(row.kind is Kind.TEXT and is_row(row) and date_of(row.spaced) for row in rows):
        _, high = shared_box(reading, head, last - 1)
        for number in range(last, min(last + _SIGNATURE, high)):
            piece = pieces[number]
            if piece.kind is not Kind.TEXT or breaks(piece, weights[number]):
                break
            if is_date(piece.text):
                return number + 1 if number > last else last
            if not _may_sign(piece):
                break
    return last


def _may_sign(piece: TextBlock) -> bool:
    text = piece.text
    return (
        len(text) <= _LONGEST_SIGNATURE
        and not piece.linked
        and not is_boilerplate(text)
        and not is_credit(text)
        and not is_header_row(text)
    )
