"""The grammar of a line of credits: a label and its names, names and their label, labels in labels.

``read`` gives what a line says, or None where it is not wholly credits: then the line is text.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import NamedTuple

from archive.model.article import Credit, Position, Role, RoleGroup
from zhijiang_spider.credits.tokens import MAX_LINE, Line, Token, scan
from zhijiang_spider.text.characters import plain_copy
from zhijiang_spider.text.names import (
    COMPOUND_SURNAMES,
    DOTS,
    NOT_IN_NAMES,
    NOT_IN_OUTLETS,
    NOT_NAMES,
    SURNAMES,
    is_org,
    is_short_outlet,
    name_after_org,
    outlet_in,
    split_names,
)
from zhijiang_spider.vocabulary import any_of, words
from zhijiang_spider.vocabulary.roles import SOURCES

BOILERPLATE = words("credits.boilerplate", "boilerplate.related", "boilerplate.neighbours")
"""Words that mark a short line after the text as a page's."""
NOTES = frozenset(words("credits.notes"))
"""Lines and brackets round the text that are neither text nor credit."""
_PLACEHOLDERS = frozenset(words("credits.placeholders"))
"""Values that name nobody."""
_TEAMS = words("credits.teams")
"""Endings of teams that sign without another label: the ending is the label."""
_FROM_PLACE = words("credits.from_place")


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

    def span(self) -> Span:
        """Give the place of the whole group: its organisation, label, words and their remarks."""
        parts = [
            part for part in (self.label, self.org, *self.words, *(word.org for word in self.words)) if part
        ]
        return Span(min(part.start for part in parts), max(part.end for part in parts))


_REPORTED = frozenset(words("credits.reported"))
_AGENCY = re.compile(
    rf"(?:[\u4e00-\u9fff]{{1,8}}{any_of('credits.picture_agencies', traditional=False)}"
    rf"|{any_of('credits.picture_agency_starts', traditional=False)}[\u4e00-\u9fff]{{2,6}})(?![\u4e00-\u9fff])"
)
"""An agency for pictures: 人民视觉, 影像中国."""
_AND = re.compile("(?P<one>[\u4e00-\u9fff]{2,3})[和与及](?P<other>[\u4e00-\u9fff]{2,3})")
_TRANSCRIBED = re.compile(f"[{''.join(words('names.transcribed'))}]{{4,7}}")
"""Characters in which Mongolian, Tibetan and Uyghur names are written; often without a dot."""


class _NotCredits(Exception):
    """The line is text."""


def _unwrap(tokens: list[Token]) -> list[Token]:
    """Take single labels out of their brackets: ``【记者】某某`` and ``某某（摄）``."""
    out: list[Token] = []
    opening = [token.kind for token in tokens[:3]]
    label_first = opening in (["(", "label", ")"], ["(", "field", ")"])
    labelled = False
    i = 0
    while i < len(tokens):
        labelled = labelled or tokens[i].kind == "label"
        token = tokens[i + 1] if [t.kind for t in tokens[i : i + 3]] == ["(", "label", ")"] else None
        if token is None:
            out.append(tokens[i])
            i += 1
            continue
        after_name = bool(out) and out[-1].kind in ("word", "latin") and not label_first
        if not (after_name and token.title and labelled):  # 责编：某某（实习生）
            out.append(replace(token, gap=not after_name, postfix=after_name))
        i += 3
    return out


MAX_FIELD = 16
"""Characters of one word in the value of a field; a longer one is text."""


class _Grouper:
    """Collects the tokens of one line (or block of lines) into groups."""

    def __init__(self, line: Line, tokens: list[Token], *, lenient: bool) -> None:
        self.line, self.tokens, self.lenient = line, _unwrap(tokens), lenient
        self.groups: list[Group] = []
        self.part = self.depth = 0
        self.now = Group(0, False)
        self.sep = ""
        self.skipping = False
        """Inside a field that is no credit: its value lasts until the next label."""
        self.agency: Span | None = None
        """The agency of ``某社发（某某 摄）``, until the bracket closes."""
        self.marked = False

    def run(self) -> list[Group]:
        """Give the groups in reading order; raise _NotCredits on what no line of credits holds."""
        i = 0
        while i < len(self.tokens):
            kind = self.tokens[i].kind
            sep = ""
            if kind == "label":
                i = self._label(i)
            elif kind in ("word", "latin", "num"):
                i = self._word(i)
            elif kind == "(":
                i = self._open_bracket(i)
            elif kind == ")":
                self._new_part(-1)
            elif kind == "\n":
                self._newline(i)
            elif kind == "field":
                self._close()
                self.skipping = True
            elif kind == "mark":
                self.marked = self.marked or not (self.groups or self.now.label or self.now.words)
                sep = "-"
            elif kind == "text":
                self._refuse()
            else:
                if kind == ":" and not self.skipping and self._kind(i - 1) not in ("label", "field", ":"):
                    self._refuse()
                sep = kind
            self.sep = sep
            i += 1
        self._close()
        return self.groups

    def _refuse(self) -> None:
        if not self.lenient:
            raise _NotCredits

    def _close(self) -> None:
        """End the group at hand and begin one without a label."""
        if self.now.label or self.now.words:
            self.groups.append(self.now)
        self.now = Group(self.part, self.depth > 0)

    def _new_part(self, deeper: int) -> None:
        self.depth = max(0, self.depth + deeper)
        self.part += 1
        self._close()
        if deeper < 1:
            self.skipping = False
            self.agency = None

    def _newline(self, i: int) -> None:
        """A line ends its label's names, but a label alone on a line takes the next line's."""
        self.depth = 0
        if self.now.label and not self.now.words and self._kind(i + 1) == "word":
            return
        outers = self.now.outers
        self._new_part(0)
        self.now.outers = outers

    def _kind(self, i: int) -> str:
        return self.tokens[i].kind if 0 <= i < len(self.tokens) else ""

    def _plain(self, item: Token | Word) -> str:
        return self.line.plain[item.start : item.end]

    # words and brackets

    def _word(self, i: int) -> int:
        token, now = self.tokens[i], self.now
        if self.skipping:
            if token.end - token.start > MAX_FIELD:
                self._refuse()
            return i
        glued = bool(now.words) and not token.gap and self._kind(i - 1) in ("word", "latin", "num")
        if token.kind != "num" or glued:  # a number by itself is a date, a page, a telephone
            now.words.append(Word(token.start, token.end, token.kind, "" if glued else self.sep or " "))
        after = self._kind(i + 1)
        barred = after == "|" and (now.label is None or not split_names(self._plain(token)))
        if (after == ":" or barred) and now.words and self._kind(i + 2) in ("word", "latin"):
            word = now.words.pop()
            self._close()
            self.now.label = Token("label", word.start, word.end, role=Role.OTHER)
            self.now.unknown = True
            return i + 1
        return i

    def _open_bracket(self, i: int) -> int:
        """A bracket after a name is a remark (its unit, number, title); any other opens a part."""
        now, token = self.now, self.tokens[i]
        stop = 0 if self.skipping else self._remark_end(i)
        if stop:
            note = Span(token.end, self.tokens[stop].start)
            remark = self.line.plain[note.start : note.end].strip()
            if (is_org(remark) or _AGENCY.fullmatch(remark)) and not any(
                word in remark for word in BOILERPLATE
            ):
                holder = now.words[-1] if now.words else self.groups[-1]
                holder.org = note
            return stop
        if now.label and not now.words and not self.skipping:  # 编辑（某某）
            self.depth += 1
            return i
        if not now.label and len(now.words) == 1:  # an outlet before its bracket is no name
            word = now.words[0]
            outlet = outlet_in(self._plain(word))
            if outlet is not None:
                now.words.clear()
                agency = Span(word.start, word.start + len(outlet))
                self._new_part(1)
                self.agency = agency if agency.end < word.end else None
                return i
        self._new_part(1)
        return i

    def _remark_end(self, i: int) -> int:
        """Give the index of the bracket that closes a remark, 0 where token ``i`` opens none."""
        if self._kind(i - 1) == "label":  # 某某摄（某某图片社）
            remark = bool(self.groups) and self.groups[-1].targets is not None
        else:
            named = self.now.label is not None or not self.tokens[i].gap
            remark = bool(self.now.words) and named and self._kind(i - 1) in ("word", "latin")
        for j in range(i + 1, min(len(self.tokens), i + 8) if remark else i):
            if self._kind(j) == ")":
                return j
            if self._kind(j) in ("label", "(", "\n"):
                break
        return 0

    # labels

    def _label(self, i: int) -> int:
        """Read a label; return the index of the last token that belongs to it."""
        agency = self._agency_behind(i)
        if agency or self._is_postfix(i):
            self._postfix(self.tokens[i])
        elif not self._extends(i):
            self._prefix(i)
        self.skipping = False
        if agency:  # 某某摄/某某图片
            self.groups[-1].org = agency
            return max(n for n, token in enumerate(self.tokens) if token.start < agency.end)
        return i

    def _agency_behind(self, i: int) -> Span | None:
        """Give the agency behind the slash that follows a photographer's label."""
        if self.tokens[i].role is not Role.PHOTOGRAPHER or self._kind(i + 1) != "/" or not self.now.words:
            return None
        found = _AGENCY.match(self.line.plain, self.tokens[i + 1].end)
        return Span(*found.span()) if found else None

    def _is_postfix(self, i: int) -> bool:
        """Decide whether a label belongs to the names before it (某某 摄) or after it (摄影 某某)."""
        token, before, after = self.tokens[i], self._kind(i - 1), self._kind(i + 1)
        last = self.groups[-1] if self.groups else None
        names_before = self.now.words or (last and last.part == self.part and last.words and before == ")")
        if not token.postfix or not names_before:
            return False
        if after and after in ":|/" and self._kind(i + 2) in ("word", "latin", "label"):
            return False
        if before in ("/", "|") or (before == "word" and not token.gap):
            return True
        if after not in ("word", "latin") and not (after == "label" and self.tokens[i + 1].title):
            return True
        return before == "word" and self._ends_with_postfix(i)

    def _ends_with_postfix(self, i: int) -> bool:
        """Tell whether the part ends with names and a label: ``某某 文 某某 图`` has both after the names."""
        last = i
        while self._kind(last + 1) not in ("", "(", ")", "\n"):
            last += 1
        return last > i and self.tokens[last].postfix and self._kind(last - 1) == "word"

    def _postfix(self, token: Token) -> None:
        words = self.now.words
        if self._plain(token) in _REPORTED and len(words) > 1 and not split_names(self._plain(words[-1])):
            words.pop()  # 记者某某 北京报道: a place
        self._close()
        targets: list[Group] = []
        for group in reversed(self.groups):
            if group.part != self.part or group.targets is not None:
                break
            if group.label is None or group.label.role.group is RoleGroup.CREATE:
                targets.insert(0, group)
                group.taken = True
        self.groups.append(Group(self.part, self.depth > 0, token, org=self.agency, targets=targets))

    def _extends(self, i: int) -> bool:
        """Join two labels that share their names: ``策划/文案：``, ``文、图：``, ``一审一校：``."""
        token, label = self.tokens[i], self.now.label
        if label is None or self.now.words or label.title or token.title:
            return False
        glued = label.end == token.start and self._kind(i + 1) == ":"
        if not glued and self.sep not in ("/", ","):
            return False
        both = {label.role, token.role} == {Role.AUTHOR, Role.PHOTOGRAPHER}
        role = Role.TEXT_AND_PICTURES if both else label.role
        self.now.label = replace(label, end=token.end, role=role)
        return True

    def _prefix(self, i: int) -> None:
        token, now = self.tokens[i], self.now
        org = self._org_before(i) or self.agency
        inside = token.title and self._kind(i + 1) not in (":", "|")  # 采写：某报记者 某某
        outers = now.outers if inside and (now.label is None or now.label.title) else ()
        if inside and now.label and not now.words and _may_hold(now.label):
            outers = (now.label,)
            now.label = None
        self._close()
        self.now.label, self.now.org, self.now.outers = token, org, outers

    def _org_before(self, i: int) -> Span | None:
        """Take the outlet before a label out of the names before it: ``某报 记者``, ``某报记者``."""
        token, now = self.tokens[i], self.now
        if self._kind(i - 1) not in ("word", "latin"):
            return None
        before = self.tokens[i - 1]
        if self.skipping:  # the end of a field's value is unknown: only a clear outlet is taken
            clear = token.title and is_org(self._plain(before))
            return Span(before.start, before.end) if clear else None
        if not now.words:
            return None
        word = now.words[-1]
        plain = self._plain(word)
        only = len(now.words) == 1
        first = only and now.label is None
        if only and now.label and now.label.role in SOURCES:
            return None
        if is_org(plain):
            outlet_of = token.title or first
        else:
            shaped = token.title and len(plain) <= 8 and not any(char in NOT_IN_OUTLETS for char in plain)
            behind_title = only and now.label is not None and now.label.title and len(plain) in (2, 3)
            named = split_names(plain) is not None or (behind_title and not is_short_outlet(plain))
            outlet_of = shaped and (
                (not token.gap and (first or is_short_outlet(plain) or not named)) or (first and not named)
            )
        if not outlet_of:
            return None
        now.words.pop()
        return None if plain.endswith(("讯", "电")) else Span(word.start, word.end)


def _may_hold(label: Token) -> bool:
    """Tell whether a label may stand round a title; an empty 一审丨 before the next line's 记者 may not."""
    return not label.title and label.role.group is not RoleGroup.REVIEW and label.role not in SOURCES


class Entry(NamedTuple):
    """One credit and where in the line it stands."""

    label: str | None
    role: Role
    name: str
    org: str | None
    rule: str
    start: int
    end: int

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

    def credits(self, position: Position) -> list[Credit]:
        """Give the credits, in reading order."""
        return [entry.credit(position) for entry in self.entries]

    @property
    def known(self) -> bool:
        """Whether a label of the table has a name."""
        return any(entry.label and entry.rule != "unknown" for entry in self.entries)

    @property
    def unknown(self) -> bool:
        """Whether a label is known by its shape only."""
        return any(entry.rule == "unknown" for entry in self.entries)

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


def read_whole(line: Line) -> Reading | None:
    """Read a line that must be nothing but credits."""
    if any(len(part) > MAX_LINE for part in line.plain.split("\n")):
        return None
    end = len(line.plain.rstrip())
    if line.plain[:end].endswith("。"):
        return read(line, 0, end - 1, strict=True)
    return read(line, 0, end)


def read(line: Line, start: int, end: int, *, lenient: bool = False, strict: bool = False) -> Reading | None:
    """Read ``line[start:end]``; None where it is not wholly credits.

    ``lenient`` passes over what is no credit, ``strict`` wants known surnames.
    """
    grouper = _Grouper(line, scan(line.plain, start, end), lenient=lenient)
    try:
        groups = grouper.run()
        entries = [
            entry for group in groups for entry in _entries(line, group, lenient=lenient, strict=strict)
        ]
    except _NotCredits:
        return None
    labels = {group.part for group in groups if group.label}
    loose = any(g.part in labels and not (g.label or g.taken or g.bracket) for g in groups)
    if loose and not lenient and not grouper.marked:  # words beside a label that belong to none
        return None
    return Reading(
        entries,
        labels=sum(group.label is not None for group in groups),
        marked=grouper.marked,
        bracket=any(group.bracket for group in groups),
        words=sum(len(_joined(line, group)) for group in groups),
    )


def _entries(line: Line, group: Group, *, lenient: bool, strict: bool) -> Iterator[Entry]:
    label, span = group.label, group.span()
    if group.taken and label is None:
        return
    if group.targets is not None and label is not None:
        if line.plain[label.start : label.end] in _REPORTED and any(target.label for target in group.targets):
            return  # 记者某某报道 says nothing new
        for target in group.targets:
            for name, org in _values(line, target, lenient=lenient, strict=strict):
                org = org or (None if target.label else _org(line, group.org))
                start, end = min(target.span().start, span.start), max(target.span().end, span.end)
                yield Entry(_label(line, label), label.role, name, org, "postfix", start, end)
        return
    for name, org in _values(line, group, lenient=lenient, strict=strict):
        for outer in group.outers:
            yield Entry(_label(line, outer), outer.role, name, None, "outer", outer.start, span.end)
        if label:
            rule = "unknown" if group.unknown else "label"
            yield Entry(_label(line, label), label.role, name, org or _org(line, group.org), rule, *span)
        elif plain_copy(name).endswith(_TEAMS):
            team = next(team for team in _TEAMS if plain_copy(name).endswith(team))
            yield Entry(name[-len(team) :], Role.AUTHOR, name, org, "team", *span)
        else:
            yield Entry(None, Role.UNLABELLED, name, org, "bare", *span)


def _org(line: Line, span: Span | None) -> str | None:
    return _unquoted(line.clean[span.start : span.end].strip()) if span else None


def _unquoted(title: str) -> str:
    """Take the marks off a title that is nothing else; ``《某某》杂志`` keeps them."""
    return title[1:-1] if title.startswith("《") and title.find("》") == len(title) - 1 else title


def _label(line: Line, token: Token) -> str:
    return "".join(line.clean[token.start : token.end].split())


def _values(line: Line, group: Group, *, lenient: bool, strict: bool) -> list[tuple[str, str | None]]:
    """Give the (name, organisation) pairs of a group's words."""
    return _ValueReader(line, group, lenient=lenient, strict=strict).run()


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
        """Return the pairs.  Raises ``_NotCredits`` for a word that no rule takes, unless ``lenient``."""
        words = self._words()
        for word, after in zip_longest(words, words[1:]):
            said = self._said(word, after)
            if said and not any(rule(self, said) for rule in _VALUE_RULES) and not self.lenient:
                raise _NotCredits
        return self.values

    def _words(self) -> list[Word]:
        words = _joined(self.line, self.group)
        if self.lenient and len(words) > 1:  # 文|某刊 某某 试听: an outlet and a button beside the name
            sure = [word for word in words if _is_sure(self.line, word)]
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
            return _Said(text, plain, outlet_in(plain), _org(self.line, word.org), after)
        if not is_org(bare):
            return None
        text = text[plain.index(bare) :][: len(bare)]  # 综合某报、某网: whom it was compiled from
        return _Said(text, bare, bare, _org(self.line, word.org), after)

    def _plain_of(self, word: Word) -> str:
        return self.line.plain[word.start : word.end]

    def _says_nothing(self, plain: str) -> bool:
        if plain in _PLACEHOLDERS or plain in NOTES or plain == "等" or plain.startswith(_FROM_PLACE):
            return True
        return not any(map(str.isalnum, plain)) or (bool(self.values) and bool(_STAFF_CODE.match(plain)))

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
        self.values.append((text, said.org or self.org))
        return True

    def _outlet_before(self, said: _Said) -> bool:
        """某报 某某某."""
        if not said.outlet or said.after is None or said.after.sep != " ":
            return False
        if outlet_in(self._plain_of(said.after)) is not None:
            return False
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
        if not said.outlet:
            return False
        if len(said.outlet) == len(said.plain):
            self.values.append((said.text, None))
        return True

    def _names(self, said: _Said) -> bool:
        """某某某, also several in one word."""
        start, lengths = 0, _name_lengths(said.plain, self.group, strict=self.strict)
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


_VALUE_RULES: Sequence[Callable[[_ValueReader, _Said], bool]] = (
    _ValueReader._unit,
    _ValueReader._pair,
    _ValueReader._supplier,
    _ValueReader._outlet_before,
    _ValueReader._outlet_behind,
    _ValueReader._outlet,
    _ValueReader._names,
    _ValueReader._name_behind_org,
)
"""In this order; each tells whether it took the word."""


def _is_sure(line: Line, word: Word) -> bool:
    plain = line.plain[word.start : word.end].replace(" ", "")
    return split_names(plain) is not None and not is_org(plain)


def _is_open(line: Line, word: Word) -> bool:
    """Tell whether a word beside sure names may still say something: it is no short word of Chinese characters."""
    plain = line.plain[word.start : word.end].replace(" ", "")
    return len(plain) > 3 or not _HAN_ONLY.match(plain)


_COMPILED = re.compile(
    f"^{any_of('credits.compiled', traditional=False)}(?=.{{3}})"
    f"|等?{any_of('credits.compiled_ends', traditional=False)}$"
)
_STAFF_CODE = re.compile(r"_?[A-Za-z]{0,4}_?\d+$|_")
_GLUED_CODE = re.compile(r"_|[A-Za-z]{1,4}\d{2,}$")
_HAN_ONLY = re.compile(r"[\u3400-\u9fff〇々\U00020000-\U0003ffff]+$")


class _NameWord(NamedTuple):
    """One word of a label's value that may be a name, as the rules for names see it."""

    plain: str
    group: Group
    strict: bool

    @property
    def han(self) -> bool:
        """Whether it is nothing but Chinese characters."""
        return _HAN_ONLY.match(self.plain) is not None

    @property
    def trusted(self) -> bool:
        """Whether more than listed surnames may count: a label of the table stands before it, or none."""
        return not self.strict and not self.group.unknown

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


def _joined(line: Line, group: Group) -> list[Word]:
    """Join the parts of padded (``李 明``) and of English names; drop numbers glued to a name."""
    joined: list[Word] = []
    singles = [
        word.end - word.start == 1 and _HAN_ONLY.match(line.plain, word.start, word.end) is not None
        for word in group.words
    ]
    source = group.label is not None and group.label.role in SOURCES
    three = len(singles) == 3 and all(singles) and all(word.sep == " " for word in group.words[1:])
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


def _joins(line: Line, last: Word, word: Word) -> bool:
    """Tell whether two words are one name: a lone surname and a short given name, or English words."""
    before, text = line.plain[last.start : last.end], line.plain[word.start : word.end]
    if last.kind == word.kind == "latin":
        return not _STAFF_CODE.match(text)
    if not (_HAN_ONLY.match(before) and _HAN_ONLY.match(text)) or len(text) > 2:
        return False
    given = len(text) == 1 or text[0] not in SURNAMES
    return given and (before in COMPOUND_SURNAMES or before in SURNAMES or len(before) == len(text) == 1)
