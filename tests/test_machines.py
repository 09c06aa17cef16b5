"""What other programs ask: is the room well, which articles are there, which have vanished, has a page changed."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import etree

from archive.room import RoomSettings, create_app, machines
from tests.feed_schemas import validated
from tests.reading import GONE, RESTRICTED, make_archive
from tests.room import client_of

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_archive(tmp_path_factory.mktemp("machines") / "yunting.db")


@pytest.fixture(scope="module")
def client(path: Path) -> FlaskClient:
    return client_of(create_app(RoomSettings(path)))


def test_health_tells_the_last_crawl_and_its_age(client: FlaskClient) -> None:
    answer = client.get("/health")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    told = answer.json
    assert told is not None
    assert (told["status"], told["articles"]) == ("ok", 6)
    assert told["last_complete_crawl"] == told["last_crawl"]
    assert 0 <= told["age_seconds"] < 3600
    assert client.get("/health?max_age=26h").status_code == 200
    assert client.get("/health?max_age=gestern").status_code == 400


def test_an_old_crawl_or_none_is_late(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "old.db"
    shutil.copy(path, copy)
    for change in ("finished_at = '2024-01-01T00:00:00Z'", "outcome = 'incomplete'"):
        with closing(sqlite3.connect(copy)) as connection:
            connection.execute(f"UPDATE crawl SET {change}")
            connection.commit()
        client = client_of(create_app(RoomSettings(copy)))
        assert client.get("/health").status_code == 200
        answer = client.get("/health?max_age=26")
        assert answer.status_code == 503
        told = json.loads(answer.text)
        assert told["status"] == "late"
    assert told["age_seconds"] is None
    assert told["last_crawl"]["outcome"] == "incomplete"


def test_each_site_is_asked_for_and_a_crawl_still_to_come_is_none(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "sites.db"
    shutil.copy(path, copy)
    soon, old = "9999-01-01T00:00:00Z", "2024-01-01T00:00:00Z"
    with closing(sqlite3.connect(copy)) as connection:
        for site, ended in (("soon", soon), ("old", old)):
            connection.execute(
                "INSERT INTO crawl (site, started_at, finished_at, outcome, software, options)"
                f" VALUES (?, '{old}', ?, 'complete', 'test', '{{}}')",
                (site, ended),
            )
        connection.commit()
    client = client_of(create_app(RoomSettings(copy)))
    assert client.get("/health").json["late"] == []  # type: ignore[index]
    answer = client.get("/health?max_age=26")
    assert (answer.status_code, answer.json["late"]) == (503, ["old", "soon"])  # type: ignore[index]


def test_an_archive_that_cannot_be_read_is_not_well(tmp_path: Path) -> None:
    for content in (None, b"no archive"):
        broken = tmp_path / "broken.db"
        if content:
            broken.write_bytes(content)
        answer = client_of(create_app(RoomSettings(broken))).get("/health")
        assert (answer.status_code, answer.mimetype) == (503, "application/json")
        assert answer.json is not None
        assert answer.json["error"]


def test_the_sitemap_has_the_open_articles(client: FlaskClient) -> None:
    tree = etree.fromstring(client.get("/sitemap.xml").data)
    assert tree.tag == f"{SITEMAP}urlset"
    places = [place.text for place in tree.iter(f"{SITEMAP}loc")]
    assert places == [f"http://localhost/a/{number}" for number in range(1, 7) if number != RESTRICTED]
    changed = [(one.findtext(f"{SITEMAP}loc"), one.findtext(f"{SITEMAP}lastmod")) for one in tree]
    assert [one for one in changed if one[1]] == [("http://localhost/a/3", "2024-01-21")]
    assert "Sitemap: http://localhost/sitemap.xml" in client.get("/robots.txt").text


def test_more_addresses_than_a_sitemap_may_have_make_an_index(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machines, "ADDRESSES", 4)
    index = etree.fromstring(client.get("/sitemap.xml").data)
    assert index.tag == f"{SITEMAP}sitemapindex"
    parts = [str(place.text) for place in index.iter(f"{SITEMAP}loc")]
    assert parts == ["http://localhost/sitemap-1.xml", "http://localhost/sitemap-2.xml"]
    listed = [
        str(place.text)
        for part in parts
        for place in etree.fromstring(client.get(part).data).iter(f"{SITEMAP}loc")
    ]
    assert listed == [f"http://localhost/a/{number}" for number in (1, 2, 3, 5, 6)]
    assert [client.get(f"/sitemap-{part}.xml").status_code for part in (0, 3)] == [404, 404]


def test_vanished_articles_have_a_feed(client: FlaskClient) -> None:
    answer = client.get("/gone.atom")
    [entry] = validated(answer.data, "atom").findall("{*}entry")
    assert entry.findtext("{*}title") == "别栏一篇"
    link = entry.find("{*}link")
    assert link is not None
    assert link.get("href") == f"http://localhost/a/{GONE}"
    assert "没有这个网页（HTTP 404）" in str(entry.findtext("{*}summary"))
    again = client.get("/gone.atom", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert 'href="/gone.atom"' in client.get("/gone").text


def test_a_page_that_is_as_it_was_is_not_sent_again(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(path, copy)
    client = client_of(create_app(RoomSettings(copy)))
    pages = ("/", "/a/1", "/a/1.json", "/n", "/changes", "/list?ids=1,2", "/?q=柑橘")
    tags = {}
    for address in pages:
        for _ in range(2):  # made, and remembered
            tags[address] = client.get(address).headers["ETag"]
            again = client.get(address, headers={"If-None-Match": tags[address]})
            assert (again.status_code, again.data) == (304, b""), address
            assert "Content-Security-Policy" in again.headers
    with closing(sqlite3.connect(copy)) as connection:
        for table in ("article", "article_version"):
            connection.execute(f"UPDATE {table} SET title = '另一个题名' WHERE article_id = 1")
        connection.commit()
    for address in ("/a/1", "/a/1.json", "/list?ids=1,2"):
        assert client.get(address, headers={"If-None-Match": tags[address]}).status_code == 200, address
    assert "ETag" not in client.get("/a/999").headers
