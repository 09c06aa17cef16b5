"""Galleries: pictures beside a text, the lines that go with them, and where their addresses wait.  All invented."""

import pytest

from tests.test_pages_article import FOOT, HEAD, TEXT, read
from tests.test_pages_body import MORE

BEHIND = "<div class=digg><a href=#>顶一下</a>(3)<a href=#>踩一下</a>(0)</div>"
LINES = ["工人在桥墩上绑扎钢筋", "钢梁缓缓落位", "村民在桥头合影"]
CELLS = "".join(
    f"<tr><td><img src=/u/{n}.jpg></td></tr><tr><td align=center>{line}</td></tr>"
    for n, line in enumerate(LINES)
)
IN_TURN = "".join(f"<div><img src=/u/{n}.jpg></div><div>{line}</div>" for n, line in enumerate(LINES))
TERMS = "".join(f"<dt><img src=/u/{n}.jpg></dt><dd>{line}</dd>" for n, line in enumerate(LINES))
BOXES = "".join(
    f"<div class=one><a href=/u/{n}b.jpg><img src=/u/{n}.jpg></a><span>{line}。</span></div>"
    for n, line in enumerate(LINES)
)


@pytest.mark.parametrize(
    "gallery",
    [
        f"<table align=center>{CELLS}</table>",
        f"<div>{IN_TURN}</div>",
        f"<dl>{TERMS}</dl>",
        f"<div>{BOXES}</div>",
    ],
)
@pytest.mark.parametrize(
    "text", ["<table><tr><td>{}</td></tr></table>", "<div>{}</div>", "<div class=txt>{}</div><div></div>"]
)
def test_a_gallery_behind_the_text_is_the_article_s(gallery: str, text: str) -> None:
    for behind in (BEHIND, ""):
        article = read(f"{HEAD}<div>{text.format(TEXT + MORE)}{gallery}</div>{behind}{FOOT}")
        assert [image.caption.rstrip("。") for image in article.images] == LINES
        assert len(article.paragraphs) == 3


def test_a_code_behind_the_text_is_the_page_s() -> None:
    code = "<div class=qrcode><img src=/u/1.jpg></div><div>扫一扫</div>"
    assert read(f"{HEAD}<div><div>{TEXT}{MORE}</div>{code}{BEHIND}</div>{FOOT}").images == ()


def test_sentences_below_pictures_in_paragraphs_stay_text() -> None:
    story = "".join(f"<p><img src=/u/{n}.jpg></p><p>{line}，过程顺利。</p>" for n, line in enumerate(LINES))
    article = read(f"{HEAD}<div>{TEXT}{story}{MORE}</div>{FOOT}")
    assert len(article.paragraphs) == 6


@pytest.mark.parametrize(
    "picture",
    [
        "<p><img src=/img/loading.gif data-ks-lazyload=/u/1.jpg></p>",
        "<p><img src=/img/loading.gif data-lazyload-src=/u/1.jpg></p>",
        "<p><img src=/img/blank.gif data-img=/u/1.jpg></p>",
        "<p><img src=/img/spacer.gif oldsrc=/u/1.jpg></p>",
        "<p><img src=/u/1.jpg oldsrc=W0201.jpg></p>",
        "<p><noscript><img src=/u/1.jpg></noscript></p>",
        "<p><noscript><img src=/u/1.jpg></noscript><img class=lazy src='data:image/gif;base64,R0'></p>",
        "<figure><div class=wait></div><noscript><img src=/u/1.jpg></noscript></figure>",
        "<picture><source data-srcset=/u/1.jpg><img src='data:image/gif;base64,R0'></picture>",
        "<div class='pic lazy' data-bg=/u/1.jpg></div>",
        "<div class=swiper-slide style='background-image:url(/u/1.jpg)'></div>",
        "<p><img src=/u/1.jpg alt=分享会现场></p>",
    ],
)
def test_a_picture_is_read_where_its_address_waits(picture: str) -> None:
    for body in (f"{picture}{TEXT}{MORE}", f"{TEXT}{picture}{MORE}"):
        article = read(f"{HEAD}<div>{body}</div>{FOOT}")
        assert [image.url.partition(".example")[2] for image in article.images] == ["/u/1.jpg"]


@pytest.mark.parametrize(
    "sign",
    [
        "<noscript><img src=//count.example/hm.gif width=1 height=1></noscript>",
        "<p><img src=/u/1.jpg alt=分享></p>",
        "<p><img src=/u/1.jpg alt=广告></p>",
        "<div class=frame style='background-image:url(/u/1.jpg)'></div>",
    ],
)
def test_a_sign_of_the_page_is_none(sign: str) -> None:
    assert read(f"{HEAD}<div>{TEXT}{sign}{MORE}</div>{FOOT}").images == ()


def test_a_strip_of_thumbnails_named_by_their_width_shows_no_other_pictures() -> None:
    names = ["a01", "a02"]
    large, small = ("".join(f"<img src=/u/{name}{end}.jpg>" for name in names) for end in ("", "_120"))
    numbered = "<img src=/u/a01_1.jpg>"
    article = read(f"{HEAD}<div>{TEXT}<p>{large}</p><div>{small}</div>{numbered}</div>{FOOT}")
    assert [image.url.rpartition("/")[2] for image in article.images] == ["a01.jpg", "a02.jpg", "a01_1.jpg"]


def test_an_agency_s_picture_names_nobody() -> None:
    line = "这是闻家桥出土的陶壶（资料照片）。新华社发"
    article = read(f"{HEAD}<div>{TEXT}<p><img src=/u/1.jpg></p><p>{line}</p>{MORE}</div>{FOOT}")
    assert article.images[0].caption == line


@pytest.mark.parametrize(
    ("picture", "line"),
    [
        ("<p class=pic><img src=/u/{n}.jpg></p>", "<p class=tu><span>{line}。</span></p>"),
        ("<p><img src=/u/{n}.jpg></p>", "<p><font size=2 color=gray>{line}</font></p>"),
    ],
)
def test_lines_in_a_type_of_their_own_behind_pictures_are_captions(picture: str, line: str) -> None:
    figures = [picture.format(n=n) + line.format(line=said) for n, said in enumerate(LINES)]
    article = read(f"{HEAD}<div>{TEXT}{figures[0]}{MORE}{figures[1]}</div>{FOOT}")
    assert [image.caption.rstrip("。") for image in article.images] == LINES[:2]
    lead = "<p class=lead>澄河大桥昨天通车，两岸村民早早等在桥头，盼着走上新桥。</p>"
    assert not read(f"{HEAD}<div><p><img src=/u/1.jpg></p>{lead}{TEXT}</div>{FOOT}").images[0].caption
    day = "<p class=day>2022年8月18日 星期四 晴</p>"
    assert not read(f"{HEAD}<div><p><img src=/u/1.jpg></p>{day}{TEXT}</div>{FOOT}").images[0].caption


def test_a_list_of_pictures_and_lines_behind_the_text_is_a_gallery_unless_it_links() -> None:
    items = "".join(f"<li><img src=/u/{n}.jpg><br>{line}</li>" for n, line in enumerate(LINES))
    article = read(f"{HEAD}<div class=txt>{TEXT}</div><ul class=pic>{items}</ul>{BEHIND}{FOOT}")
    assert [image.caption for image in article.images] == LINES
    teasers = items.replace("<img", "<a href=/2.html><img").replace("<br>", "</a><br>")
    assert not read(f"{HEAD}<div class=txt>{TEXT}</div><ul class=pic>{teasers}</ul>{BEHIND}{FOOT}").images


def test_the_photographer_may_stand_on_a_line_below_the_caption() -> None:
    box = "<div class=w><img src=/u/1.jpg><p>Villagers pick tea in Yunting.</p><p>Photo by Wen Xiaoman</p></div>"
    assert read(f"{HEAD}<div>{box}{TEXT}</div>{FOOT}").images[0].caption == "Villagers pick tea in Yunting."


def test_what_forums_print_below_a_picture_is_no_text() -> None:
    picture = "<img src=/u/1.jpg><div class=tip><p>141855qq.jpg (88.4 KB, 下载次数: 0)</p></div>"
    article = read(f"{HEAD}<div>{TEXT}{picture}{MORE}</div>{FOOT}")
    assert not any("KB" in line for line in (*article.paragraphs, article.images[0].caption))


def test_the_motto_below_an_account_s_code_is_no_text() -> None:
    code = "<section><img src=/u/9.png alt=二维码><p>云汀发布　权威・贴心</p></section>"
    article = read(f"{HEAD}<div>{TEXT}{code}</div>{FOOT}")
    assert article.paragraphs == read(f"{HEAD}<div>{TEXT}</div>{FOOT}").paragraphs


def test_thumbnails_beside_pictures_that_are_called_large() -> None:
    large, small = ("".join(f"<img src=/u/{size}_00{n}.jpg>" for n in (1, 2)) for size in "bs")
    article = read(f"{HEAD}<div>{TEXT}<p>{large}</p><ul><li>{small}</li></ul></div>{FOOT}")
    assert [image.url.rpartition("/")[2] for image in article.images] == ["b_001.jpg", "b_002.jpg"]
