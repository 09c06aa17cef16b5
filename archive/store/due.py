"""When articles are due to be looked at again: kept with each of them, so that a night reads only what is due.

The times depend on the profile, so the days of the last crawl stand in the file (``_recheck_day``), for the triggers that
keep the times whoever writes.  A time may be too early, never too late: ``archive.store.plan`` looks at what it finds.
"""

from collections.abc import Collection

from archive.store.archive import Archive


def keep_due_dates(archive: Archive, site: str, days: Collection[int]) -> None:
    """Let the due dates of a site's articles follow these days; where they are other ones than before, each anew.

    Raises ``ArchiveError``.
    """
    with archive.transaction() as execute:
        before = {day for (day,) in execute("SELECT day FROM _recheck_day WHERE site = ?", (site,))}
        if before == set(days):
            return
        execute("DELETE FROM _recheck_day WHERE site = ?", (site,))
        rows = [(site, day) for day in {*days}]
        archive.connection.executemany("INSERT INTO _recheck_day VALUES (?, ?)", rows)
        execute("DELETE FROM _due WHERE site = ?", (site,))
        execute("INSERT INTO _due SELECT article_id, site, due FROM _due_now WHERE site = ?", (site,))
