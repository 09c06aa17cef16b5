"""The formats by their names.  Whoever lists them loads none: a writer is loaded when it writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archive import export

if TYPE_CHECKING:
    from archive.export.selection import ArticleStream


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
    "csv": Format(
        lambda articles, path: export.write_csv(articles, path),
        "for Excel: Chinese headings, one row an article",
    ),
    "xlsx": Format(
        lambda articles, path: export.write_xlsx(articles, path),
        "for Excel, as a workbook: articles, credits, changes, and what they mean",
    ),
    "credits": Format(
        lambda articles, path: export.write_credits_csv(articles, path),
        "for Excel, as CSV: one row for each article, role and name",
    ),
    "jsonl": Format(
        lambda articles, path: export.write_jsonl(articles, path),
        "for programs: schema.org NewsArticle, one a line, with versions and captures",
    ),
    "parquet": Format(
        lambda articles, path: export.write_parquet(articles, path),
        "for pandas, DuckDB and Spark: typed (needs zhijiang[parquet])",
    ),
    "wacz": Format(
        lambda articles, path: export.write_wacz(articles, path),
        "captured pages, to be opened in ReplayWeb.page",
    ),
    "bag": Format(
        lambda articles, path: export.write_bag(articles, path),
        "everything in one checked folder (BagIt), to hand over or to keep",
        is_folder=True,
        manifest="manifest-sha256.txt",
    ),
    "da": Format(
        lambda articles, path: export.write_transfer(articles, path),
        "for an archive office: catalogue in XML, one folder a year (参照档发〔2012〕7号设计)",
        is_folder=True,
        manifest="其他/校验SHA256.TXT",
    ),
    "site": Format(
        lambda articles, path: export.write_site(articles, path),
        "a reading copy in HTML for a USB stick, with a search, no server",
        is_folder=True,
        manifest="SHA256.txt",
    ),
}
"""For readers."""
RAW_FORMATS: Mapping[str, Format] = {
    "csv": Format(
        lambda articles, path: export.write_tables(articles, path),
        "a folder with every table, untouched",
        is_folder=True,
        manifest="datapackage.json",
    ),
}
"""For machines: what ``--raw`` writes."""
RAW_TABLE = Format(
    lambda articles, path: export.write_raw_csv(articles, path), "the table article, untouched"
)
"""What ``csv --raw`` writes when asked for a file ``….csv``."""
