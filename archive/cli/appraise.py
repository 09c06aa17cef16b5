"""``zhijiang appraise``: what archivists decide."""

import re
from pathlib import Path

import click

from archive.cli.options import archive_option
from archive.cli.output import new_file, note_event, refuse_own
from archive.language import _, ngettext, told
from archive.model.event import EventType
from archive.store.archive import Archive


@click.group()
def appraise() -> None:
    """What archivists decide: 档号, 保管期限, 开放标识, notes.  No crawl ever changes it."""


@appraise.command("export")
@archive_option
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The file to write: a workbook if its name ends in .xlsx, otherwise CSV.",
)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
def appraise_export(archive_path: Path, out: Path, force: bool) -> None:
    """Write every article with its decisions to a workbook or a CSV file, to be filled in."""
    from archive.appraisal import export_appraisals
    from archive.spreadsheet import NotASpreadsheet

    try:
        with new_file(out, force=force, archive=archive_path) as part, Archive.read(archive_path) as archive:
            count = export_appraisals(archive, part, workbook=out.suffix.lower() == ".xlsx")
    except NotASpreadsheet as error:
        raise click.ClickException(f"{out}: {told(str(error))}") from error
    click.echo(ngettext("{out}: {count} article", "{out}: {count} articles", count, out=out, count=count))


@appraise.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@archive_option
@click.option("--dry-run", is_flag=True, help="Only tell what would change.")
def appraise_import(path: Path, archive_path: Path, dry_run: bool) -> None:
    """Read decisions back from a workbook (.xlsx) or a CSV file: all of them, or with a mistake none.

    Rows are matched by 编号.  An empty cell clears what was decided.
    """
    from archive.appraisal import import_appraisals
    from archive.spreadsheet import NotASpreadsheet

    refuse_own(path, archive_path)
    try:
        with Archive.open(archive_path, create=False) as archive:
            result = import_appraisals(archive, path, dry_run=dry_run)
    except NotASpreadsheet as error:
        raise click.ClickException(told(str(error))) from error
    for problem in result.problems:
        click.echo(told(problem), err=True)
    if mistakes := len(result.problems):
        raise click.ClickException(
            ngettext(
                "{path}: {mistakes} mistake; nothing was written",
                "{path}: {mistakes} mistakes; nothing was written",
                mistakes,
                path=path,
                mistakes=mistakes,
            )
        )
    if not dry_run:
        detail = {"file": path.name, "changed": result.changed}
        note_event(archive_path, EventType.METADATA_MODIFICATION, detail)
    counts = {"path": path, "changed": result.changed, "unchanged": result.unchanged}
    if dry_run:
        click.echo(_("{path}: {changed} would change, {unchanged} unchanged", **counts))
    else:
        click.echo(_("{path}: {changed} changed, {unchanged} unchanged", **counts))


@appraise.command("number")
@archive_option
@click.option("--fonds", required=True, help="全宗号, such as C015.")
@click.option("--year", type=click.IntRange(1900, 2999), required=True, help="Of publication.")
@click.option("--dry-run", is_flag=True, help="Only tell what would be given.")
def appraise_number(archive_path: Path, fonds: str, year: int, dry_run: bool) -> None:
    """Give 档号 to the articles of a year that have a 保管期限 and no 档号 yet (DA/T 13-2022)."""
    from archive.appraisal import number_appraisals

    if not re.fullmatch(r"[^\s·-]+", fonds):
        raise click.UsageError(
            _("{fonds!r} is no 全宗号; write it as C015, without blanks, dots and dashes", fonds=fonds)
        )
    with Archive.open(archive_path, create=False) as archive:
        numbered = number_appraisals(archive, fonds, year, dry_run=dry_run)
    if numbered and not dry_run:
        detail = {"fonds": fonds, "year": year, "numbered": len(numbered)}
        note_event(archive_path, EventType.METADATA_MODIFICATION, detail)
    for article_id, code in numbered:
        click.echo(f"{article_id}\t{code}")
    if dry_run:
        click.echo(_("{count} would get a 档号", count=len(numbered)))
    else:
        click.echo(_("{count} got a 档号", count=len(numbered)))
