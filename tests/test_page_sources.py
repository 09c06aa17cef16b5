"""Where an article says it is from: by a label, or by a name without one.  All pages are invented."""

import pytest

from tests.test_pages_article import FOOT, TEXT, read

TITLE = "<title>澄河修桥_云汀网</title><h1>澄河修桥</h1>"
DAY = "2024-01-16 09:30"


def source_of_page(row: str, last: str = "", behind: str = "") -> str:
    """Return the source of a page with this row by the title, this last line of the text and this line below it."""
    return read(f"{TITLE}<div class=info>{row}</div><div>{TEXT}{last}</div>{behind}{FOOT}").source_raw


class TestLabels:
    @pytest.mark.parametrize(
        "label",
        [
            "来源单位",
            "来源网站",
            "来源媒体",
            "来源部门",
            "来源机构",
            "转自",
            "转载自",
            "本文转自",
            "摘自",
            "选自",
            "原载",
            "发稿单位",
            "报送单位",
            "信息提供",
            "来\u3000源",
        ],
    )
    def test_the_outlet_is_what_stands_behind_one(self, label: str) -> None:
        assert (
            source_of_page(f"发布时间：{DAY}\u3000\u3000{label}：闻家桥一中\u3000\u3000浏览：23")
            == "闻家桥一中"
        )

    @pytest.mark.parametrize("label", ["发文机关", "发文单位", "发布机关", "制发机关", "公开单位"])
    def test_who_put_a_document_out_is_its_source_where_none_is_printed(self, label: str) -> None:
        assert source_of_page(f"发布时间：{DAY}\u3000{label}：云汀县水利所") == "云汀县水利所"
        both = f"来源：云汀乡讯\u3000{label}：云汀县水利所\u3000{DAY}"
        assert source_of_page(both) == "云汀乡讯"

    @pytest.mark.parametrize("of", ["图片", "照片", "数据"])
    def test_where_something_else_is_from_is_not(self, of: str) -> None:
        assert source_of_page(f"{DAY} 云汀在线", f"<p>{of}来源：云汀县统计局</p>") == "云汀在线"


class TestLabelsBelowTheText:
    @pytest.mark.parametrize(
        ("last", "behind"),
        [
            ("<p>来源｜云汀县教育局</p><p>编辑｜纪朗</p>", ""),
            ("<p>来源:&nbsp;云汀县教育局&nbsp;&nbsp;记者:&nbsp;乔安</p>", ""),
            ("<p>（来源：云汀县教育局）</p>", ""),
            ("", "<div align=right>稿源：云汀县教育局\u3000编辑：纪朗</div>"),
        ],
    )
    @pytest.mark.parametrize(
        "row",
        [
            DAY,
            f"<span>{DAY}</span> <span>云汀网</span>",
            f"云汀在线\u3000{DAY}\u3000阅读 1.2万",
            f"<a id=js_name>云汀发布</a><em>{DAY}</em>",
        ],
    )
    def test_go_before_the_name_of_the_site_and_of_its_account(
        self, row: str, last: str, behind: str
    ) -> None:
        assert source_of_page(row, last, behind) == "云汀县教育局"

    @pytest.mark.parametrize(
        "last",
        [
            "<p>来源：云汀县教育局</p>",
            "<p>供稿单位：云汀县教育局</p>",
            "<p>来源 | 综合云汀县教育局、各乡镇</p>",
            "<p>来源：网络</p>",
            "<p>来源：云汀县教育局 2017-02-26 15:18 作者：乔安</p>",
        ],
    )
    def test_do_not_go_before_a_label_above_it(self, last: str) -> None:
        assert source_of_page(f"{DAY} 来源：云汀在线", last) == "云汀在线"

    @pytest.mark.parametrize(
        "last",
        [
            "<p>供稿单位：云汀县教育局</p>",
            "<p>来源 | 综合云汀县教育局、各乡镇</p>",
            "<p>来源：网络</p>",
            "<p>来源：云汀县教育局 2017-02-26 15:18 作者：乔安</p>",
        ],
    )
    def test_of_suppliers_several_outlets_and_other_pages_do_not_go_before_a_name(self, last: str) -> None:
        assert source_of_page(f"{DAY} 云汀在线", last) == "云汀在线"


@pytest.mark.parametrize("who", ["网站管理员", "系统管理员", "云汀小编", "责任编辑", "本报记者", "站长"])
def test_what_somebody_is_names_no_outlet(who: str) -> None:
    assert source_of_page(f"发布于 <time>{DAY}</time> 由 <a href=/u/1>{who}</a>") == ""
    assert source_of_page(f"<span>{DAY}</span> <span>{who}</span>") == ""


def test_a_count_between_the_date_and_the_outlet_parts_no_row() -> None:
    lines = f"<div>{DAY}</div><div>5.2k次播放</div><div>闻家桥县广播电视台</div>"
    assert source_of_page(lines) == "闻家桥县广播电视台"
