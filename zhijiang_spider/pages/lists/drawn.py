"""Lists that are not in the page: a script draws them, or a frame shows them.

Such a place is empty, says that it is loading, or holds a template, and a script names it.  What stands beside a list
(hot articles, the weather, comments, a pager) is no list; and links beside prove nothing of a list that is drawn.
Where the script's request stands there in plain words, or the frame is the site's own, the list goes on there;
otherwise it is not understood.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from lxml import etree

from zhijiang_spider.items import ListAddress, ListEntry, NextPage
from zhijiang_spider.pages.elements import is_hidden
from zhijiang_spider.pages.links import absolute
from zhijiang_spider.pages.lists.anchors import article_links, read_anchors
from zhijiang_spider.pages.lists.attributes import held_links, read_attributes
from zhijiang_spider.pages.lists.dates_beside import ArticleLink, dates_outside
from zhijiang_spider.pages.lists.empty import empty_note, says_empty
from zhijiang_spider.pages.lists.next_page import find_next
from zhijiang_spider.pages.lists.pagers.addresses import is_same_page, is_start_page
from zhijiang_spider.pages.lists.readers import ListReading
from zhijiang_spider.pages.lists.script_request import (
    ScriptRequest,
    find_calls,
    find_requests,
    own_scripts,
    read_script,
)
from zhijiang_spider.pages.lists.sides import Sides, names_list, names_side
from zhijiang_spider.pages.page import Page
from zhijiang_spider.pages.seen import ancestors
from zhijiang_spider.sites.site import Site
from zhijiang_spider.text.characters import squeeze
from zhijiang_spider.vocabulary import any_of

_HOLDERS: Final = ("ul", "ol", "dl", "tbody", "table", "div", "section", "article", "main", "span", "p")
_LISTS = frozenset(("ul", "ol", "dl", "tbody", "table"))
_FRAMES: Final = ("iframe", "frame")
_SHOWN: Final = (
    "a",
    "img",
    "iframe",
    "frame",
    "input",
    "button",
    "video",
    "audio",
    "object",
    "embed",
    "select",
    "form",
)
_APPS = frozenset(
    ("app", "root", "__next", "__nuxt", "main-app", "vue-app", "application", "appmain", "___gatsby")
)
_REPEATED: Final = (
    "v-for",
    "ng-repeat",
    "wx:for",
    "ms-for",
    "ms-repeat",
    "data-bind",
    "x-for",
    "v-html",
    "data-ng-repeat",
)
_SLOT = re.compile(
    r"\{\{.{0,200}?\}\}|<%.{0,200}?%>|\$\{.{0,200}?\}|\[\[.{0,200}?\]\]|\{%.{0,200}?%\}", re.DOTALL
)
_WAITING = re.compile(any_of("unshown.waiting"), re.IGNORECASE)
_LONGEST_WAITING = 40
_COMPONENT = re.compile(r"<[a-z]{1,20}-[a-z-]{1,40}[\s>]")
_NAME = re.compile(r"[\"'`#.=(\s]([A-Za-z_][\w-]{0,60})(?=[\"'`\s.,)>:+\[])")
_FILLS = re.compile(
    r"\.(?:html|append|prepend|innerHTML|appendChild|insertAdjacentHTML|before|after|load|replaceWith|render)\b|template\s?\(|elem\s?:|el\s?:"
)
_LIST = re.compile(r"(?:^|[a-z_-])(?:list|List|LIST|liebiao)s?(?:$|[^a-z])|^list", re.ASCII)
"""The name of an empty place that is a list's, though no script in the page speaks of it."""
_TINY = re.compile(r"^[01](?:px)?$")
_UNSHOWN = frozenset(("script", "style", "template", "noscript", "textarea"))
_SHOWN_TEXTS = (
    "descendant::text()[not(parent::script or parent::style or parent::template or parent::noscript)]"
)
_PIECES = 6
"""Texts of a place that are looked at: one that is filled has more, or a longer one."""
_MOST_PLACES = 3000
_NEAR = 1500
"""Characters behind a request in which its answer is put into the page."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a list may be drawn."""

    element: etree._Element
    at: int
    """Texts of the page before it."""
    is_sure: bool
    """It looks like a list: by its name, as a list without lines, by its template."""
    frame: str = ""
    """The address that it shows, where it is a frame."""
    is_guess: bool = False
    """It is only empty: no script in the page speaks of it."""
    waits: bool = False
    """It says that it is loading, and a script in the page fills it."""

    @property
    def label(self) -> str:
        named = ((name, (self.element.get(name) or "").split()) for name in ("id", "class"))
        first = next((f' {name}="{words[0]}"' for name, words in named if words), "")
        return f"<{self.element.tag!s}{first}>"


def read_drawn(page: Page, site: Site) -> ListReading | None:
    """Read a page whose list is not in it: the links beside it, and where it is; None where the list stands there."""
    if site.section_slug(page.url) is None and is_start_page(page, site):
        return None  # a home page leads to lists, and many of its boxes are drawn
    found = _Finder(page, site)
    places = found.places()
    if not places:
        return None
    place = found.main(places)
    if place is None:
        return None
    beside = read_attributes(page, site) or read_anchors(page, site)
    return _lead(found, place, places, beside.entries if beside else ())


def _lead(
    found: "_Finder", place: _Place, places: Sequence[_Place], entries: tuple[ListEntry, ...]
) -> ListReading:
    if place.frame:
        frames = [one.frame for one in places if one.frame and one.is_sure == place.is_sure]
        if len(set(frames)) > 1:
            return ListReading(
                entries, unread=f"the list is in one of {len(set(frames))} frames: {', '.join(frames[:4])}"
            )
        return ListReading(entries, following=NextPage(ListAddress(place.frame), "frame", leads=True))
    request = found.request(place)
    if request is not None:
        return ListReading(
            entries, following=NextPage(request.page(request.first), "script request", leads=True)
        )
    return ListReading(entries, unread=f"a script draws the list into {place.label}{found.asks()}")


class _Finder:
    """Looks for the places of one page that a script or frame fills."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page, self.site = page, site
        self.sides = Sides(page.texts)
        self.sources = own_scripts(page)
        self.script = read_script(page)
        self.has_scripts = "<script" in page.text or "<SCRIPT" in page.text

    @cached_property
    def named(self) -> frozenset[str]:
        """Words that the scripts have where names of places stand."""
        return frozenset(name for source in self.sources for name in _NAME.findall(source[:300_000]))

    @cached_property
    def has_other_scripts(self) -> bool:
        """Whether the page loads a script that may draw."""
        return any(element.get("src") for element in self.page.selector.root.iter("script"))

    def places(self) -> list[_Place]:
        """Return the places that are no box beside a list, in the order of the page."""
        root = self.page.selector.root
        found = [*self._frames(root)]
        if self.has_scripts:
            found += self._drawn(root)
        left = (
            place
            for place in found
            if place.element not in self.page.inert and not self.sides.holds(place.element)
        )
        return sorted(left, key=lambda place: place.at)

    def main(self, places: Sequence[_Place]) -> _Place | None:
        """Return the place of the list, None where the list stands in the page."""
        links = [link for link in self._links() if not self.sides.holds(link.element)]
        if not links and empty_note(self.page):
            places = [place for place in places if not place.is_guess]
            if not places:
                return None
        if not links:
            return next((place for place in places if place.is_sure), places[0])
        first = min(self.page.texts.place(link.element) for link in links)
        sure = [place for place in places if place.is_sure]
        if any(place.waits for place in places) and not dates_outside(links, self.page.texts):
            sure = [place for place in places if place.is_sure or place.waits]
        ahead = next(
            (
                place
                for place in sure
                if place.at <= first and not any(map(is_hidden, ancestors(place.element)))
            ),
            None,
        )
        if ahead is None or isinstance(find_next(self.page, self.site), NextPage):
            return None
        return ahead

    def _links(self) -> list[ArticleLink]:
        return [*article_links(self.page, self.site), *held_links(self.page, self.site)]

    def _frames(self, root: etree._Element) -> Iterator[_Place]:
        for element in islice(root.iter(*_FRAMES), 20):
            address = absolute(self.page.base, element.get("src") or element.get("data-src") or "")
            if (
                address is None
                or not self.site.follows(address)
                or self.site.article_key(address) is not None
            ):
                continue
            sizes = (element.get("width") or "", element.get("height") or "")
            style = "".join((element.get("style") or "").lower().split())
            if (
                any(map(_TINY.match, sizes))
                or "display:none" in style
                or is_same_page(address, self.page.url)
            ):
                continue
            parts = urlsplit(address)
            path = f"{parts.path}?{parts.query}"
            if names_side(path.rpartition("/")[2].partition(".")[0]) or names_side(element.get("name") or ""):
                continue
            sure = (
                self.site.section_slug(address) is not None
                or names_list(path)
                or names_list(element.get("name") or "")
            )
            yield _Place(element, self.page.texts.place(element), sure, address)

    def _drawn(self, root: etree._Element) -> Iterator[_Place]:
        seen: set[etree._Element] = set()
        for element in islice(root.iter(*_HOLDERS), _MOST_PLACES):
            parent = element.getparent()
            if parent in seen:  # what is in an empty place is empty too
                seen.add(element)
                continue
            texts = self._texts(element)
            is_template = element.get("v-for") is not None or bool(
                texts and len(texts) <= _PIECES and self._is_slot(texts)
            )
            if not is_template and not (len(texts) <= 2 and self._is_empty(element, texts)):
                continue
            place = self._place(element, is_template=is_template, is_blank=not texts)
            if place is not None:
                seen.add(element)
                yield place
        if _COMPONENT.search(self.page.text):
            for element in islice(root.xpath("//*[contains(name(), '-')]"), 20):
                if names_list(str(element.tag)) and self._is_empty(element, self._texts(element)):
                    yield _Place(element, self.page.texts.place(element), is_sure=True)
        for element in islice(root.xpath("//*[@v-for or @ng-repeat or @v-html or @ms-for or @x-for]"), 20):
            parent = element.getparent()
            if parent is not None and parent not in seen and element not in seen:
                yield _Place(parent, self.page.texts.place(parent), is_sure=True)

    def _texts(self, element: etree._Element) -> list[str]:
        """Return the first texts of a place, those of scripts and the like left out."""
        texts = [text for text in self.page.texts.of(element, _PIECES + 1) if not text.isspace()]
        if 0 < len(texts) <= _PIECES and any(
            inner.tag in _UNSHOWN for inner in islice(element.iter(), 1, 20)
        ):
            return [text for text in element.xpath(_SHOWN_TEXTS)[: _PIECES + 1] if not text.isspace()]
        return texts

    @staticmethod
    def _is_slot(texts: Sequence[str]) -> bool:
        return any("{{" in text or "<%" in text or "${" in text or "[[" in text for text in texts) and any(
            map(_SLOT.search, texts)
        )

    @staticmethod
    def _is_empty(element: etree._Element, texts: Sequence[str]) -> bool:
        """Tell whether a place shows nothing, or says that it is loading or empty."""
        if texts:
            line = squeeze("".join(texts)[:200])
            return len(line) <= _LONGEST_WAITING and (_WAITING.search(line) is not None or says_empty(line))
        return not any(inner.tag in _SHOWN for inner in islice(element.iter(), 1, 30))

    def _place(self, element: etree._Element, *, is_template: bool, is_blank: bool) -> _Place | None:
        """Return an empty element as a place, None where nothing tells that a script fills it."""
        names = [name for name in (element.get("id"), *(element.get("class") or "").split()) if name]
        is_app = bool(is_blank and names and names[0].lower() in _APPS)
        is_named = any(name in self.named for name in names)
        is_list = element.tag in _LISTS or any(map(_LIST.search, names))
        at = self.page.texts.place(element)
        if is_template:
            return _Place(element, at, is_sure=True)
        if is_app and (self.has_other_scripts or self.sources):
            return _Place(element, at, is_sure=True)
        if is_named and (is_list or self._fills(names)):
            sure = is_list or any(map(names_list, names))
            waits = not is_blank and not says_empty(squeeze("".join(self._texts(element))))
            return _Place(element, at, is_sure=sure, waits=waits and element.tag not in ("span", "p"))
        if not is_blank:
            waits = self.has_other_scripts and not says_empty(squeeze("".join(self._texts(element))))
            return (
                _Place(element, at, is_sure=is_list or self._is_list(element.getparent())) if waits else None
            )
        if is_list and element.tag != "table" and any(map(_LIST.search, names)) and self.has_other_scripts:
            return _Place(element, at, is_sure=True, is_guess=True)
        if element.tag in ("ul", "ol", "tbody") and names and (self.has_other_scripts or self._asks):
            return _Place(element, at, is_sure=False, is_guess=True)
        return None

    @staticmethod
    def _is_list(element: etree._Element | None) -> bool:
        if element is None:
            return False
        names = [*(element.get("class") or "").split(), element.get("id") or ""]
        return element.tag in _LISTS or any(map(_LIST.search, names))

    def _fills(self, names: Sequence[str]) -> bool:
        """Tell whether a script puts something into a place of these names."""
        for source in self.sources:
            for name in names:
                at = source.find(name)
                while at >= 0:
                    if _FILLS.search(source, at, at + 120) or _FILLS.search(source, max(0, at - 40), at):
                        return True
                    at = source.find(name, at + 2000)
        return False

    @cached_property
    def _asks(self) -> bool:
        return bool(find_calls(self.script))

    @cached_property
    def requests(self) -> list[ScriptRequest]:
        """The requests of the scripts that may be for a list."""
        found = []
        for request in find_requests(self.page, self.script):
            address = request.page(request.first).url
            path = urlsplit(address).path
            if (
                self.site.follows(address)
                and self.site.article_key(address) is None
                and not (is_same_page(address, self.page.url) and not request.form)
                and not any(map(names_side, filter(None, re.split(r"[/.]", path))))
            ):
                found.append(request)
        return found

    def request(self, place: _Place) -> ScriptRequest | None:
        """Return the request whose answer fills a place, None where that is not clear."""
        names = [
            name for name in (place.element.get("id"), *(place.element.get("class") or "").split()) if name
        ]
        source = self.script.source
        near = [
            request
            for request in self.requests
            if any(
                self._names(source[max(0, request.at - 60) : max(request.end, request.at) + _NEAR], name)
                for name in names
            )
        ]
        for choice in (near, self.requests):
            listed = [
                one
                for one in choice
                if names_list(urlsplit(one.address).path) or "{page}" in f"{one.address}{one.form}"
            ]
            for some in (choice, listed):
                if len({(one.address, one.form) for one in some}) == 1:
                    return some[0]
        return None

    @staticmethod
    def _names(source: str, name: str) -> bool:
        return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", source) is not None

    def asks(self) -> str:
        """Say what the scripts ask for, where it is known."""
        if self.requests:
            return f"; they ask for {', '.join(one.address for one in self.requests[:3])}"
        return "; how it is asked for is not understood" if self._asks else ""
