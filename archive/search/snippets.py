"""Where the words of a query stand in a text: excerpts with marks."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain, groupby
from operator import itemgetter

from archive.search.fold import as_printed, bare, skipped
from archive.search.language import Term

MARKS = ("【", "】")
"""What stands around a found word in a snippet."""


_BEFORE, _AFTER, _OPENING = 18, 24, 60
"""Characters shown before and after a found word; of the text's opening where no word is found."""


SHOWN = ("body", "credit_line", "kicker", "subtitle", "title")
"""Texts that an excerpt is taken from, the best place first."""


def excerpt(texts: dict[str, str | None], terms: Sequence[Term]) -> tuple[tuple[str, bool], ...]:
    """Return the places of the texts (by column, best place first) that show every term they hold, words marked."""
    segments: list[tuple[str, bool]] = []
    shown: set[Term] = set()
    for column, text in texts.items():
        asked = [term for term in terms if not term.columns or column in term.columns]
        places = _places(text, asked) if text and asked else {}
        if text and not places.keys() <= shown:
            segments += _windows(text, places, [places[term][0] for term in places if term not in shown])
            shown |= places.keys()
    if segments:
        return tuple(segments)
    body = texts["body"] or ""
    opening = body[:_OPENING].replace("\n", " ")
    return ((opening + ("…" if len(body) > _OPENING else ""), False),)


def marked_lines(text: str, terms: Sequence[Term]) -> list[tuple[tuple[str, bool], ...]]:
    """Return each line of a text in pieces, (text, is it a found word), with every place of the terms marked.

    A word that goes across the end of a line is marked on both.
    """
    places = _places(text, terms) if text and terms else {}
    found = {place for start, end in chain.from_iterable(places.values()) for place in range(start, end)}
    lines = []
    first = 0
    for line in text.split("\n") if text else ():
        marked = (place in found for place in range(first, first + len(line)))
        runs = groupby(zip(line, marked, strict=True), itemgetter(1))
        lines.append(tuple(("".join(character for character, _ in run), mark) for mark, run in runs))
        first += len(line) + 1
    return lines


def _places(text: str, terms: Sequence[Term]) -> dict[Term, list[tuple[int, int]]]:
    """Return (start, end) in the text of every occurrence of each term that occurs."""
    without = bare(text)
    found = {term: [place.span() for place in as_printed(term.text).finditer(without)] for term in terms}
    if not any(found.values()):
        return {}
    gone = [place - count for count, place in enumerate(skipped(text))]
    return {
        term: [(_unbare(start, gone), _unbare(end - 1, gone) + 1) for start, end in places]
        for term, places in found.items()
        if places
    }


def _unbare(position: int, gone: Sequence[int]) -> int:
    """Return where the character at this position of a bare text stands in the text.

    ``gone``: where the bare text goes on behind each character that it leaves out.
    """
    return position + bisect_right(gone, position)


def _windows(
    text: str, places: dict[Term, list[tuple[int, int]]], wanted: Sequence[tuple[int, int]]
) -> Iterator[tuple[str, bool]]:
    """Yield the surroundings of the wanted places, every place in them marked."""
    windows: list[tuple[int, int]] = []
    for start, end in sorted(wanted):
        first, last = max(0, start - _BEFORE), min(len(text), end + _AFTER)
        if windows and first <= windows[-1][1]:
            windows[-1] = (windows[-1][0], max(last, windows[-1][1]))
        else:
            windows.append((first, last))
    marks = sorted(place for found in places.values() for place in found)
    for first, last in windows:
        position = first
        if first > 0:
            yield "…", False
        for start, end in marks:
            if first <= start and end <= last and end > position:
                start = max(start, position)
                yield text[position:start].replace("\n", " "), False
                yield text[start:end].replace("\n", " "), True
                position = end
        yield text[position:last].replace("\n", " ") + ("…" if last < len(text) else ""), False
