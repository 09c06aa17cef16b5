"""CPU of a start, side by side with version 0.1.0: `zhijiang --help`, `zhijiang search`, and a whole `zhijiang demo`.

python benchmarks/startup.py [--pairs 15] [--against 44cdc83]

Needs a clone that holds that commit.  Both run on this Python with its libraries, in turns; the ratio is taken
pair by pair, so that what else the machine does falls on both.  CPU is user and system time of the whole process.
Exit status 1 when the start of `--help` or `search` costs more than half of what it did; `demo` has no bar.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
VERSION_0_1_0 = "44cdc83"
BAR = 0.5
COMMANDS = {
    "--help": (["--help"], BAR),
    "search": (["search", "柑橘", "--archive", "demo.db"], BAR),
    "demo": (["demo", "--archive", "demo.db"], None),
}


def main() -> int:
    """Measure both commands; return whether one is over the bar."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--against", default=VERSION_0_1_0, metavar="COMMIT")
    asked = parser.parse_args()
    over = False
    with tempfile.TemporaryDirectory() as folder, _tree(Path(folder) / "tree", asked.against) as tree:
        places = [Path(folder) / name for name in ("before", "now")]
        for source, place in zip((tree, ROOT), places, strict=True):
            place.mkdir()
            _cpu(source, place, ["demo", "--archive", "demo.db"])  # each has an archive of its own schema
        print(f"{'':8} {asked.against:>9} {'now':>9}  ratio of {asked.pairs} pairs")
        for name, (arguments, bar) in COMMANDS.items():
            pairs = [
                (_cpu(tree, places[0], arguments), _cpu(ROOT, places[1], arguments))
                for _ in range(asked.pairs + 1)
            ][1:]  # the first compiles
            ratios = [now / before for before, now in pairs]
            before, now = (median(column) for column in zip(*pairs, strict=True))
            ratio = median(ratios)
            over |= bar is not None and ratio > bar
            print(
                f"{name:8} {before * 1000:6.0f} ms {now * 1000:6.0f} ms  "
                f"{ratio:.2f} ({min(ratios):.2f} to {max(ratios):.2f})" + (f"; at most {bar}" if bar else "")
            )
    return int(over)


@contextmanager
def _tree(path: Path, commit: str) -> Iterator[Path]:
    """Check a commit out beside the clone, while the block runs."""
    git = ["git", "-C", str(ROOT), "worktree"]
    if subprocess.run([*git, "add", "--quiet", "--detach", str(path), commit]).returncode:
        sys.exit(f"{ROOT}: holds no commit {commit}; run this in a whole clone (git fetch --unshallow)")
    try:
        yield path
    finally:
        subprocess.run([*git, "remove", "--force", str(path)], check=True)


def _cpu(source: Path, place: Path, arguments: Sequence[str]) -> float:
    """Run `zhijiang` from a source tree in a folder; return its CPU seconds."""
    command = [sys.executable, "-c", "from zhijiang_spider.cli import main; main()", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(source)}
    process = subprocess.Popen(command, cwd=place, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"zhijiang {' '.join(arguments)} of {source} failed: exit status {process.returncode}")
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    sys.exit(main())
