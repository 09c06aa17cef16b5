"""What the reading copy's search reads: rows, texts and an index, as scripts that a browser loads from a folder.

The texts stand in blocks, the newest first.  The index is a bit-sliced signature file: every character and every pair
of neighbours in a block's folded texts sets one of ``_SLOTS`` bits, and the bits of one slot stand side by side for
all blocks.  A search reads the slots of its words, loads the blocks that have them all, and looks at the texts
themselves: pairs that share a slot cost a needless block, and never a wrong hit or a missing one.
"""

import json
import re
from collections.abc import Callable, Sequence
from itertools import chain, pairwise
from typing import Any

from archive.characters import LINE_SEPARATORS
from archive.search.fold import fold, folded_forms

_PART = 2_000
"""Articles in one file of rows."""
_BLOCK = 1 << 14
"""Characters from which on a block is full: some 50 KB, of which Chinese news has 9,000 different pairs."""
_SLOTS = 1 << 16
"""Bits of a block; such a block sets an eighth of them."""
_SPREAD = 92_821
"""Spreads pairs over the slots; search.js has the same number."""
_SHARD = 1 << 8
"""Slots in one file of the index."""
_DIGITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_BLOCKS_A_DIGIT = 6
_FEW = 6
"""Blocks up to which there is no index: it would be as large as the texts."""

Row = tuple[int, str, str, str, str]
"""Of one article: number, title, day of publication, sections, names."""
Save = Callable[[str, str], None]
"""Writes a text to a place in the copy."""


class SearchData:
    """Writes the search's data while articles are added, the newest first, one block of texts in memory."""

    def __init__(self, save: Save) -> None:
        self._save = save
        self._rows: list[Row] = []
        self._texts: list[tuple[int, str]] = []
        self._characters = 0
        self._slots: set[int] = set()
        self._columns: list[bytearray] = []
        """A byte a slot, a bit a block."""
        self.parts = self.blocks = self.shards = 0
        """Files written so far: of rows, of texts, of the index."""

    def add(self, row: Row, body: str) -> None:
        """Add an article: what its line in the results shows, and its text."""
        self._rows.append(row)
        self._texts.append((row[0], body))
        self._characters += len(body)
        for field in (row[1], *row[3:], body):
            self._slots |= _slots(fold(field))
        if len(self._rows) == _PART:
            self._end_part()
        if self._characters >= _BLOCK:
            self._end_block()

    def finish(self) -> None:
        """Write what is left, the index and the forms in which the search compares characters."""
        if self._rows:
            self._end_part()
        if self._texts:
            self._end_block()
        forms = {char: form for char, form in folded_forms().items() if form}
        nothing = [char for char, form in folded_forms().items() if not form]
        self._script("forms", "zhijiangForms", ["".join(forms), "".join(forms.values()), _runs(nothing)])
        if self.blocks > _FEW:
            self._write_index()

    def _end_part(self) -> None:
        self._script(f"rows-{self.parts}", "zhijiangRows", self._rows)
        self.parts += 1
        self._rows.clear()

    def _end_block(self) -> None:
        self._script(f"text-{self.blocks}", "zhijiangText", self._texts)
        digit = self.blocks % _BLOCKS_A_DIGIT
        if digit == 0:
            self._columns.append(bytearray(_SLOTS))
        column, bit = self._columns[-1], 1 << digit
        for slot in self._slots:
            column[slot] |= bit
        self.blocks += 1
        self._characters = 0
        self._texts.clear()
        self._slots.clear()

    def _write_index(self) -> None:
        digits = _DIGITS.ljust(256)
        width = len(self._columns)
        for start in range(0, _SLOTS, _SHARD):
            shard = bytearray(width * _SHARD)
            for number, column in enumerate(self._columns):
                shard[number::width] = column[start : start + _SHARD].translate(digits)
            self._script(f"index-{self.shards}", "zhijiangIndex", shard.decode("ascii"))
            self.shards += 1

    def _script(self, name: str, function: str, value: Sequence[Any]) -> None:
        """Write a value as a script that hands it to a function: a page of a folder may load nothing else."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        safe = re.sub(f"[<{LINE_SEPARATORS}]", lambda char: f"\\u{ord(char[0]):04x}", text)
        self._save(f"data/{name}.js", f"{function}({safe});\n")


def _slots(text: str) -> set[int]:
    """Return the slots of a folded text: of its characters and of its pairs of neighbours."""
    codes = [ord(char) for char in text]
    told = chain(set(pairwise(codes)), ((code, 0) for code in set(codes)))
    return {(first * _SPREAD + second) % _SLOTS for first, second in told}


def _runs(characters: Sequence[str]) -> list[tuple[int, int]]:
    """Return first and last code point of each run of neighbours."""
    runs: list[tuple[int, int]] = []
    for code in sorted(map(ord, characters)):
        if runs and runs[-1][1] == code - 1:
            runs[-1] = (runs[-1][0], code)
        else:
            runs.append((code, code))
    return runs
