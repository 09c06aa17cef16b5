"""Where to go from an address that leads nowhere: what it nearly named, and a search for its words."""

import re
from collections.abc import Iterator

from archive.room.days import in_words, is_day
from archive.room.ways import Step, search_address
from archive.search.errors import QueryError
from archive.search.fold import fold
from archive.search.language import parse_query
from archive.store.archive import Archive

_ABOVE: dict[str, Step] = {
    "n": ("/n", "人名"),
    "section": ("/section", "栏目"),
    "photos": ("/photos", "图片"),
    "media": ("/photos", "图片"),
}
"""First word of an address → the page above it."""
_KINDS = frozenset(
    (*_ABOVE, "a", "v", "diff", "year", "month", "day", "on", "search", "static", "html", "json", "csv")
)
"""Words of our own addresses: nobody looks for them."""
_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:[-/年.]?(\d\d?)(?:[-/月.]?(\d\d?))?)?(?!\d)",
    re.ASCII,
)
_LARGEST = 2**63 - 1
_WORD = re.compile(r"[\w·]+")
_MOST = 5
"""Words of an address that are looked for."""
_LONGEST = 20
"""Characters of a word; longer ones are digests."""


def ways_on(archive: Archive, path: str) -> list[Step]:
    """Return the pages that whoever asked for ``path``, which is none, may have meant, those nearest to it first."""
    parts = [part for part in path.split("/") if part]
    kind = parts[0] if parts else ""
    ways = [*_articles(archive, parts), *_dates(path)]
    if kind in _ABOVE:
        ways.append(_ABOVE[kind])
    ways += _search(parts)
    return list(dict.fromkeys([*ways, ("/year", "年份"), ("/", "首页")]))


def _articles(archive: Archive, parts: list[str]) -> Iterator[Step]:
    """Yield the article of a number in the address, or the ones with the numbers next to it."""
    if parts[:1] != ["a"] or len(parts) < 2 or not (number := re.match("[0-9]+", parts[1])):
        return
    asked = int(number[0]) if len(number[0]) <= 18 else _LARGEST
    rows = archive.connection.execute(
        "SELECT article_id, title FROM article WHERE article_id IN ("
        " (SELECT max(article_id) FROM article WHERE article_id <= :asked),"
        " (SELECT min(article_id) FROM article WHERE article_id >= :asked)) ORDER BY 1",
        {"asked": asked},
    ).fetchall()
    exact = [row for row in rows if row[0] == asked]
    for article_id, title in exact or rows:
        yield f"/a/{article_id}", f"编号 {article_id}：{title}"


def _dates(path: str) -> Iterator[Step]:
    """Yield the day, the month and the year that stand in an address."""
    found = _DATE.search(path)
    if found is None:
        return
    year, month, day = found[1], (found[2] or "").zfill(2), (found[3] or "").zfill(2)
    for kind, date, first in (
        ("day", f"{year}-{month}-{day}", f"{year}-{month}-{day}"),
        ("month", f"{year}-{month}", f"{year}-{month}-01"),
        ("year", year, f"{year}-01-01"),
    ):
        if is_day(first):
            yield f"/{kind}/{date}", in_words(date)


def _search(parts: list[str]) -> Iterator[Step]:
    """Yield the search for the words of an address."""
    words = [
        word
        for part in parts
        for word in _WORD.findall(part)
        if word.lower() not in _KINDS
        and len(word) <= _LONGEST
        and not re.fullmatch("[0-9a-f_]*", word)
        and fold(word)
    ]
    query = " ".join(words[:_MOST])
    try:
        parse_query(query)
    except QueryError:  # no word, or one that joins others
        return
    yield search_address(query), f"检索“{query}”"
