"""What readers are shown: an article, whole; what a site calls itself; times by their clock."""

import json
from dataclasses import dataclass
from typing import Any

from archive.model.article import paragraphs
from archive.store.archive import Archive
from archive.store.dictionary import columns

EXAMPLE_QUERY = "SELECT 题名, 记者, 一审 FROM 文章 LIMIT 5"
"""What somebody may try first with ``sqlite3``."""


LAST_CRAWL_END = (
    "(SELECT finished_at FROM crawl WHERE finished_at IS NOT NULL ORDER BY crawl_id DESC LIMIT 1)"
)
"""SQL: when the last crawl that wrote an end ended, UTC; the last by its number, for a clock can be wrong."""

NOT_HELD = "NOT EXISTS (SELECT 1 FROM held h WHERE h.capture_id = {}.capture_id)"
"""SQL: the condition on a table of captures that its page was taken; see ``archive.store.held``."""


@dataclass(frozen=True, slots=True)
class ArchiveSize:
    """How much an archive holds."""

    articles: int
    names: int
    """Different names in credits."""


def archive_size(archive: Archive) -> ArchiveSize:
    """Count what an archive holds."""
    row = archive.connection.execute(
        "SELECT count(*), (SELECT count(DISTINCT name) FROM credit) FROM article"
    ).fetchone()
    return ArchiveSize(*row)


def find_article(archive: Archive, id_or_url: str) -> dict[str, Any] | None:
    """Return an article by its number (编号) or its address, None if the archive has no such one.

    The result is ready for JSON: the columns of ``article`` (``body`` and ``breadcrumb`` as lists), and
    ``sections``, ``credits``, ``images``, ``attachments``, ``versions`` as lists.  An address finds the
    article also if a list page links it with other parameters.
    """
    article_id = article_number(id_or_url) or _id_of_address(archive, id_or_url)
    shown = ", ".join(columns("article", "content_sha256"))  # a digest is told by its version
    found = _rows(archive, f"SELECT {shown} FROM article WHERE article_id = ?", article_id)
    if not found:
        return None
    article = found[0]
    article["body"] = paragraphs(article["body"])
    article["breadcrumb"] = json.loads(article["breadcrumb"])
    article["sections"] = _rows(
        archive,
        "SELECT s.slug, s.name, s.url FROM article_section t JOIN section s ON s.section_id = t.section_id"
        " WHERE t.article_id = ? ORDER BY s.section_id",
        article_id,
    )
    for name, table in (("credits", "credit"), ("images", "image"), ("attachments", "attachment")):
        of_it = ", ".join(columns(table, "credit_id", "article_id", "seq"))
        article[name] = _rows(
            archive, f"SELECT {of_it} FROM {table} WHERE article_id = ? ORDER BY seq", article_id
        )
    article["versions"] = _rows(
        archive,
        "SELECT number, seen_at, title, changed, content_sha256 FROM article_version"
        " WHERE article_id = ? ORDER BY number",
        article_id,
    )
    for version in article["versions"]:
        version["changed"] = json.loads(version["changed"])
    return article


def article_number(text: str) -> int | None:
    """Return the number of an article as people write it, None if it is none that SQLite can hold."""
    return int(text) if text.isdecimal() and len(text) <= 18 else None


def _id_of_address(archive: Archive, url: str) -> int | None:
    row = archive.connection.execute(
        "SELECT article_id FROM article WHERE url = :url UNION ALL"
        " SELECT a.article_id FROM listing l JOIN section s ON s.section_id = l.section_id"
        " JOIN article a ON a.site = s.site AND a.key = l.key WHERE l.url = :url LIMIT 1",
        {"url": url},
    ).fetchone()
    return int(row[0]) if row else None


def _rows(archive: Archive, sql: str, article_id: int | None) -> list[dict[str, Any]]:
    return list(archive.rows(sql, [article_id]))


def site_titles(archive: Archive) -> dict[str, str]:
    """Return what each site that has articles calls itself, by its name, in the order of names."""
    sites = archive.connection.execute("SELECT DISTINCT site FROM article ORDER BY site").fetchall()
    return {site: site_title(archive, site) for (site,) in sites}


def site_title(archive: Archive, site: str) -> str:
    """Return what a site calls itself, by the profile of its last crawl."""
    row = archive.connection.execute(
        "SELECT options FROM crawl WHERE site = ? ORDER BY crawl_id DESC LIMIT 1", (site,)
    ).fetchone()
    recorded = json.loads(row[0]).get("site", {}) if row else {}
    return str(recorded.get("title") or site)


def archive_title(archive: Archive) -> str:
    """Return what the archive is called: after the first site in it."""
    row = archive.connection.execute("SELECT site FROM crawl ORDER BY crawl_id LIMIT 1").fetchone()
    return f"{site_title(archive, row[0]) if row else '新闻'}档案"


def listed_title(archive: Archive, site: str, key: str) -> str:
    """Return what the lists call an article, the longest where they differ, "" where none lists it."""
    sql = f"SELECT {listed_title_sql(':site', ':key')}"
    title: str = archive.connection.execute(sql, {"site": site, "key": key}).fetchone()[0]
    return title


def listed_title_sql(site: str, key: str) -> str:
    """Return an expression for what ``listed_title`` finds.  ``site``, ``key``: expressions for the article's."""
    return f"""coalesce((SELECT n.title FROM listing n JOIN section o ON o.section_id = n.section_id
  WHERE o.site = {site} AND n.key = {key} ORDER BY length(n.title) DESC, n.listing_id LIMIT 1), '')"""


def listed_in(archive: Archive, site: str, key: str) -> list[dict[str, Any]]:
    """Return the lists that show an article: section, address, what the list prints of it, how the list is read."""
    return list(
        archive.rows(
            "SELECT coalesce(nullif(s.name, ''), s.slug) AS section, s.url, n.page, n.title, n.date_raw,"
            " s.reader, s.pager, s.stop FROM listing n JOIN section s ON s.section_id = n.section_id"
            " WHERE s.site = ? AND n.key = ? ORDER BY n.listing_id",
            [site, key],
        )
    )
