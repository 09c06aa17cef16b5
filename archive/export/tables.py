"""Every table of the archive as CSV, with a description that programs and people can check it against.

A Frictionless data package: a folder with one file a table and ``datapackage.json``.  Nothing is lost in it:
``zhijiang import`` makes an archive of it again.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from archive.digests import file_sha256
from archive.export import packages
from archive.export.csv import faithful, write_raw_csv
from archive.export.selection import ArticleStream
from archive.rendering.remarks import Remark
from archive.store.dictionary import describe

MANIFEST = packages.TABLES
TABLES = (
    "data_dictionary",
    "role",
    "event",
    "crawl",
    "section",
    "crawl_section",
    "crawl_field",
    "trouble",
    "listing",
    "warc_file",
    "capture",
    "failure",
    "article",
    "article_version",
    "absence",
    "held",
    "same_text",
    "credit",
    "image",
    "media",
    "media_address",
    "attachment",
    "appraisal",
    "seal",
    "seal_part",
    "seal_former",
    "seal_token",
)
"""Every table that is not derived from others, those that others refer to first."""

CHOSEN = """
  address(url) AS (
    SELECT url FROM image WHERE article_id IN chosen UNION SELECT url FROM attachment WHERE article_id IN chosen),
  used(capture_id) AS (
    SELECT c.capture_id FROM article a CROSS JOIN capture c ON c.site = a.site AND c.key = a.key
      WHERE a.article_id IN chosen
    UNION SELECT capture_id FROM article_version WHERE article_id IN chosen AND capture_id IS NOT NULL
    UNION SELECT capture_id FROM failure WHERE kind = 'section' AND capture_id IS NOT NULL
    UNION SELECT capture_id FROM media_address WHERE url IN address
    UNION SELECT m.capture_id FROM media_address u CROSS JOIN media m ON m.media_id = u.media_id
      WHERE u.url IN address
    UNION SELECT c.revisit_of FROM used u CROSS JOIN capture c ON c.capture_id = u.capture_id
      WHERE c.revisit_of IS NOT NULL)"""
"""What belongs to the articles of ``chosen(article_id)``: for ``WITH RECURSIVE``.

``address``: of their pictures and attachments.  ``used``: the captures that show them or that others build on.
"""
BELONGS: Mapping[str, str] = {
    **dict.fromkeys(
        ("article", "article_version", "absence", "credit", "image", "attachment", "appraisal"),
        "article_id IN chosen",
    ),
    "listing": "listing_id IN (SELECT l.listing_id FROM article a CROSS JOIN listing l ON l.key = a.key"
    " JOIN section s ON s.section_id = l.section_id AND s.site = a.site WHERE a.article_id IN chosen)",
    "capture": "capture_id IN used",
    "held": "EXISTS (SELECT 1 FROM article a WHERE a.site = held.site AND a.key = held.key AND a.article_id IN chosen)",
    "same_text": "EXISTS (SELECT 1 FROM article a WHERE a.site = same_text.site"
    " AND a.key IN (same_text.old_key, same_text.new_key) AND a.article_id IN chosen)",
    "media_address": "url IN address",
    "media": "media_id IN (SELECT media_id FROM media_address WHERE url IN address)",
    **dict.fromkeys(
        ("seal", "seal_part", "seal_former", "seal_token"), "0"
    ),  # they speak of all rows or none
    "failure": "kind = 'section' OR kind = 'media' AND url IN address OR kind = 'article' AND EXISTS"
    " (SELECT 1 FROM article a WHERE a.site = failure.site AND a.key = failure.key AND a.article_id IN chosen)",
}
"""Table → which of its rows belong to chosen articles; the other tables belong to the archive as a whole."""

_WHOLE = "采集、栏目、职责、事件、数据字典、WARC 文件各表是整个档案的；封签只随整个档案移交，由选定的文章重建的档案从头封签。"

_NUMBERS = {"INTEGER": "integer", "REAL": "number"}


def write_raw(articles: ArticleStream, path: Path) -> int:
    """Write for machines: the articles alone where a file ``….csv`` is asked for, else every table in a folder.

    Returns the number of articles.  Raises ``OSError``.
    """
    return (write_raw_csv if path.suffix.lower() == ".csv" else write_tables)(articles, path)


def write_tables(articles: ArticleStream, path: Path) -> int:
    """Write every table to a CSV file in a new folder, and ``datapackage.json``.

    Rows are in the order of their keys.  Of chosen articles only what belongs to them is written.
    Returns the number of articles.  Raises ``OSError``.
    """
    path.mkdir()
    counts = {}
    resources = []
    for table in TABLES:
        if not articles.columns(table):
            continue  # an earlier schema has no such table
        file = path / f"{table}.csv"
        counts[table] = _write_table(articles, table, file)
        resources.append(
            {
                "name": table,
                "path": file.name,
                **_described(table),
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "dialect": {
                    "delimiter": ",",
                    "quoteChar": '"',
                    "doubleQuote": True,
                    "lineTerminator": "\r\n",
                },
                "bytes": file.stat().st_size,
                "hash": f"sha256:{file_sha256(file)}",
                "schema": _schema(articles, table),
            }
        )
    package = {
        "profile": "tabular-data-package",
        "name": "zhijiang",
        "title": "新闻档案：全部表",
        "description": "每个文件是档案里的一张表，照原样，按主键排列。文本都在引号里；不在引号里的空值是 NULL（没有），"
        "引号里的空值是空文本（印了空白或没有内容）：一般的 CSV 程序分不出这两种，zhijiang import 分得出。"
        + (
            f"{articles.remarks[Remark.CONTROLLED]} 篇控制件只有题名和日期，由此不能重建档案；用 --all 导出全文。"
            if articles.remarks[Remark.CONTROLLED]
            else ""
        )
        + (
            ""
            if articles.is_whole
            else f"只含选定的文章（{articles.selection.in_chinese()}）和属于它们的行；{_WHOLE}"
        ),
        "zhijiang": {
            "schema": articles.archive.connection.execute("PRAGMA user_version").fetchone()[0],
            "selection": articles.selection.as_dict(),
            "rows": counts,
            **({"restricted": len(articles.archive.withheld)} if articles.archive.withheld else {}),
        },
        "resources": resources,
    }
    text = json.dumps(package, ensure_ascii=False, indent=2)
    (path / MANIFEST).write_text(f"{text}\n", encoding="utf-8", newline="\n")
    return counts["article"]


def _write_table(articles: ArticleStream, table: str, file: Path) -> int:
    count = 0
    with file.open("x", encoding="utf-8", newline="") as out:
        out.write(",".join(articles.columns(table)) + "\r\n")
        for row in _rows(articles, table):
            out.write(faithful(row))
            count += 1
            if table == "article":
                articles.advance(1)
    return count


def _rows(articles: ArticleStream, table: str) -> Iterator[tuple[Any, ...]]:
    order = ", ".join(primary_key(articles, table) or articles.columns(table))
    condition, parameters = articles.condition("article_id")
    scope = where = ""
    if table in BELONGS and not articles.is_whole:
        scope = f"WITH RECURSIVE chosen(article_id) AS (SELECT article_id FROM article WHERE {condition}), {CHOSEN}"
        where = f"WHERE {BELONGS[table]}"
    sql = f"{scope} SELECT * FROM {table} {where} ORDER BY {order}"
    return articles.archive.connection.execute(sql, parameters if scope else ())


def primary_key(articles: ArticleStream, table: str) -> list[str]:
    """Return the columns of a table's primary key, none where it has none."""
    rows = articles.archive.connection.execute(
        "SELECT name FROM pragma_table_info(?, 'main') WHERE pk ORDER BY pk", (table,)
    )
    return [row[0] for row in rows]


def column_types(articles: ArticleStream, table: str) -> dict[str, str]:
    """Return what each column of a table holds, in the words of Table Schema.

    ``integer``, ``number``, ``string``, ``date``, ``datetime``; ``array`` and ``object`` are JSON as text.
    """
    rows = articles.archive.connection.execute(
        "SELECT name, type FROM pragma_table_info(?, 'main')", (table,)
    )
    return {column: _type(table, column, declared) for column, declared in rows}


def _type(table: str, column: str, declared: str) -> str:
    entry = describe(table, column)
    if declared in _NUMBERS:
        return _NUMBERS[declared]
    if entry is not None and entry.json:
        return entry.json
    if column.endswith("_on"):
        return "date"
    return "datetime" if column == "at" or column.endswith("_at") else "string"


def _schema(articles: ArticleStream, table: str) -> dict[str, Any]:
    execute = articles.archive.connection.execute
    columns = execute("SELECT name, \"notnull\", pk FROM pragma_table_info(?, 'main')", (table,)).fetchall()
    types = column_types(articles, table)
    keys = execute(
        'SELECT "from", "table", "to" FROM pragma_foreign_key_list(?, \'main\') ORDER BY 1', (table,)
    ).fetchall()
    schema: dict[str, Any] = {
        "fields": [_field(table, types[column], column, *rest) for column, *rest in columns],
        "missingValues": [""],
    }
    if key := primary_key(articles, table):
        schema["primaryKey"] = key
    if keys:
        schema["foreignKeys"] = [
            {
                "fields": [column],
                "reference": {"resource": "" if other == table else other, "fields": [target]},
            }
            for column, other, target in keys
        ]
    return schema


def _field(table: str, kind: str, column: str, notnull: int, pk: int) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column, "type": kind}
    if kind == "datetime":
        field["format"] = "any"
    elif kind == "string" and notnull:
        field["missingValues"] = []  # an empty text is a value here
    field |= _described(table, column)
    if notnull or pk:
        field["constraints"] = {"required": True}
    return field


def _described(table: str, column: str = "") -> dict[str, str]:
    entry = describe(table, column)
    return {"title": entry.name, "description": entry.note} if entry else {}
