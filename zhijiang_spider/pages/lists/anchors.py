"""The usual list: links to articles, each with its title and, in it or beside it, its date.

What is an article is told by the addresses (the site profile's patterns), never by class names.  A date belongs to
a link by its place: in the link, in the same smallest part of the page that holds no other article, or in the gap
between two articles.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree
from parsel import Selector

from zhijiang_spider.items import ListEntry
from zhijiang_spider.pages.lists.dates_beside import ArticleLink, dates_outside
from zhijiang_spider.pages.lists.link_text import CUT, best_title, read_link
from zhijiang_spider.pages.lists.readers import ListReading
from zhijiang_spider.pages.page import Page, once_a_page
from zhijiang_spider.pages.texts import Texts
from zhijiang_spider.sites.site import Site
from zhijiang_spider.text.list_dates import date_at_title


@once_a_page
def read_anchors(page: Page, site: Site) -> ListReading | None:
    """Read the links of a page that lead to articles; None where none does."""
    articles = article_links(page, site)
    return ListReading(tuple(entries_of(articles, page.texts))) if articles else None


@once_a_page
def article_links(page: Page, site: Site) -> tuple[ArticleLink, ...]:
    """Return the links of a page that lead to articles, where the profile wants them, in order."""
    wanted = _wanted_links(page.selector, site)
    return tuple(
        ArticleLink(element, address, key)
        for element, address in page.links
        if (key := site.article_key(address)) is not None and (wanted is None or element in wanted)
    )


def _wanted_links(selector: Selector, site: Site) -> set[etree._Element] | None:
    """Return the links inside the profile's ``entries`` elements, None if it names none."""
    if "entries" not in site.selectors:
        return None
    found = [part.root for part in site.select(selector, "entries")]
    return {link for part in found if isinstance(part, etree._Element) for link in part.iter("a", "area")}


@dataclass(slots=True)
class _Entry:
    """What the links to one article say, while the page is being read."""

    url: str
    title: str = ""
    rank: int = -1
    dates: list[str] = field(default_factory=list)

    def offer(self, rank: int, title: str) -> None:
        """Take a title if it is a better one, or the full text of the one that is cut."""
        cut = CUT.search(self.title)
        fuller = cut and rank == self.rank and len(title) > len(self.title)
        if rank > self.rank or (fuller and cut and title.startswith(self.title[: cut.start()].rstrip())):
            self.rank, self.title = rank, title


def entries_of(links: Sequence[ArticleLink], texts: Texts) -> list[ListEntry]:
    """Return the articles of links, each once, with the best title and the first date that its links give."""
    entries: dict[str, _Entry] = {}
    outside = dates_outside(links, texts)
    for link in links:
        entry = entries.setdefault(link.key, _Entry(link.address))
        read = read_link(link.element, texts)
        beside = outside.get(link.element, "")
        entry.dates += filter(None, (read.date, beside))
        text = read.text
        printed, rest = date_at_title(text)
        if printed and (not (read.date or beside) or printed in (read.date, beside)):
            text = rest
            entry.dates.append(printed)
        entry.offer(*best_title(text, read))
    return [ListEntry(entry.url, entry.title, next(iter(entry.dates), "")) for entry in entries.values()]
