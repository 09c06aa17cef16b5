"""The full-text index: build it again, compact it, tell whether it is whole."""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from functools import cache

from archive.search.fold import index_forms

TRIGGERS = ("article_fts_insert", "article_fts_delete", "article_fts_update_old", "article_fts_update_new")


def reindex(connection: sqlite3.Connection) -> None:
    """Build the index again from the articles, and compact it.

    Splits the texts here, several times faster than the view does for the triggers; the index is the same.
    """
    columns = ", ".join(_INDEXED)
    connection.execute("INSERT INTO article_fts (article_fts) VALUES ('delete-all')")
    connection.execute(_HASH_SIZE, (_LARGE_HASH,))
    rows = connection.execute(f"SELECT article_id, {columns} FROM article ORDER BY article_id")
    with_nul = []
    forms = index_forms()

    def spaced() -> Iterator[tuple[int | str, ...]]:
        for article_id, *texts in rows:
            if any("\0" in text for text in texts):
                with_nul.append((article_id,))
            else:
                yield article_id, *(_spaced(text, forms) for text in texts)

    connection.executemany(f"INSERT INTO article_fts (rowid, {columns}) VALUES (?, ?, ?, ?, ?, ?)", spaced())
    connection.executemany(  # SQLite's functions stop at a NUL: only the view knows what they make of one
        f"INSERT INTO article_fts (rowid, {columns})"
        f" SELECT article_id, {columns} FROM article_fts_text WHERE article_id = ?",
        with_nul,
    )
    connection.execute(_HASH_SIZE, (_USUAL_HASH,))
    optimize(connection)


def optimize(connection: sqlite3.Connection) -> None:
    """Merge the parts that many small writes leave of the index: a smaller file, faster answers."""
    connection.execute("INSERT INTO article_fts (article_fts) VALUES ('optimize')")


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


_INDEXED = ("body", "title", "kicker", "subtitle", "credit_line")


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
    try:
        connection.execute("INSERT INTO article_fts(article_fts, rank) VALUES ('integrity-check', 1)")
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        return f"the search index does not hold the archive's texts: {error}"
    return ""
