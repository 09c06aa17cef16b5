"""A line that leads through the pages of an article: ``共3页 上一页 1 2 3 下一页``."""

import re
from dataclasses import dataclass

from zhijiang_spider.vocabulary import any_of

_N = r"\s{0,2}(\d{1,3})\s{0,2}"
_WORDS = rf"{any_of('pagers.next', 'pagers.previous')}|(?:next|prev(?:ious)?)\s?(?:page)?"
_OWN_OF_ALL = (
    rf"(?:{any_of('pagers.shown')})?[第页頁次码碼]{{0,3}}[:：]?{_N}[页頁]?\s?[/／,，]?\s?[共总總]?{_N}[页頁]"
    rf"|(?<![一上下前后後末尾])[页頁][次码碼数數]?[:：]?{_N}[/／]{_N}|page{_N}(?:of|/){_N}"
)
_ALL = rf"[共总總]{{1,2}}[计計有]?{_N}[页頁]"
_OWN = rf"(?:{any_of('pagers.shown')}|本页|本頁)?第{_N}[页頁]"
_LINE = re.compile(
    rf"(?>(?:{_WORDS}|{_OWN_OF_ALL}|{_ALL}|{_OWN}|{any_of('pagers.first', 'pagers.last')}|\d{{1,3}})"
    r"[\s\u3000\x1f【】\[\]（）()<>《》«»‹›|｜/,，.…:：-]{0,9}){1,60}",
    re.IGNORECASE,
)
_EDGES = " \u3000\x1f【[（(<《«‹|"
_SAYS = re.compile(f"{_WORDS}|{_OWN_OF_ALL}", re.IGNORECASE)
_COUNTS = (re.compile(_OWN_OF_ALL, re.IGNORECASE), re.compile(_OWN), re.compile(_ALL))
_NUMBERS = re.compile(r"\d{1,3}")
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class PageCount:
    """Which page it is, from 1, and how many there are; 0 where the line does not say."""

    own: int = 0
    all: int = 0


def is_pager_line(text: str, *, linked: bool = False) -> bool:
    """Tell whether a line only leads to other pages.

    Numbers alone do where they are links and count from 1: ``1 2 3``; ``1/4`` counts pictures.
    """
    if len(text) > _LONGEST or not _LINE.fullmatch(text.lstrip(_EDGES)):
        return False
    if _SAYS.search(text):
        return True
    numbers = [int(number) for number in _NUMBERS.findall(text)]
    return linked and len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1)) and "/" not in text


def may_be_of_pager(text: str) -> bool:
    """Tell whether a line may be a part of a pager that the page sets on several lines: ``2``."""
    return len(text) <= _LONGEST and _LINE.fullmatch(text.lstrip(_EDGES)) is not None


def page_count(text: str) -> PageCount:
    """Return what a pager's line counts."""
    both, own, whole = _COUNTS
    if found := both.search(text):
        numbers = [int(number) for number in found.groups() if number]
        return PageCount(*numbers)
    here, there = own.search(text), whole.search(text)
    return PageCount(int(here[1]) if here else 0, int(there[1]) if there else 0)
