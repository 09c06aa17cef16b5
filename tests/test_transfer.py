"""A whole hand-over in one command, and the archive that comes out of it again."""

import json
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.older import unseal

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def original(demo_archive: Path, tmp_path: Path) -> Path:
    shutil.copytree(demo_archive.with_suffix(".warc"), tmp_path / "here" / "news.warc")
    return Path(shutil.copy(demo_archive, tmp_path / "here" / "news.db"))


def in_chinese(text: str) -> str:
    head = re.search(r"封签 \S+ \d+ 版 [0-9a-f]{64}", text)
    assert head, text
    return head[0]


def test_restored_from_the_package_alone(original: Path, tmp_path: Path, zhijiang: Run) -> None:
    out = tmp_path / "移交"
    done = zhijiang("transfer", out, "--archive", original)
    assert done.returncode == 0, done.stderr
    head = in_chinese(done.stdout)
    assert (out / "封签.txt").read_text("utf-8") == f"{head}\n"
    shutil.rmtree(original.parent)  # nothing of it is needed

    listed = (out / "manifest-sha256.txt").read_text("utf-8").splitlines()
    assert {line.split("  ", 1)[1] for line in listed} | {"manifest-sha256.txt"} == {
        file.relative_to(out).as_posix() for file in out.rglob("*") if file.is_file()
    }
    for command in (
        ["sha256sum", "-c", "--quiet", "manifest-sha256.txt"],
        ["sha256sum", "-c", "--quiet", "bag/manifest-sha256.txt"],
    ):
        where = out / Path(command[-1]).parent
        fine = subprocess.run([*command[:-1], Path(command[-1]).name], cwd=where, check=False)
        assert fine.returncode == 0
    assert "不通过 0 项" in (out / "四性检测报告.html").read_text("utf-8")

    copied = tmp_path / "copied"
    copied.mkdir()
    shutil.copy(out / "archive.db", copied / "news.db")
    shutil.copytree(out / "archive.warc", copied / "news.warc")
    rebuilt = tmp_path / "rebuilt.db"
    assert zhijiang("import", out / "bag" / "data" / "tables", "--archive", rebuilt).returncode == 0
    shutil.copytree(out / "archive.warc", rebuilt.with_suffix(".warc"))
    for archive in (out / "archive.db", copied / "news.db", rebuilt):
        checked = zhijiang("check", "--archive", archive, "--against", out / "封签.txt")
        assert checked.returncode == 0, checked.stdout
        assert head[-64:] in checked.stdout


def test_the_recipe_of_the_readme_leaves_the_folder_as_it_is(
    original: Path, tmp_path: Path, zhijiang: Run
) -> None:
    out, beside = tmp_path / "移交", tmp_path / "恢复"
    assert zhijiang("transfer", out, "--archive", original).returncode == 0
    before = {file: file.stat().st_mtime_ns for file in out.rglob("*")}
    recipe = re.findall(r"^ +zhijiang (import .*)$", (out / "说明.txt").read_text("utf-8"), re.MULTILINE)
    command, tables, option, archive = recipe[0].split()
    beside.mkdir()
    assert zhijiang(command, out / tables, option, out / archive).returncode == 0
    assert (beside / "恢复.db").is_file()
    assert {file: file.stat().st_mtime_ns for file in out.rglob("*")} == before


def test_nothing_is_written_into_what_was_handed_over(original: Path, tmp_path: Path, zhijiang: Run) -> None:
    out, bag = tmp_path / "移交", tmp_path / "bag"
    other = Path(shutil.copy(original, tmp_path / "other.db"))
    assert zhijiang("transfer", out, "--archive", original).returncode == 0
    assert zhijiang("export", "bag", "--out", bag, "--archive", original).returncode == 0
    before = {file for folder in (out, bag) for file in folder.rglob("*")}
    (tmp_path / "link").symlink_to(out)
    places = (
        out / "new", out / "bag", out / "bag" / "data" / "new", out / "archive.db", out / "说明.txt", bag / "new",
        bag / "data" / "README.txt", tmp_path / "link" / "new",
    )  # fmt: skip
    for place in places:
        for command in (["export", "csv"], ["snapshot"], ["export", "site"]):
            done = zhijiang(*command, "--out", place, "--archive", other, "--force")
            assert done.returncode == 2, (command, place)
            said = ("handed over", "belongs to an archive", "is a directory")
            assert any(words in done.stderr for words in said), done.stderr
    assert zhijiang("transfer", out / "new", "--archive", other).returncode == 2
    assert zhijiang("crawl", "--log", out / "new", "--archive", other).returncode == 2
    assert {file for folder in (out, bag) for file in folder.rglob("*")} == before


def test_what_is_written_is_of_one_moment_and_noted(original: Path, tmp_path: Path, zhijiang: Run) -> None:
    out = tmp_path / "移交"
    head = in_chinese(zhijiang("transfer", out, "--archive", original).stdout)
    with sqlite3.connect(original) as there:
        events = there.execute("SELECT type, outcome, detail FROM event ORDER BY event_id").fetchall()
    there.close()
    assert [(kind, outcome) for kind, outcome, _ in events] == [
        ("validation", "success"),
        ("replication", "success"),
    ]
    assert json.loads(events[-1][2])["head"] == head
    assert zhijiang("check", "--archive", original, "--against", head).returncode == 0


def test_an_archive_older_than_seals_is_sealed_first(original: Path, tmp_path: Path, zhijiang: Run) -> None:
    with sqlite3.connect(original) as there:
        unseal(there)
    there.close()
    out = tmp_path / "移交"
    done = zhijiang("transfer", out, "--archive", original)
    assert done.returncode == 0, done.stderr
    assert " 26 版 " in in_chinese(done.stdout)


def test_a_check_that_fails_stops_it(original: Path, tmp_path: Path, zhijiang: Run) -> None:
    with sqlite3.connect(original) as there:
        there.execute("UPDATE article SET published_on = '2001-01-01' WHERE article_id = 5")
    there.close()
    done = zhijiang("transfer", tmp_path / "移交", "--archive", original)
    assert (done.returncode, done.stdout) == (1, "")
    assert "article 5" in done.stderr
    assert "published_on" in done.stderr
    assert "Nothing was written" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["here"]


def test_the_folder_of_an_archive_office_needs_numbers(original: Path, tmp_path: Path, zhijiang: Run) -> None:
    out = tmp_path / "移交"
    done = zhijiang("transfer", out, "--archive", original, "--format", "da")
    assert done.returncode == 1
    assert "zhijiang appraise number" in done.stderr
    assert not out.exists()
    with sqlite3.connect(original) as there:
        there.execute("INSERT INTO appraisal (article_id, retention, open_flag) VALUES (5, 'Y', '控制')")
        unseal(there)
    there.close()
    numbered = zhijiang("appraise", "number", "--fonds", "C015", "--year", "2024", "--archive", original)
    assert numbered.returncode == 0, numbered.stderr
    done = zhijiang("transfer", out, "--archive", original, "--format", "da")
    assert done.returncode == 0, done.stderr
    pages = [page for page in (out / "da").rglob("*") if page.suffix.lower() == ".html"]
    assert any(
        "梅岭村" in page.read_text("utf-8", errors="replace") for page in pages
    )  # whole, though restricted


def test_nothing_that_is_there_is_touched(original: Path, tmp_path: Path, zhijiang: Run) -> None:
    out = tmp_path / "移交"
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    assert zhijiang("transfer", out, "--archive", original).returncode == 2
    assert zhijiang("transfer", original.with_suffix(".warc") / "x", "--archive", original).returncode == 2
    assert (out / "mine.txt").read_text() == "mine"
    assert [path.name for path in out.iterdir()] == ["mine.txt"]
