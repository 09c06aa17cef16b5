"""Which run of pieces is the body's: the near run behind the head, or the core, the heaviest on the page."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from zhijiang_spider.pages.article.weights import (
    PICTURE_MASS,
    SHORT_ARTICLE,
    breaks,
    is_barrier,
    is_content,
    mass_of,
)
from zhijiang_spider.pages.boilerplate import is_comment_stop
from zhijiang_spider.pages.header import date_of, day_of, has_source_label, is_header_row, label_rank
from zhijiang_spider.pages.seen import Kind, RenderedPage, TextBlock, ancestors
from zhijiang_spider.vocabulary import any_of

_HEAD = 12
"""Pieces behind the title among which rows of date and source are looked for."""
FAR = 25
"""Pieces behind the head among which the near run must begin."""
_WORDS = 12
"""Characters of a near run up to which it may be words of the head; less than a picture counts for."""
_FLASH = 40.0
"""Weight of a sentence that may be a whole article, where each text that follows leads elsewhere."""
_SENTENCES = 60.0
"""Weight of two short sentences."""
EDITOR = re.compile(rf"{any_of('roles.RESPONSIBLE_EDITOR')}[\s\u3000]{{0,3}}[:：丨｜|]")
_EDITORS_OWN = re.compile(rf"[\s\u3000（(【\[]{{0,3}}{EDITOR.pattern}")


@dataclass(frozen=True, slots=True)
class Run:
    """A run of pieces: first, one past the last, and its weight."""

    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Found:
    """The run that is the body, and what it was chosen from."""

    run: Run
    head: int
    """Number of the head's last piece, -1 where there is no head."""
    ending: int
    """One past what ends the run: the editor's line, or the text above its row; 0 where nothing does."""
    is_near: bool
    """Whether it is the near run as it was found."""
    other: Run | None
    """The run that was not chosen."""


def find_run(reading: RenderedPage, weights: Sequence[float], title: int) -> Found | None:
    """Find the run behind piece number ``title`` (-1: on no line).  None where nothing speaks for a body."""
    pieces = reading.pieces
    head = _head_end(pieces, weights, title)
    core = _heaviest_run(weights, head + 1)
    row = 0
    if _stands_below(pieces, weights, title, head, core):
        row, head = head, title
        core = _heaviest_run(weights[:row], head + 1)
    if head >= 0:
        anywhere = _heaviest_run(weights, 0)
        if core.weight < anywhere.weight * 0.1 and anywhere.weight > 400:  # the title found is a repetition
            core, head = anywhere, -1
    near = _near_run(reading, weights, head)
    run = _chosen(reading, weights, core, near, head)
    if run is None:
        return None
    ending = row or _editors_line(pieces, weights, run)
    if ending:
        run = replace(run, end=ending)
    is_near = run is near
    return Found(run, head, ending, is_near, core if is_near else near)


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
        if is_barrier(weights[number]):
            break
        if piece.kind is Kind.TEXT and piece.linked * 2 <= len(piece.text) and is_row(piece):
            if not fits(piece, pieces[title + 1 : end + 1]):
                break
            end = number
        elif is_content(piece):
            others += 1
            if end > title or others > 2 or piece.kind is not Kind.TEXT or len(piece.text) > 60:
                break
    return end


def _stands_below(
    pieces: Sequence[TextBlock], weights: Sequence[float], title: int, head: int, core: Run
) -> bool:
    """Tell whether the row of date and source stands below a short text: nothing as heavy is behind it."""
    if head <= title:
        return False
    row = pieces[head].spaced
    if not (has_source_label(row) or label_rank(row) < 2):  # a day alone is the signature's
        return False
    above = sum(max(weight, 0.0) for weight in weights[title + 1 : head + 1])
    pictured = any(piece.kind is not Kind.TEXT for piece in pieces[head + 1 : head + 1 + FAR])
    return above > core.weight and not pictured


def is_row(piece: TextBlock) -> bool:
    """Tell whether a line is a row of date or source; names alone may be the text's own first line."""
    row = piece.spaced
    return is_header_row(row) and bool(date_of(row) or has_source_label(row))


def fits(piece: TextBlock, head: Sequence[TextBlock]) -> bool:
    """Tell whether a row's date is the head's too; another day is the text's own: ``时间：6月10日上午``."""
    day = day_of(piece.spaced)
    days = {day_of(row.spaced) for row in head if row.kind is Kind.TEXT and is_row(row)} - {None}
    return day is None or not days or day in days


def _heaviest_run(weights: Sequence[float], first: int) -> Run:
    """Return the run with the greatest sum from ``first`` on (Kadane's algorithm)."""
    best = Run(first, first, 0.0)
    running, start = 0.0, first
    for number in range(first, len(weights)):
        if running <= 0:
            running, start = 0.0, number
        running += weights[number]
        if running > best.weight:
            best = Run(start, number + 1, running)
    return best


def _near_run(reading: RenderedPage, weights: Sequence[float], head: int) -> Run | None:
    """Return the run that begins with the first content behind the head; its weight is its mass."""
    if head < 0:
        return None
    pieces = reading.pieces
    start = head + 1
    while start < len(pieces) and start <= head + FAR and not is_content(pieces[start]):
        if is_barrier(weights[start]):
            return None
        start += 1
    if start >= len(pieces) or start > head + FAR:
        return None
    _, stop = shared_box(reading, head, start)
    end, mass = start, 0
    while end < stop and not breaks(pieces[end], weights[end]):
        mass += mass_of(pieces[end])
        end += 1
    return Run(start, end, float(mass)) if end > start else None


def _editors_line(pieces: Sequence[TextBlock], weights: Sequence[float], run: Run) -> int:
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
    return 0 if between > 0 or behind == 0 or before < max(SHORT_ARTICLE, behind / 4) else end


def shared_box(reading: RenderedPage, head: int, number: int) -> tuple[int, int]:
    """Return the span of the smallest element around a piece that holds the head too."""
    low, high = 0, len(reading.pieces)
    for node in ancestors(reading.pieces[number].node):
        low, high = reading.spans.get(node, (number, number + 1))
        if low <= head:
            break
    return low, high


# --- near or core -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Rivals:
    """Both runs, where each of them may be the body."""

    reading: RenderedPage
    weights: Sequence[float]
    head: int
    core: Run
    near: Run
    high: int
    """One past the article's own element: the smallest that holds the head and the near run."""
    openings: Sequence[int]
    """Numbers of the lines between the runs that open other articles or comments."""

    def prose(self, first: int, last: int) -> float:
        """Return what pieces weigh that speak for a body."""
        return sum(max(weight, 0.0) for weight in self.weights[first:last])

    def holds_a_paragraph(self, run: Run) -> bool:
        """Tell whether something in a run is set as a paragraph or speaks for a body."""
        pieces = self.reading.pieces[run.start : run.end]
        return self.prose(run.start, run.end) > 0 or any(piece.node.tag == "p" for piece in pieces)

    def is_cut_off(self, first: int, last: int) -> bool:
        """Tell whether something between two places cannot be inside a body."""
        pieces, weights = self.reading.pieces, self.weights
        return any(breaks(pieces[number], weights[number]) for number in range(first, last))

    def opens_a_column(self) -> bool:
        """Tell whether the next box begins as another column does: with a short line over its text."""
        pieces, number = self.reading.pieces, self.high
        return number < len(pieces) and pieces[number].kind is Kind.TEXT and self.weights[number] < 0


def _chosen(
    reading: RenderedPage, weights: Sequence[float], core: Run, near: Run | None, head: int
) -> Run | None:
    """Return the run that is the body: the core, unless the near run is cut off from it.

    Sidebars and comments outweigh a short article; links or a heading lie between them and it.
    """
    if near is None:
        return core if core.weight > 0 else None
    if core.weight <= 0:
        return near
    _, high = shared_box(reading, head, near.start)
    openings = [number for number in range(near.end, core.start) if is_barrier(weights[number])]
    rivals = _Rivals(reading, weights, head, core, near, high, openings)
    return next((run for rule in _RUN_RULES if (run := rule(rivals))), None)


def _core_that_overlaps(rivals: _Rivals) -> Run | None:
    """The near run goes on into the core: the same text, without the next column that the core may reach into."""
    core, near, high = rivals.core, rivals.near, rivals.high
    if core.start >= near.end:
        return None
    beyond = next(
        (number for number in range(max(high, core.start), core.end) if rivals.weights[number] > 0), None
    )
    if beyond is not None and (rivals.is_cut_off(high, beyond) or _is_followed_by_a_column(rivals)):
        core = _heaviest_run(rivals.weights[:high], rivals.head + 1)
    return core if core.weight >= PICTURE_MASS else near  # pictures with a word or two


def _is_followed_by_a_column(rivals: _Rivals) -> bool:
    """Tell whether the core has an article's weight in the article's own element, and a heading behind that."""
    own = rivals.prose(rivals.core.start, rivals.high)
    others = rivals.prose(rivals.high, rivals.core.end)
    return own >= max(SHORT_ARTICLE, others / 3) and rivals.opens_a_column()


def _core_behind_a_lead(rivals: _Rivals) -> Run | None:
    """Nothing lies between: a short lead and its text, or an article and another column under a heading."""
    core, near = rivals.core, rivals.near
    if rivals.is_cut_off(near.end, core.start):
        return None
    beside = core.start >= rivals.high and rivals.opens_a_column()
    is_long = rivals.prose(near.start, near.end) >= max(SHORT_ARTICLE, core.weight / 3)
    return near if beside and is_long else core


def _near_before_a_sidebar(rivals: _Rivals) -> Run | None:
    """相关阅读 and the core in a box of their own, behind two sentences or a picture."""
    core, near, reading = rivals.core, rivals.near, rivals.reading
    if not rivals.openings or shared_box(reading, rivals.openings[-1], core.start)[0] < near.end:
        return None
    pictured = any(reading.pieces[number].kind is Kind.PICTURE for number in range(near.start, near.end))
    is_list = all(
        reading.pieces[number].linked for number in range(core.start, core.end) if rivals.weights[number] > 0
    )
    return near if pictured or near.weight >= (_FLASH if is_list else SHORT_ARTICLE) else None


def _heavier(rivals: _Rivals) -> Run:
    """Links or a heading lie between: the core must outweigh what stands by the title."""
    return rivals.core if rivals.core.weight > _enough(rivals) else rivals.near


def _enough(rivals: _Rivals) -> float:
    """Return what a core that is cut off must weigh: the more, the likelier it is other matter."""
    core, near = rivals.core, rivals.near
    comments = any(is_comment_stop(rivals.reading.pieces[number].text) for number in rivals.openings)
    inside = rivals.weights[core.start : core.end]
    if near.weight <= _WORDS and not rivals.holds_a_paragraph(near):
        return _SENTENCES  # words of the head: a place, a column, what an include put there
    if not comments and min(inside) >= 0 and sum(weight > 0 for weight in inside) > 1:
        return max(3 * near.weight, 150.0)  # text without a break; sidebars and comments have many
    if comments or core.end > rivals.high:
        return max(8 * near.weight, 400.0)
    if rivals.openings:
        return max(3 * near.weight, 300.0)
    # in the article's own element: a player's controls, a lead or links stand before the text
    return 3 * rivals.prose(near.start, near.end) + 60


_RUN_RULES: Sequence[Callable[[_Rivals], Run | None]] = (
    _core_that_overlaps,
    _core_behind_a_lead,
    _near_before_a_sidebar,
    _heavier,
)
"""In this order; each answers with a run, None = ask the next."""
