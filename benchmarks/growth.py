"""What a night with nothing new, and status, show and search cost as the archive grows.

    python benchmarks/growth.py [--small 10000] [--big 1000000] [--rounds 5] [--folder DIR]

A small site is crawled once for each size, and its archive grown: a million articles take some minutes and 4 GB.  The
nights run over the same site, whose lists show entries that are archived.  CPU seconds of whole commands, the least of
the rounds, small and big in turn.
"""

import argparse
import resource
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.command_line import run_zhijiang  # noqa: E402
from tests.crawled import Crawled, samples  # noqa: E402
from tests.grown import FIRST_KEY, grow  # noqa: E402
from tests.newssite import NewsSite, Section  # noqa: E402

ARTICLES = 60
"""What the site itself shows."""


def main() -> None:
    """Print what each command costs on both archives."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--big", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--folder", type=Path, help="where the archives are made, and found again the next time"
    )
    asked = parser.parse_args()
    with NewsSite() as site, tempfile.TemporaryDirectory() as temporary:
        sizes = (asked.small, asked.big)
        made = [_make(site, (asked.folder or Path(temporary)) / f"{size}", size) for size in sizes]
        commands = {
            "crawl": lambda one: one.arguments(),
            "status": lambda one: ["status", "--archive", one.archive],
            "show NUMBER": lambda one: ["show", "1500", "--archive", one.archive],
            "show ADDRESS": lambda one: ["show", _address(one), "--archive", one.archive],
            "search, one hit": lambda one: ["search", f"第{FIRST_KEY + 1500}号", "--archive", one.archive],
            "search, all": lambda one: ["search", "果园", "--archive", one.archive],
            "search, a name": lambda one: ["search", "记者:没有此人", "--archive", one.archive],
        }
        print(f"{'CPU s':20}{asked.small:>12,}{asked.big:>12,}   ratio")
        for name, command in commands.items():
            least = [float("inf")] * len(made)
            for _ in range(asked.rounds):
                least = [
                    min(known, _seconds(one, command(one))) for known, one in zip(least, made, strict=True)
                ]
            print(f"{name:20}{least[0]:12.2f}{least[1]:12.2f}   {least[1] / least[0]:.2f}", flush=True)
        size = [one.archive.stat().st_size for one in made]
        print(f"{'MB of the file':20}{size[0] / 1e6:12,.0f}{size[1] / 1e6:12,.0f}   {size[1] / size[0]:.0f}")


def _make(site: NewsSite, folder: Path, size: int) -> Crawled:
    folder.mkdir(parents=True, exist_ok=True)
    yunting = Crawled(site, folder, run_zhijiang)
    yunting.build(Section("101", "县域要闻", tuple(samples(ARTICLES))), per_page=20)
    if not yunting.archive.exists():
        yunting.crawl()
        began = time.process_time()
        grow(yunting.archive, size - ARTICLES)
        print(f"{size:,} articles: {time.process_time() - began:.0f} CPU s to make", flush=True)
    with closing(sqlite3.connect(yunting.archive)) as connection:  # an earlier run's site had another port
        old, new = (
            connection.execute("SELECT substr(url, 1, 22) FROM section").fetchone()[0],
            f"http://{site.host}/",
        )
        connection.execute("UPDATE section SET url = replace(url, ?, ?)", (old, new))
        connection.commit()
    return yunting


def _address(one: Crawled) -> str:
    (found,) = one.rows(f"SELECT url FROM article WHERE key = '{FIRST_KEY + 1500}'")
    return str(found[0])


def _seconds(one: Crawled, arguments: list[str | Path]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = one.run(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
