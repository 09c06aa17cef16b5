"""Feeds and sitemaps named as a list: RSS 0.9 to 2.0, Atom, ``sitemap.xml`` and the index of several.

They are read as they stand, with their dates as printed; libxml2 passes over what is not well-formed.
"""

import re
from collections.abc import Iterator

from lxml import etree

from zhijiang_spider.items import Following, ListAddress, ListEnd, ListEntry, NextPage
from zhijiang_spider.pages.links import absolute
from zhijiang_spider.pages.lists.readers import ListReading
from zhijiang_spider.pages.lists.rows import plain, unique
from zhijiang_spider.pages.page import Page
from zhijiang_spider.sites.site import Site

_FEED = re.compile(
    r"(?:\s|<\?[^<>]{0,500}\?>|<!--.{0,2000}?-->|<!DOCTYPE[^<>]{0,500}>)*<(?:\w+:)?(rss|rdf|feed|urlset|sitemapindex)\b",
    re.IGNORECASE | re.DOTALL,
)
_DECLARATION = re.compile(r"^\s*<\?xml[^<>]{0,200}\?>")
_DATES = ("pubdate", "published", "date", "publication_date", "updated", "lastmod", "modified", "issued")
"""Elements with an entry's date; order = precedence."""
_MOST = 50_000
"""Entries of one feed: what a sitemap may have at most."""


def read_feed(page: Page, site: Site) -> ListReading | None:
    """Read a feed or sitemap; None for any other page."""
    kind = _FEED.match(page.text.lstrip("\ufeff"))
    root = _root(page.text) if kind else None
    if kind is None or root is None:
        return None
    if kind[1].lower() == "sitemapindex":
        return _read_index(root, page, site)
    found = [entry for element in _elements(root) if (entry := _entry(element, page.url))]
    entries = unique(found, site)
    if found and not entries:
        return ListReading(
            (), unread=f"none of the {len(found)} entries of the feed is an article of the site"
        )
    return ListReading(entries, following=_following(root, page, site))


def _root(text: str) -> etree._Element | None:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    source = _DECLARATION.sub("", text.lstrip("\ufeff"))
    try:
        return etree.fromstring(source.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _elements(root: etree._Element) -> Iterator[etree._Element]:
    left = _MOST
    for element in root.iter():
        if _local(element) in ("item", "entry", "url") and (len(element) or _local(element) != "url"):
            yield element
            left -= 1
            if not left:
                return


def _entry(element: etree._Element, base: str) -> ListEntry | None:
    said: dict[str, str] = {}
    address = ""
    for inner in element.iter():
        name = _local(inner)
        text = (inner.text or "").strip()
        if name == "link" and inner.getparent() is element:
            if (inner.get("rel") or "alternate") == "alternate":
                address = address or (inner.get("href") or text).strip()
        elif name in ("loc", "guid", "id", "title", *_DATES):
            said.setdefault(name, text)
    address = address or said.get("loc", "") or said.get("guid", "") or said.get("id", "")
    made = absolute(base, address) if address else None
    date = next((said[name] for name in _DATES if said.get(name)), "")
    return ListEntry(made, plain(said.get("title", "")), date) if made else None


def _following(root: etree._Element, page: Page, site: Site) -> Following:
    for element in root.iter():
        if _local(element) == "link" and (element.get("rel") or "").lower() == "next":
            address = absolute(page.url, element.get("href") or "")
            if address and site.follows(address) and address != page.url:
                return NextPage(ListAddress(address), "feed")
    return ListEnd("the feed names no next page")


def _read_index(root: etree._Element, page: Page, site: Site) -> ListReading:
    """Read an index of sitemaps: those that are sections of the site are walked as such, a single one as its next page."""
    named = [
        absolute(page.url, (element.text or "").strip())
        for element in root.iter()
        if _local(element) == "loc"
    ]
    own = site.section_slug(page.url)
    left = [
        address
        for address in dict.fromkeys(filter(None, named))
        if site.follows(address) and site.section_slug(address) in (None, own)
    ]
    if len(left) == 1:
        return ListReading((), following=NextPage(ListAddress(left[0]), "sitemap index"))
    unread = f"section_url matches {len(left)} of its sitemaps not, such as {left[0]}" if left else ""
    return ListReading((), following=None if left else ListEnd("an index holds no article"), unread=unread)


def index_addresses(page: Page) -> tuple[str, ...]:
    """Return the addresses of the sitemaps that an index names; () for any other page."""
    kind = _FEED.match(page.text[:4000].lstrip("\ufeff"))
    root = _root(page.text) if kind and kind[1].lower() == "sitemapindex" else None
    if root is None:
        return ()
    named = (
        absolute(page.url, (element.text or "").strip())
        for element in root.iter()
        if _local(element) == "loc"
    )
    return tuple(dict.fromkeys(filter(None, named)))
