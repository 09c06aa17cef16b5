"""Crawls started at once on one archive, again and again: one works, the others say so, nothing is there twice.

    python benchmarks/overlap.py [--rounds 20] [--crawls 6] [--seed 1]

Each round publishes a few more articles, and starts the crawls within half a second.  Some of them are killed.
"""

import argparse
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.command_line import run_zhijiang  # noqa: E402
from tests.crawled import Crawled, samples  # noqa: E402
from tests.newssite import NewsSite, Section  # noqa: E402

NEW = 3
"""Articles that each round publishes."""
ONCE = {
    "articles": "SELECT count(*) - count(DISTINCT site || ' ' || key) FROM article",
    "versions": "SELECT count(*) FROM article_version WHERE number > 1",
    "entries": "SELECT count(*) - count(DISTINCT section_id || ' ' || key) FROM listing",
    "credits": "SELECT count(*) - count(DISTINCT article_id || ' ' || seq) FROM credit",
}
"""What must be 0."""


def main() -> int:
    """Run all rounds; return how many things went wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--crawls", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    moments = random.Random(asked.seed)
    outcomes: Counter[str] = Counter()
    wrong: list[str] = []
    with NewsSite() as site, tempfile.TemporaryDirectory() as folder:
        yunting = Crawled(site, Path(folder), run_zhijiang)
        for number in range(1, asked.rounds + 1):
            yunting.build(Section("101", "县域要闻", samples(number * NEW)), per_page=10)
            yunting.save_profile(politeness={"delay": 0.05})
            site.forget()
            running = []
            for _ in range(asked.crawls):
                running.append(_start(yunting))
                time.sleep(moments.uniform(0, 0.5 / asked.crawls))
            killing = number % 4 == 0
            if killing:
                time.sleep(moments.uniform(0.5, 2.0))
                moments.choice(running).kill()
            for process in running:
                _, errors = process.communicate(timeout=120)
                outcomes[_outcome(process.returncode, errors)] += 1
            fetched = Counter(yunting.asked_articles())
            if not killing and (again := [path for path, count in fetched.items() if count > 1]):
                wrong.append(f"round {number}: fetched more than once: {again}")
            done = run_zhijiang(*yunting.arguments())
            if done.returncode:
                wrong.append(f"round {number}: the last crawl ended with {done.returncode}: {done.stderr}")
            wrong += [f"round {number}: {count} {what}" for what, count in _twice(yunting.archive) if count]
            if len(yunting.articles()) != number * NEW:
                wrong.append(f"round {number}: {len(yunting.articles())} articles, not {number * NEW}")
        check = run_zhijiang("check", "--archive", yunting.archive)
        if check.returncode:
            wrong.append(f"check: {check.stdout}{check.stderr}")
    print("\n".join(wrong))
    counts = ", ".join(f"{number} {outcome}" for outcome, number in outcomes.most_common())
    print(f"{asked.rounds} rounds of {asked.crawls} crawls at once: {counts}; {len(wrong)} wrong")
    unnamed = sum(number for outcome, number in outcomes.items() if outcome.startswith("unnamed"))
    return len(wrong) + unnamed


def _start(yunting: Crawled) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "zhijiang_spider.cli", *map(str, yunting.arguments())]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _outcome(status: int, errors: str) -> str:
    if status == 0 and not errors:
        return "complete"
    if status == 75 and "another crawl is at work on it (" in errors:
        return "told to try later (75)"
    if status == -9:
        return "killed"
    return f"unnamed: status {status}, {errors.strip()[:200]}"


def _twice(archive: Path) -> list[tuple[str, int]]:
    connection = sqlite3.connect(archive)
    try:
        return [(what, connection.execute(sql).fetchone()[0]) for what, sql in ONCE.items()]
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main() > 0)
