"""Times: UTC as the archive writes it, local as readers see it."""

from datetime import UTC, datetime, timedelta, timezone


def utc_now() -> str:
    """Return the time now as the archive writes it: UTC, whole seconds, ``2024-01-16T02:03:04Z``."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_READERS_ZONE = timezone(timedelta(hours=8))


def readers_today() -> str:
    """Return the day by the reader's clock (UTC+8) now, ``2024-01-16``."""
    return local_time(utc_now())[:10]


def local_time(utc: str | None) -> str:
    """Return a UTC time of the archive as the reader's clock shows it (UTC+8), to the minute."""
    if not utc:
        return "—"
    return datetime.fromisoformat(utc).astimezone(_READERS_ZONE).strftime("%Y-%m-%d %H:%M")
