"""What one row says twice with another: which columns must agree, as data.

A crawl writes most facts in several places: a version's time is its capture's, a credit stands in a row and in the
version, a listing was seen by a crawl.  Whoever alters one place by hand contradicts another.  Each entry is one
statement that reads its tables once.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from archive.care.findings import RESTORE

REPARSE = "zhijiang reparse --apply derives it again from the WARC files"
_KNOWN = "{}.software <> ''"
"""Condition on a crawl: its record is whole; of those of an import from JSON Lines no more than the number is known."""
_SAME_TIME = "1.0 / 24"
"""Days between a look and the note that it was in vain: two readings of one clock."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Columns of one table, and what each must be."""

    table: str
    row: str
    """SQL: what names a row to a reader."""
    joined: str
    """SQL: the tables, as FROM takes them."""
    columns: Mapping[str, str]
    """Column → SQL of what it must be."""
    witness: str
    """What says otherwise; where it says nothing, the value is held against “nothing”."""
    only: str = "1"
    """SQL: the rows of which it holds."""
    advice: str = RESTORE

    @property
    def names(self) -> list[str]:
        """Return the names of the columns."""
        return [re.sub(r"^\w+\.", "", column) for column in self.columns]

    @property
    def sql(self) -> str:
        """Return the statement: for each row that does not agree its name, then value and expected value by column."""
        pairs = ", ".join(f"{column}, {wanted}" for column, wanted in self.columns.items())
        differs = " OR ".join(f"{column} IS NOT {wanted}" for column, wanted in self.columns.items())
        return f"SELECT {self.row}, {pairs} FROM {self.joined} WHERE ({self.only}) AND ({differs})"


_VERSION = "'article ' || v.article_id || ', version ' || v.number"
_ARTICLE = "'article ' || a.article_id"
_CURRENT = "article a JOIN article_version v ON v.article_id = a.article_id AND v.number = a.version"
_SEEN = "(SELECT s.captured_at FROM capture s WHERE s.site = a.site AND s.key = a.key AND s.captured_at = {} LIMIT 1)"
_LOOKED = (
    "(SELECT {1} FROM capture s WHERE s.site = a.site AND s.key = a.key AND s.crawl_id = b.last_crawl"
    f" AND abs(julianday(s.captured_at) - julianday({{0}})) < {_SAME_TIME} LIMIT 1)"
)
_WAS_CAPTURED = "EXISTS (SELECT 1 FROM capture s WHERE s.site = a.site AND s.key = a.key)"
_LIST_SEEN = (  # SQLite keeps what stands behind IN as an index of this statement
    "CASE WHEN (l.{0}_crawl, l.{0}_seen_at) IN (SELECT crawl_id, captured_at FROM capture WHERE status IS NOT NULL)"
    " THEN l.{0}_seen_at END"
)
_CAPTURED_CRAWLS = "SELECT crawl_id FROM capture WHERE kind = 'section' AND status IS NOT NULL"

AGREEMENTS = (
    Agreement(
        "article_version",
        _VERSION,
        "article_version v JOIN capture c ON c.capture_id = v.capture_id",
        {"v.seen_at": "c.captured_at", "v.crawl_id": "c.crawl_id"},
        "the capture it was read from",
        advice=REPARSE,
    ),
    Agreement(
        "capture",
        "'capture ' || c.capture_id",
        "article_version v JOIN capture c ON c.capture_id = v.capture_id JOIN article a ON a.article_id = v.article_id",
        {"c.kind": "'article'", "c.status": "200", "c.site": "a.site", "c.key": "a.key"},
        "the version that was read from it",
    ),
    Agreement(
        "article_version",
        _VERSION,
        "article_version v JOIN article_version o ON o.article_id = v.article_id AND o.number = v.number - 1",
        {"v.crawl_id": "max(v.crawl_id, o.crawl_id)", "v.capture_id": "max(v.capture_id, o.capture_id)"},
        "the version before it, which is older",
        only="v.capture_id + o.capture_id IS NOT NULL",
        advice=REPARSE,
    ),
    Agreement(
        "article",
        _ARTICLE,
        "article a JOIN article_version v ON v.article_id = a.article_id AND v.number = 1",
        {"a.first_seen_at": "v.seen_at"},
        "its first version",
        advice=REPARSE,
    ),
    Agreement(
        "article",
        _ARTICLE,
        f"{_CURRENT} JOIN capture c ON c.capture_id = v.capture_id",
        {"a.url": "c.url"},
        "the capture of its current version",
        # a visit's number is taken out of an address; what is left is held against the capture by deriving it again
        only="c.url NOT LIKE '%sess%' AND c.url NOT LIKE '%sid=%'",
        advice=REPARSE,
    ),
    Agreement(
        "article",
        _ARTICLE,
        "article a",
        {"a.last_seen_at": _SEEN.format("a.last_seen_at")},
        "its captures",
        only=f"{_WAS_CAPTURED} AND NOT EXISTS (SELECT 1 FROM crawl k WHERE k.site = a.site AND NOT {_KNOWN.format('k')})",
    ),
    Agreement(
        "article",
        _ARTICLE,
        "article a",
        {"a.published_on": "substr(a.published_at, 1, 10)"},
        "its column published_at",
        only="a.published_at IS NOT NULL",
        advice=REPARSE,
    ),
    Agreement(
        "capture",
        "'capture ' || c.capture_id",
        "capture c JOIN crawl k ON k.crawl_id = c.crawl_id LEFT JOIN warc_file w ON w.warc_id = c.warc_id",
        {
            "c.site": "k.site",
            "c.crawl_id": "coalesce(w.crawl_id, c.crawl_id)",
            "c.status": "CASE WHEN c.error = '' THEN coalesce(c.status, 'an answer') END",
            "c.warc_offset": "CASE WHEN w.warc_id IS NOT NULL THEN coalesce(c.warc_offset, 'a place') END",
            "c.warc_length": "CASE WHEN w.warc_id IS NOT NULL THEN coalesce(c.warc_length, 'a length') END",
        },
        "its crawl, its WARC file and its own columns",
    ),
    Agreement(
        "capture",
        "'capture ' || c.capture_id",
        "capture c JOIN capture o ON o.capture_id = c.revisit_of",
        {
            "c.payload_sha256": "CASE c.status WHEN 304 THEN c.payload_sha256 ELSE o.payload_sha256 END",
            "c.payload_bytes": "CASE c.status WHEN 304 THEN c.payload_bytes ELSE o.payload_bytes END",
            "c.status": "CASE c.status WHEN 304 THEN 304 ELSE o.status END",
            "c.revisit_of": "CASE WHEN o.revisit_of IS NULL AND o.warc_id IS NOT NULL AND o.capture_id < c.capture_id"
            " THEN c.revisit_of END",
        },
        "the capture that holds its bytes",
    ),
    Agreement(
        "warc_file",
        "w.name",
        "warc_file w JOIN crawl k ON k.crawl_id = w.crawl_id",
        {"w.name": "CASE WHEN w.name LIKE k.site || '-%' THEN w.name ELSE k.site || '-…' END"},
        "its crawl",
    ),
    Agreement(
        "listing",
        "'listing ' || l.listing_id",
        "listing l JOIN section s ON s.section_id = l.section_id"
        " JOIN crawl f ON f.crawl_id = l.first_crawl JOIN crawl k ON k.crawl_id = l.last_crawl",
        {
            "l.first_crawl": "CASE f.site WHEN s.site THEN min(l.first_crawl, l.last_crawl) END",
            "l.last_crawl": "CASE k.site WHEN s.site THEN l.last_crawl END",
        },
        "its section and its other crawl",
    ),
    *(
        Agreement(
            "listing",
            "'listing ' || l.listing_id",
            f"listing l JOIN crawl k ON k.crawl_id = l.{end}_crawl",
            {f"l.{end}_seen_at": _LIST_SEEN.format(end)},
            "the captures of its crawl",
            only=f"{_KNOWN.format('k')} AND l.{end}_crawl IN ({_CAPTURED_CRAWLS})",
        )
        for end in ("first", "last")
    ),
    Agreement(
        "absence",
        "'absence ' || b.absence_id || ' of article ' || b.article_id",
        "absence b JOIN article a ON a.article_id = b.article_id JOIN crawl k ON k.crawl_id = b.last_crawl",
        {"b.last_look_at": _LOOKED.format("b.last_look_at", "b.last_look_at")},
        "the captures of its last crawl",
        only=f"{_KNOWN.format('k')} AND {_WAS_CAPTURED}",
    ),
    Agreement(
        "absence",
        "'absence ' || b.absence_id || ' of article ' || b.article_id",
        "absence b JOIN article a ON a.article_id = b.article_id JOIN crawl k ON k.crawl_id = b.last_crawl",
        {
            "b.since": "min(b.since, b.last_look_at, coalesce(b.returned_at, b.since))",
            "b.gone_at": "max(b.gone_at, b.since)",
            "b.reason": "CASE WHEN b.reason NOT LIKE 'HTTP ___' OR (b.last_crawl, CAST(substr(b.reason, 6) AS INTEGER))"
            " IN (SELECT crawl_id, status FROM capture) THEN b.reason END",
        },
        "its other columns and the captures of its last crawl",
        only=f"{_KNOWN.format('k')} AND {_WAS_CAPTURED}",
    ),
    Agreement(
        "absence",
        "'absence ' || b.absence_id || ' of article ' || b.article_id",
        "absence b JOIN article a ON a.article_id = b.article_id",
        {"b.returned_at": _SEEN.format("b.returned_at")},
        "the captures of the article",
        only=f"b.returned_at IS NOT NULL AND {_WAS_CAPTURED}"
        f" AND NOT EXISTS (SELECT 1 FROM crawl k WHERE k.site = a.site AND NOT {_KNOWN.format('k')})",
    ),
    Agreement(
        "media_address",
        "m.url",
        "media_address m JOIN capture c ON c.capture_id = m.capture_id",
        {"m.url": "c.url", "c.kind": "'media'", "c.status": "200"},
        "the capture of its bytes",
    ),
    Agreement(
        "failure",
        "'failure ' || f.failure_id",
        "failure f LEFT JOIN capture c ON c.capture_id = f.capture_id",
        {
            "f.first_crawl": "min(f.first_crawl, f.last_crawl)",
            "f.attempts": "min(f.attempts, f.last_crawl - f.first_crawl + 1)",
            "f.last_crawl": "coalesce(c.crawl_id, f.last_crawl)",
        },
        "its other columns and the capture of the page",
    ),
    Agreement(
        "held",
        "'held ' || h.held_id",
        "held h JOIN capture c ON c.capture_id = h.capture_id",
        {"h.crawl_id": "c.crawl_id", "h.seen_at": "c.captured_at", "h.site": "c.site", "h.key": "c.key"},
        "the capture it was read from",
    ),
    Agreement(
        "crawl_section",
        "'crawl ' || x.crawl_id || ', section ' || x.section_id",
        "crawl_section x JOIN crawl k ON k.crawl_id = x.crawl_id JOIN section s ON s.section_id = x.section_id",
        {"s.site": "k.site"},
        "its crawl",
    ),
)
"""Held to be true of every archive, whoever wrote it: a crawl, ``reparse``, an import, an earlier version."""
