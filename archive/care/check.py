"""Is this archive all right?  Each check looks at one thing and names what is wrong, where, and what to do.

Nothing is written.  A damaged file gives findings, not errors.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archive.care.check_agreement import check_agreement, check_crawl_counts, check_words
from archive.care.check_crawls import check_gaps, check_last_crawl
from archive.care.check_derived import check_derived
from archive.care.check_evidence import check_captures, check_media, check_warc_files
from archive.care.check_rows import (
    check_absences,
    check_file,
    check_references,
    check_schema,
    check_search_index,
    check_versions,
)
from archive.care.check_seals import check_seals
from archive.care.check_tokens import check_tokens
from archive.care.findings import RESTORE, Finding, Found, Level, Scope
from archive.store.archive import Archive

__all__ = ["CHECKS", "Examination", "Finding", "Level", "Scope", "check", "examine"]


def check(path: Path, scope: Scope) -> list[Finding]:
    """Run every check on an archive.  Raises ``ArchiveError`` where there is none to check."""
    return examine(path, scope).findings


@dataclass(frozen=True, slots=True)
class Examination:
    """What all checks found, and which of them came to an end."""

    findings: list[Finding]
    done: frozenset[str]
    """Names of the checks that looked at all that they were to look at."""


def examine(path: Path, scope: Scope) -> Examination:
    """Run every check on an archive.  Raises ``ArchiveError`` where there is none to check."""
    findings: list[Finding] = []
    done: set[str] = set()
    with Archive.read(path) as archive:
        if scope.evidence is not None:
            archive.warc_folder = scope.evidence
        for name, run in CHECKS.items():
            try:
                for level, what, advice in run(archive, scope):
                    findings.append(Finding(level, name, what, advice))
                done.add(name)
            except Exception as error:  # a damaged file may hold anything, and no check may end the others
                findings.append(Finding(Level.FAULT, name, f"cannot be checked: {error}"[:300], RESTORE))
            if name == "file" and any(finding.level is Level.FAULT for finding in findings):
                break  # of a damaged file nothing else can be believed
    return Examination(findings, frozenset(done))


CHECKS: dict[str, Callable[[Archive, Scope], Found]] = {
    "file": check_file,
    "schema": check_schema,
    "dictionary": check_words,
    "references": check_references,
    "seals": check_seals,
    "search index": check_search_index,
    "versions": check_versions,
    "agreement": check_agreement,
    "crawls": check_crawl_counts,
    "absences": check_absences,
    "WARC files": check_warc_files,
    "captures": check_captures,
    "media": check_media,
    "time-stamps": check_tokens,
    "derived": check_derived,
    "last crawl": check_last_crawl,
    "gaps": check_gaps,
}
"""In the order in which they run."""
