"""The full-text index: kept by who writes texts, built again, compacted, found whole or not.

Texts are split here several times faster than the view ``article_fts_text`` does it for the triggers; the index is
the same.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache

from archive.search.fold import index_forms
from archive.search.former_index import former_index_ok, reindex_former

_AT_WORK = -(2**63)
"""What ``article_fts_writer`` has while a row of ``article`` is written; else it has numbers of articles."""
TRIGGERS = (
    "article_fts_insert", "article_fts_delete", "article_fts_update_old", "article_fts_update_new",
    "article_fts_title_insert", "article_fts_title_delete", "article_fts_title_old", "article_fts_title_new",
)  # fmt: skip


def reindex(connection: sqlite3.Connection) -> None:
    """Build the index again from the articles, that of former texts from their versions, and compact both."""
    columns = ", ".join(INDEXED)
    connection.execute("DELETE FROM article_fts_writer")
    connection.execute("INSERT INTO article_fts (article_fts) VALUES ('delete-all')")
    connection.execute(_HASH_SIZE, (_LARGE_HASH,))
    rows = connection.execute(f"SELECT article_id, {columns} FROM article ORDER BY article_id")
    with_nul = []
    forms = index_forms()

    def spaced() -> Iterator[tuple[int | str, ...]]:
        for article_id, *texts in rows:
            if any("\0" in text for text in texts):
                with_nul.append(article_id)
            else:
                yield article_id, *(_spaced(text, forms) for text in texts)

    connection.executemany(f"INSERT INTO article_fts (rowid, {columns}) VALUES (?, ?, ?, ?, ?, ?)", spaced())
    for article_id in with_nul:
        _tell(connection, "", article_id, None)
    connection.execute(_HASH_SIZE, (_USUAL_HASH,))
    if _has_titles(connection):
        connection.execute("INSERT INTO article_fts_title (article_fts_title) VALUES ('rebuild')")
    optimize(connection)
    reindex_former(connection)


def is_postponed(connection: sqlite3.Connection, article_id: int) -> bool:
    """Tell whether the texts of an article wait for ``learn_postponed``: the index knows none of them now."""
    found = connection.execute("SELECT 1 FROM article_fts_writer WHERE writer = ?", (article_id,))
    return found.fetchone() is not None


@contextmanager
def in_place_of_triggers(connection: sqlite3.Connection) -> Iterator[Callable[[int], None]]:
    """Keep the triggers from the index while a row of ``article`` is written.

    Gives what is told the article's number where the index is to learn its texts: ``learn_postponed`` does it.
    Belongs into a savepoint that an error rolls back.
    """
    connection.execute("INSERT INTO article_fts_writer (writer) VALUES (?)", (_AT_WORK,))
    yield lambda number: _postpone(connection, number)
    connection.execute("DELETE FROM article_fts_writer WHERE writer = ?", (_AT_WORK,))


def _postpone(connection: sqlite3.Connection, number: int) -> None:
    connection.execute("INSERT OR IGNORE INTO article_fts_writer (writer) VALUES (?)", (number,))


def learn_postponed(connection: sqlite3.Connection) -> None:
    """Put the texts of all articles that wait into the index, before the commit.

    All together: FTS5 writes out what it has collected at every savepoint, and merges what it wrote out.
    """
    waiting = connection.execute("SELECT writer FROM article_fts_writer").fetchall()
    for (article_id,) in waiting:
        _tell(connection, "", article_id, texts_of(connection, article_id))
    if waiting:
        if _has_titles(connection):
            connection.execute(
                "INSERT INTO article_fts_title (rowid, title) SELECT article_id, title FROM article_fts_title_text"
                " WHERE article_id IN (SELECT writer FROM article_fts_writer)"
            )
        connection.execute("DELETE FROM article_fts_writer")


def forget(connection: sqlite3.Connection, article_id: int, texts: Sequence[str] | None) -> None:
    """Take the texts of an article out of the index: what ``texts_of`` tells of its row while it still has them."""
    _tell(connection, "'delete', ", article_id, texts)
    if _has_titles(connection):
        connection.execute(
            "INSERT INTO article_fts_title (article_fts_title, rowid, title)"
            " SELECT 'delete', article_id, title FROM article_fts_title_text WHERE article_id = ?",
            (article_id,),
        )


def _has_titles(connection: sqlite3.Connection) -> bool:
    """Tell whether the file has the index of titles: one that is written under an older schema has none."""
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'article_fts_title'")
    return found.fetchone() is not None


def texts_of(connection: sqlite3.Connection, article_id: int) -> list[str] | None:
    """Return the texts of an article; None where somebody else has written what is no text, or no Unicode."""
    columns = ", ".join(f"CASE typeof({name}) WHEN 'text' THEN CAST({name} AS BLOB) END" for name in INDEXED)
    raw = connection.execute(f"SELECT {columns} FROM article WHERE article_id = ?", (article_id,)).fetchone()
    try:
        return None if None in raw else [text.decode() for text in raw]
    except UnicodeDecodeError:
        return None


def _tell(connection: sqlite3.Connection, command: str, article_id: int, texts: Sequence[str] | None) -> None:
    into = f"INSERT INTO article_fts ({'article_fts, ' if command else ''}rowid, {', '.join(INDEXED)})"
    if texts is None or any("\0" in text for text in texts):
        connection.execute(  # SQLite's functions stop at a NUL: only the view knows what they make of one
            f"{into} SELECT {command}article_id, {', '.join(INDEXED)} FROM article_fts_text WHERE article_id = ?",
            (article_id,),
        )
    else:
        forms = index_forms()
        spaced = [_spaced(text, forms) for text in texts]
        connection.execute(f"{into} VALUES ({command}?, ?, ?, ?, ?, ?)", (article_id, *spaced))


def optimize(connection: sqlite3.Connection) -> None:
    """Merge the parts that many small writes leave of the index: a smaller file, faster answers."""
    connection.execute("INSERT INTO article_fts (article_fts) VALUES ('optimize')")
    if _has_titles(connection):
        connection.execute("INSERT INTO article_fts_title (article_fts_title) VALUES ('optimize')")


def _spaced(text: str, forms: Mapping[str, str]) -> str:
    """Return what the view ``article_fts_text`` makes of a text without NUL, as far as the tokenizer can tell.

    Sets blanks between the bytes of UTF-16, which is several times faster than between characters.
    """
    for printed in set(_formed().findall(text)):
        text = text.replace(printed, forms[printed])
    units = text.encode("utf-16-le")
    if len(units) != 2 * len(text):  # characters of two units each, 𠮷 or 🍊
        return " ".join(forms.get(character, character) for character in text)
    spaced = bytearray(2 * len(units))
    spaced[0::4], spaced[1::4], spaced[2::4] = units[0::2], units[1::2], b" " * len(text)
    return spaced.decode("utf-16-le")


@cache
def _formed() -> re.Pattern[str]:
    """Return what finds the characters of one unit that the index has another form for."""
    return re.compile(
        f"[{''.join(re.escape(printed) for printed in index_forms() if printed <= chr(0xFFFF))}]"
    )


INDEXED = ("body", "title", "kicker", "subtitle", "credit_line")
"""Columns of ``article`` that the index has, in its order."""


_HASH_SIZE = "INSERT INTO article_fts (article_fts, rank) VALUES ('hashsize', ?)"


_USUAL_HASH, _LARGE_HASH = 1 << 20, 64 << 20
"""Bytes of words that FTS5 collects in memory before it writes them out."""


def index_ok(connection: sqlite3.Connection) -> str:
    """Return "" when the index holds exactly the archive's texts and its triggers are there, else what is wrong.

    Raises ``sqlite3.OperationalError`` where the file cannot be written: FTS5 compares in a write transaction only.
    """
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'article'"
    )
    missing = sorted(set(TRIGGERS) - {name for (name,) in found})
    if missing:
        return f"triggers are missing: {', '.join(missing)}"
    if connection.execute("SELECT 1 FROM article_fts_writer").fetchone():
        return "a row of article_fts_writer keeps the triggers from it"
    for table, texts in (("article_fts", "texts"), ("article_fts_title", "titles")):
        try:
            connection.execute(f"INSERT INTO {table}({table}, rank) VALUES ('integrity-check', 1)")
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            return f"the search index {table} does not hold the archive's {texts}: {error}"
    return former_index_ok(connection)
