"""``zhijiang status`` and ``zhijiang check``."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.cli.options import age, archive_option
from archive.cli.output import console, echo_json, moment, new_file, note_event, print_table, refuse_taken
from archive.language import _, ngettext, noted, told
from archive.model.event import EventType
from archive.store.archive import Archive
from archive.store.errors import ArchiveError
from archive.times import local_time

if TYPE_CHECKING:
    from rich.console import Console

    from archive.care.status import Status


@click.command()
@archive_option
@click.option(
    "--max-age",
    callback=age,
    metavar="AGE",
    help="Fail when no complete crawl ended within this time, such as 26h.",
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def status(archive_path: Path, max_age: timedelta | None, as_json: bool) -> None:
    """Show the last crawls, what the lists show and the archive does not hold, and what is wrong.

    Exit status 1 when something is wrong.
    """
    from archive.care.status import read_status

    with Archive.read(archive_path) as archive:
        found = read_status(archive, now=datetime.now(UTC), max_age=max_age)
    if as_json:
        echo_json(
            {
                "articles": found.articles,
                "crawls": found.crawls,
                "sections": found.sections,
                "missing_count": found.missing_count,
                "missing": found.missing,
                "unknown_labels": found.unknown_labels,
                "notes": found.notes,
                "troubles": found.troubles,
                "since": found.since,
            }
        )
    else:
        print_status(console(), found, archive_path)
    if found.troubles:
        sys.exit(1)


@click.command()
@archive_option
@click.option("--sample", type=click.IntRange(1), help="Read back only so many captures, chosen at random.")
@click.option(
    "--max-age",
    callback=age,
    metavar="AGE",
    help="Fail when no complete crawl ended within this time, such as 26h.",
)
@click.option(
    "--against",
    multiple=True,
    metavar="HEAD",
    help="A head that was kept outside (what zhijiang seal prints, or a file that holds it): fail when the archive has no such seal.",
)
@click.option(
    "--evidence",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Where the WARC files are now, when the archive was moved away from them.",
)
@click.option("--record", is_flag=True, help="Note the result in the table event.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.html",
    help="Write a report of the four properties (四性检测, after DA/T 70), in Chinese, for printing on A4.",
)
@click.option("--force", is_flag=True, help="Replace the report if it is there.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.pass_obj
def check(
    handed_down: Mapping[str, str] | None,
    archive_path: Path,
    sample: int | None,
    max_age: timedelta | None,
    against: tuple[str, ...],
    evidence: Path | None,
    record: bool,
    report: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Check everything: the file, its tables and views, seals, the search index, versions, WARC files, every capture.

    Rows are held against each other and against the WARC files, and every version is derived again from its
    capture.  One line a finding, what is wrong and what to do about it.  Writes nothing, unless --record or
    --report asks for it.  Exit status 1 when something is wrong.
    """
    from archive.care.check import CHECKS, Level, Scope, examine
    from archive.care.check_seals import NOT_SEALED, sealed_since
    from archive.cli.pasted import given_options, pasted
    from archive.plugins import load

    if report is not None:
        refuse_taken(report, force=force, archive=archive_path)
    derive = load(handed_down["derive"]) if handed_down else None
    kept = tuple(head for given in against for head in _heads(given))
    scope = Scope(datetime.now(UTC), sample, max_age, kept, evidence, derive)
    examined = examine(archive_path, scope)
    findings = examined.findings
    faults = [finding for finding in findings if finding.level is Level.FAULT]
    if record:
        detail = {"sample": sample, "findings": [asdict(finding) for finding in findings]}
        note_event(archive_path, EventType.VALIDATION, detail, success=not faults)
    if report is not None:
        from archive.care.four_properties import Outcome
        from archive.care.report import report_of, tally

        with new_file(report, force=force, archive=archive_path) as part:
            part.write_text(report_of(archive_path, scope, examined), encoding="utf-8", newline="\n")
        items = tally(examined)
        click.echo(
            _(
                "{report}: written; of its {items} items, which {checks} checks look at, {passed} passed,"
                " {failed} failed, {untested} not tested",
                report=report,
                items=sum(items.values()),
                checks=len(CHECKS),
                passed=items[Outcome.PASSED],
                failed=items[Outcome.FAILED],
                untested=items[Outcome.UNTESTED],
            ),
            err=True,
        )
    if as_json:
        seals = {"since": sealed_since(archive_path), "not_sealed": NOT_SEALED, "against": kept}
        echo_json(
            {"right": not faults, "findings": [asdict(finding) for finding in findings], "seals": seals}
        )
    else:
        again = given_options(archive_path, _only_site(archive_path))
        for finding in findings:
            click.echo(
                _(
                    "{level}  {check}: {finding}",
                    level=_(finding.level),
                    check=_(finding.check),
                    finding=pasted(f"{told(finding.what)} -> {told(finding.advice)}", again),
                )
            )
        if since := sealed_since(archive_path):
            click.echo(
                _(
                    "Seals speak from {since} and prove nothing before; they do not cover {not_sealed}.",
                    since=moment(since),
                    not_sealed=told(NOT_SEALED),
                )
            )
        if not any(f.check == "seals" and f.level is Level.FAULT for f in findings):
            for head in kept:
                click.echo(
                    _(
                        "{head}: the archive has this seal, and what lies under it is what was sealed",
                        head=head,
                    )
                )
        if not faults:
            passed = _(
                "{archive_path}: all {count} checks passed", archive_path=archive_path, count=len(CHECKS)
            )
            is_open = any(f.level is Level.OPEN for f in findings)
            untold = _(" (what is open was not tested, or cannot be told)") if is_open else ""
            click.echo(f"{passed}{untold}")
    if faults:
        sys.exit(1)


def _heads(given: str) -> list[str]:
    """Return the heads that an option tells or that are in the file that it names."""
    from archive.seal.told import heads_in

    found = heads_in(given)
    if not found and Path(given).is_file():
        found = heads_in(Path(given).read_text("utf-8", errors="replace"))
    if not found:
        raise click.UsageError(
            _("{given}: no head (64 hexadecimal digits) and no file that holds one", given=given)
        )
    return found


def print_status(out: Console, found: Status, archive_path: Path) -> None:
    """Print the state of an archive for people."""
    from archive.cli.pasted import given_options, pasted

    articles = ngettext("{count} article", "{count} articles", found.articles, count=found.articles)
    if found.sites:
        articles = _("{articles} of {sites}", articles=articles, sites=", ".join(found.sites))
    out.print(f"{archive_path}: {articles}", soft_wrap=True)
    sites = {"site": noted("site")} if len({row["site"] for row in found.crawls}) > 1 else {}
    shown = {**sites, **_CRAWL_COLUMNS}
    for title, rows, columns in (
        (_("Last crawls (Beijing time)"), found.crawls, shown),
        (_("Sections"), found.sections, _SECTION_COLUMNS),
    ):
        if rows:
            names = [*map(_, columns.values())]
            print_table(out, title, _cells(rows, columns), names, always=frozenset(map(_, _WRONG)))
    if found.crawls and not found.sections:
        out.print(_("Sections: none is known yet, for no list page of one was read."), soft_wrap=True)
    if found.missing_count:
        out.print(
            _("Listed and not archived: {missing_count}", missing_count=found.missing_count), soft_wrap=True
        )
        for row in found.missing:
            out.print(
                f"  {row['题名']}  {row['网址']}  {told(row['原因'] or 'not read yet')}", soft_wrap=True
            )
    if found.vanished:
        counted = ", ".join(f"{number} {state}" for state, number in found.vanished.items())
        listed = _(" and ").join(
            pasted(f"zhijiang search 状态:{state}", given_options(archive_path, ""))
            for state in found.vanished
        )
        out.print(
            _(
                "No more on the site: {counted}; view 已消失, or {listed}, lists them.",
                counted=counted,
                listed=listed,
            ),
            soft_wrap=True,
        )
    if found.unknown_labels:
        labels = ", ".join(f"{row['标签']} ({row['次数']})" for row in found.unknown_labels)
        out.print(_("Credit labels the role table does not know: {labels}", labels=labels), soft_wrap=True)
    for note in found.notes:
        out.print(_told(note, found, archive_path), soft_wrap=True)
    for trouble in found.troubles:
        begun = found.since.get(trouble)
        since = _("  (since {at})", at=moment(begun)) if begun else ""
        out.print(f"! {_told(trouble, found, archive_path)}{since}", soft_wrap=True)
    if not found.troubles:
        out.print(_("All is well."))


def _only_site(archive_path: Path) -> str:
    """Return what ``--site`` is given for the site of an archive, "" where that is not known: none, several, no archive."""
    from archive.store.crawl_records import site_arguments

    with suppress(ArchiveError), Archive.read(archive_path) as archive:
        arguments = [*site_arguments(archive).values()]
        return arguments[0] if len(arguments) == 1 else ""
    return ""


def _told(sentence: str, found: Status, archive_path: Path) -> str:
    """Return a sentence with its commands whole.  Of several sites it begins with the name of the one it is about."""
    from archive.cli.pasted import given_options, pasted

    sites = found.sites
    named = [site for site in sites if len(sites) == 1 or sentence.startswith(f"{site}: ")]
    return pasted(told(sentence), given_options(archive_path, sites[named[0]] if named else ""))


_CRAWL_COLUMNS = {
    "crawl_id": noted("crawl"),
    "started_at": noted("started"),
    "finished_at": noted("ended"),
    "outcome": noted("outcome"),
    "listed": noted("listed"),
    "new": noted("new"),
    "revised": noted("revised"),
    "unchanged": noted("unchanged"),
    "failed": noted("failed"),
}


_SECTION_COLUMNS = {
    "栏目": noted("section"),
    "代码": noted("slug"),
    "列出": noted("listed"),
    "已存": noted("archived"),
    "未存": noted("missing"),
    "最早": noted("oldest"),
    "最晚": noted("newest"),
    "末次新页": noted("last new page"),
    "停止原因": noted("walk ended"),
    "列表读法": noted("list"),
    "翻页方式": noted("pager"),
    "页数": noted("pages"),
    "自称页数": noted("said pages"),
    "自称条数": noted("said entries"),
}


_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_WRONG = frozenset(("outcome", "failed", "missing"))
"""Columns that tell what is wrong: on a narrow terminal too."""


def _cells(rows: list[dict[str, Any]], columns: dict[str, str]) -> list[list[str]]:
    """Return the values of some columns as text: a moment by the reader's clock, "-" for none."""
    values = ([_cell(name, row[name]) for name in columns] for row in rows)
    return [
        [local_time(text) if _UTC.fullmatch(text := str(value)) else text for value in row] for row in values
    ]


def _cell(column: str, value: Any) -> str:
    if value in (None, ""):
        return "-"
    return _(value) if column == "outcome" else told(str(value))
