"""Credits: this parser beside what a scraper has without it, on labelled credit lines.

    python benchmarks/credits.py [FILE.jsonl]

Each line of the file is one record: ``raw`` (the credit text), ``context`` (``header``, ``tail`` or
``body``), ``line`` (optional: the paragraph that ``raw`` opens), ``difficulty``, and ``expected``, a list of
``{"role": label or null, "names": […], "org": outlet or absent}``.
The text is put where ``context`` says, into a small invented article, as it stands and with full-width
punctuation.  Two rivals, both written for this comparison:

- *author patterns*: the way of general extractors: eight labels tried in order, the first match wins, one name;
- *label: value*: one regular expression that takes every ``label`` + separator + run of characters.

``exact`` is the share of texts whose (label, name, organisation) triples are all right and none too many;
``F1`` counts triples; ``names F1`` counts names alone, which is all that author patterns promise.
``ratio`` is the time against the first row, measured side by side.
"""

import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from zhijiang_spider.credits.find import extract_credits

DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "credits" / "dev.jsonl"
LEVELS = ("easy", "medium", "hard", "negative")
BODY = (
    "清晨的青溪镇，茶农们已经在坡上忙开了。",
    "合作社算过账，今年春茶比去年早上市六天。",
    "再过半个月，第一批新茶就要发往外地。",
)
WIDE = str.maketrans(":,;()[]|", "：，；（）［］｜")
NARROW = str.maketrans("：，；（）［］｜", ":,;()[]|")

Triples = Counter[tuple[str | None, str, str | None]]
Reader = Callable[[list[str]], Triples]


def this_parser(paragraphs: list[str]) -> Triples:
    return Counter((c.label, c.name, c.org) for c in extract_credits(paragraphs).credits)


ONE_AUTHOR = [
    re.compile(rf"({label})[:：丨|｜/ \u3000]{{1,3}}([\u4e00-\u9fffA-Za-z]{{2,20}})(?![\u4e00-\u9fffA-Za-z])")
    for label in ("责编", "责任编辑", "作者", "编辑", "文", "原创", "撰文", "来源")
]


def author_patterns(paragraphs: list[str]) -> Triples:
    text = "\n".join(paragraphs)
    for pattern in ONE_AUTHOR:
        if match := pattern.search(text):
            return Counter({(match.group(1), match.group(2), None): 1})
    return Counter()


LABEL_VALUE = re.compile(
    r"([\u4e00-\u9fff]{2,6})[ \u3000]?[:：丨|｜/][ \u3000]?([^\s:：丨|｜/;；,，、。()（）\[\]【】]{2,12})"
)


def label_value(paragraphs: list[str]) -> Triples:
    return Counter((label, value, None) for label, value in LABEL_VALUE.findall("\n".join(paragraphs)))


READERS: dict[str, Reader] = {
    "zhijiang": this_parser,
    "author patterns": author_patterns,
    "label: value": label_value,
}


def articles(record: dict[str, Any]) -> Iterator[list[str]]:
    """Give the record's article in both widths."""
    for raw in dict.fromkeys([record["raw"], record["raw"].translate(WIDE)]):
        lines = raw.split("\n")
        if record["context"] == "header":
            rest = record.get("line", "")
            rest = rest[len(record["raw"]) :] if rest.startswith(record["raw"]) else ""
            yield [*lines[:-1], lines[-1] + rest, *BODY]
            continue
        lines = [line for line in lines if line.strip()]
        yield [*BODY, *lines] if record["context"] == "tail" else [*BODY[:2], *lines, BODY[2]]


def folded(triples: Triples) -> Triples:
    out: Triples = Counter()
    for (label, name, org), count in triples.items():
        out[label and label.translate(NARROW), name.translate(NARROW), org and org.translate(NARROW)] += count
    return out


def wanted(record: dict[str, Any]) -> Triples:
    return Counter(
        (entry["role"], name, entry.get("org")) for entry in record["expected"] for name in entry["names"]
    )


def names(triples: Triples) -> Counter[str]:
    return Counter({name for _, name, _ in triples})


def f1(hits: int, got: int, want: int) -> float:
    return 2 * hits / (got + want) if got + want else 1.0


def main(argv: list[str]) -> int:
    path = Path(argv[0]) if argv else DEFAULT
    if not path.is_file():
        print(f"{path}: no such file; give a labelled .jsonl", file=sys.stderr)
        return 2
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    print(f"{len(records)} records of {path.name}, each in both widths\n")
    print(
        f"{'':18}{'exact':>7}{'F1':>7}{'names F1':>10}   "
        + "".join(f"{level:>10}" for level in LEVELS)
        + f"{'ratio':>8}"
    )
    base = 0.0
    for name, reader in READERS.items():
        count: Counter[str] = Counter()
        levels: dict[str, list[bool]] = defaultdict(list)
        spent = 0.0
        for record in records:
            want = folded(wanted(record))
            for paragraphs in articles(record):
                start = time.perf_counter()
                found = reader(paragraphs)
                spent += time.perf_counter() - start
                got = folded(found)
                levels[record["difficulty"]].append(got == want)
                count["hit"] += (got & want).total()
                count["got"] += got.total()
                count["want"] += want.total()
                count["name hit"] += (names(got) & names(want)).total()
                count["name got"] += names(got).total()
                count["name want"] += names(want).total()
        base = base or spent
        flags = [flag for level in levels.values() for flag in level]
        print(
            f"{name:18}{sum(flags) / len(flags):7.3f}{f1(count['hit'], count['got'], count['want']):7.3f}"
            f"{f1(count['name hit'], count['name got'], count['name want']):10.3f}   "
            + "".join(f"{sum(levels[level]) / max(len(levels[level]), 1):10.3f}" for level in LEVELS)
            + f"{spent / base:8.2f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
