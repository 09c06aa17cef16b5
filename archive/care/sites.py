"""Is every site of an archive still crawled?  Its last crawls, judged one site at a time.

The order of crawls is that of their numbers: a clock can be wrong, and then the latest time is not the last crawl.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from archive.model.plan import HealthPolicy
from archive.model.trouble import Trouble, TroubleKind, without_said_once
from archive.model.wording import hours, plural
from archive.store.archive import Archive
from archive.store.crawl_records import last_options
from archive.times import beijing_minute

LAST_CRAWL = "Last crawl: "
"""How the sentences begin that the last crawl of a site said."""
LAST_WHOLE_CRAWL = "Last crawl of all sections: "
"""How those begin that an earlier one said, where the last one was of chosen sections."""
SLACK = timedelta(minutes=10)
"""So far two machines' clocks may differ: what is less in the future than this is now."""


@dataclass(frozen=True, slots=True)
class CrawlRecord:
    """What is asked of one crawl here."""

    number: int
    outcome: str
    reason: str
    at: str
    """UTC, when it ended; when it began where it wrote no end."""

    def age(self, now: datetime) -> timedelta | None:
        """Return how long ago it was, None where that is in the future: one of the clocks was wrong.

        ``now``: aware.
        """
        passed = now - datetime.fromisoformat(self.at)
        return None if passed < -SLACK else max(passed, timedelta(0))


@dataclass(frozen=True, slots=True)
class SiteCrawls:
    """The crawls of one site that matter."""

    site: str
    last: CrawlRecord
    complete: CrawlRecord | None
    """The last one of all sections that was complete."""
    whole: CrawlRecord | None
    """The last one of all sections, where the last one was of chosen sections; None: it was not, or there is none."""
    fruitful_at: str | None
    """UTC, when the last one that found a new article ended, or at the latest; None: none did, or none knows when."""
    quiet_days: int
    """As the profile of the last crawl has it."""


def read_sites(archive: Archive, now: datetime) -> list[SiteCrawls]:
    """Return the crawls of each site of an archive, in the order of their names.  ``now``: aware."""
    quiet = {
        site: options.get("site", {}).get("health", {}).get("quiet_days", HealthPolicy().quiet_days)
        for site, options in last_options(archive).items()
    }
    found = []
    for site, last, whole, complete, fruitful in archive.connection.execute(_LAST).fetchall():
        last_record = _record(archive, last)
        assert last_record is not None
        known_by = archive.connection.execute(
            _FIRST_BELIEVED,
            {"site": site, "crawl": fruitful, "now": f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"},
        ).fetchone()
        found.append(
            SiteCrawls(
                site,
                last_record,
                _record(archive, complete),
                _record(archive, whole) if whole != last else None,
                known_by and known_by[0],
                quiet[site],
            )
        )
    return found


def named(archive: Archive) -> Callable[[str], str]:
    """Return what a sentence about a site begins with: its name where the archive holds several, else nothing."""
    (sites,) = archive.connection.execute("SELECT count(DISTINCT site) FROM crawl").fetchone()
    return lambda site: f"{site}: " if sites > 1 else ""


def site_troubles(
    archive: Archive, now: datetime, max_age: timedelta | None, *, at_work: bool = False
) -> list[Trouble]:
    """Return what is wrong with the crawls of each site.

    ``now``: aware.  ``max_age``: how old the last complete crawl may be, None: any age.  ``at_work``: a crawl holds
    the archive's lock, so the last one is running.
    """
    name, sites = named(archive), read_sites(archive, now)
    newest = max((crawls.last.number for crawls in sites), default=0)
    return [
        Trouble(trouble.kind, f"{name(crawls.site)}{trouble}", trouble.about)
        for crawls in sites
        for trouble in [
            *_last_crawl(crawls.last, at_work=at_work and crawls.last.number == newest),
            *(
                Trouble(TroubleKind.CUT_SHORT, f"{LAST_WHOLE_CRAWL}{without_said_once(said)}")
                for said in still_wrong(archive, crawls)
            ),
            *_clock(crawls.last, now),
            *_too_old(crawls.complete, now, max_age),
            *_quiet(crawls, now),
        ]
    ]


def still_wrong(archive: Archive, crawls: SiteCrawls) -> list[str]:
    """Return what the last crawl of all sections found wrong and a later one of chosen sections did not look at.

    A list page that was read since is over.  Of articles ``status`` and ``check`` tell by themselves.
    """
    whole = crawls.whole
    if whole is None or whole.outcome != "incomplete":
        return []
    rows = archive.connection.execute(_TOLD_OR_OVER, {"site": crawls.site, "crawl": whole.number})
    left_out = {said for (said,) in rows} | set(crawls.last.reason.splitlines())
    return [line for line in whole.reason.splitlines() if line not in left_out]


def _last_crawl(last: CrawlRecord, *, at_work: bool) -> list[Trouble]:
    if last.outcome == "incomplete":
        return [
            Trouble(TroubleKind.CUT_SHORT, f"{LAST_CRAWL}{without_said_once(line)}")
            for line in last.reason.splitlines()
        ]
    if last.outcome == "running" and not at_work:
        said = (
            f"The last crawl was killed: it began {beijing_minute(last.at)} and wrote no end, and no program on this machine"
            " is at work on the archive; the next one goes on from there."
        )
        return [Trouble(TroubleKind.CUT_SHORT, said)]
    return []


def _clock(last: CrawlRecord, now: datetime) -> list[Trouble]:
    if last.age(now) is not None:
        return []
    said = (
        f"Crawl {last.number} says that it ran until {beijing_minute(last.at)}, which is still to come: the clock of this machine was"
        " wrong then, or is wrong now; set it right, the next crawl counts again."
    )
    return [Trouble(TroubleKind.CLOCK, said)]


def _too_old(complete: CrawlRecord | None, now: datetime, max_age: timedelta | None) -> list[Trouble]:
    if max_age is None:
        return []
    age = complete.age(now) if complete else None
    if age is not None and age <= max_age:
        return []
    since = f"the last one ended {beijing_minute(complete.at)}" if complete else "there is none"
    said = f"No complete crawl in the last {hours(max_age)}: {since}."
    return [Trouble(TroubleKind.QUIET, said, ("complete",))]


def _quiet(crawls: SiteCrawls, now: datetime) -> list[Trouble]:
    """Say that nothing new was found for a long time, also where nobody crawls any more."""
    if crawls.fruitful_at is None or "Nothing new for" in crawls.last.reason:  # the crawl told it
        return []
    if now - datetime.fromisoformat(crawls.fruitful_at) <= timedelta(days=crawls.quiet_days):
        return []
    said = f"Nothing new for {crawls.quiet_days} day{plural(crawls.quiet_days)}: the last new article was found {beijing_minute(crawls.fruitful_at)}."
    return [Trouble(TroubleKind.QUIET, said)]


def _record(archive: Archive, number: int | None) -> CrawlRecord | None:
    row = archive.connection.execute(
        "SELECT crawl_id, outcome, reason, coalesce(finished_at, started_at) FROM crawl WHERE crawl_id = ?",
        (number,),
    ).fetchone()
    return CrawlRecord(*row) if row else None


# A crawl under a clock that went ahead was over when the next one began that did not.
_FIRST_BELIEVED = """
SELECT coalesce(finished_at, started_at) FROM crawl
WHERE site = :site AND crawl_id >= :crawl AND coalesce(finished_at, started_at) <= :now ORDER BY crawl_id LIMIT 1
"""

# Their failures are told with what earlier crawls left; a list page whose failure is no more was read.
_TOLD_OR_OVER = """
SELECT said FROM trouble t WHERE t.site = :site AND t.last_crawl = :crawl AND t.kind IN ('list', 'unread', 'article', 'given up')
GROUP BY said HAVING max(t.kind) <> 'list' OR NOT max(EXISTS (
  SELECT 1 FROM failure f WHERE f.site = t.site AND f.kind = 'section' AND t.about IN (f.url, '')))
"""

# A crawl of chosen sections says nothing of the others.
_LAST = """
WITH c AS (SELECT *, json_valid(options) AND json_array_length(options, '$.sections') > 0 AS some FROM crawl)
SELECT c.site, max(c.crawl_id), max(CASE WHEN c.some IS NOT 1 THEN c.crawl_id END),
  max(CASE WHEN c.outcome = 'complete' AND c.some IS NOT 1 THEN c.crawl_id END),
  (SELECT n.crawl_id FROM crawl n WHERE n.site = c.site AND EXISTS (
     SELECT 1 FROM article_version v JOIN article a ON a.article_id = v.article_id
     WHERE v.crawl_id = n.crawl_id AND v.number = 1 AND a.site = n.site) ORDER BY n.crawl_id DESC LIMIT 1)
FROM c GROUP BY c.site ORDER BY c.site
"""
