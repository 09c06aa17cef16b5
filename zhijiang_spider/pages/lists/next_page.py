"""Where a list goes on: the address of its next page, in whatever way the page offers it.

Pages are asked in the order of ``_STRATEGIES``: what the profile says, what a reader would click, what the
page's scripts would do, and last the profile's pattern.  Links win over scripts because the scripts of one
system count from 0 on some sites and from 1 on others.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from urllib.parse import parse_qsl, urlsplit

from lxml import etree
from parsel import Selector
from w3lib.url import canonicalize_url

from zhijiang_spider.items import Following, ListAddress, ListEnd, NextPage
from zhijiang_spider.pages.links import absolute
from zhijiang_spider.pages.page import Page
from zhijiang_spider.pages.texts import Texts
from zhijiang_spider.sites.site import Site
from zhijiang_spider.vocabulary import spellings, words

_NEXT_WORDS = spellings("pagers.next")
_PREVIOUS_WORDS = spellings("pagers.previous")
_ARROWS = (">", "›", "＞", "→", "▶", "»", ">>", "››", "＞＞")
"""Order = precedence: where a pager has both, the double arrow leads further than the next page."""
_MORE_WORDS = spellings("pagers.more")
_CURRENT_CLASSES = frozenset(words("pagers.current_classes"))

_CLICKABLE = ("a", "area", "button", "input", "option")
_HOLDERS = ("span", "li", "em", "b", "strong", "td")
"""Elements in which pagers put a page that is no link, and some a script."""
_LABEL_CHARS = 16
"""A pager's links are short; longer texts are never looked at."""
_PAGE_PARAMETERS = frozenset(words("pagers.parameters"))
_NUMBER_LABEL = re.compile(r"\W{0,4}第?\s?(\d{1,5})\s?页?\W{0,4}")
_CALL = re.compile(r"([\w$.]{1,60})\s?\(\s?['\"]?(\d{1,6})(?![\d.])")
_NO_PAGE_CALLS = frozenset(("void", "alert", "confirm", "settimeout", "history.go", "go", "parseint"))
_GO_TO = re.compile(
    r"(?:location(?:\.href)?\s?=|location\.(?:assign|replace)\s?\(|window\.open\s?\()"
    r"\s{0,3}['\"]([^'\"\s]{1,500})['\"](?!\s?\+)"
)
_COUNT_TEXT = re.compile(
    r"共\s{0,3}(\d{1,6})\s{0,3}[页頁]|\d{1,6}\s{0,3}/\s{0,3}(?:共\s?)?(\d{1,6})\s{0,3}[页頁]?"
)

# A page function of TRS with plain arguments: with or without the name of an element before the count.
_TRS_CALL = re.compile(
    r"createPageHTML\s?\(\s{0,5}(['\"][^'\"]{0,80}['\"]\s?,)?\s{0,5}(\d{1,6})\s?,\s{0,5}(\d{1,6})\s?,"
    r"\s{0,5}['\"]([^'\"]{1,200})['\"]\s?,\s{0,5}['\"](\w{1,8})['\"]"
)
_COUNT_VARIABLE = re.compile(
    r"\b(?:countPage|totalPages?|pageCount|countPages|page_count|total_page|maxPage|pageTotal|allPage|pages)"
    r"['\"]?\s?[=:]\s?['\"]?(\d{1,6})\b",
    re.IGNORECASE,
)
_CURRENT_VARIABLE = re.compile(
    r"\b(currentPage|currPage|curPage|current_page|nowPage|pageIndex|pageNo|pageNum|pageNumber|thisPage|curr)"
    r"['\"]?\s?[=:]\s?['\"]?(\d{1,6})\b",
    re.IGNORECASE,
)
_PAGE_VARIABLE = r"(?:[a-z]|[\w$.]{0,30}(?:[Pp]age|PAGE|[Nn]um|[Nn]ext|[Ii]nd?e?x|[Cc]ur)[\w$]{0,20})"
_ADDRESS_IN_SCRIPT = re.compile(
    r"(?:(?<=['\"=])|(?<=[=(] ))([\w./?&=%~:-]{1,200})['\"]"
    rf"\s?\+\s?\(?\s?{_PAGE_VARIABLE}(?:\s?\+\s?1)?\s?\)?"
    r"\s?(?:\+\s?['\"](\.[a-z]{2,5}\b|[/&][\w./?&=%-]{0,100})|(?=[;,)}\n]))"
)


def find_next(page: Page, site: Site) -> Following:
    """Return what follows a page of a list: the next page, its end, or that this is not understood.

    The address is one that ``site`` allows and another than the page's own.  A page whose own next link leaves
    the site's hosts has no next page.
    """
    listed = _ListPage(page, site)
    for strategy in _STRATEGIES:
        if (found := strategy(listed)) is not None:
            return NextPage(ListAddress(found)) if found else ListEnd("the pager ends here")
    return ListEnd("the page has no pager")


def is_same_page(one: str, other: str) -> bool:
    """Tell whether two addresses are one but for scheme, fragment, escapes and the order of the query."""
    return _canonical(one) == _canonical(other)


def _canonical(url: str) -> str:
    try:
        return str(canonicalize_url(url)).partition(":")[2]
    except ValueError:
        return url.partition(":")[2]


# --- what is read from a page -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Link:
    """Something short that can be clicked, or the current page's place among such."""

    element: etree._Element
    label: str
    """Its text without spaces, brackets and, beside a word, arrows; lower case."""
    target: str | None
    """Absolute address; None if a script goes there or nothing does."""
    call: int | None
    """First number handed to a page function: 3 in ``goPage(3)``."""
    plain: bool
    """It cannot be clicked at all."""
    current: bool
    """It looks like the current page, or switched off."""


class _ListPage:
    """One list page; what several strategies need is read once."""

    def __init__(self, page: Page, site: Site) -> None:
        self.selector, self.url, self.base, self.site = page.selector, page.url, page.base, site
        self.texts = page.texts

    @cached_property
    def links(self) -> tuple[_Link, ...]:
        return tuple(_links(self))

    @cached_property
    def script(self) -> str:
        return _script_text(self.selector)

    @cached_property
    def groups(self) -> tuple["_Numbers", ...]:
        return tuple(_number_groups(self))

    @cached_property
    def count(self) -> int | None:
        """How many pages the list has, as printed beside the page numbers or set in a script."""
        if found := _COUNT_VARIABLE.search(self.script):
            return int(found[1])
        for link in self.links:
            if link.label in _NEXT_WORDS or link.label in _PREVIOUS_WORDS:
                parent = link.element.getparent()
                text = "" if parent is None else "".join(self.texts.of(parent, 80))
                if found := _COUNT_TEXT.search(text[:400]):
                    return int(found[1] or found[2])
        return None

    @cached_property
    def _own(self) -> str:
        return _canonical(self.url)

    def is_own(self, target: str) -> bool:
        return _canonical(target) == self._own

    def accept(self, target: str | None) -> str | None:
        """Judge where an explicit next link leads: the address, "" = this was the last page, None = ask on."""
        if target is None or self.site.article_key(target) is not None:
            return None
        return target if self.site.follows(target) and not self.is_own(target) else ""

    def leads_on(self, target: str) -> bool:
        """Tell whether an address can be another page of this very list."""
        return self.belongs(target) and not self.is_own(target)

    def belongs(self, target: str) -> bool:
        """Tell whether an address can be a page of this very list, judged by how it looks."""
        if not self.site.follows(target) or self.site.article_key(target) is not None:
            return False
        own, other = self.site.section_slug(self.url), self.site.section_slug(target)
        if own is not None and other is not None and own != other:
            return False
        here, there = urlsplit(self.url), urlsplit(target)
        folder = here.path.rpartition("/")[0] + "/"
        return here.hostname == there.hostname and (
            there.path.startswith(folder) or _without_digits(here.path) == _without_digits(there.path)
        )


def _links(page: _ListPage) -> Iterator[_Link]:
    root = page.selector.root
    around_links, pictures = _first_inside(root, "a"), _first_inside(root, "img")
    for element in root.iter(*_CLICKABLE, *_HOLDERS):
        label = _label(element, page.texts, pictures.get(element))
        if (link := _link(element, label, page.base, element in around_links)) is not None:
            yield link


def _first_inside(root: etree._Element, tag: str) -> dict[etree._Element, etree._Element]:
    """Return for each element around such ones the first of them: ``find(".//tag")`` of all elements at once."""
    first: dict[etree._Element, etree._Element] = {}
    for inner in root.iter(tag):
        element = inner.getparent()
        while element is not None and element not in first:
            first[element] = inner
            element = element.getparent()
    return first


def _link(element: etree._Element, label: str, base: str, around_link: bool) -> _Link | None:
    href, script = element.get("href"), element.get("onclick") or ""
    if element.tag == "option":
        value = element.get("value") or ""
        href = value if re.search(r"[./?]", value) else None
    clickable = href is not None or bool(script)
    if not clickable and element.tag != "a" and (element.tag in _CLICKABLE or around_link):
        return None  # an empty control, or the cell around a link
    if not label:
        return None
    if href is not None and re.match(r"\s{0,9}javascript:", href, re.IGNORECASE):
        script, href = f"{href} {script}", None
    script = script[:1000]
    target = absolute(base, href) if href else None
    if target is None and (found := _GO_TO.search(script)):
        target = absolute(base, found[1])
    calls = (found for found in _CALL.finditer(script) if found[1].lower() not in _NO_PAGE_CALLS)
    call = next((int(found[2]) for found in calls), None)
    return _Link(element, label, target, call, not clickable, _is_marked(element))


def _is_marked(element: etree._Element) -> bool:
    """Tell whether an element looks like the current page or like one that is switched off."""
    classes = (element.get("class") or "").lower().split()
    return not _CURRENT_CLASSES.isdisjoint(classes) or any(
        element.get(name) is not None for name in ("aria-current", "selected", "disabled")
    )


def _label(element: etree._Element, page: Texts, picture: etree._Element | None) -> str:
    """Return a link's short text: "" if it is long; title or picture text where it has none of its own."""
    text = "".join(page.of(element, 12))[:200]
    label = "".join(text.split())
    if not label:
        for value in (
            element.get("title"),
            element.get("aria-label"),
            element.get("value") if element.tag == "input" else None,
            element.get("alt"),
            picture.get("alt") if picture is not None else None,
            ">" if "next" in (element.get("class") or "").lower().split() else None,
        ):
            if label := "".join((value or "")[:200].split()):
                break
    if len(label) > _LABEL_CHARS:
        return ""
    bare = label.strip("[]()（）【】<>＜＞《》«»‹›→←▶◀|｜·…\xa0").lower()
    return bare or label


def _script_text(selector: Selector) -> str:
    """Return the page's scripts, with texts that are put together from pieces joined to one.

    ``"index" + "_" + n + "." + "html"`` becomes ``"index_" + n + ".html"``.
    """
    scripts = selector.xpath("//script[not(@src)]/text()").getall()
    text = "\n".join(scripts)[:500_000]
    text = re.sub(r"(?m)^[ \t]{0,40}//.*$", "", text)
    text = re.sub(r"[ \t\xa0]{1,40}", " ", text).replace('\\"', " ").replace("\\'", " ")
    return re.sub(r"['\"] ?\+ ?['\"]", "", text)


def _without_digits(path: str) -> str:
    return re.sub(r"\d+", "0", path)


# --- what a reader would click ------------------------------------------------------------------------


def _by_profile(page: _ListPage) -> str | None:
    for found in page.site.select(page.selector, "next"):
        root = found.root
        href = root if isinstance(root, str) else root.get("href")
        if href and (answer := page.accept(absolute(page.base, href))) is not None:
            return answer
    return None


def _by_rel(page: _ListPage) -> str | None:
    for element in page.selector.root.iter("link", "a"):
        if "next" in (element.get("rel") or "").lower().split():
            href = element.get("href")
            if href and (answer := page.accept(absolute(page.base, href))) is not None:
                return answer
    return None


def _by_words(page: _ListPage) -> str | None:
    nexts = [link for link in page.links if link.label in _NEXT_WORDS]
    for link in nexts:
        answer = None if link.current and link.target is None else page.accept(link.target)
        if answer is not None:
            return answer
        if link.call is not None and not link.current and (made := _page_for_call(page, link.call)):
            return "" if page.is_own(made) else made
    if not nexts:
        return None
    before = [link for link in page.links if link.label in _PREVIOUS_WORDS]
    if any(link.target and page.leads_on(link.target) for link in before):
        return ""  # the page links its pages, and the next one is switched off
    plain = all(link.plain for link in nexts) and all(link.plain for link in before)
    return "" if plain and before and not page.groups else None


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The numbered links of one pager."""

    linked: dict[int, _Link]
    current: int | None
    template: str | None
    """How its addresses are made: the one place where the number stands, as ``{page}``."""


def _by_numbers(page: _ListPage) -> str | None:
    for group in page.groups:
        if group.current is None:
            continue
        following = group.linked.get(group.current + 1)
        if following is None:
            reached = any(link.target for link in group.linked.values())
            if reached and group.current >= max(group.linked):
                return ""
            continue
        if following.target and page.leads_on(following.target):
            return following.target
        if following.target is None and (made := _page_for_call(page, group.current + 1)):
            return "" if page.is_own(made) else made
    return None


def _by_arrows(page: _ListPage) -> str | None:
    for arrow in _ARROWS:
        for link in page.links:
            if link.label == arrow and link.target and not link.current and page.leads_on(link.target):
                return link.target
    return None


def _by_more(page: _ListPage) -> str | None:
    following = (_own_number(page.url)[1] or 1) + 1
    for link in page.links:
        target = link.target if link.label in _MORE_WORDS else None
        if target and page.leads_on(target) and _own_number(target)[1] == following:
            return target
    return None


def _number_groups(page: _ListPage) -> Iterator[_Numbers]:
    """Gather number links that stand side by side, and find the current number among them."""
    containers: dict[etree._Element, dict[etree._Element, tuple[int, _Link]]] = {}
    for link in page.links:
        found = _NUMBER_LABEL.fullmatch(link.label)
        if not found or (link.plain and link.element.tag != "a"):
            continue
        if link.target and not (page.is_own(link.target) or page.belongs(link.target)):
            continue
        cell = _cell(link.element)
        container = cell.getparent()
        if container is not None:
            containers.setdefault(container, {})[cell] = int(found[1]), link
    for container, cells in containers.items():
        row = list(_row(container, cells, page.texts))
        linked = {n: link for n, link, _ in row if link is not None and not _stands_for_here(page, link, row)}
        if not linked or (len(linked) >= 27 and max(linked) <= 31):  # days of a calendar
            continue
        template = _template_of(linked)
        by_address = _number_by_template(template, page.url)[0] if template else None
        current = _current(row, linked)
        if by_address is None or current is None or current == by_address:
            # Where no number stands out and none leads here, this is the first page by its short address.
            yield _Numbers(linked, current or by_address, template)


def _template_of(linked: dict[int, _Link]) -> str | None:
    """Derive how page addresses are made from the places where each link's number stands in its address."""
    common: set[str] | None = None
    for number, link in islice(linked.items(), 40):
        if number < 2 or not link.target:
            continue
        places = re.finditer(rf"(?<!\d){number}(?!\d)", link.target)
        made = {f"{link.target[: m.start()]}{{page}}{link.target[m.end() :]}" for m in places}
        common = made if common is None else common & made
    return common.pop() if common and len(common) == 1 else None


def _cell(element: etree._Element) -> etree._Element:
    """Return the outermost element that holds nothing but this one: the ``li`` around a link."""
    for _ in range(3):
        parent = element.getparent()
        if (
            parent is None
            or not _is_alone(element)
            or (parent.text or "").strip()
            or (element.tail or "").strip()
        ):
            return element
        if parent.tag in ("body", "html", "div", "ul", "nav", "tr", "select"):
            return element
        element = parent
    return element


def _is_alone(element: etree._Element) -> bool:
    """Tell whether an element has no siblings.  Its parent's ``len()`` would count them all, for each of them."""
    return element.getprevious() is None and element.getnext() is None


def _row(
    container: etree._Element, cells: dict[etree._Element, tuple[int, _Link]], page: Texts
) -> Iterator[tuple[int, _Link | None, bool]]:
    """Yield each number of a pager in order: the number, its link, whether it is marked as current."""
    if found := _NUMBER_LABEL.fullmatch((container.text or "")[:20].strip()):
        yield int(found[1]), None, False
    for child in container:
        if child in cells:
            number, link = cells[child]
            yield number, link, link.current or _is_marked(child)
        elif isinstance(child.tag, str):
            text = "".join(page.of(child, 6))[:20].strip()
            if found := _NUMBER_LABEL.fullmatch(text):
                yield int(found[1]), None, _is_marked(child)
        if found := _NUMBER_LABEL.fullmatch((child.tail or "")[:20].strip()):
            yield int(found[1]), None, False


def _stands_for_here(page: _ListPage, link: _Link, row: Sequence[tuple[int, _Link | None, bool]]) -> bool:
    """Tell whether a numbered link is the current page: it leads here, or nowhere while others lead on."""
    if link.target is not None:
        return page.is_own(link.target)
    return link.call is None and any(other.target or other.call for _, other, _ in row[:40] if other)


def _current(row: Sequence[tuple[int, _Link | None, bool]], linked: dict[int, _Link]) -> int | None:
    """Return the number that is marked, or is no link where its neighbours are; None if that is not clear."""
    marked = {n for n, _, is_marked in row if is_marked}
    if len(marked) == 1:
        return marked.pop()
    unlinked = {n for n, link, _ in row if link is not None and linked.get(n) is not link}
    for index, (n, link, _) in enumerate(row):
        before = row[index - 1][0] if index else None
        after = row[index + 1][0] if index + 1 < len(row) else None
        if link is None and n not in linked and (before == n - 1 or after == n + 1):
            unlinked.add(n)
    return unlinked.pop() if len(unlinked) == 1 else None


# --- what a script would do ---------------------------------------------------------------------------


def _page_for_call(page: _ListPage, number: int) -> str | None:
    """Return the address that a page function would go to, if the page shows how addresses are made."""
    template = _template_of_numbers(page) or _template_of_script(page)
    made = absolute(page.base, template.replace("{page}", str(number))) if template else None
    return made if made and page.belongs(made) else None


def _template_of_numbers(page: _ListPage) -> str | None:
    return next((group.template for group in page.groups if group.template), None)


def _template_of_script(page: _ListPage) -> str | None:
    """Return the one address that the scripts put together from a number, None if there are several."""
    made = set()
    for found in _ADDRESS_IN_SCRIPT.finditer(page.script):
        start, end = found[1], found[2] or ""
        parameter = re.search(r"\?(?:[^?]*&)?(\w+)=$", start)
        in_path = re.search(r"\w[_-]$", start.rpartition("/")[2]) and end.startswith(".")
        if in_path or (parameter and parameter[1].lower() in _PAGE_PARAMETERS):
            made.add(f"{start}{{page}}{end}")
    return made.pop() if len(made) == 1 else None


def _by_script(page: _ListPage) -> str | None:
    if call := _TRS_CALL.search(page.script):
        count, current = int(call[2]), int(call[3])
        own = re.search(r"_(\d{1,6})\.\w+$", urlsplit(page.url).path)
        # Plain TRS counts from 0, and only its first page has no number in its address.
        from_one = bool(call[1]) if own or current > 1 else current == 1
        return _numbered(page, f"{call[4]}_{{page}}.{call[5]}", current, count if from_one else count - 1)
    return _by_script_variables(page)


def _by_script_variables(page: _ListPage) -> str | None:
    """Go on from what variables say: how many pages there are and, mostly, which one this is."""
    count_variable = _COUNT_VARIABLE.search(page.script)
    if not count_variable:
        return None
    template = _template_of_numbers(page) or _template_of_script(page)
    own_template, own_number = _own_number(page.url)
    variable = _CURRENT_VARIABLE.search(page.script)
    current = int(variable[2]) if variable else own_number or 1
    # Counted from 0: the first page says so, or the variables are those that TRS writes.
    trs = variable is not None and variable[1] == "currentPage" and "countPage" in count_variable[0]
    from_zero = current == 0 or trs
    last = int(count_variable[1]) - from_zero
    if template is None and own_number == current:
        template = own_template
    return _numbered(page, template, current, last) if template else None


def _numbered(page: _ListPage, template: str, current: int, last: int) -> str | None:
    if current >= last:
        return ""
    made = absolute(page.base, template.replace("{page}", str(current + 1)))
    return made if made and page.leads_on(made) else None


def _own_number(url: str) -> tuple[str | None, int | None]:
    """Return how the page's own address holds a page number, and the number: (None, None) if it does not."""
    parts = urlsplit(url)
    for name, value in parse_qsl(parts.query):
        if name.lower() in _PAGE_PARAMETERS and value.isascii() and value.isdigit() and len(value) < 7:
            return re.sub(rf"([?&]{re.escape(name)}=){value}(?!\d)", r"\1{page}", url, count=1), int(value)
    found = re.search(r"(?<=[_-])(\d{1,4})(?=\.[a-z]{2,5}$)", parts.path)
    if found is None:
        return None, None
    path = f"{parts.path[: found.start()]}{{page}}{parts.path[found.end() :]}"
    return url.replace(parts.path, path, 1), int(found[1])


# --- the profile's pattern ----------------------------------------------------------------------------


def _by_template(page: _ListPage) -> str | None:
    template = page.site.page_url
    slug = page.site.section_slug(page.url)
    if not template or ("{id}" in template and slug is None):
        return None
    template = template.replace("{id}", slug or "")
    current, base = _number_by_template(template, page.url)
    if page.count is not None and current >= page.count:
        return ""
    return page.accept(absolute(base, template.replace("{page}", str(current + 1))))


def _number_by_template(template: str, url: str) -> tuple[int, str]:
    """Return the page number that the address holds (1 if none), and what the template is relative to."""
    before, _, after = template.partition("{page}")
    if parameter := re.search(r"[?&]([^?&=]+)=$", before):
        value = dict(parse_qsl(urlsplit(url).query)).get(parameter[1], "")
        return (int(value) if re.fullmatch(r"[0-9]{1,6}", value) else 1), url
    before = re.sub(r"^https?://[^/]*", "", before)
    found = re.search(rf"{re.escape(before)}([0-9]{{1,6}}){re.escape(after.partition('?')[0])}(?=$|\?)", url)
    if not found:
        return 1, url
    # A template such as "list/{page}.htm" starts at the folder of the first page, on every page.
    return int(found[1]), url if before.startswith("/") else url[: found.start()]


_STRATEGIES = (_by_profile, _by_rel, _by_words, _by_numbers, _by_arrows, _by_more, _by_script, _by_template)
"""Order = precedence.  Each answers with an address, "" = this is the last page, None = ask the next."""
