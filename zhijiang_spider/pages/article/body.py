"""The body of an article: what stands in the article's own box behind the row of date and source.

Two runs of pieces are looked at.  The *near* run begins with the first content behind the head; short notices,
poems, pictures and videos are found by it.  The *core* is the run of the greatest weight, where sentences
weigh what they are long, links weigh against and short lines weigh little; long articles are found by it,
whatever stands between head and text.  The box is the largest element around the chosen run that does not
hold the head too; links and other articles' headings in it end the body.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lxml.etree import _Element

from zhijiang_spider.pages.article.box import (
    article_box,
    behind_signature,
    grow_back,
    grow_on,
    marked_box,
    narrowed,
)
from zhijiang_spider.pages.article.kept import credits_behind, kept_pieces, pictures_behind, without_copy
from zhijiang_spider.pages.article.lead import (
    pictures_amid_head,
    players_above,
    skip_head,
    with_lead_pictures,
)
from zhijiang_spider.pages.article.runs import find_run
from zhijiang_spider.pages.article.weights import (
    pass_over_adverts,
    pass_over_insets,
    weigh,
)
from zhijiang_spider.pages.seen import RenderedPage

_ROWS = 6
"""Pieces behind the title that may be rows of its head where no text follows."""


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
    above: tuple[int, ...] = ()
    """Numbers of the players above the title."""
    refused: tuple[int, ...] = ()
    """Number of the first piece of the run that was not taken."""


def find_body(reading: RenderedPage, title: int, is_title: Callable[[str], bool]) -> Body | None:
    """Find the body behind piece number ``title`` (-1 where the title is on no line).

    ``is_title`` tells whether a line repeats the title.  None where nothing is left.
    """
    pieces = reading.pieces
    weights = weigh(pieces)
    pass_over_insets(reading, weights)
    pass_over_adverts(reading, weights)
    found = find_run(reading, weights, title)
    above = tuple(players_above(reading, title))
    if found is None:
        behind = min(title + 1 + _ROWS, len(pieces))
        return Body((), behind, behind, rule="player above the title", above=above) if above else None
    run, head, ending, other = found.run, found.head, found.ending, found.other
    rows = pieces[max(title, 0) : head + 1]
    first, last = marked_box(reading, head, run) or article_box(reading, head, run, weights)
    first = grow_back(pieces, max(first, head + 1), max(run.start, first), weights, rows, is_title)
    last = grow_on(pieces, max(min(run.end, last), first), min(last, ending or last), weights)
    first, last = narrowed(reading, first, last, weights)
    last = behind_signature(reading, last, weights, title, head)
    first = skip_head(pieces, first, last, rows, is_title)
    first = with_lead_pictures(pieces, weights, head, first)
    lead = pictures_amid_head(pieces, head, first, is_title)
    kept = without_copy(pieces, list(kept_pieces(pieces, weights, first, last)))
    shown = pictures_behind(reading, last)
    numbers = (*lead, *kept, *shown, *credits_behind(pieces, last + len(shown), weights))
    if not numbers and not above:
        return None
    apart = other is not None and (other.end <= first or other.start >= last)
    return Body(
        numbers,
        first,
        last,
        rule="nearest text behind the title" if found.is_near else "longest text on the page",
        above=above,
        refused=(other.start,) if other is not None and apart and other.start < len(pieces) else (),
    )


def body_of(reading: RenderedPage, nodes: Iterable[_Element]) -> Body | None:
    """Return all that the given elements (a profile's) hold, boilerplate left out."""
    spans = [reading.spans[node] for node in nodes if node in reading.spans]
    numbers = {number for start, end in spans for number in range(start, end)}
    if not numbers:
        return None
    first, last = min(numbers), max(numbers) + 1
    weights = weigh(reading.pieces)
    pass_over_adverts(reading, weights)
    kept = kept_pieces(reading.pieces, weights, first, last)
    return Body(tuple(number for number in kept if number in numbers), first, last)
