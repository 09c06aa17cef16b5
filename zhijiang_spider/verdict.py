"""Was a crawl complete?  Scrapy's own exit status says yes when the site is dead and every page failed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from archive.store import CrawlResult


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
            f"{self.unchanged} unchanged; {self.failed} failed"
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


def judge(stats: Mapping[str, Any], reason: str) -> Verdict:
    """Judge a crawl from Scrapy's counters and the reason why it ended."""

    def count(name: str) -> int:
        return int(stats.get(name, 0))

    troubles = []
    last_failure = stats.get("zhijiang/last_failure", "no page could be fetched")
    if problem := stats.get("zhijiang/archive_error"):
        troubles.append(f"The archive could not be written: {problem}")
    elif reason != "finished":
        troubles.append(f"The crawl was stopped before its end ({reason}); the next one goes on from there.")
    if not count("zhijiang/list_pages"):
        troubles.append(f"No list page could be read: {last_failure}")
    elif failed := count("zhijiang/failed_sections"):
        troubles.append(f"{failed} list pages could not be fetched or read, such as {last_failure}")
    if slugs := stats.get("zhijiang/sections_not_found"):
        troubles.append(f"No page links to these sections: {slugs}")
    if failed := count("zhijiang/failed_articles"):
        troubles.append(f"{failed} articles could not be fetched or read, such as {last_failure}")
    if errors := count("spider_exceptions/count") + count("zhijiang/item_errors"):
        troubles.append(f"{errors} errors inside the program, see the log.")
    return Verdict(
        troubles=tuple(troubles),
        pages=count("response_received_count"),
        list_pages=count("zhijiang/list_pages"),
        listed=count("zhijiang/listed"),
        new=count("zhijiang/new"),
        revised=count("zhijiang/revised"),
        unchanged=count("zhijiang/unchanged"),
        failed=count("zhijiang/failed_sections") + count("zhijiang/failed_articles"),
    )
