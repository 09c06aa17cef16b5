"""An archive that is grown from a crawled one: as many more articles as wanted, each with all its rows.

They were listed once and are listed no more, as in the archive of a site whose lists show their newest entries only.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archive.search.index import reindex
from archive.store.archive import Archive
from archive.store.counts import recount
from archive.store.crawls import CrawlResult, begin_crawl, finish_crawl
from archive.store.likeness import text_sha256
from archive.store.versions import VERSION_FIELDS, fields_sha256
from archive.times import utc_now

_BATCH = 20_000
FIRST_KEY = 1_000_000
"""Identity of the first article that is grown; those of the crawled ones are smaller numbers."""
_PER_DAY = 200
"""Articles of one day."""


def grow(path: Path, more: int) -> None:
    """Add so many articles to an archive, looked at just now, the oldest from years ago; seal, count and index them."""
    with Archive.open(path, create=False) as archive:
        execute = archive.connection.execute
        execute("PRAGMA synchronous = OFF")
        archive.begin()
        (site, options) = execute("SELECT site, options FROM crawl ORDER BY crawl_id LIMIT 1").fetchone()
        crawl = begin_crawl(archive, site, software="grown", options=json.loads(options))
        template = _Template(archive, crawl)
        slow = execute(_SLOW).fetchall()
        for kind, name, _ in slow:  # what is made at once is made faster
            execute(f'DROP {kind} "{name}"')
        for first in range(0, more, _BATCH):
            template.write(range(first, min(first + _BATCH, more)))
        for _, _, sql in slow:
            execute(sql)
        recount(archive.connection)
        reindex(archive.connection)
        finish_crawl(archive, crawl, CrawlResult(True, pages=more, listed=more, new=more))
        archive.commit()


_SLOW = (
    "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND (type = 'index' OR type = 'trigger'"
    " AND (name LIKE 'article%' OR name LIKE '\\_%' ESCAPE '\\')) ORDER BY rowid"
)


class _Template:
    """A crawled article with its rows, and what numbers come next."""

    def __init__(self, archive: Archive, crawl: int) -> None:
        self._archive = archive
        self._article = self._row("SELECT * FROM article ORDER BY article_id LIMIT 1")
        number = self._article["article_id"]
        self._version = self._row(f"SELECT * FROM article_version WHERE article_id = {number}")
        self._capture = self._row(f"SELECT * FROM capture WHERE capture_id = {self._version['capture_id']}")
        self._listing = self._row("SELECT * FROM listing WHERE key = ?", self._article["key"])
        self._credit = self._row(f"SELECT * FROM credit WHERE article_id = {number} ORDER BY seq")
        del self._credit["credit_id"]
        shown = json.dumps([json.loads(self._version["credits"])[0]], ensure_ascii=False)
        self._version |= {"credits": shown, "images": "[]"}
        self._sections = [row[0] for row in archive.connection.execute("SELECT section_id FROM section")]
        self._next = {
            table: archive.connection.execute(f"SELECT max({table}_id) FROM {table}").fetchone()[0] + 1
            for table in ("article", "capture", "listing")
        }
        (self._next["article_version"],) = archive.connection.execute(
            "SELECT max(version_id) + 1 FROM article_version"
        ).fetchone()
        now = utc_now()
        looked = dict.fromkeys(("first_seen_at", "last_seen_at"), now)
        self._capture |= dict.fromkeys(("warc_id", "warc_offset", "warc_length", "revisit_of"))  # no bytes
        self._capture |= {"crawl_id": crawl, "captured_at": now, "record_id": ""}
        self._listing |= {"first_crawl": crawl, "last_crawl": crawl, **looked}
        self._version |= {"crawl_id": crawl, "seen_at": now}
        self._article |= {**looked, "last_look_at": now}
        self._today = datetime.now(UTC).date()

    def _row(self, sql: str, *values: Any) -> dict[str, Any]:
        return next(iter(self._archive.rows(sql, values)))

    def write(self, numbers: range) -> None:
        """Write articles by their numbers, from 0."""
        self._insert("capture", (self._captured(n) for n in numbers))
        self._insert("listing", (self._listed(n) for n in numbers))
        self._insert("article", (self._told(n) for n in numbers))
        self._insert("article_version", (self._versioned(n) for n in numbers))
        self._insert("credit", (self._credit | {"article_id": self._next["article"] + n} for n in numbers))

    def _insert(self, table: str, rows: Iterator[dict[str, Any]]) -> None:
        first = next(rows, None)
        if first is None:
            return
        names = ", ".join(first)
        values = ", ".join(f":{name}" for name in first)
        sql = f"INSERT INTO {table} ({names}) VALUES ({values})"
        self._archive.connection.execute(sql, first)
        self._archive.connection.executemany(sql, rows)

    def _key(self, n: int) -> str:
        return str(FIRST_KEY + n)

    def _url(self, n: int) -> str:
        return str(self._article["url"]).replace(f"newsid={self._article['key']}", f"newsid={self._key(n)}")

    def _day(self, n: int) -> str:
        return f"{self._today - timedelta(days=5 + n // _PER_DAY)}"

    def _captured(self, n: int) -> dict[str, Any]:
        own = {"capture_id": self._next["capture"] + n, "key": self._key(n), "url": self._url(n)}
        return self._capture | own

    def _listed(self, n: int) -> dict[str, Any]:
        own = {"listing_id": self._next["listing"] + n, "section_id": self._sections[n % len(self._sections)]}
        return (
            self._listing
            | own
            | {"key": self._key(n), "url": self._url(n), "title": self._title(n), "date_on": self._day(n)}
        )

    def _title(self, n: int) -> str:
        return f"云汀县第{FIRST_KEY + n}号新闻"

    def _texts(self, n: int) -> dict[str, str]:
        body = f"闻小满从云汀县第{n % 997}村发回消息。\n编号{FIRST_KEY + n}的果园今天开园。"
        return {"title": self._title(n), "body": body}

    def _told(self, n: int) -> dict[str, Any]:
        own = {"article_id": self._next["article"] + n, "key": self._key(n), "url": self._url(n)}
        row = self._article | own | self._texts(n) | {"published_on": self._day(n), "published_at": None}
        row |= {"characters": len(row["body"]) - 1}
        return row | {"content_sha256": self._digest(n)}

    def _versioned(self, n: int) -> dict[str, Any]:
        own = {
            "version_id": self._next["article_version"] + n,
            "article_id": self._next["article"] + n,
            "capture_id": self._next["capture"] + n,
        }
        texts = self._texts(n)
        digests = {
            "content_sha256": self._digest(n),
            "text_sha256": text_sha256(texts["title"], texts["body"]),
        }
        return self._version | own | texts | digests

    def _digest(self, n: int) -> str:
        row = self._version | self._texts(n)
        return fields_sha256({name: row[name] for name in VERSION_FIELDS})
