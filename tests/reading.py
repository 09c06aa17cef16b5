"""An archive to read in: neighbours of a section, a changed article with its captures, a restricted one.  All invented."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from archive import Archive, Article, Credit, Role
from archive.evidence.warc_writer import Exchange
from archive.model.crawl import CaptureType, FailureType, FetchFailure
from archive.model.plan import RecheckPolicy
from archive.store.articles import save_article, save_missing
from archive.store.captures import save_capture
from archive.store.crawls import CrawlResult, begin_crawl, finish_crawl
from tests.conftest import ARTICLE

SITE = "yunting"
CHANGED, FIRST, LAST, RESTRICTED, GONE = 3, 1, 5, 4, 6
"""Numbers of articles; those of the section 要闻 by day are 1, 2, 3, 4 (restricted), 5."""
URL = "http://www.yunting.example/{}"


def _article(key: str, day: str, title: str, **changes: object) -> Article:
    url = URL.format(key)
    made = replace(ARTICLE, key=key, url=url, title=title, published_on=day, published_raw=day, images=())
    return replace(made, **changes)  # type: ignore[arg-type]


def _credits(*credits: tuple[Role, str]) -> Sequence[Credit]:
    return tuple(Credit(role, role, name) for role, name in credits)


def _look(archive: Archive, key: str, when: str, status: int, body: str) -> int:
    exchange = Exchange(
        URL.format(key), when, "GET", (), status, (("Content-Type", "text/html"),), body.encode()
    )
    return save_capture(archive, exchange, 1, capture_type=CaptureType.ARTICLE, site=SITE, key=key)


def make_archive(path: Path) -> Path:
    """Make it."""
    with Archive.open(path) as archive:
        begin_crawl(archive, SITE, software="test", options={})
        for number, day in ((1, "2024-01-14"), (2, "2024-01-15")):
            save_article(archive, _article(f"k{number}", day, f"要闻第{number}篇"), 1)
        first = _look(archive, "k3", "2024-01-16T02:00:00Z", 200, "一版")
        road = _article(
            "k3",
            "2024-01-16",
            "云汀县修路",
            body=("全年投资4100万元，", "柑 橘大道下月通车。"),
            credit_line="记者丨闻小满 摄影丨何田田 责编丨苏木\n一审丨乔安 二审丨纪朗 三审丨甲一",
            credits=_credits(
                (Role.REPORTER, "闻小满"),
                (Role.PHOTOGRAPHER, "何田田"),
                (Role.PHOTOGRAPHER, "何田田"),
                (Role.THIRD_REVIEW, "甲一"),
                (Role.FIRST_REVIEW, "乔安"),
                (Role.SECOND_REVIEW, "纪朗"),
                (Role.RESPONSIBLE_EDITOR, "苏木"),
            ),
            fetched_at="2024-01-16T02:00:00Z",
            capture=first,
        )
        save_article(archive, road, 1)
        for date in (17, 18, 19):
            _look(archive, "k3", f"2024-01-{date}T02:00:00Z", 200, "一版")
        _look(archive, "k3", "2024-01-20T02:00:00Z", 404, "没有")
        second = _look(archive, "k3", "2024-01-21T02:00:00Z", 200, "二版")
        save_article(
            archive,
            replace(
                road,
                body=("全年投资4700万元，", "柑 橘大道下月通车。"),
                credits=tuple(replace(c, name="乙二") if c.name == "甲一" else c for c in road.credits),
                credit_line=road.credit_line.replace("甲一", "乙二"),
                fetched_at="2024-01-21T02:00:00Z",
                capture=second,
            ),
            1,
        )
        save_article(archive, _article("k4", "2024-01-17", "不开放的一篇", body=("密文。",)), 1)
        with archive.transaction() as execute:
            execute("INSERT INTO appraisal (article_id, open_flag) VALUES (4, '控制')")
        save_article(archive, _article("k5", "2024-02-01", "要闻第5篇"), 1)
        save_article(archive, _article("k6", "2024-02-01", "别栏一篇", section="文旅"), 1)
        missing = FetchFailure(
            SITE, "u", FailureType.ARTICLE, "HTTP 404", "2024-03-01T00:00:00Z", key="k6", missing=True
        )
        save_missing(archive, [missing], 1, RecheckPolicy(gone_days=0, gone_looks=1))
        finish_crawl(archive, 1, CrawlResult(complete=True))
    return path
