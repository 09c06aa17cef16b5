"""Whether lines that were taken for an article hold any text of its own: credits and footers are none."""

import re
from collections.abc import Sequence

from zhijiang_spider.credits.find import extract_credits
from zhijiang_spider.items import RawArticle
from zhijiang_spider.pages.boilerplate import is_boilerplate, is_credit
from zhijiang_spider.pages.header import is_header_row, is_outlet
from zhijiang_spider.pages.seen import Kind, TextBlock, ancestors
from zhijiang_spider.vocabulary import any_of

_LABELLED = re.compile(
    rf"[\s\u3000【\[（(]{{0,4}}{any_of('unshown.imprint_labels')}[\s\u3000】\]）)]{{0,4}}[:：]", re.IGNORECASE
)
_IMPRINT = re.compile(rf"{any_of('unshown.imprints')}|{any_of('unshown.hosts')}\s*$", re.IGNORECASE)
_CONTACT = re.compile(rf"{any_of('unshown.imprint_labels')}[\s\u3000]{{0,4}}[:：]")
_SENTENCE = re.compile("[。！？；]")
_LONGEST_IMPRINT, _SHORT_IMPRINT = 400, 30
"""Characters of such a line, and up to which it may be a sentence."""
_WAITING = re.compile(any_of("unshown.waiting"), re.IGNORECASE)
_LONGEST_WAITING = 60
_TEMPLATE = re.compile(r"\{\{.{0,200}?\}\}|<%.{0,200}?%>", re.DOTALL)
_BADGE = re.compile(r"/[^/]{0,40}(?:beian|gongan|gawa|police|jubao|icp)[^/]{0,40}$", re.IGNORECASE)
"""A picture beside the numbers that authorities give a site."""
_WORD = re.compile(r"[^\W\d_]")
_BESIDE = re.compile(
    rf"(?:^|[\s_-]){any_of('unshown.beside', traditional=False)}(?=$|[\s_\d-])", re.IGNORECASE
)
_LITTLE = 120
"""Characters up to which lines may be credits of a kind that only their reader knows."""


def is_little(paragraphs: Sequence[str]) -> bool:
    """Tell whether lines hold no more than a line or two."""
    return sum(map(len, paragraphs)) <= _LITTLE


def has_own_text(paragraphs: Sequence[str]) -> bool:
    """Tell whether lines hold more than credits, rows of date and source, notices and the site's imprint."""
    own: list[str] = []
    for line in paragraphs:
        if not is_no_text(line) and not is_credit(line) and not is_header_row(line):
            own.append(line)
            if not is_little(own):
                return True
    return bool(own) and bool(extract_credits(own).paragraphs)


def stands_beside(pieces: Sequence[TextBlock]) -> bool:
    """Tell whether the first line of text stands in a footer, a sidebar or the like, by its name."""
    line = next((piece for piece in pieces if piece.kind is Kind.TEXT and not is_no_text(piece.text)), None)
    if line is None:
        return False
    return any(
        _BESIDE.search(f"{node.get('class') or ''} {node.get('id') or ''}") for node in ancestors(line.node)
    )


def shows_more(article: RawArticle) -> bool:
    """Tell whether an article without text has a picture, player or file that is not the imprint's."""
    lines = article.paragraphs
    imprint = next((number for number, line in enumerate(lines) if is_imprint(line)), len(lines))
    pictures = (image for image in article.images if image.paragraph <= imprint)
    return bool(article.attachments) or any(not _BADGE.search(image.url) for image in pictures)


def is_no_text(line: str) -> bool:
    """Tell whether a line is the page's and no article's: imprint, notice, a wait for a script, a template's hole."""
    return is_imprint(line) or is_boilerplate(line) or is_waiting(line)


def is_waiting(line: str) -> bool:
    """Tell whether a line is blank or stands for what a script will show: 正在加载, a template's hole."""
    if not _WORD.search(line) or _TEMPLATE.search(line):
        return True
    return len(line) <= _LONGEST_WAITING and _WAITING.search(line) is not None


def is_imprint(line: str) -> bool:
    """Tell whether a line names who runs the site, its licences or how to reach it."""
    if len(line) > _LONGEST_IMPRINT:
        return False
    if _LABELLED.match(line) or is_outlet(line) or is_contact(line):
        return True
    return _IMPRINT.search(line) is not None and (len(line) <= _SHORT_IMPRINT or not _SENTENCE.search(line))


def is_contact(line: str) -> bool:
    """Tell whether a line says how to reach somebody in two ways: ``地址：… 电话：…``."""
    return len(line) <= _LONGEST_IMPRINT and not _SENTENCE.search(line) and len(_CONTACT.findall(line)) > 1
