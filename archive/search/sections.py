"""A section that an archive does not have is a mistake, not an empty answer."""

import sqlite3
from collections.abc import Sequence

from archive.model.wording import some_of
from archive.search.errors import QueryError
from archive.search.fold import fold
from archive.search.language import Filter, Query, conditions_as_typed
from archive.search.sql import column_values


def section_names(connection: sqlite3.Connection) -> list[str]:
    """Return the names of all sections, those of the site's lists first, then those that only articles print."""
    listed = connection.execute(
        "SELECT name FROM section WHERE kind = 'section' AND name <> '' ORDER BY section_id"
    )
    printed = (name for name in column_values(connection, "article", "section") if name)
    return list(dict.fromkeys([*(name for (name,) in listed), *printed]))


def has_section(connection: sqlite3.Connection, name: str) -> bool:
    """Tell whether a list or an article has a section of this name, as a search compares names."""
    values = (("article", "section"), ("section", "name"))
    return any(
        fold(name) == fold(value) for place in values for value in column_values(connection, *place) if value
    )


def refuse_unknown_sections(connection: sqlite3.Connection, text: str, query: Query) -> None:
    """Raise ``QueryError`` where a query asks for a section that the archive does not have.  ``text``: as typed."""
    if unknown := unknown_sections(connection, query):
        raise unknown_section(text, unknown[0], section_names(connection))


def unknown_sections(connection: sqlite3.Connection, query: Query) -> list[str]:
    """Return the sections that a query asks for and the archive does not have, folded, in the order typed."""
    asked = (condition for clause in query.clauses for condition in clause)
    names = (c.value for c in asked if isinstance(c, Filter) and c.field == "栏目")
    return [name for name in names if not has_section(connection, name)]


def unknown_section(text: str, name: str, names: Sequence[str]) -> QueryError:
    """Return the error that a query asks for a section, ``name``, folded, while there are others only."""
    there_is = some_of(names, "、", more=" 等，另有 {} 个")
    places = (start for start, typed in conditions_as_typed(text) if name in fold(typed))
    return QueryError(next(places, 0), f"档案里没有栏目“{name}”；有：{there_is}")
