"""The search language: a text as people type it → conditions."""

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from archive.model.article import Kind, Role
from archive.search.errors import QueryError
from archive.search.fold import fold

MAX_QUERY = 1_000
"""Characters a query may have: more is no question that a person asks."""
MAX_CONDITIONS = 20
"""Conditions a query may have, equal ones counted once: each costs a reading of the index."""


TEXT_FIELDS = {
    "标题": ("title", "kicker", "subtitle"),
    "正文": ("body",),
    "署名": ("credit_line",),
}
"""Field → the columns of the index it looks in."""


FORMER = "旧版"
"""The field that asks for articles of which only a former version is what the rest of the query asks for."""
FORMER_ROLES = {f"曾{role}": str(role) for role in Role} | {"曾署名": ""}
"""Field that asks for a credit of a former version → its role, "" for any."""
VALUES = {"状态": ("在线", "失联", "已消失"), "图片": ("有", "无"), "类型": tuple(Kind), FORMER: ("有",)}
"""Fields whose values are known."""


@dataclass(frozen=True, slots=True)
class Term:
    """Text that occurs, or with ``negated`` does not occur."""

    text: str
    """Folded; never empty."""
    columns: tuple[str, ...] = ()
    """Columns of the index it has to occur in, () for all."""
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A property of the article: field ``栏目``, ``来源``, ``状态``, ``图片``, ``类型``, ``姓名`` or a credit role.

    Also one of ``FORMER_ROLES``, and ``FORMER``, which is a clause of its own and not negated.
    """

    field: str
    value: str
    """Folded."""
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Dates:
    """Published on one of these days, both ends included, ``2024-01-16``; "" for an open end."""

    first: str
    last: str
    negated: bool = False


Condition = Term | Filter | Dates


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked: every clause holds, and a clause holds when one of its conditions does."""

    clauses: tuple[tuple[Condition, ...], ...]

    @property
    def terms(self) -> tuple[Term, ...]:
        """The texts that a hit can show, in the order typed."""
        return tuple(c for clause in self.clauses for c in clause if isinstance(c, Term) and not c.negated)


_QUOTES = {'"': '"', "＂": "＂", "“": "”", "「": "」"}


_MINUS = "-－−"


_COLON = ":："


_FIELDS = frozenset((*TEXT_FIELDS, *Role, "姓名", *FORMER_ROLES, "栏目", "来源", "日期", *VALUES))


_LONGEST_FIELD = max(map(len, _FIELDS))


_DAY = r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?"


_DATES = re.compile(rf"(?:{_DAY})?(\.\.)?(?:{_DAY})?", re.ASCII)


def parse_query(text: str) -> Query:
    """Read a query; what it says twice counts once.  Raises ``QueryError``."""
    if len(text) > MAX_QUERY:
        raise QueryError(
            MAX_QUERY,
            f"查询太长：最多 {MAX_QUERY} 个字符，这里有 {len(text)} 个；请只留最要紧的词",
            by_sign=False,
        )
    clauses: list[tuple[Condition, ...]] = []
    starts: dict[Condition, int] = {}
    joined = False
    position = 0
    for start, token in _tokens(text):
        position = start
        if token in ("OR", "ＯＲ"):
            if joined or not clauses:
                raise QueryError(start, "OR 前面缺少词")
            joined = True
            continue
        condition = _parse_condition(text, start, token)
        starts.setdefault(condition, start)
        if joined:
            clauses[-1] = (*clauses[-1], condition)
        else:
            clauses.append((condition,))
        joined = False
    if joined:
        raise QueryError(position, "OR 后面缺少词")
    if not clauses:
        raise QueryError(0, "查询是空的")
    different = _once(clauses)
    if (number := sum(len(clause) for clause in different if clause != _OF_FORMER)) > MAX_CONDITIONS:
        first_too_many = [*starts.values()][MAX_CONDITIONS] if len(starts) > MAX_CONDITIONS else position
        raise QueryError(
            first_too_many,
            f"条件太多：有 {number} 个，最多 {MAX_CONDITIONS} 个，相同的只算一次；请只留最要紧的，或分几次查",
            by_sign=False,
        )
    _refuse_former_among_others(text, different)
    return Query(different)


def _once(clauses: Sequence[tuple[Condition, ...]]) -> tuple[tuple[Condition, ...], ...]:
    """Return the clauses without what is said twice: an equal condition, and a clause that another one implies."""
    different: dict[frozenset[Condition], tuple[Condition, ...]] = {}
    for clause in clauses:
        different.setdefault(frozenset(clause), tuple(dict.fromkeys(clause)))
    return tuple(clause for held, clause in different.items() if not any(other < held for other in different))


_OF_FORMER = (Filter(FORMER, "有"),)
"""The clause that asks for former versions: none that makes a query long."""
ASK_FORMER = f"{FORMER}:有"
"""The same as it is typed."""
_CREDITS = frozenset((*Role, "姓名"))


def _refuse_former_among_others(text: str, clauses: Sequence[Sequence[Condition]]) -> None:
    """Refuse 旧版 where it is not what is asked of the whole query."""
    of_whole = [clause == _OF_FORMER for clause in clauses]
    asked = sum(isinstance(c, Filter) and c.field == FORMER for clause in clauses for c in clause)
    if asked and (asked != of_whole.count(True) or all(of_whole)):
        place = next(
            start for start, token in _tokens(text) if fold(token).lstrip("-−").startswith(f"{FORMER}:")
        )
        raise QueryError(
            place, "旧版:有 要和一个词或署名一起查（如 4100万元 旧版:有），前面不写减号，不放在 OR 旁边"
        )


def without_former(query: Query) -> Query | None:
    """Return what a query with ``旧版:有`` asks of former versions; None for any other query."""
    rest = tuple(clause for clause in query.clauses if clause != _OF_FORMER)
    return Query(rest) if len(rest) < len(query.clauses) else None


def asks_former(query: Query) -> bool:
    """Tell whether a query is answered of former versions already: it says ``旧版:有``, or names only credits that are gone."""
    if without_former(query) is not None:
        return True
    gone = (
        isinstance(c, Filter) and c.field in FORMER_ROLES and not c.negated
        for clause in query.clauses
        for c in clause
    )
    return not names_version(query) and any(gone)


def once_credited(query: Query) -> Query | None:
    """Return what a query with ``曾署名:``, ``曾三审:`` … asks of former versions alone; None for any other query."""
    clauses = [
        tuple(Filter(FORMER_ROLES[c.field] or "姓名", c.value) for c in clause if isinstance(c, Filter))
        for clause in query.clauses
        if all(isinstance(c, Filter) and c.field in FORMER_ROLES and not c.negated for c in clause)
    ]
    return Query(tuple(clauses)) if clauses else None


def names_version(query: Query) -> bool:
    """Tell whether a query names a text or a credit: by these former versions are found."""
    return any(is_of_version(c) and not c.negated for clause in query.clauses for c in clause)


def is_of_version(condition: Condition) -> bool:
    """Tell whether a condition is one on what a version says: its texts, its credits."""
    return isinstance(condition, Term) or is_credit(condition)


def is_credit(condition: Condition) -> bool:
    """Tell whether a condition asks for a credit of the present text, or of the version that is looked into."""
    return isinstance(condition, Filter) and condition.field in _CREDITS


def split_query(text: str) -> list[str]:
    """Return the conditions of a query as typed, ``OR`` among them.  Raises ``QueryError``."""
    return [token for _, token in conditions_as_typed(text)]


def conditions_as_typed(text: str) -> list[tuple[int, str]]:
    """Return the conditions of a query as typed with where each begins, from 0.  Raises ``QueryError``."""
    return list(_tokens(text))


def misspelt_field(text: str) -> tuple[str, str] | None:
    """Return what stands before a colon in a query and is no field, and the field that is like it: ``记着``, ``记者``.

    Such a word is looked for with its colon, as a text.  None where there is none.  Raises ``QueryError``.
    """
    for token in split_query(text):
        name, colon, value = fold(token).lstrip(_MINUS).partition(":")
        if colon and value and name not in _FIELDS and (near := get_close_matches(name, _FIELDS, 1, 0.5)):
            return name, near[0]
    return None


def quoted(field: str, value: str) -> str:
    """Return a condition for a query: this field has this value, whatever characters are in it."""
    return f'{field}:"{value}"' if re.search(r"[\s“「]", value) else f"{field}:{value}"


def within(query: Query, field: str) -> Query:
    """Return the query with its words looked for in one text field only: 标题, 正文 or 署名."""
    return Query(
        tuple(
            tuple(
                replace(c, columns=TEXT_FIELDS[field]) if isinstance(c, Term) and not c.columns else c
                for c in clause
            )
            for clause in query.clauses
        )
    )


def by_title(query: Query) -> Query | None:
    """Return a query as it is asked of an article of which only the title is shown; None: it finds no such article.

    Its words are looked for in the title; what has to occur elsewhere does not occur, and whether there are pictures is
    not told: it is found neither by 图片:有 nor by 图片:无.
    """
    clauses = []
    for clause in query.clauses:
        conditions: list[Condition] = []
        for condition in clause:
            if _is_of_the_rest(condition):
                if condition.negated:
                    break
            else:
                conditions.append(
                    replace(condition, columns=("title",)) if isinstance(condition, Term) else condition
                )
        else:
            if not conditions:
                return None
            clauses.append(tuple(conditions))
    return Query(tuple(clauses))


def _is_of_the_rest(condition: Condition) -> bool:
    """Tell whether a condition asks for what is not shown beside a title, and no withheld table answers it."""
    if isinstance(condition, Term):
        return bool(condition.columns) and "title" not in condition.columns
    return isinstance(condition, Filter) and condition.field == "图片"


def _tokens(text: str) -> Iterator[tuple[int, str]]:
    """Yield (position, token): runs without a blank, where a quoted part may hold blanks."""
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        end = _token_end(text, position)
        yield position, text[position:end]
        position = end


def _token_end(text: str, start: int) -> int:
    value = _value_start(text, start)
    closing = _closing(text, value)
    end = value if closing is None else closing + 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return end


def _value_start(text: str, start: int) -> int:
    """Return where the value of a token begins: after a minus sign and a field name with its colon."""
    if text[start] in _MINUS:
        start += 1
    for colon in range(start + 1, min(start + _LONGEST_FIELD + 1, len(text))):
        if text[colon] in _COLON:
            return colon + 1 if text[start:colon] in _FIELDS else start
    return start


def _closing(text: str, position: int) -> int | None:
    """Return where the quotation that opens here closes, None if none opens here.

    “ and 「 are also characters of the text: they quote only what ends with the token.
    """
    if position >= len(text) or text[position] not in _QUOTES:
        return None
    opening = text[position]
    end = text.find(_QUOTES[opening], position + 1)
    if opening in '"＂':
        if end < 0:
            raise QueryError(position, "引号没有结束")
        return end
    return end if end > 0 and (end + 1 == len(text) or text[end + 1].isspace()) else None


def _parse_condition(text: str, start: int, token: str) -> Condition:
    end = start + len(token)
    value_start = _value_start(text, start)
    negated = token[0] in _MINUS
    field = text[start + negated : value_start].rstrip(_COLON)
    closing = _closing(text, value_start)
    if closing is None:
        value = text[value_start:end]
    elif closing + 1 == end:
        value = text[value_start + 1 : closing]
    else:
        raise QueryError(closing + 1, "引号后面缺少空格")
    if field == "日期":
        first, last = _parse_dates(value, value_start)
        return Dates(first, last, negated)
    folded = fold(value)
    if not folded:
        raise QueryError(value_start, f"{field + '：' if field else ''}缺少要查的词")
    if not field:
        return Term(folded, (), negated)
    if field in TEXT_FIELDS:
        return Term(folded, TEXT_FIELDS[field], negated)
    if folded not in VALUES.get(field, (folded,)):
        raise QueryError(value_start, f"没有这种{field}；可以写：{'、'.join(VALUES[field])}")
    return Filter(field, folded, negated)


def _parse_dates(value: str, position: int) -> tuple[str, str]:
    """Return the first and the last day of ``2024``, ``2024-01``, ``2024-01-16``, ``A..B``, ``A..`` or ``..B``."""
    found = _DATES.fullmatch(fold(value).replace("/", "-"))
    if found is None or not any(found.group(1, 5)):
        raise QueryError(position, "日期写成 2024、2024-01、2024-01-16 或 2024-01..2024-03")
    try:
        first = _days(found[1], found[2], found[3]) if found[1] else ("", "")
        last = _days(found[5], found[6], found[7]) if found[5] else ("", "")
    except ValueError as error:
        raise QueryError(position, "没有这一天", by_sign=False) from error
    if found[4] is None:
        if found[5]:
            raise QueryError(position, "两个日期之间写 ..")
        return first
    if first[0] and last[1] and first[0] > last[1]:
        raise QueryError(position, "开始晚于结束", by_sign=False)
    return first[0], last[1]


def _days(year: str, month: str | None, day: str | None) -> tuple[str, str]:
    """Return the first and last day of a year, month or day.  Raises ValueError for one that does not exist."""
    months = (int(month), int(month)) if month else (1, 12)
    last_day = calendar.monthrange(int(year), months[1])[1]
    days = (int(day), int(day)) if day else (1, last_day)
    if not 1 <= days[0] <= last_day:
        raise ValueError(day)
    return f"{year}-{months[0]:02}-{days[0]:02}", f"{year}-{months[1]:02}-{days[1]:02}"
