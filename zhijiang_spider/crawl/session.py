"""One crawl as an object: what it was asked, the archive it writes, what it counted and noticed.

Scrapy's components are thin and get the session; none of them looks another one up.
"""

import asyncio
import json
import platform
import shlex
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from archive.care.against_itself import contradictions, settle
from archive.care.evidence import lost_evidence
from archive.care.health import judge_crawl, short_lists
from archive.care.reconcile import reconcile
from archive.evidence.warc_writer import Exchange
from archive.model.article import Article, Role
from archive.model.crawl import (
    CaptureType,
    FailureType,
    FetchFailure,
    LinkElsewhere,
    Listing,
    MediaFile,
    NotModified,
)
from archive.model.plan import Plan
from archive.model.trouble import Trouble, TroubleKind
from archive.store.archive import Archive
from archive.store.articles import Saved, article_status, save_missing, save_not_modified
from archive.store.attempts import AttemptNote, Unfinished, count_unfinished, unfinished_pages
from archive.store.captures import begin_warc, save_capture, save_capture_error, save_media
from archive.store.crawls import (
    begin_crawl,
    close_killed_crawls,
    finish_crawl,
    forgive_attempts,
    given_up,
    save_elsewhere,
    save_failure,
    save_listing,
)
from archive.store.errors import ArchiveError
from archive.store.held import Accepted, accept, crawls_that_wait, end_hold, has_moved, save_or_hold
from archive.store.plan import make_plan
from archive.store.read import listed_title
from archive.store.sections import known_sections, named_sections
from archive.store.troubles import Standing, record_troubles
from archive.times import utc_now
from zhijiang_spider.crawl.counts import CrawlCounts, CrawlFindings
from zhijiang_spider.crawl.elsewhere import judge_elsewhere
from zhijiang_spider.crawl.options import CrawlOptions
from zhijiang_spider.crawl.verdict import Verdict, is_alarm, judge
from zhijiang_spider.derive.reading import reading
from zhijiang_spider.sites.profile_sources import site_argument
from zhijiang_spider.sites.site import Site

_Result = TypeVar("_Result")

COUNTED_FIELDS = ("title", "published_on", "section", "source", "body", "credits", "images")
"""What the crawl record counts: how many articles had it."""


class CrawlSession:
    """The crawl of one site into one archive, from its plan to its verdict.

    Several pages share one transaction: a commit per page is what makes hand-made archives slow.  A batch is
    committed ``batch_seconds`` after its first page at the latest.
    """

    def __init__(
        self, site: Site, options: CrawlOptions, archive_path: Path, *, batch_seconds: float = 1.0
    ) -> None:
        self.site = site
        self.options = options
        self.archive_path = archive_path
        self.plan = Plan()
        """The work, once the session is open."""
        self.counts = CrawlCounts()
        self.findings = CrawlFindings()
        self.verdict: Verdict | None = None
        """How it went, once the session is closed."""
        self.on_commit: Callable[[CrawlCounts], None] = lambda counts: None
        """Told the counts after each commit."""
        self.on_broken: Callable[[], None] = lambda: None
        """Called once when the archive can no longer be written: what cannot be stored should not be asked for."""
        self._batch_seconds = batch_seconds
        self._archive: Archive | None = None
        self._crawl = 0
        self._closed = False
        self._commit_later: asyncio.TimerHandle | None = None
        self._uncommitted = CrawlCounts()
        self._missing: list[FetchFailure] = []
        self._standings: list[Standing] = []
        self._elsewhere: list[LinkElsewhere] = []
        self._accepted = Accepted()
        self._note: AttemptNote | None = None
        self._unfinished: frozenset[str] = frozenset()
        """Addresses of pages at which earlier crawls ended."""

    @property
    def is_closed(self) -> bool:
        """Tell whether ``close`` was called."""
        return self._closed

    # --- from start to end -------------------------------------------------------------------------

    def open(self, warc_info: Mapping[str, str] | None) -> None:
        """Open the archive, whose lock is held, make the plan and begin the crawl's record.

        ``warc_info``: what the ``warcinfo`` records say besides ``software``; None: keep no evidence.
        Raises ``ArchiveError``.
        """
        try:
            self._archive = archive = Archive.open(self.archive_path)
            options = self.options
            ended_at = count_unfinished(archive)
            if ended_at and ended_at.is_given_up and ended_at.failure.site == self.site.name:
                self.findings.health.append(_given_up(ended_at))
            close_killed_crawls(archive)
            for crawl in crawls_that_wait(archive, self.site.name):
                settle(archive, self.site.name, crawl, _not_counted)
            if options.accept:
                self._accepted = accept(archive, self.site.name, self._count)
            if warc_info is not None:
                begin_warc(
                    archive, self.site.name, {"software": software(), "reading": reading(), **warc_info}
                )
            self.plan = make_plan(
                archive,
                self.site.name,
                sections=options.sections,
                since=options.since,
                full=options.full,
                media=options.media != "none",
                policy=self.site.recheck,
            )
            self._crawl = begin_crawl(
                archive,
                self.site.name,
                software=software(),
                options=asdict(options)
                | {
                    "profile": self.site.path,
                    "site_option": site_argument(self.site.path),
                    "site": json.loads(self.site.declared),
                    "reading": reading(),
                },
            )
            self._unfinished = unfinished_pages(archive, self.site.name)
            self._note = AttemptNote(archive, self.site.name, self._crawl)
        except ArchiveError as error:
            self.findings.archive_error = str(error)
            if self._archive is not None:
                self._archive.close()
                self._archive = None
            raise

    def close(self, reason: str) -> None:
        """Commit what is left, judge, complete the crawl's record and close the file.

        ``reason``: why Scrapy ended, ``finished`` when there was nothing left to do.
        """
        self._closed = True
        archive = self._archive
        if archive is None:  # it could not be opened, and that was said
            self.verdict = judge(self.counts, self.findings, reason)
            return
        self._write(self._save_elsewhere)
        self._commit()
        try:
            self._judge_missing(archive)
            if not self.counts.list_pages:
                forgive_attempts(archive, self.site.name, self._crawl)
            self.findings.given_up = given_up(archive, self.site.name, self._crawl)
            settle(archive, self.site.name, self._crawl, self._count)
            self.counts.add(self._uncommitted)
            self._uncommitted = CrawlCounts()
            self.findings.health += judge_crawl(archive, self._crawl, self.site.health)
            self.findings.health += short_lists(archive, self.site.name)
            self.findings.health += lost_evidence(archive)
            if self.findings.sections_not_found:
                there = self.findings.sections_linked | known_sections(
                    archive, self.site.name, self.site.skips
                )
                self.findings.sections_there = named_sections(there)
            against = reconcile(
                archive,
                self.site.name,
                self._crawl,
                since=self.options.since,
                some_sections=bool(self.options.sections),
            )
            against += contradictions(archive, self.site.name, self._crawl)
            self.findings.health += against
            self.verdict = judge(self.counts, self.findings, reason)
            result = self.verdict.result(dict(self.counts.fields))
            finish_crawl(
                archive,
                self._crawl,
                replace(result, delay=self.findings.delay, unknown_labels=dict(self.counts.unknown_labels)),
            )
            self._standings = record_troubles(
                archive,
                self.site.name,
                self._crawl,
                self.verdict.troubles,
                now=datetime.now(UTC),
                whole=self.verdict.saw_all and not self.options.sections,
            )
        except ArchiveError as error:
            self._give_up(error)
        finally:
            if self._note is not None:
                self._note.close()
            left_in_log = _close(archive)
        self.verdict = judge(self.counts, self.findings, reason).standing(self._standings)
        if left_in_log and not self.findings.archive_error:  # the crawl is whole, but not yet in the file
            self.verdict = self.verdict.also(Trouble(TroubleKind.ARCHIVE, left_in_log))

    # --- what comes --------------------------------------------------------------------------------

    def capture(self, exchange: Exchange, capture_type: CaptureType, key: str | None) -> int | None:
        """Keep one answer in the open batch; return the capture's number, None when it cannot be kept."""
        key = key or self.site.article_key(exchange.url)
        return self._write(
            lambda archive: save_capture(
                archive, exchange, self._crawl, capture_type=capture_type, site=self.site.name, key=key
            )
        )

    def capture_error(self, url: str, captured_at: str, error: str, capture_type: CaptureType) -> None:
        """Note in the open batch that a request brought no answer."""
        key = self.site.article_key(url)
        self._write(
            lambda archive: save_capture_error(
                archive,
                url,
                captured_at,
                error,
                self._crawl,
                capture_type=capture_type,
                site=self.site.name,
                key=key,
            )
        )

    def save(self, item: object) -> None:
        """Store an article, a list page, a picture or file, or a failure in the open batch.

        An article at which the program fails is a failure, whatever the error; it is raised again.
        """
        try:
            with self.attempt(*_page_of(item)):
                self._write(lambda archive: self._save(item, archive))
        except Exception as error:
            if isinstance(item, Article):
                reason = " ".join(f"error while storing: {type(error).__name__}: {error}".split())
                failure = FetchFailure(
                    item.site,
                    item.url,
                    FailureType.ARTICLE,
                    reason,
                    utc_now(),
                    item.key,
                    capture=item.capture,
                )
                self._write(lambda archive: self._save_failure(archive, failure))
            raise

    @contextmanager
    def attempt(
        self, failure_type: FailureType, url: str, key: str | None = None, *, beside: bool = False
    ) -> Iterator[None]:
        """Note beside the archive which page is being read or stored, until it is; see ``archive.store.attempts``.

        ``url``: where was asked first.  ``beside``: it may be another process that reads it.  What was read before a page at which an earlier crawl ended is committed first.
        """
        if self._note is None or not url:
            yield
            return
        if self.is_suspect(url):
            self._commit()
        with self._note.at(failure_type, url, key, beside=beside):
            yield

    def is_suspect(self, url: str) -> bool:
        """Tell whether an earlier crawl ended while the page of this address was read or stored."""
        return url in self._unfinished

    def _write(self, save: Callable[[Archive], _Result]) -> _Result | None:
        """Write into the open batch; None when the archive cannot be written."""
        if self._archive is None or self.findings.archive_error:
            return None  # a batch was lost: what comes now may refer to what was in it
        result = None
        try:
            self._archive.begin()
            result = save(self._archive)
        except ArchiveError as error:
            self._give_up(error)
        if self._commit_later is None and not self._closed:
            loop = asyncio.get_running_loop()
            self._commit_later = loop.call_later(self._batch_seconds, self._commit)
        return result

    def _save(self, item: object, archive: Archive) -> None:
        counts = self._uncommitted
        match item:
            case Article():
                known = article_status(archive, item.site, item.key) is not None
                saved = save_or_hold(archive, item, self._crawl, self._accepted)
                counts.rechecked += known
                if saved is not Saved.HELD:
                    self._count(item, saved)
            case NotModified():
                save_not_modified(archive, item, self._crawl)
                end_hold(archive, item.site, item.key)
                counts.unchanged += 1
                counts.rechecked += 1
            case Listing():
                save_listing(archive, item, self._crawl)
                counts.list_pages += 1
                counts.listed += len(item.entries)
            case MediaFile():
                if save_media(archive, item, self.site.name):
                    counts.media += 1
                else:
                    self._save_failure(archive, _no_media(item, self.site))
            case LinkElsewhere(key=str(key)) if article_status(archive, item.site, key):
                missing = FetchFailure(
                    item.site, item.url, item.failure_type, item.reason, item.seen_at, key, missing=True
                )
                self._save(missing, archive)
            case LinkElsewhere():
                self._elsewhere.append(item)  # judged when all are in
            case FetchFailure(missing=True, key=str(key)) if article_status(archive, item.site, key):
                self._missing.append(item)  # judged when all rechecks are in
                counts.missing += 1
            case FetchFailure():
                self._save_failure(archive, item)

    def _count(self, article: Article, saved: Saved) -> None:
        """Count a text that was taken."""
        counts = self._uncommitted
        counts.new += saved is Saved.NEW
        counts.revised += saved is Saved.REVISED
        counts.unchanged += saved is Saved.UNCHANGED
        counts.fields.update(name for name in COUNTED_FIELDS if getattr(article, name))
        counts.unknown_labels.update(c.label or "" for c in article.credits if c.role is Role.OTHER)

    def _judge_missing(self, archive: Archive) -> None:
        """Believe that articles are missing, unless so many are that it is the site.

        One that moved to another identity is missing for a reason that the archive knows: it says nothing of the site.
        """
        absent = {failure.key for failure in self._missing}
        moved = {key for key in absent if has_moved(archive, self.site.name, key, absent)}
        others = [failure for failure in self._missing if failure.key not in moved]
        newly = sum(
            article_status(archive, self.site.name, failure.key or "") == "在线" for failure in others
        )
        self.counts.newly_missing += newly
        self.counts.rechecked += newly
        self.findings.alarm = is_alarm(self.counts, self.site.recheck.alarm_share)
        if self.findings.alarm:  # not believed: the next crawls look again
            for failure in others:
                save_failure(archive, failure, self._crawl)
        believed = [failure for failure in self._missing if failure.key in moved or not self.findings.alarm]
        self.counts.gone = save_missing(archive, believed, self._crawl, self.site.recheck)

    def _save_elsewhere(self, archive: Archive) -> None:
        """Store what leads elsewhere; what all readers are sent to, or where the whole site went, is trouble."""
        for link, trouble in judge_elsewhere(self._elsewhere):
            if trouble:
                failure = FetchFailure(
                    link.site, link.url, link.failure_type, trouble, link.seen_at, link.key
                )
                self._save_failure(archive, failure)
            else:
                is_new = save_elsewhere(archive, link, self._crawl)
                if is_new and link.failure_type is FailureType.SECTION:
                    self.findings.sections_elsewhere[link.url] = link.reason
                self._uncommitted.elsewhere += 1

    def _save_failure(self, archive: Archive, failure: FetchFailure) -> None:
        save_failure(archive, failure, self._crawl)
        self._uncommitted.failures[failure.failure_type, failure.reason.partition(":")[0]] += 1
        told = f"{failure.url}: {failure.reason}" + (
            f" (capture {failure.capture})" if failure.capture else ""
        )
        if failure.failure_type is FailureType.ARTICLE and failure.key:
            title = listed_title(archive, failure.site, failure.key)
            told += f", listed as “{title}”" if title else ""
        if failure.unread:
            self.findings.unread = self.findings.unread or told
            self.findings.unread_at.append(failure.url)
        elif failure.failure_type is not FailureType.MEDIA:
            self.findings.failed[failure.failure_type].append(failure.url)
            self.findings.last_failure = self.findings.last_failures[failure.failure_type] = told

    def _commit(self) -> None:
        if self._commit_later:
            self._commit_later.cancel()
            self._commit_later = None
        assert self._archive is not None
        try:
            self._archive.commit()
        except ArchiveError as error:
            self._give_up(error)
            return
        self.counts.add(self._uncommitted)
        self._uncommitted = CrawlCounts()
        self.on_commit(self.counts)

    def _give_up(self, error: ArchiveError) -> None:
        if self._archive is not None and not self._archive.connection.in_transaction:
            self._uncommitted = CrawlCounts()  # SQLite undid the batch
        if not self.findings.archive_error:
            self.findings.archive_error = str(error)
            if not self._closed:
                self.on_broken()


def _close(archive: Archive) -> str:
    """Close an archive; return what could not be brought into its file, "" where all is there."""
    try:
        archive.close()
    except ArchiveError as error:
        return f"{error}."
    return ""


def _page_of(item: object) -> tuple[FailureType, str, str | None]:
    """Return what is noted while an item is stored: what it is, its address ("" = no page of its own) and key."""
    match item:
        case Article():
            return FailureType.ARTICLE, item.url, item.key
        case Listing():
            return FailureType.SECTION, item.url, None
        case MediaFile():
            return FailureType.MEDIA, item.url, None
    return FailureType.ARTICLE, "", None


def _given_up(ended_at: Unfinished) -> Trouble:
    failure = ended_at.failure
    said = (
        f"{ended_at.attempts} crawls ended while they read or stored {failure.url}, so it is given up and no longer"
        f" asked for; zhijiang parse {shlex.quote(failure.url)} tells whether reading it hangs, zhijiang crawl --full asks again."
    )
    return Trouble(TroubleKind.PROGRAM, said, (failure.url,))


def _not_counted(article: Article, saved: Saved) -> None:
    """Do nothing: it is a text of an earlier crawl."""


@cache
def software() -> str:
    """Return what crawls, as the archive and its WARC files name it: program, Scrapy and Python with their versions."""
    return f"zhijiang {version('zhijiang')}, Scrapy {version('scrapy')}, Python {platform.python_version()}"


def _no_media(media: MediaFile, site: Site) -> FetchFailure:
    reason = "is no picture or file of a known kind" if media.body else "is empty"
    return FetchFailure(
        site=site.name, url=media.url, failure_type=FailureType.MEDIA, reason=reason, failed_at=utc_now()
    )
