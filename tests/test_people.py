"""Who is named on a page and who is not: a word is a person by its label, its outlet or its place, or stays text.

All names, outlets and sentences are invented.
"""

import pytest

from archive.model.article import Article, Role
from tests.linear import MOST_GROWTH, growth
from tests.test_pages_article import SITE
from zhijiang_spider.credits import extract_credits
from zhijiang_spider.derive.article import ArticleParts, derive_article, read_part
from zhijiang_spider.pages import Page

URL = "http://www.yunting.example/content/show?catid=12&newsid=57"
TEXT = (
    "1月15日，澄河大桥开工建设，全长一千二百米，工期十八个月，总投资三亿元。",
    "大桥建成后，两岸往来只要三分钟，沿河三个村的蔬菜当天就能进城。",
)
ENGLISH = (
    "Work began on a bridge across the Cheng River on Monday, the county said in a statement.",
    "It will take eighteen months to build, and three villages will be nearer to the city.",
)


def article(
    row: str, *, top: str = "", end: str = "", below: str = "", text: tuple[str, ...] = TEXT
) -> Article:
    """Read a page with a row below its title, lines before and behind its text, and a box below it."""
    title = "澄河大桥开工" if text is TEXT else "Work Begins on a Bridge"
    lines = "".join(f"<p>{line}</p>" for line in text)
    html = (
        f"<title>{title}_云汀网</title><div><a href=/>首页</a></div><h1>{title}</h1><div>{row}</div>"
        f"<div>{top}{lines}{end}</div>{below}"
    )
    page = Page(URL, html.encode(), fetched_at="2024-02-01T00:00:00Z")
    return derive_article(ArticleParts("57", (read_part(page, SITE),)), SITE)


def named(found: Article) -> list[str]:
    return [f"{credit.label or '-'}={credit.name}" for credit in found.credits]


LISTS = [
    "一等奖\n闻小满\n二等奖\n乔安 纪朗",
    "闻小满\n乔安安\n纪小朗",
    "闻小满 乔安安\n纪小朗 卫青禾",
    "闻小满\t乔安安\t纪小朗",
    "云汀一中\n石桥中学\n云汀县实验小学",
    "江口镇\n石桥镇\n白洋镇",
    "云汀县人民政府办公室\n2024年1月16日\n（此件公开发布）",
    "名单如下：\n闻小满",
    "现将入选人员公布如下。\n闻小满",
    "参会人员：闻小满、乔安、纪朗",
    "主持：卫青禾 参会人员：闻小满、乔安",
    "一等奖：闻小满 二等奖：乔安",
    "组长：卫青禾\n成员：闻小满 乔安",
    "赞成：35票 反对：0票",
    "签发人：卫青禾\n抄送：县委办、县人大办",
    "《澄河谣》 闻小满\n《石桥夜话》 乔安",
    "《澄河谣》\n作者：闻小满",
    "澄河水，向东流。\n闻小满",
    "——闻小满",
    "石·闻小满",
    "杨先生 王女士",
    "1 闻小满 男 云汀一中\n2 乔安 女 石桥中学",
]
NOTES = [
    "此件公开发布",
    "试行",
    "暂行",
    "草案",
    "修订",
    "节选",
    "完",
    "云汀县",
    "高新区",
    "金奖",
    "授权发布",
    "满分",
]
WITH_MORE = [
    ("编辑：闻小满 联系电话：0717-4212345", ["闻小满"]),
    ("编辑：闻小满（云汀县融媒体中心副主任）", ["闻小满"]),
    ("（作者闻小满系退休教师）", ["闻小满"]),
    ("来源：云汀日报，文章有删改", []),
    ("编辑：闻小满 欢迎投稿，稿费从优", []),
]
"""Lines that say more than their credits."""


@pytest.mark.parametrize("lines", [*LISTS, *(f"（{note}）" for note in NOTES)])
def test_words_without_a_label_are_no_people(lines: str) -> None:
    paragraphs = (*TEXT, *lines.split("\n"))
    block = extract_credits(paragraphs)
    assert (block.credits, block.paragraphs) == ((), paragraphs)


@pytest.mark.parametrize("note", NOTES)
def test_a_note_behind_the_last_sentence_is_nobody(note: str) -> None:
    assert extract_credits([TEXT[0], f"{TEXT[1]}（{note}）"]).credits == ()


@pytest.mark.parametrize(
    "lines", [*LISTS[:7], "先进个人\n闻小满", "（试行）", "男子组：闻小满\n女子组：乔安"]
)
def test_an_editor_below_a_list_does_not_make_it_credits(lines: str) -> None:
    above = (*TEXT, *lines.split("\n"))
    block = extract_credits([*above, "编辑：苏木"])
    assert ([credit.name for credit in block.credits], block.paragraphs) == (["苏木"], above)


@pytest.mark.parametrize(
    "line", ["闻小满", "（闻小满）", "（王飞）", "（老于）", "（云汀日报 闻小满）", "云汀日报 闻小满 乔安"]
)
def test_a_signature_is_read(line: str) -> None:
    block = extract_credits([*TEXT, line])
    assert block.credits
    assert block.paragraphs == TEXT


@pytest.mark.parametrize(("line", "names"), WITH_MORE)
def test_a_line_that_says_more_than_its_credits_stays(line: str, names: list[str]) -> None:
    block = extract_credits([*TEXT, line])
    assert [credit.name for credit in block.credits] == names
    assert block.paragraphs == (*TEXT, line)


def test_dates_and_counters_beside_a_credit_say_nothing_of_the_article() -> None:
    for line in ("编辑：闻小满 发布日期：2024-01-16", "点击率：123 责任编辑：闻小满"):
        assert extract_credits([*TEXT, line]).paragraphs == TEXT


DATELINES = [
    "云汀日报讯（记者 闻小满）1月15日，澄河大桥开工。",
    "（云汀融媒记者 闻小满）1月15日，澄河大桥开工。",
    "云汀融媒·澄河观察（全媒体记者 闻小满）1月15日，澄河大桥开工。",
    "新华社云汀1月15日电（闻小满 乔安）澄河大桥开工。",
    "本报讯 记者闻小满报道：澄河大桥开工。",
]


@pytest.mark.parametrize("dateline", DATELINES)
@pytest.mark.parametrize(
    "lead",
    [
        "澄河上要修桥了",
        "点击音频，收听新闻",
        "编者按：桥通了，路就通了。本报今日起推出系列报道，敬请关注。",
        "图为工人在河边放线。\n视频加载中…",
    ],
)
def test_the_reporter_behind_a_lead(lead: str, dateline: str) -> None:
    paragraphs = (*lead.split("\n"), dateline, *TEXT)
    block = extract_credits(paragraphs)
    assert [credit.name for credit in block.credits][:1] == ["闻小满"]
    assert block.paragraphs == paragraphs


def test_a_second_dateline_is_another_texts() -> None:
    block = extract_credits([DATELINES[0], TEXT[0], "云汀广播讯（记者 乔安）石桥镇开始收橘子。"])
    assert [credit.name for credit in block.credits] == ["闻小满"]


@pytest.mark.parametrize(
    ("row", "source", "people"),
    [
        ("<span>2024-01-16</span> <span>来源：云汀融媒</span> <span>闻小满</span>", "云汀融媒", ["-=闻小满"]),
        ("<i>2024-01-16</i><i>来源：云汀融媒</i><i>闻小满</i>", "云汀融媒", ["-=闻小满"]),
        ("2024-01-16 来源：云汀日报&nbsp;&nbsp;&nbsp;闻小满", "云汀日报", ["-=闻小满"]),
        ("2024-01-16 来源：微观云汀&nbsp;&nbsp;&nbsp;时政要闻", "微观云汀", []),
        ("2024-01-16 | 来源：云汀日报 | 闻小满", "云汀日报", ["-=闻小满"]),
        ("来源：<a href=/s>云汀日报</a> <a href=/u>闻小满</a> 2024-01-16", "云汀日报", ["-=闻小满"]),
        ("来源：云汀日报<br>闻小满<br>2024-01-16", "云汀日报", ["-=闻小满"]),
        ("<ul><li>来源：云汀日报<li>闻小满<li>2024-01-16</ul>", "云汀日报", ["-=闻小满"]),
        (
            "<span>来源：云汀日报</span> <span>闻小满 乔安</span> <span>2024-01-16</span>",
            "云汀日报",
            ["-=闻小满", "-=乔安"],
        ),
        ("<i>2024-01-16</i> <i>来源：云汀融媒</i> <i>湖北</i>", "云汀融媒", []),
        ("2024-01-16 来源：云汀融媒 湖北 宜昌", "云汀融媒", []),
        ("<i>2024-01-16</i> <i>来源：云汀日报</i> <i>时政要闻</i>", "云汀日报", []),
        ("<i>2024-01-16</i> <i>来源：云汀日报</i> <i>高新区</i>", "云汀日报", []),
        ("<i>2024-01-16</i> <i>来源：云汀日报</i> <i>记者 闻小满</i>", "云汀日报", ["记者=闻小满"]),
        ("2024-01-16 来源：云汀日报（记者 闻小满）", "云汀日报", ["记者=闻小满"]),
        ("2024-01-16 来源：云汀日报 云汀发布", "云汀日报 云汀发布", []),
    ],
)
def test_a_source_ends_where_its_neighbour_begins(row: str, source: str, people: list[str]) -> None:
    found = article(row)
    assert (found.source, named(found)) == (source, people)


def test_a_name_behind_the_source_in_the_last_line_is_the_writers() -> None:
    block = extract_credits([*TEXT, "来源：云汀日报 闻小满"])
    assert [(credit.role, credit.name) for credit in block.credits] == [
        (Role.SOURCE, "云汀日报"),
        (Role.UNLABELLED, "闻小满"),
    ]


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("文章录入：admin　责任编辑：闻小满", ["文章录入=admin", "责任编辑=闻小满"]),
        ("信息上报：云汀县政府办 责任编辑：闻小满", ["信息上报=云汀县政府办", "责任编辑=闻小满"]),
        ("<span>发稿：乔安</span><span>责任编辑：闻小满</span>", ["发稿=乔安", "责任编辑=闻小满"]),
        ("上传人：乔安 | 审核人：闻小满", ["上传人=乔安", "审核人=闻小满"]),
        ("责任编辑：闻小满 技术支持：云汀信息", ["责任编辑=闻小满", "技术支持=云汀信息"]),
    ],
)
def test_a_label_nobody_knows_hides_no_other(line: str, people: list[str]) -> None:
    for found in (
        article("2024-01-16 来源：云汀日报", end=f"<p>{line}</p>"),
        article("2024-01-16 来源：云汀日报", below=f"<div>{line}</div>"),
    ):
        assert (named(found), found.body) == (people, TEXT)


@pytest.mark.parametrize(
    ("row", "end", "source", "people"),
    [
        (
            "By Wen Xiaoman, Yunting Daily | 2024-01-16",
            "Editor: Qiao An",
            None,
            ["By=Wen Xiaoman", "Editor=Qiao An"],
        ),
        (
            "By WEN XIAOMAN in Yunting | Yunting Daily | Updated: 2024-01-16 10:23",
            "",
            "Yunting Daily",
            ["By=WEN XIAOMAN"],
        ),
        (
            "Source: Yunting Daily By Wen Xiaoman and Qiao An 2024-01-16",
            "",
            "Yunting Daily",
            ["By=Wen Xiaoman", "By=Qiao An"],
        ),
        (
            "<span>Reporter: Wen Xiaoman</span><span>Source: Yunting Daily</span><span>2024-01-16</span>",
            "(Editor: yunting01)",
            "Yunting Daily",
            ["Reporter=Wen Xiaoman", "Editor=yunting01"],
        ),
        (
            "2024-01-16 Source: Yunting News",
            "Written by Wen Xiaoman; photos by Qiao An",
            "Yunting News",
            ["Written by=Wen Xiaoman", "photos by=Qiao An"],
        ),
    ],
)
def test_english_pages(row: str, end: str, source: str | None, people: list[str]) -> None:
    found = article(row, end=f"<p>{end}</p>" if end else "", text=ENGLISH)
    assert (named(found), found.body) == (people, ENGLISH)
    assert source is None or found.source == source


def test_the_outlet_behind_an_english_name_is_whom_it_writes_for() -> None:
    (credit,) = extract_credits(["By Wen Xiaoman, Yunting Daily", *ENGLISH]).credits
    assert (credit.role, credit.name, credit.org) == (Role.AUTHOR, "Wen Xiaoman", "Yunting Daily")


@pytest.mark.parametrize(
    "line",
    [
        "By the river, a man waits.",
        "By bus, it takes two hours to reach the town.",
        "By Friday",
        "By Staff Reporter",
        "By Qiao An, head of the bridge.",
        "Photo: Workers at the bridge",
        "Source: The figures were given by the county's bureau of statistics and two of its offices.",
        "First prize: Wen Xiaoman",
        "Wen Xiaoman",
    ],
)
def test_english_text_is_no_credit(line: str) -> None:
    for paragraphs in ((line, *ENGLISH), (*ENGLISH, line)):
        block = extract_credits(paragraphs)
        assert (block.credits, block.paragraphs) == ((), paragraphs)


@pytest.mark.parametrize(
    "unit", ["By Wen Xiaoman and ", "Editor: Wen Xiaoman, ", "Source: ", "录入：甲 ", "来源：云汀日报 "]
)
def test_the_work_grows_with_the_text(unit: str) -> None:
    def work(text: str) -> None:
        extract_credits([text, *[text[:400]] * (len(text) // 400)], header=text, captions=[text])
        article(f"2024-01-16 {text}")

    assert growth(lambda size: unit * (size // len(unit)), work, 5_000) <= MOST_GROWTH


@pytest.mark.parametrize(
    ("lines", "people"),
    [
        ("记者丨闻小满\n　　　乔安安\n一审丨纪小朗", ["记者=闻小满", "记者=乔安安", "一审=纪小朗"]),
        ("编辑丨闻小满\n一审丨纪小朗\n乔安安\n三审丨卫青禾", ["编辑=闻小满", "一审=纪小朗", "一审=乔安安", "三审=卫青禾"]),
        ("Reporter： Wen Xiaoman ｜ Editor： Qiao An", ["Reporter=Wen Xiaoman", "Editor=Qiao An"]),
    ],
)  # fmt: skip
def test_a_name_on_a_line_between_labels_goes_on_with_the_label_above(lines: str, people: list[str]) -> None:
    found = extract_credits([*TEXT, *lines.split("\n")])
    assert [f"{credit.label}={credit.name}" for credit in found.credits] == people


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("编辑闻小满｜责编乔安安｜监制纪朗", ["编辑=闻小满", "责编=乔安安", "监制=纪朗"]),
        ("编辑闻小满|校对乔安安", ["编辑=闻小满", "校对=乔安安"]),
        ("摄影作品｜编辑推荐", []),
        ("首页|记者频道", []),
    ],
)
def test_labels_glued_to_names_between_bars(line: str, people: list[str]) -> None:
    found = extract_credits([*TEXT, line])
    assert [f"{credit.label}={credit.name}" for credit in found.credits] == people


class TestOncePerDuty:
    LINE = "云汀融媒（通讯员 闻小满）1月15日，澄河大桥开工建设，全长一千二百米，工期十八个月。"

    def test_one_named_by_the_title_and_in_the_dateline_has_one_credit(self) -> None:
        found = article("2024-01-16 云汀融媒 通讯员 闻小满", text=(self.LINE, TEXT[1]))
        assert named(found) == ["通讯员=闻小满"]
        assert found.credit_line.count("闻小满") == 2  # as printed

    def test_another_duty_is_another_credit(self) -> None:
        found = article("2024-01-16 作者：闻小满 编辑：乔安", text=(self.LINE, TEXT[1]))
        assert named(found) == ["作者=闻小满", "编辑=乔安", "通讯员=闻小满"]

    def test_an_outlet_that_only_the_dateline_prints_is_kept(self) -> None:
        line = "云汀日报记者闻小满 乔安报道：1月15日，澄河大桥开工建设，全长一千二百米。"
        found = extract_credits([line, TEXT[1]], header="2024-01-16 记者：闻小满").credits
        assert [(credit.name, credit.org) for credit in found] == [
            ("闻小满", "云汀日报"),
            ("乔安", "云汀日报"),
        ]


def test_a_name_that_ends_like_a_poster_is_a_name() -> None:
    line = "云汀台记者乔安 丛海报道：1月15日，澄河大桥开工建设，全长一千二百米。"
    assert [credit.name for credit in extract_credits([line, TEXT[1]]).credits] == ["乔安", "丛海"]
    assert named(article("2024-01-16", end="<p>海报：乔安</p><p>编辑：纪朗</p>")) == [
        "海报=乔安",
        "编辑=纪朗",
    ]


@pytest.mark.parametrize("counter", ["点击：[<script>clicks(1)</script>]", "点击：", "点击：12"])
@pytest.mark.parametrize("author", ["教务科", "闻小满", "云汀县人民医院宣传科"])
def test_a_counter_hides_no_author(counter: str, author: str) -> None:
    assert named(article(f"时间：2024年01月16日 10:26 {counter} 作者：{author}")) == [f"作者={author}"]


def test_padded_labels_below_the_text_are_credits() -> None:
    box = "<div class=edt><span>编　辑：闻小满</span><span>审　核：乔 安</span></div>"
    assert named(article("2024-01-16", below=box)) == ["编辑=闻小满", "审核=乔安"]


def test_the_article_s_source_is_a_field_and_another_outlet_a_credit() -> None:
    found = article("2024-01-16", end="<p>来源：云汀日报</p><p>编辑：闻小满</p>")
    assert (found.source, named(found)) == ("云汀日报", ["编辑=闻小满"])
    assert "来源：云汀日报" in found.credit_line
    found = article("2024-01-16 来源：云汀融媒", end="<p>来源：云汀日报</p><p>编辑：闻小满</p>")
    assert (found.source, named(found)) == ("云汀融媒", ["来源=云汀日报", "编辑=闻小满"])


def test_a_source_at_the_end_goes_before_the_account() -> None:
    row = "<div class=account>爱云汀</div><div>2024-01-16 07:15</div>"
    assert article(row).source == "爱云汀"
    assert article(row, end="<p>来源：云汀县融媒体中心</p><p>编辑：闻小满</p>").source == "云汀县融媒体中心"


def test_from_where_a_reporter_tells_is_nobody() -> None:
    row = "<ul><li>云汀日報</li><li>2024-01-16 18:35</li><li>記者 聞小滿／云汀報導</li></ul>"
    assert named(article(row)) == ["記者=聞小滿"]


@pytest.mark.parametrize(
    "box",
    [
        "<table><tr><td>责任编辑</td><td>卫青禾</td></tr><tr><td>审核</td><td>纪朗</td></tr></table>",
        "<dl><dt>责任编辑</dt><dd>卫青禾</dd><dt>审核</dt><dd>纪朗</dd></dl>",
        "<div><div>责任编辑：</div><div>卫青禾</div></div><div><div>审核：</div><div>纪朗</div></div>",
    ],
)
def test_labels_and_names_in_two_columns_below_the_text_are_credits(box: str) -> None:
    found = article("2024-01-16 来源：云汀乡讯", below=f"<div class=cbox>{box}</div>")
    assert [(credit.label, credit.name) for credit in found.credits] == [
        ("责任编辑", "卫青禾"),
        ("审核", "纪朗"),
    ]


@pytest.mark.parametrize("pair", [("摄影", "作品展"), ("审核", "已通过"), ("县城", "卫青禾")])
def test_other_pairs_below_the_text_name_nobody(pair: tuple[str, str]) -> None:
    box = f"<dl><dt>{pair[0]}</dt><dd>{pair[1]}</dd></dl>"
    assert article("2024-01-16 来源：云汀乡讯", below=box).credits == ()
