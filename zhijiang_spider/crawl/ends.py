"""How a crawl ended that did not finish its work, in words that say what happened."""

from archive.store.plan import CUT_SHORT

ASKED_TO_STOP = "shutdown"
"""The reason, as Scrapy calls it, where one signal asked the crawl to stop: it ends in order."""
STOPPED_AT_ONCE = "interrupted twice, stopped immediately"
"""The reason where a second signal came while it did."""


def cut_short(reason: str, list_pages: int) -> str:
    """Say why a crawl ended before its end, what that left, and what comes next.

    ``list_pages``: those it had read by then.
    """
    if reason == ASKED_TO_STOP and not list_pages:
        told = "a signal told it to stop before the first page; the next one does its work."
    elif reason == ASKED_TO_STOP:
        told = "a signal told it to stop, and it ended in order; the next one goes on from there."
    elif reason == STOPPED_AT_ONCE:
        told = "what it was just reading is not stored; the next one goes on from there."
    else:
        return f"{CUT_SHORT} ({reason}); the next one goes on from there."
    return f"{CUT_SHORT} ({reason}): {told}"


def says_nothing_of_the_site(reason: str, last_failure: str) -> bool:
    """Tell whether a crawl that read no list page was stopped by a signal, and not by what it met."""
    return reason in (ASKED_TO_STOP, STOPPED_AT_ONCE) and not last_failure
