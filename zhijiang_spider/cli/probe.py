"""``zhijiang probe``."""

from __future__ import annotations

import dataclasses
import shlex
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from archive.cli.output import echo_json, new_file, refuse_taken
from archive.language import _, ngettext, sentence, told
from archive.store.archive import Archive
from zhijiang_spider.cli.crawl import NEW_ARCHIVE
from zhijiang_spider.cli.derive import excerpt
from zhijiang_spider.cli.exits import EXIT_NO

if TYPE_CHECKING:
    from zhijiang_spider.probe.diagnosis import Diagnosis

_TRIED_PAGES = 3
"""List pages of each section that ``--try`` reads."""


@click.command()
@click.argument("url")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write a draft profile to this file."
)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@click.option(
    "--delay", type=click.FloatRange(0, 60), default=1.0, show_default=True, help="Seconds between requests."
)
@click.option(
    "--requests",
    type=click.IntRange(5, 500),
    default=20,
    show_default=True,
    help="Pages that are looked at, at most.",
)
@click.option(
    "--try",
    "tries",
    is_flag=True,
    help="Crawl three list pages of each section with the draft, into an archive that is thrown away, and print what"
    " of each section and field was found.",
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def probe(
    url: str, out: Path | None, force: bool, delay: float, requests: int, tries: bool, as_json: bool
) -> None:
    """Look at a site that has no profile yet, and draft one.

    Give its home page or one of its lists.  Fetches at most 20 pages (see --requests), politely; tells what
    it found of each field in how many articles, what looks odd, and what to do next.

    Exit status 1 when no draft is there that a crawl can use: nothing was found, lists or articles are not
    understood (a draft without sections is written all the same), or it was interrupted.
    """
    from zhijiang_spider.crawl import run
    from zhijiang_spider.probe.draft import draft

    if not _is_address(url):
        raise click.UsageError(_("{url}: give a full address, such as http://www.example.cn/", url=url))
    if out:
        refuse_taken(out, force=force)
    found = run.probe(url, delay=delay, requests=requests)
    text = "\n".join(map(_comment_told, draft(found).split("\n"))) if found.profile else ""
    problem: click.ClickException | None = None
    if out and text:
        try:
            with new_file(out, force=force) as part:
                part.write_text(text, encoding="utf-8")
        except click.ClickException as error:  # what was found is printed all the same
            problem = error
    if not as_json:
        _print_diagnosis(found)
        if text and (not out or problem):
            click.echo(f"\n{text}")
    if problem:
        raise problem
    tried: dict[str, Any] = {}
    if found.usable and tries:
        tried = _try(
            draft(found, delay=delay, max_pages=_TRIED_PAGES), shlex.quote(f"{out}") if out else "FILE"
        )
        if not as_json:
            _print_coverage(tried)
    usable = found.usable and (not tried or any(row["archived"] for row in tried["sections"]))
    next_step = _next_step(found, url, out, tried)
    if as_json:
        echo_json(dataclasses.asdict(found) | {"next_step": next_step} | ({"tried": tried} if tries else {}))
    if out:
        click.echo(_("{out}: written", out=out) if text else _("{out}: NOT written", out=out), err=as_json)
    if not as_json:
        click.echo(_("Next:  {step}", step=told(next_step)))
    if not usable:
        sys.exit(EXIT_NO)


def _comment_told(line: str) -> str:
    """Return a line of a draft with its comment in the language of the run; nothing else of it is touched."""
    code, mark, comment = line.rpartition("# ")
    return f"{code}{mark}{told(comment)}" if not code or code.endswith("    ") else line


def _next_step(found: Diagnosis, url: str, out: Path | None, tried: Mapping[str, Any]) -> str:
    """Return what to do now."""
    if found.next_step:
        return found.next_step
    if tried and not tried["complete"]:
        return sentence(
            "The lines with ! say what the trial could not read: zhijiang parse ADDRESS --site FILE shows why."
        )
    if out is None:
        return sentence("Write the draft to a file: zhijiang probe {url} --out FILE", url=url)
    return sentence("Read the comments in {out}, then zhijiang crawl --site {out} --archive test.db", out=out)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _print_diagnosis(found: Diagnosis) -> None:
    click.echo(
        ngettext("{count} page fetched", "{count} pages fetched", found.requests, count=found.requests)
        + (_(", then interrupted") if found.interrupted else "")
    )
    lists = [
        (
            _("list "),
            name or "-",
            ngettext("{count} article", "{count} articles", entries, count=entries)
            + (_(", has a next page") if has_next else ""),
            address,
        )
        for address, name, entries, has_next in found.sections
    ]
    _print_rows(lists)
    fields = []
    for name, values in found.fields.items():
        shown = next((value for value in values if value), "")
        rule = told(found.rules.get(name, "")) or (_("credit lines") if name == "credits" else "-")
        sure = _("{share:.0%} of {count}", share=found.confidence(name), count=len(values))
        fields.append((_("field"), f"{name:13}", f"{sure:>9}", excerpt(shown, 40) or "-", f"({rule})"))
    _print_rows(fields)
    for warning in found.warnings:
        click.echo(f"!      {told(warning)}")


def _print_rows(rows: Sequence[Sequence[str]]) -> None:
    """Print rows in columns; a Chinese character takes two places, as on a terminal."""
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def _try(profile: str, named: str) -> dict[str, Any]:
    """Crawl with a profile into an archive of its own; return the coverage and what the crawl said, none if it is interrupted.

    ``named``: what commands that the crawl advises call the profile, whose own file is removed with the archive.
    Scrapy runs once in a process, so this crawl has another.
    """
    from archive.care.coverage import section_coverage

    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # Scrapy has left handlers that do nothing any more
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    with TemporaryDirectory(prefix="zhijiang-") as folder:
        file, path = Path(folder, "draft.toml"), Path(folder, "try.db")
        file.write_text(profile, encoding="utf-8")
        command = [sys.executable, "-m", "zhijiang_spider.cli", "--lang", "en", "crawl", "--site", str(file)]
        command += ["--archive", str(path), "--media", "none"]
        try:
            crawled = subprocess.run(
                command, stderr=subprocess.PIPE, text=True, encoding="utf-8", check=False
            )
        except KeyboardInterrupt:
            return {"complete": False, "sections": [], "said": [sentence("interrupted")]}
        lines = (
            line for line in crawled.stderr.splitlines() if not line.endswith(NEW_ARCHIVE.rpartition("}")[2])
        )
        said = [line.replace(f"{path}", "try.db").replace(f"{file}", named) for line in lines]
        if not path.exists():
            return {"complete": False, "sections": [], "said": said}
        with Archive.read(path) as archive:
            rows = section_coverage(archive)
    return {"complete": crawled.returncode == 0, "sections": rows, "said": said}


def _print_coverage(tried: Mapping[str, Any]) -> None:
    from archive.care.coverage import FIELDS

    click.echo(
        _(
            "\nTried: {tried_pages} list pages of each section, into an archive that is thrown away",
            tried_pages=_TRIED_PAGES,
        )
    )
    rows: list[Sequence[str]] = [(_("section"), _("listed"), _("archived"), *FIELDS)]
    for row in tried["sections"]:
        shares = (f"{row[field] / row['archived']:.0%}" if row["archived"] else "-" for field in FIELDS)
        name = row["name"] or row["url"]
        if row["kind"] == "start":
            name = _("start page {url}", url=row["url"])
        rows.append((name, f"{row['listed']}", f"{row['archived']}", *shares))
    _print_rows(rows)
    click.echo(_("The crawl was complete.") if tried["complete"] else _("The crawl was NOT complete:"))
    for line in tried["said"]:
        click.echo(f"!      {told(line.strip())}")
