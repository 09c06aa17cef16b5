"""What a query finds, as a set of articles: for comparing it with the truth, hit by hit."""

import sqlite3

from archive.search.language import Query
from archive.search.query import matching


def matching_ids(connection: sqlite3.Connection, query: str | Query) -> list[int]:
    """Return the numbers of all articles that a query finds, ascending."""
    sql, parameters = matching(connection, query)
    return [number for (number,) in connection.execute(f"{sql} ORDER BY 1", parameters)]
