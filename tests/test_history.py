"""Everything that changes on a site between crawls is told by the views exactly as it happened."""

import gzip
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from archive import Archive
from archive.store.captures import read_capture
from archive.store.versions import VERSION_FIELDS
from tests.crawled import PLAIN, YICHANG, Crawled, samples
from tests.newssite import Asked, Reply, Section
from zhijiang_spider.derive.reparse import recorded_sites, reparse

SHOW = "/content/show?catid=101&newsid={}"


def publish(yunting: Crawled, count: int = 4) -> None:
    yunting.build(Section("101", "县域要闻", samples(count)), per_page=10)
    yunting.crawl()


def edit(yunting: Crawled, number: int, **changes: Any) -> None:
    """Change what the article's page says; its list entry stays."""
    sample = replace(dict(samples(9))[number], **changes)
    page = YICHANG.render(sample, yunting.site.base_url)
    yunting.site.put(SHOW.format(number), page, Content_Type=YICHANG.content_type)


def age(yunting: Crawled, days: int) -> None:
    """Let time pass: everything that was seen, was seen so many days earlier."""
    connection = sqlite3.connect(yunting.archive)
    shift = "strftime('%Y-%m-%dT%H:%M:%SZ', {0}, '-{1} days')"
    for table, columns in {
        "article": ("last_look_at", "last_seen_at", "first_seen_at"),
        "absence": ("since", "last_look_at", "gone_at"),
    }.items():
        for column in columns:
            connection.execute(f"UPDATE {table} SET {column} = {shift.format(column, days)}")
    connection.commit()
    connection.close()


# --- versions -------------------------------------------------------------------------------------------


def test_every_edit_is_told_with_its_fields_and_its_weight(yunting: Crawled) -> None:
    publish(yunting)
    edit(yunting, 1, title="云汀县第1号新闻（更正）")
    *others, last = PLAIN.items
    assert isinstance(last, str)
    edit(yunting, 2, items=(*others, last.replace("。", "！", 1)))
    yunting.crawl("--full")
    edit(yunting, 1, title="云汀县第1号新闻（再更正）")
    yunting.crawl("--full")
    assert yunting.rows(
        "SELECT 题名, 原版本, 新版本, 类别, 改动字段, 增字, 删字 FROM 变更 ORDER BY 编号, 新版本"
    ) == [
        ("云汀县第1号新闻（更正）", 1, 2, "实质", "题名", 4, 0),
        ("云汀县第1号新闻（再更正）", 2, 3, "实质", "题名", 1, 0),
        ("云汀县第2号新闻", 1, 2, "细微", "正文", 1, 1),
    ]
    assert yunting.rows("SELECT max(版本数), count(*) FROM 文章") == [(3, 4)]


def test_reparse_brings_counts_of_another_reckoning_up_to_date(yunting: Crawled) -> None:
    publish(yunting)
    edit(yunting, 1, title="云汀县第1号新闻（更正）")
    yunting.crawl("--full")
    query = "SELECT number, changed, added, removed, minor, content_sha256 FROM article_version ORDER BY article_id, number"
    before = yunting.rows(query)
    with closing(sqlite3.connect(yunting.archive)) as connection:
        connection.execute("UPDATE article_version SET added = 7, removed = 3 WHERE number = 2")
        connection.commit()
    applied = yunting.run("reparse", "--apply", "--archive", yunting.archive)
    assert "versions" in applied.stdout, applied.stdout
    assert yunting.rows(query) == before
    assert "versions" not in yunting.run("reparse", "--archive", yunting.archive).stdout


def test_every_field_of_a_version_has_a_name_in_the_view_of_changes(yunting: Crawled) -> None:
    publish(yunting)
    yunting.crawl()
    edit(yunting, 1, title="云汀县第1号新闻（更正）")
    yunting.crawl("--full")
    with closing(sqlite3.connect(yunting.archive)) as connection:
        connection.execute(
            "UPDATE article_version SET changed = ? WHERE number > 1", [json.dumps(VERSION_FIELDS)]
        )
        connection.commit()
    assert yunting.rows("SELECT 改动字段 FROM 变更") == [
        ("题名、引题、副题、栏目、日期、来源、正文、署名、图片",)
    ]


def test_a_new_footer_is_no_revision(yunting: Crawled) -> None:
    publish(yunting)
    for number in range(1, 5):
        page = yunting.site.pages[SHOW.format(number)]
        assert isinstance(page, Reply)
        footer = "<div>版权所有 云汀县融媒体中心 2026 浏览量：12345</div></body>".encode()
        yunting.site.pages[SHOW.format(number)] = replace(page, body=page.body.replace(b"</body>", footer))
    yunting.crawl("--full")
    assert yunting.rows("SELECT count(*) FROM 变更") == [(0,)]
    assert yunting.rows("SELECT count(*), count(revisit_of) FROM capture WHERE kind = 'article'") == [(8, 0)]


def test_an_error_page_between_two_good_ones_is_no_revision(yunting: Crawled) -> None:
    publish(yunting)
    page = yunting.site.pages[SHOW.format(1)]
    yunting.site.pages[SHOW.format(1)] = Reply("<title>请求过于频繁</title>请稍后".encode(), 429)
    yunting.crawl("--full", status=1)
    yunting.site.pages[SHOW.format(1)] = page
    yunting.crawl("--full")
    assert yunting.rows("SELECT count(*) FROM 变更") == [(0,)]
    assert yunting.rows("SELECT count(*) FROM 消失记录") == [(0,)]


# --- absence --------------------------------------------------------------------------------------------


VANISHED = {
    1: (Reply(b"", 404), "没有这个网页（HTTP 404）"),
    2: (Reply(b"", 410), "网页已经删除（HTTP 410）"),
    3: (Reply(b"", 302, {"Location": "/"}), "转到了"),
    4: (Reply(b"", 302, {"Location": SHOW.format(9)}), "转到了另一篇文章 9"),
    5: (Reply("<title>提示</title><p>您访问的文章不存在或已被删除</p>".encode()), "网页上写着"),
}
"""Number of an article → what its address answers when it is gone, and how the reason begins."""


def test_pages_that_are_no_longer_there_are_missing_then_gone_and_come_back(yunting: Crawled) -> None:
    publish(yunting, 30)
    yunting.save_profile(recheck={"gone_days": 10, "gone_looks": 3})
    titles = [f"云汀县第{number}号新闻" for number in VANISHED]
    kept = dict(yunting.site.pages)
    yunting.site.pages.update({SHOW.format(number): reply for number, (reply, _) in VANISHED.items()})
    yunting.crawl("--full")
    missing = yunting.rows("SELECT 题名, 状态, 复查次数, 消失时间（北京时间） FROM 已消失 ORDER BY 题名")
    assert missing == [(title, "失联", 1, None) for title in titles]
    reasons = yunting.rows("SELECT 原因 FROM 已消失 ORDER BY 题名")
    for (reason,), (_, expected) in zip(reasons, VANISHED.values(), strict=True):
        assert reason.startswith(expected)
    age(yunting, 1)
    yunting.crawl()  # missing articles are looked for by every daily crawl
    assert {SHOW.format(number) for number in VANISHED} <= set(yunting.asked_articles())
    age(yunting, 10)
    yunting.crawl()
    gone = yunting.rows("SELECT 状态, 复查次数, 消失时间（北京时间） IS NOT NULL FROM 已消失")
    assert gone == [("已消失", 3, 1)] * len(VANISHED)
    assert yunting.rows("SELECT count(*), sum(正文 <> '') FROM 文章") == [(30, 30)]  # it keeps everything
    yunting.crawl()
    asked = yunting.asked_articles()
    assert not any(SHOW.format(number) in asked for number in VANISHED)  # gone ones are looked for seldom
    yunting.site.pages.update(kept)
    age(yunting, 2)
    yunting.crawl()
    assert yunting.rows("SELECT count(*) FROM 已消失") == [(0,)]
    back = yunting.rows("SELECT 题名 FROM 文章 WHERE 状态 = '在线'")
    assert set(titles) <= {title for (title,) in back}
    found = yunting.rows("SELECT 复查次数, 恢复时间（北京时间） IS NOT NULL FROM 消失记录")
    assert found == [(3, 1)] * len(VANISHED)
    assert yunting.rows("SELECT count(*) FROM 变更") == [(0,)]


def test_a_page_that_sends_its_reader_on_is_not_understood_and_no_article_is_missing(
    yunting: Crawled,
) -> None:
    publish(yunting)
    sent_on = (
        b"<script>location.href = newAddress(1);</script><p>moved</p>"  # where to, the page does not say
    )
    yunting.site.pages[SHOW.format(1)] = Reply(sent_on)
    result = yunting.crawl("--full", status=1)
    assert "a script sends the reader on, where to is not understood" in result.stderr
    assert yunting.rows("SELECT count(*) FROM 消失记录") == [(0,)]
    assert yunting.rows("SELECT DISTINCT 状态 FROM 文章") == [("在线",)]


def test_when_much_is_missing_at_once_nobody_is_marked_and_the_operator_is_told(yunting: Crawled) -> None:
    publish(yunting, 9)
    kept = dict(yunting.site.pages)
    for number in range(1, 6):
        yunting.site.pages.pop(SHOW.format(number))
    result = yunting.crawl("--full", status=1)
    assert "5 of 9 archived articles looked at were not found" in result.stderr
    assert yunting.rows("SELECT count(*) FROM 消失记录") == [(0,)]
    assert yunting.rows("SELECT DISTINCT 状态 FROM 文章") == [("在线",)]
    yunting.site.pages.update(kept)
    yunting.crawl("--full")


# --- rechecks -------------------------------------------------------------------------------------------


def test_a_crawl_with_nothing_new_asks_for_the_fronts_and_what_is_due(yunting: Crawled) -> None:
    publish(yunting, 9)
    yunting.crawl()
    assert sorted(yunting.site.paths()) == ["/", "/content/list?catid=101", "/robots.txt"]
    connection = sqlite3.connect(yunting.archive)
    connection.execute(  # two of them were published and read four days ago
        "UPDATE article SET published_on = date('now', '-4 days'), last_look_at ="
        " strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-4 days', '+1 hour') WHERE key IN ('2', '5')"
    )
    connection.commit()
    connection.close()
    yunting.crawl()
    assert sorted(yunting.asked_articles()) == [SHOW.format(2), SHOW.format(5)]
    assert len(yunting.site.paths()) == 5
    yunting.crawl()
    assert yunting.asked_articles() == []


def test_the_server_is_asked_only_for_what_changed(yunting: Crawled) -> None:
    publish(yunting, 2)

    def conditional(page: Reply, tag: str) -> Callable[[Asked], Reply]:
        def answer(asked: Asked) -> Reply:
            if asked.headers.get("if-none-match") == tag:
                return Reply(b"", 304, {"ETag": tag})
            return replace(page, headers={**page.headers, "ETag": tag})

        return answer

    for number in (1, 2):
        page = yunting.site.pages[SHOW.format(number)]
        assert isinstance(page, Reply)
        yunting.site.pages[SHOW.format(number)] = conditional(page, f'"v{number}"')
    yunting.crawl("--full")
    connection = sqlite3.connect(yunting.archive)
    connection.execute(
        "UPDATE article SET published_on = date('now', '-2 days'),"
        " last_look_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-2 days')"
    )
    connection.commit()
    connection.close()
    yunting.crawl()
    assert yunting.rows(
        "SELECT status, count(*) FROM capture WHERE kind = 'article' GROUP BY 1 ORDER BY 1"
    ) == [
        (200, 4),
        (304, 2),
    ]
    assert yunting.rows("SELECT unchanged FROM crawl ORDER BY crawl_id DESC LIMIT 1") == [(2,)]
    assert yunting.rows("SELECT count(*) FROM article WHERE last_seen_at < date('now')") == [(0,)]


# --- evidence and reparse -------------------------------------------------------------------------------


def test_every_version_can_be_read_again_from_the_bytes_it_came_from(yunting: Crawled) -> None:
    publish(yunting)
    edit(yunting, 1, title="云汀县第1号新闻（更正）")
    yunting.crawl("--full")
    with Archive.read(yunting.archive) as archive:
        for capture, title in archive.connection.execute("SELECT capture_id, title FROM article_version"):
            assert title in read_capture(archive, capture).content.decode("utf-8")


def test_the_bytes_are_kept_as_they_travelled(yunting: Crawled) -> None:
    publish(yunting, 1)
    page = yunting.site.pages[SHOW.format(1)]
    assert isinstance(page, Reply)
    packed = gzip.compress(page.body, mtime=0)
    headers = {**page.headers, "Content-Encoding": "gzip", "X-Served-By": "云汀".encode().decode("latin-1")}
    yunting.site.pages[SHOW.format(1)] = replace(page, body=packed, headers=headers)
    yunting.crawl("--full")
    with Archive.read(yunting.archive) as archive:
        (capture,) = archive.connection.execute(
            "SELECT max(capture_id) FROM capture WHERE kind = 'article'"
        ).fetchone()
        record = read_capture(archive, capture)
    assert record.payload == packed
    assert record.content == page.body
    assert dict(record.headers)["X-Served-By"] == "云汀"
    assert yunting.rows("SELECT count(*) FROM article_version") == [(1,)]


def derived_rows(yunting: Crawled) -> list[list[tuple[Any, ...]]]:
    tables = ("article", "article_version", "credit", "image", "attachment", "absence")
    return [yunting.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]


def test_reading_everything_again_gives_identical_rows(yunting: Crawled) -> None:
    publish(yunting)
    edit(yunting, 1, title="云汀县第1号新闻（更正）")
    page = yunting.site.pages.pop(SHOW.format(3))
    yunting.crawl("--full")
    yunting.site.pages[SHOW.format(3)] = page
    yunting.site.pages.pop(SHOW.format(4))
    yunting.crawl("--full")
    before = derived_rows(yunting)
    for arguments in (["reparse"], ["reparse", "--apply"]):
        result = yunting.run(*arguments, "--archive", yunting.archive)
        assert result.returncode == 0, result.stderr
        assert "4 articles read again from their captures; 0 " in result.stdout
    assert derived_rows(yunting) == before


@pytest.mark.parametrize("apply", [False, True])
def test_reparse_writes_only_what_reads_otherwise(yunting: Crawled, apply: bool) -> None:
    publish(yunting)
    with Archive.open(yunting.archive, create=False) as archive:
        (site,) = recorded_sites(archive)

        def written() -> int:
            statements: list[str] = []
            archive.connection.set_trace_callback(statements.append)
            reparse(archive, site, apply=apply)
            archive.connection.set_trace_callback(None)
            # told once for itself and once for each of its triggers
            return len({text for text in statements if text.startswith("INSERT INTO article_version")})

        assert written() == 0
        archive.connection.execute("UPDATE credit SET name = '误读' WHERE credit_id = 1")
        archive.connection.execute("UPDATE article SET last_seen_at = '2030-01-01T00:00:00Z' WHERE key = '4'")
        archive.connection.commit()
        assert written() == 2


def test_reparse_tells_then_writes_then_has_nothing_left_to_do(yunting: Crawled) -> None:
    publish(yunting)
    before = derived_rows(yunting)
    connection = sqlite3.connect(yunting.archive)
    connection.execute("UPDATE article SET title = '误读', source = '' WHERE key = '2'")
    connection.execute(
        "UPDATE article_version SET title = '误读' WHERE article_id = (SELECT article_id FROM article WHERE key = '2')"
    )
    connection.execute(
        "DELETE FROM credit WHERE article_id = (SELECT article_id FROM article WHERE key = '3')"
    )
    connection.commit()
    connection.close()
    damaged = derived_rows(yunting)

    def reparse(*more: str) -> str:
        result = yunting.run("reparse", *more, "--archive", yunting.archive)
        assert result.returncode == 0, result.stderr
        return result.stdout

    dry = reparse()
    assert "2 would change" in dry
    assert "误读" in dry
    assert derived_rows(yunting) == damaged
    assert "2 changed" in reparse("--apply")
    after = derived_rows(yunting)
    assert after[0] == before[0]
    assert [row[1:] for row in after[1]] == [
        row[1:] for row in sorted(before[1], key=lambda row: row[1])
    ] or {row[1:] for row in after[1]} == {row[1:] for row in before[1]}
    assert "0 changed" in reparse("--apply")
    events = yunting.rows(
        "SELECT type, json_extract(detail, '$.yunting.changed') FROM event ORDER BY event_id"
    )
    assert events == [("metadata modification", 2), ("metadata modification", 0)]
    assert yunting.rows("SELECT 题名 FROM 检索 WHERE 词 = json_quote('误读')") == []


def test_a_page_that_could_not_be_read_becomes_an_article_when_the_profile_is_mended(
    yunting: Crawled,
) -> None:
    yunting.build(Section("101", "县域要闻", samples(2)), per_page=10)
    yunting.save_profile(selectors={"body": "div.no-such-box"})
    yunting.site.put(
        SHOW.format(1),
        "<title>标题在此处写明</title><h1>标题在此处写明</h1><i class=x>只有一行字的正文在这里。</i>",
    )
    yunting.crawl()
    assert yunting.articles() >= {"2"}


# --- pictures -------------------------------------------------------------------------------------------


def test_pictures_are_kept_once_with_their_size_and_their_uses(yunting: Crawled) -> None:
    publish(yunting, 3)
    rows = yunting.rows("SELECT mime, width, height, bytes > 100 FROM media")
    assert rows == [("image/png", 480, 320, 1)] * 2
    assert yunting.rows("SELECT 篇数 FROM 图片复用") == [(3,), (3,)]
    assert yunting.rows("SELECT count(*), count(SHA256) FROM 图片") == [(6, 6)]


def test_an_error_page_is_no_picture_and_a_dead_one_is_not_asked_for_for_ever(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(2)), per_page=10)
    pictures = [path for path in yunting.site.pages if path.endswith((".png", ".jpg"))]
    yunting.site.put(pictures[0], "<title>404</title>", Content_Type="image/png")
    yunting.site.pages.pop(pictures[1])
    yunting.crawl()
    reasons = dict(yunting.rows("SELECT url, reason FROM failure WHERE kind = 'media'"))
    assert {url.removeprefix(yunting.site.base_url): reason for url, reason in reasons.items()} == {
        pictures[0]: "is no picture or file of a known kind",
        pictures[1]: "HTTP 404",
    }
    yunting.crawl()
    assert pictures[1] not in yunting.site.paths()
    assert yunting.rows("SELECT count(*) FROM media") == [(0,)]


def test_no_pictures_are_fetched_when_none_are_wanted(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(2)), per_page=10)
    yunting.crawl("--media", "none")
    assert yunting.rows("SELECT count(*) FROM capture WHERE kind = 'media'") == [(0,)]
    yunting.crawl()
    assert yunting.rows("SELECT count(*) FROM media") == [(2,)]


# --- articles on several pages --------------------------------------------------------------------------


def parted(number: int, texts: list[list[str]], page_of: Callable[[int], str]) -> dict[str, str]:
    """Return path → page of an article on several pages, its credits on each of them."""
    pages = {}
    for place, part in enumerate(texts, 1):
        pager = "".join(f'<a href="{page_of(n)}">{n}</a>' for n in range(1, len(texts) + 1) if n != place) + (
            f'<a href="{page_of(place + 1)}">下一页</a>' if place < len(texts) else ""
        )
        body = "".join(f"<p>{text}</p>" for text in part)
        pages[page_of(place)] = (
            f'<meta charset="utf-8"><title>云汀县第{number}号新闻-云汀网</title><h1>云汀县第{number}号新闻</h1>'
            f"<p>2024-01-16 来源：云汀融媒</p><div>{body}<p>责任编辑：苏木</p></div><div>{pager}</div>"
            '<p>下一篇：<a href="/content/show?catid=101&newsid=2">云汀县第2号新闻</a></p>'
        )
    return pages


TEXTS = [
    ["第一页的第一段在这里，说的是开头的事情。", "第一页的第二段在这里，接着往下说。"],
    ["第二页的第一段在这里，说的是中间的事情。"],
    ["第三页的第一段在这里，说的是结尾的事情。", "第三页的第二段在这里，到此为止。"],
]


@pytest.mark.parametrize("style", ["&page={}", "&p={}"])
def test_an_article_on_several_pages_is_one_article(yunting: Crawled, style: str) -> None:
    yunting.build(Section("101", "县域要闻", samples(2)), per_page=10)

    def page_of(place: int) -> str:
        return SHOW.format(1) + (style.format(place) if place > 1 else "")

    for path, page in parted(1, TEXTS, page_of).items():
        yunting.site.put(path, page)
    yunting.crawl()
    body = "\n".join(text for part in TEXTS for text in part)
    assert yunting.rows("SELECT body, credit_line FROM article WHERE key = '1'") == [(body, "责任编辑：苏木")]
    assert yunting.rows("SELECT kind, count(*) FROM capture WHERE key = '1' GROUP BY 1") == [
        ("article", 1),
        ("part", 2),
    ]
    before = derived_rows(yunting)
    result = yunting.run("reparse", "--apply", "--archive", yunting.archive)
    assert "2 articles read again from their captures; 0 changed" in result.stdout
    assert derived_rows(yunting) == before
    yunting.crawl("--full")
    assert yunting.rows("SELECT count(*) FROM 变更") == [(0,)]


def test_an_article_whose_second_page_fails_is_not_stored_in_part(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(2)), per_page=10)
    pages = parted(1, TEXTS, lambda place: SHOW.format(1) + (f"&page={place}" if place > 1 else ""))
    for path, page in pages.items():
        yunting.site.put(path, page)
    second = yunting.site.pages.pop(SHOW.format(1) + "&page=2")
    assert "HTTP 404" in yunting.crawl(status=1).stderr
    assert yunting.articles() == {"2"}
    yunting.site.pages[SHOW.format(1) + "&page=2"] = second
    yunting.crawl()
    assert yunting.articles() == {"1", "2"}
