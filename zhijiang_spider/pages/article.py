"""An article page → RawArticle: what the page says, nothing interpreted."""

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate, islice, pairwise

from lxml.etree import _Element
from parsel import Selector

from archive.article import Attachment, Image
from zhijiang_spider.items import RawArticle
from zhijiang_spider.pages.body import Body, body_of, find_body, is_veiled_body
from zhijiang_spider.pages.breadcrumb import Breadcrumb, find_breadcrumb, read_breadcrumb, row_behind
from zhijiang_spider.pages.byline import byline_of
from zhijiang_spider.pages.choice import Candidate, Choice, choose, named
from zhijiang_spider.pages.declared import Declared, read_declared
from zhijiang_spider.pages.errors import LayoutChanged
from zhijiang_spider.pages.furniture import LEADING, PLACEHOLDER, TRAILING, is_credit, is_furniture
from zhijiang_spider.pages.header import (
    clean_source,
    date_of,
    declared_date,
    is_header_row,
    is_label,
    outlet_of,
    source_of,
)
from zhijiang_spider.pages.links import page_base
from zhijiang_spider.pages.media import embedded, is_decoration, linked_file, picture_url, scripted
from zhijiang_spider.pages.parts import next_part
from zhijiang_spider.pages.reading import GAP, Kind, Piece, Reading, ancestors, read_as_seen, tidy
from zhijiang_spider.pages.titles import Headline, find_headline, folded, with_neighbours
from zhijiang_spider.site import Site

_CAPTION_CLASS = re.compile(
    r"caption|img-?_?(?:desc|text|note|info|title|tip|explain)|image-?_?(?:desc|text|note|title|info|name|introduction)|pic-?_?(?:desc|text|note|info|explain|word|memo|txt|tips)|photo-?_?(?:desc|note|info|alt)|tushuo|tuzhu|tu_zhu|zhutu|f_center_note",
    re.IGNORECASE,
)
_CAPTION_START = re.compile(
    r"[\s\u3000]{0,4}(?:[▲△↑▼▽◀▶●]|图为|图[一二三四五六七八九十\d]{0,3}[:：]|[（(]?图片?[:：/]|上图|下图|左图|右图|题图|资料图|圖為|图[①②③④⑤⑥⑦⑧⑨]|①)"
)
_CAPTION_END = re.compile(
    r"(?:"
    r"[\u4e00-\u9fff·]{2,4}[\s\u3000]{1,3}(?:摄影报道|摄影|摄|攝|供图|图|提供)"
    r"|(?:^|[\s\u3000。！？；（(])[\u4e00-\u9fffA-Za-z·、]{2,16}(?:摄影|(?<!拍)摄|攝|供图)"
    r"|(?:资料图片?|资料照片?|資料照片?|视频截图|报道截图|网络截图|图片来源.{0,20})"
    r")[\s\u3000]{0,2}[）)】\]]?[\s\u3000]{0,2}[。.]?$"
)
"""Whoever took or gave a picture, at the end of its caption; a sentence that ends in 蓝图 or 拍摄 is none."""
_EDITION = re.compile(r"第?\s?[A-Z]{0,2}\d{1,3}\s?版(?:[:：\s]{1,3}\S{0,12})?")
"""The line that names a page of a newspaper: 第03版：要闻."""
_YEAR = re.compile(r"\d{4}|[０-９]{4}")
_SENTENCES = re.compile("[。！？；]")
_LONGEST_CAPTION = 150
_TELLING = 12
"""Characters of a caption that tells something; shorter ones only name what is seen."""

_ACCOUNT_CLASS = re.compile(
    r"(?:^|[\s_-])(?:author|source|media|account|nick)(?:[_-]?name)?(?=$|[\s_-])", re.IGNORECASE
)
_LONGEST_BYLINE = 120
_HEADER_PIECES = 6
"""Pieces behind the title that may hold its row of date and source where no text follows."""
_LITTLE_TEXT = 200
"""Characters of text up to which a video that a script plays is what the page is about."""
_BOX_LEVELS = 6
"""Levels above a picture on which its caption's element is looked for."""
_BOX_PIECES = 6
"""Pictures with one caption, and the caption."""


def extract_article(selector: Selector, url: str, site: Site) -> RawArticle:
    """Read an article page.

    ``url``: its absolute address.  A profile's selectors go before what is found by looking.
    Raises ``LayoutChanged`` when there is no title, or neither text nor picture nor video.
    """
    return explain_article(selector, url, site)[0]


def explain_article(selector: Selector, url: str, site: Site) -> tuple[RawArticle, tuple[Choice, ...]]:
    """Read an article page as ``extract_article`` does, and tell for each field how it was found."""
    reading = _read(selector.root)
    declared = read_declared(selector, [text for _, text in reading.marks])
    base = page_base(selector, url)
    pieces = reading.pieces
    headline = find_headline(pieces, declared, (site.title, site.name))
    if chosen := _texts(site, selector, "title"):
        headline = _placed(pieces, chosen[0], refused=headline.title)
    if not headline.title:
        raise LayoutChanged("no title", url)

    def is_title(text: str) -> bool:
        return folded(text) == folded(headline.title)

    body = body_of(reading, _nodes(site.select(selector, "body"))) or find_body(
        reading, headline.last, is_title
    )
    player = scripted(selector.root, base)
    if body is None and player:
        behind = min(headline.last + 1 + _HEADER_PIECES, len(pieces))
        body = Body((), behind, behind, rule="video that a script plays")
    if body is None:
        raise LayoutChanged("no text, picture or video", url)
    crumbs = find_breadcrumb(reading, headline.title, base, body.start)
    if found := _nodes(site.select(selector, "breadcrumb")):
        crumbs = read_breadcrumb(found[0], headline.title, base)
    headline = with_neighbours(headline, reading, body.start, crumbs.elements)
    paragraphs, images, attachments = _content(reading, body, base)
    if player and not attachments and sum(map(len, paragraphs)) <= _LITTLE_TEXT:
        attachments = [player]
    if not paragraphs and not images and not attachments:
        raise LayoutChanged("no text, picture or video", url)
    rows = _texts(site, selector, "header") or _header_rows(pieces, headline, body, crumbs)
    below = [
        line.marked for line in pieces[body.end : body.end + 8] if line.kind is Kind.TEXT and _is_row(line)
    ]

    def profile(name: str) -> list[Candidate]:
        return named(_PROFILE, _texts(site, selector, name))

    kicker = choose(
        "kicker",
        [*profile("kicker"), ("line above the title", headline.kicker), (_DECLARED, declared.kicker)],
    )
    subtitle = choose(
        "subtitle",
        [*profile("subtitle"), ("line below the title", headline.subtitle), (_DECLARED, declared.subtitle)],
    )
    section = choose(
        "section", [*named("breadcrumb", crumbs.elements[-1:]), *named(_DECLARED, declared.sections)]
    )
    published = _published(profile("published"), rows, below, declared)
    account = _account(pieces, headline, body, crumbs)
    source = _source(profile("source"), rows, below, account, declared, crumbs.elements)
    article = RawArticle(
        url=url,
        title=headline.title,
        kicker=kicker.value,
        subtitle=subtitle.value,
        breadcrumb=crumbs.elements,
        breadcrumb_urls=crumbs.urls,
        section=section.value,
        header=tidy(" ".join(rows).replace(GAP, " ")),
        byline=_byline(pieces, headline, body, crumbs),
        published_raw=published.value,
        source_raw=source.value,
        paragraphs=tuple(paragraphs),
        images=tuple(images),
        attachments=tuple(attachments),
        is_newspaper=any(_EDITION.fullmatch(piece.text) for piece in pieces),
        next_url=next_part(selector, url, site),
    )
    title = choose("title", [(headline.rule, headline.title), *named("next best line", headline.refused)])
    refused = tuple(("another run of text", pieces[number].text) for number in body.refused)
    text = Choice("body", "\n".join(paragraphs), body.rule, refused)
    return article, (title, kicker, subtitle, section, published, source, text)


_PROFILE = "profile selector"
_DECLARED = "declared to machines (meta tags, comments, scripts)"
_ROW, _BELOW = "row by the title", "row below the text"


def _read(root: _Element) -> Reading:
    """Read the page as seen; where most of its text is hidden, a script shows it, so it counts as seen."""
    reading = read_as_seen(root)
    seen = sum(len(piece.marked) - piece.linked for piece in reading.pieces)
    veiled = {node: sum(len(text) for text in node.itertext("*")) for node in reading.hidden}
    show = frozenset(
        node
        for node, length in veiled.items()
        if is_veiled_body(node) or (length > 2 * seen + 40 and _has_text(node))
    )
    return read_as_seen(root, show=show) if show else reading


def _has_text(node: _Element) -> bool:
    """Tell whether a hidden element holds lines of text and not only scripts and lists of links."""
    inner = read_as_seen(node, show=frozenset([node]))
    plain = sum(len(piece.marked) - piece.linked for piece in inner.pieces)
    linked = sum(piece.linked for piece in inner.pieces)
    return plain > 60 and plain > linked


def _nodes(found: Iterable[Selector]) -> list[_Element]:
    return [node.root for node in found if isinstance(node.root, _Element)]


def _texts(site: Site, selector: Selector, field_name: str) -> list[str]:
    """Return the texts that a profile's selectors find; an attribute or text node is its own text."""
    texts = []
    for found in site.select(selector, field_name):
        if isinstance(found.root, _Element):
            lines = [piece.spaced for piece in read_as_seen(found.root, show=frozenset([found.root])).pieces]
            texts.append(
                tidy(" ".join(lines)) or tidy(" ".join(found.root.itertext()))
            )  # <title> is never seen
        else:
            texts.append(tidy(str(found.get())))
    return [text for text in texts if text]


def _placed(pieces: Sequence[Piece], title: str, *, refused: str) -> Headline:
    """Return the headline that a profile names, with its place among the pieces if a line shows it."""
    plain = folded(title)
    places = [n for n, piece in enumerate(pieces) if piece.kind is Kind.TEXT and folded(piece.text) == plain]
    places.sort(key=lambda number: not pieces[number].heading)
    first = places[0] if places else -1
    return Headline(title, first, first, rule=_PROFILE, refused=(refused,))


def _header_rows(pieces: Sequence[Piece], headline: Headline, body: Body, crumbs: Breadcrumb) -> list[str]:
    """Return the rows of date, source and names between title and body, else above the title or behind the breadcrumb.

    Parts are marked with ``GAP`` where the page only styles them apart.
    """
    first = max(headline.last + 1, crumbs.last + 1 if crumbs.last < body.start else 0)
    if headline.first < 0:
        first = max(body.start - 6, crumbs.last + 1, 0)
    below = [pieces[number] for number in range(first, body.start) if number not in headline.used]
    rows = _rows(below)
    if not any(date_of(row) for row in rows):
        rows = _rows(pieces[max(headline.first - 4, crumbs.last + 1, 0) : max(headline.first, 0)]) + rows
    if not any(date_of(row) for row in rows) and crumbs.elements:
        rows = [*filter(None, [row_behind(pieces[crumbs.last].marked)]), *rows]
    return rows


def _byline(pieces: Sequence[Piece], headline: Headline, body: Body, crumbs: Breadcrumb) -> str:
    """Return the names without a label between title and body, or in the body's first line of text."""
    if headline.first < 0:
        return ""
    known = {*crumbs.elements, headline.title, headline.kicker, headline.subtitle}
    lines = [
        pieces[number]
        for number in range(headline.last + 1, body.start)
        if pieces[number].kind is Kind.TEXT and number not in headline.used
    ][:_HEADER_PIECES]
    are_rows = [_is_row(line) for line in lines]
    for number, line in enumerate(lines):
        # A word alone among others is a button (易信), one between the title, rows and the text a name.
        amid = all(are_rows[:number]) and all(are_rows[number + 1 :][:1])
        if len(line.text) <= _LONGEST_BYLINE and (amid or are_rows[number]):
            names = byline_of(line.spaced, known)
            if names:
                return names
    return ""


def _account(pieces: Sequence[Piece], headline: Headline, body: Body, crumbs: Breadcrumb) -> str:
    """Return the account that wrote the article: the line right before its date, named so or behind its portrait."""
    if headline.first < 0:
        return ""
    for number in range(headline.last + 2, min(body.start, headline.last + 1 + _HEADER_PIECES)):
        line = pieces[number - 1]
        if (
            pieces[number].kind is Kind.TEXT
            and date_of(pieces[number].spaced)
            and line.kind is Kind.TEXT
            and number - 1 not in headline.used
            and line.text not in crumbs.elements
            and 2 <= len(line.text) <= 16
            and not is_furniture(line.text)
            and not _is_row(line)
            and not _SENTENCES.search(line.text)
            and (
                _ACCOUNT_CLASS.search(f"{line.node.get('class') or ''} {line.node.get('id') or ''}")
                or pieces[number - 2].kind is Kind.PICTURE
            )
        ):
            return line.text
    return ""


def _rows(pieces: Sequence[Piece]) -> list[str]:
    """Return the lines that are rows of a header, and the outlets' names on lines beside such ones."""
    lines = [piece for piece in pieces if piece.kind is Kind.TEXT]
    are_rows = [_is_row(piece) for piece in lines]
    labels = [is_label(piece.text) for piece in lines]
    return [
        f"{line.marked}：{lines[number + 1].marked}" if labels[number] else line.marked
        for number, line in enumerate(lines)
        if (labels[number] and number + 1 < len(lines) and not labels[number + 1])
        or are_rows[number]
        or (
            any(are_rows[max(number - 1, 0) : number + 2])
            and len(line.text) <= 20
            and not is_furniture(line.text)
            and outlet_of(line.text, ())
        )
    ]


def _is_row(piece: Piece) -> bool:
    return is_header_row(piece.spaced) or is_credit(piece.spaced)


def _published(
    chosen: Sequence[Candidate], rows: Sequence[str], below: Sequence[str], declared: Declared
) -> Choice:
    """Choose the date as printed: the profile's, beside the title, below the body, then what is declared.

    One without a year, or 昨天, leaves it to the reader of the page to know today: a declared date is better.
    """
    printed = [*chosen, *named(_ROW, rows), *named(_BELOW, below)]
    dates = [(rule, date_of(text.replace(GAP, " "))) for rule, text in printed]
    dates += named(_DECLARED, [declared_date(text) for text in declared.published])
    return choose("published", sorted(dates, key=lambda found: not _YEAR.search(found[1])))


def _source(
    chosen: Sequence[Candidate],
    rows: Sequence[str],
    below: Sequence[str],
    account: str,
    declared: Declared,
    known: Sequence[str],
) -> Choice:
    """Choose the outlet as printed: the profile's, labelled beside the title, declared, without a label, below."""
    return choose(
        "source",
        [
            *((rule, clean_source(text)) for rule, text in chosen),
            *named(f"label in the {_ROW}", [source_of(text) for text in rows]),
            *named(_DECLARED, [clean_source(text) for text in declared.sources]),
            *named(f"outlet in the {_ROW}", [outlet_of(text, known) for text in rows]),
            *named(f"label in the {_BELOW}", [source_of(text) for text in below]),
            ("account by the title", account),
        ],
    )


def _content(reading: Reading, body: Body, base: str) -> tuple[list[str], list[Image], list[Attachment]]:
    """Turn the body's pieces into paragraphs, pictures with captions, and attachments."""
    paragraphs: list[str] = []
    images: list[Image] = []
    attachments: dict[str, Attachment] = {}
    row = 0
    picture: Piece | None = None
    pieces = [reading.pieces[number] for number in body.numbers]
    centred = _centring_means_caption(pieces)
    alone = (
        sum(map(_is_prose, pieces)) == 1
    )  # a picture and a sentence with its photographer: that is the text
    for number in body.numbers:
        piece = reading.pieces[number]
        if piece.kind is Kind.PICTURE:
            address = picture_url(piece.node, base)
            if address and not is_decoration(piece.node, address):
                images.append(Image(address, "", len(paragraphs)))
                picture = piece
        elif piece.kind is Kind.MEDIA:
            if found := embedded(piece.node, base):
                attachments.setdefault(found.url, found)
        else:
            text = _words(piece)
            if piece.link and (file := linked_file(piece.link, text, base)):
                attachments.setdefault(file.url, file)
            if not text or PLACEHOLDER.fullmatch(text):
                continue
            if picture is not None and (
                _is_caption(piece, centred=centred, alone=alone)
                or _share_a_box(reading, picture, piece, body)
            ):
                images[-1] = Image(images[-1].url, text, images[-1].paragraph)
                picture = None
                continue
            picture = None
            if piece.row and piece.row == row:
                paragraphs[-1] = f"{paragraphs[-1]} {text}"
            else:
                paragraphs.append(text)
            row = piece.row
    if not paragraphs and any(len(image.caption) >= _TELLING for image in images):
        # a picture story: what stands under its pictures is its text, and still says which picture it is about
        told = [image.caption for image in images if image.caption]
        paragraphs = list(dict.fromkeys(told))
        places = accumulate((bool(image.caption) for image in images[:-1]), initial=0)
        images = [
            Image(image.url, image.caption, min(place, len(paragraphs)))
            for image, place in zip(images, places, strict=True)
        ]
    return paragraphs, images, list(attachments.values())


def _words(piece: Piece) -> str:
    """Return a line's own words, without buttons of the page before and behind them."""
    text = piece.text
    if piece.linked and is_credit(text):
        text = tidy("".join(part for part, link in piece.parts if not link or not is_furniture(tidy(part))))
    if buttons := LEADING.match(text):
        text = text[buttons.end() :]
    return TRAILING.sub("", text) if piece.linked else text


def _centring_means_caption(pieces: Sequence[Piece]) -> bool:
    """Tell whether centred lines stand behind pictures and hardly elsewhere; some articles centre every line."""
    real = [piece for piece in pieces if not PLACEHOLDER.fullmatch(piece.text)]
    lines = [(before, line) for before, line in pairwise(real) if line.kind is Kind.TEXT and line.centred]
    elsewhere = sum(before.kind is Kind.TEXT and not is_credit(line.text) for before, line in lines)
    return elsewhere <= max(2, len(lines) // 3)


def _is_prose(piece: Piece) -> bool:
    """Tell whether a piece is a line of text, and no credit or placeholder."""
    return piece.kind is Kind.TEXT and not PLACEHOLDER.fullmatch(piece.text) and not is_credit(piece.text)


def _is_caption(piece: Piece, *, centred: bool, alone: bool) -> bool:
    """Tell whether the line right behind a picture is its caption: by its tag, class, words or centring."""
    text = piece.text
    node = piece.node
    if len(text) > _LONGEST_CAPTION or (is_credit(text) and not _CAPTION_END.search(text)):
        return False
    if node.tag == "figcaption" or _CAPTION_CLASS.search(f"{node.get('class') or ''} {node.get('id') or ''}"):
        return True
    if alone:
        return False
    if _CAPTION_START.match(text) or (_CAPTION_END.search(text) and len(_SENTENCES.findall(text)) <= 2):
        return True
    return (
        centred and piece.centred and not piece.bold and len(text) <= 60 and not _SENTENCES.search(text[:-1])
    )


def _share_a_box(reading: Reading, picture: Piece, line: Piece, body: Body) -> bool:
    """Tell whether a picture and the line behind it are alone in an element: ``<td>`` and ``<td>`` of a table."""
    if len(line.text) > 80 or is_credit(line.text):
        return False
    if (
        line.node.tag == "p"
    ):  # one paragraph holds many things: only words that are no sentence go with its picture
        return line.node in ancestors(picture.node) and not line.bold and not _SENTENCES.search(line.text)
    holders = set(islice(ancestors(picture.node), _BOX_LEVELS))
    box = next((node for node in islice(ancestors(line.node), _BOX_LEVELS) if node in holders), None)
    if box is None or box is line.node:
        return False
    start, end = reading.spans[box]
    if end - start > _BOX_PIECES or (start <= body.numbers[0] and body.numbers[-1] < end):
        return False
    return [piece for piece in reading.pieces[start:end] if piece.kind is Kind.TEXT] == [line]
