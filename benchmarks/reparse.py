"""How fast captures are read again: articles a processor second, and what a second worker process brings.

    python benchmarks/reparse.py [--articles 1500] [--rounds 3]

Crawls the site of 云汀县 (``benchmarks/replica``) once and runs ``zhijiang reparse`` on the archive, without
``--apply``: in one process, with one worker and with two, one after the other and again.  Each is a process of its
own; its start is counted.  Figures are the best of the rounds, the ratio is the median of the ratios within a round.
"""

import argparse
import re
import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.crawl import measured, product  # noqa: E402
from benchmarks.replica.site import ARTICLES, profile, served  # noqa: E402

WORKERS = (0, 1, 2)


def main() -> None:
    """Crawl, run the rounds and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = crawled(Path(folder), asked.articles)
        rounds: list[list[tuple[float, float]]] = []
        for number in range(asked.rounds):
            rounds.append([again(database, workers) for workers in WORKERS])
            line = "  ".join(f"{1 / seconds:.1f}" for seconds, _ in rounds[-1])
            print(f"round {number + 1}: {line} articles a second", flush=True)
    print("workers  articles per CPU second  articles per second")
    for workers, costs in zip(WORKERS, zip(*rounds, strict=True), strict=True):
        seconds, cpu = (min(figures) for figures in zip(*costs, strict=True))
        print(f"{workers:7} {1 / cpu:24.1f} {1 / seconds:20.1f}")
    ratio = statistics.median(one[0] / two[0] for _, one, two in rounds)
    print(f"two workers ÷ one: {ratio:.2f} of its articles a second")


def crawled(folder: Path, articles: int) -> Path:
    """Return an archive of the site."""
    database, site = folder / "yunting.db", folder / "yunting.toml"
    with served(articles, folder) as (host, _):
        site.write_text(profile(host), encoding="utf-8")
        measured(product(site, database, has_workers=True, workers=""))
    return database


def again(database: Path, workers: int) -> tuple[float, float]:
    """Read an archive again; return the seconds and the processor seconds an article."""
    command = [sys.executable, "-m", "zhijiang_spider.cli", "reparse", "--archive", str(database)]
    (seconds, cpu, _), said = measured([*command, "--workers", str(workers)])
    read = re.search(r"(\d+) articles read again from their captures; 0 would change, 0 would be new", said)
    assert read is not None, said
    return seconds / int(read[1]), cpu / int(read[1])


if __name__ == "__main__":
    main()
