"""Replay: captures as they looked, in time, harmless, and honest about what is not held."""

import re
import shutil
from pathlib import Path
from urllib.parse import quote, unquote

import html5lib
import lxml.html
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from archive.room import RoomSettings
from archive.room.replay import create_replay
from tests.replayed import ATTACKS, HOST, PAGE, PNG, add_captures, attack_url
from tests.room import client_of

AT = "20241102010000"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("replay") / "yunting.db"
    add_captures(found)
    return found


@pytest.fixture(scope="module")
def client(path: Path) -> FlaskClient:
    return client_of(create_replay(RoomSettings(path), 8000))


def address(url: str, at: str = AT) -> str:
    return f"/{at}/{quote(url, safe='')}"


def get(client: FlaskClient, url: str, at: str = AT) -> TestResponse:
    return client.get(address(url, at))


def test_a_page_in_gbk_is_shown_with_what_it_had(client: FlaskClient) -> None:
    response = get(client, PAGE)
    page = lxml.html.fromstring(response.text)
    assert response.mimetype == "text/html"
    assert page.findtext("head/title") == "云汀县柑橘开园"
    assert "归档副本 · 采集于 2024-11-02 09:00" in page.xpath("//body/*[1]")[0].text_content()
    assert page.xpath("//a[. = '返回阅览室']/@href") == ["http://localhost:8000/"]
    shown = {e.get("alt"): unquote(e.get("src", "")).rpartition("/")[2] for e in page.iter("img")}
    assert shown == {
        "直写": "one.png",
        "懒加载": "two.png",
        "没存": "",
        "成组": "two.png",
        "转义": "%E5%9B%BE%20%E7%89%87.png",
    }
    for source in page.xpath("//img/@src"):
        picture = client.get(source)
        assert (picture.mimetype, picture.data) == ("image/png", PNG)
    assert page.xpath("//link/@href") == [address(f"{HOST}/style.css")]
    style = client.get(address(f"{HOST}/style.css"))
    assert style.content_type == "text/css; charset=utf-8"
    assert "font-family: 宋体" in style.text
    assert page.get_element_by_id("next").get("href") == address(f"{HOST}/a/next.html") + "#p2"
    assert page.get_element_by_id("here").get("href") == "#p1"


@pytest.mark.parametrize(
    ("asked", "held", "status", "text"),
    [
        ("20200101000000", "Sat, 02 Nov 2024 01:00:00 GMT", 200, "云汀县柑橘开园"),
        ("20241105000000", "Tue, 05 Nov 2024 01:00:00 GMT", 200, "云汀县柑橘开园"),
        ("20241130000000", "Sun, 01 Dec 2024 01:00:00 GMT", 200, "云汀县脐橙开园"),
        ("20991231235959", "Fri, 20 Dec 2024 01:00:00 GMT", 404, "没有了"),
    ],
    ids=["before all", "not modified", "changed", "gone"],
)
def test_the_capture_nearest_in_time_is_shown(
    client: FlaskClient, asked: str, held: str, status: int, text: str
) -> None:
    response = get(client, PAGE, asked)
    assert (response.headers["Memento-Datetime"], response.status_code) == (held, status)
    assert text in response.text


def test_an_address_typed_by_hand_is_found(client: FlaskClient) -> None:
    assert client.get(f"/{AT}/{PAGE}").status_code == 200
    assert client.get(f"/{AT}/{HOST}/b/图 片.png").data == PNG


def test_redirects_are_followed_within_the_archive(client: FlaskClient) -> None:
    response = get(client, f"{HOST}/old", "20241130000000")
    assert response.location == address(PAGE)
    assert response.headers["Memento-Datetime"] == "Sat, 02 Nov 2024 01:00:00 GMT"
    assert f'<{HOST}/old>; rel="original"' in response.headers["Link"]
    raw = get(client, f"{HOST}/old", "20241130000000id_")
    assert raw.location == address(PAGE, f"{AT}id_")
    assert raw.headers["Memento-Datetime"] == "Sat, 02 Nov 2024 01:00:00 GMT"
    around = get(client, f"{HOST}/round")
    assert (around.status_code, "转来转去" in around.text) == (404, True)
    away = get(client, f"{HOST}/out")
    assert (away.status_code, "http://evil.invalid/" in away.text) == (404, True)


def test_bytes_are_given_as_they_came(client: FlaskClient) -> None:
    response = client.get(address(PAGE, f"{AT}id_"))
    assert "云汀县柑橘开园".encode("gbk") in response.data
    assert response.headers["Content-Disposition"] == "attachment; filename*=UTF-8''page.html"
    assert response.headers["Memento-Datetime"] == "Sat, 02 Nov 2024 01:00:00 GMT"
    document = get(client, f"{HOST}/%E5%90%8D%E5%8D%95.pdf")
    assert (document.data, document.mimetype) == (b"%PDF-1", "application/octet-stream")
    assert quote("名单.pdf") in document.headers["Content-Disposition"]


def test_what_was_gone_is_gone_in_every_form(client: FlaskClient) -> None:
    gone = get(client, PAGE, "20991231235959id_")
    assert (gone.status_code, gone.data) == (404, "没有了".encode("gbk"))
    assert gone.headers["Memento-Datetime"] == "Fri, 20 Dec 2024 01:00:00 GMT"
    for name in ("lost.png", "lost.pdf"):
        assert (get(client, f"{HOST}/{name}").status_code, get(client, f"{HOST}/{name}").data) == (404, PNG)


def test_what_is_not_held_is_said_and_why(client: FlaskClient, path: Path, tmp_path: Path) -> None:
    never = get(client, f"{HOST}/never")
    assert (never.status_code, "从没有采集过" in never.text) == (404, True)
    silent = get(client, f"{HOST}/silent")
    assert (silent.status_code, "没有得到回答：网站没有及时回答" in silent.text) == (404, True)
    shutil.copy(path, tmp_path / "alone.db")
    alone = client_of(create_replay(RoomSettings(tmp_path / "alone.db"), 8000))
    lost = get(alone, PAGE)
    assert (lost.status_code, "WARC 文件缺失或损坏" in lost.text) == (500, True)
    assert str(tmp_path) not in lost.text
    for odd in ("/2024/x", "/20241399000000/x", f"/{AT}/", "/nowhere", f"/{AT}/http://[x"):
        assert client.get(odd).status_code == 404
    stranger = client.get("/", headers={"Host": "evil.invalid"})
    assert (stranger.status_code, "evil.invalid" in stranger.text) == (400, True)


def test_programs_find_captures_by_time(client: FlaskClient) -> None:
    encoded = quote(PAGE, safe="")
    gate = client.get(f"/timegate/{encoded}", headers={"Accept-Datetime": "Sat, 30 Nov 2024 00:00:00 GMT"})
    assert (gate.status_code, gate.location) == (302, address(PAGE, "20241201010000"))
    assert gate.headers["Vary"] == "accept-datetime"
    assert client.get(f"/timegate/{encoded}").location == address(PAGE, "20241220010000")
    east = client.get(f"/timegate/{encoded}", headers={"Accept-Datetime": "Sat, 02 Nov 2024 09:00:00 +0800"})
    assert east.location == address(PAGE)
    for unreadable in ("昨天".encode().decode("latin-1"), "", "Sat, 99 Nov 2024 00:00:00 GMT"):
        refused = client.get(f"/timegate/{encoded}", headers={"Accept-Datetime": unreadable})
        assert (refused.status_code, "Accept-Datetime" in refused.text) == (400, True), unreadable
    timemap = client.get(f"/timemap/{encoded}")
    assert timemap.mimetype == "application/link-format"
    assert f'<{PAGE}>; rel="original"' in timemap.text
    assert (
        f'<http://localhost/timemap/{encoded}>; rel="self"; type="application/link-format";'
        ' from="Sat, 02 Nov 2024 01:00:00 GMT"; until="Fri, 20 Dec 2024 01:00:00 GMT"' in timemap.text
    )
    mementos = re.findall(
        r'<http://localhost(/\d{14}/[^>]+)>; rel="memento"; datetime="([^"]+)"', timemap.text
    )
    assert len(mementos) == 4
    for link, when in mementos:
        response = client.get(link)
        assert response.headers["Memento-Datetime"] == when
        assert f'<http://localhost/timemap/{encoded}>; rel="timemap"' in response.headers["Link"]
    assert client.get("/timemap/http://none.example/").status_code == 404


@pytest.mark.parametrize("name", ATTACKS)
def test_nothing_in_a_page_acts_or_leaves(client: FlaskClient, name: str) -> None:
    response = get(client, attack_url(name))
    assert response.status_code == 200
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    page = lxml.html.fromstring(response.text, parser=lxml.html.HTMLParser(huge_tree=True))
    assert "归档副本" in page.xpath("//body/*[1]")[0].text_content()
    for element in page.iter():
        assert element.tag not in (
            "script",
            "iframe",
            "frame",
            "object",
            "embed",
            "applet",
            "base",
            "template",
        )
        for known, value in element.attrib.items():
            assert not known.startswith("on")
            if known in ("href", "src", "poster", "xlink:href"):
                assert value.startswith((f"/{AT}/", "#", "http://localhost:8000/")), value
    assert not page.xpath("//meta[@http-equiv] | //link[not(@rel = 'stylesheet')] | //@srcset | //@action")
    assert not page.xpath("//@lowsrc | //@dynsrc")
    for node in html5lib.parse(response.text, namespaceHTMLElements=False).iter():  # as a browser reads it
        tag = str(node.tag).rpartition("}")[2]
        assert tag not in ("script", "iframe", "object", "embed"), tag
        assert not [known for known in node.attrib if str(known).startswith("on")], node.attrib
    if re.search("[甲乙]", re.sub("<[^>]*>|<!--.*?-->", "", ATTACKS[name])):
        assert re.search("[甲乙]", page.text_content())
