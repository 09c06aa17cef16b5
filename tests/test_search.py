"""Search: every article that holds the words, none that does not, in Python and in a plain SQLite shell."""

import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import Archive, Article
from archive.search import (
    MAX_QUERY,
    QueryError,
    Term,
    index_is_right,
    matching_ids,
    parse_query,
    reindex,
    search,
)

MakeArticle = Callable[..., Article]

TEXTS = {
    1: ("县总工会召开大会", "余 峰出席，5G基站同步启用。", "记者丨闻小满"),
    2: ("柑橘开园", "百里坡柑橘上市，工会组织采摘。", "记者丨苏木"),
    3: ("数字乡村", "５Ｇ信号进村，３·１５活动开展；产量增长20%。", "一审丨乔安"),
    4: ("P2P提醒", "𠮷林路口设置emoji🍊标识，AI课堂。", ""),
    5: ("长文", "上一段末尾是百里\n坡字样。", "记者丨阿依古丽·买买提"),
}


@pytest.fixture
def filled(archive: Archive, article: MakeArticle) -> Archive:
    for key, (title, body, credit_line) in TEXTS.items():
        archive.save(
            article(
                key=str(key), title=title, body=tuple(body.split("\n")), credit_line=credit_line, credits=()
            ),
            1,
        )
    return archive


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
        ("工会 -柑橘", [1]),
        ('"百里 坡"', [2, 5]),
        ("“大会”", [1]),
        ("「大会」 -“苏 木”", [1]),
        ("总工会开", []),
        ("会工", []),
        ("工会*", []),
        ("NEAR(工 会)", []),
        ("title:工会", []),
        ("工会 OR", []),
        ("-", []),
        ("^工会", []),
    ],
)
def test_what_a_query_finds(filled: Archive, query: str, found: list[int]) -> None:
    assert matching_ids(filled.connection, query) == found
    result = search(filled.connection, query)
    assert (result.total, sorted(hit.article_id for hit in result.hits)) == (len(found), found)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "nothing to look for"),
        ("  　\u200b", "nothing to look for"),
        ("-工会", "nothing to look for"),
        ('工会 "柑橘', 'the quote " at character 4 is not closed'),
        ("工" * (MAX_QUERY + 1), "at most"),
    ],
)
def test_a_query_that_cannot_be_read_says_why(filled: Archive, query: str, words: str) -> None:
    with pytest.raises(QueryError, match=words):
        search(filled.connection, query)


def test_a_query_is_read_into_terms() -> None:
    assert parse_query('工会 -"余 峰" a-b') == (Term("工会"), Term("余 峰", negated=True), Term("a-b"))


def test_a_title_counts_more_than_a_body(filled: Archive) -> None:
    assert [hit.article_id for hit in search(filled.connection, "工会").hits] == [1, 2]
    assert search(filled.connection, "工会", limit=1).total == 2
    assert [hit.article_id for hit in search(filled.connection, "工会", limit=1, offset=1).hits] == [2]


@pytest.mark.parametrize(
    ("query", "number", "snippet"),
    [
        ("余峰 5g", 1, "【余 峰】出席，【5G】基站同步启用。 记者丨闻小满"),
        ("5g", 3, "【５Ｇ】信号进村，３·１５活动开展；产量增长20%。 一…"),
        ("百里坡", 5, "上一段末尾是【百里 坡】字样。 记者丨阿依古丽·买买提"),
        ("大会", 1, "余 峰出席，5G基站同步启用。 记者丨闻小满"),
    ],
)
def test_a_snippet_marks_every_term_as_printed(
    filled: Archive, query: str, number: int, snippet: str
) -> None:
    (hit,) = (hit for hit in search(filled.connection, query).hits if hit.article_id == number)
    assert hit.snippet == snippet


def shell(path: Path, sql: str) -> str:
    program = shutil.which("sqlite3")
    if program is None:
        pytest.skip("no sqlite3 shell on this machine")
    result = subprocess.run(
        [program, "-readonly", str(path), sql], capture_output=True, text=True, timeout=20
    )
    assert result.stderr == ""
    return result.stdout.strip()


def test_a_stock_shell_finds_and_ranks_with_one_plain_statement(filled: Archive) -> None:
    assert (
        shell(filled.path, "SELECT 题名 FROM 检索 WHERE 词 = json_quote('工会') LIMIT 20")
        == "县总工会召开大会\n柑橘开园"
    )
    assert shell(filled.path, "SELECT 编号, 摘录 FROM 检索 WHERE 词 = '\"柑橘 工会\"'").startswith(
        "2|…百里坡【柑橘】"
    )
    assert shell(filled.path, "SELECT count(*) FROM 检索编号 WHERE 词 = json_quote('会')") == "2"
    assert shell(filled.path, "SELECT count(*) FROM 检索编号 WHERE 词 = json_quote('5g')") == "2"
    assert shell(filled.path, "SELECT count(*) FROM 检索 WHERE 词 = json_quote('  ')") == "0"


def test_the_index_follows_whatever_program_writes(filled: Archive) -> None:
    stranger = sqlite3.connect(filled.path)
    with stranger:
        stranger.execute("UPDATE article SET body = '改成梨花节' WHERE article_id = 2")
        stranger.execute("DELETE FROM credit")
        stranger.execute("DELETE FROM image")
        stranger.execute("DELETE FROM article_version WHERE article_id = 1")
        stranger.execute("DELETE FROM article WHERE article_id = 1")
        stranger.execute(
            "INSERT INTO article (site, key, url, title, body, content_sha256, first_seen_at, last_seen_at)"
            " VALUES ('s', '9', 'u', '外人写入', '梨花', ?, '', '')"
            " ON CONFLICT (site, key) DO UPDATE SET body = excluded.body",
            ("0" * 64,),
        )
    stranger.close()
    assert matching_ids(filled.connection, "工会") == []
    assert len(matching_ids(filled.connection, "梨花")) == 2
    assert index_is_right(filled.connection)


def test_insert_or_replace_is_refused_because_it_would_break_the_index(filled: Archive) -> None:
    stranger = sqlite3.connect(filled.path)  # recursive_triggers is off in a plain connection
    with pytest.raises(sqlite3.IntegrityError, match="ON CONFLICT DO UPDATE"):
        stranger.execute("INSERT OR REPLACE INTO article SELECT * FROM article WHERE article_id = 2")
    stranger.close()


def test_a_broken_index_is_noticed_and_built_again(filled: Archive) -> None:
    assert index_is_right(filled.connection)
    filled.connection.execute("DROP TRIGGER article_fts_bu")
    filled.connection.execute("UPDATE article SET body = '无人知晓' WHERE article_id = 2")
    assert not index_is_right(filled.connection)
    reindex(filled.connection)
    assert index_is_right(filled.connection)


def test_the_index_reads_the_text_character_by_character(filled: Archive) -> None:
    """group_concat keeps the row order in practice and not by contract: this is where a change would show."""
    long = "".join(chr(0x4E00 + number % 5000) for number in range(3000))
    filled.connection.execute("UPDATE article SET body = ? WHERE article_id = 5", (long,))
    spaced = filled.connection.execute("SELECT body FROM article_fts_text WHERE article_id = 5").fetchone()[0]
    assert spaced.split() == list(long)


TEXT = st.text(alphabet="工会余峰柑橘aA5５Ｇg%％，,·“” 　\n\u200b\"'()*-^:🍊𠮷", max_size=40)


def normal(text: str) -> str:
    wide = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    return "".join(char for char in text.translate(wide) if char not in " 　\n\u200b").lower()


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXT, min_size=1, max_size=4), query=TEXT)
def test_hits_are_exactly_the_texts_that_hold_every_term(
    filled: Archive, texts: list[str], query: str
) -> None:
    connection = filled.connection
    ids = []
    for number, text in enumerate(texts):
        connection.execute(
            "UPDATE article SET title = '', body = ?, credit_line = '' WHERE article_id = ?",
            (text, number + 1),
        )
        ids.append(number + 1)
    try:
        terms = parse_query(query)
    except QueryError:
        return
    found = [number for number in matching_ids(connection, query) if number in ids]
    assert found == [
        number
        for number, text in zip(ids, texts, strict=True)
        if all((normal(term.text) in normal(text)) != term.negated for term in terms)
    ]
    if len(terms) == 1 and terms[0].text == query:
        sql = "SELECT 编号 FROM 检索编号 WHERE 词 = json_quote(?) ORDER BY 编号"
        assert [row[0] for row in connection.execute(sql, (query,)) if row[0] in ids] == found
    for hit in search(connection, query).hits:
        assert hit.snippet.count("【") == hit.snippet.count("】")
