"""The crawl policy: how far to read one section's list, and what to leave for the next crawl.

A section is walked from its first page.  The walk ends where the list ends, where a page holds nothing
new, where everything is older than the operator asked for, or at the cap.  What it leaves unread (cut
short by a cap, by ``since``, by an error, by a killed process) is the *backlog*: the address of the page
at which a later crawl goes on.

Two sets of keys keep a walk from stopping too early.  ``listed`` holds every entry ever seen in the section:
a page from the top that holds nothing else means that the new entries are all read.  ``settled`` holds
those of walks that were not cut short: only such a page ends the walk of the backlog, because the entries
of the broken walk itself may have moved down a page in the meantime.

Where nothing is left over, a few further pages are looked through for entries put in late, below the first page:
the *sweep*.  Each crawl goes on where the last one left off, down to the end of the list, and then begins again.
That page may be gone by then: the list has become another, and the sweep begins again.  A page that was linked a
moment ago and is not there is a failure, as in any walk.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from archive.model.crawl import NEVER, ListEndReached, WalkState
from archive.model.plan import SectionPlan


@dataclass(frozen=True, slots=True)
class ListPageSigns:
    """What a list page says beside its entries."""

    url: str = ""
    """Where it was asked for."""
    counted: bool = False
    """Nothing links the next page: it was counted on, and there may be none."""
    leads: bool = False
    """The page only leads to its list: what it links proves nothing of the list."""
    is_filled: bool = False
    """It lists articles itself, so that the list it leads to cannot be empty."""
    unread: bool = False
    """Something of the page is not understood."""
    stuck: bool = False
    """The page has more than it shows, and how to come to it is not understood."""
    number: int | None = None
    """Which page of the list it says it is, from 1."""
    said_pages: int | None = None
    said_entries: int | None = None
    elsewhere: int = 0
    """Rows that lead to no article of the site."""


@dataclass(frozen=True, slots=True)
class Step:
    """What to do after one list page."""

    follow: str | None
    """The next list page to fetch now."""
    remaining: str | None
    """Where a later crawl has to go on if this one stops here, None: nowhere."""
    stop: str
    """Why the walk ends (end, known, repeated, since, cap, unread), "" while it goes on."""
    state: WalkState = WalkState()  # noqa: RUF009  # it is frozen
    """What else a later crawl has to know."""
    reached: ListEndReached | None = None
    """What is known of the list, where this is its end."""


class _Part(Enum):
    """Which part of a list is being walked."""

    FRONT = auto()
    BACKLOG = auto()
    SWEEP = auto()


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
    place: int = 0
    """Which page of the list the last one was, from 1."""
    _part: _Part = _Part.FRONT
    _pages_before: int = 0
    """Those read before this part of the walk."""
    _seen: set[str] = field(default_factory=set)
    _asked: set[str] = field(default_factory=set)
    _counted: bool = False
    """The page asked for now was counted on."""
    _behind_front: str | None = None
    _was_led: bool = False
    """The page before only led to the list."""
    _is_filled: bool = False
    """That page listed articles itself."""
    _is_unread: bool = False
    _said_pages: int | None = None
    _said_entries: int | None = None
    _entries: int = 0
    _elsewhere: int = 0

    @property
    def in_sweep(self) -> bool:
        """Tell whether the page asked for now is one of the sweep."""
        return self._part is _Part.SWEEP

    @property
    def resumes_sweep(self) -> bool:
        """Tell whether the page asked for now was left to this crawl: the list may have become another since."""
        return self.in_sweep and self.pages == self._pages_before and self.plan.sweep_url is not None

    @property
    def _may_resume(self) -> bool:
        return self.plan.sweep_page != NEVER

    @property
    def may_be_behind_the_end(self) -> bool:
        """Tell whether the page asked for now was only counted on: that there is none is no failure."""
        return self._counted

    @property
    def may_be_empty(self) -> bool:
        """Tell whether the page asked for now may hold no entry: the one that led to it listed none."""
        return not self._is_filled

    def arrives_at(self, said_pages: int | None) -> bool:
        """Tell whether the page just asked for is the last of so many: what a page without a number cannot tell."""
        return said_pages is not None and self.place + 1 >= said_pages

    def step(
        self,
        keys: Sequence[str],
        next_url: str | None,
        newest: str | None,
        signs: ListPageSigns = ListPageSigns(),  # it is frozen
    ) -> Step:
        """Decide after a page with these entries.

        ``newest``: the latest date known of them (``2024-01-16``), None if no date is known.
        """
        self.pages += 1
        self.place += 1
        self._note(keys, signs)
        if self.pages == 1 or self._was_led:
            self._behind_front = next_url
        self._was_led, self._is_filled = signs.leads, signs.leads and signs.is_filled
        nothing_new = bool(keys) and self._seen.issuperset(keys)  # some sites repeat their last page for ever
        if not signs.leads:
            self._seen.update(keys)
        if nothing_new or (next_url is not None and next_url in self._asked):
            return self._end("repeated", self.place - nothing_new)
        if signs.stuck:
            return self._stuck(signs.url)
        if next_url is None:
            return self._end("end", max(self.place, signs.number or 0))
        if self.in_sweep:
            return self._sweep_on(next_url, signs.counted)
        if self.since and newest and newest < self.since and not signs.leads:
            return self._cut("since", next_url, signs.counted)
        known = bool(keys) and not self.full and not signs.leads
        if known:
            before = self.plan.settled if self._part is _Part.BACKLOG else self.plan.listed
            known = all(key in before for key in keys)
        if known and (self._part is _Part.BACKLOG or self.plan.backlog_url is None):
            return self._sweep_or_stop()
        if known:
            self._begin(_Part.BACKLOG, self.plan.backlog_page or self.place + 1)
            counted = self.plan.backlog_counted
            return self._follow(self.plan.backlog_url, counted)
        if self.pages - self._pages_before >= self.max_pages:
            return self._cut("cap", next_url, signs.counted)
        return self._follow(next_url, signs.counted)

    def end_before(self) -> Step:
        """Decide where the page asked for is not there and need not be: the one before it was the last."""
        if self.resumes_sweep and not self._counted:
            return self._begin_again(self._may_resume)
        return self._end("end", self.place)

    def refused(self) -> Step:
        """Decide where the server did not take the form with which a sweep goes on: it forgot what it once gave out.

        It will not take the next one either, so sweeps of this list begin at its first page from now on.
        """
        return self._begin_again(may_resume=False)

    def _begin_again(self, may_resume: bool) -> Step:
        return Step(None, None, self._ended("known"), WalkState(sweep_page=None if may_resume else NEVER))

    def _note(self, keys: Sequence[str], signs: ListPageSigns) -> None:
        self._is_unread = self._is_unread or signs.unread or signs.stuck
        self._said_pages = signs.said_pages or self._said_pages
        self._said_entries = self._said_entries or signs.said_entries
        self._entries += len(keys)
        self._elsewhere += signs.elsewhere

    def _begin(self, part: _Part, place: int) -> None:
        self._part, self._pages_before, self.place = part, self.pages, place - 1
        self._seen.clear()  # the list may have moved down so far that this part starts on a page just read
        self._asked.clear()

    def _follow(self, url: str | None, counted: bool) -> Step:
        self._counted = counted
        if url is not None:
            self._asked.add(url)
        return Step(url, url, "", self._state(self.place + 1, counted))

    def _cut(self, stop: str, url: str, counted: bool) -> Step:
        return Step(None, url, self._ended(stop), self._state(self.place + 1, counted))

    def _stuck(self, url: str) -> Step:
        """Leave this page to the next crawl, which will say again what is not understood."""
        if self.in_sweep:
            return Step(None, None, "unread", WalkState(sweep_page=None if self._may_resume else NEVER))
        if self.pages == 1:  # read by every crawl
            state = self._state(self.plan.backlog_page, self.plan.backlog_counted)
            return Step(None, self.plan.backlog_url, "unread", state)
        return Step(None, url or None, "unread", self._state(self.place, False))

    def _sweep_or_stop(self) -> Step:
        url = self.plan.sweep_url or self._behind_front
        if not self.plan.sweep or self.since or url is None:
            return Step(None, None, self._ended("known"), self._state(None, False))
        page = self.plan.sweep_page if self.plan.sweep_url else None
        self._begin(_Part.SWEEP, page or 2)
        return self._sweep(url, False)

    def _sweep_on(self, url: str, counted: bool) -> Step:
        if self.pages - self._pages_before >= self.plan.sweep:
            return Step(None, None, self._ended("known"), self._sweep_state(url))
        return self._sweep(url, counted)

    def _sweep(self, url: str, counted: bool) -> Step:
        self._counted = counted
        self._asked.add(url)
        return Step(url, None, self._ended("known"), self._sweep_state(url))

    def _sweep_state(self, url: str) -> WalkState:
        if not self._may_resume:
            return WalkState(sweep_page=NEVER)
        return WalkState(sweep_url=url, sweep_page=self.place + 1)

    def _end(self, stop: str, pages: int) -> Step:
        total = self._said_entries or 0
        rows = self._entries + self._elsewhere
        elsewhere = max(self._elsewhere, round(total * self._elsewhere / rows) if rows else 0)
        reached = ListEndReached(pages, self._said_pages, elsewhere)
        state = WalkState() if self._may_resume else WalkState(sweep_page=NEVER)
        return Step(None, None, self._ended("known" if self.in_sweep else stop), state, reached)

    def _ended(self, stop: str) -> str:
        return "unread" if self._is_unread else stop

    def _state(self, page: int | None, counted: bool) -> WalkState:
        return WalkState(page, counted, self.plan.sweep_url, self.plan.sweep_page)
