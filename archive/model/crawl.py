"""What a crawl has to fetch: the forms in which crawler and archive talk about it.

The archive is the frontier.  Every entry of a list page is stored in the transaction that stores the page;
the work of a crawl is the section fronts, what an earlier crawl left unread of a list, and every entry that
is listed and not yet archived.  A crawl that is killed loses nothing but the pages it was just reading.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class CaptureType(StrEnum):
    """What was asked for."""

    ARTICLE = "article"
    PART = "part"
    """A further page of an article."""
    SECTION = "section"
    """A list page, of a section or a home page."""
    MEDIA = "media"
    ROBOTS = "robots"
    OTHER = "other"


class FailureType(StrEnum):
    """What could not be fetched or read."""

    ARTICLE = "article"
    SECTION = "section"
    MEDIA = "media"


class SectionKind(StrEnum):
    """Whether a list page is a section or only the place where the crawl starts."""

    SECTION = "section"
    START = "start"
    """A home page: its links are listed, but it is no 栏目."""


@dataclass(frozen=True, slots=True)
class ListingEntry:
    """One entry of a list page."""

    key: str
    """The article's identity on its site."""
    url: str
    title: str
    date_raw: str = ""
    """The date as printed beside the link, or ""."""
    date_on: str | None = None
    """Its reading, ``2024-01-16``."""


@dataclass(frozen=True, slots=True)
class ListFacts:
    """How a list is read, and how long it says it is."""

    reader: str
    pager: str
    said_entries: int | None


NEVER = 0
"""In place of ``WalkState.sweep_page``: the server takes no form that it gave out in an earlier crawl."""


@dataclass(frozen=True, slots=True)
class WalkState:
    """What a later crawl must know to go on with a section."""

    page: int | None = None
    """Which page of the list ``Listing.remaining`` is, from 1."""
    counted: bool = False
    """No page links it: it was counted on, and there may be none."""
    sweep_url: str | None = None
    """The list page at which the look for late entries goes on, None: behind the first."""
    sweep_page: int | None = None
    """Which page of the list that is, from 1; ``NEVER``: no later crawl can go on there."""


@dataclass(frozen=True, slots=True)
class ListEndReached:
    """What is known of a list whose last page was read."""

    pages: int
    said_pages: int | None
    elsewhere: int
    """Rows of the list that lead to no article of the site, estimated from the pages read."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One list page as the archive keeps it, with what is left of the walk after it."""

    site: str
    slug: str
    kind: SectionKind
    url: str
    name: str
    """The section's name, "" where nothing tells it."""
    number: int
    """Which page of this section's walk it was in this crawl, from 1."""
    entries: tuple[ListingEntry, ...]
    remaining: str | None
    """The list page at which a later crawl has to go on, None when nothing is left."""
    stop: str
    """Why the walk ended here (end, known, repeated, since, cap, unread), "" while it goes on."""
    fetched_at: str
    """UTC, ``2024-01-16T02:03:04Z``."""
    is_read: bool = True
    """It was understood whole; what was not is told by a failure of its own."""
    reading: ListFacts | None = None
    """How the list is read and how long it says it is, as its first page tells; None on the others."""
    state: WalkState = WalkState()
    """Where a later crawl goes on beside ``remaining``."""
    reached: ListEndReached | None = None
    """The end of the list, None where this is not its last page."""


NOT_UNDERSTOOD = "not understood"
"""How the reason of a list page begins that was read in part."""


@dataclass(frozen=True, slots=True)
class FetchFailure:
    """A page that could not be fetched or read."""

    site: str
    url: str
    failure_type: FailureType
    reason: str
    """One line: ``HTTP 404``, ``timeout``, ``layout: no title …``."""
    failed_at: str
    """UTC, ``2024-01-16T02:03:04Z``."""
    key: str | None = None
    """The article's identity, None for a section page."""
    capture: int | None = None
    """The capture of a page that came and was not understood, None where none came."""
    unread: bool = False
    """Of a list page: what could be read of it is archived, and something is not understood."""
    missing: bool = False
    """The site answered that there is no such article: 404, 410, sent elsewhere, a page that says so."""


@dataclass(frozen=True, slots=True)
class LinkElsewhere:
    """An entry or a section that is none: its page only sends its reader to another host, or to another article."""

    site: str
    failure_type: FailureType
    """What it was listed as."""
    url: str
    target: str
    """Where its page sends the reader."""
    seen_at: str
    """UTC, ``2024-01-16T02:03:04Z``."""
    key: str | None = None
    """The article's identity, None for a section."""
    article: str | None = None
    """The identity of the article of the own site that it leads to, None where it leads to another host."""

    @property
    def reason(self) -> str:
        """One line, as of a failure."""
        if self.article is not None:
            return f"{ELSEWHERE}: it is article {self.article}: {self.target}"
        return f"{ELSEWHERE}: host is not in the profile's hosts: {self.target}"


UNFINISHED = (
    "the program ended while it read or stored this page: it hung and was killed, or the memory ran out"
)
"""The reason of a page at which a crawl ended; see ``archive.store.attempts``."""
ELSEWHERE = "links elsewhere"
"""How the reason begins of what is no article of the site: it is no failure, and not asked for again."""


@dataclass(frozen=True, slots=True)
class NotModified:
    """The site says that an article has not changed (HTTP 304)."""

    site: str
    key: str
    seen_at: str
    """UTC."""


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A picture or file as it was fetched."""

    url: str
    body: bytes = field(repr=False)
    """Decompressed."""
    capture: int
