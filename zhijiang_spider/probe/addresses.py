"""Forms of addresses: what of them says which one, and what only where it lies.

The form of an address has its numbers as ``#``, words joined by hyphens as ``~``, values of a query as ``*``:
``/content/show?catid=5&newsid=812`` is ``/content/show?catid=#&newsid=#``.  Many systems name the column in words,
``/zwgk/zcwj/202401/t20240115_77.html`` in the folder ``/zwgk/zcwj/``: forms that differ only in such folders before
the first number are one *family*, ``*/#/t#_#.html``.
"""

import re
from collections.abc import Iterator
from enum import Enum
from urllib.parse import urlsplit

from zhijiang_spider.pages.lists.pagers.addresses import PAGE_PARAMETERS


class Kind(Enum):
    """What a part of an address is."""

    FOLDERS = "folders"
    """Named folders from the root on, ``/`` at least."""
    TEXT = "text"
    NUMBER = "number"
    """Also a word of letters and digits that stands for one: 61cc1631, FJ1P0UTC0001899O, a UUID."""
    SLUG = "slug"
    """Words joined by hyphens: spring-tea-opens."""


_ESCAPED = r"(?:%[0-9A-Fa-f]{2})"
UUID = "[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}"
_WORD = (
    f"(?:{UUID}"
    "|[0-9a-f]{12,64}"
    "|(?=[0-9a-f]*[a-f][0-9]+[a-f])[0-9a-f]{8,64}"
    "|(?=[0-9A-Za-z]*[0-9][A-Za-z]+[0-9])[0-9A-Za-z]{8,64}"
    "|(?=[0-9A-Za-z]*[0-9])(?=[0-9A-Za-z]*[a-z][0-9A-Za-z]*[A-Z])[0-9A-Za-z]{8,64})"
)
"""A word that nobody spells: digits on both sides of letters, or capitals behind small letters and a digit."""
_TOKEN = re.compile(
    rf"(?P<text>{_ESCAPED}+)"
    rf"|(?P<slug>(?<=/)(?!{UUID}(?![0-9A-Za-z]))"
    r"(?=[^/.]*[A-Za-z]{2,}-(?:[0-9]+-)*[A-Za-z]{2})[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+(?=[/.?]|$))"
    rf"|(?P<number>(?<![0-9A-Za-z]){_WORD}(?![0-9A-Za-z])|[0-9]+)"
)
_SIGNS = {"number": "#", "slug": "~"}
_FOLDERS = re.compile(rf"/(?:(?:[A-Za-z_-]|{_ESCAPED})+/)*")
_VERB = re.compile(r"[a-z_]*")
"""A value in a query that may say what is done and not which one: ``a=show``."""


def path_of(url: str) -> str:
    """Return the path and query of an address, as a profile's patterns are looked for in it."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def list_of(path: str) -> str:
    """Return a path and query without the number of a page in the query: the address of the whole list."""
    place, _, query = path.partition("?")
    kept = [pair for pair in query.split("&") if not _names_page(*pair.partition("=")[::2])]
    return f"{place}?{'&'.join(kept)}" if any(kept) else place


def _names_page(name: str, value: str) -> bool:
    return name.lower() in PAGE_PARAMETERS and value.isdecimal()


def form_of(url: str) -> str:
    """Return the form of an address."""
    path, mark, query = path_of(url).partition("?")
    form = _TOKEN.sub(lambda found: _SIGNS.get(found.lastgroup or "", found[0]), path)
    return f"{form}?{'&'.join(map(_pair, query.split('&')))}" if mark else form


def _pair(pair: str) -> str:
    name, equals, value = pair.partition("=")
    token = _TOKEN.fullmatch(value)
    if token and token.lastgroup == "number":
        return f"{name}=#"
    return name + equals + (value if _VERB.fullmatch(value) else "*")


def folders_of(form: str) -> str:
    """Return the named folders that a form, or an address's path, begins with: ``/`` at least."""
    found = _FOLDERS.match(form.partition("?")[0])
    return found[0] if found else "/"


def family_of(form: str) -> str:
    """Return the family of a form: the named folders it begins with as ``*/``.

    Of a form in words only the last word goes too: ``*/`` are folders, ``*.htm`` files.
    """
    path, mark, _query = form.partition("?")
    if "#" in form or "~" in form or mark:
        return f"*/{form[len(folders_of(form)) :]}"
    folders, _, file = path.rpartition("/")
    if not file or file.startswith("index."):
        return "*/" if folders or not file else "/"
    return "*" + "".join(file.partition(".")[1:])


def is_numbered(form: str) -> bool:
    """Tell whether addresses of a form are told apart by something other than words."""
    return "#" in form or "=*" in form


def parts_of(path: str) -> Iterator[tuple[Kind, str]]:
    """Yield the parts of a path and query in order; the first are the folders, behind each number a text."""
    folders = folders_of(form_of(path))
    yield Kind.FOLDERS, folders
    at = len(folders)
    for found in _TOKEN.finditer(path, at - 1):  # a slug stands behind the slash
        if (kind := Kind(found.lastgroup)) is not Kind.TEXT and found.start() >= at:
            yield Kind.TEXT, path[at : found.start()]
            yield kind, found[0]
            at = found.end()
    yield Kind.TEXT, path[at:]
