"""What the pages show, read out of the archive: plain rows, ready for a template."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from archive.model.access import VIEW as WITHHELD
from archive.model.article import Role, RoleGroup, paragraphs
from archive.model.crawl import ELSEWHERE
from archive.store.archive import Archive
from archive.store.dictionary import columns, entries
from archive.store.plan import CUT_SHORT
from archive.store.read import LAST_CRAWL_END, find_article, site_title

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
_ENTRY = ", ".join(
    f"a.{_COLUMN[name]} AS {name}"
    for name in columns("文章", "署名原文", "版本数", "正文")  # which a list has no room for
    if name in _COLUMN  # what the view looks up elsewhere would make a list slow
)
_NEWEST = "ORDER BY a.published_on DESC, a.article_id DESC"


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


def days_of_month(month: str) -> Table:
    """Return the days of a month, ``2024-01``, and how many articles each has."""
    return Table(
        "SELECT published_on AS 日期, count(*) AS 篇数 FROM article"
        f" WHERE published_on BETWEEN :first AND :last GROUP BY 1 ORDER BY 1 {_PAGE}",
        {"first": f"{month}-01", "last": f"{month}-31"},
    )


def neighbours(connection: sqlite3.Connection, first: str, last: str) -> tuple[str | None, str | None]:
    """Return the nearest days with articles before the first and after the last of these days."""
    row = connection.execute(
        "SELECT (SELECT max(published_on) FROM article WHERE published_on < ?),"
        " (SELECT min(published_on) FROM article WHERE published_on > ?)",
        (first, last),
    ).fetchone()
    return row[0], row[1]


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
    """Tell whether a page prints this section or a list has its name."""
    row = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM article WHERE section = :name)"
        " OR EXISTS (SELECT 1 FROM section WHERE name = :name AND kind = 'section')",
        {"name": name},
    ).fetchone()
    return bool(row[0])


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
        "  AND EXISTS (SELECT 1 FROM credit c WHERE c.role = r.role AND c.name = f.name) ORDER BY r.role)) AS 职责"
        # one count of what is different, in the order of the index
        f" FROM (SELECT name, count(DISTINCT article_id) AS n FROM credit WHERE +{of_group} AND instr(name, :part)"
        f" GROUP BY name ORDER BY n DESC, name {_PAGE}) f ORDER BY 篇数 DESC, 姓名",
        {**roles, "part": part},
        "WITH RECURSIVE known(name) AS (SELECT min(name) FROM credit UNION ALL"
        " SELECT (SELECT min(c.name) FROM credit c WHERE c.name > known.name) FROM known WHERE name IS NOT NULL)"
        " SELECT count(*) FROM known WHERE instr(name, :part)"
        f" AND EXISTS (SELECT 1 FROM credit c WHERE c.name = known.name AND {of_group})",
    )


def work_of(name: str) -> Table:
    """Return how many articles a name stands in, by role and year."""
    return Table(
        "SELECT c.role AS 职责, coalesce(substr(a.published_on, 1, 4), '日期不明') AS 年,"
        " count(DISTINCT c.article_id) AS 篇数"
        " FROM credit c CROSS JOIN main.article a INDEXED BY ix_article_facet ON a.article_id = c.article_id"
        f" JOIN role r ON r.role = c.role WHERE c.name = :name GROUP BY c.role, 年 ORDER BY r.sort, 年 {_PAGE}",
        {"name": name},
    )


def articles_of_name(name: str, role: str = "") -> Table:
    """Return the articles whose credits have a name, in one role or any."""
    credit = "FROM credit c WHERE c.article_id = a.article_id AND c.name = :name"
    return _articles(
        "a.article_id IN (SELECT article_id FROM credit WHERE name = :name AND (:role = '' OR role = :role))",
        {"name": name, "role": role},
        also=f", (SELECT group_concat(DISTINCT c.role) {credit}) AS 职责, (SELECT max(c.org) {credit}) AS 单位",
    )


def formerly(name: str, role: str = "") -> Table:
    """Return the articles whose credits had a name that they have no more, in one role or any: as 曾署名."""
    roles = (
        "SELECT group_concat(role) FROM _former_credit f WHERE f.article_id = a.article_id AND f.name = :name"
    )
    return _articles(
        "a.article_id IN (SELECT article_id FROM _former_credit WHERE name = :name AND (:role = '' OR role = :role))",
        {"name": name, "role": role},
        also=f", ({roles}) AS 职责",
    )


def all_of_name(name: str, role: str = "") -> Table:
    """Return both, those that had the name with 是 as 曾署名: for JSON and CSV, whole."""
    present, former = articles_of_name(name, role), formerly(name, role)
    return Table(
        f"SELECT *, NULL AS 曾署名 FROM ({present.sql}) UNION ALL SELECT *, NULL, '是' FROM ({former.sql})",
        present.parameters,
    )


def changes(*, real_only: bool, withheld: bool = False) -> Table:
    """Return the changes, those of the latest crawl first.  ``withheld``: some articles are, so versions have no index."""
    versions = f"article_version{'' if withheld else ' INDEXED BY ix_article_version_changed'}"
    chosen = f"FROM {versions} WHERE number > 1{' AND NOT minor' if real_only else ''}"
    order = "crawl_id DESC, article_id DESC, number DESC"
    return Table(
        "SELECT 编号, 题名, 原版本, 新版本, seen_at AS 发现时间, 类别, 改动字段, 增字, 删字"
        f" FROM (SELECT article_id, number, crawl_id, seen_at {chosen} ORDER BY {order} {_PAGE})"
        f" CROSS JOIN 变更 ON 编号 = article_id AND 新版本 = number ORDER BY {order}",
        counted=f"SELECT count(*) {chosen}",
    )


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
    looked at.
    """
    ids = [
        media_id
        for media_id, _ in connection.execute(
            "WITH candidate(media_id) AS ("
            " SELECT u.media_id FROM (SELECT url FROM image GROUP BY url HAVING count(*) > 1) i"
            "  CROSS JOIN media_address u ON u.url = i.url"
            " UNION SELECT media_id FROM media_address GROUP BY media_id HAVING count(*) > 1),"
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

    As the view 覆盖 otherwise.  ``withheld``: of some articles the sections are, and the credit lines: they have none.
    """
    counted = "SELECT substr(day, 1, 7) AS month, name, bare FROM _in_section WHERE counted = 1"
    if withheld:
        counted += (
            " UNION ALL SELECT substr(published_on, 1, 7), '', 1 FROM article"
            f" WHERE article_id IN (SELECT article_id FROM {WITHHELD})"
        )
    return Table(
        f"SELECT month AS 月份, name AS 栏目, count(*) AS 篇数, sum(bare) AS 无署名 FROM ({counted})"
        f" GROUP BY month, name ORDER BY 月份 DESC, 篇数 DESC, 栏目 {_PAGE}"
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
    versions: int
    captures: int
    pictures: int
    last_crawl: str | None
    """When the last crawl ended, UTC."""
    sites: Sequence[tuple[str, str]]
    """(name, what the site calls itself)."""


def held(archive: Archive) -> Holdings:
    """Read what the archive holds in all."""
    execute = archive.connection.execute
    articles, first_on, last_on, versions, captures, pictures, last_crawl = execute(
        "SELECT (SELECT count(*) FROM article), (SELECT min(published_on) FROM article),"
        " (SELECT max(published_on) FROM article), (SELECT count(*) FROM article_version),"
        " (SELECT count(*) FROM capture), (SELECT count(*) FROM media),"
        f" {LAST_CRAWL_END}"
    ).fetchone()
    sites = [(name, site_title(archive, name)) for (name,) in execute("SELECT DISTINCT site FROM crawl")]
    return Holdings(articles, first_on, last_on, versions, captures, pictures, last_crawl, sites)


def months(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    """Return every month from the first to the last that has articles, and how many; 0 for a gap."""
    rows = connection.execute(
        """WITH RECURSIVE held(month, n) AS (
             SELECT substr(published_on, 1, 7), count(*) FROM article WHERE published_on IS NOT NULL GROUP BY 1),
           run(month) AS (SELECT min(month) FROM held UNION ALL
             SELECT strftime('%Y-%m', month || '-01', '+1 month') FROM run WHERE month < (SELECT max(month) FROM held))
           SELECT run.month, coalesce(held.n, 0) FROM run LEFT JOIN held ON held.month = run.month
           WHERE run.month IS NOT NULL ORDER BY 1 LIMIT 6000"""
    )
    return [(month, number) for month, number in rows]


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
