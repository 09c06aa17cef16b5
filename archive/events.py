"""What was done with an archive besides crawling: rows that are never changed."""

import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from archive.store import Archive, utc_now


def record_event(path: Path, kind: str, detail: Mapping[str, Any], *, success: bool = True) -> None:
    """Write an event into the archive file.

    ``kind``: a PREMIS event type, ``export`` or ``validation``.  ``detail``: anything for JSON.
    Raises ``ArchiveError``, also where the file is read-only, and ``ArchiveBusy``.
    """
    with Archive.open(path, create=False) as archive:
        archive.begin()
        archive.connection.execute(
            "INSERT INTO event (type, at, agent, outcome, detail) VALUES (?, ?, ?, ?, ?)",
            (
                kind,
                utc_now(),
                f"zhijiang {version('zhijiang')}",
                "success" if success else "failure",
                json.dumps(detail, ensure_ascii=False),
            ),
        )
        archive.commit()
