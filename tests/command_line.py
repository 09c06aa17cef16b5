"""The command line as a user runs it: a process of its own with its own arguments, folder, environment and streams."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext, suppress
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

import time_machine

from archive.store.archive import BUSY_SECONDS
from tests.patience import PATIENCE

ANEW = get_context("forkserver")
"""Makes processes that are forked from one that has imported the program and read some pages."""
ANEW.set_forkserver_preload(["tests.preloaded"])


def run_zhijiang(*arguments: str | Path, timeout: float = PATIENCE) -> subprocess.CompletedProcess[str]:
    """Run a command to its end.  Raises ``subprocess.TimeoutExpired`` after ``timeout`` seconds."""
    command = [sys.executable, "-m", "zhijiang_spider.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)


class Forked:
    """A command at work in a process forked from one that has imported the program and read some pages.

    Importing takes most of a short command's time.  What only an interpreter of its own shows (imports, closed
    streams, cron, signals) has tests that start one.  Use it as a context manager: a command that is still at work
    at the end is killed.
    """

    def __init__(
        self,
        *arguments: str | Path,
        now: datetime | None = None,
        settings: Mapping[str, object] | None = None,
        busy: int = BUSY_SECONDS,
        room: int | None = None,
    ) -> None:
        """``now``: what its clock says when it begins, None: the true time.  ``settings``: the crawler's, beside ours.

        ``busy``: seconds that it waits for another program that has locked the archive.  ``room``: bytes that a file
        may have, as on a disk that is full behind them; None: as many as the machine allows.
        Unless told to have workers, by ``ZHIJIANG_WORKERS`` or ``--workers``, it reads pages itself: to start one takes
        longer than to crawl or read again such an archive.
        """
        self.command = ["zhijiang", *map(str, arguments)]
        self._folder = TemporaryDirectory()
        self._said = [Path(self._folder.name, "stdout"), Path(self._folder.name, "stderr")]
        given = (
            self.command,
            os.getcwd(),
            dict(os.environ),
            self._said,
            now,
            {"ZHIJIANG_WORKERS": 0, **(settings or {})},
            busy,
            room,
        )
        self._process = ANEW.Process(target=_run, args=given)

    def __enter__(self) -> Self:
        self._process.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        self._process.close()
        self._folder.cleanup()

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self._process.pid is not None
        return self._process.pid

    def complains(self, words: str) -> bool:
        """Tell whether its standard error has these words by now."""
        with suppress(FileNotFoundError):  # it has just begun
            return words in self._said[1].read_text("utf-8", "replace")
        return False

    def has_ended(self) -> bool:
        """Tell whether the command has come to its end."""
        return self._process.exitcode is not None

    def kill(self) -> None:
        """End it at once, if it is still at work (SIGKILL)."""
        self._process.kill()
        self._process.join()

    def finish(self, timeout: float = PATIENCE) -> subprocess.CompletedProcess[str]:
        """Wait for its end.  Raises ``subprocess.TimeoutExpired`` after ``timeout`` seconds."""
        self._process.join(timeout)
        status = self._process.exitcode
        if status is None:
            raise subprocess.TimeoutExpired(self.command, timeout)
        said = (file.read_text("utf-8") for file in self._said)
        return subprocess.CompletedProcess(self.command, status, *said)


def fork_zhijiang(
    *arguments: str | Path,
    timeout: float = PATIENCE,
    now: datetime | None = None,
    settings: Mapping[str, object] | None = None,
    room: int | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end in a forked process; ``now``, ``settings`` and ``room`` as of ``Forked``.

    Raises ``subprocess.TimeoutExpired`` after ``timeout`` seconds.
    """
    with Forked(*arguments, now=now, settings=settings, room=room) as command:
        return command.finish(timeout)


def _run(
    command: Sequence[str],
    folder: str,
    environment: Mapping[str, str],
    said: Sequence[Path],
    now: datetime | None,
    settings: Mapping[str, object],
    busy: int,
    room: int | None,
) -> None:
    if room is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    for number, file in enumerate(said, 1):
        opened = os.open(file, os.O_WRONLY | os.O_CREAT)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115  for the whole run
    sys.stderr = open(2, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.argv = list(command)

    from archive.store import archive
    from zhijiang_spider import settings as ours
    from zhijiang_spider.cli import main
    from zhijiang_spider.derive import workers

    workers.default_workers = lambda: 0
    for name, value in settings.items():
        setattr(ours, name, value)
    archive.BUSY_SECONDS = busy
    with time_machine.travel(now) if now else nullcontext():
        main()
