"""The schema as numbered steps.  A step that was released is never edited: a change is a new step.

``sqlite-utils migrate FILE archive/store/ --list`` shows which ones a file has had.
"""

from importlib import resources

from sqlite_utils import Database, Migrations

from archive.model.article import count_characters

APPLICATION_ID = 0x5A4A4E57
"""``ZJNW`` in the file's header, so that ``file`` and we can tell an archive from any other database."""

migrations = Migrations("zhijiang")


def newest_schema() -> int:
    """Return the number of the schema that this program works with: how many steps there are."""
    return len(migrations.pending(Database(memory=True)))


def migrate(db: Database, schema: int | None = None) -> None:
    """Bring a file to a schema, the newest where none is named; a file that is past it stays as it is."""
    steps = [step.name for step in migrations.pending(Database(memory=True))]
    migrations.apply(db, stop_before=None if schema is None else next(iter(steps[schema:]), None))


def _run(db: Database, step: str) -> None:
    db.executescript((resources.files("archive.store") / "sql" / step).read_text(encoding="utf-8"))


@migrations()
def m0001_schema(db: Database) -> None:
    """Tables for crawls, sections, listings, articles, versions, credits and pictures."""
    _run(db, "0001_schema.sql")


@migrations()
def m0002_search(db: Database) -> None:
    """The full-text index and the search views."""
    _run(db, "0002_search.sql")


@migrations()
def m0003_views(db: Database) -> None:
    """The Chinese views."""
    _run(db, "0003_views.sql")


@migrations()
def m0004_appraisal(db: Database) -> None:
    """What archivists decide."""
    _run(db, "0004_appraisal.sql")


@migrations()
def m0005_event(db: Database) -> None:
    """What was done with the archive."""
    _run(db, "0005_event.sql")


@migrations()
def m0006_reading(db: Database) -> None:
    """Indexes of the reading room."""
    _run(db, "0006_reading.sql")


@migrations()
def m0007_changed_fields(db: Database) -> None:
    """The view of changes in words."""
    _run(db, "0007_changed_fields.sql")


@migrations()
def m0008_characters(db: Database) -> None:
    """字数 of every article."""
    db.conn.create_function("characters_of", 1, lambda body: count_characters(body.decode(errors="replace")))
    _run(db, "0008_characters.sql")
    db.conn.create_function("characters_of", 1, None)
