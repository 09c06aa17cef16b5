"""The examples of docs/operating.md work: crontab lines in cron's bare environment, the systemd units, the log."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from configparser import ConfigParser
from dataclasses import replace
from pathlib import Path

import pytest

from archive import Archive
from tests.crawled import Crawled, samples
from tests.newssite import Reply, Section
from tests.patience import PATIENCE

TEXT = (Path(__file__).parent.parent / "docs" / "operating.md").read_text(encoding="utf-8")
CRON = [
    line
    for block in re.findall(r"```cron\n(.*?)```", TEXT, re.DOTALL)
    for line in block.splitlines()
    if line and not line.startswith("#")
]
UNITS = dict(re.findall(r"```ini\n# /etc/systemd/system/(\S+)\n(.*?)```", TEXT, re.DOTALL))
PROGRAM, ARCHIVE = "/srv/zhijiang/.venv/bin/zhijiang", "/srv/zhijiang/zhijiang.db"
RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


def run_as_cron(line: str, archive: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Run a crontab line's command with ``/bin/sh`` and the little that cron sets."""
    command = line.split(maxsplit=5)[5].replace(PROGRAM, f"{sys.executable} -m zhijiang_spider.cli")
    return subprocess.run(
        ["/bin/sh", "-c", " ".join([command.replace(ARCHIVE, str(archive)), *more])],
        env={"HOME": str(archive.parent), "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh", "LOGNAME": "zhijiang"},
        cwd=archive.parent,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.mark.parametrize("line", CRON)
def test_a_crontab_line_is_one(line: str) -> None:
    *times, command = line.split(maxsplit=5)
    for field, (least, most) in zip(times, RANGES, strict=True):
        assert field == "*" or least <= int(field) <= most
    assert "%" not in command  # cron makes a line break of it
    assert PROGRAM in command


def test_cron_is_quiet_when_all_is_well_and_mails_what_is_wrong(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(2)))
    crawl, *looks, tells = CRON
    assert crawl.endswith("zhijiang crawl")
    assert len(looks) == 3
    assert tells.endswith("zhijiang seal")
    profile = f"--site {yunting.profile_file}"
    yunting.crawl()
    done = run_as_cron(crawl, yunting.archive, profile)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    for look in looks:
        done = run_as_cron(look, yunting.archive)
        assert (done.returncode, done.stdout + done.stderr) == (0, "")
    assert run_as_cron(tells, yunting.archive).stdout.startswith("封签 ")
    yunting.build(Section("101", "县域要闻", samples(3)))
    yunting.site.pages["/content/show?catid=101&newsid=3"] = Reply(b"", 500)
    done = run_as_cron(crawl, yunting.archive, profile)
    assert done.returncode == 1
    assert "云汀县第3号新闻" in done.stderr  # Chinese, though cron sets no locale
    for look in looks:
        assert "HTTP 500" in run_as_cron(look, yunting.archive).stdout


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_caller_that_closes_its_streams_gets_the_same_status(yunting: Crawled, closed: str) -> None:
    yunting.build(Section("101", "县域要闻", samples(2)))
    program = f"{sys.executable} -m zhijiang_spider.cli"
    for arguments in (yunting.arguments(), ["status", "--archive", yunting.archive]):
        line = " ".join([program, *map(str, arguments), closed])
        assert subprocess.run(line, shell=True, timeout=PATIENCE, check=False).returncode == 0, line
    assert yunting.rows("SELECT count(*) FROM article") == [(2,)]


def test_a_console_of_another_encoding_shows_what_it_lacks_as_its_number(yunting: Crawled) -> None:
    sample = replace(dict(samples(1))[1], title="𠮷河大桥通车")
    yunting.build(Section("101", "县域要闻", [(1, sample)]))
    yunting.crawl()
    command = [sys.executable, "-m", "zhijiang_spider.cli", "show", "1", "--archive", str(yunting.archive)]
    environment = {**os.environ, "PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"}
    done = subprocess.run(command, env=environment, capture_output=True, timeout=PATIENCE, check=True)
    assert "\\U00020bb7河大桥通车" in done.stdout.decode("gbk")


def test_cron_mails_that_no_crawl_ran(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(1)))
    yunting.crawl()
    connection = sqlite3.connect(yunting.archive)
    connection.execute("UPDATE crawl SET finished_at = '2024-01-01T00:00:00Z'")
    connection.commit()
    connection.close()
    looks = [line for line in CRON if "--max-age" in line]
    assert len(looks) == 2
    for look in looks:
        done = run_as_cron(look, yunting.archive)
        assert "o complete crawl in the last 26 hours" in done.stdout


def test_the_units_say_when_and_what() -> None:
    assert set(UNITS) == {"zhijiang.service", "zhijiang.timer"}
    units = {}
    for name, text in UNITS.items():
        units[name] = ConfigParser(interpolation=None)
        units[name].read_string(text)
    assert units["zhijiang.service"]["Service"]["ExecStart"].startswith(f"{PROGRAM} crawl")
    assert units["zhijiang.service"]["Service"]["SuccessExitStatus"] == "75"
    assert "OnCalendar" in units["zhijiang.timer"]["Timer"]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_systemd_finds_no_fault_in_the_units(tmp_path: Path) -> None:
    program = tmp_path / "zhijiang"
    program.symlink_to(sys.executable)
    for name, text in UNITS.items():
        (tmp_path / name).write_text(text.replace(PROGRAM, str(program)), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / name) for name in UNITS)],
        env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if "zhijiang" in line or str(tmp_path) in line]
    assert (done.returncode, ours) == (0, [])
    moment = re.search(r"OnCalendar=(.*)", UNITS["zhijiang.timer"])
    assert moment
    said = subprocess.run(
        ["systemd-analyze", "calendar", moment[1]],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    assert "03:17:00" in said.stdout


def test_a_log_that_has_grown_is_put_aside(yunting: Crawled, tmp_path: Path) -> None:
    yunting.build(Section("101", "县域要闻", samples(2)))
    log = tmp_path / "crawl.log"
    log.write_bytes(b"2024-11-01 04:00:00,123 INFO test: ".ljust(4_999_000, b"x"))
    yunting.crawl("--log", str(log))
    assert (tmp_path / "crawl.log.1").stat().st_size <= 5_000_000
    assert 0 < log.stat().st_size < 1_000_000


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a file that is always full")
def test_a_log_that_cannot_be_written_is_said_once(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(2)))
    Archive.open(yunting.archive).close()
    result = yunting.crawl("--log", "/dev/full")
    assert result.stderr == "/dev/full: the log cannot be written: [Errno 28] No space left on device\n"
    assert yunting.rows("SELECT count(*) FROM article") == [(2,)]
