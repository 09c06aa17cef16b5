"""The report of the four properties: which check speaks for which, three answers, and a page that stands alone."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from lxml import html

from archive import Archive
from archive.care.check import CHECKS, Examination, Finding, Level, Scope
from archive.care.four_properties import ITEMS, Outcome, Property, outcome
from archive.care.report import Facts, render_report

ALL = frozenset(CHECKS)
FACTS = Facts(("云汀网",), "云汀.db", 4096, "0" * 64, 11, {"文章": 12}, {ITEMS[1].counts[0][1]: 345})
AT = datetime(2024, 1, 16, 2, 3, tzinfo=UTC)


def fault(check: str, level: Level = Level.FAULT) -> Finding:
    return Finding(level, check, "row 7 says <b>otherwise</b>", "restore it")


def cells(page: str) -> dict[str, tuple[str, str]]:
    """Return of a report: item → how many, and what came of it."""
    rows = [[cell.text_content() for cell in row.iter("td")] for row in html.fromstring(page).iter("tr")]
    return {row[1]: (row[3], row[4]) for row in rows if len(row) == 5}


def test_every_check_speaks_for_one_property() -> None:
    told = Counter(name for item in ITEMS for name in item.checks)
    assert set(told) - {"seals"} == set(CHECKS) - {"seals"}
    assert set(told.values()) == {1}
    assert [item.property for item in ITEMS] == sorted(
        (item.property for item in ITEMS), key=list(Property).index
    )
    assert all(item.checks or item.without for item in ITEMS)


def test_an_item_has_three_answers() -> None:
    item = next(item for item in ITEMS if "derived" in item.checks)
    assert outcome(item, [], ALL, ALL) == (Outcome.PASSED, "")
    assert outcome(item, [fault("derived", Level.NOTE)], ALL, ALL)[0] is Outcome.PASSED
    assert outcome(item, [fault("media")], ALL, ALL)[0] is Outcome.PASSED
    assert outcome(item, [fault("derived"), fault("derived", Level.OPEN)], ALL, ALL)[0] is Outcome.FAILED
    assert outcome(item, [fault("derived", Level.OPEN)], ALL, ALL) == (
        Outcome.UNTESTED,
        "有 1 处未能检测或未能判定，见下",
    )
    assert outcome(item, [], ALL - {"derived"}, ALL) == (Outcome.UNTESTED, "数据库文件已损坏，没有检测下去")
    unknown = replace(item, checks=("another",), without="没有")
    assert outcome(unknown, [], ALL, ALL) == (Outcome.UNTESTED, "没有")


def test_the_page_tells_what_how_many_and_what_came_of_it() -> None:
    examined = Examination([fault("versions"), fault("derived", Level.OPEN)], ALL)
    page = render_report(FACTS, Scope(AT, sample=20), examined)
    assert cells(page)["内容数据一致性检测"] == ("版本 345", "不通过")
    assert cells(page)["元数据准确性检测"][1] == "通过"
    assert cells(page)["元数据与内容关联一致性检测"][1].startswith("未检测有 1 处未能")
    assert cells(page)["病毒感染检测"] == ("—", "未检测本程序不做，须另行检测并附记录")
    text = html.fromstring(page).text_content()
    for words in (
        "云汀网",
        "云汀.db，4,096 字节",
        "0" * 64,
        "2024-01-16 10:03",
        "随机抽 20 件",
        "检测人：",
        "日期：",
    ):
        assert words in text
    assert "〔问题〕row 7 says <b>otherwise</b> → restore it" in text


def test_the_page_stands_alone() -> None:
    page = render_report(FACTS, Scope(AT), Examination([fault("gaps")], ALL))
    assert not re.search(r"<script|<link|<img|https?:|url\(|@import", page)
    assert "size: A4" in page


def test_the_command_writes_it(zhijiang: Callable[..., object], tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db"):
        pass
    out = tmp_path / "报告.html"
    result = zhijiang("check", "--archive", tmp_path / "a.db", "--report", out)
    assert result.returncode == 0, result.stderr  # type: ignore[attr-defined]
    assert cells(out.read_text("utf-8"))["元数据可读性检测"][1] == "通过"
    (totals,) = re.findall(r"通过 (\d+) 项，不通过 (\d+) 项，未检测 (\d+) 项", out.read_text("utf-8"))
    passed, failed, untested = totals
    assert f"{passed} passed, {failed} failed, {untested} not tested" in result.stderr  # type: ignore[attr-defined]
    assert sum(map(int, totals)) == len(ITEMS)
    result = zhijiang("check", "--archive", tmp_path / "a.db", "--report", out)
    assert result.returncode == 2  # type: ignore[attr-defined]
    assert "is there already" in result.stderr  # type: ignore[attr-defined]
