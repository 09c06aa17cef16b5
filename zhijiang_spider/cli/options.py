"""Options that several commands have."""

from typing import Any

import click

from zhijiang_spider.sites.profile_sources import site_names
from zhijiang_spider.sites.site import Site, load_site


def _site(_context: click.Context, _parameter: click.Parameter, value: str) -> Site:
    return load_site(value)


def site_option(command: Any) -> Any:
    """Add ``--site`` to a command."""
    return click.option(
        "--site",
        callback=_site,
        default="zhijiang",
        show_default=True,
        help=f"Site profile: {', '.join(site_names())}, or a .toml file.",
    )(command)


def workers_option(command: Any) -> Any:
    """Add ``--workers`` to a command."""
    return click.option(
        "--workers",
        type=click.IntRange(min=0),
        metavar="N",
        help="Processes that read articles beside this one; 0: it reads them itself."
        "  [default: the cores of the machine less one, on two cores 2]",
    )(command)
