"""A restricted article is title and date, whoever asks, wherever and however; every part of it is a word to look for."""

import csv
import gzip
import html
import io
import json
import re
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from flask import Flask
from flask.testing import FlaskClient

from archive import Archive, Attachment, Credit, Image, Role
from archive.evidence.warc_writer import Exchange
from archive.export import Selection, read_articles
from archive.export.formats import known_formats
from archive.importer.loader import PackageError
from archive.importer.package import import_archive
from archive.model.access import RESTRICTED, SENTENCE
from archive.model.article import MediaType
from archive.model.crawl import (
    CaptureType,
    FailureType,
    FetchFailure,
    Listing,
    ListingEntry,
    MediaFile,
    SectionKind,
)
from archive.model.plan import RecheckPolicy
from archive.plugins import load
from archive.rendering.citation import FORMS as CITED_IN
from archive.rendering.remarks import Remark
from archive.room import RoomSettings, create_app
from archive.room.facet_index import FacetIndex
from archive.room.replay import create_replay
from archive.search import parse_query
from archive.search.query import Order, facets, search
from archive.store.access import BLANKED, OF_ARTICLES, WITHOUT, withhold_restricted
from archive.store.articles import save_article, save_missing
from archive.store.captures import begin_warc, end_warc, save_capture, save_media
from archive.store.crawls import begin_crawl, save_failure, save_listing
from tests.command_line import fork_zhijiang
from tests.conftest import ARTICLE
from tests.patience import PATIENCE
from tests.replayed import PNG
from tests.room import client_of

HOST = "http://www.yunting.example"
TITLE = "云汀县柑橘开园的一件公事"
WORDS = (
    *(
        "密正文",
        "密引题",
        "密副题",
        "密栏目",
        "密路径",
        "密来源",
        "密署名行",
        "密记者",
        "密标签",
        "密单位",
        "密图说",
    ),
    *(
        "密附件名",
        "密旧题",
        "密旧正文",
        "密旧记者",
        "密旧图说",
        "密列表题",
        "密提要",
        "密主题词",
        "密附注",
        "密鉴定人",
    ),
    *("密原因", "密暂缓", "密网页", "密旧网页", "密图片", "密又一址"),
    *("密摘要", "密未读", "密出错", "密核查"),
)
"""Each stands in one part of the restricted article and nowhere else."""
ADDRESSES = ("secret-page", "secret-picture", "secret-file", "secret-old", "secret-twin", "secret-fetch")
SECRETS = (*WORDS, *ADDRESSES, "T07:08:09")
"""What no reader may see; the last is the hour of publication."""
FORMS_OF = {word: {form.encode() for form in (word, quote(word), json.dumps(word)[1:-1])} for word in SECRETS}
"""How each is written as it is, in an address and in JSON."""
FREE = {
    *(
        "data_dictionary",
        "role",
        "section",
        "crawl_section",
        "crawl_field",
        "warc_file",
        "seal",
        "seal_part",
        "seal_former",
        "seal_token",
    ),
}
"""Tables that tell nothing of a single article but their own numbers."""


LISTS = {
    "list": "<li><a href='/secret-page'>云汀</a> 密摘要</li><li><a href='/open'>公开</a></li>",
    "relative": "<base><a href=./secret-page?>云汀</a> 密摘要",
    "titles": f"<li>{TITLE[:5]}<b>{TITLE[5:]}</b> 2024-11-01 密摘要</li>",
    "cut-titles": "<li>密列表题…… 密摘要</li>",
    "data": json.dumps({"rows": [{"id": 5, "title": TITLE, "abstract": "密摘要"}]}),
    "data-of-addresses": r'{"rows": [{"link": "http:\/\/m.yunting.example\/secret-page", "abstract": "密摘要"}]}',
}
"""List pages that name the restricted article, each in its own way."""
OPEN_LIST = "<li><a href='/open'>公开的一条</a>，公开的摘要</li>"


def _save(
    archive: Archive, path: str, body: str | bytes, kind: CaptureType, key: str | None, hour: int
) -> int:
    data = body if isinstance(body, bytes) else f"<html><p>{body}</p></html>".encode()
    mime = "image/png" if kind is CaptureType.MEDIA else "text/html; charset=utf-8"
    exchange = Exchange(
        f"{HOST}/{path}", f"2024-11-02T{hour:02}:00:00Z", "GET", (), 200, (("Content-Type", mime),), data
    )
    return save_capture(archive, exchange, 1, capture_type=kind, site="yunting", key=key)


def make_archive(path: Path, open_flag: str) -> Path:
    """Make an archive of an open article (1) and one with this 开放标识 (2), whose every part is a secret word."""
    with Archive.open(path) as archive:
        begin_crawl(archive, "yunting", software="test", options={})
        begin_warc(archive, "yunting", {"software": "test"})
        shared = Image(f"{HOST}/shared.png", "果农采摘", 1)
        opened = _save(archive, "open", "公开的网页", CaptureType.ARTICLE, "77", 1)
        save_article(archive, replace(ARTICLE, images=(shared,), capture=opened), 1)
        first = _save(archive, "secret-page", "密旧网页", CaptureType.ARTICLE, "secret", 2)
        secret = replace(
            ARTICLE,
            key="secret",
            url=f"{HOST}/secret-page",
            title="密旧题",
            body=("密旧正文",),
            credits=(Credit("记者", Role.REPORTER, "密旧记者"),),
            images=(Image(f"{HOST}/secret-old.png", "密旧图说", 1),),
            capture=first,
        )
        save_article(archive, secret, 1)
        second = _save(archive, "secret-page", "密网页", CaptureType.ARTICLE, "secret", 3)
        _save(archive, "secret-page-2", "密网页", CaptureType.PART, "secret", 3)
        _save(archive, "secret-page", "密网页", CaptureType.OTHER, None, 4)
        picture = Image(f"{HOST}/secret-picture.png", "密图说", 1)
        secret = replace(
            secret,
            title=TITLE,
            kicker="密引题",
            subtitle="密副题",
            section="密栏目",
            breadcrumb=("密路径",),
            published_at="2024-11-01T07:08:09+08:00",
            published_raw="2024-11-01T07:08:09",
            source="密来源",
            body=("密正文一段。", "又一段。"),
            credit_line="密署名行",
            credits=(
                Credit("密标签", Role.OTHER, "密记者", "密单位"),
                Credit("三审", Role.THIRD_REVIEW, "密记者"),
            ),
            images=(picture, shared),
            attachments=(Attachment(f"{HOST}/secret-file.pdf", MediaType.FILE, "密附件名"),),
            fetched_at="2024-11-03T01:00:00Z",
            capture=second,
        )
        save_article(archive, secret, 1)
        for name, data in (
            ("secret-picture.png", PNG + "密图片".encode()),
            ("secret-old.png", PNG + b"old" + "密图片".encode()),
            ("secret-file.pdf", b"%PDF-1.4 " + "密图片".encode()),
            ("shared.png", PNG),
        ):
            capture = _save(archive, name, data, CaptureType.MEDIA, None, 5)
            save_media(archive, MediaFile(f"{HOST}/{name}", data, capture), "yunting")
        entries = (
            ListingEntry("secret", f"{HOST}/secret-page", "密列表题"),
            ListingEntry("77", f"{HOST}/open", "公开"),
        )
        save_listing(
            archive,
            Listing(
                "yunting",
                "9",
                SectionKind.SECTION,
                f"{HOST}/9",
                "县域要闻",
                1,
                entries,
                None,
                "end",
                "2024-11-02T01:00:00Z",
            ),
            1,
        )
        gone = FetchFailure(
            "yunting",
            f"{HOST}/secret-page",
            FailureType.ARTICLE,
            "HTTP 410 密原因",
            "2024-12-01T00:00:00Z",
            key="secret",
            missing=True,
        )
        save_missing(archive, [gone], 1, RecheckPolicy(gone_days=0, gone_looks=1))
        lost = FetchFailure(
            "yunting",
            f"{HOST}/secret-fetch",
            FailureType.ARTICLE,
            "密原因",
            "2024-12-01T00:00:00Z",
            key="secret",
        )
        save_failure(archive, lost, 1)
        _save(archive, "open-list", OPEN_LIST, CaptureType.SECTION, None, 7)
        twin = _save(archive, "secret-twin", "密又一址", CaptureType.ARTICLE, "twin", 6)
        execute = archive.connection.execute
        execute(
            "INSERT INTO held (crawl_id, capture_id, site, key, url, seen_at, title, text_sha256, body_sha256, otherwise,"
            " untitled, replaces, revises, twin, state, article) VALUES (1, ?, 'yunting', 'twin', ?, '2024-11-02T06:00:00Z',"
            " '密暂缓', '', '', 0, 0, 0, 0, 'secret', 'same', '{\"body\": \"密暂缓\"}')",
            (twin, f"{HOST}/secret-twin"),
        )
        execute("INSERT INTO same_text VALUES ('yunting', 'secret', 'twin', ?, 1)", (f"{HOST}/secret-twin",))
        execute(
            "INSERT INTO trouble (site, kind, about, said, first_crawl, last_crawl, told_at)"
            " VALUES ('yunting', 'gone', ?, '密原因', 1, 1, '2024-12-01T00:00:00Z')",
            (f"{HOST}/secret-page",),
        )
        execute(
            "UPDATE crawl SET unknown_labels = '{\"密标签\": 1}', outcome = 'incomplete', reason = ?",
            (f"1 article could not be fetched or read: {HOST}/secret-page: 密出错.",),
        )
        unread = FetchFailure(
            "yunting", f"{HOST}/7", FailureType.SECTION, f"no list: {HOST}/secret-page 密未读", "2024-12-01T00:00:00Z"
        )  # fmt: skip
        save_failure(archive, unread, 1)
        for name, page in LISTS.items():
            listed = _save(archive, name, page, CaptureType.SECTION, None, 7)
            save_failure(archive, replace(unread, url=f"{HOST}/{name}", reason="no list", capture=listed), 1)
        execute(
            "INSERT INTO trouble (site, kind, about, said, first_crawl, last_crawl, told_at)"
            " VALUES ('yunting', 'same', '', '“密旧题” 密出错', 1, 1, '2024-12-01T00:00:00Z')"
        )
        execute(
            "INSERT INTO event (type, at, agent, outcome, detail) VALUES ('validation', '2024-12-01T00:00:00Z', 'test',"
            ' \'failure\', \'{"findings": [{"what": "article 2: source is “密核查”"}]}\')'
        )
        for asked in ('{"query": "密正文"}', '{"name": "密记者"}'):  # of whoever exported what the words find
            execute(
                "INSERT INTO event (type, at, agent, outcome, detail) VALUES ('export', '2024-12-01T00:00:00Z', 'test',"
                " 'success', ?)",
                (f'{{"selection": {asked}}}',),
            )
        execute(
            "INSERT INTO capture (crawl_id, kind, site, url, captured_at, status, redirect_to) VALUES (1, 'other',"
            f" 'yunting', '{HOST}/moved-page', '2024-12-01T00:00:00Z', 302, '{HOST}/secret-page')"
        )
        execute(
            "INSERT INTO appraisal (article_id, archival_code, retention, open_flag, security, keywords, abstract, note,"
            " decided_by) VALUES (2, 'C015-WY·YW·2024·D30-00002', 'D30', ?, '密附注', '密主题词', '密提要', '密附注', '密鉴定人')",
            (open_flag,),
        )
        execute(
            "INSERT INTO appraisal (article_id, archival_code, retention, open_flag)"
            " VALUES (1, 'C015-WY·YW·2024·D30-00001', 'D30', '开放')"
        )
        archive.connection.commit()
        end_warc(archive)
        archive.connection.commit()
    return path


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_archive(tmp_path_factory.mktemp("restricted") / "yunting.db", "控制")


@pytest.fixture(scope="module")
def client(path: Path) -> FlaskClient:
    return client_of(create_app(RoomSettings(path)))


def found_in(data: bytes, asked: str = "") -> list[str]:
    """Return the secrets in an answer, as they are, in an address or in JSON, but for those that were asked for."""
    return [word for word in SECRETS if word not in asked and any(form in data for form in FORMS_OF[word])]


def addresses(app: Flask, media: list[str]) -> Iterator[str]:
    """Yield addresses of every route, filled with what the archive has; a new kind of part has to be added here."""
    values: dict[str, list[str]] = {
        "article_id": ["1", "2"],
        "number": ["1", "2"],
        "old": ["1"],
        "new": ["2"],
        "kind": ["bib", "ris", "txt", "csl.json"],
        "part": ["1"],
        "form": ["bib", "ris", "txt", "csl.json"],
        "name": ["闻小满", "密记者", "密旧记者"],
        "section": ["要闻", "密栏目", "县域要闻"],
        "day": ["2024-11-01"],
        "month": ["2024-11"],
        "year": ["2024"],
        "month_day": ["11-01"],
        "sha256": media,
        "filename": ["style.css"],
        "when": ["20241102030000", "20241102030000id_"],
        "url": [quote(f"{HOST}/{page}", safe="") for page in ("open", *PAGES)],
    }
    for rule in app.url_map.iter_rules():
        filled = [re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", rule.rule)]
        for name in rule.arguments:
            filled = [address.replace(f"<{name}>", value) for address in filled for value in values[name]]
        yield from filled


PAGES = (
    *LISTS,
    "open-list",
    "moved-page",
    "secret-page",
    "secret-page-2",
    "secret-picture.png",
    "secret-old.png",
    "secret-file.pdf",
    "secret-twin",
    "9",
)


def sha256s(path: Path) -> list[str]:
    with Archive.read(path) as archive:
        return [row[0] for row in archive.connection.execute("SELECT sha256 FROM media ORDER BY media_id")]


def test_no_page_of_the_reading_room_shows_more(path: Path) -> None:
    app = create_app(RoomSettings(path, replay_port=1))
    client = client_of(app)
    asked = list(addresses(app, sha256s(path)))
    assert len(asked) > 60
    for address in asked:
        more = []
        if address.count("/") == 1:
            more += ["?only=real", "?group=审核", "?find=密", "?group=其他"]
        if address.startswith("/list"):
            more.append("?ids=1,2")
        if address.startswith("/a/"):
            more.append("?q=密正文 记者:密记者&ids=2")
        for query in ("", *more):
            answer = client.get(address + query)
            assert answer.status_code in (200, 302, 400, 404), address
            # what was asked is no secret: it stands in the address, and in the way back to the search
            assert found_in(answer.data, address + query) == [], address + query
            assert found_in(str(answer.headers).encode(), address) == [], address
    for rest in ("/v/1", "/v/2", "/v/9", "/diff/1..2", "/diff/7..9", "/v/1/cite.bib", "/v/9/cite.txt"):
        answer = client.get(f"/a/2{rest}")
        assert answer.status_code == 404
        assert (SENTENCE in answer.text, "网址可能写错了" in answer.text) == (True, False), rest
        assert f'<a href="/a/2">编号 2：{TITLE}</a>' in answer.text
    for form in CITED_IN:
        assert client.get(f"/a/2/cite.{form}").data == client.get(f"/list.{form}?ids=2").data
        assert TITLE in client.get(f"/a/2/cite.{form}").text
    pictures = [client.get(f"/media/{sha256}").status_code for sha256 in sha256s(path)]
    assert pictures == [404, 404, 404, 200]  # the last one is also in an open article
    for address in (f"/media/{sha256s(path)[0]}", f"/photos/{sha256s(path)[0]}", f"/media/{'0' * 64}"):
        assert "或者它只用在控制件里" in client.get(address).text  # alike where there is no such picture


@pytest.mark.parametrize("open_flag", RESTRICTED)
def test_what_is_left_is_title_date_and_why(tmp_path: Path, open_flag: str) -> None:
    client = client_of(create_app(RoomSettings(make_archive(tmp_path / "yunting.db", open_flag))))
    page = client.get("/a/2").text
    assert TITLE in page
    assert "2024-11-01" in page
    assert SENTENCE in page
    assert client.get("/a/2.json").json == {
        "article_id": 2,
        "title": TITLE,
        "published_on": "2024-11-01",
        "restricted": SENTENCE,
    }
    assert "有 1 篇为控制件" in client.get("/about").text
    assert client.get("/day/2024-11-01.json").json["restricted"] == 1  # type: ignore[index]
    assert "控制件</strong>" in client.get("/day/2024-11-01").text


def test_all_shows_everything(path: Path) -> None:
    app = create_app(RoomSettings(path, show_restricted=True))
    client = client_of(app)
    shown = b"".join(client.get(address).data for address in addresses(app, sha256s(path)))
    unseen = {
        "密列表题",
        "密提要",
        "密主题词",
        "密附注",
        "密鉴定人",
        "密暂缓",
        "密又一址",
        "密网页",
        "密旧网页",
        "密路径",
        "密摘要",
        "密未读",
        "密出错",
        "密核查",
    }
    assert set(WORDS) - set(found_in(shown)) <= unseen
    assert "不对外开放" in client.get("/a/2").text
    assert "控制件" not in client.get("/about").text


def test_an_article_restricted_meanwhile_is_withheld_at_once(tmp_path: Path) -> None:
    path = make_archive(tmp_path / "yunting.db", "未审核")
    client = client_of(create_app(RoomSettings(path, max_staleness=60)))
    for _ in range(2):
        assert "密正文" in client.get("/?q=柑橘开园 正文:密正文").text
        assert client.get("/search.json?q=密正文").json["total"] == 1  # type: ignore[index]
        assert "密栏目" in client.get("/?q=柑橘").text
        assert "密记者" in client.get("/n?group=其他").text
    with Archive.open(path) as archive:
        archive.connection.execute("UPDATE appraisal SET open_flag = '控制' WHERE article_id = 2")
        archive.connection.commit()
    for _ in range(2):
        assert client.get("/search.json?q=密正文").json["total"] == 0  # type: ignore[index]
        assert found_in(client.get("/?q=柑橘").data) == []
        assert found_in(client.get("/n?group=其他").data) == []


FORMS = ("标题:{}", "正文:{}", "署名:{}", "姓名:{}", "记者:{}", "三审:{}", "来源:{}")


@pytest.mark.parametrize(
    ("word", "form"),
    [
        *((word, "{}") for word in WORDS),
        *((word, form) for word in ("密正文", "密记者", "密来源", "密署名行") for form in FORMS),
    ],
)
def test_no_search_finds_what_is_withheld(client: FlaskClient, word: str, form: str) -> None:
    for query in (form.format(word), f"公事 {form.format(word)}"):
        assert client.get("/search.json", query_string={"q": query}).json["total"] == 0  # type: ignore[index]
    assert b"/a/2" not in client.get("/", query_string={"q": query}).data
    assert TITLE.encode() not in client.get("/search.csv", query_string={"q": query}).data
    without = client.get("/search.json", query_string={"q": f"公事 -{form.format(word)}"}).json
    assert without is not None
    assert (without["total"], without["restricted"]) == (1, 1)  # nor does what is left out tell
    assert found_in(json.dumps(without, ensure_ascii=False).encode(), word) == []


def test_a_search_counts_it_by_its_title(client: FlaskClient) -> None:
    for order in ("相关", "新→旧", "旧→新"):
        answer = client.get("/search.json", query_string={"q": "柑橘开园", "sort": order})
        assert found_in(answer.data) == []
        assert answer.json is not None
        assert (answer.json["total"], answer.json["restricted"]) == (2, 1)
        (hit,) = (hit for hit in answer.json["hits"] if hit["article_id"] == 2)
        assert hit == {
            "article_id": 2, "title": TITLE, "published_on": "2024-11-01", "section": "", "url": "", "snippet": "", "restricted": SENTENCE,
        }  # fmt: skip
    page = client.get("/?q=柑橘开园")
    assert found_in(page.data) == []
    assert "2 篇，其中 1 篇为控制件" in page.text
    for query in ("标题:公事", "公事 日期:2024-11", "公事 OR 密正文", "-密正文 公事", "公事 -正文:公事"):
        assert client.get("/search.json", query_string={"q": query}).json["total"] == 1, query  # type: ignore[index]
    for query in ("公事 栏目:要闻", "公事 图片:有", "公事 状态:在线", "公事 类型:文字", "公事 日期:2023"):
        assert client.get("/search.json", query_string={"q": query}).json["total"] == 0, query  # type: ignore[index]


def test_its_pictures_are_neither_there_nor_not(path: Path) -> None:
    client = client_of(create_app(RoomSettings(path)))
    asked = {
        "公事 图片:无": 0,
        "公事 图片:有": 0,
        "公事 -图片:有": 1,
        "柑橘开园 图片:有 OR 图片:无": 1,
        "图片:无": 0,
    }
    for query, number in asked.items():
        assert client.get("/search.json", query_string={"q": query}).json["total"] == number, query  # type: ignore[index]
    with Archive.read(path) as archive:
        withhold_restricted(archive)
        found = facets(archive.connection, "柑橘")
        assert (found.pictures, found.states) == ((("有", 1),), (("在线", 1),))
        counted = FacetIndex.read(archive.connection).count([1, 2], limit=9)
        assert (counted.pictures, counted.states) == (found.pictures, found.states)


def test_coverage_counts_it_apart(client: FlaskClient, path: Path) -> None:
    rows = client.get("/coverage.json").json["rows"]  # type: ignore[index]
    apart = {"月份": "2024-11", "栏目": "控制件", "篇数": 1, "无署名": None}
    assert [row for row in rows if row["栏目"] != "要闻"] == [apart]
    assert sum(row["篇数"] for row in rows) == 2
    assert "2024-11,控制件,1,\r\n" in client.get("/coverage.csv").text
    page = client.get("/coverage").text
    assert "没有栏目" not in page
    assert "按月单列一行" in page
    for address in re.findall(r'href="(/[^"]*)"', page):
        assert client.get(html.unescape(address)).status_code in (200, 302), address
    whole = client_of(create_app(RoomSettings(path, show_restricted=True))).get("/coverage").text
    assert "单列一行" not in whole
    assert "密栏目" in whole


def test_lists_of_articles_say_that_it_is_one_and_how_many_they_hold(client: FlaskClient) -> None:
    for address in ("/list.json?ids=2,1", "/day/2024-11-01.json", "/on/11-01.json"):
        answer = client.get(address).json
        assert answer is not None
        (row,) = (row for row in answer["rows"] if row["编号"] == 2)
        assert (row["状态"], row["字数"], answer["restricted"]) == ("控制件", None, 1), address
    assert client.get("/list.json?ids=1").json["restricted"] == 0  # type: ignore[index]
    assert "restricted" not in client.get("/year.json").json  # type: ignore[operator]
    for address in ("/list.csv?ids=2", "/search.csv?q=公事"):
        (row,) = csv.DictReader(io.StringIO(client.get(address).text.removeprefix("\ufeff")))
        assert (row["状态"], row["字数"]) == ("控制件", ""), address
    (row,) = csv.DictReader(io.StringIO(client.get("/list.csv?ids=1").text.removeprefix("\ufeff")))
    assert row["状态"] == "在线"
    assert int(row["字数"]) > 0
    page = client.get("/month/2024-11").text
    assert page.count("控制件</strong>") == 1
    assert "“控制件”：" in page


def test_a_search_of_the_connection_itself_withholds_too(path: Path) -> None:
    with Archive.read(path) as archive:
        assert withhold_restricted(archive) == {2}
        for order in Order:
            result = search(archive.connection, "柑橘", order=order)
            assert (result.total, result.restricted) == (2, 1)
            assert found_in(repr(result).encode()) == []
        assert found_in(repr(facets(archive.connection, parse_query("柑橘"))).encode()) == []


def test_every_table_is_withheld_or_free(path: Path) -> None:
    with Archive.read(path) as archive:
        tables = archive.connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
            " AND name NOT LIKE 'article\\_fts%' ESCAPE '\\' AND name NOT LIKE '\\_%' ESCAPE '\\'"
            " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        )
        assert {name for (name,) in tables} - {*WITHOUT, *BLANKED} <= FREE
        assert set(OF_ARTICLES) <= WITHOUT.keys()
        withhold_restricted(archive)
        shown = archive.connection.execute(
            "SELECT name FROM main.sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'article\\_fts%' ESCAPE '\\'"
            " AND name NOT IN ('检索', '检索编号')"
        ).fetchall()
        for (name,) in shown:
            rows = archive.connection.execute(f'SELECT * FROM "{name}"').fetchall()
            assert found_in(repr(rows).encode()) == [], name


def test_replay_has_none_of_its_pages(path: Path) -> None:
    app = create_replay(RoomSettings(path), 8000)
    client = client_of(app)
    for address in addresses(app, []):
        answer = client.get(address)
        assert found_in(answer.data, f"{address} {quote(address)}") == [], address
        if "secret" in address:
            assert answer.status_code == 404, address
    page = quote(f"{HOST}/secret-page", safe="")
    assert client.get(f"/20241102030000/{page}").status_code == 404
    assert client.get(f"/20241102030000/{quote(f'{HOST}/open', safe='')}").status_code == 200
    whole = client_of(create_replay(RoomSettings(path, show_restricted=True), 8000))
    assert "密网页" in whole.get(f"/20241102030000/{page}").text


def test_a_list_page_that_names_it_is_withheld_as_a_whole_and_says_why(path: Path) -> None:
    client, whole = (
        client_of(create_replay(RoomSettings(path, show_restricted=every), 8000)) for every in (False, True)
    )
    for name in LISTS:
        for form in ("", "id_"):
            address = f"/20241102070000{form}/{quote(f'{HOST}/{name}', safe='')}"
            answer = client.get(address)
            assert (answer.status_code, "上面列有控制件" in answer.text) == (403, True), name
            assert found_in(answer.data) == []
            assert "密摘要" in found_in(whole.get(address).data)
    answer = client.get(f"/20241102070000/{quote(f'{HOST}/open-list', safe='')}")
    assert (answer.status_code, "公开的摘要" in answer.text) == (200, True)


def test_an_export_of_pages_leaves_such_lists_out_and_says_so(path: Path, tmp_path: Path) -> None:
    said = fork_zhijiang("export", "wacz", "--archive", str(path), "--out", str(tmp_path / "a.wacz"))
    assert f"  {len(LISTS)} captured list pages that name restricted articles, left out" in said.stdout
    whole = fork_zhijiang(
        "export", "wacz", "--all", "--archive", str(path), "--out", str(tmp_path / "b.wacz")
    )
    assert "captured list pages" not in whole.stdout
    assert "密摘要".encode() in unpacked(tmp_path / "b.wacz")


def unpacked(path: Path) -> bytes:
    """Return all that is in a file or folder, packed or not."""
    if path.is_dir():
        return b"".join(unpacked(file) for file in sorted(path.rglob("*")) if file.is_file())
    data = path.read_bytes()
    if path.suffix in (".xlsx", ".wacz"):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            data = b"".join(
                gzip.decompress(part) if name.endswith(".gz") else part
                for name in package.namelist()
                for part in [package.read(name)]
            )
    elif path.suffix == ".parquet":
        from pyarrow import parquet

        data = repr(parquet.read_table(path).to_pylist()).encode()
    return path.name.encode() + data


WAYS = [
    (name, raw)
    for name, offer in known_formats().items()
    for raw in (False, True)
    if offer.value.raw or not raw
]


@pytest.mark.parametrize(("name", "raw"), WAYS)
def test_no_export_holds_more_unless_all_is_asked_for(
    path: Path, tmp_path: Path, name: str, raw: bool
) -> None:
    form = known_formats()[name].value
    write = load((form.raw if raw else form).write)
    out = tmp_path / f"out{'' if raw else {'site': '', 'bag': '', 'da': ''}.get(name, f'.{name}')}"
    whole = tmp_path / f"whole{out.suffix}"
    with read_articles(path, Selection()) as articles:
        write(articles, out)
        assert articles.remarks[Remark.CONTROLLED] == 1
    data = unpacked(out)
    assert found_in(data) == []
    if name not in ("credits", "wacz"):
        assert TITLE.encode() in data
    with read_articles(path, Selection(), show_restricted=True) as articles:
        write(articles, whole)
        assert articles.remarks[Remark.CONTROLLED_WHOLE] == 1
    assert len(found_in(unpacked(whole))) > 2
    with read_articles(path, Selection(query="正文:密正文")) as articles:
        assert articles.count() == 0


@pytest.mark.parametrize("name", ["jsonl", "csv"])
def test_an_archive_is_made_again_of_all_only(path: Path, tmp_path: Path, name: str) -> None:
    form = known_formats()[name].value
    write = load((form.raw or form).write)
    out = tmp_path / ("out.jsonl" if name == "jsonl" else "out")
    with read_articles(path, Selection()) as articles:
        write(articles, out)
    with pytest.raises(PackageError, match="--all"):
        import_archive(out, tmp_path / "again.db")
    assert not (tmp_path / "again.db").exists()


def test_the_command_line_says_what_it_withholds(path: Path, tmp_path: Path) -> None:
    archive = ("--archive", str(path))
    said = fork_zhijiang("export", "csv", *archive, "--out", str(tmp_path / "a.csv"))
    assert (
        "1 restricted articles (控制, 延期开放): title and date only; --all exports them whole" in said.stdout
    )
    said = fork_zhijiang("export", "csv", *archive, "--name", "绝无此人", "--out", str(tmp_path / "none.csv"))
    assert said.stdout.startswith(f"{tmp_path / 'none.csv'}: 0 articles, ")
    assert "restricted" not in said.stdout, "none of those that were asked for"
    bag = tmp_path / "bag"
    fork_zhijiang("export", "bag", *archive, "--name", "绝无此人", "--out", str(bag))
    assert not [
        file for file in bag.rglob("*") if file.is_file() and "0 篇控制件".encode() in file.read_bytes()
    ]
    said = fork_zhijiang("export", "csv", "--all", *archive, "--out", str(tmp_path / "b.csv"))
    assert "1 restricted articles (控制, 延期开放) are in it whole" in said.stdout
    assert "密正文" in (tmp_path / "b.csv").read_text("utf-8-sig")
    said = fork_zhijiang("snapshot", *archive, "--out", str(tmp_path / "c.db"))
    assert "are in it whole" in said.stdout
    shown = fork_zhijiang("show", "2", *archive).stdout
    assert "密正文" in shown
    assert shown.startswith("[restricted")
    assert "\t[restricted] " in fork_zhijiang("search", "密正文", *archive).stdout
    assert "\t【控制件】" in fork_zhijiang("--lang", "zh", "search", "密正文", *archive).stdout
    (hit,) = json.loads(fork_zhijiang("search", "密正文", *archive, "--json").stdout)["hits"]
    assert hit["restricted"] == "控制件"
    assert fork_zhijiang("search", "密正文", *archive, "--csv").stdout.rstrip().endswith(",控制件")


_ASK_DATASETTE = """
import asyncio, json, shutil, sys
from pathlib import Path
from urllib.parse import urlencode
from archive.room.datasette_plugin import create_datasette

path, kept = map(Path, sys.argv[1:])
datasette = create_datasette(path)
copy = Path(datasette.get_database(path.stem).path)
shutil.copy(copy, kept)

async def ask(address, **query):
    answer = await datasette.client.get(f"/{path.stem}{address}.json?{urlencode(query)}")
    assert answer.status_code == 200, answer.text
    return json.loads(answer.text)

sql = "SELECT group_concat(body) || group_concat(title) AS text FROM article"
whole = create_datasette(path, show_restricted=True)
print(json.dumps([
    copy != path,
    json.dumps(asyncio.run(ask("", sql=sql)), ensure_ascii=False),
    [asyncio.run(ask("/article", _search=word))["filtered_table_rows_count"] for word in ("密正文", "公事", "柑橘")],
    Path(whole.get_database(path.stem).path) == path,
]))
"""


def test_datasette_gets_a_copy_without_it(path: Path, tmp_path: Path) -> None:
    """In a process of its own: Datasette's threads close their connections with it."""
    pytest.importorskip("datasette")
    kept = tmp_path / "kept.db"
    done = subprocess.run(
        [sys.executable, "-c", _ASK_DATASETTE, path, kept], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    is_copy, text, totals, whole = json.loads(done.stdout)
    assert (is_copy, totals, whole) == (True, [0, 1, 2], True)
    assert found_in(kept.read_bytes()) == []
    assert TITLE in text


def test_without_restricted_articles_nothing_is_made(tmp_path: Path) -> None:
    path = make_archive(tmp_path / "yunting.db", "未审核")
    with Archive.read(path) as archive:
        assert withhold_restricted(archive) == frozenset()
        with closing(archive.connection.execute("SELECT count(*) FROM sqlite_temp_master")) as made:
            assert made.fetchone() == (0,)
    client = client_of(create_app(RoomSettings(path)))
    assert "密正文" in client.get("/a/2").text
    assert "控制件" not in client.get("/about").text


@pytest.mark.parametrize(
    ("option", "line"),
    [
        ((), "1 restricted article (控制, 延期开放): title and date only; --all shows them whole."),
        (("--all",), "--all: restricted articles (控制, 延期开放) are shown whole; now there are 1."),
    ],
)
def test_a_room_says_at_its_start_what_it_shows(path: Path, option: tuple[str, ...], line: str) -> None:
    command = [
        sys.executable,
        "-u",
        "-m",
        "zhijiang_spider.cli",
        "serve",
        "--port",
        "0",
        "--archive",
        str(path),
    ]
    with subprocess.Popen([*command, *option], stdout=subprocess.PIPE, encoding="utf-8") as process:
        try:
            assert process.stdout is not None
            address = re.findall(r"http://\S+/", process.stdout.readline())[0]
            assert process.stdout.readline() == f"{line}\n"
            with urlopen(f"{address}a/2", timeout=PATIENCE) as answer:
                assert ("密正文" in answer.read().decode()) is bool(option)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE)


@pytest.mark.parametrize("query", ["年味 OR 密件", "年味", "年味 OR 甲某某"])
def test_the_order_of_hits_tells_nothing_of_a_withheld_text(tmp_path: Path, query: str) -> None:
    """What a word adds to a weight would tell whether it stands there."""
    ranked = []
    for number, body in enumerate((("正文一段。",), ("密件，密件，年味年味。",))):
        path = tmp_path / f"{number}.db"
        with Archive.open(path) as archive:
            crawl = begin_crawl(archive, "yunting", software="test", options={})
            line = "记者丨甲某某" if number else ""
            save_article(
                archive, replace(ARTICLE, key="1", title="年味正浓", body=body, credit_line=line), crawl
            )
            save_article(archive, replace(ARTICLE, key="2", title="说说年味"), crawl)
            archive.connection.execute("INSERT INTO appraisal (article_id, open_flag) VALUES (1, '控制')")
            archive.connection.commit()
        with Archive.read(path) as archive:
            withhold_restricted(archive)
            hits = search(archive.connection, parse_query(query)).hits
        ranked.append([(hit.article_id, hit.rank) for hit in hits])
    assert len(ranked[0]) == 2
    assert ranked[0] == ranked[1]
