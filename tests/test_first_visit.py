"""What a page of the reading room asks of SQLite on its first visit, counted in steps at two sizes of the archive."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from archive import Archive
from archive.room import RoomSettings, create_app
from archive.room.facet_index import COUNTED, FacetIndex
from archive.search.query import facets
from archive.store.access import withhold_restricted
from archive.store.counts import miscounted
from tests.furnished import SECTIONS, furnish, pages
from tests.room import client_of
from tests.test_growth import counted

SMALL, LARGE = 500, 2000
READS, COUNTS, LOOKS_UP = 36, 110, 400
"""Steps that one more article may cost a page that reads what it shows or ranks it; a page that counts along an index
what the archive holds; and one whose every hit is looked up to tell what the hits are made of."""
_LOOKED_UP = ("/?q=果园", "/?q=果园&reviewers=1")
_COUNTS = (
    "/n",
    "/n?group=审核",
    "/n?find=小满",
    "/n?page=2",
    "/section",
    "/photos",
    "/photos?page=2",
    "/coverage",
    "/coverage?page=2",
)


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("room")
    found = []
    for articles in (SMALL, LARGE):
        found.append(folder / f"{articles}.db")
        furnish(found[-1], articles, letters=100)
    return found


@pytest.mark.parametrize("page", pages())
def test_a_page_reads_what_it_shows(page: str, archives: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    taken = []
    for path in archives:
        with counted(monkeypatch) as steps:
            answer = client_of(create_app(RoomSettings(path))).get(page)
            assert answer.status_code in (200, 302), page  # a second page, which the smaller one has not
            taken.append(steps())
    most = COUNTS if page in _COUNTS else LOOKS_UP if page in _LOOKED_UP else READS
    assert taken[1] - taken[0] <= most * (LARGE - SMALL), taken


def test_every_page_is_there(archives: list[Path]) -> None:
    reader = client_of(create_app(RoomSettings(archives[1])))
    assert {page: reader.get(page).status_code for page in pages()} == dict.fromkeys(pages(), 200)


def test_the_index_and_the_file_count_alike(archives: list[Path]) -> None:
    with Archive.read(archives[0]) as archive:
        index = FacetIndex.read(archive.connection)
        found = facets(archive.connection, "云汀县", limit=1000, roles=COUNTED)
        assert index.count(range(1, SMALL + 1), limit=1000) == found
        assert {role for role, _, _ in found.credits} == {"记者", "编辑", "一审", "二审", "三审"}


def test_sections_follow_whoever_writes(archives: list[Path], tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    shutil.copy(archives[0], path)
    with Archive.open(path) as archive:
        execute = archive.connection.execute
        execute("PRAGMA foreign_keys = OFF")
        rows = execute("SELECT * FROM _in_section").fetchall()
        for change in (
            "UPDATE section SET name = '新栏目' WHERE section_id = 3",
            "UPDATE section SET kind = 'start' WHERE section_id = 4",
            "UPDATE article SET section = '' WHERE article_id % 7 = 0",
            "UPDATE article SET credit_line = '' WHERE article_id % 11 = 0",
            "UPDATE article SET published_on = NULL WHERE article_id % 13 = 0",
            "UPDATE article SET key = 'k' || key WHERE article_id % 17 = 0",
            "UPDATE listing SET section_id = 5 WHERE section_id = 6",
            "UPDATE listing SET key = 'k' || key WHERE listing_id % 19 = 0",
            "DELETE FROM listing WHERE listing_id % 5 = 0",
            "INSERT INTO listing (section_id, key, url, title, page, position, first_crawl, last_crawl, first_seen_at,"
            " last_seen_at) SELECT 1, key, url, title, 1, 1, 1, 1, first_seen_at, last_seen_at FROM article WHERE article_id % 23 = 0",
            "DELETE FROM article WHERE article_id % 29 = 0",
        ):
            execute(change)
            now = execute("SELECT * FROM _in_section").fetchall()
            assert now != rows, change
            rows = now
            assert [table for table in miscounted(archive.connection) if table == "_in_section"] == [], change


def test_lists_of_restricted_articles_tell_no_more_than_the_views(
    archives: list[Path], tmp_path: Path
) -> None:
    path = tmp_path / "a.db"
    shutil.copy(archives[0], path)
    with Archive.open(path) as archive:
        archive.begin()
        archive.connection.execute(
            "INSERT INTO appraisal (article_id, open_flag) SELECT article_id, '控制' FROM article WHERE article_id % 9 = 0"
        )
        archive.commit()
    reader = client_of(create_app(RoomSettings(path)))
    with Archive.read(path) as archive:
        withhold_restricted(archive)
        rows = archive.connection.execute("SELECT sum(篇数), sum(无署名) FROM 覆盖").fetchone()
        shown = reader.get("/coverage.json").get_json()["rows"]
        apart = sum(row["篇数"] for row in shown if row["栏目"] == "控制件")
        assert apart == len(archive.withheld)
        # the view, plain SQL, has no word for an article of which no credit line is told
        bare = sum(row["无署名"] or 0 for row in shown)
        assert (sum(row["篇数"] for row in shown), bare + apart) == rows
        sections = {row["栏目"]: row for row in reader.get("/section.json").get_json()["rows"]}
        for name, listed, missing in archive.connection.execute("SELECT 栏目, 列出, 未存 FROM 栏目"):
            assert (sections[name]["列出"], sections[name]["未存"]) == (listed, missing)
        reused = archive.connection.execute("SELECT SHA256, 篇数 FROM 图片复用 ORDER BY 2 DESC, 1").fetchall()
        assert [
            (row["SHA256"], row["篇数"]) for row in reader.get("/photos.json").get_json()["rows"]
        ] == reused
    assert set(sections) == set(SECTIONS)


def test_a_picture_under_two_addresses_is_one(archives: list[Path], tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    shutil.copy(archives[0], path)
    connection = sqlite3.connect(path)
    connection.execute(
        "UPDATE image SET url = 'http://www.yunting.example/copy.jpg' WHERE article_id = 33 AND seq = 2"
    )
    connection.execute(
        "INSERT INTO media_address SELECT 'http://www.yunting.example/copy.jpg', media_id, 1 FROM media_address LIMIT 1"
    )
    wanted = connection.execute("SELECT * FROM 图片复用 ORDER BY 篇数 DESC, SHA256").fetchall()
    connection.commit()
    connection.close()
    shown = client_of(create_app(RoomSettings(path))).get("/photos.json").get_json()["rows"]
    assert [
        (row["SHA256"], row["篇数"], row["图说数"], row["首次使用"], row["末次使用"]) for row in shown
    ] == [row[:5] for row in wanted]
