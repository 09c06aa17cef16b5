"""Lists of links that stand in the page as a text: in CDATA, in JSON, in what a script writes."""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from zhijiang_spider.items import ListEntry
from zhijiang_spider.pages.lists.anchors import read_anchors
from zhijiang_spider.pages.lists.attributes import read_attributes
from zhijiang_spider.pages.lists.rows import unique
from zhijiang_spider.pages.page import Page
from zhijiang_spider.sites.site import Site

_LINKED = re.compile(r"<[a-z][^<>]{0,40}\s(?:href|onclick|data-(?:href|url|link))\s?=", re.IGNORECASE)


def holds_links(text: str) -> bool:
    """Tell whether a text is markup with links."""
    return "<" in text and _LINKED.search(text) is not None


def read_markup(pieces: Iterable[str], page: Page, site: Site) -> tuple[ListEntry, ...]:
    """Return the articles that pieces of markup link, in their order; their addresses start where the page's do."""
    source = f'<base href="{html.escape(page.base)}">' + "\n".join(pieces)
    inside = Page(page.url, source.encode("utf-8", "replace"), "text/html; charset=utf-8")
    everywhere = replace(
        site, selectors={name: held for name, held in site.selectors.items() if name != "entries"}
    )
    reading = read_attributes(inside, everywhere) or read_anchors(inside, everywhere)
    return reading.entries if reading else ()


def with_links(entries: Sequence[ListEntry], page: Page, site: Site) -> tuple[ListEntry, ...]:
    """Return entries, and behind them the articles that the page links beside."""
    beside = read_anchors(page, site)
    return unique((*entries, *(beside.entries if beside else ())), site)
