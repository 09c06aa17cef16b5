"""Which articles an export holds."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from archive.search import matching_ids
from archive.store import Archive


@dataclass(frozen=True, slots=True)
class Selection:
    """A choice of articles; the empty one chooses all."""

    since: str | None = None
    """Published on this day or later, ``2024-01-16``; articles without a date are left out then."""
    until: str | None = None
    query: str = ""
    """A search query."""

    def rows(
        self, archive: Archive, columns: Sequence[str], table: str, key: str
    ) -> Iterator[tuple[Any, ...]]:
        """Yield these columns of a table or view, one row a chosen article, by article number.

        ``key``: the column that holds the article's number.
        """
        names = ", ".join(f'"{name}"' for name in columns)
        parameters: dict[str, Any] = {"since": self.since, "until": self.until, "ids": None}
        if self.query.strip():
            parameters["ids"] = json.dumps(list(matching_ids(archive.connection, self.query)))
        yield from archive.connection.execute(
            f"""SELECT {names} FROM {table} WHERE {key} IN (
                  SELECT article_id FROM article
                  WHERE (:since IS NULL OR published_on >= :since) AND (:until IS NULL OR published_on <= :until)
                    AND (:ids IS NULL OR article_id IN (SELECT value FROM json_each(:ids))))
                ORDER BY {key}""",
            parameters,
        )
