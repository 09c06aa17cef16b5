"""One way of reading: crawl, ``parse``, ``probe``, ``explain`` and ``reparse`` take and refuse the same pages."""

import json
import re

import pytest

from archive.store.archive import Archive
from tests.crawled import Crawled, Run, samples
from tests.newssite import Reply, Section
from zhijiang_spider.derive.explain import explain
from zhijiang_spider.derive.reparse import recorded_sites, reparse

SHOW = "/content/show?catid=101&newsid={}"
LIST = "/content/list?catid=101"
TEXT = "<p>入春以来，云汀县抢抓晴好天气，对澄河两岸渠道清淤疏浚，确保春灌用水不误农时。</p>"
ROW = "<p>2024-03-02 来源：云汀融媒</p>"
TAKEN = {
    1: (
        "404路公交绕行",
        f"<title>404路公交绕行</title><h1>404路公交绕行</h1>{ROW}<p>404路公交临时绕行城关路。</p>",
    ),
    2: ("短讯", f"<title>短讯</title><script>var a</script><h1>短讯</h1>{ROW}<p>澄河大桥明日通车。</p>"),
}
"""Number of an article → its title, and a page that says so."""
REFUSED = {
    3: (
        "the page says that there is none",
        "<title>提示</title><h1>提示</h1><p>您访问的文章不存在或已被删除。</p>",
    ),
    4: ("script-only page", "<title>云汀网</title><script>check()</script><p>请稍候</p>"),
    5: ("layout: no text, picture or video", "<title>澄河修桥_云汀网</title><h1>澄河修桥</h1>"),
}
"""Number of an article → how the reason begins, and a page that is none."""
PAGES = {number: page for number, (_, page) in (TAKEN | REFUSED).items()}


@pytest.fixture
def mixed(yunting: Crawled) -> Crawled:
    """A site whose articles are those pages."""
    yunting.build(Section("101", "县域要闻", samples(5)), per_page=5)
    yunting.site.pages |= {SHOW.format(number): Reply(page.encode()) for number, page in PAGES.items()}
    return yunting


def test_every_command_takes_the_same_pages_and_refuses_others_with_the_same_words(
    mixed: Crawled, zhijiang: Run
) -> None:
    mixed.crawl(status=1)
    taken = {int(key): title for key, title in mixed.rows("SELECT key, title FROM article")}
    assert taken == {number: title for number, (title, _) in TAKEN.items()}
    reasons = {int(key): reason for key, reason in mixed.rows("SELECT key, reason FROM failure")}
    assert reasons.keys() == REFUSED.keys()
    for number, (begins, _) in REFUSED.items():
        assert reasons[number].startswith(begins)

    for number in PAGES:
        url = mixed.site.base_url + SHOW.format(number)
        said = zhijiang("parse", url, "--site", mixed.profile_file)
        if number in taken:
            assert json.loads(said.stdout)["title"] == taken[number]
        else:
            assert said.returncode == 1
            assert reasons[number] in said.stderr

    probed = json.loads(zhijiang("probe", "--delay", "0", "--json", f"{mixed.site.base_url}{LIST}").stdout)
    assert set(probed["fields"]["title"]) == set(taken.values())
    refused = {re.sub("^cannot be read as an article: ", "", warning) for warning in probed["warnings"]}
    assert set(reasons.values()) <= refused

    with Archive.open(mixed.archive, create=False) as archive:
        sites = recorded_sites(archive)
        for title in taken.values():
            number = mixed.rows(f"SELECT article_id FROM article WHERE title = '{title}'")[0][0]
            explained = explain(archive, str(number), sites)
            assert explained is not None
            assert (explained.article.title, explained.stale) == (title, ())
        report = reparse(archive, sites[0], apply=True)
    assert (report.articles, report.changed, report.new, report.problems) == (5, 0, 0, [])
    assert len(mixed.articles()) == len(TAKEN)


def test_an_article_that_became_a_message_is_explained_and_read_again_as_it_was(mixed: Crawled) -> None:
    mixed.crawl(status=1)
    mixed.site.pages[SHOW.format(1)] = Reply(REFUSED[3][1].encode())
    mixed.crawl("--full", status=1)
    assert mixed.rows("SELECT 状态 FROM 文章 WHERE 题名 = '404路公交绕行'") == [("失联",)]
    with Archive.open(mixed.archive, create=False) as archive:
        sites = recorded_sites(archive)
        assert reparse(archive, sites[0], apply=True).changed == 0
        explained = explain(archive, mixed.site.base_url + SHOW.format(1), sites)
    assert explained is not None
    assert explained.article.title == "404路公交绕行"  # by the capture that gave the text


LOGO_AND_LINE = f"<title>云汀融媒</title><h1>澄河之声 天天向上</h1><div>云汀县第4号新闻</div>{TEXT}"


def test_the_lists_title_decides_for_crawl_explain_and_reparse_alike(mixed: Crawled, zhijiang: Run) -> None:
    """``parse`` is given one page and no list, so it takes the heading."""
    mixed.site.pages[SHOW.format(4)] = Reply(LOGO_AND_LINE.encode())
    mixed.crawl(status=1)
    assert mixed.rows("SELECT title FROM article WHERE key = '4'") == [("云汀县第4号新闻",)]
    url = mixed.site.base_url + SHOW.format(4)
    explained = json.loads(zhijiang("explain", url, "--archive", mixed.archive, "--json").stdout)
    title = explained["choices"][0]
    assert (title["value"], title["rule"]) == ("云汀县第4号新闻", "line that the list names so")
    assert explained["stale"] == []
    again = zhijiang("reparse", "--archive", mixed.archive)
    assert "0 would change" in again.stdout
    parsed = zhijiang("parse", url, "--site", mixed.profile_file)
    assert json.loads(parsed.stdout)["title"] == "澄河之声 天天向上"


def test_a_page_without_a_title_is_called_what_the_list_calls_it(mixed: Crawled, zhijiang: Run) -> None:
    mixed.site.pages[SHOW.format(4)] = Reply(f"<div>{TEXT}{TEXT}</div>".encode())
    mixed.crawl(status=1)
    url = mixed.site.base_url + SHOW.format(4)
    explained = zhijiang("explain", url, "--archive", mixed.archive).stdout
    assert "title: 云汀县第4号新闻\n  found as: list entry: the page shows no title" in explained
    assert mixed.rows("SELECT count(*) FROM failure WHERE key = '4'") == [(0,)]


def test_an_article_asked_for_again_keeps_the_title_that_its_list_decided(mixed: Crawled) -> None:
    mixed.site.pages[SHOW.format(4)] = Reply(LOGO_AND_LINE.encode())
    mixed.crawl(status=1)
    mixed.crawl("--full", status=1)
    assert mixed.rows(
        "SELECT count(*) FROM article_version v JOIN article a USING (article_id) WHERE a.key = '4'"
    ) == [(1,)]
