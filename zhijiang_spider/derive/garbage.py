"""Reading many pages: Python looks for garbage in cycles after every 700 objects, a page makes thousands.

With its own thresholds a crawl spends a twentieth of its CPU on looking, half of it through modules, rules and word lists,
which are never garbage.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_NEW = 2_000
"""Objects made before the youngest are looked through.  With ten times as many less is saved: memory is used again late,
when it has left the processor's cache."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look for garbage seldom meanwhile, and never among what is there already."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_NEW)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
