"""A search takes only so long: SQLite asks every now and then whether it may go on."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

from archive.search.errors import SlowQueryError
from archive.search.language import Query, Term

_STEPS = 2_000
"""Instructions of SQLite between two looks at the clock: the looks cost nothing that can be measured.  FTS5 works for
long inside one of its own calls, but reads its pages by SQLite's instructions."""
_SHORT, _LONG = 2, 30
"""Characters of a word that may stand in most articles, and of one that nobody looks for as a whole."""
_NAMED = 5
"""Words that are named."""


def too_slow(query: Query, seconds: float) -> SlowQueryError:
    """Return the error of a search that was stopped after so many seconds: what was too much and what to do."""
    conditions = [condition for clause in query.clauses for condition in clause]
    texts = dict.fromkeys(condition.text for condition in conditions if isinstance(condition, Term))
    short = [text for text in texts if len(text) <= _SHORT]
    longest = max(map(len, texts), default=0)
    much, todo = [f"共 {len(conditions)} 个条件"], []
    if short:
        named = "".join(f"“{text}”" for text in short[:_NAMED]) + ("等" if len(short) > _NAMED else "")
        much.append(f"很短的词（{named}）常常篇篇都有")
        todo.append("把短词写长")
    if longest > _LONG:
        much.append(f"最长的词有 {longest} 个字符")
        todo.append("把长句分成几个词")
    todo.append("减少条件和 OR")
    return SlowQueryError(
        f"检索用了 {seconds:g} 秒还没有答完，已停止：{'，'.join(much)}。请{'，'.join(todo)}。"
    )


@contextmanager
def time_limit(
    connection: sqlite3.Connection, query: Query, seconds: float, *, until: float | None = None
) -> Iterator[None]:
    """Stop what a connection is asked meanwhile once the time is over.  Raises ``SlowQueryError``.

    ``until``: when that is, by ``time.monotonic``, where the seconds began earlier.  Nothing else may have set a
    progress handler on the connection.
    """
    end = time.monotonic() + seconds if until is None else until
    connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if time.monotonic() <= end or "interrupted" not in str(error):
            raise
        raise too_slow(query, seconds) from error
    finally:
        connection.set_progress_handler(None, 0)
