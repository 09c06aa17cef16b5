"""By date: years, months and days count what the file holds, lead to each other, and name what is restricted by title only."""

import html
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive, Credit, Role
from archive.room import RoomSettings, create_app, days
from archive.store.articles import save_article
from archive.store.crawls import begin_crawl
from tests.conftest import ARTICLE
from tests.furnished import SECTIONS, furnish
from tests.room import client_of

DAYS = (
    "2019-02-28",
    "2020-02-28",
    "2020-02-29",
    "2020-03-01",
    "2023-11-28",
    "2023-11-29",
    "2023-11-29",
    "2024-11-30",
)
"""One article each."""


def make_archive(path: Path, published: tuple[str | None, ...] = DAYS) -> Path:
    with Archive.open(path) as archive:
        crawl = begin_crawl(archive, "yunting", software="test", options={})
        for number, day in enumerate(published, 1):
            save_article(
                archive,
                replace(ARTICLE, key=str(number), title=f"第{number}篇", published_on=day, images=()),
                crawl,
            )
    return path


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_archive(tmp_path_factory.mktemp("days") / "yunting.db")


@pytest.fixture(scope="module")
def client(path: Path) -> FlaskClient:
    return client_of(create_app(RoomSettings(path)))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("days") / "large.db"
    furnish(path, 7_000, letters=90)
    return path


def rows(client: FlaskClient, address: str) -> list[dict[str, object]]:
    found = client.get(f"{address}.json").get_json()["rows"]
    assert isinstance(found, list)
    return found


def at(monkeypatch: pytest.MonkeyPatch, utc: str) -> None:
    """Set the reader's clock."""
    monkeypatch.setattr("archive.times.utc_now", lambda: utc)


# --- what is counted -----------------------------------------------------------------------------------


def test_every_count_is_what_its_page_lists(large: Path) -> None:
    client = client_of(create_app(RoomSettings(large)))
    with closing(sqlite3.connect(large)) as connection:
        published = [day for (day,) in connection.execute("SELECT published_on FROM article")]
    by_length: Mapping[int, Counter[str]] = {n: Counter(day[:n] for day in published) for n in (4, 7, 10)}
    assert {row["年"]: row["篇数"] for row in rows(client, "/year")} == by_length[4]
    months = {row["月份"]: row["篇数"] for year in by_length[4] for row in rows(client, f"/year/{year}")}
    assert months == by_length[7]
    month = max(by_length[7])
    of_days = {row["日期"]: row["篇数"] for row in rows(client, f"/month/{month}")}
    assert of_days == {day: n for day, n in by_length[10].items() if day.startswith(month)}
    day = max(by_length[10])
    assert len(rows(client, f"/day/{day}")) == by_length[10][day]
    on_day = rows(client, f"/on/{day[5:]}")
    assert len(on_day) == sum(n for other, n in by_length[10].items() if other[5:] == day[5:])
    assert [row["发布日期"] for row in on_day] == sorted(
        (str(row["发布日期"]) for row in on_day), reverse=True
    )


def test_sections_of_a_year_lead_to_searches_that_find_as_many(large: Path) -> None:
    client = client_of(create_app(RoomSettings(large)))
    for address in ("/year/2023", f"/section/{SECTIONS[3]}"):
        page = client.get(address).text
        asked = re.findall(r'href="(/\?q=[^"]*?%3A20\d\d[^"]*)".*?(\d+) 篇', page)
        assert len(asked) >= 2
        for link, number in asked:
            assert f"：{number} 篇</h1>" in client.get(html.unescape(link)).text, unquote(link)


def test_cells_of_coverage_lead_to_what_they_count(large: Path) -> None:
    client = client_of(create_app(RoomSettings(large)))
    page = client.get("/coverage").text
    row = re.search(
        r'<tr><td><a href="/month/([^"]+)">.*?<td class="number"><a href="([^"]+)">(\d+)</a>', page
    )
    assert row is not None
    found = re.search(r"：(\d+) 篇</h1>", client.get(html.unescape(row[2])).text)
    assert found is not None
    assert int(found[1]) >= int(row[3])
    assert f"日期:{row[1]}" in unquote(row[2])
    years = set(re.findall(r'<th scope="row"><a href="/year/(\d{4})">', page))
    assert years == {str(row["年"]) for row in rows(client, "/year")}


@given(st.lists(st.dates(date(1990, 1, 1), date(2030, 12, 31)), max_size=40))
def test_a_table_of_years_tells_every_article_and_every_gap(published: list[date]) -> None:
    counts = Counter(f"{day:%Y-%m}" for day in published)
    table = days.by_year(list(counts.items()))
    assert sum(row.number for row in table) == len(published)
    told = {month: n for row in table for month, n in row.months if n}
    assert told == counts
    years: list[int] = []
    for row in table:
        first, _, last = row.name.partition("–")
        years += range(int(last or first), int(first) - 1, -1)
        assert bool(row.months) is bool(row.number)
    known = {day.year for day in published}
    assert years == sorted(range(min(known), max(known) + 1), reverse=True) if known else years == []


@given(st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_a_calendar_has_every_day_of_its_month_once_under_its_weekday(day: date) -> None:
    month = day.isoformat()[:7]
    weeks = days.weeks(month, {day.isoformat(): 3})
    assert {len(week) for week in weeks} == {7}
    cells = [cell for week in weeks for cell in week if cell[0]]
    first = date.fromisoformat(f"{month}-01").toordinal()
    assert [date.fromisoformat(name).toordinal() for name, _ in cells] == list(
        range(first, first + len(cells))
    )
    assert not days.is_day(f"{month}-{len(cells) + 1:02}")
    assert sum(n for _, n in cells) == 3
    assert [place for week in weeks for place, cell in enumerate(week) if cell[0] == day.isoformat()] == [
        day.weekday()
    ]
    assert days.weekday(day.isoformat()) == f"星期{'一二三四五六日'[day.weekday()]}"


@given(
    st.lists(st.dates(date(2015, 1, 1), date(2024, 12, 31)), max_size=30),
    st.dates(date(2024, 1, 1), date(2024, 12, 31)),
)
def test_the_nearest_days_of_the_calendar_are_the_nearest_there_are(
    published: list[date], today: date
) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE article (published_on TEXT)")
        connection.execute("CREATE INDEX ix ON article(published_on)")
        connection.executemany("INSERT INTO article VALUES (?)", [(day.isoformat(),) for day in published])
        month_day, year = f"{today:%m-%d}", f"{today:%Y}"
        for before in ("9999", year):
            known = {day.isoformat()[5:] for day in published if day.isoformat() < before}
            assert days.neighbours_on(connection, month_day, before=before) == (
                max((day for day in known if day < month_day), default=None),
                min((day for day in known if day > month_day), default=None),
            )
        assert set(days.days_of_every_year(connection, month_day, before=today.isoformat())) == {
            f"{day.year}-{month_day}" for day in published if f"{day.year}-{month_day}" < today.isoformat()
        }


# --- what is shown -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("/month/2024", "/year/2024"),
        ("/day/2024", "/year/2024"),
        ("/day/2024-11", "/month/2024-11"),
        ("/year/2024-11", "/month/2024-11"),
        ("/year/2024-11-05", "/day/2024-11-05"),
        ("/month/2024-1", "/month/2024-01"),
        ("/day/2024-1-5", "/day/2024-01-05"),
        ("/on/2-29", "/on/02-29"),
        ("/month/2024.json", "/year/2024.json"),
        ("/day/2024-1-5.csv", "/day/2024-01-05.csv"),
        ("/month", "/year"),
        ("/day", "/year"),
    ],
)
def test_a_date_leads_to_its_own_page(client: FlaskClient, asked: str, leads_to: str) -> None:
    answer = client.get(asked)
    assert (answer.status_code in (302, 308), answer.location) == (True, leads_to)
    assert client.get(leads_to).status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/year/0000", "/year/24", "/year/２０２４", "/month/2024-13", "/month/2024-0", "/day/2023-02-29", "/on/02-30", "/on/x", "/on/2024-01-16"],
)  # fmt: skip
def test_what_is_no_date_is_not_there(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_month_shows_titles_all_of_few_and_the_first_of_many(client: FlaskClient, large: Path) -> None:
    page = client.get("/month/2023-11").text
    assert [f"第{n}篇" in page for n in (5, 6, 7, 8)] == [True, True, True, False]
    assert '<a href="/day/2023-11-29"><span>29</span> <b>2 篇</b></a>' in page
    assert "另有" not in page
    many = client_of(create_app(RoomSettings(large))).get("/month/2024-09")
    assert many.text.count("另有 14 篇") == 30
    assert many.text.count('<li><a href="/a/') == 90
    assert len(many.data) < 60_000


def test_a_month_and_a_year_give_all_their_articles_for_a_spreadsheet(client: FlaskClient) -> None:
    for address, number in (("/month/2023-11", 3), ("/year/2020", 3)):
        links = re.findall(r'全部文章：<a href="([^"]+)"', client.get(address).text)
        assert len(links) == 1
        assert client.get(links[0]).text.count("\r\n") == 1 + number
    assert "全部文章" not in client.get("/month/2022-01").text


def test_neighbours_skip_what_is_empty(client: FlaskClient) -> None:
    assert re.findall(r'href="(/year/\d+)" rel="(prev|next)"', client.get("/year/2021").text) == [
        ("/year/2020", "prev"),
        ("/year/2023", "next"),
    ]
    assert 'href="/month/2020-03" rel="prev"' in client.get("/month/2023-11").text
    assert "没有这一年发布的文章" in client.get("/year/2021").text
    assert "2021–2022" in client.get("/year").text


def test_a_year_is_searched_with_its_days_in_the_form(client: FlaskClient) -> None:
    page = client.get("/year/2023").text
    assert 'name="from" type="date" value="2023-01-01"' in page
    assert 'name="to" type="date" value="2023-12-31"' in page


def test_the_first_page_tells_of_this_day_in_earlier_years(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(create_app(RoomSettings(path)))

    def today(utc: str) -> str:
        at(monkeypatch, utc)
        page = re.search(r'aria-labelledby="today">(.*?)</section>', client.get("/").text, re.DOTALL)
        assert page is not None
        return page[1]

    told = today("2024-11-28T16:00:00Z")  # the 29th in Beijing
    assert re.findall("第.篇", told) == ["第7篇", "第6篇"]
    told = today("2024-11-27T16:00:00Z")  # the archive is as it was, the day is not
    assert re.findall("第.篇", told) == ["第5篇"]
    told = today("2024-11-30T00:00:00Z")  # its own article is of this year
    assert "往年的今天没有存下文章" in told
    assert re.findall(r'href="/on/([^"]+)"', told) == ["11-29"]
    assert client.get("/on").location == "/on/11-30"
    assert "第8篇" in client.get("/on/11-30").text


def test_this_day_shows_several_years_before_several_articles_of_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, "2024-05-05T00:00:00Z")
    published = tuple(f"{year}-05-05" for year in (2016, 2017, 2018, 2023, 2023, 2023, 2023))
    client = client_of(create_app(RoomSettings(make_archive(tmp_path / "a.db", published))))
    page = client.get("/").text
    told = page[page.index('id="today"') : page.index('id="changed"')]
    assert re.findall(r"<time>(\d{4})-05-05", told) == ["2023", "2023", "2018", "2017", "2016"]
    assert "全部 7 篇" in told


def test_the_first_page_leads_to_years_sections_and_names(client: FlaskClient, path: Path) -> None:
    page = client.get("/").text
    years = re.findall(r'<a href="/year/(\d{4})"><span>.*?<span>(\d+) 篇</span>', page, re.DOTALL)
    assert years == [("2024", "1"), ("2023", "3"), ("2020", "3"), ("2019", "1")]
    assert "2021–2022 年没有" in page
    widths = [float(width) for width in re.findall(r'<rect width="([\d.]+)"', page)]
    assert widths == [10.0, 30.0, 30.0, 10.0]  # one article is no full bar
    names = dict(re.findall(r'<a href="/n/[^"]+"><span>(.*?)</span> <b>(\d+) 篇', page))
    assert names == {"闻小满": "8", "苏木": "8"}
    for address in re.findall(r'href="(/[^"]*)"', page):
        assert client.get(html.unescape(address)).status_code in (200, 302), address


def test_names_of_the_first_page_are_counted_and_ordered_as_their_list(tmp_path: Path) -> None:
    path = tmp_path / "names.db"
    reporter, editor = (partial(Credit, role, role) for role in (Role.REPORTER, Role.EDITOR))
    credits = (
        [(editor("丁一"), reporter("甲"))] * 3
        + [(reporter("丁一"), reporter("乙"))] * 2
        + [(reporter("乙"),)]
    )
    with Archive.open(path) as archive:
        crawl = begin_crawl(archive, "yunting", software="test", options={})
        for number, some in enumerate(credits):
            save_article(archive, replace(ARTICLE, key=str(number), credits=some), crawl)
    client = client_of(create_app(RoomSettings(path)))
    shown = re.findall(r'<a href="/n/[^"]+"><span>(.*?)</span> <b>(\d+) 篇', client.get("/").text)
    assert shown == [(row["姓名"], str(row["篇数"])) for row in rows(client, "/n")]
    assert dict(shown) == {"甲": "3", "乙": "3", "丁一": "2"}


def test_the_years_of_a_section_tell_what_has_no_day(tmp_path: Path) -> None:
    client = client_of(create_app(RoomSettings(make_archive(tmp_path / "a.db", ("2024-11-30", None, None)))))
    page = client.get("/section/要闻").text
    assert "2024 年 1 篇" in page
    assert "日期不明 2 篇" in page


def test_restricted_articles_are_counted_and_are_title_and_date(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, "2024-11-29T00:00:00Z")
    copy = tmp_path / "restricted.db"
    shutil.copy(path, copy)
    with Archive.open(copy) as archive:
        archive.connection.execute(
            "INSERT INTO appraisal (article_id, open_flag) VALUES (6, '控制'), (7, '延期开放')"
        )
        archive.connection.commit()
    client = client_of(create_app(RoomSettings(copy)))
    assert [row["篇数"] for row in rows(client, "/year/2023")] == [3]
    for address in ("/", "/on/11-29", "/day/2023-11-29"):
        page = client.get(address).text
        assert page.count("控制件</strong>") >= 2, address
        assert "“控制件”：" in page
    assert "第6篇" in client.get("/month/2023-11").text
    on_day = rows(client, "/on/11-29")
    assert {row["题名"] for row in on_day} == {"第6篇", "第7篇"}
    assert {row["栏目"] for row in on_day} == {""}
    assert "闻小满</span> <b>6 篇" in client.get("/").text
    assert "要闻</span> <b>1 篇" in client.get("/year/2023").text


def test_dates_that_are_none_break_no_page(tmp_path: Path) -> None:
    path = make_archive(tmp_path / "odd.db")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE article SET published_on = 'abcd-ef-gh' WHERE article_id = 1")
        connection.execute("UPDATE article SET published_on = '2023-11-31' WHERE article_id = 5")
        connection.execute("UPDATE article SET published_on = NULL WHERE article_id = 2")
    client = client_of(create_app(RoomSettings(path)))
    for address in ("/", "/year", "/coverage", "/month/2023-11", "/a/1", "/a/2", "/about"):
        assert client.get(address).status_code == 200, address
    assert "日期不明 1 篇" in client.get("/").text


# --- the way back, and the words ------------------------------------------------------------------------


def crumbs(page: str) -> list[tuple[str, str]]:
    """Return (address, label) of the trail of a page, "" for the page itself."""
    found = re.search(r'<nav class="crumbs".*?</nav>', page, re.DOTALL)
    assert found is not None
    return re.findall(
        r'<li><(?:a href="|span aria-current=")([^"]*)">([^<]*)<', found[0].replace('"page"', '""')
    )


@pytest.mark.parametrize(
    ("address", "trail"),
    [
        ("/year", ["首页", "年份"]),
        ("/year/2023", ["首页", "年份", "2023 年"]),
        ("/month/2023-11", ["首页", "年份", "2023 年", "11 月"]),
        ("/day/2023-11-29", ["首页", "年份", "2023 年", "11 月", "29 日"]),
        ("/on/11-29", ["首页", "历年今日", "11 月 29 日"]),
        ("/a/6", ["首页", "年份", "2023 年", "11 月", "29 日", "第6篇"]),
        ("/a/6/v/1", ["首页", "年份", "2023 年", "11 月", "29 日", "第6篇", "第 1 版"]),
        ("/n", ["首页", "人名", "采写"]),
        ("/n/苏木", ["首页", "人名", "苏木"]),
        ("/section", ["首页", "栏目"]),
        ("/section/要闻", ["首页", "栏目", "要闻"]),
        ("/changes", ["首页", "变更"]),
        ("/gone", ["首页", "已消失"]),
        ("/photos", ["首页", "图片"]),
        ("/photos/all", ["首页", "图片", "全部图片"]),
        ("/coverage", ["首页", "覆盖"]),
        ("/missing", ["首页", "覆盖", "未存"]),
        ("/crawls", ["首页", "采集记录"]),
        ("/about", ["首页", "说明"]),
        ("/?q=柑橘", ["首页", "检索"]),
        ("/?q=没有这个词", ["首页", "检索"]),
        ("/?q=日期:昨天", ["首页", "检索"]),
        ("/nowhere", ["首页", "没有这一页"]),
    ],
)
def test_every_page_shows_the_way_back(client: FlaskClient, address: str, trail: list[str]) -> None:
    page = client.get(address).text
    steps = crumbs(page)
    assert [label for _, label in steps] == trail
    assert steps[-1][0] == ""
    for link, _ in steps[:-1]:
        assert client.get(link, follow_redirects=True).status_code == 200, link


def test_the_words_are_explained_where_they_stand(client: FlaskClient) -> None:
    for address in ("/", "/coverage", "/about"):
        assert "这里存下了多少" in client.get(address).text, address
    for address in ("/", "/missing", "/about"):
        assert "这里没有存下的文章" in client.get(address).text, address
    for address in ("/gone", "/about"):
        page = client.get(address).text
        assert "近来在网站上找不到的文章，还在复查" in page, address
        assert "隔几天复查了多次" in page, address
    assert "控制件" not in client.get("/about").text  # there is none


def test_a_state_beside_an_article_is_explained_under_the_list(tmp_path: Path) -> None:
    path = make_archive(tmp_path / "gone.db")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE article SET status = '失联' WHERE article_id = 6")
    client = client_of(create_app(RoomSettings(path)))
    for address, said in (("/day/2023-11-29", True), ("/section/要闻", True), ("/day/2023-11-28", False)):
        assert ("“失联”：" in client.get(address).text) is said
        assert "“已消失”：" not in client.get(address).text


def test_a_wide_range_of_years_stays_small(tmp_path: Path) -> None:
    start = date(1926, 1, 1)
    published = ("1926-05-01", *((start + timedelta(days=36_000 + n)).isoformat() for n in range(3)))
    client = client_of(create_app(RoomSettings(make_archive(tmp_path / "wide.db", published))))
    for address in ("/", "/year", "/coverage"):
        answer = client.get(address)
        assert "1927–2023" in answer.text
        assert len(answer.data) < 20_000
