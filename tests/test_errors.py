"""Whatever is typed wrong or lies broken on the disk: one line that names the thing and the reason, no traceback."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.patience import PATIENCE
from zhijiang_spider.cli import main

GOOD = (
    'name = "x"\nhosts = ["127.0.0.1:9"]\nstart_urls = ["http://127.0.0.1:9/"]\narticle_url = "/a/(\\\\d+)"\n'
)
PROFILES = {
    "broken": GOOD.replace('"x"', '"x'),
    "unknown": GOOD.replace("hosts", "hostz"),
    "pattern": GOOD.replace("(", "(?P<id"),
    "empty": GOOD.replace('["http://127.0.0.1:9/"]', "[]"),
    "zone": GOOD + 'timezone = "Mars/X"\n',
    "delay": GOOD + '[politeness]\ndelay = "fast"\n',
    "selector": GOOD + '[selectors]\ntitle = "h1[["\n',
    "missing": GOOD.replace("article_url", "#"),
    "good": GOOD,
}
DAMAGED = "is no archive, or is damaged .*; choose another file, or restore it from a copy"
HUGE = "9" * 23


@pytest.fixture(scope="module")
def folder(demo_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive, and with everything that is none."""
    folder = tmp_path_factory.mktemp("errors")
    for name, text in PROFILES.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    (folder / "latin.toml").write_bytes(b"\xff\xfe\0")
    (folder / "folder").mkdir()
    (folder / "text.db").write_text("hello\n", encoding="utf-8")
    (folder / "nothing.db").touch()
    (folder / "nothing.warc").mkdir()
    (folder / "nothing.warc" / "1.warc.gz").touch()
    (folder / "wrong.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    for name in ("good", "newer", "inside", "cut"):
        shutil.copy(demo_archive, folder / f"{name}.db")
    os.truncate(folder / "cut.db", 40_000)
    for name, sql in {"newer": "PRAGMA user_version = 99", "other": "CREATE TABLE t (a)"}.items():
        connection = sqlite3.connect(folder / f"{name}.db")
        connection.execute(sql)
        page = connection.execute("SELECT max(rootpage) FROM sqlite_master WHERE name = 'article'").fetchone()
        connection.close()
        if page[0]:
            with (folder / "inside.db").open("r+b") as file:
                file.seek((page[0] - 1) * 4096)
                file.write(b"\x99" * 4096)
    return folder


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Result]:
    """Run a command line in that folder."""
    monkeypatch.chdir(folder)
    return lambda line: CliRunner().invoke(main, [part.strip("'") for part in line.split(" ")])


@pytest.mark.parametrize(
    ("line", "status", "words"),
    [
        ("crawl --site nosuch", 2, "nosuch: no such site profile .bundled: "),
        ("crawl --site none.toml", 2, "none.toml: cannot be read: No such file"),
        ("crawl --site ./folder/", 2, "./folder/: cannot be read: Is a directory"),
        ("crawl --site latin.toml", 2, "latin.toml: is not UTF-8 text"),
        ("crawl --site broken.toml", 2, "broken.toml: is not valid TOML: .*line 1"),
        ("crawl --site unknown.toml", 2, "unknown.toml: hostz: is no key .*did you mean hosts"),
        ("crawl --site pattern.toml", 2, "pattern.toml: article_url: is no valid regular expression"),
        ("crawl --site empty.toml", 2, "empty.toml: start_urls: must be a list that is not empty"),
        ("crawl --site zone.toml", 2, "zone.toml: timezone: 'Mars/X' is no known time zone"),
        ("crawl --site delay.toml", 2, "delay.toml: politeness.delay: must be a number"),
        ("crawl --site selector.toml", 2, "selector.toml: selectors.title: .* is no valid selector"),
        ("crawl --site missing.toml", 2, "missing.toml: article_url: is missing"),
        ("crawl --site good.toml --archive folder", 2, "'folder' is a directory"),
        ("crawl --site good.toml --archive text.db", 1, f"text.db: {DAMAGED}"),
        ("crawl --site good.toml --archive cut.db", 1, f"cut.db: {DAMAGED}"),
        (
            "crawl --site good.toml --archive nothing.db",
            1,
            "nothing.db: is empty, 0 bytes; .* delete it to begin anew",
        ),
        ("crawl --site good.toml --archive newer.db", 1, "newer.db: was made by a newer zhijiang"),
        ("crawl --site good.toml --archive other.db", 1, "other.db: is a database, but no archive"),
        ("crawl --site good.toml --archive text.db/a.db", 1, "the folder text.db cannot be made"),
        ("crawl --site good.toml --log folder/none/x.log", 2, "folder/none/x.log: cannot be written"),
        ("crawl --since yesterday", 2, "'yesterday' is not a date; write it as 2024-01-16"),
        ("crawl --since 2024-13-45", 2, "'2024-13-45' is not a date"),
        ("crawl --media some", 2, "'some' is not one of"),
        ("search --archive nothing.db 柑橘", 1, "nothing.db: is empty, 0 bytes; restore it from a copy"),
        ("search --archive good.db 柑橘 --cvs", 2, "No such option '?--cvs.*--csv"),
        ("search --archive good.db 柑橘 --jsno", 2, "No such option '?--jsno.*--json"),
        ("search --archive good.db 柑橘 --lmit=3", 2, "No such option '?--lmit'?.*--limit"),
        ("search --archive good.db 柑橘 --会议", 2, "No such option '?--会议"),
        ("search --archive good.db 柑橘 --lang zh", 2, "--lang stands before the name of the command"),
        ("search --archive good.db 柑橘 --timeout nan", 2, "'nan' is no number of seconds"),
        ("search --archive text.db 柑橘", 1, f"text.db: {DAMAGED}"),
        ("search --archive inside.db 柑橘", 1, f"inside.db: {DAMAGED}"),
        ("search --archive good.db 日期:abc", 2, "character 4: write a date as"),
        ("search --archive good.db --limit 0 柑橘", 2, "0 is not in the range"),
        (f"show --archive good.db {HUGE}", 1, f"{HUGE}: no such article in good.db"),
        ("show --archive good.db ²", 1, "²: no such article"),
        ("show --archive inside.db 1", 1, f"inside.db: {DAMAGED}"),
        ("export --archive good.db csv --out none/x.csv", 2, "there is no folder none; make it first"),
        (
            "export --archive good.db csv --out x.csv --since 2025-01-01 --until 2024-12-31",
            2,
            "--since 2025-01-01 is later than --until 2024-12-31",
        ),
        ("export --archive good.db csv --out good.db", 2, "good.db is there already; .*--force"),
        ("export --archive inside.db csv --out x.csv", 1, "inside.db: cannot be read to its end"),
        ("snapshot --archive good.db --out none/s.db", 2, "there is no folder none; make it first"),
        ("snapshot --archive inside.db --out s.db", 1, f"inside.db: {DAMAGED}"),
        ("status --archive inside.db", 1, f"inside.db: {DAMAGED}"),
        ("status --archive good.db --max-age 1y", 2, "'1y' is an invalid duration; write 26h"),
        (
            "digest --archive good.db --until 0001-01-01",
            2,
            "--until 0001-01-01: the calendar has not that many",
        ),
        ("digest --archive good.db --until 9999-12-31", 2, "--until 9999-12-31 is still to come; give today"),
        ("digest --archive good.db --room javascript:x", 2, "'javascript:x' is no web address"),
        (
            "digest --archive good.db --room foo",
            2,
            "'foo' is no web address; write it as http://room.example",
        ),
        ("digest --archive good.db --room http://[x", 2, "is no web address"),
        ("check --archive cut.db", 1, f"cut.db: {DAMAGED}"),
        ("check --archive good.db --sample 0", 2, "0 is not in the range"),
        ("reparse --archive none.db", 1, "none.db: no such archive"),
        ("reparse --archive cut.db", 1, f"cut.db: {DAMAGED}"),
        ("reindex --archive none.db", 1, "none.db: no such archive"),
        ("reindex --archive inside.db", 1, f"inside.db: {DAMAGED}"),
        (f"explain --archive good.db {HUGE}", 1, f"{HUGE}: no such article in good.db"),
        (
            "explain --archive good.db 1 --site good.toml",
            2,
            "x: is not the profile of this article's site, demo",
        ),
        ("appraise import none.csv --archive good.db", 2, "'none.csv' does not exist"),
        ("appraise import wrong.csv --archive good.db", 1, "has no column 编号; zhijiang appraise export"),
        ("appraise number --archive good.db --fonds '' --year 2024", 2, "'' is no 全宗号; write it as C015"),
        ("serve --archive good.db --port 99999", 2, "99999 is not in the range"),
        (
            "serve --archive good.db --host nosuch.invalid",
            2,
            "nosuch.invalid:8000 cannot be used: no such host",
        ),
        ("serve --archive cut.db", 1, f"cut.db: {DAMAGED}"),
        ("import folder --archive new.db", 1, "folder: has no datapackage.json; give a folder"),
        ("import wrong.csv --archive new.db", 1, "wrong.csv: is no JSON Lines file"),
        ("import folder --archive text.db/new.db", 2, "there is no folder text.db; make it first"),
        ("parse none.html", 2, "none.html: cannot be read: No such file"),
        ("parse nothing.db", 1, "nothing.db: layout: no title$"),
        ("parse http://elsewhere.invalid/", 2, "its host is not in the hosts of profile zhijiang"),
        ("probe http://[::1", 2, "give a full address, such as http://"),
        ("probe http:///", 2, "give a full address, such as http://"),
        ("probe http://127.0.0.1:99999/", 2, "give a full address, such as http://"),
        ("demo --archive other.db", 1, "other.db: is a database, but no archive"),
    ],
)
def test_a_mistake_is_named(run: Callable[[str], Result], line: str, status: int, words: str) -> None:
    result = run(line)
    assert result.exit_code == status, result.output
    assert isinstance(result.exception, SystemExit)
    errors = [text for text in result.stderr.splitlines() if text and not text.startswith(("Usage", "Try"))]
    assert len(errors) <= 2
    assert re.search(words, result.stderr), result.stderr


@pytest.mark.parametrize(
    "line",
    [
        "crawl --site good.toml --archive nothing.db",
        "reindex --archive none.db",
        "reparse --archive none.db",
        "import wrong.csv --archive new.db",
        "import folder --archive new.db",
    ],
)
def test_what_is_refused_leaves_nothing_beside_the_archive(
    run: Callable[[str], Result], folder: Path, line: str
) -> None:
    archive = folder / line.rpartition(" ")[2]
    for left in (Path(f"{archive}.lock"), Path(f"{archive}.writer")):  # of another test
        left.unlink(missing_ok=True)
    before = sorted((file, file.stat().st_size) for file in folder.iterdir())
    assert run(line).exit_code == 1
    assert sorted((file, file.stat().st_size) for file in folder.iterdir()) == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_an_output_that_is_full_is_named(folder: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "zhijiang_spider.cli", "show", "1", "--archive", str(folder / "good.db")],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    assert done.returncode != 0
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr
