"""Paths: an archive is one file whatever it is called; nothing is written, removed or closed but what is named."""

import hashlib
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner, Result

from archive import Archive, ArchiveBusy, ArchiveError
from archive.care.check import Finding, Level, Scope, check
from archive.evidence.warc_reader import OPEN
from archive.evidence.warc_writer import Exchange
from archive.model.crawl import CaptureType
from archive.store.captures import begin_warc, end_warc, save_capture
from archive.store.crawls import begin_crawl
from archive.store.lock import writer_lock
from tests.command_line import Forked, fork_zhijiang
from tests.crawled import Crawled, Run, samples
from tests.newssite import NewsSite, Section
from tests.older import unseal
from zhijiang_spider.cli import main

PAGE = Exchange(
    url="http://www.yunting.example/content/show?catid=101&newsid=1",
    captured_at="2024-11-02T01:00:00Z",
    method="GET",
    request_headers=(),
    status=200,
    headers=(("Content-Type", "text/html"),),
    body="<p>云汀县的一页</p>".encode(),
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    with NewsSite() as site:
        yunting = Crawled(site, tmp_path_factory.mktemp("whole"), fork_zhijiang)
        yunting.build(Section("101", "县域要闻", samples(4)))
        yunting.crawl()
        yield yunting


@pytest.fixture
def news(whole: Crawled, tmp_path: Path) -> Path:
    """An archive with its evidence in a folder of its own, and what lies around it."""
    folder = tmp_path / "srv"
    folder.mkdir()
    copied(whole.archive, folder / "news.db")
    return folder / "news.db"


def copied(archive: Path, to: Path) -> Path:
    shutil.copytree(archive.with_suffix(".warc"), to.with_suffix(".warc"))
    shutil.copy(archive, to)
    with Archive.open(to) as opened:  # as the first crawl of it would have it
        opened.connection.execute(
            "UPDATE _evidence_folder SET folder = ?, archive = ?", (f"{to.stem}.warc", to.name)
        )
        opened.connection.commit()
    return to


def findings(path: Path, evidence: Path | None = None) -> list[Finding]:
    found = check(path, Scope(datetime.now(UTC), evidence=evidence))
    return [f for f in found if f.check not in ("last crawl", "derived")]


def faults(path: Path, evidence: Path | None = None) -> list[str]:
    return [f"{f.what} -> {f.advice}" for f in findings(path, evidence) if f.level is Level.FAULT]


def killed_crawl(path: Path, *, commit: bool = True) -> None:
    """Leave a WARC file open, with a row or without one, as a crawl that is killed does."""
    with Archive.open(path) as archive:
        crawl = begin_crawl(archive, "yunting", software="test", options={})
        begin_warc(archive, "yunting", {"software": "test"})
        archive.begin()
        save_capture(archive, PAGE, crawl, capture_type=CaptureType.ARTICLE, site="yunting", key="9")
        if commit:
            archive.commit()
        elif archive.warc is not None:
            archive.warc.sync()


def seen(folder: Path) -> dict[str, tuple[int, str]]:
    """Return path → (mtime, digest) of everything in a folder; "" for folders."""
    return {
        f"{path.relative_to(folder)}": (
            path.lstat().st_mtime_ns if path.is_file() else 0,
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
        )
        for path in folder.rglob("*")
    }


# --- one file, whatever it is called ---------------------------------------------------------------


def linked(news: Path, way: str) -> Path:
    """Make a link of a kind to an archive; return its name."""
    place = news.parent.parent / "links"
    place.mkdir()
    link = place / "current.db"
    if way == "absolute":
        link.symlink_to(news)
    elif way == "relative":
        link.symlink_to(Path("..", "srv", "news.db"))
    elif way == "link to a link":
        (place / "older.db").symlink_to(Path("..", "srv", "news.db"))
        link.symlink_to("older.db")
    else:
        (place / "folder").symlink_to(Path("..", "srv"))
        link = place / "folder" / "news.db"
    return link


WAYS = ("absolute", "relative", "link to a link", "folder")


@pytest.mark.parametrize("way", WAYS)
def test_a_link_has_no_lock_and_no_evidence_of_its_own(news: Path, way: str, zhijiang: Run) -> None:
    link = linked(news, way)
    with writer_lock(link), pytest.raises(ArchiveBusy), writer_lock(news):
        pass
    with writer_lock(news), pytest.raises(ArchiveBusy), writer_lock(link):
        pass
    before = {path.name for path in news.parent.iterdir()}
    killed_crawl(link)
    assert {path.name for path in news.parent.iterdir()} == before
    assert not [path for path in link.parent.iterdir() if path.name.endswith((".warc", ".lock", "-wal"))] or (
        way == "folder"
    )
    assert faults(link) == []
    done = zhijiang("check", "--archive", link)
    assert f"{OPEN} was left open by a killed crawl" in done.stdout


def test_a_new_archive_is_made_where_the_link_leads(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "news.db").symlink_to(Path("disk", "real.db"))
    killed_crawl(tmp_path / "news.db")
    assert {path.name for path in (tmp_path / "disk").iterdir()} == {"real.db", "real.warc"}


def test_a_link_that_leads_nowhere_and_a_second_name_are_refused(news: Path, zhijiang: Run) -> None:
    circle = news.with_name("circle.db")
    circle.symlink_to("circle.db")
    done = zhijiang("status", "--archive", circle)
    assert (done.returncode, "a link that leads to itself" in done.stderr) == (2, True)
    second = news.with_name("second.db")
    os.link(news, second)
    with pytest.raises(ArchiveError, match=r"second\.db: the file has a second name"):
        Archive.open(second)
    Archive.read(second).close()


# --- outputs ---------------------------------------------------------------------------------------

COMMANDS = (
    ("export csv", "out.csv"),
    ("export xlsx", "out.xlsx"),
    ("export jsonl", "out.jsonl"),
    ("export credits", "out.csv"),
    ("export csv --raw", "out"),
    ("export wacz", "out.wacz"),
    ("export bag", "out"),
    ("export da", "out"),
    ("export site", "out"),
    ("snapshot", "out.db"),
    ("snapshot --evidence", "out.db"),
    ("appraise export", "out.csv"),
    ("appraise export", "out.xlsx"),
)
BESIDE = {
    "snapshot": ("out.db.sha256",),
    "snapshot --evidence": ("out.db.sha256", "out.warc"),
}
"""What else a command writes."""


def hostile(folder: Path, name: str) -> None:
    """Lay files and folders around an output, with the names that programs give to what they throw away."""
    for ending in (".old", ".part", ".tmp", ".bak", "~", ".new"):
        (folder / f"{name}{ending}").mkdir()
        (folder / f"{name}{ending}" / "kept").write_text("not yours", encoding="utf-8")
        (folder / f".{name}{ending}").write_text("not yours", encoding="utf-8")
        (folder / f"{Path(name).stem}_{ending}").write_text("not yours", encoding="utf-8")
    (folder / "zhijiang-left.part").mkdir()
    (folder / "zhijiang-left.part" / "kept").write_text("of a killed run", encoding="utf-8")


@pytest.mark.parametrize(("command", "name"), COMMANDS)
def test_a_command_changes_nothing_but_what_it_was_told_to_write(
    news: Path, command: str, name: str, zhijiang: Run
) -> None:
    out = news.parent / name
    hostile(news.parent, out.name)
    named = {out.name, *BESIDE.get(command, ()), news.name, f"{news.name}.lock"}
    before = seen(news.parent)
    for more in ([], ["--force"]):
        if more:
            shutil.rmtree(news.with_name("out.warc"), ignore_errors=True)  # which is never replaced
        done = zhijiang(*command.split(), "--archive", news, "--out", out, *more)
        assert done.returncode == 0, done.stderr
        after = seen(news.parent)
        assert {path: kept for path, kept in after.items() if path.split("/")[0] not in named} == {
            path: kept for path, kept in before.items() if path.split("/")[0] not in named
        }
        assert out.exists()
    refused = zhijiang(*command.split(), "--archive", news, "--out", out)
    assert (refused.returncode, "is there already" in refused.stderr) == (2, True)
    assert set(seen(news.parent)) == set(after)


def targets(news: Path) -> dict[str, Path]:
    """Return names for an output that are the archive's, in many spellings."""
    folder, links = news.parent, news.parent.parent / "links"
    warc = next(news.with_suffix(".warc").iterdir())
    links.mkdir()
    (links / "archive").symlink_to(news)
    (links / "wal").symlink_to(f"{news}-wal")  # which is not there now
    (links / "evidence").symlink_to(news.with_suffix(".warc"))
    (links / "srv").symlink_to(folder)
    os.link(warc, links / "hard")
    os.link(news, links / "hard.db")
    return {
        "the archive": news,
        "spelled otherwise": folder / ".." / folder.name / "news.db",
        "a link": links / "archive",
        "through a linked folder": links / "srv" / "news.db",
        "a hard link": links / "hard.db",
        "other letters": folder / "NEWS.DB-WAL",
        "its log": Path(f"{news}-wal"),
        "a link to its log": links / "wal",
        "its shared memory": Path(f"{news}-shm"),
        "its journal": Path(f"{news}-journal"),
        "its lock": Path(f"{news}.lock"),
        "its note": Path(f"{news}.writer"),
        "its evidence": news.with_suffix(".warc"),
        "a link to its evidence": links / "evidence",
        "in its evidence": news.with_suffix(".warc") / "out.csv",
        "in its evidence, through a link": links / "evidence" / "out.csv",
        "a file of its evidence": warc,
        "its folder": folder,
        "a folder above": folder.parent,
    }


TARGETS = (
    "the archive", "spelled otherwise", "a link", "through a linked folder", "a hard link", "other letters", "its log",
    "a link to its log", "its shared memory", "its journal", "its lock", "its note", "its evidence",
    "a link to its evidence", "in its evidence", "in its evidence, through a link", "a file of its evidence",
    "its folder", "a folder above",
)  # fmt: skip


def here(*arguments: str | Path) -> Result:
    """Run a command that is refused, in this process."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_of_the_archive_is_an_output(news: Path, target: str) -> None:
    out = targets(news)[target]
    before = seen(news.parent.parent)
    commands = (
        ["export csv", "export bag"]
        if "folder" in target
        else ["export csv", "export bag", "snapshot", "appraise export"]
    )
    for command in commands:
        done = here(*command.split(), "--archive", news, "--out", out, "--force")
        assert done.exit_code == 2, (command, done.stderr)
        assert seen(news.parent.parent) == before
        assert "archive" in done.stderr or "holds" in done.stderr
    if not out.is_dir():
        done = here("crawl", "--archive", news, "--log", out)
        assert (done.exit_code, seen(news.parent.parent)) == (2, before), done.stderr


def test_no_output_replaces_another_archive_and_no_log_is_written_into_one(
    news: Path, whole: Crawled
) -> None:
    (news.parent / "others").mkdir()
    other = copied(whole.archive, news.parent / "others" / "other.db")
    evidence = next(other.with_suffix(".warc").iterdir())
    (evidence.parent / "folder").mkdir()
    new = (evidence.with_name("new"), evidence.parent / "folder" / "new")
    before = seen(news.parent)
    for command in ("export csv", "export bag", "snapshot", "appraise export"):
        for out in (other, evidence, other.with_suffix(".warc"), other.parent, Path(f"{other}-wal"), *new):
            done = here(*command.split(), "--archive", news, "--out", out, "--force")
            assert done.exit_code == 2, (command, out)
    assert here("probe", "http://127.0.0.1:9/", "--out", evidence, "--force").exit_code == 2
    assert here("crawl", "--archive", news, "--log", evidence).exit_code == 2
    assert here("crawl", "--archive", news, "--log", new[0]).exit_code == 2
    assert here("crawl", "--archive", news, "--log", other).exit_code == 2
    assert here("crawl", "--archive", Path(f"{other}.2"), "--log", other).exit_code == 2
    assert here("probe", "http://127.0.0.1:9/", "--out", other, "--force").exit_code == 2
    assert seen(news.parent) == before


FOLDERS = ("export csv --raw", "export bag", "export da", "export site")


@pytest.mark.parametrize("command", FOLDERS)
def test_a_folder_is_replaced_only_where_an_export_wrote_all_of_it(
    news: Path, tmp_path: Path, command: str
) -> None:
    out, mine = tmp_path / "out", tmp_path / "mine"
    write: tuple[str | Path, ...] = (*command.split(), "--archive", news, "--out")
    mine.mkdir()
    (mine / "letters").mkdir()
    (mine / "letters" / "a.txt").write_text("mine", encoding="utf-8")
    done = here(*write, mine, "--force")
    assert (done.exit_code, "a.txt, which no export wrote" in done.stderr) == (2, True)
    out.mkdir()  # an empty one
    assert here(*write, out, "--force").exit_code == 0
    assert here(*write, out, "--force").exit_code == 0
    folder = next(path for path in sorted(out.rglob("*")) if path.is_dir()) if "raw" not in command else out
    (folder / "note.txt").write_text("mine", encoding="utf-8")
    before = seen(tmp_path)
    for other in FOLDERS:
        done = here(*other.split(), "--archive", news, "--out", out, "--force")
        assert (done.exit_code, "note.txt, which no export wrote" in done.stderr) == (2, True)
    assert seen(tmp_path) == before


def test_a_log_is_written_into_no_file_that_is_none(news: Path, tmp_path: Path) -> None:
    log, older = tmp_path / "crawl.log", tmp_path / "crawl.log.1"
    for file in (log, older):
        file.write_text("a letter", encoding="utf-8")
        done = here("crawl", "--archive", news, "--log", log)
        assert (done.exit_code, "is no log of a crawl" in done.stderr) == (2, True)
        assert file.read_text("utf-8") == "a letter"
        file.write_text("2026-11-28 04:00:00,123 INFO zhijiang: a line\n", encoding="utf-8")


def test_what_is_read_is_not_what_is_written(news: Path, tmp_path: Path, zhijiang: Run) -> None:
    raw = tmp_path / "raw"
    assert zhijiang("export", "csv", "--raw", "--archive", news, "--out", raw).returncode == 0
    before = seen(tmp_path)
    for package, archive in ((raw, raw / "new.db"), (news, news)):
        done = zhijiang("import", package, "--archive", archive)
        assert (done.returncode, "choose another name" in done.stderr) == (2, True)
    assert zhijiang("appraise", "import", news, "--archive", news).returncode == 2
    assert seen(tmp_path) == before


def test_an_import_removes_nothing_and_takes_no_log_of_another_file(
    news: Path, tmp_path: Path, zhijiang: Run
) -> None:
    raw, new = tmp_path / "raw", tmp_path / "new.db"
    assert zhijiang("export", "csv", "--raw", "--archive", news, "--out", raw).returncode == 0
    hostile(tmp_path, new.name)
    before = seen(tmp_path)
    Path(f"{new}-wal").write_bytes(b"of a file that is gone")
    done = zhijiang("import", raw, "--archive", new)
    assert (done.returncode, "new.db-wal of another file" in done.stderr) == (1, True)
    snapshot = zhijiang("snapshot", "--archive", news, "--out", new)
    assert (snapshot.returncode, "new.db-wal of another file" in snapshot.stderr) == (2, True)
    assert Path(f"{new}-wal").read_bytes() == b"of a file that is gone"
    Path(f"{new}-wal").unlink()
    assert zhijiang("import", raw, "--archive", new).returncode == 0
    after = seen(tmp_path)
    assert set(after) - set(before) == {"new.db", "new.db.lock"}
    assert {path: after[path] for path in before} == before


@pytest.mark.parametrize("command", ["snapshot --evidence", "export bag"])
def test_a_killed_run_leaves_only_a_fresh_name(news: Path, tmp_path: Path, command: str) -> None:
    out = tmp_path / "out" / "移交"
    out.parent.mkdir()
    for number in range(30):
        with Forked(
            *command.split(), "--archive", news, "--out", out.with_name(f"{out.name}{number}")
        ) as run:
            while not (left := list(out.parent.glob("zhijiang-*.part"))) and not run.has_ended():
                time.sleep(0.001)
            run.kill()
        names = {path.name for path in out.parent.iterdir()}
        if left and names == {left[0].name}:
            break
        for path in out.parent.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    else:
        pytest.fail("it was never killed at work")
    kept = seen(left[0])
    assert fork_zhijiang(*command.split(), "--archive", news, "--out", out).returncode == 0
    assert seen(left[0]) == kept  # nobody else's is removed
    assert faults(news) == []


# --- evidence --------------------------------------------------------------------------------------


def test_archives_of_one_stem_have_their_own_evidence(whole: Crawled, tmp_path: Path, zhijiang: Run) -> None:
    archives = [tmp_path / name for name in ("news.db", "news.sqlite", "news")]
    for number, archive in enumerate(archives):
        time.sleep(1.1 if number else 0)  # WARC files are named by the second
        whole.archive, kept = archive, whole.archive
        try:
            whole.crawl()
        finally:
            whole.archive = kept
    folders = ["news.warc", "news.sqlite.warc", "news-2.warc"]
    for archive, folder in zip(archives, folders, strict=True):
        with Archive.read(archive) as opened:
            assert opened.warc_folder == tmp_path / folder
        assert len(list((tmp_path / folder).iterdir())) == 1
        assert zhijiang("check", "--archive", archive).returncode == 0


def test_no_file_is_closed_but_the_archives_own(news: Path, whole: Crawled) -> None:
    """Archives of one stem shared a folder before schema 14, and still do."""
    other = news.with_name("news.sqlite")
    shutil.copy(whole.archive, other)
    for path in (news, other):
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("DELETE FROM _evidence_folder")
            connection.commit()
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("UPDATE warc_file SET name = 'yunting-20240101000000-00001.warc.gz'")
        unseal(connection)
        connection.commit()
    shared = news.with_suffix(".warc")
    shutil.copy(next(shared.iterdir()), shared / "yunting-20240101000000-00001.warc.gz")
    killed_crawl(news)
    (left,) = shared.glob(f"*{OPEN}")
    with left.open("ab") as file:
        file.write(b"being written")
    before = left.read_bytes()
    killed_crawl(other)
    assert left.read_bytes() == before
    assert faults(news) == []
    assert all("by its first record" in fault for fault in faults(other))  # which has another name here
    killed_crawl(news)
    assert not left.exists()
    assert faults(news) == []


def test_a_file_that_is_being_written_is_not_completed_by_a_copy(news: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy" / "news.db"
    copy.parent.mkdir()
    copy.with_suffix(".warc").symlink_to(news.with_suffix(".warc"))
    with Archive.open(news) as archive:
        crawl = begin_crawl(archive, "yunting", software="test", options={})
        begin_warc(archive, "yunting", {"software": "test"})
        save_capture(archive, PAGE, crawl, capture_type=CaptureType.ARTICLE, site="yunting", key="9")
        (opened,) = news.with_suffix(".warc").glob(f"*{OPEN}")
        shutil.copy(news, copy)
        shutil.copy(f"{news}-wal", copy.parent)
        save_capture(archive, PAGE, crawl, capture_type=CaptureType.ARTICLE, site="yunting", key="9")
        before = opened.stat().st_size
        killed_crawl(copy)
        assert opened.stat().st_size == before
        end_warc(archive)
        archive.commit()
    assert faults(copy) == []
    (fault,) = faults(news)  # what the copy wrote here; every capture of this archive can be read
    assert "of which this archive knows nothing" in fault


def test_a_file_that_was_closed_when_the_crawl_was_killed_gets_its_digest(news: Path) -> None:
    killed_crawl(news)
    (left,) = news.with_suffix(".warc").glob(f"*{OPEN}")
    left.rename(left.with_suffix(""))
    killed_crawl(news)
    with Archive.read(news) as archive:
        sql = "SELECT bytes FROM warc_file WHERE name = ? AND sha256 IS NOT NULL"
        assert archive.connection.execute(sql, (left.stem,)).fetchall() == [
            (left.with_suffix("").stat().st_size,)
        ]


def test_a_snapshot_passes_its_own_check_where_its_evidence_is_reachable(
    news: Path, tmp_path: Path, zhijiang: Run
) -> None:
    usb = tmp_path / "usb"
    usb.mkdir()
    for out in (news.with_name("s.db"), usb / "s.db"):
        done = zhijiang("snapshot", "--archive", news, "--out", out)
        assert f"Its evidence: {news.with_suffix('.warc')}" in done.stdout
        assert findings(out) == []
        again = out.with_name("again.db")
        assert zhijiang("snapshot", "--archive", out, "--out", again).returncode == 0
        assert findings(again) == []
    killed_crawl(news)
    assert faults(usb / "s.db") == []  # what came later is no fault of a copy


def test_a_copy_without_its_evidence_says_where_it_looked_and_what_to_do(
    news: Path, tmp_path: Path, zhijiang: Run
) -> None:
    away = tmp_path / "far" / "away" / "s.db"
    away.parent.mkdir(parents=True)
    assert zhijiang("snapshot", "--archive", news, "--out", news.with_name("s.db")).returncode == 0
    news.with_name("s.db").rename(away)
    files, captures = faults(away)
    assert (
        f"none of its 1 WARC files is in {away.with_suffix('.warc')} or {away.with_name('news.warc')}"
        in files
    )
    assert "zhijiang check --evidence FOLDER" in files
    assert "captures cannot be read back" in captures
    assert faults(away, news.with_suffix(".warc")) == []
    assert zhijiang("check", "--archive", away, "--evidence", news.with_suffix(".warc")).returncode == 0
    away.with_suffix(".warc").symlink_to(news.with_suffix(".warc"))
    assert findings(away) == []


def test_a_snapshot_brings_its_evidence(news: Path, tmp_path: Path, zhijiang: Run) -> None:
    killed_crawl(news)
    usb = tmp_path / "usb"
    usb.mkdir()
    done = zhijiang("snapshot", "--evidence", "--archive", news, "--out", usb / "s.db")
    assert (done.returncode, f"Its evidence: {usb / 's.warc'}, 2 WARC files" in done.stdout) == (0, True)
    shutil.rmtree(news.parent)
    usb.rename(tmp_path / "shelf")
    assert faults(tmp_path / "shelf" / "s.db") == []
    killed_crawl(tmp_path / "shelf" / "s.db")  # it is an archive of its own
    assert faults(tmp_path / "shelf" / "s.db") == []


def test_evidence_is_never_replaced_and_what_is_lost_is_told(news: Path, zhijiang: Run) -> None:
    done = zhijiang("snapshot", "--evidence", "--archive", news, "--out", news.with_name("news.bak"))
    assert (done.returncode, news.with_name("news.bak.warc").is_dir()) == (0, True)
    news.with_name("s.warc").mkdir()
    done = zhijiang("snapshot", "--evidence", "--archive", news, "--out", news.with_name("s.db"), "--force")
    assert (done.returncode, "evidence is never replaced" in done.stderr) == (2, True)
    next(news.with_suffix(".warc").iterdir()).unlink()
    done = zhijiang("snapshot", "--evidence", "--archive", news, "--out", news.with_name("t.db"))
    assert (done.returncode, "Evidence is lost" in done.stderr) == (1, True)
    assert news.with_name("t.db").exists()


@pytest.mark.parametrize("name", ["copy.db", "news.sqlite"])
def test_a_copy_writes_nothing_among_the_evidence_of_its_original(
    news: Path, name: str, zhijiang: Run
) -> None:
    copy = Path(shutil.copy(news, news.with_name(name)))
    before = seen(news.with_suffix(".warc"))
    with pytest.raises(ArchiveError, match=r"is a copy, its evidence in .* belongs to") as told:
        killed_crawl(copy)
    assert seen(news.with_suffix(".warc")) == before
    assert faults(copy) == []
    folder = Path(str(told.value).partition("copy that folder to ")[2].partition(",")[0])
    shutil.copytree(news.with_suffix(".warc"), folder)
    killed_crawl(copy)
    assert seen(news.with_suffix(".warc")) == before
    assert len(list(folder.iterdir())) == 2
    assert faults(copy) == faults(news) == []


def with_log(news: Path, folder: Path, *, log: bool) -> Path:
    """Copy an archive while a crawl writes it, with its write-ahead log or without."""
    folder.mkdir()
    later = datetime.now(UTC) + timedelta(
        minutes=1
    )  # in the second in which another ended, it may be that one's
    with time_machine.travel(later), Archive.open(news) as archive:
        crawl = begin_crawl(archive, "yunting", software="test", options={})
        begin_warc(archive, "yunting", {"software": "test"})
        archive.begin()
        save_capture(archive, PAGE, crawl, capture_type=CaptureType.ARTICLE, site="yunting", key="9")
        archive.commit()
        for ending in ("", "-wal") if log else ("",):
            shutil.copy(f"{news}{ending}", folder)
        shutil.copytree(news.with_suffix(".warc"), folder / "news.warc")
    return folder / news.name


def test_a_copy_without_its_log_is_a_fault(news: Path, tmp_path: Path) -> None:
    cut = with_log(news, tmp_path / "cut", log=False)
    (fault,) = faults(cut)
    assert "is of a crawl of which this archive knows nothing" in fault
    assert "copied without its write-ahead log" in fault
    whole = with_log(news, tmp_path / "whole", log=True)
    assert faults(whole) == []


def test_files_that_are_no_crawls_of_the_archive_are_no_fault(news: Path) -> None:
    file = next(news.with_suffix(".warc").iterdir())
    for name in ("linshui-20240101000000-00001.warc.gz", "from-elsewhere.warc.gz"):
        shutil.copy(file, file.with_name(name))
    assert faults(news) == []
    assert [f.check for f in findings(news)] == ["WARC files"] * 2
    killed_crawl(news, commit=False)
    assert faults(news) == []
    assert [f.check for f in findings(news)] == ["seals"] + ["WARC files"] * 3


def test_of_a_killed_first_crawl_the_next_one_keeps_the_folder(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    killed_crawl(path, commit=False)
    killed_crawl(path)
    assert {entry.name for entry in tmp_path.iterdir()} == {"a.db", "a.warc"}
    assert faults(path) == []


# --- moving and renaming, as docs/operating.md tells it --------------------------------------------


def move(path: Path, to: Path) -> Path:
    to.parent.mkdir(exist_ok=True)
    path.rename(to)
    return to


MOVES: dict[str, Callable[[Path], tuple[Path, Path]]] = {
    "the file alone, renamed": lambda news: (
        move(news, news.with_name("old.db")),
        news.with_suffix(".warc"),
    ),
    "both renamed": lambda news: (
        move(news, news.with_name("old.db")),
        move(news.with_suffix(".warc"), news.with_name("old.warc")),
    ),
    "both moved": lambda news: (
        move(news, news.parent.parent / "new" / "news.db"),
        move(news.with_suffix(".warc"), news.parent.parent / "new" / "news.warc"),
    ),
    "both moved and renamed": lambda news: (
        move(news, news.parent.parent / "new" / "old.db"),
        move(news.with_suffix(".warc"), news.parent.parent / "new" / "old.warc"),
    ),
    "their folder renamed": lambda news: (
        move(news.parent, news.parent.with_name("archive")) / "news.db",
        news.parent.with_name("archive") / "news.warc",
    ),
}


@pytest.mark.parametrize("way", MOVES)
def test_a_moved_archive_finds_its_evidence_and_goes_on_there(news: Path, way: str) -> None:
    path, folder = MOVES[way](news)
    assert findings(path) == []
    killed_crawl(path)
    assert len(list(folder.iterdir())) == 2
    assert faults(path) == []
    with Archive.read(path) as archive:
        assert archive.warc_folder == folder


def test_a_new_archive_under_the_old_name_leaves_the_evidence_alone(news: Path) -> None:
    old = move(news, news.with_name("old.db"))
    killed_crawl(news)
    assert {path.name for path in news.parent.iterdir() if path.is_dir()} == {"news.warc", "news.db.warc"}
    killed_crawl(old)
    assert len(list(news.with_suffix(".warc").iterdir())) == 2
    assert faults(news) == faults(old) == []


def test_a_demo_takes_only_its_own_evidence_away(news: Path, zhijiang: Run) -> None:
    demo = news.with_name("news.sqlite")
    before = seen(news.with_suffix(".warc"))
    for _ in range(2):
        assert zhijiang("demo", "--archive", demo).returncode == 0
        assert len(list(news.with_name("news.sqlite.warc").iterdir())) == 1
    assert seen(news.with_suffix(".warc")) == before
