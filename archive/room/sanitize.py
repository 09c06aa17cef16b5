"""A captured page made harmless: nothing in it acts, its links and pictures lead into the archive."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urljoin

import lxml.html
from lxml.etree import ParserError
from w3lib.url import safe_url_string

from archive.evidence.markup import repair_markup
from archive.room.queries import http_only

_DROPPED = frozenset(
    ("script", "base", "iframe", "frame", "frameset", "object", "embed", "applet", "template", "portal")
)
_SILENCED = frozenset(
    ("action", "autofocus", "background", "crossorigin", "dynsrc", "formaction", "integrity", "lowsrc", "manifest",
     "nonce", "ping", "sizes", "srcset", "target")
)  # fmt: skip
"""Attributes that act, fetch, or would keep what is fetched from being shown."""
_PLAYERS = frozenset(("audio", "source", "track", "video"))
_LINKS = frozenset(("cite", "data", "href", "longdesc", "poster", "src", "xlink:href"))
_LONGEST = 2_000
"""Characters of an attribute that may be a picture's address."""


def sanitize(
    text: str,
    url: str,
    *,
    banner: str,
    address: Callable[[str], str],
    held: Callable[[Sequence[str]], Mapping[str, str]],
) -> str:
    """Return a page's HTML without anything that acts, marked by ``banner`` at its top.

    ``address`` says where the archive shows what once stood at an address, ``held`` which of these addresses were
    captured and as what MIME type.  A picture or style that was not captured is not asked for.
    """
    root = _parsed(text)
    base = _joined(url, next(iter(root.xpath("//base/@href")), "")) or url
    _drop([element for element in root.iter() if _acts(element)])
    pictures = {element: list(_picture_urls(element, base)) for element in root.iter("img", "input")}
    styles = {element: _joined(base, element.get("href") or "") for element in root.iter("link")}
    wanted = dict.fromkeys([*(u for urls in pictures.values() for u in urls), *styles.values()])
    known = held([u for u in wanted if u])
    for element in root.iter():
        _tame_attributes(element, base, address)
    for element, urls in pictures.items():
        _show_picture(element, next((u for u in urls if known.get(u, "").startswith("image/")), ""), address)
    _drop([element for element, style in styles.items() if known.get(style) != "text/css"])
    _set_up(root, banner)
    return str(lxml.html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>"))


def _parsed(text: str) -> Any:
    """Parse as bytes: of a text, lxml refuses one that says how it was encoded."""
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    page = (repair_markup(text) if text.strip() else "<p>").encode("utf-8", "replace")
    try:
        return lxml.html.document_fromstring(page, parser=parser, ensure_head_body=True)
    except ParserError:  # nothing but comments
        return lxml.html.document_fromstring("<p>", ensure_head_body=True)


def _acts(element: Any) -> bool:
    return not isinstance(element.tag, str) or element.tag in _DROPPED or _is_foreign(element)


def _drop(elements: Sequence[Any]) -> None:
    """Take elements out, but not the text behind them.

    ``drop_tree()`` of each would append that text to all the text before it, which takes the square of the page.
    """
    gone = set(elements)
    for parent in dict.fromkeys(element.getparent() for element in elements):
        if parent is None:
            continue
        before, texts = None, [parent.text or ""]
        for child in list(parent):
            if child in gone:
                texts.append(child.tail or "")
                parent.remove(child)
            else:
                _set_text(parent, before, texts)
                before, texts = child, [child.tail or ""]
        _set_text(parent, before, texts)


def _set_text(parent: Any, before: Any, texts: Sequence[str]) -> None:
    """Make one of texts that stand side by side: behind the child ``before``, or first in the parent."""
    if len(texts) > 1 and before is None:
        parent.text = "".join(texts)
    elif len(texts) > 1:
        before.tail = "".join(texts)


def _is_foreign(element: Any) -> bool:
    """Tell whether an element of a page's head does more than describe or style it."""
    if element.tag == "meta":
        return (element.get("name") or "").lower() != "viewport" or "http-equiv" in element.attrib
    if (
        element.tag == "style"
    ):  # in a drawing or a formula, browsers read as elements what is text for our parser
        return next(element.iterancestors("svg", "math"), None) is not None
    return element.tag == "link" and "stylesheet" not in (element.get("rel") or "").lower().split()


def _joined(base: str, href: str) -> str:
    """Return the address as the crawl would have asked for it, without its fragment; "" if it leads to no page."""
    try:
        return (
            safe_url_string(http_only(urljoin(base, href.strip()).partition("#")[0])) if href.strip() else ""
        )
    except ValueError:
        return ""


def _picture_urls(element: Any, base: str) -> Iterator[str]:
    """Yield what may be the picture's address: lazy pages keep it in another attribute than ``src``."""
    for name, value in element.attrib.items():
        if name.endswith("srcset"):
            yield from (_joined(base, part) for part in value[: _LONGEST * 5].replace(",", " ").split())
        elif name not in ("src", "alt", "title", "class", "style") and len(value) < _LONGEST:
            yield _joined(base, value)
    yield _joined(base, element.get("src") or "")


def _tame_attributes(element: Any, base: str, address: Callable[[str], str]) -> None:
    for name, value in element.attrib.items():
        known = name.lower()
        if known.startswith("on") or known in _SILENCED or (known == "src" and element.tag in _PLAYERS):
            del element.attrib[name]
        elif known in _LINKS and not value.strip().startswith("#"):
            if element.tag in ("img", "input") and known == "src" and value.lower().startswith("data:image/"):
                continue
            target = _joined(base, value)
            fragment = value.partition("#")[2]
            if target:
                element.set(name, address(target) + (f"#{quote(fragment)}" if fragment else ""))
            else:
                del element.attrib[name]


def _show_picture(element: Any, url: str, address: Callable[[str], str]) -> None:
    if url:
        element.set("src", address(url))
    elif not (element.get("src") or "").startswith("data:"):
        element.attrib.pop("src", None)


def _set_up(root: Any, banner: str) -> None:
    """Put the banner first in the page; what a broken page holds in its head and can be seen goes below it."""
    head, body = root.find("head"), root.find("body")
    marked = lxml.html.fragment_fromstring(banner)
    marked.tail, body.text = body.text, None
    body.insert(0, marked)
    head.text = None
    seen = []
    for element in head:
        if element.tag in ("link", "meta", "style", "title"):
            element.tail = None
        else:
            seen.append(element)
    body[1:1] = seen
    head.insert(0, lxml.html.Element("meta", charset="utf-8"))
