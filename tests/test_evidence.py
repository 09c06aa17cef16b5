"""Lost evidence is told at once, in one line, by whatever needs it or would be silent about it."""

import os
import shutil
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from archive.care import evidence
from archive.care.check_evidence import check_captures
from archive.care.evidence import lost_evidence
from archive.care.findings import Scope
from archive.evidence.warc_writer import Exchange, RevisitTarget
from archive.model.crawl import CaptureType
from archive.store import evidence_files
from archive.store.captures import begin_warc, end_warc, save_capture
from archive.store.plan import make_plan
from tests.crawled import Crawled, Run, samples
from tests.newssite import Section


@pytest.fixture
def kept(yunting: Crawled) -> Crawled:
    yunting.build(Section("101", "县域要闻", samples(4)))
    yunting.crawl()
    yunting.build(Section("101", "县域要闻", samples(5)))
    yunting.crawl()
    return yunting


def warc_files(crawled: Crawled) -> list[Path]:
    return sorted(crawled.archive.with_suffix(".warc").iterdir())


def lines_of_loss(text: str) -> list[str]:
    return [line for line in text.splitlines() if "Evidence is lost" in line]


def test_every_command_that_needs_it_ends_with_one_line(kept: Crawled, tmp_path: Path) -> None:
    shutil.rmtree(kept.archive.with_suffix(".warc"))
    name, captures = kept.rows("SELECT min(name), (SELECT count(warc_id) FROM capture) FROM warc_file")[0]
    commands: list[list[str | Path]] = [
        ["status"],
        ["reparse"],
        ["export", "wacz", "--out", tmp_path / "a.wacz"],
        ["export", "bag", "--out", tmp_path / "bag"],
    ]
    for command in commands:
        done = kept.run(*command, "--archive", kept.archive)
        assert done.returncode == 1, command
        (line,) = lines_of_loss(done.stdout + done.stderr)
        assert f"2 cannot be found, {captures} captures refer to them, the first is {name}" in line
        assert (done.stdout + done.stderr).count("the file is missing") == 0
    assert "0 articles read again" in kept.run("reparse", "--archive", kept.archive).stdout


def test_a_crawl_says_it_and_keeps_again_what_comes_again(kept: Crawled) -> None:
    for file in warc_files(kept):
        file.unlink()
    done = kept.crawl("--full", status=1)
    assert len(lines_of_loss(done.stderr)) == 1
    (line,) = lines_of_loss(kept.run("status", "--archive", kept.archive).stdout)
    assert line.startswith("! Evidence is lost: ")
    assert "(since " in line
    again = kept.rows(
        "SELECT count(*), count(revisit_of) FROM capture WHERE crawl_id = 3 AND kind = 'article'"
    )
    assert again == [(5, 0)]
    (file,) = warc_files(kept)
    assert kept.rows("SELECT name FROM warc_file WHERE crawl_id = 3") == [(file.name,)]


def test_no_server_is_asked_whether_a_page_changed_that_is_lost(kept: Crawled) -> None:
    first, _ = warc_files(kept)
    first.unlink()
    with Archive.open(kept.archive) as archive:
        archive.connection.execute("UPDATE capture SET etag = '\"' || key || '\"' WHERE key IS NOT NULL")
        archive.connection.execute("UPDATE article SET last_look_at = '2024-03-01T00:00:00Z'")
        before = make_plan(archive, "yunting")
        begin_warc(archive, "yunting", {})
        after = make_plan(archive, "yunting")
        end_warc(archive)
    assert {target.key: target.etag for target in before.rechecks} == {key: f'"{key}"' for key in "12345"}
    assert {target.key: target.etag for target in after.rechecks} == dict.fromkeys("1234", "") | {"5": '"5"'}


def test_a_file_that_ends_before_its_last_capture_is_lost_and_history_is_not_written_without_it(
    kept: Crawled,
) -> None:
    first, _ = warc_files(kept)
    with Archive.read(kept.archive) as archive:
        assert lost_evidence(archive) == []
    first.write_bytes(first.read_bytes()[:600])
    with Archive.read(kept.archive) as archive:
        (trouble,) = lost_evidence(archive)
    assert "1 ends too early" in trouble
    assert trouble.about == (first.name,)
    before = kept.rows("SELECT * FROM article_version")
    done = kept.run("reparse", "--apply", "--archive", kept.archive)
    assert (done.returncode, len(lines_of_loss(done.stderr))) == (1, 1)
    assert kept.rows("SELECT * FROM article_version") == before


def test_a_file_that_is_still_open_is_there(kept: Crawled) -> None:
    first, _ = warc_files(kept)
    first.rename(f"{first}.open")
    with Archive.read(kept.archive) as archive:
        assert lost_evidence(archive) == []


def test_ten_thousand_files_cost_one_look_each(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"yunting-20240101000000-{number:05}.warc.gz" for number in range(10_000)]
    archive.warc_folder.mkdir()
    for name in names:
        (archive.warc_folder / name).touch()
    archive.connection.executemany(
        "INSERT INTO warc_file (name, crawl_id) VALUES (?, 1)", ((n,) for n in names)
    )
    looks: Counter[str] = Counter()

    def counted(path: str) -> Any:
        looks[Path(path).name] += 1
        return os.stat(path)

    monkeypatch.setattr(evidence_files, "stat", counted)
    assert evidence.lost_evidence(archive) == []
    assert looks == Counter(names)


def test_an_export_that_needs_no_evidence_ends_well_without_it(
    kept: Crawled, tmp_path: Path, zhijiang: Run
) -> None:
    shutil.rmtree(kept.archive.with_suffix(".warc"))
    assert zhijiang("export", "csv", "--out", tmp_path / "a.csv", "--archive", kept.archive).returncode == 0


def test_a_record_may_name_a_capture_that_holds_no_bytes_itself(archive: Archive) -> None:
    """Until lately an unasked 304 named the newest answer of its address, which may be a revisit itself."""
    begin_warc(archive, "yunting", {"software": "test"})
    url = "http://www.yunting.example/list"
    for second, status, body in ((1, 200, b"list"), (2, 200, b"list"), (3, 304, b"")):
        exchange = Exchange(url, f"2026-01-01T00:00:0{second}Z", "GET", (), status, (), body)
        save_capture(archive, exchange, 1, capture_type=CaptureType.SECTION, site="yunting")
    assert archive.warc is not None
    late = Exchange(url, "2026-01-01T00:00:04Z", "GET", (), 304, (), b"")
    where = archive.warc.write(late, RevisitTarget(url, "2026-01-01T00:00:02Z"))
    archive.connection.execute(
        "INSERT INTO capture (crawl_id, kind, site, url, captured_at, status, payload_bytes, payload_sha256, revisit_of,"
        " warc_id, warc_offset, warc_length, record_id) SELECT crawl_id, kind, site, url, ?, status, payload_bytes,"
        " payload_sha256, 1, warc_id, ?, ?, ? FROM capture WHERE capture_id = 3",
        (late.captured_at, where.offset, where.length, where.record_id),
    )
    end_warc(archive)
    found = [what for level, what, _ in check_captures(archive, Scope(datetime.now(UTC))) if level == "fault"]
    assert found == []
    archive.connection.execute("UPDATE capture SET revisit_of = 2 WHERE capture_id = 4")
    assert [what for _, what, _ in check_captures(archive, Scope(datetime.now(UTC))) if "revisit_of" in what]
