"""Where a request for a list page arrived: at that list, or at another one."""

import re
from collections.abc import Collection, Sequence
from urllib.parse import urlsplit

from zhijiang_spider.pages.links import without_session
from zhijiang_spider.pages.lists.pagers.addresses import is_same_page
from zhijiang_spider.sites.site import Site

_INDEX = re.compile(r"/(?:(?:index|default)\.\w+)?(?=$|[?#])", re.IGNORECASE)
_WWW = re.compile(r"^(\w+://)www\.", re.IGNORECASE)


def arrives_at_another_list(
    passed: Sequence[str], slug: str, arrived_slug: str | None, known: Collection[str], site: Site
) -> bool:
    """Tell whether the site sent a request for a section's list on to its start page or to another section.

    ``passed``: the addresses from the first one asked to the one that answered.  ``slug``: of the section that was
    asked for.  ``arrived_slug``: of the section whose address answered, None where it is none.  ``known``: slugs of the
    site's sections.  The site's front page may lead where it likes: a crawl only begins there.
    """
    asked, arrived = passed[0], passed[-1]
    if arrived_slug == slug or _is_same_list(asked, arrived) or _is_front(asked, site):
        return False
    if arrived_slug is not None and arrived_slug in known:
        return True
    return any(_is_same_list(url, start) for url in passed[1:] for start in site.start_urls)


def _is_front(url: str, site: Site) -> bool:
    """Tell whether a crawl begins here without asking for a section, or at the root of a host."""
    starts = any(_is_same_list(url, start) for start in site.start_urls)
    return starts and (site.section_slug(url) is None or urlsplit(_plain(url)).path in ("", "/"))


def _is_same_list(one: str, other: str) -> bool:
    """Tell whether two addresses are one but for scheme, ``www.``, ``index.html``, a slash at the end or a visit."""
    return is_same_page(_plain(one), _plain(other))


def _plain(url: str) -> str:
    return _INDEX.sub("", _WWW.sub(r"\1", without_session(url)))
