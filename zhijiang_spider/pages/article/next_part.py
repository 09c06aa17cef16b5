"""Where an article goes on: the address of its next page, that there is none, or that this is not understood.

A link counts only if it leads one number on from this very article's address: 下一页 of a sidebar's list, or of
the next article, does not.  What the page says without a link that can be read, it says in a pager's line by the
text; pagers behind what opens comments or other articles are not the article's.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby, islice, takewhile
from urllib.parse import parse_qsl, urlsplit

from lxml import etree

from zhijiang_spider.items import Following, ListAddress, ListEnd, NextPage, PagerUnread
from zhijiang_spider.pages.boilerplate import is_comment_stop, is_stop
from zhijiang_spider.pages.links import absolute
from zhijiang_spider.pages.lists.pagers.addresses import PAGE_PARAMETERS
from zhijiang_spider.pages.lists.pagers.scripts import TRS_CALL
from zhijiang_spider.pages.page import Page
from zhijiang_spider.pages.pager_line import is_pager_line, may_be_of_pager, page_count
from zhijiang_spider.pages.seen import GAP, Kind, TextBlock
from zhijiang_spider.sites.site import Site
from zhijiang_spider.vocabulary import spellings

WHOLE = "whole"
"""Kind of pager: what follows is the article on one page, so it takes the place of what was read before it."""
_BEFORE_END, _BEHIND_END = 6, 8
"""Pieces before and behind the end of a text among which its pager stands."""
_LABEL_PARTS, _LABEL_TEXT = 5, 20
"""Elements in a link that may hold a part of its label, and characters of it; what holds more is no 下一页."""
_NEXT_WORDS = spellings("pagers.next")
_REST_WORDS = spellings("pagers.rest")
_AROUND = "[]【】（()）>》»›→<.…"
_NUMBERED = re.compile(r"^(?P<stem>.+?)(?:(?P<by>[_/-])(?P<number>\d{1,3}))?(?P<end>\.\w{2,6}|/?)$")
_ALL = re.compile(
    r"[_-]all(?:\.\w{2,6})?$|[?&](?:all|showall|full)(?:=[1a-z]\w{0,4})?(?:&|$)|=all\b", re.IGNORECASE
)
_QUOTED = re.compile(r"['\"]([^'\"<>\s]{1,300})['\"]")
_DOES_NOTHING = re.compile(
    r"(?:javascript:\s{0,3}(?:void\s{0,2}\(?\s{0,2}0?\s{0,2}\)?)?;?|#.{0,40})", re.IGNORECASE
)
_COMMENTED = re.compile(r"(?<!:)//[^\n]{0,200}$")


def pager_lines(pieces: Sequence[TextBlock], start: int, end: int) -> Iterator[TextBlock]:
    """Yield the lines by a text, which lies between two places, that may be its pager.

    What a page sets on several lines (``<li>1</li><li>2</li>``) is one.
    """
    around = takewhile(_may_be_near, pieces[max(start, end - _BEFORE_END) : end + _BEHIND_END])
    for is_pager, lines in groupby(
        around, key=lambda line: line.kind is Kind.TEXT and may_be_of_pager(line.text)
    ):
        if is_pager:
            found = list(lines)
            marked = " ".join(line.marked for line in found)
            parts = tuple(part for line in found for part in (line.parts or [(line.marked, "")]))
            yield replace(found[0], marked=marked, linked=sum(line.linked for line in found), parts=parts)


def _may_be_near(line: TextBlock) -> bool:
    return not (line.kind is Kind.TEXT and (is_stop(line.text) or is_comment_stop(line.text)))


def next_part(page: Page, site: Site, pager: Iterable[TextBlock] = ()) -> Following:
    """Return what follows a page of an article.  ``pager``: the lines by its text that may be its pager."""
    numbered: dict[int, list[etree._Element]] = {}
    worded: list[etree._Element] = []
    rest: list[etree._Element] = []
    for element in page.selector.root.iter("a"):
        label = _label(element)
        if label in _NEXT_WORDS:
            worded.append(element)
        elif label in _REST_WORDS:
            rest.append(element)
        elif label.isascii() and label.isdecimal() and len(label) <= 3:
            numbered.setdefault(int(label), []).append(element)
    follows = partial(_leads_on, page, site)
    for kind, elements in (("words", worded), ("rest", rest)):
        if target := next(
            (target for one in elements for target in _targets(one, page, site) if follows(target)), ""
        ):
            return NextPage(ListAddress(target), kind)
    if target := _by_numbers(page, site, numbered) or _by_options(page, site) or _by_script(page):
        return NextPage(ListAddress(target), "numbers")
    for target in (target for one in rest for target in _targets(one, page, site)):
        if _is_whole(page, site, target):
            return NextPage(ListAddress(target), WHOLE)
    reason = next(filter(None, (_unread(page, site, line) for line in pager)), "")
    return PagerUnread(reason) if reason else ListEnd("no link leads to a further page of it")


def _label(element: etree._Element) -> str:
    """Return a link's text without blanks and brackets; of one that holds much, its beginning."""
    text = element.text or ""
    if len(text) < _LABEL_TEXT and len(element):
        for node in islice(element.iterdescendants(), _LABEL_PARTS):
            text += (node.text or "" if isinstance(node.tag, str) else "") + (node.tail or "")
    return "".join(text[:_LABEL_TEXT].split()).strip(_AROUND).lower()


def _targets(element: etree._Element, page: Page, site: Site) -> Iterator[str]:
    """Yield where a link leads: its address, or those that its script holds."""
    href = element.get("href") or element.get("value") or ""
    script = f"{href if href.startswith('javascript:') else ''} {element.get('onclick') or ''}"
    held = (found for found in _QUOTED.findall(script) if "." in found or "?" in found or "/" in found)
    for address in (href, *held):
        target = None if address.startswith("javascript:") else absolute(page.base, address)
        if target and site.follows(target):
            yield target


def _by_numbers(page: Page, site: Site, numbered: dict[int, list[etree._Element]]) -> str:
    """Return the next page where its number is the link, and another page's number stands beside it."""
    ours = {
        number: target
        for number, elements in numbered.items()
        for one in elements
        for target in _targets(one, page, site)
        if target == page.url or _number(page, site, target)
    }
    for number, target in ours.items():
        if number > 1 and _leads_on(page, site, target, numbered=number):
            beside = any(_stands_before(one, number - 1) for one in numbered[number])
            if beside or len(ours) > 1:
                return target
    return ""


def _stands_before(link: etree._Element, number: int) -> bool:
    """Tell whether the number before stands there: as the page that is shown, it is no link."""
    before = link.getprevious()
    if before is None:
        parent = link.getparent()
        before = parent.getprevious() if parent is not None and parent.tag in ("li", "span", "td") else None
        said = (parent.text or "") if parent is not None else ""
    else:
        said = before.tail or ""
    inside = "".join(islice(before.itertext("*"), 5)) if before is not None else ""
    return str(number) in (said.strip(" \u3000\xa0" + _AROUND), inside.strip(" \u3000\xa0" + _AROUND))


def _by_options(page: Page, site: Site) -> str:
    """Return the next page from a list to choose from."""
    for option in page.selector.root.iter("option"):
        for target in _targets(option, page, site):
            if _leads_on(page, site, target):
                return target
    return ""


def _by_script(page: Page) -> str:
    """Return the next page that the pager of TRS would link to, if it is this page's."""
    if "createPageHTML" not in page.text:
        return ""
    calls = (
        found
        for script in page.selector.root.iter("script")
        for found in TRS_CALL.finditer(script.text or "")
    )
    found = next((call for call in calls if not _COMMENTED.search(call.string[: call.start()][-200:])), None)
    if found is None:
        return ""
    pages, shown, name, end = int(found["pages"]), int(found["shown"]), found["name"], found["end"]
    own = urlsplit(page.url).path.rsplit("/", 1)[-1]
    is_own = own == (f"{name}_{shown}.{end}" if shown else f"{name}.{end}")
    if not is_own or shown + 1 >= pages:
        return ""
    return absolute(page.url, f"{name}_{shown + 1}.{end}") or ""


# --- addresses of one article ------------------------------------------------------------------------------


def _leads_on(page: Page, site: Site, target: str, *, numbered: int = 0) -> bool:
    """Tell whether an address is the next page's.  ``numbered``: the number of that page, 0 where none is printed."""
    found = _number(page, site, target)
    if found is None or _ALL.search(page.url):
        return False
    own, there = found
    return there in ({own + 1} if own is not None else {1, 2}) and (
        not numbered or numbered - there in (0, 1)
    )


def _number(page: Page, site: Site, target: str) -> tuple[int | None, int] | None:
    """Return the numbers of this page (None: its address has none) and of another of the same article.

    None where the address is no other page of this article.
    """
    here, there = urlsplit(page.url), urlsplit(target)
    if here.hostname != there.hostname:
        return None
    same_key = site.article_key(target) == site.article_key(page.url)
    if here.path == there.path:
        return (
            (_parameter(here.query), _parameter(there.query))
            if same_key and here.query != there.query
            else None
        )
    one, other = _NUMBERED.match(here.path), _NUMBERED.match(there.path)
    if one is None or other is None or one["end"] != other["end"] or not other["number"]:
        return None
    if here.path.removesuffix(one["end"]) == other["stem"]:
        return None, int(other["number"])
    if one["number"] and one["stem"] == other["stem"] and (one["by"] != "/" or same_key):
        return int(one["number"]), int(other["number"])
    return None


def _parameter(query: str) -> int:
    """Return the page number that a query holds, 1 if none."""
    for name, value in parse_qsl(query):
        if name.lower() in PAGE_PARAMETERS and re.fullmatch(r"[0-9]{1,3}", value):
            return int(value)
    return 1


def _is_whole(page: Page, site: Site, target: str) -> bool:
    """Tell whether an address is that of this article on one page."""
    if not _ALL.search(target) or _ALL.search(page.url):
        return False
    here, there = urlsplit(page.url), urlsplit(target)
    if here.hostname != there.hostname:
        return False
    if here.path == there.path:
        return site.article_key(target) == site.article_key(page.url)
    return _ALL.sub("", there.path) == here.path.rpartition(".")[0]


# --- what is said and cannot be followed --------------------------------------------------------------------


def _unread(page: Page, site: Site, line: TextBlock) -> str:
    """Return in words that a line says that more pages follow, "" where it does not."""
    if not is_pager_line(line.text, linked=line.linked > 0):
        return ""
    said = page_count(line.spaced)
    parts = [(text.replace(GAP, "").strip(" \u3000" + _AROUND), href) for text, href in line.parts]
    links = [(int(text), href) for text, href in parts if href and re.fullmatch(r"[0-9]{1,3}", text)]
    shown = [int(text) for text, href in parts if not href and re.fullmatch(r"[0-9]{1,3}", text)]
    if any(href and not _may_be_ours(page, href) for _, href in parts):
        return ""  # of another article, or of a list
    own = said.own or (shown[0] if len(shown) == 1 else 0) or _own_number(page)
    last = max([said.all, *(number for number, _ in links)])
    if last > own:
        return f"the page says that it is page {own} of {last}, and no link can be read that leads on"
    acts = [href for text, href in parts if "".join(text.split()).lower() in _NEXT_WORDS and href]
    if not last and any(
        href.startswith("javascript:") and not _DOES_NOTHING.fullmatch(href) for href in acts
    ):
        return "the link to the next page is left to a script"
    return ""


def _own_number(page: Page) -> int:
    """Return which page this is by its address, 1 where it does not tell."""
    parts = urlsplit(page.url)
    found = _NUMBERED.match(parts.path)
    number = int(found["number"]) if found and found["number"] and found["by"] == "_" else 0
    return number or _parameter(parts.query)


def _may_be_ours(page: Page, href: str) -> bool:
    """Tell whether a link may be of this article: it leads nowhere that can be read, or to its own path."""
    if href.startswith(("javascript:", "#")):
        return True
    target = absolute(page.base, href)
    here = urlsplit(page.url).path
    return target is None or urlsplit(target).path.startswith(here.rpartition(".")[0] or here)
