"""An archive in which every page of the reading room has much to show: invented, written without a crawl.

Sections, names, versions, pictures in several articles, articles that are gone, entries that are not archived.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from archive.model.article import Role
from archive.search.index import reindex
from archive.store.archive import Archive
from archive.store.counts import recount

SITE = "yunting"
SECTIONS = tuple(
    f"{a}{b}"
    for a in ("云汀", "县域", "乡镇", "融媒", "基层", "民生")
    for b in ("要闻", "视频", "文旅", "公告", "专题")
)
SOURCES = ("云汀融媒", "云汀日报", "省报", "三江晚报", "")
NAMES = tuple(
    a + b
    for a in "闻苏何程陆罗邵纪卫乔"
    for b in ("小满", "木", "田田", "远舟", "星野", "一禾", "青林", "朗", "青禾", "安", "晓", "澄")
)
_ROLES = (Role.REPORTER, Role.EDITOR, Role.FIRST_REVIEW, Role.SECOND_REVIEW, Role.THIRD_REVIEW)
_PER_DAY = 17
"""Articles of one day."""
_SLOW = (
    "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND (type = 'index' OR type = 'trigger'"
    " AND (name LIKE 'article%' OR name LIKE '\\_%' ESCAPE '\\')) ORDER BY rowid"
)
_NOW = "2024-11-02T01:00:00Z"


def furnish(path: Path, articles: int, *, letters: int = 300) -> None:
    """Make an archive of so many articles, numbered from 1, with about so many characters each."""
    with Archive.open(path) as archive:
        execute = archive.connection.execute
        execute("PRAGMA synchronous = OFF")
        archive.begin()
        slow = execute(_SLOW).fetchall()
        for kind, name, _ in slow:  # what is made at once is made faster
            execute(f'DROP {kind} "{name}"')
        for table, rows in _tables(range(1, articles + 1), letters).items():
            _insert(archive, table, rows)
        for _, _, sql in slow:
            execute(sql)
        recount(archive.connection)
        reindex(archive.connection)
        archive.commit()


def _insert(archive: Archive, table: str, rows: Iterable[dict[str, Any]]) -> None:
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    sql = f"INSERT INTO {table} ({', '.join(first)}) VALUES ({', '.join(f':{name}' for name in first)})"
    archive.connection.execute(sql, first)
    archive.connection.executemany(sql, rows)


def _tables(numbers: range, letters: int) -> dict[str, Iterator[dict[str, Any]]]:
    texts = _texts(letters)
    return {
        "crawl": iter(
            {
                "crawl_id": n,
                "site": SITE,
                "started_at": _NOW,
                "finished_at": _NOW,
                "outcome": "complete",
                "software": "made",
            }
            for n in (1, 2)
        ),
        "section": iter(
            {
                "section_id": n,
                "site": SITE,
                "slug": str(100 + n),
                "kind": "section",
                "name": name,
                "url": f"http://www.yunting.example/list?catid={100 + n}",
            }
            for n, name in enumerate(SECTIONS, 1)
        ),
        "capture": _captures(numbers),
        "article": (_article(n, texts) for n in numbers),
        "article_version": (_version(n, k, texts) for n in numbers for k in range(1, _versions(n) + 1)),
        "listing": (_entry(n) for n in (*numbers, *range(numbers.stop, numbers.stop + len(numbers) // 50))),
        "credit": (
            {
                "article_id": n,
                "seq": seq,
                "label": role,
                "role": role,
                "name": NAMES[(n * 7 + seq * 31 + n // 40) % len(NAMES)],
                "position": "文末",
            }
            for n in numbers
            for seq, role in enumerate(_ROLES, 1)
        ),
        "image": (
            {
                "article_id": n,
                "seq": seq,
                "url": _picture(_shown(n, seq)),
                "caption": f"云汀县第{n}号图",
                "paragraph": seq,
            }
            for n in numbers
            for seq in (1, 2)
        ),
        "media": (
            {
                "media_id": 2 * n - 2 + seq,
                "sha256": _sha256(f"m{n}.{seq}"),
                "mime": "image/jpeg",
                "bytes": 1000,
                "width": 640,
                "height": 480,
                "capture_id": n,
            }
            for n in numbers
            for seq in (1, 2)
        ),
        "media_address": (
            {"url": _picture(2 * n - 2 + seq), "media_id": 2 * n - 2 + seq, "capture_id": n}
            for n in numbers
            for seq in (1, 2)
        ),
        "absence": (
            {
                "article_id": n,
                "since": _NOW,
                "reason": "HTTP 404",
                "looks": 3,
                "last_look_at": _NOW,
                "last_crawl": 2,
                "gone_at": _NOW,
                "returned_at": _NOW if n % 200 else None,
            }
            for n in numbers
            if n % 100 == 0
        ),
        "failure": (
            {
                "site": SITE,
                "kind": "article",
                "key": str(n),
                "url": _url(n),
                "reason": "HTTP 500",
                "first_crawl": 1,
                "last_crawl": 2,
                "failed_at": _NOW,
            }
            for n in range(numbers.stop, numbers.stop + len(numbers) // 100)
        ),
    }


def _texts(letters: int) -> list[str]:
    chance = Random(19)
    words = (
        "柑橘",
        "果园",
        "开园",
        "采摘",
        "产量",
        "合作社",
        "冷链",
        "水利",
        "公路",
        "学校",
        "社区",
        "服务",
        "会议",
        "乡村",
        "振兴",
        "今年",
        "预计",
        "云汀县",
    )
    return [
        "\n".join("".join(chance.choices(words, k=letters // 9)) + "。" for _ in range(4)) for _ in range(500)
    ]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _url(n: int) -> str:
    return f"http://www.yunting.example/content/show?newsid={n}"


def _picture(n: int) -> str:
    return f"http://www.yunting.example/pic/{n}.jpg"


def _shown(n: int, seq: int) -> int:
    """Return which picture an article shows: one in twenty is that of the article before it."""
    return 2 * (n - 1 if n % 10 == 0 else n) - 2 + seq if seq == 1 else 2 * n - 2 + seq


def _versions(n: int) -> int:
    return 2 if n % 20 == 0 else 1


def _day(n: int) -> str:
    return f"{date(2024, 10, 30) - timedelta(days=n // _PER_DAY)}"


def _section(n: int) -> int:
    return (n * 13 + n // 30) % len(SECTIONS)


def _told(n: int, texts: list[str]) -> dict[str, Any]:
    return {
        "title": f"云汀县第{n}号新闻",
        "section": SECTIONS[_section(n)] if n % 3 else "",
        "source": SOURCES[n % len(SOURCES)],
        "body": f"{texts[n % len(texts)]}\n编号{n}。",
        "credit_line": "记者丨闻小满 编辑丨苏木 一审丨乔安 二审丨纪朗 三审丨卫青禾" if n % 9 else "",
        "content_sha256": _sha256(f"a{n}"),
    }


def _article(n: int, texts: list[str]) -> dict[str, Any]:
    return {
        "article_id": n,
        "site": SITE,
        "key": str(n),
        "url": _url(n),
        "published_on": _day(n),
        "version": _versions(n),
        "status": "已消失" if n % 200 == 0 else "在线",
        "first_seen_at": _NOW,
        "last_seen_at": _NOW,
        "last_look_at": _NOW,
        **_told(n, texts),
    }


def _version(n: int, number: int, texts: list[str]) -> dict[str, Any]:
    changed = ["body"] if number > 1 else []
    return {
        "article_id": n,
        "number": number,
        "crawl_id": number,
        "capture_id": n,
        "seen_at": _NOW,
        "kicker": "",
        "subtitle": "",
        "published_raw": _day(n),
        "credits": "[]",
        "images": "[]",
        "changed": json.dumps(changed),
        "added": number,
        "removed": 1,
        **_told(n, texts),
    }


def _entry(n: int) -> dict[str, Any]:
    return {
        "section_id": _section(n) + 1,
        "key": str(n),
        "url": _url(n),
        "title": f"云汀县第{n}号新闻",
        "date_on": _day(n),
        "page": 1 + n // 600,
        "position": 1,
        "first_crawl": 1,
        "last_crawl": 1,
        "first_seen_at": _NOW,
        "last_seen_at": _NOW,
    }


def _captures(numbers: range) -> Iterator[dict[str, Any]]:
    for n in numbers:
        yield {
            "capture_id": n,
            "crawl_id": 1,
            "kind": "article",
            "site": SITE,
            "key": str(n),
            "url": _url(n),
            "captured_at": _NOW,
            "status": 200,
            "payload_sha256": _sha256(f"p{n}"),
        }


def pages() -> tuple[str, ...]:
    """Return an address of every kind of page, and of its parts that read something else."""
    picture = _sha256("m9.1")
    return (
        *(
            "/",
            "/?q=果园",
            "/?q=果园&reviewers=1",
            "/?q=第500号",
            f"/?q=记者:{NAMES[0]}",
            f"/?q=栏目:{SECTIONS[0]}",
            "/?q=果园 -学校&sort=新→旧",
            "/?q=没有此词",
        ),
        *("/n", "/n?group=审核", "/n?find=小满", "/n?page=2", f"/n/{NAMES[0]}", f"/n/{NAMES[0]}?role=记者"),
        *(
            "/section",
            f"/section/{SECTIONS[0]}",
            f"/section/{SECTIONS[0]}?page=2",
            "/year",
            "/year/2024",
            "/month/2024-10",
            "/day/2024-10-29",
            "/on/10-29",
        ),
        *(
            "/changes",
            "/changes?only=real",
            "/changes.atom",
            "/search.atom?q=果园",
            "/search.atom?q=第500号",
            "/opensearch.xml",
            "/suggest.json?q=闻",
            "/gone",
            "/photos",
            "/photos?page=2",
            "/photos/all",
            "/photos/all?page=9",
        ),
        *(
            f"/photos/{picture}",
            "/coverage",
            "/coverage?page=2",
            "/missing",
            "/crawls",
            "/about",
            "/search.json?q=果园",
        ),
        *("/a/500", "/a/500.json", "/a/500/v/1", "/a/500/diff/1..2", "/a/500/cite.bib"),
        "/a/500?q=果园&page=2",
        *(f"/{door}" for door in ("health", "sitemap.xml", "gone.atom")),
        *(f"/list{kind}?ids={','.join(map(str, range(900, 1000)))}" for kind in ("", "/print", ".bib")),
    )
