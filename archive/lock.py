"""One writer at a time: crawls and reparses of the same archive take turns."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from archive.store import ArchiveBusy


@contextmanager
def writer_lock(archive: Path) -> Iterator[None]:
    """Hold the archive's lock, ``zhijiang.db.lock`` beside it; the system frees it when its holder dies.

    Raises ``ArchiveBusy`` at once when another program holds it.
    """
    archive.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(f"{archive}.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise ArchiveBusy(f"{archive}: another crawl is at work on it; try again later") from None
    try:
        yield
    finally:
        lock.release()
