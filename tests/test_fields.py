"""Every column of an article is told everywhere, or left out for a reason that stands here.

A new column costs one migration, its rows in the data dictionary, and a field of ``Article`` where a text tells it.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
from lxml import etree
from pyarrow import parquet

from archive import Archive
from archive.export import ArticleStream, known_formats
from archive.model.article import FIELDS, Kind
from archive.plugins import load
from archive.room import RoomSettings, create_app
from archive.store.articles import save_article
from archive.store.crawls import begin_crawl
from archive.store.dictionary import columns, describe
from archive.store.read import find_article
from archive.times import local_second, local_time
from tests.conftest import ARTICLE
from tests.room import client_of

Row = Mapping[str, Any]

SAID = replace(
    ARTICLE,
    site="zz9plural",
    key="k4711",
    url="http://www.yunting.example/p?n=9",
    kind=Kind.GALLERY,
    kicker="引题在此",
    subtitle="副题在此",
    section="县域要闻",
    breadcrumb=("云汀网", "末项在此"),
    published_raw="2024年11月1日 07:30",
    published_at="2024-11-01T07:30:00+08:00",
    source_raw="云汀融媒（来源）",
    body=("柑橘　开园，" * 211, "今年预计产量三万吨。"),
    fetched_at="2024-11-02T01:00:00Z",
)
"""An article in which no column is empty, and no two hold the same."""

_COMES_AS = {"breadcrumb": "末项在此", "published_at": "2024-11-01"}
"""Columns that are shown otherwise than they are stored: what is seen of them."""


def name_of(column: str) -> str:
    entry = describe("article", column)
    assert entry is not None
    return entry.name


def in_text(text: str, row: Row) -> set[str]:
    """Return the columns whose values stand in a text."""
    words = {column: _COMES_AS.get(column, str(value)) for column, value in row.items()}
    words["body"], words["credit_line"] = row["body"].split("\n")[-1], row["credit_line"].split("\n")[-1]
    return {
        column
        for column, word in words.items()
        if any(
            re.search(rf"(?<![0-9a-z]){re.escape(form)}(?![0-9a-z])", text)
            for form in (word, *_by_the_readers_clock(column, word))
        )
    }


def _by_the_readers_clock(column: str, value: str) -> tuple[str, ...]:
    """Return the forms in which people are told a time of the archive; () for any other value."""
    is_utc = column.endswith("_at") and value.endswith("Z")
    return (local_time(value), local_second(value)) if is_utc else ()


def in_table(rows: list[list[str]], row: Row) -> set[str]:
    """Return the columns that stand in a table under their Chinese names."""
    told = dict(zip(*rows, strict=True))
    return {column for column, value in row.items() if told.get(name_of(column)) == str(value)}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with that article in a second version, missing from the site, with a number."""
    path = tmp_path_factory.mktemp("fields") / "a.db"
    with Archive.open(path) as archive:
        crawl = begin_crawl(archive, "zz9plural", software="test", options={"site": {"title": "云汀网"}})
        save_article(archive, replace(SAID, title="旧题"), crawl)
        save_article(archive, replace(SAID, fetched_at="2024-11-03T02:00:00Z"), crawl)
        archive.connection.execute(
            "UPDATE article SET last_look_at = '2024-11-04T03:00:00Z', status = '失联'"
        )
        archive.connection.execute(
            "INSERT INTO appraisal (article_id, archival_code, retention, open_flag)"
            " VALUES (1, 'C015-WY·1·2024·Y-00001', 'Y', '开放')"
        )
        archive.connection.commit()
    return path


@pytest.fixture(scope="module")
def row(path: Path) -> Row:
    with Archive.read(path) as archive:
        (row,) = archive.rows("SELECT * FROM article")
    empty = [column for column, value in row.items() if value in (None, "", 0, "[]")]
    assert empty == []
    return row


@pytest.fixture(scope="module")
def written(path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the article in every format."""
    folder = tmp_path_factory.mktemp("written")
    with Archive.read(path) as archive:
        for name, offer in known_formats().items():
            assert load(offer.value.write)(ArticleStream(archive), folder / name) > 0
        write_raw = load(known_formats()["csv"].value.raw.write)
        assert write_raw(ArticleStream(archive), folder / "raw") == 1
        assert write_raw(ArticleStream(archive), folder / "table.csv") == 1
    return folder


def csv_rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def raw_columns(path: Path) -> set[str]:
    return set(csv_rows(path)[0])


def in_workbook(path: Path, row: Row) -> set[str]:
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    headings, values = ([cell.value for cell in line] for line in book["文章"])
    told = dict(zip(headings, values, strict=True))
    notes = {line[0] for line in book["说明"].values}
    return {
        column
        for column, value in row.items()
        if f"文章 · {name_of(column)}" in notes and str(value) in str(told.get(name_of(column)))
    }


def in_line(path: Path, row: Row) -> set[str]:
    (line,) = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    rest, properties = (
        line["zhijiang"]["article"],
        {**line, "sourceOrganization": line["sourceOrganization"]["name"]},
    )
    told = set(rest)
    for column, value in row.items():
        entry = describe("article", column)
        if entry is not None and properties.get(entry.schema_org) == value:
            told.add(column)
    return told


def in_transfer(path: Path, row: Row) -> set[str]:
    (metadata,) = [file for file in path.rglob("*.XML") if file.name != "文件目录.XML"]
    root = etree.parse(str(metadata))
    shown = {element.tag: element.text or "" for element in root.iterfind("文章/*")}
    shown["署名原文"] = root.findtext("署名/署名原文") or ""
    return {
        column
        for column, value in row.items()
        if any(
            form in shown.get(name_of(column), "")
            for form in (_COMES_AS.get(column, str(value)), *_by_the_readers_clock(column, str(value)))
        )
    }


NOT_IN_VIEW = {
    **dict.fromkeys(("site", "key", "content_sha256"), "is for programs"),
    **dict.fromkeys(("published_raw", "source_raw", "breadcrumb"), "is the print of another column"),
    **dict.fromkeys(("first_seen_at", "last_seen_at", "last_look_at"), "is about the crawls"),
    **dict.fromkeys(("kind", "kicker", "subtitle", "published_at"), "would make the table too wide to read"),
}
"""Columns that the view 文章 leaves out, and the exports that are the view."""
EXPORTS: Mapping[str, tuple[Callable[[Path, Row], set[str]], Mapping[str, str]]] = {
    "csv": (lambda path, row: in_table(csv_rows(path / "csv"), row), NOT_IN_VIEW),
    "xlsx": (lambda path, row: in_workbook(path / "xlsx", row), NOT_IN_VIEW),
    "jsonl": (lambda path, row: in_line(path / "jsonl", row), {}),
    "parquet": (lambda path, _: set(parquet.read_schema(path / "parquet").names), {}),
    "da": (lambda path, row: in_transfer(path / "da", row), {"body": "is in the HTML file beside it"}),
    "site": (
        lambda path, row: in_text((path / "site" / "a" / "0" / "1.html").read_text("utf-8"), row),
        {
            **dict.fromkeys(
                ("site", "key", "content_sha256", "first_seen_at", "last_look_at"), "is about the crawls"
            ),
            **dict.fromkeys(("published_raw", "source_raw"), "is the print of another column"),
            "kind": "is seen",
        },
    ),
    "raw": (lambda path, _: raw_columns(path / "raw" / "article.csv"), {}),
    "raw, one table": (lambda path, _: raw_columns(path / "table.csv"), {}),
    "raw, description": (
        lambda path, _: {
            field["name"]
            for resource in json.loads((path / "raw" / "datapackage.json").read_text("utf-8"))["resources"]
            if resource["name"] == "article"
            for field in resource["schema"]["fields"]
            if field["title"] and field["description"]
        },
        {},
    ),
    "bag, articles": (
        lambda path, row: in_table(csv_rows(path / "bag" / "data" / "articles.csv"), row),
        NOT_IN_VIEW,
    ),
    "bag, lines": (lambda path, row: in_line(path / "bag" / "data" / "articles.jsonl", row), {}),
    "bag, tables": (lambda path, _: raw_columns(path / "bag" / "data" / "tables" / "article.csv"), {}),
}
"""Where → what tells which columns are there, and the columns that are left out, with the reason."""
HAVE_NO_COLUMNS = {"credits": "is a table of credits", "wacz": "holds pages as they were captured"}


def test_every_format_is_looked_at() -> None:
    assert {place.split(",")[0] for place in EXPORTS} - {"raw"} == set(known_formats()) - set(HAVE_NO_COLUMNS)


@pytest.mark.parametrize("place", EXPORTS)
def test_every_column_is_in_an_export_or_left_out_for_a_reason(place: str, written: Path, row: Row) -> None:
    told, left_out = EXPORTS[place]
    assert set(row) - told(written, row) == set(left_out)


def served(path: Path, address: str) -> str:
    response = client_of(create_app(RoomSettings(path))).get(address)
    assert response.status_code == 200
    return response.get_data(as_text=True)


ROOM: Mapping[str, tuple[Callable[[str, Row], set[str]], Mapping[str, str]]] = {
    "/a/1": (in_text, {"content_sha256": "is told by its version"}),
    "/a/1.json": (lambda text, _: set(json.loads(text)), {"content_sha256": "is told by its version"}),
    "/day/2024-11-01.json": (
        lambda text, row: {column for column in row if name_of(column) in json.loads(text)["rows"][0]},
        {**NOT_IN_VIEW, **dict.fromkeys(("body", "credit_line", "version"), "a list has no room for it")},
    ),
    "/day/2024-11-01.csv": (
        lambda text, row: in_table(list(csv.reader(io.StringIO(text.removeprefix("\ufeff")))), row),
        {**NOT_IN_VIEW, **dict.fromkeys(("body", "credit_line", "version"), "a list has no room for it")},
    ),
    f"/search.csv?q={quote('柑橘')}": (
        lambda text, row: in_table(list(csv.reader(io.StringIO(text.removeprefix("\ufeff")))), row),
        {**NOT_IN_VIEW, **dict.fromkeys(("body", "version"), "a list of hits has no room for it")},
    ),
}


@pytest.mark.parametrize("address", ROOM)
def test_every_column_is_in_the_reading_room_or_left_out_for_a_reason(
    address: str, path: Path, row: Row
) -> None:
    told, left_out = ROOM[address]
    assert set(row) - told(served(path, address), row) == set(left_out)


def test_every_column_is_in_the_view_or_left_out_for_a_reason(row: Row) -> None:
    assert {column for column in row if name_of(column) not in columns("文章")} == set(NOT_IN_VIEW)


def test_an_article_is_shown_with_every_column(path: Path, row: Row) -> None:
    with Archive.read(path) as archive:
        found = find_article(archive, "1")
    assert found is not None
    assert set(row) - set(found) == {"content_sha256"}  # which its version tells


def test_every_field_of_an_article_is_a_column_or_known_not_to_be_one(row: Row) -> None:
    assert {name for name, kept in FIELDS.items() if kept.column} <= set(row)
    assert {name for name, kept in FIELDS.items() if not kept.column} == {
        *("credits", "images", "attachments"),  # tables of their own
        *("fetched_at", "capture"),  # first_seen_at and the like; article_version.capture_id
        *("parts", "is_untitled"),  # tell only how a page was read
    }
