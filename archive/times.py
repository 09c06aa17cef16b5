"""Times: UTC as the archive writes it, local as readers see it."""

from datetime import UTC, date, datetime, timedelta, timezone


def utc_now() -> str:
    """Return the time now as the archive writes it: UTC, whole seconds, ``2024-01-16T02:03:04Z``."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_READERS_ZONE = timezone(timedelta(hours=8))


def local_time(utc: str | None) -> str:
    """Return a UTC time of the archive as the reader's clock shows it (UTC+8), to the minute."""
    if not utc:
        return "—"
    return datetime.fromisoformat(utc).astimezone(_READERS_ZONE).strftime("%Y-%m-%d %H:%M")


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
