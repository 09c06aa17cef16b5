"""Former texts and credits: every version is found that a plain look through all of them finds, and no other one."""

import csv
import io
import json
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import html5lib
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive, Article, Credit, Role
from archive.importer.package import import_archive
from archive.rendering.replaced import what_replaced
from archive.room import RoomSettings, create_app
from archive.room.reading_copy import write_reading_copy
from archive.search import former
from archive.search.errors import QueryError
from archive.search.fold import fold
from archive.search.former import search_former
from archive.search.former_index import _AROUND, former_index_ok, lost, pieces
from archive.search.index import index_ok, reindex
from archive.search.language import TEXT_FIELDS, Dates, Filter, Query, Term, asks_former, parse_query
from archive.search.query import count, search
from archive.store.access import withhold_restricted
from archive.store.articles import replace_history, save_article
from archive.store.counts import miscounted
from archive.text_diff import count_changed, diff_field
from tests.command_line import fork_zhijiang
from tests.older import make_older
from tests.room import client_of
from tests.searched import matching_ids

MakeArticle = Callable[..., Article]
COLUMNS = ("body", "title", "kicker", "subtitle", "credit_line")


@pytest.fixture
def revised(archive: Archive, article: MakeArticle) -> Archive:
    """An article with three texts, one with one, and one that only got longer."""
    texts = {
        "1": (
            ("云汀县修路", "全县今年投资4100万元修路。\n第二段没有变。", "甲一"),
            ("云汀县修路", "全县今年投资4700万元修路。\n第二段没有变。", "甲一"),
            ("云汀县养路", "全县今年投资4700万元修路。\n第二段没有变。", "乙二"),
        ),
        "2": (("柑橘开园", "百里坡柑橘上市，投资4100万元。", "乙二"),),
        "3": (
            ("会议消息", "大会今天开幕。", "丙三"),
            ("会议消息", "大会今天开幕。\n广告：百里坡民宿。", "丙三"),
        ),
    }
    for key, versions in texts.items():
        for number, (title, body, name) in enumerate(versions):
            save_article(archive, said(article, key, number, title, body, name), 1)
    return archive


def said(
    article: MakeArticle, key: str, number: int, title: str, body: str, name: str, **more: Any
) -> Article:
    return article(
        key=key,
        title=title,
        body=tuple(body.split("\n")),
        credit_line=f"三审：{name}",
        credits=(Credit("三审", Role.THIRD_REVIEW, name),),
        fetched_at=f"2024-11-{number + 1:02}T03:00:00Z",
        **more,
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("4100万元", [1]),
        ("４１００万元", [1]),
        ("4100万元 第二段", [1]),
        ("4100万元 百里坡", []),
        ("修路 4700万元", []),
        ("标题:修路", [1]),
        ("正文:修路", []),
        ("三审:甲一", [1]),
        ("姓名:甲一", [1]),
        ("记者:甲一", []),
        ("署名:甲一", [1]),
        ("三审:甲一 4700万元", [1]),
        ("三审:乙二 4100万元", []),
        ("大会 -广告", [3]),
        ("三审:丙三 -广告", [3]),
        ("4700万元 -三审:乙二", [1]),
        ("4100万元 OR 大会", [1]),
        ("4100万元 日期:2024-11", [1]),
        ("4100万元 日期:2023", []),
        ("4100万元 OR 状态:在线", []),
        ("甲一 状态:在线", [1]),
        ("投资4100万元修路。第二段没有变", [1]),
        ("曾署名:甲一 4100万元", [1]),
    ],
)
def test_a_former_version_is_asked_as_a_whole(revised: Archive, query: str, found: list[int]) -> None:
    asked = parse_query(query)
    assert search_former(revised.connection, asked).articles == found
    assert [
        n for n in scan(revised.connection, asked) if n not in matching_ids(revised.connection, asked)
    ] == found
    assert matching_ids(revised.connection, f"{query} 旧版:有") == found
    assert count(revised.connection, f"旧版:有 {query}") == len(found)


def test_a_text_across_two_lines_is_found_where_a_new_one_came_between(
    archive: Archive, article: MakeArticle
) -> None:
    for number, body in enumerate(
        ("大会在百里\n坡召开，到会的人很多。", "大会在百里\n（广告）\n坡召开，到会的人很多。")
    ):
        save_article(archive, said(article, "1", number, "大会", body, "甲一"), 1)
    for query in ("百里坡", "大会在百里坡召开，到会的人很多", "里坡 大会"):
        assert search_former(archive.connection, parse_query(query)).articles == [1], query


@pytest.mark.parametrize("query", ["-广告", "日期:2024", "栏目:要闻 状态:在线", "-三审:甲一"])
def test_what_names_no_text_and_no_credit_is_not_asked_of_former_versions(
    revised: Archive, query: str
) -> None:
    answer = search_former(revised.connection, parse_query(query))
    assert (answer.articles, answer.unsearched) == ((), former.UNASKED)
    with pytest.raises(QueryError, match="没有要出现的词"):
        search(revised.connection, f"{query} 旧版:有")


@pytest.mark.parametrize(
    ("query", "position"), [("旧版:有", 1), ("大会 -旧版:有", 4), ("大会 OR 旧版:有", 7), ("大会 旧版:无", 7)]
)
def test_former_versions_are_asked_of_a_whole_query(query: str, position: int) -> None:
    with pytest.raises(QueryError, match=f"第 {position} 个字符"):
        parse_query(query)


def test_a_hit_tells_the_newest_version_that_is_meant(revised: Archive) -> None:
    (hit,) = search(revised.connection, "三审:甲一 修路 旧版:有").hits
    assert hit.former is not None
    assert (hit.article_id, hit.title, hit.former.number) == (1, "云汀县养路", 2)
    assert hit.former.after["seen_at"] == "2024-11-03T03:00:00Z"
    assert hit.snippet == hit.former.snippet == "全县今年投资4700万元【修路】。 第二段没有变。"
    (hit,) = search(revised.connection, "4100万元 旧版:有").hits
    assert hit.former is not None
    assert hit.former.number == 1
    assert "【4100万元】" in hit.snippet


@pytest.mark.parametrize(
    ("query", "found"), [("曾署名:甲一", [1]), ("曾三审:甲一", [1]), ("曾记者:甲一", []), ("曾署名:乙二", [])]
)
def test_former_credits_are_asked_for(revised: Archive, query: str, found: list[int]) -> None:
    assert matching_ids(revised.connection, query) == found


def test_too_many_candidates_are_said(revised: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    both = parse_query("4100万元 OR 大会 -民宿")
    assert search_former(revised.connection, both).articles == [1, 3]
    monkeypatch.setattr(former, "MOST", 1)
    assert search_former(revised.connection, parse_query("4100万元")).articles == [1]
    assert search_former(revised.connection, both) == former.Former((), former.TOO_MANY)
    with pytest.raises(QueryError, match="加一个词或日期再查"):
        count(revised.connection, "4100万元 OR 大会 -民宿 旧版:有")


# --- against a look through everything ---------------------------------------------------------------------


def scan(connection: sqlite3.Connection, query: Query) -> list[int]:
    """Return the articles with a replaced version that is what a query asks for: every one is read."""
    found = []
    for article_id, day, status, version in connection.execute(
        "SELECT article_id, published_on, status, version FROM article ORDER BY article_id"
    ).fetchall():
        rows = connection.execute(
            f"SELECT credits, {', '.join(COLUMNS)} FROM article_version WHERE article_id = ? AND number < ?",
            (article_id, version),
        ).fetchall()
        former_names = {(role, name) for row in rows for _, role, name, _ in json.loads(row[0])} - set(
            connection.execute("SELECT role, name FROM credit WHERE article_id = ?", (article_id,))
        )
        told = {"day": day, "status": status, "former": former_names}
        for credits, *texts in rows:
            folded = {name: fold(text) for name, text in zip(COLUMNS, texts, strict=True)}
            if all(
                any(holds(c, folded, json.loads(credits), told) for c in clause) for clause in query.clauses
            ):
                found.append(article_id)
                break
    return found


def holds(
    condition: Any, texts: Mapping[str, str], credits: Sequence[Sequence[str]], told: Mapping[str, Any]
) -> bool:
    if isinstance(condition, Term):
        held = any(condition.text in texts[name] for name in condition.columns or COLUMNS)
    elif isinstance(condition, Dates):
        held = told["day"] is not None and (
            (condition.first or "0") <= told["day"] <= (condition.last or "9999-99-99")
        )
    elif condition.field == "状态":
        held = told["status"] == condition.value
    elif condition.field.startswith("曾"):
        role = condition.field.removeprefix("曾")
        held = any(r == role or role == "署名" for r, name in told["former"] if fold(name) == condition.value)
    else:
        held = any(
            fold(name) == condition.value and condition.field in ("姓名", role)
            for _, role, name, _ in credits
        )
    return held is not condition.negated


LETTERS = "甲乙丙ａA１ \u200b\n"
texts = st.text(LETTERS, max_size=9)
bodies = st.lists(st.text(LETTERS, max_size=6), max_size=5).map("\n".join)
names = st.sampled_from(("甲", "乙", "丙"))
roles = st.sampled_from((Role.REPORTER, Role.THIRD_REVIEW))
versions = st.fixed_dictionaries(
    {
        "title": texts.filter(lambda text: bool(fold(text))),
        "kicker": texts,
        "body": bodies,
        "credit_line": texts,
        "credits": st.lists(st.tuples(roles, names), max_size=2),
    }
)
histories = st.lists(st.lists(versions, min_size=1, max_size=4), min_size=1, max_size=4)
words = st.text("甲乙丙a1", min_size=1, max_size=14)
positive = st.one_of(
    words.map(Term),
    st.tuples(words, st.sampled_from(sorted(TEXT_FIELDS))).map(lambda w: Term(w[0], TEXT_FIELDS[w[1]])),
    st.tuples(st.sampled_from(("姓名", "记者", "三审", "曾署名", "曾三审")), names).map(lambda f: Filter(*f)),
    st.just(Filter("状态", "在线")),
    st.sampled_from((Dates("2024-01-01", "2024-12-31"), Dates("", "2023-12-31"))),
)
conditions = st.tuples(positive, st.booleans()).map(lambda c: replace(c[0], negated=c[1]))
queries = st.lists(st.lists(conditions, min_size=1, max_size=2), min_size=1, max_size=3).map(
    lambda clauses: Query(tuple(map(tuple, clauses)))
)


@given(histories, st.lists(queries, min_size=1, max_size=6), words, st.booleans())
def test_any_query_finds_what_a_look_through_every_version_finds(
    empty_archive: Path,
    tmp_path: Path,
    article: MakeArticle,
    histories: list[list[dict[str, Any]]],
    queries: list[Query],
    word: str,
    again: bool,
) -> None:
    path = tmp_path / "any.db"
    shutil.copy(empty_archive, path)
    with Archive.open(path) as archive:
        archive.begin()
        for key, history in enumerate(histories):
            for number, version in enumerate(history):
                save_article(archive, told_by(article, str(key), number, version), 1)
        archive.commit()
        assert index_ok(archive.connection) == ""
        assert miscounted(archive.connection) == []
        if again:
            reindex(archive.connection)
            assert index_ok(archive.connection) == ""
        for query in queries:
            now = set(matching_ids(archive.connection, query))
            answer = search_former(archive.connection, query)
            asked = any(
                not c.negated
                and (isinstance(c, Term) or (isinstance(c, Filter) and c.field in ("姓名", "记者", "三审")))
                for clause in query.clauses
                for c in clause
            )
            wanted = [n for n in scan(archive.connection, query) if n not in now] if asked else []
            assert list(answer.articles) == wanted
            assert bool(answer.unsearched) is not asked
        if len(word) <= 12:  # of a longer one the view compares texts as they are printed
            rows = archive.connection.execute(
                "SELECT DISTINCT 编号 FROM 检索旧版 WHERE 词 = json_quote(?) ORDER BY 1", (word,)
            )
            now = set(matching_ids(archive.connection, word))
            wanted = [n for n in scan(archive.connection, parse_query(word)) if n not in now]
            assert [number for (number,) in rows] == wanted


def told_by(article: MakeArticle, key: str, number: int, version: Mapping[str, Any]) -> Article:
    return article(
        key=key,
        title=version["title"],
        kicker=version["kicker"],
        subtitle="",
        body=tuple(version["body"].split("\n")),
        credit_line=version["credit_line"],
        credits=tuple(Credit(None, role, name) for role, name in version["credits"]),
        images=(),
        published_on=("2024-01-16", "2023-05-05")[int(key) % 2],
        fetched_at=f"2024-11-{number + 1:02}T03:00:00Z",
    )


@given(st.lists(st.text("甲乙丙丁 ", max_size=25), max_size=6), st.data())
def test_whatever_a_text_says_no_more_has_a_part_in_the_index(before: list[str], data: st.DataObject) -> None:
    after = data.draw(
        st.lists(st.one_of(st.text("甲乙丙丁 ", max_size=25), *map(st.just, before)), max_size=6)
    )
    old, new = (fold("".join(lines)) for lines in (before, after))
    indexed = lost("\n".join(before), "\n".join(after))
    passages = ["".join(passage.split(" ")) for passage in indexed.split(" || ")]
    assert all(passage in old for passage in passages)
    for start in range(len(old)):
        for end in range(start + 1, min(len(old), start + 40) + 1):
            text = old[start:end]
            if text not in new:
                assert any(piece in passage for piece in pieces(text) for passage in passages), text


def test_only_what_changed_is_indexed() -> None:
    paragraphs = [f"第{number}段写的是一件没有变的事情，到这里为止。" for number in range(50)]
    before, after = ("\n".join([*paragraphs[:25], f"投资{n}00万元。", *paragraphs[25:]]) for n in (41, 47))
    indexed = lost(before, after).replace(" ", "")
    assert len(indexed) == 2 * _AROUND + 1
    assert lost(before, before) == lost("", after) == lost(before, f"{before}\n新的一段") == ""
    assert lost(before, before.replace("，", ",")) == ""


# --- the doors ---------------------------------------------------------------------------------------------


@pytest.fixture
def reader(revised: Archive) -> FlaskClient:
    revised.commit()
    return client_of(create_app(RoomSettings(revised.path)))


def page(reader: FlaskClient, query: str) -> str:
    response = reader.get("/", query_string={"q": query})
    assert response.status_code == 200, response.text
    html5lib.HTMLParser(strict=True).parse(response.text)
    return response.text


def test_the_room_tells_of_former_versions_and_leads_to_them(reader: FlaskClient) -> None:
    found = page(reader, "4100万元")
    assert "<h1>检索 4100万元：1 篇</h1>" in found
    link = re.search(r'<a href="([^"]+)">旧版本里还有 1 篇</a>', found)
    assert link is not None
    former = reader.get(link[1].replace("&amp;", "&")).text
    html5lib.HTMLParser(strict=True).parse(former)
    assert "<h1>检索 4100万元 旧版:有：1 篇</h1>" in former
    assert "<mark>4100万元</mark>" in former
    assert '">第 1 版</a>，<time datetime="2024-11-02T03:00:00Z">2024-11-02 11:00</time>' in former
    assert "被第 2 版替换：改了正文：4100万元→4700万元。" in former
    assert reader.get("/a/1/diff/1..2").status_code == 200
    assert 'href="/a/1/diff/1..2"' in former
    assert "旧版本里还有" not in former


def test_a_page_without_hits_says_what_was_searched(reader: FlaskClient) -> None:
    nothing = page(reader, "从来没有的词")
    assert "在各篇现在的题名、正文和署名原文里逐字查过" in nothing
    assert "被替换的旧版本也查过，没有" in nothing
    former = page(reader, "4100万元 第二段")
    assert "逐字查过" in former
    assert "也查过" not in former
    assert "旧版本里还有 1 篇" in former
    unasked = page(reader, "-广告 日期:2023")
    assert "旧版本没有查：检索式里没有要出现的词，也没有署名。" in unasked
    assert "也查过" not in unasked
    for query in ("-大会 旧版:有", "-大会 日期:2023 旧版:有"):
        refused = reader.get("/", query_string={"q": query})
        assert (refused.status_code, "没有查旧版本：检索式里没有要出现的词，也没有署名" in refused.text) == (
            400,
            True,
        )
    asked = page(reader, "从来没有的词 -广告 旧版:有")
    assert "去掉“-广告”" in asked
    assert "去掉“从来没有的词”" not in asked  # what is left asks nothing of former versions
    asked = page(reader, "从来没有的词 旧版:有")
    assert "各篇被替换的旧版本都查过" in asked
    assert "逐字查过" not in asked


def test_programs_are_told_the_same(reader: FlaskClient, revised: Archive) -> None:
    answer = reader.get("/search.json", query_string={"q": "三审:甲一"}).json
    assert answer is not None
    assert (answer["total"], answer["former"]) == (0, {"total": 1, "query": "三审:甲一 旧版:有"})
    answer = reader.get("/search.json", query_string={"q": "三审:甲一 旧版:有"}).json
    assert answer is not None
    assert "former" not in answer
    what = {
        "version": 2,
        "title": "云汀县修路",
        "replaced_by": 3,
        "replaced_at": "2024-11-03T03:00:00Z",
        "what": "改了题名、署名：三审 甲一→乙二，修→养",
    }
    assert answer["hits"][0]["former"] == what
    assert reader.get("/search.json", query_string={"q": "-广告"}).json["former"]["total"] is None  # type: ignore[index]
    rows = reader.get("/search.csv", query_string={"q": "4100万元 旧版:有"}).text.splitlines()
    assert len(rows) == 2
    said = fork_zhijiang("search", "--archive", revised.path, "--json", "三审:甲一", "旧版:有")
    assert json.loads(said.stdout)["hits"][0]["former"] == what


def test_the_command_line_tells_of_former_versions(revised: Archive) -> None:
    revised.commit()
    english = fork_zhijiang("search", "--archive", revised.path, "4100万元", "旧版:有").stdout
    assert (
        "version 1, replaced by version 2 on 2024-11-02 11:00 Beijing time: changed 正文: 4100万元→4700万元\n"
        in english
    )
    said = fork_zhijiang("--lang", "zh", "search", "--archive", revised.path, "4100万元")
    again = f"zhijiang search --archive {revised.path} '4100万元 旧版:有'"
    assert said.stdout.endswith(f"共 1 篇\n旧版本里还有 1 篇：{again}\n")
    said = fork_zhijiang("--lang", "zh", *shlex.split(again)[1:])
    assert (
        "\t第 1 版，北京时间 2024-11-02 11:00 被第 2 版替换：改了正文：4100万元→4700万元\n共 1 篇\n"
        in said.stdout
    )
    said = fork_zhijiang("--lang", "zh", "search", "--archive", revised.path, "日期:2024-11")
    assert said.stdout.endswith("旧版本没有查：检索式里没有要出现的词，也没有署名\n")
    said = fork_zhijiang("search", "--archive", revised.path, "--count", "4100万元 旧版:有")
    assert said.stdout == "1\n"


def test_a_name_that_stands_nowhere_any_more_has_a_page(reader: FlaskClient) -> None:
    found = reader.get("/n/甲一").text
    html5lib.HTMLParser(strict=True).parse(found)
    assert '<h2 id="former">曾署名</h2>' in found
    assert "旧版本的署名里“甲一”是所列职责、现在不是了：1 篇。" in found
    assert 'href="/a/1">云汀县养路</a>' in found
    assert "曾署名</h2>" not in reader.get("/n/丙三").text
    assert reader.get("/n/甲一?role=记者").status_code == 404
    assert reader.get("/n/没有这人").status_code == 404


def test_stock_sqlite_finds_former_texts(revised: Archive) -> None:
    revised.commit()
    with closing(sqlite3.connect(f"{revised.path.as_uri()}?mode=ro", uri=True)) as connection:

        def ask(words: str) -> list[tuple[object, ...]]:
            sql = "SELECT 编号, 版本, 题名, 被替换时间（北京时间）, 摘录 FROM 检索旧版 WHERE 词 = json_quote(?) ORDER BY 1, 2"
            return connection.execute(sql, (words,)).fetchall()

        ((*found, excerpt),) = ask("4100万元")
        assert found == [1, 1, "云汀县修路", "2024-11-02 11:00:00"]
        assert "【4100万元】" in str(excerpt)
        assert [row[:2] for row in ask("4100万 第二段")] == [(1, 1)]
        assert [row[:2] for row in ask("云汀县修路")] == [(1, 2)]
        assert [row[:2] for row in ask("全县今年投资4100万元修路。第二段没有变")] == [(1, 1)]
        assert (
            ask("4100万元 百里坡") == ask("4700万元") == ask("没有") == ask("4100万元 上市") == ask("") == []
        )


_ASK_DATASETTE = """
import asyncio, json, sys
from pathlib import Path
from archive.room.datasette_plugin import create_datasette

path = Path(sys.argv[1])
room = create_datasette(path)
address = room.urls.table(path.stem, "文章", format="json")
found = asyncio.run(room.client.get(address, params={"_search": sys.argv[2], "_shape": "array"}))
print(json.dumps([row["编号"] for row in found.json()]))
"""


def test_datasette_finds_what_the_room_finds(revised: Archive) -> None:
    """In a process of its own: Datasette's threads close their connections with it."""
    pytest.importorskip("datasette")
    revised.commit()
    done = subprocess.run(
        [sys.executable, "-c", _ASK_DATASETTE, revised.path, "4100万元 旧版:有"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [1]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("全年投资4100万元修路", "全年投资4700万元修路", "改了正文：4100万元→4700万元"),
        ("15日上午，县里开会", "16日上午，县里开会", "改了正文：15日→16日"),
        ("增长20.5%，更快", "增长21.5%，更快", "改了正文：20.5%→21.5%"),
        ("共41,000元，已付", "共47,000元，已付", "改了正文：41,000元→47,000元"),
        ("到会300人。", "到会1300人。", "改了正文：300人→1300人"),
        ("增长20%。", "增长20.5%。", "改了正文：20%→20.5%"),
        ("到会300人。", "到会1200余人。", "改了正文：300人→1200余人"),
        ("专家到会。", "专家3人到会。", "改了正文：添“3人”"),
        ("县长李四出席", "县长王五出席", "改了正文：李四→王五"),
        ("今天开幕。", "今天上午开幕。", "改了正文：添“上午”"),
        ("今天上午开幕。", "今天开幕。", "改了正文：删“上午”"),
        ("到会3人。\n" + "甲" * 30, "到会4人。\n" + "乙" * 30, "改了正文：3人→4人等，共增 31 字，删 31 字"),
        ("甲" * 30, "乙" * 30, "改了正文：增 30 字，删 30 字"),
        ("甲" * 90, "乙" * 90, "改了正文：增 90 字，删 90 字"),
        ("甲1\n乙1\n丙1\n丁1", "甲2\n乙2\n丙2\n丁2", "改了正文：1→2，共增 4 字，删 4 字"),
        ("收入下降3.2%。", "收入下降-3.2%。", "改了正文：3.2%→-3.2%"),
        ("增速为−3.2%。", "增速为3.2%。", "改了正文：−3.2%→3.2%"),
        ("增速为-3.2%。", "增速为-3.8%。", "改了正文：-3.2%→-3.8%"),
        ("气温-3到5度。", "气温-3到6度。", "改了正文：5度→6度"),
        ("约1015人到会。", "约10-15人到会。", "改了正文：1015人→10-15人"),
        ("定于2024-01办。", "定于2024-02办。", "改了正文：01办→02办"),
        ("甲-乙两地。", "甲乙两地。", "改了正文：删“-”"),
        (
            "到会12人，投资1.5亿元，增速3.2%，5月1日开工。",
            "到会21人，投资1.8亿元，增速-3.2%，6月1日开工。",
            "改了正文：12人→21人，1.5亿元→1.8亿元，3.2%→-3.2%等，共增 4 字，删 3 字",
        ),
        ("甲段在前。\n乙段在后！", "乙段在后！\n甲段在前。", "改了正文：移动“甲段在前。”"),
        ("一。\n二！\n三？\n四", "四\n二！\n三？\n一。", "改了正文：移动“一。”“四”"),
        ("一。\n二！\n三？\n四", "二！\n三？\n一。\n四", "改了正文：移动“一。”"),
        ("一。\n二！\n三？\n四", "三？\n一。\n二！\n四", "改了正文：移动“三？”"),
        ("一\n二\n三\n四\n五", "三\n五\n二\n一\n四", "改了正文：移动“一”“二”“三”等"),
        ("甲" * 150 + "\n乙", "乙\n" + "甲" * 150, f"改了正文：移动“{'甲' * 20}…”"),
        (
            "开头。\n甲段。\n乙乙。\n到会3人。",
            "开头。\n乙乙。\n甲段。\n到会4人。",
            "改了正文：3人→4人，移动“甲段。”",
        ),
    ],
)
def test_what_replaced_a_version_is_told_where_it_is_short(before: str, after: str, told: str | None) -> None:
    texts = {"title": "题", "kicker": "", "subtitle": ""}
    counted = dict(zip(("added", "removed"), count_changed(diff_field(before, after)), strict=True))
    rows = [
        {**texts, **counted, "body": body, "credits": "[]", "changed": '["body"]'} for body in (before, after)
    ]
    assert what_replaced(*rows) == told


@given(st.lists(st.text("甲乙1", max_size=30), min_size=2, max_size=6, unique=True), st.data())
def test_paragraphs_in_another_order_were_moved_and_nothing_else(
    before: list[str], data: st.DataObject
) -> None:
    after = data.draw(st.permutations(before).filter(lambda order: list(order) != before))
    texts = {"title": "题", "kicker": "", "subtitle": "", "credits": "[]", "changed": '["body"]'}
    counted = dict(
        zip(("added", "removed"), count_changed(diff_field("\n".join(before), "\n".join(after))), strict=True)
    )
    told = what_replaced(*({**texts, **counted, "body": "\n".join(body)} for body in (before, after)))
    moved = re.fullmatch("改了正文：移动(?:“([^”]*)”)+等?", told)
    assert moved is not None, told
    assert moved[1].removesuffix("…") in {text[:20] for text in before}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ((("三审", "甲"),), (("三审", "乙"),), "改了署名：三审 甲→乙"),
        ((("三审", "甲"), ("记者", "丙")), (("记者", "丙"),), "改了署名：三审 甲→无"),
        ((), (("记者", "丙"), ("记者", "丁")), "改了署名：记者 无→丙、丁"),
    ],
)
def test_whose_credit_became_whose_is_told(
    before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]], told: str
) -> None:
    texts = dict.fromkeys(("title", "kicker", "subtitle", "body"), "同") | {"added": 2, "removed": 2}
    rows = [
        {
            **texts,
            "credits": json.dumps([[None, *credit, None] for credit in credits]),
            "changed": '["credit_line"]',
        }
        for credits in (before, after)
    ]
    assert what_replaced(*rows) == told


@pytest.mark.parametrize(
    ("changed", "before", "after", "told"),
    [
        ("source", "云汀融媒", "省报", "改了来源：云汀融媒→省报"),
        ("section", "", "要闻", "改了栏目：无→要闻"),
        ("published_raw", "1月15日", "1月16日", "改了日期：1月15日→1月16日"),
        ("source", "甲" * 41, "乙", "改了来源"),
        ("images", "[]", '[["http://a.example/1.png", ""]]', "改了图片：0 张图片→1 张"),
        (
            "images",
            '[["http://a.example/1.png", "甲"]]',
            '[["http://a.example/1.png", "乙"]]',
            "改了图片：图说 甲→乙",
        ),
        (
            "images",
            '[["http://a.example/1.png", ""], ["http://a.example/2.png", "丙"]]',
            '[["http://a.example/1.png", "丁"]]',
            "改了图片：2 张图片→1 张，图说 无→丁",
        ),
        (
            "images",
            json.dumps([["http://a.example/1.png", "甲" * 41], ["http://a.example/2.png", "丙"]]),
            json.dumps([["http://a.example/1.png", "乙"], ["http://a.example/2.png", "丁"]]),
            "改了图片：图说 丙→丁等",
        ),
    ],
)
def test_another_value_is_told(changed: str, before: str, after: str, told: str) -> None:
    texts = dict.fromkeys(("title", "kicker", "subtitle", "body"), "同")
    texts |= {"credits": "[]", "changed": json.dumps([changed])}
    counts = {"added": 0, "removed": 0}
    assert what_replaced({**texts, **counts, changed: before}, {**texts, **counts, changed: after}) == told


# --- who may see it, and who keeps it ----------------------------------------------------------------------


def test_former_texts_of_a_restricted_article_are_not_found(revised: Archive) -> None:
    revised.connection.execute("INSERT INTO appraisal (article_id, open_flag) VALUES (1, '控制')")
    revised.commit()
    for shown, found in ((False, []), (True, [1])):
        reader = client_of(create_app(RoomSettings(revised.path, show_restricted=shown)))
        for query in ("4100万元 修路", "标题:修路", "三审:甲一", "4700万元 -三审:乙二"):
            answer = reader.get("/search.json", query_string={"q": query}).json
            assert answer is not None
            assert answer["former"]["total"] == len(found), query
            answer = reader.get("/search.json", query_string={"q": f"{query} 旧版:有"}).json
            assert answer is not None
            assert [hit["article_id"] for hit in answer["hits"]] == found, query
        answer = reader.get("/search.json", query_string={"q": "曾署名:甲一"}).json
        assert answer is not None
        assert answer["total"] == len(found)
        assert reader.get("/n/甲一").status_code == (200 if shown else 404)
    with Archive.read(revised.path) as archive:
        withhold_restricted(archive)
        sql = "SELECT count(*) FROM 检索旧版 WHERE 词 = json_quote('修路')"
        assert archive.connection.execute(sql).fetchone() == (0,)
        write_reading_copy(archive, revised.path.with_name("copy.db"))
    with closing(sqlite3.connect(revised.path.with_name("copy.db"))) as copy:
        assert former_index_ok(copy) == ""
        assert copy.execute(sql).fetchone() == (0,)
        assert copy.execute("SELECT count(*) FROM _former_credit").fetchone() == (0,)
        words = "CREATE VIRTUAL TABLE temp.w USING fts5vocab(main, article_fts_former, instance)"
        copy.execute(words)
        assert copy.execute("SELECT * FROM temp.w").fetchall() == []


def test_a_history_that_is_written_again_takes_its_texts_out(revised: Archive, article: MakeArticle) -> None:
    replace_history(revised, said(article, "1", 0, "云汀县养路", "全县今年投资4700万元修路。", "乙二"), 1)
    assert index_ok(revised.connection) == ""
    revised.connection.rollback()  # of the check
    assert search_former(revised.connection, parse_query("4100万元 修路")).articles == []
    save_article(revised, said(article, "1", 1, "云汀县养路", "全县今年投资4800万元修路。", "乙二"), 1)
    assert search_former(revised.connection, parse_query("4700万元")).articles == [1]
    assert index_ok(revised.connection) == ""
    assert miscounted(revised.connection) == []


def test_a_batch_that_is_rolled_back_leaves_nothing(revised: Archive, article: MakeArticle) -> None:
    revised.begin()
    save_article(revised, said(article, "2", 1, "柑橘开园", "百里坡柑橘上市，投资4900万元。", "乙二"), 1)
    replace_history(revised, said(article, "1", 0, "别的", "别的。", "乙二"), 1)
    revised.connection.rollback()
    assert index_ok(revised.connection) == ""
    assert search_former(revised.connection, parse_query("4100万元 修路")).articles == [1]


def test_a_history_that_is_saved_and_written_again_in_one_batch(
    revised: Archive, article: MakeArticle
) -> None:
    revised.begin()
    save_article(revised, said(article, "2", 1, "柑橘开园", "百里坡柑橘上市，投资4900万元。", "乙二"), 1)
    replace_history(revised, said(article, "2", 0, "别的", "别的。", "乙二"), 1)
    revised.commit()
    assert index_ok(revised.connection) == ""
    assert search_former(revised.connection, parse_query("百里坡")).articles == []


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO article_fts_former (rowid, body) VALUES (1, '多 出 来 的')",
        "INSERT INTO article_fts_former (article_fts_former) VALUES ('delete-all')",
        "UPDATE article_version SET body = '别人改的' WHERE version_id = 1",
        "INSERT INTO article_fts_waiting VALUES (1)",
        "DROP TABLE article_fts_former",
    ],
)
def test_an_index_that_another_hand_changed_is_found_and_made_again(revised: Archive, change: str) -> None:
    assert former_index_ok(revised.connection) == ""
    revised.connection.execute(change)
    revised.connection.commit()
    assert "former texts" in former_index_ok(revised.connection)
    if not change.startswith("DROP"):
        reindex(revised.connection)
        assert former_index_ok(revised.connection) == ""


def test_what_another_program_writes_is_learned_with_the_next_commit(revised: Archive) -> None:
    columns = (
        "article_id, crawl_id, seen_at, title, kicker, subtitle, section, published_raw, source, body, credit_line,"
        " credits, images, content_sha256"
    )
    revised.connection.execute(
        f"INSERT INTO article_version (number, {columns}) SELECT 2, {columns} FROM article_version WHERE article_id = 2"
    )
    revised.connection.execute("UPDATE article_version SET body = '没了' WHERE article_id = 2 AND number = 2")
    revised.connection.execute(
        "UPDATE article_version SET credits = '[]' WHERE article_id = 2 AND number = 2"
    )
    assert "another program" in former_index_ok(revised.connection)
    assert miscounted(revised.connection) == []
    revised.commit()
    assert former_index_ok(revised.connection) == ""


def test_an_older_archive_gets_the_index_when_it_is_opened(revised: Archive, tmp_path: Path) -> None:
    revised.commit()
    make_older(revised.path, tmp_path / "older.db", 19)
    with Archive.open(tmp_path / "older.db") as archive:
        assert index_ok(archive.connection) == ""
        assert miscounted(archive.connection) == []
        assert search_former(archive.connection, parse_query("4100万元 修路")).articles == [1]
        assert matching_ids(archive.connection, "曾三审:甲一") == [1]


def test_an_import_makes_it_again(revised: Archive, tmp_path: Path) -> None:
    revised.commit()
    done = fork_zhijiang("export", "csv", "--raw", "--archive", revised.path, "--out", tmp_path / "tables")
    assert done.returncode == 0, done.stderr
    assert not [file.name for file in (tmp_path / "tables").iterdir() if "former_credit" in file.name]
    import_archive(tmp_path / "tables", tmp_path / "new.db")
    with Archive.open(tmp_path / "new.db") as archive:
        assert index_ok(archive.connection) == ""
        assert miscounted(archive.connection) == []
        assert search_former(archive.connection, parse_query("4100万元 修路")).articles == [1]


@pytest.mark.parametrize(
    ("query", "answered"),
    [
        ("4100万元 旧版:有", True),
        ("曾署名:甲", True),
        ("栏目:要闻 曾三审:甲", True),
        ("4100万元 曾署名:甲", False),
        ("三审:乙 曾署名:甲", False),
        ("4100万元 -曾署名:甲", False),
        ("-曾署名:甲", False),
        ("4100万元", False),
    ],
)
def test_only_what_is_answered_of_former_versions_is_not_asked_of_them_again(
    query: str, answered: bool
) -> None:
    """A word beside a credit that is gone may stand in a former version and no longer in the text."""
    assert asks_former(parse_query(query)) is answered


def test_who_finds_a_former_credit_is_told_which_version_had_it(
    reader: FlaskClient, revised: Archive
) -> None:
    answer = reader.get("/search.json", query_string={"q": "曾三审:甲一"}).json
    assert answer is not None
    (hit,) = answer["hits"]
    assert (hit["former"]["version"], hit["former"]["replaced_by"]) == (2, 3)
    assert hit["former"]["what"] == "改了题名、署名：三审 甲一→乙二，修→养"
    found = page(reader, "曾署名:甲一")
    assert re.search(r'<a href="/a/1/v/2\?q=[^"]+">第 2 版</a>', found)
    both = search(revised.connection, "曾三审:甲一 养路", limit=5).hits
    assert [hit.former and hit.former.number for hit in both] == [2]
    assert "4100万元" not in both[0].snippet  # it is of the text now
    said = fork_zhijiang("--lang", "zh", "search", "--archive", revised.path, "曾三审:甲一").stdout
    assert "被第 3 版替换" in said


def test_tables_and_feeds_tell_which_version_was_found(reader: FlaskClient, revised: Archive) -> None:
    revised.commit()
    data = reader.get("/search.csv", query_string={"q": "4100万元 旧版:有"}).data.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(data))
    told = ("1", "2024-11-02 11:00", "改了正文：4100万元→4700万元")
    assert (row["符合的旧版本"], row["被替换时间（北京时间）"], row["改动"]) == told
    now = reader.get("/search.csv", query_string={"q": "4700万元"}).data.decode("utf-8-sig")
    assert "符合的旧版本" not in now
    feed = reader.get("/search.atom", query_string={"q": "4100万元 旧版:有"}).text
    assert "<summary>第 1 版，北京时间 2024-11-02 11:00 被第 2 版替换：改了正文：4100万元→4700万元。" in feed
    said = fork_zhijiang("search", "--archive", revised.path, "--csv", "4100万元 旧版:有").stdout
    assert said.startswith("\ufeffarticle_id,")
    (cells,) = csv.DictReader(io.StringIO(said.removeprefix("\ufeff")))
    assert [
        cells[name] for name in ("former_version", "replaced_by", "replaced_at_beijing", "what_changed")
    ] == [
        "1",
        "2",
        "2024-11-02 11:00:00",
        "改了正文：4100万元→4700万元",
    ]


def test_a_name_has_its_former_articles_in_its_data_and_among_the_suggestions(reader: FlaskClient) -> None:
    rows = reader.get("/n/甲一.json").json["rows"]  # type: ignore[index]
    assert [(row["编号"], row["职责"], row["曾署名"]) for row in rows if row["曾署名"]] == [(1, "三审", "是")]
    data = reader.get("/n/甲一.csv").data.decode("utf-8-sig")
    assert [row["曾署名"] for row in csv.DictReader(io.StringIO(data))] == [
        row["曾署名"] or "" for row in rows
    ]
    assert 'href="/n/%E7%94%B2%E4%B8%80.csv"' in reader.get("/n/甲一").text
    assert reader.get("/suggest.json", query_string={"q": "甲"}).json == ["甲", ["曾署名:甲一"]]


def test_one_answer_has_one_form(revised: Archive) -> None:
    refused = fork_zhijiang("search", "--archive", revised.path, "--csv", "--json", "养路")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "--csv and --json are two forms of one answer" in refused.stderr
