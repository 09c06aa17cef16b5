"""What people want on top: how well an article answers words, worked out from its texts alone.

Every word in the title comes first; then how often the words stand in a text of its length, whether they stand at its
beginning and close together; newer articles gain a little; round-ups, which tell of much in a line each, lose most.
The numbers were fitted to one half of ``benchmarks/judged`` and are flat around their values; the view 检索 has the same
ones as far as plain SQL goes (``sql/0019_titles.sql``).
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from archive.search.fold import as_printed, bare
from archive.search.language import Term

ROUND_UPS = ("快讯", "简讯", "要闻", "速览", "集锦")
"""How titles of round-ups end."""

_TITLE = 4.0
"""Occurrences in the text that one in the title is worth."""
_SATURATION, _LENGTH, _USUAL = 3.0, 0.7, 700
"""Of BM25: k1, b, and the characters of a usual text; a fixed number, so that an article keeps its weight."""
_OPENING, _IN_OPENING = 60, 0.1
"""Characters that open a text, and what a word is worth there."""
_ALL_IN_TITLE = 2.0
"""More than anything else can be worth: all titles with the words come before all without."""
_CLOSE, _GAP = 0.2, 20
"""What words side by side are worth, and the characters between them at which that is half of it."""
_RECENT, _HALF_LIFE = 0.1, 730
"""What the newest of the hits gains, and the days at which an older one gains half of that."""
_UNDATED = 36_500
"""Days by which an article without a date counts as older."""
_ROUND_UP = 0.4
"""What is left of the weight of a round-up."""
_PLACES = 20
"""Places of a word that are compared."""


class Texts(NamedTuple):
    """What an article is weighed by."""

    title: str
    kicker: str
    subtitle: str
    body: str
    credit_line: str
    published_on: str | None


_COLUMNS = Texts._fields[:5]
_OTHERS = ("kicker", "subtitle", "credit_line")
"""What is looked into beside title and body; most articles have none of them."""


class _Found(NamedTuple):
    """A word in an article: whether in its title, how often elsewhere, and where in the body."""

    in_title: bool
    number: int
    places: Sequence[int]
    """The first ones."""


def weigh(clauses: Sequence[Sequence[Term]], articles: Sequence[Texts]) -> list[float]:
    """Return how well each of these articles answers a query, larger is better.

    ``clauses``: the words that were asked for; of a clause any one will do, and the rarer it is among these articles
    the more it counts.
    """
    terms = [term for clause in clauses for term in clause]
    patterns = [(as_printed(term.text), term.columns) for term in terms]
    found = [_look(patterns, article) for article in articles]
    rarity = [1.0] * len(terms)
    if len(terms) > len(clauses):
        for number in range(len(terms)):
            share = sum(each[number].number > 0 or each[number].in_title for each in found) / len(articles)
            rarity[number] = 1 / (1 + 9 * share)
    newest = max((article.published_on or "" for article in articles), default="")
    gain: dict[str | None, float] = {}
    weights = []
    for article, each in zip(articles, found, strict=True):
        day = article.published_on
        if day not in gain:
            gain[day] = 1 + _RECENT / (1 + _age(day, newest) / _HALF_LIFE)
        weights.append(gain[day] * _weight(clauses, each, rarity, article))
    return weights


def what_holds(clause: Sequence[Term]) -> Callable[[Texts], bool]:
    """Return what tells whether an article holds one of these words, as the index would."""
    asked = [(as_printed(term.text), term.columns or _COLUMNS, len(term.text) > 1) for term in clause]

    def holds(article: Texts) -> bool:
        for pattern, columns, can_be_parted in asked:
            texts = [text for name in columns if (text := getattr(article, name))]
            if any(map(pattern.search, texts)):
                return True
            if can_be_parted and any(map(pattern.search, map(bare, texts))):
                return True
        return False

    return holds


def _look(patterns: Sequence[tuple[re.Pattern[str], Sequence[str]]], article: Texts) -> list[_Found]:
    """Return where an article holds each word; between the characters of one that it holds nothing stands, as a rule."""
    title, body = article.title, article.body
    others = [(name, text) for name, text in zip(_OTHERS, article[1:3] + article[4:5], strict=True) if text]
    found = []
    for pattern, within in patterns:
        places = [] if within and "body" not in within else [at.start() for at in pattern.finditer(body)]
        number = len(places)
        for name, text in others:
            if not within or name in within:
                number += len(pattern.findall(text))
        # the title decides, and is short
        in_title = (not within or "title" in within) and bool(
            pattern.search(title) or pattern.search(bare(title))
        )
        found.append(_Found(in_title, number, places[:_PLACES]))
    if not any(each.number or each.in_title for each in found) and article != (texts := _bare(article)):
        return _look(patterns, texts)
    return found


def _bare(article: Texts) -> Texts:
    title, kicker, subtitle, body, credit_line = map(bare, article[:5])
    return Texts(title, kicker, subtitle, body, credit_line, article.published_on)


def _weight(
    clauses: Sequence[Sequence[Term]], found: Sequence[_Found], rarity: Sequence[float], article: Texts
) -> float:
    norm = _SATURATION * (1 - _LENGTH + _LENGTH * len(article.body) / _USUAL)
    in_text, in_title, places = [], [], []
    number = 0
    for clause in clauses:
        text = title = 0.0
        where: list[int] = []
        for _ in clause:
            each, rare = found[number], rarity[number]
            number += 1
            times = each.number + _TITLE * each.in_title
            opens = bool(each.places) and each.places[0] < _OPENING
            text = max(text, rare * (times / (times + norm) + _IN_OPENING * opens))
            title = max(title, rare * each.in_title)
            where += each.places
        in_text.append(text)
        in_title.append(title)
        places.append(where)
    weight = sum(in_text) / len(in_text) + _ALL_IN_TITLE * min(in_title)
    if len(clauses) > 1 and (gap := _least_gap(places)) is not None:
        weight += _CLOSE / (1 + gap / _GAP)
    is_round_up = not min(in_title) and article.title.endswith(ROUND_UPS)  # who asks for its title wants it
    return weight * _ROUND_UP if is_round_up else weight


def _least_gap(places: Sequence[Sequence[int]]) -> int | None:
    """Return the fewest characters from the first to the last of words that stand together, one of each list."""
    if not all(places):
        return None
    last = [-1] * len(places)
    least: int | None = None
    for place, which in sorted((place, which) for which, some in enumerate(places) for place in some):
        last[which] = place
        if (first := min(last)) >= 0 and (least is None or place - first < least):
            least = place - first
    return least


_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _age(day: str | None, newest: str) -> int:
    """Return by how many days an article is older than the newest."""
    if not day or not _DAY.fullmatch(day) or not _DAY.fullmatch(newest):
        return _UNDATED
    try:
        return (date.fromisoformat(newest) - date.fromisoformat(day)).days
    except ValueError:  # a day that does not exist, as somebody wrote it
        return _UNDATED
