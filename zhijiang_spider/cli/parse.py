"""``zhijiang parse``."""

import click

from archive.cli.output import echo_json
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
    from zhijiang_spider.cli.preview import preview

    echo_json(preview(file_or_url, url, site))
