"""One crawl a host on this machine: who asks a site keeps its hosts to himself, whatever archive it goes into.

Two crawls of one host ask twice as often as either promises.  The lock of an archive does not keep them apart when
they write into two, nor does it know of ``parse`` and ``probe``.
"""

import hashlib
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from archive.times import beijing_minute, utc_now

_LONGEST = 100
"""Characters of a host that are written out in a file name; some drives take 143 bytes."""


class HostBusy(Exception):
    """Another program of this user asks the same host; trying again later may work."""


class NoHostLock(Exception):
    """There can be no lock: names the folder, the reason and what to do."""


@contextmanager
def host_locks(hosts: Iterable[str], doing: str) -> Iterator[None]:
    """Hold the locks of hosts (``www.example.cn``, ``127.0.0.1:8080``); the system frees them when the holder dies.

    All or none, in alphabetical order, and nobody waits for one while he holds another: so there is no deadlock.
    ``doing``: what the next one is told, ``crawl into /srv/zhijiang.db``.
    Raises ``HostBusy`` at once when another program holds one, ``NoHostLock``.
    """
    from filelock import (  # here: it is slow to import, and the errors are caught at every start
        FileLock,
        Timeout,
    )

    folder = lock_folder()
    with ExitStack() as held:
        for host in sorted({_plain(host) for host in hosts}):
            path = folder / f"{_file_name(host)}.lock"
            note = path.with_suffix(".holder")
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                held.enter_context(FileLock(path, timeout=0))
            except Timeout:
                raise HostBusy(
                    f"{host}: another command of yours asks this host{_holder(note)};"
                    " a site is asked by one at a time, try again later"
                ) from None
            except OSError as error:
                raise NoHostLock(
                    f"{path}: the lock that keeps two crawls off one host cannot be written"
                    f" ({error.strerror or error}); set {VARIABLE} to a folder that you can write"
                ) from error
            with suppress(OSError):  # who holds it is only good to know
                note.write_text(f"pid {os.getpid()} since {utc_now()}, {doing}\n", encoding="utf-8")
        yield


@contextmanager
def crawl_locks(archive: Path, hosts: Iterable[str]) -> Iterator[None]:
    """Hold the lock of an archive file and those of the hosts that are crawled into it.

    Raises ``ArchiveBusy``, ``ArchiveError``, ``HostBusy``, ``NoHostLock``.
    """
    from archive.store.lock import writer_lock  # here: it imports filelock, see above

    with writer_lock(archive), host_locks(hosts, f"crawl into {archive.absolute()}"):
        yield


VARIABLE = "LOCALAPPDATA" if sys.platform == "win32" else "XDG_STATE_HOME"
"""Names the folder in which programs keep what they note down; where it is not set, it lies in the home folder."""


def lock_folder() -> Path:
    """Return where the locks of this user lie; it need not be there yet."""
    state = os.environ.get(VARIABLE) or ""
    if not os.path.isabs(state):  # as the XDG specification has it
        state = os.path.expanduser("~/AppData/Local" if sys.platform == "win32" else "~/.local/state")
    return Path(state, "zhijiang", "hosts")


def _plain(host: str) -> str:
    """Return the one spelling of a host: the ports of http and https need not be written."""
    name, colon, port = host.lower().rpartition(":")
    if colon and port in ("80", "443") and not name.endswith(":"):
        return name.rstrip(".")
    return host.lower().rstrip(".")


def _file_name(host: str) -> str:
    """Return a name that is safe on every system: no separator, no device (``con``), not too long."""
    name = f"host-{quote(host, safe='')}"
    if len(name) <= _LONGEST:
        return name
    return f"{name[:_LONGEST]}-{hashlib.sha256(host.encode()).hexdigest()[:16]}"


def _holder(note: Path) -> str:
    try:
        said = note.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return f" ({_SINCE.sub(lambda since: since[1] + beijing_minute(since[2]), said, count=1)})"


_SINCE = re.compile(r"( since )(\S+Z)")
