"""What a search over many archives costs: files kept open, and opened for each question.

    python benchmarks/shelf.py [--archives 50] [--articles 20000] [--folder DIR]

CPU milliseconds for a question, the median and the dearest of words of one to four characters: how many there are, and
the first 20 hits with snippets, the newest first.  Every count is held against a scan of all files.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from archive import Archive  # noqa: E402
from archive.shelf import Shelf  # noqa: E402
from tests.furnished import furnish  # noqa: E402

WORDS = (
    "果",
    "柑橘",
    "合作社",
    "开园",
    "云汀县柑",
    "橘今年",
    "第7号",
    "没有此词",
    "水利 -公路",
    "日期:2024-10 学校",
)


def main() -> int:
    """Print what questions cost; return how many counts were wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--archives", type=int, default=50)
    parser.add_argument("--articles", type=int, default=20_000, help="in all of them")
    parser.add_argument("--folder", type=Path, help="where the archives are made, and found again")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        paths = [folder / f"shelf-{number}.db" for number in range(asked.archives)]
        for path in paths:
            if not path.exists():
                furnish(path, asked.articles // asked.archives)
        with Shelf(paths) as shelf:
            shelf.count("果")  # opens all files
            wrong = sum(_is_wrong(shelf, word) for word in WORDS if ":" not in word and "-" not in word)
            _print("how many, files kept open", lambda word: shelf.count(word))
            _print("first 20 hits, files kept open", lambda word: shelf.search(word))
            _print("hits 201 to 220, files kept open", lambda word: shelf.search(word, offset=200))
        _print("first 20 hits, files opened each time", lambda word: _anew(paths, word))
    print(f"{wrong} counts wrong")
    return wrong


def _anew(paths: list[Path], word: str) -> None:
    with Shelf(paths) as shelf:
        shelf.search(word)


def _is_wrong(shelf: Shelf, word: str) -> bool:
    scan = "SELECT count(*) FROM article WHERE instr(title || char(10) || body || char(10) || credit_line, ?)"
    held = 0
    for volume in shelf.volumes:
        with Archive.read(volume.path) as archive:
            held += archive.connection.execute(scan, (word,)).fetchone()[0]
    return held != sum(number for _, number in shelf.count(word).of)


def _print(what: str, ask: Callable[[str], object]) -> None:
    taken = []
    for word in WORDS:
        rounds = []
        for _ in range(3):
            before = time.process_time()
            ask(word)
            rounds.append((time.process_time() - before) * 1000)
        taken.append(min(rounds))
    print(f"{what:40}{statistics.median(taken):8.1f}{max(taken):8.1f}", flush=True)


if __name__ == "__main__":
    sys.exit(main() > 0)
