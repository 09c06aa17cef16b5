"""Ways from page to page: the trail from the first page down to a date, and searches that a page leads to."""

from urllib.parse import quote

from archive.room.days import in_words
from archive.search.language import quoted

Step = tuple[str, str]
"""(address, label) of a page on the way; "" for the address of the page itself."""


def trail_to(date: str | None) -> list[Step]:
    """Return the way to a year, month or day, ``2024-01-16``, that page included; [] where it is not known."""
    if not date:
        return []
    parts = date.split("-")
    steps = [("/year", "年份")]
    for kind, length in (("year", 1), ("month", 2), ("day", 3)):
        if len(parts) >= length:
            steps.append((f"/{kind}/{'-'.join(parts[:length])}", in_words(date, only=length)))
    return steps


def search_address(query: str) -> str:
    """Return the address of a search, its hits from the newest on."""
    return f"/?q={quote(query)}&sort={quote('新→旧')}"


def section_search(name: str, days: str = "") -> str:
    """Return the address that finds a section's articles of a year, month or day, "" for all; "" where no query can."""
    if not name or '"' in name:
        return ""
    return search_address(f"{quoted('栏目', name)} 日期:{days}" if days else quoted("栏目", name))
