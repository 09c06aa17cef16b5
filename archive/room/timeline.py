"""The captures of an article in time: what each look at its page brought, as a list and as a line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from archive.model.reasons import in_chinese
from archive.room.queries import Row
from archive.store.archive import Archive
from archive.store.read import NOT_HELD

WIDTH = 600
"""Of the line that is drawn, in its own units."""
MOST_RUNS = 60
"""Entries of the list; of more the newest are shown."""


class Look(StrEnum):
    """What a look at the page brought."""

    VERSION = "version"
    """A text that was not known."""
    SAME = "same"
    """Nothing new."""
    NONE = "none"
    """No text: the page was not there, or what came was not taken."""


@dataclass(frozen=True, slots=True)
class Run:
    """Looks in a row that all brought the same."""

    look: Look
    what: str
    """What they brought, in Chinese."""
    first: str
    last: str
    """When the first and the last one was, UTC."""
    number: int = 1
    """How many looks."""
    version: int | None = None
    """The text that was found."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """All looks at an article's page, the oldest first."""

    runs: Sequence[Run]
    marks: Sequence[tuple[Look, float]]
    """Where a mark stands on the line, from 0 to ``WIDTH``; several looks that fall together are one."""
    number: int
    """How many looks there were."""


def timeline(archive: Archive, article: Row) -> Timeline:
    """Read when an article's page was looked at, and what came of it.  ``article``: with its ``versions``."""
    looks = [_look(row) for row in archive.rows(_CAPTURES, article)]
    known = {look.version for look in looks}
    looks += [
        _found(version["number"], version["seen_at"])
        for version in article["versions"]
        if version["number"] not in known
    ]
    looks.sort(key=lambda look: look.first)  # by time: a version without capture has no number among them
    return Timeline(tuple(_runs(looks)), tuple(_marks(looks)), len(looks))


_CAPTURES = f"""
SELECT c.captured_at, c.status, c.error, c.redirect_to, {NOT_HELD.format("c")} AS taken,
  (SELECT min(v.number) FROM article_version v WHERE v.article_id = :article_id AND v.capture_id = c.capture_id) AS version
FROM capture c WHERE c.site = :site AND c.key = :key AND c.kind = 'article' ORDER BY c.capture_id
"""


def _look(row: Row) -> Run:
    if row["version"]:
        return _found(row["version"], row["captured_at"])
    if not row["taken"]:
        look, what = Look.NONE, "取到的文本暂缓收入"
    elif row["redirect_to"]:
        look, what = Look.NONE, in_chinese(f"redirected to {row['redirect_to']}")
    elif row["status"] in (200, 304):
        look, what = Look.SAME, "没有新版本"
    else:
        look, what = Look.NONE, in_chinese(f"HTTP {row['status']}" if row["status"] else row["error"])
    return Run(look, what, row["captured_at"], row["captured_at"])


def _found(version: int, when: str) -> Run:
    return Run(Look.VERSION, f"存下第 {version} 版", when, when, version=version)


def _runs(looks: Iterable[Run]) -> Sequence[Run]:
    runs: list[Run] = []
    for look in looks:
        if runs and look.look is not Look.VERSION and look.what == runs[-1].what:
            runs[-1] = replace(runs[-1], last=look.last, number=runs[-1].number + 1)
        else:
            runs.append(look)
    return runs


def _marks(looks: Sequence[Run]) -> Iterable[tuple[Look, float]]:
    """Return the marks, those of versions last: they lie on top."""
    if len(looks) < 2:
        return []
    begin, end = (datetime.fromisoformat(look.first).timestamp() for look in (looks[0], looks[-1]))
    places = {
        (
            look.look,
            round(WIDTH * (datetime.fromisoformat(look.first).timestamp() - begin) / ((end - begin) or 1)),
        )
        for look in looks
    }
    return sorted(places, key=lambda mark: (mark[0] is Look.VERSION, mark[1]))
