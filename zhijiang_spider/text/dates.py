"""Text → date: the forms in which Chinese news pages print when something was published.

One grammar with two uses: ``whole_date`` for a text that is a date and nothing else, ``dates_in`` for the
dates inside a text.  What is not understood is no date: a wrong value is worse than none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, tzinfo

from zhijiang_spider.text.characters import OneWidth
from zhijiang_spider.text.clock import HAN_NUMBER, Clock, clock_at, zone_at
from zhijiang_spider.text.date_forms import TIERS, WHOLE_FORMS, Form, Meant, Read
from zhijiang_spider.vocabulary import any_of


@dataclass(frozen=True, slots=True)
class Published:
    """A printed date and its reading."""

    raw: str
    """The matched text as printed."""
    on: date
    """The local day."""
    at: datetime | None = None
    """The moment, with the site's offset; None where the page prints a date only."""


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as it stands in a text; which day it means may depend on the day on which it is read."""

    raw: str
    """The day with its time, as printed."""
    start: int
    """Where it begins in the text."""
    form: Form
    day_length: int
    """Characters of ``raw`` that are the day, without the time."""
    meant: Meant
    """The day or the moment, or how the day follows from today."""
    clock: Clock | None

    @property
    def end(self) -> int:
        """One past its last character."""
        return self.start + len(self.raw)

    @property
    def day(self) -> str:
        """The day as printed, without its time."""
        return self.raw[: self.day_length]

    @property
    def time(self) -> time | None:
        """The time of day as printed; None where none is printed or none that is understood."""
        return self.clock.at if self.clock else None

    @property
    def has_zone(self) -> bool:
        """Whether it says which moment it means, wherever it is read."""
        return isinstance(self.meant, datetime) or bool(self.clock and self.clock.at and self.clock.zone)

    def read(self, *, timezone: tzinfo, today: date | None) -> Published | None:
        """Return the day and the moment; None where it takes ``today`` to know them, or there is no such day."""
        if isinstance(self.meant, datetime):
            moment = self.meant.astimezone(timezone)
            return Published(self.raw, moment.date(), moment)
        try:
            on = self.meant if isinstance(self.meant, date) else self.meant(today)
            if on is None:
                return None
            if isinstance(on, datetime):
                on = on.date()
            if not self.clock or self.clock.at is None:
                return Published(self.raw, on)
            at = datetime.combine(on, self.clock.at, self.clock.zone or timezone).astimezone(timezone)
        except (ValueError, OverflowError):  # a day before year 1
            return None
        return Published(self.raw, at.date(), at)


def parse_published(text: str, *, timezone: tzinfo, today: date | None = None) -> Published | None:
    """Return the date in a text, None where there is none that exists in the calendar.

    ``timezone`` is the site's: printed times are in it, declared moments are converted to it.
    ``today`` is the local day on which the page was read, or better the local moment, which tells on which
    day 9小时前 was; 昨天, 3小时前 and dates without a year need it and are None without it.  A date without
    a year is the most recent such day that is not after ``today``.
    """
    for found in _found(text):
        if read := found.read(timezone=timezone, today=today):
            return read
    return None


def find_date(text: str) -> PrintedDate | None:
    """Return the date that ``parse_published`` reads where it knows today, as it stands in the text."""
    return next(_found(text), None)


def _found(text: str) -> Iterator[PrintedDate]:
    whole = whole_date(text)
    return iter([whole]) if whole else dates_in(text[:_LONGEST])


def may_hold_date(text: str) -> bool:
    """Tell whether a text has what every date has at least: it is worth a closer look."""
    return _MAY.search(text) is not None


def whole_date(text: str) -> PrintedDate | None:
    """Return the date that a text is and nothing else but its label and brackets, None if it is none.

    Reads more than ``dates_in``: what is a date only where nothing else stands beside it (10.24, seconds
    since 1970).
    """
    if len(text) > _LONGEST_WHOLE or not may_hold_date(text):
        return None
    folded = text.translate(_FOLDED)
    opening = _BEFORE.match(folded)
    start = opening.end() if opening else 0
    rest = folded[start:]  # cut off, so that no bracket forbids what may not stand inside a number
    for form, pattern, read in _WHOLE:
        found = pattern.match(rest)
        printed = _printed(text[start:], rest, form, found, read) if found else None
        if printed and _AFTER.fullmatch(rest, printed.end):
            return replace(printed, start=start)
    return None


def dates_in(text: str) -> Iterator[PrintedDate]:
    """Yield the dates in a text, with where they stand: those that say more first, equals in order of place."""
    if not _HINT.search(text):
        return
    folded = text.translate(_FOLDED)
    for tier in TIERS:
        if not tier.hint.search(folded):
            continue
        found = [
            printed
            for form, pattern, read in tier.forms
            for match in pattern.finditer(folded)
            if (printed := _printed(text, folded, form, match, read)) and _stands_alone(folded, printed)
        ]
        yield from sorted(found, key=lambda printed: (printed.start, -len(printed.raw)))


_WHOLE = (*(form for tier in TIERS for form in tier.forms), *WHOLE_FORMS)
_LONGEST = 500
"""Characters that are looked at: a date row is short."""
_LONGEST_WHOLE = 80
"""Characters of a text that is a date, its label and brackets."""


def _printed(text: str, folded: str, form: Form, found: re.Match[str], read: Read) -> PrintedDate | None:
    """Return a found date with the time behind it, None where there is no such day."""
    try:
        meant = read(found)
    except ValueError:  # 2024-13-45
        return None
    if meant is None:
        return None
    clock = None if isinstance(meant, datetime) else _clock(folded, found)
    start, end = found.span()
    raw = text[start : max(end, clock.end) if clock else end]
    inside = clock is not None and clock.start < end
    return PrintedDate(raw, start, form, 8 if inside and form is Form.DIGITS else end - start, meant, clock)


def _clock(folded: str, found: re.Match[str]) -> Clock | None:
    """Return the time inside a day (Jan 16 15:40:00 2024, 20240116154000) or behind it."""
    part = found.groupdict()
    if not part.get("clock"):
        padded = len(part.get("month") or "00") == len(part.get("day") or "00") == 2
        return clock_at(folded, found.end(), padded=padded)
    start, end = found.span("clock")
    if not part.get("hour"):
        return clock_at(folded, start, padded=True)
    zone, end = zone_at(folded, end, sure=True)
    try:
        hour, minute, second = (int(part[name] or 0) for name in ("hour", "minute", "second"))
        return Clock(start, end, time(hour, minute, second), zone)
    except ValueError:  # 20240116259900
        return Clock(start, end, None)


def _stands_alone(folded: str, printed: PrintedDate) -> bool:
    """Tell whether a date in a text is one by itself: no part of a sentence, a number, an address or a span of days."""
    start, end = printed.start, printed.end
    before = folded[max(0, start - _NEAR) : start]
    if _OTHER_MOMENT.search(before) or _UNTIL.match(folded, end) or _FROM.search(before):
        return False
    if "/" in before and _IN_ADDRESS.search(folded[max(0, start - _LONGEST_ADDRESS) : start]):
        return False
    if printed.form is Form.DIGITS:
        sure = bool(printed.clock) and not _NO_DATE_BEFORE.search(before)
        return (sure or _OPENS.search(before) is not None) and not _WORD.match(folded, end)
    if printed.day_length < len(printed.raw):  # a time behind it leaves no doubt
        return True
    if printed.form is Form.SHORT_NUMBERS:
        glued = _HAN.match(before[-1:]) and not _OPENS.search(before)
        return not glued and _ALONE.match(folded, end) is not None
    return printed.form is not Form.RELATIVE or _ALONE.match(folded, end) is not None


_FOLDED = OneWidth(
    then=str.maketrans(
        "—–−‐‑時點號鐘週個兩剛禮後發佈於間國廿卅○Ｏ∶﹕︰臺張貼華",
        "-----时点号钟周个两刚礼后发布于间国廿卅〇〇:::台张贴华",
    )
)
"""What dates are read from, character for character: half width, one form of the characters that they are made of."""
_HINT = re.compile(r"\d\d|[月⽉]|[前刚今昨]|ago\b", re.IGNORECASE)
_MAY = re.compile(r"\d\d|[月⽉]|[前刚剛今昨]|ago\b", re.IGNORECASE)
"""What every date has at least, inside a text and alone."""


def _any_of(*groups: str) -> str:
    return any_of(
        *(f"dates.{group}" for group in groups), traditional=False
    )  # what is read is simplified already


LABEL = (
    rf"{_any_of('label_verbs')}?(?:{_any_of('label_nouns')}|于)|{_any_of('said_before')}(?=\s?:)"
    r"|(?:Published|Posted|Updated|Date|Time)(?: on)?"
)
"""The words before a date that say what it is."""
_SAID = _any_of("said_behind")
"""What may follow a date and say the same."""
_BEFORE = re.compile(
    rf"[\s\[\](【〔「|·•/,-]*(?:(?:{LABEL})\s?:?\s?)?[\s\[(【〔「]*", re.ASCII | re.IGNORECASE
)
_AFTER = re.compile(rf"\s?{_SAID}?[\s\[\])】〕」|·•/,.;:-]*", re.ASCII)
_ALONE = re.compile(
    rf"$|{_SAID}|{_any_of('sources', 'goes_on')}|(?![\u3400-\u9fff,!。、%°℃a-z]|\s?[,!。])", re.IGNORECASE
)
"""What may follow 昨天, 3日前 or 11-07: in a sentence they are no date of it."""
_NEAR = 16
"""Characters before a date that tell what it is."""
_LONGEST_ADDRESS = 300
_OTHER_MOMENT = re.compile(
    rf"(?:{_any_of('other_moments')}(?:{_any_of('label_nouns')}|[日于])"
    rf"|{_any_of('now_or_until')}(?:{_any_of('label_nouns')}|[日是为])?)[\s:\])】]{{0,3}}$|[至到]$"
)
"""What tells of a date that it is that of something else: 截止日期：2024-01-16."""
_NUMBER = rf"(?:\d{{1,2}}|{HAN_NUMBER})"
_UNTIL = re.compile(
    rf"\s?起?\s?(?:[至到、]|[-~]{{1,2}})\s?(?:(?:\d{{4}}\s?[-/.年]|\d{{1,2}}[-/.](?!\d+万)|{_NUMBER}\s?月)\s?{_NUMBER}"
    rf"|{_NUMBER}\s?[日号])"
)
"""What makes a date the first of several days: 3月5日至8日."""
_FROM = re.compile(r"(?:[-/.月]\s?\d{1,2}|[日号])\s?[-~]{1,2}\s?$")
"""What makes a date the last of several days."""
_IN_ADDRESS = re.compile(r"(?:://|www\.|\.\w{2,9}/)[!-~]{0,300}$", re.ASCII)
_NO_DATE_BEFORE = re.compile(r"[号码证话][\s:]{0,3}$|[\w\u3400-\u9fff/.#-]$", re.ASCII)
"""What makes digits a number of something else."""
_OPENS = re.compile(rf"(?:^|[\[(【〔「|]|(?:{LABEL})\s?:?)\s{{0,3}}$", re.ASCII | re.IGNORECASE)
_WORD = re.compile(r"[\w/.-]", re.ASCII)
_HAN = re.compile("[\u3400-\u9fff]")
