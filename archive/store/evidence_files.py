"""Are the WARC files there that captures refer to?  Rows against files, one look at each file and none into it."""

from dataclasses import dataclass
from os import stat

from archive.evidence.warc_reader import OPEN
from archive.store.archive import Archive


@dataclass(frozen=True, slots=True)
class LostFile:
    """A WARC file that is not there, or ends before its last capture does."""

    warc_id: int
    name: str
    is_missing: bool
    """It is not there, or cannot be reached; else it is too short."""


def lost_files(archive: Archive) -> list[LostFile]:
    """Return the files of an archive's evidence that are missing or too short.

    Costs one ``stat`` a file; one that is still being written, or that a killed crawl left open, costs two.
    """
    rows = archive.connection.execute(
        "SELECT w.warc_id, w.name, coalesce((SELECT c.warc_offset + c.warc_length FROM capture c"
        " WHERE c.warc_id = w.warc_id ORDER BY c.warc_offset DESC LIMIT 1), 0) FROM warc_file w ORDER BY w.warc_id"
    ).fetchall()
    folder = str(archive.warc_folder)
    lost = []
    for warc_id, name, end in rows:
        size = _size(f"{folder}/{name}")
        if size is None:
            size = _size(f"{folder}/{name}{OPEN}")
        if size is None:
            size = _size(f"{folder}/{name}")  # it was closed between the two looks
        if size is None or size < end:
            lost.append(LostFile(warc_id, name, size is None))
    return lost


def lost_captures(archive: Archive, lost: list[LostFile]) -> int:
    """Return how many captures lie, or may lie, in lost files."""
    count = "SELECT count(*) FROM capture WHERE warc_id = ?"
    return sum(archive.connection.execute(count, (file.warc_id,)).fetchone()[0] for file in lost)


def lies_in(archive: Archive, capture: int, files: frozenset[int]) -> bool:
    """Tell whether a capture, or the one whose bytes it repeats, lies in one of these files, given by number."""
    row = archive.connection.execute(
        "SELECT c.warc_id, o.warc_id FROM capture c LEFT JOIN capture o ON o.capture_id = c.revisit_of"
        " WHERE c.capture_id = ?",
        (capture,),
    ).fetchone()
    return not files.isdisjoint(row or ())


def _size(path: str) -> int | None:
    """Return the length of a file in bytes, None where there is none that can be reached."""
    try:
        return stat(path).st_size
    except OSError:
        return None
