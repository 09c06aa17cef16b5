"""Lines that change with every look: no part of an article, so no revision of it."""

import pytest

from tests.test_pages_article import HEAD, TEXT, read
from zhijiang_spider.pages.live import is_live

LIVE = [
    "今天是2024年3月6日 星期三",
    "今天是：2024年3月6日 星期三 农历正月廿六",
    "今天是 2024年3月6日，星期三，欢迎访问云汀网",
    "現在是北京時間 10:23:45",
    "当前时间：2024-03-06 10:23",
    "打印时间：2024-03-06 10:23",
    "今天是2024年3月6日 星期三 云汀天气：晴 3℃~12℃",
    "云汀天气：多云转小雨 12℃～18℃ 东北风3级",
    "已有 123 人阅读",
    "本文已被浏览 1,234 次",
    "[浏览 123 次]",
    "（点击：1.2万）",
    "阅读 123 · 点赞 4",
    "转发 12 评论 3 点赞 4",
    "123 阅读",
    "123次浏览",
    "您是本文第 123 位读者",
    "在线人数：12",
    "123 views",
    "页面执行时间：0.123秒",
    "Processed in 0.023 second(s), 6 queries.",
    "更新于 3 分钟前",
]
TEXTS = [
    "今天是2024年3月12日，第46个植树节",
    "今天是2024年3月12日，云汀县开展植树活动。",
    "2024年3月6日 星期三",
    "今天 08:30",
    "3月6日：多云，8℃～15℃，北风3级",
    "今天夜里到明天白天：多云 8～15℃",
    "多云转小雨 8~15℃",
    "1.2万亩",
    "网站总访问量 12345",
    "评论员：闻小满",
    "阅读3遍课文",
    "共12人",
    "2024-03-05 10:23",
    "3天前，乔安来到云汀县",
]


@pytest.mark.parametrize("line", LIVE)
def test_a_line_of_the_visit_is_nowhere_in_an_article(line: str) -> None:
    assert is_live(line)
    plain = read(f"{HEAD}<div>{TEXT}</div>")
    first, second = TEXT.replace("</p><p>", "</p>\n<p>").split("\n")
    piece = f"<p>{line}</p>"
    for page in (
        f"{HEAD}<div>{piece}{TEXT}</div>",
        f"{HEAD}<div>{first}{piece}{second}</div>",
        f"{HEAD}<div>{TEXT}{piece}</div>",
        HEAD.replace("<h1>", f"{piece}<h1>") + f"<div>{TEXT}</div>",
        HEAD.replace("</h1>", f"</h1>{piece}") + f"<div>{TEXT}</div>",
    ):
        article = read(page)
        assert (article.title, article.kicker, article.subtitle) == (plain.title, "", "")
        assert (article.paragraphs, article.published_raw) == (plain.paragraphs, plain.published_raw)


@pytest.mark.parametrize("line", TEXTS)
def test_a_line_of_an_article_is_none_of_the_visit(line: str) -> None:
    assert not is_live(line)


def test_a_labelled_date_goes_before_that_of_a_clock_above_it() -> None:
    rows = "<p>2024年3月6日 星期三</p><p>发布时间：2024-01-16　来源：云汀融媒</p>"
    page = f"<title>澄河修桥_云汀网</title><h1>澄河修桥</h1>{rows}<div>{TEXT}</div>"
    assert read(page).published_raw == "2024-01-16"
