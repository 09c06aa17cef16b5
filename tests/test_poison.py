"""Pages that are too much: a page that ends the program, a text longer than an article may have."""

import json
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archive import Archive
from archive.model.crawl import UNFINISHED, FailureType
from archive.model.reasons import in_chinese
from archive.search.index import index_ok
from archive.store.attempts import AttemptNote, count_unfinished, note_path
from archive.store.crawls import begin_crawl
from archive.store.plan import MAX_ATTEMPTS
from tests.command_line import Forked
from tests.crawled import PLAIN, Crawled, samples
from tests.newssite import Reply, Section
from tests.patience import wait_until

POISON = "/content/show?catid=101&newsid=2"
HANGS = """
CREATE TRIGGER hangs BEFORE INSERT ON article WHEN new.key = '2' BEGIN
  SELECT count(*) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1e10) SELECT i FROM n);
END
"""


def _execute(archive: Path, sql: str) -> None:
    with closing(sqlite3.connect(archive)) as connection, connection:
        connection.execute(sql)


def _note(archive: Path) -> str:
    note = Path(f"{archive}.attempt")
    return note.read_text("utf-8").partition("\n")[0] if note.exists() else ""


def test_a_page_whose_saving_kills_the_crawl_is_asked_for_five_times_and_no_more(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(4)))
    Archive.open(yunting.archive).close()
    _execute(yunting.archive, HANGS)

    def is_being_saved() -> bool:
        if POISON not in yunting.site.paths() or "newsid=2" not in _note(yunting.archive):
            return False
        time.sleep(0.3)  # reading it takes a hundredth of that
        return "newsid=2" in _note(yunting.archive)

    for number in range(1, MAX_ATTEMPTS + 1):
        yunting.site.forget()
        with Forked(*yunting.arguments()) as crawl:
            wait_until(is_being_saved, "the page was never saved")
            crawl.kill()
        asked = [path.partition("newsid=")[2] for path in yunting.site.paths() if "newsid=" in path]
        assert (
            number == 1 or set(asked[: asked.index("2")]) <= yunting.articles()
        )  # what came before it is safe
    told = yunting.crawl(status=1).stderr
    assert POISON not in yunting.site.paths()
    assert "5 crawls ended while they read or stored" in told
    assert f"{yunting.site.base_url}{POISON}" in told
    assert yunting.articles() == {"1", "3", "4"}
    assert yunting.rows("SELECT key, attempts, reason FROM failure") == [("2", MAX_ATTEMPTS, UNFINISHED)]
    assert not Path(f"{yunting.archive}.attempt").exists()
    yunting.crawl()  # told once; status goes on to say so
    assert POISON not in yunting.site.paths()
    status = yunting.run("status", "--archive", yunting.archive)
    assert (status.returncode, "no longer asked for" in status.stdout) == (0, True)
    _execute(yunting.archive, "DROP TRIGGER hangs")
    yunting.crawl("--full")
    assert yunting.articles() == {"1", "2", "3", "4"}
    assert yunting.rows("SELECT count(*) FROM failure") == [(0,)]


def test_a_recheck_that_ends_the_crawl_again_and_again_is_given_up_too(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(3)))
    yunting.crawl()
    address = f"{yunting.site.base_url}{POISON}"
    _execute(yunting.archive, "UPDATE article SET last_look_at = '2024-03-01T00:00:00Z'")
    _execute(
        yunting.archive,
        "INSERT INTO failure (site, kind, key, url, reason, attempts, first_crawl, last_crawl, failed_at)"
        f" VALUES ('{yunting.profile['name']}', 'article', '2', '{address}', '{UNFINISHED}', 4, 1, 1, '')",
    )
    _execute(yunting.archive, "UPDATE failure SET attempts = 5")
    yunting.crawl()
    assert POISON not in yunting.site.paths()
    assert POISON.replace("=2", "=3") in yunting.site.paths()


def test_a_list_page_at_which_crawl_after_crawl_ended_is_named_and_not_read(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(6)), Section("102", "乡镇动态", samples(2, 50)))
    yunting.crawl()
    lists = [path for path in yunting.site.paths() if "catid=102" in path and "list" in path]
    address = f"{yunting.site.base_url}{lists[0]}"
    for number in range(MAX_ATTEMPTS):
        with Archive.open(yunting.archive) as archive:
            crawl = begin_crawl(archive, yunting.profile["name"], software="", options={"number": number})
            note = AttemptNote(archive, yunting.profile["name"], crawl)
            with note.at(FailureType.SECTION, address, None):
                left = note_path(archive).read_bytes()
            note.close()
            note_path(archive).write_bytes(left)
            assert (found := count_unfinished(archive)) is not None
            assert found.attempts == number + 1
    told = yunting.crawl(status=1).stderr
    assert f"{address}: {UNFINISHED}" in told
    assert yunting.crawl("--full").returncode == 0  # it is read again, and all is well
    assert yunting.rows("SELECT count(*) FROM failure") == [(0,)]


@pytest.mark.parametrize(
    "left",
    [
        b"",
        b"\n[]",
        b"{",
        b"[1]\n",
        b"\xff\xfe\n",
        b"[null, null, null, null, null]\n",
        b'["x", 7, "article", "http://a/", "1"]\n',
    ],
)
def test_a_note_that_names_no_page_of_this_archive_counts_nothing(archive: Archive, left: bytes) -> None:
    note_path(archive).write_bytes(left)
    assert count_unfinished(archive) is None
    assert archive.connection.execute("SELECT count(*) FROM failure").fetchone() == (0,)


def test_a_note_is_the_page_at_work_and_nothing_else(archive: Archive) -> None:
    crawl = begin_crawl(archive, "yunting", software="", options={})
    note = AttemptNote(archive, "yunting", crawl)
    path = note_path(archive)
    with note.at(FailureType.ARTICLE, "http://yunting.example/long/address/1", "1"):
        assert json.loads(path.read_bytes().splitlines()[0])[1:3] == [crawl, "article"]
    with note.at(FailureType.MEDIA, "http://y/", None):
        assert json.loads(path.read_bytes().splitlines()[0])[3:] == ["http://y/", None]
    assert path.read_bytes().splitlines()[0] == b""
    assert count_unfinished(archive) is None
    note.close()
    assert not path.exists()


# --- long texts -----------------------------------------------------------------------------------------


def _of_length(characters: int) -> tuple[str, ...]:
    """Return paragraphs of so many characters in all."""
    paragraph = "柑橘园里，果农把新采的果实装箱，" * 60 + "第{:07}段。"
    length = len(paragraph.format(0))
    return tuple(paragraph.format(number) for number in range(characters // length))


def test_a_text_longer_than_an_article_may_have_costs_no_other_page(yunting: Crawled) -> None:
    articles = samples(5)
    articles[1] = (4, replace(PLAIN, title="云汀县第4号长文", items=_of_length(1_000_000)))
    articles[2] = (3, replace(PLAIN, title="云汀县第3号长文", items=_of_length(3_000_000)))
    yunting.build(Section("101", "县域要闻", articles))
    told = yunting.crawl(status=1).stderr
    assert yunting.articles() == {"1", "2", "4", "5"}
    assert "more than the 2,000,000 that an article may have" in told
    assert "max_characters" in told
    ((reason, status),) = yunting.rows(
        "SELECT f.reason, c.status FROM failure f JOIN capture c USING (capture_id) WHERE f.key = '3'"
    )
    assert reason.startswith("its text has 2,9")
    assert status == 200
    assert in_chinese(reason).startswith("正文有 2,9")
    assert yunting.rows("SELECT length(body) > 990000 FROM article WHERE key = '4'") == [(1,)]
    with Archive.open(yunting.archive) as archive:
        assert index_ok(archive.connection) == ""
    for limit, found in ((3_000_000, {"1", "2", "3", "4", "5"}), (500_000, {"1", "2", "3", "4", "5"})):
        yunting.save_profile(max_characters=limit)
        done = yunting.run("reparse", "--apply", "--archive", yunting.archive)
        assert done.returncode == (limit < 1_000_000), done.stderr
        assert yunting.articles() == found  # what was taken under another limit stays
    assert "article 3: its text has" in done.stdout + done.stderr


def test_a_revision_that_is_too_long_leaves_the_article_as_it_is(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(2)))
    yunting.crawl()
    page = yunting.site.pages[POISON]
    assert isinstance(page, Reply)
    yunting.save_profile(max_characters=2_000)
    longer = "".join(f"<p>{text}</p>" for text in _of_length(5_000))
    yunting.site.put(POISON, page.body.replace(b"<p>", f"{longer}<p>".encode(), 1))
    assert "more than the 2,000" in yunting.crawl("--full", status=1).stderr
    assert yunting.rows("SELECT version, status FROM article WHERE key = '2'") == [(1, "在线")]
