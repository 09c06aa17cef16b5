"""Pagers that only hide and show rows: the whole list stands in the page."""

import re

from zhijiang_spider.pages.lists.pagers.scripts import script_text
from zhijiang_spider.pages.page import Page

_COUNTS_ROWS = re.compile(r"\bMath\.ceil\(\s?([\w$.]{1,40})\.(?:length|size\(\s?\))\s?/")
_ROWS = r"['\"]?\s?[=:]\s?(?:[^;\n]{0,120}(?:\.children\b|querySelectorAll\(|getElementsBy\w{1,12}\()|\$\(|jQuery\()"
"""Behind a name: it is given elements of the page."""
_HIDES = re.compile(
    r"\.style\.display\s?=|\.(?:hide|show|toggle|fadeIn|fadeOut)\(|\.classList\.|\.(?:add|remove)Class\("
)
_ASKS = re.compile(
    r"\$\.(?:get|post|ajax|getJSON|getScript)\b|\bfetch\s?\(|axios|XMLHttpRequest|\.load\(\s?['\"]"
    r"|location(?:\.href)?\s?=|location\.(?:assign|replace)|\.submit\(|__doPostBack|createElement\(\s?['\"]script"
)  # fmt: skip


def shows_its_rows(page: Page) -> bool:
    """Tell whether a script counts elements of the page for a pager, hides and shows them, and asks for nothing."""
    script = script_text(page.selector)
    counted = _COUNTS_ROWS.search(script)
    if counted is None or not _HIDES.search(script) or _ASKS.search(script):
        return False
    return re.search(rf"(?<![\w$.]){re.escape(counted[1])}{_ROWS}", script) is not None
