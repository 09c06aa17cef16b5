"""The numbers of a pager: 1 2 3 … side by side, which of them is this page, and how their addresses are made."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from zhijiang_spider.pages.lists.pagers.addresses import Place, number_by_template
from zhijiang_spider.pages.lists.pagers.clickable import Link, is_marked
from zhijiang_spider.pages.texts import Texts

_NUMBER_LABEL = re.compile(r"\W{0,4}第?\s?(\d{1,5})\s?页?\W{0,4}")


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbered links of one pager."""

    linked: dict[int, Link]
    current: int | None
    template: str | None
    """How its addresses are made: the one place where the number stands, as ``{page}``."""


def number_groups(links: Sequence[Link], place: Place, texts: Texts) -> Iterator[Numbers]:
    """Gather number links that stand side by side, and find the current number among them."""
    containers: dict[etree._Element, dict[etree._Element, tuple[int, Link]]] = {}
    for link in links:
        found = _NUMBER_LABEL.fullmatch(link.label)
        if not found or (link.plain and link.element.tag != "a"):
            continue
        if link.target and not (place.is_own(link.target) or place.belongs(link.target)):
            continue
        cell = _cell(link.element)
        container = cell.getparent()
        if container is not None:
            containers.setdefault(container, {})[cell] = int(found[1]), link
    for container, cells in containers.items():
        row = list(_row(container, cells, texts))
        linked = {
            n: link for n, link, _ in row if link is not None and not _stands_for_here(place, link, row)
        }
        if not linked or (len(linked) >= 27 and max(linked) <= 31):  # days of a calendar
            continue
        template = _template_of(linked)
        by_address = number_by_template(template, place.url)[0] if template else None
        current = _current(row, linked)
        if by_address is None or current is None or current == by_address:
            # Where no number stands out and none leads here, this is the first page by its short address.
            yield Numbers(linked, current or by_address, template)


def _template_of(linked: dict[int, Link]) -> str | None:
    """Derive how page addresses are made from the places where each link's number stands in its address."""
    common: set[str] | None = None
    for number, link in islice(linked.items(), 40):
        if number < 2 or not link.target:
            continue
        places = re.finditer(rf"(?<!\d){number}(?!\d)", link.target)
        made = {f"{link.target[: m.start()]}{{page}}{link.target[m.end() :]}" for m in places}
        common = made if common is None else common & made
    return common.pop() if common and len(common) == 1 else None


def _cell(element: etree._Element) -> etree._Element:
    """Return the outermost element that holds nothing but this one: the ``li`` around a link."""
    for _ in range(3):
        parent = element.getparent()
        if (
            parent is None
            or not _is_alone(element)
            or (parent.text or "").strip()
            or (element.tail or "").strip()
        ):
            return element
        if parent.tag in ("body", "html", "div", "ul", "nav", "tr", "select"):
            return element
        element = parent
    return element


def _is_alone(element: etree._Element) -> bool:
    """Tell whether an element has no siblings.  Its parent's ``len()`` would count them all, for each of them."""
    return element.getprevious() is None and element.getnext() is None


def _row(
    container: etree._Element, cells: dict[etree._Element, tuple[int, Link]], texts: Texts
) -> Iterator[tuple[int, Link | None, bool]]:
    """Yield each number of a pager in order: the number, its link, whether it is marked as current."""
    if found := _NUMBER_LABEL.fullmatch((container.text or "")[:20].strip()):
        yield int(found[1]), None, False
    for child in container:
        if child in cells:
            number, link = cells[child]
            yield number, link, link.current or is_marked(child)
        elif isinstance(child.tag, str):
            text = "".join(texts.of(child, 6))[:20].strip()
            if found := _NUMBER_LABEL.fullmatch(text):
                yield int(found[1]), None, is_marked(child)
        if found := _NUMBER_LABEL.fullmatch((child.tail or "")[:20].strip()):
            yield int(found[1]), None, False


def _stands_for_here(place: Place, link: Link, row: Sequence[tuple[int, Link | None, bool]]) -> bool:
    """Tell whether a numbered link is the current page: it leads here, or nowhere while others lead on."""
    if link.target is not None:
        return place.is_own(link.target)
    leads = (other.target or other.call or other.script for _, other, _ in row[:40] if other)
    return link.call is None and not link.script and any(leads)


def _current(row: Sequence[tuple[int, Link | None, bool]], linked: dict[int, Link]) -> int | None:
    """Return the number that is marked, or is no link where its neighbours are; None if that is not clear."""
    marked = {n for n, _, is_marked in row if is_marked}
    if len(marked) == 1:
        return marked.pop()
    unlinked = {n for n, link, _ in row if link is not None and linked.get(n) is not link}
    for index, (n, link, _) in enumerate(row):
        before = row[index - 1][0] if index else None
        after = row[index + 1][0] if index + 1 < len(row) else None
        if link is None and n not in linked and (before == n - 1 or after == n + 1):
            unlinked.add(n)
    return unlinked.pop() if len(unlinked) == 1 else None
