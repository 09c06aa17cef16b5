"""The schema as numbered steps.  A step that was released is never edited: a change is a new step.

``sqlite-utils migrate FILE archive/store/ --list`` shows which ones a file has had.
"""

from importlib import resources

from sqlite_utils import Database, Migrations

from archive.model.article import count_characters

migrations = Migrations("zhijiang")


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


STEPS = tuple(name for name in globals() if name.startswith("m0"))
"""The names of all steps, in their order."""
