"""Addresses in a page: what relative ones start from, and where they lead."""

import re
from urllib.parse import urljoin, urlsplit

from archive.characters import storable


def absolute(base: str, href: str) -> str | None:
    """Return the absolute address of a web page without its fragment, None if the link leads to none.

    Reads the link as browsers do: line breaks inside go, spaces are escaped, backslashes are slashes.
    """
    cleaned = storable(re.sub(r"[\t\r\n]", "", href)).strip().partition("#")[0]
    if not cleaned:
        return None
    path, mark, query = cleaned.partition("?")
    try:
        address = urljoin(base, path.replace("\\", "/") + mark + query).partition("#")[0]
        parts = urlsplit(address)
    except ValueError:  # a broken IPv6 address or port
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    return address.replace(" ", "%20")


def joined(base: str, address: str) -> str:
    """Return the absolute address of a picture or file, with its fragment; as it is where it cannot be joined."""
    try:
        return urljoin(base, address.strip())
    except ValueError:
        return address.strip()
