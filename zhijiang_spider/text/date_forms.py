"""The forms of a day, as regular expressions, and what each of them means."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum

from zhijiang_spider.text.clock import HAN_DIGITS, HAN_NUMBER, WEEKDAY, number
from zhijiang_spider.vocabulary import any_of


class Form(Enum):
    """In which way a date is printed."""

    NUMBERS = "2024-01-16"
    WORDS = "2024年1月16日, 二〇二四年一月十六日, 16 January 2024"
    DIGITS = "20240116"
    SHORT_NUMBERS = "01-16"
    SHORT_WORDS = "1月16日"
    RELATIVE = "昨天, 3小时前"
    EPOCH = "seconds since 1970"

    @property
    def has_year(self) -> bool:
        """Whether it says which year it means."""
        return self not in (Form.SHORT_NUMBERS, Form.SHORT_WORDS, Form.RELATIVE)


_G = r"\s{0,9}"
_GOES_ON = r"(?!\d|[-/.]\d{1,4}(?!\d|\s?[:h]))"
"""What a date in numbers may not go on with: 2023.11.07.15 and 2023-11-07/09 are something else."""
_YEAR = r"(?:19|20)\d\d"
_HAN_DIGIT = "[〇零oO0一二三四五六七八九]"
_NUMBER = rf"(?:\d{{1,2}}|{HAN_NUMBER}|元)"
_NO_HAN_BEFORE = "(?<![〇零一二三四五六七八九十廿0oO])"
_LUNAR = "(?<!农历)(?<!阴历)(?<!夏历)(?<!旧历)"
_BEFORE_IT = rf"{_G}[日号]?前"
"""A last day for something: 3月5日前."""
_REPUBLIC = r"(?:(?:中华)?民国|(?<!\d)(?=1[0-4]\d年))"
"""Years of the Republic of China; those of three digits need no such word."""
_LABELLED = (
    rf"(?:{any_of('dates.label_verbs', traditional=False)}|(?<![\u3400-\u9fff]))"
    rf"{any_of('dates.label_nouns', traditional=False)}\s{{0,3}}:\s{{0,3}}"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH = (
    "(?P<english>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DAY_IN_WORDS = (
    rf"(?:(?P<day>\d{{1,2}})(?!\d|{_BEFORE_IT})(?:{_G}[日号])?"
    rf"|(?P<han_day>{HAN_NUMBER})(?!{_BEFORE_IT}){_G}[日号])"
)
_MONTH_AND_DAY = rf"{_G}年{_G}(?P<month>{_NUMBER}){_G}月{_G}{_DAY_IN_WORDS}"
_SECONDS = {
    "秒 秒钟 sec second": 1,
    "分 分钟 min minute": 60,
    "刻钟": 900,
    "小时 钟头 hour": 3600,
    "天 日 day": 86400,
    "周 星期 礼拜 week": 7 * 86400,
}
_UNITS = {word: seconds for words, seconds in _SECONDS.items() for word in words.split()}
_DAYS_BACK = {"今": 0, "昨": 1, "前": 2, "大前": 3}
_YEARS_BACK = {"今": 0, "本": 0, "去": 1, "上": 1, "前": 2}

Meant = date | datetime | Callable[[date | None], date | None]
"""A day, a moment, or a day that depends on today."""
Read = Callable[[re.Match[str]], Meant | None]


def _numbers(found: re.Match[str]) -> date:
    return date(int(found["year"]), int(found["month"]), int(found["day"]))


def _words(found: re.Match[str]) -> date:
    year = found["year"] or "".join(str(HAN_DIGITS.get(char, 0)) for char in found["han_year"])
    return date(int(year), *_month_and_day(found))


def _republic(found: re.Match[str]) -> date:
    year = int(found["republic"]) if found["republic"] else _hundreds(found["han_republic"])
    return date(1911 + year, *_month_and_day(found))


def _hundreds(text: str) -> int:
    """Return the value of 一百一十二, 一一二 or 九十八.  Raises ``ValueError`` for what is no number."""
    hundreds, hundred, rest = text.rpartition("百")
    if hundred:
        rest = rest.lstrip("零〇")
        return 100 * number(hundreds) + (number(rest) if rest else 0)
    if len(text) == 3 and "十" not in text:
        return int("".join(str(number(digit)) for digit in text))
    return number(text)


def _republic_numbers(found: re.Match[str]) -> date:
    return date(1911 + int(found["republic"]), int(found["month"]), int(found["day"]))


def _month_and_day(found: re.Match[str]) -> tuple[int, int]:
    month = 1 if found["month"] == "元" else number(found["month"])
    return month, number(found["day"] or found["han_day"])


def _two_digit_year_words(found: re.Match[str]) -> Meant:
    short = found["short"] or "".join(str(HAN_DIGITS[char]) for char in found["han_short"])
    return _two_digit_year(int(short), *_month_and_day(found))


def _two_digit_year_numbers(found: re.Match[str]) -> Meant:
    return _two_digit_year(int(found["short"]), int(found["month"]), int(found["day"]))


def _two_digit_year(short: int, month: int, day: int) -> Meant:
    """Return the day of the latest such year that is not after the next one, where that is known."""
    date(2000, month, day)  # refuses 13-45 whoever asks

    def meant(today: date | None) -> date | None:
        latest = today.year + 1 if today else 2069
        year = 2000 + short if 2000 + short <= latest else 1900 + short
        return date(year, month, day) if year >= 1970 else None

    return meant


def _year_last(found: re.Match[str]) -> date | None:
    """Read 16/01/2024 and 01/16/2024; 03/04/2024 may be either, so it is none."""
    first, second = int(found["first"]), int(found["second"])
    if first <= 12 and second <= 12 and first != second:
        return None
    return date(int(found["year"]), min(first, second), max(first, second))


def _english(found: re.Match[str]) -> date:
    return date(int(found["year"]), _MONTHS.index(found["english"][:3].capitalize()) + 1, int(found["day"]))


def _ago(found: re.Match[str]) -> Meant | None:
    count, unit = found["ago"].lower(), found["unit"].lower()
    half = count == "半"
    many = 0 if half else 1 if count in ("a", "an", "one") else number(count)
    if unit.startswith(("个月", "month")):
        return None if half else lambda today: today and _months_before(today, many)
    seconds = _UNITS[unit.removesuffix("s").removeprefix("个")]
    # From a day whole days are taken: 23 hours ago is today where the hour of reading is not known.
    back = timedelta(seconds=seconds // 2 if half else many * seconds)
    return lambda today: today and _day(today - back)


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _months_before(today: date, months: int) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _named(found: re.Match[str]) -> Meant:
    back = timedelta(days=_DAYS_BACK[found["named"]])
    return lambda today: today and today - back


def _just_now(found: re.Match[str]) -> Meant:
    return lambda today: today


def _short(found: re.Match[str]) -> Meant:
    if "han_day" in found.groupdict():
        month, day = _month_and_day(found)
    else:
        month, day = int(found["month"]), int(found["day"])
    date(2000, month, day)  # refuses 13-45 whoever asks
    when = found.groupdict().get("when")

    def meant(today: date | None) -> date | None:
        if today is None:
            return None
        today = _day(today)
        if when:
            return date(today.year - _YEARS_BACK[when], month, day)
        for year in range(today.year, today.year - 9, -1):  # nine: 29 February may be eight years back
            try:
                on = date(year, month, day)
            except ValueError:
                continue
            if on <= today:
                return on
        return None

    return meant


def _digits(found: re.Match[str]) -> date | None:
    return date(int(found["year"]), int(found["month"]), int(found["day"]))


def _epoch(found: re.Match[str]) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(found["epoch"][:10]))


def _form(form: Form, pattern: str, read: Read) -> tuple[Form, re.Pattern[str], Read]:
    return form, re.compile(pattern, re.ASCII | re.IGNORECASE), read


@dataclass(frozen=True, slots=True)
class Tier:
    """Forms that say equally much."""

    hint: re.Pattern[str]
    """What every date of these forms has: a text without it needs no closer look."""
    forms: tuple[tuple[Form, re.Pattern[str], Read], ...]


def _tier(hint: str, *forms: tuple[Form, re.Pattern[str], Read]) -> Tier:
    return Tier(re.compile(hint, re.ASCII | re.IGNORECASE), forms)


TIERS = (
    _tier(  # with a year
        r"(?:19|20)\d\d|年[^月]{1,12}月|民国",
        # 2024-01-16 · 2023/11/8 · 2016.10.29 · 2023 10/ 17
        _form(
            Form.NUMBERS,
            rf"(?<![\d.v=_])(?<!\d-)(?P<year>{_YEAR})(?:{_G}[-/.]{_G}|\s{{1,9}})(?P<month>\d{{1,2}}){_G}[-/.]{_G}"
            rf"(?P<day>\d\d(?=\d{{1,2}}\s?:)|\d{{1,2}}{_GOES_ON})",
            _numbers,
        ),
        # 2021年03月12日 · 二〇二四年一月十六日
        _form(
            Form.WORDS,
            rf"{_LUNAR}(?:(?<!\d)(?P<year>{_YEAR})|(?P<han_year>[一二]{_HAN_DIGIT}{{3}})){_MONTH_AND_DAY}",
            _words,
        ),
        # 民国112年1月16日 · 中华民国一百一十二年一月十六日 · 112年1月16日 · 民国112/01/16
        _form(
            Form.WORDS,
            rf"{_REPUBLIC}{_G}(?:(?P<republic>\d{{1,3}})|(?P<han_republic>[〇零一二三四五六七八九十百]{{1,6}})){_MONTH_AND_DAY}",
            _republic,
        ),
        _form(
            Form.NUMBERS,
            rf"(?:中华)?民国{_G}(?P<republic>\d{{2,3}})(?P<mark>[-/.])(?P<month>\d\d?)(?P=mark)(?P<day>\d\d?){_GOES_ON}",
            _republic_numbers,
        ),
        # 16/01/2024
        _form(
            Form.NUMBERS,
            rf"(?<![\d.:/-])(?P<first>\d\d?)(?P<mark>[-/.])(?P<second>\d\d?)(?P=mark)(?P<year>{_YEAR})(?!\.?\d)",
            _year_last,
        ),
        # Tue, 16 Jan 2024 · January 16, 2024 · Tue Jan 16 15:40:00 CST 2024
        _form(
            Form.WORDS,
            rf"(?:{WEEKDAY},?\s)?(?<![\d.])(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]{{1,3}}{_MONTH},?[\s-]{{1,3}}"
            rf"(?P<year>{_YEAR})(?!\d)",
            _english,
        ),
        _form(Form.WORDS, rf"(?<!\d)(?P<year>{_YEAR})-{_MONTH}-(?P<day>\d\d?)(?!\d)", _english),
        _form(
            Form.WORDS,
            rf"(?:{WEEKDAY},?\s)?\b{_MONTH}\s{{1,3}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,\s{{0,3}}|\s{{1,3}})"
            rf"(?:(?P<clock>\d\d:\d\d:\d\d(?:\s(?:[A-Z]{{3}}|GMT[+-]\d\d:?\d\d))?)\s)?(?P<year>{_YEAR})(?!\d)",
            _english,
        ),
    ),
    _tier(  # with the end of a year
        r"年[^月]{1,12}月|\d\d[-./]\d\d[-./]\d\d",
        _form(
            Form.WORDS,
            rf"{_LUNAR}(?:(?<!\d)(?P<short>\d\d)|{_NO_HAN_BEFORE}(?P<han_short>[〇零一二九][〇零一二三四五六七八九]))"
            rf"{_MONTH_AND_DAY}",
            _two_digit_year_words,
        ),
        # 24-01-16, which cannot be read from its other end
        _form(
            Form.NUMBERS,
            r"(?<![\d.:/-])(?P<short>1[3-9]|[2-9]\d)(?P<mark>[-.])(?P<month>\d\d)(?P=mark)(?P<day>\d\d)"
            r"(?!\d|[-/.]\d)",
            _two_digit_year_numbers,
        ),
        # 加入时间：09-09-10: the label says that it is a date, and in Chinese the year comes first
        _form(
            Form.NUMBERS,
            rf"{_LABELLED}(?P<short>0\d|1[0-2])(?P<mark>[-./])(?P<month>\d\d)(?P=mark)(?P<day>\d\d)(?!\d|[-/.]\d)",
            _two_digit_year_numbers,
        ),
    ),
    _tier(  # 3小时前 · 半小时前 · 昨天 08:30 · 昨晚8:30
        r"[前刚今昨]|ago\b",
        _form(
            Form.RELATIVE,
            rf"(?<![\d.月天日时分])(?P<ago>\d{{1,3}}|半|{HAN_NUMBER})\s{{0,3}}(?P<unit>个?(?:小时|钟头|星期|礼拜)|刻钟|个月"
            r"|秒钟?|分钟?|[天日周])(?:之|以)?前",
            _ago,
        ),
        _form(
            Form.RELATIVE,
            r"\b(?P<ago>\d{1,3}|an?|one)\s(?P<unit>(?:second|sec|minute|min|hour|day|week|month)s?) ago\b",
            _ago,
        ),
        _form(Form.RELATIVE, "刚[刚才]", _just_now),
        _form(
            Form.RELATIVE,
            r"(?:(?<![\u3400-\u9fff])|(?<=[于间期布新]))(?P<named>大前|今|昨|前)(?:[天日]|(?=[早晚晨夜]))",
            _named,
        ),
    ),
    _tier(  # without a year: 9月22日 · 去年9月22日
        r"月|\d\d[-/]\d\d",
        _form(
            Form.SHORT_WORDS,
            rf"(?:(?P<when>[今本去上前])年{_G}|(?<![\d.:年-])(?<!年\s){_NO_HAN_BEFORE}{_LUNAR})"
            rf"(?P<month>{_NUMBER}){_G}月{_G}(?:(?P<day>\d{{1,2}})(?!\d)|(?P<han_day>{HAN_NUMBER}))"
            rf"(?!{_BEFORE_IT}){_G}[日号]",
            _short,
        ),
        _form(Form.SHORT_NUMBERS, r"(?<![\w.:/年-])(?P<month>\d{2})[-/](?P<day>\d{2})(?![\d/-])", _short),
    ),
    _tier(  # at the beginning or behind a label only: 20240116 · 20240116154000 · 113-01-16
        r"\d{8}|1[0-4]\d[-/.]\d\d[-/.]\d\d",
        _form(
            Form.DIGITS,
            rf"(?<!\d)(?P<year>{_YEAR})(?P<month>\d\d)(?P<day>\d\d)"
            r"(?P<clock>T?(?P<hour>\d\d)(?P<minute>\d\d)(?:(?P<second>\d\d)(?:\d{3})?)?)?(?!\d)",
            _digits,
        ),
        _form(
            Form.DIGITS,
            r"(?<!\d)(?P<republic>1[0-4]\d)(?P<mark>[-/.])(?P<month>\d\d)(?P=mark)(?P<day>\d\d)(?![-/.]?\d)",
            _republic_numbers,
        ),
    ),
)
"""Order is precedence: a form that says more comes first; the first one that reads as a real day wins."""
WHOLE_FORMS = (
    _form(
        Form.NUMBERS,
        r"(?P<short>1[3-9]|[2-9]\d)-(?P<month>\d\d?)-(?P<day>\d\d?)(?!\d)",
        _two_digit_year_numbers,
    ),
    _form(Form.SHORT_NUMBERS, r"(?P<month>\d{2})\.(?P<day>\d{2})(?!\d)", _short),
    _form(Form.SHORT_NUMBERS, r"(?P<month>\d{1,2})[-/](?P<day>\d{1,2})(?=\s\d{1,2}:\d\d)", _short),
    _form(Form.EPOCH, r"(?P<epoch>1\d{9})(?:\d{3}(?:[+-]\d{4}(?=\)))?)?(?!\d)", _epoch),
)
"""What is a date only where it stands alone."""
