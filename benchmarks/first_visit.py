"""What the first visit of each page of the reading room costs on a large archive, beside one a tenth as large.

    python benchmarks/first_visit.py [--articles 100000] [--rounds 3] [--restricted] [--folder DIR]

CPU milliseconds of the answer, in a process that has the application and its modules and has shown no page yet; the
least of the rounds.  Pages that show a whole list as CSV or JSON are no visits and are left out.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from archive import Archive  # noqa: E402
from archive.room.app import RoomSettings, create_app  # noqa: E402
from tests.furnished import furnish, pages  # noqa: E402
from tests.room import client_of  # noqa: E402

BAR = 250.0
"""CPU milliseconds on the larger archive."""


def main() -> int:
    """Print what each page costs; return how many are over the bar."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--restricted", action="store_true", help="one article in a thousand is restricted")
    parser.add_argument("--folder", type=Path, help="where the archives are made, and found again")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        sizes = (asked.articles // 10, asked.articles)
        archives = [_made(folder, size, restricted=asked.restricted) for size in sizes]
        print(f"{'CPU ms of the first visit':44}{sizes[0]:>10,}{sizes[1]:>10,}")
        over = 0
        for page in pages():
            least = [min(_visit(archive, page) for _ in range(asked.rounds)) for archive in archives]
            over += least[1] > BAR
            print(
                f"{page:44}{least[0]:10.0f}{least[1]:10.0f}{'  over the bar' if least[1] > BAR else ''}",
                flush=True,
            )
        print(f"{over} over the bar of {BAR:.0f} ms")
    return over


def _made(folder: Path, articles: int, *, restricted: bool) -> Path:
    path = folder / f"{articles}{'-restricted' if restricted else ''}.db"
    if not path.exists():
        furnish(path, articles)
        if restricted:
            with Archive.open(path) as archive:
                archive.begin()
                archive.connection.execute(
                    "INSERT INTO appraisal (article_id, open_flag)"
                    " SELECT article_id, '控制' FROM article WHERE article_id % 1000 = 7"
                )
                archive.commit()
    return path


def _visit(archive: Path, page: str) -> float:
    """Return the CPU milliseconds of a page in a process of its own.  Raises ``AssertionError``."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        client = client_of(create_app(RoomSettings(archive)))
        before = time.process_time()
        answer = client.get(quote(page, safe="/?=&"))
        took = time.process_time() - before
        os.write(writer, f"{answer.status_code} {took * 1000}".encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answers:
        status, took = answers.read().split()
    os.waitpid(child, 0)
    assert status in ("200", "302"), f"{page}: {status}"  # a second page that a small archive has not
    return float(took)


if __name__ == "__main__":
    sys.exit(main() > 0)
