"""``zhijiang digest``."""

from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import click

from archive.cli.options import archive_option, day
from archive.cli.output import echo_json
from archive.language import _
from archive.store.archive import Archive
from archive.times import readers_today


def _address(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    """Read an option that is a web address; refuse what is none: readers are to click on it."""
    try:
        parts = urlsplit(value)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_address = False
    if value and not is_address:
        raise click.BadParameter(
            _("{value!r} is no web address; write it as http://room.example", value=value)
        )
    return value


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
    callback=_address,
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

    today = readers_today()
    last = date.fromisoformat(until) if until else today - timedelta(days=1)
    if last > today:
        raise click.UsageError(
            _("--until {day} is still to come; give today, {today}, or an earlier day", day=last, today=today)
        )
    if last < date.min + timedelta(days=days):
        raise click.UsageError(
            _("--until {day}: the calendar has not that many days before it; give a later one", day=last)
        )
    with Archive.read(archive_path) as archive:
        told = read_bulletin(archive, last - timedelta(days=days - 1), last, most=most)
    if as_json:
        echo_json(asdict(told))
    else:
        click.echo(bulletin_text(told, f"{room.rstrip('/')}/" if room else ""), nl=False)
