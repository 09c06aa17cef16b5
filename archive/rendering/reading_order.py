"""The text of an article as it was printed: its paragraphs with the pictures between them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any


def reading_order(text: Sequence[Any], pictures: Iterable[tuple[int, Any]]) -> list[tuple[str, Any]]:
    """Return ("p", paragraph) and ("image", picture) in the order in which they are read.

    ``pictures``: each behind the number of paragraphs that stand before it; of a number greater than there are
    paragraphs it comes last.
    """
    placed = defaultdict(list)
    for before, picture in pictures:
        placed[max(0, min(before, len(text)))].append(picture)
    flow: list[tuple[str, Any]] = []
    for place in range(len(text) + 1):
        flow += [("image", picture) for picture in placed[place]]
        flow += [("p", paragraph) for paragraph in text[place : place + 1]]
    return flow
