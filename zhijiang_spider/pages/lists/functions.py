"""The functions of a page's scripts: what they are called, what they are given, where they begin and end."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from zhijiang_spider.pages.lists.expressions import Token, place_behind

_BODY = 200
"""Tokens of a function that are looked at."""
_MOST_PARAMETERS = 40
"""Tokens between its round brackets."""
_NO_NAMES = frozenset(("if", "for", "while", "switch", "catch", "with", "function", "return"))


@dataclass(frozen=True, slots=True)
class Function:
    """A function; places are those of tokens."""

    name: str
    """Of the function, or of the variable or member that it is given to; "" where it has none."""
    parameters: tuple[str, ...]
    begin: int
    """Where it begins: its name, if a member of an object holds it."""
    start: int
    """Where its body begins."""
    end: int
    is_value: bool = False
    """Its body is only what it returns: ``n => "list_" + n``."""


def find_functions(row: Sequence[Token]) -> Mapping[str, Sequence[Function]]:
    """Return a script's functions by their names, those without one under ""."""
    found: dict[str, list[Function]] = defaultdict(list)
    for function in _functions(row):
        found[function.name].append(function)
    return found


def _functions(row: Sequence[Token]) -> Iterator[Function]:
    for index, token in enumerate(row):
        if token.kind == "word" and token.value == "function":
            named = index + 1 < len(row) and row[index + 1].kind == "word"
            at = index + 1 + named
            begin, name = _given_to(row, index)
            name = row[index + 1].value if named else name
        elif token.kind == "word" and token.value not in _NO_NAMES and mark(row, index + 1, "("):
            at, begin, name = index + 1, index, token.value  # jump(page) {…}
        elif mark(row, index, "=") and mark(row, index + 1, ">"):
            yield from _arrow(row, index)
            continue
        else:
            continue
        close = _closing(row, at)
        if close is not None and mark(row, close + 1, "{"):
            parameters = tuple(one.value for one in row[at:close] if one.kind == "word")
            yield Function(name, parameters, begin, close + 1, _end_of_body(row, close))


def _arrow(row: Sequence[Token], index: int) -> Iterator[Function]:
    first = index - 1
    if mark(row, first, ")"):
        while first > max(0, index - _MOST_PARAMETERS) and not mark(row, first, "("):
            first -= 1
    if first < 0:
        return
    parameters = tuple(one.value for one in row[first:index] if one.kind == "word")
    before = first - 1 if first and row[first - 1].value == "async" else first
    begin, name = _given_to(row, before)
    start = index + 2
    if mark(row, start, "{"):
        yield Function(name, parameters, begin, start, _end_of_body(row, index))
    else:
        end = place_behind(row, start, min(len(row), start + _BODY))
        yield Function(name, parameters, begin, start, end, is_value=True)


def _given_to(row: Sequence[Token], at: int) -> tuple[int, str]:
    """Return where a member or variable stands that a value is given to, and its name."""
    if at > 1 and row[at - 1].value == "async":
        at -= 1
    if at > 1 and (mark(row, at - 1, "=") or mark(row, at - 1, ":")) and row[at - 2].kind != "mark":
        return at - 2, row[at - 2].value
    return at, ""


def _closing(row: Sequence[Token], at: int) -> int | None:
    """Return where the round bracket closes that opens here around parameters; None where others stand in it."""
    if not mark(row, at, "("):
        return None
    for index in range(at + 1, min(len(row), at + _MOST_PARAMETERS)):
        if mark(row, index, ")"):
            return index
        if row[index].kind == "mark" and row[index].value in "({[;":
            return None
    return None


def _end_of_body(row: Sequence[Token], at: int) -> int:
    deep = 0
    for index in range(at, min(len(row), at + _BODY)):
        if row[index].kind == "mark":
            deep += (row[index].value == "{") - (row[index].value == "}")
            if row[index].value == "}" and deep <= 0:
                return index
    return min(len(row), at + _BODY)


def mark(row: Sequence[Token], index: int, value: str) -> bool:
    """Tell whether a place of a script holds that mark."""
    return 0 <= index < len(row) and row[index].kind == "mark" and row[index].value == value
