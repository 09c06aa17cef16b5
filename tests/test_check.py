"""An archive that was broken, in many ways: each is caught and named."""

import gzip
import re
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from archive.care.check import CHECKS, Finding, Level, Scope, check
from archive.store.archive import Archive
from archive.store.errors import ArchiveError
from tests.tampered import EDITS, make_archive
from zhijiang_spider.derive.again import derive_again


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_archive(tmp_path_factory.mktemp("whole"))


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    shutil.copytree(whole.with_suffix(".warc"), tmp_path / "a.warc")
    return Path(shutil.copy(whole, tmp_path / "a.db"))


def run(path: Path, **scope: int | timedelta) -> list[Finding]:
    return check(path, Scope(datetime.now(UTC), derive=derive_again, **scope))  # type: ignore[arg-type]


def sql(*statements: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        connection = sqlite3.connect(path)
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()

    return change


def rewrite(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        warc(path).write_bytes(change(warc(path).read_bytes()))

    return write


def warc(path: Path) -> Path:
    return sorted(path.with_suffix(".warc").glob("*.warc.gz"))[0]


def flip_bytes_of_the_file(path: Path) -> None:
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 4096] = b"\xaa" * 4096
    path.write_bytes(data)


def change_a_page_in_the_evidence(path: Path) -> None:
    """Rewrite one record with another text of the same length; gzip and lengths are right again."""
    connection = sqlite3.connect(path)
    offset, length = connection.execute(
        "SELECT warc_offset, warc_length FROM capture WHERE kind = 'article' AND warc_id = 1 LIMIT 1"
    ).fetchone()
    connection.close()
    file = warc(path)
    data = file.read_bytes()
    record = gzip.decompress(data[offset : offset + length])
    forged = gzip.compress(record.replace("县".encode(), "镇".encode()), mtime=0)
    file.write_bytes(data[:offset] + forged + data[offset + length :])


def test_a_whole_archive_gives_no_fault(whole: Path) -> None:
    assert [
        finding for finding in run(whole, max_age=timedelta(hours=1)) if finding.level is Level.FAULT
    ] == []
    assert [finding for finding in run(whole, sample=3) if finding.level is Level.FAULT] == []


def test_a_picture_that_could_not_be_fetched_is_named(copy: Path) -> None:
    said = "('yunting', 'media', 'http://www.yunting.example/{}.png', 'HTTP 404', 2, 1, 1, '2024-12-01T00:00:00Z')"
    columns = "site, kind, url, reason, attempts, first_crawl, last_crawl, failed_at"
    sql(*(f"INSERT INTO failure ({columns}) VALUES {said.format(number)}" for number in range(7)))(copy)
    told = [f for f in run(copy) if "pictur" in f.what]
    assert {finding.level for finding in told} == {Level.NOTE}
    assert [f.what for f in told[:2]] == [
        f"picture or file http://www.yunting.example/{number}.png could not be fetched: HTTP 404 (crawls that tried: 2)"
        for number in (0, 1)
    ]
    assert told[-1].what == "the same of 2 more pictures or files"


def test_checking_changes_nothing(copy: Path) -> None:
    before = copy.read_bytes()
    run(copy)
    assert copy.read_bytes() == before
    copy.chmod(0o444)
    assert [finding for finding in run(copy) if finding.level is Level.FAULT] == []


BROKEN: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "bytes of the file": (flip_bytes_of_the_file, "file", "damaged|cannot be checked"),
    "application id": (sql("PRAGMA application_id = 1"), "", "no archive"),
    "a view dropped": (sql("DROP VIEW 审稿"), "schema", "view 审稿 is missing"),
    "a view changed": (
        sql("DROP VIEW 审稿", "CREATE VIEW 审稿 AS SELECT 1"),
        "schema",
        "view 审稿 was changed",
    ),
    "a trigger dropped": (sql("DROP TRIGGER article_fts_insert"), "search index", "article_fts_insert"),
    "a text behind the index's back": (
        sql(
            "CREATE TABLE t AS SELECT sql FROM sqlite_master WHERE name = 'article_fts_update_old'",
            "DROP TRIGGER article_fts_update_old",
            "UPDATE article SET title = '无人知晓' WHERE article_id = 3",
        ),
        "search index",
        "article_fts_update_old",
    ),
    "a credit of no article": (
        sql(
            "INSERT INTO credit (article_id, seq, role, name, position) VALUES (99, 1, '记者', '甲', '文末')"
        ),
        "references",
        "row .* of credit refers to a row of article",
    ),
    "a role that is not known": (
        sql("UPDATE credit SET role = '神仙' WHERE credit_id = (SELECT min(credit_id) FROM credit)"),
        "references",
        "of credit refers to a row of role",
    ),
    "the text of an article": (
        sql("UPDATE article SET body = body || '。' WHERE article_id = 3"),
        "versions",
        "article 3: body is “.*and by its current version “",
    ),
    "the schema of a table of counts": (
        sql(
            "PRAGMA writable_schema = ON",
            "UPDATE sqlite_master SET sql = replace(sql, '列表条目', '列表条日') WHERE name = '_listed'",
        ),
        "schema",
        "the table _listed was changed",
    ),
    "the title of an article": (
        sql("UPDATE article SET title = title || '改' WHERE article_id = 3"),
        "versions",
        "article 3: title is “.*改”, and by its current version “",
    ),
    "the text of an old version": (
        sql("UPDATE article_version SET body = '改写' WHERE article_id = 1 AND number = 1"),
        "versions",
        "article .*: version 1 is not what its digest says",
    ),
    "a version taken out": (
        sql(
            "DELETE FROM article_version WHERE number = 1 AND article_id IN (SELECT article_id FROM article WHERE version = 2)"
        ),
        "versions",
        "not numbered 1 to the current one",
    ),
    "a picture taken out": (
        sql("DELETE FROM image WHERE article_id = 3 AND seq = 1"),
        "versions",
        "article 3: its pictures",
    ),
    "a credit taken out": (
        sql("DELETE FROM credit WHERE article_id = 4 AND seq = 1"),
        "versions",
        "article 4: its credits",
    ),
    "a status": (sql("UPDATE article SET status = '在线'"), "absences", "its 状态 is not"),
    "a WARC file missing": (lambda path: warc(path).unlink(), "WARC files", "is missing"),
    "a WARC file cut": (
        rewrite(lambda data: data[:-900]),
        "WARC files",
        "bytes, not",
    ),
    "a page in the evidence": (change_a_page_in_the_evidence, "captures", "not those that were captured"),
    "a WARC file of the same length": (
        rewrite(lambda data: data[:-1] + b"\x01"),
        "WARC files",
        "another SHA-256",
    ),
    "an offset": (
        sql("UPDATE capture SET warc_offset = warc_offset + 7 WHERE capture_id = 3"),
        "captures",
        "capture 3 .*byte \\d+ cannot be read: there is no WARC record",  # and none of its bytes
    ),
    "records exchanged": (
        sql("UPDATE capture SET url = 'http://other.example/' WHERE capture_id = 3"),
        "captures",
        "the record there is of",
    ),
    "the digest of a picture": (
        sql(f"UPDATE media SET sha256 = '{'0' * 64}' WHERE media_id = 1"),
        "media",
        "media 1 is not what capture",
    ),
    "a time-stamp over no seal": (
        sql(
            "INSERT INTO seal_token VALUES (1, 99, 'sha256', '2026-11-28T00:00:00Z', 'YWJj', '2026-11-28T00:00:00Z')"
        ),
        "time-stamps",
        "over the head of seal 99, which is not there",
    ),
    "the time of a crawl": (
        sql("UPDATE crawl SET started_at = '2020-01-01T00:00:00Z' WHERE crawl_id = 1"),
        "seals",
        "crawl 1: started_at is not what seal 1",
    ),
    "an incomplete crawl": (
        sql("UPDATE crawl SET outcome = 'incomplete', reason = 'timeout' WHERE crawl_id = 2"),
        "last crawl",
        "crawl 2 was incomplete: timeout",
    ),
    "a killed crawl": (
        sql("UPDATE crawl SET outcome = 'running', finished_at = NULL WHERE crawl_id = 2"),
        "last crawl",
        "crawl 2 was killed",
    ),
    "a word of the data dictionary": (
        sql(
            "UPDATE role SET english = 'nobody' WHERE role = '三审'",
            "DELETE FROM _sqlite_migrations WHERE rowid = 1",
        ),
        "dictionary",
        "schema steps",
    ),
    "a name in a credit": (
        sql("UPDATE credit SET name = '林知微' WHERE article_id = 3 AND role = '三审'"),
        "agreement",
        "article 3, credit .: name is “林知微”, and by its version “卫青禾”",
    ),
    "a count of a crawl": (
        sql("UPDATE crawl SET new = 9 WHERE crawl_id = 1"),
        "crawls",
        "crawl 1: new is “9”, and by the versions that it wrote “5”",
    ),
    "a day": (
        sql("UPDATE article SET published_on = '2019-01-01' WHERE article_id = 3"),
        "derived",
        "article 3, version 1: capture .* published_on is “2019-01-01”, and by the capture “2024-.*somebody changed",
    ),
    "a section without articles": (
        sql(
            "INSERT INTO section (site, slug, kind, name, url) VALUES ('yunting', '9', 'section', '空栏', 'u')",
            "INSERT INTO listing (section_id, key, url, title, page, position, first_crawl, last_crawl,"
            " first_seen_at, last_seen_at) SELECT max(section_id), 'x', 'u', 't', 1, 1, 1, 1, '', '' FROM section",
        ),
        "gaps",
        "not one article: 空栏",
    ),
}


@pytest.mark.parametrize("way", BROKEN)
def test_what_is_broken_is_named(copy: Path, way: str) -> None:
    change, name, words = BROKEN[way]
    change(copy)
    if name in ("", "file"):  # so badly damaged, perhaps, that it is no database any more
        try:
            told = [finding.what for finding in run(copy) if finding.check == name]
        except ArchiveError as error:
            told = [str(error)]
    else:
        told = [f.what for f in run(copy) if (f.level, f.check) == (Level.FAULT, name)]
    assert any(re.search(words, what) for what in told), told


def test_at_least_fifteen_ways_of_breaking_are_caught_by_every_check() -> None:
    assert len(BROKEN) >= 15
    assert {name for _, name, _ in BROKEN.values()} - {""} == set(CHECKS)


@pytest.mark.parametrize("what", [what for what, edit in EDITS.items() if not edit.needs_seal])
def test_an_edit_by_hand_is_named(copy: Path, what: str) -> None:
    EDITS[what].make(copy)
    scope = Scope(datetime.now(UTC), derive=derive_again)
    found: list[str] = []
    with Archive.read(copy) as archive:
        for name in sorted(CHECKS, key=lambda name: name == "derived"):  # which takes longest
            found += [what for level, what, _ in CHECKS[name](archive, scope) if level is not Level.NOTE]
            if any(map(EDITS[what].named, found)):
                return
    pytest.fail(f"{what}: {found}")


def test_what_another_program_read_otherwise_is_no_forgery(copy: Path) -> None:
    """The record of the crawl, and the WARC file's own, name another reading: nobody can tell."""
    sql(
        "UPDATE crawl SET options = json_set(options, '$.reading', '0123456789abcdef')",
        "UPDATE article SET kind = '图集' WHERE article_id = 3",
    )(copy)
    (finding,) = [finding for finding in run(copy) if finding.check == "derived"]
    assert finding.level is Level.OPEN
    assert (
        "article: kind is “图集”, and by the capture “文字”.  Changed by hand, or read otherwise"
        in finding.what
    )
    told = [f.what for f in run(copy) if (f.level, f.check) == (Level.FAULT, "WARC files")]
    assert (
        "options, reading, is “0123456789abcdef”, and by the file" in told[0]
    )  # whoever did so to hide is found


def test_nothing_is_derived_again_where_nobody_knows_how(whole: Path) -> None:
    found = [f for f in check(whole, Scope(datetime.now(UTC))) if f.check == "derived"]
    assert [f.level for f in found] == [Level.OPEN]


def test_a_check_that_stumbles_ends_no_other(copy: Path) -> None:
    sql("UPDATE article_version SET credits = '[' WHERE article_id = 3")(copy)
    found = {f.check: f.what for f in run(copy) if f.level is Level.FAULT}
    assert found["agreement"].startswith("cannot be checked: ")
    assert "credits is “[”" in found["derived"]


def test_a_crawl_at_work_is_no_fault(copy: Path) -> None:
    sql("UPDATE crawl SET outcome = 'running', finished_at = NULL WHERE crawl_id = 2")(copy)
    with FileLock(f"{copy}.lock"):
        assert [finding for finding in run(copy) if finding.check == "last crawl"] == []


def test_an_old_archive_fails_when_it_must_be_recent(copy: Path) -> None:
    sql("UPDATE crawl SET finished_at = '2020-01-01T00:00:00Z'")(copy)
    (finding,) = [f for f in run(copy, max_age=timedelta(hours=26)) if f.check == "last crawl"]
    assert "no complete crawl in the last 26 hours: the last ended 2020-01-01" in finding.what


def test_labels_that_are_not_known_are_listed(copy: Path) -> None:
    sql(
        "UPDATE credit SET role = '其他', label = '速记员' WHERE credit_id = (SELECT min(credit_id) FROM credit)"
    )(copy)
    (note,) = [f for f in run(copy) if f.check == "gaps"]
    assert note.level is Level.NOTE
    assert "速记员 (1)" in note.what


def test_the_command_answers_with_its_exit_status(copy: Path, zhijiang: Callable[..., object]) -> None:
    result = zhijiang("check", "--archive", copy)
    assert (result.returncode, result.stderr) == (0, "")  # type: ignore[attr-defined]
    assert result.stdout.endswith(f"all {len(CHECKS)} checks passed\n")  # type: ignore[attr-defined]
    warc(copy).unlink()
    result = zhijiang("check", "--archive", copy, "--sample", "2")
    assert result.returncode == 1  # type: ignore[attr-defined]
    assert "fault  WARC files: " in result.stdout  # type: ignore[attr-defined]
    assert " -> restore it from a copy" in result.stdout  # type: ignore[attr-defined]


def test_entries_that_no_kept_list_page_gives_again_are_counted_and_left_open(
    whole: Path, copy: Path
) -> None:
    def untold(path: Path) -> list[str]:
        return [one.what for one in run(path) if one.level is Level.OPEN and "against nothing" in one.what]

    assert untold(whole) == []
    sql(
        "UPDATE listing SET key = 'x' || key WHERE listing_id IN (2, 3)",
        "UPDATE listing SET last_seen_at = '2019-01-01T00:00:00Z' WHERE listing_id = 4",
    )(copy)
    assert untold(copy) == [
        "1 entry of a list was held against nothing, as no list page of the moment was kept: listing 4",
        "2 entries of lists were held against nothing, as the list page that showed them last does not give them again:"
        " listing 2, 3",
    ]
