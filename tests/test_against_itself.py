"""The site against itself: one page for many, one title for many, other ids for the same; held back until accepted."""

import re
import sqlite3
from dataclasses import replace

import pytest

from archive import Archive
from archive.care.against_itself import is_copied, is_one_page, is_one_title, is_renumbered
from archive.care.reconcile import SECTIONS, reconcile
from archive.model.crawl import (
    ELSEWHERE,
    FailureType,
    FetchFailure,
    Listing,
    ListingEntry,
    SectionKind,
)
from archive.room import RoomSettings, create_app
from archive.store.articles import save_article
from archive.store.crawls import begin_crawl, save_failure, save_listing
from archive.store.likeness import is_called_otherwise, is_replaced, text_sha256
from tests.conftest import ARTICLE
from tests.crawled import PLAIN, YICHANG, Crawled, samples
from tests.newssite import Section
from tests.room import client_of
from tests.samples import Picture, Sample

SHOW = "/content/show?catid=101&newsid={}"
TEXTS = (
    "云汀县农业农村局昨天公布柑橘收购价，每斤比去年高两角，果农乔安说今年总算放心。",
    "纪朗在县城东边的旧粮库里办了一座小小的图书馆，周末有一百多个孩子来这里看书。",
    "青坪镇到县城的公交车从下月起每十五分钟一班，末班车推迟到晚上九点，票价不变。",
    "卫青禾带着测绘队走了三个月，把全县四百二十座老桥一座一座量过，编成一本图册。",
    "暴雨之后河水退得很快，沿岸三个村的抽水机昨夜全部停下，学校今天照常上课。",
    "闻小满的豆腐坊开了四十年，今年第一次请了帮工，因为网上的订单多得做不过来。",
    "县人民医院新楼的儿科门诊搬到二层，挂号、化验、取药都在同一条走廊里。",
    "秋季运动会上，三中的女子接力队以零点二秒之差破了保持十一年的县纪录。",
)
MAINTENANCE = replace(
    PLAIN,
    title="系统维护公告",
    items=("网站正在升级维护，预计今晚恢复。", "给您带来不便，敬请谅解，谢谢大家的理解和支持。"),
    credit_lines=(),
    credits=(),
)


def news(count: int, start: int = 1, texts_from: int = 0) -> list[tuple[int, Sample]]:
    """Return numbered articles whose titles and texts have nothing in common."""
    return [
        (number, replace(sample, title=TEXTS[at][:12], items=(TEXTS[at], TEXTS[at][::-1])))
        for at, (number, sample) in enumerate(samples(count, start), texts_from)
    ]


def publish(yunting: Crawled, articles: list[tuple[int, Sample]]) -> None:
    yunting.build(Section("101", "县域要闻", articles), per_page=50)


def show_instead(yunting: Crawled, sample: Sample, *numbers: int) -> None:
    """Let the site show one page for these articles; what its lists print stays as it is."""
    for number in numbers:
        page = YICHANG.render(sample, yunting.site.base_url)
        yunting.site.put(SHOW.format(number), page, Content_Type=YICHANG.content_type)


def titles(yunting: Crawled) -> dict[str, tuple[str, int]]:
    return {
        key: (title, version)
        for key, title, version in yunting.rows("SELECT key, title, version FROM article")
    }


# --- judged -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("listed", "title", "otherwise"),
    [
        ("云汀县柑橘开园", "云汀县柑橘开园", False),
        ("云汀县柑橘开园…", "云汀县柑橘开园 三万吨果子等你来", False),
        ("关于停水的通知", "停水通知", False),
        ("【图说】云汀春耕", "云汀春耕", False),
        ("云汀县柑橘开园", "系统维护公告", True),
        ("云汀县召开三级干部大会", "云汀网", True),
        ("", "系统维护公告", False),
        ("更", "系统维护公告", False),
    ],
)
def test_a_list_contradicts_a_title_only_where_it_says_something_else(
    listed: str, title: str, otherwise: bool
) -> None:
    assert is_called_otherwise(listed, title) is otherwise


def test_a_text_is_replaced_when_next_to_nothing_of_it_is_left() -> None:
    assert is_replaced(TEXTS[0], MAINTENANCE.paragraphs[0])
    assert not is_replaced(TEXTS[0], TEXTS[0].replace("两角", "三角") + TEXTS[1])
    assert not is_replaced(TEXTS[0] + TEXTS[1], TEXTS[1])
    assert not is_replaced("", TEXTS[0])


def test_two_prints_of_one_text_are_one() -> None:
    assert text_sha256("停水　通知", "５月1日") == text_sha256("停水通知", "5月 1日")
    assert text_sha256("停水通知", "") != text_sha256("", "停水通知")


def test_thresholds() -> None:
    assert is_one_page(3, 0)
    assert is_one_page(2, 1)
    assert not is_one_page(2, 0)
    assert not is_one_page(2, 0, 1)
    assert is_one_page(2, 0, 2)
    assert not is_one_page(1, 1)
    assert is_one_title(5, 0, 10)
    assert is_one_title(2, 2, 100)
    assert not is_one_title(5, 1, 11)
    assert not is_one_title(4, 0, 4)
    assert is_renumbered(4, 8)
    assert not is_renumbered(3, 3)
    assert not is_renumbered(4, 9)
    assert is_copied(5, 50)
    assert not is_copied(5, 51)
    assert not is_copied(4, 4)


# --- crawled ----------------------------------------------------------------------------------------------


def test_a_maintenance_page_replaces_nothing_until_it_is_accepted(yunting: Crawled) -> None:
    publish(yunting, news(4))
    yunting.crawl()
    before = titles(yunting)
    publish(yunting, [*news(1, 5, 4), *news(4)])
    show_instead(yunting, MAINTENANCE, 1, 2, 3, 4, 5)
    result = yunting.crawl("--full", status=1)
    assert (
        "The site shows one page for 5 articles (4 of them archived): “系统维护公告”, such as http://"
        in result.stderr
    )
    assert result.stderr.count("(capture ") == 2
    assert "zhijiang crawl --accept" in result.stderr
    assert "not read yet" not in result.stderr
    assert titles(yunting) == before
    assert len(yunting.rows("SELECT * FROM 暂缓 WHERE 原因 = '一页多址'")) == 5
    assert "0 changed" in yunting.run("reparse", "--apply", "--archive", yunting.archive).stdout
    assert titles(yunting) == before

    assert yunting.crawl(status=1).stderr == ""  # it stands, and was told
    yunting.crawl("--accept")
    assert titles(yunting) == dict.fromkeys(before, ("系统维护公告", 2)) | {"5": ("系统维护公告", 1)}
    assert yunting.rows("SELECT * FROM held WHERE state <> 'over'") == []
    assert "; 0 would change, 0 would be new" in yunting.run("reparse", "--archive", yunting.archive).stdout


def test_when_the_site_is_well_again_the_alarm_ends(yunting: Crawled) -> None:
    publish(yunting, news(5))
    yunting.crawl()
    before = titles(yunting)
    show_instead(yunting, MAINTENANCE, 1, 2, 3, 4, 5)
    yunting.crawl("--full", status=1)
    publish(yunting, news(5))
    yunting.crawl("--full")
    assert titles(yunting) == before
    assert yunting.rows("SELECT DISTINCT state, article FROM held") == [("over", "")]


def test_a_page_for_all_is_told_where_only_new_articles_are_read(yunting: Crawled) -> None:
    publish(yunting, news(5))
    login = replace(MAINTENANCE, title="云汀网", items=("请先登录。",))
    show_instead(yunting, login, 1, 2, 3, 4, 5)
    told = "The site shows one text under different titles for 5 articles (0 of them archived)"
    assert told in yunting.crawl(status=1).stderr  # where a page has no title, the list's is taken
    assert titles(yunting) == {}
    publish(yunting, news(5))
    yunting.crawl()
    assert len(titles(yunting)) == 5


def test_a_page_for_two_that_the_lists_call_by_other_names_is_held(yunting: Crawled) -> None:
    publish(yunting, news(4))
    show_instead(yunting, MAINTENANCE, 1, 2)
    assert "The site shows one page for 2 articles (0 of them archived)" in yunting.crawl(status=1).stderr
    assert yunting.articles() == {"3", "4"}
    publish(yunting, news(4))
    yunting.crawl()
    assert len(titles(yunting)) == 4


def test_one_title_over_many_texts_is_told(yunting: Crawled) -> None:
    publish(yunting, news(6))
    for number, sample in news(6):
        show_instead(yunting, replace(sample, title="云汀融媒"), number)
    assert (
        "The site shows one title for 6 articles (0 of them archived): “云汀融媒”"
        in yunting.crawl(status=1).stderr
    )


def test_one_text_under_many_titles_is_told(yunting: Crawled) -> None:
    publish(yunting, news(3))
    yunting.crawl()
    before = titles(yunting)
    for number, sample in news(3):
        show_instead(yunting, replace(sample, items=MAINTENANCE.items), number)
    assert (
        "The site shows one text under different titles for 3 articles (3 of them archived)"
        in yunting.crawl("--full", status=1).stderr
    )
    assert titles(yunting) == before


def test_a_crawl_that_is_killed_leaves_no_maintenance_page(yunting: Crawled) -> None:
    publish(yunting, news(6))
    yunting.crawl()
    before = titles(yunting)
    show_instead(yunting, MAINTENANCE, *range(1, 7))
    yunting.crawl("--full", status=1)
    connection = sqlite3.connect(yunting.archive)  # as a kill before the end leaves it
    connection.execute("UPDATE held SET state = 'waiting'")
    connection.execute("UPDATE crawl SET finished_at = NULL, outcome = 'running' WHERE crawl_id = 2")
    connection.execute(
        "UPDATE article SET last_look_at = '2024-03-01T00:00:00Z'"
    )  # the first crawl was long ago
    connection.commit()
    connection.close()
    assert titles(yunting) == before
    publish(yunting, news(6))
    yunting.crawl()  # judges what the killed one left, then sees the articles again
    assert titles(yunting) == before
    assert yunting.rows("SELECT state, count(*) FROM held GROUP BY 1") == [("over", 6)]


def test_ids_renumbered_in_bulk_are_told_linked_and_not_archived_twice(yunting: Crawled) -> None:
    publish(yunting, news(6))
    yunting.crawl()
    for number in range(1, 7):
        yunting.site.pages.pop(SHOW.format(number))
    publish(yunting, news(6, 101))
    result = yunting.crawl(status=1)
    assert "6 archived articles came again under other identities" in result.stderr
    assert re.search(
        r"newsid=(\d) \(capture \d+\), now http://\S+newsid=10\1 \(capture \d+\)\.", result.stderr
    )
    assert yunting.articles() == {str(number) for number in range(1, 7)}
    assert sorted(yunting.rows("SELECT 旧标识, 新标识, 新编号, 采集批次 FROM 同文")) == [
        (str(number), str(number + 100), None, 2) for number in range(1, 7)
    ]
    yunting.crawl(status=1)
    assert yunting.asked_articles() == []  # what is known is not asked for every night
    yunting.crawl("--accept")
    assert len(yunting.articles()) == 12
    assert yunting.rows("SELECT count(新编号) FROM 同文") == [(6,)]
    room = client_of(create_app(RoomSettings(yunting.archive)))
    ((old, new, key),) = yunting.rows("SELECT 编号, 新编号, 新标识 FROM 同文 LIMIT 1")
    shown = room.get(f"/a/{old}").get_data(as_text=True)
    assert f'同一题名和正文，也以标识 <a href="/a/{new}">{key}</a>（http://' in shown
    assert f'原先的标识 <a href="/a/{old}">' in room.get(f"/a/{new}").get_data(as_text=True)
    assert "; 0 would change, 0 would be new" in yunting.run("reparse", "--archive", yunting.archive).stdout


def renumber(yunting: Crawled, start: int, count: int = 6) -> None:
    """Take all articles away and publish the same under other ids."""
    for path in [path for path in yunting.site.pages if "/content/show" in path]:
        yunting.site.pages.pop(path)
    publish(yunting, news(count, start))


def look_again(yunting: Crawled) -> None:
    """Make every archived article due."""
    connection = sqlite3.connect(yunting.archive)
    with connection:
        connection.execute("UPDATE article SET last_look_at = '2024-03-01T00:00:00Z'")
    connection.close()


def test_old_ids_that_were_renumbered_are_missing_and_no_alarm(yunting: Crawled) -> None:
    publish(yunting, news(6))
    yunting.crawl()
    for start in (101, 201):
        renumber(yunting, start)
        yunting.crawl(status=1)
        look_again(yunting)
        yunting.crawl("--accept")
        look_again(yunting)
        yunting.crawl()
        online = yunting.rows("SELECT key FROM article WHERE status = '在线' ORDER BY key")
        assert online == [(str(number),) for number in range(start, start + 6)]
        assert yunting.rows("SELECT count(*) FROM failure") == [(0,)]
    assert "All is well." in yunting.run("status", "--archive", yunting.archive).stdout


def test_a_site_that_is_broken_is_no_move(yunting: Crawled) -> None:
    publish(yunting, news(6))
    yunting.crawl()
    renumber(yunting, 101)
    yunting.crawl(status=1)
    yunting.crawl("--accept")
    for path in [path for path in yunting.site.pages if "/content/show" in path]:
        yunting.site.pages.pop(path)
    look_again(yunting)
    assert "that is the site, not the articles" in yunting.crawl(status=1).stderr
    assert yunting.rows("SELECT count(*) FROM article WHERE status = '在线' AND key LIKE '10_'") == [(6,)]


def test_old_ids_that_are_listed_again_end_the_alarm(yunting: Crawled) -> None:
    publish(yunting, news(5))
    yunting.crawl()
    publish(yunting, news(5, 101))
    yunting.crawl(status=1)
    publish(yunting, news(5))
    yunting.crawl()


def test_what_was_accepted_is_the_page_and_not_its_title(yunting: Crawled) -> None:
    publish(yunting, news(4))
    yunting.crawl()
    show_instead(yunting, MAINTENANCE, 1, 2, 3, 4)
    yunting.crawl("--full", status=1)
    another = replace(MAINTENANCE, items=("网站又在维护，什么时候恢复另行通知，给您带来不便请谅解。",))
    publish(yunting, [*news(4, 5, 4), *news(4)])
    show_instead(yunting, MAINTENANCE, 1, 2, 3, 4, 5)
    show_instead(yunting, another, 6, 7, 8)
    told = yunting.crawl("--accept", status=1).stderr
    assert "The site shows one page for 3 articles (0 of them archived): “系统维护公告”" in told
    assert titles(yunting) == dict.fromkeys("1234", ("系统维护公告", 2)) | {"5": ("系统维护公告", 1)}


# --- no alarm ---------------------------------------------------------------------------------------------


def test_a_notice_under_two_ids_a_series_and_picture_stories_are_no_alarm(yunting: Crawled) -> None:
    notice = replace(MAINTENANCE, title="停水通知", items=("因管道检修，城东片区明日九时至十七时停水。",))
    weather = [
        (number, replace(sample, title="天气预报", items=(f"明天白天{TEXTS[number - 20][:20]}",)))
        for number, sample in samples(6, 20)
    ]
    pictures = [
        (number, replace(sample, title="图说云汀", items=(Picture(f"/upload/{number}.jpg"),)))
        for number, sample in samples(6, 30)
    ]
    yunting.build(
        Section("101", "县域要闻", [(9, notice), *weather, *news(2)]),
        Section("102", "通知公告", [(10, notice), *pictures]),
        per_page=50,
    )
    yunting.crawl()
    assert yunting.rows("SELECT count(*) FROM article WHERE title = '停水通知'") == [(2,)]
    corrected = replace(notice, items=("因管道检修，城东片区后日九时至十七时停水。",))
    show_instead(yunting, corrected, 9, 10)
    show_instead(yunting, replace(news(2)[0][1], items=(TEXTS[7], TEXTS[6])), 2)  # one article written anew
    yunting.crawl("--full")
    assert titles(yunting)["2"][1] == 2
    assert titles(yunting)["9"][1] == titles(yunting)["10"][1] == 2


def test_articles_filed_in_one_more_list_under_ids_of_their_own_are_no_alarm(yunting: Crawled) -> None:
    publish(yunting, news(5))
    yunting.crawl()
    yunting.build(Section("101", "县域要闻", news(5)), Section("103", "专题", news(5, 101)), per_page=50)
    yunting.crawl()
    assert len(yunting.articles()) == 10
    assert yunting.rows("SELECT count(*), count(新编号) FROM 同文") == [(5, 5)]


def test_one_article_under_many_addresses_of_one_list_is_told(yunting: Crawled) -> None:
    sample = news(1)[0][1]
    publish(yunting, [(number, sample) for number in range(1, 8)])
    assert (
        "6 of 7 new articles have title and text of another one in the same list"
        in yunting.crawl(status=1).stderr
    )


# --- listed = archived + failed + skipped -----------------------------------------------------------------


def test_what_since_leaves_out_has_its_reason(yunting: Crawled) -> None:
    publish(yunting, news(5))
    yunting.crawl("--since", "2024-01-04")
    assert len(yunting.articles()) == 3


def test_what_a_list_shows_and_nobody_asked_for_is_told_without_any_failure(archive: Archive) -> None:
    crawls = [begin_crawl(archive, "yunting", software="test", options={}) for _ in range(2)]
    entries = [
        ListingEntry(key, f"http://yunting.example/{key}", f"第{key}条", "", day)
        for key, day in [
            ("1", "2024-01-02"),
            ("2", "2024-01-02"),
            ("3", "2023-01-02"),
            ("4", None),
            ("5", None),
        ]
    ]
    listing = Listing(
        site="yunting",
        slug="101",
        kind=SectionKind.SECTION,
        url="http://yunting.example/",
        name="县域要闻",
        number=1,
        entries=tuple(entries),
        remaining=None,
        stop="end",
        fetched_at="2024-01-03T00:00:00Z",
    )
    save_listing(archive, listing, crawls[1])
    save_article(archive, replace(ARTICLE, site="yunting", key="1"), crawls[0])
    for _, key, reason in [(0, "4", f"{ELSEWHERE}: 公众号"), (1, "5", "HTTP 500")]:
        failure = FetchFailure("yunting", entries[0].url + key, FailureType.ARTICLE, reason, "", key)
        save_failure(archive, failure, crawls[1])
    (told,) = reconcile(archive, "yunting", crawls[1], since="2024-01-01", some_sections=False)
    assert str(told) == (
        "Section 县域要闻 lists 5 articles, the archive holds 1, 1 failed, 2 are left out for a reason; missing:"
        " 第2条 (http://yunting.example/2, not read yet)"
    )
    assert told.about == ("http://yunting.example/2",)
    archive.connection.execute("UPDATE failure SET last_crawl = 1 WHERE key = '5'")  # not asked for this time
    (told,) = reconcile(archive, "yunting", crawls[1], since="2024-01-01", some_sections=False)
    assert "第5条 (http://yunting.example/5, HTTP 500); 第2条" in told
    archive.connection.execute("UPDATE failure SET attempts = 5, last_crawl = 1")  # given up
    (told,) = reconcile(archive, "yunting", crawls[1], since="2024-01-01", some_sections=False)
    assert "holds 1, 3 are left out for a reason; missing: 第2条" in str(told)
    assert reconcile(archive, "yunting", crawls[0], since=None, some_sections=False) == []


def test_the_work_grows_with_the_crawl_and_not_with_the_archive(archive: Archive) -> None:
    plan = archive.connection.execute(
        f"EXPLAIN QUERY PLAN {SECTIONS}",
        {"site": "", "crawl": 1, "since": None, "max_attempts": 5, "some": 0},
    ).fetchall()
    steps = [step for *_, step in plan]
    assert "SEARCH l USING INDEX ix_listing_crawl (last_crawl=?)" in steps
    assert [step for step in steps if step.startswith("SCAN") and "(subquery" not in step] == []
