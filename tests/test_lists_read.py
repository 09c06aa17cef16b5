"""Lists as a crawl meets them: asked for with POST, longer than they can be read, changed below their first page."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from urllib.parse import parse_qs

from warcio.archiveiterator import ArchiveIterator

from archive.evidence.warc_reader import find_file
from tests.crawled import Crawled, samples
from tests.newssite import Asked, Reply, Section

LIST = "/content/list?catid=101"


def body(yunting: Crawled, path: str) -> bytes:
    reply = yunting.site.pages[path]
    assert isinstance(reply, Reply)
    return reply.body


def change(yunting: Crawled, path: str, old: str, new: str) -> None:
    reply = yunting.site.pages[path]
    assert isinstance(reply, Reply)
    assert old.encode() in reply.body
    yunting.site.pages[path] = replace(reply, body=reply.body.replace(old.encode(), new.encode()))


def build(yunting: Crawled, count: int) -> None:
    yunting.build(Section("101", "县域要闻", samples(count)))


def without_next(yunting: Crawled, instead: str) -> None:
    """Take the links to other pages from the first list page, and put something in their place."""
    reply = yunting.site.pages[LIST]
    assert isinstance(reply, Reply)
    head, found, _ = reply.body.partition(b"</ul></div>")
    assert found
    yunting.site.pages[LIST] = replace(reply, body=head + found + instead.encode())


def test_a_pager_that_is_not_understood_is_said_every_night_with_its_page(yunting: Crawled) -> None:
    build(yunting, 8)
    without_next(yunting, "<div>共 3 页</div>")
    for attempts in (1, 2):
        told = (
            yunting.crawl(status=1).stderr + yunting.crawl("--json", status=1).stdout if attempts == 1 else ""
        )
        assert attempts == 2 or "the page says 3 pages" in told
    assert len(yunting.articles()) == 3
    assert yunting.rows("SELECT stop, backlog_url FROM section WHERE slug = '101'") == [("unread", None)]
    reason = yunting.rows(
        "SELECT f.reason, f.attempts, c.url = f.url FROM failure f JOIN capture c USING (capture_id)"
    )
    assert reason == [("not understood: the page says 3 pages (共3页), and no link leads on", 2, 1)]
    status = yunting.run("status", "--archive", yunting.archive)
    assert status.returncode == 1
    assert "the page says 3 pages" in status.stdout
    build(yunting, 8)
    yunting.crawl()
    assert yunting.rows("SELECT count(*) FROM failure") == [(0,)]
    assert len(yunting.articles()) == 8


def test_a_page_in_the_middle_that_is_not_understood_is_asked_for_until_it_is(yunting: Crawled) -> None:
    build(yunting, 8)
    kept = yunting.site.pages[f"{LIST}&page=2"]
    yunting.site.pages[f"{LIST}&page=2"] = Reply(
        body(yunting, f"{LIST}&page=2").partition(b"</ul></div>")[0]
        + "</ul></div><button onclick=more()>加载更多</button>".encode()
    )
    yunting.crawl(status=1)
    yunting.crawl(status=1)
    assert f"{LIST}&page=2" in yunting.site.paths()
    yunting.site.pages[f"{LIST}&page=2"] = kept
    yunting.crawl()
    assert len(yunting.articles()) == 8


def test_a_list_asked_for_with_post_is_archived_and_its_evidence_is_no_page_of_get(yunting: Crawled) -> None:
    build(yunting, 8)
    pages = {
        "1": body(yunting, LIST),
        "2": body(yunting, f"{LIST}&page=2"),
        "3": body(yunting, f"{LIST}&page=3"),
    }
    script = "<script>function go(n){document.f.page.value=n;document.f.submit()}</script>"

    def answer(asked: Asked) -> Reply:
        number = parse_qs(asked.body.decode()).get("page", ["1"])[0]
        form = f'<form name=f method=post><input type=hidden name=page value="{number}"></form>{script}'
        onward = (
            f'<a href="javascript:go({int(number) + 1})">下一页</a>' if number != "3" else "<a>下一页</a>"
        )
        back = f'<a href="javascript:go({int(number) - 1})">上一页</a>' if number != "1" else "<a>上一页</a>"
        return Reply(pages[number].partition(b"</ul></div>")[0] + f"</ul></div>{form}{back}{onward}".encode())

    yunting.site.pages[LIST] = answer
    yunting.crawl()
    assert len(yunting.articles()) == 8
    posted = [asked for asked in yunting.site.asked if asked.body]
    assert [asked.body for asked in posted] == [b"page=2", b"page=3"]
    assert {asked.headers["content-type"] for asked in posted} == {"application/x-www-form-urlencoded"}
    captures = yunting.rows(
        f"SELECT method, status FROM capture WHERE url LIKE '%{LIST}' ORDER BY capture_id"
    )
    assert captures == [("GET", 200), ("POST", 200), ("POST", 200)]
    folder = yunting.archive.with_suffix(".warc")
    (name,) = yunting.rows("SELECT name FROM warc_file")[0]
    with find_file(folder, name).open("rb") as file:
        sent = [
            record.content_stream().read()
            for record in ArchiveIterator(file)
            if record.rec_type == "request" and record.http_headers.protocol == "POST"
        ]
    assert sent == [b"page=2", b"page=3"]
    assert yunting.run("check", "--archive", yunting.archive).returncode == 0


def test_the_page_behind_the_last_is_an_end(yunting: Crawled) -> None:
    build(yunting, 6)
    for path in (LIST, f"{LIST}&page=2"):
        yunting.site.pages[path] = Reply(body(yunting, path).partition(b"</ul></div>")[0] + b"</ul></div>")
    yunting.save_profile(pagination={"page_url": "/content/list?catid={id}&page={page}"})
    yunting.crawl()  # page 3 is answered with 404
    assert yunting.rows("SELECT stop, backlog_url, pages FROM section WHERE slug = '101'") == [
        ("end", None, 2)
    ]
    yunting.site.put(f"{LIST}&page=3", "<title>县域要闻</title><p>暂无数据</p>")
    yunting.crawl("--full")
    assert yunting.rows("SELECT stop, backlog_url, pages FROM section WHERE slug = '101'") == [
        ("end", None, 2)
    ]
    assert yunting.rows("SELECT count(*) FROM failure") == [(0,)]


def test_a_linked_page_that_is_not_there_is_a_failure(yunting: Crawled) -> None:
    build(yunting, 6)
    del yunting.site.pages[f"{LIST}&page=2"]
    yunting.crawl(status=1)
    assert yunting.rows("SELECT reason FROM failure WHERE kind = 'section'") == [("HTTP 404",)]


def test_a_list_that_says_more_than_was_read_is_told_with_both_numbers(yunting: Crawled) -> None:
    build(yunting, 6)
    change(yunting, LIST, "</ul></div>", "</ul></div><div>共 66 条 第1页</div>")
    told = yunting.crawl("--json", status=1)
    assert "says 66 entries, and 6 were ever listed" in told.stdout + told.stderr
    change(yunting, LIST, "共 66 条", "共 7 条")
    yunting.crawl()


def test_an_entry_put_in_below_the_first_page_is_found_by_a_sweep(yunting: Crawled) -> None:
    build(yunting, 30)
    yunting.crawl()
    assert yunting.rows("SELECT pages FROM section WHERE slug = '101'") == [(10,)]
    late = f"{LIST}&page=9"
    change(yunting, late, "newsid=6", "newsid=666")
    yunting.site.pages["/content/show?catid=101&newsid=666"] = yunting.site.pages[
        "/content/show?catid=101&newsid=6"
    ]
    lists = []
    for _ in range(5):
        yunting.crawl()
        lists.append([path.rpartition("=")[2] for path in yunting.site.paths() if "/content/list" in path])
    assert lists == [
        ["101"],
        ["101", "2", "3", "4"],
        ["101", "5", "6", "7"],
        ["101", "8", "9", "10"],
        ["101"],
    ]
    assert "666" in yunting.articles()


def test_a_sweep_minds_its_budget_and_a_page_that_is_gone_is_no_failure(yunting: Crawled) -> None:
    build(yunting, 30)
    yunting.save_profile(recheck={"list_pages": 2})
    for _ in range(3):
        yunting.crawl()
    assert yunting.rows("SELECT sweep_page FROM section WHERE slug = '101'") == [(4,)]
    (url,) = yunting.rows("SELECT sweep_url FROM section WHERE slug = '101'")[0]
    yunting.site.pages.pop(url.removeprefix(yunting.site.base_url))
    yunting.crawl()
    assert yunting.rows("SELECT sweep_url, stop FROM section WHERE slug = '101'") == [(None, "known")]
    yunting.save_profile(recheck={"list_pages": 0})
    yunting.crawl()
    assert len([path for path in yunting.site.paths() if "/content/list" in path]) == 1


def test_how_a_list_was_read_stands_in_the_archive(yunting: Crawled) -> None:
    build(yunting, 6)
    yunting.crawl()
    with closing(sqlite3.connect(yunting.archive)) as connection:
        row = connection.execute("SELECT 列表读法, 翻页方式, 页数 FROM 栏目").fetchone()
    assert row == ("anchors", "words", 2)


def test_a_linked_page_that_is_gone_in_a_sweep_is_a_failure(yunting: Crawled) -> None:
    build(yunting, 30)
    for _ in range(2):
        yunting.crawl()
    yunting.crawl()
    del yunting.site.pages[f"{LIST}&page=6"]
    assert "HTTP 404" in yunting.crawl(status=1).stderr
    assert yunting.rows("SELECT reason FROM failure WHERE kind = 'section'") == [("HTTP 404",)]


def test_a_form_that_the_server_forgot_is_told_once(yunting: Crawled) -> None:
    build(yunting, 30)
    pages = [body(yunting, LIST), *(body(yunting, f"{LIST}&page={number}") for number in range(2, 11))]
    night = 0

    def answer(asked: Asked) -> Reply:
        form = parse_qs(asked.body.decode())
        state = form.get("__VIEWSTATE", [f"{night}-0"])[0]
        given, _, before = state.partition("-")
        if given != str(night):
            return Reply(b"Validation of viewstate MAC failed", 500)
        number = int(before) + 1
        onward = "<input type=submit name=on value=下一页>" if number < 10 else ""
        more = (
            f'<form method=post><input type=hidden name=__VIEWSTATE value="{night}-{number}">{onward}</form>'
        )
        return Reply(pages[number - 1].partition(b"</ul></div>")[0] + b"</ul></div>" + more.encode())

    yunting.site.pages[LIST] = answer
    states = []
    for status in (0, 0, 0, 1, 0):
        told = yunting.crawl(status=status)
        states.append(yunting.rows("SELECT sweep_page FROM section WHERE slug = '101'")[0][0])
        assert ("takes no form of an earlier crawl" in told.stderr) is bool(status)
        night += 1
    assert states == [None, None, 5, 0, 0]
    said = yunting.run("status", "--archive", yunting.archive)
    assert said.returncode == 0
    assert "1 list is looked through from its first page on" in said.stdout
