"""How soon a crawl ends in order that is told to (SIGTERM) while it reads or stores an article at the limit of length.

    python benchmarks/long_stop.py [--characters 1990000]

Three times: an ordinary article to compare with, the long one when it is new, and a revision of it.  Seconds by the
clock: how long the page was at work after the signal, and how long the crawl took from there to its end.  The machine
should do nothing else.
"""

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.command_line import run_zhijiang  # noqa: E402
from tests.crawled import PLAIN, Crawled, samples  # noqa: E402
from tests.newssite import NewsSite, Section  # noqa: E402

KEY = "4"
MOST = 1.0
"""Seconds that the end may take once the page is stored, beyond those after an ordinary one."""


def main() -> int:
    """Print the figures; return how many were too long."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--characters", type=int, default=1_990_000)
    characters = parser.parse_args().characters
    chosen = random.Random(1)
    items = tuple(
        "".join(chr(chosen.randrange(0x4E00, 0x9000)) for _ in range(990)) + "，新采的果实。"
        for _ in range(characters // 1_000)
    )
    late, usual = 0, 0.0
    with NewsSite() as site, tempfile.TemporaryDirectory() as folder:
        revised = (*items[:-1], "另一段话。")
        for what, before, text in (
            ("ordinary", None, PLAIN.items),
            ("long", None, items),
            ("revised", items, revised),
        ):
            (Path(folder) / what).mkdir()
            yunting = Crawled(site, Path(folder) / what, run_zhijiang)
            if before:
                yunting.build(_section(before))
                yunting.crawl()
            yunting.build(_section(text))
            at_work, ending, status = _stopped(yunting)
            stored = yunting.rows(f"SELECT version FROM article WHERE key = '{KEY}'")
            usual = usual or ending
            late += ending > usual + MOST
            print(
                f"{what}: {at_work:.2f} s at work after the signal, {ending:.2f} s more to the end,"
                f" exit status {status}, stored as version {stored[0][0] if stored else 'none'}"
            )
    return late


def _section(text: tuple[str, ...]) -> Section:
    articles = [
        (n, replace(sample, items=text if str(n) == KEY else PLAIN.items)) for n, sample in samples(5)
    ]
    return Section("101", "县域要闻", articles)


def _stopped(yunting: Crawled) -> tuple[float, float, int]:
    """Send the signal as soon as the long page is at work."""
    process = subprocess.Popen(
        [sys.executable, "-m", "zhijiang_spider.cli", *map(str, yunting.arguments("--full"))],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 120
    while not _is_at_work(yunting.archive):
        if process.poll() is not None or time.monotonic() > until:
            process.kill()
            raise SystemExit(f"the page was never at work; exit status {process.poll()}")
        time.sleep(0.0005)
    started = time.monotonic()
    process.send_signal(signal.SIGTERM)
    stored = started
    while process.poll() is None:
        if _is_at_work(yunting.archive):
            stored = time.monotonic()
        time.sleep(0.0005)
    return stored - started, time.monotonic() - stored, process.returncode


def _is_at_work(archive: Path) -> bool:
    """Tell whether the note says that the long page is read or stored."""
    try:
        line = Path(f"{archive}.attempt").read_text("utf-8").partition("\n")[0]
        return bool(line) and json.loads(line)[-1] == KEY
    except (OSError, ValueError):
        return False


if __name__ == "__main__":
    raise SystemExit(main())
