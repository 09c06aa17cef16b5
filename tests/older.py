"""Archives of earlier schemas, full of rows, as earlier versions of the program left them."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from archive.store.migrations import migrations
from archive.store.schema import APPLICATION_ID, STEPS


def make_older(whole: Path, path: Path, steps: int) -> None:
    """Write an archive that has had only the first steps of the schema, with the rows and WARC files of a whole one."""
    with closing(sqlite3.connect(path)) as connection:
        migrations.apply(Database(connection), stop_before=STEPS[steps])
        connection.execute("ATTACH ? AS whole", (str(whole),))
        for table in tables(connection):
            columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
            connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM whole.{table}")
        connection.commit()
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {steps}")
    if whole.with_suffix(".warc").exists():
        shutil.copytree(whole.with_suffix(".warc"), path.with_suffix(".warc"))


def tables(connection: sqlite3.Connection) -> list[str]:
    """Return the tables that hold rows of ours: not the index's own, not the record of steps."""
    return [
        name
        for (name,) in connection.execute(
            "SELECT name FROM main.sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
            " AND name NOT LIKE 'article_fts%' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_%' ESCAPE '\\'"
        )
    ]


SEALS = ("seal", "seal_part", "seal_former")
"""Tables that begin with the first write of a program that seals."""
NOT_KEPT_BEFORE = {
    "section": "reader pager pages said_pages said_entries elsewhere backlog_page sweep_url sweep_page swept_crawl swept_at",
    "failure": "capture_id",
}
"""Table → columns of what only a crawl can tell and earlier schemas did not keep."""


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table of ours, without what earlier schemas did not keep."""
    with closing(sqlite3.connect(path)) as connection:
        return {
            table: sorted(
                connection.execute(f"SELECT {kept_columns(connection, table)} FROM {table}").fetchall(),
                key=repr,
            )
            for table in tables(connection)
            if table not in SEALS
        }


def kept_columns(connection: sqlite3.Connection, table: str) -> str:
    """Return the columns of a table, for SELECT, without what earlier schemas did not keep."""
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    return ", ".join(column for column in columns if column not in NOT_KEPT_BEFORE.get(table, "").split())


def unseal(connection: sqlite3.Connection) -> None:
    """Take the seals off an archive, as it was before there were any; the next write seals what is there."""
    sql = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'seal%'"
    triggers = connection.execute(sql).fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    for table in ("seal_part", "seal_former", "seal"):
        connection.execute(f"DELETE FROM {table}")
    for _, trigger in triggers:
        connection.execute(trigger)
