"""A list page as printed: its article links with their dates, the sections it links to, its next page.

What is an article and what is a section is told by the addresses (the site profile's patterns), never by
class names.  The articles are for the list readers.
"""

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree
from parsel import Selector

from zhijiang_spider.items import ListEnd, PagerUnread, SectionLink, SectionPage
from zhijiang_spider.pages.errors import LayoutChanged, ListUnread
from zhijiang_spider.pages.lists.elsewhere import count_elsewhere
from zhijiang_spider.pages.lists.feeds import index_addresses
from zhijiang_spider.pages.lists.link_text import BULLET, UNREAD, joined
from zhijiang_spider.pages.lists.next_page import PagerReading, read_pager
from zhijiang_spider.pages.lists.one_list import is_one_list
from zhijiang_spider.pages.lists.pagers.addresses import is_start_page
from zhijiang_spider.pages.lists.readers import ListReading, read_list
from zhijiang_spider.pages.page import Page
from zhijiang_spider.pages.texts import Texts
from zhijiang_spider.sites.site import Site
from zhijiang_spider.text.characters import squeeze
from zhijiang_spider.vocabulary import any_of, spellings

_NO_NAME = re.compile(rf"[\W_]*(?:{any_of('lists.more_of_section')}|more)?[\W_]*", re.IGNORECASE)
"""Link texts that name no section: 更多 >>, MORE."""
_BREADCRUMB = re.compile(
    rf"{any_of('breadcrumb.whose')}?"
    rf"(?:{any_of('breadcrumb.labels')}是?\s?[:：]?|{any_of('breadcrumb.labels_before_colon')}是?\s?[:：])"
)
_BREADCRUMB_LABEL = re.compile(any_of("breadcrumb.labels", "breadcrumb.labels_before_colon"))
_CRUMB_BREAK = re.compile(r"[>＞»›→|｜/／\\]|::|--|&gt;")
_NOT_A_NAME = spellings("breadcrumb.home", "breadcrumb.leaves", "breadcrumb.no_sections") | {""}
_TITLE_BREAK = re.compile(r"\s?[_|｜—–]+\s?|\s[-·]\s?|\s?[-·]\s|(?<=[^\W\d_a-zA-Z])-(?=[^\W\d_a-zA-Z])")
_PAGE_NUMBER = re.compile(r"第?\s?\d{1,5}\s?页?")


def extract_section_page(page: Page, site: Site) -> SectionPage:
    """Read a list page.

    Raises ``LayoutChanged`` when the page links no article of the site, unless it is a start page that only
    leads to sections.
    """
    url = page.url
    own_slug = site.section_slug(url) or site.section_slug(page.asked)
    reader, reading = read_list(page, site)
    is_data = reader == "api"  # what a browser would not take for a page has neither links nor a name
    sections = () if is_data else _sections(page, site, own_slug)
    if reading and not reading.entries and not (reading.goes_on or sections):
        raise ListUnread(reading.unread or "the list says nothing of what follows", url)
    if reading is None and not (sections and own_slug is None and is_start_page(page, site)):
        raise LayoutChanged(_what_is_missing(site), url)
    if reading and reading.entries and not any(site.article_key(entry.url) for entry in reading.entries):
        raise LayoutChanged(f"no article of the site among what the list reader {reader} found", url)
    goes_on = reading.goes_on if reading else None
    pager = PagerReading(goes_on) if goes_on else read_pager(page, site)
    following = pager.following
    leads_to_sections = sections and own_slug is None and is_start_page(page, site)
    if (
        isinstance(following, PagerUnread)
        and leads_to_sections
        and not (pager.says_more or is_one_list(page, site))
    ):
        following = ListEnd("a start page: its sections have lists of their own")
    said_pages = reading.said_pages if reading and reading.said_pages else pager.said_pages
    if reading and not reading.unread and (whole := pager.ends_with(len(_keys(reading, site)), page)):
        following, said_pages = ListEnd(whole), None  # its pages are none to be asked for
    said_entries = reading.said_entries if reading and reading.said_entries else pager.said_entries
    return SectionPage(
        url=url,
        name=site.sections.get(own_slug or "")
        or ("" if is_data else _page_name(page.selector, site, page.texts)),
        entries=reading.entries if reading else (),
        sections=sections,
        following=following,
        unread=reading.unread if reading else "",
        said_pages=said_pages,
        said_entries=said_entries,
        number=pager.number,
        elsewhere=count_elsewhere(page, site) if said_entries and reading and reading.entries else 0,
        reader=reader,
    )


def _keys(reading: ListReading, site: Site) -> set[str | None]:
    return {site.article_key(entry.url) for entry in reading.entries} - {None}


def _sections(page: Page, site: Site, own_slug: str | None) -> tuple[SectionLink, ...]:
    sections: dict[str, SectionLink] = {}
    for address, element in _addresses(page):
        slug = site.section_slug(address)
        if slug is None or slug == own_slug:
            continue
        known = sections.get(slug)
        if (known is None or not known.name) and site.article_key(address) is None:
            name = "" if element is None else _section_name(element, page.texts)
            sections[slug] = SectionLink(known.url if known else address, name)
    return tuple(sections.values())


def _addresses(page: Page) -> Iterator[tuple[str, etree._Element | None]]:
    """Yield what a page links, and the sitemaps that it names as an index of such."""
    yield from ((address, element) for element, address in page.links)
    yield from ((address, None) for address in index_addresses(page))


def _what_is_missing(site: Site) -> str:
    if "entries" in site.selectors:
        where = "inside what selectors.entries selects; check entries and article_url"
    else:
        where = "on it; check article_url"
    return f"no article link {where} of the profile {site.path or site.name}"


# --- names ----------------------------------------------------------------------------------------------


def _section_name(element: etree._Element, page: Texts) -> str:
    name = BULLET.sub("", squeeze("".join(page.of(element, 20))[:200]))
    return "" if _NO_NAME.fullmatch(name[:40]) else name


def _page_name(selector: Selector, site: Site, page: Texts) -> str:
    """Return what the page calls itself: its place in the breadcrumb, its heading, or its title; or ""."""
    ours = {site.title, site.name}
    for name in _breadcrumb(selector.root, page)[::-1]:
        if name not in _NOT_A_NAME and name not in ours:
            return name if len(name) <= 30 else ""
    title = squeeze(selector.xpath("string(//title)").get("")[:500])
    segments = [s for s in map(squeeze, _TITLE_BREAK.split(title)) if s and not _PAGE_NUMBER.fullmatch(s)]
    segments = [s for s in segments if s not in _NOT_A_NAME and s not in ours]
    for heading in islice(selector.root.iter("h1", "h2", "h3"), 20):
        text = joined(heading, page)
        if 2 <= len(text) <= 30 and text in title and text in (segments[:-1] or segments):
            return text
    if not segments:
        return ""
    first = segments[0].removesuffix(site.title).strip()
    return first if len(first) <= 30 else ""


def _breadcrumb(root: etree._Element, page: Texts) -> list[str]:
    """Return the elements after 当前位置, in order; [] if the page has none."""
    if not any(map(_BREADCRUMB_LABEL.search, page.all)):
        return []
    for node in root.iter():
        if not isinstance(node.tag, str) or node.tag in UNREAD or node.tag in ("title", "option"):
            continue
        for start, text in ((node, node.text), (node.getparent(), node.tail)):
            if start is None or not text:
                continue
            found = _BREADCRUMB.search(text[:500])
            if found and (crumbs := _crumbs_from(start, text[found.start() :], page)):
                return crumbs
    return []


def _crumbs_from(element: etree._Element, marker: str, page: Texts) -> list[str]:
    """Read the breadcrumb around its marker text: the smallest element that holds more than the marker."""
    part: etree._Element | None = element
    for _ in range(4):
        if part is None or part.tag in ("body", "html"):
            break
        pieces: list[str] = []
        seen = False
        for text in page.of(part, 60):
            if not seen and marker in text:
                seen, text = True, _BREADCRUMB.sub("", marker, count=1)
            if seen:
                pieces += _CRUMB_BREAK.split(text[:200])
        names = [name.strip("[]【】:：").strip() for name in map(squeeze, pieces)]
        if names := [name for name in names if name]:
            return names
        part = part.getparent()
    return []
