"""Soft 404: a page that the server sends with status 200 and that says there is no such page."""

import re

from zhijiang_spider.pages.page import Page
from zhijiang_spider.pages.seen import Kind, render_text

_LONGEST = 300
"""Characters outside links: a real article that speaks of deleted pages is longer."""
_WHAT = r"(?:页面|网页|頁面|網頁|页|文章|內容|内容|信息|新闻|稿件|资讯|地址|链接|鏈接|资源|文件|数据|记录|url|page|content|article)"
_GONE = re.compile(
    rf"{_WHAT}[^。！!，,]{{0,12}}(?:不存在|不見了|不见了|已(?:经|被)?.{{0,6}}(?:删除|刪除|下线|下架|移除|撤销|撤下)|未找到|找不到|没有找到|not\s?found|does\s?not\s?exist)"
    rf"|(?:找不到|没有找到|未找到|無法找到|无法找到).{{0,12}}{_WHAT}"
    r"|(?:抱歉|对不起|很遗憾).{0,24}(?:不存在|找不到|没有找到|已.{0,6}删除|已.{0,4}下线)"
    r"|(?:^|\D)404(?:\D|$)|page\s?not\s?found",
    re.IGNORECASE,
)


def says_gone(page: Page) -> bool:
    """Tell whether a page only says that what was asked for does not exist or was taken down."""
    lines = [piece for piece in render_text(page.selector.root).pieces if piece.kind is Kind.TEXT]
    if sum(len(line.text) - line.linked for line in lines) > _LONGEST:
        return False
    title = page.selector.xpath("string(//title)").get("")[:200]
    return any(_GONE.search(text[:200]) for text in (title, *(line.text for line in lines)))
