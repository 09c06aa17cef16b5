"""What a page declares about itself to machines: meta tags, Baidu's hidden spans, ld+json, comments, scripts.

Measured on real pages: declared days are right, times and names often stale.  What the page shows comes first.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from lxml.etree import XPath, _Element

from zhijiang_spider.pages.seen import tidy

DECLARED = "declared to machines (meta tags, comments, scripts)"
"""The rule that finds a value here, in the words of ``explain``."""

_PUBLISHED = (
    "article:published_time",
    "pubdate",
    "og:time",
    "og:release_date",
    "datepublished",
    "publishdate",
    "publishedtime",
    "firstpublishedtime",
    "apub:time",
    "publish_time",
    "pubtime",
    "weibo:article:create_at",
    "dateupdate",
    "parsely-pub-date",
)
_LOCAL = ("pubdate", "publishdate")
"""Names of China's rules for government sites, which write local time without a zone."""
_TITLES = ("articletitle", "og:title", "twitter:title")
_SOURCES = ("contentsource", "source")
_ACCOUNTS = ("mediaid", "article:author:name")
_SECTIONS = ("columnname", "article:section", "og:article:section", "section", "channel")
"""Names of ``<meta>`` in lower case; order is precedence."""

_ENP = re.compile(r"<(date|title|nodename|sourcename|introtitle|subtitle)>([^<]{0,300})</")
_STATE_TIME = re.compile(
    r"""\b(var\s{1,4}ct|create_?time|publish(?:ed)?_?(?:time|date|at)|pub_?(?:time|date)|ptime)["']?\s{0,4}[:=]\s{0,4}"""
    r"""(?:["'](1\d{9}(?:\d{3})?|20\d\d[-/]\d{1,2}[-/]\d{1,2}[T \d:.+Z-]{0,24})["']|(1\d{9}(?:\d{3})?)\b)""",
    re.ASCII | re.IGNORECASE,
)
_NUMBERS = re.compile(r"\d+", re.ASCII)
_WITH_MINUTES = 5
"""Parts of a date that has a time."""
_MINUTE, _ZONE_STEP, _DAY = 60, 15 * 60, 24 * 60 * 60
"""Seconds; zones differ by quarters of an hour."""
_DATED = ("datetime", "data-time", "data-timestamp")
"""Attributes that say to scripts when something was."""
_MOMENTS = XPath("|".join(f"//@{name}" for name in _DATED))
_HEAD = XPath("descendant::title[not(ancestor::svg)]/descendant::text()", smart_strings=False)
_WITH_RELATION = XPath("descendant::a[@rel]")
_WITH_ID = XPath("id($name)")
_SCRIPTS = XPath("//script/text()", smart_strings=False)
_FEW = 20
_LONGEST = 500
"""Characters of ``<title>`` that are looked at."""
_SCRIPT_LIMIT = 300_000
"""Characters of all scripts together that are searched."""


@dataclass(slots=True)
class Declared:
    """Declared values, the most trusted first; a list is empty where nothing is declared."""

    head: str = ""
    """The text of ``<title>``."""
    titles: list[str] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    local: set[str] = field(default_factory=set)
    """Those of them that are times of the site's own clock by the name they are declared under."""
    dated: list[tuple[str, str]] = field(default_factory=list)
    """(text, moment) of elements whose attribute tells a moment, in their order: ``<time datetime=…>``."""
    sources: list[str] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)
    """Who put the page out on a platform, which is not always who wrote it."""
    sections: list[str] = field(default_factory=list)
    kicker: str = ""
    subtitle: str = ""


def read_declared(root: _Element, comments: list[str]) -> Declared:
    """Collect what a page declares in its tree.  ``comments``: the texts of its comments (CMSs keep properties there)."""
    found = Declared(head=tidy(" ".join(_HEAD(root)[:9]))[:_LONGEST])
    metas = _metas(root)

    def add(values: list[str], names: tuple[str, ...]) -> None:
        values += [metas[name] for name in names if name in metas]

    found.published += _by_id(root, "pubtime_baidu")
    found.local.update(found.published)
    add(found.published, _PUBLISHED)
    found.local.update(metas[name] for name in _LOCAL if name in metas)
    add(found.titles, _TITLES)
    found.sources += _by_id(root, "source_baidu")
    add(found.sources, _SOURCES)
    found.accounts += _by_id(root, "js_name")  # WeChat
    add(found.accounts, _ACCOUNTS)
    add(found.sections, _SECTIONS)
    in_head = (comment.text or "" for comment in root.xpath("head/comment()")[:_FEW])
    for comment in (*in_head, *comments):
        if "<date>" in comment or "<nodename>" in comment:
            _read_property_comment(comment, found)
    for data in _linked_data(root):
        for key, values in (
            ("datePublished", found.published),
            ("pubDate", found.published),
            ("headline", found.titles),
            ("articleSection", found.sections),
        ):
            if isinstance(data.get(key), str) and data[key].strip():
                values.append(tidy(data[key]))
    if not found.sections:
        filed = {tidy(" ".join(link.itertext())) for link in _WITH_RELATION(root) if _is_category(link)} - {
            ""
        }
        found.sections += filed if len(filed) == 1 else ()  # of several, others are those of articles beside
    found.dated = _dated(root)
    if not found.published:
        moments = {moment for text, moment in found.dated if not text}  # others are printed where no row is
        found.published += list(moments) if len(moments) == 1 else _script_time(root)
    return found


def _metas(root: _Element) -> dict[str, str]:
    """Return the first meaningful content of each meta, by its name in lower case."""
    metas: dict[str, str] = {}
    for node in root.iter("meta"):
        attributes = node.attrib
        name = attributes.get("name") or attributes.get("property") or attributes.get("itemprop") or ""
        content = tidy(attributes.get("content", ""))
        if name and content and content.lower() not in ("null", "undefined", "none"):
            metas.setdefault(name.strip().lower(), content)
    return metas


def _by_id(root: _Element, name: str) -> list[str]:
    texts = (tidy(" ".join(node.itertext())) for node in _WITH_ID(root, name=name)[:1])
    return [text for text in texts if text]


def _read_property_comment(comment: str, found: Declared) -> None:
    """Read the comment in which 方正 keeps date, title and column: ``<!--enpproperty <date>…</date>…``."""
    values: dict[str, str] = {}
    for name, value in _ENP.findall(comment):
        if tidy(value):
            values.setdefault(name, tidy(value))
    for name, target in (
        ("date", found.published),
        ("title", found.titles),
        ("nodename", found.sections),
        ("sourcename", found.sources),
    ):
        if name in values:
            target.append(values[name])
    found.kicker = found.kicker or values.get("introtitle", "")
    found.subtitle = found.subtitle or values.get("subtitle", "")


def _is_category(link: _Element) -> bool:
    """Tell whether a link says that it is the category which the page is filed under, as WordPress writes it."""
    return "category" in (link.get("rel") or "").lower().split()


def _linked_data(root: _Element) -> Iterator[dict[str, Any]]:
    scripts = (node for node in root.iter("script") if node.get("type") == "application/ld+json")
    for text in (node.text or "" for node in scripts):
        try:
            data = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        graph = data.get("@graph") if isinstance(data, dict) else None
        listed = graph if isinstance(graph, list) else data if isinstance(data, list) else [data]
        yield from (entry for entry in listed if isinstance(entry, dict))


def _dated(root: _Element) -> list[tuple[str, str]]:
    """Return the text and the moment of the first elements that have one in an attribute."""
    dated = []
    nodes = dict.fromkeys(moment.getparent() for moment in _MOMENTS(root))
    nodes.pop(root, None)
    for node in islice(nodes, _FEW):
        attributes = node.attrib
        moment = next(tidy(attributes[name]) for name in _DATED if name in attributes)
        dated.append((tidy(" ".join(islice(node.itertext(), _FEW))), moment))
    return [(text, moment) for text, moment in dated if moment]


def _script_time(root: _Element) -> list[str]:
    """Return the time of publication that a page holds only in its scripts: the one they agree on, or none.

    Seconds or milliseconds since 1970, or a date; several differing ones are of several articles.  What is named
    for publishing goes before what is named for creating.
    """
    left = _SCRIPT_LIMIT
    published: set[str] = set()
    created: set[str] = set()
    for text in _SCRIPTS(root):
        for name, quoted, plain in _STATE_TIME.findall(text[:left]):
            (published if name.lower().startswith("p") else created).add(quoted or plain)
        left -= len(text)
        if left <= 0:
            break
    return _agreed(published or created)


def _agreed(values: set[str]) -> list[str]:
    """Return one of the values if all mean the same moment: ``1705390800`` and ``2024-01-16 15:40`` of some zone."""
    epochs = {value for value in values if value.isdecimal()}
    seconds = {value[:10] for value in epochs}
    local = {tuple(map(int, _NUMBERS.findall(value)))[:5] for value in values - epochs}
    if len(seconds) > 1 or len(local) > 1:
        return []
    if seconds and local and not _is_local_time_of(int(seconds.pop()), local.pop()):
        return []
    return sorted(values, key=lambda value: (value not in epochs, -len(value)))[:1]


def _is_local_time_of(epoch: int, parts: tuple[int, ...]) -> bool:
    """Tell whether a date (year, month, day, perhaps hour and minute) is a moment as a clock of some zone shows it."""
    try:
        ahead = datetime(*parts, tzinfo=UTC).timestamp() - epoch  # type: ignore[misc,arg-type]
    except (ValueError, TypeError):
        return False
    if len(parts) < _WITH_MINUTES:
        return abs(ahead) < _DAY
    return abs(ahead) <= _DAY and -ahead % _ZONE_STEP < _MINUTE
