"""What a crawl has to fetch: the forms in which crawler and archive talk about it.

The archive is the frontier.  Every entry of a list page is stored in the transaction that stores the page;
the work of a crawl is the section fronts, what an earlier crawl left unread of a list, and every entry that
is listed and not yet archived.  A crawl that is killed loses nothing but the pages it was just reading.
"""

from dataclasses import dataclass, field
from enum import StrEnum


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
    """Why the walk ended here (end, known, repeated, since, cap), "" while it goes on."""
    fetched_at: str
    """UTC, ``2024-01-16T02:03:04Z``."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A page that could not be fetched or read."""

    site: str
    url: str
    kind: str
    """``article``, ``section`` or ``media``."""
    reason: str
    """One line: ``HTTP 404``, ``timeout``, ``layout: no title …``."""
    failed_at: str
    """UTC, ``2024-01-16T02:03:04Z``."""
    key: str | None = None
    """The article's identity, None for a section page."""
    missing: bool = False
    """The site answered that there is no such article: 404, 410, sent elsewhere, a page that says so."""


@dataclass(frozen=True, slots=True)
class Seen:
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


@dataclass(frozen=True, slots=True)
class Target:
    """An article to fetch."""

    key: str
    url: str
    etag: str = ""
    """What the server called the text we hold, for a conditional request; "" if it did not."""
    last_modified: str = ""
    """The same by time, as the server wrote it."""


@dataclass(frozen=True, slots=True)
class RecheckPolicy:
    """When articles that are archived are fetched again, and when a missing one is gone."""

    days: tuple[int, ...] = (1, 3, 7, 30, 180)
    """Days after publication."""
    budget: int = 200
    """Articles fetched again in one crawl at most."""
    gone_days: int = 14
    """A missing article is gone after so many days …"""
    gone_looks: int = 3
    """… and so many crawls that did not find it."""
    alarm_share: float = 0.2
    """If more than this share of the archived articles looked at is missing, it is the site that is broken."""


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """What is known of one section before a crawl."""

    slug: str
    url: str
    """The address of its first page."""
    kind: SectionKind = SectionKind.SECTION
    listed: frozenset[str] = frozenset()
    """Keys of all entries ever listed: the walk from the top stops at a page that holds nothing else."""
    settled: frozenset[str] = frozenset()
    """Those of walks that came to their end: the walk of what was left over stops only at these."""
    backlog_url: str | None = None
    """The list page at which an earlier walk was cut short."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The work of one crawl, computed before it starts."""

    sections: tuple[SectionPlan, ...] = ()
    pending: tuple[Target, ...] = ()
    """Listed and not archived."""
    rechecks: tuple[Target, ...] = ()
    """Archived and due to be looked at again."""
    archived: frozenset[str] = field(default=frozenset(), repr=False)
    """Keys that need not be fetched because a list shows them."""
    media: frozenset[str] = field(default=frozenset(), repr=False)
    """Addresses of pictures and files that need not be fetched."""
    pending_media: tuple[str, ...] = ()
    """Addresses that archived articles use and whose files are still to be fetched."""
