"""A section that is not there is a mistake that is named, with what there is."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from archive.model.wording import some_of
from archive.room import RoomSettings, create_app
from tests.crawled import Crawled, samples
from tests.newssite import Section
from tests.room import client_of

MISSING = "没有的栏目"


@pytest.fixture
def kept(yunting: Crawled) -> Crawled:
    others = [
        (number, replace(sample, breadcrumb=("云汀网", "基层瞭望")))
        for number, sample in samples(2, start=50)
    ]
    yunting.build(Section("101", "县域要闻", samples(2)), Section("102", "基层瞭望", others))
    yunting.crawl()
    return yunting


def test_export_search_and_crawl_name_it_and_what_there_is(kept: Crawled, tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    commands: dict[tuple[str | Path, ...], int] = {
        ("export", "csv", "--out", out, "--section", MISSING): 2,
        ("export", "csv", "--out", out, "--query", f"新闻 栏目:{MISSING}"): 2,
        ("search", "新闻", f"-栏目:{MISSING}"): 2,
    }
    for command, status in commands.items():
        done = kept.run(*command, "--archive", kept.archive)
        assert done.returncode == status, command
        assert all(name in done.stderr for name in (MISSING, "县域要闻", "基层瞭望"))
        assert not out.exists()
    assert "999; there are: 101 (县域要闻), 102 (基层瞭望)" in kept.crawl("--section", "999", status=1).stderr
    for known in ("县域要闻", "县 域 要 闻"):  # names are compared as a search compares them
        done = kept.run(
            "export", "csv", "--out", out, "--force", "--section", known, "--archive", kept.archive
        )
        assert done.stdout.startswith(f"{out}: 2 articles"), done.stderr


def test_the_reading_room_says_so_in_every_form(kept: Crawled) -> None:
    client = client_of(create_app(RoomSettings(kept.archive, 9)))
    for page in ("/", "/search.json", "/search.csv"):
        answer = client.get(f"{page}?q={quote(f'新闻 栏目:{MISSING}')}")
        assert answer.status_code == 400
        assert "县域要闻" in answer.get_data(as_text=True)
    assert client.get(f"/section/{quote(MISSING)}").status_code == 404
    found = client.get(f"/?q={quote('栏目:基层瞭望')}")
    assert found.status_code == 200


def test_a_dozen_is_named() -> None:
    assert some_of(map(str, range(30))).endswith("11 and 18 more")
    assert some_of([]) == "-"
