"""A page as it came: what every reader takes."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from lxml import etree
from lxml.etree import XPath, _Element
from parsel import Selector

from archive.evidence.charset import page_encoding, text_in
from archive.evidence.markup import repair_markup
from zhijiang_spider.pages.links import Base, absolute, holds_slot
from zhijiang_spider.pages.rendering import render_text
from zhijiang_spider.pages.seen import RenderedPage, tidy
from zhijiang_spider.pages.texts import Texts


@dataclass(frozen=True)
class Page:
    """One page, fetched now or kept in a WARC file.

    What it says is found by readers; when and whence it came stands here and nowhere else.
    """

    url: str
    """Absolute address it came from in the end, behind redirects; "" of a file whose address is not known."""
    body: bytes = field(repr=False)
    """Bytes, unpacked."""
    content_type: str = ""
    """The HTTP header, "" where there is none."""
    fetched_at: str = ""
    """UTC, ``2024-01-16T02:03:04Z``."""
    capture: int | None = None
    """Number of its capture, None where none was kept."""
    form: str = ""
    """What was sent with POST to get it, ``application/x-www-form-urlencoded``; "" = GET."""
    asked: str = ""
    """Address that was asked for, where the site sent on from there; "" = the same."""
    refresh: str = ""
    """The HTTP header ``Refresh``, "" where there is none."""

    def __getstate__(self) -> dict[str, Any]:
        """Travel between processes as it came: its tree and what was found in it stay where they are."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @cached_property
    def encoding(self) -> str:
        """The encoding it is read in: the Encoding Standard's name."""
        return page_encoding(self.body, self.content_type)

    @cached_property
    def text(self) -> str:
        """The page's source as characters."""
        return text_in(self.encoding, self.body)

    @cached_property
    def selector(self) -> Selector:
        """The page's tree, parsed once; it goes on behind an end that is not the last."""
        return Selector(root=_parse(repair_markup(self.text)), type="html")

    @cached_property
    def title(self) -> str:
        """The beginning of its first ``<title>``."""
        first = next(self.selector.root.iter("title"), None)
        return "" if first is None else tidy("".join(first.itertext())[:200])

    @cached_property
    def scripts(self) -> list[str]:
        """The scripts that stand in it."""
        return [str(script) for script in _SCRIPTS(self.selector.root)]

    @cached_property
    def rendered(self) -> RenderedPage:
        """What a reader sees of it."""
        return render_text(self.selector.root)

    @cached_property
    def texts(self) -> Texts:
        """The texts of the tree in their order, and which of them stand in each element."""
        return Texts(self.selector.root)

    @cached_property
    def links(self) -> tuple[tuple[_Element, str], ...]:
        """Its links with the absolute addresses that they lead to, in order."""
        base, inert = self.base, self.inert
        found = (
            (link, absolute(base, href))
            for link in self.selector.root.iter("a", "area")
            if (href := link.get("href")) and link not in inert and not holds_slot(href)
        )
        return tuple((link, address) for link, address in found if address is not None)

    @cached_property
    def inert(self) -> frozenset[_Element]:
        """What stands in a ``<template>``: a browser shows it only where a script makes a copy of it.

        A template of a Vue application, which is drawn where it stands, and one of a shadow tree are none.
        """
        if "<template" not in self.text and "<TEMPLATE" not in self.text:
            return frozenset()
        templates = (
            element
            for element in self.selector.root.iter("template")
            if not any(name.startswith(("v-", "shadowroot", "#", ":")) for name in element.attrib)
        )
        return frozenset(inner for template in templates for inner in template.iter())

    @cached_property
    def base(self) -> Base:
        """Where its relative links start from: its first ``<base href>``, or its own address; and its encoding."""
        bases = (base.get("href") for base in self.selector.root.iter("base"))
        href = next((href for href in bases if href is not None), "")
        return Base((absolute(self.url, href) if href else None) or self.url, self.encoding)


_SCRIPTS = XPath("//script[not(@src)]/text()", smart_strings=False)


def _parse(text: str) -> _Element:
    """Return the tree of a page's source as parsel makes it, of elements that are no objects of ``lxml.html``.

    Those would cost a call of Python each, every time that one is met which nobody holds.
    """
    parser = etree.HTMLParser(recover=True, encoding="utf8", huge_tree=True)
    root = etree.fromstring(text.strip().encode() or b"<html/>", parser)
    return etree.fromstring(b"<html/>", parser) if root is None else root


_Others = ParamSpec("_Others")
_Read = TypeVar("_Read")


def once_a_page(
    read: Callable[Concatenate[Page, _Others], _Read],
) -> Callable[Concatenate[Page, _Others], _Read]:
    """Remember what a function of a page returns as long as the page is in use: several readers ask for it.

    What else it is given must be the same object; what it returns is shared and must not hold the page.
    """
    known: WeakKeyDictionary[Page, tuple[tuple[object, ...], _Read]] = WeakKeyDictionary()

    @wraps(read)
    def remembered(page: Page, /, *others: _Others.args, **named: _Others.kwargs) -> _Read:
        found = known.get(page)
        if found is not None and all(one is other for one, other in zip(found[0], others, strict=True)):
            return found[1]
        made = read(page, *others, **named)
        known[page] = others, made
        return made

    return remembered
