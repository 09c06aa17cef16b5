"""A workbook goes to an archivist and comes back, through programs that save it their own way."""

import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from archive import Archive, Article
from archive.appraisal import export_appraisals, import_appraisals
from archive.spreadsheet import NotASpreadsheet, read_sheets
from archive.store.articles import save_article
from tests.command_line import fork_zhijiang

MakeArticle = Callable[..., Article]
CODE = "C015-WY·YW·2024·D30-00001"


@pytest.fixture
def filled(archive: Archive, article: MakeArticle) -> Archive:
    for key in ("1", "2", "3"):
        save_article(archive, article(key=key, title=f"=题{key}"), 1)
    return archive


def book(path: Path, *sheets: tuple[str, Sequence[Any]], merged: tuple[str, ...] = ()) -> Path:
    """Save a workbook as another program would; what is merged is so on the first sheet."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    for cells in merged:
        made.worksheets[0].merge_cells(cells)
    made.save(path)
    return path


def table(filled: Archive) -> list[tuple[object, ...]]:
    sql = "SELECT 编号, 档号, 保管期限, 开放标识, 附注, 鉴定日期 FROM 鉴定 ORDER BY 编号"
    return filled.connection.execute(sql).fetchall()


def decide(filled: Archive, path: Path) -> None:
    rows = [
        ["编号", "档号", "保管期限", "开放标识", "附注", "鉴定日期"],
        [1, CODE, "D30", "开放", "'=甲\n乙", "2026-11-23"],
    ]
    assert import_appraisals(filled, book(path, ("鉴定", rows))).problems == []


def test_a_workbook_read_back_changes_nothing(filled: Archive, tmp_path: Path) -> None:
    decide(filled, tmp_path / "in.xlsx")
    before = table(filled)
    assert before[0] == (1, CODE, "D30", "开放", "=甲\n乙", "2026-11-23")
    out = tmp_path / "out.xlsx"
    assert export_appraisals(filled, out, workbook=True) == 3
    result = import_appraisals(filled, out)
    assert (result.changed, result.unchanged, result.problems) == (0, 3, [])
    assert table(filled) == before


def test_a_workbook_saved_again_by_another_program_is_read(filled: Archive, tmp_path: Path) -> None:
    decide(filled, tmp_path / "in.xlsx")
    out = tmp_path / "out.xlsx"
    export_appraisals(filled, out, workbook=True)
    opened = openpyxl.load_workbook(out)
    sheet = opened.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    assert sheet.cell(2, headings.index("鉴定日期") + 1).value == datetime(2026, 11, 23)
    assert {str(rule.formula1) for rule in sheet.data_validations.dataValidation} == {
        '"Y,D30,D10"',
        '"开放,控制,延期开放,未审核"',
    }
    sheet.cell(3, headings.index("保管期限") + 1).value = "10年"
    sheet.cell(3, headings.index("鉴定日期") + 1).value = date(2026, 11, 24)
    opened.save(out)
    result = import_appraisals(filled, out)
    assert (result.changed, result.problems) == (1, [])
    assert table(filled)[1] == (2, None, "D10", "未审核", None, "2026-11-24")


def test_titles_empty_rows_other_sheets_and_kinds_of_cells_are_no_matter(
    filled: Archive, tmp_path: Path
) -> None:
    rows = [
        ["云汀县档案馆鉴定表"],
        [],
        ["\ufeff编号", "题名", "保管期限", "鉴定日期", "附注", "来源"],
        [1.0, "乱写", "D30", datetime(2026, 1, 5), 0.5, "云汀网"],
        [],
        ["2", "乱写", " 永久 ", "2026/1/6", 2024, None],
        [3, None, None, date(2026, 1, 7), True],
    ]
    path = book(
        tmp_path / "in.xlsx",
        ("鉴定", rows),
        ("署名", [["编号", "姓名"], [1, "乔安"]]),
        ("说明", [["写给编号的人"]]),
        merged=("A1:F1",),
    )
    assert import_appraisals(filled, path).problems == []
    assert table(filled) == [
        (1, None, "D30", "未审核", "0.5", "2026-01-05"),
        (2, None, "Y", "未审核", "2024", "2026-01-06"),
        (3, None, None, "未审核", "TRUE", "2026-01-07"),
    ]


def test_what_is_merged_down_holds_for_all_its_rows(filled: Archive, tmp_path: Path) -> None:
    rows = [["编号", "保管期限", "附注"], [1, "D30", "甲"], [2], [3, None, "丙"]]
    path = book(tmp_path / "in.xlsx", ("鉴定", rows), merged=("B2:B4", "C2:C3"))
    assert import_appraisals(filled, path).problems == []
    assert [(row[2], row[4]) for row in table(filled)] == [("D30", "甲"), ("D30", "甲"), ("D30", "丙")]


def test_mistakes_name_sheet_row_and_column(filled: Archive, tmp_path: Path) -> None:
    rows = [
        ["鉴定表"],
        ["编号", "保管期限", "鉴定日期", "附注", "附注", "盒号"],
        [1, "百年", 45000, "#N/A"],
        [7, "Y", "########"],
        [2, "D30"],
    ]
    path = book(tmp_path / "in.xlsx", ("甲", rows), merged=("B5:C5",))
    assert import_appraisals(filled, path).problems == [
        "sheet 甲, column 附注 stands there 2 times",
        "sheet 甲, column 盒号 is not known",
        "sheet 甲, row 5: the cells of 保管期限、鉴定日期 are merged; split them",
        "sheet 甲, row 3, 保管期限 '百年': write Y, D30 or D10",
        "sheet 甲, row 3, 鉴定日期 '45000': write a day, such as 2024-01-16",
        "sheet 甲, row 4, 编号 '7': no such article",
    ]
    assert filled.connection.execute("SELECT count(*) FROM appraisal").fetchone() == (0,)


def test_an_error_in_a_cell_is_no_decision(filled: Archive, tmp_path: Path) -> None:
    path = book(tmp_path / "in.xlsx", ("鉴定", [["编号", "附注", "鉴定日期"], [1, "#REF!", "#####"]]))
    first, second = import_appraisals(filled, path).problems
    assert first.startswith("sheet 鉴定, row 2, 附注 '#REF!': is no value")
    assert second.startswith("sheet 鉴定, row 2, 鉴定日期 '#####': is no value")


def test_a_formula_is_what_was_worked_out_or_a_mistake(filled: Archive, tmp_path: Path) -> None:
    path = book(tmp_path / "in.xlsx", ("鉴定", [["编号", "附注"], [1, "=1+1"]]))
    (problem,) = import_appraisals(filled, path).problems
    assert problem.startswith("sheet 鉴定, cell B2: holds a formula that was never worked out")
    worked = tmp_path / "worked.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(worked, "w") as new:
        for name in old.namelist():
            new.writestr(
                name,
                old.read(name).replace(b"</f><v></v>", b"</f><v>2</v>").replace(b"</f><v/>", b"</f><v>2</v>"),
            )
    assert import_appraisals(filled, worked).problems == []
    assert table(filled)[0][4] == "2"


def test_a_workbook_without_anything_to_read_is_told(filled: Archive, tmp_path: Path) -> None:
    for name, rows, words in (
        ("a", [["题名"], ["甲"]], "has no column 编号"),
        ("b", [["编号", "题名"], [1, "甲"]], "has no column to read, such as 档号"),
    ):
        (problem,) = import_appraisals(filled, book(tmp_path / f"{name}.xlsx", ("甲", rows))).problems
        assert words in problem


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "has a password"),
        (b"PK\x03\x04" + bytes(600), "cannot be read"),
        ('编号,附注\n1,"'.encode() + b"x" * 200_000 + b'"', "cannot be read"),
    ],
    ids=["old or encrypted", "broken", "a cell without end"],
)
def test_what_cannot_be_read_is_told(filled: Archive, tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "in.xlsx"
    path.write_bytes(data)
    with pytest.raises(NotASpreadsheet, match=words):
        import_appraisals(filled, path)
    done = fork_zhijiang("appraise", "import", path, "--archive", filled.path)
    assert done.returncode == 1
    assert words in done.stderr


def test_a_workbook_broken_in_the_middle_is_told(filled: Archive, tmp_path: Path) -> None:
    whole = book(tmp_path / "in.xlsx", ("鉴定", [["编号", "附注"], *([1, f"附注{n}"] for n in range(500))]))
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data[: len(data) // 2] if "sheet1" in name else data)
    with pytest.raises(NotASpreadsheet, match=r"broken\.xlsx: cannot be read"):
        import_appraisals(filled, broken)


def test_csv_rows_are_counted_as_the_program_shows_them(filled: Archive, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes('鉴定表\t\n编号\t附注\n\n1\t"甲\n乙"\n9\t丙\n'.encode("utf-16"))
    assert import_appraisals(filled, path).problems == ["row 5, 编号 '9': no such article"]


def test_a_stray_cell_far_away_costs_nothing(tmp_path: Path) -> None:
    path = book(tmp_path / "in.xlsx", ("甲", [["编号"], [1]]))
    opened = openpyxl.load_workbook(path)
    opened.worksheets[0]["XFD90000"] = "x"
    opened.save(path)
    found = [(number, row) for sheet in read_sheets(path) for number, row in sheet.rows if row and row[0]]
    assert found == [(1, ["编号"]), (2, ["1"])]


def test_the_command_writes_and_reads_workbooks(filled: Archive, tmp_path: Path) -> None:
    out = tmp_path / "鉴定.XLSX"
    assert fork_zhijiang("appraise", "export", "--out", out, "--archive", filled.path).returncode == 0
    assert openpyxl.load_workbook(out).sheetnames == ["鉴定"]
    done = fork_zhijiang("appraise", "import", out, "--archive", filled.path)
    assert "0 changed, 3 unchanged" in done.stdout
    exported = tmp_path / "文章.xlsx"
    assert fork_zhijiang("export", "xlsx", "--out", exported, "--archive", filled.path).returncode == 0
    opened = openpyxl.load_workbook(exported)
    sheet = opened["文章"]
    sheet.cell(1, sheet.max_column + 1).value = "保管期限"
    for row in range(2, 5):
        sheet.cell(row, sheet.max_column).value = "Y"
    opened.save(exported)
    done = fork_zhijiang("appraise", "import", exported, "--archive", filled.path)
    assert "3 changed, 0 unchanged" in done.stdout, done.stderr
