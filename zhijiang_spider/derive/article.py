"""Page → Article: the one way, for the crawl, ``reparse``, ``parse``, ``probe`` and ``explain`` alike.

A page is read by ``read_part``; where the article goes on, its further pages are by ``read_further``;
``derive_article`` makes one article of them.  ``read_whole`` walks all of it where the pages can be had at once.
A list is read by ``read_list``.  What they refuse, and the words for it, are the same for every command.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain

from archive.model.article import Article
from zhijiang_spider.derive.normalise import normalise_article
from zhijiang_spider.items import NextPage, PagerUnread, RawArticle, SectionPage
from zhijiang_spider.pages import LayoutChanged, Page, extract_section_page, says_gone
from zhijiang_spider.pages.article.choice import Choice
from zhijiang_spider.pages.article.multipage import MOST, join_parts
from zhijiang_spider.pages.checks import is_bare, is_script_only
from zhijiang_spider.pages.errors import ListUnread
from zhijiang_spider.pages.jump import find_jump
from zhijiang_spider.pages.notices import file_kind, is_cut, is_xml, notice_of
from zhijiang_spider.sites.site import Site


class Refused(Exception):
    """A page from which nothing is taken: the reason, in words for the operator."""


class PageGone(Refused):
    """The page says that what was asked for does not exist."""


class SentOn(Refused):
    """The page only sends its reader on to another."""

    def __init__(self, target: str) -> None:
        """``target``: its absolute address."""
        super().__init__(f"the page sends its reader on to {target}")
        self.target = target

    def __reduce__(self) -> tuple[type["SentOn"], tuple[str]]:
        """Travel between processes by the target."""
        return SentOn, (self.target,)


class ScriptOnly(Refused):
    """The page shows nothing unless a browser runs its script: a firewall asks, or scripts draw all of it."""


class NotUnderstood(Refused):
    """The page lacks what every page of its kind has."""


class PartMissing(Refused):
    """A further page of the article could not be found, had or read."""


class TooLong(Refused):
    """The article's text has more characters than the profile takes."""


@dataclass(frozen=True, slots=True)
class ArticlePart:
    """One page of an article, read."""

    page: Page
    raw: RawArticle
    choices: tuple[Choice, ...]
    """How each field was found."""


@dataclass(frozen=True, slots=True)
class ArticleParts:
    """All pages of one article, in order."""

    key: str
    """The article's identity on the site, from its address; "" where the address tells none."""
    parts: tuple[ArticlePart, ...]


@dataclass(frozen=True, slots=True)
class ArticleRead:
    """An article as far as its pages were read, small enough to travel between processes."""

    read: ArticleParts
    """Its pages without their bytes, and without how each field was found."""
    next_url: str
    """Address of the next page to be read, "" when it is whole."""
    article: Article | None
    """The article, when it is whole."""


def read_part(page: Page, site: Site, listed: str = "") -> ArticlePart:
    """Read one page of an article.

    ``listed``: what a list called the article, "" where no list is known: a page does not know it.
    Raises ``PageGone``, ``SentOn``, ``ScriptOnly``, ``NotUnderstood`` and ``TooLong``.
    """
    from zhijiang_spider.pages import explain_article  # a crawl that has workers is spared its half second

    if says_gone(page):
        raise PageGone("the page says that there is none")
    refuse_jump(page)
    _refuse_file(page)
    if is_xml(page):
        raise NotUnderstood("the answer is no page but XML")
    if heading := notice_of(page, listed):
        raise NotUnderstood(f"a notice instead of an article: {heading}")
    with _refused(page):
        part = ArticlePart(page, *explain_article(page, site, listed))
    _refuse_cut(page)
    _refuse_long([part], site)
    return part


def read_further(read: Sequence[ArticlePart], page: Page, site: Site) -> ArticlePart:
    """Read a further page of an article.  ``read``: those before it.  Raises ``PartMissing`` and ``TooLong``."""
    try:
        part = read_part(page, site)
    except TooLong:
        raise
    except Refused as error:
        raise PartMissing(f"page {len(read) + 1} of the article cannot be read: {error}") from error
    _refuse_long([*read, part], site)
    return part


def read_list(page: Page, site: Site) -> SectionPage:
    """Read a list page.  Raises ``SentOn``, ``ScriptOnly`` and ``NotUnderstood``."""
    refuse_jump(page)
    _refuse_file(page)
    with _refused(page):
        listed = extract_section_page(page, site)
    _refuse_cut(page)
    return listed


def _refuse_file(page: Page) -> None:
    """Refuse an answer that is no text.  Raises ``NotUnderstood``."""
    if kind := file_kind(page):
        raise NotUnderstood(f"the answer is no page but {kind}")


def _refuse_cut(page: Page) -> None:
    """Refuse a page whose end is missing.  Raises ``NotUnderstood``."""
    if is_cut(page):
        raise NotUnderstood("the page is cut: it ends within a tag")


def _refuse_long(parts: Sequence[ArticlePart], site: Site) -> None:
    """Refuse an article that has more text than the profile takes.  Raises ``TooLong``."""
    characters = sum(_characters(part.raw) for part in parts)
    if characters > site.max_characters:
        raise TooLong(
            f"its text has {characters:,} characters, more than the {site.max_characters:,} that an article may have;"
            " if it is an article, raise max_characters in the profile: zhijiang reparse --apply takes it from its"
            " capture then"
        )


def _characters(raw: RawArticle) -> int:
    """Return how many characters the texts of a page have as printed."""
    lines = (
        raw.title,
        raw.kicker,
        raw.subtitle,
        raw.section,
        raw.header,
        raw.byline,
        raw.published_raw,
        raw.source_raw,
    )
    captions = (image.caption for image in raw.images)
    files = (attachment.text for attachment in raw.attachments)
    return sum(map(len, chain(lines, raw.breadcrumb, raw.paragraphs, captions, files)))


def refuse_jump(page: Page) -> None:
    """Refuse a page that only sends its reader on.  Raises ``SentOn``, ``NotUnderstood`` where it does not say where to."""
    jump = find_jump(page)
    if jump is None:
        return
    if not jump.target:
        raise NotUnderstood("a script sends the reader on, where to is not understood")
    raise SentOn(jump.target)


@contextmanager
def _refused(page: Page) -> Iterator[None]:
    """Say why a page is not taken where its layout is not the one that can be read."""
    try:
        yield
    except LayoutChanged as error:
        if is_script_only(page) and not isinstance(error, ListUnread):
            if is_bare(page):
                raise ScriptOnly("script-only page: a browser is asked to run a script") from error
            raise NotUnderstood(
                "the page shows nothing without its script, which draws it or sends the reader on"
            ) from error
        raise NotUnderstood(f"layout: {error}") from error


def next_address(parts: Sequence[ArticlePart]) -> str:
    """Return the address of the article's next page to be read, "" when it is whole.

    Raises ``PartMissing`` where the article goes on and it is not understood where.
    """
    following = parts[-1].raw.following
    if isinstance(following, PagerUnread):
        raise PartMissing(f"page {len(parts) + 1} of the article: {following.reason}")
    if not isinstance(following, NextPage) or following.address.url in {part.raw.url for part in parts}:
        return ""
    if len(parts) >= MOST:
        raise PartMissing(f"the article has more than {MOST} pages: {following.address}")
    return following.address.url


def cannot_be_had(read: Sequence[ArticlePart], url: str) -> PartMissing:
    """Return the error of an article whose next page is not there.  ``read``: those before it."""
    return PartMissing(f"page {len(read) + 1} of the article cannot be had: {url}")


def read_on(read: ArticleParts, page: Page, site: Site, listed: str = "") -> ArticleRead:
    """Read the next page of an article; behind the last one make the article of them.

    ``read``: the pages before it, none for the first.  ``listed``: as for ``read_part``.  Raises ``Refused``.
    """
    part = read_further(read.parts, page, site) if read.parts else read_part(page, site, listed)
    light = replace(part, page=replace(page, body=b""), choices=())
    read = replace(read, parts=(*read.parts, light))
    url = next_address(read.parts)
    return ArticleRead(read, url, None if url else derive_article(read, site))


def read_whole(
    page: Page, site: Site, get: Callable[[str], Page | None], *, key: str, listed: str
) -> ArticleParts:
    """Read an article from its first page on.

    ``get``: address → that page, None if it cannot be had.  ``listed``: as for ``read_part``.  Raises ``Refused``.
    """
    parts = [read_part(page, site, listed)]
    while url := next_address(parts):
        following = get(url)
        if following is None:
            raise cannot_be_had(parts, url)
        parts.append(read_further(parts, following, site))
    return ArticleParts(key, tuple(parts))


def derive_article(read: ArticleParts, site: Site) -> Article:
    """Make one article of the pages that were read; it was fetched when its first page was."""
    first = read.parts[0].page
    raw = join_parts([part.raw for part in read.parts])
    return normalise_article(raw, site, key=read.key, fetched_at=first.fetched_at, capture=first.capture)
