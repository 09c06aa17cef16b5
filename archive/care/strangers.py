"""WARC files of which no row of the archive tells: whose they are."""

import re
import sqlite3
from contextlib import closing, suppress

from archive.care.findings import SHOWN, Found, Level, Scope
from archive.evidence.warc_reader import OPEN, holds_answer
from archive.model.wording import plural
from archive.store.archive import Archive
from archive.store.evidence_folder import original, same_file, uses_folder
from archive.store.own_files import is_archive


def strangers(archive: Archive, names: set[str], scope: Scope) -> Found:
    """WARC files that are not among ``names``: those of this archive's crawls are a fault, others worth knowing."""
    folder = archive.warc_folder
    unknown = [p for p in sorted(folder.glob("*.warc.gz*")) if p.name.removesuffix(OPEN) not in names]
    if not unknown:
        return
    if scope.evidence is not None or original(archive):
        what = f"{len(unknown)} file{plural(len(unknown))} in {folder} {plural(len(unknown), 'are', 'is')} of no crawl that this copy knows, the first is {unknown[0].name}"
        yield Level.NOTE, what, "they are another archive's, or came after the copy was made"
        return
    others = _names_of_others(archive)
    lost = 0
    for path in unknown:
        name = path.name.removesuffix(OPEN)
        if name in others:
            continue
        if _is_lost(archive, name) and holds_answer(path):
            lost += 1
            if lost <= SHOWN:
                yield Level.FAULT, f"{path} is of a crawl of which this archive knows nothing", _NEWER
        else:
            what = f"{path} belongs to no crawl of this archive"
            yield Level.NOTE, what, "nothing refers to it; keep it, or put it where it belongs"
    if lost > SHOWN:
        yield Level.FAULT, f"more files of such crawls in {folder}: {lost - SHOWN}", _NEWER


_NEWER = (
    "the archive was copied without its write-ahead log (….db-wal) or is older than its evidence: restore the newer"
    " file, or where there is none move these files to another folder"
)
_NAME = re.compile(r"(?P<site>.+)-(?P<time>\d{14})-\d{5,}\.warc\.gz")
"""As ``WarcWriter`` names its files."""


def _is_lost(archive: Archive, name: str) -> bool:
    """Tell by a WARC file's name whether it was written for a site of this archive while none of its crawls ran.

    What was begun during one is the file of a crawl that was killed before it noted anything.  When a killed crawl
    ended nobody knows: it counts as at work for twelve hours more, less than until the next night's.
    """
    found = _NAME.fullmatch(name)
    crawls = archive.connection.execute(
        "SELECT site, started_at, coalesce(finished_at, strftime('%Y-%m-%dT%H:%M:%SZ', coalesce((SELECT max(captured_at)"
        " FROM capture c WHERE c.crawl_id = crawl.crawl_id), started_at), '+12 hours')) FROM crawl"
    ).fetchall()
    if found is None or (crawls and found["site"] not in {site for site, _, _ in crawls}):
        return False
    digits = found["time"]
    at = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}T{digits[8:10]}:{digits[10:12]}:{digits[12:]}Z"
    return not any(site == found["site"] and start <= at <= end for site, start, end in crawls)


def _names_of_others(archive: Archive) -> set[str]:
    """Return the WARC files of other archives that share the folder, as archives of one stem did before schema 14."""
    names: set[str] = set()
    for path in archive.path.parent.iterdir():
        if is_archive(path) and not same_file(path, archive.path) and uses_folder(path, archive.warc_folder):
            with (
                suppress(sqlite3.DatabaseError),
                closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as other,
            ):
                names.update(name for (name,) in other.execute("SELECT name FROM warc_file"))
    return names
