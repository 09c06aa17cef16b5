"""What a page says of an article to programs: schema.org, and the words that reference managers read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from archive.rendering.citation import Citation
from archive.store.dictionary import describe

_TOLD = ("title", "subtitle", "section", "published_on", "published_at", "source", "credit_line")
"""Columns of ``article`` that are told by the words which the data dictionary has for them."""


def news_article(
    text: Mapping[str, Any], citation: Citation, credits: Iterable[tuple[str, str]], pictures: Sequence[str]
) -> dict[str, Any]:
    """Return a version of an article as a ``NewsArticle`` of schema.org, for JSON-LD.

    ``text``: columns of ``article`` with the values of that version; ``credits``: (role, name); ``pictures``: their
    addresses here.  A name stays a string, for one name need not be one person, and may be an office.
    """
    described = ((describe("article", column), text.get(column)) for column in _TOLD)
    told = {entry.schema_org: value for entry, value in described if entry and value}
    others = dict.fromkeys((role, name) for role, name in credits if name not in citation.authors)
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        **told,
        "author": list(citation.authors) or citation.site,
        **({"contributor": [_in_role(*other) for other in others]} if others else {}),
        **({"image": list(pictures)} if pictures else {}),
        "publisher": {"@type": "Organization", "name": citation.site},
        "inLanguage": "zh-CN",
        "url": citation.url,
        **({"archivedAt": citation.permalink} if citation.permalink else {}),
    }


def _in_role(role: str, name: str) -> dict[str, str]:
    return {"@type": "Role", "roleName": role, "contributor": name}


def citation_meta(citation: Citation, address: str) -> Iterator[tuple[str, str]]:
    """Yield (name, content) of the ``meta`` elements that reference managers read.  ``address``: of the page."""
    yield "citation_title", citation.title
    yield from (("citation_author", name) for name in citation.authors)
    if citation.published_on:
        yield "citation_publication_date", citation.published_on.replace("-", "/")
    yield "citation_publisher", citation.site
    yield "citation_language", "zh-CN"
    yield "citation_public_url", address
    yield "citation_fulltext_html_url", address
