"""Which pictures are an article's, and which lines are their captions: account signs, strips, tables, galleries.

All pages are invented.
"""

import pytest

from tests.test_pages_article import FOOT, HEAD, SITE, TEXT, read
from tests.test_pages_body import MORE
from zhijiang_spider.derive.normalise import normalise_article

SHOWN = "<p><img src=/u/1.jpg></p>"


def addresses(html: str) -> list[str]:
    article = read(f"{HEAD}<div>{html}</div>{FOOT}")
    assert len(article.paragraphs) >= 3
    return [image.url.removeprefix("http://www.yunting.example") for image in article.images]


class TestSignsOfAnAccount:
    @pytest.mark.parametrize(
        "html",
        [
            f"<p><img src=/u/a.gif></p><p>点击上方蓝字关注我们</p>{TEXT}{SHOWN}{MORE}",
            f"<section><img src=/u/a.gif><p>点击蓝字 关注我们</p></section>{TEXT}{SHOWN}{MORE}",
            f"{TEXT}{SHOWN}{MORE}<p><img src=/u/a.png></p><p>长按识别二维码，关注“云汀发布”</p>",
            f"{TEXT}{SHOWN}{MORE}<p>扫码关注云汀发布公众号</p><p><img src=/u/a.png></p>",
            f"{TEXT}{MORE}{SHOWN}<p>长按二维码关注我们</p><p><img src=/u/a.png></p>",
            f"<p><img src=/u/a.png data-type=gif data-ratio=0.15></p>{TEXT}{SHOWN}{MORE}",
        ],
    )
    def test_are_none_of_the_article_s_pictures(self, html: str) -> None:
        assert addresses(html) == ["/u/1.jpg"]

    @pytest.mark.parametrize(
        "html",
        [
            f"{SHOWN}{TEXT}{MORE}",
            f"<p>点击上方蓝字关注我们</p>{SHOWN}{TEXT}{MORE}",
            f"{TEXT}{MORE}{SHOWN}<p>责任编辑：乔安</p>",
            f"{TEXT}{MORE}{SHOWN}<p>关注我们</p>",
            f"{TEXT}<p>扫描二维码即可预约参观，预约成功后凭身份证入场。</p>{SHOWN}{MORE}",
            f"{TEXT}{MORE}<p>扫码关注</p>{SHOWN}<p>图为大桥工地。乔安 摄</p>",
            f"<p><img src=/u/1.jpg data-type=gif data-ratio=0.6></p>{TEXT}{MORE}",
        ],
    )
    def test_what_shows_the_article_stays(self, html: str) -> None:
        assert addresses(html) == ["/u/1.jpg"]


class TestThumbnails:
    @pytest.mark.parametrize(
        "small",
        [
            "/u/s_{}.jpg",
            "/u/thumb_{}.jpg",
            "/u/{}_thumb.jpg",
            "/u/thumb/{}.jpg",
            "/u/small/{}.jpg",
            "/u/{}.jpg!w120",
        ],
    )
    @pytest.mark.parametrize("first", ["small", "large"])
    def test_a_strip_repeats_the_pictures_of_the_page(self, small: str, first: str) -> None:
        large = "".join(f"<li><img src=/u/{number}.jpg></li>" for number in (1, 2, 3))
        strip = "".join(f"<li><img src={small.format(number)}></li>" for number in (1, 2, 3))
        lists = [f"<ul>{strip}</ul>", f"<ul>{large}</ul>"]
        html = "".join(lists if first == "small" else lists[::-1])
        assert addresses(f"{html}{TEXT}{MORE}") == ["/u/1.jpg", "/u/2.jpg", "/u/3.jpg"]

    def test_a_small_picture_without_a_large_one_is_a_picture(self) -> None:
        assert addresses(f"<p><img src=/u/s_1.jpg></p><p><img src=/u/2.jpg></p>{TEXT}{MORE}") == [
            "/u/s_1.jpg",
            "/u/2.jpg",
        ]


class TestCaptionsApart:
    WORDS = ("架梁之前的桥墩", "工人在绑扎钢筋", "入夜后的工地。")

    @pytest.mark.parametrize(
        ("picture", "line"),
        [
            ("<tr><td><img src=/u/{}.jpg></td></tr>", "<tr><td>{}</td></tr>"),
            ("<tr><td><img src=/u/{}.jpg></td>", "<td>{}</td></tr>"),
        ],
    )
    def test_a_photo_table_goes_on_picture_and_line_by_turns(self, picture: str, line: str) -> None:
        rows = "".join(picture.format(n) + line.format(words) for n, words in enumerate(self.WORDS))
        article = read(f"{HEAD}<div><table>{rows}</table>{TEXT}{MORE}</div>{FOOT}")
        assert [image.caption for image in article.images] == [*self.WORDS]
        assert len(article.paragraphs) == 3

    def test_a_row_of_pictures_over_a_row_of_lines(self) -> None:
        pictures = "".join(f"<td><img src=/u/{n}.jpg></td>" for n in range(3))
        lines = "".join(f"<td>{words}</td>" for words in self.WORDS)
        article = read(f"{HEAD}<div><table><tr>{pictures}<tr>{lines}</table>{TEXT}{MORE}</div>{FOOT}")
        assert [image.caption for image in article.images] == [*self.WORDS]

    @pytest.mark.parametrize("lines", [3, 2])
    def test_a_list_of_as_many_lines_behind_a_list_of_pictures(self, lines: int) -> None:
        pictures = "".join(f"<li><img src=/u/{n}.jpg></li>" for n in range(3))
        words = "".join(f"<li>{words}</li>" for words in self.WORDS[:lines])
        article = read(f"{HEAD}<div><ul>{pictures}</ul><ul>{words}</ul>{TEXT}{MORE}</div>{FOOT}")
        captions = [image.caption for image in article.images if image.caption]
        assert (captions == [*self.WORDS]) is (lines == 3)

    @pytest.mark.parametrize(
        ("before", "behind"),
        [
            ("<a>&lt;</a>", "<a>&gt;</a>"),
            ("", "<a href='javascript:;'>上一页</a><a href='javascript:;'>下一页</a>"),
            ("", "<a>›</a><ul><li><a href='javascript:;'><img src=/u/s_1.jpg></a></li></ul>"),
        ],
    )
    def test_slides_have_arrows_and_counters_that_are_no_words(self, before: str, behind: str) -> None:
        slides = "".join(
            f"<li><img src=/u/{n}.jpg><div class=txt><em>{n + 1}</em>/3 {words}</div></li>"
            for n, words in enumerate(self.WORDS)
        )
        html = f"<div>{before}<ul>{slides}</ul>{behind}</div><div>{TEXT}{MORE}</div>"
        article = read(f"{HEAD}<div>{html}</div>{FOOT}")
        assert [image.caption for image in article.images] == [*self.WORDS]
        assert len(article.paragraphs) == 3


class TestPeopleOutsideTheText:
    @pytest.mark.parametrize("line", ["［责任编辑：卫 青］", "（责任编辑　卫 青）", "责任编辑：卫青"])
    def test_an_editor_in_a_row_of_its_own_beneath(self, line: str) -> None:
        page = f"<table><tr><td>{HEAD}</td></tr><tr><td>{TEXT}{MORE}</td></tr><tr><td>{line}</td></tr></table>{FOOT}"
        article = normalise_article(read(page), SITE, key="1", fetched_at="2024-01-20T00:00:00Z")
        assert [(credit.label, credit.name) for credit in article.credits] == [("责任编辑", "卫青")]
        assert len(article.body) == 3

    @pytest.mark.parametrize("sizes", ["Font size: L M S", "Size: A+ A A-", "Text size: Small Medium Large"])
    def test_buttons_for_the_size_of_type_are_no_person(self, sizes: str) -> None:
        head = f"<h1>A bridge over the Cheng</h1><p>Date: 2024-01-16 Source: Yunting Daily {sizes}</p>"
        article = read(
            f"{head}<div><p>Work on the bridge began on Monday, and will take eighteen months.</p></div>"
        )
        assert article.header == "Date: 2024-01-16 Source: Yunting Daily"

    def test_who_supplied_the_copy_is_a_credit_below_the_text_and_the_source_above_it(self) -> None:
        row = "供稿单位：云汀县水利局"
        below = read(f"<h1>澄河修桥</h1><p>2024-01-16</p><div>{TEXT}{MORE}</div><p>{row}</p>")
        above = read(f"<h1>澄河修桥</h1><p>2024-01-16 {row}</p><div>{TEXT}{MORE}</div>")
        assert (below.source_raw, above.source_raw) == ("", "云汀县水利局")

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("<span>简介：</span>1月15日，澄河大桥开工。", "1月15日，澄河大桥开工。"),
            ("简介：1月15日，澄河大桥开工。", "简介：1月15日，澄河大桥开工。"),
            ("<b>导读：</b>1月15日，澄河大桥开工。", "导读：1月15日，澄河大桥开工。"),
        ],
    )
    def test_the_name_of_a_field_set_apart_is_no_text(self, text: str, line: str) -> None:
        assert read(f"{HEAD}<div><div>{text}</div>{MORE}</div>{FOOT}").paragraphs[0] == line

    @pytest.mark.parametrize(
        "pager",
        [
            "共3页 上一页 1 2 3 下一页",
            "<span>上一页</span> <b>1</b> <a href=1_2.html>2</a>",
            "第1页/共3页",
            "<ul><li>上一页<li>1<li><a href=1_2.html>2</a></ul>",
        ],
    )
    def test_an_article_s_own_pager_is_no_text(self, pager: str) -> None:
        assert len(read(f"{HEAD}<div>{TEXT}{MORE}<p align=center>{pager}</p></div>{FOOT}").paragraphs) == 3


class TestBreadcrumbsWithoutALabel:
    @pytest.mark.parametrize(
        ("crumb", "section"),
        [
            ("首页 > 公示公告", "公示公告"),
            ("首页 / 公示公告", "公示公告"),
            ("首页 - 工作动态", "工作动态"),
            ("<span>首页</span><span> · </span><span><a href=/b/>云汀新闻</a></span>", "云汀新闻"),
            ("<a href=/>首页</a><i>/</i><a href=/w>文苑</a>", "文苑"),
            ("位置 - <a href=/>首页</a> - <a href=/w>要闻</a> - 阅读信息", "要闻"),
            ("首頁 » 文化 » 正文", "文化"),
            ("您的位置：<a href=/>云汀网</a> → <a href=/w>图片新闻</a> → 浏览正文", "图片新闻"),
            ("<a href=/en/>Home</a> / <a href=/en/n>News</a> / <a href=/en/n/r>Rural life</a>", "Rural life"),
            ("Home&gt;&gt;Latest News", "Latest News"),
            ("Home > Culture > Content", "Culture"),
            ("<div class=bread><a href=/w>文化</a></div>", "文化"),
            ("<a href=/>首页</a>", ""),
            ("首页 > 澄河修桥", ""),
            ("<div class=bread><a href=/>首页</a></div>", ""),
            ("首页 | 新闻 | 专题", ""),
            ("Home improvement / News", ""),
            ("电话：0596-120 / 传真", ""),
        ],
    )
    def test_the_section_is_its_last_step_that_is_no_article(self, crumb: str, section: str) -> None:
        assert read(f"<div>{crumb}</div>{HEAD}<div>{TEXT}{MORE}</div>{FOOT}").section == section
