"""Lists whose lines are opened by a script: the address stands in ``onclick``, ``data-href`` or ``javascript:…``.

``location.href='/p/1.html'``, ``window.open('/p/1.html')``, or ``show(1)`` where the page's script shows what
address ``show`` makes of it.  Titles and dates are those of any link.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Final

from lxml import etree

from zhijiang_spider.pages.links import absolute, holds_slot
from zhijiang_spider.pages.lists.anchors import article_links, entries_of
from zhijiang_spider.pages.lists.dates_beside import ArticleLink
from zhijiang_spider.pages.lists.expressions import Pieces, read_arguments, script_of
from zhijiang_spider.pages.lists.readers import ListReading
from zhijiang_spider.pages.lists.script_request import own_scripts, read_script
from zhijiang_spider.pages.lists.templates import Template, article_templates, function_templates
from zhijiang_spider.pages.literals import read_literals
from zhijiang_spider.pages.page import Page, once_a_page
from zhijiang_spider.sites.site import Site

_HELD: Final = (
    "data-href",
    "data-url",
    "data-link",
    "data-hrefs",
    "data-jump",
    "data-path",
    "data-to",
    "to",
    "_href",
)
_RUN: Final = ("onclick", "onmousedown", "ondblclick", "href", "data-onclick", "ng-click")
_NAMES: Final = tuple(name for name in (*_HELD, *_RUN) if name not in ("to", "href"))
_TO = re.compile(r"to\s?=")
_SCRIPT_LINK: Final = "starts-with(@href, 'javascript:') or starts-with(@href, 'Javascript:') or starts-with(@href, 'JavaScript:')"
_NUMBERED_HOLDERS = etree.XPath("//*[@*[starts-with(name(), 'data-')]]")
_NUMBERED = re.compile(r"\.data\s?\(|\.dataset\b|[\"']data-")
"""How a script asks an element for its number."""
_OPENS = re.compile(r"location|window\.open")
_CALL = re.compile(r"([A-Za-z_$][\w$]{0,60})\s?\(")
_NO_CALLS = frozenset(("open", "void", "return", "if", "function", "alert", "confirm", "replace", "assign"))
_BODY = 800
"""Characters of a function in which it opens a page."""
_LONGEST = 2000
"""Characters of a handler that are read."""


@once_a_page
def read_attributes(page: Page, site: Site) -> ListReading | None:
    """Read the lines of a list that a script opens, with its links; None where links tell all its articles."""
    held = held_links(page, site)
    linked = article_links(page, site) if held else ()
    known = {link.key for link in linked}
    if all(link.key in known for link in held):
        return None
    found = {link.element: link for link in (*held, *linked)}
    inside = set() if "entries" not in site.selectors else _wanted(page, site)
    ordered = [
        found[element]
        for element in page.selector.root.iter()
        if element in found and (not inside or element in inside)
    ]
    return ListReading(tuple(entries_of(ordered, page.texts))) if ordered else None


def _wanted(page: Page, site: Site) -> set[etree._Element]:
    parts = [part.root for part in site.select(page.selector, "entries")]
    return {element for part in parts if isinstance(part, etree._Element) for element in part.iter()}


@once_a_page
def held_links(page: Page, site: Site) -> tuple[ArticleLink, ...]:
    """Return the elements with the address of an article in an attribute that is no link's, in order."""
    handlers = _Handlers(page, site)
    found = []
    for element in handlers.elements():
        if element in page.inert:
            continue
        for address in handlers.addresses(element):
            if key := site.article_key(address):
                found.append(ArticleLink(element, address, key))
                break
    return tuple(found)


@lru_cache(64)
def _holders(conditions: tuple[str, ...]) -> etree.XPath | None:
    return etree.XPath(f"//*[{' or '.join(conditions)}]") if conditions else None


class _Handlers:
    """Reads what the handlers of a page's elements open."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page, self.site = page, site
        self.functions: dict[str, tuple[tuple[tuple[str, ...], Template], ...]] = {}
        self.templates: tuple[Template, ...] = ()
        if any(_NUMBERED.search(text) and _OPENS.search(text) for text in own_scripts(page)):
            self.templates = article_templates("", read_script(page), page.base, site)

    def elements(self) -> list[etree._Element]:
        """Return the elements that may hold an address, in order."""
        root = self.page.selector.root
        find = _holders(self._conditions())
        found: list[etree._Element] = find(root) if find else []
        if not self.templates:
            return found
        held = {*found, *_NUMBERED_HOLDERS(root)}
        return [element for element in root.iter() if element in held]

    def _conditions(self) -> tuple[str, ...]:
        """Return in XPath what an element may hold an address in, of what the page has at all: mostly little."""
        text = self.page.text.lower()
        found = [f"@{name}" for name in _NAMES if name in text]
        if _TO.search(text):
            found.append("@to")
        if "javascript:" in text:
            found.append(_SCRIPT_LINK)
        return tuple(found)

    def addresses(self, element: etree._Element) -> Iterator[str]:
        for name in _HELD:
            value = element.get(name)
            if value and not holds_slot(value) and (address := absolute(self.page.base, value)):
                yield address
        for name in _RUN:
            value = (element.get(name) or "")[:_LONGEST]
            if value and (name != "href" or value.lstrip()[:11].lower() == "javascript:"):
                yield from self._opened(value.strip().removeprefix("javascript:"))
        if self.templates and (
            held := {
                name[5:].lower(): value for name, value in element.attrib.items() if name.startswith("data-")
            }
        ):
            for template in self.templates:
                if (made := template.fill(held)) and (address := absolute(self.page.base, made)):
                    yield address

    def _opened(self, handler: str) -> Iterator[str]:
        for literal in read_literals(handler):
            value = literal.value
            is_address = re.search(r"[/.?]", value) and not holds_slot(value)
            if is_address and (address := absolute(self.page.base, value)):
                yield address
        for call in _CALL.finditer(handler):
            if call[1] not in _NO_CALLS:
                yield from self._made(call[1], handler[call.start() :])

    def _made(self, name: str, handler: str) -> Iterator[str]:
        if name not in self.functions:
            self.functions[name] = self._function(name)
        if not self.functions[name]:
            return
        row = script_of([handler]).tokens
        given = [
            value.parts[0] if isinstance(value, Pieces) and isinstance(value.parts[0], str) else ""
            for value in read_arguments(row, 1)[0]
        ]
        for parameters, template in self.functions[name]:
            values = {parameter.lower(): value for parameter, value in zip(parameters, given, strict=False)}
            if (made := template.fill(values)) and (address := absolute(self.page.base, made)):
                yield address

    def _function(self, name: str) -> tuple[tuple[tuple[str, ...], Template], ...]:
        defined = re.compile(
            rf"\b{re.escape(name)}\s?(?:[=:]\s?(?:async )?(?:function\b[^(]{{0,40}})?)?\s?\("
        )
        for source in own_scripts(self.page):
            if any(
                _OPENS.search(source, at.end(), at.end() + _BODY)
                for at in islice(defined.finditer(source), 5)
            ):
                return tuple(function_templates(name, read_script(self.page)))
        return ()
