"""What a profile says of the server that answers a site's lists: ``[list_api]``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urljoin

PLACES = ("id", "page", "offset")
"""What may stand in braces in its address and form."""
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class AskedPlace:
    """Where an address or form that was asked has its page number or offset; ``start`` -1: nowhere."""

    in_form: bool
    start: int
    end: int
    value: int
    is_offset: bool
    slug: str = ""
    """The section's, "" where the address does not name it."""


@dataclass(frozen=True, slots=True)
class ListApi:
    """A server that answers lists as JSON.

    ``items``, ``link``, ``title``, ``date`` and ``total`` are JMESPath; "" = found by what the answer holds.
    """

    address: str
    """With ``{id}`` for the section's slug and ``{page}`` or ``{offset}``; may begin with ``/``."""
    form: str = ""
    """What is sent with POST, likewise; "" = GET."""
    first: int = 1
    """The number of the first page; an offset begins with 0."""
    items: str = ""
    """The rows in an answer."""
    link: str = ""
    """The address in a row."""
    article: str = ""
    """The address of an article, made of members of its row: ``/show?newsid={id}``."""
    title: str = ""
    date: str = ""
    total: str = ""
    """How many entries the whole list has, in an answer."""

    def page(self, slug: str, url: str, step: int) -> tuple[str, str]:
        """Return address and form of a page of a section's list, so many behind the first.

        ``url``: the section's own address.
        """
        values = {"id": quote(slug, safe=""), "page": str(self.first + step), "offset": "0"}
        address, form = (
            _PLACE.sub(lambda found: values[found[1]], text) for text in (self.address, self.form)
        )
        return urljoin(url, address), form

    def asked(self, url: str, form: str, page_url: str = "") -> AskedPlace | None:
        """Return where an address has its page number, None where it is none of this server's.

        ``page_url``: the profile's, by which the pages behind the first may be asked for.
        """
        in_url, in_form = _pattern(self.address).search(url), _pattern(self.form).fullmatch(form)
        if in_url is None and page_url:
            in_url = _pattern(page_url).search(url)
        if in_url is None or in_form is None:
            return None
        groups = in_url.groupdict() | in_form.groupdict()
        slug = unquote(groups.get("id") or "")
        for is_form, found in ((True, in_form), (False, in_url)):
            for name in ("page", "offset"):
                if name in found.re.groupindex:
                    start, end = found.span(name)
                    return AskedPlace(is_form, start, end, int(found[name]), name == "offset", slug)
        return AskedPlace(False, -1, -1, 0, False, slug)

    def rows(self, answer: Any) -> Sequence[Any]:
        """Return the rows of an answer, as ``items`` says."""
        found = select(answer, self.items)
        return found[0] if len(found) == 1 and isinstance(found[0], list) else found

    def lacks_rows(self, answer: Any) -> bool:
        """Tell whether what ``items`` names is not in an answer at all."""
        return bool(self.items) and select(answer, f"type({self.items})") == ["null"]

    def named(self, row: Any, members: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return the members of a row with those first that the profile names."""
        named = (("url", self.link), ("title", self.title), ("publishtime", self.date))
        own = [
            (name, str(value))
            for name, path in named
            if path
            for value in select(row, path)[:1]
            if value is not None
        ]
        return [*own, *members]

    def total_of(self, answer: Any) -> int | None:
        """Return how many entries an answer says the list has, None where ``total`` finds no number."""
        found = select(answer, self.total)
        return int(found[0]) if found and re.fullmatch(r"[0-9]{1,9}", str(found[0])) else None


def select(data: Any, path: str) -> list[Any]:
    """Return what a JMESPath finds.  Raises ``ValueError`` for one that is none."""
    from parsel import Selector

    return [one.root for one in Selector(root=data, type="json").jmespath(path)]


def _pattern(text: str) -> re.Pattern[str]:
    values = {"id": "[^&/?#]{1,200}", "page": "[0-9]{1,7}", "offset": "[0-9]{1,7}"}
    seen: set[str] = set()
    made = ""
    for number, part in enumerate(_PLACE.split(text)):
        if number % 2 == 0:
            made += re.escape(part)
        elif part in seen:
            made += f"(?P={part})"
        else:
            seen.add(part)
            made += f"(?P<{part}>{values[part]})"
    return re.compile(f"{made}$")
