"""Datasette on the archive: the reading room's search, the dictionary's words, nothing written."""

import json
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from datasette.utils import tilde_encode

from archive.search.query import count
from tests.patience import PATIENCE, wait_until


@pytest.fixture(scope="module")
def door(demo_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the archive in Datasette, which prints a page for every error: so to a file."""
    said = tmp_path_factory.mktemp("door") / "said"
    command = [sys.executable, "-m", "zhijiang_spider.cli", "serve", "--datasette", "--port", "0"]
    with (
        said.open("w") as out,
        subprocess.Popen([*command, "--archive", str(demo_archive)], stdout=out, stderr=out) as process,
    ):
        address = re.compile(r"http://127\.0\.0\.1:\d+/\w+")
        wait_until(lambda: address.search(said.read_text(encoding="utf-8")), "no address was printed")
        yield address.findall(said.read_text(encoding="utf-8"))[0]
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)


def fetch(address: str, **headers: str) -> tuple[int, str]:
    try:
        with urlopen(Request(address, headers=headers), timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.mark.parametrize(
    "query", ["橘", "柑橘", "云汀县", "柑橘开园了", "柑橘 开园", "云汀 -柑橘", "记者:苏木", "日期:2024"]
)
@pytest.mark.parametrize("table", ["article", "文章"])
def test_its_search_counts_what_the_reading_room_counts(
    door: str, demo_archive: Path, table: str, query: str
) -> None:
    with closing(sqlite3.connect(demo_archive)) as connection:
        total = count(connection, query)
    _, body = fetch(f"{door}/{tilde_encode(table)}.json?{urlencode({'_search': query, '_size': 'max'})}")
    assert json.loads(body)["filtered_table_rows_count"] == total


def test_its_pages_explain_the_columns_and_have_the_box(door: str) -> None:
    status, page = fetch(f"{door}/{tilde_encode('文章')}?{urlencode({'_search': '柑橘'})}")
    assert status == 200
    assert 'name="_search"' in page
    assert "检索 柑橘" in page
    assert "题名" in page
    assert "一审" in fetch(f"{door}/credit")[1]


def test_what_cannot_be_read_is_told(door: str) -> None:
    status, page = fetch(f"{door}/article?{urlencode({'_search': '日期:昨天'})}")
    assert status == 400
    assert "检索式读不懂" in page


def test_nothing_is_written_and_strangers_get_no_answer(door: str, demo_archive: Path) -> None:
    before = demo_archive.read_bytes()
    assert fetch(f"{door}?{urlencode({'sql': 'DELETE FROM article'})}")[0] == 400
    assert fetch(door, Host="evil.invalid")[0] == 400
    assert demo_archive.read_bytes() == before
