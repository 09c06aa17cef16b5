"""Pages as the archive kept them: captures read back from the WARC files."""

from collections.abc import Callable

from archive.evidence.warc_reader import Record, WarcError
from archive.model.article import Article
from archive.store.archive import Archive
from archive.store.captures import KeptBytes, capture_of_part, kept_bytes
from zhijiang_spider.derive.article import ArticleParts, ArticleRead, derive_article, read_on, read_whole
from zhijiang_spider.pages.links import without_session
from zhijiang_spider.pages.page import Page
from zhijiang_spider.sites.site import Site


def kept_page(archive: Archive, capture: int) -> Page:
    """Return the page of a capture.  Raises ``WarcError`` where its bytes cannot be read or unpacked, or are not all there."""
    return _page(kept_bytes(archive, capture).read(), capture)


def kept_parts(archive: Archive, first: int) -> Callable[[str], Page | None]:
    """Return what finds a further page of an article by its address; ``first``: the capture of its first page."""

    def get(url: str) -> Page | None:
        capture = capture_of_part(archive, first, url)
        return None if capture is None else _page(kept_bytes(archive, capture).read(), first)

    return get


def read_kept(
    read: ArticleParts, kept: KeptBytes, capture: int, site: Site, listed: str = ""
) -> ArticleRead | WarcError:
    """Read the next page of an article from its bytes, as ``read_on`` does, without the archive.

    ``capture``: of the article's first page.  Returns why the bytes cannot be read or unpacked, or are not all there.
    Raises ``Refused``.
    """
    try:
        page = _page(kept.read(), capture)
    except WarcError as error:
        return error
    return read_on(read, page, site, listed)


def kept_article(
    archive: Archive, first: Page, site: Site, *, key: str, listed: str
) -> tuple[ArticleParts, Article]:
    """Read an article from the capture of its first page, and the others behind it; return its pages and what they say.

    ``listed``: what a list called it.  Raises ``Refused`` and ``WarcError``.
    """
    assert first.capture is not None
    read = read_whole(first, site, kept_parts(archive, first.capture), key=key, listed=listed)
    return read, derive_article(read, site)


def _page(record: Record, capture: int) -> Page:
    return Page(
        without_session(record.url),
        record.whole_content,
        record.content_type,
        record.captured_at,
        capture,
        refresh=record.header("refresh"),
    )
