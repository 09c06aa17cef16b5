"""What commands write: files, JSON, progress, and a note of it in the archive."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.model.event import EventType
from archive.store.errors import ArchiveError
from archive.store.events import record_event

if TYPE_CHECKING:
    from rich.progress import Progress


@contextmanager
def new_file(out: Path, *, force: bool) -> Iterator[Path]:
    """Give a path to write a file or folder to, which becomes ``out`` when all went well.

    So what is broken never has that name.  The path is in a folder ``….part`` beside ``out``, which also holds
    whatever its writer needs meanwhile; what a killed run left there goes with the next one.  Refuses to replace
    anything without ``force``, and never a folder by a file or a file by a folder.
    """
    if out.exists() and not force:
        raise click.UsageError(f"{out} is there already; choose another name, or --force to replace it")
    if not out.parent.is_dir():
        raise click.UsageError(f"{out}: there is no folder {out.parent}; make it first")
    work, old = out.with_name(f"{out.name}.part"), out.with_name(f"{out.name}.old")
    part = work / out.name
    try:
        _remove(work)
        work.mkdir()
        yield part
        if out.exists() and out.is_dir() != part.is_dir():
            kind = "folder" if out.is_dir() else "file"
            raise click.UsageError(f"{out} is a {kind}, which this would not be; choose another name")
        if out.is_dir():
            _remove(old)
            out.rename(old)
        part.replace(out)
        _remove(old)
    except OSError as error:
        raise click.ClickException(f"{out}: cannot be written: {error.strerror or error}") from error
    finally:
        _remove(work)


def _remove(path: Path) -> None:
    """Remove a file or a folder with all that is in it; nothing there is fine."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def echo_json(value: Any) -> None:
    """Print a value as JSON, Chinese readable."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


class _Advance:
    """A bar on a terminal: articles written, of how many; once all are, only that it goes on."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("reading", total=None)

    def expect(self, articles: int) -> None:
        self._progress.update(self._task, total=articles, description="writing")

    def __call__(self, rows: int) -> None:
        self._progress.advance(self._task, rows)
        task = self._progress.tasks[0]
        if task.total is not None and task.completed > task.total:
            self._progress.update(self._task, total=None)


@contextmanager
def progress_bar() -> Iterator[_Advance]:
    """Show progress on a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
        yield _Advance(progress)


def note_event(
    archive_path: Path, event_type: EventType, detail: Mapping[str, Any], *, success: bool = True
) -> None:
    """Note in the archive what was done with it; where that cannot be, say so and go on."""
    try:
        record_event(archive_path, event_type, detail, success=success)
    except ArchiveError as error:
        click.echo(f"Not noted in the table event: {error}", err=True)
