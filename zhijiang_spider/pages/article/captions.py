"""Which lines are captions of pictures."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, islice, pairwise, takewhile

from lxml.etree import _Element

from archive.model.article import Attachment, Image, MediaType
from zhijiang_spider.pages.article.body import Body
from zhijiang_spider.pages.article.caption_types import captions_in_own_type
from zhijiang_spider.pages.article.caption_words import ENDS, ENGLISH, SENTENCES, says_caption
from zhijiang_spider.pages.article.galleries import LONGEST_COLUMN, TEXT_TAGS, captions_of_galleries
from zhijiang_spider.pages.article.media import (
    embedded,
    is_background,
    is_decoration,
    linked_file,
    picture_url,
)
from zhijiang_spider.pages.article.set_apart import of_pairs, without_tools
from zhijiang_spider.pages.boilerplate import (
    LEADING,
    PLACEHOLDER,
    TRAILING,
    is_boilerplate,
    is_count,
    is_credit,
    is_stop,
)
from zhijiang_spider.pages.elements import CELLS
from zhijiang_spider.pages.header import is_date
from zhijiang_spider.pages.seen import GAP, Kind, RenderedPage, TextBlock, ancestors, tidy
from zhijiang_spider.vocabulary import any_of

_FILES_BELOW = 6
"""Pieces below the body among which a box of its files may stand."""


_CAPTION_CLASS = re.compile(
    r"caption|img-?_?(?:desc|text|note|info|title|tip|explain)|image-?_?(?:desc|text|note|title|info|name|introduction)|pic-?_?(?:desc|text|note|info|explain|word|memo|txt|tips)|photo-?_?(?:desc|note|info|alt)|tushuo|tuzhu|tu_zhu|zhutu|f_center_note",
    re.IGNORECASE,
)


_PICTURE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:pic|pics|picture|photo|img|image|figure|illus|illustration|tupian|tu|slide|gallery)(?:[\s_-]|box|wrap|$)|swiper-slide",
    re.IGNORECASE,
)
"""Classes of boxes made for one picture."""


_SIZE = re.compile(
    r"[_-](?:s|m|b|l|small|mid|middle|big|large|thumb|thumbnail|mini|\d{2,4}x\d{2,4})(?=\.\w{3,4}$)"
    r"|(?<=/)(?:s|m|b|l|small|mid|middle|big|large|thumb|thumbnail|mini)[_-](?=[^/]{1,200}$)|(?<=/)(?:small|thumbs?|thumbnails?|mini)/(?=[^/]{1,200}$)"
    r"|(?<=\.jpg|\.png|\.gif)[!@][\w!-]{1,40}$|(?<=\.jpeg|\.webp)[!@][\w!-]{1,40}$",
    re.IGNORECASE,
)
"""How an address says which size of a picture it is: a strip of thumbnails shows the same pictures again."""
_WIDTH = re.compile(r"[_-](?:[6-9]\d|[1-4]\d\d)(?=\.\w{3,4}$)")
"""The same by a width alone, which is only told from a picture's number where the whole picture is shown too."""
_LARGE = re.compile(r"[_-](?:b|l|big|large)(?=\.\w{3,4}$)", re.IGNORECASE)
_COUNTER = re.compile(r"[（(【\[]?\d{1,3}\s?[/／]\s?\d{1,3}[）)】\]]?[\s\u3000.、]{1,3}(?=\S)")
"""Which of the pictures it is, before the words of a caption."""
_FILE = re.compile(
    r"[\w.-]{1,80}\.(?:jpe?g|png|gif|bmp|webp)\s?[(（]\s?[\d.]{1,8}\s?[KM]i?B\b.{0,40}[)）]", re.IGNORECASE
)
"""What forums print below an uploaded picture: its file, and how often it was fetched."""
_LONGEST_CAPTION = 150
_LONGEST_ENGLISH = 400


_LONGEST_NAMES = 20
"""Characters of a line that only says who took a picture."""


_TELLING = 12
"""Characters of a caption that tells something; shorter ones only name what is seen."""


_CAPTION_LEVELS = 2
"""Levels around a line on which an element is looked for that holds a caption."""


_BOX_LEVELS = 6
"""Levels above a picture on which its caption's element is looked for."""


_FEW = 8
"""Children of a line's element that are looked at."""


_BOX_PIECES = 6
"""Pictures with one caption, and the caption."""


def visible_content(
    reading: RenderedPage, body: Body, base: str
) -> tuple[list[str], list[Image], list[Attachment]]:
    """Turn the body's pieces into paragraphs, pictures with captions, and attachments."""
    paragraphs: list[str] = []
    images: list[Image] = []
    row = 0
    picture: TextBlock | None = None
    box: _Element | None = None
    places: dict[TextBlock, int] = {}
    shown: set[str] = set()
    pieces = [reading.pieces[number] for number in body.numbers]
    centred = _centring_means_caption(pieces)
    # a picture and a sentence with its photographer: that is the text
    alone = len([*islice(filter(_is_prose, pieces), 2)]) == 1
    in_columns = captions_of_galleries(reading, pieces)
    in_own_type = captions_in_own_type(pieces)
    whole = {picture_url(piece.node, base) for piece in pieces if piece.kind is Kind.PICTURE}
    for piece in (*(reading.pieces[number] for number in body.above), *pieces):
        if piece.kind is Kind.PICTURE:
            address = picture_url(piece.node, base)
            if not address or is_decoration(piece.node, address):
                continue
            if is_background(piece.node) and paragraphs and not _is_for_a_picture(piece.node):  # of a frame
                continue
            name = _SIZE.sub("", address)
            if name != address and (name in shown or (name in whole and not _LARGE.search(address))):
                continue
            whole_name = _WIDTH.sub("", address)
            if whole_name != address and whole_name in shown:
                continue
            shown.add(name)
            box = None
            places[piece] = len(images)
            images.append(Image(address, "", len(paragraphs)))
            picture = piece
        elif piece.kind is Kind.TEXT:
            text = _words(piece)
            if not paragraphs and (label := _SUMMARY.match(text)) and _is_set_apart(piece.node, label[0]):
                text = tidy(text[label.end() :])
            if not text or (PLACEHOLDER.fullmatch(text) and not piece.row) or _is_file(text):
                continue
            if not piece.row and box is not None and _caption_box(piece.node) is box:
                images[-1] = replace(images[-1], caption=f"{images[-1].caption} {text}")
                continue
            its = in_columns.get(piece)
            if picture is not None and (
                piece in in_own_type
                or is_caption(piece, centred=centred, alone=alone)
                or _share_a_box(reading, picture, piece, body)
            ):
                its = its or picture
            picture = box = None
            if its in places:
                caption = text[found.end() :] if (found := _COUNTER.match(text)) else text
                images[places[its]] = replace(images[places[its]], caption=caption)
                box = _caption_box(piece.node)
                continue
            if piece.row and piece.row == row:
                paragraphs[-1] = f"{paragraphs[-1]} {text}"
            else:
                paragraphs.append(text)
            row = piece.row
    if all(map(_only_names, paragraphs)) and any(len(image.caption) >= _TELLING for image in images):
        told, images = _picture_story(images)
        paragraphs = told + paragraphs
    return paragraphs, images, _attachments(reading, body, base)


def _attachments(reading: RenderedPage, body: Body, base: str) -> list[Attachment]:
    """Return the players and files in the body, the films above it and the files in a box below it."""
    inside = [reading.pieces[number] for number in (*body.above, *body.numbers)]
    found = [item for piece in inside for item in _embedded_or_linked(piece, base)]
    below = takewhile(_may_be_a_file, reading.pieces[body.end : body.end + _FILES_BELOW])
    files = (item for piece in below for item in _embedded_or_linked(piece, base))
    found += [item for item in files if item.kind is MediaType.FILE]
    return list({item.url: item for item in reversed(found)}.values())[::-1]


def _embedded_or_linked(piece: TextBlock, base: str) -> list[Attachment]:
    if piece.kind is Kind.MEDIA:
        return list(filter(None, [embedded(piece.node, base)]))
    return _files(piece, _words(piece), base) if piece.link or piece.parts else []


def _files(piece: TextBlock, text: str, base: str) -> list[Attachment]:
    """Return the files, films and sounds that a line links to, under its text or, if they are several, their own."""
    links = [(said, href) for said, href in piece.parts if href] or [(text, piece.link)]
    found = (linked_file(href, text if len(links) == 1 else tidy(said), base) for said, href in links if href)
    return list(filter(None, found))


def _may_be_a_file(piece: TextBlock) -> bool:
    """Tell whether the article's files may still follow: not behind what opens other articles or comments."""
    return not piece.aside and not (piece.kind is Kind.TEXT and is_stop(piece.text))


def _only_names(text: str) -> bool:
    """Tell whether a line names who made the article or its pictures, and says nothing else."""
    return is_credit(text) or (len(text) <= _LONGEST_NAMES and ENDS.search(text) is not None)


def _picture_story(images: Sequence[Image]) -> tuple[list[str], list[Image]]:
    """Make captions the text: that is all there is, and it still says which picture it is about."""
    paragraphs = list(dict.fromkeys(image.caption for image in images if image.caption))
    places = accumulate((bool(image.caption) for image in images[:-1]), initial=0)
    placed = [
        Image(image.url, image.caption, min(place, len(paragraphs)))
        for image, place in zip(images, places, strict=True)
    ]
    return paragraphs, placed


_SUMMARY = re.compile(rf"{any_of('boilerplate.summary_labels')} ?[:：]")
"""The name of a field that a page sets apart before the text: <span>简介：</span>."""
_LABEL_SET_APART = re.compile(f" ?{GAP}(?=[\u4e00-\u9fff](?:[ \u3000]{{0,2}}[\u4e00-\u9fff]){{1,5}}[:：|丨])")
"""Before a label that a style sets apart from the value before it: <span>录入：某某</span><span>编辑：某某</span>."""


def _is_set_apart(node: _Element, label: str) -> bool:
    """Tell whether an element begins with one that holds a label and nothing else."""
    first = next(node.iterchildren("*"), None)
    return not (node.text or "").strip() and first is not None and tidy("".join(first.itertext("*"))) == label


def _words(piece: TextBlock) -> str:
    """Return a line's own words, without buttons of the page before and behind them."""
    marked = piece.marked
    if GAP in marked:
        if is_credit(piece.spaced):
            marked = without_tools(marked)
        marked = of_pairs(marked)
    text = _LABEL_SET_APART.sub(" ", marked).replace(GAP, "") if GAP in marked else marked
    if piece.linked and marked is piece.marked and is_credit(text):
        text = tidy("".join(part for part, link in piece.parts if not link or not is_boilerplate(tidy(part))))
    if buttons := LEADING.match(text):
        text = text[buttons.end() :]
    return TRAILING.sub("", text) if piece.linked else text


def _centring_means_caption(pieces: Sequence[TextBlock]) -> bool:
    """Tell whether centred lines stand behind pictures and hardly elsewhere; some articles centre every line."""
    if not any(piece.centred for piece in pieces):
        return True
    real = [piece for piece in pieces if not PLACEHOLDER.fullmatch(piece.text)]
    lines = [(before, line) for before, line in pairwise(real) if line.kind is Kind.TEXT and line.centred]
    elsewhere = sum(before.kind is Kind.TEXT and not is_credit(line.text) for before, line in lines)
    return elsewhere <= max(2, len(lines) // 3)


def _is_file(text: str) -> bool:
    return text.endswith((")", "）")) and _FILE.fullmatch(text) is not None


def _is_prose(piece: TextBlock) -> bool:
    """Tell whether a piece is a line of text, and no credit or placeholder."""
    return piece.kind is Kind.TEXT and not PLACEHOLDER.fullmatch(piece.text) and not is_credit(piece.text)


def _caption_box(node: _Element) -> _Element | None:
    """Return the element, this one or one around it, whose tag or class says that it holds a caption."""
    for box in islice(ancestors(node), _CAPTION_LEVELS):
        if box.tag == "figcaption" or _CAPTION_CLASS.search(
            f"{box.get('class') or ''} {box.get('id') or ''}"
        ):
            return box
    return None


def _is_marked_inside(node: _Element, text: str) -> bool:
    """Tell whether all of a line is in an inline element whose class says so: ``<p><img><span class=caption>…``."""
    inside = (child for child in islice(node.iterchildren("span", "em", "font", "i", "small"), _FEW))
    return any(
        _CAPTION_CLASS.search(f"{child.get('class') or ''} {child.get('id') or ''}")
        and tidy("".join(child.itertext())) == text
        for child in inside
    )


def is_caption(piece: TextBlock, *, centred: bool, alone: bool) -> bool:
    """Tell whether the line right behind a picture is its caption: by its tag, class, words or centring."""
    text = piece.text
    node = piece.node
    if len(text) <= _LONGEST_ENGLISH and ENGLISH.search(text):
        return not piece.row
    if piece.row or len(text) > _LONGEST_CAPTION or is_date(text):
        return False
    if is_credit(text) and not ENDS.search(text):
        return False
    if _caption_box(node) is not None or _is_marked_inside(node, text):
        return True
    if alone:
        return False
    if says_caption(text):
        return True
    return (
        centred and piece.centred and not piece.bold and len(text) <= 60 and not SENTENCES.search(text[:-1])
    )


def _is_figure(reading: RenderedPage, box: _Element) -> bool:
    """Tell whether an element holds a picture and one line, and is made for that: an item of a list, ``<div class=pic>``."""
    return _holds_a_figure(reading, box) and (
        box.tag == "li" or _is_for_a_picture(box) or _is_one_of_several(reading, box)
    )


def _is_for_a_picture(node: _Element) -> bool:
    return _PICTURE_CLASS.search(node.get("class") or "") is not None


def _holds_a_figure(reading: RenderedPage, box: _Element) -> bool:
    start, end = reading.spans.get(box, (0, 0))
    return [piece.kind for piece in reading.pieces[start:end]] == [Kind.PICTURE, Kind.TEXT]


def _is_one_of_several(reading: RenderedPage, box: _Element) -> bool:
    """Tell whether the element before or behind is called the same and holds a picture and one line too: a gallery."""
    return box.tag not in TEXT_TAGS and any(
        beside is not None
        and beside.tag == box.tag
        and beside.get("class") == box.get("class")
        and _holds_a_figure(reading, beside)
        for beside in (box.getprevious(), box.getnext())
    )


def _share_a_box(reading: RenderedPage, picture: TextBlock, line: TextBlock, body: Body) -> bool:
    """Tell whether a picture and the line behind it are alone in an element: ``<td>`` and ``<td>`` of a table."""
    if line.row or len(line.text) > LONGEST_COLUMN or is_credit(line.text) or is_date(line.text):
        return False
    holders = set(islice(ancestors(picture.node), _BOX_LEVELS))
    around = list(islice(ancestors(line.node), _BOX_LEVELS))
    level = next((level for level, node in enumerate(around) if node in holders), None)
    if level is None:
        return False
    box = around[level]
    if _is_figure(reading, box):
        return True
    in_cell = any(node.tag in CELLS for node in around[:level])
    if level == 0 or (line.node.tag == "p" and not in_cell):
        # Many things stand in paragraphs, and beside each other: only words that are no sentence go with a picture.
        if line.bold or SENTENCES.search(line.text):
            return False
        if level == 0 and line.node.tag == "p":
            return True
        if level and picture.node.getparent() is not box:
            return False
    start, end = reading.spans[box]
    if end - start > _BOX_PIECES or (start <= body.numbers[0] and body.numbers[-1] < end):
        return False
    inside = reading.pieces[start:end]
    lines = [piece for piece in inside if piece.kind is Kind.TEXT and not is_count(piece.text)]
    return lines[:1] == [line] and all(map(_names_photographer, lines[1:]))


def _names_photographer(line: TextBlock) -> bool:
    """Photo by Tan Weijie, on a line of its own below the caption."""
    return is_credit(line.text)
