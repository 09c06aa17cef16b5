"""Mutated pages through the reading of articles and lists: no crash, none that takes long.

python benchmarks/fuzz.py [--pages 20000] [--seed 1]
"""

import argparse
import random
import sys
import time
from pathlib import Path

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
    asked = parser.parse_args()
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


if __name__ == "__main__":
    sys.exit(main() > 0)
