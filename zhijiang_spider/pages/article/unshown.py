"""Text that a page holds but does not show: in fields, attributes, templates, scripts and their JSON.

It is asked for only where the page shows no text of an article.  What stands under a name that such texts have, or is
plainly one by its markup and length, is taken; of several equal ones none is, unless one has the page's own title or
number.  Then it is put into the tree where a script would put it, and the page is read as any other.
"""

import html
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import unquote

from lxml import etree
from lxml.etree import _Element
from parsel import Selector

from archive.evidence.markup import repair_markup
from zhijiang_spider.pages.article.body import CONTAINERS
from zhijiang_spider.pages.article.literals import Literal, read_literals
from zhijiang_spider.pages.article.own_text import is_no_text
from zhijiang_spider.pages.article.weights import SHORT_ARTICLE, weigh
from zhijiang_spider.pages.header import date_of, is_header_row
from zhijiang_spider.pages.page import Page
from zhijiang_spider.pages.seen import render_text, tidy
from zhijiang_spider.text.characters import folded
from zhijiang_spider.vocabulary import any_of, words

_Names = tuple[str, ...]


def _names_of(group: str) -> frozenset[str]:
    return frozenset(words(f"unshown.{group}"))


_BODIES, _BLOCKS, _BLOCK_TEXTS = _names_of("bodies"), _names_of("blocks"), _names_of("block_texts")
_READERS, _OTHERS = _names_of("readers"), _names_of("others")
_MEMBERS = {role: _names_of(role) for role in ("titles", "dates", "sources", "numbers")}
_LOADS = re.compile(any_of("unshown.loads", traditional=False))

_FIELDS = frozenset(("textarea", "template", "xmp", "noscript", "input"))
_MARKUP_TYPES = re.compile(r"html|template|tmpl|plain|markdown|mustache|handlebars|xml|/x-", re.IGNORECASE)
"""Types of scripts that hold markup and no program."""
_ATTRIBUTE = re.compile(r"value$|srcdoc$|data-|:|v-|ng-")
_TAG = re.compile(
    r"<(?:p|br|div|span|section|article|img|h[1-6]|strong|table|li)\b[^<>]{0,2000}>", re.IGNORECASE
)
_ESCAPED_TAG = re.compile(r"&(?:amp;){0,2}lt;/?[a-z]", re.IGNORECASE)
_PERCENT_TAG = re.compile(r"%3C/?[a-z]", re.IGNORECASE)
_PERCENT_UNIT = re.compile(r"%u([0-9a-f]{4})", re.IGNORECASE)
_OBJECT = re.compile(r"[\w\s:;=,$@]{0,16}[\[{]\s{0,99}[\"'{\[]")
_ENCODED_OBJECT = re.compile(r"\s{0,99}(?:%7B|%5B|[\[{]\s{0,99}&(?:quot|#34);)", re.IGNORECASE)
_BASE64 = re.compile(r"(?:P[A-H]|eyJ|W[3y])[\w+/\s]{60,}={0,2}\s*")
"""Markup or JSON: ``<``, ``{"`` and ``[`` begin so."""
_HOLE = re.compile(r"\{\{[^{}]{0,200}\}\}")
_MENTION = re.compile(r"getElementById\(\s{0,9}[\"']([\w-]{1,60})|[\"']#([\w-]{1,60})[\"']")
_STATEMENT = 160
"""Characters behind an element's id in a script in which the name of what is put there stands."""
_MOST_SOURCE = 4_000_000
"""Characters of scripts and attributes together that are searched."""
_NESTED = 3
"""How often JSON may stand in a text of JSON."""
_SHORTEST = 12
_LEAST_NAMED = 20
"""Characters of sentences that a text under a name of its own must have."""


@dataclass(slots=True)
class _Held:
    """What may be the text."""

    values: list[str]
    names: _Names
    holder: _Element
    members: list[dict[str, str]]
    """Titles, dates, sources and numbers of the objects that it stands in, the innermost first."""
    is_block: bool = False

    @property
    def name(self) -> str:
        """The nearest name, in lower case, "" where it has none."""
        return next((name for name in reversed(self.names) if name not in _READERS), "")

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        tag = "comment" if isinstance(self.holder, etree._Comment) else f"<{self.holder.tag!s}>"
        return " ".join(filter(None, [tag, ".".join(filter(None, self.names))]))


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


def loads_by_script(page: Page) -> bool:
    """Tell whether a script of the page may load what it shows."""
    return any(_LOADS.search(text[:_MOST_SOURCE]) for text in _scripts(page.selector.root))


def fills_by_script(page: Page) -> bool:
    """Tell whether a script of the page loads something and names an element that is empty."""
    return loads_by_script(page) and any(_mentions(page.selector.root, _empty_elements(page.selector.root)))


def show_unshown(page: Page, key: str) -> tuple[Page, Unshown] | None:
    """Return the page as its scripts would show it, and what they show.

    ``key``: the article's number on the site, "" where it is not known.  None: nothing on the page is its text.
    """
    shown = replace(page)  # reads its tree anew: this one is altered
    root = shown.selector.root
    held, markup = _find(root, key)
    if held is None:
        return None
    _clear_holes(root)
    box = etree.Element("div")
    body = _fragment(markup)
    box.text = body.text
    box.extend(list(body))
    _put(root, held, box)
    members = {role: value for own in reversed(held.members) for role, value in own.items()}
    return shown, Unshown(
        box,
        f"text that only a script shows: {held.place}",
        tidy(members.get("titles", "")),
        _moment(members.get("dates", "")),
        tidy(members.get("sources", "")),
    )


# --- what may be the text ---------------------------------------------------------------------------------


def _find(root: _Element, key: str) -> tuple[_Held, str] | tuple[None, str]:
    """Return what holds the text, and the text as markup."""
    titles = _titles(root)
    ranked = []
    for held in _held(root):
        if _OTHERS.intersection(held.names):
            continue
        text = _text(held)
        markup = _as_markup(text, is_block=held.is_block)
        amount = _prose(markup) if len(markup) >= _SHORTEST else 0
        named = (
            held.is_block
            or held.name in _BODIES
            or CONTAINERS.search(held.holder.get("class") or "") is not None
        )
        if amount < (_LEAST_NAMED if named else SHORT_ARTICLE) or not (named or _TAG.search(text)):
            continue
        ranked.append((_is_this(held, titles, key), amount * (2 if named else 1), held, markup))
    if not ranked:
        return None, ""
    is_this, _, held, markup = max(ranked, key=lambda candidate: candidate[:2])
    alike = [other for _, _, other, _ in ranked if other.names == held.names]
    if len(alike) > 1 and not is_this:
        return None, ""  # a list of articles, none of which is known to be this one
    return held, markup


def _held(root: _Element) -> Iterator[_Held]:
    left = _MOST_SOURCE
    written: dict[_Names, _Held] = {}
    for element in root.iter():
        for names, text in _texts_of(element):
            left -= len(text)
            if left < 0:
                return
            decoded = _decoded(text)
            if names is not None and not _OBJECT.match(decoded):
                yield _Held([decoded], names, element, [])
                continue
            for held in _in_script(text if names is None else decoded, element, names or ()):
                if held.names[-1:] == ("write",):  # scripts of a page write one after the other
                    if held.names in written:
                        written[held.names].values += held.values
                    else:
                        written[held.names] = held
                else:
                    yield held
    yield from written.values()


def _texts_of(element: _Element) -> Iterator[tuple[_Names | None, str]]:
    """Yield the texts of an element that a page does not show, with their names; None: a program."""
    tag = element.tag
    if isinstance(element, etree._Comment):
        yield ("",), element.text or ""
    if not isinstance(tag, str):
        return
    names = tuple(map(_plain, (element.get("name") or "", element.get("id") or "")))
    if tag == "script":
        kind = element.get("type") or ""
        is_markup = _MARKUP_TYPES.search(kind) is not None and "javascript" not in kind.lower()
        yield names if is_markup else None, element.text or ""
    elif tag in _FIELDS:
        yield names, _inner(element)
    elif tag == "meta":
        return
    for name, value in element.attrib.items():
        if len(value) >= _SHORTEST and _ATTRIBUTE.match(name):
            own = (_plain(name.removeprefix("data-")),) if name not in ("value", "srcdoc") else ()
            yield (*names, *own), value


def _inner(element: _Element) -> str:
    """Return what an element holds as markup; of a field, its text is that."""
    text = element.text or ""
    if element.tag not in ("textarea", "xmp"):
        text = html.escape(text, quote=False)
    return text + "".join(etree.tostring(child, encoding="unicode", method="html") for child in element)


def _in_script(text: str, holder: _Element, names: _Names, nested: int = _NESTED) -> Iterator[_Held]:
    members: dict[int, dict[str, str]] = {}
    groups: dict[tuple[object, ...], _Held] = {}
    for literal in read_literals(text):
        own = (*names, *map(_plain, literal.names))
        last = next((name for name in reversed(own) if name not in _READERS), "")
        inside = [members.setdefault(number, {}) for number in literal.objects]
        for role, known in _MEMBERS.items():
            if last in known and literal.value:
                inside[0].setdefault(role, literal.value)
        value = _decoded(literal.value)
        if len(value) > _SHORTEST and nested and _OBJECT.match(value):
            yield from _in_script(value, holder, own, nested - 1)
            continue
        block = _block_of(literal, last)
        group = (block,) if block else (literal.objects[0], own)
        held = groups.setdefault(group, _Held([], own, holder, inside[1:] if block else inside, bool(block)))
        held.values.append(value)
    yield from groups.values()


def _block_of(literal: Literal, last: str) -> int:
    """Return the number of the bracket around a row of paragraphs of which this is one, 0 if it is none."""
    for bracket in literal.around[-3:]:
        if bracket.mark == "[" and _BLOCKS.intersection(map(_plain, bracket.names[-1:])):
            return bracket.number if last in _BLOCK_TEXTS else 0
    return 0


def _plain(name: str) -> str:
    """Return a name as the words have it; content1 and content2 are parts of one."""
    name = name.lower().replace("_", "").replace("-", "").strip("$:0123456789")
    return "write" if name == "writeln" else name


def _decoded(text: str) -> str:
    """Return what a text holds that is base64, or JSON in an address's or HTML's escapes."""
    if _BASE64.fullmatch(text):
        return _from_base64(text) or text
    if _ENCODED_OBJECT.match(text):
        return html.unescape(unquote(text))
    return text


def _text(held: _Held) -> str:
    """Return what is held as one text, decoded."""
    text = ("\n" if held.is_block or not _TAG.search("".join(held.values)) else "").join(held.values)
    if {"decodeuricomponent", "decodeuri", "unescape"}.intersection(held.names) or (
        "<" not in text and _PERCENT_TAG.search(text)
    ):
        text = unquote(_PERCENT_UNIT.sub(lambda found: chr(int(found[1], 16)), text))
    for _ in range(2):
        if "<" not in text and _ESCAPED_TAG.search(text):
            text = html.unescape(text)
    return text


def _as_markup(text: str, *, is_block: bool) -> str:
    """Return a text as markup: the lines of a plain one are paragraphs, and so are a block's without markup."""
    if _TAG.search(text) and not is_block:
        return text
    lines = text.splitlines()
    return "".join(
        line if _TAG.search(line) else f"<p>{html.escape(line, quote=False)}</p>" for line in lines
    )


def _from_base64(text: str) -> str:
    try:
        return b64decode("".join(text.split()), validate=True).decode()
    except ValueError:  # not base64, or of no text
        return ""


def _fragment(markup: str) -> _Element:
    body = Selector(text=repair_markup(f"<html><body>{markup}"), type="html").root.find("body")
    return body if body is not None else etree.Element("body")


def _prose(markup: str) -> float:
    """Return how many characters of sentences there are."""
    pieces = render_text(_fragment(markup)).pieces
    pairs = zip(pieces, weigh(pieces), strict=True)
    return sum(max(weight, 0.0) for piece, weight in pairs if not is_no_text(piece.text))


# --- which of them ----------------------------------------------------------------------------------------


def _titles(root: _Element) -> list[str]:
    texts = ("".join(node.itertext()) for node in root.iter("title", "h1", "h2", "h3"))
    return [folded(tidy(text[:500])) for text in texts]


def _is_this(held: _Held, titles: Sequence[str], key: str) -> bool:
    """Tell whether an object around a text has the page's own title or number."""
    for members in held.members:
        title = folded(tidy(members.get("titles", "")))
        if len(title) >= 4 and any(title in known for known in titles):
            return True
        if key and members.get("numbers") == key:
            return True
    return False


def _moment(text: str) -> str:
    """Return a date as it is given, seconds or milliseconds since 1970 as a moment of UTC."""
    if re.fullmatch(r"1\d{9}(?:\d{3})?", text):
        return datetime.fromtimestamp(int(text[:10]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return tidy(text)


# --- where it is shown ------------------------------------------------------------------------------------


def _clear_holes(root: _Element) -> None:
    """Empty what a template would fill: ``<h1>{{ title }}</h1>``."""
    for element in root.iter(etree.Element):
        if element.text and "{{" in element.text and element.tag not in ("script", "style"):
            element.text = _HOLE.sub("", element.text)
        if element.tail and "{{" in element.tail:
            element.tail = _HOLE.sub("", element.tail)


def _put(root: _Element, found: _Held, box: _Element) -> None:
    """Put a text where a script names an empty element for it, where its field stands, or behind the head's row."""
    target = _target(root, found)
    if target is not None:
        target.append(box)
        return
    body, holder, row = root.find("body"), found.holder, _row(root)
    places = [node for node in root.iter(etree.Element) if node is row or node is holder]
    if (
        holder.tag != "script"
        and places[-1] is holder
        and any(node is body for node in holder.iterancestors())
    ):
        holder.addnext(box)
    elif row is not None:
        row.addnext(box)
    else:
        (root if body is None else body).append(box)


def _target(root: _Element, found: _Held) -> _Element | None:
    """Return the empty element that scripts fill with a text: named beside its name, or by a name of such texts."""
    own = found.holder.get("id") or ""
    empty = _empty_elements(root)
    mentioned: list[str] = []
    for name, told in _mentions(root, empty):
        if name != own:
            if (found.name and found.name in told) or (own and _plain(own) in told):
                return empty[name]
            mentioned.append(name)
    named = [empty[name] for name in mentioned if _plain(name) in _BODIES]
    bound = [
        node
        for node in root.iter(etree.Element)
        if _plain(node.get("v-html") or "").rpartition(".")[2] in (found.name or None, *_BODIES)
        and _is_empty(node)
    ]
    return next(iter([*named, *bound, *(empty[name] for name in mentioned[-1:])]), None)


def _mentions(root: _Element, empty: Mapping[str, _Element]) -> Iterator[tuple[str, str]]:
    """Yield the ids of empty elements that scripts name, with what the statement says behind it."""
    for text in _scripts(root):
        for mention in _MENTION.finditer(text[:_MOST_SOURCE]):
            if (name := mention[1] or mention[2]) in empty:
                told = text[mention.end() : mention.end() + _STATEMENT]
                yield name, _plain(told.partition(";")[0])


def _scripts(root: _Element) -> Iterator[str]:
    return (node.text for node in root.iter("script") if node.text)


def _empty_elements(root: _Element) -> dict[str, _Element]:
    """Return the elements that show nothing, by their id."""
    return {
        node.get("id") or "": node
        for node in root.iter(etree.Element)
        if node.get("id") and node.tag not in _FIELDS and node.tag != "script" and _is_empty(node)
    }


def _is_empty(node: _Element) -> bool:
    return (
        not any(text.strip() for text in node.itertext())
        and next(node.iter("img", "video", "iframe"), None) is None
    )


def _row(root: _Element) -> _Element | None:
    """Return the element of the row of date and source, else that of the first heading."""
    pieces = [piece for piece in render_text(root).pieces if piece.node.tag not in ("body", "html")]
    rows = (piece.node for piece in pieces if is_header_row(piece.spaced) and date_of(piece.spaced))
    return next(rows, next((piece.node for piece in pieces if piece.heading in ("h1", "h2")), None))
