"""The archive file: saving, planning, opening."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from archive import Archive, ArchiveBusy, ArchiveError, Article, Role, Saved
from archive.model.crawl import FailureType, FetchFailure, Listing, SectionKind
from archive.model.plan import Plan, RecheckPolicy, Target
from archive.store.articles import save_article, save_missing
from archive.store.crawls import CrawlResult, begin_crawl, finish_crawl, save_failure, save_listing
from archive.store.migrations import migrations
from archive.store.plan import MAX_ATTEMPTS, make_plan
from archive.store.schema import APPLICATION_ID
from archive.store.versions import content_sha256

MakeArticle = Callable[..., Article]
MakeListing = Callable[..., Listing]


def one(archive: Archive, sql: str, *parameters: Any) -> Any:
    row = archive.connection.execute(sql, parameters).fetchone()
    return row[0] if row is not None and len(row) == 1 else row


# --- saving articles ------------------------------------------------------------------------------------


def test_saving_tells_new_unchanged_and_revised(archive: Archive, article: MakeArticle) -> None:
    assert save_article(archive, article(), 1) is Saved.NEW
    assert save_article(archive, article(fetched_at="2024-11-03T01:00:00Z"), 1) is Saved.UNCHANGED
    assert one(archive, "SELECT last_seen_at FROM article") == "2024-11-03T01:00:00Z"
    assert save_article(archive, article(title="云汀县柑橘今日开园"), 1) is Saved.REVISED
    assert one(archive, "SELECT count(*), max(version), max(title) FROM article") == (
        1,
        2,
        "云汀县柑橘今日开园",
    )


def test_a_revision_keeps_every_earlier_text_and_says_what_changed(
    archive: Archive, article: MakeArticle
) -> None:
    save_article(archive, article(), 1)
    save_article(archive, article(body=("改后的正文。",), credit_line="记者丨闻小满"), 1)
    save_article(archive, article(), 1)  # the site took its change back: a version of its own
    rows = archive.connection.execute(
        "SELECT number, body, changed FROM article_version ORDER BY number"
    ).fetchall()
    assert [row[0] for row in rows] == [1, 2, 3]
    assert rows[0][1] == rows[2][1] == "\n".join(article().body)
    assert rows[1][2] == '["body", "credit_line"]'
    assert one(archive, "SELECT count(*) FROM 变更") == 2


def test_credits_and_pictures_of_the_current_text_replace_the_old_ones(
    archive: Archive, article: MakeArticle
) -> None:
    save_article(archive, article(), 1)
    save_article(archive, article(title="改", credits=article().credits[:1], images=()), 1)
    assert one(archive, "SELECT group_concat(name) FROM credit") == "闻小满"
    assert one(archive, "SELECT count(*) FROM image") == 0


def test_a_different_section_in_the_address_is_no_revision(archive: Archive, article: MakeArticle) -> None:
    save_article(archive, article(), 1)
    assert (
        save_article(archive, article(url="http://www.yunting.example/content/show?catid=2&newsid=77"), 1)
        is Saved.UNCHANGED
    )


def test_the_digest_is_of_the_text_and_not_of_the_moment(article: MakeArticle) -> None:
    assert content_sha256(article()) == content_sha256(article(fetched_at="2030-01-01T00:00:00Z"))
    assert content_sha256(article()) != content_sha256(article(body=("别的。",)))


def test_an_article_that_comes_back_is_online_again(archive: Archive, article: MakeArticle) -> None:
    save_article(archive, article(), 1)
    save_missing(archive, [lost("2024-12-01T00:00:00Z")], 1, RecheckPolicy(gone_days=0, gone_looks=1))
    assert one(archive, "SELECT 状态, 消失时间（北京时间） FROM 已消失") == ("已消失", "2024-12-01 08:00:00")
    assert save_article(archive, article(fetched_at="2024-12-09T00:00:00Z"), 1) is Saved.UNCHANGED
    assert one(archive, "SELECT status FROM article") == "在线"
    assert one(archive, "SELECT count(*) FROM 已消失") == 0
    assert one(archive, "SELECT 恢复时间（北京时间） FROM 消失记录") == "2024-12-09 08:00:00"


def lost(at: str) -> FetchFailure:
    return FetchFailure(
        "yunting", "http://www.yunting.example/1", FailureType.ARTICLE, "HTTP 404", at, key="77", missing=True
    )


def test_a_batch_is_committed_as_a_whole(archive: Archive, article: MakeArticle) -> None:
    archive.begin()
    save_article(archive, article(), 1)
    with Archive.read(archive.path) as reader:
        assert one(reader, "SELECT count(*) FROM article") == 0
    archive.commit()
    with Archive.read(archive.path) as reader:
        assert one(reader, "SELECT count(*) FROM article") == 1


# --- the frontier ---------------------------------------------------------------------------------------


def test_what_is_listed_and_not_archived_is_the_work_of_the_next_crawl(
    archive: Archive, article: MakeArticle, listing: MakeListing
) -> None:
    assert make_plan(archive, "yunting") == Plan()
    assert save_listing(archive, listing("77", "78"), 1) == 2
    save_article(archive, article(), 1)
    plan = make_plan(archive, "yunting")
    assert plan.pending == (Target("78", "http://www.yunting.example/content/show?newsid=78"),)
    assert plan.archived == {"77"}
    assert plan.sections[0].listed == plan.sections[0].settled == {"77", "78"}
    assert make_plan(archive, "other") == Plan()


def test_entries_of_an_unfinished_walk_are_listed_but_not_settled(
    archive: Archive, listing: MakeListing
) -> None:
    save_listing(archive, listing("1"), 1)
    second = begin_crawl(archive, "yunting", software="test", options={})
    save_listing(archive, listing("3", "2", remaining="http://www.yunting.example/p2", stop=""), second)
    section = make_plan(archive, "yunting").sections[0]
    assert section.listed == {"1", "2", "3"}
    assert section.settled == {"1"}
    assert section.backlog_url == "http://www.yunting.example/p2"
    save_listing(archive, listing("2", "1", number=2), second)
    section = make_plan(archive, "yunting").sections[0]
    assert section.settled == {"1", "2", "3"}
    assert section.backlog_url is None


def test_one_article_in_two_sections_is_one_article(
    archive: Archive, article: MakeArticle, listing: MakeListing
) -> None:
    save_listing(archive, listing("77"), 1)
    save_listing(archive, listing("77", slug="2", name="基层"), 1)
    save_listing(archive, listing("77", slug="home", name="首页", kind=SectionKind.START), 1)
    save_article(archive, article(), 1)
    assert make_plan(archive, "yunting").pending == ()
    assert one(archive, "SELECT count(*), max(栏目) FROM 文章") == (1, "要闻、基层")


def test_an_article_that_keeps_failing_is_given_up_until_a_full_crawl(
    archive: Archive, article: MakeArticle, listing: MakeListing
) -> None:
    save_listing(archive, listing("77"), 1)
    failure = FetchFailure(
        "yunting", "http://x", FailureType.ARTICLE, "HTTP 404", "2024-11-02T01:00:00Z", key="77"
    )
    for number in range(1, MAX_ATTEMPTS + 1):
        assert len(make_plan(archive, "yunting").pending) == 1
        crawl = begin_crawl(archive, "yunting", software="test", options={})
        save_failure(archive, failure, crawl)
        save_failure(archive, failure, crawl)  # twice in one crawl counts once
        assert one(archive, "SELECT attempts FROM failure") == number
    assert make_plan(archive, "yunting").pending == ()
    assert len(make_plan(archive, "yunting", full=True).pending) == 1
    assert one(archive, "SELECT 原因, 失败次数 FROM 未存") == ("没有这个网页（HTTP 404）", MAX_ATTEMPTS)
    save_article(archive, article(), 1)
    assert one(archive, "SELECT count(*) FROM failure") == 0


def test_since_and_section_narrow_what_is_pending(archive: Archive, listing: MakeListing) -> None:
    page = listing("1", "2")
    old = page.entries[0].__class__(
        "9", "http://www.yunting.example/content/show?newsid=9", "旧", "2020-01-01", "2020-01-01"
    )
    save_listing(archive, listing(entries=(*page.entries, old)), 1)
    save_listing(archive, listing("3", slug="2"), 1)
    assert [t.key for t in make_plan(archive, "yunting", since="2024-01-01").pending] == ["1", "2", "3"]
    assert [t.key for t in make_plan(archive, "yunting", sections=["2"]).pending] == ["3"]


def test_a_full_plan_looks_at_every_article_again(archive: Archive, article: MakeArticle) -> None:
    save_article(archive, article(), 1)
    assert [target.key for target in make_plan(archive, "yunting", full=True).rechecks] == ["77"]


# --- crawls ---------------------------------------------------------------------------------------------


def test_a_crawl_record_tells_how_it_went(archive: Archive) -> None:
    finish_crawl(archive, 1, CrawlResult(complete=False, reason="x", new=3, fields={"title": 3}))
    row = one(archive, "SELECT outcome, reason, new, fields, finished_at IS NOT NULL FROM crawl")
    assert row == ("incomplete", "x", 3, '{"title": 3}', 1)


# --- views ----------------------------------------------------------------------------------------------


def test_the_article_view_has_the_columns_archivists_were_promised(
    archive: Archive, article: MakeArticle
) -> None:
    save_article(archive, article(), 1)
    cursor = archive.connection.execute("SELECT * FROM 文章")
    assert [column[0] for column in cursor.description] == [
        *("编号", "题名", "发布日期", "栏目", "来源", "记者", "编辑", "一审", "二审", "三审"),
        *("署名原文", "状态", "版本数", "字数", "网址", "正文"),
    ]
    row = dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))
    assert (row["记者"], row["一审"], row["二审"], row["三审"]) == ("闻小满、苏木", "乔安", "纪朗", "卫青禾")
    assert row["署名原文"] == article().credit_line


def test_a_final_review_stands_for_the_third_where_no_third_is_printed(
    archive: Archive, article: MakeArticle
) -> None:
    third, *_ = (c for c in article().credits if c.role is Role.THIRD_REVIEW)
    final = third.__class__("终审", Role.FINAL_REVIEW, "程砚")
    save_article(archive, article(key="1", credits=(final,)), 1)
    save_article(archive, article(key="2", credits=(third, final)), 1)
    assert archive.connection.execute("SELECT 三审 FROM 文章 ORDER BY 编号").fetchall() == [
        ("程砚",),
        ("卫青禾",),
    ]


@pytest.mark.parametrize(
    "view", ["文章", "署名", "审稿", "变更", "已消失", "覆盖", "栏目", "未存", "未识别署名"]
)
def test_every_view_can_be_read(
    archive: Archive, article: MakeArticle, listing: MakeListing, view: str
) -> None:
    save_listing(archive, listing("77", "78"), 1)
    save_article(archive, article(), 1)
    archive.connection.execute(f"SELECT * FROM {view}").fetchall()


# --- the file -------------------------------------------------------------------------------------------


def test_the_file_says_what_it_is_and_rests_as_one_plain_file(tmp_path: Path, article: MakeArticle) -> None:
    path = tmp_path / "档案.db"
    with Archive.open(path) as archive:
        save_article(archive, article(), begin_crawl(archive, "yunting", software="test", options={}))
    assert [entry.name for entry in tmp_path.iterdir()] == ["档案.db"]
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA user_version").fetchone()[0] == len(
            migrations.applied(Database(connection))
        )
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


def test_no_table_is_strict_and_every_foreign_key_names_its_column(archive: Archive) -> None:
    ddl = "\n".join(
        row[0] for row in archive.connection.execute("SELECT sql FROM sqlite_master WHERE sql NOT NULL")
    )
    assert ") strict" not in ddl.lower()
    nameless = (
        "SELECT count(*) FROM sqlite_master m, pragma_foreign_key_list(m.name) f"
        " WHERE m.type = 'table' AND f.\"to\" IS NULL"
    )
    assert one(archive, nameless) == 0


def test_an_older_archive_is_brought_up_to_date_with_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    db = Database(path)
    migrations.apply(db, stop_before="m0002_search")
    db.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.table("article").insert(
        {
            "site": "yunting",
            "key": "1",
            "url": "http://x",
            "title": "旧文",
            "body": "枝叶",
            "content_sha256": "0" * 64,
            "first_seen_at": "2024-01-01T00:00:00Z",
            "last_seen_at": "2024-01-01T00:00:00Z",
            "last_look_at": "2024-01-01T00:00:00Z",
        }
    )
    db.close()
    with pytest.raises(ArchiveError, match="older than this program's"):
        Archive.read(path)
    with Archive.open(path) as archive:
        assert one(archive, "SELECT 题名 FROM 文章") == "旧文"
        assert one(archive, "SELECT 题名 FROM 检索 WHERE 词 = json_quote('枝')") == "旧文"


def test_other_peoples_files_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (x)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(ArchiveError, match="no archive of zhijiang"):
        Archive.open(path)
    assert path.read_bytes() == before
    path.write_bytes(b"no database at all, but long enough to be read as one" * 40)
    with pytest.raises(ArchiveError, match="is no archive, or is damaged"):
        Archive.open(path)


def test_a_file_of_a_newer_version_is_refused(archive: Archive) -> None:
    archive.connection.execute("PRAGMA user_version = 999")
    for opened in (Archive.open, Archive.read):
        with pytest.raises(ArchiveError, match="newer zhijiang"):
            opened(archive.path)


def test_a_missing_file_is_named_when_only_reading(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"none\.db: no such archive"):
        Archive.read(tmp_path / "none.db")
    with pytest.raises(ArchiveError, match=r"none\.db: no such archive"):
        Archive.open(tmp_path / "none.db", create=False)


def test_a_locked_file_says_try_again_later(archive: Archive, article: MakeArticle) -> None:
    archive.connection.execute("PRAGMA busy_timeout = 50")
    script = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('BEGIN IMMEDIATE'); print('held', flush=True); input()"
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(archive.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(ArchiveBusy, match="try again later"):
            archive.begin()
        with pytest.raises(ArchiveBusy, match="try again later"):
            save_article(archive, article(), 1)
        holder.communicate("\n")
    assert save_article(archive, article(), 1) is Saved.NEW


def test_nobody_writes_between_the_statements_of_a_save(archive: Archive, article: MakeArticle) -> None:
    others: list[str] = []
    with closing(sqlite3.connect(archive.path, timeout=0, isolation_level=None)) as other:

        def between(statement: str) -> None:
            if statement.startswith("DELETE FROM failure") and not others:
                try:
                    other.execute(
                        "INSERT INTO event (type, at, agent, outcome) VALUES ('export', '2024-11-02T01:00:00Z', 'x', 'success')"
                    )
                    others.append("written")
                except sqlite3.OperationalError as error:
                    others.append(str(error))

        archive.connection.set_trace_callback(between)
        assert save_article(archive, article(), 1) is Saved.NEW
        archive.connection.set_trace_callback(None)
    assert others == ["database is locked"]
    assert not archive.connection.in_transaction


def test_a_file_of_no_bytes_is_no_archive_to_be_read(tmp_path: Path) -> None:
    """SQLite would make a valid file of it, and the loss would look like an archive in which nothing is."""
    empty = tmp_path / "news.db"
    empty.touch()
    (tmp_path / "news.warc").mkdir()
    (tmp_path / "news.warc" / "news-1.warc.gz").touch()
    for opened in (Archive.read, Archive.open, partial(Archive.open, create=False)):
        with pytest.raises(ArchiveError, match="is empty, 0 bytes; restore it from a copy"):
            opened(empty)
    assert empty.stat().st_size == 0


def test_what_a_killed_opening_leaves_is_begun_anew(tmp_path: Path) -> None:
    empty = tmp_path / "news.db"
    empty.touch()
    for opened in (Archive.read, partial(Archive.open, create=False)):
        with pytest.raises(ArchiveError, match="is empty, 0 bytes"):
            opened(empty)
    with Archive.open(empty) as archive:
        assert archive.connection.execute("SELECT count(*) FROM article").fetchone() == (0,)


def test_an_archive_that_could_not_be_begun_leaves_no_file_of_no_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next crawl would be refused for it."""
    path = tmp_path / "news.db"

    def refuse(path: Path, connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA user_version")  # SQLite makes the file at the first statement
        raise ArchiveError(f"{path}: refused")

    with monkeypatch.context() as patch:
        patch.setattr("archive.store.archive.refuse_strangers", refuse)
        with pytest.raises(ArchiveError, match="refused"):
            Archive.open(path)
        assert not path.exists()
        path.touch()  # by somebody else, who may be at work on it
        with pytest.raises(ArchiveError, match="refused"):
            Archive.open(path)
        assert path.exists()
    Archive.open(path).close()
