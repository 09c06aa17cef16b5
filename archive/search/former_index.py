"""The index of former texts: what a version said that the one after it says no more.

Two versions share runs of text; whatever stands in the old one and not in the new one touches a character outside these
runs, or goes across a place where two runs meet.  So the index holds these characters and places with ``_AROUND``
characters on either side: of an occurrence of a text that long, or one character longer, it holds all, of a longer one at
least that much.  What it finds are candidates: ``archive.search.former`` looks into the whole version.

Triggers note versions that are replaced (``sql/0018_former.sql``); ``learn_former`` puts them into the index.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import zip_longest

from archive.search.fold import fold

_AROUND = 11
"""Characters kept before and behind what was dropped: names and figures are shorter, a paragraph is much longer."""
_PIECE = (_AROUND + 1) // 2
"""Characters of a piece of a longer text: any ``_AROUND + 1`` characters of it in a row hold a whole piece."""
_GAP = " || "
"""Stands between passages: a word of two characters, so that no phrase of single characters goes across it."""
COLUMNS = ("body", "title", "kicker", "subtitle", "credit_line")
"""Columns of ``article_version`` that the index has, in its order."""


def lost(before: str, after: str) -> str:
    """Return the passages of a text that the one after it has no more, as the index takes them; "" where there are none."""
    old, new = ([line for line in map(fold, text.split("\n")) if line] for text in (before, after))
    text = "".join(old)
    passages: list[list[int]] = []
    for start, end in _cuts(old, new):
        first, last = max(0, start - _AROUND), min(len(text), end + _AROUND)
        if start == end and start in (0, len(text)):
            continue  # nothing goes across
        if passages and first <= passages[-1][1]:
            passages[-1][1] = max(last, passages[-1][1])
        else:
            passages.append([first, last])
    return _GAP.join(" ".join(text[first:last]) for first, last in passages)


def _cuts(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where the lines of the old text, joined, are in no run of the new one: first character and the one behind.

    Both the same: there two runs meet that do not follow each other in the new text.  A run is as many lines as follow
    each other in both texts, and what altered lines between two runs begin and end with alike.
    """
    first_at = {line: number for number, line in reversed(list(enumerate(new)))}
    place = 0
    """Where the altered lines begin in the old text, joined."""
    altered = ""
    following = 0
    """The line of the new text behind the run."""
    for line in old:
        at = following if new[following : following + 1] == [line] and not altered else first_at.get(line)
        if at is None:
            altered += line
            continue
        if altered or at != following:
            yield _cut(place, altered, "".join(new[following:at]))
            place, altered = place + len(altered), ""
        place += len(line)
        following = at + 1
    if altered:
        yield _cut(place, altered, "".join(new[following:]))


def _cut(place: int, altered: str, instead: str) -> tuple[int, int]:
    start = _alike(altered, instead)
    end = _alike(altered[start:][::-1], instead[start:][::-1])
    return place + start, place + len(altered) - end


def _alike(text: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    pairs = enumerate(zip(text, other, strict=False))
    return next((number for number, (a, b) in pairs if a != b), min(len(text), len(other)))


def pieces(folded_term: str) -> Sequence[str]:
    """Return texts of which the index holds at least one where it holds a part of a folded text's occurrence."""
    if len(folded_term) <= _AROUND + 1:
        return (folded_term,)
    return [folded_term[start : start + _PIECE] for start in range(0, len(folded_term) - _PIECE + 1, _PIECE)]


def lost_of(before: bytes | None, after: bytes | None) -> str:
    """As ``lost``, of texts that need not be UTF-8: for SQL."""
    return lost(*((text or b"").decode(errors="replace") for text in (before, after)))


# --- the table ------------------------------------------------------------------------------------------

_PAIR = ", ".join(f"CAST(v.{name} AS BLOB), CAST(n.{name} AS BLOB)" for name in COLUMNS)
_PAIRS = (
    f"SELECT v.version_id, {_PAIR} FROM article_version v"
    " JOIN article_version n ON n.article_id = v.article_id AND n.number = v.number + 1"
)
"""Versions that were replaced: each text and what it became."""
_NAMES = ", ".join(COLUMNS)
_PLACES = ", ".join("?" * len(COLUMNS))
_INSERT = f"INSERT INTO article_fts_former (rowid, {_NAMES}) VALUES (?, {_PLACES})"
_DELETE = (
    f"INSERT INTO article_fts_former (article_fts_former, rowid, {_NAMES}) VALUES ('delete', ?, {_PLACES})"
)
_WAITING = "SELECT version_id FROM article_fts_waiting"

_Row = tuple[int | str, ...]


def _rows(connection: sqlite3.Connection, which: str = "", values: Sequence[int] = ()) -> Iterator[_Row]:
    """Yield what the index has of replaced versions: number, then columns."""
    for version_id, *texts in connection.execute(f"{_PAIRS} {which} ORDER BY v.version_id", values):
        passages = [lost_of(*pair) for pair in zip(texts[::2], texts[1::2], strict=True)]
        if any(passages):
            yield version_id, *passages


def learn_former(connection: sqlite3.Connection) -> None:
    """Put the versions that wait into the index, before the commit; nothing where the file has no such index yet."""
    if _has_index(connection) and connection.execute(f"{_WAITING} LIMIT 1").fetchone():
        connection.executemany(_INSERT, _rows(connection, f"WHERE v.version_id IN ({_WAITING})"))
        connection.execute("DELETE FROM article_fts_waiting")


def forget_former(connection: sqlite3.Connection, article_id: int) -> None:
    """Take the former texts of an article out of the index, while its versions still are there."""
    if _has_index(connection):
        known = f"WHERE v.article_id = ? AND v.version_id NOT IN ({_WAITING})"
        connection.executemany(_DELETE, _rows(connection, known, (article_id,)))
        of_article = "SELECT version_id FROM article_version WHERE article_id = ?"
        connection.execute(
            f"DELETE FROM article_fts_waiting WHERE version_id IN ({of_article})", (article_id,)
        )


def reindex_former(connection: sqlite3.Connection) -> None:
    """Build the index again from the versions; nothing where the file has no such index yet."""
    if not _has_index(connection):
        return
    connection.execute("DELETE FROM article_fts_waiting")
    connection.execute("INSERT INTO article_fts_former (article_fts_former) VALUES ('delete-all')")
    connection.executemany(_INSERT, _rows(connection))
    connection.execute("INSERT INTO article_fts_former (article_fts_former) VALUES ('optimize')")


def former_index_ok(connection: sqlite3.Connection) -> str:
    """Return "" when the index holds exactly what the versions tell, else what is wrong with it.

    It is made again in memory, and compared word by word.
    """
    made = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'article_fts_former'").fetchone()
    if made is None or not _has_index(connection):
        return "tables of the index of former texts are missing"
    if connection.execute(_WAITING).fetchone():
        return "the index of former texts does not know versions that another program wrote"
    with closing(sqlite3.connect(":memory:")) as again:
        again.execute(made[0])
        again.executemany(_INSERT, _rows(connection))
        try:
            with _words(connection) as found, _words(again) as wanted:
                same = all(word == other for word, other in zip_longest(found, wanted))
        except sqlite3.DatabaseError as error:
            return f"the index of former texts cannot be read: {error}"
    return "" if same else "the index of former texts does not hold what the versions tell"


@contextmanager
def _words(connection: sqlite3.Connection) -> Iterator[sqlite3.Cursor]:
    """Give every word of the index with its version, column and place, in the index's order."""
    vocabulary = "temp.article_fts_former_word"
    connection.execute(
        f"CREATE VIRTUAL TABLE {vocabulary} USING fts5vocab(main, article_fts_former, instance)"
    )
    with closing(connection.execute(f"SELECT term, doc, col, offset FROM {vocabulary}")) as words:
        yield words
    connection.execute(f"DROP TABLE {vocabulary}")


def _has_index(connection: sqlite3.Connection) -> bool:
    sql = "SELECT 1 FROM sqlite_master WHERE name = 'article_fts_waiting'"
    return connection.execute(sql).fetchone() is not None
