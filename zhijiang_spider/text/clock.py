"""Text → time of day, as it stands behind a printed day.

Reads the folded copy of a text that ``dates`` makes: half width, simplified, one character for one.
"""

import re
from dataclasses import dataclass
from datetime import UTC, time, timedelta, timezone, tzinfo

from zhijiang_spider.vocabulary import any_of

_PARTS: dict[str, tuple[int | None, range, range]] = {
    # words: what 12 means; hours to which twelve are added; hours that may be meant
    "凌晨": (0, range(0), range(7)),
    "清晨 早晨 清早 早上 早间 早 晨": (None, range(0), range(4, 12)),
    "上午 AM": (0, range(0), range(12)),
    "中午 正午 午间": (12, range(1, 4), range(11, 16)),
    "下午 午后 PM": (12, range(1, 12), range(12, 24)),
    "傍晚": (None, range(4, 9), range(16, 21)),
    "晚上 晚间 夜间 夜里 夜晚 晚 夜": (None, range(5, 12), range(17, 24)),
    "深夜 午夜 半夜": (None, range(8, 12), range(20, 24)),
}
"""Parts of the day.  Where 12 has no meaning, 晚上12:30 may be of this day or of the next: not understood."""
_PART = {word: hours for words, hours in _PARTS.items() for word in words.split()}
_SMALL_HOURS = range(6)
"""Hours that 深夜 and 半夜 may mean as well."""

_CHINA = timezone(timedelta(hours=8))
_ZONES = {
    **dict.fromkeys(("Z", "UT", "UTC", "GMT"), UTC),
    **dict.fromkeys(("CST", "BJT", "HKT", "北京时间", "香港时间", "台北时间"), _CHINA),  # CST is China's here
    "JST": timezone(timedelta(hours=9)),
    **{
        name: timezone(timedelta(hours=hours))
        for name, hours in (("EST", -5), ("EDT", -4), ("PST", -8), ("PDT", -7))
    },
}

_CHINA_TIME = "|".join(name for name, zone in _ZONES.items() if zone is _CHINA)

HAN_NUMBER = "[〇零一二两三四五六七八九十廿卅]{1,3}"
HAN_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_TENS = {"廿": "二十", "卅": "三十"}

WEEKDAY = (
    rf"(?:(?:{any_of('dates.weeks', traditional=False)}|周)[一二三四五六日天]"
    r"|(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\b\.?)"
)
_GAP = r"[\s,|·•_/-]{0,9}"
_WORDS = "|".join(sorted(_PART, key=len, reverse=True))
_NUMBER = rf"(?:\d{{1,2}}|{HAN_NUMBER})"
_HAN = "[\u3400-\u9fff]"
_GOES_ON = any_of("dates.goes_on", traditional=False)
"""Words that may be glued to an hour; before others 3点 may be three points, 9时许 is no exact time."""
_CLOCK = re.compile(
    rf"(?:{_GAP}[(\[【〔]\s?(?:{WEEKDAY}|[一二三四五六日])\s?[)\]】〕]|{_GAP}{WEEKDAY})?"
    rf"{_GAP}(?P<joined>T)?(?:(?P<china>{_CHINA_TIME})|at\b)?\s{{0,9}}(?P<part>{_WORDS}|[AP]\.M\.)?\s{{0,9}}"
    r"(?:(?P<hour>\d{1,2})\s?(?::|h(?=\d\d))\s?(?P<minute>\d{1,2})(?!\d)"
    r"(?:\s?(?::|m(?=\d\d))\s?(?P<second>\d{1,2})(?!\d)(?:[.,]\d{1,9}(?![\d:]))?|(?!:\d))"
    r"(?:分(?!钟)|秒|[ms]\b)?"
    r"|(?P<lone_hour>\d{1,2})(?=\s?[AP]\.?M\b)"
    rf"|(?P<han_hour>{_NUMBER})\s?[时点](?:钟(?!{_HAN})"
    rf"|\s?(?P<fraction>半|[一三]刻|整|正)"
    rf"|\s?(?P<han_minute>{_NUMBER})\s?分(?!钟)(?:\s?(?P<han_second>{_NUMBER})\s?秒)?"
    rf"|(?P<bare_minute>\d\d)(?:(?={_GOES_ON})|(?!\d|{_HAN}))|(?={_GOES_ON})|(?!{_HAN}|\s?\d)))"
    r"(?:\s?(?P<after>[AP])\.?M\b\.?)?",
    re.ASCII | re.IGNORECASE,
)
_ZONE = re.compile(
    rf"\s?\(?(?P<name>{'|'.join(_ZONES)})(?![A-Z])(?:\s?(?P<shift>[+-]\d{{1,2}}(?::?\d\d)?)(?![\d:]))?\)?"
    r"|\s?(?P<offset>[+-]\d\d:?\d\d)(?![\d:])|(?P<short>[+-]\d\d)(?![\d:])",
    re.ASCII | re.IGNORECASE,
)
_ZONE_NOTE = re.compile(r"\s?\((?:中国标准时间|北京时间|China Standard Time|CST)\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clock:
    """A printed time of day."""

    start: int
    end: int
    """Where it stands, with what sets it apart from the day and with its zone."""
    at: time | None
    """None where something is printed that is no time (25:99), or not understood (晚上12:30)."""
    zone: tzinfo | None = None
    """What the print says; None where it leaves it to the reader."""


def clock_at(text: str, start: int, *, padded: bool) -> Clock | None:
    """Return the time that stands right at this place, None if there is none.

    ``padded``: the day's own fields have two digits each.  Then 3:2 behind it is a score, not 03:02.
    """
    found = _CLOCK.match(text, start)
    if not found:
        return None
    minute, second = found["minute"], found["second"]
    if minute and len(minute) == 1 and not second:
        following = text[found.end() : found.end() + 1]
        if padded or not (not following or following.isspace() or following in ")]】|"):
            return None
    end = found.end()
    zone, zone_end = zone_at(text, end, sure=bool(found["joined"] or second))
    return Clock(start, zone_end, _time(found), zone or (_CHINA if found["china"] else None))


def zone_at(text: str, start: int, *, sure: bool) -> tuple[tzinfo | None, int]:
    """Return the zone that stands right at this place and where it ends; (None, start) if there is none.

    ``sure``: the time before it leaves no doubt; otherwise 15:40-17:00 is from one time to another.
    """
    found = _ZONE.match(text, start)
    if not found:
        return None, start
    printed = found["shift"] or found["offset"] or found["short"]
    if printed and not found["name"] and printed[0] == "-" and not sure:
        return None, start
    zone = _ZONES[found["name"].upper()] if found["name"] else None
    if printed:
        digits = printed[1:].replace(":", "")
        hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
        if hours > 14 or minutes not in (0, 30, 45):
            return None, start
        shift = timedelta(hours=hours, minutes=minutes)
        zone = timezone(-shift if printed[0] == "-" else shift)
    note = _ZONE_NOTE.match(text, found.end())
    return zone, note.end() if note else found.end()


def number(text: str) -> int:
    """Return the value of a number below a hundred in digits or in Chinese: 7, 十, 廿四, 二十一, 〇.

    Raises ``ValueError`` for what is no number, as 二十十.
    """
    if text.isascii():
        return int(text)
    text = "".join(_TENS.get(char, char) for char in text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        if len(text) == 2 and text[0] in "〇零":  # 零五分
            ones = text[1]
        return _digit(ones)
    return 10 * (_digit(tens) if tens else 1) + (_digit(ones) if ones else 0)


def _digit(char: str) -> int:
    try:
        return HAN_DIGITS[char]
    except KeyError:
        raise ValueError(f"not a digit: {char!r}") from None


def _time(found: re.Match[str]) -> time | None:
    try:
        if found["hour"]:
            hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
        else:
            hour = number(found["han_hour"] or found["lone_hour"])
            minute = {"半": 30, "一刻": 15, "三刻": 45}.get(found["fraction"] or "", 0)
            minute = number(found["han_minute"] or found["bare_minute"] or "0") or minute
            second = number(found["han_second"] or "0")
        part = f"{found['after']}M" if found["after"] else found["part"]
        meant = _hour(hour, part.upper().replace(".", ""), by_program=bool(found["hour"])) if part else hour
        return None if meant is None else time(meant, minute, second)
    except ValueError:  # 25:99
        return None


def _hour(printed: int, part: str, *, by_program: bool) -> int | None:
    """Return the hour of 24 that is meant, None where the words do not fit it (早上15:00)."""
    twelve, later, meant = _PART[part]
    if printed == 12:
        # Programs print 上午12:05 for 00:05; people write 上午12点 for noon.
        return None if part == "上午" and not by_program else twelve
    hour = printed + 12 if printed in later else printed
    night = meant == range(20, 24) and hour in _SMALL_HOURS
    return hour if hour in meant or night else None
