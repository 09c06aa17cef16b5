"""Our extraction in the form the page scorer takes."""

from typing import Any

from archive.model.article import Position, Role, RoleGroup
from zhijiang_spider.derive.article import ArticleParts, derive_article, read_part
from zhijiang_spider.pages import Page
from zhijiang_spider.sites.site import parse_site
from zhijiang_spider.text.names import is_org

SITE = parse_site(
    {
        "name": "any",
        "hosts": ["example.invalid"],
        "start_urls": ["http://example.invalid/"],
        "article_url": "(?P<id>.*)",
    },
    "any.toml",
)
PICTURES = {Role.PHOTOGRAPHER, Role.PICTURE_SUPPLIER, Role.VIDEOGRAPHER, Role.VIDEO_EDITOR}


def extract(html: bytes, url: str) -> dict[str, Any]:
    """Read one page without a profile of its site."""
    page = Page(url or "http://example.invalid/", html, fetched_at="2026-01-01T00:00:00Z")
    article = derive_article(ArticleParts("1", (read_part(page, SITE),)), SITE)
    writers = [
        c.name
        for c in article.credits
        if c.position is not Position.CAPTION
        and not is_org(c.name)  # labels name the people
        and ((c.role.group is RoleGroup.CREATE and c.role not in PICTURES) or c.role is Role.UNLABELLED)
    ]
    return {
        "title": article.title,
        "date": article.published_at or article.published_on,
        "body": "\n".join(article.body),
        "authors": writers,
        "editors": [c.name for c in article.credits if c.role in (Role.EDITOR, Role.RESPONSIBLE_EDITOR)],
        "source": article.source or None,
        "images": [image.url for image in article.images],
    }


EXTRACTORS = {"zhijiang": extract}
