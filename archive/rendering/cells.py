"""Cells of a spreadsheet: what they may hold without harm, and how much."""

import re
from collections import Counter
from typing import Any

from archive.characters import CONTROLS, INVISIBLE, storable
from archive.rendering.remarks import Remark

CELL_UNITS = 32_767
"""UTF-16 units that Excel and LibreOffice keep of a cell; they cut longer ones without a word."""

_BLANK = rf"[\s{CONTROLS}{INVISIBLE}]"
_FORMULA = re.compile(rf"'*(?:{_BLANK}*[=+\-@＝＋－＠]|[\t\r\n])")


def readable(value: Any, number: int, remarks: Counter[Remark]) -> Any:
    """Return a value for a spreadsheet: text without control characters, cut to what a cell can hold.

    ``number``: 编号 of the article whose whole text the mark at a cut names.  Counts in ``remarks``.
    """
    if not isinstance(value, str):
        return value
    if not value.isprintable():  # quick, and mostly enough
        bare = storable(value.replace("\r\n", "\n")).replace("\r", "")  # Excel shows a lone one as _x000D_
        if len(bare) + value.count("\r\n") < len(value):
            remarks[Remark.CONTROLS] += 1
        value = bare
    if len(value) > CELL_UNITS // 2 and _units(value) > CELL_UNITS:
        remarks[Remark.CUT] += 1
        note = f"…（截断，全文见编号 {number}）"
        value = _first_units(value, CELL_UNITS - len(note)) + note
    return value


def guarded(value: Any) -> Any:
    """Return a cell that no spreadsheet runs as a formula: such a text gets a leading ``'``.

    Spreadsheets skip blanks and invisible characters in front, and Chinese Excel takes full width for half.
    """
    if isinstance(value, str) and not value[:1].isalnum() and _FORMULA.match(value):
        return f"'{value}"
    return value


def unguarded(text: str) -> str:
    """Return the text of a guarded cell."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _first_units(text: str, units: int) -> str:
    """Return the first characters of a text, as many as fit; half a character is none."""
    return text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "ignore")
