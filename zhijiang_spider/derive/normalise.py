"""RawArticle → Article, SectionPage → Listing: readings beside the print.

Nothing is thrown away: a date that cannot be read keeps its print, an unknown credit label its words.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from archive.characters import storable
from archive.model.article import Article, Credit, Image, Kind, MediaType, Role
from archive.model.crawl import Listing, ListingEntry, SectionKind
from zhijiang_spider.items import RawArticle, SectionPage
from zhijiang_spider.sites.site import Site
from zhijiang_spider.text.dates import parse_published

if TYPE_CHECKING:
    from zhijiang_spider.credits.find import CreditBlock


def normalise_article(
    raw: RawArticle, site: Site, *, key: str, fetched_at: str, capture: int | None = None
) -> Article:
    """Return the article as the archive keeps it.

    ``key``: its identity on the site.  ``fetched_at``: UTC, ``2024-01-16T02:03:04Z``; dates without a year need it.
    ``capture``: the capture of its first page.
    """
    from zhijiang_spider.credits import extract_credits  # who has lists only, or workers, reads none

    captions = [_clean(image.caption) for image in raw.images]
    paragraphs = [text for text in (_line(text) for text in raw.paragraphs) if text]
    block = extract_credits(paragraphs, header=_line(raw.header), byline=_line(raw.byline), captions=captions)
    source = _source(raw, block)
    published = parse_published(raw.published_raw, timezone=site.timezone, today=_local(fetched_at, site))
    return Article(
        site=site.name,
        key=key,
        url=raw.url,
        title=_title(raw.title),
        fetched_at=fetched_at,
        kind=_kind(raw, block.paragraphs),
        kicker=_line(raw.kicker),
        subtitle=_line(raw.subtitle),
        section=_line(raw.section),
        breadcrumb=tuple(_line(element) for element in raw.breadcrumb),
        published_raw=_line(raw.published_raw),
        published_on=published.on.isoformat() if published else None,
        published_at=published.at.isoformat() if published and published.at else None,
        source=source,
        source_raw=_line(raw.source_raw),
        body=block.paragraphs,
        credit_line=block.credit_line,
        credits=tuple(credit for credit in block.credits if not _is_source(credit, source)),
        images=_images(raw.images, captions, paragraphs, block.paragraphs),
        attachments=raw.attachments,
        parts=raw.parts,
        is_untitled=raw.is_untitled,
        capture=capture,
    )


def normalise_listing(
    page: SectionPage,
    site: Site,
    *,
    slug: str,
    number: int,
    fetched_at: str,
    asked: str = "",
) -> Listing:
    """Return a list page as the archive keeps it; how its walk goes on is for the crawl to add.

    ``asked``: the address that was asked for, where the site sent on from there.
    """
    today = _local(fetched_at, site)
    is_section = bool(site.section_slug(page.url) or site.section_slug(asked))
    entries = []
    for entry in page.entries:
        key = site.article_key(entry.url)
        if key is None:
            continue
        read = parse_published(entry.date_raw, timezone=site.timezone, today=today)
        entries.append(
            ListingEntry(
                key=key,
                url=entry.url,
                title=_title(entry.title),
                date_raw=_line(entry.date_raw),
                date_on=read.on.isoformat() if read else None,
            )
        )
    return Listing(
        site=site.name,
        slug=slug,
        kind=SectionKind.SECTION if is_section else SectionKind.START,
        url=page.url,
        name=_line(site.sections.get(slug, page.name)),
        number=number,
        entries=tuple(entries),
        remaining=None,
        stop="",
        fetched_at=fetched_at,
    )


def _clean(text: str) -> str:
    return storable(text).replace("\r", "").strip()


def _line(text: str) -> str:
    return " ".join(_clean(text).splitlines())


_SET_APART = re.compile(r"[\u4e00-\u9fff](?:\s+[\u4e00-\u9fff])+")
"""Matches (whole) a title whose every word is one Chinese character."""


def _title(text: str) -> str:
    """Return a title as one line; blanks that only fill it out are none: 公　告."""
    line = _line(text)
    return "".join(line.split()) if _SET_APART.fullmatch(line) else line


def _local(fetched_at: str, site: Site) -> datetime:
    """Return the time it was at the site when the page was fetched: 3小时前 and dates without a year need it."""
    return datetime.fromisoformat(fetched_at).astimezone(site.timezone)


def _source(raw: RawArticle, block: "CreditBlock") -> str:
    """Return the outlet: from the header, else from a credit line that names one."""
    if raw.source_raw:
        return _line(raw.source_raw)
    named = [credit for credit in block.credits if credit.role is Role.SOURCE]
    first = [c.name for c in named if (c.label, c.position) == (named[0].label, named[0].position)]
    return "、".join(dict.fromkeys(first))  # 来源：某报、某网


def _is_source(credit: Credit, source: str) -> bool:
    """Tell whether a credit only says what the article's own field does; another outlet's (转自) stays."""
    return credit.role is Role.SOURCE and credit.name in source.split("、")


_LITTLE_TEXT = 200
"""Characters of text beside a video, sound or file that only introduce it."""
_GALLERY_PICTURES, _GALLERY_TEXT = 3, 60
"""Pictures that a gallery has at least, and characters of text for each of them at most."""


def _kind(raw: RawArticle, body: Sequence[str]) -> Kind:
    """Return what an article mainly is."""
    if raw.is_newspaper:
        return Kind.NEWSPAPER
    length = sum(map(len, body))
    if length <= _LITTLE_TEXT:
        attached = {attachment.kind for attachment in raw.attachments}
        for kind, media_type in (
            (Kind.VIDEO, MediaType.VIDEO),
            (Kind.AUDIO, MediaType.AUDIO),
            (Kind.FILE, MediaType.FILE),
        ):
            if media_type in attached:
                return kind
    pictures = len(raw.images)
    if pictures >= _GALLERY_PICTURES and length <= pictures * _GALLERY_TEXT:
        return Kind.GALLERY
    return Kind.TEXT


def _images(
    images: Sequence[Image], captions: Sequence[str], printed: Sequence[str], body: Sequence[str]
) -> tuple[Image, ...]:
    """Count the places of the pictures in paragraphs of the body instead of printed ones.

    The body is what is left of the printed paragraphs, in order, when the credit lines are gone.
    """
    kept_before = [0]
    for text in printed:
        kept = kept_before[-1]
        kept_before.append(kept + (kept < len(body) and body[kept] == text))
    return tuple(
        replace(
            image,
            url=_clean(image.url),
            caption=caption,
            paragraph=kept_before[min(image.paragraph, len(printed))],
        )
        for image, caption in zip(images, captions, strict=True)
    )
