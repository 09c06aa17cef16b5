"""A copy of an archive for readers who may ask anything of it: what a connection withholds is not in the file."""

import sqlite3
from contextlib import closing
from pathlib import Path

from archive.search.index import reindex
from archive.store.archive import Archive

_INDEX = ", ".join(
    f"'{table}_{part}'"
    for table in ("article_fts", "article_fts_title", "article_fts_former")
    for part in ("data", "idx", "docsize", "config")
)
"""Tables that FTS5 makes for itself."""
_OWN = f"name NOT IN ({_INDEX}) AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND sql NOT LIKE 'CREATE VIRTUAL TABLE%'"


def write_reading_copy(archive: Archive, path: Path) -> None:
    """Write what a connection shows, table by table, into a new archive file with an index of its own.

    For reading: without the triggers that guard an archive.  Raises ``sqlite3.Error``.
    """
    archive.connection.text_factory = lambda text: text.decode(errors="replace")
    execute = archive.connection.execute
    with closing(sqlite3.connect(path, isolation_level=None)) as copy:
        copy.execute("PRAGMA journal_mode = OFF")  # what is not finished is of no use
        copy.execute(
            "PRAGMA ignore_check_constraints = ON"
        )  # an empty value is none of those that a column knows
        copy.execute("BEGIN")
        for name, sql in _made(archive, f"type = 'table' AND {_OWN}"):
            copy.execute(sql)
            rows = execute(f'SELECT * FROM "{name}"')
            places = ", ".join("?" for _ in rows.description)
            copy.executemany(f'INSERT INTO "{name}" VALUES ({places})', rows)
        for _, sql in _made(archive, f"type = 'index' AND {_OWN}"):
            copy.execute(sql)
        for _, sql in _made(archive, "type = 'view' OR sql LIKE 'CREATE VIRTUAL TABLE%'"):
            copy.execute(sql)
        (weights,) = execute("SELECT v FROM main.article_fts_config WHERE k = 'rank'").fetchone()
        copy.execute("INSERT INTO article_fts (article_fts, rank) VALUES ('rank', ?)", (weights,))
        reindex(copy)
        for pragma in ("application_id", "user_version"):
            copy.execute(f"PRAGMA {pragma} = {execute(f'PRAGMA main.{pragma}').fetchone()[0]:d}")
        copy.execute("COMMIT")


def _made(archive: Archive, which: str) -> list[tuple[str, str]]:
    """Return name and definition of some things of the archive, in the order in which they were made."""
    sql = f"SELECT name, sql FROM main.sqlite_master WHERE sql IS NOT NULL AND ({which}) ORDER BY rowid"
    return archive.connection.execute(sql).fetchall()
