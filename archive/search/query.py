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
``曾署名:余峰``              a replaced version has a credit of this name that the current one has not; ``曾三审:`` a role
``旧版:有``                 with the rest: a replaced version is what it asks for, and the article as it is now is not
=========================  ==============================================================================

Alike count full and half width (！ to ～), capital and small letters; blanks, line breaks and zero-width
characters inside a text count as nothing.  Traditional and simplified characters are different characters.
Full-width colons, minus signs and quotation marks “” 「」 work too.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from archive.search.language import Query, once_credited, parse_query, without_former
from archive.search.page import page_by_day, page_by_relevance
from archive.search.snippets import MARKS, SHOWN, excerpt
from archive.search.sql import Plan, make_plan, withholds

if TYPE_CHECKING:
    from archive.search.former import FormerVersion


class Order(StrEnum):
    """The order of hits."""

    RELEVANCE = "相关"
    NEWEST = "新"
    OLDEST = "旧"


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
    """What ``archive.search.ranking`` makes of it, larger is better; 0 where it was not weighed."""
    restricted: bool = False
    """Title and date are all that is shown of it."""
    former: "FormerVersion | None" = None
    """The version that was found, where former ones or their credits were asked for; of the former the snippet is its."""

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
    restricted: int = 0
    """How many of ``total`` are restricted."""


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
    query = parse_query(query) if isinstance(query, str) else query
    plan, order = make_plan(connection, query, as_of), Order(order)
    with _one_moment(connection):
        restricted = _restricted(connection, plan)
        if order is Order.RELEVANCE and plan.match is not None:
            page = page_by_relevance(connection, plan, limit, offset)
        else:
            page = page_by_day(connection, plan, limit, offset, oldest=order is Order.OLDEST)
        rows = {
            number: (title, published_on, section, url, texts)
            for number, title, published_on, section, url, *texts in connection.execute(
                f"SELECT article_id, title, published_on, section, url, {', '.join(SHOWN)} FROM article"
                " WHERE article_id IN (SELECT value FROM json_each(?))",
                (json.dumps([number for number, _ in page.rows]),),
            )
        }
        newest = connection.execute("SELECT max(article_id) FROM article").fetchone()[0]
        former = _former(connection, query, [number for number, _ in page.rows])
    hits = []
    for article_id, weight in page.rows:
        title, published_on, section, url, texts = rows[article_id]
        is_restricted = article_id in restricted
        segments = () if is_restricted else excerpt(dict(zip(SHOWN, texts, strict=True)), plan.terms)
        then = former.get(article_id)
        segments = (then and then.segments) or segments
        shown = (title, published_on, section or "", url, segments, weight, is_restricted, then)
        hits.append(Hit(article_id, *shown))
    return SearchResult(page.total, tuple(hits), newest or 0 if as_of is None else as_of, len(restricted))


def _former(
    connection: sqlite3.Connection, query: Query, articles: Sequence[int]
) -> "Mapping[int, FormerVersion]":
    """Return the former versions that are shown in place of articles, where the query asks for them."""
    if without_former(query) is None and once_credited(query) is None:
        return {}
    from archive.search.former import former_versions  # here: few searches need it

    return former_versions(connection, query, articles)


@contextmanager
def _one_moment(connection: sqlite3.Connection) -> Iterator[None]:
    """Let all that is asked meanwhile see the archive as it is now."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("COMMIT")  # a rollback could end what others read on this connection


def _restricted(connection: sqlite3.Connection, plan: Plan) -> frozenset[int]:
    """Return the numbers of the hits of which only title and date are shown."""
    if plan.restricted is None:
        return frozenset()
    found = connection.execute(plan.restricted.hits(), plan.restricted.parameters)
    return frozenset(article_id for (article_id,) in found)


def count(connection: sqlite3.Connection, query: str | Query) -> int:
    """Return how many articles a query finds.  Raises ``QueryError``."""
    plan = make_plan(connection, query)
    return int(connection.execute(f"SELECT count(*) FROM ({plan.hits()})", plan.parameters).fetchone()[0])


def matching(connection: sqlite3.Connection, query: str | Query) -> tuple[str, tuple[str | int, ...]]:
    """Return a SELECT of the numbers of all articles that a query finds, and its parameters.

    Raises ``QueryError``.
    """
    plan = make_plan(connection, query)
    return f"SELECT hit.article_id FROM ({plan.hits()}) AS hit", plan.parameters


def facets(
    connection: sqlite3.Connection, query: str | Query, *, limit: int = 20, roles: Collection[str] = ()
) -> Facets:
    """Return what the hits are made of: of each property its ``limit`` most frequent values, of years all.

    ``roles``: those whose credits are counted, all where none are named.  Raises ``QueryError``.
    """
    plan = make_plan(connection, query)
    hint = "" if withholds(connection) else " INDEXED BY ix_article_facet"  # a view has no index
    chosen = f" WHERE c.role IN ({', '.join('?' for _ in roles)})" if roles else ""
    rows = connection.execute(
        f"""WITH hit(id) AS MATERIALIZED ({plan.hits()})
            SELECT 'article', a.source, substr(a.published_on, 1, 4), a.status, count(*)
              FROM hit CROSS JOIN article AS a{hint} ON a.article_id = hit.id GROUP BY 2, 3, 4
            UNION ALL SELECT 'section', t.name, NULL, NULL, count(*)
              FROM hit CROSS JOIN _in_section AS t ON t.article_id = hit.id WHERE t.name <> '' GROUP BY 2
            UNION ALL SELECT 'credit', c.name, c.role, NULL, count(DISTINCT hit.id)
              FROM hit CROSS JOIN credit AS c ON c.article_id = hit.id{chosen}
              GROUP BY 2, 3
            UNION ALL SELECT 'image', NULL, NULL, NULL, count(*)
              FROM hit WHERE EXISTS (SELECT 1 FROM image AS i WHERE i.article_id = hit.id)""",
        (*plan.parameters, *roles),
    ).fetchall()
    section: Counter[str] = Counter()
    counts: list[Counter[str]] = [Counter(), Counter(), Counter()]
    people = []
    pictured = 0
    for kind, value, role, status, number in rows:
        if kind == "article":
            for counter, found in zip(counts, (value, role, status), strict=True):
                if found:
                    counter[found] += number
        elif kind == "section":
            section[value] = number
        elif kind == "credit":
            people.append((role, value, number))
        else:
            pictured = number
    sections, sources, years, states = (
        sorted(counter.items(), key=lambda found: (-found[1], found[0])) for counter in (section, *counts)
    )
    told = sum(number for _, number in states)  # of a restricted article neither state nor pictures are
    return Facets(
        sections=tuple(sections[:limit]),
        sources=tuple(sources[:limit]),
        years=tuple(sorted(years)),
        states=tuple(states),
        pictures=tuple((v, n) for v, n in (("有", pictured), ("无", told - pictured)) if n),
        credits=tuple(sorted(people, key=lambda row: (-row[2], row[1], row[0]))[:limit]),
    )
