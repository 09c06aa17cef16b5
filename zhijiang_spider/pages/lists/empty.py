"""A section without an entry that says so: 暂无内容."""

import re

from zhijiang_spider.items import ListEnd
from zhijiang_spider.pages.elements import is_inside_hidden
from zhijiang_spider.pages.lists.next_page import find_next
from zhijiang_spider.pages.lists.readers import ListReading
from zhijiang_spider.pages.page import Page
from zhijiang_spider.sites.site import Site
from zhijiang_spider.text.characters import squeeze
from zhijiang_spider.vocabulary import any_of

_PLACE = rf"(?:[该本此这](?:个)?)?{any_of('lists.empty_places')}(?:[下里中内]|之下|下面)?"
_THINGS = any_of("lists.empty_things")
_NONE = (
    rf"(?:{any_of('lists.empty_none')}[了]?(?:{any_of('lists.empty_which')}){{0,2}}{_THINGS}|暂无|暂时没有|空空如也"
    r"|no\s(?:data|records?|contents?|articles?|results?|items?|news)(?:\s(?:found|available|yet))?)"
)
_BUILDING = rf"{_PLACE}(?:还|仍|尚)?(?:在)?{any_of('lists.empty_building')}"
_ZERO = (
    rf"[共总合](?:共|计)?(?:有|计)?\W{{0,3}}0\s?[条條篇个項项](?:\s?{_THINGS})?|0\s?[条條篇](?:\s?{_THINGS})?"
    rf"|总?{_THINGS}[总數数]{{1,2}}\W{{1,3}}0\s?[条條]?"
)
_NO_PAGES = (
    rf"(?:[\W_]*(?:[共总]?\s?[页頁]?[次数]?\W{{0,2}}第?\s?[01]\s?[页頁]?\s?/\s?[共总]?\s?[01]\s?[页頁]?|[第共]\s?[01]\s?[页頁]"
    rf"|每[页頁]\s?\d{{1,3}}\s?[条條篇]|{any_of('pagers.first', 'pagers.previous', 'pagers.next', 'pagers.last')}))"
)
_SAYS = re.compile(
    rf"[\W_]*(?:{any_of('lists.empty_before')}[\W_]*){{0,3}}"
    rf"(?:(?:{_PLACE}[\W_]*)?{_NONE}|{_BUILDING}|(?:{_ZERO}|0\s?/\s?0\s?[页頁]?){_NO_PAGES}{{0,8}})"
    rf"(?:[\W_]*{any_of('lists.empty_after')}){{0,2}}[\W_]*",
    re.IGNORECASE,
)
"""Matches (whole) a line that says that there is none."""
_MORE = re.compile(
    r"共\s?[:：]?\s?(?:有\s?)?(?P<number>\d{1,9})\s?(?P<what>[条條篇页頁])|(?P<pages>\d{1,6})\s?[页頁]\s?/\s?共"
)
_LONGEST = 40
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
            if not note and not is_inside_hidden(element):
                if line == "0" and text is element.text and (parent := element.getparent()) is not None:
                    line = squeeze("".join(page.texts.of(parent, 12))[:400])  # 共<b>0</b>条记录
                note = line if says_empty(line) else ""
    return note


def says_empty(line: str) -> bool:
    """Tell whether a line says that a list is empty, and nothing else."""
    return len(line) <= _LONGEST and _SAYS.fullmatch(line) is not None


def _counts(found: re.Match[str]) -> bool:
    if found["pages"]:
        return int(found["pages"]) > 1
    return int(found["number"]) > (1 if found["what"] in "页頁" else 0)
