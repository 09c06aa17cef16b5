"""Text → date: the forms in which Chinese news pages print when something was published."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class Published:
    """A printed date and its reading."""

    raw: str
    """The matched text as printed."""
    on: date
    """The local day."""
    at: datetime | None = None
    """The moment, with the site's offset; None where the page prints a date only."""


_GAP = r"[\s\u3000]{0,9}"
_CLOCK = r"(?P<hour>\d{1,2})[:：时點点](?P<minute>\d{2})(?:[:：分](?P<second>\d{2})秒?|分)?"
_TIME = rf"(?:[\s\u3000,，|日T]{{0,9}}(?:星期.|周.)?{_GAP}(?P<half>上午|下午|晚上|凌晨|中午)?{_GAP}{_CLOCK})?"

_FORMS = tuple(
    re.compile(pattern)
    for pattern in (
        # ISO 8601 with a zone: the only form that says which moment it means
        r"(?P<iso>\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2}))(?!\d)",
        # 2024-01-16 · 2023/11/8 15:40 · 2016.10.29 · 2023 10/ 17 16:26:43 · 2018-07-31 14:21:48来源:
        rf"(?<![\d.])(?P<year>(?:19|20)\d\d){_GAP}[-/.－—]?{_GAP}(?P<month>\d{{1,2}}){_GAP}[-/.－—]{_GAP}"
        rf"(?P<day>\d{{1,2}}){_TIME}(?!\d)",
        # 2021年03月12日17:05
        rf"(?<!\d)(?P<year>(?:19|20)\d\d){_GAP}年{_GAP}(?P<month>\d{{1,2}}){_GAP}月{_GAP}(?P<day>\d{{1,2}})"
        rf"(?!\d){_GAP}[日号]?{_TIME}",
        # 二〇二四年三月五日
        rf"(?P<han_year>[一二][〇○零oO0Ｏ一二三四五六七八九]{{3}}){_GAP}年{_GAP}(?P<han_month>[一二三四五六七八九十]{{1,2}}){_GAP}月"
        rf"{_GAP}(?P<han_day>[一二三四五六七八九十]{{1,3}}){_GAP}[日号]",
        # 3小时前 · 昨天 08:30
        r"(?P<ago>\d{1,3})\s{0,3}(?P<unit>秒|分钟|小时|天|周|个月)之?前",
        r"刚刚",
        rf"(?P<named>今天|昨天|前天){_TIME}",
        # without a year: 09-22 06:26 · 9月22日 · 09/22
        rf"(?<![\d.:-])(?P<month>\d{{1,2}}){_GAP}月{_GAP}(?P<day>\d{{1,2}})(?!\d){_GAP}[日号]{_TIME}",
        rf"(?<![\d.:/-])(?P<month>\d{{2}})[-/](?P<day>\d{{2}})(?![\d/-]){_TIME}",
        # seconds or milliseconds since 1970, as scripts hold them, and 20240116 / 20240116154000
        r"(?<!\d)(?P<epoch>1\d{9}(?:\d{3})?)(?!\d)",
        r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)"
        r"(?:(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?)?(?!\d)",
    )
)
"""Order is precedence: a form that says more comes first; the first one that reads as a real day wins."""

_WIDTH = {0xFF10 + digit: 0x30 + digit for digit in range(10)} | {0xA0: 0x20, 0xFF0D: 0x2D, 0xFF0F: 0x2F}
"""Full-width digits, dash and slash; one character for one, so that places in the text stay the same."""
_LONGEST = 500
"""Characters that are looked at: a date row is short."""
_AGO = {"秒": 1, "分钟": 60, "小时": 3600, "天": 86400, "周": 7 * 86400, "个月": 30 * 86400}
_HAN_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}
_DAYS_BACK = {"今天": 0, "昨天": 1, "前天": 2}


def parse_published(text: str, *, timezone: tzinfo, today: date | None = None) -> Published | None:
    """Return the date in a text, None where there is none that exists in the calendar.

    ``timezone`` is the site's: printed times are in it, declared moments are converted to it.
    ``today`` is the local day on which the page was read; 昨天, 3小时前 and dates without a year need it
    and are None without it.  A date without a year is the most recent such day that is not after ``today``.
    """
    text = text[:_LONGEST]
    folded = text.translate(_WIDTH)
    for form in _FORMS:
        for found in form.finditer(folded):
            read = _read(found, timezone, today)
            if read:
                on, at = read
                return Published(text[found.start() : found.end()].strip(), on, at)
    return None


def _read(found: re.Match[str], timezone: tzinfo, today: date | None) -> tuple[date, datetime | None] | None:
    part = found.groupdict()
    try:
        if part.get("iso"):
            return _moment(datetime.fromisoformat(part["iso"]).astimezone(timezone))
        if part.get("epoch"):
            return _moment(datetime.fromtimestamp(int(part["epoch"][:10]), timezone))
        if part.get("han_year"):
            year = "".join(str(_han(char)) for char in part["han_year"] or "")
            return date(int(year), _han(part["han_month"] or ""), _han(part["han_day"] or "")), None
        if part.get("month"):
            on = _day(part.get("year"), int(part["month"]), int(part["day"]), today)
        elif today is None:
            return None
        elif part.get("named"):
            on = today - timedelta(days=_DAYS_BACK[part["named"]])
        else:
            # The hour is not known, only the day on which the page was read.
            back = int(part.get("ago") or 0) * _AGO.get(part.get("unit") or "", 0)
            on = today - timedelta(days=back // 86400)
        if on is None:
            return None
        return on, _time(on, part, timezone)
    except (ValueError, OverflowError, OSError):  # 2024-13-45, year 0, an epoch beyond the platform's
        return None


def _han(number: str) -> int:
    """Return the value of a number below a hundred in Chinese: 十, 十二, 二十一, 〇."""
    tens, ten, ones = number.rpartition("十")
    if not ten:
        return _HAN_DIGITS.get(ones, 0)
    return 10 * _HAN_DIGITS.get(tens, 1) + _HAN_DIGITS.get(ones, 0)


def _moment(at: datetime) -> tuple[date, datetime]:
    return at.date(), at


def _day(year: str | None, month: int, day: int, today: date | None) -> date | None:
    if year:
        return date(int(year), month, day)
    if today is None:
        return None
    for candidate in range(today.year, today.year - 9, -1):  # nine: 29 February may be eight years back
        try:
            on = date(candidate, month, day)
        except ValueError:
            continue
        if on <= today:
            return on
    return None


def _time(on: date, part: dict[str, str | None], timezone: tzinfo) -> datetime | None:
    """Return the moment, None where no time or no possible one (25:00) is printed."""
    if part.get("hour") is None:
        return None
    hour, minute, second = (int(part[name] or 0) for name in ("hour", "minute", "second"))
    if part.get("half") in ("下午", "晚上") and hour < 12:
        hour += 12
    try:
        return datetime(on.year, on.month, on.day, hour, minute, second, tzinfo=timezone)
    except ValueError:
        return None
