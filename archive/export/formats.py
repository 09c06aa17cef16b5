"""The formats by their names.  Whoever lists them loads none: a writer is loaded when it writes."""

from collections.abc import Mapping

from archive import plugins
from archive.hookspecs import Format, hookimpl


@hookimpl
def export_formats() -> Mapping[str, Format]:
    """Return the formats that are built in."""
    return {
        "csv": Format(
            "for Excel: Chinese headings, one row an article",
            "archive.export.csv:write_csv",
            raw=Format(
                "a folder with every table, untouched; to a file ….csv: the table article",
                "archive.export.tables:write_raw",
                manifest="archive.export.tables:MANIFEST",
            ),
        ),
        "xlsx": Format(
            "for Excel, as a workbook: articles, credits, changes, and what they mean",
            "archive.export.xlsx:write_xlsx",
        ),
        "credits": Format(
            "for Excel, as CSV: one row for each article, role and name",
            "archive.export.csv:write_credits_csv",
            counted="credits",
        ),
        "jsonl": Format(
            "for programs: schema.org NewsArticle, one a line, with versions and captures",
            "archive.export.jsonl:write_jsonl",
        ),
        "parquet": Format(
            "for pandas, DuckDB and Spark: typed (extra: parquet)",
            "archive.export.parquet:write_parquet",
        ),
        "wacz": Format(
            "captured pages, to be opened in ReplayWeb.page",
            "archive.export.wacz:write_wacz",
            evidence=True,
        ),
        "bag": Format(
            "everything in one checked folder (BagIt), to hand over or to keep",
            "archive.export.bag:write_bag",
            evidence=True,
            manifest="archive.export.bag:MANIFEST",
        ),
        "da": Format(
            "for an archive office: catalogue in XML, one folder a year (参照档发〔2012〕7号设计)",
            "archive.export.da:write_transfer",
            manifest="archive.export.da:MANIFEST",
        ),
        "site": Format(
            "a reading copy in HTML for a USB stick, with a search, no server",
            "archive.export.site:write_site",
            manifest="archive.export.site:MANIFEST",
        ),
    }


def known_formats() -> Mapping[str, plugins.Offer]:
    """Return every format, by its name: each offer's value is a ``Format``."""
    return plugins.offers("export_formats", Format)


plugins.register(__name__)
