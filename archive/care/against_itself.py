"""Does the site contradict itself?  One page for many articles, one title for many, ids renumbered in bulk.

Judged at the end of a crawl from what was held back (``archive.store.held``): what is no lie is taken then, what is
stays held back, and is told, until the site shows something else or the operator accepts it.
"""

from collections.abc import Callable
from typing import Any

from archive.model.article import Article
from archive.model.trouble import Trouble, TroubleKind
from archive.model.wording import plural
from archive.store.archive import Archive
from archive.store.articles import Saved
from archive.store.held import SHORT, release
from archive.store.likeness import body_sha256
from archive.store.read import listed_title_sql

ONE_PAGE = 3
"""Articles that lists call otherwise and whose pages are one: two may be one notice under two headlines.  Where one of
them would take the place of an archived text, or the lists call them by two titles and the page by neither, two are
enough: nothing is lost by asking."""
ONE_TITLE, ONE_TITLE_SHARE = 5, 0.5
"""Articles that lists call otherwise under one title: the number, and the share of what the crawl read anew.  Fewer may
be a column whose name stands where its titles should."""
RENUMBERED, RENUMBERED_SHARE = 4, 0.5
"""Articles that came again under another identity: the number, and the share of what is new.  Editors publish a few
again, to bring them to the top or because the year has come round."""
COPIED, COPIED_SHARE = 5, 0.1
"""Times that a new title and text stand once more in the list that has them already: the number, and the share of what
is new.  Once in each of several lists is how many systems file an article, each time under an identity of its own."""

_MOST_TOLD = 5
"""Pages that stand for many articles and are told one by one."""
_HELD = "held back and not archived, and archived articles stay as they were"
_ACCEPT = "look at the site, and when it is right, zhijiang crawl --accept takes them."


def is_one_page(articles: int, revised: int, called: int = 0) -> bool:
    """Tell whether pages of so many articles, each unlike what was known of it, are one page for all.

    ``revised``: those of them that were archived.  ``called``: different titles that the lists have for them, none of
    them the page's.
    """
    return articles >= ONE_PAGE or (articles > 1 and (revised > 0 or called == articles))


def is_one_title(articles: int, revised: int, read: int) -> bool:
    """Tell whether one title, unlike those of the lists, is a lie about so many articles.

    ``revised``: those of them that were archived.  ``read``: texts that the crawl read anew.
    """
    return revised > 1 or (articles >= ONE_TITLE and articles >= read * ONE_TITLE_SHARE)


def is_renumbered(again: int, new: int) -> bool:
    """Tell whether so many of the ``new`` articles are archived ones under other identities, in bulk."""
    return again >= RENUMBERED and again >= new * RENUMBERED_SHARE


def is_copied(again: int, new: int) -> bool:
    """Tell whether so many of the ``new`` articles only stand once more where they stood already."""
    return again >= COPIED and again >= new * COPIED_SHARE


def settle(archive: Archive, site: str, crawl: int, on_saved: Callable[[Article, Saved], None]) -> None:
    """Judge what waits, at the end of a crawl or after it was killed; take what is no lie.

    ``on_saved``: told each text that is taken.  Raises ``ArchiveError``.
    """
    here = {"site": site, "crawl": crawl, "short": SHORT}
    with archive.transaction() as execute:
        execute(_LISTED_AGAIN, here)
        new, revised = execute(_SAVED, here).fetchone()
        waiting, waiting_new = execute(_WAITING, here).fetchone()
        for column, against in _ONE_PAGE.items():
            for value, articles, archived, called in execute(_group(column, against), here).fetchall():
                if is_one_page(articles, archived, called):
                    execute(_mark(column, against), {**here, "value": value})
        for title, articles, articles_revised, _ in execute(_group("title", "otherwise"), here).fetchall():
            if is_one_title(articles, articles_revised, new + revised + waiting):
                execute(_mark("title", "otherwise"), {**here, "value": title})
        again = execute(f"SELECT count(*) FROM held h WHERE {_AGAIN}", here).fetchone()[0]
        if is_renumbered(again, new + waiting_new):
            execute(_RENUMBERED, here)
            execute(_LINK, here)
    release(archive, site, ("waiting",), on_saved)


def contradictions(archive: Archive, site: str, crawl: int) -> list[Trouble]:
    """Return what the site says against itself: what is held back, and what this crawl found copied."""
    return [*_one_page(archive, site), *_renumbered(archive, site), *_copied(archive, site, crawl)]


def _one_page(archive: Archive, site: str) -> list[Trouble]:
    rows = archive.connection.execute(
        "SELECT count(DISTINCT title), count(DISTINCT body_sha256) FROM held WHERE site = ? AND state = 'same'",
        (site,),
    ).fetchone()
    column = "body_sha256" if rows[1] < rows[0] else "title"
    groups = archive.connection.execute(
        f"SELECT {column}, count(*), sum(revises), min(title), count(DISTINCT title), count(DISTINCT body_sha256)"
        " FROM held WHERE site = ? AND state = 'same' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?",
        (site, _MOST_TOLD),
    ).fetchall()
    found = []
    for value, articles, revised, title, titles, bodies in groups:
        what = "one title" if bodies > 1 else "one text under different titles" if titles > 1 else "one page"
        shown = _examples(archive, column, site, value)
        said = (
            f"The site shows {what} for {articles} article{plural(articles)} ({revised} of them archived): “{title}”, such as {shown}."
            f"  They are {_HELD}; the next crawls ask again, and end this when the site shows something else; {_ACCEPT}"
        )
        found.append(Trouble(TroubleKind.SAME, said, (value,)))
    return found


def _renumbered(archive: Archive, site: str) -> list[Trouble]:
    articles = archive.connection.execute(
        "SELECT count(*) FROM held WHERE site = ? AND state = 'renumbered'", (site,)
    ).fetchone()[0]
    if not articles:
        return []
    row = next(archive.rows(_PAIR, [site]))
    said = (
        f"{articles} archived article{plural(articles)} came again under other identities with the same titles and texts, such as"
        f" “{row['title']}”: {row['old_url']}{_capture(row['old_capture'])}, now {row['url']}{_capture(row['capture_id'])}."
        f"  The new ones are {_HELD}; {_ACCEPT}"
    )
    return [Trouble(TroubleKind.RENUMBERED, said)]


def _copied(archive: Archive, site: str, crawl: int) -> list[Trouble]:
    here = {"site": site, "crawl": crawl, "short": SHORT}
    new, _ = archive.connection.execute(_SAVED, here).fetchone()
    if new < COPIED:
        return []
    groups = archive.connection.execute(_COPIES, here).fetchall()
    again = sum(articles - max(1, sections) for _, articles, sections in groups)
    if not is_copied(again, new):
        return []
    most = max(groups, key=lambda group: group[1] - max(1, group[2]))[0]
    rows = archive.connection.execute(
        "SELECT a.url, v.capture_id, a.title FROM article_version v JOIN article a ON a.article_id = v.article_id"
        " WHERE v.text_sha256 = ? AND v.crawl_id = ? AND a.site = ? ORDER BY v.version_id LIMIT 2",
        (most, crawl, site),
    ).fetchall()
    shown = " and ".join(f"{url}{_capture(capture)}" for url, capture, _ in rows)
    said = (
        f"{again} of {new} new articles {plural(again, 'have', 'has')} title and text of another one in the same list, such as “{rows[0][2]}”:"
        f" {shown}.  If these are one article, article_url of the profile takes too much of the address for its identity."
    )
    return [Trouble(TroubleKind.SAME, said, ("copies",))]


def _examples(archive: Archive, column: str, site: str, value: str) -> str:
    rows = archive.connection.execute(
        f"SELECT url, capture_id FROM held WHERE site = ? AND state = 'same' AND {column} = ? ORDER BY held_id LIMIT 2",
        (site, value),
    ).fetchall()
    return " and ".join(f"{url}{_capture(capture)}" for url, capture in rows)


def _capture(capture: Any) -> str:
    return "" if capture is None else f" (capture {capture})"


_HAS_TEXT = f"body_sha256 <> '{body_sha256('')}'"
"""Picture stories without text are one page to whoever looks at the text alone."""
_ONE_PAGE = {
    "text_sha256": f"(replaces OR (otherwise OR untitled) AND {_HAS_TEXT})",
    "body_sha256": f"(replaces OR untitled AND {_HAS_TEXT})",
}
"""Column of ``held`` that is the same in pages that are one page for all → what speaks against each of them.  Where the
titles are those of the lists, or those the articles always had, the text alone is left to tell."""


_LISTED = listed_title_sql("held.site", "held.key")


def _group(column: str, condition: str) -> str:
    return (
        f"SELECT {column}, count(*), sum(revises), count(DISTINCT CASE WHEN otherwise THEN {_LISTED} END) FROM held WHERE site = :site AND state IN ('waiting', 'same')"
        f" AND {condition} GROUP BY {column} HAVING count(*) > 1"
    )


def _mark(column: str, condition: str) -> str:
    return f"UPDATE held SET state = 'same' WHERE site = :site AND state = 'waiting' AND {condition} AND {column} = :value"


# The old identity is in the lists again: it was no renumbering.
_LISTED_AGAIN = """
UPDATE held SET state = 'over', article = '' WHERE site = :site AND state = 'renumbered' AND EXISTS (
  SELECT 1 FROM listing l JOIN section s ON s.section_id = l.section_id
  WHERE l.key = held.twin AND s.site = held.site AND l.last_crawl = :crawl)
"""

_SAVED = """
SELECT coalesce(sum(v.number = 1), 0), coalesce(sum(v.number > 1), 0) FROM article_version v
JOIN article a ON a.article_id = v.article_id WHERE v.crawl_id = :crawl AND a.site = :site
"""

_WAITING = """
SELECT count(*), coalesce(sum(NOT revises), 0) FROM held WHERE site = :site
  AND state IN ('waiting', 'same', 'renumbered') AND crawl_id = :crawl
"""

# Came again: the lists show the old identity no more, and the new one where it stood; or its lists are gone, too.
# An article that is filed in one more list, and stays where it was, is none.
_AGAIN = """
h.site = :site AND h.state IN ('waiting', 'renumbered') AND h.twin IS NOT NULL AND NOT (h.otherwise OR h.untitled)
  AND NOT EXISTS (SELECT 1 FROM listing l JOIN section s ON s.section_id = l.section_id
    WHERE l.key = h.twin AND s.site = h.site AND l.last_crawl >= h.crawl_id)
  AND (EXISTS (SELECT 1 FROM listing o JOIN section s ON s.section_id = o.section_id
      JOIN listing n ON n.section_id = o.section_id AND n.key = h.key WHERE o.key = h.twin AND s.site = h.site)
    OR NOT EXISTS (SELECT 1 FROM listing o JOIN section s ON s.section_id = o.section_id
      WHERE o.key = h.twin AND s.site = h.site AND s.last_crawl >= h.crawl_id))
"""

_RENUMBERED = f"""
UPDATE held SET state = 'renumbered' WHERE state = 'waiting' AND held_id IN (SELECT h.held_id FROM held h WHERE {_AGAIN})
"""

_LINK = """
INSERT INTO same_text (site, old_key, new_key, url, crawl_id)
SELECT site, twin, key, url, crawl_id FROM held WHERE site = :site AND state = 'renumbered' ORDER BY held_id
ON CONFLICT DO NOTHING
"""

_PAIR = """
SELECT h.url, h.capture_id, h.title, a.url AS old_url, v.capture_id AS old_capture FROM held h
JOIN article a ON a.site = h.site AND a.key = h.twin
JOIN article_version v ON v.article_id = a.article_id AND v.number = a.version
WHERE h.site = ? AND h.state = 'renumbered' ORDER BY h.held_id LIMIT 1
"""

_COPIES = """
WITH new(text, key) AS (
  SELECT v.text_sha256, a.key FROM article_version v JOIN article a ON a.article_id = v.article_id
  WHERE v.crawl_id = :crawl AND v.number = 1 AND a.site = :site AND a.characters >= :short),
many(text, articles) AS MATERIALIZED (SELECT text, count(*) FROM new GROUP BY text HAVING count(*) > 1)
SELECT m.text, m.articles, count(DISTINCT l.section_id) FROM many m JOIN new n ON n.text = m.text
LEFT JOIN listing l ON l.key = n.key AND l.section_id IN (SELECT section_id FROM section WHERE site = :site AND kind = 'section')
GROUP BY m.text
"""
