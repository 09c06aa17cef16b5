"""Which pieces in and behind the article's box are the article's own, and which go with the page."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, islice, takewhile

from zhijiang_spider.pages.article.caption_words import says_caption
from zhijiang_spider.pages.article.galleries import holds_figures
from zhijiang_spider.pages.article.lead import (
    is_shown,
)
from zhijiang_spider.pages.article.media import is_media_link
from zhijiang_spider.pages.article.runs import EDITOR
from zhijiang_spider.pages.article.set_apart import of_pairs
from zhijiang_spider.pages.article.weights import (
    INSET,
    is_barrier,
    is_content,
)
from zhijiang_spider.pages.boilerplate import (
    asks_to_follow,
    asks_to_scan,
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
from zhijiang_spider.pages.header import is_header_row
from zhijiang_spider.pages.pager_line import is_pager_line, may_be_of_pager
from zhijiang_spider.pages.seen import GAP, Kind, RenderedPage, TextBlock, ancestors
from zhijiang_spider.text.characters import plain_copy
from zhijiang_spider.text.names import split_names
from zhijiang_spider.vocabulary import any_of, spellings

_ABSTRACT = re.compile(
    rf"[\s\u3000【\[]{{0,4}}{any_of('boilerplate.abstracts')}[\s\u3000】\]]{{0,4}}[:：]?[\s\u3000]{{0,4}}"
)
_ABSTRACTS = tuple(spellings("boilerplate.abstract_fields"))
_ABSTRACT_CLASS = re.compile(r"summary|abstract|digest|intro|zhaiyao|zy\b|desc", re.IGNORECASE)
"""What the element of such a field is called."""
_NOWHERE = re.compile(r"#|javascript:", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")
_BREAKS = re.compile(r"[\s/／]+")
"""What parts lines; an abstract sets a slash between those of a poem."""
_SHORTEST_EXCERPT, _EXCERPT_LINES = 4, 12
"""Characters of a line that repeats the text, and lines that it may repeat."""
_COPY = 30
"""Characters: what is repeated and shorter is a refrain."""
_RIGHT_BEHIND, _BEHIND = 12, 60
"""Pieces behind the body among which any credit line, and an editor's line, is looked for."""
_BY_A_PICTURE = 3
"""Pieces between a picture and the line that counts it."""
_LONGEST_ACCOUNT = 16
"""Characters of an account's name."""
_LONGEST_LABEL, _LONGEST_NAMES = 8, 12
"""Characters of a credit's label and names that stand on two lines."""
_GALLERY_LEVELS = 4
"""Elements around a picture behind the text, one of which may hold a gallery."""
_PICTURES = re.compile(rf"{any_of('captions.labels_of_cells')}[\s\u3000]{{0,4}}[:：]?")
_LONGEST_CAPTION = 150
"""Characters of a caption behind the body."""


def kept_pieces(
    pieces: Sequence[TextBlock], weights: Sequence[float], first: int, last: int
) -> Iterator[int]:
    """Yield the numbers of the article's own pieces; a box of links inside the text is left out whole.

    Between the first and the last sentence only buttons are boilerplate, around them more is; in a row of data
    nothing is.
    """
    sentences = [number for number in range(first, last) if weights[number] > 0] or [last]
    pagers = _pagers(pieces, first, last)
    signs = _account_pictures(pieces, first, last, sentences)
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
            if not in_box and number not in signs and not _is_on_a_button(pieces, number):
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
                plays
                or number in pagers
                or _is_on_a_button(pieces, number)
                or _goes_with_the_page(pieces, number, first, inside=inside)
                or (number > sentences[-1] and _is_by_a_code(pieces, number))
            ):
                continue
            elif not (is_button(text) if inside else is_boilerplate(text)) and not is_empty_label(text):
                yield number


def _pagers(pieces: Sequence[TextBlock], first: int, last: int) -> set[int]:
    """Return the lines that lead to the article's other pages, set on one line or on one each."""
    found: set[int] = set()
    for may_be, run in groupby(range(first, last), key=lambda number: _may_be_of_pager(pieces[number])):
        if may_be:
            numbers = list(run)
            lines = [pieces[number] for number in numbers]
            if is_pager_line(
                " ".join(line.text for line in lines), linked=any(line.linked for line in lines)
            ):
                found.update(numbers)
    return found


def _may_be_of_pager(piece: TextBlock) -> bool:
    return piece.kind is Kind.TEXT and not piece.row and may_be_of_pager(piece.text)


def _account_pictures(
    pieces: Sequence[TextBlock], first: int, last: int, sentences: Sequence[int]
) -> set[int]:
    """Return the pictures above and below the text that go with a line that asks to follow or to scan.

    Above the text that is the picture before the line; below it the one right behind the line, or, where the line
    speaks of a code, the one before it.
    """
    found: set[int] = set()
    for number in (*range(first, min(sentences[0], last)), *range(sentences[-1] + 1, last)):
        line = pieces[number]
        if line.kind is not Kind.TEXT or not asks_to_follow(line.text):
            continue
        is_below = number > sentences[0]
        if is_below and _is_bare_picture(pieces[number + 1 : min(number + 3, last)]):
            found.add(number + 1)
        elif (
            number > first
            and pieces[number - 1].kind is Kind.PICTURE
            and (not is_below or asks_to_scan(line.text))
        ):
            found.add(number - 1)
    return found


def _is_bare_picture(pieces: Sequence[TextBlock]) -> bool:
    """Tell whether the first piece is a picture and the second no caption of it."""
    captioned = len(pieces) > 1 and pieces[1].kind is Kind.TEXT and says_caption(pieces[1].text)
    return bool(pieces) and pieces[0].kind is Kind.PICTURE and not captioned


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


def _goes_with_the_page(pieces: Sequence[TextBlock], number: int, first: int, *, inside: bool) -> bool:
    """Tell whether a line is the page's because of what stands beside it."""
    text = pieces[number].text
    return (
        (is_count(text) and _is_by_a_picture(pieces, number))
        or (not inside and _names_account(pieces, number, first))
        or (is_publisher(text) and any(is_notice(line.text) for line in pieces[number + 1 : number + 4]))
    )


def _is_by_a_code(pieces: Sequence[TextBlock], number: int) -> bool:
    """Tell whether a short line stands right behind a sign of the page: an account's motto below its code."""
    sign, text = pieces[number - 1], pieces[number].text
    is_sign = number > 0 and sign.kind is Kind.PICTURE and not is_content(sign)
    return is_sign and len(text) <= _LONGEST_ACCOUNT and not is_credit(text)


def _names_account(pieces: Sequence[TextBlock], number: int, first: int) -> bool:
    """Tell whether a line above or below the text is the name of an account by the button to follow it.

    A button before ``first``, where the body begins, goes with the head's own account.
    """
    text = pieces[number].text
    before = pieces[max(number - 1, 0)]
    return (
        len(text) <= _LONGEST_ACCOUNT
        and not is_credit(text)
        and (before.kind is Kind.TEXT or not is_content(before))  # else its caption
        and any(
            piece.kind is Kind.TEXT and is_follow(piece.text)
            for piece in pieces[max(number - 1, first) : number + 2]
        )
    )


def _is_by_a_picture(pieces: Sequence[TextBlock], number: int) -> bool:
    around = pieces[max(number - _BY_A_PICTURE, 0) : number + _BY_A_PICTURE + 1]
    return any(piece.kind is Kind.PICTURE and not piece.row for piece in around)


def without_copy(pieces: Sequence[TextBlock], numbers: list[int]) -> list[int]:
    """Return the pieces without a second copy of the whole text, which some systems print for phones.

    A copy has an element of its own: lines that come again beside themselves are verses.
    """
    lines = [number for number in numbers if pieces[number].kind is Kind.TEXT]
    texts = [pieces[number].text for number in lines]
    half = len(texts) // 2
    if (
        half
        and texts[:half] == texts[half : 2 * half]
        and sum(map(len, texts[:half])) >= _COPY
        and _holder(pieces, lines[:half]) is not _holder(pieces, lines[half : 2 * half])
    ):
        return [number for number in numbers if number < lines[half]] + lines[2 * half :]
    return numbers


def _holder(pieces: Sequence[TextBlock], lines: Sequence[int]) -> object:
    """Return the element that holds some lines: their own where breaks part them, else the one around their paragraphs."""
    first, last = pieces[lines[0]].node, pieces[lines[-1]].node
    return first if first is last and first.tag != "p" else first.getparent()


def _is_excerpt(pieces: Sequence[TextBlock], first: int, last: int) -> bool:
    """Tell whether the first line only repeats the beginning of what follows.

    It is cut (``1月15日，云汀县召开...``), or says what it is (``摘要：…``).  An abstract that a system prints
    from a field of its own, above the element of the text, goes with the page in other words too.
    """
    if last - first < 2:
        return False
    text = pieces[first].text
    label = _ABSTRACT.match(text)
    if label and _is_field(pieces, first, label[0]):
        return True
    printed = text[label.end() :] if label else text
    begun = _BREAKS.sub("", printed.rstrip(" .…"))
    if len(begun) < _SHORTEST_EXCERPT or not (label or len(printed.rstrip(" .…")) < len(printed)):
        return False
    following = [
        _BREAKS.sub("", piece.text) for piece in pieces[first + 1 : last] if piece.kind is Kind.TEXT
    ][:_EXCERPT_LINES]
    return any("".join(following[number:]).startswith(begun) for number in range(min(len(following), 3)))


def _is_field(pieces: Sequence[TextBlock], number: int, label: str) -> bool:
    """Tell whether a line is the field of an abstract: its element is called so, and holds none of the text."""
    node, around = pieces[number].node, pieces[number].node.getparent()
    following = next((piece for piece in pieces[number + 1 : number + 3] if piece.kind is Kind.TEXT), None)
    return (
        label.strip(" \u3000【】[]:：").endswith(_ABSTRACTS)
        and _ABSTRACT_CLASS.search(f"{node.get('class') or ''} {node.get('id') or ''}") is not None
        and following is not None
        and following.node.getparent() is not around
    )


def pictures_behind(reading: RenderedPage, last: int) -> list[int]:
    """Return the pictures right behind the body and the lines that say that they are their captions.

    Newspapers' systems set them outside the text, others in an element that holds nothing but pictures and lines
    that lead nowhere.  Where a page is one form they have a cell of their own, behind
    the cell that says 相关图片：.
    """
    pieces = reading.pieces
    if _is_pictures_label(pieces[last : last + 1]):
        cell = pieces[last].cell + 1
        return [*takewhile(lambda number: pieces[number].cell == cell, range(last + 1, len(pieces)))]
    if gallery := _gallery_at(reading, last):
        return gallery
    found: list[int] = []
    for picture, line in zip(pieces[last::2], pieces[last + 1 :: 2], strict=False):
        is_picture = picture.kind is Kind.PICTURE and is_shown(picture)
        if not is_picture or line.kind is not Kind.TEXT or line.linked or not _names_picture(line.text):
            break
        found += [last + len(found), last + len(found) + 1]
    return found


def _gallery_at(reading: RenderedPage, first: int) -> list[int]:
    """Return the pieces of the element that begins with a picture and holds a gallery; teasers of articles are links."""
    pieces = reading.pieces
    if first >= len(pieces) or pieces[first].kind is not Kind.PICTURE:
        return []
    for box in islice(ancestors(pieces[first].node), _GALLERY_LEVELS):
        start, end = reading.spans.get(box, (0, 0))
        if start < first:
            break
        if holds_figures(reading, box):
            inside = pieces[start:end]
            own = all(is_shown(piece) if piece.kind is Kind.PICTURE else not piece.linked for piece in inside)
            return [*range(start, end)] if own else []
    return []


def _is_pictures_label(behind: Sequence[TextBlock]) -> bool:
    return any(piece.cell and _PICTURES.fullmatch(piece.text[:_LONGEST_ACCOUNT]) for piece in behind)


def _names_picture(text: str) -> bool:
    return len(text) <= _LONGEST_CAPTION and says_caption(text)


def credits_behind(pieces: Sequence[TextBlock], last: int, weights: Sequence[float]) -> Iterator[int]:
    """Yield the credit lines that stand outside the box, right behind the body: 责任编辑：…

    Behind a list of other articles only an editor's line counts: it is the page's last word on this one.
    """
    beyond = False
    value = -1
    for number in range(last, min(last + _BEHIND, len(pieces))):
        piece = pieces[number]
        if piece.kind is not Kind.TEXT:
            continue
        if number == value:
            yield number
            continue
        beyond = beyond or is_barrier(weights[number]) or number >= last + _RIGHT_BEHIND
        if (not beyond or EDITOR.search(f"{piece.text}：")) and _is_label_of(
            piece, pieces[number + 1 : number + 2]
        ):
            value = number + 1
            yield number
            continue
        if piece.linked * 2 > len(piece.marked) or is_empty_label(piece.text):
            continue
        row = EDITOR.search(piece.text) is not None and is_header_row(piece.spaced)
        if not row and not is_credit(of_pairs(piece.marked).replace(GAP, " ")):
            continue
        if not beyond or EDITOR.search(piece.text):
            yield number


def _unpadded(names: str) -> str:
    """Return a name without the blanks that set it as wide as those of three letters; several names stay."""
    joined = _BLANKS.sub("", names)
    return joined if len(joined) < _SHORTEST_PAIR else names


_SHORTEST_PAIR = 4
"""Letters of two names."""


def _is_label_of(label: TextBlock, behind: Sequence[TextBlock]) -> bool:
    """Tell whether a line is the label and the one behind it the names of a credit: two cells, ``<dt>`` and ``<dd>``.

    Without a colon between, only known surnames make names.
    """
    text = label.text.rstrip(" :：")
    return any(
        names.kind is Kind.TEXT
        and not names.linked
        and len(text) <= _LONGEST_LABEL
        and len(names.text) <= _LONGEST_NAMES
        and is_empty_label(f"{text}：")
        and bool(split_names(_unpadded(plain_copy(names.text))))
        for names in behind
    )
