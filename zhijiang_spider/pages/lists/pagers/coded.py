"""Pagers that a script puts into the page: out of text in Base64, or with nothing of it to be read here."""

import binascii
import re
from base64 import b64decode
from itertools import islice
from urllib.parse import unquote

from zhijiang_spider.items import Following, PagerUnread
from zhijiang_spider.pages.lists.pagers.clicked import by_numbers, by_words
from zhijiang_spider.pages.lists.pagers.list_page import ListPage
from zhijiang_spider.pages.page import Page

_DECODED = re.compile(
    r"atob\s?\(\s?(?:document\.getElementById\(\s?['\"](?P<id>[\w-]{1,60})['\"]\s?\)\.(?:innerText|innerHTML|textContent|value)"
    r"|\$\(\s?['\"]#(?P<query>[\w-]{1,60})['\"]\s?\)\.(?:text|html|val)\(\s?\)"
    r"|['\"](?P<text>[A-Za-z0-9+/=\s]{8,20000})['\"]|(?P<name>[A-Za-z_$][\w$]{0,40})\s?\))"
)
_PLACE = re.compile(
    r"(?:getElementById\(\s?['\"]|\$\(\s?['\"][#.]|(?:elem|cont|pagerid|container)\s?:\s?['\"]#?)"
    r"((?:[\w-]{0,20}(?:pag(?:e|er|es|ination|inator)|laypage|m-box))[\w-]{0,12})['\"]",
    re.IGNORECASE,
)

_MOST_PLACES = 20


def by_coded_markup(page: ListPage) -> Following | None:
    """Read a pager that the page keeps in Base64 and its script decodes in one plain step."""
    found = _DECODED.search(page.script)
    if found is None:
        return None
    text = found["text"] or _text_of(page, found["id"] or found["query"]) or _variable(page, found["name"])
    markup = _decoded(text or "")
    if markup is None:
        return PagerUnread("a script decodes a part of the page that cannot be read") if text else None
    whole = Page(page.url, f'<base href="{page.page.base}">{markup}'.encode(), "text/html; charset=utf-8")
    inner = ListPage(whole, page.site)
    answer = by_words(inner) or by_numbers(inner)
    if answer is None and "页" in markup:
        return PagerUnread("a script decodes the pager, and no link in it leads on")
    return answer


def _text_of(page: ListPage, name: str | None) -> str | None:
    if not name:
        return None
    found = page.page.selector.xpath("//*[@id=$name]", name=name)
    return str(found[0].attrib.get("value") or found[0].xpath("string()").get("")) if found else None


def _variable(page: ListPage, name: str | None) -> str | None:
    if not name:
        return None
    found = re.search(rf"\b{re.escape(name)}\s?=\s?['\"]([A-Za-z0-9+/=]{{8,20000}})['\"]", page.script)
    return found[1] if found else None


def _decoded(text: str) -> str | None:
    """Return what a script makes of Base64, percent escapes undone; None if it is none."""
    try:
        raw = b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    plain = raw.decode("utf-8", "replace")
    return unquote(plain) if "%3C" in plain.upper() else plain


def drawn_by_script(page: ListPage) -> str:
    """Return in words that a script draws a pager into an empty place, "" where none does."""
    for found in islice(_PLACE.finditer(page.script), _MOST_PLACES):
        places = page.page.selector.xpath(
            "//*[@id=$name or contains(concat(' ', @class, ' '), concat(' ', $name, ' '))]", name=found[1]
        )
        for place in places[:2]:
            if place.root.tag in ("input", "form", "select", "a", "button"):
                continue
            if not "".join(page.page.texts.of(place.root, 5)).strip():
                return f"a script draws the pager into {found[1]}"
    return ""
