"""The `zhijiang` command: crawl, parse and demo, and the archive's verbs."""

import dataclasses
import errno
import json
import logging
import os
import shutil
import sys
import time
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from archive.care.status import state_changed
from archive.cli import COMMANDS, archive_option, day, echo_json, new_file
from archive.evidence.warc_writer import WarcError
from archive.search.query import QueryError
from archive.search.query import search as search_archive
from archive.store.archive import Archive, ArchiveBusy, ArchiveError, utc_now
from archive.store.events import save_event
from archive.store.lock import writer_lock
from zhijiang_spider.crawl.notify import News, notify
from zhijiang_spider.crawl.verdict import Verdict
from zhijiang_spider.demo import demo_site, serve
from zhijiang_spider.derive.explain import Explanation
from zhijiang_spider.derive.explain import explain as explain_fields
from zhijiang_spider.derive.normalise import normalise_article
from zhijiang_spider.derive.reparse import Report, recorded_sites
from zhijiang_spider.derive.reparse import reparse as rederive
from zhijiang_spider.pages import LayoutChanged, extract_article, extract_section_page, read_page
from zhijiang_spider.probe.diagnosis import Diagnosis, draft
from zhijiang_spider.sites.site import Site, SiteError, load_site, site_names

EXIT_NO = 1
"""The answer is no: a check failed, a crawl was incomplete."""
EXIT_USAGE = 2
EXIT_LATER = 75
"""Try again later: another crawl is at work, or another program holds the archive."""


class _WrongUsage(click.ClickException):
    exit_code = EXIT_USAGE


class _Later(click.ClickException):
    exit_code = EXIT_LATER


class _Commands(click.Group):
    """Gives every error of ours its exit status, in one place."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run with all three standard streams, whatever the caller closed."""
        _open_closed_streams()
        return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ArchiveBusy as error:
            raise _Later(str(error)) from error
        except (SiteError, QueryError) as error:
            raise _WrongUsage(str(error)) from error
        except ArchiveError as error:
            raise click.ClickException(str(error)) from error  # exit status 1
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever read our output has had enough
                raise
            where = error.filename or "the output"
            raise click.ClickException(f"{where}: {error.strerror or error}") from error


def _open_closed_streams() -> None:
    """Open what was closed (``2>&-``): else its number goes to the next file, and what is printed goes there too."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115  for the whole run


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="zhijiang")
def main() -> None:
    """Archive a Chinese local news site: who published, wrote and reviewed what, and what changed.

    Exit status: 0 all right, 1 the answer is no (crawl incomplete, check failed), 2 wrong usage or site
    profile, 75 try again later.
    """


def _site(_context: click.Context, _parameter: click.Parameter, value: str) -> Site:
    return load_site(value)


def _site_option(command: Any) -> Any:
    return click.option(
        "--site",
        callback=_site,
        default="zhijiang",
        show_default=True,
        help=f"Site profile: {', '.join(site_names())}, or a .toml file.",
    )(command)


def _log_level(verbose: int) -> str:
    return ("WARNING", "INFO", "DEBUG")[min(verbose, 2)]


@main.command()
@_site_option
@archive_option
@click.option(
    "--section", "sections", multiple=True, metavar="SLUG", help="Only this section; may be repeated."
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
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option(
    "--log",
    "log_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Log every request to this file; kept below 5 MB, with five older ones beside it.",
)
@click.option("-v", "--verbose", count=True, help="Log more; twice for everything.")
def crawl(
    site: Site,
    archive_path: Path,
    sections: tuple[str, ...],
    since: str | None,
    full: bool,
    media: str,
    as_json: bool,
    log_file: Path | None,
    verbose: int,
) -> None:
    """Crawl a site once into the archive.  Safe to run from cron.

    Fetches the section pages and every article that is listed and not archived yet.  Polite: one request
    at a time, robots.txt obeyed.  A crawl that is stopped is completed by the next one.
    """
    if log_file:
        _log_to(log_file)
    verdict = _crawl(site, archive_path, sections, since, full, media, _log_level(verbose))
    if as_json:
        echo_json({**dataclasses.asdict(verdict), "complete": verdict.complete})
    if not verdict.complete:
        click.echo(f"{site.name} → {archive_path}: {verdict.summary}", err=True)
        for trouble in verdict.troubles:
            click.echo(f"  {trouble}", err=True)
    elif not as_json and (verbose or sys.stderr.isatty()):
        click.echo(f"{site.name} → {archive_path}: {verdict.summary}", err=True)
    _tell(site, archive_path, verdict)
    if not verdict.complete:
        sys.exit(EXIT_NO)


class _Log(RotatingFileHandler):
    """A log file that rotates.  Where it cannot be written, one line says so, not a traceback for each message."""

    _said = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  the library's name
        """Say once what is wrong with the file."""
        if not self._said:
            self._said = True
            click.echo(f"{self.baseFilename}: the log cannot be written: {sys.exception()}", err=True)

    def close(self) -> None:
        """Close the file; what it could not take was said."""
        with suppress(OSError):
            super().close()


def _log_to(path: Path) -> None:
    try:
        handler = _Log(path, maxBytes=5_000_000, backupCount=5, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"{path}: cannot be written: {error.strerror or error}") from error
    handler.setLevel(logging.DEBUG)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.DEBUG)


def _tell(site: Site, archive_path: Path, verdict: Verdict) -> None:
    """Send news of a change of state, the ways that the environment names."""
    with Archive.read(archive_path) as archive:
        changed = state_changed(archive, site.name)
    if changed:
        news = News(site.title, str(archive_path), verdict.complete, verdict.summary, verdict.troubles)
        for problem in notify(news, os.environ):
            click.echo(f"  {problem}", err=True)


def _crawl(
    site: Site,
    archive_path: Path,
    sections: tuple[str, ...] = (),
    since: str | None = None,
    full: bool = False,
    media: str = "images",
    log_level: str = "WARNING",
) -> Verdict:
    """Run a crawl, with progress on a terminal."""
    from zhijiang_spider.crawl import run  # Scrapy takes a second to load; the other commands do without

    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
    ) as progress:
        task = progress.add_task("starting")
        first: list[tuple[float, int]] = []  # when the first pages had come, and how many

        def show(so_far: Verdict) -> None:
            if not first:
                first.append((time.monotonic(), so_far.pages))
            since_first, pages = time.monotonic() - first[0][0], so_far.pages - first[0][1]
            left = so_far.waiting * since_first / max(pages, 1)
            progress.update(
                task,
                description=f"pages {so_far.pages}  new {so_far.new}  revised {so_far.revised}  "
                f"unchanged {so_far.unchanged}  failed {so_far.failed}  waiting {so_far.waiting}"
                + (f" (about {left / 60:.0f} min)" if left >= 60 else ""),
            )

        return run.crawl(
            site,
            archive_path,
            sections=sections,
            since=since,
            full=full,
            media=media,
            log_level=log_level,
            on_count=show,
        )


@main.command()
@click.argument("file_or_url")
@_site_option
@click.option("--url", default="", help="The address a saved file came from.")
def parse(file_or_url: str, site: Site, url: str) -> None:
    """Print as JSON what would be archived of one page, and store nothing.

    For checking a site profile: give an article's address, a list page's, or a saved file (with --url).
    Exit status 1 when the page cannot be read as what its address says it is.
    """
    if file_or_url.startswith(("http://", "https://")):
        from zhijiang_spider.crawl import run

        if not site.allows(file_or_url):
            raise click.UsageError(f"{file_or_url}: its host is not in the hosts of profile {site.name}")
        try:
            page = run.fetch(file_or_url, site)
        except run.FetchError as error:
            raise click.ClickException(str(error)) from error
        url, body, content_type = url or page.url, page.body, page.content_type
    else:
        try:
            body, content_type = Path(file_or_url).read_bytes(), ""
        except OSError as error:
            raise click.UsageError(f"{file_or_url}: cannot be read: {error.strerror or error}") from error
    selector = read_page(body, content_type)
    try:
        if site.article_key(url) is None and site.section_slug(url) is not None:
            echo_json(dataclasses.asdict(extract_section_page(selector, url, site)))
            return
        raw = dataclasses.replace(
            extract_article(selector, url, site), key=site.article_key(url) or "", fetched_at=utc_now()
        )
    except LayoutChanged as error:
        raise click.ClickException(str(error) if url else f"{file_or_url}: {error.missing}") from error
    echo_json(json.loads(json.dumps(dataclasses.asdict(normalise_article(raw, site)))))


@main.command()
@click.argument("url")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write a draft profile to this file."
)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@click.option(
    "--delay", type=click.FloatRange(0, 60), default=1.0, show_default=True, help="Seconds between requests."
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def probe(url: str, out: Path | None, force: bool, delay: float, as_json: bool) -> None:
    """Look at a site that has no profile yet, and draft one.

    Give its home page or one of its lists.  Fetches at most 20 pages, politely; tells what it found of each
    field in how many articles, and what looks odd.  Exit status 1 when no articles are found.
    """
    from zhijiang_spider.crawl import run

    if not _is_address(url):
        raise click.UsageError(f"{url}: give a full address, such as http://www.example.cn/")
    found = run.probe(url, delay=delay)
    if as_json:
        echo_json(dataclasses.asdict(found))
    else:
        _print_diagnosis(found)
    if not found.profile:
        sys.exit(EXIT_NO)
    text = draft(found)
    if out:
        with new_file(out, force=force) as part:
            part.write_text(text, encoding="utf-8")
        click.echo(f"{out}: try zhijiang crawl --site {out} --archive test.db", err=as_json)
    elif not as_json:
        click.echo(f"\n{text}")


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _print_diagnosis(found: Diagnosis) -> None:
    click.echo(f"{found.requests} pages fetched")
    for address, name, entries, has_next in found.sections:
        click.echo(
            f"list   {name or '-'}  {entries} articles{', has a next page' if has_next else ''}  {address}"
        )
    for name, values in found.fields.items():
        shown = next((value for value in values if value), "")
        sure = f"{found.confidence(name):.0%} of {len(values)}"
        click.echo(
            f"field  {name:13} {sure:>10}  {_excerpt(shown, 40) or '-'}  ({found.rules.get(name, 'credit lines' if name == 'credits' else '-')})"
        )
    for warning in found.warnings:
        click.echo(f"!      {warning}")


@main.command()
@click.argument("id_or_url")
@archive_option
@click.option("--site", "profile", default=None, help="Read with this profile instead of the last crawl's.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def explain(id_or_url: str, archive_path: Path, profile: str | None, as_json: bool) -> None:
    """Tell for each field of an article which rule found it, in what, and what was refused.

    Reads the kept page of the current version again; without network.
    """
    with Archive.read(archive_path) as archive:
        sites = [load_site(profile)] if profile else recorded_sites(archive)
        try:
            found = explain_fields(archive, id_or_url, sites)
        except (WarcError, LayoutChanged) as error:
            raise click.ClickException(str(error)) from error
    if found is None:
        raise click.ClickException(
            f"{id_or_url}: no such article in {archive_path}, or no page of it was kept"
        )
    if as_json:
        echo_json(json.loads(json.dumps(dataclasses.asdict(found))))
    else:
        click.echo(_explanation_text(found))


def _explanation_text(found: Explanation) -> str:
    capture = found.capture
    lines = [
        f"{found.article_id}  {found.article.title}",
        f"capture {capture['capture_id']}: {capture['captured_at']}  HTTP {capture['status']}  {capture['url']}",
        f"  {capture['file']}, byte {capture['warc_offset']}, {capture['warc_length']} bytes",
        f"  payload sha256 {capture['payload_sha256']}",
    ]
    for choice in found.choices:
        value = _excerpt(choice.value) or "-"
        lines += ["", f"{choice.field}: {value}", f"  found as: {choice.rule or 'not found'}"]
        lines += [f"  refused:  {_excerpt(text)}  ({rule})" for rule, text in choice.refused]
    lines += ["", "credits:"]
    lines += [
        f"  {credit.role}  {credit.name}  printed as {credit.label or 'a bare name'}, {credit.position},"
        f" rule {credit.rule}"
        for credit in found.article.credits
    ] or ["  none"]
    if found.stale:
        lines += [
            "",
            f"Stored otherwise: {', '.join(found.stale)}; zhijiang reparse --apply brings it up to date.",
        ]
    return "\n".join(lines)


def _excerpt(text: str, length: int = 80) -> str:
    line = text.replace("\n", "⏎")
    return line if len(line) <= length else f"{line[:length]}… ({len(line)} characters)"


@main.command()
@archive_option
@click.option(
    "--apply", "apply_changes", is_flag=True, help="Write the changes; without it they are only told."
)
@click.option(
    "--site",
    "profile",
    default=None,
    help="Read with this profile (name or .toml file) instead of the one of the last crawl.",
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def reparse(archive_path: Path, apply_changes: bool, profile: str | None, as_json: bool) -> None:
    """Derive every article again from its captures in the WARC files, without network.

    For when the program reads pages better than it did.  Tells which fields of how many articles change;
    with --apply writes them.  What people decided (appraisal) is never touched.  Can be stopped and begun
    again; a second run changes nothing.
    """
    with writer_lock(archive_path), Archive.open(archive_path, create=False) as archive:
        sites = [load_site(profile)] if profile else recorded_sites(archive)
        reports = {site.name: _reparse(archive, site, apply_changes) for site in sites}
        if apply_changes:
            save_event(archive, "metadata modification", {name: _event(r) for name, r in reports.items()})
    if as_json:
        echo_json({name: dataclasses.asdict(report) for name, report in reports.items()})
        return
    for name, report in reports.items():
        _print_reparse(name, report, applied=apply_changes)


def _event(report: Report) -> dict[str, Any]:
    """Return what an event tells of a report."""
    return {
        "articles": report.articles,
        "changed": report.changed,
        "new": report.new,
        "fields": report.fields,
        "problems": len(report.problems),
    }


def _reparse(archive: Archive, site: Site, apply_changes: bool) -> Report:
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(site.name, total=None)
        return rederive(archive, site, apply=apply_changes, on_article=lambda: progress.advance(task))


def _print_reparse(name: str, report: Report, *, applied: bool) -> None:
    verb = "changed" if applied else "would change"
    click.echo(
        f"{name}: {report.articles} articles read again from their captures; "
        f"{report.changed} {verb}, {report.new} {'are' if applied else 'would be'} new"
    )
    for field_name, count in report.fields.most_common():
        click.echo(f"  {field_name}: {count}")
        for sample in report.samples[field_name]:
            before, after = _excerpts(sample.before, sample.after)
            click.echo(
                f"    {sample.article_id}  - {before}\n    {' ' * len(str(sample.article_id))}  + {after}"
            )
    for problem in report.problems:
        click.echo(f"  ! {problem}", err=True)
    if not applied and (report.changed or report.new):
        click.echo("Nothing was written; --apply writes it.")
    if report.problems:
        sys.exit(EXIT_NO)


def _excerpts(before: str, after: str, length: int = 60) -> tuple[str, str]:
    """Return both texts from shortly before their first difference, on one line each."""
    pairs = enumerate(zip(before, after, strict=False))
    same = next((place for place, (old, new) in pairs if old != new), min(len(before), len(after)))
    start = max(0, same - length // 3)
    texts = (text[start : start + length].replace("\n", "⏎") for text in (before, after))
    first, second = (f"{'…' if start else ''}{text}" for text in texts)
    return first, second


@main.command()
@click.option(
    "--archive",
    "archive_path",
    type=click.Path(dir_okay=False, path_type=Path),
    default="zhijiang-demo.db",
    show_default=True,
    help="The file to write; an earlier demo archive is replaced.",
)
def demo(archive_path: Path) -> None:
    """Crawl the bundled sample site into a fresh archive, and search it.  Needs no network."""
    _remove_demo(archive_path)
    with serve() as base_url:
        site = demo_site(base_url)
        click.echo(f"样本网站：{base_url}  （虚构的“{site.title}”）")
        verdict = _crawl(site, archive_path)
    click.echo(f"采集：{verdict.list_pages} 个列表页，列出 {verdict.listed} 条，新存 {verdict.new} 篇文章")
    if not verdict.complete:
        raise click.ClickException("; ".join(verdict.troubles))
    with Archive.read(archive_path) as archive:
        count = archive.connection.execute
        articles, names = count(
            "SELECT count(*), (SELECT count(DISTINCT name) FROM credit) FROM article"
        ).fetchone()
        click.echo(f"存档：{archive_path}  {articles} 篇文章，{names} 个署名")
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
        click.echo(f'  sqlite3 {archive_path} "SELECT 题名, 记者, 一审 FROM 文章 LIMIT 5"')


def _remove_demo(path: Path) -> None:
    """Delete an earlier demo archive; refuse to touch anything else."""
    if not path.exists():
        return
    with Archive.open(path, create=False) as archive:  # one of an earlier version too
        sites = {row[0] for row in archive.connection.execute("SELECT site FROM crawl")}
    if sites - {"demo"}:
        raise click.UsageError(f"{path} holds a real archive; choose another name with --archive")
    for suffix in ("", "-wal", "-shm", ".lock", ".writer"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    shutil.rmtree(path.with_suffix(".warc"), ignore_errors=True)


for _command in COMMANDS:
    main.add_command(_command)

if __name__ == "__main__":
    main()
