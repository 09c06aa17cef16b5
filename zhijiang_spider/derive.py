"""Page → Article: the one way, walked by the crawl when a page arrives and by ``reparse`` from the WARC."""

from dataclasses import replace

from w3lib.html import get_meta_refresh

from archive.article import Article
from archive.warc import Record
from zhijiang_spider.items import RawArticle
from zhijiang_spider.normalise import normalise_article
from zhijiang_spider.pages import LayoutChanged, extract_article, read_page, says_gone
from zhijiang_spider.pages.decode import decode_page
from zhijiang_spider.site import Site


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


def derive_article(record: Record, site: Site, *, key: str, capture: int) -> Article | None:
    """Return the article that a capture of status 200 holds, None if the crawl would have taken none from it."""
    refresh = get_meta_refresh(decode_page(record.content, record.content_type), record.url)
    if refresh[1]:  # the crawl went on to another page
        return None
    try:
        raw = derive_raw(
            record.content,
            record.content_type,
            record.url,
            site,
            key=key,
            fetched_at=record.captured_at,
            capture=capture,
        )
    except (PageGone, LayoutChanged):
        return None
    return normalise_article(raw, site)
