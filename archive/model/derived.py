"""What a capture gives when it is read again: between who checks rows and who knows how to read pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from archive.model.article import Article
from archive.model.crawl import ListingEntry


@dataclass(frozen=True, slots=True)
class Derived:
    """What a capture gives when it is read again."""

    article: Article | None
    reason: str = ""
    """Why it gives no article."""
    is_same_reading: bool = False
    """Program and site profile are those that wrote the rows: only another hand explains a difference."""


@dataclass(frozen=True, slots=True)
class DerivedList:
    """What the capture of a list page gives when it is read again."""

    entries: Sequence[ListingEntry]
    is_same_reading: bool = False
    """As that of ``Derived``."""


class Derive(Protocol):
    """Reads captures of an archive again, given by their numbers.  Raises ``WarcError`` where bytes cannot be had."""

    def article(self, capture: int, title: str) -> Iterable[Derived]:
        """Read an article, stored with this title: one reading for each profile and list title that it may have had."""
        ...

    def listing(self, capture: int) -> Iterable[DerivedList]:
        """Read a list page: one reading for each profile; none where it cannot be read."""
        ...
