"""Checks of the crawls: whether they run, and what they did not get."""

from datetime import UTC

from archive.care.findings import Found, Level, Scope
from archive.care.sites import SLACK, SiteCrawls, named, read_sites, still_wrong
from archive.model.crawl import ELSEWHERE
from archive.model.wording import hours, plural
from archive.store.archive import Archive
from archive.store.lock import is_locked
from archive.store.plan import MAX_ATTEMPTS
from archive.times import beijing_minute


def check_last_crawl(archive: Archive, scope: Scope) -> Found:
    """The last crawl of each site was complete, is not too long ago, and not still to come."""
    sites = read_sites(archive, scope.now)
    if not sites:
        yield Level.NOTE, "no crawl has run on this archive", "zhijiang crawl"
    name = named(archive)
    for crawls in sites:
        for level, what, advice in _last_crawl(archive, crawls, scope):
            yield level, f"{name(crawls.site)}{what}", advice
    yield from _clocks(archive, {crawls.last.number for crawls in sites}, scope)


def _last_crawl(archive: Archive, crawls: SiteCrawls, scope: Scope) -> Found:
    last, complete = crawls.last, crawls.complete
    if last.outcome == "incomplete":
        yield (
            Level.FAULT,
            f"crawl {last.number} was incomplete: {last.reason.partition(chr(10))[0]}",
            "zhijiang status tells more",
        )
    elif last.outcome == "running" and not is_locked(archive.path):
        yield Level.FAULT, f"crawl {last.number} was killed", "the next crawl goes on from there"
    for said in still_wrong(archive, crawls):
        what = f"crawl {last.number} was of chosen sections, and the last one of all was incomplete: {said}"
        yield Level.FAULT, what, "zhijiang crawl without --section"
    if last.age(scope.now) is None:
        what = f"crawl {last.number} says that it ran until {beijing_minute(last.at)}, which is still to come"
        yield Level.FAULT, what, "set the clock of this machine right; the next crawl counts again"
    age = complete.age(scope.now) if complete else None
    if scope.max_age is not None and (age is None or age > scope.max_age):
        what = f"no complete crawl in the last {hours(scope.max_age)}: " + (
            f"the last ended {beijing_minute(complete.at)}" if complete else "none yet"
        )
        yield Level.FAULT, what, "look at cron, and at zhijiang status"


def _clocks(archive: Archive, last: set[int], scope: Scope) -> Found:
    """Earlier crawls that ran under a clock that went ahead: what they found has times that are still to come."""
    moment = f"{scope.now.astimezone(UTC) + SLACK:%Y-%m-%dT%H:%M:%SZ}"
    rows = archive.connection.execute(
        "SELECT crawl_id FROM crawl WHERE coalesce(finished_at, started_at) > ? ORDER BY crawl_id", (moment,)
    )
    ahead = [number for (number,) in rows if number not in last]
    if ahead:
        what = f"{len(ahead)} earlier crawl{plural(len(ahead))}, such as crawl {ahead[0]}, ran under a clock that was ahead"
        yield Level.NOTE, what, "nothing; later crawls count by their numbers"


def check_gaps(archive: Archive, _scope: Scope) -> Found:
    """No section is empty, no article was given up, no credit label is unknown."""
    execute = archive.connection.execute
    given_up = execute(
        "SELECT count(*) FROM failure WHERE kind = 'article' AND attempts >= ? AND reason NOT LIKE ?",
        (MAX_ATTEMPTS, f"{ELSEWHERE}%"),
    ).fetchone()[0]
    if given_up:
        yield (
            Level.NOTE,
            f"{given_up} listed article{plural(given_up)} failed again and again",
            "view 未存 names them; zhijiang crawl --full asks again",
        )
    empty = [
        name
        for (name,) in execute(
            "SELECT coalesce(nullif(栏目, ''), 代码) FROM 栏目 WHERE 列出 > 0 AND 已存 = 0"
        )
    ]
    if empty:
        yield (
            Level.FAULT,
            f"sections with entries and not one article: {'、'.join(empty)}",
            "zhijiang parse one of their articles",
        )
    labels = execute("SELECT 标签, 次数 FROM 未识别署名 ORDER BY 次数 DESC LIMIT 20").fetchall()
    if labels:
        words = "、".join(f"{label} ({number})" for label, number in labels)
        yield (
            Level.NOTE,
            f"credit labels the role table does not know: {words}",
            "CONTRIBUTING.md tells how to add one",
        )
