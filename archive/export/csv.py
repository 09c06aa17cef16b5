"""CSV: one file for people and their spreadsheet, one for machines and for keeping."""

import csv
from pathlib import Path
from typing import Any

from archive.export.selection import ArticleStream
from archive.store import Archive

CELL_CHARACTERS = 32_767
"""Excel and LibreOffice cut longer cells without a word."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(articles: ArticleStream, path: Path) -> int:
    """Write the view 文章 for a spreadsheet: UTF-8 with BOM (Chinese Excel needs it), Chinese headers.

    A cell that a spreadsheet would run as a formula gets a leading ``'``; a cell over 32,767 characters is
    cut and says so.  Returns the number of articles.  Raises ``FileExistsError``.
    """
    columns = _columns(articles.archive, "文章")
    count = 0
    with path.open("x", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in articles.rows("文章", "编号"):
            writer.writerow(_cell(value, number=row[0]) for value in row)
            count += 1
    return count


def write_raw_csv(articles: ArticleStream, path: Path) -> int:
    """Write every column of ``article`` as it is: RFC 4180, UTF-8 without BOM, text untouched.

    Text is quoted and NULL is not, so that an empty text and a missing value stay apart.
    Returns the number of articles.  Raises ``FileExistsError``.
    """
    columns = _columns(articles.archive, "article")
    count = 0
    with path.open("x", encoding="utf-8", newline="") as file:
        file.write(",".join(columns) + "\r\n")
        for row in articles.rows("article"):
            file.write(",".join(_faithful(value) for value in row) + "\r\n")
            count += 1
    return count


def _columns(archive: Archive, table: str) -> list[str]:
    return [row[0] for row in archive.connection.execute("SELECT name FROM pragma_table_info(?)", (table,))]


def _cell(value: Any, number: int) -> Any:
    if not isinstance(value, str):
        return value
    value = guarded(value)
    if len(value) > CELL_CHARACTERS:
        note = f"…（截断，全文见编号 {number}）"
        value = value[: CELL_CHARACTERS - len(note)] + note
    return value


def guarded(value: Any) -> Any:
    """Return a cell that no spreadsheet runs as a formula: such a text gets a leading ``'``."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def unguarded(text: str) -> str:
    """Return the text of a guarded cell."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def _faithful(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        doubled = value.replace('"', '""')
        return f'"{doubled}"'
    return str(value)
