"""The row of date, source and names by the title."""

import re
from collections.abc import Container, Sequence
from datetime import UTC, date, time
from functools import lru_cache

from zhijiang_spider.pages.boilerplate import is_boilerplate
from zhijiang_spider.pages.seen import GAP
from zhijiang_spider.text.characters import plain_copy
from zhijiang_spider.text.date_forms import Form
from zhijiang_spider.text.dates import PrintedDate, dates_in, find_date
from zhijiang_spider.text.english import LABEL
from zhijiang_spider.text.english import is_outlet as is_english_outlet
from zhijiang_spider.text.names import is_org, split_names
from zhijiang_spider.vocabulary import alternation, any_of, spellings, words


def _any_of(*groups: str) -> str:
    return any_of(*(f"header.{group}" for group in groups))


_SPACE = r"[\s\u3000]"
_NOT_GLUED = "(?<![\u4e00-\u9fff])"
_DATE_LABELS = rf"(?:{_any_of('times', 'times_english')}|{_NOT_GLUED}{_any_of('times_alone')})"
_SOURCE_LABELS = alternation(words("header.sources"), between=r"[\s\u3000]{0,2}")
_SIZES = alternation(words("header.sizes"), between=" ?")
_OTHER_LABELS = (
    rf"(?:{_any_of('people', 'publishers', 'counters', 'counters_english', 'plays', 'tools', 'filing', 'governments', 'scan')}"
    rf"|{_SIZES}|【|\[)"
)
_SEPARATED = rf"{_SPACE}{{0,4}}(?:[】\]]{_SPACE}{{0,2}}[:：]?|[:：丨|｜/])"
_LABELS = rf"(?:{_DATE_LABELS}|{_SOURCE_LABELS}|{_OTHER_LABELS})"
_LABEL = re.compile(
    rf"{_LABELS}{_SEPARATED}|{_SIZES}|【{_any_of('tools_in_brackets')}|{_any_of('tools_inline')}"
)
_WRITER = re.compile(rf"{_NOT_GLUED}{_any_of('writers')}{_SEPARATED}")
_DATE_LABEL = re.compile(rf"{_DATE_LABELS}[\s\u3000】\]]{{0,4}}[:：]?{_SPACE}{{0,4}}")
_OF_THE_TEXT = "".join(f"(?<!{word})" for word in words("header.other_origins"))
_SOURCE_LABEL = re.compile(
    rf"{_NOT_GLUED}{_SOURCE_LABELS}{_SEPARATED}{_SPACE}{{0,4}}|{_OF_THE_TEXT}{_SOURCE_LABELS}{_SPACE}{{0,4}}[:：]{_SPACE}{{0,4}}"
    rf"|(?<=[|｜·]){_SPACE}{{1,4}}{_SOURCE_LABELS}{_SPACE}{{1,4}}"
)
_ROW_LABEL = re.compile(rf"[\s\u3000©（(【\[]{{0,4}}{_LABELS}{_SEPARATED}")
_PUBLISHER_LABEL = re.compile(rf"{_any_of('publishers')}{_SPACE}{{0,4}}[:：]{_SPACE}{{0,4}}")
_SECTION_LABEL = re.compile(rf"{_NOT_GLUED}{_any_of('sections')}{_SPACE}{{0,4}}[:：]{_SPACE}{{0,4}}[{GAP}]?")
_LONE_LABEL = re.compile(rf"{_DATE_LABELS}|{_SOURCE_LABELS}|{_any_of('people_alone')}")
_URL = re.compile(r"(?:https?://|www\.)[^\s\u3000]{0,300}")
_DATE_LABEL_END = re.compile(rf"{_DATE_LABELS}{_SPACE}{{0,4}}[:：]?{_SPACE}{{0,4}}$")
_PARTS = re.compile(rf"[\s\u3000|｜丨·/()（）\[\]【】,，:：{GAP}©]+")
_SET_APART = re.compile(f"[|｜丨{GAP}\u3000]")
_OUTLET = re.compile(rf"{_any_of('outlet_endings')}$")
_NO_OUTLET = re.compile(
    rf"[\d.,:：-]+$|第?[A-Za-z]{{0,2}}\d{{1,3}}版|\d[\d.,]*[万千亿wWkK+]{{0,2}}{_any_of('counted')}?$|.{{2,6}}{_any_of('creator')}"
    rf"|.{{0,12}}{_any_of('no_outlet_endings')}$"
    rf"|{_any_of('no_outlets')}|周.$|{_any_of('no_outlets_whole')}$|https?|www\."
)
_TYPE_SIZE = re.compile(
    r"(?i:(?:font|text|type)[\s-]?)?(?i:size)\s?[:：][\s\x1f]{0,3}"
    r"(?:(?i:small|medium|middle|large|big|[sml]|a[+-]?|[+-])[\s\x1f/|,]{0,3}){1,6}(?![a-z])"
)
"""Buttons for the size of the type on pages in English."""
_SUPPLIER = re.compile(rf"{_SPACE}{{0,4}}{_any_of('suppliers')}{_SEPARATED}")
_ENACTED = re.compile(rf"[(（].{{0,80}}{_any_of('enacted')}.{{0,12}}[)）]")
"""Matches (whole) what stands below the title of an official document: when it was passed, not when published."""
_OTHER_DAY = re.compile(r"\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日")
_EDGES = " \u3000|｜丨,，;；:：/、-[]【】<>·\t"
_SENTENCE = re.compile(r"[。！？；!?]|[\u4e00-\u9fff]，[\u4e00-\u9fff]")
PROVINCES = spellings("names.provinces")
"""Where an account writes from: platforms print it beside the date."""
_LONGEST_ROW = 200
_LONGEST_SOURCE = 40
"""Characters of an outlet's name; a longer value is text that ran into the row."""
_LONGEST_SECTION = 12
_LONGEST_OPENING = 12
"""Characters beside the date of a row that ends with a colon; a longer one opens what follows."""
_FAR = 1_000
"""Characters behind a label of the source among which its value ends."""
_LATER = tuple(spellings("header.later"))
"""Beginnings of labels of other moments than the publication, which is printed beside them."""
_PERSON = re.compile(_any_of("people", "writers"))
"""What somebody is, without a separator behind: 来源：某报 记者 某某某."""
_ORIGINAL = "".join(words("header.original"))
_ACCOUNT = "".join(words("header.account_suffix"))
_OUTLET_ENDS = "".join(spellings("names.outlet_in_breadcrumb"))
_SEVERAL = re.compile(_any_of("several"))
_NO_SOURCE = spellings("header.no_source")
_TODAY = date(2100, 1, 1)
"""Any day will do to compare two dates of one page."""
_LONGEST_DATE_ROW, _LONGEST_DATE = 500, 40
"""Characters of a row, and of what stands behind a label, in which a date is looked for."""


def is_header_row(text: str) -> bool:
    """Tell whether a line is a row of date, source and names, not a sentence.

    A line that only holds a date counts; a dateline (``本报1月16日讯 …``) does not.
    """
    return len(text) <= _LONGEST_ROW and _is_header_row(text)


@lru_cache(maxsize=1024)
def _is_header_row(text: str) -> bool:
    if _ROW_LABEL.match(text) and not _SENTENCE.search(text):
        return True
    printed = printed_date(text)
    if not printed or _SENTENCE.search(text) or _ENACTED.fullmatch(text):
        return False
    rest = _URL.sub("", text.replace(printed.raw, "", 1)).strip(" \u3000:：()（）[]【】|｜·-/©" + _ORIGINAL)
    if not rest:
        return True
    if _DATE_LABEL.match(text) or _OTHER_DAY.match(rest):  # 发布于2021年12月28日 2022年1月4日: a later change
        rest = _OTHER_DAY.sub("", rest, count=1)
    opens = text.endswith((":", "："))  # 某台1月16日9时30分发布预警信号：
    full = printed.form.has_year or printed.form is Form.RELATIVE or printed.day != printed.raw
    return full and (
        _LABEL.search(rest) is not None
        or has_source_label(rest)
        or LABEL.search(rest) is not None
        or (len(rest) <= (_LONGEST_OPENING if opens else 24) and not re.search(r"\d\s?[年月]", rest))
    )


def without_type_sizes(row: str) -> str:
    """Return a row without the buttons that choose the size of the type: ``Font size: L M S``."""
    return _TYPE_SIZE.sub(" ", row)


def names_supplier(text: str) -> bool:
    """Tell whether a row opens with the unit that wrote an article; below the text that is a credit, no source."""
    return _SUPPLIER.match(text) is not None


def is_label(text: str) -> bool:
    """Tell whether a line is only a label, whose value is the next line: ``<dt>来源</dt><dd>…</dd>``."""
    label = text.rstrip(" \u3000:：")
    return len(label) <= 6 and _LONE_LABEL.fullmatch(label) is not None


def label_rank(row: str) -> int:
    """Return how surely the date of a row is that of publication by its label: the surer, the lower."""
    labels = [found[0] for found in _DATE_LABEL.finditer(row[:_LONGEST_DATE_ROW])]
    return 2 if not labels else 1 if all(label.startswith(_LATER) for label in labels) else 0


def printed_date(text: str) -> PrintedDate | None:
    """Return the date in a row, None if there is none; one after a label of time before others."""
    return _printed_date(text[:_LONGEST_DATE_ROW])


@lru_cache(maxsize=1024)
def _printed_date(text: str) -> PrintedDate | None:
    labels = sorted(_DATE_LABEL.finditer(text), key=lambda found: found[0].startswith(_LATER))
    rows = (text[label.end() :][:_LONGEST_DATE] for label in labels)
    return next((found for row in (*rows, text) if (found := next(dates_in(row), None))), None)


def is_date(text: str) -> bool:
    """Tell whether a line is a date and nothing else."""
    return len(text) <= _LONGEST_DATE and date_of(text) == text.strip(_EDGES)


def date_of(text: str) -> str:
    """Return the date in a row as printed, "" if there is none; one after a label of time before others."""
    found = printed_date(text)
    return found.raw if found else ""


def day_of(text: str) -> date | None:
    """Return the day that a row prints."""
    found = printed_date(text)
    read = found.read(timezone=UTC, today=_TODAY) if found else None
    return read.on if read else None


def has_source_label(text: str) -> bool:
    """Tell whether a row has a label of the source, with or without a value."""
    return _SOURCE_LABEL.search(text) is not None


def source_of(text: str) -> str:
    """Return the outlet in a row as printed, without its label; "" where the label has no value.

    The value ends at the next known label, at a date, at a wide gap or at an address glued to it.
    """
    return _outlet_behind(_SOURCE_LABEL, text)


def signed_source(text: str) -> str:
    """Return the outlet that a line below the text says an article is from, "" for a supplier or for several.

    A line with a day of its own is the row of another page, from which the text was taken.
    """
    outlet = "" if names_supplier(text) or date_of(text) else source_of(text)
    return "" if _SEVERAL.match(outlet) else outlet


def publisher_of(text: str) -> str:
    """Return who put a page out, as a row of a government's page prints it."""
    return _outlet_behind(_PUBLISHER_LABEL, text)


def _outlet_behind(outlet_label: re.Pattern[str], text: str) -> str:
    for found in outlet_label.finditer(text):
        value = text[found.end() : found.end() + _FAR]
        for label in (_LABEL, _WRITER, LABEL):
            if following := label.search(value):
                value = value[: following.start()]
        if following := _DATE_LABEL_END.search(value):
            value = value[: following.start()]
        if printed := date_of(value):
            value = value[: value.index(printed)]
        value = clean_source(value)
        if value:
            return value
    return ""


def before_labels(text: str) -> str:
    """Return what stands before the first label of a row."""
    label = _LABEL.search(text)
    return text[: label.start()] if label else text


def section_in(text: str) -> str:
    """Return the section that a row names by a label: ``所属栏目：民生``."""
    found = _SECTION_LABEL.search(text[:_LONGEST_DATE_ROW])
    if not found:
        return ""
    value = re.split(f"[\\s\u3000|｜丨{GAP}]", before_labels(text[found.end() :][:_LONGEST_SOURCE]))[0].strip(
        _EDGES
    )
    return (
        value if len(value) <= _LONGEST_SECTION and not is_boilerplate(value) and not date_of(value) else ""
    )


def is_outlet(text: str) -> bool:
    """Tell whether a text ends as outlets' names end."""
    return 2 < len(text) <= 20 and _OUTLET.search(text) is not None


def outlet_of(row: str, known: Container[str]) -> str:
    """Return the outlet that stands without a label beside a date: ``2023-11-08 15:40 云汀县融媒体中心``.

    ``known``: words that are no outlet although they stand there (the breadcrumb's).
    A part that ends as outlets' names end is taken; else a part that is alone and too long for a name.
    """
    printed = date_of(row)
    rest = row.replace(printed, " ", 1) if printed else row
    rest = _URL.sub(" ", rest)
    rest = before_labels(rest)
    for part in _SET_APART.split(rest):
        if is_english_outlet(part) and len(part.strip()) <= _LONGEST_SOURCE:
            return part.strip()
    parts = [part.removesuffix(_ACCOUNT) for part in _PARTS.split(rest) if len(part) > 1]
    parts = [
        part
        for part in parts
        if (part not in known or part[-1] in _OUTLET_ENDS)
        and part.removesuffix("省").removesuffix("市") not in PROVINCES
        and not is_boilerplate(part)
        and not _NO_OUTLET.match(part)
    ]
    named = [part for part in parts if _OUTLET.search(part) and len(part) <= 20]
    if named:
        return named[0]
    return parts[0] if printed and len(parts) == 1 and 4 <= len(parts[0]) <= 12 else ""


def own_name_in(row: str, names: Container[str]) -> str:
    """Return one of the site's own ``names`` where it is a part of a row: 2023-11-08 云汀在线 记者 某某某."""
    return next((part for part in _PARTS.split(row) if len(part) > 1 and part in names), "")


def clean_source(text: str) -> str:
    """Return an outlet without label, address and brackets; "" for a date, a number or a sentence."""
    value = _SOURCE_LABEL.sub("", text, count=1) if _SOURCE_LABEL.match(text) else text
    first = [part for part in re.split(f"[\u3000|｜丨{GAP}]+", value) if part.strip(_EDGES)][:1]
    value = " ".join(_own_words("".join(first).split()))
    outlet = _URL.sub("", value).strip(_EDGES)
    value = outlet or value.strip(_EDGES)
    if value.endswith((")", "）")) and "(" not in value and "（" not in value:
        value = value[:-1].strip(_EDGES)  # （来源：某报）
    if value.count("(") > value.count(")") or value.count("（") > value.count("）"):
        value = re.split("[(（]", value)[0].strip(_EDGES) or value  # 来源：某报（记者 某某某）
    if (
        len(value) > _LONGEST_SOURCE
        or not re.search(r"[^\W\d_]", value)
        or ("：" in value[1:] and len(value) > 30)
    ):
        return ""
    if is_boilerplate(value) or value in _NO_SOURCE:
        return ""
    return "" if date_of(value) == value else value


def _own_words(words: Sequence[str]) -> Sequence[str]:
    """Return the words that are the outlet's own: neither buttons, places and names behind it nor a column."""
    own = list(words[:1])
    for word in words[1:]:
        plain = plain_copy(word)
        strange = plain[0].isdigit() or plain in PROVINCES or _PERSON.fullmatch(plain)
        if strange or (is_outlet(own[0]) and not word.isascii() and not is_outlet(word)):
            break
        if split_names(plain) and not is_org(plain):
            break
        own.append(word)
    while len(own) > 1 and is_boilerplate(own[-1]):
        own.pop()
    return own


def behind_source(text: str) -> str:
    """Return what stands between the outlet of a labelled source and the next label or date."""
    found = _SOURCE_LABEL.search(text)
    source = source_of(text) if found else ""
    if not found or not source:
        return ""
    value = text[text.index(source, found.end()) + len(source) :][:_LONGEST_ROW]
    printed = date_of(value)
    return before_labels(value.partition(printed)[0] if printed else value)


def declared_date(text: str) -> PrintedDate | None:
    """Return a declared date; without its time where that is midnight, which means no time."""
    found = find_date(text.strip())
    return find_date(found.day) if found and found.time == time(0) else found
