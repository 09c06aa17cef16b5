"""Where links stand on a page: the entries of one list stand alike, in elements of the same kind."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from zhijiang_spider.pages import Page
from zhijiang_spider.pages.links import absolute
from zhijiang_spider.text.characters import squeeze

TITLE = 8
"""Characters from which a link's text may be a headline; a section's name may be as long."""
_ITEMS = frozenset(("li", "tr", "td", "dd", "dt"))
"""Elements whose classes tell the first, the last or every second entry."""
_WHOLE = 24
"""Characters of a link's text that count: a summary is no better than a headline."""
_NEAR = 8
"""Elements around a link that are compared."""

Place = tuple[str, ...]
"""The elements around a link, from the nearest outwards, with their classes."""
LISTED: Place = ("listed",)
"""Where an entry of the page's list stands that is no link: a row with a handler, an array in a script."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page."""

    url: str
    text: str
    dated: bool = False
    """A date is printed beside it."""
    place: Place = ()

    @property
    def is_headed(self) -> bool:
        """Tell whether its text may be a headline, or a date is printed beside it."""
        return self.dated or len(self.text) >= TITLE


def links_of(page: Page) -> Iterator[Link]:
    """Yield all links of a page in their order, with the text, the title or the picture's text of each."""
    places: dict[etree._Element, Place] = {}
    for element in page.selector.root.iter("a", "area"):
        if address := absolute(page.base, element.get("href") or ""):
            text = squeeze(" ".join(page.texts.of(element, 30))) or element.get("title") or ""
            pictures = (image.get("alt") or "" for image in element.iter("img"))
            yield Link(address, text or squeeze(" ".join(pictures)), place=_place(element, places))


def _place(element: etree._Element, known: dict[etree._Element, Place]) -> Place:
    """Return the elements around another; ``known``: those of elements that were asked before."""
    chain = []
    at: etree._Element | None = element.getparent()
    while at is not None and at not in known:
        chain.append(at)
        at = at.getparent()
    around: Place = known[at] if at is not None else ()
    for outer in reversed(chain):
        classes = "" if outer.tag in _ITEMS else outer.get("class") or ""
        around = known[outer] = (" ".join([str(outer.tag), *classes.split()]), *around)[:_NEAR]
    return around


def main_list(links: list[Link]) -> list[Link]:
    """Return the links of the list that is most of a page: those that stand where most headlines stand.

    They have the longest texts; a date beside them counts as much as the text, and nothing beside a name or a button.
    """
    places: dict[Place, dict[str, Link]] = defaultdict(dict)
    for link in links:
        if link.is_headed:
            places[link.place].setdefault(link.url, link)
    if not places:
        return []

    def weight(place: Place) -> tuple[int, int]:
        found = places[place].values()
        return sum(min(len(link.text), _WHOLE) * (1 + link.dated) for link in found), len(found)

    best = max(places, key=weight)
    return [*places[best].values()]
