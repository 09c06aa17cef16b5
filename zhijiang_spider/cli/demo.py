"""``zhijiang demo``."""

import os
import shutil
import sys
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import click

from archive.cli.options import real_file
from archive.language import _, ngettext, told
from archive.model.event import EventType
from archive.store.archive import Archive
from archive.store.read import EXAMPLE_QUERY, archive_size
from zhijiang_spider.cli.crawl import run_crawl


@click.command()
@click.option(
    "--archive",
    "archive_path",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=real_file,
    default="zhijiang-demo.db",
    show_default=True,
    help="The file to write; an earlier demo archive is replaced, unless somebody has worked in it.",
)
def demo(archive_path: Path) -> None:
    """Crawl the bundled sample site into a fresh archive, and search it.  Needs no network."""
    from archive.search.query import search as search_archive
    from zhijiang_spider.demo import demo_site, serve

    _remove_demo(archive_path)
    with serve() as base_url:
        site = demo_site(base_url)
        click.echo(_("Sample site: {address}  (“{title}”, invented)", address=base_url, title=site.title))
        verdict = run_crawl(site, archive_path)
    click.echo(
        _(
            "Crawled: {list_pages} list pages, {listed} entries listed, {new} articles archived",
            list_pages=verdict.list_pages,
            listed=verdict.listed,
            new=verdict.new,
        )
    )
    if not verdict.complete:
        raise click.ClickException("; ".join(map(told, verdict.troubles)))
    with Archive.read(archive_path) as archive:
        size = archive_size(archive)
        click.echo(
            _(
                "Archive: {archive_path}  {articles} articles, {names} names",
                archive_path=archive_path,
                articles=size.articles,
                names=size.names,
            )
        )
        query = "柑橘"
        result = search_archive(archive.connection, query, limit=3)
    click.echo(
        ngettext(
            "Search for “{query}”: {total} article",
            "Search for “{query}”: {total} articles",
            result.total,
            query=query,
            total=result.total,
        )
    )
    for hit in result.hits:
        click.echo(f"  {hit.article_id}  {hit.published_on}  {hit.title}\n     {hit.snippet}")
    if result.hits:
        started = sys.argv[0]  # the program itself, for without activation it is not on the path
        by_name = shutil.which("zhijiang") or Path(started).name == "__main__.py"
        program = "zhijiang" if by_name else started
        click.echo(_("Try next:"))
        for command in (f"show {result.hits[0].article_id}", "serve", "export csv --out demo.csv"):
            click.echo(f"  {program} {command} --archive {archive_path}")
        click.echo(f'  sqlite3 {archive_path} "{EXAMPLE_QUERY}"')


def _remove_demo(path: Path) -> None:
    """Delete an earlier demo archive; refuse to touch anything else, and one in which somebody has worked."""
    if not path.exists():
        return
    from archive.evidence.warc_reader import OPEN
    from archive.store.lock import writer_lock

    with Archive.open(path, create=False) as archive, writer_lock(path):  # one of an earlier version too
        if more := _more_than_a_demo(archive):
            raise click.UsageError(
                _(
                    "{path} {what}, so it is not replaced; choose another name, such as --archive {free_name}",
                    path=path,
                    what=more,
                    free_name=_free_name(path),
                )
            )
        folder, names = (
            archive.warc_folder,
            archive.connection.execute("SELECT name FROM warc_file").fetchall(),
        )
    for suffix in ("", "-wal", "-shm", ".lock", ".writer", ".attempt"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    for (name,) in names:
        for ending in ("", OPEN):
            (folder / f"{name}{ending}").unlink(missing_ok=True)
    with suppress(OSError):  # it is not there, or holds something else
        folder.rmdir()


_LEAVES_IT = (EventType.EXPORT, EventType.VALIDATION, EventType.REPLICATION)
"""Events that change nothing of what the demo made."""
_OF_ROWS = {"schema", "dictionary", "references", "seals", "search index", "versions", "agreement"}
"""Checks by which a row that was changed by hand is found; that evidence was thrown away is no work to be kept."""
_OWN_ADDRESSES = "http://127.0.0.1:*"
"""Where the sample site is served: a real site's profile may be called demo, too."""


def _more_than_a_demo(archive: Archive) -> str:
    """Say what an archive holds besides what one run of the demo left, killed or not; "" where nothing."""
    from archive.care.check import Level, Scope, examine
    from archive.store.evidence_folder import original
    from archive.store.seals import NO_WRITER, read_seals

    def rows_of(rows: str, *values: str) -> int:
        return int(archive.connection.execute(f"SELECT count(*) FROM {rows}", values).fetchone()[0])

    crawls = rows_of("crawl")
    if rows_of("crawl WHERE site <> 'demo'") or rows_of("capture WHERE url NOT GLOB ?", _OWN_ADDRESSES):
        return _("holds a real archive")
    if not crawls and (rows_of("article") or rows_of("event")):
        return _("holds an archive that no crawl made")
    if original(archive):
        return _("is a copy of another archive")
    if crawls > 1:
        return _("was crawled further since its demo")
    if rows_of("appraisal"):
        return _("holds decisions of an archivist")
    if rows_of(f"event WHERE type NOT IN ({', '.join('?' * len(_LEAVES_IT))})", *_LEAVES_IT):
        return _("was worked in since its demo (table event tells how)")
    found = examine(archive.path, Scope(datetime.now(UTC), sample=0)).findings
    by_hand = any(
        one.check in _OF_ROWS and (one.level is Level.FAULT or one.check == "schema") for one in found
    )
    if by_hand or any(seal.what == NO_WRITER for seal in read_seals(archive)):
        return _("was changed by hand since its demo")
    return ""


def _free_name(path: Path) -> Path:
    """Return a name like this one that nothing has."""
    names = (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in count(2))
    return next(name for name in names if not os.path.lexists(name))
