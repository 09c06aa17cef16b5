"""How fast the whole product crawls, beside what people write with Scrapy: pages a second, CPU, peak memory.

    python benchmarks/crawl.py [--articles 1500] [--rounds 5] [--only NAME]… [--memory]

Builds the site of 云汀县 (``benchmarks/replica``), serves it on loopback and crawls it with each, again and again one
after the other; each crawl is a process of its own and begins with nothing.  Figures are medians of the rounds, ratios
medians of the ratios within a round.  ``--memory`` compares the product's peak at 1,000 and at 10,000 articles.

    bare          Scrapy alone: article pages are not read
    parsel        and seven fields by their selectors
    usual         and an upsert and a commit an article into SQLite with a trigram index
    trafilatura   the same around trafilatura; left out where it is not installed
    gne           the same around GNE; left out where it is not installed
    product-0     zhijiang crawl: WARC, versions, credits, index, durable; one process
    product       the same with its default of worker processes
    product-1, product-2   with so many; only where named
"""

import argparse
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.replica.site import ARTICLES, profile, served  # noqa: E402

RIVALS = ("bare", "parsel", "usual", "trafilatura", "gne")
PRODUCTS = ("product-0", "product")
OF_WORKERS = ("product-1", "product-2")
FAST = (
    "CONCURRENT_REQUESTS=32",
    "CONCURRENT_REQUESTS_PER_DOMAIN=32",
    "DOWNLOAD_DELAY=0",
    "AUTOTHROTTLE_ENABLED=False",
)
_WATCHED = 0.2
"""Seconds between two looks at the memory of a crawl and its workers."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one crawl took."""

    pages: int
    seconds: float
    cpu: float
    """Seconds of processor time, of its workers too."""
    peak: float
    """MB."""

    @property
    def speed(self) -> float:
        """Pages a second."""
        return self.pages / self.seconds

    @property
    def cpu_per_1000(self) -> float:
        """Processor seconds per 1,000 pages."""
        return 1000 * self.cpu / self.pages


def main() -> None:
    """Run the rounds and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--only", action="append", choices=[*RIVALS, *PRODUCTS, *OF_WORKERS], help="may be repeated"
    )
    parser.add_argument(
        "--memory", action="store_true", help="only the product: its peak at 1,000 and 10,000 articles"
    )
    asked = parser.parse_args()
    help_text = subprocess.run(
        [sys.executable, "-m", "zhijiang_spider.cli", "crawl", "--help"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    ).stdout
    has_workers = "--workers" in help_text
    if asked.memory:
        for name in asked.only or (PRODUCTS if has_workers else PRODUCTS[:1]):
            peaks = [round_of([name], articles, has_workers)[name].peak for articles in (1_000, 10_000)]
            print(
                f"{name}: peak {peaks[0]:.0f} MB at 1,000 articles, {peaks[1]:.0f} MB at 10,000", flush=True
            )
        return
    wanted = asked.only or [*RIVALS, *PRODUCTS]
    missing = [name for name in ("trafilatura", "gne") if name in wanted and not find_spec(name)]
    if not has_workers and "product" in wanted:
        missing.append("product")
        print("product: this version has no worker processes; see product-0")
    names = [name for name in wanted if name not in missing]
    for name in missing:
        if name in RIVALS:
            print(f"{name}: not installed, so not measured (python -m pip install {name})")
    costs: list[dict[str, Cost]] = []
    rounds(names, asked.articles, asked.rounds, has_workers, costs)
    print_figures(names, costs)


def rounds(
    names: Sequence[str], articles: int, count: int, has_workers: bool, costs: list[dict[str, Cost]]
) -> None:
    """Serve the site and run every crawl so many times, one after the other."""
    with tempfile.TemporaryDirectory() as folder, served(articles, Path(folder)) as (host, server):
        print(f"served by {server}")
        for number in range(count):
            costs.append({name: crawl(name, host, has_workers) for name in names})
            line = "  ".join(f"{name} {cost.speed:.0f}/s" for name, cost in costs[-1].items())
            print(f"round {number + 1}: {line}", flush=True)


def round_of(names: Sequence[str], articles: int, has_workers: bool) -> dict[str, Cost]:
    """Return what one round costs at a size."""
    costs: list[dict[str, Cost]] = []
    rounds(names, articles, 1, has_workers, costs)
    return costs[0]


def crawl(name: str, host: str, has_workers: bool) -> Cost:
    """Run one crawl from nothing."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "yunting.db"
        if name in RIVALS:
            command = [sys.executable, str(ROOT / "benchmarks/replica/rivals.py"), name, host, str(database)]
        else:
            site = Path(folder) / "yunting.toml"
            site.write_text(profile(host), encoding="utf-8")
            command = product(site, database, has_workers, name.partition("-")[2])
        cost, said = measured(command)
        pages = int(said) if name in RIVALS else _pages_of(database)
        return Cost(pages, *cost)


def product(site: Path, database: Path, has_workers: bool, workers: str) -> list[str]:
    """Return the command of a crawl by the product; by Scrapy's own where ``zhijiang crawl`` sets no settings yet."""
    settings = [word for setting in FAST for word in ("-s", setting)]
    if has_workers:
        command = [sys.executable, "-m", "zhijiang_spider.cli", "crawl", "--site", str(site)]
        command += ["--archive", str(database), "--media", "none", *settings]
        return [*command, "--workers", workers] if workers else command
    command = [sys.executable, "-m", "scrapy", "crawl", "zhijiang", "-a", f"site={site}", "-a", "media=none"]
    return [*command, *settings, "-s", f"ZHIJIANG_ARCHIVE={database}", "-s", "LOG_ENABLED=False"]


def _pages_of(database: Path) -> int:
    """Return how many answers a crawl of the product kept.  Raises ``AssertionError`` where it is not whole."""
    connection = sqlite3.connect(database)
    try:
        outcome, pages, reason = connection.execute("SELECT outcome, pages, reason FROM crawl").fetchone()
        assert outcome == "complete", reason
        articles, credited = connection.execute(
            "SELECT count(*), (SELECT count(DISTINCT article_id) FROM credit) FROM article"
        ).fetchone()
        assert articles == credited > 0, (articles, credited)
        return int(pages)
    finally:
        connection.close()


def measured(command: Sequence[str]) -> tuple[tuple[float, float, float], str]:
    """Run a command; return its seconds, processor seconds and peak MB, each with its children, and what it printed.

    Raises ``SystemExit`` where it fails.
    """
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        started = time.monotonic()
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
            "PYTHONDONTWRITEBYTECODE": "",  # what is installed is compiled, as the libraries of the others are
        }
        process = subprocess.Popen(command, stdout=out, stderr=errors, cwd=ROOT, env=environment)
        together = _Memory(process.pid)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        together.ended.set()
        together.join()
        out.seek(0)
        errors.seek(0)
        if process.returncode:
            raise SystemExit(f"{command} ended with {process.returncode}: {errors.read()}")
        # where nothing could be watched the system's own peak, which is this process's where that was larger
        peak = together.peak or used.ru_maxrss / 1024
        return (seconds, used.ru_utime + used.ru_stime, peak), out.read()


class _Memory(threading.Thread):
    """Looks at the memory of a process and its children, what they share counted once (Linux)."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.process = process
        self.ended = threading.Event()
        self.peak = 0.0
        self.start()

    def run(self) -> None:
        while not self.ended.wait(_WATCHED):
            together = [self.process, *_children(self.process)]
            shared = sum(_mb(process, "smaps_rollup", "Pss:") for process in together)
            self.peak = max(self.peak, shared, _mb(self.process, "status", "VmHWM:"))


def _children(process: int) -> list[int]:
    with suppress(OSError):
        found = [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
        return found + [below for child in found for below in _children(child)]
    return []


def _mb(process: int, file: str, name: str) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{process}/{file}").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) / 1024
    return 0.0


def print_figures(names: Sequence[str], costs: Sequence[dict[str, Cost]]) -> None:
    """Print the table, and the product against each of the others."""
    print(f"{'':12} pages/s  CPU-s per 1,000  peak MB")
    for name in names:
        found = [costs_of[name] for costs_of in costs]
        print(
            f"{name:12} {statistics.median(c.speed for c in found):7.0f}"
            f" {statistics.median(c.cpu_per_1000 for c in found):16.2f} {statistics.median(c.peak for c in found):8.0f}"
        )
    for ours in (name for name in names if name not in RIVALS):
        for other in (name for name in names if name in (*RIVALS, PRODUCTS[0]) and name != ours):
            speed = statistics.median(one[ours].speed / one[other].speed for one in costs)
            cpu = statistics.median(one[ours].cpu / one[other].cpu for one in costs)
            print(f"{ours} ÷ {other}: {speed:.2f} of its pages a second, {cpu:.2f} of its CPU")


if __name__ == "__main__":
    main()
