"""HTML source → source that libxml2 reads to its end, as browsers do.

A browser hears ``</body>`` and ``</html>`` and reads on where it was; libxml2 begins a second tree there, which
nobody looks at.  Between ``<noscript>`` and its end a browser with scripts reads no markup; libxml2 looks for the end
of what is opened in it beyond it.
"""

import re
from collections.abc import Iterator

_REPAIRED = re.compile(r"</(?:body|html)(?=[\s/>])|<noscript(?=[\s/>])", re.IGNORECASE)
_END = re.compile(r"</(?:body|html)(?=[\s/>])[^>]*>?|\s+", re.IGNORECASE)
_MARK = re.compile(
    r"<(?:(?P<comment>!--)"
    r"|(?=[einstx])(?P<raw>script|style|textarea|title|xmp|iframe|noembed|noframes|noscript)(?=[\s/>])"
    r"|/(?:body|html)(?=[\s/>])[^>]*>?)",
    re.IGNORECASE,
)
"""What a page's end can stand in without being one, and the end."""
_COMMENT_END = re.compile(r"--!?>")


def repair_markup(text: str) -> str:
    """Return a page's source without the end tags of body and html, where anything but space follows them.

    Those inside scripts, comments and the like stay.  What is opened inside ``<noscript>`` and not closed there is
    left out up to its end.  Takes time in proportion to the length; a page that ends where it says is not copied.
    """
    first = _REPAIRED.search(text)
    if first is None or (first[0].startswith("</") and _only_ends(text, first.start())):
        return text
    return "".join(_kept(text))


def _only_ends(text: str, at: int) -> bool:
    while at < len(text) and (found := _END.match(text, at)):
        at = found.end()
    return at == len(text)


def _kept(text: str) -> Iterator[str]:
    done = at = 0
    while found := _MARK.search(text, at):
        at = found.end()
        if found["comment"] or found["raw"]:
            end = _close(text, found, len(text))
            at = len(text) if end is None else end
            if found[0].lower() == "<noscript" and (opened := _left_open(text, found.end(), at)):
                yield text[done:opened]
                done = at
        else:
            yield text[done : found.start()]
            done = at
    yield text[done:]


def _close(text: str, mark: re.Match[str], limit: int) -> int | None:
    """Return where the text ends that a comment, or an element without markup, holds; None: not before ``limit``."""
    if mark["comment"]:
        found = _COMMENT_END.search(text, mark.start() + 2, limit)
        return found.end() if found else None
    found = re.compile(rf"</{mark['raw']}(?=[\s/>])", re.IGNORECASE).search(text, mark.end(), limit)
    return found.start() if found else None


def _left_open(text: str, start: int, end: int) -> int:
    """Return where something begins that does not end before ``end``, 0 if nothing does."""
    while found := _MARK.search(text, start, end):
        start = found.end()
        if found["comment"] or found["raw"]:
            closed = _close(text, found, end)
            if closed is None:
                return found.start()
            start = closed
    return 0
