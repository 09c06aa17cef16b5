"""Dates that stand beside the links of a list."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from zhijiang_spider.pages.lists.link_text import EVENTS, UNREAD, joined
from zhijiang_spider.pages.texts import Texts
from zhijiang_spider.text.list_dates import best_date

_LEVELS = 8
"""How far above a link its part of the page may begin."""


_TEXTS = 120
"""How many pieces of text of one part of the page are looked at."""


@dataclass(frozen=True, slots=True, eq=False)
class ArticleLink:
    """A link of a list page that leads to an article."""

    element: etree._Element
    address: str
    key: str


def dates_outside(links: Sequence[ArticleLink], page: Texts) -> dict[etree._Element, str]:
    """Return the date printed beside each link, for those that have one.

    The part of the page that belongs to an article is the largest element around its link that holds no
    other article; such parts do not overlap, so that the whole page is read once.
    """
    owners = owners_of(links)
    dates: dict[etree._Element, str] = {}
    parts: dict[etree._Element, etree._Element] = {}
    for link in links:
        part = link.element
        for _ in range(_LEVELS):
            parent = part.getparent()
            if parent is None or parent.tag in ("body", "html") or owners.get(parent) != link.key:
                break
            part = parent
        if part in parts:
            continue
        parts[part] = link.element
        if date := _date_around(link.element, part, page):
            dates[link.element] = date
    rows: dict[etree._Element, list[etree._Element]] = {}
    for part in parts:
        parent = part.getparent()
        if parent is not None and owners.get(parent) == SEVERAL:
            rows.setdefault(parent, []).append(part)
    for row, row_parts in rows.items():
        for part, date in _dates_in_gaps(row, row_parts, owners, page).items():
            dates.setdefault(parts[part], date)
    return dates


class _Several:
    """Stands for the articles that an element holds several of."""


SEVERAL = _Several()


def owners_of(links: Iterable[ArticleLink]) -> dict[etree._Element, str | _Several]:
    """Return for each element around links the one article they lead to, or ``SEVERAL``.

    Every element is set at most twice, so this takes linear time however deep a page is.
    """
    owners: dict[etree._Element, str | _Several] = {}
    for link in links:
        element: etree._Element | None = link.element
        while element is not None:
            known = owners.get(element)
            new: str | _Several = link.key if known is None else known if known == link.key else SEVERAL
            if known == new:
                break
            owners[element] = new
            element = element.getparent()
    return owners


def _date_around(element: etree._Element, part: etree._Element, page: Texts) -> str:
    """Look for a date in an article's part of the page, level by level from its link outwards."""
    left = _TEXTS
    while element is not part:
        parent = element.getparent()
        if parent is None:
            break
        texts = list(islice(_texts_beside(element, parent, page), left))
        if date := best_date(texts):
            return date
        left -= len(texts)
        element = parent
    return ""


def _texts_beside(element: etree._Element, parent: etree._Element, page: Texts) -> Iterator[str]:
    """Yield what stands in ``parent`` before and after ``element``: as one where it is short, and in pieces."""
    pieces = [parent.text or ""]
    row = [parent.text or ""]
    for child in islice(parent, _TEXTS):
        if child is element:
            yield " ".join(row)
            row = []
        else:
            texts = list(_texts_of(child, page))
            pieces += texts
            row += texts[:1]
        pieces.append(child.tail or "")
        row.append(child.tail or "")
    yield " ".join(row)
    yield from pieces


def _texts_of(element: etree._Element, page: Texts) -> Iterator[str]:
    """Yield an element's text as one, then piece by piece; nothing out of links, scripts and comments."""
    if not isinstance(element.tag, str) or element.tag in UNREAD or element.tag == "a":
        return
    yield joined(element, page)
    skip_to: etree._Element | None = None
    for event, node in islice(etree.iterwalk(element, events=EVENTS), 200):
        if skip_to is not None:
            if event == "end" and node is skip_to:
                skip_to = None
                yield node.tail or ""
        elif event == "start" and (node.tag in UNREAD or node.tag == "a"):
            skip_to = node
        elif event == "start":
            yield node.text or ""
            if node is not element and len(node):
                yield joined(node, page)
        elif node is not element:
            yield node.tail or ""


def _dates_in_gaps(
    row: etree._Element, parts: Sequence[etree._Element], owners: Container[etree._Element], page: Texts
) -> dict[etree._Element, str]:
    """Read dates that stand between the articles of one element: ``<dt>link</dt><dd>date</dd>``.

    Whether dates follow or precede their articles is told by the two ends of the row.
    """
    wanted = set(parts)
    gaps: list[_Gap] = [_Gap(None)]
    gaps[0].add(row.text or "")
    for child in row:
        if child in owners:
            gaps.append(_Gap(child if child in wanted else None))
        elif child.tag in ("br", "hr"):
            gaps[-1].broken = True
        else:
            gaps[-1].add(*islice(_texts_of(child, page), 20))
        gaps[-1].add(child.tail or "")
    precede = best_date(gaps[0].texts) and not best_date(gaps[-1].texts)
    found: dict[etree._Element, str] = {}
    for gap, following in zip(gaps, gaps[1:] + gaps[:1], strict=True):
        if precede and following.part is not None and (date := best_date(gap.next_line or gap.same_line)):
            found[following.part] = date
        elif not precede and gap.part is not None and (date := best_date(gap.same_line or gap.next_line)):
            found[gap.part] = date
    return found


@dataclass(slots=True)
class _Gap:
    """What stands between one article and the next."""

    part: etree._Element | None
    """The part of the page before it, None at the beginning and after what holds several articles."""
    same_line: list[str] = field(default_factory=list)
    next_line: list[str] = field(default_factory=list)
    broken: bool = False
    """Whether a line break has been met."""

    @property
    def texts(self) -> list[str]:
        return self.same_line + self.next_line

    def add(self, *texts: str) -> None:
        lines = self.next_line if self.broken else self.same_line
        if len(lines) < 40:
            lines += filter(str.strip, texts)
