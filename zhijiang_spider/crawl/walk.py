"""The crawl policy: how far to read one section's list, and what to leave for the next crawl.

A section is walked from its first page.  The walk ends where the list ends, where a page holds nothing
new, where everything is older than the operator asked for, or at the cap.  What it leaves unread (cut
short by a cap, by ``since``, by an error, by a killed process) is the *backlog*: the address of the page
at which a later crawl goes on.

Two sets of keys keep a walk from stopping too early.  ``listed`` holds every entry ever seen in the section:
a page from the top that holds nothing else means that the new entries are all read.  ``settled`` holds
those of walks that were not cut short: only such a page ends the walk of the backlog, because the entries
of the broken walk itself may have moved down a page in the meantime.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from archive.model.plan import SectionPlan


@dataclass(frozen=True, slots=True)
class Step:
    """What to do after one list page."""

    follow: str | None
    """The next list page to fetch now."""
    remaining: str | None
    """Where a later crawl has to go on if this one stops here, None: nowhere."""
    stop: str
    """Why the walk ends (end, known, repeated, since, cap), "" while it goes on."""


@dataclass(slots=True)
class Walk:
    """The walk of one section in one crawl."""

    plan: SectionPlan
    max_pages: int
    """List pages to read at most from the top, and as many again of the backlog."""
    since: str | None = None
    """Oldest date wanted, ``2024-01-16``."""
    full: bool = False
    """Read to the end of the list, whatever is known."""
    pages: int = 0
    """List pages read so far."""
    _seen: set[str] = field(default_factory=set)
    _in_backlog: bool = False
    _pages_before_backlog: int = 0

    def step(self, keys: Sequence[str], next_url: str | None, newest: str | None) -> Step:
        """Decide after a page with these entries.

        ``newest``: the latest date known of them (``2024-01-16``), None if no date is known.
        """
        self.pages += 1
        nothing_new = self._seen.issuperset(keys)  # some sites repeat their last page for ever
        self._seen.update(keys)
        if nothing_new:
            return Step(None, None, "repeated")
        if next_url is None:
            return Step(None, None, "end")
        if self.since and newest and newest < self.since:
            return Step(None, next_url, "since")
        known = False
        if not self.full:
            known = (self.plan.settled if self._in_backlog else self.plan.listed).issuperset(keys)
        if known and (self._in_backlog or self.plan.backlog_url is None):
            return Step(None, None, "known")
        if known:
            self._in_backlog, self._pages_before_backlog = True, self.pages
            self._seen.clear()  # the list may have moved down so far that the backlog starts on a page just read
            return Step(self.plan.backlog_url, self.plan.backlog_url, "")
        if self.pages - self._pages_before_backlog >= self.max_pages:
            return Step(None, next_url, "cap")
        return Step(next_url, next_url, "")
