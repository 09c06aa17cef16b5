"""``zhijiang parse``."""

import dataclasses
import json
from pathlib import Path

import click

from archive.cli.output import echo_json
from archive.times import utc_now
from zhijiang_spider.cli.options import site_option
from zhijiang_spider.sites.site import Site


@click.command()
@click.argument("file_or_url")
@site_option
@click.option("--url", default="", help="The address a saved file came from.")
def parse(file_or_url: str, site: Site, url: str) -> None:
    """Print as JSON what would be archived of one page, and store nothing.

    For checking a site profile: give an article's address, a list page's, or a saved file (with --url).
    Exit status 1 when the page cannot be read as what its address says it is.
    """
    from zhijiang_spider.derive.normalise import normalise_article
    from zhijiang_spider.pages import LayoutChanged, extract_article, extract_section_page, read_page

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
