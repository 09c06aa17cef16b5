"""Credits in English: ``By Wen Xiaoman, Yunting Daily``, ``Reporter: …  Editor: …``."""

import re
from collections.abc import Iterator

from archive.model.article import Role
from zhijiang_spider.credits.tokens import MAX_LINE, Line
from zhijiang_spider.text.english import IN_ROW, LABEL, MONTH, names_in
from zhijiang_spider.vocabulary.roles import ENGLISH

_EDGES = " \u3000|｜丨;；,，.。()（）/\n"
_ENDS = re.compile(
    rf"[|;()\n\d]| [·•]| {{1,3}}{MONTH}(?=\.? {{1,3}}\d)|  |(?<=[a-z]) [A-Z][a-z]+:|[\u3400-\u9fff]"
)
"""What ends a name in a row that holds other things too."""

EnglishCredit = tuple[str, Role, str, str | None, int, int]
"""Label, meaning, name, outlet, and where they stand: from, to."""


def read_english(line: Line, start: int, end: int, *, lenient: bool) -> list[EnglishCredit] | None:
    """Read the English credits of ``line[start:end]``; None where it is not wholly credits.

    ``lenient`` passes over what is no credit.
    """
    if not lenient and end - start <= MAX_LINE and (row := _read_row(line, start, end)):
        return row
    found = list(LABEL.finditer(line.plain, start, min(end, start + MAX_LINE)))
    if not found or (
        not lenient and (end - start > MAX_LINE or line.plain[start : found[0].start()].strip(_EDGES))
    ):
        return None
    credits: list[EnglishCredit] = []
    for label, after in zip(found, [*(label.start() for label in found[1:]), end], strict=True):
        values = list(_values(line, label, after, lenient=lenient))
        if not values and not lenient:
            return None
        credits += values
    return credits


def _read_row(line: Line, start: int, end: int) -> list[EnglishCredit] | None:
    """Read ``Text / Wen Xiaoman  Photo / Qiao An``: two pairs at least, each with a name of two words."""
    found = list(IN_ROW.finditer(line.plain, start, end))
    if len(found) < 2 or line.plain[start : found[0].start()].strip(_EDGES):
        return None
    credits: list[EnglishCredit] = []
    for label, after in zip(found, [*(label.start() for label in found[1:]), end], strict=True):
        value = line.clean[label.end() : after].strip(_EDGES)
        named = names_in(value, whole=True)
        if not named:
            return None
        role = ENGLISH[label["label"].lower()]
        credits += [
            (label["label"], role, " ".join(name.split()), org, label.start(), label.end() + len(value))
            for name, org in named
        ]
    return credits


def _values(line: Line, label: re.Match[str], end: int, *, lenient: bool) -> Iterator[EnglishCredit]:
    printed = label["label"] or label["by"]
    role = ENGLISH[printed.lower()]
    begin = label.end()
    if lenient and (stop := _ENDS.search(line.plain, begin + 1, end)):
        end = stop.start()
    value = line.clean[begin:end].strip(_EDGES)
    pairs: list[tuple[str, str | None]]
    if role is Role.SOURCE:
        pairs = [(value, None)] if value and value.isprintable() and len(value) <= _LONGEST_SOURCE else []
    else:
        pairs = names_in(value, whole=label["by"] is not None) or []
        if not pairs and label["label"] and role is not Role.PHOTOGRAPHER and _ACCOUNT.fullmatch(value):
            pairs = [(value, None)]
    for name, org in pairs:
        yield (
            " ".join(printed.split()),
            role,
            " ".join(name.split()),
            org,
            label.start(),
            begin + len(line.clean[begin:end].rstrip(_EDGES)),
        )


_ACCOUNT = re.compile(r"[a-z][\w.-]{2,20}")
"""What an editor calls himself: Editor: huaxia."""
_LONGEST_SOURCE = 40
