"""JavaScript → the texts in it, each with the names that lead to it: no program is run.

Objects, JSON, arguments of calls and assignments are read alike, because only quotes, brackets and names count:
``var detail = {content: "<p>…"}``, ``JSON.parse('{"content": …}')``, ``document.write("…")``, ``s += '…'``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

_TOKEN = re.compile(
    r"""
    (?P<skipped>\s+|//[^\n]*|/\*.*?(?:\*/|\Z))
    |(?P<text>"(?:[^"\\\n]|\\.)*+(?:"|$|\Z)|'(?:[^'\\\n]|\\.)*+(?:'|$|\Z)|`(?:[^`\\]|\\.)*+(?:`|\Z))
    |(?P<word>[\w$]+)
    |(?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_PATTERN = re.compile(r"/(?![/*])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*+\])++/\w*")
"""A regular expression, which may hold quotes."""
_BEFORE_PATTERN = frozenset(["", "(", ",", "=", ":", "[", "!", "&", "|", "?", "{", "}", ";", "return"])
_ESCAPE = re.compile(
    r"\\(?:u\{(?P<point>[0-9a-fA-F]{1,6})\}|u(?P<unit>[0-9a-fA-F]{4})|x(?P<byte>[0-9a-fA-F]{2})|(?P<char>\r\n|.))",
    re.DOTALL,
)
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_LINE_ENDS = ("\n", "\r", "\r\n", "\u2028", "\u2029")
_OPENING, _CLOSING = "([{", ")]}"
_AROUND = 8
"""Brackets around a text that are looked at."""


@dataclass(frozen=True, slots=True)
class Bracket:
    """An open bracket."""

    number: int
    """Brackets opened before it; 0 is the script itself."""
    mark: str
    names: tuple[str, ...]
    """What it is called: its member's or variable's name, and the function's that is called."""
    name: str = ""
    """The name that goes on behind it."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A text or number in a script."""

    value: str
    """Without quotes, escapes read; parts joined by ``+`` are one text."""
    name: str
    """Its member's or variable's name, "" where it has none."""
    around: tuple[Bracket, ...]
    """The brackets it stands in, innermost last."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names that lead to it, the nearest last."""
        outer = tuple(name for bracket in self.around for name in bracket.names)
        return (*outer, self.name) if self.name else outer

    @property
    def objects(self) -> tuple[int, ...]:
        """Numbers of the braces it stands in, innermost first."""
        return (*(bracket.number for bracket in reversed(self.around) if bracket.mark == "{"), 0)


def tokens(source: str) -> Iterator[re.Match[str]]:
    """Yield the tokens of a script, each as its group ``text`` (quoted), ``word`` or ``mark``.  Linear."""
    before, at = "", 0
    while at < len(source):
        if before in _BEFORE_PATTERN and (pattern := _PATTERN.match(source, at)):
            before, at = "/", pattern.end()
            continue
        token = _TOKEN.match(source, at)
        assert token is not None
        at = token.end()
        kind = token.lastgroup
        if kind != "skipped":
            yield token
            before = token[0] if kind == "mark" or token[0] == "return" else "x"


def read_literals(source: str) -> Iterator[Literal]:
    """Yield the texts and numbers of a script in order; names of members are none.  Never raises; linear."""
    reader = _Reader()
    for token in tokens(source):
        yield from reader.take(token)
    if reader.held:
        yield reader.held


class _Reader:
    """The state of one reading; it lives inside ``read_literals`` only."""

    def __init__(self) -> None:
        self.brackets: list[Bracket] = []
        self.opened = 0
        self.name = ""
        """What the next value is called."""
        self.word = ""
        """The last word or text, which may turn out to be a name."""
        self.held: Literal | None = None
        """The last text: ``:`` behind it makes it a name, ``+`` joins it with the next."""
        self.joins = False
        self.is_called = False
        """Whether a word stands right before."""

    def take(self, token: re.Match[str]) -> Iterator[Literal]:
        mark = token["mark"]
        if token["text"]:
            value = unquoted(token["text"])
            if self.held and self.joins:
                self.held = replace(self.held, value=self.held.value + value)
            else:
                yield from self._let_go()
                self.held = Literal(value, self.name, tuple(self.brackets[-_AROUND:]))
            self.word, self.joins = value if len(value) < 80 else "", False
        elif token["word"]:
            self.word = token["word"]
            if self.name and self.word.isdecimal() and not self.held:
                self.held = Literal(self.word, self.name, tuple(self.brackets[-_AROUND:]))
        elif mark == "+":
            self.joins = self.held is not None
        elif mark == ":":
            if not self.joins:
                self.held = None
            self.name = self.word
        elif mark != ".":
            yield from self._let_go()
            self._bracket_or_end(mark)
        self.is_called = bool(token["word"])

    def _let_go(self) -> Iterator[Literal]:
        if self.held:
            yield self.held
        self.held, self.joins = None, False

    def _bracket_or_end(self, mark: str) -> None:
        if mark in _OPENING:
            self.opened += 1
            call = (self.word,) if mark == "(" and self.is_called else ()
            names = (self.name, *call) if self.name else call
            self.brackets.append(Bracket(self.opened, mark, names, self.name))
            self.name = ""
        elif mark in _CLOSING:
            self.name = self.brackets.pop().name if self.brackets else ""
        elif mark == "=":
            self.name = self.word
        elif mark in ",;":
            self.name = ""


def unquoted(text: str) -> str:
    """Return what a quoted text of a script stands for; its last quote may be missing."""
    return unescaped(text[1:].removesuffix(text[0]))


def unescaped(text: str) -> str:
    """Return what the inside of a quoted text stands for."""
    if "\\" not in text:
        return text
    return whole(_ESCAPE.sub(_character, text))


def whole(text: str) -> str:
    """Return a text with pairs of surrogates as the characters that they are, U+FFFD for half a pair."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(found: re.Match[str]) -> str:
    if code := found["point"] or found["unit"] or found["byte"]:
        return chr(int(code, 16)) if int(code, 16) <= 0x10FFFF else "\ufffd"
    return "" if found["char"] in _LINE_ENDS else _CONTROLS.get(found["char"], found["char"])
