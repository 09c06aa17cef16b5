"""No query can hurt: what is said twice counts once, twenty conditions are enough, and time is limited everywhere."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive
from archive.export.selection import Selection, read_articles
from archive.room import search_pages
from archive.room.app import RoomSettings, create_app
from archive.search.deadline import time_limit, too_slow
from archive.search.errors import QueryError, SlowQueryError
from archive.search.index import reindex
from archive.search.language import MAX_CONDITIONS, MAX_QUERY, Query, parse_query
from archive.search.query import count, facets, search
from tests.command_line import fork_zhijiang
from tests.room import client_of
from tests.searched import matching_ids

LONGER = 1_000
"""Articles of which a search reads long enough for SQLite to look at the clock."""
FOUND = f"</a>：{LONGER} 篇"
COMMON = "的一是在不了有和人这中大为上个国我以要他时来用们生"


@pytest.fixture(scope="module")
def long_file(empty_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = Path(shutil.copy(empty_archive, tmp_path_factory.mktemp("long")))
    with Archive.open(path) as archive:
        archive.connection.execute("INSERT INTO article_fts_writer DEFAULT VALUES")
        archive.connection.executemany(
            "INSERT INTO article (site, key, url, title, body, published_on, content_sha256, first_seen_at, last_seen_at,"
            " last_look_at) VALUES ('yunting', ?, ?, ?, ?, '2024-01-16', '" + 64 * "0" + "', '', '', '')",
            ((str(n), f"http://www.yunting.example/{n}", f"第{n}篇", COMMON) for n in range(LONGER)),
        )
        reindex(archive.connection)
        archive.connection.commit()
    return path


@pytest.fixture
def long(long_file: Path) -> Iterator[sqlite3.Connection]:
    with Archive.read(long_file) as archive:
        yield archive.connection


# --- conditions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("twice", "once"),
    [
        ("柑橘 柑橘", "柑橘"),
        ("柑橘 ＡＢ ab　柑\u2067橘", "柑橘 ab"),
        ("-广告 云汀 -广告", "-广告 云汀"),
        ("记者:余峰 记者：余峰", "记者:余峰"),
        ("标题:柑橘 标题:柑橘 柑橘", "标题:柑橘 柑橘"),
        ("日期:2024 日期:2024-01-01..2024-12-31", "日期:2024"),
        ("柑橘 OR 脐橙 OR 柑橘", "柑橘 OR 脐橙"),
        ("柑橘 OR 脐橙 脐橙 OR 柑橘", "柑橘 OR 脐橙"),
        ("柑橘 OR 脐橙 云汀 柑橘", "云汀 柑橘"),
        (" ".join(["的"] * 499), "的"),
    ],
)
def test_what_is_said_twice_counts_once(twice: str, once: str) -> None:
    assert parse_query(twice) == parse_query(once)


@given(
    st.lists(
        st.tuples(st.sampled_from(["", "-", "标题:", "-正文:"]), st.sampled_from("橘会工峰5")),
        min_size=1,
        max_size=6,
    )
)
def test_a_query_finds_what_each_condition_finds(
    demo_archive: Path, conditions: list[tuple[str, str]]
) -> None:
    """Also where the same is said again, alone and among alternatives."""
    asked = ["".join(condition) for condition in conditions]
    with closing(sqlite3.connect(demo_archive)) as connection:
        found = [set(matching_ids(connection, condition)) for condition in asked]
        alternatives = " OR ".join(asked)
        assert set(matching_ids(connection, " ".join(asked + asked))) == set.intersection(*found)
        assert set(matching_ids(connection, alternatives)) == set.union(*found)
        assert set(matching_ids(connection, f"{alternatives} {asked[0]}")) == found[0]


def test_twenty_conditions_are_read_and_more_are_refused_where_they_begin(long: sqlite3.Connection) -> None:
    twenty = " ".join(COMMON[:MAX_CONDITIONS])
    assert count(long, twenty) == LONGER
    for joined in (" ", " -", " OR ", " 标题:"):
        text = joined.join(COMMON[: MAX_CONDITIONS + 1])
        with pytest.raises(QueryError, match=r"条件太多：有 21 个，最多 20 个.*请") as refused:
            parse_query(text)
        assert text[refused.value.position :].endswith(COMMON[MAX_CONDITIONS])
    pairs = " ".join(f"{a} OR {b}" for a, b in pairwise(COMMON))
    with pytest.raises(QueryError, match="条件太多"):
        parse_query(pairs)


def test_a_text_that_is_too_long_is_refused_with_what_to_do() -> None:
    with pytest.raises(QueryError, match=f"最多 {MAX_QUERY} 个字符，这里有 {MAX_QUERY + 1} 个；请"):
        parse_query("的" * (MAX_QUERY + 1))


# --- time -----------------------------------------------------------------------------------------------

TWENTY = " OR ".join(COMMON[:MAX_CONDITIONS])


@pytest.mark.parametrize("ask", [search, count, facets])
def test_time_that_is_over_ends_a_search_and_only_that(long: sqlite3.Connection, ask: object) -> None:
    query = parse_query(TWENTY)
    with (
        pytest.raises(
            SlowQueryError, match=r"检索用了 0 秒还没有答完.*共 20 个条件.*“的”“一”.*等.*请"
        ) as slow,
        time_limit(long, query, 0),
    ):
        ask(long, query)  # type: ignore[operator]
    assert isinstance(slow.value.__cause__, sqlite3.OperationalError)
    assert count(long, query) == LONGER
    with time_limit(long, query, 600):
        assert count(long, query) == LONGER


@pytest.mark.parametrize(
    "query", [" ".join(COMMON[:20]), " ".join(f"-{c}" for c in COMMON[:20]), "的一" * 500]
)
def test_time_is_looked_at_while_the_index_reads(long: sqlite3.Connection, query: str) -> None:
    """The index works for long inside one call, where SQLite's own loop stands still; its reading of pages does not."""
    asked = parse_query(query)
    with pytest.raises(SlowQueryError), time_limit(long, asked, 0):
        count(long, asked)


def test_another_error_stays_what_it_is(long: sqlite3.Connection) -> None:
    query = parse_query("橘")
    with pytest.raises(sqlite3.OperationalError, match="no such table"), time_limit(long, query, 0):
        long.execute("SELECT * FROM nowhere")


def test_what_was_too_much_is_said() -> None:
    said = str(too_slow(parse_query(f"{'长' * 31} 的 -一 云汀县"), 5.0))
    assert said == (
        "检索用了 5 秒还没有答完，已停止：共 4 个条件，很短的词（“的”“一”）常常篇篇都有，最长的词有 31 个字符。"
        "请把短词写长，把长句分成几个词，减少条件和 OR。"
    )


def test_the_room_refuses_what_takes_too_long_and_goes_on(long_file: Path) -> None:
    with client_of(create_app(RoomSettings(long_file, search_seconds=0))) as client:
        for page in ("/", "/search.json", "/search.csv"):
            answer = client.get(page, query_string={"q": TWENTY})
            assert answer.status_code == 503
            assert "检索用了 0 秒还没有答完" in answer.text
            assert (
                client.get(
                    page, query_string={"q": " ".join("柑橘园丰收节县城里来了四面八方许多客人很热闹")}
                ).status_code
                == 400
            )
        assert client.get("/", query_string={"q": ""}).status_code == 200
        assert client.get("/n").status_code == 200
    with client_of(create_app(RoomSettings(long_file))) as client:
        assert json.loads(client.get("/search.json", query_string={"q": TWENTY}).text)["total"] == LONGER
        assert client.get("/", query_string={"q": TWENTY}).status_code == 200
        lines = client.get("/search.csv", query_string={"q": TWENTY}).text.splitlines()
        assert len(lines) == LONGER + 1


def test_where_nothing_is_found_a_count_that_takes_too_long_is_left_out(
    long_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page is shown all the same: what a query without one condition finds is a hint."""

    def overdue(connection: sqlite3.Connection, query: Query) -> int:
        with time_limit(connection, query, 0):
            return count(connection, parse_query(TWENTY))

    with client_of(create_app(RoomSettings(long_file))) as client:
        page = client.get("/", query_string={"q": "的 没有的词"})
        assert (page.status_code, FOUND in page.text) == (200, True)
        monkeypatch.setattr(search_pages, "count", overdue)
        page = client.get("/", query_string={"q": "的 没有的词 "})
    assert page.status_code == 200
    assert "没有的词" in page.text
    assert FOUND not in page.text


def test_the_command_line_ends_a_search_and_an_export(long_file: Path, tmp_path: Path) -> None:
    limit = ("--archive", long_file, "--timeout", "0.000001")
    for more in ((), ("--count",), ("--facets",), ("--order", "newest")):
        done = fork_zhijiang("search", TWENTY, *more, *limit)
        assert (done.returncode, done.stdout) == (1, "")
        assert "was stopped" in done.stderr
        assert "--timeout" in done.stderr
    done = fork_zhijiang("export", "csv", "--out", tmp_path / "out.csv", "--query", TWENTY, *limit)
    assert done.returncode == 1
    assert "was stopped" in done.stderr
    assert list(tmp_path.iterdir()) == []
    done = fork_zhijiang("search", "--archive", long_file, *COMMON[:21])
    assert done.returncode == 2
    assert "too many conditions" in done.stderr


def test_an_export_asks_its_search_once(long_file: Path) -> None:
    asked: list[str] = []
    with read_articles(long_file, Selection(query="的")) as articles:
        articles.archive.connection.set_trace_callback(asked.append)
        assert articles.count() == LONGER
        assert len(list(articles.rows("article", columns=["title"]))) == LONGER
    assert sum("article_fts MATCH" in sql for sql in asked) == 1


_ASK_DATASETTE = """
import asyncio, json, sys
from pathlib import Path
from archive.room import datasette_plugin

path, *queries = sys.argv[1:]
room = datasette_plugin.create_datasette(Path(path))
address = room.urls.table(Path(path).stem, "article")

def ask(text):
    answer = asyncio.run(room.client.get(address, params={"_search": text}))
    return answer.status_code, answer.text

said = [ask(text) for text in queries]
datasette_plugin._SEARCH_SECONDS = 0
print(json.dumps([*said, ask(queries[-1])]))
"""


def test_datasette_refuses_what_takes_too_long(long_file: Path) -> None:
    """In a process of its own: Datasette's threads close their connections with it."""
    queries = ("的", " ".join(COMMON[:21]), TWENTY)
    done = subprocess.run(
        [sys.executable, "-c", _ASK_DATASETTE, long_file, *queries],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found, many, twenty, slow = json.loads(done.stdout.splitlines()[-1])
    assert (found[0], twenty[0]) == (200, 200)
    assert (many[0], "条件太多" in many[1]) == (400, True)
    assert (slow[0], "已停止" in slow[1]) == (503, True)


# --- plain SQL ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["检索", "检索编号"])
def test_the_views_refuse_more_than_twenty_words_and_a_thousand_characters(
    long: sqlite3.Connection, view: str
) -> None:
    sql = f"SELECT 编号 FROM {view} WHERE 词 = json_quote(?)"
    for words in (" ".join(COMMON[:20]), "的 " * 499, "  的　 \n一"):
        assert len(long.execute(sql, (words,)).fetchall()) == LONGER
    with pytest.raises(sqlite3.OperationalError, match="词太多：最多 20 个，相同的只算一次"):
        long.execute(sql, (" ".join(COMMON[:21]),)).fetchall()
    for words in ("的" * 1001, "的 " * 100_000):
        with pytest.raises(sqlite3.OperationalError, match="查询太长：最多 1000 个字符"):
            long.execute(sql, (words,)).fetchall()
