"""The page of hits: what narrows it down, where its links lead, and what is kept of it."""

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import html5lib
import pytest
from flask.testing import FlaskClient
from lxml import etree

from archive import Archive
from archive.room import RoomSettings, create_app
from archive.store.articles import save_article
from archive.store.crawls import begin_crawl
from tests.conftest import ARTICLE
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


def test_a_text_that_is_shown_whole_ends_as_it_does(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "short.db") as archive:
        crawl = begin_crawl(archive, "yunting", software="test", options={})
        for key, text in (("short", "一句话新闻。"), ("long", "很长的新闻" * 30)):
            save_article(archive, replace(ARTICLE, key=key, body=(text,)), crawl)
    client = client_of(create_app(RoomSettings(tmp_path / "short.db")))
    hits = client.get("/search.json?q=日期:2024-11").get_json()["hits"]
    snippets = {hit["article_id"]: hit["snippet"] for hit in hits}
    assert snippets == {1: "一句话新闻。", 2: f"{'很长的新闻' * 12}…"}


@pytest.mark.parametrize(
    ("query", "said", "helps"),
    [
        ("柑橘 日期:2024-12-01..2024-01-05", "开始晚于结束", False),
        ("柑橘 日期:2024-02-30", "没有这一天", False),
        ("工" * 1001, "查询太长", False),
        (" ".join(f"词{number}" for number in range(30)), "条件太多", False),
        ('柑橘 "工会', "引号没有结束", True),
        ("柑橘 状态:好", "没有这种状态", True),
    ],
)
def test_quotation_marks_are_advised_where_they_help(
    client: FlaskClient, query: str, said: str, helps: bool
) -> None:
    page = client.get("/", query_string={"q": query})
    assert page.status_code == 400
    assert said in page.text
    assert ("给它加上引号" in page.text) is helps


def test_days_the_wrong_way_round_stay_in_their_fields(client: FlaskClient) -> None:
    days = {"from": "2024-12-01", "to": "2024-01-05"}
    answer = client.get("/", query_string={"q": "柑橘"} | days, follow_redirects=True)
    assert answer.status_code == 400
    page = html5lib.parse(answer.text, treebuilder="lxml", namespaceHTMLElements=False)
    fields = {name: page.xpath(f"//input[@name='{name}']/@value")[0] for name in ("q", "from", "to")}
    assert fields == {"q": "柑橘", **days}


def test_a_search_of_one_field_says_so(client: FlaskClient) -> None:
    for query in ("一篇", "无此词句"):
        heading = page_of(client, q=query, scope="标题").xpath("string(//h1)")
        assert heading.startswith(f"检索 {query}（只查标题）：")
        assert "只查" not in page_of(client, q=query).xpath("string(//h1)")


def test_a_sample_of_a_former_text_begins_and_ends_with_letters(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "changed.db") as archive:
        crawl = begin_crawl(archive, "yunting", software="test", options={})
        for day, said in ((2, "4100万元，开工"), (3, "4300万元，动工")):
            body, fetched = (f"项目中，投资{said}了。",), f"2024-11-0{day}T01:00:00Z"
            save_article(archive, replace(ARTICLE, body=body, fetched_at=fetched), crawl)
    page = client_of(create_app(RoomSettings(tmp_path / "changed.db"))).get("/about").text
    assert "<code>&#34;投资4100万元&#34; 旧版:有</code></a>" in page


def test_what_stands_in_a_list_keeps_its_place_when_it_is_added_again(client: FlaskClient) -> None:
    answer = client.get("/list/add?ids=3,5,1&add=5,2")
    assert answer.headers["Location"] == "/list?ids=3,5,1,2"
