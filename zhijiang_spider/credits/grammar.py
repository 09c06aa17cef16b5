"""The grammar of a line of credits: a label and its names, names and their label, labels in labels.

``read`` gives what a line says, or None where it is not wholly credits: then the line is text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from archive.model.article import Credit, Position, Role
from zhijiang_spider.credits.english import read_english
from zhijiang_spider.credits.grouper import REPORTED, Grouper
from zhijiang_spider.credits.groups import Group, NotCredits, join_words
from zhijiang_spider.credits.labels import FIELD, HAN, LABEL, TITLE, Token
from zhijiang_spider.credits.tokens import MAX_LINE, Line, may_have_label, scan
from zhijiang_spider.credits.values import is_no_value, org_of, values_of
from zhijiang_spider.text.characters import plain_copy
from zhijiang_spider.text.names import (
    DOTS,
    EVERYDAY_SURNAMES,
    NAMELESS,
    SURNAMES,
    is_org,
    is_place,
    split_names,
)
from zhijiang_spider.vocabulary import words
from zhijiang_spider.vocabulary.roles import ROLES

_WORK = re.compile("《[^《》]{1,24}》")
_HAN = re.compile("[\u3400-\u9fff]")
_PROSE = re.compile(r"(?>(?:[^(《。]+|\([^()/。]*\)|《[^《》。]*》)*)。")
"""A full stop that stands in no bracket and no title: whatever stands before and behind it, no credits hold one."""
_TEAMS = words("credits.teams")
"""Endings of teams that sign without another label: the ending is the label."""


class Entry(NamedTuple):
    """One credit and where in the line it stands."""

    label: str | None
    role: Role
    name: str
    org: str | None
    rule: str
    start: int
    end: int
    repeated: bool = False
    """Whether it only repeats what another label of the same names says: 记者某某报道."""

    def credit(self, position: Position) -> Credit:
        """Give the credit, found at ``position``."""
        return Credit(self.label, self.role, self.name, self.org, position, self.rule)


@dataclass(slots=True)
class Reading:
    """What a line of credits says."""

    entries: list[Entry]
    labels: int
    """How many labels it has, those without a name included."""
    marked: bool
    """Whether a bullet stands before it."""
    bracket: bool
    words: int
    whole: bool
    """Whether all that it says is in the entries; fields and remarks beside them say more."""

    def credits(self, position: Position) -> list[Credit]:
        """Give the credits, in reading order; 记者某某报道 signs in last lines, above a text it only announces it."""
        above = position in (Position.HEADER, Position.DATELINE)
        return [entry.credit(position) for entry in self.entries if not (above and entry.repeated)]

    @property
    def known(self) -> bool:
        """Whether a label of the table has a name."""
        return any(entry.label and entry.rule != "unknown" for entry in self.entries)

    @property
    def unknown(self) -> bool:
        """Whether a label is known by its shape only."""
        return any(entry.rule == "unknown" for entry in self.entries)

    @property
    def of_a_work(self) -> bool:
        """Whether it names a work and its author: 作品：《某某》 作者：某某."""
        works = [e for e in self.entries if e.rule == "unknown" and _WORK.fullmatch(e.name)]
        others = {entry.role for entry in self.entries if entry not in works}
        return bool(works) and others == {Role.AUTHOR}

    @property
    def bare(self) -> bool:
        """Whether it holds names without a label and nothing else."""
        return bool(self.entries) and not self.labels

    @property
    def signed(self) -> bool:
        """Whether every name without a label may be one by itself, and one of them surely is."""
        bare = [entry for entry in self.entries if entry.rule == "bare"]
        return all(map(_may_sign, bare)) and (not bare or any(map(_is_clear_name, bare)))

    @property
    def idle(self) -> bool:
        """Whether it holds no credit: fields of the page only, or an outlet alone below the text."""
        if len(self.entries) == 1 and self.entries[0].rule == "bare" and not self.bracket:
            return is_org(plain_copy(self.entries[0].name))
        return not self.entries and not self.labels

    @property
    def outlet_and_names(self) -> bool:
        """Whether every name has its organisation."""
        return bool(self.entries) and all(entry.org for entry in self.entries)

    @property
    def lone_names(self) -> bool:
        """Whether it is one or two names with known surnames."""
        names = [plain_copy(entry.name) for entry in self.entries]
        if not 0 < len(names) == self.words <= 2:
            return False
        return all(split_names(name) and not is_org(name, weak=True) for name in names)


class Find(NamedTuple):
    """One place where credits were found: its text as printed, and what it says."""

    text: str
    credits: list[Credit]


def read_whole(line: Line) -> Reading | None:
    """Read a line that must be nothing but credits."""
    if any(len(part) > MAX_LINE for part in line.plain.split("\n")):
        return None
    if len(line.clean) <= _SHORT:
        return _read_short(line.clean, line.more)
    return _read_whole(line)


@lru_cache(maxsize=512)
def _read_short(clean: str, more: bool) -> Reading | None:
    """Read a line that is asked for by its neighbours too."""
    line = Line(clean)
    line.more = more
    return _read_whole(line)


def _read_whole(line: Line) -> Reading | None:
    line = _with_colons(line)
    end = len(line.plain.rstrip())
    if line.plain[:end].endswith("。"):
        return read(line, 0, end - 1, strict=True)
    return read(line, 0, end)


_SHORT = 120
"""Characters of a line whose reading is kept for a while."""


def _with_colons(line: Line) -> Line:
    """Set a colon between labels and names that only the form of a row parts.

    ``编辑闻小满｜责编乔安安｜监制纪朗``, ``编辑·闻小满　责编·乔安安``, ``场　务　闻小满``.
    """
    if "|" in line.plain:
        bar = "｜" if "｜" in line.clean else "|"
        return _of_pairs(line, [_PAIR.fullmatch(part.strip()) for part in line.clean.split(bar)], "|")
    if _DOTTED.match(line.plain):
        parts = re.split(r"[ \u3000]+", line.clean.strip())
        return _of_pairs(line, [_DOTTED_PAIR.fullmatch(part) for part in parts], " ")
    return _unpadded(line)


def _of_pairs(line: Line, pairs: list[re.Match[str] | None], between: str) -> Line:
    """Set label and name apart in a row of several pairs, half of which have listed surnames."""
    names = [plain_copy(pair["name"]) for pair in pairs if pair]
    listed = sum(split_names(name) is not None for name in names)
    if len(pairs) < 2 or len(names) < len(pairs) or 2 * listed < len(names) or any(map(is_org, names)):
        return line
    return Line(between.join(f"{pair['label']}:{pair['name']}" for pair in pairs if pair))


def _unpadded(line: Line) -> Line:
    """Set a padded label that no table knows apart from its names: 场　务　闻小满; 李　明　王　芳 are two names."""
    found = [match for match in _PADDED.finditer(line.plain) if _is_padded_label(match)]
    if not found:
        return line
    text = line.clean
    for match in reversed(found):
        names = text[match.start("names") : match.end("names")]
        text = f"{text[: match.start()]}{match['one']}{match['two']}:{names}{text[match.end() :]}"
    return Line(text)


def _is_padded_label(match: re.Match[str]) -> bool:
    label = match["one"] + match["two"]
    if label in ROLES or label[0] in SURNAMES or label[0] in EVERYDAY_SURNAMES:
        return False
    return split_names(match["names"].replace(" ", "")) is not None


_ANY_LABEL = rf"(?P<label>{LABEL.pattern}|{TITLE.pattern})"
_PAIR = re.compile(rf"{_ANY_LABEL}(?P<name>[\u4e00-\u9fff]{{2,4}})")
_DOTTED_PAIR = re.compile(rf"{_ANY_LABEL}[{DOTS}](?P<name>[\u4e00-\u9fff]{{2,4}})")
_DOTTED = re.compile(rf"[\u4e00-\u9fff]{{2,8}}[{DOTS}][\u4e00-\u9fff]{{2,4}}(?: {{1,4}}|$)")
_PADDED = re.compile(
    r"^ {0,4}(?P<one>[\u4e00-\u9fff])(?P<gap> {1,4})(?P<two>[\u4e00-\u9fff])(?P=gap) {0,4}"
    r"(?P<names>[\u4e00-\u9fff](?:[\u4e00-\u9fff]| {1,4}(?=[\u4e00-\u9fff])){1,30}) {0,4}$",
    re.MULTILINE,
)


def read(line: Line, start: int, end: int, *, lenient: bool = False, strict: bool = False) -> Reading | None:
    """Read ``line[start:end]``; None where it is not wholly credits.

    ``lenient`` passes over what is no credit, ``strict`` wants known surnames.
    """
    if not (lenient or _HAN.search(line.plain, start, end)):
        english = read_english(line, start, end, lenient=False)
        if english:
            entries = [Entry(*credit[:4], "label", *credit[4:]) for credit in english]
            return Reading(entries, len(entries), marked=False, bracket=False, words=len(entries), whole=True)
    if not lenient and (_PROSE.match(line.plain, start, end) or _opens_as_prose(line.plain, start, end)):
        return None
    grouper = Grouper(line, scan(line.plain, start, end), lenient=lenient)
    try:
        groups = grouper.run()
        for group in groups:
            join_words(line, group)
        for group in groups:
            group.line = groups
            group.beside = any(other.label and not other.unknown for other in groups)
        entries = [
            entry for group in groups for entry in _entries(line, group, lenient=lenient, strict=strict)
        ]
    except NotCredits:
        return None
    if not (lenient or grouper.marked) and _has_loose_words(groups):
        return None
    return Reading(
        entries,
        labels=sum(group.label is not None for group in groups),
        marked=grouper.marked,
        bracket=any(group.bracket for group in groups),
        words=sum(len(group.joined) for group in groups),
        whole=not (grouper.more or line.more),
    )


def _opens_as_prose(plain: str, start: int, end: int) -> bool:
    """Tell whether one of the first clauses is no word of a line of credits, where no label and no field is.

    The grammar refuses such a word too, but last of all, when it has cut the whole text into words.
    """
    opening = _OPENING.match(plain, start, end)
    if opening is None or not is_no_value(opening["clause"]):
        return False
    barred = any(plain.find(mark, start, end) >= 0 for mark in ":|")
    return not (barred or _FIELD.search(plain, start, opening.end()) or may_have_label(plain, start, end))


_OPENING = re.compile(
    r" {0,9}(?:[\u3400-\u9fff0-9.%]{1,30},){0,4}?(?P<clause>[\u3400-\u9fff]{8,60})(?=[,。;!?]|$)"
)
"""The first clauses of a text up to one of nothing but Chinese characters; in fewer there may be names and 和."""
_FIELD = re.compile(rf"{FIELD.pattern}(?![{HAN}])")
"""A field is one where its word goes no further."""


def _may_sign(entry: Entry) -> bool:
    """Tell whether a word without a label may name somebody; （试行）, （云汀县） and （此件公开发布） do not."""
    name = plain_copy(entry.name)
    if name in NAMELESS or is_place(name) or name.endswith(_ADDRESSED):
        return False
    if entry.org or is_org(name):
        return True
    parts = _DOT.split(name)  # 唐·李白 is no name
    if len(parts) > 1:
        return all(len(part) > 1 for part in parts)
    return split_names(name) is not None or _is_nickname(name)


def _is_clear_name(entry: Entry) -> bool:
    """Tell whether nothing but a name is likely: words of two characters begin with many a rare surname."""
    name = plain_copy(entry.name)
    rare = len(name) == 2 and not _is_nickname(name) and SURNAMES.get(name[0], 0) >= _FREQUENT
    return bool(entry.org) or is_org(name) or not (rare or name[0] in EVERYDAY_SURNAMES)


_FREQUENT = 100
"""Surnames that most people bear."""


def _is_nickname(name: str) -> bool:
    """Tell whether a name is like 老于 and 小丁."""
    return len(name) == 2 and name[0] in _NICKNAMES and name[1] in SURNAMES


_DOT = re.compile(f"[{DOTS}]")
_ADDRESSED = words("names.addressed")
_NICKNAMES = frozenset("".join(words("names.nicknames")))


def _has_loose_words(groups: list[Group]) -> bool:
    """Tell whether words stand beside a label that belong to none."""
    labels = {group.part for group in groups if group.label}
    return any(g.part in labels and not (g.label or g.taken or g.bracket or g.byline) for g in groups)


def _entries(line: Line, group: Group, *, lenient: bool, strict: bool) -> Iterator[Entry]:
    if group.targets is not None and group.label is not None:
        yield from _behind_names(line, group, group.label, group.targets, lenient=lenient, strict=strict)
    elif group.label or not group.taken:
        for name, org in values_of(line, group, lenient=lenient, strict=strict):
            yield from _of_name(line, group, name, org)


def _behind_names(
    line: Line, group: Group, label: Token, targets: list[Group], *, lenient: bool, strict: bool
) -> Iterator[Entry]:
    """某某某 某某 摄: the label repeats the names of the groups before it."""
    repeated = line.plain[label.start : label.end] in REPORTED and any(target.label for target in targets)
    span = group.span()
    for target in targets:
        for name, org in values_of(line, target, lenient=lenient, strict=strict):
            org = org or (None if target.label else org_of(line, group.org))
            start, end = min(target.span().start, span.start), max(target.span().end, span.end)
            yield Entry(_label(line, label), label.role, name, org, "postfix", start, end, repeated)


def _of_name(line: Line, group: Group, name: str, org: str | None) -> Iterator[Entry]:
    """Give what one name of a group is: once for each label round it, and for its own, its team's or none."""
    label, span = group.label, group.span()
    for outer in group.outers:
        yield Entry(_label(line, outer), outer.role, name, None, "outer", outer.start, span.end)
    if label:
        rule = "unknown" if group.unknown else "label"
        yield Entry(_label(line, label), label.role, name, org or org_of(line, group.org), rule, *span)
    elif plain_copy(name).endswith(_TEAMS):
        team = next(team for team in _TEAMS if plain_copy(name).endswith(team))
        yield Entry(name[-len(team) :], Role.AUTHOR, name, org, "team", *span)
    else:
        yield Entry(None, Role.UNLABELLED, name, org, "bare", *span)


def _label(line: Line, token: Token) -> str:
    return "".join(line.clean[token.start : token.end].split())
