"""What changed between two texts, character by character, as a reader wants to see it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import islice

from diff_match_patch import diff_match_patch

_ALIKE = 0.5
"""Share of characters that two lines have in common at least, to be one line that was changed."""
_AHEAD = 8
"""Lines of the new text among which an old line's partner is looked for."""
_SECONDS = 0.3
"""How long two lines are compared; then what is left of them counts as replaced."""


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
    lines: list[Line] = []
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += [Line(((Op.KEPT, text),)) for text in before[i:j]]
        else:
            lines += _changed(before[i:j], after[k:m])
    return lines


def diff_text(before: str, after: str) -> Line:
    """Compare two lines."""
    matcher = diff_match_patch()
    matcher.Diff_Timeout = _SECONDS
    found = matcher.diff_main(before, after, checklines=False)
    matcher.diff_cleanupSemantic(found)
    ops = {-1: Op.REMOVED, 0: Op.KEPT, 1: Op.ADDED}
    return Line(tuple((ops[op], text) for op, text in found))


def _changed(before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
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
        yield diff_text(text, after[partner])
        start = partner + 1
    for added in after[start:]:
        yield Line(((Op.ADDED, added),))


def _are_alike(before: str, after: str) -> bool:
    common = (Counter(before) & Counter(after)).total()
    return common >= _ALIKE * max(len(before), len(after))
