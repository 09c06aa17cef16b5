"""One writer at a time: crawls and reparses of the same archive take turns."""

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

from filelock import FileLock, Timeout

from archive.store.errors import ArchiveBusy, ArchiveError
from archive.store.mounts import real_path
from archive.times import beijing_minute, utc_now

BEAT = 20.0
"""Seconds after which a writer says again that it is at work."""
SILENCE = 120.0
"""Seconds after which a writer on another machine that said nothing is taken for dead."""


@contextmanager
def writer_lock(archive: Path) -> Iterator[None]:
    """Hold the archive's lock, ``zhijiang.db.lock`` beside it; the system frees it when its holder dies.

    A lock does not always reach from one machine to another.  So the holder also keeps a note of itself beside
    the archive, ``zhijiang.db.writer``, and a fresh note of another machine keeps us away.

    Raises ``ArchiveBusy`` at once when another program holds it, ``ArchiveError`` when there can be no lock.
    """
    archive = real_path(archive)
    note = Path(f"{archive}.writer")
    lock = _lock(archive)
    try:
        archive.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArchiveError(
            f"{archive}: the folder {archive.parent} cannot be made ({error.strerror}); choose another place"
        ) from error
    try:
        lock.acquire()
    except Timeout:
        raise ArchiveBusy(
            f"{archive}: another crawl is at work on it{_holder(note)}; try again later"
        ) from None
    except OSError as error:
        raise ArchiveError(
            f"{archive}: its lock {lock.lock_file} cannot be written ({error.strerror}); look at the rights of the folder"
        ) from error
    try:
        if _is_of_another_machine(note, Path(lock.lock_file)):
            raise ArchiveBusy(
                f"{archive}: another machine is at work on it{_holder(note)}; "
                "an archive is written by one machine, try again later"
            )
        with _noted(note):
            yield
    finally:
        lock.release()


def is_locked(archive: Path) -> bool:
    """Tell whether a writer is at work on this machine.  Writes nothing."""
    archive = real_path(archive)
    if not Path(f"{archive}.lock").exists():
        return False
    try:
        with _lock(archive):
            return False
    except (Timeout, OSError):
        return True


def _lock(archive: Path) -> FileLock:
    return FileLock(f"{archive}.lock", timeout=0)


@contextmanager
def _noted(note: Path) -> Iterator[None]:
    """Keep a note that says who is at work, as fresh as ``BEAT``."""
    done = Event()

    def beat() -> None:
        while not done.wait(BEAT):
            with suppress(OSError):
                os.utime(note)

    with suppress(OSError):  # a full disk is told by the archive itself
        note.write_text(f"{platform.node()}\npid {os.getpid()} since {utc_now()}\n", encoding="utf-8")
    thread = Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        note.unlink(missing_ok=True)


def _is_of_another_machine(note: Path, lock_file: Path) -> bool:
    try:
        machine = note.read_text(encoding="utf-8").partition("\n")[0]
        os.utime(lock_file)  # both times are then of one clock, that of the drive
        silent = lock_file.stat().st_mtime - note.stat().st_mtime
    except (OSError, UnicodeDecodeError):
        return False
    return machine != platform.node() and silent < SILENCE


def _holder(note: Path) -> str:
    """Return who is at work, for a message: `` (srv2, pid 4711 since 2024-01-16 10:03 Beijing time)``."""
    try:
        machine, at_work = note.read_text(encoding="utf-8").split("\n")[:2]
    except (OSError, ValueError):  # being written, or no text
        return ""
    who, since, begun = at_work.partition(" since ")
    return f" ({machine}, {who}{since}{beijing_minute(begun) if since else ''})"
