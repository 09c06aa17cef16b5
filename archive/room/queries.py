"""What the pages show, read out of the archive: plain rows, ready for a template."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from archive.model.access import VIEW as WITHHELD
from archive.model.article import Role, RoleGroup, paragraphs
from archive.model.crawl import ELSEWHERE
from archive.rendering.replaced import what_replaced
from archive.store.archive import Archive
from archive.store.dictionary import columns, entries
from archive.store.plan import CUT_SHORT
from archive.store.read import LAST_CRAWL_END, find_article, site_title
from archive.store.versions import VERSION_FIELDS, compare

Row = dict[str, Any]


def http_only(url: str) -> str:
    """Return an address if following it is harmless, else ""; pages may hold ``javascript:``."""
    return url if url.lower().startswith(("http://", "https://")) else ""


@dataclass(frozen=True, slots=True)
class Table:
    """A list that is shown, and given out as JSON and CSV."""

    sql: str
    """Its order fixed, with ``LIMIT :limit OFFSET :offset``."""
    parameters: Mapping[str, str | int] = field(default_factory=dict)
    counted: str = ""
    """Counts its rows faster than the list itself would."""

    def count(self, connection: sqlite3.Connection) -> int:
        """Return how many rows there are."""
        sql = self.counted or f"SELECT count(*) FROM ({self.sql})"
        return int(connection.execute(sql, {**self.parameters, "limit": -1, "offset": 0}).fetchone()[0])

    def cursor(self, connection: sqlite3.Connection, *, limit: int = -1, offset: int = 0) -> sqlite3.Cursor:
        """Return the rows, at most ``limit``."""
        return connection.execute(self.sql, {**self.parameters, "limit": limit, "offset": offset})

    def rows(self, archive: Archive, *, limit: int = -1, offset: int = 0) -> list[Row]:
        """Return the rows by column name."""
        cursor = self.cursor(archive.connection, limit=limit, offset=offset)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]


_PAGE = "LIMIT :limit OFFSET :offset"
_COLUMN = {entry.name: entry.column for entry in entries() if entry.table == "article" and entry.column}


def as_listed(name: str, column: str, status: str) -> str:
    """Return a column of a list of articles: the state of a restricted one is that it is, its length is not told.

    ``status``: the column of the state, which only restricted articles have none of, where they are withheld.
    """
    told = {
        "状态": f"coalesce(nullif({status}, ''), '控制件')",
        "字数": f"CASE WHEN {status} <> '' THEN {column} END",
    }
    return f"{told.get(name, column)} AS {name}"


_ENTRY = ", ".join(
    as_listed(name, f"a.{_COLUMN[name]}", "a.status")
    for name in columns("文章", "署名原文", "版本数", "正文")  # which a list has no room for
    if name in _COLUMN  # what the view looks up elsewhere would make a list slow
)
_NEWEST = "ORDER BY a.published_on DESC, a.article_id DESC"
_LATEST = 300
"""Articles whose names are told as those of these days."""


def _articles(
    chosen: str, parameters: Mapping[str, str | int], *, also: str = "", order: str = _NEWEST
) -> Table:
    """Return the list of the articles that the condition ``chosen`` selects, newest first.

    Which ones are shown is found out along a narrow index; only these are read whole.  The index is that of the table,
    not of what is shown of it: ``chosen`` asks no more of ``a`` than number and day.  ``also``: more columns.
    """
    ids = f"SELECT a.article_id FROM main.article a INDEXED BY ix_article_facet WHERE {chosen}"
    return Table(
        f"SELECT {_ENTRY}{also} FROM article a WHERE a.article_id IN ({ids} {order} {_PAGE}) {order}",
        parameters,
        f"SELECT count(*) FROM ({ids})",
    )


NEWEST = Table(f"SELECT {_ENTRY} FROM article a WHERE a.published_on IS NOT NULL {_NEWEST} {_PAGE}")
"""All articles with a date."""


def articles_of_day(day: str) -> Table:
    """Return the articles published on a day, ``2024-01-16``."""
    return Table(
        f"SELECT {_ENTRY} FROM article a WHERE a.published_on = :day ORDER BY a.article_id {_PAGE}",
        {"day": day},
    )


def articles_on(days: Sequence[str]) -> Table:
    """Return the articles published on any of some days, the newest first."""
    return Table(
        f"SELECT {_ENTRY} FROM article a WHERE a.published_on IN (SELECT value FROM json_each(:days)) {_NEWEST} {_PAGE}",
        {"days": json.dumps(days)},
    )


def some_of_each_day(archive: Archive, days: Sequence[str], most: int) -> list[Row]:
    """Return at most so many articles of some days, the newest first: of each day one, then of each a second."""
    rows = archive.rows(
        f"SELECT {_ENTRY} FROM article a WHERE a.article_id IN (SELECT article_id FROM ("
        "  SELECT article_id, published_on, row_number() OVER (PARTITION BY published_on ORDER BY article_id) AS place"
        "  FROM main.article WHERE published_on IN (SELECT value FROM json_each(:days)))"
        f" ORDER BY place, published_on DESC LIMIT :most) {_NEWEST}",
        {"days": json.dumps(days), "most": most},
    )
    return list(rows)


_LISTED = (
    "(SELECT count(*) FROM _listed l WHERE l.section_id = s.section_id) AS 列出,"
    " (SELECT count(*) FROM _listed l WHERE l.archived = 0 AND l.section_id = s.section_id) AS 未存"
)
"""How many entries a list ``s`` has shown, and how many of them are not archived."""
SECTIONS = Table(
    "WITH held(name, n, first, last) AS ("
    " SELECT name, count(*), min(day), max(day) FROM _in_section WHERE name <> '' GROUP BY name),"
    " listed(name, shown, missing, lists) AS ("
    " SELECT name, sum(列出), sum(未存), count(*)"
    f" FROM (SELECT s.name, {_LISTED} FROM section s WHERE s.kind = 'section' AND s.name <> '') GROUP BY name)"
    " SELECT name AS 栏目, sum(n) AS 已存, sum(shown) AS 列出, sum(missing) AS 未存, sum(lists) AS 列表数,"
    " min(first) AS 最早, max(last) AS 最晚 FROM ("
    " SELECT name, n, 0 AS shown, 0 AS missing, 0 AS lists, first, last FROM held"
    " UNION ALL SELECT name, 0, shown, missing, lists, NULL, NULL FROM listed)"
    f" GROUP BY name ORDER BY 已存 DESC, 栏目 {_PAGE}"
)
"""The sections by name: those of the lists, and those that pages print.  Several lists may have one name."""


def has_section(connection: sqlite3.Connection, name: str) -> bool:
    """Tell whether an article is in this section as it is now, or a list has its name."""
    row = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM _in_section WHERE name = :name)"
        " OR EXISTS (SELECT 1 FROM section WHERE name = :name AND kind = 'section')",
        {"name": name},
    ).fetchone()
    return bool(row[0])


def sections_between(first: str, last: str) -> Table:
    """Return the sections of the articles published between two days, "" for any, those of most articles first."""
    between = "day BETWEEN :first AND :last AND" if first else ""
    return Table(
        f"SELECT name AS 栏目, count(*) AS 篇数 FROM _in_section WHERE {between} name <> ''"
        f" GROUP BY name ORDER BY 篇数 DESC, 栏目 {_PAGE}",
        {"first": first, "last": last},
    )


def years_of_section(name: str) -> Table:
    """Return the years in which a section has articles, the newest first, and how many."""
    return Table(
        "SELECT substr(day, 1, 4) AS 年, count(*) AS 篇数 FROM _in_section WHERE name = :name AND day IS NOT NULL"
        f" GROUP BY 1 ORDER BY 1 DESC {_PAGE}",
        {"name": name},
    )


def lists_of_section(name: str) -> Table:
    """Return the site's lists of this name: where they are, what they show, what of it is missing."""
    return Table(
        f"SELECT s.slug AS 代码, s.url AS 网址, {_LISTED} FROM section s"
        f" WHERE s.kind = 'section' AND s.name = :name ORDER BY 代码 {_PAGE}",
        {"name": name},
    )


def articles_of_section(name: str) -> Table:
    """Return the articles of a section, by what the page prints or a list shows."""
    chosen = "FROM _in_section WHERE name = :name"
    shown = f"SELECT article_id {chosen} ORDER BY day DESC, article_id DESC {_PAGE}"
    return Table(
        f"SELECT {_ENTRY} FROM article a WHERE a.article_id IN ({shown}) {_NEWEST}",
        {"name": name},
        f"SELECT count(*) {chosen}",
    )


def names(group: RoleGroup, part: str = "") -> Table:
    """Return the names of a role group that hold ``part``, the most frequent first."""
    roles = {f"role{number}": role for number, role in enumerate(Role) if role.group is group}
    of_group = f"role IN ({', '.join(f':{name}' for name in roles)})"
    return Table(
        "SELECT name AS 姓名, n AS 篇数,"
        f" (SELECT group_concat(role) FROM (SELECT r.role FROM role r WHERE r.{of_group}"
        "  AND EXISTS (SELECT 1 FROM credit c WHERE c.role = r.role AND c.name = f.name) ORDER BY r.sort)) AS 职责"
        # one count of what is different, in the order of the index
        f" FROM (SELECT name, count(DISTINCT article_id) AS n FROM credit WHERE +{of_group} AND instr(name, :part)"
        f" GROUP BY name ORDER BY n DESC, name {_PAGE}) f ORDER BY 篇数 DESC, 姓名",
        {**roles, "part": part},
        "WITH RECURSIVE known(name) AS (SELECT min(name) FROM credit UNION ALL"
        " SELECT (SELECT min(c.name) FROM credit c WHERE c.name > known.name) FROM known WHERE name IS NOT NULL)"
        " SELECT count(*) FROM known WHERE instr(name, :part)"
        f" AND EXISTS (SELECT 1 FROM credit c WHERE c.name = known.name AND {of_group})",
    )


def latest_names(roles: Sequence[Role]) -> Table:
    """Return the names that most of the latest articles have in these roles, those first that all articles have most."""
    return Table(
        "SELECT name AS 姓名, (SELECT count(DISTINCT article_id) FROM credit c WHERE c.name = latest.name"
        " AND c.role IN (SELECT value FROM json_each(:roles))) AS 篇数 FROM ("
        f" SELECT c.name FROM (SELECT a.article_id FROM main.article a {_NEWEST} LIMIT {_LATEST}) n"
        " CROSS JOIN credit c ON c.article_id = n.article_id WHERE c.role IN (SELECT value FROM json_each(:roles))"
        f" GROUP BY c.name ORDER BY count(DISTINCT c.article_id) DESC, c.name {_PAGE}) latest ORDER BY 篇数 DESC, 姓名",
        {"roles": json.dumps(roles)},
    )


def work_of(name: str) -> Table:
    """Return how many articles a name stands in, by role, in the order of the work, and year."""
    return Table(
        "SELECT c.role AS 职责, coalesce(substr(a.published_on, 1, 4), '日期不明') AS 年,"
        " count(DISTINCT c.article_id) AS 篇数"
        " FROM credit c CROSS JOIN main.article a INDEXED BY ix_article_facet ON a.article_id = c.article_id"
        f" JOIN role r ON r.role = c.role WHERE c.name = :name GROUP BY c.role, 年 ORDER BY r.sort, 年 {_PAGE}",
        {"name": name},
    )


def months_of_name(name: str, role: str = "") -> Table:
    """Return the months of the articles whose credits have a name, in one role or any, and how many each has."""
    return Table(
        "SELECT substr(a.published_on, 1, 7) AS 月份, count(DISTINCT c.article_id) AS 篇数"
        " FROM credit c CROSS JOIN main.article a INDEXED BY ix_article_facet ON a.article_id = c.article_id"
        " WHERE c.name = :name AND (:role = '' OR c.role = :role) AND a.published_on IS NOT NULL"
        f" GROUP BY 1 ORDER BY 1 {_PAGE}",
        {"name": name, "role": role},
    )


BESIDE = 2_000
"""Articles of a name in which those who stand beside it are counted."""


def beside(name: str, role: str = "") -> Table:
    """Return who stands beside a name in the credits, in how many of its ``BESIDE`` articles that came last."""
    return Table(
        "SELECT o.name AS 姓名, count(DISTINCT o.article_id) AS 篇数 FROM ("
        "  SELECT DISTINCT article_id FROM credit WHERE name = :name AND (:role = '' OR role = :role)"
        f"  ORDER BY article_id DESC LIMIT {BESIDE}) m"
        " CROSS JOIN credit o ON o.article_id = m.article_id WHERE o.name <> :name"
        f" GROUP BY o.name ORDER BY 篇数 DESC, o.name {_PAGE}",
        {"name": name, "role": role},
    )


def articles_of_name(name: str, role: str = "") -> Table:
    """Return the articles whose credits have a name, in one role or any."""
    credit = "FROM credit c WHERE c.article_id = a.article_id AND c.name = :name"
    return _articles(
        "a.article_id IN (SELECT article_id FROM credit WHERE name = :name AND (:role = '' OR role = :role))",
        {"name": name, "role": role},
        also=f", {_roles_in('credit')} AS 职责, (SELECT max(c.org) {credit}) AS 单位",
    )


def formerly(name: str, role: str = "") -> Table:
    """Return the articles whose credits had a name that they have no more, in one role or any: as 曾署名."""
    return _articles(
        "a.article_id IN (SELECT article_id FROM _former_credit WHERE name = :name AND (:role = '' OR role = :role))",
        {"name": name, "role": role},
        also=f", {_roles_in('_former_credit')} AS 职责",
    )


def _roles_in(table: str) -> str:
    """Return an expression: the roles of the name in an article, in the order of the work."""
    return (
        "(SELECT group_concat(role) FROM (SELECT r.role FROM role r WHERE EXISTS"
        f" (SELECT 1 FROM {table} f WHERE f.article_id = a.article_id AND f.name = :name AND f.role = r.role)"
        " ORDER BY r.sort))"
    )


def in_section(connection: sqlite3.Connection, article_id: int, name: str) -> tuple[Row | None, Row | None]:
    """Return the articles of a section before and after one, by day and number: their number, title and day."""
    found: list[Row | None] = []
    for sign, order in (("<", "DESC"), (">", "ASC")):
        row = connection.execute(
            "SELECT a.article_id, a.title, a.published_on FROM ("
            "  SELECT s.article_id FROM _in_section m CROSS JOIN _in_section s ON s.name = m.name"
            f"  AND (s.day, s.article_id) {sign} (m.day, m.article_id) WHERE m.article_id = ? AND m.name = ?"
            f"  ORDER BY s.day {order}, s.article_id {order} LIMIT 1) b JOIN article a ON a.article_id = b.article_id",
            (article_id, name),
        ).fetchone()
        found.append(dict(zip(("article_id", "title", "published_on"), row, strict=True)) if row else None)
    return found[0], found[1]


def section_of(connection: sqlite3.Connection, article_id: int) -> str:
    """Return the section that an article is counted in, "" for none."""
    row = connection.execute(
        "SELECT name FROM _in_section WHERE article_id = ? AND counted = 1", (article_id,)
    ).fetchone()
    return row[0] if row else ""


def count_of_day(connection: sqlite3.Connection, day: str) -> int:
    """Return how many articles were published on a day."""
    return int(
        connection.execute("SELECT count(*) FROM article WHERE published_on = ?", (day,)).fetchone()[0]
    )


def all_of_name(name: str, role: str = "") -> Table:
    """Return both, those that had the name with 是 as 曾署名: for JSON and CSV, whole."""
    present, former = articles_of_name(name, role), formerly(name, role)
    return Table(
        f"SELECT *, NULL AS 曾署名 FROM ({present.sql}) UNION ALL SELECT *, NULL, '是' FROM ({former.sql})",
        present.parameters,
    )


def changes(connection: sqlite3.Connection, *, real_only: bool, withheld: bool = False) -> Table:
    """Return the changes, those of the latest crawl first.  ``withheld``: some articles are, so versions have no index.

    What changed is told by a function that the connection gets here: SQL has no words for it.
    """
    connection.create_function(_TOLD, 2, partial(_what_replaced, connection), deterministic=True)
    versions = f"article_version{'' if withheld else ' INDEXED BY ix_article_version_changed'}"
    chosen = f"FROM {versions} WHERE number > 1{' AND NOT minor' if real_only else ''}"
    order = "crawl_id DESC, article_id DESC, number DESC"
    return Table(
        f"SELECT 编号, 题名, 原版本, 新版本, seen_at AS 发现时间, 类别, 改动字段, 增字, 删字, {_TOLD}(编号, 新版本) AS 改动"
        f" FROM (SELECT article_id, number, crawl_id, seen_at {chosen} ORDER BY {order} {_PAGE})"
        f" CROSS JOIN 变更 ON 编号 = article_id AND 新版本 = number ORDER BY {order}",
        counted=f"SELECT count(*) {chosen}",
    )


_TOLD = "what_replaced"


def _what_replaced(connection: sqlite3.Connection, article_id: int, number: int) -> str:
    before, after = replaced_by(connection, article_id, number)
    return what_replaced(before, after)


def replaced_by(connection: sqlite3.Connection, article_id: int, number: int) -> tuple[Row, Row]:
    """Return the rows of ``article_version`` of the version before one, and of that one, which there are."""
    before, after = _versions(connection, article_id, number - 1, number)
    return before, after


def _versions(connection: sqlite3.Connection, article_id: int, first: int, last: int) -> list[Row]:
    cursor = connection.execute(
        "SELECT * FROM article_version WHERE article_id = ? AND number BETWEEN ? AND ? ORDER BY number",
        (article_id, first, last),
    )
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def apart(connection: sqlite3.Connection, article_id: int, old: int, new: int) -> tuple[Row, Row, list[int]]:
    """Return the rows of two versions as if the one had replaced the other; of two that are alike, which between are not.

    What differs is what a crawl would have told that saw the one after the other.
    """
    rows = _versions(connection, article_id, min(old, new), max(old, new))
    if new < old:
        rows.reverse()
    before, after = rows[0], rows[-1]
    if new == old + 1:
        return before, after, []
    after = after | _changed(before, after, rows)
    others = rows[1:-1] if after["changed"] == "[]" else []
    unlike = (r["number"] for r in others if _changed(before, r, rows)["changed"] != "[]")
    return before, after, sorted(unlike)


def _changed(before: Row, after: Row, rows: Sequence[Row]) -> Row:
    """Return ``changed``, ``added`` and ``removed`` of a version beside any other.  ``rows``: all from one to the other."""
    low, high = sorted((before["number"], after["number"]))
    change = compare(
        {name: before[name] for name in VERSION_FIELDS},
        {name: after[name] for name in VERSION_FIELDS},
        looked_at=(before["seen_at"], after["seen_at"]),
        same_date=not any(
            "published_raw" in json.loads(row["changed"]) for row in rows if low < row["number"] <= high
        ),
    )
    changed = json.dumps(change.fields)
    return {"changed": changed, "added": change.added, "removed": change.removed}


# Lists of what was seen go by the crawl that saw it, since its time is that of a clock, which can be wrong.
GONE = Table(
    "SELECT a.article_id AS 编号, a.title AS 题名, a.published_on AS 发布日期, a.status AS 状态, b.since AS 首次未见,"
    " b.looks AS 复查次数, b.reason AS 原因, b.gone_at AS 消失时间, a.last_seen_at AS 末次见到, a.url AS 网址"
    " FROM article a JOIN absence b ON b.article_id = a.article_id AND b.returned_at IS NULL"
    f" ORDER BY b.absence_id DESC {_PAGE}"
)
"""As the view 已消失, with times and reasons as they are stored."""
RETURNED = Table(
    "SELECT b.article_id AS 编号, a.title AS 题名, b.since AS 首次未见, b.looks AS 复查次数, b.reason AS 原因,"
    " b.gone_at AS 消失时间, b.returned_at AS 恢复时间 FROM absence b JOIN article a ON a.article_id = b.article_id"
    " WHERE b.returned_at IS NOT NULL ORDER BY coalesce((SELECT min(c.crawl_id) FROM capture c WHERE c.site = a.site"
    "  AND c.key = a.key AND c.crawl_id > b.last_crawl AND c.status IN (200, 304)), b.last_crawl) DESC,"
    f" b.absence_id DESC {_PAGE}"
)


def reused(connection: sqlite3.Connection) -> Table:
    """Return the pictures that stand in several articles, those in most first.

    Which ones are candidates is told by addresses in several rows and by files with several addresses: the rest is not
    looked at.  Rows that are withheld may make a candidate; they are not counted.
    """
    ids = [
        media_id
        for media_id, _ in connection.execute(
            "WITH candidate(media_id) AS ("
            " SELECT u.media_id FROM (SELECT url FROM main.image GROUP BY url HAVING count(*) > 1) i"
            "  CROSS JOIN media_address u ON u.url = i.url"
            " UNION SELECT media_id FROM main.media_address GROUP BY media_id HAVING count(*) > 1),"
            " used(media_id, n) AS (SELECT c.media_id, count(DISTINCT i.article_id) FROM candidate c"
            "  CROSS JOIN media_address u ON u.media_id = c.media_id CROSS JOIN image i ON i.url = u.url"
            "  GROUP BY c.media_id)"
            " SELECT m.media_id, n FROM used CROSS JOIN media m ON m.media_id = used.media_id WHERE n > 1"
            " ORDER BY n DESC, m.sha256"
        )
    ]
    return Table(
        "SELECT m.sha256 AS SHA256, count(DISTINCT i.article_id) AS 篇数, count(DISTINCT i.caption) AS 图说数,"
        " min(i.published_on) AS 首次使用, max(i.published_on) AS 末次使用,"
        " group_concat(DISTINCT i.article_id) AS 文章编号, max(i.caption) AS 图说"
        f" FROM (SELECT key, value AS media_id FROM json_each(:ids) ORDER BY key {_PAGE}) c"
        " CROSS JOIN media m ON m.media_id = c.media_id CROSS JOIN ("
        "  SELECT u.media_id, i.article_id, i.caption, a.published_on FROM media_address u"
        "  CROSS JOIN image i ON i.url = u.url CROSS JOIN article a ON a.article_id = i.article_id) i"
        " ON i.media_id = c.media_id GROUP BY c.key ORDER BY c.key",
        {"ids": json.dumps(ids)},
        f"SELECT {len(ids)}",
    )


def uses_of_picture(sha256: str) -> Table:
    """Return where a picture is used, the earliest first."""
    return Table(
        "SELECT i.article_id AS 编号, a.title AS 题名, a.published_on AS 发布日期, i.caption AS 图说, i.url AS 网址"
        " FROM media m JOIN media_address u ON u.media_id = m.media_id JOIN image i ON i.url = u.url"
        " JOIN article a ON a.article_id = i.article_id WHERE m.sha256 = :sha256"
        f" ORDER BY a.published_on, a.article_id, i.seq {_PAGE}",
        {"sha256": sha256},
    )


PICTURES = Table(
    "SELECT i.article_id AS 编号, a.title AS 题名, a.published_on AS 发布日期, i.caption AS 图说, i.url AS 网址,"
    " m.mime AS 格式, m.width AS 宽, m.height AS 高, m.bytes AS 字节, m.sha256 AS SHA256"
    " FROM (SELECT i.article_id, i.seq FROM main.article a INDEXED BY ix_article_published"
    "  CROSS JOIN image i ON i.article_id = a.article_id"
    f"  ORDER BY a.published_on DESC, a.article_id DESC, i.seq {_PAGE}) c"
    " CROSS JOIN image i ON i.article_id = c.article_id AND i.seq = c.seq"
    " CROSS JOIN article a ON a.article_id = i.article_id"
    " LEFT JOIN media_address u ON u.url = i.url LEFT JOIN media m ON m.media_id = u.media_id"
    " ORDER BY a.published_on DESC, a.article_id DESC, i.seq",
    counted="SELECT count(*) FROM image",
)


def coverage(*, withheld: bool = False) -> Table:
    """Return how many articles each month and section has, an article whose page prints none in that of its first list.

    As the view 覆盖 otherwise.  ``withheld``: of some articles the sections are, and the credit lines: they are counted
    apart, month by month, as 控制件, and how many have no credit line is not told (无署名 None).
    """
    counted = (
        "SELECT substr(day, 1, 7) AS month, name, count(*) AS n, sum(bare) AS bare FROM main._in_section"
        " WHERE counted = 1 GROUP BY 1, 2"  # along an index, which asks no row whether it is withheld
    )
    if withheld:
        counted += (
            f" UNION ALL SELECT substr(t.day, 1, 7), t.name, -1, -t.bare FROM {WITHHELD} r"
            " CROSS JOIN main._in_section t ON t.article_id = r.article_id AND t.counted = 1"
            " UNION ALL SELECT substr(published_on, 1, 7), '控制件', 1, NULL FROM article"
            f" WHERE article_id IN (SELECT article_id FROM {WITHHELD})"
        )
    return Table(
        f"SELECT month AS 月份, name AS 栏目, sum(n) AS 篇数, sum(bare) AS 无署名 FROM ({counted})"
        f" GROUP BY month, name, bare IS NULL HAVING sum(n) > 0 ORDER BY 月份 DESC, 篇数 DESC, 栏目 {_PAGE}"
    )


MISSING = Table(
    "SELECT l.title AS 题名, l.date_raw AS 列表日期, s.name AS 栏目, l.url AS 网址, f.reason AS 原因,"
    " f.attempts AS 失败次数, l.first_seen_at AS 首见 FROM _listed m CROSS JOIN listing l ON l.listing_id = m.listing_id"
    " CROSS JOIN section s ON s.section_id = l.section_id"
    " LEFT JOIN failure f ON f.site = s.site AND f.kind = 'article' AND f.key = l.key"
    f" WHERE m.archived = 0 GROUP BY s.site, l.key ORDER BY min(l.first_crawl) DESC, l.url {_PAGE}",
    counted="SELECT count(*) FROM (SELECT DISTINCT s.site, l.key FROM _listed m"
    " CROSS JOIN listing l ON l.listing_id = m.listing_id"
    " CROSS JOIN section s ON s.section_id = l.section_id WHERE m.archived = 0)",
)
"""As the view 未存, with times and reasons as they are stored."""
CRAWLS = Table(
    "SELECT crawl_id AS 序号, site AS 网站, started_at AS 开始, finished_at AS 结束,"
    " CASE WHEN outcome = 'complete' THEN '完成' WHEN outcome = 'running' THEN '进行中或中断'"
    f" WHEN reason LIKE '{CUT_SHORT}%' THEN '中断' ELSE '未完成' END AS 结果,"
    " listed AS 列出, new AS 新增, revised AS 修改, unchanged AS 未变, failed AS 失败, reason AS 原因,"
    f" software AS 程序 FROM crawl ORDER BY crawl_id DESC {_PAGE}"
)
UNREAD_PAGES = Table(
    "SELECT f.site AS 网站, f.url AS 网址, f.reason AS 原因, f.attempts AS 次数, f.failed_at AS 末次时间,"
    " c.captured_at AS 采集时间, c.url AS 采集网址 FROM failure f LEFT JOIN capture c"
    " ON c.capture_id = f.capture_id AND c.method = 'GET' AND c.warc_id IS NOT NULL"
    " WHERE f.kind IN ('section', 'article') AND f.reason NOT LIKE '" + ELSEWHERE + "%'"
    f" ORDER BY f.kind = 'article', f.last_crawl DESC, f.failure_id DESC {_PAGE}"
)
"""Pages that could not be fetched or are not understood, lists first, and where their captures lie."""
LABELS = Table(f"SELECT 标签, 次数, 例见编号 FROM 未识别署名 ORDER BY 次数 DESC, 标签 {_PAGE}")


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the archive holds in all."""

    articles: int
    first_on: str | None
    last_on: str | None
    """First and last day of publication."""
    last_crawl: str | None
    """When the last crawl ended, UTC."""
    sites: Sequence[tuple[str, str]]
    """(name, what the site calls itself)."""


def held(archive: Archive) -> Holdings:
    """Read what the archive holds in all."""
    execute = archive.connection.execute
    articles, first_on, last_on, last_crawl = execute(
        "SELECT (SELECT count(*) FROM article), (SELECT min(published_on) FROM article),"
        f" (SELECT max(published_on) FROM article), {LAST_CRAWL_END}"
    ).fetchone()
    sites = [(name, site_title(archive, name)) for (name,) in execute("SELECT DISTINCT site FROM crawl")]
    return Holdings(articles, first_on, last_on, last_crawl, sites)


def counts(archive: Archive) -> Row:
    """Count what stands behind the articles: versions, files (pictures and others), crawls, and what they asked for."""
    (row,) = archive.rows(
        "SELECT (SELECT count(*) FROM article_version) AS versions, (SELECT count(*) FROM media) AS files,"
        " (SELECT count(*) FROM crawl) AS crawls, (SELECT count(*) FROM capture) AS captures"
    )
    return row


def version_of(archive: Archive, article_id: int, number: int) -> Row | None:
    """Return one version of an article, with body, credits and pictures as lists."""
    found = list(
        archive.rows(
            "SELECT v.*, c.captured_at, c.url AS capture_url FROM article_version v"
            " LEFT JOIN capture c ON c.capture_id = v.capture_id WHERE v.article_id = ? AND v.number = ?",
            (article_id, number),
        )
    )
    if not found:
        return None
    version = found[0]
    version["body"] = paragraphs(version["body"])
    for name in ("credits", "images", "changed"):
        version[name] = json.loads(version[name])
    return version


def whole_article(archive: Archive, article_id: int) -> Row | None:
    """Return an article with all that its page shows."""
    article = find_article(archive, str(article_id))
    if article is None:
        return None
    query = archive.rows
    article["versions"] = list(
        query(
            "SELECT v.number, v.seen_at, v.changed, v.added, v.removed, v.minor, c.captured_at, c.status,"
            " w.name AS file, c.warc_offset, c.warc_length, c.payload_sha256, c.url FROM article_version v"
            " LEFT JOIN capture c ON c.capture_id = v.capture_id LEFT JOIN warc_file w ON w.warc_id = c.warc_id"
            " WHERE v.article_id = ? ORDER BY v.number",
            (article_id,),
        )
    )
    for version in article["versions"]:
        version["changed"] = json.loads(version["changed"])
    held_media = {
        row["url"]: row
        for row in query(
            "SELECT i.url, m.sha256, m.mime, m.width, m.height, (SELECT count(DISTINCT o.article_id) FROM media_address w"
            "  JOIN image o ON o.url = w.url WHERE w.media_id = m.media_id) AS articles"
            " FROM image i JOIN media_address u ON u.url = i.url JOIN media m ON m.media_id = u.media_id"
            " WHERE i.article_id = ?",
            (article_id,),
        )
    }
    for image in article["images"]:
        image["media"] = held_media.get(image["url"])
    article["absences"] = list(
        query(
            "SELECT since AS 首次未见, reason AS 原因, gone_at AS 消失时间, returned_at AS 恢复时间 FROM absence"
            " WHERE article_id = ? ORDER BY absence_id",
            (article_id,),
        )
    )
    article["same_text"] = list(query(_SAME_TEXT, article))
    article["open_flag"] = next(
        (row["开放标识"] for row in query("SELECT 开放标识 FROM 鉴定 WHERE 编号 = ?", (article_id,))), None
    )
    return article


_SAME_TEXT = """
SELECT '也以标识' AS how, s.new_key AS key, s.url, a.article_id FROM same_text s
LEFT JOIN article a ON a.site = s.site AND a.key = s.new_key WHERE s.site = :site AND s.old_key = :key
UNION ALL
SELECT '原先的标识', s.old_key, coalesce(a.url, ''), a.article_id FROM same_text s
LEFT JOIN article a ON a.site = s.site AND a.key = s.old_key WHERE s.site = :site AND s.new_key = :key ORDER BY 1, 2
"""


def picture(archive: Archive, sha256: str) -> tuple[str, int] | None:
    """Return (type, capture) of a stored file, None where there is none."""
    row = archive.connection.execute(
        "SELECT mime, capture_id FROM media WHERE sha256 = ?", (sha256,)
    ).fetchone()
    return (row[0], row[1]) if row else None


def times(archive: Archive, article_ids: Sequence[int]) -> Mapping[int, Row]:
    """Return what a feed tells of articles beside a hit: site and key, when published, when last changed (UTC)."""
    rows = archive.rows(
        "SELECT a.article_id, a.site, a.key, a.published_on, a.published_at,"
        " (SELECT max(v.seen_at) FROM article_version v WHERE v.article_id = a.article_id) AS changed_at"
        " FROM article a WHERE a.article_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(article_ids)),),
    )
    return {row["article_id"]: row for row in rows}


def sites(archive: Archive) -> list[str]:
    """Return the names of the sites in the archive."""
    return [site for (site,) in archive.connection.execute("SELECT DISTINCT site FROM crawl ORDER BY site")]


def last_crawl(archive: Archive) -> str | None:
    """Return when the last crawl ended, UTC."""
    found: str | None = archive.connection.execute(f"SELECT {LAST_CRAWL_END}").fetchone()[0]
    return found


def last_ended(archive: Archive) -> Row | None:
    """Return the last crawl that ended: number, site, when (UTC), outcome."""
    sql = "SELECT crawl_id, site, finished_at, outcome FROM crawl WHERE finished_at IS NOT NULL"
    return next(archive.rows(f"{sql} ORDER BY crawl_id DESC LIMIT 1"), None)


def count_articles(connection: sqlite3.Connection) -> int:
    """Return how many articles there are."""
    return int(connection.execute("SELECT articles FROM _archive_size").fetchone()[0])


def last_number(connection: sqlite3.Connection) -> int:
    """Return the highest number of an article, 0 where there is none."""
    return int(connection.execute("SELECT coalesce(max(article_id), 0) FROM article").fetchone()[0])


def numbers(connection: sqlite3.Connection, behind: int, last: int) -> list[int]:
    """Return the numbers of articles above one, up to another."""
    sql = "SELECT article_id FROM main.article WHERE article_id > ? AND article_id <= ? ORDER BY 1"
    return [number for (number,) in connection.execute(sql, (behind, last))]


def changed_on(connection: sqlite3.Connection, behind: int, last: int) -> Mapping[int, str]:
    """Return of articles above a number, up to another, that have changed: number → last day on which a new text was seen."""
    rows = connection.execute(
        "SELECT article_id, substr(max(seen_at), 1, 10) FROM article_version"
        " WHERE number > 1 AND article_id > ? AND article_id <= ? GROUP BY article_id",
        (behind, last),
    )
    return dict(rows.fetchall())


def identity(connection: sqlite3.Connection, article_id: int) -> tuple[str, str]:
    """Return site and key of an article that there is."""
    row = connection.execute("SELECT site, key FROM article WHERE article_id = ?", (article_id,)).fetchone()
    return row[0], row[1]


def known(connection: sqlite3.Connection, numbers: Sequence[int]) -> frozenset[int]:
    """Return those of some numbers that are articles'."""
    sql = "SELECT article_id FROM main.article WHERE article_id IN (SELECT value FROM json_each(?))"
    return frozenset(number for (number,) in connection.execute(sql, (json.dumps(list(numbers)),)))


def in_order(numbers: Sequence[int]) -> Table:
    """Return articles by their numbers, in that order; what there is none of is left out."""
    return Table(
        f"SELECT {_ENTRY} FROM json_each(:numbers) n CROSS JOIN article a ON a.article_id = n.value"
        f" ORDER BY n.key {_PAGE}",
        {"numbers": json.dumps(list(numbers))},
    )


def last_finished(archive: Archive) -> Row | None:
    """Return the last crawl that wrote an end: when (UTC), and how many articles it found new and revised."""
    rows = archive.rows(
        "SELECT finished_at AS 结束, new AS 新增, revised AS 修改 FROM crawl WHERE finished_at IS NOT NULL"
        " ORDER BY crawl_id DESC LIMIT 1"
    )
    return next(iter(rows), None)


def names_from(connection: sqlite3.Connection, credits: str, begun: str, most: int) -> list[str]:
    """Return the first names in credits that begin so, in the order of the index; a step each.

    ``credits``: the table, of present credits or of former ones.
    """
    rows = connection.execute(
        f"""WITH RECURSIVE found(name) AS (
             SELECT (SELECT min(name) FROM {credits} WHERE name >= :begun AND name < :behind) UNION ALL
             SELECT (SELECT min(name) FROM {credits} WHERE name > found.name AND name < :behind) FROM found
             WHERE found.name IS NOT NULL LIMIT :most)
           SELECT name FROM found WHERE name IS NOT NULL""",
        {"begun": begun, "behind": begun + "\U0010ffff", "most": most},
    )
    return [name for (name,) in rows]
