"""Kill the program at random moments, again and again: nothing acknowledged is lost, everything is completed.

    python benchmarks/kill.py [--points 300] [--seed 1]

Each point: a crawl (or the making of an archive, a reparse, the bringing up to date of an older schema) on a
loopback site is killed with SIGKILL at a random moment; the next run completes it; `zhijiang check` must find
nothing, and the archive must hold exactly what an uninterrupted crawl holds.
"""

import argparse
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from archive.store.schema import STEPS  # noqa: E402
from tests.command_line import run_zhijiang  # noqa: E402
from tests.crawled import PLAIN, Crawled, samples  # noqa: E402
from tests.newssite import NewsSite, Section  # noqa: E402
from tests.older import make_older  # noqa: E402

ARTICLES = 30
KINDS = ("crawl", "migration", "crawl", "reparse")
TABLES = {
    "article": "key, title, body, credit_line, published_on, section, source, content_sha256, status, version",
    "credit": "article_id IN (SELECT article_id FROM article), seq, role, name",
    "listing": "key, title, date_on",
    "media": "sha256, mime, width",
}


def main() -> int:
    """Run all points; return how many went wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--points", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    moments = random.Random(asked.seed)
    wrong = lost = 0
    killed = dict.fromkeys(KINDS, 0)
    with NewsSite() as site, tempfile.TemporaryDirectory() as folder:
        whole = make_site(site, Path(folder) / "whole")
        whole.crawl()
        requests = len(site.asked)
        truth = contents(whole.archive)
        for point in range(asked.points):
            kind = KINDS[point % len(KINDS)]
            yunting = make_site(site, Path(folder) / f"p{point}")
            command: list[object] = list(yunting.arguments())
            seconds = 0.1
            if kind == "reparse":
                shutil.copy(whole.archive, yunting.archive)
                shutil.copytree(whole.archive.with_suffix(".warc"), yunting.archive.with_suffix(".warc"))
                spoil(yunting.archive)
                command, seconds = ["reparse", "--apply", "--archive", yunting.archive], 0.9
            if kind == "migration":
                make_older(whole.archive, yunting.archive, moments.randrange(1, len(STEPS)))
                seconds = 0.3
            site.forget()
            wanted = moments.randrange(requests + 1) if kind == "crawl" else 0  # how far it may come
            if kind == "crawl" and not wanted:
                seconds = 0.9
            waits_for = Path(f"{yunting.archive}-wal") if kind == "migration" else None
            killed[kind] += _kill(command, site, wanted, moments.uniform(0.0, seconds), waits_for)
            acknowledged = _keys(yunting.archive)
            problems = _complete(yunting, command)
            gone = acknowledged - _keys(yunting.archive)
            lost += len(gone)
            if contents(yunting.archive) != truth:
                problems.append("the archive differs from that of an uninterrupted crawl")
            if problems or gone:
                wrong += 1
                print(f"point {point} ({kind}): {'; '.join(problems)} {sorted(gone)}")
            if (point + 1) % 25 == 0:
                print(f"{point + 1} points: {lost} lost, {wrong} wrong", flush=True)
    counts = ", ".join(f"{kind} {number}" for kind, number in killed.items())
    print(
        f"{asked.points} points, killed while at work: {counts}: {lost} acknowledged articles lost, {wrong} wrong"
    )
    return wrong


def make_site(site: NewsSite, folder: Path) -> Crawled:
    """Make a site of some articles, and the place of its archive."""
    folder.mkdir(exist_ok=True)
    yunting = Crawled(site, folder, run_zhijiang)
    articles = [(n, replace(sample, items=PLAIN.items)) for n, sample in samples(ARTICLES)]
    yunting.build(Section("101", "县域要闻", articles), per_page=6)
    return yunting


def _kill(command: list[object], site: NewsSite, requests: int, delay: float, waits_for: Path | None) -> bool:
    """Run a command, and kill it some time after it made so many requests; False if it was done before.

    ``delay``: seconds.  ``waits_for``: a file that has to be there first.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "zhijiang_spider.cli", *map(str, command)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while (len(site.asked) < requests or (waits_for and not waits_for.exists())) and process.poll() is None:
        time.sleep(0.002)
    try:
        process.wait(delay)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        return True
    return False


def _complete(yunting: Crawled, command: list[object]) -> list[str]:
    problems = []
    crawl, check = list(yunting.arguments()), ["check", "--archive", yunting.archive]
    for arguments in (crawl, check) if command == crawl else (command, crawl, check):
        done = run_zhijiang(*map(str, arguments), timeout=300)
        if done.returncode:
            problems.append(f"{arguments[0]} ended with {done.returncode}: {done.stdout} {done.stderr}")
    return problems


def spoil(archive: Path) -> None:
    """Make a reparse worth doing."""
    connection = sqlite3.connect(archive)
    connection.execute("UPDATE article SET title = title || '误', source = ''")
    connection.execute("DELETE FROM credit WHERE article_id % 3 = 0")
    connection.commit()
    connection.close()


def _keys(archive: Path) -> set[str]:
    if not archive.exists():
        return set()
    connection = sqlite3.connect(archive)
    try:
        return {key for (key,) in connection.execute("SELECT key FROM article")}
    except sqlite3.OperationalError:
        return set()
    finally:
        connection.close()


def contents(archive: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return what two archives of one site have in common."""
    connection = sqlite3.connect(archive)
    try:
        return {
            table: sorted(connection.execute(f"SELECT {columns} FROM {table}").fetchall(), key=repr)
            for table, columns in TABLES.items()
        }
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main() > 0)
