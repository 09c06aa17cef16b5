"""``zhijiang demo``."""

import shutil
import sys
from contextlib import suppress
from pathlib import Path

import click

from archive.cli.options import real_file
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
    help="The file to write; an earlier demo archive is replaced.",
)
def demo(archive_path: Path) -> None:
    """Crawl the bundled sample site into a fresh archive, and search it.  Needs no network."""
    from archive.search.query import search as search_archive
    from zhijiang_spider.demo import demo_site, serve

    _remove_demo(archive_path)
    with serve() as base_url:
        site = demo_site(base_url)
        click.echo(f"样本网站：{base_url}  （虚构的“{site.title}”）")
        verdict = run_crawl(site, archive_path)
    click.echo(f"采集：{verdict.list_pages} 个列表页，列出 {verdict.listed} 条，新存 {verdict.new} 篇文章")
    if not verdict.complete:
        raise click.ClickException("; ".join(verdict.troubles))
    with Archive.read(archive_path) as archive:
        size = archive_size(archive)
        click.echo(f"存档：{archive_path}  {size.articles} 篇文章，{size.names} 个姓名")
        query = "柑橘"
        result = search_archive(archive.connection, query, limit=3)
    click.echo(f"检索“{query}”：{result.total} 篇")
    for hit in result.hits:
        click.echo(f"  {hit.article_id}  {hit.published_on}  {hit.title}\n     {hit.snippet}")
    if result.hits:
        program = (
            "zhijiang" if shutil.which("zhijiang") else sys.argv[0]
        )  # not on the path without activation
        click.echo("接着试试：")
        click.echo(f"  {program} show {result.hits[0].article_id} --archive {archive_path}")
        click.echo(f"  {program} serve --archive {archive_path}")
        click.echo(f"  {program} export csv --out demo.csv --archive {archive_path}")
        click.echo(f'  sqlite3 {archive_path} "{EXAMPLE_QUERY}"')


def _remove_demo(path: Path) -> None:
    """Delete an earlier demo archive; refuse to touch anything else."""
    if not path.exists():
        return
    from archive.evidence.warc_reader import OPEN
    from archive.store.crawls import last_options
    from archive.store.evidence_folder import original

    with Archive.open(path, create=False) as archive:  # one of an earlier version too
        sites = last_options(archive).keys()
        copied = original(archive)
        folder, names = (
            archive.warc_folder,
            archive.connection.execute("SELECT name FROM warc_file").fetchall(),
        )
    if sites - {"demo"}:
        raise click.UsageError(f"{path} holds a real archive; choose another name with --archive")
    for suffix in ("", "-wal", "-shm", ".lock", ".writer", ".attempt"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    if copied is None:
        for (name,) in names:
            for ending in ("", OPEN):
                (folder / f"{name}{ending}").unlink(missing_ok=True)
        with suppress(OSError):  # it is not there, or holds something else
            folder.rmdir()
