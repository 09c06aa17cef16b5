"""Text that a page holds but does not show: in fields, attributes, templates, scripts and their JSON.

It is asked for only where the page shows no text of an article.  What stands under a name that such texts have, or is
plainly one by its markup and length, is taken; of several equal ones none is, unless one has the page's own title or
number.  ``fill`` puts it where a script would.
"""

import html
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree
from lxml.etree import _Element
from parsel import Selector

from archive.characters import storable
from archive.evidence.markup import repair_markup
from zhijiang_spider.pages.article.box import CONTAINERS
from zhijiang_spider.pages.article.own_text import is_no_text
from zhijiang_spider.pages.article.weights import SHORT_ARTICLE, weigh
from zhijiang_spider.pages.header import is_outlet
from zhijiang_spider.pages.literals import Literal, read_literals, whole
from zhijiang_spider.pages.rendering import render_text
from zhijiang_spider.pages.seen import tidy
from zhijiang_spider.text.characters import folded
from zhijiang_spider.vocabulary import words

_Names = tuple[str, ...]


def _names_of(group: str) -> frozenset[str]:
    return frozenset(words(f"unshown.{group}"))


BODIES, _BLOCKS, _BLOCK_TEXTS = _names_of("bodies"), _names_of("blocks"), _names_of("block_texts")
_READERS, _OTHERS = _names_of("readers"), _names_of("others")
_MEMBERS = {role: _names_of(role) for role in ("titles", "dates", "sources", "numbers")}

FIELDS = frozenset(("textarea", "template", "xmp", "noscript", "input"))
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
MOST_SOURCE = 4_000_000
"""Characters of scripts and attributes together that are searched."""
_NESTED = 3
"""How often JSON may stand in a text of JSON."""
_SHORTEST = 12
_LEAST_NAMED = 20
"""Characters of sentences that a text under a name of its own must have."""
_SHORTEST_TITLE, _TELLING_TITLE, _LONGEST_TITLE = 4, 6, 500
"""Characters of a title that may be one, that can be told from others, that are looked at."""


@dataclass(slots=True)
class Held:
    """A text that a page does not show."""

    values: list[str]
    """Its parts, in order."""
    names: _Names
    """The names that lead to it, in lower case, the nearest last."""
    holder: _Element
    """The element, or comment, that it stands in."""
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


def find_unshown(root: _Element, key: str) -> tuple[Held, str] | None:
    """Return what holds the article's text, and the text as markup; None where nothing of the page is known to be it.

    ``key``: the article's number on the site, "" where it is not known.
    """
    titles = _Titles(root)
    ranked = []
    for held in _held(root):
        text = _text(held)
        named = _is_named(held)
        least = _LEAST_NAMED if named else SHORT_ARTICLE
        if len(text) < least or not (named or _TAG.search(text)) or _OTHERS.intersection(held.names):
            continue
        is_this = titles.know(held, key)
        markup = _as_markup(text, is_block=held.is_block)
        if is_this is not False and (amount := _prose(markup)) >= least:
            ranked.append((is_this is True, amount * (2 if named else 1), held, markup))
    if not ranked:
        return None
    is_known, _, held, markup = max(ranked, key=lambda candidate: candidate[:2])
    alike = [other for _, _, other, _ in ranked if other.names == held.names]
    if len(alike) > 1 and not is_known:
        return None  # a list of articles, none of which is known to be this one
    return held, markup


def _is_named(held: Held) -> bool:
    """Tell whether a text stands under a name that articles' texts have."""
    return (
        held.is_block or held.name in BODIES or CONTAINERS.search(held.holder.get("class") or "") is not None
    )


def _held(root: _Element) -> Iterator[Held]:
    left = MOST_SOURCE
    written: dict[_Names, Held] = {}
    for element in root.iter():
        for names, text in _texts_of(element):
            left -= len(text)
            if left < 0:
                return
            decoded = _decoded(text)
            if names is not None and not _OBJECT.match(decoded):
                yield Held([decoded], names, element, [])
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
    names = tuple(map(plain_name, (element.get("name") or "", element.get("id") or "")))
    if tag == "script":
        kind = element.get("type") or ""
        is_markup = _MARKUP_TYPES.search(kind) is not None and "javascript" not in kind.lower()
        yield names if is_markup else None, element.text or ""
    elif tag in FIELDS:
        yield names, _inner(element)
    elif tag == "meta":
        return
    for name, value in element.attrib.items():
        if len(value) >= _SHORTEST and _ATTRIBUTE.match(name):
            own = (plain_name(name.removeprefix("data-")),) if name not in ("value", "srcdoc") else ()
            yield (*names, *own), value


def _inner(element: _Element) -> str:
    """Return what an element holds as markup; of a field, its text is that."""
    text = element.text or ""
    if element.tag not in ("textarea", "xmp"):
        text = html.escape(text, quote=False)
    return text + "".join(etree.tostring(child, encoding="unicode", method="html") for child in element)


def _in_script(text: str, holder: _Element, names: _Names, nested: int = _NESTED) -> Iterator[Held]:
    members: dict[int, dict[str, str]] = {}
    groups: dict[tuple[object, ...], Held] = {}
    for literal in read_literals(text):
        own = (*names, *map(plain_name, literal.names))
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
        held = groups.setdefault(group, Held([], own, holder, inside[1:] if block else inside, bool(block)))
        held.values.append(value)
    yield from groups.values()


def _block_of(literal: Literal, last: str) -> int:
    """Return the number of the bracket around a row of paragraphs of which this is one, 0 if it is none."""
    for bracket in literal.around[-3:]:
        if bracket.mark == "[" and _BLOCKS.intersection(map(plain_name, bracket.names[-1:])):
            return bracket.number if last in _BLOCK_TEXTS else 0
    return 0


def plain_name(name: str) -> str:
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


def _text(held: Held) -> str:
    """Return what is held as one text, decoded."""
    text = ("\n" if held.is_block or not _TAG.search("".join(held.values)) else "").join(held.values)
    if {"decodeuricomponent", "decodeuri", "unescape"}.intersection(held.names) or (
        "<" not in text and _PERCENT_TAG.search(text)
    ):
        text = whole(unquote(_PERCENT_UNIT.sub(lambda found: chr(int(found[1], 16)), text)))
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


def parse_fragment(markup: str) -> _Element:
    """Return the ``<body>`` that holds a piece of markup."""
    text = "\n".join(map(storable, f"<html><body>{markup}".split("\f")))
    root: _Element = Selector(text=repair_markup(text), type="html").root
    body = root.find("body")
    return body if body is not None else etree.SubElement(root, "body")


def _prose(markup: str) -> float:
    """Return how many characters of sentences there are."""
    pieces = render_text(parse_fragment(markup)).pieces
    pairs = zip(pieces, weigh(pieces), strict=True)
    return sum(max(weight, 0.0) for piece, weight in pairs if not is_no_text(piece.text))


# --- which of them ----------------------------------------------------------------------------------------


class _Titles:
    """The titles that a page shows."""

    def __init__(self, root: _Element) -> None:
        found = [(node.tag, "".join(node.itertext())) for node in root.iter("title", "h1", "h2", "h3")]
        plain = [(tag, folded(tidy(text[:_LONGEST_TITLE]))) for tag, text in found]
        self.all = [text for _, text in plain if len(text) >= _SHORTEST_TITLE]
        heads = [text for tag, text in plain if tag == "title"]
        self.own = [
            text
            for tag, text in plain
            if tag in ("h1", "h2") and len(text) >= _TELLING_TITLE and not is_outlet(text)
            if any(text in head for head in heads)
        ]
        """Headings that ``<title>`` has too: without a doubt the article's title."""

    def know(self, held: Held, key: str) -> bool | None:
        """Tell whether the object nearest around a text has this article's title or number.

        False: it has another title, and this article's is known.  None: nobody knows.
        """
        number = next((own["numbers"] for own in held.members if "numbers" in own), "")
        title = next((own["titles"] for own in held.members if "titles" in own), "")
        title = folded(tidy(title[:_LONGEST_TITLE]))
        if key and number == key:
            return True
        if len(title) >= _SHORTEST_TITLE and any(title in text or text in title for text in self.all):
            return True
        if len(title) >= _TELLING_TITLE and self.own:
            return None if any(_are_alike(title, own) for own in self.own) else False
        return None


def _are_alike(one: str, other: str) -> bool:
    return len(set(one) & set(other)) * 2 > min(len(set(one)), len(set(other)))
