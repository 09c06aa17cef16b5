"""The reading room under load: 50 readers while a crawl writes, on a large archive.

    python benchmarks/room.py [--texts FILE.jsonl] [--rows 100000] [--readers 50] [--pages 20] [--think 5.0]

Each reader asks for a page, reads it for ``--think`` seconds on average, and goes on; half the pages are articles,
the rest searches with facets and lists.  Prints the server's own time (Server-Timing) and the whole time by kind of
page, errors, and whether the counts shown are those of a scan with ``instr()``.
"""

import argparse
import http.client
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from random import Random
from urllib.parse import quote

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from archive import Archive  # noqa: E402
from archive.search.fold import fold  # noqa: E402
from archive.store.articles import save_article  # noqa: E402
from archive.store.crawls import begin_crawl  # noqa: E402
from benchmarks.search import _loaded, _rows  # noqa: E402
from tests.conftest import ARTICLE  # noqa: E402

BARS = {"article": 100.0, "search": 250.0}
"""Kind of page → milliseconds of server time that 95 of 100 may take."""
SECTIONS = ("要闻", "基层", "乡村", "文旅", "民生", "专题", "视频", "公告")
SOURCES = ("云汀融媒", "云汀日报", "省报", "三江晚报", "")
NAMES = ("闻小满", "苏木", "何田田", "程远舟", "陆星野", "罗一禾", "邵青林", "纪朗", "卫青禾", "乔安")


def main() -> int:
    """Measure and print; return how many bars were missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--think", type=float, default=5.0)
    asked = parser.parse_args()
    random = Random(20260102)
    rows = _rows(asked.texts, asked.rows, random)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "room.db"
        archive = _loaded(path, rows)
        _furnish(archive)
        archive.close()
        words = _words(rows, random)
        command = [
            sys.executable,
            "-m",
            "zhijiang_spider.cli",
            "serve",
            "--port",
            "0",
            "--archive",
            str(path),
        ]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            found = re.search(r"127\.0\.0\.1:\d+", server.stdout.readline())
            assert found is not None
            try:
                wrong = _truth(found[0], path, words, random)
                missed = _load(found[0], path, words, asked, random)
            finally:
                server.terminate()
    return missed + wrong


def _furnish(archive: Archive) -> None:
    """Give the articles what a real archive has: sections, sources, credits, versions."""
    execute, many = archive.connection.execute, archive.connection.executemany
    begin_crawl(archive, "b", software="benchmark", options={})
    archive.begin()
    ids = [i for (i,) in execute("SELECT article_id FROM article")]
    many(
        "UPDATE article SET section = ?, source = ?, site = 'b' WHERE article_id = ?",
        ((SECTIONS[i % 8], SOURCES[i % 5], i) for i in ids),
    )
    roles = ("记者", "编辑", "一审", "二审", "三审")
    many(
        "INSERT INTO credit (article_id, seq, label, role, name, position) VALUES (?, ?, ?, ?, ?, '文末')",
        (
            (i, seq, role, role, NAMES[(i * 7 + seq * 3) % 10])
            for i in ids
            for seq, role in enumerate(roles, 1)
        ),
    )
    execute(
        "INSERT INTO article_version (article_id, number, crawl_id, seen_at, title, kicker, subtitle, section,"
        " published_raw, source, body, credit_line, credits, images, content_sha256)"
        " SELECT article_id, 1, 1, '2024-01-01T00:00:00Z', title, '', '', section, '', source, body, credit_line,"
        " '[]', '[]', content_sha256 FROM article"
    )
    archive.commit()
    execute("ANALYZE")


def _words(rows: list[tuple[str, str, str]], random: Random) -> dict[int, list[str]]:
    """Return words of 1, 2, 3 and 5 characters out of the texts."""
    words: dict[int, list[str]] = {}
    for length in (1, 2, 3, 5):
        found: list[str] = []
        while len(found) < 40:
            body = random.choice(rows)[1]
            start = random.randrange(max(1, len(body) - length))
            word = body[start : start + length]
            if len(word) == length and all("\u4e00" <= c <= "\u9fff" for c in word):
                found.append(word)
        words[length] = found
    return words


def _truth(host: str, path: Path, words: dict[int, list[str]], random: Random) -> int:
    """Compare the counts that pages show with a scan; return how many differ."""
    connection = sqlite3.connect(path)
    texts = [
        tuple(map(fold, row)) for row in connection.execute("SELECT title, body, credit_line FROM article")
    ]
    connection.close()
    wrong = 0
    asked = [word for group in words.values() for word in group[:5]]
    asked += [f"{random.choice(words[2])} {random.choice(words[3])}" for _ in range(5)]
    for query in asked:
        terms = query.split()
        total = sum(all(any(term in field for field in text) for term in terms) for text in texts)
        page, _, _ = _get(host, f"/?q={quote(query)}")
        shown = re.search(r"：(\d+) 篇</h1>", page)
        wrong += shown is None or int(shown[1]) != total
    print(f"{len(asked)} counts compared with a scan: {wrong} differ")
    return wrong


def _get(host: str, address: str) -> tuple[str, float, float]:
    """Return the page, the server's own milliseconds and the whole ones.  Raises ``OSError``, ``AssertionError``."""
    connection = http.client.HTTPConnection(host, timeout=60)
    started = time.perf_counter()
    try:
        connection.request("GET", address)
        answer = connection.getresponse()
        body = answer.read().decode()
        whole = (time.perf_counter() - started) * 1000
        assert answer.status == 200, f"{address}: {answer.status}"
        own = re.search(r"dur=([\d.]+)", answer.getheader("Server-Timing") or "")
        return body, float(own[1]) if own else 0.0, whole
    finally:
        connection.close()


def _load(
    host: str, path: Path, words: dict[int, list[str]], asked: argparse.Namespace, random: Random
) -> int:
    times: dict[str, list[tuple[float, float]]] = defaultdict(list)
    errors: list[str] = []
    over = threading.Event()
    saved = [0]

    def read(seed: int) -> None:
        own = Random(seed)
        time.sleep(own.uniform(0, asked.think))
        for _ in range(asked.pages):
            kind, address = _choice(own, words, asked.rows)
            try:
                _, server, whole = _get(host, address)
                times[kind].append((server, whole))
            except (OSError, AssertionError, http.client.HTTPException) as error:
                errors.append(f"{address}: {error}")
            time.sleep(own.expovariate(1 / asked.think))

    def write() -> None:
        with Archive.open(path) as archive:
            while not over.wait(0.5):  # faster than a polite crawl, which waits seconds between two pages
                archive.begin()
                saved[0] += 1
                save_article(archive, replace(ARTICLE, site="b", key=f"w{saved[0]}"), 1)
                archive.commit()

    writer = threading.Thread(target=write)
    writer.start()
    with ThreadPoolExecutor(asked.readers) as readers:
        for seed in range(asked.readers):
            readers.submit(read, random.randrange(10**9) + seed)
    over.set()
    writer.join()
    total = sum(map(len, times.values()))
    print(
        f"{asked.readers} readers, a page about every {asked.think:g} s, {total} pages; {saved[0]} articles saved meanwhile;"
        f" {len(errors)} errors {errors[:2]}"
    )
    missed = len(errors)
    for kind, measured in sorted(times.items()):
        server, whole = (sorted(column) for column in zip(*measured, strict=True))
        p95 = server[int(len(server) * 0.95)]
        missed += p95 > BARS.get(kind, 1e9)
        print(
            f"{kind:8} {len(server):5} pages: server p50 {statistics.median(server):.0f} ms, p95 {p95:.0f} ms"
            f" (bar {BARS.get(kind, 0):.0f}); whole p95 {whole[int(len(whole) * 0.95)]:.0f} ms"
        )
    return missed


def _choice(random: Random, words: dict[int, list[str]], rows: int) -> tuple[str, str]:
    """Return (kind, address) of the next page a reader asks for."""
    dice = random.random()
    if dice < 0.5:
        return "article", f"/a/{random.randrange(1, rows + 1)}"
    if dice < 0.85:
        query = random.choice(words[random.choice((2, 2, 2, 3, 3, 5, 1))])
        if random.random() < 0.3:
            query += f" {random.choice(words[2])}"
        return "search", f"/?q={quote(query)}"
    lists = ("/", "/changes", f"/section/{quote(SECTIONS[0])}", f"/n/{quote(NAMES[0])}", "/n", "/coverage")
    return "list", random.choice(lists)


if __name__ == "__main__":
    sys.exit(main() > 0)
