"""The schema of a file: ours or not, and up to date or not; what a file says about itself."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from archive.model.article import Role
from archive.store.dictionary import entries
from archive.store.errors import ArchiveError
from archive.store.reasons import renew_reasons

if TYPE_CHECKING:  # who only reads needs none of it
    from archive.store.migrations import Told

APPLICATION_ID = 0x5A4A4E57
"""``ZJNW`` in the file's header, so that ``file`` and we can tell an archive from any other database."""
STEPS = tuple(sorted(f"m{path.stem}" for path in Path(__file__).with_name("sql").glob("*.sql")))
"""The names of the steps, in their order: ``m0001_schema`` is ``sql/0001_schema.sql``."""
SCHEMA = len(STEPS)
"""The schema that this program writes: ``PRAGMA user_version`` of a file that has had every step."""


def bring_up_to_date(
    connection: sqlite3.Connection, schema: int | None = None, tell: Told | None = None
) -> None:
    """Run the steps that a file lacks; all or none: a killed program leaves no file between two schemas.

    ``schema``: go no further than this one, which the file has not passed.  ``tell``: how many articles a step has read
    again, of how many; else the log is told.
    """
    connection.execute("BEGIN IMMEDIATE")
    if {*STEPS[:schema]} - {*_steps_of(connection)}:
        from sqlite_utils import Database  # here: few files lack a step, and it is slow to import

        from archive.store.migrations import migrations, told

        before = told.set(tell or told.get())
        try:
            until = None if schema is None else STEPS[schema : schema + 1]
            migrations.apply(Database(connection), stop_before=until)
        finally:
            told.reset(before)
    _describe(connection)
    connection.commit()


def _steps_of(connection: sqlite3.Connection) -> list[str]:
    """Return the names of the steps that a file has had, as sqlite-utils notes them in it."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone():
        return []
    rows = connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'zhijiang'")
    return [name for (name,) in rows]


def refuse_strangers(path: Path, connection: sqlite3.Connection) -> None:
    """Refuse a database that is not ours, or that a newer version of the program made.  Raises ``ArchiveError``."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if application != APPLICATION_ID and tables:
        raise ArchiveError(f"{path}: is a database, but no archive of zhijiang; choose another file name")
    found = _schema(connection)
    if found > SCHEMA:
        from importlib.metadata import version

        raise ArchiveError(
            f"{path}: was made by a newer zhijiang (schema {found}, this one knows {SCHEMA}); "
            f"zhijiang {version('zhijiang')} must be updated"
        )


def refuse_older(path: Path, connection: sqlite3.Connection) -> None:
    """Refuse a file that lacks steps, where it is only read.  Raises ``ArchiveError``."""
    found = _schema(connection)
    if found < SCHEMA:
        raise ArchiveError(
            f"{path}: has schema {found}, older than this program's; "
            "zhijiang reindex or any zhijiang crawl on it brings it up to date"
        )


def _schema(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _describe(connection: sqlite3.Connection) -> None:
    """Write what tells the file's kind and schema, the roles this program knows, the data dictionary, and its words."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {len(_steps_of(connection))}")
    connection.executemany(
        "INSERT INTO role (role, grp, english, sort) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (role) DO UPDATE SET grp = excluded.grp, english = excluded.english, sort = excluded.sort",
        [(role, role.group, role.english, number) for number, role in enumerate(Role, 1)],
    )
    if connection.execute("SELECT * FROM data_dictionary ORDER BY rowid").fetchall() != list(entries()):
        connection.execute("DELETE FROM data_dictionary")
        connection.executemany("INSERT INTO data_dictionary VALUES (?, ?, ?, ?, ?, ?, ?)", entries())
    renew_reasons(connection)
