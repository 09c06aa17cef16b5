"""The rows of date, source and names around a title, and what stands there without a label."""

import re
from collections.abc import Container, Sequence
from itertools import groupby, zip_longest

from zhijiang_spider.pages.article.body import Body
from zhijiang_spider.pages.article.byline import byline_of
from zhijiang_spider.pages.article.caption_words import SENTENCES
from zhijiang_spider.pages.article.title_lines import Headline
from zhijiang_spider.pages.boilerplate import is_boilerplate, is_credit
from zhijiang_spider.pages.breadcrumb import Breadcrumb, row_behind
from zhijiang_spider.pages.header import (
    date_of,
    is_date,
    is_header_row,
    is_label,
    label_rank,
    outlet_of,
    printed_date,
)
from zhijiang_spider.pages.live import is_live
from zhijiang_spider.pages.seen import Kind, TextBlock, tidy
from zhijiang_spider.text.list_dates import date_alone

_EDITION = re.compile(r"第?\s?[A-Z]{0,2}\d{1,3}\s?版(?:[:：\s]{1,3}\S{0,12})?")
"""The line that names a page of a newspaper: 第03版：要闻."""
_ACCOUNT_CLASS = re.compile(
    r"(?:^|[\s_-])(?:author|source|media|account|nick)(?:[_-]?name)?(?=$|[\s_-])", re.IGNORECASE
)
_CLOCK = re.compile(r"\s?\d{1,2}[:：]\d\d(?:[:：]\d\d)?\s?")
_LEAF = re.compile(r"[\d./\s年月日-]{7,18}")
"""Matches (whole) what may be a calendar's leaf."""
_COLONS = " \u3000:："
_LONGEST_BYLINE = 120
_INDEX_PIECES = 40
"""Pieces above the title among which a table of index number and date is looked for."""
_HEADER_PIECES = 6
"""Pieces behind the title that may hold its rows."""


def header_rows(
    pieces: Sequence[TextBlock],
    headline: Headline,
    body: Body,
    crumbs: Breadcrumb,
    names: Container[str],
) -> list[str]:
    """Return the rows of date, source and names between title and body, else above the title or behind the breadcrumb.

    Parts are marked with ``GAP`` where the page only styles them apart.
    """
    first = max(headline.last + 1, crumbs.last + 1 if crumbs.last < body.start else 0)
    if headline.first < 0:
        first = max(body.start - 6, crumbs.last + 1, 0)
    below = [pieces[number] for number in range(first, body.start) if number not in headline.used]
    rows = _rows(below, names)
    behind = pieces[headline.last].text.partition(headline.title)[2] if headline.last >= 0 else ""
    if date_of(behind):  # <h1>title <small>2024-01-16</small></h1>
        rows = [tidy(behind), *rows]
    if not any(date_of(row) for row in rows):
        above = pieces[max(headline.first - 4, crumbs.last + 1, 0) : max(headline.first, 0)]
        rows = _rows(above, names) + rows
    if not any(date_of(row) for row in rows):
        rows = [*_index_rows(pieces[: max(headline.first, 0)]), *rows]
    if not any(date_of(row) for row in rows) and crumbs.elements:
        rows = [*filter(None, [row_behind(pieces[crumbs.last].marked)]), *rows]
    return rows


def _index_rows(pieces: Sequence[TextBlock]) -> list[str]:
    """Return the rows with a labelled date of the table above the title that government pages have (索引号, 公开日期)."""
    table = groupby(pieces[-_INDEX_PIECES:], key=lambda piece: piece.row)
    lines = ("：".join(piece.marked for piece in cells) for row, cells in table if row)
    return [line for line in lines if date_of(line) and label_rank(line) < 2]


def is_edition(piece: TextBlock) -> bool:
    """Tell whether a line names a page of a newspaper."""
    return "版" in piece.text and _EDITION.fullmatch(piece.text) is not None


def edition_day(pieces: Sequence[TextBlock]) -> str:
    """Return the day of a newspaper's edition as printed, the first above the title: ``2024年01月16日 星期二``."""
    lines = (piece.marked for piece in pieces if piece.kind is Kind.TEXT and not is_live(piece.text))
    days = (date.raw for line in lines if (date := printed_date(line)) and date.form.has_year)
    return next(days, "")


def unlabelled_names(pieces: Sequence[TextBlock], headline: Headline, body: Body, crumbs: Breadcrumb) -> str:
    """Return the names without a label between title and body, or in the body's first line of text."""
    if headline.first < 0:
        return ""
    known = {*crumbs.elements, headline.title, headline.kicker, headline.subtitle}
    lines = [
        pieces[number]
        for number in range(headline.last + 1, body.start)
        if pieces[number].kind is Kind.TEXT and number not in headline.used
    ][:_HEADER_PIECES]
    are_rows = [is_row_or_credit(line) for line in lines]
    for number, line in enumerate(lines):
        # A word alone among others is a button (易信), one between the title, rows and the text a name.
        amid = all(are_rows[:number]) and all(are_rows[number + 1 :][:1])
        if len(line.text) <= _LONGEST_BYLINE and (amid or are_rows[number]):
            names = byline_of(line.spaced, known)
            if names:
                return names
    return ""


def account_by_date(pieces: Sequence[TextBlock], headline: Headline, body: Body, crumbs: Breadcrumb) -> str:
    """Return the account that wrote the article: the line right before its date, named so or behind its portrait."""
    if headline.first < 0:
        return ""
    for number in range(headline.last + 2, min(body.start, headline.last + 1 + _HEADER_PIECES)):
        line = pieces[number - 1]
        if (
            pieces[number].kind is Kind.TEXT
            and date_of(pieces[number].spaced)
            and line.kind is Kind.TEXT
            and number - 1 not in headline.used
            and line.text not in crumbs.elements
            and 2 <= len(line.text) <= 16
            and not is_boilerplate(line.text)
            and not is_row_or_credit(line)
            and not SENTENCES.search(line.text)
            and (
                _ACCOUNT_CLASS.search(f"{line.node.get('class') or ''} {line.node.get('id') or ''}")
                or pieces[number - 2].kind is Kind.PICTURE
            )
        ):
            return line.text
    return ""


def _rows(pieces: Sequence[TextBlock], names: Container[str]) -> list[str]:
    """Return the lines that are rows of a header, and the outlets' names on lines beside such ones.

    A label and its value on two lines make one row, as do a day and its hour.
    """
    lines = [
        piece
        for piece in pieces
        if piece.kind is Kind.TEXT and (is_row_or_credit(piece) or not is_boilerplate(piece.text))
    ]
    are_rows = [is_row_or_credit(piece) for piece in lines]
    joined = [
        (below and _as_one_row(line, below)) or _leaf_of_calendar(line.spaced)
        for line, below in zip_longest(lines, lines[1:])
    ]
    return [
        joined[number] or line.marked
        for number, line in enumerate(lines)
        if joined[number]
        or are_rows[number]
        or (
            any(are_rows[max(number - 1, 0) : number + 2])
            and len(line.text) <= 20
            and not is_boilerplate(line.text)
            and (line.text in names or outlet_of(line.text, ()))
        )
    ]


def _as_one_row(line: TextBlock, below: TextBlock) -> str:
    """Return the row that two lines make, "" where they make none: label and value, day and hour, month and day."""
    if is_label(line.text):
        return "" if is_label(below.text) else f"{line.marked.rstrip(_COLONS)}：{below.marked}"
    if _CLOCK.fullmatch(below.text) and is_date(line.text):
        return f"{line.text} {below.text}"
    return _leaf_of_calendar(line.spaced, below.spaced)


def _leaf_of_calendar(*boxes: str) -> str:
    """Return the day that is set like the leaf of a calendar, 03 and below it 2023.04, as 2023-04-03; "" for others."""
    text = " ".join(boxes)
    if not _LEAF.fullmatch(text) or any(map(is_date, boxes)):
        return ""
    return date_alone(text)[0]


def is_row_or_credit(piece: TextBlock) -> bool:
    """Tell whether a line is a row of date and source, or names who made the article."""
    return is_header_row(piece.spaced) or is_credit(piece.spaced)
