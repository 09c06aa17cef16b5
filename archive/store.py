"""The archive file: open it, save what a crawl found, say what the next crawl has to fetch.

Saving is idempotent: saving the same article again changes nothing but ``last_seen_at``.
All times are UTC (``2024-01-16T02:03:04Z``) except an article's own date and time, which are local.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlite_utils import Database

from archive.article import Article, Role
from archive.frontier import Failure, Listing, Plan, SectionKind, SectionPlan, Target
from archive.migrations import APPLICATION_ID, migrations

MAX_ATTEMPTS = 5
"""After so many failed crawls an article is no longer asked for, except by a full crawl."""

BUSY_SECONDS = 10
"""How long a write waits for another program that holds the file."""


class ArchiveError(Exception):
    """The archive file cannot be used: names the file, the reason and what to do."""


class ArchiveBusy(ArchiveError):
    """Another program holds the archive; trying again later may work."""


class Saved(StrEnum):
    """What saving an article did."""

    NEW = "new"
    REVISED = "revised"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class CrawlResult:
    """How a crawl ended, for its record."""

    complete: bool
    reason: str = ""
    """What was wrong, a sentence a line, or ""."""
    pages: int = 0
    listed: int = 0
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    failed: int = 0
    fields: Mapping[str, int] | None = None
    """Field → how many articles of this crawl had it."""


class Archive:
    """One archive file.  Use it as a context manager; writes outside ``batch()`` commit one by one."""

    def __init__(self, path: Path, db: Database) -> None:
        self.path = path
        self.db = db

    @classmethod
    def open(cls, path: str | Path, *, create: bool = True) -> Self:
        """Open an archive for writing; make it, or bring an older one up to date, where needed.

        Raises ``ArchiveError`` (no archive, damaged, read-only, from a newer version) or ``ArchiveBusy``.
        """
        path = Path(path)
        if not path.exists() and not create:
            raise ArchiveError(f"{path}: no such archive (zhijiang crawl makes one)")
        with _clear_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(path, timeout=BUSY_SECONDS)
            try:
                db = Database(connection)
                _refuse_strangers(path, connection)
                db.enable_wal()
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute("PRAGMA synchronous = FULL")  # a committed article survives power loss
                migrations.apply(db)
                _describe(db)
            except BaseException:
                connection.close()
                raise
        return cls(path, db)

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Open an archive for reading only.  Raises ``ArchiveError`` or ``ArchiveBusy``."""
        path = Path(path)
        if not path.exists():
            raise ArchiveError(f"{path}: no such archive (zhijiang crawl makes one)")
        with _clear_errors(path):
            connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS
            )
            try:
                _refuse_strangers(path, connection)
                found = connection.execute("PRAGMA user_version").fetchone()[0]
                if found < len(migrations.pending(Database(memory=True))):
                    raise ArchiveError(
                        f"{path}: has schema {found}, older than this program's; "
                        "any zhijiang crawl on it brings it up to date"
                    )
            except BaseException:
                connection.close()
                raise
        return cls(path, Database(connection))

    def __enter__(self) -> Self:
        """Return the archive itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file, an open batch rolled back."""
        self.close()

    @property
    def connection(self) -> sqlite3.Connection:
        """The plain SQLite connection, for search and exports."""
        return self.db.conn

    def close(self) -> None:
        """Close the file and leave one plain file behind, no write-ahead log beside it.

        A file in WAL mode that is copied alone lacks its newest rows, and does not open at all on
        read-only media; so at rest the archive is in SQLite's default mode.
        """
        self.db.rollback()
        with suppress(sqlite3.OperationalError):  # a reader still has it open, or we only read
            self.db.conn.execute("PRAGMA journal_mode = DELETE")
        self.db.close()

    # --- batches -----------------------------------------------------------------------------------

    def begin(self) -> None:
        """Open a batch: what is saved from now on is committed together by ``commit``.

        Does nothing if one is open.  Raises ``ArchiveBusy``.
        """
        if not self.connection.in_transaction:
            with _clear_errors(self.path):
                self.connection.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Make the open batch durable.  Does nothing if none is open."""
        with _clear_errors(self.path):
            self.db.commit()

    # --- crawls ------------------------------------------------------------------------------------

    def begin_crawl(self, site: str, *, software: str, options: Mapping[str, Any]) -> int:
        """Write the record of a crawl that starts now; return its number."""
        with self.db.atomic():
            row = self.connection.execute(
                "INSERT INTO crawl (site, started_at, software, options) VALUES (?, ?, ?, ?) RETURNING crawl_id",
                (site, utc_now(), software, json.dumps(options, ensure_ascii=False, default=str)),
            ).fetchone()
        return int(row[0])

    def finish_crawl(self, crawl: int, result: CrawlResult) -> None:
        """Complete the record of a crawl."""
        with self.db.atomic():
            self.connection.execute(
                "UPDATE crawl SET finished_at = ?, outcome = ?, reason = ?, pages = ?, listed = ?, new = ?,"
                " revised = ?, unchanged = ?, failed = ?, fields = ? WHERE crawl_id = ?",
                (
                    utc_now(),
                    "complete" if result.complete else "incomplete",
                    result.reason,
                    result.pages,
                    result.listed,
                    result.new,
                    result.revised,
                    result.unchanged,
                    result.failed,
                    json.dumps(result.fields or {}, ensure_ascii=False),
                    crawl,
                ),
            )

    def plan(
        self, site: str, *, sections: Sequence[str] = (), since: str | None = None, full: bool = False
    ) -> Plan:
        """Return the work of the next crawl of a site.

        ``sections``: only these slugs.  ``since``: leave out pending entries whose list date is earlier.
        ``full``: every article counts as not archived, and pages given up are asked for again.
        """
        query = self.connection.execute
        plans = []
        for section_id, slug, kind, url, backlog_url, backlog_crawl in query(
            "SELECT section_id, slug, kind, url, backlog_url, backlog_crawl FROM section WHERE site = ?"
            " ORDER BY section_id",
            (site,),
        ).fetchall():
            if sections and slug not in sections:
                continue
            entries = query(
                "SELECT key, first_crawl FROM listing WHERE section_id = ?", (section_id,)
            ).fetchall()
            plans.append(
                SectionPlan(
                    slug=slug,
                    url=url,
                    kind=SectionKind(kind),
                    listed=frozenset(key for key, _ in entries),
                    settled=frozenset(
                        key for key, first in entries if backlog_crawl is None or first < backlog_crawl
                    ),
                    backlog_url=backlog_url,
                )
            )
        pending = query(
            """SELECT l.key, l.url FROM listing l JOIN section s ON s.section_id = l.section_id
               LEFT JOIN failure f ON f.site = s.site AND f.kind = 'article' AND f.key = l.key
               WHERE s.site = :site
                 AND NOT EXISTS (SELECT 1 FROM article a WHERE a.site = s.site AND a.key = l.key)
                 AND (:full OR coalesce(f.attempts, 0) < :max_attempts)
                 AND (:since IS NULL OR l.date_on IS NULL OR l.date_on >= :since)
                 AND (:slugs = '[]' OR s.slug IN (SELECT value FROM json_each(:slugs)))
               GROUP BY l.key ORDER BY min(l.listing_id)""",
            {
                "site": site,
                "full": full,
                "max_attempts": MAX_ATTEMPTS,
                "since": since,
                "slugs": json.dumps(list(sections)),
            },
        ).fetchall()
        archived = frozenset(key for (key,) in query("SELECT key FROM article WHERE site = ?", (site,)))
        return Plan(
            sections=tuple(plans),
            pending=tuple(Target(key, url) for key, url in pending),
            archived=frozenset() if full else archived,
        )

    # --- saving ------------------------------------------------------------------------------------

    def save_listing(self, listing: Listing, crawl: int) -> int:
        """Store a list page's entries and how far its section has been walked.

        Returns how many entries were never seen in this section before.
        """
        with self._transaction() as execute:
            before = execute(
                "SELECT section_id, backlog_url FROM section WHERE site = ? AND slug = ?",
                (listing.site, listing.slug),
            ).fetchone()
            if before is None:
                section_id = execute(
                    "INSERT INTO section (site, slug, kind, url) VALUES (?, ?, ?, ?) RETURNING section_id",
                    (listing.site, listing.slug, listing.kind, listing.url),
                ).fetchone()[0]
            else:
                section_id = before[0]
            execute(
                """UPDATE section SET
                     name = CASE WHEN :name <> '' THEN :name ELSE name END,
                     backlog_crawl = CASE WHEN :remaining IS NULL THEN NULL
                                          WHEN backlog_url IS NULL THEN :crawl ELSE backlog_crawl END,
                     backlog_url = :remaining, stop = :stop, last_crawl = :crawl
                   WHERE section_id = :section_id""",
                {
                    "name": listing.name,
                    "remaining": listing.remaining,
                    "stop": listing.stop,
                    "crawl": crawl,
                    "section_id": section_id,
                },
            )
            known = execute("SELECT count(*) FROM listing WHERE section_id = ?", (section_id,)).fetchone()[0]
            for position, entry in enumerate(listing.entries, 1):
                execute(
                    """INSERT INTO listing (section_id, key, url, title, date_raw, date_on, page, position,
                                            first_crawl, last_crawl, first_seen_at, last_seen_at)
                       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                       ON CONFLICT (section_id, key) DO UPDATE SET url = excluded.url, title = excluded.title,
                         date_raw = excluded.date_raw, date_on = excluded.date_on, page = excluded.page,
                         position = excluded.position, last_crawl = excluded.last_crawl,
                         last_seen_at = excluded.last_seen_at""",
                    (
                        section_id,
                        entry.key,
                        entry.url,
                        entry.title,
                        entry.date_raw,
                        entry.date_on,
                        listing.number,
                        position,
                        crawl,
                        crawl,
                        listing.fetched_at,
                        listing.fetched_at,
                    ),
                )
            execute(
                "DELETE FROM failure WHERE site = ? AND kind = 'section' AND url = ?",
                (listing.site, listing.url),
            )
            now = execute("SELECT count(*) FROM listing WHERE section_id = ?", (section_id,)).fetchone()[0]
        return int(now - known)

    def save(self, article: Article, crawl: int) -> Saved:
        """Store an article; tell whether it is new, revised or unchanged.

        A revised article keeps its number and every earlier text (``article_version``).
        """
        digest = content_sha256(article)
        with self._transaction() as execute:
            before = execute(
                "SELECT article_id, version, content_sha256 FROM article WHERE site = ? AND key = ?",
                (article.site, article.key),
            ).fetchone()
            execute(
                "DELETE FROM failure WHERE site = ? AND kind = 'article' AND key = ?",
                (article.site, article.key),
            )
            if before is None:
                row = {**_article_row(article), "content_sha256": digest, "first_seen_at": article.fetched_at}
                row |= {"site": article.site, "key": article.key}
                columns = ", ".join(row)
                places = ", ".join(f":{name}" for name in row)
                article_id = execute(
                    f"INSERT INTO article ({columns}) VALUES ({places}) RETURNING article_id", row
                ).fetchone()[0]
                self._save_parts(article_id, article)
                self._save_version(article_id, 1, article, digest, crawl, changed=[])
                return Saved.NEW
            article_id, number, known_digest = before
            if known_digest == digest:
                execute(
                    "UPDATE article SET last_seen_at = ?, status = '在线', gone_on = NULL WHERE article_id = ?",
                    (article.fetched_at, article_id),
                )
                return Saved.UNCHANGED
            changed = self._changed_fields(article_id, number, article)
            row = {**_article_row(article), "content_sha256": digest, "version": number + 1}
            assignments = ", ".join(f"{name} = :{name}" for name in row)
            execute(
                f"UPDATE article SET {assignments}, status = '在线', gone_on = NULL WHERE article_id = :article_id",
                {**row, "article_id": article_id},
            )
            self._save_parts(article_id, article)
            self._save_version(article_id, number + 1, article, digest, crawl, changed)
            return Saved.REVISED

    def save_failure(self, failure: Failure, crawl: int) -> None:
        """Remember a page that could not be fetched or read, and how often that has happened."""
        with self._transaction() as execute:
            execute(
                """INSERT INTO failure (site, kind, key, url, reason, first_crawl, last_crawl, failed_at)
                   VALUES (:site, :kind, :key, :url, :reason, :crawl, :crawl, :failed_at)
                   ON CONFLICT (site, kind, url) DO UPDATE SET reason = excluded.reason,
                     attempts = attempts + (last_crawl <> excluded.last_crawl),
                     last_crawl = excluded.last_crawl, failed_at = excluded.failed_at""",
                {
                    "site": failure.site,
                    "kind": failure.kind,
                    "key": failure.key,
                    "url": failure.url,
                    "reason": failure.reason,
                    "crawl": crawl,
                    "failed_at": failure.failed_at,
                },
            )

    # --- parts of saving ---------------------------------------------------------------------------

    @contextmanager
    def _transaction(self) -> Iterator[Any]:
        """Run one save as a whole, inside the open batch or on its own."""
        with _clear_errors(self.path), self.db.atomic():
            yield self.connection.execute

    def _save_parts(self, article_id: int, article: Article) -> None:
        """Replace an article's credits, pictures and attachments."""
        execute, many = self.connection.execute, self.connection.executemany
        for table in ("credit", "image", "attachment"):
            execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))
        many(
            "INSERT INTO credit (article_id, seq, label, role, name, org, position, rule)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (article_id, seq, c.label, c.role, c.name, c.org, c.position, c.rule)
                for seq, c in enumerate(article.credits, 1)
            ),
        )
        many(
            "INSERT INTO image (article_id, seq, url, caption, paragraph) VALUES (?, ?, ?, ?, ?)",
            ((article_id, seq, i.url, i.caption, i.paragraph) for seq, i in enumerate(article.images, 1)),
        )
        many(
            "INSERT INTO attachment (article_id, seq, kind, url, text) VALUES (?, ?, ?, ?, ?)",
            ((article_id, seq, a.kind, a.url, a.text) for seq, a in enumerate(article.attachments, 1)),
        )

    def _save_version(
        self, article_id: int, number: int, article: Article, digest: str, crawl: int, changed: list[str]
    ) -> None:
        row = {
            **_version_fields(article),
            "article_id": article_id,
            "number": number,
            "crawl_id": crawl,
            "seen_at": article.fetched_at,
            "changed": json.dumps(changed),
            "content_sha256": digest,
        }
        places = ", ".join(f":{name}" for name in row)
        self.connection.execute(f"INSERT INTO article_version ({', '.join(row)}) VALUES ({places})", row)

    def _changed_fields(self, article_id: int, number: int, article: Article) -> list[str]:
        """Name the fields in which an article differs from its version of that number."""
        now = _version_fields(article)
        then = self.connection.execute(
            f"SELECT {', '.join(now)} FROM article_version WHERE article_id = ? AND number = ?",
            (article_id, number),
        ).fetchone()
        return [name for name, old in zip(now, then, strict=True) if now[name] != old]


def utc_now() -> str:
    """Return the time now as the archive writes it: UTC, whole seconds, ``2024-01-16T02:03:04Z``."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def content_sha256(article: Article) -> str:
    """Return the digest that tells two texts of an article apart.

    SHA-256 over the JSON of its version fields (title, kicker, subtitle, section, printed date, source,
    body, credit line, pictures with captions), UTF-8, keys in that order.
    """
    text = json.dumps(_version_fields(article), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _version_fields(article: Article) -> dict[str, str]:
    return {
        "title": article.title,
        "kicker": article.kicker,
        "subtitle": article.subtitle,
        "section": article.section,
        "published_raw": article.published_raw,
        "source": article.source,
        "body": "\n".join(article.body),
        "credit_line": article.credit_line,
        "images": json.dumps([[image.url, image.caption] for image in article.images], ensure_ascii=False),
    }


def _article_row(article: Article) -> dict[str, Any]:
    fields = {name: value for name, value in _version_fields(article).items() if name != "images"}
    return fields | {
        "url": article.url,
        "breadcrumb": json.dumps(article.breadcrumb, ensure_ascii=False),
        "published_on": article.published_on,
        "published_at": article.published_at,
        "source_raw": article.source_raw,
        "last_seen_at": article.fetched_at,
    }


def _describe(db: Database) -> None:
    """Write what tells the file's kind and schema, and the roles this program knows."""
    with db.atomic():
        db.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.conn.execute(f"PRAGMA user_version = {len(migrations.applied(db))}")
        db.conn.executemany(
            "INSERT INTO role (role, grp, english, sort) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (role) DO UPDATE SET grp = excluded.grp, english = excluded.english, sort = excluded.sort",
            [(role, role.group, role.english, number) for number, role in enumerate(Role, 1)],
        )


def _refuse_strangers(path: Path, connection: sqlite3.Connection) -> None:
    """Refuse a database that is not ours, or that a newer version of the program made."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if application != APPLICATION_ID and tables:
        raise ArchiveError(f"{path}: is a database, but no archive of zhijiang; choose another file name")
    schema = connection.execute("PRAGMA user_version").fetchone()[0]
    ours = len(migrations.pending(Database(memory=True)))
    if schema > ours:
        raise ArchiveError(
            f"{path}: was made by a newer zhijiang (schema {schema}, this one knows {ours}); "
            f"zhijiang {version('zhijiang')} must be updated"
        )


@contextmanager
def _clear_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours, which name the file and what to do."""
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if "locked" in text or "busy" in text:
            raise ArchiveBusy(f"{path}: is in use by another program ({text}); try again later") from error
        if "full" in text:
            raise ArchiveError(f"{path}: the disk is full; make room and run again") from error
        raise ArchiveError(f"{path}: cannot be used: {text}") from error
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.IntegrityError):
            raise
        raise ArchiveError(f"{path}: is no archive, or is damaged: {error}") from error
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be used: {error.strerror or error}") from error
