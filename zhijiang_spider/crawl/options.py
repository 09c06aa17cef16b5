"""What the operator asks of one crawl."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """What the operator asked of one crawl."""

    sections: tuple[str, ...] = ()
    """Only these slugs; empty: all."""
    since: str | None = None
    """Leave out what was published before this day, ``2024-01-16``."""
    full: bool = False
    """Walk every list to its end and fetch every article again."""
    media: str = "images"
    """What to fetch beside the pages: ``images``, ``all`` (videos and files too) or ``none``."""
    accept: bool = False
    """Take what was held back because the site contradicted itself."""
