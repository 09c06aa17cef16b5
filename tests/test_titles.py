"""Titles: names of site and section are none, a list's entry is a witness, lines set alike are one."""

from typing import Any

import pytest

from tests.linear import MOST_GROWTH, growth
from zhijiang_spider.pages import LayoutChanged, Page, extract_article
from zhijiang_spider.pages.article.title_claims import Listed
from zhijiang_spider.sites.site import parse_site
from zhijiang_spider.text.characters import folded

_PROFILE: dict[str, Any] = {
    "name": "yunting",
    "title": "云汀新闻网",
    "hosts": ["www.yunting.example"],
    "start_urls": ["http://www.yunting.example/"],
    "article_url": r"/(?P<id>\d+)\.html",
}
SITE = parse_site(_PROFILE, "yunting.toml")
MENU = (
    "<ul><li><a href=/>首页</a></li><li><a href=/a/>云汀要闻</a></li><li><a href=/b/>乡镇动态</a></li></ul>"
)
ROW = "<div>2024-03-05 10:23 来源：云汀融媒</div>"
TEXT = (
    "<div><p>3月4日清晨，云汀县澄河镇的育秧工厂里，工人们正忙着把一盘盘秧苗搬上货车，送往示范田。</p>"
    "<p>“今年订单比去年多了三成，半个月前就排满了。”负责人纪朗说，厂里新添了两条流水线。</p></div>"
)
FOOT = "<div><p>版权所有：云汀县融媒体中心</p></div>"
TITLE = "澄河镇育秧忙 秧苗下田早"
LONG = f"{TITLE} 合作社里机声隆隆"
COUNCIL, DECISION = "云汀县人大常委会", "关于批准2023年县级决算的决议"
OFFICE = "云汀县人民政府关于禁止露天焚烧秸秆的通告"


def title(
    declared: str, above: str, *, row: str = ROW, foot: str = FOOT, listed: str = "", head: str = ""
) -> str:
    html = f"<title>{declared}</title>{head}<body>{MENU}{above}{row}{TEXT}{foot}</body>"
    return extract_article(Page("http://www.yunting.example/57.html", html.encode()), SITE, listed).title


@pytest.mark.parametrize(
    ("declared", "above"),
    [
        ("乡镇动态-云汀县人民政府门户网站", f"<div class=logo>云汀县人民政府</div><h1>{TITLE}</h1>"),
        ("乡镇动态_云汀新闻网", f"<h1>乡镇动态</h1><h2>{TITLE}</h2>"),
        ("乡镇动态_云汀新闻网", f"<h2>乡镇动态</h2><p align=center><b>{TITLE}</b></p>"),
        ("云汀新闻网", f"<h1><a href=/>云汀新闻网</a></h1><h2>{TITLE}</h2>"),
        ("云汀县融媒体中心", f"<h1>云汀县融媒体中心</h1><div>{TITLE}</div>"),
        ("云汀新闻网 - 云汀第一门户", f"<div>云汀第一门户</div><div>{TITLE}</div>"),
        ("云汀新闻网 - 把云汀告诉世界", f"<div>把云汀告诉世界</div><div>{TITLE}</div>"),
        ("学习园地_云汀新闻网", f"<div>学习园地</div><div>{TITLE}</div>"),
        (
            "学习园地-云汀新闻网",
            f"<p>当前位置：<a href=/>首页</a> &gt; <a href=/c/>学习园地</a></p><h3>学习园地</h3><p>{TITLE}</p>",
        ),
        (
            "云汀县教育局",
            f"<h1>云汀县教育局</h1><ul><li><a href=/c/>局务公开</a></li><li><a href=/d/>招考</a></li></ul><p>{TITLE}</p>",
        ),
        (
            "云汀日报-2024年03月05日-第01版：要闻",
            f"<p>云汀日报</p><p>第01版：要闻</p><h1>{TITLE}</h1><h2>——三千人上山植树</h2>",
        ),
        ("乡镇动态", f"<h3>热点</h3><h3><a href=/3.html>秋水镇电商直播忙到半夜</a></h3><div>{TITLE}</div>"),
        (f"云汀新闻网_乡镇动态_{TITLE}", f"<div>云汀新闻网</div><p>{TITLE}</p>"),
        ("云汀新闻网", f"<div>云汀融媒</div><div>今天是2024年3月6日 星期三</div><div>{TITLE}</div>"),
    ],
)
def test_a_name_of_site_or_section_is_no_title(declared: str, above: str) -> None:
    assert title(declared, above) == TITLE


def test_a_line_of_the_footer_is_no_title() -> None:
    foot = "<div><p>云汀县人民政府</p><p>云ICP备00000000号</p></div>"
    assert title("云汀县人民政府门户网站", f"<div>{TITLE}</div>", foot=foot) == TITLE
    assert title(f"{TITLE}-学习园地-云汀县人民政府", "", foot=foot) == TITLE


@pytest.mark.parametrize("name", ["ArticleTitle", "og:title"])
def test_a_meta_tag_is_a_witness_where_the_title_is_the_same_on_every_page(name: str) -> None:
    head = f"<meta name={name} content='{TITLE}'>"
    above = f"<div>云汀之声</div><div>{TITLE}</div><div>澄河两岸</div>"
    assert title("云汀县融媒体中心", above, row="", head=head) == TITLE


def test_a_meta_tag_that_names_the_site_is_none() -> None:
    head = "<meta property=og:title content='云汀新闻网'>"
    assert title(f"{TITLE}_云汀新闻网", f"<div>云汀新闻网</div><div>{TITLE}</div>", head=head) == TITLE


@pytest.mark.parametrize(
    "own",
    [
        "云汀新闻网改版上线公告",
        OFFICE,
        "“云汀·柑橘节”3-5月开幕 | 这份攻略请收好",
        "专访｜乔安：把课堂搬进果园",
        "走进云汀县融媒体中心",
        "织密乡村防护网",
        "招聘启事",
        "春水",
    ],
)
@pytest.mark.parametrize("line", ["<h1>{}</h1>", "<h3>{}</h3>", "<p align=center>{}</p>", ""])
def test_a_headline_may_hold_names_dashes_and_few_characters(own: str, line: str) -> None:
    logo = "<div>云汀县人民政府</div>"
    if not line:
        own = own.split(" | ")[0]  # nothing says where such a headline ends
    assert title(f"{own}_云汀新闻网", logo + line.format(own)) == own


@pytest.mark.parametrize("cut", ["…", "...", "\ufffd...", "\ufffd"])
def test_a_title_that_was_cut_begins_the_line(cut: str) -> None:
    assert title(f"{TITLE} 合作社{cut}-云汀新闻网", f"<div>{LONG}</div>") == LONG


class TestLines:
    @pytest.mark.parametrize(
        "above",
        [
            "<p align=center><strong>{}<br>{}</strong><br>（2024年2月28日通过）</p>",
            "<p align=center><strong>{}</strong></p><p align=center><strong>{}</strong></p>",
            "<p align=center>{}</p><p align=center>{}</p>",
            "<h2>{}</h2><h2>{}</h2>",
            "<div class=t>{}<br>{}</div>",
            "<div class=t><span style='display:block'>{}</span><span style='display:block'>{}</span></div>",
        ],
    )
    @pytest.mark.parametrize("declared", [f"{COUNCIL}{DECISION}_公报_云汀县政府网", f"{COUNCIL}{DECISION}"])
    def test_what_title_holds_whole_is_one_headline(self, above: str, declared: str) -> None:
        assert title(declared, above.format(COUNCIL, DECISION)) == COUNCIL + DECISION

    def test_an_official_documents_headline_goes_on_though_nothing_declares_it(self) -> None:
        above = f"<div class=title>{COUNCIL}<br>{DECISION}</div>"
        assert title("云汀县政府网", above) == COUNCIL + DECISION

    def test_a_cut_list_entry_joins_them_too(self) -> None:
        above = "<p align=center><b>澄河镇育秧忙</b></p><p align=center><b>秧苗下田早</b></p>"
        assert title("云汀县政府网", above, listed="澄河镇育秧忙 秧苗下…") == TITLE

    def test_a_column_or_a_subtitle_set_alike_is_none_of_it(self) -> None:
        assert title(f"{TITLE}_云汀新闻网", f"<h2>乡镇动态</h2><h2>{TITLE}</h2>") == TITLE
        assert title(f"{TITLE}_云汀新闻网", f"<h2>{TITLE}</h2><h2>——春季农业生产见闻</h2>") == TITLE


class TestListed:
    @pytest.mark.parametrize(
        "listed",
        [
            LONG,
            "澄河镇育秧忙 秧苗下田...",
            "澄河镇育秧忙 秧苗下\ufffd…",
            f"·[图文] {LONG} (03-05)",
            f"视频：{LONG}",
        ],
    )
    def test_it_chooses_among_the_lines(self, listed: str) -> None:
        above = f"<h1>云汀好品 走向全国</h1><div>{LONG}</div><p>正文</p>"
        assert title("云汀新闻网", above, row="") == "云汀好品 走向全国"
        assert title("云汀新闻网", above, row="", listed=listed) == LONG

    @pytest.mark.parametrize("listed", ["一粒种子的旅行：云汀春耕图景", "更多>>", "秋水镇电商直播忙到半夜"])
    def test_it_replaces_no_title_that_the_page_shows(self, listed: str) -> None:
        foot = f"<ul><li><a href=/3.html>秋水镇电商直播忙到半夜</a></li></ul>{FOOT}"
        assert title(f"{TITLE}_云汀新闻网", f"<h1>{TITLE}</h1>", foot=foot, listed=listed) == TITLE

    def test_a_page_that_shows_none_may_take_it(self) -> None:
        page = Page("http://www.yunting.example/57.html", TEXT.encode())
        assert extract_article(page, SITE, LONG).title == LONG
        with pytest.raises(LayoutChanged, match="no title"):
            extract_article(page, SITE)

    def test_so_may_one_that_shows_only_its_sections_name(self) -> None:
        assert title("乡镇动态", "<h1>乡镇动态</h1>", listed=LONG) == LONG
        assert title("乡镇动态", "<h1>乡镇动态</h1>", listed="更多>>") == "乡镇动态"

    def test_declared_and_listed_it_goes_before_a_heading_that_nothing_confirms(self) -> None:
        assert title(f"{TITLE}_云汀新闻网", "<h1>云汀好品 走向全国</h1>", row="", listed=TITLE) == TITLE

    @pytest.mark.parametrize(
        ("listed", "line", "agrees"),
        [
            ("春水", "春水", True),
            ("春水", "春水东流", False),
            ("澄河镇育秧忙", LONG, True),
            ("春耕时节看云汀", LONG, False),
            ("", "", False),
            ("…", LONG, False),
            ("一线调研：澄河镇育秧忙 秧苗下田早", TITLE, True),
        ],
    )
    def test_it_means_a_line_that_it_is_begins_or_mostly_holds(
        self, listed: str, line: str, *, agrees: bool
    ) -> None:
        assert bool(Listed(listed).agreement(folded(line))) is agrees


@pytest.mark.parametrize(
    "line", ["<p>云</p>", "云<br>", "<h2>云</h2>", "<a href=/x>云汀</a> ", "<p>关于云</p>"]
)
def test_the_time_grows_with_the_size(line: str) -> None:
    def page(size: int) -> Page:
        html = f"<title>{'云' * 400}_云汀新闻网</title>{line * size}{ROW}{TEXT}"
        return Page("http://www.yunting.example/57.html", html.encode())

    assert growth(page, lambda given: extract_article(given, SITE, "云" * 400), 500) < MOST_GROWTH


def test_a_title_that_the_contents_of_the_issue_link_too() -> None:
    contents = "<ul><li><a href='/1'>一根翠竹长出新产业</a></li><li><a href='/2'>春耕物资备得足</a></li></ul>"
    page = (
        f"<title>一根翠竹长出新产业 云汀日报数字报</title>{contents}<h3>走进乡村</h3><h1>一根翠竹长出新产业</h1>"
        "<p>2024-01-16 来源：云汀日报</p><div><p>惊蛰刚过，山坳里薄雾未散，竹农砍下当天的第三捆毛竹。</p></div>"
    )
    article = extract_article(Page("http://www.yunting.example/1.html", page.encode()), SITE)
    assert article.title == "一根翠竹长出新产业"


def test_a_title_that_only_the_page_s_own_link_knows() -> None:
    """A newspaper's <title> is its name on every page, and a heading is set by its style alone."""
    contents = "<ul><li><a href=content_7.htm>一根翠竹长出新产业</a></li><li><a href=content_8.htm>春耕物资备得足</a></li></ul>"
    page = (
        f"<title>云汀日报</title><p>第A03版：民生</p>{contents}<p>2024年01月16日 星期二</p>"
        "<table><tr><td>两年变迁，百户参与</td></tr><tr><td><b>一根翠竹长出新产业</b></td></tr></table>"
        "<div><p>惊蛰刚过，山坳里薄雾未散，竹农砍下当天的第三捆毛竹。</p></div>"
    )
    url = "http://www.yunting.example/html/2024-01/16/content_7.htm"
    assert extract_article(Page(url, page.encode()), SITE).title == "一根翠竹长出新产业"
    with pytest.raises(LayoutChanged):
        extract_article(Page(url.replace("_7", "_9"), page.encode()), SITE)


@pytest.mark.parametrize(
    "heading",
    [
        "<h4>关于城东片区计划停水的通知 <small>2024-01-16</small></h4>",
        "<h1><a href=/forum.php?typeid=3>[民生]</a> <span>关于城东片区计划停水的通知</span></h1><p>2024-01-16</p>",
    ],
)
def test_a_heading_holds_the_day_or_the_kind_of_thread_too(heading: str) -> None:
    crumbs = "<div><a href=/>云汀论坛</a> » <a href=/tz/>通知</a> » <a href=/t-57.html>关于城东片区计划停水的通知</a></div>"
    page = (
        f"<title>关于城东片区计划停水的通知 - 通知 - 云汀供水有限公司</title>{crumbs}{heading}"
        "<div><p>因管道改造，城东片区明晚十点到后天早上六点停水，请提前储水。</p><p>云汀供水有限公司</p></div>"
    )
    article = extract_article(Page("http://www.yunting.example/t-58.html", page.encode()), SITE)
    assert (article.title, article.published_raw) == ("关于城东片区计划停水的通知", "2024-01-16")
