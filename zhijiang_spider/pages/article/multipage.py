"""Articles on several pages: where the next page is, and how the pages become one article again."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from urllib.parse import parse_qsl, urlsplit

from lxml import etree

from zhijiang_spider.items import RawArticle
from zhijiang_spider.pages.links import absolute
from zhijiang_spider.pages.page import Page
from zhijiang_spider.sites.site import Site
from zhijiang_spider.vocabulary import spellings, words

_LABEL_PARTS = 5
"""Elements in a link that may hold a part of its label; what holds more is no 下一页."""
MOST = 50
"""Pages of one article that are followed."""
_NEXT_WORDS = spellings("pagers.next")
_AROUND = "[]【】（()）>»›→"
_PAGE_PARAMETERS = frozenset(words("pagers.parameters"))
_NUMBERED = re.compile(r"^(?P<stem>.+?)(?:[_-](?P<number>\d{1,3}))?(?P<end>\.\w{2,6})$")
_REPEATED = 6
"""Last lines of a page that may stand on every page: credits."""


def next_part(page: Page, site: Site) -> str:
    """Return the address of the article's next page, "" on the last one or where there is only one.

    A link that says 下一页 counts only if it leads one number on from this very article's address: 下一页 of a
    sidebar's list, or of the next article, does not.
    """
    for element in page.selector.root.iter("a"):
        if _label(element) not in _NEXT_WORDS:
            continue
        target = absolute(page.base, element.get("href") or "")
        if target and site.follows(target) and _leads_on(page.url, target, site):
            return target
    return ""


def _label(element: etree._Element) -> str:
    """Return a link's text without blanks and brackets; of one that holds much, its beginning."""
    pieces = [element.text or ""]
    for node in islice(element.iterdescendants(), _LABEL_PARTS):
        pieces += [node.text or "" if isinstance(node.tag, str) else "", node.tail or ""]
    return "".join("".join(pieces)[:20].split()).strip(_AROUND).lower()


def _leads_on(url: str, target: str, site: Site) -> bool:
    here, there = urlsplit(url), urlsplit(target)
    if here.hostname != there.hostname:
        return False
    key = site.article_key(target)
    if here.path == there.path:
        return key == site.article_key(url) and _parameter(there.query) == _parameter(here.query) + 1
    one, other = _NUMBERED.match(here.path), _NUMBERED.match(there.path)
    if one is None or other is None or one["end"] != other["end"] or not other["number"]:
        return False
    if one["stem"] == other["stem"]:
        return int(other["number"]) in ({int(one["number"]) + 1} if one["number"] else {1, 2})
    return False


def _parameter(query: str) -> int:
    """Return the page number that a query holds, 1 if none."""
    for name, value in parse_qsl(query):
        if name.lower() in _PAGE_PARAMETERS and re.fullmatch(r"[0-9]{1,3}", value):
            return int(value)
    return 1


def join_parts(parts: Sequence[RawArticle]) -> RawArticle:
    """Return the pages of one article as one: text and pictures in order, the rest from the first page.

    Lines at the end of a page that stand at the end of the next one too are kept once, at the end.
    """
    first = parts[0]
    paragraphs: list[str] = []
    images = []
    attachments = {}
    for number, part in enumerate(parts):
        texts = list(part.paragraphs)
        if number + 1 < len(parts):
            behind = set(parts[number + 1].paragraphs[-_REPEATED:])
            while texts and texts[-1] in behind:
                texts.pop()
        images += [
            replace(image, paragraph=min(image.paragraph, len(texts)) + len(paragraphs))
            for image in part.images
        ]
        attachments.update({attachment.url: attachment for attachment in part.attachments})
        paragraphs += texts
    return replace(
        first,
        paragraphs=tuple(paragraphs),
        images=tuple(images),
        attachments=tuple(attachments.values()),
        next_url="",
        parts=len(parts),
    )
