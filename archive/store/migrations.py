"""The schema as numbered steps, one file of SQL each.  A step that was released is never edited: a change is a new step.

``sqlite-utils migrate FILE archive/store/ --list`` shows which ones a file has had.
"""

import json
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from functools import cache
from importlib import resources
from itertools import count

from sqlite_utils import Database, Migrations

from archive.model.article import count_characters
from archive.search.fold import index_forms
from archive.search.former_index import lost_of
from archive.store.likeness import text_sha256
from archive.store.schema import STEPS

migrations = Migrations("zhijiang")
_log = logging.getLogger(__name__)
_EVERY = 1_000
"""Articles between two lines of the log."""


def _note(done: int, of: int) -> None:
    if done % _EVERY == 0 and of:
        _log.info("the search index learns new forms of characters: %d of %d articles read again", done, of)


Told = Callable[[int, int], None]
told: ContextVar[Told] = ContextVar("told", default=_note)
"""Who is told how many articles a step has read again, of how many; the log where nobody asked."""


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
        db.conn.create_function("index_forms", 0, _forms_as_json)
        _tell_progress(db.conn)
        file = resources.files("archive.store") / "sql" / f"{step.removeprefix('m')}.sql"
        for statement in _statements(file.read_text(encoding="utf-8")):
            db.conn.execute(statement)
        for name, arguments in _OURS.items():
            db.conn.create_function(name, arguments, None)


@cache
def _forms_as_json() -> str:
    return json.dumps(index_forms())


_OURS = {
    "characters_of": 1,
    "text_sha256_of": 2,
    "index_forms": 0,
    "to_read_again": 1,
    "read_again": 1,
    "lost_of": 2,
}
"""Functions of ours that steps use, and how many arguments they take: they are there only while a step runs."""


def _tell_progress(connection: sqlite3.Connection) -> None:
    """Let a step say how many articles it will read again, and each one that it has: both give back what they got."""
    tell, done, of = told.get(), count(1), 0

    def begin(articles: int) -> int:
        nonlocal of
        of = articles
        tell(0, of)
        return articles

    def go_on(article_id: int) -> int:
        tell(next(done), of)
        return article_id

    connection.create_function("to_read_again", 1, begin)
    connection.create_function("read_again", 1, go_on)


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
