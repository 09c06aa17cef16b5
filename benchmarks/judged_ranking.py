"""The order of hits, held against judged queries: nDCG@10 beside BM25 (FTS5's, and tantivy's over words of jieba).

    python benchmarks/judged_ranking.py [--texts sample.jsonl] [-v]

What is good is written down in `benchmarks/judged`; see the README there for how.  ``--texts``: the news corpus that
``news.tsv`` grades, an object with ``id``, ``date``, ``title`` and ``text`` a line; without it only the demo site is asked.
tantivy is asked where it and jieba are installed (``pip install tantivy jieba``).
"""

import argparse
import json
import math
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from archive import Archive  # noqa: E402
from archive.search.index import reindex  # noqa: E402
from archive.search.query import search  # noqa: E402
from archive.search.sql import make_plan  # noqa: E402
from tests.command_line import fork_zhijiang  # noqa: E402

JUDGED = Path(__file__).with_name("judged")
FIRST = 10
INSERT = (
    "INSERT INTO article (site, key, url, title, body, published_on, content_sha256, first_seen_at, last_seen_at,"
    " last_look_at) VALUES ('b', ?, 'http://x.example/' || ?, ?, ?, ?, ?, '', '', '')"
)
TITLE = 10.0
"""How many times the text a title counts where a way of BM25 weighs it; the archive's own ``rank`` does."""

Way = Callable[[str], Sequence[str]]
"""Query → the keys of the first hits."""


class Judged(NamedTuple):
    """A query with its graded articles."""

    number: int
    query: str
    grades: Mapping[str, int]
    """Key of the article → 3 about, 2 substantial, 1 mentioned, 0 not."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=Path)
    parser.add_argument("-v", "--verbose", action="store_true", help="Print each query below .9.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        demo = Path(folder) / "demo.db"
        fork_zhijiang("demo", "--archive", str(demo))
        with Archive.read(demo) as archive:
            measure("demo", read_judged(JUDGED / "demo.tsv"), _ways(archive), verbose=asked.verbose)
        if asked.texts:
            with Archive.open(Path(folder) / "news.db") as archive:
                _load(archive, asked.texts)
                ways = _ways(archive) | _tantivy(archive)
                measure("news", read_judged(JUDGED / "news.tsv"), ways, verbose=asked.verbose)


def measure(name: str, judged: Sequence[Judged], ways: Mapping[str, Way], *, verbose: bool) -> None:
    """Print the mean nDCG of each way on both halves and on all, and how many of its hits have no grade."""
    for way, ask in ways.items():
        shown = {each.number: ask(each.query) for each in judged}
        scores = {each.number: ndcg(shown[each.number], each.grades) for each in judged}
        ungraded = sum(key not in each.grades for each in judged for key in shown[each.number])
        means = [
            f"{half} {sum(those) / len(those):.3f}"
            for half, those in (
                ("all", list(scores.values())),
                ("tuning half", [score for number, score in scores.items() if number % 2 == 0]),
                ("held out", [score for number, score in scores.items() if number % 2]),
            )
        ]
        print(f"{name}, {len(judged)} queries, {way}: nDCG@{FIRST} {', '.join(means)}; {ungraded} ungraded")
        if verbose:
            print("   ", {each.query: round(s, 2) for each in judged if (s := scores[each.number]) < 0.9})


def ndcg(keys: Sequence[str], grades: Mapping[str, int]) -> float:
    """Return the discounted gain of the first hits, as a share of what the best order of the graded ones gains."""

    def gain(those: Sequence[int]) -> float:
        return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(those[:FIRST]))

    return gain([grades.get(key, 0) for key in keys]) / gain(sorted(grades.values(), reverse=True))


def read_judged(file: Path) -> list[Judged]:
    """Read a file of judged queries."""
    lines = file.read_text(encoding="utf-8").splitlines()[1:]
    return [
        Judged(
            int(number),
            query,
            {key: 3 - place for place, keys in enumerate(by_grade) for key in keys.split()},
        )
        for number, query, *by_grade in (line.split("\t") for line in lines)
    ]


def _ways(archive: Archive) -> dict[str, Way]:
    execute = archive.connection.execute

    def ours(query: str) -> list[str]:
        hits = search(archive.connection, query, limit=FIRST).hits
        keys = dict(execute("SELECT article_id, key FROM article").fetchall())
        return [keys[hit.article_id] for hit in hits]

    def by(order: str, query: str) -> list[str]:
        rows = execute(
            "SELECT a.key FROM article_fts JOIN article AS a ON a.article_id = article_fts.rowid"
            f" WHERE article_fts MATCH ? ORDER BY {order}, article_fts.rowid DESC LIMIT {FIRST}",
            (make_plan(archive.connection, query).match,),
        )
        return [key for (key,) in rows]

    view = f"SELECT a.key FROM 检索 AS h JOIN article AS a ON a.article_id = h.编号 WHERE 词 = json_quote(?) LIMIT {FIRST}"
    return {
        "ours": ours,
        "ours, the view 检索": lambda query: [key for (key,) in execute(view, (query,))],
        "FTS5's bm25": lambda query: by("bm25(article_fts)", query),
        "FTS5's bm25, title x 10": lambda query: by("bm25(article_fts, 1, 10, 5, 5, 1)", query),
    }


def _tantivy(archive: Archive) -> dict[str, Way]:
    """Return tantivy over the words that jieba cuts; a hit holds all words of the query, in title or text."""
    try:
        import jieba
        import tantivy
    except ImportError:
        print("tantivy and jieba are not installed: not compared")
        return {}
    jieba.setLogLevel(60)
    builder = tantivy.SchemaBuilder()
    for field in ("title", "body"):
        builder.add_text_field(field, tokenizer_name="whitespace")
    builder.add_text_field("key", stored=True, tokenizer_name="raw")
    index = tantivy.Index(builder.build())
    writer = index.writer()
    for key, title, body in archive.connection.execute("SELECT key, title, body FROM article"):
        cut = [
            " ".join(word for word in jieba.cut_for_search(text) if word.strip()) for text in (title, body)
        ]
        writer.add_document(tantivy.Document(key=key, title=cut[0], body=cut[1]))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def ask(boost: float, query: str) -> list[str]:
        must = []
        for word in dict.fromkeys(word for part in query.split() for word in jieba.cut(part)):
            title, body = (tantivy.Query.term_query(index.schema, name, word) for name in ("title", "body"))
            either: list[Any] = [
                (tantivy.Occur.Should, each) for each in (tantivy.Query.boost_query(title, boost), body)
            ]
            must.append((tantivy.Occur.Must, tantivy.Query.boolean_query(either)))
        found = searcher.search(tantivy.Query.boolean_query(must), FIRST).hits
        return [searcher.doc(address)["key"][0] for _, address in found]

    return {
        "tantivy + jieba": lambda query: ask(1.0, query),
        "tantivy + jieba, title x 10": lambda query: ask(TITLE, query),
    }


def _load(archive: Archive, texts: Path) -> None:
    with texts.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    archive.connection.executemany(
        INSERT,
        (
            (
                str(row["id"]),
                str(row["id"]),
                row["title"],
                row["text"],
                f"{row['date'][:4]}-{row['date'][4:6]}-{row['date'][6:]}",
                "0" * 64,
            )
            for row in rows
        ),
    )
    reindex(archive.connection)
    archive.commit()


if __name__ == "__main__":
    main()
