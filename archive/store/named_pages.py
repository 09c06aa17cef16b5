"""Captured pages that are no article's own, such as list pages: do they name a restricted article?

A list prints what it likes of an article beside its title: a summary, a name, a picture.  No program can tell the
summary from the rest for certain, and part of a capture is no capture: a list page that names a restricted article is
withheld as a whole.  Of open articles' pages none is: what they link to stands there as a title.
"""

import html
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cached_property
from urllib.parse import unquote, urljoin, urlsplit

from archive.evidence.charset import decode_page
from archive.evidence.warc_reader import Record, TooLarge
from archive.model.crawl import CaptureType
from archive.store.access import NAMES
from archive.store.archive import Archive

_OF_MANY = (CaptureType.SECTION, CaptureType.OTHER)
"""Kinds of captures that show many articles."""
_SHORTEST = 4
"""Characters of a title that is looked for; a shorter one, such as 通知, stands in menus."""

_TAG = re.compile(r"<[^<>]*>")
_BLANKS = re.compile(r"\s+")
_CUT = re.compile(r"(?:…|\.{2,}|·{3,})+$")
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(/))")
_ADDRESS = re.compile(r"[^\s\"'<>()\[\]{},;`|^\\]+")


class NamedPages:
    """Captured pages, asked for the articles that a connection withholds; whose names are read once."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def names_restricted(self, kind: str, read: Callable[[], Record]) -> bool:
        """Tell whether a captured page of this kind shows, among others, an article that the connection withholds.

        ``read``: returns the page; not asked where it does not matter.  Raises what that raises.
        """
        if not self._archive.withheld or kind not in _OF_MANY:
            return False
        record = read()
        try:
            text = _unescaped(decode_page(record.content, record.content_type))
        except TooLarge:
            return True  # nobody can look
        places, titles = self._names
        if not places.isdisjoint(_led_to(record.url, text)):
            return True
        shown = _BLANKS.sub("", _TAG.sub("", text))
        return any(title in shown for title in titles)

    @cached_property
    def _names(self) -> tuple[frozenset[str], frozenset[str]]:
        """Where on their sites the articles stand, and their titles as they are looked for."""
        names = self._archive.connection.execute(NAMES).fetchall()
        titles = {_title(title) for _, title in names}
        return (
            frozenset(_place(url) for url, _ in names) - {""},
            frozenset(title for title in titles if len(title) >= _SHORTEST),
        )


def _unescaped(text: str) -> str:
    """Return a page's text without the escapes of HTML and, for lists that come as data, of JSON."""
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else "/", text)
    return html.unescape(plain)


def _place(url: str) -> str:
    """Return what of an address tells where on its site something is; "" for a site's front page, and for no address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    place = unquote(parts.path).strip("/")
    return f"{place}?{unquote(parts.query)}" if parts.query else place


def _led_to(page: str, text: str) -> Iterator[str]:
    """Yield where on their sites what may be an address in a page leads to."""
    found = set(_ADDRESS.findall(text))
    found |= {word.partition("=")[2] for word in found}  # href=… without quotes
    for address in found:
        with suppress(ValueError):
            yield _place(urljoin(page, address))


def _title(title: str) -> str:
    """Return a title as it is looked for: without blanks, and without the dots at which a list cut it off."""
    return _CUT.sub("", _BLANKS.sub("", html.unescape(_TAG.sub("", title))))
