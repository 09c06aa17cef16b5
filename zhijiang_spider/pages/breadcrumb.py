"""当前位置：首页 > 新闻 > 正文 — where the page says it stands."""

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml.etree import _Element

from zhijiang_spider.pages.header import date_of
from zhijiang_spider.pages.links import joined
from zhijiang_spider.pages.rendering import render_text
from zhijiang_spider.pages.seen import GAP, Kind, RenderedPage, TextBlock, ancestors, tidy
from zhijiang_spider.text.characters import folded
from zhijiang_spider.vocabulary import any_of, spellings, words

_ARROWS = re.compile(r"\s{0,4}(?:>>|»|›|>|＞|→|▶|〉|::|/|\\|\||｜|·|－|—>|->|-)\s{0,4}")
_GAPS = re.compile(GAP)
CRUMB_LABEL = re.compile(
    rf"{any_of('breadcrumb.labels', 'breadcrumb.labels_before_colon')}[\s是在]{{0,3}}[:：>»]"
)
"""Opens the row."""
_LEAVES = spellings("breadcrumb.leaves", "breadcrumb.leaves_of_articles")
_LISTS = spellings("breadcrumb.no_sections")
_ENGLISH_LEAVES = frozenset(words("breadcrumb.leaves_english"))
_CLASS = re.compile(rf"bread|crumb|{any_of('breadcrumb.classes')}|weizhi|dqwz|mbx|mianbao", re.IGNORECASE)
_PLACE = re.compile(r"position|location|where|path\b|here\b|place", re.IGNORECASE)
"""Classes that other rows have too: only one with arrows in it is a breadcrumb."""
_BETWEEN = re.compile("[>»›＞→〉]")
_MARK = re.compile("[-—=]{0,2}[>»›＞→〉]")
_WEAK_MARK = re.compile("[·/／-]")
"""Between home and the section, where nothing else is on the line."""
_FIRST_WORD = re.compile(r"\s*\S+\s+")
_HOME = rf"(?:{any_of('breadcrumb.home')}|\b{any_of('breadcrumb.home_english')}\b)"
_FROM_HOME = re.compile(rf"{_HOME}\s{{0,4}}(?:>>?|»|›|＞|→|〉|->|=>)\s{{0,4}}\S")
_STEP = r"[\s\x1f]{0,4}(?P<by>[/／·-])[\s\x1f]{0,4}"
_STEPS = re.compile(
    rf"[【\[]?(?:{any_of('breadcrumb.labels', 'breadcrumb.labels_before_colon')}[\s\x1f]{{0,4}}[-/][\s\x1f]{{0,4}})?"
    rf"{_HOME}{_STEP}[^/／·>|｜。，\x1f]{{2,30}}?"
    r"(?:[\s\x1f]{0,4}(?P=by)[\s\x1f]{0,4}[^/／·>|｜。，\x1f]{1,30}?){0,4}[】\]]?"
)
"""Matches (whole) a row from home on with weaker marks between: only right above an article, menus have them too."""
_NEAR = 12
"""Pieces above a text among which such a row stands."""
_HOME_SET_APART = re.compile(rf"\s{{0,4}}{_HOME}\s{{0,4}}\x1f")
_ROOT = re.compile(r"(?:https?://[^/]{1,100})?(?:\.?/)(?:index\.\w{1,5})?", re.IGNORECASE)
"""The address of a site's first page."""
_BULLETS = "■●▪◆★◇□ \u3000"
_ONE_HOME = re.compile(_HOME)
_NAMES = ("class", "id", "aria-label", "itemtype")
_ARROW = ">"
_OF_TWO = re.compile(
    r"([^\s/／·－-]{2,12}) ?[/／·－-] ?[^\s/／·－，。-]{2,8}(?: ?[/／·－-] ?[^\s/／·－，。-]{2,8})?"
)
"""Matches (whole) the site's name and one or two words behind weaker marks."""
_LONGEST_WORD = 12
"""Characters of a word in a row without links."""
_LONGEST = 30
"""Characters of one element."""
_LONGEST_SECTION = 8
"""Characters of a section's name by a title."""
_MOST = 10
"""Elements: what has more is a menu."""


@dataclass(frozen=True, slots=True)
class Breadcrumb:
    """The elements in order, their addresses beside them ("" where one is no link), and its last piece."""

    elements: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    last: int = -1


def find_breadcrumb(
    reading: RenderedPage, title: str, base: str, before: int, own: Container[str] = ()
) -> Breadcrumb:
    """Find the breadcrumb among the first ``before`` pieces: after its label, else a row of links by its class.

    ``own``: the site's own names, with one of which a row without links begins.
    """
    pieces = reading.pieces[: max(before, 0)]
    for number, piece in enumerate(pieces):
        text = piece.text
        is_candidate = ":" in text or "：" in text or ">" in text or "»" in text
        if is_candidate and CRUMB_LABEL.search(text):
            found = _read(reading, number, title, base, labelled=True)
            if found.elements:
                return found
    for number, piece in enumerate(pieces):
        if piece.kind is Kind.TEXT and _is_row_by_class(piece) and _is_named(piece.node, _CLASS):
            found = _read(reading, number, title, base, labelled=not piece.linked)
            if found.elements:
                return found
    for number, piece in enumerate(pieces):
        text = piece.text if piece.kind is Kind.TEXT else ""
        if len(text) >= 120:
            continue
        is_row = before - number <= _NEAR and _STEPS.fullmatch(piece.marked) is not None
        if is_row and not _is_above_a_row(pieces, number):
            found = _read(reading, number, title, base, labelled=True)
            if len(found.elements) > 1:
                return found
        if before - number <= _NEAR and (
            _is_home_and_section(piece) or _is_unlinked_row(piece, own) or _ends_as_row(piece)
        ):
            return _read(reading, number, title, base, labelled=True)
        if not _BETWEEN.search(text):
            continue
        from_home = (  # as good as a label
            _FROM_HOME.match(text) is not None or _leads_home(piece) or _opens_with_own_name(piece, own)
        )
        if from_home or (
            piece.linked and (len(_ONE_HOME.findall(text)) == 1 or _is_named(piece.node, _PLACE))
        ):
            found = _read(reading, number, title, base, labelled=from_home)
            if found.elements:
                return found
    return Breadcrumb()


def _is_above_a_row(pieces: Sequence[TextBlock], number: int) -> bool:
    """Tell whether a better row stands below a line: then the line is a menu."""
    below = islice(pieces, number + 1, None)
    return any(_FROM_HOME.match(row.text) or _is_home_and_section(row) for row in below)


def _is_row_by_class(piece: TextBlock) -> bool:
    """Tell whether a line that its class calls a breadcrumb can be one: with links, or parts set apart behind home."""
    return bool(piece.linked) or _HOME_SET_APART.match(piece.marked) is not None


def _ends_as_row(piece: TextBlock) -> bool:
    """Tell whether a line links the site's first page, then sections, and ends with 正文, with weak marks between."""
    parts = [(text, href) for text, href in piece.parts if text.strip()]
    words = [
        word for text, href in parts for word in ([text] if href else _ARROWS.split(text)) if word.strip()
    ]
    return (
        2 < len(words) <= _MOST
        and _ROOT.fullmatch(parts[0][1]) is not None
        and bool(parts[0][1])
        and words[-1].strip() in _LEAVES
    )


def _is_unlinked_row(piece: TextBlock, own: Container[str]) -> bool:
    """Tell whether a row without links begins with the site's own name, or with some word and ends with 正文."""
    if piece.linked:
        return False
    if (weak := _OF_TWO.fullmatch(piece.text)) is not None:
        return weak[1] in own
    words = [word for part in _BETWEEN.split(piece.text) if (word := part.strip(" \u3000-="))]
    if not 2 <= len(words) <= _MOST or not all(len(word) <= _LONGEST_WORD for word in words):
        return False
    return words[0] in own or words[-1] in _LEAVES


def _leads_home(piece: TextBlock) -> bool:
    """Tell whether a line begins with a link to the site's first page, whatever it is called, and an arrow."""
    parts = [(text, href) for text, href in piece.parts if text.strip()]
    return (
        len(parts) > 1
        and _ROOT.fullmatch(parts[0][1]) is not None
        and _MARK.match(parts[1][0].strip()) is not None
    )


def _opens_with_own_name(piece: TextBlock, own: Container[str]) -> bool:
    """Tell whether a line begins with the site's own name without a link and an arrow, and links sections behind."""
    return (
        bool(piece.parts)
        and not piece.parts[0][1]
        and _BETWEEN.split(piece.parts[0][0], maxsplit=1)[0].strip(" \u3000-=") in own
    )


def _is_home_and_section(piece: TextBlock) -> bool:
    """Tell whether a line is a link to the site's first page and one to a section, with a mark between."""
    parts = [(text.strip(), href) for text, href in piece.parts if text.strip()]
    if len(parts) != 3:
        return False
    (home, root), (mark, none), (_, section) = parts
    return (
        not none
        and bool(section)
        and (len(home) > 2 or _ONE_HOME.fullmatch(home) is not None)
        and _ROOT.fullmatch(root) is not None
        and _ROOT.fullmatch(section) is None
        and _WEAK_MARK.fullmatch(mark) is not None
    )


def read_breadcrumb(node: _Element, title: str, base: str) -> Breadcrumb:
    """Read the breadcrumb that an element holds."""
    pieces = render_text(node, show=frozenset([node])).pieces
    return _elements(_tokens(pieces), title, base)


def row_behind(line: str) -> str:
    """Return the row of date and source that goes on behind a breadcrumb's last word, "" if there is none."""
    *before, tail = _BETWEEN.split(line)
    word = _FIRST_WORD.match(tail)
    row = tail[word.end() :] if before and word else ""
    return row if date_of(row.replace(GAP, " ")) else ""


def _is_named(node: _Element, pattern: re.Pattern[str]) -> bool:
    """Tell whether an element, or one of the two around it, is called by one of the names."""
    names = (here.get(name) or "" for here in islice(ancestors(node), 3) for name in _NAMES)
    return pattern.search(" ".join(names)) is not None


def _read(reading: RenderedPage, number: int, title: str, base: str, *, labelled: bool) -> Breadcrumb:
    """Read the line, or the smallest element around it, that holds more than the label."""
    pieces = reading.pieces
    start, end = number, number + 1
    for node in islice(ancestors(pieces[number].node), 4):
        found = _elements(_tokens(pieces[start:end]), title, base, labelled=labelled)
        alone = len(found.elements) == 1 and not (labelled or _names_section(reading, number, found))
        if found.elements and not alone:
            return Breadcrumb(found.elements, found.urls, max(end - 1, number))
        start, end = number, reading.spans[node][1]
        if end - start > _MOST + 4:
            break
    return Breadcrumb()


def _names_section(reading: RenderedPage, number: int, found: Breadcrumb) -> bool:
    """Tell whether one link is all that an element called a breadcrumb holds, and is the section and not home."""
    (word,), (url,) = found.elements, found.urls
    piece = reading.pieces[number]
    around = islice(ancestors(piece.node), 3)
    called = [node for node in around if _CLASS.search(" ".join(node.get(name) or "" for name in _NAMES))]
    return (
        bool(called)
        and reading.spans[called[-1]] == (number, number + 1)
        and piece.linked >= len(piece.text)
        and not _ONE_HOME.fullmatch(word)
        and not _ROOT.fullmatch(url)
    )


def section_of(crumbs: Breadcrumb, in_head: str = "") -> str:
    """Return the section that a breadcrumb ends with, "" where it only says where home is.

    Where none of its words is a link and ``<title>`` names one of them (``in_head``), it is a menu that stands there.
    """
    if in_head in crumbs.elements[:-1] and not any(crumbs.urls):
        return in_head
    last = crumbs.elements[-1] if crumbs.elements else ""
    return "" if _ONE_HOME.fullmatch(last) else last


def section_by_title(pieces: Sequence[TextBlock], title: int) -> str:
    """Return the word right above or below the title that links a section, which a menu above links too.

    Right above it may be without a link.
    """
    beside = (*pieces[max(title - 1, 0) : title], *pieces[title + 1 : title + 2]) if title >= 0 else ()
    for piece in beside:
        name = piece.text.lstrip(_BULLETS)
        if piece.kind is not Kind.TEXT or not 2 <= len(name) <= _LONGEST_SECTION:
            continue
        menu = (above for above in pieces[: title - 1] if above.parts)
        if piece.linked >= len(piece.text) and _is_section_name(piece):
            if (piece.text, piece.link) in (
                (tidy(said), href) for above in menu for said, href in above.parts
            ):
                return piece.text
        elif (
            not piece.linked
            and piece is pieces[title - 1]
            and name
            in {tidy(said) for above in menu for said, href in above.parts if _is_section(tidy(said), href)}
        ):
            return name
    return ""


def _is_section_name(piece: TextBlock) -> bool:
    hrefs = {href for _, href in piece.parts if href}
    return len(hrefs) == 1 and _is_section(piece.text, piece.link)


def _is_section(text: str, href: str) -> bool:
    """Tell whether a link may name a section: neither home nor a button."""
    is_home = _ONE_HOME.fullmatch(text) is not None or _ROOT.fullmatch(href) is not None
    return bool(href) and not is_home and not href.startswith(("#", "javascript:"))


def _tokens(pieces: Iterable[TextBlock]) -> list[tuple[str, str]]:
    """Return the texts of the pieces with the address of the link around each, "" outside links."""
    tokens: list[tuple[str, str]] = []
    for piece in pieces:
        if piece.kind is Kind.TEXT:
            tokens += [*(piece.parts or [(piece.marked, "")]), (_ARROW, "")]
    return tokens


def _elements(
    tokens: Sequence[tuple[str, str]], title: str, base: str, *, labelled: bool = True
) -> Breadcrumb:
    text = "".join(token for token, _ in tokens)
    label = CRUMB_LABEL.search(text)
    skip = label.end() if label else 0
    row = row_behind(text.removesuffix(_ARROW))
    parts: list[tuple[str, str]] = []
    for token, href in tokens:
        if skip >= len(token):
            skip -= len(token)
            continue
        token, skip = token[skip:], 0
        if href:
            parts.append((tidy(token.replace(GAP, "")), joined(base, href)))
        else:
            words = token.removesuffix(row)
            marks = _ARROWS if _ARROWS.search(words) else _GAPS  # an icon stands for the arrow
            parts += [(tidy(part), "") for part in marks.split(words)]
    known = folded(title)
    kept: list[tuple[str, str]] = []
    for part, href in parts:
        part = part.strip(" \u3000>＞»›→:：|｜/\\-·[]【】")
        if not part:
            continue
        plain = folded(part)
        if part in _LISTS:
            continue
        if (
            part in _LEAVES
            or part.lower() in _ENGLISH_LEAVES
            or (known and (plain == known or (len(plain) > 8 and plain.rstrip(".…") in known)))
        ):
            break
        if len(part) > _LONGEST:
            break
        kept.append((part, href))
    if len(kept) > _MOST or (not labelled and not any(href for _, href in kept)):
        return Breadcrumb()
    return Breadcrumb(tuple(part for part, _ in kept), tuple(href for _, href in kept))
