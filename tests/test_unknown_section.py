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
    crawls = kept.rows("SELECT * FROM crawl")
    refused = kept.crawl("--section", "999", status=2).stderr
    assert "no section 999 is known of yunting; there are: 101 (县域要闻), 102 (基层瞭望)" in refused
    assert kept.site.paths() == []
    assert kept.rows("SELECT * FROM crawl") == crawls
    for known in ("县域要闻", "县 域 要 闻"):  # names are compared as a search compares them
        done = kept.run(
            "export", "csv", "--out", out, "--force", "--section", known, "--archive", kept.archive
        )
        assert done.stdout.startswith(f"{out}: 2 articles"), done.stderr


@pytest.mark.parametrize("known", [True, False], ids=["known", "asked"])
@pytest.mark.parametrize("typed", ["ms", "ms/", "/ms/", "民生服务", "民 生 服 务"])
def test_a_section_is_asked_for_by_slug_or_name(yunting: Crawled, typed: str, known: bool) -> None:
    yunting.build(Section("101", "县域要闻", samples(2)), Section("102", "民生服务", samples(2, start=50)))
    for old, new in (("101", "yw"), ("102", "ms")):
        page = yunting.site.pages.pop(f"/content/list?catid={old}")
        yunting.site.pages[f"/{new}/"] = page
    home = '<ul><li><a href="/yw/">县域要闻</a></li><li><a href="/ms/">民生服务</a></li></ul>'
    yunting.site.put("/", f'<!DOCTYPE html><meta charset="utf-8"><title>云汀网</title>{home}')
    yunting.save_profile(section_url="/(?P<id>(?:yw|ms)/)$")
    if known:
        yunting.crawl()
    yunting.crawl("--section", typed)
    assert {path for path in yunting.site.paths() if path in ("/yw/", "/ms/")} == {"/ms/"}
    assert yunting.articles() == {"50", "51", *(("1", "2") if known else ())}


def test_a_mistyped_section_of_a_site_not_known_yet_spoils_nothing(yunting: Crawled) -> None:
    yunting.build(Section("101", "县域要闻", samples(2)))
    refused = yunting.crawl("--section", "县城要闻", status=2).stderr
    assert "No page links to these sections: 县城要闻; there are: 101 (县域要闻)" in refused
    assert "All is well." in yunting.run("status", "--archive", yunting.archive).stdout
    yunting.crawl("--section", "县域要闻")
    assert yunting.articles() == {"1", "2"}


@pytest.mark.parametrize("typed", ["102", "基层瞭望"])
def test_a_section_that_the_profile_skips_is_named_as_such(kept: Crawled, typed: str) -> None:
    kept.save_profile(skip_url=["catid=102$"])
    refused = kept.crawl("--section", typed, status=2).stderr
    assert f"{typed} is in skip_url of the profile; there are: 101 (县域要闻)" in refused
    assert kept.site.paths() == []
    refused = kept.crawl("--section", MISSING, status=2).stderr
    assert "101 (县域要闻)" in refused
    assert "102" not in refused


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
