"""The words of this house that a reader cannot know, explained on the page where they stand and all together in 说明."""

from collections.abc import Iterable, Mapping
from typing import Any

WORDS: Mapping[str, str] = {
    "覆盖": "网站发过的文章，这里存下了多少，缺哪些年月和栏目",
    "未存": "网站的列表上有、这里没有存下的文章",
    "变更": "文章发布以后的改动；每改一次存成新的一版，旧的一版仍在",
    "细微": "只有空白、标点或全角半角不同的改动，字句没有变",
    "失联": "近来在网站上找不到的文章，还在复查；这里仍保存着",
    "已消失": "隔几天复查了多次、网站上都没有的文章；这里仍保存着",
    "采集": "程序按时去网站取回公开的网页，每去一趟是一次采集",
    "控制件": "鉴定为不开放或延期开放的文章，只提供题名和日期",
}
"""Word → what it means."""


def words_in(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return the words that stand beside the rows of a list, each with its meaning."""
    found: set[str] = set()
    for row in rows:
        found |= {str(row.get("状态")), str(row.get("类别"))}
    return [(word, meaning) for word, meaning in WORDS.items() if word in found]
