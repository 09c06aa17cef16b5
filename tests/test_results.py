"""The page of hits: what narrows it down, where its links lead, and what is kept of it."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import html5lib
import pytest
from flask.testing import FlaskClient
from lxml import etree

from archive.room import RoomSettings, create_app
from tests.room import client_of, make_archive

ASKED = {"q": "云汀", "scope": "正文", "sort": "新→旧"}


@pytest.fixture(scope="module")
def client(demo_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    path = make_archive(demo_archive, tmp_path_factory.mktemp("results"))
    return client_of(create_app(RoomSettings(path)))


def page_of(client: FlaskClient, **asked: str) -> etree._Element:
    answer = client.get("/", query_string=asked)
    assert answer.status_code == 200
    page: etree._Element = html5lib.parse(answer.text, treebuilder="lxml", namespaceHTMLElements=False)
    return page


def given(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_a_hit_leads_to_its_article_with_the_search(client: FlaskClient) -> None:
    for page, more in ((page_of(client, **ASKED), {}), (page_of(client, **ASKED, page="2"), {"page": "2"})):
        links = [link.get("href", "") for link in page.iterfind(".//a[@class='title']")]
        assert len(links) > 1
        for link in links:
            assert re.match(r"/a/\d+\?", link)
            assert given(link) == ASKED | more
            assert client.get(link).status_code == 200


def test_the_address_that_is_kept_is_the_search_from_its_first_page(client: FlaskClient) -> None:
    page = page_of(client, **ASKED, page="2", as_of="999", reviewers="1")
    (kept,) = page.xpath("//section[@id='keep']//a[.='这次检索的网址']/@href")
    assert given(kept) == ASKED
    assert client.get(kept).data == client.get("/", query_string=ASKED).data
    (plain,) = page_of(client, q="云汀").xpath("//a[.='这次检索的网址']/@href")
    assert given(plain) == {"q": "云汀"}


def test_what_is_chosen_stands_first_and_above_the_hits(client: FlaskClient) -> None:
    offered = [text.strip() for text in page_of(client, q="云汀").xpath("//ul[@aria-label='栏目']//a/text()")]
    page = page_of(client, q=f"云汀 日期:2024 OR 栏目:{offered[-1]}")
    shown = page.xpath("//ul[@aria-label='栏目']//a")
    assert [link.get("class") for link in shown] == ["chosen", *[None] * (len(shown) - 1)]
    assert len(shown) > 2
    texts = ["".join(link.itertext()).split()[0] for link in shown]
    ranks = [(-int(link.findtext("b", "")), text) for link, text in zip(shown, texts, strict=True)]
    assert texts[0] == offered[-1]
    assert ranks[0] > ranks[1]  # as often or less, and later by name
    assert ranks[1:] == sorted(ranks[1:])
    above = page.xpath("//p[@class='narrowed']/a/span/text()")
    assert [text.strip() for text in above if text.strip()] == ["云汀", "日期:2024", f"栏目:{offered[-1]}"]


def test_links_on_the_page_lead_to_what_is_there(client: FlaskClient) -> None:
    page = page_of(client, **ASKED)
    jumps = page.xpath("//p[@class='jump']/a/@href")
    assert jumps == ["#narrow", "#keep", "#hits"]
    assert all(page.xpath(f"//*[@id='{jump[1:]}']") for jump in jumps)
    assert page.xpath("//aside/@aria-labelledby") == ["narrower"]
