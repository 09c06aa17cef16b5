"""Which hits a page shows: they are known by number, those of common words are counted, and few are read.

FTS5's ``bm25`` reads every hit, and of a common word that is most of the archive.  Here few hits are all weighed; of many
those are that people want on top: the newest with the words in the title, then the newest.  The rest follows by day.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from archive.search.language import Term
from archive.search.ranking import Texts, weigh, what_holds
from archive.search.sql import Plan, phrases

EXACT = 200
"""Hits that are all weighed."""
_TITLES, _NEWEST = 100, 60
"""Of more hits: those that are weighed, newest first, with the words in the title and whatever they hold."""
_COMMON = 5
"""What stands in more than one of so many articles is common: it costs less to look for it in the newest than to be told all."""
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
    total, hits = _hits(connection, plan, offset + limit)
    best = _best(connection, plan, hits) if hits is not None else _best_of_common(connection, plan, total)
    if best is None:
        total, hits = _all_hits(connection, plan)
        best = _best(connection, plan, hits)
    rows = best[offset : offset + limit]
    if hits is not None and len(rows) < limit and len(best) < total:
        rest = by_day(connection, hits.difference(number for number, _ in best), offset + limit - len(best))
        rows += [(number, 0.0) for number in rest[max(0, offset - len(best)) :]]
    return Page(total, rows)


def page_by_day(
    connection: sqlite3.Connection, plan: Plan, limit: int, offset: int, *, oldest: bool = False
) -> Page:
    """Return a page of hits, the newest or the oldest first; those without a date come last."""
    total, hits = _all_hits(connection, plan) if oldest else _hits(connection, plan, offset + limit)
    if hits is None:
        newest = _newest_of_common(connection, plan, offset + limit, total)
        if newest is not None:
            return Page(total, [(number, 0.0) for number in newest][offset:])
        total, hits = _all_hits(connection, plan)
    first = by_day(connection, hits, offset + limit, oldest=oldest)
    return Page(total, [(number, 0.0) for number in first[offset:]])


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
    select = "SELECT article_id FROM main.article INDEXED BY ix_article_published"
    walks = [f"{select} ORDER BY published_on DESC, article_id DESC LIMIT ?"]
    if oldest:
        walks = [
            f"{select} WHERE published_on IS NOT NULL ORDER BY published_on, article_id LIMIT ?",
            f"{select} WHERE published_on IS NULL ORDER BY article_id LIMIT ?",
        ]
    first: list[int] = []
    for sql in walks:
        steps = int(walk * 1.5) + count
        while len(first) < count:
            met = _listed(connection, sql, (steps,))
            known = [number for number in met if number in numbers]
            if len(met) < steps or len(first) + len(known) >= count:
                first += known
                break
            steps *= 4
    return first[:count]


def _hits(connection: sqlite3.Connection, plan: Plan, shown: int) -> tuple[int, set[int] | None]:
    """Return how many hits there are and all their numbers.

    None for the numbers of a common word: a page of its hits is made from the texts of the newest articles.
    """
    if shown <= _NEWEST and plan.is_one_clause:
        hits, others = _unless_common(connection, plan.hits(), plan.parameters)
        if not others:
            return len(hits), hits
        (number,) = connection.execute(f"SELECT count(*) FROM ({others})", plan.parameters).fetchone()
        if (total := len(hits) + number) * _COMMON > _articles(connection):
            return total, None
    return _all_hits(connection, plan)


def _all_hits(connection: sqlite3.Connection, plan: Plan) -> tuple[int, set[int]]:
    hits = read_numbers(connection, plan.hits(), plan.parameters)
    return len(hits), hits


def _unless_common(
    connection: sqlite3.Connection, sql: str, parameters: Sequence[str | int]
) -> tuple[set[int], str]:
    """Return the numbers that a SELECT from an index finds, and "".

    Where the last stored ones, more than are all weighed, stand as close as those of a common word do: these, and the
    SELECT of the others.
    """
    last = _listed(connection, f"{sql} ORDER BY rowid DESC LIMIT ?", (*parameters, EXACT + 1))
    if len(last) <= EXACT:
        return set(last), ""
    others = f"{sql} AND rowid < {last[-1]}"
    if len(last) * _COMMON > _articles(connection) - last[-1]:
        return set(last), others
    return {*last, *_listed(connection, others, parameters)}, ""


def _best(connection: sqlite3.Connection, plan: Plan, hits: set[int]) -> list[tuple[int, float]]:
    """Return the hits that are weighed, the best first."""
    if len(hits) > EXACT:
        hits = {*_titles(connection, plan, hits), *by_day(connection, hits, _NEWEST)}
    return _weighed(plan, _read(connection, hits))


def _titles(connection: sqlite3.Connection, plan: Plan, hits: set[int]) -> list[int]:
    """Return the newest hits with all words in the title, and where these are few, the newest with some of them."""
    asked = [phrases(clause) for clause in _of_title(plan)]
    found: list[int] = []
    for join in (" AND ", " OR ")[: len(asked)]:
        if len(found) < _TITLES:
            titles = read_numbers(connection, _IN_TITLE, (join.join(asked),))
            found += by_day(connection, (hits & titles).difference(found), _TITLES - len(found))
    return found


def _best_of_common(connection: sqlite3.Connection, plan: Plan, total: int) -> list[tuple[int, float]] | None:
    """Return the same for a common word; None where it is rare in the newest articles."""
    newest = _newest_of_common(connection, plan, _NEWEST, total)
    titles = None if newest is None else _titles_of_common(connection, plan)
    if newest is None or titles is None:
        return None
    others = _read(connection, titles - newest.keys())
    holds = what_holds(plan.wanted[0])
    return _weighed(plan, newest | {number: texts for number, texts in others.items() if holds(texts)})


def _newest_of_common(
    connection: sqlite3.Connection, plan: Plan, count: int, total: int
) -> dict[int, Texts] | None:
    """Return the newest hits, as their texts say; None where many other articles are newer."""
    holds = what_holds(plan.wanted[0])
    found: dict[int, Texts] = {}
    for number, *texts in connection.execute(
        f"{_TEXTS} FROM main.article INDEXED BY ix_article_published ORDER BY published_on DESC, article_id DESC LIMIT ?",
        (2 * count * _articles(connection) // total,),
    ):
        if holds(article := Texts(*texts)):
            found[number] = article
            if len(found) == count:
                return found
    return None


def _titles_of_common(connection: sqlite3.Connection, plan: Plan) -> set[int] | None:
    """Return the newest articles with the word in the title; None where many other articles are newer."""
    of_title = _of_title(plan)
    if not of_title:
        return set()
    titles, others = _unless_common(connection, _IN_TITLE, (phrases(of_title[0]),))
    if not others:
        return set(by_day(connection, titles, _TITLES))
    in_title = what_holds(of_title[0])
    found: set[int] = set()
    for number, title in connection.execute(
        "SELECT article_id, title FROM main.article INDEXED BY ix_article_published"
        " ORDER BY published_on DESC, article_id DESC LIMIT ?",
        (2 * _COMMON * _TITLES,),
    ):
        if in_title(Texts(title, "", "", "", "", None)):
            found.add(number)
            if len(found) == _TITLES:
                return found
    return None


_TEXTS = "SELECT article_id, title, kicker, subtitle, body, credit_line, published_on"


def _read(connection: sqlite3.Connection, numbers: AbstractSet[int]) -> dict[int, Texts]:
    """Return the texts of some articles, as this connection shows them: no order may tell of what is withheld."""
    sql = f"{_TEXTS} FROM article WHERE article_id IN (SELECT value FROM json_each(?))"
    return {number: Texts(*texts) for number, *texts in connection.execute(sql, (json.dumps(list(numbers)),))}


def _weighed(plan: Plan, articles: Mapping[int, Texts]) -> list[tuple[int, float]]:
    """Return these articles with their weights, the best first."""
    if not articles:
        return []
    weights = zip(articles, weigh(plan.wanted, list(articles.values())), strict=True)
    return sorted(
        weights, key=lambda row: (row[1], articles[row[0]].published_on or "", row[0]), reverse=True
    )


def _articles(connection: sqlite3.Connection) -> int:
    """Return about how many articles there are: the last one's number, which costs nothing."""
    (last,) = connection.execute("SELECT coalesce(max(article_id), 0) FROM main.article").fetchone()
    return int(last)


_IN_TITLE = "SELECT rowid AS article_id FROM article_fts_title WHERE article_fts_title MATCH ?"


def _of_title(plan: Plan) -> list[list[Term]]:
    """Return the clauses that a title can answer, of each what it can."""
    of_title = (
        [replace(term, columns=()) for term in clause if not term.columns or "title" in term.columns]
        for clause in plan.wanted
    )
    return [clause for clause in of_title if clause]


def read_numbers(connection: sqlite3.Connection, sql: str, parameters: Sequence[str | int]) -> set[int]:
    """Return the numbers that a SELECT of (article_id) finds."""
    return set(_listed(connection, sql, parameters))


def _listed(connection: sqlite3.Connection, sql: str, parameters: Sequence[str | int]) -> list[int]:
    """Return the same in the order of the SELECT: sent as one text, for many rows take twice as long to Python."""
    found = connection.execute(f"SELECT json_group_array(article_id) FROM ({sql})", parameters)
    numbers: list[int] = json.loads(found.fetchone()[0])
    return numbers
