"""Site profiles: everything that is particular to one news site, as data.

A profile is a TOML file (``zhijiang_spider/sites/*.toml``, or any file of the operator's).
``load_site`` reads and checks it; every mistake is one ``SiteError`` naming file, key and reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import tzinfo
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from archive.model.plan import HealthPolicy, RecheckPolicy
from zhijiang_spider.sites.errors import SiteError
from zhijiang_spider.sites.list_api import ListApi
from zhijiang_spider.sites.profile_schema import apply_selector, read_values
from zhijiang_spider.sites.profile_sources import find_profile, whole_profile

if TYPE_CHECKING:
    from parsel import Selector


@dataclass(frozen=True, slots=True)
class Site:
    """One site profile, checked."""

    name: str
    """Short name; with an article's key it is the article's identity in the archive."""
    title: str
    """What the site calls itself: 三峡枝江网."""
    hosts: tuple[str, ...]
    """Allow-list.  ``host`` allows every port, ``host:port`` only that one.  Subdomains are not implied:
    hijacked mirrors of county sites exist, and the crawl must never reach one.  A name that leads to an address
    inside the operator's own network is refused, unless the address is on the list too."""
    start_urls: tuple[str, ...]
    article_url: re.Pattern[str]
    """Found in an article's address; its group ``id`` (or its only group) is the article's key."""
    section_url: re.Pattern[str] | None = None
    """Found in a list page's address; its group, if any, is the section's slug.
    None: the start pages are the sections."""
    media_hosts: tuple[str, ...] = ()
    """Hosts from which pictures and files of articles are fetched too, and nothing else."""
    skip_url: tuple[re.Pattern[str], ...] = ()
    """Addresses that are never followed, whatever else they match."""
    sections: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Slug → name, for sections whose pages do not say their name.  Other sections are found by walking."""
    verify_certificates: bool = True
    """Whether an https site must have a certificate that holds.  County sites let theirs expire; evidence from
    such a site may come from somebody else."""
    timezone: tzinfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    """In which the site prints its times."""
    delay: float = 1.0
    """Seconds between two requests to one host, at the least."""
    max_pages: int = 200
    """List pages of one section that one crawl reads; the next crawl goes on where it stopped."""
    max_sections: int = 500
    """Sections that one crawl reads: a pattern that matches the days of a calendar finds new ones for ever."""
    max_characters: int = 2_000_000
    """Characters of an article's text, titles and lines about it included; one that has more is a failure.
    A long novel has a million, a county's yearbook two: beyond stand databases that were written out as a page."""
    contact: str = ""
    """Address of the operator, sent in the User-Agent."""
    page_url: str = ""
    """Address of a further list page where pages do not link one: ``/list-{id}-{page}.html``."""
    list_api: ListApi | None = None
    """The server that answers the lists, where pages do not hold them."""
    selectors: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Field → selectors tried in order (CSS; XPath where it starts with ``/``, ``.//`` or ``(``)."""
    recheck: RecheckPolicy = field(default_factory=RecheckPolicy)
    """When articles that are archived are looked at again."""
    health: HealthPolicy = field(default_factory=HealthPolicy)
    """When the operator is told that something is odd."""
    path: str = ""
    """The file it was read from."""
    declared: str = field(default="{}", repr=False)
    """The whole profile, with what it took from the one it extends, as JSON: ``parse_site`` makes the same Site
    of it, so an archive explains itself without the other files."""

    def __hash__(self) -> int:
        """Hash what the profile says: equal profiles say the same."""
        return hash((self.name, self.declared))

    def __reduce__(self) -> tuple[Callable[[str, str], Site], tuple[str, str]]:
        """Travel between processes as what the profile says: a process checks each profile once."""
        return _same_site, (self.declared, self.path)

    def allows(self, url: str) -> bool:
        """Tell whether the crawl may ask for this address: http(s), and its host on the allow-list."""
        return self._is_on(self.hosts, url)

    def allows_media(self, url: str) -> bool:
        """Tell whether the crawl may ask for a picture or file at this address."""
        return self._is_on((*self.hosts, *self.media_hosts), url)

    def names_address(self, address: IPv4Address | IPv6Address) -> bool:
        """Tell whether hosts or media_hosts name this address itself, with whatever port."""
        return any(
            host == str(address) or host.rpartition(":")[0] == str(address)
            for host in (*self.hosts, *self.media_hosts)
        )

    @staticmethod
    def _is_on(hosts: Sequence[str], url: str) -> bool:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:  # a broken IPv6 address or port in a page's link
            return False
        if parts.scheme not in ("http", "https") or not host:
            return False
        port = port or (443 if parts.scheme == "https" else 80)
        return host in hosts or f"{host}:{port}" in hosts

    def follows(self, url: str) -> bool:
        """Tell whether the crawl goes to this address: allowed, and not one the profile skips."""
        return _judge(self, url).is_followed

    def skips(self, url: str) -> bool:
        """Tell whether the profile skips this address, which it would allow."""
        return self.allows(url) and not self.follows(url)

    def article_key(self, url: str) -> str | None:
        """Return the identity of the article at this address, None if it is no article of this site."""
        return _judge(self, url).article_key

    def section_slug(self, url: str) -> str | None:
        """Return the slug of the section whose list page this address is, None if it is none.

        Where the profile's pattern has no group the whole match is the slug.
        Without a ``section_url`` the start addresses are the sections and their own slugs.
        """
        return _judge(self, url).section_slug

    def select(self, selector: Selector, field_name: str) -> list[Selector]:
        """Return what the profile's selectors for a field find; the first that finds something wins."""
        for expression in self.selectors.get(field_name, ()):
            if found := apply_selector(selector, expression):
                return found
        return []


def load_site(name_or_path: str) -> Site:
    """Load a profile by its name, or any profile by the path of its ``.toml`` file, with what it extends.

    Raises ``SiteError``.
    """
    source = find_profile(name_or_path)
    return parse_site(whole_profile(source), source.label)


def parse_site(data: Mapping[str, Any], path: str) -> Site:
    """Check a whole profile's data and return the Site.  ``path`` only names it.  Raises ``SiteError``."""
    values = read_values(data, path)
    for key in ("name", "hosts", "start_urls", "article_url"):
        if key not in values:
            raise SiteError(f"{path}: {key}: is missing")
    values.setdefault("title", values["name"])
    site = Site(**values, path=path, declared=json.dumps(data, ensure_ascii=False, default=str))
    for number, url in enumerate(site.start_urls):
        if not site.allows(url):
            raise SiteError(f"{path}: start_urls[{number}]: the host of {url} is not in hosts")
    api = site.list_api
    if api and api.address.startswith("http") and not site.allows(api.page("1", site.start_urls[0], 0)[0]):
        raise SiteError(f"{path}: list_api.address: the host of {api.address} is not in hosts")
    if site.page_url and "{page}" not in site.page_url:
        raise SiteError(f"{path}: pagination.page_url: has no {{page}} to put the number in")
    return site


@lru_cache(32)
def _same_site(declared: str, path: str) -> Site:
    return parse_site(json.loads(declared), path)


@dataclass(frozen=True, slots=True)
class _Judged:
    """What an address is to a site."""

    is_followed: bool
    article_key: str | None = None
    section_slug: str | None = None


@lru_cache(4096)
def _judge(site: Site, url: str) -> _Judged:
    """Judge an address.  Remembered: the readers and pagers of a list page all ask about each of its links."""
    if not site.allows(url) or any(_search(pattern, url) for pattern in site.skip_url):
        return _Judged(is_followed=False)
    article = _search(site.article_url, url)
    if site.section_url is None:
        slug = url if url in site.start_urls else None
    else:
        section = _search(site.section_url, url)
        slug = (_id_of(section) or section.group()) if section else None
    return _Judged(True, _id_of(article) if article else None, slug)


def _search(pattern: re.Pattern[str], url: str) -> re.Match[str] | None:
    """Look in the whole address, then in path and query alone, so that ``^/p/`` works too.

    A pattern with letters beyond ASCII is looked for in what the address's escapes say, in UTF-8 or GBK.
    """
    found = _in_address(pattern, url)
    if found or "%" not in url or pattern.pattern.isascii():
        return found
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            return _in_address(pattern, unquote(url, encoding, "strict"))
    return None


def _in_address(pattern: re.Pattern[str], url: str) -> re.Match[str] | None:
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return pattern.search(url) or pattern.search(path)


def _id_of(found: re.Match[str]) -> str | None:
    groups = found.re.groupindex
    value = found.group("id") if "id" in groups else found.group(1) if found.re.groups else None
    return value or None
