"""The profile doctor: looks at a site it does not know, and drafts a profile.

Fetches a few pages politely, tells articles from sections by the shapes of their addresses, reads some articles,
and says what it found and how sure that is.
"""

import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from archive.evidence.charset import header_label, page_labels
from archive.evidence.encodings import encoding_of
from zhijiang_spider.derive.article import ArticleParts, Refused, derive_article, read_list, read_part
from zhijiang_spider.pages import Page
from zhijiang_spider.pages.checks import is_script_only
from zhijiang_spider.pages.links import absolute
from zhijiang_spider.probe.shapes import Shape, article_shape, group_links, section_shapes
from zhijiang_spider.sites.site import Site, parse_site
from zhijiang_spider.vocabulary import simplified

MOST_REQUESTS = 20
"""Pages fetched, robots.txt not counted."""
_SECTIONS, _ARTICLES = 6, 5
"""Section pages and articles that are looked at."""
FIELDS = ("title", "published_on", "section", "source", "body", "credits", "images")


Fetch = Callable[[str], Awaitable[Page | str]]
"""Address → the page, or why there is none."""


@dataclass(slots=True)
class Diagnosis:
    """What a probe found."""

    profile: dict[str, Any] = field(default_factory=dict)
    """A profile in its TOML form; empty when no articles were found."""
    fields: dict[str, list[str]] = field(default_factory=dict)
    """Field → its value in each article read, "" where it was not found."""
    rules: dict[str, str] = field(default_factory=dict)
    """Field → the rule that found it in the first article that has it."""
    sections: list[tuple[str, str, int, bool]] = field(default_factory=list)
    """(address, name, articles listed, has a next page) of each section page read."""
    warnings: list[str] = field(default_factory=list)
    requests: int = 0

    def confidence(self, name: str) -> float:
        """Return in what share of the articles read a field was found."""
        values = self.fields.get(name, [])
        return sum(map(bool, values)) / len(values) if values else 0.0


async def probe(url: str, fetch: Fetch) -> Diagnosis:
    """Look at a site, beginning with its home page or one of its lists."""
    found = Diagnosis()

    async def get(address: str) -> Page | None:
        if found.requests >= MOST_REQUESTS:
            return None
        found.requests += 1
        page = await fetch(address)
        if isinstance(page, str):
            found.warnings.append(f"{address}: {page}")
            return None
        return page

    async def get_list(address: str) -> Page | None:
        page = await get(address)
        if page and is_script_only(page):
            found.warnings.append(
                f"{address}: shows nothing without a browser: a script draws it, or a firewall asks"
            )
            return None
        return page

    home = await get_list(url)
    if home is None:
        return found
    _warn(home, found)
    start = _shapes(home)
    pages = [start]
    lists = [home]
    guess = article_shape(pages)
    for shape in section_shapes(start, guess.form if guess else "")[:2]:
        # Folders named in words may be anything: more of them are looked at.
        for address, _ in islice(shape.links, _SECTIONS if shape.form.endswith("/*") else _SECTIONS // 2):
            if page := await get_list(address):
                pages.append(_shapes(page))
                lists.append(page)
    articles = article_shape(pages)
    if articles is None:
        found.warnings.append("no links with headlines and numbered addresses: no articles were found")
        return found
    found.profile = _profile(home, articles, start, lists)
    if "section_url" not in found.profile:
        found.warnings.append("no sections were found: a crawl would archive only what this page lists")
    site = parse_site(found.profile, "the draft")
    _read_lists(lists, site, found)
    await _read_articles(articles, site, get, found)
    return found


def draft(found: Diagnosis) -> str:
    """Return a profile as commented TOML that ``zhijiang crawl --site`` can run."""
    profile = found.profile
    lines = [
        "# Drafted by zhijiang probe from what it saw; check every line, then zhijiang parse ADDRESS --site THIS-FILE",
        f"name = {_toml(profile['name'])}    # with an article's number its identity: never change it later",
        f"title = {_toml(profile['title'])}",
        f"hosts = {_toml(profile['hosts'])}    # nothing else is ever asked; add others only after looking at them",
        f"start_urls = {_toml(profile['start_urls'])}",
        "",
        "# Found in article addresses: the links with headlines",
        f"article_url = {_toml(profile['article_url'])}",
    ]
    if "section_url" in profile:
        lines += ["# Found in list addresses: the links with short names that lead to lists of articles"]
        lines += [f"section_url = {_toml(profile['section_url'])}"]
        if profile.get("skip_url"):
            lines += ["# Folders that list no articles; a crawl names others, which belong here too"]
            lines += ["skip_url = [" + ", ".join(map(_toml, profile["skip_url"])) + "]"]
    else:
        lines += ["# No sections were found: the start pages are the lists"]
    lines += ["", "[politeness]", "delay = 3.0", '# contact = "archive@example.org"']
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, str) and "'" not in value and "\\" in value:
        return f"'{value}'"
    return json.dumps(value, ensure_ascii=False)


def _shapes(page: Page) -> list[Shape]:
    host = urlsplit(page.url).netloc
    links = []
    for element in page.selector.root.iter("a", "area"):
        address = absolute(page.base, element.get("href") or "")
        if address and urlsplit(address).netloc == host:
            text = " ".join("".join(page.texts.of(element, 30)).split()) or element.get("title") or ""
            links.append((address, text))
    return group_links(links)


def _profile(home: Page, articles: Shape, start: Sequence[Shape], lists: Sequence[Page]) -> dict[str, Any]:
    """Draft a profile: sections are the shape whose pages list the most articles."""
    parts = urlsplit(home.url)
    title = home.selector.xpath("string(//title)").get("").strip()
    profile: dict[str, Any] = {
        "name": re.sub(r"^www\.|[^\w.-]", "", parts.hostname or "site"),
        "title": re.split(r"[_|｜—-]", title)[0].strip() or str(parts.hostname),
        "hosts": [parts.netloc],
        "start_urls": [home.url],
        "article_url": articles.pattern,
    }
    read = {page.url: page for page in lists[1:]}
    counts = {}
    for shape in dict.fromkeys((*start, *section_shapes(start, articles.form))):
        pages = [read[url] for url, _ in shape.links if url in read]
        listed = sum(_lists_articles(page, articles) for page in pages)
        if listed:
            counts[shape] = listed
    if counts:
        best = max(counts, key=lambda shape: (counts[shape], shape.names))
        if best.form.endswith("/*"):
            others = [
                url for url, _ in best.links if url in read and not _lists_articles(read[url], articles)
            ]
            if others:
                profile["skip_url"] = [f"^{re.escape(urlsplit(url).path)}$" for url in others]
        profile["section_url"] = best.pattern if set("#*") & set(best.form) else f"^{re.escape(best.form)}$"
    return profile


def _lists_articles(page: Page, articles: Shape) -> bool:
    return articles.holds_any(shape.links[0][0] for shape in _shapes(page) if shape.titles)


def _warn(home: Page, found: Diagnosis) -> None:
    host = urlsplit(home.url).hostname or ""
    text = home.selector.xpath("string(//title)").get("")
    if sum(ord(char) in simplified() for char in text) > 1:
        found.warnings.append(
            f"the title is in traditional characters ({text.strip()[:40]}): is {host} a hijacked mirror?"
        )
    header, labels = header_label(home.content_type), [*page_labels(home.body)]
    if header and labels and encoding_of(header) not in map(encoding_of, labels):
        found.warnings.append(f"header and page declare different charsets: {header}, {labels[0]}")


def _read_lists(lists: Sequence[Page], site: Site, found: Diagnosis) -> None:
    for page in lists:
        try:
            listed = read_list(page, site)
        except Refused:
            continue
        if site.section_slug(page.url) or not found.sections:
            found.sections.append((page.url, listed.name, len(listed.entries), listed.next_url is not None))
    if len(found.sections) > 1 and not any(has_next for *_, has_next in found.sections[1:]):
        found.warnings.append(
            "no list has a next page: perhaps a script turns the pages; see [pagination] page_url"
        )


async def _read_articles(
    articles: Shape, site: Site, get: Callable[[str], Awaitable[Page | None]], found: Diagnosis
) -> None:
    with_titles = [link for link in articles.links if len(link[1]) > 5] or articles.links
    for url, listed in with_titles[:: max(1, len(with_titles) // _ARTICLES)][:_ARTICLES]:
        page = await get(url)
        if page is None:
            continue
        try:
            part = read_part(page, site, listed)
        except Refused as error:
            found.warnings.append(f"cannot be read as an article: {error}")
            continue
        article = derive_article(ArticleParts("1", (part,)), site)
        for name in FIELDS:
            value = getattr(article, name)
            text = value if isinstance(value, str) else f"{len(value)}" if value else ""
            found.fields.setdefault(name, []).append(text or "")
        for choice in part.choices:
            if choice.rule:
                found.rules.setdefault(
                    {"published": "published_on"}.get(choice.field, choice.field), choice.rule
                )
