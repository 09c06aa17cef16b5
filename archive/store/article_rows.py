"""Rows of the table ``article``: whoever writes one writes it here, with its texts in the search index."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from archive.search.index import INDEXED, forget, in_place_of_triggers, learn

_SPLIT_BY_WRITERS = 12
"""The first schema whose triggers let a writer keep the index."""


def insert_article(connection: sqlite3.Connection, row: Mapping[str, Any]) -> int:
    """Add a row; return its number.  Belongs into a savepoint that an error rolls back."""
    sql = f"INSERT INTO article ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})"
    if not _is_split_here(connection):
        return int(connection.execute(sql, row).lastrowid or 0)
    with in_place_of_triggers(connection):
        number = int(connection.execute(sql, row).lastrowid or 0)
        learn(connection, number, [row.get(name, "") for name in INDEXED])
    return number


def update_article(connection: sqlite3.Connection, number: int, row: Mapping[str, Any]) -> None:
    """Give a row new values, all texts among them.  Belongs into a savepoint that an error rolls back."""
    sql = (
        f"UPDATE article SET {', '.join(f'{name} = :{name}' for name in row)} WHERE article_id = :article_id"
    )
    values = {**row, "article_id": number}
    if not _is_split_here(connection):
        connection.execute(sql, values)
        return
    texts = [row[name] for name in INDEXED]
    before = _texts(connection, number)
    with in_place_of_triggers(connection):
        if before != texts:
            forget(connection, number, before)
        connection.execute(sql, values)
        if before != texts:
            learn(connection, number, texts)


def _texts(connection: sqlite3.Connection, number: int) -> list[str] | None:
    """Return the texts of an article; None where somebody else has written what is no text, or no Unicode."""
    columns = ", ".join(f"CASE typeof({name}) WHEN 'text' THEN CAST({name} AS BLOB) END" for name in INDEXED)
    raw = connection.execute(f"SELECT {columns} FROM article WHERE article_id = ?", (number,)).fetchone()
    try:
        return None if None in raw else [text.decode() for text in raw]
    except UnicodeDecodeError:
        return None


def _is_split_here(connection: sqlite3.Connection) -> bool:
    return int(connection.execute("PRAGMA user_version").fetchone()[0]) >= _SPLIT_BY_WRITERS
