"""Comparison of texts, and citations."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Archive
from archive.rendering.citation import Citation, Makers, makers
from archive.room.facet_index import COUNTED, FacetIndex
from archive.room.sanitize import sanitize
from archive.search.query import facets
from archive.text_diff import Op, count_changed, diff_field, diff_lines, diff_text
from tests.linear import MOST_GROWTH, growth
from tests.searched import matching_ids

LINES = st.lists(st.text("柑橘工会，。ab ", max_size=30), max_size=12)


def side(lines: list[tuple[tuple[Op, str], ...]], op: Op) -> list[str]:
    """Return one of the two texts out of a comparison."""
    other = Op.ADDED if op is Op.REMOVED else Op.REMOVED
    return [
        "".join(text for found, text in line if found is not other)
        for line in lines
        if not all(o is other for o, _ in line) or not line
    ]


@settings(max_examples=200, deadline=None)
@given(before=LINES, after=LINES)
def test_a_comparison_holds_both_texts(before: list[str], after: list[str]) -> None:
    before, after = [x for x in before if x], [x for x in after if x]
    lines = [line.pieces for line in diff_lines(before, after)]
    assert side(lines, Op.REMOVED) == before
    assert side(lines, Op.ADDED) == after


@settings(max_examples=50, deadline=None)
@given(before=LINES, after=LINES)
def test_a_comparison_that_ran_out_of_steps_holds_both_texts(before: list[str], after: list[str]) -> None:
    before, after = [x for x in before if x], [x for x in after if x]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("archive.text_diff._STEPS", -1)
        lines = [line.pieces for line in diff_lines(before, after)]
    assert side(lines, Op.REMOVED) == before
    assert side(lines, Op.ADDED) == after


def test_a_changed_character_is_told_within_its_line() -> None:
    line = diff_text("一审丨乔安", "一审丨邵青林")
    assert line.pieces == ((Op.KEPT, "一审丨"), (Op.REMOVED, "乔安"), (Op.ADDED, "邵青林"))


def test_equal_texts_have_no_change() -> None:
    assert not any(line.changed for line in diff_lines(["甲", "乙"], ["甲", "乙"]))


def test_two_long_and_different_texts_are_compared_too() -> None:
    before = ["".join(chr(0x4E00 + (n * k) % 997) for n in range(4_000)) for k in range(1, 11)]
    after = ["".join(chr(0x4E00 + (n * k + 3) % 991) for n in range(4_000)) for k in range(1, 11)]
    lines = [line.pieces for line in diff_lines(before, after)]
    assert side(lines, Op.REMOVED) == before


def test_a_comparison_takes_the_same_steps_however_slow_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    before = "".join(chr(0x4E00 + n * n % 2_003) for n in range(800))
    after = "".join("改" if n % 20 == 0 else c for n, c in enumerate(before))
    usual = diff_field(before, after)
    now = count(0, 1_000_000)
    monkeypatch.setattr("time.time", lambda: float(next(now)))
    assert diff_field(before, after) == usual
    assert count_changed(usual) == (40, 40)


def made_of_lines(size: int) -> tuple[str, str]:
    return "\n".join(f"{number}" for number in range(size)), "\n".join(f"{n * 7 + 1}" for n in range(size))


def made_of_letters(size: int) -> tuple[str, str]:
    before, after = ("".join("柑橘工"[n * n * k % 7 % 3] for n in range(size)) for k in (1, 3))
    return before, after


@pytest.mark.parametrize(("make", "size"), [(made_of_lines, 5_000), (made_of_letters, 12_500)])
def test_a_text_made_to_be_slow_ends_as_replaced(make: Callable[[int], tuple[str, str]], size: int) -> None:
    before, after = make(4 * size)
    marks = [line.pieces for line in diff_field(before, after)]
    assert "\n".join(side(marks, Op.REMOVED)) == before
    assert "\n".join(side(marks, Op.ADDED)) == after
    assert growth(make, lambda texts: diff_field(*texts), size) < MOST_GROWTH


CITED = Citation(
    ["闻小满", "苏木", "乔安", "纪朗"],
    "柑橘 50% 已{售}",
    "云汀网",
    "2024-01-16",
    "2024-02-01",
    "http://www.yunting.example/a?b=1&c=2",
    "云汀网档案",
    "http://room.yunting.example/a/7",
    7,
    2,
)


def test_gbt_7714_names_three_authors_and_both_dates() -> None:
    assert CITED.gbt7714() == (
        "闻小满, 苏木, 乔安, 等. 柑橘 50% 已{售}[EB/OL]. (2024-01-16)[2024-02-01]. "
        "http://www.yunting.example/a?b=1&c=2. 存档：http://room.yunting.example/a/7."
    )


def test_gbt_7714_without_author_day_and_address_says_what_is_known() -> None:
    bare = replace(CITED, authors=[], published_on="", permalink="")
    assert bare.gbt7714() == (
        "云汀网. 柑橘 50% 已{售}[EB/OL]. [2024-02-01]. http://www.yunting.example/a?b=1&c=2. "
        "存档：云汀网档案，编号 7，第 2 版."
    )


@pytest.mark.parametrize(
    ("credits", "kind", "authors", "photographers"),
    [
        ([("记者", "闻小满"), ("摄影", "何田田"), ("一审", "乔安")], "文字", ["闻小满"], ["何田田"]),
        ([("摄影", "何田田"), ("摄影", "何田田"), ("记者", "何田田")], "文字", ["何田田"], []),
        ([("摄影", "何田田"), ("责任编辑", "乔安")], "文字", [], ["何田田"]),
        ([("摄影", "何田田"), ("责任编辑", "乔安")], "图集", ["何田田"], []),
        ([("图文", "苏木"), ("通讯员", "纪朗"), ("供图", "何田田")], "图集", ["苏木", "纪朗"], []),
        ([("供图", "何田田")], "图集", [], []),
        ([("摄像", "何田田"), ("摄影", "纪朗"), ("供图", "乔安")], "视频", ["何田田", "纪朗"], []),
        ([], "视频", [], []),
    ],
)
def test_who_took_the_pictures_is_no_author_of_a_text(
    credits: list[tuple[str, str]], kind: str, authors: list[str], photographers: list[str]
) -> None:
    made = makers(credits, kind)
    assert (made.authors, made.photographers) == (tuple(authors), tuple(photographers))


def test_who_gave_a_picture_is_not_said_to_have_taken_it() -> None:
    credits = [
        ("供图", "丙三"),
        ("摄影", "乙二"),
        ("记者", "甲一"),
        ("摄像", "丁四"),
        ("供图", "乙二"),
        ("供图", "甲一"),
    ]
    made = makers(credits)
    assert made == Makers(("甲一",), ("乙二",), ("丁四",), ("丙三",))
    cited = replace(
        CITED, authors=made.authors, photographers=["乙二"], videographers=["丁四"], suppliers=["丙三"]
    )
    assert "[EB/OL]. 乙二, 摄. 丁四, 摄像. 丙三, 供图. (2024-01-16)" in cited.gbt7714()
    assert "addendum = {摄影：乙二；摄像：丁四；供图：丙三}," in cited.bibtex()
    assert "N1  - 摄影：乙二；摄像：丁四；供图：丙三\r\n" in cited.ris()
    assert cited.csl()["note"] == "摄影：乙二；摄像：丁四；供图：丙三"
    only = replace(CITED, suppliers=["丙三"])
    assert "摄" not in only.gbt7714() + only.bibtex() + only.ris()


def test_a_citation_names_the_photographer_behind_the_title() -> None:
    pictured = replace(CITED, authors=["闻小满"], photographers=["何田田"])
    assert pictured.gbt7714().startswith("闻小满. 柑橘 50% 已{售}[EB/OL]. 何田田, 摄. (2024-01-16)")
    assert "addendum = {摄影：何田田}," in pictured.bibtex()
    assert "N1  - 摄影：何田田\r\n" in pictured.ris()
    assert "author = {{闻小满}}," in pictured.bibtex()


def test_bibtex_and_ris_keep_what_has_a_meaning_there() -> None:
    assert r"title = {{柑橘 50\% 已\{售\}}}," in CITED.bibtex()
    assert "AU  - 纪朗\r\n" in CITED.ris()
    assert CITED.ris().endswith("ER  - \r\n")


@pytest.mark.parametrize("query", ["柑橘", "云汀", "，", "日期:2024", "-柑橘", "没有这个词"])
def test_bits_in_memory_count_what_the_file_counts(demo_archive: Path, query: str) -> None:
    with Archive.read(demo_archive) as archive:
        index = FacetIndex.read(archive.connection)
        one = index.count(matching_ids(archive.connection, query), limit=1000)
        other = facets(archive.connection, query, limit=1000, roles=COUNTED)
    assert one == other


@pytest.mark.parametrize(
    ("piece", "size"),
    [
        ("甲<script>1</script>", 20_000),
        ("甲<!--乙-->", 20_000),
        ("甲<link rel=stylesheet href=/a.css>", 2_500),
        ("<p><a href=/1>甲</a></p>", 2_500),
        ("<img src=/1>", 1_000),
    ],
    ids=["scripts", "comments", "styles", "links", "pictures"],
)
def test_a_page_is_tamed_in_linear_time(piece: str, size: int) -> None:
    def work(page: str) -> str:
        return sanitize(page, "http://x.example/", banner="<p>", address=str, held=lambda urls: {})

    assert growth(lambda pieces: piece * pieces, work, size) <= MOST_GROWTH
