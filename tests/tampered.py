"""A small archive, and what somebody who can write to its file may do to it by hand."""

import json
import re
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from archive.store.archive import Archive
from archive.store.likeness import text_sha256
from archive.store.seals import changing, seal
from archive.store.versions import VERSION_FIELDS, fields_sha256
from tests.crawled import Crawled, samples
from tests.newssite import NewsSite, Reply, Section


def make_archive(folder: Path) -> Path:
    """Make an archive of two crawls, with a revision, a missing article, pictures, revisits and decisions."""
    from tests.command_line import fork_zhijiang

    with NewsSite() as site:
        yunting = Crawled(site, folder, fork_zhijiang)
        yunting.build(Section("101", "县域要闻", samples(5)), per_page=10)
        yunting.crawl()
        path = "/content/show?catid=101&newsid=1"
        page = site.pages[path]
        assert isinstance(page, Reply)
        site.put(path, page.body.replace("号新闻".encode(), "号旧闻".encode()))
        site.pages.pop("/content/show?catid=101&newsid=2")
        time.sleep(1.1)  # two crawls of one second could be taken for each other
        yunting.crawl("--full")
        with Archive.open(yunting.archive) as archive, archive.transaction() as execute:
            with changing(archive, "appraisal", [3]):
                execute("INSERT INTO appraisal (article_id, retention) VALUES (3, 'Y')")
            seal(archive, "appraise import", ("appraisal",))
        return yunting.archive


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit by hand."""

    make: Callable[[Path], None]
    words: str
    """Regular expression: what a finding says of it."""
    needs_seal: bool = False
    """Nothing else in the archive says otherwise."""

    def named(self, finding: str) -> bool:
        """Tell whether a finding names it."""
        return re.search(self.words, finding) is not None


def sql(*statements: str) -> Callable[[Path], None]:
    """Return what runs some statements."""
    return partial(_run, statements)


def _run(statements: tuple[str, ...], path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def forge(number: int, change: Callable[[dict[str, Any]], None]) -> Callable[[Path], None]:
    """Return what changes the current text of an article everywhere, with every digest."""
    return partial(_forge, number, change)


def _forge(number: int, change: Callable[[dict[str, Any]], None], path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        row = dict(
            connection.execute(
                "SELECT v.* FROM article a JOIN article_version v ON v.article_id = a.article_id"
                " AND v.number = a.version WHERE a.article_id = ?",
                (number,),
            ).fetchone()
        )
        change(row)
        row["content_sha256"] = fields_sha256({name: row[name] for name in VERSION_FIELDS})
        row["text_sha256"] = text_sha256(row["title"], row["body"])
        for table, columns, key in (
            (
                "article_version",
                (*VERSION_FIELDS, "credits", "content_sha256", "text_sha256"),
                "version_id",
            ),
            (
                "article",
                (*(name for name in VERSION_FIELDS if name != "images"), "content_sha256"),
                "article_id",
            ),
        ):
            values = ", ".join(f"{column} = :{column}" for column in columns)
            connection.execute(f"UPDATE {table} SET {values} WHERE {key} = :{key}", row)
        for seq, (label, role, name, org) in enumerate(json.loads(row["credits"]), 1):
            connection.execute(
                "UPDATE credit SET label = ?, role = ?, name = ?, org = ? WHERE article_id = ? AND seq = ?",
                (label, role, name, org, number, seq),
            )
        connection.commit()


def _swap_reviewer(row: dict[str, Any]) -> None:
    credits = json.loads(row["credits"])
    old = next(name for _, role, name, _ in credits if role == "三审")
    row["credits"] = json.dumps(
        [[label, role, "林知微" if role == "三审" else name, org] for label, role, name, org in credits],
        ensure_ascii=False,
    )
    row["credit_line"] = row["credit_line"].replace(old, "林知微")


def _swap_in_credits_only(row: dict[str, Any]) -> None:
    line = row["credit_line"]
    _swap_reviewer(row)
    row["credit_line"] = line


def _other_title(row: dict[str, Any]) -> None:
    row["title"] = row["title"].replace("新闻", "要闻")


def _other_text(row: dict[str, Any]) -> None:
    row["body"] = row["body"].replace("农田", "良田", 1)


def _append(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"x" * 10)


def _column(table: str, column: str, value: str, where: str, words: str = "", **more: bool) -> Edit:
    return Edit(sql(f"UPDATE {table} SET {column} = {value} WHERE {where}"), words or column, **more)


_THIRD = "article_id = 3"
_LATER = "strftime('%Y-%m-%dT%H:%M:%SZ', {}, '+3 days')"

EDITS: Mapping[str, Edit] = {
    "a reviewer's name": _column(
        "credit", "name", "'林知微'", f"{_THIRD} AND role = '三审'", "credit .*name"
    ),
    "a reviewer's name, in the version too": Edit(forge(3, _swap_in_credits_only), "credit"),
    "a reviewer's name everywhere, digests made anew": Edit(forge(3, _swap_reviewer), "credit"),
    "a role": _column("credit", "role", "'二审'", f"{_THIRD} AND role = '三审'", "credit .*role"),
    "where a credit stood": _column(
        "credit", "position", "'页眉'", f"{_THIRD} AND role = '三审'", "position"
    ),
    "a title everywhere, digests made anew": Edit(forge(3, _other_title), "title"),
    "a text everywhere, digests made anew": Edit(forge(3, _other_text), "body"),
    "a text that search does not know": Edit(
        sql("DROP TRIGGER article_fts_update_old", "UPDATE article SET body = '改' WHERE article_id = 3"),
        "its text",
    ),
    "the day of publication": _column("article", "published_on", "'2019-01-01'", _THIRD),
    "the address": _column("article", "url", "url || '&x=1'", _THIRD, "url"),
    "the kind": _column("article", "kind", "'图集'", _THIRD, "kind"),
    "the breadcrumb": _column("article", "breadcrumb", "'[\"别处\"]'", _THIRD),
    "the source as printed": _column("article", "source_raw", "'来源：别处'", _THIRD),
    "the number of characters": _column("article", "characters", "characters + 1", _THIRD),
    "when an article was first seen": _column(
        "article", "first_seen_at", _LATER.format("first_seen_at"), _THIRD
    ),
    "when an article was last seen": _column(
        "article", "last_seen_at", _LATER.format("last_seen_at"), _THIRD
    ),
    "when a version was seen": _column("article_version", "seen_at", _LATER.format("seen_at"), _THIRD),
    "the crawl of a version": _column("article_version", "crawl_id", "2", _THIRD),
    "what a version changes": _column("article_version", "changed", "'[\"section\"]'", "number = 2"),
    "how much a version adds": _column("article_version", "added", "added + 5", "number = 2"),
    "a picture's caption": _column("image", "caption", "'别的图说'", f"{_THIRD} AND seq = 1"),
    "a picture's place": _column("image", "paragraph", "paragraph + 1", f"{_THIRD} AND seq = 1"),
    "when a page was captured": _column(
        "capture", "captured_at", _LATER.format("captured_at"), "capture_id = 6"
    ),
    "the address of a capture": _column(
        "capture", "url", "url || '&x=1'", "capture_id = 6", "record there is of|url"
    ),
    "the status of a capture": _column("capture", "status", "404", "capture_id = 6"),
    "the type of a capture": _column("capture", "mime", "'text/plain'", "capture_id = 6"),
    "the length of a capture": _column("capture", "payload_bytes", "payload_bytes + 1", "capture_id = 6"),
    "the number of a record": _column("capture", "record_id", "'<urn:uuid:0>'", "capture_id = 6"),
    "where a record ends": _column("capture", "warc_length", "warc_length + 1", "capture_id = 6"),
    "how a page was asked for": _column("capture", "method", "'POST'", "capture_id = 6"),
    "whose bytes a capture repeats": _column(
        "capture", "revisit_of", "revisit_of + 1", "revisit_of IS NOT NULL", "revisit_of|payload"
    ),
    "a capture removed": Edit(
        sql("DELETE FROM capture WHERE kind = 'robots' AND crawl_id = 1"), "no capture"
    ),
    "the crawl that first listed": _column("listing", "first_crawl", "2", "listing_id = 3", "first_"),
    "when an entry was first listed": _column(
        "listing", "first_seen_at", _LATER.format("first_seen_at"), "listing_id = 3"
    ),
    "when an entry was last listed": _column(
        "listing", "last_seen_at", _LATER.format("last_seen_at"), "listing_id = 3"
    ),
    "the title of an entry": _column("listing", "title", "'别的题名'", "listing_id = 3", "listing .*title"),
    "the day of an entry": _column("listing", "date_on", "'2019-01-01'", "listing_id = 3"),
    "since when an article is missing": _column("absence", "since", _LATER.format("since"), "1"),
    "why an article is missing": _column("absence", "reason", "'HTTP 410'", "1"),
    "when an article was last missing": _column(
        "absence", "last_look_at", _LATER.format("last_look_at"), "1"
    ),
    "what a crawl found": _column("crawl", "new", "new + 1", "crawl_id = 1"),
    "the program of a crawl": _column("crawl", "software", "'zhijiang 0.0.1'", "crawl_id = 1"),
    "the profile of a crawl": _column(
        "crawl", "options", "json_set(options, '$.site.title', '别的网站')", "crawl_id = 1"
    ),
    "when a crawl began": _column(
        "crawl", "started_at", _LATER.format("started_at"), "crawl_id = 1", "crawl 1"
    ),
    "when a crawl ended": _column(
        "crawl",
        "finished_at",
        "strftime('%Y-%m-%dT%H:%M:%SZ', started_at, '-1 hour')",
        "crawl_id = 1",
        "crawl 1",
    ),
    "how many pages a crawl read": _column("crawl", "pages", "pages + 1", "crawl_id = 1", needs_seal=True),
    "the digest of a WARC file": _column("warc_file", "sha256", f"'{'0' * 64}'", "warc_id = 1", "SHA-256"),
    "the size of a picture": _column("media", "width", "width + 1", "media_id = 1"),
    "the digest of a picture": _column("media", "sha256", f"'{'0' * 64}'", "media_id = 1", "media 1"),
    "the address of a picture": _column("media_address", "url", "url || 'x'", "1", "url"),
    "a decision": _column("appraisal", "retention", "'D10'", "1", "appraisal", needs_seal=True),
    "an article removed": Edit(
        sql(
            *(
                f"DELETE FROM {table} WHERE {_THIRD}"
                for table in ("credit", "image", "attachment", "appraisal")
            ),
            f"DELETE FROM article_version WHERE {_THIRD}",
            f"DELETE FROM article WHERE {_THIRD}",
        ),
        "crawl 1: new",
    ),
    "an earlier version removed": Edit(
        sql(
            "DELETE FROM article_version WHERE number = 1 AND article_id IN (SELECT article_id FROM article WHERE version = 2)",
            "UPDATE article_version SET number = 1, changed = '[]', added = 0, removed = 0, minor = 0 WHERE number = 2",
            "UPDATE article SET version = 1, first_seen_at = (SELECT seen_at FROM article_version v"
            " WHERE v.article_id = article.article_id) WHERE version = 2",
        ),
        "crawl 1: new",
    ),
    "a trigger added": Edit(
        sql("CREATE TRIGGER quiet BEFORE UPDATE ON credit BEGIN SELECT 1; END"), "trigger quiet"
    ),
    "a word of the data dictionary": _column(
        "data_dictionary",
        "note",
        "'别的意思'",
        "table_name = 'credit' AND column_name = 'name'",
        "data_dictionary",
    ),
    "bytes behind the last page": Edit(_append, "bytes, its header says"),
}
"""What is done → how."""
