"""An article page → RawArticle: what the page says, nothing interpreted."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import takewhile
from urllib.parse import urlsplit

from lxml.etree import XPath, _Element
from parsel import Selector

from zhijiang_spider.items import RawArticle
from zhijiang_spider.pages.article.body import Body, body_of, find_body
from zhijiang_spider.pages.article.box import is_veiled_body
from zhijiang_spider.pages.article.captions import visible_content
from zhijiang_spider.pages.article.choice import Candidate, Choice, choose, named
from zhijiang_spider.pages.article.fill import Unshown, fills_by_script, loads_by_script, show_unshown
from zhijiang_spider.pages.article.media import scripted
from zhijiang_spider.pages.article.next_part import next_part, pager_lines
from zhijiang_spider.pages.article.own_text import has_own_text, is_little, shows_more, stands_beside
from zhijiang_spider.pages.article.page_metadata import DECLARED, Declared, read_declared
from zhijiang_spider.pages.article.published import choose_published
from zhijiang_spider.pages.article.rows import (
    account_by_date,
    edition_day,
    header_rows,
    is_edition,
    is_row_or_credit,
    unlabelled_names,
)
from zhijiang_spider.pages.article.title_claims import (
    home_names,
    last_name,
    links_of,
    section_in_head,
    text_of_own_link,
)
from zhijiang_spider.pages.article.title_lines import Headline
from zhijiang_spider.pages.article.title_neighbours import with_neighbours
from zhijiang_spider.pages.article.titles import FROM_LIST, find_headline
from zhijiang_spider.pages.boilerplate import is_comment_stop, is_credit, is_stop
from zhijiang_spider.pages.breadcrumb import find_breadcrumb, read_breadcrumb, section_by_title, section_of
from zhijiang_spider.pages.errors import LayoutChanged
from zhijiang_spider.pages.header import (
    clean_source,
    label_rank,
    names_supplier,
    outlet_of,
    own_name_in,
    publisher_of,
    section_in,
    signed_source,
    source_of,
    without_type_sizes,
)
from zhijiang_spider.pages.page import Page
from zhijiang_spider.pages.rendering import render_text
from zhijiang_spider.pages.seen import GAP, Kind, RenderedPage, TextBlock, tidy
from zhijiang_spider.sites.site import Site
from zhijiang_spider.text.characters import folded
from zhijiang_spider.text.english import LABEL as ENGLISH_LABEL
from zhijiang_spider.text.republic import counts_from_republic, with_era

_HEADER_PIECES = 6
"""Pieces behind the title that may hold its row of date and source where no text follows."""
_SHORTEST_TITLE = 4
"""Characters of a title in a script; shorter ones are placeholders."""
_MOST_OF_IT = 0.7
"""Share of a text put into the page that must be in the body found around it."""
_ROWS_BELOW = 8
"""Pieces behind the body among which rows of date and source are looked for."""
_LAST_LINES = 6
"""Paragraphs at the end that may say where an article is from."""
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
    declared = read_declared(selector.root, [text for _, text in reading.marks])
    pieces = reading.pieces
    links = links_of(pieces)
    linked = "" if listed else text_of_own_link(links, url, base)
    headline = find_headline(pieces, declared, (site.title, site.name), listed, linked)
    if unshown:
        headline = _headline_of(unshown, headline, pieces, declared)
        declared.published[:0] = filter(None, [unshown.published])
        declared.sources[:0] = filter(None, [unshown.source])
    if chosen := _texts(site, selector, "title"):
        headline = _placed(pieces, chosen[0], refused=headline.title)
    if not headline.title:
        raise LayoutChanged("no title", url)
    body = _body(reading, headline, _nodes(site.select(selector, "body")))
    if body is None and scripted(selector.root, base):
        first = min(headline.last + 1 + _HEADER_PIECES, len(pieces))
        body = Body((), first, first, rule="video that a script plays")
    if unshown:
        body = _body_around(unshown, reading, body)
    if body is None:
        raise LayoutChanged(_NOTHING, url)
    names = {site.title, site.name, last_name(declared.head, headline.title, links)} - {""}
    crumbs = find_breadcrumb(reading, headline.title, base, body.start, names)
    if found := _nodes(site.select(selector, "breadcrumb")):
        crumbs = read_breadcrumb(found[0], headline.title, base)
    headline = with_neighbours(headline, reading, body.start, crumbs.elements)
    paragraphs, images, attachments = visible_content(reading, body, base)
    if not attachments and sum(map(len, paragraphs)) <= _LITTLE_TEXT:
        attachments = list(filter(None, [scripted(selector.root, base)]))
    if not paragraphs and not images and not attachments:
        raise LayoutChanged(_NOTHING, url)
    names -= {*crumbs.elements[1:]}
    printed_rows = _texts(site, selector, "header") or header_rows(pieces, headline, body, crumbs, names)
    rows = [without_type_sizes(row) for row in printed_rows]
    behind = takewhile(lambda piece: not _opens_comments(piece), pieces[body.end : body.end + _ROWS_BELOW])
    below = [line.marked for line in behind if line.kind is Kind.TEXT and is_row_or_credit(line)]

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
    own_names = (site.title, site.name, *home_names(links))
    in_head = section_in_head(declared.head, headline.title, own_names, [*rows, *below])
    section = choose(
        "section",
        [
            ("breadcrumb", section_of(crumbs, in_head)),
            *named(f"label in the {_ROW}", [section_in(row) for row in rows]),
            *named(DECLARED, declared.sections),
            ("link by the title", section_by_title(pieces, headline.first)),
            ("title element", in_head),
        ],
    )
    printed = [*profile("published"), *named(_ROW, sorted(rows, key=label_rank)), *named(_BELOW, below)]
    if counts_from_republic(urlsplit(url).hostname or "", page.encoding):
        printed = [(rule, with_era(text)) for rule, text in printed]
    read_at = datetime.fromisoformat(page.fetched_at).astimezone(site.timezone) if page.fetched_at else None
    is_newspaper = any(map(is_edition, pieces))
    edition = edition_day(pieces[: max(headline.first, 0)]) if is_newspaper else ""
    published = choose_published(printed, declared, edition, timezone=site.timezone, read_at=read_at)
    account = account_by_date(pieces, headline, body, crumbs)
    signed = [text for text in paragraphs[-_LAST_LINES:] if is_credit(text)]
    source = _source(profile("source"), rows, below, signed, account, declared, crumbs.elements, names)
    article = RawArticle(
        url=url,
        title=headline.title,
        kicker=kicker.value,
        subtitle=subtitle.value,
        breadcrumb=crumbs.elements,
        breadcrumb_urls=crumbs.urls,
        section=section.value,
        header=_printed(rows),
        byline=unlabelled_names(pieces, headline, body, crumbs),
        published_raw=published.value,
        source_raw=source.value,
        paragraphs=tuple(paragraphs),
        images=tuple(images),
        attachments=tuple(attachments),
        is_newspaper=is_newspaper,
        following=next_part(page, site, pager_lines(pieces, body.start, body.end)),
        is_untitled=headline.rule == FROM_LIST,
    )
    others = [*named("next best line", headline.refused), ("list entry", tidy(listed))]
    title = choose("title", [(headline.rule, headline.title), *others])
    refused = tuple(("another run of text", pieces[number].text) for number in body.refused)
    text = Choice("body", "\n".join(paragraphs), body.rule, refused)
    choices = (title, kicker, subtitle, section, published, source, text)
    return article, choices, stands_beside([pieces[number] for number in body.numbers])


def _opens_comments(piece: TextBlock) -> bool:
    """Tell whether readers' comments follow a line: each has its own day."""
    return is_stop(piece.text) and is_comment_stop(piece.text)


_PROFILE = "profile selector"
_ROW, _BELOW = "row by the title", "row below the text"
_NOTHING = "no text, picture or video"


def _printed(rows: Sequence[str]) -> str:
    """Return the rows of the header on one line; names in English, which are words, need more than a blank between."""
    printed = [tidy(row.replace(GAP, " ")) for row in rows]
    return ("\u3000\u3000" if any(map(ENGLISH_LABEL.search, printed)) else " ").join(printed)


def _read(page: Page, unshown: Unshown | None) -> RenderedPage:
    """Read the page as seen; where most of its text is hidden, a script shows it, so it counts as seen."""
    reading = page.rendered
    if unshown and unshown.box not in reading.spans:
        return render_text(page.selector.root, show=frozenset(unshown.box.iterancestors()))
    seen = sum(len(piece.marked) - piece.linked for piece in reading.pieces)
    least = 2 * seen + 40
    show = frozenset(
        node
        for node in reading.hidden
        if is_veiled_body(node) or (_characters(node) > least and _has_text(node))
    )
    return render_text(page.selector.root, show=show) if show else reading


_characters = XPath("string-length()")
"""Characters in an element, blanks and scripts included."""


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


def _body(reading: RenderedPage, headline: Headline, chosen: Sequence[_Element]) -> Body | None:
    """Return the body: what a profile chose, else what is found by looking."""
    title = folded(headline.title)

    def is_title(text: str) -> bool:
        return folded(text) == title

    return body_of(reading, chosen) or find_body(reading, headline.last, is_title)


def _source(
    chosen: Sequence[Candidate],
    rows: Sequence[str],
    below: Sequence[str],
    signed: Sequence[str],
    account: str,
    declared: Declared,
    known: Sequence[str],
    names: Container[str],
) -> Choice:
    """Choose the outlet as printed: the profile's, labelled beside the title, declared, labelled below, without a label.

    An account, or a name without a label, tells who put the page out: what is labelled goes before it.
    """
    return choose(
        "source",
        [
            *((rule, clean_source(text)) for rule, text in chosen),
            *named(f"label in the {_ROW}", [source_of(text) for text in rows]),
            *named(f"publisher in the {_ROW}", [publisher_of(text) for text in rows]),
            *named(DECLARED, [clean_source(text) for text in declared.sources]),
            *named(f"label in the {_BELOW}", [signed_source(text) for text in below]),
            *named("label in the last lines", [signed_source(text) for text in signed]),
            *named(f"account {DECLARED}", [clean_source(text) for text in declared.accounts]),
            *named(f"outlet in the {_ROW}", [outlet_of(text, known) for text in rows]),
            *named(
                f"name of the site in the {_ROW}", [clean_source(own_name_in(text, names)) for text in rows]
            ),
            *named(f"label in the {_BELOW}", [source_of(text) for text in below if not names_supplier(text)]),
            ("account by the title", account),
        ],
    )
