"""What a crawl makes of servers that lie: its exit status, what it says, and the rows in the archive."""

import re
import shutil
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from archive.model.reasons import in_chinese
from tests.command_line import fork_zhijiang
from tests.server_lies import (
    AGAIN,
    ARTICLES,
    CANNOT_BE_KNOWN,
    HOME,
    LOGIN,
    SITES,
    Answer,
    Lie,
    LyingServer,
    article,
    listing,
    page,
    redirect,
    sized,
)

IMPATIENT = {"DOWNLOAD_TIMEOUT": 8, "RETRY_TIMES": 1, "AUTOTHROTTLE_ENABLED": False}
REFUSALS = re.compile(r"status: (?:202|4|5)")
"""Between such answers others come: three in a row would be a site that blocks the crawl."""


@dataclass
class Outcome:
    """One crawl of a lying site."""

    status: int
    said: str
    reasons: Mapping[str, str]
    archived: Mapping[str, tuple[Any, ...]]
    """Key → title, versions, credits."""
    asked: list[str]


def crawl(server: LyingServer, folder: Path, empty: Path, *options: str) -> Outcome:
    """Crawl a lying site once by the command line.  ``empty``: an archive of which the first crawl finds a copy."""
    profile, archive = folder / "yunting.toml", folder / "yunting.db"
    if not archive.exists():
        shutil.copy(empty, archive)
    profile.write_text(
        f"""name = "yunting"
title = "云汀网"
hosts = ["{server.host}"]
start_urls = ["http://{server.host}/content/list?catid=101"]
article_url = '/(?:content/show\\?catid=101&|good\\?)newsid=(?P<id>\\d+)'
section_url = '/content/list\\?catid=(?P<id>\\d+)'
politeness = {{ delay = 0 }}
""",
        encoding="utf-8",
    )
    done = fork_zhijiang(
        "crawl", *options, "--site", profile, "--archive", archive, "--media", "none", settings=IMPATIENT
    )
    assert "Traceback" not in done.stderr
    connection = sqlite3.connect(archive)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        reasons = dict(connection.execute("SELECT key, reason FROM failure WHERE kind = 'article'"))
        rows = connection.execute(
            "SELECT key, title, (SELECT count(*) FROM article_version v WHERE v.article_id = a.article_id),"
            " (SELECT group_concat(role || name) FROM credit c WHERE c.article_id = a.article_id) FROM article a"
        ).fetchall()
    finally:
        connection.close()
    archived = {key: tuple(values) for key, *values in rows}
    return Outcome(done.returncode, done.stderr, reasons, archived, server.asked)


# --- articles -------------------------------------------------------------------------------------------

LIES = ARTICLES | CANNOT_BE_KNOWN
REFUSED = {name: lie for name, lie in LIES.items() if lie.said and lie.status}
TAKEN = {name: lie for name, lie in LIES.items() if name not in REFUSED}
"""Lies that do no harm: the crawl that meets them alone is complete, and silent."""


def site_of(lies: Mapping[str, Lie]) -> tuple[dict[str, Answer], dict[str, int]]:
    """Return the answers of a site with an article for each lie, and the numbers of these articles."""
    numbers: dict[str, int] = {}
    answers: dict[str, Answer] = {
        "/robots.txt": sized(b"", "404 No"),
        "/": sized(HOME.encode()),
        "/error.html": sized("<title>出错了</title><p>出错了</p>".encode()),
    }
    number = 0
    for name, lie in lies.items():
        numbers[name] = number = number + 1
        answers[article(number)] = lie.tell(number)
        answers[f"/good?newsid={number}"] = sized(page(number))
        answers[f"/login?from={number}"] = sized(LOGIN.encode())
        answers[f"/circle?n={number}"] = redirect(f"/circle?m={number}")
        answers[f"/circle?m={number}"] = redirect(f"/circle?n={number}")
        for step in range(8):
            answers[f"/chain?n={step}&newsid={number}"] = redirect(f"/chain?n={step + 1}&newsid={number}")
        if REFUSALS.match(name):
            number += 1
            answers[article(number)] = sized(page(number))
    answers["/content/list?catid=101"] = sized(listing("要闻", range(1, number + 1)))
    return answers, numbers


@pytest.fixture(scope="module", params=["taken", "refused"])
def articles(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, blank_archive: Path
) -> tuple[str, Outcome, dict[str, int]]:
    """One of the two crawls, and the numbers of the lies' articles."""
    answers, numbers = site_of(TAKEN if request.param == "taken" else REFUSED)
    with LyingServer(answers) as server:
        return request.param, crawl(server, tmp_path_factory.mktemp("lies"), blank_archive), numbers


def test_every_lie_about_an_article_is_seen_through(articles: tuple[str, Outcome, dict[str, int]]) -> None:
    kind, outcome, numbers = articles
    assert outcome.status == (kind == "refused"), outcome.said
    assert (outcome.said == "") == (kind == "taken"), outcome.said
    (whole,) = {row[2] for row in outcome.archived.values()}  # the reviewers stand in all that is archived
    assert whole
    found = {name: article_fault(LIES[name], str(number), outcome) for name, number in numbers.items()}
    assert {name: fault for name, fault in found.items() if fault} == {}
    assert re.search("WARNING|ERROR|scrapy|twisted", outcome.said) is None  # what a mail says is ours
    told = {*outcome.reasons.values(), *outcome.said.replace("\n  ", "\n").split("\n")[1:-1]}
    assert [said for said in told if "原文" in in_chinese(said)] == []  # readers see all of it in Chinese


def article_fault(lie: Lie, key: str, outcome: Outcome) -> str:
    """Return what of a lie was not seen through, "" where all was."""
    row, reason = outcome.archived.get(key), outcome.reasons.get(key, "")
    if not lie.said:
        good = row is not None and row[:2] == (f"云汀县第{key}号新闻", 1) and not reason
    else:
        told = not lie.status or reason.partition(":")[0] in outcome.said
        good = row is None and re.search(lie.said, reason) is not None and told
    return "" if good else f"archived {row}, reason {reason!r}"


def test_lies_about_archived_articles_replace_nothing(tmp_path: Path, blank_archive: Path) -> None:
    numbers = {name: number for number, name in enumerate(AGAIN, 1)}
    answers: dict[str, Answer] = {
        "/robots.txt": sized(b"", "404 No"),
        "/content/list?catid=101": sized(listing("要闻", numbers.values())),
    }
    with LyingServer(answers) as server:
        answers |= {article(number): AGAIN[name].first(number) for name, number in numbers.items()}
        first = crawl(server, tmp_path, blank_archive)
        assert (first.status, first.said, first.reasons) == (0, "", {})
        answers |= {article(number): AGAIN[name].then(number) for name, number in numbers.items()}
        again = crawl(server, tmp_path, blank_archive, "--full")
    assert again.status == 1
    wrong = {}
    for name, number in numbers.items():
        lie, row, reason = AGAIN[name], again.archived[str(number)], again.reasons.get(str(number), "")
        right = re.search(lie.said, reason) if lie.said else not reason
        if not right or row[1:] != (lie.versions, first.archived[str(number)][2]):
            wrong[name] = row, reason
    assert wrong == {}


# --- whole sites ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SITES)
def test_a_lie_of_a_whole_site_is_seen_through(name: str, tmp_path: Path, blank_archive: Path) -> None:
    lie = SITES[name]
    answers = {
        "/robots.txt": sized(b"", "404 No"),
        "/content/list?catid=101": sized(listing("要闻", (1, 2, 3))),
        **{article(number): sized(page(number)) for number in (1, 2, 3)},
    }
    with LyingServer(answers | dict(lie.answers)) as server:
        outcome = crawl(server, tmp_path, blank_archive)
    assert outcome.status == lie.status, outcome.said
    assert re.search(lie.said, outcome.said) if lie.said else outcome.said == "", outcome.said
    assert len(outcome.archived) == lie.archived, outcome.reasons
    assert {row[1] for row in outcome.archived.values()} <= {1}
    if lie.asks_nothing:
        assert {path for path in outcome.asked if not path.startswith("/robots")} == set()


def test_there_are_enough_lies() -> None:
    assert len(LIES) + len(AGAIN) + len(SITES) >= 300
