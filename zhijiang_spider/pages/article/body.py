"""The body of an article: what stands in the article's own box behind the row of date and source.

Two runs of pieces are looked at.  The *near* run begins with the first content behind the head; short notices,
poems, pictures and videos are found by it.  The *core* is the run of the greatest weight, where sentences
weigh what they are long, links weigh against and short lines weigh little; long articles are found by it,
whatever stands between head and text.  The box is the largest element around the chosen run that does not
hold the head too; links and other articles' headings in it end the body.

Nothing depends on the names that a site gives its elements.  ``CONTAINERS`` and the comments that content
systems put around the text only help to draw the box tighter.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from lxml.etree import _Element

from zhijiang_spider.pages.article.caption_words import says_caption
from zhijiang_spider.pages.article.lead import (
    is_below_a_picture,
    is_shown,
    pictures_amid_head,
    players_above,
    skip_head,
    with_lead_pictures,
)
from zhijiang_spider.pages.article.media import is_media_link
from zhijiang_spider.pages.article.runs import EDITOR, Run, find_run, fits, is_row, shared_box
from zhijiang_spider.pages.article.weights import (
    INSET,
    PICTURE_MASS,
    breaks,
    is_barrier,
    is_content,
    mass_of,
    pass_over_adverts,
    pass_over_insets,
    weigh,
)
from zhijiang_spider.pages.boilerplate import (
    goes_with_player,
    is_boilerplate,
    is_button,
    is_count,
    is_credit,
    is_empty_label,
    is_follow,
    is_notice,
    is_player,
    is_publisher,
    is_stop,
)
from zhijiang_spider.pages.header import date_of, is_date, is_header_row
from zhijiang_spider.pages.seen import GAP, Kind, RenderedPage, TextBlock, ancestors
from zhijiang_spider.vocabulary import any_of

CONTAINERS = re.compile(
    r"(?:^|\s)(?:TRS_Editor|TRS_UEDITOR|trs_editor_view|trs_web|v_news_content|vsb_content\w{0,12}|zoom|ivs_content|UCAP-CONTENT"
    r"|js_content|rwb_zw|p-detail|artibody|articleText|ContentBody|ozoom|detailContent|rich_media_content)(?=\s|$)",
    re.IGNORECASE,
)
"""Classes and ids that known content systems give the body: TRS, 博达, 大汉, gov.cn, 方正, WeChat."""
_MARK_BEGIN = re.compile(
    rf"\s{{0,9}}(?:enpcontent|ZJEG_RSS\.content\.begin|contstart|content\s?begin|{any_of('boilerplate.content_starts')})\s{{0,9}}",
    re.I,
)
_MARK_END = re.compile(
    rf"\s{{0,9}}(?:/enpcontent|ZJEG_RSS\.content\.end|contend|content\s?end|{any_of('boilerplate.content_ends')})\s{{0,9}}",
    re.I,
)
"""Comments around the body in 方正, 大汉 and others."""

_SHARE = 0.6
"""Share of the run's weight that the article's box must hold."""
_ABSTRACT = re.compile(
    rf"[\s\u3000【\[]{{0,4}}{any_of('boilerplate.abstracts')}[\s\u3000】\]]{{0,4}}[:：]?[\s\u3000]{{0,4}}"
)
_NOWHERE = re.compile(r"#|javascript:", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")
_SHORTEST_EXCERPT, _EXCERPT_LINES = 4, 12
"""Characters of a line that repeats the text, and lines that it may repeat."""
_COPY = 30
"""Characters: what is repeated and shorter is a refrain."""
_RIGHT_BEHIND, _BEHIND = 12, 60
"""Pieces behind the body among which any credit line, and an editor's line, is looked for."""
_ROWS = 6
"""Pieces behind the title that may be rows of its head where no text follows."""
_BY_A_PICTURE = 3
"""Pieces between a picture and the line that counts it."""
_LONGEST_ACCOUNT = 16
"""Characters of an account's name."""
_SIGNATURE, _LONGEST_SIGNATURE = 4, 40
"""Lines of a signature, and characters of each."""
_LONGEST_CAPTION = 150
"""Characters of a caption behind the body."""
_HOLD = 0.8
"""Share of the run that a narrower box must hold."""


@dataclass(frozen=True, slots=True)
class Body:
    """Which pieces are the article's."""

    numbers: tuple[int, ...]
    """Numbers of its pieces, in reading order."""
    start: int
    """Number of the first piece that may be the body's; what stands before it is the head."""
    end: int
    """One past its last piece."""
    rule: str = "profile selector"
    """How it was found."""
    above: tuple[int, ...] = ()
    """Numbers of the players above the title."""
    refused: tuple[int, ...] = ()
    """Number of the first piece of the run that was not taken."""


def find_body(reading: RenderedPage, title: int, is_title: Callable[[str], bool]) -> Body | None:
    """Find the body behind piece number ``title`` (-1 where the title is on no line).

    ``is_title`` tells whether a line repeats the title.  None where nothing is left.
    """
    pieces = reading.pieces
    weights = weigh(pieces)
    pass_over_insets(reading, weights)
    pass_over_adverts(reading, weights)
    found = find_run(reading, weights, title)
    above = tuple(players_above(reading, title))
    if found is None:
        behind = min(title + 1 + _ROWS, len(pieces))
        return Body((), behind, behind, rule="player above the title", above=above) if above else None
    run, head, ending, other = found.run, found.head, found.ending, found.other
    rows = pieces[max(title, 0) : head + 1]
    first, last = _marked_box(reading, head, run) or _box(reading, head, run, weights)
    first = _grow_back(pieces, max(first, head + 1), max(run.start, first), weights, rows, is_title)
    last = _grow_on(pieces, max(min(run.end, last), first), min(last, ending or last), weights)
    first, last = _narrowed(reading, first, last, weights)
    last = _behind_signature(reading, last, weights, title, head)
    first = skip_head(pieces, first, last, rows, is_title)
    first = with_lead_pictures(pieces, weights, head, first)
    lead = pictures_amid_head(pieces, head, first, is_title)
    kept = _once(pieces, list(_kept(pieces, weights, first, last)))
    shown = _pictures_behind(pieces, last)
    numbers = (*lead, *kept, *shown, *_credits_behind(pieces, last + len(shown), weights))
    if not numbers and not above:
        return None
    apart = other is not None and (other.end <= first or other.start >= last)
    return Body(
        numbers,
        first,
        last,
        rule="nearest text behind the title" if found.is_near else "longest text on the page",
        above=above,
        refused=(other.start,) if other is not None and apart and other.start < len(pieces) else (),
    )


def body_of(reading: RenderedPage, nodes: Iterable[_Element]) -> Body | None:
    """Return all that the given elements (a profile's) hold, boilerplate left out."""
    spans = [reading.spans[node] for node in nodes if node in reading.spans]
    numbers = {number for start, end in spans for number in range(start, end)}
    if not numbers:
        return None
    first, last = min(numbers), max(numbers) + 1
    weights = weigh(reading.pieces)
    pass_over_adverts(reading, weights)
    kept = _kept(reading.pieces, weights, first, last)
    return Body(tuple(number for number in kept if number in numbers), first, last)


def is_veiled_body(node: _Element) -> bool:
    """Tell whether a hidden element is a known system's body that its script shows when it has loaded."""
    return (
        _is_known(node)
        and re.search(r"visibility\s{0,3}:", node.get("style") or "", re.IGNORECASE) is not None
    )


def _is_known(node: _Element) -> bool:
    return CONTAINERS.search(f"{node.get('class') or ''} {node.get('id') or ''}") is not None


# --- which box --------------------------------------------------------------------------------------------


def _outermost(reading: RenderedPage, head: int, number: int) -> tuple[int, int]:
    """Return the span of the largest element around a piece that does not hold the head."""
    low, high = number, number + 1
    piece = reading.pieces[number]
    levels = 0 if piece.kind is Kind.TEXT else -1
    for node in ancestors(piece.node):
        wide = reading.spans.get(node, (low, high))
        if wide[0] <= head:
            # A line of the element that holds the head: the text goes on in this element behind the head.
            return (low, high) if high - low > 1 or levels > 1 else (head + 1, wide[1])
        low, high = min(low, wide[0]), max(high, wide[1])
        levels += 1
    return low, high


def _box(reading: RenderedPage, head: int, run: Run, weights: Sequence[float]) -> tuple[int, int]:
    """Return the span of the article's box: the largest element around the text with the head left outside.

    Where the text is spread over several elements beside the head, it is the element around all of them.
    """
    if head < 0:
        return 0, len(reading.pieces)
    heaviest = max(range(run.start, run.end), key=lambda number: weights[number])
    sums = _amounts(reading.pieces, weights, run.start, run.end)
    total = sums[run.end] - sums[run.start]
    for number in (run.start, heaviest):
        for low, high in (_outermost(reading, head, number), shared_box(reading, head, number)):
            low = max(low, head + 1)
            if sums[min(high, run.end)] - sums[max(low, run.start)] >= total * _SHARE:
                return low, high
    return head + 1, len(reading.pieces)


def _amounts(pieces: Sequence[TextBlock], weights: Sequence[float], first: int, last: int) -> list[float]:
    """Return sums of what the pieces hold of the text: sentences, or all where there is hardly a sentence.

    ``sums[b] - sums[a]`` is what pieces a to b - 1 hold.
    """
    amounts = [max(weight, 0.0) for weight in weights]
    if sum(amounts[first:last]) < PICTURE_MASS:
        amounts = [float(mass_of(piece)) for piece in pieces]
    return [0.0, *accumulate(amounts)]


def _marked_box(reading: RenderedPage, head: int, run: Run) -> tuple[int, int] | None:
    """Return the span between a system's comments around the body, if the run begins in it."""
    begin = -1
    for number, text in reading.marks:
        if number > head and _MARK_BEGIN.fullmatch(text):
            begin = number
        elif begin >= 0 and _MARK_END.fullmatch(text):
            if begin <= run.start < number:
                return begin, number
            begin = -1
    return None


def _narrowed(reading: RenderedPage, first: int, last: int, weights: Sequence[float]) -> tuple[int, int]:
    """Return the span of a smaller element if nearly all of the text is in it and strange lines are not."""
    pieces = reading.pieces
    sums = _amounts(pieces, weights, first, last)
    total = sums[last] - sums[first]
    if last - first < 2 or not total:
        return first, last
    heaviest = max(range(first, last), key=lambda number: sums[number + 1] - sums[number])
    for node in ancestors(pieces[heaviest].node):
        low, high = reading.spans.get(node, (first, last))
        low, high = max(low, first), min(high, last)
        if high - low < 2 or sums[high] - sums[low] < total * (0.5 if _is_known(node) else _HOLD):
            continue
        outside = [*range(first, low), *range(high, last)]
        strange = [number for number in outside if not _is_calm(pieces[number], weights[number])]
        return (low, high) if strange else (first, last)
    return first, last


def _is_calm(piece: TextBlock, weight: float) -> bool:
    """Tell whether a piece outside the text's own element is still likely the article's."""
    if piece.kind is not Kind.TEXT:
        return True
    return weight >= 0 or bool(piece.heading) or is_credit(piece.text)


def _grow_back(
    pieces: Sequence[TextBlock],
    first: int,
    start: int,
    weights: Sequence[float],
    head: Sequence[TextBlock],
    is_title: Callable[[str], bool],
) -> int:
    """Return where the body begins: back from the run to the head's rows, to links or to a player's controls."""
    number = start
    tag = pieces[start].node.tag
    strange = 0
    while number > first:
        piece = pieces[number - 1]
        if piece.kind is Kind.TEXT:
            if (
                breaks(piece, weights[number - 1])
                or is_title(piece.text)
                or (
                    is_header_row(piece.text)
                    and fits(piece, head)
                    and not is_below_a_picture(pieces, number - 1, first, head)
                )
                or piece.heading == "h1"
            ):
                break
            calm = piece.node.tag == tag or _is_calm(piece, weights[number - 1]) or is_player(piece.text)
            strange = 0 if calm else strange + 1
            if strange > 2:
                return number - 1 + strange
        else:
            strange = 0
        number -= 1
    return number


def _grow_on(pieces: Sequence[TextBlock], end: int, last: int, weights: Sequence[float]) -> int:
    """Return where the body ends: on from the run to what opens other matter, or to links."""
    number = end
    while number < last and not breaks(pieces[number], weights[number]):
        number += 1
    return number


def _behind_signature(
    reading: RenderedPage, last: int, weights: Sequence[float], title: int, head: int
) -> int:
    """Return one past the signature right behind the text: who issued a notice, and the day below.

    It often stands in an element of its own, and short notices are of little weight beside it.  Where the head
    prints no day, the day below is the article's, not a line of it.
    """
    pieces = reading.pieces
    rows = pieces[max(title, 0) : head + 1]
    if last > head + 1 and any(row.kind is Kind.TEXT and is_row(row) and date_of(row.spaced) for row in rows):
        _, high = shared_box(reading, head, last - 1)
        for number in range(last, min(last + _SIGNATURE, high)):
            piece = pieces[number]
            if piece.kind is not Kind.TEXT or breaks(piece, weights[number]):
                break
            if is_date(piece.text):
                return number + 1 if number > last else last
            if not _may_sign(piece):
                break
    return last


def _may_sign(piece: TextBlock) -> bool:
    text = piece.text
    return (
        len(text) <= _LONGEST_SIGNATURE
        and not piece.linked
        and not is_boilerplate(text)
        and not is_credit(text)
        and not is_header_row(text)
    )


# --- what of it -------------------------------------------------------------------------------------------


def _kept(pieces: Sequence[TextBlock], weights: Sequence[float], first: int, last: int) -> Iterator[int]:
    """Yield the numbers of the article's own pieces; a box of links inside the text is left out whole.

    Between the first and the last sentence only buttons are boilerplate, around them more is; in a row of data
    nothing is.
    """
    sentences = [number for number in range(first, last) if weights[number] > 0] or [last]
    rows = {piece.row for piece in pieces[first:last] if piece.row and not is_boilerplate(piece.text)}
    if _is_excerpt(pieces, first, last):
        first += 1
    in_box = plays = False
    for number in range(first, last):
        piece = pieces[number]
        if weights[number] == INSET:
            continue
        if piece.kind is not Kind.TEXT:
            plays = piece.kind is Kind.MEDIA
            if not in_box and not _is_on_a_button(pieces, number):
                yield number
            continue
        text = piece.text
        if is_barrier(weights[number]):
            in_box = True
        elif not (in_box and piece.linked * 2 > len(text)):
            in_box = False
            if piece.linked * 2 > len(text) and (is_stop(text) or is_stop(piece.marked.partition(GAP)[0])):
                continue  # 相关：another article
            inside = sentences[0] <= number <= sentences[-1]
            plays = is_player(text) or (plays and goes_with_player(text))
            if (piece.row and not rows.isdisjoint((piece.row - 1, piece.row))) or is_media_link(piece.link):
                yield number
            elif (
                plays or _is_on_a_button(pieces, number) or _goes_with_the_page(pieces, number, inside=inside)
            ):
                continue
            elif not (is_button(text) if inside else is_boilerplate(text)) and not is_empty_label(text):
                yield number


def _is_on_a_button(pieces: Sequence[TextBlock], number: int) -> bool:
    """Tell whether a picture and the word below it are one link that leads nowhere: ``[花] 鲜花``, a reader's mood."""
    link = pieces[number].link
    if not _NOWHERE.match(link):
        return False
    beside = (
        pieces[number + 1 : number + 2]
        if pieces[number].kind is Kind.PICTURE
        else pieces[number - 1 : number]
    )
    return any(piece.link == link and piece.kind is not pieces[number].kind for piece in beside)


def _goes_with_the_page(pieces: Sequence[TextBlock], number: int, *, inside: bool) -> bool:
    """Tell whether a line is the page's because of what stands beside it."""
    text = pieces[number].text
    return (
        (is_count(text) and _is_by_a_picture(pieces, number))
        or (not inside and _names_account(pieces, number))
        or (is_publisher(text) and any(is_notice(line.text) for line in pieces[number + 1 : number + 4]))
    )


def _names_account(pieces: Sequence[TextBlock], number: int) -> bool:
    """Tell whether a line above or below the text is the name of an account by the button to follow it."""
    text = pieces[number].text
    before, *_ = beside = pieces[max(number - 1, 0) : number + 2]
    return (
        len(text) <= _LONGEST_ACCOUNT
        and not is_credit(text)
        and (before.kind is Kind.TEXT or not is_content(before))  # else its caption
        and any(piece.kind is Kind.TEXT and is_follow(piece.text) for piece in beside)
    )


def _is_by_a_picture(pieces: Sequence[TextBlock], number: int) -> bool:
    around = pieces[max(number - _BY_A_PICTURE, 0) : number + _BY_A_PICTURE + 1]
    return any(piece.kind is Kind.PICTURE and not piece.row for piece in around)


def _once(pieces: Sequence[TextBlock], numbers: list[int]) -> list[int]:
    """Return the pieces without a second copy of the whole text, which some systems print for phones."""
    lines = [number for number in numbers if pieces[number].kind is Kind.TEXT]
    texts = [pieces[number].text for number in lines]
    half = len(texts) // 2
    if half and texts[:half] == texts[half : 2 * half] and sum(map(len, texts[:half])) >= _COPY:
        return [number for number in numbers if number < lines[half]] + lines[2 * half :]
    return numbers


def _is_excerpt(pieces: Sequence[TextBlock], first: int, last: int) -> bool:
    """Tell whether the first line only repeats the beginning of what follows.

    It is cut (``1月15日，云汀县召开...``), or says what it is (``摘要：…``).
    """
    if last - first < 2:
        return False
    text = pieces[first].text
    label = _ABSTRACT.match(text)
    printed = text[label.end() :] if label else text
    begun = _BLANKS.sub("", printed.rstrip(" .…"))
    if len(begun) < _SHORTEST_EXCERPT or not (label or len(printed.rstrip(" .…")) < len(printed)):
        return False
    following = [
        _BLANKS.sub("", piece.text) for piece in pieces[first + 1 : last] if piece.kind is Kind.TEXT
    ][:_EXCERPT_LINES]
    return any("".join(following[number:]).startswith(begun) for number in range(min(len(following), 3)))


def _pictures_behind(pieces: Sequence[TextBlock], last: int) -> list[int]:
    """Return the pictures right behind the body and the lines that say that they are their captions.

    Newspapers' systems set them outside the text.
    """
    found: list[int] = []
    for picture, line in zip(pieces[last::2], pieces[last + 1 :: 2], strict=False):
        is_picture = picture.kind is Kind.PICTURE and is_shown(picture)
        if not is_picture or line.kind is not Kind.TEXT or line.linked or not _names_picture(line.text):
            break
        found += [last + len(found), last + len(found) + 1]
    return found


def _names_picture(text: str) -> bool:
    return len(text) <= _LONGEST_CAPTION and says_caption(text)


def _credits_behind(pieces: Sequence[TextBlock], last: int, weights: Sequence[float]) -> Iterator[int]:
    """Yield the credit lines that stand outside the box, right behind the body: 责任编辑：…

    Behind a list of other articles only an editor's line counts: it is the page's last word on this one.
    """
    beyond = False
    for number in range(last, min(last + _BEHIND, len(pieces))):
        piece = pieces[number]
        if piece.kind is not Kind.TEXT:
            continue
        beyond = beyond or is_barrier(weights[number]) or number >= last + _RIGHT_BEHIND
        if piece.linked * 2 > len(piece.marked) or is_empty_label(piece.text):
            continue
        row = EDITOR.search(piece.text) is not None and is_header_row(piece.spaced)
        if not row and not is_credit(piece.spaced):
            continue
        if not beyond or EDITOR.search(piece.text):
            yield number
