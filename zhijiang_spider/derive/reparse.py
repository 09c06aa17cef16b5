"""Derive every article again from its captures, without network: what a better reading would change."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from archive.evidence.warc_reader import NotWhole, TooLarge, WarcError
from archive.model.crawl import NotModified
from archive.store.archive import Archive
from archive.store.articles import article_id
from archive.store.crawls import last_options
from archive.store.evidence_files import lies_in, lost_files
from archive.store.read import listed_title
from archive.store.rewrite import CapturedPage, Difference, Observation, captured_articles, rewrite_history
from archive.store.seals import REPARSE, seal
from zhijiang_spider.derive.article import Refused, TooLong
from zhijiang_spider.derive.kept import kept_article, kept_page
from zhijiang_spider.pages.page import Page
from zhijiang_spider.sites.profile_schema import SiteError
from zhijiang_spider.sites.profile_sources import site_names
from zhijiang_spider.sites.site import Site, load_site, parse_site

_BATCH = 200
"""Articles written in one transaction."""
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
    archive: Archive, site: Site, *, apply: bool, on_article: Callable[[], None] = lambda: None
) -> Report:
    """Derive every captured article of a site again; with ``apply`` write what changes.

    An article of which a capture cannot be read back keeps its history: the other captures do not tell all of it.
    Can be stopped at any moment and begun again: each article is written as a whole, and a second run
    changes nothing.
    """
    report = Report()
    lost = frozenset(file.warc_id for file in lost_files(archive))
    for key, pages in captured_articles(archive, site.name):
        was_known = article_id(archive, site.name, key) is not None
        readable = list(_readable(archive, pages, report, lost))
        if not readable:
            on_article()
            continue
        texts, is_whole = [], len(readable) == len(pages)
        try:
            texts = list(_texts(archive, site, key, readable, report))
        except (
            TooLong
        ) as error:  # what was taken under another limit stays; what never was, the crawl refused too
            is_whole = False
            if was_known:
                report.problems.append(f"article {key}: {error}")
        differences = rewrite_history(archive, site.name, key, texts, apply=apply) if is_whole else []
        report.articles += 1
        report.new += bool(differences) and not was_known
        report.changed += bool(differences) and was_known
        if was_known:
            for difference in differences:
                report.fields[difference.field] += 1
                samples = report.samples.setdefault(difference.field, [])
                if len(samples) < SAMPLES:
                    samples.append(difference)
        if report.articles % _BATCH == 0 or not apply:
            _commit(archive)
        on_article()
    _commit(archive)
    return report


def _commit(archive: Archive) -> None:
    """Make what was written durable, under a seal."""
    with archive.transaction():
        seal(archive, REPARSE)
    archive.commit()


def _readable(
    archive: Archive, pages: list[CapturedPage], report: Report, lost: frozenset[int]
) -> Iterator[tuple[CapturedPage, Page | None]]:
    """Yield the captures of an article with their pages, None where there is none to read again.

    One whose bytes are gone or damaged is reported and left out.
    """
    for page in pages:
        if page.status == 304:
            yield page, None
            continue
        try:
            yield page, kept_page(archive, page.capture)
        except (NotWhole, TooLarge):
            yield page, None  # the crawl refused it too
        except WarcError as error:
            if lies_in(archive, page.capture, lost):
                report.lost += 1
            else:
                report.problems.append(str(error))


def _texts(
    archive: Archive, site: Site, key: str, pages: list[tuple[CapturedPage, Page | None]], report: Report
) -> Iterator[Observation]:
    """Yield what each capture of an article says; one that cannot be understood is reported and passed over.

    Raises ``TooLong``.
    """
    listed = listed_title(archive, site.name, key)
    for page, first in pages:
        if page.status == 304:
            yield Observation(NotModified(site.name, key, page.captured_at), page.crawl)
        if first is None:
            continue
        try:
            _, article = kept_article(archive, first, site, key=key, listed=listed)
        except TooLong:
            raise
        except (Refused, NotWhole, TooLarge):
            continue  # the crawl took nothing from it either
        except Exception as error:  # one odd page does not keep all others from being read
            reason = str(error) if isinstance(error, WarcError) else f"{type(error).__name__}: {error}"
            report.problems.append(f"capture {page.capture} ({first.url}): {reason}")
            continue
        yield Observation(article, page.crawl)
