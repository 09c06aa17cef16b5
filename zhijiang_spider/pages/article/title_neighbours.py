"""The kicker above and the subtitle below a headline: 引题, 副题."""

import re
from collections.abc import Sequence
from dataclasses import replace

from zhijiang_spider.pages.article.byline import byline_of
from zhijiang_spider.pages.article.title_lines import Headline, is_named
from zhijiang_spider.pages.boilerplate import is_boilerplate, is_credit, is_stop
from zhijiang_spider.pages.breadcrumb import CRUMB_LABEL
from zhijiang_spider.pages.header import is_header_row
from zhijiang_spider.pages.seen import Kind, RenderedPage, TextBlock
from zhijiang_spider.text.characters import folded

_KICKER = re.compile(r"kicker|yinti|yin_ti|shoulder|jianti|introtitle|pre-?title|ytitle|eyebrow", re.I)
_SUBTITLE = re.compile(r"sub-?_?title|sub-?tit|futi|fu_ti|ftitle|title2|second-?title|fubiaoti", re.I)
_DAY_OR_HOUR = re.compile(r"[\d./:：\s年月日-]+")
"""Matches (whole) what may be a part of a date that is set in boxes of their own."""
_ARROW = re.compile(r"\S\s?[>›»＞]\s?\S")


def with_neighbours(headline: Headline, reading: RenderedPage, start: int, crumbs: Sequence[str]) -> Headline:
    """Add the kicker above and the subtitle below the title.

    ``start``: number of the first piece of the body; ``crumbs``: the breadcrumb, whose words are repeated
    as column names above titles.
    """
    if headline.first < 0:
        return headline
    pieces, spans = reading.pieces, reading.spans
    title = folded(headline.title)
    known = {folded(text) for text in crumbs} | {title}

    def own_line(number: int) -> bool:
        piece = pieces[number]
        text = piece.text
        return (
            piece.kind is Kind.TEXT
            and piece.linked * 2 <= len(text)
            and 2 <= len(text) <= 80
            and not _DAY_OR_HOUR.fullmatch(text)
            and folded(text) not in known
            and not is_boilerplate(text)
            and not is_stop(text)
            and not is_credit(text)
            and not is_header_row(text)
            and not byline_of(text, known)
            and not CRUMB_LABEL.search(text)
            and not _ARROW.search(text)
        )

    kicker = subtitle = -1
    above, below = headline.first - 1, headline.last + 1
    box = pieces[headline.first].node.getparent() if headline.first >= 0 else None
    opens = box is not None and spans.get(box, (-1, -1))[0] == above and len(pieces[above].text) > 3
    if above >= 0 and own_line(above) and (opens or _belongs(pieces[above], pieces[headline.first], _KICKER)):
        kicker = above
    if below < start and own_line(below):
        before_row = (
            below + 1 < start
            and pieces[below + 1].kind is Kind.TEXT
            and is_header_row(pieces[below + 1].spaced)
        )
        if _continues(pieces[below], pieces[headline.last], before_row=before_row):
            subtitle = below
    return replace(
        headline,
        kicker=pieces[kicker].text if kicker >= 0 else "",
        subtitle=pieces[subtitle].text if subtitle >= 0 else "",
        used=frozenset(number for number in (kicker, subtitle) if number >= 0),
    )


def _belongs(above: TextBlock, title: TextBlock, hint: re.Pattern[str]) -> bool:
    """Tell whether the line above is a kicker: marked as one, or a heading or line of the title's own box."""
    if is_named(above, hint):
        return True
    same_box = above.node is title.node or above.node.getparent() is title.node.getparent()
    return same_box and (
        bool(above.heading) or (bool(title.heading) and above.node.tag in ("p", "div", "h2", "h3", "h4"))
    )


def _continues(below: TextBlock, title: TextBlock, *, before_row: bool) -> bool:
    """Tell whether the line below is a subtitle: marked as one, begun with a dash, or a heading of its own,
    or a line of the title's own box between the title and the row of date and source.
    """
    if is_named(below, _SUBTITLE) or below.text.startswith(("——", "—", "--")):
        return True
    same_box = below.node is title.node or below.node.getparent() is title.node.getparent()
    return same_box and (bool(below.heading) or (before_row and len(below.text) > 5))
