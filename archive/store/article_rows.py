"""Rows of the table ``article``: whoever writes one writes it here, with its texts in the search index.

The index learns them all together, before the commit; until then ``article_fts_writer`` has the articles' numbers.
A long text it learns at once: one that ends the program is to end it while the program's note names its page.
"""

import sqlite3
from collections.abc import Mapping
from typing import Any

from archive.search.former_index import learn_former
from archive.search.index import (
    INDEXED,
    forget,
    in_place_of_triggers,
    is_postponed,
    learn_postponed,
    texts_of,
)

_SPLIT_BY_WRITERS = 12
"""The first schema whose triggers let a writer keep the index."""
_LONG = 100_000
"""Characters of an article's texts from which on the index does not wait for the commit."""


def insert_article(connection: sqlite3.Connection, row: Mapping[str, Any]) -> int:
    """Add a row; return its number.  Belongs into a savepoint that an error rolls back.

    ``index_articles`` is to follow before the commit.
    """
    sql = f"INSERT INTO article ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})"
    if not _is_split_here(connection):
        return int(connection.execute(sql, row).lastrowid or 0)
    with in_place_of_triggers(connection) as postpone:
        number = int(connection.execute(sql, row).lastrowid or 0)
        postpone(number)
    _learn_long(connection, row)
    return number


def update_article(connection: sqlite3.Connection, number: int, row: Mapping[str, Any]) -> None:
    """Give a row new values, all texts among them.  Belongs into a savepoint that an error rolls back.

    ``index_articles`` is to follow before the commit.
    """
    sql = (
        f"UPDATE article SET {', '.join(f'{name} = :{name}' for name in row)} WHERE article_id = :article_id"
    )
    values = {**row, "article_id": number}
    if not _is_split_here(connection):
        connection.execute(sql, values)
        return
    before = texts_of(connection, number)
    is_other = before != [row[name] for name in INDEXED]
    if is_other and not is_postponed(connection, number):
        forget(connection, number, before)
    with in_place_of_triggers(connection) as postpone:
        connection.execute(sql, values)
        if is_other:
            postpone(number)
    _learn_long(connection, row)


def index_articles(connection: sqlite3.Connection) -> None:
    """Put the texts of all rows written since the last commit into the search index, and those of replaced versions."""
    if _is_split_here(connection):
        learn_postponed(connection)
    learn_former(connection)


def _learn_long(connection: sqlite3.Connection, row: Mapping[str, Any]) -> None:
    if sum(len(row.get(name) or "") for name in INDEXED) >= _LONG:
        learn_postponed(connection)


def _is_split_here(connection: sqlite3.Connection) -> bool:
    return int(connection.execute("PRAGMA user_version").fetchone()[0]) >= _SPLIT_BY_WRITERS
