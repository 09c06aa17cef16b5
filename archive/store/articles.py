"""Articles: saved with every version of their text, seen again, missing, gone.

The history of an article is a fold over its captures: each text that differs from the one before it is a version.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from archive.model.article import Article
from archive.model.crawl import FailureType, FetchFailure, NotModified
from archive.model.plan import RecheckPolicy
from archive.search.former_index import forget_former
from archive.store.archive import Archive
from archive.store.article_rows import insert_article, update_article
from archive.store.likeness import text_sha256
from archive.store.seals import changing, next_number
from archive.store.versions import Change, article_columns, compare, content_sha256, version_fields

PARTS = ("credit", "image", "attachment")
"""Tables of what belongs to an article besides its text."""
FIRST = Change((), 0, 0, False)
"""What the first version changes."""


class Saved(StrEnum):
    """What saving an article did."""

    NEW = "new"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    HELD = "held"
    """Nothing: it waits for a judgement."""


Waits = Callable[[Mapping[str, str] | None], bool]
"""Told the current version of an article (None: it is not archived), tells whether the new text has to wait."""


def save_article(
    archive: Archive, article: Article, crawl: int, waits: Waits = lambda current: False
) -> Saved:
    """Store an article; tell whether it is new, revised or unchanged, or has to wait and was not stored.

    A revised article keeps its number and every earlier text (``article_version``).  The same bytes as
    those of the current version are never a revision, whatever a newer reading makes of them:
    ``zhijiang reparse`` brings those up to date.  Nor is what a reader would not call a change: a picture's
    new signature, blanks, 昨天 for 3小时前; the text keeps the digest and the addresses of its first look.
    """
    digest = content_sha256(article)
    with archive.transaction() as execute:
        before = execute(
            "SELECT article_id, version, content_sha256, published_on, published_at FROM article"
            " WHERE site = ? AND key = ?",
            (article.site, article.key),
        ).fetchone()
        execute(
            "DELETE FROM failure WHERE site = :site AND kind = :kind AND key = :key"
            " AND (last_crawl < :crawl OR failed_at <= :at)",
            {
                "site": article.site,
                "kind": FailureType.ARTICLE,
                "key": article.key,
                "crawl": crawl,
                "at": article.fetched_at,
            },
        )
        if before is None:
            if waits(None):
                return Saved.HELD
            row = {**_article_row(article), "content_sha256": digest, "first_seen_at": article.fetched_at}
            row |= {"site": article.site, "key": article.key}
            number = insert_article(archive.connection, row)
            _insert_parts(archive, number, article)
            _save_version(archive, number, 1, article, digest, crawl, FIRST)
            return Saved.NEW
        number, version, known_digest, *published = before
        same_page = article.parts == 1 and _is_page_of_version(archive, number, version, article.capture)
        if known_digest == digest or same_page:
            _seen(archive, number, article.fetched_at, crawl)
            return Saved.UNCHANGED
        current = _version(archive, number, version)
        change = compare(
            current,
            version_fields(article),
            looked_at=(current["seen_at"], article.fetched_at),
            same_date=_is_same_date(article, *published),
        )
        if not change.fields:  # another digest, but nothing that a reader would call a change
            _seen(archive, number, article.fetched_at, crawl)
            return Saved.UNCHANGED
        if waits(current):
            return Saved.HELD
        _end_absence(archive, number, article.fetched_at, crawl)
        with changing(archive, "article", [number]):
            _replace_text(archive, number, article, version + 1, digest)
        _save_version(archive, number, version + 1, article, digest, crawl, change)
        return Saved.REVISED


def save_not_modified(archive: Archive, seen: NotModified, crawl: int) -> None:
    """Note that an article is unchanged without having been read again."""
    with archive.transaction():
        number = article_id(archive, seen.site, seen.key)
        if number is not None:
            _seen(archive, number, seen.seen_at, crawl)


def replace_history(archive: Archive, article: Article, crawl: int) -> None:
    """Make this text the first and only version of an article that is archived."""
    digest = content_sha256(article)
    with archive.transaction() as execute:
        number = article_id(archive, article.site, article.key)
        assert number is not None
        versions = execute(
            "SELECT version_id FROM article_version WHERE article_id = ?", (number,)
        ).fetchall()
        with (
            changing(archive, "article", [number]),
            changing(archive, "article_version", [version for (version,) in versions]),
        ):
            forget_former(archive.connection, number)
            execute("DELETE FROM article_version WHERE article_id = ?", (number,))
            execute("UPDATE article SET first_seen_at = ? WHERE article_id = ?", (article.fetched_at, number))
            _replace_text(archive, number, article, 1, digest)
            _save_version(archive, number, 1, article, digest, crawl, FIRST)


def save_missing(archive: Archive, missing: Sequence[FetchFailure], crawl: int, policy: RecheckPolicy) -> int:
    """Mark archived articles that the site no longer shows; return how many are judged gone by that.

    An article is missing at first, and gone after ``policy.gone_days`` and ``policy.gone_looks``.
    It keeps everything, and is online again as soon as a crawl finds it.
    """
    gone = 0
    with archive.transaction() as execute:
        for failure in missing:
            number = article_id(archive, failure.site, failure.key or "")
            if number is None:
                continue
            seen = {"article": number, "at": failure.failed_at}
            with changing(archive, "absence", _open_absence(archive, number)):
                execute(_STILL_ABSENT, seen | {"reason": failure.reason, "crawl": crawl})
                judged = execute(_JUDGED_GONE, seen | {"looks": policy.gone_looks, "days": policy.gone_days})
            gone += judged.rowcount
            execute(_STATUS_OF_ABSENT, seen)
            execute(
                "DELETE FROM failure WHERE site = ? AND kind = ? AND key = ?",
                (failure.site, FailureType.ARTICLE, failure.key),
            )
    return gone


def article_id(archive: Archive, site: str, key: str) -> int | None:
    """Return the number of an article, None if it is not archived."""
    row = archive.connection.execute(
        "SELECT article_id FROM article WHERE site = ? AND key = ?", (site, key)
    ).fetchone()
    return int(row[0]) if row else None


def article_status(archive: Archive, site: str, key: str) -> str | None:
    """Return 在线, 失联 (missing) or 已消失 (gone); None if it is not archived."""
    row = archive.connection.execute(
        "SELECT status FROM article WHERE site = ? AND key = ?", (site, key)
    ).fetchone()
    return str(row[0]) if row else None


# --- parts of saving ------------------------------------------------------------------------------------

_STILL_ABSENT = """
INSERT INTO absence (article_id, since, reason, last_look_at, last_crawl)
VALUES (:article, :at, :reason, :at, :crawl)
ON CONFLICT (article_id) WHERE returned_at IS NULL DO UPDATE SET
  since = min(since, excluded.since), looks = looks + (last_crawl <> excluded.last_crawl), reason = excluded.reason,
  last_look_at = excluded.last_look_at, last_crawl = excluded.last_crawl
"""

_JUDGED_GONE = """
UPDATE absence SET gone_at = :at WHERE article_id = :article AND returned_at IS NULL
  AND gone_at IS NULL AND looks >= :looks AND julianday(:at) - julianday(since) >= :days
"""

_STATUS_OF_ABSENT = """
UPDATE article SET last_look_at = :at, status = (
  SELECT CASE WHEN gone_at IS NULL THEN '失联' ELSE '已消失' END FROM absence
  WHERE article_id = :article AND returned_at IS NULL)
WHERE article_id = :article
"""


def _end_absence(archive: Archive, number: int, at: str, crawl: int) -> None:
    """End what a later crawl than the last that did not find the article ends, whatever the clocks said."""
    execute = archive.connection.execute
    with changing(archive, "absence", _open_absence(archive, number)):
        ended = execute(
            "UPDATE absence SET returned_at = :at, since = min(since, :at)"
            " WHERE article_id = :article AND returned_at IS NULL"
            " AND (last_crawl < :crawl OR last_crawl = :crawl AND last_look_at <= :at)",
            {"at": at, "article": number, "crawl": crawl},
        )
    if ended.rowcount:
        execute("UPDATE article SET status = '在线' WHERE article_id = ?", (number,))


def _open_absence(archive: Archive, number: int) -> list[int]:
    found = archive.connection.execute(
        "SELECT absence_id FROM absence WHERE article_id = ? AND returned_at IS NULL", (number,)
    )
    return [absence for (absence,) in found]


def _is_same_date(article: Article, on: str | None, at: str | None) -> bool:
    """Tell whether the dates read are one: the same day, and no other minute where both tell one."""
    if on is None or article.published_on != on:
        return False
    return at is None or article.published_at is None or at[:16] == article.published_at[:16]


def _seen(archive: Archive, number: int, at: str, crawl: int) -> None:
    _end_absence(archive, number, at, crawl)
    archive.connection.execute(
        "UPDATE article SET last_seen_at = ?, last_look_at = ? WHERE article_id = ?", (at, at, number)
    )


def _is_page_of_version(archive: Archive, number: int, version: int, capture: int | None) -> bool:
    """Tell whether a capture has the same bytes as the page that a version was read from."""
    found = archive.connection.execute(
        "SELECT 1 FROM article_version v JOIN capture o ON o.capture_id = v.capture_id"
        " JOIN capture n ON n.payload_sha256 = o.payload_sha256"
        " WHERE v.article_id = ? AND v.number = ? AND n.capture_id = ?",
        (number, version, capture),
    ).fetchone()
    return found is not None


def _version(archive: Archive, number: int, version: int) -> dict[str, str]:
    sql = "SELECT * FROM article_version WHERE article_id = ? AND number = ?"
    return next(archive.rows(sql, [number, version]))


def _replace_text(archive: Archive, number: int, article: Article, version: int, digest: str) -> None:
    row = {**_article_row(article), "content_sha256": digest, "version": version}
    update_article(archive.connection, number, row)
    for table in PARTS:
        archive.connection.execute(f"DELETE FROM {table} WHERE article_id = ?", (number,))
    _insert_parts(archive, number, article)


def _article_row(article: Article) -> dict[str, Any]:
    looked = dict.fromkeys(("last_seen_at", "last_look_at"), article.fetched_at)
    return article_columns(article) | looked


def _save_version(
    archive: Archive, number: int, version: int, article: Article, digest: str, crawl: int, change: Change
) -> None:
    row = {
        "version_id": next_number(archive, "article_version"),
        **version_columns(article, digest),
        "article_id": number,
        "number": version,
        "crawl_id": crawl,
        **change_columns(change),
    }
    archive.insert("article_version", row)


def change_columns(change: Change) -> dict[str, Any]:
    """Return what a change tells of a row of the table ``article_version``."""
    return {
        "changed": json.dumps(change.fields),
        "added": change.added,
        "removed": change.removed,
        "minor": change.minor,
    }


def version_columns(article: Article, digest: str) -> dict[str, Any]:
    """Return what an article tells of its row of the table ``article_version``.  ``digest``: its ``content_sha256``."""
    return {
        **version_fields(article),
        "credits": json.dumps(
            [[c.label, c.role, c.name, c.org] for c in article.credits], ensure_ascii=False
        ),
        "capture_id": article.capture,
        "seen_at": article.fetched_at,
        "content_sha256": digest,
        "text_sha256": text_sha256(article.title, "\n".join(article.body)),
    }


def part_rows(article: Article) -> dict[str, list[dict[str, Any]]]:
    """Return what an article tells of its rows of other tables: table → rows in the order of their ``seq``."""
    rows: dict[str, list[dict[str, Any]]] = {
        "credit": [
            {
                "label": c.label,
                "role": c.role,
                "name": c.name,
                "org": c.org,
                "position": c.position,
                "rule": c.rule,
            }
            for c in article.credits
        ],
        "image": [{"url": i.url, "caption": i.caption, "paragraph": i.paragraph} for i in article.images],
        "attachment": [{"kind": a.kind, "url": a.url, "text": a.text} for a in article.attachments],
    }
    return {table: [{"seq": seq, **row} for seq, row in enumerate(found, 1)] for table, found in rows.items()}


def _insert_parts(archive: Archive, number: int, article: Article) -> None:
    """Add an article's credits, pictures and attachments."""
    for table, rows in part_rows(article).items():
        if rows:
            names = ("article_id", *rows[0])
            places = ", ".join("?" for _ in names)
            archive.connection.executemany(
                f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})",
                [(number, *row.values()) for row in rows],
            )
