"""Who made an article: reads credits from its header row, dateline, last lines and captions.

A credit is (label, role, name, organisation).  Position *and* shape decide, never a keyword alone:
a line counts only where credits stand, and only if a small grammar can read all of it.

1. ``_scan`` cuts a line into tokens: labels, words, separators, brackets (one pass, left to right).
2. ``_group`` collects them: a label with the words that follow it (编辑：某某), or the words before it
   (某某 摄), labels inside labels (采写：某报记者 某某), organisations before either.
3. ``_read`` turns groups into credits, or gives None: then the line is text.

Comparisons are made on a *plain* copy of equal length (half width, simplified, one character for each
family of separators); every value is cut from the text as printed.

Rules, as ``Credit.rule`` names them: ``label`` label, separator, names · ``postfix`` names, label ·
``outer`` a label around another one · ``unknown`` a label the table does not know, by its shape ·
``bare`` names without a label · ``team`` an organisation that is its own label.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from archive.article import Credit, Position, Role, RoleGroup

from .credit_roles import (
    COMPOUND_SURNAMES,
    EDIT_MODIFIERS,
    FIELDS,
    FURNITURE,
    HEADINGS,
    MODIFIERS,
    ORG_ENDINGS,
    OWN,
    PLACEHOLDERS,
    POSTFIX,
    ROLES,
    SHORT_ORG_ENDINGS,
    SIMPLIFIED,
    SINGLE,
    SOURCES,
    STRONG_ORG_ENDINGS,
    SURNAMES,
    TITLES,
)


@dataclass(frozen=True, slots=True)
class CreditBlock:
    """What the credits of one article say, and the text without them."""

    credits: tuple[Credit, ...]
    """In reading order."""
    paragraphs: tuple[str, ...]
    """The input paragraphs, unchanged and in order, without the lines that are nothing but credits."""
    credit_line: str
    """Every credit text exactly as printed, one a line, in reading order, or ""."""


MAX_LINE = 600
"""Characters: a longer paragraph is never a line of credits, and no more of its end is looked at."""
MAX_DATELINE = 60
"""Characters from the start of a paragraph to the bracket with the reporters' names."""
HEAD_LINES = 8
"""How many lines above the text may be bylines."""
TAIL_LINES = 40
"""How many lines at the end may be credits and furniture."""


def extract_credits(paragraphs: Sequence[str], *, header: str = "", captions: Sequence[str] = ()) -> CreditBlock:
    """Find the credits of an article; ``paragraphs`` is its text as printed, in reading order.

    ``header`` is the page's row of date, source and names, ``captions`` the texts under the pictures.
    Never raises; what cannot be read as credits stays in the paragraphs.
    """
    lines = [_Line(paragraph) for paragraph in paragraphs]
    finds: list[_Find] = []
    if header:
        finds += _header(_Line(header))
    taken: set[int] = set()
    first = _head(lines, finds, taken)
    tail = _tail(lines, first, taken)
    finds += _dateline(lines, first, taken)
    finds += tail
    for caption in captions:
        finds += _caption(_Line(caption))
    return CreditBlock(
        credits=tuple(credit for find in finds for credit in find.credits),
        paragraphs=tuple(paragraph for i, paragraph in enumerate(paragraphs) if i not in taken),
        credit_line="\n".join(find.text for find in finds),
    )


class _Find(NamedTuple):
    """One place where credits were found: its text as printed, and what it says."""

    text: str
    credits: list[Credit]


# --- the plain copy ------------------------------------------------------------------------------------

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_PLAIN = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **SIMPLIFIED,
    **str.maketrans(dict.fromkeys("\u3000\u00a0\t\r\u2002\u2003\u2009", " ")),
    **str.maketrans(dict.fromkeys("丨｜︱│┃︳∣ǀ▏‖", "|")),
    **str.maketrans(dict.fromkeys("[{<【〔〖［｛＜〈«", "(")),
    **str.maketrans(dict.fromkeys("]}>】〕〗］｝＞〉»", ")")),
    **str.maketrans(dict.fromkeys("、､", ",")),
    **str.maketrans(dict.fromkeys("∶﹕", ":")),
    **str.maketrans(dict.fromkeys("∕⁄\\＼", "/")),
}


class _Line:
    """A text as printed and its plain copy; ``clean`` and ``plain`` have equal length."""

    __slots__ = ("clean", "plain", "printed")

    def __init__(self, printed: str) -> None:
        self.printed = printed
        self.clean = _INVISIBLE.sub("", printed)
        self.plain = self.clean.translate(_PLAIN)

    def span(self, start: int, end: int) -> str:
        """Give back ``clean[start:end]`` as printed, invisible characters included."""
        if len(self.clean) == len(self.printed):
            return self.printed[start:end].strip()
        at = [i for i, char in enumerate(self.printed) if not _INVISIBLE.match(char)]
        return self.printed[at[start] : at[end - 1] + 1].strip() if start < end else ""


# --- positions -----------------------------------------------------------------------------------------


def _header(line: _Line) -> list[_Find]:
    reading = _read(line, 0, min(len(line.plain), MAX_LINE), lenient=True)
    credits = reading.credits(Position.HEADER, bare=False) if reading else []
    return [_Find(line.span(*reading.extent()), credits)] if reading and credits else []


def _head(lines: list[_Line], finds: list[_Find], taken: set[int]) -> int:
    """Read the bylines and field rows above the text; return the index of the first line of text."""
    for i, line in enumerate(lines[:HEAD_LINES]):
        if not line.plain.strip():
            continue
        reading = _whole(line)
        credits = reading.credits(Position.HEADER) if reading else []
        if not reading or not credits or not (reading.known() or reading.marked or reading.orgs_only_with_names()):
            return i
        finds.append(_Find(line.printed.strip(), credits))
        taken.add(i)
    return min(len(lines), HEAD_LINES)


_DATELINE_END = re.compile(r"(?:讯|电|消息|报道|报道:|日|融媒|融媒体)\s*$")
_PROSE = re.compile(r"[,;。!?“”的了说是被把与]")


def _dateline(lines: list[_Line], first: int, taken: set[int]) -> list[_Find]:
    """Read ``枝江融媒（记者 某某）1月15日，…``: an outlet, then a bracket with names, then text."""
    for i in range(first, min(len(lines), first + 3)):
        if i in taken:
            break
        line = lines[i]
        start = len(line.plain) - len(line.plain.lstrip())
        window = line.plain[: start + MAX_DATELINE]
        for open_ in (m.start() for m in re.finditer(r"\(", window)):
            outlet = window[start:open_]
            if _PROSE.search(outlet):
                break
            close = line.plain.find(")", open_, open_ + 200)
            if close < 0:
                break
            reading = _read(line, open_ + 1, close)
            credits = reading.credits(Position.DATELINE) if reading else []
            if reading and credits and reading.known() and (len(outlet) <= 16 or _DATELINE_END.search(outlet) or _is_org(outlet.strip())):
                return [_Find(line.span(start, close + 1), credits)]
        found = _reported(line, start, window)
        if found:
            return [found]
    return []


def _reported(line: _Line, start: int, window: str) -> _Find | None:
    """Read ``某报记者 某某 报道：…``, the dateline without a bracket."""
    end = window.find("报道", start)
    if end < 0 or _PROSE.search(window[start:end].replace(",", "")):
        return None
    after = line.plain[end + 2 : end + 3]
    if after and after not in ": ,":
        return None
    for begin in (start, *(m.end() for m in re.finditer(r"[讯电]\s*", window[start:end]))):
        reading = _read(line, begin, end + 2)
        credits = reading.credits(Position.DATELINE) if reading else []
        if reading and credits and reading.known():
            return _Find(line.span(start, end + 2), credits)
    return None


def _tail(lines: list[_Line], first: int, taken: set[int]) -> list[_Find]:
    """Read the block of credits at the end, furniture after it looked past."""
    finds = _tail_block(lines, first, len(lines), taken)
    if not finds:
        for i in range(len(lines) - 1, max(first, len(lines) - TAIL_LINES) - 1, -1):
            if lines[i].plain.strip(" :()") in HEADINGS:
                return _tail_block(lines, first, i, taken)
    return finds


def _tail_block(lines: list[_Line], first: int, end: int, taken: set[int]) -> list[_Find]:
    block: list[tuple[list[int], _Line, _Reading]] = []
    glued: _Find | None = None
    i = end - 1
    while i >= max(first, end - TAIL_LINES):
        line = lines[i]
        if not line.plain.strip():
            i -= 1
            continue
        members, joined = _bracketed(lines, i, first)
        reading = _whole(joined)
        if reading and (reading.any() or reading.empty_labels()):
            block.append((members, joined, reading))
        elif not _is_furniture(line):
            glued = _glued(line)
            break
        i = members[0] - 1
    block.reverse()
    while block and not _may_open(block[0][2], len(block) > 1):
        block.pop(0)
        glued = None
    if not any(reading.credits(Position.TAIL) for _, _, reading in block):
        block = []
    finds = [glued] if glued else []
    if not block:
        return finds
    text = "\n".join(line.printed.strip() for _, line, _ in block)
    joined_line = _Line(text)
    whole = _whole(joined_line) if len(text) <= MAX_LINE else None
    credits = (
        whole.credits(Position.TAIL) if whole else [c for _, _, r in block for c in r.credits(Position.TAIL)]
    )
    taken.update(member for members, _, _ in block for member in members)
    return [*finds, _Find(text, credits)]


def _bracketed(lines: list[_Line], i: int, first: int) -> tuple[list[int], _Line]:
    """Join a line that closes a bracket with the one or two lines above that open it."""
    plain = lines[i].plain
    if len(plain) <= MAX_LINE and plain.rstrip().endswith(")") and plain.count(")") > plain.count("("):
        for j in range(i - 1, max(first, i - 3) - 1, -1):
            if len(lines[j].plain) > MAX_LINE:
                break
            if lines[j].plain.lstrip().startswith("("):
                return list(range(j, i + 1)), _Line("\n".join(line.printed for line in lines[j : i + 1]))
    return [i], lines[i]


def _may_open(reading: "_Reading", more: bool) -> bool:
    """Tell whether a line may be the first of the last lines' block: weak ones need company or brackets."""
    if reading.known():
        return True
    return reading.any() and (more or reading.bracket or reading.lone_name())


_SENTENCE_END = re.compile(r"[。!?”…](?=[^。!?”…]*$)")


def _glued(line: _Line) -> _Find | None:
    """Read credits glued to the end of a paragraph of text: ``…增收致富。（记者 某某）``."""
    plain = line.plain.rstrip()
    low = max(0, len(plain) - MAX_LINE // 2)
    ends = [m.end() for m in _ENDS.finditer(plain, low)]
    starts = [ends[-1]] if ends else []
    if plain.endswith("。") and len(ends) > 1:
        starts = []
    if plain.endswith(")"):
        open_ = plain.rfind("(", low)
        if open_ > 0:
            starts.append(open_)
    for start in starts:
        reading = _read(line, start, len(plain)) if start < len(plain) else None
        if not reading:
            continue
        credits = reading.credits(Position.TAIL)
        after_sentence = start in ends
        if credits and (reading.known() or (reading.bracket and after_sentence)):
            return _Find(line.span(start, len(plain)), credits)
    return None


_ENDS = re.compile(r"[。!?”…]")


def _caption(line: _Line) -> list[_Find]:
    """Read the credit at the end of a caption: ``活动现场。（某某 摄）``, ``活动现场 某某 摄``."""
    whole = _whole(line)
    if whole and whole.known() and (credits := whole.credits(Position.CAPTION)):
        return [_Find(line.printed.strip(), credits)]
    glued = _glued(line)
    if glued and all(credit.label for credit in glued.credits):
        return [_Find(glued.text, [_moved(credit, Position.CAPTION) for credit in glued.credits])]
    plain = line.plain.rstrip()
    low = max(0, len(plain) - 80)
    for start in [m.end() for m in re.finditer(r"[ ,]", plain[low:])][-10:]:
        reading = _read(line, low + start, len(plain), strict=True)
        if reading and reading.known() and (credits := reading.credits(Position.CAPTION)):
            return [_Find(line.span(low + start, len(plain)), credits)]
    return []


def _moved(credit: Credit, position: Position) -> Credit:
    return Credit(credit.label, credit.role, credit.name, credit.org, position, credit.rule)


_DATE_LINE = re.compile(r"[\d\s./:年月日时分秒-]+$")


def _is_furniture(line: _Line) -> bool:
    """Tell whether a line after the text belongs to the page, not to the article."""
    plain = line.plain.strip(" -_—()")
    if not any(char.isalpha() for char in plain) or _DATE_LINE.match(plain) or plain in ("完", "END", "end", "全文完"):
        return True
    if len(plain) <= 40 and not _ENDS.search(plain) and any(word in plain for word in FURNITURE):
        return True
    return len(plain) <= 300 and re.match(r"\W{0,2}(?:\w{0,6}声明|版权|凡本[网站报]|[本未]\w{0,8}(?:转载|授权))", plain) is not None


# --- tokens --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Token:
    kind: str
    """``label``, ``field`` (a label that is no credit), ``word``, ``latin``, ``num``, ``mark``, ``text``
    (punctuation of prose), or the separator itself: ``: | / , ; ( )`` and newline."""
    start: int
    end: int
    gap: bool = False
    """Whether space stands before it."""
    role: Role = Role.UNLABELLED
    title: bool = False
    postfix: bool = False


_HAN = r"\u3400-\u9fff〇々·•‧・《》\U00020000-\U0003ffff"
_TOKEN = re.compile(
    rf"(?P<num>https?://[!-~]{{1,300}}|\d[\d.:/年月日时分秒-]*(?<![:/])|[\w.+-]{{1,40}}@[\w.-]{{1,40}})"
    r"|(?P<latin>[A-Za-zÀ-ɏ_][A-Za-zÀ-ɏ0-9_.'’-]*)"
    rf"|(?P<word>[{_HAN}]+)"
    r"|(?P<space> +)"
    r"|(?P<sep>[:|/,;()\n])"
    r"|(?P<mark>[□■●◎◆▲△▶►※★☆○◇▼*#@©+&—–=~-])"
    r"|(?P<text>.)",
    re.DOTALL,
)


def _either(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(set(words), key=len, reverse=True)))


_OWN = _either(OWN)
_MODIFIER = _either(MODIFIERS)
_TITLE = re.compile(
    rf"(?:{_OWN})?(?:{_MODIFIER}){{0,3}}(?:驻[{_HAN}]{{1,8}}?)?(?:{_MODIFIER}){{0,2}}(?:{_either(TITLES)})"
)
_WORDS = [word for word in ROLES if word not in SINGLE and word not in TITLES]
_LABEL = re.compile(rf"(?:{_either((*EDIT_MODIFIERS, *OWN))}){{0,2}}(?:{_either(_WORDS)})")
_FIELD = re.compile(_either(FIELDS))
_SPACED = re.compile(
    rf"(?:{'|'.join(' {0,4}'.join(w) for w in sorted((*TITLES, *_WORDS), key=len, reverse=True))})(?![{_HAN}])"
)
_COMPOSITE = re.compile(rf"(?:文字|图片|摄影|文|图|摄) ?[/,&+] ?(?:图片|文字|摄影|视频|摄像|图|文|摄)(?![{_HAN}])")


def _scan(plain: str, start: int, end: int) -> list[_Token]:
    """Cut ``plain[start:end]`` into tokens."""
    tokens: list[_Token] = []
    gap = False
    pos = start
    fresh = True
    while pos < end:
        special = _special_label(plain, pos, end) if fresh else None
        if special:
            special.gap = gap
            tokens.append(special)
            pos, gap, fresh = special.end, False, True
            continue
        match = _TOKEN.match(plain, pos, end)
        if match is None:  # pragma: no cover - the last branch matches any character
            break
        kind = match.lastgroup or "text"
        pos = match.end()
        fresh = True
        if kind == "space":
            gap = True
            continue
        if kind == "word":
            new = _split_run(plain, match.start(), pos, tokens)
            if plain[pos - 1] in "文图摄" and pos - match.start() > 1:
                composite = _COMPOSITE.match(plain, pos - 1, end)
                if composite:
                    new = _split_run(plain, match.start(), pos - 1, tokens)
                    new.append(_label_token(plain, composite.start(), composite.end()))
                    pos = composite.end()
        elif kind == "sep":
            new = [_Token(match.group(), match.start(), pos)]
        else:
            new = [_Token(kind, match.start(), pos)]
        new[0].gap = gap
        gap = False
        tokens += new
    return tokens


def _special_label(plain: str, pos: int, end: int) -> _Token | None:
    """Match a padded label (``记 者``) or a pair with its own slash (``文/图``)."""
    match = _COMPOSITE.match(plain, pos, end)
    if match is None:
        match = _SPACED.match(plain, pos, end)
        if match is None or " " not in match.group():
            return None
    return _label_token(plain, match.start(), match.end())


def _label_token(plain: str, start: int, end: int) -> _Token:
    word = plain[start:end].replace(" ", "")
    if _COMPOSITE.fullmatch(word):
        return _Token("label", start, end, role=Role.TEXT_AND_PICTURES, postfix=True)
    known = next((word[i:] for i in range(len(word)) if word[i:] in ROLES), "")
    if known in TITLES and word not in ROLES:  # 本报见习记者, 全媒体特约记者
        known = next((title for title in ("见习记者", "实习记者", "特约记者", "摄影记者", "图片记者") if title[:2] in word and word.endswith(title[2:])), known)
    return _Token("label", start, end, role=ROLES[known], title=known in TITLES, postfix=word in POSTFIX)


def _split_run(plain: str, start: int, end: int, before: list[_Token]) -> list[_Token]:
    """Cut a run of Chinese characters into labels and the words between them."""
    follow = plain[end : end + 4].lstrip(" ")[:1]
    strong = follow in (":", "|") and follow != ""
    found = list(_candidates(plain, start, end))
    tokens: list[_Token] = []
    pos = start
    for n, (i, j, is_field) in enumerate(found):
        left = plain[pos:i]
        right = plain[j : found[n + 1][0] if n + 1 < len(found) else end]
        token = _Token("field", i, j) if is_field else _label_token(plain, i, j)
        if not _accept(token, left, right, at_end=j == end, strong=strong or (j == end and follow == "/"), chained=bool(tokens)):
            continue
        if left and token.title:  # 浠水融媒体记者: the modifier belongs to a place that is no outlet by itself
            shift = re.match(r"融媒体?|全媒体?", plain[i:j])
            if shift and not _is_org(left) and not _split_names(left) and len(left) <= 4:
                token = _label_token(plain, i + shift.end(), j)
                left = plain[pos : token.start]
        elif left and not token.postfix and j == end and strong and not tokens and not is_field and not _open_value(before, left) and len(left) <= 4 and not _is_org(left):
            token.start, left = pos, ""  # 党建编辑：…
        if left:
            tokens += _piece(plain, pos, token.start, tokens or before, last=False)
        tokens.append(token)
        pos = j
    if pos < end:
        tokens += _piece(plain, pos, end, tokens or before, last=True)
    return tokens


def _candidates(plain: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Give the places where a known label may stand, the longest at each place, none overlapping."""
    pos = start
    while pos < end:
        best, is_field = pos, False
        if plain[pos] in _FIRST:
            for pattern in (_TITLE, _LABEL, _FIELD):
                match = pattern.match(plain, pos, end)
                if match and match.end() > best:
                    best, is_field = match.end(), pattern is _FIELD
        if best > pos:
            yield pos, best, is_field
            pos = best
        else:
            pos += 1


_FIRST = frozenset("驻" + "".join(w[0] for w in (*ROLES, *FIELDS, *OWN, *MODIFIERS, *EDIT_MODIFIERS)))


def _open_value(before: list[_Token], word: str) -> bool:
    """Tell whether a word glued before a label is the value of the label before: ``来源：某网作者：``."""
    if before and before[-1].kind in ":|/" and len(before) > 1 and before[-2].kind in ("label", "field"):
        return True
    return _split_names(word) is not None and any(token.kind == "label" for token in before)


def _accept(token: _Token, left: str, right: str, *, at_end: bool, strong: bool, chained: bool) -> bool:
    """Decide whether a known label inside a run is one, by what is glued to it on both sides."""
    names_right = not right or right in SINGLE or _glued_names(right)
    if token.kind == "field":
        return at_end and (strong or not left) and not right
    if token.title:
        return names_right
    if not left:
        return names_right
    if at_end and strong:
        return True
    if at_end and token.postfix:
        return _split_names(left) is not None or _is_org(left) or len(left) <= 3
    return chained and names_right and _split_names(left) is not None


def _glued_names(text: str) -> bool:
    return _split_names(text) is not None or (text[-1] in SINGLE and _split_names(text[:-1]) is not None)


def _piece(plain: str, start: int, end: int, before: list[_Token], *, last: bool) -> list[_Token]:
    """Cut a run without long labels: the labels of one character at its ends."""
    text = plain[start:end]
    word = _Token("word", start, end)
    if text in SINGLE:
        return [_label_token(plain, start, end)]
    if text[-1] == "摄" or (last and text[-1] in SINGLE and len(text) == 4 and _split_names(text[:-1]) == [3]):
        return [_Token("word", start, end - 1), _label_token(plain, end - 1, end)]
    opens = not before or before[-1].kind in ("(", "\n", "mark")
    if opens and text[0] in SINGLE and (len(text) > 3 or text[0] not in SURNAMES) and _split_names(text[1:]):
        return [_label_token(plain, start, start + 1), _Token("word", start + 1, end)]
    return [word]


# --- names and organisations ---------------------------------------------------------------------------

_DOTS = "·•‧・"
_NOT_A_NAME = frozenset("的了吗呢吧您你们这哪谁她它啊把被")


def _split_names(text: str) -> list[int] | None:
    """Cut glued Chinese names by their surnames; return their lengths, None where it cannot be done.

    ``陈一鸣李二`` gives [3, 2].  Fewest names win; a name of four characters needs a compound surname.
    """
    n = len(text)
    if not 2 <= n <= 60 or any(char in _NOT_A_NAME for char in text):
        return None
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
    return lengths


def _is_org(text: str) -> bool:
    """Tell whether a word ends as organisations' names do."""
    if text.startswith("《") and text.endswith("》"):
        return True
    if len(text) >= 2 and text.endswith(ORG_ENDINGS):
        return True
    if len(text) == 3:
        return text[-1] in STRONG_ORG_ENDINGS or (text[0] not in SURNAMES and text[-1] in SHORT_ORG_ENDINGS)
    return len(text) > 3 and text[-1] in SHORT_ORG_ENDINGS and _split_names(text) is None


def _outlet(text: str) -> str | None:
    """Give the outlet of ``新华社发`` or of a plain organisation."""
    if text.endswith("发") and _is_org(text[:-1]):
        return text[:-1]
    return text if _is_org(text) else None


# --- groups --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Word:
    start: int
    end: int
    kind: str
    sep: str = ""
    """What stands before it: "" (nothing), " ", or a separator."""
    org: str | None = None


@dataclass(slots=True)
class _Group:
    """One label and its words, or words without one."""

    label: _Token | None = None
    words: list[_Word] = field(default_factory=list)
    org: str | None = None
    outers: tuple[_Token, ...] = ()
    bracket: bool = False
    part: int = 0
    """Number of the bracket or line it stands in: a postfix label does not reach out of it."""
    targets: "list[_Group] | None" = None
    """For a postfix label: the groups whose names it repeats."""
    taken: bool = False
    """Whether a postfix label has taken its names."""
    unknown: bool = False


class _Fail(Exception):  # noqa: N818 - control flow, not an error
    """The line is no line of credits."""


def _group(line: _Line, tokens: list[_Token], *, lenient: bool) -> tuple[list[_Group], bool]:
    """Collect tokens into groups; also tell whether a bullet stands before them."""
    plain = line.plain
    groups: list[_Group] = []
    now = _Group()
    part = depth = 0
    swallow = marked = False
    sep = ""
    pending: str | None = None
    i = 0

    def close(**more: object) -> _Group:
        if now.label or now.words:
            groups.append(now)
        return _Group(part=part, bracket=depth > 0)

    while i < len(tokens):
        token = tokens[i]
        nxt = tokens[i + 1] if i + 1 < len(tokens) else None
        if token.kind == "text":
            if not lenient:
                raise _Fail
        elif token.kind == "mark":
            marked = marked or not groups
            sep = sep or "-"
        elif token.kind == "(":
            stop = _annotation(tokens, i, now, groups)
            if stop and not swallow:
                note = plain[token.end : tokens[stop].start].strip()
                if _is_org(note):
                    note = line.clean[token.end : tokens[stop].start].strip()
                    if now.words:
                        now.words[-1].org = note
                    elif groups and groups[-1].targets is not None:
                        groups[-1].org = note
                i = stop
            elif not swallow and now.label and not now.words:
                depth += 1
            else:
                if not now.label and len(now.words) == 1 and (outlet := _outlet(plain[now.words[0].start : now.words[0].end])):
                    if len(outlet) < now.words[0].end - now.words[0].start:
                        pending = line.clean[now.words[0].start : now.words[0].end - 1]
                    now.words.clear()
                depth += 1
                part += 1
                now = close()
                swallow = False
        elif token.kind == ")":
            depth = max(0, depth - 1)
            part += 1
            now = close()
            pending = None
        elif token.kind == "\n" and depth == 0:
            part += 1
            last = now if now.label else None
            now = close()
            if last and last.label and last.outers:
                now.outers = last.outers
            swallow = False
        elif token.kind == "field":
            now = close()
            swallow = True
        elif token.kind == "label":
            if _is_postfix(tokens, i, now, groups, part):
                now.part = part
                now = close()
                targets = []
                for group in reversed(groups):
                    if group.part != part or group.targets is not None:
                        break
                    if group.label is None or group.label.role.group is RoleGroup.CREATE:
                        targets.insert(0, group)
                        group.taken = True
                groups.append(_Group(token, targets=targets, part=part, org=pending))
                while i + 1 < len(tokens) and tokens[i + 1].kind in ":|":
                    i += 1
            else:
                now, swallow = _open(line, tokens, i, now, groups, part, depth, sep, swallow, pending), False
        elif token.kind in ("word", "latin", "num"):
            if not swallow:
                if token.kind != "num" or (now.words and not token.gap and sep == ""):
                    now.words.append(_Word(token.start, token.end, token.kind, sep or (" " if token.gap else "")))
                if nxt and nxt.kind in ":|" and _names_follow(tokens, i + 1) and now.words and (nxt.kind == ":" or not now.label):
                    word = now.words.pop()
                    now = close()
                    now.label = _Token("label", word.start, word.end, role=Role.OTHER)
                    now.unknown = True
                    i += 1
            sep = ""
            i += 1
            continue
        if token.kind in ":|/,;":
            if token.kind == ":" and not lenient and (not tokens[i - 1].kind in ("label", "field") if i else True):
                if not swallow:
                    raise _Fail
            sep = token.kind
        elif token.kind not in ("mark",):
            sep = ""
        i += 1
    close()
    return groups, marked


def _annotation(tokens: list[_Token], i: int, now: _Group, groups: list[_Group]) -> int:
    """Give the index of the bracket that closes a remark after a name, 0 where the bracket is none."""
    after_name = bool(now.words) and (now.label is not None or not tokens[i].gap) and tokens[i - 1].kind in ("word", "latin")
    after_postfix = not now.words and bool(groups) and groups[-1].targets is not None and tokens[i - 1].kind == "label"
    if not i or not (after_name or after_postfix):
        return 0
    for j in range(i + 1, min(len(tokens), i + 8)):
        if tokens[j].kind == ")":
            return j
        if tokens[j].kind in ("label", "(", "\n"):
            return 0
    return 0


def _is_postfix(tokens: list[_Token], i: int, now: _Group, groups: list[_Group], part: int) -> bool:
    """Decide whether a label belongs to the names before it (某某 摄) or to those after it (摄影 某某)."""
    token = tokens[i]
    if not token.postfix or i == 0:
        return False
    before = bool(now.words) or (bool(groups) and groups[-1].part == part and bool(groups[-1].words))
    prev, nxt = tokens[i - 1], tokens[i + 1] if i + 1 < len(tokens) else None
    if not before:
        return False
    value_next = nxt is not None and (nxt.kind in ("word", "latin") or (nxt.kind == "label" and nxt.title))
    if nxt is not None and nxt.kind in ":|/" and i + 2 < len(tokens) and tokens[i + 2].kind in ("word", "latin", "label"):
        return False
    if prev.kind in "/|" and i > 1 and tokens[i - 2].kind in ("word", "latin"):
        return True
    if prev.kind == "word" and not token.gap:
        return True
    if not value_next:
        return True
    return prev.kind == "word" and _closes_with_postfix(tokens, i)


def _closes_with_postfix(tokens: list[_Token], i: int) -> bool:
    """Tell whether the bracket or line ends with a label after its names: 某某 文 某某 图."""
    last = i
    for j in range(i + 1, len(tokens)):
        if tokens[j].kind in ("(", ")", "\n"):
            break
        last = j
    return last > i and tokens[last].postfix and tokens[last].kind == "label" and tokens[last - 1].kind == "word"


def _names_follow(tokens: list[_Token], i: int) -> bool:
    return i + 1 < len(tokens) and tokens[i + 1].kind in ("word", "latin")


def _open(
    line: _Line, tokens: list[_Token], i: int, now: _Group, groups: list[_Group],
    part: int, depth: int, sep: str, swallow: bool, pending: str | None,
) -> _Group:  # fmt: skip
    """Close the group before a label and open the label's own."""
    token, prev = tokens[i], tokens[i - 1] if i else None
    nxt = tokens[i + 1].kind if i + 1 < len(tokens) else ""
    new = _Group(token, part=part, bracket=depth > 0, org=pending)
    if now.label and not now.words and not now.label.title and not token.title and sep and sep in "/," and nxt in (*":|/", "word", "latin") :
        now.label = _Token("label", now.label.start, token.end, role=now.label.role, postfix=now.label.postfix)
        if {now.label.role, token.role} == {Role.AUTHOR, Role.PHOTOGRAPHER}:
            now.label.role = Role.TEXT_AND_PICTURES
        return now
    if prev and prev.kind in ("word", "latin") and not sep:
        word = line.plain[prev.start : prev.end]
        if swallow:
            if token.title and _is_org(word):
                new.org = line.clean[prev.start : prev.end]
        elif now.words and now.words[-1].start <= prev.start and _is_outlet_of(now, token, word, line):
            last = now.words.pop()
            new.org = line.clean[last.start : last.end]
            if not token.title and now.label is None and not now.words:
                pass
    plain_next = nxt not in (":", "|")
    if token.title and now.label and not now.words and not now.label.title and now.label.role.group is not RoleGroup.REVIEW and plain_next and now.label.role not in SOURCES:
        new.outers = (now.label,)
        return new
    if token.title and plain_next and now.outers and (now.label is None or now.label.title):
        new.outers = now.outers
    if now.label or now.words:
        groups.append(now)
    return new


def _is_outlet_of(now: _Group, token: _Token, word: str, line: _Line) -> bool:
    """Tell whether the word before a label is the outlet of the people it names."""
    if now.label and now.label.role in SOURCES and len(now.words) == 1:
        return False
    if not token.title:
        return now.label is None and len(now.words) == 1 and _is_org(word)
    if _is_org(word):
        return True
    if not token.gap:
        return _split_names(word) is None or (now.label is None and len(now.words) == 1)
    return now.label is None and len(now.words) == 1


# --- credits -------------------------------------------------------------------------------------------


class _Entry(NamedTuple):
    label: str | None
    role: Role
    name: str
    org: str | None
    rule: str
    start: int
    end: int


@dataclass(slots=True)
class _Reading:
    """What one line says."""

    entries: list[_Entry]
    labels: int
    marked: bool
    bracket: bool
    words: int

    def credits(self, position: Position, *, bare: bool = True) -> list[Credit]:
        return [
            Credit(entry.label, entry.role, entry.name, entry.org, position, entry.rule)
            for entry in self.entries
            if bare or entry.label
        ]

    def extent(self) -> tuple[int, int]:
        labelled = [entry for entry in self.entries if entry.label]
        return min(entry.start for entry in labelled), max(entry.end for entry in labelled)

    def known(self) -> bool:
        """Tell whether a label of the table has a name."""
        return any(entry.label and entry.rule != "unknown" for entry in self.entries)

    def any(self) -> bool:
        return bool(self.entries)

    def empty_labels(self) -> bool:
        return self.labels > 0

    def orgs_only_with_names(self) -> bool:
        return bool(self.entries) and all(entry.org for entry in self.entries)

    def lone_name(self) -> bool:
        """Tell whether it is one or two names with known surnames, and nothing else."""
        return len(self.entries) <= 2 and all(
            entry.org is not None or _split_names(entry.name.translate(_PLAIN)) for entry in self.entries
        )


def _whole(line: _Line) -> _Reading | None:
    """Read a line that must be nothing but credits."""
    return _read(line, 0, len(line.plain)) if len(line.plain) <= MAX_LINE else None


def _read(line: _Line, start: int, end: int, *, lenient: bool = False, strict: bool = False) -> _Reading | None:
    """Read ``line[start:end]``; None where it is not wholly credits.

    ``lenient`` skips what is not a credit (header rows), ``strict`` wants known surnames.
    """
    try:
        groups, marked = _group(line, _scan(line.plain, start, end), lenient=lenient)
        entries = [entry for group in groups for entry in _entries(line, group, lenient=lenient, strict=strict)]
    except _Fail:
        return None
    bare_outside = any(g.label is None and not g.taken and g.words and not g.bracket for g in groups)
    labels = sum(group.label is not None for group in groups)
    if bare_outside and labels and not lenient and not marked:
        return None
    return _Reading(
        entries, labels, marked, any(g.bracket for g in groups), sum(len(g.words) for g in groups)
    )


def _entries(line: _Line, group: _Group, *, lenient: bool, strict: bool) -> Iterator[_Entry]:
    label = group.label
    if group.targets is not None and label is not None:
        if label.role is Role.AUTHOR and line.plain[label.start : label.end] == "报道" and any(t.label for t in group.targets):
            return
        for target in group.targets:
            for name, org in _values(line, target, lenient=lenient, strict=strict):
                yield _Entry(_label(line, label), label.role, name, org or (None if target.label else group.org), "postfix", label.start, label.end)
        return
    if group.taken and label is None:
        return
    for name, org in _values(line, group, lenient=lenient, strict=strict):
        start = label.start if label else group.words[0].start
        end = group.words[-1].end
        for outer in group.outers:
            yield _Entry(_label(line, outer), outer.role, name, None, "outer", outer.start, end)
        if label:
            rule = "unknown" if group.unknown else "label"
            yield _Entry(_label(line, label), label.role, name, org or group.org, rule, start, end)
        elif team := next((team for team in _TEAMS if name.translate(_PLAIN).endswith(team)), None):
            yield _Entry(name[-len(team) :], Role.AUTHOR, name, org, "team", start, end)
        else:
            yield _Entry(None, Role.UNLABELLED, name, org, "bare", start, end)


_TEAMS = ("报道组", "采访组", "报道团", "采访团", "评论员", "编辑部")


def _label(line: _Line, token: _Token) -> str:
    return line.clean[token.start : token.end].replace(" ", "").replace("\u3000", "").replace("\u00a0", "")


def _values(line: _Line, group: _Group, *, lenient: bool, strict: bool) -> list[tuple[str, str | None]]:
    """Give the (name, organisation) pairs of a group's words."""
    words = _joined(line, group)
    source = group.label is not None and group.label.role in SOURCES
    out: list[tuple[str, str | None]] = []
    org: str | None = None
    for n, word in enumerate(words):
        text, plain = line.clean[word.start : word.end], line.plain[word.start : word.end].strip()
        text = text.strip()
        if _padded(plain):
            text, plain = _unpad(text), plain.replace(" ", "")
        if plain in PLACEHOLDERS or _STAFF.match(plain) and out:
            continue
        if source:
            if len(plain) > 24:
                if lenient:
                    continue
                raise _Fail
            out.append((text, word.org))
            continue
        outlet = _outlet(plain)
        if outlet is not None:
            following = words[n + 1] if n + 1 < len(words) else None
            if following is not None and following.sep in (" ", "") and _outlet(line.plain[following.start : following.end]) is None:
                org = text[: len(outlet)]
            else:
                out.append((text, None))
            continue
        lengths = _name_lengths(plain, group, strict=strict)
        if lengths is None:
            if lenient:
                continue
            raise _Fail
        at = 0
        for length in lengths:
            out.append((text[at : at + length], word.org or org))
            at += length
    return out


_STAFF = re.compile(r"_?[A-Za-z]{0,4}_?\d+$|_")
_HAN_ONLY = re.compile(r"[\u3400-\u9fff〇々\U00020000-\U0003ffff]+$")


def _padded(plain: str) -> bool:
    return " " in plain and not plain.isascii()


def _unpad(text: str) -> str:
    return re.sub(r"[\s\u3000\u00a0]+", "", text)


def _name_lengths(plain: str, group: _Group, *, strict: bool) -> list[int] | None:
    """Give the lengths of the names in one word, None where it holds none."""
    if not _HAN_ONLY.match(plain):
        dotted = any(dot in plain for dot in _DOTS) and len(plain) <= 24 and "《" not in plain
        latin = plain.isascii() and group.label is not None and len(plain) <= 30
        mixed = group.label is not None and not strict and len(plain) <= 12 and "《" not in plain
        return [len(plain)] if dotted or latin or mixed else None
    if any(char in _NOT_A_NAME for char in plain):
        return None
    lengths = _split_names(plain)
    if strict or group.unknown:
        return lengths
    if len(plain) <= 3:
        if len(plain) == 1 and not (group.bracket and group.label):
            return None
        return [len(plain)]
    if len(plain) == 4 and lengths is None:
        return [4] if group.label else None
    return lengths


def _joined(line: _Line, group: _Group) -> list[_Word]:
    """Join the parts of padded (``李 明``) and of English names; drop staff codes glued to a name."""
    out: list[_Word] = []
    for word in group.words:
        text = line.plain[word.start : word.end]
        last = out[-1] if out else None
        if last is not None:
            before = line.plain[last.start : last.end]
            if word.sep == "":
                if word.kind == "num" or text.startswith("_"):
                    continue
                out[-1] = _Word(last.start, word.end, "mixed", last.sep, word.org)
                continue
            if word.sep == " " and _joins(before, text, last, word):
                out[-1] = _Word(last.start, word.end, word.kind, last.sep, word.org)
                continue
        out.append(_Word(word.start, word.end, word.kind, word.sep, word.org))
    return out


def _joins(before: str, text: str, last: _Word, word: _Word) -> bool:
    if last.kind == "latin" and word.kind == "latin":
        return not _STAFF.match(text)
    if not (_HAN_ONLY.match(before) and _HAN_ONLY.match(text)):
        return False
    if len(before) == 1:
        return len(text) == 1 or (len(text) == 2 and before in SURNAMES and text[0] not in SURNAMES)
    return before in COMPOUND_SURNAMES and len(text) <= 2 and (len(text) == 1 or text[0] not in SURNAMES)
