"""Which hits a page shows: all of them are known by number, and only those that may be shown are read.

FTS5's ``bm25`` reads every hit, and of a common word that is most of the archive.  Here few hits are all weighed; of many
those are that people want on top: the newest with the words in the title, then the newest.  The rest follows by day.
"""

import json
import sqlite3
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from archive.search.ranking import Texts, weigh
from archive.search.sql import Plan, phrases

EXACT = 400
"""Hits that are all weighed."""
_TITLES, _NEWEST = 200, 60
"""Of more hits: those that are weighed, newest first, with the words in the title and whatever they hold."""
_COMMON = 8
"""A character that stands in more than one of so many articles is common."""
_LOOK_UP = 5
"""Steps along the days of an archive that take as long as to look up the day of one article."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some hits of a query, and how many there are in all."""

    total: int
    rows: list[tuple[int, float]]
    """(number of the article, its weight); 0 for what was not weighed."""


def page_by_relevance(connection: sqlite3.Connection, plan: Plan, limit: int, offset: int) -> Page:
    """Return a page of hits, the best first."""
    if offset + limit <= _NEWEST and (common := _common(connection, plan)):
        return Page(common[0], _weighed(connection, plan, common[1])[offset : offset + limit])
    hits = _hits(connection, plan)
    best = _best(connection, plan, hits)
    rows = best[offset : offset + limit]
    if len(rows) < limit and len(best) < len(hits):
        shown = {number for number, _ in best}
        rest = by_day(connection, hits - shown, offset + limit - len(best))
        rows += [(number, 0.0) for number in rest[max(0, offset - len(best)) :]]
    return Page(len(hits), rows)


def page_by_day(
    connection: sqlite3.Connection, plan: Plan, limit: int, offset: int, *, oldest: bool = False
) -> Page:
    """Return a page of hits, the newest or the oldest first; those without a date come last."""
    hits = _hits(connection, plan)
    return Page(
        len(hits),
        [(number, 0.0) for number in by_day(connection, hits, offset + limit, oldest=oldest)[offset:]],
    )


def by_day(
    connection: sqlite3.Connection, numbers: AbstractSet[int], count: int, *, oldest: bool = False
) -> list[int]:
    """Return the first of these articles by day: the newest or the oldest, those without a date last.

    Few are looked up; many are met soon by who walks along the days.  Number and day of a restricted article are no
    secret, so the table itself is asked: what withholds has no index.
    """
    walk = _articles(connection) * min(1, count / max(1, len(numbers)))
    if _LOOK_UP * len(numbers) <= walk:
        way = "ASC NULLS LAST, article_id" if oldest else "DESC, article_id DESC"
        found = connection.execute(
            "SELECT article_id FROM main.article INDEXED BY ix_article_facet"
            f" WHERE article_id IN (SELECT value FROM json_each(?)) ORDER BY published_on {way} LIMIT ?",
            (json.dumps(list(numbers)), count),
        )
        return [number for (number,) in found]
    first: list[int] = []
    select = "SELECT article_id FROM main.article INDEXED BY ix_article_published"
    walks = [f"{select} ORDER BY published_on DESC, article_id DESC"]
    if oldest:
        walks = [
            f"{select} WHERE published_on IS NOT NULL ORDER BY published_on, article_id",
            f"{select} WHERE published_on IS NULL ORDER BY article_id",
        ]
    for sql in walks:
        for (number,) in connection.execute(sql):
            if len(first) >= count:
                return first
            if number in numbers:
                first.append(number)
    return first[:count]


def _hits(connection: sqlite3.Connection, plan: Plan) -> set[int]:
    return read_numbers(connection, plan.hits(), plan.parameters)


def _best(connection: sqlite3.Connection, plan: Plan, hits: set[int]) -> list[tuple[int, float]]:
    """Return the hits that are weighed, the best first."""
    if len(hits) <= EXACT:
        return _weighed(connection, plan, hits)
    titles = by_day(connection, hits & _with_title(connection, plan), _TITLES)
    return _weighed(connection, plan, {*titles, *by_day(connection, hits, _NEWEST)})


def _common(connection: sqlite3.Connection, plan: Plan) -> tuple[int, set[int]] | None:
    """Return how many hits there are and which of them are weighed, where it is quicker not to ask for all.

    That is so for single characters that stand in many articles: the index counts them at once, and of the newest
    articles it can be asked which are hits.
    """
    if not plan.is_plain or any(len(term.text) > 1 for term in plan.terms):
        return None
    (total,) = connection.execute(f"SELECT count(*) FROM ({plan.hits()})", plan.parameters).fetchone()
    articles = _articles(connection)
    if total <= max(EXACT, articles / _COMMON):
        return None
    newest = "SELECT article_id FROM main.article ORDER BY published_on DESC, article_id DESC LIMIT ?"
    days = [number for (number,) in connection.execute(newest, (2 * _NEWEST * articles // total,))]
    titles = by_day(connection, _with_title(connection, plan), _TITLES)
    found = read_numbers(
        connection,
        f"{plan.hits()} AND article_fts.rowid IN (SELECT value FROM json_each(?))",
        (*plan.parameters, json.dumps([*days, *titles])),
    )
    first = [number for number in days if number in found][:_NEWEST]
    return (total, {*first, *found.intersection(titles)}) if len(first) == _NEWEST else None


def _weighed(connection: sqlite3.Connection, plan: Plan, numbers: set[int]) -> list[tuple[int, float]]:
    """Return these articles with their weights, the best first."""
    if not numbers:
        return []
    found = connection.execute(
        "SELECT article_id, title, kicker, subtitle, body, credit_line, published_on FROM article"
        " WHERE article_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(numbers)),),
    )
    articles = {number: Texts(*texts) for number, *texts in found}
    weights = zip(articles, weigh(plan.wanted, list(articles.values())), strict=True)
    return sorted(
        weights, key=lambda row: (row[1], articles[row[0]].published_on or "", row[0]), reverse=True
    )


def _articles(connection: sqlite3.Connection) -> int:
    """Return about how many articles there are: the last one's number, which costs nothing."""
    (last,) = connection.execute("SELECT coalesce(max(article_id), 0) FROM main.article").fetchone()
    return int(last)


def _with_title(connection: sqlite3.Connection, plan: Plan) -> set[int]:
    """Return articles with all words in the title, and where these are few, those with some of them."""
    asked = [
        phrases(those)
        for clause in plan.wanted
        if (
            those := [
                replace(term, columns=()) for term in clause if not term.columns or "title" in term.columns
            ]
        )
    ]
    found: set[int] = set()
    for join in (" AND ", " OR ")[: len(asked)]:
        if len(found) < _TITLES:
            sql = "SELECT rowid AS article_id FROM article_fts_title WHERE article_fts_title MATCH ?"
            found |= read_numbers(connection, sql, (join.join(asked),))
    return found


def read_numbers(connection: sqlite3.Connection, sql: str, parameters: Sequence[str | int]) -> set[int]:
    """Return the numbers that a SELECT of (article_id) finds: as one text, many rows take twice as long to Python."""
    found = connection.execute(f"SELECT json_group_array(article_id) FROM ({sql})", parameters)
    return set(json.loads(found.fetchone()[0]))
