"""A page that only asks a browser to run a script: what firewalls send instead of the page."""

from zhijiang_spider.pages.page import Page
from zhijiang_spider.pages.seen import Kind, render_text

_LONGEST = 80
"""Characters a reader sees of such a page: 请稍候, checking your browser."""


def is_script_only(page: Page) -> bool:
    """Tell whether a page shows next to nothing and has a script: blocked, or drawn by scripts altogether."""
    if not page.selector.xpath("//script"):
        return False
    lines = [piece for piece in render_text(page.selector.root).pieces if piece.kind is Kind.TEXT]
    return sum(len(line.text) for line in lines) <= _LONGEST
