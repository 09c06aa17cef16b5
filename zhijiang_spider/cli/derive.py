"""``zhijiang explain`` and ``zhijiang reparse``."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.cli.options import archive_option
from archive.cli.output import echo_json, moment
from archive.language import _, ngettext, told
from archive.model.event import EventType
from archive.store.archive import Archive, refuse_none
from archive.store.events import save_event
from zhijiang_spider.cli.exits import EXIT_NO
from zhijiang_spider.cli.options import workers_option
from zhijiang_spider.sites.site import Site, load_site

if TYPE_CHECKING:
    from archive.model.article import Credit
    from zhijiang_spider.derive.explain import Explanation
    from zhijiang_spider.derive.reparse import Report


@click.command()
@click.argument("id_or_url")
@archive_option
@click.option("--site", "profile", default=None, help="Read with this profile instead of the last crawl's.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def explain(id_or_url: str, archive_path: Path, profile: str | None, as_json: bool) -> None:
    """Tell for each field of an article which rule found it, in what, and what was refused.

    Reads the kept page of the current version again; without network.
    """
    from archive.evidence.warc_reader import WarcError
    from zhijiang_spider.derive.article import Refused
    from zhijiang_spider.derive.explain import explain as explain_fields
    from zhijiang_spider.derive.reparse import recorded_sites

    with Archive.read(archive_path) as archive:
        sites = [load_site(profile)] if profile else recorded_sites(archive)
        try:
            found = explain_fields(archive, id_or_url, sites)
        except (WarcError, Refused) as error:
            raise click.ClickException(told(str(error))) from error
    if found is None:
        raise click.ClickException(
            _(
                "{id_or_url}: no such article in {archive_path}, or no page of it was kept",
                id_or_url=id_or_url,
                archive_path=archive_path,
            )
        )
    if as_json:
        echo_json(json.loads(json.dumps(dataclasses.asdict(found))))
    else:
        click.echo(_explanation_text(found))


def _explanation_text(found: Explanation) -> str:
    capture = found.capture
    lines = [
        f"{found.article_id}  {found.article.title}",
        _(
            "capture {number}: {at}  HTTP {status}  {url}",
            number=capture["capture_id"],
            at=moment(capture["captured_at"]),
            status=capture["status"],
            url=capture["url"],
        ),
        _(
            "  {file}, byte {offset}, {length} bytes",
            file=capture["file"],
            offset=capture["warc_offset"],
            length=capture["warc_length"],
        ),
        _("  payload sha256 {digest}", digest=capture["payload_sha256"]),
    ]
    for choice in found.choices:
        value = excerpt(choice.value) or "-"
        rule_of = told(choice.rule) if choice.rule else _("not found")
        lines += [
            "",
            _("{field}: {value}", field=_(choice.field), value=value),
            _("  found as: {rule}", rule=rule_of),
        ]
        lines += [
            _("  refused:  {text}  ({rule})", text=excerpt(text), rule=told(rule))
            for rule, text in choice.refused
        ]
    lines += ["", _("credits:")]
    lines += [_credit_line(credit) for credit in found.article.credits] or [_("  none")]
    lines += ["", _("lists:")]
    lines += [_listed_line(row) for row in found.listed] or [_("  none")]
    if found.stale:
        stale = ", ".join(map(_, found.stale))
        lines += [
            "",
            _("Stored otherwise: {fields}; zhijiang reparse --apply brings it up to date.", fields=stale),
        ]
    return "\n".join(lines)


def _credit_line(credit: Credit) -> str:
    return _(
        "  {role}  {name}  printed as {label}, {position}, rule {rule}",
        role=credit.role,
        name=credit.name,
        label=credit.label or _("a bare name"),
        position=told(credit.position),
        rule=_(credit.rule),
    )


def _listed_line(row: Mapping[str, Any]) -> str:
    line = _(
        "  {section}, page {page}  {url}  read by {reader}",
        section=row["section"],
        page=row["page"],
        url=row["url"],
        reader=told(row["reader"] or "?"),
    )
    if row["pager"]:
        line += _(", goes on by {pager}", pager=told(row["pager"]))
    if row["stop"] == "unread":
        line += _(", not understood whole")
    return line + f"\n    {excerpt(row['title'])}  {row['date_raw']}".rstrip()


def excerpt(text: str, length: int = 80) -> str:
    """Return the beginning of a text in one line, with its length where it is cut."""
    line = text.replace("\n", "⏎")
    return (
        line
        if len(line) <= length
        else _("{text}… ({count} characters)", text=line[:length], count=len(line))
    )


@click.command()
@archive_option
@click.option(
    "--apply", "apply_changes", is_flag=True, help="Write the changes; without it they are only told."
)
@click.option(
    "--site",
    "profile",
    default=None,
    help="Read with this profile (name or .toml file) instead of the one of the last crawl.",
)
@workers_option
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def reparse(
    archive_path: Path, apply_changes: bool, profile: str | None, workers: int | None, as_json: bool
) -> None:
    """Derive every article again from its captures in the WARC files, without network.

    For when the program reads pages better than it did.  Tells which fields of how many articles change;
    with --apply writes them.  What people decided (appraisal) is never touched.  Can be stopped and begun
    again; a second run changes nothing.
    """
    from archive.care.check_seals import sealed_otherwise
    from archive.care.evidence import lost_evidence
    from archive.store.crawls import close_killed_crawls
    from archive.store.lock import writer_lock
    from zhijiang_spider.derive.reparse import recorded_sites

    refuse_none(archive_path)  # before there is a lock beside it
    with writer_lock(archive_path), Archive.open(archive_path, create=False) as archive:
        close_killed_crawls(archive)
        if apply_changes:
            archive.altered = sealed_otherwise(archive)
        sites = [load_site(profile)] if profile else recorded_sites(archive)
        reports = {site.name: _reparse(archive, site, apply_changes, workers) for site in sites}
        lost = lost_evidence(archive)
        if apply_changes:
            save_event(
                archive,
                EventType.METADATA_MODIFICATION,
                {site.name: _event(site, reports[site.name]) for site in sites},
            )
    if as_json:
        echo_json({name: dataclasses.asdict(report) for name, report in reports.items()})
    else:
        for name, report in reports.items():
            _print_reparse(name, report, applied=apply_changes)
    for trouble in lost:
        click.echo(f"  ! {told(trouble)}", err=True)
    if lost or (not as_json and any(report.problems for report in reports.values())):
        sys.exit(EXIT_NO)


def _event(site: Site, report: Report) -> dict[str, Any]:
    """Return what an event tells of a report."""
    from zhijiang_spider.derive.reading import profile_digest, reading

    return {
        "reading": reading(),
        "profile": profile_digest(json.loads(site.declared)),
        "articles": report.articles,
        "changed": report.changed,
        "new": report.new,
        "fields": report.fields,
        "problems": len(report.problems),
    }


def _reparse(archive: Archive, site: Site, apply_changes: bool, workers: int | None) -> Report:
    from zhijiang_spider.derive.reparse import reparse as rederive
    from zhijiang_spider.derive.workers import default_workers

    most = default_workers() if workers is None else workers
    if not sys.stderr.isatty():
        return rederive(archive, site, apply=apply_changes, workers=most)
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task(site.name, total=None)
        return rederive(
            archive, site, apply=apply_changes, workers=most, on_article=lambda: progress.advance(task)
        )


def _print_reparse(name: str, report: Report, *, applied: bool) -> None:
    again = ngettext(
        "{name}: {count} article read again from its captures",
        "{name}: {count} articles read again from their captures",
        report.articles,
        name=name,
        count=report.articles,
    )
    if applied:
        came = _("{changed} changed, {new} are new", changed=report.changed, new=report.new)
    else:
        came = _("{changed} would change, {new} would be new", changed=report.changed, new=report.new)
    click.echo(f"{again}; {came}")
    for field_name, count in report.fields.most_common():
        click.echo(f"  {field_name}: {count}")
        for sample in report.samples[field_name]:
            before, after = _excerpts(sample.before, sample.after)
            click.echo(
                f"    {sample.article_id}  - {before}\n    {' ' * len(str(sample.article_id))}  + {after}"
            )
    for problem in report.problems:
        click.echo(f"  ! {told(problem)}", err=True)
    if not applied and (report.changed or report.new):
        click.echo(_("Nothing was written; --apply writes it."))


def _excerpts(before: str, after: str, length: int = 60) -> tuple[str, str]:
    """Return both texts from shortly before their first difference, on one line each."""
    pairs = enumerate(zip(before, after, strict=False))
    same = next((place for place, (old, new) in pairs if old != new), min(len(before), len(after)))
    start = max(0, same - length // 3)
    texts = (text[start : start + length].replace("\n", "⏎") for text in (before, after))
    first, second = (f"{'…' if start else ''}{text}" for text in texts)
    return first, second
