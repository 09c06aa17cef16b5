"""What archivists decide about articles, and its way through a spreadsheet and back."""

import csv
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from archive.rendering.cells import guarded, unguarded
from archive.spreadsheet import Sheet, read_sheets, write_workbook
from archive.store.archive import Archive

DECIDED = {
    "档号": "archival_code",
    "保管期限": "retention",
    "开放标识": "open_flag",
    "密级": "security",
    "主题词": "keywords",
    "提要": "abstract",
    "附注": "note",
    "鉴定人": "decided_by",
    "鉴定日期": "decided_on",
}
"""Heading of the spreadsheet → column of ``appraisal``: what may be filled in."""
SHOWN = ("题名", "发布日期", "栏目")
"""Headings that only help the reader; what is written there is not read."""
_RETENTIONS = {"Y": "Y", "永久": "Y", "D30": "D30", "30年": "D30", "D10": "D10", "10年": "D10"}
_OPEN_FLAGS = ("开放", "控制", "延期开放", "未审核")
_HEADING_ROWS = 20
"""Rows from the top among which the headings are looked for: a title may stand above them."""
_FAILED = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)|#{2,}")
"""What a program saves of a formula that fails, or, as CSV, of a day whose column is too narrow."""
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 0?0:00(?::00)?)?")
_CODE = re.compile(r"[^\s-]+-WY·[^\s·]+·\d{4}·(?:Y|D30|D10)-\d{5,}")


@dataclass(slots=True)
class Import:
    """What reading a spreadsheet came to."""

    changed: int = 0
    unchanged: int = 0
    problems: list[str] = field(default_factory=list)
    """Mistakes, each with row, heading, value and reason; with any of them nothing is written."""


def export_appraisals(archive: Archive, out: Path, *, workbook: bool = False) -> int:
    """Write every article with what was decided about it to a CSV file or a workbook; return how many.

    CSV is UTF-8 with BOM, for Excel and LibreOffice.  Raises ``OSError``, such as ``FileExistsError``, and
    ``NotASpreadsheet`` where a workbook cannot hold it all.
    """
    headings = ("编号", *DECIDED, *SHOWN)
    rows = archive.connection.execute(f"SELECT {', '.join(headings)} FROM 鉴定 ORDER BY 编号")
    cells = ([guarded(value) for value in row] for row in rows)
    if workbook:
        write_workbook(
            out,
            "鉴定",
            headings,
            cells,
            choices={"保管期限": list(dict.fromkeys(_RETENTIONS.values())), "开放标识": _OPEN_FLAGS},
            days=("鉴定日期", "发布日期"),
            shown=SHOWN,
        )
    else:
        with out.open("x", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(headings)
            writer.writerows(cells)
    return int(archive.connection.execute("SELECT count(*) FROM article").fetchone()[0])


def import_appraisals(archive: Archive, path: Path, *, dry_run: bool = False) -> Import:
    """Read decisions back from a spreadsheet, a workbook or CSV; all of it, or with a mistake none.

    Takes what spreadsheet programs make of the file (``read_sheets``), days such as 2024/1/16, titles above the
    headings, other sheets.  Rows are matched by 编号; a heading that is missing leaves its column as it is, an empty
    cell clears it.  Raises ``OSError`` and ``NotASpreadsheet``.
    """
    result = Import()
    wanted: dict[int, dict[str, str | None]] = {}
    for place, row in _read(archive, path, result):
        article_id = _article_id(archive, row.get("编号", ""), place, result)
        if article_id is None:
            continue
        if article_id in wanted:
            result.problems.append(f"{place}: 编号 {article_id} stands in the file twice")
        wanted[article_id] = {
            DECIDED[heading]: _value(heading, text, place, result)
            for heading, text in row.items()
            if heading in DECIDED
        }
    codes = Counter(values.get("archival_code") for values in wanted.values())
    result.problems += [
        f"档号 {code}: stands in the file {n} times" for code, n in codes.items() if code and n > 1
    ]
    if result.problems:
        return result
    changes = {
        article_id: values for article_id, values in wanted.items() if _differs(archive, article_id, values)
    }
    result.changed, result.unchanged = len(changes), len(wanted) - len(changes)
    result.problems += _taken(archive, changes)
    if not dry_run and not result.problems:
        from archive.store.seals import APPRAISED

        _write(archive, changes, APPRAISED)
    return result


def number_appraisals(
    archive: Archive, fonds: str, year: int, *, dry_run: bool = False
) -> list[tuple[int, str]]:
    """Give 档号 to the articles of a year that have a 保管期限 and none yet; return (编号, 档号).

    The form of DA/T 13-2022, ``C015-WY·YW·2019·D10-00001``: fonds, 网页, section, year, retention, item.  Items
    are numbered by day and 编号 within section, year and retention, after the highest number ever given.
    """
    rows = archive.connection.execute(
        """SELECT a.article_id, p.retention, coalesce((
               SELECT s.slug FROM listing l JOIN section s ON s.section_id = l.section_id
               WHERE s.kind = 'section' AND s.site = a.site AND l.key = a.key
               ORDER BY s.section_id LIMIT 1), '') AS slug
           FROM article a JOIN appraisal p ON p.article_id = a.article_id
           WHERE substr(a.published_on, 1, 4) = ? AND p.retention IS NOT NULL AND p.archival_code IS NULL
           ORDER BY a.published_on, a.article_id""",
        (str(year),),
    ).fetchall()
    last: dict[str, int] = {}
    for (code,) in archive.connection.execute(
        "SELECT archival_code FROM appraisal WHERE archival_code IS NOT NULL"
    ):
        series, _, item = code.rpartition("-")
        last[series] = max(last.get(series, 0), int(item) if item.isdecimal() else 0)
    numbered = []
    for article_id, retention, slug in rows:
        section = re.sub(r"[\s·-]+", "_", slug).upper() or "QT"
        series = f"{fonds}-WY·{section}·{year}·{retention}"
        last[series] = last.get(series, 0) + 1
        numbered.append((article_id, f"{series}-{last[series]:05}"))
    if not dry_run:
        codes = {article_id: {"archival_code": code} for article_id, code in numbered}
        from archive.store.seals import NUMBERED

        _write(archive, codes, NUMBERED)
    return numbered


# --- reading a spreadsheet -------------------------------------------------------------------------------


def _read(archive: Archive, path: Path, result: Import) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (where the row stands, heading → text) of every sheet that has 编号 and a column to fill in."""
    numbered = filled = False
    for sheet in read_sheets(path):
        top = next(((n, row) for n, row in islice(sheet.rows, _HEADING_ROWS) if "编号" in row), None)
        if top is None:
            continue
        numbered, (first, headings) = True, top
        if not DECIDED.keys() & set(headings):
            continue  # another export's sheet, such as 署名
        filled = True
        where = f"sheet {sheet.name}, " if sheet.name else ""
        result.problems += _mistakes(archive, sheet, first, headings, where or f"{path}: ")
        for number, row in sheet.rows:
            texts = zip(headings, [*row, *[""] * (len(headings) - len(row))], strict=False)
            cells = {heading: unguarded(text) for heading, text in texts if heading}
            if any(cells.values()):
                yield f"{where}row {number}", cells
    if not filled:
        missing = f"no column to read, such as {next(iter(DECIDED))}" if numbered else "no column 编号"
        result.problems.append(f"{path}: has {missing}; zhijiang appraise export writes one")


def _mistakes(
    archive: Archive, sheet: Sheet, first: int, headings: Sequence[str], where: str
) -> Iterator[str]:
    """Yield what is wrong with the headings, which stand in row ``first``, and the shape of a sheet."""
    described = archive.connection.execute("SELECT * FROM 文章 LIMIT 0").description
    known = {"编号", *DECIDED, *SHOWN, *(column for column, *_ in described)}
    for heading, times in Counter(filter(None, headings)).items():
        if heading not in known:
            yield f"{where}column {heading} is not known"
        elif times > 1 and heading not in SHOWN:
            yield f"{where}column {heading} stands there {times} times"
    for cell in sheet.unworked:
        yield f"{where}cell {cell}: holds a formula that was never worked out; open the file and save it again"
    for merge in sheet.merged:
        across = [heading for heading in headings[merge.column - 1 : merge.last_column] if heading in DECIDED]
        if merge.row > first and len(across) > 1:
            yield f"{where}row {merge.row}: the cells of {'、'.join(across)} are merged; split them"


def _article_id(archive: Archive, text: str, place: str, result: Import) -> int | None:
    found = re.fullmatch(r"(\d{1,15})(?:\.0+)?", text)
    known = (
        found
        and archive.connection.execute(
            "SELECT article_id FROM article WHERE article_id = ?", (int(found[1]),)
        ).fetchone()
    )
    if not known:
        result.problems.append(f"{place}, 编号 {text!r}: no such article")
        return None
    return int(known[0])


def _value(heading: str, text: str, place: str, result: Import) -> str | None:
    """Return a cell as it is stored, None for an empty one; note a mistake."""
    reason = ""
    value: str | None = text or None
    if _FAILED.fullmatch(text):
        value, reason = (
            None,
            "is no value but what a failed formula or a narrow column shows; write what is meant",
        )
    elif heading == "保管期限" and text:
        value, reason = _RETENTIONS.get(text.upper().replace(" ", "")), "write Y, D30 or D10"
    elif heading == "开放标识":
        value = text or "未审核"
        reason = "" if value in _OPEN_FLAGS else f"write one of {'、'.join(_OPEN_FLAGS)}"
    elif heading == "档号" and text:
        reason = "" if _CODE.fullmatch(text) else "write it as C015-WY·YW·2019·D10-00001"
    elif heading == "鉴定日期" and text:
        value, reason = _day(text), "write a day, such as 2024-01-16"
    if text and (value is None or (reason and heading in ("开放标识", "档号"))):
        result.problems.append(f"{place}, {heading} {text!r}: {reason}")
    return value


def _day(text: str) -> str | None:
    found = _DAY.fullmatch(text)
    try:
        return found and date(*map(int, found.groups())).isoformat()
    except ValueError:
        return None


# --- writing ---------------------------------------------------------------------------------------------


def _differs(archive: Archive, article_id: int, values: Mapping[str, str | None]) -> bool:
    stored = next(iter(archive.rows("SELECT * FROM appraisal WHERE article_id = ?", [article_id])), None)
    before: dict[str, Any] = stored or {"open_flag": "未审核"}
    return any(before.get(column) != value for column, value in values.items())


def _taken(archive: Archive, changes: Mapping[int, Mapping[str, str | None]]) -> list[str]:
    """Return a problem for each 档号 that another article keeps."""
    problems = []
    for article_id, values in changes.items():
        code = values.get("archival_code")
        holder = (
            code
            and archive.connection.execute(
                "SELECT article_id FROM appraisal WHERE archival_code = ? AND article_id <> ?",
                (code, article_id),
            ).fetchone()
        )
        if holder and "archival_code" not in changes.get(holder[0], {}):
            problems.append(f"档号 {code}: belongs to article {holder[0]}")
    return problems


def _write(archive: Archive, changes: Mapping[int, Mapping[str, str | None]], what: str) -> None:
    from archive.store.seals import changing, seal, seal_strangers  # --help needs none of it

    with archive.transaction() as execute:
        seal_strangers(archive, "appraisal")
        with changing(archive, "appraisal", [*changes]):
            _decide(execute, changes)
        seal(archive, what, ("appraisal",))


def _decide(execute: Callable[..., sqlite3.Cursor], changes: Mapping[int, Mapping[str, str | None]]) -> None:
    for article_id, values in changes.items():  # first freed, then given: two articles may swap theirs
        if "archival_code" in values:
            execute("UPDATE appraisal SET archival_code = NULL WHERE article_id = ?", (article_id,))
    for article_id, values in changes.items():
        execute("INSERT INTO appraisal (article_id) VALUES (?) ON CONFLICT DO NOTHING", (article_id,))
        columns = ", ".join(f"{column} = :{column}" for column in values)
        execute(
            f"UPDATE appraisal SET {columns} WHERE article_id = :article_id",
            {**values, "article_id": article_id},
        )
