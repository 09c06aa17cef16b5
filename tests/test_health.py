"""A crawl judged against the archive's own history, and told to people when its state changes."""

import base64
import hashlib
import hmac
import json
import re
import sqlite3
import sys
from dataclasses import replace
from socketserver import BaseRequestHandler, TCPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.crawled import YICHANG, Crawled, samples
from tests.newssite import Asked, NewsSite, Reply, Section
from tests.patience import PATIENCE
from zhijiang_spider.crawl.notify import Alert, notify

SHOW = "/content/show?catid=101&newsid={}"


def publish(yunting: Crawled, count: int) -> None:
    yunting.build(Section("101", "县域要闻", samples(count)), per_page=50)


# --- drift ----------------------------------------------------------------------------------------------


def test_a_template_that_loses_a_field_is_named_with_section_share_and_an_example(yunting: Crawled) -> None:
    publish(yunting, 25)
    yunting.crawl()
    publish(yunting, 33)
    for number in range(26, 34):  # the new template prints the date no more
        page = yunting.site.pages[SHOW.format(number)]
        assert isinstance(page, Reply)
        sample = dict(samples(33))[number]
        body = page.body.replace(sample.date.encode(), b"")
        yunting.site.pages[SHOW.format(number)] = replace(page, body=body)
    result = yunting.crawl(status=1)
    assert (
        "The template may have changed: published_on in all sections was found in 100% of earlier"
        in result.stderr
    )
    assert "now in 0% of 8; look at http://" in result.stderr
    (capture,) = yunting.rows(
        "SELECT min(capture_id) FROM capture WHERE key IN ('26', '27', '28', '29', '30', '31', '32', '33')"
    )
    assert f"(capture {capture[0]})" in result.stderr


def test_one_odd_article_is_no_alarm(yunting: Crawled) -> None:
    publish(yunting, 25)
    yunting.crawl()
    publish(yunting, 33)
    page = yunting.site.pages[SHOW.format(30)]
    assert isinstance(page, Reply)
    body = page.body.replace(dict(samples(33))[30].date.encode(), b"")
    yunting.site.pages[SHOW.format(30)] = replace(page, body=body)
    yunting.crawl()


def test_dates_that_are_all_one_are_told(yunting: Crawled) -> None:
    publish(yunting, 6)
    for number, sample in samples(6):
        page = YICHANG.render(replace(sample, date="2024-12-31"), yunting.site.base_url)
        yunting.site.put(SHOW.format(number), page, Content_Type=YICHANG.content_type)
    assert "All 6 articles have the date 2024-12-31, and the lists print 6" in yunting.crawl(status=1).stderr


def test_dates_that_are_all_missing_where_the_lists_print_them_are_told_at_once(yunting: Crawled) -> None:
    publish(yunting, 6)
    for number, sample in samples(6):
        page = YICHANG.render(sample, yunting.site.base_url).replace(sample.date.encode(), b"")
        yunting.site.put(SHOW.format(number), page, Content_Type=YICHANG.content_type)
    told = yunting.crawl(status=1).stderr
    assert (
        "No date was understood on any of the 6 new articles whose lists print one; look at http://" in told
    )


def test_a_site_that_publishes_nothing_any_more_is_told(yunting: Crawled) -> None:
    publish(yunting, 2)
    yunting.crawl()
    connection = sqlite3.connect(yunting.archive)
    connection.execute("UPDATE article_version SET seen_at = '2024-01-01T00:00:00Z'")
    connection.commit()
    connection.close()
    assert "Nothing new for 14 days" in yunting.crawl(status=1).stderr
    yunting.save_profile(health={"quiet_days": 100_000})
    yunting.crawl()


def test_an_article_that_fails_is_told_once_with_the_title_that_its_list_prints(yunting: Crawled) -> None:
    publish(yunting, 5)
    yunting.site.pages[SHOW.format(2)] = Reply(b"", 500)
    yunting.empty = None
    told = yunting.crawl(status=1).stderr.splitlines()
    (line,) = told[2:]
    assert line.startswith("  1 article could not be fetched or read: http://")
    assert re.search(r"newsid=2: HTTP 500 \(capture \d+\), listed as “云汀县第2号新闻”\.", line)


def test_the_record_counts_each_section_and_field(yunting: Crawled) -> None:
    yunting.build(
        Section("101", "县域要闻", samples(3)), Section("102", "基层瞭望", samples(2, start=2)), per_page=9
    )
    yunting.crawl()
    rows = yunting.rows(
        "SELECT s.name, c.listed, c.first_listed, c.new, c.revised, c.failed, c.skipped FROM crawl_section c JOIN section s USING (section_id) ORDER BY s.slug"
    )
    assert rows == [("县域要闻", 3, 3, 3, 0, 0, 0), ("基层瞭望", 2, 2, 2, 0, 0, 0)]
    fields = yunting.rows(
        "SELECT articles, filled FROM crawl_field WHERE section_id IS NULL AND field = 'credits'"
    )
    assert fields == [(3, 3)]
    assert yunting.rows("SELECT delay, unknown_labels FROM crawl") == [(0.0, "{}")]


# --- blocked --------------------------------------------------------------------------------------------

CHALLENGE = (
    "<html><head><script>document.cookie='a=1';location.reload()</script></head><body>请稍候…</body></html>"
)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(b"no", 403), "HTTP 403"),
        (Reply(b"", 521), "HTTP 521"),
        (Reply(CHALLENGE.encode()), "script-only page"),
    ],
    ids=["403", "521", "script"],
)
def test_a_site_that_blocks_is_left_alone(yunting: Crawled, reply: Reply, words: str) -> None:
    publish(yunting, 12)
    for number in range(1, 13):
        yunting.site.pages[SHOW.format(number)] = reply
    result = yunting.crawl(status=1)
    assert "The site blocks the crawl" in result.stderr
    assert words in result.stderr
    assert len(yunting.asked_articles()) <= 4  # three, and what was on its way


def test_a_site_that_refuses_the_further_pages_of_articles_blocks_too(yunting: Crawled) -> None:
    publish(yunting, 12)
    for number in range(1, 13):
        path = SHOW.format(number)
        page = yunting.site.pages[path]
        assert isinstance(page, Reply)
        link = f'<a href="{path}&amp;page=2">下一页</a></body>'
        yunting.site.pages[path] = replace(page, body=page.body.replace(b"</body>", link.encode()))
        yunting.site.pages[f"{path}&page=2"] = Reply(CHALLENGE.encode())
    result = yunting.crawl(status=1)
    assert "The site blocks the crawl" in result.stderr
    assert "page 2 of the article cannot be read: script-only page" in result.stderr
    assert len(yunting.asked_articles()) <= 16  # three and their second pages, and what was on its way


def test_a_site_that_refuses_the_first_page_blocks_too(yunting: Crawled) -> None:
    publish(yunting, 2)
    yunting.site.pages = dict.fromkeys(yunting.site.pages, Reply(b"no", 403))
    error = yunting.crawl(status=1).stderr
    assert "The site blocks the crawl" in error
    assert "No list page could be read" not in error


def test_crawl_delay_of_robots_txt_is_kept_and_recorded(yunting: Crawled) -> None:
    publish(yunting, 2)
    yunting.site.put("/robots.txt", "User-agent: *\nCrawl-delay: 0.5\nDisallow:\n", Content_Type="text/plain")
    yunting.crawl()
    del yunting.site.asked[0]  # robots.txt itself, before anybody knew
    assert yunting.site.mean_gap() > 0.42
    assert yunting.rows("SELECT delay FROM crawl") == [(0.5,)]


# --- news -----------------------------------------------------------------------------------------------


def test_ten_bad_nights_are_one_alarm_and_one_recovery(
    yunting: Crawled, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[dict[str, Any]] = []
    with NewsSite() as office:

        def take(asked: Asked) -> Reply:
            return Reply(b'{"errcode": 0}', headers={"Content-Type": "application/json"})

        office.pages["/robot"] = take
        monkeypatch.setenv("ZHIJIANG_WEBHOOK", f"{office.base_url}/robot")
        publish(yunting, 2)
        yunting.crawl()
        assert office.paths() == []
        page = yunting.site.pages.pop("/content/list?catid=101")
        for _ in range(4):
            yunting.crawl(status=1)
        yunting.site.pages["/content/list?catid=101"] = page
        yunting.crawl()
        yunting.crawl()
        told = [json.loads(asked.body) for asked in office.asked]
    assert [news["state"] for news in told] == ["trouble", "well"]
    assert told[0]["text"].startswith("【zhijiang】云汀网: the crawl is in trouble")
    assert any("HTTP 404" in trouble for trouble in told[0]["troubles"])


NEWS = Alert("云汀网", "a.db", False, "INCOMPLETE", ("甲", "乙"))


@pytest.mark.parametrize("kind", ["dingtalk", "feishu", "wecom", "json"])
def test_each_office_program_gets_its_own_form_signed(kind: str) -> None:
    with NewsSite() as office:
        office.otherwise = Reply(b'{"code": 0}')
        secret = "SEC云"
        environment = {
            "ZHIJIANG_WEBHOOK": f"{office.base_url}/r?token=1",
            "ZHIJIANG_WEBHOOK_KIND": kind,
            "ZHIJIANG_WEBHOOK_SECRET": secret,
        }
        assert notify(NEWS, environment) == []
        (asked,) = office.asked
    message = json.loads(asked.body)
    text = message.get("text") or message["content"]["text"]
    assert (text["content"] if isinstance(text, dict) else text) == NEWS.text
    if kind == "dingtalk":
        query = parse_qs(urlsplit(asked.path).query)
        stamp = query["timestamp"][0]
        wanted = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
        assert base64.b64decode(query["sign"][0]) == wanted
    if kind == "feishu":
        stamp = message["timestamp"]
        wanted = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
        assert base64.b64decode(message["sign"]) == wanted


def test_a_command_gets_the_news_on_its_standard_input(tmp_path: Any) -> None:
    out = tmp_path / "news.json"
    script = f"import sys; open({str(out)!r}, 'w', encoding='utf-8').write(sys.stdin.buffer.read().decode())"
    hook = f'{sys.executable} -c "{script}"'
    assert notify(NEWS, {"ZHIJIANG_HOOK": hook}) == []
    assert json.loads(out.read_text(encoding="utf-8"))["troubles"] == ["甲", "乙"]


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"ZHIJIANG_HOOK": "/no/such/program"}, "could not be run"),
        ({"ZHIJIANG_HOOK": f"{sys.executable} -c 'raise SystemExit(3)'"}, "ended with status 3"),
        ({"ZHIJIANG_WEBHOOK": "http://127.0.0.1:9/"}, "could not be reached"),
        ({"ZHIJIANG_WEBHOOK": "file:///etc/passwd"}, "no http"),
        ({"ZHIJIANG_WEBHOOK": "http://127.0.0.1:9/", "ZHIJIANG_WEBHOOK_KIND": "qq"}, "'qq' is not known"),
    ],
)
def test_news_that_cannot_be_sent_says_why(environment: dict[str, str], words: str) -> None:
    (problem,) = notify(NEWS, environment)
    assert words in problem


@pytest.mark.parametrize(
    "answer",
    [b"hello\r\n\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b""],
    ids=["no HTTP", "broken chunks", "nothing"],
)
def test_a_webhook_that_speaks_no_http_says_why(answer: bytes) -> None:
    class Wrong(BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65_536)
            self.request.sendall(answer)

    with TCPServer(("127.0.0.1", 0), Wrong) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        (problem,) = notify(NEWS, {"ZHIJIANG_WEBHOOK": f"http://127.0.0.1:{server.server_address[1]}/"})
        thread.join(PATIENCE)
    assert "could not be reached" in problem


def test_a_command_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhijiang_spider.crawl.notify.SECONDS", 1)
    (problem,) = notify(NEWS, {"ZHIJIANG_HOOK": f"{sys.executable} -c 'import time; time.sleep(60)'"})
    assert problem == "ZHIJIANG_HOOK did not end within 1 seconds and was killed"
