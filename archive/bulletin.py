"""What came, changed and vanished in some days, by section: for a mail, a group chat, or a program.

Days are those of readers (UTC+8), and go by when the archive saw a thing.  Of a restricted article that came it tells
title and day, of one that changed or vanished nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from archive.model.reasons import in_chinese
from archive.rendering.replaced import what_replaced
from archive.store.access import withhold_restricted
from archive.store.archive import Archive
from archive.store.read import archive_title
from archive.times import days_in_utc, local_time

NO_SECTION = "未标栏目"


@dataclass(frozen=True, slots=True)
class Entry:
    """One article that came, changed or vanished."""

    article_id: int
    title: str
    published_on: str | None
    url: str
    seen_at: str
    """UTC: when the archive saw it."""
    what: str
    """What changed, why it is called vanished; "" of a new one."""
    place: str
    """Its page in the reading room: ``a/12``, ``a/12/diff/1..2``."""


@dataclass(frozen=True, slots=True)
class Section:
    """What one section has of a part."""

    name: str
    total: int
    entries: Sequence[Entry]
    """The first ones."""


@dataclass(frozen=True, slots=True)
class Part:
    """New, changed, vanished or returned: the sections with the most of it first."""

    total: int = 0
    sections: Sequence[Section] = ()


@dataclass(frozen=True, slots=True)
class Bulletin:
    """What happened in some days."""

    archive: str
    """What the archive is called."""
    first: str
    last: str
    """The days, ``2024-01-16``."""
    new: Part
    changed: Part
    """Changes, each a version; those of blanks and punctuation only are counted in ``minor``."""
    minor: int
    vanished: Part
    """Judged 已消失 in these days, and not back since."""
    returned: Part
    crawls: int
    unfinished: int
    """Crawls that began in these days, and those of them that did not end well."""
    restricted: Sequence[tuple[str, str | None]] = field(default=())
    """(title, day of publication) of restricted articles that came."""


def read_bulletin(archive: Archive, first: date, last: date, *, most: int) -> Bulletin:
    """Read what happened from one day to another, both included.

    ``archive``: nothing else is read of it afterwards, for its connection withholds what is restricted from now on.
    ``most``: entries that are told of each section.
    """
    withheld = withhold_restricted(archive)
    begin, end = days_in_utc(first, last)
    span = {"begin": begin, "end": end}

    def part(sql: str, told: Callable[[Any], tuple[str, str]]) -> Part:
        return _part(archive.rows(sql, span), told, most)

    def change(row: Any) -> tuple[str, str]:
        old, new = row["number"] - 1, row["number"]
        before, after = (
            next(archive.rows(_VERSION, {"article_id": row["article_id"], "number": number}))
            for number in (old, new)
        )
        return what_replaced(before, after), f"a/{row['article_id']}/diff/{old}..{new}"

    (minor,) = archive.connection.execute(_MINOR, span).fetchone()
    crawls, unfinished = archive.connection.execute(_CRAWLS, span).fetchone()
    came = archive.connection.execute(_RESTRICTED, span).fetchall() if withheld else ()
    return Bulletin(
        archive_title(archive),
        first.isoformat(),
        last.isoformat(),
        new=part(_NEW, lambda row: ("", f"a/{row['article_id']}")),
        changed=part(_CHANGED, change),
        minor=minor,
        vanished=part(_VANISHED, lambda row: (in_chinese(row["reason"]), f"a/{row['article_id']}")),
        returned=part(_RETURNED, lambda row: ("", f"a/{row['article_id']}")),
        crawls=crawls,
        unfinished=unfinished,
        restricted=[(title, day) for number, title, day in came if number in withheld],
    )


def _part(rows: Iterator[dict[str, Any]], told: Callable[[Any], tuple[str, str]], most: int) -> Part:
    by_section: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_section[row["name"] or NO_SECTION].append(row)
    sections = [
        Section(name, len(found), [_entry(row, *told(row)) for row in found[:most]])
        for name, found in sorted(by_section.items(), key=lambda section: (-len(section[1]), section[0]))
    ]
    return Part(sum(section.total for section in sections), sections)


def _entry(row: dict[str, Any], what: str, place: str) -> Entry:
    return Entry(
        row["article_id"], row["title"], row["published_on"], row["url"], row["seen_at"], what, place
    )


_ARTICLE = (
    "a.article_id, a.title, a.published_on, a.url, (SELECT i.name FROM _in_section i"
    " WHERE i.article_id = a.article_id ORDER BY i.counted DESC, i.name LIMIT 1) AS name"
)
_NEWEST = "ORDER BY a.published_on DESC, a.article_id DESC"
_CAME = (
    "FROM crawl c CROSS JOIN {versions} v ON v.crawl_id = c.crawl_id AND v.number = 1"
    " AND v.seen_at >= :begin AND v.seen_at < :end CROSS JOIN article a ON a.article_id = v.article_id"
)
_NEW = f"SELECT {_ARTICLE}, v.seen_at {_CAME.format(versions='article_version')} {_NEWEST}"
_RESTRICTED = (
    f"SELECT a.article_id, a.title, a.published_on {_CAME.format(versions='main.article_version')} {_NEWEST}"
)
_REVISED = "FROM article_version v WHERE v.number > 1 AND v.seen_at >= :begin AND v.seen_at < :end"
_CHANGED = (
    f"SELECT {_ARTICLE}, v.seen_at, v.number FROM (SELECT v.article_id, v.seen_at, v.number {_REVISED} AND NOT v.minor) v"
    " CROSS JOIN article a ON a.article_id = v.article_id ORDER BY v.seen_at DESC, a.article_id DESC, v.number DESC"
)
_MINOR = f"SELECT count(*) {_REVISED} AND v.minor"
_VERSION = "SELECT * FROM article_version WHERE article_id = :article_id AND number = :number"
_AWAY = f"SELECT {_ARTICLE}, {{at}} AS seen_at, b.reason FROM absence b CROSS JOIN article a ON a.article_id = b.article_id WHERE"
_VANISHED = (
    f"{_AWAY.format(at='b.gone_at')} b.gone_at >= :begin AND b.gone_at < :end AND b.returned_at IS NULL"
    " ORDER BY b.gone_at DESC, a.article_id DESC"
)
_RETURNED = (
    f"{_AWAY.format(at='b.returned_at')} b.returned_at >= :begin AND b.returned_at < :end AND b.gone_at IS NOT NULL"
    " ORDER BY b.returned_at DESC, a.article_id DESC"
)
_CRAWLS = "SELECT count(*), coalesce(sum(outcome <> 'complete'), 0) FROM crawl WHERE started_at >= :begin AND started_at < :end"


def bulletin_text(told: Bulletin, room: str = "") -> str:
    """Return a bulletin as text for readers.

    ``room``: where the reading room is, ``http://room.example/``: then addresses lead there; "": to the site.
    """
    days = (date.fromisoformat(told.last) - date.fromisoformat(told.first)).days + 1
    name = "一周" if days == 7 else f" {days} 天"
    minor = f"（另有细微改动 {told.minor} 次）" if told.minor else ""
    returned = f"，恢复 {told.returned.total} 篇" if told.returned.total else ""
    unfinished = f"，{told.unfinished} 次没有做完" if told.unfinished else ""
    blocks = [
        [
            f"{told.archive}{name}摘要　{told.first} 至 {told.last}（北京时间）",
            f"新存 {told.new.total} 篇，改动 {told.changed.total} 次{minor}，消失 {told.vanished.total} 篇{returned}。采集 {told.crawls} 次{unfinished}。",
        ]
    ]
    for heading, part, unit in (
        ("新存", told.new, "篇"),
        ("改动", told.changed, "次"),
        ("消失", told.vanished, "篇"),
        ("恢复", told.returned, "篇"),
    ):
        if part.total:
            blocks.append([f"【{heading}】{part.total} {unit}"])
            blocks += [list(_section_lines(section, unit, room)) for section in part.sections]
    if told.restricted:
        titles = [f"· {title}（{day or '日期不明'}）" for title, day in told.restricted]
        blocks.append([f"【控制件】{len(titles)} 篇，只列题名和日期", *titles])
    return "\n\n".join("\n".join(lines) for lines in blocks) + "\n"


def _section_lines(section: Section, unit: str, room: str) -> Iterator[str]:
    yield f"〔{' '.join(section.name.split())}〕{section.total} {unit}"
    for entry in section.entries:
        what = f"　{local_time(entry.seen_at)[:10]} {entry.what}" if entry.what else ""
        yield f"· {' '.join(entry.title.split())}（{entry.published_on or '日期不明'}）{what}"
        yield f"  {room}{entry.place}" if room else f"  {entry.url}"
    if more := section.total - len(section.entries):
        yield f"  另 {more} {unit}"
