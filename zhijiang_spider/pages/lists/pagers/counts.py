"""How long a list is, as its page says: printed beside the pager, or given to the script that draws one."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import ceil

from lxml import etree

from zhijiang_spider.pages.lists.link_text import UNREAD
from zhijiang_spider.pages.page import Page
from zhijiang_spider.pages.texts import Texts
from zhijiang_spider.vocabulary import any_of, words


@dataclass(frozen=True, slots=True)
class Counts:
    """What a page says about the length of its list; None where it does not."""

    pages: int | None = None
    current: int | None = None
    """Which page this is, from 1."""
    entries: int | None = None
    words: str = ""
    """Where the number of pages, or else of entries, stands, as the page has it."""
    printed: bool = False
    """A reader of the page sees it."""


def read_counts(page: Page, script: str) -> Counts:
    """Return how long the list of a page is.  ``script``: the page's scripts, see ``scripts.script_text``.

    What is drawn for a reader comes first, what a plug-in is given next, single variables last.
    """
    for found in (*_printed(page), *_plugins(script), *_components(page), *_variables(page, script)):
        if found.pages or found.entries:
            return found
    return Counts()


# --- what is printed ------------------------------------------------------------------------------------

_ALL = "(?:共(?:有|计)?|总(?:共|计)?|合计|總共)[:：]?"
_PAGES = re.compile(
    rf"{_ALL}([\d,]{{1,7}})[页頁]|总[页頁]数[:：]?(\d{{1,6}})|[页頁]?/(?:共|总)?(\d{{1,6}})[页頁]"
    r"|[条條](?:记录|信息|数据|新闻)?[^\d页頁第每]{0,4}(\d{1,6})[页頁]"
)
_OF = re.compile(r"(?<![\d/.:-])第?(\d{1,6})[页頁]?/(?:共|总)?(\d{1,6})(?![\d/.:-])")
_THIS = re.compile(rf"(?:{any_of('pagers.shown')}(?:为|是)?第?|[页頁]次[:：]?|第)(\d{{1,6}})(?=[页頁/])")
_ENTRIES = re.compile(
    rf"(?<![本每][页頁]){_ALL}([\d,]{{1,9}})(?:[条條篇则則个]|[项項](?!目))|记录总?数[:：]?(\d{{1,8}})"
)
_PER_PAGE = re.compile(r"每[页頁](?:显示)?[:：]?(\d{1,3})|(\d{1,3})[条條篇]/[页頁]")
_MOST_CHARS = 240
"""A pager's text is short."""
_MOST_PLACES = 60


def _printed(page: Page) -> Iterator[Counts]:
    for text in dict.fromkeys(_pager_texts(page)):
        pages, current, entries = _number(_PAGES, text), _number(_THIS, text), _number(_ENTRIES, text)
        if (of := _OF.search(text)) and int(of[1]) <= int(of[2]):
            current, pages = int(of[1]), pages or int(of[2])
        size = _number(_PER_PAGE, text)
        if pages is None and entries and size:
            pages = ceil(entries / size)
        said = next((found[0] for p in (_PAGES, _OF, _ENTRIES) if (found := p.search(text))), "")
        current = current if current and (not pages or current <= pages) else None
        yield Counts(pages, current, entries, said, printed=True)


def _pager_texts(page: Page) -> Iterator[str]:
    """Yield the text around each 页 that stands in no link's own words, without its white space."""
    if not _counts_pages(page.texts.all):
        return
    nodes = page.selector.root.xpath("//text()[contains(., '页') or contains(., '頁')]")
    for node in islice(nodes, _MOST_PLACES):
        element = node.getparent()
        if element is None or (element.tag in UNREAD or element.tag in ("title", "option")):
            continue
        widest = ""
        for _ in range(4):
            if element is None or element.tag in ("body", "html"):
                break
            text = _squeezed(element, page.texts)
            if len(text) > _MOST_CHARS:
                break
            widest, element = text, element.getparent()
        if widest:
            yield widest


def _counts_pages(texts: Sequence[str]) -> bool:
    """Tell whether a number stands near a 页 at all: cheaper to ask than where."""
    for place, text in enumerate(texts):
        if ("页" in text or "頁" in text) and _DIGIT.search(
            "".join(texts[max(0, place - 8) : place + 8])[:2000]
        ):
            return True
    return False


_DIGIT = re.compile(r"\d")


def _squeezed(element: etree._Element, texts: Texts) -> str:
    return "".join("".join(texts.of(element, 120))[:4000].split())


def _number(pattern: re.Pattern[str], text: str) -> int | None:
    found = pattern.search(text)
    value = next((group for group in found.groups() if group), None) if found else None
    return int(value.replace(",", "") or 0) or None if value else None


# --- what scripts are told ------------------------------------------------------------------------------

_KINDS = {
    "pages": frozenset(words("pagers.page_counts")),
    "entries": frozenset(words("pagers.entry_counts")),
    "size": frozenset(words("pagers.page_sizes")),
    "current": frozenset(words("pagers.current_pages")),
}
_IN_PLUGINS = {
    "pages": frozenset(("pages",)),
    "entries": frozenset(("count", "total", "items")),
    "size": frozenset(("limit", "size", "rows", "showitems")),
    "current": frozenset(("current", "page", "cur", "index")),
}
"""Names that say so only among the settings of a pager."""
_PLUGIN = re.compile(
    r"(?:\b|\.)(" + "|".join(map(re.escape, words("pagers.plugins"))) + r")"
    r"\s?\(\s?(?:(?:['\"][^'\"]{0,80}['\"]|(\d{1,7}))\s?,\s?)?\{"
)
_SETTING = re.compile(
    r"(?<![\w$.])([\w$-]{2,30})['\"]?\s?[:=]\s?(?:['\"]\s?(\d{1,7})\s?['\"]|(\d{1,7})(?![\w.])|([A-Za-z_$][\w$]{1,40}))"
)
_SETTINGS_CHARS = 900


def _plugins(script: str) -> Iterator[Counts]:
    """Yield what each plug-in that draws a pager is given."""
    for found in islice(_PLUGIN.finditer(script), 5):
        text = script[found.end() : found.end() + _SETTINGS_CHARS]
        told = _told(_settings(text, script), {kind: _KINDS[kind] | _IN_PLUGINS[kind] for kind in _KINDS})
        if found[1].startswith("kkpager"):
            told = _told(_settings(text, script), _KINDS | {"pages": frozenset(("total",))})
        if found[2]:
            told.setdefault("entries", (int(found[2]), f"{found[1]}({found[2]}"))
        yield _counts(told)


def _variables(page: Page, script: str) -> Iterator[Counts]:
    fields = (
        (element.get(name) or "", element.get("value") or "")
        for element in page.selector.root.iter("input")
        for name in ("id", "name")
    )
    typed = ((name, value, f"{name}={value}") for name, value in fields if re.fullmatch(r"[0-9]{1,7}", value))
    yield _counts(_told((*typed, *_settings(script, "")), _KINDS))


_NAMED_PAGERS = etree.XPath(
    "//*[contains(@class, 'pag') or contains(@id, 'pag')][@*[starts-with(name(), 'data-')]]"
)
_PAGER_ELEMENTS = etree.XPath("//*[contains(name(), '-pag')]")


_PAGER_TAG = re.compile("<[A-Za-z]{1,20}-pag")


def _components(page: Page) -> Iterator[Counts]:
    """Yield what pagers are given as attributes: ``<el-pagination :total="90">``, ``<div id=pager data-pages=3>``."""
    kinds = {kind: _KINDS[kind] | _IN_PLUGINS[kind] for kind in _KINDS}
    root = page.selector.root
    found = _NAMED_PAGERS(root) if "data-" in page.text else []
    if _PAGER_TAG.search(page.text):
        found += _PAGER_ELEMENTS(root)
    for element in found[:5]:
        given = [(name.lstrip(":").removeprefix("data-"), value) for name, value in element.items()]
        yield _counts(
            _told(((n, v, f"{n}={v}") for n, v in given if re.fullmatch(r"[0-9]{1,7}", v.strip())), kinds)
        )


def _settings(text: str, whole: str) -> Iterator[tuple[str, str, str]]:
    """Yield (name, number, as written); a name in the place of a number is looked up in the whole script."""
    for found in _SETTING.finditer(text):
        value = found[2] or found[3]
        if value is None and whole and _kind_of(found[1], _KINDS | _ANY):
            given = re.search(rf"\b{re.escape(found[4])}\s?=\s?['\"]?\s?(\d{{1,7}})\b", whole)
            value = given[1] if given else None
        if value is not None:
            yield found[1], value, " ".join(found[0].split())


def _kind_of(name: str, kinds: dict[str, frozenset[str]]) -> str | None:
    plain = name.lower().replace("_", "").replace("-", "").lstrip("$")
    return next((kind for kind, names in kinds.items() if plain in names), None)


_ANY = {kind: _KINDS[kind] | _IN_PLUGINS[kind] for kind in _KINDS}


COUNTED_SETTING = re.compile(
    rf"\b(?:{'|'.join(sorted(_ANY['pages'] | _ANY['entries']))})['\"]?\s?:|\(\s?\w{{1,40}}\s?,\s?\{{",
    re.IGNORECASE,
)
"""Found in every script that gives a pager's plug-in a count: cheaper to look for."""


def kind_of_setting(name: str) -> str | None:
    """Return what a setting of a pager's plug-in counts: pages, entries, size (of a page), current; None: nothing."""
    return _kind_of(name, _ANY)


def counts_of(settings: Iterable[tuple[str, str, str]]) -> Counts:
    """Return what settings of a pager's plug-in say: names, numbers, as written."""
    return _counts(_told(settings, _ANY))


def _told(
    settings: Iterable[tuple[str, str, str]], kinds: dict[str, frozenset[str]]
) -> dict[str, tuple[int, str]]:
    told: dict[str, tuple[int, str]] = {}
    for name, value, written in settings:
        if kind := _kind_of(name, kinds):
            told.setdefault(kind, (int(value), written))
    return told


def _counts(told: dict[str, tuple[int, str]]) -> Counts:
    pages, said = told.get("pages", (None, ""))
    entries, entries_said = told.get("entries", (None, ""))
    size, _ = told.get("size", (0, ""))
    if pages is None and entries and size:
        pages = ceil(entries / size)
    current, _ = told.get("current", (None, ""))
    return Counts(pages, current, entries, said or entries_said)
