"""Labels and names in English, as pages in English print them: ``By Wen Xiaoman, Yunting Daily``."""

import re

from zhijiang_spider.vocabulary import words
from zhijiang_spider.vocabulary.roles import ENGLISH

_IN_ROWS = frozenset(words("english.only_in_rows"))
_ALL = "|".join(re.escape(label) for label in sorted(ENGLISH, key=len, reverse=True))
_LABELS = "|".join(
    re.escape(label) for label in sorted(ENGLISH, key=len, reverse=True) if label not in _IN_ROWS
)
_BY = "|".join(re.escape(label) for label in sorted(ENGLISH, key=len, reverse=True) if label.endswith("by"))
LABEL = re.compile(
    rf"(?<![\w'’.-])(?:(?P<label>{_LABELS}) {{0,2}}[:：]|(?P<by>{_BY})(?= {{1,3}}[A-Z]))", re.IGNORECASE
)
"""A label with its colon, or one that ends in ``by`` before a capital."""
IN_ROW = re.compile(rf"(?<![\w'’.-])(?P<label>{_ALL}) {{0,2}}[:：/／|｜丨] {{0,2}}(?=[A-Z])", re.IGNORECASE)
"""A label in a row of several such pairs: ``Text / Wen Xiaoman  Photo / Qiao An``."""
_WORD = r"[A-ZÀ-Þ][A-Za-zÀ-ɏ'’.-]*"
_NAME = re.compile(rf"{_WORD}(?: {{1,3}}{_WORD}){{0,3}}")
_PLACE = re.compile(rf" {{1,3}}in {{1,3}}{_WORD}(?:,? {{1,3}}{_WORD}){{0,3}}$")
_BETWEEN = re.compile(r" {0,3}(?:, {0,3}and\b|\band\b|[,&、，;/|]) {0,3}")
_OUTLETS = frozenset(words("english.outlets"))
_NOT_NAMES = frozenset(words("english.not_names"))
_MOST = 8
MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}"
"""A month in English, cut or not."""


def is_outlet(text: str) -> bool:
    """Tell whether a text ends as outlets' names do: ``Yunting Daily``."""
    return _NAME.fullmatch(text.strip()) is not None and text.split()[-1].lower() in _OUTLETS


def names_in(value: str, *, whole: bool) -> list[tuple[str, str | None]] | None:
    """Return the (name, outlet) pairs of a label's value; None where it says something else.

    ``whole``: a name has two words at least, as behind ``By``, which stands in sentences too.
    """
    value = _PLACE.sub("", value)
    names: list[str] = []
    for part in _BETWEEN.split(value):
        if names and is_outlet(part) and _NAME.fullmatch(part):
            return [(name, part) for name in names] if value.endswith(part) else None
        if not _is_name(part) or (whole and " " not in part) or len(names) == _MOST:
            return None
        names.append(part)
    return [(name, None) for name in names]


def _is_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None and not _NOT_NAMES & set(text.lower().split())


def is_byline(text: str) -> bool:
    """Tell whether a line opens with a label and what may be a name: ``Editor: …``, ``By Wen Xiaoman``."""
    found = LABEL.match(text.lstrip(" ([（"))
    if found is None or len(text) > _LONGEST:
        return False
    value = text.lstrip(" ([（")[found.end() :].lstrip()
    first = _NAME.match(value)
    return first is not None and (found["label"] is not None or " " in first[0]) and "." not in value[-1:]


_LONGEST = 160
