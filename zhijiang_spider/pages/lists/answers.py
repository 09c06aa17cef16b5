"""What a server of lists answers: JSON, JSONP, or a piece of markup without a page around it."""

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from zhijiang_spider.pages.lists.rows import folded_name
from zhijiang_spider.pages.page import Page
from zhijiang_spider.vocabulary import words

_CALLBACK = re.compile(
    r"[^<\[{]*?(?:\{[^<\[{]{0,100}?|\[[\"'][\w$.-]{1,80}[\"']\]){0,2}(?<=[\w$\])])\s?\(\s*(?=[\[{])"
)
"""What stands before the answer: ``cb(``, ``try{a.b.cb(``, ``typeof cb === 'function' && cb(``, ``if(cb){cb(``."""
_LONGEST_CALL = 400
_GUARD = re.compile(r"\s*(?:while\s?\(1\)\s?;|for\s?\(;;\)\s?;|\)\]\}'?,?)\s*(?=[\[{])")
"""Keeps an answer from being run as a script."""
_AFTER = re.compile(
    r"(?:\s*,[^{}()]{0,80})?[)\s;}]*(?:catch\s?(?:\(\s?\w*\s?\))?\s?\{[^{}]{0,200}\})?[)\s;}]*"
    r"(?:else\s?\{[^{}]{0,200}\})?(?:/[/*].{0,200})?",
    re.DOTALL,
)
_BEGINS = re.compile(r"\s*[\[{/\w$;()!]")
_PAGE = re.compile(r"<(?:!doctype|html|head|body|title|frameset|meta|link)\b", re.IGNORECASE)
_WELLS = frozenset(words("lists.wells"))
_HOLDERS = frozenset(
    (
        "list",
        "lists",
        "data",
        "html",
        "content",
        "contents",
        "result",
        "results",
        "rows",
        "items",
        "records",
        "body",
    )
)
"""Members in which an answer has its rows, or their markup."""
_STATES = frozenset(
    ("code", "status", "errcode", "errno", "error", "state", "ret", "retcode", "resultcode", "success")
)
_HEADS = frozenset(("head", "header", "meta", "result", "response", "resp", "base"))
"""Members in which an answer says how the request went."""
_MOST_MEMBERS = 200_000
_SHOWN = 12


def json_of(page: Page) -> Any:
    """Return the JSON that an answer is, bare or handed to a function; None where it is no JSON."""
    text = page.text.lstrip("\ufeff")
    if not _BEGINS.match(text):
        return None
    start = 0
    called = None
    if guarded := _GUARD.match(text):
        start = guarded.end()
    elif not re.match(r"\s*[\[{]", text) and (called := _CALLBACK.match(text, 0, _LONGEST_CALL)):
        start = called.end()
    elif not re.match(r"\s*[\[{]", text):
        return None
    while start < len(text) and text[start].isspace():
        start += 1
    try:
        value, end = json.JSONDecoder(strict=False).raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    rest = text[end:].strip()
    is_whole = _AFTER.fullmatch(rest) if called else not rest.strip(";")
    return value if is_whole and isinstance(value, dict | list) else None


def is_piece(page: Page) -> bool:
    """Tell whether an answer is markup without a page around it, or nothing at all."""
    return not _PAGE.search(page.text)


def refusal(answer: Any) -> str:
    """Return what an answer says that went wrong, "" where it says nothing of the kind."""
    if not isinstance(answer, Mapping):
        return ""
    heads = [value for name, value in answer.items() if folded_name(str(name)) in _HEADS]
    for part in (answer, *heads):
        for name, value in part.items() if isinstance(part, Mapping) else ():
            kind, said = folded_name(str(name)), str(value).strip().lower()
            if kind in _STATES and isinstance(value, str | int | bool):
                is_error = kind in ("error", "errcode", "errno") and said in ("false", "")
                if said not in _WELLS and not is_error and said:
                    return f"{name}: {value}"
            elif kind in ("error", "errors") and value:
                return f"{name}: {said[:100]}"
    return ""


def shape_of(answer: Any) -> str:
    """Return in words what an answer or one of its rows holds, for whoever corrects a profile."""
    if isinstance(answer, list):
        return f"a list of {len(answer)}"
    if not isinstance(answer, Mapping):
        return repr(answer)[:60]
    names = []
    for name, value in [*answer.items()][:_SHOWN]:
        inner = [*value.items()][:_SHOWN] if isinstance(value, Mapping) else []
        lists = [f"{name}.{key} (a list of {len(held)})" for key, held in inner if isinstance(held, list)]
        names += lists or [f"{name} (a list of {len(value)})" if isinstance(value, list) else str(name)]
    return ", ".join(names) or "nothing"


def is_blank(answer: Any) -> bool:
    """Tell whether the place for the rows or the markup of an answer is there, and nothing in it."""
    return isinstance(answer, Mapping) and any(
        value in ("", None) and folded_name(str(name)) in _HOLDERS for name, value in answer.items()
    )


def members(answer: Any) -> Iterator[tuple[str, Any]]:
    """Yield the members of an answer that are no part of its rows, with their names folded: totals, flags, sizes."""
    left = _MOST_MEMBERS
    waiting = [answer]
    while waiting and left > 0:
        item = waiting.pop()
        left -= 1
        if isinstance(item, Mapping):
            for name, value in item.items():
                yield folded_name(str(name)), value
                if isinstance(value, Mapping):
                    waiting.append(value)


def rows_of(answer: Any) -> Iterator[tuple[str, list[Any]]]:
    """Yield the lists in an answer that are not inside a row with their names, the outermost first."""
    left = _MOST_MEMBERS
    waiting = deque([("", answer)])
    while waiting and left > 0:
        name, item = waiting.popleft()
        left -= 1
        if isinstance(item, list):
            yield name, item
        elif isinstance(item, Mapping):
            waiting += [(str(key), value) for key, value in item.items() if isinstance(value, Mapping | list)]


def texts_of(answer: Any) -> Iterator[str]:
    """Yield the texts of an answer in their order."""
    waiting = [answer]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, Mapping):
            waiting += reversed(list(item.values()))
        elif isinstance(item, list):
            waiting += reversed(item)
