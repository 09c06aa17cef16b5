"""A row of data → the entry of a list: which of its members is the address, the title, the date.

Told by the members' names and by what they hold, for the objects of a JSON answer and those in a script alike.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from zhijiang_spider.items import ListEntry
from zhijiang_spider.pages.links import absolute
from zhijiang_spider.pages.lists.templates import Template
from zhijiang_spider.sites.site import Site
from zhijiang_spider.text.characters import squeeze
from zhijiang_spider.text.dates import whole_date
from zhijiang_spider.text.list_dates import date_alone
from zhijiang_spider.vocabulary import words

Row: TypeAlias = Sequence[tuple[str, str]]
"""Names of members as they stand there, and their values; a name may be ""."""

_ADDRESSES = words("lists.addresses")
_TITLES, _DATES = words("unshown.titles"), words("unshown.dates")
_ADDRESS = re.compile(r"[^\s<>\"'{}|\\^`]{1,500}")
_TAG = re.compile(r"<[^<>]{0,500}>")
_LETTER = re.compile(r"[\u3400-\u9fff]")
_TITLE_LIKE, _DATE_LIKE = (
    re.compile(r"title$|biaoti$|headline$|subject$|^name$|^bt$"),
    re.compile(r"(?:time|date|day|rq|sj|at)$"),
)
_OTHERS = frozenset(words("lists.other_members"))
_SHORTEST_TITLE, _LONGEST_TITLE = 5, 100
_LONGEST_DATE = 30
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads rows of one page."""

    base: str
    """Where relative addresses start from."""
    site: Site
    templates: tuple[Template, ...] = ()
    """How the page makes the address of an article that has only a number."""

    def entry(self, row: Row) -> ListEntry | None:
        """Return the article of a row, None where it has no address of one, or no title."""
        named = [(folded_name(name), value) for name, value in row]
        address = self.address(named)
        title = title_of(named) if address else ""
        return ListEntry(address, title, date_of(named)) if address and title else None

    def address(self, named: Row) -> str | None:
        """Return the address of a row's article; its members' names are folded."""
        ranked = sorted(named, key=lambda one: _rank(one[0], _ADDRESSES))
        for _, value in ranked:
            if re.search(r"[/.?]", value) and _ADDRESS.fullmatch(value.strip()):
                address = absolute(self.base, html.unescape(value))
                if address and self.site.article_key(address):
                    return address
        if self.templates:
            values = {name: value for name, value in reversed(named) if name}
            for template in self.templates:
                made = template.fill(_as_named(template, values))
                address = absolute(self.base, made) if made else None
                if address and self.site.article_key(address):
                    return address
        return None


def _as_named(template: Template, values: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): values.get(folded_name(name), "") for name in template.names}


def folded_name(name: str) -> str:
    """Return a member's name as the vocabulary has it: lower case, without ``_`` and ``-``."""
    return name.lower().replace("_", "").replace("-", "")


def _rank(name: str, known: Sequence[str]) -> int:
    return known.index(name) if name in known else len(known)


def title_of(named: Row) -> str:
    """Return the title of a row, as text; "" where none of its members is one."""
    exact = [value for name, value in named if name in _TITLES]
    alike = [value for name, value in named if name not in _TITLES and _TITLE_LIKE.search(name)]
    for value in (*exact, *alike):
        if title := plain(value):
            return title
    texts = [plain(value) for name, value in named if not name and _LETTER.search(value)]
    return max(texts, key=len, default="") or _title_by_looks(named)


def _title_by_looks(named: Row) -> str:
    """Return the title of a row whose names tell nothing: the first text of a line's length with Chinese in it."""
    texts = [
        plain(value)
        for name, value in named
        if name not in _OTHERS and _LETTER.search(value[:_LONGEST_TITLE])
    ]
    lines = [text for text in texts if _SHORTEST_TITLE <= len(text) <= _LONGEST_TITLE]
    return (
        lines[0]
        if lines
        else max(filter(lambda text: len(text) <= _LONGEST_TITLE, texts), key=len, default="")
    )


def plain(value: str) -> str:
    """Return the text of a member, which may hold markup."""
    return squeeze(html.unescape(_TAG.sub("", value[:2000])))


def date_of(named: Row) -> str:
    """Return the date of a row as it stands there, "" where there is none."""
    ranked = sorted(named, key=lambda one: _rank(one[0], _DATES))
    for name, value in ranked:
        if (name in _DATES or _DATE_LIKE.search(name)) and whole_date(value.strip()[:60]):
            return value.strip()
    for name, value in named:
        if not name and date_alone(value.strip()[:60])[0]:
            return value.strip()
    for _, value in named:
        if len(value) <= _LONGEST_DATE and whole_date(value.strip()):
            return value.strip()
    return ""


def flat(item: Any, name: str = "", deep: int = 0) -> Iterator[tuple[str, str]]:
    """Yield the texts and numbers of an object of JSON with their names, those of objects in it too."""
    if isinstance(item, Mapping):
        if deep < _DEEPEST:
            for inner, value in item.items():
                yield from flat(value, str(inner), deep + 1)
    elif isinstance(item, list):
        if deep < _DEEPEST:
            for value in item:
                if not isinstance(value, Mapping) or deep < _DEEPEST - 1:
                    yield from flat(value, name, deep + 1)
    elif isinstance(item, str):
        yield name, item
    elif isinstance(item, int | float) and not isinstance(item, bool):
        yield name, str(item)


def unique(entries: Iterable[ListEntry], site: Site) -> tuple[ListEntry, ...]:
    """Return entries, each article once, at its first place."""
    found: dict[str, ListEntry] = {}
    for entry in entries:
        if key := site.article_key(entry.url):
            found.setdefault(key, entry)
    return tuple(found.values())
