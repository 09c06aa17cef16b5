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
_RELATIONS = {"alternate": 0, "via": 4, "related": 5}
"""Relations of Atom's links that may lead to the article, with their rank; a feed's own and its files' never do."""
_ADDRESSES = {"loc": 1, "guid": 2, "id": 3, "origlink": 4}
_MOST = 50_000
"""Entries of one feed: what a sitemap may have at most."""


def read_feed(page: Page, site: Site) -> ListReading | None:
    """Read a feed or sitemap; None for any other page."""
    kind = _FEED.match(page.text.lstrip("\ufeff"))
    root = _root(page) if kind else None
    if kind is None or root is None:
        return None
    if kind[1].lower() == "sitemapindex":
        return _read_index(root, page, site)
    found = [entry for element in _elements(root) if (entry := _entry(element, page.url, site))]
    entries = unique(found, site)
    if found and not entries:
        return ListReading(
            (), unread=f"none of the {len(found)} entries of the feed is an article of the site"
        )
    return ListReading(entries, following=_following(root, page, site))


def _root(page: Page) -> etree._Element | None:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    source = _DECLARATION.sub("", page.text.lstrip("\ufeff"))
    try:
        return etree.fromstring(source.encode("utf-8", "replace"), parser, base_url=page.url or None)
    except etree.XMLSyntaxError:
        return None


def _absolute(element: etree._Element, address: str, url: str) -> str | None:
    """Return where an address in a feed leads: it starts from the nearest ``xml:base``, itself maybe relative."""
    return absolute((element.base or "").strip() or url, address.strip()) if address.strip() else None


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _space(element: etree._Element) -> str:
    return element.tag.rpartition("}")[0] if isinstance(element.tag, str) else ""


def _elements(root: etree._Element) -> Iterator[etree._Element]:
    left = _MOST
    for element in root.iter():
        if _local(element) in ("item", "entry", "url") and (len(element) or _local(element) != "url"):
            yield element
            left -= 1
            if not left:
                return


def _entry(element: etree._Element, url: str, site: Site) -> ListEntry | None:
    said: dict[str, str] = {}
    inside: dict[str, str] = {}
    for inner in element.iter():
        name = _local(inner)
        if name == "title" or name in _DATES:  # an entry's own win over those of its pictures and its source
            is_own = inner.getparent() is element and _space(inner) == _space(element)
            kept = said if is_own else inside
            kept.setdefault(name, "".join(inner.itertext()).strip())
    made = _address(element, url, site)
    texts = {**inside, **said}
    date = next((texts[name] for name in _DATES if texts.get(name)), "")
    return ListEntry(made, plain(texts.get("title", "")), date) if made else None


def _address(element: etree._Element, url: str, site: Site) -> str | None:
    """Return the address of an entry: of its links and identities the first that is an article's, else the first."""
    found: dict[int, list[str | None]] = {}
    for inner in element.iter():
        name, text = _local(inner), inner.text or ""
        rank = _ADDRESSES.get(name)
        if name == "link" and inner.getparent() is element:
            relation = (inner.get("rel") or "alternate").lower()
            if relation in _RELATIONS:
                made = _absolute(inner, inner.get("href") or text, url)
                found.setdefault(_RELATIONS[relation], []).append(made)
        elif rank is not None:
            found.setdefault(rank, []).append(_absolute(inner, text, url))
    about = next((value for name, value in element.attrib.items() if name.endswith("}about")), "")
    found.setdefault(max(_ADDRESSES.values()) + 1, []).append(_absolute(element, about, url))
    ranked = [address for rank in sorted(found) for address in found[rank] if address]
    return next((address for address in ranked if site.article_key(address)), next(iter(ranked), None))


def _following(root: etree._Element, page: Page, site: Site) -> Following:
    for element in root.iter():
        if _local(element) == "link" and (element.get("rel") or "").lower() == "next":
            address = _absolute(element, element.get("href") or "", page.url)
            if address and site.follows(address) and address != page.url:
                return NextPage(ListAddress(address), "feed")
    return ListEnd("the feed names no next page")


def _read_index(root: etree._Element, page: Page, site: Site) -> ListReading:
    """Read an index of sitemaps: those that are sections of the site are walked as such, a single one as its next page."""
    named = [
        _absolute(element, element.text or "", page.url)
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
    root = _root(page) if kind and kind[1].lower() == "sitemapindex" else None
    if root is None:
        return ()
    named = (
        _absolute(element, element.text or "", page.url)
        for element in root.iter()
        if _local(element) == "loc"
    )
    return tuple(dict.fromkeys(filter(None, named)))
