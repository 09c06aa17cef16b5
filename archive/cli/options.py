"""Options that several commands have."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import click

from archive.store.errors import ArchiveError
from archive.store.mounts import real_path

_Command = TypeVar("_Command", bound=Callable[..., Any])


def real_file(_context: click.Context, _parameter: click.Parameter, value: Path) -> Path:
    """Read the path of an archive: of a link the file that it leads to, which is the one that is locked and named."""
    try:
        return real_path(value)
    except ArchiveError as error:
        raise click.BadParameter(str(error)) from None


def archive_option(command: _Command) -> _Command:
    """Add ``--archive`` to a command."""
    return click.option(
        "--archive",
        "archive_path",
        type=click.Path(dir_okay=False, path_type=Path),
        callback=real_file,
        envvar="ZHIJIANG_ARCHIVE",
        default="zhijiang.db",
        show_default=True,
        show_envvar=True,
        help="The archive file.",
    )(command)


def timeout_option(command: _Command) -> _Command:
    """Add ``--timeout`` to a command that searches."""
    return click.option(
        "--timeout",
        "seconds",
        type=click.FloatRange(0, min_open=True),
        default=30.0,
        show_default=True,
        metavar="SECONDS",
        help="A search that takes longer is stopped.",
    )(command)


def day(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """Read an option that is a day, ``2024-01-16``; refuse what is none."""
    try:
        return value and date.fromisoformat(value).isoformat()
    except ValueError:
        raise click.BadParameter(f"{value!r} is not a date; write it as 2024-01-16") from None


def age(_context: click.Context, _parameter: click.Parameter, value: str | None) -> timedelta | None:
    """Read an option that is a length of time, ``26h``, ``90m``, ``7d``; refuse what is none."""
    if value is None:
        return None
    found = re.fullmatch(r"(\d{1,6})([mhd])", value)
    if found is None:
        raise click.BadParameter(f"{value!r} is an invalid duration; write 26h, 90m or 7d")
    unit = {"m": "minutes", "h": "hours", "d": "days"}[found[2]]
    return timedelta(**{unit: int(found[1])})
