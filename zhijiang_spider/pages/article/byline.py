"""Names that stand by the title without a label: ``王某某 2015-06-21``, ``某某/某报``, a line of its own.

Such a line says who wrote the article only by its place, so it must be nothing but names with known surnames,
dates and outlets; what a menu or a platform prints there (高清, 安徽) is none.
"""

import re
from collections.abc import Callable, Container, Sequence
from itertools import takewhile
from typing import NamedTuple

from zhijiang_spider.pages.boilerplate import is_boilerplate
from zhijiang_spider.pages.header import PROVINCES, before_labels, behind_source, date_of, is_outlet
from zhijiang_spider.pages.seen import GAP
from zhijiang_spider.text.characters import plain_copy
from zhijiang_spider.text.names import NAMELESS, is_org, is_place, split_names
from zhijiang_spider.vocabulary import words

_MARKS = re.compile(r"^[\s\u3000□■◎●○◆◇▪*·（(【\[]{1,4}|[\s\u3000）)】\]]{1,4}$")
_PARTS = re.compile(rf"[\s\u3000|｜丨/／·、，,{GAP}]+")
_PADDED = re.compile(
    r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])[\s\u3000]{1,3}([\u4e00-\u9fff])(?![\u4e00-\u9fff])"
)
_HAN_NAME = re.compile("[\u4e00-\u9fff]{2,4}")
_PLACE = re.compile(f".[{''.join(words('names.place_endings'))}]")
"""Two characters that are rather a place than a name."""
_MOST = 5


class _DatedRow(NamedTuple):
    """The words of a row around its date."""

    before: Sequence[str]
    """Before the date, outlets left out."""
    behind: Sequence[str]
    """Behind it, up to the first label."""


def byline_of(text: str, known: Container[str]) -> str:
    """Return the names of a line by the title as printed, "" where it holds something else.

    ``known``: words of the page's own (the breadcrumb).  In a row with a date a name must stand right before
    or behind it, and names of two characters, which many words look like, right before it.
    """
    text = _PADDED.sub(r"\1\2", text)
    if names := _names_of(_parts(behind_source(text)), known):
        return names
    printed = date_of(text)
    if not printed:
        return _names_alone(_parts(_MARKS.sub("", _MARKS.sub("", text))), known)
    before, _, behind = text.partition(printed)
    row = _DatedRow(
        [part for part in _parts(_MARKS.sub("", before)) if not is_outlet(part) and not is_boilerplate(part)],
        _parts(before_labels(behind)),
    )
    return next((names for rule in _ROW_RULES if (names := rule(row, known))), "")


def _names_alone(parts: Sequence[str], known: Container[str]) -> str:
    """Read a line without a date: 王某某 李某某, 某报 王某某."""
    names = [part for part in parts if _is_name(part, known)]
    rest = [part for part in parts if part not in names]
    if len(names) > _MOST or len(rest) > 1:
        return ""
    return "、".join(names) if all(is_outlet(part) or is_org(plain_copy(part)) for part in rest) else ""


def _names_of(parts: Sequence[str], known: Container[str]) -> str:
    """Read words that are names and nothing else, up to the first that is none: 来源：某报 王某某 要闻."""
    names = list(takewhile(lambda part: _is_name(part, known), parts))
    return "、".join(names) if len(names) <= _MOST else ""


def _names_before(row: _DatedRow, known: Container[str]) -> str:
    """王某某 李某 2015-06-21."""
    names = row.before
    return "、".join(names) if len(names) <= _MOST and all(_is_name(name, known) for name in names) else ""


def _writer_behind_column(row: _DatedRow, known: Container[str]) -> str:
    """县城故事 王某某 2015-06-21."""
    last = row.before[-1] if row.before else ""
    return last if len(last) > 2 and _is_name(last, known) else ""


def _name_behind(row: _DatedRow, known: Container[str]) -> str:
    """2015-06-21 由王某某 某报."""
    names = [part.removeprefix("由") for part in row.behind if len(part) > 2 and not is_outlet(part)]
    names = [name for name in names if not is_boilerplate(name) and name not in PROVINCES]
    return names[0] if len(names) == 1 and len(names[0]) > 2 and _is_name(names[0], known) else ""


def _name_behind_outlet(row: _DatedRow, known: Container[str]) -> str:
    """2017-03-20 某网 某某."""
    if len(row.behind) != 2:
        return ""
    outlet, name = row.behind
    return name if is_outlet(outlet) and _is_name(name, known) else ""


_ROW_RULES: Sequence[Callable[[_DatedRow, Container[str]], str]] = (
    _names_before,
    _writer_behind_column,
    _name_behind,
    _name_behind_outlet,
)
"""In this order; each answers with the names, "" = ask the next."""


def _parts(text: str) -> Sequence[str]:
    return [part for part in _PARTS.split(text) if part]


def _is_name(text: str, known: Container[str]) -> bool:
    plain = plain_copy(text)
    return (
        _HAN_NAME.fullmatch(text) is not None
        and split_names(plain) == [len(text)]
        and text not in known
        and plain not in NAMELESS
        and not is_place(plain)
        and not (len(text) == 2 and _PLACE.fullmatch(plain))
        and not is_org(plain, weak=True)
        and not is_boilerplate(text)
    )
