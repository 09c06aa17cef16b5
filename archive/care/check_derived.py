"""Check of the rows against the evidence: every version is what its capture gives when it is read again.

Digests are made of what stands beside them, so whoever changes a text can make them anew; the page that was captured
says what it always said.  How pages are read is for the caller to know (``Scope.derive``).

A reading changes with the program and with the site's profile.  Both are recorded with each crawl and ``reparse``: only
where they are the very ones of now is a difference another hand's, and a fault.  Elsewhere it cannot be told, and is
said to be open.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from archive.care.agreement import REPARSE
from archive.care.findings import SHOWN, Found, Level, Scope, differs, first
from archive.evidence.warc_reader import WarcError
from archive.model.article import Article
from archive.model.derived import Derive, Derived
from archive.model.wording import plural
from archive.store.archive import Archive
from archive.store.articles import FIRST, change_columns, part_rows, version_columns
from archive.store.versions import article_columns, compare, content_sha256, version_fields

_BY_HAND = "restore the file from a copy; look at zhijiang explain, and who could write to the file"
_OTHERWISE = f"zhijiang reparse shows every such field; if they are better so, {REPARSE}"


def check_derived(archive: Archive, scope: Scope) -> Found:
    """Every version is what its capture gives when it is read again."""
    if scope.derive is None:
        yield Level.OPEN, "nothing was derived again", "run it as zhijiang check"
        return
    derive = scope.derive(archive)
    rows = archive.connection.execute(
        "SELECT v.version_id, v.capture_id FROM article_version v JOIN capture c ON c.capture_id = v.capture_id"
        " WHERE c.warc_id IS NOT NULL ORDER BY c.warc_id, c.warc_offset"
    ).fetchall()
    if scope.sample is not None and scope.sample < len(rows):
        rows = random.sample(rows, scope.sample)
    yield from first(_found(archive, derive, rows), "versions")
    untold: dict[str, list[int]] = {_NOT_KEPT: [], _NOT_GIVEN: []}
    yield from first(_lists(archive, derive, scope, untold), "entries of lists")
    for why, entries in untold.items():
        if entries:
            shown = ", ".join(map(str, entries[:SHOWN]))
            yield (
                Level.OPEN,
                f"{len(entries)} {plural(len(entries), 'entries of lists were', 'entry of a list was')} held against nothing, {why}: listing {shown}",
                _LOOK,
            )


def _found(archive: Archive, derive: Derive, rows: list[tuple[int, int]]) -> Found:
    for version_id, capture in rows:
        version = next(archive.rows("SELECT * FROM article_version WHERE version_id = ?", [version_id]))
        row = f"article {version['article_id']}, version {version['number']}"
        told: tuple[Derived, list[str]] | None = None
        try:
            for derived in derive.article(capture, version["title"]):
                problems = _problems(archive, version, derived)
                if not problems:
                    told = None
                    break
                if told is None or len(problems) < len(told[1]):
                    told = derived, problems
        except WarcError:
            continue  # told by the check of captures
        if told is None:
            continue
        derived, problems = told
        what = f"{row}: capture {capture} does not give what is stored: {'; '.join(problems[:_MOST])}"
        if len(problems) > _MOST:
            what += f"; and {len(problems) - _MOST} more fields"
        yield _told(what, is_same=derived.is_same_reading)


def _change(archive: Archive, version: dict[str, Any], article: Article) -> dict[str, Any]:
    """Return what a version's row says of the change from the one before it."""
    where = [version["article_id"], version["number"] - 1]
    sql = "SELECT * FROM article_version WHERE article_id = ? AND number = ?"
    before = next(iter(archive.rows(sql, where)), None)
    if before is None:
        return change_columns(FIRST)
    looked_at = (before["seen_at"], article.fetched_at)
    fields = version_fields(article)
    change = compare(before, fields, looked_at=looked_at)
    if version["changed"] != change_columns(change)["changed"]:  # two prints of one date are no change
        change = compare(before, fields, looked_at=looked_at, same_date=True)
    return change_columns(change)


_MOST = 4
"""Fields of a version that are named one by one."""


_NOT_KEPT = "as no list page of the moment was kept"
_NOT_GIVEN = "as the list page that showed them last does not give them again"
_LOOK = "seals tell whether they were changed since; zhijiang explain shows how a page is read now"


def _lists(archive: Archive, derive: Derive, scope: Scope, untold: Mapping[str, list[int]]) -> Found:
    """Every entry is what the list page prints that showed it last.

    ``untold``: takes the entries that cannot be held against one, by the reason.
    """
    execute = archive.connection.execute
    entries = defaultdict(list)
    columns = ", ".join(f"l.{name}" for name in _PRINTED)
    for listing, crawl, at, *values in execute(
        f"SELECT l.listing_id, l.last_crawl, l.last_seen_at, {columns} FROM listing l"
    ):
        entries[crawl, at].append((listing, values))
    pages = defaultdict(list)
    for capture, crawl, at in execute(
        "SELECT capture_id, crawl_id, captured_at FROM capture WHERE kind = 'section' AND warc_id IS NOT NULL"
        " AND status IN (200, 304) ORDER BY warc_id, warc_offset"
    ):
        if (crawl, at) in entries:
            pages[crawl, at].append(capture)
    untold[_NOT_KEPT].extend(
        sorted(number for moment, rows in entries.items() if moment not in pages for number, _ in rows)
    )
    seen = list(pages)
    if scope.sample is not None and scope.sample < len(seen):
        seen = random.sample(seen, scope.sample)
    for moment in seen:
        yield from _entries(derive, pages[moment], entries[moment], untold[_NOT_GIVEN])


_PRINTED = ("key", "url", "title", "date_raw", "date_on")
"""Columns of ``listing`` that a list page tells."""


def _entries(
    derive: Derive, captures: list[int], entries: list[tuple[int, list[Any]]], not_given: list[int]
) -> Found:
    """Hold the entries that were seen at one moment against the list pages captured then.

    ``not_given``: takes those that are in none of them, as far as they can be read again.
    """
    printed = defaultdict(list)
    for capture in captures:
        try:
            for reading in derive.listing(capture):
                for entry in reading.entries:
                    values = [getattr(entry, name) for name in _PRINTED]
                    printed[entry.key].append((values, capture, reading.is_same_reading))
        except WarcError:
            continue  # told by the check of captures
    for listing, values in entries:
        found = printed[values[0]]
        if not found:
            not_given.append(listing)
        if not found or any(values == read for read, _, _ in found):
            continue
        read, capture, is_same = found[0]
        differ = [
            differs(f"listing {listing}", name, value, wanted, f"capture {capture}")
            for name, value, wanted in zip(_PRINTED, values, read, strict=True)
            if value != wanted
        ]
        yield _told("; ".join(differ), is_same=is_same)


def _told(what: str, *, is_same: bool) -> tuple[Level, str, str]:
    if is_same:
        return Level.FAULT, f"{what}.  The same program and profile wrote it: somebody changed it", _BY_HAND
    return Level.OPEN, f"{what}.  Changed by hand, or read otherwise by this version", _OTHERWISE


def _problems(archive: Archive, version: dict[str, Any], derived: Derived) -> list[str]:
    if derived.article is None:
        return [f"it gives no article ({derived.reason})"]
    return [
        differs(row, column, value, wanted, "the capture")
        for row, column, value, wanted in _differences(archive, version, derived.article)
        if value != wanted
    ]


def _differences(
    archive: Archive, version: dict[str, Any], article: Article
) -> Iterator[tuple[str, str, Any, Any]]:
    """Yield row, column, stored and derived value of all that an article tells of a version, and of its own rows."""
    for column, wanted in version_columns(article, content_sha256(article)).items():
        yield "article_version", column, version[column], wanted
    number = version["article_id"]
    for column, wanted in _change(archive, version, article).items():
        yield "article_version", column, version[column], wanted
    stored = next(archive.rows("SELECT * FROM article WHERE article_id = ?", [number]))
    if stored["version"] != version["number"]:
        return
    for column, wanted in article_columns(article).items():
        yield "article", column, stored[column], wanted
    for table, rows in part_rows(article).items():
        kept = list(archive.rows(f"SELECT * FROM {table} WHERE article_id = ? ORDER BY seq", [number]))
        if len(kept) != len(rows):
            yield table, "number of rows", len(kept), len(rows)
            continue
        for old, new in zip(kept, rows, strict=True):
            for column, wanted in new.items():
                yield f"{table} {old['seq']}", column, old[column], wanted
