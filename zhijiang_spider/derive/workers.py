"""Pages are read beside the process that has the archive: in worker processes, or in that process itself.

Each worker has its own two pipes and one page at a time, so that one that dies or hangs takes nothing along but that
page.  Workers are started when a page comes and no other one is free, and end with the process that started them.
"""

import asyncio
import logging
import os
import pickle
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext, suppress
from types import TracebackType
from typing import Any, Self, TypeVar

from zhijiang_spider.derive.article import Refused
from zhijiang_spider.derive.worker import LENGTH, Outcome

PAGE_SECONDS = 120.0
"""How long a worker may read one page.  Reading takes hundredths of a second, the longest page some seconds."""
_STARTS = 3
"""How often a worker is started before this process reads the pages itself."""
_GRACE = 2.0
"""Seconds after which a worker that its own alarm did not end is ended: one that is stopped hears none."""
_START_SECONDS = 60.0
"""How long a worker may take until it is ready."""
_POSSIBLE = hasattr(signal, "setitimer")
"""Whether a page that hangs can be ended: not on Windows, where this process reads the pages itself."""
_BUFFER = 2**20
"""Bytes of an answer that are taken at once."""

_Read = TypeVar("_Read")
_log = logging.getLogger(__name__)


class ReadingEnded(Refused):
    """A page that ended the worker process that read it: it crashed, or took longer than a page may."""


def default_workers() -> int:
    """Return how many workers a machine has room for: see ``workers_for``.

    On Windows none: there a page that hangs could not be ended.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return workers_for(cores) if _POSSIBLE else 0


def workers_for(cores: int) -> int:
    """Return one worker for each core but the one that fetches and stores; on two cores two, as that one is idle most
    of the time, on one none.
    """
    return 2 if cores == 2 else cores - 1


class Workers:
    """What reads pages.  Use it as an asynchronous context manager, or ``close`` it."""

    def __init__(self, most: int, seconds: float = PAGE_SECONDS) -> None:
        """``most``: worker processes at a time, 0 = this process reads.  ``seconds``: how long each page may take."""
        self._most = most if _POSSIBLE else 0
        self._seconds = seconds
        self._started: set[_Worker] = set()
        self._idle: list[_Worker] = []
        self._door = asyncio.Lock()
        self._places = asyncio.Semaphore(most)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def most(self) -> int:
        """How many pages are read at a time, beside this process."""
        return self._most

    async def read(
        self,
        function: Callable[..., _Read],
        *arguments: Any,
        at_work: Callable[[], AbstractContextManager[None]] = nullcontext,
        alone: bool = False,
    ) -> _Read:
        """Call a function of a page; return what it returns.

        ``at_work``: entered while it is at work.  ``alone``: while nothing else is read.  Raises what the function
        raises, and ``ReadingEnded``.
        """
        if self._most:
            async with self._place(alone=alone):
                if worker := await self._free():
                    with at_work():
                        return await self._by(worker, function, arguments)
        with at_work():
            return function(*arguments)

    async def close(self) -> None:
        """End the worker processes."""
        ended = [*self._started]
        self.kill()
        for worker in ended:
            await worker.process.wait()

    def kill(self) -> None:
        """End the worker processes at once, without a running event loop too."""
        for worker in self._started:
            worker.kill()
        self._started.clear()
        self._idle.clear()

    @asynccontextmanager
    async def _place(self, *, alone: bool) -> AsyncIterator[None]:
        """Wait for a free place, or for all of them; who comes first is first."""
        wanted = self._most if alone else 1
        async with self._door:
            for _ in range(wanted):
                await self._places.acquire()
        try:
            yield
        finally:
            for _ in range(wanted):
                self._places.release()

    async def _free(self) -> "_Worker | None":
        """Return a worker that has nothing to do, None where none can be started."""
        while self._idle:
            worker = self._idle.pop()
            if worker.process.returncode is None:
                return worker
            self._started.discard(worker)
        error: Exception | None = None
        for _ in range(_STARTS):
            try:
                return await _Worker.start(self._started)
            except (OSError, _Ended) as failed:
                error = failed
        _log.warning("no worker process can be started, so pages are read in this one: %s", error)
        self._most = 0
        return None

    async def _by(
        self, worker: "_Worker", function: Callable[..., _Read], arguments: tuple[Any, ...]
    ) -> _Read:
        try:
            read, error, cause = await worker.do(self._seconds, function, arguments)
        except _Ended as ended:
            self._started.discard(worker)
            raise ReadingEnded(self._reason(ended.status)) from None
        except BaseException:  # nobody waits for its answer any more
            self._started.discard(worker)
            worker.kill()
            raise
        self._idle.append(worker)
        if error is not None:
            raise error from cause
        result: _Read = read
        return result

    def _reason(self, status: int) -> str:
        if status == -signal.SIGALRM:
            return f"reading it takes too long: more than {self._seconds:g} seconds"
        how = signal.Signals(-status).name if -status in {*signal.Signals} else f"exit status {status}"
        memory = ", perhaps for want of memory" if status == -signal.SIGKILL else ""
        return f"it ended the process that read it: {how}{memory}"


class _Ended(Exception):
    """A worker process is gone."""

    def __init__(self, status: int) -> None:
        """``status``: its exit status, the number of a signal below zero."""
        super().__init__(f"it ended with status {status}")
        self.status = status


class _Worker:
    """One worker process, from this side."""

    def __init__(self, process: Process) -> None:
        self.process = process

    @classmethod
    async def start(cls, started: "set[_Worker]") -> Self:
        """Start a worker and wait until it is ready.  ``started``: takes it from the first.  Raises ``OSError``, ``_Ended``."""
        paths = os.pathsep.join(path for path in sys.path if path)  # it imports what this process would
        environment = {**os.environ, "PYTHONPATH": paths, "PYTHONSAFEPATH": "1"}
        command = [sys.executable, "-m", "zhijiang_spider.derive.worker", str(os.getpid())]
        worker = cls(
            await asyncio.create_subprocess_exec(
                *command,
                stdin=PIPE,
                stdout=PIPE,
                env=environment,
                limit=_BUFFER,
                start_new_session=True,  # Ctrl-C is for the crawl, which ends in order
            )
        )
        started.add(worker)
        try:
            await worker._answer(_START_SECONDS)
        except BaseException:
            worker.kill()
            started.discard(worker)
            raise
        return worker

    async def do(self, seconds: float, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Outcome:
        """Have a function called; return the outcome.  Raises ``_Ended``."""
        assert self.process.stdin is not None
        with suppress(OSError):  # the answer tells that it is gone
            self.process.stdin.write(pickle.dumps((seconds, function, arguments)))
        return await self._answer(seconds + _GRACE)

    def kill(self) -> None:
        """End it at once, if it is there."""
        with suppress(ProcessLookupError):
            self.process.kill()

    async def _answer(self, seconds: float) -> Outcome:
        """Return what it says within so many seconds; else it is ended.  Raises ``_Ended``."""
        stdout = self.process.stdout
        assert stdout is not None
        try:
            async with asyncio.timeout(seconds):
                length = int.from_bytes(await stdout.readexactly(LENGTH))
                answer: Outcome = pickle.loads(await stdout.readexactly(length))
        except TimeoutError:
            self.kill()
            await self.process.wait()
            raise _Ended(-signal.SIGALRM) from None
        except (EOFError, OSError):
            raise _Ended(await self.process.wait()) from None
        return answer
