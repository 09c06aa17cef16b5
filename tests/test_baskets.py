"""A list without an account: its address is all there is of it."""

import csv
import io
import json
import re
from urllib.parse import quote

import html5lib
import pytest
from flask.testing import FlaskClient

from archive.room import RoomSettings, create_app
from archive.room.basket import MOST
from tests.reading import CHANGED, RESTRICTED, make_archive
from tests.room import client_of


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    path = make_archive(tmp_path_factory.mktemp("baskets") / "yunting.db")
    return client_of(create_app(RoomSettings(path)))


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    html5lib.HTMLParser(strict=True).parse(answer.text)
    assert "Set-Cookie" not in answer.headers
    return answer.text


def test_a_list_keeps_its_order_and_says_what_is_not_there(client: FlaskClient) -> None:
    shown = page(client, "/list?ids=5,3,999,1,3,998")
    assert re.findall(r'class="title" href="/a/(\d+)', shown) == ["5", "3", "1"]
    assert "档案里没有这些编号：999、998。" in shown
    assert "清单：3 篇" in shown
    assert "清单是空的" in page(client, "/list")


def test_an_article_is_put_in_and_taken_out_by_links_alone(client: FlaskClient) -> None:
    shown = page(client, f"/a/{CHANGED}")
    for expected, words in (("3", "加入清单"), ("", "移出清单"), ("3", "加入清单")):
        link = re.search(rf'<a href="([^"]+)">{words}</a>', shown)
        assert link is not None
        shown = page(client, link[1].replace("&amp;", "&"))
        assert ('href="/list?ids=3"' in shown) == bool(expected)
    out = re.search(r'<a href="([^"]+)" aria-label="移出《要闻第5篇》">', page(client, "/list?ids=3,5,1"))
    assert out is not None
    assert out[1] == "/list?ids=3,1"


def test_the_form_puts_numbers_in(client: FlaskClient) -> None:
    answer = client.get("/list/add", query_string={"ids": "5", "add": " 3，1 "})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/list?ids=5,3,1")


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        ("1,zwei", "这里写着“zwei”"),
        ("1,-2", "这里写着“-2”"),
        ("9" * 19, "用逗号分开"),
        (",".join(map(str, range(MOST + 1))), f"最多 {MOST} 篇，这里有 {MOST + 1} 篇"),
    ],
)
def test_what_is_no_list_is_refused_in_plain_words(client: FlaskClient, ids: str, said: str) -> None:
    for address in ("/list", "/list/print", "/list.csv", "/list.json", "/list.bib", f"/a/{CHANGED}"):
        answer = client.get(f"{address}?ids={ids}")
        assert answer.status_code == 400
        assert said in answer.text


@pytest.mark.parametrize(
    ("typed", "shown", "left"),
    [
        ("5,3,abc", ["5", "3"], "abc"),
        ("x<b>,5,-2,5", ["5"], "x&lt;b&gt;,-2"),
        ("abc", [], "abc"),
        (",".join(map(str, (5, 3, *range(100, 101 + MOST)))), ["5", "3"], "198,199,200"),
    ],
)
def test_a_list_with_a_mistake_is_shown_with_what_was_typed(
    client: FlaskClient, typed: str, shown: list[str], left: str
) -> None:
    added = client.get("/list/add", query_string={"ids": "5,3", "add": typed})
    assert added.status_code == 302
    for address, entries in ((f"/list?ids={quote(typed)}", shown), (added.headers["Location"], ["5", "3"])):
        answer = client.get(address)
        assert answer.status_code == 400
        html5lib.HTMLParser(strict=True).parse(answer.text)
        assert re.findall(r'class="title" href="/a/(\d+)', answer.text) == entries
        assert f'value="{left}"' in answer.text
        assert answer.text.index('role="alert"') < answer.text.index("要加入的编号")
        assert "abc" not in "".join(re.findall(r'href="([^"]+)"', answer.text))


def test_a_full_list_takes_no_more(client: FlaskClient) -> None:
    full = ",".join(str(number) for number in range(100, 100 + MOST))
    shown = page(client, f"/a/{CHANGED}?ids={full}")
    assert f"清单已满（{MOST} 篇）" in shown
    assert "加入清单" not in shown


def test_a_list_becomes_tables_and_citations(client: FlaskClient) -> None:
    rows = json.loads(client.get("/list.json?ids=5,3").text)["rows"]
    assert [row["编号"] for row in rows] == [5, 3]
    table = list(csv.DictReader(io.StringIO(client.get("/list.csv?ids=5,3").data.decode("utf-8-sig"))))
    assert [row["题名"] for row in table] == ["要闻第5篇", "云汀县修路"]
    assert re.findall(r"@online\{zhijiang(\d+),", client.get("/list.bib?ids=5,3").text) == ["5", "3"]
    assert client.get("/list.ris?ids=5,3").text.count("TY  - ELEC") == 2
    assert [item["id"] for item in json.loads(client.get("/list.csl.json?ids=5,3").text)] == [
        "zhijiang5",
        "zhijiang3",
    ]
    assert client.get("/list.doc?ids=5").status_code == 404
    printed = page(client, "/list/print?ids=5,3")
    assert printed.index("要闻第5篇[EB/OL]") < printed.index("云汀县修路[EB/OL]. 何田田, 摄.")


def test_a_restricted_article_is_title_and_day_in_a_list_too(client: FlaskClient) -> None:
    shown = page(client, f"/list?ids={RESTRICTED},1")
    assert "控制件</strong>" in shown
    for address in ("/list", "/list/print", "/list.csv", "/list.json", "/list.bib", "/list.txt"):
        text = client.get(f"{address}?ids={RESTRICTED}").data.decode("utf-8-sig")
        assert "不开放的一篇" in text, address
        assert "/k4" not in text, address
        assert "闻小满" not in text, address


def test_a_long_list_has_pages_and_its_print_has_one(client: FlaskClient) -> None:
    ids = ",".join(str(number) for number in range(1, MOST + 1))
    for address in (f"/list?ids={ids}", f"/list/print?ids={ids}"):
        assert len(client.get(address).data) < 60_000
