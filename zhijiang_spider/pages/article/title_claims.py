"""What is known of a headline before its line is looked for: what the page declares, and what a list called it.

``<title>`` holds the names of site and section too, and on many sites nothing else.  They are known by the page
itself: they lead home, stand in its menu, in its breadcrumb or in its footer.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias
from urllib.parse import urlsplit

from zhijiang_spider.pages.article.page_metadata import Declared
from zhijiang_spider.pages.boilerplate import is_notice
from zhijiang_spider.pages.header import date_of, is_outlet
from zhijiang_spider.pages.links import joined
from zhijiang_spider.pages.seen import GAP, Kind, TextBlock, tidy
from zhijiang_spider.text.characters import folded
from zhijiang_spider.vocabulary import any_of, spellings

TEXT = 30
"""Characters of a line outside links from which it counts as text."""
SHORTEST = 4
"""Characters: a shorter line inside ``<title>`` is as likely a column's name, unless it is a heading."""
_SHORT = 6
"""Characters of a claim up to which it may be a column's name that nothing else on the page gives away."""
_COLUMN, _LONGEST_NAME = 8, 20
"""Characters of a section's name in a link anywhere, and in one above the text: below it, articles are linked."""
_MOST_CLAIMS, _LONGEST_CLAIM = 20, 500
"""How many declared titles each line is compared with, and how much of each."""
_MOST_NOTICES = 20
_SEPARATOR = re.compile(
    r"\s?(?:[_|｜丨]|--+|——|\s[-–—]\s|(?:(?<!\d)[-–—]|[-–—](?!\d))(?=[^-–—_]{2,16}$)|>>|»)\s?"
)
"""Between a headline and the site's name in ``<title>``."""
_BARS = frozenset("|｜丨")
"""Stand inside headlines too, behind a short word: 专访｜…"""
_HOME = re.compile(r"(?:https?:)?(?://[^/?#]+)?/(?:index\.\w{2,5})?|https?://[^/?#]+", re.IGNORECASE)
_MOST_SLASHES = 3
"""In the address of a first page: ``https://www.yunting.example/``."""
_SITE = re.compile(rf".{{1,{_LONGEST_NAME}}}{any_of('titles.site_endings')}")
_EDITION = re.compile(r"第?[a-z]?\d{1,3}版.{0,10}")
_DAY = re.compile(rf"\d{{2,4}}[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}日?.{{0,3}}|{_EDITION.pattern}")
"""Matches (whole) the day and the page of a newspaper."""
_HEAD_OF_THREE = re.compile(
    r"(?P<headline>.{4,200}?)\s?(?P<mark>[-–—_|｜丨]{1,2})\s?(?P<section>[^-–—_|｜丨,，。:：!！?？]{2,12}?)"
    r"\s?(?P=mark)\s?(?P<own>[^-–—_|｜丨]{3,20})"
)
_LEAVES = spellings("breadcrumb.leaves", "breadcrumb.home")
_CUT = ".…\ufffd"
"""Stand where a title was cut, by characters or in the middle of one."""
_MARKS = any_of("titles.list_marks")
_BEFORE = re.compile(rf"(?:[^\w\"'《<(\[【]|[\[【(]{_MARKS}[\]】)]|{_MARKS}[:|])+")
"""What a list sets before a headline."""
_BEHIND = re.compile(r"[\[(]?(?:\d{2,4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?[\])]?$|[\[(]?(?:图|new!?)[\])]?$")
_LEAST_SHARED = 0.6
"""Share of the longer one of two titles from which they are the same title, where neither begins the other."""
LEAST_AGREED = 0.25
"""The same where the list's begins the page's and is not marked as cut."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One declared title without the names around it."""

    text: str
    plain: str
    """The same, folded."""
    is_cut: bool = False
    """It goes on, which the page marks with … or half a character."""
    is_weak: bool = False
    """It may be a column's name, for it is short, or the site's motto, for it follows the site's name."""

    def spelling(self, plain: str) -> str:
        """Return a folded text as the page declares it, "" where it does not."""
        start, places = self.plain.find(plain), _places(self.text)
        if start < 0 or len(places) < start + len(plain):
            return ""
        return tidy(self.text[places[start] : places[start + len(plain) - 1] + 1])


@lru_cache(maxsize=_MOST_CLAIMS)
def _places(text: str) -> tuple[int, ...]:
    """Return for each folded character the place of the one it comes from."""
    return tuple(place for place, char in enumerate(text) for _ in folded(char))


class PageNames:
    """What the page calls its site and its sections, and what its declared titles say without those names."""

    def __init__(self, pieces: Sequence[TextBlock], site_names: Iterable[str], declared: Declared) -> None:
        self.own = {folded(name) for name in site_names if name}
        self._links: set[str] = set()
        plain_lines: set[str] = set()
        headings: set[str] = set()
        is_newspaper = False
        longest = _LONGEST_NAME
        for piece in pieces:
            if len(piece.marked) - piece.linked >= TEXT:
                longest = _COLUMN
            elif piece.kind is Kind.TEXT and not piece.linked and len(piece.text) >= SHORTEST:
                plain_lines.add(plain := folded(piece.text))
                is_newspaper = is_newspaper or (
                    len(plain) <= _LONGEST_NAME and _EDITION.fullmatch(plain) is not None
                )
            if piece.heading:
                headings.update(map(folded, parts_of_heading(piece)))
            for text, href in piece.parts:
                if href and len(text) <= longest and (plain := folded(text)):
                    if _leads_home(href):
                        self.own.add(plain)
                    elif not piece.heading:
                        self._links.add(plain)
        head = folded(declared.head)
        own_titles = filter(None, map(folded, declared.titles[:_MOST_CLAIMS]))
        # What <title> and another tag say too, and is longer than a column's name, is a headline that a list links.
        self._links.difference_update(t for t in own_titles if len(t) > _COLUMN and t in head and t != head)
        # So is what <title> ends with and a line shows too: newspapers list all that stands on one page.
        shortest = SHORTEST if is_newspaper else _COLUMN + 1
        twice = (t for t in self._links & plain_lines if len(t) >= shortest and head.endswith(t))
        self._links.difference_update(twice)
        # And what a heading shows that <title> begins with: a row of links ends with the article itself.
        opening = (t for t in self._links & headings if len(t) > _COLUMN and head.startswith(t))
        self._links.difference_update([*opening])
        notices = [
            piece.text
            for piece in pieces[-_MOST_NOTICES:]
            if piece.kind is Kind.TEXT and (piece.aside or is_notice(piece.text))
        ]
        self._notices = folded("\n".join(notices))
        self._dropped: list[str] = []
        texts = dict.fromkeys(filter(None, (declared.head, *declared.titles[:_MOST_CLAIMS])))
        found = [self._claim(text[:_LONGEST_CLAIM]) for text in texts]
        self.claims = [claim for claim in found if claim]
        """``<title>`` first; a declared title of names only claims nothing."""

    def is_name(self, plain: str) -> bool:
        """Tell whether something on the page shows that a text is the name of its site or of a section."""
        return (
            plain in self.own
            or plain in _LEAVES
            or plain in self._links
            or (len(plain) >= SHORTEST and plain in self._notices)
        )

    def are_doubted(self, plain: str) -> bool:
        """Tell whether a line is rather a name than a headline: known as one, or part of one in ``<title>``."""
        return (
            self.is_name(plain)
            or _SITE.fullmatch(plain) is not None
            or (len(plain) >= SHORTEST and any(plain in dropped for dropped in self._dropped))
        )

    def _claim(self, text: str) -> Claim | None:
        """Return a declared title from its first part that is no name to its last."""
        spans = _spans(text)
        plains = [folded(text[start:end]) for start, end in spans]
        shown = [self.is_name(plain) for plain in plains]
        names = [
            known or _SITE.fullmatch(plain) or _DAY.fullmatch(plain) or (n > 0 and is_outlet(plain))
            for n, (plain, known) in enumerate(zip(plains, shown, strict=True))
        ]
        if all(names) and len(names) > 1 and not shown[0]:
            names[0] = False  # the first of several parts is the headline's place
        self._dropped += [plain for plain, is_name in zip(plains, names, strict=True) if is_name]
        kept = [n for n, is_name in enumerate(names) if not is_name]
        if not kept:
            return None
        claim = text[spans[kept[0]][0] : spans[kept[-1]][1]]
        while len(spans := _spans(claim)) > 1 and self.is_name(folded(claim[slice(*spans[-1])])):
            claim = claim[: spans[-2][1]]  # a dash parts only what is last
        whole = folded(claim)
        plain = whole.rstrip(_CUT)
        is_weak = len(plain) <= _SHORT or kept[0] > 0
        return Claim(claim, plain, is_cut=plain != whole, is_weak=is_weak) if plain else None


def parts_of_heading(piece: TextBlock) -> list[str]:
    """Return what a heading is made of: its elements, and all of it but the day behind."""
    return [tidy(part) for part in (*piece.marked.split(GAP), piece.text.removesuffix(date_of(piece.text)))]


Links: TypeAlias = Sequence[tuple[str, str]]
"""The texts of a page inside links, each with the address."""


def links_of(pieces: Iterable[TextBlock]) -> Links:
    """Return the texts inside links, in order."""
    return [part for piece in pieces for part in piece.parts if part[1]]


def last_name(head: str, title: str, links: Links) -> str:
    """Return what stands behind the last mark of ``<title>``, where sites set their own name; "" without any.

    A section may stand there too: the page links it elsewhere than home.
    """
    spans = _spans(head)
    name = tidy(head[slice(*spans[-1])]) if len(spans) > 1 else ""
    if not name or folded(name) in folded(title):
        return ""
    is_section = any(name in text and text.strip() == name and not _leads_home(href) for text, href in links)
    return "" if is_section else name


def home_names(links: Links) -> list[str]:
    """Return what the page calls its site: the texts of its links to the first page."""
    return [tidy(text) for text, href in links if _leads_home(href)]


@lru_cache(1024)  # asked of each link several times, and a site's pages share their menu
def _leads_home(href: str) -> bool:
    return href.count("/") <= _MOST_SLASHES and _HOME.fullmatch(href) is not None


def text_of_own_link(links: Links, url: str, base: str) -> str:
    """Return what the page calls itself where it links its own address: newspapers list all that stands on a sheet."""
    name = urlsplit(url).path.rpartition("/")[2]
    own = (
        text for text, href in links if name and name in href and joined(base, href).partition("#")[0] == url
    )
    return max(map(tidy, own), key=len, default="")


def section_in_head(head: str, title: str, own_names: Iterable[str], rows: Iterable[str]) -> str:
    """Return the section in a ``<title>`` that says headline, section and the site's own name; "" in any other.

    What the ``rows`` of date and source name too is an author or a source; a county's name is no section.
    """
    known = folded(title)
    names = {plain for name in own_names if len(plain := folded(name)) > 2 and plain not in _LEAVES}
    found = _HEAD_OF_THREE.fullmatch(tidy(head)[:_LONGEST_CLAIM])
    if not known or found is None or folded(found["own"]) not in names or folded(found["headline"]) != known:
        return ""
    section = found["section"]
    plain = folded(section)
    is_county = plain[-1:] in "县市区" and any(name.startswith(plain[:-1]) for name in names)
    is_none = (
        plain in names or plain in _LEAVES or plain in known or is_county or plain in folded("\n".join(rows))
    )
    if is_none or _SITE.fullmatch(plain) or _DAY.fullmatch(plain) or is_outlet(plain) or plain.isdecimal():
        return ""
    return section


def headline_in(claim: Claim) -> str:
    """Return the headline out of a claim that no line of the page shows: its first part.

    A word behind which a bar stands belongs to the headline: 专访｜…; a column's before another mark does not.
    """
    spans = _spans(claim.text)
    start, end = spans[0]
    if end - start < SHORTEST and len(spans) > 1:
        behind, last = spans[1]
        if _BARS.isdisjoint(claim.text[end:behind]):
            start, last = max(spans, key=lambda span: span[1] - span[0])
        end = last
    return tidy(claim.text[start:end])


def _spans(text: str) -> list[tuple[int, int]]:
    """Return where the parts of a ``<title>`` begin and end."""
    spans, start = [], 0
    for mark in _SEPARATOR.finditer(text):
        spans.append((start, mark.start()))
        start = mark.end()
    spans.append((start, len(text)))
    return [span for span in spans if text[slice(*span)].strip()] or [(0, len(text))]


class Listed:
    """What a list called the article: a second witness, that chooses among what the page shows."""

    def __init__(self, title: str) -> None:
        plain = folded(title)
        plain = _BEHIND.sub("", plain[_end(_BEFORE, plain) :])
        self.plain = plain.rstrip(_CUT)
        self.is_cut = len(self.plain) < len(plain)
        self._first, self._chars = self.plain[:1], frozenset(self.plain)

    def may_mean(self, plain: str) -> bool:
        """Tell at a glance whether ``agreement`` may be more than 0: one text can only begin within the other."""
        if not self.plain:
            return False
        return self._first in plain or plain[_end(_BEFORE, plain) :][:1] in self._chars

    def agreement(self, plain: str) -> float:
        """Return in how far the list means a line, folded: 1 wholly, 0 not at all.

        Lists cut titles, leave out their second half and set marks before them.
        """
        title, line = self.plain, plain[_end(_BEFORE, plain) :]
        if not title or not line:
            return 0.0
        if len(title) < _SHORT or len(line) < SHORTEST:
            return float(title == line)
        if line.startswith(title):
            share = len(title) / len(line)
            return 1.0 if self.is_cut else share if share >= LEAST_AGREED else 0.0
        if title in line or line in title:
            share = min(len(title), len(line)) / max(len(title), len(line))
            return share if share >= _LEAST_SHARED else 0.0
        return 0.0


def _end(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.match(text)
    return found.end() if found else 0


def begins(claim: Claim, plain: str) -> bool:
    """Tell whether a claim is the beginning of a line, cut or not."""
    return len(claim.plain) > _SHORT and plain.startswith(claim.plain)
