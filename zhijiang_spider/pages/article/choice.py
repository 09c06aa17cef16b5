"""Why a field reads as it does: the candidates in order of trust, the one taken, those refused."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Candidate = tuple[str, str]
"""(rule that found it, text as printed)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One field of an article, as the page offered it."""

    field: str
    value: str
    """What was taken, as printed; "" if nothing was found."""
    rule: str
    """Which rule found it, "" if none did."""
    refused: tuple[Candidate, ...] = ()
    """Other texts that were found, in order of trust."""


def choose(field: str, candidates: Iterable[Candidate]) -> Choice:
    """Take the first candidate that is not empty."""
    found = [(rule, text) for rule, text in candidates if text]
    if not found:
        return Choice(field, "", "")
    (rule, value), *others = found
    refused = tuple(dict.fromkeys((other, text) for other, text in others if text != value))
    return Choice(field, value, rule, refused)


def named(rule: str, texts: Sequence[str]) -> list[Candidate]:
    """Return texts as candidates of one rule."""
    return [(rule, text) for text in texts]
