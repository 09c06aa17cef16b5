"""From a group's words to its values: names and suppliers, each with its organisation."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple

from archive.model.article import Role
from zhijiang_spider.credits.groups import HAN_ONLY, STAFF_CODE, Group, NotCredits, Span, Word, is_sure
from zhijiang_spider.credits.tokens import Line
from zhijiang_spider.text.names import (
    DOTS,
    EVERYDAY_SURNAMES,
    NAMELESS,
    NOT_IN_NAMES,
    NOT_NAMES,
    TRANSCRIBED,
    is_org,
    is_transcribed,
    name_after_org,
    outlet_in,
    split_names,
)
from zhijiang_spider.vocabulary import any_of, words
from zhijiang_spider.vocabulary.roles import SOURCES

NOTES = frozenset(words("credits.notes"))
"""Lines and brackets round the text that are neither text nor credit."""
_PLACEHOLDERS = frozenset(words("credits.placeholders"))
"""Values that name nobody."""
_FROM_PLACE = words("credits.from_place")
_AND = re.compile("(?P<one>[\u4e00-\u9fff]{2,3})[和与及](?P<other>[\u4e00-\u9fff]{2,3})")
_COMPILED = re.compile(
    f"^{any_of('credits.compiled', traditional=False)}(?=.{{3}})"
    f"|等?{any_of('credits.compiled_ends', traditional=False)}$"
)


def values_of(line: Line, group: Group, *, lenient: bool, strict: bool) -> list[tuple[str, str | None]]:
    """Give the (name, organisation) pairs of a group's words."""
    return _ValueReader(line, group, lenient=lenient, strict=strict).run()


def is_no_value(plain: str) -> bool:
    """Tell whether no rule takes a word of eight Chinese characters or more that no label stands by."""
    return split_names(plain) is None and outlet_in(plain) is None and not _names_nobody(plain)


def _names_nobody(plain: str) -> bool:
    return plain in _PLACEHOLDERS or plain in NOTES or plain.startswith(_FROM_PLACE)


@dataclass(frozen=True, slots=True)
class _Said:
    """One word of a group, as its rules see it."""

    text: str
    """As printed."""
    plain: str
    """The same, in plain characters; as long as ``text``."""
    outlet: str | None
    """The outlet at its beginning."""
    org: str | None
    """The organisation in brackets behind it."""
    sep: str
    """What stands before it."""
    after: Word | None
    """The next word, None for the last."""


class _ValueReader:
    """Reads a group's words one by one: the first of ``_VALUE_RULES`` that takes a word says what it is."""

    def __init__(self, line: Line, group: Group, *, lenient: bool, strict: bool) -> None:
        self.line = line
        self.group = group
        self.lenient = lenient
        self.strict = strict
        self.role = group.label.role if group.label else None
        self.is_source = self.role in SOURCES
        self.values: list[tuple[str, str | None]] = []
        self.org: str | None = None
        """Of the names to come: it was printed before them."""

    def run(self) -> list[tuple[str, str | None]]:
        """Return the pairs.  Raises ``NotCredits`` for a word that no rule takes, unless ``lenient``."""
        words = self._words()
        for word, after in zip_longest(words, words[1:]):
            said = self._said(word, after)
            if said and not any(rule(self, said) for rule in _VALUE_RULES) and not self.lenient:
                raise NotCredits
        return self.values

    def _words(self) -> list[Word]:
        words = list(self.group.joined)
        if self.lenient and len(words) > 1:  # 文|某刊 某某 试听: an outlet and a button beside the name
            sure = [word for word in words if is_sure(self.line, word)]
            return [word for word in words if word in sure or _is_open(self.line, word)] if sure else words
        return words

    def _said(self, word: Word, after: Word | None) -> _Said | None:
        """Return what a word says, None if that is nothing."""
        text, plain = self.line.clean[word.start : word.end], self._plain_of(word)
        if not plain.isascii():
            text, plain = "".join(text.split()).strip(DOTS), plain.replace(" ", "").strip(DOTS)
        if after is None and plain.endswith("等") and split_names(plain[:-1]):
            text, plain = text[:-1], plain[:-1]
        if self._says_nothing(plain):
            return None
        bare = _COMPILED.sub("", plain) if self.is_source else plain
        if bare == plain:
            return _Said(text, plain, outlet_in(plain), org_of(self.line, word.org), word.sep, after)
        if not is_org(bare):
            return None
        text = text[plain.index(bare) :][: len(bare)]  # 综合某报、某网: whom it was compiled from
        return _Said(text, bare, bare, org_of(self.line, word.org), word.sep, after)

    def _plain_of(self, word: Word) -> str:
        return self.line.plain[word.start : word.end]

    def _says_nothing(self, plain: str) -> bool:
        if _names_nobody(plain) or plain == "等":
            return True
        return not any(map(str.isalnum, plain)) or (bool(self.values) and bool(STAFF_CODE.match(plain)))

    def _unit(self, said: _Said) -> bool:
        """供稿：某某中学 某某某."""
        if not (self.is_source and self.role is not Role.SOURCE and said.outlet and said.after):
            return False
        if not split_names(self._plain_of(said.after)):
            return False
        self.org = _unquoted(said.text)
        return True

    def _pair(self, said: _Said) -> bool:
        """某某和某某."""
        pair = None if self.is_source else _AND.fullmatch(said.plain)
        if pair is None or any(split_names(name) != [len(name)] for name in (pair["one"], pair["other"])):
            return False
        names = said.text[: len(pair["one"])], said.text[-len(pair["other"]) :]
        self.values += [(name, said.org or self.org) for name in names]
        return True

    def _supplier(self, said: _Said) -> bool:
        """来源：某报, 供稿：某某局."""
        if not self.is_source or len(said.plain) > 24:
            return False
        if not said.outlet and self.strict and not split_names(said.plain):
            return False
        text = said.text.removesuffix("等") if said.after is None and self.values else said.text
        plain = said.plain[: len(text)]
        if self.values and not is_org(plain) and not _name_lengths(plain, self.group, strict=False):
            return False  # 来源：某报，文章有删改
        self.values.append((text, said.org or self.org))
        return True

    def _unit_behind(self, said: _Said) -> bool:
        """某某某/某某局, 某某某 某某局: the unit of the name before it, last of all of the names before it."""
        if (
            self.is_source
            or self.group.label is None
            or not self.values
            or not said.outlet
            or said.outlet[0] == "《"
        ):
            return False
        if said.outlet != said.plain or not (said.sep == "/" or said.after is None):
            return False
        first = len(self.values) - 1 if said.sep == "/" else 0
        if any(org for _, org in self.values[first:]):
            return False
        self.values[first:] = [(name, said.text) for name, _ in self.values[first:]]
        return True

    def _outlet_before(self, said: _Said) -> bool:
        """某报 某某某."""
        if not said.outlet or said.after is None or said.after.sep != " ":
            return False
        if outlet_in(self._plain_of(said.after)) is not None:
            return False
        label = self.group.label
        if said.outlet[0] == "《" and label and not label.title and not is_org(said.outlet[1:-1]):
            return False  # 朗诵：《某某》 某某某
        self.org = _unquoted(said.text[: len(said.outlet)])
        return True

    def _outlet_behind(self, said: _Said) -> bool:
        """某某《某报》."""
        if not said.outlet or said.plain[0] != "《" or self.group.label is not None or not self.values:
            return False
        self.values = [(name, org or _unquoted(said.text)) for name, org in self.values]
        return True

    def _outlet(self, said: _Said) -> bool:
        """某报; but 某社发 without a name says nothing."""
        if not said.outlet or (said.outlet[0] == "《" and self.group.label and not self.is_source):
            return False
        if len(said.outlet) == len(said.plain):
            self.values.append((said.text, None))
        return True

    def _names(self, said: _Said) -> bool:
        """某某某, also several in one word."""
        start, lengths = 0, _name_lengths(said.plain, self.group, strict=self.strict)
        loose = lengths == [4] and split_names(said.plain) is None and not TRANSCRIBED.issuperset(said.plain)
        if loose and self.values and said.sep == " ":
            return False  # 编辑：某某某 欢迎投稿
        for length in lengths or ():
            self.values.append((said.text[start : start + length], said.org or self.org))
            start += length
        return bool(lengths)

    def _name_behind_org(self, said: _Said) -> bool:
        """某某局某某某, where something else says that it is a credit."""
        group = self.group
        if self.strict or not (group.label or group.bracket or group.taken):
            return False
        length = name_after_org(said.plain)
        if length:
            self.values.append((said.text[-length:], said.text[:-length]))
        return bool(length)

    def _unknown(self, said: _Said) -> bool:
        """技术支持：某某信息 责任编辑：某某某: the label nobody knows hides no other."""
        group = self.group
        if not (group.unknown and group.beside) or self.strict or len(said.plain) > MAX_UNKNOWN:
            return False
        self.values.append((said.text, said.org or self.org))
        return True


MAX_UNKNOWN = 12
"""Characters of the value of a label that no table knows; a longer one is text."""
_VALUE_RULES: Sequence[Callable[[_ValueReader, _Said], bool]] = (
    _ValueReader._unit,
    _ValueReader._pair,
    _ValueReader._supplier,
    _ValueReader._unit_behind,
    _ValueReader._outlet_before,
    _ValueReader._outlet_behind,
    _ValueReader._outlet,
    _ValueReader._names,
    _ValueReader._name_behind_org,
    _ValueReader._unknown,
)
"""In this order; each tells whether it took the word."""


def _is_open(line: Line, word: Word) -> bool:
    """Tell whether a word beside sure names may still say something: it is no short word of Chinese characters."""
    plain = line.plain[word.start : word.end].replace(" ", "")
    return len(plain) > 3 or not HAN_ONLY.match(plain)


def org_of(line: Line, span: Span | None) -> str | None:
    """Give the organisation that stands at a place, without the marks of a title."""
    return _unquoted(line.clean[span.start : span.end].strip()) if span else None


def _unquoted(title: str) -> str:
    """Take the marks off a title that is nothing else; ``《某某》杂志`` keeps them."""
    return title[1:-1] if title.startswith("《") and title.find("》") == len(title) - 1 else title


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
    def loose(self) -> bool:
        """Whether nothing but a blank parts the label from it, and nothing beside it is surely a name: 编辑 部落."""
        group, label = self.group, self.group.label
        sure = label is None or label.title or group.bracket or group.named
        may_be = self.in_company and (self.rare or self.padded)
        return not sure and group.words[0].sep == " " and not may_be

    @property
    def rare(self) -> bool:
        """Whether it is written as transcribed names are, or begins with a surname that is an everyday word: 牧云."""
        if self.plain in NAMELESS:
            return False
        return is_transcribed(self.plain) or self.plain[0] in EVERYDAY_SURNAMES

    @property
    def padded(self) -> bool:
        """Whether it was printed in single characters with blanks between: 干　将."""
        return len(self.group.joined) < len(self.group.words)

    @property
    def in_company(self) -> bool:
        """Whether another label on the line has a name."""
        return any(group.named and group is not self.group for group in self.group.line)

    @property
    def trusted(self) -> bool:
        """Whether more than listed surnames may count: a label of the table stands before it, or none."""
        label = self.group.label
        everyday = label is not None and label.everyday and not self.in_company
        return not (self.strict or self.group.unknown or everyday or (label and self.loose))

    @property
    def labelled(self) -> bool:
        """Whether it is trusted for its label."""
        return self.trusted and self.group.label is not None


def _name_lengths(plain: str, group: Group, *, strict: bool) -> list[int] | None:
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
    """阿依古丽·买买提; without a label, only in characters of such names: 权威·贴心 is a motto."""
    if word.group.label is None and not is_transcribed(word.plain):
        return False
    return len(word.plain) <= 24 and any(dot in word.plain for dot in DOTS) and word.plain[0] not in "《“"


def _is_latin(word: _NameWord) -> bool:
    """编辑：John Smith, 编辑：小K."""
    labelled = word.group.label is not None and not word.strict
    return labelled and len(word.plain) <= (30 if word.plain.isascii() else 12) and word.plain[0] not in "《“"


_FOREIGN_RULES: Sequence[Callable[[_NameWord], bool]] = (_is_dotted, _is_latin)
"""For a word with other characters than Chinese ones."""


def _is_transcribed(word: _NameWord) -> bool:
    """记者：阿依古丽."""
    return word.labelled and 3 < len(word.plain) < 8 and TRANSCRIBED.issuperset(word.plain)


def _is_nickname(word: _NameWord) -> bool:
    """责任编辑：爱吃鱼的猫: what an editor calls himself; the label leaves no other reading."""
    role = word.group.label.role if word.group.label else None
    alone = role is Role.RESPONSIBLE_EDITOR and len(word.group.words) == 1
    return alone and not word.strict and 5 <= len(word.plain) <= _LONGEST_NICKNAME


_LONGEST_NICKNAME = 8


def _is_rare(word: _NameWord) -> bool:
    """占豪: a name's length, and a surname that no list has."""
    spaced = word.group.words[0].sep == " " and word.plain in NAMELESS  # 校园记者 小满 广播站
    return word.trusted and len(word.plain) in (2, 3) and not spaced


def _is_long(word: _NameWord) -> bool:
    """编辑：青溪小妹."""
    return word.labelled and len(word.plain) == 4


def _is_single(word: _NameWord) -> bool:
    """（编辑：明）."""
    return word.labelled and word.group.bracket and len(word.plain) == 1


_LOOSE_RULES: Sequence[Callable[[_NameWord], bool]] = (_is_nickname, _is_rare, _is_long, _is_single)
"""For a word of Chinese characters that the surnames do not divide."""
