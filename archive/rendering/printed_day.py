"""On which day a version of an article was published, by what is stored of it: a day, none, or only what was printed."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s*[-/.年]\s*(\d\d?)\s*[-/.月]\s*(\d\d?)(?!\d)",
    re.ASCII,
)
_ELSEWHERE = re.compile(r"\d(?:Z|\s*(?:UTC|GMT)|[+-]\d\d:?\d\d)\s*$", re.ASCII)
"""A moment by another clock may be of another day here."""


def day_of_version(versions: Iterable[Mapping[str, Any]], number: int, raw: str, current: str) -> str:
    """Return the local day, ``2024-01-16``, that a version said it was published on, "" where that is not known.

    ``versions``: of the article, each with ``number`` and ``changed``; ``raw``: the date as this version printed it;
    ``current``: the day that the current version says, "" for none.  Where no later version changed the date, that is
    the day; else it is the one that is printed with its year, if only one is.
    """
    if not any(v["number"] > number and "published_raw" in v["changed"] for v in versions):
        return current
    return _printed(raw)


def _printed(raw: str) -> str:
    text = unicodedata.normalize("NFKC", raw)
    found = set(_DAY.findall(text))
    if len(found) != 1 or _ELSEWHERE.search(text):
        return ""
    try:
        return date(*map(int, found.pop())).isoformat()
    except ValueError:  # no day of the calendar
        return ""
