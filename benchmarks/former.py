"""What former texts cost the search: an archive in which every tenth article had one paragraph replaced by another.

    python benchmarks/former.py [--texts FILE.jsonl] [--rows 10000] [--queries 300] [--every 10]

``--texts`` as for ``benchmarks/search.py``.  Queries are parts of the texts, half of them of replaced paragraphs.  Prints
the index's size and what a query costs, against the median LIKE scan of the same run.
"""

import argparse
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from archive import Archive  # noqa: E402
from archive.search.former import search_former  # noqa: E402
from archive.search.former_index import learn_former, reindex_former  # noqa: E402
from archive.search.index import reindex  # noqa: E402
from archive.search.language import parse_query  # noqa: E402
from archive.search.query import search  # noqa: E402
from archive.store.crawls import begin_crawl  # noqa: E402
from benchmarks.search import INSERT, Row, _drop_triggers, _queries, _rows  # noqa: E402

VERSION = (
    "INSERT INTO article_version (article_id, number, crawl_id, seen_at, title, kicker, subtitle, section, published_raw,"
    " source, body, credit_line, credits, images, changed, content_sha256)"
    " VALUES (?, ?, 1, '2026-01-01T00:00:00Z', ?, '', '', '', '', '', ?, '', '[]', '[]', '[\"body\"]', ?)"
)
COMMON = ("的", "一", "中国", "工作", "，")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--every", type=int, default=10)
    asked = parser.parse_args()
    random = Random(20260101)
    rows = _rows(asked.texts, asked.rows, random)
    now = [_changed(row, rows, random) if n % asked.every == 0 else row for n, row in enumerate(rows)]
    dropped = [(before[0], before[1], "") for before, after in zip(rows, now, strict=True) if before != after]
    print(
        f"{len(rows)} articles, {len(dropped)} of them with a former version, SQLite {sqlite3.sqlite_version}"
    )
    with tempfile.TemporaryDirectory() as folder, Archive.open(Path(folder) / "former.db") as archive:
        _write(archive, rows, now)
        measure_index(archive)
        half = asked.queries // 2
        measure_speed(archive, [*_queries(now, half, random), *_queries(dropped, half, random)])


def _changed(row: Row, rows: Sequence[Row], random: Random) -> Row:
    """Return an article with one of its paragraphs replaced by one of another's."""
    title, body, day = row
    paragraphs = body.split("\n")
    paragraphs[random.randrange(len(paragraphs))] = random.choice(random.choice(rows)[1].split("\n"))
    return title, "\n".join(paragraphs), day


def _write(archive: Archive, rows: Sequence[Row], now: Sequence[Row]) -> None:
    begin_crawl(archive, "b", software="benchmark", options={})
    execute = archive.connection.execute
    triggers = _drop_triggers(archive)
    archive.connection.executemany(
        INSERT, ((str(n), str(n), title, body, day, "0" * 64) for n, (title, body, day) in enumerate(now, 1))
    )
    for n, (before, after) in enumerate(zip(rows, now, strict=True), 1):
        for number, (title, body, _) in enumerate(dict.fromkeys((before, after)), 1):
            execute(VERSION, (n, number, title, body, "0" * 64))
    execute(
        "UPDATE article SET version = 2 WHERE article_id IN (SELECT article_id FROM article_version WHERE number = 2)"
    )
    for sql in triggers:
        execute(sql)
    seconds = _seconds(lambda: learn_former(archive.connection))
    waited = execute("SELECT count(*) FROM article_version WHERE number = 2").fetchone()[0]
    print(f"learned at a commit: {1000 * seconds / waited:.2f} ms a replaced version")
    reindex(archive.connection)
    archive.commit()


def measure_index(archive: Archive) -> None:
    """Bytes of the index of former texts, against the index of what the articles say now, and the file."""
    size = {
        name: archive.connection.execute(f"SELECT sum(length(block)) FROM {name}_data").fetchone()[0]
        for name in ("article_fts", "article_fts_former")
    }
    former, whole = size["article_fts_former"], size["article_fts"]
    archive.commit()
    seconds = _seconds(lambda: reindex_former(archive.connection))
    archive.commit()
    print(
        f"index of former texts: {former / 1e6:.2f} MB = {former / whole:.4f} x the other index ({whole / 1e6:.1f} MB);"
        f" file {archive.path.stat().st_size / 1e6:.0f} MB; built again in {seconds:.1f} s"
    )


def measure_speed(archive: Archive, queries: Sequence[str]) -> None:
    """Milliseconds of what a search asks of former versions, beside the search itself and a LIKE scan."""
    scan = statistics.median(
        _seconds(
            lambda q=query: archive.connection.execute(
                "SELECT count(*) FROM article WHERE body LIKE ? OR title LIKE ?", (f"%{q}%",) * 2
            ).fetchall()
        )
        for query in queries[:15]
    )
    print(f"LIKE scan: median {1000 * scan:.1f} ms")
    ways: dict[str, Callable[[str], object]] = {
        "search, first 20": lambda query: search(archive.connection, query, limit=20),
        "former versions": lambda query: search_former(archive.connection, parse_query(query)),
    }
    for name, ask in ways.items():
        times = sorted(_seconds(lambda q=query, a=ask: a(q)) for query in queries)
        told = ", ".join(
            f"{what} {1000 * t:.2f} ms = {t / scan:.3f}"
            for what, t in (
                ("p50", statistics.median(times)),
                ("p95", times[int(len(times) * 0.95)]),
                ("max", times[-1]),
            )
        )
        print(f"{name}: {told} x LIKE")
    for query in COMMON:
        seconds = _seconds(lambda q=query: search_former(archive.connection, parse_query(q)))
        found = search_former(archive.connection, parse_query(query))
        print(
            f"former versions of {query}: {1000 * seconds:.1f} ms = {seconds / scan:.2f} x LIKE, {len(found.articles)}"
        )


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
