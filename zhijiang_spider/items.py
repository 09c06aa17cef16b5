"""Exactly what a page says: the two forms that extraction makes and pipelines receive."""

from dataclasses import dataclass, field
from typing import Self, TypeAlias

from archive.model.article import Attachment, Image


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One article link of a list page."""

    url: str
    """Absolute address."""
    title: str
    """The link's text as printed (the full one where the page cuts it and keeps it in ``title=``)."""
    date_raw: str = ""
    """The date printed beside it, or ""."""


@dataclass(frozen=True, slots=True)
class SectionLink:
    """A link to a section page."""

    url: str
    name: str
    """The link's text, or ""."""


@dataclass(frozen=True, slots=True)
class ListAddress:
    """Where a list page is asked for."""

    url: str
    """Absolute address."""
    form: str = ""
    """What is sent with POST, as ``application/x-www-form-urlencoded`` has it; "" = GET."""

    def __str__(self) -> str:
        return f"{self.url} POST {self.form}" if self.form else self.url

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what ``str()`` of an address gave: the form in which the archive keeps it."""
        url, _, form = text.partition(" POST ")
        return cls(url, form)


@dataclass(frozen=True, slots=True)
class NextPage:
    """The list, or the article, goes on there."""

    address: ListAddress
    pager: str = field(default="", compare=False)
    """The kind of pager that says so, in a word or two.  Not said by the page."""
    counted: bool = field(default=False, compare=False)
    """The number was counted on, and nothing on the page links it: there may be no such page."""
    leads: bool = field(default=False, compare=False)
    """The page only leads to its list: what stands there is the list's first page, not the one behind this."""
    is_filled: bool = field(default=False, compare=False)
    """The page that leads there lists articles itself: that none stand there is no empty list."""


@dataclass(frozen=True, slots=True)
class ListEnd:
    """The list, or the article, ends here."""

    evidence: str
    """What on the page says so, in words."""


@dataclass(frozen=True, slots=True)
class PagerUnread:
    """The page has more than it shows, and how to come to it is not understood."""

    reason: str
    """What the page says and what is missing, in words: ``the page says 45 pages``."""


Following: TypeAlias = NextPage | ListEnd | PagerUnread
"""What follows a page of a list or of an article: another, nothing, or not understood."""


@dataclass(frozen=True, slots=True)
class RawArticle:
    """An article page as printed: nothing parsed yet, every text with its own punctuation and width."""

    url: str
    title: str
    kicker: str = ""
    """引题, or ""."""
    subtitle: str = ""
    """副题, or ""."""
    breadcrumb: tuple[str, ...] = ()
    """The elements after 当前位置, in order."""
    breadcrumb_urls: tuple[str, ...] = ()
    """Their absolute addresses; "" where an element is no link.  Same length as ``breadcrumb``."""
    section: str = ""
    header: str = ""
    """The row of date, source and names by the title, its parts joined by one space, or ""."""
    byline: str = ""
    """Names by the title that have no label, as printed, or ""."""
    published_raw: str = ""
    """The date as printed (``2024-01-16``, ``2023年11月8日 15:40``), without its label, or ""."""
    source_raw: str = ""
    """The source as printed, without its label, or ""."""
    paragraphs: tuple[str, ...] = field(default=(), repr=False)
    """All text of the article in reading order, credit lines included, placeholders and boilerplate not."""
    images: tuple[Image, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    is_newspaper: bool = False
    """The page belongs to a newspaper's electronic edition."""
    following: Following = ListEnd("")
    """What follows this page of the article."""
    parts: int = 1
    """Pages of the site that this was read from."""
    is_untitled: bool = False
    """The page shows no title: ``title`` is that of a list."""


@dataclass(frozen=True, slots=True)
class SectionPage:
    """A list page as printed."""

    url: str
    name: str = ""
    """What the page calls itself (breadcrumb, heading, title), or ""."""
    entries: tuple[ListEntry, ...] = ()
    """Article links in the order of the page, each address once."""
    sections: tuple[SectionLink, ...] = ()
    """Links to other sections, each address once."""
    following: Following = ListEnd("")
    """What follows this page of the list."""
    unread: str = ""
    """What of this page's list could not be read, in words (a script draws it …); "" = it was read whole."""
    said_pages: int | None = None
    """How many pages the list has, as the page says."""
    said_entries: int | None = None
    """How many entries the list has, as the page says."""
    number: int | None = None
    """Which page of the list it says it is, from 1."""
    elsewhere: int = 0
    """Rows of the list that lead to no article of this site."""
    reader: str = field(default="", compare=False)
    """The list reader that knew this kind of list, "" where no article is linked.  Not said by the page."""

    @property
    def not_understood(self) -> str:
        """What of the page or of what follows it could not be read, in words; "" = all is understood."""
        reason = self.following.reason if isinstance(self.following, PagerUnread) else ""
        return "; ".join(filter(None, (self.unread, reason)))

    @property
    def next_url(self) -> str | None:
        """Absolute address of the next page of this list, None where none is known."""
        return self.following.address.url if isinstance(self.following, NextPage) else None
