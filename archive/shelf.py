"""Several archives asked as one: opened once, asked many times, their hits merged by day.

Each question is put to every file and the answers are merged; no index over all of them has to be kept.
Relevance is no order here: how rare a word is differs from file to file.
Restricted articles are found like others: a shelf is its operator's, not a reader's.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from heapq import merge
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Generic, Self, TypeVar

from archive.search.deadline import time_limit
from archive.search.language import Query, parse_query
from archive.search.query import Facets, Hit, Order, count, facets, matching, search
from archive.search.sections import section_names, unknown_section, unknown_sections
from archive.store.access import restricted_ids
from archive.store.archive import BUSY_SECONDS, Archive
from archive.store.errors import ArchiveError, clear_errors
from archive.store.read import archive_title

MOST_OPEN = 200
"""Files that stay open: while a crawl writes each takes three of the 1,024 that Linux gives a program.

Of more archives the others are opened for every question, and closed again."""

Answer = TypeVar("Answer")
Value = TypeVar("Value", bound=str | tuple[str, str])


class Volume:
    """One archive on a shelf."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.title = path.name
        """What the archive is called, after its site; the name of its file until it was read."""
        self.sites: frozenset[str] = frozenset()
        """Names of the sites in it; none until it was read."""
        self.archive: Archive | None = None
        """None while it is closed."""
        self._file: tuple[int, int] | None = None

    def open(self, timeout: float) -> Archive:
        """Return the archive, opened where it is not, or where another file has its name now.

        Raises ``ArchiveError``, ``sqlite3.DatabaseError``, ``OSError``.
        """
        if self.archive is None or self._file != _file_of(self.path):
            self.close()
            file = _file_of(self.path)
            archive = self.archive = Archive.read(self.path, timeout=timeout)
            self._file = file
            self.title = archive_title(archive)
            sites = archive.connection.execute("SELECT DISTINCT site FROM crawl")
            self.sites = frozenset(site for (site,) in sites)
        return self.archive

    def close(self) -> None:
        """Close the file; the next question opens it again."""
        if self.archive is not None:
            self.archive.close()
            self.archive = None


def _file_of(path: Path) -> tuple[int, int] | None:
    """Return which file has a name, None where none has it."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


@dataclass(frozen=True, slots=True)
class Answers(Generic[Answer]):
    """What every archive answered, in the order of the shelf."""

    of: tuple[tuple[Volume, Answer], ...]
    unread: tuple[ArchiveError, ...]
    """Why each of the others did not: it names the file."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits of all archives, and how many there are in each."""

    hits: tuple[tuple[Volume, Hit], ...]
    totals: tuple[tuple[Volume, int], ...]
    """In the order of the shelf."""
    restricted: frozenset[tuple[Path, int]]
    """(file, number) of the restricted articles in the archives that have hits on this page."""
    unread: tuple[ArchiveError, ...]
    """Why each archive that is not in ``totals`` could not be read: it names the file."""

    @property
    def total(self) -> int:
        """How many hits there are in all."""
        return sum(number for _, number in self.totals)


class Shelf:
    """Archives that are asked together.  Use it as a context manager, in one thread.

    While it stands open, a crawl that ends leaves its write-ahead log beside its file, as beside any reader's.
    """

    def __init__(
        self, paths: Iterable[Path], *, timeout: float = BUSY_SECONDS, seconds: float = 30.0
    ) -> None:
        """Put archives on the shelf, each file once; the first question opens them.

        ``timeout``: seconds to wait for one that another program has locked.  One that cannot be read is asked again
        with the next question.  ``seconds``: how long a search may take, in all of them together.
        """
        self.volumes = tuple(map(Volume, paths))
        self._timeout = timeout
        self._seconds = seconds

    def __enter__(self) -> Self:
        """Return the shelf itself."""
        return self

    def __exit__(
        self, error_type: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close all files."""
        for volume in self.volumes:
            volume.close()

    def ask(
        self, question: Callable[[Archive], Answer], volumes: Iterable[Volume] | None = None
    ) -> Answers[Answer]:
        """Put a question to every archive, or to some.  A file that cannot be read costs its own answer only."""
        answers: list[tuple[Volume, Answer]] = []
        unread: list[ArchiveError] = []
        for volume in self.volumes if volumes is None else volumes:
            try:
                with clear_errors(volume.path):
                    answers.append((volume, question(volume.open(self._timeout))))
            except ArchiveError as error:
                unread.append(error)
                volume.close()
            if sum(each.archive is not None for each in self.volumes) > MOST_OPEN:
                volume.close()
        return Answers(tuple(answers), tuple(unread))

    def _end(self) -> float:
        """Return when the search that begins now has to be over, by ``time.monotonic``."""
        return time.monotonic() + self._seconds

    def _search(
        self,
        query: Query,
        end: float,
        question: Callable[[Archive], Answer],
        volumes: Iterable[Volume] | None = None,
    ) -> Answers[Answer]:
        def in_time(archive: Archive) -> Answer:
            with time_limit(archive.connection, query, self._seconds, until=end):
                return question(archive)

        return self.ask(in_time, volumes)

    def refuse_unknown_sections(self, text: str, query: Query) -> None:
        """Raise ``QueryError`` where a query asks for a section that no archive has.  ``text``: as typed.

        An archive that cannot be read may have it.
        """
        asked = self.ask(lambda archive: unknown_sections(archive.connection, query))
        if asked.unread or not asked.of:
            return
        first, *others = (unknown for _, unknown in asked.of)
        if nowhere := [name for name in first if all(name in unknown for unknown in others)]:
            names = self.ask(lambda archive: section_names(archive.connection))
            there_are = dict.fromkeys(name for _, some in names.of for name in some)
            raise unknown_section(text, nowhere[0], list(there_are))

    def count(self, query: str | Query) -> Answers[int]:
        """Return how many articles a query finds in each archive.  Raises ``QueryError``, ``SlowQueryError``."""
        asked = _read(query)
        return self._search(asked, self._end(), lambda archive: count(archive.connection, asked))

    def facets(self, query: str | Query, *, limit: int = 20) -> tuple[Facets, tuple[ArchiveError, ...]]:
        """Return what the hits of all archives are made of, and why some could not be read.

        Raises ``QueryError``, ``SlowQueryError``.
        """
        asked = _read(query)
        every = partial(facets, query=asked, limit=sys.maxsize)
        answers = self._search(asked, self._end(), lambda archive: every(archive.connection))
        return _together([found for _, found in answers.of], limit), answers.unread

    def search(
        self, query: str | Query, *, limit: int = 20, offset: int = 0, order: Order | str = Order.NEWEST
    ) -> Found:
        """Return a page of the hits of all archives, the newest or the oldest first, and the exact totals.

        Hits of one day come in the order of the shelf; those without a date come last.
        Raises ``QueryError``, ``SlowQueryError``; ``ValueError`` for an order that is none, or that archives do not share.
        """
        asked, order = _read(query), Order(order)
        if order is Order.RELEVANCE:
            raise ValueError(
                "relevance is no order of several archives: choose the newest or the oldest first"
            )
        end = self._end()
        with self._at_one_moment():
            answers = self._search(asked, end, partial(_days, query=asked, first=offset + limit, order=order))
            days, unread = dict(answers.of), list(answers.unread)
            while True:
                page, before = _merged(days, limit, offset, order)
                pages = {
                    volume: self._search(
                        asked,
                        end,
                        partial(
                            _hits,
                            query=asked,
                            limit=page.count(volume),
                            offset=before[volume],
                            order=order,
                            as_of=days[volume].as_of,
                        ),
                        [volume],
                    )
                    for volume in dict.fromkeys(page)
                }
                errors = {volume: answers.unread for volume, answers in pages.items() if answers.unread}
                if not errors:
                    break
                unread += [error for some in errors.values() for error in some]
                # their days could be read, their texts cannot: the page is made of the others
                days = {volume: told for volume, told in days.items() if volume not in errors}
        read = {volume: answer for answers in pages.values() for volume, answer in answers.of}
        hits = {volume: iter(some) for volume, (some, _) in read.items()}
        return Found(
            hits=tuple((volume, hit) for volume in page for hit in islice(hits[volume], 1)),
            totals=tuple((volume, told.total) for volume, told in days.items()),
            restricted=frozenset((volume.path, n) for volume, (_, some) in read.items() for n in some),
            unread=tuple(unread),
        )

    @contextmanager
    def _at_one_moment(self) -> Iterator[None]:
        """Let what ``_days`` has begun to read stay as it was; of files that are opened twice only new articles are."""
        try:
            yield
        finally:
            for volume in self.volumes:
                if volume.archive is not None:
                    volume.archive.connection.rollback()


@dataclass(frozen=True, slots=True)
class _Days:
    """The days of the first hits of one archive, and how many hits there are in all."""

    total: int
    as_of: int
    days: Sequence[str]
    """"" for none."""


def _days(archive: Archive, query: Query, first: int, order: Order) -> _Days:
    connection = archive.connection
    if not connection.in_transaction:
        connection.execute("BEGIN")
    sql, parameters = matching(connection, query)
    by = "published_on NULLS LAST, a.article_id"
    if order is Order.NEWEST:
        by = "published_on DESC NULLS LAST, a.article_id DESC"
    rows = connection.execute(
        f"""WITH hit(id) AS MATERIALIZED ({sql})
            SELECT a.published_on, (SELECT count(*) FROM hit), (SELECT max(article_id) FROM main.article)
            FROM hit CROSS JOIN main.article AS a INDEXED BY ix_article_facet ON a.article_id = hit.id
            ORDER BY {by} LIMIT ?""",
        (*parameters, first),
    ).fetchall()
    total, as_of = rows[0][1:] if rows else (0, 0)
    return _Days(total, as_of, [str(day or "") for day, _, _ in rows])


def _hits(
    archive: Archive, query: Query, limit: int, offset: int, order: Order, as_of: int
) -> tuple[tuple[Hit, ...], frozenset[int]]:
    """Return a page of the hits of one archive, and the numbers of all its restricted articles."""
    found = search(archive.connection, query, limit=limit, offset=offset, order=order, as_of=as_of)
    return found.hits, restricted_ids(archive)


def _merged(
    days: Mapping[Volume, _Days], limit: int, offset: int, order: Order
) -> tuple[list[Volume], Counter[Volume]]:
    """Return whose hits make a page, in its order, and how many of each archive's hits come before it."""
    last = "" if order is Order.NEWEST else "\uffff"

    def dated(volume: Volume) -> Iterator[tuple[str, Volume]]:
        return ((day or last, volume) for day in days[volume].days)

    every = merge(*map(dated, days), key=lambda found: found[0], reverse=order is Order.NEWEST)
    volumes = [volume for _, volume in islice(every, offset + limit)]
    return volumes[offset:], Counter(volumes[:offset])


def _together(found: Sequence[Facets], limit: int) -> Facets:
    """Return the sum of what the hits of several archives are made of, none of which left out a value."""
    pictures = dict(_most(each.pictures for each in found))
    credits = _most((((name, role), n) for role, name, n in each.credits) for each in found)
    return Facets(
        sections=_most(each.sections for each in found)[:limit],
        sources=_most(each.sources for each in found)[:limit],
        years=tuple(sorted(_most(each.years for each in found))),
        states=_most(each.states for each in found),
        pictures=tuple((value, pictures[value]) for value in ("有", "无") if value in pictures),
        credits=tuple((role, name, n) for (name, role), n in credits[:limit]),
    )


def _most(counts: Iterable[Iterable[tuple[Value, int]]]) -> tuple[tuple[Value, int], ...]:
    """Return the sums of counts by value, the most frequent first."""
    sums: Counter[Value] = Counter()
    for some in counts:
        for value, number in some:
            sums[value] += number
    return tuple(sorted(sums.items(), key=lambda pair: (-pair[1], pair[0])))


def _read(query: str | Query) -> Query:
    return parse_query(query) if isinstance(query, str) else query
