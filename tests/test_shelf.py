"""Several archives asked as one: hits merged by day, exact counts, and a word on each that could not be read."""

import csv
import io
import json
import os
import shutil
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive
from archive.cli import search_several as command
from archive.search.errors import QueryError, SlowQueryError
from archive.search.language import parse_query
from archive.search.query import Order, facets, search
from archive.shelf import Shelf
from archive.store.articles import save_article
from archive.store.crawls import begin_crawl
from archive.store.errors import ArchiveBusy
from tests.conftest import ARTICLE

Run = Callable[..., subprocess.CompletedProcess[str]]

DAYS = {
    "yunting": ("2024-03-02", "2024-03-01", None, "2024-02-29", "2024-03-02", "2023-12-31", "2024-03-05"),
    "hechuan": ("2024-03-02", "2024-03-04", "2024-03-02", None, "2022-01-01"),
    "empty": (),
    "linqi": ("2024-03-05", "2024-03-05", "2021-05-05"),
}
TITLES = {"yunting": "云汀网", "hechuan": "禾川网", "empty": "空山网", "linqi": "禾川网"}
"""Two are called alike."""
WORDS = ("柑橘", "果园", "甲", "乙 柑橘", "柑橘 -甲", "没有此词", "日期:2024", "记者:闻小满")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("shelf")
    for site, days in DAYS.items():
        with Archive.open(found / f"{site}.db") as archive:
            crawl = begin_crawl(archive, site, software="test", options={"site": {"title": TITLES[site]}})
            for number, day in enumerate(days):
                article = replace(
                    ARTICLE,
                    site=site,
                    key=str(number),
                    url=f"http://www.{site}.example/{number}",
                    title=f"{'甲乙'[number % 2]}{site}{number}",
                    section="要闻" if site == "yunting" else "乡村",
                    published_on=day,
                    body=("柑橘开园。",) if number % 3 else ("果园里的柑橘。",),
                )
                save_article(archive, article, crawl)
    return found


@pytest.fixture
def paths(folder: Path) -> list[Path]:
    return [folder / f"{site}.db" for site in DAYS]


def copied(folder: Path, to: Path) -> Path:
    for path in sorted(folder.glob("*.db")):
        shutil.copy(path, to)
    return to


def scanned(paths: list[Path], condition: str, *, oldest: bool = False) -> list[tuple[str, int]]:
    """Return (file, number) of what a scan of all files finds, in the order of a shelf."""
    found: list[tuple[str, str, int]] = []
    for path in paths:
        with closing(sqlite3.connect(path)) as connection:
            way = "" if oldest else "DESC"
            rows = connection.execute(
                f"SELECT published_on, article_id FROM article WHERE {condition}"
                f" ORDER BY published_on {way} NULLS LAST, article_id {way}"
            )
            found += [(day or ("9" if oldest else ""), path.name, number) for day, number in rows]
    return [found_[1:] for found_ in sorted(found, key=lambda row: row[0], reverse=not oldest)]


CONDITIONS = {
    "柑橘": "instr(body, '柑橘')",
    "果园": "instr(body, '果园')",
    "甲": "instr(title, '甲')",
    "乙 柑橘": "instr(title, '乙')",
    "柑橘 -甲": "NOT instr(title, '甲')",
    "没有此词": "0",
    "日期:2024": "published_on LIKE '2024%'",
    "记者:闻小满": "1",
}


@pytest.mark.parametrize("most_open", [200, 2, 0])
@pytest.mark.parametrize("word", CONDITIONS)
@pytest.mark.parametrize("order", [Order.NEWEST, Order.OLDEST])
def test_pages_follow_each_other_over_all_archives(
    paths: list[Path], word: str, order: Order, most_open: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.shelf.MOST_OPEN", most_open)
    wanted = scanned(paths, CONDITIONS[word], oldest=order is Order.OLDEST)
    with Shelf(paths) as shelf:
        found = []
        for offset in range(0, len(wanted) + 4, 4):
            page = shelf.search(word, limit=4, offset=offset, order=order)
            assert page.total == len(wanted)
            assert page.unread == ()
            found += [(volume.path.name, hit.article_id) for volume, hit in page.hits]
            assert sum(volume.archive is not None for volume in shelf.volumes) <= most_open
        assert found == wanted
        totals = Counter(name for name, _ in wanted)
        counted = shelf.count(word)
        assert {volume.path.name: n for volume, n in counted.of} == {
            path.name: totals[path.name] for path in paths
        }
        assert counted.of == page.totals


@given(
    limit=st.integers(1, 20), offset=st.integers(0, 20), order=st.sampled_from([Order.NEWEST, Order.OLDEST])
)
def test_any_page_is_that_part_of_all_hits(folder: Path, limit: int, offset: int, order: Order) -> None:
    paths = [folder / f"{site}.db" for site in DAYS]
    wanted = scanned(paths, "1", oldest=order is Order.OLDEST)[offset : offset + limit]
    with Shelf(paths) as shelf:
        page = shelf.search("柑橘", limit=limit, offset=offset, order=order)
        assert [(volume.path.name, hit.article_id) for volume, hit in page.hits] == wanted
        assert all("【柑橘】" in hit.snippet for _, hit in page.hits)


def test_facets_are_those_of_one_archive_with_all_articles(paths: list[Path], tmp_path: Path) -> None:
    with Archive.open(tmp_path / "one.db") as one:
        crawl = begin_crawl(one, "all", software="test", options={})
        for path in paths:
            with Archive.read(path) as archive:
                rows = archive.rows(
                    "SELECT site, key, section, published_on, body FROM article ORDER BY article_id"
                )
                for row in rows:
                    named = replace(
                        ARTICLE, site="all", key=f"{row['site']}{row['key']}", section=row["section"],
                        published_on=row["published_on"], body=(row["body"],),
                    )  # fmt: skip
                    save_article(one, named, crawl)
        wanted = facets(one.connection, "柑橘", limit=3)
    with Shelf(paths) as shelf:
        assert shelf.facets("柑橘", limit=3) == (wanted, ())


def test_a_query_that_cannot_be_read_is_one_error(paths: list[Path]) -> None:
    with Shelf(paths) as shelf:
        for ask in (shelf.search, shelf.count, shelf.facets):
            with pytest.raises(QueryError):
                ask('"柑橘')
        with pytest.raises(ValueError, match="relevance"):
            shelf.search("柑橘", order=Order.RELEVANCE)


def test_a_question_takes_only_so_long(paths: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.search.deadline._STEPS", 1)
    with Shelf(paths, seconds=0) as shelf:
        for ask in (shelf.search, shelf.count, shelf.facets):
            with pytest.raises(SlowQueryError, match="已停止"):
                ask("柑橘")
    with Shelf(paths) as shelf:
        assert shelf.search("柑橘").total == 15


def test_a_section_is_unknown_where_no_archive_has_it(paths: list[Path]) -> None:
    with Shelf(paths) as shelf:
        for known in ("栏目:要闻", "栏目:乡村 栏目:要闻"):
            shelf.refuse_unknown_sections(known, parse_query(known))
        with pytest.raises(QueryError, match="没有栏目“外地”；有：要闻、乡村"):
            shelf.refuse_unknown_sections("柑橘 栏目:外地", parse_query("柑橘 栏目:外地"))
    with Shelf([*paths, paths[0].with_name("none.db")]) as shelf:  # which may have it
        shelf.refuse_unknown_sections("栏目:外地", parse_query("栏目:外地"))


def test_what_is_written_and_replaced_meanwhile_is_read(folder: Path, tmp_path: Path) -> None:
    copied(folder, tmp_path)
    paths = sorted(tmp_path.glob("*.db"))
    with Shelf(paths) as shelf:
        before = sum(number for _, number in shelf.count("柑橘").of)
        with Archive.open(tmp_path / "empty.db") as archive:
            save_article(archive, replace(ARTICLE, site="empty", published_on="2030-01-01"), 1)
        assert sum(number for _, number in shelf.count("柑橘").of) == before + 1
        ((volume, hit),) = shelf.search("柑橘", limit=1).hits
        assert (volume.title, hit.title) == ("空山网档案", ARTICLE.title)
        shutil.copy(folder / "linqi.db", tmp_path / "new.db")
        os.replace(tmp_path / "new.db", tmp_path / "empty.db")
        assert sum(number for _, number in shelf.count("柑橘").of) == before + 3
        (tmp_path / "empty.db").unlink()
        (error,) = shelf.count("柑橘").unread
        assert "no such archive" in str(error)


def test_texts_that_cannot_be_read_cost_one_archive(folder: Path, tmp_path: Path) -> None:
    copied(folder, tmp_path)
    with closing(sqlite3.connect(tmp_path / "yunting.db")) as connection, connection:
        connection.execute("UPDATE article SET body = CAST(X'E69F91E6A998FF' AS TEXT) WHERE article_id = 7")
    paths = sorted(tmp_path.glob("*.db"))
    with Shelf(paths) as shelf:
        assert len(shelf.count("柑橘").of) == 4
        found = shelf.search("柑橘", limit=5)
        (error,) = found.unread
        assert "yunting.db" in str(error)
        readable = [path for path in paths if path.name != "yunting.db"]
        assert [(volume.path.name, hit.article_id) for volume, hit in found.hits] == scanned(readable, "1")[
            :5
        ]
        assert found.total == len(scanned(readable, "1"))


def locked(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("BEGIN EXCLUSIVE")
    return connection


def test_an_archive_that_is_locked_is_asked_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copied(folder, tmp_path)
    monkeypatch.setattr(command, "Shelf", partial(Shelf, timeout=0))
    paths = sorted(tmp_path.glob("*.db"))
    ask = partial(
        command.search_several, paths, "柑橘", parse_query("柑橘"), limit=20, page=1, order=Order.NEWEST,
        shape="count", seconds=30, as_json=False,
    )  # fmt: skip
    with Shelf(paths, timeout=0) as shelf:
        with closing(locked(tmp_path / "yunting.db")):
            counted = shelf.count("柑橘")
            assert [type(error) for error in counted.unread] == [ArchiveBusy]
            assert len(counted.of) == 3
            with pytest.raises(ArchiveBusy, match=r"yunting\.db"):
                ask()
            assert "8 articles; 1 more archive could not be read" in capsys.readouterr().out
        assert shelf.count("柑橘").unread == ()


# --- the command ----------------------------------------------------------------------------------------


def test_the_command_names_the_archive_of_each_hit(zhijiang: Run, folder: Path) -> None:
    files = [part for name in ("yunting", "hechuan") for part in ("--archive", folder / f"{name}.db")]
    shown = zhijiang("search", "柑橘", *files, "--limit", "2")
    assert shown.returncode == 0
    assert shown.stderr == ""
    first, snippet, second, _, *totals = shown.stdout.splitlines()
    assert first.split("\t") == ["云汀网档案", "7", "2024-03-05", "要闻", "甲yunting6"]
    assert "【柑橘】" in snippet
    assert second.split("\t")[:3] == ["禾川网档案", "2", "2024-03-04"]
    assert totals == [
        f"云汀网档案\t7 articles\t{folder / 'yunting.db'}",
        f"禾川网档案\t5 articles\t{folder / 'hechuan.db'}",
        "12 articles, listed are 1–2",
        "Former versions were not searched: of several archives at once they are searched only where the query says 旧版:有",
    ]
    oldest = json.loads(
        zhijiang(
            "search", "柑橘", *files, "--order", "oldest", "--page", "2", "--limit", "5", "--json"
        ).stdout
    )
    assert [hit["published_on"] for hit in oldest["hits"]] == [
        "2024-03-02", "2024-03-02", "2024-03-02", "2024-03-04", "2024-03-05",
    ]  # fmt: skip
    assert [(one["archive_title"], one["total"]) for one in oldest["archives"]] == [
        ("云汀网档案", 7),
        ("禾川网档案", 5),
    ]
    said = zhijiang("search", "柑橘", *files, "--csv", "--limit", "50").stdout
    rows = list(csv.DictReader(io.StringIO(said.removeprefix("\ufeff"))))
    assert len(rows) == 12
    assert Path(rows[0]["archive"]) == folder / "yunting.db"
    for of_one in (("--order", "relevance"), ("--as-of", "3")):
        assert zhijiang("search", "柑橘", *files, *of_one).returncode == 2
    broken = zhijiang("search", '"柑橘', *files)
    assert (broken.returncode, broken.stderr.count("the quotation mark is not closed")) == (2, 1)


def test_one_archive_alone_is_searched_as_before(
    zhijiang: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "yunting.db"
    alone = zhijiang("search", "甲 OR 果园", "--archive", path)
    with Archive.read(path) as archive:
        ranked = search(archive.connection, "甲 OR 果园").hits
    assert [line.split("\t")[0] for line in alone.stdout.splitlines()[:-1:2]] == [
        str(hit.article_id) for hit in ranked
    ]
    twice = zhijiang(
        "search", "甲 OR 果园", "--archive", path, "--archive", folder / ".." / folder.name / path.name
    )
    assert twice.stdout == alone.stdout
    odd = tmp_path / "a:b;c" / "yunting.db"
    odd.parent.mkdir()
    shutil.copy(path, odd)
    monkeypatch.setenv("ZHIJIANG_ARCHIVE", str(odd))
    assert zhijiang("search", "甲 OR 果园").stdout == alone.stdout


def test_a_folder_gives_its_archives_and_says_what_it_could_not_read(
    zhijiang: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied(folder, tmp_path)
    monkeypatch.setenv("ZHIJIANG_ARCHIVE", str(folder / "yunting.db"))  # is not meant beside a folder
    (tmp_path / "yunting.db.lock").touch()
    (tmp_path / "yunting.warc").mkdir()
    whole = zhijiang("search", "柑橘", "--archives", tmp_path, "--limit", "3")
    assert (whole.returncode, whole.stderr) == (0, "")
    assert "15 articles, listed are 1–3" in whole.stdout
    assert f"禾川网档案（{tmp_path / 'linqi.db'}）\t2\t2024-03-05" in whole.stdout
    shutil.copy(tmp_path / "yunting.db", tmp_path / "newer.db")
    with closing(sqlite3.connect(tmp_path / "newer.db")) as connection:
        connection.execute("PRAGMA user_version = 999")
    shutil.copy(tmp_path / "yunting.db", tmp_path / "torn.db")
    with (tmp_path / "torn.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 60_000)
    (tmp_path / "broken.db").write_bytes(b"no database")
    (tmp_path / "broken.db.lock").touch()
    (tmp_path / "notes.txt").write_text("柑橘")
    (tmp_path / "other.db").write_bytes(b"")
    (tmp_path / "sub").mkdir()
    partly = zhijiang("search", "柑橘", "--archives", tmp_path, "--json")
    assert partly.returncode == 1
    assert f"{tmp_path}: no archives, passed over: notes.txt, other.db, sub" in partly.stderr
    told = json.loads(partly.stdout)
    assert told["total"] == 15
    assert [Path(text.partition(":")[0]).name for text in told["unread"]] == [
        "broken.db",
        "newer.db",
        "torn.db",
    ]
    assert all(text in partly.stderr for text in told["unread"])
    assert "newer zhijiang" in told["unread"][1]


def test_copies_in_a_folder_and_a_folder_without_archives_are_told(
    zhijiang: Run, folder: Path, tmp_path: Path
) -> None:
    shutil.copy(folder / "yunting.db", tmp_path / "a.db")
    shutil.copy(folder / "yunting.db", tmp_path / "b.db")
    twice = zhijiang("search", "柑橘", "--archives", tmp_path, "--count")
    assert (twice.returncode, twice.stdout.splitlines()[-1]) == (0, "14 articles")
    assert "all hold articles of yunting: what stands in several is counted several times" in twice.stderr
    (tmp_path / "none").mkdir()
    nothing = zhijiang("search", "柑橘", "--archives", tmp_path / "none")
    assert (nothing.returncode, nothing.stdout) == (1, "")
    assert "no archive lies in it" in nothing.stderr
