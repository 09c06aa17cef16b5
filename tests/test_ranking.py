"""The order of hits: what people want on top, every hit once on some page, pages that stay as they are."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive, Article
from archive.room import RoomSettings, create_app
from archive.search.fold import fold
from archive.search.index import index_ok
from archive.search.language import Term
from archive.search.page import EXACT, by_day
from archive.search.query import Order, search
from archive.search.ranking import ROUND_UPS, Texts, weigh, what_holds
from archive.store.articles import save_article
from tests.room import client_of
from tests.searched import matching_ids

MakeArticle = Callable[..., Article]

MANY = EXACT + 200
PLAIN = Texts("县里的事", "", "", "一天。" * 50, "", "2024-01-16")


def weights(words: str, *articles: Texts) -> list[float]:
    return weigh([(Term(word),) for word in words.split()], articles)


def first_wins(words: str, *articles: Texts) -> bool:
    found = weights(words, *articles)
    return found == sorted(found, reverse=True) and len(set(found)) == len(found)


# --- what an article weighs -------------------------------------------------------------------------------


def test_all_words_in_the_title_come_before_anything_else() -> None:
    full = PLAIN._replace(body="柑橘开园，" * 200)
    assert first_wins(
        "柑橘 开园", PLAIN._replace(title="柑橘今日开园"), full._replace(title="柑橘上市"), full
    )


def test_more_often_in_a_shorter_text_counts_more() -> None:
    often, once = ("天" * 100 + word + "天" * 100 for word in ("柑橘" * 4, "柑橘"))
    long = once + "天" * 3000
    assert first_wins("柑橘", *(PLAIN._replace(body=body) for body in (often, once, long)))


def test_words_that_open_a_text_or_stand_together_count_more() -> None:
    opens, later = "柑橘" + "天" * 200, "天" * 200 + "柑橘"
    assert first_wins("柑橘", *(PLAIN._replace(body=body) for body in (opens, later)))
    near, far = ("天" * 100 + "柑橘" + "地" * gap + "开园" + "天" * (300 - gap) for gap in (2, 200))
    assert first_wins("柑橘 开园", *(PLAIN._replace(body=body) for body in (near, far)))


def test_newer_is_better_where_the_rest_is_equal_but_not_more_than_that() -> None:
    days = ("2024-01-16", "2021-05-01", None)
    articles = [PLAIN._replace(body="天" * 80 + "柑橘", published_on=day) for day in days]
    assert first_wins("柑橘", *articles)
    older = PLAIN._replace(body="天" * 80 + "柑橘" * 3, published_on="2009-01-01")
    assert first_wins("柑橘", older, articles[0])


@pytest.mark.parametrize("ending", ROUND_UPS)
def test_round_ups_come_last(ending: str) -> None:
    body = "天" * 80 + "柑橘"
    round_up = PLAIN._replace(title=f"一日{ending}", body=body * 3)
    assert first_wins("柑橘", PLAIN._replace(body=body), round_up)
    assert first_wins(ending, round_up, PLAIN._replace(body=ending * 50))


@pytest.mark.parametrize(
    ("word", "printed"), [("余峰", "余　峰"), ("文化", "⽂化"), ("5g", "５Ｇ"), ("工会", "工\u200b会")]
)
def test_what_is_printed_otherwise_is_weighed_alike(word: str, printed: str) -> None:
    one, other = (PLAIN._replace(body="天" * 80 + text + "天" * (9 - len(text))) for text in (word, printed))
    assert weights(word, one) == pytest.approx(weights(word, other), rel=1e-3)
    assert weights(word, other)[0] > weights(word, PLAIN)[0]


def test_of_two_words_either_of_which_will_do_the_rarer_counts_more() -> None:
    clause = [(Term("柑橘"), Term("天"))]
    body = "天" * 300
    with_it, *without = weigh(
        clause, [PLAIN._replace(body=body + "柑橘" * 3), *[PLAIN._replace(body=body)] * 9]
    )
    assert with_it > max(without)


def test_a_word_asked_for_in_one_place_is_weighed_there() -> None:
    in_title, in_text = PLAIN._replace(title="柑橘"), PLAIN._replace(body="天" * 80 + "柑橘")
    for columns, first in ((("title",), in_title), (("body",), in_text)):
        weight, other = weigh([(Term("柑橘", columns),)], [first, in_text if first is in_title else in_title])
        assert weight > other == pytest.approx(0)


# --- pages --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def many_file(empty_archive: Path, tmp_path_factory: pytest.TempPathFactory, article: MakeArticle) -> Path:
    """An archive with more hits than are all weighed: 会 in each, in the title of every tenth."""
    path = Path(shutil.copy(empty_archive, tmp_path_factory.mktemp("many")))
    with Archive.open(path) as archive:
        archive.begin()
        for number in range(MANY):
            day = f"{2010 + number * 7 % 13}-{1 + number % 12:02}-{1 + number % 28:02}"
            save_article(
                archive,
                article(
                    key=str(number),
                    title=f"{'开会' if number % 10 == 0 else '日常'}第{number}号",
                    body=(f"某日{'柑橘' if number % 3 else '茶叶'}大会，到会{number}人。",),
                    published_on=None if number % 50 == 7 else day,
                    section="要闻" if number % 2 else "乡村",
                ),
                1,
            )
        archive.commit()
    return path


@pytest.fixture
def many(many_file: Path, tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(shutil.copy(many_file, tmp_path)) as archive:
        yield archive


QUERIES = (
    "会", "会 柑橘", "柑橘 OR 茶叶", "会 -茶叶", "-茶叶", "会 栏目:要闻", "会 日期:2012..2016", "会 -日期:2012",
    "标题:会", "正文:会 标题:第", "会 OR 日期:2013", "柑橘 OR 栏目:要闻", "日期:2013", "栏目:乡村", "会 图片:无",
)  # fmt: skip


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("query", QUERIES)
def test_every_hit_stands_on_one_page(many: Archive, query: str, order: Order) -> None:
    wanted = matching_ids(many.connection, query)
    found: list[int] = []
    while len(found) < len(wanted):
        page = search(many.connection, query, order=order, limit=97, offset=len(found))
        assert page.total == len(wanted)
        assert len(page.hits) == min(97, len(wanted) - len(found))
        found += [hit.article_id for hit in page.hits]
    assert sorted(found) == wanted
    whole = search(many.connection, query, order=order, limit=MANY).hits
    assert [hit.article_id for hit in whole] == found
    assert not search(many.connection, query, order=order, offset=len(found)).hits


@pytest.mark.parametrize(
    "query", ["会", "会 OR 茶叶", "会 号", "会 栏目:乡村", "会 -日期:2012", "会 -日期:1999"]
)
def test_of_many_hits_those_with_the_words_in_the_title_come_first(many: Archive, query: str) -> None:
    titles = {
        number
        for number, title in many.connection.execute("SELECT article_id, title FROM article")
        if "会" in title
    }
    wanted = titles.intersection(matching_ids(many.connection, query))
    found = [hit.article_id for hit in search(many.connection, query, limit=len(wanted)).hits]
    assert set(found) == wanted


@pytest.mark.parametrize("order", [Order.RELEVANCE, Order.NEWEST])
@pytest.mark.parametrize("query", ["会", "第", "大会", "会 OR 茶", "标题:第", "正文:会", "会 第", "会 -茶"])
def test_pages_of_common_words_are_those_of_the_whole(many: Archive, query: str, order: Order) -> None:
    whole = search(many.connection, query, order=order, limit=MANY)
    page = search(many.connection, query, order=order, limit=20, offset=20)
    assert (page.total, page.hits) == (whole.total, whole.hits[20:40])


@pytest.mark.parametrize("order", [Order.RELEVANCE, Order.NEWEST])
@pytest.mark.parametrize("query", ["会", "第", "大会", "某日柑橘大会", "会 OR 茶", "正文:到会"])
def test_of_common_words_not_every_hit_is_asked_for(
    many: Archive, monkeypatch: pytest.MonkeyPatch, query: str, order: Order
) -> None:
    before = search(many.connection, query, order=order)

    def overdue(*_: object) -> None:
        raise AssertionError("all hits are asked for")

    monkeypatch.setattr("archive.search.page._all_hits", overdue)
    assert search(many.connection, query, order=order) == before
    with pytest.raises(AssertionError, match="all hits"):
        search(many.connection, query, order=order, offset=60)


@pytest.mark.parametrize("order", [Order.RELEVANCE, Order.NEWEST])
def test_a_word_that_is_common_in_old_articles_only_is_found_in_them(many: Archive, order: Order) -> None:
    """The last stored ones have it, and many that are newer by day have not; title and text say different things."""
    for column in ("title", "body"):
        many.connection.execute(
            f"UPDATE article SET published_on = '1999-01-' || (10 + article_id % 20), {column} = {column} || '旧事'"
            " WHERE article_id > ?",
            (MANY - EXACT - 50,),
        )
        whole = search(many.connection, "旧事", order=order, limit=MANY)
        assert whole.total == EXACT + 50
        assert search(many.connection, "旧事", order=order).hits == whole.hits[:20]


TEXTS = st.text(st.sampled_from("会工⼯ \u3000aＡ"), max_size=6)


@given(word=TEXTS, title=TEXTS, body=TEXTS, column=st.sampled_from([(), ("title",), ("body",)]))
def test_a_text_tells_what_the_index_would(word: str, title: str, body: str, column: tuple[str, ...]) -> None:
    word = fold(word)
    if word:
        wanted = any(
            word in fold(text)
            for name, text in (("title", title), ("body", body))
            if not column or name in column
        )
        assert what_holds([Term(word, column)])(PLAIN._replace(title=title, body=body)) == wanted


def test_a_title_index_that_holds_nothing_spoils_the_order_only(many: Archive) -> None:
    before = matching_ids(many.connection, "会")
    many.connection.execute("INSERT INTO article_fts_title (article_fts_title) VALUES ('delete-all')")
    assert sorted(hit.article_id for hit in search(many.connection, "会", limit=MANY).hits) == before
    assert "title" in index_ok(many.connection)


def test_the_title_index_follows_whatever_program_writes(many: Archive) -> None:
    stranger = sqlite3.connect(many.path)
    stranger.execute("UPDATE article SET title = '茶叶开市' WHERE article_id = 2")
    stranger.execute("DELETE FROM article WHERE article_id = 1")
    stranger.execute("UPDATE article SET article_id = 9000 WHERE article_id = 3")
    stranger.commit()
    asked = "SELECT rowid FROM article_fts_title WHERE article_fts_title MATCH ?"
    assert stranger.execute(asked, ('"茶 叶"',)).fetchall() == [(2,)]
    stranger.close()
    assert index_ok(many.connection) == ""


@pytest.mark.parametrize("order", list(Order))
def test_pages_keep_their_hits_while_a_crawl_adds_some(
    many: Archive, article: MakeArticle, order: Order
) -> None:
    whole = [hit.article_id for hit in search(many.connection, "会", order=order, limit=60).hits]
    first = search(many.connection, "会", order=order, limit=30)
    for number in range(20):
        save_article(many, article(key=f"new{number}", title="开会", published_on="2026-01-01"), 1)
    second = search(many.connection, "会", order=order, limit=30, offset=30, as_of=first.as_of)
    assert [hit.article_id for hit in (*first.hits, *second.hits)] == whole
    assert (second.total, second.as_of) == (first.total, first.as_of)


def test_the_next_page_in_the_room_is_that_of_the_first(many: Archive, article: MakeArticle) -> None:
    client = client_of(create_app(RoomSettings(many.path)))
    newest = search(many.connection, "会").as_of
    assert f"/?q=%E4%BC%9A&amp;as_of={newest}&amp;page=2" in client.get("/?q=会").text
    before = client.get(f"/search.json?q=会&page=2&as_of={newest}").json
    save_article(many, article(key="new", title="开会", published_on="2026-01-01"), 1)
    assert client.get(f"/search.json?q=会&page=2&as_of={newest}").json == before
    later = client.get("/search.json?q=会").json
    assert before
    assert later
    assert before["as_of"] == newest
    assert later["total"] == before["total"] + 1
    assert client.get("/?q=会&as_of=昨天").status_code == 400


@given(data=st.data(), count=st.integers(0, MANY), oldest=st.booleans())
def test_the_first_by_day_are_those_that_sorting_puts_first(
    many: Archive, data: st.DataObject, count: int, oldest: bool
) -> None:
    days = dict(many.connection.execute("SELECT article_id, published_on FROM article").fetchall())
    some = (
        data.draw(st.sets(st.sampled_from(sorted(days)), max_size=30))
        if data.draw(st.booleans())
        else set(days)
    )
    dated = sorted((days[number], number) for number in some if days[number])
    undated = sorted(number for number in some if not days[number])
    wanted = [number for _, number in (dated if oldest else dated[::-1])] + (
        undated if oldest else undated[::-1]
    )
    assert by_day(many.connection, some, count, oldest=oldest) == wanted[:count]


# --- the view ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["柑橘", "会 柑橘", "大会", "第1", "会", "到会 第5"])
def test_the_view_has_the_order_of_the_program(many: Archive, words: str) -> None:
    """As far as plain SQL goes: closeness is left out, so the words stand equally close in these texts."""
    found = [hit.article_id for hit in search(many.connection, words, limit=60).hits]
    sql = "SELECT 编号, 次序 FROM 检索 WHERE 词 = json_quote(?)"
    rows = many.connection.execute(sql, (words,)).fetchall()
    assert [place for _, place in rows] == list(range(1, len(rows) + 1))
    assert sorted(number for number, _ in rows) == matching_ids(many.connection, words)
    titles = dict(many.connection.execute("SELECT article_id, title FROM article").fetchall())
    in_title = [all(word in titles[number] for word in words.split()) for number, _ in rows]
    assert in_title == sorted(in_title, reverse=True) or len(rows) > EXACT
    if len(rows) <= EXACT:
        assert [number for number, _ in rows][:60] == found
