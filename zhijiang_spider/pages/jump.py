"""Where a page sends its reader on by itself: the header ``Refresh``, ``<meta http-equiv=refresh>``, or a script.

A refresh counts on any page, for a browser goes away from it.  A script's jump counts only on a page that shows next
to nothing: elsewhere it is meant for telephones, frames or buttons.  No program is run: the script's words tell what
happens in any case, what only in some, and which address is meant where it stands there in plain text.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from itertools import islice
from urllib.parse import urlsplit

from zhijiang_spider.pages.checks import shows_nothing
from zhijiang_spider.pages.links import absolute
from zhijiang_spider.pages.literals import unescaped
from zhijiang_spider.pages.page import Page

MAX_DELAY = 10
"""Seconds: a page that sends its reader on within this time is a redirect."""
_SCRIPTS = 100_000
"""Characters of scripts that are looked at."""


@dataclass(frozen=True, slots=True)
class Jump:
    """A page that is none: its reader is sent on."""

    target: str
    """Absolute address, "" where it is not understood."""
    how: str
    """``refresh`` or ``script``."""


def find_jump(page: Page) -> Jump | None:
    """Return where a page sends its reader on; None if it does not, or only makes a browser ask for it again.

    What sets a cookie by script and asks again is a firewall's question and no jump.
    """
    metas = _metas(page)
    refreshes = [page.refresh, *(content for content, spare in metas if not spare)]
    if target := _first_target(refreshes, page):
        return Jump(target, "refresh")
    links = sum(1 for _ in islice(page.selector.root.iter("a"), _MOST_LINKS + 1))
    if links > _MOST_LINKS or not shows_nothing(page):
        return None
    script = _Script(_source(page))
    if jump := _by_script(script, page):
        return jump
    spare = [] if script.asks_again else [content for content, spare in metas if spare]
    target = _first_target(spare, page)
    return Jump(target, "refresh") if target else None


_MOST_LINKS = 6
"""A page that jumps offers the way by hand too; one with more links is a page."""

# --- refresh -------------------------------------------------------------------------------------------

_CONTENT = re.compile(
    r"""\s*(?P<delay>\d{0,9})(?:\.[\d.]*)?(?:\s*[;,]\s*|\s+)(?:url\s*=\s*)?(?:(?P<quote>["'])(?P<quoted>.*?)(?:(?P=quote)|\Z)|(?P<plain>.*))""",
    re.IGNORECASE | re.DOTALL,
)


def _metas(page: Page) -> list[tuple[str, bool]]:
    """Return what each refresh in a page says, and whether only a browser without scripts reads it."""
    return [
        (meta.get("content") or "", next(meta.iterancestors("noscript"), None) is not None)
        for meta in page.selector.root.iter("meta")
        if (meta.get("http-equiv") or "").strip().lower() == "refresh"
    ]


def _first_target(contents: Iterable[str], page: Page) -> str | None:
    return next(filter(None, (_target(content, page) for content in contents)), None)


def _target(content: str, page: Page) -> str | None:
    """Return the address of a refresh that comes at once and leads to another page."""
    found = _CONTENT.match(content)
    if found is None or int(found["delay"] or 0) >= MAX_DELAY:
        return None
    target = absolute(page.base, found["plain"] if found["quote"] is None else found["quoted"])
    return target if target and not _is_own(target, page) else None


def _is_own(target: str, page: Page) -> bool:
    return target in (page.url, absolute("", page.url))


# --- scripts -------------------------------------------------------------------------------------------


class _Runs(IntEnum):
    """When a statement is reached."""

    SOMETIMES = 0
    OTHERWISE = 1
    """Behind an ``else``: telephones go elsewhere, a browser comes here."""
    ALWAYS = 2


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    """A text with its quotes, a word, or one mark."""
    new_line: bool
    """It is the first of its line."""


_TOKEN = re.compile(
    r"""
    (?P<skipped>\s+|//[^\n]*|/\*.*?(?:\*/|\Z)|<!--|-->|<!\[CDATA\[|\]\]>)
    |(?P<text>"(?:[^"\\\n]|\\.)*+(?:"|$|\Z)|'(?:[^'\\\n]|\\.)*+(?:'|$|\Z)|`(?:[^`\\]|\\.)*+(?:`|\Z))
    |[\w$]+|.
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_PATTERN = re.compile(
    r"(?<=[(=,:!&|?{};])\s*/(?![/*])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.){0,100}+\]){1,300}+/\w{0,9}"
)
"""A regular expression: it may hold quotes and brackets."""
_WINDOWS = frozenset(["window", "self", "top", "parent", "document", "this", "globalThis", "opener"])
_CONDITIONS = frozenset(["if", "while", "for", "switch", "catch", "with"])
_LATER = frozenset(["setTimeout", "setInterval", "ready", "$", "jQuery", "addEventListener", "attachEvent"])
"""Functions that run the function which they are given without the reader's doing."""
_WHEN_LOADED = frozenset(["load", "onload", "DOMContentLoaded", "ready", "pageshow", "onreadystatechange"])
_OWN_WINDOW = frozenset(["_self", "_top", "_parent"])
_ENDS = frozenset(";,)}")


def _by_script(script: "_Script", page: Page) -> Jump | None:
    found, value = _Runs.SOMETIMES, 0
    for begins, address in script.jumps():
        if (runs := script.runs(begins)) >= max(found, _Runs.OTHERWISE):  # the last one wins, as in a browser
            found, value = runs, address
    if found is _Runs.SOMETIMES:
        return None
    printed = script.value(value)
    target = printed and absolute(page.base, printed)
    if not target:
        return None if script.asks_again else Jump("", "script")
    if _is_own(target, page) or (script.asks_again and _path(target) == _path(page.url)):
        return None
    return Jump(target, "script")


def _path(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.netloc, parts.path


def _source(page: Page) -> str:
    return ";\n".join([*page.scripts, *page.selector.xpath("//body/@onload | //frameset/@onload").getall()])


class _Script:
    """The words of a page's scripts, and what can be told of them."""

    def __init__(self, source: str) -> None:
        source = _PATTERN.sub(" 0", source[:_SCRIPTS])
        self._tokens = list(_tokens(source))
        self._partner = self._brackets()

    def jumps(self) -> Iterator[tuple[int, int]]:
        """Yield where each jump begins, and where its address does."""
        for at, token in enumerate(self._tokens):
            if token.text == "location":
                if (start := self._chain_start(at)) is not None and (value := self._address_behind(at + 1)):
                    yield start, value
            elif (token.text == "navigate" and self._at(at + 1) == "(") or (
                token.text == "open" and self._at(at + 1) == "(" and self._in_own_window(at + 1)
            ):
                yield self._chain_start(at) or at, at + 2

    @cached_property
    def asks_again(self) -> bool:
        """Whether it sets a cookie or loads the page once more, as a firewall's question does."""
        return any(
            token.text == "reload" or (token.text == "cookie" and self._at(at + 1) == "=" != self._at(at + 2))
            for at, token in enumerate(self._tokens)
        )

    def runs(self, at: int) -> _Runs:
        """Tell when the statement that begins here is reached."""
        runs = self._before(at)
        inside, seen = self._around[at], 0
        while inside is not None and seen < 50:
            runs = min(runs, self._block(inside))
            inside, seen = self._around[inside], seen + 1
        return runs

    def value(self, at: int, depth: int = 0) -> str | None:
        """Return the text that an expression stands for, None if it is not plain text."""
        text = ""
        while True:
            token = self._at(at)
            if token[:1] in ("'", '"', "`") and token and "${" not in token:
                text += unescaped(token[1:].removesuffix(token[0]))
            elif depth < 4 and (known := self._assigned(token, at)) is not None:
                part = self.value(known, depth + 1)
                if part is None:
                    return None
                text += part
            else:
                return None
            behind = self._at(at + 1)
            if behind != "+":
                done = not behind or behind in _ENDS or self._tokens[at + 1].new_line
                return text if done else None
            at += 2

    # --- tokens ----------------------------------------------------------------------------------------

    def _at(self, at: int) -> str:
        return self._tokens[at].text if 0 <= at < len(self._tokens) else ""

    def _brackets(self) -> dict[int, int]:
        """Return each closing bracket's opening one; note the brace around each token."""
        partner: dict[int, int] = {}
        opened: list[int] = []
        braces: list[int] = []
        self._around: list[int | None] = []
        for at, token in enumerate(self._tokens):
            self._around.append(braces[-1] if braces else None)
            if token.text in ("(", "[", "{"):
                opened.append(at)
                if token.text == "{":
                    braces.append(at)
            elif token.text in (")", "]", "}") and opened:
                partner[at] = opened.pop()
                if braces and partner[at] == braces[-1]:
                    braces.pop()
        return partner

    @cached_property
    def _assignments(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for at, token in enumerate(self._tokens):
            if self._at(at + 1) == "=" != self._at(at + 2) and token.text[:1] not in "'\"`":
                found.setdefault(token.text, []).append(at + 2)
        return found

    def _assigned(self, name: str, before: int) -> int | None:
        """Return where the value begins that a name was given last."""
        earlier = (at for at in reversed(self._assignments.get(name, ())) if at < before)
        return next(earlier, None) if re.fullmatch(r"[^\W\d][\w$]*|\$[\w$]*", name) else None

    def _chain_start(self, at: int) -> int | None:
        """Return where ``window.top.location`` begins, None if it is some other object's."""
        while self._at(at - 1) == ".":
            if self._at(at - 2) not in _WINDOWS:
                return None
            at -= 2
        return at

    def _address_behind(self, at: int) -> int | None:
        """Return where the address begins that ``location`` is given here, None if it is given none."""
        if self._at(at) == "." and self._at(at + 1) == "href":
            at += 2
        elif self._at(at) == "[" and self._at(at + 1)[1:-1] == "href" and self._at(at + 2) == "]":
            at += 3
        if self._at(at) == "=" != self._at(at + 1):
            return at + 1
        if self._at(at) == "." and self._at(at + 1) in ("replace", "assign") and self._at(at + 2) == "(":
            return at + 3
        return None

    def _in_own_window(self, opening: int) -> bool:
        around = range(opening + 2, min(opening + 12, len(self._tokens)))
        return any(self._at(at - 1) == "," and self._at(at)[1:-1] in _OWN_WINDOW for at in around)

    # --- when it runs ----------------------------------------------------------------------------------

    def _before(self, at: int) -> _Runs:
        """Tell by what stands before a statement when it is reached."""
        while self._at(at - 1) == "(":
            at -= 1
        before = self._at(at - 1)
        if before == "else":
            return _Runs.OTHERWISE
        if before in ("&", "|", "?", ":"):
            return _Runs.SOMETIMES
        if before == ")" and self._word_before(at - 1) in _CONDITIONS:
            return _Runs.SOMETIMES
        return _Runs.ALWAYS

    def _word_before(self, closing: int) -> str:
        """Return the word before the brackets that close here."""
        opening = self._partner.get(closing)
        return "" if opening is None else self._at(opening - 1)

    def _block(self, brace: int) -> _Runs:
        """Tell when what stands between these braces runs."""
        before = self._at(brace - 1)
        if before == "else":
            return _Runs.OTHERWISE
        if before == ">" and self._at(brace - 2) == "=":  # (…) => {
            end = brace - 3
            return self._function(self._partner.get(end, end), "")
        if before != ")":
            return _Runs.ALWAYS
        opening = self._partner.get(brace - 1)
        if opening is None:
            return _Runs.SOMETIMES
        word = self._at(opening - 1)
        if word in _CONDITIONS:
            return _Runs.SOMETIMES
        if word == "function":
            return self._function(opening - 1, "")
        return self._function(opening - 2, word) if self._at(opening - 2) == "function" else _Runs.SOMETIMES

    def _function(self, start: int, name: str) -> _Runs:
        """Tell when a function runs that begins here."""
        before = self._at(start - 1)
        if before == "=":
            name = self._at(start - 2)
            if name in _WHEN_LOADED:
                return _Runs.ALWAYS
        if name:
            return _Runs.ALWAYS if self._words.get(name, 0) > 1 else _Runs.SOMETIMES
        if before == "(":
            caller = self._at(start - 2)
            is_free = not re.fullmatch(r"[\w$]+", caller)  # (function () { … })()
            return _Runs.ALWAYS if is_free or caller in _LATER else _Runs.SOMETIMES
        if before == ",":
            return _Runs.ALWAYS if self._at(start - 2)[1:-1] in _WHEN_LOADED else _Runs.SOMETIMES
        return _Runs.ALWAYS if before in ("!", "+", "-", "~", "void") else _Runs.SOMETIMES

    @cached_property
    def _words(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for token in self._tokens:
            found[token.text] = found.get(token.text, 0) + 1
        return found


def _tokens(source: str) -> Iterator[_Token]:
    """Yield the words of a script; a text that ``setTimeout`` runs is a script itself."""
    new_line, before = True, ("", "")
    for found in _TOKEN.finditer(source):
        text = found[0]
        if found["skipped"]:
            new_line = new_line or "\n" in text
            continue
        if found["text"] and before in (("setTimeout", "("), ("setInterval", "("), ("eval", "(")):
            inner = _TOKEN.finditer(unescaped(text[1:].removesuffix(text[0])))
            yield from (_Token(word[0], False) for word in inner if not word["skipped"])
        else:
            yield _Token(text, new_line)
        new_line, before = False, (before[1], text)
