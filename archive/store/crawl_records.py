"""What the records of crawls say: with which options a site was crawled last, who wrote what a capture gave."""

import json
from dataclasses import dataclass
from typing import Any

from archive.model.event import EventType
from archive.store.archive import Archive


def last_options(archive: Archive) -> dict[str, dict[str, Any]]:
    """Return the options of the last crawl of each site, as ``begin_crawl`` was given them, by the site's name."""
    rows = archive.connection.execute(
        "SELECT site, options FROM crawl WHERE crawl_id IN (SELECT max(crawl_id) FROM crawl GROUP BY site)"
        " ORDER BY site"
    )
    return {site: json.loads(options) for site, options in rows}


def site_arguments(archive: Archive) -> dict[str, str]:
    """Return name of each site → what ``--site`` was given in its last crawl, "" where that was not recorded."""
    return {site: options.get("site_option", "") for site, options in last_options(archive).items()}


@dataclass(frozen=True, slots=True)
class Writer:
    """Who read a capture of an article and wrote what it gave."""

    site: str
    key: str
    crawl: int
    options: str
    """Of the crawl, JSON."""
    reparsed: str | None
    """What the event of the last ``reparse`` since then says, JSON; None: there was none."""


def writer_of(archive: Archive, capture: int) -> Writer:
    """Return who wrote what a capture gave."""
    row = archive.connection.execute(
        "SELECT c.site, coalesce(c.key, ''), c.crawl_id, k.options, (SELECT e.detail FROM event e"
        " WHERE e.type = ? AND e.at >= k.started_at AND e.detail LIKE '%\"articles\":%' ORDER BY e.event_id DESC LIMIT 1)"
        " FROM capture c JOIN crawl k ON k.crawl_id = c.crawl_id WHERE c.capture_id = ?",
        (EventType.METADATA_MODIFICATION, capture),
    ).fetchone()
    return Writer(*row)
