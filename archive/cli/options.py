"""Options that several commands have."""

import math
import os
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from archive.language import _, told
from archive.model.wording import some_of
from archive.store.errors import ArchiveError, clear_errors
from archive.store.mounts import real_path

_Command = TypeVar("_Command", bound=Callable[..., Any])


def real_file(_context: click.Context, _parameter: click.Parameter, value: Path) -> Path:
    """Read the path of an archive: of a link the file that it leads to, which is the one that is locked and named."""
    try:
        return real_path(value)
    except ArchiveError as error:
        raise click.BadParameter(told(str(error))) from None


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


def _real_files(
    context: click.Context, parameter: click.Parameter, values: tuple[Path, ...]
) -> tuple[Path, ...]:
    return tuple(_each_once(real_file(context, parameter, value) for value in values))


def _each_once(paths: Iterable[Path]) -> list[Path]:
    files: dict[str, Path] = {}
    for path in paths:
        files.setdefault(os.path.realpath(path), path)
    return list(files.values())


class _OnePath(click.Path):
    """A path whose variable in the environment is one path, whatever characters it has."""

    envvar_list_splitter = "\0"


def archives_options(command: _Command) -> _Command:
    """Add ``--archive``, several times, and ``--archives`` to a command."""
    command = click.option(
        "--archives",
        "folder",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="Every archive in this folder too.",
    )(command)
    return click.option(
        "--archive",
        "archive_paths",
        type=_OnePath(dir_okay=False, path_type=Path),
        multiple=True,
        callback=_real_files,
        envvar="ZHIJIANG_ARCHIVE",
        default=("zhijiang.db",),
        show_default=True,
        show_envvar=True,
        help="The archive file; several times for several.",
    )(command)


def chosen_archives(archive_paths: Sequence[Path], folder: Path | None) -> list[Path]:
    """Return the files that ``archives_options`` name, each once, and say what of the folder is passed over.

    With ``--archives`` the usual file counts only where ``--archive`` was written.  Raises ``ArchiveError`` for a folder
    without archives.
    """
    if folder is None:
        return list(archive_paths)
    from archive.store.own_files import archives_in

    with clear_errors(folder):
        found, others = archives_in(folder)
    if others:
        click.echo(
            _(
                "{folder}: no archives, passed over: {names}",
                folder=folder,
                names=told(some_of(path.name for path in others)),
            ),
            err=True,
        )
    if not found:
        raise ArchiveError(
            _("{folder}: no archive lies in it; choose another folder, or --archive FILE", folder=folder)
        )
    source = click.get_current_context().get_parameter_source("archive_paths")
    written = archive_paths if source is ParameterSource.COMMANDLINE else ()
    return _each_once((*written, *map(real_path, found)))


class _Seconds(click.FloatRange):
    """A length of time.  ``nan`` is a float to Python, and neither in a range nor out of it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read seconds."""
        seconds = super().convert(value, param, ctx)
        if math.isnan(seconds):
            self.fail(_("{value!r} is no number of seconds", value=value), param, ctx)
        return seconds


def timeout_option(command: _Command) -> _Command:
    """Add ``--timeout`` to a command that searches."""
    return click.option(
        "--timeout",
        "seconds",
        type=_Seconds(0, min_open=True),
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
        raise click.BadParameter(_("{value!r} is not a date; write it as 2024-01-16", value=value)) from None


def age(_context: click.Context, _parameter: click.Parameter, value: str | None) -> timedelta | None:
    """Read an option that is a length of time, ``26h``, ``90m``, ``7d``; refuse what is none."""
    if value is None:
        return None
    found = re.fullmatch(r"(\d{1,6})([mhd])", value)
    if found is None:
        raise click.BadParameter(_("{value!r} is an invalid duration; write 26h, 90m or 7d", value=value))
    unit = {"m": "minutes", "h": "hours", "d": "days"}[found[2]]
    return timedelta(**{unit: int(found[1])})
