"""Fill the disk under every command that writes: it says so, harms nothing, and the next run completes the work.

    python benchmarks/disk_full.py

Each point runs on a small file system of its own (tmpfs, in a mount namespace that `unshare -rm` makes; Linux only)
with so many bytes left.  The command must end with 1 and a sentence, no traceback; nothing but its own work may be
changed; when there is room again the same command ends with 0, `zhijiang check` finds nothing, and after a crawl
the archive holds what one with room holds.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from archive.store.schema import STEPS  # noqa: E402
from benchmarks.kill import TABLES, contents, make_site, spoil  # noqa: E402
from tests.command_line import run_zhijiang  # noqa: E402
from tests.crawled import Crawled  # noqa: E402
from tests.newssite import NewsSite  # noqa: E402
from tests.older import make_older  # noqa: E402

KB = 1024
DISK = 64 * KB * KB
INSIDE = "--inside"


@dataclass(frozen=True, slots=True)
class Point:
    """A command, and how many bytes it finds free."""

    name: str
    free: int
    command: Callable[[Path], list[str | Path]]
    """The folder → the command's arguments."""
    prepare: Callable[[Crawled, Path, Path], None] | None = None
    """What is there before: given the site, the folder and a whole archive."""


def _copied(_site: Crawled, folder: Path, whole: Path) -> None:
    shutil.copy(whole, folder / "yunting.db")
    shutil.copytree(whole.with_suffix(".warc"), folder / "yunting.warc")


def _older(_site: Crawled, folder: Path, whole: Path) -> None:
    make_older(whole, folder / "yunting.db", len(STEPS) // 2)


def _spoilt(site: Crawled, folder: Path, whole: Path) -> None:
    _copied(site, folder, whole)
    spoil(folder / "yunting.db")


def _tables(site: Crawled, folder: Path, whole: Path) -> None:
    shutil.copytree(whole.with_suffix(".warc"), folder / "yunting.warc")
    done = run_zhijiang("export", "csv", "--raw", "--out", folder / "tables", "--archive", whole)
    assert done.returncode == 0, done.stderr


def _crawl(folder: Path) -> list[str | Path]:
    return ["crawl", "--site", folder / "yunting.toml", "--archive", folder / "yunting.db"]


def _of(*arguments: str) -> Callable[[Path], list[str | Path]]:
    """A command on the archive; what stands in <> is a name in the folder."""
    return lambda folder: [
        *(folder / word[1:-1] if word.startswith("<") else word for word in arguments),
        "--archive",
        folder / "yunting.db",
    ]


POINTS = (
    Point("a new archive", 40 * KB, _crawl),
    Point("a new archive, its tables made", 600 * KB, _crawl),
    Point("a crawl, some of it", 750 * KB, _crawl),
    Point("a crawl, half of it", 900 * KB, _crawl),
    Point("a full crawl of what is there", 30 * KB, lambda folder: [*_crawl(folder), "--full"], _copied),
    Point("an older schema brought up to date", 150 * KB, _crawl, _older),
    Point("a reparse", 60 * KB, _of("reparse", "--apply"), _spoilt),
    Point("an import", 400 * KB, _of("import", "<tables>"), _tables),
    Point("a snapshot", 300 * KB, _of("snapshot", "--out", "<copy.db>"), _copied),
    Point("a table for Excel", 4 * KB, _of("export", "csv", "--out", "<articles.csv>"), _copied),
    Point("a bag", 600 * KB, _of("export", "bag", "--out", "<bag>"), _copied),
    Point("a WACZ file", 20 * KB, _of("export", "wacz", "--out", "<pages.wacz>"), _copied),
    Point("a whole hand-over", 900 * KB, _of("transfer", "<hand-over>"), _copied),
)


def main() -> int:
    """Run all points; return how many went wrong."""
    if INSIDE not in sys.argv:
        if not shutil.which("unshare"):
            print("needs Linux and the program unshare")
            return 1
        return subprocess.call(["unshare", "-rm", sys.executable, __file__, INSIDE])
    wrong = 0
    with NewsSite() as site, TemporaryDirectory() as name:
        whole = make_site(site, Path(name) / "whole")
        whole.crawl()
        truth = contents(whole.archive)
        for number, point in enumerate(POINTS, 1):
            folder = Path(name) / f"p{number}"
            folder.mkdir()
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", folder], check=True)
            problems = _run(point, site, folder, whole.archive, truth)
            wrong += bool(problems)
            print(f"{number:2} {point.name}: {'; '.join(problems) or 'right'}", flush=True)
            subprocess.run(["umount", folder], check=True)
    print(f"{len(POINTS)} points, {wrong} wrong")
    return wrong


def _run(point: Point, site: NewsSite, folder: Path, whole: Path, truth: object) -> list[str]:
    yunting = make_site(site, folder)
    if point.prepare:
        point.prepare(yunting, folder, whole)
    before = {path: path.read_bytes() for path in _files(folder)}
    full = folder / "filler"
    space = os.statvfs(folder)
    full.write_bytes(bytes(space.f_bavail * space.f_frsize - point.free))
    command = point.command(folder)
    problems = []
    done = run_zhijiang(*command)
    said = (done.stdout + done.stderr).strip()
    if done.returncode != 1:
        problems.append(f"ended with {done.returncode} on a full disk: {said}")
    if "Traceback" in said or not any(word in said for word in ("full", "space", "No space")):
        problems.append(f"does not say that the disk is full: {said}")
    full.unlink()
    if command[0] not in ("crawl", "reparse", "import"):
        left = {path: path.read_bytes() for path in _files(folder)}
        changed = [
            path.name
            for path in before.keys() | left.keys()
            if before.get(path) != left.get(path) and not path.name.startswith("yunting.db")
        ]
        if changed:
            problems.append(f"left behind or changed: {', '.join(changed)}")
    for again in (command, _of("check")(folder)):
        done = run_zhijiang(*again)
        if done.returncode:
            problems.append(f"then {again[0]} ended with {done.returncode}: {done.stdout} {done.stderr}")
    if command[0] == "crawl" and contents(folder / "yunting.db") != truth:
        problems.append(f"the archive differs in {', '.join(TABLES)}")
    return problems


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.name != "filler"]


if __name__ == "__main__":
    sys.exit(main() > 0)
