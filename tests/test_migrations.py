"""Older archives are brought up to date as a whole or not at all, whenever the program dies."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import Archive
from archive.care.check import Level, Scope, check
from archive.store.migrations import STEPS
from tests.older import make_older, rows
from tests.patience import PATIENCE

# Runs the opening of an archive again and again in a process of its own, which dies at one of the
# statements that SQLite is given, each time a later one; each time the file is a fresh copy.
KILL_AT_MANY_STATEMENTS = """
import json, os, shutil, sqlite3, sys
from archive import Archive
original, path, stride = sys.argv[1], sys.argv[2], int(sys.argv[3])
connect, left = sqlite3.connect, 0

def dying(*arguments, **options):
    connection = connect(*arguments, **options)
    def count(_statement):
        global left
        left -= 1
        if left < 0:
            os._exit(9)
    connection.set_trace_callback(count)
    return connection

found, point, died = [], 0, True
while died:
    for ending in ("", "-wal", "-shm", "-journal"):
        if os.path.exists(path + ending):
            os.unlink(path + ending)
    if original:
        shutil.copy(original, path)
    child = os.fork()
    if not child:
        sqlite3.connect, left = dying, point
        Archive.open(path)
        os._exit(0)
    died = os.waitpid(child, 0)[1] != 0
    with connect(path) as connection:
        before = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.close()
    with Archive.open(path) as archive:
        count = archive.connection.execute
        found.append([before, count("PRAGMA user_version").fetchone()[0], count("SELECT count(*) FROM article").fetchone()[0],
            count("PRAGMA integrity_check").fetchone()[0], count("SELECT count(*) FROM role").fetchone()[0] > 0])
    point += stride
print(json.dumps(found))
"""


@pytest.mark.parametrize("steps", range(1, len(STEPS)))
def test_an_older_archive_is_brought_up_to_date_with_every_row(
    demo_archive: Path, tmp_path: Path, steps: int
) -> None:
    path = tmp_path / "older.db"
    make_older(demo_archive, path, steps)
    Archive.open(path).close()
    assert rows(path) == rows(demo_archive)
    findings = check(path, Scope(datetime.now(UTC)))
    assert [finding for finding in findings if finding.level is Level.FAULT] == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize(("steps", "stride"), [(0, 23), (1, 17), (len(STEPS) - 1, 4)])
def test_an_opening_killed_at_any_statement_leaves_the_old_schema_or_the_new_one(
    demo_archive: Path, tmp_path: Path, steps: int, stride: int
) -> None:
    original = tmp_path / "older.db"
    if steps:
        make_older(demo_archive, original, steps)
    arguments = [str(original) if steps else "", str(tmp_path / "a.db"), str(stride)]
    done = subprocess.run(
        [sys.executable, "-c", KILL_AT_MANY_STATEMENTS, *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    with closing(sqlite3.connect(demo_archive)) as connection:
        articles = connection.execute("SELECT count(*) FROM article").fetchone()[0] if steps else 0
    assert len(found) > 5
    assert {before for before, *_ in found} == {steps, len(STEPS)}
    assert {tuple(rest) for _, *rest in found} == {(len(STEPS), articles, "ok", True)}
