"""An article page → RawArticle: what the page says, nothing interpreted."""

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from lxml.etree import _Element
from parsel import Selector

from zhijiang_spider.items import RawArticle
from zhijiang_spider.pages.article.body import Body, body_of, find_body, is_veiled_body
from zhijiang_spider.pages.article.byline import byline_of
from zhijiang_spider.pages.article.caption_words import SENTENCES
from zhijiang_spider.pages.article.captions import visible_content
from zhijiang_spider.pages.article.choice import Candidate, Choice, choose, named
from zhijiang_spider.pages.article.fill import Unshown, fills_by_script, loads_by_script, show_unshown
from zhijiang_spider.pages.article.media import scripted
from zhijiang_spider.pages.article.multipage import next_part
from zhijiang_spider.pages.article.own_text import has_own_text, is_little, shows_more, stands_beside
from zhijiang_spider.pages.article.page_metadata import DECLARED, Declared, read_declared
from zhijiang_spider.pages.article.published import choose_published
from zhijiang_spider.pages.article.title_claims import last_name
from zhijiang_spider.pages.article.title_lines import Headline
from zhijiang_spider.pages.article.title_neighbours import with_neighbours
from zhijiang_spider.pages.article.titles import find_headline
from zhijiang_spider.pages.boilerplate import is_boilerplate, is_credit
from zhijiang_spider.pages.breadcrumb import Breadcrumb, find_breadcrumb, read_breadcrumb, row_behind
from zhijiang_spider.pages.errors import LayoutChanged
from zhijiang_spider.pages.header import (
    clean_source,
    date_of,
    is_header_row,
    is_label,
    label_rank,
    outlet_of,
    own_name_in,
    printed_date,
    publisher_of,
    source_of,
)
from zhijiang_spider.pages.live import is_live
from zhijiang_spider.pages.page import Page
from zhijiang_spider.pages.rendering import render_text
from zhijiang_spider.pages.seen import GAP, Kind, RenderedPage, TextBlock, tidy
from zhijiang_spider.sites.site import Site
from zhijiang_spider.text.characters import folded

_EDITION = re.compile(r"第?\s?[A-Z]{0,2}\d{1,3}\s?版(?:[:：\s]{1,3}\S{0,12})?")
"""The line that names a page of a newspaper: 第03版：要闻."""
_ACCOUNT_CLASS = re.compile(
    r"(?:^|[\s_-])(?:author|source|media|account|nick)(?:[_-]?name)?(?=$|[\s_-])", re.IGNORECASE
)
_LONGEST_BYLINE = 120
_HEADER_PIECES = 6
"""Pieces behind the title that may hold its row of date and source where no text follows."""
_SHORTEST_TITLE = 4
"""Characters of a title in a script; shorter ones are placeholders."""
_MOST_OF_IT = 0.7
"""Share of a text put into the page that must be in the body found around it."""
_ROWS_BELOW = 8
"""Pieces behind the body among which rows of date and source are looked for."""
_INDEX_PIECES = 40
"""Pieces above the title among which a table of index number and date is looked for."""
_LITTLE_TEXT = 200
"""Characters of text up to which a video that a script plays is what the page is about."""


def extract_article(page: Page, site: Site, listed: str = "") -> RawArticle:
    """Read an article page.

    A profile's selectors go before what is found by looking.  ``listed``: what a list called the article, which
    no page says of itself; "" where no list is known.
    Raises ``LayoutChanged`` when there is no title, or neither text nor picture nor video.
    """
    return explain_article(page, site, listed)[0]


def explain_article(page: Page, site: Site, listed: str = "") -> tuple[RawArticle, tuple[Choice, ...]]:
    """Read an article page as ``extract_article`` does, and tell for each field how it was found.

    Where the page shows no text of its own, that which it holds for a script to show is read.
    """
    failure = None
    try:
        article, choices, is_beside = _explain(page, site, listed)
    except LayoutChanged as error:
        failure, has_text, is_beside = error, False, False
    else:
        has_text = has_own_text(article.paragraphs) and not (is_beside and is_little(article.paragraphs))
        if has_text and not is_beside:
            return article, choices
    if found := show_unshown(page, site.article_key(page.url) or ""):
        shown, unshown = found
        return _explain(shown, site, listed, unshown)[:2]
    if failure is None and (not fills_by_script(page) if has_text else shows_more(article)):
        return article, choices
    if failure is None or failure.missing == _NOTHING:
        missing = _NOTHING if failure else "no text besides credits and what stands around an article"
        by_script = "; a script of the page loads it" if loads_by_script(page) else ""
        raise LayoutChanged(missing + by_script, page.url)
    raise failure


def _explain(
    page: Page, site: Site, listed: str, unshown: Unshown | None = None
) -> tuple[RawArticle, tuple[Choice, ...], bool]:
    """Read a page, and tell whether its text stands where other matter does.

    ``unshown`` is the text that was put into its tree, which is the body then.
    """
    selector, url, base = page.selector, page.url, page.base
    reading = _read(page, unshown)
    declared = read_declared(selector, [text for _, text in reading.marks])
    pieces = reading.pieces
    headline = find_headline(pieces, declared, (site.title, site.name), listed)
    if unshown:
        headline = _headline_of(unshown, headline, pieces, declared)
        declared.published[:0] = filter(None, [unshown.published])
        declared.sources[:0] = filter(None, [unshown.source])
    if chosen := _texts(site, selector, "title"):
        headline = _placed(pieces, chosen[0], refused=headline.title)
    if not headline.title:
        raise LayoutChanged("no title", url)
    player = scripted(selector.root, base)
    body = _body(reading, headline, _nodes(site.select(selector, "body")), has_player=player is not None)
    if unshown:
        body = _body_around(unshown, reading, body)
    if body is None:
        raise LayoutChanged(_NOTHING, url)
    crumbs = find_breadcrumb(reading, headline.title, base, body.start)
    if found := _nodes(site.select(selector, "breadcrumb")):
        crumbs = read_breadcrumb(found[0], headline.title, base)
    headline = with_neighbours(headline, reading, body.start, crumbs.elements)
    paragraphs, images, attachments = visible_content(reading, body, base)
    if player and not attachments and sum(map(len, paragraphs)) <= _LITTLE_TEXT:
        attachments = [player]
    if not paragraphs and not images and not attachments:
        raise LayoutChanged(_NOTHING, url)
    names = {site.title, site.name, last_name(declared.head, headline.title)} - {"", *crumbs.elements[1:]}
    rows = _texts(site, selector, "header") or _header_rows(pieces, headline, body, crumbs, names)
    behind = pieces[body.end : body.end + _ROWS_BELOW]
    below = [line.marked for line in behind if line.kind is Kind.TEXT and _is_row(line)]

    def profile(name: str) -> list[Candidate]:
        return named(_PROFILE, _texts(site, selector, name))

    kicker = choose(
        "kicker",
        [*profile("kicker"), ("line above the title", headline.kicker), (DECLARED, declared.kicker)],
    )
    subtitle = choose(
        "subtitle",
        [*profile("subtitle"), ("line below the title", headline.subtitle), (DECLARED, declared.subtitle)],
    )
    section = choose(
        "section", [*named("breadcrumb", crumbs.elements[-1:]), *named(DECLARED, declared.sections)]
    )
    printed = [*profile("published"), *named(_ROW, sorted(rows, key=label_rank)), *named(_BELOW, below)]
    read_at = datetime.fromisoformat(page.fetched_at).astimezone(site.timezone) if page.fetched_at else None
    published = choose_published(printed, declared, timezone=site.timezone, read_at=read_at)
    account = _account(pieces, headline, body, crumbs)
    source = _source(profile("source"), rows, below, account, declared, crumbs.elements, names)
    article = RawArticle(
        url=url,
        title=headline.title,
        kicker=kicker.value,
        subtitle=subtitle.value,
        breadcrumb=crumbs.elements,
        breadcrumb_urls=crumbs.urls,
        section=section.value,
        header="\u3000\u3000".join(tidy(row.replace(GAP, " ")) for row in rows),
        byline=_byline(pieces, headline, body, crumbs),
        published_raw=published.value,
        source_raw=source.value,
        paragraphs=tuple(paragraphs),
        images=tuple(images),
        attachments=tuple(attachments),
        is_newspaper=any(map(_is_edition, pieces)),
        next_url=next_part(page, site),
    )
    others = [*named("next best line", headline.refused), ("list entry", tidy(listed))]
    title = choose("title", [(headline.rule, headline.title), *others])
    refused = tuple(("another run of text", pieces[number].text) for number in body.refused)
    text = Choice("body", "\n".join(paragraphs), body.rule, refused)
    choices = (title, kicker, subtitle, section, published, source, text)
    return article, choices, stands_beside([pieces[number] for number in body.numbers])


_PROFILE = "profile selector"
_ROW, _BELOW = "row by the title", "row below the text"
_NOTHING = "no text, picture or video"


def _read(page: Page, unshown: Unshown | None) -> RenderedPage:
    """Read the page as seen; where most of its text is hidden, a script shows it, so it counts as seen."""
    reading = page.rendered
    if unshown and unshown.box not in reading.spans:
        return render_text(page.selector.root, show=frozenset(unshown.box.iterancestors()))
    seen = sum(len(piece.marked) - piece.linked for piece in reading.pieces)
    veiled = {node: sum(len(text) for text in node.itertext("*")) for node in reading.hidden}
    show = frozenset(
        node
        for node, length in veiled.items()
        if is_veiled_body(node) or (length > 2 * seen + 40 and _has_text(node))
    )
    return render_text(page.selector.root, show=show) if show else reading


def _has_text(node: _Element) -> bool:
    """Tell whether a hidden element holds lines of text and not only scripts and lists of links."""
    inner = render_text(node, show=frozenset([node]))
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
            lines = [piece.spaced for piece in render_text(found.root, show=frozenset([found.root])).pieces]
            texts.append(
                tidy(" ".join(lines)) or tidy(" ".join(found.root.itertext()))
            )  # <title> is never seen
        else:
            texts.append(tidy(str(found.get())))
    return [text for text in texts if text]


def _placed(pieces: Sequence[TextBlock], title: str, *, refused: str) -> Headline:
    """Return the headline that a profile names, with its place among the pieces if a line shows it."""
    plain = folded(title)
    places = [n for n, piece in enumerate(pieces) if piece.kind is Kind.TEXT and folded(piece.text) == plain]
    places.sort(key=lambda number: not pieces[number].heading)
    first = places[0] if places else -1
    return Headline(title, first, first, rule=_PROFILE, refused=(refused,))


def _headline_of(
    unshown: Unshown, headline: Headline, pieces: Sequence[TextBlock], declared: Declared
) -> Headline:
    """Return the title beside a text that is not shown, unless a heading that ``<title>`` holds is the title."""
    shown = headline.first >= 0 and bool(pieces[headline.first].heading)
    if len(unshown.title) < _SHORTEST_TITLE or (shown and folded(headline.title) in folded(declared.head)):
        return headline
    return replace(_placed(pieces, unshown.title, refused=headline.title), rule=unshown.rule)


def _body_around(unshown: Unshown, reading: RenderedPage, body: Body | None) -> Body | None:
    """Return the text that was put into the page, with the credits around it if the body found holds it."""
    start, end = reading.spans[unshown.box]
    pieces = reading.pieces
    taken = [number for number in body.numbers if start <= number < end] if body else []
    whole = sum(len(piece.marked) for piece in pieces[start:end])
    if body and sum(len(pieces[number].marked) for number in taken) >= whole * _MOST_OF_IT:
        credits = (n for n in body.numbers if not start <= n < end and is_credit(pieces[n].text))
        body = replace(body, numbers=tuple(sorted({*taken, *credits})))
    else:
        body = body_of(reading, [unshown.box])
    return replace(body, rule=unshown.rule) if body else None


def _body(
    reading: RenderedPage, headline: Headline, chosen: Sequence[_Element], *, has_player: bool
) -> Body | None:
    """Return the body: what a profile chose, what is found by looking, none but a script's player."""

    def is_title(text: str) -> bool:
        return folded(text) == folded(headline.title)

    body = body_of(reading, chosen) or find_body(reading, headline.last, is_title)
    if body is None and has_player:
        behind = min(headline.last + 1 + _HEADER_PIECES, len(reading.pieces))
        return Body((), behind, behind, rule="video that a script plays")
    return body


def _header_rows(
    pieces: Sequence[TextBlock],
    headline: Headline,
    body: Body,
    crumbs: Breadcrumb,
    names: Container[str],
) -> list[str]:
    """Return the rows of date, source and names between title and body, else above the title or behind the breadcrumb.

    Parts are marked with ``GAP`` where the page only styles them apart.
    """
    first = max(headline.last + 1, crumbs.last + 1 if crumbs.last < body.start else 0)
    if headline.first < 0:
        first = max(body.start - 6, crumbs.last + 1, 0)
    below = [pieces[number] for number in range(first, body.start) if number not in headline.used]
    rows = _rows(below, names)
    if not any(date_of(row) for row in rows):
        above = pieces[max(headline.first - 4, crumbs.last + 1, 0) : max(headline.first, 0)]
        rows = _rows(above, names) + rows
    if not any(date_of(row) for row in rows):
        rows = [*_index_rows(pieces[: max(headline.first, 0)]), *rows]
    if not any(date_of(row) for row in rows) and crumbs.elements:
        rows = [*filter(None, [row_behind(pieces[crumbs.last].marked)]), *rows]
    if not any(date_of(row) for row in rows) and any(map(_is_edition, pieces)):
        rows = [*rows, *_edition_days(pieces[: max(headline.first, 0)])]
    return rows


def _index_rows(pieces: Sequence[TextBlock]) -> list[str]:
    """Return the rows with a labelled date of the table above the title that government pages have (索引号, 公开日期)."""
    table = groupby(pieces[-_INDEX_PIECES:], key=lambda piece: piece.row)
    lines = ("：".join(piece.marked for piece in cells) for row, cells in table if row)
    return [line for line in lines if date_of(line) and label_rank(line) < 2]


def _is_edition(piece: TextBlock) -> bool:
    """Tell whether a line names a page of a newspaper."""
    return _EDITION.fullmatch(piece.text) is not None


def _edition_days(pieces: Sequence[TextBlock]) -> list[str]:
    """Return the day of a newspaper's edition, the first above the title: ``2024年01月16日 星期二``."""
    lines = (piece.marked for piece in pieces if piece.kind is Kind.TEXT and not is_live(piece.text))
    days = (date for line in lines if (date := printed_date(line)) and date.form.has_year)
    return [date.raw for date in days][:1]


def _byline(pieces: Sequence[TextBlock], headline: Headline, body: Body, crumbs: Breadcrumb) -> str:
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


def _account(pieces: Sequence[TextBlock], headline: Headline, body: Body, crumbs: Breadcrumb) -> str:
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
            and not is_boilerplate(line.text)
            and not _is_row(line)
            and not SENTENCES.search(line.text)
            and (
                _ACCOUNT_CLASS.search(f"{line.node.get('class') or ''} {line.node.get('id') or ''}")
                or pieces[number - 2].kind is Kind.PICTURE
            )
        ):
            return line.text
    return ""


def _rows(pieces: Sequence[TextBlock], names: Container[str]) -> list[str]:
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
            and not is_boilerplate(line.text)
            and (line.text in names or outlet_of(line.text, ()))
        )
    ]


def _is_row(piece: TextBlock) -> bool:
    return is_header_row(piece.spaced) or is_credit(piece.spaced)


def _source(
    chosen: Sequence[Candidate],
    rows: Sequence[str],
    below: Sequence[str],
    account: str,
    declared: Declared,
    known: Sequence[str],
    names: Container[str],
) -> Choice:
    """Choose the outlet as printed: the profile's, labelled beside the title, declared, without a label, below."""
    return choose(
        "source",
        [
            *((rule, clean_source(text)) for rule, text in chosen),
            *named(f"label in the {_ROW}", [source_of(text) for text in rows]),
            *named(f"publisher in the {_ROW}", [publisher_of(text) for text in rows]),
            *named(DECLARED, [clean_source(text) for text in declared.sources]),
            *named(f"outlet in the {_ROW}", [outlet_of(text, known) for text in rows]),
            *named(f"name of the site in the {_ROW}", [own_name_in(text, names) for text in rows]),
            *named(f"label in the {_BELOW}", [source_of(text) for text in below]),
            ("account by the title", account),
        ],
    )
