"""Was a crawl complete?  Scrapy's own exit status says yes when the site is dead and every page failed."""

from collections.abc import Mapping
from dataclasses import dataclass

from archive.model.crawl import NOT_UNDERSTOOD, FailureType
from archive.store.crawls import CrawlResult
from zhijiang_spider.crawl.counts import CrawlCounts, CrawlFindings
from zhijiang_spider.crawl.ends import cut_short, says_nothing_of_the_site

ALARM_LEAST = 2
"""So few missing articles are no alarm, whatever their share."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a crawl went, judged from what was counted."""

    troubles: tuple[str, ...]
    """What was wrong, one sentence each; empty: complete."""
    pages: int
    list_pages: int
    listed: int
    new: int
    revised: int
    unchanged: int
    failed: int
    """Article and list pages that could not be fetched or read."""
    missing: int = 0
    """Archived articles that the site did not show."""
    gone: int = 0
    """Those of them that are judged gone for good by this crawl."""
    elsewhere: int = 0
    """Entries that only lead to other sites."""
    media: int = 0
    """Pictures and files fetched."""
    waiting: int = 0
    """Requests that are still to be made, as far as is known while a crawl runs."""
    failed_media: int = 0
    """Pictures and files that could not be fetched; a dead picture does not make a crawl incomplete."""

    @property
    def complete(self) -> bool:
        """Tell whether everything that was listed is archived."""
        return not self.troubles

    @property
    def summary(self) -> str:
        """One plain line for logs."""
        return (
            f"{'complete' if self.complete else 'INCOMPLETE'}: {self.list_pages} list pages, "
            f"{self.listed} entries; articles: {self.new} new, {self.revised} revised, "
            f"{self.unchanged} unchanged"
            + (f", {self.missing} missing" if self.missing else "")
            + (f"; {self.elsewhere} lead elsewhere" if self.elsewhere else "")
            + f"; {self.failed} failed; "
            f"{self.media} pictures and files"
            + (f" ({self.failed_media} failed)" if self.failed_media else "")
        )

    def result(self, fields: Mapping[str, int]) -> CrawlResult:
        """Return it in the archive's form.  ``fields``: field → articles that had it."""
        return CrawlResult(
            complete=self.complete,
            reason="\n".join(self.troubles),
            pages=self.pages,
            listed=self.listed,
            new=self.new,
            revised=self.revised,
            unchanged=self.unchanged,
            failed=self.failed,
            fields=fields,
        )


def _advice(failure: str) -> str:
    """Return what to do about a list page that could not be read."""
    if "robots.txt" in failure:
        return "The site asks not to be crawled there: ask its operator, do not work around it."
    return (
        "Open it in a browser: if the site is down, the next crawl makes up for it; if it moved or changed,"
        " correct the profile."
    )


def judge(counts: CrawlCounts, findings: CrawlFindings, reason: str, *, waiting: int = 0) -> Verdict:
    """Judge a crawl from what it counted and noticed, and the reason why it ended.

    ``waiting``: requests still to be made, while it runs.
    """
    troubles = []
    problem = findings.archive_error
    blocked = reason == "blocked" or (findings.refused > 0 and not counts.list_pages)
    unread = counts.failures[FailureType.SECTION, NOT_UNDERSTOOD]
    last_failure = findings.last_failure or "no page could be fetched"
    if problem:
        troubles.append(f"The crawl was stopped because of the archive: {problem}")
    elif blocked:
        troubles.append(
            f"The site blocks the crawl ({last_failure}), so it was stopped; ask the site's operator, do not work"
            " around it."
        )
    elif reason != "finished":
        troubles.append(cut_short(reason, counts.list_pages))
    if not counts.list_pages:
        if not (blocked or problem or says_nothing_of_the_site(reason, findings.last_failure)):
            troubles.append(f"No list page could be read: {last_failure}.  {_advice(last_failure)}")
    elif failed := counts.failed(FailureType.SECTION) - unread:
        reasons = counts.reasons(FailureType.SECTION, without=NOT_UNDERSTOOD)
        troubles.append(
            f"{failed} list pages could not be fetched or read ({reasons}), such as"
            f" {findings.last_failures.get(FailureType.SECTION, last_failure)}"
        )
    if unread:
        troubles.append(
            f"{unread} list pages were read in part, what is behind them is not archived, such as"
            f" {findings.unread}; the profile can say how that list goes on (pagination.page_url, selectors.next)."
        )
    if slugs := findings.sections_not_found:
        troubles.append(
            f"No page links to these sections: {', '.join(slugs)}; there are: {findings.sections_there or '-'}"
        )
    if url := findings.section_left_out:
        troubles.append(
            f"There are more sections than a crawl reads, such as {url}: section_url of the profile may match what is"
            " none, such as the days of a calendar (skip_url leaves it out, max_sections allows more)."
        )
    if failed := counts.failed(FailureType.ARTICLE):
        troubles.append(
            f"{failed} articles could not be fetched or read ({counts.reasons(FailureType.ARTICLE)}),"
            f" such as {findings.last_failures.get(FailureType.ARTICLE, last_failure)}"
        )
    if findings.alarm:
        troubles.append(
            f"{counts.newly_missing} of {counts.rechecked} archived articles looked at were not found: "
            "that is the site, not the articles, so none is marked as missing; look at the site."
        )
    troubles += findings.health
    if counts.errors:
        troubles.append(f"{counts.errors} errors inside the program, see the log.")
    return Verdict(
        troubles=tuple(troubles),
        pages=counts.pages,
        list_pages=counts.list_pages,
        listed=counts.listed,
        new=counts.new,
        revised=counts.revised,
        unchanged=counts.unchanged,
        failed=counts.failed(FailureType.SECTION) + counts.failed(FailureType.ARTICLE),
        missing=counts.missing,
        gone=counts.gone,
        elsewhere=counts.elsewhere,
        media=counts.media,
        failed_media=counts.failed(FailureType.MEDIA),
        waiting=waiting,
    )


def is_alarm(counts: CrawlCounts, share: float) -> bool:
    """Tell whether so many articles are missing at once that the site must be broken, not the articles gone.

    A single missing article is believed, however few were looked at; one that was missing before says nothing new.
    ``share``: of those looked at.
    """
    missing = counts.newly_missing
    return missing > ALARM_LEAST and missing > counts.rechecked * share
