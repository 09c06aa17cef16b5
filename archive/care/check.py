"""Is this archive all right?  Each check looks at one thing and names what is wrong, where, and what to do.

Nothing is written.  A damaged file gives findings, not errors.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from archive.care.check_crawls import check_gaps, check_last_crawl
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

__all__ = ["CHECKS", "Finding", "Level", "Scope", "check"]


def check(path: Path, scope: Scope) -> list[Finding]:
    """Run every check on an archive.  Raises ``ArchiveError`` where there is none to check."""
    findings: list[Finding] = []
    with Archive.read(path) as archive:
        if scope.evidence is not None:
            archive.warc_folder = scope.evidence
        for name, run in CHECKS.items():
            try:
                findings += [
                    Finding(level, name, what, advice) for level, what, advice in run(archive, scope)
                ]
            except sqlite3.DatabaseError as error:
                findings.append(Finding(Level.FAULT, name, f"cannot be checked: {error}", RESTORE))
            if name == "file" and findings:
                break  # of a damaged file nothing else can be believed
    return findings


CHECKS: dict[str, Callable[[Archive, Scope], Found]] = {
    "file": check_file,
    "schema": check_schema,
    "references": check_references,
    "seals": check_seals,
    "search index": check_search_index,
    "versions": check_versions,
    "absences": check_absences,
    "WARC files": check_warc_files,
    "captures": check_captures,
    "media": check_media,
    "time-stamps": check_tokens,
    "last crawl": check_last_crawl,
    "gaps": check_gaps,
}
"""In the order in which they run."""
