"""What a click opens: ``gotoPage(2)`` → ``/lm/31/p2.shtml``, as the page's own function puts it together.

Calls are followed from function to function with what they are given, and no further than every piece is known:
nothing is run, conditions are not asked.  An address that depends on what is given counts before one that does not.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlsplit

from zhijiang_spider.pages.links import absolute
from zhijiang_spider.pages.lists.expressions import (
    Hole,
    Pieces,
    Script,
    Token,
    Value,
    place_behind,
    read_arguments,
    read_value,
    script_of,
    texts_in,
)
from zhijiang_spider.pages.lists.functions import Function, find_functions, mark
from zhijiang_spider.pages.lists.script_request import Fields, read_script
from zhijiang_spider.pages.page import Page, once_a_page

_DEEPEST = 4
"""Functions that call one another."""
_MOST_CALLS = 40
_LONGEST = 500
_CALL = re.compile(r"([A-Za-z_$][\w$]{0,60})\s?\(")
_MAY_OPEN = re.compile(r"location|\bopen\b")
_IS_ADDRESS = re.compile(r"(?!javascript:|#)(?=[^\s]*[/.?])[^\s<>\"'{}|\\^`]{1,500}", re.IGNORECASE)
_AS_IT_IS = frozenset(("toString", "trim", "valueOf", "toFixed"))
"""Methods that change nothing of a number."""
ANY_MEMBER = ".*"
"""Behind a name in a scope: what each of its members is."""


class Known(NamedTuple):
    """A text that is known."""

    text: str
    is_given: bool = False
    """It depends on what the function was given."""


Scope = Mapping[str, Known | None]
"""Name → what it stands for, None where that is not known."""


@dataclass
class Opener:
    """Follows the functions of one page."""

    url: str
    base: str
    script: Script
    fields: Fields = field(repr=False)
    _left: int = field(default=0, repr=False)
    """Calls that may still be followed for this click."""

    @cached_property
    def functions(self) -> Mapping[str, Sequence[Function]]:
        """The page's functions by name."""
        return find_functions(self.script.tokens)

    @cached_property
    def may_open(self) -> bool:
        """Tell whether any script of the page opens another at all: cheaper to ask than which."""
        return _MAY_OPEN.search(self.script.source) is not None

    def opened(self, handler: str) -> str | None:
        """Return the one absolute address that a handler opens, None where the page does not show it."""
        handler = handler.strip()
        if handler[:11].lower() == "javascript:":
            handler = handler[11:]
        if not (_MAY_OPEN.search(handler) or (self.may_open and _CALL.search(handler))):
            return None
        row = script_of([handler]).tokens
        self._left = _MOST_CALLS
        return self._address(_one(self._opened(row, 0, len(row), {}, 0), takes=False))

    def leaves(self, handler: str) -> bool:
        """Tell whether a handler calls a function that opens another page, be it known which or not."""
        row = self.script.tokens if self.may_open else ()
        return any(
            _behind_location(row, index) is not None
            for call in _CALL.finditer(handler)
            for function in (self.functions.get(call[1], ()) if row else ())
            for index in range(function.start, function.end)
        )

    def called(self, function: Function, scope: Scope, *, returns: bool) -> str | None:
        """Return the one absolute address that a function opens (or ``returns``) with what it is given."""
        self._left = _MOST_CALLS
        return self._address(self._result(function, scope, 0, returns=returns))

    def _address(self, found: Known | None) -> str | None:
        return absolute(self.base, found.text) if found else None

    def _result(self, function: Function, scope: Scope, deep: int, *, returns: bool) -> Known | None:
        row = self.script.tokens
        if function.is_value and returns:
            found: Iterable[Known] = self._addresses(row, function.start, function.end, scope, deep)
        else:
            found = self._opened(row, function.start, function.end, scope, deep, returns=returns)
        return _one(found, takes=bool(function.parameters))

    def _opened(
        self, row: Sequence[Token], start: int, end: int, given: Scope, deep: int, *, returns: bool = False
    ) -> Iterator[Known]:
        """Yield what is opened between two places of a script."""
        scope = dict(given)
        for index in range(start, end):
            token = row[index]
            if token.kind != "word":
                continue
            if (value := _behind_location(row, index)) is not None:
                yield from self._addresses(row, value, end, scope, deep)
            elif returns and token.value == "return":
                yield from self._addresses(row, index + 1, end, scope, deep)
            elif mark(row, index + 1, "="):
                self._assign(row, index, end, scope, deep)
            elif mark(row, index + 1, "+") and (mark(row, index + 2, "+") or mark(row, index + 2, "=")):
                self._add(row, index, end, scope, deep)
            elif (
                mark(row, index + 1, "(")
                and deep < _DEEPEST
                and token.value in self.functions
                and (found := self._call(token.value, read_arguments(row, index + 1)[0], scope, deep))
            ):
                yield found

    def _call(
        self, name: str, arguments: Sequence[Value], scope: Scope, deep: int, *, returns: bool = False
    ) -> Known | None:
        """Return what a call of a function of the page opens."""
        known = [self._text(value, scope, deep) for value in arguments]
        for function in reversed(self.functions[name]):
            self._left -= 1
            if self._left < 0:
                return None
            names = function.parameters
            inner = dict.fromkeys(names) | {
                one: value and Known(value.text, is_given=True)
                for one, value in zip(names, known, strict=False)
            }
            if found := self._result(function, inner, deep + 1, returns=returns):
                depends = not names or any(value and value.is_given for value in known)
                return Known(found.text, depends and (found.is_given or not names))
        return None

    def _assign(
        self, row: Sequence[Token], index: int, end: int, scope: dict[str, Known | None], deep: int
    ) -> None:
        """Take in ``name = value``: what does not depend on what is given replaces nothing that does."""
        if mark(row, index + 2, "=") or (index and row[index - 1].value in (".", "=", "!", "<", ">")):
            return
        name = row[index].value
        value = self._text(read_value(row, index + 2)[0], scope, deep) or _one(
            self._texts(row, index + 2, end, scope, deep), takes=False
        )
        before = scope.get(name)
        if before is None or not before.is_given or (value and value.is_given):
            scope[name] = value

    def _add(
        self, row: Sequence[Token], index: int, end: int, scope: dict[str, Known | None], deep: int
    ) -> None:
        """Take in ``name += value`` and ``name++``."""
        name = row[index].value
        before = scope[name] if name in scope else self._hole(Hole(name), scope, deep)
        more: Known | None = Known("1")
        if mark(row, index + 2, "="):
            more = self._text(read_value(row, index + 3)[0], scope, deep)
        scope[name] = _sum(before, more) if before and more else None

    def _addresses(self, row: Sequence[Token], at: int, end: int, scope: Scope, deep: int) -> Iterator[Known]:
        """Yield the address that begins at a place, or those of ``a ? b : c``."""
        value, _ = read_value(row, at)
        whole = self._text(value, scope, deep)
        for known in [whole] if whole else self._texts(row, at, end, scope, deep):
            if _IS_ADDRESS.fullmatch(known.text):
                yield known

    def _texts(self, row: Sequence[Token], at: int, end: int, scope: Scope, deep: int) -> Iterator[Known]:
        if at >= end:
            return
        for _, pieces in texts_in(row, at, place_behind(row, at, min(end, at + 60))):
            if known := self._text(pieces, scope, deep):
                yield known

    def _text(self, value: Value, scope: Scope, deep: int) -> Known | None:
        """Return a text that is put together, None where a piece of it is not known."""
        if not isinstance(value, Pieces) or not value.parts:
            return None
        known = []
        for part in value.parts:
            one = Known(part) if isinstance(part, str) else self._hole(part, scope, deep)
            if one is None:
                return None
            known.append(one)
        if len(known) == 2 and isinstance(value.parts[0], Hole):
            return _sum(*known)
        text = "".join(one.text for one in known)
        return Known(text, any(one.is_given for one in known)) if len(text) <= _LONGEST else None

    def _hole(self, hole: Hole, scope: Scope, deep: int) -> Known | None:
        if hole.is_reckoned and not hole.added:
            return None
        found = self._named(replace(hole, is_reckoned=False, added=0), scope, deep)
        if found is None or not hole.added:
            return found
        return Known(f"{int(found.text) + hole.added}", found.is_given) if found.text.isdecimal() else None

    def _named(self, hole: Hole, scope: Scope, deep: int) -> Known | None:
        root, _, member = hole.name.partition(".")
        for name in (hole.name, f"{root}{ANY_MEMBER}" if member else hole.name):
            if name in scope:
                return scope[name]
        if root in scope:
            return scope[root] if member in _AS_IT_IS else None
        name = hole.name.rpartition(".")[2]
        if hole.arguments and deep < _DEEPEST and name in self.functions:
            return self._call(name, hole.arguments, scope, deep, returns=True)
        text = self._of_place(hole) or self.fields.of(hole)
        return Known(text) if text else None

    def _of_place(self, hole: Hole) -> str | None:
        """Return what a page's own address tells: ``location.pathname``."""
        _, _, member = hole.name.rpartition("location.")
        if not member:
            return None
        parts = urlsplit(self.url)
        if member == "href.split" and hole.arguments == (Pieces(("?",)),):
            return self.url.partition("?")[0]
        origin = f"{parts.scheme}://{parts.netloc}"
        return {
            "pathname": parts.path,
            "origin": origin,
            "protocol": f"{parts.scheme}:",
            "host": parts.netloc,
        }.get(member)


def _sum(one: Known, other: Known) -> Known:
    """Return what ``+`` makes of two values: a sum of numbers, or else both joined."""
    is_given = one.is_given or other.is_given
    if one.text.isdecimal() and other.text.isdecimal():
        return Known(f"{int(one.text[:9]) + int(other.text[:9])}", is_given)
    return Known((one.text + other.text)[:_LONGEST], is_given)


def _one(found: Iterable[Known], *, takes: bool) -> Known | None:
    """Return the one thing found; where it ``takes`` parameters, only one that depends on them."""
    every = [*found]
    given = {known.text for known in every if known.is_given}
    chosen = given or (set() if takes else {known.text for known in every})
    return Known(next(iter(chosen)), bool(given)) if len(chosen) == 1 else None


def _behind_location(row: Sequence[Token], index: int) -> int | None:
    """Return where the address stands that a script goes to here, None where it goes nowhere."""
    word, at = row[index].value, index + 1
    if word == "open":
        is_window = mark(row, index - 1, ".")
        if is_window and row[index - 2].value not in ("window", "self", "top", "parent"):
            return None
        return at + 1 if mark(row, at, "(") else None
    if word != "location":
        return None
    names = [token.value for token in row[at : at + 6]]
    if names[:1] == ["."] and names[1:2] and names[1] in ("href", "search"):
        at += 2
    elif names[:1] == ["."] and names[1:3] in (["assign", "("], ["replace", "("]):
        return at + 3
    elif names[:6] == [")", ".", "attr", "(", "href", ","]:
        return at + 6
    return at + 1 if mark(row, at, "=") and not mark(row, at + 1, "=") else None


@once_a_page
def opener_of(page: Page) -> Opener:
    """Return what follows the functions of a page."""
    script = read_script(page)
    return Opener(page.url, page.base, script, Fields(page, script))
