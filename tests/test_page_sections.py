"""The section of an article where no row of links names it.  All pages are invented."""

import pytest

from tests.test_pages_article import FOOT, TEXT, read

MENU = "<div><a href=/>首页</a><a href=/yw/>要闻</a><a href=/ms/>民生</a></div>"


def section_of_page(
    above: str, row: str = "2024-01-16 09:30 来源：云汀乡讯", head: str = "澄河修桥-云汀网"
) -> str:
    page = (
        f"<title>{head}</title>{MENU}<div>{above}<h1>澄河修桥</h1><p>{row}</p><div>{TEXT}</div></div>{FOOT}"
    )
    return read(page).section


@pytest.mark.parametrize(
    "row",
    [
        "云汀在线 > 民生 > 正文",
        "云汀网 → 民生",
        "云汀网 / 民生",
        "云汀网－民生－正文",
        "云汀在线 » 新闻中心 » 民生 » 文章内容",
        "云汀在线 &gt; 民生 &gt; 列表 &gt; 正文",
    ],
)
def test_a_row_without_links_ends_with_it(row: str) -> None:
    assert section_of_page(f"<div>{row}</div>") == "民生"
    assert section_of_page(f"{row}<br>") == "民生"


@pytest.mark.parametrize(
    "row",
    ["桥 / 民生", "水位 > 警戒线", "桥梁－公路", "一句话，说到 > 正文的开头之前，其实还有很长的一段路要走"],
)
def test_other_lines_with_marks_are_no_row(row: str) -> None:
    assert section_of_page(f"<div>{row}</div>") == ""


def test_a_menu_in_its_place_gives_way_to_the_title_element() -> None:
    menu = "<div><a>首页</a>/<a>民生</a>/<a>招考信息</a></div>"
    page = f"<title>澄河修桥_民生_云汀网</title><a href=/>云汀网</a>{menu}<h1>澄河修桥</h1><p>2024-01-16</p>{TEXT}{FOOT}"
    assert read(page).section == "民生"


@pytest.mark.parametrize("link", ["<span><a href=/ms/>民生</a></span>", "<h2><a href=/ms/>民生</a></h2>"])
def test_a_link_of_the_menu_by_the_title_is_it(link: str) -> None:
    assert section_of_page(link) == "民生"
    assert section_of_page(link.replace("/ms/", "/tag/9/")) == ""
    assert section_of_page(link.replace("民生", "首页").replace("/ms/", "/")) == ""


@pytest.mark.parametrize("label", ["栏目：民生", "所属栏目：<a href=/ms/>民生</a>", "分类： 民生 "])
def test_a_label_in_the_row_names_it(label: str) -> None:
    assert section_of_page("", f"2024-01-16 09:30 {label} 来源：云汀乡讯") == "民生"
    assert section_of_page("", f"{label} 2024-01-16 09:30") == "民生"
    assert section_of_page("", "2024-01-16 09:30 栏目： 来源：云汀乡讯") == ""


@pytest.mark.parametrize(
    "row",
    [
        "<div><a href=/>云汀网</a><i>/</i><a href=/ms/>民生</a><i>/</i>正文</div>",
        "<div><a href=/>首頁</a>〉<a href=/ms/>民生</a></div>",
        "<div class=el-breadcrumb><span>首页</span><i class=icon-arrow></i><span>民生</span></div>",
    ],
)
def test_a_row_with_weak_marks_or_icons_for_arrows_names_it(row: str) -> None:
    assert section_of_page(row) == "民生"


def test_a_row_from_home_goes_before_a_menu_with_the_same_marks() -> None:
    menu = (
        "<div><a href=/>首页</a>·<a href=/yw/>要闻</a>·<a href=/ms/>民生</a>·<a href=/about/>关于</a></div>"
    )
    assert section_of_page(f"{menu}<div><a href=/>首页</a> - <a href=/ms/>民生</a></div>") == "民生"


def test_a_bullet_before_the_section_is_no_part_of_it() -> None:
    assert section_of_page("<font>■ 民生</font><br>") == "民生"
