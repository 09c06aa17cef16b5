"""Reading many pages: Python looks for garbage in cycles after every 700 objects, a page makes thousands.

With its own thresholds a crawl spends a fifteenth of its CPU on looking through modules, rules and word lists, which
are never garbage.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_NEW, _YOUNG, _OLD = 20_000, 10, 20
"""Objects made, and rounds of younger garbage, before each generation is looked through.  A few pages' worth."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look for garbage seldom meanwhile, and never among what is there already."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_NEW, _YOUNG, _OLD)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
