"""Packages: WACZ, BagIt, the transfer folder, the reading copy; each on the sample archive and on hostile text."""

import hashlib
import itertools
import json
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html
from warcio.archiveiterator import ArchiveIterator

from archive import Archive, Article, Attachment, Credit, Image, Role
from archive.evidence.warc_writer import Exchange
from archive.export import Selection, read_articles, site_search
from archive.export import site as site_module
from archive.export.bag import write_bag
from archive.export.da import write_transfer
from archive.export.site import write_site
from archive.export.wacz import write_wacz
from archive.model.article import MediaType
from archive.model.crawl import CaptureType, MediaFile
from archive.rendering.remarks import Remark
from archive.search.fold import fold
from archive.store.articles import save_article
from archive.store.captures import begin_warc, save_capture, save_media
from archive.store.crawls import begin_crawl, save_listing

MakeArticle = Callable[..., Article]
HOSTILE = (
    "</script><script>alert(1)</script>",
    '=1+1 "引" ../../x\\y:z',
    "控\x08制\x0b字\x1f符\ufffe",
    "\u202e从右到左\u202c <b>&amp;",
    "长" * 40_000,
)


def tree(path: Path) -> dict[str, bytes]:
    return {
        file.relative_to(path).as_posix(): file.read_bytes() for file in path.rglob("*") if file.is_file()
    }


@pytest.fixture
def hostile(tmp_path: Path, article: MakeArticle) -> Path:
    """An archive of articles whose every text is an attack; three of them appraised."""
    path = tmp_path / "hostile.db"
    with Archive.open(path) as archive:
        begin_crawl(archive, "yunting", software="test", options={})
        for number, text in enumerate(HOSTILE):
            save_article(
                archive,
                article(
                    key=str(number),
                    title=text,
                    section=text,
                    source=text,
                    body=(text, "第二段。"),
                    credit_line=text,
                    credits=(Credit("记者", Role.REPORTER, text, text),),
                    images=(Image("http://www.yunting.example/../../etc/x.png", text, 1),),
                ),
                1,
            )
        archive.connection.executemany(
            "INSERT INTO appraisal (article_id, archival_code, retention, open_flag) VALUES (?, ?, 'D30', ?)",
            [
                (1, "C015-WY·YW·2024·D30-00001", "开放"),
                (2, "C015-WY·YW·2024·D30-00002", "控制"),
                (3, "C0/..\\15-WY·Y:W·2024·D30-00003", "未审核"),
            ],
        )
        archive.connection.commit()
    return path


BASE = "http://www.yunting.example"


@pytest.fixture
def captured(tmp_path: Path, article: MakeArticle, listing: Callable[..., Any]) -> Path:
    """An archive of one article: two pages, two versions, of two attachments one is stored, in two sections."""
    path = tmp_path / "captured.db"
    with Archive.open(path) as archive:
        crawl = begin_crawl(archive, "yunting", software="test", options={})
        begin_warc(archive, "yunting", {"software": "test"})
        clock = iter(f"2024-11-02T01:00:{second:02}Z" for second in range(60))

        def save(path: str, body: bytes, capture_type: CaptureType, key: str | None = "77") -> int:
            exchange = Exchange(f"{BASE}{path}", next(clock), "GET", (), 200, (), body)
            return save_capture(archive, exchange, crawl, capture_type=capture_type, site="yunting", key=key)

        attachments = (
            Attachment(f"{BASE}/f/1.PDF?v=2", MediaType.FILE, "采摘节 <日程>.pdf"),
            Attachment(f"{BASE}/f/2.exe", MediaType.FILE, "没有存下"),
        )
        for body in ("旧的正文", "新的正文"):
            first = save("/77", f"{body}，第一页".encode(), CaptureType.ARTICLE)
            save("/77_2", f"{body}，第二页".encode(), CaptureType.PART)
            save_article(
                archive,
                article(body=(body,), attachments=attachments, capture=first, source="", credits=()),
                crawl,
            )
        pdf = save("/f/1.PDF?v=2", b"%PDF-1.4", CaptureType.MEDIA, None)
        save_media(archive, MediaFile(attachments[0].url, b"%PDF-1.4", pdf), "yunting")
        save_listing(archive, listing("77", slug="9", name="专题"), crawl)
        archive.connection.execute(
            "INSERT INTO appraisal (article_id, archival_code, retention) VALUES (1, 'C015-WY·YW·2024·Y-00001', 'Y')"
        )
        archive.connection.commit()
    return path


class TestWacz:
    def test_every_version_is_found_by_its_own_text(self, captured: Path, tmp_path: Path) -> None:
        with read_articles(captured, Selection()) as articles:
            write_wacz(articles, tmp_path / "a.wacz")
        with zipfile.ZipFile(tmp_path / "a.wacz") as package:
            pages = [json.loads(line) for line in package.read("pages/pages.jsonl").splitlines()][1:]
        assert [(page["id"], page["text"]) for page in pages] == [("a1v1", "旧的正文"), ("a1v2", "新的正文")]

    def test_it_holds_records_index_pages_and_what_proves_them(
        self, demo_archive: Path, tmp_path: Path
    ) -> None:
        path = tmp_path / "a.wacz"
        with read_articles(demo_archive, Selection()) as articles:
            assert write_wacz(articles, path) == articles.count()
        with zipfile.ZipFile(path) as package:
            names = set(package.namelist())
            assert names == {
                "archive/data.warc.gz", "indexes/index.cdx.gz", "indexes/index.idx", "pages/pages.jsonl",
                "datapackage.json", "datapackage-digest.json",
            }  # fmt: skip
            description = json.loads(package.read("datapackage.json"))
            assert description["wacz_version"] == "1.1.1"
            for resource in description["resources"]:
                data = package.read(resource["path"])
                assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
                assert resource["bytes"] == len(data)
            digest = json.loads(package.read("datapackage-digest.json"))["hash"]
            assert digest == f"sha256:{hashlib.sha256(package.read('datapackage.json')).hexdigest()}"
            pages = [json.loads(line) for line in package.read("pages/pages.jsonl").splitlines()][1:]
            records = list(_records(package.read("archive/data.warc.gz")))
            assert package.getinfo("archive/data.warc.gz").compress_type == zipfile.ZIP_STORED
        answers = {(url, date) for kind, url, date in records if kind in ("response", "revisit")}
        assert {(page["url"], page["ts"]) for page in pages} <= answers
        assert sum(kind == "request" for kind, *_ in records) == len(
            [k for k, *_ in records if k in ("response", "revisit")]
        )

    def test_chosen_articles_bring_their_own_captures_only(self, demo_archive: Path, tmp_path: Path) -> None:
        path = tmp_path / "a.wacz"
        with read_articles(demo_archive, Selection(query="标题:柑橘开园")) as articles:
            assert write_wacz(articles, path) == 1
        with zipfile.ZipFile(path) as package:
            records = [
                r for r in _records(package.read("archive/data.warc.gz")) if r[0] in ("response", "revisit")
            ]
        assert 2 < len(records) < 8
        assert sum("/content/show" in url for _, url, _ in records) == 1

    def test_bytes_that_are_gone_are_counted(self, demo_archive: Path, tmp_path: Path) -> None:
        copy = tmp_path / "bare.db"
        shutil.copy(demo_archive, copy)
        with read_articles(copy, Selection()) as articles:
            write_wacz(articles, tmp_path / "a.wacz")
            assert articles.remarks[Remark.NO_BYTES] > 20


def _records(data: bytes) -> list[tuple[str, str, str]]:
    return [
        (r.rec_type, r.rec_headers.get_header("WARC-Target-URI") or "", r.rec_headers.get_header("WARC-Date"))
        for r in ArchiveIterator(BytesIO(data))
    ]


class TestBag:
    def test_every_file_is_in_every_manifest(self, demo_archive: Path, tmp_path: Path) -> None:
        bag = tmp_path / "bag"
        with read_articles(demo_archive, Selection()) as articles:
            write_bag(articles, bag)
        files = tree(bag)
        assert files["bagit.txt"] == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
        payload = {name for name in files if name.startswith("data/")}
        assert {
            "data/archive.db",
            "data/articles.jsonl",
            "data/pages.wacz",
            "data/tables/datapackage.json",
        } <= payload
        for algorithm in ("sha256", "sha512"):
            lines = files[f"manifest-{algorithm}.txt"].decode().splitlines()
            listed = dict(line.split("  ", 1)[::-1] for line in lines)
            assert listed.keys() == payload
            assert all(
                hashlib.new(algorithm, files[name]).hexdigest() == digest for name, digest in listed.items()
            )
        oxum = re.search(r"Payload-Oxum: (\d+)\.(\d+)", files["bag-info.txt"].decode())
        assert oxum is not None
        assert (int(oxum[1]), int(oxum[2])) == (sum(len(files[name]) for name in payload), len(payload))
        with closing(sqlite3.connect(bag / "data" / "archive.db")) as copy:
            assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)

    def test_the_same_archive_gives_the_same_bag(self, demo_archive: Path, tmp_path: Path) -> None:
        for name in ("one", "two"):
            with read_articles(demo_archive, Selection()) as articles:
                write_bag(articles, tmp_path / name)
        assert tree(tmp_path / "one") == tree(tmp_path / "two")

    def test_chosen_articles_come_without_the_whole_archive(self, demo_archive: Path, tmp_path: Path) -> None:
        with read_articles(demo_archive, Selection(query="柑橘")) as articles:
            write_bag(articles, tmp_path / "bag")
        files = tree(tmp_path / "bag")
        assert "data/archive.db" not in files
        assert "检索 柑橘" in files["data/README.txt"].decode()

    def test_hostile_text_goes_in(self, hostile: Path, tmp_path: Path) -> None:
        with read_articles(hostile, Selection()) as articles:
            assert write_bag(articles, tmp_path / "bag") == len(HOSTILE)


class TestTransfer:
    def test_appraised_articles_are_catalogued_and_the_others_listed(
        self, hostile: Path, tmp_path: Path
    ) -> None:
        out = tmp_path / "移交"
        with read_articles(hostile, Selection(), show_restricted=True) as articles:
            assert write_transfer(articles, out) == 3
            assert articles.remarks[Remark.NO_CODE] == 2
        files = tree(out)
        catalogue = etree.fromstring(files["文件目录.XML"])
        assert [e.findtext("顺序号") for e in catalogue] == ["1", "2", "3"]
        codes = [e.findtext("档号") for e in catalogue]
        assert codes == sorted(filter(None, codes))
        first = catalogue[1]
        assert first.findtext("档号") == "C015-WY·YW·2024·D30-00001"
        assert (first.findtext("日期"), first.findtext("保管期限"), first.findtext("开放标识")) == (
            "20241101",
            "30年",
            "开放",
        )
        assert first.findtext("著录层级") == "文件级"
        for entry in catalogue:
            name = entry.findtext("电子档案名称")
            assert name is not None
            assert name in files
            page = html.fromstring(files[name].decode())
            assert not page.xpath("//script")
            etree.fromstring(files[name.replace(".HTML", ".XML")])
        assert all(not re.search(r'[\\:*?"<>|]', name) and ".." not in name.split("/") for name in files)
        assert files["其他/未编入.CSV"].decode("utf-8-sig").count("没有鉴定") == 2
        assert "参照" in files["说明文件.TXT"].decode()
        assert "符合" not in files["说明文件.TXT"].decode().replace("是否符合要求由接收单位认定", "")
        for line in files["其他/校验SHA256.TXT"].decode().splitlines():
            digest, name = line.split("  ", 1)
            assert hashlib.sha256(files[name]).hexdigest() == digest

    def test_it_holds_the_page_as_captured_and_its_pictures(self, demo_archive: Path, tmp_path: Path) -> None:
        copy = tmp_path / "demo.db"
        shutil.copy(demo_archive, copy)
        shutil.copytree(demo_archive.with_suffix(".warc"), copy.with_suffix(".warc"))
        with closing(sqlite3.connect(copy)) as connection:
            connection.execute(
                "INSERT INTO appraisal (article_id, archival_code, retention) SELECT article_id,"
                " 'C015-WY·WL·2024·Y-0000' || article_id, 'Y' FROM article WHERE title = '云汀县柑橘开园'"
            )
            connection.commit()
        with read_articles(copy, Selection(query="标题:柑橘开园")) as articles:
            assert write_transfer(articles, tmp_path / "da") == 1
        files = tree(tmp_path / "da")
        assert any(
            name.endswith("网页原件.HTML") and "发布时间".encode() in data for name, data in files.items()
        )
        assert sum(data.startswith(b"\x89PNG") for data in files.values()) == 2
        assert "一审：乔安" in files["文件目录.XML"].decode()

    def test_it_holds_further_pages_and_attachments(self, captured: Path, tmp_path: Path) -> None:
        with read_articles(captured, Selection()) as articles:
            assert write_transfer(articles, tmp_path / "da") == 1
            assert not articles.remarks
        files = tree(tmp_path / "da")
        place = "电子档案/2024/YW/C015-WY·YW·2024·Y-00001"
        assert files[f"{place}/网页原件.HTML"].decode() == "新的正文，第一页"
        assert files[f"{place}/网页原件2.HTML"].decode() == "新的正文，第二页"
        assert files[f"{place}/附件1.pdf"] == b"%PDF-1.4"
        assert not [name for name in files if name.lower().endswith(".exe")]
        page = html.fromstring(files[f"{place}.HTML"].decode())
        (link,) = page.xpath("//li/a")
        assert link.text == "采摘节 <日程>.pdf"
        assert unquote(link.get("href")) == "C015-WY·YW·2024·Y-00001/附件1.pdf"
        assert "没有存下（没有存下，原址" in page.text_content()
        described = etree.fromstring(files[f"{place}.XML"])
        assert [e.get("文件名") for e in described.findall("附件/文件")] == ["附件1.pdf", None]
        assert described.findtext("著录/责任者") == "yunting"


def told(script: Path) -> Any:
    """Return what a data file of the reading copy hands to its function."""
    return value(script.read_text(encoding="utf-8"))


def value(script: str) -> Any:
    return json.loads(script.partition("(")[2].strip().removesuffix(");"))


class TestSite:
    def test_an_article_stands_in_all_its_sections_and_names_its_attachments(
        self, captured: Path, tmp_path: Path
    ) -> None:
        with read_articles(captured, Selection()) as articles:
            write_site(articles, tmp_path / "site")
        sections = html.fromstring((tmp_path / "site" / "sections.html").read_text(encoding="utf-8"))
        assert sorted(sections.xpath("//main//a/text()")) == ["专题", "要闻"]
        text = html.fromstring((tmp_path / "site/a/0/1.html").read_text(encoding="utf-8")).text_content()
        assert "采摘节 <日程>.pdf（文件，不在这个副本里）" in text
        (row,) = told(tmp_path / "site/data/rows-0.js")
        assert row[3] == "要闻、专题"
        page = html.fromstring((tmp_path / "site/a/0/1.html").read_text(encoding="utf-8"))
        leads = {link.text: tmp_path / "site/a/0" / link.get("href") for link in page.xpath("//main//a")}
        for name in ("要闻", "专题"):
            listed = html.fromstring(leads[name].read_text(encoding="utf-8"))
            assert listed.xpath("//h1/text()") == [f"栏目 · {name}"]
            assert listed.xpath("//main//li/a/@href") == ["../a/0/1.html"]

    def test_the_newest_come_first_and_long_lists_have_pages(
        self, tmp_path: Path, article: MakeArticle, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        days = ["2024-03-01", None, "2024-05-01", "2024-03-02", "2024-04-01"]
        with Archive.open(tmp_path / "a.db") as archive:
            crawl = begin_crawl(archive, "yunting", software="test", options={})
            for number, day in enumerate(days):
                save_article(archive, article(key=str(number), published_on=day), crawl)
        monkeypatch.setattr(site_module, "_ROWS", 2)
        with read_articles(tmp_path / "a.db", Selection()) as articles:
            write_site(articles, tmp_path / "site")
        rows = told(tmp_path / "site/data/rows-0.js")
        assert [row[2] for row in rows] == ["2024-05-01", "2024-04-01", "2024-03-02", "2024-03-01", ""]
        pages = [
            html.fromstring((tmp_path / f"site/lists/sections-0{more}.html").read_text(encoding="utf-8"))
            for more in ("", "-p2", "-p3")
        ]
        shown = [page.xpath("//main//li/span[@class='meta']/text()") for page in pages]
        assert shown == [["2024-05-01", "2024-04-01"], ["2024-03-02", "2024-03-01"], []]
        assert [page.xpath("//nav[@aria-label='分页']//a/text()") for page in pages] == [
            ["2", "3", "下一页"],
            ["上一页", "1", "3", "下一页"],
            ["上一页", "1", "2"],
        ]
        months = html.fromstring((tmp_path / "site/months-p2.html").read_text(encoding="utf-8"))
        assert months.xpath("//main/ul//a/text()") == ["2024-03", "日期不明"]

    def test_the_first_page_lists_the_newest_the_sections_and_the_months_of_every_year(
        self, tmp_path: Path, article: MakeArticle, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with Archive.open(tmp_path / "a.db") as archive:
            crawl = begin_crawl(archive, "yunting", software="test", options={})
            for number, (day, section) in enumerate(
                [("2023-12-31", "要闻"), ("2024-04-01", "要闻"), ("2024-05-02", "镇街"), (None, "专题")]
            ):
                title = f"第{number}篇"
                save_article(
                    archive, article(key=str(number), title=title, published_on=day, section=section), crawl
                )
        monkeypatch.setattr(site_module, "_NEWEST", 2)
        monkeypatch.setattr(site_module, "_SECTIONS", 2)
        with read_articles(tmp_path / "a.db", Selection()) as articles:
            write_site(articles, tmp_path / "site")
        page = html.fromstring((tmp_path / "site/index.html").read_text(encoding="utf-8"))
        newest, *months, sections = page.xpath("//main//ul")
        assert newest.xpath(".//a/text()") == ["第2篇", "第1篇"]
        assert newest.xpath(".//a/@href") == ["a/0/3.html", "a/0/2.html"]
        assert sections.text_content().split("\n") == ["要闻 2 篇专题 1 篇全部 3 个栏目"]
        assert [year.text_content().strip() for year in page.xpath("//main//h3")] == [
            "2024 2 篇",
            "2023 1 篇",
            "日期不明 1 篇",
        ]
        assert page.xpath("//main//meter/@value") == ["2", "1", "1"]
        assert [row.xpath(".//a/text()") for row in months] == [["2024-05", "2024-04"]]
        years = page.xpath("//main//h3/a/@href")
        listed = tmp_path / "site" / years[0]
        assert html.fromstring(listed.read_text(encoding="utf-8")).xpath("//main//li/a/text()") == [
            "第2篇",
            "第1篇",
        ]

    def test_a_date_that_is_none_stops_no_export(self, tmp_path: Path, article: MakeArticle) -> None:
        with Archive.open(tmp_path / "a.db") as archive:
            crawl = begin_crawl(archive, "yunting", software="test", options={})
            save_article(archive, article(), crawl)
            archive.connection.execute("UPDATE article SET published_on = '20x4-0a-01'")  # as the file lets
            archive.connection.commit()
        with read_articles(tmp_path / "a.db", Selection()) as articles:
            assert write_site(articles, tmp_path / "site") == 1
        months = html.fromstring((tmp_path / "site" / "months.html").read_text(encoding="utf-8"))
        assert months.xpath("//main//li/a/text()") == ["20x4-0a"]

    def test_the_texts_stand_in_blocks_for_the_search_the_newest_first(
        self, tmp_path: Path, article: MakeArticle, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with Archive.open(tmp_path / "a.db") as archive:
            crawl = begin_crawl(archive, "yunting", software="test", options={})
            for number in range(3):
                body = (f"正文{number}<b>", "第二段")
                save_article(
                    archive, article(key=str(number), published_on=f"2024-01-0{number + 1}", body=body), crawl
                )
        monkeypatch.setattr(site_search, "_BLOCK", 16)
        with read_articles(tmp_path / "a.db", Selection()) as articles:
            write_site(articles, tmp_path / "site")
        texts = [told(tmp_path / "site" / "data" / f"text-{number}.js") for number in range(2)]
        assert texts == [
            [[number + 1, f"正文{number}<b>\n第二段"] for number in numbers] for numbers in ((2, 1), (0,))
        ]
        page = html.fromstring((tmp_path / "site/index.html").read_text(encoding="utf-8"))
        assert dict(page.xpath("//body")[0].attrib) == {
            "data-parts": "1",
            "data-blocks": "2",
            "data-shards": "0",
        }

    @settings(max_examples=25)  # each writes a quarter of a megabyte
    @given(texts=st.lists(st.text(min_size=1, max_size=40), min_size=7, max_size=15))
    def test_the_index_names_every_block_that_holds_a_word(self, texts: list[str]) -> None:
        files: dict[str, str] = {}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(site_search, "_BLOCK", 1)
            data = site_search.SearchData(files.__setitem__)
            for number, text in enumerate(texts):
                data.add((number, f"题{number}", "", "", ""), text)
            data.finish()
        index = "".join(value(files[f"data/index-{number}.js"]) for number in range(data.shards))
        width = len(index) // site_search._SLOTS
        for block, text in enumerate(texts):
            codes = list(map(ord, fold(text)))
            for first, second in [*itertools.pairwise(codes), *((code, 0) for code in codes)]:
                slot = (first * site_search._SPREAD + second) % site_search._SLOTS
                digit = site_search._DIGITS.index(index[slot * width + block // 6].encode())
                assert digit >> block % 6 & 1
        told_of = sum(site_search._DIGITS.index(digit.encode()).bit_count() for digit in set(index))
        assert told_of  # and is not full: words that no block holds would otherwise load all
        assert index.count("A") > len(index) // 2

    def test_the_script_reads_the_index_as_it_is_written(self) -> None:
        script = (Path(site_module.__file__).parent / "site_files" / "search.js").read_text(encoding="utf-8")
        numbers = dict(re.findall(r"\b([A-Z]+) = ([\d <]+|\"[^\"]+\")[,;]", script))
        assert 1 << int(numbers["SLOTS"].removeprefix("1 << ")) == site_search._SLOTS
        assert 1 << int(numbers["SHARD"].removeprefix("1 << ")) == site_search._SHARD
        assert str(site_search._SPREAD) == numbers["SPREAD"]
        assert str(site_search._BLOCKS_A_DIGIT) == numbers["DIGIT"]
        assert site_search._DIGITS.decode() == numbers["DIGITS"].strip('"')

    def test_every_link_leads_somewhere_in_the_folder(self, demo_archive: Path, tmp_path: Path) -> None:
        site = tmp_path / "site"
        with read_articles(demo_archive, Selection()) as articles:
            count = write_site(articles, site)
        assert count == len(list(site.glob("a/*/*.html")))
        for page in site.rglob("*.html"):
            root = html.fromstring(page.read_text(encoding="utf-8"))
            for address in root.xpath("//@href | //@src"):
                assert (page.parent / address).is_file(), f"{page}: {address}"
            assert root.xpath("//meta[@http-equiv='Content-Security-Policy']")
        assert len(told(site / "data" / "rows-0.js")) == count
        files = tree(site)
        listed = files.pop("SHA256.txt").decode()
        assert listed == "".join(
            f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)
        )

    def test_nothing_in_it_acts_and_what_is_not_open_stays_out(self, hostile: Path, tmp_path: Path) -> None:
        with read_articles(hostile, Selection()) as articles:
            assert write_site(articles, tmp_path / "site") == len(HOSTILE) - 1
            assert articles.remarks[Remark.CONTROLLED] == 1
        for name, data in tree(tmp_path / "site").items():
            text = data.decode()
            if name.endswith(".html"):
                scripts = html.fromstring(text).xpath("//script")
                assert [s.get("src") for s in scripts] == (
                    ["assets/search.js"] if name == "index.html" else []
                )
            if name.startswith("data/"):
                assert "<" not in text
            assert name.isascii()


def test_hostile_text_goes_into_a_wacz(hostile: Path, tmp_path: Path) -> None:
    with read_articles(hostile, Selection()) as articles:
        assert write_wacz(articles, tmp_path / "a.wacz") == len(HOSTILE)
