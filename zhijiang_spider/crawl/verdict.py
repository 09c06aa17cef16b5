"""Was a crawl complete?  Scrapy's own exit status says yes when the site is dead and every page failed."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from archive.model.crawl import NOT_UNDERSTOOD, FailureType
from archive.model.trouble import SAID_ONCE, Trouble, TroubleKind
from archive.model.wording import plural
from archive.store.crawls import CrawlResult
from archive.store.plan import MAX_ATTEMPTS
from archive.store.troubles import WHOLE_CRAWL, Standing
from archive.times import beijing_minute
from zhijiang_spider.crawl.counts import CrawlCounts, CrawlFindings
from zhijiang_spider.crawl.ends import cut_short, says_nothing_of_the_site

_REFUSED = tuple(f"HTTP {status}" for status in (401, 403, 405, 412, 429, 451, 521))
"""Reasons with which a site refuses whoever asks like a crawl: asking once more for a look is no help."""
_DRAWN = "a script draws the list into"
"""In the reason of a list page of whose list nothing was read."""
ALARM_LEAST = 2
"""So few missing articles are no alarm, whatever their share."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a crawl went, judged from what was counted."""

    troubles: tuple[Trouble, ...]
    """What was wrong, a sentence or two each; empty: complete."""
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
    sections_not_found: str = ""
    """Which sections the operator asked for in vain, and which there are, in a sentence: a mistake of usage, nothing
    that is wrong with the site or the archive."""
    failed_lists: int = 0
    """List pages among ``failed``."""
    standings: tuple[Standing, ...] = ()
    """How each trouble stands, as the archive knows; empty while that is not known."""

    @property
    def saw_all(self) -> bool:
        """Tell whether the crawl looked at the site to its end, so that what it did not find wrong is right."""
        return not any(trouble.kind in WHOLE_CRAWL for trouble in self.troubles)

    @property
    def due(self) -> bool:
        """Tell whether something is wrong that is new, or was last told long ago."""
        return self.standings == () or any(standing.due for standing in self.standings)

    @property
    def told(self) -> tuple[str, ...]:
        """What was wrong, as the operator is told: each with the time since when it lasts, where it is not new."""
        since = [standing.since for standing in self.standings] or [""] * len(self.troubles)
        return tuple(
            f"since {beijing_minute(first)}: {trouble}" if first else str(trouble)
            for trouble, first in zip(self.troubles, since, strict=True)
        )

    def standing(self, standings: Sequence[Standing]) -> "Verdict":
        """Return it with how its troubles stand."""
        return replace(self, standings=tuple(standings))

    def also(self, trouble: Trouble) -> "Verdict":
        """Return it with what went wrong when the archive was closed, of which that can hold no record."""
        standings = (*self.standings, Standing("", 0, due=True)) if self.standings else ()
        return replace(self, troubles=(*self.troubles, trouble), standings=standings)

    @property
    def complete(self) -> bool:
        """Tell whether everything that was listed is archived."""
        return not self.troubles

    @property
    def summary(self) -> str:
        """One plain line for logs."""
        return (
            f"{'complete' if self.complete else 'INCOMPLETE'}: {self.list_pages} list page{plural(self.list_pages)}, "
            f"{self.listed} {plural(self.listed, 'entries', 'entry')}; articles: {self.new} new, {self.revised} revised, "
            f"{self.unchanged} unchanged"
            + (f", {self.missing} missing" if self.missing else "")
            + (f"; {self.elsewhere} lead elsewhere" if self.elsewhere else "")
            + f"; {self._failures} failed; {self.media} pictures and files"
            + (f" ({self.failed_media} failed)" if self.failed_media else "")
        )

    @property
    def _failures(self) -> str:
        """What failed, list pages and articles apart."""
        articles = self.failed - self.failed_lists
        kinds = ((self.failed_lists, "list page"), (articles, "article"))
        return " and ".join(f"{number} {kind}{plural(number)}" for number, kind in kinds if number) or "0"

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


_ADVICE = {
    "the certificate does not hold": "If a browser warns of it too, tell the site's operator; the next crawl asks again.",
    "robots.txt of": "What the site allows is not known then, so it is not crawled; the next crawl asks again.  If it"
    " lasts, ask the site's operator.",
    "robots.txt": "The site asks not to be crawled there: ask its operator, do not work around it.",
    **dict.fromkeys(_REFUSED, "The site refuses the crawl there: ask its operator, do not work around it."),
    **dict.fromkeys(
        (
            "HTTP 304",
            "HTTP 206",
            "a part of the page only",
            "the page is cut",
            "in chunks",
            "connection broken",
        ),
        "The site's server, or something on the way to it, breaks its answers: the next crawl asks again; if it lasts,"
        " tell the site's operator.",
    ),
    "the program ended": "zhijiang crawl --full reads it again; if that hangs too, leave it out (skip_url of the profile).",
    **dict.fromkeys(
        ("timeout", "connection ", "host name not found"),
        "If a browser on this machine opens it, run zhijiang crawl again; if not, the site or this machine's network is"
        " down, and the next crawl makes up for it.",
    ),
    "HTTP 5": "The site's server fails: the next crawl asks again; if it lasts, tell the site's operator.",
    **dict.fromkeys(
        ("HTTP 404", "HTTP 410"),
        "Open it in a browser: if the list is no more there, put this address into skip_url of the profile (a new one"
        " that the site links is read already); a start page that moved is corrected in start_urls.",
    ),
    "which is another list": "Open it in a browser: if the section moved or is no more there, put this address into skip_url of"
    " the profile (a new one that the site links is read already); else the next crawl asks again.",
}
"""Words in the reason why a list page could not be read → what to do; the first ones that stand there count."""


def _advice(failure: str) -> str:
    """Return what to do about a list page that could not be read.  ``failure``: its address and the reason."""
    _, _, reason = failure.partition(": ")
    found = (advice for words, advice in _ADVICE.items() if words in reason)
    return next(
        found,
        "Open it in a browser: if the site is down, the next crawl makes up for it; if it moved or changed,"
        " correct the profile.",
    )


def _advice_on_article(failure: str, *, asked_again: bool) -> str:
    """Return what to do about an article that could not be read: nothing where the site refuses it."""
    url, _, reason = failure.partition(": ")
    address = shlex.quote(url) if url.startswith("http") else "ADDRESS"
    again = "The next crawls ask again" if asked_again else ""
    parse = "" if reason.startswith(_REFUSED) else f"zhijiang parse {address} tells what is read of a page"
    advice = "; ".join(filter(None, (again, parse)))
    return f"  {advice}." if advice else ""


def _shown(failed: int, reasons: str, failure: str) -> str:
    """Return why pages failed, the reasons counted where there are several, and one of them."""
    return f": {failure}" if failed == 1 else f" ({reasons}), such as {failure}"


def _whole_crawl(counts: CrawlCounts, findings: CrawlFindings, reason: str) -> list[Trouble]:
    """Return what is wrong with the crawl itself: it could not write, was refused, stopped, or read no list."""
    problem, found = findings.archive_error, []
    blocked = reason == "blocked" or (findings.refused > 0 and not counts.list_pages)
    failure = findings.last_failure or "no page could be fetched"
    if problem:
        said = f"The crawl was stopped because of the archive: {problem}"
        found.append(Trouble(TroubleKind.ARCHIVE, said))
    elif blocked:
        said = (
            f"The site blocks the crawl ({failure}), so it was stopped; ask the site's operator, do not work"
            " around it."
        )
        found.append(Trouble(TroubleKind.BLOCKED, said))
    elif reason != "finished":
        found.append(Trouble(TroubleKind.CUT_SHORT, cut_short(reason, counts.list_pages)))
    stopped = says_nothing_of_the_site(reason, findings.last_failure)
    if not counts.list_pages and not (blocked or problem or stopped):
        failure = findings.last_failures.get(
            FailureType.SECTION, failure
        )  # an article may have failed after it
        said = f"No list page could be read: {failure}.  {_advice(failure)}"
        found.append(Trouble(TroubleKind.SITE, said))
    return found


def _lists(counts: CrawlCounts, findings: CrawlFindings) -> list[Trouble]:
    """Return what is wrong with list pages and sections."""
    found = []
    unread = counts.failures[FailureType.SECTION, NOT_UNDERSTOOD]
    failed = counts.failed(FailureType.SECTION) - unread
    if failed and counts.list_pages:
        failure = findings.last_failures.get(FailureType.SECTION, findings.last_failure)
        reasons = counts.reasons(FailureType.SECTION, without=NOT_UNDERSTOOD)
        shown = _shown(failed, reasons, failure)
        said = f"{failed} list page{plural(failed)} could not be fetched or read{shown}.  {_advice(failure)}"
        found.append(Trouble(TroubleKind.LIST, said, tuple(findings.failed[FailureType.SECTION])))
    if unread:
        drawn = _DRAWN in findings.unread
        were = plural(unread, "were", "was")
        read = "could not be read" if unread == 1 else "could not be read or were read in part"
        said = (
            f"{unread} list page{plural(unread)} {read if drawn else f'{were} read in part'}, what is behind {plural(unread, 'them', 'it')} is not archived, such as"
            f" {findings.unread}; the profile can say"
            + ("" if drawn else " how that list goes on (pagination.page_url, selectors.next) or")
            + " which server answers it (list_api)."
        )
        found.append(Trouble(TroubleKind.UNREAD, said, tuple(findings.unread_at)))
    if sections := findings.sections_elsewhere:
        url, reason = next(iter(sections.items()))
        said = (
            f"{len(sections)} section{plural(len(sections))} lead{plural(len(sections), '', 's')} to another host, so nothing of"
            f" {plural(len(sections), 'them', 'it')} is archived, such as {url}: {reason};"
            f" add the host to the profile, or the address to skip_url.{SAID_ONCE}list them."
        )
        found.append(Trouble(TroubleKind.SECTION, said, tuple(sections)))
    if url := findings.section_left_out:
        said = (
            f"There are more sections than a crawl reads, such as {url}: section_url of the profile may match what is"
            " none, such as the days of a calendar (skip_url leaves it out, max_sections allows more)."
        )
        found.append(Trouble(TroubleKind.SECTION, said))
    return found


def _sections_not_found(findings: CrawlFindings) -> str:
    if not findings.sections_not_found:
        return ""
    wanted = ", ".join(findings.sections_not_found)
    return f"No page links to these sections: {wanted}; there are: {findings.sections_there or '-'}"


def _articles(counts: CrawlCounts, findings: CrawlFindings) -> list[Trouble]:
    """Return what is wrong with article pages."""
    found = []
    if failed := counts.failed(FailureType.ARTICLE):
        failure = findings.last_failures.get(FailureType.ARTICLE, findings.last_failure)
        shown = _shown(failed, counts.reasons(FailureType.ARTICLE), failure)
        asked = {*findings.failed[FailureType.ARTICLE]} - {failure.url for failure in findings.given_up}
        advice = _advice_on_article(failure, asked_again=bool(asked))
        said = f"{failed} article{plural(failed)} could not be fetched or read{shown}.{advice}"
        found.append(Trouble(TroubleKind.ARTICLE, said, tuple(findings.failed[FailureType.ARTICLE])))
    if given_up := findings.given_up:
        first = given_up[0]
        said = (
            f"{len(given_up)} article{plural(len(given_up))} failed in {MAX_ATTEMPTS} crawls and"
            f" {plural(len(given_up), 'are', 'is')} given up, such as {first.url}:"
            f" {first.reason}.  If a browser shows them, zhijiang crawl --full asks again; an archived one is asked for"
            f" when it is due, too.{SAID_ONCE}count them."
        )
        found.append(Trouble(TroubleKind.GIVEN_UP, said, tuple(failure.url for failure in given_up)))
    if findings.alarm:
        said = (
            f"{counts.newly_missing} of {counts.rechecked} archived articles looked at {plural(counts.newly_missing, 'were', 'was')} not found: "
            "that is the site, not the articles, so none is marked as missing; look at the site, the next crawls ask again."
        )
        found.append(Trouble(TroubleKind.ABSENT, said))
    return found


def judge(counts: CrawlCounts, findings: CrawlFindings, reason: str, *, waiting: int = 0) -> Verdict:
    """Judge a crawl from what it counted and noticed, and the reason why it ended.

    ``waiting``: requests still to be made, while it runs.
    """
    troubles = _whole_crawl(counts, findings, reason) + _lists(counts, findings)
    if all(trouble.kind is not TroubleKind.SITE for trouble in troubles):  # else they only fail with it
        troubles += _articles(counts, findings)
    troubles += findings.health
    if counts.errors:
        first = f", the first: {findings.first_error}" if findings.first_error else ""
        said = f"{counts.errors} error{plural(counts.errors)} inside the program{first}; zhijiang crawl --log FILE writes down all of it."
        troubles.append(Trouble(TroubleKind.PROGRAM, said))
    return Verdict(
        troubles=tuple(troubles),
        pages=counts.pages,
        list_pages=counts.list_pages,
        listed=counts.listed,
        new=counts.new,
        revised=counts.revised,
        unchanged=counts.unchanged,
        failed=counts.failed(FailureType.SECTION) + counts.failed(FailureType.ARTICLE),
        failed_lists=counts.failed(FailureType.SECTION),
        missing=counts.missing,
        gone=counts.gone,
        elsewhere=counts.elsewhere,
        media=counts.media,
        sections_not_found=_sections_not_found(findings) if counts.list_pages else "",
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
