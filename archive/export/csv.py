"""CSV: files for people and their spreadsheet, and one for machines."""

import csv
from pathlib import Path
from typing import Any

from archive.export.selection import ArticleStream
from archive.rendering.cells import guarded, readable


def write_csv(articles: ArticleStream, path: Path) -> int:
    """Write the view 文章 for a spreadsheet: UTF-8 with BOM (Chinese Excel needs it), Chinese headers.

    A cell that a spreadsheet would run as a formula gets a leading ``'``; a cell over 32,767 characters is
    cut and says so; control characters are left out.  Returns the number of articles.
    Raises ``FileExistsError``.
    """
    return _write_view(articles, path, "文章", "编号")


def write_credits_csv(articles: ArticleStream, path: Path) -> int:
    """Write the view 署名 for a spreadsheet: a row for each article, role and name.

    Returns the number of rows.  Raises ``FileExistsError``.
    """
    return _write_view(articles, path, "署名", "编号, 顺序")


def _write_view(articles: ArticleStream, path: Path, view: str, order: str) -> int:
    remarks = articles.remarks
    count = 0
    with path.open("x", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        columns = articles.columns(view)
        place = columns.index("编号")
        writer.writerow(columns)
        for row in articles.rows(view, "编号", order=order):
            writer.writerow([value and guarded(readable(value, row[place], remarks)) for value in row])
            count += 1
    return count


def write_raw_csv(articles: ArticleStream, path: Path) -> int:
    """Write every column of ``article`` as it is: RFC 4180, UTF-8 without BOM, text untouched.

    Text is quoted and NULL is not, so that an empty text and a missing value stay apart.
    Returns the number of articles.  Raises ``FileExistsError``.
    """
    count = 0
    with path.open("x", encoding="utf-8", newline="") as file:
        file.write(",".join(articles.columns("article")) + "\r\n")
        for row in articles.rows("article"):
            file.write(faithful(row))
            count += 1
    return count


def faithful(row: tuple[Any, ...]) -> str:
    """Return a row as a line that loses nothing: text quoted, numbers bare, NULL nothing at all."""
    return ",".join(map(_faithful, row)) + "\r\n"


def _faithful(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):  # in a column of text: written by other software
        value = value.decode(errors="replace")
    if isinstance(value, str):
        doubled = value.replace('"', '""')
        return f'"{doubled}"'
    return str(value)
