"""What of a page is an article's text, pictures and films: tables, lead pictures, advertisements, players.

All pages are invented.
"""

import pytest

from tests.test_pages_article import _PROFILE, FOOT, HEAD, TEXT, lines_of, read
from zhijiang_spider.pages import LayoutChanged
from zhijiang_spider.sites.site import parse_site

MORE = "<p>施工期间，行人可以走上游三百米处的便桥，便桥由水利部门每天检查一次。</p>"


def rows_of(html: str) -> list[str]:
    return list(read(f"{HEAD}<div>{TEXT}{html}{MORE}</div>{FOOT}").paragraphs[2:-1])


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


class TestTables:
    @pytest.mark.parametrize(
        ("html", "rows"),
        [
            (table(("乡镇", "<p>雨量</p><p>（毫米）</p>"), ("青石", "12.5")), ["乡镇 雨量 （毫米）", "青石 12.5"]),
            (table(("时间", "地点"), ("6月20日<br>上午", "镇政府<br>三楼")), ["时间 地点", "6月20日 上午 镇政府 三楼"]),
            (table(("项目", "材料"), ("报名", "<ul><li>证件</li><li>照片</li></ul>")), ["项目 材料", "报名 证件 照片"]),
            (table(("桥名", "长度"), ("澄河桥", table(("三百米",)))), ["桥名 长度", "澄河桥 三百米"]),
            (table(("电话", "0700-1234567", "0700-7654321")), ["电话 0700-1234567 0700-7654321"]),
            (table(("型号", "收藏"), ("大", "图片"), ("小", "")), ["型号 收藏", "大 图片", "小"]),
            (
                "<table><caption>工期表</caption><tr><th>桥墩<th>工期<tr><td rowspan=2>一号<td>六个月"
                "<tr><td>七个月<br>（汛期）<tr><td colspan=2>共两段</table>",
                ["工期表", "桥墩 工期", "一号 六个月", "七个月 （汛期）", "共两段"],
            ),
            (
                table(("事项", "说明"), ("补贴", "对沿线搬迁的农户，按照" + "房屋面积和地段" * 12 + "补贴。"), ("时间", "七月")),
                ["事项 说明", "补贴 对沿线搬迁的农户，按照" + "房屋面积和地段" * 12 + "补贴。", "时间 七月"],
            ),
            (
                table(("条件", "<p>（一）在本县居住；</p><p>（二）年满十八岁。</p>"), ("办法", "<p>到镇政府报名。</p>")),
                ["条件 （一）在本县居住； （二）年满十八岁。", "办法 到镇政府报名。"],
            ),
        ],
    )  # fmt: skip
    def test_a_row_is_a_line_whatever_its_cells_hold(self, html: str, rows: list[str]) -> None:
        assert rows_of(html) == rows

    def test_a_row_with_a_picture_is_a_row(self) -> None:
        html = table(
            ("品种", "样子", "价格"),
            ("蜜桃", "<img src=/u/1.jpg>", "12元"),
            ("翠梨", "<img src=/u/2.jpg>", "9元"),
        )
        article = read(f"{HEAD}<div>{TEXT}{html}{MORE}</div>")
        assert article.paragraphs[2:-1] == ("品种 样子 价格", "蜜桃 12元", "翠梨 9元")
        assert [image.caption for image in article.images] == ["", ""]

    @pytest.mark.parametrize(
        "html",
        [
            table(("<p>甲。</p><p>乙。</p>", "<p>丙。</p><p>丁。</p>")),
            table(("<p>甲。</p>",), ("<p>乙。</p>",), ("<p>丙。</p>",), ("<p>丁。</p>",)),
            table(("<img src=/u/1.jpg>", "<p>甲。</p><p>乙。</p>"), ("<img src=/u/2.jpg>", "<p>丙。</p><p>丁。</p>")),
        ],
        ids=["columns", "one column", "pictures beside text"],
    )  # fmt: skip
    def test_a_table_that_arranges_text_is_structure(self, html: str) -> None:
        assert rows_of(html) == ["甲。", "乙。", "丙。", "丁。"]

    def test_a_table_around_the_page_is_structure(self) -> None:
        page = table(
            ("<img src=/logo.png>", "星期二"),
            ("<a href=/1>要闻</a><br><a href=/2>民生</a>", f"{HEAD}{TEXT}{MORE}"),
            ("电话：0700-1234567", "云汀县融媒体中心"),
        )
        assert read(page).paragraphs == lines_of(TEXT + MORE)

    @pytest.mark.parametrize(
        "html",
        [
            table(("<img src=/u/1.jpg>", "<img src=/u/2.jpg>"), ("桥墩", "桥面")),
            table(("<img src=/u/1.jpg><br>桥墩", "<img src=/u/2.jpg><br>桥面")),
            table(("<img src=/u/1.jpg>",), ("<p>桥墩</p>",))
            + table(("<img src=/u/2.jpg>",), ("<p>桥面</p>",)),
        ],
        ids=["in the next row", "in the cell", "a table each"],
    )
    def test_a_table_of_pictures_holds_their_captions(self, html: str) -> None:
        article = read(f"{HEAD}<div>{TEXT}{html}{MORE}</div>")
        assert article.paragraphs == lines_of(TEXT + MORE)
        assert [image.caption for image in article.images] == ["桥墩", "桥面"]


class TestLeadPictures:
    @pytest.mark.parametrize(
        ("html", "lines"),
        [
            ("<p><img src=/u/1.jpg></p><p align=center>2024年1月16日</p>", ["2024年1月16日"]),
            ("<p><img src=/u/1.jpg></p><p>澄河修桥</p><p>2024-01-16</p>", []),
            ("<p><a href=/u/1_big.jpg><img src=/u/1.jpg></a></p>", []),
            ("<div style='background-image:url(/u/1.jpg);height:400px'></div>", []),
            ("<img src='data:image/gif;base64,R0'><noscript><img src=/u/1.jpg></noscript>", []),
        ],
        ids=["date below it", "title and date below it", "in full size", "background", "without script"],
    )
    def test_no_lead_picture_is_lost(self, html: str, lines: list[str]) -> None:
        article = read(f"{HEAD}<div>{html}{TEXT}{MORE}</div>{FOOT}")
        assert article.paragraphs == (*lines, *lines_of(TEXT + MORE))
        assert [image.url for image in article.images] == ["http://www.yunting.example/u/1.jpg"]
        assert article.published_raw == "2024-01-16"

    def test_a_picture_between_title_and_date_is_the_article_s(self) -> None:
        page = f"<title>澄河修桥_云汀网</title><h1>澄河修桥</h1><img src=/u/1.jpg><p>2024-01-16 来源：云汀融媒</p><div>{TEXT}</div>"
        article = read(page)
        assert (article.published_raw, article.source_raw) == ("2024-01-16", "云汀融媒")
        assert article.paragraphs == lines_of(TEXT)
        assert len(article.images) == 1

    def test_the_background_of_a_line_between_paragraphs_is_no_picture(self) -> None:
        line = "<section style='background:url(/u/line.png)'></section>"
        assert read(f"{HEAD}<div>{TEXT}{line}{MORE}</div>").images == ()

    def test_a_caption_of_two_lines_is_one(self) -> None:
        shown = (
            "<figure><img src=/u/1.jpg><figcaption><p>桥墩浇筑。</p><p>卫青禾 摄</p></figcaption></figure>"
        )
        article = read(f"{HEAD}<div>{shown}{TEXT}</div>")
        assert article.paragraphs == lines_of(TEXT)
        assert [image.caption for image in article.images] == ["桥墩浇筑。 卫青禾 摄"]

    def test_small_pictures_that_choose_the_large_one_are_none(self) -> None:
        small = "".join(f"<a href=#{n}><img src=/u/{n}_s.jpg width=80 height=60></a>" for n in (1, 2))
        assert len(read(f"{HEAD}<div><img src=/u/1.jpg>{small}{TEXT}</div>").images) == 1

    def test_a_story_of_pictures_has_their_captions_as_text_whoever_took_them(self) -> None:
        page = f"{HEAD}<p><img src=/u/1.jpg></p><p>图为工人在澄河大桥浇筑桥墩。</p><p>卫青禾 摄</p>"
        assert read(page).paragraphs[0] == "图为工人在澄河大桥浇筑桥墩。"

    def test_what_counts_pictures_is_no_text_and_a_fraction_is(self) -> None:
        shown = "".join(f"<div><img src=/u/{n}.jpg><p>桥墩{n}</p><i>{n}/2</i></div>" for n in (1, 2))
        article = read(
            f"{HEAD}<div>{shown}{TEXT}<p>1/4</p><p>的村民已经搬进新居，其余的年底前搬完。</p></div>"
        )
        assert article.paragraphs == (*lines_of(TEXT), "1/4", "的村民已经搬进新居，其余的年底前搬完。")
        assert [image.caption for image in article.images] == ["桥墩1", "桥墩2"]


class TestPlayers:
    @pytest.mark.parametrize(
        "player",
        [
            "<video src=/v/1.mp4 poster=/v/1.jpg></video>",
            "<div><video><source src=/v/1.mp4>浏览器不支持</video><b>播放</b><b>00:00</b>/<b>01:25</b><b>全屏</b></div>",
            "<div><video src=/v/1.mp4></video><p>Play Video</p><p>Current Time 0:00</p><p>/</p><p>1x</p></div>",
        ],
    )
    def test_a_player_plays_above_the_title_and_in_the_text_and_says_nothing(self, player: str) -> None:
        for page in (f"{player}{HEAD}<div>{TEXT}</div>", f"{HEAD}<div>{player}{TEXT}</div>"):
            article = read(f"<div><a href=/>首页</a></div>{page}{FOOT}")
            assert article.paragraphs == lines_of(TEXT)
            assert [found.url for found in article.attachments] == ["http://www.yunting.example/v/1.mp4"]
            assert article.images == ()

    def test_a_link_to_a_film_is_one_whatever_it_says(self) -> None:
        article = read(f"{HEAD}<div>{TEXT}<p><a href=/v/1.mp4>点击观看视频</a></p>{MORE}</div>")
        assert article.paragraphs == lines_of(TEXT + MORE)
        assert len(article.attachments) == 1

    def test_a_film_above_the_title_is_an_article(self) -> None:
        article = read(f"<video src=/v/1.mp4></video>{HEAD}")
        assert (article.published_raw, article.source_raw) == ("2024-01-16", "云汀融媒")
        assert [found.kind for found in article.attachments] == ["video"]

    def test_the_radio_in_the_site_s_header_is_not_the_article_s(self) -> None:
        page = f"<header><audio src=/live.m3u8></audio></header>{HEAD}<div>{TEXT}</div>"
        assert read(page).attachments == ()


class TestAdverts:
    @pytest.mark.parametrize(
        "html",
        [
            "<div><a href=http://ad.example/1><i>广告</i><span>全场五折起，先到先得！</span></a><em>×</em></div>",
            "<div><p>推广</p><a href=http://ad.example/1><img src=/u/9.jpg></a><a href=http://ad.example/1>家居节，满减三百</a></div>",
            "<a href=http://ad.example/1><div>驾校暑期班，学生立减五百元！</div><div><b>青石驾校</b><b>赞助</b></div></a>",
            "<p>【广告】<a href=http://ad.example/1>江景洋房，最后十席</a></p>",
        ],
    )
    def test_a_linked_box_that_says_it_is_one_is_left_out_whole(self, html: str) -> None:
        article = read(f"{HEAD}<div>{TEXT}{html}{MORE}</div>")
        assert article.paragraphs == lines_of(TEXT + MORE)
        assert article.images == ()

    def test_it_is_left_out_of_what_a_profile_selects_too(self) -> None:
        site = parse_site(_PROFILE | {"selectors": {"body": ".text"}}, "yunting.toml")
        advert = "<p><a href=http://ad.example/1><i>广告</i><b>全场五折起，先到先得！</b></a></p>"
        page = f"{HEAD}<div class=text>{TEXT}{advert}{MORE}</div>"
        assert read(page, site).paragraphs == lines_of(TEXT + MORE)

    @pytest.mark.parametrize(
        "line",
        [
            "<a href=/law>广告法</a>规定，广告不得含有虚假的内容。",
            "推广新品种，还要过几道关。",
            "赞助单位：云汀县供销社",
            "村里的公益广告在广场循环播放。",
        ],
    )
    def test_a_sentence_with_the_same_words_stays(self, line: str) -> None:
        assert len(read(f"{HEAD}<div>{TEXT}<p>{line}</p>{MORE}</div>").paragraphs) == 4


class TestPlatforms:
    @pytest.mark.parametrize(
        "around",
        [
            "<p>声明：本文由入驻平台的作者撰写，仅代表作者本人观点。</p>",
            "<p>以上内容由作者上传发布，平台仅提供信息存储服务。</p>",
            "<p>责任声明：稿件由投稿人提供。</p>",
            "<div><h3>作者最新文章</h3><a href=/1>白沙大桥封闭施工</a></div>",
            "<div><p>熱門點閱</p><p><a href=/1>白沙大橋封閉施工</a></p></div>",
            "<div><span>赞 12</span></div><div>评论 3</div><div>收藏</div>",
            "<div>阅读 1024　点赞 33　收藏 12</div>",
            "<p>点击查看更多精彩内容</p><p>↓↓↓</p><p>喜欢就点个在看吧</p>",
            "<div><img src=/avatar/1.jpg><p>云汀融媒</p><p>关注</p></div>",
            "<p>—— END ——</p>",
            "<div><a href='javascript:;'>上一张</a><a href='javascript:;'>下一张</a></div>",
        ],
    )
    def test_its_lines_are_no_text(self, around: str) -> None:
        assert read(f"{HEAD}<div>{TEXT}</div>{around}").paragraphs == lines_of(TEXT)
        assert read(f"{HEAD}<div>{TEXT}{around}</div>").paragraphs == lines_of(TEXT)

    @pytest.mark.parametrize(
        "line",
        [
            "声明：近日有人冒用我公司名义收取押金，我公司从未委托任何人。",
            "点击查看村务公开栏，村民就能知道每一笔支出。",
            "扫码关注活动吸引了两百多位村民，大家边排队边聊收成。",
        ],
    )
    def test_words_of_the_text_stay(self, line: str) -> None:
        assert read(f"{HEAD}<div>{TEXT}<p>{line}</p>{MORE}</div>").paragraphs[2] == line

    def test_the_text_goes_on_behind_a_box_of_links_after_its_first_sentence(self) -> None:
        box = "<div><h4>相关阅读</h4><ul><li><a href=/1>白沙大桥封闭施工</a></li><li><a href=/2>便桥昨日开通</a></li></ul></div>"
        first = "<p>1月15日，澄河大桥正式开工，总工期为十八个月。</p>"
        assert read(f"{HEAD}<div>{first}{box}{MORE}{TEXT}</div>").paragraphs == lines_of(first + MORE + TEXT)

    def test_the_text_goes_on_behind_links_that_are_paragraphs_themselves(self) -> None:
        links = (
            "<p><b>推荐阅读</b></p><p><a href=/1>白沙大桥封闭施工</a></p><p><a href=/2>便桥昨日开通</a></p>"
        )
        assert read(f"{HEAD}<div>{MORE}{links}{TEXT}{MORE}</div>").paragraphs == lines_of(MORE + TEXT + MORE)

    def test_who_runs_the_site_is_no_text_and_who_runs_an_event_is(self) -> None:
        line = "<p>主办：云汀县融媒体中心</p>"
        foot = f"{line}<p>鄂ICP备00000000号</p>"
        assert read(f"{HEAD}<div>{TEXT}{foot}</div>").paragraphs == lines_of(TEXT)
        assert read(f"{HEAD}<div>{TEXT}{line}</div>").paragraphs == lines_of(TEXT + line)


class TestShortTexts:
    """Which lines by the title are a short article's, and which are the head's or other articles'."""

    def test_words_behind_the_row_are_the_heads(self) -> None:
        row = "<table><tr><td>2024-01-16 09:00</td><td>来源：云汀融媒</td><td>湖北</td><td>民生</td><td><a href=/c>评论(0)</a></td></tr></table>"
        page = f"<title>澄河修桥_云汀网</title><h1>澄河修桥</h1>{row}<div>{TEXT}</div>{FOOT}"
        assert read(page).paragraphs == lines_of(TEXT)

    def test_the_row_of_date_and_source_may_stand_below_a_short_text(self) -> None:
        page = f"<title>澄河修桥_云汀网</title><h1>澄河修桥</h1>{TEXT}<div>来源：云汀融媒　日期：2024-01-16</div>{FOOT}"
        article = read(page)
        assert (article.paragraphs[:2], article.published_raw) == (lines_of(TEXT), "2024-01-16")

    def test_a_page_that_shows_nothing_is_refused(self) -> None:
        with pytest.raises(LayoutChanged):
            read("<title>澄河修桥</title><script>x()</script>")

    def test_one_sentence_before_a_list_with_a_heading_of_its_own(self) -> None:
        others = "".join(
            f"<li><b>0{n}:11</b><p><a href=/{n}>【别处{n}】</a>这里写的是另一件事，和大桥没有关系，要到月底才有结果。</p></li>"
            for n in range(9)
        )
        flash = "<p>1月15日，云汀县澄河大桥开工建设，总投资三亿元，工期十八个月，明年建成后免费通行。</p>"
        page = f"{HEAD}<div>{flash}</div><div><h2>更多快讯</h2><ul>{others}</ul></div>{FOOT}"
        assert read(page).paragraphs == lines_of(flash)

    def test_a_line_of_addresses_is_no_title(self) -> None:
        head = "<div>云汀县第一中学</div><ul><li><a href=/1>学校概况</a><li><a href=/2>校园新闻</a></ul><div>您的位置：<a href=/>首页</a>-&gt;<a href=/2>校园新闻</a></div>"
        row = "<div>发布人：<span>教务处</span>　发布时间：<span>2024/1/16 15:27:40</span></div>"
        foot = "<div>云汀县第一中学 地址：云汀县城关镇一号 电话：0700-1234567</div>"
        page = f"<title>云汀县第一中学-校园新闻</title>{head}<div class=art_title>我校合唱团获全县艺术节第一名</div>{row}{TEXT}{foot}"
        assert read(page).title == "我校合唱团获全县艺术节第一名"


class TestFiles:
    @pytest.mark.parametrize(
        "html",
        [
            "<p>附件：<a href='/down.jsp?id=0&filename=a1f.xls'>一览表</a></p>",
            "<p><a href='/f/1.doc'>报名表</a> <a href='/down.jsp?id=0&filename=a1f.xls'>一览表</a></p>",
        ],
        ids=["by its query", "the second of a line"],
    )
    def test_a_file_in_the_text(self, html: str) -> None:
        article = read(f"{HEAD}<div>{TEXT}{html}{MORE}</div>{FOOT}")
        assert [file.url.rpartition("/")[2] for file in article.attachments][
            -1
        ] == "down.jsp?id=0&filename=a1f.xls"

    def test_a_box_of_files_below_the_text(self) -> None:
        box = "<div><b>附件下载：</b><a href='/f/1.docx'>公示对象.docx</a></div>"
        others = "<h3>相关阅读</h3><a href='/f/2.pdf'>别的文件</a>"
        article = read(f"{HEAD}<div>{TEXT}{MORE}</div>{box}{others}{FOOT}")
        assert [file.url for file in article.attachments] == ["http://www.yunting.example/f/1.docx"]


@pytest.mark.parametrize("label", ["—— 广告 ——", "广告", "* 推广 *"])
def test_a_label_between_rules_names_an_advertisement(label: str) -> None:
    advert = (
        f"<aside><span>{label}</span><a href=//shop.example/1><h4>夏凉被抢购</h4><div>￥129</div></a></aside>"
    )
    assert read(f"{HEAD}<div>{TEXT}{advert}{MORE}</div>{FOOT}").paragraphs == lines_of(TEXT + MORE)


@pytest.mark.parametrize(
    "caption",
    ["Villagers dry noodles on Monday. (Photo by Wen Xiaoman)", "The bridge at dusk. [Photo/Xinhua]"],
)
def test_an_english_caption_says_whose_picture_it_is(caption: str) -> None:
    text = "<p>Workers opened the new bridge over the Cheng River on Monday, the county said.</p>" * 2
    page = f"<title>Bridge Opens</title><h1>Bridge Opens</h1><p>Updated: May 16, 2023</p><p><img src=/1.jpg></p><p>{caption}</p>{text}"
    article = read(page)
    assert [image.caption for image in article.images] == [caption]
    assert len(article.paragraphs) == 2


def test_a_strip_of_thumbnails_shows_no_further_pictures() -> None:
    large = "".join(f"<li><img src=/u/{n}_big.jpg><p>古寨雪景之{n}。</p></li>" for n in range(1, 4))
    small = "".join(f"<li><img src=/u/{n}_s.jpg></li>" for n in range(1, 4))
    article = read(f"{HEAD}<div><ul>{large}</ul><ul>{small}</ul>{TEXT}</div>{FOOT}")
    assert [image.url.rpartition("/")[2] for image in article.images] == [
        "1_big.jpg",
        "2_big.jpg",
        "3_big.jpg",
    ]


class TestLineBreaksThatAStyleShows:
    LINES = "施工队说，栏杆下周换完。\n\n过桥的人可以走东侧。"

    @pytest.mark.parametrize(
        ("style", "html"),
        [
            (".yb{white-space:pre-line}", "<div class=yb>{}</div>"),
            ("/* 正文 */ #nr , .x { color:red; white-space: pre-wrap }", "<div id=nr>{}</div>"),
            (".box > .yb{white-space:pre}", "<div class=box><div class=yb>{}</div></div>"),
            (".a{color:red} .white-space-pre{white-space:pre}", "<div class=white-space-pre>{}</div>"),
            (
                "@import url(x.css);@media print{.yb{white-space:normal}} .yb{white-space:pre}",
                "<div class=yb>{}</div>",
            ),
            ("", '<div style="white-space: break-spaces">{}</div>'),
            ("", "<pre>{}</pre>"),
        ],
    )
    def test_they_end_paragraphs(self, style: str, html: str) -> None:
        page = f"<style>{style}</style>{HEAD}<div>{TEXT}{html.format(self.LINES)}</div>{FOOT}"
        assert read(page).paragraphs[2:] == ("施工队说，栏杆下周换完。", "过桥的人可以走东侧。")

    @pytest.mark.parametrize(
        ("style", "html"),
        [
            (".yb:hover{white-space:pre-line}", "<div class=yb>{}</div>"),
            (".other .yb{white-space:pre-line}", "<div class=yb>{}</div>"),
            (".yb{white-space:nowrap}", "<div class=yb>{}</div>"),
            (".yb]]{white-space:pre}", "<div class=yb>{}</div>"),
            (".yb{white-space:pre}", '<div class=yb style="white-space:normal">{}</div>'),
        ],
    )
    def test_others_are_blanks(self, style: str, html: str) -> None:
        page = f"<style>{style}</style>{HEAD}<div>{TEXT}{html.format(self.LINES)}</div>{FOOT}"
        assert read(page).paragraphs[2:] == ("施工队说，栏杆下周换完。 过桥的人可以走东侧。",)


def test_the_align_of_a_table_does_not_centre_its_text() -> None:
    text = TEXT.replace("<p>", "　　").replace("</p>", "<br>")
    page = f"<table align=center><tr><td>{HEAD}{text}<center><img src=/u/1.jpg></center><br>　　桥面每天洒水两次。<br></table>"
    assert read(page).paragraphs[-1] == "桥面每天洒水两次。"


def test_verses_come_again_and_a_copy_for_phones_does_not() -> None:
    verses = "<p>柳溪的水呀轻轻地流过青石的田野和村庄，</p><p>柑橘红了山岗上的果农笑声朗朗。</p>"
    assert len(read(f"{HEAD}<div class=text>{verses}{verses}</div>{FOOT}").paragraphs) == 4
    lines = verses.replace("<p>", "").replace("</p>", "<br>")
    assert len(read(f"{HEAD}<div class=text>{lines}{lines}</div>{FOOT}").paragraphs) == 4
    boxes = verses.replace("<p>", "<div>").replace("</p>", "</div>")
    assert len(read(f"{HEAD}<div class=text>{boxes}{boxes}</div>{FOOT}").paragraphs) == 4
    copied = f"<div class=text>{verses}</div><div class=phone>{verses}</div>"
    assert len(read(f"{HEAD}{copied}{FOOT}").paragraphs) == 2
    assert len(read(f"{HEAD}<div><div>{lines}</div><div>{lines}</div></div>{FOOT}").paragraphs) == 2
