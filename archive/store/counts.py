"""What the file counts of itself as rows come and go (steps 16, 17, 20 and 21 of the schema): found whole or not, counted again.

Triggers keep it, whoever writes; a program that drops them, or REPLACEs rows, leaves it behind.
"""

import sqlite3

from archive.store.reasons import are_reasons_wrong, collect_reasons

_LISTED = "SELECT listing_id, section_id, archived, day FROM _listed_now"
_ARTICLES = "SELECT 1, count(*) FROM article"
_DUE = "SELECT article_id, site, due FROM _due_now"
_UNFETCHED = "SELECT url FROM image UNION SELECT url FROM attachment EXCEPT SELECT url FROM media_address"
_IN_SECTION = "SELECT DISTINCT article_id, name, day, counted, bare FROM _in_section_now"
_FORMER_CREDIT = "SELECT article_id, role, name FROM article_fts_former_credit_now"
_SIZES = "SELECT section_id, count(*), sum(archived) FROM _listed_now GROUP BY section_id"


def recount(connection: sqlite3.Connection) -> None:
    """Count all of it again."""
    for table, rows in (
        ("_listed", _LISTED),  # a trigger of its own counts the sections
        ("_archive_size", _ARTICLES),
        ("_due", _DUE),
        ("_unfetched", _UNFETCHED),
        ("_in_section", _IN_SECTION),
        ("_former_credit", _FORMER_CREDIT),
    ):
        connection.execute(f"DELETE FROM {table}")
        if table == "_listed":
            connection.execute("DELETE FROM _section_size")
        connection.execute(f"INSERT INTO {table} {rows}")
    collect_reasons(connection)


def miscounted(connection: sqlite3.Connection) -> list[str]:
    """Return the tables that do not say what the rows do that they tell of."""
    differs = {
        "_listed": f"SELECT * FROM ({_LISTED} EXCEPT SELECT * FROM _listed)"
        f" UNION ALL SELECT * FROM (SELECT * FROM _listed EXCEPT {_LISTED})",
        "_section_size": f"{_SIZES} EXCEPT SELECT * FROM _section_size",
        "_archive_size": f"{_ARTICLES} EXCEPT SELECT * FROM _archive_size",
        "_due": f"{_DUE} EXCEPT SELECT * FROM _due",  # a time too early costs a look, no more
        "_unfetched": f"{_UNFETCHED} EXCEPT SELECT * FROM _unfetched",  # nor does an address of no article
        "_in_section": f"SELECT * FROM ({_IN_SECTION} EXCEPT SELECT * FROM _in_section)"
        f" UNION ALL SELECT * FROM (SELECT * FROM _in_section EXCEPT {_IN_SECTION})",
        "_former_credit": f"SELECT * FROM ({_FORMER_CREDIT} EXCEPT SELECT * FROM _former_credit)"
        f" UNION ALL SELECT * FROM (SELECT * FROM _former_credit EXCEPT {_FORMER_CREDIT})",
    }
    wrong = [
        table for table, sql in differs.items() if connection.execute(f"{sql} LIMIT 1").fetchone() is not None
    ]
    return [*wrong, *(["_reason"] if are_reasons_wrong(connection) else [])]
