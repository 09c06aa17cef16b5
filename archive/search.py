"""How Chinese is searched: query text → one FTS5 expression → ranked hits with marked snippets.

The index (``sql/0002_search.sql``) holds every character as a token of its own, so a term matches exactly
where its characters stand next to each other in title, body or credit line; blanks, line breaks, zero-width
characters, the case of Latin letters and full or half width make no difference.  The views ``检索`` and
``检索编号`` give the same answers to anyone with a plain SQLite shell.
"""

import sqlite3
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

MAX_QUERY = 1000
"""Characters of the longest query."""
SNIPPET_BEFORE, SNIPPET_AFTER = 18, 24
"""Characters shown around a found term."""

_QUOTES = {'"': '"', "“": "”", "「": "」", "『": "』"}
_IGNORED = frozenset(("Zs", "Zl", "Zp", "Cc", "Cf", "Cs"))
"""Unicode categories that are no tokens of the index."""


class QueryError(ValueError):
    """A query that cannot be read: says where and why."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word or phrase of a query."""

    text: str
    negated: bool = False
    """Articles with it are left out."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found."""

    article_id: int
    title: str
    published_on: str | None
    section: str
    url: str
    snippet: str
    """Text around what was found, each term between 【 and 】; the beginning of the text where only the
    title holds it."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found."""

    total: int
    """How many articles, exactly."""
    hits: tuple[Hit, ...]
    """The best of them, best first."""


def parse_query(text: str) -> tuple[Term, ...]:
    """Read a query: terms parted by blanks, all of which must occur.

    ``-词`` leaves out articles with 词; ``"…"``, ``“…”`` or ``「…」`` hold a term with blanks together.
    Raises ``QueryError``: too long, a quote that is not closed, nothing to look for.
    """
    if len(text) > MAX_QUERY:
        raise QueryError(f"the query has {len(text)} characters; at most {MAX_QUERY} are read")
    terms = tuple(_terms(text))
    if not any(not term.negated for term in terms):
        raise QueryError("the query names nothing to look for; give at least one word without a minus")
    return terms


def search(connection: sqlite3.Connection, query: str, *, limit: int = 20, offset: int = 0) -> SearchResult:
    """Search titles, bodies and credit lines; the best hits first (title before credits before body).

    ``limit`` and ``offset`` count articles.  Raises ``QueryError``.
    """
    terms = parse_query(query)
    match = _match_expression(terms)
    total = connection.execute(
        "SELECT count(*) FROM article_fts WHERE article_fts MATCH ?", (match,)
    ).fetchone()[0]
    rows = connection.execute(
        """SELECT a.article_id, a.title, a.published_on, a.section, a.url, a.body, a.credit_line
           FROM (SELECT rowid, rank FROM article_fts WHERE article_fts MATCH ? ORDER BY rank, rowid LIMIT ? OFFSET ?) AS f
           JOIN article a ON a.article_id = f.rowid ORDER BY f.rank, f.rowid""",
        (match, limit, offset),
    ).fetchall()
    wanted = [term.text for term in terms if not term.negated]
    hits = tuple(
        Hit(article_id, title, published_on, section, url, _snippet(f"{body}\n{credit_line}", wanted))
        for article_id, title, published_on, section, url, body, credit_line in rows
    )
    return SearchResult(int(total), hits)


def matching_ids(connection: sqlite3.Connection, query: str) -> list[int]:
    """Return the numbers of all articles a query finds, in ascending order.  Raises ``QueryError``."""
    match = _match_expression(parse_query(query))
    rows = connection.execute(
        "SELECT rowid FROM article_fts WHERE article_fts MATCH ? ORDER BY rowid", (match,)
    )
    return [row[0] for row in rows]


def reindex(connection: sqlite3.Connection) -> None:
    """Build the index again from the articles."""
    connection.execute("INSERT INTO article_fts (article_fts) VALUES ('rebuild')")


def index_is_right(connection: sqlite3.Connection) -> bool:
    """Compare the index with the articles, word for word.

    The rank 1 makes FTS5 look at the articles too; without it a stale index passes.
    """
    try:
        connection.execute("INSERT INTO article_fts (article_fts, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError:
        return False
    return True


def _terms(text: str) -> Iterator[Term]:
    """Yield the terms of a query; what holds no character of the index is passed over."""
    at = 0
    while at < len(text):
        if unicodedata.category(text[at]) in _IGNORED:
            at += 1
            continue
        negated = text[at] in "-－" and at + 1 < len(text) and not text[at + 1].isspace()
        start = at + negated
        if start < len(text) and (closing := _QUOTES.get(text[start])):
            end = text.find(closing, start + 1)
            if end < 0:
                raise QueryError(f"the quote {text[start]} at character {start + 1} is not closed")
            term, at = text[start + 1 : end], end + 1
        else:
            end = start
            while end < len(text) and not text[end].isspace():
                end += 1
            term, at = text[start:end], end
        if _folded(term):
            yield Term(term, negated)


def _match_expression(terms: tuple[Term, ...]) -> str:
    wanted = " AND ".join(_phrase(term.text) for term in terms if not term.negated)
    unwanted = "".join(f" NOT {_phrase(term.text)}" for term in terms if term.negated)
    return f"({wanted}){unwanted}"


def _phrase(term: str) -> str:
    """Return an FTS5 string; inside it nothing but a doubled quote has a meaning."""
    return '"' + " ".join(_folded(term)).replace('"', '""') + '"'


def _folded(text: str) -> str:
    """Return the characters the index compares, before it folds their case."""
    return "".join(_half_width(char) for char in text if unicodedata.category(char) not in _IGNORED)


def _half_width(char: str) -> str:
    return chr(ord(char) - 0xFEE0) if "！" <= char <= "～" else char


def _snippet(text: str, terms: list[str]) -> str:
    """Return the text around the first place of each term, the term between 【 and 】."""
    places = [at for at, char in enumerate(text) if unicodedata.category(char) not in _IGNORED]
    folded = "".join(_lower(_half_width(text[at])) for at in places)
    spans = []
    for term in terms:
        wanted = "".join(_lower(char) for char in _folded(term))
        found = folded.find(wanted)
        if found >= 0:
            spans.append((places[found], places[found + len(wanted) - 1] + 1))
    if not spans:
        return " ".join(text[:60].split())
    pieces: list[str] = []
    shown = 0
    for number, (start, end) in enumerate(sorted(spans)):
        if start < shown:  # inside what is marked already
            continue
        begin = max(shown, start - SNIPPET_BEFORE)
        if begin > shown or (number == 0 and begin > 0):
            pieces.append("…")
        after = min((s for s, _ in spans if s >= end), default=len(text))
        stop = min(len(text), end + SNIPPET_AFTER, after)
        pieces.append(f"{text[begin:start]}【{text[start:end]}】{text[end:stop]}")
        shown = stop
    if shown < len(text):
        pieces.append("…")
    return " ".join("".join(pieces).split())


def _lower(char: str) -> str:
    """Fold one character's case without changing its length."""
    lowered = char.lower()
    return lowered if len(lowered) == 1 else char
