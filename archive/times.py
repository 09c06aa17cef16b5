"""Times: UTC as the archive writes it, Beijing time as people read it.

The clock of readers is one for all sites: ``published_on`` is a day of it, and columns say its name.
"""

from datetime import UTC, date, datetime, timedelta, timezone

BEIJING = "（北京时间）"
"""How the name of a column ends whose times are those of readers; such a name needs no quotes in SQL."""
_READERS_ZONE = timezone(timedelta(hours=8))


def utc_now() -> str:
    """Return the time now as the archive writes it: UTC, whole seconds, ``2024-01-16T02:03:04Z``."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def local_time(utc: str | None) -> str:
    """Return a UTC time of the archive as the reader's clock shows it (UTC+8), to the minute; what is no time as it is."""
    return _local(utc, "%Y-%m-%d %H:%M") if utc else "—"


def local_second(utc: str) -> str:
    """Return a UTC time of the archive as the reader's clock shows it (UTC+8), to the second, as views do."""
    return _local(utc, "%Y-%m-%d %H:%M:%S")


def local_iso(utc: str) -> str:
    """Return a UTC time of the archive by the reader's clock, with its distance: ``2024-01-16T10:03:04+08:00``."""
    return _local(utc, "%Y-%m-%dT%H:%M:%S+08:00")


def beijing_minute(utc: str) -> str:
    """Return a UTC time of the archive as English sentences tell it: ``2024-01-16 10:03 Beijing time``."""
    return f"{local_time(utc)} Beijing time"


def readers_today() -> date:
    """Return the day by the reader's clock (UTC+8) now."""
    return datetime.fromisoformat(utc_now()).astimezone(_READERS_ZONE).date()


def days_in_utc(first: date, last: date) -> tuple[str, str]:
    """Return when the first of these days of readers begins and when the last one is over, UTC as the archive writes it."""
    midnights = (
        datetime(d.year, d.month, d.day, tzinfo=_READERS_ZONE) for d in (first, last + timedelta(days=1))
    )
    begin, end = (f"{midnight.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for midnight in midnights)
    return begin, end


def _local(utc: str, form: str) -> str:
    try:
        return datetime.fromisoformat(utc).astimezone(_READERS_ZONE).strftime(form)
    except (ValueError, OverflowError):  # other software wrote it
        return utc
