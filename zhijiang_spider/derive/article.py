"""Page → Article: the one way, walked by the crawl when a page arrives and by ``reparse`` from the WARC."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from w3lib.html import get_meta_refresh

from archive.evidence.charset import decode_page
from archive.evidence.warc_reader import Record, WarcError
from archive.model.article import Article
from zhijiang_spider.derive.normalise import normalise_article
from zhijiang_spider.items import RawArticle
from zhijiang_spider.pages import LayoutChanged, extract_article, read_page, says_gone
from zhijiang_spider.pages.article.multipage import MOST, join_parts
from zhijiang_spider.sites.site import Site


class PageGone(Exception):
    """The page says that what was asked for does not exist."""


def derive_raw(
    body: bytes,
    content_type: str,
    url: str,
    site: Site,
    *,
    key: str,
    fetched_at: str,
    capture: int | None,
) -> RawArticle:
    """Read the bytes of an article page.

    ``body``: decompressed.  ``content_type``: the HTTP header.  ``url``: where the page came from in the end.
    Raises ``PageGone`` and ``LayoutChanged``.
    """
    selector = read_page(body, content_type)
    if says_gone(selector):
        raise PageGone(url)
    return replace(extract_article(selector, url, site), key=key, fetched_at=fetched_at, capture=capture)


def derive_article(
    record: Record, site: Site, read_part: Callable[[str], Record | None], *, key: str, capture: int
) -> Article | None:
    """Return the article that a capture of status 200 holds, None if the crawl would have taken none from it.

    ``read_part``: address → the capture of a further page of it, None if there is none.
    """
    try:
        text = decode_page(record.content, record.content_type)
    except WarcError:  # the crawl does not unpack it either
        return None
    refresh = get_meta_refresh(text, record.url)
    if refresh[1]:  # the crawl went on to another page
        return None
    parts: list[RawArticle] = []
    page: Record | None = record
    while page is not None:
        try:
            raw = derive_raw(
                page.content,
                page.content_type,
                page.url,
                site,
                key=key,
                fetched_at=page.captured_at,
                capture=capture,
            )
        except (PageGone, LayoutChanged, WarcError):
            return None
        parts.append(raw)
        page = read_part(raw.next_url) if goes_on(parts) else None
        if goes_on(parts) and page is None:
            return None  # the crawl did not get all of it
    return normalise_article(join_parts(parts), site)


def goes_on(parts: Sequence[RawArticle]) -> bool:
    """Tell whether an article has another page to be read."""
    following = parts[-1].next_url
    return bool(following) and len(parts) < MOST and following not in {part.url for part in parts}
