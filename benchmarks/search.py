"""Search, measured beside the alternatives on the same rows in the same run.

    python benchmarks/search.py [--texts FILE.jsonl] [--rows 10000] [--queries 300] [--grow 1000000]

Without ``--texts`` the rows are made of random invented words, which says little about speed on real prose;
a file has an object with ``title`` and ``body`` (or ``text``) a line.  Fewer lines than rows: their
paragraphs are shuffled into more.  Prints ratios to the median LIKE scan, so that machines can be compared, and beside
each what the index alone takes to count the same hits: nothing that asks it can be faster.
``--grow``: the archive is filled up to so many articles afterwards, and the first page asked for again.
"""

import argparse
import json
import math
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from archive import Archive  # noqa: E402
from archive.search.fold import fold  # noqa: E402
from archive.search.index import TRIGGERS, reindex  # noqa: E402
from archive.search.language import parse_query  # noqa: E402
from archive.search.page import EXACT  # noqa: E402
from archive.search.query import count, search  # noqa: E402
from archive.search.ranking import Texts, weigh  # noqa: E402
from archive.search.sql import make_plan  # noqa: E402
from tests.searched import matching_ids  # noqa: E402

INSERT = (
    "INSERT INTO article (site, key, url, title, body, published_on, content_sha256, first_seen_at, last_seen_at,"
    " last_look_at) VALUES ('b', ?, 'http://x.example/' || ?, ?, ?, ?, ?, '', '', '')"
)

Row = tuple[str, str, str]
"""(title, body, day)."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--grow", type=int, default=0)
    asked = parser.parse_args()
    random = Random(20260101)
    rows = _rows(asked.texts, asked.rows, random)
    text_bytes = sum(len(text.encode()) for title, body, _ in rows for text in (title, body))
    print(f"{len(rows)} articles, {text_bytes / 1e6:.0f} MB of text, SQLite {sqlite3.sqlite_version}")
    with tempfile.TemporaryDirectory() as folder:
        measure_loading(Path(folder), rows)
        archive = _loaded(Path(folder) / "whole.db", rows)
        queries = _queries(rows, asked.queries, random)
        measure_size(archive, text_bytes)
        measure_speed(archive, queries)
        measure_truth(archive, rows, queries)
        measure_ranking(archive, rows, queries)
        if asked.grow > len(rows):
            measure_growth(archive, rows, asked.grow, queries, random)
        archive.close()


# --- what is measured -------------------------------------------------------------------------------------


def measure_loading(folder: Path, rows: Sequence[Row]) -> None:
    """Rows a second through the triggers and in bulk, beside a trigram index over the same table."""
    part = rows[:20_000]
    with Archive.open(folder / "triggers.db") as archive:
        ours = len(part) / _seconds(lambda: _insert(archive, part))
    with Archive.open(folder / "bulk.db") as archive:
        _drop_triggers(archive)
        _insert(archive, part)
        bulk = len(part) / _seconds(lambda: reindex(archive.connection))
    theirs, build = [], []
    for with_triggers in (True, False):
        connection = sqlite3.connect(folder / f"trigram{with_triggers}.db")
        connection.execute("CREATE TABLE article (id INTEGER PRIMARY KEY, title TEXT, body TEXT)")
        connection.execute(
            "CREATE VIRTUAL TABLE f USING fts5(title, body, content='article', content_rowid='id', tokenize='trigram')"
        )
        if with_triggers:
            connection.execute(
                "CREATE TRIGGER ai AFTER INSERT ON article BEGIN"
                " INSERT INTO f(rowid, title, body) VALUES (new.id, new.title, new.body); END"
            )
        pairs = [(title, body) for title, body, _ in part]
        sql = "INSERT INTO article (title, body) VALUES (?, ?)"
        seconds = _seconds(lambda c=connection, p=pairs, s=sql: (c.executemany(s, p), c.commit()))
        theirs.append(len(part) / seconds)
        if not with_triggers:
            seconds = _seconds(
                lambda c=connection: (c.execute("INSERT INTO f(f) VALUES ('rebuild')"), c.commit())
            )
            build.append(len(part) / seconds)
        connection.close()
    print(
        f"load through triggers: {ours:.0f} rows/s = {ours / theirs[0]:.2f} x trigram's {theirs[0]:.0f}  (bar 0.9)"
    )
    print(
        f"bulk build of the index: {bulk:.0f} rows/s = {bulk / build[0]:.1f} x trigram's {build[0]:.0f}  (bar 4)"
    )


def measure_size(archive: Archive, text_bytes: int) -> None:
    """Bytes of the index after ``optimize``, against the text's."""
    try:
        sql = "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'article_fts%' OR name LIKE 'sqlite_autoindex_article_fts_%'"
        index = archive.connection.execute(sql).fetchone()[0]
    except sqlite3.OperationalError:  # no dbstat in this SQLite: the blocks themselves
        index = archive.connection.execute(
            "SELECT (SELECT sum(length(block)) FROM article_fts_data)"
            " + (SELECT sum(length(block)) FROM article_fts_title_data)"
        ).fetchone()[0]
    print(
        f"index, that of titles with it: {index / 1e6:.1f} MB = {index / text_bytes:.2f} x the text  (bar 0.90)"
    )


def measure_speed(archive: Archive, queries: Sequence[str]) -> None:
    """CPU of the first page and of the count, by kind of query, against LIKE."""
    execute = archive.connection.execute
    scan = _scan(archive, queries)
    view = "SELECT 题名, 发布日期, 摘录 FROM 检索 WHERE 词 = json_quote(?) LIMIT 20"
    ways: dict[str, Callable[[str], Any]] = {
        "top 20 with snippet, Python": lambda query: search(archive.connection, query, limit=20),
        "top 20 with snippet, view": lambda query: execute(view, (query,)).fetchall(),
        "exact count, Python": lambda query: count(archive.connection, query),
        "exact count, view": lambda query: execute(
            "SELECT count(*) FROM 检索编号 WHERE 词 = json_quote(?)", (query,)
        ).fetchall(),
        "newest 20, Python": lambda query: search(archive.connection, query, limit=20, order="新"),
        "floor, the index alone": lambda query: _floor(archive, query),
    }
    for name, ask in ways.items():
        for kind, those in {
            "": queries,
            ", one character": [query for query in queries if len(query) == 1],
            ", two characters": [query for query in queries if len(query) == 2],
        }.items():
            _print_ratios(f"{name}{kind}", ask, those, scan)
    print("(CPU; bars at 100,000: first 20 p50 .020, p95 .065, worst .15; count p95 .04; newest 20 p95 .08)")


def measure_growth(
    archive: Archive, rows: Sequence[Row], wanted: int, queries: Sequence[str], random: Random
) -> None:
    """The first page again when the archive has grown: its ratio may become half as much again."""
    before = _print_ratios(
        "first 20, before", lambda q: search(archive.connection, q), queries, _scan(archive, queries)
    )
    triggers = _drop_triggers(archive)
    more = (
        _row(number, *text)
        for number, text in enumerate(islice(_mixed(rows, random), wanted - len(rows)), len(rows))
    )
    _insert(archive, more, len(rows) + 1)
    reindex(archive.connection)
    for sql in triggers:
        archive.connection.execute(sql)
    archive.commit()
    print(f"grown to {wanted} articles, a file of {archive.path.stat().st_size / 1e9:.1f} GB")
    scan = _scan(archive, queries)
    _print_ratios("floor, the index alone, grown", lambda q: _floor(archive, q), queries, scan)
    after = _print_ratios("first 20, grown", lambda q: search(archive.connection, q), queries, scan)
    print(f"p50 at {wanted} / p50 at {len(rows)}: {after / before:.2f}  (bar 1.5)")


def _scan(archive: Archive, queries: Sequence[str]) -> float:
    """Return the milliseconds of the median LIKE scan."""
    sql = "SELECT count(*) FROM article WHERE body LIKE ? OR title LIKE ?"
    single = [query for query in queries if " " not in query][:15]
    scan = statistics.median(
        _ms(lambda q=query: archive.connection.execute(sql, (f"%{q}%",) * 2).fetchall()) for query in single
    )
    print(f"LIKE scan: median {scan:.1f} ms")
    return scan


def _floor(archive: Archive, query: str) -> object:
    """Count with the index alone, without a table beside it."""
    match = make_plan(archive.connection, query).match
    sql = "SELECT count(*) FROM article_fts WHERE article_fts MATCH ?"
    return archive.connection.execute(sql, (match,)).fetchone()


def _print_ratios(name: str, ask: Callable[[str], Any], queries: Sequence[str], scan: float) -> float:
    """Print what queries cost against a LIKE scan; return the median."""
    times = sorted(_ms(lambda q=query: ask(q)) / scan for query in queries) or [math.nan]
    p50, p95 = statistics.median(times), times[int(len(times) * 0.95)]
    print(f"{name}: p50 {p50:.3f}, p95 {p95:.3f}, worst {times[-1]:.3f} x LIKE", flush=True)
    return p50


def measure_truth(archive: Archive, rows: Sequence[Row], queries: Sequence[str]) -> None:
    """Every hit and no false one, against a scan of the folded texts."""
    folded = [(fold(title), fold(body)) for title, body, _ in rows]
    execute = archive.connection.execute
    missed = wrong = view_wrong = total = 0
    for query in queries:
        words = query.split()
        wanted = [fold(word) for word in words if not word.startswith("-")]
        unwanted = [fold(word[1:]) for word in words if word.startswith("-")]
        truth = {
            number
            for number, texts in enumerate(folded, 1)
            if all(any(word in text for text in texts) for word in wanted)
            and not any(word in text for word in unwanted for text in texts)
        }
        found = set(matching_ids(archive.connection, query))
        missed, wrong, total = missed + len(truth - found), wrong + len(found - truth), total + len(truth)
        if not unwanted:
            rows_of_view = execute("SELECT 编号 FROM 检索编号 WHERE 词 = json_quote(?)", (query,))
            view_wrong += len(truth ^ {row[0] for row in rows_of_view})
    print(
        f"{len(queries)} queries, {total} true hits: {missed} missed, {wrong} wrong; through the view {view_wrong} differ"
    )


def measure_ranking(archive: Archive, rows: Sequence[Row], queries: Sequence[str]) -> None:
    """Whether few hits are in the order of all their weights, and titles before texts where there are many."""
    exact = few = first = many = 0
    for query in [query for query in queries if "-" not in query][:60]:
        clauses = [(term,) for term in parse_query(query).terms]
        numbers = matching_ids(archive.connection, query)
        found = [hit.article_id for hit in search(archive.connection, query, limit=20).hits]
        texts = {n: Texts(rows[n - 1][0], "", "", rows[n - 1][1], "", rows[n - 1][2]) for n in numbers}
        in_title = {n for n in numbers if all(term.text in fold(texts[n].title) for (term,) in clauses)}
        if len(numbers) <= EXACT:
            few += 1
            weights = dict(zip(texts, weigh(clauses, list(texts.values())), strict=True))
            exact += (
                found
                == sorted(texts, key=lambda n: (weights[n], texts[n].published_on, n), reverse=True)[:20]
            )
        else:
            many += 1
            shown = [n in in_title for n in found]
            first += shown == sorted(shown, reverse=True) and sum(shown) == min(len(found), len(in_title))
    print(
        f"ranking: {exact} of {few} queries of at most {EXACT} hits in the order of all weights,"
        f" {first} of {many} others with the titles first; its worth: benchmarks/judged_ranking.py"
    )


# --- rows and queries ------------------------------------------------------------------------------------


def _rows(path: Path | None, wanted: int, random: Random) -> list[Row]:
    rows = [_row(number, *text) for number, text in enumerate(islice(_texts(path, random), wanted))]
    more = islice(_mixed(rows, random), wanted - len(rows))
    return rows + [_row(number, *text) for number, text in enumerate(more, len(rows))]


def _mixed(rows: Sequence[Row], random: Random) -> Iterator[tuple[str, str]]:
    """Yield (title, body) without end, of the paragraphs of these rows."""
    paragraphs = [paragraph for _, body, _ in rows for paragraph in body.split("\n") if len(paragraph) > 20]
    while True:
        body = random.sample(paragraphs, k=min(len(paragraphs), random.randrange(2, 12)))
        yield body[0][:24], "\n".join(body)


def _row(number: int, title: str, body: str) -> Row:
    return title, body, f"{2015 + number % 10}-{1 + number % 12:02}-{1 + number % 28:02}"


def _texts(path: Path | None, random: Random) -> Iterator[tuple[str, str]]:
    if path is None:
        words = [
            "".join(chr(random.randrange(0x4E00, 0x5E00)) for _ in range(random.randrange(1, 4)))
            for _ in range(20_000)
        ]
        for _ in range(2_000):
            body = ["，".join(random.choices(words, k=40)) + "。" for _ in range(6)]
            yield "".join(random.choices(words, k=5)), "\n".join(body)
        return
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            item = json.loads(line)
            body = item.get("body") or item.get("text") or item.get("content") or ""
            yield item.get("title") or body[:20], body if isinstance(body, str) else "\n".join(body)


def _queries(rows: Sequence[Row], wanted: int, random: Random) -> list[str]:
    """Return parts of the texts of 1 to 10 characters, Latin and digits among them, and two or three of them."""
    found: list[str] = []
    while len(found) < wanted:
        body = random.choice(rows)[1]
        if len(body) < 30:
            continue
        kind = random.randrange(10)

        def part(text: str, length: int) -> str:
            start = random.randrange(len(text) - length)
            return text[start : start + length]

        if kind < 6:
            query = part(body, (1, 2, 2, 3, 4, random.choice((6, 10)))[kind])
        elif kind == 6:
            latin = [place for place, char in enumerate(body) if char.isascii() and char.isalnum()]
            if not latin:
                continue
            start = max(0, random.choice(latin) - 1)
            query = body[start : start + random.randrange(2, 6)]
        else:
            other = random.choice(rows)[1] if kind == 9 else body
            query = " ".join(part(text, 2) for text in (body, body, other)[: 2 + (kind == 8)])
            query += f" -{part(other, 2)}" if kind == 9 and len(other) > 30 else ""
        words = query.split()
        plain = all(
            fold(w.removeprefix("-"))
            and not set(w.removeprefix("-")) & set('":：“”「」＂-－−')
            and w not in ("OR", "ＯＲ")
            for w in words
        )
        if words and plain and (kind > 6 or len(words) == 1):
            found.append(" ".join(words))
    return found


def _loaded(path: Path, rows: Sequence[Row]) -> Archive:
    archive = Archive.open(path)
    triggers = _drop_triggers(archive)
    _insert(archive, rows)
    reindex(archive.connection)
    for sql in triggers:
        archive.connection.execute(sql)
    archive.commit()
    return archive


def _drop_triggers(archive: Archive) -> list[str]:
    names = ", ".join(f"'{name}'" for name in TRIGGERS)
    sql = f"SELECT name, sql FROM sqlite_master WHERE name IN ({names})"
    found = archive.connection.execute(sql).fetchall()
    for name, _ in found:
        archive.connection.execute(f"DROP TRIGGER {name}")
    return [statement for _, statement in found]


def _insert(archive: Archive, rows: Iterable[Row], first: int = 1) -> None:
    archive.connection.executemany(
        INSERT,
        ((str(n), str(n), title, body, day, "0" * 64) for n, (title, body, day) in enumerate(rows, first)),
    )
    archive.commit()


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _ms(work: Callable[[], object]) -> float:
    """Return the milliseconds of CPU that something takes: other programs' load is no part of them."""
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


if __name__ == "__main__":
    main()
