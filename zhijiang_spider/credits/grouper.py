"""From tokens to groups: which label has which words, before it, after it or round it."""

import re
from dataclasses import replace

from archive.model.article import Role, RoleGroup
from zhijiang_spider.credits.groups import BOILERPLATE, Group, NotCredits, Span, Word, is_outlet_before
from zhijiang_spider.credits.labels import PAGE_FIELDS, Token
from zhijiang_spider.credits.tokens import Line, unwrapped
from zhijiang_spider.text.names import is_org, outlet_in, split_names
from zhijiang_spider.vocabulary import any_of, words
from zhijiang_spider.vocabulary.roles import SOURCES

_ABOUT = words("credits.whom_it_is_about")
REPORTED = frozenset(words("credits.reported"))
_AGENCY = re.compile(
    rf"(?:[\u4e00-\u9fff]{{1,8}}{any_of('credits.picture_agencies', traditional=False)}"
    rf"|{any_of('credits.picture_agency_starts', traditional=False)}[\u4e00-\u9fff]{{2,6}})(?![\u4e00-\u9fff])"
)
"""An agency for pictures: 人民视觉, 影像中国."""


_UNIT = re.compile(
    rf"[\u4e00-\u9fff]{{0,8}}[县市区镇乡村州][\u4e00-\u9fff]{{0,12}}{any_of('names.unit_endings')}"
)
"""A unit that only a bracket behind a name makes sure: （云汀县林场）."""
MAX_REMARK = 4
"""Characters of a remark on a name that is no more than a person's kind: （实习生）, （化名）."""
MAX_FIELD = 16
"""Characters of one word in the value of a field; a longer one is text."""


class Grouper:
    """Collects the tokens of one line (or block of lines) into groups."""

    def __init__(self, line: Line, tokens: list[Token], *, lenient: bool) -> None:
        self.line, self.tokens, self.lenient = line, unwrapped(line, tokens), lenient
        self.groups: list[Group] = []
        self.part = self.depth = 0
        self.now = Group(0, False)
        self.sep = ""
        self.skipping = False
        """Inside a field that is no credit: its value lasts until the next label."""
        self.page_field = False
        """Whether that field is the page's, a date, a counter, a button, and says nothing of the article."""
        self.agency: Span | None = None
        """The agency of ``某社发（某某 摄）``, until the bracket closes."""
        self.marked = False
        self.more = False
        """Whether something is said that no credit keeps: the value of a field, a long remark."""

    def run(self) -> list[Group]:
        """Give the groups in reading order; raise NotCredits on what no line of credits holds."""
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
                sep = self._newline(i)
            elif kind == "field":
                self._close()
                self.skipping = True
                self.page_field = self._plain(self.tokens[i]).endswith(PAGE_FIELDS)
            elif kind == "text" or (kind == "symbol" and self.now.words and self._kind(i + 1) == "word"):
                self._refuse()
            else:
                sep = self._separator(i)
            self.sep = sep
            i += 1
        self._close()
        return self.groups

    def _separator(self, i: int) -> str:
        """Give what a separator or a bullet counts as; a colon must stand behind a label."""
        kind = self._kind(i)
        if kind == "mark":
            self.marked = self.marked or not (self.groups or self.now.label or self.now.words)
            return "-"
        if kind == ";" and not self.skipping and self._is_labelled(i):
            self._new_part(0)
        if kind == ":" and not self.skipping and self._kind(i - 1) not in ("label", "field", ":"):
            self._refuse()
        return kind

    def _is_labelled(self, i: int) -> bool:
        """Tell whether labels stand on both sides of a semicolon: what is behind it is a credit of its own."""
        last = self.groups[-1] if self.groups else None
        if not (self.now.label or (last and last.part == self.part and last.label)):
            return False
        for token in self.tokens[i + 1 :]:
            if token.kind in (";", ")", "\n", "label"):
                return token.kind == "label"
        return False

    def _refuse(self) -> None:
        if not self.lenient:
            raise NotCredits

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

    def _newline(self, i: int) -> str:
        """A line ends its label's names, but a label alone on a line takes the next line's; return what parts them."""
        self.depth = 0
        if self.now.label and not self.now.words and self._kind(i + 1) == "word":
            return self.sep
        outers = self.now.outers
        self._new_part(0)
        self.now.outers = outers
        return ""

    def _kind(self, i: int) -> str:
        return self.tokens[i].kind if 0 <= i < len(self.tokens) else ""

    def _gap(self, i: int) -> bool:
        return i < len(self.tokens) and self.tokens[i].gap

    def _plain(self, item: Token | Word) -> str:
        return self.line.plain[item.start : item.end]

    # words and brackets

    def _word(self, i: int) -> int:
        token, now = self.tokens[i], self.now
        if self.skipping:
            if token.end - token.start > MAX_FIELD and token.kind != "num":
                self._refuse()
            self.more = self.more or not self.page_field
            return i
        glued = bool(now.words) and not token.gap and now.words[-1].end == token.start
        if not glued and self._signs_source(self._plain(token)):
            self._close()
            now = self.now
            now.byline = True
        if token.kind != "num" or glued:  # a number by itself is a date, a page, a telephone
            now.words.append(Word(token.start, token.end, token.kind, "" if glued else self.sep or " "))
        after = self._kind(i + 1)
        plain = self._plain(token)
        if after == ":" and self._kind(i + 2) == "num" and not glued and self.groups:  # 订阅电话：…
            now.words.pop()
            self._close()
            self.skipping = self.more = True
            return i + 1
        barred = after == "|" and not is_org(plain) and (now.label is None or not split_names(plain))
        if (after == ":" or barred) and now.words and self._kind(i + 2) in ("word", "latin"):
            word = now.words.pop()
            if self._plain(word).startswith(_ABOUT):
                self._refuse()
            self._close()
            self.now.label = Token("label", word.start, word.end, role=Role.OTHER)
            self.now.unknown = True
            return i + 1
        return i

    def _signs_source(self, plain: str) -> bool:
        """Tell whether a word behind an outlet's label and name is its writer: ``来源：某报 某某某``."""
        now = self.now
        if not (now.label and now.label.role is Role.SOURCE and now.words and self.sep in (" ", "", "|")):
            return False
        return is_org(self._plain(now.words[-1])) and split_names(plain) is not None and not is_org(plain)

    def _open_bracket(self, i: int) -> int:
        """A bracket after a name is a remark (its unit, number, title); any other opens a part."""
        now, token = self.now, self.tokens[i]
        stop = 0 if self.skipping else self._remark_end(i)
        if stop:
            note = Span(token.end, self.tokens[stop].start)
            remark = self.line.plain[note.start : note.end].strip()
            unit = is_org(remark) or _UNIT.fullmatch(remark) or _AGENCY.fullmatch(remark)
            if unit and not any(word in remark for word in BOILERPLATE):
                holder = now.words[-1] if now.words else self.groups[-1]
                holder.org = note
            elif self._is_sender(remark):  # 供稿：某某局（某某某）
                sender = now.words.pop()
                now.words.append(
                    Word(note.start, note.end, "word", sender.sep, Span(sender.start, sender.end))
                )
            elif len(remark) > MAX_REMARK and not remark.isascii():
                self.more = True
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

    def _is_sender(self, remark: str) -> bool:
        """Tell whether a bracket behind a unit that supplied something names who did."""
        label, words = self.now.label, self.now.words
        supplied = label is not None and label.role in SOURCES and label.role is not Role.SOURCE
        return supplied and is_org(self._plain(words[-1])) and split_names(remark) == [len(remark)]

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
        if not self._names_before(i) or self._opens_names(i):
            return False
        if not token.postfix:
            return self._signs_with_duty(i)
        glued = before == "word" and not token.gap
        parted = before in ("/", "|") and not self.now.label  # else 二审 某某 / 摄影 某某
        if parted or (token.end - token.start == 1 and (glued or before in ("/", "|"))):
            return True
        if after not in ("word", "latin") and not (after == "label" and self.tokens[i + 1].title):
            return True
        return before in ("word", "/", "|") and self._ends_with_postfix(i)

    def _signs_with_duty(self, i: int) -> bool:
        """Tell whether a label that stands before names elsewhere is behind them: ``某某某/编辑 某某/校对``."""
        token, now = self.tokens[i], self.now
        if token.title or now.label or self._kind(i + 1) in (":", "|", "/"):
            return False
        if not self._are_names(now.words):
            return False
        return self._kind(i - 1) == "/" or (token.gap and self._ends_with_label(i))

    def _are_names(self, words: list[Word]) -> bool:
        """Tell whether words have known surnames, padded names too."""
        joined = re.sub(r"(?<= \S) (?=\S )", "", f" {' '.join(map(self._plain, words))} ")
        return bool(words) and all(split_names(name) for name in joined.split())

    def _names_before(self, i: int) -> bool:
        """Tell whether names stand before a label: ``某某 摄``, ``（记者 某某）摄``."""
        if self.now.words:
            return True
        last = self.groups[-1] if self.groups else None
        return last is not None and last.part == self.part and bool(last.words) and self._kind(i - 1) == ")"

    def _opens_names(self, i: int) -> bool:
        """Tell whether a separator and a word follow a label: ``摄影：某某``."""
        after = self._kind(i + 1)
        return bool(after) and after in ":|/" and self._kind(i + 2) in ("word", "latin", "label")

    def _ends_with_postfix(self, i: int) -> bool:
        """Tell whether the part ends with names and a label: ``某某 文 某某 图`` has both after the names."""
        last = self._last_of_part(i)
        if self._plain(self.tokens[last]) in REPORTED:  # 摄影 某某 报道
            return False
        signs = self.tokens[last].postfix or (self.now.label is None and self._ends_with_label(i))
        return last > i and signs and self._kind(last - 1) in ("word", "/")

    def _ends_with_label(self, i: int) -> bool:
        last = self._last_of_part(i)
        return self.tokens[last].kind == "label" and not self.tokens[last].title

    def _last_of_part(self, i: int) -> int:
        while self._kind(i + 1) not in ("", "(", ")", "\n"):
            i += 1
        return i

    def _postfix(self, token: Token) -> None:
        words = self.now.words
        placed = self._plain(token) in REPORTED and len(words) > 1 and not split_names(self._plain(words[-1]))
        if placed:
            words.pop()  # 记者某某 北京报道: a place
        self._go_on(token)
        self._close()
        targets: list[Group] = []
        for group in reversed(self.groups):
            if group.part != self.part or group.targets is not None:
                break
            if group.label is None or group.label.role.group is RoleGroup.CREATE:
                group.taken = True
                if not (placed and group.label):
                    targets.insert(0, group)
        self.groups.append(Group(self.part, self.depth > 0, token, org=self.agency, targets=targets))

    def _go_on(self, token: Token) -> None:
        """Give names before a label in brackets the title that the names before theirs have: 记者 某某（文） 某某（图）."""
        last = self.groups[-1] if self.groups else None
        if self.now.label or last is None or last.part != self.part or not last.targets:
            return
        title = last.targets[-1].label
        brackets = [self.line.plain[label.start - 1 : label.start] for label in (last.label, token) if label]
        if title and title.title and brackets == ["(", "("]:
            self.now.label = title

    def _extends(self, i: int) -> bool:
        """Join two labels that share their names: ``策划/文案：``, ``文、图：``, ``一审一校：``.

        Two duties of editing and review, and what a comma parts, are a credit each: ``编辑/校对：``.
        """
        token, label = self.tokens[i], self.now.label
        if label is None or self.now.words or label.title or token.title:
            return False
        glued = label.end == token.start and (self._kind(i + 1) in (":", "|", "/") or self._gap(i + 1))
        if not glued and not (self.sep in ("/", ",") and self.tokens[i - 2].end == label.end):
            return False
        both = {label.role, token.role} == {Role.AUTHOR, Role.PHOTOGRAPHER} and self.sep != ","
        duties = {label.role.group, token.role.group} <= {RoleGroup.EDIT, RoleGroup.REVIEW}
        if not glued and not both and (duties or self.sep == ","):
            self.now.outers, self.now.label = (*self.now.outers, label), token
            return True
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
        if len(now.words) == 1 and now.label and now.label.role in SOURCES:
            return None
        if not is_outlet_before(token, plain, now):
            return None
        now.words.pop()
        return None if plain.endswith(("讯", "电")) else Span(word.start, word.end)


def _may_hold(label: Token) -> bool:
    """Tell whether a label may stand round a title; an empty 一审丨 before the next line's 记者 may not."""
    return not label.title and label.role.group is not RoleGroup.REVIEW and label.role not in SOURCES
