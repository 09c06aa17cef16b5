"""Pages that come instead of what was asked for, with status 200: "no such page", or only a script to run.

A page is gone when that is its message: a line, its title or what its script says is nothing but such a sentence,
and little else stands there.  A sentence in an article, or about one, is no message.
"""

import re
from collections.abc import Iterator
from enum import IntEnum

from zhijiang_spider.pages.boilerplate import is_boilerplate, is_credit, is_empty_label
from zhijiang_spider.pages.breadcrumb import CRUMB_LABEL
from zhijiang_spider.pages.header import date_of, is_header_row, source_of
from zhijiang_spider.pages.page import Page
from zhijiang_spider.pages.seen import Kind, TextBlock
from zhijiang_spider.text.characters import folded
from zhijiang_spider.vocabulary import any_of

_MOST_BEFORE, _MOST_OTHER = 40, 150
"""Characters of other lines before the message, and in all: what more has is a page of its own."""
_LONGEST_LINE = 160
_LONGEST_WAIT = 80
"""Characters a reader sees of a page that asks a browser to run a script: 请稍候, checking your browser."""
_SCRIPTS = 20_000
"""Characters of scripts that are searched."""


def _any_of(*groups: str) -> str:
    return any_of(*(f"checks.{group}" for group in groups))


_THING = re.compile(_any_of("what"))
_TAKEN = rf"(?:已|被)(?:{_any_of('auxiliary')}){{0,3}}{_any_of('was_taken')}"
_GONE = re.compile(rf"{_any_of('is_gone')}|{_TAKEN}")
_WORDS = re.compile(_any_of("what", "is_gone", "was_taken", "asked", "auxiliary", "sorry"))
_ENGLISH_THING = r"(?:page|url|article|file|resource|content|document|link|address|item|story|object)"
_ENGLISH = (
    rf"(?:sorry|oops)?(?:but)?(?:the|this|that|no)?(?:requested|such)?{_ENGLISH_THING}?"
    r"(?:that)?(?:you'?(?:re|are|were|have|ve)?(?:requested|lookingfor|tryingto\w{1,12}?|askedfor))?"
    r"(?:/\S{0,80}?)?(?:is|was|has|have|can|could|does)?"
    r"(?:(?:not|n't|t)(?:be)?(?:found|exist|available)|nolonger(?:exists?|available)"
    r"|been(?:removed|deleted)|missing)(?:onthisserver)?"
    rf"|nosuch{_ENGLISH_THING}|noinputfilespecified"
)
_CODE = re.compile(r"(?:http|error|status|错误|代码|-)*(?<!\d)404(?!\d)(?:错误|error)?-?", re.IGNORECASE)
_MESSAGE = re.compile(rf"{_ENGLISH}|(?:{_THING.pattern})*{_any_of('wrong')}", re.IGNORECASE)
"""Matches (whole) a sentence, folded, that says that there is none and is no sentence of ``_WORDS``."""
_AROUND = re.compile(
    rf"{_any_of('error')}|error|sorry|oops|nginx\S{{0,12}}|apache\S{{0,60}}|\W*\d{{0,3}}\W*", re.IGNORECASE
)
"""Matches (whole) a sentence around the message."""
_ERRAND = re.compile(_any_of("errand"))
_LONGEST_ERRAND = 30
_ASKED = re.compile(r"[(（][\x21-\x7e]{1,120}[)）]")
"""The address that was asked for, as such pages repeat it."""
_BREAKS = re.compile(r"[。！!？?，,、；;：:~～|_\s]+|(?<=\w)[.…]+(?=\s|$)|\s[-–—]\s")
_EDGES = " .…·“”\"'()[]【】（）-–—×^>»<«"
_ALERT = re.compile(r"""alert\s{0,3}\(\s{0,3}(["'])(.{2,100}?)\1""")


class _Says(IntEnum):
    OTHER = 0
    AROUND = 1
    GONE = 2


def says_gone(page: Page) -> bool:
    """Tell whether a page only says that what was asked for does not exist or was taken down."""
    lines = [piece for piece in page.rendered.pieces if piece.kind is Kind.TEXT]
    title = page.title
    own = folded(title)
    other = 0
    found = _says(title) is _Says.GONE
    for line in lines:
        if line.linked * 2 > len(line.text) or CRUMB_LABEL.search(line.text):
            continue
        says = _says(line.text) if len(line.text) <= _LONGEST_LINE else _Says.OTHER
        if says is _Says.GONE:
            found = True
        elif says is _Says.OTHER and not is_boilerplate(line.text):
            if _is_of_article(line) or (len(line.text) > 3 and folded(line.text) in own):
                return False
            other += len(line.text) - line.linked
            if other > (_MOST_OTHER if found else _MOST_BEFORE):
                return False
    return found or any(_says(text) is _Says.GONE for text in _alerts(page))


def _is_of_article(line: TextBlock) -> bool:
    """Tell whether a line stands only by or in an article: its date or source, or a credit."""
    row = line.spaced
    if is_header_row(row) and (date_of(row) or source_of(row)):
        return True
    return is_credit(row) and not is_empty_label(row)


def _says(text: str) -> _Says:
    """Return what a line says: that something is gone and nothing else, what stands around that, or more."""
    text = _ASKED.sub("", text)
    said = {_sentence(sentence) for sentence in _BREAKS.split(text)}
    if _Says.OTHER in said:
        return _sentence(_BREAKS.sub("", text))  # the words of one sentence, set apart: Page not found
    return max(said)


def _sentence(text: str) -> _Says:
    plain = folded(text).strip(_EDGES)
    said = _CODE.sub("", plain)
    if _MESSAGE.fullmatch(said):
        return _Says.GONE
    if not _WORDS.sub("", said):  # no other word
        is_gone = said != plain or (_GONE.search(said) and _THING.search(said))
        return _Says.GONE if is_gone else _Says.AROUND
    if _AROUND.fullmatch(plain) or (len(plain) <= _LONGEST_ERRAND and _ERRAND.search(plain)):
        return _Says.AROUND
    return _Says.OTHER


def _alerts(page: Page) -> Iterator[str]:
    """Yield what scripts tell the reader in a box before they send them away."""
    left = _SCRIPTS
    for script in page.scripts:
        for found in _ALERT.finditer(script[:left]):
            yield found[2]
        left -= len(script)
        if left <= 0:
            break


def is_script_only(page: Page) -> bool:
    """Tell whether a page shows next to nothing and has a script: blocked, or drawn by scripts altogether."""
    return next(page.selector.root.iter("script"), None) is not None and shows_nothing(page)


def is_bare(page: Page) -> bool:
    """Tell whether a page that shows next to nothing is nothing but its scripts: no link, picture or frame.

    A firewall's question is; a page of the site whose script draws it or sends its reader on has the site's frame.
    """
    return next(page.selector.root.iter("a", "area", "img", "iframe"), None) is None


def shows_nothing(page: Page) -> bool:
    """Tell whether a reader sees no more of a page than 请稍候."""
    lines = [piece for piece in page.rendered.pieces if piece.kind is Kind.TEXT]
    return sum(len(line.text) for line in lines) <= _LONGEST_WAIT
