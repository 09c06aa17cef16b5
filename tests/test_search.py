"""Search: every article that holds the words, none that does not, in Python and in a plain SQLite shell."""

import json
import shutil
import sqlite3
import subprocess
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlite_utils import Database

from archive import Archive, Article, Credit, Image, Kind, Role
from archive.model.crawl import FailureType, FetchFailure, Listing
from archive.model.plan import RecheckPolicy
from archive.search.errors import QueryError
from archive.search.fold import fold, index_forms
from archive.search.index import INDEXED, TRIGGERS, index_ok, reindex
from archive.search.language import MAX_QUERY, Dates, Filter, Term, parse_query
from archive.search.query import Order, count, facets, search
from archive.search.variants import with_variants
from archive.store.article_rows import insert_article, update_article
from archive.store.articles import save_article, save_missing
from archive.store.crawls import begin_crawl, save_listing
from tests.linear import MOST_GROWTH, growth
from tests.older import make_older
from tests.patience import PATIENCE
from tests.searched import matching_ids

MakeArticle = Callable[..., Article]

TEXTS = {
    1: ("县总工会召开大会", "余 峰出席，5G基站同步启用。", "记者丨闻小满"),
    2: ("柑橘开园", "百里坡柑橘上市，工会组织采摘。", "记者丨苏木"),
    3: ("数字乡村", "５Ｇ信号进村，３·１５活动开展；产量增长20%。", "一审丨乔安"),
    4: ("P2P提醒", "𠮷林路口设置emoji🍊标识，AI课堂。", ""),
    5: ("长文", "上一段末尾是百里\n坡字样。", "记者丨阿依古丽·买买提"),
}
CREDITS = {
    1: (Credit("记者", Role.REPORTER, "闻小满"), Credit("三审", Role.THIRD_REVIEW, "卫青禾")),
    2: (Credit("记者", Role.REPORTER, "苏木"), Credit("三审", Role.THIRD_REVIEW, "卫青禾")),
    3: (Credit("一审", Role.FIRST_REVIEW, "乔安"),),
    5: (Credit("记者", Role.REPORTER, "阿依古丽·买买提"),),
}
DAYS = {1: "2024-01-16", 2: "2024-02-29", 3: "2023-12-31", 4: None, 5: "2025-03-01"}
SECTIONS = {1: "要闻", 2: "要闻", 3: "乡村", 4: "", 5: "乡村"}


@pytest.fixture(scope="module")
def filled_file(
    empty_archive: Path,
    tmp_path_factory: pytest.TempPathFactory,
    article: MakeArticle,
    listing: Callable[..., Listing],
) -> Path:
    path = Path(shutil.copy(empty_archive, tmp_path_factory.mktemp("filled")))
    with Archive.open(path) as archive:
        for key, (title, body, credit_line) in TEXTS.items():
            save_article(
                archive,
                article(
                    key=str(key),
                    title=title,
                    kicker="引题甲" if key == 2 else "",
                    subtitle="副题乙" if key == 2 else "",
                    body=tuple(body.split("\n")),
                    credit_line=credit_line,
                    credits=CREDITS.get(key, ()),
                    published_on=DAYS[key],
                    section=SECTIONS[key],
                    source="云汀融媒" if key < 3 else "",
                    kind=Kind.VIDEO if key == 4 else Kind.TEXT,
                    images=(Image("http://www.yunting.example/a.png"),) if key in (2, 3) else (),
                ),
                1,
            )
        save_listing(archive, listing("3", slug="9", name="专题 5G"), 1)
        save_missing(
            archive,
            [
                FetchFailure(
                    "yunting",
                    "u",
                    FailureType.ARTICLE,
                    "HTTP 404",
                    "2024-12-01T00:00:00Z",
                    key="5",
                    missing=True,
                )
            ],
            1,
            RecheckPolicy(gone_days=0, gone_looks=1),
        )
    return path


@pytest.fixture
def filled(filled_file: Path, tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(shutil.copy(filled_file, tmp_path)) as archive:
        yield archive


# --- the language ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("工会", [1, 2]),
        ("会", [1, 2]),
        ("柑橘 工会", [2]),
        ("柑橘　工会", [2]),
        ("余峰", [1]),
        ("5g", [1, 3]),
        ("５Ｇ", [1, 3]),
        ("3·15", [3]),
        ("20%", [3]),
        ("20％", [3]),
        ("p2p", [4]),
        ("𠮷林", [4]),
        ("🍊", [4]),
        ("ai课堂", [4]),
        ("，", [1, 2, 3, 4]),
        (",工会", [2]),
        ("百里坡", [2, 5]),
        ("古丽·买", [5]),
        ("闻小满", [1]),
        ("引题甲", [2]),
        ("工会 -柑橘", [1]),
        ("－柑橘 工会", [1]),
        ("-工会", [3, 4, 5]),
        ("-工会 -记者", [3, 4]),
        ('"百里 坡"', [2, 5]),
        ("“大会”", [1]),
        ("「大会」 -“苏 木”", [1]),
        ("大会 OR 柑橘", [1, 2]),
        ("大会 OR 柑橘 5G", [1]),
        ("大会 OR -工会", [1, 3, 4, 5]),
        ("标题:柑橘", [2]),
        ("标题：工会", [1]),
        ("标题:副题乙", [2]),
        ("正文:工会", [2]),
        ("署名:苏木", [2]),
        ("-标题:工会 工会", [2]),
        ("记者:苏木", [2]),
        ("记者:苏", []),
        ("记者:阿依古丽·买买提", [5]),
        ("三审:卫青禾", [1, 2]),
        ("三审:卫青禾 -记者:苏木", [1]),
        ("三审:卫青禾 OR 一审:乔安", [1, 2, 3]),
        ("栏目:要闻", [1, 2]),
        ("栏目:专题5g", [3]),
        ("来源:云汀融媒", [1, 2]),
        ("日期:2024", [1, 2]),
        ("日期:2024-02", [2]),
        ("日期:2024-01-16", [1]),
        ("日期:2023..2024-01", [1, 3]),
        ("日期:2024-02..", [2, 5]),
        ("日期:..2023", [3]),
        ("-日期:2024", [3, 4, 5]),
        ("日期:2024 百里坡", [2]),
        ("状态:已消失", [5]),
        ("状态:在线 百里坡", [2]),
        ("姓名:卫青禾", [1, 2]),
        ("姓名:卫青禾 -姓名:苏木", [1]),
        ("姓名:卫", []),
        ("图片:有", [2, 3]),
        ("类型:视频", [4]),
        ("-类型:文字", [4]),
        ("图片:无 -记者:闻小满", [4, 5]),
        ("总工会开", []),
        ("会工", []),
        ("工会*", []),
        ("NEAR(工 会)", []),
        ("title:工会", []),
        ("{body}:工会", []),
        ("工会^", []),
        ("工会 AND 柑橘", []),
    ],
)
def test_what_a_query_finds(filled: Archive, query: str, found: list[int]) -> None:
    assert matching_ids(filled.connection, query) == found
    result = search(filled.connection, query)
    assert (result.total, sorted(hit.article_id for hit in result.hits)) == (len(found), found)
    assert count(filled.connection, query) == len(found)


@pytest.mark.parametrize(
    ("query", "position", "words"),
    [
        ("", 0, "查询是空的"),
        ("  　", 0, "查询是空的"),
        ("\u200b", 0, "缺少要查的词"),
        ("-", 1, "缺少要查的词"),
        ("工会 记者:", 6, "缺少要查的词"),
        ('工会 "柑橘', 3, "引号没有结束"),
        ('"工会"柑橘', 4, "引号后面缺少空格"),
        ("工会 OR", 3, "OR 后面缺少词"),
        ("OR 工会", 0, "OR 前面缺少词"),
        ("日期:明天", 3, "日期写成"),
        ("日期:2024-02-30", 3, "没有这一天"),
        ("日期:2024..2023", 3, "开始晚于结束"),
        ("状态:丢失", 3, "没有这种状态；可以写：在线、失联、已消失"),
        ("图片:多", 3, "没有这种图片；可以写：有、无"),
        ("工" * (MAX_QUERY + 1), MAX_QUERY, "查询太长"),
        ("工会 " * 300_000, MAX_QUERY, "查询太长"),
    ],
)
def test_a_query_that_cannot_be_read_says_where_and_why(
    filled: Archive, query: str, position: int, words: str
) -> None:
    with pytest.raises(QueryError, match=f"第 {position + 1} 个字符：.*{words}") as caught:
        search(filled.connection, query)
    assert caught.value.position == position


def test_a_query_is_read_into_clauses() -> None:
    assert parse_query('工会 OR 柑橘 -"余 峰" 记者:苏木 日期:2024-02').clauses == (
        (Term("工会"), Term("柑橘")),
        (Term("余峰", (), True),),
        (Filter("记者", "苏木"),),
        (Dates("2024-02-01", "2024-02-29"),),
    )


def test_both_scripts_are_found_only_when_asked_for(filled: Archive, article: MakeArticle) -> None:
    save_article(filled, article(key="70", title="頭髮", body=("乾燥的頭髮。",)), 1)
    save_article(filled, article(key="71", title="头发", body=("干燥的头发。",)), 1)
    plain, both = parse_query("头发 干燥"), with_variants(parse_query("头发 干燥"))
    assert count(filled.connection, plain) == 1
    assert count(filled.connection, both) == 2
    assert count(filled.connection, with_variants(parse_query("頭髮"))) == 2
    assert count(filled.connection, with_variants(parse_query("的 -頭髮 记者:闻小满"))) == 0
    assert count(filled.connection, with_variants(parse_query("标题:頭髮"))) == 2


# --- answers --------------------------------------------------------------------------------------------


def test_a_title_counts_more_than_a_body(filled: Archive) -> None:
    assert [hit.article_id for hit in search(filled.connection, "工会").hits] == [1, 2]
    assert search(filled.connection, "工会", limit=1).total == 2
    assert [hit.article_id for hit in search(filled.connection, "工会", limit=1, offset=1).hits] == [2]


def test_hits_come_in_the_order_asked_for(filled: Archive) -> None:
    def order(query: str, by: str) -> list[int]:
        return [hit.article_id for hit in search(filled.connection, query, order=by).hits]

    assert order("，", Order.NEWEST) == [2, 1, 3, 4]
    assert order("，", Order.OLDEST) == [3, 1, 2, 4]
    assert order("栏目:要闻", Order.RELEVANCE) == [2, 1]  # without a text: newest first
    with pytest.raises(ValueError, match="乱"):
        order("会", "乱")


def test_pages_stay_as_they_are_while_articles_are_added(filled: Archive, article: MakeArticle) -> None:
    first = search(filled.connection, "会", order=Order.NEWEST, limit=1)
    for key in range(10, 15):
        save_article(filled, article(key=str(key), title="会", published_on="2026-01-01"), 1)
    second = search(filled.connection, "会", order=Order.NEWEST, limit=1, offset=1, as_of=first.as_of)
    assert [hit.article_id for hit in (*first.hits, *second.hits)] == [2, 1]
    assert second.total == first.total == 2


def test_facets_say_what_the_hits_are_made_of(filled: Archive) -> None:
    found = facets(filled.connection, "，")
    assert found.sections == (("要闻", 2), ("专题 5G", 1), ("乡村", 1))
    assert found.sources == (("云汀融媒", 2),)
    assert found.years == (("2023", 1), ("2024", 2))
    assert found.credits[0] == ("三审", "卫青禾", 2)
    assert sum(number for _, _, number in found.credits) == 5
    assert facets(filled.connection, "记者:苏木").sections == (("要闻", 1),)


@pytest.mark.parametrize(
    ("query", "number", "parts"),
    [
        ("余峰 5g", 1, ["【余 峰】出席，【5G】基站"]),
        ("5g", 3, ["【５Ｇ】信号进村"]),
        ("百里坡", 5, ["上一段末尾是【百里 坡】字样。"]),
        ("大会", 1, ["县总工会召开【大会】"]),
        ("柑橘 苏木 采摘", 2, ["百里坡【柑橘】上市", "【采摘】", "记者丨【苏木】"]),
        ("记者:苏木", 2, ["百里坡柑橘上市"]),
    ],
)
def test_a_snippet_shows_every_term_as_printed(
    filled: Archive, query: str, number: int, parts: list[str]
) -> None:
    (hit,) = (hit for hit in search(filled.connection, query).hits if hit.article_id == number)
    assert [part for part in parts if part not in hit.snippet] == []


# --- a stock shell --------------------------------------------------------------------------------------


def shell(path: Path, sql: str) -> str:
    program = shutil.which("sqlite3")
    if program is None:
        pytest.skip("no sqlite3 shell on this machine")
    result = subprocess.run(
        [program, "-readonly", str(path), sql], capture_output=True, text=True, timeout=PATIENCE
    )
    assert result.stderr == ""
    return result.stdout.strip()


def test_a_stock_shell_finds_and_ranks_with_one_plain_statement(filled: Archive) -> None:
    titles = "SELECT 题名 FROM 检索 WHERE 词 = {} LIMIT 20"
    assert shell(filled.path, titles.format("json_quote('工会')")) == "县总工会召开大会\n柑橘开园"
    assert shell(filled.path, titles.format("'\"工会\"'")) == "县总工会召开大会\n柑橘开园"
    snippet = shell(filled.path, "SELECT 编号, 摘录 FROM 检索 WHERE 词 = '\"柑橘 工会\"'")
    assert snippet.startswith("2|…百里坡【柑橘】")
    assert "【工会】" in snippet
    for word, found in {
        "会": 2,
        "5g": 2,
        "５Ｇ": 2,
        "余峰": 1,
        "百里坡": 2,
        '"': 0,
        "*": 0,
        "  ": 0,
        "": 0,
    }.items():
        counted = shell(filled.path, f"SELECT count(*) FROM 检索编号 WHERE 词 = json_quote('{word}')")
        assert (word, counted) == (word, str(found))
    both = "SELECT 编号 FROM 检索编号 WHERE 词 = json_quote('会') EXCEPT SELECT 编号 FROM 检索编号 WHERE 词 = json_quote('柑橘')"
    assert shell(filled.path, both) == "1"


def test_a_word_given_without_json_quote_is_a_loud_error(filled: Archive) -> None:
    with pytest.raises(sqlite3.OperationalError, match="malformed JSON"):
        filled.connection.execute("SELECT * FROM 检索 WHERE 词 = '工会'").fetchall()


def test_newer_shells_trust_no_functions_in_views_and_can_search_all_the_same(filled: Archive) -> None:
    if sqlite3.sqlite_version_info < (3, 44):
        pytest.skip("FTS5 itself needs trusted_schema before SQLite 3.44")
    filled.connection.execute("PRAGMA trusted_schema = OFF")
    sql = "SELECT 题名 FROM 检索 WHERE 词 = json_quote('工会')"
    assert len(filled.connection.execute(sql).fetchall()) == 2


def test_sqlite_utils_recognises_the_index(filled: Archive) -> None:
    database = Database(filled.connection)
    assert database["article_fts"].virtual_table_using.upper() == "FTS5"  # type: ignore[union-attr]
    phrase = " ".join("工会")
    rows = database.query("SELECT rowid FROM article_fts WHERE article_fts MATCH ?", [f'"{phrase}"'])
    assert sorted(row["rowid"] for row in rows) == [1, 2]


# --- upkeep ---------------------------------------------------------------------------------------------


def test_the_index_follows_whatever_program_writes(filled: Archive) -> None:
    stranger = sqlite3.connect(filled.path)
    with stranger:
        stranger.execute("UPDATE article SET body = '改成梨花节' WHERE article_id = 2")
        for table in ("credit", "image", "article_version", "absence"):
            stranger.execute(f"DELETE FROM {table} WHERE article_id IN (1, 3)")
        stranger.execute("DELETE FROM article WHERE article_id = 1")
        stranger.execute("UPDATE article SET article_id = 30 WHERE article_id = 3")
        stranger.execute(
            "INSERT INTO article (site, key, url, title, body, content_sha256, first_seen_at, last_seen_at,"
            " last_look_at) VALUES ('s', '9', 'u', '外人写入', '梨花', ?, '', '', '')"
            " ON CONFLICT (site, key) DO UPDATE SET body = excluded.body",
            ("0" * 64,),
        )
        stranger.execute(
            "INSERT OR IGNORE INTO article (site, key, url, title, body, content_sha256, first_seen_at,"
            " last_seen_at, last_look_at) VALUES ('s', '9', 'u', '', '不写入', ?, '', '', '')",
            ("0" * 64,),
        )
    stranger.close()
    assert matching_ids(filled.connection, "工会") == []
    assert len(matching_ids(filled.connection, "梨花")) == 2
    assert matching_ids(filled.connection, "数字乡村") == [30]
    assert matching_ids(filled.connection, "不写入") == []
    assert index_ok(filled.connection) == ""


def test_changing_what_is_not_searched_leaves_the_index_alone(filled: Archive) -> None:
    before = filled.connection.total_changes
    filled.connection.execute("UPDATE article SET last_seen_at = '2030-01-01T00:00:00Z'")
    assert filled.connection.total_changes - before == len(TEXTS)


def test_insert_or_replace_is_refused_because_it_would_break_the_index(filled: Archive) -> None:
    stranger = sqlite3.connect(filled.path)  # recursive_triggers is off in a plain connection
    with pytest.raises(sqlite3.IntegrityError, match="ON CONFLICT DO UPDATE"):
        stranger.execute("INSERT OR REPLACE INTO article SELECT * FROM article WHERE article_id = 2")
    stranger.close()


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_a_broken_index_is_noticed_and_built_again(filled: Archive, trigger: str) -> None:
    execute = filled.connection.execute
    assert index_ok(filled.connection) == ""
    sql = execute("SELECT sql FROM sqlite_master WHERE name = ?", (trigger,)).fetchone()[0]
    execute(f"DROP TRIGGER {trigger}")
    assert trigger in index_ok(filled.connection)
    execute("UPDATE article SET body = '无人知晓' WHERE article_id = 2")
    execute(sql)
    if "update" in trigger:
        assert "does not hold" in index_ok(filled.connection)
    reindex(filled.connection)
    assert index_ok(filled.connection) == ""
    assert matching_ids(filled.connection, "无人知晓") == [2]


def test_a_dump_and_a_vacuumed_copy_search_the_same(filled: Archive, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    filled.commit()
    filled.connection.execute(f"VACUUM INTO '{copy}'")
    dumped = sqlite3.connect(tmp_path / "dumped.db")
    program = shutil.which("sqlite3")
    for connection in (sqlite3.connect(copy), dumped):
        if connection is dumped:
            if program is None:
                continue
            text = subprocess.run(
                [program, str(copy), ".dump"], capture_output=True, text=True, check=True
            ).stdout
            subprocess.run([program, str(tmp_path / "dumped.db")], input=text, text=True, check=True)
        assert matching_ids(connection, "工会") == [1, 2]
        assert index_ok(connection) == ""
        connection.close()
    dumped.close()


@pytest.mark.parametrize(
    "length", [0, 1, 15, 16, 17, 255, 256, 257, 3000, 4094, 4095, 4096, 4353, 8192, 65_537, 1_048_600]
)
def test_the_index_reads_the_text_character_by_character(filled: Archive, length: int) -> None:
    """group_concat keeps the row order in practice and not by contract: this is where a change would show."""
    text = "".join(chr(0x4E00 + number % 4999) for number in range(length))
    filled.connection.execute("UPDATE article SET title = '题', body = ? WHERE article_id = 5", (text,))
    spaced = filled.connection.execute(
        "SELECT body, title FROM article_fts_text WHERE article_id = 5"
    ).fetchone()
    assert [part.split() for part in spaced] == [list(text), ["题"]]


def test_the_index_is_read_and_built_in_linear_time(filled: Archive) -> None:
    execute = filled.connection.execute

    def keep(text: str) -> None:
        execute("UPDATE article SET body = ? WHERE article_id = 5", (text,))
        reindex(filled.connection)

    for piece in ("长河落日，", "⽂化５Ｇ\u2067", "🍊"):
        assert growth(lambda size, piece=piece: piece * (size // len(piece)), keep, 40_000) <= MOST_GROWTH  # type: ignore[misc]


def test_a_long_text_shows_its_hits_in_linear_time(filled: Archive) -> None:
    def show(text: str) -> None:
        filled.connection.execute("UPDATE article SET body = ? WHERE article_id = 5", (text,))
        assert search(filled.connection, "正文:落日").hits[0].segments[1] == ("落日", True)

    assert growth(lambda size: "长河落日 " * size, show, 10_000) <= MOST_GROWTH


# --- one form on both sides -----------------------------------------------------------------------------


def test_the_index_and_the_program_know_the_same_forms(filled: Archive) -> None:
    rows = filled.connection.execute("SELECT printed, indexed FROM article_fts_form")
    assert dict(rows) == index_forms()


def test_every_form_is_the_one_that_unicode_gives() -> None:
    forms = index_forms()
    for code in (*range(0x2F00, 0x2FE0), *range(0xF900, 0xFADA), *range(0x2F800, 0x2FA1E)):
        printed = chr(code)
        assert forms.get(printed, printed) == unicodedata.normalize("NFKC", printed), hex(code)
    for code in range(0x2E80, 0x2F00):
        normal = unicodedata.normalize("NFKC", chr(code))
        assert normal in (chr(code), forms.get(chr(code)))
    formats = {c for c in map(chr, range(0x110000)) if unicodedata.category(c) == "Cf" and fold(c)}
    visible = {"\u0605", "\u0890", "\u0891", "\u08e2", "\U000110cd", *map(chr, range(0x13430, 0x13440))}
    assert formats <= visible  # signs that stand before numbers or build hieroglyphs: a reader sees them


PRINTED = {
    "⽂化⼯程开⼯": "文化工程",  # as copied out of a PDF
    "⻓河村⻋站": "长河村车站",
    "桔\u2066园\u2069": "桔园",
    "阿\u061c里木": "阿里木",
    "葛\U000e0100家坝": "葛家坝",
    "便\uf965民": "便便民",
    "红❤\ufe0f心": "❤心",
}


@pytest.mark.parametrize("printed", PRINTED)
def test_what_looks_the_same_is_found_the_same(filled: Archive, printed: str) -> None:
    execute = filled.connection.execute
    execute("UPDATE article SET body = ? WHERE article_id = 5", (f"前文。{printed}，后文",))
    for asked in (PRINTED[printed], printed):
        assert matching_ids(filled.connection, f"正文:{asked}") == [5]
        marked = [text for text, found in search(filled.connection, asked).hits[0].segments if found]
        assert [fold(text) for text in marked] == [fold(asked)]
        typed = json.dumps(asked, ensure_ascii=False)
        assert execute("SELECT 编号 FROM 检索 WHERE 词 = ?", (typed,)).fetchall() == [(5,)]
    assert execute("SELECT body FROM article WHERE article_id = 5").fetchone()[0] == f"前文。{printed}，后文"
    assert index_ok(filled.connection) == ""


def test_an_older_index_learns_the_forms(tmp_path: Path, article: MakeArticle) -> None:
    path = tmp_path / "older.db"
    bodies = ["⽂化⼯程", "文化工程", "普通的文字", "又\u2068一\u2069句🍊", "零\0字节⽂"]
    with Archive.open(tmp_path / "today.db") as today:
        crawl = begin_crawl(today, "yunting", software="", options={})
        for number, body in enumerate(bodies):
            save_article(today, article(key=str(number), title="标题", body=(body,)), crawl)
    make_older(tmp_path / "today.db", path, 11)
    with closing(sqlite3.connect(path)) as older:
        assert len(matching_ids(older, "正文:文化工程")) == 1
    with Archive.open(path) as archive:
        assert index_ok(archive.connection) == ""
        assert matching_ids(archive.connection, "正文:文化工程") == [1, 2]
        assert matching_ids(archive.connection, "正文:又一句") == [4]
        reindex(archive.connection)
        assert index_ok(archive.connection) == ""


@given(text=st.text(max_size=60) | st.text(alphabet=st.sampled_from([*index_forms(), "字"])))
@example(text="\0")
@example(text="柑\0橘")
def test_a_rebuilt_index_is_the_one_that_the_triggers_keep(filled: Archive, text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    filled.connection.execute(
        "UPDATE article SET body = ?, title = ? WHERE article_id = 3", (text, text[::-1])
    )
    reindex(filled.connection)
    assert index_ok(filled.connection) == ""


STRANGE = st.sampled_from(["\0", "\ud800", "\ufffe", "\u0301", *"字，🍊𠮷⼯ﬁ", "\u2067", "\U000e0100"])


@given(texts=st.lists(st.text(max_size=20) | st.text(STRANGE, max_size=8), min_size=6, max_size=6))
@example(texts=["柑\0橘", "题", "", "\ud800", "甲", "乙"])
def test_the_index_that_a_writer_keeps_is_the_one_that_the_triggers_keep(
    filled: Archive, texts: list[str]
) -> None:
    """Old texts may be anything that somebody wrote: zero bytes, half surrogates, bytes that are no UTF-8, blobs."""
    connection = filled.connection
    connection.execute(
        "UPDATE article SET body = CAST(? AS TEXT), title = CAST(? AS TEXT), kicker = ? WHERE article_id = 3",
        [text.encode("utf-8", "surrogatepass") for text in texts[:3]],
    )
    body, title, credit_line = (text.encode("utf-8", "ignore").decode() for text in texts[3:])
    row = {"body": body, "title": title, "kicker": "", "subtitle": body[::-1], "credit_line": credit_line}
    with filled.transaction():
        update_article(connection, 3, row)
    filled.commit()
    assert index_ok(connection) == ""
    with filled.transaction():
        new = {
            "site": "yunting",
            "key": body + title + credit_line + "9",
            "url": "",
            "content_sha256": "0" * 64,
        }
        number = insert_article(
            connection, row | new | dict.fromkeys(("first_seen_at", "last_seen_at", "last_look_at"), "")
        )
    filled.commit()
    assert index_ok(connection) == ""
    connection.execute("DELETE FROM article WHERE article_id = ?", (number,))
    assert index_ok(connection) == ""


def test_a_save_that_fails_leaves_the_index_to_the_triggers(filled: Archive, article: MakeArticle) -> None:
    connection = filled.connection
    filled.begin()
    with pytest.raises(sqlite3.IntegrityError), filled.transaction():
        insert_article(connection, {"site": "yunting", "title": "无正文"})
    with pytest.raises(sqlite3.IntegrityError), filled.transaction():
        update_article(connection, 3, {**dict.fromkeys(INDEXED, "新"), "version": None})
    connection.execute("UPDATE article SET body = '县里的事' WHERE article_id = 3")
    filled.commit()
    assert matching_ids(connection, "正文:县里的事") == [3]
    assert index_ok(connection) == ""


def test_a_batch_comes_into_the_index_at_its_commit(filled: Archive, article: MakeArticle) -> None:
    """Written once and again, taken back and written anew: the index learns what is there in the end."""
    connection = filled.connection
    filled.begin()
    save_article(filled, article(key="91", body=("山里的茶",)), 1)
    save_article(filled, article(key="91", body=("河边的橘",)), 1)
    save_article(filled, article(key="92", body=("桥上的雪",)), 1)

    def save_one_of_two() -> None:
        with filled.transaction():
            save_article(filled, article(key="93", body=("没有的事",)), 1)
            insert_article(connection, {"site": "yunting", "title": "无正文"})

    with pytest.raises(sqlite3.IntegrityError):
        save_one_of_two()
    save_article(filled, article(key="3", body=("城里的灯",)), 1)
    filled.commit()
    (number,) = connection.execute("SELECT article_id FROM article WHERE key = '91'").fetchone()
    assert matching_ids(connection, "正文:河边的橘") == [number]
    assert [
        len(matching_ids(connection, f"正文:{text}")) for text in ("山里的茶", "桥上的雪", "没有的事")
    ] == [0, 1, 0]
    assert len(matching_ids(connection, "正文:城里的灯")) == 1
    assert index_ok(connection) == ""


def test_a_long_text_comes_into_the_index_while_its_page_is_noted(
    filled: Archive, article: MakeArticle
) -> None:
    connection = filled.connection
    filled.begin()
    save_article(filled, article(key="91", body=("短的一篇",)), 1)
    assert matching_ids(connection, "正文:短的一篇") == []
    for ending in ("桥上的雪", "河边的橘"):
        save_article(filled, article(key="92", body=("云汀" * 50_000, ending)), 1)
        assert len(matching_ids(connection, f"正文:{ending}")) == 1
    assert len(matching_ids(connection, "正文:短的一篇")) == 1
    assert matching_ids(connection, "正文:桥上的雪") == []
    filled.commit()
    assert index_ok(connection) == ""


def test_triggers_that_are_kept_from_the_index_are_found(filled: Archive) -> None:
    filled.connection.execute("INSERT INTO article_fts_writer DEFAULT VALUES")
    assert "article_fts_writer" in index_ok(filled.connection)
    filled.connection.execute("UPDATE article SET body = '县里的事' WHERE article_id = 3")
    reindex(filled.connection)
    assert index_ok(filled.connection) == ""


# --- properties -----------------------------------------------------------------------------------------

ALPHABET = "工会余峰柑橘aA5５Ｇg%％，,·“” 　\n\u200b\"'()*-^:：{}|🍊𠮷ßİǅ\u0301\ufeff⼯⻓便\u2066\ufe0f"
TEXT = st.one_of(st.text(alphabet=ALPHABET, max_size=40), st.text(max_size=20))


@given(texts=st.lists(TEXT, min_size=1, max_size=4), query=TEXT)
def test_hits_are_exactly_the_texts_that_hold_every_term(
    filled: Archive, texts: list[str], query: str
) -> None:
    """Any text in, any query in: no error but the documented one, no wrong hit, none missed."""
    connection = filled.connection
    texts = [text.replace("\0", "").encode("utf-8", "ignore").decode() for text in texts]
    ids = range(1, len(texts) + 1)
    for number, text in zip(ids, texts, strict=True):
        connection.execute(
            "UPDATE article SET title = '', kicker = '', subtitle = '', body = ?, credit_line = '' WHERE article_id = ?",
            (text, number),
        )
    try:
        clauses = parse_query(query).clauses
    except QueryError:
        return
    if not all(isinstance(condition, Term) for clause in clauses for condition in clause):
        return
    found = [number for number in matching_ids(connection, query) if number in ids]
    assert found == [
        number
        for number, text in zip(ids, texts, strict=True)
        if all(
            any((term.text in fold(text)) != term.negated for term in clause if isinstance(term, Term))
            for clause in clauses
        )
    ]
    for hit in search(connection, query).hits:
        printed = texts[hit.article_id - 1] if hit.article_id in ids else ""
        marked = [text for text, is_found in hit.segments if is_found]
        wanted = {term.text for clause in clauses for term in clause if isinstance(term, Term)}
        assert all(
            any(term in fold(text) or fold(text) in fold(printed) for term in wanted) for text in marked
        )


@given(words=st.text(max_size=30))
def test_the_view_finds_what_holds_every_word(filled: Archive, words: str) -> None:
    words = words.replace("\0", "").encode("utf-8", "ignore").decode()
    sql = "SELECT 编号 FROM 检索编号 WHERE 词 = ? ORDER BY 编号"
    found = [row[0] for row in filled.connection.execute(sql, (json.dumps(words, ensure_ascii=False),))]
    terms = [folded for word in words.split() if (folded := fold(word))]
    texts = {
        row[0]: [fold(text) for text in row[1:]]
        for row in filled.connection.execute(
            "SELECT article_id, title, kicker, subtitle, body, credit_line FROM article"
        )
    }
    assert found == [
        number
        for number, columns in texts.items()
        if terms and all(any(term in column for column in columns) for term in terms)
    ]
