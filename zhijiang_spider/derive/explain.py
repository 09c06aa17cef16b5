"""Explain: for each field of an article the rule, the text it matched, what was refused, and the capture."""

from dataclasses import dataclass
from typing import Any

from archive.model.article import Article
from archive.store.archive import Archive
from archive.store.captures import capture_of_text
from archive.store.read import find_article, listed_in, listed_title
from archive.store.versions import VERSION_COLUMNS
from zhijiang_spider.derive.kept import kept_article, kept_page
from zhijiang_spider.pages.article.choice import Choice
from zhijiang_spider.sites.errors import SiteError
from zhijiang_spider.sites.site import Site


@dataclass(frozen=True, slots=True)
class Explanation:
    """Where the current text of an article comes from."""

    article_id: int
    capture: dict[str, Any]
    """The capture of the current version: number, address, time, status, file, offset, digest."""
    choices: tuple[Choice, ...]
    article: Article
    """What this program reads from the capture now."""
    stale: tuple[str, ...]
    """Fields that are stored otherwise; ``zhijiang reparse --apply`` brings them up to date."""
    listed: tuple[dict[str, Any], ...] = ()
    """The lists that show it, see ``listed_in``."""


def explain(archive: Archive, id_or_url: str, sites: list[Site]) -> Explanation | None:
    """Read the page of an article's current version again, and tell how each field was found.

    None: no such article, or no page of it was kept.  Raises ``WarcError``, ``Refused`` and ``SiteError``.
    """
    stored = find_article(archive, id_or_url)
    capture = stored and capture_of_text(archive, stored["article_id"])
    if not stored or not capture:
        return None
    site = next((site for site in sites if site.name == stored["site"]), None)
    if site is None:
        names = ", ".join(site.name for site in sites)
        raise SiteError(f"{names}: is not the profile of this article's site, {stored['site']}")
    number = capture["capture_id"]
    key = stored["key"]
    listed = listed_title(archive, site.name, key)
    read, article = kept_article(archive, kept_page(archive, number), site, key=key, listed=listed)
    choices = read.parts[0].choices
    stale, lists = tuple(_stale(stored, article)), tuple(listed_in(archive, site.name, key))
    return Explanation(stored["article_id"], capture, choices, article, stale, lists)


def _stale(stored: dict[str, Any], article: Article) -> list[str]:
    now = {column: getattr(article, column) for column in VERSION_COLUMNS} | {"body": list(article.body)}
    fields = [column for column, value in now.items() if stored[column] != value]
    credits = [(credit.role, credit.name, credit.org) for credit in article.credits]
    if [(row["role"], row["name"], row["org"]) for row in stored["credits"]] != credits:
        fields.append("credits")
    return fields
