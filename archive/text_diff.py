"""What changed between two texts, character by character, as a reader wants to see it.

The reading room shows these marks and a version's count of changed characters counts them, so both say the same.
How long a comparison may go on is measured in steps, not in seconds: the same two texts give the same marks on
every machine, every time.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any

from diff_match_patch import diff_match_patch

_ALIKE = 0.5
"""Share of characters that two lines have in common at least, to be one line that was changed."""
_AHEAD = 8
"""Lines of the new text among which an old line's partner is looked for."""
_STEPS = 500_000
"""Steps in which two texts are compared, however many lines they have (about half a second); then what is left of
them counts as replaced."""


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


def diff_field(before: str, after: str) -> list[Line]:
    """Compare two texts of a field, whose lines are paragraphs; two single lines are compared as one."""
    old, new = (text.split("\n") if text else [] for text in (before, after))
    return [diff_text(before, after)] if len(old) == len(new) == 1 else diff_lines(old, new)


def diff_lines(before: Sequence[str], after: Sequence[str]) -> list[Line]:
    """Compare two texts given as paragraphs.

    The kept and removed pieces are the old text, the kept and added ones the new, line by line.
    """
    matcher = _Matcher()
    lines: list[Line] = []
    removed: list[str] = []
    added: list[str] = []
    place_old = place_new = 0
    for op, run in [*matcher.compared(*_as_characters(before, after)), (Op.KEPT, "")]:
        if op is Op.REMOVED:
            removed += before[place_old : place_old + len(run)]
        elif op is Op.ADDED:
            added += after[place_new : place_new + len(run)]
        else:
            lines += _changed(removed, added, matcher)
            removed, added = [], []
            lines += [Line(((Op.KEPT, line),)) for line in before[place_old : place_old + len(run)]]
        place_old += len(run) if op is not Op.ADDED else 0
        place_new += len(run) if op is not Op.REMOVED else 0
    return lines


def diff_text(before: str, after: str) -> Line:
    """Compare two lines."""
    return Line(tuple(_Matcher().compared(before, after, readable=True)))


def common_ends(before: str, after: str) -> tuple[int, int]:
    """Return how many characters two texts begin with alike, and how many of the others they end with alike."""
    matcher = diff_match_patch()
    start = matcher.diff_commonPrefix(before, after)
    return start, matcher.diff_commonSuffix(before[start:], after[start:])


def count_changed(lines: Iterable[Line]) -> tuple[int, int]:
    """Return how many characters a comparison marks as added and as removed."""
    counts: Counter[Op] = Counter()
    for line in lines:
        for op, text in line.pieces:
            counts[op] += len(text)
    return counts[Op.ADDED], counts[Op.REMOVED]


def _as_characters(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """Return both texts with one character for each line, so that lines are compared as characters are."""
    numbers: dict[str, int] = {}
    for line in (*before, *after):
        numbers.setdefault(line, len(numbers))
    if len(numbers) > sys.maxunicode:  # more lines than characters: nothing counts as kept
        return ["-" * len(before), "+" * len(after)]
    return ["".join(chr(numbers[line]) for line in text) for text in (before, after)]


class _Matcher(diff_match_patch):  # type: ignore[misc]
    """The library's comparison, which ends after so many steps instead of at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.Diff_Timeout = 0  # the smallest difference, without guesses that are made to save time
        self.steps = _STEPS

    def compared(self, before: str, after: str, *, readable: bool = False) -> list[tuple[Op, str]]:
        """Return the pieces of both texts; ``readable`` ones have no chance matches within them."""
        found = self.diff_main(before, after, checklines=False)
        if readable:
            self.diff_cleanupSemantic(found)
        ops = {-1: Op.REMOVED, 0: Op.KEPT, 1: Op.ADDED}
        return [(ops[op], text) for op, text in found]

    def are_alike(self, before: str, after: str) -> bool:
        """Tell whether a line may have become the other."""
        self.steps -= len(before) + len(after)
        common = (Counter(before) & Counter(after)).total() if self.steps >= 0 else -1
        return common >= _ALIKE * max(len(before), len(after))

    def diff_bisect(self, text1: str, text2: str, deadline: float) -> Any:
        """Compare two texts that begin and end differently; ``deadline`` is ours, not a time."""
        self.steps -= len(text1) + len(text2)
        return super().diff_bisect(text1, text2, _Rounds(self))


class _Rounds:
    """Stands for the time at which one search for the middle of a difference has to end.

    The search asks at each round whether that time is past; its n-th round takes n steps.
    """

    def __init__(self, matcher: _Matcher) -> None:
        self.matcher = matcher
        self.round = 0

    def __lt__(self, now: float) -> bool:
        self.round += 1
        self.matcher.steps -= self.round
        return self.matcher.steps < 0


def _changed(before: Sequence[str], after: Sequence[str], matcher: _Matcher) -> Iterator[Line]:
    """Pair old lines with the new ones they became, in order; what finds no partner was removed or added."""
    start = 0
    for text in before:
        ahead = enumerate(islice(after, start, start + _AHEAD), start)
        partner = next((number for number, line in ahead if matcher.are_alike(text, line)), None)
        if partner is None:
            yield Line(((Op.REMOVED, text),))
            continue
        for added in after[start:partner]:
            yield Line(((Op.ADDED, added),))
        yield Line(tuple(matcher.compared(text, after[partner], readable=True)))
        start = partner + 1
    for added in after[start:]:
        yield Line(((Op.ADDED, added),))
