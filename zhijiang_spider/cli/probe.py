"""``zhijiang probe``."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from archive.cli.output import echo_json, new_file
from zhijiang_spider.cli.derive import excerpt
from zhijiang_spider.cli.exits import EXIT_NO

if TYPE_CHECKING:
    from zhijiang_spider.probe.diagnosis import Diagnosis


@click.command()
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
    from zhijiang_spider.probe.diagnosis import draft

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
            f"field  {name:13} {sure:>10}  {excerpt(shown, 40) or '-'}  ({found.rules.get(name, 'credit lines' if name == 'credits' else '-')})"
        )
    for warning in found.warnings:
        click.echo(f"!      {warning}")
