"""Which rows are sealed and what of them: one kind a table, read as ``archive.seal.leaves.Row``.

What a kind seals is never changed, else the seals of every archive would fail: what a later schema adds to a table is a
kind of its own.  Left out is what every crawl rewrites (last seen, last look, place in a list, the state of sections), what is work in
progress (failure, held, trouble) and what other rows tell (an article's text is that of its current version).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from archive.seal.inner import Inner
from archive.seal.leaves import BLOCK, Cells, Row, Shape


@dataclass(frozen=True, slots=True)
class Within:
    """Rows of another table that a field holds."""

    table: str
    columns: tuple[str, ...]
    keys: int = 1
    """The first columns, which name a row."""
    known: str = "WITH RECURSIVE n(seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM n WHERE seq < 300) SELECT seq FROM n"
    """SQL: keys that a row may have."""
    shown: tuple[str, ...] = ()
    """Columns that tell a reader which row it is."""
    told: str | None = None
    """Column of the article's version that tells the columns behind the first, too: a JSON array."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What of a table's rows is sealed."""

    table: str
    key: str
    """Its number: a column."""
    numbers: str
    """Plain fields that hold whole numbers: columns, parted by blanks."""
    texts: str
    """Plain fields that hold text."""
    long: Mapping[str, str]
    """Field that may be long or hold commas → SQL of its JSON."""
    joins: str = ""
    counted: bool = True
    """New rows have higher numbers than all before them."""
    changes: bool = False
    """Writers may change a row that is sealed; its former leaf is kept then."""
    within: Mapping[str, Within] = field(default_factory=dict)
    """Field → the rows that it holds."""

    @property
    def plain(self) -> tuple[str, ...]:
        """The names of the plain fields, in the order of the leaf."""
        return tuple(name.replace(".", "_").removeprefix("t_") for name in self._plain())

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of all fields, in the order of the leaf."""
        return (*self.plain, *self.long)

    @property
    def shape(self) -> Shape:
        """What the rows are made of."""
        return _shape(self.plain, self.fields, tuple(self.within.items()))

    def _plain(self) -> list[str]:
        return [*self.numbers.split(), *self.texts.split()]

    def blocks(self, connection: sqlite3.Connection, first: int, last: int) -> Iterator[list[Cells]]:
        """Yield the rows with these numbers in their order, ``BLOCK`` at a time."""
        plain = [*self.numbers.split(), *(f"CAST({name} AS TEXT)" for name in self.texts.split())]
        shown = [f"t.{self.key}", f"json_array({', '.join(plain)})", *self.long.values()]
        columns = ", ".join(f"CAST({sql} AS BLOB)" for sql in shown)
        sql = (
            f"SELECT {columns} FROM {self.table} t {self.joins}"
            f" WHERE t.{self.key} BETWEEN ? AND ? ORDER BY t.{self.key}"
        )
        rows = connection.execute(sql, (first, last))
        while block := rows.fetchmany(BLOCK):
            yield block

    def rows(self, connection: sqlite3.Connection, first: int, last: int) -> Iterator[Row]:
        """Yield the rows with these numbers, in their order."""
        for block in self.blocks(connection, first, last):
            yield from (Row(self.table, cells) for cells in block)

    def row(self, connection: sqlite3.Connection, number: int) -> Row:
        """Return the row with a number as it is now, also where it is not there."""
        return next(self.rows(connection, number, number), Row(self.table, (b"%d" % number,)))


@cache
def _shape(plain: tuple[str, ...], fields: tuple[str, ...], within: tuple[tuple[str, Within], ...]) -> Shape:
    inner = tuple(Inner(fields.index(name), held.keys, len(held.columns)) for name, held in within)
    return Shape(len(plain), len(fields), inner)


def _quoted(*columns: str) -> dict[str, str]:
    return {name.removeprefix("t."): f"json_quote(CAST({name} AS TEXT))" for name in columns}


def _listed(table: str, owner: str, order: str, columns: str) -> str:
    return (
        f"(SELECT json_group_array(json_array({columns})) FROM"
        f" (SELECT {columns} FROM {table} o WHERE o.{owner} = t.{owner} ORDER BY {order}))"
    )


def _numbered(table: str, columns: str) -> str:
    """Return what belongs to an article, in the order of the index of its UNIQUE (article_id, seq): faster than sorting."""
    return (
        f"(SELECT json_group_array(json_array({columns})) FROM {table} o INDEXED BY sqlite_autoindex_{table}_1"
        " WHERE o.article_id = t.article_id)"
    )


_CREDITS = Within(
    "credit",
    ("seq", "label", "role", "name", "org", "position", "rule"),
    shown=("role", "name"),
    told="credits",
)
_IMAGES = Within("image", ("seq", "url", "caption", "paragraph"), shown=("url",), told="images")
_ATTACHMENTS = Within("attachment", ("seq", "kind", "url", "text"), shown=("url",))
_SECTIONS = Within(
    "crawl_section",
    ("section_id", "listed", "first_listed", "new", "revised", "failed", "skipped"),
    known="SELECT section_id FROM section",
)
_FIELDS = Within(
    "crawl_field",
    ("field", "section_id", "articles", "filled"),
    keys=2,
    known="SELECT f.field, s.section_id FROM (SELECT DISTINCT field FROM crawl_field) f,"
    " (SELECT section_id FROM section UNION ALL SELECT NULL) s",
)

KINDS: Mapping[str, Kind] = {
    kind.table: kind
    for kind in (
        Kind("section", "section_id", "", "t.site t.slug t.kind t.url", {}),
        Kind(
            "crawl",
            "crawl_id",
            "t.pages t.listed t.new t.revised t.unchanged t.failed",
            "t.site t.started_at t.finished_at t.outcome",
            _quoted("t.reason", "t.software", "t.options", "t.fields", "t.unknown_labels")
            | {
                "delay": "json_quote(printf('%.3f', t.delay))",
                "sections": _listed("crawl_section", "crawl_id", "section_id", ", ".join(_SECTIONS.columns)),
                "filled": _listed("crawl_field", "crawl_id", "field, section_id", ", ".join(_FIELDS.columns)),
            },
            changes=True,
            within={"sections": _SECTIONS, "filled": _FIELDS},
        ),
        Kind(
            "listing",
            "listing_id",
            "t.section_id t.first_crawl",
            "t.key t.url t.date_on t.first_seen_at",
            _quoted("t.title"),
            changes=True,
        ),
        Kind("warc_file", "warc_id", "t.crawl_id t.bytes", "t.name t.sha256", {}, changes=True),
        Kind(
            "capture",
            "capture_id",
            "t.crawl_id t.status t.payload_bytes t.revisit_of t.warc_id t.warc_offset t.warc_length",
            "t.kind t.site t.key t.url t.method t.captured_at t.payload_sha256 t.record_id t.mime t.charset"
            " t.redirect_to t.etag",
            _quoted("t.last_modified", "t.error"),
        ),
        Kind(
            "article_version",
            "version_id",
            "t.article_id t.number t.crawl_id t.capture_id t.added t.removed t.minor",
            "a.site a.key t.seen_at t.content_sha256 t.text_sha256 c.payload_sha256 c.record_id",
            _quoted("t.changed", "t.credits"),
            "LEFT JOIN article a ON a.article_id = t.article_id LEFT JOIN capture c ON c.capture_id = t.capture_id",
            changes=True,
        ),
        Kind(
            "article",
            "article_id",
            "t.version t.characters",
            "t.site t.key t.url t.kind t.published_on t.published_at t.first_seen_at",
            _quoted("t.breadcrumb", "t.source_raw")
            | {
                "credits": _numbered("credit", ", ".join(_CREDITS.columns)),
                "images": _numbered("image", ", ".join(_IMAGES.columns)),
                "attachments": _numbered("attachment", ", ".join(_ATTACHMENTS.columns)),
            },
            changes=True,
            within={"credits": _CREDITS, "images": _IMAGES, "attachments": _ATTACHMENTS},
        ),
        Kind("absence", "absence_id", "t.article_id", "t.since t.gone_at t.returned_at", {}, changes=True),
        Kind(
            "media",
            "media_id",
            "t.bytes t.width t.height t.capture_id",
            "t.sha256 t.mime",
            {},
        ),
        Kind("event", "event_id", "", "t.type t.at t.outcome", _quoted("t.agent", "t.detail")),
        Kind(
            "appraisal",
            "article_id",
            "",
            "t.archival_code t.retention t.open_flag t.decided_by t.decided_on",
            _quoted("t.security", "t.keywords", "t.abstract", "t.note"),
            counted=False,
            changes=True,
        ),
    )
}
"""Table → what of it is sealed, in the order of the leaves under a seal."""
