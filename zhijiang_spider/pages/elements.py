"""What elements and their own attributes do to the text in them, as browsers do it."""

import re
from collections.abc import Sequence

from lxml.etree import _Element
from parsel import Selector

_BREAKING = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
"""Elements that begin and end a line.  Elements that a site names itself (``<x-article>``) do too."""
UNSEEN = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "title",
        "meta",
        "link",
        "input",
        "textarea",
        "select",
        "button",
        "option",
        "datalist",
        "svg",
        "math",
        "object",
        "applet",
        "canvas",
        "map",
    ]
)
"""Elements whose text no reader of the article sees."""
MEDIA = frozenset(["video", "audio", "source", "iframe", "embed", "object"])
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
ASIDES = frozenset(("nav", "aside", "footer"))
BOLD = frozenset(("b", "strong"))
CELLS = frozenset(("td", "th"))
PICTURES = frozenset(("img", "image", "amp-img", "mip-img"))
"""Elements that are pictures; others may hold one as their background."""
_STYLED = frozenset(["span", "a", "em", "strong", "b", "i", "font", "u", "label"])
"""Inline elements that a style can set apart."""
_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden", re.IGNORECASE)
_BLOCK_STYLE = re.compile(r"display\s{0,3}:\s{0,3}(?:block|flex|table|grid|list-item)", re.IGNORECASE)
BACKGROUND = re.compile(r"background(?:-image)?\s{0,3}:[^;]{0,40}url\(", re.IGNORECASE)
_CENTRED = re.compile(r"text-align\s{0,3}:\s{0,3}center", re.IGNORECASE)
_WHITE_SPACE = re.compile(r"white-space\s{0,3}:\s{0,3}([a-z-]{3,12})", re.IGNORECASE)
_KEEPING = frozenset(("pre", "pre-line", "pre-wrap", "break-spaces"))
_SELECTOR = re.compile(r"[\w.# >-]{1,80}")
"""A selector of elements, classes and ids; what is chosen by its state (``:hover``) is no page's text."""
_MOST_SELECTORS, _MOST_PARTS = 8, 3


def breaks_line(node: _Element) -> bool:
    """Tell whether an element begins and ends a line, by its name or its own style."""
    tag = node.tag
    if tag in _BREAKING or ("-" in str(tag) and tag not in PICTURES):
        return True
    style = node.get("style") if tag in _STYLED else None
    return style is not None and _BLOCK_STYLE.search(style) is not None


def is_hidden(node: _Element) -> bool:
    """Tell whether an element's own attributes hide it."""
    style = node.get("style")
    return (
        (style is not None and _HIDDEN.search(style) is not None)
        or node.get("hidden") is not None
        or (node.get("aria-hidden") or "").lower() == "true"
    )


def is_empty(node: _Element) -> bool:
    """Tell whether an element holds neither text nor elements."""
    return next(node.iterchildren(), None) is None and not (node.text or "").strip()


def sets_centre(node: _Element, outer: bool) -> bool:
    """Tell whether the text of an element is centred; ``outer``: whether that around it is."""
    # A table's own attribute places the table, not the text in it.
    align = "" if node.tag == "table" else (node.get("align") or "").lower()
    style = node.get("style") or ""
    if node.tag == "center" or align in ("center", "middle") or _CENTRED.search(style):
        return True
    return outer and not align and "text-align" not in style


def keeps_lines(style: str) -> bool | None:
    """Tell whether declarations make the line breaks of the source seen; None where they say nothing of it."""
    found = _WHITE_SPACE.search(style)
    return found[1].lower() in _KEEPING if found else None


def styled_to_keep_lines(root: _Element) -> frozenset[_Element]:
    """Return the elements in which the page's own style sheets make the line breaks of the source seen."""
    found: set[_Element] = set()
    for sheet in root.getroottree().iter("style"):
        text = sheet.text or ""
        if "white-space" not in text:
            continue
        rules = (rule.partition("{")[::2] for rule in text.split("}") if "white-space" in rule)
        chosen = [
            selector.strip()
            for selectors, declared in rules
            if keeps_lines(declared)
            for selector in selectors.rpartition("*/")[2].split(",")
        ]
        for selector in chosen[:_MOST_SELECTORS]:
            if _SELECTOR.fullmatch(selector) and len(re.split("[ >]+", selector)) <= _MOST_PARTS:
                found.update(_select(root, selector))
    return frozenset(found)


def _select(root: _Element, selector: str) -> Sequence[_Element]:
    try:
        return [found.root for found in Selector(root=root).css(selector)]
    except SyntaxError:
        return ()
