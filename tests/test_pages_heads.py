"""Heads and feet of article pages that are set in boxes, cells and forms, each with what it must not be taken for.

All pages are invented.
"""

import pytest

from tests.test_pages_article import FOOT, HEAD, SITE, TEXT, read
from tests.test_pages_body import MORE
from zhijiang_spider.derive.normalise import normalise_article
from zhijiang_spider.items import RawArticle
from zhijiang_spider.pages import Page, extract_article

TITLE = "<title>澄河修桥_云汀网</title><h1>澄河修桥</h1>"
BODY = f"<div>{TEXT}{MORE}</div>{FOOT}"


def day_and_time(article: RawArticle) -> tuple[str, str]:
    found = normalise_article(article, SITE, key="57", fetched_at="2026-01-01T00:00:00Z")
    return found.published_on or "", (found.published_at or "")[11:16]


def credits_of(article: RawArticle) -> list[tuple[str | None, str]]:
    found = normalise_article(article, SITE, key="57", fetched_at="2026-01-01T00:00:00Z")
    return [(credit.label, credit.name) for credit in found.credits]


class TestDatesInBoxes:
    @pytest.mark.parametrize(
        "leaf",
        [
            "<div><b>16</b><i>2024.01</i></div>",
            "<div><p>16</p><p>2024-01</p></div>",
            "<div><span>2024/01</span><strong>16</strong></div>",
            "<div><div>2024年01月</div><div>16</div></div>",
        ],
    )
    @pytest.mark.parametrize("above", [True, False])
    def test_the_leaf_of_a_calendar(self, leaf: str, *, above: bool) -> None:
        row = "<p>来源：云汀融媒</p>"
        head = (
            f"<title>澄河修桥_云汀网</title>{leaf}<h1>澄河修桥</h1>{row}" if above else f"{TITLE}{leaf}{row}"
        )
        article = read(head + BODY)
        assert day_and_time(article) == ("2024-01-16", "")
        assert len(article.paragraphs) == 3

    @pytest.mark.parametrize(
        "counts", ["<div>16</div><div>2024</div>", "<div>2024.01</div><div>第16期</div>"]
    )
    def test_other_numbers_are_none(self, counts: str) -> None:
        assert day_and_time(read(f"{TITLE}{counts}{BODY}")) == ("", "")

    @pytest.mark.parametrize(
        "row",
        [
            "<div>2024/01/16</div><div>15:40</div><div>云汀融媒</div>",
            "<ul><li>2024年1月16日</li><li>15:40:07</li><li>来源：云汀融媒</li></ul>",
        ],
    )
    def test_an_hour_on_a_line_of_its_own(self, row: str) -> None:
        assert day_and_time(read(TITLE + row + BODY)) == ("2024-01-16", "15:40")

    @pytest.mark.parametrize(
        ("row", "day"),
        [
            ("加入时间：09-09-10　作者：乡党政办　点击：112", "2009-09-10"),
            ("发布日期：12/05/10 来源：云汀融媒", "2012-05-10"),
            ("截止时间：09-09-10 来源：云汀融媒", ""),
            ("09-09-10 来源：云汀融媒", ""),
        ],
    )
    def test_a_year_of_two_digits_behind_a_label(self, row: str, day: str) -> None:
        assert day_and_time(read(f"{TITLE}<p>{row}</p>{BODY}"))[0] == day

    @pytest.mark.parametrize(
        "row",
        [
            "<p>发布于<a href=/2117><time>2021年12月28日</time><time>2022年1月4日</time></a> 由 <a href=/qs>闻小满</a></p>",
            "<p>发布时间：<span>2021年12月28日</span> <span>2022年1月4日</span> 修订</p>",
        ],
    )
    def test_the_day_of_a_later_change_stands_behind(self, row: str) -> None:
        comment = "<p>2021年12月29日 08:12</p><p>路修好了真好！</p>"
        assert day_and_time(read(f"{TITLE}{row}<div>{TEXT}{MORE}</div>{comment}{FOOT}"))[0] == "2021-12-28"


class TestTimesInScripts:
    HEAD = '<meta property="og:title" content="澄河修桥"><h1>澄河修桥</h1><em id=publish_time></em>'

    @pytest.mark.parametrize(
        ("script", "found"),
        [
            ("var ct=\"1705390800\";var createTime = '2024-01-16 15:40';", ("2024-01-16", "15:40")),
            (
                '{"create_time":"2024-01-15 09:00:00","publish_time":"2024-01-16 15:40:00"}',
                ("2024-01-16", "15:40"),
            ),
            ('{"publishTime":1705390800000,"pubDate":"2024-01-16"}', ("2024-01-16", "15:40")),
            ("var ct=\"1705390800\";var createTime = '2024-01-16 11:17';", ("", "")),
            ('{"pubtime":"2024-01-16 15:40"},{"pubtime":"2024-01-15 10:00"}', ("", "")),
        ],
    )
    def test_what_agrees_is_the_page_s_own(self, script: str, found: tuple[str, str]) -> None:
        page = f"{self.HEAD}<div id=js_content>{TEXT}{MORE}</div><script>{script}</script>"
        assert day_and_time(read(page)) == found


class TestForms:
    ROWS = (
        "<table><tr><td>:::　目前位置：首頁 &gt; 縣政新聞</td></tr><tr><td><table border=1>"
        "<tr><td>{label}</td><td><b>澄河大橋動工　兩岸往來三分鐘</b></td></tr>"
        "<tr><td>發布單位：</td><td>工務處</td></tr><tr><td>發布日期：</td><td>{day}</td></tr>"
        "<tr><td>內　　容：</td><td>澄河大橋一月十五日動工，工期十八個月，完工後兩岸往來只要三分鐘。<br>"
        "施工期間，行人可以走上游三百公尺處的便橋，由工務處每天檢查一次。</td></tr>"
        "<tr><td>{pictures}</td><td><img src=/u/1.jpg><br>橋上<br><img src=/u/2.jpg><br>橋下</td></tr>"
        "<tr><td>瀏覽人次：</td><td>586</td></tr></table></td></tr></table>"
    )
    HOME = "<title>雲汀縣政府全球資訊網-縣政新聞</title><p><a href=/index.asp>回首頁</a> <a href=/n>縣政新聞</a></p>"

    @pytest.mark.parametrize(
        ("label", "pictures", "printed"),
        [
            ("標　　題：", "相關圖片：", "97/03/12"),
            ("主題", "照片：", "97年3月12日"),
            ("新聞標題：", "附圖", "97.3.12"),
        ],
    )
    def test_a_page_that_is_one_form_in_big5(self, label: str, pictures: str, printed: str) -> None:
        html = self.HOME + self.ROWS.format(label=label, pictures=pictures, day=printed)
        page = f'<meta http-equiv="Content-Type" content="text/html; charset=big5">{html}'.encode("big5")
        article = extract_article(Page("http://www.yunting.example/1.asp", page), SITE)
        assert article.title == "澄河大橋動工　兩岸往來三分鐘"
        assert day_and_time(article)[0] == "2008-03-12"
        assert [image.caption for image in article.images] == ["橋上", "橋下"]
        assert len(article.paragraphs) == 2

    @pytest.mark.parametrize(
        ("host", "printed", "day"),
        [
            ("www.yunting.gov.tw", "113/01/16", "2024-01-16"),
            ("www.yunting.gov.tw", "民國 97/03/12", "2008-03-12"),
            ("www.yunting.gov.tw", "2024/01/16", "2024-01-16"),
            ("www.yunting.example", "97/03/12", ""),
        ],
    )
    def test_only_a_site_of_taiwan_counts_from_1912(self, host: str, printed: str, day: str) -> None:
        page = f"{TITLE}<p>發布日期：{printed}</p>{BODY}"
        assert day_and_time(extract_article(Page(f"http://{host}/1", page.encode()), SITE))[0] == day


class TestTitles:
    @pytest.mark.parametrize("number", ["云政发〔2024〕3号", "云教〔2024〕第12号", "云政办发[2024]41号"])
    @pytest.mark.parametrize("label", ["加入时间：24-01-16 点击：112", "2024-01-16 来源：乡党政办"])
    def test_the_number_of_a_document_is_none(self, number: str, label: str) -> None:
        page = (
            f"<title>云汀乡政府网站</title><center><b>关于表彰优秀护桥员的决定</b></center>"
            f"<center>{number}</center><center>{label}</center><div>"
            "<p class=MsoNormal><span>经各村推荐，决定对下列护桥员予以表彰：<o:p></o:p></span></p>"
            "<p class=MsoNormal><span>闻小满　　乔安<o:p></o:p></span></p>"
            "<p class=MsoNormal>云汀乡人民政府</p><p class=MsoNormal>二〇二四年一月十五日</p></div>"
        )
        article = read(page)
        assert article.title == "关于表彰优秀护桥员的决定"
        assert article.paragraphs[0].startswith("经各村推荐")

    @pytest.mark.parametrize(
        ("heading", "head", "title"),
        [
            ("澄河：菱角飘香<small>（1/3）</small>", "澄河：菱角飘香", "澄河：菱角飘香"),
            ("澄河：菱角飘香 [2/9]", "澄河：菱角飘香_云汀网", "澄河：菱角飘香"),
            ("一图读懂菱角（1/2）", "一图读懂菱角（1/2）", "一图读懂菱角（1/2）"),
        ],
    )
    def test_the_number_of_the_picture_shown_is_none(self, heading: str, head: str, title: str) -> None:
        page = f"<title>{head}</title><h3>{heading}</h3><p>2024-01-16 来源：云汀融媒</p>"
        assert read(page + BODY).title == title

    @pytest.mark.parametrize("head", ["云汀日报数字报-老街开了新书屋", "云汀日报 | 老街开了新书屋"])
    def test_a_newspaper_s_page_lists_its_articles(self, head: str) -> None:
        page = (
            f"<title>{head}</title><div>2024年01月16日 星期二 <a href=1.htm>上一期</a></div>"
            "<table><tr><td><div>第02版：要闻</div><ul><li><a href=c_7.htm>老街开了新书屋</a></li>"
            "<li><a href=c_8.htm>冬春农田水利建设全面铺开</a></li></ul></td><td><table>"
            "<tr><td>县领导到老街调研</td></tr><tr><td><p>老街开了新书屋</p></td></tr><tr><td>——藏书三万册</td></tr>"
            f"<tr><td><div>{TEXT}{MORE}</div></td></tr></table></td></tr></table>{FOOT}"
        )
        article = read(page)
        assert article.title == "老街开了新书屋"
        assert day_and_time(article)[0] == "2024-01-16"

    def test_a_newspaper_s_comment_may_stand_in_the_head(self) -> None:
        comment = (
            "<!--enpproperty <date>2024-01-16 00:00:00:0</date><title>老街开了新书屋</title>/enpproperty-->"
        )
        page = f"<html><head><title>云汀日报</title>{comment}</head><body><p>老街开了新书屋</p>{BODY}"
        assert day_and_time(read(page))[0] == "2024-01-16"

    def test_a_page_of_a_newspaper_is_no_outlet(self) -> None:
        assert (
            read(f"{TITLE}<p><span>2024年1月16日 星期二</span> <span>A06版</span></p>{BODY}").source_raw == ""
        )


class TestStaff:
    @pytest.mark.parametrize("more", ["", "<a class=more>展开全部</a>", "<div><a href=/v/1>相关</a></div>"])
    def test_a_table_of_padded_labels_and_names(self, more: str) -> None:
        table = (
            "<table><tr><th>记　者</th><td>闻小满　乔安</td><th>摄　像</th><td>纪朗</td></tr>"
            "<tr><th>责　编</th><td>卫　青</td><th>监　制</th><td>袁　野</td></tr></table>"
        )
        assert set(credits_of(read(f"{HEAD}<div><div>{TEXT}{MORE}</div>{more}{table}</div>{FOOT}"))) == {
            ("记者", "闻小满"),
            ("记者", "乔安"),
            ("摄像", "纪朗"),
            ("责编", "卫青"),
            ("监制", "袁野"),
        }

    @pytest.mark.parametrize(
        "line",
        [
            "<div><span>编辑：诸葛文</span><span><a>打印本页</a><a>关闭窗口</a></span></div>",
            "<div>编辑：诸葛文 [<a href=/s>推荐给好友</a>] [<a href='javascript:print()'>打印</a>]</div>",
            "<div><span>编辑：诸葛文</span>【<a href=#>打印</a>】【<a href=#>关闭</a>】</div>",
            "<div>[编辑：<span>诸葛文</span>]</div>",
        ],
    )
    def test_a_name_ends_where_the_page_s_tools_begin(self, line: str) -> None:
        article = read(f"{HEAD}<div>{TEXT}{MORE}</div>{line}{FOOT}")
        assert credits_of(article) == [("编辑", "诸葛文")]
        assert not any("打印" in paragraph for paragraph in article.paragraphs)

    @pytest.mark.parametrize(
        "line",
        [
            "<div><span>来源</span><span>云汀县融媒体中心</span><span>编辑</span><span>闻小满</span>"
            "<span>监制</span><span>乔安</span></div>",
            "<div><b>编辑</b><i>闻小满</i><b>监　制</b><i>乔安</i></div>",
        ],
    )
    def test_labels_and_names_that_only_a_style_tells_apart(self, line: str) -> None:
        found = credits_of(read(f"{HEAD}<div>{TEXT}{MORE}</div>{line}{FOOT}"))
        assert [name for label, name in found if label != "来源"] == ["闻小满", "乔安"]


class TestSections:
    MENU = "<ul><li><a href=/>首页</a></li><li><a href=/c/1>要闻</a></li><li><a href=/c/2>生态</a></li></ul>"

    @pytest.mark.parametrize(
        "place",
        [
            "<div>云汀网 &raquo; <a href=/tp/>图片频道</a> &raquo; <a href=/c/2>生态</a></div>",
            "<div><a href=/>首页</a>·<a href=/c/1>要闻</a>·<a href=/c/3>公示公告</a></div><div>首页&gt;生态</div>",
            "<div class=kick>生态</div>",
        ],
    )
    def test_what_is_printed_plainly(self, place: str) -> None:
        page = f"<title>澄河修桥_云汀网</title>{self.MENU}{place}<h1>澄河修桥</h1><p>2024-01-16 来源：云汀融媒</p>"
        assert read(page + BODY).section == "生态"

    @pytest.mark.parametrize("word", ["头条", "首页"])
    def test_a_word_that_the_menu_does_not_link_is_none(self, word: str) -> None:
        page = f"<title>澄河修桥_云汀网</title>{self.MENU}<div>{word}</div><h1>澄河修桥</h1><p>2024-01-16</p>"
        assert read(page + BODY).section == ""
