"""Who made an article: reads credits from its header row, dateline, last lines and captions.

A credit is (label, role, name, organisation).  Position *and* shape decide, never a keyword alone:
a line counts only where credits stand (this module), and only if a small grammar can read all of it
(``tokens`` → ``groups`` → ``values`` → ``grammar``, with the words of the vocabulary).

``Credit.rule`` names the rule that read it: ``label`` label, separator, names (编辑：某某) · ``postfix``
names, label (某某 摄) · ``outer`` a label round another one (采写：某报记者 某某) · ``unknown`` a label
the table does not know, by its shape · ``bare`` names without a label · ``team`` an organisation that is
its own label (某某报道组).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from archive.model.article import Credit, Position, Role, RoleGroup
from zhijiang_spider.credits.grammar import Reading, read, read_whole
from zhijiang_spider.credits.groups import BOILERPLATE
from zhijiang_spider.credits.tokens import MAX_LINE, Line
from zhijiang_spider.credits.values import NOTES
from zhijiang_spider.text.names import is_org, split_names
from zhijiang_spider.vocabulary import any_of, words


@dataclass(frozen=True, slots=True)
class CreditBlock:
    """What the credits of one article say, and the text without them."""

    credits: tuple[Credit, ...]
    """In reading order."""
    paragraphs: tuple[str, ...]
    """The input paragraphs, unchanged and in order, without the lines that are nothing but credits."""
    credit_line: str
    """Every credit text exactly as printed, one a line, in reading order, or ""."""


def _any_of(*groups: str) -> str:
    return any_of(*groups, traditional=False)  # a plain copy is simplified


MAX_DATELINE = 60
"""Characters from the start of a paragraph to the bracket with the reporters' names."""
MAX_CAPTION = 150
"""Characters of a caption or last line whose credit may follow without any punctuation."""
HEAD_LINES = 8
"""How many lines above the text may be bylines."""
LEAD_LINES = 2
"""How many lines of text may stand above the bylines."""
STRAY_LINES = 3
"""How many short lines of no known kind may stand below the credits."""
TAIL_LINES = 40
"""How many lines at the end may be credits and boilerplate."""


def extract_credits(
    paragraphs: Sequence[str], *, header: str = "", byline: str = "", captions: Sequence[str] = ()
) -> CreditBlock:
    """Find the credits of an article; ``paragraphs`` is its text as printed, in reading order.

    ``header`` is the page's row of date, source and names, ``byline`` names by the title without a label:
    they count where nobody else is named as writer.  ``captions`` are the texts under the pictures.
    Never raises; what cannot be read as credits stays in the paragraphs.
    """
    lines = [_bared(Line(paragraph)) for paragraph in paragraphs]
    taken: set[int] = set()
    finds = _header(_bared(Line(header))) if header else []
    head, first = _head(lines, taken)
    if first == len(lines):  # no text: a picture story has only its last lines
        taken.clear()
        head, first = [], 0
    finds += [*head, *_tail(lines, first, taken)]
    if byline and not any(credit.role.group is RoleGroup.CREATE for find in finds for credit in find.credits):
        finds = [*_unlabelled(Line(byline)), *finds]
    for caption in captions:
        finds += _ending(Line(caption), Position.CAPTION)
    return CreditBlock(
        credits=tuple(credit for find in finds for credit in find.credits),
        paragraphs=tuple(paragraph for i, paragraph in enumerate(paragraphs) if i not in taken),
        credit_line="\n".join(find.text for find in finds),
    )


_CRUMBS = re.compile(
    rf"(?:{any_of('breadcrumb.whose')}?{any_of('breadcrumb.labels', 'breadcrumb.labels_before_colon')}是? {{0,2}}[:：]? {{0,2}})?{any_of('breadcrumb.home')}"
    r"(?: {0,3}[>＞»›] {0,3}[^\s>＞»›:：]{1,12}){1,5}(?= |$)"
)
_BUTTONS = re.compile(
    rf"(?:(?<=[\s\u3000])|(?<=[)）】\]]))(?:{any_of('credits.buttons')}|赞(?=[\s\d]))[^\n。]{{0,60}}$"
)
_PREDICATE = re.compile(rf"{any_of('credits.contributed')}.{{0,2}}$")
_WHO_IS = re.compile(
    rf"[(（]{any_of('credits.author_is')}[:： ]?"
    r"(?:(?P<name>[\u4e00-\u9fff]{2,4}?)(?P<rest>[,， ]?[系为][^()（）]{2,40})"
    rf"|(?P<glued>[\u4e00-\u9fff]{{2}}(?={any_of('credits.known_places')})|[\u4e00-\u9fff]{{3}})"
    rf"(?P<unit>[^()（）:：、]{{4,40}}{any_of('credits.positions')}))"
    r"[)）]\s*$"
)
"""Who an author is, behind the name or glued to it: a name has three characters unless a known place follows two."""


def _bared(line: Line) -> Line:
    """Blank what stands on a line with its credits and is none: the page's place, its buttons, what an author is."""
    text = line.clean
    if len(text) > 2 * MAX_LINE:
        return line
    found = [
        match.span()
        for match in (_CRUMBS.match(text.lstrip()), _BUTTONS.search(text), _PREDICATE.search(text))
        if match
    ]
    who = _WHO_IS.search(text)
    for name, rest in (("name", "rest"), ("glued", "unit")) if who else ():
        if who and who[name] and split_names(who[name]) == [len(who[name])]:
            found.append(who.span(rest))
    for start, end in found:
        line.clean = line.clean[:start] + " " * (end - start) + line.clean[end:]
        line.plain = line.plain[:start] + " " * (end - start) + line.plain[end:]
    return line


class _Find(NamedTuple):
    """One place where credits were found: its text as printed, and what it says."""

    text: str
    credits: list[Credit]


def _header(line: Line) -> list[_Find]:
    """Read the row of date, source and names; what is no credit in it is passed over.

    The outlet in it is the article's source, a field of its own; in a last line it is part of the credits.
    """
    reading = read(line, 0, min(len(line.plain), MAX_LINE), lenient=True)
    entries = [entry for entry in reading.entries if entry.label] if reading else []
    found = [(entry, entry.credit(Position.HEADER)) for entry in entries]
    found = [(entry, credit) for entry, credit in found if credit.role is not Role.SOURCE]
    if not found:
        return []
    start, end = min(entry.start for entry, _ in found), max(entry.end for entry, _ in found)
    return [_Find(line.span(start, end), [credit for _, credit in found])]


def _unlabelled(line: Line) -> list[_Find]:
    """Read the names by the title that have no label."""
    reading = read(line, 0, len(line.plain), strict=True)
    return [_Find(line.printed.strip(), reading.credits(Position.HEADER))] if reading else []


def _head(lines: list[Line], taken: set[int]) -> tuple[list[_Find], int]:
    """Read bylines and field rows above the text, then the dateline; also return the index of the text."""
    finds: list[_Find] = []
    for i, line in enumerate(lines[:HEAD_LINES]):
        dateline = _dateline(line)
        rest = line.plain[dateline.end :].strip() if dateline else ""
        reading = None if dateline and (not rest or _STOPS.search(rest)) else read_whole(line)
        if reading and (reading.known or (reading.entries and (reading.marked or reading.outlet_and_names))):
            finds.append(_Find(line.printed.strip(), reading.credits(Position.HEADER)))
            taken.add(i)
        elif dateline:
            finds.append(_Find(dateline.text, dateline.credits))
            if rest:
                return finds, i
            taken.add(i)
            return finds, i + 1
        elif origin := _origin(line):
            finds.append(origin)
        elif i < LEAD_LINES and not finds and _is_lead(lines, i):
            continue
        elif _LEGAL.search(line.plain) or not (_is_boilerplate(line) or _FEATURE.match(line.plain)):
            return finds, i
    return finds, min(len(lines), HEAD_LINES)


def _is_lead(lines: list[Line], i: int) -> bool:
    """Tell whether a line stands above the bylines: behind it are lines of credits, and the text behind them."""
    n = i + 1
    while n < len(lines) and (reading := read_whole(lines[n])) and reading.known:
        n += 1
    if n == i + 1 and n < LEAD_LINES:
        return _is_lead(lines, n) if n < len(lines) else False
    return n > i + 1 and any(len(line.plain) > MAX_DATELINE for line in lines[n:])


_ORIGIN = re.compile(rf" {{0,9}}{_any_of('credits.this_text')}[^。]{{0,12}}{_any_of('credits.taken_from')}")
_ORIGIN_FIELD = re.compile(
    rf"{_any_of('credits.origin_labels')} {{0,2}}[:|] {{0,2}}[^,，。;；:：()（）]{{2,30}}"
)


def _origin(line: Line) -> _Find | None:
    """Read the names in the sentence that says where a text was taken from: ``本文来自…，作者：某某，编辑：…``."""
    if not _ORIGIN.match(line.plain):
        return None
    spans = [found.span() for found in _ORIGIN_FIELD.finditer(line.plain, 0, MAX_LINE)]
    readings = [reading for start, end in spans if (reading := read(line, start, end)) and reading.known]
    credits = [credit for reading in readings for credit in reading.credits(Position.HEADER)]
    return _Find(line.printed.strip(), credits) if credits else None


_FEATURE = re.compile(r".{2,24}电 {0,4}题:")
"""某社某地某日电 题：…: an agency's feature, whose byline is the next paragraph."""
_WIRE_ENDS = _any_of("credits.wire_ends")
_OUTLET = re.compile(rf"(?:{_WIRE_ENDS}|{_any_of('credits.dateline_ends')})$")
_WIRE = re.compile(rf"{_WIRE_ENDS} *$")
_NEWS_FROM = re.compile(rf"{_WIRE_ENDS} +")
_HEARSAY = words("credits.hearsay")
_PROSE = re.compile(r"[,;。!?“”的了说是被把与]")
_REPORTED = re.compile(r"(?P<before>.{1,60}?)报[道导](?=[:, ]|$)")


class _Dateline(NamedTuple):
    text: str
    credits: list[Credit]
    end: int


def _dateline(line: Line) -> _Dateline | None:
    """Read ``枝江融媒（记者 某某）1月15日，…``: an outlet, a bracket with names, then text."""
    plain = line.plain
    start = len(plain) - len(plain.lstrip())
    window = plain[: start + MAX_DATELINE]
    for bracket in re.finditer(r"\(", window):
        outlet = plain[start : bracket.start()].strip()
        close = plain.find(")", bracket.start(), bracket.start() + MAX_LINE // 2)
        if close < 0 or _PROSE.search(outlet):
            break
        reading = read(line, bracket.start(), close + 1)
        if not reading or not (len(outlet) <= 16 or _OUTLET.search(outlet) or is_org(outlet)):
            continue
        if reading.known or (reading.lone_names and _WIRE.search(outlet)):
            return _Dateline(line.span(start, close + 1), reading.credits(Position.DATELINE), close + 1)
    return _reported(line, start, window)


def _reported(line: Line, start: int, window: str) -> _Dateline | None:
    """Read ``某报记者 某某 报道：…``, the dateline without a bracket."""
    reported = _REPORTED.match(window, start)
    if not reported or _PROSE.search(reported.group("before").replace(",", "")):
        return None
    end = reported.end()
    for begin in (*(m.end() for m in _NEWS_FROM.finditer(window, start, end)), start):
        heard = line.plain.startswith(_HEARSAY, begin)  # 据某报报道 is hearsay
        reading = None if heard else read(line, begin, end)
        if reading and reading.known:
            return _Dateline(line.span(start, end), reading.credits(Position.DATELINE), end)
    return None


def _tail(lines: list[Line], first: int, taken: set[int]) -> list[_Find]:
    """Read the credits at the end; if a list of other articles follows the text, those above it."""
    finds = _last_lines(lines, first, len(lines), taken)
    if not finds:
        for i in range(len(lines) - 1, max(first, len(lines) - TAIL_LINES) - 1, -1):
            if lines[i].plain.strip(" :()") in _HEADINGS:
                return _last_lines(lines, first, i, taken)
    return finds


_HEADINGS = frozenset(words("boilerplate.related"))


class _Row(NamedTuple):
    """One line of credits, or the lines of one bracket."""

    members: range
    """Which lines."""
    reading: Reading


@dataclass(slots=True)
class _LastLines:
    """What stands at the end of a text, from its last line up to the text."""

    block: list[_Row] = field(default_factory=list)
    """The lines of credits, in reading order; boilerplate between them is passed."""
    ending: list[_Find] = field(default_factory=list)
    """The credits at the end of the text itself."""
    strays: int = 0
    """How many lines of no known kind stand below the block."""
    odd: bool = False
    """Whether one of the strays looks like text."""

    @property
    def believed(self) -> bool:
        """Whether the block has enough known labels for what stands below it.

        ``时间：… 地点：…`` below a single one are a notice's own fields.
        """
        known = sum(row.reading.known for row in self.block)
        return known >= (2 if self.odd else 1 if self.strays else 0)


def _last_lines(lines: list[Line], first: int, end: int, taken: set[int]) -> list[_Find]:
    """Read the block of credits that stands last in ``lines[first:end]``, or the end of the text above it."""
    found = _walk_up(lines, first, end)
    block = found.block
    if not block:
        return [
            find for find in found.ending if not found.strays or all(credit.label for credit in find.credits)
        ]
    n = next((n for n in range(len(block)) if _may_open(lines, block[n:])), None) if found.believed else None
    if n is None:
        return []
    used = [i for members, _ in block[n:] for i in members]
    taken.update(used)
    text = "\n".join(lines[i].printed.strip() for i in used)
    return [*(found.ending if n == 0 else []), _Find(text, _block_credits(lines, block[n:]))]


def _walk_up(lines: list[Line], first: int, end: int) -> _LastLines:
    """Walk up from the end: lines of credits make the block, boilerplate is passed, text stops the walk."""
    found = _LastLines()
    i = end - 1
    while i >= max(first, end - TAIL_LINES):
        members = _bracketed(lines, i, first)
        reading = read_whole(_join(lines, [members]))
        passed = len(members) == 1 and (_is_boilerplate(lines[i]) or (reading is not None and reading.idle))
        if reading and (reading.known or (not passed and (reading.entries or reading.labels))):
            found.block.insert(0, _Row(members, reading))
        elif (ending := _ending(lines[i], Position.TAIL)) or not (passed or _add_stray(found, lines[i])):
            found.ending = ending
            break
        i = members[0] - 1
    return found


def _add_stray(found: _LastLines, line: Line) -> bool:
    """Count a line that may be boilerplate that no table knows; tell whether it can be one."""
    if found.block or found.strays == STRAY_LINES or not _is_stray(line):
        return False
    found.strays += 1
    found.odd = found.odd or _ODD.search(line.plain) is not None
    return True


def _is_stray(line: Line) -> bool:
    """Tell whether a line below the credits may be boilerplate that no table knows: short, no sentence."""
    plain = line.plain.strip()
    return len(plain) <= (40 if _ODD.search(plain) else 30) and "。" not in plain


_ODD = re.compile("[!?”…,;:]")
"""Makes a stray line look like text, so that more than one line of credits must stand above it."""


def _block_credits(lines: list[Line], block: list[_Row]) -> list[Credit]:
    """Read the block as one, for what reaches over its lines; line by line where that cannot be."""
    whole = read_whole(_join(lines, [members for members, _ in block]))
    readings = [whole] if whole else [reading for _, reading in block]
    return [credit for reading in readings for credit in reading.credits(Position.TAIL)]


def _bracketed(lines: list[Line], i: int, first: int) -> range:
    """Add to a line that closes a bracket the one or two lines above that open it."""
    plain = lines[i].plain
    if len(plain) <= MAX_LINE and plain.rstrip().endswith(")") and plain.count(")") > plain.count("("):
        for j in range(i - 1, max(first, i - 3) - 1, -1):
            if len(lines[j].plain) > MAX_LINE:
                break
            if lines[j].plain.lstrip().startswith("("):
                return range(j, i + 1)
    return range(i, i + 1)


def _join(lines: list[Line], rows: list[range]) -> Line:
    """Make one text of several paragraphs; those of one bracket become one line."""
    if len(rows) == 1 and len(rows[0]) == 1:
        return lines[rows[0][0]]
    return Line("\n".join(" ".join(lines[i].clean.replace("\n", " ") for i in row) for row in rows))


def _may_open(lines: list[Line], block: list[_Row]) -> bool:
    """Tell whether the block may begin with its first line: whether one of ``_OPENINGS`` holds."""
    return any(opening(lines, block) for opening in _OPENINGS)


def _opens_known(_lines: list[Line], block: list[_Row]) -> bool:
    """编辑：某某某."""
    return block[0].reading.known


def _opens_shaped(_lines: list[Line], block: list[_Row]) -> bool:
    """（某某某）, 某某某 某某某, 某报 某某某: names that a bracket, their surnames or their outlets make sure."""
    top = block[0].reading
    shaped = top.bracket or top.lone_names or top.outlet_and_names
    return bool(top.entries) and not top.unknown and shaped


def _opens_in_company(_lines: list[Line], block: list[_Row]) -> bool:
    """某某局, and 编辑：某某某 on a line below it."""
    return bool(block[0].reading.entries) and any(row.reading.known for row in block[1:])


def _opens_with_label(lines: list[Line], block: list[_Row]) -> bool:
    """编辑：, and 某某某 on the next line."""
    if block[0].reading.entries or len(block) == 1:
        return False
    members = block[0].members
    pair = read_whole(_join(lines, [members, block[1].members]))
    return pair is not None and pair.known and pair.entries[0].start < len(lines[members[0]].clean)


_OPENINGS: Sequence[Callable[[list[Line], list[_Row]], bool]] = (
    _opens_known,
    _opens_shaped,
    _opens_in_company,
    _opens_with_label,
)


_STOPS = re.compile(r"[。!?”…]")


def _ending(line: Line, position: Position) -> list[_Find]:
    """Read credits at the end of a text: ``…增收致富。（记者 某某）``, ``活动现场 某某 摄``."""
    plain = line.plain.rstrip()
    low = max(0, len(plain) - MAX_LINE // 2)
    after_stop = max((match.end() for match in _STOPS.finditer(plain, low)), default=0)
    starts = [after_stop] if after_stop or len(plain) <= MAX_LINE // 2 else []
    if plain.endswith(")"):
        starts.append(plain.rfind("(", low))
    for start in starts:
        reading = read(line, start, len(plain)) if 0 <= start < len(plain) else None
        bare = after_stop and start == after_stop and reading and reading.bracket and reading.entries
        if reading and (reading.known or bare):
            return [_Find(line.span(start, len(plain)), reading.credits(position))]
    if len(plain) <= MAX_CAPTION:  # no punctuation before the names: their surnames must be known
        for start in [match.end() for match in _GAPS.finditer(plain, after_stop)][-10:]:
            reading = read(line, start, len(plain), strict=True)
            if (
                reading
                and reading.known
                and all(len(entry.label or "") > 1 or entry.rule == "postfix" for entry in reading.entries)
            ):
                return [_Find(line.span(start, len(plain)), reading.credits(position))]
    return []


_GAPS = re.compile(r"[ )]")
_EDGES = " \n()-—_=*·#"
_REMARK = re.compile(
    f"如?[上下左右中前后]{{1,2}}[图排一二三四五六七]{{0,2}}|{_any_of('credits.remarks')}|附.{{0,3}}"
    rf"|有.?[删改动].{{0,2}}|.{{0,6}}{_any_of('credits.alias')}|[上下](?:接|转).{{1,8}}"
)
_ATTACHMENT = re.compile(
    rf"{_any_of('credits.attachments')} ?[0-9一二三四五六七八九十]{{0,3}} ?(?::.{{0,80}}|.{{0,3}})"
    r"|.{1,80}\.(?:pdf|docx?|xlsx?|pptx?|wps|ofd|zip|rar|7z)",
    re.IGNORECASE,
)
_LEGAL = re.compile(_any_of("credits.legal"))


def _is_boilerplate(line: Line) -> bool:
    """Tell whether a line beside the text belongs to the page and not to the article."""
    if len(line.plain) > MAX_LINE // 2:
        return False
    plain = line.plain.strip(_EDGES)
    if (
        plain in NOTES
        or _REMARK.fullmatch(plain)
        or not any(char.isalpha() and char not in "年月日时分秒" for char in plain)
    ):
        return True
    if _LEGAL.search(plain) or _ATTACHMENT.fullmatch(plain):
        return True
    return len(plain) <= 40 and not _STOPS.search(plain) and any(word in plain for word in BOILERPLATE)
