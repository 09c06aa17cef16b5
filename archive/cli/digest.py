"""``zhijiang digest``."""

from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path

import click

from archive.cli.options import archive_option, day
from archive.cli.output import echo_json
from archive.store.archive import Archive
from archive.times import readers_today


@click.command()
@archive_option
@click.option("--days", type=click.IntRange(1, 366), default=7, show_default=True, help="How many days.")
@click.option(
    "--until",
    callback=day,
    metavar="DATE",
    help="The last of the days, such as 2024-01-16; without it yesterday, for today is not over.",
)
@click.option(
    "--most",
    type=click.IntRange(0),
    default=10,
    show_default=True,
    help="How many titles of each section; the others are counted.",
)
@click.option(
    "--room",
    metavar="ADDRESS",
    default="",
    help="Where readers reach the reading room, such as http://room.example: addresses lead there.",
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def digest(archive_path: Path, days: int, until: str | None, most: int, room: str, as_json: bool) -> None:
    """Tell what was archived, changed and vanished in the last days, by section, as text in Chinese.

    For a mail or a group chat: zhijiang digest | mail -s 一周摘要 newsroom@example.  Days are whole days of Beijing
    time and go by when a crawl saw a thing, so digests of one week after another leave out nothing and tell nothing
    twice.  Of restricted articles (控制, 延期开放) it tells title and date.
    """
    from archive.bulletin import bulletin_text, read_bulletin

    last = date.fromisoformat(until) if until else readers_today() - timedelta(days=1)
    with Archive.read(archive_path) as archive:
        told = read_bulletin(archive, last - timedelta(days=days - 1), last, most=most)
    if as_json:
        echo_json(asdict(told))
    else:
        click.echo(bulletin_text(told, f"{room.rstrip('/')}/" if room else ""), nl=False)
