"""The transfer copy: whole, repeatable, and readable by old programs."""

import json
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import Archive
from archive.care.snapshot import write_snapshot
from archive.digests import file_sha256

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def original(demo_archive: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(demo_archive, tmp_path / "demo.db"))


@pytest.fixture
def copy(original: Path, tmp_path: Path, zhijiang: Run) -> Path:
    out = tmp_path / "移交.db"
    assert zhijiang("snapshot", "--archive", original, "--out", out).returncode == 0
    return out


def test_the_same_archive_gives_the_same_bytes(demo_archive: Path, copy: Path, tmp_path: Path) -> None:
    with Archive.read(demo_archive) as archive:
        write_snapshot(archive, tmp_path / "again.db")
        archive.connection.execute("BEGIN")
        write_snapshot(archive, tmp_path / "within.db")
    assert (tmp_path / "again.db").read_bytes() == copy.read_bytes()
    assert (tmp_path / "within.db").read_bytes() == copy.read_bytes()


def test_the_archive_remembers_the_copy(original: Path, copy: Path) -> None:
    with Archive.read(original) as archive:
        ((kind, outcome, detail),) = archive.connection.execute("SELECT type, outcome, detail FROM event")
    assert (kind, outcome) == ("replication", "success")
    assert json.loads(detail) == {"file": copy.name, "sha256": file_sha256(copy)}


def test_sha256sum_accepts_the_digest(copy: Path) -> None:
    done = subprocess.run(
        ["sha256sum", "-c", f"{copy.name}.sha256"], cwd=copy.parent, capture_output=True, check=False
    )
    assert done.returncode == 0


def test_the_copy_is_whole_and_at_rest(demo_archive: Path, copy: Path) -> None:
    old, new = (sqlite3.connect(path) for path in (demo_archive, copy))
    assert new.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert new.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    for pragma in ("application_id", "user_version"):
        assert new.execute(f"PRAGMA {pragma}").fetchone() == old.execute(f"PRAGMA {pragma}").fetchone()
    assert new.execute("SELECT count(*) FROM sqlite_stat1").fetchone()[0] > 0
    tables = [row[0] for row in old.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        if not table.startswith(("article_fts", "sqlite_stat")):
            rows = [connection.execute(f"SELECT * FROM {table}").fetchall() for connection in (old, new)]
            assert rows[0] == rows[1], table
    old.close()
    new.close()


def test_tables_and_ordinary_views_use_nothing_newer_than_sqlite_3_34(copy: Path) -> None:
    connection = sqlite3.connect(copy)
    newer = re.compile(
        r"\bSTRICT\b|->>?\s*'|\bRETURNING\b|MATERIALIZED|\biif\(|format\(|unixepoch|string_agg|concat_ws|octet_length"
        r"|RIGHT JOIN|FULL JOIN|IS (?:NOT )?DISTINCT|json_|\b\d_\d",
        re.IGNORECASE,
    )
    for name, sql in connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"):
        if name.startswith(("article_fts", "检索")):
            continue
        code = re.sub(r"--.*|/\*.*?\*/", "", sql)
        assert newer.search(code) is None, (name, newer.search(code))
    connection.close()


def test_a_file_that_is_there_is_not_replaced_unasked(original: Path, copy: Path, zhijiang: Run) -> None:
    before = copy.read_bytes()
    refused = zhijiang("snapshot", "--archive", original, "--out", copy)
    assert refused.returncode == 2
    assert "is there already" in refused.stderr
    assert copy.read_bytes() == before
    assert zhijiang("snapshot", "--archive", original, "--out", copy, "--force").returncode == 0


def test_the_digest_of_a_killed_snapshot_is_in_no_ones_way(
    original: Path, copy: Path, tmp_path: Path, zhijiang: Run
) -> None:
    """Killed between its two names: the file still lies where it was written."""
    digest = tmp_path / "移交.db.sha256"
    digest.write_text(f"{'0' * 64}  移交.db\n", "utf-8")
    written = tmp_path / "zhijiang-abc.part" / "new" / "移交.db"
    written.parent.mkdir(parents=True)
    copy.rename(written)
    again = ("snapshot", "--archive", original, "--out", copy)
    assert zhijiang(*again).returncode == 2, "it is the digest of another file"
    digest.write_text(f"{file_sha256(written)}  移交.db\n", "utf-8")
    assert zhijiang(*again).returncode == 0
    assert digest.read_text("utf-8") == f"{file_sha256(copy)}  移交.db\n"
    assert written.exists()
