"""Lists that stand in a page's scripts: arrays, the state of an application, rows that a script writes.

``var list = [{…}]``, ``__NEXT_DATA__``, ``window.__INITIAL_STATE__ = {…}``, ``document.write("<li>…")``.  A row is
what holds the address of an article and its title.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from zhijiang_spider.items import Following, ListEnd, ListEntry, PagerUnread
from zhijiang_spider.pages.links import absolute
from zhijiang_spider.pages.lists.anchors import article_links, read_anchors
from zhijiang_spider.pages.lists.markup import holds_links, read_markup, with_links
from zhijiang_spider.pages.lists.next_page import read_pager
from zhijiang_spider.pages.lists.pagers.addresses import own_number
from zhijiang_spider.pages.lists.readers import ListReading
from zhijiang_spider.pages.lists.rows import Row, RowReader, folded_name, unique
from zhijiang_spider.pages.lists.script_request import read_script
from zhijiang_spider.pages.lists.sides import Sides, names_side
from zhijiang_spider.pages.lists.templates import Template, article_templates
from zhijiang_spider.pages.literals import Literal, read_literals
from zhijiang_spider.pages.page import Page
from zhijiang_spider.sites.site import Site
from zhijiang_spider.vocabulary import any_of, words

_MOST = 4_000_000
"""Characters of scripts that are read."""
_ADDRESS = re.compile(r"[\"'=]([^\"'\s<>()\\]{0,300}[/?][^\"'\s<>()\\]{1,300})[\"'\\]")
_ESCAPED = re.compile(r"\\+(?:/|u002[fF])")
"""A slash as JSON may have it, in a text of JSON even twice."""
_MOST_ADDRESSES = 3000
_TITLED = re.compile(rf"{any_of('unshown.titles', traditional=False)}[\"']?\s?:\s?[\"']", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:id|ID|Id|no|key)[\"']?\s?:\s?[\"']?\w")
_JOINED = re.compile(r"(?:href|location|open|url|link)[^\n]{0,120}?[/=\w](?:[\"']\s?\+|\$\{|\{\{|<%)")
_JSON = re.compile(r"\s{0,99}[\[{]\s{0,99}[\"{\[]")
_IN_ATTRIBUTE = re.compile(r"=\s?[\"']\s{0,20}\[\s{0,20}\{")
_ROWS_IN_ATTRIBUTES = "//@*[starts-with(translate(., ' \n\t', ''), '[{')]"
"""What a component is given as its lines: ``<news-list :items='[{…}]'>``."""
_NESTED = 3
_TOTALS = frozenset(words("lists.totals"))


def read_script_rows(page: Page, site: Site) -> ListReading | None:
    """Read the rows in a page's scripts, with its links; None where these tell all articles, or rows stand beside."""
    sources = _sources(page)
    if not sources:
        return None
    templates: tuple[Template, ...] = ()
    if not any(_may_name_articles(source, page, site) for source in sources):
        if not any(_TITLED.search(source) and _NUMBERED.search(source) for source in sources):
            return None
        if not any(_JOINED.search(text) for text in (*sources, page.text)):
            return None
        sides = Sides(page.texts)
        if any(not sides.holds(link.element) for link in article_links(page, site)):
            return None  # a list of links stands in the page
        script = read_script(page)
        templates = article_templates(page.text, script, page.base, site)
        if not templates:
            return None
    literals = [literal for source in sources for literal in _literals(source)]
    entries = _entries(literals, RowReader(page.base, site, templates), page)
    linked = read_anchors(page, site) if entries else None
    known = {site.article_key(entry.url) for entry in linked.entries} if linked else set()
    if not entries or all(site.article_key(entry.url) in known for entry in entries):
        return None
    total = _total(literals, len(entries))
    return ListReading(
        with_links(entries, page, site),
        following=_unless_more(page, site, len(entries), total),
        said_entries=total,
    )


def _sources(page: Page) -> list[str]:
    """Return the page's scripts and the data among them, or the page itself where it is a script."""
    if is_script(page):
        return [page.text[:_MOST]]
    left = _MOST
    found = []
    for element in page.selector.root.iter("script"):
        kind = (element.get("type") or "").lower()
        if element.text and (not kind or "script" in kind or "json" in kind or kind == "module"):
            found.append(element.text[:left])
            left -= len(found[-1])
        if left <= 0:
            break
    if _IN_ATTRIBUTE.search(page.text):
        found += [str(value)[:_MOST] for value in page.selector.root.xpath(_ROWS_IN_ATTRIBUTES)[:20]]
    return found


def is_script(page: Page) -> bool:
    """Tell whether a page is no page but a script that another one includes."""
    return "javascript" in page.content_type.lower() or bool(
        re.match(r"\s{0,99}(?:document\.write|(?:var|let|const)\s)", page.text[:400])
    )


def _may_name_articles(source: str, page: Page, site: Site) -> bool:
    plain = _ESCAPED.sub("/", source) if "\\" in source else source
    for found in islice(_ADDRESS.finditer(plain.replace("\\u0026", "&")), _MOST_ADDRESSES):
        address = absolute(page.base, html.unescape(found[1]))
        if address and site.article_key(address):
            return True
    return False


def _literals(source: str, deep: int = 0) -> Iterator[Literal]:
    """Yield the texts and numbers of a script, those of JSON in its texts too."""
    for literal in read_literals(source):
        yield literal
        if deep < _NESTED and len(literal.value) > 20 and _JSON.match(literal.value):
            yield from _literals(literal.value, deep + 1)


def _entries(literals: Sequence[Literal], reader: RowReader, page: Page) -> tuple[ListEntry, ...]:
    rows: dict[tuple[object, ...], list[tuple[str, str]]] = {}
    markup: list[str] = []
    source, seen, assigned = 0, 0, 0
    calls = _calls_with_rows(literals)
    names: set[str] = set()
    for literal in literals:
        bracket = next(
            (one for one in reversed(literal.around) if one.mark in "{[" or one.number in calls), None
        )
        opened = bracket.number if bracket else 0
        if any(names_side(name) for one in literal.around for name in one.names):
            continue
        if holds_links(literal.value):
            if not names_side(literal.name):
                markup.append(literal.value)
        elif bracket is not None:
            rows.setdefault((source, opened), []).append(
                (literal.name if bracket.mark == "{" else "", literal.value)
            )
        elif literal.name.isdecimal():  # titles[0] = "…"; urls[0] = "…"
            rows.setdefault((source, "place", literal.name), []).append(("", literal.value))
        elif literal.name:  # s0.title = "…"; s0.url = "…"; s1.title = "…"
            if literal.name in names:
                assigned += 1
                names.clear()
            names.add(literal.name)
            rows.setdefault((source, "assigned", assigned), []).append((literal.name, literal.value))
        if opened < seen and not literal.around:
            source += 1  # another script counts its brackets anew
        seen = opened
    found = [entry for row in rows.values() if (entry := reader.entry(row))]
    if not found:
        found = [entry for row in _side_by_side([*rows.values()], reader) if (entry := reader.entry(row))]
    written = read_markup(markup, page, reader.site) if markup else ()
    return unique((*found, *written), reader.site)


def _calls_with_rows(literals: Sequence[Literal]) -> frozenset[int]:
    """Return the numbers of the brackets of calls that hold a row: ``new Item("…", "/p/1.html")``, ``add("…", "…")``."""
    held = Counter(literal.around[-1].number for literal in literals if literal.around[-1:])
    return frozenset(
        literal.around[-1].number
        for literal in literals
        if literal.around[-1:] and literal.around[-1].mark == "(" and held[literal.around[-1].number] > 1
    )


def _side_by_side(columns: Sequence[Sequence[tuple[str, str]]], reader: RowReader) -> Iterator[Row]:
    """Yield the rows of arrays that go together: ``titles = ["…", "…"]; urls = ["/p/1.html", "/p/2.html"]``."""
    for addresses in columns:
        if len(addresses) < 2 or not all(reader.address([one]) for one in addresses):
            continue
        others = [other for other in columns if other is not addresses and len(other) == len(addresses)]
        for place, address in enumerate(addresses):
            yield [address, *(other[place] for other in others)]


def _total(literals: Sequence[Literal], rows: int) -> int | None:
    """Return how many entries the data says there are: never fewer than it holds."""
    said = [
        int(literal.value)
        for literal in literals
        if folded_name(literal.name) in _TOTALS and re.fullmatch(r"[0-9]{1,8}", literal.value)
    ]
    return next((number for number in said if number >= rows), None)


def _unless_more(page: Page, site: Site, rows: int, total: int | None) -> Following | None:
    """Return that the rest is not understood, where the data says more than it holds and the page has no pager."""
    if total is None or total <= rows:
        return None
    pager = read_pager(page, site)
    is_first = (pager.number or own_number(page.url)[1] or 1) == 1
    if is_first and isinstance(pager.following, ListEnd):
        return PagerUnread(f"the page's data says {total} entries and holds {rows}")
    return None
