"""What may be a headline: each line of a page, and lines that are set alike and make one title together."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from zhijiang_spider.pages.article.title_claims import Claim, Listed, begins, parts_of_heading
from zhijiang_spider.pages.seen import Kind, TextBlock, tidy
from zhijiang_spider.text.characters import folded
from zhijiang_spider.vocabulary import any_of

_LONGEST = 160
_MOST_LINES = 4
"""Lines of one heading that together may be a title."""
_SHORTEST_PART = 6
"""Characters of a part of a heading that is a title because a declared one begins with it."""
HINT = re.compile(
    r"(?:^|[\s_-])(?:title|headline|biaoti|bt|tit|activity-name|art[_-]?title|news[_-]?title)(?=$|[\s_\d-])",
    re.I,
)
"""Classes and ids that sites give headlines."""
_GOES_ON = re.compile(rf"{any_of('titles.goes_on')}")


@dataclass(frozen=True, slots=True)
class Headline:
    """What stands at the head of an article."""

    title: str
    first: int = -1
    """Number of the first piece of the title, -1 where no line of the page shows it."""
    last: int = -1
    """Number of its last piece."""
    kicker: str = ""
    subtitle: str = ""
    used: frozenset[int] = frozenset()
    """Numbers of the pieces of kicker and subtitle."""
    rule: str = ""
    """How it was found."""
    refused: tuple[str, ...] = ()
    """The next best lines."""


@dataclass(frozen=True, slots=True)
class Line:
    """What may be a title: a line of the page, or several that are one heading."""

    first: int
    last: int
    text: str
    plain: str


def find_lines(
    pieces: Sequence[TextBlock], claims: Sequence[Claim], witness: Listed, placed: Container[int]
) -> Iterator[Line]:
    """Yield what may be a title: single lines, and lines that are set alike and together make one title.

    ``placed``: numbers of lines that stand where titles do.  What nothing speaks for is passed over.
    """
    known = [*claims, Claim("", witness.plain, witness.is_cut)]
    heads = {char for claim in claims for char in claim.plain}

    def may_be_title(number: int, piece: TextBlock) -> bool:
        first = piece.text[0]
        return (
            bool(piece.heading)
            or number in placed
            or first in heads
            or not "\u4e00" <= first <= "\u9fff"  # what is no such character may be folded to another
            or (number + 1 < len(pieces) and _GOES_ON.match(pieces[number + 1].marked) is not None)
            or is_named(piece, HINT)
            or witness.may_mean(folded(piece.text))
        )

    for number, piece in enumerate(pieces):
        if piece.kind is not Kind.TEXT or len(piece.marked) > _LONGEST or not may_be_title(number, piece):
            continue
        line = Line(number, number, piece.text, folded(piece.text))
        if piece.heading:
            yield from _part_of(number, piece, claims)
        yield line
        spoken = [claim for claim in known if line.plain in claim.plain] if line.plain else []
        last, plain = number, line.plain
        while (
            last + 1 < min(len(pieces), number + _MOST_LINES)
            and (spoken or piece.heading or (last == number and _GOES_ON.match(pieces[last + 1].marked)))
            and (
                _set_alike(pieces[last], pieces[last + 1])
                or _fills_claim(plain, pieces[last], pieces[last + 1], spoken)
            )
        ):
            last += 1
            plain += folded(pieces[last].text)
            spoken = [c for c in spoken if plain in c.plain or (c.is_cut and begins(c, plain))]
            one_heading = piece.heading and pieces[last].node is piece.node
            official = last == number + 1 and _issues(piece, pieces[last])
            if spoken or one_heading or official:
                between = "" if official else " "
                text = tidy(between.join(part.text for part in pieces[number : last + 1]))
                declared = next(filter(None, (claim.spelling(plain) for claim in spoken)), "")
                yield Line(number, last, declared or text, plain)
            elif not piece.heading:
                break


def _part_of(number: int, piece: TextBlock, claims: Sequence[Claim]) -> Iterator[Line]:
    """Yield the title in a heading that holds more: a forum's kind of thread before it, the day behind it."""
    for part in parts_of_heading(piece):
        if part != piece.text and any(_opens(claim, folded(part)) for claim in claims):
            yield Line(number, number, part, folded(part))
            return


def _opens(claim: Claim, plain: str) -> bool:
    """Tell whether a declared title is a text, or begins with it: what follows may be the site's name."""
    return claim.plain == plain or (len(plain) > _SHORTEST_PART and claim.plain.startswith(plain))


def _set_alike(above: TextBlock, below: TextBlock) -> bool:
    """Tell whether two lines look like one text: in one element, or in two of a kind side by side."""
    if below.kind is not Kind.TEXT or len(below.marked) > _LONGEST or below.heading != above.heading:
        return False
    if above.node is below.node:
        return above.bold == below.bold
    return (
        above.node.tag == below.node.tag
        and above.node.getparent() is below.node.getparent()
        and above.node.get("class") == below.node.get("class")
        and (above.bold, above.centred) == (below.bold, below.centred)
    )


def _fills_claim(plain: str, above: TextBlock, below: TextBlock, claims: Sequence[Claim]) -> bool:
    """Tell whether two headings of different rank make up all that the page declares: title and subtitle."""
    if not (above.heading and below.heading):
        return False
    whole = plain + folded(below.text)
    return any(claim.plain == whole for claim in claims)


def _issues(above: TextBlock, below: TextBlock) -> bool:
    """Tell whether two lines are the title of an official document: who issued it, and 关于 what."""
    return (
        _GOES_ON.match(below.text) is not None
        and not re.search(r"[，。！？：；、]", above.text)
        and (above.centred or above.bold or bool(above.heading) or is_named(above, HINT))
    )


def is_named(piece: TextBlock, pattern: re.Pattern[str]) -> bool:
    """Tell whether a line's element has a class or an id of a kind."""
    called, own = piece.node.get("class"), piece.node.get("id")
    return bool(called or own) and _is_called(f"{called or ''} {own or ''}", pattern)


@lru_cache(maxsize=1024)
def _is_called(names: str, pattern: re.Pattern[str]) -> bool:
    return pattern.search(names) is not None
