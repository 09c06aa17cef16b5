"""A transfer copy: one plain file that any SQLite opens."""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from archive.digests import file_sha256
from archive.store.archive import Archive


def write_snapshot(archive: Archive, out: Path) -> str:
    """Write a copy of an archive to a new file; return its SHA-256.

    The copy is compacted, has statistics for the query planner, no write-ahead log and no journal.  The same
    archive gives the same bytes every time.  Inside a transaction it is a copy of what that sees.
    Raises ``OSError``, and ``sqlite3.DatabaseError`` for a damaged archive.
    """
    try:
        _write(archive.connection, out)
    except sqlite3.OperationalError as error:  # of the new file: the archive is only read
        raise OSError(str(error)) from error
    return file_sha256(out)


def _write(connection: sqlite3.Connection, out: Path) -> None:
    if connection.in_transaction:  # where SQLite refuses VACUUM
        with (
            tempfile.TemporaryDirectory(dir=out.parent) as folder,
            closing(sqlite3.connect(Path(folder) / "copy.db")) as copy,
        ):
            connection.backup(copy)
            (cookie,) = connection.execute("PRAGMA schema_version").fetchone()
            copy.execute(f"PRAGMA schema_version = {cookie}")  # which a backup changes
            copy.execute("VACUUM INTO ?", (str(out),))
    else:
        connection.execute("VACUUM INTO ?", (str(out),))
    with closing(sqlite3.connect(out, isolation_level=None)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")
        copy.execute("ANALYZE")
        copy.execute("VACUUM")
