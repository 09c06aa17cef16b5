"""Rows of a list that lead to no article of the site: a list's own total counts them too."""

from collections import Counter

from lxml import etree

from zhijiang_spider.pages.links import absolute
from zhijiang_spider.pages.page import Page
from zhijiang_spider.sites.site import Site

_ROWS = ("li", "tr", "dd", "dl", "div", "p", "h2", "h3", "h4", "article")
_LEAST_TITLE = 6
"""Characters of a link that can be a title."""


def count_elsewhere(page: Page, site: Site) -> int:
    """Return how many rows among the articles of a list have a title that leads to no article of the site."""
    rows: dict[etree._Element, bool] = {}
    for link in page.selector.root.iter("a", "area"):
        address = absolute(page.base, link.get("href") or "")
        row = next((element for element in link.iterancestors(*_ROWS)), None)
        if row is None or address is None:
            continue
        is_article = site.article_key(address) is not None
        if is_article or len("".join(page.texts.of(link, 12)).strip()) >= _LEAST_TITLE:
            rows[row] = rows.get(row, False) or is_article
    shapes = Counter((row.getparent(), row.tag) for row, is_article in rows.items() if is_article)
    return sum(not is_article and shapes[row.getparent(), row.tag] >= 2 for row, is_article in rows.items())
