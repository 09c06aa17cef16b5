"""Which words of a group are names: padded ones are joined, glued ones divided."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from archive.model.article import Role
from zhijiang_spider.credits.groups import Group, Word
from zhijiang_spider.credits.tokens import Line
from zhijiang_spider.text.names import (
    COMPOUND_SURNAMES,
    DOTS,
    NOT_IN_NAMES,
    NOT_NAMES,
    SURNAMES,
    split_names,
)
from zhijiang_spider.vocabulary import words
from zhijiang_spider.vocabulary.roles import SOURCES

_TRANSCRIBED = re.compile(f"[{''.join(words('names.transcribed'))}]{{4,7}}")
"""Characters in which Mongolian, Tibetan and Uyghur names are written; often without a dot."""

STAFF_CODE = re.compile(r"_?[A-Za-z]{0,4}_?\d+$|_")
_GLUED_CODE = re.compile(r"_|[A-Za-z]{1,4}\d{2,}$")
HAN_ONLY = re.compile(r"[\u3400-\u9fff〇々\U00020000-\U0003ffff]+$")


class _NameWord(NamedTuple):
    """One word of a label's value that may be a name, as the rules for names see it."""

    plain: str
    group: Group
    strict: bool

    @property
    def han(self) -> bool:
        """Whether it is nothing but Chinese characters."""
        return HAN_ONLY.match(self.plain) is not None

    @property
    def trusted(self) -> bool:
        """Whether more than listed surnames may count: a label of the table stands before it, or none."""
        return not self.strict and not self.group.unknown

    @property
    def labelled(self) -> bool:
        """Whether it is trusted for its label."""
        return self.trusted and self.group.label is not None


def name_lengths(plain: str, group: Group, *, strict: bool) -> list[int] | None:
    """Give the lengths of the names in one word by the first of its rules that holds, None where it has none."""
    word = _NameWord(plain, group, strict)
    if not word.han:
        return [len(plain)] if any(rule(word) for rule in _FOREIGN_RULES) else None
    if plain.startswith(NOT_NAMES) or any(char in NOT_IN_NAMES for char in plain):
        return None
    if _is_transcribed(word):
        return [len(plain)]
    return split_names(plain) or ([len(plain)] if any(rule(word) for rule in _LOOSE_RULES) else None)


def _is_dotted(word: _NameWord) -> bool:
    """阿依古丽·买买提."""
    return len(word.plain) <= 24 and any(dot in word.plain for dot in DOTS) and word.plain[0] not in "《“"


def _is_latin(word: _NameWord) -> bool:
    """编辑：John Smith, 编辑：小K."""
    labelled = word.group.label is not None and not word.strict
    return labelled and len(word.plain) <= (30 if word.plain.isascii() else 12) and word.plain[0] not in "《“"


_FOREIGN_RULES: Sequence[Callable[[_NameWord], bool]] = (_is_dotted, _is_latin)
"""For a word with other characters than Chinese ones."""


def _is_transcribed(word: _NameWord) -> bool:
    """记者：阿依古丽."""
    return word.labelled and _TRANSCRIBED.fullmatch(word.plain) is not None


def _is_nickname(word: _NameWord) -> bool:
    """责任编辑：爱吃鱼的猫: what an editor calls himself; the label leaves no other reading."""
    role = word.group.label.role if word.group.label else None
    alone = role is Role.RESPONSIBLE_EDITOR and len(word.group.words) == 1
    return alone and not word.strict and 5 <= len(word.plain) <= _LONGEST_NICKNAME


_LONGEST_NICKNAME = 8


def _is_rare(word: _NameWord) -> bool:
    """占豪: a name's length, and a surname that no list has."""
    return word.trusted and len(word.plain) in (2, 3)


def _is_long(word: _NameWord) -> bool:
    """编辑：青溪小妹."""
    return word.labelled and len(word.plain) == 4


def _is_single(word: _NameWord) -> bool:
    """（编辑：明）."""
    return word.labelled and word.group.bracket and len(word.plain) == 1


_LOOSE_RULES: Sequence[Callable[[_NameWord], bool]] = (_is_nickname, _is_rare, _is_long, _is_single)
"""For a word of Chinese characters that the surnames do not divide."""


def joined_words(line: Line, group: Group) -> list[Word]:
    """Join the parts of padded (``李 明``) and of English names; drop numbers glued to a name."""
    joined: list[Word] = []
    source = group.label is not None and group.label.role in SOURCES
    three = _is_padded(line, group.words)
    for word in group.words:
        last = joined[-1] if joined else None
        if last is None:
            joined.append(replace(word))
        elif word.sep == "" and (word.kind == "num" or _GLUED_CODE.match(line.plain, word.start, word.end)):
            continue
        elif (
            word.sep == ""
            or (word.sep == " " and (three or _joins(line, last, word)))
            or (source and line.plain[last.end : word.start] == "-")  # 某网-某报: printed as one
        ):
            joined[-1] = Word(last.start, word.end, word.kind if word.sep else "mixed", last.sep, word.org)
        else:
            joined.append(replace(word))
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
    return given and (before in COMPOUND_SURNAMES or before in SURNAMES or len(before) == len(text) == 1)
