"""Are two titles or texts alike?  Pure: for telling whether a site contradicts itself."""

import hashlib
from array import array
from functools import lru_cache

from archive.store.as_seen import seen_text
from archive.text_diff import common_ends

_CALLED_ALIKE = 0.3
"""Share of a list's wording that the page's title has at least.  Lists cut titles short and put them in other words,
which keeps half of it; the name of the site, a login page or another article has a tenth by chance."""
_LEFT = 0.3
"""Share of an archived text that a revision has at least.  Two unlike Chinese news texts share a tenth of their pairs of
characters; whoever rewrites half an article keeps more than a third of them."""


@lru_cache(maxsize=1)  # who saves a text asks twice: has an article had it before, and what is its digest
def text_sha256(title: str, body: str) -> str:
    """Return the SHA-256 of a title and a body as a reader sees them: UTF-8, a line break between the two."""
    return _sha256(f"{seen_text(title)}\n{seen_text(body)}")


def body_sha256(body: str) -> str:
    """Return the SHA-256 of a body as a reader sees it."""
    return _sha256(seen_text(body))


def is_called_otherwise(listed: str, titles: str) -> bool:
    """Tell whether a list calls an article something else than its page does; no where nothing is known.

    ``titles``: all that the page has for a title.
    """
    lists, pages = _pairs(_run(listed)), _pairs(_run(titles))
    return bool(lists) and bool(pages) and _shared(lists, pages) < _CALLED_ALIKE


def is_replaced(before: str, after: str) -> bool:
    """Tell whether next to nothing of a text is in the one that takes its place."""
    was, now = _run(before), _run(after)
    start, end = common_ends(was, now)
    changed = len(was) - start - end + 1  # pairs that are not in what begins or ends alike, at most
    sample = _pairs(was[: min(start, 4 * changed)])
    if len(sample) >= _LEFT * (len(sample) + changed):  # more pairs in common would only raise the share
        return False
    pairs = _pairs(was)
    return bool(pairs) and _shared(pairs, _pairs(now)) < _LEFT


def _shared(of: set[int], other: set[int]) -> float:
    return len(of & other) / len(of)


def _run(text: str) -> str:
    """Return what is seen of a text, in one line."""
    return seen_text(text).replace("\n", "")


def _pairs(run: str) -> set[int]:
    """Return every two characters that stand side by side, each as a number of twice four bytes: texts take longer."""
    units = run.encode("utf-32-le", "surrogatepass")
    odd = units[4:]
    pairs = set(array("Q", units[: len(units) & ~7]))
    pairs.update(array("Q", odd[: len(odd) & ~7]))
    return pairs


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
