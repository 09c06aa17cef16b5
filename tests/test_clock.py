"""What happened at 17:00 UTC happened on the next day, wherever a person reads it; programs are told UTC."""

import csv
import io
import json
import re
from pathlib import Path

import openpyxl
import pytest

from archive import Archive
from archive.room import RoomSettings, create_app
from archive.room.list_view import TIMES
from archive.times import BEIJING, beijing_minute, local_iso, local_second, local_time
from tests.command_line import fork_zhijiang
from tests.late import BEIJING_DAY, MOMENT, UTC_DAY, make_late, pages_of
from tests.room import client_of

SAYS_UTC = re.compile(r"(?:UTC )?2024-03-05T17:00:00Z(?:（UTC）)?|datetime=\"[^\"]*\"")
"""UTC that says so, beside Beijing time, and what a page tells programs."""
LISTS = ("/changes", "/gone", "/crawls", "/missing")


@pytest.fixture(scope="module")
def late(demo_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_late(demo_archive, tmp_path_factory.mktemp("late"), ["timeout", "HTTP 500"])


def run(*arguments: str | Path, status: int = 0) -> str:
    done = fork_zhijiang(*arguments)
    assert done.returncode == status, done.stderr
    return done.stdout


def test_the_readers_clock() -> None:
    assert local_time(MOMENT) == "2024-03-06 01:00"
    assert local_second(MOMENT) == "2024-03-06 01:00:00"
    assert local_iso(MOMENT) == "2024-03-06T01:00:00+08:00"
    assert beijing_minute(MOMENT) == "2024-03-06 01:00 Beijing time"
    assert (local_time(None), local_time("at noon")) == ("—", "at noon")


def test_pages_tell_the_day_of_their_readers(late: Path) -> None:
    told = 0
    for address, page in pages_of(client_of(create_app(RoomSettings(late, 9)))):
        assert UTC_DAY not in SAYS_UTC.sub("", page), address
        told += BEIJING_DAY in page
    assert told > 10


@pytest.mark.parametrize("address", LISTS)
def test_a_list_tells_people_beijing_time_and_programs_utc(late: Path, address: str) -> None:
    client = client_of(create_app(RoomSettings(late, 9)))
    data = client.get(f"{address}.csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(data)))
    times = [name for name in rows[0] if name.endswith(BEIJING)]
    assert times
    assert UTC_DAY not in data
    assert {row[name] for row in rows for name in times if row[name] != "—"} <= {f"{BEIJING_DAY} 01:00", ""}
    stored = client.get(f"{address}.json").get_json()["rows"]
    assert {name.removesuffix(BEIJING) for name in times} == TIMES & {*stored[0]}
    for name in TIMES & {*stored[0]}:
        assert {row[name] for row in stored} <= {MOMENT, None}
    heads = re.findall(r"<th[^>]*>([^<]*)</th>", client.get(address).text)
    assert [name for name in heads if name in TIMES] == []


def test_feeds_say_which_clock_they_mean(late: Path) -> None:
    client = client_of(create_app(RoomSettings(late, 9)))
    for address in ("/changes.atom", "/search.atom?q=脐橙"):
        assert re.search(r"<updated>[\d-]+T[\d:]+(?:Z|\+08:00)</updated>", client.get(address).text)


def test_views_tell_beijing_time_in_columns_that_say_so(late: Path) -> None:
    with Archive.read(late) as archive:
        execute = archive.connection.execute
        sql = "SELECT name FROM sqlite_master WHERE type = 'view' AND name NOT GLOB '_*' AND name NOT GLOB 'article*'"
        views, told = [name for (name,) in execute(sql)], set()
        for view in views:
            word = " WHERE 词 = json_quote('柑橘')" if view.startswith("检索") else ""
            rows = execute(f"SELECT * FROM {view}{word}")
            names = [column[0] for column in rows.description]
            for row in rows.fetchall():
                for name, value in zip(names, row, strict=True):
                    if name.endswith(BEIJING):
                        assert value in (None, f"{BEIJING_DAY} 01:00:00"), (view, name)
                        told.add(view)
                    elif not name.endswith("（UTC）"):
                        assert UTC_DAY not in str(value), (view, name)
        assert told == {
            *["变更", "已消失", "消失记录", "证据", "栏目", "未存", "事件", "暂缓", "封签", "检索旧版"]
        }
        assert execute("SELECT DISTINCT 采集时间（UTC） FROM 证据").fetchall() == [(MOMENT,)]
        other = "SELECT count(*) FROM 变更 WHERE 发现时间（北京时间） = 'at noon'"
        assert execute(other).fetchone() == (0,)


def test_the_command_line_tells_beijing_time(late: Path) -> None:
    with Archive.read(late) as archive:
        number = archive.connection.execute("SELECT article_id FROM article WHERE key = 'edited'").fetchone()[
            0
        ]
    shown = run("--lang", "zh", "show", str(number), "--archive", late)
    assert f"第 2 版  北京时间 {BEIJING_DAY} 01:00（UTC {MOMENT}）  改动：正文、署名" in shown
    assert UTC_DAY not in SAYS_UTC.sub("", shown)
    found = run("--lang", "zh", "search", "柑橘 旧版:有", "--archive", late)
    assert f"北京时间 {BEIJING_DAY} 01:00 被第 2 版替换" in found
    stated = run("status", "--archive", late, status=1)
    assert "(Beijing time)" in stated
    assert f"{BEIJING_DAY} 01:00" in stated
    assert UTC_DAY not in stated
    assert (
        json.loads(run("status", "--archive", late, "--json", status=1))["crawls"][0]["started_at"] == MOMENT
    )


def test_a_workbook_has_beijing_time_as_a_moment(late: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.xlsx"
    run("export", "xlsx", "--archive", late, "--out", out)
    book = openpyxl.load_workbook(out)
    heads = [cell.value for cell in book["变更"][1]]
    times = [row[heads.index(f"发现时间{BEIJING}")].value for row in book["变更"].iter_rows(min_row=2)]
    assert {str(time) for time in times} == {f"{BEIJING_DAY} 01:00:00"}
    notes = {row[0].value: row[1].value for row in book["说明"].iter_rows()}
    assert notes["截至"] == f"末次采集结束于 {BEIJING_DAY} 01:00{BEIJING}"
    assert UTC_DAY not in "".join(str(cell.value) for sheet in book for row in sheet for cell in row)


def test_a_copy_on_a_stick_tells_beijing_time(late: Path, tmp_path: Path) -> None:
    run("export", "site", "--archive", late, "--out", tmp_path / "site")
    pages = [path.read_text("utf-8") for path in (tmp_path / "site").rglob("*.html")]
    assert any(BEIJING_DAY in page for page in pages)
    assert [page for page in pages if UTC_DAY in SAYS_UTC.sub("", page)] == []


def test_a_proof_and_a_report_tell_both_clocks(demo_archive: Path, tmp_path: Path) -> None:
    run("seal", "prove", "1", "--archive", demo_archive, "--out", tmp_path / "存证单.html")
    run("check", "--archive", demo_archive, "--report", tmp_path / "报告.html")
    with Archive.read(demo_archive) as archive:
        seen = archive.connection.execute(
            "SELECT first_seen_at FROM article WHERE article_id = 1"
        ).fetchone()[0]
    proof = (tmp_path / "存证单.html").read_text("utf-8")
    assert f"{local_time(seen)}（北京时间），即 {seen}（UTC）" in proof
    report = (tmp_path / "报告.html").read_text("utf-8")
    assert re.search(r"<td>\d{4}-\d\d-\d\d \d\d:\d\d（北京时间）</td>", report)


def test_the_hand_over_folder_tells_beijing_time(late: Path, tmp_path: Path) -> None:
    decisions = tmp_path / "decisions.csv"
    run("appraise", "export", "--archive", late, "--out", decisions)
    with decisions.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with decisions.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | {"保管期限": "Y"} for row in rows)
    run("appraise", "import", decisions, "--archive", late)
    run("appraise", "number", "--archive", late, "--fonds", "C015", "--year", "2024")
    run("export", "da", "--archive", late, "--out", tmp_path / "移交")
    texts = [
        path.read_text("utf-8") for path in (tmp_path / "移交").rglob("*") if path.suffix in (".XML", ".HTML")
    ]
    ours = [text for text in texts if "首次见到=" in text or "末次见到" in text]
    assert len(ours) > 10
    assert [text for text in ours if UTC_DAY in text] == []
    assert any(f'首次见到="{BEIJING_DAY}T01:00:00+08:00"' in text for text in ours)
    assert any(f"末次见到：{BEIJING_DAY} 01:00（北京时间）" in text for text in ours)
