"""Names of people and of outlets, as credit lines print them."""

import re
from functools import lru_cache

from zhijiang_spider.vocabulary import any_of, words

SURNAMES = {surname: rank for rank, surname in enumerate("".join(words("names.surnames")))}
"""Surname of one character → its rank by how many people bear it (0 = most), roughly."""

EVERYDAY_SURNAMES = frozenset("".join(words("names.everyday_surnames")))
"""Rare surnames that begin everyday words, too: only a name of three characters that stands alone is told by one."""

COMPOUND_SURNAMES = frozenset(words("names.compound_surnames"))

NOT_NAMES = words("names.not_names")
"""Common words that begin with a surname and would pass for names."""

NAMELESS = frozenset(words("names.not_names", "names.not_by_titles", "names.not_alone"))
"""Words that would pass for a name where one stands alone."""

_PLACES = re.compile(
    f".{{1,4}}[{''.join(words('names.places'))}]|{any_of('names.provinces', traditional=False)}"
)

_ORG_ENDINGS = words("names.org_endings")
_SHORT_ORG_ENDINGS = "".join(words("names.short_org_endings"))
"""Endings of one character: a word of four characters or more with one of them is an organisation."""
_STRONG_ORG_ENDINGS = "".join(words("names.strong_org_endings"))
"""The same for a word of three characters: no name ends so, not even after a surname (文化局)."""
_SHORT_OUTLET_ENDINGS = "".join(words("names.short_outlet_endings"))
_NO_ORG_STARTS = words("credits.hearsay", "credits.no_org_starts")
"""据某社: what is said, not who says it."""

MAX_ORG = 24
"""Characters of an organisation's name."""


DOTS = "·•‧・"


NOT_IN_NAMES = frozenset("".join(words("names.not_in_names")))


NOT_IN_OUTLETS = NOT_IN_NAMES | frozenset("".join(words("names.not_in_outlets")))


TRANSCRIBED = frozenset("".join(words("names.transcribed")))
"""Characters in which Mongolian, Tibetan and Uyghur names are written."""


def split_names(text: str) -> list[int] | None:
    """Cut glued Chinese names by their surnames; return their lengths, None where it cannot be done.

    ``陈一鸣李二`` gives [3, 2].  Fewest names win; a name of four characters needs a compound surname.
    """
    lengths = _split_names(text) if 2 <= len(text) <= _LONGEST_NAMES else None
    return [*lengths] if lengths else None


_LONGEST_NAMES = 60


@lru_cache(maxsize=2048)
def _split_names(text: str) -> tuple[int, ...] | None:
    n = len(text)
    if text.startswith(NOT_NAMES) or any(char in NOT_IN_NAMES for char in text):
        return None
    if (
        n == 3 and text[0] in EVERYDAY_SURNAMES
    ):  # alone: glued behind names it begins a clause, 某某某对此有贡献
        return (3,)
    best: list[tuple[int, int] | None] = [None] * n + [(0, 0)]  # (cost of the rest, length of this name)
    for i in range(n - 2, -1, -1):
        compound = text[i : i + 2] in COMPOUND_SURNAMES
        rank = 0 if compound else SURNAMES.get(text[i])
        if rank is None:
            continue
        for length in (3, 4, 2) if compound else (3, 2):
            rest, now = best[i + length] if i + length <= n else None, best[i]
            if rest is not None and (now is None or rest[0] + 1000 + rank < now[0]):
                best[i] = (rest[0] + 1000 + rank, length)
    lengths: list[int] = []
    i = 0
    while i < n:
        step = best[i]
        if step is None:
            return None
        lengths.append(step[1])
        i += step[1]
    return tuple(lengths)


def is_transcribed(text: str) -> bool:
    """Tell whether a word is written in the characters of transcribed names alone, with a dot or without."""
    parts = _DOT.split(text)
    if len(parts) > 1:
        return len(text) <= MAX_ORG and all(len(part) > 1 and TRANSCRIBED.issuperset(part) for part in parts)
    return 2 <= len(text) <= _LONGEST_TRANSCRIBED and TRANSCRIBED.issuperset(text)


_DOT = re.compile(f"[{DOTS}]")
_LONGEST_TRANSCRIBED = 8


def is_place(text: str) -> bool:
    """Tell whether a word is a place and no name: 柳溪镇, 湖北."""
    return _PLACES.fullmatch(text) is not None


def is_org(text: str, *, weak: bool = False) -> bool:
    """Tell whether a word ends as organisations' names do; ``weak``: even if it could be a name."""
    return len(text) <= MAX_ORG and _is_org(text, weak)


@lru_cache(maxsize=2048)
def _is_org(text: str, weak: bool) -> bool:
    if text.startswith(_NO_ORG_STARTS):
        return False
    if text.startswith("《") and text.endswith("》"):
        return True
    if len(text) >= 2 and text.endswith(_ORG_ENDINGS):
        return True
    if len(text) == 3:
        cloud = text[-1] == "云"  # which names end with more often than organisations
        named = text[:2] in COMPOUND_SURNAMES or (text[0] in SURNAMES and (cloud or not weak))
        named = named or (text[0] in EVERYDAY_SURNAMES and cloud)
        return text[-1] in _STRONG_ORG_ENDINGS or (not named and text[-1] in _SHORT_ORG_ENDINGS)
    if len(text) < 4 or text[-1] not in _SHORT_ORG_ENDINGS:
        return False
    names = split_names(text)  # 某某某某某局 ends as no name does
    if names is None:
        return True
    return len(names) > 1 and (text[-1] in _STRONG_ORG_ENDINGS or is_place(text[: names[0]]))


def is_short_outlet(text: str) -> bool:
    """Tell whether a word before 记者 is an outlet's short name (青报); elsewhere it may be a person's."""
    return len(text) == 2 and text[-1] in _SHORT_OUTLET_ENDINGS


def outlet_in(text: str) -> str | None:
    """Give the outlet of ``新华社发`` or of a plain organisation."""
    if text.endswith("发") and is_org(text[:-1]):
        return text[:-1]
    return text if is_org(text) else None


def name_after_org(plain: str) -> int:
    """Give the length of the name glued to the end of its unit (某大学某学院张某某), or 0."""
    return next((n for n in (3, 2) if split_names(plain[-n:]) == [n] and is_org(plain[:-n])), 0)


def name_before_outlet(plain: str) -> int:
    """Give the length of the name glued before its neighbour's outlet (张某某青溪日报), or 0.

    Where the name ends is sure only if two characters are left for what the outlet is called after.
    """
    for n in (3, 2):
        outlet = plain[n:]
        ending = max((word for word in _ORG_ENDINGS if outlet.endswith(word)), key=len, default=outlet[-1:])
        if len(outlet) - len(ending) == 2 and is_org(outlet) and split_names(plain[:n]) == [n]:
            return n
    return 0
