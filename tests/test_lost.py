"""Whoever is at an address that is none is told where to go, and whoever asks how to search is shown what finds something."""

import html
import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, unquote

import html5lib
import pytest
from flask.testing import FlaskClient

from archive import Archive, Credit, Role
from archive.room import RoomSettings, create_app
from archive.store.articles import save_article
from archive.store.crawls import begin_crawl
from tests.conftest import ARTICLE
from tests.room import HOSTILE, client_of, make_archive


@pytest.fixture(scope="module")
def path(demo_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_archive(demo_archive, tmp_path_factory.mktemp("lost"))


@pytest.fixture(scope="module")
def client(path: Path) -> FlaskClient:
    return client_of(create_app(RoomSettings(path)))


# --- no such page --------------------------------------------------------------------------------------


def ways(client: FlaskClient, address: str) -> list[tuple[str, str]]:
    """Return (address, label) of what is offered instead of a page that is not there."""
    answer = client.get(address)
    assert answer.status_code == 404
    html5lib.HTMLParser(strict=True).parse(answer.text)
    main = answer.text[answer.text.index("<main") :]
    return [
        (unquote(html.unescape(link)), label)
        for link, label in re.findall(r'<li><a href="([^"]*)">(.*?)</a>', main)
    ]


@pytest.mark.parametrize(
    ("address", "offered"),
    [
        ("/day/2024-02-30", ["/month/2024-02", "/year/2024"]),
        ("/2023/oct", ["/year/2023", "/?q=oct&sort=新→旧"]),
        (
            "/news/20240116/index.html",
            ["/day/2024-01-16", "/month/2024-01", "/year/2024", "/?q=news index&sort=新→旧"],
        ),
        ("/month/2024-13", ["/year/2024"]),
        ("/n/查无此人", ["/n", "/?q=查无此人&sort=新→旧"]),
        ("/section/查无此栏", ["/section", "/?q=查无此栏&sort=新→旧"]),
        ("/柑橘/开园.html", ["/?q=柑橘 开园&sort=新→旧"]),
        (f"/media/{'0' * 64}", ["/photos"]),
        ("/day/x", ["/?q=x&sort=新→旧"]),
        ("/or/OR", []),
    ],
)
def test_what_the_address_nearly_named_is_offered(
    client: FlaskClient, address: str, offered: list[str]
) -> None:
    found = [link for link, _ in ways(client, address)]
    assert found == [*offered, "/year", "/"]
    for link in found:
        assert client.get(quote(link, safe="/?=&"), follow_redirects=True).status_code == 200, link


def test_the_nearest_numbers_are_offered_with_their_titles(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "a.db"
    shutil.copy(path, copy)
    with closing(sqlite3.connect(copy)) as connection, connection:
        [(last, title)] = connection.execute("SELECT article_id, title FROM article ORDER BY 1 DESC LIMIT 1")
        connection.execute("UPDATE article SET article_id = ? WHERE article_id = ?", (last + 100, last))
    client = client_of(create_app(RoomSettings(copy)))
    between = [link for link, _ in ways(client, f"/a/{last + 50}")][:2]
    assert between == [f"/a/{last - 1}", f"/a/{last + 100}"]
    for beyond in (last + 101, 10**17, "9" * 40, "9" * 6000):
        assert ways(client, f"/a/{beyond}")[0] == (
            f"/a/{last + 100}",
            f"编号 {last + 100}：{html.escape(title)}",
        )
    assert ways(client, "/a/0")[0][0] == "/a/1"
    assert ways(client, "/a/3/v/99")[0][0] == "/a/3"  # the article is there, the version is not


def test_a_restricted_article_that_is_offered_is_its_title(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "a.db"
    shutil.copy(path, copy)
    with Archive.open(copy) as archive:
        archive.connection.execute("INSERT INTO appraisal (article_id, open_flag) VALUES (3, '控制')")
        archive.connection.commit()
    client = client_of(create_app(RoomSettings(copy)))
    assert ways(client, "/a/3/nothing")[0][0] == "/a/3"
    assert ways(client, "/a/3/v/1") == []  # which says itself why it is not there, and leads to it


@pytest.mark.parametrize("text", HOSTILE)
def test_an_address_that_attacks_is_text(client: FlaskClient, text: str) -> None:
    page = client.get(f"/nowhere/{quote(text, safe='')}")
    assert page.status_code == 404
    assert text not in page.text or text.isalnum()
    assert "<script" not in page.text


def test_what_is_no_page_is_told_without_an_archive_too(tmp_path: Path) -> None:
    client = client_of(create_app(RoomSettings(tmp_path / "none.db")))
    assert "回到首页" in client.get("/static/nothing.css").text
    assert client.get("/static/nothing.css").status_code == 404
    Archive.open(tmp_path / "empty.db").close()
    empty = client_of(create_app(RoomSettings(tmp_path / "empty.db")))
    assert [link for link, _ in ways(empty, "/a/5")] == ["/year", "/"]


# --- how to search -------------------------------------------------------------------------------------


def shown(client: FlaskClient) -> tuple[list[str], list[str]]:
    """Return the samples that are links, and those that are not."""
    page = client.get("/about").text
    linked = re.findall(r'<dt><a href="([^"]+)"><code>', page)
    return linked, [html.unescape(text) for text in re.findall(r"<dt><code>(.*?)</code></dt>", page)]


def number_of(client: FlaskClient, link: str) -> int:
    found = re.search(r"<h1>检索 .*?：(\d+) 篇", client.get(html.unescape(link)).text)
    assert found is not None, unquote(link)
    return int(found[1])


def test_every_sample_finds_something(client: FlaskClient, demo_archive: Path) -> None:
    for reader in (client, client_of(create_app(RoomSettings(demo_archive)))):
        linked, _ = shown(reader)
        assert len(linked) >= 12
        for link in linked:
            assert number_of(reader, link) > 0, unquote(link)


def test_samples_are_of_the_archive_at_hand(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with Archive.open(path) as archive:
        crawl = begin_crawl(archive, "yunting", software="test", options={})
        bare = replace(
            ARTICLE, key="1", title="梅岭村修通环山路", section="乡镇", source="梅岭播报", images=()
        )
        bare = replace(
            bare,
            body=("路长九公里。",),
            published_on="2021-08-09",
            credit_line="编辑丨陶夏",
            credits=(Credit("编辑", Role.EDITOR, "陶夏"),),
        )
        save_article(archive, bare, crawl)
    client = client_of(create_app(RoomSettings(path)))
    linked, plain = shown(client)
    asked = [unquote(html.unescape(link)).partition("?q=")[2] for link in linked]
    assert {"编辑:陶夏", "栏目:乡镇 来源:梅岭播报", "日期:2021-01..2021-08", "标题:梅岭"} <= set(asked)
    assert {"记者:姓名", "曾署名:姓名"} <= set(plain)
    for link in linked:
        assert number_of(client, link) == 1, unquote(link)


def test_samples_of_former_versions_name_what_was_replaced(tmp_path: Path) -> None:
    path = tmp_path / "changed.db"
    with Archive.open(path) as archive:
        crawl = begin_crawl(archive, "yunting", software="test", options={})
        save_article(archive, ARTICLE, crawl)
        later = replace(
            ARTICLE,
            body=(ARTICLE.body[0], "今年预计产量四万吨。"),
            credits=(*ARTICLE.credits[:-1], Credit("三审", Role.THIRD_REVIEW, "高远")),
            credit_line=ARTICLE.credit_line.replace("卫青禾", "高远"),
            fetched_at="2024-11-09T01:00:00Z",
        )
        save_article(archive, later, crawl)
    client = client_of(create_app(RoomSettings(path)))
    linked, plain = shown(client)
    asked = [unquote(html.unescape(link)).partition("?q=")[2] for link in linked]
    assert "曾署名:卫青禾" in asked
    assert any("三" in query and query.endswith("旧版:有") for query in asked)
    assert not any("旧版" in query for query in plain)


def test_what_was_asked_for_is_told_apart_from_crawls(client: FlaskClient, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        [(crawls, captures)] = connection.execute(
            "SELECT (SELECT count(*) FROM crawl), (SELECT count(*) FROM capture)"
        )
    page = client.get("/about").text
    assert f"采集过 {crawls} 次，共向网站取网页、图片和文件 {captures} 次" in page
    assert crawls < captures
