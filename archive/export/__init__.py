"""Exports: one module a format, each a small writer over the same choice of articles."""

from collections.abc import Callable, Mapping
from pathlib import Path

from archive.export.csv import write_csv, write_raw_csv
from archive.export.selection import Selection
from archive.store import Archive

Writer = Callable[[Archive, Selection, Path], int]
"""Writes the chosen articles to a file that does not exist yet; returns how many."""

FORMATS: Mapping[str, Writer] = {"csv": write_csv}
"""For readers."""
RAW_FORMATS: Mapping[str, Writer] = {"csv": write_raw_csv}
"""For machines: every column, untouched text."""

__all__ = ["FORMATS", "RAW_FORMATS", "Selection", "Writer"]
