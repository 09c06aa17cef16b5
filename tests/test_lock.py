"""One writer at a time, on one machine, on a disk of its own."""

import os
import platform
import time
from pathlib import Path, PurePosixPath

import pytest

from archive import Archive, ArchiveBusy, ArchiveError
from archive.store import mounts as place
from archive.store.lock import SILENCE, is_locked, writer_lock
from archive.store.mounts import kind_of_drive
from tests.crawled import Crawled, samples
from tests.newssite import Section

MOUNTS = """\
/dev/sda1 / ext4 rw,relatime 0 0
srv:/export /mnt nfs4 rw,vers=4.2 0 0
/dev/sdb1 /mnt/local xfs rw 0 0
//nas/news /srv/news\\040archive cifs rw 0 0
systemd-1 /auto autofs rw 0 0
srv:/auto /auto nfs rw 0 0
broken line
"""


def test_a_writer_leaves_a_note_while_it_works_and_the_next_one_is_told_of_it(tmp_path: Path) -> None:
    archive = tmp_path / "a.db"
    with writer_lock(archive):
        assert is_locked(archive)
        with (
            pytest.raises(ArchiveBusy, match=f"{platform.node()}, pid {os.getpid()} since 20"),
            writer_lock(archive),
        ):
            pass
    assert not is_locked(archive)
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.db.lock"]


def test_the_fresh_note_of_another_machine_keeps_a_crawl_away_and_a_stale_one_does_not(
    yunting: Crawled,
) -> None:
    yunting.build(Section("101", "县域要闻", samples(1)))
    note = Path(f"{yunting.archive}.writer")
    note.write_text("srv2.yunting.example\npid 4711 since 2024-11-02T01:00:00Z\n", encoding="utf-8")
    result = yunting.crawl(status=75)
    assert (
        "another machine is at work on it (srv2.yunting.example, pid 4711 since 2024-11-02 09:00 Beijing time)"
        in result.stderr
    )
    assert yunting.site.paths() == []
    assert note.exists()
    long_ago = time.time() - SILENCE - 10
    os.utime(note, (long_ago, long_ago))
    yunting.crawl()
    assert not note.exists()


def test_our_own_note_of_a_killed_crawl_keeps_nobody_away(tmp_path: Path) -> None:
    note = tmp_path / "a.db.writer"
    note.write_text(f"{platform.node()}\npid 1 since 2024-11-02T01:00:00Z\n", encoding="utf-8")
    with writer_lock(tmp_path / "a.db"):
        pass


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/a.db", "ext4"),
        ("/mnt/a.db", "nfs4"),
        ("/mntx/a.db", "ext4"),
        ("/mnt/local/a.db", "xfs"),
        ("/srv/news archive/2024/a.db", "cifs"),
        ("/auto/a.db", "nfs"),
    ],
)
def test_the_drive_of_a_path_is_that_of_its_innermost_mount(path: str, kind: str) -> None:
    assert kind_of_drive(PurePosixPath(path), MOUNTS) == kind


def test_no_archive_is_written_on_a_network_drive_and_any_can_be_read_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.db"
    Archive.open(path).close()
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nsrv:/x {tmp_path} nfs4 rw 0 0\n", encoding="utf-8")
    monkeypatch.setattr(place, "MOUNTS", mounts)
    with pytest.raises(ArchiveError, match=r"lies on a network drive \(nfs4\)"):
        Archive.open(path)
    with pytest.raises(ArchiveError, match="network drive"):
        Archive.open(tmp_path / "new.db")
    assert not (tmp_path / "new.db").exists()
    Archive.read(path).close()
