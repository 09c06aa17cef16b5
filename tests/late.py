"""An archive of an evening in UTC, which is the next day in Beijing: changed, missing, held and failed articles.

Every moment in it is ``MOMENT``; the days of publication are others.
"""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from flask.testing import FlaskClient
from lxml import html

from archive import Archive
from archive.model.crawl import FailureType, FetchFailure
from archive.model.event import EventType
from archive.model.plan import RecheckPolicy
from archive.store.articles import save_article, save_missing
from archive.store.crawls import begin_crawl, save_failure
from archive.store.events import save_event
from tests.conftest import ARTICLE

MOMENT = "2024-03-05T17:00:00Z"
UTC_DAY, BEIJING_DAY = "2024-03-05", "2024-03-06"
UNKNOWN = "something that nobody foresaw"
_UTC_COLUMNS = "SELECT m.name, i.name FROM sqlite_master m, pragma_table_info(m.name) i WHERE m.type = 'table' AND (i.name GLOB '*_at' OR i.name IN ('at', 'since')) AND i.name <> 'published_at' AND m.name NOT GLOB '_*'"
_GUARDS = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name GLOB '*_no_update'"


def make_late(demo: Path, folder: Path, reasons: list[str]) -> Path:
    """Copy the demo's archive, add what goes wrong, and let it all have happened at one moment.

    ``reasons``: what the last crawl says was wrong, and why pages could not be read.
    """
    path = folder / "late.db"
    shutil.copy(demo, path)
    shutil.copytree(demo.with_suffix(".warc"), path.with_suffix(".warc"))
    with Archive.open(path) as archive:
        crawl = begin_crawl(archive, "yunting", software="zhijiang 0", options={})
        first = replace(ARTICLE, key="edited", title="会改的一篇", images=())
        for article in (first, replace(first, body=("11月1日，云汀县脐橙开园。",), credit_line="一审丨乔安")):
            save_article(archive, article, crawl)
        for key, again in (("gone", False), ("back", True)):
            article = replace(ARTICLE, key=key, title=f"{key} 的一篇")
            save_article(archive, article, crawl)
            lost = FetchFailure(
                "yunting", article.url, FailureType.ARTICLE, "HTTP 404", MOMENT, key=key, missing=True
            )
            save_missing(archive, [lost], crawl, RecheckPolicy(gone_days=0, gone_looks=1))
            if again:
                save_article(archive, article, crawl)
        for number, reason in enumerate(reasons):
            kind = FailureType.SECTION if number % 2 else FailureType.ARTICLE
            url = f"http://x.example/{number}.html"
            save_failure(archive, FetchFailure("yunting", url, kind, reason, MOMENT, key=str(number)), crawl)
        with archive.transaction() as execute:
            execute(
                "INSERT INTO listing (section_id, key, url, title, date_raw, page, position, first_crawl, last_crawl,"
                " first_seen_at, last_seen_at) SELECT min(section_id), '0', 'http://x.example/0.html', '没有存下的一篇', '',"
                " 1, 1, ?, ?, ?, ? FROM section WHERE kind = 'section'",
                (crawl, crawl, MOMENT, MOMENT),
            )
            execute(
                "INSERT INTO held (crawl_id, site, key, url, seen_at, title, text_sha256, body_sha256, otherwise, untitled,"
                " replaces, revises, state, article) VALUES (?, 'yunting', 'h', 'http://x.example/h', ?, '暂缓的一篇', '', '', 0,"
                " 0, 0, 0, 'same', '')",
                (crawl, MOMENT),
            )
            execute(
                "UPDATE crawl SET outcome = 'incomplete', reason = ? WHERE crawl_id = ?",
                ("\n".join(reasons), crawl),
            )
            save_event(archive, EventType.VALIDATION, {"sample": None})
        execute = archive.connection.execute
        for (guard,) in execute(_GUARDS).fetchall():
            execute(f"DROP TRIGGER {guard}")
        for table, column in execute(_UTC_COLUMNS).fetchall():
            execute(f'UPDATE "{table}" SET "{column}" = ? WHERE "{column}" IS NOT NULL', (MOMENT,))
        archive.connection.commit()
    return path


def pages_of(client: FlaskClient, most: int = 400) -> Iterator[tuple[str, str]]:
    """Yield address and text of every page of a room that its first page leads to, however far."""
    asked, known = ["/", "/?q=开园", "/?q=脐橙 旧版:有", "/?q=没有这个词", "/?q=记者:", "/?q=x:y"], set[str]()
    asked += ["/没有/这一页", "/a/999999", "/?q=柑橘&page=x", "/month/2024-13"]
    while asked and len(known) < most:
        address = asked.pop(0)
        if address in known:
            continue
        known.add(address)
        with closing(client.get(address, follow_redirects=True)) as answer:
            if answer.mimetype != "text/html":
                continue
            text = answer.get_data(as_text=True)
        yield address, text
        asked += [
            link
            for link in html.fromstring(text).xpath("//a/@href")
            if link.startswith("/") and "#" not in link
        ]
