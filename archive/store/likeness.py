"""Are two titles or texts alike?  Pure: for telling whether a site contradicts itself."""

import hashlib

from archive.store.as_seen import seen_text

_CALLED_ALIKE = 0.3
"""Share of a list's wording that the page's title has at least.  Lists cut titles short and put them in other words,
which keeps half of it; the name of the site, a login page or another article has a tenth by chance."""
_LEFT = 0.3
"""Share of an archived text that a revision has at least.  Two unlike Chinese news texts share a tenth of their pairs of
characters; whoever rewrites half an article keeps more than a third of them."""


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
    return bool(_pairs(listed)) and bool(_pairs(titles)) and _shared(listed, titles) < _CALLED_ALIKE


def is_replaced(before: str, after: str) -> bool:
    """Tell whether next to nothing of a text is in the one that takes its place."""
    return bool(_pairs(before)) and _shared(before, after) < _LEFT


def _shared(of: str, other: str) -> float:
    pairs = _pairs(of)
    return len(pairs & _pairs(other)) / len(pairs)


def _pairs(text: str) -> set[str]:
    """Return every two characters that stand side by side."""
    seen = seen_text(text).replace("\n", "")
    return {seen[at : at + 2] for at in range(len(seen) - 1)}


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
