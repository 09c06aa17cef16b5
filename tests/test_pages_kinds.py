"""Kinds of lines and pictures beside an article's text, each with what it must not be taken for.

All pages are invented.
"""

import pytest

from tests.test_pages_article import FOOT, HEAD, SITE, TEXT, read
from tests.test_pages_body import MORE
from zhijiang_spider.derive.normalise import normalise_article


class TestCaptionsWithoutAMark:
    @pytest.mark.parametrize(
        "html",
        [
            "<p><img src=/u/1.jpg><span class=tuzhu>{}</span></p>",
            "<div class=pic><img src=/u/1.jpg><p class=desc>{}</p></div>",
            "<div class='news-photo'><img src=/u/1.jpg><p>{}</p></div>",
            "<ul><li><img src=/u/1.jpg><p>{}</p></li></ul>",
        ],
    )
    def test_a_sentence_in_a_picture_s_own_box_is_its_caption(self, html: str) -> None:
        caption = "工人在桥墩上绑扎钢筋。"
        article = read(f"{HEAD}<div>{TEXT}{html.format(caption)}{MORE}</div>{FOOT}")
        assert [image.caption for image in article.images] == [caption]
        assert len(article.paragraphs) == 3

    @pytest.mark.parametrize(
        "html",
        [
            "<div class=part><img src=/u/1.jpg><p>{}</p></div>",
            "<p><img src=/u/1.jpg><span class=red>{}</span></p>",
            "<div class=pic><img src=/u/1.jpg></div><p>{}</p>",
        ],
    )
    def test_a_sentence_elsewhere_is_text(self, html: str) -> None:
        line = "工人在桥墩上绑扎钢筋。"
        article = read(f"{HEAD}<div>{TEXT}{html.format(line)}{MORE}</div>{FOOT}")
        assert article.paragraphs[2] == line

    def test_a_label_says_what_a_line_is(self) -> None:
        article = read(f"{HEAD}<div>{TEXT}<p><img src=/u/1.jpg></p><p>图注：桥上桥下</p>{MORE}</div>{FOOT}")
        assert article.images[0].caption == "图注：桥上桥下"


class TestSignatures:
    NOTICE = "<div>经研究决定：<br>闻小满任桥梁养护站站长。</div>"
    SIGNED = "<div align=right>云汀县交通运输局<br>2024年1月16日</div>"

    def test_a_signature_in_a_box_of_its_own_is_the_notice_s(self) -> None:
        page = f"<div>{HEAD}<div>{self.NOTICE}{self.SIGNED}</div></div>{FOOT}"
        assert read(page).paragraphs == (
            "经研究决定：",
            "闻小满任桥梁养护站站长。",
            "云汀县交通运输局",
            "2024年1月16日",
        )

    @pytest.mark.parametrize(
        "behind", ["<p>云汀县融媒体中心</p>", "<p>2024年1月16日</p>", "<p>分享到：</p><p>2024年1月16日</p>"]
    )
    def test_other_lines_behind_the_text_are_not(self, behind: str) -> None:
        page = f"<div>{HEAD}<div class=TRS_Editor>{TEXT}</div>{behind}</div>{FOOT}"
        assert len(read(page).paragraphs) == 2


@pytest.mark.parametrize(
    "line",
    [
        "廣告（請繼續閱讀本文）",
        "（广告后继续阅读）",
        "文章继续",
        "ADVERTISEMENT",
        "Story continues below advertisement",
        "点击收听本新闻00:00 / 02:31倍速",
    ],
)  # fmt: skip
def test_what_stands_by_an_advert_or_player_is_no_text(line: str) -> None:
    assert len(read(f"{HEAD}<div>{TEXT}<p>{line}</p>{MORE}</div>{FOOT}").paragraphs) == 3


class TestAbstracts:
    @pytest.mark.parametrize(
        "html",
        [
            "<div>摘要： 1月15日，澄河大桥开工，工期十八个月。大桥建成后，两岸 ...</div>",
            "<p>【导读】1月15日，澄河大桥开工，工期十八个月。大桥建成后，两岸往来只要三分钟。</p>",
            "<p>核心提示：1月15日，澄河大桥开工，</p>",
        ],
    )
    def test_one_that_repeats_the_text_is_left_out(self, html: str) -> None:
        assert len(read(f"{HEAD}<div>{html}<div>{TEXT}{MORE}</div></div>{FOOT}").paragraphs) == 3

    @pytest.mark.parametrize(
        "html",
        [
            "<p>核心提示：两岸的人盼这座桥盼了二十年，今天它开工了。</p>",
            "<p>摘要这个词在这里没有别的意思。</p>",
        ],
    )
    def test_one_with_words_of_its_own_stays(self, html: str) -> None:
        assert len(read(f"{HEAD}<div>{html}<div>{TEXT}{MORE}</div></div>{FOOT}").paragraphs) == 4

    FIELD = "<div class=summary><strong>摘要：</strong>两岸的人盼这座桥盼了二十年。</div>"

    def test_a_field_above_the_text_goes_with_the_page(self) -> None:
        assert len(read(f"{HEAD}{self.FIELD}<div>{TEXT}{MORE}</div>{FOOT}").paragraphs) == 3

    def test_one_in_the_text_stays(self) -> None:
        assert (
            len(read(f"{HEAD}<div>{self.FIELD.replace('div', 'p')}{TEXT}{MORE}</div>{FOOT}").paragraphs) == 4
        )


def test_a_button_to_follow_goes_with_the_account_above_it() -> None:
    account = "<div class=name>爱云汀</div><div>2024-01-16 07:15</div><span>+关注</span>"
    page = f"<title>澄河大桥开工</title><div class=t>澄河大桥开工</div>{account}"
    article = read(f"{page}<div><section><p>工期十八个月</p></section>{TEXT}{MORE}</div>{FOOT}")
    assert article.paragraphs[0] == "工期十八个月"


@pytest.mark.parametrize("line", ["点赞 + 在看，转给身边的家长！", "<a href=/list>返回上页</a>", "返回上级"])
def test_begging_lines_and_ways_back_are_no_text(line: str) -> None:
    assert len(read(f"{HEAD}<div>{TEXT}{MORE}<p>{line}</p></div>{FOOT}").paragraphs) == 3


class TestTitles:
    def test_an_e_paper_says_which_of_two_lines_is_the_title(self) -> None:
        title, kicker = "让一座老桥重新通车", "云汀县修缮澄河古桥"
        page = (
            f"<title>云汀日报数字报-{title}</title><ul><li><a href=1.htm>{title}</a><li><a href=2.htm>春茶开采</a></ul>"
            f"<!--enpproperty <date>2024-01-16</date><title>{title}</title>/enpproperty-->"
            f"<table><tr><td>{kicker}</td></tr><tr><td>{title}</td></tr></table><div>{TEXT}{MORE}</div>"
        )
        assert read(page).title == title

    def test_two_headings_that_title_holds_whole_are_one_title(self) -> None:
        whole = "“把桥修到家门口”——访桥梁养护站站长闻小满"
        head, _, behind = whole.partition("——")
        page = (
            f"<title>{whole}-云汀网</title><h1>{head}</h1><h2>——{behind}</h2><p>2024-01-16 来源：云汀融媒</p>"
        )
        assert read(f"{page}<div>{TEXT}</div>").title == whole
        assert read(f"{page.replace(whole, head, 1)}<div>{TEXT}</div>").title == head

    def test_a_subtitle_right_behind_a_title_without_a_row_is_no_text(self) -> None:
        page = f"<title>澄河修桥</title><div><h1>澄河修桥</h1><h2>——记养护站站长闻小满</h2><div>{TEXT}</div></div>"
        article = read(page)
        assert (article.subtitle, len(article.paragraphs)) == ("——记养护站站长闻小满", 2)


class TestRows:
    @pytest.mark.parametrize(
        "row",
        [
            "<p>2024/01/16 09:05　云汀乡讯　记者 闻小满 报导</p>",
            "<div>云汀乡讯</div><div>2024.01.16 06:50</div>",
            "<p>2024-01-16 | 作者: 闻小满 | 来自: 云汀乡讯</p>",
        ],
    )
    def test_the_site_s_own_name_is_a_source(self, row: str) -> None:
        page = f"<title>澄河修桥 | 云汀乡讯</title><h1>澄河修桥</h1>{row}<div>{TEXT}</div>"
        assert read(page).source_raw == "云汀乡讯"

    def test_a_section_that_the_menu_links_is_none(self) -> None:
        page = f"<title>澄河修桥 | 乡间见闻</title><a href=/j/>乡间见闻</a> <a href=/k/>图片</a><h1>澄河修桥</h1><p>2024.01.16 乡间见闻 某某某某 某某</p><div>{TEXT}</div>"
        assert read(page).source_raw == ""
        assert read(page.replace("href=/j/", "href=/")).source_raw == "乡间见闻"

    def test_a_section_in_title_is_none(self) -> None:
        page = (
            "<title>澄河修桥 | 乡间见闻</title><div>当前位置：<a href=/>云汀网</a> &gt; <a href=/j/>乡间见闻</a></div>"
            f"<h1>澄河修桥</h1><p>2024.01.16 乡间见闻 某某某某 某某</p><div>{TEXT}</div>"
        )
        assert read(page).source_raw == ""

    def test_the_minute_beside_a_day_that_a_table_prints(self) -> None:
        table = "<table><tr><td>发文日期：2024-01-16</td><td>文号：无</td></tr></table>"
        page = f"<title>澄河修桥</title><h1>澄河修桥</h1>{table}<p>发布时间：2024-01-16 17:21</p><div>{TEXT}</div>"
        assert read(page).published_raw == "2024-01-16 17:21"
        later = page.replace("发布时间：2024-01-16", "更新时间：2024-01-16")
        assert read(later).published_raw == "2024-01-16"

    @pytest.mark.parametrize(
        ("top", "day"), [("2024年01月16日 星期二", "2024年01月16日"), ("今天是2024年01月16日 星期二", "")]
    )
    def test_an_edition_s_day_is_its_articles_day(self, top: str, day: str) -> None:
        page = f"<title>澄河修桥</title><div><span>{top}</span></div><div>第03版：要闻</div><div><h1>澄河修桥</h1></div><div>{TEXT}</div>"
        assert read(page).published_raw == day

    def test_rows_of_a_header_are_read_apart(self) -> None:
        page = (
            "<title>A Bridge Opens</title><h1>A Bridge Opens</h1>"
            "<p>By <a href=/a>Wen Xiaoman</a> and <a href=/b>Qiao An</a></p><p>Yunting Daily | Aug 19, 2022 07:41</p>"
            "<div><p>A bridge over the Cheng River opened on Thursday before a crowd of students.</p></div>"
        )
        article = normalise_article(read(page), SITE, key="57", fetched_at="2024-01-17T00:00:00Z")
        assert [credit.name for credit in article.credits] == ["Wen Xiaoman", "Qiao An"]


def test_pictures_that_ask_for_a_reader_s_mood_are_buttons() -> None:
    moods = "".join(
        f"<td><a href='#'><img src=/m/{n}.gif><br>{word}</a></td>"
        for n, word in enumerate(("鲜花", "握手", "路过"))
    )
    shown = "<p><a href=/u/9.jpg><img src=/u/9.jpg></a></p>"
    article = read(f"{HEAD}<div><div>{TEXT}{shown}{MORE}</div><table><tr>{moods}</tr></table></div>{FOOT}")
    assert [image.url.rpartition("/")[2] for image in article.images] == ["9.jpg"]
    assert len(article.paragraphs) == 3


class TestSheetsInThePage:
    PAGE = (
        "<style>{}</style><h1>澄河修桥</h1><p>2024-01-16 来源：云汀融媒</p><div>"
        f"{TEXT}<p class=cc><img src=/u/1.jpg></p><p class=cc>学生在桥头写生。</p>{MORE}</div>"
    )

    @pytest.mark.parametrize(
        "sheet", [".cc{text-align:center}", "@charset 'utf-8'; p.cc, .x { color:red; text-align: center }"]
    )
    def test_a_line_that_a_sheet_centres_behind_a_picture_is_its_caption(self, sheet: str) -> None:
        assert read(self.PAGE.format(sheet)).images[0].caption == "学生在桥头写生。"

    @pytest.mark.parametrize(
        "sheet",
        [
            ".cc{text-align:left}",
            "@media print{.a{color:red}.cc{text-align:center}}",
            ".cc{text-align:center}.cc{text-align:justify}",
            "}}{{.cc{text-align:center",
        ],
    )
    def test_others_centre_nothing(self, sheet: str) -> None:
        assert "学生在桥头写生。" in read(self.PAGE.format(sheet)).paragraphs


def test_pictures_behind_the_marked_text_of_an_e_paper_are_its_own() -> None:
    picture = "<table><tr><td><img src=/res/{0}.jpg></td></tr><tr><td>{1}</td></tr></table>"
    shown = picture.format(1, "工人在桥上作业。 闻小满 摄") + picture.format(2, "扫码订阅")
    page = f"<title>澄河修桥</title><h1>澄河修桥</h1><div id=ozoom><!--enpcontent-->{TEXT}{MORE}<!--/enpcontent--></div>{shown}"
    article = read(page)
    assert [(image.url[-5:], image.caption) for image in article.images] == [
        ("1.jpg", "工人在桥上作业。 闻小满 摄")
    ]


def test_a_heading_of_more_by_the_same_outlet_ends_the_text() -> None:
    links = "<p>更多云汀网报道<br><a href=/1>夜市搬家</a><br><a href=/2>老街拓宽下月动工</a></p>"
    assert len(read(f"{HEAD}<div>{TEXT}{MORE}{links}</div>{FOOT}").paragraphs) == 3


def test_the_word_for_original_before_a_name_is_no_part_of_it() -> None:
    page = f"<title>澄河修桥</title><h1>澄河修桥</h1><div><span>原创</span> <span>乔安</span> <a href=#>云汀发布</a> <em>2024-01-16 19:00</em></div><div>{TEXT}</div>"
    assert read(page).byline == "乔安"


class TestPlayersThatCannotPlay:
    @pytest.mark.parametrize(
        "line",
        [
            "您的浏览器不支持HTML5视频播放，请升级浏览器",
            "抱歉，您的浏览器不支持 video 标签",
            "Your browser does not support the video tag.",
        ],
    )
    def test_what_a_player_shows_an_old_browser_ends_no_text(self, line: str) -> None:
        player = f"<div id=v><video src=/v/1.mp4></video><p>{line}</p></div>"
        article = read(f"{HEAD}{player}<div>{TEXT}{MORE}<p>记者：闻小满 摄像：纪朗</p></div>{FOOT}")
        assert len(article.paragraphs) == 4
        assert line not in article.paragraphs
        assert [file.url.rpartition("/")[2] for file in article.attachments] == ["1.mp4"]
