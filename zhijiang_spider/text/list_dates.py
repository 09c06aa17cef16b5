"""Dates as lists print them."""

import re
from collections.abc import Iterable

from zhijiang_spider.text.characters import squeeze

YEAR, _MONTH, _DAY = r"(?:19|20)\d\d", r"(?:1[0-2]|0?[1-9])(?!\d)", r"(?:3[01]|[12]\d|0?[1-9])(?!\d)"


_TIME = r"(?:\s{0,3}T?(?:[01]?\d|2[0-4])\s?[:：]\s?[0-5]\d(?:\s?[:：]\s?[0-5]\d)?)?"


_FULL_NUMBERS = rf"{YEAR}\s?[-/.]\s?{_MONTH}\s?[-/.]\s?{_DAY}{_TIME}"


_FULL = rf"(?:{_FULL_NUMBERS}|{YEAR}\s?年\s?{_MONTH}\s?月\s?{_DAY}\s?日?{_TIME})"


_SHORT = rf"(?:{_MONTH}[-/.]{_DAY}|{_MONTH}\s?月\s?{_DAY}\s?日){_TIME}"


_RELATIVE = rf"(?:刚刚|(?:今天|昨天|前天){_TIME}|\d{{1,3}}\s?(?:秒钟?|分钟|个?小时|天)前)"


_OPEN, _CLOSE = r"[\s\[\]（(【〔|｜·•/,，-]", r"[\s\[\])）】〕|｜·•/,，-]"


_LABEL = r"(?:发布|更新|上传|录入|添加|发表|发稿|公开|成文)?(?:时间|日期|于)\s?[:：]?\s?"


_WHOLE_FULL = re.compile(rf"{_OPEN}*(?:{_LABEL})?({_FULL}){_CLOSE}*")


_WHOLE_SHORT = re.compile(rf"{_OPEN}*(?:{_LABEL})?({_SHORT}|{_RELATIVE}){_CLOSE}*")


_LABELLED = re.compile(rf"(?:时间|日期|(?:发布|发表|更新)于)\s?[:：]?\s?({_FULL}|{_SHORT}|{_RELATIVE})")


_SET_OFF = re.compile(rf"(?:^|[\s\[（(【|｜：:])({_FULL})(?=$|[\s\])）】|｜,，])(?!\s{{0,3}}(?:星期|周))")


_DD = r"(?:0[1-9]|1[0-2])[-/](?:0[1-9]|[12]\d|3[01])"


_AT_EDGE = re.compile(rf"^[\[（(]?((?:{_DD}){_TIME})(?=[\s\])）])|(?:^|[\s\[（(])((?:{_DD}){_TIME})[\])）]?$")


_IN_BOXES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<d>{_DAY})\s?日?\s{{0,2}}[/|]?\s{{0,2}}(?P<y>{YEAR})\s?[-/.年]\s?(?P<m>{_MONTH})\s?月?",
        rf"(?P<d>{_DAY})\s?日?\s{{0,2}}[/|]?\s{{0,2}}(?P<m>{_MONTH})\s?[-/.月]\s{{0,2}}(?P<y>{YEAR})\s?年?",
        rf"(?P<m>{_MONTH})\s?[-/.月]\s?(?P<d>{_DAY})\s?日?\s{{1,3}}(?P<y>{YEAR})\s?年?",
        rf"(?P<y>{YEAR})\s?年?\s{{1,3}}(?P<m>{_MONTH})\s?[-/.月]\s?(?P<d>{_DAY})\s?日?",
    )
)
"""Day, month and year set in boxes of their own: ``16 2024-01``, ``01-16 2024``, ``2024 01-16``."""


IN_TITLE = re.compile(
    rf"^[\[【（(]({_FULL_NUMBERS}|{_SHORT})[\]】）)]\s?|^({_FULL_NUMBERS})\s"
    rf"|\s?[\[【（(]({_FULL_NUMBERS}|{_DD})[\]】）)]$|\s({_FULL_NUMBERS})$"
)


_DATE_CHARS = 60
"""A text that is a date and nothing else is shorter than this."""


def best_date(texts: Iterable[str]) -> str:
    """Return the date that is most surely one of its own, the first of equals; "" if there is none."""
    best, best_rank = "", 0
    for text in texts:
        text = squeeze(text[:600])
        if len(text) < 2 or best_rank == 5:
            continue
        whole, rank = whole_date(text)
        if rank > best_rank:
            best, best_rank = whole, rank
        for rank, pattern in _WITHIN:
            if rank > best_rank and (found := pattern.search(text)):
                best, best_rank = next(filter(None, found.groups())), rank
    return best


_WITHIN = ((4, _LABELLED), (2, _SET_OFF), (1, _AT_EDGE))
"""How sure a date within a text is; a text that is nothing but a date has 5, without a year 3."""


def whole_date(text: str) -> tuple[str, int]:
    """Return the date that a text is and nothing else, with how sure that is: ("", 0) if it is none."""
    if not 2 <= len(text) <= _DATE_CHARS:
        return "", 0
    if found := _WHOLE_FULL.fullmatch(text):
        return found[1], 5
    for pattern in _IN_BOXES:
        if found := pattern.fullmatch(text):
            return f"{found['y']}-{found['m']:>02}-{found['d']:>02}", 5
    found = _WHOLE_SHORT.fullmatch(text)
    return (found[1], 3) if found else ("", 0)
