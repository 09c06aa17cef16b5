"""What a reader would not call a change is none; what he would, is one."""

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive, Article, Saved
from archive.model.article import Image
from archive.store.articles import save_article
from archive.store.as_seen import picture, seen_text
from archive.store.likeness import is_replaced
from archive.store.versions import VERSION_FIELDS, compare

MakeArticle = Callable[..., Article]

LATER = "2024-11-03T01:00:00Z"
PLACE = "img.yunting.example/u/2024/a1.jpg"
CAPTION = "闻小满在果园里。"
FIRST: dict[str, Any] = {
    "title": "云汀县 柑橘开园",
    "published_raw": "3小时前",
    "published_on": "2024-11-02",
    "published_at": None,
    "body": ("首批1200吨果品发往北方。", "果农闻小满说，今年收成好。"),
    "credit_line": "编辑：乔安",
    "images": (Image(f"http://{PLACE}?auth_key=17-0-0-ab", CAPTION),),
}


def shown(url: str, caption: str = CAPTION) -> dict[str, Any]:
    return {"images": (Image(url, caption),)}


@pytest.mark.parametrize(
    "change",
    [
        shown(f"http://{PLACE}?auth_key=18-0-0-cd"),
        shown(f"https://{PLACE}?x-oss-process=image/resize,w_640"),
        shown(
            f"https://cdn7.yunting-img.example/{PLACE.partition('/')[2]}?t=1730595612"
        ),  # twelve seconds after the look
        shown(f"http://{PLACE}!w640"),
        shown(f"http://{PLACE}?Expires=1709625600&OSSAccessKeyId=ab&Signature=c%2Fd"),
        shown(f"http://{PLACE}", "闻小满 在果园里。"),
        {"title": "云汀县柑橘\u200b开园"},
        {"body": ("首批１２００吨果品\u3000发往北方。", " 果农闻小满说，今年收成好。")},
        {"published_raw": "昨天"},
        {"published_raw": "2024-11-02 16:05", "published_at": "2024-11-02T16:05:00+08:00"},
    ],
)
def test_what_a_reader_would_not_call_a_change_is_none(
    archive: Archive, article: MakeArticle, change: dict[str, Any]
) -> None:
    save_article(archive, article(**FIRST), 1)
    rows = "SELECT * FROM article_version"
    before = archive.connection.execute(rows).fetchall()
    assert save_article(archive, article(**FIRST | change, fetched_at=LATER), 1) is Saved.UNCHANGED
    assert archive.connection.execute(rows).fetchall() == before
    assert archive.connection.execute("SELECT last_seen_at FROM article").fetchone() == (LATER,)


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"body": ("首批1300吨果品发往北方。", FIRST["body"][1])}, '["body"]'),
        ({"body": ("首批1200吨果品发往北方！", FIRST["body"][1])}, '["body"]'),
        ({"body": ("".join(FIRST["body"]),)}, '["body"]'),
        (shown(f"http://{PLACE.replace('a1', 'a2')}?auth_key=17-0-0-ab"), '["images"]'),
        (shown(f"http://{PLACE}", "闻小满在果园。"), '["images"]'),
        (shown(f"http://{PLACE}?v=2"), '["images"]'),
        (
            shown(f"http://{PLACE}?t=1709625600"),
            '["images"]',
        ),  # of another day than the look: when it was put there
        ({"images": ()}, '["images"]'),
        ({"published_raw": "2024-11-01", "published_on": "2024-11-01"}, '["published_raw"]'),
        ({"credit_line": "编辑：纪朗"}, '["credit_line"]'),
        (
            {"title": "云汀县柑橘今日开园"} | shown(f"http://{PLACE}?auth_key=18-0-0-cd"),
            '["title"]',  # the signature is not told as a change of the pictures
        ),
    ],
)
def test_what_a_reader_would_call_a_change_is_one(
    archive: Archive, article: MakeArticle, change: dict[str, Any], fields: str
) -> None:
    save_article(archive, article(**FIRST), 1)
    assert save_article(archive, article(**FIRST | change, fetched_at=LATER), 1) is Saved.REVISED
    row = archive.connection.execute("SELECT changed FROM article_version WHERE number = 2").fetchone()
    assert row == (fields,)


def test_another_minute_of_the_same_day_is_a_change(archive: Archive, article: MakeArticle) -> None:
    for minute, saved in (("05", Saved.NEW), ("35", Saved.REVISED)):
        printed = {
            "published_raw": f"2024-11-02 16:{minute}",
            "published_at": f"2024-11-02T16:{minute}:00+08:00",
        }
        assert save_article(archive, article(**FIRST | printed), 1) is saved


SAME_PICTURES = [
    ("http://a.example/u/1.jpg", "https://b.example/u/1.jpg?_=3&w=640"),
    ("http://a.example/u/1.jpg;jsessionid=AB12", "http://a.example/u/1.jpg"),
    ("http://a.example/u/1.jpg@1e_1c_0o.jpg", "http://a.example/u/1.jpg@!thumb"),
    ("http://a.example/img?id=7&token=ab", "http://a.example/img?token=cd&id=7"),
    ("http://a.example/mm/Xy/640?wx_fmt=png&tp=webp&wxfrom=5", "http://a.example/mm/Xy/640?wx_fmt=png"),
    ("http://a.example/u/%E5%9B%BE.png", "http://a.example/u/图.png?imageView2/2/w/640"),
    (
        "http://a.example/g/1~tplv-s:640.image?x-signature=ab",
        "http://a.example/g/1~tplv-s:640.image?x-signature=c",
    ),
    ("http://a.example/u/1.jpg?X-Amz-Date=1&X-Amz-Signature=a", "http://a.example/u/1.jpg?X-Amz-Date=2"),
    ("http://a.example/u/1.jpg?sign=a&t=1", "//a.example/u/1.jpg?sign=b&t=2"),
]
OTHER_PICTURES = [
    ("http://a.example/u/1.jpg", "http://a.example/u/2.jpg"),
    ("http://a.example/img?id=7", "http://a.example/img?id=8"),
    ("http://a.example/pic.jpg?id=7", "http://a.example/pic.jpg?id=8"),
    ("http://a.example/show.asp?file=1.jpg&sign=a", "http://a.example/show.asp?file=2.jpg&sign=a"),
    ("http://a.example/?7", "http://b.example/?7"),
    ("http://[broken/1.jpg", "http://[broken/2.jpg"),
    ("http://a.example/1.jpg", "http://a.example/1.png"),
    ("http://a.example/1.jpg", "http://a.example/1.jpg?20240116"),
    ("http://a.example/1.jpg?v=2", "http://a.example/1.jpg?v=3"),
    ("http://a.example/1.jpg?edition=b", "http://a.example/1.jpg?edition=c"),
    ("http://a.example/a/1.jpg", "http://a.example/b/1.jpg"),
]


@pytest.mark.parametrize(("first", "second"), SAME_PICTURES)
def test_an_address_is_read_without_what_changes_with_every_look(first: str, second: str) -> None:
    assert picture(first) == picture(second)


@pytest.mark.parametrize(("first", "second"), OTHER_PICTURES)
def test_another_picture_has_another_address(first: str, second: str) -> None:
    assert picture(first) != picture(second)


def test_letters_that_are_seen_stay() -> None:
    assert seen_text("ＡＢ　１２，\u2060云汀\n乔 安") == "AB12，云汀\n乔安"
    assert seen_text("，") != seen_text(",")


JOINED = st.text(
    st.sampled_from([*"文字，１Ａ e한≠=ﬁ", "\n", "\u0301", "\u0323", "\u0338", "\u1100", "\u1161", "\u200b"])
)


@given(start=JOINED, before=JOINED, after=JOINED, end=JOINED)
def test_texts_are_compared_where_they_differ_as_they_are_as_a_whole(
    start: str, before: str, after: str, end: str
) -> None:
    """Whatever Unicode's normal forms join across the places where a text is cut."""
    texts = [dict.fromkeys(VERSION_FIELDS, "") | {"body": start + text + end} for text in (before, after)]
    old, new = (text["body"] for text in texts)
    change = compare(*texts)
    assert bool(change.fields) == (seen_text(old) != seen_text(new))
    bare = ["".join(filter(str.isalnum, unicodedata.normalize("NFKC", text))) for text in (old, new)]
    assert change.minor == (not change.fields or bare[0] == bare[1])


@given(start=JOINED, before=JOINED, after=JOINED, end=JOINED)
def test_a_text_is_replaced_when_few_of_its_pairs_are_left(
    start: str, before: str, after: str, end: str
) -> None:
    texts = [start + text + end for text in (before, after)]
    seen = [seen_text(text).replace("\n", "") for text in texts]
    old, new = ({text[at : at + 2] for at in range(len(text) - 1)} for text in seen)
    assert is_replaced(*texts) == (bool(old) and len(old & new) / len(old) < 0.3)
