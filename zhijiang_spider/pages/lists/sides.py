"""What stands beside a list: boxes of hot articles, the weather, menus, counters, pagers."""

import re
from functools import lru_cache
from itertools import islice

from lxml import etree

from zhijiang_spider.pages.texts import Texts
from zhijiang_spider.vocabulary import any_of, words

_TAGS = frozenset(("aside", "footer", "header", "nav"))
_WORDS = re.compile(r"[A-Z]?[a-z]+\d*|[A-Z]+(?![a-z])|\d+")
_NAMES = frozenset(words("lists.beside_names"))
_ALONE = frozenset(words("lists.beside_alone"))
_LISTS = frozenset(words("lists.list_names"))
_BOX = r"(?:list|news|box|wrap|wrapper|bar|con|content|area|left|right|ul|div|item|items|data|article|articles|img|pic)*"
_SIDE_NAME = re.compile(rf"{any_of('lists.beside_names', traditional=False)}{_BOX}\d*")
_HEADING = re.compile(any_of("lists.beside_headings"))
_LONGEST_HEADING = 14
_HEADED = 4
"""Elements around a place before which its heading may stand."""


@lru_cache(4096)
def names_side(name: str) -> bool:
    """Tell whether a class, id, variable or part of an address is that of something beside a list."""
    found = [word.lower() for word in _WORDS.findall(name)]
    if name.lower().strip("0123456789_-") in _ALONE:
        return True
    return any(word in _NAMES or _SIDE_NAME.fullmatch(word) for word in found)


@lru_cache(4096)
def names_list(name: str) -> bool:
    """Tell whether a class, id or part of an address is that of a list, by its words."""
    found = [word.lower() for word in _WORDS.findall(name)]
    return any(word in _LISTS or word.rstrip("0123456789").endswith(("list", "news")) for word in found)


class Sides:
    """Tells of the places of one page whether they stand beside its list; each is looked at once."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._known: dict[etree._Element, bool] = {}

    def holds(self, element: etree._Element) -> bool:
        """Tell whether an element is, or stands in, what is beside a list: by its names and the heading before it."""
        return self._named(element) or self._headed(element)

    def _named(self, element: etree._Element) -> bool:
        path: list[etree._Element] = []
        node: etree._Element | None = element
        while node is not None and node not in self._known and node.tag not in ("body", "html"):
            path.append(node)
            node = node.getparent()
        side = self._known.get(node, False) if node is not None else False
        for node in reversed(path):
            side = side or node.tag in _TAGS or any(map(names_side, _names(node)))
            self._known[node] = side
        return side

    def _headed(self, element: etree._Element) -> bool:
        node: etree._Element | None = element
        for _ in range(_HEADED):
            if node is None or node.tag in ("body", "html"):
                return False
            before = node.getprevious()
            while before is not None and (
                not isinstance(before.tag, str) or before.tag in ("script", "style", "br")
            ):
                before = before.getprevious()
            if before is not None:
                said = "".join("".join(self._texts.of(before, 8)).split())
                if said and node.tag not in ("li", "tr", "dd", "dt", "a"):
                    is_short = len(said) <= _LONGEST_HEADING and not self._has_lines(before)
                    return is_short and _HEADING.search(said) is not None
            node = node.getparent()
        return False

    @staticmethod
    def _has_lines(element: etree._Element) -> bool:
        return any(
            inner.tag in ("li", "ul", "ol", "dl", "table", "iframe") for inner in islice(element.iter(), 30)
        )


def _names(element: etree._Element) -> list[str]:
    return [*(element.get("class") or "").split()[:6], *filter(None, [element.get("id")])]
