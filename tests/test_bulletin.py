"""``zhijiang digest``: what came, changed and vanished in some days of Beijing time, by section."""

import json
import shutil
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive import Archive
from archive.bulletin import NO_SECTION, Bulletin, Part, bulletin_text, read_bulletin
from archive.model.crawl import FailureType, FetchFailure
from archive.model.plan import RecheckPolicy
from archive.store.articles import save_article, save_missing
from archive.store.crawls import CrawlResult, begin_crawl, finish_crawl
from archive.times import days_in_utc, readers_today
from tests.conftest import ARTICLE
from zhijiang_spider.cli import main

MONDAY, SUNDAY = date(2024, 11, 4), date(2024, 11, 10)


def save(archive: Archive, key: str, at: str, crawl: int, **fields: object) -> None:
    article = replace(
        ARTICLE, key=key, url=f"http://www.yunting.example/{key}", title=f"题{key}", fetched_at=at
    )
    save_article(archive, replace(article, **fields), crawl)  # type: ignore[arg-type]


def look(archive: Archive, key: str, at: str, crawl: int) -> None:
    missing = FetchFailure("yunting", "u", FailureType.ARTICLE, "HTTP 404", at, key=key, missing=True)
    save_missing(archive, [missing], crawl, RecheckPolicy(gone_days=0, gone_looks=1))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive of three weeks, the middle one the week from Monday to Sunday."""
    path = tmp_path_factory.mktemp("bulletin") / "yunting.db"
    with Archive.open(path) as archive:
        crawls = [begin_crawl(archive, "yunting", software="test", options={}) for _ in range(3)]
        before, week, after = crawls
        save(archive, "old", "2024-11-03T15:59:59Z", before)  # Sunday, a second before midnight in Beijing
        save(archive, "away", "2024-11-01T01:00:00Z", before)
        save(archive, "back", "2024-11-01T01:00:00Z", before)
        look(archive, "back", "2024-11-02T01:00:00Z", before)
        save(archive, "first", "2024-11-03T16:00:00Z", week)  # Monday, 0:00
        for number in range(4):
            save(
                archive,
                f"c{number}",
                "2024-11-06T01:00:00Z",
                week,
                section="基层",
                published_on=f"2024-11-0{number + 1}",
            )
        save(archive, "bare", "2024-11-06T02:00:00Z", week, section="")
        save(archive, "secret", "2024-11-06T03:00:00Z", week, section="密栏目", source="密来源")
        save(archive, "old", "2024-11-07T01:00:00Z", week, body=("改成五万吨。",))
        save(archive, "old", "2024-11-08T01:00:00Z", week, body=("改成五万吨！",))
        save(archive, "secret", "2024-11-08T01:00:00Z", week, title="题secret", body=("密改动",))
        save(archive, "last", "2024-11-10T15:59:59Z", week)
        save(archive, "back", "2024-11-09T01:00:00Z", week)
        look(archive, "away", "2024-11-09T01:00:00Z", week)
        look(archive, "secret", "2024-11-09T01:00:00Z", week)
        save(archive, "next", "2024-11-10T16:00:00Z", after)
        for crawl, complete, day in ((before, True, "02"), (week, False, "06"), (after, True, "12")):
            finish_crawl(archive, crawl, CrawlResult(complete=complete))
            with archive.transaction() as execute:
                execute(
                    "UPDATE crawl SET started_at = ? WHERE crawl_id = ?", (f"2024-11-{day}T18:00:00Z", crawl)
                )
        with archive.transaction() as execute:
            execute(
                "INSERT INTO appraisal (article_id, open_flag) SELECT article_id, '控制' FROM article WHERE key = 'secret'"
            )
    return path


def read(path: Path, first: date = MONDAY, last: date = SUNDAY, most: int = 10) -> Bulletin:
    with Archive.read(path) as archive:
        return read_bulletin(archive, first, last, most=most)


def titles(part: Part) -> dict[str, list[str]]:
    return {section.name: [entry.title for entry in section.entries] for section in part.sections}


def test_a_week_is_from_midnight_to_midnight_in_beijing(path: Path) -> None:
    told = read(path)
    assert titles(told.new) == {
        "基层": ["题c3", "题c2", "题c1", "题c0"],
        ARTICLE.section: ["题last", "题first"],
        NO_SECTION: ["题bare"],
    }
    assert titles(told.changed) == {ARTICLE.section: ["题old"]}
    assert told.minor == 1
    assert titles(told.vanished) == {ARTICLE.section: ["题away"]}
    assert titles(told.returned) == {ARTICLE.section: ["题back"]}
    assert (told.crawls, told.unfinished) == (1, 1)


def test_weeks_one_after_another_leave_out_nothing_and_tell_nothing_twice(path: Path) -> None:
    weeks = [read(path, MONDAY + timedelta(weeks=n), SUNDAY + timedelta(weeks=n)) for n in (-1, 0, 1)]
    seen = Counter(
        entry.article_id for week in weeks for section in week.new.sections for entry in section.entries
    )
    with Archive.read(path) as archive:
        everything = {
            n for (n,) in archive.connection.execute("SELECT article_id FROM article WHERE key <> 'secret'")
        }
    assert seen == dict.fromkeys(everything, 1)


def test_of_a_restricted_article_title_and_day_are_told(path: Path) -> None:
    told = read(path)
    assert told.restricted == [("题secret", ARTICLE.published_on)]
    text = bulletin_text(told)
    assert "【控制件】1 篇，只列题名和日期\n· 题secret（2024-11-01）\n" in text
    assert text.count("secret") == 1
    assert "密" not in text


def test_the_text_tells_titles_up_to_a_number_and_counts_the_rest(path: Path) -> None:
    text = bulletin_text(read(path, most=1), "http://room.example/")
    assert text.splitlines()[:2] == [
        f"{read(path).archive}一周摘要　2024-11-04 至 2024-11-10（北京时间）",
        "新存 7 篇，改动 1 次（另有细微改动 1 次），消失 1 篇，恢复 1 篇。采集 1 次，1 次没有做完。",
    ]
    assert "〔基层〕4 篇\n· 题c3（2024-11-04）\n  http://room.example/a/" in text
    assert "\n  另 3 篇\n" in text
    assert "· 题old（2024-11-01）　2024-11-07 改了正文" in text
    assert "/diff/1..2\n" in text
    assert "· 题away（2024-11-01）　2024-11-09 没有这个网页（HTTP 404）" in text
    assert "http://www.yunting.example/c3\n" in bulletin_text(read(path))
    quiet = bulletin_text(read(path, date(2023, 1, 1), date(2023, 1, 2)))
    assert quiet.endswith(
        "2 天摘要　2023-01-01 至 2023-01-02（北京时间）\n新存 0 篇，改动 0 次，消失 0 篇。采集 0 次。\n"
    )


def test_the_command_tells_whole_days_up_to_yesterday(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(path, copy)
    run = CliRunner().invoke(main, ["digest", "--archive", str(copy), "--json"])
    told = json.loads(run.stdout)
    yesterday = readers_today() - timedelta(days=1)
    assert (told["first"], told["last"]) == (
        (yesterday - timedelta(days=6)).isoformat(),
        yesterday.isoformat(),
    )
    asked = ["digest", "--archive", str(copy), "--until", "2024-11-10", "--room", "http://room.example/"]
    text = CliRunner().invoke(main, asked).stdout
    assert text == bulletin_text(read(path), "http://room.example/")
    assert CliRunner().invoke(main, ["digest", "--archive", str(copy), "--until", "昨天"]).exit_code == 2
    days = CliRunner().invoke(
        main, ["digest", "--archive", str(copy), "--until", "2024-11-10", "--days", "1"]
    )
    assert days.stdout.startswith(f"{read(path).archive} 1 天摘要　2024-11-10 至 2024-11-10")


def test_days_of_readers_begin_eight_hours_before_utc() -> None:
    assert days_in_utc(MONDAY, SUNDAY) == ("2024-11-03T16:00:00Z", "2024-11-10T16:00:00Z")
