"""What checks find: how grave it is, what and where, what to do about it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeAlias

from archive.model.derived import Derive
from archive.model.wording import plural
from archive.store.archive import Archive

SHOWN = 5
"""Findings of one kind that are named one by one."""
RESTORE = "restore the file from a copy"
"""What to do about a damaged file."""


class Level(StrEnum):
    """How grave a finding is."""

    FAULT = "fault"
    """Something is wrong: exit status 1."""
    NOTE = "note"
    """Worth knowing."""
    OPEN = "open"
    """Neither right nor wrong: it was not tested, or cannot be told."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found."""

    level: Level
    check: str
    """Name of the check."""
    what: str
    """What is wrong, and where."""
    advice: str
    """What to do about it."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked of the checks."""

    now: datetime
    """Aware."""
    sample: int | None = None
    """Read back only so many captures, chosen at random; None: all, and the digests of whole WARC files."""
    max_age: timedelta | None = None
    """How old the last complete crawl may be; None: any age."""
    against: tuple[str, ...] = ()
    """Heads of seals that were kept outside the archive: 64 hex digits each."""
    evidence: Path | None = None
    """The folder in which the WARC files are; None: where the archive has them."""
    derive: Callable[[Archive], Derive] | None = None
    """How captures are read again, for who knows how to read pages; None: they are not."""


Found: TypeAlias = Iterator[tuple[Level, str, str]]
"""What a check yields: (level, what, advice)."""


def listed(archive: Archive, sql: str, what: str, advice: str, *, level: Level = Level.FAULT) -> Found:
    """Yield a finding for each of the first numbers that a query gives, and one for all others."""
    numbers = [row[0] for row in archive.connection.execute(sql)]
    for number in numbers[:SHOWN]:
        yield level, what.format(number), advice
    if len(numbers) > SHOWN:
        yield level, f"the same of {len(numbers) - SHOWN} more article{plural(len(numbers) - SHOWN)}", advice


def first(found: Iterable[tuple[Level, str, str]], more: str) -> Found:
    """Yield the first of many findings of one kind, and one for all others.  ``more``: what those are."""
    left: dict[tuple[Level, str], int] = {}
    for number, (level, what, advice) in enumerate(found):
        if number < SHOWN:
            yield level, what, advice
        else:
            left[level, advice] = left.get((level, advice), 0) + 1
    for (level, advice), number in left.items():
        yield level, f"the same of {number} more {more}", advice


def differs(row: str, column: str, value: Any, wanted: Any, witness: str) -> str:
    """Say that a column of a row is not what something else, the witness, makes it."""
    quoted = short(wanted)
    return f"{row}: {column} is {short(value)}, and by {witness} {quoted}"


def short(value: Any, length: int = 60) -> str:
    """Return a value in one line, its end left out where it is long."""
    if value is None:
        return "nothing"
    text = str(value).replace("\n", "⏎")
    return f"“{text}”" if len(text) <= length else f"“{text[:length]}…” ({len(text)} characters)"
