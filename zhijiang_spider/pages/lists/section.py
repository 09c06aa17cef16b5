"""A list page as printed: its article links with their dates, the sections it links to, its next page.

What is an article and what is a section is told by the addresses (the site profile's patterns), never by
class names.  A date belongs to a link by its place: in the link, in the same smallest part of the page that
holds no other article, or in the gap between two articles.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree
from parsel import Selector

from zhijiang_spider.items import ListEntry, SectionLink, SectionPage
from zhijiang_spider.pages.errors import LayoutChanged
from zhijiang_spider.pages.links import absolute, page_base
from zhijiang_spider.pages.lists.dates_beside import ArticleLink, dates_outside
from zhijiang_spider.pages.lists.link_text import BULLET, CUT, UNREAD, best_title, joined, read_link
from zhijiang_spider.pages.lists.next_page import find_next, is_same_page
from zhijiang_spider.sites.site import Site
from zhijiang_spider.text.characters import squeeze
from zhijiang_spider.text.list_dates import date_at_title

# --- vocabularies -------------------------------------------------------------------------------------

_NO_NAME = re.compile(r"[\W_]*(?:查看|浏览)?(?:更多|more)?[\W_]*", re.IGNORECASE)
"""Link texts that name no section: 更多 >>, MORE."""
_BREADCRUMB = re.compile(r"(?:当前|您的|你的|所在|您所在的|您现在的|您当前的|目前)位置(?:是)?\s?[:：]?")
_CRUMB_BREAK = re.compile(r"[>＞»›→|｜/／\\]|::|--|&gt;")
_NOT_A_NAME = frozenset(
    ("", "首页", "网站首页", "主页", "列表", "列表页", "栏目列表", "文章列表", "正文", "内容")
)
_TITLE_BREAK = re.compile(r"\s?[_|｜—–]+\s?|\s[-·]\s?|\s?[-·]\s|(?<=[^\W\d_a-zA-Z])-(?=[^\W\d_a-zA-Z])")
_PAGE_NUMBER = re.compile(r"第?\s?\d{1,5}\s?页?")

# --- dates as lists print them --------------------------------------------------------------------------


def extract_section_page(selector: Selector, url: str, site: Site) -> SectionPage:
    """Read a list page.

    ``url`` is the page's own absolute address.  Raises ``LayoutChanged`` when the page links no article of
    the site, unless it is a start page that only leads to sections.
    """
    base = page_base(selector, url)
    own_slug = site.section_slug(url)
    articles: list[ArticleLink] = []
    sections: dict[str, SectionLink] = {}
    wanted = _wanted_links(selector, site)
    for element in selector.root.iter("a", "area"):
        address = absolute(base, element.get("href") or "")
        if address is None:
            continue
        if (key := site.article_key(address)) is not None:
            if wanted is None or element in wanted:
                articles.append(ArticleLink(element, address, key))
        elif (slug := site.section_slug(address)) is not None and slug != own_slug:
            known = sections.get(slug)
            if known is None or not known.name:
                sections[slug] = SectionLink(known.url if known else address, _section_name(element))
    if not articles and not (sections and own_slug is None and _is_start_page(url, site)):
        raise LayoutChanged(_what_is_missing(site), url)
    return SectionPage(
        url=url,
        name=site.sections.get(own_slug or "") or _page_name(selector, site),
        entries=tuple(_entries(articles)),
        sections=tuple(sections.values()),
        next_url=find_next(selector, url, site),
    )


def _is_start_page(url: str, site: Site) -> bool:
    return any(is_same_page(url, start) for start in site.start_urls)


def _wanted_links(selector: Selector, site: Site) -> set[etree._Element] | None:
    """Return the links inside the profile's ``entries`` elements, None if it names none."""
    if "entries" not in site.selectors:
        return None
    found = [part.root for part in site.select(selector, "entries")]
    return {link for part in found if isinstance(part, etree._Element) for link in part.iter("a", "area")}


def _what_is_missing(site: Site) -> str:
    if "entries" in site.selectors:
        where = "inside what selectors.entries selects; check entries and article_url"
    else:
        where = "on it; check article_url"
    return f"no article link {where} of the profile {site.path or site.name}"


# --- entries ------------------------------------------------------------------------------------------


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


def _entries(links: Sequence[ArticleLink]) -> list[ListEntry]:
    entries: dict[str, _Entry] = {}
    outside = dates_outside(links)
    for link in links:
        entry = entries.setdefault(link.key, _Entry(link.address))
        read = read_link(link.element)
        beside = outside.get(link.element, "")
        entry.dates += filter(None, (read.date, beside))
        text = read.text
        printed, rest = date_at_title(text)
        if printed and (not (read.date or beside) or printed in (read.date, beside)):
            text = rest
            entry.dates.append(printed)
        entry.offer(*best_title(text, read))
    return [ListEntry(entry.url, entry.title, next(iter(entry.dates), "")) for entry in entries.values()]


# --- dates beside links ---------------------------------------------------------------------------------


# --- names ----------------------------------------------------------------------------------------------


def _section_name(element: etree._Element) -> str:
    name = BULLET.sub("", squeeze("".join(islice(element.itertext(), 20))[:200]))
    return "" if _NO_NAME.fullmatch(name[:40]) else name


def _page_name(selector: Selector, site: Site) -> str:
    """Return what the page calls itself: its place in the breadcrumb, its heading, or its title; or ""."""
    ours = {site.title, site.name}
    for name in _breadcrumb(selector.root)[::-1]:
        if name not in _NOT_A_NAME and name not in ours:
            return name if len(name) <= 30 else ""
    title = squeeze(selector.xpath("string(//title)").get("")[:500])
    segments = [s for s in map(squeeze, _TITLE_BREAK.split(title)) if s and not _PAGE_NUMBER.fullmatch(s)]
    segments = [s for s in segments if s not in _NOT_A_NAME and s not in ours]
    for heading in islice(selector.root.iter("h1", "h2", "h3"), 20):
        text = joined(heading)
        if 2 <= len(text) <= 30 and text in title and text in (segments[:-1] or segments):
            return text
    if not segments:
        return ""
    first = segments[0].removesuffix(site.title).strip()
    return first if len(first) <= 30 else ""


def _breadcrumb(root: etree._Element) -> list[str]:
    """Return the elements after 当前位置, in order; [] if the page has none."""
    for node in root.iter():
        if not isinstance(node.tag, str) or node.tag in UNREAD or node.tag in ("title", "option"):
            continue
        for start, text in ((node, node.text), (node.getparent(), node.tail)):
            if start is None or not text or "位置" not in text:
                continue
            found = _BREADCRUMB.search(text[:500])
            if found and (crumbs := _crumbs_from(start, text[found.start() :])):
                return crumbs
    return []


def _crumbs_from(element: etree._Element, marker: str) -> list[str]:
    """Read the breadcrumb around its marker text: the smallest element that holds more than the marker."""
    part: etree._Element | None = element
    for _ in range(4):
        if part is None or part.tag in ("body", "html"):
            break
        pieces: list[str] = []
        seen = False
        for text in islice(part.itertext(), 60):
            if not seen and marker in text:
                seen, text = True, _BREADCRUMB.sub("", marker, count=1)
            if seen:
                pieces += _CRUMB_BREAK.split(text[:200])
        names = [name.strip("[]【】:：").strip() for name in map(squeeze, pieces)]
        if names := [name for name in names if name]:
            return names
        part = part.getparent()
    return []


# --- texts ----------------------------------------------------------------------------------------------
