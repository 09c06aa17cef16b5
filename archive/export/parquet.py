"""Parquet: one typed row an article, for pandas, DuckDB and Spark.  Needs the extra ``parquet``."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from archive.export.selection import ArticleStream
from archive.extras import ExtraMissing
from archive.rendering.remarks import Remark

_BATCH = 5_000
"""Articles in a row group: what is in memory at a time."""
_COLUMNS = [
    "article_id",
    "site",
    "key",
    "url",
    "kind",
    "title",
    "kicker",
    "subtitle",
    "section",
    "breadcrumb",
    "published_on",
    "published_at",
    "published_raw",
    "source",
    "source_raw",
    "body",
    "credit_line",
    "status",
    "version",
    "content_sha256",
    "first_seen_at",
    "last_seen_at",
    "last_look_at",
]
_PARTS = {
    "credits": ("credit", ("role", "name", "org", "label", "position", "rule")),
    "images": ("image", ("url", "caption", "paragraph")),
    "attachments": ("attachment", ("kind", "url", "text")),
}
"""List → the table that it is made of, and its columns."""


def write_parquet(articles: ArticleStream, path: Path) -> int:
    """Write the chosen articles with their credits, pictures and attachments as lists.

    Days are dates; times are UTC, ``published_at`` too.  A value that is no date or time is left empty and
    counted.  Returns the number of articles.  Raises ``ExtraMissing`` and ``FileExistsError``.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise ExtraMissing("export parquet", "PyArrow", "parquet") from None
    path.touch(exist_ok=False)
    schema = _schema(pa)
    count = 0
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        rows = _articles(articles)
        while batch := list(islice(rows, _BATCH)):
            writer.write_table(pa.Table.from_pylist(batch, schema=schema))
            count += len(batch)
    return count


def _schema(pa: Any) -> Any:
    text, moment = pa.string(), pa.timestamp("us", tz="UTC")
    types = {
        "article_id": pa.int64(),
        "version": pa.int32(),
        "paragraph": pa.int32(),
        "breadcrumb": pa.list_(text),
        "published_on": pa.date32(),
        **dict.fromkeys(("published_at", "first_seen_at", "last_seen_at", "last_look_at"), moment),
    }
    columns = [(name, types.get(name, text)) for name in _COLUMNS]
    lists = [
        (name, pa.list_(pa.struct([(column, types.get(column, text)) for column in names])))
        for name, (_table, names) in _PARTS.items()
    ]
    return pa.schema([*columns, *lists])


def _articles(articles: ArticleStream) -> Iterator[dict[str, Any]]:
    streams = {
        name: (names, articles.parts(table, names, order="seq")) for name, (table, names) in _PARTS.items()
    }
    for row in articles.rows("article", columns=_COLUMNS):
        article = dict(zip(_COLUMNS, row, strict=True))
        article["breadcrumb"] = _texts(article["breadcrumb"])
        article["published_on"] = _moment(article["published_on"], articles.remarks, day=True)
        for name in ("published_at", "first_seen_at", "last_seen_at", "last_look_at"):
            article[name] = _moment(article[name], articles.remarks)
        for name, (names, stream) in streams.items():
            article[name] = [
                dict(zip(names, part[1:], strict=True)) for part in stream.of(article["article_id"])
            ]
        yield article


def _moment(text: str | None, remarks: Counter[Remark], *, day: bool = False) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text) if day else datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        remarks[Remark.NO_DATE] += 1
        return None


def _texts(value: str) -> list[str]:
    try:
        return [str(text) for text in json.loads(value)]
    except (ValueError, TypeError):  # written by other software
        return [value]
