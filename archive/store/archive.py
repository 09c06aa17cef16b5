"""The archive file: open it, save what a crawl found, say what the next crawl has to fetch.

Saving is idempotent: saving the same article again changes nothing but ``last_seen_at``.
All times are UTC (``2024-01-16T02:03:04Z``) except an article's own date and time, which are local.
"""

import hashlib
import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlite_utils import Database

from archive.care.health import judge_health, reconcile, record_sections
from archive.evidence.media import sniff
from archive.evidence.warc_reader import Record, WarcError, read_record
from archive.evidence.warc_writer import MAX_BYTES, Exchange, RevisitTarget, WarcWriter, close_leftovers
from archive.model.article import Article, Role
from archive.model.crawl import FetchFailure, Listing, MediaFile, NotModified
from archive.model.plan import HealthPolicy, Plan, RecheckPolicy
from archive.store.dictionary import entries
from archive.store.errors import OUR_MISTAKES, ArchiveError, clear_errors, named_error
from archive.store.migrations import APPLICATION_ID, migrate, migrations, newest_schema
from archive.store.mounts import network_drive
from archive.store.plan import make_plan
from archive.store.versions import Change, article_columns, compare, content_sha256, version_fields
from archive.times import utc_now

BUSY_SECONDS = 10
"""How long a write waits for another program that holds the file."""


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
    delay: float | None = None
    """Seconds between two requests to the site."""
    unknown_labels: Mapping[str, int] | None = None
    """Credit label that the role table does not know → how often it was met in this crawl."""


class Archive:
    """One archive file.  Use it as a context manager; writes outside ``batch()`` commit one by one."""

    def __init__(self, path: Path, db: Database) -> None:
        self.path = path
        self.db = db
        self._warc: WarcWriter | None = None

    @classmethod
    def open(cls, path: str | Path, *, create: bool = True, schema: int | None = None) -> Self:
        """Open an archive for writing; make it, or bring an older one up to date, where needed.

        ``schema``: go no further than this one, for rows that were written under it.

        Raises ``ArchiveError`` (no archive, damaged, read-only, on a network drive, from a newer version) or ``ArchiveBusy``.
        """
        path = Path(path)
        if not path.exists() and not create:
            raise ArchiveError(f"{path}: no such archive (zhijiang crawl makes one)")
        if kind := network_drive(path):
            raise ArchiveError(
                f"{path}: lies on a network drive ({kind}), where SQLite cannot keep two writers apart; "
                "keep the archive on a disk of this machine, and put a zhijiang snapshot on the drive"
            )
        with clear_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(path, timeout=BUSY_SECONDS)
            try:
                db = Database(connection)
                _refuse_strangers(path, connection)
                db.enable_wal()
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute("PRAGMA synchronous = FULL")  # a committed article survives power loss
                connection.execute("BEGIN IMMEDIATE")
                migrate(db, schema)
                _describe(db)
                connection.commit()  # all steps or none: a killed program leaves no file between two schemas
            except BaseException:
                connection.close()
                raise
        return cls(path, db)

    @classmethod
    def read(cls, path: str | Path, *, timeout: float = BUSY_SECONDS) -> Self:
        """Open an archive for reading only; wait ``timeout`` seconds for a program that has locked it.

        Raises ``ArchiveError`` or ``ArchiveBusy``.
        """
        path = Path(path)
        if not path.exists():
            raise ArchiveError(f"{path}: no such archive (zhijiang crawl makes one)")
        with clear_errors(path):
            connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=timeout)
            try:
                _refuse_strangers(path, connection)
                found = connection.execute("PRAGMA user_version").fetchone()[0]
                if found < newest_schema():
                    raise ArchiveError(
                        f"{path}: has schema {found}, older than this program's; "
                        "zhijiang reindex or any zhijiang crawl on it brings it up to date"
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
        """Close the file, an open batch rolled back; an error of SQLite becomes one that names the file."""
        self.close()
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, OUR_MISTAKES):
            raise named_error(self.path, error) from error

    @property
    def connection(self) -> sqlite3.Connection:
        """The plain SQLite connection, for search and exports."""
        return self.db.conn

    def close(self) -> None:
        """Close the file and leave one plain file behind, no write-ahead log beside it.

        A file in WAL mode that is copied alone lacks its newest rows, and does not open at all on
        read-only media; so when closed the archive is in SQLite's default mode.
        """
        if self._warc is not None:
            self._warc.abandon()
        self.db.rollback()
        with suppress(sqlite3.DatabaseError):  # a reader still has it open, or we only read, or it is damaged
            self.db.conn.execute("PRAGMA journal_mode = DELETE")
        self.db.close()

    # --- batches -----------------------------------------------------------------------------------

    def begin(self) -> None:
        """Open a batch: what is saved from now on is committed together by ``commit``.

        Does nothing if one is open.  Raises ``ArchiveBusy``.
        """
        if not self.connection.in_transaction:
            with clear_errors(self.path):
                self.connection.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Make the open batch durable.  Does nothing if none is open."""
        with clear_errors(self.path):
            if self._warc is not None:
                self._warc.sync()  # evidence first: no row refers to bytes that are not on disk
                self._record_closed_files()
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
        """Complete the record of a crawl and its WARC files."""
        with self._transaction():
            if self._warc is not None:
                self._warc.close()
                self._record_closed_files()
                self._warc = None
            self.connection.execute(
                "UPDATE crawl SET finished_at = ?, outcome = ?, reason = ?, pages = ?, listed = ?, new = ?,"
                " revised = ?, unchanged = ?, failed = ?, fields = ?, delay = ?, unknown_labels = ? WHERE crawl_id = ?",
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
                    result.delay,
                    json.dumps(result.unknown_labels or {}, ensure_ascii=False),
                    crawl,
                ),
            )

    def plan(
        self,
        site: str,
        *,
        sections: Sequence[str] = (),
        since: str | None = None,
        full: bool = False,
        policy: RecheckPolicy | None = None,
        now: datetime | None = None,
    ) -> Plan:
        """Return the work of the next crawl of a site; see ``archive.plan``.  Raises ``ArchiveError``."""
        policy, now = policy or RecheckPolicy(), now or datetime.now(UTC)
        with clear_errors(self.path):
            return make_plan(
                self.db,
                site,
                sections=sections,
                since=since,
                full=full,
                policy=policy,
                now=now.astimezone(UTC),
            )

    # --- evidence ----------------------------------------------------------------------------------

    @property
    def warc_folder(self) -> Path:
        """Return where the archive's WARC files lie: ``zhijiang.db`` has ``zhijiang.warc/`` beside it."""
        return self.path.with_suffix(".warc")

    def begin_warc(self, site: str, info: Mapping[str, str], *, max_bytes: int = MAX_BYTES) -> None:
        """Keep the bytes of what is captured from now on, as WARC files.

        ``info``: what their ``warcinfo`` records say.  Completes the files of a crawl that was killed.
        """
        with self._transaction() as execute:
            for closed in close_leftovers(self.warc_folder):
                execute(_CLOSE_WARC, (closed.bytes, closed.sha256, closed.name))
        self._warc = WarcWriter(self.warc_folder, site, info, max_bytes=max_bytes)

    def save_capture(
        self, exchange: Exchange, crawl: int, *, kind: str, site: str, key: str | None = None
    ) -> int:
        """Store one request and its answer; return the capture's number.

        ``kind``: ``article``, ``section``, ``media``, ``robots`` or ``other``.  ``key``: the identity of the
        article that the address has.  The bytes go into a WARC file if one was begun; a body that is known
        already is not stored again.
        """
        digest = hashlib.sha256(exchange.body).hexdigest()
        with self._transaction() as execute:
            earlier = self._capture_with_same_body(exchange, digest)
            row: dict[str, Any] = {
                "crawl_id": crawl,
                "kind": kind,
                "site": site,
                "key": key,
                "url": exchange.url,
                "captured_at": exchange.captured_at,
                "status": exchange.status,
                **_content_type(exchange.header("content-type")),
                "redirect_to": exchange.header("location"),
                "etag": exchange.header("etag"),
                "last_modified": exchange.header("last-modified"),
                "payload_bytes": len(exchange.body),
                "payload_sha256": digest,
            }
            if self._warc is not None:
                same_as = earlier and RevisitTarget(earlier[1], earlier[2])
                location = self._warc.write(exchange, same_as)
                row |= {
                    "revisit_of": earlier and earlier[0],
                    "warc_id": self._warc_id(location.file, crawl),
                    "warc_offset": location.offset,
                    "warc_length": location.length,
                    "record_id": location.record_id,
                }
            return _insert(execute, "capture", row)

    def save_capture_error(
        self,
        url: str,
        captured_at: str,
        error: str,
        crawl: int,
        *,
        kind: str,
        site: str,
        key: str | None = None,
    ) -> int:
        """Store a request that brought no answer; return the capture's number."""
        row = {
            "crawl_id": crawl,
            "kind": kind,
            "site": site,
            "key": key,
            "url": url,
            "captured_at": captured_at,
            "error": error,
        }
        with self._transaction() as execute:
            return _insert(execute, "capture", row)

    def read_capture(self, capture: int) -> Record:
        """Read a capture's bytes back.  Raises ``WarcError`` where there are none."""
        row = self.connection.execute(
            "SELECT w.name, c.warc_offset, c.revisit_of FROM capture c"
            " LEFT JOIN warc_file w ON w.warc_id = c.warc_id WHERE c.capture_id = ?",
            (capture,),
        ).fetchone()
        if row is None or row[0] is None:
            raise WarcError(f"{self.path}: of capture {capture} no bytes were kept")
        record = read_record(self.warc_folder, row[0], row[1])
        return record if row[2] is None else record.with_body_of(self.read_capture(row[2]))

    def read_part(self, first: int, url: str) -> Record | None:
        """Read back a further page of an article, as captured behind its first page; None if it was not.

        ``first``: the capture of the first page.
        """
        row = self.connection.execute(
            "SELECT p.capture_id FROM capture p JOIN capture c ON c.capture_id = ? AND p.crawl_id = c.crawl_id"
            " AND p.site = c.site AND p.key = c.key AND p.capture_id > c.capture_id"
            " WHERE p.kind = 'part' AND p.status = 200 AND p.url = ? ORDER BY p.capture_id LIMIT 1",
            (first, url),
        ).fetchone()
        return self.read_capture(row[0]) if row else None

    def _capture_with_same_body(self, exchange: Exchange, digest: str) -> tuple[int, str, str] | None:
        """Return (number, address, time) of an earlier capture that holds the body of this answer."""
        execute = self.connection.execute
        if exchange.status == 304:
            found = execute(
                "SELECT coalesce(c.revisit_of, c.capture_id), c.url, c.captured_at FROM capture c"
                " WHERE c.url = ? AND c.status = 200 AND c.warc_id IS NOT NULL ORDER BY c.capture_id DESC LIMIT 1",
                (exchange.url,),
            ).fetchone()
        elif exchange.body:
            found = execute(
                "SELECT capture_id, url, captured_at FROM capture"
                " WHERE payload_sha256 = ? AND revisit_of IS NULL AND warc_id IS NOT NULL AND status = ? LIMIT 1",
                (digest, exchange.status),
            ).fetchone()
        else:
            found = None
        return found and (found[0], found[1], found[2])

    def _warc_id(self, name: str, crawl: int) -> int:
        execute = self.connection.execute
        execute(
            "INSERT INTO warc_file (name, crawl_id) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
            (name, crawl),
        )
        return int(execute("SELECT warc_id FROM warc_file WHERE name = ?", (name,)).fetchone()[0])

    def _record_closed_files(self) -> None:
        if self._warc is not None:
            for closed in self._warc.closed:
                self.connection.execute(_CLOSE_WARC, (closed.bytes, closed.sha256, closed.name))
            self._warc.closed.clear()

    def judge_crawl(self, crawl: int, policy: HealthPolicy, *, now: datetime | None = None) -> list[str]:
        """Write what a crawl found in each section, and return what is wrong with it; see ``archive.health``."""
        with self._transaction():
            record_sections(self.db, crawl)
            return judge_health(self.db, crawl, policy, now or datetime.now(UTC))

    def reconcile(self, site: str) -> list[str]:
        """Return for each section that lists more than the archive holds: how many, and which."""
        return reconcile(self.db, site)

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
            if now > known:
                execute(
                    "UPDATE section SET last_new_page = ? WHERE section_id = ?", (listing.number, section_id)
                )
        return int(now - known)

    def save(self, article: Article, crawl: int) -> Saved:
        """Store an article; tell whether it is new, revised or unchanged.

        A revised article keeps its number and every earlier text (``article_version``).  The same bytes as
        those of the current version are never a revision, whatever a newer reading makes of them:
        ``zhijiang reparse`` brings those up to date.
        """
        digest = content_sha256(article)
        with self._transaction() as execute:
            before = execute(
                "SELECT article_id, version, content_sha256 FROM article WHERE site = ? AND key = ?",
                (article.site, article.key),
            ).fetchone()
            execute(
                "DELETE FROM failure WHERE site = ? AND kind = 'article' AND key = ? AND failed_at <= ?",
                (article.site, article.key, article.fetched_at),
            )
            if before is None:
                row = {**_article_row(article), "content_sha256": digest, "first_seen_at": article.fetched_at}
                article_id = _insert(execute, "article", row | {"site": article.site, "key": article.key})
                self._save_parts(article_id, article)
                self._save_version(article_id, 1, article, digest, crawl, Change((), 0, 0, False))
                return Saved.NEW
            article_id, number, known_digest = before
            self._end_absence(article_id, article.fetched_at)
            same_page = article.parts == 1 and self._is_page_of_version(article_id, number, article.capture)
            if known_digest == digest or same_page:
                self._touch(article_id, article.fetched_at)
                return Saved.UNCHANGED
            change = compare(self._version(article_id, number), version_fields(article))
            self._replace_text(article_id, article, number + 1, digest)
            self._save_version(article_id, number + 1, article, digest, crawl, change)
            return Saved.REVISED

    def replace_history(self, article: Article, crawl: int) -> None:
        """Make this text the first and only version of an article that is archived."""
        digest = content_sha256(article)
        with self._transaction() as execute:
            article_id = self.article_id(article.site, article.key)
            assert article_id is not None
            execute("DELETE FROM article_version WHERE article_id = ?", (article_id,))
            execute(
                "UPDATE article SET first_seen_at = ? WHERE article_id = ?", (article.fetched_at, article_id)
            )
            self._replace_text(article_id, article, 1, digest)
            self._save_version(article_id, 1, article, digest, crawl, Change((), 0, 0, False))

    def save_seen(self, seen: NotModified) -> None:
        """Note that an article is unchanged without having been read again."""
        with self._transaction():
            article_id = self.article_id(seen.site, seen.key)
            if article_id is not None:
                self._end_absence(article_id, seen.seen_at)
                self._touch(article_id, seen.seen_at)

    def article_id(self, site: str, key: str) -> int | None:
        """Return the number of an article, None if it is not archived."""
        row = self.connection.execute(
            "SELECT article_id FROM article WHERE site = ? AND key = ?", (site, key)
        ).fetchone()
        return int(row[0]) if row else None

    def article_status(self, site: str, key: str) -> str | None:
        """Return 在线, 失联 (missing) or 已消失 (gone); None if it is not archived."""
        row = self.connection.execute(
            "SELECT status FROM article WHERE site = ? AND key = ?", (site, key)
        ).fetchone()
        return str(row[0]) if row else None

    def save_missing(self, missing: Sequence[FetchFailure], crawl: int, policy: RecheckPolicy) -> int:
        """Mark archived articles that the site no longer shows; return how many are judged gone by that.

        An article is missing at first, and gone after ``policy.gone_days`` and ``policy.gone_looks``.
        It keeps everything, and is online again as soon as a crawl finds it.
        """
        gone = 0
        with self._transaction() as execute:
            for failure in missing:
                article_id = self.article_id(failure.site, failure.key or "")
                if article_id is None:
                    continue
                execute(
                    """INSERT INTO absence (article_id, since, reason, last_look_at, last_crawl)
                       VALUES (:article, :at, :reason, :at, :crawl)
                       ON CONFLICT (article_id) WHERE returned_at IS NULL DO UPDATE SET
                         looks = looks + (last_crawl <> excluded.last_crawl), reason = excluded.reason,
                         last_look_at = excluded.last_look_at, last_crawl = excluded.last_crawl""",
                    {
                        "article": article_id,
                        "at": failure.failed_at,
                        "reason": failure.reason,
                        "crawl": crawl,
                    },
                )
                judged = execute(
                    """UPDATE absence SET gone_at = :at WHERE article_id = :article AND returned_at IS NULL
                         AND gone_at IS NULL AND looks >= :looks AND julianday(:at) - julianday(since) >= :days""",
                    {
                        "article": article_id,
                        "at": failure.failed_at,
                        "looks": policy.gone_looks,
                        "days": policy.gone_days,
                    },
                ).rowcount
                gone += judged
                execute(
                    """UPDATE article SET last_look_at = :at, status = (
                         SELECT CASE WHEN gone_at IS NULL THEN '失联' ELSE '已消失' END FROM absence
                         WHERE article_id = :article AND returned_at IS NULL)
                       WHERE article_id = :article""",
                    {"article": article_id, "at": failure.failed_at},
                )
                execute(
                    "DELETE FROM failure WHERE site = ? AND kind = 'article' AND key = ?",
                    (failure.site, failure.key),
                )
        return gone

    def save_media(self, media: MediaFile, site: str) -> bool:
        """Store what an address held, once however many addresses hold it.

        Returns False, and stores nothing, when the bytes are neither a picture nor a file that articles offer.
        """
        kind = sniff(media.body)
        if kind is None:
            return False
        digest = hashlib.sha256(media.body).hexdigest()
        with self._transaction() as execute:
            row = {
                "sha256": digest,
                "mime": kind.mime,
                "bytes": len(media.body),
                "width": kind.width,
                "height": kind.height,
                "capture_id": media.capture,
            }
            known = execute("SELECT media_id FROM media WHERE sha256 = ?", (digest,)).fetchone()
            media_id = known[0] if known else _insert(execute, "media", row)
            execute(
                """INSERT INTO media_address (url, media_id, capture_id) VALUES (?, ?, ?)
                   ON CONFLICT (url) DO UPDATE SET media_id = excluded.media_id, capture_id = excluded.capture_id""",
                (media.url, media_id, media.capture),
            )
            execute("DELETE FROM failure WHERE site = ? AND kind = 'media' AND url = ?", (site, media.url))
        return True

    def save_failure(self, failure: FetchFailure, crawl: int) -> None:
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
            if failure.kind == "section":
                execute(
                    "UPDATE section SET stop = 'error' WHERE site = ? AND ? IN (url, backlog_url)",
                    (failure.site, failure.url),
                )

    # --- parts of saving ---------------------------------------------------------------------------

    @contextmanager
    def _transaction(self) -> Iterator[Any]:
        """Run one save as a whole, inside the open batch or on its own.

        On its own it is a batch too: a transaction that reads before it writes is refused at once, however
        patient, when another program (an export that notes its event) has written in between.
        """
        alone = not self.connection.in_transaction
        self.begin()
        with clear_errors(self.path):
            try:
                with self.db.atomic():
                    yield self.connection.execute
            except BaseException:
                if alone and self.connection.in_transaction:
                    self.connection.rollback()
                raise
            if alone:
                self.db.commit()

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

    def _replace_text(self, article_id: int, article: Article, number: int, digest: str) -> None:
        row = {**_article_row(article), "content_sha256": digest, "version": number}
        assignments = ", ".join(f"{name} = :{name}" for name in row)
        self.connection.execute(
            f"UPDATE article SET {assignments} WHERE article_id = :article_id",
            {**row, "article_id": article_id},
        )
        self._save_parts(article_id, article)

    def _save_version(
        self, article_id: int, number: int, article: Article, digest: str, crawl: int, change: Change
    ) -> None:
        row = {
            **version_fields(article),
            "credits": json.dumps(
                [[c.label, c.role, c.name, c.org] for c in article.credits], ensure_ascii=False
            ),
            "article_id": article_id,
            "number": number,
            "crawl_id": crawl,
            "capture_id": article.capture,
            "seen_at": article.fetched_at,
            "changed": json.dumps(change.fields),
            "added": change.added,
            "removed": change.removed,
            "minor": change.minor,
            "content_sha256": digest,
        }
        _insert(self.connection.execute, "article_version", row)

    def _version(self, article_id: int, number: int) -> dict[str, str]:
        sql = "SELECT * FROM article_version WHERE article_id = ? AND number = ?"
        return next(self.db.query(sql, [article_id, number]))

    def _is_page_of_version(self, article_id: int, number: int, capture: int | None) -> bool:
        """Tell whether a capture has the same bytes as the page that a version was read from."""
        found = self.connection.execute(
            "SELECT 1 FROM article_version v JOIN capture o ON o.capture_id = v.capture_id"
            " JOIN capture n ON n.payload_sha256 = o.payload_sha256"
            " WHERE v.article_id = ? AND v.number = ? AND n.capture_id = ?",
            (article_id, number, capture),
        ).fetchone()
        return found is not None

    def _touch(self, article_id: int, at: str) -> None:
        self.connection.execute(
            "UPDATE article SET last_seen_at = ?, last_look_at = ? WHERE article_id = ?", (at, at, article_id)
        )

    def _end_absence(self, article_id: int, at: str) -> None:
        execute = self.connection.execute
        ended = execute(
            "UPDATE absence SET returned_at = :at"
            " WHERE article_id = :article AND returned_at IS NULL AND since <= :at",
            {"at": at, "article": article_id},
        )
        if ended.rowcount:
            execute("UPDATE article SET status = '在线' WHERE article_id = ?", (article_id,))


_CLOSE_WARC = "UPDATE warc_file SET bytes = ?, sha256 = ? WHERE name = ?"


def _insert(execute: Callable[..., sqlite3.Cursor], table: str, row: Mapping[str, Any]) -> int:
    places = ", ".join(f":{name}" for name in row)
    cursor = execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", row)
    return int(cursor.lastrowid or 0)


def _content_type(header: str) -> dict[str, str]:
    mime, _, rest = header.partition(";")
    found = re.search(r"charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", rest, re.IGNORECASE)
    return {"mime": mime.strip().lower(), "charset": found[1].lower() if found else ""}


def _article_row(article: Article) -> dict[str, Any]:
    looked = dict.fromkeys(("last_seen_at", "last_look_at"), article.fetched_at)
    return article_columns(article) | looked


def _describe(db: Database) -> None:
    """Write what tells the file's kind and schema, the roles this program knows, and the data dictionary."""
    with db.atomic():
        db.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.conn.execute(f"PRAGMA user_version = {len(migrations.applied(db))}")
        db.conn.executemany(
            "INSERT INTO role (role, grp, english, sort) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (role) DO UPDATE SET grp = excluded.grp, english = excluded.english, sort = excluded.sort",
            [(role, role.group, role.english, number) for number, role in enumerate(Role, 1)],
        )
        if db.conn.execute("SELECT * FROM data_dictionary ORDER BY rowid").fetchall() != list(entries()):
            db.conn.execute("DELETE FROM data_dictionary")
            db.conn.executemany("INSERT INTO data_dictionary VALUES (?, ?, ?, ?, ?, ?, ?)", entries())


def _refuse_strangers(path: Path, connection: sqlite3.Connection) -> None:
    """Refuse a database that is not ours, or that a newer version of the program made."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if application != APPLICATION_ID and tables:
        raise ArchiveError(f"{path}: is a database, but no archive of zhijiang; choose another file name")
    schema = connection.execute("PRAGMA user_version").fetchone()[0]
    ours = newest_schema()
    if schema > ours:
        raise ArchiveError(
            f"{path}: was made by a newer zhijiang (schema {schema}, this one knows {ours}); "
            f"zhijiang {version('zhijiang')} must be updated"
        )
