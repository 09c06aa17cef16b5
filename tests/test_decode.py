"""Bytes → text, whatever charset a page declares."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.evidence.charset import decode_page, page_labels
from tests.linear import MOST_GROWTH, growth
from zhijiang_spider.pages import Page

TEXT = "<p>云汀县融媒体中心：柑橘开园，记者闻小满报道。</p>"


def declaring(charset: str) -> str:
    return f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">{TEXT}'


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "gbk", "gb18030"])
@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "GBK", "gb18030", "iso-8859-1", "klingon", ""])
def test_a_wrong_declaration_does_not_matter(encoding: str, declared: str) -> None:
    page = declaring(declared) if declared else TEXT
    header = f"text/html; charset={declared}"
    assert decode_page(page.encode(encoding)) == page
    assert decode_page(page.encode(encoding), header) == page
    assert decode_page(page.encode(encoding), "text/html; charset=utf-8") == page


def test_characters_outside_gb2312_are_read_under_its_name() -> None:
    page = declaring("gb2312").replace("闻", "喆").replace("满", "㼆")
    assert decode_page(page.encode("gb18030")) == page


def test_a_byte_order_mark_decides_and_is_dropped() -> None:
    assert decode_page(b"\xef\xbb\xbf" + TEXT.encode(), "text/html; charset=gbk") == TEXT
    assert decode_page(b"\xff\xfe" + TEXT.encode("utf-16-le")) == TEXT


def test_a_utf8_page_with_broken_bytes_stays_utf8() -> None:
    broken = TEXT.encode()[:-20] + b"\xe8\x8a" + TEXT.encode()[-20:] + (TEXT * 20).encode()
    text = decode_page(broken, "text/html; charset=gb2312")
    assert text.count("\ufffd") == 1
    assert "柑橘开园" in text


def test_traditional_pages_in_big5_are_read() -> None:
    page = '<meta charset="big5"><p>記者報導：開園</p>'
    assert decode_page(page.encode("big5")) == page


def test_what_is_no_text_is_dropped() -> None:
    assert decode_page(b"a\x00b\x1f\x0cc\n") == "ab\x0cc\n"
    assert Page("", b"\x00").selector.xpath("//body").getall() == []


@given(st.binary(max_size=300), st.text(max_size=60))
def test_any_bytes_become_text_that_can_be_stored(body: bytes, content_type: str) -> None:
    text = decode_page(body, content_type)
    text.encode("utf-8")
    assert "\x00" not in text
    assert Page("", body, content_type).selector.root is not None


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=8, max_size=60))
def test_chinese_text_survives_undeclared(text: str) -> None:
    assert decode_page(text.encode("utf-8")) == text


# --- pages in pieces of two encodings ------------------------------------------------------------------

ARTICLE = "云汀县水利局抢抓晴好天气，组织人员清淤疏浚，确保春灌用水不误农时，受益农田一万余亩，群众纷纷点赞。"
STRAY = "地址：云汀城西解放路八号文化中心三楼"
TRADITIONAL = "地址：雲汀縣城關鎮解放路八號融媒大廈三樓"
GBK, BIG5 = "gb18030", "big5hkscs"


def in_pieces(*pieces: tuple[str, str], charset: str = "", end: bytes = b"") -> bytes:
    head = f'<meta charset="{charset}">' if charset else ""
    return head.encode() + b"".join(f"<p>{text}</p>".encode(encoding) for text, encoding in pieces) + end


@pytest.mark.parametrize(("encoding", "other"), [("utf-8", GBK), (GBK, "utf-8"), ("utf-8", BIG5)])
@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize("place", ["before", "behind", "between"])
def test_a_stray_run_of_another_encoding_stays_one(
    encoding: str, other: str, declared: bool, place: str
) -> None:
    whole, stray = (ARTICLE, encoding), (TRADITIONAL if other == BIG5 else STRAY, other)
    pieces = {"before": [stray, whole, whole], "behind": [whole, whole, stray]}.get(
        place, [whole, stray, whole]
    )
    body = in_pieces(*pieces, charset={GBK: "gb2312"}.get(encoding, encoding) if declared else "")
    text = decode_page(body)
    assert text.count(ARTICLE) == 2
    assert stray[0] not in text
    if encoding == "utf-8":
        assert "\ufffd" in text


def test_what_is_declared_decides_where_the_pieces_are_alike() -> None:
    halves = ((ARTICLE, "utf-8"), (ARTICLE, GBK))
    utf_8, gbk = in_pieces(*halves, charset="utf-8"), in_pieces(*halves, charset="gbk")
    assert decode_page(utf_8).index(ARTICLE) < len(ARTICLE)
    assert decode_page(gbk).index(ARTICLE) > len(ARTICLE)


@pytest.mark.parametrize("label", ["utf-8", "gb2312", ""])
def test_many_short_runs_and_titles_cut_by_bytes_stay_what_they_are(label: str) -> None:
    cut = b"".join(b"<li>" + f"{n:02}白鹭镇柑橘开园迎客".encode()[:-2] + b"...</li>" for n in range(20))
    short = b"".join(b"<li>" + f"第{n}期报纸".encode() + "版".encode(GBK) + b"</li>" for n in range(20))
    text = decode_page(in_pieces(charset=label, end=cut + short))
    assert text.count("白鹭镇柑橘开园迎") == 20
    assert all(f"第{n}期报纸\ufffd" in text for n in range(20))


@pytest.mark.parametrize("encoding", ["utf-8", GBK, BIG5])
def test_a_cut_last_character_is_one_that_cannot_be_read(encoding: str) -> None:
    page = f"<title>雲汀新聞網</title><p>{'記者報導：柑橘開園，人們來這裏，' * 3}園"
    text = decode_page(page.encode(encoding)[:-1], "text/html; charset=utf-8")
    assert text == page[:-1] + "\ufffd"


@pytest.mark.parametrize(
    "hidden",
    ["<script>/* {} */</script>", "<STYLE>{}</style>", "<!-- {} -->", '<img alt="{}">', "<script>{}</scrip"],
)
@pytest.mark.parametrize(("encoding", "other"), [("utf-8", GBK), (GBK, "utf-8")])
def test_only_what_a_reader_reads_is_judged(hidden: str, encoding: str, other: str) -> None:
    page = f"<p>{ARTICLE}</p>".encode(encoding) + hidden.format(STRAY * 20).encode(other)
    assert ARTICLE in decode_page(page)


@pytest.mark.parametrize("label", ["big5", "gb2312", "utf-8", "iso-8859-1", ""])
@pytest.mark.parametrize("rare", "碁裏恒咗€")
def test_a_big5_page_is_read_whatever_rare_letter_it_holds(label: str, rare: str) -> None:
    page = f'<meta charset="{label}"><title>雲汀縣新聞</title><p>記者聞小滿報導：柑橘開園，{rare}人們來到這裡。</p>'
    body = page.encode("cp950" if rare == "€" else BIG5)
    assert decode_page(body) == page


@pytest.mark.parametrize("label", ["gbk", "big5", "utf-8", ""])
def test_traditional_letters_in_gbk_are_read(label: str) -> None:
    page = f'<meta charset="{label}"><p>記者聞小滿報導：柑橘開園，人們來到這裏。</p>'
    assert decode_page(page.encode("gbk")) == page


# --- what is declared, and where -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "label", ["idna", "rot13", "zlib", "hex", "punycode", "undefined", "utf-7", "x" * 500]
)
def test_a_label_that_is_no_encoding_of_the_web_is_ignored(label: str) -> None:
    for encoding in ("utf-8", GBK):
        assert decode_page(declaring(label).encode(encoding)) == declaring(label)
        assert decode_page(TEXT.encode(encoding), f"text/html; charset={label}") == TEXT


@pytest.mark.parametrize(
    ("body", "labels"),
    [
        (b'<meta charset="GBK">', ["gbk"]),
        (b"<META content='text/html; charset=gb2312' http-equiv=Content-Type>", ["gb2312"]),
        (b"<meta charset = ' big5 '><meta charset=utf-8>", ["big5", "utf-8"]),
        (
            b'<script charset="gbk" src=a.js></script><link charset=big5 href=b><meta charset="utf-8">',
            ["utf-8"],
        ),
        (b'<!-- <meta charset="gbk"> --><meta charset="utf-8">', ["utf-8"]),
        (b"<script>'<meta charset=gbk>'</SCRIPT><meta charset=big5>", ["big5"]),
        (b"<style>" + b"p{}" * 5000 + b"</style><meta charset=gbk>", ["gbk"]),
        (b'<?xml version="1.0" encoding="GB2312"?><rss>', ["gb2312"]),
        (b'@charset "GBK"; p{}', ["gbk"]),
        (b"<p>charset=gbk", []),
        (b"<!-- <meta charset=gbk>", []),
    ],
)
def test_what_a_page_calls_its_encoding(body: bytes, labels: list[str]) -> None:
    assert list(page_labels(body)) == labels


def test_the_header_is_asked_first_and_the_first_declaration_before_the_next() -> None:
    words = "café, naïve".encode("windows-1252")
    assert "é" in decode_page(b"<meta charset=iso-8859-2>" + words, "text/html; charset=iso-8859-1")
    assert "ď" in decode_page(b"<meta charset=latin2><meta charset=latin1>\xef", "")
    assert "ï" in decode_page(b"<meta charset=latin2>\xef", "text/html; charset=latin1")


def test_other_writings_are_read_as_declared_or_seen() -> None:
    assert (
        decode_page("<p>Привет, мир</p>".encode("cp1251"), "text/html; charset=windows-1251")
        == "<p>Привет, мир</p>"
    )
    assert decode_page("ミカン狩り".encode("cp932"), "text/html; charset=Shift_JIS") == "ミカン狩り"
    assert decode_page("감귤 수확".encode("cp949"), "text/html; charset=euc-kr") == "감귤 수확"
    assert decode_page("ミカン".encode("iso2022_jp"), "text/html; charset=iso-2022-jp") == "ミカン"
    assert (
        decode_page(b"<p>\x93The orchard opens\x94 \x96 it is spring")
        == "<p>“The orchard opens” – it is spring"
    )
    uyghur = "<p>ئۇيغۇر تىلى خەۋەرلىرى</p>"
    assert decode_page(uyghur.encode(), "text/html; charset=gb2312") == uyghur
    assert decode_page(uyghur.encode() + b"\xd6\xd0") == uyghur + "\ufffd\ufffd"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("label", ["", "utf-16", "gbk"])
def test_utf_16_is_seen_without_a_mark(encoding: str, label: str) -> None:
    page = f'<!DOCTYPE html><meta charset="utf-16"><title>云汀网</title>{TEXT * 20}'
    assert decode_page(page.encode(encoding), f"text/html; charset={label}") == page
    assert (
        decode_page("云汀县新闻".encode(encoding), f"text/plain; charset={encoding.replace('16-', '16')}")
        == "云汀县新闻"
    )


def test_a_page_that_calls_itself_utf_16_in_ascii_is_not() -> None:
    page = f'<meta charset="utf-16">{TEXT}'
    assert decode_page(page.encode()) == page
    assert decode_page(page.encode(), "text/html; charset=utf-16") == page


def test_a_mark_in_the_middle_is_a_character() -> None:
    assert decode_page(b"<p>" + b"\xef\xbb\xbf" + TEXT.encode()) == f"<p>\ufeff{TEXT}"


def test_a_mark_before_a_page_in_another_encoding_is_a_witness() -> None:
    assert TEXT in decode_page(b"\xef\xbb\xbf" + TEXT.encode(GBK))
    assert decode_page(b"\xef\xbb\xbf" + TEXT.encode() + b"\xd6") == TEXT + "\ufffd"


def test_references_to_control_characters_are_what_browsers_show() -> None:
    page = "<p>&#147;云汀&#148;&#133;&#133; &#0150; &#x80; &#X99;</p>"
    assert decode_page(page.encode()) == "<p>“云汀”…… – € ™</p>"
    kept = "<p>&#14; &#1333; &#160; &#xa0; &#x8a0; &#31499;</p>"
    assert decode_page(kept.encode()) == kept


# --- properties ----------------------------------------------------------------------------------------

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=40)


@given(HAN, st.sampled_from(["utf-8", "gb2312", "big5", "iso-8859-1", ""]))
def test_any_letters_in_a_page_of_gb18030_are_read(letters: str, label: str) -> None:
    page = f'<meta charset="{label}"><p>{ARTICLE * 2}{letters}</p>'
    assert decode_page(page.encode(GBK)) == page


@given(HAN, st.sampled_from(["utf-8", "gb2312", "big5", "iso-8859-1", ""]))
def test_any_letters_in_a_page_of_big5_are_read(letters: str, label: str) -> None:
    held = letters.encode(BIG5, "ignore").decode(BIG5)
    page = f'<meta charset="{label}"><p>{"記者聞小滿報導：柑橘開園，人們來到這裡，看見山上都是採茶的人。" * 3}{held}</p>'
    assert decode_page(page.encode(BIG5)) == page


@given(st.binary(max_size=12), st.integers(0, 300), st.sampled_from(["utf-8", "gbk", ""]))
def test_a_few_bytes_of_anything_leave_a_page_readable(noise: bytes, place: int, label: str) -> None:
    """Two characters at most are lost on either side: those the bytes stand in and beside."""
    whole = (f'<meta charset="{label}">' if label else "").encode() + (ARTICLE * 8).encode()
    start = len(whole) - place
    text = decode_page(whole[:start] + noise + whole[start:])
    before, behind = whole[:start].decode("utf-8", "ignore"), whole[start:].decode("utf-8", "ignore")
    assert text.startswith(before[:-1])
    assert text.endswith(behind[1:])


@pytest.mark.parametrize(
    "piece",
    [
        "<!--",
        "<script>",
        "<meta ",
        "<p>云<",
        "<meta charset=",
        "&#1",
        "<a b=é",
        "<style></style>",
        "<!-->",
        "\x1b",
    ],
)
def test_a_page_costs_as_much_as_it_is_long(piece: str) -> None:
    made = piece.encode(GBK)
    assert growth(lambda size: b"\xd4" + made * size, decode_page, 5_000) <= MOST_GROWTH
