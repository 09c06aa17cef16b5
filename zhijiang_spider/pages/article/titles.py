"""The headline and the lines above and below it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from zhijiang_spider.pages.article.byline import byline_of
from zhijiang_spider.pages.article.page_metadata import Declared
from zhijiang_spider.pages.boilerplate import is_boilerplate, is_credit, is_stop
from zhijiang_spider.pages.breadcrumb import CRUMB_LABEL
from zhijiang_spider.pages.header import date_of, is_header_row, source_of
from zhijiang_spider.pages.seen import Kind, RenderedPage, TextBlock, tidy
from zhijiang_spider.text.characters import folded

_SHORTEST = 4
"""Characters: a shorter line inside ``<title>`` is as likely a column's name, unless it is a heading."""
_LONGEST = 160
_MOST_TITLES, _LONGEST_HEAD = 20, 500
"""How many declared titles each line is compared with, and how much of each."""
_REFUSED = 3
"""How many of the next best lines are remembered."""
_MOST_LINES = 4
"""Lines of one heading that together may be a title."""
_SEPARATOR = re.compile(r"\s?(?:[_|｜丨]|--+|——|\s[-–—]\s|[-–—](?=[^-–—_]{2,16}$)|>>|»)\s?")
"""Between a headline and the site's name in ``<title>``."""
_HINT = re.compile(
    r"(?:^|[\s_-])(?:title|headline|biaoti|bt|tit|activity-name|art[_-]?title|news[_-]?title)(?=$|[\s_\d-])",
    re.I,
)
_KICKER = re.compile(r"kicker|yinti|yin_ti|shoulder|jianti|introtitle|pre-?title|ytitle|eyebrow", re.I)
_SUBTITLE = re.compile(r"sub-?_?title|sub-?tit|futi|fu_ti|ftitle|title2|second-?title|fubiaoti", re.I)
_ARROW = re.compile(r"\S\s?[>›»＞]\s?\S")


@dataclass(frozen=True, slots=True)
class Headline:
    """What stands at the head of an article."""

    title: str
    first: int = -1
    """Number of the first piece of the title, -1 where no line of the page shows it."""
    last: int = -1
    """Number of its last piece."""
    kicker: str = ""
    subtitle: str = ""
    used: frozenset[int] = frozenset()
    """Numbers of the pieces of kicker and subtitle."""
    rule: str = ""
    """How it was found."""
    refused: tuple[str, ...] = ()
    """The next best lines."""


def find_headline(pieces: Sequence[TextBlock], declared: Declared, site_names: Sequence[str]) -> Headline:
    """Find the headline: the line that ``<title>`` begins with or contains, headings before other lines.

    ``site_names`` are what the site calls itself; they stand on every page and are never the headline.
    """
    titles = (declared.head, *declared.titles[:_MOST_TITLES])
    heads = [folded(text[:_LONGEST_HEAD]) for text in titles if text]
    names = {folded(name) for name in site_names}
    above_rows = _above_rows(pieces)
    scored = [
        (_score(pieces[first], text, heads, names, above_rows.get(last, 0.0)), first, last)
        for first, last, text in _candidates(pieces)
    ]
    ranked = sorted((found for found in scored if found[0] > 0), key=lambda found: -found[0])
    if not ranked:
        return Headline(_from_head(declared, names), rule="<title> without the site's name")
    score, first, last = ranked[0]
    return Headline(
        _joined(pieces, first, last),
        first,
        last,
        rule="line that <title> or a meta tag holds"
        if score >= _SHORTEST
        else "heading, or line above the date",
        refused=tuple(_joined(pieces, start, end) for _, start, end in ranked[1 : 1 + _REFUSED]),
    )


def with_neighbours(headline: Headline, reading: RenderedPage, start: int, crumbs: Sequence[str]) -> Headline:
    """Add the kicker above and the subtitle below the title.

    ``start``: number of the first piece of the body; ``crumbs``: the breadcrumb, whose words are repeated
    as column names above titles.
    """
    if headline.first < 0:
        return headline
    pieces, spans = reading.pieces, reading.spans
    title = folded(headline.title)
    known = {folded(text) for text in crumbs} | {title}

    def own_line(number: int) -> bool:
        piece = pieces[number]
        text = piece.text
        return (
            piece.kind is Kind.TEXT
            and piece.linked * 2 <= len(text)
            and 2 <= len(text) <= 80
            and folded(text) not in known
            and not is_boilerplate(text)
            and not is_stop(text)
            and not is_credit(text)
            and not is_header_row(text)
            and not byline_of(text, known)
            and not CRUMB_LABEL.search(text)
            and not _ARROW.search(text)
        )

    kicker = subtitle = -1
    above, below = headline.first - 1, headline.last + 1
    box = pieces[headline.first].node.getparent() if headline.first >= 0 else None
    opens = box is not None and spans.get(box, (-1, -1))[0] == above and len(pieces[above].text) > 3
    if above >= 0 and own_line(above) and (opens or _belongs(pieces[above], pieces[headline.first], _KICKER)):
        kicker = above
    if below < start and own_line(below):
        before_row = (
            below + 1 < start
            and pieces[below + 1].kind is Kind.TEXT
            and is_header_row(pieces[below + 1].spaced)
        )
        if _continues(pieces[below], pieces[headline.last], before_row=before_row):
            subtitle = below
    return replace(
        headline,
        kicker=pieces[kicker].text if kicker >= 0 else "",
        subtitle=pieces[subtitle].text if subtitle >= 0 else "",
        used=frozenset(number for number in (kicker, subtitle) if number >= 0),
    )


def _candidates(pieces: Sequence[TextBlock]) -> list[tuple[int, int, str]]:
    """Return (first, last, text) of what may be a title: single lines, and headings of several lines."""
    found = []
    number = 0
    while number < len(pieces):
        piece = pieces[number]
        if piece.kind is Kind.TEXT and len(piece.marked) <= _LONGEST:
            found.append((number, number, piece.text))
            last = number
            while (
                piece.heading
                and last + 1 < min(len(pieces), number + _MOST_LINES)
                and pieces[last + 1].heading == piece.heading
                and pieces[last + 1].node is piece.node
            ):
                last += 1
            if last > number:
                found.append((number, last, _joined(pieces, number, last)))
        number += 1
    return found


def _joined(pieces: Sequence[TextBlock], first: int, last: int) -> str:
    return tidy(" ".join(piece.text for piece in pieces[first : last + 1]))


def _above_rows(pieces: Sequence[TextBlock]) -> dict[int, float]:
    """Return the lines right above a row with a date, by how likely such a line is the title.

    Where ``<title>`` is the same on every page, the title's place is all there is.
    """
    found: dict[int, float] = {}
    for row, piece in enumerate(pieces):
        if (
            piece.kind is not Kind.TEXT
            or not is_header_row(piece.spaced)
            or not (date_of(piece.spaced) or source_of(piece.spaced))
        ):
            continue
        nearest = 0.95
        for number in range(row - 1, max(row - 6, -1), -1):
            above = pieces[number]
            if above.kind is not Kind.TEXT or is_boilerplate(above.text) or is_header_row(above.spaced):
                continue
            level = {"h1": 1.6, "h2": 1.5, "h3": 1.4}.get(above.heading, 0.0)
            found[number] = max(nearest, level - 0.05 * (row - number))
            nearest = 0.0
        if found:
            break
    return found


def _score(piece: TextBlock, text: str, heads: Sequence[str], names: set[str], above_row: float) -> float:
    """Return how likely a line is the title: 0 not at all, 1 by its place or kind, more if ``<title>`` has it."""
    plain = folded(text)
    if len(plain) < 2 or plain in names or CRUMB_LABEL.search(text) or is_stop(text):
        return 0
    if (declared := _declared_score(piece, text, plain, heads)) > 0:
        return declared
    if is_boilerplate(text) or is_header_row(text) or (len(plain) < _SHORTEST and not above_row):
        return 0
    if piece.linked * 2 > len(text):
        return 0
    # No title of the page knows this line: a heading is better than nothing, the largest first.
    rank_of = {"h1": 0.9, "h2": 0.6, "h3": 0.4}.get(piece.heading, 0.0)
    return max(rank_of, above_row, 0.7 if _named(piece, _HINT) and len(plain) > 5 else 0.0)


def _declared_score(piece: TextBlock, text: str, plain: str, heads: Sequence[str]) -> float:
    """Return how well a line fits the titles that the page declares, 0 if it is in none or a menu's item."""
    score = 0.0
    for rank, head in enumerate(heads):
        if head == plain or head.startswith(plain) or (plain.startswith(head.rstrip(".…")) and len(head) > 7):
            covered = 2.0
        elif plain in head:
            covered = 1.0
        else:
            continue
        if len(plain) >= _SHORTEST or head == plain or piece.heading:
            score = max(score, covered * min(len(plain), len(head)) - rank)
    if score > 0:
        score *= {"h1": 1.6, "h2": 1.4, "h3": 1.2}.get(piece.heading, 1.1 if piece.heading else 1.0)
        if _named(piece, _HINT):
            score *= 1.2
        if piece.linked * 2 > len(text):
            score *= 0.5 if piece.heading or _named(piece, _HINT) else 0  # a menu's item
    return score


def _named(piece: TextBlock, pattern: re.Pattern[str]) -> bool:
    node = piece.node
    return bool(pattern.search(f"{node.get('class') or ''} {node.get('id') or ''}"))


def _from_head(declared: Declared, names: set[str]) -> str:
    """Return the headline out of ``<title>``: the longest part between separators that is not the site's name."""
    for text in (*declared.titles[:1], declared.head):
        parts = [part for part in _SEPARATOR.split(text) if folded(part) and folded(part) not in names]
        if parts:
            return tidy(parts[0] if len(parts[0]) >= _SHORTEST else max(parts, key=len))
    return ""


def _belongs(above: TextBlock, title: TextBlock, hint: re.Pattern[str]) -> bool:
    """Tell whether the line above is a kicker: marked as one, or a heading or line of the title's own box."""
    if _named(above, hint):
        return True
    same_box = above.node is title.node or above.node.getparent() is title.node.getparent()
    return same_box and (
        bool(above.heading) or (bool(title.heading) and above.node.tag in ("p", "div", "h2", "h3", "h4"))
    )


def _continues(below: TextBlock, title: TextBlock, *, before_row: bool) -> bool:
    """Tell whether the line below is a subtitle: marked as one, begun with a dash, or a heading of its own,
    or a line of the title's own box between the title and the row of date and source.
    """
    if _named(below, _SUBTITLE) or below.text.startswith(("——", "—", "--")):
        return True
    same_box = below.node is title.node or below.node.getparent() is title.node.getparent()
    return same_box and (bool(below.heading) or (before_row and len(below.text) > 5))
