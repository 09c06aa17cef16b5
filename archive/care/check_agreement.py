"""Checks of rows against rows: whoever alters one place by hand contradicts another."""

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from archive.care.agreement import AGREEMENTS, REPARSE, Agreement
from archive.care.findings import RESTORE, Found, Level, Scope, differs, first
from archive.model.article import Role, count_characters
from archive.store.archive import Archive
from archive.store.counts import miscounted
from archive.store.dictionary import entries
from archive.store.likeness import text_sha256
from archive.store.schema import STEPS


def check_agreement(archive: Archive, _scope: Scope) -> Found:
    """What is written in several places is the same in all of them."""
    for agreement in AGREEMENTS:
        yield from first(_disagreeing(archive, agreement), f"rows of {agreement.table}")
    yield from first(_parts(archive, "credit", ("label", "role", "name", "org"), "credits"), "credits")
    yield from first(_parts(archive, "image", ("url", "caption"), "images"), "pictures")
    yield from first(_counted(archive), "versions")
    for table in miscounted(archive.connection):
        yield Level.FAULT, f"{table} does not say what the rows do", "zhijiang reindex counts them again"


def _disagreeing(archive: Archive, agreement: Agreement) -> Found:
    for row, *values in archive.connection.execute(agreement.sql):
        for name, value, wanted in zip(agreement.names, values[::2], values[1::2], strict=True):
            if value != wanted:
                what = differs(row, name, value, wanted, agreement.witness)
                yield Level.FAULT, f"{agreement.table}: {what}", agreement.advice


def _parts(archive: Archive, table: str, columns: tuple[str, ...], json_column: str) -> Found:
    """Rows of an article's credits or pictures are those that its current version tells, one by one."""
    execute = archive.connection.execute
    versions = execute(
        f"SELECT a.article_id, v.{json_column} FROM article a JOIN article_version v"
        " ON v.article_id = a.article_id AND v.number = a.version ORDER BY a.article_id"
    )
    rows = execute(f"SELECT article_id, seq, {', '.join(columns)} FROM {table} ORDER BY article_id, seq")
    for article_id, told, stored in _side_by_side(versions, rows):
        wanted = json.loads(told)
        for place, (_, seq, *values) in enumerate(stored):
            if seq != place + 1:
                yield (
                    Level.FAULT,
                    f"{table}: article {article_id}: no row has the number {place + 1}",
                    REPARSE,
                )
                break
            if place >= len(wanted) or values == wanted[place]:
                continue  # how many there are is told by the check of versions
            for column, value, should in zip(columns, values, wanted[place], strict=True):
                if value != should:
                    row = f"article {article_id}, {table} {seq}"
                    yield Level.FAULT, differs(row, column, value, should, "its version"), REPARSE


def _side_by_side(
    versions: Iterable[tuple[int, str]], rows: Iterable[tuple[Any, ...]]
) -> Iterator[tuple[int, str, list[tuple[Any, ...]]]]:
    """Yield each article with its version's JSON and its rows; both are in the order of articles."""
    groups = groupby(rows, key=itemgetter(0))
    article_id, group = next(groups, (None, iter(())))
    for number, told in versions:
        while article_id is not None and article_id < number:
            article_id, group = next(groups, (None, iter(())))
        yield number, told, list(group) if article_id == number else []


def _counted(archive: Archive) -> Found:
    """Digest of what a reader sees, and number of characters, are those of the text."""
    execute = archive.connection.execute
    sql = (
        "SELECT article_id, number, text_sha256, title, body FROM article_version ORDER BY article_id, number"
    )
    for article_id, number, digest, title, body in execute(sql):
        if (wanted := text_sha256(title, body)) != digest:
            row = f"article {article_id}, version {number}"
            yield Level.FAULT, differs(row, "text_sha256", digest, wanted, "its text"), REPARSE
    for article_id, counted, body in execute("SELECT article_id, characters, body FROM article"):
        if (characters := count_characters(body)) != counted:
            row = f"article {article_id}"
            yield Level.FAULT, differs(row, "characters", counted, characters, "its text"), REPARSE


def check_crawl_counts(archive: Archive, _scope: Scope) -> Found:
    """What a crawl says that it found is what it left, and its times are those of its captures."""
    yield from first(_counts(archive), "crawls")
    rows = archive.connection.execute(
        "SELECT k.crawl_id, k.started_at, k.finished_at, min(c.captured_at), max(c.captured_at) FROM crawl k"
        " JOIN capture c ON c.crawl_id = k.crawl_id WHERE k.software <> '' GROUP BY k.crawl_id"
        " HAVING min(c.captured_at) < k.started_at OR max(c.captured_at) > k.finished_at"
    )
    yield from first(
        (
            (
                Level.OPEN,
                f"crawl {crawl} says that it ran from {began} to {ended}, its captures are of {earliest} to {latest}:"
                " the clock was set meanwhile, or somebody changed the row",
                "look whether the clock of this machine was wrong then",
            )
            for crawl, began, ended, earliest, latest in rows
        ),
        "crawls",
    )


def _counts(archive: Archive) -> Found:
    execute = archive.connection.execute
    for crawl, column, counted, found in execute(_COUNTS):
        row = f"crawl {crawl}"
        yield Level.FAULT, differs(row, column, counted, found, "the versions that it wrote"), RESTORE


# Where articles were derived again, accepted after they had been held back, or came from a package, a crawl's versions
# are others than those that it counted.
_COUNTS = """
WITH whole AS (
  SELECT * FROM crawl k WHERE outcome = 'complete' AND software <> ''
    AND NOT EXISTS (SELECT 1 FROM crawl o WHERE o.site = k.site AND o.options LIKE '%"accept": true%')
    AND NOT EXISTS (SELECT 1 FROM event WHERE type = 'metadata modification' AND detail LIKE '%"articles":%')
    AND NOT EXISTS (SELECT 1 FROM event WHERE type = 'ingestion')),
wrote AS (
  SELECT k.crawl_id, k.new, k.revised, coalesce(sum(v.number = 1), 0) AS first, coalesce(sum(v.number > 1), 0) AS later
  FROM whole k LEFT JOIN article_version v ON v.crawl_id = k.crawl_id GROUP BY k.crawl_id)
SELECT crawl_id, 'new', new, first FROM wrote WHERE new <> first
UNION ALL SELECT crawl_id, 'revised', revised, later FROM wrote WHERE revised <> later
"""


def check_words(archive: Archive, _scope: Scope) -> Found:
    """The tables that explain the file are those that this program writes."""
    execute = archive.connection.execute
    steps = [name for (name,) in execute("SELECT name FROM _sqlite_migrations ORDER BY rowid")]
    if steps != list(STEPS):
        yield Level.FAULT, "the list of schema steps is not that of this schema", RESTORE
    roles = [(role, role.group, role.english, number) for number, role in enumerate(Role, 1)]
    tables: dict[str, tuple[list[Any], list[Any]]] = {
        "data_dictionary": (execute("SELECT * FROM data_dictionary").fetchall(), list(entries())),
        "role": (execute("SELECT role, grp, english, sort FROM role").fetchall(), roles),
    }
    for table, (stored, ours) in tables.items():
        if other := set(stored) ^ set(ours):
            what = f"rows of {table} that are not those of this program: {len(other)}; changed by hand, or by another version"
            yield Level.OPEN, what, "zhijiang reindex, or any crawl, writes them anew"
