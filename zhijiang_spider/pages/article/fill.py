"""A page as its scripts would show it: the text that it holds put where they would put it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from lxml import etree
from lxml.etree import _Element

from zhijiang_spider.pages.article.own_text import is_waiting
from zhijiang_spider.pages.article.unshown import (
    BODIES,
    FIELDS,
    MOST_SOURCE,
    Held,
    find_unshown,
    parse_fragment,
    plain_name,
)
from zhijiang_spider.pages.header import date_of, is_header_row
from zhijiang_spider.pages.page import Page
from zhijiang_spider.pages.rendering import render_text
from zhijiang_spider.pages.seen import tidy
from zhijiang_spider.vocabulary import any_of

_LOADS = re.compile(any_of("unshown.loads", traditional=False))
_HOLE = re.compile(r"\{\{[^{}]{0,200}\}\}")
_MENTION = re.compile(r"getElementById\(\s{0,9}[\"']([\w-]{1,60})|[\"']#([\w-]{1,60})[\"']")
_STATEMENT = 160
"""Characters behind an element's id in a script in which the name of what is put there stands."""
_SHOWN = frozenset(("img", "video", "audio", "iframe", "embed", "object"))


@dataclass(frozen=True, slots=True)
class Unshown:
    """An article's text that the page does not show, and what stands beside it."""

    box: _Element
    """The element that shows it now."""
    rule: str
    """Where it stands, for ``explain``."""
    title: str
    """As the object around it gives it, "" where it gives none; date and source likewise."""
    published: str
    source: str


def show_unshown(page: Page, key: str) -> tuple[Page, Unshown] | None:
    """Return the page as its scripts would show it, and what they show.

    ``key``: the article's number on the site, "" where it is not known.  None: nothing on the page is its text.
    """
    shown = replace(page)  # reads its tree anew: this one is altered
    root = shown.selector.root
    found = find_unshown(root, key)
    if found is None:
        return None
    held, markup = found
    _clear_holes(root)
    box = parse_fragment(markup)
    box.tag = "div"
    _put(root, held, box)
    members = {role: value for own in reversed(held.members) for role, value in own.items()}
    return shown, Unshown(
        box,
        f"text that only a script shows: {held.place}",
        tidy(members.get("titles", "")),
        _moment(members.get("dates", "")),
        tidy(members.get("sources", "")),
    )


def loads_by_script(page: Page) -> bool:
    """Tell whether a script of the page may load what it shows."""
    return any(_LOADS.search(text[:MOST_SOURCE]) for text in _scripts(page.selector.root))


def fills_by_script(page: Page) -> bool:
    """Tell whether a script of the page loads something and names an element that is empty."""
    return loads_by_script(page) and any(_mentions(page.selector.root, _empty_elements(page.selector.root)))


def _moment(text: str) -> str:
    """Return a date as it is given, seconds or milliseconds since 1970 as a moment of UTC."""
    if re.fullmatch(r"1\d{9}(?:\d{3})?", text):
        return datetime.fromtimestamp(int(text[:10]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return tidy(text)


def _clear_holes(root: _Element) -> None:
    """Empty what a template would fill: ``<h1>{{ title }}</h1>``."""
    for element in root.iter(etree.Element):
        if element.text and "{{" in element.text and element.tag not in ("script", "style"):
            element.text = _HOLE.sub("", element.text)
        if element.tail and "{{" in element.tail:
            element.tail = _HOLE.sub("", element.tail)


def _put(root: _Element, held: Held, box: _Element) -> None:
    """Put a text where a script names an empty element for it, where its field stands, or behind the head's row.

    A place that is never seen, inside a template or a menu, is none.
    """
    if (target := _target(root, held)) is not None:
        target.text = None
        for child in list(target):
            target.remove(child)
        target.append(box)
        if _is_seen(root, box):
            return
    body, holder, row = root.find("body"), held.holder, _row(root)
    last = [node for node in root.iter() if node is row or node is holder][-1:]
    if last == [holder] and holder.tag != "script" and any(node is body for node in holder.iterancestors()):
        holder.addnext(box)
        if _is_seen(root, box):
            return
    if row is not None:
        row.addnext(box)
    else:
        (root if body is None else body).append(box)


def _is_seen(root: _Element, box: _Element) -> bool:
    return box in render_text(root, show=frozenset(box.iterancestors())).spans


def _target(root: _Element, held: Held) -> _Element | None:
    """Return the empty element that scripts fill with a text: named beside its name, or alone."""
    own = held.holder.get("id") or ""
    empty = _empty_elements(root)
    wanted = "|".join(re.escape(name) for name in (held.name, plain_name(own)) if name)
    mentioned: dict[str, None] = {}
    for name, told in _mentions(root, empty):
        if name != own:
            if wanted and re.search(rf"(?<![a-z])(?:{wanted})(?![a-z])", told):
                return empty[name]
            mentioned[name] = None
    named = [name for name in mentioned if plain_name(name) in BODIES] or list(mentioned)
    if len(named) == 1:
        return empty[named[0]]
    names = (held.name, *BODIES)
    return next(
        (node for node in empty.values() if plain_name(node.get("v-html", "x").rpartition(".")[2]) in names),
        None,
    )


def _mentions(root: _Element, empty: Mapping[str, _Element]) -> Iterator[tuple[str, str]]:
    """Yield the ids of empty elements that scripts name, with what the statement says behind it."""
    for text in _scripts(root):
        for mention in _MENTION.finditer(text[:MOST_SOURCE]):
            if (name := mention[1] or mention[2]) in empty:
                told = text[mention.end() : mention.end() + _STATEMENT]
                yield name, plain_name(told.partition(";")[0])


def _scripts(root: _Element) -> Iterator[str]:
    return (node.text for node in root.iter("script") if node.text)


def _empty_elements(root: _Element) -> dict[str, _Element]:
    """Return the elements that show nothing yet, by their id or a name of their own."""
    filled: set[_Element] = set()
    for node in root.iter():
        here = node if node.tag in _SHOWN or _says(node) else None
        for shown in (here, node.getparent() if node.tail and not is_waiting(node.tail) else None):
            while shown is not None and shown not in filled:
                filled.add(shown)
                shown = shown.getparent()
    empty = (node for node in root.iter(etree.Element) if node not in filled)
    return {
        node.get("id") or f"{number}.": node
        for number, node in enumerate(empty)
        if (node.get("id") or node.get("v-html")) and node.tag not in FIELDS and node.tag != "script"
    }


def _says(node: _Element) -> bool:
    """Tell whether an element has text that a page shows."""
    if not isinstance(node.tag, str) or node.tag in ("script", "style") or node.tag in FIELDS:
        return False
    return bool(node.text) and not is_waiting(node.text or "")


def _row(root: _Element) -> _Element | None:
    """Return the element of the row of date and source, else that of the first heading."""
    pieces = [piece for piece in render_text(root).pieces if piece.node.tag not in ("body", "html")]
    rows = (piece.node for piece in pieces if is_header_row(piece.spaced) and date_of(piece.spaced))
    return next(rows, next((piece.node for piece in pieces if piece.heading in ("h1", "h2")), None))
