"""What commands write: files, JSON, progress, and a note of it in the archive."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.language import _, told
from archive.model.event import EventType
from archive.store.errors import ArchiveError
from archive.store.events import record_event
from archive.times import local_time

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress
    from rich.table import Table

_NO_WIDTH = 1_000_000
"""Columns of what is no terminal: a file or a pipe has no width, and nothing is cut."""


def console() -> Console:
    """Return standard output for text and tables, as wide as the terminal; a file or a pipe has no width."""
    from rich.console import Console

    return Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else _NO_WIDTH)


def moment(utc: str) -> str:
    """Return a UTC time of the archive as people read it: by the reader's clock, to the minute, saying so."""
    return _("{at} Beijing time", at=local_time(utc))


def print_table(
    out: Console,
    title: str,
    rows: Sequence[Sequence[str]],
    columns: Sequence[str],
    always: Collection[str] = (),
) -> None:
    """Print a table, no value cut.

    Where the terminal is too narrow for all columns the last ones are left out and named, but for those that are
    ``always`` shown and the first two; what is wider alone goes on in the next line.
    """
    shown = [*range(len(columns))]
    others = [place for place in shown[2:] if columns[place] not in always]
    while others and _width(out, _table(title, rows, columns, shown)) > out.width:
        shown.remove(others.pop())
    out.print(_table(title, rows, columns, shown))
    if left_out := [name for place, name in enumerate(columns) if place not in shown]:
        out.print(
            _(
                "No room here for {left_out}: a wider window, a pipe or --json shows all.\n",
                left_out=", ".join(left_out),
            ),
            soft_wrap=True,
        )


def _table(title: str, rows: Sequence[Sequence[str]], columns: Sequence[str], shown: Sequence[int]) -> Table:
    from rich.box import SIMPLE
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=SIMPLE)
    for place in shown:
        table.add_column(columns[place], overflow="fold")
    for row in rows:
        table.add_row(*(row[place] for place in shown))
    return table


def _width(out: Console, table: Table) -> int:
    return out.measure(table, options=out.options.update(max_width=_NO_WIDTH)).maximum


def refuse_taken(out: Path, *, force: bool | None, archive: Path | None = None, copy: bool = False) -> None:
    """Refuse a name for a new file where it is taken, unless ``force``, or nothing can be written there.

    ``force``: None for a command that never replaces anything.
    ``archive``: nothing of it is ever replaced, nor any other archive, unless what is written is a ``copy`` of one.
    Before long work; ``new_file`` does so itself.
    """
    if os.path.lexists(out) and not force:
        raise click.UsageError(_("{out} is there already; {advice}", out=out, advice=_other_name(force)))
    refuse_own(out, archive)
    refuse_anyones(out, copy=copy)
    if out.is_dir():
        _refuse_strangers(out)
    if out.exists() and not out.is_file() and not out.is_dir():
        raise click.UsageError(_("{out} is no ordinary file; choose another name", out=out))
    if not out.parent.is_dir():
        raise click.UsageError(
            _("{out}: there is no folder {parent}; make it first", out=out, parent=out.parent)
        )
    if not os.access(out.parent, os.W_OK):
        raise click.ClickException(
            _("{out}: cannot be written: {reason}", out=out, reason=told(os.strerror(errno.EACCES)))
        )


def _other_name(force: bool | None) -> str:
    if force is None:
        return _("choose another name")
    return _("choose another name, or --force to replace it")


def refuse_anyones(out: Path, *, copy: bool = False) -> None:
    """Refuse to write what belongs to any archive, to its evidence or to a folder that an export or hand-over wrote.

    ``copy``: a copy of an archive, which may replace another one.
    """
    from archive.export.packages import package_around
    from archive.store.own_files import is_anyones, is_archive

    if is_anyones(out) and not (copy and is_archive(out)):
        raise click.UsageError(_("{out} belongs to an archive or its evidence; choose another name", out=out))
    if package := package_around(out):
        raise click.UsageError(
            _(
                "{out} lies in {package}, which was exported or handed over as it is: its manifest would not tell of this; choose a name outside",
                out=out,
                package=package,
            )
        )


def _refuse_strangers(folder: Path) -> None:
    """Refuse to replace a folder that holds what no export wrote."""
    from archive.export.packages import stranger_in

    if stranger := stranger_in(folder):
        raise click.UsageError(
            _(
                "{folder} is a folder that holds {stranger}, which no export wrote, and would be lost; choose another name, or move it away",
                folder=folder,
                stranger=stranger.relative_to(folder),
            )
        )


def refuse_own(out: Path, archive: Path | None) -> None:
    """Refuse to write what belongs to an archive, lies in it or holds it."""
    from archive.store.own_files import clash

    if archive is not None and (what := clash(out, archive)):
        raise click.UsageError(_("{out} {what}; choose another name", out=out, what=told(what)))


@contextmanager
def new_file(
    out: Path, *, force: bool | None, archive: Path | None = None, copy: bool = False
) -> Iterator[Path]:
    """Give a path to write a file or folder to, which becomes ``out`` when all went well.

    So what is broken never has that name.  The path is in a new folder ``zhijiang-….part`` beside ``out``, which also
    holds whatever its writer needs meanwhile, and a folder that is replaced until it is.  Nothing is removed but that
    folder; of a killed run it stays.  Refuses to replace anything without ``force``, and never a folder by a file or
    a file by a folder.  ``force``, ``archive``, ``copy``: see ``refuse_taken``.
    """
    from tempfile import mkdtemp

    refuse_taken(out, force=force, archive=archive, copy=copy)
    try:
        work = Path(mkdtemp(prefix="zhijiang-", suffix=".part", dir=out.parent))
    except OSError as error:
        raise click.ClickException(
            _("{out}: cannot be written: {reason}", out=out, reason=told(error.strerror or str(error)))
        ) from error
    try:
        (work / "new").mkdir()
        part = work / "new" / out.name
        yield part
        if force:
            _replace(part, out, work / "old")
        else:
            _place(part, out)
    except FileExistsError:
        raise click.UsageError(
            _(
                "{out}: another program has made it meanwhile; {advice}",
                out=out,
                advice=_other_name(force),
            )
        ) from None
    except OSError as error:
        raise click.ClickException(
            _("{out}: cannot be written: {reason}", out=out, reason=told(error.strerror or str(error)))
        ) from error
    finally:
        if os.path.lexists(work / "old") and not os.path.lexists(out):  # it could not be put back
            click.echo(_("{out}: what it was lies in {place}", out=out, place=work / "old"), err=True)
        else:
            shutil.rmtree(work, ignore_errors=True)


def _replace(part: Path, out: Path, old: Path) -> None:
    """Give a file or folder a name that another may have; a folder that has it is put to ``old`` meanwhile."""
    if out.exists() and out.is_dir() != part.is_dir():
        if out.is_dir():
            raise click.UsageError(
                _("{out} is a folder, which this would not be; choose another name", out=out)
            )
        raise click.UsageError(_("{out} is a file, which this would not be; choose another name", out=out))
    if not out.is_dir():
        part.replace(out)
        return
    _refuse_strangers(out)  # what was put there meanwhile
    out.rename(old)
    try:
        part.rename(out)
    except OSError:
        old.rename(out)
        raise


def _place(part: Path, out: Path) -> None:
    """Give a file or folder a name that nothing has, in one step.  Raises ``FileExistsError``."""
    if part.is_dir():
        if os.path.lexists(out):
            raise FileExistsError
        part.rename(out)  # onto a folder that is not empty it fails
        return
    try:
        os.link(part, out)
    except FileExistsError:
        raise
    except OSError:  # a file system without links, such as a memory stick's
        os.close(os.open(out, os.O_CREAT | os.O_EXCL))
        part.replace(out)


def echo_json(value: Any) -> None:
    """Print a value as JSON, Chinese readable."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


class _Advance:
    """What is told how far a command has come; nobody looks on."""

    def expect(self, articles: int) -> None:
        """Take note of how many there will be."""

    def __call__(self, rows: int) -> None:
        """Take note of that many more."""


class _Bar(_Advance):
    """A bar on a terminal: articles written, of how many; once all are, only that it goes on."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task(_("reading"), total=None)

    def expect(self, articles: int) -> None:
        self._progress.update(self._task, total=articles, description=_("writing"))

    def __call__(self, rows: int) -> None:
        self._progress.advance(self._task, rows)
        task = self._progress.tasks[0]
        if task.total is not None and task.completed > task.total:
            self._progress.update(self._task, total=None)


@contextmanager
def progress_bar() -> Iterator[_Advance]:
    """Show progress on a terminal."""
    if not sys.stderr.isatty():
        yield _Advance()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield _Bar(progress)


def note_event(
    archive_path: Path, event_type: EventType, detail: Mapping[str, Any], *, success: bool = True
) -> None:
    """Note in the archive what was done with it; where that cannot be, say so and go on."""
    try:
        record_event(archive_path, event_type, detail, success=success)
    except ArchiveError as error:
        click.echo(_("Not noted in the table event: {error}", error=error), err=True)
