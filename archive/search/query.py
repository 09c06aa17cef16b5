"""Search: what a person types → conditions → one SQL statement → hits with marked snippets.

The one place that knows how Chinese is searched, together with ``sql/0002_search.sql``, which keeps the index and
gives the same search to people with a plain SQLite shell (views 检索, 检索编号).

The language, in full:

=========================  ==============================================================================
``余峰 工会``                both occur, in the title, the text or the credit line
``柑橘 OR 脐橙 2024年``      one of the two, and 2024年: OR joins its neighbours only
``-广告``                   does not occur
``"3 月 15 日"``            exactly this; needed for what would be read as a sign otherwise
``标题:柑橘``                occurs in the title (with 引题 and 副题); ``正文:`` in the text; ``署名:`` in the credit line
``记者:余峰``                has this credit; any role of ``archive.Role`` (三审:, 责任编辑: …), the name in full
``姓名:余峰``                has a credit of this name, whatever its role
``栏目:要闻`` ``来源:…``      the name in full
``日期:2024-01..2024-03``   published then; also one year, month or day, and one end open (``日期:2024..``)
``状态:已消失``              ``在线``, ``失联`` or ``已消失``
``图片:有``                 has pictures (``有``) or none (``无``)
``类型:视频``               ``文字``, ``图集``, ``视频``, ``音频``, ``文件`` or ``报纸``
=========================  ==============================================================================

Alike count full and half width (！ to ～), capital and small letters; blanks, line breaks and zero-width
characters inside a text count as nothing.  Traditional and simplified characters are different characters.
Full-width colons, minus signs and quotation marks “” 「」 work too.
"""

import calendar
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from archive.model.article import Kind, Role

MAX_QUERY = 1_000
"""Characters a query may have: more is no question that a person asks."""

TEXT_FIELDS = {
    "标题": ("title", "kicker", "subtitle"),
    "正文": ("body",),
    "署名": ("credit_line",),
}
"""Field → the columns of the index it looks in."""

VALUES = {"状态": ("在线", "失联", "已消失"), "图片": ("有", "无"), "类型": tuple(Kind)}
"""Fields whose values are known."""

MARKS = ("【", "】")
"""What stands around a found word in a snippet."""


class QueryError(ValueError):
    """A query that cannot be read: the position in it (from 0) and the reason, in Chinese for the reader."""

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(f"第 {position + 1} 个字符：{reason}")
        self.position = position
        self.reason = reason


class Order(StrEnum):
    """The order of hits."""

    RELEVANCE = "相关"
    NEWEST = "新"
    OLDEST = "旧"


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
    """A property of the article: field ``栏目``, ``来源``, ``状态``, ``图片``, ``类型``, ``姓名`` or a credit role."""

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


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found."""

    article_id: int
    title: str
    published_on: str | None
    section: str
    url: str
    segments: tuple[tuple[str, bool], ...]
    """The snippet in pieces: (text, is it a found word)."""
    rank: float
    """BM25, smaller is better; 0 where hits are not ordered by relevance."""

    @property
    def snippet(self) -> str:
        """The snippet with found words between 【 and 】."""
        return "".join(f"{MARKS[0]}{text}{MARKS[1]}" if marked else text for text, marked in self.segments)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A page of hits, and how many there are in all."""

    total: int
    hits: tuple[Hit, ...]
    as_of: int
    """The newest article's number; give it to ``search`` for the next page."""


@dataclass(frozen=True, slots=True)
class Facets:
    """What the articles found are made of: (value, articles), the most frequent first."""

    sections: tuple[tuple[str, int], ...]
    sources: tuple[tuple[str, int], ...]
    years: tuple[tuple[str, int], ...]
    """By year."""
    states: tuple[tuple[str, int], ...]
    pictures: tuple[tuple[str, int], ...]
    """``有`` and ``无``."""
    credits: tuple[tuple[str, str, int], ...]
    """(role, name, articles)."""


# --- what counts as equal ------------------------------------------------------------------------------

_NOTHING = (
    (0x00, 0x20), (0x7F, 0xA0), (0xAD, 0xAD), (0x600, 0x604), (0x6DD, 0x6DD), (0x70F, 0x70F), (0x1680, 0x1680),
    (0x180E, 0x180E), (0x2000, 0x200F), (0x2028, 0x202F), (0x205F, 0x2064), (0x206A, 0x206F), (0x3000, 0x3000),
    (0xD800, 0xDFFF), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB), (0x110BD, 0x110BD), (0x1D173, 0x1D17A),
    (0xE0001, 0xE0001), (0xE0020, 0xE007F),
)  # fmt: skip
"""Blanks, control and format characters: what the index's tokenizer reads as no character."""

_CASED = (
    (0x41, 0x376), (0x386, 0x526), (0x531, 0x10CD), (0x1E00, 0x2C2E), (0x2C60, 0xA696), (0xA722, 0xA792),
    (0xA7A0, 0xA7AA), (0x10400, 0x10427),
)  # fmt: skip
"""Where the tokenizer knows capital letters; Unicode has grown since its tables were made."""


class _Folding(dict[int, int | str | None]):
    """Character → its folded form, for ``str.translate``; works out each character once."""

    def __missing__(self, code: int) -> int | str | None:
        self[code] = folded = _fold_character(code)
        return folded


def _fold_character(code: int) -> int | str | None:
    if 0xFF01 <= code <= 0xFF5E:
        code -= 0xFEE0
    if any(first <= code <= last for first, last in _NOTHING):
        return None
    if code in (0xFFFE, 0xFFFF):  # SQLite reads them so
        return 0xFFFD
    if any(first <= code <= last for first, last in _CASED):
        for folded in (chr(code).casefold(), chr(code).lower()):
            if len(folded) == 1:
                return folded
    return code


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Return the form in which texts are compared: half width, small letters, no blanks."""
    return text.translate(_FOLDING)


# --- reading a query -----------------------------------------------------------------------------------

_QUOTES = {'"': '"', "＂": "＂", "“": "”", "「": "」"}
_MINUS = "-－−"
_COLON = ":："
_FIELDS = frozenset((*TEXT_FIELDS, *Role, "姓名", "栏目", "来源", "日期", *VALUES))
_LONGEST_FIELD = max(map(len, _FIELDS))
_DAY = r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?"
_DATES = re.compile(rf"(?:{_DAY})?(\.\.)?(?:{_DAY})?", re.ASCII)


def parse_query(text: str) -> Query:
    """Read a query.  Raises ``QueryError``."""
    if len(text) > MAX_QUERY:
        raise QueryError(MAX_QUERY, f"查询太长：最多 {MAX_QUERY} 个字符")
    clauses: list[tuple[Condition, ...]] = []
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
        if joined:
            clauses[-1] = (*clauses[-1], condition)
        else:
            clauses.append((condition,))
        joined = False
    if joined:
        raise QueryError(position, "OR 后面缺少词")
    if not clauses:
        raise QueryError(0, "查询是空的")
    return Query(tuple(clauses))


def split_query(text: str) -> list[str]:
    """Return the conditions of a query as typed, ``OR`` among them.  Raises ``QueryError``."""
    return [token for _, token in _tokens(text)]


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
        raise QueryError(position, "没有这一天") from error
    if found[4] is None:
        if found[5]:
            raise QueryError(position, "两个日期之间写 ..")
        return first
    if first[0] and last[1] and first[0] > last[1]:
        raise QueryError(position, "开始晚于结束")
    return first[0], last[1]


def _days(year: str, month: str | None, day: str | None) -> tuple[str, str]:
    """Return the first and last day of a year, month or day.  Raises ValueError for one that does not exist."""
    months = (int(month), int(month)) if month else (1, 12)
    last_day = calendar.monthrange(int(year), months[1])[1]
    days = (int(day), int(day)) if day else (1, last_day)
    if not 1 <= days[0] <= last_day:
        raise ValueError(day)
    return f"{year}-{months[0]:02}-{days[0]:02}", f"{year}-{months[1]:02}-{days[1]:02}"


# --- asking --------------------------------------------------------------------------------------------


def search(
    connection: sqlite3.Connection,
    query: str | Query,
    *,
    limit: int = 20,
    offset: int = 0,
    order: Order | str = Order.RELEVANCE,
    as_of: int | None = None,
) -> SearchResult:
    """Return a page of hits with snippets, and the exact total, both of one moment.

    A query without a text has no relevance: newest first.  ``as_of``: that of the first page's result, so that
    articles added since do not push hits from page to page.  Raises ``QueryError``; ``ValueError`` for the order.
    """
    plan = _plan(connection, query, as_of)
    order = Order(order)
    ranked = order is Order.RELEVANCE and plan.match is not None
    if ranked:
        hits, by = plan.hits("article_fts.rank"), "place, id DESC"
    else:
        hits = plan.hits("a.published_on", with_article=True)
        by = "place NULLS LAST, id" if order is Order.OLDEST else "place DESC NULLS LAST, id DESC"
    rows = connection.execute(
        f"""WITH hit(id, place) AS MATERIALIZED ({hits}),
                 page AS MATERIALIZED (SELECT id, place FROM hit ORDER BY {by} LIMIT ? OFFSET ?)
            SELECT (SELECT count(*) FROM hit), (SELECT max(article_id) FROM article), page.place,
                   a.article_id, a.title, a.published_on, a.section, a.url, a.body, a.credit_line, a.kicker, a.subtitle
            FROM (SELECT 1) LEFT JOIN page LEFT JOIN article AS a ON a.article_id = page.id
            ORDER BY {by}""",
        (*plan.parameters, limit, offset),
    ).fetchall()
    return SearchResult(
        total=rows[0][0],
        hits=tuple(
            Hit(
                article_id=article_id,
                title=title,
                published_on=published_on,
                section=section or "",
                url=url,
                segments=_segments(
                    {
                        "body": body,
                        "credit_line": credits,
                        "kicker": kicker,
                        "subtitle": subtitle,
                        "title": title,
                    },
                    plan.terms,
                ),
                rank=place if ranked else 0.0,
            )
            for _, _, place, article_id, title, published_on, section, url, body, credits, kicker, subtitle in rows
            if article_id is not None
        ),
        as_of=rows[0][1] or 0,
    )


def count(connection: sqlite3.Connection, query: str | Query) -> int:
    """Return how many articles a query finds.  Raises ``QueryError``."""
    plan = _plan(connection, query)
    return int(connection.execute(f"SELECT count(*) FROM ({plan.hits()})", plan.parameters).fetchone()[0])


def matching(connection: sqlite3.Connection, query: str | Query) -> tuple[str, tuple[str | int, ...]]:
    """Return a SELECT of the numbers of all articles that a query finds, and its parameters.

    Raises ``QueryError``.
    """
    plan = _plan(connection, query)
    return f"SELECT hit.article_id FROM ({plan.hits()}) AS hit", plan.parameters


def matching_ids(connection: sqlite3.Connection, query: str | Query) -> Iterator[int]:
    """Yield the numbers of all articles that a query finds, ascending.  Raises ``QueryError``."""
    sql, parameters = matching(connection, query)
    for row in connection.execute(f"{sql} ORDER BY 1", parameters):
        yield row[0]


def facets(connection: sqlite3.Connection, query: str | Query, *, limit: int = 20) -> Facets:
    """Return what the hits are made of: of each property its ``limit`` most frequent values, of years all.

    Raises ``QueryError``.
    """
    plan = _plan(connection, query)
    rows = connection.execute(
        f"""WITH hit(id, place) AS MATERIALIZED ({plan.hits()})
            SELECT 'article', a.section, a.source, substr(a.published_on, 1, 4), a.status, count(*)
              FROM hit CROSS JOIN article AS a INDEXED BY ix_article_facet ON a.article_id = hit.id GROUP BY 2, 3, 4, 5
            UNION ALL SELECT 'listed', s.name, NULL, NULL, NULL, count(DISTINCT hit.id)
              FROM hit CROSS JOIN article AS a ON a.article_id = hit.id
              CROSS JOIN listing AS l ON l.key = a.key CROSS JOIN section AS s ON s.section_id = l.section_id
              WHERE EXISTS (SELECT 1 FROM listing) AND s.kind = 'section' AND s.site = a.site
                AND s.name NOT IN (a.section, '') GROUP BY 2
            UNION ALL SELECT 'credit', c.name, c.role, NULL, NULL, count(DISTINCT hit.id)
              FROM hit CROSS JOIN credit AS c ON c.article_id = hit.id
              GROUP BY 2, 3
            UNION ALL SELECT 'image', NULL, NULL, NULL, NULL, count(*)
              FROM hit WHERE EXISTS (SELECT 1 FROM image AS i WHERE i.article_id = hit.id)""",
        plan.parameters,
    ).fetchall()
    counts: list[Counter[str]] = [Counter(), Counter(), Counter(), Counter()]
    people = []
    total = pictured = 0
    for kind, value, role, year, status, number in rows:
        if kind == "article":
            total += number
            for counter, found in zip(counts, (value, role, year, status), strict=True):
                if found:
                    counter[found] += number
        elif kind == "listed":  # what a list shows counts as what the page prints, as for the filter 栏目:
            counts[0][value] += number
        elif kind == "credit":
            people.append((role, value, number))
        else:
            pictured = number
    sections, sources, years, states = (
        sorted(counter.items(), key=lambda found: (-found[1], found[0])) for counter in counts
    )
    return Facets(
        sections=tuple(sections[:limit]),
        sources=tuple(sources[:limit]),
        years=tuple(sorted(years)),
        states=tuple(states),
        pictures=tuple((v, n) for v, n in (("有", pictured), ("无", total - pictured)) if n),
        credits=tuple(sorted(people, key=lambda row: (-row[2], row[1], row[0]))[:limit]),
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """A query as SQL.  The text is put together from constants; values are parameters only."""

    terms: tuple[Term, ...]
    match: str | None
    """What the index is asked, None where it is not needed."""
    conditions: tuple[str, ...]
    """What else must hold of ``article AS a``."""
    parameters: tuple[str | int, ...]

    def hits(self, place: str = "NULL", *, with_article: bool = False) -> str:
        """Return the SELECT of (article_id, place) of all hits.  ``with_article``: the place is a column of ``a``."""
        conditions = " AND ".join(self.conditions)
        if self.match is None:
            return f"SELECT a.article_id AS article_id, {place} FROM article AS a WHERE {conditions}"
        join = " JOIN article AS a ON a.article_id = article_fts.rowid" if conditions or with_article else ""
        rest = f" AND {conditions}" if conditions else ""
        return f"SELECT article_fts.rowid AS article_id, {place} FROM article_fts{join} WHERE article_fts MATCH ?{rest}"


def _plan(connection: sqlite3.Connection, query: str | Query, as_of: int | None = None) -> _Plan:
    """Give the index what it can answer by itself, and the rest to the table."""
    query = parse_query(query) if isinstance(query, str) else query
    wanted, unwanted, rest = [], [], []
    for clause in query.clauses:
        if all(isinstance(condition, Term) and not condition.negated for condition in clause):
            wanted.append(_phrases(clause))
        elif len(clause) == 1 and isinstance(clause[0], Term):
            unwanted.append(clause)
        else:
            rest.append(clause)
    match = None
    if wanted:
        match = " AND ".join(wanted)
        if unwanted:
            match = f"({match}) NOT ({' OR '.join(_phrases(clause) for clause in unwanted)})"
    else:
        rest += unwanted
    conditions: list[str] = []
    parameters: list[str | int] = [] if match is None else [match]
    for clause in rest:
        parts = [_condition(connection, condition) for condition in clause]
        conditions.append(f"({' OR '.join(sql for sql, _ in parts)})")
        parameters += [value for _, values in parts for value in values]
    if as_of is not None:
        conditions.append("a.article_id <= ?")
        parameters.append(as_of)
    return _Plan(query.terms, match, tuple(conditions), tuple(parameters))


def _phrases(clause: Sequence[Condition]) -> str:
    """Return what FTS5 is asked for one of these terms, signs of negation left aside."""
    return f"({' OR '.join(_phrase(term) for term in clause if isinstance(term, Term))})"


def _phrase(term: Term) -> str:
    columns = f"{{{' '.join(term.columns)}}} : " if term.columns else ""
    characters = " ".join(term.text).replace('"', '""')
    return f'{columns}"{characters}"'


def _condition(connection: sqlite3.Connection, condition: Condition) -> tuple[str, list[str | int]]:
    """Return a condition on ``article AS a`` and its parameters."""
    sql, parameters = _positive(connection, condition)
    return (f"NOT coalesce({sql}, 0)" if condition.negated else sql), parameters


def _positive(connection: sqlite3.Connection, condition: Condition) -> tuple[str, list[str | int]]:
    if isinstance(condition, Term):
        return "a.article_id IN (SELECT rowid FROM article_fts WHERE article_fts MATCH ?)", [
            _phrase(condition)
        ]
    if isinstance(condition, Dates):
        return "a.published_on BETWEEN ? AND ?", [condition.first or "0000", condition.last or "9999-99-99"]
    if condition.field == "状态":
        return "a.status = ?", [condition.value]
    if condition.field == "类型":
        return "a.kind = ?", [condition.value]
    if condition.field == "图片":
        pictured = "EXISTS (SELECT 1 FROM image AS i WHERE i.article_id = a.article_id)"
        return pictured if condition.value == "有" else f"NOT {pictured}", []
    if condition.field == "来源":
        return f"a.source IN {_LIST}", [_spellings(connection, "article", "source", condition.value)]
    if condition.field == "栏目":
        return (
            f"(a.section IN {_LIST} OR a.article_id IN (SELECT t.article_id FROM section AS s"
            f" JOIN article_section AS t ON t.section_id = s.section_id WHERE s.name IN {_LIST}))",
            [
                _spellings(connection, "article", "section", condition.value),
                _spellings(connection, "section", "name", condition.value),
            ],
        )
    names = _spellings(connection, "credit", "name", condition.value)
    if condition.field == "姓名":
        return f"a.article_id IN (SELECT article_id FROM credit WHERE name IN {_LIST})", [names]
    return (
        f"a.article_id IN (SELECT article_id FROM credit WHERE role = ? AND name IN {_LIST})",
        [condition.field, names],
    )


_LIST = "(SELECT value FROM json_each(?))"


def _spellings(connection: sqlite3.Connection, table: str, column: str, folded: str) -> str:
    """Return the values of a column that count as this one, as a JSON array.

    Walks from value to value along the column's index: as many steps as there are different values.
    """
    values = connection.execute(
        f"""WITH RECURSIVE v(value) AS (SELECT min({column}) FROM {table} UNION ALL
              SELECT (SELECT min({column}) FROM {table} WHERE {column} > value) FROM v WHERE value IS NOT NULL)
            SELECT value FROM v WHERE value IS NOT NULL"""
    )
    return json.dumps([value for (value,) in values if fold(value) == folded], ensure_ascii=False)


# --- snippets ------------------------------------------------------------------------------------------

_BEFORE, _AFTER, _OPENING = 18, 24, 60
"""Characters shown before and after a found word; of the text's opening where no word is found."""

_SKIPPED = re.compile(f"[{''.join(f'{chr(first)}-{chr(last)}' for first, last in _NOTHING)}]")


def _segments(texts: dict[str, str | None], terms: Sequence[Term]) -> tuple[tuple[str, bool], ...]:
    """Return the places of the texts (by column, best place first) that show every term they hold, words marked."""
    segments: list[tuple[str, bool]] = []
    shown: set[Term] = set()
    for column, text in texts.items():
        places = {
            term: found
            for term in terms
            if text and (not term.columns or column in term.columns) and (found := _places(text, term.text))
        }
        if text and not places.keys() <= shown:
            segments += _windows(text, places, [places[term][0] for term in places if term not in shown])
            shown |= places.keys()
    if segments:
        return tuple(segments)
    opening = (texts["body"] or "")[:_OPENING]
    return ((opening.replace("\n", " ") + "…", False),)


def _places(text: str, folded_term: str) -> list[tuple[int, int]]:
    """Return (start, end) in the text of every occurrence of a folded term."""
    folded = fold(text)
    start = folded.find(folded_term)
    if start < 0:
        return []
    skipped = [match.start() for match in _SKIPPED.finditer(text)]
    places = []
    while start >= 0:
        end = start + len(folded_term)
        places.append((_unfolded(start, skipped), _unfolded(end - 1, skipped) + 1))
        start = folded.find(folded_term, end)
    return places


def _unfolded(position: int, skipped: Sequence[int]) -> int:
    """Return where the character at this position of a folded text stands in the text."""
    for place in skipped:
        if place > position:
            break
        position += 1
    return position


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


# --- upkeep --------------------------------------------------------------------------------------------

TRIGGERS = ("article_fts_insert", "article_fts_delete", "article_fts_update_old", "article_fts_update_new")


def reindex(connection: sqlite3.Connection) -> None:
    """Build the index again from the articles, and compact it.

    Splits the texts here, several times faster than the view does for the triggers; the index is the same.
    """
    columns = ", ".join(_INDEXED)
    connection.execute("INSERT INTO article_fts (article_fts) VALUES ('delete-all')")
    connection.execute(_HASH_SIZE, (_LARGE_HASH,))
    rows = connection.execute(f"SELECT article_id, {columns} FROM article ORDER BY article_id")
    with_nul = []

    def spaced() -> Iterator[tuple[int | str, ...]]:
        for article_id, *texts in rows:
            if any("\0" in text for text in texts):
                with_nul.append((article_id,))
            else:
                yield article_id, *map(_spaced, texts)

    connection.executemany(f"INSERT INTO article_fts (rowid, {columns}) VALUES (?, ?, ?, ?, ?, ?)", spaced())
    connection.executemany(  # SQLite's functions stop at a NUL: only the view knows what they make of one
        f"INSERT INTO article_fts (rowid, {columns})"
        f" SELECT article_id, {columns} FROM article_fts_text WHERE article_id = ?",
        with_nul,
    )
    connection.execute(_HASH_SIZE, (_USUAL_HASH,))
    optimize(connection)


def optimize(connection: sqlite3.Connection) -> None:
    """Merge the parts that many small writes leave of the index: a smaller file, faster answers."""
    connection.execute("INSERT INTO article_fts (article_fts) VALUES ('optimize')")


def _spaced(text: str) -> str:
    """Return what the view ``article_fts_text`` makes of a text without NUL, as far as the tokenizer can tell.

    Sets blanks between the bytes of UTF-16, which is several times faster than between characters.
    """
    for wide in set(_WIDE.findall(text)):
        text = text.replace(wide, chr(ord(wide) - 0xFEE0))
    units = text.encode("utf-16-le")
    if len(units) != 2 * len(text):  # characters of two units each, 𠮷 or 🍊
        return " ".join(text)
    spaced = bytearray(2 * len(units))
    spaced[0::4], spaced[1::4], spaced[2::4] = units[0::2], units[1::2], b" " * len(text)
    return spaced.decode("utf-16-le")


_WIDE = re.compile("[！-～]")
_INDEXED = ("body", "title", "kicker", "subtitle", "credit_line")
_HASH_SIZE = "INSERT INTO article_fts (article_fts, rank) VALUES ('hashsize', ?)"
_USUAL_HASH, _LARGE_HASH = 1 << 20, 64 << 20
"""Bytes of words that FTS5 collects in memory before it writes them out."""


def index_ok(connection: sqlite3.Connection) -> str:
    """Return "" when the index holds exactly the archive's texts and its triggers are there, else what is wrong.

    Raises ``sqlite3.OperationalError`` where the file cannot be written: FTS5 compares in a write transaction only.
    """
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'article'"
    )
    missing = sorted(set(TRIGGERS) - {name for (name,) in found})
    if missing:
        return f"triggers are missing: {', '.join(missing)}"
    try:
        connection.execute("INSERT INTO article_fts(article_fts, rank) VALUES ('integrity-check', 1)")
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        return f"the search index does not hold the archive's texts: {error}"
    return ""
