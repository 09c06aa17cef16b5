"""A profile from a survey: the patterns that hold for every page looked at, the name, the hosts."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from zhijiang_spider.pages import Page
from zhijiang_spider.probe.addresses import family_of, folders_of, form_of, is_numbered, list_of, path_of
from zhijiang_spider.probe.drawn import Answer
from zhijiang_spider.probe.patterns import (
    Pattern,
    alike,
    article_pattern,
    folder_patterns,
    query_pattern,
    section_patterns,
    union,
)
from zhijiang_spider.probe.survey import Look, Survey, turns
from zhijiang_spider.probe.views import is_view
from zhijiang_spider.sites.list_api import ListApi
from zhijiang_spider.text.characters import squeeze
from zhijiang_spider.vocabulary import spellings

_SUFFIXES = frozenset(
    [
        "cn",
        "com",
        "net",
        "org",
        "gov",
        "edu",
        "ac",
        "mil",
        "info",
        "biz",
        "cc",
        "tv",
        "top",
        "xyz",
        "xin",
        "site",
        "online",
        "wang",
        "hk",
        "mo",
        "tw",
        "example",
        "test",
    ]
)
"""Last parts of host names that do not name the site."""
_VARIANTS = ("www", "m", "wap", "3g", "mobile")
_TITLE_BREAK = re.compile(r"\s*[_|｜—–]+\s*|\s+[-·]\s*|\s*[-·]\s+|(?<=[^\W\d_a-zA-Z])-(?=[^\W\d_a-zA-Z])")
_HOME = spellings("breadcrumb.home") | {"", "home", "index", "welcome"}


# --- articles -------------------------------------------------------------------------------------------


def article_url(survey: Survey) -> Pattern:
    """Return the pattern of the articles, as wide as what else the site links allows."""
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for kind in survey.article_kinds:
        for url, link in survey.links[kind].items():
            path = path_of(url)
            groups[path.partition("?")[0] if "?" in path else alike(path)][path] = link.text
    other = {path_of(look.url) for look in (*survey.listing, *survey.barren)}
    for kind, found in survey.links.items():
        refuted = _is_refuted(kind, survey)
        other |= {path_of(url) for url, link in found.items() if refuted or turns(link)}
    ordered = sorted(groups.values(), key=len, reverse=True)
    return union(
        _without_covered([(one, [*rows]) for rows in ordered for one in _patterns([*rows.items()], other)])
    )


def _without_covered(patterns: Sequence[tuple[Pattern, Sequence[str]]]) -> list[Pattern]:
    """Leave out a pattern whose paths those before it tell apart too: ``/lh2024/`` is a folder like ``/xwzx/``."""
    kept: list[Pattern] = []
    for pattern, paths in patterns:
        keys = {one.key(path) for path in paths for one in kept} - {None}
        if len(keys) < len(set(paths)):
            kept.append(pattern)
    return kept


def _is_refuted(kind: str, survey: Survey) -> bool:
    """Tell whether pages of a kind were looked at, and none is an article."""
    return kind in survey.looked and kind not in survey.article_kinds and is_numbered(kind)


def _patterns(rows: Sequence[tuple[str, str]], other: Iterable[str]) -> list[Pattern]:
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in rows:
        groups[alike(row[0])].append(row)
    if len(groups) > 1 and (pattern := query_pattern(rows)):
        return [pattern]
    found = []
    for same in groups.values():
        widths = folder_patterns(sorted({folders_of(form_of(path)) for path, _ in same}))
        candidates = [article_pattern(same, folders) for folders in widths]
        fitting = (one for one in candidates if not any(one.key(path) is not None for path in other))
        found.append(next(fitting, candidates[-1]))
    return found


# --- sections -------------------------------------------------------------------------------------------


def section_url(survey: Survey, second: Mapping[str, str], start: str) -> Pattern | None:
    """Return the pattern of the sections, the widest that tells all lists apart; None where there are no lists.

    ``second``: list → its second page, which belongs to the same section.  ``start``: the home page, which is none.
    """
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for look in survey.lists:
        groups[_section_family(look.url)][look.url] = path_of(look.url)
    ordered = sorted(groups.items(), key=lambda one: -len(one[1]))
    barren = {look.url for look in survey.barren}
    views = _views(survey)
    none = [start, *(look.url for look in _hubs(survey)), *views]
    found = []
    for family, lists in ordered:
        known = [
            link.url
            for kind, links in survey.links.items()
            if kind not in survey.article_kinds
            for link in links.values()
            if _section_family(link.url) == family
            and not turns(link)
            and link.url not in barren
            and link.url not in views
        ]
        paths = sorted({*map(path_of, known), *lists.values()} - {path_of(start)})
        pages = [(path_of(one), path_of(other)) for one, other in second.items() if one in lists]
        found.append(
            (_first_that_fits(paths, [*lists.values()], pages, [*map(path_of, none)]), [*lists.values()])
        )
    return union(_without_covered(found)) if found else None


def _views(survey: Survey) -> set[str]:
    """Return the lists that show what others show too, and the addresses like theirs."""
    views = {look.url for look in survey.listing if look not in survey.lists}
    families = {*map(_section_family, views)}
    linked = (url for links in survey.links.values() for url in links)
    return views | {url for url in linked if is_view(url) and _section_family(url) in families}


def _section_family(url: str) -> str:
    form = form_of(url)
    return form if is_numbered(form) else family_of(form.replace("~", "w"))


def _first_that_fits(
    paths: Sequence[str], lists: Sequence[str], pages: Sequence[tuple[str, str]], none: Sequence[str]
) -> Pattern:
    patterns = [*section_patterns(paths), *section_patterns(lists)]
    for pattern in patterns:
        keys = [pattern.key(path) for path in lists]
        same = all(pattern.key(second) in (None, pattern.key(first)) for first, second in pages)
        if (
            None not in keys
            and len(set(keys)) == len({*map(list_of, lists)})
            and same
            and all(pattern.key(path) is None for path in none)
        ):
            return pattern
    return patterns[-1]


def _hubs(survey: Survey) -> list[Look]:
    """Return the pages without articles that lead to more lists than the home page: a crawl begins there too."""
    left = {look.url for look in survey.lists} - {link.url for link in survey.looks[0].own}
    found = []
    for look in survey.barren:
        leads = {link.url for link in look.own}
        if leads & left:
            found.append(look)
            left -= leads
    return found


def start_urls(survey: Survey, articles: Pattern, sections: Pattern) -> list[str]:
    """Return where a crawl begins: the home page if it leads anywhere, and pages that lead to more lists than it does."""
    home = survey.looks[0]
    lists = {look.url for look in survey.lists}
    leads_on = any(link.url in lists or articles.key(path_of(link.url)) for link in home.own)
    hubs = [look.url for look in _hubs(survey) if sections.key(path_of(look.url)) is None]
    return [home.url, *hubs] if leads_on or not hubs else hubs


def list_api(survey: Survey, sections: Pattern) -> tuple[dict[str, Any] | None, int]:
    """Return ``[list_api]`` for lists whose rows have no addresses, and how many sections ask in that way.

    None where the section's part of its request is not what tells its address from others, or only one of several
    sections was seen to ask.
    """
    asking = [
        (slug, look, look.answer)
        for look in survey.lists
        if look.answer and look.answer.article and (slug := sections.key(path_of(look.url)))
    ]
    slugs = {sections.key(path_of(url)) for links in survey.links.values() for url in links} - {None}
    best: dict[str, Any] | None = None
    most = 0
    for slug, _, answer in asking:
        request = answer.request
        texts = _texts(answer)
        others = [(other, _texts(asked)) for other, _, asked in asking if other != slug]
        places = [place for other, asked in others if (place := _with_places(texts, slug, asked, other))]
        if not places and (others or slugs - {slug}):
            continue
        address, form = places[0] if places else texts
        api = ListApi(address, form, request.first, article=answer.article)
        agree = sum(_asks_so(api, one, sections) for _, one, _ in asking)
        if agree > most and request.first in (0, 1):
            best, most = {"address": api.address, "form": api.form, "first": api.first}, agree
            best = {name: value for name, value in best.items() if value != ""} | {"article": api.article}
    return best, most


def _texts(answer: Answer) -> tuple[str, str]:
    return path_of(answer.request.address), answer.request.form


def _with_places(
    texts: tuple[str, str], slug: str, other_texts: tuple[str, str], other: str
) -> tuple[str, str] | None:
    """Return a section's request with ``{id}`` for what changes with the section, as another section's shows.

    A word of the path may be equal to the section's and stay as it is: ``/news/list?channel=news``.  None where
    nothing changes, or more than the section does.
    """
    place = re.compile(rf"(?<=[=/]){re.escape(slug)}(?=[&/.?]|$)")
    found, changed = [], False
    for text, other_text in zip(texts, other_texts, strict=True):
        pieces = place.split(text)
        either = f"({re.escape(slug)}|{re.escape(other)})"
        same = re.fullmatch(either.join(map(re.escape, pieces)), other_text)
        if same is None:
            return None
        marks = ["{id}" if value == other else slug for value in same.groups()]
        found.append("".join(map("".join, zip(pieces, [*marks, ""], strict=True))))
        changed |= "{id}" in marks
    return (found[0], found[1]) if changed else None


def _asks_so(api: ListApi, look: Look, sections: Pattern) -> bool:
    slug = sections.key(path_of(look.url))
    if slug is None or look.answer is None:
        return False
    asked = look.answer.request.page(look.answer.request.first)
    return api.page(slug, look.url, 0) == (asked.url, asked.form)


# --- the site -------------------------------------------------------------------------------------------


def site_name(host: str) -> str:
    """Return a profile's name for a host, with its port: ``yunting`` for ``www.yunting.gov.cn``."""
    name, _, port = host.rpartition(":") if re.search(r":\d+$", host) else (host, "", "")
    labels = re.findall(r"[a-z0-9]+(?:-+[a-z0-9]+)*", name.lower())
    if (labels and labels[-1].isdigit()) or ":" in name:  # an address, not a name
        return "-".join(["site", *labels, *filter(None, [port])])
    while len(labels) > 1 and labels[0] in _VARIANTS:
        labels.pop(0)
    while len(labels) > 1 and labels[-1] in _SUFFIXES:
        labels.pop()
    return "-".join([*labels, *filter(None, [port])]) or "site"


def site_title(home: Page, others: Sequence[Page], host: str) -> str:
    """Return what a site calls itself: the part of its home page's title that other pages have in theirs too."""
    declared = home.selector.xpath("//meta[@property='og:site_name' or @name='SiteName']/@content").get("")
    parts = [part for part in _title_parts(home) if part.lower() not in _HOME]
    shared = Counter(part for page in others for part in {*_title_parts(page)} & {*parts})
    return (
        (shared.most_common(1)[0][0] if shared else "") or squeeze(declared) or next(iter(parts), "") or host
    )


def _title_parts(page: Page) -> list[str]:
    return _TITLE_BREAK.split(squeeze(page.selector.xpath("string(//title)").get("")[:300]))


def sister_hosts(hosts: Sequence[str], found: Mapping[str, int]) -> dict[str, int]:
    """Return those of other hosts that belong to the same domain, the most frequent first.

    ``found``: host → how often.
    """
    domains = {_domain(host) for host in hosts}
    return {
        host: count
        for host, count in sorted(found.items(), key=lambda one: -one[1])
        if host not in hosts and _domain(host) in domains
    }


def _domain(host: str) -> str:
    labels = host.partition(":")[0].split(".")
    if labels[-1].isdigit():
        return host.partition(":")[0]
    named = len(labels)
    while named > 1 and labels[named - 1] in _SUFFIXES:
        named -= 1
    return ".".join(labels[named - 1 :])


def hosts_of(urls: Iterable[str]) -> Counter[str]:
    """Count the hosts of addresses, ports included."""
    return Counter(urlsplit(url).netloc.rpartition("@")[2].lower() for url in urls)


def elsewhere(looks: Sequence[Look]) -> Counter[str]:
    """Count the other hosts to which headlines lead."""
    return hosts_of(
        {
            link.url
            for look in looks
            for link in look.links
            if link.is_headed and not look.site.allows(link.url)
        }
    )


def draft_profile(
    start_urls: Sequence[str], hosts: Sequence[str], title: str, articles: Pattern
) -> dict[str, Any]:
    """Return a profile without sections, in its TOML form."""
    return {
        "name": site_name(hosts[0]),
        "title": title,
        "hosts": [*hosts],
        "start_urls": [*start_urls],
        "article_url": articles.regex,
    }


def barren_paths(survey: Survey, sections: Pattern) -> list[str]:
    """Return the pages that list nothing although their addresses look like those of sections."""
    paths = (path_of(look.url) for look in survey.barren)
    return sorted({path for path in paths if sections.key(path) is not None})
