"""The next page as a reader would find it: by a link's word, by the next number, by an arrow."""

import re
from dataclasses import replace
from itertools import chain, islice

from lxml import etree

from zhijiang_spider.items import Following, ListAddress, ListEnd, NextPage, PagerUnread
from zhijiang_spider.pages.links import absolute
from zhijiang_spider.pages.lists.opened import opener_of
from zhijiang_spider.pages.lists.pagers.addresses import next_at
from zhijiang_spider.pages.lists.pagers.clickable import Link
from zhijiang_spider.pages.lists.pagers.list_page import ListPage
from zhijiang_spider.pages.lists.pagers.numbers import number_groups
from zhijiang_spider.pages.lists.pagers.reach import page_for_call, reach
from zhijiang_spider.vocabulary import spellings

_NEXT_WORDS = spellings("pagers.next", "pagers.older")
_PREVIOUS_WORDS = spellings("pagers.previous", "pagers.newer")
_ARROWS = (">", "›", "＞", "→", "▶", "»", ">>", "››", "＞＞")
"""Order = precedence: where a pager has both, the double arrow leads further than the next page."""

_TURNS = re.compile(r"page|postback|goto|list|fenye|jump|^\d+$", re.IGNORECASE)
"""What handlers of page numbers are called; those of a slide show have numbers too."""

_PAGER = re.compile(r"[\w-]*(?:pag(?:e|er|es|ing|ination|inator)|fenye|fanye)[\w-]*", re.IGNORECASE)
"""Classes and ids of pagers."""
_PAGER_CELL = re.compile(r"\d{1,5}")
_AROUND = 4
"""Elements around a number, itself too, whose names are looked at."""


def by_profile(page: ListPage) -> Following | None:
    """Ask the profile's selectors."""
    for found in page.site.select(page.page.selector, "next"):
        root = found.root
        href = root if isinstance(root, str) else root.get("href")
        if href and (answer := page.accept(absolute(page.page.base, href))) is not None:
            return answer
    return None


def by_rel(page: ListPage) -> Following | None:
    """Ask ``rel=next``."""
    for element in page.page.selector.root.iter("link", "a"):
        if "next" in (element.get("rel") or "").lower().split():
            href = element.get("href")
            if href and (answer := page.accept(absolute(page.page.base, href))) is not None:
                return answer
    return None


def by_words(page: ListPage) -> Following | None:
    """Ask the links that say 下一页."""
    nexts = [link for link in page.links if link.label in _NEXT_WORDS]
    if not nexts:
        return None
    for link in nexts:
        answer = None if link.current and link.target is None else page.accept(link.target)
        if answer is not None:
            return answer
        if link.target is None and not link.current and (asked := _clicked(page, link)):
            if not asked.form and page.is_own(asked.url):
                return ListEnd(f"{link.label} leads to the page itself")
            return NextPage(asked)
    before = [link for link in page.links if link.label in _PREVIOUS_WORDS]
    if any(reach(page, link) for link in before if not link.current):
        return ListEnd(f"{nexts[0].label} is switched off")
    if (
        all(link.plain for link in nexts)
        and all(link.plain for link in before)
        and before
        and not page.groups
    ):
        return ListEnd(f"{nexts[0].label} is no link")
    return None


def left_to_a_script(page: ListPage) -> Following | None:
    """See whether a link says 下一页, or is the next number, and nothing shows where its script leads."""
    has_scripts = next(page.page.selector.root.iter("script"), None) is not None
    before = [link for link in page.links if link.label in _PREVIOUS_WORDS]
    for link in page.links:
        if link.label not in _NEXT_WORDS or link.current or link.target is not None:
            continue
        if link.script:
            return PagerUnread(f"{link.label} is left to a script: {link.script[:80].strip()}")
        if has_scripts and not link.plain and all(back.current or back.plain for back in before):
            return PagerUnread(f"{link.label} is left to a script that the page does not show")
    for group in page.groups:
        following = group.linked.get((group.current or 1) + 1)
        if following is None or following.target is not None:
            continue
        script = following.script[:80].strip()
        if _TURNS.search(following.script or following.element.get("data-page", "")) or (
            following.script and opener_of(page.page).leaves(following.script)
        ):
            return PagerUnread(f"{following.label} is left to a script: {script}")
    return _next_cell(page) if has_scripts else None


def _next_cell(page: ListPage) -> Following | None:
    """See whether the next number stands in a pager, be it a link or not, and leads nowhere."""
    shown = [replace(link, plain=False) for link in page.links if _PAGER_CELL.fullmatch(link.label)]
    for group in number_groups(shown, page, page.page.texts):
        following = group.linked.get(group.current + 1) if group.current else None
        if following is not None and following.target is None and _in_pager(following.element):
            return PagerUnread(
                f"{following.label} is left to a script: {following.script[:80].strip() or 'the page does not show it'}"
            )
    return None


def _in_pager(element: etree._Element) -> bool:
    """Tell whether an element stands in what is called a pager."""
    around = islice(chain((element,), element.iterancestors()), _AROUND)
    return any(
        _PAGER.fullmatch(name)
        for holder in around
        for name in (holder.get("id") or "", *(holder.get("class") or "").split())
    )


def _clicked(page: ListPage, link: Link) -> ListAddress | None:
    """Return where a click on 下一页 leads; without a number in it, to the page behind the one the form holds."""
    if (asked := reach(page, link)) is not None or not link.script:
        return asked
    current = next((form.current for form in page.forms if form.current is not None), None)
    return page_for_call(page, current + 1) if current is not None else None


def by_numbers(page: ListPage) -> Following | None:
    """Ask for the number behind the current one."""
    for group in page.groups:
        if group.current is None:
            continue
        following = group.linked.get(group.current + 1)
        if following is None:
            if group.current >= max(group.linked) and any(
                reach(page, link) for link in group.linked.values()
            ):
                return ListEnd(f"{group.current} is the last number of the pager")
            continue
        if following.target is not None:
            if page.leads_on(following.target):
                return next_at(following.target)
            continue
        asked = reach(page, following) or page_for_call(page, group.current + 1)
        if asked is not None:
            own = not asked.form and page.is_own(asked.url)
            return ListEnd("the next number leads to the page itself") if own else NextPage(asked)
    return None


def by_arrows(page: ListPage) -> Following | None:
    """Ask the links that are only an arrow."""
    for arrow in _ARROWS:
        for link in page.links:
            if link.label == arrow and link.target and not link.current and page.leads_on(link.target):
                return next_at(link.target)
    return None


def has_way_back(page: ListPage) -> bool:
    """Tell whether the page leads back to an earlier page of its list."""
    return any(reach(page, link) for link in page.links if link.label in _PREVIOUS_WORDS and not link.current)
