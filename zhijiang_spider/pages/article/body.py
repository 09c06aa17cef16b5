"""The body of an article: what stands in the article's own box behind the row of date and source.

Two runs of pieces are looked at.  The *near* run begins with the first content behind the head; short notices,
poems, pictures and videos are found by it.  The *core* is the run of the greatest weight, where sentences
weigh what they are long, links weigh against and short lines weigh little; long articles are found by it,
whatever stands between head and text.  The box is the largest element around the chosen run that does not
hold the head too; links and other articles' headings in it end the body.

Nothing depends on the names that a site gives its elements.  ``CONTAINERS`` and the comments that content
systems put around the text only help to draw the box tighter.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, islice

from lxml.etree import _Element

from zhijiang_spider.pages.article.media import is_decoration, is_media_link, picture_url
from zhijiang_spider.pages.boilerplate import (
    is_boilerplate,
    is_button,
    is_comment_stop,
    is_credit,
    is_empty_label,
    is_notice,
    is_stop,
)
from zhijiang_spider.pages.header import date_of, day_of, has_source_label, is_header_row
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

_SENTENCE = re.compile(r"[。！？；…]|[!?;](?:\s|$)|(?<!\.)\.(?:\s|$)")
_COMMA = re.compile("[，、,]")
_WORD = re.compile(r"[^\W\d_]")
_BARRIER = 400.0
"""Weight of a line that opens a list of other articles: prose behind it must be longer to count."""
_INSET = -0.5
"""Weight of what a box between paragraphs holds; nothing else weighs so."""
_MOST_INSETS, _LONGEST_INSET = 20, 40
"""How many such boxes are looked for, and pieces of one."""
_INSET_LEVELS = 4
"""Levels above its heading on which such a box is looked for."""
_SHORT_ARTICLE = 60
"""Weight of two sentences: less, without a picture, is a line that stands before the text."""
_PICTURE_MASS = 30
"""A picture or player counts as much as a line of so many characters."""
_HEAD = 12
"""Pieces behind the title among which rows of date and source are looked for."""
_FAR = 25
"""Pieces behind the head among which the near run must begin."""
_SHARE = 0.6
"""Share of the run's weight that the article's box must hold."""
_COPY = 30
"""Characters: what is repeated and shorter is a refrain."""
_RIGHT_BEHIND, _BEHIND = 12, 60
"""Pieces behind the body among which any credit line, and an editor's line, is looked for."""
_EDITOR = re.compile(rf"{any_of('roles.RESPONSIBLE_EDITOR')}[\s\u3000]{{0,3}}[:：丨｜|]")
_EDITORS_OWN = re.compile(rf"[\s\u3000（(【\[]{{0,3}}{_EDITOR.pattern}")
_HOLD = 0.8
"""Share of the run that a narrower box must hold."""


@dataclass(frozen=True, slots=True)
class Body:
    """Which pieces are the article's."""

    numbers: tuple[int, ...]
    """Numbers of its pieces, in reading order."""
    start: int
    """Number of the first piece that may be the body's; what stands before it is the head."""
    end: int
    """One past its last piece."""
    rule: str = "profile selector"
    """How it was found."""
    refused: tuple[int, ...] = ()
    """Number of the first piece of the run that was not taken."""


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of pieces: first, one past the last, and its weight."""

    start: int
    end: int
    weight: float


def find_body(reading: RenderedPage, title: int, is_title: Callable[[str], bool]) -> Body | None:
    """Find the body behind piece number ``title`` (-1 where the title is on no line).

    ``is_title`` tells whether a line repeats the title.  None where nothing is left.
    """
    pieces = reading.pieces
    weights = _weights(pieces)
    _pass_over_insets(reading, weights)
    head = _head_end(pieces, weights, title)
    core = _heaviest_run(weights, head + 1)
    if head >= 0:
        anywhere = _heaviest_run(weights, 0)
        if core.weight < anywhere.weight * 0.1 and anywhere.weight > 400:  # the title found is a repetition
            core, head = anywhere, -1
    near = _near_run(reading, weights, head)
    run = _chosen(reading, weights, core, near, head)
    if run is None:
        return None
    ending = _editors_line(pieces, weights, run)
    if ending:
        run = replace(run, end=ending)
    rows = pieces[max(title, 0) : head + 1]
    first, last = _marked_box(reading, head, run) or _box(reading, head, run, weights)
    first = _grow_back(pieces, max(first, head + 1), max(run.start, first), weights, rows, is_title)
    last = _grow_on(pieces, max(min(run.end, last), first), min(last, ending or last), weights)
    first, last = _narrowed(reading, first, last, weights)
    first = _skip_head(pieces, first, last, rows, is_title)
    first = _with_lead_pictures(pieces, weights, head, first)
    kept = _once(pieces, list(_kept(pieces, weights, first, last)))
    numbers = (*kept, *_credits_behind(pieces, last, weights))
    if not numbers:
        return None
    other = core if run is near else near
    apart = other is not None and (other.end <= first or other.start >= last)
    return Body(
        numbers,
        first,
        last,
        rule="nearest text behind the title" if run is near else "longest text on the page",
        refused=(other.start,) if other is not None and apart and other.start < len(pieces) else (),
    )


def body_of(reading: RenderedPage, nodes: Iterable[_Element]) -> Body | None:
    """Return all that the given elements (a profile's) hold, boilerplate left out."""
    spans = [reading.spans[node] for node in nodes if node in reading.spans]
    numbers = {number for start, end in spans for number in range(start, end)}
    if not numbers:
        return None
    first, last = min(numbers), max(numbers) + 1
    kept = _kept(reading.pieces, _weights(reading.pieces), first, last)
    return Body(tuple(number for number in kept if number in numbers), first, last)


def is_veiled_body(node: _Element) -> bool:
    """Tell whether a hidden element is a known system's body that its script shows when it has loaded."""
    return (
        _is_known(node)
        and re.search(r"visibility\s{0,3}:", node.get("style") or "", re.IGNORECASE) is not None
    )


# --- what a piece weighs ----------------------------------------------------------------------------------


def _weights(pieces: Sequence[TextBlock]) -> list[float]:
    """Return for each piece how much it speaks for a body (below zero: against)."""
    weights = [_weight(piece) for piece in pieces]
    for number, piece in enumerate(pieces):
        if piece.kind is Kind.TEXT and _opens_other(pieces, number, weights):
            weights[number] = -_BARRIER
    return weights


def _pass_over_insets(reading: RenderedPage, weights: list[float]) -> None:
    """Mark boxes of links that stand between paragraphs of one text: it goes on behind them.

    The box holds its heading and links but no sentence, and text in paragraphs stands before and behind it in
    the same element.
    """
    pieces, spans = reading.pieces, reading.spans
    headings = [number for number, weight in enumerate(weights) if _is_barrier(weight)]
    for number in headings[:_MOST_INSETS]:
        for box in islice(ancestors(pieces[number].node), _INSET_LEVELS):
            around = box.getparent()
            if around is None or around not in spans:
                break
            (start, end), (low, high) = spans[box], spans[around]
            if end - start > _LONGEST_INSET:
                break
            inside = weights[start:end]
            if end - start < 2 or max(inside) > 0 or not any(pieces[n].linked for n in range(start, end)):
                continue
            paragraphs = [
                n for n in range(low, high) if pieces[n].node.getparent() is around and weights[n] > 0
            ]
            before = sum(weights[n] for n in paragraphs if n < start and pieces[n].node.tag == "p")
            behind = sum(weights[n] for n in paragraphs if n >= end and pieces[n].node.tag == "p")
            if min(before, behind) >= _SHORT_ARTICLE:
                weights[start:end] = [_INSET] * (end - start)
                break


def _weight(piece: TextBlock) -> float:
    if piece.kind is not Kind.TEXT:
        return -3.0 if piece.link or piece.aside else 0.0
    if piece.aside:
        return -20.0
    if piece.row and piece.linked * 2 <= len(piece.marked):
        return 0.0  # figures stand between sentences
    text = piece.marked
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


def _is_barrier(weight: float) -> bool:
    return weight <= -_BARRIER


def _breaks(piece: TextBlock, weight: float) -> bool:
    """Tell whether a piece cannot be inside a body: links to elsewhere, headings of other matter, notices."""
    if weight == _INSET:
        return False
    if piece.aside and not is_credit(piece.text):
        return True
    if piece.kind is not Kind.TEXT:
        return False
    if _is_barrier(weight) or is_notice(piece.text):
        return True
    return (
        piece.linked * 2 > len(piece.marked)
        and len(piece.marked) > 4
        and not is_boilerplate(piece.text)
        and not is_credit(piece.text)
        and not is_media_link(piece.link)
    )


def _mass(piece: TextBlock) -> int:
    if piece.kind is not Kind.TEXT:
        return 0 if piece.link else _PICTURE_MASS
    return len(piece.marked) - piece.linked


def _is_content(piece: TextBlock) -> bool:
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


def _is_known(node: _Element) -> bool:
    return CONTAINERS.search(f"{node.get('class') or ''} {node.get('id') or ''}") is not None


# --- which run --------------------------------------------------------------------------------------------


def _head_end(pieces: Sequence[TextBlock], weights: Sequence[float], title: int) -> int:
    """Return the number of the head's last piece: the last row of date and source right behind the title.

    A subtitle and buttons may stand before the first row, only buttons between rows.
    """
    end = title
    if title < 0:
        return end
    others = 0
    for number in range(title + 1, min(title + _HEAD, len(pieces))):
        piece = pieces[number]
        if _is_barrier(weights[number]):
            break
        if piece.kind is Kind.TEXT and piece.linked * 2 <= len(piece.text) and _is_row(piece):
            if not _fits(piece, pieces[title + 1 : end + 1]):
                break
            end = number
        elif _is_content(piece):
            others += 1
            if end > title or others > 2 or piece.kind is not Kind.TEXT or len(piece.text) > 60:
                break
    return end


def _is_row(piece: TextBlock) -> bool:
    """Tell whether a line is a row of date or source; names alone may be the text's own first line."""
    row = piece.spaced
    return is_header_row(row) and bool(date_of(row) or has_source_label(row))


def _fits(piece: TextBlock, head: Sequence[TextBlock]) -> bool:
    """Tell whether a row's date is the head's too; another day is the text's own: ``时间：6月10日上午``."""
    day = day_of(piece.spaced)
    days = {day_of(row.spaced) for row in head if row.kind is Kind.TEXT and _is_row(row)} - {None}
    return day is None or not days or day in days


def _heaviest_run(weights: Sequence[float], first: int) -> _Run:
    """Return the run with the greatest sum from ``first`` on (Kadane's algorithm)."""
    best = _Run(first, first, 0.0)
    running, start = 0.0, first
    for number in range(first, len(weights)):
        if running <= 0:
            running, start = 0.0, number
        running += weights[number]
        if running > best.weight:
            best = _Run(start, number + 1, running)
    return best


def _near_run(reading: RenderedPage, weights: Sequence[float], head: int) -> _Run | None:
    """Return the run that begins with the first content behind the head; its weight is its mass."""
    if head < 0:
        return None
    pieces = reading.pieces
    start = head + 1
    while start < len(pieces) and start <= head + _FAR and not _is_content(pieces[start]):
        if _is_barrier(weights[start]):
            return None
        start += 1
    if start >= len(pieces) or start > head + _FAR:
        return None
    _, stop = _shared(reading, head, start)
    end, mass = start, 0
    while end < stop and not _breaks(pieces[end], weights[end]):
        mass += _mass(pieces[end])
        end += 1
    return _Run(start, end, float(mass)) if end > start else None


@dataclass(frozen=True, slots=True)
class _Rivals:
    """Both runs, where each of them may be the body."""

    reading: RenderedPage
    weights: Sequence[float]
    head: int
    core: _Run
    near: _Run
    high: int
    """One past the article's own element: the smallest that holds the head and the near run."""
    openings: Sequence[int]
    """Numbers of the lines between the runs that open other articles or comments."""

    def prose(self, first: int, last: int) -> float:
        """Return what pieces weigh that speak for a body."""
        return sum(max(weight, 0.0) for weight in self.weights[first:last])

    def is_cut_off(self, first: int, last: int) -> bool:
        """Tell whether something between two places cannot be inside a body."""
        pieces, weights = self.reading.pieces, self.weights
        return any(_breaks(pieces[number], weights[number]) for number in range(first, last))

    def opens_a_column(self) -> bool:
        """Tell whether the next box begins as another column does: with a short line over its text."""
        pieces, number = self.reading.pieces, self.high
        return number < len(pieces) and pieces[number].kind is Kind.TEXT and self.weights[number] < 0


def _chosen(
    reading: RenderedPage, weights: Sequence[float], core: _Run, near: _Run | None, head: int
) -> _Run | None:
    """Return the run that is the body: the core, unless the near run is cut off from it.

    Sidebars and comments outweigh a short article; links or a heading lie between them and it.
    """
    if near is None:
        return core if core.weight > 0 else None
    if core.weight <= 0:
        return near
    _, high = _shared(reading, head, near.start)
    openings = [number for number in range(near.end, core.start) if _is_barrier(weights[number])]
    rivals = _Rivals(reading, weights, head, core, near, high, openings)
    return next((run for rule in _RUN_RULES if (run := rule(rivals))), None)


def _core_that_overlaps(rivals: _Rivals) -> _Run | None:
    """The near run goes on into the core: the same text, without the next column that the core may reach into."""
    core, near, high = rivals.core, rivals.near, rivals.high
    if core.start >= near.end:
        return None
    beyond = next(
        (number for number in range(max(high, core.start), core.end) if rivals.weights[number] > 0), None
    )
    if beyond is not None and (rivals.is_cut_off(high, beyond) or _is_followed_by_a_column(rivals)):
        core = _heaviest_run(rivals.weights[:high], rivals.head + 1)
    return core if core.weight >= _PICTURE_MASS else near  # pictures with a word or two


def _is_followed_by_a_column(rivals: _Rivals) -> bool:
    """Tell whether the core has an article's weight in the article's own element, and a heading behind that."""
    own = rivals.prose(rivals.core.start, rivals.high)
    others = rivals.prose(rivals.high, rivals.core.end)
    return own >= max(_SHORT_ARTICLE, others / 3) and rivals.opens_a_column()


def _core_behind_a_lead(rivals: _Rivals) -> _Run | None:
    """Nothing lies between: a short lead and its text, or an article and another column under a heading."""
    core, near = rivals.core, rivals.near
    if rivals.is_cut_off(near.end, core.start):
        return None
    beside = core.start >= rivals.high and rivals.opens_a_column()
    is_long = rivals.prose(near.start, near.end) >= max(_SHORT_ARTICLE, core.weight / 3)
    return near if beside and is_long else core


def _near_before_a_sidebar(rivals: _Rivals) -> _Run | None:
    """相关阅读 and the core in a box of their own, behind two sentences or a picture."""
    core, near, reading = rivals.core, rivals.near, rivals.reading
    if not rivals.openings or _shared(reading, rivals.openings[-1], core.start)[0] < near.end:
        return None
    pictured = any(reading.pieces[number].kind is Kind.PICTURE for number in range(near.start, near.end))
    return near if pictured or near.weight >= _SHORT_ARTICLE else None


def _heavier(rivals: _Rivals) -> _Run:
    """Links or a heading lie between: the core must outweigh what stands by the title."""
    return rivals.core if rivals.core.weight > _enough(rivals) else rivals.near


def _enough(rivals: _Rivals) -> float:
    """Return what a core that is cut off must weigh: the more, the likelier it is other matter."""
    core, near = rivals.core, rivals.near
    comments = any(is_comment_stop(rivals.reading.pieces[number].text) for number in rivals.openings)
    inside = rivals.weights[core.start : core.end]
    if not comments and min(inside) >= 0 and sum(weight > 0 for weight in inside) > 1:
        return max(3 * near.weight, 150.0)  # text without a break; sidebars and comments have many
    if comments or core.end > rivals.high:
        return max(8 * near.weight, 400.0)
    if rivals.openings:
        return max(3 * near.weight, 300.0)
    # in the article's own element: a player's controls, a lead or links stand before the text
    return 3 * rivals.prose(near.start, near.end) + 60


_RUN_RULES: Sequence[Callable[[_Rivals], _Run | None]] = (
    _core_that_overlaps,
    _core_behind_a_lead,
    _near_before_a_sidebar,
    _heavier,
)
"""In this order; each answers with a run, None = ask the next."""


def _editors_line(pieces: Sequence[TextBlock], weights: Sequence[float], run: _Run) -> int:
    """Return one past the line of the responsible editor inside a run, 0 where none ends the article.

    It is the last word of an article; comments and other articles may go on in the same element.  A line near
    the beginning, with most of the text behind it, is a row of the head, and several belong to several pieces.
    """
    lines = [number for number in range(run.start, run.end) if _EDITORS_OWN.match(pieces[number].text)]
    lines = [
        number for number in lines if pieces[number].kind is Kind.TEXT and len(pieces[number].text) <= 60
    ]
    if not lines:
        return 0
    end = lines[-1] + 1
    before = sum(weight for weight in weights[run.start : lines[0]] if weight > 0)
    between = sum(weight for weight in weights[lines[0] + 1 : lines[-1]] if weight > 0)
    behind = sum(weight for weight in weights[end : run.end] if weight > 0)
    return 0 if between > 0 or behind == 0 or before < max(_SHORT_ARTICLE, behind / 4) else end


# --- which box --------------------------------------------------------------------------------------------


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


def _shared(reading: RenderedPage, head: int, number: int) -> tuple[int, int]:
    """Return the span of the smallest element around a piece that holds the head too."""
    low, high = 0, len(reading.pieces)
    for node in ancestors(reading.pieces[number].node):
        low, high = reading.spans.get(node, (number, number + 1))
        if low <= head:
            break
    return low, high


def _box(reading: RenderedPage, head: int, run: _Run, weights: Sequence[float]) -> tuple[int, int]:
    """Return the span of the article's box: the largest element around the text with the head left outside.

    Where the text is spread over several elements beside the head, it is the element around all of them.
    """
    if head < 0:
        return 0, len(reading.pieces)
    heaviest = max(range(run.start, run.end), key=lambda number: weights[number])
    sums = _amounts(reading.pieces, weights, run.start, run.end)
    total = sums[run.end] - sums[run.start]
    for number in (run.start, heaviest):
        for low, high in (_outermost(reading, head, number), _shared(reading, head, number)):
            low = max(low, head + 1)
            if sums[min(high, run.end)] - sums[max(low, run.start)] >= total * _SHARE:
                return low, high
    return head + 1, len(reading.pieces)


def _amounts(pieces: Sequence[TextBlock], weights: Sequence[float], first: int, last: int) -> list[float]:
    """Return sums of what the pieces hold of the text: sentences, or all where there is hardly a sentence.

    ``sums[b] - sums[a]`` is what pieces a to b - 1 hold.
    """
    amounts = [max(weight, 0.0) for weight in weights]
    if sum(amounts[first:last]) < _PICTURE_MASS:
        amounts = [float(_mass(piece)) for piece in pieces]
    return [0.0, *accumulate(amounts)]


def _marked_box(reading: RenderedPage, head: int, run: _Run) -> tuple[int, int] | None:
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


def _narrowed(reading: RenderedPage, first: int, last: int, weights: Sequence[float]) -> tuple[int, int]:
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
        return (low, high) if strange else (first, last)
    return first, last


def _is_calm(piece: TextBlock, weight: float) -> bool:
    """Tell whether a piece outside the text's own element is still likely the article's."""
    if piece.kind is not Kind.TEXT:
        return True
    return weight >= 0 or bool(piece.heading) or is_credit(piece.text)


def _grow_back(
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
                _breaks(piece, weights[number - 1])
                or is_title(piece.text)
                or (is_header_row(piece.text) and _fits(piece, head))
                or piece.heading == "h1"
            ):
                break
            strange = 0 if piece.node.tag == tag or _is_calm(piece, weights[number - 1]) else strange + 1
            if strange > 2:
                return number - 1 + strange
        else:
            strange = 0
        number -= 1
    return number


def _grow_on(pieces: Sequence[TextBlock], end: int, last: int, weights: Sequence[float]) -> int:
    """Return where the body ends: on from the run to what opens other matter, or to links."""
    number = end
    while number < last and not _breaks(pieces[number], weights[number]):
        number += 1
    return number


# --- what of it -------------------------------------------------------------------------------------------


def _skip_head(
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
        row = is_header_row(piece.text) and not is_credit(piece.text) and _fits(piece, head)
        if is_title(piece.text) or row:
            begin = number + 1
        elif not is_boilerplate(piece.text):
            break
    return begin if begin < last else first


def _with_lead_pictures(pieces: Sequence[TextBlock], weights: Sequence[float], head: int, first: int) -> int:
    """Return the first picture or player between head and text, which some systems put in a box of its own."""
    if head < 0:
        return first
    begin = number = first
    while number > head + 1 and first - number < _FAR:
        piece = pieces[number - 1]
        if _breaks(piece, weights[number - 1]) or (piece.kind is Kind.TEXT and _is_row(piece)):
            break
        if piece.kind is not Kind.TEXT and not piece.link and _is_content(piece):
            begin = number - 1
        elif piece.kind is Kind.TEXT and (is_boilerplate(piece.text) or begin - number > 3):
            break
        number -= 1
    return begin


def _kept(pieces: Sequence[TextBlock], weights: Sequence[float], first: int, last: int) -> Iterator[int]:
    """Yield the numbers of the article's own pieces; a box of links inside the text is left out whole.

    Between the first and the last sentence only buttons are boilerplate, around them more is.
    """
    sentences = [number for number in range(first, last) if weights[number] > 0] or [last]
    if _is_excerpt(pieces, first, last):
        first += 1
    in_box = False
    for number in range(first, last):
        piece = pieces[number]
        if weights[number] == _INSET:
            continue
        if piece.kind is not Kind.TEXT:
            if not in_box:
                yield number
            continue
        text = piece.text
        if _is_barrier(weights[number]):
            in_box = True
        elif not (in_box and piece.linked * 2 > len(text)):
            in_box = False
            if piece.linked * 2 > len(text) and is_stop(text):  # 相关：another article
                continue
            inside = sentences[0] <= number <= sentences[-1]
            if not (is_button(text) if inside else is_boilerplate(text)) and not is_empty_label(text):
                yield number


def _once(pieces: Sequence[TextBlock], numbers: list[int]) -> list[int]:
    """Return the pieces without a second copy of the whole text, which some systems print for phones."""
    lines = [number for number in numbers if pieces[number].kind is Kind.TEXT]
    texts = [pieces[number].text for number in lines]
    half = len(texts) // 2
    if half and texts[:half] == texts[half : 2 * half] and sum(map(len, texts[:half])) >= _COPY:
        return [number for number in numbers if number < lines[half]] + lines[2 * half :]
    return numbers


def _is_excerpt(pieces: Sequence[TextBlock], first: int, last: int) -> bool:
    """Tell whether the first line only repeats the beginning of the next, cut: ``1月15日，云汀县召开...``."""
    if last - first < 2:
        return False
    text = pieces[first].text
    begun = text.rstrip(".…")
    return (
        len(begun) >= 4
        and len(text) > len(begun)
        and any(piece.text.startswith(begun) for piece in pieces[first + 1 : min(first + 4, last)])
    )


def _credits_behind(pieces: Sequence[TextBlock], last: int, weights: Sequence[float]) -> Iterator[int]:
    """Yield the credit lines that stand outside the box, right behind the body: 责任编辑：…

    Behind a list of other articles only an editor's line counts: it is the page's last word on this one.
    """
    beyond = False
    for number in range(last, min(last + _BEHIND, len(pieces))):
        piece = pieces[number]
        if piece.kind is not Kind.TEXT:
            continue
        beyond = beyond or _is_barrier(weights[number]) or number >= last + _RIGHT_BEHIND
        if piece.linked * 2 > len(piece.marked) or is_empty_label(piece.text):
            continue
        row = _EDITOR.search(piece.text) is not None and is_header_row(piece.spaced)
        if not row and not is_credit(piece.text):
            continue
        if not beyond or _EDITOR.search(piece.text):
            yield number
