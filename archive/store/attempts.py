"""What a crawl is at work on, noted before the work: a page that ends the program is known to the next crawl.

A page may hang or kill whoever reads or stores it, and all that is not committed goes with the process: nobody would
know what was asked for, and ask again, every night.  So a line in a small file beside the archive,
``zhijiang.db.attempt``, names the page from before it is read or stored until that is done: several lines where worker
processes read beside the crawl.  It costs two short writes, not a transaction; a killed program leaves it to the
system, which keeps it.  Only the loss of power can lose it, and that is not the page's fault.
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
        self._own: list[str] = []
        self._beside: list[str] = []
        self._file: FileIO | None = None
        with suppress(OSError):  # a full disk is told by the archive itself
            self._file = FileIO(self._path, "w")

    @contextmanager
    def at(
        self, failure_type: FailureType, url: str, key: str | None, *, beside: bool = False
    ) -> Iterator[None]:
        """Name a page while it is worked on.

        ``beside``: by another process.  While this one is at work on a page itself, it is that page's fault if it ends.
        """
        line = json.dumps([self._site, self._crawl, failure_type, url, key])
        lines = self._beside if beside else self._own
        lines.append(line)
        self._write()
        try:
            yield
        finally:
            lines.remove(line)
            self._write()

    def close(self) -> None:
        """Take the file away: no page ended the crawl."""
        if self._file is not None:
            self._file.close()
            self._file = None  # a reading that was broken off ends later
            self._path.unlink(missing_ok=True)

    def _write(self) -> None:
        """Write what is under way; an empty line ends it, whatever stands behind from before."""
        if self._file is not None:
            with suppress(OSError):
                self._file.seek(0)
                self._file.write("".join(f"{line}\n" for line in (*(self._own or self._beside), "")).encode())


def note_path(archive: Archive) -> Path:
    """Return where the note of an archive lies."""
    return Path(f"{archive.path}.attempt")


def count_unfinished(archive: Archive) -> Unfinished | None:
    """Count the pages at which the last crawl of this archive ended as ones that failed.

    Returns the one with the most attempts, None for none.  For who holds the archive's lock: nobody else is at work.
    Raises ``ArchiveError``.
    """
    path = note_path(archive)
    noted = [*_noted(path)]
    if not noted:
        return None
    with archive.transaction() as execute:
        pages = []
        for crawl, failure in noted:
            site, failure_type, url = failure.site, failure.failure_type, failure.url
            if not execute("SELECT 1 FROM crawl WHERE crawl_id = ? AND site = ?", (crawl, site)).fetchone():
                return None  # the note of another archive that lay here
            save_failure(archive, failure, crawl)
            (attempts,) = execute(
                "SELECT attempts FROM failure WHERE site = ? AND kind = ? AND url = ?",
                (site, failure_type, url),
            ).fetchone()
            pages.append(Unfinished(failure, attempts))
    path.unlink(missing_ok=True)
    return max(pages, key=lambda page: page.attempts)


def _noted(path: Path) -> Iterator[tuple[int, FetchFailure]]:
    """Yield (crawl, page) of each line of a note; none where there is none, or it names no page."""
    with suppress(OSError, ValueError):
        for line in path.read_bytes().split(b"\n\n")[0].splitlines():
            site, crawl, failure_type, url, key = json.loads(line)
            yield (
                crawl,
                FetchFailure(site, url, FailureType(failure_type), UNFINISHED, failed_at=utc_now(), key=key),
            )


def unfinished_pages(archive: Archive, site: str) -> frozenset[str]:
    """Return the addresses of pages at which earlier crawls of a site ended, and that nobody could finish since."""
    rows = archive.connection.execute(
        "SELECT url FROM failure WHERE site = ? AND reason = ?", (site, UNFINISHED)
    )
    return frozenset(url for (url,) in rows)
