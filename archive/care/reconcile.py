"""What a crawl's lists showed against what the archive holds: listed = archived + failed + skipped with a reason."""

from typing import Any

from archive.model.crawl import ELSEWHERE
from archive.model.trouble import Trouble, TroubleKind
from archive.model.wording import plural
from archive.store.archive import Archive
from archive.store.plan import MAX_ATTEMPTS

_NAMED = 5
"""Missing articles of a section that are named one by one."""


def reconcile(
    archive: Archive, site: str, crawl: int, *, since: str | None, some_sections: bool
) -> list[Trouble]:
    """Return for each section of which this crawl's lists showed more than the archive holds: how many, and which.

    What is left out by ``since``, leads elsewhere, was given up or is held back has its reason and is not missing.
    Nor is what failed in this crawl: that is told as a failure.
    A home page is no section: of it only what nobody asked for is told, and nothing where ``some_sections`` were wanted.
    """
    here = {
        "site": site,
        "crawl": crawl,
        "since": since,
        "max_attempts": MAX_ATTEMPTS,
        "some": some_sections,
    }
    return [_told(archive, section, here) for section in list(archive.rows(SECTIONS, here))]


def _told(archive: Archive, section: dict[str, Any], here: dict[str, Any]) -> Trouble:
    missing = list(archive.rows(_MISSING, {**here, "section": section["section_id"], "named": _NAMED}))
    named = "; ".join(f"{row['title']} ({row['url']}, {row['reason'] or 'not read yet'})" for row in missing)
    more = section["missing"] - len(missing)
    said = (
        f"Section {section['name']} lists {section['listed']} article{plural(section['listed'])}, the archive holds {section['archived']}"
        + (f", {section['failed']} failed" if section["failed"] else "")
        + (
            f", {section['skipped']} {plural(section['skipped'], 'are', 'is')} left out for a reason"
            if section["skipped"]
            else ""
        )
        + f"; missing: {named}"
        + (f"; and {more} more" if more > 0 else "")
    )
    return Trouble(TroubleKind.SHORT, said, tuple(row["url"] for row in missing))


# One row for each entry that this crawl's lists showed: found along ix_listing_crawl, each looked up by its key in
# article, failure and held, so that the work grows with what the crawl saw and not with the archive.  (LIMIT -1 where
# it is used: SQLite decides what an entry is once, and not again in each sum.)
_ENTRIES = f"""
SELECT s.section_id, s.kind, coalesce(nullif(s.name, ''), s.slug) AS name, l.listing_id, l.title, l.url,
  CASE
    WHEN EXISTS (SELECT 1 FROM article a WHERE a.site = s.site AND a.key = l.key) THEN 'archived'
    WHEN l.date_on < :since
      OR EXISTS (SELECT 1 FROM held h WHERE h.site = s.site AND h.key = l.key AND h.state IN ('same', 'renumbered'))
      OR EXISTS (SELECT 1 FROM failure f WHERE f.site = s.site AND f.kind = 'article' AND f.key = l.key
        AND (f.reason LIKE '{ELSEWHERE}%' OR f.attempts >= :max_attempts AND f.last_crawl < :crawl)) THEN 'skipped'
    WHEN EXISTS (SELECT 1 FROM failure f WHERE f.site = s.site AND f.kind = 'article' AND f.key = l.key
        AND f.last_crawl = :crawl) THEN 'failed'
    ELSE 'gap' END AS state,
  (SELECT f.reason FROM failure f WHERE f.site = s.site AND f.kind = 'article' AND f.key = l.key LIMIT 1) AS reason
FROM listing l CROSS JOIN section s ON s.section_id = l.section_id
WHERE l.last_crawl = :crawl AND s.site = :site
"""

SECTIONS = f"""
SELECT section_id, name, count(*) AS listed, sum(state = 'archived') AS archived, sum(state = 'skipped') AS skipped,
  sum(state = 'failed') AS failed, sum(state = 'gap') AS missing
FROM ({_ENTRIES} LIMIT -1) WHERE kind = 'section' OR NOT :some GROUP BY section_id HAVING missing > 0 ORDER BY section_id
"""

_MISSING = f"""
SELECT title, url, reason FROM ({_ENTRIES} AND l.section_id = :section)
WHERE state = 'gap' ORDER BY listing_id DESC LIMIT :named
"""
