"""``/crawls``: first what is wrong and since when, as ``zhijiang status`` says it; then each crawl, its outcome first."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import html5lib
import pytest
from lxml import etree

from archive import Archive
from archive.care.sites import LAST_CRAWL, LAST_WHOLE_CRAWL
from archive.care.status import _GIVEN_UP, _LEFT, read_status
from archive.model.crawl import UNFINISHED, FailureType, FetchFailure
from archive.model.trouble import Trouble, TroubleKind
from archive.model.wording import plural
from archive.room import RoomSettings, create_app
from archive.room.verdict import trouble_in_chinese
from archive.store.crawls import CrawlResult, begin_crawl, finish_crawl, save_failure
from archive.store.troubles import record_troubles
from tests.room import client_of, make_archive

FAILED = "2 articles could not be fetched or read (2 timeout), such as http://x/900: timeout.  The next crawls ask again."
SHORT = "Section 要闻 lists 45 articles, the archive holds 39; missing: http://x/900"
PAST = "Nothing new for 14 days: the last new article was found 2024-12-01 16:00 UTC."


@pytest.fixture(scope="module")
def path(demo_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive whose crawls of yunting went wrong in the same way twice."""
    path = make_archive(demo_archive, tmp_path_factory.mktemp("crawls"))
    with Archive.open(path) as archive:
        with archive.transaction() as execute:
            execute("UPDATE crawl SET outcome = 'complete', finished_at = started_at WHERE crawl_id > 1")
        for day in (6, 7):
            crawl = begin_crawl(archive, "yunting", software="test", options={})
            with archive.transaction() as execute:
                began = f"2024-12-0{day}T18:30:00Z"
                execute("UPDATE crawl SET started_at = ? WHERE crawl_id = ?", (began, crawl))
            troubles = [
                Trouble(TroubleKind.ARTICLE, FAILED, ("http://x/900",)),
                Trouble(TroubleKind.SHORT, SHORT),
                Trouble(TroubleKind.QUIET, PAST),
            ]
            now = datetime(2024, 12, day, 19, tzinfo=UTC)
            record_troubles(archive, "yunting", crawl, troubles[: day - 4], now=now, whole=True)
            finish_crawl(
                archive, crawl, CrawlResult(complete=False, new=3, reason="\n".join(map(str, troubles)))
            )
    return path


def page_of(path: Path) -> etree._Element:
    text = client_of(create_app(RoomSettings(path))).get("/crawls").text
    page: etree._Element = html5lib.parse(text, treebuilder="lxml", namespaceHTMLElements=False)
    return page


def told(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def test_it_begins_with_what_is_wrong_and_since_when(path: Path) -> None:
    main = page_of(path).find(".//main")
    assert main is not None
    assert [child.tag for child in main][:2] == ["h1", "section"]
    said = [told(item) for item in main.iterfind("section/ol/li")]
    with Archive.read(path) as archive:
        found = read_status(archive, now=datetime.now(UTC))
    assert len(said) == len(found.troubles) == 3
    assert main.findtext("section/h2") == "3 件事不对"
    assert (
        said[0]
        == "yunting：末次采集：2 篇文章没有取到或读不出：http://x/900：网站没有及时回答 2024-12-07 02:30 起"
    )
    assert said[1].endswith("没有存下：http://x/900 2024-12-07 02:30 起")
    assert said[2].startswith("yunting：末次采集：14 天没有新文章")
    assert said[2].endswith(" 2024-12-08 02:30 起")


def test_each_crawl_has_its_outcome_first_and_all_its_reasons(path: Path) -> None:
    crawls = page_of(path).findall(".//ol[@class='crawls']/li")
    assert [told(crawl).split()[0] for crawl in crawls][:3] == ["未完成", "未完成", "完成"]
    assert [told(reason)[:6] for reason in crawls[0].iterfind(".//li")] == [
        "2 篇文章没",
        "栏目 要闻 ",
        "14 天没有",
    ]
    assert [told(reason)[:4] for reason in crawls[0].iterfind(".//details//li")] == ["14 天"]


def test_an_archive_that_is_kept_says_so_and_what_is_lost_meanwhile_is_told_at_once(
    demo_archive: Path, tmp_path: Path
) -> None:
    path = tmp_path / "kept.db"
    shutil.copy(demo_archive, path)
    shutil.copytree(demo_archive.with_suffix(".warc"), path.with_suffix(".warc"))
    client = client_of(create_app(RoomSettings(path, max_staleness=3600)))
    with Archive.read(path) as archive:
        assert read_status(archive, now=datetime.now(UTC)).troubles == []
    assert '<p class="verdict">没有不对的：末次采集' in client.get("/crawls").text
    for file in path.with_suffix(".warc").iterdir():
        file.unlink()
    assert "1 件事不对</h2>\n<ol><li>WARC 文件缺失或不完整" in client.get("/crawls").text


def sentences(path: Path) -> Iterator[str]:
    """Yield what ``status`` says, with one and with several."""
    for template in (*_LEFT, *_GIVEN_UP):
        for number in (1, 3):
            words = {
                "s": plural(number),
                "are": plural(number, "are", "is"),
                "were": plural(number, "were", "was"),
            }
            yield template.format(number=number, example="http://x/1.html: HTTP 404", **words)
    for begun in (LAST_CRAWL, LAST_WHOLE_CRAWL):
        yield f"{begun}timeout"
    with Archive.open(path) as archive:
        begin_crawl(archive, "yunting", software="test", options={})
        for number in range(2):
            lost = FetchFailure("yunting", f"http://x/{number}", FailureType.ARTICLE, UNFINISHED, "2024-12-01T00:00:00Z", str(number))  # fmt: skip
            save_failure(archive, lost, 1)
            if number:
                save_failure(archive, lost, 1)
        for at in ("2099-01-01T00:00:00Z", "2024-12-01T00:00:00Z"):
            archive.connection.execute("UPDATE crawl SET started_at = ?", (at,))
            yield from read_status(archive, now=datetime.now(UTC)).troubles
    with Archive.open(path.with_name("empty.db")) as archive:
        yield from read_status(archive, now=datetime.now(UTC)).troubles


def test_all_that_status_says_is_said_in_chinese(demo_archive: Path, tmp_path: Path) -> None:
    path = tmp_path / "said.db"
    shutil.copy(demo_archive, path)
    said = [*sentences(path)]
    assert len(said) > 14
    names = re.compile(
        r"https?://\S+?(?=[：。，；]|$| )|zhijiang crawl(?: --full)?|HTTP|WARC|\S+\.warc\.gz|demo|yunting"
    )
    english = {
        one: shown
        for one in said
        if re.search("[A-Za-z]", names.sub("", shown := trouble_in_chinese(one, ["demo", "yunting"])))
    }
    assert english == {}
