"""Parquet: one typed row an article, for pandas, DuckDB and Spark.  Needs the extra ``parquet``."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from archive.export.selection import ArticleStream
from archive.export.tables import column_types
from archive.extras import ExtraMissing
from archive.rendering.record import texts
from archive.rendering.remarks import Remark

_BATCH = 5_000
"""Articles in a row group."""
_AT_ONCE = 250
"""Articles that are Python objects at a time; a row group is in memory as compressed pages and as columns only."""
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
    schema = _schema(pa, articles)
    count = 0
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        rows = _articles(articles)
        while group := _columns(pa, islice(rows, _BATCH), schema):
            writer.write_table(pa.Table.from_batches(group))
            count += sum(len(batch) for batch in group)
    return count


def _columns(pa: Any, rows: Iterator[dict[str, Any]], schema: Any) -> list[Any]:
    """Return rows as columns, in batches."""
    return [
        pa.RecordBatch.from_pylist(batch, schema=schema)
        for batch in iter(lambda: list(islice(rows, _AT_ONCE)), [])
    ]


def _schema(pa: Any, articles: ArticleStream) -> Any:
    types = {
        "string": pa.string(),
        "integer": pa.int32(),
        "number": pa.float64(),
        "date": pa.date32(),
        "datetime": pa.timestamp("us", tz="UTC"),
        "array": pa.list_(pa.string()),
        "object": pa.string(),
    }

    def typed(table: str) -> dict[str, Any]:
        return {
            column: pa.int64() if column.endswith("_id") else types[kind]
            for column, kind in column_types(articles, table).items()
        }

    lists = []
    for name, (table, names) in _PARTS.items():
        of_part = typed(table)
        lists.append((name, pa.list_(pa.struct([(column, of_part[column]) for column in names]))))
    return pa.schema([*typed("article").items(), *lists])


def _articles(articles: ArticleStream) -> Iterator[dict[str, Any]]:
    streams = {
        name: (names, articles.parts(table, names, order="seq")) for name, (table, names) in _PARTS.items()
    }
    kinds = column_types(articles, "article")
    for row in articles.rows("article"):
        article = {
            column: _value(value, kind, articles.remarks)
            for (column, kind), value in zip(kinds.items(), row, strict=True)
        }
        for name, (names, stream) in streams.items():
            article[name] = [
                dict(zip(names, part[1:], strict=True)) for part in stream.of(article["article_id"])
            ]
        yield article


def _value(value: Any, kind: str, remarks: Counter[Remark]) -> Any:
    if kind == "array":
        return texts(value)
    if kind in ("date", "datetime"):
        return _moment(value, remarks, day=kind == "date")
    return value


def _moment(text: str | None, remarks: Counter[Remark], *, day: bool = False) -> date | None:
    if not text:  # "" where it is withheld
        return None
    try:
        return date.fromisoformat(text) if day else datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        remarks[Remark.NO_DATE] += 1
        return None
