"""``zhijiang export``, ``import`` and ``snapshot``."""

import os
import sqlite3
import sys
from glob import escape
from pathlib import Path

import click

from archive.cli.options import archive_option, day, timeout_option
from archive.cli.output import new_file, note_event, progress_bar, refuse_own, refuse_taken
from archive.digests import file_sha256
from archive.export.formats import known_formats
from archive.hookspecs import Format
from archive.language import _, ngettext, told
from archive.model.event import EventType
from archive.plugins import PluginError, load
from archive.rendering.remarks import Remark
from archive.search.language import VALUES, parse_query
from archive.store.archive import Archive
from archive.store.errors import ArchiveError


@click.command(
    epilog="\b\n" + "\n".join(f"{name:9} {one.value.about}" for name, one in known_formats().items())
)
@click.argument("format_name", metavar="FORMAT", type=click.Choice(list(known_formats())))
@archive_option
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The file or folder to write.")
@click.option(
    "--raw",
    is_flag=True,
    help="For machines and for keeping: every table as CSV in a folder, untouched; to a file ….csv: the articles.",
)
@click.option("--since", callback=day, metavar="DATE", help="Published on this day or later.")
@click.option("--until", callback=day, metavar="DATE", help="Published on this day or earlier.")
@click.option("--section", default="", metavar="栏目", help="Only of this section.")
@click.option("--name", default="", metavar="姓名", help="Only with this name among the credits.")
@click.option("--status", type=click.Choice(VALUES["状态"]), help="Only of this status.")
@click.option("--query", help="Only what this search finds.")
@timeout_option
@click.option(
    "--all",
    "show_restricted",
    is_flag=True,
    help="Restricted articles (控制, 延期开放) whole, not title and date only.",
)
@click.option("--force", is_flag=True, help="Replace what is there.")
def export(
    format_name: str,
    archive_path: Path,
    out: Path,
    raw: bool,
    since: str | None,
    until: str | None,
    section: str,
    name: str,
    status: str | None,
    query: str | None,
    seconds: float,
    show_restricted: bool,
    force: bool,
) -> None:
    """Write articles to a file or folder: all, or those that meet every condition.

    Of restricted articles (控制, 延期开放) only title and date, unless --all: for an archive office, or to keep.
    Everything written is of one moment, even while a crawl is at work.  The same archive gives the same bytes.
    Each export is noted in the table event.
    """
    from archive.care.evidence import lost_evidence
    from archive.export.selection import Selection, read_articles
    from archive.extras import ExtraMissing

    offer = known_formats()[format_name]
    chosen = offer.value.raw if raw else offer.value
    if chosen is None:
        with_raw = ", ".join(known for known, one in known_formats().items() if one.value.raw)
        raise click.UsageError(
            _(
                "--raw is for {with_raw}; {format_name} has one form only",
                with_raw=with_raw,
                format_name=format_name,
            )
        )
    if query is not None and not query.strip():
        raise click.UsageError(_("--query is empty; leave it out to export all articles"))
    if since and until and since > until:
        raise click.UsageError(
            _(
                "--since {since} is later than --until {until}; no day is between them",
                since=since,
                until=until,
            )
        )
    query = query or ""
    selection = Selection(since, until, query, section, name, status or "")
    with (
        new_file(out, force=force, archive=archive_path) as part,
        progress_bar() as advance,
        read_articles(
            archive_path, selection, advance, show_restricted=show_restricted, seconds=seconds
        ) as articles,
    ):
        _refuse_unknown_sections(articles.archive.connection, section, query)
        advance.expect(articles.count())
        try:
            with offer.use(ExtraMissing, ArchiveError, OSError):
                count = load(chosen.write)(articles, part)
        except ExtraMissing as error:
            raise click.UsageError(told(str(error))) from error
        except PluginError as error:
            raise click.ClickException(told(str(error))) from error
        needs_evidence = chosen.evidence or Remark.NO_BYTES in articles.remarks
        lost = lost_evidence(articles.archive) if needs_evidence else []
    written = _written_digest(out, chosen)
    click.echo(f"{out}: {_counted(count, chosen.counted)}, {written}")
    remarks = {remark.english: articles.remarks[remark] for remark in Remark if remark in articles.remarks}
    for remark, times in remarks.items():
        click.echo(f"  {times} {told(remark)}")
    detail = {
        "format": f"{format_name} --raw" if raw else format_name,
        "file": out.name,
        "selection": articles.selection.as_dict(),
        "count": count,
        "written": written,
        "remarks": remarks,
    }
    note_event(archive_path, EventType.EXPORT, detail)
    for trouble in lost:
        click.echo(f"! {told(trouble)}", err=True)
    if lost:
        sys.exit(1)


def _refuse_unknown_sections(connection: sqlite3.Connection, section: str, query: str) -> None:
    from archive.model.wording import some_of
    from archive.search.sections import has_section, refuse_unknown_sections, section_names

    if section and not has_section(connection, section):
        there_are = some_of(section_names(connection))
        raise click.UsageError(
            _(
                "--section {section}: the archive has no such section; there are: {there_are}",
                section=section,
                there_are=there_are,
            )
        )
    if query:
        refuse_unknown_sections(connection, query, parse_query(query))


def _counted(count: int, what: str) -> str:
    """Return how many there are of what a format counts."""
    if what == "articles":
        return ngettext("{count} article", "{count} articles", count, count=count)
    if what == "credits":
        return ngettext("{count} credit", "{count} credits", count, count=count)
    return f"{count} {what if count != 1 else what.removesuffix('s')}"


def _written_digest(out: Path, chosen: Format) -> str:
    """Tell the digest of a file, or how many files a folder has and the digest of its manifest."""
    if not out.is_dir():
        return f"SHA-256 {file_sha256(out)}"
    files = sum(path.is_file() for path in out.rglob("*"))
    counted = ngettext("{count} file", "{count} files", files, count=files)
    if not chosen.manifest:
        return counted
    manifest = load(chosen.manifest)
    return f"{counted}, {manifest} SHA-256 {file_sha256(out / manifest)}"


@click.command("import")
@click.argument("package", type=click.Path(exists=True, path_type=Path))
@archive_option
def import_(package: Path, archive_path: Path) -> None:
    """Make an archive again from its export: a folder of csv --raw, or a JSON Lines file.

    Only into a new file, or into an archive that holds nothing.  Every digest, value and reference is checked;
    with one mistake nothing is written, and the mistake is named by file, line and column.

    A folder of csv --raw gives the whole archive again.  JSON Lines give the articles with credits, pictures,
    versions and where their captures lie; of the crawls themselves only their numbers.
    """
    from archive.importer.package import import_archive

    refuse_own(package, archive_path)
    if not archive_path.parent.is_dir():
        raise click.UsageError(
            _(
                "{archive_path}: there is no folder {parent}; make it first",
                archive_path=archive_path,
                parent=archive_path.parent,
            )
        )
    with progress_bar() as advance:
        counts = import_archive(package, archive_path, advance)
    rows = ", ".join(f"{name} {count}" for name, count in counts.items())
    articles = counts.get("article", 0)
    click.echo(
        ngettext(
            "{archive_path}: {articles} article from {package} ({rows})",
            "{archive_path}: {articles} articles from {package} ({rows})",
            articles,
            archive_path=archive_path,
            articles=articles,
            package=package,
            rows=rows,
        )
    )
    if counts.get("capture"):
        with Archive.read(archive_path) as archive:
            click.echo(
                _(
                    "Its WARC files are not in an export: copy their folder to {warc_folder}",
                    warc_folder=archive.warc_folder,
                )
            )
    if package.is_file():
        click.echo(
            _(
                "JSON Lines tell little of crawls: its last one counts as incomplete until the next; csv --raw keeps all"
            )
        )


@click.command()
@archive_option
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write."
)
@click.option(
    "--evidence", is_flag=True, help="Copy the WARC files too, into a folder ….warc beside the file."
)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
def snapshot(archive_path: Path, out: Path, evidence: bool, force: bool) -> None:
    """Write a transfer copy of the archive, compacted, and its SHA-256 beside it.

    One plain file for SQLite 3.34 and later; the same archive gives the same bytes.  It knows where the WARC files
    of the archive are, which are not in it: hand over their folder too, or give --evidence.
    It is the archive itself: restricted articles (控制, 延期开放) are in it whole.
    """
    from archive.care.evidence import lost_evidence
    from archive.care.snapshot import copy_evidence, write_snapshot
    from archive.store.access import restricted_ids
    from archive.store.own_files import has_own_evidence, left_beside

    sums = out.with_name(f"{out.name}.sha256")
    folder = _evidence_of_copy(archive_path, out) if evidence else None
    refuse_taken(out, force=force, archive=archive_path, copy=True)
    if left := left_beside(out):
        raise click.UsageError(
            _(
                "beside {out} lies {name} of another file of this name; move it away first",
                out=out,
                name=left.name,
            )
        )
    if has_own_evidence(out):
        raise click.UsageError(
            _("{out} is an archive with evidence of its own; choose another name", out=out)
        )
    with (
        new_file(out, force=force, archive=archive_path, copy=True) as part,
        new_file(sums, force=force or _is_left_over(sums, out), archive=archive_path) as sums_part,
        Archive.read(archive_path) as archive,
    ):
        digest = write_snapshot(archive, part, path=out, evidence=folder)
        sums_part.write_text(f"{digest}  {out.name}\n", encoding="utf-8", newline="\n")
        where, lost = f"{folder or archive.warc_folder}", lost_evidence(archive)
        restricted = len(restricted_ids(archive))
        if folder:
            with new_file(folder, force=None, archive=archive_path) as folder_part:
                copied = copy_evidence(archive, part, folder_part)
                where = _("{folder}, {count} WARC files", folder=where, count=copied)
    if not folder and not archive.warc_folder.is_dir():
        where = _("{folder}, which is not there", folder=where)
    click.echo(_("{out}: SHA-256 {digest}\nIts evidence: {where}", out=out, digest=digest, where=where))
    if restricted:
        click.echo(f"  {restricted} {told(Remark.CONTROLLED_WHOLE.english)}")
    note_event(archive_path, EventType.REPLICATION, {"file": out.name, "sha256": digest})
    for trouble in lost if evidence else []:
        click.echo(f"! {told(trouble)}", err=True)
    if evidence and lost:
        sys.exit(1)


def _is_left_over(sums: Path, out: Path) -> bool:
    """Tell whether a digest is that of a snapshot which was killed before its file had its name, too.

    The file still lies where it was written then.
    """
    if os.path.lexists(out) or not sums.is_file():
        return False
    written = out.parent.glob(f"zhijiang-*.part/new/{escape(out.name)}")
    return any(sums.read_bytes() == f"{file_sha256(file)}  {out.name}\n".encode() for file in written)


def _evidence_of_copy(archive_path: Path, out: Path) -> Path:
    """Return the folder that takes the WARC files of a copy; it is never one that is there already."""
    from archive.store.own_files import clash

    folder = out.with_suffix(".warc")
    if clash(folder, archive_path):  # news.bak beside news.db
        folder = out.with_name(f"{out.name}.warc")
    if os.path.lexists(folder):
        raise click.UsageError(
            _("{folder} is there already, and evidence is never replaced; choose another name", folder=folder)
        )
    return folder
