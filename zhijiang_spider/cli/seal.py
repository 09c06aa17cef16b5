"""``zhijiang seal tell``: the head to the group chat that gets the news of crawls."""

import os
from pathlib import Path

import click

from archive.cli.options import archive_option
from archive.cli.seal import seal
from archive.language import _
from archive.seal.told import head_line
from archive.store.archive import Archive
from archive.store.read import archive_title

__all__ = ["seal"]


@seal.command("tell")
@archive_option
def tell(archive_path: Path) -> None:
    """Send the line of the head the ways that crawls send their news: ZHIJIANG_WEBHOOK, ZHIJIANG_HOOK.

    Exit status 1 where it could not be sent.
    """
    from archive.store.seals import newest_seal
    from zhijiang_spider.crawl.notify import Alert, notify

    if not (os.environ.get("ZHIJIANG_WEBHOOK") or os.environ.get("ZHIJIANG_HOOK")):
        raise click.UsageError(_("set ZHIJIANG_WEBHOOK or ZHIJIANG_HOOK first: docs/operating.md"))
    with Archive.read(archive_path) as archive:
        line, title = head_line(newest_seal(archive)), archive_title(archive)
    news = Alert(title, str(archive_path), True, "", (), line)
    if problems := notify(news, os.environ):
        raise click.ClickException("; ".join(problems))
    click.echo(line)
