"""Thirty nights of a living site under a moved clock: each night's mail, and the history at the end.

Cron starts the crawl each night and mails what it prints.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from subprocess import CompletedProcess
from typing import Any

import pytest

from tests.command_line import fork_zhijiang
from tests.crawled import Crawled
from tests.living_site import (
    Certificates,
    Edit,
    LivingSite,
    MoveList,
    Publish,
    PutBack,
    Withdraw,
    edited,
    sample,
)
from tests.newssite import NewsSite
from tests.samples import Sample
from tests.thirty_nights import NEVER, NIGHTS, PROFILE, SECTIONS, STATUS

BEFORE = datetime(2024, 2, 29, 18, 30, tzinfo=UTC)
"""A day before the first night: 02:30 where the site is read."""
A_NIGHT = timedelta(days=1, minutes=1)
"""From one crawl to the next: a little more than a day, so that nothing depends on how fast a crawl is."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Lived"]:
    """The thirty nights, lived through."""
    folder = tmp_path_factory.mktemp("nights")
    certificates = Certificates(folder)
    with NewsSite() as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(certificates.authority))
        crawled = Crawled(server, folder, fork_zhijiang)
        crawled.profile = dict(PROFILE)
        yield Lived(LivingSite(crawled, certificates, dict(SECTIONS)))


class Lived:
    """What each night brought."""

    def __init__(self, site: LivingSite) -> None:
        self.crawled = site.crawled
        self.nights: dict[int, CompletedProcess[str]] = {}
        self.mornings: dict[int, CompletedProcess[str]] = {}
        for night, script in NIGHTS.items():
            now = BEFORE + night * A_NIGHT
            site.live(now - timedelta(hours=12), script.day)
            self.nights[night] = fork_zhijiang(*self.crawled.arguments(), now=now)
            if night in STATUS:
                asked = ("status", "--archive", self.crawled.archive, "--max-age", "26h")
                self.mornings[night] = fork_zhijiang(*asked, now=now + timedelta(hours=6))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.crawled.rows(sql)


def mail(done: CompletedProcess[str]) -> str:
    """Return what cron mails: all that is printed."""
    return done.stdout + done.stderr


def test_bad_nights_are_told_and_good_ones_are_silent(lived: Lived) -> None:
    for night, script in NIGHTS.items():
        told = f"night {night}: {mail(lived.nights[night])}"
        assert not any(words in told for words in NEVER), told
        if night == 1:  # the first crawl is started by hand: what it says of the new file is no mail
            continue
        lines = mail(lived.nights[night]).splitlines()
        assert bool(lines) == bool(script.mail), told
        if lines:
            assert lines[0].startswith(f"yunting → {lived.crawled.archive}: INCOMPLETE: "), told
            assert len(lines) == 1 + len(script.mail), told
        for line, wanted in zip(lines[1:], script.mail, strict=True):
            assert re.match(f"  {wanted}", line), told


def test_the_exit_status_is_1_as_long_as_something_is_wrong(lived: Lived) -> None:
    found = {night: done.returncode for night, done in lived.nights.items()}
    assert found == {night: script.status for night, script in NIGHTS.items()}


def test_the_morning_after_status_says_how_it_stands(lived: Lived) -> None:
    for night, (status, wanted) in STATUS.items():
        done = lived.mornings[night]
        assert done.returncode == status, done.stdout
        for words in wanted:
            assert re.search(words, done.stdout), done.stdout


def test_every_version_is_that_of_the_script(lived: Lived) -> None:
    texts: dict[int, Sample] = {}
    wanted = []
    number_of: dict[int, int] = {}
    for night, script in NIGHTS.items():
        today = (BEFORE + night * A_NIGHT).date()
        for event in script.day:
            found: int | None
            match event:
                case Publish(number, _, on):
                    texts[number] = sample(number, on or today)
                    found = event.found or night
                case Edit(number):
                    texts[number] = edited(texts[number], event)
                    found = event.found
                case _:
                    continue
            if found is not None:
                number_of[number] = number_of.get(number, 0) + 1
                text = texts[number]
                body = "\n".join(text.paragraphs)
                third = text.credit_lines[1].rpartition("丨")[2]
                wanted.append((str(number), number_of[number], found, text.title, body, text.source, third))
    assert sorted(wanted) == lived.rows(
        "SELECT key, number, crawl_id, v.title, v.body, v.source,"
        " (SELECT value ->> 2 FROM json_each(v.credits) WHERE value ->> 1 = '三审')"
        " FROM article_version v JOIN article a USING (article_id) ORDER BY key, number"
    )


def test_every_entry_was_first_seen_on_its_night(lived: Lived) -> None:
    wanted: dict[tuple[str, str], int] = {}
    for night, script in NIGHTS.items():
        for event in script.day:
            match event:
                case Publish(number, slug):
                    wanted[slug, str(number)] = event.listed or event.found or night
                case MoveList(old, new):
                    wanted |= {(new, key): night for slug, key in wanted if slug == old}
    found = lived.rows("SELECT slug, key, first_crawl FROM listing JOIN section USING (section_id)")
    assert {(slug, key): crawl for slug, key, crawl in found if slug.isdigit()} == wanted


def test_what_is_missed_is_gone_or_comes_back_as_in_the_script(lived: Lived) -> None:
    wanted: dict[str, list[int | None]] = {}
    for script in NIGHTS.values():
        for event in script.day:
            match event:
                case Withdraw(number, missed, gone):
                    wanted[str(number)] = [missed, gone, None]
                case PutBack(number, back):
                    wanted[str(number)][2] = back
    nights = {f"{BEFORE + night * A_NIGHT:%Y-%m-%d}": night for night in NIGHTS}
    absences = lived.rows(
        "SELECT key, since, gone_at, returned_at FROM absence JOIN article USING (article_id)"
    )
    assert {key: [day and nights[day[:10]] for day in days] for key, *days in absences} == wanted
    assert sorted(lived.rows("SELECT 题名, 状态 FROM 已消失")) == sorted(
        (f"云汀县第{key}号新闻", "已消失" if gone else "失联")
        for key, (_, gone, returned) in wanted.items()
        if returned is None
    )


def test_no_other_clock_is_read_than_that_of_the_night(lived: Lived) -> None:
    tables = lived.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%fts%'")
    values = [value for (table,) in tables for row in lived.rows(f"SELECT * FROM [{table}]") for value in row]
    moments = {value for value in values if isinstance(value, str) and _MOMENT.fullmatch(value)}
    assert len(moments) > len(NIGHTS)
    assert f"{BEFORE:%Y-%m-%d}" < min(moments)
    assert max(moments) < f"{BEFORE + (len(NIGHTS) + 1) * A_NIGHT:%Y-%m-%d}"


def test_the_archive_of_thirty_nights_is_sound(lived: Lived) -> None:
    now = BEFORE + len(NIGHTS) * A_NIGHT
    done = fork_zhijiang("check", "--archive", lived.crawled.archive, now=now)
    assert done.returncode == 0, done.stdout
