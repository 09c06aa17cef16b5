"""How the list of a server's answer goes on: by the page number or offset it was asked with, and what it says itself."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from zhijiang_spider.items import Following, ListAddress, ListEnd, NextPage, PagerUnread
from zhijiang_spider.pages.lists.answers import members
from zhijiang_spider.pages.lists.pagers.addresses import PAGE_PARAMETERS
from zhijiang_spider.pages.lists.rows import folded_name
from zhijiang_spider.pages.lists.script_request import OFFSETS
from zhijiang_spider.pages.page import Page
from zhijiang_spider.vocabulary import words

_TOTALS, _PAGES = words("lists.totals"), words("lists.page_totals")
_MORE, _LAST, _SIZES = (frozenset(words(f"lists.{name}")) for name in ("more_flags", "last_flags", "sizes"))
_PARAMETER = re.compile(r"(?P<before>(?:^|[?&])(?P<name>[\w.\[\]-]{1,40})=)(?P<value>[0-9]{1,7})(?=&|$|#)")
_IN_PATH = re.compile(
    r"(?P<before>(?:[_-]|/page/|/p/))(?P<value>[0-9]{1,5})(?=(?:\.(?:json|js|html?|xml))?(?:$|\?))"
)


@dataclass(frozen=True, slots=True)
class Totals:
    """What an answer says of its whole list; None: nothing."""

    entries: int | None = None
    pages: int | None = None
    size: int | None = None
    """Entries of a page."""
    goes_on: bool | None = None


def totals_of(answer: Any, held: int) -> Totals:
    """Read what an answer says of its list.  ``held``: entries that it holds."""
    said: dict[str, Any] = {}
    for name, value in members(answer):
        said.setdefault(name, value)
    goes_on: bool | None = None
    for name, value in said.items():
        if name in _MORE and (flag := _flag(value)) is not None:
            goes_on = flag
        elif name in _LAST and isinstance(value, bool):
            goes_on = not value
    size = next(
        (number for name in said if name in _SIZES - {"pagecount"} if (number := _count(said[name]))), None
    )
    return Totals(_first(said, _TOTALS, least=held), _first(said, _PAGES, least=0), size, goes_on)


def _first(said: dict[str, Any], names: Iterable[str], least: int) -> int | None:
    numbers = (_count(said[name]) for name in names if name in said)
    return next((number for number in numbers if number is not None and number >= least), None)


def _count(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if 0 <= value < 10**8 else None
    return int(value) if isinstance(value, str) and re.fullmatch(r"[0-9]{1,8}", value) else None


def _flag(value: Any) -> bool | None:
    if isinstance(value, bool | int):
        return bool(value)
    return (
        {"true": True, "false": False, "1": True, "0": False}.get(value.lower())
        if isinstance(value, str)
        else None
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """With which page number or offset an answer was asked for."""

    page: Page
    in_form: bool
    start: int
    end: int
    """Where the number stands in the address or form."""
    value: int
    is_offset: bool = False
    size: int | None = None
    """Entries asked for, where the address or form says it."""
    is_guess: bool = False
    """A number in the path: it may be a section's."""

    def following(self, step: int) -> ListAddress:
        """Return where the list goes on: so many pages, or entries where an offset is asked for, further."""
        text = self.page.form if self.in_form else self.page.url
        made = f"{text[: self.start]}{self.value + step}{text[self.end :]}"
        return ListAddress(self.page.url, made) if self.in_form else ListAddress(made, self.page.form)


def asked_with(page: Page, *, in_path: bool = True) -> Asked | None:
    """Return the page number or offset in an answer's own address or form, None where there is none."""
    offset: Asked | None = None
    for in_form, text in ((True, page.form), (False, page.url)):
        for found in _PARAMETER.finditer(text):
            name = found["name"].lower()
            if name in PAGE_PARAMETERS:
                return Asked(page, in_form, *found.span("value"), int(found["value"]), size=_size(page))
            if name in OFFSETS and offset is None:
                offset = Asked(page, in_form, *found.span("value"), int(found["value"]), True, _size(page))
    if offset is None and in_path and (number := _IN_PATH.search(page.url)):
        return Asked(page, False, *number.span("value"), int(number["value"]), is_guess=True)
    return offset


def _size(page: Page) -> int | None:
    for text in (page.form, page.url):
        for found in _PARAMETER.finditer(text):
            if folded_name(found["name"]) in _SIZES and int(found["value"]):
                return int(found["value"])
    return None


def follow(
    page: Page, asked: Asked | None, totals: Totals, held: int, pager: str, *, declared: bool = False
) -> Following:
    """Return what follows an answer that holds so many entries.

    ``declared``: the profile says from which number the pages are counted.
    """
    says = f"the answer says {totals.entries} entries" if totals.entries is not None else ""
    if totals.goes_on is False:
        return ListEnd("the answer says that this is its last page")
    if asked is None or (asked.is_guess and totals == Totals(size=totals.size)):
        return _alone(page, totals, held, says)
    if not held:
        return _empty(asked, totals, says)
    first = 0 if asked.value == 0 and not asked.is_offset else 1
    size = totals.size or asked.size or held
    read = asked.value + held if asked.is_offset else (asked.value - first) * size + held
    if totals.goes_on is None:
        if totals.pages is not None and not asked.is_offset and asked.value - first + 1 >= totals.pages:
            return ListEnd(f"page {asked.value} of {totals.pages}, as the answer says")
        if totals.pages is None and totals.entries is not None and read >= totals.entries:
            return ListEnd(f"{says}, and this page ends with number {read}")
    promised = totals.goes_on or totals.pages is not None or totals.entries is not None
    # Servers that count from 1 answer page 0 with the first: page 1 is then no repeated page.
    is_zero = first == 0 and not declared
    return NextPage(
        asked.following(held if asked.is_offset else 1), pager, counted=not promised, leads=is_zero
    )


def _alone(page: Page, totals: Totals, held: int, says: str) -> Following:
    """Judge an answer that was asked for without a page number."""
    more = (totals.entries is not None and totals.entries > held) or (totals.pages or 0) > 1
    size = _size(page)
    if totals.goes_on or more or (size and held >= size):
        said = says or (f"the answer says {totals.pages} pages" if totals.pages else "the answer is full")
        return PagerUnread(f"{said}, it holds {held}, and its address has no page number")
    return ListEnd(says or "the answer is asked for without a page number, and speaks of no other page")


def _empty(asked: Asked, totals: Totals, says: str) -> Following:
    if totals.goes_on or (totals.pages is not None and not asked.is_offset and asked.value < totals.pages):
        return PagerUnread(f"the answer to page {asked.value} holds no entry and says that more follow")
    if totals.entries and (asked.value <= (0 if asked.is_offset else 1)):
        return PagerUnread(f"{says}, and its first page holds none")
    return ListEnd(f"the answer to {'offset' if asked.is_offset else 'page'} {asked.value} holds no entry")
