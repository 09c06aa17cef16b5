"""The workbook: text is text, a date is a date, nothing is lost without a word."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.utils.escape import unescape

from archive import Archive, Article
from archive.export import ArticleStream, Selection
from archive.export import xlsx as module
from archive.export.xlsx import write_xlsx
from archive.rendering.cells import CELL_UNITS
from archive.rendering.remarks import Remark
from archive.store.articles import save_article
from archive.store.crawls import begin_crawl
from tests.conftest import ARTICLE
from tests.hostile import FORMULAS, TEXTS

MakeArticle = Callable[..., Article]
HOSTILE = (*FORMULAS, *TEXTS)
CONTROLS = dict.fromkeys([*range(9), *range(11, 32), 127, 0xFFFE, 0xFFFF])
"""What XML cannot hold, or turns into something else."""


ALL = Selection()


def write(archive: Archive, path: Path, selection: Selection = ALL, **limits: int) -> openpyxl.Workbook:
    stream = ArticleStream(archive, selection)
    assert write_xlsx(stream, path, **limits) == stream.count()
    return openpyxl.load_workbook(path)


def notes(book: openpyxl.Workbook) -> dict[Any, Any]:
    return {row[0]: row[1] for row in book["说明"].values}


def place(sheet: Any, heading: str) -> int:
    """Return the number of the column with a heading, from 1."""
    return [cell.value for cell in sheet[1]].index(heading) + 1


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    """A workbook with every hostile text as title and body."""
    folder = tmp_path_factory.mktemp("hostile")
    with Archive.open(folder / "a.db") as archive:
        crawl = begin_crawl(archive, "yunting", software="test", options={})
        archive.begin()
        for number, text in enumerate(HOSTILE):
            save_article(
                archive, replace(ARTICLE, key=str(number), title=text, body=(text,), credits=()), crawl
            )
        archive.commit()
        return write(archive, folder / "a.xlsx")


def test_a_workbook_has_its_sheets_headings_filters_dates_and_links(
    archive: Archive, article: MakeArticle, tmp_path: Path
) -> None:
    save_article(archive, article(), 1)
    save_article(archive, article(title="云汀县柑橘开园了", fetched_at="2024-11-03T01:00:00Z"), 1)
    book = write(archive, tmp_path / "a.xlsx")
    assert book.sheetnames == ["文章", "署名", "变更", "说明"]
    sheet = book["文章"]
    assert [cell.value for cell in sheet[1]][:4] == ["编号", "题名", "发布日期", "栏目"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", f"A1:{get_column_letter(sheet.max_column)}2")
    row = {heading.value: cell for heading, cell in zip(sheet[1], sheet[2], strict=True)}
    assert row["编号"].value == 1
    assert row["发布日期"].value == datetime(2024, 11, 1)
    assert row["发布日期"].is_date
    assert row["正文"].value == "11月1日，云汀县柑橘开园。\n今年预计产量三万吨。"
    assert row["网址"].hyperlink is not None
    assert row["网址"].hyperlink.target == article().url
    assert [cell.value for cell in book["署名"]["F"]] == ["姓名", "闻小满", "苏木", "乔安", "纪朗", "卫青禾"]
    change = dict(zip(*(list(rows) for rows in book["变更"].values), strict=True))
    assert change["发现时间（北京时间）"] == datetime(2024, 11, 3, 9)
    assert notes(book)["文章 行数"] == 1
    assert notes(book)["范围"] == "全部文章"
    assert notes(book)["署名 · 姓名"].startswith("照网页所印")


@pytest.mark.parametrize("number", range(len(HOSTILE)), ids=[repr(text[:12]) for text in HOSTILE])
def test_every_text_stays_a_text(hostile: openpyxl.Workbook, number: int) -> None:
    bare = HOSTILE[number].replace("\r\n", "\n").translate(CONTROLS)
    for heading in ("题名", "正文"):
        cell = hostile["文章"].cell(2 + number, place(hostile["文章"], heading))
        assert cell.data_type in ("s", "inlineStr")
        value = unescape(str(cell.value))
        if len(bare.encode("utf-16-le")) // 2 <= CELL_UNITS:
            assert value == bare
        else:
            mark = f"…（截断，全文见编号 {number + 1}）"
            assert len(value.encode("utf-16-le")) // 2 in (CELL_UNITS, CELL_UNITS - 1)
            assert value.endswith(mark)
            assert bare.startswith(value.removesuffix(mark))


def test_on_paper_it_is_a_register(archive: Archive, article: MakeArticle, tmp_path: Path) -> None:
    save_article(archive, article(), 1)
    book = write(archive, tmp_path / "a.xlsx")
    for sheet in book:
        assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$1:$1")
        fitted = sheet.sheet_properties.pageSetUpPr
        assert fitted is not None
        assert (fitted.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    last = get_column_letter(place(book["文章"], "网址") - 1)
    assert book["文章"].print_area == f"'文章'!$A$1:${last}$2"
    assert [cell.value for cell in book["文章"][1]][-2:] == ["网址", "正文"]
    assert "网址、正文" in notes(book)["打印"]


def test_a_full_sheet_goes_on_in_another(archive: Archive, article: MakeArticle, tmp_path: Path) -> None:
    for number in range(7):
        save_article(archive, article(key=str(number), credits=()), 1)
    book = write(archive, tmp_path / "a.xlsx", sheet_rows=4)
    assert book.sheetnames[:3] == ["文章", "文章 2", "文章 3"]
    numbers = [[row[0] for row in book[name].values] for name in ("文章", "文章 2", "文章 3")]
    assert numbers == [["编号", 1, 2, 3], ["编号", 4, 5, 6], ["编号", 7]]
    assert write(archive, tmp_path / "b.xlsx", sheet_rows=8).sheetnames[1] == "署名"


def test_what_cannot_be_a_link_or_a_date_is_text(
    archive: Archive, article: MakeArticle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SHEET_LINKS", 2)
    for number, url in enumerate(
        ["javascript:alert(1)", "http://a.example/" + "a" * 3000, *["http://b.example/"] * 3]
    ):
        save_article(
            archive,
            article(key=str(number), url=url, published_on=("0999-01-01", "2024-99-99")[number % 2]),
            1,
        )
    stream = ArticleStream(archive)
    write_xlsx(stream, tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["文章"]
    links = sheet[get_column_letter(place(sheet, "网址"))]
    assert [cell.hyperlink is not None for cell in links] == [False, False, False, True, True, False]
    assert [cell.value for cell in sheet["C"]][1:3] == ["0999-01-01", "2024-99-99"]
    assert stream.remarks == {Remark.NO_LINK: 3}


def test_the_same_archive_gives_the_same_bytes(
    archive: Archive, article: MakeArticle, tmp_path: Path
) -> None:
    save_article(archive, article(), 1)
    write(archive, tmp_path / "a.xlsx")
    write(archive, tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with ZipFile(tmp_path / "a.xlsx") as zipped:
        assert {entry.date_time[0] for entry in zipped.infolist()} == {1980}


def test_the_workbook_tells_what_was_altered_and_what_was_chosen(
    archive: Archive, article: MakeArticle, tmp_path: Path
) -> None:
    save_article(archive, article(title="控制\x01字符", body=("长" * 40_000,), section="要闻"), 1)
    book = write(archive, tmp_path / "a.xlsx", Selection(section="要闻", since="2024-01-01"))
    assert "控制字符已略去：" in notes(book)["改动"]
    assert "已截断；csv --raw 有全文：1" in notes(book)["改动"]
    assert notes(book)["范围"] == "发布日期不早于 2024-01-01；栏目 要闻"
