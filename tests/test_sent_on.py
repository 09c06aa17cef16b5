"""Pages, answers and cookies that send a crawl on: followed on its own hosts, told where they lead elsewhere."""

import gzip
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.crawled import Crawled, Run, samples
from tests.newssite import Asked, NewsSite, Reply, Section

SHOW = "/content/show?catid=101&newsid={}"
LIST = "/content/list?catid=101"
ELSEWHERE = "http://mp.weixin.example/s/{}"


def jump(target: str) -> Reply:
    return Reply(f'<html><script>window.location.href="{target}";</script></html>'.encode())


@pytest.fixture
def news(yunting: Crawled) -> Crawled:
    """A site of one section with eight articles."""
    yunting.build(Section("101", "县域要闻", samples(8)), per_page=8)
    return yunting


# --- entries -------------------------------------------------------------------------------------------


def test_entries_that_lead_elsewhere_are_told_and_not_asked_again(news: Crawled) -> None:
    for number in (8, 7, 6, 5):
        news.site.pages[SHOW.format(number)] = jump(ELSEWHERE.format(number))
    told = json.loads(news.crawl("--json").stdout)
    assert news.articles() == {"1", "2", "3", "4"}
    assert (told["new"], told["elsewhere"], told["failed"]) == (4, 4, 0)
    reasons = dict(news.rows("SELECT url, reason FROM failure"))
    assert reasons[news.site.base_url + SHOW.format(8)] == (
        "links elsewhere: host is not in the profile's hosts: http://mp.weixin.example/s/8"
    )
    assert news.rows("SELECT failed, skipped FROM crawl_section") == [(0, 0)]
    assert news.rows("SELECT count(*) FROM capture WHERE key = '8'") == [(1,)]

    news.crawl()
    assert news.asked_articles() == []
    assert news.rows("SELECT failed, skipped FROM crawl_section WHERE crawl_id = 2") == [(0, 0)]
    news.site.put(SHOW.format(8), news.site.pages[SHOW.format(1)].body)  # type: ignore[union-attr]
    news.crawl("--full")
    assert news.articles() == {"1", "2", "3", "4", "8"}
    assert news.rows("SELECT count(*) FROM failure WHERE key = '8'") == [(0,)]


def test_a_gate_that_sends_every_reader_to_one_page_is_trouble(news: Crawled) -> None:
    for number in (8, 7, 6):
        news.site.pages[SHOW.format(number)] = jump(f"http://gate.example/login?from={number}")
    result = news.crawl(status=1)
    assert "3 every reader is sent to one page of another site" in result.stderr
    assert news.articles() == {"1", "2", "3", "4", "5"}
    news.crawl(status=1)
    assert len(news.asked_articles()) == 3  # asked again


def test_entries_that_lead_to_different_pages_of_one_address_are_no_gate(news: Crawled) -> None:
    for number in (8, 7, 6, 5):
        news.site.pages[SHOW.format(number)] = jump(
            f"http://mp.weixin.example/s?__biz=Mz&mid=26{number}0{number}"
        )
    told = json.loads(news.crawl("--json").stdout)
    assert (told["new"], told["elsewhere"], told["failed"]) == (4, 4, 0)


def test_an_entry_that_jumps_to_another_article_is_that_article(news: Crawled) -> None:
    news.site.pages["/content/show?catid=101&newsid=909"] = news.site.pages[SHOW.format(8)]
    news.site.pages[SHOW.format(8)] = jump("/content/show?catid=101&newsid=909")
    news.site.pages[SHOW.format(7)] = Reply(b"", 302, {"Location": SHOW.format(6)})
    news.empty = None
    result = news.crawl()
    assert news.articles() == {"1", "2", "3", "4", "5", "6", "909"}
    assert result.stderr == f"yunting → {news.archive}: a new archive\n"  # no warning of Scrapy's either
    assert news.rows("SELECT failed, skipped FROM crawl_section") == [(0, 0)]
    news.crawl()
    assert news.asked_articles() == []


@pytest.mark.parametrize(
    ("target", "trouble"),
    [
        ("http://mp.weixin.example/s/{}", ""),
        ("http://mp.weixin.example/s?mid=22{}&sn=a", ""),
        ("http://gate.example/login?from={}", "every reader is sent to one page"),
        ("http://new.example/content/show?catid=101&newsid={}", "the pages went to a host"),
    ],
)
def test_redirects_elsewhere_are_links_unless_all_go_one_way(
    news: Crawled, target: str, trouble: str
) -> None:
    for number in (8, 7, 6):
        news.site.put(SHOW.format(number), "", status=302, Location=target.format(number))
    result = news.crawl("--json", status=1 if trouble else 0)
    assert json.loads(result.stdout)["elsewhere"] == (0 if trouble else 3)
    assert trouble in result.stderr
    assert news.articles() == {"1", "2", "3", "4", "5"}


def test_an_archived_article_that_redirects_elsewhere_is_missing(news: Crawled) -> None:
    news.crawl()
    news.site.put(SHOW.format(8), "", status=301, Location=ELSEWHERE.format(8))
    news.crawl("--full")
    assert news.rows("SELECT 状态 FROM 文章 WHERE 题名 = '云汀县第8号新闻'") == [("失联",)]


def test_an_article_that_jumps_elsewhere_later_is_missing(news: Crawled) -> None:
    news.crawl()
    news.site.pages[SHOW.format(8)] = jump(ELSEWHERE.format(8))
    news.crawl("--full")
    assert news.rows("SELECT key FROM article a JOIN absence b USING (article_id)") == [("8",)]
    assert news.rows("SELECT 状态 FROM 文章 WHERE 题名 = '云汀县第8号新闻'") == [("失联",)]


@pytest.mark.parametrize(
    "body",
    [
        '<html><script>top.location.replace("/p/8.html")</script></html>',
        '<meta http-equiv="refresh" content="1;url=/p/8.html"><title>跳转</title>',
        '<noscript><meta http-equiv="refresh" content="0;url=/p/8.html"></noscript>',
    ],
)
def test_a_jump_on_the_own_hosts_is_followed_and_its_article_judged(news: Crawled, body: str) -> None:
    news.site.pages["/p/8.html"] = news.site.pages[SHOW.format(8)]
    news.site.put(SHOW.format(8), body)
    news.save_profile(article_url=r"(?:newsid=|/p/)(?P<id>\d+)")
    news.crawl()
    assert news.rows("SELECT url FROM article WHERE key = '8'") == [(f"{news.site.base_url}/p/8.html",)]
    kinds = news.rows("SELECT kind FROM capture WHERE key = '8' ORDER BY capture_id")
    assert kinds == [("article",), ("article",)]


def test_a_jump_to_what_is_no_article_is_judged_as_a_redirect(news: Crawled) -> None:
    news.site.pages[SHOW.format(8)] = jump("/")
    result = news.crawl(status=1)
    assert "which is no article" in result.stderr


def test_pages_that_jump_in_a_circle_are_left_with_a_reason(news: Crawled) -> None:
    news.site.pages[SHOW.format(8)] = jump("/a")
    news.site.pages["/a"] = jump(SHOW.format(8))
    news.save_profile(article_url=r"(?:newsid=(?P<id>\d+)|/a$)")
    result = news.crawl(status=1)
    assert len(news.site.paths()) < 30
    assert "redirects again and again" in result.stderr or "no article" in result.stderr


def test_firewalls_that_ask_again_by_script_still_stop_the_crawl(news: Crawled) -> None:
    question = Reply(b"<html><script>document.cookie='k='+f();location.reload()</script></html>")
    for number in range(3, 9):
        news.site.pages[SHOW.format(number)] = question
    result = news.crawl(status=1)
    assert "blocks the crawl" in result.stderr


def test_a_jump_that_is_not_understood_is_a_failure_and_no_refusal(news: Crawled) -> None:
    for number in range(3, 9):
        news.site.pages[SHOW.format(number)] = Reply(b"<script>location.href = base + id</script>")
    result = news.crawl(status=1)
    assert news.articles() == {"1", "2"}
    assert "where to is not understood" in result.stderr
    assert "blocks the crawl" not in result.stderr


# --- where a crawl begins ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "first",
    [
        Reply(status=302, headers={"Location": "/index.shtml"}),
        Reply(status=301, headers={"Location": "home/../index.shtml"}),
        Reply(b'<meta http-equiv="refresh" content="0; url=/index.shtml">'),
        Reply(b"", headers={"Refresh": "0; url=/index.shtml", "Content-Type": "text/html"}),
        jump("/index.shtml"),
    ],
    ids=["302", "dots", "meta", "header", "script"],
)
def test_a_start_page_that_sends_on_is_a_start_page_still(news: Crawled, first: Reply) -> None:
    news.site.pages["/index.shtml"] = news.site.pages["/"]
    news.site.pages["/"] = first
    news.crawl()
    assert len(news.articles()) == 8
    news.crawl()
    assert news.asked_articles() == []


def test_a_start_page_that_leaves_the_site_is_trouble(news: Crawled) -> None:
    news.site.pages["/"] = jump("http://new.example/")
    result = news.crawl(status=1)
    assert "sends its reader on to http://new.example/" in result.stderr


def test_a_section_that_leads_elsewhere_is_trouble_once_and_told_by_status(news: Crawled) -> None:
    home = news.site.pages["/"]
    assert isinstance(home, Reply)
    link = '<a href="/content/list?catid=102">数字报</a></ul>'.encode()
    news.site.pages["/"] = replace(home, body=home.body.replace(b"</ul>", link))
    news.site.pages["/content/list?catid=102"] = jump("http://epaper.example/")
    told = json.loads(news.crawl("--json", status=1).stdout)
    assert told["elsewhere"] == 1
    assert ["1 section leads to another host" in trouble for trouble in told["troubles"]] == [True]
    assert len(news.articles()) == 8
    said = news.run("status", "--archive", news.archive)
    assert (said.returncode, said.stdout.count("1 section leads to another host")) == (1, 1)
    for _ in range(2):
        assert json.loads(news.crawl("--json").stdout)["troubles"] == []
    said = news.run("status", "--archive", news.archive)
    assert said.returncode == 0
    assert "1 section leads to another host" in said.stdout
    assert (
        "catid=102: links elsewhere: host is not in the profile's hosts: http://epaper.example/"
        in said.stdout
    )


def test_a_section_that_is_known_and_then_leads_elsewhere_is_trouble_once_too(news: Crawled) -> None:
    news.crawl()
    kept = news.site.pages[LIST]
    news.site.put(LIST, "", status=302, Location="http://epaper.example/")
    assert "1 section leads to another host" in news.crawl(status=1).stderr
    news.crawl()
    news.site.pages[LIST] = kept
    news.crawl()
    news.site.pages[LIST] = jump("http://epaper.example/")
    news.crawl(status=1)  # it was a section again in the meantime


def test_a_section_that_was_moved_stays_a_section(news: Crawled) -> None:
    news.site.pages["/yaowen/"] = news.site.pages[LIST]
    news.site.put(LIST, "", status=302, Location="/yaowen/")
    news.crawl()
    assert news.rows("SELECT 栏目, 列出 FROM 栏目") == [("县域要闻", 8)]


def test_parse_and_probe_follow_jumps_too(news: Crawled, zhijiang: Run) -> None:
    news.site.pages["/index.shtml"] = news.site.pages["/"]
    news.site.pages["/"] = jump("/index.shtml")
    news.site.pages["/p/8.html"] = news.site.pages[SHOW.format(8)]
    news.site.pages[SHOW.format(8)] = jump("/p/8.html")
    news.save_profile(article_url=r"(?:newsid=|/p/)(?P<id>\d+)")
    base = news.site.base_url
    parsed = zhijiang("parse", base + SHOW.format(8), "--site", news.profile_file)
    assert json.loads(parsed.stdout)["title"] == "云汀县第8号新闻"
    listed = zhijiang("parse", f"{base}/", "--site", news.profile_file)
    assert [found["name"] for found in json.loads(listed.stdout)["sections"]] == ["县域要闻"]
    news.site.pages[SHOW.format(7)] = jump(ELSEWHERE.format(7))
    refused = zhijiang("parse", base + SHOW.format(7), "--site", news.profile_file)
    assert refused.returncode == 1
    assert "sends its reader on to http://mp.weixin.example/s/7" in refused.stderr


# --- redirects and cookies -------------------------------------------------------------------------------


def walled(page: Reply, cookie: str = "sid=abc; path=/; HttpOnly") -> Callable[[Asked], Reply]:
    """Return a page behind a cookie: without it the site sets it and redirects to the same address."""

    def answer(asked: Asked) -> Reply:
        if "sid=abc" in asked.headers.get("cookie", ""):
            return page
        return Reply(status=302, headers={"Location": asked.path, "Set-Cookie": cookie})

    return answer


def behind_cookies(news: Crawled, cookie: str = "sid=abc; path=/; HttpOnly") -> None:
    for path, page in list(news.site.pages.items()):
        if isinstance(page, Reply) and path != "/robots.txt":
            news.site.pages[path] = walled(page, cookie)


@pytest.mark.parametrize("cookie", ["sid=abc; path=/; HttpOnly", "sid=abc; Domain=127.0.0.1; Path=/"])
def test_a_site_that_wants_its_cookie_back_gets_it_in_this_crawl_only(news: Crawled, cookie: str) -> None:
    behind_cookies(news, cookie)
    news.crawl()
    assert len(news.articles()) == 8
    news.crawl()
    asked = [asked for asked in news.site.asked if asked.path != "/robots.txt"]
    assert "cookie" not in asked[0].headers
    assert {one.headers.get("cookie", "sid=abc") for one in asked} == {"sid=abc"}
    assert "cookie" in asked[-1].headers


def test_a_cookie_goes_to_no_other_host(news: Crawled) -> None:
    with NewsSite() as pictures:
        pictures.put("/1.png", "", Set_Cookie="their=1")
        host = pictures.host.replace("127.0.0.1", "localhost")
        page = news.site.pages[SHOW.format(8)]
        assert isinstance(page, Reply)
        picture = f'<p><img src="http://{host}/1.png"><img src="http://{host}/2.png"></p></body>'.encode()
        news.site.pages[SHOW.format(8)] = replace(page, body=page.body.replace(b"</body>", picture))
        news.site.put("/content/list?catid=102", "", Set_Cookie="evil=1; Domain=localhost")
        behind_cookies(news)
        news.save_profile(media_hosts=[host, "127.0.0.1"])
        news.crawl()
        assert all("cookie" not in asked.headers for asked in pictures.asked)
    assert not any("their" in asked.headers.get("cookie", "") for asked in news.site.asked)


def test_what_was_sent_and_set_is_evidence(news: Crawled) -> None:
    behind_cookies(news)
    news.crawl()
    warc = b"".join(file.read_bytes() for file in news.archive.with_suffix(".warc").glob("*.warc*"))
    text = gzip.decompress(warc)
    assert b"Set-Cookie: sid=abc" in text
    assert b"Cookie: sid=abc" in text.replace(b"Set-Cookie", b"")


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        (SHOW.format(8), "the site redirects to the same address for ever"),
        (SHOW.format(8) + "&again=1", "the site redirects"),
    ],
)
def test_a_redirect_without_end_has_a_reason_in_words(news: Crawled, location: str, reason: str) -> None:
    answer = Reply(status=302, headers={"Location": location})
    news.site.pages[SHOW.format(8)] = news.site.pages[location] = answer
    result = news.crawl(status=1)
    assert reason in result.stderr


def test_a_redirect_goes_where_a_browser_goes(news: Crawled) -> None:
    path = "/content/show?catid=101&newsid=8&t=%D4%C6|1"
    news.site.pages[path] = news.site.pages[SHOW.format(8)]
    raw = "show?catid=101&newsid=8&t=云|1".encode("gbk").decode("latin-1")
    news.site.put(SHOW.format(8), "", status=302, Location=f"..\\content\\x/..\\{raw}")
    news.crawl()
    assert path in news.site.paths()
    assert len(news.articles()) == 8


def test_a_section_known_by_letters_is_known_by_its_escaped_address(yunting: Crawled) -> None:
    """As archives have it that were made when addresses kept their letters."""
    yunting.build(Section("101", "县域要闻", samples(3)))
    yunting.site.put("/", '<a href="/content/list?kind=要闻">县域要闻</a>')
    yunting.site.pages["/content/list?kind=%E8%A6%81%E9%97%BB"] = yunting.site.pages[LIST]
    yunting.save_profile(section_url=r"kind=(?P<id>[^&]+)")
    yunting.crawl("--section", "要闻")
    yunting.crawl()
    assert yunting.rows("SELECT slug FROM section WHERE kind = 'section'") == [("要闻",)]
    assert len(yunting.articles()) == 3
