"""Pages asked for by a form: one with a field for the page's number, and the post-backs of ASP.NET."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from lxml import etree, html

from archive.evidence.charset import page_encoding
from archive.evidence.encodings import codec_of
from zhijiang_spider.items import ListAddress
from zhijiang_spider.pages.links import absolute
from zhijiang_spider.pages.lists.pagers.addresses import PAGE_PARAMETERS
from zhijiang_spider.pages.page import Page

_POST_BACK = re.compile(r"__doPostBack\s?\(\s?['\"]([^'\"]{1,200})['\"]\s?,\s?['\"]([^'\"]{0,200})['\"]")
_MOST_FORMS = 10
_MOST_FIELDS = 500


@dataclass(frozen=True, slots=True)
class PageForm:
    """A form, as it is sent when a page of the list is asked for."""

    action: str
    """Absolute address."""
    post: bool
    fields: tuple[tuple[str, str], ...]
    """What it sends as it stands."""
    number_field: str | None
    """The field that takes the page's number, as a script of the page fills it; None where there is none."""
    encoding: str
    """Python codec in which it is sent."""

    @property
    def current(self) -> int | None:
        """The page number that the field holds now."""
        value = dict(self.fields).get(self.number_field or "", "").strip()
        return int(value) if re.fullmatch(r"[0-9]{1,6}", value) else None

    @property
    def is_asp_net(self) -> bool:
        """Tell whether post-backs of ASP.NET go by it."""
        return any(name == "__VIEWSTATE" for name, _ in self.fields)

    def page(self, number: int) -> ListAddress | None:
        """Return where a page of the list is asked for, None where the form takes no number."""
        return self._sent({self.number_field: str(number)}) if self.number_field else None

    def post_back(self, script: str) -> ListAddress | None:
        """Return what a ``__doPostBack('pager','2')`` in a handler asks for, None where there is none."""
        called = _POST_BACK.search(script) if self.is_asp_net else None
        return self._sent({"__EVENTTARGET": called[1], "__EVENTARGUMENT": called[2]}) if called else None

    def button(self, element: etree._Element) -> ListAddress | None:
        """Return what a click on a button of the form sends, None for one that names no page."""
        name = element.get("name")
        if not name or not (self.is_asp_net or name.lower() in PAGE_PARAMETERS):
            return None
        if (element.get("type") or "").lower() == "image":
            return self._sent({f"{name}.x": "1", f"{name}.y": "1"})
        return self._sent({name: element.get("value") or ""})

    def _sent(self, changed: dict[str, str]) -> ListAddress:
        fields = [(name, changed.get(name, value)) for name, value in self.fields]
        fields += [(name, value) for name, value in changed.items() if name not in dict(self.fields)]
        sent = urlencode(fields, encoding=self.encoding, errors="xmlcharrefreplace")
        if self.post:
            return ListAddress(self.action, sent)
        return ListAddress(f"{self.action.partition('?')[0]}?{sent}")


def read_page_forms(page: Page, script: str) -> tuple[PageForm, ...]:
    """Return the forms of a page that can ask for another page of its list.  ``script``: the page's scripts."""
    return tuple(_page_forms(page, script))


def _page_forms(page: Page, script: str) -> Iterator[PageForm]:
    for number, element in enumerate(page.selector.root.iter("form")):
        if number >= _MOST_FORMS:
            return
        if len(element.xpath("(.//input | .//select | .//textarea)[position() <= 501]")) > _MOST_FIELDS:
            continue
        form = html.fromstring(etree.tostring(element, encoding="unicode", method="html", with_tail=False))
        if not isinstance(form, html.FormElement):
            continue
        action = absolute(page.base, form.get("action") or page.url) or page.url
        fields = tuple((str(name), str(value)) for name, value in form.form_values())
        yield PageForm(
            action=action,
            post=(form.get("method") or "").strip().lower() == "post",
            fields=fields,
            number_field=_number_field(form, fields, script),
            encoding=codec_of(page_encoding(page.body, page.content_type)),
        )


def _number_field(form: html.FormElement, fields: tuple[tuple[str, str], ...], script: str) -> str | None:
    """Return the field for the page's number: named as such, and filled by a script that sends the form."""
    if not re.search(r"submit\s?\(", script):
        return None
    ids = {str(field.get("name")): field.get("id") or "" for field in form.iter("input", "select")}
    for name, _ in fields:
        plain = name.lower().replace("_", "").rpartition(".")[2]
        if plain in PAGE_PARAMETERS and any(
            called and re.search(rf"\b{re.escape(called)}\b", script) for called in (name, ids.get(name))
        ):
            return name
    return None


def number_of(form: str) -> tuple[str, int] | None:
    """Return how a sent form holds a page number, ``page={page}``, and the number; None if it does not."""
    for name, value in parse_qsl(form):
        if name.lower() in PAGE_PARAMETERS and re.fullmatch(r"[0-9]{1,6}", value):
            return re.sub(rf"((?:^|&){re.escape(name)}=){value}(?=&|$)", r"\1{page}", form, count=1), int(
                value
            )
    return None
