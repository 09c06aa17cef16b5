"""Lists that grow: a control that says 加载更多, or a page that asks for more when it is scrolled."""

import re
from collections.abc import Iterator
from itertools import chain, islice
from urllib.parse import urlsplit

from lxml import etree

from zhijiang_spider.items import Following, ListAddress, ListEnd, NextPage, PagerUnread
from zhijiang_spider.pages.elements import is_inside_hidden
from zhijiang_spider.pages.links import absolute
from zhijiang_spider.pages.lists.link_text import UNREAD
from zhijiang_spider.pages.lists.pagers.addresses import is_same_page, own_number
from zhijiang_spider.pages.lists.pagers.list_page import ListPage
from zhijiang_spider.pages.lists.script_request import ScriptRequest, find_requests
from zhijiang_spider.pages.lists.sides import names_side
from zhijiang_spider.vocabulary import any_of, spellings

_LINKED_WORDS = spellings("pagers.more")
_MORE_WORDS = spellings("pagers.load_more")
_NO_MORE = re.compile(any_of("pagers.no_more"))
_ADDRESS_ATTRIBUTES = (
    "href",
    "data-href",
    "data-url",
    "data-link",
    "data-next",
    "data-src",
    "data-api",
    "hx-get",
)
_MAY_BE = re.compile("更多|加[载載]|[oO]re|点击")
_MOST = 40


def by_more_link(page: ListPage) -> Following | None:
    """Ask the links that say 更多 and lead to the page with the next number."""
    following = (page.number_in_address or 1) + 1
    for link in page.links:
        target = link.target if link.label in _LINKED_WORDS or link.label in _MORE_WORDS else None
        if target and page.leads_on(target) and own_number(target)[1] == following:
            return NextPage(ListAddress(target))
    return None


def by_load_more(page: ListPage) -> Following | None:
    """Ask the control that says 加载更多, and what its script would ask for."""
    control = next(_controls(page), None)
    if control is None:
        return None
    element, label = control
    if _is_off(element):
        return ListEnd(f"{label} is switched off")
    for name in _ADDRESS_ATTRIBUTES:
        value = (element.get(name) or "").strip()
        target = (
            absolute(page.page.base, value) if value and not value.lower().startswith("javascript:") else None
        )
        if target and page.site.follows(target) and not page.is_own(target) and own_number(target)[1]:
            return NextPage(ListAddress(target))
    if asked := _asked_by_script(page):
        return asked
    return PagerUnread(f"{label} is left to a script")


def by_scroll(page: ListPage) -> Following | None:
    """See whether a script asks for more when the page is scrolled, or an element when it is."""
    if (revealed := _revealed(page)) is not None:
        return NextPage(ListAddress(revealed))
    if not _asks_when_scrolled(page.script):
        return None
    if said := says_no_more(page):
        return ListEnd(f"the page says {said}")
    if asked := _asked_by_script(page):
        return asked
    return PagerUnread("a script asks for more when the page is scrolled")


def _revealed(page: ListPage) -> str | None:
    """Return what an element of htmx asks for when it comes into sight."""
    if "hx-get" not in page.page.text:
        return None
    for element in page.page.selector.root.xpath("//*[@hx-get and @hx-trigger]")[:_MOST]:
        target = absolute(page.page.base, element.get("hx-get"))
        if (
            re.search(r"revealed|intersect", element.get("hx-trigger"))
            and target
            and page.site.follows(target)
            and not page.is_own(target)
            and own_number(target)[1]
        ):
            return target
    return None


def says_no_more(page: ListPage) -> str:
    """Return the words with which a page says that its list ends here, "" where it has none."""
    if not _NO_MORE.search("\n".join(text for text in page.page.texts.all if len(text) < 60)):
        return ""
    for text in page.page.selector.root.xpath(
        "//text()[contains(., '更多') or contains(., '到') or contains(., '底')]"
    ):
        element = text.getparent()
        if (
            len(text) < 60
            and element is not None
            and element.tag not in UNREAD
            and (found := _NO_MORE.search(text))
            and not is_inside_hidden(element)
        ):
            return found[0]
    return ""


def _controls(page: ListPage) -> Iterator[tuple[etree._Element, str]]:
    """Yield the elements that say 加载更多 and are clicked, not followed, with their words."""
    short = {text for text in page.page.texts.all if 1 < len(text) < 40}
    said = {text for text in short if _is_more(text)}  # cheaper to ask than where
    needles = {found[0] for text in said if (found := _MAY_BE.search(text))}
    condition = " or ".join(f"contains(., '{needle}')" for needle in sorted(needles))
    nodes = page.page.selector.root.xpath(f"//text()[{condition}]") if needles else []
    for node in islice(nodes, _MOST):
        element = node.getparent()
        if not _is_more(node) or element is None or element.tag in UNREAD:
            continue
        for _ in range(3):  # the button around its words
            if _is_clicked(element):
                break
            parent = element.getparent()
            if parent is None or len("".join(page.page.texts.of(parent, 8)).strip()) > 16:
                break
            element = parent
        if _followed(page, element) is None and not _is_unused(page, element):
            yield element, "".join(node.split())
    for button in page.page.selector.root.iter("input"):
        label = (button.get("value") or "").strip()
        if label in _MORE_WORDS and not _is_unused(page, button):
            yield button, label


def _is_more(text: str) -> bool:
    if len(text) >= 40 or not _MAY_BE.search(text):
        return False
    return re.sub(r"[\W_]+", "", text).lower() in _MORE_WORDS


def _is_clicked(element: etree._Element) -> bool:
    return element.tag in ("a", "button") or any(
        element.get(name) for name in ("onclick", *_ADDRESS_ATTRIBUTES)
    )


def _followed(page: ListPage, element: etree._Element) -> str | None:
    """Return where a link leads that is no control of this list: 更多 of another section."""
    target = absolute(page.page.base, element.get("href") or "") if element.tag == "a" else None
    if target is None or is_same_page(target, page.url) or own_number(target)[1]:
        return None
    return target


def _is_unused(page: ListPage, element: etree._Element) -> bool:
    """Tell whether a control is hidden, and no script of the page names it, which could show it."""
    if not is_inside_hidden(element):
        return False
    around = islice(chain((element,), element.iterancestors()), 3)
    names = {name for node in around for name in f"{node.get('id') or ''} {node.get('class') or ''}".split()}
    return not any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", page.script) for name in names)


def _is_off(element: etree._Element) -> bool:
    return element.get("disabled") is not None or "disabled" in (element.get("class") or "").lower().split()


# --- what the script would ask for ----------------------------------------------------------------------

_SCROLL = re.compile(
    r"\bscroll\b|onscroll|IntersectionObserver|onReachBottom|\.dropload\s?\(|flow\.load\s?\("
)
_BOTTOM = re.compile(r"scrollHeight|\$\(document\)\.height|offsetHeight|isIntersecting|loadDownFn|flow\.load")
_ASKS = re.compile(r"\$\.(?:get|post|ajax|getJSON)\b|\bfetch\s?\(|axios|XMLHttpRequest|\b(?:load|get)\w{0,20}(?:more|list|data|page|next)\w{0,20}\s?\(", re.IGNORECASE)  # fmt: skip
_HANDLER_CHARS = 900


def _asked_by_script(page: ListPage) -> NextPage | None:
    """Return the one request with a page's number that the scripts make, for the page behind this one.

    Where they count from 0, page 1 may be this page as well as the one behind it: it must not look repeated.
    """
    own = page.number_in_address if page.number_in_address is not None else page.number
    asked = {
        _behind(own, request)
        for request in find_requests(page.page, page.parsed_script)
        if "{page}" in f"{request.address}{request.form}" and _may_be_list(page, request.address)
    }
    return asked.pop() if len(asked) == 1 else None


def _behind(own: int | None, request: ScriptRequest) -> NextPage:
    if own is None and request.first == 0:
        return NextPage(request.page(1), leads=True)
    return NextPage(request.page((own if own is not None else 1) + 1))


def _may_be_list(page: ListPage, address: str) -> bool:
    return (
        page.site.follows(address)
        and page.site.article_key(address) is None
        and not any(map(names_side, filter(None, re.split(r"[/.]", urlsplit(address).path))))
    )


def _asks_when_scrolled(script: str) -> bool:
    for found in islice(_SCROLL.finditer(script), 20):
        handler = script[found.start() : found.start() + _HANDLER_CHARS]
        if _BOTTOM.search(handler) and _ASKS.search(handler):
            return True
    return False
