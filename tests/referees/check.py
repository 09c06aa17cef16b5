"""Let other programs judge what we write: the WARC files of a crawl, and exports.

    python tests/referees/check.py DIRECTORY-OF-THEIR-COMMANDS

WARC files are read by warcio, cdxj-indexer and pywb; tables see ``tabular.py``, packages ``packages.py``, citations
``citations.py``, bytes that become text ``encodings.py``.  The crawl is one with everything in it: list pages, articles, pictures, a compressed
page, a page that is captured again unchanged, one that the server says is not modified, redirects, errors.
"""

import gzip
import json
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from archive import Archive  # noqa: E402
from archive.store.captures import read_capture  # noqa: E402
from tests.command_line import run_zhijiang  # noqa: E402
from tests.crawled import Crawled, samples  # noqa: E402
from tests.newssite import Asked, NewsSite, Reply, Section  # noqa: E402
from tests.referees.citations import check_citations  # noqa: E402
from tests.referees.encodings import check_encodings  # noqa: E402
from tests.referees.packages import check_packages  # noqa: E402
from tests.referees.tabular import check_tables  # noqa: E402

SHOW = "/content/show?catid=101&newsid={}"
START_SECONDS = 60


def main(commands: Path) -> int:
    """Run every referee; return how many found fault."""
    with tempfile.TemporaryDirectory() as folder:
        archive = _crawl(Path(folder))
        failed = 0
        for referee in (check_warcio, check_cdxj_indexer, check_pywb):
            problems = referee(commands, archive)
            failed += bool(problems)
            for problem in problems:
                print(f"FAILED {referee.__name__}: {problem}")
    for check in (check_tables, check_packages, check_citations):
        with tempfile.TemporaryDirectory() as folder:
            problems = check(commands, Path(folder))
        failed += bool(problems)
        for problem in problems:
            print(f"FAILED {problem}")
    for problem in (problems := check_encodings()):
        print(f"FAILED encodings: {problem}")
    failed += bool(problems)
    print("all accepted" if not failed else f"{failed} found fault")
    return failed


def check_warcio(commands: Path, archive: Path) -> list[str]:
    """Every digest in every record is right."""
    done = _run(commands / "warcio", "check", *_files(archive))
    return [done.stdout + done.stderr] if done.returncode else []


def check_cdxj_indexer(commands: Path, archive: Path) -> list[str]:
    """It finds every capture of ours at the place where we say it lies."""
    lines = _run(commands / "cdxj-indexer", *_files(archive)).stdout.splitlines()
    entries = [json.loads(line[line.index("{") :]) for line in lines]
    theirs = {(entry["url"], entry["filename"], int(entry["offset"])) for entry in entries}
    ours = set(
        _rows(archive, "SELECT c.url, w.name, c.warc_offset FROM capture c JOIN warc_file w USING (warc_id)")
    )
    return (
        [f"{len(ours)} captures, of which cdxj-indexer finds {len(ours & theirs)}"] if ours != theirs else []
    )


def check_pywb(commands: Path, archive: Path) -> list[str]:
    """It replays every page byte for byte, revisits too."""
    collection = archive.parent / "pywb"
    collection.mkdir()
    for arguments in (("init", "zj"), ("add", "zj", *_files(archive))):
        done = _run(commands / "wb-manager", *arguments, folder=collection)
        if done.returncode:
            return [done.stdout + done.stderr]
    with _wayback(commands, collection) as base:
        return _replay(archive, base)


def _replay(archive_file: Path, base: str) -> list[str]:
    problems = []
    with Archive.read(archive_file) as archive:
        captures = archive.connection.execute(
            "SELECT capture_id, url, strftime('%Y%m%d%H%M%S', captured_at) FROM capture WHERE status = 200"
        ).fetchall()
        for capture, url, moment in captures:
            with urllib.request.urlopen(f"{base}/zj/{moment}id_/{url}", timeout=30) as answer:
                body, encoding = answer.read(), answer.headers.get("Content-Encoding")
            body = gzip.decompress(body) if encoding == "gzip" else body
            if body != read_capture(archive, capture).content:
                problems.append(f"capture {capture}, {url}: {len(body)} other bytes")
    print(f"pywb replayed {len(captures) - len(problems)} of {len(captures)} captures")
    return problems or ([] if captures else ["no captures"])


@contextmanager
def _wayback(commands: Path, folder: Path) -> Iterator[str]:
    """Run pywb's own server on a free port of the loopback address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(commands / "wayback"), "-p", str(port), "-b", "127.0.0.1"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


def _crawl(folder: Path) -> Path:
    """Crawl a little site three times while it changes; return the archive."""
    with NewsSite() as site:
        yunting = Crawled(site, folder, run_zhijiang)
        yunting.build(Section("101", "县域要闻", samples(6)), per_page=4)
        page = site.pages[SHOW.format(1)]
        assert isinstance(page, Reply)
        packed = replace(
            page, body=gzip.compress(page.body), headers={**page.headers, "Content-Encoding": "gzip"}
        )
        site.pages[SHOW.format(1)] = packed
        second = site.pages[SHOW.format(2)]
        assert isinstance(second, Reply)

        def conditional(asked: Asked) -> Reply:
            tagged = {**second.headers, "ETag": '"2"'}
            return (
                Reply(b"", 304, tagged)
                if "if-none-match" in asked.headers
                else replace(second, headers=tagged)
            )

        site.pages[SHOW.format(2)] = conditional
        yunting.crawl()
        site.put(SHOW.format(3), "", status=302, Location="/")
        site.pages.pop(SHOW.format(4))
        yunting.crawl("--full")
        with sqlite3.connect(yunting.archive) as connection:
            connection.execute(
                "UPDATE article SET published_on = date('now', '-2 days'),"
                " last_look_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-2 days') WHERE key = '2'"
            )
        connection.close()
        yunting.crawl()
        statuses = {status for (status,) in _rows(yunting.archive, "SELECT DISTINCT status FROM capture")}
        assert statuses >= {200, 302, 304, 404}, statuses
        return yunting.archive


def _files(archive: Path) -> list[str]:
    return sorted(map(str, archive.with_suffix(".warc").glob("*.warc.gz")))


def _rows(archive: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(archive)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def _run(*command: str | Path, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, cwd=folder, timeout=300, check=False
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])) > 0)
