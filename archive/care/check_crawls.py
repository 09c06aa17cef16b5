"""Checks of the crawls: whether they run, and what they did not get."""

from datetime import datetime, timedelta

from archive.care.findings import Found, Level, Scope
from archive.model.crawl import ELSEWHERE
from archive.store.archive import Archive
from archive.store.lock import is_locked
from archive.store.plan import MAX_ATTEMPTS


def check_last_crawl(archive: Archive, scope: Scope) -> Found:
    """The last crawl was complete, and is not too long ago."""
    row = archive.connection.execute(
        "SELECT crawl_id, outcome, reason FROM crawl ORDER BY crawl_id DESC LIMIT 1"
    ).fetchone()
    if row is None:
        yield Level.NOTE, "no crawl has run on this archive", "zhijiang crawl"
        return
    crawl, outcome, reason = row
    if outcome == "incomplete":
        yield (
            Level.FAULT,
            f"crawl {crawl} was incomplete: {reason.splitlines()[0]}",
            "zhijiang status tells more",
        )
    elif outcome == "running" and not is_locked(archive.path):
        yield Level.FAULT, f"crawl {crawl} was killed", "the next crawl goes on from there"
    last = archive.connection.execute(
        "SELECT max(finished_at) FROM crawl WHERE outcome = 'complete'"
    ).fetchone()[0]
    if scope.max_age is not None and (
        last is None or scope.now - datetime.fromisoformat(last) > scope.max_age
    ):
        hours = scope.max_age / timedelta(hours=1)
        what = f"no complete crawl in the last {hours:g} hours: " + (
            f"the last ended {last}" if last else "none yet"
        )
        yield Level.FAULT, what, "look at cron, and at zhijiang status"


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
            f"{given_up} listed articles failed again and again",
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
