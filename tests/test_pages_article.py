"""Article pages: the golden pages (``pages/*.html``, bytes, beside the expected ``.json``) and single rules.

All pages are invented.  A page without a ``.json`` gets one from what is read, and the test fails once:
somebody has to compare the file with the page.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.linear import MOST_GROWTH, growth
from zhijiang_spider.items import RawArticle
from zhijiang_spider.pages import LayoutChanged, Page, extract_article
from zhijiang_spider.sites.site import Site, parse_site

PAGES = Path(__file__).parent / "pages"
URL = "http://www.yunting.example/content/show?catid=12&newsid=57"
_PROFILE: dict[str, Any] = {
    "name": "yunting",
    "title": "云汀网",
    "hosts": ["www.yunting.example"],
    "start_urls": ["http://www.yunting.example/"],
    "article_url": r"newsid=(?P<id>\d+)",
}
SITE = parse_site(_PROFILE, "yunting.toml")
HEAD = "<title>澄河修桥_云汀网</title><h1>澄河修桥</h1><p>2024-01-16 来源：云汀融媒</p>"
TEXT = "<p>1月15日，澄河大桥开工，工期十八个月。</p><p>大桥建成后，两岸往来只要三分钟。</p>"


def read(html: str, site: Site = SITE) -> RawArticle:
    return extract_article(Page(URL, html.encode()), site)


def said(article: RawArticle) -> dict[str, Any]:
    """Return what the page says, as JSON would hold it; fields that say nothing left out."""
    values = json.loads(json.dumps(asdict(article), ensure_ascii=False))
    if "evidence" in values["following"]:
        del values["following"]
    return {name: value for name, value in values.items() if value and (name, value) != ("parts", 1)}


def lines_of(html: str) -> tuple[str, ...]:
    return tuple(line for line in html.replace("</p>", "").split("<p>") if line)


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.html")), ids=lambda path: path.stem)
def test_golden_page(path: Path) -> None:
    found = said(extract_article(Page(URL, path.read_bytes()), SITE))
    expected = path.with_suffix(".json")
    if not expected.exists():
        expected.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{expected.name} was written: compare it with the page")
    assert found == json.loads(expected.read_text(encoding="utf-8"))


class TestRequired:
    """Without a title, or without text, picture and video, the layout is another one than we can read."""

    def test_a_page_without_a_title_is_refused_with_its_address(self) -> None:
        with pytest.raises(LayoutChanged, match=r"no title.*newsid=57"):
            read("<p></p>")

    def test_a_page_without_content_is_refused(self) -> None:
        with pytest.raises(LayoutChanged, match="no text"):
            read(f"{HEAD}<ul><li><a href='/1'>青石镇新修的村道通车了</a></ul>")


class TestParagraphs:
    @pytest.mark.parametrize(
        ("html", "lines"),
        [
            ("<p>一座<b>桥</b><span>，两岸</span>人。</p>", ["一座桥，两岸人。"]),
            ("<p>　　桥\n\t通了。</p>", ["桥 通了。"]),
            ("<p>记者　李　想</p>", ["记者　李　想"]),
            ("<p>甲，<br>乙。<br/><br/>丙。</p>", ["甲，", "乙。", "丙。"]),
            ("<div>甲，乙。<p>丙。</p>丁。</div>", ["甲，乙。", "丙。", "丁。"]),
            ("<p>图片</p><p>甲。</p><p>[图片]</p><p>图片\u200b</p>", ["甲。"]),
            ("<p>甲。</p><!-- <p>乙。</p> --><script>丙</script><style>丁</style>", ["甲。"]),
            (
                "<p>甲。</p><p style='display: none'>乙。</p><p hidden>丙。</p><textarea>丁</textarea>",
                ["甲。"],
            ),
            ("<pre>甲。\n乙。</pre>", ["甲。", "乙。"]),
            ("<ul><li>甲。</li><li>乙。</li></ul>", ["甲。", "乙。"]),
        ],
    )
    def test_lines_are_as_a_reader_sees_them(self, html: str, lines: list[str]) -> None:
        assert list(read(f"{HEAD}<div>{TEXT}{html}</div>").paragraphs[2:]) == lines

    def test_rows_of_a_data_table_are_lines_and_a_layout_table_is_structure(self) -> None:
        data = "<table><tr><td>乡镇</td><td>户数</td></tr><tr><td>青石</td><td>57</td></tr></table>"
        layout = "<table><tr><td><p>甲。</p><p>乙。</p></td><td><img src='/a.jpg'></td></tr></table>"
        assert read(f"{HEAD}<div>{TEXT}{data}{layout}</div>").paragraphs[2:] == (
            "乡镇 户数",
            "青石 57",
            "甲。",
            "乙。",
        )

    @pytest.mark.parametrize(
        "around",
        [
            "<div>分享到：<a href='#'>微信</a></div>",
            "<p>【我要纠错】</p>",
            "<div><h4>相关新闻</h4><ul><li><a href='/1'>大桥图纸公布</a></li></ul></div>",
            "<div><h4>网友评论</h4><p>山里人</p><p>盼了二十年，终于开工了，到时候一定回来看看！</p></div>",
            "<p>上一篇：<a href='/1'>白沙大桥封闭施工</a></p>",
            "<p>版权所有 云汀县融媒体中心</p>",
            "<footer><p>未经许可不得转载，违者必究。</p></footer>",
        ],
    )
    def test_what_surrounds_the_article_is_not_in_it(self, around: str) -> None:
        assert len(read(f"{HEAD}<div>{TEXT}</div>{around}").paragraphs) == 2
        assert len(read(f"{HEAD}<div>{TEXT}{around}</div>").paragraphs) == 2

    def test_a_credit_line_outside_the_box_is_kept(self) -> None:
        page = f"{HEAD}<div>{TEXT}</div><div><a href='#'>分享</a></div><div>责任编辑：罗一禾</div>"
        assert read(page).paragraphs[-1] == "责任编辑：罗一禾"

    def test_comments_behind_the_editors_line_are_not_the_article(self) -> None:
        comments = "<li><b>网友甲</b><p>桥修好了，我们上学就不用绕路了。</p></li><li><b>网友乙</b><p>早该修了，等了十年。</p></li>"
        text = (
            f"{TEXT}<p>施工期间，行人可以走上游三百米处的便桥，便桥由水利部门每天检查一次，遇洪水封闭。</p>"
        )
        end = "<div><div>责任编辑：苗小禾</div><div>校对：祁向阳</div></div>"
        page = f"<main><div>{HEAD}</div><div>{text}</div>{end}<ul>{comments}</ul></main>"
        assert read(page).paragraphs == (*lines_of(text), "责任编辑：苗小禾", "校对：祁向阳")

    def test_another_column_under_a_heading_is_not_the_article(self) -> None:
        text = f"{TEXT}<p>施工期间，行人可以走上游三百米处的便桥，便桥由水利部门每天检查一次。</p>"
        about = "<p>云汀网由县融媒体中心主办，刊登本县新闻、公告和生活信息，每天更新，欢迎来稿。</p>" * 3
        page = f"<div>{HEAD}<div>{text}</div></div><div><h3>关于云汀网</h3>{about}</div>"
        assert read(page).paragraphs == lines_of(text)

    def test_a_linked_line_that_names_another_article_is_not_text(self) -> None:
        more = "<p><a href='/p/9.html'>▶ 相关：便桥昨日封闭</a></p>"
        assert read(f"{HEAD}<div>{TEXT}{more}{TEXT.replace('澄', '清')}</div>").paragraphs == lines_of(
            TEXT + TEXT.replace("澄", "清")
        )

    def test_the_text_goes_on_behind_a_box_of_links(self) -> None:
        links = "".join(f"<li><a href='/p/{n}.html'>另一座桥的第{n}条新闻标题</a></li>" for n in range(3))
        more = "<p>施工期间，行人可以走上游三百米处的便桥，便桥由水利部门每天检查一次，遇洪水封闭。</p>"
        box = f"<div><strong>延伸阅读</strong><ul>{links}</ul></div>"
        found = read(f"{HEAD}<div>{more}{TEXT}{box}{more.replace('行人', '车辆')}{TEXT}</div>").paragraphs
        assert len(found) == 6
        assert not any("另一座桥" in line for line in found)

    def test_a_table_of_figures_does_not_cut_off_the_text_before_it(self) -> None:
        rows = "".join(f"<tr><td>指标{n}</td><td>亿元</td><td>18{n}.36</td></tr>" for n in range(6))
        found = read(f"{HEAD}<div><p>主要指标完成情况如下：</p><table>{rows}</table>{TEXT}</div>").paragraphs
        assert found[:2] == ("主要指标完成情况如下：", "指标0 亿元 180.36")

    def test_elements_that_a_site_names_itself_set_lines_apart(self) -> None:
        own = f"<x-page><x-head>澄河修桥</x-head><x-row>2024-01-16 来源：云汀融媒</x-row><x-text>{TEXT}</x-text></x-page>"
        article = read(
            f"<title>澄河修桥 · 云汀网</title><body>{own}<x-feed><x-card>另一条新闻</x-card></x-feed>"
        )
        assert (article.title, article.paragraphs) == ("澄河修桥", lines_of(TEXT))

    def test_captions_are_the_text_of_a_picture_story(self) -> None:
        told = ("云海翻涌，群峰若隐若现，游人驻足。", "摄影爱好者凌晨登顶，等候第一缕阳光。")
        shown = "".join(
            f"<li><img src='/u/{n}.jpg'><div class='cap'>{text}</div></li>" for n, text in enumerate(told)
        )
        article = read(f"{HEAD}<ul>{shown}</ul>")
        assert article.paragraphs == told
        assert [(image.caption, image.paragraph) for image in article.images] == [(told[0], 0), (told[1], 1)]

    def test_a_text_printed_twice_is_read_once(self) -> None:
        assert len(read(f"{HEAD}<div>{TEXT}</div><div>{TEXT}</div>").paragraphs) == 2

    def test_words_of_the_page_may_be_words_of_the_text(self) -> None:
        lines = ("<p>关于我们</p>", "<p>关于我们的桥，有一个故事。</p>", "<p>推荐</p>", "<p>都来走走。</p>")
        assert len(read(f"{HEAD}<div>{TEXT}{''.join(lines)}</div>").paragraphs) == 6

    def test_a_short_article_beside_long_summaries_of_others(self) -> None:
        summaries = "".join(
            f"<dt><a href='/{n}'>别处的新闻{n}</a></dt><dd>{'这里写的是另一件事，和大桥没有关系。' * 5}</dd>"
            for n in range(5)
        )
        page = f"<div>{HEAD}<div><p>澄河大桥开工</p></div></div><div><dl>{summaries}</dl></div>"
        assert read(page).paragraphs == ("澄河大桥开工",)

    def test_title_and_row_inside_the_text_are_not_text(self) -> None:
        page = f"<title>澄河修桥</title><div><p>澄河修桥</p><p>2024-01-16　来源：云汀融媒</p>{TEXT}</div>"
        article = read(page)
        assert (article.title, article.published_raw, len(article.paragraphs)) == (
            "澄河修桥",
            "2024-01-16",
            2,
        )


class TestPictures:
    @pytest.mark.parametrize(
        ("img", "url"),
        [
            ("<img src='../a.jpg'>", "http://www.yunting.example/a.jpg"),
            ("<img src='/loading.gif' data-src='/a.jpg'>", "http://www.yunting.example/a.jpg"),
            (
                "<img src='data:image/gif;base64,R0' data-original='/a.jpg'>",
                "http://www.yunting.example/a.jpg",
            ),
            ("<img srcset='/a.jpg 1x, /b.jpg 2x'>", "http://www.yunting.example/a.jpg"),
            ("<img style='display:block' src='/a.jpg'>", "http://www.yunting.example/a.jpg"),
            ("<a href='/a.jpg'><img src='/a.jpg'></a>", "http://www.yunting.example/a.jpg"),
        ],
    )
    def test_the_real_address_is_found(self, img: str, url: str) -> None:
        assert [image.url for image in read(f"{HEAD}<div>{TEXT}<p>{img}</p></div>").images] == [url]

    @pytest.mark.parametrize(
        "img",
        [
            "<img src='/a.png' width=16 height=16>",
            "<img src='/static/erweima.png'>",
            "<img src='/a.jpg' alt='扫一扫二维码'>",
            "<img src='/static/share.gif'>",
            "<img src='data:image/gif;base64,R0'>",
            "<img>",
            '<div class="ad-box"><a href="http://ad.example/1"><img src="/u/1.gif" width="300" height="250"></a></div>',
            '<img src="/images/enlarge.gif">',
        ],
    )
    def test_signs_of_the_page_are_no_pictures(self, img: str) -> None:
        assert not read(f"{HEAD}<div>{TEXT}<p>{img}</p></div>").images

    @pytest.mark.parametrize(
        ("line", "caption"),
        [
            ("<figcaption>桥墩。</figcaption>", "桥墩。"),
            ("<p>图为桥墩。</p>", "图为桥墩。"),
            ("<p>▲桥墩</p>", "▲桥墩"),
            ("<p>工人在吊装。苏木 摄</p>", "工人在吊装。苏木 摄"),
            ("<p style='text-align:center'>桥墩</p>", "桥墩"),
            ("<p style='text-align:center'><b>二期工程</b></p>", ""),
            ("<p>桥墩有十二个。</p>", ""),
            ("<p style='text-align:center'>一审丨乔安</p>", ""),
        ],
    )
    def test_a_caption_belongs_to_the_picture_before_it(self, line: str, caption: str) -> None:
        article = read(f"{HEAD}<div>{TEXT}<p><img src='/a.jpg'></p>{line}<p>完。</p></div>")
        assert (article.images[0].caption, article.images[0].paragraph) == (caption, 2)
        assert len(article.paragraphs) == (3 if caption else 4)


class TestAttachments:
    @pytest.mark.parametrize(
        ("html", "url", "kind"),
        [
            ("<video src='/v.mp4'></video>", "http://www.yunting.example/v.mp4", "video"),
            ("<video><source src='/v.m3u8'></video>", "http://www.yunting.example/v.m3u8", "video"),
            (
                "<iframe src='//player.yunting.example/57'></iframe>",
                "http://player.yunting.example/57",
                "video",
            ),
            ("<embed src='/player.swf' flashvars='f=http://v.cn/a.mp4&x=1'>", "http://v.cn/a.mp4", "video"),
            ("<audio src='/s.mp3'></audio>", "http://www.yunting.example/s.mp3", "audio"),
            ("<p>附件：<a href='/f.pdf'>名单.pdf</a></p>", "http://www.yunting.example/f.pdf", "file"),
        ],
    )
    def test_players_and_files_are_found(self, html: str, url: str, kind: str) -> None:
        found = read(f"{HEAD}<div>{TEXT}{html}</div>").attachments
        assert [(one.url, one.kind) for one in found] == [(url, kind)]


class TestHead:
    @pytest.mark.parametrize(
        ("row", "published", "source"),
        [
            ("发布时间:2018-07-31 14:21:48来源:云汀融媒", "2018-07-31 14:21:48", "云汀融媒"),
            ("来源：云汀报作者：李想上传时间：2026-01-26", "2026-01-26", "云汀报"),
            ("来源: 2025-07-18 10:38:51 责编: 何田田", "2025-07-18 10:38:51", ""),
            ("2024-05-20 来源：长江台https://a.example/p/1.html", "2024-05-20", "长江台"),
            ("2023-11-08 15:40   云汀县融媒体中心", "2023-11-08 15:40", "云汀县融媒体中心"),
            (
                "<span>2024-01-16</span><span>来源：云汀融媒</span><span>浏览：57</span>",
                "2024-01-16",
                "云汀融媒",
            ),
            ("信息来源：<!--begin-->县水利局<!--end--> 日期：2024年1月16日", "2024年1月16日", "县水利局"),
            ("2024-01-16 来源：未知", "2024-01-16", ""),
        ],
    )
    def test_date_and_source_are_read_from_the_row(self, row: str, published: str, source: str) -> None:
        article = read(f"<title>澄河修桥</title><h1>澄河修桥</h1><div>{row}</div><div>{TEXT}</div>")
        assert (article.published_raw, article.source_raw) == (published, source)

    @pytest.mark.parametrize(
        ("declared", "published"),
        [
            ("<meta name=PubDate content='2024-01-16 08:30'>", "2024-01-16 08:30"),
            ("<meta name=PubDate content='2024-01-16 00:00:00'>", "2024-01-16"),
            (
                "<meta property='article:published_time' content='2024-01-16T08:30:00+08:00'>",
                "2024-01-16T08:30:00+08:00",
            ),
            ("<span id=pubtime_baidu style='display:none'>2024-01-16 08:30</span>", "2024-01-16 08:30"),
            (
                '<script type=\'application/ld+json\'>{"pubDate": "2024-01-16T08:30:00"}</script>',
                "2024-01-16T08:30:00",
            ),
            ("<!--enpproperty <date>2024-01-16 08:30:00:0</date>/enpproperty-->", "2024-01-16 08:30:00"),
            ("<script>var ct = '1705365000';</script>", "1705365000"),
        ],
    )
    def test_a_declared_date_counts_where_none_is_shown(self, declared: str, published: str) -> None:
        page = f"{declared}<title>澄河修桥</title><h1>澄河修桥</h1><div>{TEXT}</div>"
        assert read(page).published_raw == published

    @pytest.mark.parametrize(
        ("rows", "names"),
        [
            ("<p>骆小禾</p><p>2024-01-16 来源：云汀融媒</p>", "骆小禾"),
            ("<p>□ 骆小禾 苗 苗</p><p>2024-01-16</p>", "骆小禾、苗苗"),
            ("<p>骆小禾/云汀日报</p><p>2024-01-16</p>", "骆小禾"),
            ("<p>骆禾 2024-01-16 11:39 0人参与评论</p>", "骆禾"),
            ("<p><span>云汀日报</span><span>骆小禾</span><span>2024-01-16</span></p>", "骆小禾"),
            ("<p><em>2024-01-16</em><em>云汀日报</em><em>骆禾</em><em>责任编辑：苗苗</em></p>", "骆禾"),
            ("<p>2024-01-16 云汀网</p><div>微博</div><div>易信</div><div>微信</div>", ""),
            ("<p>2024-01-16 10:20 安徽</p>", ""),
            ("<p>高清 2024-01-16 10:20</p>", ""),
            ("<p>常州</p><p>2024-01-16 10:20</p>", ""),
        ],
    )
    def test_names_without_a_label_stand_by_the_title(self, rows: str, names: str) -> None:
        assert read(f"<title>澄河修桥_云汀网</title><h1>澄河修桥</h1>{rows}<div>{TEXT}</div>").byline == names

    @pytest.mark.parametrize(
        ("rows", "source"),
        [
            ("<dl><dt>来源</dt><dd>云汀体育</dd><dt>时间</dt><dd>2024-01-16 21:56</dd></dl>", "云汀体育"),
            ("<p><span>云上云汀</span><span>2024-01-16</span><span>阅读 3.2万</span></p>", "云上云汀"),
            ("<p><span>云汀健康</span><span>2024-01-16</span><span>湖北</span></p>", "云汀健康"),
            ("<p class='author-name'>云汀之家</p><p>发布时间：01-16 22:46</p>", "云汀之家"),
            ("<p>【发布日期】2024-01-16 【来源】云汀宣传科 【浏览】102</p>", "云汀宣传科"),
            (
                "<p><span>Date: 2024-01-16</span><span>Source: 云汀港务</span><span>Views: 2</span></p>",
                "云汀港务",
            ),
            ("<p>2024-01-16 来源：云汀融媒 文/骆小禾、苗苗</p>", "云汀融媒"),
            ("<p>发布于 2024年1月16日 下午2:30 · 来源 云汀融媒 · <a href=/p>图片</a></p>", "云汀融媒"),
            ("<p>发布单位：云汀县气象局 ｜ 发布时间：2024年1月16日</p>", "云汀县气象局"),
            ("<p>2024-01-16 发布机构：云汀县政府办 来源：云汀融媒</p>", "云汀融媒"),
            ("<p>2024-01-16 来源：云汀电视台 播放：1.1万</p>", "云汀电视台"),
        ],
    )
    def test_the_outlet_by_the_title(self, rows: str, source: str) -> None:
        page = f"<title>澄河修桥_云汀网</title><h1>澄河修桥</h1>{rows}<div>{TEXT}</div>"
        assert read(page).source_raw == source

    def test_the_table_above_the_title_tells_the_day(self) -> None:
        index = "".join(
            f"<tr><th>{a}</th><td>{b}</td><th>{c}</th><td>{d}</td></tr>"
            for a, b, c, d in (
                ("索引号", "yt-2024-0017", "公开部门", "云汀县水利局"),
                ("公开日期", "2024-01-16 09:48", "公开方式", "主动公开"),
                ("信息名称", "澄河修桥", "公开范围", "面向全社会"),
            )
        )
        page = f"<title>澄河修桥</title><table>{index}</table><h1>澄河修桥</h1><div>{TEXT}</div>"
        assert read(page).published_raw == "2024-01-16 09:48"

    def test_a_title_may_begin_as_a_column_is_called(self) -> None:
        page = f"<title>图片新闻：澄河修桥-云汀网</title><h1>图片新闻：澄河修桥</h1><p>2024-01-16</p><div>{TEXT}</div>"
        article = read(page)
        assert (article.title, article.published_raw) == ("图片新闻：澄河修桥", "2024-01-16")

    def test_the_day_of_publication_goes_before_other_days(self) -> None:
        rows = "<p>展览时间：2023年9月28日—2024年1月7日</p><p>更新时间：2023-09-13 08:01　发布时间：2023-09-11 14:20</p>"
        page = f"<title>澄河修桥_云汀网</title><h1>澄河修桥</h1>{rows}<div>{TEXT}</div>"
        assert read(page).published_raw == "2023-09-11 14:20"

    @pytest.mark.parametrize(
        ("declared", "published"),
        [
            ("2024-01-16T08:30:00+08:00", "2024-01-16T08:30:00+08:00"),
            ("2024-01-15T17:30:00Z", "2024-01-15T17:30:00Z"),  # the same day in China
            ("2024-01-16 08:30:00", "2024年1月16日"),  # whose half past eight is not said
            ("2024-01-17T08:30:00+08:00", "2024年1月16日"),
            ("2024-01-16T00:00:00+08:00", "2024年1月16日"),
        ],
    )
    def test_the_moment_declared_of_the_printed_day_counts(self, declared: str, published: str) -> None:
        page = f"<meta property='article:published_time' content='{declared}'>{HEAD}<div>{TEXT}</div>"
        assert read(page.replace("<p>2024-01-16", "<p>2024年1月16日")).published_raw == published

    def test_a_declared_year_helps_a_date_without_one(self) -> None:
        page = (
            "<meta name=PubDate content='2023-09-22 06:26'><title>澄河修桥</title><h1>澄河修桥</h1>"
            f"<p>09-22 06:26 云汀融媒</p><div>{TEXT}</div>"
        )
        assert read(page).published_raw == "2023-09-22 06:26"

    @pytest.mark.parametrize(
        "head",
        [
            "<title>澄河修桥_要闻_云汀网</title><h1>云汀网</h1><h2>澄河修桥</h2>",
            "<title>云汀网 要闻 澄河修桥</title><p>澄河修桥</p>",
            "<title>云汀网</title><h3>要闻</h3><h2>澄河修桥</h2>",
            "<title>云汀网</title><div>澄河修桥</div>",
            "<title>澄河修桥-云汀网</title>",
        ],
    )
    def test_the_title_is_found(self, head: str) -> None:
        assert read(f"{head}<p>2024-01-16 来源：云汀融媒</p><div>{TEXT}</div>").title == "澄河修桥"

    @pytest.mark.parametrize(
        ("crumb", "elements"),
        [
            ("<p>当前位置：<a href='/'>首页</a> &gt; <a href='/a'>要闻</a> &gt; 正文</p>", ("首页", "要闻")),
            ("<p>您的位置: <a href='/'>云汀网</a>»<a href='/a'>要闻</a>» 澄河修桥</p>", ("云汀网", "要闻")),
            (
                "<ol><li>位置：</li><li><a href='/'>首页</a></li><li><a href='/a'>要闻</a></li></ol>",
                ("首页", "要闻"),
            ),
            ("<div class=crumbs><a href='/'>首页</a>/<a href='/a'>要闻</a></div>", ("首页", "要闻")),
            ("<div class=crumbs><a href='/'>首页</a>/<a href='/a'>要闻</a>/內文</div>", ("首页", "要闻")),
        ],
    )
    def test_the_breadcrumb_ends_before_the_article(self, crumb: str, elements: tuple[str, ...]) -> None:
        article = read(f"{crumb}{HEAD}<div>{TEXT}</div>")
        assert article.breadcrumb == elements
        assert article.section == elements[-1]
        assert article.breadcrumb_urls == ("http://www.yunting.example/", "http://www.yunting.example/a")

    @pytest.mark.parametrize("arrow", [">", "&gt;&gt;", "<em>›</em>"])
    def test_a_breadcrumb_may_begin_with_the_sites_own_name(self, arrow: str) -> None:
        crumb = f"<div><a href='/'>云汀网</a>{arrow}<a href='/a'>要闻</a>{arrow}查看内容</div>"
        article = read(crumb + f"{HEAD}<div>{TEXT}</div>")
        assert (article.breadcrumb, article.section) == (("云汀网", "要闻"), "要闻")
        elsewhere = crumb.replace("href='/'", "href='/b'")
        assert read(elsewhere + f"{HEAD}<div>{TEXT}</div>").section == ""

    @pytest.mark.parametrize("mark", ["--&gt;", "<b>·</b>", " / "])
    def test_home_and_section_with_a_mark_between_are_a_breadcrumb(self, mark: str) -> None:
        crumb = f"<div><a href='/'>云汀网</a>{mark}<a href='/a'>公告</a></div>"
        assert read(crumb + f"{HEAD}<div>{TEXT}</div>").section == "公告"
        assert read(crumb.replace("'/'", "'/b'") + f"{HEAD}<div>{TEXT}</div>").section == ""
        menu = crumb.replace("</div>", f"{mark}<a href='/b'>图片</a>{mark}<a href='/c'>视频</a></div>")
        assert mark.startswith("--") or read(menu + f"{HEAD}<div>{TEXT}</div>").section == ""

    def test_the_row_of_date_and_source_may_go_on_behind_the_breadcrumb(self) -> None:
        article = read(
            "<title>澄河修桥_云汀网</title><div>当前位置：<a href=/>首页</a> > <a href=/a>要闻</a> > 正文"
            " <span>2024-01-16 08:30</span><span>来源：云汀晚报</span><span>记者 闻小满</span></div>"
            f"<h1>澄河修桥</h1>{TEXT}"
        )
        assert article.breadcrumb == ("首页", "要闻")
        assert (article.published_raw, article.source_raw) == ("2024-01-16 08:30", "云汀晚报")
        assert "记者 闻小满" in article.header

    def test_a_line_below_a_picture_in_its_own_paragraph_is_its_caption(self) -> None:
        article = read(
            f"{HEAD}<p><img src=/a.jpg width=600><br>开工现场</p>{TEXT}<p><img src=/b.jpg>桥很长。</p>"
        )
        assert [image.caption for image in article.images] == ["开工现场", ""]
        assert article.paragraphs[-1] == "桥很长。"

    def test_a_mark_may_stand_before_the_reporters(self) -> None:
        html = f"<h1>澄河修桥</h1><p>——云汀县交通建设纪实</p><p>□ 本报记者 闻小满 苏木</p><p>2024-01-16 来源：云汀报</p>{TEXT}"
        assert "本报记者 闻小满 苏木" in read(html).header

    def test_a_date_among_the_words_of_a_breadcrumb_is_one_of_them(self) -> None:
        article = read(
            f"<div>当前位置：首页 > 2024-01-16 第3版 > 正文</div>{HEAD}{TEXT}".replace("2024-01-16 来", "来")
        )
        assert article.published_raw == ""

    def test_a_profile_overrides_what_is_found(self) -> None:
        site = parse_site(
            {
                **_PROFILE,
                "selectors": {"title": ".t", "source": ".s::text", "body": ".b", "kicker": ["#no", ".k"]},
            },
            "yunting.toml",
        )
        page = f"{HEAD}<div>{TEXT}</div><i class=t>桥</i><i class=s>县报</i><i class=k>引</i><div class=b>甲。</div>"
        article = read(page, site)
        assert (article.title, article.source_raw, article.kicker, article.paragraphs) == (
            "桥",
            "县报",
            "引",
            ("甲。",),
        )


LD_JSON = '<script type="application/ld+json">{"headline": "大桥开工了"}</script>'
HIDDEN = f'<div style="display: none">{TEXT * 3}</div>'
# id: (a page of so many pieces, the smaller of the two sizes that are compared)
HOSTILE: dict[str, tuple[Callable[[int], str], int]] = {
    "nested": (lambda n: HEAD + TEXT + "<div>" * n + "x", 25_000),
    "unclosed inline": (lambda n: HEAD + TEXT + "<p>" + "<b>" * n + "x", 25_000),
    "tables in tables": (lambda n: HEAD + "<table><tr><td>甲" * n + TEXT, 5_000),
    "cells of two lines": (
        lambda n: HEAD + "<table>" + "<tr><td>甲<td>乙<br>丙" * n + "</table>" + TEXT,
        1_000,
    ),
    "adverts": (lambda n: HEAD + TEXT + "<div><a href=/ad>广告<br>五折起</a>" * n + TEXT, 2_500),
    "one long line": (lambda n: HEAD + "<p>" + "昨日，桥通了。" * n, 25_000),
    "lines of a heading": (lambda n: "<h1>" + "题<br>" * n + "</h1>" + TEXT, 1_200),
    "comments": (lambda n: HEAD + "<!--enpcontent-->" * n + TEXT, 5_000),
    "pictures": (lambda n: HEAD + TEXT + "<div>" + "<img src=/a.jpg>" * n + "短句</div>", 1_000),
    "pictures that tell": (
        lambda n: HEAD + "<p><img src=/a.jpg></p><p>图为澄河大桥开工的现场</p>" * n,
        500,
    ),
    "labels": (lambda n: HEAD + "<p>" + "来源：" * n + "</p>" + TEXT, 12_500),
    "breadcrumbs": (lambda n: "<p>当前位置：<a href=/>首页</a></p>" * n + HEAD + TEXT, 1_000),
    "declared titles": (lambda n: LD_JSON * n + HEAD + "<p>桥。</p>" * n + TEXT, 1_500),
    "hidden": (lambda n: f"{HEAD}{TEXT}{HIDDEN * n}", 2_500),
}


@pytest.mark.parametrize(("page", "size"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_pages_are_read_in_linear_time(page: Callable[[int], str], size: int) -> None:
    assert read(page(size)).title

    def parsed(pieces: int) -> Page:
        made = Page(URL, page(pieces).encode())
        assert made.selector is not None  # parsed here: the parser's time is not ours
        return made

    assert growth(parsed, lambda made: extract_article(made, SITE), size) <= MOST_GROWTH


@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</div>",
                "<table><tr>",
                "<a href=x>",
                "桥。",
                "来源：",
                "2024-01-16",
                "<br>",
                "<h1>",
                "<!--",
                "-->",
                "<img src='[",
                "<li>",
                "相关新闻",
                "\x00",
                "&#xD800;",
                "<video>",
                "<td>",
                "图片",
                "：",
                "</p>",
            ]
        ),
        max_size=40,
    )
)
def test_any_page_is_read_or_refused(parts: list[str]) -> None:
    try:
        article = read("".join(parts))
    except LayoutChanged:
        return
    assert article.title
    assert article.paragraphs or article.images or article.attachments
    assert all(0 <= image.paragraph <= len(article.paragraphs) for image in article.images)
    assert len(article.breadcrumb) == len(article.breadcrumb_urls)
    for text in (article.title, article.header, *article.paragraphs):
        assert text == text.strip()
        text.encode()


FOOT = "<div>云汀县融媒体中心 版权所有</div>"


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<video src=/v/1.mp4 poster=/v/1.jpg></video>", ("video", "/v/1.mp4")),
        ("<iframe src='/player/index.html?vid=7'></iframe>", ("video", "/player/index.html?vid=7")),
        (r"<div id=box></div><script>play('http:\/\/v.yunting.example\/7.mp4')</script>", ("video", "//v.yunting.example/7.mp4")),
        ("<audio controls src=/a/1.mp3></audio>", ("audio", "/a/1.mp3")),
        ("<embed src=/u/1.pdf type=application/pdf>", ("file", "/u/1.pdf")),
        ("<iframe src='/pdfjs/web/viewer.html?file=%2Fu%2F1.pdf'></iframe>", ("file", "/u/1.pdf")),
    ],
)  # fmt: skip
def test_a_page_without_text_gives_what_it_plays_or_shows(html: str, found: tuple[str, str]) -> None:
    page = read(f"{HEAD}{html}{FOOT}")
    assert page.paragraphs == ()
    assert (page.published_raw, page.source_raw) == ("2024-01-16", "云汀融媒")
    (attachment,) = page.attachments
    assert attachment.kind == found[0]
    assert attachment.url.endswith(found[1])


def test_the_video_of_a_script_is_the_article_only_where_it_has_hardly_any_text() -> None:
    script = "<script>ad('http://v.yunting.example/7.mp4')</script>"
    text = "".join(f"<p>第{n}号桥墩开工，工期十八个月，建成后往来两岸只要三分钟。</p>" for n in range(9))
    assert read(f"{HEAD}{script}{text}").attachments == ()


@pytest.mark.parametrize(
    ("html", "is_newspaper"),
    [
        ("<div>第03版：要闻</div>", True),
        ("<div>A2版</div>", True),
        ("<div>（2024年01月16日 第03版）</div>", False),
        ("<div>出版</div>", False),
    ],
)
def test_a_page_of_a_newspaper_names_its_edition(html: str, is_newspaper: bool) -> None:
    assert read(f"{html}{HEAD}{TEXT}").is_newspaper is is_newspaper


@pytest.mark.parametrize(
    ("head", "section"),
    [
        ("澄河修桥-云汀要闻-云汀网", "云汀要闻"),
        ("澄河修桥_镇街_云汀网", "镇街"),
        ("澄河修桥-正文-云汀网", ""),
        ("澄河修桥-云汀县-云汀网", ""),
        ("澄河修桥-云汀融媒-云汀网", ""),
        ("澄河修桥-镇街-别家网", ""),
        ("澄河修桥-镇街", ""),
        ("别的题目很长-镇街-云汀网", ""),
    ],
)
def test_a_section_may_stand_in_the_title_element_alone(head: str, section: str) -> None:
    home = '<a href="/">云汀网</a>'
    page = f"{home}{HEAD.replace('澄河修桥_云汀网', head, 1)}<div>{TEXT}</div>"
    assert read(page).section == section
