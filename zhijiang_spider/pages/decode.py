"""Bytes → Selector."""

from parsel import Selector

from archive.evidence.charset import decode_page


def read_page(body: bytes, content_type: str = "") -> Selector:
    """Return the page as a Selector.  ``content_type`` is the HTTP header, "" where there is none."""
    return Selector(text=decode_page(body, content_type) or "<html></html>", type="html")
