"""The schema as numbered steps, one file of SQL each.  A step that was released is never edited: a change is a new step.

``sqlite-utils migrate FILE archive/store/ --list`` shows which ones a file has had.
"""

import sqlite3
from collections.abc import Iterator
from importlib import resources

from sqlite_utils import Database, Migrations

from archive.model.article import count_characters
from archive.search.former_index import lost_of
from archive.store.likeness import text_sha256
from archive.store.schema import STEPS

migrations = Migrations("zhijiang")


def _register(step: str) -> None:
    @migrations(name=step)
    def run(db: Database) -> None:
        db.conn.create_function(
            "characters_of", 1, lambda body: count_characters(body.decode(errors="replace"))
        )
        db.conn.create_function(
            "text_sha256_of",
            2,
            lambda title, body: text_sha256(title.decode(errors="replace"), body.decode(errors="replace")),
        )
        db.conn.create_function("lost_of", 2, lost_of)
        file = resources.files("archive.store") / "sql" / f"{step.removeprefix('m')}.sql"
        for statement in _statements(file.read_text(encoding="utf-8")):
            db.conn.execute(statement)
        db.conn.create_function("characters_of", 1, None)
        db.conn.create_function("text_sha256_of", 2, None)
        db.conn.create_function("lost_of", 2, None)


def _statements(script: str) -> Iterator[str]:
    """Part a script at its line ends.  sqlite-utils asks SQLite at every character, 0.2 CPU s for a new archive."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    yield statement


for _step in STEPS:
    _register(_step)
