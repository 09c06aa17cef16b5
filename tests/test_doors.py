"""The search for other programs (feed, description, suggestions), and what narrows it down on the page."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import html5lib
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from werkzeug.test import TestResponse

from archive import Archive
from archive.model.access import SENTENCE
from archive.room import RoomSettings, create_app
from archive.room.narrowing import date_fields, with_dates
from archive.search.errors import QueryError
from archive.search.language import Dates, parse_query
from archive.search.query import search
from archive.store.articles import save_article
from tests.conftest import ARTICLE
from tests.feed_schemas import validated
from tests.room import HOSTILE, client_of, make_archive
from tests.searched import matching_ids

ATOM = "{http://www.w3.org/2005/Atom}"
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


@pytest.fixture(scope="module")
def path(demo_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_archive(demo_archive, tmp_path_factory.mktemp("doors"))


@pytest.fixture(scope="module")
def client(path: Path) -> FlaskClient:
    return client_of(create_app(RoomSettings(path, hosts=("archive.example",))))


def feed_of(response: TestResponse) -> etree._Element:
    assert (response.status_code, response.mimetype) == (200, "application/atom+xml")
    return validated(response.data, "atom")


def links(feed: etree._Element) -> dict[str, str]:
    return {link.get("rel", "alternate"): link.get("href", "") for link in feed.findall(f"{ATOM}link")}


class TestFeed:
    def test_it_holds_the_hits_the_newest_first(self, client: FlaskClient, path: Path) -> None:
        feed = feed_of(
            client.get("/search.atom", query_string={"q": "柑橘", "scope": "正文", "sort": "相关"})
        )
        with Archive.read(path) as archive:
            found = search(archive.connection, "正文:柑橘", limit=50, order="新")
        shown = [link.get("href", "").rpartition("/")[2] for link in feed.iterfind(f"{ATOM}entry/{ATOM}link")]
        assert shown == [str(hit.article_id) for hit in found.hits]
        assert feed.findtext(f"{OPENSEARCH}totalResults") == str(found.total)
        assert [e.findtext(f"{ATOM}summary") for e in feed.iterfind(f"{ATOM}entry")] == [
            hit.snippet for hit in found.hits
        ]
        days = [entry.findtext(f"{ATOM}published", "")[:10] for entry in feed.iterfind(f"{ATOM}entry")]
        assert days == [hit.published_on or "" for hit in found.hits]
        ids = [entry.findtext(f"{ATOM}id") for entry in feed.iterfind(f"{ATOM}entry")]
        assert len(set(ids)) == len(ids) > 5
        assert feed.findtext(f"{ATOM}updated") == max(
            feed.xpath("//*[local-name() = 'entry']/*[local-name() = 'updated']/text()")
        )

    def test_its_alternate_is_the_page_that_links_it(self, client: FlaskClient) -> None:
        page = client.get("/", query_string={"q": "柑橘 -会议", "scope": "正文"}).text
        (address,) = re.findall(r'<link rel="alternate" type="application/atom\+xml" href="([^"]+)"', page)
        assert f'<a href="{address}">订阅（Atom）</a>' in page
        feed = feed_of(client.get(address.replace("&amp;", "&")))
        assert links(feed)["self"] == f"http://localhost{address.replace('&amp;', '&')}"
        again = client.get(links(feed)["alternate"].removeprefix("http://localhost")).text
        assert f'href="{address}"' in again
        assert re.findall(r"：(\d+) 篇</h1>", again) == re.findall(r"：(\d+) 篇</h1>", page)
        assert 'type="application/atom+xml"' in client.get("/", query_string={"q": "没有这个词"}).text

    def test_ids_are_the_same_whoever_asks_and_changes_have_their_time(
        self, path: Path, tmp_path: Path
    ) -> None:
        copy = tmp_path / "copy.db"
        shutil.copy(path, copy)
        reader = client_of(create_app(RoomSettings(copy, hosts=("archive.example",))))

        def told(query: str, host: str = "localhost") -> dict[str, tuple[str, str]]:
            feed = feed_of(reader.get("/search.atom", query_string={"q": query}, headers={"Host": host}))
            return {
                e.findtext(f"{ATOM}id", ""): (
                    e.findtext(f"{ATOM}title", ""),
                    e.findtext(f"{ATOM}updated", ""),
                )
                for e in feed.iterfind(f"{ATOM}entry")
            }

        before = told("新添的一段")
        assert list(before.values()) == [("改过的一篇", "2024-11-04T01:00:00Z")]
        assert told("新添的一段", "archive.example") == before
        assert told("标题:改过").keys() == before.keys()
        with Archive.open(copy) as archive:
            row = next(archive.rows("SELECT * FROM article WHERE title = '改过的一篇'"))
            again = replace(
                ARTICLE,
                key=row["key"],
                title="又改的一篇",
                body=("新添的一段。",),
                fetched_at="2024-11-09T01:00:00Z",
            )
            save_article(archive, again, 1)
        after = told("新添的一段")
        assert list(after) == list(before)
        assert list(after.values()) == [("又改的一篇", "2024-11-09T01:00:00Z")]

    def test_pages_of_it_lead_to_all_hits(self, path: Path, tmp_path: Path) -> None:
        copy = tmp_path / "many.db"
        shutil.copy(path, copy)
        with Archive.open(copy) as archive:
            archive.begin()
            for number in range(120):
                save_article(
                    archive, replace(ARTICLE, key=f"many{number}", title=f"连载 {number}", images=()), 1
                )
            archive.commit()
        reader = client_of(create_app(RoomSettings(copy)))
        address, seen = "/search.atom?q=" + quote("标题:连载"), []
        for _ in range(3):
            feed = feed_of(reader.get(address))
            seen += [entry.findtext(f"{ATOM}title") for entry in feed.iterfind(f"{ATOM}entry")]
            address = links(feed).get("next", "").removeprefix("http://localhost")
        assert address == ""
        assert seen == [f"连载 {number}" for number in reversed(range(120))]
        assert links(feed)["previous"].endswith("page=2")
        beyond = reader.get("/search.atom?page=9&q=" + quote("标题:连载"))
        assert beyond.status_code == 302
        assert (
            reader.get(beyond.location).data == reader.get("/search.atom?page=3&q=" + quote("标题:连载")).data
        )

    def test_what_is_as_it_was_is_not_sent_again(self, client: FlaskClient) -> None:
        for address in ("/search.atom?q=" + quote("柑橘"), "/opensearch.xml"):
            first = client.get(address)
            again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
            assert (again.status_code, again.data) == (304, b"")
        other = client.get(
            "/search.atom?q=" + quote("云汀"), headers={"If-None-Match": first.headers["ETag"]}
        )
        assert other.status_code == 200

    @pytest.mark.parametrize("text", [*HOSTILE, '"\x01\x0b]]><&\x7f\ufffe"'])
    def test_it_is_well_formed_whatever_is_asked_and_found(self, client: FlaskClient, text: str) -> None:
        found = client.get("/search.atom", query_string={"q": text})
        if found.status_code == 200:
            feed = feed_of(found)
            assert feed.findtext(f"{ATOM}title", "").startswith("云汀网档案：检索 ")
        else:
            assert found.status_code == 400
        feed_of(client.get("/search.atom", query_string={"q": "敌意", "scope": "标题"}))

    def test_a_text_that_is_no_utf_8_costs_its_letters(self, path: Path, tmp_path: Path) -> None:
        copy = tmp_path / "odd.db"
        shutil.copy(path, copy)
        odd = b"\x01\x0b\x1f]]><&\x7f\xef\xbf\xbe\xed\xa0\x80\xff\xf0\x9f\x8d\x8a".hex()
        with closing(sqlite3.connect(copy)) as connection, connection:
            connection.execute(
                f"UPDATE article SET title = CAST(X'E69F91E6A998{odd}' AS TEXT) WHERE article_id = 3"
            )
        feed = feed_of(
            client_of(create_app(RoomSettings(copy))).get("/search.atom", query_string={"q": "标题:柑橘"})
        )
        titles = [entry.findtext(f"{ATOM}title", "") for entry in feed.iterfind(f"{ATOM}entry")]
        assert [title for title in titles if title.startswith("柑橘]]><&") and title.endswith("🍊")]

    def test_of_a_restricted_article_it_tells_title_and_date(self, path: Path, tmp_path: Path) -> None:
        copy = tmp_path / "restricted.db"
        shutil.copy(path, copy)
        with Archive.open(copy) as archive:
            number = archive.connection.execute(
                "SELECT article_id FROM article WHERE title = '改过的一篇'"
            ).fetchone()[0]
            archive.connection.execute(
                "INSERT INTO appraisal (article_id, open_flag) VALUES (?, '控制')", (number,)
            )
            archive.connection.commit()
        reader = client_of(create_app(RoomSettings(copy)))
        assert (
            feed_of(reader.get("/search.atom", query_string={"q": "新添的一段"})).find(f"{ATOM}entry") is None
        )
        feed = feed_of(reader.get("/search.atom", query_string={"q": "标题:改过"}))
        (entry,) = feed.iterfind(f"{ATOM}entry")
        told = {str(child.tag).removeprefix(ATOM): child.text for child in entry if child.text}
        assert told.pop("id").startswith("urn:uuid:")
        day = "2024-11-01T00:00:00+08:00"
        assert told == {"title": "改过的一篇", "published": day, "updated": day, "summary": SENTENCE}

    def test_nothing_found_is_a_feed_too(self, client: FlaskClient, tmp_path: Path) -> None:
        feed = feed_of(client.get("/search.atom", query_string={"q": "没有这个词"}))
        assert feed.findtext(f"{OPENSEARCH}totalResults") == "0"
        Archive.open(tmp_path / "empty.db").close()
        feed_of(
            client_of(create_app(RoomSettings(tmp_path / "empty.db"))).get(
                "/search.atom", query_string={"q": "柑橘"}
            )
        )

    def test_it_takes_only_so_long(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("archive.search.deadline._STEPS", 1)
        reader = client_of(create_app(RoomSettings(path, search_seconds=0)))
        refused = reader.get("/search.atom", query_string={"q": "柑橘"})
        assert (refused.status_code, "Retry-After" in refused.headers) == (503, True)

    def test_what_cannot_be_read_is_refused(self, client: FlaskClient) -> None:
        for asked in (
            {"q": '"柑橘'},
            {},
            {"q": "栏目:查无此栏"},
            {"q": "柑橘", "scope": "x"},
            {"q": "柑橘", "page": "0"},
        ):
            assert client.get("/search.atom", query_string=asked).status_code == 400, asked


class TestDescription:
    @pytest.mark.parametrize(
        ("host", "mounted", "base"),
        [
            ("localhost:8000", "", "http://localhost:8000"),
            ("archive.example", "", "http://archive.example"),
            ("archive.example", "/room", "http://archive.example/room"),
        ],
    )
    def test_it_says_how_to_search_here(
        self, client: FlaskClient, host: str, mounted: str, base: str
    ) -> None:
        response = client.get(
            "/opensearch.xml", headers={"Host": host}, environ_overrides={"SCRIPT_NAME": mounted}
        )
        assert response.mimetype == "application/opensearchdescription+xml"
        described = validated(response.data, "opensearch")
        assert described.findtext(f"{OPENSEARCH}ShortName") == "云汀网档案"
        templates = {
            url.get("type"): url.get("template", "") for url in described.iterfind(f"{OPENSEARCH}Url")
        }
        assert set(templates) == {
            "text/html", "application/atom+xml", "application/json", "application/x-suggestions+json",
            "application/opensearchdescription+xml",
        }  # fmt: skip
        for kind, template in templates.items():
            address = template.replace("{searchTerms}", quote("柑橘 -会议"))
            address = re.sub(r"\{\w+\?\}", "", address)  # what a program does not know is left out
            assert address.startswith(f"{base}/")
            answer = client.get(address.removeprefix(base))
            assert (answer.status_code, answer.mimetype) == (200, kind)
        (example,) = described.iterfind(f"{OPENSEARCH}Query")
        assert "：0 篇" not in client.get(f"/?q={example.get('searchTerms')}").text

    def test_every_page_links_it(self, client: FlaskClient) -> None:
        link = '<link rel="search" href="/opensearch.xml" type="application/opensearchdescription+xml" title="云汀网档案">'
        for address in (
            "/",
            "/?q=%E6%9F%91",
            "/?q=%22",
            "/?q=%E6%B2%A1%E6%9C%89%E6%AD%A4%E8%AF%8D",
            "/a/1",
            "/n",
            "/about",
            "/nope",
        ):
            assert client.get(address).text.count(link) == 1, address

    def test_a_name_without_room_is_cut(self, path: Path, tmp_path: Path) -> None:
        copy = tmp_path / "long.db"
        shutil.copy(path, copy)
        with closing(sqlite3.connect(copy)) as connection, connection:
            connection.execute(
                "UPDATE crawl SET options = json_set(options, '$.site.title', ?)", ("很长的名字" * 9,)
            )
        response = client_of(create_app(RoomSettings(copy))).get("/opensearch.xml")
        assert (
            validated(response.data, "opensearch").findtext(f"{OPENSEARCH}ShortName")
            == ("很长的名字" * 4)[:16]
        )

    def test_an_empty_archive_is_described_too(self, tmp_path: Path) -> None:
        Archive.open(tmp_path / "empty.db").close()
        validated(
            client_of(create_app(RoomSettings(tmp_path / "empty.db"))).get("/opensearch.xml").data,
            "opensearch",
        )

    def test_names_and_sections_that_begin_so_are_suggested(self, client: FlaskClient, path: Path) -> None:
        def suggested(text: str) -> list[str]:
            begun, found = client.get("/suggest.json", query_string={"q": text}).json  # type: ignore[misc]
            assert begun == text
            return list(found)

        assert suggested("闻") == ["姓名:闻小满"]
        assert suggested("柑橘 县域") == ["柑橘 栏目:县域要闻"]
        for text in ("", " ", '"闻', "-闻", "没有", "x" * 2000):
            assert suggested(text) == [], text
        with closing(sqlite3.connect(path)) as connection:
            names = connection.execute("SELECT DISTINCT name FROM credit WHERE name LIKE '苏%'").fetchall()
        assert suggested("苏") == [f"姓名:{name}" for (name,) in sorted(names)][:8]
        for asked in suggested("柑橘 苏"):
            assert client.get("/", query_string={"q": asked}).status_code == 200


class _Form:
    """The form of a page as a browser would send it."""

    def __init__(self, page: str) -> None:
        tree = html5lib.parse(page, namespaceHTMLElements=False)
        self.values = {e.get("name"): e.get("value", "") for e in tree.iter("input")}
        for select in tree.iter("select"):
            options = [
                (o.get("value", "".join(o.itertext())), o.get("selected")) for o in select.iter("option")
            ]
            self.values[select.get("name")] = next(
                (v for v, chosen in options if chosen is not None), options[0][0]
            )
        self.orders = ["".join(o.itertext()) for o in tree.iter("option") if "→" in "".join(o.itertext())]


class TestForm:
    def test_days_become_a_condition_and_are_filled_in_again(self, client: FlaskClient) -> None:
        sent = client.get(
            "/",
            query_string={
                "q": "柑橘",
                "from": "2024-01-01",
                "to": "2024-11-03",
                "scope": "",
                "sort": "新→旧",
            },
        )
        assert sent.status_code == 302
        asked = parse_qs(urlsplit(sent.location).query)
        assert asked == {"q": ["柑橘 日期:2024-01-01..2024-11-03"], "sort": ["新→旧"]}
        page = client.get(sent.location).text
        form = _Form(page).values
        assert form == {"q": "柑橘", "from": "2024-01-01", "to": "2024-11-03", "scope": "", "sort": "新→旧"}
        assert client.get("/", query_string=form).location == sent.location
        without = client.get("/", query_string=form | {"from": "", "to": ""}).text
        assert "<h1>检索 柑橘：" in without

    @pytest.mark.parametrize("address", ["/search.json", "/search.csv", "/search.atom"])
    def test_days_count_whatever_is_asked_for(self, client: FlaskClient, address: str) -> None:
        by_fields = client.get(address, query_string={"q": "柑橘", "from": "2024-11-01", "to": "2024-11-01"})
        by_text = client.get(address, query_string={"q": "柑橘 日期:2024-11-01"})
        assert by_fields.data == by_text.data

    @pytest.mark.parametrize(
        ("first", "last", "condition"),
        [
            ("2024-01-01", "2024-12-31", "日期:2024"),
            ("2024-02-01", "2024-02-29", "日期:2024-02"),
            ("2023-02-01", "2023-02-28", "日期:2023-02"),
            ("2024-02-01", "2024-02-28", "日期:2024-02-01..2024-02-28"),
            ("2024-03-05", "2024-03-05", "日期:2024-03-05"),
            ("2024-03-05", "", "日期:2024-03-05.."),
            ("", "2024-03-05", "日期:..2024-03-05"),
            ("2024", "2024", "日期:2024"),
            ("", "", ""),
        ],
    )
    def test_a_whole_year_or_month_is_called_so(self, first: str, last: str, condition: str) -> None:
        assert with_dates("柑橘", first, last) == f"柑橘 {condition}".strip()
        assert with_dates("", first, last) == condition

    @given(
        first=st.none() | st.dates().map(str), last=st.none() | st.dates().map(str),
        words=st.lists(st.sampled_from(["柑橘", "-会议", '"3 月"', "标题:工会", "状态:在线"]), max_size=4),
    )  # fmt: skip
    def test_fields_come_back_as_they_were_sent(
        self, first: str | None, last: str | None, words: list[str]
    ) -> None:
        text = with_dates(" ".join(words), first or "", last or "")
        try:
            fields = date_fields(text)
            asked = parse_query(text) if text else None
        except QueryError:  # begins after it ends
            assert (first or "") > (last or "")
            assert (fields.box, fields.first, fields.last) == (" ".join(words), first, last)
            return
        assert (fields.box, fields.first, fields.last) == (" ".join(words), first or "", last or "")
        dates = [c for clause in asked.clauses for c in clause if isinstance(c, Dates)] if asked else []
        assert [(d.first, d.last) for d in dates] == ([(first or "", last or "")] if first or last else [])

    @pytest.mark.parametrize(
        "text",
        [
            "柑橘 -日期:2024",
            "日期:2024 OR 柑橘",
            "柑橘 OR 日期:2024",
            "日期:2024 日期:2024-02",
            '"日期:2024',
            "柑橘",
        ],
    )
    def test_other_days_stay_in_the_box(self, text: str) -> None:
        fields = date_fields(text)
        assert (fields.box, fields.first, fields.last) == (text, "", "")

    def test_days_that_are_none_are_refused_in_words(self, client: FlaskClient) -> None:
        for name, called in (("from", "起始"), ("to", "截止")):
            refused = client.get("/", query_string={"q": "柑橘", name: "昨天"})
            assert refused.status_code == 400
            assert f"{called}日期写成 2024-01-16" in refused.text
        turned = client.get(
            "/", query_string={"q": "柑橘", "from": "2024-05-01", "to": "2024-01-01"}, follow_redirects=True
        )
        assert turned.status_code == 400
        assert "开始晚于结束" in turned.text
        sent = _Form(turned.text).values
        assert (sent["q"], sent["from"], sent["to"]) == ("柑橘", "2024-05-01", "2024-01-01")
        assert client.get("/", query_string={"q": "柑橘", "from": "２０２４／５／１"}).location.endswith(
            quote("柑橘 日期:2024-5-1..")
        )

    def test_the_oldest_first_is_a_choice_of_the_form(self, client: FlaskClient) -> None:
        form = _Form(client.get("/", query_string={"q": "云汀"}).text)
        assert form.orders == ["新→旧", "旧→新"]
        page = client.get("/", query_string=form.values | {"sort": "旧→新"}).text
        days = re.findall(r'<a href="/day/([^"]+)">', page)
        assert len(days) > 10
        assert days == sorted(days)
        assert _Form(page).values["sort"] == "旧→新"


def facets_of(page: str) -> Iterator[tuple[str, str, str, bool]]:
    """Yield (name, text, address, is it chosen) of the facets of a page."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    for part in tree.iter("ul"):
        for link in part.iter("a"):
            if name := part.get("aria-label"):
                text = " ".join("".join(link.itertext()).split())
                yield name.partition("，")[0], text, link.get("href", ""), link.get("class") == "chosen"


class TestFacets:
    def test_a_reviewer_narrows_and_is_taken_off_again(self, client: FlaskClient, path: Path) -> None:
        page = client.get("/", query_string={"q": "云汀", "sort": "旧→新"}).text
        found = {
            (name, text.split()[0]): (text.split()[-1], address) for name, text, address, _ in facets_of(page)
        }
        with closing(sqlite3.connect(path)) as connection:
            counted = connection.execute(
                "SELECT role, name, count(DISTINCT article_id) FROM credit"
                " WHERE role IN ('一审', '二审', '三审', '终审', '责任编辑', '编辑')"
                f" AND article_id IN ({', '.join(map(str, matching_ids(connection, '云汀')))}) GROUP BY 1, 2"
            ).fetchall()
        assert len({role for role, _, _ in counted}) > 4
        for role, name, number in counted:
            assert found[role, name][0] == str(number)
            address = found[role, name][1]
            narrowed = client.get(address).text
            assert f"：{number} 篇</h1>" in narrowed
            assert "sort=%E6%97%A7%E2%86%92%E6%96%B0" in address
            (chosen,) = (link for link in facets_of(narrowed) if link[3])
            assert chosen[:2] == (role, f"{name} ×（去掉） {number}")
            assert "<h1>检索 云汀：" in client.get(chosen[2]).text

    @pytest.mark.parametrize(
        ("typed", "name", "text"),
        [
            ("云汀 三审：卫青禾", "三审", "卫青禾"),
            ("云汀 三审:“卫青禾”", "三审", "卫青禾"),
            ("云汀 日期:2024-01..2024-12", "年", "2024 年"),
            ("栏目:县域要闻", "栏目", "县域要闻"),
        ],
    )
    def test_a_condition_is_chosen_however_it_was_written(
        self, client: FlaskClient, typed: str, name: str, text: str
    ) -> None:
        chosen = [link for link in facets_of(client.get("/", query_string={"q": typed}).text) if link[3]]
        assert [(found, shown.partition(" ×")[0]) for found, shown, _, _ in chosen] == [(name, text)]
        (rest,) = parse_qs(urlsplit(chosen[0][2]).query).get("q", [""])
        assert rest == ("云汀" if "云汀" in typed else "")

    def test_reviewers_of_many_hits_are_counted_when_asked_for(
        self, client: FlaskClient, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wanted = [link[:2] for link in facets_of(client.get("/", query_string={"q": "云汀"}).text)]
        monkeypatch.setattr("archive.room.search_pages._FEW", 3)
        reader = client_of(create_app(RoomSettings(path)))
        page = reader.get("/", query_string={"q": "云汀"}).text
        html5lib.HTMLParser(strict=True).parse(page)
        assert "一审、二审、三审、终审、责任编辑、编辑各是谁还没有数" in page
        assert {name for name, _, _, _ in facets_of(page)} == {"年", "栏目", "来源", "采写", "状态", "图片"}
        (address,) = re.findall(r'<a href="([^"#]+)#narrow">数一数</a>', page)
        counted = reader.get(address.replace("&amp;", "&")).text
        assert "还没有数" not in counted
        assert [link[:2] for link in facets_of(counted)] == wanted
        assert [
            link[:2] for link in facets_of(reader.get("/", query_string={"q": "云汀 "}).text)
        ] == wanted  # known now
