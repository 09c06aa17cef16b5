"""The first page: one box, what it finds, and ways to narrow that down."""

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, current_app, g, jsonify, render_template, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as WerkzeugResponse

from archive.model.access import SENTENCE
from archive.rendering.replaced import former_json, what_replaced
from archive.room import queries
from archive.room.facet_index import MAKERS, FacetIndexKeeper
from archive.room.list_view import csv_response, last_page, page_number, with_args
from archive.search.fold import fold
from archive.search.former import search_former
from archive.search.language import (
    FORMER,
    TEXT_FIELDS,
    FormerUnsearched,
    Query,
    QueryError,
    Term,
    parse_query,
    quoted,
    split_query,
    within,
    without_former,
)
from archive.search.query import Facets, Hit, Order, facets, matching, search
from archive.search.sections import refuse_unknown_sections
from archive.store.dictionary import columns

pages = Blueprint("search", __name__)

HITS = 20
ORDERS = {"相关": Order.RELEVANCE, "新→旧": Order.NEWEST, "旧→新": Order.OLDEST}
_MOST_JSON = 1_000
"""Hits with snippets that one JSON answer holds; CSV holds all, without snippets."""
_MOST_TRIED = 6
"""Conditions of which is tried what a query without them finds."""
_CHOICES = 12
"""Values that are shown of a property."""
_FEW = 10_000
"""Hits that are looked up one by one; to read the index of 100,000 articles takes about as long as 35,000 of them."""
_LONG = 5
"""Characters in a row that may be several words."""


@dataclass(frozen=True, slots=True)
class SearchForm:
    """What the form sent."""

    text: str
    scope: str
    order: str

    def query(self) -> Query:
        """Return the query.  Raises ``QueryError``, also for a section that the archive does not have."""
        query = parse_query(self.text)
        refuse_unknown_sections(g.archive.connection, self.text, query)
        return within(query, self.scope) if self.scope else query


def _asked() -> SearchForm:
    scope, order = request.args.get("scope", ""), request.args.get("sort", "相关")
    if scope and scope not in TEXT_FIELDS:
        raise BadRequest(f"scope 可以是 {'、'.join(TEXT_FIELDS)}")
    if order not in ORDERS:
        raise BadRequest(f"sort 可以是 {'、'.join(ORDERS)}")
    return SearchForm(request.args.get("q", "").strip(), scope, order)


@pages.get("/")
def index() -> tuple[str, int] | str | WerkzeugResponse:
    """Show the search box, and what was found."""
    asked = _asked()
    common = {"asked": asked, "orders": ORDERS, "scopes": TEXT_FIELDS, "held": queries.held(g.archive)}
    if not asked.text:
        return render_template("home.html", newest=queries.NEWEST.rows(g.archive, limit=10), **common)
    try:
        query = asked.query()
    except QueryError as error:
        return render_template("unread.html", error=error, before=asked.text[: error.position], **common), 400
    number = page_number()
    result = search(
        g.archive.connection, query, limit=HITS, offset=(number - 1) * HITS, order=ORDERS[asked.order]
    )
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
    found = _made_of(query, result.total)
    return render_template(
        "results.html",
        result=result,
        facets=_choices(asked.text, found),
        years=found.years,
        are_late=g.state != now,
        chosen=split_query(asked.text),
        most=max((n for _, n in found.years), default=1),
        narrowed=_without(asked.text),
        number=number,
        pages=pages,
        total=result.total,
        first=(number - 1) * HITS + 1,
        with_args=with_args,
        former=_former(asked.text, query),
        what_replaced=what_replaced,
        **common,
    )


def _former(text: str, query: Query) -> dict[str, Any] | None:
    """Return what former versions have of a query, and the query that asks for them; None for one that does."""
    if without_former(query):
        return None
    found = search_former(g.archive.connection, query)
    if found.unsearched:
        return {"total": None, "reason": found.unsearched}
    return {"total": len(found.articles), "query": f"{text} 旧版:有"}


def _made_of(query: Query, hits: int) -> Facets:
    """Return what the hits are made of: few are looked up in the file, for more of them an index is read once."""
    connection = g.archive.connection
    if hits <= _FEW:
        return facets(connection, query, limit=_CHOICES, roles=MAKERS)
    # a page counted from an older index is remembered as that old, or it would pass for current from then on
    keeper: FacetIndexKeeper = current_app.extensions["facets"]
    index, g.state = keeper.of(g.archive, g.state)
    sql, parameters = matching(connection, query)
    return index.count((row[0] for row in connection.execute(sql, parameters)), limit=_CHOICES)


@pages.get("/search.json")
def index_json() -> Response:
    """Return hits for programs, at most 1,000 at a time (``page``, ``limit``)."""
    asked = _asked()
    text = request.args.get("limit", str(HITS))
    if not re.fullmatch("[1-9][0-9]{0,8}", text):
        raise BadRequest("limit 应是从 1 开始的数")
    limit = min(_MOST_JSON, int(text))
    query, number = asked.query(), page_number()
    result = search(
        g.archive.connection, query, limit=limit, offset=(number - 1) * limit, order=ORDERS[asked.order]
    )
    restricted = {"restricted": result.restricted} if g.archive.withheld else {}
    former = _former(asked.text, query)
    return jsonify(
        {
            "query": asked.text,
            "total": result.total,
            **restricted,
            **({"former": former} if former else {}),
            "page": number,
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
    sql, parameters = matching(g.archive.connection, _asked().query())
    shown = columns("文章", "版本数", "正文")  # a list to look through, not the texts
    cursor = g.archive.connection.execute(
        f"SELECT {', '.join(shown)} FROM 文章 WHERE 编号 IN ({sql}) ORDER BY 编号", parameters
    )
    return csv_response(shown, cursor, "search.csv")


def _choices(text: str, found: Facets) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the facets: (name, choices); each choice narrows the query."""
    tokens = split_query(text)
    values = [
        ("栏目", [("栏目", value, n) for value, n in found.sections]),
        ("来源", [("来源", value, n) for value, n in found.sources]),
        ("采写", [(role, value, n) for role, value, n in found.credits]),
        ("状态", [("状态", value, n) for value, n in found.states]),
        ("图片", [("图片", value, n) for value, n in found.pictures]),
    ]
    return [
        (
            name,
            [
                {
                    "text": f"{value}（{field}）" if name == "采写" else value,
                    "number": number,
                    "query": None if '"' in value else f"{text} {condition}",
                    "chosen": condition in tokens,
                }
                for field, value, number in choices
                for condition in [quoted(field, value)]
            ],
        )
        for name, choices in values
        if choices
    ]


def _less(asked: SearchForm) -> list[tuple[str, str, int | None]]:
    """Return (condition, the query without it, what that finds); None for conditions too many to try."""
    shorter = _without(asked.text)
    if len(shorter) > _MOST_TRIED:
        return [(token, query, None) for token, query in shorter]
    tried: list[tuple[str, str, int | None]] = []
    for token, query in shorter:
        with suppress(FormerUnsearched):
            tried.append((token, query, _count(replace(asked, text=query))))
    return tried


def _count(asked: SearchForm) -> int:
    sql, parameters = matching(g.archive.connection, asked.query())
    return int(g.archive.connection.execute(f"SELECT count(*) FROM ({sql})", parameters).fetchone()[0])


def _run_of_words(query: Query) -> int:
    """Return how many characters had to stand together, where that may have been more than was meant; else 0."""
    match query.clauses:
        case ((Term(negated=False) as term,),) if len(term.text) >= _LONG:
            return len(term.text)
    return 0


def _without(text: str) -> list[tuple[str, str]]:
    """Return (condition, the query without it) for every condition of a query of several."""
    tokens = split_query(text)
    joins = {number for number, token in enumerate(tokens) if token in ("OR", "ＯＲ")}
    shorter = []
    for number, token in enumerate(tokens):
        if number not in joins:
            gone = {
                number,
                *([number + 1] if number + 1 in joins else [number - 1] if number - 1 in joins else []),
            }
            rest = [other for place, other in enumerate(tokens) if place not in gone]
            if not all(fold(other) == f"{FORMER}:有" for other in rest):  # which asks nothing by itself
                shorter.append((token, " ".join(rest)))
    return shorter if len(tokens) > 1 + len(joins) else []
