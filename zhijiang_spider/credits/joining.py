"""Puts words together that are one name: the parts of padded and of English names, a name and its number."""

import re
from dataclasses import replace

from zhijiang_spider.credits.groups import Group, Word
from zhijiang_spider.credits.tokens import Line
from zhijiang_spider.text.names import (
    COMPOUND_SURNAMES,
    EVERYDAY_SURNAMES,
    SURNAMES,
    is_org,
    split_names,
)
from zhijiang_spider.vocabulary.roles import SOURCES

STAFF_CODE = re.compile(r"_?[A-Za-z]{0,4}_?\d+$|_")
_GLUED_CODE = re.compile(r"_|[A-Za-z]{1,4}\d{2,}$")
HAN_ONLY = re.compile(r"[\u3400-\u9fff〇々\U00020000-\U0003ffff]+$")


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
    surname = before in SURNAMES or before in EVERYDAY_SURNAMES or before in COMPOUND_SURNAMES
    return given and (surname or len(before) == len(text) == 1)


def is_sure(line: Line, word: Word) -> bool:
    """Tell whether a word is surely a name: by its surname."""
    plain = line.plain[word.start : word.end].replace(" ", "")
    return split_names(plain) is not None and not is_org(plain)
