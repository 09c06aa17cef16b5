"""Older archives are brought up to date as a whole or not at all, whenever the program dies."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import Archive, Article
from archive.care.check import Level, Scope, check
from archive.store.articles import save_article
from archive.store.schema import STEPS
from tests.older import make_older, rows
from tests.patience import PATIENCE

# Opens an archive once to learn at which of its statements the files have changed since the one before: a kill at any
# other leaves what a kill at that one leaves.  Then runs the opening again and again in a process of its own, which
# dies before and behind each of these and at a few more; each time the file is a fresh copy.
KILL_AT_MANY_STATEMENTS = """
import json, os, shutil, sqlite3, sys
from archive import Archive
original, path = sys.argv[1:]
connect, at_statement = sqlite3.connect, None

def watched(*arguments, **options):
    connection = connect(*arguments, **options)
    connection.set_trace_callback(at_statement)
    return connection

def afresh():
    for ending in ("", "-wal", "-shm", "-journal"):
        if os.path.exists(path + ending):
            os.unlink(path + ending)
    if original:
        shutil.copy(original, path)

def written():
    sizes = []
    for ending in ("", "-wal", "-journal"):
        try:
            found = os.stat(path + ending)
            sizes.append((found.st_size, found.st_mtime_ns))
        except FileNotFoundError:
            sizes.append(None)
    return sizes

states = []
at_statement = lambda _: states.append(written())
afresh()
sqlite3.connect = watched
Archive.open(path).close()
sqlite3.connect = connect
count = len(states)
changes = [point for point in range(1, count) if states[point] != states[point - 1]]
points = {0, *range(count // 5, count, count // 5), *changes, *(change - 1 for change in changes), count}

found = []
for point in sorted(points):
    afresh()
    child = os.fork()
    if not child:
        left = point
        def at_statement(_):
            global left
            left -= 1
            if left < 0:
                os._exit(9)
        sqlite3.connect = watched
        Archive.open(path).close()
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with connect(path) as connection:
        before = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.close()
    with Archive.open(path) as archive:
        one = lambda sql: archive.connection.execute(sql).fetchone()[0]
        found.append([point, status, before, one("PRAGMA user_version"), one("SELECT count(*) FROM article"),
            one("PRAGMA integrity_check"), one("SELECT count(*) FROM role") > 0])
print(json.dumps([count, changes, found]))
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


BODIES: list[tuple[bytes, int]] = [
    (b"", 0),
    ("11月1日，柑橘　开园。\n今年 三万\t吨".encode(), 16),
    ("".join(filter(str.isspace, map(chr, range(sys.maxunicode)))).encode() + "字".encode(), 1),
    ("𠮷野".encode(), 2),
    (b"a\0b", 3),
    (b"\xd4\xc6 \xcd\xa1", 3),  # no UTF-8: what cannot be read counts as every export shows it
]


def test_characters_are_counted_in_whatever_text_is_stored(tmp_path: Path) -> None:
    path = tmp_path / "older.db"
    with Archive.open(path, schema=7) as older:
        for number, (body, _) in enumerate(BODIES, 1):
            older.connection.execute(
                "INSERT INTO article (article_id, site, key, url, title, body, content_sha256, first_seen_at,"
                " last_seen_at, last_look_at) VALUES (?1, 'x', ?1, '', '', CAST(?2 AS TEXT), ?3, '', '', '')",
                (number, body, "0" * 64),
            )
        older.connection.commit()
    with Archive.open(path) as archive:
        sql = "SELECT 字数 FROM 文章 ORDER BY 编号"
        assert [count for (count,) in archive.connection.execute(sql)] == [count for _, count in BODIES]
        assert archive.connection.execute("SELECT count(*) FROM 审稿").fetchone() == (len(BODIES),)


def test_what_is_saved_is_counted_the_same(archive: Archive, article: Callable[..., Article]) -> None:
    readable = [(body.decode("utf-8", "replace"), count) for body, count in BODIES]
    for number, (body, _) in enumerate(readable):
        save_article(archive, article(key=str(number), body=tuple(body.split("\n"))), 1)
    sql = "SELECT characters FROM article ORDER BY article_id"
    assert archive.connection.execute(sql).fetchall() == [(count,) for _, count in readable]
    save_article(archive, article(key="0", body=("改 了",)), 1)
    assert archive.connection.execute(sql).fetchone() == (2,)


def test_reasons_that_an_older_archive_holds_are_put_into_chinese(
    archive: Archive, article: Callable[..., Article], tmp_path: Path
) -> None:
    save_article(archive, article(), 1)
    with archive.transaction() as execute:
        execute(
            "INSERT INTO absence (article_id, since, reason, last_look_at, last_crawl)"
            " VALUES (1, '2024-03-05T17:00:00Z', 'HTTP 410', '2024-03-05T17:00:00Z', 1)"
        )
    path = tmp_path / "step-20.db"
    make_older(archive.path, path, 20)
    with Archive.open(path) as newer:
        sql = "SELECT 首次未见（北京时间）, 原因 FROM 已消失"
        shown = newer.connection.execute(sql).fetchall()
    assert shown == [("2024-03-06 01:00:00", "网页已经删除（HTTP 410）")]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("steps", [0, 1, len(STEPS) - 1])
def test_an_opening_killed_at_any_statement_leaves_the_old_schema_or_the_new_one(
    demo_archive: Path, tmp_path: Path, steps: int
) -> None:
    original = tmp_path / "older.db"
    if steps:
        make_older(demo_archive, original, steps)
    arguments = [str(original) if steps else "", str(tmp_path / "a.db")]
    done = subprocess.run(
        [sys.executable, "-c", KILL_AT_MANY_STATEMENTS, *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    count, changes, found = json.loads(done.stdout)
    with closing(sqlite3.connect(demo_archive)) as connection:
        articles = connection.execute("SELECT count(*) FROM article").fetchone()[0] if steps else 0
    assert changes[-1] == count - 1  # the end of the transaction that holds all steps
    for point, status, before, *rest in found:
        assert status == (9 if point < count else 0)
        assert before == (steps if point < count - 1 else len(STEPS)), point
        assert rest == [len(STEPS), articles, "ok", True], point
