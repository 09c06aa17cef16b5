"""Dates as lists print them: how sure it is that a date near a link is the article's."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from zhijiang_spider.text.characters import squeeze
from zhijiang_spider.text.clock import WEEKDAY
from zhijiang_spider.text.date_forms import Form
from zhijiang_spider.text.dates import dates_in, may_hold_date, whole_date
from zhijiang_spider.vocabulary import any_of

_YEAR, _MONTH, _DAY = r"(?:19|20)\d\d", r"(?:1[0-2]|0?[1-9])(?!\d)", r"(?:3[01]|[12]\d|0?[1-9])(?!\d)"
_IN_BOXES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<d>{_DAY})\s?日?\s{{0,2}}[/|]?\s{{0,2}}(?P<y>{_YEAR})\s?[-/.年]\s?(?P<m>{_MONTH})\s?月?",
        rf"(?P<d>{_DAY})\s?日?\s{{0,2}}[/|]?\s{{0,2}}(?P<m>{_MONTH})\s?[-/.月]\s{{0,2}}(?P<y>{_YEAR})\s?年?",
        rf"(?P<m>{_MONTH})\s?[-/.月]\s?(?P<d>{_DAY})\s?日?\s{{1,3}}(?P<y>{_YEAR})\s?年?",
        rf"(?P<y>{_YEAR})\s?[-/.年]\s?(?P<m>{_MONTH})\s?月?\s{{1,3}}(?P<d>{_DAY})\s?日?",
        rf"(?P<y>{_YEAR})\s?年?\s{{1,3}}(?P<m>{_MONTH})\s?[-/.月]\s?(?P<d>{_DAY})\s?日?",
    )
)
"""Day, month and year set in boxes of their own: ``16 2024-01``, ``01-16 2024``, ``2024 01-16``.
Only a list's layout tells that they are one date, so they are no form of the grammar."""
_YEAR_LAST = re.compile(r"\d\d?([-/.])\d\d?\1\d{4}")
"""Says it all by itself, and may not be understood: 03/04/2024."""

_LONGEST_TEXT = 600
_LABEL = re.compile(rf"(?:{any_of('dates.label_nouns')}|{any_of('dates.said_before')}于)\s?[:：]?\s?$")
_OPENS = re.compile(r"(?:^|[\s\[（(【「|｜：:])$")
_CLOSES = re.compile(rf"$|[\s\])）】」|｜,，]|{any_of('dates.sources')}")
_WEEKDAY = re.compile(rf"{any_of('dates.weeks')}|周")
"""Stands beside the date of today, which pages print at their top."""
_ONLY_WEEKDAY = re.compile(rf"\s?[(（]?{WEEKDAY}[)）]?")
_OPENS_EDGE, _CLOSES_EDGE = re.compile(r"[\[（(]?$"), re.compile(r"[\])）]?$")
_BRACKET = r"[\[【（(](?P<inside>[^\[\]【】（）()]{4,30})[\]】）)]"
_TITLE_OPENS, _TITLE_CLOSES = re.compile(rf"^{_BRACKET}\s?"), re.compile(rf"\s?{_BRACKET}$")


def best_date(texts: Iterable[str]) -> str:
    """Return the date that is most surely one of its own, the first of equals; "" if there is none."""
    best, best_rank = "", 0
    for text in texts:
        for printed, rank in _ranked(squeeze(text[:_LONGEST_TEXT])):
            if rank > best_rank:
                best, best_rank = printed, rank
        if best_rank == _SUREST:
            break
    return best


_SUREST = 5


def _ranked(text: str) -> tuple[tuple[str, int], ...]:
    """Return the dates of a text with how sure they are: alone, labelled, alone without a year, set off, at an edge."""
    return _ranked_dates(text) if len(text) > 1 and may_hold_date(text) else ()


@lru_cache(1024)  # rows say the same days, and what stands beside a link is asked of each element around it
def _ranked_dates(text: str) -> tuple[tuple[str, int], ...]:
    return tuple(_rank_dates(text))


def _rank_dates(text: str) -> Iterator[tuple[str, int]]:
    printed, form = date_alone(text)
    if printed:
        yield printed, _SUREST if form and form.has_year else 3
    for found in dates_in(text):
        before, after = text[: found.start], text[found.end :]
        if _LABEL.search(before[-9:]):
            yield found.raw, 4
        elif found.form is Form.DIGITS:  # a number in a text is an address, a telephone
            continue
        elif not before.strip() and _ONLY_WEEKDAY.fullmatch(after):
            yield found.raw, 2
        elif found.form.has_year:
            if (
                _OPENS.search(before[-1:])
                and _CLOSES.match(after)
                and (found.time or not _WEEKDAY.search(f"{found.raw}{after[:6]}"))
            ):
                yield found.raw, 2
        elif found.form in (Form.SHORT_NUMBERS, Form.RELATIVE) and _is_at_edge(before, after):
            yield found.raw, 1


def _is_at_edge(before: str, after: str) -> bool:
    at_start = _OPENS_EDGE.fullmatch(before) and re.match(r"[\s\])）]", after)
    return bool(at_start or (_OPENS.search(before[-1:]) and _CLOSES_EDGE.fullmatch(after)))


def date_alone(text: str) -> tuple[str, Form | None]:
    """Return the date that a text is and nothing else, with its form; ("", None) if it is none."""
    if (found := whole_date(text)) and found.form is not Form.EPOCH:
        return found.raw, found.form
    if len(text) <= 30 and not _YEAR_LAST.fullmatch(text):
        for pattern in _IN_BOXES:
            if found_in := pattern.fullmatch(text):
                return f"{found_in['y']}-{found_in['m']:>02}-{found_in['d']:>02}", Form.NUMBERS
    return "", None


def date_at_title(text: str) -> tuple[str, str]:
    """Return the date at the beginning or the end of a title and the title without it; ("", text) if there is none.

    A date in words belongs to the title (2024年1月16日云汀天气), but 【1月16日】 in front of it does not.
    """
    for pattern, forms in (
        (_TITLE_OPENS, (Form.NUMBERS, Form.SHORT_NUMBERS, Form.SHORT_WORDS)),
        (_TITLE_CLOSES, (Form.NUMBERS, Form.SHORT_NUMBERS)),
    ):
        if bracket := pattern.search(text):
            printed, form = date_alone(bracket["inside"])
            sure = pattern is _TITLE_OPENS or (form and not is_written_in_sentences(printed, form))
            if form in forms and sure:
                return printed, (text[: bracket.start()] + text[bracket.end() :]).strip()
    for found in dates_in(text):
        if found.form is Form.NUMBERS:
            before, after = text[: found.start], text[found.end :]
            if (not before and after[:1].isspace()) or (not after and before[-1:].isspace()):
                return found.raw, (before + after).strip()
    return "", text


def is_written_in_sentences(printed: str, form: Form) -> bool:
    """Tell whether a date is written as in a sentence, whose first words it may be: 3月2日, 3.2."""
    return form in (Form.WORDS, Form.SHORT_WORDS) or (form is Form.SHORT_NUMBERS and "." in printed)
