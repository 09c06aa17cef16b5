"""What the archive holds by date, out of the index of publication days: years, months, days, one day of all years."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from archive.room.queries import Row, Table, as_listed
from archive.store.archive import Archive

_PAGE = "LIMIT :limit OFFSET :offset"


def _each(letters: int) -> str:
    """Return WITH for a table ``held``: the years (4 letters) or months (7) that have articles, and last a row without.

    The newest first, a step along the index each.
    """
    return (
        f"WITH RECURSIVE held(n) AS (SELECT substr(max(published_on), 1, {letters}) FROM article UNION ALL"
        f" SELECT (SELECT substr(max(published_on), 1, {letters}) FROM article WHERE published_on < held.n)"
        " FROM held WHERE n IS NOT NULL)"
    )


_NUMBER = "(SELECT count(*) FROM article WHERE published_on >= n AND published_on < n || '.')"
"""How many articles a year or month ``n`` has; after its name comes a hyphen, which is less than a full stop."""
_EACH_YEAR = _each(4)
YEARS = Table(f"{_EACH_YEAR} SELECT n AS 年, {_NUMBER} AS 篇数 FROM held WHERE n IS NOT NULL {_PAGE}")
"""The years that have articles, the newest first, and how many each has."""


def months_of_year(year: str) -> Table:
    """Return the months of a year, ``2024``, that have articles, and how many each has."""
    return Table(
        f"SELECT n AS 月份, 篇数 FROM (SELECT n, {_NUMBER} AS 篇数 FROM (SELECT value AS n FROM json_each(:months)))"
        f" WHERE 篇数 > 0 ORDER BY 1 {_PAGE}",
        {"months": json.dumps(months_in(year))},
    )


def days_of_month(month: str) -> Table:
    """Return the days of a month, ``2024-01``, that have articles, and how many each has."""
    return Table(
        "SELECT published_on AS 日期, count(*) AS 篇数 FROM article"
        f" WHERE published_on BETWEEN :first AND :last GROUP BY 1 ORDER BY 1 {_PAGE}",
        {"first": f"{month}-01", "last": f"{month}-31"},
    )


def titles_of_month(archive: Archive, month: str, most: int) -> dict[str, list[Row]]:
    """Return the first ``most`` articles of each day of a month: day → 编号, 题名, 状态."""
    rows = archive.rows(
        f"SELECT a.published_on AS 日期, a.article_id AS 编号, a.title AS 题名, {as_listed('状态', '', 'a.status')} FROM ("
        "  SELECT article_id, row_number() OVER (PARTITION BY published_on ORDER BY article_id) AS place"
        "  FROM main.article WHERE published_on BETWEEN :first AND :last) d"
        " CROSS JOIN article a ON a.article_id = d.article_id WHERE d.place <= :most ORDER BY 1, 2",
        {"first": f"{month}-01", "last": f"{month}-31", "most": most},
    )
    return {day: list(some) for day, some in groupby(rows, key=lambda row: str(row["日期"]))}


def days_of_every_year(
    connection: sqlite3.Connection, month_day: str, before: str = "9999-99-99"
) -> list[str]:
    """Return a day, ``01-16``, of every year that has articles, the newest first; ``before``: only earlier ones."""
    sql = f"{_EACH_YEAR} SELECT n || '-' || :day FROM held WHERE n || '-' || :day < :before"
    return [day for (day,) in connection.execute(sql, {"day": month_day, "before": before})]


def neighbours(connection: sqlite3.Connection, first: str, last: str) -> tuple[str | None, str | None]:
    """Return the nearest days with articles before the first and after the last of these days."""
    row = connection.execute(
        "SELECT (SELECT max(published_on) FROM article WHERE published_on < ?),"
        " (SELECT min(published_on) FROM article WHERE published_on > ?)",
        (first, last),
    ).fetchone()
    return row[0], row[1]


def neighbours_on(
    connection: sqlite3.Connection, month_day: str, *, before: str = "9999-99-99"
) -> tuple[str | None, str | None]:
    """Return the nearest days of the calendar, ``01-16``, before and after one that have articles in some year.

    ``before``: only articles of earlier days count.
    """
    row = connection.execute(
        f"""{_EACH_YEAR} SELECT
              max((SELECT max(substr(published_on, 6)) FROM (SELECT max(published_on) AS published_on FROM article
                WHERE published_on >= n AND published_on < n || '-' || :day AND published_on < :before))),
              min((SELECT min(substr(published_on, 6)) FROM (SELECT min(published_on) AS published_on FROM article
                WHERE published_on > n || '-' || :day AND published_on < n || '.' AND published_on < :before)))
            FROM held WHERE n IS NOT NULL""",
        {"day": month_day, "before": before},
    ).fetchone()
    return row[0], row[1]


def months(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    """Return every month that has articles, the newest first, and how many."""
    return connection.execute(f"{_each(7)} SELECT n, {_NUMBER} FROM held WHERE n IS NOT NULL").fetchall()


def undated(connection: sqlite3.Connection) -> int:
    """Return how many articles have no day of publication."""
    row = connection.execute("SELECT count(*) FROM article WHERE published_on IS NULL").fetchone()
    return int(row[0])


@dataclass(frozen=True, slots=True)
class YearRow:
    """A year with its months, or several years in a row that have nothing."""

    name: str
    """``2024``, or ``2012–2014``."""
    number: int = 0
    """Articles of the year."""
    months: Sequence[tuple[str, int | None]] = ()
    """Twelve (``2024-01``, articles), None before the first and after the last month of all; () where there is nothing."""


def by_year(counts: Sequence[tuple[str, int]]) -> list[YearRow]:
    """Return the years of some months or years and their counts, the newest first, those that have nothing between them."""
    found = dict(counts)
    totals = {
        year: sum(n for _, n in some) for year, some in groupby(sorted(counts), lambda pair: pair[0][:4])
    }
    known = sorted(totals, reverse=True)
    rows = []
    for year, later in zip(known, ["", *known], strict=False):
        if later and (gap := _between(year, later)):
            rows.append(YearRow(gap))
        rows.append(YearRow(year, totals[year], tuple(_twelve(year, found))))
    return rows


def _twelve(year: str, counts: dict[str, int]) -> Iterator[tuple[str, int | None]]:
    first, last = min(counts), max(counts)
    for month in months_in(year):
        yield month, counts.get(month, 0 if first < month < last else None)


def months_in(year: str) -> list[str]:
    """Return the twelve months of a year, ``2024-01``."""
    return [f"{year}-{number:02}" for number in range(1, 13)]


def _between(earlier: str, later: str) -> str:
    if not (earlier.isdecimal() and later.isdecimal()):  # a program may have written any four characters
        return ""
    first, last = int(earlier) + 1, int(later) - 1
    return "" if first > last else f"{first:04}" if first == last else f"{first:04}–{last:04}"


def weeks(month: str, counts: dict[str, int]) -> list[list[tuple[str, int]]]:
    """Return a month, ``2024-01``, as a calendar: weeks from Monday on of (day, articles); ("", 0) outside of it."""
    first = date.fromisoformat(f"{month}-01")
    cells = [("", 0)] * first.weekday()
    for number in range(1, 32):
        day = f"{month}-{number:02}"
        if is_day(day):
            cells.append((day, counts.get(day, 0)))
    cells += [("", 0)] * (-len(cells) % 7)
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]


def is_day(text: str) -> bool:
    """Tell whether there is such a day, ``2024-01-16``."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def in_words(date: str, *, only: int = 0) -> str:
    """Return a year, month or day, or a day of all years, as people write it: ``2024 年 1 月 16 日``, ``1 月 16 日``.

    ``only``: the first, second or third part of it alone, ``16 日``.
    """
    parts = date.split("-")
    units = "年月日" if len(parts[0]) == 4 else "月日"
    said = [
        f"{part if unit == '年' else _plain(part)} {unit}" for part, unit in zip(parts, units, strict=False)
    ]
    return said[only - 1] if only else " ".join(said)


def _plain(number: str) -> str:
    return number.lstrip("0") or number


def weekday(day: str) -> str:
    """Return the day of the week of a day, ``星期二``; "" for what is none."""
    return f"星期{'一二三四五六日'[date.fromisoformat(day).weekday()]}" if is_day(day) else ""
