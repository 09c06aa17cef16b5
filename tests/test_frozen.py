"""Packages of every earlier schema are imported, with every value that is in them.

How the package of the next release is frozen: see ``tests/frozen.py``.
"""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from archive import Archive
from archive.care.check import Level, Scope, check
from archive.importer.loader import PackageError
from archive.importer.package import import_archive
from archive.model.article import count_characters
from archive.search.language import parse_query
from archive.search.query import search
from archive.store.schema import SCHEMA
from archive.store.versions import VERSION_FIELDS, content_sha256, fields_sha256
from tests.conftest import ARTICLE
from tests.frozen import PACKAGES, freeze

FIRST_RELEASED = 7
"""The schema of version 0.1.0."""
NEVER_RELEASED = (12, 13, 14, 16, 18, 19)
"""Steps that came in one release with the one behind them: nobody has a package of these."""
RENEWED = ("data_dictionary", "role")
"""Tables that every program fills anew with what it knows."""


def unpacked(package: Path, folder: Path) -> Path:
    with ZipFile(package) as zipped:
        zipped.extractall(folder)
    return folder / "data"


def numbers() -> list[int]:
    return [int(package.stem.split("-")[1]) for package in PACKAGES]


def test_every_schema_since_the_first_release_has_its_package() -> None:
    last = numbers()[-1]
    assert {*numbers(), *NEVER_RELEASED} == {*range(FIRST_RELEASED, last + 1)}
    assert last >= SCHEMA - 1  # the newest may still be in the making


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.stem)
def test_a_frozen_package_of_tables_is_imported_with_every_value(package: Path, tmp_path: Path) -> None:
    data = unpacked(package, tmp_path)
    described = json.loads((data / "tables" / "datapackage.json").read_text("utf-8"))
    counts = import_archive(data / "tables", tmp_path / "new.db")
    assert described["zhijiang"]["schema"] == int(package.stem.split("-")[1])
    assert {table: counts.get(table, 0) for table in described["zhijiang"]["rows"]} == described["zhijiang"][
        "rows"
    ]
    assert min(counts[table] for table in ("article", "absence", "failure", "media", "appraisal")) > 0
    with Archive.read(tmp_path / "new.db") as archive:
        execute = archive.connection.execute
        assert execute("PRAGMA user_version").fetchone()[0] == SCHEMA
        for table in described["zhijiang"]["rows"]:
            with (data / "tables" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
                columns, *rows = csv.reader(file)
            if table in RENEWED:
                continue
            stored = execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()
            texts = sorted(["" if value is None else str(value) for value in row] for row in stored)
            if table in ("event", "seal", "seal_part"):  # the import is one more
                assert len(texts) > len(rows)
                texts = [text for text in texts if text in rows]
            assert texts == sorted(rows), table
        assert_digests(archive)
        counted = execute("SELECT body, characters FROM article").fetchall()
        assert [count for _, count in counted] == [count_characters(body) for body, _ in counted]
        assert search(archive.connection, parse_query("旧闻"), limit=5).total == 1
        assert execute("SELECT 改动字段 FROM 变更").fetchall() == [("题名",)]
        ((number, body),) = execute("SELECT 编号, 正文 FROM 文章 WHERE 题名 LIKE '%旧闻%'")
        assert execute("SELECT body FROM article WHERE article_id = ?", (number,)).fetchall() == [(body,)]
    faults = {
        finding.check
        for finding in check(tmp_path / "new.db", Scope(datetime.now(UTC)))
        if finding.level is Level.FAULT
    }
    assert faults == {
        "WARC files",
        "captures",
        "last crawl",
    }  # as in the archive, but for the evidence's folder


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.stem)
def test_frozen_json_lines_are_imported_with_every_text(package: Path, tmp_path: Path) -> None:
    lines = unpacked(package, tmp_path) / "articles.jsonl"
    written = [json.loads(line) for line in lines.read_text("utf-8").splitlines()]
    counts = import_archive(lines, tmp_path / "new.db")
    assert counts["article"] == len(written)
    assert counts["article_version"] == sum(len(line["zhijiang"]["article_version"]) for line in written)
    with Archive.read(tmp_path / "new.db") as archive:
        sql = "SELECT article_id, title, body, credit_line, content_sha256 FROM article ORDER BY article_id"
        assert archive.connection.execute(sql).fetchall() == [
            (
                line["identifier"],
                line["headline"],
                line["articleBody"],
                line.get("creditText", ""),
                line["zhijiang"]["article_version"][-1]["content_sha256"],
            )
            for line in written
        ]
        assert_digests(archive)


def assert_digests(archive: Archive) -> None:
    """Every version is what its digest says: the fields of a version and their order are what they were."""
    rows = list(archive.rows(f"SELECT content_sha256, {', '.join(VERSION_FIELDS)} FROM article_version"))
    assert rows
    assert [row["content_sha256"] for row in rows] == [fields_sha256(row) for row in rows]


def test_the_digest_of_a_text_is_the_one_that_version_0_1_0_made() -> None:
    assert content_sha256(ARTICLE) == "1efe49bc43d305aa88a7e4a2453af3f11239fb2eafe8cc13a5e466bf9cd4ee96"


def with_schema(lines: Path, change: Any) -> Path:
    """Write the lines again, each with another number of its schema: ``change`` takes the line's number."""
    values = [json.loads(line) for line in lines.read_text("utf-8").splitlines()]
    for place, value in enumerate(values):
        value["zhijiang"]["schema"] = change(place)
    lines.write_text("".join(f"{json.dumps(value)}\n" for value in values), "utf-8")
    return lines


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda _: SCHEMA + 1, "line 1: is of an archive with schema .*, this program knows"),
        (lambda _: "seven", "line 1: is of an archive with schema seven"),
        (lambda place: FIRST_RELEASED - place, "line 2, zhijiang.schema: is 6, and 7 in the first line"),
    ],
)
def test_lines_of_a_later_schema_or_of_two_are_refused(change: Any, message: str, tmp_path: Path) -> None:
    lines = with_schema(unpacked(PACKAGES[0], tmp_path) / "articles.jsonl", change)
    with pytest.raises(PackageError, match=message):
        import_archive(lines, tmp_path / "new.db")
    assert not (tmp_path / "new.db").exists()


def test_the_package_of_the_next_release_is_frozen_by_one_command(tmp_path: Path) -> None:
    package = freeze(tmp_path)
    assert package.name == f"schema-{SCHEMA}.zip"
    lines = unpacked(package, tmp_path) / "articles.jsonl"
    schemas = {json.loads(line)["zhijiang"]["schema"] for line in lines.read_text("utf-8").splitlines()}
    assert schemas == {SCHEMA}
    assert import_archive(lines.parent / "tables", tmp_path / "new.db")["article"] == 4
