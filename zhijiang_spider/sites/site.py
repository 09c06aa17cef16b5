"""Site profiles: everything that is particular to one news site, as data.

A profile is a TOML file (``zhijiang_spider/sites/*.toml``, or any file of the operator's).
``load_site`` reads and checks it; every mistake is one ``SiteError`` naming file, key and reason.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from importlib import resources
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from archive.model.plan import HealthPolicy, RecheckPolicy
from zhijiang_spider.sites.profile_schema import (
    READERS,
    TABLES,
    SiteError,
    apply_selector,
    find_reader,
    read_table,
)

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
    contact: str = ""
    """Address of the operator, sent in the User-Agent."""
    page_url: str = ""
    """Address of a further list page where pages do not link one: ``/list-{id}-{page}.html``."""
    selectors: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Field → selectors tried in order (CSS; XPath where it starts with ``/``, ``.//`` or ``(``)."""
    recheck: RecheckPolicy = field(default_factory=RecheckPolicy)
    """When articles that are archived are looked at again."""
    health: HealthPolicy = field(default_factory=HealthPolicy)
    """When the operator is told that something is odd."""
    path: str = ""
    """The file it was read from."""
    declared: str = field(default="{}", repr=False)
    """The profile as it was read, as JSON: ``parse_site`` makes the same Site of it."""

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
        return self.allows(url) and not any(_search(pattern, url) for pattern in self.skip_url)

    def article_key(self, url: str) -> str | None:
        """Return the identity of the article at this address, None if it is no article of this site."""
        if not self.follows(url):
            return None
        found = _search(self.article_url, url)
        return _id_of(found) if found else None

    def section_slug(self, url: str) -> str | None:
        """Return the slug of the section whose list page this address is, None if it is none.

        Where the profile's pattern has no group the whole match is the slug.
        Without a ``section_url`` the start addresses are the sections and their own slugs.
        """
        if not self.follows(url):
            return None
        if self.section_url is None:
            return url if url in self.start_urls else None
        found = _search(self.section_url, url)
        return (_id_of(found) or found.group()) if found else None

    def select(self, selector: Selector, field_name: str) -> list[Selector]:
        """Return what the profile's selectors for a field find; the first that finds something wins."""
        for expression in self.selectors.get(field_name, ()):
            if found := apply_selector(selector, expression):
                return found
        return []


def site_names() -> list[str]:
    """Return the names of the profiles that come with the program."""
    folder = resources.files("zhijiang_spider.sites")
    return sorted(
        entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")
    )


def load_site(name_or_path: str) -> Site:
    """Load a bundled profile by its name, or any profile by the path of its ``.toml`` file.

    Raises ``SiteError``.
    """
    if name_or_path.endswith(".toml") or "/" in name_or_path or "\\" in name_or_path:
        label, read = name_or_path, Path(name_or_path).read_bytes
    elif name_or_path in site_names():
        label = f"{name_or_path}.toml"
        read = (resources.files("zhijiang_spider.sites") / label).read_bytes
    else:
        known = ", ".join(site_names())
        raise SiteError(
            f"{name_or_path}: no such site profile (bundled: {known}; a file's name must end in .toml)"
        )
    try:
        return parse_site(tomllib.loads(read().decode("utf-8-sig")), label)
    except OSError as error:
        raise SiteError(f"{label}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise SiteError(f"{label}: is not UTF-8 text: {error.reason} at byte {error.start}") from error
    except tomllib.TOMLDecodeError as error:
        raise SiteError(f"{label}: is not valid TOML: {error}") from error


def parse_site(data: Mapping[str, Any], path: str) -> Site:
    """Check a profile's data and return the Site.  ``path`` only names it.  Raises ``SiteError``."""
    values: dict[str, Any] = {"path": path, "declared": json.dumps(data, ensure_ascii=False, default=str)}
    for key, value in data.items():
        read = find_reader(READERS, key, path, key)
        if read is None:  # a table: [politeness] and [pagination] hold plain keys of the Site
            table = read_table(value, path, key)
            for inner, inner_value in table.items():
                inner_read = find_reader(TABLES[key], inner, path, f"{key}.{inner}")
                values[inner] = inner_read(inner_value, path, f"{key}.{inner}")
        else:
            values[key] = read(value, path, key)
    for key in ("name", "hosts", "start_urls", "article_url"):
        if key not in values:
            raise SiteError(f"{path}: {key}: is missing")
    values.setdefault("title", values["name"])
    site = Site(**values)
    for number, url in enumerate(site.start_urls):
        if not site.allows(url):
            raise SiteError(f"{path}: start_urls[{number}]: the host of {url} is not in hosts")
    if site.page_url and "{page}" not in site.page_url:
        raise SiteError(f"{path}: pagination.page_url: has no {{page}} to put the number in")
    return site


# --- reading one value: each returns it checked, or raises with file, key and reason --------------------


def _search(pattern: re.Pattern[str], url: str) -> re.Match[str] | None:
    """Look in the whole address, then in path and query alone, so that ``^/p/`` works too."""
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return pattern.search(url) or pattern.search(path)


def _id_of(found: re.Match[str]) -> str | None:
    groups = found.re.groupindex
    value = found.group("id") if "id" in groups else found.group(1) if found.re.groups else None
    return value or None
