"""How fast and how lean a large archive goes to CSV, beside the bare csv module over a bare cursor; the other formats.

    python benchmarks/export.py [--articles 1000000] [--formats csv,xlsx,jsonl,parquet,wacz]

Both sides run the same query (the view 文章 in the order of its numbers) in processes of their own.  The
bare side writes what comes as it comes; ours also guards against formulas, cuts and counts.
Memory is the highest resident size over that before the export began, as Linux tells it.  For WACZ every article has
a version and its page as a capture in WARC files.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive import Archive, Role
from archive.evidence.warc_writer import Exchange
from archive.model.crawl import CaptureType
from archive.store.captures import begin_warc, end_warc, save_capture

WORDS = [
    "云汀县",
    "柑橘",
    "开园",
    "今年",
    "预计",
    "产量",
    "三万",
    "吨",
    "果农",
    "采摘",
    "合作社",
    "冷链",
    "物流",
    "水利",
    "公路",
    "学校",
    "医院",
    "社区",
    "服务",
    "会议",
]
NAMES = ("闻小满", "苏木", "乔安", "纪朗", "卫青禾", "何田田", "陆星野", "罗一禾")
MEMORY = 100
"""MB over idle, of every format."""
RATIO = 0.7

_MEASURED = """
import json, sys, time
from pathlib import Path
{setup}

def peak():  # ru_maxrss would tell the parent's, if that was higher
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024

idle = peak()
started = time.perf_counter()
{work}
print(json.dumps({{"rows": rows, "seconds": time.perf_counter() - started, "megabytes": peak() - idle}}))
"""
_BARE = (
    "import csv, sqlite3\narchive, out = sys.argv[1:]",
    """
connection = sqlite3.connect(archive)
cursor = connection.execute('SELECT * FROM "文章" ORDER BY 编号')
with open(out, "x", encoding="utf-8", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(column[0] for column in cursor.description)
    rows = 0
    for row in cursor:
        writer.writerow(row)
        rows += 1
""",
)
_OURS = (
    "from archive.export import Selection, known_formats, read_articles\nfrom archive.plugins import load\narchive, out, name = sys.argv[1:]",
    """
with read_articles(Path(archive), Selection()) as articles:
    rows = load(known_formats()[name].value.write)(articles, Path(out))
""",
)


def main() -> int:
    """Print the figures; return how many bars were missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument(
        "--rounds", type=int, default=2, help="of both sides, in turn; the best of each counts"
    )
    parser.add_argument("--formats", default="csv", help="csv,xlsx,jsonl,parquet,wacz: the first is compared")
    options = parser.parse_args()
    formats = options.formats.split(",")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        started = time.perf_counter()
        _make(folder / "a.db", options.articles)
        if "wacz" in formats:
            _keep_pages(folder / "a.db")
        size = (folder / "a.db").stat().st_size / 1e6
        print(f"{options.articles:,} articles, {size:,.0f} MB, made in {time.perf_counter() - started:.0f} s")
        sides: dict[str, list[dict[str, Any]]] = {"bare": [], "ours": []}
        for _ in range(options.rounds):
            sides["bare"].append(_run(_BARE, folder))
            sides["ours"].append(_run(_OURS, folder, "csv"))
        best = {side: max(runs, key=_speed) for side, runs in sides.items()}
        for side, run in best.items():
            print(f"{side:8} {_speed(run):10,.0f} rows/s  {run['megabytes']:6.0f} MB over idle")
        ratio = _speed(best["ours"]) / _speed(best["bare"])
        memory = max(run["megabytes"] for run in sides["ours"])
        print(f"ours / bare: {ratio:.2f} (bar {RATIO});  memory: {memory:.0f} MB (bar {MEMORY})")
        missed = (ratio < RATIO) + (memory > MEMORY)
        for other in formats[1:]:
            run = _run(_OURS, folder, other)
            missed += run["megabytes"] > MEMORY
            print(f"{other:8} {_speed(run):10,.0f} rows/s  {run['megabytes']:6.0f} MB over idle", flush=True)
    return missed


def _speed(run: dict[str, Any]) -> float:
    return float(run["rows"] / run["seconds"])


def _run(side: tuple[str, str], folder: Path, *arguments: str) -> dict[str, Any]:
    out = folder / "out"
    setup, work = side
    code = _MEASURED.format(setup=setup, work=work)
    command = [sys.executable, "-c", code, folder / "a.db", out, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    out.unlink()
    return dict(json.loads(done.stdout))


def _make(path: Path, articles: int) -> None:
    """Make an archive of articles with texts and credits, without the search index, which no export reads."""
    with Archive.open(path) as archive:
        execute, many = archive.connection.execute, archive.connection.executemany
        for trigger in ("insert", "delete", "update_old", "update_new"):
            execute(f"DROP TRIGGER article_fts_{trigger}")
        archive.begin()
        columns = "article_id, site, key, url, title, section, published_on, source, body, credit_line, content_sha256"
        many(
            f"INSERT INTO article ({columns}, first_seen_at, last_seen_at, last_look_at)"
            " VALUES (?, 'yunting', ?, ?, ?, ?, ?, '云汀融媒', ?, ?, ?, ?, ?, ?)",
            _articles(articles),
        )
        roles = (Role.REPORTER, Role.EDITOR, Role.FIRST_REVIEW, Role.SECOND_REVIEW, Role.THIRD_REVIEW)
        many(
            "INSERT INTO credit (article_id, seq, label, role, name, position) VALUES (?, ?, ?, ?, ?, '文末')",
            (
                (number, seq, role, role, NAMES[(number + seq) % len(NAMES)])
                for number in range(1, articles + 1)
                for seq, role in enumerate(roles, 1)
            ),
        )
        execute(
            "INSERT INTO crawl (site, started_at, software) VALUES ('yunting', '2024-11-02T01:00:00Z', 'benchmark')"
        )
        many(
            "INSERT INTO section (site, slug, kind, name, url) VALUES ('yunting', ?, 'section', ?, '')",
            [("1", "要闻"), ("2", "视频"), ("3", "乡镇")],
        )
        execute(
            "INSERT INTO listing (section_id, key, url, title, page, position, first_crawl, last_crawl, first_seen_at,"
            " last_seen_at) SELECT 1 + article_id % 3, key, url, title, 1, 1, 1, 1, first_seen_at, last_seen_at FROM article"
        )
        archive.commit()


def _keep_pages(path: Path) -> None:
    """Give each article a version, and a page that it was read from."""
    with Archive.open(path) as archive:
        archive.begin()
        begin_warc(archive, "yunting", {"software": "benchmark"})
        rows = archive.connection.execute("SELECT key, url, title, body FROM article ORDER BY article_id")
        for number, (key, url, title, body) in enumerate(rows.fetchall(), 1):
            page = f"<html><title>{title}</title><h1>{title}</h1><p>{body}</p></html>".encode()
            headers = (("Content-Type", "text/html; charset=utf-8"),)
            exchange = Exchange(url, "2024-11-02T01:00:00Z", "GET", (), 200, headers, page)
            save_capture(archive, exchange, 1, capture_type=CaptureType.ARTICLE, site="yunting", key=key)
            if number % 1_000 == 0:
                archive.commit()
                archive.begin()
        end_warc(archive)
        archive.connection.execute(
            "INSERT INTO article_version (article_id, number, crawl_id, capture_id, seen_at, title, kicker, subtitle, section,"
            " published_raw, source, body, credit_line, credits, images, content_sha256) SELECT a.article_id, 1, 1,"
            " c.capture_id, a.first_seen_at, a.title, '', '', a.section, '', a.source, a.body, a.credit_line, '[]', '[]',"
            " a.content_sha256 FROM article a JOIN capture c ON c.site = a.site AND c.key = a.key"
        )
        archive.commit()


def _articles(count: int) -> Iterator[tuple[Any, ...]]:
    chance = random.Random(1)
    bodies = ["\n".join("".join(chance.choices(WORDS, k=40)) + "。" for _ in range(4)) for _ in range(1_000)]
    moment = "2024-11-02T01:00:00Z"
    for number in range(1, count + 1):
        day = f"{2010 + number % 15}-{1 + number % 12:02}-{1 + number % 28:02}"
        yield (
            number,
            str(number),
            f"http://www.yunting.example/content/show?catid=1&newsid={number}",
            f"云汀县第{number}号新闻",
            ("要闻", "视频", "乡镇")[number % 3],
            day,
            bodies[number % len(bodies)],
            "记者丨闻小满 编辑丨苏木 一审丨乔安 二审丨纪朗 三审丨卫青禾",
            f"{number:064x}",
            moment,
            moment,
            moment,
        )


if __name__ == "__main__":
    sys.exit(main() > 0)
