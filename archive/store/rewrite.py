"""Write an article's history again from texts derived anew, and tell what that changes.

This runs the same fold that the crawl ran (``archive.store.articles``), so that the same texts give the same rows.
People's decisions (``appraisal``), looks and absences are not touched.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from archive.model.article import Article
from archive.model.crawl import NotModified
from archive.store.archive import Archive
from archive.store.articles import (
    FIRST,
    article_id,
    change_columns,
    part_rows,
    replace_history,
    save_article,
    save_not_modified,
    version_columns,
)
from archive.store.dictionary import columns
from archive.store.read import NOT_HELD
from archive.store.versions import article_columns, content_sha256

_PARTS = {
    "credits": ("credit", "seq"),
    "images": ("image", "seq"),
    "attachments": ("attachment", "seq"),
    "versions": ("article_version", "number"),
}
"""What else is derived → its table, and the column that orders it."""
_GIVEN = ("article_id", "credit_id", "version_id")
"""Numbers that the archive gives: a row written again has another one."""
_NOT_DERIVED = ("article_id", "site", "key", "status")
"""Columns of ``article`` that no text tells."""
_LOOKED = ("last_look_at",)
"""Columns of ``article`` that tell of looks, which stay."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What one look at an article gave."""

    found: Article | NotModified
    crawl: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that a new reading changes."""

    article_id: int
    field: str
    """A column of ``article``, or ``credits``, ``images``, ``attachments``, ``versions``."""
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CapturedPage:
    """A capture of an article page with status 200 or 304."""

    capture: int
    crawl: int
    status: int
    captured_at: str
    url: str


def captured_articles(archive: Archive, site: str) -> Iterator[tuple[str, list[CapturedPage]]]:
    """Yield the keys of all articles of a site whose pages were captured, with their captures in order.

    Without those that are held back: they made no version.
    """
    keys = archive.connection.execute(
        "SELECT DISTINCT key FROM capture WHERE site = ? AND key IS NOT NULL AND kind = 'article'"
        f" AND status = 200 AND warc_id IS NOT NULL AND {NOT_HELD.format('capture')} ORDER BY key",
        (site,),
    ).fetchall()
    for (key,) in keys:
        rows = archive.connection.execute(
            "SELECT capture_id, crawl_id, status, captured_at, url FROM capture WHERE site = ? AND key = ?"
            " AND kind = 'article' AND status IN (200, 304) AND warc_id IS NOT NULL"
            f" AND {NOT_HELD.format('capture')} ORDER BY capture_id",
            (site, key),
        )
        yield key, [CapturedPage(*row) for row in rows]


def rewrite_history(
    archive: Archive, site: str, key: str, texts: Sequence[Observation], *, apply: bool
) -> list[Difference]:
    """Write the history of one article again; return what differs from what is stored.

    Without ``apply`` nothing is written.  An article that gives no text any more keeps its rows.
    """
    first = next((n for n, text in enumerate(texts) if isinstance(text.found, Article)), None)
    if first is None:
        return []
    known = article_id(archive, site, key)
    if known is not None and _is_as_stored(archive, known, texts[first:]):
        return []
    before = _derived(archive, known)
    looked = before.pop("last_look_at", None)
    with _undone_unless(archive, apply) as keep:
        for place, text in enumerate(texts[first:]):
            if isinstance(text.found, NotModified):
                save_not_modified(archive, text.found, text.crawl)
            elif place == 0 and known is not None:
                replace_history(archive, text.found, text.crawl)
            else:
                save_article(archive, text.found, text.crawl)
        number = known or article_id(archive, site, key)
        assert number is not None
        after = _derived(archive, number)
        after.pop("last_look_at")
        if looked:
            archive.connection.execute(
                "UPDATE article SET last_look_at = ? WHERE article_id = ?", (looked, number)
            )
        differences = [
            Difference(number, name, before.get(name, ""), value)
            for name, value in after.items()
            if before.get(name) != value
        ]
        if differences:
            keep()
    return differences


def _is_as_stored(archive: Archive, number: int, texts: Sequence[Observation]) -> bool:
    """Tell whether texts give the very rows that an article has, without writing them.

    ``texts``: the first one is an article.  Told only of one that has had one text; of others, and where any value
    differs, writing them has to tell.
    """
    first, *others = texts
    article = first.found
    assert isinstance(article, Article)
    digest = content_sha256(article)
    if any(isinstance(other.found, Article) and content_sha256(other.found) != digest for other in others):
        return False
    last = texts[-1].found
    row = article_columns(article) | {
        "content_sha256": digest,
        "version": 1,
        "first_seen_at": article.fetched_at,
    }
    row["last_seen_at"] = last.seen_at if isinstance(last, NotModified) else last.fetched_at
    version = (
        version_columns(article, digest) | change_columns(FIRST) | {"number": 1, "crawl_id": first.crawl}
    )
    told = {"article": [row], "article_version": [version], **part_rows(article)}
    return all(_has_rows(archive, number, table, rows) for table, rows in told.items())


def _has_rows(archive: Archive, number: int, table: str, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether an article has these rows in a table, and no others."""
    derived = columns(table, *_GIVEN, *_NOT_DERIVED, *_LOOKED)
    order = dict(_PARTS.values()).get(table, "article_id")
    sql = f"SELECT {', '.join(derived)} FROM {table} WHERE article_id = ? ORDER BY {order}"
    stored = archive.connection.execute(sql, (number,)).fetchall()
    return stored == [tuple(row[name] for name in derived) for row in rows]


@contextmanager
def _undone_unless(archive: Archive, apply: bool) -> Iterator[Callable[[], None]]:
    """Run in a savepoint that is rolled back, unless ``apply`` and the function it gives was called."""
    execute = archive.connection.execute
    kept: list[bool] = []
    archive.begin()
    execute("SAVEPOINT rewrite")
    try:
        yield lambda: kept.append(True)
    finally:
        if not (apply and kept):
            execute("ROLLBACK TO rewrite")
        execute("RELEASE rewrite")


def _derived(archive: Archive, article_id: int | None) -> dict[str, str]:
    """Return everything about an article that is derived from its captures, as text."""
    if article_id is None:
        return {}
    row = next(archive.rows("SELECT * FROM article WHERE article_id = ?", [article_id]))
    derived = {name: str(value or "") for name, value in row.items() if name not in _NOT_DERIVED}
    for name, (table, order) in _PARTS.items():
        sql = (
            f"SELECT {', '.join(columns(table, *_GIVEN))} FROM {table} WHERE article_id = ? ORDER BY {order}"
        )
        derived[name] = json.dumps(list(archive.rows(sql, [article_id])), ensure_ascii=False)
    return derived
