"""What a crawl is at work on, noted before the work: a page that ends the program is known to the next crawl.

A page may hang or kill whoever reads or stores it, and all that is not committed goes with the process: nobody would
know what was asked for, and ask again, every night.  So a line in a small file beside the archive,
``zhijiang.db.attempt``, names the page from before it is read or stored until that is done.  It costs two short
writes, not a transaction; a killed program leaves it to the system, which keeps it.  Only the loss of power can lose
it, and that is not the page's fault.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from archive.model.crawl import UNFINISHED, FailureType, FetchFailure
from archive.store.archive import Archive
from archive.store.crawls import save_failure
from archive.store.plan import MAX_ATTEMPTS
from archive.times import utc_now


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A page at which an earlier crawl ended."""

    failure: FetchFailure
    attempts: int
    """Crawls that ended at it, or failed at it otherwise."""

    @property
    def is_given_up(self) -> bool:
        """Tell whether it is no longer asked for."""
        return self.attempts >= MAX_ATTEMPTS


class AttemptNote:
    """The note of one crawl.  Closing it takes the file away."""

    def __init__(self, archive: Archive, site: str, crawl: int) -> None:
        self._path = note_path(archive)
        self._site, self._crawl = site, crawl
        self._file: FileIO | None = None
        with suppress(OSError):  # a full disk is told by the archive itself
            self._file = FileIO(self._path, "w")

    @contextmanager
    def at(self, failure_type: FailureType, url: str, key: str | None) -> Iterator[None]:
        """Name a page while it is worked on."""
        line = json.dumps([self._site, self._crawl, failure_type, url, key])
        self._write(f"{line}\n")
        try:
            yield
        finally:
            self._write("\n")  # an empty first line: nothing is under way

    def close(self) -> None:
        """Take the file away: no page ended the crawl."""
        if self._file is not None:
            self._file.close()
            self._path.unlink(missing_ok=True)

    def _write(self, text: str) -> None:
        if self._file is not None:
            with suppress(OSError):
                self._file.seek(0)
                self._file.write(text.encode())


def note_path(archive: Archive) -> Path:
    """Return where the note of an archive lies."""
    return Path(f"{archive.path}.attempt")


def count_unfinished(archive: Archive) -> Unfinished | None:
    """Count the page at which the last crawl of this archive ended as one that failed; return it, None for none.

    For who holds the archive's lock: nobody else is at work.  Raises ``ArchiveError``.
    """
    path = note_path(archive)
    try:
        site, crawl, failure_type, url, key = json.loads(path.read_bytes().partition(b"\n")[0])
        failure = FetchFailure(site, url, FailureType(failure_type), UNFINISHED, failed_at=utc_now(), key=key)
    except (OSError, ValueError):  # there is none, or it names no page
        return None
    with archive.transaction() as execute:
        if not execute("SELECT 1 FROM crawl WHERE crawl_id = ? AND site = ?", (crawl, site)).fetchone():
            return None  # the note of another archive that lay here
        save_failure(archive, failure, crawl)
        attempts = execute(
            "SELECT attempts FROM failure WHERE site = ? AND kind = ? AND url = ?", (site, failure_type, url)
        ).fetchone()[0]
    path.unlink(missing_ok=True)
    return Unfinished(failure, attempts)


def unfinished_pages(archive: Archive, site: str) -> frozenset[str]:
    """Return the addresses of pages at which earlier crawls of a site ended, and that nobody could finish since."""
    rows = archive.connection.execute(
        "SELECT url FROM failure WHERE site = ? AND reason = ?", (site, UNFINISHED)
    )
    return frozenset(url for (url,) in rows)
