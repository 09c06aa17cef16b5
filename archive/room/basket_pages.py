"""The pages of a list that a reader put together: to read, to print, for spreadsheets and reference managers."""

from flask import Blueprint, Response, g, redirect, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as WerkzeugResponse

from archive.rendering.citation import FORMS
from archive.room import queries
from archive.room.basket import MOST, Basket, added, read_basket, read_typed
from archive.room.cited import citations
from archive.room.copying import with_copy_button
from archive.room.list_view import ListView, listed, page_number, streamed

pages = Blueprint("baskets", __name__)
TITLE = "清单"
_AT_ONCE = 20
"""Articles on a page: each has two links that name all numbers of the list."""


def _held(basket: Basket) -> tuple[list[int], list[int]]:
    """Return the numbers of articles that there are, and of those that there are not, in the order of the list."""
    known = queries.known(g.archive.connection, basket.numbers)
    return [n for n in basket.numbers if n in known], [n for n in basket.numbers if n not in known]


@listed(pages, "/list")
def basket() -> ListView:
    """List the articles of an address, in its order: for readers with what is wrong with it above, programs are refused."""
    chosen = read_typed() if request.path == "/list" else read_basket()
    held, unknown = _held(chosen)
    shown = held[(page_number() - 1) * _AT_ONCE :][:_AT_ONCE]
    return ListView(
        TITLE,
        queries.in_order(held),
        "basket.html",
        {
            "basket": chosen,
            "unknown": unknown,
            "most": MOST,
            "forms": FORMS,
            "citations": {citation.article_id: citation for citation in citations(shown)},
        },
        at_once=_AT_ONCE,
        status=400 if chosen.trouble else 200,
    )


@pages.get("/list/add")
def add() -> WerkzeugResponse:
    """Lead to the list with one more: what the form on it sends, where there is no script."""
    return redirect(added())


@pages.get("/list/print")
def printed() -> Response:
    """Show the citations of a list and nothing else, on one page, to be printed or copied."""
    chosen = read_basket()
    held, unknown = _held(chosen)
    page = render_template(
        "basket_print.html",
        title=f"{TITLE}，{len(held)} 篇",
        citations=list(citations(held)),
        unknown=unknown,
        back=f"/list?ids={chosen.text}",
    )
    return with_copy_button(page)


@pages.get("/list.<path:form>")
def cited(form: str) -> Response:
    """Return how to cite a list, for reference managers: as the forms of ``archive.rendering.citation``."""
    if form not in FORMS:
        raise NotFound
    held, _ = _held(read_basket())
    return streamed(FORMS[form].write(citations(held)), FORMS[form].mimetype, f"list.{form}")
