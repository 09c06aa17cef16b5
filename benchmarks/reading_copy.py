"""What the search of a reading copy (``export site``) carries, and how much of it a search reads.

    python benchmarks/reading_copy.py [--texts FILE.jsonl] [--rows 10000] [--queries 300]

``--texts`` as for ``benchmarks/search.py``.  Prints the bytes of rows, texts and index against those of the titles and
texts of the archive, and for queries of 2 to 6 characters how many blocks of texts a search loads, how many of these hold
the word, and of all blocks how many there are.
"""

import argparse
import itertools
import json
import statistics
import sys
import tempfile
from pathlib import Path
from random import Random

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from archive import Archive  # noqa: E402
from archive.export import Selection, read_articles  # noqa: E402
from archive.export.site import write_site  # noqa: E402
from archive.export.site_search import _BLOCKS_A_DIGIT, _DIGITS, _SLOTS, _SPREAD  # noqa: E402
from archive.search.fold import fold  # noqa: E402
from archive.search.index import reindex  # noqa: E402
from archive.store.crawls import begin_crawl  # noqa: E402
from benchmarks.search import INSERT, _drop_triggers, _rows  # noqa: E402

BAR = 1.3


def main() -> int:
    """Print the figures; return how many bars were missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=300)
    asked = parser.parse_args()
    random = Random(20260101)
    rows = _rows(asked.texts, asked.rows, random)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Archive.open(folder / "a.db") as archive:
            _drop_triggers(archive)
            begin_crawl(archive, "b", software="benchmark", options={})
            connection = archive.connection
            with connection:
                connection.executemany(
                    INSERT,
                    [(n, n, title, body, day, f"{n:064x}") for n, (title, body, day) in enumerate(rows)],
                )
            reindex(connection)
        with read_articles(folder / "a.db", Selection()) as articles:
            write_site(articles, folder / "copy")
        data = folder / "copy" / "data"
        sizes = {
            kind: sum(file.stat().st_size for file in data.glob(f"{kind}*"))
            for kind in ("rows", "text", "index", "forms")
        }
        text = sum(len(part.encode()) for title, body, _ in rows for part in (title, body))
        whole = sum(sizes.values()) / text
        parts = ", ".join(f"{kind} {size / text:.2f}" for kind, size in sizes.items())
        print(f"{len(rows)} articles, {text / 1e6:.0f} MB of text; what the search carries: {parts}")
        print(f"together {whole:.2f} × the text (bar {BAR})")
        _measure_reading(data, [body for _, body, _ in rows], asked.queries, random)
    return int(whole > BAR)


def _measure_reading(data: Path, bodies: list[str], queries: int, random: Random) -> None:
    blocks = [
        [fold(body) for _, body in _value(data / f"text-{number}.js")]
        for number in range(len([*data.glob("text-*")]))
    ]
    shards = len([*data.glob("index-*")])
    if not shards:
        print(f"{len(blocks)} blocks: no index")
        return
    index = "".join(_value(data / f"index-{number}.js") for number in range(shards))
    width = len(index) // _SLOTS
    loaded, holding = [], []
    for _ in range(queries):
        body, length = random.choice(bodies), random.randrange(2, 7)
        start = random.randrange(max(1, len(body) - length))
        codes = list(map(ord, word := fold(body[start : start + length])))
        if len(codes) < 2:
            continue
        slots = [(a * _SPREAD + b) % _SLOTS for a, b in itertools.pairwise(codes)]
        maybe = [
            block
            for block in range(len(blocks))
            if all(
                _DIGITS.index(index[slot * width + block // _BLOCKS_A_DIGIT].encode())
                >> block % _BLOCKS_A_DIGIT
                & 1
                for slot in slots
            )
        ]
        holds = [block for block in range(len(blocks)) if any(word in text for text in blocks[block])]
        assert set(holds) <= set(maybe), word
        loaded.append(len(maybe) / len(blocks))
        holding.append(len(holds) / len(blocks))
    print(
        f"of {len(blocks)} blocks a search loads {statistics.median(loaded):.1%} (median), {statistics.mean(loaded):.1%} (mean);"
        f" the word stands in {statistics.median(holding):.1%} and {statistics.mean(holding):.1%}"
    )


def _value(script: Path) -> list[str] | str:
    value: list[str] | str = json.loads(
        script.read_text(encoding="utf-8").partition("(")[2].strip().removesuffix(");")
    )
    return value


if __name__ == "__main__":
    sys.exit(main())
