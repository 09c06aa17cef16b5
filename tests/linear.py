"""Whether work grows with its input: measured in processor time, judged by how two sizes compare."""

import gc
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

TIMES_LARGER = 4
MOST_GROWTH = 8
"""Times the work of an input four times as large: linear work takes 4, work with the square of the size 16."""
_ROUNDS = 9


def growth(make: Callable[[int], T], work: Callable[[T], object], size: int) -> float:
    """Return how many times longer ``work`` takes on ``make(4 * size)`` than on ``make(size)``.

    The processor's time is compared, and the least of several rounds: what else a machine does only lengthens it.
    Where the larger input seems to take too long, it is given more rounds; they help nothing that is not linear.
    """
    gc.collect()
    gc.freeze()  # what lives now is not looked at again in every round
    small = min(_seconds(make, work, size) for _ in range(2))
    large = _seconds(make, work, TIMES_LARGER * size)
    for _ in range(_ROUNDS):
        if large <= MOST_GROWTH * small:
            break
        small = min(small, _seconds(make, work, size))
        large = min(large, _seconds(make, work, TIMES_LARGER * size))
    return large / small


def _seconds(make: Callable[[int], T], work: Callable[[T], object], size: int) -> float:
    given = make(size)
    gc.collect()
    started = time.process_time()
    work(given)
    return time.process_time() - started
