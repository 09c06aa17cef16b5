"""CPU of reading list pages, one source tree against another.

    python benchmarks/list_pages.py OLDER NEWER PAGES [--rounds 5]

``OLDER`` and ``NEWER`` are checkouts of this project, ``PAGES`` a folder with list pages as ``*.html``, at any
depth; a JSON file beside a page tells its address as ``url`` and the articles it lists as ``items``.  The trees are
measured in turn, each round in a process of its own, and the least of all rounds counts: the machine may be busy.
Decoding and parsing are not counted, and every round has a profile of its own, so that nothing is remembered.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


def main() -> None:
    """Measure both trees and print milliseconds a page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("trees", nargs=2, type=Path, metavar="TREE")
    parser.add_argument("pages", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.here:
        print(json.dumps(measure(args.pages)))
        return
    best: list[dict[str, float]] = [{}, {}]
    for _ in range(args.rounds):
        for found, tree in zip(best, args.trees, strict=True):
            command = [sys.executable, __file__, tree, tree, args.pages, "--here"]
            done = subprocess.run(
                command, env=os.environ | {"PYTHONPATH": str(tree)}, cwd=tree, capture_output=True, check=True
            )
            for name, took in json.loads(done.stdout).items():
                found[name] = min(took, found.get(name, took))
    for name in best[0]:
        print(f"{name:40} {best[0][name]:8.1f} {best[1][name]:8.1f} ms")
    older, newer = (sum(found.values()) for found in best)
    print(f"{'all':40} {older:8.1f} {newer:8.1f} ms, ratio {newer / older:.2f}")


def measure(folder: Path) -> dict[str, float]:
    """Return page → milliseconds of CPU, the least of two readings, with the tree that is imported."""
    from zhijiang_spider.pages.lists.section import extract_section_page
    from zhijiang_spider.pages.page import Page
    from zhijiang_spider.sites.site import parse_site

    took: dict[str, float] = {}
    for number in range(2):
        for file in sorted(folder.rglob("*.html")):
            url, data = profile(file)
            site = parse_site(data | {"name": f"yunting{number}"}, "benchmark")
            page = Page(url, file.read_bytes(), "text/html")
            _ = page.selector, page.texts, page.rendered
            start = time.process_time()
            with suppress(Exception):  # what one of the trees cannot read costs it what it costs
                extract_section_page(page, site)
            name = str(file.relative_to(folder))
            milliseconds = 1000 * (time.process_time() - start)
            took[name] = min(milliseconds, took.get(name, milliseconds))
    return took


def profile(file: Path) -> tuple[str, dict[str, Any]]:
    """Return a page's address, and a profile that takes addresses with a long number for articles."""
    told: dict[str, Any] = {}
    for beside in file.parent.glob("*.json"):
        told |= json.loads(beside.read_text(encoding="utf-8"))
    url = told.get("url") or "http://news.yunting.example/list/"
    host = urlsplit(url).netloc
    items = (urlsplit(item.get("url", "")).netloc for item in told.get("items", ()))
    return url, {
        "hosts": sorted({host, *filter(None, items)}),
        "start_urls": [f"http://{host}/"],
        "article_url": r"/(?P<id>[^?]*\d{4,}[^?]*)\.s?html?",
        "section_url": r"^(/.*)$",
    }


if __name__ == "__main__":
    main()
