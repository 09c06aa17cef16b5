"""Where each field comes from: the rule, what was refused, the capture."""

import json
import sqlite3
from typing import Any

from tests.crawled import Crawled, samples
from tests.newssite import Section
from zhijiang_spider.pages import Page, explain_article
from zhijiang_spider.sites.site import parse_site

PAGE = """
<html><head><title>柑橘开园-云汀网</title><meta name="pubdate" content="2024-11-02 08:00">
<meta name="source" content="云汀县人民政府"></head><body>
<div>当前位置：<a href="/">首页</a> > <a href="/c/1">要闻</a></div>
<h1>柑橘开园</h1><p class="i">2024-11-01 来源：云汀融媒</p>
<div><p>11月1日，云汀县柑橘开园，首批果品发往北方。</p><p>今年预计产量三万吨，比去年略有增加。</p></div>
<h2>别的标题</h2></body></html>
"""
DATA: dict[str, Any] = {
    "name": "yunting",
    "title": "云汀网",
    "hosts": ["www.yunting.example"],
    "start_urls": ["http://www.yunting.example/"],
    "article_url": r"/a/(?P<id>\d+)",
}
URL = "http://www.yunting.example/a/1"


def choices(**changes: Any) -> dict[str, tuple[str, str, tuple[tuple[str, str], ...]]]:
    _, found = explain_article(Page(URL, PAGE.encode()), parse_site(DATA | changes, "x.toml"))
    return {choice.field: (choice.value, choice.rule, choice.refused) for choice in found}


def test_each_field_names_its_rule_and_what_was_refused() -> None:
    found = choices()
    declared = "declared to machines (meta tags, comments, scripts)"
    assert found["title"] == (
        "柑橘开园",
        "line that <title> or a meta tag holds",
        (("next best line", "别的标题"),),
    )
    assert found["section"][:2] == ("要闻", "breadcrumb")
    assert found["published"] == ("2024-11-01", "row by the title", ((declared, "2024-11-02 08:00"),))
    assert found["source"][:2] == ("云汀融媒", "label in the row by the title")
    assert (declared, "云汀县人民政府") in found["source"][2]
    assert found["kicker"] == ("", "", ())
    assert found["body"][1] == "longest text on the page"


def test_a_profiles_selector_is_named_and_what_it_overruled_is_shown() -> None:
    found = choices(selectors={"title": "title", "published": "//meta[@name='pubdate']/@content"})
    assert found["title"] == ("柑橘开园-云汀网", "profile selector", (("next best line", "柑橘开园"),))
    assert found["published"][:2] == ("2024-11-02 08:00", "profile selector")


def test_the_command_tells_rule_capture_and_what_is_stale(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(1)))
    yunting.crawl()

    def explain(*more: str) -> str:
        result = yunting.run("explain", "1", "--archive", yunting.archive, *more)
        assert result.returncode == 0, result.stderr
        return result.stdout

    (capture,) = yunting.rows(
        "SELECT c.capture_id, w.name, c.warc_offset, c.payload_sha256 FROM capture c JOIN warc_file w"
        " USING (warc_id) WHERE c.kind = 'article'"
    )
    found = json.loads(explain("--json"))
    kept = found["capture"]
    assert (kept["capture_id"], kept["file"], kept["warc_offset"], kept["payload_sha256"]) == capture
    assert found["stale"] == []
    ((section, reader),) = [(row["section"], row["reader"]) for row in found["listed"]]
    assert (section, reader) == ("县域要闻", "anchors")
    text = explain()
    assert "lists:\n  县域要闻, page 1" in text
    assert "title: 云汀县第1号新闻\n  found as: line that <title> or a meta tag holds" in text
    assert "记者" in text.partition("credits:")[2]
    connection = sqlite3.connect(yunting.archive)
    connection.execute("UPDATE article SET section = '误'")
    connection.commit()
    connection.close()
    assert "Stored otherwise: section; zhijiang reparse --apply" in explain()


def test_an_article_that_is_not_there_is_named(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(1)))
    yunting.crawl()
    result = yunting.run("explain", "99", "--archive", yunting.archive)
    assert (result.returncode, result.stderr.startswith("Error: 99: no such article in ")) == (1, True)
