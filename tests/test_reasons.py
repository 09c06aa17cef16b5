"""Readers see reasons in Chinese and times by one clock, on the page and in its CSV."""

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scrapy.exceptions import DownloadFailedError
from service_identity import VerificationError
from service_identity.hazmat import DNS_ID, DNSPattern, verify_service_identity
from twisted.python.failure import Failure

from archive import Archive
from archive.model.crawl import UNFINISHED
from archive.model.reasons import in_chinese, pieces
from archive.room import RoomSettings, create_app
from archive.store.articles import save_article
from archive.store.counts import miscounted, recount
from tests.conftest import ARTICLE
from tests.room import client_of, make_archive
from tests.stored_reasons import reasons
from zhijiang_spider.crawl.counts import CrawlCounts, CrawlFindings
from zhijiang_spider.crawl.ends import cut_short
from zhijiang_spider.crawl.failures import _WORDS, reason_of
from zhijiang_spider.crawl.verdict import judge


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("HTTP 404", "没有这个网页（HTTP 404）"),
        ("redirected to article 9", "转到了另一篇文章 9"),
        ("redirected to http://x/, which is another list", "转到了 http://x/，那是另一个列表"),
        ("layout: no title", "版式不认识：没有题名"),
        ("timeout\nHTTP 503", "网站没有及时回答\n网站回答出错（HTTP 503）"),
        (
            "2 articles could not be fetched or read (2 timeout), such as http://x/1.html: timeout.  The next crawls ask"
            " again; zhijiang parse ADDRESS tells what is read of a page.",
            "2 篇文章没有取到或读不出：http://x/1.html：网站没有及时回答",
        ),
        (
            "1 article failed in 5 crawls and is given up, such as http://x/1.html: HTTP 404.  If a browser shows them, …",
            "1 篇文章试了 5 次采集都没有读到，不再去取，例如 http://x/1.html：没有这个网页（HTTP 404）",
        ),
        (UNFINISHED, "读取或存入这一页时程序中断（卡死后被杀，或内存用尽）"),
        ("something that nobody foresaw", "原文：“something that nobody foresaw”"),
    ],
)
def test_a_reason_is_told_in_chinese(stored: str, shown: str) -> None:
    assert in_chinese(stored) == shown


def test_the_words_of_failures_and_of_ends_are_all_in_the_table() -> None:
    ends = [
        *_WORDS.values(),
        *(cut_short(reason, pages) for reason in ("shutdown", "x") for pages in (0, 1)),
        cut_short("interrupted twice, stopped immediately", 1),
        *map(str, judge(CrawlCounts(), CrawlFindings(last_failure="http://x: timeout"), "finished").troubles),
    ]
    assert [said for said in ends if any(original for _, original in pieces(said))] == []


def test_a_certificate_of_another_host_is_called_so() -> None:
    try:
        verify_service_identity(
            [DNSPattern.from_bytes(b"other.example")], [DNS_ID("www.yunting.example")], []
        )
    except VerificationError:
        failure: Any = Failure
        other = reason_of(DownloadFailedError(str([failure()])))
    unknown = reason_of(
        DownloadFailedError("OpenSSL.SSL.Error: [('SSL routines', '', 'certificate verify failed')]")
    )
    assert other.startswith("the certificate does not hold (it is of another host); verify_certificates")
    assert unknown.startswith(
        "the certificate does not hold (expired, not yet valid, or of an unknown issuer)"
    )
    assert in_chinese(other) == "证书是别的主机的"
    assert in_chinese(unknown) == "证书无效（过期、尚未生效，或颁发者不明）"


def test_page_and_csv_of_a_list_tell_the_same(demo_archive: Path, tmp_path: Path) -> None:
    client = client_of(create_app(RoomSettings(make_archive(demo_archive, tmp_path), 9)))
    for address, column in (("/gone", "首次未见"), ("/crawls", "开始")):
        rows = list(csv.DictReader(io.StringIO(client.get(f"{address}.csv").data.decode("utf-8-sig"))))
        page = client.get(address).text
        assert rows
        for row in rows:
            assert row[f"{column}（北京时间）"] in page
            assert row["原因"].replace("\n", " ")[:20] in page.replace("\n", " ")
        stored = client.get(f"{address}.json").get_json()["rows"]
        assert all(row[column].endswith("Z") for row in stored)  # for programs: as the archive has it


def test_every_sentence_that_the_program_stores_has_its_chinese() -> None:
    stored = reasons()
    assert len(stored) > 90
    assert {
        said: place for said, place in stored.items() if any(original for _, original in pieces(said))
    } == {}


def test_what_is_not_known_is_an_original_that_is_marked_as_such() -> None:
    stored = "error while reading: ValueError: nobody foresaw that <this>\nnor did anybody foresee that"
    assert in_chinese(stored) == (
        "读取时程序出错：“ValueError: nobody foresaw that <this>”\n原文：“nor did anybody foresee that”"
    )
    assert [text for text, original in pieces(stored) if original] == [
        "ValueError: nobody foresaw that <this>",
        "nor did anybody foresee that",
    ]


def test_the_views_have_the_chinese_of_a_reason_whoever_wrote_it(archive: Archive) -> None:
    def shown() -> list[tuple[str]]:
        return archive.connection.execute("SELECT 原因 FROM 已消失 ORDER BY 编号").fetchall()

    insert = (
        "INSERT INTO absence (article_id, since, reason, last_look_at, last_crawl) VALUES (?, ?, ?, ?, 1)"
    )
    at = "2024-12-01T17:00:00Z"
    for number, reason in enumerate(("HTTP 404", "something that nobody foresaw"), 1):
        save_article(archive, replace(ARTICLE, key=str(number)), 1)
        with archive.transaction() as execute:
            execute(insert, (number, at, reason, at))
    assert shown() == [("没有这个网页（HTTP 404）",), ("原文：“something that nobody foresaw”",)]
    archive.connection.execute("UPDATE absence SET reason = 'HTTP 410'")  # as another program does
    archive.connection.commit()
    assert shown() == [("原文：“HTTP 410”",)] * 2
    assert miscounted(archive.connection) == []
    save_article(archive, ARTICLE, 1)
    assert shown() == [("网页已经删除（HTTP 410）",)] * 2
    assert archive.connection.execute("SELECT count(*) FROM _reason").fetchone() == (3,)
    recount(archive.connection)
    assert archive.connection.execute("SELECT * FROM _reason").fetchall() == [
        ("HTTP 410", "网页已经删除（HTTP 410）")
    ]


def test_reasons_are_put_into_chinese_again_by_a_program_with_other_words(tmp_path: Path) -> None:
    path = tmp_path / "yunting.db"
    with Archive.open(path) as archive:
        execute = archive.connection.execute
        execute("INSERT INTO _reason VALUES ('HTTP 404', '旧说法'), ('timeout', NULL)")
        assert miscounted(archive.connection) == ["_reason"]  # somebody altered it
        execute("UPDATE _reason_words SET digest = 'of another version'")
        assert miscounted(archive.connection) == []
        archive.connection.commit()
    with Archive.open(path) as again:
        assert again.connection.execute("SELECT chinese FROM _reason ORDER BY said").fetchall() == [
            ("没有这个网页（HTTP 404）",),
            ("网站没有及时回答",),
        ]
