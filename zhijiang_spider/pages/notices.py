"""Answers with status 200 that are no page of the site: a file, a page that was cut, what a server or firewall says.

Such a notice is told by its heading, a sentence of such words alone, on a short page that has nothing of an article:
no date or source by itself, no credit.  An article that is called so is listed so.
"""

import re

from archive.evidence.media import sniff
from archive.evidence.packed import share_of_binary
from zhijiang_spider.pages.boilerplate import is_credit, is_empty_label
from zhijiang_spider.pages.header import date_of, is_header_row, source_of
from zhijiang_spider.pages.page import Page
from zhijiang_spider.pages.seen import Kind, TextBlock
from zhijiang_spider.text.characters import folded
from zhijiang_spider.vocabulary import any_of

_MOST_BINARY = 0.05
"""Share of bytes that no text has; a text with a stray one has fewer."""
_OPENED = re.compile(rb"<(?:html|body)[\s>]", re.IGNORECASE)
_TAG_BEGUN = re.compile(rb"<[a-z/!][^<>]*\Z", re.IGNORECASE)
_LONGEST_TAG = 2000
"""Bytes of a tag in which a cut page may end."""

_HEADINGS = 3
"""Lines of a page that may be its heading."""
_LONGEST_HEADING = 60
_MOST_TEXT = 500
"""Characters of a notice, links not counted."""


def file_kind(page: Page) -> str:
    """Return what an answer is that is no text of a page: a file's type, or packed bytes; "" of a text."""
    if page.body.startswith((b"%PDF-", b"\x1f\x8b")) or (
        share_of_binary(page.body) > _MOST_BINARY and not page.encoding.lower().startswith("utf-16")
    ):
        kind = sniff(page.body)
        return kind.mime if kind else "a file or packed"
    return ""


def is_xml(page: Page) -> bool:
    """Tell whether an answer is data in XML, such as a store's error, and no page in XHTML."""
    return page.body.lstrip()[:5] == b"<?xml" and _OPENED.search(page.body) is None


def is_cut(page: Page) -> bool:
    """Tell whether a page ends within a tag.  That one is never closed tells nothing: many a whole page is not."""
    end = page.body.rstrip(b"\0 \t\r\n")[-_LONGEST_TAG:]
    return _OPENED.search(page.body) is not None and _TAG_BEGUN.search(end) is not None


def notice_of(page: Page, listed: str = "") -> str:
    """Return the heading of a page that is a notice of a server, a firewall or a site that is closed; "" of others.

    ``listed``: what a list called the page, "" where no list is known.
    """
    lines = [piece for piece in page.rendered.pieces if piece.kind is Kind.TEXT]
    if sum(len(line.text) - line.linked for line in lines) > _MOST_TEXT or any(map(_is_of_article, lines)):
        return ""
    headings = [page.title, *(line.text for line in lines[:_HEADINGS] if line.linked * 2 <= len(line.text))]
    named = folded(listed)
    return next(
        (
            text
            for text in headings
            if len(text) <= _LONGEST_HEADING and _is_notice(text) and (not named or folded(text) not in named)
        ),
        "",
    )


_WORDS = re.compile(
    rf"{any_of('checks.notice_of', 'checks.notice', 'checks.auxiliary', 'checks.sorry', 'checks.asked')}|[\W\d_]+"
)
_NOTICE = re.compile(any_of("checks.notice"))
_ENGLISH = re.compile(
    r"index of /\S{0,200}|directory listing for .{0,100}"
    r"|(?:http status |error |http error )?[45]\d\d(?: ?[-–—:]? ?[a-z' -]{2,40})?(?: ?\(?nginx\)?)?"
    r"|(?:mysql|database|runtime|server|internal server|application|fatal|parse|proxy|gateway|configuration) error\b.{0,40}"
    r"|error establishing a database connection|(?:service|site|website|page|temporarily) (?:is )?(?:temporarily )?unavailable"
    r"|bad gateway|gateway time-?out|access (?:is )?(?:denied|forbidden|blocked)|forbidden|unauthorized"
    r"|(?:request|access)\w* (?:was |has been )?(?:rejected|blocked|intercepted)|too many requests"
    r"|(?:site|website|we are|system)?(?: is)? ?(?:under|down for|in) (?:maintenance|construction)"
    r"|(?:this )?(?:domain|website)(?: name)?(?: is| may be)? (?:for sale|parked|expired)|parked domain"
    r"|(?:this )?account (?:has been |is )?suspended|just a moment\W*|attention required\b.{0,30}"
    r"|security (?:check|verification)|are you (?:a )?(?:human|robot)\W*|verify (?:that )?you are (?:a )?human"
    r"|welcome to nginx\W*|it works\W*|iis windows server|apache\d? \w{0,10} ?default page\b.{0,20}|(?:http server )?test page\b.{0,40}",
    re.IGNORECASE,
)


def _is_notice(text: str) -> bool:
    if _ENGLISH.fullmatch(text.strip()):
        return True
    plain = folded(text)
    return bool(_NOTICE.search(plain)) and not _WORDS.sub("", plain)


def _is_of_article(line: TextBlock) -> bool:
    """Tell whether a line stands only by or in an article: its date and source, or a credit."""
    row = line.spaced
    if is_header_row(row) and (date_of(row) or source_of(row)):
        return True
    return is_credit(row) and not is_empty_label(row)
