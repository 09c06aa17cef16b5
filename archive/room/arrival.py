"""What the address of an article brings along: the search that found it, and a list that is being put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from urllib.parse import quote

from flask import request

from archive.model.article import Role
from archive.room.basket import Basket, read_basket
from archive.search.errors import QueryError
from archive.search.fold import fold
from archive.search.language import FORMER_ROLES, TEXT_FIELDS, Filter, Query, Term, parse_query, within
from archive.search.snippets import marked_lines

Pieces = Sequence[tuple[str, bool]]
"""A text in pieces: (text, is it a word of the search)."""
_OF_SEARCH = ("q", "scope", "sort", "page", "as_of", "reviewers")
"""Parameters that make the address of a page of hits."""
_NAMED = frozenset((*Role, *FORMER_ROLES, "姓名"))


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a reader came to an article."""

    asked: str
    """The search, as typed; "" where the reader came from elsewhere."""
    page: str
    """The page of hits; "" for the first."""
    back: str
    """Its address; "" where there is none."""
    basket: Basket
    carried: str
    """What links to other articles and versions end with, so that none of it is lost: ``?q=…&ids=…``, or ""."""
    terms: Sequence[Term] = ()
    """The words of the search."""
    names: frozenset[str] = frozenset()
    """The names that it asks for among the credits, folded."""

    def marked(self, text: str, column: str) -> list[Pieces]:
        """Return the lines of a text in pieces.  ``column``: the text's, of the index."""
        return list(marked_lines(text, [t for t in self.terms if not t.columns or column in t.columns]))

    def marked_line(self, text: str, column: str) -> Pieces:
        """Return a text of one line in pieces."""
        return list(chain.from_iterable(self.marked(text, column)))

    def is_asked(self, name: str) -> bool:
        """Tell whether the search asks for a credit of this name."""
        return fold(name) in self.names


def read_arrival() -> Arrival:
    """Read the address.  A search that cannot be read marks nothing.  Raises ``BadRequest`` for the list."""
    search = _address({name: request.args.get(name, "") for name in _OF_SEARCH})
    basket = read_basket()
    asked = request.args.get("q", "").strip()
    terms, names = _wanted(asked, request.args.get("scope", ""))
    ids = f"ids={basket.text}" if basket.numbers else ""
    carried = "&".join(filter(None, (search if asked else "", ids)))
    return Arrival(
        asked=asked,
        page=request.args.get("page", "") if request.args.get("page", "").isdecimal() else "",
        back=f"/?{carried}" if asked else "",
        basket=basket,
        carried=f"?{carried}" if carried else "",
        terms=terms,
        names=names,
    )


def _address(values: dict[str, str]) -> str:
    return "&".join(f"{name}={quote(value)}" for name, value in values.items() if value)


def _wanted(text: str, scope: str) -> tuple[Sequence[Term], frozenset[str]]:
    try:
        query = parse_query(text) if text else Query(())
    except QueryError:
        return (), frozenset()
    if scope in TEXT_FIELDS:
        query = within(query, scope)
    conditions = chain.from_iterable(query.clauses)
    named = (c.value for c in conditions if isinstance(c, Filter) and not c.negated and c.field in _NAMED)
    return query.terms, frozenset(named)
