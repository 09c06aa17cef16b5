"""The Chinese of the reasons that the archive holds, for the views: see step 21 of the schema and ``archive.model.reasons``.

Triggers note each new reason; the program puts it into Chinese before it commits.
"""

import sqlite3

from archive.model.reasons import WORDS, in_chinese

_HELD = "SELECT reason FROM failure UNION SELECT reason FROM absence"
_SAID = "SELECT CAST(said AS BLOB), chinese FROM _reason WHERE"  # other software may have written what is no UTF-8
_TRANSLATE = "UPDATE _reason SET chinese = ? WHERE said = CAST(? AS TEXT)"


def translate_reasons(connection: sqlite3.Connection) -> None:
    """Put the reasons that wait into Chinese, before the commit; nothing where the file has no such table yet."""
    if _has_table(connection):
        _translate(connection, "chinese IS NULL")


def renew_reasons(connection: sqlite3.Connection) -> None:
    """Put all reasons into Chinese again where a program with other words did it; nothing where there is no such table."""
    if _has_table(connection) and not _are_ours(connection):
        _translate(connection, "true")
        connection.execute("DELETE FROM _reason_words")
        connection.execute("INSERT INTO _reason_words VALUES (1, ?)", (WORDS,))


def collect_reasons(connection: sqlite3.Connection) -> None:
    """Note the reasons that the archive holds again, and no others."""
    connection.execute("DELETE FROM _reason")
    connection.execute(f"INSERT INTO _reason (said) {_HELD}")
    translate_reasons(connection)


def are_reasons_wrong(connection: sqlite3.Connection) -> bool:
    """Tell whether a reason is not noted, or has another Chinese than this program gave it."""
    if connection.execute(f"{_HELD} EXCEPT SELECT said FROM _reason LIMIT 1").fetchone():
        return True
    if not _are_ours(connection):  # they are put into Chinese again when the archive is next written
        return False
    told = connection.execute(f"{_SAID} chinese IS NOT NULL")
    return any(chinese != _chinese(said) for said, chinese in told)


def _translate(connection: sqlite3.Connection, which: str) -> None:
    said = [said for said, _ in connection.execute(f"{_SAID} {which}")]
    connection.executemany(_TRANSLATE, [(_chinese(reason), reason) for reason in said])


def _chinese(said: bytes) -> str:
    return in_chinese(said.decode(errors="replace"))


def _are_ours(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT digest FROM _reason_words").fetchone() == (WORDS,))


def _has_table(connection: sqlite3.Connection) -> bool:
    sql = "SELECT 1 FROM sqlite_master WHERE name = '_reason_words'"
    return connection.execute(sql).fetchone() is not None
