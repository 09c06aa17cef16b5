"""Mutated pages through the reading of articles and lists: no crash, none that takes long.

python benchmarks/fuzz.py [--pages 20000] [--seed 1]
python benchmarks/fuzz.py --stored 20000   mutated pages and answers (status, headers, codings, lengths) from a server on
                                           loopback through crawls into one archive, with check and status behind them
"""

import argparse
import gzip
import os
import random
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.samples import SAMPLES  # noqa: E402
from tests.templates import LIST_TEMPLATES, TEMPLATES, Entry  # noqa: E402
from zhijiang_spider.derive.article import ArticleParts, Refused, derive_article, read_part  # noqa: E402
from zhijiang_spider.derive.normalise import normalise_listing  # noqa: E402
from zhijiang_spider.pages import LayoutChanged, Page, extract_section_page  # noqa: E402
from zhijiang_spider.sites.site import parse_site  # noqa: E402

BASE = "http://www.yunting.example"
MOST_SECONDS = 2.0
SEEDS = (b"<div>", b"</div>", b"<table><tr><td>", b"<!--", b"-->", b"<script>", b"]]>", b"&#0;", b"&#xD800;", b"\0", b"\xff\xfe",
         "记者丨".encode(), "一审：".encode(), "（".encode(), b"2024-13-45", b"<base href='http://[::1'>", b"<a href='http://['>",
         b"<img src='data:'>", b"<p style='", b"<meta charset=utf-16>", b"</html>", b"<plaintext>", "　".encode() * 50)  # fmt: skip


def main() -> int:
    """Run the pages; return how many failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stored", type=int, default=0, help="answers to crawl into an archive")
    asked = parser.parse_args()
    if asked.stored:
        return crawl_answers(asked.stored, asked.seed)
    moments = random.Random(asked.seed)
    pages = list(_pages())
    crashed = slow = read = 0
    longest = 0.0
    for number in range(asked.pages):
        data, url, site, is_list = moments.choice(pages)
        mutated = _mutate(data, pages, moments)
        page = Page(url, mutated, fetched_at="2024-01-17T00:00:00Z")
        start = time.perf_counter()
        try:
            if is_list:
                listed = extract_section_page(page, site)
                normalise_listing(listed, site, slug="1", number=1, fetched_at=page.fetched_at)
            else:
                derive_article(ArticleParts("1", (read_part(page, site),)), site)
            read += 1
        except (LayoutChanged, Refused):
            pass
        except Exception as error:
            crashed += 1
            print(f"page {number} of seed {asked.seed}: {type(error).__name__}: {error}")
        seconds = time.perf_counter() - start
        longest = max(longest, seconds)
        slow += seconds > MOST_SECONDS
    print(
        f"{asked.pages} pages, {read} read: {crashed} crashes, {slow} over {MOST_SECONDS:g} s, the longest {longest:.2f} s"
    )
    return crashed + slow


def _pages():  # type: ignore[no-untyped-def]
    data = {"name": "fuzz", "hosts": ["www.yunting.example"], "start_urls": [f"{BASE}/"]}
    for template in TEMPLATES:
        site = parse_site(data | {"article_url": template.article_url}, "fuzz.toml")
        for sample in SAMPLES:
            page = template.render(sample, BASE)
            yield page if isinstance(page, bytes) else page.encode(), template.url(BASE), site, False
    for template in LIST_TEMPLATES:
        site = parse_site(
            data | {"article_url": r"/a/(?P<id>\d+)", "section_url": template.section_url}, "fuzz.toml"
        )
        entries = [Entry(f"/a/{n}", f"第{n}号新闻标题", "2024-01-16") for n in range(20)]
        page = template.render("要闻", "101", entries, 2, 5)
        yield (
            page if isinstance(page, bytes) else page.encode(),
            BASE + template.path("101", 2, 5),
            site,
            True,
        )


def _mutate(data: bytes, pages: list[tuple[bytes, str, object, bool]], moments: random.Random) -> bytes:
    for _ in range(moments.randrange(1, 8)):
        start = moments.randrange(len(data) + 1)
        end = min(len(data), start + moments.choice((0, 1, 3, 40, 400, 4000)))
        kind = moments.randrange(6)
        if kind == 0:
            middle = b""
        elif kind == 1:
            middle = moments.choice(SEEDS) * moments.choice((1, 2, 50, 500))
        elif kind == 2:
            middle = data[start:end] * moments.choice((2, 3, 20))
        elif kind == 3:
            other = moments.choice(pages)[0]
            place = moments.randrange(len(other))
            middle = other[place : place + moments.choice((10, 200, 3000))]
        elif kind == 4:
            middle = moments.randbytes(moments.randrange(40))
        else:
            middle = bytes(reversed(data[start:end]))
        data = data[:start] + middle + data[end:]
        data = data[:400_000]
    return data


# --- through crawl and save -----------------------------------------------------------------------------

BATCH = 500
MOST_MEMORY = 500 * 1024 * 1024
LISTS = 6
"""Mutated lists of a batch."""
COMMAND = """
import sys
from pathlib import Path
import zhijiang_spider.settings as ours
ours.DOWNLOAD_TIMEOUT, ours.RETRY_TIMES, ours.AUTOTHROTTLE_ENABLED, ours.CONCURRENT_REQUESTS_PER_DOMAIN = 3, 0, False, 4
from zhijiang_spider.cli import main
try:
    main()
finally:
    print("peak", int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) * 1024)
"""
STATUSES = (
    200,
    200,
    200,
    200,
    200,
    200,
    201,
    203,
    204,
    206,
    226,
    300,
    301,
    302,
    304,
    308,
    400,
    404,
    410,
    500,
    503,
    599,
    999,
)
"""None with which sites refuse a crawl: it would stop."""
LINES = (b"Content-Encoding: gzip", b"Content-Encoding: deflate", b"Content-Encoding: gzip, deflate", b"Content-Encoding: br",
         b"Content-Encoding: x", b"Content-Range: bytes 0-9/10", b"Location: /a/1", b"Location: http://[", b"Location: /a/2?x=%ff\xe4\xba",
         b"Content-Type: text/html; charset=gb18030", b"Content-Type: text/html; charset=utf-16", b"Content-Type: image/png",
         b"Content-Type: ", b"Refresh: 0; url=/a/3", b"Set-Cookie: a=b; Domain=.example; Expires=yesterday", b"ETag: \"\xff\"",
         b"Last-Modified: \xd4\xc6", b"Date: Thu, 01 Jan 2099 00:00:00 GMT", b"X: \0", b"X: " + b"y" * 9000, b" folded",
         b"nonsense", b": nameless", b"Transfer-Encoding: chunked", b"Content-Length: -1", b"Content-Length: 10", b"Retry-After: 9")  # fmt: skip


def crawl_answers(count: int, seed: int) -> int:
    """Send so many answers through crawls, half of them over articles that are archived; return how many faults."""
    moments, pages = random.Random(seed), list(_pages())
    faults, peak, sent = [], 0, 0
    with TemporaryDirectory() as folder:
        archive = Path(folder, "fuzz.db")
        answers: dict[str, bytes] = {}
        host, sent_of = _serve(answers)
        profile = Path(folder, "fuzz.toml")
        profile.write_text(
            f"""name = "fuzz"
hosts = ["{host}"]
start_urls = ["http://{host}/list/0"]
article_url = '/a/(?P<id>\\d+)'
section_url = '/list/(?P<id>\\d+)'
politeness = {{ delay = 0 }}
""",
            encoding="utf-8",
        )
        number = 0
        while sent < count:
            again = number % 2
            for key in range(1 + BATCH * (number // 2), 1 + BATCH * (number // 2 + 1)):
                answers[f"/a/{key}"] = _answer(moments.choice(pages)[0], pages, moments, mild=not again)
            _put_lists(answers, number // 2, pages, moments)
            said = _run("crawl", *(["--full"] if again else []), "--site", profile, "--archive", archive)
            peak = max(peak, _peak(said))
            if "Traceback" in said or "inside the program" in said:
                faults.append(f"batch {number} of seed {seed}: {said}")
            number, sent = number + 1, sent_of()
        with closing(sqlite3.connect(archive)) as rows:
            kept = [
                rows.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in ("article", "article_version", "failure", "capture")
            ]
        for command in ("check", "status"):
            said = _run(command, "--archive", archive)
            peak = max(peak, _peak(said))
            wrong = [
                line for line in said.splitlines() if line.startswith("fault") and "last crawl" not in line
            ]
            if wrong or "Traceback" in said:
                faults.append(f"{command}: {said[-3000:]}")
    if peak > MOST_MEMORY:
        faults.append(f"a command took {peak >> 20} MB")
    print(*faults, sep="\n")
    print(
        f"{sent} answers in {number} crawls: {kept[0]} articles with {kept[1]} versions, {kept[2]} failures,"
        f" {kept[3]} captures, at most {peak >> 20} MB: {len(faults)} faults"
    )
    return len(faults)


def _put_lists(answers: dict[str, bytes], batch: int, pages: list[Any], moments: random.Random) -> None:
    keys = range(1 + BATCH * batch, 1 + BATCH * (batch + 1))
    links = "".join(f'<li><a href="/a/{key}">第{key}号新闻标题</a> 2024-01-16</li>' for key in keys)
    slugs = range(1 + LISTS * batch, 1 + LISTS * (batch + 1))
    sections = "".join(f'<a href="/list/{slug}">栏目{slug}</a>' for slug in slugs)
    answers["/list/0"] = _head(200) + f"<title>要闻</title><ul>{links}</ul>{sections}".encode()
    lists = [page for page in pages if page[3]]
    for slug in slugs:
        answers[f"/list/{slug}"] = _answer(moments.choice(lists)[0], pages, moments, mild=False)


def _head(status: int, *lines: bytes) -> bytes:
    fixed = (b"Content-Type: text/html; charset=utf-8", b"Connection: close")
    return b"".join(line + b"\r\n" for line in (b"HTTP/1.1 %d X" % status, *fixed, *lines)) + b"\r\n"


def _answer(page: bytes, pages: list[Any], moments: random.Random, *, mild: bool) -> bytes:
    """Return an answer: page, headers or both are mutated, or (mild) often neither."""
    body, lines = page, []
    if moments.random() < (0.5 if mild else 0.8):
        body = _mutate(body, pages, moments)
    if moments.random() < 0.3:
        body = gzip.compress(body)
        lines.append(b"Content-Encoding: gzip")
        if moments.random() < 0.5:
            body = body[: moments.randrange(len(body))]
    if moments.random() < 0.3:
        lines += moments.sample(LINES, moments.randrange(1, 4))
    head = _head(moments.choice(STATUSES) if moments.random() < 0.3 else 200, *lines)
    answer = head + body
    if moments.random() < 0.1:
        place = moments.randrange(len(head))
        answer = (
            answer[:place] + moments.randbytes(moments.randrange(9)) + answer[place + moments.randrange(9) :]
        )
    return answer


def _serve(answers: dict[str, bytes]) -> tuple[str, Callable[[], int]]:
    """Answer on loopback until the program ends; return the host, and what tells how many were answered."""
    server, sent = socket.create_server(("127.0.0.1", 0), backlog=64), []

    def accept() -> None:
        while True:
            peer, _ = server.accept()
            with peer, suppress(OSError, IndexError):
                peer.settimeout(5)
                path = peer.recv(65_536).split(b" ")[1].decode("latin-1")
                sent.append(path)
                peer.sendall(answers.get(path) or _head(404))
                peer.shutdown(socket.SHUT_WR)
                peer.recv(1)

    Thread(target=accept, daemon=True).start()
    return f"127.0.0.1:{server.getsockname()[1]}", lambda: len(sent)


def _run(*arguments: str | Path) -> str:
    command = [sys.executable, "-c", COMMAND, *map(str, arguments)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    return done.stdout + done.stderr


def _peak(said: str) -> int:
    found = re.search(r"^peak (\d+)", said, re.MULTILINE)
    return int(found[1]) if found else 0


if __name__ == "__main__":
    sys.exit(main() > 0)
