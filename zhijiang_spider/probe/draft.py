"""A diagnosis as a profile that a person can read, and ``zhijiang crawl --site`` can run."""

import json
from collections.abc import Iterator
from typing import Any

from zhijiang_spider.probe.diagnosis import Diagnosis
from zhijiang_spider.sites.site import parse_site

_ABOUT_API = {
    "address": "    # {id}: the section; {page} or {offset}",
    "form": "    # sent with POST",
    "first": "    # the number of the first page",
    "article": "    # made of the members of a row",
}


def draft(found: Diagnosis, *, delay: float | None = None, max_pages: int | None = None) -> str:
    """Return the profile of a diagnosis that has one, as commented TOML.

    ``delay``: seconds between requests.  ``max_pages``: list pages of a section.  None: as many as usual.
    """
    usual = parse_site(found.profile, "the draft").delay
    return "\n".join([*_lines(found, usual if delay is None else delay, max_pages), ""])


def _lines(found: Diagnosis, delay: float, max_pages: int | None) -> Iterator[str]:
    profile, proofs = found.profile, found.proofs
    yield "# Drafted by zhijiang probe from what it saw; check every line, then zhijiang parse ADDRESS --site THIS-FILE"
    yield f"name = {_toml(profile['name'])}    # with an article's number its identity: never change it later"
    yield f"title = {_toml(profile['title'])}"
    yield f"hosts = {_toml(profile['hosts'])}    # nothing else is ever asked; add others only after looking at them"
    for host, count in found.hosts.get("hosts", {}).items():
        yield f"# {_toml(host)} is another host of the domain: {count} headlines lead there"
    if media := found.hosts.get("media_hosts"):
        seen = ", ".join(f"{count} of {host}" for host, count in media.items())
        yield f"# Pictures were seen on other hosts ({seen}); to archive them too:"
        yield f"# media_hosts = {_toml([*media])}"
    yield f"start_urls = {_toml(profile['start_urls'])}"
    yield ""
    yield f"# Articles.  {proofs.get('article_url', 'NOT proven')}"
    yield f"article_url = {_toml(profile['article_url'])}"
    if "section_url" in profile:
        yield f"# Sections.  {proofs.get('section_url', 'NOT proven')}; {proofs.get('lists', '')}"
        yield f"section_url = {_toml(profile['section_url'])}"
    else:
        yield "# No sections were found: the start pages are the lists"
    if "skip_url" in profile:
        yield "# These list no articles, or cannot be fetched; a crawl names others, which belong here too"
        yield "skip_url = [" + ", ".join(map(_toml, profile["skip_url"])) + "]"
    yield ""
    yield "[politeness]"
    yield f"delay = {_toml(delay)}    # seconds between requests"
    if max_pages is not None:
        yield f"max_pages = {max_pages}"
    yield '# contact = "archive@example.org"    # sent to the site with every request'
    if api := profile.get("list_api"):
        yield ""
        yield f"# The server of the lists.  {proofs.get('list_api', 'NOT proven')}"
        yield "[list_api]"
        yield from (f"{key} = {_toml(value)}{_ABOUT_API[key]}" for key, value in api.items())


def _toml(value: Any) -> str:
    if isinstance(value, str) and "'" not in value and "\\" in value:
        return f"'{value}'"
    return json.dumps(value, ensure_ascii=False)
