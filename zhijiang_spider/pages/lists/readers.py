"""List readers: one module a kind of list, asked in turn for the entries of a page.

A plug-in's come first: it was installed for a kind of list that the built-in ones do not know.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from archive import plugins
from archive.hookspecs import hookimpl
from zhijiang_spider.items import Following, ListAddress, ListEntry, NextPage
from zhijiang_spider.pages.page import Page
from zhijiang_spider.sites.site import Site

_log = logging.getLogger(__name__)
_told: set[str] = set()
"""What was said already: once a crawl, not once a page."""


@dataclass(frozen=True, slots=True)
class ListReading:
    """What a reader found on a list of its kind."""

    entries: tuple[ListEntry, ...]
    """In the order of the page, each article once."""
    next_url: str | None = None
    """Absolute address of the next page where this kind of list has its own way to say it."""
    following: Following | None = None
    """The same said in full: where the next page is asked for with POST, where the list ends and why, or that
    the reader does not know how it goes on.  None, and no ``next_url``: look for it as on any page."""
    unread: str = ""
    """What of this page's list the reader could not read, in words; "" = all of it was read."""
    said_entries: int | None = None
    """How many entries the list has, as it says itself."""
    said_pages: int | None = None
    """How many pages the list has, as it says itself."""

    @property
    def goes_on(self) -> Following | None:
        """What follows, by whichever of the two it was said."""
        return NextPage(ListAddress(self.next_url)) if self.next_url else self.following


ListReader = Callable[[Page, Site], ListReading | None]
"""Reads a list page; None where the page is no list of its kind."""


@hookimpl
def list_readers() -> Mapping[str, str]:
    """Return the readers that are built in, the one with the strongest evidence first."""
    folder = "zhijiang_spider.pages.lists"
    return {
        "feed": f"{folder}.feeds:read_feed",
        "jpage": f"{folder}.jpage:read_jpage",
        "api": f"{folder}.api:read_api",
        "profile": f"{folder}.api:lead_to_api",
        "piece": f"{folder}.api:read_piece",
        "script": f"{folder}.script_rows:read_script_rows",
        "drawn": f"{folder}.drawn:read_drawn",
        "attributes": f"{folder}.attributes:read_attributes",
        "anchors": f"{folder}.anchors:read_anchors",
        "empty": f"{folder}.empty:read_empty",
    }


def read_list(page: Page, site: Site) -> tuple[str, ListReading | None]:
    """Return the name of the reader whose kind of list this is, and what it read; ("", None) if it is no one's."""
    for name, read, offer in _readers():
        try:
            with offer.use():
                reading = read(page, site)
                if not isinstance(reading, ListReading | None):
                    raise TypeError(f"its answer is no ListReading: {reading!r:.80}")
        except plugins.PluginError as error:
            if (problem := str(error)) not in _told:
                _told.add(problem)
                _log.warning("%s (first on %s)", problem, page.url)
            continue
        if reading is not None:
            return name, reading
    return "", None


@cache
def _readers() -> tuple[tuple[str, ListReader, plugins.Offer], ...]:
    offered = plugins.offers("list_readers", str, Callable)
    found = []
    for name, offer in sorted(offered.items(), key=lambda one: not one[1].plugin):
        try:
            found.append((name, offer.load(), offer))
        except plugins.PluginError as error:
            _log.warning("%s", error)
    return tuple(found)


plugins.register(__name__)
