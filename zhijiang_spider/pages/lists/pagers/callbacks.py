"""Pagers that a plug-in draws, which calls a function of the page with the number of the page to turn to.

``laypage.render({count: 13, limit: 5, jump: obj => { location.href = "/list/6/" + obj.curr }})``: a plug-in is known by
what it is given, not by its name.  Its settings count pages or entries, and with them it is given a function that
makes an address of a number.  That address is certain, whatever it looks like.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhijiang_spider.items import Following, ListAddress, ListEnd, NextPage
from zhijiang_spider.pages.lists.expressions import Token
from zhijiang_spider.pages.lists.functions import Function, mark
from zhijiang_spider.pages.lists.opened import ANY_MEMBER, Known, Opener, Scope, opener_of
from zhijiang_spider.pages.lists.pagers.addresses import Place
from zhijiang_spider.pages.lists.pagers.counts import COUNTED_SETTING, Counts, counts_of, kind_of_setting
from zhijiang_spider.pages.page import Page, once_a_page

_MOST = 60
"""Functions of a page that are looked at."""
_LONGEST = 400
"""Tokens of the settings before and behind a function."""
_MAY_TURN = re.compile(r"\bfunction\b|=>|\)\s?\{")
_NUMBER = re.compile(r"[0-9]{1,7}")


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plug-in that turns the pages of a list."""

    opener: Opener
    function: Function
    settings: tuple[tuple[str, str], ...]
    """Names and numbers."""
    counts: Counts
    from_zero: bool
    """Its first page is 0."""

    def page(self, number: int) -> str | None:
        """Return the absolute address that it turns to."""
        names = self.function.parameters
        for name in names:
            known = {f"{name}.{one}": Known(value) for one, value in self._fixed()}
            given = Known(f"{number}", is_given=True)
            scope: Scope = dict.fromkeys(names) | known | {name: given, name + ANY_MEMBER: given}
            if made := self.opener.called(self.function, scope, returns=True):
                return made
        return None

    def _fixed(self) -> Iterator[tuple[str, str]]:
        """Yield what its function may ask of it beside the number: ``obj.limit``."""
        return (
            (name, value) for name, value in self.settings if kind_of_setting(name) not in (None, "current")
        )

    def number_of(self, place: Place) -> int | None:
        """Return the number with which it turns to a page, None where it has none in its address."""
        path = place.url.partition("//")[2].partition("/")[2]
        numbers = {int(found) for found in re.findall(r"\d{1,6}", path)}
        near = sorted({number + more for number in numbers for more in (0, 1, -1)} - {-1})
        return next((one for one in near if (made := self.page(one)) and place.is_own(made)), None)


def turned_on(plugin: Plugin, place: Place, number: int | None, pages: int | None) -> Following | None:
    """Return where a plug-in turns to from a page, None where it does not say which page this is.

    ``number``: which page it is, from 1, and ``pages``: how many there are, as far as the page says so.
    """
    if plugin.counts.entries == 0 or plugin.counts.pages == 0:
        return ListEnd("its pager is given no entry")
    current = plugin.number_of(place)
    if current is None:
        shown = number if plugin.counts.current is None else plugin.counts.current
        if shown is None and pages is None:
            return None
        current = shown if shown is not None else 1 - plugin.from_zero
    if pages is not None and current >= pages - plugin.from_zero:
        return ListEnd(f"this is the last of {pages} pages")
    made = plugin.page(current + 1)
    if made is None or not place.site.follows(made) or place.site.article_key(made) or place.is_own(made):
        return None
    return NextPage(ListAddress(made), counted=True)


@once_a_page
def read_plugins(page: Page) -> tuple[Plugin, ...]:
    """Return the plug-ins that a page gives a function that opens the pages of its list."""
    opener = opener_of(page)
    source = opener.script.source
    if not _MAY_TURN.search(source) or not COUNTED_SETTING.search(source):
        return ()
    return tuple(_plugins(opener))


def _plugins(opener: Opener) -> Iterator[Plugin]:
    row = opener.script.tokens
    for function, at in _given(row, opener):
        start = _opening(row, at)
        if start is None:
            continue
        settings = [*_settings(row, start, opener)]
        count = row[start - 2].value if mark(row, start - 1, ",") and mark(row, start - 3, "(") else ""
        count = opener.script.variables.get(count, count)
        if alone := _NUMBER.fullmatch(count) is not None:  # pagination(56, {…})
            settings.append(("count", count))
        numbers = tuple((name, value) for name, value in settings if _NUMBER.fullmatch(value))
        counts = counts_of((name, value, f"{name}: {value}") for name, value in numbers)
        if not {kind_of_setting(name) for name, _ in settings} & {"pages", "entries"}:
            continue
        plugin = Plugin(opener, function, numbers, counts, alone or ("current", 0) in _kinds(numbers))
        if plugin.page(2):
            yield plugin


def _kinds(numbers: Sequence[tuple[str, str]]) -> set[tuple[str | None, int]]:
    return {(kind_of_setting(name), int(value)) for name, value in numbers}


def _given(row: Sequence[Token], opener: Opener) -> Iterator[tuple[Function, int]]:
    """Yield functions that stand among settings or behind them, or are named there, and a place in the settings."""
    looked = 0
    for functions in opener.functions.values():
        for function in functions:
            before = function.begin - 1
            is_member = (mark(row, before, "{") or mark(row, before, ",")) and not mark(row, before - 1, "}")
            is_behind = mark(row, before, ",") and mark(row, before - 1, "}")
            if function.parameters and (is_member or is_behind) and looked < _MOST:
                looked += 1
                yield function, before
    for index, token in enumerate(row):
        if (
            token.kind == "word"
            and mark(row, index - 1, ":")
            and index + 1 < len(row)
            and row[index + 1].value in (",", "}")
            and looked < _MOST
        ):
            for function in opener.functions.get(token.value, ())[-1:]:
                looked += 1
                yield function, index - 2


def _opening(row: Sequence[Token], at: int) -> int | None:
    """Return where the settings open that a place stands in, or that close just before it."""
    deep = 0
    for index in range(at, max(-1, at - _LONGEST), -1):
        if row[index].kind != "mark":
            continue
        if row[index].value in "}])":
            deep += 1
        elif row[index].value in "{[(":
            deep -= 1
            if deep < 0 or (deep == 0 and index < at and mark(row, at - 1, "}") and row[index].value == "{"):
                return index if row[index].value == "{" else None
    return None


def _settings(row: Sequence[Token], start: int, opener: Opener) -> Iterator[tuple[str, str]]:
    """Yield the members of the object that opens at a place, with their numbers; "" where one is no number."""
    deep = 0
    for index in range(start, min(len(row) - 3, start + 2 * _LONGEST)):
        token = row[index]
        if token.kind == "mark":
            deep += (token.value in "{[(") - (token.value in "}])")
            if deep == 0:
                return
        elif deep == 1 and mark(row, index + 1, ":") and row[index - 1].value in ("{", ","):
            value, after = row[index + 2], row[index + 3].value
            known = value.value.strip() if value.kind != "mark" and after in (",", "}") else ""
            yield token.value, opener.script.variables.get(known, known)
