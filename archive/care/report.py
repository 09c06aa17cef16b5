"""四性检测报告: what the checks found, as the page that an archive office files.  Nothing here decides anything."""

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, PackageLoader

from archive.care.check import CHECKS, Examination, Scope
from archive.care.findings import Finding, Level
from archive.care.four_properties import ITEMS, Item, Outcome, Property, outcome
from archive.digests import file_sha256
from archive.language import told_in
from archive.store.archive import Archive
from archive.store.read import site_titles
from archive.times import local_time

_LEVELS = {Level.FAULT: "问题", Level.OPEN: "未定", Level.NOTE: "说明"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a report says of the archive beside the findings."""

    titles: Sequence[str]
    """What its sites call themselves."""
    file: str
    """Name of the file."""
    bytes: int
    sha256: str
    schema: int
    holds: Mapping[str, int]
    """What → how many."""
    counted: Mapping[str, int]
    """SQL of ``ITEMS`` → how many."""


_HOLDS = {
    "文章": "SELECT count(*) FROM article",
    "版本": "SELECT count(*) FROM article_version",
    "采集记录": "SELECT count(*) FROM capture",
    "证据文件": "SELECT count(*) FROM warc_file",
    "证据文件字节": "SELECT coalesce(sum(bytes), 0) FROM warc_file",
}


def report_of(path: Path, scope: Scope, examined: Examination) -> str:
    """Return the report of an archive that was examined, HTML.  Raises ``ArchiveError``, ``OSError``."""
    return render_report(read_facts(path), scope, examined)


def tally(examined: Examination) -> Mapping[Outcome, int]:
    """Return how many items of a report came out how, every outcome named."""
    found = Counter(outcome(item, examined.findings, examined.done, frozenset(CHECKS))[0] for item in ITEMS)
    return {kind: found[kind] for kind in Outcome}


def read_facts(path: Path) -> Facts:
    """Read what a report says of an archive; what of a damaged one cannot be read is left out."""
    with Archive.read(path) as archive:
        counted = {sql: _count(archive, sql) for item in ITEMS for _, sql in item.counts}
        holds = {what: _count(archive, sql) for what, sql in _HOLDS.items()}
        try:
            titles = list(site_titles(archive).values())
        except (sqlite3.DatabaseError, ValueError):
            titles = []
        return Facts(
            titles,
            path.name,
            path.stat().st_size,
            file_sha256(path),
            archive.connection.execute("PRAGMA user_version").fetchone()[0],
            {what: number for what, number in holds.items() if number is not None},
            {sql: number for sql, number in counted.items() if number is not None},
        )


def _count(archive: Archive, sql: str) -> int | None:
    try:
        return int(archive.connection.execute(sql).fetchone()[0])
    except sqlite3.DatabaseError:
        return None


@dataclass(frozen=True, slots=True)
class _Row:
    item: Item
    number: str
    outcome: Outcome
    reason: str


def render_report(facts: Facts, scope: Scope, examined: Examination) -> str:
    """Return the report as one HTML page without scripts and without anything from outside."""
    rows = [_row(item, facts, scope, examined) for item in ITEMS]
    environment = Environment(
        loader=PackageLoader("archive.care", "report_files"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["in_chinese"] = partial(told_in, "zh")  # whatever the run speaks
    return environment.get_template("report.html").render(
        facts=facts,
        groups=[(kind, [row for row in rows if row.item.property is kind]) for kind in Property],
        totals=tally(examined),
        findings=_by_item(rows, examined.findings),
        levels=_LEVELS,
        sample=scope.sample,
        against=scope.against,
        at=local_time(scope.now.isoformat()),
        software=f"zhijiang {version('zhijiang')}",
    )


def _row(item: Item, facts: Facts, scope: Scope, examined: Examination) -> _Row:
    found, reason = outcome(item, examined.findings, examined.done, frozenset(CHECKS))
    numbers = [(what, facts.counted[sql]) for what, sql in item.counts if sql in facts.counted]
    told = "，".join(f"{what} {_of(number, item, scope)}" for what, number in numbers)
    return _Row(item, told if frozenset(item.checks) & frozenset(CHECKS) else "", found, reason)


def _of(number: int, item: Item, scope: Scope) -> str:
    if item.is_sampled and scope.sample is not None and scope.sample < number:
        return f"{number} 抽 {scope.sample}"
    return str(number)


def _by_item(rows: Sequence[_Row], findings: Sequence[Finding]) -> list[tuple[str, list[Finding]]]:
    """Return the findings under the item that they belong to, with its number in the report."""
    found = [
        (f"{number}　{row.item.name}", [finding for finding in findings if finding.check in row.item.checks])
        for number, row in enumerate(rows, 1)
    ]
    return [(title, those) for title, those in found if those]
