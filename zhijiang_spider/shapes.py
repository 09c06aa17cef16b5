"""Shapes of addresses: what tells the articles, the sections and the rest of a site's links apart.

An address is a shape with numbers in it: ``/content/show?catid=5&newsid=812`` is ``/content/show?catid=#&newsid=#``.
The links of one shape that carry long texts are articles, short names are sections.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9a-f]{12,64}|(?=[0-9A-Za-z]*[0-9][A-Za-z]+[0-9])[0-9A-Za-z]{10,64})(?![0-9A-Za-z])|[0-9]+"
)
"""Numbers, and the long words of letters and digits that stand for one: FJ1P0UTC0001899O."""
_KINDS = (r"\d+", "[0-9a-f]+", "[0-9A-Za-z]+")
TITLE = 8
"""Characters from which a link's text is a headline rather than a section's name."""
_NAME = range(2, 9)
_LEAST = 3
"""Links of one shape that make it more than chance."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Links of one kind."""

    form: str
    """Path and query, numbers as ``#``."""
    links: tuple[tuple[str, str], ...]
    """(address, text), each address once."""

    @property
    def pattern(self) -> str:
        """Return a regular expression for the path and query, the number that tells the links apart as ``id``."""
        rows = [_NUMBER.findall(_path(url)) for url, _ in self.links]
        distinct = [len(set(column)) for column in zip(*rows, strict=True)]
        identity = max(range(len(distinct)), key=lambda n: (distinct[n], n)) if distinct else -1
        parts = self.form.split("#")
        pattern = re.escape(parts[0])
        for number, part in enumerate(parts[1:]):
            one = next(kind for kind in _KINDS if all(re.fullmatch(kind, row[number]) for row in rows))
            pattern += (f"(?P<id>{one})" if number == identity else one) + re.escape(part)
        return f"^{pattern}(?:$|&)" if "?" in self.form else f"^{pattern}(?:$|\\?)"

    @property
    def titles(self) -> int:
        """Return how many links carry a headline."""
        return sum(len(text) >= TITLE for _, text in self.links)

    @property
    def names(self) -> int:
        """Return how many links carry a short name."""
        return sum(len(text) in _NAME for _, text in self.links)


def group_links(links: Iterable[tuple[str, str]]) -> list[Shape]:
    """Group (absolute address, text) by shape, the most frequent first; of an address the longest text counts."""
    texts: dict[str, str] = {}
    for url, text in links:
        if len(text) >= len(texts.get(url, "")):
            texts[url] = text
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for url, text in texts.items():
        groups[_NUMBER.sub("#", _path(url))].append((url, text))
    shapes = [Shape(form, tuple(found)) for form, found in groups.items()]
    return sorted(shapes, key=lambda shape: -len(shape.links))


def article_shape(pages: Sequence[Sequence[Shape]]) -> Shape | None:
    """Return the shape of articles: the one with most headlines on all pages together, numbers in it."""
    titles: Counter[str] = Counter()
    links: dict[str, dict[str, str]] = defaultdict(dict)
    for page in pages:
        for shape in page:
            if "#" in shape.form:
                titles[shape.form] += shape.titles
                links[shape.form].update(shape.links)
    form, count = titles.most_common(1)[0] if titles else ("", 0)
    return Shape(form, tuple(links[form].items())) if count >= _LEAST else None


def section_shapes(page: Sequence[Shape], articles: str) -> list[Shape]:
    """Return the shapes that may be sections of a home page, the likeliest first; ``articles``: their form."""
    found = [shape for shape in page if shape.form != articles and shape.names >= _LEAST > 0]
    return sorted(found, key=lambda shape: (shape.names < len(shape.links) * 0.6, -shape.names))


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
