"""Citations of all that a search finds; other programs read them in ``tests/referees/citations.py``."""

import json
import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from archive import Archive, Credit, Role
from archive.rendering.citation import FORMS, Citation
from archive.rendering.printed_day import day_of_version
from archive.room import RoomSettings, create_app
from archive.store.articles import save_article
from tests.conftest import ARTICLE
from tests.room import HOSTILE, client_of, make_archive
from tests.searched import matching_ids

ONE = Citation(
    authors=("闻小满", "苏木"),
    title="云汀县柑橘开园",
    site="云汀网",
    published_on="2024-11-01",
    seen_on="2024-11-02",
    url="http://www.yunting.example/77",
    archive="云汀网档案",
    permalink="http://room.example/a/7",
    article_id=7,
    version=2,
)
RESTRICTED = replace(ONE, authors=(), site="", seen_on="", url="", permalink="", version=0)
TEXTS = st.one_of(st.text(), st.sampled_from(HOSTILE))


@pytest.fixture(scope="module")
def path(demo_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_archive(demo_archive, tmp_path_factory.mktemp("cited"))


@pytest.fixture(scope="module")
def client(path: Path) -> FlaskClient:
    return client_of(create_app(RoomSettings(path, hosts=("archive.example",))))


def written(form: str, *citations: Citation) -> str:
    return "".join(FORMS[form].write(citations))


class TestForms:
    def test_csl_json_says_names_as_printed_and_days_as_numbers(self) -> None:
        assert json.loads(written("csl.json", ONE)) == [
            {
                "id": "zhijiang7",
                "type": "webpage",
                "author": [{"literal": "闻小满"}, {"literal": "苏木"}],
                "title": "云汀县柑橘开园",
                "container-title": "云汀网",
                "issued": {"date-parts": [[2024, 11, 1]]},
                "accessed": {"date-parts": [[2024, 11, 2]]},
                "URL": "http://www.yunting.example/77",
                "archive": "云汀网档案",
                "archive_location": "http://room.example/a/7",
                "language": "zh-CN",
            }
        ]
        assert json.loads(written("csl.json")) == []
        assert len(json.loads(written("csl.json", ONE, RESTRICTED, ONE))) == 3

    def test_of_a_restricted_article_title_day_and_number_are_left(self) -> None:
        assert written("txt", RESTRICTED) == (
            "云汀县柑橘开园[EB/OL]. (2024-11-01). 存档：云汀网档案，编号 7.\n"
        )
        assert written("bib", RESTRICTED).startswith(
            "@misc{zhijiang7,\n  title = {{云汀县柑橘开园}},\n  date"
        )
        assert "url" not in written("bib", RESTRICTED)
        assert re.findall("(?m)^([A-Z0-9]{2})  - ", written("ris", RESTRICTED)) == (
            ["TY", "TI", "PY", "DA", "DB", "AN", "LA", "ER"]
        )

    @given(title=TEXTS, name=TEXTS, site=TEXTS, url=TEXTS)
    def test_no_text_breaks_out_of_its_field(self, title: str, name: str, site: str, url: str) -> None:
        nasty = replace(ONE, title=title, authors=(name,), site=site, url=url, permalink="")
        items = json.loads(written("csl.json", nasty, ONE))
        assert [item["id"] for item in items] == ["zhijiang7", "zhijiang7"]
        assert items[0].get("title", "") == " ".join(title.split())
        lines = written("ris", nasty, ONE).split("\r\n")
        assert all(re.match("[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])
        assert sum(line.startswith("TY  - ") for line in lines) == 2
        assert len(written("txt", nasty, ONE).split("\n")) == 3
        entry = re.sub(r"\\[{}]|\\textbackslash\{\}", "", written("bib", nasty))
        depths = list(accumulate((char == "{") - (char == "}") for char in entry))
        assert depths.index(0, entry.index("{")) == len(entry.rstrip()) - 1  # the brace that ends the entry


class TestDoors:
    @pytest.mark.parametrize("form", FORMS)
    def test_each_holds_all_hits_once(self, client: FlaskClient, path: Path, form: str) -> None:
        answer = client.get(f"/search.{form}", query_string={"q": "云汀", "scope": "正文"})
        assert (answer.status_code, answer.mimetype) == (200, FORMS[form].mimetype)
        assert answer.headers["Content-Disposition"].endswith(f"search.{form}")
        with Archive.read(path) as archive:
            wanted = sorted(matching_ids(archive.connection, "正文:云汀"))
        pattern = {
            "bib": r"@online\{zhijiang(\d+),",
            "ris": r"AN  - (\d+)\r",
            "csl.json": r'"id": "zhijiang(\d+)"',
            "txt": r"编号 (\d+)，第 \d+ 版\.\n",
        }[form]
        assert [int(number) for number in re.findall(pattern, answer.text)] == wanted
        assert len(wanted) > 20

    def test_one_of_them_is_what_its_article_says(self, client: FlaskClient, path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            ((number,),) = connection.execute("SELECT article_id FROM article WHERE key = 'edited'")
        for host in ("localhost", "archive.example"):
            for form in ("bib", "ris"):
                many = client.get(
                    f"/search.{form}", query_string={"q": "改过的一篇"}, headers={"Host": host}
                ).text
                one = client.get(f"/a/{number}/cite.{form}", headers={"Host": host}).text
                assert one in many
            assert (f"http://archive.example/a/{number}" in one) is (host != "localhost")

    def test_a_query_that_asks_nothing_or_cannot_be_read_is_refused(self, client: FlaskClient) -> None:
        for form in FORMS:
            assert client.get(f"/search.{form}").status_code == 400
            assert client.get(f"/search.{form}?q={quote('日期:昨天')}").status_code == 400

    def test_a_restricted_article_is_title_and_date(self, path: Path, tmp_path: Path) -> None:
        copy = tmp_path / "restricted.db"
        shutil.copy(path, copy)
        with Archive.open(copy) as archive:
            secret = replace(
                ARTICLE, key="secret", title="密题一件", source="密来源", url="http://x.example/密址"
            )
            save_article(archive, secret, 1)
            archive.connection.execute(
                "INSERT INTO appraisal (article_id, open_flag) SELECT article_id, '控制' FROM article WHERE key = 'secret'"
            )
            archive.connection.commit()
        reader = client_of(create_app(RoomSettings(copy)))
        for form in FORMS:
            text = reader.get(f"/search.{form}", query_string={"q": "密题"}).text
            assert "密题一件" in text
            assert re.search("2024.11.0?1", text) or "[2024, 11, 1]" in text
            assert not any(
                word in text for word in ("密来源", "密址", "x.example", "闻小满", "第 1 版", "第 0 版")
            )
        shown = client_of(create_app(RoomSettings(copy, show_restricted=True)))
        assert "闻小满" in shown.get("/search.bib", query_string={"q": "密题"}).text

    def test_a_page_of_hits_links_them_all(self, client: FlaskClient) -> None:
        page = client.get("/", query_string={"q": "云汀", "sort": "新→旧", "scope": "正文"}).text
        for form in FORMS:
            (address,) = re.findall(rf'href="(/search\.{re.escape(form)}\?[^"]+)"', page)
            answer = client.get(address.replace("&amp;", "&"))
            assert answer.status_code == 200
            same = client.get(f"/search.{form}", query_string={"q": "云汀", "scope": "正文"})
            assert answer.data == same.data


class TestVersions:
    """A former version is cited as itself: its author, its title, and its day where that can be known."""

    @pytest.fixture
    def reader(self, archive: Archive) -> FlaskClient:
        first = replace(
            ARTICLE,
            title="旧题一件",
            credits=(Credit("记者", Role.REPORTER, "甲一"),),
            published_on="2024-01-15",
            published_raw="2024年1月15日 08:30",
        )
        second = replace(
            first,
            title="新题一件",
            credits=(Credit("记者", Role.REPORTER, "乙二"),),
            credit_line="记者丨乙二",
        )
        texts = (
            first,
            replace(second, published_on="2024-01-16", published_raw="前天"),
            replace(second, published_on="2024-02-03", published_raw=""),
            replace(second, published_on="2024-02-04", published_raw="2月4日"),
            replace(second, title="末题一件", published_on="2024-02-04", published_raw="2月4日"),
        )
        for day, text in enumerate(texts, 1):
            save_article(archive, replace(text, fetched_at=f"2024-03-0{day}T00:00:00Z"), 1)
        archive.connection.commit()
        return client_of(create_app(RoomSettings(archive.path)))

    @pytest.mark.parametrize(
        ("number", "author", "title", "day"),
        [
            (1, "甲一", "旧题一件", "2024-01-15"),
            (2, "乙二", "新题一件", ""),
            (3, "乙二", "新题一件", ""),
            (4, "乙二", "新题一件", "2024-02-04"),
            (5, "乙二", "末题一件", "2024-02-04"),
        ],
    )
    def test_files_and_page_say_the_same_of_it(
        self, reader: FlaskClient, number: int, author: str, title: str, day: str
    ) -> None:
        page = reader.get(f"/a/1/v/{number}").text
        linked = re.findall(r'href="(/a/1/v/\d/cite\.[^"]+)"', page)
        assert linked == [f"/a/1/v/{number}/cite.{form}" for form in FORMS]
        files = {form: reader.get(f"/a/1/v/{number}/cite.{form}") for form in FORMS}
        for form, answer in files.items():
            assert answer.mimetype == FORMS[form].mimetype
            assert answer.headers["Content-Disposition"].endswith(f"zhijiang-1-v{number}.{form}")
            assert all(word in answer.text for word in (author, title, f"第 {number} 版") if form != "ris")
        line = files["txt"].text.strip()
        assert str(escape(line)) in page
        assert line.startswith(f"{author}. {title}[EB/OL]. {f'({day})' if day else ''}[2024-03-0{number}]")
        assert re.findall("date = {(.*)}", files["bib"].text)[:-1] == ([day] if day else [])
        assert re.findall("DA  - (.*)\r", files["ris"].text) == ([day.replace("-", "/")] if day else [])
        [item] = json.loads(files["csl.json"].text)
        assert ("issued" in item) == bool(day)
        assert re.findall('citation_publication_date" content="([^"]*)"', page) == (
            [day.replace("-", "/")] if day else []
        )
        linked_data = json.loads(re.findall(r'ld\+json">(.*?)</script>', page)[0])
        assert str(linked_data.get("datePublished", ""))[:10] == day
        assert linked_data["author"] == [author]
        assert re.findall(r'<a href="/day/([^"]+)"', page.split("<main")[0])[:1] == ([day] if day else [])

    def test_three_answers_to_when(self, reader: FlaskClient) -> None:
        heads = [reader.get(f"/a/1/v/{number}").text.split("</header>")[-2] for number in range(1, 6)]
        assert (
            '<time datetime="2024-01-15">2024-01-15</time></a>（现行版：<time>2024-02-04</time>）' in heads[0]
        )
        assert "日期不明（印作“前天”）（现行版：" in heads[1]
        assert "这一版没有印日期（现行版：" in heads[2]
        assert "现行版：" not in heads[3] + heads[4]

    def test_the_article_s_own_files_are_of_the_current_version(self, reader: FlaskClient) -> None:
        for form in FORMS:
            assert reader.get(f"/a/1/cite.{form}").data == reader.get(f"/a/1/v/5/cite.{form}").data
        for address in ("/a/1/v/6/cite.bib", "/a/1/v/1/cite.doc", "/a/9/v/1/cite.bib"):
            assert reader.get(address).status_code == 404


@pytest.mark.parametrize(
    ("changed", "raw", "day"),
    [
        ((), "", "2024-02-04"),
        (("published_raw",), "２０２４-１-５", "2024-01-05"),
        (("published_raw",), "发布时间：2024/01/05 23:10", "2024-01-05"),
        (("published_raw",), "2024-02-30", ""),
        (("published_raw",), "2024-01-05 至 2024-01-09", ""),
        (("published_raw",), "2024-01-05T20:00:00Z", ""),
        (("published_raw",), "1月5日", ""),
    ],
)
def test_the_day_of_a_version_is_what_is_stored_of_it(changed: tuple[str, ...], raw: str, day: str) -> None:
    versions = [{"number": 1, "changed": ["published_raw"]}, {"number": 2, "changed": list(changed)}]
    assert day_of_version(versions, 1, raw, "2024-02-04") == day
