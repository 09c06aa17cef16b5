"""Addresses of list pages: which are pages of one list, and where in them the page's number stands."""

import re
from urllib.parse import parse_qsl, urlsplit

from w3lib.url import canonicalize_url

from zhijiang_spider.items import Following, ListAddress, ListEnd, NextPage, PagerUnread
from zhijiang_spider.pages.page import Page
from zhijiang_spider.sites.site import Site
from zhijiang_spider.vocabulary import words

PAGE_PARAMETERS = frozenset(words("pagers.parameters"))


def is_same_page(one: str, other: str) -> bool:
    """Tell whether two addresses are one but for scheme, fragment, escapes and the order of the query."""
    return _canonical(one) == _canonical(other)


def _canonical(url: str) -> str:
    try:
        return str(canonicalize_url(url)).partition(":")[2]
    except ValueError:
        return url.partition(":")[2]


def is_start_page(page: Page, site: Site) -> bool:
    """Tell whether a crawl begins here, or was sent on to here from where it began."""
    return any(is_same_page(url, start) for start in site.start_urls for url in (page.url, page.asked))


class Place:
    """Where a list page stands: what its own address tells of the addresses of its list."""

    def __init__(self, url: str, site: Site) -> None:
        self.url = url
        self.site = site
        self._own = _canonical(url)

    def is_own(self, target: str) -> bool:
        """Tell whether an address is the page's own."""
        return _canonical(target) == self._own

    def accept(self, target: str | None) -> Following | None:
        """Judge where an explicit next link leads; None where it is no next link and others are to be asked."""
        if target is None or self.site.article_key(target) is not None:
            return None
        if not self.site.allows(target):
            return PagerUnread(f"the next page is at {target}, outside the hosts of the profile")
        if not self.site.follows(target):
            return ListEnd(f"the profile skips the next page, {target}")
        return ListEnd("the next link leads to the page itself") if self.is_own(target) else next_at(target)

    def leads_on(self, target: str) -> bool:
        """Tell whether an address can be another page of this very list."""
        return self.belongs(target) and not self.is_own(target)

    def belongs(self, target: str) -> bool:
        """Tell whether an address can be a page of this very list, judged by how it looks."""
        if not self.site.follows(target) or self.site.article_key(target) is not None:
            return False
        own, other = self.site.section_slug(self.url), self.site.section_slug(target)
        if own is not None and other is not None and own != other:
            return False
        here, there = urlsplit(self.url), urlsplit(target)
        folder = here.path.rpartition("/")[0] + "/"
        return here.hostname == there.hostname and (
            there.path.startswith(folder) or _without_digits(here.path) == _without_digits(there.path)
        )


def next_at(url: str) -> NextPage:
    """Return the answer that a list goes on at an address, asked for with GET."""
    return NextPage(ListAddress(url))


def _without_digits(path: str) -> str:
    return re.sub(r"\d+", "0", path)


def own_number(url: str) -> tuple[str | None, int | None]:
    """Return how the page's own address holds a page number, and the number: (None, None) if it does not."""
    parts = urlsplit(url)
    for name, value in parse_qsl(parts.query):
        if name.lower() in PAGE_PARAMETERS and value.isascii() and value.isdigit() and len(value) < 7:
            return re.sub(rf"([?&]{re.escape(name)}=){value}(?!\d)", r"\1{page}", url, count=1), int(value)
    found = re.search(r"(?<=[_-])(\d{1,4})(?=\.[a-z]{2,5}$)", parts.path)
    if found is None:
        return None, None
    path = f"{parts.path[: found.start()]}{{page}}{parts.path[found.end() :]}"
    return url.replace(parts.path, path, 1), int(found[1])


def number_by_template(template: str, url: str) -> tuple[int, str]:
    """Return the page number that the address holds (1 if none), and what the template is relative to."""
    before, _, after = template.partition("{page}")
    if parameter := re.search(r"[?&]([^?&=]+)=$", before):
        value = dict(parse_qsl(urlsplit(url).query)).get(parameter[1], "")
        return (int(value) if re.fullmatch(r"[0-9]{1,6}", value) else 1), url
    before = re.sub(r"^https?://[^/]*", "", before)
    found = re.search(rf"{re.escape(before)}([0-9]{{1,6}}){re.escape(after.partition('?')[0])}(?=$|\?)", url)
    if not found:
        return 1, url
    # A template such as "list/{page}.htm" starts at the folder of the first page, on every page.
    return int(found[1]), url if before.startswith("/") else url[: found.start()]
