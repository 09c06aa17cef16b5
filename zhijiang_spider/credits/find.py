"""Who made an article: reads credits from its header row, dateline, last lines and captions.

A credit is (label, role, name, organisation).  Position *and* shape decide, never a keyword alone:
a line counts only where credits stand (this module and ``tail``), and only if a small grammar can read all of it
(``runs`` → ``tokens`` → ``grouper`` → ``values`` → ``grammar``, with the words of the vocabulary).

``Credit.rule`` names the rule that read it: ``label`` label, separator, names (编辑：某某) · ``postfix``
names, label (某某 摄) · ``outer`` a label round or beside another one (采写：某报记者 某某, 编辑/校对：某某) · ``unknown`` a label
the table does not know, by its shape · ``bare`` names without a label · ``team`` an organisation that is
its own label (某某报道组).
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, overload

from archive.model.article import Credit, Position, Role, RoleGroup
from zhijiang_spider.credits.english import read_english
from zhijiang_spider.credits.grammar import Entry, Find, Reading, read, read_whole
from zhijiang_spider.credits.labels import TITLE
from zhijiang_spider.credits.tail import LEGAL, STOPS, ending, is_boilerplate, last_credits
from zhijiang_spider.credits.tokens import MAX_LINE, Line, may_have_label
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
HEAD_LINES = 8
"""How many lines above the text may be bylines."""
LEAD_LINES = 2
"""How many lines of text may stand above the bylines."""


def extract_credits(
    paragraphs: Sequence[str], *, header: str = "", byline: str = "", captions: Sequence[str] = ()
) -> CreditBlock:
    """Find the credits of an article; ``paragraphs`` is its text as printed, in reading order.

    ``header`` is the page's row of date, source and names, ``byline`` names by the title without a label:
    they count where nobody else is named as writer.  ``captions`` are the texts under the pictures.
    Never raises; what cannot be read as credits stays in the paragraphs.
    """
    lines = _Paragraphs(paragraphs)
    taken: set[int] = set()
    finds = _header(_bared(Line(header))) if header else []
    head, first = _head(lines, taken)
    if first == len(lines):  # no text: a picture story has only its last lines
        taken.clear()
        head, first = [], 0
    finds += [*head, *last_credits(lines, first, taken)]
    if byline and not any(credit.role.group is RoleGroup.CREATE for find in finds for credit in find.credits):
        finds = [*_unlabelled(Line(byline)), *finds]
    for caption in captions:
        finds += ending(Line(caption), Position.CAPTION)
    return CreditBlock(
        credits=_once([credit for find in finds for credit in find.credits]),
        paragraphs=tuple(paragraph for i, paragraph in enumerate(paragraphs) if i not in taken),
        credit_line="\n".join(find.text for find in finds),
    )


class _Paragraphs(Sequence[Line]):
    """The paragraphs as lines, each made when it is first asked for: most of a long text is never looked at."""

    def __init__(self, printed: Sequence[str]) -> None:
        self._printed = printed
        self._lines: dict[int, Line] = {}

    def __len__(self) -> int:
        return len(self._printed)

    @overload
    def __getitem__(self, place: int) -> Line: ...
    @overload
    def __getitem__(self, place: slice) -> list[Line]: ...
    def __getitem__(self, place: int | slice) -> Line | list[Line]:
        if isinstance(place, slice):
            return [self[number] for number in range(len(self))[place]]
        if place not in self._lines:
            self._lines[place] = _bared(Line(self._printed[place]))
        return self._lines[place]


def _once(credits: Sequence[Credit]) -> tuple[Credit, ...]:
    """Return the credits; who has the same duty in the header and in the dateline is named once, with the outlet."""
    found: list[Credit] = []
    in_header: defaultdict[tuple[str | None, str], list[int]] = defaultdict(list)
    """Where credits of the header stand in ``found``, by duty and name: a page may name thousands."""
    for credit in credits:
        places = in_header[credit.label, credit.name]
        repeats = places if credit.position is Position.DATELINE else []
        same = next((n for n in repeats if _may_be_one(credit.org, found[n].org)), None)
        if same is not None:
            found[same] = replace(found[same], org=found[same].org or credit.org)
            continue
        if credit.position is Position.HEADER:
            places.append(len(found))
        found.append(credit)
    return tuple(found)


def _may_be_one(outlet: str | None, other: str | None) -> bool:
    return outlet is None or other is None or outlet == other


_CRUMBS = re.compile(
    rf"(?:{any_of('breadcrumb.whose')}?{any_of('breadcrumb.labels', 'breadcrumb.labels_before_colon')}是? {{0,2}}[:：]? {{0,2}})?{any_of('breadcrumb.home')}"
    r"(?: {0,3}[>＞»›] {0,3}[^\s>＞»›:：]{1,12}){1,5}(?= |$)"
)
_BUTTONS = re.compile(
    rf"(?:(?<=[\s\u3000])|(?<=[)）】\]]))(?:{any_of('credits.buttons')}(?! ?[:：])|赞(?=[\s\d]))[^\n。]{{0,60}}$"
)
_GLUED = any_of("credits.reporters_of_places", traditional=False)
_FROM = re.compile(
    "(?:(?<=[\u4e00-\u9fff]) ?/ ?[\u4e00-\u9fff]{2,4}"
    f"|(?<={_GLUED}[\u4e00-\u9fff]{{3}})[\u4e00-\u9fff]{{1,2}}[^市县镇乡区村]"
    f"|(?<={_GLUED}[\u4e00-\u9fff]{{3}})[\u4e00-\u9fff]{{2}}[市县镇乡区村]"
    f"|(?<={_GLUED}[\u4e00-\u9fff]{{2}})[\u4e00-\u9fff]{{2}}[市县镇乡区村])报导(?=[ )]|$)"
)
"""From where a reporter tells, as papers in Taiwan print it: 記者某某某／某地報導; glued, a name has three characters
unless a place follows two of them."""
_LAST = 100
"""Characters at the end of a line among which its buttons and its predicate stand."""
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
        for match in (
            _CRUMBS.match(text.lstrip()),
            _BUTTONS.search(text, max(0, len(text) - _LAST)),
            _PREDICATE.search(text, max(0, len(text) - _LAST)),
            _FROM.search(line.plain) if "报导" in line.plain else None,
        )
        if match
    ]
    who = _WHO_IS.search(text) if text.rstrip().endswith((")", "）")) else None
    for name, rest in (("name", "rest"), ("glued", "unit")) if who else ():
        if who and who[name] and split_names(who[name]) == [len(who[name])]:
            found.append(who.span(rest))
            line.more = True
    for start, end in found:
        _blank(line, start, end)
    return line


def _blank(line: Line, start: int, end: int) -> None:
    line.clean = line.clean[:start] + " " * (end - start) + line.clean[end:]
    line.plain = line.plain[:start] + " " * (end - start) + line.plain[end:]


def _header(line: Line) -> list[Find]:
    """Read the row of date, source and names; what is no credit in it is passed over.

    The outlet in it is the article's source, a field of its own; in a last line it is part of the credits.
    """
    end = min(len(line.plain), MAX_LINE)
    entries = [
        Entry(*found[:4], "label", *found[4:]) for found in read_english(line, 0, end, lenient=True) or ()
    ]
    for entry in entries:  # what is read is read once
        _blank(line, entry.start, entry.end)
    if not entries or any(ord(char) >= 0x3400 for char in line.plain):
        reading = read(line, 0, end, lenient=True)
        entries += [entry for entry in reading.entries if entry.label] if reading else []
    found = [(entry, entry.credit(Position.HEADER)) for entry in entries]
    found = [(entry, credit) for entry, credit in found if credit.role is not Role.SOURCE]
    if not found:
        return []
    start, end = min(entry.start for entry, _ in found), max(entry.end for entry, _ in found)
    return [Find(line.span(start, end), [credit for _, credit in found])]


def _unlabelled(line: Line) -> list[Find]:
    """Read the names by the title that have no label."""
    reading = read(line, 0, len(line.plain), strict=True)
    return [Find(line.printed.strip(), reading.credits(Position.HEADER))] if reading else []


def _head(lines: Sequence[Line], taken: set[int]) -> tuple[list[Find], int]:
    """Read bylines and field rows above the text, then the dateline; also return the index of the text."""
    finds: list[Find] = []
    for i, line in enumerate(lines[:HEAD_LINES]):
        dateline = _dateline(line)
        if byline := _byline(line, dateline):
            finds.append(byline)
            taken.add(i)
        elif dateline:
            finds.append(Find(dateline.text, dateline.credits))
            if line.plain[dateline.end :].strip():
                return finds, i
            taken.add(i)
            return finds, i + 1
        elif origin := _origin(line):
            finds.append(origin)
        elif not (i < LEAD_LINES and not finds and _is_lead(lines, i)) and _is_text(line):
            return finds + _later_dateline(lines[i + 1 : HEAD_LINES], finds), i
    return finds, min(len(lines), HEAD_LINES)


def _later_dateline(lines: Sequence[Line], finds: list[Find]) -> list[Find]:
    """Read the dateline that stands behind a lead-in, a caption or an editor's note, if nobody is named yet."""
    if any(credit.role.group is RoleGroup.CREATE for find in finds for credit in find.credits):
        return []
    for line in lines:
        dateline = _dateline(line)
        opens = dateline and dateline.opens and line.plain[dateline.end :].strip(" :,。")
        if dateline and opens and not read_whole(line):
            return [Find(dateline.text, dateline.credits)]
    return []


def _byline(line: Line, dateline: "_Dateline | None") -> Find | None:
    """Read a line that is nothing but credits; behind a dateline stands text, or nothing."""
    rest = line.plain[dateline.end :].strip() if dateline else ""
    reading = None if dateline and (not rest or STOPS.search(rest)) else read_whole(line)
    if reading is None and dateline is None:
        reading = _behind_wire(line)
    shaped = reading and reading.entries and (reading.marked or reading.outlet_and_names) and reading.signed
    if reading and (reading.known or shaped) and not reading.of_a_work:
        return Find(line.printed.strip(), reading.credits(Position.HEADER))
    return None


def _behind_wire(line: Line) -> Reading | None:
    """Read ``某报某日讯 记者 某某 通讯员 某某``, a dateline alone on its line."""
    wire = _NEWS_FROM.search(line.plain, 0, MAX_DATELINE)
    if (
        wire is None
        or not TITLE.match(line.plain, wire.end())
        or _PROSE.search(line.plain, 0, wire.start())
        or len(line.plain) > MAX_LINE
    ):
        return None
    return read(line, wire.end(), len(line.plain.rstrip()), strict=True)


def _is_text(line: Line) -> bool:
    """Tell whether a line ends the head: text, or a legal notice."""
    return bool(LEGAL.search(line.plain)) or not (is_boilerplate(line) or _FEATURE.match(line.plain))


def _is_lead(lines: Sequence[Line], i: int) -> bool:
    """Tell whether a line stands above the bylines: behind it are lines of credits, and the text behind them."""
    n = i + 1
    while n < len(lines) and _has_labels(lines[n]):
        n += 1
    if n == i + 1 and n < LEAD_LINES:
        return _is_lead(lines, n) if n < len(lines) else False
    return n > i + 1 and any(len(lines[number].plain) > _TEXT for number in range(n, len(lines)))


def _has_labels(line: Line) -> bool:
    """Tell whether a line is nothing but credits, with a label of the table."""
    is_text = "。" in line.plain or len(line.plain) > MAX_LINE  # is refused sooner
    if not is_text and not may_have_label(line.plain, 0, len(line.plain)):
        return False
    reading = read_whole(line)
    return reading is not None and reading.known


_TEXT = 40
"""Characters that tell a paragraph of text from a short line behind bylines."""
_ORIGIN = re.compile(rf" {{0,9}}{_any_of('credits.this_text')}[^。]{{0,12}}{_any_of('credits.taken_from')}")
_ORIGIN_FIELD = re.compile(
    rf"{_any_of('credits.origin_labels')} {{0,2}}[:|] {{0,2}}[^,，。;；:：()（）]{{2,30}}"
)


def _origin(line: Line) -> Find | None:
    """Read the names in the sentence that says where a text was taken from: ``本文来自…，作者：某某，编辑：…``."""
    if not _ORIGIN.match(line.plain):
        return None
    spans = [found.span() for found in _ORIGIN_FIELD.finditer(line.plain, 0, MAX_LINE)]
    readings = [reading for start, end in spans if (reading := read(line, start, end)) and reading.known]
    credits = [credit for reading in readings for credit in reading.credits(Position.HEADER)]
    return Find(line.printed.strip(), credits) if credits else None


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
    opens: bool
    """Whether it opens a text by its words alone, wherever it stands: 某报讯（记者 …）, （记者 …）."""


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
            credits = reading.credits(Position.DATELINE)
            while next_one := _next_bracket(line, close + 1):
                credits += next_one[0].credits(Position.DATELINE)
                close = next_one[1]
            opens = not reading.known or all(credit.role.group is RoleGroup.CREATE for credit in credits)
            return _Dateline(line.span(start, close + 1), credits, close + 1, opens)
    return _reported(line, start, window)


def _next_bracket(line: Line, start: int) -> tuple[Reading, int] | None:
    """Read the bracket right behind the first: ``（记者 某某）（通讯员 某某）``; also return where it closes."""
    opens = _NEXT.match(line.plain, start)
    close = line.plain.find(")", opens.end(), opens.end() + MAX_LINE // 2) if opens else -1
    reading = read(line, opens.end() - 1, close + 1) if opens and close > 0 else None
    return (reading, close) if reading and reading.known else None


_NEXT = re.compile(r" {0,3}\(")


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
            wire = begin > start or reading.outlet_and_names
            return _Dateline(line.span(start, end), reading.credits(Position.DATELINE), end, wire)
    return None
