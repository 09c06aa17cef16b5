"""Scrapy's settings that an operator gives one crawl, ``-s NAME=VALUE``: which ones, and how polite they must be."""

import math
from collections.abc import Callable, Iterable
from contextlib import suppress
from difflib import get_close_matches
from ipaddress import ip_address
from typing import Any

from scrapy.settings import BaseSettings, Settings

from zhijiang_spider.sites.site import Site

_FREE = frozenset(
    [
        "AUTOTHROTTLE_DEBUG",
        "CLOSESPIDER_ERRORCOUNT",
        "CLOSESPIDER_ITEMCOUNT",
        "CLOSESPIDER_PAGECOUNT",
        "CLOSESPIDER_PAGECOUNT_NO_ITEM",
        "CLOSESPIDER_TIMEOUT",
        "CLOSESPIDER_TIMEOUT_NO_ITEM",
        "CONCURRENT_ITEMS",
        "COOKIES_DEBUG",
        "DEPTH_STATS_VERBOSE",
        "DNSCACHE_SIZE",
        "DNS_TIMEOUT",
        "DOWNLOADER_STATS",
        "DOWNLOAD_BIND_ADDRESS",
        "DOWNLOAD_TIMEOUT",
        "DOWNLOAD_WARNSIZE",
        "DUPEFILTER_DEBUG",
        "HTTPPROXY_ENABLED",
        "LOGSTATS_INTERVAL",
        "LOG_DATEFORMAT",
        "LOG_FORMAT",
        "LOG_LEVEL",
        "LOG_SHORT_NAMES",
        "MEMDEBUG_ENABLED",
        "MEMUSAGE_CHECK_INTERVAL_SECONDS",
        "MEMUSAGE_ENABLED",
        "MEMUSAGE_LIMIT_MB",
        "MEMUSAGE_WARNING_MB",
        "REACTOR_THREADPOOL_MAXSIZE",
        "RETRY_ENABLED",
        "SCHEDULER_DEBUG",
        "SCRAPER_SLOT_MAX_ACTIVE_SIZE",
        "STATS_DUMP",
        "ZHIJIANG_BATCH_SECONDS",
        "ZHIJIANG_PAGE_SECONDS",
        "ZHIJIANG_WORKERS",
    ]
)
"""Change nothing that a site notices, nor what is kept of it."""
_DELAYS = frozenset(("AUTOTHROTTLE_START_DELAY", "DOWNLOAD_DELAY"))
"""At least the profile's delay."""
_AT_LEAST = frozenset(("AUTOTHROTTLE_MAX_DELAY",))
"""At least ours."""
_AT_MOST = frozenset(
    [
        "AUTOTHROTTLE_TARGET_CONCURRENCY",
        "CONCURRENT_REQUESTS",
        "CONCURRENT_REQUESTS_PER_DOMAIN",
        "DOWNLOAD_DELAY_JITTER",
        "REDIRECT_MAX_TIMES",
        "RETRY_TIMES",
    ]
)
"""At most ours."""
_OURS = frozenset(
    [
        "AUTOTHROTTLE_ENABLED",
        "DOWNLOAD_SLOTS",
        "RETRY_EXCEPTIONS",
        "RETRY_HTTP_CODES",
        "ROBOTSTXT_OBEY",
        "ROBOTSTXT_USER_AGENT",
        "USER_AGENT",
    ]
)
"""As ours: how a crawl says who it is, heeds what a site asks for, and slows down."""
_POLITE = _DELAYS | _AT_LEAST | _AT_MOST | _OURS
_INSTEAD = {
    "DOWNLOAD_VERIFY_CERTIFICATES": "set verify_certificates in the profile",
    "JOBDIR": "the next crawl completes one that was stopped, without it",
    "LOG_ENABLED": "use -v or --log",
    "LOG_FILE": "use --log",
    "RANDOMIZE_DOWNLOAD_DELAY": "Scrapy calls it DOWNLOAD_DELAY_JITTER",
    "ZHIJIANG_ARCHIVE": "use --archive",
}
"""What serves instead of some that are refused."""
_POSITIVE = frozenset(
    [
        "AUTOTHROTTLE_TARGET_CONCURRENCY",
        "CONCURRENT_ITEMS",
        "CONCURRENT_REQUESTS",
        "CONCURRENT_REQUESTS_PER_DOMAIN",
        "DOWNLOAD_TIMEOUT",
        "REACTOR_THREADPOOL_MAXSIZE",
        "SCRAPER_SLOT_MAX_ACTIVE_SIZE",
        "ZHIJIANG_PAGE_SECONDS",
    ]
)
"""Above zero: at zero nothing would move, or what slows a crawl down would be off."""
_KINDS = {
    "DOWNLOAD_DELAY_JITTER": float,
    "DOWNLOAD_SLOTS": dict,
    "ZHIJIANG_PAGE_SECONDS": float,
    "ZHIJIANG_WORKERS": int,
}
"""Where the kind of the value is not that of the one in our settings."""
_WORDS = {bool: "neither True nor False", int: "no whole number", float: "no number", dict: "no JSON object"}
_LEVELS = ("CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG")


class BadSetting(ValueError):
    """A setting that a crawl cannot be given: names it, the reason, and what serves instead."""


def given_settings(pairs: Iterable[str], site: Site) -> dict[str, Any]:
    """Return what ``NAME=VALUE`` pairs set; of one name the last counts.  Raises ``BadSetting``.

    A crawl of a host that is not this machine keeps the manners of our settings and the delay of the profile.
    """
    ours = Settings()
    ours.setmodule("zhijiang_spider.settings", priority="project")
    is_local = is_loopback(site)
    found: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name:
            raise BadSetting(f"{pair!r} is not NAME=VALUE, such as DOWNLOAD_DELAY=5")
        if name not in _FREE | _POLITE:
            raise BadSetting(f"{name}: {_why_not(name, ours)}")
        found[name] = _value(name, text, ours)
        if not is_local and (wanted := _manners(name, found[name], ours, site)):
            raise BadSetting(f"{name}: {text} is impolite to {site.hosts[0]}: {wanted}")
    return found


def is_loopback(site: Site) -> bool:
    """Tell whether every host of a site is this machine."""
    return all(map(_is_own, (*site.hosts, *site.media_hosts)))


def _is_own(host: str) -> bool:
    """Tell whether a host of a profile, with or without a port, is this machine."""
    for name in (host, host.rpartition(":")[0]):
        with suppress(ValueError):
            if name == "localhost" or ip_address(name).is_loopback:
                return True
    return False


def _why_not(name: str, ours: BaseSettings) -> str:
    if name in ours:
        instead = _INSTEAD.get(name, "it would change what a crawl is or what it keeps")
        return f"cannot be given to a crawl: {instead}"
    near = get_close_matches(name.upper(), sorted(_FREE | _POLITE), 1)
    return "there is no such setting" + (f"; did you mean {near[0]}?" if near else "")


def _value(name: str, text: str, ours: BaseSettings) -> Any:
    """Return a value as its setting has it.  Raises ``BadSetting``."""
    kind = _KINDS.get(name, type(ours[name]))
    one = BaseSettings({name: text})
    read: dict[type, Callable[[str], Any]] = {
        bool: one.getbool,
        int: one.getint,
        float: one.getfloat,
        dict: one.getdict,
        list: one.getlist,
    }
    try:
        value: Any = read.get(kind, one.get)(name)
    except (TypeError, ValueError) as error:
        raise BadSetting(f"{name}: {text!r} is {_WORDS.get(kind, 'no list')}") from error
    if kind in (int, float) and not math.isfinite(value):
        raise BadSetting(f"{name}: {text} is no finite number")
    if kind in (int, float) and not (value > 0 or (value == 0 and name not in _POSITIVE)):
        raise BadSetting(f"{name}: {text} is not {'above zero' if name in _POSITIVE else 'zero or more'}")
    if name == "LOG_LEVEL" and value not in _LEVELS:
        raise BadSetting(f"{name}: {text!r} is none of {', '.join(_LEVELS)}")
    return value


def _manners(name: str, value: Any, ours: BaseSettings, site: Site) -> str:
    """Return what would be polite, "" where it is."""
    if name in _DELAYS:
        return "" if value >= site.delay else f"at least the profile's delay, {site.delay:g} seconds"
    if name in _AT_LEAST:
        return "" if value >= ours[name] else f"at least {ours[name]:g}"
    if name in _AT_MOST:
        return "" if value <= ours[name] else f"at most {ours[name]:g}"
    if name in _OURS:
        own = ours.getdict(name) if isinstance(value, dict) else ours[name]
        return "" if value == own else f"it stays {own}"
    return ""
