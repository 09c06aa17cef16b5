"""The command line: what it prints, and its exit status."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from archive import Archive, Article
from archive.model.article import Attachment, MediaType
from archive.store.articles import save_article
from tests.command_line import run_zhijiang
from tests.newssite import NewsSite, Section, build_site
from tests.patience import PATIENCE
from tests.samples import SAMPLES
from tests.templates import LIST_TEMPLATES, TEMPLATES

Run = Callable[..., subprocess.CompletedProcess[str]]

CONTRACT = {
    "url",
    "title",
    "section",
    "breadcrumb",
    "published_at",
    "published_on",
    "source",
    "body",
    "images",
    "credit_line",
    "credits",
}


@pytest.fixture
def profile(tmp_path: Path) -> Callable[[NewsSite], Path]:
    """Write the profile of a server's site to a file."""

    def write(server: NewsSite) -> Path:
        data = build_site(
            server, [Section("101", "县域要闻", [(1, SAMPLES[0])])], TEMPLATES[0], LIST_TEMPLATES[0]
        )
        lines = [f"{key} = {json.dumps(value)}" for key, value in data.items() if not isinstance(value, dict)]
        path = tmp_path / "yunting.toml"
        path.write_text("\n".join([*lines, "[politeness]", "delay = 0"]), encoding="utf-8")
        return path

    return write


def test_parse_shows_an_article_of_the_site_and_stores_nothing(
    zhijiang: Run, profile: Callable[[NewsSite], Path], tmp_path: Path
) -> None:
    with NewsSite() as server:
        site = profile(server)
        url = f"{server.base_url}/content/show?catid=101&newsid=1"
        before = sorted(tmp_path.iterdir())
        fetched = zhijiang("parse", url, "--site", site)
        assert fetched.returncode == 0, fetched.stderr
        assert server.paths() == ["/robots.txt", "/content/show?catid=101&newsid=1"]
        saved = tmp_path / "page.html"
        saved.write_bytes(TEMPLATES[0].render(SAMPLES[0], server.base_url))
        from_file = zhijiang("parse", saved, "--url", url, "--site", site)
        saved.unlink()
    assert sorted(tmp_path.iterdir()) == before
    article = json.loads(fetched.stdout)
    assert set(article) >= CONTRACT
    assert article["title"] == SAMPLES[0].title
    assert article["body"] == list(SAMPLES[0].paragraphs)
    assert {"label", "role", "name", "org"} <= set(article["credits"][0])
    without_time = {key: value for key, value in article.items() if key != "fetched_at"}
    assert without_time.items() <= json.loads(from_file.stdout).items()


def test_parse_shows_a_list_page_as_a_list(zhijiang: Run, profile: Callable[[NewsSite], Path]) -> None:
    with NewsSite() as server:
        result = zhijiang("parse", f"{server.base_url}/content/list?catid=101", "--site", profile(server))
    page = json.loads(result.stdout)
    assert (page["name"], page["next_url"]) == ("县域要闻", None)
    assert [entry["title"] for entry in page["entries"]] == [SAMPLES[0].title]


def test_parse_says_what_is_wrong(zhijiang: Run, profile: Callable[[NewsSite], Path], tmp_path: Path) -> None:
    empty = tmp_path / "empty.html"
    empty.write_bytes(b"<html></html>")
    result = zhijiang("parse", empty, "--url", "http://www.sxzhijiang.cn/content/show?newsid=1")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: ")
    assert "Traceback" not in result.stderr
    assert zhijiang("parse", tmp_path / "none.html").returncode == 2
    refused = zhijiang("parse", "http://other.invalid/")
    assert refused.returncode == 2
    assert "not in the hosts" in refused.stderr
    with NewsSite() as server:
        missing = zhijiang(
            "parse", f"{server.base_url}/content/show?catid=101&newsid=9", "--site", profile(server)
        )
    assert missing.returncode == 1
    assert missing.stderr.endswith("HTTP 404\n")


def test_search_prints_numbers_titles_and_marked_snippets(zhijiang: Run, demo_archive: Path) -> None:
    result = zhijiang("search", "柑橘", "--archive", demo_archive, "--limit", "2")
    lines = result.stdout.splitlines()
    assert lines[0].split("\t")[0].isdigit()
    assert "【柑橘】" in result.stdout
    assert lines[-1] == "8 articles, listed are 1–2"
    assert zhijiang("search", "绝无此词", "--archive", demo_archive).stdout == "0 articles\n"
    assert zhijiang("--lang", "zh", "search", "绝无此词", "--archive", demo_archive).stdout == "共 0 篇\n"
    without = json.loads(zhijiang("search", "柑橘", "-果园", "--archive", demo_archive, "--json").stdout)
    assert (
        0
        < without["total"]
        < json.loads(zhijiang("search", "柑橘", "--archive", demo_archive, "--json").stdout)["total"]
    )
    broken = zhijiang("search", '"柑橘', "--archive", demo_archive)
    assert broken.returncode == 2
    assert broken.stderr == "Error: character 1: the quotation mark is not closed\n"


def test_one_minus_leaves_out_and_two_alone_end_the_options(zhijiang: Run, demo_archive: Path) -> None:
    def total(*words: str) -> int:
        return int(zhijiang("search", "--archive", demo_archive, "--count", *words).stdout)

    assert 0 < total("柑橘", "-开园") < total("柑橘")
    assert total("柑橘", "--", "-开园") == total("柑橘", "-开园")
    assert total("--", "柑橘", "--开园") == total("柑橘"), "a word -开园, which stands nowhere, is left out"
    assert zhijiang("search", "柑橘", "--count", "--archive", demo_archive).stdout == f"{total('柑橘')}\n"


def test_a_field_that_is_near_another_is_named_where_nothing_is_found(
    zhijiang: Run, demo_archive: Path
) -> None:
    found = zhijiang("search", "记着:余峰", "--archive", demo_archive)
    assert found.stdout == "0 articles\nThere is no field 记着; is 记者 meant?\n"
    assert zhijiang("search", "12:30", "--archive", demo_archive).stdout.count("field") == 0
    assert zhijiang("search", "记者:绝无此人", "--archive", demo_archive).stdout == "0 articles\n"


@pytest.mark.parametrize(
    ("encoding", "begin"), [("gbk", b"article_id"), ("utf-8", b"\xef\xbb\xbfarticle_id")]
)
def test_csv_has_its_mark_where_the_encoding_has_one(demo_archive: Path, encoding: str, begin: bytes) -> None:
    command = [sys.executable, "-m", "zhijiang_spider.cli", "search", "柑橘", "--csv"]
    written = subprocess.run(
        [*command, "--archive", str(demo_archive)],
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
        timeout=PATIENCE,
        check=True,
    ).stdout
    assert written.startswith(begin)
    assert "柑橘" in written.decode(encoding)


def test_the_demo_advises_the_command_and_not_the_file_of_the_program(tmp_path: Path) -> None:
    said = run_zhijiang("demo", "--archive", tmp_path / "demo.db").stdout
    assert "\n  zhijiang show " in said
    assert "__main__" not in said


def test_the_archive_can_be_named_by_the_environment(
    zhijiang: Run, demo_archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHIJIANG_ARCHIVE", str(demo_archive))
    assert zhijiang("search", "柑橘").returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "柑橘"),
        ("show", "1"),
        ("export", "csv", "--out", "x.csv"),
        ("status",),
    ],
)
def test_a_missing_archive_is_named(zhijiang: Run, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    result = zhijiang(*arguments, "--archive", tmp_path / "none.db")
    assert result.returncode == 1
    assert result.stderr == f"Error: {tmp_path / 'none.db'}: no such archive (zhijiang crawl makes one)\n"
    assert list(tmp_path.iterdir()) == []


def test_days_and_ages_are_checked(zhijiang: Run, demo_archive: Path) -> None:
    wrong_day = zhijiang("crawl", "--since", "2024-13-45")
    assert wrong_day.returncode == 2
    assert "'2024-13-45' is not a date; write it as 2024-01-16" in wrong_day.stderr
    wrong_age = zhijiang("status", "--max-age", "soon", "--archive", demo_archive)
    assert wrong_age.returncode == 2
    assert "'soon' is an invalid duration; write 26h, 90m or 7d" in wrong_age.stderr
    assert zhijiang("status", "--max-age", "7d", "--archive", demo_archive).returncode == 0


def test_the_demo_replaces_its_own_archive_and_no_other(zhijiang: Run, tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    for _ in range(2):
        result = zhijiang("--lang", "zh", "demo", "--archive", path)
        assert (result.returncode, result.stderr) == (0, "")
        assert "检索“柑橘”：8 篇" in result.stdout
    other = tmp_path / "other.db"
    other.write_bytes(b"something else")
    refused = zhijiang("demo", "--archive", other)
    assert refused.returncode != 0
    assert other.read_bytes() == b"something else"


def test_the_demo_replaces_what_was_looked_at_only(zhijiang: Run, demo_archive: Path, tmp_path: Path) -> None:
    path = copied(demo_archive, tmp_path / "demo.db")
    for command in ("export csv --out a.csv", "snapshot --out b.db", "search 柑橘", "check --record"):
        first, *rest = command.replace(" --out ", f" --out {tmp_path}/").split()
        assert zhijiang(first, *rest, "--archive", path).returncode == 0
    assert zhijiang("demo", "--archive", path).returncode == 0
    refused = zhijiang("demo", "--archive", tmp_path / "b.db")
    assert (refused.returncode, "is a copy of another archive" in refused.stderr) == (2, True)


def copied(archive: Path, to: Path) -> Path:
    shutil.copytree(archive.with_suffix(".warc"), to.with_suffix(".warc"))
    return Path(shutil.copy(archive, to))


_CRAWL = "INSERT INTO crawl (site, started_at, software) VALUES (?, '2026-01-01T00:00:00Z', 'test')"
WORKED_IN = {
    "decided": ("INSERT INTO appraisal (article_id, retention) VALUES (3, 'Y')", "decisions of an archivist"),
    "crawled further": (_CRAWL.replace("?", "'demo'"), "crawled further"),
    "of another site": (_CRAWL.replace("?", "'yunting'"), "a real archive"),
    "of a real site with this name": (
        "UPDATE capture SET url = 'http://www.yunting.example/' WHERE capture_id = 2",
        "a real archive",
    ),
    "derived again": (
        "INSERT INTO event (type, at, agent, outcome, detail)"
        " VALUES ('metadata modification', '2026-01-01T00:00:00Z', 'zhijiang', 'success', '{}')",
        "worked in",
    ),
    "corrected by hand": ("UPDATE article SET section = '要闻' WHERE article_id = 3", "changed by hand"),
    "noted beside": ("CREATE TABLE my_notes (article_id INTEGER, note TEXT)", "changed by hand"),
}


@pytest.mark.parametrize("how", WORKED_IN)
def test_the_demo_replaces_no_archive_that_somebody_worked_in(
    zhijiang: Run, demo_archive: Path, tmp_path: Path, how: str
) -> None:
    path = copied(demo_archive, tmp_path / "demo.db")
    change, reason = WORKED_IN[how]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(change)
        connection.commit()
        before = [*connection.iterdump()]
    (tmp_path / "demo-2.db").touch()
    refused = zhijiang("demo", "--archive", path)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert reason in refused.stderr
    assert f"--archive {tmp_path / 'demo-3.db'}" in refused.stderr
    with closing(sqlite3.connect(path)) as connection:
        assert [*connection.iterdump()] == before
    assert [*path.with_suffix(".warc").iterdir()] != []


def test_show_of_what_is_not_there_is_status_1(zhijiang: Run, demo_archive: Path) -> None:
    result = zhijiang("show", "99999", "--archive", demo_archive)
    assert result.returncode == 1
    assert "no such article" in result.stderr


def test_show_tells_local_time_first_and_names_an_attachment_once(
    zhijiang: Run, archive: Archive, article: Callable[..., Article]
) -> None:
    files = [
        Attachment("http://x/1.pdf", MediaType.FILE, "附件：名单"),
        Attachment("http://x/2.pdf", MediaType.FILE, "申报表"),
    ]
    save_article(archive, article(attachments=tuple(files), fetched_at="2024-11-02T23:30:00Z"), 1)
    shown = zhijiang("--lang", "zh", "show", "1", "--archive", archive.path).stdout
    assert "第 1 版  北京时间 2024-11-03 07:30（UTC 2024-11-02T23:30:00Z）  首次存档" in shown
    assert "\n附件：名单  http://x/1.pdf\n附件：申报表  http://x/2.pdf\n" in shown
