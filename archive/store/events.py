"""What was done with an archive besides crawling: rows that are never changed."""

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from archive.model.event import EventType
from archive.store.archive import Archive
from archive.store.errors import ArchiveError
from archive.times import utc_now


def record_event(
    path: Path, event_type: EventType, detail: Mapping[str, Any], *, success: bool = True
) -> None:
    """Write an event into the archive file; see ``save_event``.

    Raises ``ArchiveError``, also where the file is read-only, and ``ArchiveBusy``.
    """
    with Archive.open(path, create=False) as archive:
        archive.begin()
        try:
            save_event(archive, event_type, detail, success=success)
        except sqlite3.Error as error:
            raise ArchiveError(f"{path}: cannot be written: {error}") from error
        archive.commit()


def save_event(
    archive: Archive, event_type: EventType, detail: Mapping[str, Any], *, success: bool = True
) -> None:
    """Write an event into an archive that is open for writing, in its open batch or on its own, and seal it.

    ``detail``: anything for JSON.
    """
    from importlib.metadata import version

    from archive.store.seals import seal, seal_strangers

    with archive.transaction():
        if event_type is not EventType.INGESTION:  # an import has written all that there is
            seal_strangers(archive, "event")
        cursor = archive.connection.execute(
            "INSERT INTO event (type, at, agent, outcome, detail) VALUES (?, ?, ?, ?, ?)",
            (
                event_type,
                utc_now(),
                f"zhijiang {version('zhijiang')}",
                "success" if success else "failure",
                json.dumps(detail, ensure_ascii=False),
            ),
        )
        seal(archive, f"event {cursor.lastrowid}: {event_type}", ("event",))
