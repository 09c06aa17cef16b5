"""Every table as CSV with its description, and an archive made of it again."""

import csv
import hashlib
import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, ArchiveError
from archive.export import ArticleStream, Selection, read_articles
from archive.export.jsonl import write_jsonl
from archive.export.tables import MANIFEST, TABLES, write_tables
from archive.importer.loader import PackageError
from archive.importer.package import import_archive
from archive.rendering.remarks import Remark
from tests import hostile
from tests.frozen import crawl_twice
from tests.older import SEALS, kept_columns, make_older

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of two crawls, with a revision, a missing article, pictures, revisits and a failure."""
    return crawl_twice(tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def hostile_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "a.db"
    hostile.build(path)
    return path


ALL = Selection()


def export(archive: Path, out: Path, selection: Selection = ALL) -> Path:
    """Write the tables, or JSON Lines where the name says so."""
    write = write_jsonl if out.suffix == ".jsonl" else write_tables
    with read_articles(archive, selection) as articles:
        assert write(articles, out) == articles.count()
    return out


def rows(path: Path, table: str, *, kept: bool = False) -> list[tuple[Any, ...]]:
    """Return the rows of a table; ``kept``: without what earlier schemas did not keep."""
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    connection.text_factory = lambda text: text.decode(errors="replace")
    try:
        columns = kept_columns(connection, table) if kept else "*"
        return sorted(connection.execute(f"SELECT {columns} FROM {table}"), key=repr)
    finally:
        connection.close()


def test_every_base_table_is_exported(archive: Archive) -> None:
    found = archive.connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'article_fts%'"
        " AND name NOT LIKE 'sqlite_%' AND substr(name, 1, 1) <> '_'"
    )
    assert sorted(TABLES) == sorted(name for (name,) in found)


def test_the_description_tells_types_keys_and_digests(whole: Path, tmp_path: Path) -> None:
    folder = export(whole, tmp_path / "raw")
    package = json.loads((folder / MANIFEST).read_text("utf-8"))
    resources = {resource["name"]: resource for resource in package["resources"]}
    assert sorted(resources) == sorted(TABLES)
    for resource in resources.values():
        data = (folder / resource["path"]).read_bytes()
        assert resource["bytes"] == len(data)
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert not data.startswith(b"\xef\xbb\xbf")
    credit = resources["credit"]["schema"]
    assert credit["primaryKey"] == ["credit_id"]
    assert {"fields": ["role"], "reference": {"resource": "role", "fields": ["role"]}} in credit[
        "foreignKeys"
    ]
    own = [key["reference"]["resource"] for key in resources["capture"]["schema"]["foreignKeys"]]
    assert sorted(own) == ["", "crawl", "warc_file"]
    fields = {field["name"]: field for field in resources["article"]["schema"]["fields"]}
    assert (fields["published_on"]["type"], fields["published_on"]["title"]) == ("date", "发布日期")
    assert fields["published_at"]["type"] == "datetime"
    assert fields["breadcrumb"]["type"] == "array"
    assert fields["kicker"]["missingValues"] == []
    assert "missingValues" not in fields["published_on"]
    assert package["zhijiang"]["rows"]["article"] == len(rows(whole, "article"))


def test_the_same_archive_gives_the_same_bytes(whole: Path, tmp_path: Path) -> None:
    first, second = export(whole, tmp_path / "1"), export(whole, tmp_path / "2")
    assert [file.read_bytes() for file in sorted(first.iterdir())] == [
        file.read_bytes() for file in sorted(second.iterdir())
    ]


def test_other_programs_read_the_values(hostile_archive: Path, tmp_path: Path) -> None:
    folder = export(hostile_archive, tmp_path / "raw")
    with (folder / "article.csv").open(encoding="utf-8", newline="") as file:
        read = [tuple(row) for row in list(csv.reader(file))[1:]]
    assert sorted(read, key=repr) == sorted(
        (
            tuple("" if value is None else str(value) for value in row)
            for row in rows(hostile_archive, "article")
        ),
        key=repr,
    )


@pytest.mark.parametrize("name", ["whole", "hostile_archive"])
def test_an_archive_is_made_again_with_equal_rows(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    original = request.getfixturevalue(name)
    counts = import_archive(export(original, tmp_path / "raw"), tmp_path / "new.db")
    for table in TABLES:
        if table in SEALS:  # the import seals its event behind them
            assert set(rows(original, table)) <= set(rows(tmp_path / "new.db", table))
        elif table != "event":
            assert rows(tmp_path / "new.db", table) == rows(original, table), table
        if table != "event":
            assert counts.get(table, 0) == len(rows(original, table))
    ((kind, detail),) = [(row[1], json.loads(row[5])) for row in rows(tmp_path / "new.db", "event")]
    assert kind == "ingestion"
    assert detail["rows"]["article"] == counts["article"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.db", "new.db.lock", "raw"]


def test_an_archive_made_again_is_all_right_and_searchable(
    whole: Path, tmp_path: Path, zhijiang: Run
) -> None:
    import_archive(export(whole, tmp_path / "raw"), tmp_path / "new.db")
    shutil.copytree(whole.with_suffix(".warc"), tmp_path / "new.warc")
    again, first = (zhijiang("check", "--archive", path, "--json") for path in (tmp_path / "new.db", whole))
    assert again.stdout == first.stdout
    assert zhijiang("search", "旧闻", "--archive", tmp_path / "new.db", "--count").stdout == "1\n"


def test_chosen_articles_bring_all_that_belongs_to_them_and_no_more(whole: Path, tmp_path: Path) -> None:
    folder = export(whole, tmp_path / "raw", Selection(query="旧闻"))
    counts = import_archive(folder, tmp_path / "new.db")  # no reference leads nowhere
    (article,) = rows(tmp_path / "new.db", "article")
    assert "旧闻" in article[5]
    keys = {row[2] for row in rows(tmp_path / "new.db", "listing")} | {
        row[4] for row in rows(tmp_path / "new.db", "capture")
    }
    assert keys - {None} == {article[2]}
    assert counts["article_version"] == 2
    assert [row for row in rows(tmp_path / "new.db", "failure") if row[2] == "article"] == []
    assert counts["media"] == counts["media_address"] >= 1
    assert counts["crawl"] == 2


@pytest.mark.parametrize("name", ["whole", "hostile_archive"])
def test_json_lines_make_an_archive_that_gives_the_same_json_lines(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    original = request.getfixturevalue(name)
    lines = export(original, tmp_path / "a.jsonl")
    import_archive(lines, tmp_path / "new.db")
    assert export(tmp_path / "new.db", tmp_path / "b.jsonl").read_bytes() == lines.read_bytes()
    for table in ("article", "article_version", "image", "attachment", "absence", "appraisal", "media"):
        assert rows(tmp_path / "new.db", table) == rows(original, table), table
    credits = [
        sorted((row[1:] for row in rows(path, "credit")), key=repr)
        for path in (tmp_path / "new.db", original)
    ]
    assert credits[0] == credits[1]


def test_a_package_of_an_earlier_schema_is_read_and_brought_up_to_date(whole: Path, tmp_path: Path) -> None:
    make_older(whole, tmp_path / "older.db", 6)
    with Archive.open(tmp_path / "older.db", schema=6) as older:
        write_tables(ArticleStream(older), tmp_path / "raw")
    assert json.loads((tmp_path / "raw" / MANIFEST).read_text("utf-8"))["zhijiang"]["schema"] == 6
    assert import_archive(tmp_path / "raw", tmp_path / "new.db")["article"] == len(rows(whole, "article"))
    for table in TABLES:
        if table not in ("event", "trouble", *SEALS):  # what a crawl finds wrong was not kept then
            assert rows(tmp_path / "new.db", table, kept=True) == rows(whole, table, kept=True), table
    with Archive.read(tmp_path / "new.db") as archive:
        assert archive.connection.execute("SELECT 改动字段 FROM 变更").fetchall() == [("题名",)]


def test_a_line_is_a_news_article_in_the_words_of_schema_org(whole: Path, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in export(whole, tmp_path / "a.jsonl").read_text("utf-8").splitlines()]
    (line,) = [line for line in lines if "旧闻" in line["headline"]]
    assert line["@type"] == "NewsArticle"
    assert line["articleSection"] == ["县域要闻"]
    roles = [
        (node["roleName"], node[agent]["name"])
        for agent in ("author", "editor", "contributor")
        for node in line.get(agent, [])
    ]
    sql = "SELECT c.role, c.name FROM credit c WHERE c.article_id = ? ORDER BY c.credit_id"
    with Archive.read(whole) as archive:
        assert sorted(roles) == sorted(archive.connection.execute(sql, (line["identifier"],)).fetchall())
    assert [version["number"] for version in line["zhijiang"]["article_version"]] == [1, 2]
    assert "body" not in line["zhijiang"]["article_version"][1]
    captures = line["zhijiang"]["capture"]
    assert all(capture["warc"].endswith(".warc.gz") and capture["warc_offset"] > 0 for capture in captures)
    assert line["archivedAt"] in {capture["warc"] for capture in captures}
    assert line["image"][0]["sha256"] in {media["sha256"] for media in line["zhijiang"]["media"]}


# --- what is not whole is refused ------------------------------------------------------------------------


def edit(file: str, change: Callable[[bytes], bytes], *, honest: bool = True) -> Callable[[Path], None]:
    """Change a file of a package; ``honest``: its description tells the new digest."""

    def damage(folder: Path) -> None:
        path = folder / file
        data = change(path.read_bytes())
        path.write_bytes(data)
        if honest and file != MANIFEST:
            package = json.loads((folder / MANIFEST).read_text("utf-8"))
            (resource,) = [r for r in package["resources"] if r["path"] == file]
            resource |= {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
            (folder / MANIFEST).write_text(json.dumps(package), "utf-8")

    return damage


def swap(old: str, new: str, times: int = 1) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        assert old.encode() in data
        return data.replace(old.encode(), new.encode("utf-8", "surrogatepass"), times)

    return change


DAMAGED: dict[str, tuple[Callable[[Path], None], str]] = {
    "one byte": (edit("article.csv", swap("云汀", "云江"), honest=False), "article.csv: .*SHA-256"),
    "cut": (edit("article.csv", lambda data: data[:-9], honest=False), "article.csv: has .* bytes, not"),
    "a file gone": (lambda folder: (folder / "role.csv").unlink(), "role.csv: is missing"),
    "no description": (lambda folder: (folder / MANIFEST).unlink(), "has no datapackage.json"),
    "description cut": (edit(MANIFEST, lambda data: data[:99]), r"datapackage.json, line \d+, character"),
    "no list": (edit(MANIFEST, swap('"resources": [', '"resources": 5, "x": [')), "resources: is no list"),
    "another schema": (edit(MANIFEST, swap('"schema": ', '"schema": 9')), "schema 9"),
    "another path": (edit(MANIFEST, swap('"role.csv"', '"../role.csv"')), r"resources\[1\].path"),
    "a table twice": (edit(MANIFEST, swap('"name": "event"', '"name": "data_dictionary"')), "there twice"),
    "another column": (
        edit("crawl.csv", swap("crawl_id,site", "crawl_id,place")),
        "crawl.csv, line 1.*'place'",
    ),
    "a column less": (edit("event.csv", swap(",detail", "")), "event.csv, line 1.*None.*'detail'"),
    "no UTF-8": (
        edit("article.csv", lambda data: data.replace("云汀".encode(), b"\xd4\xc6", 1)),
        r"article.csv, line \d+, byte \d+: is no UTF-8",
    ),
    "a quote": (edit("article.csv", swap('","', '",""', 1)), "article.csv, line 2"),
    "a quote at the end": (edit("credit.csv", lambda data: data[:-3] + b"\r\n"), "begins and never ends"),
    "a bare text": (
        edit("role.csv", swap('"采写"', "采写")),
        "role.csv, line 6, column 2: '采写' is no number",
    ),
    "behind a quote": (
        edit("role.csv", swap('"采写",', '"采写"x,')),
        "role.csv, line 6, column 2: something stands",
    ),
    "a value less": (edit("role.csv", swap('"采写",', "")), "role.csv, line 6: has 3 values for 4 columns"),
    "no such role": (
        edit("credit.csv", swap('"记者"', '"神仙"', 9)),
        r"credit.csv, line \d+, column \w+: there is no role 神仙",
    ),
    "no such status": (
        edit("article.csv", swap('"在线"', '"在天"')),
        r"article.csv, line \d+, column status: CHECK",
    ),
    "twice": (
        edit("role.csv", lambda data: data + data.splitlines(True)[-1]),
        r"role.csv, line \d+, column role: UNIQUE",
    ),
    "NULL": (edit("role.csv", swap('"采写",', ",")), "role.csv, line 6, column grp: NOT NULL"),
    "a text for a number": (
        edit("listing.csv", swap(",1,1,1,", ',1,"eins",1,')),
        r"listing.csv, line \d+, column \w+: 'eins' is no whole number",
    ),
    "a number for a text": (
        edit("role.csv", swap('"采写"', "7")),
        "role.csv, line 6, column grp: '7' is a number where a text belongs",
    ),
    "a huge number": (edit("role.csv", swap(",1\r\n", ",99999999999999999999\r\n")), "cannot be stored"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_package_is_refused_and_leaves_nothing_behind(
    name: str, whole: Path, tmp_path: Path
) -> None:
    damage, message = DAMAGED[name]
    folder = export(whole, tmp_path / "raw")
    damage(folder)
    with pytest.raises(PackageError, match=message):
        import_archive(folder, tmp_path / "new.db")
    assert not list(tmp_path.glob("new.db*[!k]"))


def line(change: Callable[[Any], object]) -> Callable[[str], str]:
    """Change the second line of JSON Lines."""

    def damage(text: str) -> str:
        lines = text.splitlines()
        value = json.loads(lines[1])
        change(value)
        lines[1] = json.dumps(value)
        return "\n".join(lines)

    return damage


BAD_LINES: dict[str, tuple[Callable[[str], str], str]] = {
    "nothing": (lambda _: "", "holds no article"),
    "cut": (lambda text: text[:-20], r"line 4, character \d+"),
    "no object": (lambda text: f"[1]\n{text}", "line 1: is no JSON object"),
    "deep": (lambda text: text + "[" * 100_000, "line 5: cannot be read"),
    "not a number": (lambda text: text.replace('"version": 1', '"version": NaN', 1), "NaN"),
    "another type": (line(lambda v: v.update({"@type": "Recipe"})), "line 2, @type: is not NewsArticle"),
    "no title": (line(lambda v: v.pop("headline")), "line 2, headline: is missing"),
    "a list": (line(lambda v: v.update(headline=[])), "line 2, headline: is neither a text nor a number"),
    "no record": (line(lambda v: v.pop("zhijiang")), "line 2, zhijiang: is missing"),
    "unknown": (line(lambda v: v["zhijiang"]["article"].update(x=1)), "zhijiang.article.x: is no column"),
    "a missing column": (
        line(lambda v: v["zhijiang"]["capture"][0].pop("url")),
        r"line 2, zhijiang.capture\[0\].url: is missing",
    ),
    "a contradiction": (
        line(lambda v: v["zhijiang"]["section"][0].update(name="别名")),
        r"line 2, zhijiang.section\[0\].name: an earlier line has",
    ),
    "a reference": (
        line(lambda v: v["zhijiang"]["article_version"][0].update(capture_id=99999)),
        r"zhijiang.article_version\[0\].capture_id: there is no capture 99999",
    ),
    "a text for a number": (line(lambda v: v.update(version="x")), "line 2, column version: 'x' is no whole"),
    "a number for a text": (line(lambda v: v.update(url=5)), "line 2, column url: '5' is a number"),
    "another text": (
        line(lambda v: v.update(articleBody=v["articleBody"].replace("云汀", "云江"))),
        r"line 2, zhijiang.article_version\[0\].content_sha256: .*another SHA-256",
    ),
    "another program's file": (lambda _: "\ufeff编号,题名\n", "a.jsonl: is no JSON Lines file"),
    "a status": (line(lambda v: v.update(creativeWorkStatus="在天")), "line 2, column status: CHECK"),
    "half a character": (
        line(lambda v: v.update(headline="\ud800")),
        "line 2: a value that cannot be stored",
    ),
    "twice": (lambda text: "\n".join(text.splitlines()[:1] * 2), "line 2, column article_id: UNIQUE"),
    "a role": (
        line(lambda v: v["contributor"][0].update(roleName="神仙")),
        r"contributor\[0\].role: there is no role 神仙",
    ),
}


@pytest.mark.parametrize("name", BAD_LINES)
def test_bad_json_lines_are_refused_and_leave_nothing_behind(name: str, whole: Path, tmp_path: Path) -> None:
    change, message = BAD_LINES[name]
    file = export(whole, tmp_path / "a.jsonl")
    file.write_text(change(file.read_text("utf-8")), "utf-8")
    with pytest.raises(PackageError, match=message):
        import_archive(file, tmp_path / "new.db")
    assert not list(tmp_path.glob("new.db*[!k]"))


def test_only_an_archive_that_holds_nothing_is_filled(whole: Path, tmp_path: Path) -> None:
    folder = export(whole, tmp_path / "raw")
    Archive.open(tmp_path / "empty.db").close()
    assert import_archive(folder, tmp_path / "empty.db")["article"] == len(rows(whole, "article"))
    before = (tmp_path / "empty.db").read_bytes()
    with pytest.raises(ArchiveError, match="holds something already"):
        import_archive(folder, tmp_path / "empty.db")
    (tmp_path / "else.db").write_bytes(b"no database at all, but a text of some length")
    with pytest.raises(ArchiveError, match="no archive, or is damaged"):
        import_archive(folder, tmp_path / "else.db")
    assert (tmp_path / "empty.db").read_bytes() == before


def test_bytes_that_are_no_utf_8_are_mended_and_counted(hostile_archive: Path, tmp_path: Path) -> None:
    with read_articles(hostile_archive, Selection()) as articles:
        write_tables(articles, tmp_path / "raw")
    assert articles.remarks == {Remark.BROKEN: 3}


def test_the_command_line_imports_and_says_what_is_wrong(whole: Path, tmp_path: Path, zhijiang: Run) -> None:
    folder = export(whole, tmp_path / "raw")
    done = zhijiang("import", folder, "--archive", tmp_path / "new.db")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{tmp_path / 'new.warc'}" in done.stdout
    again = zhijiang("import", folder, "--archive", tmp_path / "new.db")
    assert (again.returncode, again.stdout) == (1, "")
    assert "holds something already" in again.stderr
    assert zhijiang("import", tmp_path / "none", "--archive", tmp_path / "b.db").returncode == 2
    assert zhijiang("import", folder, "--archive", tmp_path / "x" / "b.db").returncode == 2
    (folder / "role.csv").unlink()
    damaged = zhijiang("import", folder, "--archive", tmp_path / "b.db")
    assert (damaged.returncode, damaged.stderr) == (1, "Error: role.csv: is missing\n")
