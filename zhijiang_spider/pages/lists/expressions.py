"""A page's scripts → the texts that they put together from pieces, the objects and the calls in them: nothing is run.

``"/p/" + item.id + ".html"`` and ```/p/${item.id}.html``` are one text with a hole that has a name.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import NamedTuple, TypeAlias

from zhijiang_spider.pages.literals import tokens, unquoted

_MOST = 1_000_000
"""Characters of scripts that are read."""
_LONGEST = 400
"""Tokens of one value."""
_DEEPEST = 12
"""Brackets in one another that are read."""
_MOST_JOINED = 6
"""Names before a text that are joined with it."""
_ENDS = frozenset(",)}];:")
_WRAPPERS = frozenset(
    ("encodeURIComponent", "encodeURI", "escape", "String", "Number", "parseInt", "URLSearchParams")
)
_PIECE = re.compile(r"\$\{([^{}]{0,200})\}")
_MORE = re.compile(r"\s*[\w$.]+\s*([+-])\s*(\d{1,9})\s*")
_NAME = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*")


@dataclass(frozen=True, slots=True)
class Hole:
    """What only a run of the script would tell: a variable, a member, what a call returns."""

    name: str
    """Its dotted name, without brackets: ``item.id``, ``$.val``; "" where it has none."""
    arguments: tuple["Value", ...] = ()
    """What is handed to the first call in it."""
    is_reckoned: bool = False
    """Something is reckoned with it: ``(page - 1) * 10``."""
    added: int = 0
    """That is a whole number which is added to it: 1 in ``(page + 1)``, -1 in ``page - 1``."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text that is put together."""

    parts: tuple[str | Hole, ...]


Value: TypeAlias = Pieces | Mapping[str, "Value"] | None
"""A text, an object, or what is neither."""


class Token(NamedTuple):
    """A word, mark or text of a script; ``value`` of a text is without its quotes."""

    kind: str
    value: str
    at: int
    """Characters before it."""
    is_template: bool = False


@dataclass(frozen=True)
class Script:
    """The scripts of a page as one."""

    source: str = field(repr=False)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Its tokens in order."""
        return tuple(_tokens(self.source[:_MOST]))

    @cached_property
    def variables(self) -> Mapping[str, str]:
        """The last word of a name → the first text or number that it is given."""
        found: dict[str, str] = {}
        row = self.tokens
        for index, token in enumerate(row[:-2]):
            mark, value = row[index + 1], row[index + 2]
            if token.kind == "mark" or mark.kind != "mark" or mark.value not in "=:" or value.kind == "mark":
                continue
            after = row[index + 3] if index + 3 < len(row) else None
            is_piece = after is not None and after.kind == "mark" and after.value in "+.?*-/"
            if (value.kind == "text" or value.value.isdecimal()) and not is_piece:
                found.setdefault(token.value, value.value)
        return found

    @cached_property
    def texts(self) -> tuple[tuple[int, Pieces], ...]:
        """The texts that are put together of pieces and holes, each with its place among the tokens."""
        return tuple(texts_in(self.tokens, 0, len(self.tokens)))


def _tokens(source: str) -> Iterator[Token]:
    for found in tokens(source):
        kind, value = found.lastgroup or "", found[0]
        if kind == "text":
            yield Token(kind, unquoted(value), found.start(), value[0] == "`")
        else:
            yield Token(kind, value, found.start())


def texts_in(row: Sequence[Token], start: int, end: int) -> Iterator[tuple[int, Pieces]]:
    """Yield the texts with holes between two places of a script's tokens."""
    index = start
    while index < end:
        if row[index].kind != "text":
            index += 1
            continue
        begin = _begin(row, start, index)
        pieces, behind = _pieces(row, begin, min(end, begin + _LONGEST), 0)
        if any(isinstance(part, Hole) for part in pieces.parts):
            yield begin, pieces
        index = max(behind, index + 1)  # what is joined may end before the text: width / 7.5 + "px"


def _begin(row: Sequence[Token], start: int, index: int) -> int:
    """Return where the names begin that are joined before a text: ``this.former + this.latter + "?n="``."""
    for _ in range(_MOST_JOINED):
        if index <= start + 1 or not _is(row, index - 1, "+") or row[index - 2].kind != "word":
            break
        index -= 2
        while index > start + 1 and _is(row, index - 1, ".") and row[index - 2].kind == "word":
            index -= 2
    return index


def read_value(row: Sequence[Token], start: int) -> tuple[Value, int]:
    """Read the value that begins at a place of a script's tokens; return it and the place behind it."""
    return _value(row, start, min(len(row), start + _LONGEST), 0)


def read_arguments(row: Sequence[Token], start: int) -> tuple[tuple[Value, ...], int]:
    """Read what stands in the round brackets that open at a place; return it and the place behind them."""
    return _arguments(row, start, min(len(row), start + _LONGEST), 0)


def _is(row: Sequence[Token], index: int, mark: str) -> bool:
    return 0 <= index < len(row) and row[index].kind == "mark" and row[index].value == mark


def _value(row: Sequence[Token], at: int, end: int, depth: int) -> tuple[Value, int]:
    if at < end and _is(row, at, "{") and depth < _DEEPEST:
        return _object(row, at + 1, end, depth + 1)
    pieces, at = _pieces(row, at, end, depth)
    if at < end and not (row[at].kind == "mark" and row[at].value in _ENDS):
        return None, place_behind(row, at, end)
    return (pieces if pieces.parts else None), at


def _object(row: Sequence[Token], at: int, end: int, depth: int) -> tuple[Mapping[str, Value], int]:
    members: dict[str, Value] = {}
    while at < end and not _is(row, at, "}"):
        token = row[at]
        if token.kind == "mark":
            at += 1
        elif _is(row, at + 1, ":"):
            members[token.value], at = _value(row, at + 2, end, depth)
        elif at + 1 < end and (_is(row, at + 1, ",") or _is(row, at + 1, "}")):
            members[token.value], at = Pieces((Hole(token.value),)), at + 1
        else:
            at = place_behind(row, at, end)
    return members, at + 1


def _arguments(row: Sequence[Token], at: int, end: int, depth: int) -> tuple[tuple[Value, ...], int]:
    found: list[Value] = []
    at += 1
    while at < end and not _is(row, at, ")"):
        if _is(row, at, ","):
            at += 1
            continue
        value, after = _value(row, at, end, depth + 1)
        found.append(value)
        at = max(after, at + 1)
    return tuple(found), at + 1


def place_behind(row: Sequence[Token], at: int, end: int) -> int:
    """Return the place of the mark that ends the value that begins here, whatever it is; ``end`` at most."""
    open_brackets = 0
    while at < end:
        if row[at].kind == "mark":
            mark = row[at].value
            if mark in "([{":
                open_brackets += 1
            elif mark in ")]}":
                if not open_brackets:
                    return at
                open_brackets -= 1
            elif mark in ",;" and not open_brackets:
                return at
        at += 1
    return at


def _pieces(row: Sequence[Token], at: int, end: int, depth: int) -> tuple[Pieces, int]:
    """Read operands with ``+`` between them."""
    parts: list[str | Hole] = []
    while at < end:
        read, at = _operand(row, at, end, depth)
        if not read:
            break
        parts += read
        if not (_is(row, at, "+") and at + 1 < end):
            break
        at += 1
    joined: list[str | Hole] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return Pieces(tuple(joined)), at


def _operand(row: Sequence[Token], at: int, end: int, depth: int) -> tuple[list[str | Hole], int]:
    token = row[at]
    if token.kind == "text":
        return (_template(token.value) if token.is_template else [token.value]), at + 1
    if _is(row, at, "(") and depth < _DEEPEST:
        return _bracketed(row, at, end, depth)
    if token.kind != "word" or token.value in ("function", "async"):
        return [], at
    if token.value == "new" and at + 1 < end:
        return _operand(row, at + 1, end, depth)
    return _named(row, at, end, depth)


def _bracketed(row: Sequence[Token], at: int, end: int, depth: int) -> tuple[list[str | Hole], int]:
    pieces, after = _pieces(row, at + 1, end, depth + 1)
    if _is(row, after, ")"):
        holes = [part for part in pieces.parts if isinstance(part, Hole)]
        rest = [part for part in pieces.parts if isinstance(part, str)]
        after += 1
        if len(holes) == 1 and rest == ["1"]:  # (page + 1)
            added = 1 if pieces.parts[0] is holes[0] and not holes[0].is_reckoned else 0
            return _reckoned(row, [replace(holes[0], added=added)], after, end)
        return _reckoned(row, list(pieces.parts), after, end)
    close = place_behind(row, at + 1, end)
    first = next((part for part in pieces.parts if isinstance(part, Hole)), Hole(""))
    return _reckoned(row, [Hole(first.name, is_reckoned=True)], close + 1, end)


def _reckoned(
    row: Sequence[Token], read: list[str | Hole], at: int, end: int
) -> tuple[list[str | Hole], int]:
    """Take in what is reckoned with an operand: ``* 10``, ``- 1``, ``|| 1``."""
    while at + 1 < end and row[at].kind == "mark" and row[at].value in "*-/%|":
        is_or = row[at].value == "|"
        while at + 1 < end and row[at].kind == "mark" and row[at].value in "*-/%|":
            at += 1
        if row[at].kind == "mark":
            break
        if not is_or:
            hole = next((part for part in read if isinstance(part, Hole)), Hole(""))
            is_less = row[at - 1].value == "-" and row[at].value.isdecimal() and read == [Hole(hole.name)]
            read = [Hole(hole.name, is_reckoned=True, added=-int(row[at].value[:9]) if is_less else 0)]
        at += 1
    return read, at


def _named(row: Sequence[Token], at: int, end: int, depth: int) -> tuple[list[str | Hole], int]:
    if row[at].value.isdecimal():
        return _reckoned(row, [row[at].value], at + 1, end)
    names, arguments = [row[at].value], None
    at += 1
    while at < end and row[at].kind == "mark":
        mark = row[at].value
        if mark == "." and at + 1 < end and row[at + 1].kind == "word":
            names.append(row[at + 1].value)
            at += 2
        elif mark == "(" and depth < _DEEPEST:
            given, at = _arguments(row, at, end, depth)
            arguments = given if arguments is None else arguments
        elif mark == "[":
            inner = row[at + 1] if at + 1 < end else None
            if inner is not None and inner.kind == "text" and _is(row, at + 2, "]"):
                names.append(inner.value)
            at = place_behind(row, at + 1, end) + 1
        else:
            break
    if arguments and names[-1] in _WRAPPERS:
        inside = arguments[0]
        if isinstance(inside, Pieces):
            return list(inside.parts), at
    return _reckoned(row, [Hole(".".join(names), arguments or ())], at, end)


def _template(text: str) -> list[str | Hole]:
    parts: list[str | Hole] = []
    for number, piece in enumerate(_PIECE.split(text)):
        if number % 2 == 0:
            parts += [piece] if piece else []
        else:
            name = _NAME.search(piece)
            reckoned = bool(re.search(r"[-*/%]", piece))
            more = _MORE.fullmatch(piece)
            added = int(more[1] + more[2]) if more else 0
            parts.append(Hole(name[0] if name else "", is_reckoned=reckoned, added=added))
    return parts


def script_of(texts: Sequence[str]) -> Script:
    """Return scripts as one."""
    return Script(";\n".join(islice(texts, 500))[:_MOST])
