"""What a line of credits is put together from: words, and groups of a label and its words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from zhijiang_spider.credits.labels import Token
from zhijiang_spider.credits.tokens import Line
from zhijiang_spider.text.names import (
    COMPOUND_SURNAMES,
    EVERYDAY_SURNAMES,
    NOT_IN_OUTLETS,
    SURNAMES,
    is_org,
    is_short_outlet,
    is_transcribed,
    split_names,
)
from zhijiang_spider.vocabulary import words
from zhijiang_spider.vocabulary.roles import SOURCES

BOILERPLATE = words("credits.boilerplate", "boilerplate.related", "boilerplate.neighbours")
"""Words that mark a short line after the text as a page's."""
STAFF_CODE = re.compile(r"_?[A-Za-z]{0,4}_?\d+$|_")
_GLUED_CODE = re.compile(r"_|[A-Za-z]{1,4}\d{2,}$")
HAN_ONLY = re.compile(r"[\u3400-\u9fff〇々\U00020000-\U0003ffff]+$")


class Span(NamedTuple):
    """A place in the text."""

    start: int
    end: int


@dataclass(slots=True)
class Word:
    """A word that may be a name, by its place in the text."""

    start: int
    end: int
    kind: str
    sep: str = ""
    """What stands before it: "" (nothing), " ", or a separator."""
    org: Span | None = None
    """An organisation in brackets after it."""


@dataclass(slots=True)
class Group:
    """One label and its words, or words without one."""

    part: int
    """Number of the bracket or line it stands in: a postfix label does not reach out of it."""
    bracket: bool
    label: Token | None = None
    words: list[Word] = field(default_factory=list)
    org: Span | None = None
    """The outlet or unit before the label."""
    outers: tuple[Token, ...] = ()
    """Labels this one stands inside of."""
    targets: "list[Group] | None" = None
    """For a postfix label: the groups whose names it repeats."""
    taken: bool = False
    """Whether a postfix label has taken its names."""
    unknown: bool = False
    """Whether its label is known by its shape only."""
    byline: bool = False
    """Whether its names stand behind an outlet: they wrote what it published."""
    named: bool = False
    """Whether one of its words has a known surname."""
    beside: bool = False
    """Whether a label of the table stands on the line too."""
    joined: Sequence[Word] = ()
    """Its words, with the parts of one name made one."""
    line: "Sequence[Group]" = ()
    """All groups of its line."""

    def span(self) -> Span:
        """Give the place of the whole group: its organisation, label, words and their remarks."""
        parts = [
            part for part in (self.label, self.org, *self.words, *(word.org for word in self.words)) if part
        ]
        return Span(min(part.start for part in parts), max(part.end for part in parts))


class NotCredits(Exception):
    """The line is text."""


_HEARSAY = words("credits.hearsay")


def is_outlet_before(title: Token, plain: str, now: Group) -> bool:
    """Tell whether the last word before a label is whom its people work for."""
    first = len(now.words) == 1 and now.label is None
    if is_org(plain):
        named = now.label is not None and now.label.title and len(now.words) == 1 and len(plain) <= 3
        return (title.title or first) and not (named and _is_person(plain, now))
    if plain.startswith(_HEARSAY):
        return False
    if not title.title or not 1 < len(plain) < 9 or any(char in NOT_IN_OUTLETS for char in plain):
        return False
    person = _is_person(plain, now)
    if title.gap:
        return first and not person
    return first or is_short_outlet(plain) or not person


def _is_person(plain: str, now: Group) -> bool:
    """Tell whether the last word is a name: by its surname, or by its length behind a title."""
    if split_names(plain) is not None:
        return True
    label = now.label
    behind_title = label is not None and label.title and len(now.words) == 1
    if behind_title and is_transcribed(plain):
        return True
    return behind_title and len(plain) in (2, 3) and not is_short_outlet(plain)


def join_words(line: Line, group: Group) -> None:
    """Set a group's ``joined`` words, and whether one of them is surely a name."""
    group.joined = _joined_words(line, group)
    group.named = group.label is not None and any(is_sure(line, word) for word in group.joined)


def _joined_words(line: Line, group: Group) -> list[Word]:
    """Join the parts of padded (``李 明``) and of English names; drop numbers glued to a name."""
    joined: list[Word] = []
    source = group.label is not None and group.label.role in SOURCES
    three = _is_padded(line, group.words)
    for word in group.words:
        last = joined[-1] if joined else None
        if last is None:
            joined.append(word)
        elif word.sep == "" and (word.kind == "num" or _GLUED_CODE.match(line.plain, word.start, word.end)):
            continue
        elif (
            word.sep == ""
            or (word.sep == " " and (three or _joins(line, last, word)))
            or (source and line.plain[last.end : word.start] == "-")  # 某网-某报: printed as one
        ):
            joined[-1] = Word(last.start, word.end, word.kind if word.sep else "mixed", last.sep, word.org)
        else:
            joined.append(word)
    return joined


def _is_padded(line: Line, words: list[Word]) -> bool:
    """Tell whether three single characters with spaces between them are one name: ``李 小 明``."""
    return (
        len(words) == 3
        and all(
            word.end - word.start == 1 and HAN_ONLY.match(line.plain, word.start, word.end) for word in words
        )
        and all(word.sep == " " for word in words[1:])
    )


def _joins(line: Line, last: Word, word: Word) -> bool:
    """Tell whether two words are one name: a lone surname and a short given name, or English words."""
    before, text = line.plain[last.start : last.end], line.plain[word.start : word.end]
    if last.kind == word.kind == "latin":
        return not STAFF_CODE.match(text)
    if not (HAN_ONLY.match(before) and HAN_ONLY.match(text)) or len(text) > 2:
        return False
    given = len(text) == 1 or text[0] not in SURNAMES
    surname = before in SURNAMES or before in EVERYDAY_SURNAMES or before in COMPOUND_SURNAMES
    return given and (surname or len(before) == len(text) == 1)


def is_sure(line: Line, word: Word) -> bool:
    """Tell whether a word is surely a name: by its surname."""
    plain = line.plain[word.start : word.end].replace(" ", "")
    return split_names(plain) is not None and not is_org(plain)
