"""Is the archive being kept?  The last crawls, what the lists show and we do not hold, what is wrong."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from archive.care.evidence import LOST, lost_evidence
from archive.care.sites import LAST_CRAWL, named, site_troubles
from archive.model.crawl import ELSEWHERE, NEVER, NOT_UNDERSTOOD, UNFINISHED
from archive.model.plan import RecheckPolicy
from archive.model.wording import plural
from archive.store.archive import Archive
from archive.store.crawl_records import last_options, site_arguments
from archive.store.lock import is_locked
from archive.store.plan import MAX_ATTEMPTS, SWEEP_DAYS, list_lengths, pages_a_crawl
from archive.store.troubles import since_when
from archive.times import beijing_minute


@dataclass(frozen=True, slots=True)
class Status:
    """The state of an archive."""

    crawls: list[dict[str, Any]]
    """The last crawls, newest first, and the last one of each site: columns of ``crawl``."""
    sections: list[dict[str, Any]]
    """The view 栏目 as programs read it: listed, archived and missing of each section."""
    articles: int
    missing: list[dict[str, Any]]
    """The view 未存 as programs read it, at most ``LISTED`` rows: UTC, reasons as stored.

    What was read and not taken says so as its reason.
    """
    missing_count: int
    unknown_labels: list[dict[str, Any]]
    """The view 未识别署名."""
    sites: dict[str, str] = field(default_factory=dict)
    """Name of each site that was crawled → what ``--site`` is given for it, "" where no crawl recorded it."""
    vanished: dict[str, int] = field(default_factory=dict)
    """失联, 已消失 → how many articles."""
    notes: list[str] = field(default_factory=list)
    """What is good to know and not wrong, a sentence each."""
    troubles: list[str] = field(default_factory=list)
    """What is wrong, a sentence each; empty: all is well."""
    since: dict[str, str] = field(default_factory=dict)
    """Sentence of ``troubles`` → since when it lasts, UTC; of those that a crawl found."""


_CRAWLS = """
SELECT * FROM crawl WHERE crawl_id IN (SELECT crawl_id FROM crawl ORDER BY crawl_id DESC LIMIT ?)
  OR crawl_id IN (SELECT max(crawl_id) FROM crawl GROUP BY site)
ORDER BY crawl_id DESC
"""
_VANISHED = "SELECT status AS 状态, count(*) AS n FROM article WHERE status IN ('失联', '已消失') GROUP BY status ORDER BY status DESC"
_MISSING_COUNT = """
SELECT count(*) AS n FROM (SELECT DISTINCT s.site, l.key FROM _listed m CROSS JOIN listing l ON l.listing_id = m.listing_id
  CROSS JOIN section s ON s.section_id = l.section_id WHERE m.archived = 0)
"""
# The view 栏目, which counts every entry, from what is counted.
_SECTIONS = """
SELECT s.name AS 栏目, s.slug AS 代码, s.url AS 网址, coalesce(z.listed, 0) AS 列出, coalesce(z.archived, 0) AS 已存,
  coalesce(z.listed - z.archived, 0) AS 未存,
  (SELECT min(day) FROM _listed l WHERE l.section_id = s.section_id) AS 最早,
  (SELECT max(day) FROM _listed l WHERE l.section_id = s.section_id) AS 最晚, s.last_new_page AS 末次新页,
  s.stop AS 停止原因, s.backlog_url AS 未走完, s.reader AS 列表读法, s.pager AS 翻页方式, s.pages AS 页数,
  s.said_pages AS 自称页数, s.said_entries AS 自称条数, s.swept_at AS 末次到底
FROM section s LEFT JOIN _section_size z ON z.section_id = s.section_id WHERE s.kind = 'section' ORDER BY s.section_id
"""
_MISSING = """
SELECT l.title AS 题名, l.date_raw AS 列表日期, s.name AS 栏目, l.url AS 网址, f.reason AS 原因, f.attempts AS 失败次数, l.first_seen_at AS 首见
FROM _listed m CROSS JOIN listing l ON l.listing_id = m.listing_id CROSS JOIN section s ON s.section_id = l.section_id
LEFT JOIN failure f ON f.site = s.site AND f.kind = 'article' AND f.key = l.key
WHERE m.archived = 0 GROUP BY s.site, l.key LIMIT ?
"""
HELD_BACK = "held back (view 暂缓)"
"""Why an entry is not archived whose page was read and not taken."""
_HELD_BACK = """
SELECT l.url FROM held h CROSS JOIN section s ON s.site = h.site
  CROSS JOIN listing l ON l.section_id = s.section_id AND l.key = h.key
WHERE h.state <> 'over'
"""
LISTED = 20
"""How many missing articles are named one by one."""


def read_status(
    archive: Archive, *, now: datetime, max_age: timedelta | None = None, last: int = 5
) -> Status:
    """Read the state of an archive.

    ``now``: aware.  ``max_age``: how old the last complete crawl may be; None: any age.
    """
    rows = archive.rows
    crawls = list(rows(_CRAWLS, [last]))
    missing_count = next(rows(_MISSING_COUNT))["n"]
    status = Status(
        crawls=crawls,
        sections=list(rows(_SECTIONS)),
        articles=next(rows("SELECT articles AS n FROM _archive_size"))["n"],
        missing=_missing(archive),
        missing_count=missing_count,
        unknown_labels=list(rows("SELECT * FROM 未识别署名 ORDER BY 次数 DESC")),
        sites=site_arguments(archive),
        vanished={row["状态"]: row["n"] for row in rows(_VANISHED)},
    )
    lost = lost_evidence(archive)
    troubles = _troubles(archive, crawls, now, max_age)
    if lost:  # how much is lost now, not how much the last crawl missed
        troubles = [said for said in troubles if f"{LAST_CRAWL}{LOST}" not in said]
    status.troubles.extend([*troubles, *lost])
    status.notes.extend(
        [
            *_at_work(archive),
            *_long_sweeps(archive),
            *_begun_sweeps(archive),
            *(note for note in _sections_elsewhere(archive) if not _is_said(note, troubles)),
            *_said_of(archive, _GIVEN_UP, _WAS_TOLD),
        ]
    )
    status.since.update(_since(archive, status.troubles))
    return status


def _missing(archive: Archive) -> list[dict[str, Any]]:
    held = {url for (url,) in archive.connection.execute(_HELD_BACK)}
    return [
        {**row, "原因": row["原因"] or (HELD_BACK if row["网址"] in held else None)}
        for row in archive.rows(_MISSING, [LISTED])
    ]


def state_changed(archive: Archive, site: str) -> bool:
    """Tell whether the last crawl of a site ended otherwise than the one before: well, or in trouble.

    The first crawl is news only when it is in trouble.
    """
    rows = archive.connection.execute(
        "SELECT outcome FROM crawl WHERE site = ? AND outcome <> 'running' ORDER BY crawl_id DESC LIMIT 2",
        (site,),
    ).fetchall()
    outcomes = [outcome for (outcome,) in rows]
    return bool(outcomes) and outcomes[0] != (outcomes[1] if len(outcomes) > 1 else "complete")


def _is_said(note: str, troubles: list[str]) -> bool:
    """Tell whether the last crawl said the same of as many; its example may be another."""
    counted = note.partition(", so ")[0]
    return any(trouble.replace(LAST_CRAWL, "", 1).startswith(f"{counted}, so ") for trouble in troubles)


def _long_sweeps(archive: Archive) -> list[str]:
    """Say of each site whose lists are so long that entries put in late are found later than in ``SWEEP_DAYS``."""
    notes = []
    for site, options in last_options(archive).items():
        policy = options.get("site", {}).get("recheck", {})
        budget = policy.get("list_pages", RecheckPolicy().list_pages)
        lengths = list_lengths(archive, site).values()
        if not lengths or sum(map(pages_a_crawl, lengths)) <= budget:
            continue
        if budget == 0:
            notes.append(f"{site}: entries put in below the first list pages are not looked for.")
        elif (crawls := -(-sum(lengths) // budget)) > SWEEP_DAYS:
            notes.append(
                f"{site}: its lists have {sum(lengths)} page{plural(sum(lengths))}, so an entry put in late is found after {crawls} crawls;"
                f" recheck.list_pages = {budget} of the profile allows no more."
            )
    return notes


def _begun_sweeps(archive: Archive) -> list[str]:
    """Say which lists cannot be swept below their first pages: their servers take no form of an earlier crawl."""
    number, example = archive.connection.execute(
        "SELECT count(*), min(coalesce(nullif(name, ''), slug) || ' (' || url || ')') FROM section WHERE sweep_page = ?",
        (NEVER,),
    ).fetchone()
    if not number:
        return []
    return [
        f"{number} {plural(number, 'lists are', 'list is')} looked through from {plural(number, 'their', 'its')} first page on by every crawl, so an entry put in far below is"
        f" found by zhijiang crawl --full only, such as {example}."
    ]


def _sections_elsewhere(archive: Archive) -> list[str]:
    """Say which links to sections only lead to another host: what is listed there is in no archive."""
    rows = archive.connection.execute(
        "SELECT f.site, count(*), min(f.url || ': ' || f.reason) FROM failure f WHERE f.kind = 'section' AND f.reason LIKE ?"
        " AND f.last_crawl = (SELECT max(crawl_id) FROM crawl c WHERE c.site = f.site) GROUP BY f.site",
        (f"{ELSEWHERE}%",),
    )
    name = named(archive)
    return [
        f"{name(site)}{number} section{plural(number)} lead{plural(number, '', 's')} to another host, so nothing of {plural(number, 'them', 'it')} is archived, such as {example};"
        " add the host to the profile, or the address to skip_url."
        for site, number, example in rows
    ]


def _at_work(archive: Archive) -> list[str]:
    """Say which crawl runs just now: no trouble."""
    if not is_locked(archive.path):
        return []
    rows = archive.connection.execute(
        "SELECT site, crawl_id, started_at FROM crawl WHERE outcome = 'running' ORDER BY crawl_id DESC LIMIT 1"
    )
    return [
        f"{site}: crawl {crawl} is at work, since {beijing_minute(began)}." for site, crawl, began in rows
    ]


def _since(archive: Archive, troubles: list[str]) -> dict[str, str]:
    name, known = named(archive), dict[str, str]()
    for (site, said), since in since_when(archive).items():
        known |= {f"{name(site)}{LAST_CRAWL}{said}": since, said: since}
    return {str(trouble): known[trouble] for trouble in troubles if trouble in known}


def _troubles(
    archive: Archive, crawls: list[dict[str, Any]], now: datetime, max_age: timedelta | None
) -> list[str]:
    if not crawls:
        return ["No crawl has run on this archive."]
    at_work = is_locked(archive.path)
    return [
        *_said_of(archive, _LEFT),
        *_ended_at(archive),
        *_said_of(archive, _GIVEN_UP, f"NOT {_WAS_TOLD}"),
        *site_troubles(archive, now, max_age, at_work=at_work),
    ]


def _said_of(archive: Archive, templates: dict[str, str], which: str = "true") -> list[str]:
    """Say what earlier crawls found wrong and the last one did not look at, or no crawl looks at any more.

    ``which``: a condition on the failures of which it is said.
    """
    name, said = named(archive), []
    for template, condition in templates.items():
        rows = archive.connection.execute(
            "SELECT f.site, count(*), min(f.url || ': ' || f.reason) FROM failure f"
            " JOIN (SELECT site, max(crawl_id) AS crawl_id FROM crawl GROUP BY site) c ON c.site = f.site"
            f" WHERE f.reason NOT LIKE '{ELSEWHERE}%' AND {condition} AND {which} GROUP BY f.site"
        )
        said += [
            name(site)
            + template.format(
                number=number,
                example=example,
                s=plural(number),
                are=plural(number, "are", "is"),
                were=plural(number, "were", "was"),
            )
            for site, number, example in rows
        ]
    return said


def _ended_at(archive: Archive) -> list[str]:
    """Say of each page how many crawls ended at it, as long as the next ones ask for it."""
    name = named(archive)
    rows = archive.connection.execute(
        "SELECT site, attempts, url FROM failure WHERE reason = ? AND attempts < ? AND kind <> 'media' ORDER BY failure_id",
        (UNFINISHED, MAX_ATTEMPTS),
    )
    return [
        f"{name(site)}{attempts} crawl{plural(attempts)} ended while {plural(attempts, 'they', 'it')} read or stored {url}; zhijiang crawl asks again, and after"
        f" {MAX_ATTEMPTS} it is given up."
        for site, attempts, url in rows
    ]


_ARCHIVED = "EXISTS (SELECT 1 FROM article a WHERE a.site = f.site AND a.key = f.key)"
_LEFT = {
    "{number} list page{s} that earlier crawls read {are} still not understood, such as {example}": (
        f"f.kind = 'section' AND f.reason LIKE '{NOT_UNDERSTOOD}:%' AND f.last_crawl < c.crawl_id"
    ),
    "{number} article{s} that earlier crawls could not read {were} not asked for by the last one, such as {example};"
    " zhijiang crawl without further options asks again.": (
        f"f.kind = 'article' AND f.attempts < {MAX_ATTEMPTS} AND f.last_crawl < c.crawl_id AND f.reason <> '{UNFINISHED}'"
    ),
}
"""What earlier crawls left → the condition on a failure ``f`` of the site whose last crawl is ``c``."""
_GIVEN_UP = {
    f"{{number}} article{{s}} failed in {MAX_ATTEMPTS} crawls and {{are}} no longer asked for (view 未存), such as {{example}};"
    " zhijiang crawl --full asks again.": (
        f"f.kind = 'article' AND f.attempts >= {MAX_ATTEMPTS} AND NOT {_ARCHIVED}"
    ),
    f"{{number}} archived article{{s}} could not be read again in {MAX_ATTEMPTS} crawls, such as {{example}}; what is"
    " archived stays, and is asked for when it is due again, or now by zhijiang crawl --full.": (
        f"f.kind = 'article' AND f.attempts >= {MAX_ATTEMPTS} AND {_ARCHIVED}"
    ),
}
"""What no crawl asks for any more → the condition on it."""
_WAS_TOLD = (
    "EXISTS (SELECT 1 FROM crawl k WHERE k.site = f.site AND k.crawl_id >= f.last_crawl AND (k.crawl_id = f.last_crawl"
    " AND instr(k.reason, ' given up, such as ') OR instr(k.reason, ' ' || f.url || ', so it is given up ')))"
)
"""The crawl that gave an article up, or the one after it, has told so: then the operator knows, and nothing is wrong."""
