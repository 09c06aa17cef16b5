"""What a site profile may say: every key, what its value must be, and what is wrong with one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import tzinfo
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from archive.model.plan import HealthPolicy, RecheckPolicy
from zhijiang_spider.sites.errors import SiteError
from zhijiang_spider.sites.list_api import PLACES, ListApi, select

if TYPE_CHECKING:
    from parsel import Selector

SELECTOR_FIELDS = (
    "title",
    "kicker",
    "subtitle",
    "breadcrumb",
    "header",
    "published",
    "source",
    "body",
    "entries",
    "next",
)
"""What a profile may point at.  ``entries`` and ``next`` are of list pages, the others of article pages."""


_Reader: TypeAlias = Callable[[Any, str, str], Any]
_V = TypeVar("_V")


def _fail(path: str, key: str, reason: str) -> SiteError:
    return SiteError(f"{path}: {key}: {reason}")


def read_text(value: Any, path: str, key: str) -> str:
    """Return a value that must be a text, stripped.  Raises ``SiteError``."""
    if not isinstance(value, str) or not value.strip():
        raise _fail(path, key, "must be a text that is not empty")
    return value.strip()


def _texts(value: Any, path: str, key: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise _fail(path, key, "must be a list that is not empty")
    return tuple(read_text(item, path, f"{key}[{number}]") for number, item in enumerate(value))


def _name(value: Any, path: str, key: str) -> str:
    text = read_text(value, path, key)
    if not re.fullmatch(r"[\w.-]+", text):
        raise _fail(path, key, f"{text!r} may hold only letters, digits, dot, dash and underscore")
    return text


def _hosts(value: Any, path: str, key: str) -> tuple[str, ...]:
    hosts = _texts(value, path, key)
    for number, host in enumerate(hosts):
        if not re.fullmatch(r"[^\s/:@?#]+(:\d{1,5})?|\[[0-9a-fA-F:]+\](:\d{1,5})?", host):
            raise _fail(
                path, f"{key}[{number}]", f"{host!r} is no host name (write www.example.cn, without http://)"
            )
    try:
        ascii_hosts = [host if host.isascii() else host.encode("idna").decode() for host in hosts]
    except UnicodeError as error:
        raise _fail(path, key, f"holds no host name: {error}") from error
    return tuple(host.lower().removeprefix("[").replace("]", "") for host in ascii_hosts)


def _urls(value: Any, path: str, key: str) -> tuple[str, ...]:
    urls = _texts(value, path, key)
    for number, url in enumerate(urls):
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise _fail(path, f"{key}[{number}]", f"{url!r} is no full http(s) address")
    return urls


def _pattern(value: Any, path: str, key: str) -> re.Pattern[str]:
    try:
        return re.compile(read_text(value, path, key))
    except re.error as error:
        raise _fail(path, key, f"is no valid regular expression: {error}") from error


def _patterns(value: Any, path: str, key: str) -> tuple[re.Pattern[str], ...]:
    return tuple(
        _pattern(item, path, f"{key}[{number}]") for number, item in enumerate(_texts(value, path, key))
    )


def _id_pattern(value: Any, path: str, key: str) -> re.Pattern[str]:
    pattern = _pattern(value, path, key)
    if "id" not in pattern.groupindex and pattern.groups != 1:
        raise _fail(path, key, "needs the article's identity as a group: (?P<id>…)")
    return pattern


def _section_pattern(value: Any, path: str, key: str) -> re.Pattern[str]:
    pattern = _pattern(value, path, key)
    if "id" not in pattern.groupindex and pattern.groups > 1:
        raise _fail(path, key, "has several groups: name the section's one (?P<id>…)")
    return pattern


def _timezone(value: Any, path: str, key: str) -> tzinfo:
    text = read_text(value, path, key)
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise _fail(path, key, f"{text!r} is no known time zone (write Asia/Shanghai)") from error


def _flag(value: Any, path: str, key: str) -> bool:
    if not isinstance(value, bool):
        raise _fail(path, key, "must be true or false")
    return value


def _seconds(value: Any, path: str, key: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 3600:
        raise _fail(path, key, "must be a number of seconds from 0 to 3600")
    return float(value)


def _count(value: Any, path: str, key: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _fail(path, key, "must be a whole number of at least 1")
    return value


def read_table(value: Any, path: str, key: str) -> Mapping[str, Any]:
    """Return a value that must be a table.  Raises ``SiteError``."""
    if not isinstance(value, dict):
        raise _fail(path, key, f"must be a table: [{key}]")
    return value


def _section_names(value: Any, path: str, key: str) -> Mapping[str, str]:
    table = read_table(value, path, key)
    return MappingProxyType({slug: read_text(name, path, f"{key}.{slug}") for slug, name in table.items()})


def _selectors(value: Any, path: str, key: str) -> Mapping[str, tuple[str, ...]]:
    from parsel import Selector

    found: dict[str, tuple[str, ...]] = {}
    for field_name, expressions in read_table(value, path, key).items():
        where = f"{key}.{field_name}"
        find_reader(dict.fromkeys(SELECTOR_FIELDS), field_name, path, where)
        listed = expressions if isinstance(expressions, list) else [expressions]
        found[field_name] = _texts(listed, path, where)
        for expression in found[field_name]:
            try:
                apply_selector(Selector(text="<p/>"), expression)
            except ValueError as error:  # parsel raises it for XPath, cssselect's errors derive from it too
                raise _fail(path, where, f"{expression!r} is no valid selector: {error}") from error
            except Exception as error:
                raise _fail(path, where, f"{expression!r} is no valid selector: {error}") from error
    return MappingProxyType(found)


def _recheck(value: Any, path: str, key: str) -> RecheckPolicy:
    settings: dict[str, Any] = {}
    for name, setting in read_table(value, path, key).items():
        settings[name] = find_reader(_RECHECK, name, path, f"{key}.{name}")(setting, path, f"{key}.{name}")
    return RecheckPolicy(**settings)


def _health(value: Any, path: str, key: str) -> HealthPolicy:
    settings: dict[str, Any] = {}
    for name, setting in read_table(value, path, key).items():
        settings[name] = find_reader(_HEALTH, name, path, f"{key}.{name}")(setting, path, f"{key}.{name}")
    return HealthPolicy(**settings)


def _list_api(value: Any, path: str, key: str) -> ListApi:
    settings: dict[str, Any] = {}
    for name, setting in read_table(value, path, key).items():
        settings[name] = find_reader(_LIST_API, name, path, f"{key}.{name}")(setting, path, f"{key}.{name}")
    if "address" not in settings:
        raise _fail(path, f"{key}.address", "is missing: where a page of a list is asked for")
    if settings.get("link") and settings.get("article"):
        raise _fail(path, f"{key}.article", "is of no use beside link: keep the one that holds")
    return ListApi(**settings)


def _api_address(value: Any, path: str, key: str) -> str:
    address = _with_places(value, path, key)
    if not address.startswith(("/", "http://", "https://")) or address.startswith("//"):
        raise _fail(path, key, f"{address!r} must begin with / or http:// or https://")
    return address


def _with_places(value: Any, path: str, key: str) -> str:
    text = read_text(value, path, key)
    if unknown := sorted(set(re.findall(r"\{([^{}]*)\}", text)) - set(PLACES)):
        raise _fail(path, key, f"{{{unknown[0]}}} is not known (write {{id}}, {{page}} or {{offset}})")
    return text


def _first_page(value: Any, path: str, key: str) -> int:
    if isinstance(value, bool) or value not in (0, 1):
        raise _fail(path, key, "must be 0 or 1: the number of the first page")
    return int(value)


def _from_members(value: Any, path: str, key: str) -> str:
    text = read_text(value, path, key)
    if not re.search(r"\{\w+\}", text):
        raise _fail(path, key, "needs the name of a row's member in braces: /content/show?newsid={id}")
    return text


def _jmespath(value: Any, path: str, key: str) -> str:
    text = read_text(value, path, key)
    try:
        select({}, text)
    except ValueError as error:  # jmespath's errors derive from it
        raise _fail(path, key, f"{text!r} is no valid JMESPath: {str(error).splitlines()[0]}") from error
    return text


def _days(value: Any, path: str, key: str) -> tuple[int, ...]:
    if not isinstance(value, list):
        raise _fail(path, key, "must be a list of days, such as [1, 3, 7, 30, 180]")
    return tuple(sorted(_count(item, path, f"{key}[{number}]") for number, item in enumerate(value)))


def _days_number(value: Any, path: str, key: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _fail(path, key, "must be a whole number of days")
    return value


def _number(value: Any, path: str, key: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _fail(path, key, "must be a whole number, 0 for none")
    return value


def _extends(value: Any, path: str, key: str) -> str:
    raise _fail(path, key, f"{value!r} is not looked up here: load the profile by its name or file")


def _share(value: Any, path: str, key: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
        raise _fail(path, key, "must be a share between 0 and 1, such as 0.2")
    return float(value)


_RECHECK: Mapping[str, _Reader] = {
    "days": _days,
    "budget": _count,
    "gone_days": _days_number,
    "gone_looks": _count,
    "alarm_share": _share,
    "list_pages": _number,
}


_HEALTH: Mapping[str, _Reader] = {"quiet_days": _count}


_LIST_API: Mapping[str, _Reader] = {
    "address": _api_address,
    "form": _with_places,
    "first": _first_page,
    "items": _jmespath,
    "link": _jmespath,
    "article": _from_members,
    "title": _jmespath,
    "date": _jmespath,
    "total": _jmespath,
}


READERS: Mapping[str, _Reader | None] = {
    "extends": _extends,
    "name": _name,
    "title": read_text,
    "hosts": _hosts,
    "media_hosts": _hosts,
    "start_urls": _urls,
    "article_url": _id_pattern,
    "section_url": _section_pattern,
    "skip_url": _patterns,
    "sections": _section_names,
    "timezone": _timezone,
    "verify_certificates": _flag,
    "max_characters": _count,
    "selectors": _selectors,
    "list_api": _list_api,
    "recheck": _recheck,
    "health": _health,
    "politeness": None,
    "pagination": None,
}


TABLES: Mapping[str, Mapping[str, _Reader]] = {
    "politeness": {"delay": _seconds, "max_pages": _count, "max_sections": _count, "contact": read_text},
    "pagination": {"page_url": read_text},
}


def read_values(data: Mapping[str, Any], path: str) -> dict[str, Any]:
    """Return the values of the keys that a profile has, as ``Site`` takes them.  Raises ``SiteError``."""
    values: dict[str, Any] = {}
    for key, value in data.items():
        read = find_reader(READERS, key, path, key)
        if read is None:  # a table: [politeness] and [pagination] hold plain keys of the Site
            for inner, inner_value in read_table(value, path, key).items():
                inner_read = find_reader(TABLES[key], inner, path, f"{key}.{inner}")
                values[inner] = inner_read(inner_value, path, f"{key}.{inner}")
        else:
            values[key] = read(value, path, key)
    return values


def find_reader(known: Mapping[str, _V], key: str, path: str, where: str) -> _V:
    """Return what reads a key's value.  Raises ``SiteError`` with the nearest known key."""
    if key in known:
        return known[key]
    close = get_close_matches(key, known, n=1)
    hint = f"did you mean {close[0]}?" if close else f"known keys: {', '.join(known)}"
    raise _fail(path, where, f"is no key of a site profile ({hint})")


def apply_selector(selector: Selector, expression: str) -> list[Selector]:
    """Return what an expression selects: CSS, or XPath beginning with ``/``, ``.//``, ``./`` or ``(``."""
    xpath = expression.startswith(("/", ".//", "./", "("))
    return list(selector.xpath(expression) if xpath else selector.css(expression))
