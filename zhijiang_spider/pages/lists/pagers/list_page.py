"""A list page as pagers are looked for in it: what several of them need is read once."""

import re
from functools import cached_property

from zhijiang_spider.pages.links import absolute
from zhijiang_spider.pages.lists.expressions import Script
from zhijiang_spider.pages.lists.pagers.addresses import Place, own_number
from zhijiang_spider.pages.lists.pagers.callbacks import read_plugins
from zhijiang_spider.pages.lists.pagers.clickable import Link, read_links
from zhijiang_spider.pages.lists.pagers.counts import Counts, read_counts
from zhijiang_spider.pages.lists.pagers.forms import PageForm, read_page_forms
from zhijiang_spider.pages.lists.pagers.numbers import Numbers, number_groups
from zhijiang_spider.pages.lists.pagers.scripts import script_text, template_of_pieces, template_of_script
from zhijiang_spider.pages.lists.pagers.state import without_other_lists
from zhijiang_spider.pages.lists.script_request import read_script
from zhijiang_spider.pages.page import Page
from zhijiang_spider.sites.site import Site
from zhijiang_spider.vocabulary import spellings

_LAST_WORDS = spellings("pagers.last")
_GIVEN = re.compile(r"(?<=[(,'\"\s])\d{1,6}(?=[),'\"\s])")


def _only_number(script: str) -> int | None:
    """Return the one number in what a click runs: ``gotoPage(3)``."""
    found = _GIVEN.findall(script)
    return int(found[0]) if len(found) == 1 else None


class ListPage(Place):
    """One list page."""

    def __init__(self, page: Page, site: Site) -> None:
        super().__init__(page.url, site)
        self.page = page

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """What can be clicked."""
        return tuple(read_links(self.page))

    @cached_property
    def script(self) -> str:
        """Its scripts, see ``script_text``."""
        return script_text(self.page.selector)

    @property
    def parsed_script(self) -> Script:
        """Its scripts with the texts, objects and calls in them."""
        return read_script(self.page)

    @cached_property
    def own_script(self) -> str:
        """Its scripts without what they say of other lists."""
        return without_other_lists(self.script, self._titles)

    def _titles(self) -> frozenset[str]:
        links = (link for link, address in self.page.links if self.site.article_key(address) is not None)
        return frozenset("".join("".join(self.page.texts.of(link, 12))[:200].split()) for link in links)

    @cached_property
    def groups(self) -> tuple[Numbers, ...]:
        """Its rows of page numbers."""
        return tuple(number_groups(self.links, self, self.page.texts))

    @cached_property
    def counts(self) -> Counts:
        """How long it says that its list is."""
        counts = read_counts(self.page, self.own_script)
        if counts.pages is not None:
            return counts
        return next((one.counts for one in read_plugins(self.page) if one.counts.pages), counts)

    @cached_property
    def forms(self) -> tuple[PageForm, ...]:
        """Its forms that ask for a page by number."""
        return read_page_forms(self.page, self.script)

    @cached_property
    def template(self) -> str | None:
        """How the addresses of its pages are made, as its numbered links or its scripts show: with ``{page}``."""
        numbered = (group.template for group in self.groups if group.template)
        return (
            next(numbered, None) or template_of_script(self.script) or template_of_pieces(self.parsed_script)
        )

    @cached_property
    def number(self) -> int | None:
        """Which page of its list it is, from 1, as it says itself; None where it does not."""
        if self.counts.current:
            return self.counts.current
        return next((group.current for group in self.groups if group.current), None)

    @cached_property
    def last_number(self) -> int | None:
        """The number in the address of the link 尾页, which may count from 0; None where there is none."""
        numbers = (
            own_number(link.target)[1] or _only_number(link.script)
            for link in self.links
            if link.label in _LAST_WORDS and link.target and self.belongs(link.target)
        )
        return next(numbers, None)

    @property
    def number_in_address(self) -> int | None:
        """The page number in its address; the first page is 0, 1 or none there."""
        return own_number(self.url)[1]

    def made(self, template: str, number: int) -> str | None:
        """Return the absolute address that a template makes, None where it is no page of this list."""
        address = absolute(self.page.base, template.replace("{page}", str(number)))
        return address if address and self.belongs(address) else None
