"""Where a click in a pager leads: by its link, by the function it calls, by the form it sends."""

from zhijiang_spider.items import ListAddress
from zhijiang_spider.pages.lists.pagers.clickable import Link
from zhijiang_spider.pages.lists.pagers.list_page import ListPage


def reach(page: ListPage, link: Link) -> ListAddress | None:
    """Return where a click asks for a page of this list, None where the page does not show it."""
    if link.target is not None:
        return ListAddress(link.target) if page.leads_on(link.target) else None
    for form in page.forms:
        asked = form.post_back(link.script) or (form.button(link.element) if _sends(link) else None)
        if asked is not None and page.site.follows(asked.url):
            return asked
    return page_for_call(page, link.call) if link.call is not None else None


def page_for_call(page: ListPage, number: int) -> ListAddress | None:
    """Return the address that a page function would go to, if the page shows how addresses are made."""
    if page.template and (made := page.made(page.template, number)):
        return ListAddress(made)
    for form in page.forms:
        asked = form.page(number)
        if asked is not None and page.site.follows(asked.url):
            return asked
    return None


def _sends(link: Link) -> bool:
    kind = (link.element.get("type") or "").lower()
    return (
        kind in ("submit", "image")
        if link.element.tag == "input"
        else link.element.tag == "button" and (kind in ("", "submit"))
    )
