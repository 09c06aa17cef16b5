"""Lists that a server answers as JSON or JSONP, with addresses of articles or with markup in it.

Where the profile describes the server (``[list_api]``), its pages of sections lead there, and its answers are read as
it says; all that it does not say, and every other answer, is found by evidence.
"""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from zhijiang_spider.items import Following, ListAddress, ListEnd, ListEntry, NextPage, PagerUnread
from zhijiang_spider.pages.links import absolute
from zhijiang_spider.pages.lists.anchors import article_links, read_anchors
from zhijiang_spider.pages.lists.answer_pages import Asked, Totals, asked_with, follow, totals_of
from zhijiang_spider.pages.lists.answers import (
    is_blank,
    is_piece,
    json_of,
    refusal,
    rows_of,
    shape_of,
    texts_of,
)
from zhijiang_spider.pages.lists.attributes import read_attributes
from zhijiang_spider.pages.lists.expressions import Hole
from zhijiang_spider.pages.lists.markup import holds_links, read_markup
from zhijiang_spider.pages.lists.next_page import find_next
from zhijiang_spider.pages.lists.readers import ListReading
from zhijiang_spider.pages.lists.rows import RowReader, flat, folded_name, unique
from zhijiang_spider.pages.lists.sides import Sides, names_side
from zhijiang_spider.pages.lists.templates import Template
from zhijiang_spider.pages.page import Page
from zhijiang_spider.sites.list_api import AskedPlace, ListApi, select
from zhijiang_spider.sites.site import Site

_HOLE = re.compile(r"\{(\w+)\}")


def read_api(page: Page, site: Site) -> ListReading | None:
    """Read a server's answer; None for what is no JSON."""
    answer = json_of(page)
    return None if answer is None else _read_answer(page, site, answer)


def lead_to_api(page: Page, site: Site) -> ListReading | None:
    """Lead from a section's page to the server that the profile names; None where it names none."""
    api = site.list_api
    slug = site.section_slug(page.url)
    if api is None or slug is None or api.asked(page.url, page.form) is not None:
        return None
    linked = read_anchors(page, site)
    if linked and isinstance(find_next(page, site), NextPage):
        return None  # this section's list stands in its pages: not every section of a site asks the server
    first = ListAddress(*api.page(slug, page.url, 0))
    sides = Sides(page.texts)
    is_filled = any(not sides.holds(link.element) for link in article_links(page, site))
    return ListReading(
        linked.entries if linked else (),
        following=NextPage(first, "list_api of the profile", leads=True, is_filled=is_filled),
    )


def _read_answer(page: Page, site: Site, answer: Any) -> ListReading:
    api = site.list_api
    place = api.asked(page.url, page.form, site.page_url) if api is not None else None
    if place is None:
        api = None
    rows, entries = _found(page, site, answer, api)
    totals = _totals(answer, api, len(rows))
    if not entries and (said := refusal(answer)):
        return ListReading((), unread=f"the answer is a refusal ({said})")
    if rows and not entries:
        return ListReading(
            (),
            unread=f"none of the {len(rows)} rows of the answer has the address of an article"
            + _mistake_in_rows(page, site, rows, api),
        )
    if place is not None and place.start < 0 and site.page_url:
        following = _by_page_url(page, site, place, totals, len(entries))
        return ListReading(entries, following=following, said_entries=totals.entries, said_pages=totals.pages)
    asked = _asked(page, place)
    if api is not None and api.lacks_rows(answer) and (asked is None or asked.value <= api.first):
        return ListReading(
            (), unread=f"list_api.items {api.items!r} is not in the answer, which has {shape_of(answer)}"
        )
    if not rows and not any(True for _ in rows_of(answer)) and totals == Totals():
        if asked is not None and asked.value > 1 and is_blank(answer):
            return ListReading((), following=follow(page, asked, totals, 0, "api"))
        return ListReading((), unread="the answer holds no list")
    held = max(len(rows), len(entries))
    following = follow(page, asked, totals, held, "api", declared=api is not None)
    return ListReading(entries, following=following, said_entries=totals.entries, said_pages=totals.pages)


def _found(
    page: Page, site: Site, answer: Any, api: ListApi | None
) -> tuple[Sequence[Any], tuple[ListEntry, ...]]:
    """Return the rows of an answer and the articles among them; markup in it has no rows but its articles."""
    if api is not None and api.items:
        rows = api.rows(answer)
        if not all(isinstance(row, str) for row in rows):
            return rows, _of_rows(page, site, rows, api)
        answer = rows
    longest: Sequence[Any] = ()
    entries: list[ListEntry] = []
    for name, rows in rows_of(answer):
        found = () if names_side(name) else _of_rows(page, site, rows, api)
        entries += found
        if len(rows) > len(longest) and (found or not entries):
            longest = rows
    if entries:
        return longest, unique(entries, site)
    markup = [text for text in texts_of(answer) if holds_links(text)]
    written = read_markup(markup, page, site) if markup else ()
    return (written, written) if written else (longest, ())


def _of_rows(page: Page, site: Site, rows: Sequence[Any], api: ListApi | None) -> tuple[ListEntry, ...]:
    templates = (_template(api.article),) if api and api.article else ()
    reader = RowReader(page.base, site, templates)
    found = []
    for row in rows:
        pairs = list(flat(row))
        entry = reader.entry(api.named(row, pairs) if api else pairs)
        if entry is not None:
            found.append(entry)
    return unique(found, site)


def _template(address: str) -> Template:
    parts = _HOLE.split(address)
    return Template(tuple(Hole(part) if number % 2 else part for number, part in enumerate(parts) if part))


def _mistake_in_rows(page: Page, site: Site, rows: Sequence[Any], api: ListApi | None) -> str:
    """Return which key of the profile is to be mended where no row gives an article, and what a row has instead."""
    row = rows[0]
    held = f"a row has {shape_of(row)}"
    if api is None:
        return f"; list_api of the profile says how it is made: {held}" if site.list_api is None else ""
    if api.link:
        made = next((str(value) for value in select(row, api.link) if value is not None), "")
        return (
            f"; list_api.link {api.link!r} finds {made!r}, which article_url does not match"
            if made
            else (f"; list_api.link {api.link!r} is not in it: {held}")
        )
    if not api.article:
        return f"; list_api.link or list_api.article says where it is: {held}"
    values = {folded_name(name) for name, _ in flat(row)}
    template = _template(api.article)
    if lacking := [name for name in template.names if folded_name(name) not in values]:
        return f"; list_api.article needs {{{lacking[0]}}}: {held}"
    return f"; article_url does not match what list_api.article {api.article!r} makes of it, or it has no title: {held}"


def _by_page_url(page: Page, site: Site, place: AskedPlace, totals: Totals, held: int) -> Following:
    """Return what follows a first page that is asked for without a number, where the profile says how others are."""
    assert site.list_api is not None
    if (
        totals.goes_on is False
        or totals.pages == 1
        or (totals.entries is not None and totals.entries <= held > 0)
    ):
        return ListEnd("the answer says that this is its only page")
    if not held:
        return follow(page, None, totals, held, "api")
    address = site.page_url.replace("{id}", quote(place.slug, safe=""))
    made = absolute(page.url, address.replace("{page}", str(site.list_api.first + 1)))
    if made is None or not site.follows(made):
        return PagerUnread(f"pagination.page_url makes {made or address}, which the profile does not follow")
    promised = totals.goes_on or totals.pages is not None or totals.entries is not None
    return NextPage(ListAddress(made, page.form), "page_url", counted=not promised)


def _totals(answer: Any, api: ListApi | None, held: int) -> Totals:
    if api is None or not api.total:
        return totals_of(answer, held)
    said = api.total_of(answer)
    return Totals(
        entries=said if said is not None and said >= held else None
    )  # fewer than it holds: no total


def _asked(page: Page, place: AskedPlace | None) -> Asked | None:
    if place is not None and place.start >= 0:
        return Asked(page, place.in_form, place.start, place.end, place.value, place.is_offset)
    return asked_with(page)


def read_piece(page: Page, site: Site) -> ListReading | None:
    """Read an answer that is a piece of markup, asked for with a page number; None for any other page."""
    if not is_piece(page) or not urlsplit(page.url).netloc or page.url in site.start_urls:
        return None
    asked = asked_with(page, in_path=False)
    if asked is None:
        return None
    found = read_attributes(page, site) or read_anchors(page, site)
    if found is None and (page.text.strip() or asked.value <= 1):
        return None
    if found is not None and isinstance(following := find_next(page, site), NextPage):
        return ListReading(found.entries, following=following)
    entries = found.entries if found else ()
    return ListReading(
        entries, following=follow(page, asked, Totals(), len(entries), "page number of the address")
    )
