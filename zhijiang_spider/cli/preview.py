"""What a crawl would archive of one page: read as a crawl reads it, and stored nowhere."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import click

from archive.language import _, told
from archive.times import utc_now
from zhijiang_spider.derive.article import (
    ArticlePart,
    ArticleParts,
    PartMissing,
    Refused,
    derive_article,
    next_address,
    read_further,
    read_list,
    read_part,
    refuse_jump,
)
from zhijiang_spider.items import ListAddress, NextPage, SectionPage
from zhijiang_spider.pages import Page
from zhijiang_spider.pages.lists.pagers.addresses import is_same_page
from zhijiang_spider.sites.site import Site


def preview(file_or_url: str, url: str, site: Site) -> dict[str, Any]:
    """Return an article or a list page as JSON has it.

    ``url``: the address a saved file came from, or ""; of a list asked for with POST as ``ListAddress`` is written.  Raises ``click.ClickException`` for what a crawl refuses.
    """
    try:
        if file_or_url.startswith(("http://", "https://")):
            page, parts = _fetched(ListAddress.parse(file_or_url), site)
        else:
            page, parts = _saved(Path(file_or_url), url, site)
        if not parts:
            return _shown(read_list(page, site))
    except Refused as error:
        raise click.ClickException(f"{file_or_url}: {told(str(error))}") from error
    key = site.article_key(page.url)
    if page.url and key is None:
        click.echo(
            _("{url}: article_url does not match it, so a crawl would not ask for it", url=page.url), err=True
        )
    article = derive_article(ArticleParts(key or "", tuple(parts)), site)
    found: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(article)))
    return found


def _shown(listed: SectionPage) -> dict[str, Any]:
    following = listed.following
    if isinstance(following, NextPage) and following.leads:
        click.echo(
            _(
                "{url}: its list comes from the {pager} at {address}; zhijiang parse reads that too",
                url=listed.url,
                pager=told(following.pager),
                address=following.address,
            ),
            err=True,
        )
    return dataclasses.asdict(listed) | {"next_url": listed.next_url, "unread": listed.not_understood}


def _fetched(address: ListAddress, site: Site) -> tuple[Page, list[ArticlePart]]:
    """Fetch a page, and the further ones of an article; no parts: it is a list."""
    from zhijiang_spider.crawl import run  # Scrapy takes a second to load; a saved file does without

    url = address.url
    if not site.allows(url):
        raise click.UsageError(
            _("{url}: its host is not in the hosts of profile {name}", url=url, name=site.name)
        )
    parts: list[ArticlePart] = []

    def following(page: Page) -> str:
        if any(_is_list(ListAddress(at, page.form), site) for at in (page.asked, page.url)):
            refuse_jump(page)
            return ""
        if site.article_key(url) and not site.article_key(page.url):
            raise Refused(f"redirected to {page.url}, which is no article")
        parts.append(read_further(parts, page, site) if parts else read_part(page, site))
        return next_address(parts)

    try:
        return run.fetch(url, site, following, form=address.form), parts
    except run.FetchError as error:
        raise click.ClickException(told(str(error))) from error


def _saved(path: Path, url: str, site: Site) -> tuple[Page, list[ArticlePart]]:
    """Read a saved file: an article's first page, or a list."""
    try:
        address = ListAddress.parse(url)
        page = Page(address.url, path.read_bytes(), fetched_at=utc_now(), form=address.form)
    except OSError as error:
        raise click.UsageError(
            _("{path}: cannot be read: {reason}", path=path, reason=told(error.strerror or str(error)))
        ) from error
    if _is_list(address, site):
        return page, []
    parts = [read_part(page, site)]
    try:
        if more := next_address(parts):
            click.echo(
                _("{path}: the article goes on, which a crawl would fetch too: {more}", path=path, more=more),
                err=True,
            )
    except PartMissing as error:
        click.echo(_("{path}: {error}; a crawl would refuse the article", path=path, error=error), err=True)
    return page, parts


def _is_list(address: ListAddress, site: Site) -> bool:
    """Tell whether an address is that of a list: its shape says so, a crawl begins there, or the list API has it."""
    url = address.url
    if site.list_api is not None and site.list_api.asked(url, address.form, site.page_url) is not None:
        return True
    if not url or site.article_key(url) is not None:
        return False
    return site.section_slug(url) is not None or any(is_same_page(url, start) for start in site.start_urls)
