"""Lists of a weblog that show the articles of its categories in another order: by month, by tag, by author."""

import re
from urllib.parse import parse_qsl, unquote

from zhijiang_spider.probe.addresses import path_of
from zhijiang_spider.vocabulary import words

_VIEWS = frozenset(words("lists.views"))
_ARCHIVES = frozenset(words("lists.view_archives"))
_PAGE = re.compile(r"(?:/page)?/[0-9]{1,5}/?$|/index[\w-]*\.\w+$")
_MONTH = re.compile(r"((?:/[\w-]+)*)/(?:19|20)\d\d(?:[/-]?(?:0[1-9]|1[0-2])){1,2}(?:\.[a-z]{3,5})?")
_YEAR = re.compile(r"((?:/[\w-]+)*)/(?:19|20)\d\d")
_MONTH_ASKED = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:\d\d)?")


def is_view(url: str) -> bool:
    """Tell whether an address is that of all articles of a month, with a tag or by an author."""
    path, _, query = path_of(url).partition("?")
    folders = [folder.lower() for folder in unquote(path).strip("/").split("/")]
    if not _VIEWS.isdisjoint(folders[:-1]) or any(_asks_view(*pair) for pair in parse_qsl(query)):
        return True
    for shown in (path.rstrip("/"), re.sub(r"/page/[0-9]{1,5}/?$", "", path)):
        found = _MONTH.fullmatch(shown) or _YEAR.fullmatch(shown)
        if found and all(folder in _ARCHIVES for folder in found[1].lower().split("/")[1:]):
            return True
    return False


def _asks_view(name: str, value: str) -> bool:
    return name.lower() in _VIEWS or (name == "m" and _MONTH_ASKED.fullmatch(value) is not None)


def is_whole_archive(url: str) -> bool:
    """Tell whether an address may be that of all articles there are: ``/archives/``."""
    path = _PAGE.sub("", path_of(url).partition("?")[0]).strip("/").lower()
    return path.partition(".")[0].rpartition("/")[2] in _ARCHIVES
