"""Pages that come instead of what was asked for, with status 200: "no such page", or only a script to run."""

import re

from zhijiang_spider.pages.page import Page
from zhijiang_spider.pages.seen import Kind
from zhijiang_spider.vocabulary import any_of

_LONGEST_MESSAGE = 300
"""Characters outside links: a real article that speaks of deleted pages is longer."""
_LONGEST_WAIT = 80
"""Characters a reader sees of a page that asks a browser to run a script: 请稍候, checking your browser."""


def _any_of(*groups: str) -> str:
    return any_of(*(f"checks.{group}" for group in groups))


_GONE = re.compile(
    rf"{_any_of('what')}[^。！!，,]{{0,12}}"
    rf"(?:{_any_of('is_gone')}|已(?:经|被)?.{{0,6}}{_any_of('was_taken')}|not\s?found|does\s?not\s?exist)"
    rf"|{_any_of('not_found')}.{{0,12}}{_any_of('what')}"
    rf"|{_any_of('sorry')}.{{0,24}}(?:{_any_of('sorry_gone')}|已.{{0,6}}{_any_of('sorry_taken')})"
    r"|(?:^|\D)404(?:\D|$)|page\s?not\s?found",
    re.IGNORECASE,
)


def says_gone(page: Page) -> bool:
    """Tell whether a page only says that what was asked for does not exist or was taken down."""
    lines = [piece for piece in page.rendered.pieces if piece.kind is Kind.TEXT]
    if sum(len(line.text) - line.linked for line in lines) > _LONGEST_MESSAGE:
        return False
    title = page.selector.xpath("string(//title)").get("")[:200]
    return any(_GONE.search(text[:200]) for text in (title, *(line.text for line in lines)))


def is_script_only(page: Page) -> bool:
    """Tell whether a page shows next to nothing and has a script: blocked, or drawn by scripts altogether."""
    if not page.selector.xpath("//script"):
        return False
    lines = [piece for piece in page.rendered.pieces if piece.kind is Kind.TEXT]
    return sum(len(line.text) for line in lines) <= _LONGEST_WAIT
