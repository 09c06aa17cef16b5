"""Years of the Republic of China where nothing but the site tells that they are: 97/03/12 is 12 March 2008."""

import re

from zhijiang_spider.text.characters import one_width

_DAY = re.compile(
    r"(?<![\d./國国-])(?<![國国]\s)(?P<year>\d{2,3})"
    r"(?:(?P<mark>[-/.])(?:0?[1-9]|1[0-2])(?P=mark)(?:0?[1-9]|[12]\d|3[01])(?![\d./-])|\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日)"
)
_FIRST, _LAST = 38, 199
"""Years that are marked; a smaller one of two digits is more likely 2024 without its century."""
_ERA = "民國"


def counts_from_republic(host: str, encoding: str) -> bool:
    """Tell whether a site's years are those of the Republic: Taiwan's domain, or Big5 elsewhere than Hong Kong and Macau."""
    domain = host.rpartition(".")[2].lower()
    return domain == "tw" or (encoding.lower() == "big5" and domain not in ("hk", "mo"))


def with_era(text: str) -> str:
    """Return a text of such a site with the era before its first year of two or three digits: 民國97/03/12."""
    found = _DAY.search(one_width(text))
    if not found or not _FIRST <= int(found["year"]) <= _LAST:
        return text
    return f"{text[: found.start()]}{_ERA}{text[found.start() :]}"
