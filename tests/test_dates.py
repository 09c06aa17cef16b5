"""Text → date: every form that pages print."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhijiang_spider.text.dates import Published, parse_published

CHINA = ZoneInfo("Asia/Shanghai")
TODAY = date(2024, 3, 10)


def parse(text: str, today: date | None = TODAY) -> Published | None:
    return parse_published(text, timezone=CHINA, today=today)


@pytest.mark.parametrize(
    ("text", "raw", "at"),
    [
        ("发布时间:2024-01-16", "2024-01-16", "2024-01-16"),
        ("2023-11-08 15:40", "2023-11-08 15:40", "2023-11-08T15:40:00+08:00"),
        ("发布时间:2018-07-31 14:21:48来源:", "2018-07-31 14:21:48", "2018-07-31T14:21:48+08:00"),
        ("发布时间:2021年03月12日17:05", "2021年03月12日17:05", "2021-03-12T17:05:00+08:00"),
        ("2024年1月5日 上午 9:05", "2024年1月5日 上午 9:05", "2024-01-05T09:05:00+08:00"),
        ("2024年1月5日 星期五 下午3点20分", "2024年1月5日 星期五 下午3点20分", "2024-01-05T15:20:00+08:00"),
        ("2023 10/ 17 16:26:43", "2023 10/ 17 16:26:43", "2023-10-17T16:26:43+08:00"),
        ("( 2014年01月17日   09 版)", "2014年01月17日", "2014-01-17"),
        ("2016.10.29", "2016.10.29", "2016-10-29"),
        ("2012/6/1 9:05:00", "2012/6/1 9:05:00", "2012-06-01T09:05:00+08:00"),
        ("２０２３年７月２７日", "２０２３年７月２７日", "2023-07-27"),
        ("７月２７日", "７月２７日", "2023-07-27"),
        ("（二〇二四年三月五日）", "二〇二四年三月五日", "2024-03-05"),
        ("二○二三年十二月二十一日 星期四", "二○二三年十二月二十一日", "2023-12-21"),
        ("09-22 06:26", "09-22 06:26", "2023-09-22T06:26:00+08:00"),
        ("03-10", "03-10", "2024-03-10"),
        ("03-11", "03-11", "2023-03-11"),
        ("02-29", "02-29", "2024-02-29"),
        ("今天 08:30", "今天 08:30", "2024-03-10T08:30:00+08:00"),
        ("昨天", "昨天", "2024-03-09"),
        ("3小时前", "3小时前", "2024-03-10"),
        ("10天前", "10天前", "2024-02-29"),
        ("2024-01-16T15:40:00+08:00", "2024-01-16T15:40:00+08:00", "2024-01-16T15:40:00+08:00"),
        ("2024-01-15T17:40:00Z", "2024-01-15T17:40:00Z", "2024-01-16T01:40:00+08:00"),
        ("1705365000", "1705365000", "2024-01-16T08:30:00+08:00"),
        ("1705365000123", "1705365000123", "2024-01-16T08:30:00+08:00"),
        ("20240116", "20240116", "2024-01-16"),
        ("2024-01-16 25:99", "2024-01-16 25:99", "2024-01-16"),
    ],
)
def test_forms(text: str, raw: str, at: str) -> None:
    on = date.fromisoformat(at[:10])
    moment = datetime.fromisoformat(at) if "T" in at else None
    assert parse(text) == Published(raw, on, moment)


@pytest.mark.parametrize(
    "text", ["", "2024-13-45", "2024-02-30", "9999999999999", "第57号", "1.2.3", "电话0000-1234567", "²-³"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize("text", ["09-22 06:26", "7月27日", "昨天", "3小时前", "刚刚"])
def test_what_depends_on_today_needs_it(text: str) -> None:
    assert parse(text, today=None) is None


def test_a_day_without_a_year_may_be_a_leap_day_years_ago() -> None:
    found = parse("02-29", today=date(2103, 3, 1))
    assert found is not None
    assert found.on == date(2096, 2, 29)


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.times())
def test_printed_forms_are_read_back(day: date, time: object) -> None:
    for form in ("{:%Y-%m-%d}", "{:%Y/%m/%d}", "{:%Y年%m月%d日}", "{:%Y.%m.%d}"):
        text = form.format(day)
        assert parse(f"时间：{text}来源：云汀网") == Published(text, day)
        full = f"{text} {time!s:.5}"
        found = parse(full)
        assert found is not None
        assert found.raw == full
        assert found.at is not None
        assert found.at.strftime("%H:%M") == str(time)[:5]


@given(st.text(max_size=80) | st.text(alphabet="0123456789年月日时-:/. 今昨前小T+Z", max_size=600))
def test_no_text_is_an_error(text: str) -> None:
    found = parse(text)
    assert found is None or found.raw in text
