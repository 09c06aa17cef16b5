"""JPAGE lists: each line is a ``<record>`` of XML, in the page's script or in an answer of its ``dataproxy``.

The page holds the first group of lines; its script says how many there are (``totalRecord``), where the next groups
are asked for (``proxyUrl``) and with what form (``columnid``, ``unitid``, ``webid`` …).  Older ones name the address of
the next group themselves (``<nextgroup>``).
"""

import html
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

from zhijiang_spider.items import Following, ListAddress, ListEnd, NextPage, PagerUnread
from zhijiang_spider.pages.links import absolute
from zhijiang_spider.pages.lists.answers import is_piece
from zhijiang_spider.pages.lists.expressions import Pieces, Value, read_value, script_of
from zhijiang_spider.pages.lists.markup import read_markup, with_links
from zhijiang_spider.pages.lists.next_page import find_next
from zhijiang_spider.pages.lists.readers import ListReading
from zhijiang_spider.pages.page import Page
from zhijiang_spider.sites.site import Site

_HINTS = ("<record", "<RECORD", "<datastore", "<DATASTORE")
_RECORD = re.compile(r"<record\b[^<>]{0,200}>\s{0,50}(?P<data><!\[CDATA\[)?", re.IGNORECASE)
_NEXT_GROUP = re.compile(
    r"<nextgroup\b[^<>]{0,100}>\s{0,50}<!\[CDATA\[[^\]]{0,200}?href\s?=\s?[\"']?([^\"'\]<>]{0,600})[\"']?",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"<totalrecord\b[^<>]{0,100}>\s{0,20}(?:<!\[CDATA\[)?\s{0,20}(\d{1,9})", re.IGNORECASE)
_SETTING = r"\b{}['\"]?\s{{0,5}}[:=]\s{{0,5}}['\"]?(\d{{1,9}})"
_PROXY = re.compile(r"\bproxyUrl['\"]?\s{0,5}[:=]\s{0,5}(['\"])([^'\"\s]{1,500})\1", re.IGNORECASE)
_FORM = re.compile(r"\b(?:ajaxParam|param|params|ajaxParams)['\"]?\s{0,5}[:=]\s{0,5}(?=\{)", re.IGNORECASE)
_MOST_MARKUP = 4_000_000


def read_jpage(page: Page, site: Site) -> ListReading | None:
    """Read a page's first group of records, or an answer with a further one; None where there is no record store."""
    if not any(hint in page.text for hint in _HINTS):
        return None
    text = page.text[:_MOST_MARKUP]
    records = list(_records(text))
    total = _number(text)
    if not records and total is None:
        return None
    entries = read_markup(records, page, site)
    unread = f"none of its {len(records)} records links an article" if records and not entries else ""
    second = re.compile("<datastore", re.IGNORECASE).search(text, text.lower().find("<datastore") + 1)
    own = len(records) if second is None else len(list(_records(text[: second.start()])))
    return ListReading(
        with_links(entries, page, site),
        following=_unless_paged(page, site, _following(page, site, text, own, total), total),
        unread=unread,
        said_entries=total,
    )


def _unless_paged(page: Page, site: Site, following: Following, total: int | None) -> Following | None:
    """Leave it to the pager of the page around a store that leads to no further group, where there is one."""
    if isinstance(following, NextPage) or is_piece(page):
        return following
    if total is not None and isinstance(following, ListEnd):
        return following
    found = find_next(page, site)
    leads = isinstance(found, NextPage) or (total is None and isinstance(found, PagerUnread))
    return None if leads else following


def _records(text: str) -> Iterator[str]:
    """Yield the markup of the records."""
    at = 0
    while found := _RECORD.search(text, at):
        end = text.find("]]>" if found["data"] else "<", found.end())
        if end < 0:
            return
        yield text[found.end() : end] if found["data"] else html.unescape(text[found.end() : end])
        at = end


def _number(text: str, name: str = "totalRecord") -> int | None:
    found = _TOTAL.search(text) if name == "totalRecord" else None
    found = found or re.search(_SETTING.format(name), text, re.IGNORECASE)
    return int(found[1]) if found else None


def _following(page: Page, site: Site, text: str, held: int, total: int | None) -> Following:
    query = dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True))
    start, end = (
        int(query[name]) if query.get(name, "").isdecimal() else 0 for name in ("startrecord", "endrecord")
    )
    read = end if end >= start > 0 else held
    if total is not None and (read >= total or (end and not held)):
        return (
            ListEnd(f"the list says {total} entries, this group ends at {min(read, total)}")
            if held or not total
            else (PagerUnread(f"the list says {total} entries, and this group holds none"))
        )
    found = (
        _group(page, text, query, held, total) if not end else _group_behind(page, query, start, end, total)
    )
    if found is not None and site.follows(found.url):
        return NextPage(found, "jpage")
    if total is not None:
        return PagerUnread(f"the list says {total} entries, and nothing says where those behind {read} are")
    return ListEnd("the record store names no next group")


def _group_behind(
    page: Page, query: dict[str, str], start: int, end: int, total: int | None
) -> ListAddress | None:
    """Return the group behind that of an answer."""
    last = end + (end - start + 1)
    query |= {"startrecord": str(end + 1), "endrecord": str(min(last, total) if total else last)}
    parts = urlsplit(page.url)
    return ListAddress(urlunsplit(parts._replace(query=urlencode(query))), page.form)


def _group(page: Page, text: str, query: dict[str, str], held: int, total: int | None) -> ListAddress | None:
    """Return the group behind that of a page, or of an answer that names the next itself."""
    proxy, form = _PROXY.search(text), _form(text)
    if proxy and form and held and (address := absolute(page.base, proxy[2])):
        step = max(held, 1)
        last = min(2 * step, total) if total else 2 * step
        per = _number(text, "perPage") or step
        joint = "&" if "?" in address else "?"
        return ListAddress(f"{address}{joint}startrecord={held + 1}&endrecord={last}&perpage={per}", form)
    group = _NEXT_GROUP.search(text)
    address = absolute(page.base, html.unescape(group[1])) if group and group[1].strip() else None
    if address is None:
        return None
    named = parse_qs(urlsplit(address).query).get("page", [""])[0]
    own = query.get("page", "")
    if own.isdecimal() and named.isdecimal() and int(named) <= int(own):
        return None
    return ListAddress(address)


def _form(text: str) -> str:
    found = _FORM.search(text)
    if not found:
        return ""
    members: Value = read_value(script_of([text[found.end() : found.end() + 2000]]).tokens, 0)[0]
    if members is None or isinstance(members, Pieces):
        return ""
    values = {}
    for name, value in members.items():
        part = value.parts[0] if isinstance(value, Pieces) and len(value.parts) == 1 else ""
        if not isinstance(part, str):
            return ""
        values[name] = part
    return urlencode(values)
