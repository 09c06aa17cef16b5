"""Searches for other programs: a feed of any search, and the description by which browsers learn to search here."""

from collections.abc import Iterator
from functools import partial

from flask import Blueprint, Response, g, jsonify, request
from werkzeug.wrappers import Response as WerkzeugResponse

from archive.model.access import SENTENCE
from archive.rendering.replaced import told_of
from archive.room import queries
from archive.room.feed import urn, xml_response
from archive.room.list_view import last_page, page_number
from archive.room.search_form import SearchForm, in_time, read_form
from archive.search.errors import QueryError
from archive.search.fold import fold
from archive.search.former import FormerVersion
from archive.search.language import quoted, split_query
from archive.search.query import Order, search
from archive.search.sections import section_names

pages = Blueprint("doors", __name__)

FEED = 50
"""Hits in a feed; further ones are on further pages (RFC 5005)."""
_SUGGESTED = 8
"""Names and sections that are suggested each."""
_EPOCH = "1970-01-01T00:00:00Z"
"""What stands for a time that is not known, where Atom wants one."""


def feed_address(asked: SearchForm, page: int = 1) -> str:
    """Return the address of the feed of a search."""
    return asked.address("/search.atom", page=page if page > 1 else None)


@pages.get("/search.atom")
def search_atom() -> WerkzeugResponse:
    """Return what a search finds as an Atom feed (RFC 4287), the newest first.  Raises ``QueryError``, ``SlowQueryError``.

    An entry has the same id whoever asks, what for and at which address; its time is that of the article's last change.
    """
    # text that another program wrote as no UTF-8 costs its letters, not the feed
    g.archive.connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    asked, number = read_form(), page_number()
    query = asked.query()
    with in_time(query):
        found = search(
            g.archive.connection, query, limit=FEED, offset=(number - 1) * FEED, order=Order.NEWEST
        )
    last = max(1, -(-found.total // FEED))
    if number > last:
        return last_page(last)
    times = queries.times(g.archive, [hit.article_id for hit in found.hits])
    entries = [(hit, _told(times[hit.article_id], hit.former)) for hit in found.hits]
    return xml_response(
        "search.atom",
        "application/atom+xml",
        asked=asked,
        id=urn(f"search:{','.join(queries.sites(g.archive))}:{asked.scope}:{asked.text}"),
        entries=entries,
        updated=max(
            (told["updated"] for _, told in entries), default=queries.last_crawl(g.archive) or _EPOCH
        ),
        sentence=SENTENCE,
        page=asked.address(sort="新→旧"),
        address=partial(feed_address, asked),
        number=number,
        pages=last,
        total=found.total,
        first=(number - 1) * FEED + 1,
        at_once=FEED,
    )


def _told(row: queries.Row, former: FormerVersion | None) -> dict[str, str]:
    day = row["published_on"]
    published = row["published_at"] or (f"{day}T00:00:00+08:00" if day else "")
    # of a restricted article no more is told than its date, so not when it was changed
    return {
        "id": urn(f"article:{row['site']}:{row['key']}"),
        "published": published,
        "former": f"{told_of(former)}。" if former else "",
        "updated": row["changed_at"] or (f"{day}T00:00:00+08:00" if day else _EPOCH),
    }


@pages.get("/opensearch.xml")
def description() -> Response:
    """Return how to search here, for browsers and other programs (OpenSearch 1.1)."""
    last_on = queries.held(g.archive).last_on
    example = f"日期:{last_on[:4]}" if last_on else ""
    return xml_response("opensearch.xml", "application/opensearchdescription+xml", example=example)


@pages.get("/suggest.json")
def suggest() -> Response:
    """Return names and sections that begin with the last word typed, as a query each (OpenSearch suggestions)."""
    text = request.args.get("q", "")
    response = jsonify([text, list(_suggestions(text))])
    response.mimetype = "application/x-suggestions+json"
    return response


def _suggestions(text: str) -> Iterator[str]:
    try:
        *before, begun = split_query(text) or [""]
    except QueryError:  # not finished
        return
    if not fold(begun):
        return
    connection = g.archive.connection
    found = [("栏目", name) for name in section_names(connection) if fold(name).startswith(fold(begun))]
    found = found[:_SUGGESTED]
    names = queries.names_from(connection, "credit", begun, _SUGGESTED)
    found += [("姓名", name) for name in names]
    former = queries.names_from(connection, "_former_credit", begun, _SUGGESTED)
    found += [("曾署名", name) for name in former if name not in names]
    for field, name in found:
        if '"' not in name:
            yield " ".join((*before, quoted(field, name)))
