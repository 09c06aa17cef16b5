"""When an article was published, out of what its page prints and declares."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta, tzinfo

from zhijiang_spider.pages.article.choice import Candidate, Choice, choose
from zhijiang_spider.pages.article.page_metadata import DECLARED, Declared
from zhijiang_spider.pages.header import declared_date, label_rank, printed_date
from zhijiang_spider.pages.seen import GAP
from zhijiang_spider.text.dates import PrintedDate, Published

_LATER = "declared, but later than the page was read"
_Dated = tuple[str, PrintedDate]
"""(rule, date)"""


def choose_published(
    printed: Sequence[Candidate],
    declared: Declared,
    edition: str = "",
    *,
    timezone: tzinfo,
    read_at: datetime | None,
) -> Choice:
    """Choose the date as printed: the first of the printed candidates, then what is declared.

    One without a year, or 昨天, leaves it to the reader of the page to know today: a declared date is better.
    So is the moment that is declared of the day that is printed, if it says its zone, or its name says that it is
    local: others are often UTC.
    Behind all comes the day of a newspaper's ``edition``, "" elsewhere.
    A declared day that had not come when the page was read (``read_at``, local) is no day of publication.
    """

    def read(date: PrintedDate) -> Published | None:
        return date.read(timezone=timezone, today=None)

    def is_later(date: PrintedDate) -> bool:
        told = read(date)
        return told is not None and read_at is not None and told.on > read_at.date() + timedelta(days=1)

    told = _dates(DECLARED, map(declared_date, declared.published))
    later = [(_LATER, date.raw) for _, date in told if is_later(date)]
    found = [(rule, date) for rule, text in printed if (date := printed_date(text.replace(GAP, " ")))]
    found += [candidate for candidate in told if not is_later(candidate[1])]
    found += _dates("day of the edition", [printed_date(edition)])
    found.sort(key=lambda candidate: not candidate[1].form.has_year)
    first = read(found[0][1]) if found else None
    if first and not first.at:
        rows = {text for rule, text in printed if label_rank(text) == 0}

        def is_its_minute(candidate: _Dated) -> bool:
            """2024-01-16, and below it 发布时间：2024-01-16 08:30."""
            moment = read(candidate[1])
            if moment is None or moment.at is None or moment.on != first.on:
                return False
            return any(candidate[1].raw in row for row in rows)

        found.sort(key=lambda candidate: not is_its_minute(candidate))
        beside = (declared_date(moment) for text, moment in declared.dated if _prints(text, first))
        found += _dates(DECLARED, beside)

        def is_its_moment(date: PrintedDate) -> bool:
            moment = read(date)
            is_clear = date.has_zone or any(date.raw in told for told in declared.local)
            if not is_clear or moment is None or moment.at is None:
                return False
            return moment.on == first.on and moment.at.time() != time(0)  # midnight means no time

        found.sort(key=lambda candidate: not is_its_moment(candidate[1]))
    choice = choose("published", [(rule, date.raw) for rule, date in found])
    return replace(choice, refused=(*choice.refused, *later))


def _dates(rule: str, dates: Iterable[PrintedDate | None]) -> list[_Dated]:
    return [(rule, date) for date in dates if date]


def _prints(text: str, published: Published) -> bool:
    date = printed_date(text)
    return date is not None and date.raw == published.raw
