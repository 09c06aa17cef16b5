"""What elements and their own attributes do to the text in them, as browsers do it."""

import re
from functools import lru_cache
from itertools import chain, islice

from lxml.etree import _Element

BREAKING = frozenset(
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
_SHOWN_IF = ("v-show", "v-if", "x-show", "ng-show", "ng-if")
_CLOSE = 6
_BLOCK_STYLE = re.compile(r"display\s{0,3}:\s{0,3}(?:block|flex|table|grid|list-item)", re.IGNORECASE)
BACKGROUND = re.compile(r"background(?:-image)?\s{0,3}:[^;]{0,40}url\(", re.IGNORECASE)
BACKGROUNDS = ("data-bg", "data-background", "data-background-image", "data-bg-src")
"""Attributes from which a script sets the background of an element."""
_ALIGN = re.compile(r"text-align\s{0,3}:\s{0,3}([a-z]{3,7})", re.IGNORECASE)
_WHITE_SPACE = re.compile(r"white-space\s{0,3}:\s{0,3}([a-z-]{3,12})", re.IGNORECASE)
_KEEPING = frozenset(("pre", "pre-line", "pre-wrap", "break-spaces"))


LOOKS = frozenset(("style", "hidden", "aria-hidden", "align", *BACKGROUNDS))
"""The attributes that these functions ask for: an element without them looks as its name says."""
_KNOWN_STYLES = 1024
"""How many declarations are remembered: the elements of a page repeat few of them."""


def breaks_line(tag: str, style: str | None) -> bool:
    """Tell whether an element begins and ends a line, by its name or its own style."""
    if tag in BREAKING or ("-" in tag and tag not in PICTURES):
        return True
    return style is not None and tag in _STYLED and _BLOCK_STYLE.search(style) is not None


def is_hidden(node: _Element) -> bool:
    """Tell whether an element's own attributes hide it."""
    style = node.get("style")
    return (
        (style is not None and _hides(style))
        or node.get("hidden") is not None
        or (node.get("aria-hidden") or "").lower() == "true"
    )


@lru_cache(_KNOWN_STYLES)
def _hides(style: str) -> bool:
    return _HIDDEN.search(style) is not None


def is_inside_hidden(node: _Element) -> bool:
    """Tell whether attributes of an element, or of one of those close around it, keep it from being drawn."""
    around = islice(chain((node,), node.iterancestors()), _CLOSE)
    return any(
        _hides(element.get("style") or "")
        or element.get("hidden") is not None
        or any(element.get(name) == "false" for name in _SHOWN_IF)
        for element in around
    )


def is_empty(node: _Element) -> bool:
    """Tell whether an element holds neither text nor elements."""
    return not len(node) and not (node.text or "").strip()


def holds_background(node: _Element) -> bool:
    """Tell whether an element shows nothing but a picture in its background, or waits for a script to set one."""
    return is_empty(node) and (
        BACKGROUND.search(node.get("style") or "") is not None or any(node.get(name) for name in BACKGROUNDS)
    )


def sets_centre(node: _Element, outer: bool, styled: bool | None) -> bool:
    """Tell whether the text of an element is centred.

    ``outer``: whether that around it is; ``styled``: what a style sheet says of the element.
    """
    # A table's own attribute places the table, not the text in it.
    align = "" if node.tag == "table" else (node.get("align") or "").lower()
    style = node.get("style")
    own = centres(style) if style else None
    if own is None:
        own = styled
    if own is None and (node.tag == "center" or align):
        own = node.tag == "center" or align in ("center", "middle")
    return outer if own is None else own


@lru_cache(_KNOWN_STYLES)
def centres(style: str) -> bool | None:
    """Tell whether declarations centre text; None where they say nothing of it."""
    found = _ALIGN.search(style)
    return found[1].lower() == "center" if found else None


@lru_cache(_KNOWN_STYLES)
def keeps_lines(style: str) -> bool | None:
    """Tell whether declarations make the line breaks of the source seen; None where they say nothing of it."""
    found = _WHITE_SPACE.search(style)
    return found[1].lower() in _KEEPING if found else None
