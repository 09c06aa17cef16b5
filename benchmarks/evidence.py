"""What evidence costs: the same crawl with and without WARC files, side by side.

    python benchmarks/evidence.py [--articles 600] [--rounds 3]

A site of invented articles on a loopback server in a process of its own; each crawl is a process of its own.
The figure is the ratio of pages a second, with over without, of the median of the rounds.
"""

import argparse
import json
import multiprocessing
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any, TypeVar

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.samples import SAMPLES  # noqa: E402
from tests.templates import LIST_TEMPLATES, TEMPLATES, Entry  # noqa: E402

_Result = TypeVar("_Result")

PER_PAGE = 20
TEMPLATE, LISTING = TEMPLATES[0], LIST_TEMPLATES[0]

CRAWL = """
import json, resource, sys, time
from pathlib import Path
from zhijiang_spider.crawl import run
from zhijiang_spider.crawl.options import CrawlOptions
from zhijiang_spider.sites.site import parse_site
data, archive, warc = json.loads(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] == "warc"
settings = {"ZHIJIANG_WARC": warc, "CONCURRENT_REQUESTS": 32, "CONCURRENT_REQUESTS_PER_DOMAIN": 32,
            "AUTOTHROTTLE_ENABLED": False}
start = time.monotonic()
verdict = run.crawl(parse_site(data, "benchmark"), archive, CrawlOptions(media="none"), settings=settings)
assert verdict.complete, verdict
print(verdict.pages / (time.monotonic() - start), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def pages(articles: int) -> dict[str, bytes]:
    """Return path → page of a site with so many articles, 20 to 60 kB each as on real sites."""
    random = Random(1)
    sample = SAMPLES[0]
    found: dict[str, bytes] = {"/robots.txt": b"User-agent: *\nDisallow:\n"}
    for number in range(1, articles + 1):
        named = replace(sample, title=f"云汀县第{number}号新闻")
        page = TEMPLATE.render(named, "")
        noise = "".join(chr(random.randrange(0x4E00, 0x9FA5)) for _ in range(random.randrange(2_000, 8_000)))
        script = f"<script>var related = '{noise}'</script>".encode()
        page = page.encode() if isinstance(page, str) else page
        found[TEMPLATE.path.format(id=number)] = page.replace(b"</body>", script * 2 + b"</body>")
    last = (articles + PER_PAGE - 1) // PER_PAGE
    for number in range(1, last + 1):
        numbers = range((number - 1) * PER_PAGE + 1, min(number * PER_PAGE, articles) + 1)
        entries = [Entry(TEMPLATE.path.format(id=n), f"云汀县第{n}号新闻", "2024-01-16") for n in numbers]
        listing = LISTING.render("要闻", "101", entries, number, last)
        found[LISTING.path("101", number, last)] = listing.encode() if isinstance(listing, str) else listing
    return found


def serve(articles: int, port: Any) -> None:
    """Serve the site until the process is ended."""
    site = pages(articles)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = site.get(self.path)
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_args: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    port.put(server.server_port)
    server.serve_forever()


def main() -> None:
    """Run the rounds and print the ratio."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--memory", action="store_true", help="only with WARC; compare this and ten times as many articles"
    )
    asked = parser.parse_args()
    if asked.memory:
        peaks = [
            with_server(n, lambda profile: crawl(profile, "warc"))[1]
            for n in (asked.articles, asked.articles * 10)
        ]
        print(
            f"peak memory: {peaks[0]:.0f} MB at {asked.articles} articles, {peaks[1]:.0f} MB at ten times as many"
        )
        return
    speeds: dict[str, list[float]] = {"none": [], "warc": []}

    def rounds(profile: dict[str, Any]) -> None:
        for _ in range(asked.rounds):
            for kind, found in speeds.items():
                found.append(crawl(profile, kind)[0])

    with_server(asked.articles, rounds)
    without, with_evidence = (statistics.median(speeds[kind]) for kind in ("none", "warc"))
    print(
        f"pages a second: without WARC {without:.0f}, with {with_evidence:.0f}; ratio {with_evidence / without:.2f}"
    )


def with_server(articles: int, work: Callable[[dict[str, Any]], _Result]) -> _Result:
    """Serve a site of so many articles while some work is done with its profile."""
    port: Any = multiprocessing.Queue()
    server = multiprocessing.Process(target=serve, args=(articles, port), daemon=True)
    server.start()
    base = f"http://127.0.0.1:{port.get(timeout=120)}"
    try:
        return work(
            {
                "name": "benchmark",
                "hosts": [base.removeprefix("http://")],
                "start_urls": [base + LISTING.path("101", 1, 2)],
                "article_url": TEMPLATE.article_url,
                "section_url": LISTING.section_url,
                "politeness": {"delay": 0, "max_pages": 10_000},
            }
        )
    finally:
        server.terminate()
        server.join(10)


def crawl(profile: dict[str, Any], kind: str) -> tuple[float, float]:
    """Run one crawl in a process of its own; return pages a second, and its peak memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "bench.db"
        done = subprocess.run(
            [sys.executable, "-c", CRAWL, json.dumps(profile), str(archive), kind],
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=False,
        )
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)
        connection = sqlite3.connect(archive)
        articles, captures = connection.execute(
            "SELECT (SELECT count(*) FROM article), (SELECT count(warc_id) FROM capture)"
        ).fetchone()
        connection.close()
        assert articles
        assert (captures > 0) == (kind == "warc")
        speed, peak = map(float, done.stdout.split())
        return speed, peak


if __name__ == "__main__":
    started = time.monotonic()
    main()
    print(f"({time.monotonic() - started:.0f} s)")
