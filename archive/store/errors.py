"""What is wrong with an archive file, in words that name it."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class ArchiveError(Exception):
    """The archive file cannot be used: names the file, the reason and what to do."""


class ArchiveBusy(ArchiveError):
    """Another program holds the archive; trying again later may work."""


@contextmanager
def clear_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours."""
    try:
        yield
    except OUR_MISTAKES:
        raise
    except sqlite3.DatabaseError as error:
        raise named_error(path, error) from error
    except UnicodeDecodeError as error:  # SQLite quotes what it cannot read
        raise ArchiveError(f"{path}: is damaged ({error.reason}); restore it from a copy") from error
    except OSError as error:
        raise ArchiveError(f"{error.filename or path}: cannot be used: {error.strerror or error}") from error


OUR_MISTAKES = (sqlite3.IntegrityError, sqlite3.ProgrammingError)
"""Errors of SQLite that tell nothing about the file."""


def named_error(path: Path, error: sqlite3.DatabaseError) -> ArchiveError:
    """Return an error that names the file and what to do."""
    text = str(error)
    if not isinstance(error, sqlite3.OperationalError):
        return ArchiveError(
            f"{path}: is no archive, or is damaged ({text}); choose another file, or restore it from a copy"
        )
    if "locked" in text or "busy" in text:
        return ArchiveBusy(f"{path}: is in use by another program ({text}); try again later")
    if "full" in text or ("disk I/O" in text and _is_full(path)):
        return ArchiveError(f"{path}: the disk is full; make room and run again")
    if "readonly" in text or "unable to open" in text:
        return ArchiveError(
            f"{path}: cannot be written ({text}); look at the rights of the file and its folder"
        )
    return ArchiveError(f"{path}: cannot be used: {text}")


def left_in_log(path: Path, error: sqlite3.DatabaseError) -> ArchiveError | None:
    """Return what to say where SQLite could not bring its write-ahead log into the file; None where it need not.

    Another program that has the file open does it later, and of a damaged file the damage was said.
    """
    if not any(words in str(error) for words in ("full", "disk I/O")):  # the latter where a quota is used up
        return None
    return ArchiveError(
        f"{path}: there is no room to bring all that was written into it ({error}); nothing is lost, it lies in"
        f" {path.name}-wal beside it: keep both files together, make room, and run zhijiang reindex or zhijiang crawl"
    )


_LITTLE = 64 * 1024
"""Bytes: with less left, what SQLite calls an I/O error (its log or shared memory could not grow) is a full disk."""


def _is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _LITTLE
    except OSError:
        return False
