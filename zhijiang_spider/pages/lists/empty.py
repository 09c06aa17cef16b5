"""A section without an entry that says so: 暂无内容."""

import re

from lxml import etree

from zhijiang_spider.items import ListEnd
from zhijiang_spider.pages.lists.next_page import find_next
from zhijiang_spider.pages.lists.readers import ListReading
from zhijiang_spider.pages.page import Page
from zhijiang_spider.sites.site import Site
from zhijiang_spider.text.characters import squeeze
from zhijiang_spider.vocabulary import any_of

_SAYS = re.compile(
    rf"[\W_]*(?:{any_of('lists.empty_before')}[,，\s]?){{0,3}}"
    rf"(?:{any_of('lists.empty')}|共?\s?0\s?[条條篇](?:\s?{any_of('lists.empty_things')})?|0\s?/\s?0\s?[页頁]?)[\W_]*"
)
"""Matches (whole) a line that says that there is none."""
_MORE = re.compile(
    r"共\s?[:：]?\s?(?:有\s?)?(?P<number>\d{1,9})\s?(?P<what>[条條篇页頁])|(?P<pages>\d{1,6})\s?[页頁]\s?/\s?共"
)
_LONGEST = 40
_HIDDEN = re.compile(r"display\s?:\s?none|visibility\s?:\s?hidden", re.IGNORECASE)
_UNREAD = frozenset(("script", "style", "template", "noscript", "textarea", "option"))


def read_empty(page: Page, site: Site) -> ListReading | None:
    """Read a page that says that its list is empty; None where it does not, or also says that there is something."""
    said = empty_note(page)
    if not said or not isinstance(find_next(page, site), ListEnd):
        return None
    return ListReading((), following=ListEnd(f"the page says: {said}"))


def empty_note(page: Page) -> str:
    """Return the line by which a page says that its list is empty, "" where it counts or says nothing."""
    note = ""
    for element in page.selector.root.iter():
        if not isinstance(element.tag, str) or element.tag in _UNREAD:
            continue
        for text in (element.text, element.tail if element.getparent() is not None else ""):
            if not text or len(text) > 400 or text.isspace():
                continue
            line = squeeze(text)
            if (counted := _MORE.search(line)) and _counts(counted):
                return ""
            if not note and says_empty(line) and not _is_hidden(element):
                note = line
    return note


def says_empty(line: str) -> bool:
    """Tell whether a line says that a list is empty, and nothing else."""
    return len(line) <= _LONGEST and _SAYS.fullmatch(line) is not None


def _counts(found: re.Match[str]) -> bool:
    if found["pages"]:
        return int(found["pages"]) > 1
    return int(found["number"]) > (1 if found["what"] in "页頁" else 0)


def _is_hidden(element: etree._Element) -> bool:
    node: etree._Element | None = element
    for _ in range(6):
        if node is None:
            return False
        if _HIDDEN.search(node.get("style") or "") or node.get("hidden") is not None:
            return True
        node = node.getparent()
    return False
