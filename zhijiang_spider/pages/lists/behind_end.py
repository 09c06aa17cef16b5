"""The page behind the last one of a list: there for whoever asks, and empty."""

import re

from zhijiang_spider.pages.lists.answers import json_of, refusal, texts_of
from zhijiang_spider.pages.lists.empty import empty_note, says_empty
from zhijiang_spider.pages.page import Page
from zhijiang_spider.text.characters import squeeze
from zhijiang_spider.vocabulary import any_of

_EMPTY = re.compile(any_of("pagers.behind_last"))
_NO_DATA = re.compile(r"\s*(?:\[\s*\]|\{[^\[\]]{0,300}\[\s*\][^\[\]]{0,300}\}|null)?\s*;?\s*")
"""JSON without one entry, or nothing at all."""


def is_behind_the_end(page: Page, title: str) -> bool:
    """Tell whether a page that lists nothing is the one behind the last of a list, and not another page instead.

    It says so, it is empty, or it is called as the pages before it; a server's refusal only where it says so.  ``title``: see ``title_without_numbers``.
    """
    answer = json_of(page)
    if answer is not None and refusal(answer):
        return any(says_empty(text.strip()) or _EMPTY.search(text) for text in texts_of(answer))
    if _NO_DATA.fullmatch(page.text[:2000]):
        return True
    shown = "".join(page.texts.of(page.selector.root, 3000))
    if _EMPTY.search(shown) or empty_note(page):
        return True
    return bool(title) and title_without_numbers(page) == title


def title_without_numbers(page: Page) -> str:
    """Return what a page calls itself, without the numbers of pages; "" where it does not."""
    title = squeeze(page.selector.xpath("string(//title)").get("")[:300])
    return re.sub(r"[\W\d_]+|第\s?\d*\s?页", "", title)
