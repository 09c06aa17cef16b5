"""Addresses in a page: what relative ones start from, and where they lead, as browsers resolve them.

The rules are the URL Standard's (WHATWG), and a library's.  What is ours: a county site's query is written in the
encoding of its page, and the number of a visit is no part of an address.
"""

import re
from typing import Self

import ada_url

from archive.characters import storable
from archive.evidence.encodings import UTF_8, encode_letter


class Base(str):
    """The address that a page's relative ones start from, and the page's encoding: browsers send a query in it."""

    encoding: str
    """The Encoding Standard's name."""

    def __new__(cls, url: str, encoding: str = UTF_8) -> Self:
        """Join the two."""
        made = super().__new__(cls, url)
        made.encoding = encoding
        return made


def absolute(base: str, href: str) -> str | None:
    """Return the address of the web page that a link leads to, None if it leads to none.

    Resolved and escaped, so it is asked for as it stands; without its fragment and without the number of a visit.
    ``base``: a page's ``base``, or an address of which no page's encoding is known.
    """
    cleaned = storable(href).partition("#")[0].strip(_BLANKS)
    if not cleaned:
        return None
    address = resolve(base, cleaned)
    if address is None or not address.startswith(("http://", "https://")):
        return None
    return without_session(address)


def joined(base: str, address: str) -> str:
    """Return the absolute address of a picture or file, with its fragment; as it is where it leads nowhere.

    Letters and blanks stay as the page prints them: by this address the archive knows the picture again.
    """
    address = address.strip()
    found = resolve(base, storable(address))
    if found is None:
        return address
    if (address + base).isascii() and " " not in address:
        return found
    front, mark, query = found.partition("?")
    if not isinstance(base, Base) or base.encoding == UTF_8:
        query = _ESCAPES.sub(_as_printed, query)
    return _ESCAPES.sub(_as_printed, front) + mark + query


def resolve(base: str, reference: str) -> str | None:
    """Return where a reference leads, whatever its scheme, None if it is no address.

    ``base``: "" where it is not known, so that only an absolute address leads anywhere.
    """
    encoding = base.encoding if isinstance(base, Base) else UTF_8
    if encoding != UTF_8 and not reference.isascii():
        reference = _query_in(encoding, reference)
    try:
        return ada_url.join_url(base, reference) if base else ada_url.normalize_url(reference)
    except ValueError:
        return None


def holds_slot(address: str) -> bool:
    """Tell whether an address is one of a template: a script has yet to put a value into it."""
    return _SLOT.search(address) is not None


def without_session(address: str) -> str:
    """Return an address without the number of a visit that servers write into links for readers without cookies.

    With it every look would find other addresses for the same pages.
    """
    if _VISIT.search(address) is None:
        return address
    front, mark, query = address.partition("?")
    pairs = [pair for pair in query.split("&") if not _VISIT_PAIR.match(pair)]
    return _VISIT_PATH.sub("", front) + (mark + "&".join(pairs) if any(pairs) else "")


_BLANKS = "".join(map(chr, range(0x21)))
"""What browsers strip: blanks and control characters of ASCII."""
_ESCAPES = re.compile("(?:%[89A-F][0-9A-F])+|%20")
_SLOT = re.compile(r"\{\{|\$\{|\{%|<%|\[\[|#=|@\{|[{]\s?[A-Za-z_$][\w.$]{0,60}\s?[}]")
"""``{{v.url}}``, ``${url}``, ``<%=url%>``, ``{url}``, ``#=url#``."""
_VISIT = re.compile(r"[;?&](?:jsessionid|phpsessid|aspsessionid)", re.IGNORECASE)
_VISIT_PATH = re.compile(r";(?:jsessionid|phpsessid)=[^/?#;]*", re.IGNORECASE)
_VISIT_PAIR = re.compile(r"(?:jsessionid|phpsessid|aspsessionid\w*)=", re.IGNORECASE)
_BEYOND_ASCII = re.compile(r"[^ -~]")


def _query_in(encoding: str, reference: str) -> str:
    """Return a reference with its query escaped in an encoding; a letter that it lacks is sent as ``&#25776;``."""
    front, mark, fragment = reference.partition("#")
    path, question, query = front.partition("?")
    query = _BEYOND_ASCII.sub(lambda letter: _escaped(letter[0], encoding), query)
    return path + question + query + mark + fragment


def _escaped(letter: str, encoding: str) -> str:
    encoded = encode_letter(letter, encoding)
    if encoded is None:
        return f"%26%23{ord(letter)}%3B"
    return "".join(chr(byte) if 0x40 <= byte < 0x7F else f"%{byte:02X}" for byte in encoded)


def _as_printed(escapes: re.Match[str]) -> str:
    try:
        text = bytes.fromhex(escapes[0].replace("%", "")).decode()
    except UnicodeDecodeError:
        return escapes[0]
    return text if text == " " or text.isprintable() else escapes[0]
