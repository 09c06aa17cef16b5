"""State that scripts hold for several lists of a page: what is said there of others than the one it shows."""

import re
from collections.abc import Callable

from zhijiang_spider.pages.lists.sides import names_side

_TOKEN = re.compile(r"\"(?:[^\"\\\n]|\\.){0,5000}\"|[\[\]{}]")
_NAME = re.compile(r"(?:\"([\w$-]{1,60})\"|([\w$]{1,60}))\s?:\s?$")
_COUNTED = re.compile(r"(?:page|total|count)\w{0,12}\"\s?:\s?\"?\d", re.IGNORECASE)
_LONGEST = 80


def without_other_lists(script: str, titles: Callable[[], frozenset[str]]) -> str:
    """Return scripts without the objects in state JSON that are lists of their own, and not the one that is shown.

    Such a one is named as what stands beside a list (``hotComments``), or has an array of its own while the titles
    that the page links stand in another object.  ``titles`` gives these, without white space.
    """
    if not _COUNTED.search(script):
        return script
    for start, end in sorted(_objects(script, titles()), reverse=True):
        script = script[:start] + script[end:]
    return script


class _Object:
    """An object being read: where it begins, what it is called, what it holds."""

    def __init__(self, start: int, name: str, is_array: bool) -> None:
        self.start = start
        self.name = name
        self.is_array = is_array
        self.has_array = False
        self.has_titles = False


def _objects(script: str, titles: frozenset[str]) -> list[tuple[int, int]]:
    """Return the spans of objects of other lists, none inside another."""
    open_: list[_Object] = []
    apart: list[tuple[int, int, bool]] = []
    found_titles = False
    for token in _TOKEN.finditer(script):
        mark = token[0]
        if mark in "[{":
            named = _NAME.search(script, max(0, token.start() - _LONGEST), token.start())
            open_.append(_Object(token.start(), (named[1] or named[2]) if named else "", mark == "["))
            if mark == "[" and len(open_) > 1:
                open_[-2].has_array = True
        elif mark in "]}":
            if not open_ or open_[-1].is_array != (mark == "]"):
                open_.clear()  # no JSON here
                continue
            done = open_.pop()
            if done.has_titles and open_:
                open_[-1].has_titles = True
            if done.is_array or not done.name or done.has_titles:
                continue
            beside = names_side(done.name)
            if beside or done.has_array:
                apart = [span for span in apart if span[0] < done.start]
                apart.append((done.start, token.end(), beside))
        elif open_ and len(mark) > 8 and "".join(mark[1:-1].split()) in titles:
            open_[-1].has_titles = found_titles = True
    return [(start, end) for start, end, beside in apart if beside or found_titles]
