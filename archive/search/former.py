"""Former texts: articles of which a replaced version is what a query asks for, and the article as it is now is not.

A query is answered on whole versions: its texts are looked for in what that version said, its credits are those of that
version, and what else it asks is asked of the article.  Candidates are articles of which a replaced version had a text or
credit of the query that a later one has no more, or that now have what the query excludes: without one of these no
version can be what the article is not.  Each is looked into, version by version.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.search.errors import FormerUnsearchedError
from archive.search.fold import fold
from archive.search.former_index import COLUMNS, pieces
from archive.search.language import (
    Condition,
    Filter,
    Query,
    Term,
    is_credit,
    is_of_version,
    names_version,
    once_credited,
    without_former,
)
from archive.search.snippets import MARKS, SHOWN, excerpt
from archive.search.sql import LIST, condition_sql, make_plan, phrase, spellings

MOST = 3_000
"""Articles that are looked into; about half a second of the processor."""
UNASKED = "检索式里没有要出现的词，也没有署名"
TOO_MANY = f"旧版本里可能符合的文章超过 {MOST} 篇，没有逐一查看；加一个词或日期再查"


@dataclass(frozen=True, slots=True)
class Former:
    """What former versions have of a query."""

    articles: Sequence[int]
    """Numbers of the articles, ascending; () also where they were not looked for."""
    unsearched: str = ""
    """Why former versions were not searched, in Chinese; "" where they were."""


@dataclass(frozen=True, slots=True)
class FormerVersion:
    """The newest version of an article that a query finds."""

    number: int
    before: Mapping[str, Any]
    """Its row of ``article_version``."""
    after: Mapping[str, Any]
    """That of the version that replaced it."""
    segments: tuple[tuple[str, bool], ...]
    """As those of ``archive.search.query.Hit``, of the former text; () where the text now is what was found."""

    @property
    def snippet(self) -> str:
        """The snippet with found words between 【 and 】."""
        return "".join(f"{MARKS[0]}{text}{MARKS[1]}" if marked else text for text, marked in self.segments)


def search_former(connection: sqlite3.Connection, query: Query) -> Former:
    """Find the articles of which only a former version is what a query asks for.  ``query``: without 旧版:有."""
    if not names_version(query):
        return Former((), UNASKED)
    candidates, values = _candidates(connection, query)
    plan = make_plan(connection, query)
    conditions, more = _of_article(connection, query)
    sql = (
        f"SELECT a.article_id FROM ({candidates}) AS k CROSS JOIN article AS a ON a.article_id = k.article_id"
        f" WHERE {conditions} AND NOT EXISTS (SELECT 1 FROM ({plan.hits()}) AS h WHERE h.article_id = a.article_id) LIMIT ?"
    )
    found = connection.execute(sql, (*values, *more, *plan.parameters, MOST + 1)).fetchall()
    if len(found) > MOST:
        return Former((), TOO_MANY)
    return Former(sorted(_newest(connection, query, [number for (number,) in found])))


def found_only_before(connection: sqlite3.Connection, query: Query) -> Sequence[int]:
    """Return the articles that ``search_former`` finds.  Raises ``FormerUnsearchedError``."""
    found = search_former(connection, query)
    if found.unsearched:
        raise FormerUnsearchedError(found.unsearched)
    return found.articles


def former_versions(
    connection: sqlite3.Connection, query: Query, articles: Sequence[int]
) -> Mapping[int, FormerVersion]:
    """Return for each article that a query found by its former versions the newest one that is what it asks for.

    Of 旧版:有 the version that the rest of the query finds; of 曾署名, 曾三审 … the one whose credits had the name, where
    one had all of them.  Nothing for any other query.
    """
    whole = without_former(query)
    asked = whole or once_credited(query)
    if asked is None or not articles:
        return {}
    found = {}
    for article_id, number in _newest(connection, asked, articles).items():
        before, after = (_version(connection, article_id, number + place) for place in (0, 1))
        segments = excerpt({name: before[name] for name in SHOWN}, asked.terms) if whole else ()
        found[article_id] = FormerVersion(number, before, after, segments)
    return found


def _candidates(connection: sqlite3.Connection, query: Query) -> tuple[str, list[str | int]]:
    """Return a SELECT of the articles that may be found, and its parameters."""
    parts: list[str] = []
    values: list[str | int] = []
    terms = []
    for condition in dict.fromkeys(c for clause in query.clauses for c in clause):
        if isinstance(condition, Term) and not condition.negated:
            terms.append(condition)
        elif isinstance(condition, Term):
            parts.append(
                f"SELECT rowid AS article_id FROM article_fts WHERE article_fts MATCH ? AND +rowid IN ({_CHANGED})"
            )
            values.append(phrase(condition))
        elif isinstance(condition, Filter) and is_credit(condition):
            table = "credit" if condition.negated else "_former_credit"
            parts.append(
                f"SELECT article_id FROM {table} WHERE ? IN ('姓名', role) AND name IN {LIST}"
                + (f" AND article_id IN ({_CHANGED})" if condition.negated else "")
            )
            values += [condition.field, spellings(connection, table, "name", condition.value)]
    if terms:
        parts.append(_LOST)
        values.append(_any_piece(terms))
    return " UNION ".join(parts), values


_LOST = (
    "SELECT v.article_id FROM article_fts_former CROSS JOIN article_version AS v"
    " ON v.version_id = article_fts_former.rowid WHERE article_fts_former MATCH ?"
)
"""Articles whose former texts have one of some phrases."""
_CHANGED = (
    "SELECT article_id FROM main.article_version INDEXED BY _ix_article_version_second WHERE number = 2"
)
"""Articles that have former versions, withheld ones too: which of them are looked into is for others to say."""


def _of_article(connection: sqlite3.Connection, query: Query) -> tuple[str, list[str | int]]:
    """Return what must hold of ``article AS a`` where a version of it is what a query asks for.

    What is asked of the article itself; and a text that any version has stands in it now, or was dropped some time.
    """
    conditions: list[str] = []
    values: list[str | int] = []
    for clause in query.clauses:
        terms = [c for c in clause if isinstance(c, Term) and not c.negated]
        if not any(is_of_version(c) for c in clause):
            parts = [condition_sql(connection, c) for c in clause]
            conditions.append(f"({' OR '.join(sql for sql, _ in parts)})".replace("{id}", "a.article_id"))
            values += [value for _, more in parts for value in more]
        elif len(terms) == len(clause) and len(query.clauses) > 1:
            stands = "SELECT rowid FROM article_fts WHERE article_fts MATCH ?"
            conditions.append(f"(a.article_id IN ({_LOST}) OR a.article_id IN ({stands}))")
            values += [_any_piece(terms), " OR ".join(map(phrase, terms))]
    return " AND ".join(conditions) or "1", values


def _any_piece(terms: Iterable[Term]) -> str:
    """Return what the index of former texts is asked for terms: one of them, or a part of a long one."""
    return " OR ".join(phrase(Term(piece, term.columns)) for term in terms for piece in pieces(term.text))


def _newest(connection: sqlite3.Connection, query: Query, articles: Sequence[int]) -> dict[int, int]:
    """Return for each of the articles the newest replaced version that is what a query asks for, if there is one.

    ``articles``: those that are what the query asks of the article alone.
    """
    clauses = [clause for clause in query.clauses if any(is_of_version(c) for c in clause)]
    told = {
        c: _told_of(connection, c, articles) for clause in clauses for c in clause if not is_of_version(c)
    }
    found: dict[int, int] = {}
    for article_id, number, version in _replaced(connection, articles):
        if article_id not in found and all(
            any(article_id in told[c] if c in told else version.holds(c) for c in clause)
            for clause in clauses
        ):
            found[article_id] = number
    return found


def _told_of(connection: sqlite3.Connection, condition: Condition, articles: Sequence[int]) -> frozenset[int]:
    """Return those of the articles of which a condition holds."""
    sql, values = condition_sql(connection, condition)
    found = connection.execute(
        f"SELECT a.article_id FROM article AS a WHERE a.article_id IN {LIST} AND {sql.format(id='a.article_id')}",
        (json.dumps(articles), *values),
    )
    return frozenset(article_id for (article_id,) in found)


def _replaced(
    connection: sqlite3.Connection, articles: Sequence[int]
) -> Iterator[tuple[int, int, "_Version"]]:
    """Yield (article, number, version) for each replaced version of the articles, the newest of each first."""
    columns = ", ".join(f"CAST(v.{name} AS BLOB)" for name in ("credits", *COLUMNS))
    rows = connection.execute(
        f"SELECT v.article_id, v.number, {columns} FROM json_each(?) AS j CROSS JOIN article_version AS v"
        " ON v.article_id = j.value WHERE v.number < (SELECT max(m.number) FROM article_version AS m"
        "  WHERE m.article_id = j.value) ORDER BY j.key, v.number DESC",
        (json.dumps(articles),),
    )
    for article_id, number, credits, *texts in rows:
        yield (
            article_id,
            number,
            _Version(_text(credits), {n: _text(t) for n, t in zip(COLUMNS, texts, strict=True)}),
        )


def _text(value: bytes | None) -> str:
    return (value or b"").decode(errors="replace")


class _Version:
    """What a version said, folded as far as it was asked."""

    def __init__(self, credits: str, texts: Mapping[str, str]) -> None:
        self._credits = credits
        self._texts = texts
        self._folded: dict[str, str] = {}

    def holds(self, condition: Condition) -> bool:
        """Tell whether a condition on texts or credits holds."""
        if isinstance(condition, Term):
            held = any(condition.text in self._column(name) for name in condition.columns or COLUMNS)
        else:
            assert isinstance(condition, Filter)
            held = any(
                condition.field in ("姓名", role) and fold(name) == condition.value
                for _, role, name, _ in json.loads(self._credits)
            )
        return held is not condition.negated

    def _column(self, name: str) -> str:
        if name not in self._folded:
            self._folded[name] = fold(self._texts[name])
        return self._folded[name]


def _version(connection: sqlite3.Connection, article_id: int, number: int) -> Mapping[str, Any]:
    """Return a row of ``article_version``."""
    cursor = connection.execute(
        "SELECT * FROM article_version WHERE article_id = ? AND number = ?", (article_id, number)
    )
    return dict(zip((column[0] for column in cursor.description), cursor.fetchone(), strict=True))
