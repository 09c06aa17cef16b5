"""The whole crawl, as cron runs it: the command line, a real server on loopback, a real archive file."""

import json
import os
import re
import shutil
import signal
import sqlite3
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from filelock import FileLock

from archive import Archive
from archive.store.lock import writer_lock
from tests.command_line import Forked, fork_zhijiang
from tests.crawled import Crawled, Run, samples
from tests.newssite import Asked, NewsSite, Reply, Section
from tests.patience import PATIENCE, wait_until
from tests.samples import SAMPLES, Sample
from tests.templates import LIST_TEMPLATES, ListTemplate
from zhijiang_spider.crawl.host_lock import host_locks
from zhijiang_spider.crawl.middlewares import is_public


def keys(articles: Sequence[tuple[int, Sample]]) -> set[str]:
    return {str(number) for number, _ in articles}


# --- the main job ---------------------------------------------------------------------------------------


def test_from_section_page_to_search_credits_and_csv(yunting: Crawled, zhijiang: Run, tmp_path: Path) -> None:
    yunting.build(Section("101", "县域要闻", [(number, sample) for number, sample in enumerate(SAMPLES, 1)]))
    yunting.empty = None
    result = yunting.crawl()
    assert (result.stdout, result.stderr) == ("", f"yunting → {yunting.archive}: a new archive\n")
    result = yunting.crawl()
    assert (result.stdout, result.stderr) == ("", "")  # cron stays quiet
    assert yunting.articles() == {str(number) for number in range(1, len(SAMPLES) + 1)}
    found = json.loads(zhijiang("search", "水利", "--archive", yunting.archive, "--json").stdout)
    assert found["total"] >= 1
    assert "【水利】" in found["hits"][0]["snippet"]
    shown = zhijiang("show", found["hits"][0]["article_id"].__str__(), "--archive", yunting.archive)
    assert "一审：乔安" in shown.stdout
    out = tmp_path / "文章.csv"
    exported = zhijiang("export", "csv", "--out", out, "--archive", yunting.archive)
    assert exported.stdout.startswith(f"{out}: {len(SAMPLES)} articles, SHA-256 ")
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    again = zhijiang("export", "csv", "--out", out, "--archive", yunting.archive)
    assert again.returncode == 2
    assert "--force" in again.stderr
    status = zhijiang("status", "--archive", yunting.archive, "--max-age", "1h")
    assert (status.returncode, status.stdout.splitlines()[-1]) == (0, "All is well.")


@pytest.mark.parametrize("listing", LIST_TEMPLATES, ids=lambda listing: listing.name)
def test_every_style_of_paging_is_walked_to_its_end(yunting: Crawled, listing: ListTemplate) -> None:
    articles = samples(14)
    yunting.build(Section("101", "县域要闻", articles), listing=listing)
    yunting.crawl()
    assert yunting.articles() == keys(articles)
    assert yunting.rows("SELECT slug, name, stop, backlog_url FROM section WHERE kind = 'section'") == [
        ("101", "县域要闻", "end", None)
    ]
    assert yunting.rows("SELECT count(*), max(page) FROM listing") == [(14, 5)]


def test_a_second_crawl_asks_for_the_fronts_and_nothing_else(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(8)), Section("102", "基层瞭望", samples(4, start=50)))
    yunting.crawl()
    yunting.crawl()
    assert sorted(yunting.site.paths()) == [
        "/",
        "/content/list?catid=101",
        "/content/list?catid=102",
        "/robots.txt",
    ]
    assert yunting.rows("SELECT outcome, new, unchanged FROM crawl ORDER BY crawl_id") == [
        ("complete", 12, 0),
        ("complete", 0, 0),
    ]


def test_new_articles_are_fetched_and_old_ones_are_not(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(8)))
    yunting.crawl()
    yunting.build(Section("101", "县域要闻", samples(10)))
    yunting.crawl()
    assert sorted(yunting.asked_articles()) == [
        "/content/show?catid=101&newsid=10",
        "/content/show?catid=101&newsid=9",
    ]
    assert yunting.articles() == keys(samples(10))


def test_one_article_in_two_sections_is_one_article_fetched_once(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(3)), Section("102", "基层瞭望", samples(1)))
    second = yunting.site.pages["/content/list?catid=102"]
    assert isinstance(second, Reply)
    body = second.body.replace(b"catid=101&amp;newsid=1", b"catid=102&amp;newsid=1")
    yunting.site.pages["/content/list?catid=102"] = replace(second, body=body)
    yunting.site.pages["/content/show?catid=102&newsid=1"] = yunting.site.pages[
        "/content/show?catid=101&newsid=1"
    ]
    yunting.save_profile(article_url=r"/content/show\?(?:.*&)?newsid=(?P<id>\d+)")
    yunting.crawl()
    assert len(yunting.asked_articles()) == 3
    assert yunting.rows(
        "SELECT count(*) FROM listing l JOIN section s USING (section_id) WHERE l.key = '1'"
    ) == [(2,)]
    assert yunting.rows(
        "SELECT count(*) FROM article_section t JOIN article a USING (article_id) WHERE a.key = '1'"
    ) == [(2,)]
    (sections,) = yunting.rows("SELECT 栏目 FROM 文章 WHERE 网址 LIKE '%newsid=1'")[0]
    assert set(sections.split("、")) == {"县域要闻", "基层瞭望"}


def test_a_full_crawl_finds_what_changed_and_keeps_what_was(yunting: Crawled) -> None:
    articles = samples(4)
    yunting.build(Section("101", "县域要闻", articles))
    yunting.crawl()
    number, sample = articles[1]
    articles[1] = number, replace(sample, title="云汀县新闻更正")
    yunting.build(Section("101", "县域要闻", articles))
    yunting.crawl()
    assert yunting.rows("SELECT count(*) FROM 变更") == [(0,)]
    result = yunting.crawl("--full", "--json")
    told = json.loads(result.stdout)
    assert (told["revised"], told["unchanged"], told["complete"]) == (1, 3, True)
    assert yunting.rows("SELECT 原题名, 题名, 改动字段 FROM 变更") == [
        (sample.title, "云汀县新闻更正", "题名")
    ]


# --- where the walk stops -------------------------------------------------------------------------------


def test_since_leaves_out_what_is_older_and_does_not_walk_on(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(20)))
    yunting.crawl("--since", "2024-01-18")
    assert yunting.articles() == {"17", "18", "19", "20"}
    assert not [path for path in yunting.site.paths() if "page=4" in path]
    yunting.crawl()
    assert yunting.articles() == keys(samples(20))


def test_a_list_without_dates_is_left_when_its_articles_are_older(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(20)))
    for path, reply in yunting.site.pages.items():
        if "/content/list" in path and isinstance(reply, Reply):
            yunting.site.pages[path] = replace(reply, body=re.sub(rb"<span>[\d-]+</span>", b"", reply.body))
    yunting.crawl("--since", "2024-01-18")
    assert {"17", "18", "19", "20"} <= yunting.articles()
    assert len([path for path in yunting.site.paths() if "/content/list" in path]) <= 4


def test_the_cap_is_kept_and_the_next_crawls_go_on_from_there(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(15)))
    yunting.save_profile(politeness={"delay": 0, "max_pages": 2})
    yunting.crawl()
    assert yunting.articles() == {str(number) for number in range(10, 16)}
    yunting.crawl()
    yunting.crawl()
    assert yunting.articles() == keys(samples(15))
    assert yunting.rows("SELECT backlog_url FROM section WHERE slug = '101'") == [(None,)]


def test_a_list_that_repeats_its_last_page_for_ever_is_left(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(6)))
    last = yunting.site.pages["/content/list?catid=101&page=2"]
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
        yunting.site.pages[f"/content/list?catid=101&page={number}"] = endless
    yunting.crawl()
    assert len([path for path in yunting.site.paths() if "/content/list" in path]) == 3
    assert yunting.rows("SELECT stop FROM section WHERE slug = '101'") == [("repeated",)]


def endless_calendar(yunting: Crawled, link: str) -> None:
    """Make every list page link on to the next day, which shows the same articles."""
    yunting.build(Section("101", "县域要闻", samples(2)))
    page = yunting.site.pages["/content/list?catid=101"]
    assert isinstance(page, Reply)

    def day(asked: Asked) -> Reply:
        found = re.search(r"day=(\d+)|catid=(\d+)", asked.path)
        after = 1 + int((found and (found[1] or found[2])) or 0)
        onward = f"<p>2024-01-{after % 28:02}</p>{link.format(after)}</body>"
        return replace(page, body=page.body.replace(b"</body>", onward.encode()))

    yunting.site.pages["/content/list?catid=101"] = yunting.site.otherwise = day


def test_a_calendar_of_ever_new_pages_with_the_same_articles_is_left(yunting: Crawled) -> None:
    endless_calendar(yunting, '<a href="/content/list?catid=101&amp;day={}">下一页</a>')
    yunting.crawl()
    assert len([path for path in yunting.site.paths() if "/content/list" in path]) == 2
    assert yunting.rows("SELECT stop FROM section WHERE slug = '101'") == [("repeated",)]


def test_a_calendar_of_ever_new_sections_is_left_and_told(yunting: Crawled) -> None:
    endless_calendar(yunting, '<a href="/content/list?catid={0}">第{0}天</a>')
    yunting.save_profile(politeness={"delay": 0, "max_sections": 6})
    result = yunting.crawl(status=1)
    assert len([path for path in yunting.site.paths() if "/content/list" in path]) <= 7
    assert "more sections than a crawl reads, such as http://" in result.stderr
    assert yunting.articles() == {"1", "2"}
    yunting.save_profile(skip_url=["catid=10[2-9]"])
    yunting.crawl()
    assert [path for path in yunting.site.paths() if "/content/list" in path] == ["/content/list?catid=101"]


def test_only_the_wanted_section_is_crawled(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(3)), Section("102", "基层瞭望", samples(3, start=50)))
    yunting.crawl("--section", "102")
    assert yunting.articles() == {"50", "51", "52"}
    result = yunting.crawl("--section", "999", status=2)
    assert "No page links to these sections: 999" in result.stderr


# --- it never leaves the site ---------------------------------------------------------------------------


def test_links_and_redirects_to_other_hosts_are_refused(yunting: Crawled, tmp_path: Path) -> None:
    with NewsSite() as mirror:
        yunting.build(Section("101", "县域要闻", samples(3)))
        elsewhere = f"{mirror.base_url}/content/show?catid=101&newsid=9"
        page = yunting.site.pages["/content/list?catid=101"]
        assert isinstance(page, Reply)
        link = f'<a href="{elsewhere}">镜像上的新闻</a></body>'.encode()
        yunting.site.pages["/content/list?catid=101"] = replace(
            page, body=page.body.replace(b"</body>", link)
        )
        yunting.site.put("/content/show?catid=101&newsid=2", "", status=302, Location=elsewhere)
        yunting.crawl()
        assert mirror.paths() == []
    assert yunting.articles() == {"1", "3"}
    assert "只是链接，通往别的网站：" in yunting.rows("SELECT 原因 FROM 未存")[0][0]


def test_a_redirect_of_robots_txt_to_another_host_is_refused(yunting: Crawled) -> None:
    with NewsSite() as mirror:
        yunting.build(Section("101", "县域要闻", samples(1)))
        yunting.site.put("/robots.txt", "", status=302, Location=f"{mirror.base_url}/robots.txt")
        yunting.crawl()
        assert mirror.paths() == []


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("localhost", "127.0.0.1"),
        ("127.1", "127.0.0.1"),  # the system's resolver reads these as addresses
        ("2852039166", "169.254.169.254"),
        ("10.1", "10.0.0.1"),
        ("192.168.257", "192.168.1.1"),
    ],
)
def test_a_name_that_leads_into_the_operators_network_is_refused_before_it_is_asked(
    yunting: Crawled, name: str, address: str
) -> None:
    yunting.build(Section("101", "县域要闻", samples(1)))
    port = yunting.site.host.rpartition(":")[2]
    yunting.save_profile(hosts=[f"{name}:{port}"], start_urls=[f"http://{name}:{port}/"])
    result = yunting.crawl(status=1)
    assert f"{name} leads to {address}, an address inside your own network" in result.stderr
    assert yunting.site.asked == []


def test_a_name_may_lead_to_an_address_that_the_profile_names(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(1)))
    port = yunting.site.host.rpartition(":")[2]
    hosts = [f"localhost:{port}", "127.0.0.1"]
    yunting.save_profile(hosts=hosts, start_urls=[f"http://localhost:{port}/"], media_hosts=["127.0.0.1"])
    yunting.crawl()
    assert yunting.articles() == {"1"}
    assert {asked.headers["host"] for asked in yunting.site.asked} >= {f"localhost:{port}"}


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("114.114.114.114", True),
        ("2400:3200::1", True),
        ("198.18.0.7", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("10.1.2.3", False),
        ("100.100.100.200", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("fe80::1", False),
        ("fd00::1", False),
    ],
)
def test_an_address_is_public_or_not(address: str, public: bool) -> None:
    assert is_public(ip_address(address)) is public


# --- manners --------------------------------------------------------------------------------------------


def test_one_request_at_a_time_seconds_apart_with_an_honest_name(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(3)))
    yunting.save_profile(politeness={"delay": 0.5, "contact": "mailto:archive@yunting.example"})
    yunting.crawl()
    assert (
        len(yunting.site.asked) == 8
    )  # robots.txt, home page, list, three articles, the two pictures they share
    assert yunting.site.mean_gap() > 0.45
    agents = {asked.headers["user-agent"] for asked in yunting.site.asked}
    (agent,) = agents
    assert agent.startswith("zhijiang/")
    assert "mailto:archive@yunting.example" in agent
    assert not any("cookie" in asked.headers for asked in yunting.site.asked)


def test_robots_txt_is_obeyed_and_said(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(2)))
    yunting.site.put("/robots.txt", "User-agent: *\nDisallow: /content/show\n", Content_Type="text/plain")
    result = yunting.crawl(status=1)
    assert yunting.asked_articles() == []
    assert "Forbidden by robots.txt" in result.stderr
    assert "ask its operator" not in result.stderr


def test_a_site_that_wants_no_crawl_at_all_is_not_called_down(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(2)))
    yunting.site.put("/robots.txt", "User-agent: *\nDisallow: /\n", Content_Type="text/plain")
    result = yunting.crawl(status=1)
    assert yunting.site.paths() == ["/robots.txt"]
    assert "ask its operator, do not work around it" in result.stderr
    assert "Open it in a browser" not in result.stderr


# --- exit status ----------------------------------------------------------------------------------------


def test_a_warc_folder_that_cannot_be_used_is_named_and_the_site_is_not_blamed(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(2)))
    folder = yunting.archive.with_suffix(".warc")
    folder.write_text("in the way", encoding="utf-8")
    result = yunting.crawl(status=1)
    assert f"because of the archive: {folder}: cannot be used: File exists" in result.stderr
    assert "No list page" not in result.stderr


def test_a_dead_site_is_status_1(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(1)))
    port = "9"
    yunting.save_profile(hosts=[f"127.0.0.1:{port}"], start_urls=[f"http://127.0.0.1:{port}/"])
    result = yunting.crawl(status=1)
    assert "No list page could be read" in result.stderr
    assert "connection refused" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_site_that_answers_only_errors_is_status_1(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(1)))
    yunting.site.pages = {path: Reply(b"", 403) for path in yunting.site.pages}
    assert "HTTP 403" in yunting.crawl(status=1).stderr


def test_a_list_without_article_links_is_loud_and_status_1(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(2)), Section("102", "基层瞭望", []))
    result = yunting.crawl(status=1)
    assert "layout:" in result.stderr
    assert "catid=102" in result.stderr
    assert yunting.articles() == {"1", "2"}  # one bad page never stops a crawl
    assert yunting.rows("SELECT kind, url LIKE '%catid=102' FROM failure") == [("section", 1)]


def test_an_article_without_text_is_kept_as_a_failure_and_status_1(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(3)))
    yunting.site.put("/content/show?catid=101&newsid=2", "<html><body></body></html>")
    result = yunting.crawl(status=1)
    assert "1 article could not be fetched or read" in result.stderr
    assert yunting.articles() == {"1", "3"}
    assert yunting.rows("SELECT key, attempts FROM failure") == [("2", 1)]


def test_a_dead_link_is_tried_again_by_later_crawls_and_forgotten_when_it_works(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(3)))
    page = yunting.site.pages.pop("/content/show?catid=101&newsid=2")
    assert "HTTP 404" in yunting.crawl(status=1).stderr
    yunting.crawl(status=1)
    assert yunting.rows("SELECT attempts FROM failure") == [(2,)]
    yunting.site.pages["/content/show?catid=101&newsid=2"] = page
    yunting.crawl()
    assert yunting.rows("SELECT count(*) FROM failure") == [(0,)]
    assert yunting.articles() == {"1", "2", "3"}


def test_a_page_that_moved_to_the_home_page_is_no_article(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(2)))
    yunting.site.put("/content/show?catid=101&newsid=2", "", status=301, Location="/")
    assert "which is no article" in yunting.crawl(status=1).stderr
    assert yunting.articles() == {"1"}


def test_a_mistake_in_the_profile_is_status_2_in_one_line(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(1)))
    yunting.save_profile(artikel_url="x")
    result = yunting.crawl(status=2)
    assert result.stderr == (
        f"Error: {yunting.profile_file}: artikel_url: is no key of a site profile (did you mean article_url?)\n"
    )


def test_a_crawl_beside_another_is_status_75(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(1)))
    with FileLock(f"{yunting.archive}.lock"):
        result = yunting.crawl(status=75)
    assert "another crawl is at work" in result.stderr
    assert yunting.site.paths() == []


def test_of_crawls_started_at_once_one_works_and_the_others_say_so(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(6)))
    others_ended = Event()
    robots = yunting.site.pages["/robots.txt"]
    assert isinstance(robots, Reply)

    def hold(_asked: Asked) -> Reply:
        others_ended.wait(PATIENCE)
        return robots

    yunting.site.pages["/robots.txt"] = hold
    yunting.save_profile()
    yunting.site.forget()
    with ExitStack() as stack:
        crawls = [stack.enter_context(Forked(*yunting.arguments())) for _ in range(3)]
        wait_until(lambda: sum(crawl.has_ended() for crawl in crawls) >= 2, "more than one works")
        others_ended.set()
        done = [crawl.finish() for crawl in crawls]
    assert sorted(crawl.returncode for crawl in done) == [0, 75, 75]
    said = [crawl.stderr for crawl in done if "a new archive" not in crawl.stderr]
    assert len(said) == 2
    assert all("another crawl is at work on it (" in error for error in said)
    assert sorted(yunting.asked_articles()) == sorted(set(yunting.asked_articles()))
    assert yunting.articles() == keys(samples(6))


def test_an_archive_held_by_another_program_is_status_75(yunting: Crawled) -> None:
    """By one that writes, and by one that reads: two archives, so that one wait is enough."""
    yunting.build(Section("101", "县域要闻", samples(1)))
    yunting.crawl()
    read = yunting.archive.with_name("read.db")
    shutil.copy(yunting.archive, read)
    with closing(sqlite3.connect(yunting.archive)) as writer, closing(sqlite3.connect(read)) as reader:
        writer.execute("BEGIN EXCLUSIVE")
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM article")
        other = yunting.profile_file.with_name("other.toml")  # of another host, or that is what keeps it away
        profile = yunting.profile_file.read_text(encoding="utf-8")
        other.write_text(profile.replace(yunting.site.host, "localhost"), encoding="utf-8")
        arguments = yunting.arguments()
        with (
            Forked(*arguments, busy=1) as first,
            Forked(*arguments, "--archive", read, "--site", other, busy=1) as second,
        ):
            for crawl in (first.finish(), second.finish()):
                assert "is in use by another program" in crawl.stderr
                assert crawl.returncode == 75


def test_a_file_that_is_no_archive_is_status_1_and_left_alone(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(1)))
    yunting.archive.write_bytes(b"not a database " * 100)
    assert "is no archive, or is damaged" in yunting.crawl(status=1).stderr
    assert yunting.archive.read_bytes() == b"not a database " * 100


def test_an_archive_that_cannot_be_written_stops_the_crawl_with_status_1(yunting: Crawled) -> None:
    """The file becomes a stranger's while the crawl runs: a trigger refuses every article."""
    yunting.build(Section("101", "县域要闻", samples(1)))
    yunting.crawl()
    with sqlite3.connect(yunting.archive) as connection:
        connection.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON article BEGIN SELECT RAISE(ROLLBACK, 'disk full'); END"
        )
    connection.close()
    yunting.build(Section("101", "县域要闻", samples(9)))
    result = yunting.crawl(status=1)
    assert "INCOMPLETE" in result.stderr


# --- stopped and killed ---------------------------------------------------------------------------------


def start(yunting: Crawled, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "zhijiang_spider.cli", *map(str, yunting.arguments(*more))]
    yunting.site.forget()
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for_requests(yunting: Crawled, count: int) -> None:
    wait_until(lambda: len(yunting.site.asked) >= count, "the crawl did not get that far")


@pytest.mark.parametrize("requests", [3, 8, 15, 24, 33])
def test_a_crawl_killed_at_any_point_is_completed_by_the_next(yunting: Crawled, requests: int) -> None:
    articles = samples(30)
    yunting.build(Section("101", "县域要闻", articles))
    yunting.save_profile(politeness={"delay": 0.02})
    yunting.site.hold(requests)
    with Forked(*yunting.arguments()) as crawl:
        wait_for_requests(yunting, requests)
        crawl.kill()
    yunting.site.resume()
    asked = set(yunting.asked_articles())
    yunting.crawl()
    assert yunting.articles() == keys(articles)
    assert yunting.rows("PRAGMA integrity_check") == [("ok",)]
    assert yunting.rows("SELECT count(*) FROM article_version") == [(30,)]
    again = asked & set(yunting.asked_articles())
    assert len(again) <= len(asked)
    outcomes = [outcome for (outcome,) in yunting.rows("SELECT outcome FROM crawl ORDER BY crawl_id")]
    assert outcomes[-1] == "complete"


def test_what_was_committed_before_a_kill_is_not_asked_for_again(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(30)))
    yunting.save_profile(politeness={"delay": 0.15})
    yunting.site.hold(20)
    with Forked(*yunting.arguments()) as crawl:
        wait_for_requests(yunting, 20)
        wait_until(lambda: len(yunting.articles()) >= 3, "no batch was committed")
        crawl.kill()
    yunting.site.resume()
    stored = yunting.articles()
    assert len(stored) >= 3
    yunting.save_profile(politeness={"delay": 0})
    yunting.crawl()
    asked = {path.rpartition("=")[2] for path in yunting.asked_articles()}
    assert asked == keys(samples(30)) - stored


@pytest.mark.parametrize("requests", [9, 22, 31])
def test_what_a_power_cut_leaves_is_completed_by_the_next_crawl(yunting: Crawled, requests: int) -> None:
    """Of the file's log, the end that was not synced is lost or torn; of the WARC file all behind the last row."""
    yunting.build(Section("101", "县域要闻", samples(30)))
    yunting.save_profile(politeness={"delay": 0.1})
    yunting.site.hold(requests)
    with Forked(*yunting.arguments()) as crawl:
        wait_for_requests(yunting, requests)
        crawl.kill()
    yunting.site.resume()
    log = yunting.archive.with_name(f"{yunting.archive.name}-wal")
    whole = log.read_bytes()
    log.write_bytes(whole[: len(whole) * 9 // 10 - 100] + b"\xa5" * 3000)
    (yunting.archive.with_name(f"{yunting.archive.name}-shm")).unlink()
    copy = sqlite3.connect(":memory:")
    with sqlite3.connect(yunting.archive) as survivors:  # what SQLite makes of it
        survivors.backup(copy)
    survivors.close()
    stored = {key for (key,) in copy.execute("SELECT key FROM article")}
    end = copy.execute("SELECT coalesce(max(warc_offset + warc_length), 0) FROM capture").fetchone()[0]
    copy.close()
    (warc,) = yunting.archive.with_suffix(".warc").iterdir()
    warc.write_bytes(warc.read_bytes()[: end + 50] + b"\0" * 500)
    yunting.save_profile(politeness={"delay": 0})
    yunting.crawl()
    assert {path.rpartition("=")[2] for path in yunting.asked_articles()} == keys(samples(30)) - stored
    assert yunting.articles() == keys(samples(30))
    check = yunting.run("check", "--archive", yunting.archive)
    assert check.returncode == 0, check.stdout


def test_a_polite_stop_saves_its_batch_and_says_so(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(30)))
    yunting.save_profile(politeness={"delay": 0.1})
    yunting.site.hold(12)
    with start(yunting) as process:
        wait_for_requests(yunting, 13)
        process.send_signal(signal.SIGTERM)
        yunting.site.resume()
        _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "stopped before its end (shutdown)" in errors
    asked = {path.rpartition("=")[2] for path in yunting.asked_articles()}
    assert yunting.articles() == asked
    assert [
        entry.name for entry in yunting.archive.parent.iterdir() if entry.name.startswith("yunting.db-")
    ] == []


def test_what_waits_for_its_turn_is_not_sent_after_a_stop(yunting: Crawled) -> None:
    """Else a site that asks for two minutes between requests keeps a stopped crawl for six."""
    yunting.build(Section("101", "县域要闻", samples(30)), per_page=30)
    yunting.save_profile(politeness={"delay": 0.1})
    errors = _stopped_at(yunting, 6, "--media", "none")
    assert len(yunting.site.asked) == 6
    assert yunting.rows("SELECT count(*) FROM failure") == [(0,)]
    assert "stopped before its end (shutdown)" in errors
    yunting.crawl()
    assert yunting.articles() == keys(samples(30))


def test_a_stop_while_robots_txt_is_asked_for_sends_nothing_more(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(3)))
    yunting.site.put("/robots.txt", "User-agent: *\nDisallow: /\n", Content_Type="text/plain")
    errors = _stopped_at(yunting, 1)
    assert len(yunting.site.asked) == 1
    assert "before the first page" in errors


def _stopped_at(yunting: Crawled, requests: int, *more: str) -> str:
    """Stop a crawl that waits for the answer to the last of so many requests; return what it says."""
    yunting.site.hold(requests - 1)
    with Forked(*yunting.arguments("--verbose", *more)) as crawl:
        wait_for_requests(yunting, requests)
        _stop(crawl)
        yunting.site.resume()
        ended = crawl.finish()
    assert ended.returncode == 1
    return ended.stderr


def _stop(crawl: Forked) -> None:
    """Tell a verbose crawl to stop, and wait until it says that it does: two signals at once would be one."""
    os.kill(crawl.pid, signal.SIGTERM)
    wait_until(lambda: crawl.complains("Send again to force"), "it did not hear")


def test_a_crawl_told_twice_stops_at_once_and_the_next_one_completes_it(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(3)))
    held = {path: reply for path, reply in yunting.site.pages.items() if "/content/show" in path}
    for path, reply in held.items():
        assert isinstance(reply, Reply)
        yunting.site.pages[path] = replace(reply, delay=PATIENCE)
    with Forked(*yunting.arguments("--verbose")) as crawl:
        wait_until(yunting.asked_articles, "no article was asked for")
        _stop(crawl)
        os.kill(crawl.pid, signal.SIGTERM)
        ended = crawl.finish()
    assert ended.returncode == 1
    assert "interrupted twice, stopped immediately" in ended.stderr
    yunting.site.pages |= held
    yunting.crawl()
    assert yunting.articles() == keys(samples(3))


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo-terminal")
def test_a_terminal_sees_progress_and_an_estimate_of_the_time_left(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(80)), per_page=80)
    yunting.crawl("--media", "none")
    yunting.save_profile(politeness={"delay": 1})
    command = [sys.executable, "-m", "zhijiang_spider.cli", *map(str, yunting.arguments("--full"))]
    terminal, end = os.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "160"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=end, env=environment) as process:
        os.close(end)
        seen, started = "", time.monotonic()
        while not (found := re.search(r"pages ([6-9]|\d\d) .* waiting (\d+) \(about (\d+) min\)", seen)):
            assert time.monotonic() < started + PATIENCE, seen[-2000:]
            seen += os.read(terminal, 65_536).decode("utf-8", "replace")
        seconds = time.monotonic() - started
        process.send_signal(signal.SIGTERM)
        drained = Thread(target=_read_to_the_end, args=(terminal,), daemon=True)
        drained.start()
        assert process.wait(PATIENCE) == 1
        drained.join(PATIENCE)
    os.close(terminal)
    pages, waiting, minutes = (int(number) for number in found.groups())
    assert 70 <= waiting <= 80
    # a second a page, or as much more as these pages took: one or two minutes on a machine that does nothing else
    assert 1 <= minutes <= waiting * seconds / (pages - 1) / 60 + 0.5


def _read_to_the_end(terminal: int) -> None:
    try:
        while os.read(terminal, 65_536):
            pass
    except OSError:  # so a pseudo-terminal tells that the other end is closed
        return


# --- Scrapy's own command -------------------------------------------------------------------------------


def scrapy_crawl(yunting: Crawled) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).parent.parent
    command = [sys.executable, "-m", "scrapy", "crawl", "zhijiang", "-a", f"site={yunting.profile_file}"]
    return subprocess.run(
        [*command, "-s", f"ZHIJIANG_ARCHIVE={yunting.archive}"],
        cwd=root,
        env={**os.environ, "PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_scrapy_crawl_takes_turns_with_all_others(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(1)))
    host = urlsplit(yunting.site.base_url).netloc
    for lock, words in (
        (writer_lock(yunting.archive), "another crawl is at work on it ("),
        (host_locks([host], "test"), "another command of yours asks this host (pid "),
    ):
        with lock:
            done = scrapy_crawl(yunting)
        assert (done.returncode, done.stdout) == (75, "")
        (line,) = done.stderr.splitlines()
        assert words in line
        assert "try again later" in line
    assert yunting.site.asked == []
    assert not yunting.archive.exists()


def test_scrapy_crawl_works_too(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(4)))
    result = scrapy_crawl(yunting)
    assert (result.returncode, result.stderr) == (0, "")
    assert yunting.articles() == keys(samples(4))
    assert yunting.rows("SELECT outcome, new FROM crawl") == [("complete", 4)]


# --- this side's faults -------------------------------------------------------------------------------------


needs_a_limit = pytest.mark.skipif(not find_spec("resource"), reason="needs a limit to the size of files")


@needs_a_limit
def test_a_full_disk_stops_the_crawl_and_the_next_one_completes_it(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(1)), per_page=50)
    yunting.crawl()
    room = yunting.archive.stat().st_size + 20_000
    yunting.build(
        Section("101", "县域要闻", samples(120)), per_page=120
    )  # more than the write-ahead log may hold
    result = fork_zhijiang(*yunting.arguments(), room=room)
    assert result.returncode == 1, result.stderr
    assert "Traceback" not in result.stderr
    assert "yunting" in result.stderr
    yunting.crawl()
    assert yunting.articles() == keys(samples(120))
    assert yunting.run("check", "--archive", yunting.archive).returncode == 0


@needs_a_limit
def test_a_disk_that_is_full_when_the_file_is_closed_is_told(yunting: Crawled) -> None:
    """What was committed lies in the log then, and SQLite tells at no commit that the file cannot take it."""
    yunting.build(Section("101", "县域要闻", samples(1)), per_page=50)
    yunting.crawl("--media", "none")
    size = yunting.archive.stat().st_size
    yunting.build(Section("101", "县域要闻", samples(12)), per_page=50)
    log = Path(f"{yunting.archive}-wal")
    result = fork_zhijiang(*yunting.arguments("--media", "none"), room=size)
    assert result.returncode == 1, result.stderr
    assert "Traceback" not in result.stderr
    assert f"{yunting.archive}: there is no room to bring all that was written into it" in result.stderr
    assert f"nothing is lost, it lies in {log.name} beside it" in result.stderr
    assert log.stat().st_size > 0
    assert yunting.run("reindex", "--archive", yunting.archive).returncode == 0
    assert not log.exists()
    assert yunting.articles() == keys(samples(12))
    assert yunting.rows("SELECT outcome FROM crawl") == [("complete",), ("complete",)]
    assert yunting.run("check", "--archive", yunting.archive).returncode == 0


def test_a_full_crawl_that_was_cut_short_goes_on_where_it_was(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(6)), per_page=10)
    yunting.crawl()
    connection = sqlite3.connect(yunting.archive)
    connection.execute("UPDATE article SET last_look_at = '2024-01-01T00:00:00Z'")
    connection.execute(  # a full crawl that was killed when it had looked at three of them
        "INSERT INTO crawl (site, started_at, software, options) VALUES ('yunting', '2024-02-01T00:00:00Z', '', '{\"full\": true}')"
    )
    connection.execute(
        "UPDATE article SET last_look_at = '2024-02-01T00:01:00Z' WHERE key IN ('1', '2', '3')"
    )
    connection.commit()
    connection.close()
    yunting.crawl("--full")
    assert sorted(yunting.asked_articles()) == [f"/content/show?catid=101&newsid={n}" for n in (4, 5, 6)]
    yunting.crawl("--full")
    assert len(yunting.asked_articles()) == 6


def test_the_ledger_tells_how_far_each_section_was_read_and_why_it_ended(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(8)), per_page=3)
    yunting.crawl()
    assert yunting.rows("SELECT 列出, 已存, 末次新页, 停止原因, 最早, 最晚 FROM 栏目") == [
        (8, 8, 3, "到底", "2024-01-02", "2024-01-09")
    ]


def test_the_ledger_tells_that_an_error_ended_a_walk_and_the_next_crawl_goes_on(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(8)), per_page=3)
    page = yunting.site.pages.pop("/content/list?catid=101&page=2")
    yunting.crawl(status=1)
    assert yunting.rows("SELECT 停止原因, 未走完 IS NOT NULL FROM 栏目") == [("出错", 1)]
    yunting.site.pages["/content/list?catid=101&page=2"] = page
    yunting.crawl()
    assert yunting.rows("SELECT 停止原因, 未走完, 列出 FROM 栏目") == [("到底", None, 8)]


def test_the_log_names_every_request_and_keeps_standard_error_quiet(yunting: Crawled, tmp_path: Path) -> None:
    yunting.build(Section("101", "县域要闻", samples(2)))
    Archive.open(yunting.archive).close()
    result = yunting.crawl("--log", str(tmp_path / "crawl.log"))
    assert result.stderr == ""
    log = (tmp_path / "crawl.log").read_text(encoding="utf-8")
    assert all(path in log for path in yunting.asked_articles())


def test_a_host_name_that_is_not_known_is_named(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(1)))
    yunting.save_profile(hosts=["nowhere.invalid"], start_urls=["http://nowhere.invalid/"])
    assert "host name not found" in yunting.crawl(status=1).stderr


def test_a_clock_that_goes_backwards_does_no_harm(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(2)))
    ahead = fork_zhijiang(*yunting.arguments(), now=datetime(2099, 1, 1, tzinfo=UTC))
    assert ahead.returncode == 0, ahead.stderr
    yunting.crawl()
    assert yunting.asked_articles() == []
    yunting.crawl("--full")
    assert yunting.articles() == {"1", "2"}
    assert yunting.run("check", "--archive", yunting.archive).returncode == 0


@pytest.fixture
def https_site(tmp_path: Path) -> Iterator[str]:
    """A site whose certificate expired yesterday; yields its host."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now - timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "expired.pem").write_bytes(private + certificate.public_bytes(pem))
    with NewsSite() as site:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tmp_path / "expired.pem")
        site.wrap(context)
        site.put("/", '<title>云汀网</title><a href="/a/1.html">云汀县的一条新闻标题</a>')
        site.put(
            "/a/1.html",
            "<title>云汀县的一条新闻标题</title><h1>云汀县的一条新闻标题</h1><p>云汀县今天有一条新闻，内容在这里。</p>",
        )
        yield site.host


def test_an_expired_certificate_is_named_and_accepted_only_when_asked(
    yunting: Crawled, https_site: str
) -> None:
    yunting.build(Section("101", "县域要闻", samples(1)))
    del yunting.profile["section_url"]
    yunting.save_profile(hosts=[https_site], start_urls=[f"https://{https_site}/"], article_url=r"/a/(\d+)")
    assert "the certificate does not hold" in yunting.crawl(status=1).stderr
    yunting.save_profile(verify_certificates=False)
    yunting.crawl()
    assert yunting.articles() == {"1"}
