"""What can be clicked on a list page, as far as it is short: the links, buttons and numbers of pagers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from zhijiang_spider.pages.links import absolute, holds_slot
from zhijiang_spider.pages.lists.opened import opener_of
from zhijiang_spider.pages.page import Page
from zhijiang_spider.pages.texts import Texts
from zhijiang_spider.vocabulary import words

_CLICKABLE = ("a", "area", "button", "input", "option")
_HOLDERS = ("span", "li", "em", "b", "strong", "td")
"""Elements in which pagers put a page that is no link, and some a script."""
_LABEL_CHARS = 16
"""A pager's links are short; longer texts are never looked at."""
_CURRENT_CLASSES = frozenset(words("pagers.current_classes"))
_ADDRESS_ATTRIBUTES = ("data-href", "data-url", "data-link")
_NUMBER_ATTRIBUTES = ("data-page", "data-p", "data-num", "data-pageno")

_HANDLERS = ("@click", "v-on:click", "ng-click", "ms-click", "bindtap", "@tap", "wire:click")
"""Attributes with what a component library runs at a click: ``<span @click="next">``."""
_PROGRAM = re.compile(r"\s{0,9}javascript:", re.IGNORECASE)
_PLACE_IN_PAGE = re.compile(r"#\D{0,40}\d{1,5}$")
"""An address in the page itself that a script takes for a page's number: ``#page=2``, ``#!/list/2``."""

_CALL = re.compile(r"([\w$.]{1,60})\s?\(\s?['\"]?(\d{1,6})(?![\d.])")
_NO_PAGE_CALLS = frozenset(("void", "alert", "confirm", "settimeout", "history.go", "go", "parseint"))
_GO_TO = re.compile(
    r"(?:location(?:\.href)?\s?=|location\.(?:assign|replace)\s?\(|window\.open\s?\()"
    r"\s{0,3}['\"]([^'\"\s]{1,500})['\"](?!\s?\+)"
)
_DOES_NOTHING = re.compile(
    r"(?:\s|;|javascript:|void\s?\(?\s?0?\s?\)?|return\s+(?:false|true)|undefined|null|#)*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """Something short that can be clicked, or the current page's place among such."""

    element: etree._Element
    label: str
    """Its text without spaces, brackets and, beside a word, arrows; lower case."""
    target: str | None
    """Absolute address; None if a script goes there or nothing does."""
    call: int | None
    """First number handed to a page function: 3 in ``goPage(3)``."""
    script: str
    """What a click runs, as the page writes it; "" where that does nothing."""
    plain: bool
    """It cannot be clicked at all."""
    current: bool
    """It looks like the current page, or switched off."""


def read_links(page: Page) -> Iterator[Link]:
    """Yield what can be clicked, in the order of the page."""
    root = page.selector.root
    addresses = [name for name in _ADDRESS_ATTRIBUTES if name in page.text]  # mostly none
    numbers = [name for name in _NUMBER_ATTRIBUTES if name in page.text]
    source = page.text.lower()
    handlers = [name for name in _HANDLERS if name in source]
    around_links, pictures = _first_inside(root, "a"), _first_inside(root, "img")
    inert, linked = page.inert, dict(page.links)
    for element in root.iter(*_CLICKABLE, *_HOLDERS):
        if element in inert:
            continue
        label = _label(element, page.texts, pictures.get(element))
        if not label:  # long, or nothing to click on
            continue
        target = linked.get(element)
        link = _link(page, element, label, target, element in around_links, addresses, numbers, handlers)
        if link is not None:
            yield link


def _first_inside(root: etree._Element, tag: str) -> dict[etree._Element, etree._Element]:
    """Return for each element around such ones the first of them: ``find(".//tag")`` of all elements at once."""
    first: dict[etree._Element, etree._Element] = {}
    for inner in root.iter(tag):
        element = inner.getparent()
        while element is not None and element not in first:
            first[element] = inner
            element = element.getparent()
    return first


def _link(
    page: Page,
    element: etree._Element,
    label: str,
    linked: str | None,
    around_link: bool,
    addresses: Sequence[str],
    numbers: Sequence[str],
    handlers: Sequence[str],
) -> Link | None:
    href, script = element.get("href"), element.get("onclick") or _first_of(element, handlers) or ""
    base = page.base
    if element.tag == "option":
        value = element.get("value") or ""
        href = value if any(char in value for char in "./?") else None
    data = number = None
    if not href or href[0] in "#jJ \t\r\n":  # no plain link: look where else it says so
        data, number = _first_of(element, addresses), _first_of(element, numbers)
    sends = element.tag in ("input", "button") and (element.get("type") or "").lower() in ("submit", "image")
    clickable = (
        href is not None or bool(script) or bool(data) or bool(number) or element.tag == "button" or sends
    )
    if not clickable and element.tag != "a" and (element.tag in _CLICKABLE or around_link):
        return None  # an empty control, or the cell around a link
    if href is not None and _PROGRAM.match(href):
        script, href = f"{href} {script}", None
    if href is not None and _PLACE_IN_PAGE.match(href):
        script = f"{href} {script}"
    script = script[:1000]
    target = linked if href else None
    if href and element.tag not in ("a", "area") and not holds_slot(href):
        target = absolute(base, href)
    if target is None and script and (found := _GO_TO.search(script)):
        target = absolute(base, found[1])
    if target is None and data:
        target = absolute(base, data)
    if target is None and script and not _DOES_NOTHING.fullmatch(script[:100]):
        target = opener_of(page).opened(script)
    call = _first_call(script) if script else None
    if call is None and number and re.fullmatch(r"[0-9]{1,6}", number):
        call = int(number)
    if script and _DOES_NOTHING.fullmatch(script[:100]):
        script = ""
    return Link(element, label, target, call, script, not clickable, is_marked(element))


def _first_call(script: str) -> int | None:
    """Return the first number that what a click runs hands to a function, None where it hands over none."""
    calls = (found for found in _CALL.finditer(script) if found[1].lower() not in _NO_PAGE_CALLS)
    return next((int(found[2]) for found in calls), None)


def _first_of(element: etree._Element, names: Sequence[str]) -> str | None:
    for name in names:
        if value := element.get(name):
            return value
    return None


def is_marked(element: etree._Element) -> bool:
    """Tell whether an element looks like the current page or like one that is switched off."""
    classes = (element.get("class") or "").lower().split()
    return not _CURRENT_CLASSES.isdisjoint(classes) or any(
        element.get(name) is not None for name in ("aria-current", "selected", "disabled")
    )


def _label(element: etree._Element, page: Texts, picture: etree._Element | None) -> str:
    """Return a link's short text: "" if it is long; title or picture text where it has none of its own."""
    text = "".join(page.of(element, 12))[:200]
    label = "".join(text.split())
    if not label:
        for value in (
            element.get("title"),
            element.get("aria-label"),
            element.get("value") if element.tag == "input" else None,
            element.get("alt"),
            picture.get("alt") if picture is not None else None,
            ">" if "next" in (element.get("class") or "").lower().split() else None,
        ):
            if label := "".join((value or "")[:200].split()):
                break
    if len(label) > _LABEL_CHARS:
        return ""
    bare = label.strip("[]()（）【】<>＜＞《》«»‹›→←▶◀|｜·…\xa0").lower()
    return bare or label
