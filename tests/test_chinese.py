"""Who reads Chinese is told nothing in English but names, code, and originals that are marked as such."""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import html

from archive import Archive
from archive.room import RoomSettings, create_app
from archive.room.replay import create_replay
from archive.store.dictionary import entries
from tests.chinese import english_of, english_on
from tests.command_line import fork_zhijiang
from tests.late import UNKNOWN, make_late, pages_of
from tests.room import client_of
from tests.stored_reasons import reasons

MACHINES = {"详情", "程序"}
"""Columns of code: JSON, a program and its version."""


@pytest.fixture(scope="module")
def late(demo_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    said = [*sorted(reasons()), UNKNOWN, f"error while reading: ValueError: {UNKNOWN}"]
    return make_late(demo_archive, tmp_path_factory.mktemp("late"), said)


def test_what_english_is() -> None:
    assert english_on("<p>取到的不是网页</p><p lang=en>not a page at all</p><pre>not a page</pre>") == []
    assert english_on("<p>取到：the answer is no page</p>") == ["the answer is no page"]
    assert english_on("<p><a title='no such page here'>页</a></p>") == ["no such page here"]
    assert english_of("zhijiang 0.1, Scrapy 2.19, Python 3.11 · BibTeX RIS") == []


def test_no_page_of_the_reading_room_speaks_english(late: Path) -> None:
    found, seen = {}, set()
    for address, page in pages_of(client_of(create_app(RoomSettings(late, 9)))):
        seen.add(re.sub(r"\?.*|(?<=/)[^/]*\d[^/]*", "", address))
        if english := english_on(page):
            found[address] = english
    assert found == {}
    assert {
        "/",
        "/crawls",
        "/gone",
        "/missing",
        "/changes",
        "/coverage",
        "/about",
        "/a/",
        "/n",
        "/photos",
    } <= seen


def test_what_is_not_known_is_shown_and_marked(late: Path) -> None:
    page = html.fromstring(client_of(create_app(RoomSettings(late, 9))).get("/crawls").text)
    originals = [element.text_content() for element in page.cssselect("[lang=en]")]
    assert UNKNOWN in originals
    assert f"ValueError: {UNKNOWN}" in originals
    assert f"原文：{UNKNOWN}" in page.text_content()


@pytest.mark.parametrize(
    "address",
    ["/changes", "/gone", "/crawls", "/missing", "/n", "/section", "/coverage", "/photos", "/photos/all"],
)
def test_no_csv_of_the_reading_room_speaks_english(late: Path, address: str) -> None:
    data = client_of(create_app(RoomSettings(late, 9))).get(f"{address}.csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(data)))
    assert rows or address == "/photos"
    assert [name for name in (rows or [{}])[0] if english_of(name)] == []
    assert [
        english_of(text) for row in rows for name, text in row.items() if name != "程序" and english_of(text)
    ] == []
    if address == "/crawls":
        assert f"原文：“{UNKNOWN}”" in data


def test_no_view_speaks_english(late: Path) -> None:
    with Archive.read(late) as archive:
        execute = archive.connection.execute
        sql = "SELECT name FROM sqlite_master WHERE type = 'view' AND name NOT GLOB '_*' AND name NOT GLOB 'article*'"
        found, read = [], 0
        for (view,) in execute(sql).fetchall():
            rows = execute(f"SELECT * FROM {view}")
            names = [column[0] for column in rows.description]
            assert not any(map(english_of, names))
            for row in rows.fetchall():
                read += 1
                told = [text for name, text in zip(names, row, strict=True) if name not in MACHINES]
                found += [(view, text) for text in told if isinstance(text, str) and english_of(text)]
        assert found == []
        assert read > 500
        assert {what for (what,) in execute("SELECT 类型 FROM 事件")} >= {"检查"}
        assert all(re.search("[\u4e00-\u9fff]", what) for (what,) in execute("SELECT 何事 FROM 封签"))


_METADATA = """
import json
from archive.room.datasette_plugin import metadata
print(json.dumps(metadata("云汀网", "a")))
"""
"""In a process of its own: Datasette leaves a connection open when it is imported."""


def test_the_data_dictionary_and_datasette_are_in_chinese() -> None:
    told = [text for entry in entries() for text in (entry.name, entry.note)]
    done = subprocess.run([sys.executable, "-c", _METADATA], capture_output=True, text=True, check=True)
    for table in json.loads(done.stdout)["databases"]["a"]["tables"].values():
        told += [table.get("title", ""), table.get("description", ""), *table.get("columns", {}).values()]
    assert [text for text in told if english_of(text)] == []


def test_errors_and_what_is_withheld_are_told_in_chinese(late: Path, tmp_path: Path) -> None:
    path = tmp_path / "withheld.db"
    shutil.copy(late, path)
    with Archive.open(path) as archive:
        archive.connection.execute("INSERT INTO appraisal (article_id, open_flag) VALUES (1, '控制')")
        archive.connection.commit()
    client = client_of(create_app(RoomSettings(path, 9)))
    for address in (
        "/",
        "/a/1",
        "/a/1/v/1",
        "/gone",
        "/crawls",
        "/missing",
        "/?q=从:",
        "/?page=x&q=柑橘",
        "/no",
        "/a/1/cite.bib",
    ):
        assert english_on(client.get(address).text) == [], address
    assert english_on(client.post("/").text) == []
    assert english_on(client.get("/", headers={"Host": "evil.example"}).text) == []
    assert english_on(client.get("/", headers={"Host": "a b"}).text) == []
    late_room = create_app(RoomSettings(tmp_path / "nowhere.db"))
    closed = client_of(late_room).get("/")
    assert (closed.status_code, english_on(closed.text)) == (503, [])


def test_notes_of_the_replay_are_in_chinese(late: Path) -> None:
    client = client_of(create_replay(RoomSettings(late, 9), 8))
    with Archive.open(late) as archive:
        url = "http://x.example/silent"
        sql = "INSERT INTO capture (crawl_id, kind, site, url, captured_at, error) VALUES (1, 'article', 'yunting', ?, ?, ?)"
        archive.connection.execute(sql, (url, "2024-03-05T17:00:00Z", "timeout"))
        archive.connection.commit()
    silent = client.get(f"/20240305170000/{url}")
    assert "2024-03-06 01:00 去取过，没有得到回答：网站没有及时回答" in silent.text
    for answer in (
        silent,
        client.get("/x"),
        client.get("/20240305170000/http://nowhere.example/"),
        client.get("/99999999999999/http://x/"),
    ):
        assert english_on(answer.text) == []


def test_pages_on_a_stick_proofs_and_reports_are_in_chinese(
    late: Path, demo_archive: Path, tmp_path: Path
) -> None:
    for arguments, status in (
        (("export", "site", "--archive", late, "--out", tmp_path / "site"), 0),
        (("seal", "prove", "1", "--archive", demo_archive, "--out", tmp_path / "存证单.html"), 0),
        (("check", "--archive", late, "--report", tmp_path / "报告.html"), 1),
    ):
        done = fork_zhijiang(*arguments)
        assert done.returncode == status, done.stderr
    pages = [*tmp_path.rglob("*.html")]
    assert len(pages) > 20
    assert {path.name: found for path in pages if (found := english_on(path.read_text("utf-8")))} == {}
    report = html.fromstring((tmp_path / "报告.html").read_text("utf-8"))
    assert "请看网站" in report.text_content()
