"""What stands behind a text: credits from the last line up, the page's boilerplate, the end of the text itself."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, takewhile
from typing import NamedTuple

from archive.model.article import Credit, Position, Role
from zhijiang_spider.credits.grammar import Entry, Find, Reading, read, read_whole
from zhijiang_spider.credits.groups import BOILERPLATE
from zhijiang_spider.credits.tokens import MAX_LINE, Line, may_have_label, scan
from zhijiang_spider.credits.values import NOTES
from zhijiang_spider.vocabulary import any_of, words

MAX_CAPTION = 150
"""Characters of a caption or last line whose credit may follow without any punctuation."""
STRAY_LINES = 3
"""How many short lines of no known kind may stand below the credits."""
TAIL_LINES = 40
"""How many lines at the end may be credits and boilerplate."""
_SHORT_ROW = 40
"""Characters of a row that only the rows beside it tell to be a credit."""
STOPS = re.compile(r"[。!?”…]")


def _any_of(*groups: str) -> str:
    return any_of(*groups, traditional=False)  # a plain copy is simplified


def last_credits(lines: Sequence[Line], first: int, taken: set[int]) -> list[Find]:
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
    ending: list[Find] = field(default_factory=list)
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


def _last_lines(lines: Sequence[Line], first: int, end: int, taken: set[int]) -> list[Find]:
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
    taken.update(i for members, reading in block[n:] if reading.whole for i in members)
    text = "\n".join(lines[i].printed.strip() for i in used)
    return [*(found.ending if n == 0 else []), Find(text, _block_credits(lines, block[n:]))]


def _walk_up(lines: Sequence[Line], first: int, end: int) -> _LastLines:
    """Walk up from the end: lines of credits make the block, boilerplate is passed, text stops the walk."""
    found = _LastLines()
    i = end - 1
    while i >= max(first, end - TAIL_LINES):
        members = _bracketed(lines, i, first)
        reading = read_whole(_join(lines, [members]))
        if reading is None and found.block and (row := _in_company(lines, i, found.block[0].members)):
            members, reading = row
            found.block.pop(0)
        known = reading is not None and reading.known
        idle = reading is not None and reading.idle
        passed = not known and len(members) == 1 and (idle or is_boilerplate(lines[i]))
        if reading and _is_of_a_work(lines, members[0], reading):
            break
        if reading and (reading.known or (not passed and (reading.entries or reading.labels))):
            found.block.insert(0, _Row(members, reading))
        elif (at_end := ending(lines[i], Position.TAIL)) or not (passed or _add_stray(found, lines[i])):
            found.ending = at_end
            break
        i = members[0] - 1
    _take_strays(lines, found, end)
    return found


def _in_company(lines: Sequence[Line], row: int, beside: range) -> _Row | None:
    """Read 设计｜尔东, or 责　编 干　将, as one row with the credits right beside it: they say that it is no text."""
    plain = lines[row].plain.rstrip()
    tokens = scan(plain, 0, len(plain)) if len(plain) <= _SHORT_ROW else []
    if not tokens or tokens[0].kind != "label" or row not in (beside.start - 1, beside.stop):
        return None
    members = range(min(row, beside.start), max(row + 1, beside.stop))
    reading = read_whole(_join(lines, [members]))
    return _Row(members, reading) if reading and reading.known else None


def _take_strays(lines: Sequence[Line], found: _LastLines, end: int) -> None:
    """Add to the block the lines right below it that are credits in its company."""
    while found.block and (below := found.block[-1].members.stop) < end:
        row = _in_company(lines, below, found.block[-1].members)
        if row is None:
            break
        found.block[-1] = row
        found.strays = max(found.strays - 1, 0)  # what is passed was counted as none


def _is_of_a_work(lines: Sequence[Line], i: int, reading: Reading) -> bool:
    """Tell whether a line names the author of the work whose title is the line above: 《某某》, 作者：某某."""
    if reading.of_a_work:
        return True
    authors = bool(reading.entries) and all(entry.role is Role.AUTHOR for entry in reading.entries)
    return authors and i > 0 and _TITLE_OF_WORK.fullmatch(lines[i - 1].plain.strip()) is not None


_TITLE_OF_WORK = re.compile("[0-9., ]{0,4}<[^<>]{1,24}>|[0-9., ]{0,4}《[^《》]{1,24}》")


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


def _block_credits(lines: Sequence[Line], block: list[_Row]) -> list[Credit]:
    """Read the block as one, for what reaches over its lines; line by line where that cannot be."""
    whole = read_whole(_join(lines, [members for members, _ in block]))
    readings = [whole] if whole else [reading for _, reading in block]
    return _continued([credit for reading in readings for credit in reading.credits(Position.TAIL)])


def _continued(credits: list[Credit]) -> list[Credit]:
    """Give names on a line of their own between labelled lines the label above: the list of names goes on there."""
    labelled = [number for number, credit in enumerate(credits) if credit.label]
    if not labelled:
        return credits
    found: list[Credit] = []
    for number, credit in enumerate(credits):
        if credit.label is None and credit.org is None and labelled[0] < number < labelled[-1]:
            credit = replace(credit, label=found[-1].label, role=found[-1].role)
        found.append(credit)
    return found


def _bracketed(lines: Sequence[Line], i: int, first: int) -> range:
    """Add to a line that closes a bracket the one or two lines above that open it."""
    plain = lines[i].plain
    if len(plain) <= MAX_LINE and plain.rstrip().endswith(")") and plain.count(")") > plain.count("("):
        for j in range(i - 1, max(first, i - 3) - 1, -1):
            if len(lines[j].plain) > MAX_LINE:
                break
            if lines[j].plain.lstrip().startswith("("):
                return range(j, i + 1)
    return range(i, i + 1)


def _join(lines: Sequence[Line], rows: list[range]) -> Line:
    """Make one text of several paragraphs; those of one bracket become one line."""
    if len(rows) == 1 and len(rows[0]) == 1:
        return lines[rows[0][0]]
    return Line("\n".join(" ".join(lines[i].clean.replace("\n", " ") for i in row) for row in rows))


def _may_open(lines: Sequence[Line], block: list[_Row]) -> bool:
    """Tell whether the block may begin with its first line: whether one of ``_OPENINGS`` holds."""
    return any(opening(lines, block) for opening in _OPENINGS)


def _opens_known(_lines: Sequence[Line], block: list[_Row]) -> bool:
    """编辑：某某某."""
    return block[0].reading.known


def _opens_shaped(lines: Sequence[Line], block: list[_Row]) -> bool:
    """（某某某）, 某某某 某某某, 某报 某某某: names that a bracket, their surnames or their outlets make sure."""
    top = block[0].reading
    shaped = top.bracket or (top.lone_names and top.words == 1) or top.outlet_and_names
    return bool(top.entries) and not top.unknown and shaped and top.signed and _is_signature(lines, block)


def _is_signature(lines: Sequence[Line], block: list[_Row]) -> bool:
    """Tell whether names without a label sign the text above them: several such lines are a list, as is one in it."""
    above = lines[block[0].members[0] - 1].plain.rstrip(_CLOSING) if block[0].members[0] else ""
    if lines[block[0].members[0]].plain.lstrip().startswith(_DASHES):
        return False  # ——某某某: whom a verse or a saying is by
    if _ANNOUNCES.search(above) or sum(row.reading.bare and not row.reading.bracket for row in block) > 1:
        return False
    return block[0].reading.bracket or (len(above) >= _SENTENCE and bool(STOPS.match(above[-1])))


_DASHES = ("—", "–", "-", "~", "=")
_SENTENCE = 12
"""Characters of the shortest sentence that a name may sign; a verse is shorter."""
_CLOSING = " \n\"'”’)】"
_ANNOUNCES = re.compile(_any_of("credits.announces"))


def _opens_in_company(lines: Sequence[Line], block: list[_Row]) -> bool:
    """灯光：某某某, and 编辑：某某某 on a line below it; several lines of labels that nobody knows are a list."""
    top, first = block[0].reading, block[0].members[0]
    if not top.entries or top.bare or not any(row.reading.known for row in block[1:2]):
        return False
    above = read_whole(lines[first - 1]) if first else None
    return above is None or above.known or not above.unknown


def _opens_colophon(lines: Sequence[Line], block: list[_Row]) -> bool:
    """主办：某某局, 承办：某某中心, and 编辑：某某某 below them."""
    above = list(takewhile(lambda row: not row.reading.known, block))
    return 0 < len(above) < len(block) and all(
        row.reading.entries and _COLOPHON.match(lines[row.members[0]].plain.lstrip()) for row in above
    )


_COLOPHON = re.compile(rf"{_any_of('credits.colophon')} ?[:|/]")


def _opens_stack(lines: Sequence[Line], block: list[_Row]) -> bool:
    """动效丨某某某, 建模丨某某某, 编辑丨某某某: labels between bars, one a line, one of which is known.

    With colons there may be no more unknown ones than known: they may be a list of what the text tells.
    """
    known = sum(row.reading.known for row in block)
    above = list(takewhile(lambda row: not row.reading.known, block))
    if not known or not all(row.reading.unknown and row.reading.lone_names for row in above):
        return False
    barred = all("|" in lines[row.members[0]].plain for row in block)
    return len(block) >= _STACK and (barred or len(above) <= known)


_STACK = 3
"""How many lines of one form make a stack."""


def _opens_with_label(lines: Sequence[Line], block: list[_Row]) -> bool:
    """编辑：, and 某某某 on the next line."""
    if block[0].reading.entries or len(block) == 1:
        return False
    members = block[0].members
    pair = read_whole(_join(lines, [members, block[1].members]))
    return pair is not None and pair.known and pair.entries[0].start < len(lines[members[0]].clean)


_OPENINGS: Sequence[Callable[[Sequence[Line], list[_Row]], bool]] = (
    _opens_known,
    _opens_shaped,
    _opens_in_company,
    _opens_colophon,
    _opens_stack,
    _opens_with_label,
)


def ending(line: Line, position: Position) -> list[Find]:
    """Read credits at the end of a text: ``…增收致富。（记者 某某）``, ``活动现场 某某 摄``."""
    plain = line.plain.rstrip()
    low = max(0, len(plain) - MAX_LINE // 2)
    stop = max((match.end() for match in STOPS.finditer(plain, low)), default=0)
    for start, reading in chain(_behind_stop(line, plain, low, stop), _behind_gap(line, plain, stop)):
        return [Find(line.span(start, len(plain)), reading.credits(position))]
    return []


def _behind_stop(line: Line, plain: str, low: int, stop: int) -> Iterator[tuple[int, Reading]]:
    """…增收致富。（记者 某某）: what follows the last full stop, or the last bracket."""
    starts = [stop] if stop or not low else []
    if plain.endswith(")"):
        starts.append(plain.rfind("(", low))
    for start in starts:
        reading = read(line, start, len(plain)) if 0 <= start < len(plain) else None
        bare = start == stop > 0 and reading and reading.bracket and reading.entries and reading.signed
        if reading and (reading.known or bare):
            yield start, reading


def _behind_gap(line: Line, plain: str, stop: int) -> Iterator[tuple[int, Reading]]:
    """活动现场 某某 摄: no punctuation stands before the names, so their surnames must be known."""
    gaps = [match.end() for match in _GAPS.finditer(plain, stop)] if len(plain) <= MAX_CAPTION else []
    for start in gaps[-10:]:
        if plain[start : start + 1].isdigit():  # 2.朗诵 某某某: an item of a list
            continue
        if not may_have_label(plain, start, len(plain)):
            continue
        reading = read(line, start, len(plain), strict=True)
        if reading and reading.known and all(_is_clear(entry) for entry in reading.entries):
            yield start, reading


def _is_clear(entry: Entry) -> bool:
    return len(entry.label or "") > 1 or entry.rule == "postfix"


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
LEGAL = re.compile(_any_of("credits.legal"))
_REQUEST = re.compile(
    rf"{_any_of('credits.request_verbs')}.{{0,6}}?{_any_of('credits.requested')}|{_any_of('credits.requests')}"
)
_LONGEST_REQUEST = 40
"""Characters of a line that asks the reader for something: 觉得不错，就点个“在看”吧."""


def is_boilerplate(line: Line) -> bool:
    """Tell whether a line beside the text belongs to the page and not to the article."""
    if len(line.plain) > MAX_LINE // 2:
        return False
    plain = line.plain.strip(_EDGES)
    if len(plain) <= _LONGEST_REQUEST and _REQUEST.search(plain):
        return True
    if (
        plain in NOTES
        or _REMARK.fullmatch(plain)
        or not any(char.isalpha() and char not in "年月日时分秒" for char in plain)
    ):
        return True
    if LEGAL.search(plain) or _ATTACHMENT.fullmatch(plain):
        return True
    return len(plain) <= 40 and not STOPS.search(plain) and any(word in plain for word in BOILERPLATE)
