"""Which line of a page is its headline."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from zhijiang_spider.pages.article.own_text import is_contact
from zhijiang_spider.pages.article.page_metadata import Declared
from zhijiang_spider.pages.article.title_claims import (
    LEAST_AGREED,
    SHORTEST,
    TEXT,
    Claim,
    Listed,
    PageNames,
    begins,
    headline_in,
)
from zhijiang_spider.pages.article.title_lines import HINT, Headline, Line, find_lines, is_named
from zhijiang_spider.pages.boilerplate import is_boilerplate, is_notice, is_stop
from zhijiang_spider.pages.breadcrumb import CRUMB_LABEL
from zhijiang_spider.pages.header import date_of, is_header_row, is_label, source_of
from zhijiang_spider.pages.seen import Kind, TextBlock, tidy
from zhijiang_spider.text.characters import folded
from zhijiang_spider.vocabulary import any_of, spellings

FROM_LIST = "list entry: the page shows no title"
_DOCUMENT_NUMBER = re.compile(r"\S{1,12}\s?[〔\[［(（【](?:19|20)\d\d[〕\]］)）】]\s?第?\s?\d{1,4}\s?号")
"""Matches (whole) what stands between an official document's title and its row: 云政发〔2024〕3号."""
_LABELS = spellings("titles.labels")
_COUNT = re.compile(r"\s?[(（\[【]\s?\d{1,3}\s?[/／]\s?\d{1,3}\s?[)）\]】]$")
"""Which picture of several is shown, behind a headline."""
_COLUMN = 6
"""Characters up to which a line may be a column's name."""
_REFUSED = 3
"""How many of the next best lines are remembered."""
_SUBTITLE = re.compile("——|--")
_CLOCK = re.compile(rf"{any_of('titles.clock')}")
_AGREED = 1_000.0
"""Added to the score of a line that the list means: whatever else speaks for another, it is the one."""
_RULES = (
    "line that the list names so",
    "line that <title> or a meta tag holds",
    "heading, or line above the date",
)
_MOST_BY_PLACE = 1.6
_LABELLED = 1.3
"""Score of a line that a label calls the title: more than its place tells, less than a declared one."""
_LONGEST_LABEL = 12
_MENU_ITEM = 8
"""Characters of a link in a menu."""
_DOUBT = 0.5
"""Factor of a line that is rather the name of site or section."""


def find_headline(
    pieces: Sequence[TextBlock],
    declared: Declared,
    site_names: Sequence[str],
    listed: str = "",
    linked: str = "",
) -> Headline:
    """Find the headline: the line that ``<title>`` begins with or contains, headings before other lines.

    ``site_names`` are what the site calls itself; they stand on every page and are never the headline.
    ``listed``: what a list called the article, "" where no list is known.  It only chooses among what the page
    shows; it is taken itself where the page shows no title.  ``linked``: what the page itself calls its own
    address in a link, a witness like the list.
    """
    names = PageNames(pieces, site_names, declared)
    claims, witness = names.claims, Listed(listed or linked)
    place = _place(pieces)
    labelled = _labelled(pieces)
    scored: list[tuple[float, Line]] = []
    for line in find_lines(pieces, claims, witness, {*place.above_rows, *labelled}):
        score = _score(pieces[line.first], line, claims, names, place)
        if witness.plain and (agreed := _agreement(pieces[line.first], line, witness, place)):
            score += _AGREED * agreed
        elif score and (
            place.is_above_menu(line)
            or (
                names.are_doubted(line.plain)
                and not any(_is_claimed_heading(pieces[line.first], line, claim) for claim in claims)
            )
        ):
            score = min(score, _MOST_BY_PLACE) * _DOUBT
        elif not score and line.first == line.last and line.first in labelled:
            score = _LABELLED
        if score > 0:
            scored.append((score, line))
    scored.sort(key=lambda entry: -entry[0])
    best, taken = scored[0] if scored else (0.0, None)
    is_doubted = taken is not None and best < 1 and names.are_doubted(taken.plain)
    claim = next((claim for claim in claims if witness.agreement(claim.plain)), None)
    if taken is None or is_doubted:
        claim = claim or next(iter(claims), None)
    if claim and best < SHORTEST:
        return Headline(headline_in(claim), rule="<title> without the site's name")
    refused = tuple(line.text for _, line in scored[: 1 + _REFUSED])
    if taken is None or (is_doubted and len(witness.plain) > _COLUMN):
        # Nothing that the page shows is a title: the name of its section is none.
        return Headline(tidy(listed), rule=FROM_LIST if listed else "", refused=refused)
    agreed = best >= _AGREED * LEAST_AGREED
    rule = _RULES[0 if agreed and not _is_declared(taken, claims) else 1 if best >= SHORTEST else 2]
    return Headline(
        _without_count(taken.text, claims), taken.first, taken.last, rule=rule, refused=refused[1:]
    )


def _without_count(text: str, claims: Sequence[Claim]) -> str:
    """Return a headline without the number of the picture that is shown, which the page's own titles do not hold."""
    found = _COUNT.search(text)
    if not found or any(claim.plain.endswith(folded(text)) for claim in claims):
        return text
    return text[: found.start()]


def _labelled(pieces: Sequence[TextBlock]) -> set[int]:
    """Return the lines behind a cell that says 标题：, where a page is one form."""
    return {
        number
        for number, piece in enumerate(pieces[1:], 1)
        if piece.cell
        and piece.kind is Kind.TEXT
        and pieces[number - 1].cell == piece.cell - 1
        and len(pieces[number - 1].text) <= _LONGEST_LABEL
        and folded(pieces[number - 1].text).rstrip(":") in _LABELS
    }


def _is_claimed_heading(piece: TextBlock, line: Line, claim: Claim) -> bool:
    """Tell whether a line is the claim, or a heading that the claim begins with: a list beside it may link it too."""
    begins_it = len(line.plain) > _MENU_ITEM and bool(piece.heading) and claim.plain.startswith(line.plain)
    return line.plain == claim.plain or begins_it


@dataclass(frozen=True, slots=True)
class _Place:
    """Where titles stand."""

    above_rows: dict[int, float]
    """Lines above the row of date and source, by how likely such a line is the title."""
    nearest: int
    """Number of the nearest of them, -1 where there is none."""
    length: int
    """Characters of that one."""
    menu: int
    """Number of the last link of a menu above it, -1 where there is none."""
    end: int
    """Number of the last piece of text, -1 where there is little."""

    def is_above_menu(self, line: Line) -> bool:
        """Tell whether a menu stands between a line and a longer one by the date: then it names the site."""
        return line.first < self.menu and len(line.plain) < self.length


def _place(pieces: Sequence[TextBlock]) -> _Place:
    above_rows = _above_rows(pieces)
    nearest = max(above_rows, default=-1)
    menus = (
        number
        for number in range(nearest - 1, 0, -1)
        if _is_menu_item(pieces[number]) and _is_menu_item(pieces[number - 1])
    )
    return _Place(
        above_rows,
        nearest,
        len(folded(pieces[nearest].text)) if nearest >= 0 else 0,
        next(menus, -1),
        _last_of_text(pieces),
    )


def _is_menu_item(piece: TextBlock) -> bool:
    return (
        piece.kind is Kind.TEXT
        and len(piece.text) <= 2 * piece.linked <= 2 * _MENU_ITEM
        and not is_boilerplate(piece.text)
    )


def _last_of_text(pieces: Sequence[TextBlock]) -> int:
    """Return the number of the last line of text, behind which no headline stands."""
    numbers = (
        number
        for number in range(len(pieces) - 1, -1, -1)
        if pieces[number].kind is Kind.TEXT
        and len(pieces[number].marked) - pieces[number].linked >= TEXT
        and not is_notice(pieces[number].text)
        and not is_contact(pieces[number].text)
    )
    return next(numbers, -1)


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
            or (_CLOCK.match(piece.text) and not source_of(piece.spaced))
        ):
            continue
        nearest = 0.95
        for number in range(row - 1, max(row - 6, -1), -1):
            above = pieces[number]
            if above.kind is not Kind.TEXT or is_boilerplate(above.text) or is_header_row(above.spaced):
                continue
            if is_label(above.text) or _DOCUMENT_NUMBER.fullmatch(above.text):
                continue
            if above.linked * 2 > len(above.text) > _COLUMN and (found or not above.heading):
                break  # headlines of other articles
            level = {"h1": 1.6, "h2": 1.5, "h3": 1.4}.get(above.heading, 0.0)
            found[number] = max(nearest, level - 0.05 * (row - number))
            nearest = 0.0
        if found:
            break
    return found


def _agreement(piece: TextBlock, line: Line, witness: Listed, place: _Place) -> float:
    """Return in how far the list means a line; not at all a link to an article, or a sentence of the text."""
    is_link = piece.linked * 2 > len(piece.text) and not (piece.heading or is_named(piece, HINT))
    if is_link or piece.aside or "。" in line.text or 0 <= place.end < line.first:
        return 0.0
    return 0.0 if CRUMB_LABEL.search(line.text) else witness.agreement(line.plain)


def _is_declared(line: Line, claims: Sequence[Claim]) -> bool:
    """Tell whether the page's own titles hold a line: then they would have decided for it too."""
    return any(line.plain in claim.plain or begins(claim, line.plain) for claim in claims)


def _score(piece: TextBlock, found: Line, claims: Sequence[Claim], names: PageNames, place: _Place) -> float:
    """Return how likely a line is the title: 0 not at all, 1 by its place or kind, more if ``<title>`` has it."""
    text, plain = found.text, found.plain
    if len(plain) < 2 or plain in names.own or 0 <= place.end < found.first:
        return 0
    above_row = place.above_rows.get(found.last, 0.0)
    declared, is_weak = _declared_score(piece, found, claims)
    # No title of the page knows this line: a heading is better than nothing, the largest first.
    rank_of = {"h1": 0.9, "h2": 0.6, "h3": 0.4}.get(piece.heading, 0.0)
    by_place = max(rank_of, above_row, 0.7 if len(plain) > 5 and is_named(piece, HINT) else 0.0)
    if not (declared or by_place) or CRUMB_LABEL.search(text) or _SUBTITLE.match(text):
        return 0
    if is_contact(text) or (is_stop(text) and all(plain != claim.plain for claim in claims)):
        return 0
    if declared > 0 and (not is_weak or not place.above_rows or found.last == place.nearest):
        return declared
    if is_boilerplate(text) or is_header_row(text) or (len(plain) < SHORTEST and not above_row):
        return 0
    if piece.linked * 2 > len(text):
        return 0
    return by_place - 0.2 if is_weak else by_place


def _declared_score(piece: TextBlock, found: Line, claims: Sequence[Claim]) -> tuple[float, bool]:
    """Return how well a line fits the titles that the page declares, 0 if it is in none or a menu's item.

    And whether only weak ones hold it.
    """
    plain = found.plain
    score, is_weak = 0.0, True
    for rank, claim in enumerate(claims):
        head = claim.plain
        if head == plain or head.startswith(plain) or begins(claim, plain):
            covered = 2.0
        elif plain in head:
            covered = 1.0
        else:
            continue
        if len(plain) >= SHORTEST or head == plain or piece.heading:
            score = max(score, covered * min(len(plain), len(head)) - rank)
            is_weak = is_weak and claim.is_weak
    if score > 0:
        score *= {"h1": 1.6, "h2": 1.4, "h3": 1.2}.get(piece.heading, 1.1 if piece.heading else 1.0)
        if is_named(piece, HINT):
            score *= 1.2
        if piece.linked * 2 > len(found.text):
            score *= 0.5 if piece.heading or is_named(piece, HINT) else 0  # a menu's item
    return score, is_weak and score > 0
