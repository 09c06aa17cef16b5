"""Which lines are captions because a page sets them in a type of their own, right behind pictures and nowhere else."""

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import islice, pairwise

from lxml.etree import _Element

from zhijiang_spider.pages.article.caption_words import SENTENCES
from zhijiang_spider.pages.boilerplate import is_credit
from zhijiang_spider.pages.header import printed_date
from zhijiang_spider.pages.seen import Kind, TextBlock

_LONGEST, _LONGEST_LATIN = 60, 160
"""Characters of such a line, and of one in English."""
_LONGEST_ALONE = 40
"""Characters of one that is the only one on its page: it may as well be the article's lead."""
_LEAST_TEXT = 2
"""Lines with sentences that the text must have in other types."""
_PROSE = re.compile(r"[。！？；]|[a-z]\.(?:\s|$)")
_STYLES = ("class", "style", "color", "size", "face", "align")
_DEPTH = 3
"""Elements in each other whose attributes make a type."""


def captions_in_own_type(pieces: Sequence[TextBlock]) -> set[TextBlock]:
    """Return the lines of a body whose class, style or font stands right behind its pictures and nowhere else."""
    behind: dict[tuple[str, ...], list[TextBlock]] = defaultdict(list)
    for picture, line in pairwise(pieces):
        if picture.kind is Kind.PICTURE and line.kind is Kind.TEXT and len(line.text) <= _LONGEST_LATIN:
            behind[_type_of(line.node)].append(line)
    may_be = {
        kind: found
        for kind, found in behind.items()
        if all(_may_be_caption(line, alone=len(found) == 1) for line in found)
    }
    if not may_be:
        return set()
    lines = {line for found in behind.values() for line in found}
    elsewhere: set[tuple[str, ...]] = set()
    sentences = 0
    for piece in pieces:
        if piece.kind is Kind.TEXT and piece not in lines and not is_credit(piece.text):
            elsewhere.add(_type_of(piece.node))
            sentences += _PROSE.search(piece.text) is not None
    if sentences < _LEAST_TEXT:  # a poem: every line of it could be a caption
        return set()
    return {line for kind, found in may_be.items() if kind not in elsewhere for line in found}


def _may_be_caption(line: TextBlock, *, alone: bool) -> bool:
    text = line.text
    latin = text.isascii() or (not SENTENCES.search(text) and sum(map(str.isascii, text)) * 2 > len(text))
    longest = _LONGEST_LATIN if latin else _LONGEST_ALONE if alone else _LONGEST
    return (
        len(text) <= longest
        and not (line.heading or line.bold or line.row or line.linked)
        and not SENTENCES.search(text if alone else text[:-1])
        and not is_credit(text)
        and not (alone and printed_date(text))
    )


def _type_of(node: _Element) -> tuple[str, ...]:
    """Return how a line is set: by its element, and by those inside that hold all of its text."""
    found: list[str] = []
    here: _Element | None = node
    for _ in range(_DEPTH):
        if here is None:
            break
        own = [here.get(name) or "" for name in _STYLES]
        if here is node or any(own):  # an element without a style of its own sets nothing
            found += own
        children = [*islice(here.iterchildren("*"), 2)]
        here = children[0] if len(children) == 1 and not (here.text or "").strip() else None
    return tuple(found)
