"""Many names in one sentence."""

from collections.abc import Iterable

MOST_NAMED = 12
"""So many are named one by one."""


def some_of(names: Iterable[str], separator: str = ", ", *, more: str = " and {} more") -> str:
    """Return the first names, and how many more there are; "-" for none."""
    every = list(names)
    rest = more.format(len(every) - MOST_NAMED) if len(every) > MOST_NAMED else ""
    return (separator.join(every[:MOST_NAMED]) or "-") + rest
