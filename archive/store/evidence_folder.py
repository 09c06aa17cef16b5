"""Which folder holds an archive's WARC files, and which archive writes there.

A new archive ``zhijiang.db`` takes ``zhijiang.warc`` beside it, or ``zhijiang.db.warc`` where that holds the evidence
of another one, and keeps the name.  So a file that is renamed or copied still finds its evidence.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from archive.store.errors import ArchiveError

if TYPE_CHECKING:
    from archive.store.archive import Archive

WARC = ".warc.gz"
"""Ending of a file of evidence; of one that is being written ``.open`` follows."""


@dataclass(frozen=True, slots=True)
class EvidenceFolder:
    """What a file says of its evidence."""

    folder: Path
    archive: Path
    """The file whose crawls write there: itself, or the one that it was when it was renamed or copied."""


def find_folder(archive: Archive) -> Path:
    """Return where the WARC files of an archive are, or would be.

    A folder that is named like the archive when it holds files of it: both were renamed.  Else the one that the
    file names, while that is there.
    """
    own, longer = own_names(archive.path)
    said = said_folder(archive)
    if _holds_files_of(archive, longer):
        return longer
    if said is None or said.folder == own or _holds_files_of(archive, own):
        return own
    return said.folder if said.folder.is_dir() or holds_evidence(own) else own


def own_names(path: Path) -> tuple[Path, Path]:
    """Return how an archive's folder is called, and how where archives of one stem lie side by side."""
    return path.with_suffix(".warc"), path.with_name(f"{path.name}.warc")


def said_folder(archive: Archive) -> EvidenceFolder | None:
    """Return what the file itself says; None where it never said anything."""
    row = archive.connection.execute("SELECT folder, archive FROM _evidence_folder").fetchone()
    return row and EvidenceFolder(archive.path.parent / row[0], archive.path.parent / row[1])


def original(archive: Archive) -> Path | None:
    """Return the archive that writes into the folder that this one reads: this is a copy of it.  None: this is none."""
    said = said_folder(archive)
    if said is None or said.folder != archive.warc_folder or not said.archive.is_file():
        return None
    if same_file(said.archive, archive.path):
        return None
    return said.archive if uses_folder(said.archive, said.folder) else None


def uses_folder(path: Path, folder: Path) -> bool:
    """Tell whether a file is an archive whose evidence is in a folder, or may be."""
    from archive.store.archive import Archive

    try:
        with Archive.read(path) as other:
            return same_file(other.warc_folder, folder)
    except (ArchiveError, sqlite3.DatabaseError):  # of an earlier schema, damaged, none of ours
        return same_file(path.with_suffix(".warc"), folder)


def claim_folder(archive: Archive) -> None:
    """Settle where an archive's WARC files are written, and keep it in the file.

    Raises ``ArchiveError`` for a copy: what it writes would lie among the evidence of another archive.
    """
    if writer := original(archive):
        beside = next((f for f in own_names(archive.path) if not os.path.lexists(f)), "its own name")
        raise ArchiveError(
            f"{archive.path}: is a copy, its evidence in {archive.warc_folder} belongs to {writer};"
            f" copy that folder to {beside}, and this archive has its own"
        )
    said, folder = said_folder(archive), archive.warc_folder
    if (said is None or said.folder != folder) and not _holds_files_of(archive, folder):
        folder = new_folder(archive, archive.path)
    with archive.transaction():
        say_folder(archive.connection, archive.path, EvidenceFolder(folder, archive.path))
    archive.warc_folder = folder


def say_folder(connection: sqlite3.Connection, path: Path, said: EvidenceFolder) -> None:
    """Write into an archive that lies, or is going to lie, at ``path`` where its evidence is."""
    row = (_from(path.parent, said.folder), _from(path.parent, said.archive))
    if connection.execute("SELECT folder, archive FROM _evidence_folder").fetchone() != row:
        connection.execute("REPLACE INTO _evidence_folder VALUES (1, ?, ?)", row)


def new_folder(archive: Archive, path: Path) -> Path:
    """Return the folder that an archive at ``path`` takes for its WARC files: one that holds none of another's alone."""
    more = (path.with_name(f"{path.name}-{number}.warc") for number in count(2))
    folders = chain(own_names(path), more)
    return next(f for f in folders if not holds_evidence(f) or _holds_files_of(archive, f))


def same_file(one: Path, other: Path) -> bool:
    """Tell whether two paths lead to one file or folder, however they are written."""
    try:
        return os.path.samefile(one, other)
    except OSError:  # one is not there: by its name, as a file system that knows no capital letters would
        return os.path.realpath(one).casefold() == os.path.realpath(other).casefold()


def _from(beside: Path, path: Path) -> str:
    """Return a path as seen from a folder, with ``/``; absolute where there is no way, from drive to drive."""
    path = path.parent.resolve() / path.name  # a folder that is a link keeps its name
    try:
        return Path(os.path.relpath(path, beside.resolve())).as_posix()
    except ValueError:
        return path.as_posix()


def holds_evidence(folder: Path) -> bool:
    """Tell whether WARC files lie in a folder, whosever they are."""
    return any(WARC in name for name in _names(folder))


def is_unbegun(path: Path) -> bool:
    """Tell whether an archive is still to be made at a path.

    A file of no bytes is what a killed opening leaves; where evidence lies beside it, it is an archive that was lost.
    """
    if not path.exists():
        return True
    emptied = path.is_file() and not path.stat().st_size
    return emptied and not any(map(holds_evidence, own_names(path)))


def _holds_files_of(archive: Archive, folder: Path) -> bool:
    there = {name.partition(WARC)[0] + WARC for name in _names(folder)}
    return bool(there) and any(
        name in there for (name,) in archive.connection.execute("SELECT name FROM warc_file")
    )


def _names(folder: Path) -> Iterator[str]:
    try:
        yield from os.listdir(folder)
    except OSError:
        return
