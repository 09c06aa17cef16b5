"""Reading on: marks and the way back to a search, neighbours, what changed in words, captures, names, citations."""

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import html5lib
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from archive import Archive
from archive.room import RoomSettings, create_app
from archive.room.timeline import WIDTH, Look, timeline
from archive.search.fold import fold
from archive.search.language import Term
from archive.search.snippets import marked_lines
from archive.store.articles import save_article
from archive.store.read import find_article
from tests.conftest import ARTICLE
from tests.reading import CHANGED, FIRST, LAST, RESTRICTED, make_archive
from tests.room import client_of


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_archive(tmp_path_factory.mktemp("reading") / "yunting.db")


@pytest.fixture(scope="module")
def client(path: Path) -> FlaskClient:
    return client_of(create_app(RoomSettings(path)))


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    html5lib.HTMLParser(strict=True).parse(answer.text)
    return answer.text


def text_of(html: str, path: str) -> str:
    """Return the text of an element, blanks put together."""
    return " ".join("".join(etree.HTML(html).xpath(f"{path}//text()")).split())


# --- marks and the way back ------------------------------------------------------------------------------------


def test_a_hit_leads_to_its_article_with_the_words_marked_and_back(client: FlaskClient) -> None:
    found = page(client, f"/?q={quote('柑橘 三审:乙二')}&sort={quote('旧→新')}")
    link = re.search(r'class="title" href="(/a/3[^"]+)"', found)
    assert link is not None
    shown = page(client, link[1].replace("&amp;", "&"))
    assert "<mark>柑 橘</mark>大道" in shown
    assert "<mark>乙二</mark></a>" in shown
    assert "文中标出 1 处" in shown
    back = re.search(r'href="([^"]+)">回到检索“柑橘 三审:乙二”</a>', shown)
    assert back is not None
    assert text_of(page(client, back[1].replace("&amp;", "&")), "//h1") == text_of(found, "//h1")
    assert f'<link rel="canonical" href="http://localhost/a/{CHANGED}">' in shown


@pytest.mark.parametrize(
    ("asked", "marked"),
    [
        ("q=云汀县修路&scope=标题", ["云汀县修路"]),
        ("q=云汀县修路&scope=正文", []),
        ("q=标题:修路 正文:通车", ["修路", "通车"]),
        ("q=4100万元 旧版:有", ["4100万元"]),
        ("q=“没有关上", []),
        ("q=日期:昨天", []),
        ("q=", []),
    ],
)
def test_what_is_marked_is_what_the_search_asks_for(
    client: FlaskClient, asked: str, marked: list[str]
) -> None:
    version = 1 if "旧版" in asked else 2
    shown = page(client, f"/a/{CHANGED}/v/{version}?{asked}")
    article = shown[shown.index("<article") : shown.index("</article>")]
    assert re.findall("<mark>(.*?)</mark>", article) == marked


@given(
    st.text("甲乙丙 \n，Ａa", max_size=40),
    st.lists(st.text("甲乙丙，a", min_size=1, max_size=4), min_size=1, max_size=3),
)
def test_marks_leave_a_text_as_it_is_and_stand_where_the_words_are(text: str, words: list[str]) -> None:
    terms = [Term(fold(word)) for word in words if fold(word)]
    lines = marked_lines(text, terms)
    assert "\n".join("".join(piece for piece, _ in line) for line in lines) == text
    marked = fold("".join(piece for line in lines for piece, mark in line if mark))
    assert bool(marked) == any(term.text in fold(text) for term in terms)
    assert set(marked) <= set("".join(term.text for term in terms))


def test_what_came_along_is_not_lost_on_the_way_to_others(client: FlaskClient) -> None:
    shown = page(client, f"/a/2?q={quote('柑橘')}&page=3&ids=5,1")
    later = re.search(r'href="(/a/3[^"]*)" rel="next"', shown)
    assert later is not None
    assert later[1].replace("&amp;", "&") == f"/a/3?q={quote('柑橘')}&page=3&ids=5,1"
    assert "回到检索“柑橘”的第 3 页" in shown


# --- where to go on --------------------------------------------------------------------------------------------


def test_neighbours_are_those_of_the_section_that_a_reader_may_see(client: FlaskClient) -> None:
    around = {
        number: dict(re.findall(r'href="/a/(\d+)" rel="(prev|next)"', page(client, f"/a/{number}")))
        for number in (FIRST, 2, CHANGED, LAST)
    }
    assert around == {
        FIRST: {"2": "next"},
        2: {"1": "prev", "3": "next"},
        CHANGED: {"2": "prev", "5": "next"},  # 4 lies between them, and is restricted
        LAST: {"3": "prev"},
    }
    assert 'href="/day/2024-02-01"><time>2024-02-01</time> 还有 1 篇' in page(client, f"/a/{LAST}")
    assert 'rel="next"' not in page(client, f"/a/{RESTRICTED}")


def test_the_banner_leads_to_the_comparison(client: FlaskClient) -> None:
    now, then = page(client, f"/a/{CHANGED}"), page(client, f"/a/{CHANGED}/v/1")
    banner = '//p[@class="banner"]'
    assert "第 2 版，共 2 版 · 比较" in text_of(now, banner)
    assert f'<a href="/a/{CHANGED}/diff/1..2">比较</a>' in now
    assert "第 1 版，共 2 版 · 与现行版本比较 · 看现行版本" in text_of(then, banner)
    assert "比较" not in text_of(page(client, "/a/1"), banner)


def test_what_changed_is_told_alike_wherever_it_is_told(client: FlaskClient) -> None:
    told = "改了正文、署名：三审 甲一→乙二，4100万元→4700万元"
    for address in (f"/a/{CHANGED}", f"/a/{CHANGED}/diff/1..2", "/changes", "/changes?only=real"):
        assert told in page(client, address), address
    [entry] = etree.fromstring(client.get("/changes.atom").data).findall("{*}entry")
    assert entry.findtext("{*}summary") == f"{told}（实质）"
    [row] = json.loads(client.get("/changes.json").text)["rows"]
    assert row["改动"] == told
    assert told in client.get("/changes.csv").data.decode("utf-8-sig")


def test_captures_are_a_list_and_a_line(client: FlaskClient, path: Path) -> None:
    with Archive.read(path) as archive:
        article = find_article(archive, str(CHANGED))
        assert article is not None
        found = timeline(archive, article)
    assert [(run.look, run.what, run.number) for run in found.runs] == [
        (Look.VERSION, "存下第 1 版", 1),
        (Look.SAME, "没有新版本", 3),
        (Look.NONE, "没有这个网页（HTTP 404）", 1),
        (Look.VERSION, "存下第 2 版", 1),
    ]
    assert found.number == 6
    assert [(look, place) for look, place in found.marks if look is Look.VERSION] == [
        (Look.VERSION, 0),
        (Look.VERSION, WIDTH),
    ]
    shown = page(client, f"/a/{CHANGED}")
    assert "2024-01-17 10:00 至 2024-01-19 10:00 没有新版本，3 次" in text_of(shown, "//ol[@class='runs']")
    assert '<svg class="timeline"' in shown
    assert "去看过 6 次" in shown
    assert '<svg class="timeline"' not in page(client, "/a/1")  # one look is no line


# --- who made it -----------------------------------------------------------------------------------------------


def test_who_took_the_pictures_is_named_once_and_is_no_author(client: FlaskClient) -> None:
    shown = page(client, f"/a/{CHANGED}")
    credits = text_of(shown, "//section[@aria-labelledby='credits']")
    assert credits.count("何田田") == 2  # among the credits, and as printed
    assert "闻小满. 云汀县修路[EB/OL]. 何田田, 摄. (2024-01-16)[2024-01-21]." in shown
    assert 'name="citation_author" content="闻小满"' in shown
    assert 'name="citation_author" content="何田田"' not in shown


def test_a_citation_has_both_addresses_and_fixes_the_version(client: FlaskClient, path: Path) -> None:
    shown = page(client, f"/a/{CHANGED}")
    assert f'<a href="http://localhost/a/{CHANGED}/v/2">' in shown
    assert "只在这台电脑上打得开" in shown
    elsewhere = client_of(create_app(RoomSettings(path, hosts=("room.yunting.example",))))
    cited = elsewhere.get(f"/a/{CHANGED}", headers={"Host": "room.yunting.example"}).text
    assert f"http://www.yunting.example/k3. 存档：http://room.yunting.example/a/{CHANGED}/v/2." in cited
    assert "只在这台电脑上打得开" not in cited


def test_a_citation_is_had_in_every_form(client: FlaskClient) -> None:
    shown = page(client, f"/a/{CHANGED}")
    forms = re.findall(rf'href="(/a/{CHANGED}/cite\.[^"]+)"', shown)
    assert len(forms) == 4
    for address in forms:
        text = client.get(address).text
        assert "云汀县修路" in text, address
        assert "闻小满" in text, address
        assert "何田田" in text, address


def test_programs_are_told_what_an_article_is(client: FlaskClient) -> None:
    shown = page(client, f"/a/{CHANGED}/v/1")
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', shown)
    assert found is not None
    told = json.loads(found[1])
    assert told["@type"] == "NewsArticle"
    assert (told["headline"], told["datePublished"], told["author"]) == (
        "云汀县修路",
        "2024-01-16",
        ["闻小满"],
    )
    assert {"@type": "Role", "roleName": "三审", "contributor": "甲一"} in told["contributor"]
    assert told["url"] == "http://www.yunting.example/k3"
    assert "articleBody" not in told
    meta = dict(re.findall(r'<meta name="(citation_\w+)" content="([^"]*)">', shown))
    assert meta["citation_publication_date"] == "2024/01/16"
    assert meta["citation_public_url"] == f"http://localhost/a/{CHANGED}/v/1"
    assert "citation_title" not in page(client, f"/a/{RESTRICTED}")


# --- names -----------------------------------------------------------------------------------------------------


def test_every_number_of_a_name_leads_to_that_many_articles(client: FlaskClient) -> None:
    numbers = 0
    for name in ("闻小满", "纪朗", "何田田"):
        links = re.findall(
            r'href="(/\?q=[^"]+)" aria-label="[^"]+：(\d+) 篇"', page(client, f"/n/{quote(name)}")
        )
        for address, number in links:
            assert f"：{number} 篇" in text_of(page(client, address.replace("&amp;", "&")), "//h1"), address
            numbers += 1
    assert numbers > 12


def test_roles_stand_in_the_order_of_the_work(client: FlaskClient, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO credit (article_id, seq, label, role, name, position)"
            ' SELECT 1, 10 + value, \'\', json_extract(\'["三审","责任编辑","二审","通讯员","一审"]\', \'$[\' || value || \']\'),'
            " '各样人', '文末' FROM json_each('[0,1,2,3,4]')"
        )
        connection.commit()
    order = ["通讯员", "责任编辑", "一审", "二审", "三审"]
    shown = page(client, "/n/各样人")
    assert re.findall(r'<th scope="row"><a href="[^"]+">(.*?)</a>', shown) == order
    assert "、".join(order) in text_of(shown, "//ol[@class='entries']")
    listed = page(client, f"/n?group={quote('审核')}&find={quote('各样')}")
    assert "一审、二审、三审" in listed
    assert "同一个名字不一定是同一个人" in shown


def test_who_stands_beside_a_name_is_counted(client: FlaskClient) -> None:
    shown = text_of(page(client, f"/n/{quote('乙二')}"), "//p[@class='beside-names']")
    assert shown == "乔安 1 篇 何田田 1 篇 纪朗 1 篇 苏木 1 篇 闻小满 1 篇"
    assert "曾署名" in page(client, f"/n/{quote('甲一')}")


# --- versions that are no neighbours -----------------------------------------------------------------------------


@pytest.fixture
def fickle(archive: Archive) -> FlaskClient:
    """Five texts of an article; the first and the fourth are the same."""
    made = replace(ARTICLE, images=(), section="要闻")
    for day, (title, body) in enumerate(
        (
            ("修路", "投资41万元。"),
            ("修路", "投资47万元。"),
            ("养路", "投资47万元。"),
            ("修路", "投资41万元。"),
            ("修路", "停工。"),
        ),
        1,
    ):
        text = replace(made, title=title, body=(body,), fetched_at=f"2024-03-0{day}T00:00:00Z")
        save_article(archive, text, 1)
    archive.connection.commit()
    return client_of(create_app(RoomSettings(archive.path)))


@pytest.mark.parametrize(
    ("compared", "told"),
    [
        ("1..2", "改了正文：41万元→47万元"),
        ("1..3", "改了题名、正文：修→养，41万元→47万元"),
        ("3..1", "改了题名、正文：养→修，47万元→41万元"),
        ("2..1", "改了正文：47万元→41万元"),
    ],
)
def test_any_two_versions_are_compared_in_a_sentence(fickle: FlaskClient, compared: str, told: str) -> None:
    shown = page(fickle, f"/a/1/diff/{compared}")
    assert f"<p>{told}。</p>" in shown
    others = re.findall(r'<li><a href="/a/1/diff/([^"]+)">', shown)
    pairs = ["1..2", "1..5", "2..3", "2..5", "3..4", "3..5", "4..5"]
    same = {"3..1": "1..3", "2..1": "1..2"}.get(compared, compared)
    assert others == [pair for pair in pairs if pair != same]


def test_two_versions_that_are_alike_name_those_between_that_are_not(fickle: FlaskClient) -> None:
    for compared in ("1..4", "4..1"):
        said = text_of(page(fickle, f"/a/1/diff/{compared}"), "//main")
        assert "两个版本相同。它们之间的第 2 版、第 3 版与它们不同。" in said
        assert "改了" not in said
    assert "它们之间" not in page(fickle, "/a/1/diff/1..1")


@pytest.mark.parametrize("feed", ["changes.atom", "changes.atom?only=real", "gone.atom"])
def test_another_host_and_port_announce_nothing_anew(path: Path, feed: str) -> None:
    reader = client_of(create_app(RoomSettings(path, hosts=("room.example",))))
    ids = [
        [found.text or "" for found in etree.fromstring(answer.data).iterfind(".//{*}id")]
        for answer in (
            reader.get(f"/{feed}", headers={"Host": host}) for host in ("localhost", "room.example:8123")
        )
    ]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 2  # the feed, and its one entry
    assert all(found.startswith("urn:uuid:") for found in ids[0])
