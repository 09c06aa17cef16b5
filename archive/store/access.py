"""Reading without what is restricted: every query of a connection sees title and date of such an article, no more.

SQLite looks for a name among temporary views first.  So each table that tells something of an article gets a temporary
view of its name without what is restricted, and the archive's own views are made again above them: a query written
tomorrow is safe too.  What names a table as ``main.…`` reads around it, and the search index does: ``archive.search``
asks it for restricted articles by their titles alone.

An archive without restricted articles gets none of this.
"""

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence

from archive.model.access import KEPT, RESTRICTED, VIEW, restricted_sql
from archive.store.archive import Archive


def withhold_restricted(archive: Archive) -> frozenset[int]:
    """Let a connection that only reads see no more than title and date of restricted articles; return their numbers.

    Which articles those are is asked anew by every query.  Raises ``sqlite3.DatabaseError``.
    """
    archive.withheld = restricted_ids(archive)
    if not archive.withheld:
        return archive.withheld
    execute = archive.connection.execute
    execute(f"CREATE TEMP VIEW {VIEW} AS {_RESTRICTED_SQL}")
    execute(f"CREATE TEMP VIEW {_ADDRESSES} AS {_ADDRESSES_SQL}")
    execute(f"CREATE TEMP VIEW {_CAPTURES} AS {_CAPTURES_SQL}")
    archive.connection.create_function(_QUOTES, 1, _Sentences(archive.connection).quotes_restricted)
    for table in (*WITHOUT, *BLANKED):
        if columns := execute(
            "SELECT name, type, \"notnull\" FROM pragma_table_info(?, 'main')", (table,)
        ).fetchall():
            execute(f"CREATE TEMP VIEW {table} AS {_shown(table, columns)}")
    own = execute("SELECT sql FROM main.sqlite_master WHERE type = 'view' AND name NOT LIKE 'article_fts%'")
    for (sql,) in own.fetchall():
        execute(sql.replace("CREATE VIEW", "CREATE TEMP VIEW", 1))
    return archive.withheld


def restricted_ids(archive: Archive) -> frozenset[int]:
    """Return the numbers of the restricted articles, whether the connection withholds them or not."""
    return frozenset(number for (number,) in archive.connection.execute(_RESTRICTED_SQL))


_RESTRICTED_SQL = f"SELECT article_id FROM main.appraisal WHERE open_flag IN {RESTRICTED}"


# --- which rows ----------------------------------------------------------------------------------------


def _is_article(site: str, key: str) -> str:
    """Return a condition: the article with this identity is restricted."""
    return (
        "EXISTS (SELECT 1 FROM main.article x CROSS JOIN main.appraisal p ON p.article_id = x.article_id"
        f" WHERE x.site = {site} AND x.key = {key} AND p.open_flag IN {RESTRICTED})"
    )


def _rows_of(table: str, columns: str) -> str:
    """Return a SELECT of columns of the rows ``t`` of a table that belong to restricted articles."""
    return (
        f"SELECT {columns} FROM main.appraisal p CROSS JOIN main.{table} t ON t.article_id = p.article_id"
        f" WHERE p.open_flag IN {RESTRICTED}"
    )


OF_ARTICLES = (
    "article_version",
    "absence",
    "credit",
    "image",
    "attachment",
    "_due",
    "_in_section",
    "_former_credit",
)
"""Tables with a column ``article_id``: the rows of restricted articles are left out."""

_ADDRESSES = "hidden_address"
_ADDRESSES_SQL = (
    f"SELECT h.url FROM ({_rows_of('image', 't.url AS url')} UNION {_rows_of('attachment', 't.url')} UNION"
    " SELECT json_extract(j.value, '$[0]') FROM"
    f" ({_rows_of('article_version', 't.images AS images')}) v CROSS JOIN json_each(v.images) j) h"
    f" WHERE NOT EXISTS (SELECT 1 FROM main.image o WHERE o.url = h.url AND NOT {restricted_sql('o.article_id')})"
    f" AND h.url NOT IN (SELECT o.url FROM main.attachment o WHERE NOT {restricted_sql('o.article_id')})"
)
"""Addresses of the pictures and files that restricted articles have or had, and no other article has."""
_IS_HIDDEN = f"IN (SELECT url FROM {_ADDRESSES})"

_HELD = (
    f"({_is_article('held.site', 'held.key')} OR {_is_article('held.site', 'held.twin')}"
    " OR EXISTS (SELECT 1 FROM main.article_version v WHERE v.text_sha256 = held.text_sha256 AND v.text_sha256 <> ''"
    f" AND {restricted_sql('v.article_id')}))"
)
"""A page that was read and not taken may hold the text of a restricted article."""
_SAME_TEXT = f"({_is_article('same_text.site', 'same_text.old_key')} OR {_is_article('same_text.site', 'same_text.new_key')})"

_CAPTURES = "hidden_capture"
_CAPTURES_SQL = " UNION ".join(
    (
        f"SELECT c.capture_id, c.url FROM ({_rows_of('article', 't.site, t.key')}) x"
        " CROSS JOIN main.capture c ON c.site = x.site AND c.key = x.key",
        f"SELECT c.capture_id, c.url FROM ({_rows_of('article_version', 't.capture_id')}) v"
        " CROSS JOIN main.capture c ON c.capture_id = v.capture_id",
        "SELECT c.capture_id, c.url FROM main.held CROSS JOIN main.capture c ON c.capture_id = held.capture_id"
        f" WHERE {_HELD}",
        *(
            f"SELECT c.capture_id, c.url FROM ({_rows_of('article', 't.site, t.key')}) x"
            f" CROSS JOIN main.same_text s ON s.site = x.site AND s.{its} = x.key"
            f" CROSS JOIN main.capture c ON c.site = s.site AND c.key = s.{other}"
            " WHERE NOT EXISTS (SELECT 1 FROM main.article o WHERE o.site = c.site AND o.key = c.key)"
            for its, other in (("old_key", "new_key"), ("new_key", "old_key"))
        ),
    )
)
"""The pages of restricted articles, those that were not taken and those under another identity too."""

NAMES = " UNION ".join(
    (
        _rows_of("article", "t.url AS url, t.title AS title"),
        _rows_of("article_version", "'', t.title"),
        f"SELECT l.url, l.title FROM ({_rows_of('article', 't.site, t.key')}) x"
        " CROSS JOIN main.listing l ON l.key = x.key"
        " JOIN main.section s ON s.section_id = l.section_id AND s.site = x.site",
        f"SELECT url, '' FROM ({_CAPTURES_SQL})",
    )
)
"""SELECT of (address, title) by which pages name restricted articles; "" where one is not known."""

_QUOTES = "quotes_restricted"
"""The SQL function: does a sentence of the crawler quote a restricted article?"""
_FORMER_TITLES = (
    f"SELECT title FROM main.held WHERE {_HELD} UNION"
    f" SELECT title FROM ({NAMES}) WHERE title NOT IN ({_rows_of('article', 't.title')})"
)
_QUOTED_ADDRESS = re.compile(r"https?://[^\s<>\"'“”（）()，、；,;]+")
_QUOTED_TITLE = re.compile("“([^”]*)”")


class _Sentences:
    """Sentences of the crawler: they quote addresses, and titles in “…”."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._words: frozenset[str] | None = None

    def quotes_restricted(self, said: str | None) -> bool:
        """Tell whether a sentence, or an address, tells more of a restricted article than its title.

        Of an article that this connection withholds; asked of the archive when the first sentence comes.
        """
        if not said:
            return False
        quoted = {address.rstrip(".:") for address in _QUOTED_ADDRESS.findall(said)}
        quoted.update(_QUOTED_TITLE.findall(said))
        if not quoted:
            return False
        if self._words is None:
            sql = f"SELECT url FROM ({NAMES}) UNION SELECT url FROM {_ADDRESSES} UNION {_FORMER_TITLES}"
            self._words = frozenset(word for (word,) in self._connection.execute(sql)) - {""}
        return not self._words.isdisjoint(quoted)


WITHOUT: Mapping[str, str] = {
    **{table: restricted_sql(f"{table}.article_id") for table in OF_ARTICLES},
    "listing": "EXISTS (SELECT 1 FROM main.section s WHERE s.section_id = listing.section_id"
    f" AND {_is_article('s.site', 'listing.key')})",
    "held": _HELD,
    "same_text": _SAME_TEXT,
    "failure": f"{_is_article('failure.site', 'failure.key')} OR failure.kind = 'media' AND failure.url {_IS_HIDDEN}"
    f" OR {_QUOTES}(failure.reason) OR {_QUOTES}(failure.url)",
    "trouble": f"{_is_article('trouble.site', 'trouble.about')}"
    f" OR {_QUOTES}(trouble.about) OR {_QUOTES}(trouble.said)",
    "_listed": "EXISTS (SELECT 1 FROM main.listing l CROSS JOIN main.section s ON s.section_id = l.section_id"
    f" WHERE l.listing_id = _listed.listing_id AND {_is_article('s.site', 'l.key')})",
    # what is left of both tables, as this connection sees them
    "_reason": "_reason.said NOT IN (SELECT reason FROM failure UNION SELECT reason FROM absence)",
    "_unfetched": f"_unfetched.url {_IS_HIDDEN}",
    "media_address": f"media_address.url {_IS_HIDDEN}",
    # the same bytes may stand at an address of an open article too
    "media": f"media.media_id IN (SELECT u.media_id FROM {_ADDRESSES} h CROSS JOIN main.media_address u ON u.url = h.url)"
    f" AND NOT EXISTS (SELECT 1 FROM main.media_address u WHERE u.media_id = media.media_id AND u.url NOT {_IS_HIDDEN})",
    # its pages; pages with the same bytes; what else lies at their addresses
    "capture": f"capture.capture_id IN (SELECT capture_id FROM {_CAPTURES})"
    f" OR capture.revisit_of IN (SELECT capture_id FROM {_CAPTURES})"
    f" OR capture.key IS NULL AND capture.url IN (SELECT url FROM {_CAPTURES})"
    f" OR capture.kind = 'media' AND capture.url {_IS_HIDDEN}"
    f" OR capture.redirect_to <> '' AND {_QUOTES}(capture.redirect_to) OR capture.error <> '' AND {_QUOTES}(capture.error)",
}
"""Table → which of its rows are left out."""

_OF_CRAWL = {
    "reason": f"{_QUOTES}(crawl.reason)",
    "unknown_labels": f"crawl.crawl_id IN ({_rows_of('article_version', 't.crawl_id')}) OR crawl.crawl_id IN"
    f" (SELECT c.crawl_id FROM {_CAPTURES} h CROSS JOIN main.capture c ON c.capture_id = h.capture_id)",
}
_OF_EVENT = (
    "event.type = 'validation' OR CASE WHEN json_valid(event.detail) THEN coalesce(json_extract(event.detail,"
    " '$.selection.query'), json_extract(event.detail, '$.selection.name')) IS NOT NULL ELSE 1 END"
)
"""What a check found may be any value of any row; and who asks for words or a name of an article has read it."""
BLANKED: Mapping[str, Callable[[str], str]] = {
    "article": lambda name: "" if name in KEPT else restricted_sql("article.article_id"),
    "appraisal": lambda name: (
        "" if name in ("article_id", "open_flag") else restricted_sql("appraisal.article_id")
    ),
    "crawl": lambda name: _OF_CRAWL.get(name, ""),
    "event": lambda name: _OF_EVENT if name == "detail" else "",
}
"""Table → for each column in which of its rows it is empty, "" where in none."""
_EMPTY = {"breadcrumb": "'[]'", "unknown_labels": "'{}'", "detail": "'{}'"}
"""Column of JSON → what stands there then."""


def _shown(table: str, columns: Sequence[tuple[str, str, int]]) -> str:
    """Return the SELECT of what is shown of a table.  ``columns``: (name, declared type, is never NULL)."""
    if condition := WITHOUT.get(table):
        # as a value SQLite reckons all of a condition, in a CASE no more than it needs
        return f"SELECT * FROM main.{table} WHERE CASE WHEN {condition} THEN 0 ELSE 1 END"
    shown = (
        f"CASE WHEN {condition} THEN {_blank(name, declared, notnull)} ELSE {name} END AS {name}"
        if (condition := BLANKED[table](name))
        else name
        for name, declared, notnull in columns
    )
    return f"SELECT {', '.join(shown)} FROM main.{table}"


def _blank(name: str, declared: str, notnull: int) -> str:
    """Return what stands for a value that is withheld: what its readers can go on with."""
    if not notnull:
        return "NULL"
    return _EMPTY.get(name, "0" if declared == "INTEGER" else "''")
