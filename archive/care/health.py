"""Is the site still read as it was?  A crawl judged against the archive's own history.

A template that changes does not raise errors: it empties fields.  So each crawl counts, section by section, in how
many articles each field was found, and compares that with the crawls before it.
"""

from datetime import UTC, datetime, timedelta
from math import sqrt
from typing import Any

from archive.model.crawl import ELSEWHERE
from archive.model.plan import HealthPolicy
from archive.model.trouble import Trouble, TroubleKind
from archive.model.wording import plural
from archive.store.archive import Archive
from archive.store.seals import changing
from archive.times import beijing_minute

_FILLED = {
    "published_on": "a.published_on IS NOT NULL",
    "section": "a.section <> ''",
    "source": "a.source <> ''",
    "body": "a.body <> ''",
    "credits": "EXISTS (SELECT 1 FROM credit x WHERE x.article_id = a.article_id)",
    "images": "EXISTS (SELECT 1 FROM image x WHERE x.article_id = a.article_id)",
}
"""Field → the condition on ``article a`` under which it was found."""
FIELDS = tuple(_FILLED)
"""What is counted.  An article without a title is a failure and not counted here."""
HISTORY = 30
"""Earlier crawls that a crawl is compared with."""
LEAST_NOW, LEAST_BEFORE = 5, 20
"""Articles that a share must rest on, in this crawl and in the earlier ones."""
TOLERANCE = 0.15
"""By how much a share may fall, whatever its scatter."""
_FEW, _FEW_SHARE = 3, 0.05
"""So many entries that a list says it has and that were never seen are no gap: the number, or the share."""


def judge_crawl(
    archive: Archive, crawl: int, policy: HealthPolicy, *, now: datetime | None = None
) -> list[Trouble]:
    """Write what a crawl found in each section, and return what is wrong with it.

    ``now``: aware.  Raises ``ArchiveError``.
    """
    with archive.transaction():
        with changing(archive, "crawl", [crawl]):  # another writer may have sealed it while it runs
            _record_sections(archive, crawl)
        return _judge(archive, crawl, policy, now or datetime.now(UTC))


def _record_sections(archive: Archive, crawl: int) -> None:
    """Write what a crawl found, section by section and field by field, from what it stored."""
    archive.connection.execute(_SECTIONS, {"crawl": crawl})
    for field in FIELDS:
        archive.connection.execute(_FIELD.format(filled=_FILLED[field]), {"crawl": crawl, "field": field})


def _judge(archive: Archive, crawl: int, policy: HealthPolicy, now: datetime) -> list[Trouble]:
    return [*_drift(archive, crawl), *_odd_dates(archive, crawl), *_quiet(archive, crawl, policy, now)]


def short_lists(archive: Archive, site: str) -> list[Trouble]:
    """Return for each list that says it is longer than what was read of it: both numbers, and where it is.

    Rows that lead elsewhere are no gap, nor a few of many: an entry may stand in a list twice.
    """
    lines: list[Trouble] = []
    for row in archive.rows(_LONGER, [site]):
        where = f"{row['name']} ({row['url']})"
        if (row["said_pages"] or 0) > (row["pages"] or 0):
            said = f"Section {where} says {row['said_pages']} page{plural(row['said_pages'])}, and the walk to its end read {row['pages']}."
            lines.append(Trouble(TroubleKind.SHORT, said, (f"{row['url']} pages",)))
        elif row["said_entries"] - row["listed"] - row["elsewhere"] > max(
            _FEW, row["said_entries"] * _FEW_SHARE
        ):
            said = (
                f"Section {where} says {row['said_entries']} entries, and {row['listed']} {plural(row['listed'], 'were', 'was')} ever listed there"
                f" beside {row['elsewhere']} that lead{plural(row['elsewhere'], '', 's')} elsewhere."
            )
            lines.append(Trouble(TroubleKind.SHORT, said, (f"{row['url']} entries",)))
    return lines


def _drift(archive: Archive, crawl: int) -> list[Trouble]:
    found = []
    for row in archive.rows(_SHARES, {"crawl": crawl, "history": HISTORY}):
        if row["now_all"] < LEAST_NOW or row["before_all"] < LEAST_BEFORE:
            continue
        now, before = row["now_filled"] / row["now_all"], row["before_filled"] / row["before_all"]
        scatter = sqrt(before * (1 - before) / row["now_all"])
        if now < before - max(TOLERANCE, 3 * scatter):
            found.append((row, now, before))
    everywhere = {row["field"] for row, _, _ in found if row["section_id"] is None}
    return [
        _told(archive, crawl, row, now, before)
        for row, now, before in found
        if row["section_id"] is None or row["field"] not in everywhere
    ]


def _told(archive: Archive, crawl: int, row: dict[str, Any], now: float, before: float) -> Trouble:
    where = "all sections" if row["section_id"] is None else f"section {row['name']}"
    look = _look(archive, crawl, row["field"], row["section_id"])
    said = (
        f"The template may have changed: {row['field']} in {where} was found in {before:.0%} of earlier articles,"
        f" now in {now:.0%} of {row['now_all']}{look}.  {_SELECT}"
    )
    return Trouble(TroubleKind.DRIFT, said, (f"{row['field']} in {where}",))


_SELECT = (
    "If a browser shows it there, let [selectors] of the profile point at it; zhijiang reparse --apply then reads it"
    " from the kept pages."
)


def _look(archive: Archive, crawl: int, field: str, section_id: int | None) -> str:
    """Return where to look: the address and capture of the first article that lacks a field."""
    sql = _EXAMPLE.format(filled=_FILLED[field])
    example = next(iter(archive.rows(sql, {"crawl": crawl, "section": section_id})), None)
    return f"; look at {example['url']} (capture {example['capture_id']})" if example else ""


def _odd_dates(archive: Archive, crawl: int) -> list[Trouble]:
    """Dates that are all one where the lists print several, for a page's own clock was read; or none at all."""
    row = next(iter(archive.rows(_DATES, {"crawl": crawl})), None)
    if row and row["n"] >= LEAST_NOW and not row["pages"]:
        look = _look(archive, crawl, "published_on", None)
        said = f"No date was understood on any of the {row['n']} new articles whose lists print one{look}.  {_SELECT}"
        return [Trouble(TroubleKind.DRIFT, said, ("dates",))]
    if row and row["n"] >= LEAST_NOW and row["pages"] == 1 and row["lists"] > 2:
        said = f"All {row['n']} articles have the date {row['day']}, and the lists print {row['lists']} different ones."
        return [Trouble(TroubleKind.DRIFT, said, ("dates",))]
    return []


def _quiet(archive: Archive, crawl: int, policy: HealthPolicy, now: datetime) -> list[Trouble]:
    moment = f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    row = next(iter(archive.rows(_NEWEST, {"crawl": crawl, "now": moment})))
    if row["seen"] is None or now - datetime.fromisoformat(row["seen"]) <= timedelta(days=policy.quiet_days):
        return []
    said = (
        f"Nothing new for {policy.quiet_days} day{plural(policy.quiet_days)}: the last new article was found {beijing_minute(row['seen'])}."
        "  Look at the site: if it published since, its lists have moved or changed; if not, [health] quiet_days of the"
        " profile can be more."
    )
    return [Trouble(TroubleKind.QUIET, said)]


# Articles whose pages this crawl read (and not a page that says that there is none), with the sections that list them.
_READ = """
  SELECT DISTINCT a.article_id, c.capture_id, a.url, l.section_id
  FROM capture c JOIN article a ON a.site = c.site AND a.key = c.key
  LEFT JOIN listing l ON l.key = a.key
    AND EXISTS (SELECT 1 FROM section s WHERE s.section_id = l.section_id AND s.site = a.site AND s.kind = 'section')
  WHERE c.crawl_id = :crawl AND c.kind = 'article' AND c.status = 200
    AND a.article_id NOT IN (SELECT article_id FROM absence WHERE last_crawl = :crawl)
    AND (a.site, a.key) NOT IN (SELECT site, key FROM failure WHERE last_crawl = :crawl AND key IS NOT NULL)
"""

_SECTIONS = f"""
INSERT INTO crawl_section (crawl_id, section_id, listed, first_listed, new, revised, failed, skipped)
SELECT :crawl, s.section_id,
  (SELECT count(*) FROM listing l WHERE l.section_id = s.section_id AND l.last_crawl = :crawl),
  (SELECT count(*) FROM listing l WHERE l.section_id = s.section_id AND l.last_crawl = :crawl AND l.first_crawl = :crawl),
  (SELECT count(*) FROM article_version v JOIN article a ON a.article_id = v.article_id JOIN listing l ON l.key = a.key
    WHERE v.crawl_id = :crawl AND v.number = 1 AND l.section_id = s.section_id AND a.site = s.site),
  (SELECT count(*) FROM article_version v JOIN article a ON a.article_id = v.article_id JOIN listing l ON l.key = a.key
    WHERE v.crawl_id = :crawl AND v.number > 1 AND l.section_id = s.section_id AND a.site = s.site),
  (SELECT count(*) FROM failure f JOIN listing l ON l.key = f.key
    WHERE f.last_crawl = :crawl AND f.kind = 'article' AND l.section_id = s.section_id AND f.site = s.site
      AND f.reason NOT LIKE '{ELSEWHERE}%'),
  (SELECT count(*) FROM _listed m CROSS JOIN listing l ON l.listing_id = m.listing_id
    WHERE m.section_id = s.section_id AND m.archived = 0
    AND NOT EXISTS (SELECT 1 FROM failure f WHERE f.site = s.site AND f.key = l.key
      AND (f.last_crawl = :crawl OR f.reason LIKE '{ELSEWHERE}%')))
FROM section s WHERE s.last_crawl = :crawl AND s.kind = 'section'
"""

_FIELD = f"""
INSERT INTO crawl_field (crawl_id, section_id, field, articles, filled)
WITH read AS ({_READ})
SELECT :crawl, r.section_id, :field, count(DISTINCT r.article_id), count(DISTINCT CASE WHEN {{filled}} THEN r.article_id END)
FROM read r JOIN article a ON a.article_id = r.article_id WHERE r.section_id IS NOT NULL GROUP BY r.section_id
UNION ALL
SELECT :crawl, NULL, :field, count(DISTINCT r.article_id), count(DISTINCT CASE WHEN {{filled}} THEN r.article_id END)
FROM read r JOIN article a ON a.article_id = r.article_id HAVING count(*) > 0
"""

_SHARES = """
SELECT n.section_id, s.name, n.field, n.articles AS now_all, n.filled AS now_filled,
  coalesce(sum(b.articles), 0) AS before_all, coalesce(sum(b.filled), 0) AS before_filled
FROM crawl_field n
JOIN crawl c ON c.crawl_id = n.crawl_id
LEFT JOIN section s ON s.section_id = n.section_id
LEFT JOIN crawl_field b ON b.section_id IS n.section_id AND b.field = n.field AND b.crawl_id IN (
  SELECT o.crawl_id FROM crawl o WHERE o.site = c.site AND o.crawl_id < c.crawl_id ORDER BY o.crawl_id DESC LIMIT :history)
WHERE n.crawl_id = :crawl GROUP BY n.section_id, n.field ORDER BY n.section_id IS NOT NULL, n.section_id, n.field
"""

_EXAMPLE = f"""
WITH read AS ({_READ})
SELECT r.url, r.capture_id FROM read r JOIN article a ON a.article_id = r.article_id
WHERE NOT ({{filled}}) AND (:section IS NULL OR r.section_id = :section) ORDER BY r.capture_id LIMIT 1
"""

_DATES = """
SELECT count(DISTINCT a.article_id) AS n, count(DISTINCT a.published_on) AS pages, count(DISTINCT l.date_on) AS lists,
  min(a.published_on) AS day
FROM article_version v JOIN article a ON a.article_id = v.article_id
JOIN section s ON s.site = a.site JOIN listing l ON l.section_id = s.section_id AND l.key = a.key
WHERE v.crawl_id = :crawl AND v.number = 1 AND l.date_on IS NOT NULL
"""

# When the last crawl that found a new article did; where its clock was ahead, when the next one began that was not.
_NEWEST = """
WITH newest AS (
  SELECT n.crawl_id, n.site FROM crawl c JOIN crawl n ON n.site = c.site
  WHERE c.crawl_id = :crawl AND EXISTS (SELECT 1 FROM article_version v JOIN article a ON a.article_id = v.article_id
    WHERE v.crawl_id = n.crawl_id AND v.number = 1 AND a.site = n.site)
  ORDER BY n.crawl_id DESC LIMIT 1)
SELECT coalesce(
  (SELECT v.seen_at FROM article_version v CROSS JOIN article a ON a.article_id = v.article_id
   WHERE v.crawl_id = (SELECT crawl_id FROM newest) AND v.number = 1 AND a.site = (SELECT site FROM newest)
     AND v.seen_at <= :now ORDER BY v.seen_at DESC LIMIT 1),
  (SELECT c.started_at FROM crawl c JOIN newest n ON n.site = c.site AND c.crawl_id >= n.crawl_id
   WHERE c.started_at <= :now ORDER BY c.crawl_id LIMIT 1)) AS seen
"""

# Where the pager is not understood that is told already, and a list that is not yet walked to its end is no gap.
_LONGER = """
SELECT coalesce(nullif(s.name, ''), s.slug) AS name, s.url, s.pages, s.said_pages, coalesce(s.said_entries, 0) AS said_entries,
  s.elsewhere, coalesce(z.listed, 0) AS listed
FROM section s LEFT JOIN _section_size z ON z.section_id = s.section_id
WHERE s.site = ? AND s.stop NOT IN ('unread', 'error') AND s.backlog_url IS NULL AND s.swept_at IS NOT NULL
ORDER BY s.section_id
"""
