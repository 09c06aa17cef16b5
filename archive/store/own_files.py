"""What of the disk belongs to an archive: nothing else may be written there."""

import os
from pathlib import Path

from archive.store.archive import Archive
from archive.store.errors import ArchiveError
from archive.store.evidence_folder import WARC, holds_evidence, original, own_names, same_file
from archive.store.schema import APPLICATION_ID

_BESIDE = {
    "": "is the archive itself",
    "-wal": "is the archive's write-ahead log",
    "-shm": "is the archive's write-ahead log",
    "-journal": "is the archive's journal",
    ".lock": "is the archive's lock",
    ".writer": "is the archive's lock",
    ".attempt": "is the note of what a crawl is at work on",
}
"""Ending → what is said of the file."""


def clash(out: Path, archive: Path) -> str:
    """Say what of an archive a path is, lies in or holds, whatever way it is written; "" where nothing."""
    own = {Path(f"{archive}{ending}"): what for ending, what in _BESIDE.items()}
    folders = _evidence_folders(archive)
    real = Path(os.path.realpath(out))
    ways = {real, Path(os.path.realpath(out.parent), out.name)}  # a link is replaced where it lies
    for path, what in own.items():
        if any(same_file(way, path) for way in ways):
            return what
    for folder in folders:
        if any(same_file(place, folder) for way in ways for place in (way, *way.parents)):
            return f"is or lies in {folder}, the archive's evidence"
    for path in (archive, *folders):
        if real.is_dir() and any(same_file(place, real) for place in Path(os.path.realpath(path)).parents):
            return f"is a folder that holds {path}"
    return ""


def is_archive(path: Path) -> bool:
    """Tell by its first bytes whether a file is an archive, this one or another."""
    try:
        with path.open("rb") as file:
            head = file.read(72)
    except OSError:
        return False
    return head.startswith(b"SQLite format 3\0") and head[68:72] == APPLICATION_ID.to_bytes(4, "big")


def archives_in(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the archives that lie in a folder, and what else does that belongs to none of them, both by name.

    What cannot be read, or has an archive's lock or evidence, is taken for one: who opens it is told what is wrong.
    Raises ``OSError`` where the folder cannot be read.
    """
    found = sorted(folder.iterdir())
    archives = [path for path in found if _may_be_archive(path)]
    own = {f"{path}{ending}" for path in archives for ending in _BESIDE}
    own.update(str(evidence) for path in archives for evidence in own_names(path))
    return archives, [path for path in found if str(path) not in own]


def _may_be_archive(path: Path) -> bool:
    if not path.is_file() or path.name.endswith(tuple(filter(None, _BESIDE))):
        return False
    traces = any(Path(f"{path}{ending}").exists() for ending in _BESIDE if ending)
    evidence = path.suffix == ".db" and any(map(holds_evidence, own_names(path)))
    return is_archive(path) or traces or evidence or not os.access(path, os.R_OK)


def is_anyones(out: Path) -> bool:
    """Tell by what is there whether a path is an archive, a part of one or evidence, a folder with either, or in one with evidence."""
    if any(
        folder.suffix == ".warc" and holds_evidence(folder) for folder in Path(os.path.realpath(out)).parents
    ):
        return True
    if out.is_dir():
        return holds_evidence(out) or any(map(is_archive, out.iterdir()))
    named = (Path(f"{out}".removesuffix(end)) for end in _BESIDE if f"{out}".endswith(end))
    return any(map(is_archive, named)) or (WARC in out.name and out.exists())


def has_own_evidence(path: Path) -> bool:
    """Tell whether a file is an archive with WARC files that are its own, not those of one that it is a copy of."""
    if not is_archive(path):
        return False
    try:
        with Archive.read(path) as archive:
            return archive.warc_folder.is_dir() and original(archive) is None
    except ArchiveError:  # of an earlier schema, or damaged
        return path.with_suffix(".warc").is_dir()


def left_beside(path: Path) -> Path | None:
    """Return a log or journal that a database of this name left: SQLite would put it into a new one.  None: there is none."""
    return next((file for end in ("-wal", "-journal") if (file := Path(f"{path}{end}")).exists()), None)


def _evidence_folders(path: Path) -> set[Path]:
    """Return the folder in which an archive's evidence is, and those that are named like it, which it would take."""
    folders = set(own_names(path))
    try:
        with Archive.read(path, timeout=0) as archive:
            folders.add(archive.warc_folder)
    except ArchiveError:  # there is none yet, or it is damaged, which the command will say
        pass
    return folders
