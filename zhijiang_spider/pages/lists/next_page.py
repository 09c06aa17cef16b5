"""Where a list goes on: the address of its next page, that this is its end, or that this is not understood.

Pages are asked in the order of ``_PAGERS``: what the profile says, what a reader would click, what the page's
scripts would do, and last the profile's pattern.  Links win over scripts because the scripts of one system count
from 0 on some sites and from 1 on others.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from zhijiang_spider.items import Following, ListEnd, NextPage, PagerUnread
from zhijiang_spider.pages.lists.pagers.clicked import (
    by_arrows,
    by_numbers,
    by_profile,
    by_rel,
    by_words,
    has_way_back,
    left_to_a_script,
)
from zhijiang_spider.pages.lists.pagers.coded import by_coded_markup, drawn_by_script
from zhijiang_spider.pages.lists.pagers.counted import by_own_number, by_plugin, by_script, by_template
from zhijiang_spider.pages.lists.pagers.list_page import ListPage
from zhijiang_spider.pages.lists.pagers.more import by_load_more, by_more_link, by_scroll, says_no_more
from zhijiang_spider.pages.lists.pagers.rows_shown import shows_its_rows
from zhijiang_spider.pages.page import Page, once_a_page
from zhijiang_spider.sites.site import Site


@dataclass(frozen=True, slots=True)
class PagerReading:
    """What a page says about the other pages of its list."""

    following: Following
    said_pages: int | None = None
    said_entries: int | None = None
    is_printed: bool = False
    """A reader of the page sees those two."""
    number: int | None = None
    """Which page of the list it says it is, from 1."""

    @property
    def says_more(self) -> bool:
        """Tell whether a reader of the page sees that its list has several pages."""
        return self.is_printed and (self.said_pages or 0) > 1

    def ends_with(self, entries: int, page: Page) -> str:
        """Return in words that all of the list stands on this page, of which so many entries were read; or ""."""
        if not isinstance(self.following, PagerUnread):
            return ""
        if self.is_printed and self.said_entries == entries:
            return f"the page says {entries} entries, and all of them stand on it"
        if (self.said_entries or entries) <= entries and shows_its_rows(page):
            return "a script of the page only hides and shows the rows that stand on it"
        return ""


def find_next(page: Page, site: Site) -> Following:
    """Return what follows a page of a list: the next page, its end, or that this is not understood.

    The address is one that ``site`` allows and another than the page's own.
    """
    return read_pager(page, site).following


@once_a_page
def read_pager(page: Page, site: Site) -> PagerReading:
    """Return what follows a page of a list, and how long the page says that its list is."""
    listed = ListPage(page, site)
    following = _following(listed)
    counts = listed.counts
    pages = counts.pages or listed.last_number
    return PagerReading(following, pages, counts.entries, counts.printed, listed.number)


_BY_LINKS: Mapping[str, Callable[[ListPage], Following | None]] = {
    "selector": by_profile,
    "rel": by_rel,
    "words": by_words,
    "numbers": by_numbers,
    "arrows": by_arrows,
    "more": by_more_link,
}
_BY_SCRIPTS: Mapping[str, Callable[[ListPage], Following | None]] = {
    "plugin": by_plugin,
    "script": by_script,
    "page_url": by_template,
    "coded": by_coded_markup,
    "load more": by_load_more,
    "scroll": by_scroll,
    "piece": by_own_number,
    "handler": left_to_a_script,
}
"""Name of a kind of pager → what knows it.  Order = precedence; None: ask the next."""


def _following(page: ListPage) -> Following:
    unread: PagerUnread | None = None
    for name, pager in (*_BY_LINKS.items(), *_BY_SCRIPTS.items()):
        answer = pager(page)
        if isinstance(answer, NextPage):
            # A template links on from the last page too: where the page says that it is the last, there may be none.
            return replace(answer, pager=name, counted=answer.counted or _is_one_page(page))
        if isinstance(answer, PagerUnread):
            if name in _BY_LINKS:
                return answer
            unread = unread or answer
        elif answer is not None:
            if name in _BY_LINKS and (said := _more_pages_said(page)):
                unread = unread or PagerUnread(f"{said}, and {answer.evidence}")
            else:
                return answer
    if said := _more_pages_said(page):
        unread = PagerUnread(f"{said}, and {unread.reason if unread else 'no link leads on'}")
    if unread is None and not _is_one_page(page) and (drawn := drawn_by_script(page)):
        unread = PagerUnread(drawn)
    if unread is not None and not _is_one_page(page):
        return unread
    if _is_one_page(page):
        return ListEnd(f"the page says that it is the last: {page.counts.words}")
    said = says_no_more(page)
    return ListEnd(f"the page says {said}" if said else "the page has no pager")


def _is_one_page(page: ListPage) -> bool:
    """Tell whether the page says itself that no page is behind it."""
    pages = page.counts.pages
    return pages is not None and (pages == 1 or (page.number or 0) >= pages)


def _more_pages_said(page: ListPage) -> str:
    """Return in words that a page says that more pages are behind it; "" where it does not."""
    pages = page.counts.pages
    if pages is None or pages == 1:
        return ""
    number = page.number
    if number is None:
        # An address may count from 0.  Without a number anywhere, only a page that leads back is not the first.
        own = page.number_in_address
        number = own + 1 if own is not None else pages if has_way_back(page) else 1
    return f"the page says {pages} pages ({page.counts.words})" if number < pages else ""
