"""The archive file: opened, and its transactions.  What is saved to it and read from it are the functions beside this.

Saving is idempotent: saving the same article again changes nothing but ``last_seen_at``.
All times are UTC (``2024-01-16T02:03:04Z``) except an article's own date and time, which are local.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from archive.store.errors import OUR_MISTAKES, ArchiveError, clear_errors, left_in_log, named_error
from archive.store.mounts import network_drive, real_path
from archive.store.schema import bring_up_to_date, refuse_older, refuse_strangers

if TYPE_CHECKING:  # most programs keep no bytes: they need no WARC library
    from archive.evidence.warc_writer import ClosedFile, WarcWriter
    from archive.store.migrations import Told

BUSY_SECONDS = 10
"""How long a write waits for another program that holds the file."""


class Archive:
    """One archive file.  Use it as a context manager; saves outside a batch (``begin``) commit one by one."""

    def __init__(self, path: Path, connection: sqlite3.Connection, *, writes: bool) -> None:
        self.path = path
        """The file itself, no link to it."""
        self.connection = connection
        """The plain SQLite connection, for search and exports."""
        self._writes = writes
        self.warc: WarcWriter | None = None
        """Keeps the bytes that captures refer to; None where none are kept.  See ``begin_warc``."""
        self.altered: frozenset[tuple[str, int]] = frozenset()
        """(table, number) of rows that were altered by hand: what they are now is no leaf to be kept."""
        self.lost_files: frozenset[int] = frozenset()
        """Numbers of the WARC files whose bytes are lost, while some are kept."""
        self.withheld: frozenset[int] = frozenset()
        """Numbers of the articles of which this connection shows title and date only; see ``archive.store.access``."""

    @classmethod
    def open(
        cls, path: str | Path, *, create: bool = True, schema: int | None = None, tell: Told | None = None
    ) -> Self:
        """Open an archive for writing; make it, or bring an older one up to date, where needed.

        ``schema``: go no further than this one, for rows that were written under it.  ``tell``: what an older file's
        step is told by: how many articles were read again, of how many.
        Raises ``ArchiveError`` (no archive, damaged, read-only, on a network drive, from a newer version) or ``ArchiveBusy``.
        """
        path = real_path(Path(path))
        from archive.store.evidence_folder import is_unbegun

        is_new, was_there = create and is_unbegun(path), path.exists()
        if not is_new:
            refuse_none(path)
        if file_system := network_drive(path):
            raise ArchiveError(
                f"{path}: lies on a network drive ({file_system}), where SQLite cannot keep two writers apart; "
                "keep the archive on a disk of this machine, and put a zhijiang snapshot on the drive"
            )
        if path.exists() and path.stat().st_nlink > 1:
            raise ArchiveError(
                f"{path}: the file has a second name (a hard link), so two programs could write it without seeing each"
                " other; keep one of the names, and copy the file where there should be two"
            )
        with clear_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(path, timeout=BUSY_SECONDS)
            try:
                refuse_strangers(path, connection)
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute(
                    "PRAGMA recursive_triggers = ON"
                )  # a row that is replaced leaves the index too
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute("PRAGMA synchronous = FULL")  # a committed article survives power loss
                bring_up_to_date(connection, schema, tell)
            except BaseException:
                connection.close()
                if not was_there and path.exists() and not path.stat().st_size:  # this run made it
                    path.unlink()
                raise
        return cls(path, connection, writes=True)

    @classmethod
    def read(cls, path: str | Path, *, timeout: float = BUSY_SECONDS) -> Self:
        """Open an archive for reading only; wait ``timeout`` seconds for a program that has locked it.

        Raises ``ArchiveError`` or ``ArchiveBusy``.
        """
        path = real_path(Path(path))
        refuse_none(path)
        with clear_errors(path):
            connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=timeout)
            try:
                refuse_strangers(path, connection)
                refuse_older(path, connection)
            except BaseException:
                connection.close()
                raise
        return cls(path, connection, writes=False)

    def __enter__(self) -> Self:
        """Return the archive itself."""
        return self

    def __exit__(
        self, error_type: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file, an open batch rolled back; an error of SQLite becomes one that names the file.

        Raises ``ArchiveError`` like ``close``, where nothing else was wrong.
        """
        try:
            self.close()
        except ArchiveError:
            if error is None:
                raise
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, OUR_MISTAKES):
            raise named_error(self.path, error) from error

    def rows(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> Iterator[dict[str, Any]]:
        """Yield what a query finds, each row by the names of its columns."""
        cursor = self.connection.execute(sql, values)
        names = [column[0] for column in cursor.description]
        return (dict(zip(names, row, strict=True)) for row in cursor)

    @cached_property
    def warc_folder(self) -> Path:
        """Where the archive's WARC files lie: ``zhijiang.db`` has ``zhijiang.warc/`` beside it; see ``find_folder``."""
        from archive.store.evidence_folder import find_folder

        return find_folder(self)

    def close(self) -> None:
        """Close the file and leave one plain file behind, no write-ahead log beside it.

        A file in WAL mode that is copied alone lacks its newest rows, and does not open at all on
        read-only media; so when closed the archive is in SQLite's default mode.  Raises ``ArchiveError`` where the disk
        has no room for what the log holds: SQLite tells that at no commit before.
        """
        if self.warc is not None:
            self.warc.abandon()
        self.connection.rollback()
        try:
            if self._writes:
                self.connection.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.DatabaseError as error:
            if left := left_in_log(self.path, error):
                raise left from error
        finally:
            self.connection.close()

    # --- transactions -------------------------------------------------------------------------------

    def begin(self) -> None:
        """Open a batch: what is saved from now on is committed together by ``commit``.

        Does nothing if one is open.  Raises ``ArchiveBusy``.
        """
        if not self.connection.in_transaction:
            with clear_errors(self.path):
                self.connection.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Make the open batch durable.  Does nothing if none is open.  Raises ``ArchiveError``."""
        with clear_errors(self.path):
            if self.connection.in_transaction:
                self._round_off()
            if self.warc is not None:
                self.warc.sync()  # evidence first: no row refers to bytes that are not on disk
                self.record_closed(self.warc.closed)
                self.warc.closed.clear()
            self.connection.commit()

    @contextmanager
    def transaction(self) -> Iterator[Callable[..., sqlite3.Cursor]]:
        """Run one save as a whole, inside the open batch or on its own; gives ``connection.execute``.

        On its own it is a batch too: a transaction that reads before it writes is refused at once, however
        patient, when another program (an export that notes its event) has written in between.
        Raises ``ArchiveError`` or ``ArchiveBusy``.
        """
        alone = not self.connection.in_transaction
        self.begin()
        with clear_errors(self.path):
            try:
                with self.savepoint():
                    yield self.connection.execute
                if alone:
                    self._round_off()
            except BaseException:
                if alone and self.connection.in_transaction:
                    self.connection.rollback()
                raise
            if alone:
                self.connection.commit()

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Take back what is written meanwhile where it fails.  Belongs into an open batch; may be nested."""
        execute = self.connection.execute
        execute("SAVEPOINT save")  # always the same statement: SQLite compiles it once
        try:
            yield
        except BaseException:
            if self.connection.in_transaction:  # else the error took the whole batch back
                execute("ROLLBACK TO save")
                execute("RELEASE save")
            raise
        execute("RELEASE save")

    def _round_off(self) -> None:
        """Do what a batch needs that SQLite alone cannot: texts into the search index, reasons into Chinese."""
        from archive.store.article_rows import index_articles
        from archive.store.reasons import translate_reasons

        index_articles(self.connection)
        translate_reasons(self.connection)

    def insert(self, table: str, row: Mapping[str, Any]) -> int:
        """Add a row to a table, column by column; return its number."""
        values = ", ".join(f":{name}" for name in row)
        cursor = self.connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({values})", row)
        return int(cursor.lastrowid or 0)

    def record_closed(self, files: list[ClosedFile]) -> None:
        """Write the length and digest of WARC files that are complete."""
        from archive.store.seals import changing

        for file in files:
            row = self.connection.execute(
                "SELECT warc_id FROM warc_file WHERE name = ?", (file.name,)
            ).fetchone()
            with changing(self, "warc_file", row or ()):
                self.connection.execute(
                    "UPDATE warc_file SET bytes = ?, sha256 = ? WHERE name = ?",
                    (file.bytes, file.sha256, file.name),
                )


def refuse_none(path: Path) -> None:
    """Refuse what is not there, or is empty: SQLite would make a new file of it.  Raises ``ArchiveError``."""
    if not path.exists():
        raise ArchiveError(f"{path}: no such archive (zhijiang crawl makes one)")
    if path.is_file() and not path.stat().st_size:
        raise ArchiveError(f"{path}: is empty, 0 bytes; restore it from a copy, or delete it to begin anew")
