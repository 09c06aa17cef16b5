"""What a crawl counted and what it noticed, as data."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, fields
from typing import Any

from archive.model.crawl import FailureType, FetchFailure
from archive.model.trouble import Trouble


@dataclass(slots=True)
class CrawlCounts:
    """What one crawl has stored and met; nothing is counted that is not on disk."""

    pages: int = 0
    """Answers of the site, robots.txt counted too."""
    list_pages: int = 0
    listed: int = 0
    """Entries of list pages."""
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    rechecked: int = 0
    """Archived articles that were looked at again."""
    missing: int = 0
    """Archived articles that the site did not show."""
    newly_missing: int = 0
    """Those of them that were online before."""
    gone: int = 0
    """Those of them that are judged gone for good by this crawl."""
    elsewhere: int = 0
    """Entries that only lead to other sites."""
    media: int = 0
    """Pictures and files."""
    errors: int = 0
    """Errors inside the program."""
    failures: Counter[tuple[FailureType, str]] = field(default_factory=Counter)
    """(what failed, reason in short) → how often."""
    fields: Counter[str] = field(default_factory=Counter)
    """Field → articles of this crawl that had it."""
    unknown_labels: Counter[str] = field(default_factory=Counter)
    """Credit label that the role table does not know → how often it was met."""

    def add(self, other: "CrawlCounts") -> None:
        """Add what another one counted."""
        for name in (counted.name for counted in fields(self)):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def failed(self, failure_type: FailureType) -> int:
        """Return how many pages of one kind failed."""
        return sum(number for (failed, _), number in self.failures.items() if failed == failure_type)

    def reasons(self, failure_type: FailureType, *, without: str = "") -> str:
        """Return why pages of one kind failed, the most frequent reason first: ``5 timeout, 1 HTTP 500``."""
        found = [
            (number, reason)
            for (failed, reason), number in self.failures.items()
            if failed == failure_type and reason != without
        ]
        return ", ".join(
            f"{number} {reason}" for number, reason in sorted(found, key=lambda cause: -cause[0])
        )

    def numbers(self) -> dict[str, int]:
        """Return every plain number by its name."""
        values: dict[str, Any] = {counted.name: getattr(self, counted.name) for counted in fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, int)} | {
            f"failed_{failure_type}": self.failed(failure_type) for failure_type, _ in self.failures
        }


@dataclass(slots=True)
class CrawlFindings:
    """What a crawl noticed that is no number."""

    archive_error: str = ""
    """Why the archive could not be written, or ""."""
    last_failure: str = ""
    """Address and reason of the last page that could not be fetched or read, or ""."""
    last_failures: dict[FailureType, str] = field(default_factory=dict)
    """The same for list pages and articles apart."""
    failed: dict[FailureType, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Their addresses."""
    first_error: str = ""
    """The first error inside the program, in a line, or ""."""
    unread_at: list[str] = field(default_factory=list)
    """Addresses of the list pages that were not understood whole."""
    unread: str = ""
    """Address of the first list page that was not understood whole, and why, or ""."""
    refused: int = 0
    """Refusals one after the other, up to now."""
    sections_not_found: tuple[str, ...] = ()
    """Wanted sections that no page links to."""
    sections_linked: dict[str, str] = field(default_factory=dict)
    """Slug → name of the sections that the pages read link to, "" where the link has no text."""
    sections_elsewhere: dict[str, str] = field(default_factory=dict)
    """Addresses of the sections that lead to another host and did not before → where they lead, in words."""
    sections_there: str = ""
    """Those that there are, for people, where a wanted one was not found."""
    section_left_out: str = ""
    """Address of a section beyond the most that a crawl reads, or ""."""
    given_up: list[FetchFailure] = field(default_factory=list)
    """Articles that failed again, and that the next crawls do not ask for."""
    alarm: bool = False
    """So many articles are missing that it is the site, not the articles."""
    health: list[Trouble] = field(default_factory=list)
    """What is wrong by the archive's own measure."""
    delay: float | None = None
    """Seconds between two requests."""
