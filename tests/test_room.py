"""The reading room: every page, every list in its three forms, and nothing that acts."""

import csv
import html
import io
import json
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import html5lib
import pytest
from flask.testing import FlaskClient
from lxml import etree

from archive import Archive
from archive.model.crawl import Listing, SectionKind
from archive.room import RoomSettings, create_app
from archive.room.copying import COPY_SCRIPT, POLICY
from archive.room.list_view import heading
from archive.store.articles import save_article
from archive.store.crawls import begin_crawl, save_listing
from tests.command_line import fork_zhijiang
from tests.conftest import ARTICLE
from tests.older import make_older
from tests.patience import PATIENCE
from tests.room import HOSTILE, URLS, client_of, make_archive, without_own_scripts

EDITED = "http://www.yunting.example/content/show?catid=1&amp;newsid=77"
REPLAY_PORT = 9
MOST_BYTES = 60_000


@pytest.fixture(scope="module")
def path(demo_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_archive(demo_archive, tmp_path_factory.mktemp("room"))


@pytest.fixture(scope="module")
def client(path: Path) -> FlaskClient:
    return client_of(create_app(RoomSettings(path, REPLAY_PORT)))


def number_of(path: Path, title: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(
            connection.execute("SELECT article_id FROM article WHERE title = ?", (title,)).fetchone()[0]
        )


LISTS = (
    "/n",
    f"/n?group={quote('审核')}",
    f"/n/{quote('卫青禾')}",
    f"/n/{quote('卫青禾')}?role={quote('三审')}",
    "/section",
    f"/section/{quote('要闻')}",
    "/year",
    "/year/2024",
    "/year/1999",
    "/month/2024-11",
    "/month/1999-11",
    "/day/2024-11-01",
    "/day/1999-11-01",
    "/on/11-01",
    "/on/02-29",
    "/changes",
    "/changes?only=real",
    "/gone",
    "/photos",
    "/photos/all",
    "/coverage",
    "/missing",
    "/crawls",
    "/list?ids=3,1,2",
)
PAGES = (
    "/",
    f"/?q={quote('柑橘')}",
    f"/?q={quote('柑橘 图片:有 日期:2024')}&scope={quote('正文')}&sort={quote('旧→新')}",
    f"/?q={quote('柑橘 没有这个词')}",
    "/a/1",
    f"/a/1?q={quote('柑橘')}&page=2&ids=2",
    "/a/1/v/1",
    "/list",
    "/list?ids=2,999999",
    "/list/print?ids=3,1,2",
    "/about",
    *LISTS,
)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_valid_and_says_what_it_is(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200, response.text
    html5lib.HTMLParser(strict=True).parse(response.text)
    assert len(re.findall("<h1>", response.text)) == 1
    assert '<html lang="zh-CN">' in response.text
    assert len(response.data) < MOST_BYTES
    policy = response.headers["Content-Security-Policy"]
    assert re.sub("; script-src 'sha256-[^']+'$", "", policy) == POLICY
    assert ("script-src" in policy) == (str(COPY_SCRIPT) in response.text)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert " style=" not in response.text


@pytest.mark.parametrize("address", LISTS)
def test_a_list_gives_all_its_rows_as_json_and_csv(client: FlaskClient, address: str) -> None:
    place, _, query = address.partition("?")
    rows = json.loads(client.get(f"{place}.json?{query}").text)["rows"]
    data = client.get(f"{place}.csv?{query}")
    assert data.data.startswith(b"\xef\xbb\xbf")
    table = list(csv.reader(io.StringIO(data.data.decode("utf-8-sig"))))
    assert len(table) - 1 == len(rows)
    if rows:
        assert table[0] == [heading(name) for name in rows[0]]
    assert not any(cell.startswith(("=", "@", "+")) for line in table for cell in line)


class TestSearch:
    def test_the_count_is_exact_and_words_are_marked(self, client: FlaskClient, path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            for word in ("柑", "柑橘", "云汀县", "柑橘开园了", "百分之五"):
                total = connection.execute(
                    "SELECT count(*) FROM article WHERE instr(title || char(10) || body || char(10) || credit_line, ?)",
                    (word,),
                ).fetchone()[0]
                page = client.get("/", query_string={"q": word}).text
                assert f"<h1>检索 {word}：{total} 篇</h1>" in page
                assert (f"<mark>{word}</mark>" in page) == bool(total)

    def test_a_facet_narrows_and_its_number_is_what_it_leads_to(self, client: FlaskClient) -> None:
        page = client.get("/", query_string={"q": "柑橘"}).text
        links = re.findall(
            r'<a href="(/\?q=[^"]+)">(?:<span>)?[^<]*?(?:</span>.*?<span>(\d+) 篇</span>|<b>(\d+)</b>)',
            page,
            re.DOTALL,
        )
        assert len(links) > 8
        for address, years, number in links:
            found = client.get(address.replace("&amp;", "&")).text
            assert f"：{years or number} 篇</h1>" in found, address

    def test_pages_follow_each_other_and_keep_the_question(self, client: FlaskClient) -> None:
        first = client.get("/", query_string={"q": "云汀", "sort": "旧→新"}).text
        after = re.search(r'href="([^"]+)" rel="next"', first)
        assert after is not None
        second = client.get(after[1].replace("&amp;", "&")).text
        titles = [re.findall(r'class="title" href="/a/(\d+)\?', page) for page in (first, second)]
        assert len(titles[0]) == 20
        assert titles[1]
        assert not set(titles[0]) & set(titles[1])

    def test_nothing_found_says_where_it_looked_and_offers_less(self, client: FlaskClient) -> None:
        page = client.get("/", query_string={"q": "柑橘 OR 橙子 没有这个词 -会议"}).text
        assert "题名、正文和署名原文" in page
        assert "至" in page
        assert quote("柑橘 OR 橙子 -会议") in page
        assert quote("橙子 没有这个词 -会议") in page

    def test_nothing_found_tells_what_less_would_find(self, client: FlaskClient) -> None:
        page = client.get("/", query_string={"q": "柑橘 没有这个词 日期:2024"}).text
        offers = re.findall(r'<a href="(/\?q=[^"]+)">去掉“[^”]+”</a>：(\d+) 篇', page)
        assert len(offers) == 3
        assert {number for _, number in offers} > {"0"}
        for address, number in offers:
            assert f"：{number} 篇</h1>" in client.get(address.replace("&amp;", "&")).text

    def test_words_without_blanks_between_them_are_told_apart_by_the_reader(
        self, client: FlaskClient
    ) -> None:
        assert "这 6 个字要连在一起" in client.get("/", query_string={"q": "柑橘工会会议"}).text
        assert "要连在一起" not in client.get("/", query_string={"q": "柑橘 没有这个词"}).text

    def test_what_cannot_be_read_is_shown_at_its_place(self, client: FlaskClient) -> None:
        response = client.get("/", query_string={"q": "柑橘 日期:昨天"})
        assert response.status_code == 400
        assert "第 7 个字符：日期写成" in response.text
        assert client.get("/search.json", query_string={"q": '"a'}).status_code == 400

    def test_the_scope_is_where_it_looks(self, client: FlaskClient) -> None:
        asked = {"q": "卫青禾", "scope": "标题"}
        assert "：0 篇" in client.get("/", query_string=asked).text
        assert "：0 篇" not in client.get("/", query_string=asked | {"scope": "署名"}).text
        assert client.get("/", query_string=asked | {"scope": "x"}).status_code == 400

    def test_all_hits_are_given_out(self, client: FlaskClient) -> None:
        found = json.loads(client.get("/search.json", query_string={"q": "云汀", "limit": 500}).text)
        assert found["total"] == len(found["hits"]) > 20
        table = client.get("/search.csv", query_string={"q": "云汀"}).data.decode("utf-8-sig")
        assert len(list(csv.reader(io.StringIO(table)))) - 1 == found["total"]


class TestArticle:
    def test_it_shows_text_credits_evidence_and_where_it_looked_so(
        self, client: FlaskClient, path: Path
    ) -> None:
        number = number_of(path, "云汀县柑橘开园")
        page = client.get(f"/a/{number}").text
        for text in (
            "归档副本 · 采集于",
            "署名与审核",
            "署名原文",
            "原始字节 SHA-256",
            ".warc.gz",
            "[EB/OL]",
            f"http://localhost:{REPLAY_PORT}/",
        ):
            assert text in page
        picture = re.search(r'src="(/media/[0-9a-f]{64})"', page)
        assert picture is not None
        image = client.get(picture[1])
        assert image.mimetype == "image/png"
        assert image.data.startswith(b"\x89PNG")

    def test_versions_have_their_own_address_and_are_compared(self, client: FlaskClient, path: Path) -> None:
        number = number_of(path, "改过的一篇")
        assert "会改的一篇" in client.get(f"/a/{number}/v/1").text
        assert "网站上已消失" in client.get(f"/a/{number}").text
        page = client.get(f"/a/{number}/diff/1..2").text
        html5lib.HTMLParser(strict=True).parse(page)
        assert "11月<del>1</del><ins>2</ins>日，云汀县柑橘开园。" in page
        assert "<ins>新添的一段。</ins>" in page
        assert "<del>乔安</del><ins>邵青林</ins>" in page
        assert "云汀县柑橘开园" in page
        only = client.get(f"/a/{number}/diff/2..3?only=changes").text
        assert "三万二千吨" not in only
        assert "两个版本相同" in client.get(f"/a/{number}/diff/1..1").text

    def test_a_change_counts_the_characters_that_its_comparison_marks(
        self, client: FlaskClient, path: Path
    ) -> None:
        with closing(sqlite3.connect(path)) as connection:
            changes = connection.execute("SELECT 编号, 原版本, 新版本, 增字, 删字 FROM 变更").fetchall()
        assert changes
        for number, old, new, added, removed in changes:
            page = etree.HTML(client.get(f"/a/{number}/diff/{old}..{new}").text)
            counted = "//section[h2 = '引题' or h2 = '题名' or h2 = '副题' or h2 = '正文' or h2 = '署名']"
            marked = [
                sum(len(text) for text in page.xpath(f"{counted}//{mark}/text()")) for mark in ("ins", "del")
            ]
            assert marked == [added, removed], f"{number}, {old}..{new}"

    def test_a_citation_is_of_the_version_and_of_use_elsewhere(self, client: FlaskClient, path: Path) -> None:
        number = number_of(path, "改过的一篇")
        cited = client.get(f"/a/{number}/v/1").text
        assert (
            f"会改的一篇[EB/OL]. (2024-11-01)[2024-11-02]. {EDITED}. 存档：云汀网档案，编号 {number}，第 1 版."
            in cited
        )
        client_elsewhere = client_of(create_app(RoomSettings(path, hosts=("room.yunting.example",))))
        cited = client_elsewhere.get(f"/a/{number}/v/1", headers={"Host": "room.yunting.example"}).text
        assert f"存档：http://room.yunting.example/a/{number}/v/1." in cited

    def test_citations_can_be_taken_away(self, client: FlaskClient) -> None:
        assert client.get("/a/1/cite.bib").text.startswith("@online{zhijiang1,")
        assert client.get("/a/1/cite.ris").text.startswith("TY  - ELEC\r\n")
        assert client.get("/a/1/cite.doc").status_code == 404

    def test_an_article_without_date_and_text_is_shown_too(self, client: FlaskClient, path: Path) -> None:
        page = client.get(f"/a/{number_of(path, '没有日期的一篇')}").text
        assert "日期不明（印作“日前”）" in page

    def test_a_long_article_is_compared_in_bounded_time(self, client: FlaskClient, path: Path) -> None:
        assert client.get(f"/a/{number_of(path, '很长的一篇')}").status_code == 200


def test_what_comes_from_pages_never_acts(client: FlaskClient, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        ids = [i for (i,) in connection.execute("SELECT article_id FROM article WHERE key LIKE 'hostile%'")]
    pages = [f"/a/{i}" for i in ids] + [f"/a/{i}/v/1" for i in ids]
    pages += [f"/?q={quote(text)}" for text in HOSTILE] + [f"/?q={quote(f'姓名:{text}')}" for text in HOSTILE]
    pages += [f"/n/{quote(text)}" for text in HOSTILE] + [f"/section/{quote(text)}" for text in HOSTILE]
    pages += [
        *LISTS,
        f"/n?group={quote(HOSTILE[0])}",
        f"/nowhere/{quote(HOSTILE[1])}",
        f"/?q=a&sort={quote(HOSTILE[0])}",
    ]
    for address in pages:
        text = without_own_scripts(client.get(address).text)
        assert "<script" not in text.lower(), address
        assert "<svg onload" not in text
        assert "<img src=x" not in text
        assert "49" not in re.findall(r"敌意 (\d+)", text)
        tree = html5lib.parse(text, namespaceHTMLElements=False)
        for element in tree.iter():
            assert not [name for name in element.attrib if str(name).startswith("on")]
            for name in ("href", "src", "action"):
                value = str(element.attrib.get(name, "")).lower().strip()
                assert not value.startswith(("javascript:", "data:", "//")), (address, value)
    assert len(URLS) > 3


def test_the_feed_is_well_formed(client: FlaskClient) -> None:
    response = client.get("/changes.atom")
    feed = etree.fromstring(response.data)
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    assert len(feed.findall("{*}entry")) == 2
    assert client.get("/changes.atom?only=real").text.count("<entry>") == 1


def test_a_feed_is_well_formed_whatever_a_title_holds(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "odd.db"
    shutil.copy(path, copy)
    odd = b"\x01\x0b\x1f]]><&\x7f\xef\xbf\xbe\xef\xbf\xbf\xed\xa0\x80\xff\xf0\x9f\x8d\x8a".hex()
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute(f"UPDATE article_version SET title = CAST(X'E9A298{odd}' AS TEXT)")
    response = client_of(create_app(RoomSettings(copy))).get("/changes.atom")
    titles = [found.text or "" for found in etree.fromstring(response.data).iterfind("{*}entry/{*}title")]
    assert len(titles) == 2
    for title in titles:
        assert (title[:6], title[-1]) == ("题]]><&", "🍊")


def test_a_feed_that_is_as_it_was_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/changes.atom")
    again = client.get("/changes.atom", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get("/changes.atom?only=real", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_it_only_reads_and_only_answers_to_its_own_name(client: FlaskClient) -> None:
    assert client.post("/").status_code == 405
    assert client.get("/", headers={"Host": "evil.invalid"}).status_code == 400
    for host in ("localhost:8000", "192.168.1.5:8000", "[fe80::1]:8000"):
        assert client.get("/", headers={"Host": host}).status_code == 200
    assert "GET" in client.post("/a/1").headers["Allow"]
    assert "Disallow: /" in client.get("/robots.txt").text


@pytest.mark.parametrize(
    "address",
    [
        "/a/999999", "/a/99999999999999999999", "/a/1/v/99999999999999999999", "/a/1/v/9", "/a/1/diff/1..9", "/n/查无此人", "/section/查无此栏", "/day/2024-02-30", "/day/x",
        "/month/2024-13", "/media/0", f"/media/{'0' * 64}", "/static/../app.py", "/nope",
    ],
)  # fmt: skip
def test_what_is_not_there_is_said_plainly(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    html5lib.HTMLParser(strict=True).parse(response.text)


@pytest.mark.parametrize("page", ["0", "-1", "01", "1e9", "x", "１", "0" * 9 + "9" * 30, "9" * 5000, "\0"])
def test_a_page_number_that_is_none_is_refused(client: FlaskClient, page: str) -> None:
    for address in ("/", "/n", "/search.json"):
        assert client.get(address, query_string={"q": "柑橘", "page": page}).status_code == 400


@pytest.mark.parametrize(
    "address", ["/?q=柑橘&sort=旧→新", "/n", "/n?group=审核", f"/section/{quote('要闻')}", "/gone"]
)
def test_a_page_behind_the_last_leads_to_the_last(client: FlaskClient, address: str) -> None:
    behind = f"{address}{'&' if '?' in address else '?'}page=99999"
    last = client.get(behind, follow_redirects=True)
    assert last.status_code == 200
    assert last.request.path == address.partition("?")[0].replace(quote("要闻"), "要闻")
    pages = re.search(r"第 (\d+) 页，共 (\d+) 页", last.text)
    assert pages is None or pages[1] == pages[2]
    assert not json.loads(client.get("/search.json?q=柑橘&page=9999").text)["hits"]


def test_a_program_is_refused_in_json(client: FlaskClient) -> None:
    refused = client.get("/search.json", query_string={"q": "日期:昨天"})
    assert refused.status_code == 400
    assert "日期写成" in json.loads(refused.text)["error"]
    assert json.loads(client.get("/a/99999.json").text)["error"]


def test_the_index_of_sections_counts_what_their_pages_show(client: FlaskClient) -> None:
    rows = json.loads(client.get("/section.json").text)["rows"]
    assert len(rows) > 5
    for row in rows:
        shown = json.loads(client.get(f"/section/{quote(row['栏目'])}.json").text)["rows"]
        assert len(shown) == row["已存"]


def test_a_section_that_only_a_former_version_had_is_no_link(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "moved.db") as archive:
        crawl = begin_crawl(archive, "yunting", software="test", options={})
        for section, day in (("旧栏目", 2), ("现栏目", 3), ("现栏目", 4)):
            body = (f"第{day}日的一段。",)
            fetched = f"2024-11-0{day}T01:00:00Z"
            save_article(archive, replace(ARTICLE, section=section, body=body, fetched_at=fetched), crawl)
    client = client_of(create_app(RoomSettings(tmp_path / "moved.db")))
    first, second = (client.get(f"/a/1/v/{number}").text for number in (1, 2))
    assert "栏目：旧栏目" in first
    assert f'栏目：<a href="/section/{quote("现栏目")}">现栏目</a>' in second
    for address in re.findall(r'href="(/section[^"]*)"', first + second):
        assert client.get(html.unescape(address)).status_code == 200, address


def test_sections_of_one_name_are_shown_together_and_say_so(
    path: Path, tmp_path: Path, listing: Callable[..., Listing]
) -> None:
    copy = tmp_path / "namesakes.db"
    shutil.copy(path, copy)
    with Archive.open(copy, create=False) as archive:
        save_listing(archive, listing("77", "78", slug="31", name="同名"), 1)
        save_listing(archive, listing("79", slug="32", name="同名"), 1)
        save_listing(archive, listing("80", slug="0", name="首页", kind=SectionKind.START), 1)
    reader = client_of(create_app(RoomSettings(copy)))
    [row] = [row for row in json.loads(reader.get("/section.json").text)["rows"] if row["栏目"] == "同名"]
    assert (row["列出"], row["列表数"]) == (3, 2)
    assert row["已存"] + row["未存"] == 3
    page = reader.get(f"/section/{quote('同名')}").text
    assert "2 个栏目都叫这个名字" in page
    assert ">31</a>" in page
    assert ">32</a>" in page
    assert reader.get(f"/section/{quote('首页')}").status_code == 404


def test_coverage_names_the_sections_as_the_index_of_sections_does(
    path: Path, tmp_path: Path, listing: Callable[..., Listing]
) -> None:
    copy = tmp_path / "unnamed.db"
    shutil.copy(path, copy)
    with Archive.open(copy, create=False) as archive:
        archive.connection.execute("UPDATE article SET section = ''")
    reader = client_of(create_app(RoomSettings(copy)))
    named = {row["栏目"] for row in json.loads(reader.get("/section.json").text)["rows"]}
    covered = json.loads(reader.get("/coverage.json").text)["rows"]
    assert {row["栏目"] for row in covered} - {""} <= named
    assert sum(row["篇数"] for row in covered if row["栏目"]) > 5
    with Archive.read(copy) as archive:
        total = archive.connection.execute("SELECT count(*) FROM article").fetchone()[0]
    assert sum(row["篇数"] for row in covered) == total


def test_a_picture_tells_where_it_is_used(client: FlaskClient, path: Path) -> None:
    [row] = json.loads(client.get("/photos.json").text)["rows"]
    assert (row["篇数"], row["图说数"]) == (2, 2)
    address = f"/photos/{row['SHA256']}"
    assert address in client.get("/photos").text
    page = client.get(address).text
    assert f'<a class="title" href="/a/{number_of(path, "又用了一次的图片")}">' in page
    assert "图说：另一种图说" in page
    uses = json.loads(client.get(f"{address}.json").text)["rows"]
    assert [use["编号"] for use in uses] == [int(number) for number in re.findall(r'href="/a/(\d+)"', page)]
    for use in uses:
        assert f'<a href="{address}">这张图片用在 2 篇文章里</a>' in client.get(f"/a/{use['编号']}").text
    assert client.get(f"/photos/{'0' * 64}").status_code == 404
    html5lib.HTMLParser(strict=True).parse(page)


def test_all_pictures_are_shown_or_said_to_be_missing(client: FlaskClient) -> None:
    rows = json.loads(client.get("/photos/all.json").text)["rows"]
    page = client.get("/photos/all").text
    held = [row for row in rows if row["SHA256"]]
    assert page.count("<img ") == len(held) > 5
    assert page.count("图片没有存下") == len(rows) - len(held) > 0


def test_names_are_found_by_a_part_of_them(client: FlaskClient) -> None:
    page = client.get("/n", query_string={"group": "审核", "find": "青"}).text
    names = re.findall(r'<a class="title" href="/n/[^"]+">([^<]+)</a>', page)
    assert "卫青禾" in names
    assert all("青" in name for name in names)
    assert len(
        json.loads(client.get("/n.json", query_string={"group": "审核", "find": "青"}).text)["rows"]
    ) == len(names)
    assert "这一类里没有" in client.get("/n", query_string={"find": "没有这个"}).text


def test_an_empty_archive_is_read_too(tmp_path: Path) -> None:
    Archive.open(tmp_path / "empty.db").close()
    reader = client_of(create_app(RoomSettings(tmp_path / "empty.db")))
    for address in (
        "/",
        "/?q=柑橘",
        "/n",
        "/section",
        "/year",
        "/year/2024",
        "/month/2024-01",
        "/day/2024-01-16",
        "/on/01-16",
        "/changes",
        "/gone",
        "/photos",
        "/photos/all",
        "/coverage",
        "/missing",
        "/crawls",
        "/about",
        "/changes.atom",
    ):
        response = reader.get(address)
        assert response.status_code == 200, address
        assert "None" not in response.text
        assert "末次采集 —" not in response.text


def test_an_archive_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    gone = client_of(create_app(RoomSettings(tmp_path / "none.db")))
    response = gone.get("/")
    assert response.status_code == 503
    assert "档案打不开" in response.text
    assert "none.db" not in response.text
    assert str(tmp_path) not in response.text


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_an_archive_that_is_locked_is_told(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setattr("archive.room.app._TIMEOUT", 0.0)
    copy = tmp_path / "locked.db"
    shutil.copy(path, copy)
    reader = client_of(create_app(RoomSettings(copy)))
    with closing(sqlite3.connect(copy, isolation_level=None)) as writer:
        writer.execute(f"PRAGMA journal_mode = {mode}")
        writer.execute("PRAGMA locking_mode = EXCLUSIVE")
        writer.execute("BEGIN EXCLUSIVE")
        writer.execute("UPDATE article SET title = title")
        response = reader.get("/a/1")
        assert response.status_code == 503
        assert "正在写入" in response.text
        writer.execute("ROLLBACK")
    assert reader.get("/a/1").status_code == 200


@pytest.mark.parametrize(
    "made",
    # some indexes were in step 1 for a while, before any release
    ["", "CREATE INDEX ix_article_facet ON article(section); CREATE INDEX ix_credit_article ON credit(role)"],
)
def test_an_archive_of_before_the_reading_room_is_told_and_then_brought_up_to_date(
    path: Path, tmp_path: Path, made: str
) -> None:
    older = tmp_path / "older.db"
    make_older(path, older, 5)
    with closing(sqlite3.connect(older)) as connection:
        connection.executescript(made)
    reader = client_of(create_app(RoomSettings(older)))
    assert reader.get("/", query_string={"q": "柑橘"}).status_code == 503
    result = fork_zhijiang("serve", "--port", "0", "--archive", older)
    assert "brings it up to date" in result.stderr
    Archive.open(older, create=False).close()
    for address in (f"/?q={quote('柑橘')}", f"/n/{quote('卫青禾')}", f"/section/{quote('要闻')}"):
        assert reader.get(address).status_code == 200


def test_an_archive_may_change_its_journal_between_two_pages(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "switched.db"
    shutil.copy(path, copy)
    reader = client_of(create_app(RoomSettings(copy)))
    for mode in ("wal", "delete", "wal", "delete"):
        with closing(sqlite3.connect(copy, isolation_level=None)) as writer:
            assert writer.execute(f"PRAGMA journal_mode = {mode}").fetchone() == (mode,)
            assert reader.get("/a/1").status_code == 200


def test_an_archive_is_closed_where_only_the_head_is_asked_for(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = []
    close = Archive.close

    def noted(archive: Archive) -> None:
        closed.append(archive.path)
        close(archive)

    monkeypatch.setattr(Archive, "close", noted)
    for address in ("/section.csv", "/section.json", "/search.csv?q=a"):
        assert client.head(address, buffered=True).status_code == 200
        assert len(closed) == 1
        closed.clear()


def test_facets_that_lagged_behind_catch_up(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr("archive.room.app.time.monotonic", lambda: now[0])
    monkeypatch.setattr(
        "archive.room.search_pages._FEW", 0
    )  # few hits are looked up in the file, and never lag
    copy = tmp_path / "caught.db"
    shutil.copy(path, copy)
    reader = client_of(create_app(RoomSettings(copy, max_staleness=1.0)))
    reader.get("/", query_string={"q": "柑橘"})
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE article SET published_on = '1999-01-01'")
    for passed, late in (
        (2.0, True),
        (30.0, False),
    ):  # the page is made again before its index is, then both are
        now[0] += passed
        page = reader.get("/", query_string={"q": "柑橘"}).text
        assert ("可能晚一分钟" in page) is late
        assert ("1999 年</span>" in page) is not late


def test_another_archive_in_its_place_is_read_at_once(path: Path, tmp_path: Path) -> None:
    place, other = tmp_path / "place.db", tmp_path / "other.db"
    shutil.copy(path, place)
    shutil.copy(path, other)
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("UPDATE article SET published_on = '1999-01-01'")
    reader = client_of(create_app(RoomSettings(place, max_staleness=1000.0)))
    assert "1999 年</span>" not in reader.get("/", query_string={"q": "柑橘"}).text
    other.replace(place)
    assert "1999 年</span>" in reader.get("/", query_string={"q": "柑橘"}).text


def test_the_head_of_every_page_can_be_asked_for(client: FlaskClient) -> None:
    for address in PAGES:
        assert client.head(address).status_code == 200


def test_narrowing_keeps_where_and_how_was_searched(client: FlaskClient) -> None:
    page = client.get("/", query_string={"q": "柑橘 图片:有", "scope": "正文", "sort": "旧→新"}).text
    links = re.findall(r'href="(/\?q=[^"]+)"', page)
    assert links
    assert all(f"scope={quote('正文')}" in link and f"sort={quote('旧→新')}" in link for link in links)


def test_a_crawl_may_write_meanwhile(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "busy.db"
    shutil.copy(path, copy)
    reader = client_of(create_app(RoomSettings(copy)))
    with Archive.open(copy, create=False) as archive:
        archive.begin()
        archive.connection.execute("UPDATE article SET title = '写到一半' WHERE article_id = 1")
        assert "：0 篇" in reader.get("/", query_string={"q": "写到一半"}).text
        archive.commit()
        assert "：1 篇" in reader.get("/", query_string={"q": "写到一半"}).text
    assert reader.get("/a/1").status_code == 200


@pytest.fixture(scope="module")
def running(path: Path) -> Iterator[str]:
    """The address of the reading room, opened as a user opens it."""
    command = [sys.executable, "-m", "zhijiang_spider.cli", "serve", "--port", "0", "--archive", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert found is not None
        yield found[0]
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0


def fetch(address: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    try:
        with urlopen(Request(address, headers=headers), timeout=PATIENCE) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


class TestReplay:
    def address(self, running: str, path: Path) -> str:
        page = fetch(f"{running}/a/{number_of(path, '云汀县柑橘开园')}")[2].decode()
        found = re.search(r'href="(http://127\.0\.0\.1:\d+/\d{14}/[^"]+)"', page)
        assert found is not None
        assert not found[1].startswith(running)
        return found[1]

    def origin(self, running: str, path: Path) -> str:
        return (
            self.address(running, path)[: len("http://127.0.0.1:")]
            + self.address(running, path).split(":")[2].split("/")[0]
        )

    def test_a_page_is_shown_as_it_looked_and_says_that_it_is_archived(
        self, running: str, path: Path
    ) -> None:
        status, headers, body = fetch(self.address(running, path))
        text = body.decode()
        assert status == 200
        assert "归档副本" in text
        assert running in text
        assert headers["Content-Security-Policy"].startswith("sandbox ")
        assert headers["Memento-Datetime"].endswith("GMT")
        assert "<script" not in text.lower()
        pictures = re.findall(r'<img[^>]* src="(/\d{14}/[^"]+)"', text)
        assert pictures
        origin = self.origin(running, path)
        assert all(fetch(origin + picture)[1]["Content-Type"] == "image/png" for picture in pictures)

    def test_the_bytes_are_given_as_they_came(self, running: str, path: Path) -> None:
        address = re.sub(r"/(\d{14})/", r"/\1id_/", self.address(running, path))
        _, headers, body = fetch(address)
        assert headers["Content-Disposition"].startswith("attachment")
        assert "发布时间" in body.decode()

    def test_what_is_not_held_is_said(self, running: str, path: Path) -> None:
        origin = self.origin(running, path)
        status, _, body = fetch(
            f"{origin}/20240101000000/{quote('http://www.yunting.example/none', safe='')}"
        )
        assert status == 404
        assert "没有这个网址" in body.decode()
        assert fetch(f"{origin}/20240101/x")[0] == 404
        assert fetch(f"{origin}/", Host="evil.invalid")[0] == 400


def test_a_port_that_is_taken_is_named(running: str, path: Path) -> None:
    port = running.rsplit(":", 1)[1]
    result = fork_zhijiang("serve", "--port", port, "--archive", path)
    assert result.returncode == 2
    assert f"127.0.0.1:{port} cannot be used" in result.stderr
