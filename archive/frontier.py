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
    """``article`` or ``section``."""
    reason: str
    """One line: ``HTTP 404``, ``timeout``, ``layout: no title …``."""
    failed_at: str
    """UTC, ``2024-01-16T02:03:04Z``."""
    key: str | None = None
    """The article's identity, None for a section page."""


@dataclass(frozen=True, slots=True)
class Target:
    """An article to fetch."""

    key: str
    url: str


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
    archived: frozenset[str] = field(default=frozenset(), repr=False)
    """Keys that need not be fetched."""
