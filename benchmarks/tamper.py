"""Flip bits and edit rows, each on a fresh copy of a small archive: does `zhijiang check` find and name it?

    python benchmarks/tamper.py [--database 200] [--evidence 200] [--seed 1] [--show]

A bit that changes nothing the file says (every row of every table is the same, and SQLite finds it whole) lies in a free
page, in slack or in a field that SQLite keeps for itself; a bit of the search index that FTS5 itself compares with every
text and finds right says nothing either.  Such bits are counted apart.  Edits by hand that leave no
trace but in a seal are asked for only where the archive has seals.  Ends with 1 where something was missed.
"""

import argparse
import random
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from archive.care.check import Level, Scope, check  # noqa: E402
from archive.store.errors import ArchiveError  # noqa: E402
from tests.tampered import EDITS, make_archive  # noqa: E402
from zhijiang_spider.derive.again import derive_again  # noqa: E402

THEIRS = frozenset(
    (
        "article_fts_data",
        "article_fts_idx",
        "article_fts_former_data",
        "article_fts_former_idx",
        "_sqlite_migrations",
    )
)
"""What libraries keep for themselves.  Where FTS5 compares index and texts and finds them equal, a bit in its tables says
nothing; sqlite-utils notes when it ran a step, of which `check` compares the names."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one change."""

    what: str
    found: tuple[str, ...]
    """Findings that the whole archive does not give."""
    changed: tuple[str, ...]
    """Tables that say another thing; what cannot be read counts as one."""


def findings(path: Path) -> list[str]:
    """Return what `zhijiang check` says of an archive, notes left out."""
    try:
        found = check(path, Scope(datetime.now(UTC), derive=derive_again))
    except ArchiveError as error:
        return [f"refused: {error}"]
    return [f"{one.check}: {one.what}" for one in found if one.level is not Level.NOTE]


def contents(path: Path) -> dict[str, Any]:
    """Return everything that a database says: table → rows; something else where SQLite cannot read it."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            connection.text_factory = bytes
            schema = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
            tables = [
                name.decode() for kind, name, _, sql in schema if kind == b"table" and b"VIRTUAL" not in sql
            ]
            rows = {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables}
            whole = connection.execute("PRAGMA integrity_check(1)").fetchall() == [(b"ok",)]
            settings = [
                connection.execute(f"PRAGMA {name}").fetchall() for name in ("user_version", "application_id")
            ]
            damage = {} if whole else {"b-trees": None}
            return {**rows, "schema": schema, "settings": settings, **damage}
    except (sqlite3.DatabaseError, ValueError):
        return {"what SQLite reads": None}


def tampered(whole: Path, known: list[str], what: str, change: Callable[[Path], None]) -> Outcome:
    """Change a copy of an archive; return what is found that was not ``known``."""
    with tempfile.TemporaryDirectory(dir=whole.parent) as folder:
        copy = Path(shutil.copy(whole, Path(folder) / whole.name))
        shutil.copytree(whole.with_suffix(".warc"), copy.with_suffix(".warc"))
        change(copy)
        before, after = contents(whole), contents(copy)
        changed = tuple(name for name in before | after if before.get(name) != after.get(name))
        found = (text.replace(str(copy.parent), str(whole.parent)) for text in findings(copy))
        return Outcome(what, tuple(text for text in found if text not in known), changed)


def flip(bit: int, ending: str, path: Path) -> None:
    """Flip one bit of the archive's file, or of one of its WARC files."""
    file = path if ending == "db" else sorted(path.with_suffix(".warc").glob("*.gz"))[int(ending)]
    data = bytearray(file.read_bytes())
    data[bit // 8] ^= 1 << bit % 8
    file.write_bytes(data)


def main() -> int:
    """Run all; return 1 where something was missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", type=int, default=200, help="Bits of the database file.")
    parser.add_argument("--evidence", type=int, default=200, help="Bits of the WARC files.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="Print what was found of each.")
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    with tempfile.TemporaryDirectory() as folder:
        whole = make_archive(Path(folder))
        known = findings(whole)
        sys.stdout.write(f"{whole.stat().st_size} bytes of database; of the whole archive: {known}\n")
        with closing(sqlite3.connect(whole)) as connection:
            sealed = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'seal'").fetchone()[
                0
            ]
        edits = {what: edit for what, edit in EDITS.items() if sealed or not edit.needs_seal}
        files = [path.stat().st_size for path in sorted(whole.with_suffix(".warc").glob("*.gz"))]
        flips: dict[str, list[tuple[str, Callable[[Path], None]]]] = {"edits by hand": []}
        flips["edits by hand"] = [(what, edit.make) for what, edit in edits.items()]
        flips["bits of the database"] = [
            (f"bit {bit} of the database", partial(flip, bit, "db"))
            for bit in (chance.randrange(whole.stat().st_size * 8) for _ in range(asked.database))
        ]
        flips["bits of the WARC files"] = [
            (f"bit {bit} of WARC file {number}", partial(flip, bit, str(number)))
            for number in chance.choices(range(len(files)), files, k=asked.evidence)
            for bit in [chance.randrange(files[number] * 8)]
        ]
        missed = 0
        with ProcessPoolExecutor(2, get_context("fork")) as pool:
            for kind, changes in flips.items():
                jobs = [pool.submit(tampered, whole, known, what, change) for what, change in changes]
                missed += report(kind, [job.result() for job in jobs], show=asked.show)
    return int(missed > 0)


def report(kind: str, outcomes: list[Outcome], *, show: bool) -> int:
    """Print what came of one kind of changes; return how many were missed."""
    found = [one for one in outcomes if one.found]
    is_silent = kind.startswith("bits of the database")
    silent = [one for one in outcomes if not one.found and is_silent and THEIRS.issuperset(one.changed)]
    theirs = sum(bool(one.changed) for one in silent)
    missed = [one for one in outcomes if not one.found and one not in silent]
    if kind.startswith("edits"):  # each is to be named by its own column
        missed += [one for one in found if not any(EDITS[one.what].named(text) for text in one.found)]
        found = [one for one in found if one not in missed]
    by = Counter(one.found[0].partition(":")[0] for one in found)
    sys.stdout.write(f"{kind}: {len(outcomes)}, found {len(found)}, missed {len(missed)}")
    sys.stdout.write(
        f", saying nothing {len(silent)} (of them in tables of FTS5 and sqlite-utils {theirs})"
        if silent
        else ""
    )
    sys.stdout.write(f"  (first by {', '.join(f'{name} {number}' for name, number in by.most_common())})\n")
    for one in missed:
        told = "; ".join(one.found) or "nothing found"
        sys.stdout.write(f"  MISSED {one.what} ({', '.join(one.changed)}): {told}\n")
    for one in found if show else ():
        sys.stdout.write(f"  {one.what}: {'; '.join(one.found)}\n")
    return len(missed)


if __name__ == "__main__":
    sys.exit(main())
