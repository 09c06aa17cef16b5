"""A worker process: reads pages for the process that started it, one at a time.

A job comes in at standard input, pickled: seconds, function, arguments.  Its answer goes out at standard output: its
length in bytes (four, the highest first), then, pickled, what ``outcome`` returns.  The first answer says that the
worker is ready.  A page can hang or crash the whole process: an alarm that Python does not handle ends it after so
many seconds, whatever the page does to it; who started it sees the pipe end.
"""

import ctypes
import os
import pickle
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from traceback import format_exc
from typing import Any, BinaryIO

from zhijiang_spider.derive.article import Refused
from zhijiang_spider.derive.garbage import seldom_collected

LENGTH = 4
"""Bytes before an answer: its length."""
Job = tuple[float, Callable[..., Any], tuple[Any, ...]]
Outcome = tuple[Any, Exception | None, Refused | None]
"""What a function returned; or what it raised, and the refusal behind that, which an error does not take along."""
_DIES_WITH_PARENT = 1
"""``PR_SET_PDEATHSIG`` of Linux."""


def main() -> None:
    """Read pages until whoever started this process (argument: its number) is gone."""
    parent = int(sys.argv[1])
    for number in (
        signal.SIGINT,
        signal.SIGTERM,
    ):  # they reach whole groups of processes: the crawl ends in order
        signal.signal(number, signal.SIG_IGN)
    with suppress(OSError):  # where there is no Linux
        Path("/proc/self/oom_score_adj").write_text(
            "1000", "ascii"
        )  # want of memory costs a page, not the crawl
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        return
    # all that reads articles, before the first one: its time is limited, and no garbage is sought among modules
    import zhijiang_spider.credits.find
    import zhijiang_spider.pages.article.extract  # noqa: F401

    jobs = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what prints does not get among the answers
    with seldom_collected(), suppress(BrokenPipeError, EOFError):
        _answer(answers, pickle.dumps((None, None, None)))
        while True:
            _answer(answers, _packed(_done(pickle.load(jobs))))
    os._exit(0)  # nothing is open that would have to be closed


def outcome(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Outcome:
    """Call a function; return what it returned or raised."""
    try:
        return function(*arguments), None, None
    except Exception as error:
        if not isinstance(error, Refused):
            error.add_note(f"In a worker process:\n{format_exc()}")
        return None, error, error.__cause__ if isinstance(error.__cause__, Refused) else None


def _done(job: Job) -> Outcome:
    seconds, function, arguments = job
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return outcome(function, arguments)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _packed(done: Outcome) -> bytes:
    """Return an outcome as it travels; an error that cannot is told in words."""
    try:
        packed = pickle.dumps(done)
        if done[1] is not None:
            pickle.loads(packed)  # an error is made again from its arguments, which need not be what it takes
    except Exception:
        error = done[1]
        words = f"{type(error).__name__}: {error}" if error else "what was read cannot travel"
        packed = pickle.dumps((None, RuntimeError(words), None))
    return packed


def _answer(answers: BinaryIO, packed: bytes) -> None:
    answers.write(len(packed).to_bytes(LENGTH) + packed)
    answers.flush()


if __name__ == "__main__":
    main()
