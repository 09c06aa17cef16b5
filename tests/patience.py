"""Waiting for what other processes and threads do: for a state, however long it takes, and never for a time."""

import time
from collections.abc import Callable

PATIENCE = 300.0
"""Seconds until a test gives up: only a fault lasts so long, also on a machine that does ten other things."""


def wait_until(condition: Callable[[], object], what: str) -> None:
    """Wait until a condition holds; fail with the words of ``what`` if it never does."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)
