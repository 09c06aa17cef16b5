"""What a crawl is asked to do: targets, sections, and the policies that choose them."""

from collections.abc import Set
from dataclasses import dataclass, field

from archive.model.crawl import SectionKind


@dataclass(frozen=True, slots=True)
class Target:
    """An article to fetch."""

    key: str
    url: str
    etag: str = ""
    """What the server called the text we hold, for a conditional request; "" if it did not."""
    last_modified: str = ""
    """The same by time, as the server wrote it."""
    listed: str = field(default="", compare=False)
    """What a list called it, as printed there; "" where no list is known.  A second witness of its title."""


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
    list_pages: int = 100
    """List pages behind the first ones that one crawl reads again, for entries put in late; 0: none."""


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """What is known of one section before a crawl."""

    slug: str
    url: str
    """The address of its first page."""
    kind: SectionKind = SectionKind.SECTION
    listed: Set[str] = frozenset()
    """Keys of all entries ever listed: the walk from the top stops at a page that holds nothing else."""
    settled: Set[str] = frozenset()
    """Those of walks that came to their end: the walk of what was left over stops only at these."""
    backlog_url: str | None = None
    """The list page at which an earlier walk was cut short."""
    backlog_page: int | None = None
    """Which page of the list that is, from 1; None where it is not known."""
    backlog_counted: bool = False
    """No page links it: it was counted on, and there may be none."""
    sweep_url: str | None = None
    """The list page at which the look for late entries goes on, None: behind the first."""
    sweep_page: int | None = None
    """Which page of the list that is, from 1; ``NEVER``: every sweep begins behind the first page."""
    sweep: int = 0
    """List pages to look through for late entries in this crawl."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The work of one crawl, computed before it starts."""

    sections: tuple[SectionPlan, ...] = ()
    known_sections: frozenset[str] = field(default=frozenset(), repr=False)
    """Slugs of all sections of the site, wanted in this crawl or not."""
    pending: tuple[Target, ...] = ()
    """Listed and not archived."""
    rechecks: tuple[Target, ...] = ()
    """Archived, and due to be looked at again or not read when they were."""
    archived: Set[str] = field(default=frozenset(), repr=False)
    """Keys that need not be fetched because a list shows them."""
    given_up: Set[str] = field(default=frozenset(), repr=False)
    """Keys of articles that failed too often to be asked for again."""
    poison_lists: frozenset[str] = field(default=frozenset(), repr=False)
    """Addresses of list pages at which so many crawls ended that they are no longer read."""
    media: Set[str] = field(default=frozenset(), repr=False)
    """Addresses of pictures and files that need not be fetched."""
    pending_media: tuple[str, ...] = ()
    """Addresses that archived articles use and whose files are still to be fetched."""


@dataclass(frozen=True, slots=True)
class HealthPolicy:
    """What the operator expects of the site."""

    quiet_days: int = 14
    """After so many days without a new article the operator is told."""
