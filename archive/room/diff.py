"""What changed between two texts, character by character, as a reader wants to see it."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from diff_match_patch import diff_match_patch

_ALIKE = 0.5
"""Share of characters that two lines have in common at least, to be one line that was changed."""
_AHEAD = 8
"""Lines of the new text among which an old line's partner is looked for."""
_SECONDS = 0.3
"""How long two texts are compared, however many lines they have; then what is left of them counts as replaced."""


class Op(StrEnum):
    """What happened to a piece of text."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of the comparison: its pieces in reading order."""

    pieces: tuple[tuple[Op, str], ...]

    @property
    def changed(self) -> bool:
        """Tell whether anything in it differs."""
        return any(op is not Op.KEPT for op, _ in self.pieces)


def diff_lines(before: Sequence[str], after: Sequence[str]) -> list[Line]:
    """Compare two texts given as paragraphs.

    The kept and removed pieces are the old text, the kept and added ones the new, line by line.
    """
    deadline = time.time() + _SECONDS
    numbers: dict[str, int] = {}  # a line as one character, so that lines are compared as texts are
    old, new = (
        "".join(chr(numbers.setdefault(line, len(numbers))) for line in text) for text in (before, after)
    )
    lines: list[Line] = []
    removed: list[str] = []
    added: list[str] = []
    place_old = place_new = 0
    for op, run in [*_compared(old, new, deadline), (Op.KEPT, "")]:
        if op is Op.REMOVED:
            removed += before[place_old : place_old + len(run)]
        elif op is Op.ADDED:
            added += after[place_new : place_new + len(run)]
        else:
            lines += _changed(removed, added, deadline)
            removed, added = [], []
            lines += [Line(((Op.KEPT, line),)) for line in before[place_old : place_old + len(run)]]
        place_old += len(run) if op is not Op.ADDED else 0
        place_new += len(run) if op is not Op.REMOVED else 0
    return lines


def diff_text(before: str, after: str, deadline: float | None = None) -> Line:
    """Compare two lines, until ``deadline`` (``time.time()``)."""
    return Line(tuple(_compared(before, after, deadline or time.time() + _SECONDS, readable=True)))


def _compared(before: str, after: str, deadline: float, *, readable: bool = False) -> list[tuple[Op, str]]:
    matcher = diff_match_patch()
    found = matcher.diff_main(before, after, checklines=False, deadline=deadline)
    if readable:
        matcher.diff_cleanupSemantic(found)
    ops = {-1: Op.REMOVED, 0: Op.KEPT, 1: Op.ADDED}
    return [(ops[op], text) for op, text in found]


def _changed(before: Sequence[str], after: Sequence[str], deadline: float) -> Iterator[Line]:
    """Pair old lines with the new ones they became, in order; what finds no partner was removed or added."""
    start = 0
    for text in before:
        ahead = enumerate(islice(after, start, start + _AHEAD), start)
        partner = next((number for number, line in ahead if _are_alike(text, line)), None)
        if partner is None:
            yield Line(((Op.REMOVED, text),))
            continue
        for added in after[start:partner]:
            yield Line(((Op.ADDED, added),))
        yield diff_text(text, after[partner], deadline)
        start = partner + 1
    for added in after[start:]:
        yield Line(((Op.ADDED, added),))


def _are_alike(before: str, after: str) -> bool:
    common = (Counter(before) & Counter(after)).total()
    return common >= _ALIKE * max(len(before), len(after))
