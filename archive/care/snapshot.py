"""A transfer copy: one plain file that any SQLite opens."""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from archive.digests import file_sha256
from archive.evidence.warc_reader import WarcError, find_file
from archive.store.archive import Archive
from archive.store.evidence_folder import EvidenceFolder, original, say_folder


def write_snapshot(
    archive: Archive, out: Path, *, path: Path | None = None, evidence: Path | None = None
) -> str:
    """Write a copy of an archive to a new file; return its SHA-256.

    The copy is compacted, has statistics for the query planner, no write-ahead log and no journal.  The same
    archive gives the same bytes every time.  Inside a transaction it is a copy of what that sees.
    ``path``: where the copy is going to lie, so that it knows where its evidence is; None: it says what the archive
    says.  ``evidence``: a folder with WARC files of its own.
    Raises ``OSError``, and ``sqlite3.DatabaseError`` for a damaged archive.
    """
    try:
        _write(archive.connection, out)
        if path is not None:
            said = EvidenceFolder(archive.warc_folder, original(archive) or archive.path)
            with closing(sqlite3.connect(out)) as copy, copy:
                say_folder(copy, path, EvidenceFolder(evidence, path) if evidence else said)
        _finish(out)
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


def _finish(out: Path) -> None:
    with closing(sqlite3.connect(out, isolation_level=None)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")
        copy.execute("ANALYZE")
        copy.execute("VACUUM")


def copy_evidence(archive: Archive, copy: Path, out: Path) -> int:
    """Copy the WARC files that a copy of an archive knows of into a new folder; return how many there were.

    Raises ``OSError``.
    """
    with closing(sqlite3.connect(copy)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM warc_file ORDER BY warc_id")]
    out.mkdir()
    return sum(_copy_file(archive.warc_folder, name, out) for name in names)


def _copy_file(folder: Path, name: str, out: Path) -> bool:
    for _ in range(2):  # a crawl may close the file between the look and the copy
        try:
            file = find_file(folder, name)
            shutil.copy2(file, out / file.name)
        except FileNotFoundError:
            continue
        except WarcError:
            return False
        return True
    return False
