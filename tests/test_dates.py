"""Text → date: every form that pages print."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.linear import MOST_GROWTH, growth
from zhijiang_spider.pages.header import printed_date
from zhijiang_spider.text.dates import Published, dates_in, parse_published, whole_date
from zhijiang_spider.text.list_dates import best_date, date_at_title

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


def reading(text: str, today: date | None = TODAY) -> str:
    """Return the day, and the local time where one is read; "" for no date."""
    found = parse(text, today)
    if found is None:
        return ""
    return f"{found.at:%Y-%m-%d %H:%M:%S}" if found.at else found.on.isoformat()


TABLE = Path(__file__).with_name("printed_dates.tsv").read_text(encoding="utf-8").splitlines()[1:]


@pytest.mark.parametrize("line", TABLE)
def test_the_table_of_printed_dates(line: str) -> None:
    printed, value = line.split("\t")
    assert reading(printed).removesuffix(":00" if value.count(":") == 1 else "") == value
    if in_a_row := printed_date(printed):  # a row reads less than a text that is a date, and nothing else
        read = in_a_row.read(timezone=CHINA, today=TODAY)
        assert read == parse(printed)


def test_hours_ago_are_counted_from_the_hour_of_reading() -> None:
    noon = datetime(2024, 3, 10, 12, tzinfo=CHINA)
    for printed, day in (("9小时前", 10), ("13小时前", 9), ("13 hours ago", 9), ("昨天", 9), ("03-11", 11)):
        found = parse(printed, noon)
        assert found is not None
        assert (found.on.day, type(found.on)) == (day, date)


TIMES = [
    # as printed behind a day, its value; "" where it is not understood
    ("4:05 PM", "16:05:00"),
    ("12:10 AM", "00:10:00"),
    ("12:10 PM", "12:10:00"),
    ("4:05:09 p.m.", "16:05:09"),
    ("PM 4:05", "16:05:00"),
    ("13:05 AM", ""),
    ("凌晨12:40", "00:40:00"),
    ("凌晨零时40分", "00:40:00"),
    ("凌晨 2:15", "02:15:00"),
    ("清晨6点", "06:00:00"),
    ("早上7:45", "07:45:00"),
    ("早上15:45", ""),
    ("上午11点整", "11:00:00"),
    ("上午12:05", "00:05:00"),
    ("上午12点", ""),
    ("中午12:20", "12:20:00"),
    ("中午1:20", "13:20:00"),
    ("午间11:50", "11:50:00"),
    ("下午12:40", "12:40:00"),
    ("下午4:25", "16:25:00"),
    ("下午16:25", "16:25:00"),
    ("下午4點25分", "16:25:00"),
    ("傍晚5:50", "17:50:00"),
    ("晚上9点半", "21:30:00"),
    ("晚8:10", "20:10:00"),
    ("晚上12:30", ""),
    ("深夜11:20", "23:20:00"),
    ("半夜1:20", "01:20:00"),
    ("（星期二）16:05", "16:05:00"),
    ("(周二) 16:05", "16:05:00"),
    ("（二）16:05", "16:05:00"),
    ("星期二 下午4:05", "16:05:00"),
    ("16时05分", "16:05:00"),
    ("16時05分07秒", "16:05:07"),
    ("16点05", "16:05:00"),
    ("21点", "21:00:00"),
    ("十点一刻", "10:15:00"),
    ("二十一时三十五分", "21:35:00"),
    ("7:4:9", "07:04:09"),
    ("１６：０５", "16:05:00"),
    ("| 16:05", "16:05:00"),
    ("16:05:07.250", "16:05:07"),
    ("16:05 GMT+8", "16:05:00"),
    ("08:05:00Z", "16:05:00"),
    ("16:05:00 CST", "16:05:00"),
    ("16:05（北京时间）", "16:05:00"),
    ("16:05-18:00", "16:05:00"),
    ("24:00", ""),
    ("25:99", ""),
]


@pytest.mark.parametrize(("printed", "value"), TIMES)
def test_times_behind_a_day(printed: str, value: str) -> None:
    for day in ("2023-11-07", "2023年11月7日", "2023.11.07"):
        assert reading(f"{day} {printed}") == (f"2023-11-07 {value}" if value else "2023-11-07")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2023-11-07 3:2", "2023-11-07"),  # a score: the fields of the day are padded
        ("2023-9-7 3:2", "2023-09-07 03:02:00"),
        ("2023-11-07 3点建议", "2023-11-07"),
        ("2023年11月7日20时许", "2023-11-07"),
        ("2023年11月7号", "2023-11-07"),
        ("２０２３-１１-０７", "2023-11-07"),
        ("2023年1⽉7⽇", "2023-01-07"),
        ("二〇二三年十一月廿七日", "2023-11-27"),
        ("二零二三年元月三十一日上午九时半", "2023-01-31 09:30:00"),
        ("民國112年11月7日", "2023-11-07"),
        ("09年11月07日", "2009-11-07"),
        ("98年11月7日", "1998-11-07"),
        ("68年11月7日", ""),
        ("23-11-07 10:20", "2023-11-07 10:20:00"),
        ("09-11-07", ""),  # the day or the year may come first
        ("07/11/23", ""),
        ("07/11/2023", ""),
        ("27/11/2023", "2023-11-27"),
        ("11/27/2023", "2023-11-27"),
        ("20231107 10:20", "2023-11-07 10:20:00"),
        ("202311071020", "2023-11-07 10:20:00"),
        ("20231107T102030Z", "2023-11-07 18:20:30"),
        ("Tue, 07 Nov 2023 10:20:30 +0800", "2023-11-07 10:20:30"),
        ("Tue, 07 Nov 2023 20:20:30 GMT", "2023-11-08 04:20:30"),
        ("Tue Nov 07 10:20:30 CST 2023", "2023-11-07 10:20:30"),
        ("Tue Nov 07 2023 10:20:30 GMT+0800 (中国标准时间)", "2023-11-07 10:20:30"),
        ("November 7, 2023", "2023-11-07"),
        ("7 Nov. 2023, 4:05 p.m.", "2023-11-07 16:05:00"),
        ("2023-11-07T10:20:30.000+0800", "2023-11-07 10:20:30"),
        ("2023-11-07T10:20+08", "2023-11-07 10:20:00"),
        ("11.27", "2023-11-27"),
        ("昨日16:05", "2024-03-09 16:05:00"),
        ("昨晚9:30", "2024-03-09 21:30:00"),
        ("今早7点", "2024-03-10 07:00:00"),
        ("今日", "2024-03-10"),
        ("前日", "2024-03-08"),
        ("大前天", "2024-03-07"),
        ("剛剛", "2024-03-10"),
        ("4日前", "2024-03-06"),
        ("两天前", "2024-03-08"),
        ("半小时前", "2024-03-10"),
        ("3小時前", "2024-03-10"),
        ("30小时前", "2024-03-09"),
        ("2週前", "2024-02-25"),
        ("1个月前", "2024-02-10"),
        ("2 hours ago", "2024-03-10"),
        ("去年9月7日", "2023-09-07"),
        ("九月廿七日", "2023-09-27"),
        ("发布于 4天前", "2024-03-06"),
    ],
)
def test_forms_of_a_day(text: str, value: str) -> None:
    assert reading(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "来源：今日要闻",
        "记者昨天获悉",
        "去年今日",
        "请于4日前报名",
        "请于3月4日前报名",
        "2天4小时前",
        "农历十月廿四日",
        "腊月廿四",
        "每年3月5日",
        "2124年3月5日",
        "2023年11月",
        "周二",
        "16:05",
        "电话1705365000",
        "版本20.1.2",
        "1年前",
        "²-³",
    ],
)
def test_what_is_not_understood_is_none(text: str) -> None:
    assert reading(text) == ""


# From 1992 on: China had summer time before.
FORMS: list[Callable[[datetime], str]] = [
    lambda at: f"{at:%Y-%m-%d %H:%M:%S}",
    lambda at: f"{at:%Y/%m/%d %H:%M:%S}",
    lambda at: f"{at:%Y.%m.%d %H:%M:%S}",
    lambda at: f"{at.year}-{at.month}-{at.day} {at.hour}:{at.minute}:{at.second}",
    lambda at: f"{at.year}年{at.month}月{at.day}日{at.hour}时{at.minute}分{at.second}秒",
    lambda at: f"{at:%Y年%m月%d日%H:%M:%S}",
    lambda at: f"{at.year}年{at.month}月{at.day}号（星期{'一二三四五六日'[at.weekday()]}）{at:%H:%M:%S}",
    lambda at: f"{at:%Y-%m-%d}T{at:%H:%M:%S}+08:00",
    lambda at: f"{at - timedelta(hours=8):%Y-%m-%dT%H:%M:%SZ}",
    lambda at: f"{at:%Y-%m-%d} {at.hour % 12 or 12}:{at:%M:%S} {'AM' if at.hour < 12 else 'PM'}",
    lambda at: f"{at:%Y-%m-%d} {'上午' if at.hour < 12 else '下午'}{at.hour % 12 or 12}:{at:%M:%S}",
    lambda at: (
        f"{han_digits(at.year)}年{han(at.month)}月{han(at.day)}日{han(at.hour)}时{han(at.minute)}分{han(at.second)}秒"
    ),
    lambda at: format_datetime(at.replace(tzinfo=CHINA)),
    lambda at: f"{at:%a %b %d %H:%M:%S} CST {at:%Y}",
    lambda at: f"{at:%B %d, %Y %I:%M:%S %p}",
    lambda at: f"{at:%Y%m%d%H%M%S}",
    lambda at: f"{at:%Y-%m-%d %H:%M:%S}".translate({0x30 + n: 0xFF10 + n for n in range(10)}),
]


def han_digits(value: int) -> str:
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(value))


def han(value: int) -> str:
    tens, ones = divmod(value, 10)
    word = (
        ("" if tens < 2 else han_digits(tens)) + ("十" if tens else "") + (han_digits(ones) if ones else "")
    )
    return word or "〇"


@given(st.datetimes(datetime(1992, 1, 1), datetime(2068, 12, 31, 12)), st.sampled_from(FORMS))
def test_every_moment_is_read_back_from_every_form(moment: datetime, form: Callable[[datetime], str]) -> None:
    text = form(moment)
    found = parse(text, today=None)
    assert found is not None
    assert found.raw == text
    assert found.at == moment.replace(microsecond=0, tzinfo=CHINA)
    assert found.on == moment.date()


@given(
    st.datetimes(datetime(1992, 1, 1), datetime(2068, 12, 31, 12)),
    st.sampled_from(FORMS),
    st.sampled_from(["发布时间：", "来源：云汀网 ", "［", "云汀县融媒体中心 | "]),
    st.sampled_from(["", " 来源：云汀网", "］", " | 阅读 31"]),
)
def test_a_date_in_a_text_is_read_as_it_is_alone(
    moment: datetime, form: Callable[[datetime], str], before: str, after: str
) -> None:
    piece = form(moment)
    found = next(dates_in(before + piece + after))
    assert (found.raw, found.start) == (piece, len(before))
    whole = whole_date(piece)
    assert whole is not None
    assert whole.read(timezone=CHINA, today=TODAY) == found.read(timezone=CHINA, today=TODAY)


DAYS = [
    ("2023-11-07", "2023-11-07"),
    ("2023/11/7", "2023-11-07"),
    ("2023.11.07", "2023-11-07"),
    ("2023年11月07号", "2023-11-07"),
    ("2023 年 11 月 7 日", "2023-11-07"),
    ("二〇二三年十一月七日", "2023-11-07"),
    ("民國112年11月7日", "2023-11-07"),
    ("23年11月7日", "2023-11-07"),
    ("11-07", "2023-11-07"),
    ("11月7日", "2023-11-07"),
    ("Nov 7, 2023", "2023-11-07"),
    ("7 November 2023", "2023-11-07"),
]
WEEKDAYS = [" ", "星期二 ", "（星期二）", " 周二 ", " 礼拜二 ", "(Tue)", "(Tuesday) ", "（二）", " 週二"]
HOURS = ["{}:{:02}", "{}：{:02}", "{}时{:02}分", "{}点{:02}分", "{}時{:02}分", "{}點{:02}", "{}h{:02}"]
PARTS = [
    # words, hours of the day, whether the hour is printed of twelve
    ([""], range(24), False),
    (["凌晨"], range(6), False),
    (["早上", "清晨", "早", "晨"], range(4, 11), False),
    (["上午", "AM ", "a.m. "], range(1, 12), False),
    (["中午", "午间"], range(11, 13), False),
    (["中午"], range(13, 15), True),
    (["下午", "午后", "PM ", "P.M. "], range(12, 24), True),
    (["下午"], range(12, 24), False),
    (["傍晚"], range(17, 20), True),
    (["晚上", "晚", "晚间", "夜间"], range(18, 24), True),
    (["深夜"], range(20, 24), True),
]
AROUND = [
    ("", ""),
    ("发布时间：", ""),
    ("[", "]"),
    ("来源：云汀网 ", " 编辑：小满"),
    ("日期: ", "来源：云汀网"),
    ("（", "）"),
    ("云汀网 | ", " | 浏览 31"),
]
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@given(
    day=st.sampled_from(DAYS),
    weekday=st.sampled_from(WEEKDAYS),
    part=st.sampled_from(PARTS),
    form=st.sampled_from(HOURS),
    around=st.sampled_from(AROUND),
    data=st.data(),
)
def test_day_weekday_part_of_the_day_and_hour_go_together_in_every_width(
    day: tuple[str, str],
    weekday: str,
    part: tuple[list[str], range, bool],
    form: str,
    around: tuple[str, str],
    data: st.DataObject,
) -> None:
    words, hours, of_twelve = part
    hour, minute = data.draw(st.sampled_from(hours)), data.draw(st.integers(0, 59))
    clock = form.format(hour % 12 or 12 if of_twelve else hour, minute)
    printed = f"{day[0]}{weekday}{data.draw(st.sampled_from(words))}{clock}"
    if data.draw(st.booleans()):
        printed = printed.translate(WIDE)
    before, after = around
    text = f"{before}{printed}{after}"
    assert reading(text) == f"{day[1]} {hour:02}:{minute:02}:00"
    in_a_row = printed_date(text)
    assert in_a_row is not None
    assert in_a_row.raw == printed
    if day[0][:2] == "20":  # lists want more than a row: others stand alone there
        assert best_date([text]) == " ".join(printed.split())


SCRAPS = st.lists(
    st.sampled_from(
        [
            "2024",
            "01",
            "16",
            "3",
            "5",
            "8",
            "20240116",
            "年",
            "月",
            "日",
            "号",
            "时",
            "点",
            "分",
            "秒",
            "-",
            "/",
            ".",
            ":",
            "T",
            "Z",
            "+08:00",
            "上午",
            "下午",
            "晚",
            "昨天",
            "今日",
            "前",
            "小时",
            "周",
        ]
    )
    | st.sampled_from(" （）[]|，二十〇廿半"),
    max_size=14,
).map("".join)


@given(SCRAPS)
def test_whatever_is_found_in_a_text_reads_the_same_alone(text: str) -> None:
    for found in dates_in(text):
        assert text[found.start : found.end] == found.raw
        assert found.raw.startswith(found.day)
        alone = whole_date(found.raw)
        assert alone is not None
        assert alone.read(timezone=CHINA, today=TODAY) == found.read(timezone=CHINA, today=TODAY)


def test_time_grows_with_the_text_only() -> None:
    """The time is linear, whatever the text is made of."""

    def work(text: str) -> None:
        for _ in dates_in(text):
            pass

    for scrap in ("2024", "2024-01-", "1", " ", "2024年1月16日 上午", "二〇二四年", "3 ", "12:", "前天", "-"):
        assert growth(scrap.__mul__, work, 4_000) <= MOST_GROWTH, scrap


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023年11月7号", "2023年11月7号"),
        ("[２０２３-１１-０７]", "２０２３-１１-０７"),
        ("二〇二三年十一月七日", "二〇二三年十一月七日"),
        ("2周前", "2周前"),
        ("2023-11-07T10:20:30+08:00", "2023-11-07T10:20:30+08:00"),
        ("20231107", "20231107"),
        ("2023-11-07 下午4:05", "2023-11-07 下午4:05"),
        ("23-11-07", "23-11-07"),
        ("编号 20231107", ""),
        ("2/31", ""),
        ("来源：云汀网 更新时间：2023年11月7号", "2023年11月7号"),
        ("今天是 2023-11-07 星期二", ""),
        ("1705365000", ""),
        ("07 2023-11", "2023-11-07"),
    ],
)
def test_the_date_that_a_text_of_a_list_holds(text: str, expected: str) -> None:
    assert best_date([text]) == expected


def test_a_date_at_a_title() -> None:
    assert date_at_title("[11-07] 柑橘开园") == ("11-07", "柑橘开园")
    assert date_at_title("【11月7日】柑橘开园") == ("11月7日", "柑橘开园")
    assert date_at_title("柑橘开园（2023-11-07）") == ("2023-11-07", "柑橘开园")
    assert date_at_title("2023-11-07 柑橘开园") == ("2023-11-07", "柑橘开园")
    for title in ("2023年11月7日云汀天气", "柑橘开园（11月7日）", "柑橘开园（11.07）", "柑橘开园"):
        assert date_at_title(title) == ("", title)


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
