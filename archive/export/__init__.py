"""Exports: one module a format, each a small writer over the same stream of articles."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.export import bag, da, site
from archive.export.csv import write_credits_csv, write_csv, write_raw_csv
from archive.export.jsonl import write_jsonl
from archive.export.parquet import write_parquet
from archive.export.selection import ArticleStream, Selection, read_articles
from archive.export.tables import MANIFEST, write_tables
from archive.export.wacz import write_wacz
from archive.export.xlsx import write_xlsx
from archive.extras import ExtraMissing


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write articles."""

    write: Callable[[ArticleStream, Path], int]
    """Writes the articles to a path that does not exist yet; returns how many (of credits: how many of them).

    Counts in ``ArticleStream.remarks`` what it had to alter.  Raises ``ExtraMissing``."""
    about: str
    """What it is good for, in one line."""
    is_folder: bool = False
    """It writes a folder, not a file."""
    manifest: str = ""
    """The file of that folder that holds the digests of the others, "" where there is none."""


FORMATS: Mapping[str, Format] = {
    "csv": Format(write_csv, "for Excel: Chinese headings, one row an article"),
    "xlsx": Format(write_xlsx, "for Excel, as a workbook: articles, credits, changes, and what they mean"),
    "credits": Format(write_credits_csv, "for Excel, as CSV: one row for each article, role and name"),
    "jsonl": Format(
        write_jsonl, "for programs: schema.org NewsArticle, one a line, with versions and captures"
    ),
    "parquet": Format(write_parquet, "for pandas, DuckDB and Spark: typed (extra: parquet)"),
    "wacz": Format(write_wacz, "captured pages, to be opened in ReplayWeb.page"),
    "bag": Format(
        bag.write_bag,
        "everything in one checked folder (BagIt), to hand over or to keep",
        is_folder=True,
        manifest=bag.MANIFEST,
    ),
    "da": Format(
        da.write_transfer,
        "for an archive office: catalogue in XML, one folder a year (参照档发〔2012〕7号设计)",
        is_folder=True,
        manifest=da.MANIFEST,
    ),
    "site": Format(
        site.write_site,
        "a reading copy in HTML for a USB stick, with a search, no server",
        is_folder=True,
        manifest=site.MANIFEST,
    ),
}
"""For readers."""
RAW_FORMATS: Mapping[str, Format] = {
    "csv": Format(write_tables, "a folder with every table, untouched", is_folder=True, manifest=MANIFEST),
}
"""For machines: what ``--raw`` writes."""
RAW_TABLE = Format(write_raw_csv, "the table article, untouched")
"""What ``csv --raw`` writes when asked for a file ``….csv``."""

__all__ = [
    "FORMATS",
    "RAW_FORMATS",
    "RAW_TABLE",
    "ArticleStream",
    "ExtraMissing",
    "Format",
    "Selection",
    "read_articles",
]
