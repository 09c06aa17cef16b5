"""What the pages looked at so far say: which kinds of addresses are articles, which are lists, what to look at next.

A page is judged by what it shows, a kind of address by the pages of it that were looked at: never by the length of
a link's text alone.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cache, cached_property

from zhijiang_spider.derive.article import ArticleParts, Refused, derive_article, read_list, read_part
from zhijiang_spider.items import SectionPage
from zhijiang_spider.pages import Page
from zhijiang_spider.pages.checks import is_script_only
from zhijiang_spider.pages.seen import Kind
from zhijiang_spider.probe.addresses import family_of, form_of, is_numbered, list_of
from zhijiang_spider.probe.drawn import Answer
from zhijiang_spider.probe.places import LISTED, Link, Place, links_of, main_list
from zhijiang_spider.probe.views import is_view, is_whole_archive
from zhijiang_spider.sites.site import Site
from zhijiang_spider.text.characters import squeeze
from zhijiang_spider.vocabulary import spellings

_SENTENCE = ("。", "，", "；", "！", "？")
_TEXT = 30
"""Characters in one piece, between two links, from which a page has a text of its own."""
_TEXT_BESIDE = 15
"""Characters of text for each dated link to pages of another kind that make an article in spite of them."""
_LONG_TEXT = 300
"""Characters in one piece that no list has between two links, whatever comments stand below."""
_UNDATED = 2
"""So many headlines without a date make a list."""
_FRAME = 0.5
"""Share of the pages looked at on which a link stands that belongs to their frame, not to the page."""
_NUMBERED_LISTS = 3
"""Lists of one numbered kind that are looked at: ``/list-#.html`` is proven by a few.  What is named in words may
be anything, so each of those is looked at."""
_SETTLED = 3
"""Kinds of one family that were proven, from which on their folders are believed to make no difference."""
_HOME = "/"
"""The kind of /index.html: the home page again."""
_TURNS = spellings(
    *(f"pagers.{group}" for group in ("next", "previous", "older", "newer", "more", "first", "last"))
)
_MORE = spellings("pagers.more")
_NUMBER = re.compile("[0-9]+")
_MARKS = "[]<>«»‹›《》 "
"""Around the words of a pager, or in their place."""
_BUTTONS = spellings("boilerplate.buttons")


class Verdict(Enum):
    """What a page is."""

    ARTICLE = "article"
    LIST = "list"
    OTHER = "other"


@cache
def kind_of(url: str) -> str:
    """Return the kind of an address: its form, its family where it consists of words only."""
    form = form_of(url)
    return form if is_numbered(form) or "~" in form else family_of(form)


@dataclass(frozen=True)
class Look:
    """One page that was looked at."""

    page: Page
    asked: Link
    """The link that led here."""
    links: tuple[Link, ...]
    """All of the page's, in their order."""
    site: Site = field(repr=False)
    """Takes every address of the hosts for an article."""
    list_unread: str = ""
    """What of its list the list readers could not read, in words."""
    answer: Answer | None = None
    """Where its list is, if it is not in the page."""

    @property
    def url(self) -> str:
        """Where the page came from in the end."""
        return self.page.url

    @cached_property
    def own(self) -> tuple[Link, ...]:
        """The links to the site's own hosts, not to the page itself."""
        return tuple(link for link in self.links if self.site.allows(link.url) and link.url != self.url)

    @cached_property
    def verdict(self) -> Verdict:
        """What the page shows, taken alone."""
        others = main_list([link for link in self.own if kind_of(link.url) != kind_of(self.url)])
        dated = sum(link.dated for link in others)
        text, share = _longest_text(self.page, {link.text for link in self.own if link.place == LISTED})
        is_main = share >= 0.5 or text >= _LONG_TEXT
        whole = text >= _TEXT and is_main and text >= _TEXT_BESIDE * dated
        if (whole or not others) and self._reads_as_article():
            return Verdict.ARTICLE
        return Verdict.LIST if dated or len(others) >= _UNDATED else Verdict.OTHER

    @property
    def unread(self) -> str:
        """What of the page is not understood, in words, "" where nothing is."""
        if self.list_unread or self.verdict is not Verdict.OTHER or not is_script_only(self.page):
            return self.list_unread
        return "shows nothing without a browser: a script draws it, or a firewall asks"

    def _reads_as_article(self) -> bool:
        try:
            part = read_part(self.page, self.site, self.asked.text)
            article = derive_article(ArticleParts("1", (part,)), self.site)
        except Refused:
            return False
        has_text = article.body or article.images or article.attachments
        return bool(article.published_on and has_text) and _is_called(article.title, self.asked.text)


def _is_called(title: str, listed: str) -> bool:
    """Tell whether a page has the title that its link has; a list may cut it, or show a picture only."""
    one, other = squeeze(title), squeeze(listed).rstrip(".…")
    return bool(one) and (len(other) < 4 or other in one or one in other or one[:6] == other[:6])


def _longest_text(page: Page, rows: Collection[str]) -> tuple[int, float]:
    """Return the characters of the longest text between two links, and its share of all such texts.

    ``rows``: the titles of entries that are no links; they part texts as links do.
    """
    runs = [0]
    for piece in page.rendered.pieces:
        if piece.kind is not Kind.TEXT:
            continue
        if piece.linked * 2 > len(piece.text) or squeeze(piece.text) in rows:
            runs.append(0)
        elif any(mark in piece.text for mark in _SENTENCE):
            runs[-1] += len(piece.text) - piece.linked
    return max(runs), max(runs) / (sum(runs) or 1)


def look_at(page: Page, asked: Link, site: Site, answer: Answer | None = None) -> Look:
    """Read a page's links, also those that only a list reader sees, and those in the answer to its own request.

    ``site``: takes every address of the hosts for an article.
    """
    links = [*links_of(page)]
    try:
        listed = read_list(page, site)
    except Refused:
        listed = SectionPage(page.url)
    entries = {entry.url: entry for entry in listed.entries}
    dated = {url for url, entry in entries.items() if entry.date_raw}
    links = [replace(link, dated=link.url in dated) for link in links]
    linked = {link.url for link in links}
    rows = {kind_of(url) for url in entries if url not in linked}
    read = (
        Link(url, entry.title, url in dated, LISTED)
        for url, entry in entries.items()
        if entry.title and kind_of(url) in rows  # a link to the same article may stand in another list
    )
    answered = answer.links if answer else ()
    unread = "" if answered else listed.unread
    return Look(page, asked, (*links, *read, *answered), site, unread, answer)


class Survey:
    """All pages looked at so far, together; the first is the home page, or what stands for it."""

    def __init__(
        self,
        looks: Sequence[Look],
        *,
        failed: Collection[str] = (),
        assumed: Collection[str] = (),
        further: Sequence[Look] = (),
    ) -> None:
        """Count what the pages link.

        ``failed``: addresses that brought no page.  ``assumed``: kinds that are taken for articles unproven.
        ``further``: second pages of lists, whose links count.
        """
        self.looks = looks
        self._failed, self._assumed = failed, assumed
        self.links: dict[str, dict[str, Link]] = defaultdict(dict)
        """Kind → address → the link with the longest text, of the site's own."""
        self._pages: Counter[str] = Counter()
        """Address → pages that link it."""
        self._places: Counter[tuple[str, Place]] = Counter()
        """The same, by the place where the link stands."""
        for look in (*looks, *further):
            self._pages.update({link.url for link in look.own})
            self._places.update({(link.url, link.place) for link in look.own})
            for link in look.own:
                known = self.links[kind_of(link.url)].setdefault(link.url, link)
                if (link.dated, len(link.text)) > (known.dated, len(known.text)):
                    text = max(link.text, known.text, key=len)
                    self.links[kind_of(link.url)][link.url] = replace(link, text=text)
        self._onwards = {
            link.url
            for number, look in enumerate(looks)
            for link in look.own
            if _is_more(link)
            and (number == 0 or not {*_NUMBER.findall(link.url)} - {*_NUMBER.findall(look.url)})
        }
        """Where 更多 leads to a list of its own: from the home page, or by an address without a page's number."""
        self.looked: dict[str, list[Look]] = defaultdict(list)
        """Kind → the pages of it that were looked at, the first of all not counted."""
        for look in looks[1:]:
            self.looked[kind_of(look.url)].append(look)

    @cached_property
    def article_kinds(self) -> tuple[str, ...]:
        """Kinds of addresses that are articles: proven by a page, or like one of those but for the folders."""
        proven = [kind for kind, looks in self.looked.items() if _are_articles(kind, looks)]
        return tuple(dict.fromkeys([*proven, *self._alike(proven), *self._assumed]))

    def _alike(self, proven: Collection[str]) -> list[str]:
        """Return the kinds nobody looked at that differ from proven ones by their folders, and are not in the frame."""
        families = {family_of(kind) for kind in proven if "#" in kind}
        most = max(1.0, len(self.looks) * _FRAME)
        return [
            kind
            for kind, links in self.links.items()
            if kind not in self.looked
            and family_of(kind) in families
            and self._is_headed(kind)
            and sum(self._pages[url] > most for url in links) * 2 < len(links)
        ]

    def _is_headed(self, kind: str) -> bool:
        links = self.links[kind].values()
        return sum(link.is_headed for link in links) * 2 >= len(links)

    def articles_on(self, look: Look) -> list[Link]:
        """Return what a page lists: its links to articles but for those that belong to the frame of all pages.

        The newest articles stand in the frame, among the most read, and in their list: there, twice on a page.
        """
        kinds = set(self.article_kinds)
        most = max(2.0, len(self.looks) * _FRAME)
        links = [link for link in look.own if kind_of(link.url) in kinds]
        places: dict[str, set[Place]] = defaultdict(set)
        for link in links:
            places[link.url].add(link.place)
        return [
            link
            for link in {link.url: link for link in links}.values()
            if self._pages[link.url] <= most
            or (
                len(places[link.url]) > 1
                and any(self._places[link.url, place] <= most for place in places[link.url])
            )
        ]

    @cached_property
    def lists(self) -> tuple[Look, ...]:
        """The pages that list articles without those that only show the articles of others by month, tag or author."""
        others = [look for look in self.listing if not (is_view(look.url) or is_whole_archive(look.url))]
        links = {link.url for look in others for link in self.articles_on(look)}
        families = {*map(_family, links)}
        return tuple(
            look for look in self.listing if look in others or not self._repeats(look, links, families)
        )

    def _repeats(self, look: Look, links: Collection[str], families: Collection[str]) -> bool:
        """Tell whether a page shows what other lists show too: they list these ``links`` of these ``families``."""
        shown = [link.url for link in self.articles_on(look)]
        if is_view(look.url):
            return all(_family(url) in families for url in shown)
        return sum(url in links for url in shown) * 2 >= len(shown)

    @cached_property
    def listing(self) -> tuple[Look, ...]:
        """The pages that list articles, the first page of all not counted."""
        kinds = set(self.article_kinds)
        return tuple(
            look for look in self.looks[1:] if kind_of(look.url) not in kinds and self.articles_on(look)
        )

    @cached_property
    def barren(self) -> tuple[Look, ...]:
        """The pages that are no articles and list none."""
        kinds = set(self.article_kinds)
        return tuple(
            look
            for look in self.looks[1:]
            if kind_of(look.url) not in kinds and look not in self.listing and not look.unread
        )

    @cached_property
    def unread(self) -> tuple[Look, ...]:
        """The pages that are not understood: they may list anything."""
        return tuple(look for look in self.looks if look.unread)

    @cached_property
    def unread_lists(self) -> tuple[Look, ...]:
        """The same without articles, whose comments a script may draw."""
        return tuple(look for look in self.unread if look.verdict is not Verdict.ARTICLE)

    def next_look(self) -> Link | None:
        """Return the link to look at next: a kind nobody looked at, then more of those that list articles."""
        asked = {link for look in self.looks for link in (look.url, look.asked.url)} | {*self._failed}
        best: tuple[tuple[bool, bool, bool, int, bool, int], Link] | None = None
        views = sum(look not in self.lists for look in self.listing)
        families = Counter(family_of(kind) for kind in self.article_kinds if kind in self.looked)
        settled = {family for family, count in families.items() if count >= _SETTLED}
        lists_asked = {list_of(url) for url in asked}
        menus = {link.url for look in (self.looks[0], *self.lists) for link in look.own}
        for kind, links in self.links.items():
            done = self.looked.get(kind, ())
            lists = sum(look in self.listing for look in done)
            enough = is_numbered(kind) and len(done) >= _NUMBERED_LISTS
            known = kind in self.article_kinds and (kind in self.looked or family_of(kind) in settled)
            if enough or known or kind == _HOME:
                continue
            left = [
                link
                for url, link in links.items()
                if url not in asked
                and (_may_lead(link) or url in self._onwards)
                and (link.is_headed or list_of(url) not in lists_asked)
                and not (views >= _NUMBERED_LISTS and is_view(url))
            ]
            if left:
                first = max(left, key=lambda link: (not is_view(link.url), link.dated, self._pages[link.url]))
                aside = first.url not in menus  # print, share: beside an article only
                rank = (
                    is_view(first.url),
                    bool(done) and not lists,
                    aside,
                    len(done),
                    not self._is_headed(kind),
                    -len(left),
                )
                if best is None or rank < best[0]:
                    best = rank, first
        return best[1] if best else None


def _family(url: str) -> str:
    return family_of(kind_of(url))


def _may_lead(link: Link) -> bool:
    """Tell whether a link may lead to a page of its own: it turns no page, prints or shares nothing."""
    return not turns(link) and squeeze(link.text) not in _BUTTONS


def _is_more(link: Link) -> bool:
    return squeeze(link.text).lower().strip(_MARKS) in _MORE


def turns(link: Link) -> bool:
    """Tell whether a link only turns the page: 2, 下一页, >>."""
    text = squeeze(link.text).lower()
    word = text.strip(_MARKS)
    return word.isdigit() or word in _TURNS or bool(text and not word)


def _are_articles(kind: str, looks: Sequence[Look]) -> bool:
    """Tell whether a kind is articles, by the pages of it: most must be."""
    found = Counter(look.verdict for look in looks)
    return (is_numbered(kind) or "~" in kind) and found[Verdict.ARTICLE] * 2 > len(looks)
