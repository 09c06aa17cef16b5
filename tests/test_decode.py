"""Bytes → text, whatever charset a page declares."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.evidence.charset import decode_page
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
