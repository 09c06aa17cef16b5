"""Counts, many names, and lengths of time, in a sentence."""

from collections.abc import Iterable
from datetime import timedelta

MOST_NAMED = 12
"""So many are named one by one."""


def plural(number: float, several: str = "s", one: str = "") -> str:
    """Return the ending or the word that goes with a number: ``page{plural(2)}``, ``{plural(2, "are", "is")}``."""
    return one if number == 1 else several


def some_of(names: Iterable[str], separator: str = ", ", *, more: str = " and {} more") -> str:
    """Return the first names, and how many more there are; "-" for none."""
    every = list(names)
    rest = more.format(len(every) - MOST_NAMED) if len(every) > MOST_NAMED else ""
    return (separator.join(every[:MOST_NAMED]) or "-") + rest


def hours(length: timedelta) -> str:
    """Return a length of time in hours, or in minutes where it is no whole number of hours."""
    whole, rest = divmod(length, timedelta(hours=1))
    return f"{length / timedelta(minutes=1):g} minutes" if rest else f"{whole} hour{plural(whole)}"
