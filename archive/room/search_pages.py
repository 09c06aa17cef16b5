"""The first page: one box, what it finds, and ways to narrow that down."""

import json
import re
import sqlite3
import sys
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, g, jsonify, redirect, render_template, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as WerkzeugResponse

from archive.model.access import SENTENCE
from archive.model.article import Role
from archive.rendering.citation import FORMS
from archive.rendering.replaced import former_found, former_json, what_replaced
from archive.room import queries
from archive.room.cited import citations
from archive.room.doors import feed_address
from archive.room.facet_index import COUNTED, REVIEWERS, FacetIndexKeeper
from archive.room.home import home_page
from archive.room.list_view import csv_response, last_page, page_number, streamed, with_args
from archive.room.narrowing import choices, without, years
from archive.room.search_form import ORDERS, SearchForm, in_time, read_form
from archive.search.errors import QueryError, SlowQueryError
from archive.search.former import Former, former_versions, search_former
from archive.search.language import TEXT_FIELDS, Query, Term, asks_former
from archive.search.page import read_numbers
from archive.search.query import Facets, Hit, SearchResult, count, facets, matching, search
from archive.store.dictionary import columns
from archive.times import BEIJING, local_time

pages = Blueprint("search", __name__)

HITS = 20
_MOST_JSON = 1_000
"""Hits with snippets that one JSON answer holds; CSV holds all, without snippets."""
_MOST_TRIED = 6
"""Conditions of which is tried what a query without them finds."""
_FEW = 10_000
"""Hits that are looked up one by one; to read the index of 100,000 articles takes about as long as 35,000 of them."""
_LOOKED_INTO = 200
"""Articles whose former versions are looked into together."""
_AT_ONCE = 6
"""Values of a property that are shown at once, the others when they are asked for."""
_LONG = 5
"""Characters in a row that may be several words."""


def _as_of() -> int | None:
    """Return the number of the newest article that the first page knew."""
    text = request.args.get("as_of", "")
    if text and not re.fullmatch("[0-9]{1,18}", text):
        raise BadRequest("as_of 应是一篇文章的编号")
    return int(text) if text else None


@pages.get("/")
def index() -> tuple[str, int] | str | WerkzeugResponse:
    """Show the search box, and what was found."""
    asked = read_form()
    if request.args.get("from") or request.args.get("to"):  # one address for a search, however it was asked
        return redirect(with_args(q=asked.text, **{"from": None, "to": None}))
    common = {"asked": asked, "orders": ORDERS, "scopes": TEXT_FIELDS, "held": queries.held(g.archive)}
    common |= {"feed": feed_address(asked), "at_once": _AT_ONCE}
    if not asked.text:
        return home_page(**common)
    try:
        query = asked.query()
    except QueryError as error:
        return render_template("unread.html", error=error, before=asked.text[: error.position], **common), 400
    number = page_number()
    result = _found(asked, query, number, HITS)
    if not result.total:
        return render_template(
            "nothing.html",
            without=_less(asked),
            run=_run_of_words(query),
            former=_former(asked.text, query),
            **common,
        )
    pages = -(-result.total // HITS)
    if number > pages:
        return last_page(pages)
    now = g.state
    found, roles = _made_of(query, result.total)
    return render_template(
        "results.html",
        result=result,
        facets=choices(asked.text, found),
        years=years(asked.text, found),
        are_late=g.state != now,
        uncounted=[role for role in REVIEWERS if role not in roles],
        most=max((n for _, n in found.years), default=1),
        narrowed=without(asked.text),
        number=number,
        pages=pages,
        total=result.total,
        first=(number - 1) * HITS + 1,
        former=_former(asked.text, query),
        what_replaced=what_replaced,
        # an article marks what was asked for, and leads back here
        beside=partial(
            asked.address, sort=asked.sort, page=number if number > 1 else None, ids=request.args.get("ids")
        ),
        forms=FORMS,
        with_args=partial(
            with_args, as_of=result.as_of
        ),  # what a crawl adds meanwhile moves no hit to the next page
        **common,
    )


def _found(asked: SearchForm, query: Query, page: int, limit: int) -> SearchResult:
    """Return a page of hits.  ``page``: from 1.  Raises ``SlowQueryError``."""
    with in_time(query):
        return search(
            g.archive.connection,
            query,
            limit=limit,
            offset=(page - 1) * limit,
            order=ORDERS[asked.order],
            as_of=_as_of(),
        )


def _former(text: str, query: Query) -> dict[str, Any] | None:
    """Return what former versions have of a query, and the query that asks for them; None for one that does."""
    if asks_former(query):
        return None
    try:
        with in_time(query):
            found = search_former(g.archive.connection, query)
    except SlowQueryError:
        found = Former((), "这次检索的时间用完了")
    return former_found(text, found)


def _made_of(query: Query, hits: int) -> tuple[Facets, Collection[Role]]:
    """Return what the hits are made of, and the roles whose credits were counted.

    Few are looked up in the file, for more of them an index is read once.  Who reviewed adds two thirds to that: of
    many hits it is read when somebody asks for it, and counted from then on.
    """
    connection = g.archive.connection
    if hits <= _FEW:
        with in_time(query):
            return facets(connection, query, limit=sys.maxsize, roles=COUNTED), COUNTED
    # a page counted from an older index is remembered as that old, or it would pass for current from then on
    keeper: FacetIndexKeeper = current_app.extensions["facets"]
    index, g.state = keeper.of(g.archive, g.state, REVIEWERS if request.args.get("reviewers") else ())
    with in_time(query):
        numbers = read_numbers(connection, *matching(connection, query))
        return index.count(numbers, limit=sys.maxsize), index.roles


@pages.get("/search.json")
def index_json() -> Response:
    """Return hits for programs, at most 1,000 at a time (``page``, ``limit``; ``as_of`` of the first for the next)."""
    asked = read_form()
    text = request.args.get("limit") or str(HITS)
    if not re.fullmatch("[1-9][0-9]{0,8}", text):
        raise BadRequest("limit 应是从 1 开始的数")
    limit = min(_MOST_JSON, int(text))
    query, number = asked.query(), page_number()
    result = _found(asked, query, number, limit)
    restricted = {"restricted": result.restricted} if g.archive.withheld else {}
    former = _former(asked.text, query)
    return jsonify(
        {
            "query": asked.text,
            "total": result.total,
            **restricted,
            **({"former": former} if former else {}),
            "page": number,
            "as_of": result.as_of,
            "hits": [_hit_json(hit) for hit in result.hits],
        }
    )


def _hit_json(hit: Hit) -> dict[str, Any]:
    names = ("article_id", "title", "published_on", "section", "url", "snippet")
    told: dict[str, Any] = {name: getattr(hit, name) for name in names}
    if hit.restricted:
        told["restricted"] = SENTENCE
    if hit.former:
        told["former"] = former_json(hit.former)
    return told


@pages.get("/search.csv")
def index_csv() -> Response:
    """Return all hits for a spreadsheet, by number."""
    query = read_form().query()
    found = json.dumps(_numbers(query))
    shown = columns("文章", "版本数", "正文")  # a list to look through, not the texts
    listed = ", ".join(queries.as_listed(name, name, "状态") for name in shown)
    cursor = g.archive.connection.execute(
        f"SELECT {listed} FROM 文章 WHERE 编号 IN (SELECT value FROM json_each(?)) ORDER BY 编号",
        (found,),
    )
    if not asks_former(query):
        return csv_response(shown, cursor, "search.csv")
    return csv_response((*shown, *_OF_FORMER), _with_former(query, cursor), "search.csv")


_OF_FORMER = ("符合的旧版本", f"被替换时间{BEIJING}", "改动")
"""What the CSV tells of the version that was found, where it is a former one."""


def _with_former(query: Query, cursor: sqlite3.Cursor) -> Iterator[tuple[Any, ...]]:
    """Yield rows that begin with the number of an article, and behind each which version of it was found."""
    for rows in iter(lambda: cursor.fetchmany(_LOOKED_INTO), []):
        former = former_versions(cursor.connection, query, [row[0] for row in rows])
        for row in rows:
            found = former.get(row[0])
            told = (
                (found.number, local_time(found.after["seen_at"]), what_replaced(found.before, found.after))
                if found
                else ("", "", "")
            )
            yield (*row, *told)


def _cited(form: str) -> Response:
    """Return how to cite all hits, by number, for reference managers: as the forms of ``archive.rendering.citation``."""
    # text that another program wrote as no UTF-8 costs its letters, not the list
    g.archive.connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    cited = citations(sorted(_numbers(read_form().query())))
    return streamed(FORMS[form].write(cited), FORMS[form].mimetype, f"search.{form}")


for _form in FORMS:
    pages.add_url_rule(f"/search.{_form}", f"cited_{_form.replace('.', '_')}", partial(_cited, _form))


def _numbers(query: Query) -> list[int]:
    """Return the articles that a query finds.  Raises ``SlowQueryError``: to send a long list may take longer."""
    connection = g.archive.connection
    with in_time(query):
        return [number for number, *_ in connection.execute(*matching(connection, query))]


def _less(asked: SearchForm) -> list[tuple[str, str, int | None]]:
    """Return (condition, the query without it, what that finds); None for what is too much to try."""
    shorter = without(asked.text)
    if len(shorter) > _MOST_TRIED:
        return [(token, query, None) for token, query in shorter]
    tried: list[tuple[str, str, int | None]] = []
    for token, query in shorter:
        with suppress(QueryError):  # what is left may ask nothing of former versions
            tried.append((token, query, _count(replace(asked, text=query))))
    return tried


def _count(asked: SearchForm) -> int | None:
    query = asked.query()
    try:
        with in_time(query):
            return count(g.archive.connection, query)
    except SlowQueryError:
        return None


def _run_of_words(query: Query) -> int:
    """Return how many characters had to stand together, where that may have been more than was meant; else 0."""
    match query.clauses:
        case ((Term(negated=False) as term,),) if len(term.text) >= _LONG:
            return len(term.text)
    return 0
