"""What seals cost: microseconds and bytes a version, to make them and to prove them, at two or more sizes.

    python benchmarks/seal.py [--versions 10000 20000]

A version comes with an article of five credits and a picture, 1.3 captures and 1.2 entries of lists; processor time,
of sealing the least of some rounds.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from archive import Archive  # noqa: E402
from archive.care.check_seals import check_seals  # noqa: E402
from archive.care.findings import Scope  # noqa: E402
from archive.store.sealed_rows import KINDS  # noqa: E402
from archive.store.seals import seal  # noqa: E402

MOMENT = "2026-01-02T03:04:05Z"
ROUNDS = 7
NAMES = ("闻小满", "乔安", "纪朗", "卫青禾", "闻小满")
ROLES = ("记者", "编辑", "一审", "二审", "三审")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--versions", type=int, nargs="+", default=[10_000, 20_000])
    for versions in parser.parse_args().versions:
        with tempfile.TemporaryDirectory() as folder:
            print(f"{versions} versions: {measured(Path(folder) / 'yunting.db', versions)}")


def fill(archive: Archive, versions: int) -> None:
    """Write articles of one version each, as a crawl of 云汀县 does."""
    many = archive.connection.executemany
    execute = archive.connection.execute
    archive.begin()
    execute(
        "INSERT INTO crawl (crawl_id, site, started_at, software, outcome) VALUES (1, 'yunting', ?, 'benchmark', 'complete')",
        (MOMENT,),
    )
    execute(
        "INSERT INTO section (section_id, site, slug, kind, url) VALUES (1, 'yunting', '101', 'section', '/1'),"
        " (2, 'yunting', '102', 'section', '/2')"
    )
    execute("INSERT INTO warc_file (warc_id, name, crawl_id) VALUES (1, 'yunting-1.warc.gz', 1)")
    numbers = range(1, versions + 1)
    body = "云汀县今日召开会议，部署明年工作。\n" * 40
    many(
        "INSERT INTO capture (crawl_id, kind, site, key, url, captured_at, status, mime, charset, payload_bytes,"
        " payload_sha256, warc_id, warc_offset, warc_length, record_id)"
        f" VALUES (1, ?, 'yunting', ?, ?, '{MOMENT}', 200, 'text/html', 'utf-8', 20000, ?, 1, ?, 9000, ?)",
        (
            (
                kind,
                str(n),
                f"https://yunting.example/content/{n}.html",
                f"{n:064x}",
                n * 9000,
                f"<urn:uuid:{n:036}>",
            )
            for n in numbers
            for kind in (("article", "section") if n % 10 < 3 else ("article",))
        ),
    )
    captures = [row[0] for row in execute("SELECT capture_id FROM capture WHERE kind = 'article' ORDER BY 1")]
    many(
        "INSERT INTO listing (section_id, key, url, title, date_raw, date_on, page, position, first_crawl, last_crawl,"
        f" first_seen_at, last_seen_at) VALUES (?, ?, ?, ?, '2026-01-02', '2026-01-02', 1, 1, 1, 1, '{MOMENT}', '{MOMENT}')",
        (
            (section, str(n), f"https://yunting.example/content/{n}.html", f"云汀县召开第{n}次会议")
            for n in numbers
            for section in ((1, 2) if n % 10 < 2 else (1,))
        ),
    )
    many(
        "INSERT INTO article (site, key, url, title, section, breadcrumb, published_on, published_raw, source, source_raw,"
        " body, credit_line, content_sha256, first_seen_at, last_seen_at, last_look_at, characters)"
        " VALUES ('yunting', ?, ?, ?, '要闻', '[\"首页\", \"要闻\"]', '2026-01-02', '2026-01-02', '云汀融媒', '来源：云汀融媒',"
        f" ?, '记者 闻小满', ?, '{MOMENT}', '{MOMENT}', '{MOMENT}', 640)",
        (
            (str(n), f"https://yunting.example/content/{n}.html", f"云汀县召开第{n}次会议", body, f"{n:064x}")
            for n in numbers
        ),
    )
    credits = json.dumps(
        [[role, role, name, None] for role, name in zip(ROLES, NAMES, strict=True)], ensure_ascii=False
    )
    many(
        "INSERT INTO article_version (article_id, number, crawl_id, capture_id, seen_at, title, kicker, subtitle, section,"
        " published_raw, source, body, credit_line, credits, images, content_sha256)"
        f" VALUES (?, 1, 1, ?, '{MOMENT}', ?, '', '', '要闻', '2026-01-02', '云汀融媒', ?, '记者 闻小满', ?, ?, ?)",
        (
            (
                n,
                captures[n - 1],
                f"云汀县召开第{n}次会议",
                body,
                credits,
                f'[["https://yunting.example/{n}.jpg", ""]]',
                f"{n:064x}",
            )
            for n in numbers
        ),
    )
    many(
        "INSERT INTO credit (article_id, seq, label, role, name, position, rule) VALUES (?, ?, ?, ?, ?, '文末', 'labelled')",
        (
            (n, seq, role, role, name)
            for n in numbers
            for seq, (role, name) in enumerate(zip(ROLES, NAMES, strict=True), 1)
        ),
    )
    many(
        "INSERT INTO image (article_id, seq, url, paragraph) VALUES (?, 1, ?, 1)",
        ((n, f"https://yunting.example/{n}.jpg") for n in numbers),
    )
    archive.commit()


def _seal_and_forget(archive: Archive) -> None:
    archive.begin()
    seal(archive, "crawl 1")
    archive.connection.rollback()


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def measured(path: Path, versions: int) -> str:
    """Return what sealing and proving one archive cost."""
    with Archive.open(path) as archive:
        fill(archive, versions)
        archive.connection.execute("VACUUM")
        bare = path.stat().st_size
        sealed = min(_seconds(lambda: _seal_and_forget(archive)) for _ in range(ROUNDS))
        data = [
            b"\0" + row.data()
            for kind in KINDS.values()
            for row in kind.rows(archive.connection, 0, 2**63 - 1)
        ]
        plain = min(_seconds(lambda: [sha256(text).digest() for text in data]) for _ in range(ROUNDS))
        with archive.transaction():
            made = seal(archive, "crawl 1")
        assert made is not None
        archive.connection.execute("VACUUM")
        size = path.stat().st_size - bare
        start = time.process_time()
        faults = [
            what for level, what, _ in check_seals(archive, Scope(datetime.now(UTC))) if level == "fault"
        ]
        proved = time.process_time() - start
        assert not faults, faults
    return (
        f"{made.leaves} leaves, sealed in {sealed / versions * 1e6:.1f} µs, {sealed / plain:.1f} times SHA-256 of the same"
        f" bytes, proved in {proved / versions * 1e6:.1f} µs,"
        f" {size / versions:.1f} bytes a version"
    )


if __name__ == "__main__":
    main()
