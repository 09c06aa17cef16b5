"""Exports: one module a format, each a small writer over the same stream of articles."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.export.csv import write_csv, write_raw_csv
from archive.export.selection import ArticleStream, Selection


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write articles."""

    write: Callable[[ArticleStream, Path], int]
    """Writes the articles to a path that does not exist yet; returns how many."""
    about: str
    """What it is good for, in one line."""
    is_folder: bool = False
    """It writes a folder, not a file."""


FORMATS: Mapping[str, Format] = {
    "csv": Format(write_csv, "for Excel: Chinese headings, one row an article"),
}
"""For readers."""
RAW_FORMATS: Mapping[str, Format] = {
    "csv": Format(write_raw_csv, "for machines: every column, untouched text"),
}
"""For machines: what ``--raw`` writes."""

__all__ = ["FORMATS", "RAW_FORMATS", "ArticleStream", "Format", "Selection"]
