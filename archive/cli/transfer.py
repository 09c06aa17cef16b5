"""``zhijiang transfer``."""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from archive.cli.options import archive_option
from archive.cli.output import new_file, note_event, progress_bar, refuse_taken
from archive.model.event import EventType
from archive.model.wording import plural


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
            f"check: {fault}.  Nothing was written; zhijiang check --report FILE tells everything.", err=True
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
        click.echo(f"{error}.  Nothing was left at {out}.", err=True)
        sys.exit(1)
    detail = {"folder": out.name, "package": package, "count": done.articles, "head": done.head}
    note_event(archive_path, EventType.REPLICATION, detail)
    untold = (
        f"  {done.open} thing{plural(done.open)} could not be told; the report names them.\n"
        if done.open
        else ""
    )
    click.echo(
        f"{out}: the archive with {done.warc_files} WARC file{plural(done.warc_files)}, {package} of {done.articles}"
        f" article{plural(done.articles)}, report, seal;"
        f" {done.files} files, all in its manifest\n"
        f"{untold}"
        f"  {out / README} says in Chinese what each is and how it is checked and restored.\n"
        f"  Keep this line elsewhere too ({HEAD} holds it): it proves later that nothing was changed.\n{done.head}"
    )
