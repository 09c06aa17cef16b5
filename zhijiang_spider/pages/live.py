"""Lines whose values change with every look at a page: clocks, the weather, counters of visits.

They are no part of an article wherever they stand, and no revision of it.
"""

import re
from functools import lru_cache

from zhijiang_spider.text.characters import one_width
from zhijiang_spider.text.clock import WEEKDAY
from zhijiang_spider.text.date_forms import Form
from zhijiang_spider.text.dates import whole_date
from zhijiang_spider.vocabulary import any_of, simplified


def _any_of(*groups: str) -> str:
    return any_of(*(f"live.{group}" for group in groups), traditional=False)  # lines are simplified first


_GAP = r"[\s,|·•/:;_-]{0,5}"
_DAY = r"(?:\d{2,4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?[日号]?)"
_TIME = r"(?:\d{1,2}\s?[:时点]\s?\d{1,2}(?:\s?[:分]\s?(?:\d{1,2}\s?秒?)?)?)"
_DEGREES = r"-?\d{1,2}\s?(?:℃|°C?|度)"
_WEATHER = (
    rf"(?:[\u4e00-\u9fff]{{2,6}}?\s?)?{_any_of('weather')}\s?:?\s?[\u4e00-\u9fff]{{0,6}}{_any_of('sky')}[^,。;!?]{{0,12}}?"
    rf"{_DEGREES}[^,。;!?]{{0,20}}"
)
_CLOCK = (
    rf"{_any_of('now')}(?:{_any_of('clock_nouns')}|[是为:]|(?=\s?{_DAY}))\s?(?:{_any_of('clock_nouns')}|[是为:])?\s?:?\s?"
    rf"(?=.{{0,8}}(?:{_DAY}|{_TIME}))(?:{_DAY}|{_TIME}|\(?{WEEKDAY}\)?)"
    rf"(?:{_GAP}(?:{_DAY}|{_TIME}|\(?{WEEKDAY}\)?)){{0,3}}"
    rf"(?:{_GAP}(?:{_any_of('greetings')}[^。;!?]{{0,30}}|{_WEATHER}))?[!。]?"
)
_NUMBER = r"\d[\d,.]{0,11}\s?(?:[万亿wk]\+?|\+)?"
_TIMES = r"(?:人次|[次人条个])?"
_DONE = rf"(?:{_any_of('counted')}{_any_of('amounts')}?|Views?|Hits?|Reads?|Clicks?|Visits?)"
_COUNT = (
    rf"[(\[【]?\s?(?:{_any_of('of_this')}){{0,3}}(?:"
    rf"{_DONE}[了过]?\s?:?\s?[(\[]?\s?{_NUMBER}\s?{_TIMES}[)\]]?"
    rf"|\s?{_NUMBER}\s?{_TIMES}\s?{_DONE}[了过]?(?:{_any_of('of_this')})?"
    rf"|{_any_of('online')}\s?:?\s?{_NUMBER}\s?{_TIMES}"
    r")\s?[)\]】]?"
)
_LIVE = re.compile(
    rf"\s?(?:{_CLOCK}|{_WEATHER}|{_COUNT}(?:{_GAP}{_COUNT}){{0,5}}"
    rf"|[您你]是{_any_of('of_this')}?的?第\s?{_NUMBER}\s?[位个名]{_any_of('visitors')}[!。]?"
    rf"|{_any_of('took')}(?:{_any_of('clock_nouns')})?\s?:?\s?[\d.]{{1,9}}\s?(?:秒|毫秒|m?s)"
    r"|Processed in [\d.]{1,9} .{0,30})\s?",
    re.ASCII | re.IGNORECASE,
)
_LONGEST, _LONGEST_AGO = 60, 20
_HINT = re.compile(r"\d|[刚剛]")
_AGO = re.compile("前|[刚剛]")


@lru_cache(1024)  # a line is asked about several times
def is_live(text: str) -> bool:
    """Tell whether a line only tells the time of the visit, the weather of the day, how often or how long ago."""
    if len(text) > _LONGEST or not _HINT.search(text):
        return False
    if _LIVE.fullmatch(one_width(text).translate(_SIMPLIFIED)):
        return True
    if len(text) > _LONGEST_AGO or not _AGO.search(text):
        return False
    ago = whole_date(text)
    return ago is not None and ago.form is Form.RELATIVE and ago.time is None


_SIMPLIFIED = {**simplified(), **str.maketrans("～—–", "~--")}
