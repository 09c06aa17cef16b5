"""``zhijiang crawl``."""

from __future__ import annotations

import dataclasses
import logging
import os
import re
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.cli.options import archive_option, day
from archive.cli.output import echo_json, refuse_anyones, refuse_own
from archive.language import _, noted, told
from archive.store.archive import Archive
from zhijiang_spider.cli.exits import EXIT_NO
from zhijiang_spider.cli.options import site_option, workers_option
from zhijiang_spider.crawl.options import CrawlOptions
from zhijiang_spider.sites.profile_sources import site_argument
from zhijiang_spider.sites.site import Site

if TYPE_CHECKING:
    from zhijiang_spider.crawl.verdict import Verdict


_OLDER_LOGS = 5


NEW_ARCHIVE = noted("{site} → {archive_path}: a new archive")
"""The line that a first crawl says: nobody would notice a mistyped path otherwise."""


def _log_level(verbose: int) -> str:
    return ("WARNING", "INFO", "DEBUG")[min(verbose, 2)]


@click.command()
@site_option
@archive_option
@click.option(
    "--section",
    "sections",
    multiple=True,
    metavar="SLUG",
    help="Only this section, by its slug or its name (栏目); may be repeated.",
)
@click.option("--since", callback=day, metavar="DATE", help="Leave out what was published before this day.")
@click.option("--full", is_flag=True, help="Walk every list to its end and fetch every article again.")
@click.option(
    "--media",
    type=click.Choice(["images", "all", "none"]),
    default="images",
    show_default=True,
    help="What to fetch beside the pages: the pictures of articles, their videos and files too, or nothing.",
)
@click.option(
    "--accept",
    is_flag=True,
    help="Take what earlier crawls held back because the site contradicted itself: it is right, somebody looked.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option(
    "--log",
    "log_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Log every request to this file; kept below 5 MB, with five older ones beside it.",
)
@workers_option
@click.option(
    "-s",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="A setting of Scrapy's for this crawl; may be repeated.  None makes a crawl less polite than its profile,"
    " except where every host is this machine.",
)
@click.option("-v", "--verbose", count=True, help="Log more; twice for everything.")
def crawl(
    site: Site,
    archive_path: Path,
    sections: tuple[str, ...],
    since: str | None,
    full: bool,
    media: str,
    accept: bool,
    as_json: bool,
    log_file: Path | None,
    workers: int | None,
    settings: tuple[str, ...],
    verbose: int,
) -> None:
    """Crawl a site once into the archive.  Safe to run from cron.

    Fetches the section pages and every article that is listed and not archived yet.  Polite: one request
    at a time, robots.txt obeyed.  A crawl that is stopped is completed by the next one.
    """
    from archive.cli.pasted import given_options, pasted
    from archive.store.sections import UnknownSection

    given = _given(settings, workers, site)
    if log_file:
        _log_to(log_file, archive_path)
    options = CrawlOptions(sections, since, full, media, accept)
    try:
        verdict = run_crawl(
            site,
            archive_path,
            options,
            str(given.pop("LOG_LEVEL", _log_level(verbose))),
            settings=given,
            on_new=lambda: click.echo(_(NEW_ARCHIVE, site=site.name, archive_path=archive_path), err=True),
        )
    except UnknownSection as error:
        raise click.UsageError(f"--section: {told(str(error))}") from error
    if as_json:
        echo_json({**dataclasses.asdict(verdict), "complete": verdict.complete})
    watched = verbose or sys.stderr.isatty()
    again = given_options(archive_path, site_argument(site.path))
    if watched and not as_json if verdict.complete else watched or verdict.due:
        click.echo(f"{site.name} → {archive_path}: {told(verdict.summary)}", err=True)
        for trouble in verdict.told:
            click.echo(f"  {pasted(told(trouble), again)}", err=True)
    _tell(site, archive_path, verdict, again)
    if verdict.sections_not_found:
        raise click.UsageError(f"--section: {told(verdict.sections_not_found)}")
    if not verdict.complete:
        sys.exit(EXIT_NO)


def _given(settings: tuple[str, ...], workers: int | None, site: Site) -> dict[str, Any]:
    """Return the settings that the operator gives.  Raises ``click.UsageError``."""
    given: dict[str, Any] = {}
    if settings:
        from zhijiang_spider.crawl.given import BadSetting, given_settings

        try:
            given = given_settings(settings, site)
        except BadSetting as error:
            raise click.UsageError(f"-s {told(str(error))}") from error
    if workers is not None:
        given["ZHIJIANG_WORKERS"] = workers
    return given


class _Log(RotatingFileHandler):
    """A log file that rotates.  Where it cannot be written, one line says so, not a traceback for each message."""

    _said = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  the library's name
        """Say once what is wrong with the file."""
        if not self._said:
            self._said = True
            click.echo(
                _(
                    "{file}: the log cannot be written: {error}",
                    file=self.baseFilename,
                    error=sys.exception(),
                ),
                err=True,
            )

    def close(self) -> None:
        """Close the file; what it could not take was said."""
        with suppress(OSError):
            super().close()


def _is_log(path: Path) -> bool:
    """Tell whether a file is empty or begins as a log does: it is added to, and in time renamed and removed."""
    try:
        with path.open("rb") as file:
            begin = file.read(24)
    except OSError as error:
        raise click.UsageError(
            _("{path}: cannot be read: {reason}", path=path, reason=told(error.strerror or str(error)))
        ) from error
    return not begin or re.match(rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} ", begin) is not None


def _log_to(path: Path, archive_path: Path) -> None:
    for name in (path, *(path.with_name(f"{path.name}.{number}") for number in range(1, _OLDER_LOGS + 1))):
        refuse_own(name, archive_path)
        refuse_anyones(name)
        if name.is_file() and not _is_log(name):
            raise click.UsageError(
                _("{name} is there already and is no log of a crawl; choose another name", name=name)
            )
    try:
        handler = _Log(path, maxBytes=5_000_000, backupCount=_OLDER_LOGS, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(
            _("{path}: cannot be written: {reason}", path=path, reason=told(error.strerror or str(error)))
        ) from error
    handler.setLevel(logging.DEBUG)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.DEBUG)


def _tell(site: Site, archive_path: Path, verdict: Verdict, again: Mapping[str, str]) -> None:
    """Send news of a change of state, the ways that the environment names."""
    from archive.care.status import state_changed
    from archive.cli.pasted import pasted
    from archive.seal.told import head_line
    from archive.store.seals import read_seals
    from zhijiang_spider.crawl.notify import Alert, notify

    with Archive.read(archive_path) as archive:
        changed = state_changed(archive, site.name)
        seals = read_seals(archive) if changed else []
    if changed:
        troubles = tuple(pasted(trouble, again) for trouble in verdict.troubles)
        line = head_line(seals[-1]) if seals else ""
        as_read = tuple(pasted(told(trouble), again) for trouble in verdict.troubles)
        news = Alert(
            site.title, str(archive_path), verdict.complete, verdict.summary, troubles, line, as_read
        )
        for problem in notify(news, os.environ):
            click.echo(f"  {told(problem)}", err=True)


def run_crawl(
    site: Site,
    archive_path: Path,
    options: CrawlOptions | None = None,
    log_level: str = "WARNING",
    on_new: Callable[[], None] = lambda: None,
    settings: Mapping[str, Any] | None = None,
) -> Verdict:
    """Run a crawl, with progress on a terminal; see ``run.crawl``."""
    from zhijiang_spider.crawl import run

    if not sys.stderr.isatty():
        return run.crawl(site, archive_path, options, settings=settings, log_level=log_level, on_new=on_new)
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(_("starting"))
        first: list[tuple[float, int]] = []  # when the first pages had come, and how many

        def show(so_far: Verdict) -> None:
            if not first:
                first.append((time.monotonic(), so_far.pages))
            since_first, pages = time.monotonic() - first[0][0], so_far.pages - first[0][1]
            left = so_far.waiting * since_first / max(pages, 1)
            progress.update(
                task,
                description=_(
                    "pages {pages}  new {new}  revised {revised}  unchanged {unchanged}  failed {failed}  waiting {waiting}",
                    pages=so_far.pages,
                    new=so_far.new,
                    revised=so_far.revised,
                    unchanged=so_far.unchanged,
                    failed=so_far.failed,
                    waiting=so_far.waiting,
                )
                + (_(" (about {minutes:.0f} min)", minutes=left / 60) if left >= 60 else ""),
            )

        return run.crawl(
            site,
            archive_path,
            options,
            settings=settings,
            log_level=log_level,
            on_count=show,
            on_new=on_new,
        )
