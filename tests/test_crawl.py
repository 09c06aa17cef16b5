"""The whole crawl, as cron runs it: the command line, a real server on loopback, a real archive file."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from tests.newssite import Asked, NewsSite, Reply, Section, build_site
from tests.samples import SAMPLES, Sample
from tests.templates import LIST_TEMPLATES, TEMPLATES, ListTemplate

YICHANG = TEMPLATES[0]
NEXT_LINK = LIST_TEMPLATES[0]
PLAIN = SAMPLES[0]

Run = Callable[..., subprocess.CompletedProcess[str]]


def samples(count: int, start: int = 1) -> list[tuple[int, Sample]]:
    """Return numbered articles, newest first, a day apart, the newest on 2024-02-28 at the latest."""
    return [
        (
            number,
            replace(
                PLAIN,
                title=f"芦溪县第{number}号新闻",
                date=f"2024-{1 + number // 28:02}-{1 + number % 28:02}",
            ),
        )
        for number in range(start + count - 1, start - 1, -1)
    ]


class Crawled:
    """A site, its profile and its archive."""

    def __init__(self, site: NewsSite, folder: Path, run: Run) -> None:
        self.site = site
        self.archive = folder / "luxi.db"
        self.profile_file = folder / "luxi.toml"
        self.run = run
        self.profile: dict[str, Any] = {}

    def build(self, *sections: Section, listing: ListTemplate = NEXT_LINK, per_page: int = 3) -> None:
        self.profile = build_site(self.site, sections, YICHANG, listing, per_page=per_page)
        self.save_profile()

    def save_profile(self, **changes: Any) -> None:
        self.profile |= changes
        lines = []
        for key, value in sorted(self.profile.items(), key=lambda item: isinstance(item[1], dict)):
            if isinstance(value, dict):
                lines += [f"[{key}]", *(f"{name} = {json.dumps(inner)}" for name, inner in value.items())]
            else:
                lines.append(f"{key} = {json.dumps(value, ensure_ascii=False)}")
        self.profile_file.write_text("\n".join(lines), encoding="utf-8")

    def arguments(self, *more: str | Path) -> list[str | Path]:
        return ["crawl", "--site", self.profile_file, "--archive", self.archive, *more]

    def crawl(self, *more: str, status: int = 0) -> subprocess.CompletedProcess[str]:
        self.site.forget()
        result = self.run(*self.arguments(*more))
        assert result.returncode == status, result.stdout + result.stderr
        return result

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(self.archive)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def articles(self) -> set[str]:
        return {key for (key,) in self.rows("SELECT key FROM article")}

    def asked_articles(self) -> list[str]:
        return [path for path in self.site.paths() if "/content/show" in path]


@pytest.fixture
def luxi(tmp_path: Path, zhijiang: Run) -> Iterator[Crawled]:
    with NewsSite() as site:
        yield Crawled(site, tmp_path, zhijiang)


def keys(articles: Sequence[tuple[int, Sample]]) -> set[str]:
    return {str(number) for number, _ in articles}


# --- the main job ---------------------------------------------------------------------------------------


def test_from_section_page_to_search_credits_and_csv(luxi: Crawled, zhijiang: Run, tmp_path: Path) -> None:
    luxi.build(Section("101", "县域要闻", [(number, sample) for number, sample in enumerate(SAMPLES, 1)]))
    result = luxi.crawl()
    assert (result.stdout, result.stderr) == ("", "")  # cron stays quiet
    assert luxi.articles() == {str(number) for number in range(1, len(SAMPLES) + 1)}
    found = json.loads(zhijiang("search", "水利", "--archive", luxi.archive, "--json").stdout)
    assert found["total"] >= 1
    assert "【水利】" in found["hits"][0]["snippet"]
    shown = zhijiang("show", found["hits"][0]["article_id"].__str__(), "--archive", luxi.archive)
    assert "一审：乔安" in shown.stdout
    out = tmp_path / "文章.csv"
    exported = zhijiang("export", "csv", "--out", out, "--archive", luxi.archive)
    assert exported.stdout == f"{out}: {len(SAMPLES)} articles\n"
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    again = zhijiang("export", "csv", "--out", out, "--archive", luxi.archive)
    assert again.returncode == 2
    assert "--force" in again.stderr
    status = zhijiang("status", "--archive", luxi.archive, "--max-age", "1h")
    assert (status.returncode, status.stdout.splitlines()[-1]) == (0, "All is well.")


@pytest.mark.parametrize("listing", LIST_TEMPLATES, ids=lambda listing: listing.name)
def test_every_style_of_paging_is_walked_to_its_end(luxi: Crawled, listing: ListTemplate) -> None:
    articles = samples(14)
    luxi.build(Section("101", "县域要闻", articles), listing=listing)
    luxi.crawl()
    assert luxi.articles() == keys(articles)
    assert luxi.rows("SELECT slug, name, stop, backlog_url FROM section WHERE kind = 'section'") == [
        ("101", "县域要闻", "end", None)
    ]
    assert luxi.rows("SELECT count(*), max(page) FROM listing") == [(14, 5)]


def test_a_second_crawl_asks_for_the_fronts_and_nothing_else(luxi: Crawled) -> None:
    luxi.build(Section("101", "县域要闻", samples(8)), Section("102", "基层瞭望", samples(4, start=50)))
    luxi.crawl()
    luxi.crawl()
    assert sorted(luxi.site.paths()) == [
        "/",
        "/content/list?catid=101",
        "/content/list?catid=102",
        "/robots.txt",
    ]
    assert luxi.rows("SELECT outcome, new, unchanged FROM crawl ORDER BY crawl_id") == [
        ("complete", 12, 0),
        ("complete", 0, 0),
    ]


def test_new_articles_are_fetched_and_old_ones_are_not(luxi: Crawled) -> None:
    luxi.build(Section("101", "县域要闻", samples(8)))
    luxi.crawl()
    luxi.build(Section("101", "县域要闻", samples(10)))
    luxi.crawl()
    assert sorted(luxi.asked_articles()) == [
        "/content/show?catid=101&newsid=10",
        "/content/show?catid=101&newsid=9",
    ]
    assert luxi.articles() == keys(samples(10))


def test_one_article_in_two_sections_is_one_article_fetched_once(luxi: Crawled) -> None:
    luxi.build(Section("101", "县域要闻", samples(3)), Section("102", "基层瞭望", samples(1)))
    second = luxi.site.pages["/content/list?catid=102"]
    assert isinstance(second, Reply)
    body = second.body.replace(b"catid=101&amp;newsid=1", b"catid=102&amp;newsid=1")
    luxi.site.pages["/content/list?catid=102"] = replace(second, body=body)
    luxi.site.pages["/content/show?catid=102&newsid=1"] = luxi.site.pages["/content/show?catid=101&newsid=1"]
    luxi.save_profile(article_url=r"/content/show\?(?:.*&)?newsid=(?P<id>\d+)")
    luxi.crawl()
    assert len(luxi.asked_articles()) == 3
    assert luxi.rows(
        "SELECT count(*) FROM listing l JOIN section s USING (section_id) WHERE l.key = '1'"
    ) == [(2,)]
    assert luxi.rows(
        "SELECT count(*) FROM article_section t JOIN article a USING (article_id) WHERE a.key = '1'"
    ) == [(2,)]
    (sections,) = luxi.rows("SELECT 栏目 FROM 文章 WHERE 网址 LIKE '%newsid=1'")[0]
    assert set(sections.split("、")) == {"县域要闻", "基层瞭望"}


def test_a_full_crawl_finds_what_changed_and_keeps_what_was(luxi: Crawled) -> None:
    articles = samples(4)
    luxi.build(Section("101", "县域要闻", articles))
    luxi.crawl()
    number, sample = articles[1]
    articles[1] = number, replace(sample, title="芦溪县新闻更正")
    luxi.build(Section("101", "县域要闻", articles))
    luxi.crawl()
    assert luxi.rows("SELECT count(*) FROM 变更") == [(0,)]
    result = luxi.crawl("--full", "--json")
    told = json.loads(result.stdout)
    assert (told["revised"], told["unchanged"], told["complete"]) == (1, 3, True)
    assert luxi.rows("SELECT 原题名, 题名, 改动字段 FROM 变更") == [
        (sample.title, "芦溪县新闻更正", '["title"]')
    ]


# --- where the walk stops -------------------------------------------------------------------------------


def test_since_leaves_out_what_is_older_and_does_not_walk_on(luxi: Crawled) -> None:
    luxi.build(Section("101", "县域要闻", samples(20)))
    luxi.crawl("--since", "2024-01-18")
    assert luxi.articles() == {"17", "18", "19", "20"}
    assert not [path for path in luxi.site.paths() if "page=4" in path]
    luxi.crawl()
    assert luxi.articles() == keys(samples(20))


def test_a_list_without_dates_is_left_when_its_articles_are_older(luxi: Crawled) -> None:
    luxi.build(Section("101", "县域要闻", samples(20)))
    for path, reply in luxi.site.pages.items():
        if "/content/list" in path and isinstance(reply, Reply):
            luxi.site.pages[path] = replace(reply, body=re.sub(rb"<span>[\d-]+</span>", b"", reply.body))
    luxi.crawl("--since", "2024-01-18")
    assert {"17", "18", "19", "20"} <= luxi.articles()
    assert len([path for path in luxi.site.paths() if "/content/list" in path]) <= 4


def test_the_cap_is_kept_and_the_next_crawls_go_on_from_there(luxi: Crawled) -> None:
    luxi.build(Section("101", "县域要闻", samples(15)))
    luxi.save_profile(politeness={"delay": 0, "max_pages": 2})
    luxi.crawl()
    assert luxi.articles() == {str(number) for number in range(10, 16)}
    luxi.crawl()
    luxi.crawl()
    assert luxi.articles() == keys(samples(15))
    assert luxi.rows("SELECT backlog_url FROM section WHERE slug = '101'") == [(None,)]


def test_a_list_that_repeats_its_last_page_for_ever_is_left(luxi: Crawled) -> None:
    luxi.build(Section("101", "县域要闻", samples(6)))
    last = luxi.site.pages["/content/list?catid=101&page=2"]
    assert isinstance(last, Reply)

    def endless(asked: Asked) -> Reply:
        number = int(asked.path.rpartition("=")[2])
        link = f'<a href="/content/list?catid=101&amp;page={number + 1}">下一页</a></body>'
        return replace(
            last,
            body=last.body.replace("<a>下一页</a>".encode(), b"").replace(b"</body>", link.encode()),
            headers={"Content-Type": "text/html; charset=utf-8"},
        )

    for number in range(2, 30):
        luxi.site.pages[f"/content/list?catid=101&page={number}"] = endless
    luxi.crawl()
    assert len([path for path in luxi.site.paths() if "/content/list" in path]) == 3
    assert luxi.rows("SELECT stop FROM section WHERE slug = '101'") == [("repeated",)]


def test_only_the_wanted_section_is_crawled(luxi: Crawled) -> None:
    luxi.build(Section("101", "县域要闻", samples(3)), Section("102", "基层瞭望", samples(3, start=50)))
    luxi.crawl("--section", "102")
    assert luxi.articles() == {"50", "51", "52"}
    result = luxi.crawl("--section", "999", status=1)
    assert "No page links to these sections: 999" in result.stderr


# --- it never leaves the site ---------------------------------------------------------------------------


def test_links_and_redirects_to_other_hosts_are_refused(luxi: Crawled, tmp_path: Path) -> None:
    with NewsSite() as mirror:
        luxi.build(Section("101", "县域要闻", samples(3)))
        elsewhere = f"{mirror.base_url}/content/show?catid=101&newsid=9"
        page = luxi.site.pages["/content/list?catid=101"]
        assert isinstance(page, Reply)
        link = f'<a href="{elsewhere}">镜像上的新闻</a></body>'.encode()
        luxi.site.pages["/content/list?catid=101"] = replace(page, body=page.body.replace(b"</body>", link))
        luxi.site.put("/content/show?catid=101&newsid=2", "", status=302, Location=elsewhere)
        result = luxi.crawl(status=1)
        assert mirror.paths() == []
    assert luxi.articles() == {"1", "3"}
    assert "host is not in the profile's hosts" in result.stderr
    assert "host is not in the profile's hosts" in luxi.rows("SELECT 原因 FROM 未存")[0][0]


def test_a_redirect_of_robots_txt_to_another_host_is_refused(luxi: Crawled) -> None:
    with NewsSite() as mirror:
        luxi.build(Section("101", "县域要闻", samples(1)))
        luxi.site.put("/robots.txt", "", status=302, Location=f"{mirror.base_url}/robots.txt")
        luxi.crawl()
        assert mirror.paths() == []


# --- manners --------------------------------------------------------------------------------------------


def test_one_request_at_a_time_seconds_apart_with_an_honest_name(luxi: Crawled) -> None:
    luxi.build(Section("101", "县域要闻", samples(3)))
    luxi.save_profile(politeness={"delay": 0.3, "contact": "mailto:archive@luxi.example"})
    luxi.crawl()
    times = [asked.at for asked in luxi.site.asked]
    gaps = [after - before for before, after in pairwise(times)]
    assert len(times) == 6
    assert min(gaps) > 0.25
    agents = {asked.headers["user-agent"] for asked in luxi.site.asked}
    (agent,) = agents
    assert agent.startswith("zhijiang/")
    assert "mailto:archive@luxi.example" in agent
    assert not any("cookie" in asked.headers for asked in luxi.site.asked)


def test_robots_txt_is_obeyed_and_said(luxi: Crawled) -> None:
    luxi.build(Section("101", "县域要闻", samples(2)))
    luxi.site.put("/robots.txt", "User-agent: *\nDisallow: /content/show\n", Content_Type="text/plain")
    result = luxi.crawl(status=1)
    assert luxi.asked_articles() == []
    assert "Forbidden by robots.txt" in result.stderr


# --- exit status ----------------------------------------------------------------------------------------


def test_a_dead_site_is_status_1(luxi: Crawled) -> None:
    luxi.build(Section("101", "县域要闻", samples(1)))
    port = "9"
    luxi.save_profile(hosts=[f"127.0.0.1:{port}"], start_urls=[f"http://127.0.0.1:{port}/"])
    result = luxi.crawl(status=1)
    assert "No list page could be read" in result.stderr
    assert "connection refused" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_site_that_answers_only_errors_is_status_1(luxi: Crawled) -> None:
    luxi.build(Section("101", "县域要闻", samples(1)))
    luxi.site.pages = {path: Reply(b"", 403) for path in luxi.site.pages}
    assert "HTTP 403" in luxi.crawl(status=1).stderr


def test_a_list_without_article_links_is_loud_and_status_1(luxi: Crawled) -> None:
    luxi.build(Section("101", "县域要闻", samples(2)), Section("102", "基层瞭望", []))
    result = luxi.crawl(status=1)
    assert "layout:" in result.stderr
    assert "catid=102" in result.stderr
    assert luxi.articles() == {"1", "2"}  # one bad page never stops a crawl
    assert luxi.rows("SELECT kind, url LIKE '%catid=102' FROM failure") == [("section", 1)]


def test_an_article_without_text_is_kept_as_a_failure_and_status_1(luxi: Crawled) -> None:
    luxi.build(Section("101", "县域要闻", samples(3)))
    luxi.site.put("/content/show?catid=101&newsid=2", "<html><body></body></html>")
    result = luxi.crawl(status=1)
    assert "1 articles could not be fetched or read" in result.stderr
    assert luxi.articles() == {"1", "3"}
    assert luxi.rows("SELECT key, attempts FROM failure") == [("2", 1)]


def test_a_dead_link_is_tried_again_by_later_crawls_and_forgotten_when_it_works(luxi: Crawled) -> None:
    luxi.build(Section("101", "县域要闻", samples(3)))
    page = luxi.site.pages.pop("/content/show?catid=101&newsid=2")
    assert "HTTP 404" in luxi.crawl(status=1).stderr
    luxi.crawl(status=1)
    assert luxi.rows("SELECT attempts FROM failure") == [(2,)]
    luxi.site.pages["/content/show?catid=101&newsid=2"] = page
    luxi.crawl()
    assert luxi.rows("SELECT count(*) FROM failure") == [(0,)]
    assert luxi.articles() == {"1", "2", "3"}


def test_a_page_that_moved_to_the_home_page_is_no_article(luxi: Crawled) -> None:
    luxi.build(Section("101", "县域要闻", samples(2)))
    luxi.site.put("/content/show?catid=101&newsid=2", "", status=301, Location="/")
    assert "which is no article" in luxi.crawl(status=1).stderr
    assert luxi.articles() == {"1"}


def test_a_mistake_in_the_profile_is_status_2_in_one_line(luxi: Crawled) -> None:
    luxi.build(Section("101", "县域要闻", samples(1)))
    luxi.save_profile(artikel_url="x")
    result = luxi.crawl(status=2)
    assert result.stderr == (
        f"Error: {luxi.profile_file}: artikel_url: is no key of a site profile (did you mean article_url?)\n"
    )


def test_a_crawl_beside_another_is_status_75(luxi: Crawled) -> None:
    luxi.build(Section("101", "县域要闻", samples(1)))
    with FileLock(f"{luxi.archive}.lock"):
        result = luxi.crawl(status=75)
    assert "another crawl is at work" in result.stderr
    assert luxi.site.paths() == []


def test_an_archive_held_by_another_program_is_status_75(luxi: Crawled) -> None:
    luxi.build(Section("101", "县域要闻", samples(1)))
    luxi.crawl()
    holder = sqlite3.connect(luxi.archive)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        result = luxi.crawl(status=75)
    finally:
        holder.close()
    assert "try again later" in result.stderr


def test_a_file_that_is_no_archive_is_status_1_and_left_alone(luxi: Crawled) -> None:
    luxi.build(Section("101", "县域要闻", samples(1)))
    luxi.archive.write_bytes(b"not a database " * 100)
    assert "is no archive, or is damaged" in luxi.crawl(status=1).stderr
    assert luxi.archive.read_bytes() == b"not a database " * 100


def test_an_archive_that_cannot_be_written_stops_the_crawl_with_status_1(luxi: Crawled) -> None:
    """The file becomes a stranger's while the crawl runs: a trigger refuses every article."""
    luxi.build(Section("101", "县域要闻", samples(1)))
    luxi.crawl()
    with sqlite3.connect(luxi.archive) as connection:
        connection.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON article BEGIN SELECT RAISE(ROLLBACK, 'disk full'); END"
        )
    connection.close()
    luxi.build(Section("101", "县域要闻", samples(9)))
    result = luxi.crawl(status=1)
    assert "INCOMPLETE" in result.stderr


# --- stopped and killed ---------------------------------------------------------------------------------


def start(luxi: Crawled) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "zhijiang_spider.cli", *map(str, luxi.arguments())]
    luxi.site.forget()
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for_requests(luxi: Crawled, count: int) -> None:
    deadline = time.monotonic() + 30
    while len(luxi.site.asked) < count:
        assert time.monotonic() < deadline, "the crawl did not get that far"
        time.sleep(0.01)


@pytest.mark.parametrize("requests", [3, 8, 15, 24, 33])
def test_a_crawl_killed_at_any_point_is_completed_by_the_next(luxi: Crawled, requests: int) -> None:
    articles = samples(30)
    luxi.build(Section("101", "县域要闻", articles))
    luxi.save_profile(politeness={"delay": 0.02})
    with start(luxi) as process:
        wait_for_requests(luxi, requests)
        process.kill()
    asked = set(luxi.asked_articles())
    luxi.crawl()
    assert luxi.articles() == keys(articles)
    assert luxi.rows("PRAGMA integrity_check") == [("ok",)]
    assert luxi.rows("SELECT count(*) FROM article_version") == [(30,)]
    again = asked & set(luxi.asked_articles())
    assert len(again) <= len(asked)
    outcomes = [outcome for (outcome,) in luxi.rows("SELECT outcome FROM crawl ORDER BY crawl_id")]
    assert outcomes[-1] == "complete"


def test_what_was_committed_before_a_kill_is_not_asked_for_again(luxi: Crawled) -> None:
    luxi.build(Section("101", "县域要闻", samples(30)))
    luxi.save_profile(politeness={"delay": 0.15})
    with start(luxi) as process:
        wait_for_requests(luxi, 20)  # three seconds in: all but the last batch is on disk
        process.kill()
    stored = luxi.articles()
    assert len(stored) >= 3
    luxi.save_profile(politeness={"delay": 0})
    luxi.crawl()
    asked = {path.rpartition("=")[2] for path in luxi.asked_articles()}
    assert asked == keys(samples(30)) - stored


def test_a_polite_stop_saves_its_batch_and_says_so(luxi: Crawled) -> None:
    luxi.build(Section("101", "县域要闻", samples(30)))
    luxi.save_profile(politeness={"delay": 0.1})
    with start(luxi) as process:
        wait_for_requests(luxi, 12)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "stopped before its end (shutdown)" in errors
    asked = {path.rpartition("=")[2] for path in luxi.asked_articles()}
    assert luxi.articles() == asked
    assert [entry.name for entry in luxi.archive.parent.iterdir() if entry.name.startswith("luxi.db-")] == []


# --- Scrapy's own command -------------------------------------------------------------------------------


def test_scrapy_crawl_works_too(luxi: Crawled) -> None:
    luxi.build(Section("101", "县域要闻", samples(4)))
    root = Path(__file__).parent.parent
    command = [sys.executable, "-m", "scrapy", "crawl", "zhijiang", "-a", f"site={luxi.profile_file}"]
    result = subprocess.run(
        [*command, "-s", f"ZHIJIANG_ARCHIVE={luxi.archive}"],
        cwd=root,
        env={**os.environ, "PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert luxi.articles() == keys(samples(4))
    assert luxi.rows("SELECT outcome, new FROM crawl") == [("complete", 4)]
