"""Derive every article again from its captures, without network: what a better reading would change."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, TypeVar

from archive.evidence.warc_reader import NotWhole, TooLarge, WarcError
from archive.model.article import Article
from archive.model.crawl import NotModified
from archive.store.archive import Archive
from archive.store.articles import article_id
from archive.store.captures import capture_of_part, kept_bytes
from archive.store.crawl_records import last_options
from archive.store.evidence_files import lies_in, lost_files
from archive.store.read import listed_title
from archive.store.rewrite import CapturedPage, Difference, Observation, captured_articles, rewrite_history
from archive.store.seals import REPARSE, seal
from zhijiang_spider.derive.article import ArticleParts, Refused, TooLong, cannot_be_had
from zhijiang_spider.derive.garbage import seldom_collected
from zhijiang_spider.derive.kept import kept_page, read_kept
from zhijiang_spider.derive.workers import ReadingEnded, Workers
from zhijiang_spider.pages.links import without_session
from zhijiang_spider.sites.errors import SiteError
from zhijiang_spider.sites.profile_sources import site_names
from zhijiang_spider.sites.site import Site, load_site, parse_site

_BATCH = 200
"""Articles written in one transaction."""
_AHEAD = 4
"""Articles that are under way for each worker while the one before them is written."""
SAMPLES = 3
"""Changes of one field that are kept to be shown."""


@dataclass(slots=True)
class Report:
    """What reading everything again came to."""

    articles: int = 0
    """Articles whose captures were read."""
    changed: int = 0
    new: int = 0
    """Articles that could not be read when they were captured, and now can."""
    fields: Counter[str] = field(default_factory=Counter)
    """Field → articles in which it changes."""
    samples: dict[str, list[Difference]] = field(default_factory=dict)
    """Field → some of its changes."""
    problems: list[str] = field(default_factory=list)
    """Captures that cannot be read, a sentence each; without those that lie in lost files."""
    lost: int = 0
    """Captures that lie in files that are missing or too short."""


def recorded_sites(archive: Archive) -> list[Site]:
    """Return the profiles of the sites in an archive: the file that the last crawl used, else its record.

    Raises ``SiteError``.
    """
    sites = []
    for name, recorded in last_options(archive).items():
        path = str(recorded.get("profile", ""))
        name = path.removesuffix(".toml")
        try:
            sites.append(load_site(name if name in site_names() else path))
        except SiteError:
            if "site" not in recorded:
                raise
            sites.append(parse_site(recorded["site"], f"the crawl record of {name}"))
    return sites


def reparse(
    archive: Archive,
    site: Site,
    *,
    apply: bool,
    workers: int = 0,
    on_article: Callable[[], None] = lambda: None,
) -> Report:
    """Derive every captured article of a site again; with ``apply`` write what changes.

    An article of which a capture cannot be read back keeps its history: the other captures do not tell all of it.
    Can be stopped at any moment and begun again: each article is written as a whole, and a second run
    changes nothing.  ``workers``: processes that read the pages beside this one.
    """
    with seldom_collected():
        return asyncio.run(_reparse(archive, site, apply, workers, on_article))


async def _reparse(
    archive: Archive, site: Site, apply: bool, most: int, on_article: Callable[[], None]
) -> Report:
    report = Report()
    lost = frozenset(file.warc_id for file in lost_files(archive))
    async with Workers(most) as workers:
        again = (
            _read_again(archive, site, key, pages, workers, lost)
            for key, pages in captured_articles(archive, site.name)
        )
        async with aclosing(_in_order(again, _AHEAD * most)) as articles:
            async for article in articles:
                _take(archive, site, article, report, apply=apply)
                on_article()
    _commit(archive)
    return report


_Result = TypeVar("_Result")


async def _in_order(
    jobs: Iterable[Coroutine[Any, Any, _Result]], ahead: int
) -> AsyncGenerator[_Result, None]:
    """Yield what jobs come to, in their order; so many later ones are under way meanwhile."""
    under_way: deque[asyncio.Task[_Result]] = deque()
    try:
        for job in jobs:
            under_way.append(asyncio.create_task(job))
            if len(under_way) > ahead:
                yield await under_way.popleft()
        while under_way:
            yield await under_way.popleft()
    finally:
        for task in under_way:
            task.cancel()


@dataclass(slots=True)
class _Again:
    """An article, read again."""

    key: str
    was_known: bool
    texts: list[Observation] = field(default_factory=list)
    is_readable: bool = False
    """Some capture of it could be read back."""
    is_whole: bool = True
    """All could, and what they say was taken."""
    problems: list[str] = field(default_factory=list)
    lost: int = 0


def _take(archive: Archive, site: Site, again: _Again, report: Report, *, apply: bool) -> None:
    """Report what reading an article again came to, and write it."""
    report.problems += again.problems
    report.lost += again.lost
    if not again.is_readable:
        return
    differences = (
        rewrite_history(archive, site.name, again.key, again.texts, apply=apply) if again.is_whole else []
    )
    report.articles += 1
    report.new += bool(differences) and not again.was_known
    report.changed += bool(differences) and again.was_known
    if again.was_known:
        for difference in differences:
            report.fields[difference.field] += 1
            samples = report.samples.setdefault(difference.field, [])
            if len(samples) < SAMPLES:
                samples.append(difference)
    if archive.connection.in_transaction and (report.articles % _BATCH == 0 or not apply):
        _commit(archive)


def _commit(archive: Archive) -> None:
    """Make what was written durable, under a seal."""
    with archive.transaction():
        seal(archive, REPARSE)
    archive.commit()


async def _read_again(
    archive: Archive,
    site: Site,
    key: str,
    pages: list[CapturedPage],
    workers: Workers,
    lost: frozenset[int],
) -> _Again:
    """Read an article again from its captures; one that cannot be read back or understood is reported and passed over."""
    again = _Again(key, article_id(archive, site.name, key) is not None)
    listed = listed_title(archive, site.name, key)
    problems: list[str] = []
    is_over = False
    for page in pages:
        try:
            if page.status == 304:
                found: Article | NotModified = NotModified(site.name, key, page.captured_at)
            elif is_over:
                kept_page(archive, page.capture)  # tells whether its bytes are there
                continue
            else:
                found = await _article(archive, page.capture, site, workers, key=key, listed=listed)
            again.texts.append(Observation(found, page.crawl))
        except (TooLong, ReadingEnded) as error:
            is_over, again.is_whole = True, False
            # what was taken under another limit stays; what never was, the crawl refused too
            if again.was_known or isinstance(error, ReadingEnded):
                problems.append(f"article {key}: {error}")
        except (Refused, NotWhole, TooLarge):
            pass  # the crawl took nothing from it either
        except WarcError as error:
            again.is_whole = False
            if lies_in(archive, page.capture, lost):
                again.lost += 1
            else:
                again.problems.append(str(error))
            continue
        except Exception as error:  # one odd page does not keep all others from being read
            reason = str(error) if isinstance(error, _PartUnreadable) else f"{type(error).__name__}: {error}"
            problems.append(f"capture {page.capture} ({without_session(page.url)}): {reason}")
        again.is_readable = True
    again.problems += problems
    return again


class _PartUnreadable(Exception):
    """The bytes of a further page cannot be read back: why."""


async def _article(
    archive: Archive, capture: int, site: Site, workers: Workers, *, key: str, listed: str
) -> Article:
    """Read an article from the capture of its first page, and the others behind it; the bytes are read where they are parsed.

    Raises ``Refused``, ``WarcError`` where those of its first page cannot be read, ``_PartUnreadable``, and ``NotWhole``
    and ``TooLarge`` of any.
    """
    first = kept_bytes(archive, capture)
    read = await workers.read(read_kept, ArticleParts(key, ()), first, capture, site, listed)
    if isinstance(read, WarcError):
        raise read
    while read.article is None:
        before, url = read.read, read.next_url
        try:
            part = capture_of_part(archive, capture, url)
            if part is None:
                raise cannot_be_had(before.parts, url)
            read = await workers.read(read_kept, before, kept_bytes(archive, part), capture, site)
            if isinstance(read, WarcError):
                raise read
        except (NotWhole, TooLarge):
            raise
        except WarcError as error:
            raise _PartUnreadable(str(error)) from error
    return read.article
