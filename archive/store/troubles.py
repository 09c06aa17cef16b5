"""What is wrong now, and since when: what a mail tells, and what it does not tell every night."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.model.trouble import Trouble, TroubleKind
from archive.store.archive import Archive

TELL_AGAIN = timedelta(days=7)
"""So long what lasts is not told again; an operator who is told every night stops reading."""
_MOST_NAMED = 200
"""Addresses of one trouble that are known again.  Where more fail it is one thing that is wrong, not so many."""
WHOLE_CRAWL = frozenset((TroubleKind.ARCHIVE, TroubleKind.BLOCKED, TroubleKind.CUT_SHORT, TroubleKind.SITE))
"""What is wrong with a crawl itself.  Such a crawl ends nothing else; the next one that runs better ends it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a trouble stands."""

    since: str
    """UTC, when the crawl began that found it first; "" where that is this one."""
    crawl: int
    """That crawl's number."""
    due: bool
    """It is new, or was last told long ago."""


def record_troubles(
    archive: Archive, site: str, crawl: int, troubles: Sequence[Trouble], *, now: datetime, whole: bool
) -> list[Standing]:
    """Write what a crawl found wrong; return how each trouble stands, in their order.

    Where one is due, all count as told.  ``now``: aware.  ``whole``: the crawl looked at the whole site to its end, so that what
    it did not find is over.  Raises ``ArchiveError``.
    """
    told = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    with archive.transaction():
        standings = [_stand(archive, site, crawl, trouble, now) for trouble in troubles]
        told_now = any(standing.due for standing in standings)  # a mail lists all that stands
        for trouble in troubles:
            for about in _named(trouble.about):
                archive.connection.execute(
                    "INSERT INTO trouble (site, kind, about, said, first_crawl, last_crawl, told_at)"
                    " VALUES (:site, :kind, :about, :said, :crawl, :crawl, :now)"
                    " ON CONFLICT (site, kind, about) DO UPDATE SET said = excluded.said,"
                    " last_crawl = excluded.last_crawl,"
                    " told_at = CASE WHEN :due THEN excluded.told_at ELSE told_at END",
                    {
                        "site": site,
                        "kind": trouble.kind,
                        "about": about,
                        "said": str(trouble),
                        "crawl": crawl,
                        "now": told,
                        "due": told_now,
                    },
                )
        archive.connection.execute(
            "DELETE FROM trouble WHERE site = ? AND last_crawl <> ?"
            " AND (? OR kind IN (SELECT value FROM json_each(?)))",
            (site, crawl, whole, json.dumps(sorted(WHOLE_CRAWL))),
        )
    return standings


def since_when(archive: Archive) -> dict[tuple[str, str], str]:
    """Return (site, sentence) → since when what the last crawl of a site found wrong lasts: UTC, when a crawl began.

    What is new in one of its addresses is new, as in a mail.
    """
    return {(site, said): since for site, said, since in archive.connection.execute(_SINCE)}


_SINCE = """
WITH stands AS (
  SELECT site, said, last_crawl, CASE WHEN max(first_crawl) = last_crawl THEN last_crawl ELSE min(first_crawl) END AS began
  FROM trouble t WHERE last_crawl = (SELECT max(crawl_id) FROM crawl c WHERE c.site = t.site) GROUP BY site, said)
SELECT s.site, s.said, c.started_at FROM stands s JOIN crawl c ON c.crawl_id = s.began
"""


def _named(about: Collection[str]) -> Collection[str]:
    return about if len(about) <= _MOST_NAMED else ("",)


def _stand(archive: Archive, site: str, crawl: int, trouble: Trouble, now: datetime) -> Standing:
    known: dict[str, tuple[int, str, str]] = {}
    for about in _named(trouble.about):
        row = archive.connection.execute(
            "SELECT t.first_crawl, c.started_at, t.told_at FROM trouble t JOIN crawl c ON c.crawl_id = t.first_crawl"
            " WHERE t.site = ? AND t.kind = ? AND t.about = ?",
            (site, trouble.kind, about),
        ).fetchone()
        if row is None:
            return Standing("", crawl, due=True)
        known[about] = row
    first, since, _ = min(known.values())
    last_told = min(datetime.fromisoformat(told) for _, _, told in known.values())
    lately = timedelta(0) <= now - last_told < TELL_AGAIN
    return Standing(since, first, due=not lately)
