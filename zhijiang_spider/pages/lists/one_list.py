"""Whether a page is one list of articles, or shows the first lines of many, as a home page does."""

from collections import Counter

from lxml import etree

from zhijiang_spider.pages.lists.anchors import article_links
from zhijiang_spider.pages.lists.dates_beside import SEVERAL, owners_of
from zhijiang_spider.pages.lists.sides import Sides
from zhijiang_spider.pages.page import Page
from zhijiang_spider.sites.site import Site

_LEAST = 5
"""Articles of one list."""
_SHARE = 0.8
"""Of a page's articles that stand in one list where it has no other."""


def is_one_list(page: Page, site: Site) -> bool:
    """Tell whether nearly all articles that a page links stand in one list; boxes beside it do not count.

    A list may be in pieces: five lines in an ``<ul>``, five in the next.
    """
    sides = Sides(page.texts)
    links = [link for link in article_links(page, site) if not sides.holds(link.element)]
    owners = owners_of(links)
    holders: dict[str, etree._Element] = {}
    for link in links:
        for element in link.element.iterancestors():
            if owners.get(element) is SEVERAL:
                holders.setdefault(link.key, element)
                break
    lists = Counter((holder.getparent(), holder.tag, holder.get("class")) for holder in holders.values())
    longest = max(lists.values(), default=0)
    return longest >= max(_LEAST, _SHARE * len(holders))
