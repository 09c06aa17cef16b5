"""Lists that are not in their page: what its script asks for or its frame shows, and the articles in the answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from zhijiang_spider.pages import Page
from zhijiang_spider.pages.links import absolute
from zhijiang_spider.pages.lists.answers import json_of, rows_of, texts_of
from zhijiang_spider.pages.lists.markup import holds_links, read_markup
from zhijiang_spider.pages.lists.rows import date_of, flat, folded_name, title_of
from zhijiang_spider.pages.lists.script_request import ScriptRequest, find_requests, read_script
from zhijiang_spider.pages.lists.sides import names_list, names_side
from zhijiang_spider.pages.lists.templates import Template, article_templates
from zhijiang_spider.probe.places import Link, links_of
from zhijiang_spider.sites.site import Site
from zhijiang_spider.vocabulary import words

_ADDRESSES = frozenset(words("lists.addresses"))


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a page's own request for its list."""

    request: ScriptRequest
    page: Page
    links: tuple[Link, ...]
    """The articles, as far as they have addresses."""
    article: str = ""
    """How the page makes the addresses of the rows' members, ``/p/{id}.html``; "" where the rows have them."""


def list_request(page: Page, site: Site) -> ScriptRequest | None:
    """Return where a page has its list from, None where nothing says so."""
    script = read_script(page)
    found = [one for one in find_requests(page, script) if _is_list(one, site)]
    paged = [one for one in found if "{" in f"{one.address}{one.form}"]
    frames = (absolute(page.base, one.get("src") or "") for one in page.selector.root.iter("iframe", "frame"))
    shown = [ScriptRequest(address) for address in frames if address and names_list(urlsplit(address).path)]
    return next((one for one in (*paged, *found, *shown) if _is_list(one, site)), None)


def _is_list(request: ScriptRequest, site: Site) -> bool:
    parts = urlsplit(request.address).path.replace(".", "/").split("/")
    return site.allows(request.address) and not any(names_side(part) for part in parts if part)


def read_answer(asking: Page, request: ScriptRequest, page: Page, site: Site) -> Answer:
    """Return the articles in an answer.

    ``asking``: the page whose request it is.  ``site``: takes every address of the hosts for an article.
    """
    data = json_of(page)
    if data is None:
        return Answer(request, page, tuple(links_of(page)))
    for name, rows in rows_of(data):
        if names_side(name) or not rows:
            continue
        members = [[(folded_name(key), value) for key, value in flat(row)] for row in rows]
        links = [*_addressed(page, members, site)]
        if len(links) * 2 > len(rows):
            return Answer(request, page, tuple(links))
        script = read_script(asking)
        for template in article_templates(asking.text, script, asking.base, site):
            made = [*_made(asking, template, members, site)]
            if len({link.url for link in made}) == len(rows):
                return Answer(request, page, tuple(made), _text(template))
    markup = [text for text in texts_of(data) if holds_links(text)]
    written = read_markup(markup, page, site) if markup else ()
    return Answer(
        request, page, tuple(Link(entry.url, entry.title, bool(entry.date_raw)) for entry in written)
    )


def _addressed(page: Page, rows: Sequence[Sequence[tuple[str, str]]], site: Site) -> Iterator[Link]:
    for row in rows:
        addresses = (absolute(page.base, value) for name, value in row if name in _ADDRESSES and "/" in value)
        address = next((one for one in addresses if one and site.allows(one)), None)
        if address and (title := title_of(row)):
            yield Link(address, title, bool(date_of(row)))


def _made(
    asking: Page, template: Template, rows: Sequence[Sequence[tuple[str, str]]], site: Site
) -> Iterator[Link]:
    for row in rows:
        values = {name: value for name, value in reversed(row) if name}
        made = template.fill({name.lower(): values.get(folded_name(name), "") for name in template.names})
        address = absolute(asking.base, made) if made else None
        if address and site.allows(address) and (title := title_of(row)):
            yield Link(address, title, bool(date_of(row)))


def _text(template: Template) -> str:
    names = iter(template.names)
    return "".join(part if isinstance(part, str) else f"{{{next(names)}}}" for part in template.parts)
