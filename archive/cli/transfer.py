"""``zhijiang transfer``."""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from archive.cli.options import archive_option
from archive.cli.output import new_file, note_event, progress_bar, refuse_taken
from archive.language import _, ngettext, told
from archive.model.event import EventType


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@archive_option
@click.option(
    "--format",
    "package",
    type=click.Choice(("bag", "da")),
    default="bag",
    show_default=True,
    help="The package beside the archive: BagIt, or the folder of an archive office (needs 档号).",
)
@click.pass_obj
def transfer(handed_down: Mapping[str, str] | None, out: Path, archive_path: Path, package: str) -> None:
    """Hand over a whole archive: one new folder with everything, checked before and after.

    Checks the archive; copies it with its WARC files; writes a package for other software from the copy; checks the
    copy and writes the report of the four properties; writes the head of the seals, a manifest and a README in
    Chinese.  Stops at the first step that fails, and leaves no folder then.  It takes about three times the space of
    the archive and its WARC files.  Restricted articles (控制, 延期开放) are in it whole.
    """
    from archive.care.check import Scope, examine
    from archive.export.handover import HEAD, README, HandoverError, first_fault, write_handover
    from archive.plugins import load
    from archive.store.archive import Archive

    refuse_taken(out, force=None, archive=archive_path)
    derive = load(handed_down["derive"]) if handed_down else None
    scope = Scope(datetime.now(UTC), derive=derive)
    examined = examine(archive_path, scope)
    if fault := first_fault(examined):
        click.echo(
            _(
                "check: {fault}.  Nothing was written; zhijiang check --report FILE tells everything.",
                fault=told(fault),
            ),
            err=True,
        )
        sys.exit(1)
    with Archive.read(archive_path) as archive:
        counted = archive.connection.execute("SELECT count(*) FROM article").fetchone()[0]
    note_event(archive_path, EventType.VALIDATION, {"for": "transfer", "folder": out.name})
    try:
        with new_file(out, force=None, archive=archive_path) as part, progress_bar() as advance:
            advance.expect(counted)
            done = write_handover(archive_path, part, out, package, scope, advance)
    except HandoverError as error:
        click.echo(_("{error}.  Nothing was left at {out}.", error=error, out=out), err=True)
        sys.exit(1)
    detail = {"folder": out.name, "package": package, "count": done.articles, "head": done.head}
    note_event(archive_path, EventType.REPLICATION, detail)
    warc_files = ngettext("{count} WARC file", "{count} WARC files", done.warc_files, count=done.warc_files)
    articles = ngettext("{count} article", "{count} articles", done.articles, count=done.articles)
    click.echo(
        _(
            "{out}: the archive with {warc_files}, {package} of {articles}, report, seal; {files} files, all in its manifest",
            out=out,
            warc_files=warc_files,
            package=package,
            articles=articles,
            files=done.files,
        )
    )
    if done.open:
        click.echo(
            ngettext(
                "  {count} thing could not be told; the report names them.",
                "  {count} things could not be told; the report names them.",
                done.open,
                count=done.open,
            )
        )
    click.echo(
        _("  {readme} says in Chinese what each is and how it is checked and restored.", readme=out / README)
    )
    click.echo(
        _(
            "  Keep this line elsewhere too ({file} holds it): it proves later that nothing was changed.",
            file=HEAD,
        )
    )
    click.echo(done.head)
