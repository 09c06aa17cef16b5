"""The work of the next crawl: what is listed and not archived, what is due to be looked at again.

All of it is what the archive held before the crawl, so that a crawl that was killed at any moment is completed by the
next one.  Sets that grow with the archive are not read: they are asked key by key (``archive.store.known``).
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from archive.model.crawl import ELSEWHERE, UNFINISHED, SectionKind
from archive.model.plan import Plan, RecheckPolicy, SectionPlan, Target
from archive.store.archive import Archive
from archive.store.due import keep_due_dates
from archive.store.errors import clear_errors
from archive.store.known import Known
from archive.store.read import NOT_HELD, listed_title_sql

MAX_ATTEMPTS = 5
"""After so many failed crawls an article or picture is no longer asked for, except by a full crawl."""

CUT_SHORT = "The crawl was stopped before its end"
"""How the reason of a crawl begins that was asked to stop."""

SWEEP_DAYS = 30
"""Within so many days of daily crawls an entry put in late is found, wherever in a list it stands."""
SWEEP_LEAST = 3
"""List pages of a section that a crawl looks through at the least."""

MISSING_AGAIN = timedelta(hours=18)
"""How long after a look that did not find it a missing article is looked for again: by every daily crawl."""


def make_plan(
    archive: Archive,
    site: str,
    *,
    sections: Sequence[str] = (),
    since: str | None = None,
    full: bool = False,
    media: bool = True,
    policy: RecheckPolicy | None = None,
    now: datetime | None = None,
) -> Plan:
    """Return the work of the next crawl of a site.

    ``sections``: only these slugs.  ``since``: leave out entries and articles with an earlier date.
    ``full``: look at every article again, and ask again for pages given up; after a full crawl that was cut
    short only at those it had not come to.  ``media``: ask for pictures and files that are still to be fetched.
    ``now``: aware.  Raises ``ArchiveError``.
    """
    policy, now = policy or RecheckPolicy(), now or datetime.now(UTC)
    wanted = {
        "site": site,
        "slugs": json.dumps(list(sections)),
        "since": since,
        "full": full,
        "max_attempts": MAX_ATTEMPTS,
        "now": f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "lost": json.dumps(sorted(archive.lost_files)),
    }
    with clear_errors(archive.path):
        keep_due_dates(archive, site, policy.days)
        wanted["looked_since"] = _interrupted_full_crawl(archive, site) if full else None
        (wanted["last_crawl"],) = archive.connection.execute(
            "SELECT coalesce(max(crawl_id), 0) FROM crawl"
        ).fetchone()
        (wanted["last_article"],) = archive.connection.execute(
            "SELECT coalesce(max(article_id), 0) FROM article"
        ).fetchone()
        return Plan(
            sections=tuple(
                _with_sweeps(archive, site, _sections(archive, wanted, sections), policy.list_pages)
            ),
            known_sections=frozenset(row["slug"] for row in archive.rows(_KNOWN_SECTIONS, wanted)),
            pending=_targets(archive, _PENDING, wanted),
            rechecks=_everything(archive, wanted) if full else _due(archive, wanted, policy, now),
            archived=Known(archive, _ARCHIVED, wanted),
            given_up=Known(archive, _GIVEN_UP, wanted),
            poison_lists=frozenset(row["url"] for row in archive.rows(_POISON_LISTS, wanted)),
            media=Known(archive, _SETTLED_MEDIA, wanted),
            pending_media=tuple(row["url"] for row in archive.rows(_PENDING_MEDIA, wanted)) if media else (),
        )


def _sections(archive: Archive, wanted: dict[str, Any], slugs: Sequence[str]) -> list[SectionPlan]:
    plans = []
    sql = "SELECT * FROM section WHERE site = :site ORDER BY section_id"
    for section in list(archive.rows(sql, wanted)):
        if slugs and section["slug"] not in slugs:
            continue
        seen = {"section": section["section_id"], "before": wanted["last_crawl"] + 1}
        unfinished = section["backlog_crawl"]
        plans.append(
            SectionPlan(
                slug=section["slug"],
                url=section["url"],
                kind=SectionKind(section["kind"]),
                listed=Known(archive, _LISTED, seen),
                settled=Known(
                    archive, _LISTED, seen | ({} if unfinished is None else {"before": unfinished})
                ),
                backlog_url=section["backlog_url"],
                backlog_page=section["backlog_page"],
                backlog_counted=bool(section["backlog_counted"]),
                sweep_url=section["sweep_url"],
                sweep_page=section["sweep_page"],
            )
        )
    return plans


def _with_sweeps(archive: Archive, site: str, plans: list[SectionPlan], budget: int) -> list[SectionPlan]:
    """Divide the list pages that one crawl looks through for late entries: the longest unread list comes first.

    A list that the last crawl read to its end is left alone this time.
    """
    due = archive.rows(_SWEPT, {"site": site})
    wanted = {row["slug"]: pages_a_crawl(row["pages"]) for row in due if row["is_due"]}
    wanted = {slug: pages for slug, pages in wanted.items() if slug in {plan.slug for plan in plans}}
    short = max(1.0, sum(wanted.values()) / budget) if budget else 0.0
    given = {}
    for slug, pages in wanted.items():
        given[slug] = min(budget, max(1, int(pages / short))) if short else 0
        budget -= given[slug]
    return [replace(plan, sweep=given.get(plan.slug, 0)) for plan in plans]


def list_lengths(archive: Archive, site: str) -> dict[str, int]:
    """Return slug → how many pages each list of a site has, as far as is known."""
    return {row["slug"]: row["pages"] for row in archive.rows(_SWEPT, {"site": site})}


def pages_a_crawl(pages: int) -> int:
    """Return how many pages of a list so long a crawl looks through, so that daily ones see all in ``SWEEP_DAYS``."""
    return max(
        SWEEP_LEAST, -(-pages // (SWEEP_DAYS - 2))
    )  # one for the crawl between two rounds, one to spare


def _targets(archive: Archive, sql: str, wanted: dict[str, Any]) -> tuple[Target, ...]:
    return tuple(Target(**row) for row in archive.rows(sql, wanted))


def _everything(archive: Archive, wanted: dict[str, Any]) -> tuple[Target, ...]:
    """Return every article, without those that a full crawl looked at before it was cut short."""
    return _targets(
        archive,
        f"SELECT a.key, a.url, {listed_title_sql('a.site', 'a.key')} AS listed FROM article a WHERE {_WANTED}"
        " AND (:looked_since IS NULL OR a.last_look_at < :looked_since OR a.last_look_at > :now) ORDER BY a.article_id",
        wanted,
    )


def _interrupted_full_crawl(archive: Archive, site: str) -> str | None:
    """Return when the full crawls began that were cut short one after the other, None if the last one was not."""
    sql = "SELECT started_at, finished_at, reason FROM crawl WHERE site = ? AND options LIKE '%\"full\": true%' ORDER BY crawl_id DESC"
    began = None
    for row in archive.rows(sql, [site]):
        if row["finished_at"] is not None and not row["reason"].startswith(CUT_SHORT):
            break
        began = row["started_at"]
    return began


def _due(
    archive: Archive, wanted: dict[str, Any], policy: RecheckPolicy, now: datetime
) -> tuple[Target, ...]:
    """Return the articles that the last look did not read, and within the budget those whose time has come.

    Those come first that were left alone longest for their age.  What is held back waits for no time: it may be over
    tomorrow.  What was given up has the times of its age again.

    A time that is still to come was written under a clock that went ahead.  What happened then was over when the
    next crawl began, which is now if there was none.
    """
    again = (now.astimezone(UTC) - MISSING_AGAIN).strftime("%Y-%m-%dT%H:%M:%SZ")
    times = {"again": again, "days": json.dumps(policy.days), "budget": policy.budget}
    (ahead,) = archive.connection.execute(_AHEAD, wanted).fetchone()
    (over,) = archive.connection.execute(_NEXT_BELIEVED, wanted).fetchone()
    times |= {"over": over or wanted["now"]}
    # A stored time that was computed from one still to come may be too late: then every article is looked into.
    unread, due = _UNREAD.format(_EVERY), _DUE.format(_EVERY if ahead else _MAY_BE_DUE)
    return _targets(archive, unread, wanted | times) + _targets(archive, due, wanted | times)


_SWEPT = """
SELECT s.slug, max(coalesce(s.pages, 0), coalesce(s.said_pages, 0),
  coalesce((SELECT max(l.page) FROM listing l WHERE l.section_id = s.section_id), 1)) AS pages,
  s.swept_crawl IS NULL OR s.swept_crawl < (SELECT max(c.crawl_id) FROM crawl c WHERE c.site = s.site) AS is_due
FROM section s WHERE s.site = :site
ORDER BY s.swept_crawl IS NOT NULL, s.swept_crawl, s.section_id
"""

_LISTED = "SELECT key FROM listing WHERE section_id = :section AND first_crawl < :before"

_ARCHIVED = f"""
SELECT key FROM article WHERE site = :site AND article_id <= :last_article UNION ALL
SELECT key FROM failure WHERE site = :site AND kind = 'article' AND key IS NOT NULL AND NOT :full
  AND reason LIKE '{ELSEWHERE}%' UNION ALL
SELECT key FROM held WHERE site = :site AND state = 'renumbered' AND NOT :full
"""

# What this crawl failed at it has asked for already: it counts from the next one on.
_GIVEN_UP = f"""
SELECT f.key FROM failure f WHERE f.site = :site AND f.kind = 'article' AND f.key IS NOT NULL AND NOT :full
  AND f.attempts - (f.last_crawl > :last_crawl) >= :max_attempts
  AND (f.reason = '{UNFINISHED}' OR NOT EXISTS (SELECT 1 FROM article a WHERE a.site = f.site AND a.key = f.key))
"""

_KNOWN_SECTIONS = "SELECT slug FROM section WHERE site = :site AND kind = 'section'"
_POISON_LISTS = f"""
SELECT url FROM failure WHERE site = :site AND kind = 'section' AND NOT :full AND attempts >= :max_attempts
  AND reason = '{UNFINISHED}'
"""

_PENDING = f"""
SELECT l.key, l.url, {listed_title_sql("s.site", "l.key")} AS listed
FROM section s CROSS JOIN _listed m ON m.section_id = s.section_id AND m.archived = 0
CROSS JOIN listing l ON l.listing_id = m.listing_id
LEFT JOIN failure f ON f.site = s.site AND f.kind = 'article' AND f.key = l.key
WHERE s.site = :site
  AND (:full OR NOT EXISTS (SELECT 1 FROM held h WHERE h.site = s.site AND h.key = l.key AND h.state = 'renumbered'))
  AND (:full OR coalesce(f.attempts, 0) < :max_attempts)
  AND (:full OR f.reason IS NULL OR f.reason NOT LIKE '{ELSEWHERE}%')
  AND (:since IS NULL OR l.date_on IS NULL OR l.date_on >= :since)
  AND (:slugs = '[]' OR s.slug IN (SELECT value FROM json_each(:slugs)))
GROUP BY l.key ORDER BY min(l.listing_id)
"""

_WANTED = """
a.site = :site
  AND (:since IS NULL OR a.published_on IS NULL OR a.published_on >= :since)
  AND (:slugs = '[]' OR EXISTS (
    SELECT 1 FROM listing l JOIN section s ON s.section_id = l.section_id
    WHERE s.site = a.site AND l.key = a.key AND s.slug IN (SELECT value FROM json_each(:slugs))))
"""

_AHEAD = "SELECT EXISTS (SELECT 1 FROM crawl WHERE site = :site AND coalesce(finished_at, started_at) > :now)"
_NEXT_BELIEVED = """
SELECT min(started_at) FROM crawl WHERE site = :site AND started_at <= :now
  AND crawl_id > (SELECT max(crawl_id) FROM crawl WHERE site = :site AND coalesce(finished_at, started_at) > :now)
"""

# Of an article that is there, the days count from its publication, of one that is gone, from that day.
# The server may answer "not modified" only where we could read what it sent last, and still can.
_LOOKED = f"""
  SELECT a.key, a.url, coalesce(c.etag, '') AS etag, coalesce(c.last_modified, '') AS last_modified, b.gone_at, b.absence_id,
    coalesce(f.attempts < :max_attempts, 0) AS is_unread, h.seen_at IS NOT NULL AS is_held,
    julianday(CASE WHEN b.gone_at <= :now THEN b.gone_at WHEN a.published_on <= :now THEN a.published_on
      ELSE min(a.first_seen_at, :over) END) AS base,
    CASE WHEN a.last_look_at <= :now
      THEN max(a.last_look_at, min(coalesce(f.failed_at, ''), :over), min(coalesce(h.seen_at, ''), :over))
      ELSE :over END AS look,
    julianday(:now) AS now, coalesce(f.reason = '{UNFINISHED}' AND f.attempts >= :max_attempts, 0) AS ended
  FROM {{}}
  LEFT JOIN absence b ON b.article_id = a.article_id AND b.returned_at IS NULL
  LEFT JOIN failure f ON f.site = a.site AND f.kind = 'article' AND f.key = a.key AND f.reason NOT LIKE '{ELSEWHERE}%'
  LEFT JOIN (SELECT key, max(seen_at) AS seen_at FROM held WHERE site = :site AND state = 'same' GROUP BY key) h
    ON h.key = a.key
  LEFT JOIN capture c ON b.absence_id IS NULL AND f.failure_id IS NULL AND h.key IS NULL AND c.capture_id = (
    SELECT max(x.capture_id) FROM capture x
    WHERE x.site = a.site AND x.key = a.key AND x.url = a.url AND x.status = 200 AND {NOT_HELD.format("x")})
    AND (:lost = '[]' OR NOT EXISTS (
      SELECT 1 FROM capture p LEFT JOIN capture o ON o.capture_id = p.revisit_of, json_each(:lost) l
      WHERE p.site = c.site AND p.key = c.key AND p.crawl_id = c.crawl_id AND l.value IN (p.warc_id, o.warc_id)))
  WHERE {_WANTED}"""

_TARGET = f"SELECT key, url, etag, last_modified, {listed_title_sql(':site', 't.key')} AS listed FROM"

# The keys of the few failures first: else every article is looked at for them.
_UNREAD = f"""
{_TARGET} ({_LOOKED} AND f.attempts < :max_attempts
  AND a.key IN (SELECT key FROM failure WHERE site = :site AND kind = 'article' AND attempts < :max_attempts)) t
GROUP BY key ORDER BY key
"""

# What the stored time, an absence or a text that is held back may make due; ``_DUE`` decides.
_EVERY = "article a"
_MAY_BE_DUE = """(
    SELECT article_id FROM _due WHERE site = :site AND due <= julianday(:now) UNION
    SELECT article_id FROM absence WHERE returned_at IS NULL AND gone_at IS NULL UNION
    SELECT h.article_id FROM held t CROSS JOIN article h ON h.site = t.site AND h.key = t.key
    WHERE t.site = :site AND t.state = 'same') m CROSS JOIN article a ON a.article_id = m.article_id"""

_DUE = f"""
{_TARGET} ({_LOOKED}) t
WHERE NOT is_unread AND NOT ended AND CASE WHEN absence_id IS NOT NULL AND gone_at IS NULL THEN look <= :again
  ELSE is_held OR EXISTS (SELECT 1 FROM json_each(:days) d WHERE base + d.value <= now AND julianday(look) < base + d.value) END
GROUP BY key ORDER BY (now - julianday(look)) / max(now - base, 0.01) DESC, key LIMIT :budget
"""

_SETTLED_MEDIA = """
SELECT url AS key FROM media_address UNION ALL
SELECT url FROM failure WHERE site = :site AND kind = 'media' AND NOT :full
  AND (attempts >= :max_attempts OR reason IN ('HTTP 404', 'HTTP 410'))
"""

_PENDING_MEDIA = f"""
SELECT u.url FROM (
  SELECT w.url, i.article_id FROM _unfetched w CROSS JOIN image i ON i.url = w.url UNION ALL
  SELECT w.url, t.article_id FROM _unfetched w CROSS JOIN attachment t ON t.url = w.url) u
CROSS JOIN article a ON a.article_id = u.article_id
LEFT JOIN failure f ON f.site = a.site AND f.kind = 'media' AND f.url = u.url
WHERE {_WANTED}
  AND (:full OR f.url IS NULL OR (f.attempts < :max_attempts AND f.reason NOT IN ('HTTP 404', 'HTTP 410')))
GROUP BY u.url ORDER BY min(u.article_id), u.url
"""
