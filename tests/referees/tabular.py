"""Other programs judge the tables: frictionless, DuckDB, openpyxl, LibreOffice and PyArrow.

Each reads what we exported from a demo archive and from one full of hostile texts, and finds what is in the
archive; and each refuses the same export after it was damaged.
"""

import csv
import hashlib
import json
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any

import openpyxl

from archive.export.tables import TABLES
from archive.rendering.cells import CELL_UNITS, unguarded
from tests import hostile
from tests.command_line import run_zhijiang

READ = Path(__file__).parent / "read.py"
_NUMBER = re.compile(r"[+-]?[\d.]+(e\d+)?")
_CONTROLS = dict.fromkeys([*range(9), *range(11, 32), 127, 0xFFFE, 0xFFFF])
_Rows = list[list[Any]]
_Judge = Callable[[Path, Path, Path], list[str]]
"""(their commands, our exports, the archive) → what is wrong."""


def check_tables(commands: Path, folder: Path) -> list[str]:
    """Run every referee on every archive; return what they found wrong."""
    demo, nasty = folder / "demo.db", folder / "hostile.db"
    run_zhijiang("demo", "--archive", demo)
    hostile.build(nasty)
    problems = []
    for archive in (demo, nasty):
        exports = _export(archive, folder / archive.stem)
        for name, (judge, damages) in REFEREES.items():
            if judge is check_libreoffice and shutil.which("soffice") is None:
                print(
                    "LibreOffice is not here: nobody opened the workbook and the CSV file as a spreadsheet does"
                )
                continue
            found = _judged(judge, commands, exports, archive)
            problems += [f"{name}, {archive.name}: {problem}" for problem in found]
            for damage in damages if archive == demo else ():
                copy = folder / f"{archive.stem}-{name}-{damage.__name__}"
                shutil.copytree(exports, copy)
                damage(copy)
                if not _judged(judge, commands, copy, archive):
                    problems.append(f"{name}, {archive.name}: did not notice: {damage.__doc__}")
                shutil.rmtree(copy)
            print(f"{name}: {archive.name} {'refused' if found else 'accepted'}")
    return problems


class _Refused(Exception):
    """A program could not read what it was given."""


def _judged(judge: _Judge, commands: Path, exports: Path, archive: Path) -> list[str]:
    try:
        return judge(commands, exports, archive)
    except _Refused as error:
        return [str(error)]


def _export(archive: Path, folder: Path) -> Path:
    folder.mkdir()
    for arguments in (
        ("csv", "--raw", "--out", folder / "raw"),
        ("csv", "--out", folder / "文章.csv"),
        ("xlsx", "--out", folder / "文章.xlsx"),
        ("parquet", "--out", folder / "文章.parquet"),
    ):
        done = run_zhijiang("export", *arguments, "--archive", archive)
        assert done.returncode == 0, done.stderr
    return folder


# --- the referees ----------------------------------------------------------------------------------------


def check_frictionless(commands: Path, exports: Path, _archive: Path) -> list[str]:
    """Types, keys, references, sizes and digests are as the description tells."""
    done = _run(commands / "frictionless", "validate", "--json", exports / "raw" / "datapackage.json")
    return [] if done.returncode == 0 else [done.stdout[-3000:] + done.stderr[-1000:]]


_NOTED = ("event", "seal", "seal_part", "seal_former")
"""Tables to which the exports themselves added: each is noted, and the note is sealed."""


def check_duckdb_csv(commands: Path, exports: Path, archive: Path) -> list[str]:
    """Every value of every table is read back, NULL apart from empty texts."""
    problems = []
    tables = _read(commands, "duckdb-csv", *(exports / "raw" / f"{table}.csv" for table in TABLES))
    for table in TABLES:
        stored = _stored(archive, f"SELECT * FROM {table}")
        expected = [[None if value is None else str(value) for value in row] for row in stored]
        found = tables[f"{table}.csv"][1:]
        if table in _NOTED:
            expected = [row for row in expected if row in found]
        problems += _compare(table, sorted(expected, key=str), sorted(found, key=str))
    return problems


def check_openpyxl(commands: Path, exports: Path, archive: Path) -> list[str]:
    """Texts are texts, dates are dates, no cell became a formula."""
    book = _read(commands, "openpyxl", exports / "文章.xlsx")["文章.xlsx"]
    problems = []
    for view, order in (("文章", "编号"), ("署名", "编号, 顺序"), ("变更", "编号, 新版本")):
        cells = book[view]
        headings = [value for _, value in cells[0]]
        formulas = [value for row in cells for kind, value in row if kind == "f"]
        problems += [f"{view}: a formula: {value!r}" for value in formulas]
        kinds = {
            kind
            for row in cells[1:]
            for (kind, value), heading in zip(row, headings, strict=True)
            if heading == "发布日期" and value is not None
        }
        if kinds - {"d"}:
            problems.append(f"{view}: 发布日期 is of type {kinds}")
        expected = [
            [_in_a_cell(value, row[headings.index("编号")]) for value in row]
            for row in _stored(archive, f"SELECT * FROM {view} ORDER BY {order}")
        ]
        found = [[None if value == "" else _day(value) for _, value in row] for row in cells[1:]]
        problems += _compare(view, expected, found)
    return problems


def check_libreoffice(_commands: Path, exports: Path, archive: Path) -> list[str]:
    """It opens the workbook and the CSV file, finds the texts, and no cell to compute."""
    problems = []
    rows = list(_stored(archive, "SELECT * FROM 文章 ORDER BY 编号"))
    for name in ("文章.xlsx", "文章.csv"):
        held = ([_in_a_cell(value, row[0]) for value in row] for row in rows)
        expected = [["" if value is None else str(value) for value in row] for row in held]
        found = _converted(exports / name)[1:]
        if name == "文章.csv":  # which cannot say that a text of digits is no number
            found = [[unguarded(cell) for cell in row] for row in found]
            for ours, theirs in zip(expected, found, strict=False):
                theirs[:] = [
                    old if _NUMBER.fullmatch(old) else new for old, new in zip(ours, theirs, strict=False)
                ]
        problems += _compare(name, expected, found)
        flat = _converted(exports / name, "fods")
        problems += [f"{name}: a formula: {line.strip()[:200]}" for line in flat if "table:formula" in line]
    return problems


def check_parquet(commands: Path, exports: Path, archive: Path) -> list[str]:
    """Two programs read the same rows, which are those of the archive."""
    problems = []
    wanted = ["article_id", "title", "body", "published_on", "published_at", "status", "last_seen_at"]
    expected = [
        [*row[:3], row[3], _utc(row[4]), row[5], _utc(row[6])]
        for row in _stored(archive, f"SELECT {', '.join(wanted)} FROM article ORDER BY article_id")
    ]
    credits: dict[int, list[Any]] = {row[0]: [] for row in expected}
    for number, *credit in _stored(
        archive, "SELECT article_id, role, name, org FROM credit ORDER BY article_id, seq"
    ):
        credits[number].append(credit)
    for reader in ("duckdb-parquet", "pyarrow"):
        headings, *rows = _read(commands, reader, exports / "文章.parquet")["文章.parquet"]
        places = [headings.index(name) for name in wanted]
        problems += _compare(reader, expected, [[row[place] for place in places] for row in rows])
        place = headings.index("credits")
        found = [[[credit[key] for key in ("role", "name", "org")] for credit in row[place]] for row in rows]
        problems += _compare(f"{reader} credits", list(credits.values()), found)
    return problems


# --- damage ----------------------------------------------------------------------------------------------


def _byte(exports: Path) -> None:
    """a byte of a table changed"""
    _edit(exports / "raw" / "article.csv", lambda data: data.replace("云".encode(), "去".encode(), 1))


def _reference(exports: Path) -> None:
    """a credit of no article, with the right digest"""
    path = exports / "raw" / "credit.csv"
    lines = path.read_bytes().split(b"\r\n")
    first = lines[1].split(b",")
    lines[1] = b",".join([first[0], b"99999", *first[2:]])
    _replace_honestly(path, b"\r\n".join(lines))


def _lost_row(exports: Path) -> None:
    """a row less, with the right digest"""
    path = exports / "raw" / "role.csv"
    _replace_honestly(path, b"\r\n".join([*path.read_bytes().split(b"\r\n")[:-2], b""]))


def _null(exports: Path) -> None:
    """an empty text became NULL"""
    _edit(exports / "raw" / "article.csv", lambda data: data.replace(b',"",', b",,", 1))


def _formula(exports: Path) -> None:
    """a text of the workbook became a formula"""
    _write_cell(exports / "文章.xlsx", "=1+1")


def _text(exports: Path) -> None:
    """a text of the workbook was changed"""
    _write_cell(exports / "文章.xlsx", "另一题名")


def _unguarded(exports: Path) -> None:
    """a cell of the CSV file became a formula"""
    path = exports / "文章.csv"
    _edit(path, lambda data: re.sub(b"\r\n1,[^,]*,", b"\r\n1,=1+1,", data, count=1))


def _cut(exports: Path) -> None:
    """the Parquet file lost its end"""
    _edit(exports / "文章.parquet", lambda data: data[:-100])


def _edit(path: Path, change: Callable[[bytes], bytes]) -> None:
    before = path.read_bytes()
    path.write_bytes(change(before))
    assert path.read_bytes() != before


def _replace_honestly(path: Path, data: bytes) -> None:
    manifest = path.parent / "datapackage.json"
    package = json.loads(manifest.read_text("utf-8"))
    (resource,) = [each for each in package["resources"] if each["path"] == path.name]
    resource |= {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
    manifest.write_text(json.dumps(package), "utf-8")
    path.write_bytes(data)


def _write_cell(path: Path, value: str) -> None:
    book = openpyxl.load_workbook(path)
    book["文章"]["B2"] = value
    book.save(path)


REFEREES: dict[str, tuple[_Judge, tuple[Callable[[Path], None], ...]]] = {
    "frictionless": (check_frictionless, (_byte, _reference)),
    "DuckDB, CSV": (check_duckdb_csv, (_byte, _lost_row, _null)),
    "openpyxl": (check_openpyxl, (_formula, _text)),
    "LibreOffice": (check_libreoffice, (_formula, _text, _unguarded)),
    "DuckDB and PyArrow, Parquet": (check_parquet, (_cut,)),
}


# --- reading ---------------------------------------------------------------------------------------------


def _stored(archive: Path, sql: str) -> Iterator[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"{archive.as_uri()}?mode=ro", uri=True)) as connection:
        connection.text_factory = lambda text: text.decode(errors="replace")
        yield from connection.execute(sql)


def _in_a_cell(value: Any, number: int) -> Any:
    """Return what a spreadsheet can hold of a value: told again here, apart from the program's own words."""
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").translate(_CONTROLS)
    if len(text.encode("utf-16-le")) > 2 * CELL_UNITS:
        mark = f"…（截断，全文见编号 {number}）"
        text = text.encode("utf-16-le")[: 2 * (CELL_UNITS - len(mark))].decode("utf-16-le", "ignore") + mark
    return text or None


def _day(value: Any) -> Any:
    """Return a date without the midnight that spreadsheets give it, a time as views write it."""
    if isinstance(value, str) and len(value) == 19 and value[10] == "T":
        return value[:10] if value.endswith("T00:00:00") else value.replace("T", " ")
    return value


def _utc(text: str | None) -> str | None:
    return text and datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None).isoformat()


def _compare(what: str, expected: _Rows, found: _Rows) -> list[str]:
    if len(expected) != len(found):
        return [f"{what}: {len(expected)} rows, {len(found)} found: {str(found[:1])[:500]}"]
    for number, (ours, theirs) in enumerate(zip(expected, found, strict=True), 1):
        for place, (old, new) in enumerate(zip_longest(ours, theirs), 1):
            if old != new:
                return [f"{what}: row {number}, column {place}: {str(old)[:80]!r} became {str(new)[:80]!r}"]
    return []


def _read(commands: Path, reader: str, *paths: Path) -> Any:
    done = _run(commands / "python", READ, reader, *paths)
    if done.returncode:
        raise _Refused(f"{reader}: {done.stderr[-500:]}")
    return json.loads(done.stdout)


def _converted(path: Path, kind: str = "csv") -> Any:
    """Return what LibreOffice makes of a file: rows, or for ``fods`` the lines of its own format."""
    with tempfile.TemporaryDirectory() as name:
        return _convert(path, kind, Path(name))


def _convert(path: Path, kind: str, out: Path) -> Any:
    # comma, quote, UTF-8; not as shown but as it is
    target = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false" if kind == "csv" else kind
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation={(out / 'profile').as_uri()}",
        "--convert-to",
        target,
    ]
    if path.suffix == ".csv":
        command.append("--infilter=CSV:44,34,76,1,,0,false,false")
    done = _run(*command, "--outdir", out, path)
    written = sorted(out.glob(f"*.{kind}"))
    if not written:
        raise _Refused(done.stdout + done.stderr)
    with written[0].open(encoding="utf-8-sig", newline="") as file:
        csv.field_size_limit(10_000_000)
        return list(csv.reader(file)) if kind == "csv" else list(file)


def _run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    words = [str(word) for word in command]
    return subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
