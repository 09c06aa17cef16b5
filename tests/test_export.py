"""What every export has in common, and CSV files as spreadsheets and programs read them."""

import csv
import hashlib
import json
import re
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from archive import Archive, Article, Credit, Role
from archive.cli.output import new_file
from archive.export import ArticleStream, Selection, read_articles
from archive.export.csv import write_credits_csv, write_csv, write_raw_csv
from archive.rendering.cells import CELL_UNITS, guarded, unguarded
from archive.rendering.remarks import Remark
from archive.store import archive as store
from archive.store.articles import save_article
from archive.store.crawls import begin_crawl
from tests.hostile import FORMULAS, TEXTS
from zhijiang_spider.cli import main

MakeArticle = Callable[..., Article]


def test_the_readers_file_opens_in_chinese_excel(
    archive: Archive, article: MakeArticle, tmp_path: Path
) -> None:
    save_article(archive, article(), 1)
    path = tmp_path / "文章.csv"
    assert write_csv(ArticleStream(archive), path) == 1
    assert path.read_bytes().startswith(b"\xef\xbb\xbf\xe7\xbc\x96\xe5\x8f\xb7,")  # BOM, 编号
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["题名"] == "云汀县柑橘开园"
    assert row["记者"] == "闻小满、苏木"
    assert row["正文"] == "11月1日，云汀县柑橘开园。\n今年预计产量三万吨。"


def test_the_readers_file_runs_no_formula_and_says_where_it_cuts(
    archive: Archive, article: MakeArticle, tmp_path: Path
) -> None:
    save_article(archive, article(title='=HYPERLINK("http://evil.invalid")', body=("长" * 40_000,)), 1)
    path = tmp_path / "a.csv"
    write_csv(ArticleStream(archive), path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["题名"].startswith("'=")
    assert len(row["正文"]) == CELL_UNITS
    assert row["正文"].endswith("…（截断，全文见编号 1）")


def test_the_raw_file_holds_every_column_untouched(
    archive: Archive, article: MakeArticle, tmp_path: Path
) -> None:
    title = '=1+1 "引"，\n换行'
    save_article(archive, article(title=title, published_on=None, published_raw="", body=("长" * 40_000,)), 1)
    path = tmp_path / "raw.csv"
    assert write_raw_csv(ArticleStream(archive), path) == 1
    data = path.read_bytes()
    assert data.startswith(b"article_id,site,key,")
    assert data.endswith(b"\r\n")
    with path.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    columns = [c[0] for c in archive.connection.execute("SELECT * FROM article").description]
    assert list(row) == columns
    assert row["title"] == title
    assert len(row["body"]) == 40_000


def test_the_raw_file_tells_a_missing_value_from_an_empty_text(
    archive: Archive, article: MakeArticle, tmp_path: Path
) -> None:
    save_article(archive, article(published_on=None, source=""), 1)
    path = tmp_path / "raw.csv"
    write_raw_csv(ArticleStream(archive), path)
    header, line = path.read_bytes().decode("utf-8").split("\r\n")[:2]
    assert "breadcrumb,published_on,published_at,published_raw,source,source_raw" in header
    assert line.startswith('1,"yunting","77",')
    assert ',,,"2024-11-01","",' in line  # published_on, published_at: NULL; source: empty


def test_days_and_a_query_choose_articles(archive: Archive, article: MakeArticle, tmp_path: Path) -> None:
    save_article(archive, article(key="1", published_on="2024-01-01", title="春耕"), 1)
    save_article(archive, article(key="2", published_on="2024-02-01", title="春耕备耕"), 1)
    save_article(archive, article(key="3", published_on=None, title="夏收", section="视频", credits=()), 1)

    def numbers(selection: Selection) -> list[int]:
        stream = ArticleStream(archive, selection)
        found = [row[0] for row in stream.rows("文章", "编号", columns=["编号"])]
        assert stream.count() == len(found)
        return found

    assert numbers(Selection()) == [1, 2, 3]
    assert numbers(Selection(since="2024-01-15")) == [2]
    assert numbers(Selection(until="2024-01-15")) == [1]
    assert numbers(Selection(query="耕")) == [1, 2]
    assert numbers(Selection(query="春耕 备耕", since="2023-01-01")) == [2]
    assert numbers(Selection(section="视频")) == [3]
    assert numbers(Selection(name="乔安")) == [1, 2]
    assert numbers(Selection(name="乔安", until="2024-01-31", status="在线")) == [1]
    assert numbers(Selection(status="已消失")) == []


@pytest.mark.parametrize("text", [*FORMULAS, *TEXTS], ids=lambda text: repr(text[:12]))
def test_a_guarded_cell_runs_nothing_and_is_read_back(text: str) -> None:
    guard = guarded(text)
    assert unguarded(guard) == text
    assert (guard == f"'{text}") is (text in FORMULAS)


def test_credits_are_a_row_for_each_article_role_and_name(
    archive: Archive, article: MakeArticle, tmp_path: Path
) -> None:
    save_article(archive, article(), 1)
    save_article(archive, article(key="78", credits=(Credit("=1+1", Role.OTHER, "=2+2", None),)), 1)
    assert write_credits_csv(ArticleStream(archive), tmp_path / "c.csv") == 6
    with (tmp_path / "c.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["编号"], row["职责"], row["姓名"]) for row in rows][3:] == [
        ("1", "二审", "纪朗"),
        ("1", "三审", "卫青禾"),
        ("2", "其他", "'=2+2"),
    ]


def test_the_readers_file_has_no_control_characters_and_counts_them(
    archive: Archive, article: MakeArticle, tmp_path: Path
) -> None:
    save_article(archive, article(title="前\x00后", body=("一\r\n二", "\u202e反写\u202c")), 1)
    stream = ArticleStream(archive)
    write_csv(stream, tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["题名"], row["正文"]) == ("前后", "一\n二\n\u202e反写\u202c")
    assert stream.remarks == {Remark.CONTROLS: 1}


def test_an_export_reads_one_moment_whatever_is_written_meanwhile(
    archive: Archive, article: MakeArticle, tmp_path: Path
) -> None:
    for key in "123":
        save_article(archive, article(key=key), 1)
    with read_articles(archive.path, Selection()) as stream:
        rows = stream.rows("文章", "编号")
        next(rows)
        save_article(archive, article(key="4"), 1)
        save_article(archive, article(key="3", title="改过的题名"), 1)
        assert stream.count() == 3
        assert [row[1] for row in rows] == ["云汀县柑橘开园"] * 2
        assert len(list(stream.rows("credit"))) == 15


def test_the_parts_of_articles_are_taken_article_by_article(archive: Archive, article: MakeArticle) -> None:
    for key in "12345":
        save_article(archive, article(key=key, credits=article().credits[: int(key) % 3]), 1)
    parts = ArticleStream(archive).parts("credit", ["name"], order="seq")
    assert [len(parts.of(number)) for number in (1, 3, 4, 5, 6)] == [1, 0, 1, 2, 0]


# --- the command -----------------------------------------------------------------------------------------


@pytest.fixture
def path(article: MakeArticle, tmp_path: Path) -> Path:
    """An archive when closed."""
    with Archive.open(tmp_path / "yunting.db") as archive:
        save_article(archive, article(), begin_crawl(archive, "yunting", software="test", options={}))
    return archive.path


def zhijiang(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.mark.parametrize("name", ["csv", "credits", "xlsx", "jsonl", "parquet"])
def test_every_format_is_written_told_and_noted(name: str, path: Path, tmp_path: Path) -> None:
    out = tmp_path / f"出.{name}"
    command = ("export", name, "--out", out, "--archive", path, "--since", "2024-01-01")
    done = zhijiang(*command)
    assert (done.exit_code, done.stderr) == (0, "")
    written = out.read_bytes()
    digest = hashlib.sha256(written).hexdigest()
    count = 5 if name == "credits" else 1
    assert done.stdout == f"{out}: {count} {'credits' if count > 1 else 'article'}, SHA-256 {digest}\n"
    ((kind, outcome, detail),) = events(path)
    assert (kind, outcome) == ("export", "success")
    assert detail == {
        "format": name,
        "file": f"出.{name}",
        "selection": {"since": "2024-01-01"},
        "count": count,
        "written": f"SHA-256 {digest}",
        "remarks": {},
    }
    assert zhijiang(*command).exit_code == 2
    assert zhijiang(*command, "--force").exit_code == 0
    assert out.read_bytes() == written


def test_raw_is_a_folder_or_the_table_article(path: Path, tmp_path: Path) -> None:
    raw, file = tmp_path / "raw", tmp_path / "raw.csv"
    done = zhijiang("export", "csv", "--raw", "--out", raw, "--archive", path)
    digest = hashlib.sha256((raw / "datapackage.json").read_bytes()).hexdigest()
    assert done.stdout == f"{raw}: 1 article, 28 files, datapackage.json SHA-256 {digest}\n"
    zhijiang("export", "csv", "--raw", "--out", file, "--archive", path)
    assert file.read_bytes() == (raw / "article.csv").read_bytes()
    assert zhijiang("export", "csv", "--raw", "--out", raw, "--archive", path, "--force").exit_code == 0
    other = zhijiang("export", "jsonl", "--out", raw, "--archive", path, "--force")
    assert (other.exit_code, "is a folder" in other.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--query", "日期:何时"], "write a date as"),
        (["--since", "2024-02-30"], "is not a date"),
        (["--status", "在天"], "在线"),
        (["--raw"], "one form only"),
        (["--out", "nowhere/x.xlsx"], "there is no folder nowhere"),
    ],
)
def test_wrong_usage_is_told_and_writes_nothing(
    arguments: list[str], reason: str, path: Path, tmp_path: Path
) -> None:
    before = sorted(tmp_path.iterdir())
    done = zhijiang("export", "xlsx", "--out", tmp_path / "a.xlsx", "--archive", path, *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert reason in done.stderr
    assert sorted(tmp_path.iterdir()) == before


def test_what_is_being_written_is_in_one_place(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.xlsx"
    with new_file(out, force=False) as part:
        assert list(part.parent.iterdir()) == []
        part.write_text("x")
        assert sorted(tmp_path.iterdir()) == [path, part.parent.parent]
    assert sorted(tmp_path.iterdir()) == [out, path]
    with pytest.raises(KeyboardInterrupt), new_file(out, force=True) as part:  # noqa: PT012
        part.write_text("half")
        raise KeyboardInterrupt
    assert out.read_text() == "x"
    assert sorted(tmp_path.iterdir()) == [out, path]


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_a_file_that_came_meanwhile_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError  # as a file system without links does

    out = tmp_path / "out.csv"
    if not links:
        monkeypatch.setattr("os.link", refuse)
    with pytest.raises(click.UsageError, match="made it meanwhile"), new_file(out, force=False) as part:  # noqa: PT012
        part.write_text("ours")
        out.write_text("theirs")
    assert out.read_text() == "theirs"
    out.unlink()
    with new_file(out, force=False) as part:
        part.write_text("ours")
    assert out.read_text() == "ours"
    assert [*tmp_path.iterdir()] == [out]


def test_an_export_that_cannot_be_noted_succeeds_and_says_so(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("BEGIN IMMEDIATE")
        done = zhijiang("export", "csv", "--out", tmp_path / "a.csv", "--archive", path)
    assert (done.exit_code, (tmp_path / "a.csv").exists(), events(path)) == (0, True, [])
    assert done.stderr.startswith(f"Not noted in the table event: {path}: is in use by another program")
    assert len(done.stderr.splitlines()) == 1


def test_a_damaged_archive_is_told_and_leaves_no_export(path: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'ix_article_status')"
            " WHERE name = 'article'"
        )
        connection.commit()
    for name in ("csv", "xlsx", "jsonl"):
        done = zhijiang("export", name, "--out", tmp_path / "out", "--archive", path)
        assert (done.exit_code, done.stdout) == (1, "")
        assert f"Error: {path}: " in done.stderr
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_missing_extra_is_named(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    done = zhijiang("export", "parquet", "--out", tmp_path / "a", "--archive", path)
    assert done.exit_code == 2
    assert "pip install '.[parquet]'" in done.stderr


@pytest.mark.parametrize(
    ("library", "arguments"),
    [
        ("pyarrow", ("export", "parquet", "--out", "never")),
        ("opencc", ("search", "柑橘", "--variants")),
        ("datasette", ("serve", "--datasette")),
    ],
)
def test_no_message_sends_people_to_a_name_on_a_package_index(
    path: Path, monkeypatch: pytest.MonkeyPatch, library: str, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, "archive.room.datasette_plugin", raising=False)
    done = zhijiang(*arguments, "--archive", path)
    assert done.exit_code == 2
    assert re.search(r"pip install '\.\[\w+\]' in the project's folder", " ".join(done.stderr.split()))
    assert "zhijiang[" not in done.stderr


def test_checks_are_noted_when_asked(path: Path) -> None:
    zhijiang("check", "--archive", path)
    assert events(path) == []
    zhijiang("check", "--archive", path, "--record")
    ((kind, outcome, detail),) = events(path)
    assert (kind, outcome) == ("validation", "failure")  # a crawl that never ended
    assert [finding["check"] for finding in detail["findings"]] == ["captures", "last crawl"]


def events(path: Path) -> list[tuple[str, str, Any]]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT type, outcome, detail FROM event ORDER BY event_id").fetchall()
    return [(kind, outcome, json.loads(detail)) for kind, outcome, detail in rows]


def test_an_empty_query_exports_nothing(path: Path, tmp_path: Path) -> None:
    """A variable of a shell that is not set must not hand over the whole archive."""
    done = zhijiang("export", "csv", "--archive", path, "--out", tmp_path / "all.csv", "--query", " ")
    assert (done.exit_code, "--query is empty" in done.stderr) == (2, True)
    assert not (tmp_path / "all.csv").exists()
