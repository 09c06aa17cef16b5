"""Entries that only lead to another site, or another article: links to it, or a gate that all readers are sent to."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl, unquote, urlsplit

from archive.model.crawl import LinkElsewhere

GATE_LEAST = 3
"""So many entries do not share one address of another site, nor keep their own addresses there."""
_GATE = re.compile(r"login|logon|signin|passport|\bsso\b|\b(?:o?auth2?|cas|waf)\b|verify|captcha|denied|block", re.IGNORECASE)  # fmt: skip


def judge_elsewhere(links: Sequence[LinkElsewhere]) -> Iterator[tuple[LinkElsewhere, str]]:
    """Yield each with what is wrong about it, "" where it is a link to another site and no more.

    An article there may be told by its query alone: ``/s?mid=81``.
    """
    gates = Counter(_gate(link) for link in links)
    moved = Counter(_host(link) for link in links if _keeps_its_address(link))
    for link in links:
        if _keeps_its_address(link) and moved[_host(link)] >= GATE_LEAST:
            yield link, f"the pages went to a host that is not in the profile's hosts: {link.target}"
        elif gates[_gate(link)] >= GATE_LEAST:
            where = "one article" if link.article is not None else "one page of another site"
            yield link, f"every reader is sent to {where}: {link.target}"
        else:
            yield link, ""


def _gate(link: LinkElsewhere) -> str:
    """Return the address of the page that a link leads to, without what a gate only hands through."""
    target, asked = urlsplit(link.target), urlsplit(link.url)
    address, _, query = link.target.partition("#")[0].partition("?")
    said = unquote(unquote(query))
    handed = asked.netloc in said or (len(asked.path) > 1 and asked.path in said)
    by_key = link.key is not None and any(value == link.key for _, value in parse_qsl(query))
    if handed or by_key or target.path in ("", "/") or _GATE.search(f"{target.hostname}{target.path}"):
        return address
    return f"{address}?{query}"


def _keeps_its_address(link: LinkElsewhere) -> bool:
    asked, target = urlsplit(link.url), urlsplit(link.target)
    return len(asked.path) > 1 and (asked.path, asked.query) == (target.path, target.query)


def _host(link: LinkElsewhere) -> str:
    return urlsplit(link.target).netloc
