"""XLSX: a workbook for Excel, LibreOffice and WPS in which text is text and a date is a date."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from archive.export.selection import ArticleStream
from archive.rendering.cells import readable
from archive.rendering.remarks import Remark
from archive.store.dictionary import describe
from archive.store.read import LAST_CRAWL_END
from archive.times import BEIJING, local_time

SHEET_ROWS = 1_048_576
"""What a sheet can hold, its heading included."""
SHEET_LINKS = 65_530
"""Hyperlinks a sheet can hold; what comes after stays text."""
_LINK = re.compile(r"https?://[\x21-\x7e]{1,2000}")
_FIRST_DAY = date(1900, 3, 1)
"""Excel takes 1900 for a leap year; before that day its dates are not everybody's."""
_WIDTHS = {
    "编号": 8,
    "题名": 44,
    "发布日期": 12,
    f"发现时间{BEIJING}": 22,
    "栏目": 20,
    "来源": 14,
    "署名原文": 32,
    "状态": 8,
    "版本数": 8,
    "网址": 40,
    "正文": 60,
    "说明": 80,
}
"""In characters of the default font."""
_WIDTH = 14
_ON_SCREEN = ("网址", "正文", "原正文", "新正文")
"""The last columns of their sheets; on paper they would make all others too small to read."""


def write_xlsx(articles: ArticleStream, path: Path, *, sheet_rows: int = SHEET_ROWS) -> int:
    """Write the sheets 文章, 署名, 变更 and 说明.

    What does not fit a sheet goes on in 文章 2, 文章 3 …  ``sheet_rows``: rows a sheet holds, its heading
    included.  Control characters, which the format cannot hold, are left out, and texts over 32,767
    characters cut; 说明 tells how many.  Returns the number of articles.  Raises ``FileExistsError``.
    """
    from xlsxwriter import Workbook  # takes a while to load, and few commands need it
    from xlsxwriter.exceptions import XlsxFileError

    path.touch(exist_ok=False)
    with (
        TemporaryDirectory(dir=path.parent) as folder,
        _as_os_error(XlsxFileError),
        Workbook(str(path), {"constant_memory": True, "tmpdir": folder}) as workbook,
    ):
        workbook.use_zip64()  # where a file over 4 GB needs it
        # the time it was made, which would make every file another one
        workbook.set_properties({"title": "新闻档案", "created": datetime(1980, 1, 1)})
        book = _Book(workbook, articles, sheet_rows)
        counts = {
            "文章": book.write_view("文章", "编号"),
            "署名": book.write_view("署名", "编号, 顺序"),
            "变更": book.write_view("变更", "编号, 新版本"),
        }
        book.write_rows("说明", ("项目", "说明"), _explanation(articles, counts))
    return counts["文章"]


@contextmanager
def _as_os_error(kind: type[Exception]) -> Iterator[None]:
    try:
        yield
    except kind as error:  # a full disk, in the library's words
        raise OSError(str(error)) from error


class _Book:
    """A workbook that is being written, a row at a time."""

    def __init__(self, workbook: Any, articles: ArticleStream, sheet_rows: int) -> None:
        self._workbook = workbook
        self._articles = articles
        self._sheet_rows = sheet_rows
        self._heading = workbook.add_format({"bold": True, "bg_color": "#DDE6EE", "valign": "top"})
        self._text = workbook.add_format({"valign": "top", "num_format": "@"})
        self._number = workbook.add_format({"valign": "top"})
        self._day = workbook.add_format({"align": "left", "valign": "top", "num_format": "yyyy-mm-dd"})
        self._moment = workbook.add_format(
            {"align": "left", "valign": "top", "num_format": "yyyy-mm-dd hh:mm:ss"}
        )
        self._link = workbook.get_default_url_format()

    def write_view(self, view: str, order: str) -> int:
        """Write a view of articles to sheets of its name; return how many rows."""
        columns = self._articles.columns(view)
        return self.write_rows(view, columns, self._articles.rows(view, "编号", order=order))

    def write_rows(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        """Write rows to a sheet, and to more of them where one is full; return how many rows."""
        place = columns.index("编号") if "编号" in columns else 0
        writers = [self._writer(column) for column in columns]
        sheet = self._sheet(name, columns)
        sheets, total, line, links = 1, 0, 0, 0
        for row in rows:
            if line == self._sheet_rows - 1:
                self._finish(sheet, columns, line)
                sheets, line, links = sheets + 1, 0, 0
                sheet = self._sheet(f"{name} {sheets}", columns)
            line, total = line + 1, total + 1
            for column, (write, value) in enumerate(zip(writers, row, strict=True)):
                if value in (None, ""):
                    continue
                links += write(
                    sheet, line, column, readable(value, row[place], self._articles.remarks), links
                )
        self._finish(sheet, columns, line)
        return total

    def _sheet(self, name: str, columns: Sequence[str]) -> Any:
        sheet = self._workbook.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        # on paper: A4 across, the columns beside each other, the heading on every page
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for number, column in enumerate(columns):
            sheet.set_column(number, number, _WIDTHS.get(column, _WIDTH))
            sheet.write_string(0, number, column, self._heading)
        return sheet

    def _finish(self, sheet: Any, columns: Sequence[str], last: int) -> None:
        sheet.autofilter(0, 0, last, len(columns) - 1)
        sheet.print_area(0, 0, last, sum(column not in _ON_SCREEN for column in columns) - 1)

    def _writer(self, column: str) -> Callable[[Any, int, int, Any, int], int]:
        """Return what writes a cell of a column; it returns how many links it made."""
        if column.endswith(BEIJING):
            return self._write_moment
        return {"网址": self._write_link, "发布日期": self._write_day}.get(column, self._write_value)

    def _write_value(self, sheet: Any, row: int, column: int, value: Any, _links: int) -> int:
        if isinstance(value, int | float):
            sheet.write_number(row, column, value, self._number)
        else:
            self._write_text(sheet, row, column, str(value))
        return 0

    def _write_text(self, sheet: Any, row: int, column: int, text: str) -> None:
        if text.startswith("<r>") and text.endswith("</r>"):
            # which the library takes for marked-up text of its own, and would write as it is
            sheet.write_rich_string(row, column, text[:1], self._number, text[1:], self._text)
        else:
            sheet.write_string(row, column, text, self._text)

    def _write_day(self, sheet: Any, row: int, column: int, value: Any, _links: int) -> int:
        try:
            day = date.fromisoformat(value)
        except (TypeError, ValueError):
            day = None
        if day is None or day < _FIRST_DAY:
            return self._write_value(sheet, row, column, value, _links)
        sheet.write_datetime(row, column, day, self._day)
        return 0

    def _write_moment(self, sheet: Any, row: int, column: int, value: Any, _links: int) -> int:
        try:
            moment = datetime.strptime(value, "%Y-%m-%d %H:%M:%S")
        except (TypeError, ValueError):
            return self._write_value(sheet, row, column, value, _links)
        sheet.write_datetime(row, column, moment, self._moment)
        return 0

    def _write_link(self, sheet: Any, row: int, column: int, value: Any, links: int) -> int:
        if links < SHEET_LINKS and isinstance(value, str) and _LINK.fullmatch(value):
            sheet.write_url(row, column, value, self._link, value)
            return 1
        self._articles.remarks[Remark.NO_LINK] += 1
        return self._write_value(sheet, row, column, value, links)


def _explanation(articles: ArticleStream, counts: dict[str, int]) -> Iterable[tuple[str, Any]]:
    """Yield what the sheet 说明 tells: what this is, what was altered, what the columns mean."""
    execute = articles.archive.connection.execute
    last = execute(f"SELECT {LAST_CRAWL_END}").fetchone()[0]
    yield "内容", "新闻档案的导出，供阅读和统计；存档请用 zhijiang export csv --raw 或 zhijiang snapshot"
    yield "截至", f"末次采集结束于 {local_time(last)}{BEIJING}" if last else "没有采集记录"
    yield "范围", articles.selection.in_chinese() or "全部文章"
    for name, count in counts.items():
        yield f"{name} 行数", count
    yield "程序", f"zhijiang {version('zhijiang')}"
    altered = "；".join(
        f"{remark.chinese}：{articles.remarks[remark]}" for remark in Remark if remark in articles.remarks
    )
    yield "改动", altered or "无"
    yield "日期与时间", "发布日期是当地日期；时间都是北京时间"
    yield "打印", f"A4 横向，每页有表头；{'、'.join(_ON_SCREEN)}不打印（可在“打印区域”里改）"
    for view in counts:
        for column in ("", *articles.columns(view)):
            entry = describe(view, column)
            if entry is not None and entry.note:
                yield f"{view} · {column}" if column else view, entry.note
