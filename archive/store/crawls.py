"""Crawls: the record of each, the list pages it read, the pages it could not read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from archive.model.crawl import ELSEWHERE, FailureType, FetchFailure, LinkElsewhere, Listing
from archive.store.archive import Archive
from archive.store.captures import end_warc
from archive.store.plan import CUT_SHORT, MAX_ATTEMPTS
from archive.store.seals import changing, seal, seal_found
from archive.times import utc_now


@dataclass(frozen=True, slots=True)
class CrawlResult:
    """How a crawl ended, for its record."""

    complete: bool
    reason: str = ""
    """What was wrong, a sentence a line, or ""."""
    pages: int = 0
    listed: int = 0
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    failed: int = 0
    fields: Mapping[str, int] | None = None
    """Field → how many articles of this crawl had it."""
    delay: float | None = None
    """Seconds between two requests to the site."""
    unknown_labels: Mapping[str, int] | None = None
    """Credit label that the role table does not know → how often it was met in this crawl."""


def begin_crawl(archive: Archive, site: str, *, software: str, options: Mapping[str, Any]) -> int:
    """Write the record of a crawl that starts now; return its number.  ``options``: anything for JSON."""
    row = {
        "site": site,
        "started_at": utc_now(),
        "software": software,
        "options": json.dumps(options, ensure_ascii=False, default=str),
    }
    with archive.transaction():
        return archive.insert("crawl", row)


def finish_crawl(archive: Archive, crawl: int, result: CrawlResult) -> None:
    """Complete the record of a crawl and its WARC files, and seal what it left."""
    with archive.transaction() as execute:
        end_warc(archive)
        with changing(archive, "crawl", [crawl]):
            execute(
                "UPDATE crawl SET finished_at = ?, outcome = ?, reason = ?, pages = ?, listed = ?, new = ?,"
                " revised = ?, unchanged = ?, failed = ?, fields = ?, delay = ?, unknown_labels = ? WHERE crawl_id = ?",
                (
                    utc_now(),
                    "complete" if result.complete else "incomplete",
                    result.reason,
                    result.pages,
                    result.listed,
                    result.new,
                    result.revised,
                    result.unchanged,
                    result.failed,
                    json.dumps(result.fields or {}, ensure_ascii=False),
                    result.delay,
                    json.dumps(result.unknown_labels or {}, ensure_ascii=False),
                    crawl,
                ),
            )
        seal(archive, f"crawl {crawl}")


def close_killed_crawls(archive: Archive) -> list[int]:
    """Close the records of crawls that wrote no end; return their numbers.

    For who holds the archive's lock: nobody else is at work, so they were killed.  When they ended nobody knows, so
    ``finished_at`` stays empty; what they had stored is counted from the rows.  What is under no seal is sealed.
    """
    reason = (
        f"{CUT_SHORT} (killed: it wrote no end, as the next command found); what it had stored is kept,"
        " the next one goes on from there."
    )
    with archive.transaction() as execute:
        killed = [crawl for (crawl,) in execute("SELECT crawl_id FROM crawl WHERE outcome = 'running'")]
        with changing(archive, "crawl", killed):
            for crawl in killed:
                execute(_CLOSE_KILLED, {"crawl": crawl, "reason": reason})
        seal_found(archive, killed)
    return killed


_CLOSE_KILLED = """
UPDATE crawl SET outcome = 'incomplete', reason = :reason,
  pages = (SELECT count(*) FROM capture c WHERE c.crawl_id = :crawl AND c.status IS NOT NULL),
  listed = (SELECT count(*) FROM listing l WHERE l.last_crawl = :crawl),
  new = (SELECT count(*) FROM article_version v WHERE v.crawl_id = :crawl AND v.number = 1),
  revised = (SELECT count(*) FROM article_version v WHERE v.crawl_id = :crawl AND v.number > 1),
  failed = (SELECT count(*) FROM failure f WHERE f.last_crawl = :crawl AND f.kind <> 'media')
WHERE crawl_id = :crawl
"""


def save_listing(archive: Archive, listing: Listing, crawl: int) -> int:
    """Store a list page's entries and how far its section has been walked.

    Returns how many entries were never seen in this section before.
    """
    with archive.transaction() as execute:
        section = _walked_section(archive, listing, crawl)
        entries = {entry.key for entry in listing.entries}
        there = execute(_THERE, (section, json.dumps([*entries]))).fetchall()
        with changing(archive, "listing", [number for (number,) in there]):
            for position, entry in enumerate(listing.entries, 1):
                execute(
                    _ENTRY,
                    {
                        "section": section,
                        "key": entry.key,
                        "url": entry.url,
                        "title": entry.title,
                        "date_raw": entry.date_raw,
                        "date_on": entry.date_on,
                        "page": listing.number,
                        "position": position,
                        "crawl": crawl,
                        "at": listing.fetched_at,
                    },
                )
        if listing.is_read:
            execute(
                "DELETE FROM failure WHERE site = ? AND kind = ? AND url = ?",
                (listing.site, FailureType.SECTION, listing.url),
            )
        first_listed = len(entries) - len(there)
        if first_listed:
            execute("UPDATE section SET last_new_page = ? WHERE section_id = ?", (listing.number, section))
    return first_listed


_THERE = "SELECT listing_id FROM listing WHERE section_id = ? AND key IN (SELECT value FROM json_each(?))"
_ENTRY = """
INSERT INTO listing (section_id, key, url, title, date_raw, date_on, page, position,
                     first_crawl, last_crawl, first_seen_at, last_seen_at)
VALUES (:section, :key, :url, :title, :date_raw, :date_on, :page, :position, :crawl, :crawl, :at, :at)
ON CONFLICT (section_id, key) DO UPDATE SET url = excluded.url, title = excluded.title,
  date_raw = excluded.date_raw, date_on = excluded.date_on, page = excluded.page,
  position = excluded.position, last_crawl = excluded.last_crawl, last_seen_at = excluded.last_seen_at
"""


def _walked_section(archive: Archive, listing: Listing, crawl: int) -> int:
    """Write how far the section of a list page has been walked; return the section's number."""
    execute = archive.connection.execute
    known = execute(
        "SELECT section_id FROM section WHERE site = ? AND slug = ?", (listing.site, listing.slug)
    ).fetchone()
    section = known and known[0]
    if section is None:
        new = {"site": listing.site, "slug": listing.slug, "kind": listing.kind, "url": listing.url}
        section = archive.insert("section", new)
    execute(
        """UPDATE section SET
             name = CASE WHEN :name <> '' THEN :name ELSE name END,
             backlog_crawl = CASE WHEN :remaining IS NULL THEN NULL
                                  WHEN backlog_url IS NULL THEN :crawl ELSE backlog_crawl END,
             backlog_url = :remaining, backlog_page = :page, backlog_counted = :counted,
             sweep_url = :sweep_url, sweep_page = :sweep_page, stop = :stop, last_crawl = :crawl
           WHERE section_id = :section""",
        {
            "page": listing.state.page,
            "counted": listing.state.counted,
            "sweep_url": listing.state.sweep_url,
            "sweep_page": listing.state.sweep_page,
            "name": listing.name,
            "remaining": listing.remaining,
            "stop": listing.stop,
            "crawl": crawl,
            "section": section,
        },
    )
    if (facts := listing.reading) is not None:
        execute(
            "UPDATE section SET reader = ?, pager = ?, said_entries = ? WHERE section_id = ?",
            (facts.reader, facts.pager, facts.said_entries, section),
        )
    if (end := listing.reached) is not None:
        execute(
            "UPDATE section SET pages = ?, said_pages = ?, elsewhere = ?, swept_crawl = ?, swept_at = ?"
            " WHERE section_id = ?",
            (end.pages, end.said_pages, end.elsewhere, crawl, listing.fetched_at, section),
        )
    return int(section)


def save_elsewhere(archive: Archive, link: LinkElsewhere, crawl: int) -> bool:
    """Remember, beside the failures, an entry or section that leads to another site, and where.

    Returns whether this is new: no crawl before remembered it as such.
    """
    known = archive.connection.execute(
        "SELECT 1 FROM failure WHERE site = ? AND kind = ? AND url = ? AND reason LIKE ?",
        (link.site, link.failure_type, link.url, f"{ELSEWHERE}%"),
    ).fetchone()
    failure = FetchFailure(link.site, link.url, link.failure_type, link.reason, link.seen_at, link.key)
    save_failure(archive, failure, crawl)
    return known is None


def save_failure(archive: Archive, failure: FetchFailure, crawl: int) -> None:
    """Remember a page that could not be fetched or read, and how often that has happened."""
    with archive.transaction() as execute:
        execute(
            """INSERT INTO failure (site, kind, key, url, reason, first_crawl, last_crawl, failed_at, capture_id)
               VALUES (:site, :kind, :key, :url, :reason, :crawl, :crawl, :failed_at, :capture)
               ON CONFLICT (site, kind, url) DO UPDATE SET reason = excluded.reason,
                 attempts = attempts + (last_crawl <> excluded.last_crawl),
                 last_crawl = excluded.last_crawl, failed_at = excluded.failed_at,
                 capture_id = excluded.capture_id""",
            {
                "site": failure.site,
                "kind": failure.failure_type,
                "key": failure.key,
                "url": failure.url,
                "reason": failure.reason,
                "crawl": crawl,
                "failed_at": failure.failed_at,
                "capture": failure.capture,
            },
        )
        if failure.failure_type is FailureType.SECTION and not failure.unread:
            execute(
                "UPDATE section SET stop = 'error' WHERE site = ? AND ? IN (url, backlog_url)",
                (failure.site, failure.url),
            )


def given_up(archive: Archive, site: str, crawl: int) -> list[FetchFailure]:
    """Return the articles that this crawl asked for in vain, and the next ones do not ask for: see ``MAX_ATTEMPTS``."""
    rows = archive.rows(
        "SELECT site, url, kind AS failure_type, reason, failed_at, key, capture_id AS capture FROM failure"
        " WHERE site = ? AND kind = ? AND last_crawl = ? AND attempts >= ? AND reason NOT LIKE ? ORDER BY failure_id",
        [site, FailureType.ARTICLE, crawl, MAX_ATTEMPTS, f"{ELSEWHERE}%"],
    )
    return [FetchFailure(**row) for row in rows]


def forgive_attempts(archive: Archive, site: str, crawl: int) -> None:
    """Count no attempt of a crawl that came to no list: what failed in it failed with the site.

    Else a site that is down for some nights would leave articles behind that nobody asks for any more.
    """
    with archive.transaction() as execute:
        execute(
            "UPDATE failure SET attempts = attempts - 1 WHERE site = ? AND last_crawl = ? AND kind <> ?",
            (site, crawl, FailureType.SECTION),
        )
