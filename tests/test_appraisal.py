"""Decisions of archivists go through a spreadsheet and come back."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import Archive, Article
from archive.appraisal import export_appraisals, import_appraisals, number_appraisals
from archive.model.crawl import Listing
from archive.store.articles import replace_history, save_article
from archive.store.crawls import save_listing

MakeArticle = Callable[..., Article]


@pytest.fixture
def filled(archive: Archive, article: MakeArticle, listing: Callable[..., Listing]) -> Archive:
    for key, day in (("1", "2024-01-02"), ("2", "2024-01-01"), ("3", "2025-01-01")):
        save_article(archive, article(key=key, title=f"=题{key}", published_on=day), 1)
    save_listing(archive, listing("1", "2", slug="yw"), 1)
    return archive


def decide(filled: Archive, path: Path, rows: list[dict[str, str]], **how: str) -> list[str]:
    headings = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding=how.get("encoding", "utf-8-sig"), newline="") as file:
        writer = csv.DictWriter(file, headings, delimiter=how.get("delimiter", ","))
        writer.writeheader()
        writer.writerows(rows)
    return import_appraisals(filled, path).problems


def table(filled: Archive) -> list[tuple[object, ...]]:
    sql = "SELECT 编号, 档号, 保管期限, 开放标识, 附注, 鉴定日期 FROM 鉴定 ORDER BY 编号"
    return filled.connection.execute(sql).fetchall()


def test_an_export_read_back_changes_nothing(filled: Archive, tmp_path: Path) -> None:
    row = {"编号": "1", "保管期限": "Y", "开放标识": "开放", "附注": "-存疑", "鉴定日期": "2026-11-23"}
    assert decide(filled, tmp_path / "in.csv", [row]) == []
    before = table(filled)
    assert before[0] == (1, None, "Y", "开放", "-存疑", "2026-11-23")
    assert before[1] == (2, None, None, "未审核", None, None)
    out = tmp_path / "out.csv"
    assert export_appraisals(filled, out) == 3
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    assert "'=题1" in out.read_text("utf-8-sig")  # no spreadsheet runs it as a formula
    result = import_appraisals(filled, out)
    assert (result.changed, result.unchanged, result.problems) == (0, 3, [])
    assert table(filled) == before


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8-sig", ","), ("gb18030", ","), ("utf-8", "\t"), ("utf-8", ";")]
)
def test_what_spreadsheets_make_of_the_file_is_read(
    filled: Archive, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    row = {
        "编号": "2.0",
        "题名": "乱写",
        "保管期限": "30年",
        "开放标识": "",
        "附注": "甲，乙",
        "鉴定日期": "2026/1/5",
    }
    assert decide(filled, tmp_path / "in.csv", [row], encoding=encoding, delimiter=delimiter) == []
    assert table(filled)[1] == (2, None, "D30", "未审核", "甲，乙", "2026-01-05")


def test_what_windows_writes_beyond_gbk_is_read(filled: Archive, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_bytes("编号,附注\n1,二百".encode("gbk") + b"\x80\n")
    assert import_appraisals(filled, file).problems == []
    assert table(filled)[0][4] == "二百€"


def test_an_empty_cell_clears_and_a_missing_column_leaves(filled: Archive, tmp_path: Path) -> None:
    decide(filled, tmp_path / "a.csv", [{"编号": "1", "保管期限": "Y", "附注": "甲"}])
    decide(filled, tmp_path / "b.csv", [{"编号": "1", "附注": ""}])
    assert table(filled)[0] == (1, None, "Y", "未审核", None, None)


def test_with_one_mistake_nothing_is_written_and_each_is_named(filled: Archive, tmp_path: Path) -> None:
    code = "C015-WY·YW·2024·Y-00001"
    rows = [
        {"编号": "1", "保管期限": "Y", "开放标识": "开放", "档号": code, "鉴定日期": ""},
        {"编号": "2", "保管期限": "百年", "开放标识": "公开", "档号": code, "鉴定日期": "2026-02-30"},
        {"编号": "99", "保管期限": "", "开放标识": "", "档号": "", "鉴定日期": ""},
        {"编号": "1", "保管期限": "", "开放标识": "", "档号": "七号", "鉴定日期": ""},
    ]
    problems = decide(filled, tmp_path / "in.csv", rows)
    for words in (
        "row 3, 保管期限 '百年': write Y, D30 or D10",
        "row 3, 开放标识 '公开': write one of 开放",
        "row 3, 鉴定日期 '2026-02-30': write a day",
        "row 4, 编号 '99': no such article",
        "row 5: 编号 1 stands in the file twice",
        "row 5, 档号 '七号': write it as",
    ):
        assert any(words in problem for problem in problems), (words, problems)
    assert filled.connection.execute("SELECT count(*) FROM appraisal").fetchone() == (0,)
    (tmp_path / "x.csv").write_text("题名\n甲\n", encoding="utf-8")
    assert "has no column 编号" in import_appraisals(filled, tmp_path / "x.csv").problems[0]


def test_a_dry_run_writes_nothing(filled: Archive, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("编号,保管期限\n1,Y\n", encoding="utf-8")
    assert import_appraisals(filled, tmp_path / "in.csv", dry_run=True).changed == 1
    assert table(filled)[0][2] is None


def test_numbers_follow_day_and_are_never_given_twice(filled: Archive, tmp_path: Path) -> None:
    decide(filled, tmp_path / "a.csv", [{"编号": n, "保管期限": "Y"} for n in ("1", "2", "3")])
    wanted = [(2, "C015-WY·YW·2024·Y-00001"), (1, "C015-WY·YW·2024·Y-00002")]
    assert number_appraisals(filled, "C015", 2024, dry_run=True) == wanted
    assert number_appraisals(filled, "C015", 2024) == wanted
    assert number_appraisals(filled, "C015", 2024) == []
    assert number_appraisals(filled, "C015", 2025) == [(3, "C015-WY·QT·2025·Y-00001")]
    taken = decide(filled, tmp_path / "b.csv", [{"编号": "3", "档号": "C015-WY·YW·2024·Y-00001"}])
    assert taken == ["档号 C015-WY·YW·2024·Y-00001: belongs to article 2"]
    swapped = [{"编号": "1", "档号": wanted[0][1]}, {"编号": "2", "档号": wanted[1][1]}]
    assert decide(filled, tmp_path / "c.csv", swapped) == []
    assert [row[1] for row in table(filled)[:2]] == [wanted[0][1], wanted[1][1]]


def test_no_crawl_touches_what_was_decided(filled: Archive, article: MakeArticle, tmp_path: Path) -> None:
    decide(filled, tmp_path / "a.csv", [{"编号": "1", "保管期限": "Y"}])
    save_article(filled, article(key="1", title="改了"), 1)
    replace_history(filled, article(key="1", title="再读"), 1)
    assert table(filled)[0][2] == "Y"
