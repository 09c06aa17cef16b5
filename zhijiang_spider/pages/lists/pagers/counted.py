"""The next page by counting: from what scripts say, by the profile's pattern, by the page's own number."""

import re

from zhijiang_spider.items import Following, ListAddress, ListEnd, NextPage
from zhijiang_spider.pages.links import absolute
from zhijiang_spider.pages.lists.pagers.addresses import number_by_template, own_number
from zhijiang_spider.pages.lists.pagers.callbacks import read_plugins, turned_on
from zhijiang_spider.pages.lists.pagers.forms import number_of
from zhijiang_spider.pages.lists.pagers.list_page import ListPage
from zhijiang_spider.pages.lists.pagers.scripts import read_page_variables, read_trs_call
from zhijiang_spider.sites.site import Site

_DOCUMENT = re.compile(r"<(?:!doctype|html|head|body|frameset)\b", re.IGNORECASE)
_HEAD = 3000
"""Characters in which a whole page says that it is one."""


def by_script(page: ListPage) -> Following | None:
    """Do what the page's scripts would: they know how many pages there are, and which this is."""
    if (call := read_trs_call(page.script, page.url)) is not None:
        return _numbered(page, *call)
    own_template, own = own_number(page.url)
    numbers = read_page_variables(page.own_script, own)
    if numbers is None:
        if page.counts.pages is None:
            return None
        numbers = page.number or own or 1, page.counts.pages
    current, last = numbers
    template = page.template
    if template is None and own == current:
        template = own_template
    if template is None:
        return _asked_by_form(page, current, last)
    return _numbered(page, template, current, last)


def by_plugin(page: ListPage) -> Following | None:
    """Do what the page's plug-ins for pagers would: they call a function of the page with the next number."""
    turned = (turned_on(one, page, page.number, page.counts.pages) for one in read_plugins(page.page))
    found = {repr(answer): answer for answer in turned if answer is not None}
    return next(iter(found.values())) if len(found) == 1 else None


def _numbered(page: ListPage, template: str, current: int, last: int) -> Following | None:
    if current >= last:
        return ListEnd(f"this is the last of the pages that a script counts: {page.counts.words or last}")
    made = absolute(page.page.base, template.replace("{page}", str(current + 1)))
    return NextPage(ListAddress(made), counted=True) if made and page.leads_on(made) else None


def _asked_by_form(page: ListPage, current: int, last: int) -> Following | None:
    asked = next((form.page(current + 1) for form in page.forms if form.number_field), None)
    if asked is None or not page.site.follows(asked.url):
        return None
    return NextPage(asked, counted=True) if current < last else ListEnd(f"this is page {current} of {last}")


def template_of_profile(url: str, site: Site) -> str | None:
    """Return the profile's pattern for the pages of the list at an address, None where there is none."""
    template, slug = site.page_url, site.section_slug(url)
    if not template or ("{id}" in template and slug is None):
        return None
    return template.replace("{id}", slug or "")


def may_be_first(url: str, site: Site) -> bool:
    """Tell whether an address may be that of the first page of a list: it holds no number above 1."""
    template = template_of_profile(url, site)
    numbers = own_number(url)[1] or 1, number_by_template(template, url)[0] if template else 1
    return max(numbers) == 1


def by_template(page: ListPage) -> Following | None:
    """Use the profile's pattern."""
    template = template_of_profile(page.url, page.site)
    if template is None:
        return None
    current, base = number_by_template(template, page.url)
    if page.counts.pages is not None and current >= page.counts.pages:
        return ListEnd(f"this is the last page: {page.counts.words}")
    following = page.accept(absolute(base, template.replace("{page}", str(current + 1))))
    return NextPage(following.address, counted=True) if isinstance(following, NextPage) else following


def by_own_number(page: ListPage) -> Following | None:
    """Go on behind a piece of a list that a script asks for by number and puts into its page.

    Such a piece is no whole page and has no pager: the script asks for the next one until nothing comes.
    """
    if _DOCUMENT.search(page.page.text[:_HEAD]):
        return None
    if asked := number_of(page.page.form):
        template, number = asked
        sent = ListAddress(page.url, template.replace("{page}", str(number + 1)))
        return NextPage(sent, counted=True)
    template_of_url, own = own_number(page.url)
    if template_of_url is None or own is None:
        return None
    return NextPage(ListAddress(template_of_url.replace("{page}", str(own + 1))), counted=True)
