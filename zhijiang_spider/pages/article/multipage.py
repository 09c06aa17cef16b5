"""Articles on several pages: how the pages become one article again."""

from collections.abc import Sequence
from dataclasses import replace

from zhijiang_spider.items import ListEnd, NextPage, RawArticle
from zhijiang_spider.pages.article.next_part import WHOLE

MOST = 50
"""Pages of one article that are followed."""
_REPEATED = 6
"""Last lines of a page that may stand on every page: credits."""


def join_parts(parts: Sequence[RawArticle]) -> RawArticle:
    """Return the pages of one article as one: text and pictures in order, the rest from the first page.

    A page that holds the whole article takes the place of those before it.  Lines at the end of a page that stand at the end of the next one too are kept once, at the end.
    """
    first = parts[0]
    behind_teaser = [
        number
        for number, part in enumerate(parts[:-1], 1)
        if isinstance(part.following, NextPage) and part.following.pager == WHOLE
    ]
    read = parts[behind_teaser[-1] :] if behind_teaser else parts
    paragraphs: list[str] = []
    images = []
    attachments = {}
    for number, part in enumerate(read):
        texts = list(part.paragraphs)
        if number + 1 < len(read):
            behind = set(read[number + 1].paragraphs[-_REPEATED:])
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
        following=ListEnd("all its pages were read"),
        parts=len(parts),
    )
