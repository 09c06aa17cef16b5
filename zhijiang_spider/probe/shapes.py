"""Shapes of addresses: what tells the articles, the sections and the rest of a site's links apart.

An address is a shape with numbers in it: ``/content/show?catid=5&newsid=812`` is ``/content/show?catid=#&newsid=#``.
The links of one shape that carry long texts are articles, short names are sections.
Many systems name the column in words instead, ``/zwgk/zcwj/202401/t20240115_77.html`` in the folder ``/zwgk/zcwj/``:
the words in front of the numbers are then ``*``.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from urllib.parse import urlsplit

_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9a-f]{12,64}|(?=[0-9A-Za-z]*[0-9][A-Za-z]+[0-9])[0-9A-Za-z]{10,64})(?![0-9A-Za-z])|[0-9]+"
)
"""Numbers, and the long words of letters and digits that stand for one: FJ1P0UTC0001899O."""
_KINDS = (r"\d+", "[0-9a-f]+", "[0-9A-Za-z]+")
TITLE = 8
"""Characters from which a link's text is a headline rather than a section's name."""
_NAME = range(2, 9)
_WORDS = re.compile(r"(?:/[A-Za-z][A-Za-z_-]*)+/")
"""Folders that are named, not numbered."""
_FOLDER = re.compile(rf"({_WORDS.pattern})(?:index\.[a-z]{{2,6}})?")
"""A page that stands for its folder: the list of a column."""
_ANY_FOLDERS = r"(?:[\w-]+/)*"
_LEAST = 3
"""Links of one shape that make it more than chance."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Links of one kind."""

    form: str
    """Path and query, numbers as ``#``, named folders that differ as ``*``."""
    links: tuple[tuple[str, str], ...]
    """(address, text), each address once."""

    @property
    def pattern(self) -> str:
        """Return a regular expression for the path and query, the number that tells the links apart as ``id``."""
        if self.form.endswith("/*"):
            start = re.escape(self.form.removesuffix("*"))
            return rf"^{start}(?P<id>(?:[\w-]+/)+)(?:index(?:_\d+)?\.\w+)?(?:$|\?)"
        rows = [_NUMBER.findall(_path(url)) for url, _ in self.links]
        distinct = [len(set(column)) for column in zip(*rows, strict=True)]
        identity = max(range(len(distinct)), key=lambda n: (distinct[n], n)) if distinct else -1
        parts = self.form.split("#")
        pattern = re.escape(parts[0])
        for number, part in enumerate(parts[1:]):
            one = next(kind for kind in _KINDS if all(re.fullmatch(kind, row[number]) for row in rows))
            pattern += (f"(?P<id>{one})" if number == identity else one) + re.escape(part)
        pattern = pattern.replace(re.escape("*/"), _ANY_FOLDERS)
        return f"^{pattern}(?:$|&)" if "?" in self.form else f"^{pattern}(?:$|\\?)"

    def holds_any(self, urls: Iterable[str]) -> bool:
        """Tell whether one of the addresses has this shape."""
        pattern = re.compile(self.pattern)  # made of all links: once, not for each address
        return any(pattern.search(_path(url)) for url in urls)

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
    for form, forms in _named_alike(titles).items():
        titles[form] = sum(titles[one] for one in forms)
        for one in forms:
            links[form].update(links[one])
    form, count = titles.most_common(1)[0] if titles else ("", 0)
    return Shape(form, tuple(links[form].items())) if count >= _LEAST else None


def _named_alike(titles: Counter[str]) -> dict[str, list[str]]:
    """Group the forms that differ only in the named folders before their numbers, by the form they share.

    Two numbers at least must follow: ``/news/#`` and ``/channel/#`` are articles and sections.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for form, count in titles.items():
        named = _WORDS.match(form)
        if named and count and form.count("#", named.end()) > 1:
            groups[form[named.end() :]].append(form)
    return {f"{_shared_folders(forms)}*/{tail}": forms for tail, forms in groups.items() if len(forms) > 1}


def _shared_folders(paths: Iterable[str]) -> str:
    """Return the folders that all paths begin with, "/" at least."""
    shared = takewhile(
        lambda parts: len(set(parts)) == 1, zip(*(path.split("/") for path in paths), strict=False)
    )
    return "/".join(parts[0] for parts in shared) + "/"


def _folders(page: Sequence[Shape]) -> Shape | None:
    """Return the links to named folders as one shape."""
    links = [link for shape in page for link in shape.links if len(link[1]) in _NAME]
    found = {url: (match[1], text) for url, text in links if (match := _FOLDER.fullmatch(_path(url)))}
    if len(found) < _LEAST:
        return None
    start = _shared_folders(folder.removesuffix("/") for folder, _ in found.values())
    return Shape(f"{start}*", tuple((url, text) for url, (_, text) in found.items()))


def section_shapes(page: Sequence[Shape], articles: str) -> list[Shape]:
    """Return the shapes that may be sections of a home page, the likeliest first; ``articles``: their form."""
    found = [shape for shape in page if shape.form != articles and shape.names >= _LEAST > 0]
    if folders := _folders(page):
        found.append(folders)
    return sorted(found, key=lambda shape: (shape.names < len(shape.links) * 0.6, -shape.names))


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
