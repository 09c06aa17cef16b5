"""How long a text takes to be stored and indexed, by its length, and an ordinary one against the index of schema 11.

    python benchmarks/long_texts.py [--lengths 10000,100000,1000000,10000000]

The texts are random Chinese.  Seconds are the processor's, the least of some rounds.
"""

import argparse
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from archive import Archive, Article  # noqa: E402
from archive.model.crawl import FailureType  # noqa: E402
from archive.store.articles import save_article  # noqa: E402
from archive.store.attempts import AttemptNote  # noqa: E402
from archive.store.crawls import begin_crawl  # noqa: E402

ORDINARY = (500, 2_000, 5_000)
BEFORE = 11
"""The last schema whose view starts each block at the front."""
NOTES = 10_000


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lengths", default="10000,100000,1000000,10000000")
    asked = parser.parse_args()
    chosen = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        with (
            Archive.open(Path(folder) / "new.db") as new,
            Archive.open(Path(folder) / "old.db", schema=BEFORE) as old,
        ):
            for length in ORDINARY:
                text = _text(chosen, length)
                seconds = _least_of_both(
                    partial(_index, old.connection, text), partial(_index, new.connection, text)
                )
                print(
                    f"{length:>10,} characters: index {seconds[1] * 1e3:.2f} ms, {seconds[1] / seconds[0]:.2f} of before"
                )
        with Archive.open(Path(folder) / "long.db") as archive:
            crawl = begin_crawl(archive, "long", software="", options={})
            for length in map(int, asked.lengths.split(",")):
                paragraphs = tuple(_text(chosen, 1_000) for _ in range(length // 1_000))
                bodies = paragraphs, (*paragraphs[:-1], "另一段话。")
                saved, revised = (
                    _seconds(partial(save_article, archive, _article(length, body), crawl)) for body in bodies
                )
                print(f"{length:>10,} characters: saved in {saved:.2f} s, a revision in {revised:.2f} s")
            note = AttemptNote(archive, "long", crawl)
            started = time.process_time()
            for _ in range(NOTES):
                with note.at(FailureType.ARTICLE, "http://yunting.example/content/show?newsid=1", "1"):
                    pass
            print(f"the note of what is at work: {(time.process_time() - started) / NOTES * 1e6:.1f} µs")
            note.close()


def _text(chosen: random.Random, length: int) -> str:
    return "".join(
        "，。"[chosen.random() < 0.4] if chosen.random() < 0.09 else chr(chosen.randrange(0x4E00, 0x9000))
        for _ in range(length)
    )


def _index(connection: sqlite3.Connection, text: str) -> None:
    """Put a text into the archive and its index, and take it out again."""
    connection.execute(
        "INSERT INTO article (article_id, site, key, url, title, body, content_sha256, first_seen_at, last_seen_at,"
        " last_look_at) VALUES (1, 's', '1', 'u', '题名', ?, ?, '', '', '')",
        (text, "0" * 64),
    )
    connection.execute("DELETE FROM article")


def _article(length: int, paragraphs: tuple[str, ...]) -> Article:
    return Article(
        site="long",
        key=str(length),
        url=f"http://yunting.example/{length}",
        title="长文",
        fetched_at="2024-01-16T02:03:04Z",
        body=paragraphs,
    )


def _least_of_both(before: Callable[[], object], after: Callable[[], object]) -> tuple[float, float]:
    """Return the least seconds of each, taken in turns: what else the machine does meets both."""
    rounds = [(_seconds(before), _seconds(after)) for _ in range(100)]
    return min(a for a, _ in rounds), min(b for _, b in rounds)


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


if __name__ == "__main__":
    main()
