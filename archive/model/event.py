"""What is done with an archive besides crawling."""

from enum import StrEnum


class EventType(StrEnum):
    """A PREMIS event type."""

    EXPORT = "export"
    VALIDATION = "validation"
    REPLICATION = "replication"
    """A copy was made (``zhijiang snapshot``)."""
    INGESTION = "ingestion"
    """The archive was built from a package."""
    TIME_STAMP = "time-stamp"
    """An authority's answer over a head was attached (``zhijiang seal attach``); PREMIS has no word of its own."""
    METADATA_MODIFICATION = "metadata modification"
    """Decisions of archivists, or articles derived again."""
